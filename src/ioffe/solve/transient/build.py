"""A device ready to be followed through time: checked, its heat capacities, its cells, moments to stop at."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from ioffe.base.curve import Curve
from ioffe.base.errors import Faults, did_you_mean
from ioffe.device.cascade import Cascade, Device, materials_of
from ioffe.device.fields import declared
from ioffe.device.schedule import Function
from ioffe.device.transient import Transient
from ioffe.engine.elements import Plate
from ioffe.engine.table import PropertyTable, pack
from ioffe.material.material import Material
from ioffe.solve.assemble import Assembly, assemble
from ioffe.solve.profile import element_of
from ioffe.solve.task import check_options, check_surroundings
from ioffe.solve.transient import flux, mesh
from ioffe.solve.transient.march import Plan
from ioffe.solve.transient.mesh import Chain
from ioffe.solve.transient.system import CellSystem, course, lump

_NONE = np.array([1.0, 2.0]), np.array([[0.0, 0.0, 0.0, 0.0]])


def capacities(materials: list[Material], massless: tuple[str, ...]) -> dict[int, PropertyTable]:
    """Heat capacity by volume of every material that is not massless, by the `id` of the material.

    A table holds it in J/(m3 K) in the place of the thermal conductivity. Beyond the range of a curve its
    end value is held.

    Raises `InputError` naming every material that lacks its density or heat capacity, and every name in
        `massless` that is no material of the device.
    """
    faults = Faults()
    names = [m.name for m in materials]
    for k, name in enumerate(massless):
        if name not in names:
            expected = "the name of a material of the device is expected"
            faults.add(f"massless[{k}]", name, expected, did_you_mean(name, names))
    found = {}
    for m in materials:
        if m.name in massless:
            continue
        missing = [what for what in ("density", "heat_capacity") if getattr(m, what) is None]
        if missing:
            advice = f'to neglect its heat capacity: massless=["{m.name}"]'
            faults.add(f'material "{m.name}"', expected=_expectation(missing), advice=advice)
            continue
        found[id(m)] = _table(m)
    faults.raise_if_any()
    return found


def _table(material: Material) -> PropertyTable:
    density, heat = material.density, material.heat_capacity
    assert density is not None
    assert heat is not None
    if isinstance(heat, Curve):
        cells = heat.knots, heat.cells * density
        held = heat.extrapolation == "hold"
        limits = (-np.inf, np.inf) if held else heat.range
    else:
        cells = np.array([1.0, 2.0]), np.array([[heat * density, 0.0, 0.0, 0.0]])
        limits = -np.inf, np.inf
    return pack(_NONE, _NONE, cells, resistivity=True, limits=limits)


def _expectation(missing: list[str]) -> str:
    examples = {"density": 'density="7.7 g/cm3"', "heat_capacity": 'heat_capacity="160 J/(kg K)"'}
    return (
        f"a {' and a '.join(missing)} {'are' if len(missing) > 1 else 'is'} expected, "
        f"such as material.replace({', '.join(examples[what] for what in missing)})"
    )


COARSER = 3
"""The error of the mesh is estimated with so many times fewer cells, which have every third of the points."""
FEWEST = 12
"""Cells of the shortest segment and the thinnest layer."""
LAYER_SHARE = 10
"""A layer takes one in so many of the cells of a leg: it conducts heat, and no more."""


def cut(
    assembly: Assembly, conditions: Transient, capacities: dict[int, PropertyTable], coarser: int = 1
) -> CellSystem:
    """Cut the network of an assembly into cells, one chain for each of its pieces.

    `assembly`, `conditions`: the network of one couple, and what holds for it.
    `capacities`: heat capacity by volume of materials by their `id`; those that are missing store no heat.
    `coarser`: divides the number of cells.
    """
    network = assembly.network
    chains = []
    for piece, n in zip(assembly.pieces, _cells(assembly, conditions.cells), strict=True):
        capacity = capacities.get(id(piece.material))
        chains.append(Chain(element_of(assembly, piece), capacity, n // coarser))
    cut = {id(c.element) for c in chains}
    masses = np.zeros(network.nodes)
    for side, outer in (("hot", network.hot), ("cold", network.cold)):
        mass = getattr(conditions, f"{side}_mass") / assembly.couples
        behind = getattr(conditions, f"T_{side}") is not None and mass
        masses[_face(assembly, outer) if behind else outer] += mass
    fixed = np.zeros(network.nodes, bool)
    fixed[network.hot] = conditions.T_hot is not None
    fixed[network.cold] = conditions.T_cold is not None
    if network.ambient >= 0:
        fixed[network.ambient] = True
    tables = [(c.table, c.capacity) for c in chains]
    return CellSystem(
        mesh=mesh.make(tuple(chains)),
        properties=flux.stack(tables, [c.cells + 2 for c in chains]),
        lumped=lump(network.nodes, [e for e in network.passive if id(e) not in cut], network.joule),
        masses=masses,
        heavy=np.array([c.capacity is not None for c in chains]),
        hot=network.hot,
        cold=network.cold,
        ambient=network.ambient,
        fixed=fixed,
        free_current=conditions.current is None,
    )


def face(assembly: Assembly, conditions: Transient, side: str) -> int:
    """Node of the outer face of the device at one side, behind the resistance to its reservoir."""
    outer = assembly.network.hot if side == "hot" else assembly.network.cold
    return _face(assembly, outer) if conditions.resistance(side, assembly.footprint) else outer


def _face(assembly: Assembly, outer: int) -> int:
    """Node at the other end of the reservoir's resistance."""
    link = next(e for e in assembly.network.passive if outer in (e.a, e.b))
    return link.b if link.a == outer else link.a


def _cells(assembly: Assembly, along_leg: int) -> list[int]:
    """Cells of each piece: a leg's are shared by its segments according to their lengths."""
    lengths: dict[tuple[int, str], float] = {}
    for p in assembly.pieces:
        at = p.stage, p.part
        lengths[at] = lengths.get(at, 0.0) + p.length
    found = []
    for p in assembly.pieces:
        layer = isinstance(p.element, Plate)
        share = 1.0 / LAYER_SHARE if layer else p.length / lengths[p.stage, p.part]
        found.append(COARSER * round(max(FEWEST, along_leg * share) / COARSER))
    return found


CALLABLE_STEPS = 100
"""Fewest steps of a march whose conditions hold a callable, which may change in between."""


@dataclass(frozen=True, eq=False)
class TransientRun:
    """A device ready to be followed through time, and followed again from any moment of it."""

    device: Device
    conditions: Transient
    assembly: Assembly
    capacities: dict[int, PropertyTable]
    system: CellSystem
    plan: Plan
    tolerance: float


def prepare(device: Device, conditions: Transient, fidelity: str, tolerance: float) -> TransientRun:
    """Check the device against its conditions and cut it into cells."""
    faults = Faults()
    check_options(faults, fidelity, tolerance, ("1d",), " for a Transient")
    if isinstance(device, Cascade) and device.connection != "series":
        faults.add("connection", device.connection, "stages in series are expected for a Transient")
    check_surroundings(faults, device, conditions.T_ambient)
    found: dict[int, PropertyTable] = {}
    with faults.collect():
        found = capacities(materials_of(device), conditions.massless)
    if not found and not faults:
        expected = "at least one material with a heat capacity is expected"
        faults.add("massless", list(conditions.massless), expected)
    faults.raise_if_any()
    assembly = assemble(device, conditions)
    system = cut(assembly, conditions, found)
    return TransientRun(
        device, conditions, assembly, found, system, _plan(conditions, assembly.couples), tolerance
    )


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


def shared_rows(run: TransientRun) -> NDArray[np.intp]:
    """Points of the mesh that the one with fewer cells has too, in its order, and all nodes."""
    mesh = run.system.mesh
    found = []
    for first, last in zip(mesh.first, mesh.last, strict=True):
        found += [[first], np.arange(first + 1 + COARSER // 2, last, COARSER), [last]]
    return np.concatenate([*found, mesh.points + np.arange(run.system.nodes)])
