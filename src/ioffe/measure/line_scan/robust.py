r"""Robust straight-line fits of many models to the same points at once.

M-estimator with Tukey's biweight, for which points far off have no weight,

.. math:: \rho(z) = \frac{c^2}{6} \left[ 1 - (1 - z^2/c^2)^3 \right],\; |z| < c = 4.685,

95 % as efficient as least squares for normal errors (P. J. Huber, E. M. Ronchetti, Robust Statistics, 2009,
doi 10.1002/9780470434697). It is reached from a fit with Huber's loss, which has one minimum only. Models are
compared by the likelihood of normal errors among which a share of points may lie anywhere in the range.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Fits", "fit", "noise"]

Array = NDArray[np.float64]
HUBER, TUKEY = 1.345, 4.685
HUBER_STEPS, WARM_STEPS, TUKEY_STEPS = 5, 2, 8
NOISE_STEPS = 20
ASTRAY = 0.01
"""Share of points that may lie anywhere, for comparing models."""
TO_SIGMA = 1.4826
"""Standard deviation of normal errors over the median of their sizes."""
SMALL = 1e-13
LEAST_NOISE = 1e-8
"""Noise over the range of the values that is assumed at least, far above rounding."""
SETTLED = 1e-4
"""Change of the weights at which a fit is done."""


@dataclass(frozen=True)
class Fits:
    """Fits of G models to n points.

    Parameters
    ----------
    parameters : ndarray of shape (G, p)
    covariance : ndarray of shape (G, p, p)
    loss : ndarray of shape (G,)
        Negative logarithm of the likelihood, up to a constant.
    weights : ndarray of shape (G, n)
        0 for points that do not count.
    """

    parameters: Array
    covariance: Array
    loss: Array
    weights: Array


def fit(matrix: Array, values: Array, sigma: float, start: Array | None = None) -> Fits:
    """Fit all models.

    Parameters
    ----------
    matrix : ndarray of shape (G, n, p)
    values : ndarray of shape (n,)
    sigma : float
        Standard deviation of the noise.
    start : ndarray of shape (n,), optional
        Weights of a model near to these, which need fewer steps then.
    """
    weights = np.ones(matrix.shape[:2]) if start is None else np.tile(start, (len(matrix), 1))
    huber = HUBER_STEPS if start is None else WARM_STEPS
    for step in range(huber + TUKEY_STEPS):
        before, z = weights, _rest(matrix, values, weights) / sigma
        if step < huber:
            weights = HUBER / np.maximum(np.abs(z), HUBER)
            continue
        weights = np.clip(1.0 - (z / TUKEY) ** 2, 0.0, None) ** 2
        if np.max(np.abs(weights - before)) < SETTLED:
            break
    weighted, normal = _normal(matrix, weights)
    inverse: Array = np.asarray(np.linalg.inv(normal), float)
    beta = (inverse @ (weighted @ values)[..., None])[..., 0]
    z = (values - (matrix @ beta[..., None])[..., 0]) / sigma
    inside = np.clip(1.0 - (z / TUKEY) ** 2, 0.0, None)
    anywhere = ASTRAY * (2.0 * np.pi) ** 0.5 * sigma / float(np.ptp(values) or 1.0)
    loss = -np.sum(np.log((1.0 - ASTRAY) * np.exp(-0.5 * np.minimum(z**2, 700.0)) + anywhere), axis=1)
    return Fits(beta, _covariance(z, inside, inverse, sigma, matrix.shape[2]), loss, inside**2)


def noise(matrix: Array, values: Array) -> float:
    """Standard deviation of the noise around one model, from the median of the residuals of a robust fit.

    Parameters
    ----------
    matrix : ndarray of shape (n, p)
    values : ndarray of shape (n,)
    """
    n, p = matrix.shape
    weights, sigma = np.ones((1, n)), 0.0
    floor = LEAST_NOISE * (float(np.ptp(values)) or 1.0)
    for _ in range(NOISE_STEPS):
        rest = _rest(matrix[None], values, weights)[0]
        # the p smallest residuals are those that a fit makes small; the median of the others counts
        size = np.sort(np.abs(rest))[p:] if n > 2 * p else np.abs(rest)
        sigma = max(
            TO_SIGMA * float(np.median(size)) * (1.0 if n > 2 * p else (n / max(n - p, 1)) ** 0.5), floor
        )
        weights = (HUBER * sigma / np.maximum(np.abs(rest), HUBER * sigma))[None]
    return sigma


def _rest(matrix: Array, values: Array, weights: Array) -> Array:
    """Residuals of the weighted fits, shape (G, n)."""
    weighted, normal = _normal(matrix, weights)
    beta = np.linalg.solve(normal, (weighted @ values)[..., None])
    return values - (matrix @ beta)[..., 0]


def _normal(matrix: Array, weights: Array) -> tuple[Array, Array]:
    """Transposed weighted matrix, and normal matrix."""
    weighted = np.swapaxes(matrix * weights[..., None], 1, 2)
    normal = weighted @ matrix
    size = 1.0 + np.trace(normal, axis1=1, axis2=2)
    normal += SMALL * size[:, None, None] * np.eye(matrix.shape[2])
    return weighted, normal


def _covariance(z: Array, inside: Array, inverse: Array, sigma: float, p: int) -> Array:
    """Covariance of the parameters of an M-estimator, with Huber's correction for few points."""
    n = z.shape[1]
    psi = z * inside**2
    slope = np.where(np.abs(z) < TUKEY, inside * (1.0 - 5.0 * (z / TUKEY) ** 2), 0.0)
    mean = np.maximum(slope.mean(axis=1), 0.1)
    correction = 1.0 + p / n * slope.var(axis=1) / mean**2
    variance = sigma**2 * correction**2 * np.sum(psi**2, axis=1) / max(n - p, 1) / mean**2
    return (variance * np.mean(inside**2, axis=1))[:, None, None] * inverse
