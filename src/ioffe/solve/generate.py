"""Power generation: operating points and maxima of every family of temperatures."""

from __future__ import annotations

import numpy as np

from ioffe.base.aims import aims_of
from ioffe.device.conditions import Array, Generator
from ioffe.engine.network import Drive, Solution
from ioffe.solve.task import OPERATION, Outcome, SteadyTask

LADDER = (1.1, 2.0, 4.0)
"""Largest currents tried, in units of the short circuit that the slope at zero current promises."""
TWO = aims_of("generate")


def run(task: SteadyTask, conditions: Generator) -> Outcome:
    """Solve every operating point, and the open circuit, short circuit and maxima of every family."""
    axes, imposed = task.families(conditions, {"T_hot": "T_hot", "T_cold": "T_cold", "heat": "heat_hot"})
    if "heat_hot" in imposed:
        imposed["heat_hot"] = imposed["heat_hot"] / task.assembly.couples
    drive = task.drive(**imposed)
    name = next(k for k in OPERATION if getattr(conditions, k) is not None)
    value = getattr(conditions, name)
    if not task.maxima and not isinstance(value, str):
        axis, points = task.points(drive, name, value)
        return Outcome(points, {**axes, **axis}, {}, {})
    at, maxima, solved = _maxima(task, drive)
    notes = ()
    if np.any(maxima["open_circuit_voltage"] <= 0):
        notes = ("the legs generate against each other: the open-circuit voltage is not positive",)
    if isinstance(value, str) and value in TWO:
        axis, points = {}, task.solve(drive.at(at[value]))
    else:
        axis, points = task.points(drive, name, value, largest=at["short_circuit"])
    return Outcome(points, {**axes, **axis}, maxima, axes, solved, notes)


def currents(
    task: SteadyTask, drive: Drive, aims: tuple[str, ...] = ("short_circuit", *TWO)
) -> tuple[dict[str, Array], Solution]:
    """Currents of the short circuit and of the maxima (NaN where there is none), and the open circuit."""
    n = len(drive)
    open_circuit = task.solve(drive.at(np.zeros(n)))
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = -open_circuit.voltage / open_circuit.voltage_I
    at = {aim: np.full(n, np.nan) for aim in aims}
    for factor in LADDER:
        missing = np.isnan(at[aims[0]]) & np.isfinite(estimate) & (estimate > 0)
        found = task.find_aims(drive, aims, np.zeros(n), np.where(missing, factor * estimate, np.nan))
        at = {aim: np.where(missing, np.fmax(found[aim], at[aim]), at[aim]) for aim in aims}
        if not np.isnan(at[aims[0]]).any():
            break
    return at, open_circuit


def _maxima(
    task: SteadyTask, drive: Drive
) -> tuple[dict[str, Array], dict[str, Array], tuple[Solution, ...]]:
    """Currents of all aims, what a result says of them, and the solutions behind it."""
    couples = task.assembly.couples
    at, open_circuit = currents(task, drive)
    both = np.tile(np.arange(len(drive)), len(TWO))
    best = task.solve(drive.take(both).at(np.concatenate([at[aim] for aim in TWO])))
    parts = {aim: best.part(k) for aim, k in zip(TWO, np.split(np.arange(len(both)), len(TWO)), strict=True)}
    with np.errstate(divide="ignore", invalid="ignore"):
        chord = (open_circuit.voltage - parts["max_power"].voltage) / at["max_power"]
    found = {
        "open_circuit_voltage": open_circuit.voltage * couples,
        "internal_resistance": chord * couples,
        "short_circuit_current": at["short_circuit"],
    }
    for aim, part in parts.items():
        found |= task.maxima_of(aim, part)
    return at, found, (open_circuit, best)
