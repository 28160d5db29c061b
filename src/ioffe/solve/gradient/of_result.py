"""The gradient of a solved device, its operating points and its maxima, and that of a batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np

from ioffe.base.aims import AIMS, LARGEST
from ioffe.base.curve.derivative import defining_numbers
from ioffe.base.errors import Fault, InputError
from ioffe.device.cascade import Device
from ioffe.device.conditions import OPERATION, SWEEP, Array, Conditions, Generator
from ioffe.device.parameters import CONDITIONS, varied
from ioffe.engine.network import Drive, Solution
from ioffe.result.gradient import Derivatives, Gradient
from ioffe.solve.assemble import Assembly
from ioffe.solve.batch.cases import BatchCases, Index, SolveRequest, VariedInput, asked
from ioffe.solve.batch.engines import Solver
from ioffe.solve.gradient import names
from ioffe.solve.gradient.operation import OperatingPoints
from ioffe.solve.gradient.sensitivity import Sensitivity
from ioffe.solve.operating import BEYOND
from ioffe.solve.task import Outcome, SteadyTask

Slopes = dict[str, Array]


def gradient(
    device: Device,
    conditions: Conditions,
    task: SteadyTask,
    outcome: Outcome,
    values: Mapping[str, Array],
    paths: tuple[str, ...],
) -> Gradient:
    """Derivatives of all `values` of a result to the numbers and tables at full paths."""
    sensitivity = Sensitivity(device, conditions, paths, ideal=task.ideal)

    def solve(drive: Drive, _cases: Index) -> Solution:
        return task.solve(drive)

    points = OperatingPoints(sensitivity, solve, conditions, task.assembly.couples)
    given = {k: k for k in ("T_hot", "T_cold", "heat") if getattr(conditions, k) is not None}
    axes, temperatures = task.families(conditions, given)
    families = _Families(points, device, conditions, outcome.maxima, temperatures, task)
    slopes, moves = families.maxima_slopes() if outcome.maxima else ({}, {})
    slopes |= families.point_slopes(outcome.solution, moves)
    numbers = [{p: _number(device, conditions, p, own) for p in paths} for own in (outcome.axes, axes)]
    by_output = {output: numbers[output in outcome.maxima] for output in values}
    return _gradient(device, conditions, sensitivity, values, slopes, by_output)


def batch_parameters(
    device: Device, conditions: Conditions, given: VariedInput, wanted: str | Iterable[str]
) -> tuple[str, ...]:
    """Full paths of what a batch is to be differentiated by.

    Raises `InputError` for unknown names, and for tables of a material that differs from device to device.
    """
    paths = names.full(device, conditions, [wanted] if isinstance(wanted, str) else wanted)
    for path in paths:
        if path.rpartition(".")[0] in given.materials:
            expected = "a table of a material that all devices share is expected"
            raise InputError(Fault("gradient", path, expected))
    return paths


def batch_slopes(
    device: Device,
    conditions: Conditions,
    paths: tuple[str, ...],
    assembly: Assembly,
    request: SolveRequest,
    solution: Solution,
    solver: Solver,
) -> tuple[Sensitivity, Slopes]:
    """Slopes (parameters, devices) of all quantities of a solved group; its numbers are arrays."""
    sensitivity = Sensitivity(device, conditions, paths)

    def solve(drive: Drive, cases: Index) -> Solution:
        return solver.network(assembly.network.take(cases), drive)

    points = OperatingPoints(sensitivity, solve, conditions, assembly.couples)
    cases = np.arange(len(request.drive))
    return sensitivity, points.slopes(request.drive, cases, solution, request.aim)


def batch_gradient(
    device: Device,
    conditions: Conditions,
    cases: BatchCases,
    sensitivity: Sensitivity,
    values: Mapping[str, Array],
    slopes: Mapping[str, Array],
) -> Gradient:
    """What users see, from slopes (parameters, devices) of the whole batch."""
    numbers = {
        path: cases.numbers[path].reshape(cases.shape)
        if path in cases.numbers
        else _number(device, conditions, path, {})
        for path in sensitivity.paths
    }
    return _gradient(device, conditions, sensitivity, values, slopes, dict.fromkeys(values, numbers))


def _gradient(
    device: Device,
    conditions: Conditions,
    sensitivity: Sensitivity,
    values: Mapping[str, Array],
    slopes: Mapping[str, Array],
    numbers: Mapping[str, Mapping[str, Array]],
) -> Gradient:
    """Derivatives in the shape of each value, with the numbers of the parameters for each output."""
    behind = partial(names.behind, device, conditions)
    found = {}
    for output, value in values.items():
        shaped = np.where(np.isfinite(value), slopes[output].reshape(-1, *value.shape), np.nan)
        by_path = {}
        for path, part in sensitivity.slots.items():
            # a table has its numbers on a last axis
            own = np.moveaxis(shaped[part], 0, -1) if path in sensitivity.tables else shaped[part.start]
            by_path[path] = np.array(own)
            by_path[path].setflags(write=False)
        found[output] = Derivatives(output, value, by_path, numbers[output], behind)
    return Gradient(found)


def _number(device: Device, conditions: Conditions, path: str, axes: Mapping[str, Array]) -> Array:
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


@dataclass(frozen=True, eq=False)
class _Families:
    """Everything solved at the same temperatures and heat loads is a family, one case for each."""

    points: OperatingPoints
    device: Device
    conditions: Conditions
    maxima: Mapping[str, Array]
    temperatures: Mapping[str, Array]
    """What the conditions give of T_hot, T_cold and heat, shape (families,)."""
    task: SteadyTask

    @property
    def cases(self) -> Index:
        """One index for each family."""
        return np.arange(len(next(iter(self.temperatures.values()))))

    def drive(self, cases: Index, conditions: Conditions, **changed: Any) -> tuple[Drive, str | None]:
        """What is imposed on cases of given families, and the aim that decides the current, if any."""
        given = {k: getattr(conditions, k, None) for k in CONDITIONS}
        given |= {k: v[cases] for k, v in self.temperatures.items()} | changed
        found = asked(conditions, SimpleNamespace(**given), len(cases), self.task.assembly.couples)
        return replace(found.drive, ambient=np.full(len(cases), self.task.ambient)), found.aim

    def maxima_slopes(self) -> tuple[Slopes, Slopes]:
        """Slopes (parameters, families) of all maxima, and of the engine's currents that the aims decide."""
        generates = isinstance(self.conditions, Generator)
        sign = 1.0 if generates else -1.0
        any_aim = {"current": "max_power" if generates else "max_heat", "voltage": None, "load": None}
        drive, _ = self.drive(self.cases, varied(self.device, self.conditions, any_aim)[1])
        found: Slopes = {}
        moves: Slopes = {}
        for aim, one in LARGEST.items():
            if aim not in self.maxima:
                continue
            here, options = drive, {}
            if aim == "delta_T_max" and drive.T_cold is not None:
                zero = np.zeros(len(drive))
                here, options = replace(drive, T_cold=None, heat_cold=zero), {"loaded": False}
            current = sign * np.asarray(self.maxima[one.current], float).ravel()
            best, move = self.points.best(here, current, aim, self.cases, operated=False, **options)
            moves[aim] = move
            found |= {aim: best[one.quantity].slope[:-1], one.current: sign * move}
            if aim == "max_power":
                found |= self._open_and_short(drive, current, best["voltage"], moves)
            if aim == "delta_T_max":
                found[f"{aim}_voltage"] = best["voltage"].moved(move).slope
        if not generates:
            moves["sweep"] = BEYOND * moves["max_heat" if "max_heat" in moves else "delta_T_max"]
        return found, moves

    def _open_and_short(self, drive: Drive, current: Array, voltage: Any, moves: Slopes) -> Slopes:
        """Slopes of the open circuit, the short circuit, and the resistance from one to the largest power."""
        idle = self.points.at(drive.at(np.zeros(len(drive))), self.cases, operated=False)["voltage"]
        short = np.asarray(self.maxima[AIMS["short_circuit"].maxima[0]], float).ravel()
        moves["sweep"] = self.points.along(drive, short, "short_circuit", self.cases, operated=False)
        drop = idle.value - voltage.value
        change = idle.slope[:-1] - voltage.moved(moves["max_power"]).slope
        return {
            "open_circuit_voltage": idle.slope[:-1],
            "short_circuit_current": moves["sweep"],
            "internal_resistance": change / current - drop / current**2 * moves["max_power"],
        }

    def point_slopes(self, solution: Solution, moves: Mapping[str, Array]) -> Slopes:
        """Slopes (parameters, points) of what a result says of its operating points."""
        given = (k for k in OPERATION if getattr(self.conditions, k, None) is not None)
        name = next(given, "current")
        value = getattr(self.conditions, name)
        is_number = not isinstance(value, str | None)
        is_swept = isinstance(value, str) and value == "sweep"
        each = np.atleast_1d(np.asarray(value, float)) if is_number else SWEEP if is_swept else np.ones(1)
        cases = np.repeat(self.cases, len(each))
        changed = {name: np.tile(each, len(self.cases))} if is_number else {}
        drive, aim = self.drive(cases, self.conditions, **changed)
        along = None
        if aim is not None and aim in moves:
            along = moves[aim][:, cases] * (np.tile(each, len(self.cases)) if is_swept else 1.0)
        return self.points.slopes(drive, cases, solution, aim, along)
