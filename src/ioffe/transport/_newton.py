"""Newton's method on many roots at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from ioffe.transport._arrays import Array

__all__ = ["guarded_newton", "newton"]

_MOST: Final = 100
_CLOSE: Final = 1e-9
"""Convergence is quadratic: after a step this small the error is that of the function."""


def newton(step: Callable[[Array], Array], start: Array) -> Array:
    """Roots of functions whose curvature keeps its sign, so that Newton's method needs no safeguard.

    Parameters
    ----------
    step : callable
        Newton's step -f/f' of every lane at its present place.
    start : ndarray
        First guesses; what is not finite is given back as it is.

    Returns
    -------
    ndarray
        NaN where a hundred steps were not enough.
    """
    place = np.array(start, float)
    lanes = np.isfinite(place)
    moving, far = np.where(lanes, place, 0.0), lanes
    for _ in range(_MOST):
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            moved = np.where(lanes, step(moving), 0.0)
        moving = moving + moved
        far = np.abs(moved) > _CLOSE * (1.0 + np.abs(moving))
        if not np.any(far & lanes):
            return np.where(lanes, moving, place)
    return np.where(far & lanes, np.nan, np.where(lanes, moving, place))


def guarded_newton(function: Callable[[Array], tuple[Array, Array]], start: Array) -> Array:
    """Roots of falling functions, by Newton's method inside the bracket that the signs seen so far make.

    Parameters
    ----------
    function : callable
        Places to values and slopes.
    start : ndarray
        First guesses; what is not finite is given back as it is.

    Returns
    -------
    ndarray
        NaN where a hundred steps were not enough.
    """
    place = np.array(start, float)
    lanes = np.isfinite(place)
    moving, far = np.where(lanes, place, 0.0), lanes
    low, high = np.full_like(moving, -np.inf), np.full_like(moving, np.inf)
    for _ in range(_MOST):
        value, slope = function(moving)
        low, high = np.where(value > 0.0, moving, low), np.where(value < 0.0, moving, high)
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            target = moving - value / slope
            inside = (target >= low) & (target <= high)
            target = np.where(inside | ~np.isfinite(high - low), target, 0.5 * (low + high))
        far = ~(np.abs(target - moving) <= _CLOSE * (1.0 + np.abs(target)))
        moving = np.where(lanes, target, moving)
        if not np.any(far & lanes):
            return np.where(lanes, moving, place)
    return np.where(far & lanes, np.nan, np.where(lanes, moving, place))
