"""A module and its conditions as two sides and legs between them, and what cannot be computed."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.units import format_si
from ioffe.device.conditions import Reservoirs
from ioffe.device.layout import LegPlan, Rectangle
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Layer, bridging, stack_parts
from ioffe.field.electrodes import bridge, terminal
from ioffe.field.gap import GapPath, gap_path
from ioffe.field.memory import free_memory
from ioffe.field.newton import Plates
from ioffe.field.outer import FaceMap
from ioffe.field.progress import tell
from ioffe.field.response import CHUNK, PortMap
from ioffe.field.side import PlateSide, Stacks
from ioffe.field.symbols import BoxLayer
from ioffe.field.widths import PlateGrid, grids
from ioffe.solve.assemble import Assembly, leg_between_ports, table_of

Array = NDArray[np.float64]
SIDES = "hot", "cold"
CELLS, MOST_CELLS = (9.0, 90.0), 1.5e5
"""Across the narrowest leg of the finest grid, as many as a plate of `MOST_CELLS` has, within these."""
FEW = 60
"""Legs up to which a module keeps many sides."""
ALIKE = 0.02
"""Conductivities of all layers that differ by less share their plates; what that changes is in the error."""
KEPT = 40, 8
"""Sides that are kept for few and for many legs."""
SHARE_OF_MEMORY = 0.5
"""Share of the free memory that plates may take."""


class MadeSide(NamedTuple):
    """A side at conductivities of its layers, and the resistances in ohm whose heat enters its ports."""

    values: Array
    ports: PortMap
    joule: Array


@dataclass(frozen=True, eq=False)
class FieldModule:
    """What does not change with the operating point.

    Attributes
    ----------
    module : Module
    plan : LegPlan
    films : tuple of float
        Coefficients behind the hot and the cold plate in W/(m2 K), infinite for given temperatures.
    grids : dict
        Of both sides.
    gap : GapPath or None
    """

    module: Module
    plan: LegPlan
    films: tuple[float, float]
    grids: dict[str, tuple[PlateGrid, ...]]
    gap: GapPath | None
    made: dict[str, list[MadeSide]] = field(default_factory=lambda: {side: [] for side in SIDES})
    """Sides made lately, with the conductivities of their layers."""

    def plates(self, values: Array) -> tuple[Array, Plates]:
        """Both sides, for conductivities of all layers as `conductivities` orders them.

        A side that was made for conductivities within half of `ALIKE` serves again; those of the plates that
        are returned come first.
        """
        layers, start, sides = sheets(self.module, values), 0, []
        for side, film in zip(SIDES, self.films, strict=True):
            own = values[start : start + 2 * len(layers[side])]
            start += len(own)
            made = self.made[side]
            alike = (m for m in made if np.abs(np.log(own / m.values)).max(initial=0.0) <= 0.5 * ALIKE)
            one = next(alike, None)
            if one is None:
                one = MadeSide(own.copy(), *self._side(side, layers[side], film))
                made.append(one)
                del made[: -(KEPT[0] if len(self.plan.legs) <= FEW else KEPT[1])]
            sides.append(one)
        hot, cold = sides
        used = np.concatenate([hot.values, cold.values])
        return used, Plates(hot.ports, cold.ports, hot.joule, cold.joule)

    def conductivities(self, behind: Array, ports: Array, heats: Array) -> Array:
        """Conductivities of all layers at the temperatures of a solution, (cases, 2 layers).

        `behind`, `ports`, `heats` (2, cases): of the hot and the cold side: temperatures behind the films and
            means of the ports in K, and the heats in W that enter at the hot and leave at the cold face.
        """
        T: dict[str, list[Array]] = {}
        for k, side in enumerate(SIDES):
            stack, area = getattr(self.module, side), film_area(self.module, self.plan, side)
            outer = behind[k] - (1.0, -1.0)[k] * heats[k] / (self.films[k] * area)
            tables = [table_of(layer.material) for layer in stack]
            own = [
                layer.thickness / t.evaluate(t.conductivity, 0.5 * (outer + ports[k]))
                for layer, t in zip(stack, tables, strict=True)
            ]
            bonds = [layer.interface * np.ones_like(outer) for layer in stack]
            ends = np.cumsum([r + bond for r, bond in zip(own, bonds, strict=True)], axis=0)
            T[side] = [
                ports[k] + (end - 0.5 * r) / ends[-1] * (outer - ports[k])
                for r, end in zip(own, ends, strict=True)
            ]
        return conductivities(self.module, T)

    def _side(self, side: str, layers: tuple[BoxLayer, ...], film: float) -> tuple[PortMap, Array]:
        """One side, and the resistances whose heat enters each of its ports."""
        places = stack_parts(getattr(self.module, side))
        electrode, plate = (tuple(layers[i] for i in own) for own in (places.electrode, places.plate))
        maps, face = face_maps(self.module, self.plan, side), getattr(self.plan, f"{side}_plate")
        joins, found = getattr(self.plan, f"{side}_joins"), []
        for i, grid in enumerate(self.grids[side]):
            tell(f"plates of the {side} side, {i + 1} of {len(self.grids[side])} widths of cells")
            # rims are rounded to cells; the film of the whole face, and its maps, stay what they are
            own = film * _area(face) / _area(grid.plate.box)
            moved = (one and one.moved(face, grid.plate.box) for one in maps)
            stacks = Stacks(electrode, plate, own, *moved)
            found.append(
                PlateSide(grid.plate, grid.electrodes, grid.legs, joins, stacks, free=self.gap is not None)
            )
        ports = PortMap(found, self.grids[side])
        return ports, self._joule(side, electrode, ports)

    def _joule(self, side: str, electrode: Sequence[BoxLayer], ports: PortMap) -> Array:
        """Resistances in ohm whose heat enters each port of a side, those of leads at the terminals."""
        out = np.zeros(ports.ports)
        bodies = out[ports.legs :]
        joins, legs = getattr(self.plan, f"{side}_joins"), self.plan.legs
        if electrode:
            for e, (box, join) in enumerate(zip(getattr(self.plan, side), joins, strict=True)):
                bodies[e] = self._resistance(electrode, box, join)
        if side == self.plan.terminals and self.module.series_resistance:
            ends = bodies if electrode else out[: len(legs)]
            ends[0] += 0.5 * self.module.series_resistance
            ends[-1] += 0.5 * self.module.series_resistance
        return out

    def _resistance(self, electrode: Sequence[BoxLayer], box: Rectangle, join: tuple[int, ...]) -> float:
        legs = self.plan.legs
        if len(join) == 2:
            return bridge(electrode, box, legs[join[0]], legs[join[1]])
        # the lead leaves away from the neighbour
        k, other = join[0], 1 if join[0] == 0 else join[0] - 1
        apart = [legs[k][i] + legs[k][i + 1] - legs[other][i] - legs[other][i + 1] for i in (0, 2)]
        axis = int(abs(apart[1]) > abs(apart[0]))
        return terminal(electrode, box, legs[k], axis, low=apart[axis] < 0.0)


def _area(box: Rectangle) -> float:
    return (box[1] - box[0]) * (box[3] - box[2])


_MADE: dict[int, tuple[weakref.ref[Module], dict[tuple[float, float], FieldModule]]] = {}
"""What was made of the modules that are alive, by their identities and films."""


def field_module(module: Module, conditions: Reservoirs) -> FieldModule:
    """A module ready to be solved in three dimensions; made once for the same films.

    Raises `InputError` with everything that cannot be computed: stacks without a meaning, exchange of the
        outer faces with the surroundings, legs that do not fit, cells for which there is no memory.
    """
    faults = Faults()
    with faults.collect():
        check(module, conditions)
    plan = None
    with faults.collect():
        plan = module.plan
    faults.raise_if_any()
    assert plan is not None
    hot, cold = (film_of(conditions, module, plan, side) for side in SIDES)
    known = _MADE.get(id(module))
    if known is None or known[0]() is not module:
        key = id(module)
        known = _MADE[key] = weakref.ref(module, lambda _, made=_MADE: made.pop(key, None)), {}
    if (hot, cold) not in known[1]:
        known[1][hot, cold] = _made(module, plan, (hot, cold))
    return known[1][hot, cold]


def _made(module: Module, plan: LegPlan, films: tuple[float, float]) -> FieldModule:
    area = max(
        plan.columns * plan.rows * plan.pitch[0] * plan.pitch[1],
        _area(plan.hot_plate),
        _area(plan.cold_plate),
    )
    most = min(max(CELLS[0], plan.narrowest * sqrt(MOST_CELLS / area)), CELLS[1])
    _refuse_size(module, plan, most)
    carrying = {side: bool(stack_parts(getattr(module, side)).electrode) for side in SIDES}
    made = {side: grids(plan, side, most, electrodes=carrying[side]) for side in SIDES}
    return FieldModule(weakref.proxy(module), plan, films, made, gap_path(module))


def kinds_of_legs(module: Module) -> tuple[tuple[Assembly, NDArray[np.intp]], ...]:
    """Every kind of legs between its ports once, with its numbers along the current; p and n first."""
    solder = [tuple(x for x in getattr(module, side) if x.coverage == "legs") for side in SIDES]
    pair = ("p", module.p), ("n", module.n)
    differ = {} if module.layout is None else dict(module.layout.legs)
    usual = [(kind, leg, range(k, 2 * module.couples, 2)) for k, (kind, leg) in enumerate(pair)]
    found: list[tuple[str, Leg, list[int]]] = [
        (c, leg, [k for k in ks if k not in differ]) for c, leg, ks in usual
    ]
    for k, leg in differ.items():
        same = next((ks for kind, other, ks in found[2:] if other is leg), None)
        if same is None:
            found.append((leg.carrier, leg, [k]))
        else:
            same.append(k)
    return tuple(
        (leg_between_ports(leg, kind, *solder), np.array(sorted(ks), int)) for kind, leg, ks in found if ks
    )


def check(module: Module, conditions: Reservoirs) -> None:
    """Refuse stacks and conditions that have no meaning here, all at once."""
    faults = Faults()
    check_stacks(module, faults)
    for side in SIDES:
        check_face(faults, module, conditions, side)
        for kind in ("convection", "emissivity"):
            value = getattr(conditions, f"{side}_{kind}")
            if np.any(value):
                expected = "nothing is expected at fidelity 3d: outer faces meet their reservoirs alone"
                faults.add(f"{side}_{kind}", value, expected)
    faults.raise_if_any()


def left_out(module: Module) -> list[str]:
    """What no part of a module does that a real one has: legs as long as their gap, electrodes.

    >>> p, n = (Leg(f"generic {k} cooler leg", "1.6 mm", "1.4 mm x 1.4 mm") for k in "pn")
    >>> left_out(Module(p, n, fill_factor=0.3))[0]
    'no electrode on the hot and cold side: the current passes from leg to leg without resistance'
    """
    legs = module.p, module.n, *(leg for _, leg in (module.layout.legs if module.layout else ()))
    lengths = sorted({round(leg.length, 9) for leg in legs})
    found = []
    if len(lengths) > 1:
        words = ", ".join(format_si(length, "length") for length in lengths)
        found.append(f"legs of {words} stand between flat plates; what fills the rest is left out")
    bare = " and ".join(side for side in SIDES if not bridging(getattr(module, side)))
    if bare:
        words = f"no electrode on the {bare} side"
        found.append(f"{words}: the current passes from leg to leg without resistance")
    return found


def check_stacks(module: Module, faults: Faults) -> None:
    """Note layers whose place has no meaning in three dimensions."""
    for side in SIDES:
        layers: tuple[Layer, ...] = getattr(module, side)
        places = stack_parts(layers)
        solder_ends = False
        for i, layer in enumerate(layers):
            where = f"{side}[{i}].coverage"
            if layer.coverage == "legs" and solder_ends:
                expected = "layers over the legs alone are expected next to the legs in three dimensions"
                faults.add(where, layer.coverage, expected, "list it before the electrode")
            solder_ends = solder_ends or layer.coverage != "legs"
            if layer.coverage == "electrodes" and i in places.plate:
                expected = '"footprint" is expected outside of the first insulator in three dimensions'
                faults.add(where, layer.coverage, expected)


def check_face(faults: Faults, module: Module, conditions: Reservoirs, side: str) -> None:
    """Note what is said of an outer face that is not there, or has no film."""
    kinds = ("plate", "patch", "flux", "film") if not stack_parts(getattr(module, side)).plate else ()
    for kind in kinds:
        if getattr(module.layout, f"{side}_{kind}", None):
            expected = "a plate is expected behind it: a layer from the first insulator on"
            faults.add(f"layout.{side}_{kind}", expected=expected)
    given = f"{side}_film"
    if getattr(module.layout, given, None) and not conditions.resistance(side, 1.0):
        expected = (
            f"a coefficient to spread is expected: {side}_heat_transfer_coefficient or {side}_resistance"
        )
        faults.add(f"layout.{given}", expected=expected)


def face_maps(module: Module, plan: LegPlan, side: str) -> tuple[FaceMap | None, FaceMap | None]:
    """How heat, and how the film, is spread over an outer face, where it is not even."""
    layout = module.layout
    if layout is None:
        return None, None
    patch, plate = getattr(layout, f"{side}_patch"), getattr(plan, f"{side}_plate")
    flux, film = getattr(layout, f"{side}_flux"), getattr(layout, f"{side}_film")
    spread = FaceMap((patch,), (1.0,)) if patch else flux and FaceMap.of_rows(plate, flux)
    return spread, film and FaceMap.of_rows(plate, film)


def film_area(module: Module, plan: LegPlan, side: str) -> float:
    """Area in m2 of a plate, or over which its heat leaves."""
    spread, face = face_maps(module, plan, side)[0], getattr(plan, f"{side}_plate")
    return spread.area if spread else _area(face)


def film_of(conditions: Reservoirs, module: Module, plan: LegPlan, side: str) -> float:
    """Coefficient behind a plate, or where its heat leaves; a resistance is one over that area."""
    area = film_area(module, plan, side)
    resistance = conditions.resistance(side, area)
    return 1.0 / (resistance * area) if resistance else np.inf


def _refuse_size(module: Module, plan: LegPlan, most: float) -> None:
    """Refuse a module whose cells would not fit into the memory, before anything is made."""
    cells = 0.0
    for plate in (plan.hot_plate, plan.cold_plate):
        cells += 2.2 * _area(plate) * (most / plan.narrowest) ** 2
    ports = 2 * module.couples
    # symbols and overlaps stay; a chunk of right-hand sides passes; the basis grows to at most all ports
    needed = 8.0 * (20.0 * cells + 10.0 * CHUNK * cells / 4.0) + 8.0 * 3.0 * 2.0 * (1.5 * ports) ** 2
    free = free_memory()
    if needed > SHARE_OF_MEMORY * free:
        expected = (
            f"a module whose plates fit into {SHARE_OF_MEMORY * free / 1e9:.1f} GB of memory is expected"
        )
        advice = f"about {needed / 1e9:.1f} GB are needed; solve a part of the module, or fidelity 1d"
        raise InputError(Fault("couples", module.couples, expected, advice))


def conductivities(module: Module, T: dict[str, list[Array]]) -> Array:
    """Thermal and electrical conductivity of all layers at their mean temperatures, (cases, 2 layers)."""
    columns = []
    for side in SIDES:
        for layer, means in zip(getattr(module, side), T[side], strict=True):
            table = table_of(layer.material)
            columns.append(table.evaluate(table.conductivity, means))
            electrical = layer.material.electrical
            columns.append(np.ones_like(means) if electrical is None else 1.0 / table.resistivity(means))
    n = len(next(iter([*T["hot"], *T["cold"]]), [0]))
    return np.array(columns).T if columns else np.zeros((n, 0))


def sheets(module: Module, values: Array) -> dict[str, tuple[BoxLayer, ...]]:
    """Layers of both sides with conductivities as `conductivities` orders them."""
    out, k = {}, 0
    for side in SIDES:
        made = []
        for layer in getattr(module, side):
            electrical = 0.0 if layer.material.electrical is None else float(values[k + 1])
            made.append(BoxLayer(float(values[k]), layer.thickness, electrical, layer.interface))
            k += 2
        out[side] = tuple(made)
    return out
