"""The type of an array of floats, and the larger of two numbers with derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "larger"]

Array = NDArray[np.float64]
"""Array of floats; a function of scalars returns a float of NumPy."""


def larger(a: Any, b: Any) -> Any:
    """The larger of two numbers, also of complex ones; of equal ones the mean, which is smooth.

    `a`, `b`: of all cases or of each.

    >>> float(larger(1.0, 2.0)), larger([1.0, 3.0], 2.0).tolist()
    (2.0, [2.0, 3.0])
    """
    a, b = np.asarray(a), np.asarray(b)
    return np.where(np.real(a) > np.real(b), a, np.where(np.real(a) < np.real(b), b, 0.5 * (a + b)))[()]
