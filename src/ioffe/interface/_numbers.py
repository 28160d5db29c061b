"""Arrays of a quantity, checked: every fault of a call is reported at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.quantities import quantity
from ioffe.base.units import to_si
from ioffe.transport._arrays import Array

__all__ = ["Written", "inside", "numbers"]

Written = ArrayLike | str | Mapping[str, object]
"""Floats or arrays in SI units, or one value as text with its unit."""


def numbers(**given: tuple[Written, str]) -> tuple[Array, ...]:
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


def _one(value: Written, kind: str) -> Array:
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
