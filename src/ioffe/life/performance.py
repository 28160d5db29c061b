"""Performance of a device whose numbers have aged: operating point, maxima and internal resistance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.aims import AIMS, aims_of
from ioffe.base.arrays import Array
from ioffe.base.status import Status
from ioffe.device.conditions import OPERATION, Conditions, Cooler, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.engine.state import RUNAWAY
from ioffe.life.march import operating
from ioffe.result.batch import BatchResult
from ioffe.result.steady import POINT_KEYS
from ioffe.solve.batch.solve import solve_batch

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

    Parameters
    ----------
    device, conditions
        The device, and its reference conditions.
    vary
        Numbers and materials of the cases, as for `solve_batch`.
    options
        Of `solve_batch`.
    maxima
        Whether the maxima are wanted too.
    """

    def solved(changes: Mapping[str, Any], more: Mapping[str, Any] | None = None) -> BatchResult:
        return solve_batch(device, conditions.replace(**changes), {**vary, **(more or {})}, **options)

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
        free = solved({"T_cold": None, "heat": 0.0, "aim": "delta_T", "current": None})
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
