"""How smooth a measured curve is: departures from the line through its neighbours, kinks, jumps."""

from __future__ import annotations

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.curve import Curve

KINK, KINK_SHARE, ENOUGH = 6.0, 0.08, 6
"""A point lies off by this many times what is usual, and by this share; points that show what is usual."""
SCATTER, CALM = 0.12, 0.35
"""Departure from the line through the neighbours, over the median value, of a curve that jumps; share of its
points that may be calmer (a single point that is off disturbs three)."""


def jumps(curve: Curve) -> bool:
    """Whether a curve jumps up and down between neighbouring temperatures.

    `curve`: curve of the property.

    >>> T = [300.0, 350.0, 400.0, 450.0, 500.0]
    >>> jumps(Curve(T, [1.0, 2.0, 1.0, 2.0, 1.0])), jumps(Curve(T, [1.0, 1.5, 2.0, 1.5, 1.0]))
    (True, False)
    """
    off = departures(curve)
    turns = int(np.sum(np.diff(np.sign(off)) != 0))
    if turns < max(2, 0.5 * (len(off) - 1)):
        return False
    return quantile(np.abs(off), CALM) > SCATTER * quantile(np.abs(curve.values))


def quantile(values: Array, share: float = 0.5) -> float:
    """Quantile of finite values, linear between two of them, in a tenth of the time that NumPy takes for few.

    `values` (n,): at least one.
    `share`: from 0 to 1; by default the median.

    >>> quantile(np.array([3.0, 1.0, 2.0])), quantile(np.array([3.0, 1.0, 2.0]), 0.25)
    (2.0, 1.5)
    """
    rising = np.sort(values)
    position = share * (len(rising) - 1)
    below = int(position)
    above = min(below + 1, len(rising) - 1)
    return float(rising[below] + (position - below) * (rising[above] - rising[below]))


def kinks(curve: Curve) -> list[int]:
    """Inner points at which a curve departs from its neighbours far more than elsewhere.

    Departures are relative ones, from a power law through the neighbours, so that steep curves are not taken
    for bent ones. A point that is off moves the departures of both neighbours, so each is measured against
    the median of those it does not touch, and only the largest of three counts. Among few points a bend may
    be the course of the curve; there only a point on the other side than both neighbours counts.

    `curve`: a table of at least five points.
    Returns: positions among the inner points, from 0.

    >>> kinks(Curve([300.0, 350.0, 400.0, 450.0, 500.0, 550.0], [1.0, 1.0, 1.4, 1.0, 1.0, 1.0]))
    [1]
    """
    same_sign = np.all(curve.values > 0.0) or np.all(curve.values < 0.0)
    largest = float(np.max(np.abs(curve.values))) or 1.0
    x = np.log(curve.T) if same_sign else curve.T
    y = np.log(np.abs(curve.values)) if same_sign else curve.values / largest
    off = _departures(x, y)
    size = np.abs(off)
    found: list[int] = []
    for i in np.flatnonzero(size > KINK_SHARE):
        near = slice(max(i - 1, 0), i + 2)
        rest = np.delete(size, near)
        stands_out = len(rest) and size[i] == np.max(size[near]) and size[i] > KINK * quantile(rest)
        alone = 0 < i < len(off) - 1 and off[i] * off[i - 1] < 0.0 and off[i] * off[i + 1] < 0.0
        if stands_out and (alone or len(off) >= ENOUGH):
            found.append(int(i))
    return found


def departures(curve: Curve) -> Array:
    """Distance of every inner point from the straight line through its two neighbours, shape (n - 2,).

    `curve`: curve of the property.
    Returns: in the unit of the curve.

    >>> departures(Curve([300.0, 400.0, 500.0], [1.0, 4.0, 3.0]))
    array([2.])
    """
    return _departures(curve.T, curve.values)


def _departures(x: Array, y: Array) -> Array:
    share = (x[1:-1] - x[:-2]) / (x[2:] - x[:-2])
    return y[1:-1] - (y[:-2] + share * (y[2:] - y[:-2]))
