"""Solve a batch: split it into groups that share their materials and topology, solve, collect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.base.quantities import quantity
from ioffe.base.status import Status
from ioffe.device.conditions import SWEEP, Array, Conditions, Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import materials, meant, quantity_of, varied
from ioffe.engine import compiled
from ioffe.engine.network import Solution
from ioffe.engine.state import RUNAWAY
from ioffe.material.material import Material
from ioffe.result.batch import BatchResult
from ioffe.result.gradient import Gradient
from ioffe.solve.assemble import Assembly, assemble
from ioffe.solve.batch.compiled_engine import CompiledEngine
from ioffe.solve.batch.gradient import Solver, parameters, slopes
from ioffe.solve.batch.gradient import gradient as gradient_of
from ioffe.solve.batch.lanes import Index, Lanes, read
from ioffe.solve.batch.numpy_engine import NumpyEngine
from ioffe.solve.batch.task import Asked, asked, settled
from ioffe.solve.interfaces import interface_temperatures
from ioffe.solve.steady import ROUNDING, check, interpolations, quantities

CHUNK = 50_000
"""Devices solved at once, to bound the memory."""
FINE = 1e-9
"""Tolerance under derivatives: those of an aim are differences of exact derivatives."""
FEW = 300
"""Fewer devices than this do not wait until compiled code is loaded."""
Engine = Literal["auto", "compiled", "numpy"]
ENGINES = ("auto", "compiled", "numpy")


def solve_batch(
    device: Leg | Module,
    conditions: Conditions,
    vary: Mapping[str, Any],
    *,
    tolerance: float = 1e-6,
    gradient: str | Iterable[str] = (),
    engine: Engine = "auto",
    threads: int | None = None,
    interfaces: bool = False,
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
    gradient
        Paths of numbers, or of tables such as ``"p.material.seebeck"``, to differentiate every quantity by:
        ``batch.gradient["efficiency"]["length"]``.
    engine
        ``"compiled"`` (needs numba: ``pip install "ioffe[fast]"``; the first use ever compiles for about a
        minute), ``"numpy"``, or ``"auto"``: compiled for 300 devices and more where numba is installed.
    threads
        Number of threads of the compiled engine; by default all processors.
    interfaces
        Whether the temperature of every interface of the legs is wanted, in
        ``batch.interface_temperatures["p.contact_hot"]``.

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
    if not isinstance(device, Leg | Module):
        raise InputError(Fault("device", type(device).__name__, "a Leg or a Module is expected in a batch"))
    check(device, conditions, "1d", tolerance)
    lanes = read(device, conditions, vary)
    first = {path: meant(device, conditions, path)[0] for path in vary}
    conditions = settled(conditions, lanes)
    paths = parameters(device, conditions, lanes, gradient)
    finer = min(tolerance, FINE) if paths else tolerance
    solver = _engine(engine, len(lanes), finer, threads, states=bool(paths))
    out = _run(device, conditions, lanes, solver, paths, interfaces=interfaces)
    values = out.shaped()
    numbers = {path: full for path, full in first.items() if full in lanes.numbers}
    return BatchResult(
        values=values,
        point_status=out.status.reshape(out.lanes.shape),
        point_energy_balance=out.balance.reshape(out.lanes.shape),
        point_error_estimate=out.error.reshape(out.lanes.shape),
        varied={path: lanes.given(full) for path, full in first.items()},
        units={path: quantity(quantity_of(full, conditions)).unit for path, full in numbers.items()},
        derivatives=out.gradient(device, conditions, values) if paths else None,
        interpolation=interpolations(_used(device, lanes)),
        device=device,
        conditions=conditions,
        engine=solver.name,
        tolerance=tolerance,
        interface_temperatures=out.interface_temperatures(),
    )


def _used(device: Leg | Module, lanes: Lanes) -> tuple[Material, ...]:
    """The materials of all legs: those that are varied, and the others of the device."""
    varied_here = [m for kinds, _ in lanes.materials.values() for m in kinds]
    others = [m for path, m in materials(device).items() if path not in lanes.materials and _in_leg(path)]
    return tuple({id(m): m for m in (*varied_here, *others)}.values())


def _in_leg(path: str) -> bool:
    return not path.startswith(("hot[", "cold["))


def _run(
    device: Leg | Module,
    conditions: Conditions,
    lanes: Lanes,
    solver: Solver,
    paths: tuple[str, ...] = (),
    aim: str | None = None,
    interfaces: bool = False,
) -> _Collector:
    """Solve all devices; `aim` takes the place of the one in the conditions."""
    if aim is None and "sweep" in (conditions.current, getattr(conditions, "load", None)):
        return _sweep(device, conditions, lanes, solver, paths, interfaces)
    out = _Collector(lanes, isinstance(conditions, Generator))
    for portion in _portions(device, conditions, lanes):
        groups = [g if aim is None else replace(g, asked=replace(g.asked, aim=aim)) for g in portion]
        solutions = solver.solve([(g.assembly, g.asked) for g in groups])
        for group, solution in zip(groups, solutions, strict=True):
            out.add(group.lanes, group.assembly, solution)
            if interfaces:
                out.add_interfaces(group, solution)
            if paths:
                out.add_slopes(group, paths, solution, solver)
    return out


def _sweep(
    device: Leg | Module,
    conditions: Conditions,
    lanes: Lanes,
    solver: Solver,
    paths: tuple[str, ...],
    interfaces: bool,
) -> _Collector:
    """Currents from zero to the short circuit, or to 1.5 times that of the largest heat, on a last axis."""
    if paths:
        raise InputError(Fault("gradient", expected="one operating point is expected, not a sweep"))
    generates = isinstance(conditions, Generator)
    ends = _run(device, conditions, lanes, solver, aim="short_circuit" if generates else "max_heat")
    largest = ends.values["current"] * (1.0 if generates else 1.5)
    wide = lanes.repeated(len(SWEEP)).with_number("current", (largest[:, None] * SWEEP).ravel())
    fixed = {"current": 0.0} | ({"load": None} if generates else {})
    return _run(device, conditions.replace(**fixed), wide, solver, interfaces=interfaces)


@dataclass(frozen=True, eq=False)
class _Group:
    """Devices that share materials and topology."""

    lanes: Index
    device: Leg | Module
    """The device whose numbers are arrays; likewise the conditions."""
    conditions: Conditions
    assembly: Assembly
    asked: Asked


def _portions(device: Leg | Module, conditions: Conditions, lanes: Lanes) -> Iterator[list[_Group]]:
    """Groups of one topology, together about as many devices as are solved at once."""
    for kind in lanes.kinds():
        portion: list[_Group] = []
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


def _group(device: Leg | Module, conditions: Conditions, lanes: Lanes, index: Index) -> _Group:
    changed, there = varied(device, conditions, lanes.changes(index))
    assembly = assemble(changed, there)
    return _Group(index, changed, there, assembly, asked(conditions, there, index, assembly.couples))


def _engine(name: str, count: int, tolerance: float, threads: int | None, states: bool) -> Solver:
    if name not in ENGINES:
        words = " or ".join(f'"{word}"' for word in ENGINES)
        raise InputError(Fault("engine", name, f"{words} is expected", did_you_mean(name, ENGINES)))
    if name == "compiled" and not compiled.available():
        raise InputError(
            Fault("engine", name, "numba is expected to be installed", 'pip install "ioffe[fast]"')
        )
    if name == "compiled" or (name == "auto" and count >= FEW and compiled.available()):
        return CompiledEngine(tolerance, threads, states)
    return NumpyEngine(tolerance)


class _Collector:
    """Arrays of the whole batch, filled group by group."""

    def __init__(self, lanes: Lanes, generates: bool) -> None:
        n = len(lanes)
        self.lanes, self.generates = lanes, generates
        self.values: dict[str, Array] = {}
        self.slopes: dict[str, Array] = {}
        self.sensitivity: Any = None
        self.interfaces: dict[str, Array] = {}
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

    def add_interfaces(self, group: _Group, solution: Solution) -> None:
        found = interface_temperatures(group.device, group.assembly, solution.T)
        for name, T in found.items():
            if name not in self.interfaces:
                self.interfaces[name] = np.full(len(self.status), np.nan)
            self.interfaces[name][group.lanes] = np.where(solution.code >= RUNAWAY, np.nan, T)

    def interface_temperatures(self) -> dict[str, Array]:
        return {k: v.reshape(self.lanes.shape) for k, v in self.interfaces.items()}

    def add_slopes(self, group: _Group, paths: tuple[str, ...], solution: Solution, solver: Solver) -> None:
        self.sensitivity, found = slopes(
            group.device, group.conditions, paths, group.assembly, group.asked, solution, solver
        )
        for name, values in found.items():
            if name not in self.slopes:
                self.slopes[name] = np.full((len(values), len(self.status)), np.nan)
            self.slopes[name][:, group.lanes] = np.where(solution.code >= RUNAWAY, np.nan, values)

    def gradient(self, device: Leg | Module, conditions: Conditions, values: Mapping[str, Array]) -> Gradient:
        return gradient_of(device, conditions, self.lanes, self.sensitivity, values, self.slopes)

    def shaped(self) -> dict[str, Array]:
        return {k: v.reshape(self.lanes.shape) for k, v in self.values.items()}
