"""What a device performs with numbers that have aged: its operating point, maxima and internal resistance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.device.batch.result import BatchResult
from ioffe.device.batch.solve import solve_batch
from ioffe.device.conditions import Conditions, Cooler, Generator
from ioffe.device.engine.state import RUNAWAY
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.result import POINT_KEYS
from ioffe.device.status import Status
from ioffe.life.march import operating

__all__ = ["Performance", "performance", "watched"]

Array = NDArray[np.float64]
GENERATOR_MAXIMA = ("max_power", "max_efficiency")
COOLER_MAXIMA = ("max_heat", "max_COP")


@dataclass(frozen=True, eq=False)
class Performance:
    """Quantities of every lane, with status, balance and error of the operating points."""

    values: Mapping[str, Array]
    status: NDArray[np.uint8]
    balance: Array
    error: Array

    def without(self, wrong: NDArray[np.bool_]) -> Performance:
        """The same with NaN, and the status of no solution, in some lanes."""
        values = {name: np.where(wrong, np.nan, value) for name, value in self.values.items()}
        status = np.where(wrong, Status.NOT_CONVERGED, self.status).astype(np.uint8)
        hidden = [np.where(wrong, np.nan, x) for x in (self.balance, self.error)]
        return Performance(values, status, hidden[0], hidden[1])


def watched(conditions: Conditions) -> tuple[str, ...]:
    """Quantities whose losses are followed."""
    if isinstance(conditions, Generator):
        return GENERATOR_MAXIMA
    if conditions.T_cold is not None:
        return ("heat_cold", "COP")
    return ("delta_T_max", "COP") if conditions.aim == "COP" else ("delta_T", "COP")


def performance(
    device: Leg | Module, conditions: Conditions, vary: Mapping[str, Any], options: Mapping[str, Any]
) -> Performance:
    """Solve every lane at the reference conditions.

    Parameters
    ----------
    vary
        Numbers and materials of the lanes, as for `solve_batch`.
    options
        Of `solve_batch`.
    """

    def solved(changes: Mapping[str, Any], more: Mapping[str, Any] | None = None) -> BatchResult:
        return solve_batch(device, conditions.replace(**changes), {**vary, **(more or {})}, **options)

    conditions = operating(conditions)
    if isinstance(conditions, Generator):
        return _generator(conditions, solved)
    return _cooler(device, conditions, vary, options, solved)


def _generator(conditions: Generator, solved: Any) -> Performance:
    aims = dict.fromkeys(("current", "voltage", "load"))
    best = {name: solved({**aims, "current": name}) for name in GENERATOR_MAXIMA}
    idle = solved({**aims, "current": 0.0})
    asked = next(x for x in (conditions.current, conditions.voltage, conditions.load) if x is not None)
    point = best[asked] if isinstance(asked, str) else solved({})
    values = _point(point)
    power, efficiency = best["max_power"], best["max_efficiency"]
    with np.errstate(divide="ignore", invalid="ignore"):
        resistance = (idle.voltage - power.voltage) / power.current
    values |= {
        "open_circuit_voltage": idle.voltage,
        "internal_resistance": resistance,
        "max_power": power.power,
        "max_power_current": power.current,
        "max_efficiency": efficiency.efficiency,
        "max_efficiency_current": efficiency.current,
    }
    return _joined(values, [point, idle, *best.values()])


def _cooler(device: Any, conditions: Cooler, vary: Any, options: Any, solved: Any) -> Performance:
    point = solved({})
    values = _point(point)
    good = point.status < RUNAWAY
    T_cold = np.where(good, point.T_cold, conditions.T_hot)
    still = {"T_cold": 300.0, "heat": None, "aim": None, "current": 0.0}
    idle = solve_batch(device, conditions.replace(**still), {**vary, "T_cold": T_cold}, **options)
    with np.errstate(divide="ignore", invalid="ignore"):
        resistance = np.where(good, (point.voltage - idle.voltage) / point.current, np.nan)
    values |= {
        "open_circuit_voltage": np.where(good, idle.voltage, np.nan),
        "internal_resistance": resistance,
    }
    if conditions.T_cold is not None:
        for name, key in zip(COOLER_MAXIMA, ("heat_cold", "COP"), strict=True):
            found = solved({"heat": None, "aim": None, "current": name})
            values |= {name: found.values[key], f"{name}_current": found.current}
    free = solved({"T_cold": None, "heat": 0.0, "aim": "delta_T", "current": None})
    values |= {"delta_T_max": free.delta_T, "delta_T_max_current": free.current}
    return _joined(values, [point])


def _point(batch: BatchResult) -> dict[str, Array]:
    return {name: batch.values[name] for name in POINT_KEYS if name in batch.values}


def _joined(values: dict[str, Array], batches: list[BatchResult]) -> Performance:
    """The worst of several operating points of every lane."""
    status = np.max([batch.status for batch in batches], axis=0).astype(np.uint8)
    balance, error = (
        np.fmax.reduce([getattr(batch, name) for batch in batches]) for name in ("balance", "error_estimate")
    )
    return Performance(values, status, balance, error)
