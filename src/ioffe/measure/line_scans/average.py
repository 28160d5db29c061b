r"""Jumps and slopes of all scans as numbers with units: means over scans that scatter, and their intervals.

The position of the interface is not known, so that the interval is that of a mixture over its positions.

Mean of numbers y_k with variances v_k and a scatter tau^2 of their own,

.. math:: \bar y = \frac{\sum_k W_k y_k}{\sum_k W_k}, \qquad W_k = \frac{1}{v_k + \tau^2}, \qquad
          \tau^2 = \max\!\left(0, \frac{Q - (K - 1)}{\sum w_k - \sum w_k^2/\sum w_k}\right),

with w_k = 1/v_k and Q = sum w_k (y_k - mean)^2 (R. DerSimonian, N. Laird, Control. Clin. Trials 7 (1986) 177,
doi 10.1016/0197-2456(86)90046-2). A tau^2 from few scans is uncertain itself; the interval is that of
Student's distribution with the degrees of freedom that are left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.confidence import ONE_SIGMA
from ioffe.base.roots import halve
from ioffe.material.uncertainty import Estimate
from ioffe.measure.estimates import estimate
from ioffe.measure.line_scans.lines import ScanGroup
from ioffe.measure.line_scans.model import contrast

HALVINGS: Final = 40
"""Of the range in which an end of an interval lies."""
NEGLIGIBLE: Final = 1e-6
"""Probability of a position over the largest below which it is left out."""
SMALLEST_VARIANCE: Final = 1e-30
"""In place of a variance of 0, for the weights."""
REACH: Final = 2.0
"""Standard deviations within which the ends lie, with one degree of freedom or more (1.84)."""


@dataclass(frozen=True)
class Average:
    """Mean over scans, for each of G positions of the interface.

    `value`, `variance`, `within` (G,): mean, its variance, and the part of the variance that is not from the
        scatter between the scans.
    `freedom` (G,): degrees of freedom of the variance.
    """

    value: Array
    variance: Array
    within: Array
    freedom: Array


@dataclass(frozen=True)
class Mixture:
    """A quantity whose interface may lie at several positions.

    `value`, `low`, `high`: mean, and ends of the 68.3 % interval with equal probability on both sides.
    `within`, `between`, `position`: parts of the variance: noise, scatter between scans, position of the
        interface.
    """

    value: float
    low: float
    high: float
    within: float
    between: float
    position: float


def average(values: Array, variances: Array, freedom: float) -> Average:
    """Mean over scans.

    `values`, `variances` (K, G): of K scans.
    `freedom`: degrees of freedom of each variance.

    >>> found = average(np.array([[1.0], [3.0]]), np.array([[0.1], [0.1]]), 50)
    >>> found.value, found.variance.round(3), found.freedom.round(2)
    (array([2.]), array([1.]), array([1.11]))
    """
    count = len(values)
    w = 1.0 / variances
    total = w.sum(axis=0)
    if count == 1:
        return Average(values[0], variances[0], variances[0], np.full(values.shape[1], freedom))
    mean = np.sum(w * values, axis=0) / total
    excess = np.sum(w * (values - mean) ** 2, axis=0) - (count - 1)
    scatter = np.maximum(excess / (total - np.sum(w**2, axis=0) / total), 0.0)
    W = 1.0 / (variances + scatter)
    variance = 1.0 / W.sum(axis=0)
    share = scatter / (scatter + variances.mean(axis=0))
    left = 1.0 / (share**2 / (count - 1) + (1.0 - share) ** 2 / (freedom * count))
    return Average(np.sum(W * values, axis=0) * variance, variance, np.minimum(1.0 / total, variance), left)


def mixture(found: Average, weights: Array) -> Mixture:
    """Mean and interval over the positions of the interface.

    `weights` (G,): probabilities of the positions; their sum is 1.
    """
    from scipy.special import stdtr

    keep = weights > NEGLIGIBLE * weights.max()
    w, m, s, df = weights[keep], found.value[keep], np.sqrt(found.variance[keep]), found.freedom[keep]
    w = w / w.sum()
    centre = float(w @ m)
    probability = 0.5 + 0.5 * ONE_SIGMA * np.array([-1.0, 1.0])
    ends = np.full(2, np.min(m - REACH * s)), np.full(2, np.max(m + REACH * s))
    left, right = halve(lambda x: stdtr(df, (x[:, None] - m) / s) @ w < probability, *ends, HALVINGS)
    low, high = (float(end) for end in 0.5 * (left + right))
    within = float(w @ found.within[keep])
    between = max(float(w @ found.variance[keep]) - within, 0.0)
    return Mixture(centre, low, high, within, between, float(w @ (m - centre) ** 2))


def averaged(groups: Sequence[ScanGroup], interface: int, wanted: dict[str, float]) -> Mixture:
    """A sum of jumps and slopes, averaged over scans and over the positions of one interface.

    `interface`: over whose positions is averaged.
    `wanted`: factors of jumps and slopes; see `ioffe.measure.line_scans.model.contrast`.
    Returns: scaled.
    """
    parts = []
    for group in groups:
        one = group.posteriors[interface]
        values, variances, freedom = [], [], 0.0
        for points, fits in zip(group.points, one.fits, strict=True):
            c = contrast(len(group.posteriors), points.time is not None, **wanted)
            inner = np.einsum("p,gpq,q->g", c, fits.covariance, c)
            cell = fits.parameters[:, 3 + 2 * interface] * one.cell * wanted.get(f"jump{interface}", 0.0)
            values.append(fits.parameters @ c)
            variances.append(np.maximum(inner + cell**2 / 12.0, SMALLEST_VARIANCE))
            freedom += points.freedom
        keep = one.weight > 0.0
        found = average(np.array(values)[:, keep], np.array(variances)[:, keep], freedom / len(values))
        parts.append(mixture(found, one.weight[keep]))
    if len(parts) == 1:
        return parts[0]
    y, v = np.array([[p.value] for p in parts]), np.array([[(0.5 * (p.high - p.low)) ** 2] for p in parts])
    freedom = float(np.mean([group.points[0].freedom for group in groups]))
    joint = mixture(average(y, v, freedom), np.ones(1))
    share = float(np.mean([p.position / (p.within + p.position) for p in parts]))
    return replace(joint, within=joint.within * (1.0 - share), position=joint.within * share)


def in_unit(found: Mixture, factor: float, shares_of_scale: dict[str, float]) -> Estimate:
    """A scaled number as an estimate with its unit.

    `factor`: unit of the number.
    `shares_of_scale`: relative standard deviations of the factor, by cause.
    """
    value = found.value * factor
    scale = sum(share**2 for share in shares_of_scale.values()) ** 0.5 * abs(value)
    ends = sorted((found.low * factor, found.high * factor))
    low, high = value - np.hypot(value - ends[0], scale), value + np.hypot(ends[1] - value, scale)
    parts = {"noise": found.within, "position": found.position, "scans": found.between}
    parts = {name: part * factor**2 for name, part in parts.items()}
    parts |= {name: (share * value) ** 2 for name, share in shares_of_scale.items()}
    total = sum(parts.values()) or 1.0
    return estimate(value, 0.5 * (high - low), low, high, {k: part / total for k, part in parts.items()})
