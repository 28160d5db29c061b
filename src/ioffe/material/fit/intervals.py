"""What can be said of every parameter of a fit: its value, its interval, or that the data leave it open."""

from __future__ import annotations

from math import nan

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.least_squares import LeastSquares
from ioffe.base.least_squares_fit import EDGE, PART, LeastSquaresFit
from ioffe.material.fit.model import Fitted, Vector

WIDE = 0.3
"""Standard error, as the solver sees a parameter, above which the interval is taken from the profile: for a
logarithm a factor of 1.35, where the curvature at the optimum no longer tells the truth."""
FIRST_STEP = 0.25
"""Largest first step on the way to the ends of a profile, over the distance between the bounds."""


def intervals(
    vector: Vector, problem: LeastSquares, found: LeastSquaresFit, profiles: bool = True
) -> tuple[Fitted, ...]:
    """Every parameter with its interval and what can be said of it.

    `vector`: free and fixed parameters.
    `problem`: what was minimised.
    `found`: the minimum, with the covariance there.
    `profiles`: whether the intervals of poorly determined parameters are taken from the profile likelihood;
        they end where chi squared has risen as the probability of 68 % asks for.
    Returns: in the order of the vector; fixed ones behind.
    """
    out = []
    widths, factor = np.sqrt(np.diag(found.covariance)), found.student_factor()
    for k, (spec, (name, sample)) in enumerate(zip(vector.specs, vector.keys, strict=True)):
        u, low, high = (float(a[k]) for a in (found.parameters, vector.low, vector.high))
        width, side = float(widths[k]), int(found.at_bound[k])
        words = (name, sample, spec.quantity, spec.si_unit)
        if not found.converged or found.undetermined[k]:
            out.append(Fitted(*words, nan, nan, spec.low, spec.high, "not determined"))
            continue
        value = float(spec.outward(u))
        std = width * abs(spec.slope(value))
        if not profiles or not np.isfinite(width) or (width < WIDE and not side):
            half = factor * width
            ends = float(spec.outward(u - half)), float(spec.outward(u + half))
            status = "determined" if not side else "at most" if side < 0 else "at least"
            out.append(Fitted(*words, value, std, *ends, status))
            continue
        step = min(max(width, EDGE), FIRST_STEP * (high - low))
        interval = problem.interval(found, k, step, found.rise())
        ends = float(spec.outward(interval.low)), float(spec.outward(interval.high))
        if interval.open_low and interval.open_high:
            out.append(Fitted(*words, nan, nan, *ends, "not determined", "profile"))
        else:
            status = "at most" if interval.open_low else "at least" if interval.open_high else "determined"
            out.append(Fitted(*words, value, std, *ends, status, "profile"))
    for name, value in vector.fixed.items():
        if name in vector.names:
            spec = vector.spec_of(name)
            out.append(Fitted(name, "", spec.quantity, spec.si_unit, value, 0.0, value, value, "fixed"))
    return tuple(out)


def propagated(found: LeastSquaresFit, value: Array, slope: Array) -> tuple[Array, Array]:
    """Value and standard deviation of what is computed from the parameters, to first order.

    `found`: the parameters with their covariance.
    `value` (points,): what is computed at the optimum.
    `slope` (size, points): its derivatives by the parameters as the solver sees them.
    Returns `value, std` (points,): NaN where they depend on what the data do not determine.
    """
    std = np.sqrt(np.maximum(np.einsum("ip,ij,jp->p", slope, found.covariance, slope), 0.0))
    along = np.linalg.norm(found.directions.T @ slope, axis=0)
    lost = (along > PART * np.linalg.norm(slope, axis=0)) | (not found.converged)
    return np.where(lost, np.nan, value), np.where(lost, np.nan, std)
