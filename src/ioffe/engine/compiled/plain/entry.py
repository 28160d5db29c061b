"""Plain legs in great numbers: one homogeneous adiabatic segment between two given temperatures.

Everything is scaled by the length, so that neither length nor area appears: j = J L in A/m, and
c = L q0 - j s(T0) in W/m, where s = int S dT. Every device has its own temperatures and may have its own
table. A device whose temperature does not rise or fall all the way from one end to the other, or nearly does
not, is refused with the code `REFUSED`: it belongs to `ioffe.engine.segment`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.engine.compiled.cache import run_chunks
from ioffe.engine.compiled.packing import PackedTables
from ioffe.engine.compiled.plain import newton
from ioffe.engine.compiled.plain.batch import (
    CURVE_CHUNK,
    LEAST_TOLERANCE,
    REFUSED,
    Batch,
    combine,
    point_weights,
)
from ioffe.engine.compiled.plain.solve import OUT_J, WIDTH
from ioffe.engine.table import Array

__all__ = [
    "AIMS",
    "REFUSED",
    "LegCurves",
    "Optima",
    "PlainLegs",
    "SolvedCurves",
    "best",
    "curve",
    "curves",
    "solve",
]

AIMS = {
    "efficiency": newton.EFFICIENCY,
    "power": newton.POWER,
    "short_circuit": newton.SHORT_CIRCUIT,
    "heat": newton.HEAT,
    "COP": newton.COP,
}


@dataclass(frozen=True, eq=False)
class LegCurves:
    """Current-voltage curves; all but `error` have shape (devices, points)."""

    j: Array
    """J L in A/m."""
    voltage: Array
    """V at T0 against T1: s(T0) - s(T1) - j r."""
    heat: Array
    """L q0 in W/m, which flows in at T0; what flows out at T1 is this minus j times the voltage."""
    error: Array
    """Estimated relative error of r, and of c against ``abs(j A(T0) - c) + j^2 r``, shape (devices,)."""
    code: NDArray[np.int_]


@dataclass(frozen=True, eq=False)
class PlainLegs(LegCurves):
    """Legs at given currents; every field has shape (devices,) and the meaning it has in a `SegmentState`.

    The derivatives are None where they were not asked for.
    """

    c: Array
    """L q0 - j s(T0) in W/m."""
    r: Array
    """int rho dxi in ohm m."""
    c_T0: Array | None = None
    c_T1: Array | None = None
    c_j: Array | None = None
    r_T0: Array | None = None
    r_T1: Array | None = None
    r_j: Array | None = None


@dataclass(frozen=True, eq=False)
class Optima(LegCurves):
    """The best of each leg, and the current at which it is reached; every field has shape (devices,).

    `value` is that of the leg with its contacts, the other fields are those of the leg between them.

    `error` counts the current too; a largest value is far more accurate than its current.
    """

    c: Array
    r: Array
    value: Array
    """Efficiency or COP; power j V or heat from the cold end in W/m; or the current in A/m."""


def solve(
    tables: PackedTables,
    which: ArrayLike,
    T0: ArrayLike,
    T1: ArrayLike,
    j: ArrayLike,
    *,
    tolerance: float = 1e-6,
    derivatives: bool = False,
    threads: int | None = None,
) -> PlainLegs:
    """Solve legs at given currents.

    `tables`: materials.
    `which`: number of each device's table; one number serves for all devices, as in the other arguments.
    `T0`, `T1`: temperatures of the ends in K.
    `j`: currents J L in A/m, positive from T0 to T1.
    `tolerance`: relative error allowed in c and r: that of a solved device is not estimated higher.
    `derivatives`: whether the derivatives of c and r to T0, T1 and j are wanted.
    `threads`: number of threads, by default all processors that the process may use.
    """
    batch = Batch(tables, which, T0, T1, j)
    out = batch.run(newton.GIVEN, tolerance, WIDTH if derivatives else OUT_J + 1, threads)
    more = out[OUT_J + 1 :] if derivatives else ()
    voltage, heat = out[1].copy(), out[0].copy()
    batch.finish(batch.j[:, None], heat[:, None], voltage[:, None], threads)
    return PlainLegs(batch.j, voltage, heat, out[2], batch.code(batch.solved), out[0], out[1], *more)


def best(
    tables: PackedTables,
    which: ArrayLike,
    T0: ArrayLike,
    T1: ArrayLike,
    aim: str,
    *,
    ohm: tuple[ArrayLike, ArrayLike] = (0.0, 0.0),
    tolerance: float = 1e-6,
    threads: int | None = None,
) -> Optima:
    """Find the current at which a leg does best.

    `tables`, `which`, `T0`, `T1`, `tolerance`, `threads`: as in `solve`.
    `aim`: ``"efficiency"`` or ``"power"`` of a generator, or its ``"short_circuit"``; ``"COP"`` of a cooler,
        or the largest ``"heat"`` from its cold end. Coolers at their largest heat are mostly refused, because
        they are hottest inside.
    `ohm`: resistances of the contacts at T0 and at T1 in ohm m: those of a leg times its area, over its
        length.
    """
    if aim not in AIMS:
        raise ValueError(f"aim must be one of {', '.join(AIMS)}, not {aim!r}")
    batch = Batch(tables, which, T0, T1, ohm=ohm)
    c, r, error, j = batch.run(AIMS[aim], tolerance, OUT_J + 1, threads)
    voltage, heat = r.copy(), c.copy()
    batch.finish(j[:, None], heat[:, None], voltage[:, None], threads)
    at_T0, at_T1 = j * j * batch.ohm.T
    power = j * voltage - at_T0 - at_T1
    from_hot = np.where(batch.T0 > batch.T1, heat - at_T0, power - heat + at_T0)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = {
            "efficiency": power / from_hot,
            "power": power,
            "short_circuit": j,
            "heat": power - from_hot,
            "COP": from_hot / power - 1.0,
        }[aim]
    return Optima(j, voltage, heat, error, batch.code(batch.solved), c, r, value)


@dataclass(frozen=True, eq=False)
class SolvedCurves:
    """Curves from no current to the largest of each device, of which any may be looked at."""

    batch: Batch
    along: Array
    error: Array
    """See `Batch.curves`."""
    shares: Array
    """Of the largest current, at which points are wanted."""
    tolerance: float
    threads: int | None

    def points(self, devices: slice = slice(None)) -> LegCurves:
        """Points of some of the devices; where the interpolation is not enough they are solved."""
        batch, along, error = self.batch, self.along[devices], self.error[devices].copy()
        weights, good = point_weights(self.tolerance, self.shares), batch.solved[devices]
        j = batch.j[devices, None] * self.shares
        c, r, solved = np.empty_like(j), np.empty_like(j), np.repeat(good[:, None], j.shape[1], axis=1)

        def part(start: int, stop: int) -> None:
            combine(weights, along[start:stop], c[start:stop], r[start:stop])

        run_chunks(part, len(j), self.threads, CURVE_CHUNK)
        rest = np.flatnonzero(~good)
        if len(rest):
            which = np.arange(len(batch.j))[devices][rest]
            out, solved[rest] = batch.at_currents(which, j[rest], max(self.tolerance, LEAST_TOLERANCE))
            c[rest], r[rest] = out[0], out[1]
            worst = np.where(solved[rest], out[2], 0.0).max(axis=1)
            error[rest] = np.where(solved[rest].any(axis=1), worst, np.nan)
        batch.finish(j, c, r, self.threads, devices)
        return LegCurves(j, r, c, error, batch.code(solved, devices))


def curves(
    tables: PackedTables,
    which: ArrayLike,
    T0: ArrayLike,
    T1: ArrayLike,
    end: ArrayLike,
    *,
    shares: ArrayLike,
    tolerance: float = 1e-6,
    threads: int | None = None,
) -> SolvedCurves:
    """Current-voltage curves from no current to given ones.

    `tables`, `which`, `T0`, `T1`, `tolerance`, `threads`: as in `solve`.
    `end`: largest currents J L in A/m.
    `shares`: of the largest current, from 0 to 1, at which points are wanted.
    """
    batch = Batch(tables, which, T0, T1, end)
    return SolvedCurves(
        batch, *batch.curves(tolerance, threads), np.asarray(shares, float), tolerance, threads
    )


def curve(
    tables: PackedTables,
    which: ArrayLike,
    T0: ArrayLike,
    T1: ArrayLike,
    *,
    points: int = 61,
    tolerance: float = 1e-6,
    threads: int | None = None,
) -> LegCurves:
    """Curves from the open to the short circuit at equally spaced currents; arguments as in `curves`."""
    ends = Batch(tables, which, T0, T1)
    end = ends.run(newton.SHORT_CIRCUIT, tolerance, OUT_J + 1, threads)[OUT_J]
    options = {"shares": np.linspace(0.0, 1.0, points), "tolerance": tolerance, "threads": threads}
    found = curves(tables, which, T0, T1, end, **options).points()
    found.code[~ends.solved] = ends.code(ends.solved)[~ends.solved, None]
    return found
