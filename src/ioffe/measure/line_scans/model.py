r"""Resistance along metal, leg and metal: straight lines with a jump at each interface.

.. math:: R(x) = a + s_0 x + \sum_j [ \Delta R_j\, H(x - x_j) + (s_j - s_{j-1})\, K(x - x_j) ] + d\, t

H is the step and K the ramp. A probe of width w averages over it: H then rises linearly from x_j - w/2 to
x_j + w/2, and K is its integral. The jump is therefore always the one extrapolated to the interface.

The lines are fitted robustly, many models to the same points at once, by an M-estimator with Tukey's
biweight, for which points far off have no weight,

.. math:: \rho(z) = \frac{c^2}{6} \left[ 1 - (1 - z^2/c^2)^3 \right],\; |z| < c = 4.685,

95 % as efficient as least squares for normal errors (P. J. Huber, E. M. Ronchetti, Robust Statistics, 2009,
doi 10.1002/9780470434697). It is reached from a fit with Huber's loss, which has one minimum only. Models are
compared by the likelihood of normal errors among which a share of points may lie anywhere in the range.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from ioffe.base.arrays import Array
from ioffe.measure.estimates import SIGMA_OVER_MEDIAN

MetalSlopes = Literal["own", "same", "zero"]
FEWEST_IN_PART: Final = 3
"""Different positions that a straight part needs at least."""
HUBER: Final = 1.345
TUKEY: Final = 4.685
"""Standard deviations from which on a point has less weight, and none: 95 % efficiency for normal errors."""
HUBER_STEPS: Final = 5
WARM_STEPS: Final = 2
TUKEY_STEPS: Final = 8
NOISE_STEPS: Final = 20
"""Reweightings at most: with Huber's loss from equal weights and from those of a near model, with Tukey's
loss, and for the noise."""
ASTRAY: Final = 0.01
"""Share of points that may lie anywhere, for comparing models."""
SMALL: Final = 1e-13
"""Share of its trace that is added to the diagonal of a normal matrix, which may be singular."""
LEAST_NOISE: Final = 1e-8
"""Noise over the range of the values that is assumed at least, far above rounding."""
SETTLED: Final = 1e-4
"""Change of the weights at which a fit is done."""


def steps(x: Array, position: Array, width: Array) -> tuple[Array, Array]:
    """Step and ramp at x for every pair of position and width.

    `x` (n,)
    `position`, `width` (G,): of the interface and of the probe; a width of 0 is a sharp step.
    Returns `step, ramp` (G, n)
    """
    away = x[None, :] - position[:, None]
    wide = np.where(width > 0.0, width, 1.0)[:, None]
    share = np.where(width[:, None] > 0.0, np.clip(away / wide + 0.5, 0.0, 1.0), away > 0.0)
    return share, np.where(share >= 1.0, away, 0.5 * wide * share**2 * (width[:, None] > 0.0))


def design(x: Array, time: Array | None, positions: Array, widths: Array) -> Array:
    """Matrix of the linear parameters: a, s_0, (jump, change of slope) of every interface, perhaps the drift.

    `x` (n,)
    `time` (n,)
    `positions`, `widths` (G, m): of m interfaces.
    Returns (G, n, 2 + 2 m)
    """
    shape = (len(positions), x.size)
    parts = [np.ones(shape), np.broadcast_to(x, shape)]
    for j in range(positions.shape[1]):
        parts += steps(x, positions[:, j], widths[:, j])
    if time is not None:
        parts.append(np.broadcast_to(time, shape))
    return np.stack(parts, axis=-1)


def reduction(interfaces: int, leg: int, metal: MetalSlopes, drift: bool) -> Array:
    """Matrix that makes all linear parameters from the free ones.

    `interfaces`: 1 or 2.
    `leg`: which part is the leg, from 0.
    `metal` {"own", "same", "zero"}: whether every metal has a slope of its own, both the same, or none.
    `drift`: whether there is a drift.
    Returns (linear parameters, free ones)
    """
    count, parts = 2 + 2 * interfaces + drift, range(interfaces + 1)
    owners = {  # which free slope every part has, -1 for none
        "own": [*parts],
        "same": [int(part == leg) for part in parts],
        "zero": [0 if part == leg else -1 for part in parts],
    }[metal]
    slopes = np.equal.outer(owners, range(max(owners) + 1)).astype(float)
    rows_of_slopes = [1, *(3 + 2 * j for j in range(interfaces))]
    others = [row for row in range(count) if row not in rows_of_slopes]
    out = np.zeros((count, len(others) + slopes.shape[1]))
    out[others, range(len(others))] = 1.0
    out[rows_of_slopes, len(others) :] = np.vstack([slopes[0], np.diff(slopes, axis=0)])
    return out


def contrast(interfaces: int, drift: bool, **wanted: float) -> Array:
    """Vector whose product with the linear parameters is a sum of jumps (`jump0`) and slopes (`slope0`).

    `interfaces`: 1 or 2.
    `drift`: whether there is a drift.
    `**wanted`: factors of the jumps of interfaces and the slopes of parts, both counted from 0.
    Returns (linear parameters,)

    >>> contrast(1, False, slope1=1.0)
    array([0., 1., 0., 1.])
    >>> contrast(2, False, jump1=0.5)
    array([0. , 0. , 0. , 0. , 0.5, 0. ])
    """
    out = np.zeros(2 + 2 * interfaces + drift)
    for name, share in wanted.items():
        kind, index = name[:-1], int(name[-1])
        if kind == "jump":
            out[2 + 2 * index] += share
        else:
            out[[1, *(3 + 2 * j for j in range(index))]] += share
    return out


@dataclass(frozen=True)
class LineFits:
    """LineFits of G models to n points.

    `parameters` (G, p)
    `covariance` (G, p, p)
    `loss` (G,): negative logarithm of the likelihood, up to a constant.
    `weights` (G, n): 0 for points that do not count.
    """

    parameters: Array
    covariance: Array
    loss: Array
    weights: Array


def fit(matrix: Array, values: Array, sigma: float, start: Array | None = None) -> LineFits:
    """Fit all models.

    `matrix` (G, n, p)
    `values` (n,)
    `sigma`: standard deviation of the noise.
    `start` (n,): weights of a model near to these, which need fewer steps then.
    """
    weights = np.ones(matrix.shape[:2]) if start is None else np.tile(start, (len(matrix), 1))
    turned = np.ascontiguousarray(np.swapaxes(matrix, 1, 2))
    for _ in range(HUBER_STEPS if start is None else WARM_STEPS):
        weights = HUBER / np.maximum(np.abs(_rest(turned, values, weights)) / sigma, HUBER)
    live, models = np.arange(len(matrix)), turned
    for _ in range(TUKEY_STEPS):
        z = _rest(models, values, weights[live]) / sigma
        reached = np.clip(1.0 - (z / TUKEY) ** 2, 0.0, None) ** 2
        moving = np.max(np.abs(reached - weights[live]), axis=1) >= SETTLED
        weights[live] = reached
        live, models = live[moving], models[moving]
        if not live.size:
            break
    weighted, normal = _normal(turned, weights)
    inverse: Array = np.asarray(np.linalg.inv(normal), float)
    beta = (inverse @ (weighted @ values)[..., None])[..., 0]
    z = (values - (beta[:, None] @ turned)[:, 0]) / sigma
    inside = np.clip(1.0 - (z / TUKEY) ** 2, 0.0, None)
    anywhere = ASTRAY * (2.0 * np.pi) ** 0.5 * sigma / float(np.ptp(values) or 1.0)
    loss = -np.sum(np.log((1.0 - ASTRAY) * np.exp(-0.5 * np.minimum(z**2, 700.0)) + anywhere), axis=1)
    return LineFits(beta, _covariance(z, inside, inverse, sigma, matrix.shape[2]), loss, inside**2)


def noise(matrix: Array, values: Array) -> float:
    """Standard deviation of the noise around one model, from the median of the residuals of a robust fit.

    `matrix` (n, p)
    `values` (n,)
    Returns: in the unit of the values, at least `LEAST_NOISE` of their range.
    """
    n, p = matrix.shape
    weights, sigma = np.ones((1, n)), 0.0
    floor = LEAST_NOISE * (float(np.ptp(values)) or 1.0)
    turned = np.ascontiguousarray(matrix.T)[None]
    for _ in range(NOISE_STEPS):
        rest = _rest(turned, values, weights)[0]
        # the p smallest residuals are those that a fit makes small; the median of the others counts
        size = np.sort(np.abs(rest))[p:] if n > 2 * p else np.abs(rest)
        few = 1.0 if n > 2 * p else (n / max(n - p, 1)) ** 0.5
        sigma = max(SIGMA_OVER_MEDIAN * float(np.median(size)) * few, floor)
        weights = (HUBER * sigma / np.maximum(np.abs(rest), HUBER * sigma))[None]
    return sigma


def _rest(turned: Array, values: Array, weights: Array) -> Array:
    """Residuals of the weighted fits, shape (G, n), of transposed matrices, shape (G, p, n)."""
    weighted, normal = _normal(turned, weights)
    beta = np.linalg.solve(normal, (weighted @ values)[..., None])[..., 0]
    return values - (beta[:, None] @ turned)[:, 0]


def _normal(turned: Array, weights: Array) -> tuple[Array, Array]:
    """Weighted transposed matrices, and normal matrices."""
    weighted = turned * weights[:, None]
    normal = weighted @ np.swapaxes(turned, 1, 2)
    diagonal = np.einsum("gii->gi", normal)  # a view
    diagonal += SMALL * (1.0 + diagonal.sum(axis=1, keepdims=True))
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
