"""Root of a function of one number between two signs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

__all__ = ["root_between"]


def root_between(function: Callable[[float], float], low: float, high: float, accuracy: float = 0.0) -> float:
    """Root by Brent's method to `accuracy` in the argument, by default that of the numbers."""
    from scipy.optimize import brentq

    smallest = 1e-15 * max(abs(low), abs(high))
    return float(cast(Any, brentq)(function, low, high, xtol=max(accuracy, smallest), rtol=1e-14))
