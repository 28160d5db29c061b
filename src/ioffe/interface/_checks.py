"""Checks of what enters the functions of this package: every fault of a call is reported at once.

`numbers` reads quantities, floats, arrays or texts with a unit, by the table of quantities; `check_number`,
`check_series` and `check_times` add the faults of plain numbers in SI to a collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, isfinite, nan
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.quantities import quantity
from ioffe.base.units import to_si

__all__ = ["QuantityLike", "check_number", "check_series", "check_times", "inside", "numbers"]

Array = NDArray[np.float64]
QuantityLike = ArrayLike | str | Mapping[str, object]
"""Floats or arrays in SI units, or one value as text with its unit."""


def numbers(**given: tuple[QuantityLike, str]) -> tuple[Array, ...]:
    """Arrays in SI units of arguments by name, each given with its quantity.

    Raises
    ------
    InputError
        With a fault for every argument that is no number, not finite or outside the bounds of its quantity.

    Examples
    --------
    >>> numbers(length=("3 mm", "length"), doping=([1e24, 1e25], "carrier_density"))[1]
    array([1.e+24, 1.e+25])
    >>> numbers(length=(-1.0, "length"))
    Traceback (most recent call last):
        ...
    ioffe.base.errors.InputError: length = -1.0: a length is expected, in m, such as "1.6 mm"; the value must
    be above 0 m
    """
    faults, found = Faults(), []
    for name, (value, kind) in given.items():
        with faults.collect(name):
            found.append(_one(value, kind))
    faults.raise_if_any()
    return tuple(found)


def _one(value: QuantityLike, kind: str) -> Array:
    if isinstance(value, str | Mapping):
        return np.asarray(to_si(value, kind))
    entry = quantity(kind)
    try:
        array = np.asarray(value, float)
    except (TypeError, ValueError):
        raise InputError(Fault("", value, entry.expectation)) from None
    above = array > entry.lower if entry.exclusive else array >= entry.lower
    wrong = ~(np.isfinite(array) & above & (array <= entry.upper))
    if np.any(wrong):
        place = tuple(int(index) for index in np.argwhere(wrong)[0])
        with_index = Faults()
        with with_index.collect(f"[{', '.join(map(str, place))}]" if place else ""):
            to_si(float(array[place]), kind)
        with_index.raise_if_any()
    return array


def inside(name: str, value: Array, below_one: bool = True) -> None:
    """Refuse shares that are not above 0, or not below 1."""
    if np.any(value <= 0.0) or (below_one and np.any(value >= 1.0)):
        expected = "a share above 0 and below 1 is expected" if below_one else "a share above 0 is expected"
        raise InputError(Fault(name, np.asarray(value).tolist(), expected, 'such as 0.05 or "5 %"'))


def check_number(
    faults: Faults,
    place: str,
    value: object,
    low: float = -inf,
    high: float = inf,
    *,
    exclusive: bool = False,
) -> float:
    """The value as a float; a fault, and NaN, if it is no finite number within the bounds.

    Parameters
    ----------
    faults : Faults
        Collects what is wrong.
    place : str
        What the value is called.
    value : object
        To be checked.
    low, high : float
        Smallest and largest value; `exclusive` excludes the smallest one itself.

    Examples
    --------
    >>> faults = Faults()
    >>> check_number(faults, "length", 2e-3, 0.0, exclusive=True), check_number(faults, "length", -1.0, 0.0)
    (0.002, nan)
    >>> print(faults.found[0])
    length = -1.0: a finite number from 0 on is expected
    """
    number = float(value) if isinstance(value, Real) and not isinstance(value, bool | np.bool_) else nan
    if isfinite(number) and (number > low if exclusive else number >= low) and number <= high:
        return number
    faults.add(place, value, f"a finite number{_range(low, high, exclusive)} is expected")
    return nan


def check_series(
    faults: Faults,
    place: str,
    values: ArrayLike,
    low: float = -inf,
    high: float = inf,
    *,
    exclusive: bool = False,
    least: int = 1,
) -> Array:
    """The values as an array of one dimension; a fault for every wrong one, and if there are too few.

    Parameters
    ----------
    faults, place, low, high, exclusive
        As for `check_number`.
    values : array_like, shape (n,)
        To be checked.
    least : int
        Smallest length.

    Examples
    --------
    >>> faults = Faults()
    >>> _ = check_series(faults, "D", [1e-16, -1e-16], 0.0, least=2)
    >>> print(faults.found[0])
    D[1] = -1e-16: a finite number from 0 on is expected
    """
    try:
        found = np.atleast_1d(np.asarray(values, float))
    except (TypeError, ValueError):
        faults.add(place, values, "a list of numbers is expected")
        return np.full(least, nan)
    if found.ndim != 1:
        faults.add(place, values, f"a list is expected, not an array of {found.ndim} dimensions")
        return np.full(least, nan)
    if len(found) < least:
        expected = "at least one value is expected" if least == 1 else f"at least {least} values are expected"
        faults.add(place, values, expected)
    above = found > low if exclusive else found >= low
    for index in np.flatnonzero(~(np.isfinite(found) & above & (found <= high))):
        faults.add(
            f"{place}[{index}]",
            float(found[index]),
            f"a finite number{_range(low, high, exclusive)} is expected",
        )
    return found


def check_times(
    faults: Faults, place: str, times: ArrayLike, *, least: int = 1, strict: bool = False
) -> Array:
    """Times in s that do not run backwards; with `strict` none may stand twice."""
    found = check_series(faults, place, times, 0.0, least=least)
    steps = np.diff(found)
    for index in np.flatnonzero(steps <= 0.0 if strict else steps < 0.0):
        faults.add(
            f"{place}[{index + 1}]",
            float(found[index + 1]),
            f"a time {'after' if strict else 'not before'} {found[index]:g} s is expected",
            "time runs forwards" if steps[index] < 0.0 else "each time may stand once",
        )
    return found


def _range(low: float, high: float, exclusive: bool) -> str:
    if isfinite(low) and isfinite(high):
        return f" above {low:g}, up to {high:g}," if exclusive else f" from {low:g} to {high:g}"
    if isfinite(low):
        return f" above {low:g}" if exclusive else f" from {low:g} on"
    return f" up to {high:g}" if isfinite(high) else ""
