"""Numbers that carry their derivatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Dual:
    """Values of lanes and their derivatives to every parameter; arithmetic applies the rules of calculus.

    Examples
    --------
    >>> x = Dual(np.array([3.0]), np.array([[1.0], [0.0]]))
    >>> y = Dual(np.array([2.0]), np.array([[0.0], [1.0]]))
    >>> (2.0 * x / y).slope[:, 0]
    array([ 1. , -1.5])
    """

    value: Array
    """Shape (lanes,)."""
    slope: Array
    """Shape (parameters, lanes)."""

    # NumPy's scalars leave the arithmetic to this class
    __array_ufunc__ = None

    def __add__(self, other: Dual) -> Dual:
        return Dual(self.value + other.value, self.slope + other.slope)

    def __sub__(self, other: Dual) -> Dual:
        return Dual(self.value - other.value, self.slope - other.slope)

    def __mul__(self, other: Dual | float) -> Dual:
        if not isinstance(other, Dual):
            return Dual(self.value * other, self.slope * other)
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def __rmul__(self, other: float) -> Dual:
        return self * other

    def __truediv__(self, other: Dual) -> Dual:
        value = self.value / other.value
        return Dual(value, (self.slope - value * other.slope) / other.value)

    def take(self, lanes: Any) -> Dual:
        """Some of the lanes."""
        return Dual(self.value[lanes], self.slope[:, lanes])

    def moved(self, along: Array) -> Dual:
        """The last parameter, the current, follows the others, by its slope (parameters - 1, lanes)."""
        with np.errstate(invalid="ignore"):
            return Dual(self.value, self.slope[:-1] + self.slope[-1] * along)
