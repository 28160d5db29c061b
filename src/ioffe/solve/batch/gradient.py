"""Exact derivatives of every device of a batch to some of its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np

from ioffe.base.errors import Fault, InputError
from ioffe.device.conditions import Array, Conditions
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.engine.network import Drive, Solution
from ioffe.result.gradient import Derivatives, Gradient
from ioffe.solve.assemble import Assembly
from ioffe.solve.batch.compiled_engine import CompiledEngine
from ioffe.solve.batch.lanes import Index, Lanes
from ioffe.solve.batch.numpy_engine import NumpyEngine
from ioffe.solve.batch.task import Asked
from ioffe.solve.gradient import names
from ioffe.solve.gradient.lanes import Sensitivity
from ioffe.solve.gradient.operation import Operation

Solver = CompiledEngine | NumpyEngine


def parameters(
    device: Leg | Module, conditions: Conditions, lanes: Lanes, asked_for: str | Iterable[str]
) -> tuple[str, ...]:
    """Full paths of what is to be differentiated by.

    Raises
    ------
    InputError
        For unknown names, and for tables of a material that differs from device to device.
    """
    wanted = [asked_for] if isinstance(asked_for, str) else list(asked_for)
    paths = names.full(device, conditions, wanted)
    for path in paths:
        if path.rpartition(".")[0] in lanes.materials:
            expected = "a table of a material that all devices share is expected"
            raise InputError(Fault("gradient", path, expected))
    return paths


def slopes(
    device: Leg | Module,
    conditions: Conditions,
    paths: tuple[str, ...],
    assembly: Assembly,
    asked: Asked,
    solution: Solution,
    solver: Solver,
) -> tuple[Sensitivity, dict[str, Array]]:
    """Slopes (parameters, devices) of all quantities of a solved group; its numbers are arrays."""
    sensitivity = Sensitivity(device, conditions, paths)

    def solve(drive: Drive, lanes: Index) -> Solution:
        return solver.network(assembly.network.take(lanes), drive)

    operation = Operation(sensitivity, solve, conditions, assembly.couples)
    lanes = np.arange(len(asked.drive))
    if asked.aim is None:
        found = operation.at(asked.drive, lanes, solution)
        return sensitivity, {k: v.slope[:-1] for k, v in found.items()}
    along = operation.along(asked.drive, solution.current, asked.aim, lanes)
    found = operation.at(asked.drive.at(solution.current), lanes, solution)
    return sensitivity, {k: v.moved(along).slope for k, v in found.items()}


def gradient(
    device: Leg | Module,
    conditions: Conditions,
    lanes: Lanes,
    sensitivity: Sensitivity,
    values: Mapping[str, Array],
    found: Mapping[str, Array],
) -> Gradient:
    """What users see, from slopes (parameters, devices) of the whole batch."""
    numbers: dict[str, Any] = {}
    for path in sensitivity.paths:
        given = lanes.numbers.get(path)
        numbers[path] = (
            np.asarray(names.value(device, conditions, path)) if given is None else given.reshape(lanes.shape)
        )
    derivatives = {}
    behind = partial(names.behind, device, conditions)
    for output, value in values.items():
        shaped = found[output].reshape(-1, *value.shape)
        by_path = {}
        for path, place in sensitivity.slots.items():
            table = path in sensitivity.tables
            by_path[path] = np.moveaxis(shaped[place], 0, -1) if table else shaped[place.start]
        derivatives[output] = Derivatives(output, value, by_path, numbers, behind)
    return Gradient(derivatives)
