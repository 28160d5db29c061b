"""From the points of a table, or the coefficients of a formula, to the cells of a piecewise cubic.

A cell is the row (c0, c1, c2, c3) of c0 + c1 t + c2 t^2 + c3 t^3 with t counted from its left knot; n knots
have n - 1 cells.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["polynomial_cell", "table_cells", "table_cells_by_value"]

Array: TypeAlias = npt.NDArray[np.float64]
DENSE = 200
"""Knots of a spline up to which its equations are solved as they are, sooner than scipy is loaded."""


def table_cells(knots: Array, values: Array, kind: str) -> Array:
    """Cells, shape (..., n - 1, 4), of the interpolants through n >= 2 points, of values (..., n).

    ``linear``; ``pchip``, monotone where the data are (F. N. Fritsch and J. Butland, SIAM J. Sci. Stat.
    Comput. 5 (1984) 300, doi 10.1137/0905021); ``cubic``, the spline that is not-a-knot from four points on
    and natural below.
    """
    steps = knots[1:] - knots[:-1]
    secants = (values[..., 1:] - values[..., :-1]) / steps
    if kind == "linear" or len(knots) == 2:
        return _straight(values, secants)
    slopes = _pchip_slopes(steps, secants) if kind == "pchip" else _spline_slopes(knots, values)
    return _cells(values, secants, slopes[..., :-1], slopes[..., 1:], steps)


def table_cells_by_value(knots: Array, values: Array, kind: str) -> Array:
    """Derivative of `table_cells` to each value, shape (n, n - 1, 4).

    A straight line and a spline are linear in the values. Monotone slopes are not: where their formula has
    a kink, at equal neighbours, the derivative is that of the side on which the slope stays zero.
    """
    steps, unit = np.diff(knots), np.eye(len(knots))
    secants = np.diff(unit, axis=1) / steps
    if kind == "linear" or len(knots) == 2:
        return _straight(unit, secants)
    if kind == "pchip":
        slopes = secants @ _pchip_slopes_by_secant(steps, np.diff(values) / steps).T
    else:
        slopes = _spline_slopes(knots, unit).T
    return _cells(unit, secants, slopes[:, :-1], slopes[:, 1:], steps)


def _straight(values: Array, secants: Array) -> Array:
    zero = np.zeros_like(secants)
    return np.stack((values[..., :-1], secants, zero, zero), axis=-1)


def _cells(values: Array, secants: Array, left: Array, right: Array, steps: Array) -> Array:
    """Cubics in Hermite's form on the last two axes, from the slopes at the left and right ends of cells."""
    second = (3 * secants - 2 * left - right) / steps
    third = (left + right - 2 * secants) / steps**2
    return np.stack((values[..., :-1], left, second, third), axis=-1)


def _pchip_slopes(steps: Array, secants: Array) -> Array:
    """Weighted harmonic means of the secants, 0 at extrema; one-sided three-point slopes at the ends."""
    before, after = secants[..., :-1], secants[..., 1:]
    w1, w2 = 2 * steps[1:] + steps[:-1], steps[1:] + 2 * steps[:-1]
    monotone = np.sign(before) * np.sign(after) > 0
    first, second = np.where(monotone, before, 1.0), np.where(monotone, after, 1.0)
    slopes = np.empty((*secants.shape[:-1], secants.shape[-1] + 1))
    with np.errstate(over="ignore"):
        slopes[..., 1:-1] = np.where(monotone, (w1 + w2) / (w1 / first + w2 / second), 0.0)
    slopes[..., 0] = _end_slope(steps[0], steps[1], secants[..., 0], secants[..., 1])
    slopes[..., -1] = _end_slope(steps[-1], steps[-2], secants[..., -1], secants[..., -2])
    return slopes


def _end_slope(h0: float, h1: float, d0: Array, d1: Array) -> Array:
    slope = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1)
    steep = (d0 * d1 <= 0) & (np.abs(slope) > 3 * np.abs(d0))
    return np.where(slope * d0 <= 0, 0.0, np.where(steep, 3 * d0, slope))


def _pchip_slopes_by_secant(steps: Array, secants: Array) -> Array:
    """Derivative of `_pchip_slopes` to each secant, shape (n, n - 1)."""
    n = len(secants)
    before, after = secants[:-1], secants[1:]
    w1, w2 = 2 * steps[1:] + steps[:-1], steps[1:] + 2 * steps[:-1]
    monotone = np.sign(before) * np.sign(after) > 0
    first, second = np.where(monotone, before, 1.0), np.where(monotone, after, 1.0)
    # slopes over secants stay finite where a secant is very small
    total = w1 * second + w2 * first
    inner = np.arange(n - 1)
    out = np.zeros((n + 1, n))
    out[inner + 1, inner] = np.where(monotone, (w1 + w2) * w1 * (second / total) ** 2, 0.0)
    out[inner + 1, inner + 1] = np.where(monotone, (w1 + w2) * w2 * (first / total) ** 2, 0.0)
    out[0, :2] = _end_slope_by_secant(steps[0], steps[1], secants[0], secants[1])
    out[-1, [-1, -2]] = _end_slope_by_secant(steps[-1], steps[-2], secants[-1], secants[-2])
    return out


def _end_slope_by_secant(h0: float, h1: float, d0: float, d1: float) -> tuple[float, float]:
    slope = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1)
    if slope * d0 <= 0:
        return 0.0, 0.0
    if d0 * d1 <= 0 and abs(slope) > 3 * abs(d0):
        return 3.0, 0.0
    return (2 * h0 + h1) / (h0 + h1), -h0 / (h0 + h1)


def _spline_slopes(knots: Array, values: Array) -> Array:
    """Slopes at which the second derivative is continuous: a tridiagonal system, exact in its last bits."""
    steps = np.diff(knots)
    secants = np.diff(values, axis=0).T / steps
    before, after = steps[:-1], steps[1:]
    right = np.empty_like(values.T)
    right[..., 1:-1] = 3 * (after * secants[..., :-1] + before * secants[..., 1:])
    bands = np.zeros((3, len(knots)))
    bands[0, 2:], bands[1, 1:-1], bands[2, :-2] = before, 2 * (before + after), after
    for end, next_to, above, sign in ((0, 1, 0, 1), (-1, -2, 2, -1)):
        near, far = steps[end], steps[next_to]
        d0, d1 = secants[..., end], secants[..., next_to]
        if len(knots) >= 4:
            both = near + far
            bands[1, end], bands[above, end + sign] = far, both
            right[..., end] = ((near + 2 * both) * far * d0 + near**2 * d1) / both
        else:
            bands[1, end], bands[above, end + sign] = 2, 1
            right[..., end] = 3 * d0
    if len(knots) <= DENSE:
        matrix = np.diag(bands[0, 1:], 1) + np.diag(bands[1]) + np.diag(bands[2, :-1], -1)
        return np.asarray(np.linalg.solve(matrix, right.T), float)
    from scipy.linalg import solve_banded

    return solve_banded((1, 1), bands, right.T)


def polynomial_cell(coefficients: tuple[float, ...], start: float) -> Array:
    """One cell, shape (1, 4), of a polynomial with ascending coefficients, counted from `start`, exactly."""
    exact = [Fraction(c) for c in coefficients] + [Fraction(0)] * (4 - len(coefficients))
    c0, c1, c2, c3 = exact
    s = Fraction(start)
    shifted = (c0 + s * (c1 + s * (c2 + s * c3)), c1 + s * (2 * c2 + 3 * c3 * s), c2 + 3 * c3 * s, c3)
    return np.array([[float(c) for c in shifted]])
