"""What can be said of every parameter of a fit: its value, its interval, or that the data leave it open."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from ioffe.material.fit.model import Fitted, Vector
from ioffe.material.fit.solver import Optimum, Residual, Spread, minimise

__all__ = ["Interval", "intervals", "profile_at", "profile_interval"]

WIDE = 0.3
"""Standard error, as the solver sees a parameter, above which the interval is taken from the profile: for a
logarithm a factor of 1.35, where the curvature at the optimum no longer tells the truth."""
EDGE = 1e-4
"""Distance from a bound over its width at which a parameter counts as lying on it."""


def intervals(
    vector: Vector, optimum: Optimum, found: Spread, residual: Residual, scale: float, profiles: bool
) -> tuple[Fitted, ...]:
    """Every parameter with its interval and what can be said of it; fixed ones behind.

    Parameters
    ----------
    vector : Vector
        Free and fixed parameters.
    optimum, found : Optimum, Spread
        Where the least squares were found, and the covariance there.
    residual : callable
        As for `minimise`.
    scale : float
        Factor on the covariance, and the rise of chi squared at the ends of an interval.
    profiles : bool
        Whether the intervals of poorly determined parameters are taken from the profile likelihood.
    """
    out = []
    for k, (spec, (name, sample)) in enumerate(zip(vector.specs, vector.keys, strict=True)):
        u, low, high = float(optimum.u[k]), float(vector.low[k]), float(vector.high[k])
        width = float(np.sqrt(scale * found.covariance[k, k]))
        value = float(spec.outward(u))
        words = (name, sample, spec.quantity, spec.si_unit)
        if not optimum.converged or found.undetermined[k]:
            out.append(Fitted(*words, nan, nan, spec.low, spec.high, "not determined"))
            continue
        at_edge = min(u - low, high - u) < EDGE * (high - low)
        std = width * abs(spec.slope(value))
        if not profiles or not np.isfinite(width) or (width < WIDE and not at_edge):
            ends = float(spec.outward(u - width)), float(spec.outward(u + width))
            side = "at most" if u - low < high - u else "at least"
            out.append(Fitted(*words, value, std, *ends, side if at_edge else "determined"))
            continue
        step = min(max(width, EDGE), 0.25 * (high - low))
        interval = profile_interval(residual, optimum, k, vector.low, vector.high, step, scale)
        ends = float(spec.outward(interval.low)), float(spec.outward(interval.high))
        if interval.open_low and interval.open_high:
            out.append(Fitted(*words, nan, nan, *ends, "not determined", "profile"))
        else:
            status = "at most" if interval.open_low else "at least" if interval.open_high else "determined"
            out.append(Fitted(*words, value, std, *ends, status, "profile"))
    used = [name for name in vector.fixed if name in vector.names]
    for name in used:
        value = vector.fixed[name]
        spec = vector.spec_of(name)
        out.append(Fitted(name, "", spec.quantity, spec.si_unit, value, 0.0, value, value, "fixed"))
    return tuple(out)


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
