"""Performance of a device whose numbers have aged, and when a share of it is lost.

Operating point, maxima and internal resistance; a loss is the first crossing of a curve, and of the edges of
its band.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, isnan, nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.aims import AIMS, aims_of
from ioffe.base.arrays import Array
from ioffe.base.curve.interpolation import table_cells
from ioffe.base.roots import halve
from ioffe.base.saved import plain
from ioffe.base.status import Status
from ioffe.device.conditions import OPERATION, Conditions, Cooler, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.engine.state import RUNAWAY
from ioffe.life.march import operating
from ioffe.result.batch import BatchResult
from ioffe.result.steady import POINT_KEYS
from ioffe.solve.batch.solve import solve_cases

ANY_COLD_SIDE = 300.0
"""Cold side in K of a template whose true ones are varied."""


@dataclass(frozen=True, eq=False)
class Performance:
    """Quantities of every case, with status, energy balance and error of the operating points."""

    values: Mapping[str, Array]
    status: NDArray[np.uint8]
    balance: Array
    error: Array

    def without(self, wrong: NDArray[np.bool_]) -> Performance:
        """The same with NaN, and the status of no solution, in some cases."""
        values = {name: np.where(wrong, np.nan, value) for name, value in self.values.items()}
        status = np.where(wrong, Status.NOT_CONVERGED, self.status).astype(np.uint8)
        return Performance(values, status, *(np.where(wrong, np.nan, x) for x in (self.balance, self.error)))


def watched(conditions: Conditions, maxima: bool = True) -> tuple[str, ...]:
    """Quantities whose losses are followed."""
    if isinstance(conditions, Generator):
        return aims_of("generate") if maxima else ("power", "efficiency")
    if conditions.T_cold is not None:
        return ("heat_cold", "COP")
    return ("delta_T_max", "COP") if conditions.aim == "COP" and maxima else ("delta_T", "COP")


def performance(
    device: Leg | Module,
    conditions: Conditions,
    vary: Mapping[str, Any],
    options: Mapping[str, Any],
    *,
    maxima: bool = True,
) -> Performance:
    """Solve every case at the reference conditions.

    `vary`: numbers and materials of the cases, as for `solve_batch`.
    `options`: of `solve_batch`.
    `maxima`: whether the maxima are wanted too.
    """

    def solved(changes: Mapping[str, Any], more: Mapping[str, Any] | None = None) -> BatchResult:
        return solve_cases(device, conditions.replace(**changes), {**vary, **(more or {})}, **options)

    conditions = operating(conditions)
    if isinstance(conditions, Generator):
        return _generator(conditions, solved, maxima)
    return _cooler(conditions, solved, maxima)


def _generator(conditions: Generator, solved: Any, maxima: bool) -> Performance:
    aims = dict.fromkeys(OPERATION)
    best = {name: solved({**aims, "current": name}) for name in (aims_of("generate") if maxima else ())}
    idle = solved({**aims, "current": 0.0})
    asked = next(x for x in (getattr(conditions, name) for name in OPERATION) if x is not None)
    point = best[asked] if asked in best else solved({})
    loaded = best.get("max_power", point)
    values = _point(point)
    with np.errstate(divide="ignore", invalid="ignore"):
        resistance = (idle.voltage - loaded.voltage) / loaded.current
    values |= {"open_circuit_voltage": idle.voltage, "internal_resistance": resistance}
    for name, found in best.items():
        values |= {name: found.values[AIMS[name].quantity], f"{name}_current": found.current}
    return _joined(values, [point, idle, *best.values()])


def _cooler(conditions: Cooler, solved: Any, maxima: bool) -> Performance:
    point = solved({})
    values = _point(point)
    good = point.point_status < RUNAWAY
    T_cold = np.where(good, point.T_cold, conditions.T_hot)
    still = {"T_cold": ANY_COLD_SIDE, "heat": None, "aim": None, "current": 0.0}
    idle = solved(still, {"T_cold": T_cold})
    with np.errstate(divide="ignore", invalid="ignore"):
        resistance = np.where(good, (point.voltage - idle.voltage) / point.current, np.nan)
    voltage = np.where(good, idle.voltage, np.nan)
    values |= {"open_circuit_voltage": voltage, "internal_resistance": resistance}
    if maxima and conditions.T_cold is not None:
        for name in aims_of("cool"):
            found = solved({"heat": None, "aim": None, "current": name})
            values |= {name: found.values[AIMS[name].quantity], f"{name}_current": found.current}
    if maxima:
        free = solved({"T_cold": None, "heat": 0.0, "aim": "delta_T", "current": None, "voltage": None})
        values |= {"delta_T_max": free.delta_T, "delta_T_max_current": free.current}
    return _joined(values, [point])


def _point(batch: BatchResult) -> dict[str, Array]:
    return {name: batch.values[name] for name in POINT_KEYS if name in batch.values}


def _joined(values: dict[str, Array], batches: list[BatchResult]) -> Performance:
    """The worst of several operating points of every case."""
    status = np.max([batch.point_status for batch in batches], axis=0).astype(np.uint8)
    balance = np.fmax.reduce([batch.point_energy_balance for batch in batches])
    error = np.fmax.reduce([batch.point_error_estimate for batch in batches])
    return Performance(values, status, balance, error)


POINTS = 5
"""Of the curve that are solved anew around a crossing."""
HALVINGS = 53
"""Of a cell of a curve, down to rounding."""
ROUNDS = 2
"""How often that is done, each time closer."""
UNITS = ((365.25 * 86400.0, "year"), (86400.0, "day"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))


@dataclass(frozen=True)
class PerformanceLoss:
    """When a quantity has fallen by a share of its value at the start.

    Attributes
    ----------
    quantity : str
        Such as ``"max_power"``.
    share : float
        Such as 0.05.
    time : float
        In s; infinite if it is not reached within the service, NaN if nothing is known.
    low, high : float
        95 % interval in s; infinite where it is not reached. NaN without bands.
    horizon : float
        Length of the service in s.

    Examples
    --------
    >>> half = PerformanceLoss("max_power", 0.5, time=2.0e7, low=1.8e7, high=2.3e7, horizon=3.0e7)
    >>> half.is_reached
    True
    """

    quantity: str
    share: float
    time: float
    low: float
    high: float
    horizon: float

    @property
    def is_reached(self) -> bool:
        """Whether it is reached within the service."""
        return isfinite(self.time)

    def __str__(self) -> str:
        if isnan(self.time):
            return "unknown, there is no solution"
        low, high = time_words(self.low), time_words(self.high)
        within = f"not reached within {time_words(self.horizon)}"
        text = time_words(self.time) if self.is_reached else within
        if isnan(self.low):
            return text
        if not self.is_reached:
            return f"{text} (95 %: from {low} on)" if isfinite(self.low) else f"{text} (95 %)"
        if not isfinite(self.high):
            return f"{text} (95 %: from {low} on, at the other end {within})"
        return f"{text} (95 %: {low} to {high})"

    def to_dict(self) -> dict[str, Any]:
        """Times in s, infinite where it is not reached.

        Returns
        -------
        dict of str to object
        """
        times = {name: plain(getattr(self, name)) for name in ("time", "low", "high")}
        about = {"quantity": self.quantity, "share": self.share, "reached": self.is_reached}
        return {**about, **times, "horizon": self.horizon}


def time_words(seconds: float, digits: int = 3) -> str:
    """A time in the largest unit in which it is at least 1.

    >>> time_words(3.2e8), time_words(86400.0 * 30), time_words(7200.0)
    ('10.1 year', '30 day', '2 h')
    """
    if not isfinite(seconds):
        return "never" if seconds > 0 else "none"
    size, unit = next(((s, u) for s, u in UNITS if seconds >= s), UNITS[-1])
    return f"{seconds / size:.{digits}g} {unit}"


def crossing(time: Array, relative: Array, level: float) -> float:
    """First time at which a curve falls to a level, by a monotone cubic between its points.

    Infinite if it does not, NaN if the curve has no points.

    >>> crossing(np.array([0.0, 1.0, 2.0]), np.array([1.0, 0.98, 0.94]), 0.95) > 1.5
    True
    """
    return float(crossings(time, relative[None], level)[0])


def crossings(time: Array, curves: Array, level: float) -> Array:
    """As `crossing`, of many curves (n, times) at once."""
    good = np.isfinite(curves)
    whole = good.all(axis=1)
    found = np.full(len(curves), nan)
    found[whole] = _first_crossings(time, curves[whole], level)
    for k in np.flatnonzero(good.any(axis=1) & ~whole):
        first = _first_crossings(time[good[k]], curves[k : k + 1, good[k]], level)[0]
        found[k] = first if isfinite(first) else nan
    return found


def _first_crossings(time: Array, curves: Array, level: float) -> Array:
    below = curves <= level
    end = np.argmax(below, axis=1)
    found = np.where(below.any(axis=1), time[0], inf)
    rows = np.flatnonzero(end > 0)
    if not rows.size:
        return found
    cell = end[rows] - 1
    c0, c1, c2, c3 = table_cells(time, curves[rows], "pchip")[np.arange(rows.size), cell].T
    # a cubic of this kind falls or rises all along a cell
    early, late = halve(
        lambda t: ((c3 * t + c2) * t + c1) * t + c0 > level,
        np.zeros(rows.size),
        time[cell + 1] - time[cell],
        HALVINGS,
    )
    found[rows] = time[cell] + 0.5 * (early + late)
    return found


def refined(
    time: Array,
    nominal: Mapping[str, Array],
    sought: Sequence[tuple[str, float]],
    curves: Callable[[Array], Mapping[str, Array]],
) -> list[float]:
    """As `crossing`, with the curves solved again at points ever closer to it.

    `nominal` (times,): curves by name.
    `sought`: name and level of every crossing.
    `curves`: any times to the values of every curve there; all crossings are brought closer in one call.
    """
    known = [(time, nominal[name]) for name, _ in sought]
    found = [crossing(*points, level) for points, (_, level) in zip(known, sought, strict=True)]
    for _ in range(ROUNDS):
        live = [k for k, at in enumerate(found) if isfinite(at) and at > known[k][0][0]]
        if not live:
            break
        # the points on both sides too, so that the cubic has its slopes there
        ends = [min(int(np.searchsorted(known[k][0], found[k])), len(known[k][0]) - 1) for k in live]
        closer = [
            np.linspace(known[k][0][max(end - 1, 0)], known[k][0][end], POINTS)
            for k, end in zip(live, ends, strict=True)
        ]
        values = curves(np.concatenate(closer))
        for n, (k, t) in enumerate(zip(live, closer, strict=True)):
            name, level = sought[k]
            known[k] = t, values[name][n * POINTS : (n + 1) * POINTS]
            found[k] = crossing(*known[k], level)
    return found
