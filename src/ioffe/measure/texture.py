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
from typing import Final

import numpy as np

from ioffe.base.errors import Faults, InputError
from ioffe.measure.diffraction import CU_K_ALPHA, Miller, Pattern, find_peaks, two_theta

__all__ = ["Lotgering", "lotgering", "lotgering_of_pattern", "miller_indices"]

_PARTED: Final = re.compile(r"[\s,]+")
_DIGITS: Final = re.compile(r"[({\[]?\s*(?P<inner>-?\d[-\d\s,]*?)\s*[)}\]]?")
Indices = str | Miller
_EXPECTED: Final = 'Miller indices such as "0 0 6", "1 0 -5", "006" or (1, 0, 10) are expected'


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
    """

    factor: float
    share: float
    random_share: float
    reflections: tuple[Miller, ...]


def miller_indices(given: Indices) -> Miller:
    """Read h, k, l; of a hexagonal crystal also h, k, i, l.

    Four digits without blanks are h k and a two-digit l; bars are minus signs.

    Raises
    ------
    InputError
        For anything else.

    Examples
    --------
    >>> miller_indices("006"), miller_indices("(1 0 10)"), miller_indices("1010"), miller_indices("1 0 -1 5")
    ((0, 0, 6), (1, 0, 10), (1, 0, 10), (1, 0, 5))
    """
    if isinstance(given, str):
        match = _DIGITS.fullmatch(given.strip())
        inner = match["inner"] if match else ""
        parts = [part for part in _PARTED.split(inner) if part]
        if len(parts) == 1 and 3 <= len(parts[0]) <= 4 and parts[0].isdigit():
            parts = [parts[0][0], parts[0][1], parts[0][2:]]
        try:
            numbers = tuple(int(part) for part in parts)
        except ValueError:
            numbers = ()
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
    faults = Faults()
    tables = [_table(given, place, faults) for place, given in (("sample", sample), ("random", random))]
    faults.raise_if_any()
    common = tuple(indices for indices in tables[1] if indices in tables[0])
    basal = [indices for indices in common if _is_basal(indices)]
    if not basal or len(basal) == len(common):
        listed = ", ".join("".join(map(str, indices)) for indices in common) or "none"
        expected = f"reflections in common: {listed}; at least one (00l) and one other are needed"
        faults.add("sample", expected=expected)
        faults.raise_if_any()
    sums = [sum(table[indices] for indices in common) for table in tables]
    for place, total in zip(("sample", "random"), sums, strict=True):
        if not total > 0:
            faults.add(place, total, "the intensities of the common reflections must not all be 0")
    faults.raise_if_any()
    shares = [
        sum(table[indices] for indices in basal) / total for table, total in zip(tables, sums, strict=True)
    ]
    if shares[1] == 1.0:
        faults.add("random", expected="random grains must show other reflections than (00l)")
        faults.raise_if_any()
    return Lotgering((shares[0] - shares[1]) / (1.0 - shares[1]), shares[0], shares[1], common)


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
    reflection within the pattern at which no peak stands has the intensity 0.

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

    Raises
    ------
    InputError
        As `lotgering`; if no peak is where a reflection should be.
    """
    faults = Faults()
    table = _table(random, "random", faults)
    faults.raise_if_any()
    angles = dict(zip(table, two_theta(list(table), a=a, c=c, wavelength=wavelength), strict=True))
    first, last = pattern.two_theta[0], pattern.two_theta[-1]
    inside = {indices: angle for indices, angle in angles.items() if first <= angle <= last}
    found: dict[Indices, float] = dict.fromkeys(inside, 0.0)
    for peak in find_peaks(pattern, least_share=least_share):
        near = min(inside, key=lambda indices: abs(inside[indices] - peak.two_theta), default=None)
        if near is not None and abs(inside[near] - peak.two_theta) <= window:
            found[near] += peak.area if areas else peak.height
    if not any(found.values()):
        faults.add("pattern", expected=f"no peak stands within {window:g} deg of a reflection of the table")
        faults.raise_if_any()
    return lotgering(found, {indices: table[indices] for indices in inside})


def _table(given: Mapping[Indices, float], place: str, faults: Faults) -> dict[Miller, float]:
    found: dict[Miller, float] = {}
    for key, intensity in given.items():
        try:
            indices = miller_indices(key)
        except InputError:
            faults.add(place, key if isinstance(key, str) else repr(key), _EXPECTED)
            continue
        if not 0 <= intensity < np.inf:
            faults.add(f"{place}.{key}", intensity, "an intensity from 0 on is expected")
        elif indices in found:
            faults.add(f"{place}.{key}", intensity, "this reflection stands twice")
        else:
            found[indices] = float(intensity)
    return found


def _is_basal(indices: Miller) -> bool:
    return indices[0] == 0 and indices[1] == 0
