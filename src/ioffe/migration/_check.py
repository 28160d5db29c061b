"""Checks and values of arguments that several files of this package share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import Faults
from ioffe.base.units import floats

Variable = float | Callable[[Array], ArrayLike]
"""A number, or a function of temperature in K."""


def value_at(value: Variable, T: ArrayLike) -> Array:
    """A number or a function of temperature at T in K, in the shape of T."""
    t = floats(T)
    return np.broadcast_to(np.asarray(value(t) if callable(value) else value, float), t.shape)


@contextmanager
def checked() -> Iterator[Faults]:
    """Faults that are raised together at the end of the block."""
    faults = Faults()
    yield faults
    faults.raise_if_any()


def check_direction(faults: Faults, direction: int) -> None:
    """Note a direction of the current that is neither towards larger x (1) nor towards smaller (-1)."""
    if direction not in (1, -1):
        faults.add("direction", direction, "1 or -1 is expected")


def shown(value: object) -> str:
    """A number as it is printed in a message."""
    return f"{float(np.asarray(value)):.6g}"


def check_positive(faults: Faults, **named: ArrayLike) -> None:
    """Note every argument that is not finite and above 0."""
    for name, value in named.items():
        array = floats(value)
        if not np.all(np.isfinite(array) & (array > 0)):
            faults.add(name, value, "finite numbers above 0 are expected")


def check_finite(faults: Faults, **named: ArrayLike) -> None:
    """Note every argument that is not finite."""
    for name, value in named.items():
        if not np.all(np.isfinite(floats(value))):
            faults.add(name, value, "finite numbers are expected")


def check_profile(x: ArrayLike, **profiles: ArrayLike) -> tuple[Array, ...]:
    """Positions and the profiles over them as arrays of one length, all above 0 but the positions.

    Raises `InputError` if the positions do not rise, or a profile has another length or a number that is not
        above 0.
    """
    faults, position = Faults(), floats(x)
    if position.ndim != 1 or position.size < 2 or not np.all(np.diff(position) > 0):
        faults.add("x", x, "two or more rising positions in m are expected")
        faults.raise_if_any()
    arrays = [position]
    for name, values in profiles.items():
        array = floats(values)
        if array.ndim == 0:
            array = np.full(position.shape, float(array))
        if array.shape != position.shape:
            faults.add(name, values, f"one number or {position.size} numbers are expected, one a position")
        else:
            check_positive(faults, **{name: array})
        arrays.append(array)
    faults.raise_if_any()
    return tuple(arrays)
