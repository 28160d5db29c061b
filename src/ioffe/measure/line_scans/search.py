"""Probability of the position of an interface, with the straight lines fitted at every one of them.

Between two neighbouring points every position of a sharp step fits the points equally well, and the jump
extrapolated to it differs. The position therefore has a probability and not only a best value: uniform before
the measurement, times the likelihood of the robust fit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.measure.line_scans.model import FEWEST_IN_PART, LineFits, design, fit, noise

Look = Callable[..., "Posterior"]
"""Positions, cells, widths and perhaps the noise over the true one, to their probabilities."""
GAPS: Final = 4
"""Gaps between points on both sides of the best position that are looked at first."""
CELLS: Final = 4
"""Positions tried in each gap."""
EDGE: Final = 1e-3
"""Probability at the edge above which positions farther off are looked at, too."""
EXTENSIONS: Final = 6
"""Rounds in which positions farther off are added."""
ABOUT_EQUAL: Final = 0.9
"""Probability over the largest from which on positions are equally probable."""
LOW_WEIGHT: Final = 0.3
"""Weight of a point near the interface below which a smeared step is tried: 2.9 standard deviations off."""
COARSE: Final = 9
FINE: Final = 15
"""Positions and widths tried of a smeared step at first, and in every refinement."""
REACH: Final = 3.5
"""Standard deviations to which a refinement reaches on both sides."""
REFINEMENTS: Final = 12
HOT: Final = 30.0
"""Noise over the true one with which a smeared step is looked for if no sharp one is known."""
BLOCK: Final = 2_000_000
"""Numbers of a matrix of a block of positions."""


@dataclass(frozen=True)
class Points:
    """Scaled points of one scan, by rising position, and the free parameters of its lines.

    `x`, `y` (n,)
    `time` (n,): if a drift is fitted.
    `reduction`: see `ioffe.measure.line_scans.model.reduction`.
    """

    x: Array
    y: Array
    time: Array | None
    reduction: Array

    @property
    def freedom(self) -> int:
        """Points less the free parameters."""
        return self.x.size - self.reduction.shape[1]

    def fit(self, positions: Array, widths: Array, sigma: float, start: Array | None = None) -> LineFits:
        """All linear parameters for every row of positions and widths, shape (G, m)."""
        size = max(1, BLOCK // (self.x.size * self.reduction.shape[1]))
        parts = []
        for first in range(0, len(positions), size):
            rows = slice(first, first + size)
            matrix = design(self.x, self.time, positions[rows], widths[rows]) @ self.reduction
            parts.append(fit(matrix, self.y, sigma, start))
        every = ([vars(p)[name] for p in parts] for name in ("parameters", "covariance", "loss", "weights"))
        beta, cov, loss, weights = map(np.concatenate, every)
        T = self.reduction
        return LineFits(beta @ T.T, T @ cov @ T.T, np.where(self._enough(positions), loss, np.inf), weights)

    def noise(self, positions: Array, widths: Array) -> float:
        """Standard deviation of the noise about the lines of one row of positions."""
        return noise(design(self.x, self.time, positions[None], widths[None])[0] @ self.reduction, self.y)

    def _enough(self, positions: Array) -> NDArray[np.bool_]:
        """Whether every part has three different positions."""
        measured = np.unique(self.x)
        ends = np.full((len(positions), 1), np.inf)
        edges = np.concatenate([-ends, positions, ends], axis=1)
        return np.all(np.diff(np.searchsorted(measured, edges), axis=1) >= FEWEST_IN_PART, axis=1)


@dataclass(frozen=True)
class Posterior:
    """Positions and probe widths of one interface with their probabilities, and the fits of every scan.

    `position`, `width`, `cell`, `weight` (G,): scaled; `cell` is the width of the range of positions that
        each represents. The weights add up to 1.
    `fits`: one for each scan.
    """

    position: Array
    width: Array
    cell: Array
    weight: Array
    fits: tuple[LineFits, ...]

    @property
    def best(self) -> int:
        """Index of the most probable position; of equally probable ones that next to their mean."""
        density = self.weight / self.cell
        top = np.flatnonzero(density > ABOUT_EQUAL * density.max())
        return int(top[np.argmin(np.abs(self.position[top] - self.position[top].mean()))])

    @property
    def mean(self) -> float:
        """Mean position."""
        return float(self.weight @ self.position)

    @property
    def std(self) -> float:
        """Its standard deviation."""
        return float(np.sqrt(self.weight @ ((self.position - self.mean) ** 2 + self.cell**2 / 12.0)))

    @property
    def loss(self) -> float:
        """Smallest loss, summed over the scans."""
        return float(np.min(sum(f.loss for f in self.fits)))


def posterior(
    scans: tuple[Points, ...],
    sigmas: list[float],
    positions: Array,
    widths: Array,
    index: int,
    width: float | None,
    known: tuple[float, float] | None,
) -> Posterior:
    """Probabilities of the position of one interface, the others held.

    `scans`: that have the interface at the same position.
    `sigmas`: noise of each.
    `positions`, `widths` (m,): of all interfaces.
    `index`: which one.
    `width`: of the probe; None chooses between a sharp step and a fitted width.
    `known`: position and standard deviation if it was given.
    Returns: without any weight if no position leaves enough points on both sides.
    """
    warm: list[Array | None] = [None] * len(scans)

    def look(at: Array, cell: Array, wide: Array, heat: float = 1.0) -> Posterior:
        rows, of = np.tile(positions, (at.size, 1)), np.tile(widths, (at.size, 1))
        rows[:, index], of[:, index] = at, wide
        fits = tuple(
            s.fit(rows, of, heat * sigma, start) for s, sigma, start in zip(scans, sigmas, warm, strict=True)
        )
        loss = np.asarray(sum(f.loss for f in fits))
        if known is not None:
            loss = loss + 0.5 * ((at - known[0]) / known[1]) ** 2
        weight = cell * np.exp(-(loss - np.min(loss))) if np.any(np.isfinite(loss)) else np.zeros_like(loss)
        total = weight.sum()
        found = Posterior(at, wide, cell, weight / total if total else weight, fits)
        if total:
            warm[:] = [f.weights[found.best] for f in fits]
        return found

    if known is not None:
        return _given(look, known, width or 0.0)
    sharp = None
    if not width:
        sharp = _sharp(look, scans, positions[index])
        if width == 0.0 or not sharp.weight.any() or not _is_smeared(sharp, scans):
            return sharp
    heat = _heat(sharp, sigmas, index)
    smeared = _smeared(look, scans, positions[index], width, float(widths[index]), heat)
    if sharp is None:
        return smeared if smeared is not None else _sharp(look, scans, positions[index])
    gain = 2.0 * np.log(sum(s.x.size for s in scans)) + 4.0
    if smeared is None or smeared.loss > sharp.loss - gain or not _has_rise(smeared, index, positions.size):
        return sharp
    return smeared


def _has_rise(found: Posterior, index: int, interfaces: int) -> bool:
    """Whether the jump has the sign of the steepest part; a wide step without it only bends a line."""
    best = found.fits[0].parameters[found.best]
    slopes = np.cumsum([best[1], *(best[3 + 2 * j] for j in range(interfaces))])
    return float(best[2 + 2 * index] * slopes[np.argmax(np.abs(slopes))]) > 0.0


def _is_smeared(sharp: Posterior, scans: tuple[Points, ...]) -> bool:
    """Whether points next to a sharp step do not fit it."""
    at, best = sharp.position[sharp.best], sharp.best
    near = [np.argsort(np.abs(one.x - at))[: 2 * GAPS] for one in scans]
    return any(np.any(f.weights[best, n] < LOW_WEIGHT) for f, n in zip(sharp.fits, near, strict=True))


def _heat(sharp: Posterior | None, sigmas: list[float], index: int) -> float:
    """Noise over the true one with which a smeared step is looked for first, to be found from afar."""
    if sharp is None:
        return HOT
    fits = sharp.fits[0]
    jump = abs(float(fits.parameters[sharp.best, 2 + 2 * index]))
    return max(1.0, 0.1 * jump / min(sigmas))


def _given(look: Look, known: tuple[float, float], width: float) -> Posterior:
    """Positions about a given one."""
    reach = np.linspace(-4.0, 4.0, 4 * FINE + 1)
    at = known[0] + known[1] * reach
    return look(at, np.full_like(at, known[1] * (reach[1] - reach[0])), np.full_like(at, width))


def _sharp(look: Look, scans: tuple[Points, ...], start: float) -> Posterior:
    """Positions within the gaps between the points, farther off as long as they are probable."""
    measured = np.unique(np.concatenate([s.x for s in scans]))
    middle = int(np.searchsorted(measured, start))
    gaps = round(GAPS * measured.size * len(scans) / sum(np.unique(s.x).size for s in scans))
    low, high = middle - gaps, middle + gaps
    rounds = 0
    while True:
        low, high, rounds = max(low, 1), min(high, measured.size - 1), rounds + 1
        edges = measured[low - 1 : high + 1]
        share = (np.arange(CELLS) + 0.5) / CELLS
        at = (edges[:-1, None] + np.diff(edges)[:, None] * share).ravel()
        found = look(at, np.repeat(np.diff(edges) / CELLS, CELLS), np.zeros(at.size))
        tails = found.weight[:CELLS].sum() > EDGE, found.weight[-CELLS:].sum() > EDGE
        if not any(tails) or (low == 1 and high == measured.size - 1) or rounds == EXTENSIONS:
            return found
        reach = high - low
        low, high = low - reach * tails[0], high + reach * tails[1]


def _smeared(
    look: Look, scans: tuple[Points, ...], start: float, width: float | None, last: float, heat: float
) -> Posterior | None:
    """Positions for a probe of a width; of several widths if it is not known.

    The last width found is the start of the next search. The noise is taken larger at first and falls to the
    true one while the grid closes in.
    """
    measured = np.unique(np.concatenate([s.x for s in scans]))
    near = measured[np.argsort(np.abs(measured - start))[: 4 * GAPS * len(scans)]]
    step = float(np.ptp(near)) / max(near.size - 1, 1) * len(scans)
    most = 0.25 * float(np.ptp(measured))
    tried = list(np.geomspace(2.0 * step, min(64.0 * step, most), COARSE))
    if width or last:
        tried = [width or last]
    best = None
    for wide in tried:
        at = start + wide * np.linspace(-1.0, 1.0, 2 * COARSE + 1)
        found = look(at, np.full_like(at, wide / COARSE), np.full_like(at, wide), heat)
        if np.any(found.weight) and (best is None or found.loss < best.loss):
            best = found
    if best is None:
        return None
    wide = float(best.width[best.best])
    centre, spread = (best.mean, wide), (max(best.std, 0.05 * wide), 0.0 if width else 0.25 * wide)
    for _ in range(REFINEMENTS):
        reach = np.linspace(-REACH, REACH, FINE)
        about = np.array([wide]) if width else np.maximum(centre[1] + spread[1] * reach, 0.05 * wide)
        at, of = (a.ravel() for a in np.meshgrid(centre[0] + spread[0] * reach, about))
        heat = max(1.0, heat / 3.0)
        new = look(at, np.full_like(at, spread[0] * (reach[1] - reach[0])), of, heat)
        if not np.any(new.weight):
            return best
        best = new
        found = (new.mean, float(new.weight @ new.width))
        size = (new.std, float(np.sqrt(new.weight @ (new.width - found[1]) ** 2)))
        moved = any(abs(b - a) > s for a, b, s in zip(centre, found, spread, strict=True))
        narrow = any(b < 0.5 * s for b, s in zip(size, spread, strict=True))
        if heat == 1.0 and not (moved or narrow):
            break
        # a spread below that of the cells is not known yet
        spread = tuple(max(b, 0.3 * s) for b, s in zip(size, spread, strict=True))
        centre = found
    return best
