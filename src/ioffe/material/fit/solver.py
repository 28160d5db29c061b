"""Weighted least squares within bounds, and what the data say about every parameter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Optimum", "Spread", "jacobian", "minimise", "spread"]

Array = NDArray[np.float64]
Residual = Callable[[Array], Array]
"""Parameters of shape (draws, size) to residuals of shape (draws, points)."""
STEP = 1e-5
"""Step of the central differences: parameters are logarithms or of the order of 1 in their unit."""
TOLERANCE = 1e-12
RANK = 1e-7
"""Singular value over the largest below which a direction leaves no trace in the residuals; differences with
`STEP` are right to 1e-10."""
PART = 1e-3
"""Part of a parameter in such a direction from which on the parameter counts as lying in it."""
WORST = 1e6
"""Residual in the place of one that is no number, so that the solver turns back."""


@dataclass(frozen=True, eq=False)
class Optimum:
    """Where the least squares were found.

    Parameters
    ----------
    u : ndarray, shape (size,)
        Parameters as the solver sees them.
    residuals : ndarray, shape (points,)
        There, in standard deviations.
    converged : bool
        Whether the search ended by itself and every residual is a number.
    evaluations : int
        Of the residuals.
    """

    u: Array
    residuals: Array
    converged: bool
    evaluations: int

    @property
    def chi_squared(self) -> float:
        """Sum of the squares."""
        return float(self.residuals @ self.residuals)


@dataclass(frozen=True, eq=False)
class Spread:
    """Covariance of the parameters as the solver sees them, and what is not determined.

    Parameters
    ----------
    covariance : ndarray, shape (size, size)
        For residuals with the standard deviation 1; over the directions the data determine.
    undetermined : ndarray of bool, shape (size,)
        Parameters that lie in directions without a trace in the residuals.
    directions : ndarray, shape (size, number)
        Those directions, orthonormal.
    """

    covariance: Array
    undetermined: NDArray[np.bool_]
    directions: Array


def minimise(residual: Residual, start: Array, low: Array, high: Array) -> Optimum:
    """Least squares within bounds by a trust region.

    Parameters
    ----------
    residual : callable
        Parameters of shape (draws, size) to residuals of shape (draws, points).
    start, low, high : ndarray, shape (size,)
        Where to begin, and the bounds.
    """
    from scipy.optimize import least_squares

    if not len(start):
        found = residual(start[None])[0]
        return Optimum(start, found, bool(np.all(np.isfinite(found))), 1)

    def one(u: Array) -> Array:
        found = residual(u[None])[0]
        return np.where(np.isfinite(found), found, WORST)

    def slopes(u: Array) -> Array:
        return jacobian(residual, u, low, high)

    inside = np.clip(start, low + 1e-9 * (high - low), high - 1e-9 * (high - low))
    solved = least_squares(
        one,
        inside,
        jac=slopes,  # pyright: ignore[reportArgumentType]  its stub knows only the names of schemes
        bounds=(low, high),
        x_scale="jac",
        xtol=TOLERANCE,
        ftol=TOLERANCE,
        gtol=TOLERANCE,
        max_nfev=400,
    )
    right = bool(solved.status > 0 and np.all(np.abs(solved.fun) < WORST))
    return Optimum(np.asarray(solved.x), np.asarray(solved.fun), right, int(solved.nfev))


def jacobian(residual: Residual, u: Array, low: Array, high: Array) -> Array:
    """Derivatives of the residuals, shape (points, size), by central differences inside the bounds."""
    size = len(u)
    up = np.minimum(u + STEP, high)
    down = np.maximum(u - STEP, low)
    points = np.repeat(u[None], 2 * size, axis=0)
    points[np.arange(size), np.arange(size)] = up
    points[size + np.arange(size), np.arange(size)] = down
    found = residual(points)
    slopes = (found[:size] - found[size:]) / (up - down)[:, None]
    return np.where(np.isfinite(slopes), slopes, 0.0).T


def spread(slopes: Array) -> Spread:
    """Covariance from the derivatives of the residuals, shape (points, size).

    Examples
    --------
    Two parameters of which only the sum is measured.

    >>> found = spread(np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 2.0]]))
    >>> found.undetermined
    array([ True,  True, False])
    >>> round(float(found.covariance[2, 2]), 6)
    0.25
    """
    size = slopes.shape[1]
    _, found, rows = np.linalg.svd(slopes, full_matrices=True)
    singular = np.zeros(size)
    singular[: len(found)] = found
    weak = singular <= RANK * max(float(singular.max(initial=0.0)), np.finfo(float).tiny)
    strong = rows[~weak].T / singular[~weak]
    directions = rows[weak].T
    touched = np.linalg.norm(directions, axis=1) > PART if directions.size else np.zeros(size, bool)
    return Spread(strong @ strong.T, touched, directions)
