"""Degree of orientation by Lotgering, from tables of peaks or from a diffraction pattern.

>>> random = {"006": 5.0, "015": 100.0, "1010": 30.0, "110": 25.0}
>>> pressed = {"006": 12.0, "015": 100.0, "1010": 33.0, "110": 30.0}
>>> round(lotgering(pressed, random).factor, 4)
0.0385
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.table import ResultTable, table
from ioffe.measure._table import TableLayout, read_table
from ioffe.measure.diffraction import CU_K_ALPHA, Miller, Pattern, find_peaks, two_theta

_INTEGER: Final = re.compile(r"-?\d+")
Indices = str | Miller
_TWICE: Final = "each reflection may occur only once"
_EXPECTED: Final = 'Miller indices such as "0 0 6", "1 0 -5", "006" or (1, 0, 10) are expected'
LAYOUT: Final = TableLayout(
    names={
        "hkl": ("hkl", "h k l", "miller", "indices", "reflection"),
        "intensity": ("i", "intensity", "i/i0", "counts"),
    },
    units={"intensity": "1"},
    needed=({"hkl", "intensity"},),
    expected='the headers "hkl" and "I" are expected',
)


@dataclass(frozen=True)
class Lotgering:
    """Orientation factor and what it follows from.

    Parameters
    ----------
    factor : float
        F = (P - P0)/(1 - P0): 0 for random grains, 1 for grains with c along the normal; below 0 if fewer
        grains than by chance lie so.
    share, random_share : float
        P of the sample and P0 of random grains: intensity of (00l) over that of all reflections compared.
    reflections : tuple of (h, k, l)
        The reflections compared.
    intensities, random_intensities : tuple of float
        Of the sample and of random grains, one for each.

    Examples
    --------
    >>> grains = lotgering({"003": 1.0, "110": 1.0}, {"003": 1.0, "110": 3.0})
    >>> grains.share, grains.random_share, round(grains.factor, 6)  # (1/2 - 1/4)/(1 - 1/4)
    (0.5, 0.25, 0.333333)
    """

    factor: float
    share: float
    random_share: float
    reflections: tuple[Miller, ...]
    intensities: tuple[float, ...]
    random_intensities: tuple[float, ...]

    def table(self) -> ResultTable:
        """The reflections with their intensities.

        Returns
        -------
        ResultTable
            In the unit in which the intensities were given.
        """
        texts = [" ".join(str(index) for index in plane) for plane in self.reflections]
        pair = {"intensity": self.intensities, "random_intensity": self.random_intensities}
        columns = {name: np.array(values) for name, values in pair.items()}
        return table({"hkl": (("reflection",), texts)}, columns)


def miller_indices(given: Indices) -> Miller:
    """Read h, k, l; of a hexagonal crystal also h, k, i, l.

    Parameters
    ----------
    given : str or sequence of int
        Such as "0 0 6", "(1 0 -5)", "006" or (1, 0, 10). Four digits without blanks are h, k and a two-digit
        l; bars are minus signs. A fourth index i = -h - k is left out.

    Returns
    -------
    tuple of int
        h, k, l.

    Raises
    ------
    InputError
        For anything else, and for 0 0 0.

    Examples
    --------
    >>> miller_indices("006"), miller_indices("(1 0 10)"), miller_indices("1010"), miller_indices("1 0 -1 5")
    ((0, 0, 6), (1, 0, 10), (1, 0, 10), (1, 0, 5))
    """
    if isinstance(given, str):
        parts = given.strip("(){}[] ").replace(",", " ").split()
        if len(parts) == 1 and 3 <= len(parts[0]) <= 4 and parts[0].isdigit():
            parts = [parts[0][0], parts[0][1], parts[0][2:]]
        numbers = tuple(int(part) for part in parts) if all(map(_INTEGER.fullmatch, parts)) else ()
    else:
        numbers = tuple(given) if all(isinstance(part, int | np.integer) for part in given) else ()
    if len(numbers) == 4 and numbers[0] + numbers[1] + numbers[2] == 0:
        numbers = (*numbers[:2], numbers[3])
    if len(numbers) != 3 or not any(numbers):
        raise InputError(f"{given!r}: {_EXPECTED}")
    return int(numbers[0]), int(numbers[1]), int(numbers[2])


def lotgering(sample: Mapping[Indices, float], random: Mapping[Indices, float]) -> Lotgering:
    r"""Lotgering's factor of a sample from intensities of its reflections and those of random grains.

    .. math:: F = \frac{P - P_0}{1 - P_0}, \qquad P = \frac{\sum I(00l)}{\sum I(hkl)}

    Parameters
    ----------
    sample, random : mapping
        Intensity (heights or areas, the same in both) by Miller indices. Only reflections of both count, so
        that both sums are over the same ones.

    Returns
    -------
    Lotgering
        F, the shares P and P0 it follows from, and the reflections compared.

    Raises
    ------
    InputError
        For indices that cannot be read, negative intensities, too few reflections in common, no (00l) or no
        other one among them.

    Notes
    -----
    F. K. Lotgering, J. Inorg. Nucl. Chem. 9 (1959) 113, doi 10.1016/0022-1902(59)80070-1. F depends on the
    range of angles and on the reflections taken; compare only what was taken alike.

    Examples
    --------
    >>> lotgering({"003": 1.0, "110": 0.0}, {"003": 1.0, "110": 3.0}).factor
    1.0
    """
    with Faults() as faults:
        tables = [
            _table(given, location, faults) for location, given in (("sample", sample), ("random", random))
        ]
    common = tuple(indices for indices in tables[1] if indices in tables[0])
    is_basal = np.array([indices[:2] == (0, 0) for indices in common], bool)
    if not np.any(is_basal) or np.all(is_basal):
        listed = ", ".join("".join(map(str, indices)) for indices in common) or "none"
        expected = f"reflections in common: {listed}; at least one (00l) and one other are needed"
        raise InputError(Fault("sample", expected=expected))
    intensities = np.array([[table[indices] for indices in common] for table in tables])
    totals = intensities.sum(axis=1)
    for location, total in zip(("sample", "random"), totals, strict=True):
        if not total > 0:
            faults.add(location, total, "the intensities of the common reflections must not all be 0")
    faults.raise_if_any()
    share, by_chance = (float(part) for part in intensities[:, is_basal].sum(axis=1) / totals)
    if by_chance == 1.0:
        raise InputError(Fault("random", expected="random grains must show other reflections than (00l)"))
    given, chance = (tuple(row) for row in intensities.tolist())
    return Lotgering((share - by_chance) / (1.0 - by_chance), share, by_chance, common, given, chance)


def lotgering_of_pattern(
    pattern: Pattern,
    random: Mapping[Indices, float],
    *,
    a: float,
    c: float,
    wavelength: float = CU_K_ALPHA,
    window: float = 0.3,
    areas: bool = True,
    least_share: float = 0.01,
) -> Lotgering:
    """Lotgering's factor from a diffraction pattern of a hexagonal crystal.

    Every peak found belongs to the reflection of the table nearest to it, if it is within the window; a
    reflection within the pattern at which there is no peak has the intensity 0.

    Parameters
    ----------
    pattern : Pattern
        Of the surface whose normal is the axis of the texture.
    random : mapping
        Intensity of random grains by Miller indices, from a powder card; reflections outside the pattern are
        left out.
    a, c : float
        Lattice parameters in m.
    wavelength : float
        In m.
    window : float
        Largest distance of a peak from its reflection, in degrees.
    areas : bool
        Areas of the peaks; heights if False, as powder cards often list.
    least_share : float
        As for `find_peaks`.

    Returns
    -------
    Lotgering

    Raises
    ------
    InputError
        As `lotgering`; if no peak is where a reflection should be.

    Notes
    -----
    F. K. Lotgering, J. Inorg. Nucl. Chem. 9 (1959) 113, doi 10.1016/0022-1902(59)80070-1, with the peaks of
    `find_peaks` at the angles of `two_theta`. Overlapping reflections are not separated: a peak counts for
    one of them.

    Examples
    --------
    >>> angle, random = np.arange(15.0, 45.0, 0.02), {"006": 5.0, "015": 100.0, "110": 25.0}
    >>> tops = two_theta([(0, 0, 6), (0, 1, 5), (1, 1, 0)], a=4.30e-10, c=30.5e-10)
    >>> peaks = [h * np.exp(-((angle - top) / 0.1) ** 2) for h, top in zip((12.0, 100.0, 30.0), tops)]
    >>> found = lotgering_of_pattern(Pattern(angle, 1.0 + sum(peaks)), random, a=4.30e-10, c=30.5e-10)
    >>> round(found.factor, 3), round(lotgering({"006": 12, "015": 100, "110": 30}, random).factor, 3)
    (0.048, 0.048)
    """
    with Faults() as faults:
        card = _table(random, "random", faults)
    angles = dict(zip(card, two_theta(list(card), a=a, c=c, wavelength=wavelength), strict=True))
    first, last = pattern.two_theta[0], pattern.two_theta[-1]
    inside = {indices: angle for indices, angle in angles.items() if first <= angle <= last}
    found: dict[Indices, float] = dict.fromkeys(inside, 0.0)
    for peak in find_peaks(pattern, least_share=least_share):
        near = min(inside, key=lambda indices: abs(inside[indices] - peak.two_theta), default=None)
        if near is not None and abs(inside[near] - peak.two_theta) <= window:
            found[near] += peak.area if areas else peak.height
    if not any(found.values()):
        expected = f"no peak is within {window:g} deg of a reflection of the table"
        raise InputError(Fault("pattern", expected=expected))
    return lotgering(found, {indices: card[indices] for indices in inside})


def read_intensities(path: str | Path) -> dict[Indices, float]:
    r"""Read a table of intensities by Miller indices, as powder cards list them.

    Parameters
    ----------
    path : path
        Text table or Excel workbook with the headers ``hkl`` and ``I``.

    Returns
    -------
    dict
        Intensity by (h, k, l), as `lotgering` takes it.

    Raises
    ------
    InputError
        With every fault of the file and its line (at most twenty); for indices that cannot be read or occur
        twice.

    Examples
    --------
    >>> _ = Path("card.csv").write_text("hkl,I\n006,5\n015,100\n1 0 10,30\n")
    >>> read_intensities("card.csv")
    {(0, 0, 6): 5.0, (0, 1, 5): 100.0, (1, 0, 10): 30.0}
    """
    read = read_table(path, LAYOUT)
    with Faults(str(path)) as faults:
        found: dict[Indices, float] = {}
        for text, value in zip(read.texts["hkl"], read.numbers["intensity"], strict=True):
            with faults.collect():
                indices = miller_indices(text)
                if indices in found:
                    raise InputError(Fault(text, float(value), _TWICE))
                found[indices] = float(value)
    return found


def _table(given: Mapping[Indices, float], location: str, faults: Faults) -> dict[Miller, float]:
    found: dict[Miller, float] = {}
    for key, intensity in given.items():
        try:
            indices = miller_indices(key)
        except InputError:
            faults.add(location, key if isinstance(key, str) else repr(key), _EXPECTED)
            continue
        if not 0 <= intensity < np.inf:
            faults.add(f"{location}.{key}", intensity, "an intensity from 0 on is expected")
        elif indices in found:
            faults.add(f"{location}.{key}", intensity, _TWICE)
        else:
            found[indices] = float(intensity)
    return found
