"""Power generation: operating points and maxima of every family of temperatures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ioffe.device.conditions import SWEEP, Array, Generator
from ioffe.engine import optimum
from ioffe.engine.network import Drive, Solution
from ioffe.engine.state import RUNAWAY
from ioffe.solve.task import Outcome, Task, expanded

SLOPES = {
    "short_circuit_current": optimum.voltage,
    "max_power_current": optimum.power_slope,
    "max_efficiency_current": optimum.efficiency_slope,
}

LADDER = (1.1, 2.0, 4.0)
"""Largest currents tried, in units of the short circuit that the slope at zero current promises."""


def run(task: Task, conditions: Generator) -> Outcome:
    """Solve every operating point, and the open circuit, short circuit and maxima of every family."""
    axes, imposed = task.families(conditions, {"T_hot": "T_hot", "T_cold": "T_cold", "heat": "heat_hot"})
    if "heat_hot" in imposed:
        imposed["heat_hot"] = imposed["heat_hot"] / task.assembly.couples
    drive = task.drive(**imposed)
    value = next(v for v in (conditions.current, conditions.voltage, conditions.load) if v is not None)
    if not task.maxima and not isinstance(value, str):
        operation, points = _operating_points(task, conditions, drive, {})
        return Outcome(points, {**axes, **operation}, {}, {})
    maxima, solved = _maxima(task, drive)
    operation, points = _operating_points(task, conditions, drive, maxima)
    notes = ()
    if np.any(maxima["open_circuit_voltage"] <= 0):
        notes = ("the legs generate against each other: the open-circuit voltage is not positive",)
    return Outcome(points, {**axes, **operation}, maxima, axes, solved, notes)


def currents(
    task: Task, drive: Drive, slopes: dict[str, optimum.Slope] = SLOPES
) -> tuple[dict[str, Array], Solution]:
    """Currents of the short circuit and of the maxima (NaN where there is none), and the open circuit."""
    n = len(drive)
    open_circuit = task.solve(drive.at(np.zeros(n)))
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = -open_circuit.voltage / open_circuit.voltage_I
    at = {name: np.full(n, np.nan) for name in slopes}
    for factor in LADDER:
        first = next(iter(at.values()))
        missing = np.isnan(first) & np.isfinite(estimate) & (estimate > 0)
        found = task.find(drive, slopes, np.zeros(n), np.where(missing, factor * estimate, np.nan))
        at = {name: np.where(missing, np.fmax(found[name], at[name]), at[name]) for name in slopes}
        if not np.isnan(next(iter(at.values()))).any():
            break
    return at, open_circuit


def _maxima(task: Task, drive: Drive) -> tuple[dict[str, Array], tuple[Solution, ...]]:
    n, couples = len(drive), task.assembly.couples
    at, open_circuit = currents(task, drive)
    at_best = np.stack([at["max_power_current"], at["max_efficiency_current"]], axis=1)
    best = task.solve(expanded(drive, at_best).at(at_best.ravel()))
    hidden = np.isnan(at_best) | (best.code >= RUNAWAY).reshape(n, 2)
    power = np.where(hidden, np.nan, best.power.reshape(n, 2))
    heat = best.heat_hot.reshape(n, 2)
    voltage = best.voltage.reshape(n, 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        chord = (open_circuit.voltage - voltage[:, 0]) / at_best[:, 0]
        efficiency = power[:, 1] / heat[:, 1]
    return {
        "open_circuit_voltage": open_circuit.voltage * couples,
        "internal_resistance": chord * couples,
        "short_circuit_current": at["short_circuit_current"],
        "max_power": power[:, 0] * couples,
        "max_power_current": at_best[:, 0],
        "max_efficiency": efficiency,
        "max_efficiency_current": at_best[:, 1],
    }, (open_circuit, best)


def _operating_points(
    task: Task, conditions: Generator, drive: Drive, maxima: dict[str, Array]
) -> tuple[dict[str, Array], Solution]:
    name = next(k for k in ("current", "voltage", "load") if getattr(conditions, k) is not None)
    value = getattr(conditions, name)
    if isinstance(value, str):
        if value == "sweep":
            lanes = maxima["short_circuit_current"][:, None] * SWEEP
            return {"sweep": SWEEP}, task.solve(expanded(drive, lanes).at(lanes.ravel()))
        return {}, task.solve(drive.at(maxima[f"{value}_current"]))
    axis = {name: value} if isinstance(value, np.ndarray) else {}
    lanes = np.broadcast_to(np.atleast_1d(value), (len(drive), np.size(value)))
    wide = expanded(drive, lanes)
    per_couple = lanes.ravel() / (1 if name == "current" else task.assembly.couples)
    return axis, task.solve(replace(wide, **{name: per_couple}))
