"""What can be said of every parameter of a fit: its value, its interval, or that the data leave it open."""

from __future__ import annotations

from math import nan

import numpy as np

from ioffe.material.fit.fitted import Fitted
from ioffe.material.fit.parameters import Vector
from ioffe.material.fit.profile import profile_interval
from ioffe.material.fit.solver import Optimum, Residual, Spread

__all__ = ["intervals"]

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
