"""Scans scaled, their interfaces found, and the lines fitted: everything before numbers get a unit again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.measure.line_scan.detect import FEWEST_IN_PART, Division, divide
from ioffe.measure.line_scan.model import MetalSlopes, reduction
from ioffe.measure.line_scan.robust import Fits
from ioffe.measure.line_scan.scan import Scan
from ioffe.measure.line_scan.search import Points, Posterior, best_fit, posterior

__all__ = ["Group", "Scale", "divisions", "fit_groups", "leg_of"]

Array = NDArray[np.float64]
ROUNDS = 2
"""How often the interfaces are looked for in turn."""
TINY = 1e-300
PARAMETERS = 5
"""Of another interface: jump, slope, and a position that was looked for, which counts as three."""
APART, APART_PER_SCAN = 4.0, 2.0
"""Loss by which interfaces at one common position must fit worse before each scan gets its own."""


@dataclass(frozen=True)
class Scale:
    """Numbers of order one in place of metres, ohms and seconds.

    Parameters
    ----------
    origin, length : float
        x = (position - origin)/length.
    resistance : float
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
class Group:
    """Scans whose interfaces are at the same positions, and their fits.

    Parameters
    ----------
    points : tuple of Points
    sigmas : tuple of float
        Scaled noise of each scan.
    posteriors : tuple of Posterior
        One for each interface, the others at their best.
    best : tuple of Fits
        Of each scan, at the best positions.
    """

    points: tuple[Points, ...]
    sigmas: tuple[float, ...]
    posteriors: tuple[Posterior, ...]
    best: tuple[Fits, ...]

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

    Parameters
    ----------
    scans : sequence of (x, y)
        Scaled, by rising x.
    number : int or None

    Raises
    ------
    InputError
        If no interface is seen, or there are too few points for the number.
    """
    tried = {
        count: [divide(x, y, count) for x, y in scans]
        for count in ((0, 1, 2) if number is None else (number,))
    }
    complete = {c: [d for d in found if d is not None] for c, found in tried.items()}
    complete = {c: found for c, found in complete.items() if len(found) == len(scans)}
    if number is not None:
        if number not in complete:
            expected = (
                f"{number} interfaces need {number + 1} parts of {FEWEST_IN_PART} different positions or more"
            )
            expected += ", and the leg as the steepest" if number == 2 else ""
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
) -> list[Group]:
    """Fit all scans with the same positions of the interfaces; if that does not do, each with its own.

    Parameters
    ----------
    scans : sequence of Scan
        By rising position.
    scale : Scale
    found : sequence of Division
        Scaled.
    leg : int
    metal : {"own", "same", "zero"}
    width : float or None
        Scaled width of the probe.
    known : sequence of (float, float) or None
        Scaled positions and their standard deviations.
    """
    points = tuple(_points(s, scale, found[0].positions.size, leg, metal) for s in scans)
    _check_parts(points, scans, found)
    start = np.median([d.positions for d in found], axis=0)
    together = _group(points, start, width, known)
    if len(scans) == 1 or known is not None:
        return [together]
    alone = 0.0
    for index, (one, division) in enumerate(zip(points, found, strict=True)):
        own = one.fit(
            division.positions[None], np.zeros((1, division.positions.size)), together.sigmas[index]
        )
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
    faults = Faults()
    for one, scan, division in zip(points, scans, found, strict=True):
        if one.x.size <= one.reduction.shape[1]:
            least, count = one.reduction.shape[1] + 1, division.positions.size
            expected = f"at least {least} points are expected for {count} interfaces"
            faults.add(scan.name or "resistance", f"{one.x.size} points", expected)
    faults.raise_if_any()


def _group(
    points: tuple[Points, ...],
    start: Array,
    width: float | None,
    known: Sequence[tuple[float, float]] | None,
) -> Group:
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
    return Group(points, tuple(sigmas), tuple(found), best_fit(points, positions, widths, sigmas))


_TOO_FEW = (
    f"every part of a scan needs {FEWEST_IN_PART} different positions or more on both sides of an interface"
)
