"""Scans scaled, their interfaces found, and the lines fitted: everything before numbers get a unit again.

The interfaces are found roughly first, by the best division of each scan into two or three straight lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.measure.line_scans.model import FEWEST_IN_PART, LineFits, MetalSlopes, reduction
from ioffe.measure.line_scans.scan import Scan
from ioffe.measure.line_scans.search import Points, Posterior, posterior

WINDOWS: Final = (5, 11)
"""Points of the running medians that keep outliers out of the search."""
REWEIGHTINGS: Final = 20
"""Of the line with the least sum of distances."""
MOST_SEARCHED: Final = 500
"""Points above which neighbours are joined for the search."""
_TOO_FEW: Final = (
    f"every part of a scan needs {FEWEST_IN_PART} different positions or more on both sides of an interface"
)
ROUNDS: Final = 2
"""How often the interfaces are looked for in turn."""
TINY: Final = 1e-300
"""Mean distance in place of 0, for its logarithm."""
PARAMETERS: Final = 5
"""Of another interface: jump, slope, and a position that was looked for, which counts as three."""
APART: Final = 4.0
APART_PER_SCAN: Final = 2.0
"""Loss by which interfaces at one common position must fit worse before each scan gets its own."""


@dataclass(frozen=True)
class Division:
    """A scan divided into straight parts.

    `positions` (m,): between the last point of a part and the first of the next.
    `slopes` (m + 1,): of the parts.
    `cost`: mean distance of the points from the lines.
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

    `x`, `y` (n,): rising positions (each may occur several times), values.
    `interfaces`: 0, 1 or 2. With 2 the part in the middle must be the steepest.
    Returns: None if there are too few points, or no part in the middle is the steepest.
    """
    return _best(x, y, interfaces, _smooth(x, y))


def _best(x: Array, y: Array, interfaces: int, medians: Sequence[tuple[Array, Array]]) -> Division | None:
    tried = (_divide(x, y, interfaces, *one) for one in medians)
    found = [division for division in tried if division is not None]
    return min(found, key=lambda division: division.cost, default=None)


def _divide(x: Array, y: Array, interfaces: int, positions: Array, smooth: Array) -> Division | None:
    n, least = positions.size, FEWEST_IN_PART
    if n < least * (interfaces + 1):
        return None
    sums = _sums(positions, smooth)
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
    borders = 0.5 * (positions[at - 1] + positions[at])
    parts = np.digitize(x, borders)
    lines = [_least_distances(x[parts == p], y[parts == p]) for p in range(interfaces + 1)]
    cost = sum(rest for _, rest in lines) / x.size
    return Division(borders, np.array([slope for slope, _ in lines]), cost)


def _least_distances(x: Array, y: Array) -> tuple[float, float]:
    """Slope of the line with the least sum of distances, and that sum; by reweighting."""
    floor = 1e-12 * (float(np.ptp(y)) or 1.0)
    weights = np.ones_like(x)
    rest, slope = y, 0.0
    for _ in range(REWEIGHTINGS):
        share = weights / weights.sum()
        away, level = x - share @ x, share @ y
        weighted = share * away
        slope = float(weighted @ (y - level) / max(float(weighted @ away), TINY))
        rest = y - level - slope * away
        weights = floor / np.maximum(np.abs(rest), floor)
    return slope, float(np.sum(np.abs(rest)))


@lru_cache(8)
def _edges(n: int, interfaces: int) -> NDArray[np.intp]:
    """First indices of all parts and the end, for every division of n points; shape (interfaces + 2, D)."""
    least = FEWEST_IN_PART
    if interfaces == 0:
        return np.array([[0], [n]])
    if interfaces == 1:
        inner = np.arange(least, n - least + 1)[None]
    else:
        pairs = np.array(np.triu_indices(n + 1, k=least))
        inner = pairs[:, (pairs[0] >= least) & (pairs[1] <= n - least)]
    return np.pad(inner, ((1, 1), (0, 0)), constant_values=((0, n), (0, 0)))


def _smooth(x: Array, y: Array) -> list[tuple[Array, Array]]:
    """Medians of equal positions, running medians over neighbours, at most `MOST_SEARCHED` points each."""
    from scipy.ndimage import median_filter

    positions, index, counts = np.unique(x, return_inverse=True, return_counts=True)
    if positions.size < x.size:
        values, first = y[np.lexsort((y, index))], np.cumsum(counts) - counts
        y = 0.5 * (values[first + (counts - 1) // 2] + values[first + counts // 2])
    found = []
    for window in WINDOWS:
        at, smooth = positions, median_filter(y, size=min(window, y.size), mode="mirror")
        joined = -(-at.size // MOST_SEARCHED)
        if joined > 1:
            cuts = np.arange(0, at.size, joined)
            sizes = np.diff(np.append(cuts, at.size))
            at, smooth = np.add.reduceat(at, cuts) / sizes, np.add.reduceat(smooth, cuts) / sizes
        found.append((at, smooth))
    return found


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


@dataclass(frozen=True)
class Scale:
    """Numbers of order one in place of metres, ohms and seconds.

    `origin`, `length`: x = (position - origin)/length.
    """

    origin: float
    length: float
    resistance: float

    @classmethod
    def of(cls, scans: Sequence[Scan]) -> Scale:
        """Scale of several scans."""
        low, high = min(s.position.min() for s in scans), max(s.position.max() for s in scans)
        spread = max(float(np.ptp(np.percentile(s.resistance, [5.0, 95.0]))) for s in scans)
        return cls(0.5 * float(low + high), 0.5 * float(high - low), spread or 1.0)

    def x(self, position: Array) -> Array:
        """Scaled positions."""
        return (position - self.origin) / self.length


@dataclass(frozen=True)
class ScanGroup:
    """Scans whose interfaces are at the same positions, and their fits.

    `sigmas`: scaled noise of each scan.
    `posteriors`: one for each interface, the others at their best.
    `best`: of each scan, at the best positions.
    """

    points: tuple[Points, ...]
    sigmas: tuple[float, ...]
    posteriors: tuple[Posterior, ...]
    best: tuple[LineFits, ...]

    @property
    def positions(self) -> Array:
        """Best positions, scaled."""
        return np.array([p.position[p.best] for p in self.posteriors])

    @property
    def widths(self) -> Array:
        """Best widths, scaled."""
        return np.array([p.width[p.best] for p in self.posteriors])


def divisions(scans: Sequence[tuple[Array, Array]], number: int | None) -> list[Division]:
    """Rough division of every scan; the number of interfaces is looked for if it is not given.

    `scans`: scaled, by rising x.
    Returns: one for each scan.
    Raises `InputError` if no interface is seen, or there are too few points for the number.
    """
    counts = (0, 1, 2) if number is None else (number,)
    medians = [_smooth(x, y) for x, y in scans]
    tried = {c: [_best(x, y, c, of) for (x, y), of in zip(scans, medians, strict=True)] for c in counts}
    complete = {c: [d for d in found if d is not None] for c, found in tried.items() if None not in found}
    if number is not None:
        if number not in complete:
            expected = f"{number} interfaces need {number + 1} parts of {FEWEST_IN_PART} different positions"
            expected += " or more, and the leg as the steepest" if number == 2 else " or more"
            raise InputError(Fault("interfaces", number, expected))
        return complete[number]
    best = min(complete, key=lambda count: _criterion(scans, complete[count], count))
    if best == 0:
        expected = "no interface is seen: the resistance is one straight line, without a plateau of the metal"
        raise InputError(Fault("resistance", expected=expected, advice="scan farther into the metal"))
    return complete[best]


def _criterion(scans: Sequence[tuple[Array, Array]], found: Sequence[Division], count: int) -> float:
    """Schwarz's criterion, with the noise of each division."""
    total = 0.0
    for (x, y), division in zip(scans, found, strict=True):
        n = np.unique(x).size
        spread = division.cost + 1e-9 * float(np.ptp(y)) + TINY
        total += 2.0 * n * np.log(spread) + PARAMETERS * count * np.log(n)
    return total


def leg_of(found: Sequence[Division]) -> int:
    """Which part is the leg: that in the middle, or the steeper of two."""
    if found[0].positions.size == 2:
        return 1
    return int(np.argmax(np.median([np.abs(d.slopes) for d in found], axis=0)))


def fit_groups(
    scans: Sequence[Scan],
    scale: Scale,
    found: Sequence[Division],
    leg: int,
    metal: MetalSlopes,
    width: float | None,
    known: Sequence[tuple[float, float]] | None,
) -> list[ScanGroup]:
    """Fit all scans with the same positions of the interfaces; if that does not do, each with its own.

    `scans`: by rising position.
    `found`: scaled.
    `metal` {"own", "same", "zero"}
    `width`: scaled width of the probe.
    `known`: scaled positions and their standard deviations.
    Returns: one with all scans, or one for each.
    Raises `InputError` for scans with too few points.
    """
    points = tuple(_points(s, scale, found[0].positions.size, leg, metal) for s in scans)
    _check_parts(points, scans, found)
    start = np.median([d.positions for d in found], axis=0)
    together = _group(points, start, width, known)
    if len(scans) == 1 or known is not None:
        return [together]
    alone = 0.0
    for index, (one, division) in enumerate(zip(points, found, strict=True)):
        sharp = np.zeros((1, division.positions.size))
        own = one.fit(division.positions[None], sharp, together.sigmas[index])
        near = [float(p.fits[index].loss.min()) for p in together.posteriors]
        alone += min(float(own.loss[0]), *near)
    joint = min(p.loss for p in together.posteriors)
    if joint - alone <= APART + APART_PER_SCAN * (len(scans) - 1):
        return [together]
    return [_group((one,), d.positions, width, None) for one, d in zip(points, found, strict=True)]


def _points(scan: Scan, scale: Scale, interfaces: int, leg: int, metal: MetalSlopes) -> Points:
    time = None
    if scan.has_drift_column and scan.time is not None:
        time = (scan.time - scan.time.mean()) / np.ptp(scan.time)
    free = reduction(interfaces, leg, metal, time is not None)
    return Points(scale.x(scan.position), scan.resistance / scale.resistance, time, free)


def _check_parts(points: Sequence[Points], scans: Sequence[Scan], found: Sequence[Division]) -> None:
    with Faults() as faults:
        for one, scan, division in zip(points, scans, found, strict=True):
            if one.freedom <= 0:
                least, count = one.reduction.shape[1] + 1, division.positions.size
                expected = f"at least {least} points are expected for {count} interfaces"
                faults.add(scan.name or "resistance", f"{one.x.size} points", expected)


def _group(
    points: tuple[Points, ...], start: Array, width: float | None, known: Sequence[tuple[float, float]] | None
) -> ScanGroup:
    positions = np.array([k[0] for k in known]) if known is not None else np.array(start, float)
    widths = np.full(positions.size, width or 0.0)
    found: list[Posterior] = []
    sigmas: list[float] = []
    for _ in range(ROUNDS):
        sigmas = [one.noise(positions, widths) for one in points]
        found = []
        for index in range(positions.size):
            given = None if known is None else known[index]
            one = posterior(points, sigmas, positions, widths, index, width, given)
            if not np.any(one.weight):
                raise InputError(Fault("resistance", expected=_TOO_FEW))
            positions[index], widths[index] = one.position[one.best], one.width[one.best]
            found.append(one)
    best = (s.fit(positions[None], widths[None], sigma) for s, sigma in zip(points, sigmas, strict=True))
    return ScanGroup(points, tuple(sigmas), tuple(found), tuple(best))
