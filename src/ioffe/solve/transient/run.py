"""A device ready to be followed through time: checked, cut into cells, and with the moments to stop at."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError
from ioffe.device.cascade import Cascade
from ioffe.device.fields import declared
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.schedule import Function
from ioffe.device.structure import legs_of, materials_of
from ioffe.device.transient import Transient
from ioffe.engine.table import PropertyTable
from ioffe.solve.assemble import Assembly, assemble
from ioffe.solve.transient import build
from ioffe.solve.transient.build import COARSER
from ioffe.solve.transient.capacity import capacities
from ioffe.solve.transient.imposed import course
from ioffe.solve.transient.march import Plan
from ioffe.solve.transient.system import System

CALLABLE_STEPS = 100
"""Fewest steps of a march whose conditions hold a callable, which may change in between."""


@dataclass(frozen=True, eq=False)
class Run:
    """A device ready to be followed through time, and followed again from any moment of it."""

    device: Leg | Module | Cascade
    conditions: Transient
    assembly: Assembly
    capacities: dict[int, PropertyTable]
    system: System
    plan: Plan
    tolerance: float


def prepare(device: Leg | Module | Cascade, conditions: Transient, fidelity: str, tolerance: float) -> Run:
    """Check the device against its conditions and cut it into cells."""
    faults = []
    if fidelity != "1d":
        faults.append(Fault("fidelity", fidelity, '"1d" is expected for a Transient'))
    if not 1e-13 <= tolerance <= 1e-3:
        faults.append(Fault("tolerance", tolerance, "a number from 1e-13 to 1e-3 is expected"))
    if isinstance(device, Cascade) and device.connection != "series":
        expected = "stages in series are expected for a Transient"
        faults.append(Fault("connection", device.connection, expected))
    if conditions.T_ambient is None and any(leg.side is not None for leg in legs_of(device)):
        expected = 'a temperature is expected, such as "300 K", for the side losses'
        faults.append(Fault("T_ambient", expected=expected))
    found: dict[int, PropertyTable] = {}
    try:
        found = capacities(materials_of(device), conditions.massless)
    except InputError as error:
        faults += error.faults
    if not found and not faults:
        expected = "at least one material with a heat capacity is expected"
        faults.append(Fault("massless", list(conditions.massless), expected))
    if faults:
        raise InputError(*faults)
    assembly = assemble(device, conditions)
    system = build.cut(assembly, conditions, found)
    return Run(device, conditions, assembly, found, system, _plan(conditions, assembly.couples), tolerance)


def _plan(conditions: Transient, couples: int) -> Plan:
    """Times that end a step: those of all schedules, merged where they differ by rounding alone."""
    end = float(conditions.duration)
    whole = course(conditions, couples)
    given = np.concatenate([[0.0, end], conditions.breaks, *(f.times for f in whole.all)])
    sorted_times = np.unique(given[given <= end])
    slack = 1e-12 * end
    stops = sorted_times[np.concatenate([[True], np.diff(sorted_times) > slack])]
    stops[-1] = end
    whole = whole.snapped(stops, slack)
    jumps = {t for f in whole.all for t in f.jumps}
    jumps |= set(stops[np.isin(stops, conditions.breaks)].tolist())
    if conditions.initial != "steady":
        jumps.discard(0.0)
    imposed = (name for name, one in declared(Transient).items() if one.imposed)
    free = any(isinstance(getattr(conditions, name), Function) for name in imposed)
    longest = conditions.max_step or (end / CALLABLE_STEPS if free else inf)
    return Plan(whole, stops, frozenset(jumps), conditions.tolerance, longest)


def shared_rows(run: Run) -> NDArray[np.intp]:
    """Points of the mesh that the one with fewer cells has too, in its order, and all nodes."""
    mesh = run.system.mesh
    found = []
    for first, last in zip(mesh.first, mesh.last, strict=True):
        found += [[first], np.arange(first + 1 + COARSER // 2, last, COARSER), [last]]
    return np.concatenate([*found, mesh.points + np.arange(run.system.nodes)])
