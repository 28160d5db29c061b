"""The gradient of a solved device: its operating points and its maxima."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np

from ioffe.base.curve.derivative import defining_numbers
from ioffe.device.conditions import SWEEP, Array, Conditions, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import CONDITIONS, varied
from ioffe.engine.network import Cases, Drive, Solution
from ioffe.result.gradient import Derivatives, Gradient
from ioffe.solve.batch.task import asked
from ioffe.solve.gradient import names
from ioffe.solve.gradient.lanes import Sensitivity
from ioffe.solve.gradient.operation import Operation
from ioffe.solve.task import Outcome, Task

Slopes = dict[str, Array]
BEYOND = 1.5
"""A cooler's sweep ends at this multiple of the current of its largest heat or temperature difference."""


@dataclass(frozen=True, eq=False)
class _Family:
    """Everything solved at the same temperatures and heat loads, one lane for each."""

    operation: Operation
    device: Leg | Module
    conditions: Conditions
    maxima: Mapping[str, Array]
    temperatures: Mapping[str, Array]
    """What the conditions give of T_hot, T_cold and heat, shape (families,)."""
    task: Task

    def __len__(self) -> int:
        return len(next(iter(self.temperatures.values())))

    @property
    def lanes(self) -> Cases:
        """Places of the lanes."""
        return np.arange(len(self))

    def current(self, name: str) -> Array:
        """The engine's current at one of the maxima."""
        sign = 1.0 if isinstance(self.conditions, Generator) else -1.0
        return sign * np.asarray(self.maxima[name], float).ravel()

    def drive(self, lanes: Cases, conditions: Conditions, **changed: Any) -> tuple[Drive, str | None]:
        """What is imposed on lanes of given families, and the aim that decides the current, if any."""
        given = {k: getattr(conditions, k, None) for k in CONDITIONS}
        given |= {k: v[lanes] for k, v in self.temperatures.items()} | changed
        found = asked(conditions, SimpleNamespace(**given), lanes, self.task.assembly.couples)
        return replace(found.drive, ambient=np.full(len(lanes), self.task.ambient)), found.aim

    def free(self) -> Drive:
        """What is imposed on every family besides the operation."""
        any_aim = {"current": "max_heat", "voltage": None, "load": None}
        if isinstance(self.conditions, Generator):
            any_aim["current"] = "max_power"
        return self.drive(self.lanes, varied(self.device, self.conditions, any_aim)[1])[0]


def gradient(
    device: Leg | Module,
    conditions: Conditions,
    task: Task,
    outcome: Outcome,
    values: Mapping[str, Array],
    paths: tuple[str, ...],
) -> Gradient:
    """Derivatives of all `values` of a result to the numbers and tables at full paths."""
    sensitivity = Sensitivity(device, conditions, paths, ideal=task.ideal)
    operation = Operation(
        sensitivity, lambda drive, _lanes: task.solve(drive), conditions, task.assembly.couples
    )
    given = {k: k for k in ("T_hot", "T_cold", "heat") if getattr(conditions, k) is not None}
    axes, temperatures = task.families(conditions, given)
    family = _Family(operation, device, conditions, outcome.maxima, temperatures, task)
    slopes, moves = _maxima(family) if outcome.maxima else ({}, {})
    slopes |= _points(family, outcome.solution, moves)
    found, numbers = {}, {}
    for output, value in values.items():
        own = axes if output in outcome.maxima else outcome.axes
        key = tuple(own)
        if key not in numbers:
            numbers[key] = {p: _number(device, conditions, p, own) for p in paths}
        shaped = np.where(~np.isfinite(value), np.nan, slopes[output].reshape(-1, *value.shape))
        by_path = {p: _read_only(_part(shaped, sensitivity, p)) for p in paths}
        behind = partial(names.behind, device, conditions)
        found[output] = Derivatives(output, value, by_path, numbers[key], behind)
    return Gradient(found)


def _part(slopes: Array, sensitivity: Sensitivity, path: str) -> Array:
    place = sensitivity.slots[path]
    return np.moveaxis(slopes[place], 0, -1) if path in sensitivity.tables else slopes[place.start]


def _read_only(values: Array) -> Array:
    values = np.array(values)
    values.setflags(write=False)
    return values


def _number(device: Leg | Module, conditions: Conditions, path: str, axes: Mapping[str, Array]) -> Array:
    """Value of a parameter; one that is an axis lies along it."""
    curve = names.curves(device).get(path)
    if curve is not None:
        return defining_numbers(curve)
    number = np.asarray(names.value(device, conditions, path), float)
    if number.ndim == 0:
        return number
    if path not in axes:
        return np.asarray(np.nan)
    return number.reshape([-1 if k == path else 1 for k in axes])


def _maxima(family: _Family) -> tuple[Slopes, Slopes]:
    """Slopes (parameters, families) of all maxima, and of the engine's currents that the aims decide."""
    return _generator(family) if isinstance(family.conditions, Generator) else _cooler(family)


def _generator(family: _Family) -> tuple[Slopes, Slopes]:
    drive, lanes, operation = family.free(), family.lanes, family.operation
    at = partial(operation.at, lanes=lanes, operated=False)
    open_circuit = at(drive.at(np.zeros(len(lanes))))["voltage"]
    moves = {}
    short = family.current("short_circuit_current")
    moves["sweep"] = operation.along(drive, short, "short_circuit", lanes, operated=False)
    found = {
        "open_circuit_voltage": open_circuit.slope[:-1],
        "short_circuit_current": moves["sweep"],
    }
    for aim, output in (("max_power", "power"), ("max_efficiency", "efficiency")):
        current = family.current(f"{aim}_current")
        best, moves[aim] = operation.best(drive, current, aim, lanes, operated=False)
        found[aim], found[f"{aim}_current"] = best[output].slope[:-1], moves[aim]
        if aim == "max_power":
            # the chord from the open circuit
            drop = open_circuit.value - best["voltage"].value
            change = open_circuit.slope[:-1] - best["voltage"].moved(moves[aim]).slope
            found["internal_resistance"] = change / current - drop / current**2 * moves[aim]
    return found, moves


def _cooler(family: _Family) -> tuple[Slopes, Slopes]:
    drive, lanes, operation = family.free(), family.lanes, family.operation
    fixed = drive.T_cold is not None
    found: Slopes = {}
    moves: Slopes = {}
    if fixed:
        for aim, output in (("max_heat", "heat_cold"), ("max_COP", "COP")):
            current = family.current(f"{aim}_current")
            best, moves[aim] = operation.best(drive, current, aim, lanes, operated=False)
            found[aim], found[f"{aim}_current"] = best[output].slope[:-1], -moves[aim]
        drive = replace(drive, T_cold=None, heat_cold=np.zeros(len(lanes)))
    aim = "delta_T_max"
    options = {"operated": False, "loaded": not fixed}
    best, moves[aim] = operation.best(drive, family.current(f"{aim}_current"), aim, lanes, **options)
    found[aim], found[f"{aim}_current"] = best["delta_T"].slope[:-1], -moves[aim]
    found[f"{aim}_voltage"] = best["voltage"].moved(moves[aim]).slope
    moves["sweep"] = BEYOND * moves["max_heat" if fixed else aim]
    return found, moves


def _points(family: _Family, solution: Solution, moves: Mapping[str, Array]) -> Slopes:
    """Slopes (parameters, points) of what a result tells of its operating points."""
    names_of = (k for k in ("current", "voltage", "load") if getattr(family.conditions, k, None) is not None)
    name = next(names_of, "current")
    value = getattr(family.conditions, name)
    numeric, swept = not isinstance(value, str | None), value == "sweep" if isinstance(value, str) else False
    each = np.atleast_1d(np.asarray(value, float)) if numeric else SWEEP if swept else np.ones(1)
    lanes = np.repeat(family.lanes, len(each))
    changed = {name: np.tile(each, len(family))} if numeric else {}
    drive, aim = family.drive(lanes, family.conditions, **changed)
    if aim is None:
        found = family.operation.at(drive, lanes, solution)
        return {k: v.slope[:-1] for k, v in found.items()}
    drive = drive.at(solution.current)
    if aim == "heat":
        along = family.operation.along(drive, solution.current, aim, lanes)
    else:
        along = moves[aim][:, lanes] * (np.tile(each, len(family)) if swept else 1.0)
    found = family.operation.at(drive, lanes, solution)
    return {k: v.moved(along).slope for k, v in found.items()}
