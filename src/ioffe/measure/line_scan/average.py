r"""Means over scans that scatter, and intervals of a mixture over the unknown position of the interface.

Mean of numbers y_k with variances v_k and a scatter tau^2 of their own,

.. math:: \bar y = \frac{\sum_k W_k y_k}{\sum_k W_k}, \qquad W_k = \frac{1}{v_k + \tau^2}, \qquad
          \tau^2 = \max\!\left(0, \frac{Q - (K - 1)}{\sum w_k - \sum w_k^2/\sum w_k}\right),

with w_k = 1/v_k and Q = sum w_k (y_k - mean)^2 (R. DerSimonian, N. Laird, Control. Clin. Trials 7 (1986) 177,
doi 10.1016/0197-2456(86)90046-2). A tau^2 from few scans is uncertain itself; the interval is that of
Student's distribution with the degrees of freedom that are left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Average", "Mixture", "average", "mixture"]

Array = NDArray[np.float64]
LEVEL = 0.6826894921370859
"""Probability within one standard deviation."""
BISECTIONS = 40
NEGLIGIBLE = 1e-6
REACH = 2.0
"""Standard deviations within which the ends lie, with one degree of freedom or more (1.84)."""


@dataclass(frozen=True)
class Average:
    """Mean over scans, for each of G positions of the interface.

    Parameters
    ----------
    value, variance, within : ndarray of shape (G,)
        Mean, its variance, and the part of the variance that is not from the scatter between the scans.
    freedom : ndarray of shape (G,)
        Degrees of freedom of the variance.
    """

    value: Array
    variance: Array
    within: Array
    freedom: Array


@dataclass(frozen=True)
class Mixture:
    """A quantity whose interface may lie at several positions.

    Parameters
    ----------
    value, low, high : float
        Mean, and ends of the 68.3 % interval with equal probability on both sides.
    within, between, position : float
        Parts of the variance: noise, scatter between scans, position of the interface.
    """

    value: float
    low: float
    high: float
    within: float
    between: float
    position: float


def average(values: Array, variances: Array, freedom: float) -> Average:
    """Mean over scans.

    Parameters
    ----------
    values, variances : ndarray of shape (K, G)
        Of K scans.
    freedom : float
        Degrees of freedom of each variance.

    Examples
    --------
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

    Parameters
    ----------
    found : Average
    weights : ndarray of shape (G,)
        Probabilities of the positions; their sum is 1.
    """
    from scipy.special import stdtr

    keep = weights > NEGLIGIBLE * weights.max()
    w, m, s, df = weights[keep], found.value[keep], np.sqrt(found.variance[keep]), found.freedom[keep]
    w = w / w.sum()
    centre = float(w @ m)
    ends = []
    for probability in (0.5 - 0.5 * LEVEL, 0.5 + 0.5 * LEVEL):
        low, high = float(np.min(m - REACH * s)), float(np.max(m + REACH * s))
        for _ in range(BISECTIONS):
            middle = 0.5 * (low + high)
            below = float(w @ stdtr(df, (middle - m) / s)) < probability
            low, high = (middle, high) if below else (low, middle)
        ends.append(0.5 * (low + high))
    within = float(w @ found.within[keep])
    between = max(float(w @ found.variance[keep]) - within, 0.0)
    return Mixture(centre, ends[0], ends[1], within, between, float(w @ (m - centre) ** 2))
