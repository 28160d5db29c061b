"""Diffraction patterns: reading, peaks, and the angles of reflections.

>>> angles = two_theta([(0, 0, 6), (0, 1, 5), (1, 1, 0)], a=4.2967e-10, c=30.4862e-10)
>>> [round(float(angle), 2) for angle in angles]
[17.45, 28.09, 42.06]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Faults
from ioffe.base.units import floats
from ioffe.material.readers.cells import NotANumber, number
from ioffe.material.readers.files import read_text, refuse
from ioffe.material.readers.records import shorten
from ioffe.measure._table import in_file
from ioffe.measure.estimates import read_arrays

CU_K_ALPHA: Final = 1.5418e-10
"""Wavelength of copper K alpha in m, mean of both lines (remembered)."""

_SEPARATOR: Final = re.compile(r"[\s,;]+")
_COMMENT: Final = ("#", "'", "!", "//", "*", '"', ";", "_", "%")
_FEWEST_POINTS: Final = 20
_FOOT: Final = 0.01
"""Share of the height at which a peak ends."""
_SIGMA_OF_DIFFERENCES: Final = 0.6745 * np.sqrt(2.0)
"""Median of the differences of neighbours over the standard deviation of normal noise."""
Miller = tuple[int, int, int]


@dataclass(frozen=True)
class Pattern:
    """Counts against twice the Bragg angle.

    Parameters
    ----------
    two_theta : ndarray of shape (n,)
        In degrees, rising.
    intensity : ndarray of shape (n,)
        In counts or arbitrary units.

    Raises
    ------
    InputError
        With every fault: fewer than twenty points, lists of different lengths, angles that do not rise or are
        outside 0 to 180 degrees, intensities that are not finite.

    Examples
    --------
    >>> Pattern(np.arange(20.0, 40.0, 0.5), np.ones(40)).two_theta[[0, -1]]
    array([20. , 39.5])
    """

    two_theta: NDArray[np.float64]
    intensity: NDArray[np.float64]

    def __post_init__(self) -> None:
        with Faults() as faults:
            given = {"two_theta": self.two_theta, "intensity": self.intensity}
            angle, counts = read_arrays(given, faults, _FEWEST_POINTS)
            if angle.size and not np.all(np.diff(angle) > 0):
                faults.add("two_theta", expected="rising angles are expected")
            elif angle.size and not (angle[0] > 0 and angle[-1] < 180):
                faults.add("two_theta", (angle[0], angle[-1]), "degrees between 0 and 180 are expected")
        object.__setattr__(self, "two_theta", angle)
        object.__setattr__(self, "intensity", counts)


@dataclass(frozen=True)
class Peak:
    """A peak of a pattern.

    Parameters
    ----------
    two_theta : float
        Of its top, in degrees.
    height : float
        Above the background.
    area : float
        Above the background, in counts times degrees.

    Examples
    --------
    >>> angle = np.arange(20.0, 40.0, 0.02)
    >>> top = find_peaks(Pattern(angle, 50.0 + 200.0 * np.exp(-(((angle - 30.0) / 0.1) ** 2))))[0]
    >>> round(float(top.two_theta), 2), round(top.area / 200.0, 3)  # sqrt(pi) x 0.1
    (30.0, 0.177)
    """

    two_theta: float
    height: float
    area: float


def two_theta(
    reflections: Sequence[Miller], *, a: float, c: float, wavelength: float = CU_K_ALPHA
) -> NDArray[np.float64]:
    r"""Angles of reflections of a hexagonal (or rhombohedral, in the hexagonal setting) crystal.

    .. math:: \frac{1}{d^2} = \frac{4}{3} \frac{h^2 + h k + k^2}{a^2} + \frac{l^2}{c^2}, \qquad
              \sin\theta = \frac{\lambda}{2 d}

    Parameters
    ----------
    reflections : sequence of (h, k, l)
    a, c : float
        Lattice parameters in m.
    wavelength : float
        In m.

    Returns
    -------
    ndarray
        2 theta in degrees; NaN where there is no reflection at this wavelength.

    Notes
    -----
    Bragg's law and the distance of the planes of a hexagonal lattice, standard results.

    Examples
    --------
    >>> two_theta([(0, 0, 15), (1, 1, 0)], a=4.38e-10, c=30.49e-10).round(2)
    array([44.58, 41.22])
    """
    h, k, l = floats(reflections).reshape(-1, 3).T  # noqa: E741 - the index of Miller
    inverse = 4.0 / 3.0 * (h * h + h * k + k * k) / a**2 + l * l / c**2
    sine = 0.5 * wavelength * np.sqrt(inverse)
    return np.degrees(2.0 * np.arcsin(np.where(sine <= 1.0, sine, np.nan)))


def read_pattern(path: str | Path) -> Pattern:
    r"""Read a text file of two columns, 2 theta in degrees and intensity.

    Lines that begin with a mark of a comment (# ' ! // * " ; _ %) and lines above the first pair of numbers
    are skipped; a third column (standard deviations) is not used. The cells are separated by blanks, tabs,
    commas or semicolons; numbers have a decimal point.

    Parameters
    ----------
    path : path
        File to read.

    Returns
    -------
    Pattern

    Raises
    ------
    InputError
        For a file that cannot be read, every line that is no pair of numbers (at most twenty), angles that do
        not rise.

    Examples
    --------
    >>> lines = [f"{10 + 0.1 * k:.1f} {5 + k % 3}" for k in range(30)]
    >>> _ = Path("pattern.xy").write_text("2theta counts\n" + "\n".join(lines))
    >>> read_pattern("pattern.xy").two_theta[:3]
    array([10. , 10.1, 10.2])
    """
    faults = Faults(str(path))
    rows: list[tuple[float, float]] = []
    for line, text in enumerate(read_text(Path(path)).splitlines(), start=1):
        if not text.strip() or text.lstrip().startswith(_COMMENT):
            continue
        cells = [cell for cell in _SEPARATOR.split(text.strip()) if cell]
        try:
            if len(cells) not in (2, 3):
                raise NotANumber("two numbers are expected, 2 theta and intensity")
            rows.append((number(cells[0]), number(cells[1])))
        except NotANumber as problem:
            if rows:
                faults.add(f"line {line}", text.strip(), str(problem))
    shorten(faults).raise_if_any()
    if len(rows) < _FEWEST_POINTS:
        expected = f"at least {_FEWEST_POINTS} lines with 2 theta and intensity are expected"
        raise refuse(path, expected, value=f"{len(rows)} lines")
    with in_file(path):
        return Pattern(*np.array(rows).T)


def find_peaks(
    pattern: Pattern, *, least_share: float = 0.01, background_width: float = 2.0, noise: float = 4.0
) -> list[Peak]:
    """Peaks above the background.

    The background is the pattern opened and closed (lowest of highest values) over a width; a peak rises
    above its surroundings by a share of the largest one and by a multiple of the noise (median of the
    differences of neighbours).

    Parameters
    ----------
    pattern : Pattern
        Evenly spaced angles are expected.
    least_share : float
        Prominence over the largest intensity above the background.
    background_width : float
        In degrees; wider than any peak.
    noise : float
        Prominence over the standard deviation of the noise.

    Returns
    -------
    list of Peak
        By rising angle.

    Raises
    ------
    InputError
        For a share or width out of range.

    Notes
    -----
    Opening of grey-scale morphology, a standard result. The area of a peak reaches to the lowest point
    between it and its neighbours, or to 1 % of its height.

    Examples
    --------
    >>> angle = np.arange(20.0, 40.0, 0.02)
    >>> top = Pattern(angle, 50.0 + 200.0 * np.exp(-((angle - 30.0) / 0.1) ** 2))
    >>> [(round(float(p.two_theta), 2), round(p.height)) for p in find_peaks(top)]
    [(30.0, 200)]
    """
    from scipy import ndimage, signal

    with Faults() as faults:
        if not 0 < least_share < 1:
            faults.add("least_share", least_share, "a number between 0 and 1 is expected")
        step = float(np.median(np.diff(pattern.two_theta)))
        if not 3 * step < background_width < np.ptp(pattern.two_theta):
            expected = "a width between three steps and the pattern is expected"
            faults.add("background_width", background_width, expected)
        if not noise >= 0:
            faults.add("noise", noise, "a number from 0 on is expected")
    window = round(background_width / step) | 1
    smooth = ndimage.uniform_filter1d(ndimage.grey_opening(pattern.intensity, size=window), window)
    net = pattern.intensity - np.minimum(smooth, pattern.intensity)
    scatter = float(np.median(np.abs(np.diff(pattern.intensity)))) / _SIGMA_OF_DIFFERENCES
    prominence = max(least_share * float(net.max()), noise * scatter)
    if not prominence > 0:
        return []
    tops, _ = signal.find_peaks(net, prominence=prominence)
    ends = _ends(net, tops)
    cells = np.gradient(pattern.two_theta)
    return [
        Peak(float(pattern.two_theta[top]), float(net[top]), float(np.sum((net * cells)[low : high + 1])))
        for top, (low, high) in zip(tops, ends, strict=True)
    ]


def _ends(net: NDArray[np.float64], tops: NDArray[np.intp]) -> list[tuple[int, int]]:
    """First and last point of every peak: the lowest between neighbours, or where it falls to its foot."""
    between = [int(a + np.argmin(net[a : b + 1])) for a, b in pairwise(tops)]
    borders = [0, *between, net.size - 1]
    found = []
    for top, (low, high) in zip(tops, pairwise(borders), strict=True):
        left = np.flatnonzero(net[low : top + 1] <= _FOOT * net[top])
        right = np.flatnonzero(net[top : high + 1] <= _FOOT * net[top])
        found.append((int(low + left[-1]) if left.size else low, int(top + right[0]) if right.size else high))
    return found
