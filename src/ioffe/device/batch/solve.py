"""Solve a batch: split it into groups that share their materials and topology, solve, collect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.device.assemble import Assembly, assemble
from ioffe.device.batch.lanes import Index, Lanes, read
from ioffe.device.batch.numpy_engine import NumpyEngine
from ioffe.device.batch.result import BatchResult
from ioffe.device.batch.task import Asked, asked, settled
from ioffe.device.conditions import SWEEP, Conditions, Generator
from ioffe.device.engine.network import Solution
from ioffe.device.engine.state import RUNAWAY
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import varied
from ioffe.device.solve import ROUNDING, check, interpolations, legs_of, quantities
from ioffe.device.status import Status

CHUNK = 50_000
"""Devices solved at once, to bound the memory."""
Engine = Literal["auto", "numpy"]
ENGINES = ("auto", "numpy")


def solve_batch(
    device: Leg | Module,
    conditions: Conditions,
    vary: Mapping[str, Any],
    *,
    tolerance: float = 1e-6,
    engine: Engine = "auto",
) -> BatchResult:
    """Solve many devices that differ from one another in some of their numbers, materials and conditions.

    Parameters
    ----------
    device
        `Leg` or `Module`; what is not varied is the same in all devices.
    conditions
        `Generator` or `Cooler` for one operating point: numbers, or an aim such as ``"max_efficiency"``,
        ``"max_COP"``; ``"sweep"`` adds a last axis of 61 currents.
    vary
        Arrays by the path of a number of the device or of its conditions: ``"length"``, ``"p.area"``,
        ``"legs.contact.electrical"``, ``"segments[0].length"``, ``"T_hot"``, ``"current"``; for the path
        of a material (``"p.material"``) a list of materials or of their names. SI, or text with units.
        The arrays broadcast against one another.
    tolerance
        Relative error of the heat flows that is aimed at, 1e-11 to 1e-3.
    engine
        ``"numpy"``, or ``"auto"``, which is the same.

    Returns
    -------
    BatchResult
        Arrays of the broadcast shape, a status, the energy balance and an error estimate for each device.

    Raises
    ------
    InputError
        With every fault of the varied values and its place.

    Examples
    --------
    >>> import numpy as np
    >>> from ioffe import Generator, Leg
    >>> leg = Leg("Bi0.42Sb1.58Te3", length="2 mm", area="2 mm2")
    >>> batch = solve_batch(
    ...     leg,
    ...     Generator(T_hot=450, T_cold=300, current="max_power"),
    ...     {"length": [1e-3, 2e-3, 4e-3], "contact.electrical": "5 uohm cm2"},
    ... )
    >>> bool(np.all(np.diff(batch.efficiency) > 0))
    True
    """
    check(device, conditions, "1d", tolerance)
    lanes = read(device, conditions, vary)
    conditions = settled(conditions, lanes)
    solver = _engine(engine, tolerance)
    out = _run(device, conditions, lanes, solver)
    materials = [m for kinds, _ in lanes.materials.values() for m in kinds]
    fixed = [s.material for leg in legs_of(device) for s in leg.segments] if not materials else []
    return BatchResult(
        values=out.shaped(),
        status=out.status.reshape(out.shape),
        balance=out.balance.reshape(out.shape),
        error_estimate=out.error.reshape(out.shape),
        varied=dict(vary),
        gradient=None,
        interpolation=interpolations((*materials, *fixed)),
        warnings=(),
        device=device,
        conditions=conditions,
        engine=solver.name,
        tolerance=tolerance,
    )


def _run(
    device: Leg | Module, conditions: Conditions, lanes: Lanes, solver: NumpyEngine, aim: str | None = None
) -> _Collector:
    """Solve all devices; `aim` takes the place of the one in the conditions."""
    if aim is None and "sweep" in (conditions.current, getattr(conditions, "load", None)):
        return _sweep(device, conditions, lanes, solver)
    out = _Collector(lanes, isinstance(conditions, Generator))
    for batch in _portions(device, conditions, lanes):
        groups = [(assembly, task if aim is None else replace(task, aim=aim)) for _, assembly, task in batch]
        for (index, assembly, _), solution in zip(batch, solver.solve(groups), strict=True):
            out.add(index, assembly, solution)
    return out


def _sweep(device: Leg | Module, conditions: Conditions, lanes: Lanes, solver: NumpyEngine) -> _Collector:
    """Currents from zero to the short circuit, or to 1.5 times that of the largest heat, on a last axis."""
    generates = isinstance(conditions, Generator)
    ends = _run(device, conditions, lanes, solver, "short_circuit" if generates else "max_heat")
    largest = ends.values["current"] * (1.0 if generates else 1.5)
    wide = lanes.repeated(len(SWEEP)).with_number("current", (largest[:, None] * SWEEP).ravel())
    fixed = {"current": 0.0} | ({"load": None} if generates else {})
    return _run(device, conditions.replace(**fixed), wide, solver)


Group = tuple[Index, Assembly, Asked]


def _portions(device: Leg | Module, conditions: Conditions, lanes: Lanes) -> Iterator[list[Group]]:
    """Groups of one topology, together about as many devices as are solved at once."""
    for kind in lanes.kinds():
        portion: list[Group] = []
        size = 0
        for group in lanes.groups(kind):
            for start in range(0, len(group), CHUNK):
                index = group[start : start + CHUNK]
                portion.append(_group(device, conditions, lanes, index))
                size += len(index)
                if size >= CHUNK:
                    yield portion
                    portion, size = [], 0
        if portion:
            yield portion


def _group(device: Leg | Module, conditions: Conditions, lanes: Lanes, index: Index) -> Group:
    changed, drive = varied(device, conditions, lanes.changes(index))
    assembly = assemble(changed, drive)
    return index, assembly, asked(conditions, drive, index, assembly.couples)


def _engine(name: str, tolerance: float) -> NumpyEngine:
    if name not in ENGINES:
        words = " or ".join(f'"{word}"' for word in ENGINES)
        raise InputError(Fault("engine", name, f"{words} is expected", did_you_mean(name, ENGINES)))
    return NumpyEngine(tolerance)


class _Collector:
    """Arrays of the whole batch, filled group by group."""

    def __init__(self, lanes: Lanes, generates: bool) -> None:
        n = len(lanes)
        self.shape, self.generates = lanes.shape, generates
        self.values: dict[str, Any] = {}
        self.status = np.full(n, Status.NOT_CONVERGED, np.uint8)
        self.balance, self.error = np.full(n, np.nan), np.full(n, np.nan)

    def add(self, index: Index, assembly: Assembly, s: Solution) -> None:
        bad = s.code >= RUNAWAY
        for name, values in quantities(assembly, s, self.generates).items():
            if name not in self.values:
                self.values[name] = np.full(len(self.status), np.nan)
            self.values[name][index] = np.where(bad, np.nan, values)
        with np.errstate(all="ignore"):
            error = s.error / np.maximum(np.abs(s.heat_hot), np.abs(s.heat_cold)) + ROUNDING
        self.status[index] = s.code
        self.balance[index] = np.where(bad, np.nan, s.balance)
        self.error[index] = np.where(bad, np.nan, error)

    def shaped(self) -> dict[str, Any]:
        return {k: v.reshape(self.shape) for k, v in self.values.items()}
