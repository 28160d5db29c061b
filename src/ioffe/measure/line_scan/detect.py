"""Where the interfaces of a scan are, roughly: the best division into two or three straight lines."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

__all__ = ["FEWEST_IN_PART", "Division", "divide"]

Array = NDArray[np.float64]
FEWEST_IN_PART = 3
WINDOWS = (5, 11)
"""Points of the running medians that keep outliers out of the search."""
REWEIGHTED = 20
MOST = 500
"""Points above which neighbours are joined for the search."""


@dataclass(frozen=True)
class Division:
    """A scan divided into straight parts.

    Parameters
    ----------
    positions : ndarray of shape (m,)
        Between the last point of a part and the first of the next.
    slopes : ndarray of shape (m + 1,)
        Of the parts.
    cost : float
        Mean distance of the points from the lines.
    """

    positions: Array
    slopes: Array
    cost: float

    @property
    def leg(self) -> int:
        """Which part is the leg: the steepest."""
        return int(np.argmax(np.abs(self.slopes)))


def divide(x: Array, y: Array, interfaces: int) -> Division | None:
    """Best division of points into `interfaces` + 1 straight parts of at least three positions each.

    It is looked for by least squares in running medians over windows of several widths; that whose lines are
    nearest to the points themselves, in the mean of the distances, is taken.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Rising positions (each may stand several times), values.
    interfaces : int
        0, 1 or 2. With 2 the part in the middle must be the steepest.

    Returns
    -------
    Division or None
        None if there are too few points, or no part in the middle is the steepest.
    """
    tried = (_divide(x, y, interfaces, window) for window in WINDOWS)
    found = [division for division in tried if division is not None]
    return min(found, key=lambda division: division.cost, default=None)


def _divide(x: Array, y: Array, interfaces: int, window: int) -> Division | None:
    places, smooth = _smooth(x, y, window)
    n, least = places.size, FEWEST_IN_PART
    if n < least * (interfaces + 1):
        return None
    sums = _sums(places, smooth)
    edges = _edges(n, interfaces)
    slopes, costs = zip(*(_line(sums, low, high) for low, high in pairwise(edges)), strict=True)
    slopes, total = np.stack(slopes), np.sum(costs, axis=0)
    if interfaces == 2:
        steepest = np.abs(slopes[1]) > np.maximum(np.abs(slopes[0]), np.abs(slopes[2]))
        total = np.where(steepest, total, np.inf)
    best = int(np.argmin(total))
    if not np.isfinite(total[best]):
        return None
    at = edges[1:-1, best]
    positions = 0.5 * (places[at - 1] + places[at])
    parts = np.digitize(x, positions)
    lines = [_least_distances(x[parts == p], y[parts == p]) for p in range(interfaces + 1)]
    cost = sum(rest for _, rest in lines) / x.size
    return Division(positions, np.array([slope for slope, _ in lines]), cost)


def _least_distances(x: Array, y: Array) -> tuple[float, float]:
    """Slope of the line with the least sum of distances, and that sum; by reweighting."""
    origin, length = float(x.mean()), float(np.ptp(x)) or 1.0
    matrix = np.stack([np.ones_like(x), (x - origin) / length], axis=1)
    floor = 1e-12 * (float(np.ptp(y)) or 1.0)
    weights = np.ones_like(x)
    rest, slope = y, 0.0
    for _ in range(REWEIGHTED):
        weighted = matrix * weights[:, None]
        solution = np.linalg.lstsq(weighted.T @ matrix, weighted.T @ y, rcond=None)[0]
        rest, slope = y - matrix @ solution, float(solution[1])
        weights = floor / np.maximum(np.abs(rest), floor)
    return slope / length, float(np.sum(np.abs(rest)))


def _edges(n: int, interfaces: int) -> NDArray[np.intp]:
    """First indices of all parts and the end, for every division of n points; shape (interfaces + 2, D)."""
    least = FEWEST_IN_PART
    first = np.arange(least, n - least * interfaces + 1)
    if interfaces == 0:
        return np.array([[0], [n]])
    if interfaces == 1:
        return np.stack([np.zeros_like(first), first, np.full_like(first, n)])
    a, b = np.meshgrid(first, np.arange(2 * least, n - least + 1), indexing="ij")
    keep = b - a >= least
    a, b = a[keep], b[keep]
    return np.stack([np.zeros_like(a), a, b, np.full_like(a, n)])


def _smooth(x: Array, y: Array, window: int) -> tuple[Array, Array]:
    """Median of equal positions, running median over neighbours, at most `MOST` points."""
    from scipy.ndimage import median_filter

    places, index = np.unique(x, return_inverse=True)
    if places.size < x.size:
        y = np.array([np.median(y[index == k]) for k in range(places.size)])
    y = median_filter(y, size=min(window, y.size), mode="mirror")
    joined = -(-places.size // MOST)
    if joined > 1:
        cuts = np.arange(0, places.size, joined)
        counts = np.diff(np.append(cuts, places.size))
        places, y = np.add.reduceat(places, cuts) / counts, np.add.reduceat(y, cuts) / counts
    return places, y


def _sums(x: Array, y: Array) -> Array:
    """Running sums of 1, x, y, x^2, x y, y^2 about the centre, from which every line follows."""
    x, y = x - x.mean(), y - y.mean()
    columns = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y])
    return np.concatenate([np.zeros((6, 1)), np.cumsum(columns, axis=1)], axis=1)


def _line(sums: Array, low: NDArray[np.intp], high: NDArray[np.intp]) -> tuple[Array, Array]:
    """Slope and sum of squares of the line through the points from low to high - 1."""
    n, sx, sy, sxx, sxy, syy = sums[:, high] - sums[:, low]
    vxx, vxy, vyy = sxx - sx * sx / n, sxy - sx * sy / n, syy - sy * sy / n
    slope = vxy / np.where(vxx > 0.0, vxx, 1.0)
    return slope, np.maximum(vyy - slope * vxy, 0.0)
