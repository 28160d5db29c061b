"""Profile likelihood: how far a parameter can go while the others make up for it.

Where the residuals bend, or a parameter runs into a bound, the standard error from the curvature at the
optimum says little. The profile is the smallest chi squared over all other parameters at each value of the
one; the 68 % interval is where it has risen by 1 (W. A. Rolke, A. M. Lopez, J. Conrad, Nucl. Instrum. Methods
A 551 (2005) 493, doi 10.1016/j.nima.2005.05.068).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ioffe.material.fit.solver import Optimum, Residual, minimise

__all__ = ["Interval", "profile_at", "profile_interval"]

Array = NDArray[np.float64]
GROWTH = 1.6
"""Factor from step to step on the way out."""
PRECISION = 0.02
"""Error of the ends of an interval over its half-width."""
MOST_STEPS = 40


@dataclass(frozen=True)
class Interval:
    """Ends of an interval as the solver sees them; `open` where a bound is met without having risen."""

    low: float
    high: float
    open_low: bool
    open_high: bool


def profile_at(
    residual: Residual, optimum: Optimum, index: int, value: float, low: Array, high: Array
) -> Optimum:
    """Least squares with one parameter held at a value; its `u` holds all parameters.

    Parameters
    ----------
    residual, low, high
        As for `minimise`.
    optimum : Optimum
        Where the search begins.
    index : int
        Position of the parameter.
    value : float
        Its value as the solver sees it.
    """
    others = np.arange(len(low)) != index

    def rest(u: Array) -> Array:
        full = np.full((len(u), len(low)), value)
        full[:, others] = u
        return residual(full)

    found = minimise(rest, optimum.u[others], low[others], high[others])
    u = np.full(len(low), value)
    u[others] = found.u
    return Optimum(u, found.residuals, found.converged, found.evaluations)


def profile_interval(
    residual: Residual, optimum: Optimum, index: int, low: Array, high: Array, step: float, rise: float
) -> Interval:
    """Interval of a parameter in which the profile stays below `rise`.

    Parameters
    ----------
    residual, optimum, index, low, high
        As for `profile_at`.
    step : float
        First step away from the optimum.
    rise : float
        Rise of chi squared at the ends.
    """
    ends = []
    for side, bound in ((-1.0, float(low[index])), (1.0, float(high[index]))):
        ends.append(_end(residual, optimum, index, low, high, side * step, bound, rise))
    (left, open_left), (right, open_right) = ends
    return Interval(left, right, open_left, open_right)


def _end(
    residual: Residual,
    optimum: Optimum,
    index: int,
    low: Array,
    high: Array,
    step: float,
    bound: float,
    rise: float,
) -> tuple[float, bool]:
    """Where the profile reaches `rise` on one side, or the bound."""
    inside, near = float(optimum.u[index]), optimum
    base = optimum.chi_squared
    if abs(bound - inside) < PRECISION * abs(step):
        return bound, True
    for _ in range(MOST_STEPS):
        outside = inside + step
        at_bound = abs(outside - float(optimum.u[index])) >= abs(bound - float(optimum.u[index]))
        outside = bound if at_bound else outside
        found = profile_at(residual, near, index, outside, low, high)
        if found.chi_squared - base >= rise:
            return _between(residual, near, index, low, high, inside, outside, base + rise), False
        if at_bound:
            return bound, True
        inside, near, step = outside, found, GROWTH * step
    return inside, True


def _between(
    residual: Residual,
    near: Optimum,
    index: int,
    low: Array,
    high: Array,
    inside: float,
    outside: float,
    wanted: float,
) -> float:
    """Root of the profile's rise between two values."""
    from scipy.optimize import brentq

    def above(value: float) -> float:
        if value == inside:
            return near.chi_squared - wanted
        return profile_at(residual, near, index, value, low, high).chi_squared - wanted

    root = brentq(above, inside, outside, xtol=PRECISION * abs(outside - inside))
    return float(root) if isinstance(root, float) else inside
