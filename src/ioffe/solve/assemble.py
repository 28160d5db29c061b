"""From a leg, a module or a cascade to the engine's network.

A leg or a module becomes the network of one leg or one couple, a cascade that of the whole device with the
couples of each stage counted. The numbers of a device may be arrays over cases (see `parameters.varied`);
whether an element exists is then decided for all cases together.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from functools import reduce
from math import ceil, inf
from typing import Any

import numpy as np

from ioffe.base.arrays import larger
from ioffe.base.constants import STEFAN_BOLTZMANN
from ioffe.base.curve import Curve
from ioffe.device.cascade import Cascade, Device
from ioffe.device.conditions import EXPOSURE, Reservoirs
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import MaterialChoice
from ioffe.device.parts import COVERAGES, Contact, Layer, Segment, bridging
from ioffe.engine.circuits import CircuitElements, shared
from ioffe.engine.elements import Exchange, Joule, Jump, Link, Passive, Plate, Sheet, Source
from ioffe.engine.network import Network
from ioffe.engine.table import PropertyTable, TableChoice, pack
from ioffe.engine.thermoelement import Thermoelement
from ioffe.material.material import Material

FIN_LIMIT = 2.0
"""Largest length of a piece of a leg in units of its fin length sqrt(kappa area/(h perimeter))."""

_TABLES: dict[int, tuple[weakref.ref[Material], PropertyTable]] = {}
"""Tables of the materials that are alive, by their identities."""


@dataclass(frozen=True)
class Piece:
    """Which part of the device an element of the network is, from hot to cold."""

    material: Material
    part: str
    """``"p"`` or ``"n"`` for a leg's segment, ``"both"`` for a layer of the module."""
    length: float
    element: Thermoelement | Plate
    leg_index: int = -1
    """Index of the element among the network's legs, -1 for a layer."""
    resistance_before: float = 0.0
    """Electrical resistance in ohm of the contact in front of it."""
    stage: int = 0
    """Stage of a cascade that it belongs to; layers between two stages count to the hotter one."""
    segment: int = 0
    """Segment of its leg."""

    @property
    def name(self) -> str:
        """Name of its material."""
        return self.material.name


@dataclass(frozen=True)
class Stage:
    """The elements of the network that make one stage of a cascade."""

    hot: int
    """Node of its outer hot face."""
    cold: int
    circuit: CircuitElements
    hot_junction: int
    cold_junction: int


@dataclass(frozen=True, eq=False)
class Assembly:
    """The network of one couple, a single leg or a cascade, and which parts its elements are."""

    network: Network
    couples: int
    footprint: float
    pieces: tuple[Piece, ...]
    hot_junction: int
    cold_junction: int
    materials: tuple[Material, ...]
    """Material of each of the network's legs."""
    stages: tuple[Stage, ...] = ()
    """Stages of a cascade, from the hot side; none for a leg or a module."""


class NetworkBuilder:
    """The elements of a network and their positions in the device, collected from hot to cold."""

    def __init__(self, keep_zero: bool, jumps: bool = False) -> None:
        self.keep_zero = keep_zero
        self.jumps: list[Jump] | None = [] if jumps else None
        self.nodes = 0
        self.legs: list[Thermoelement] = []
        self.materials: list[Material] = []
        self.passive: list[Passive] = []
        self.joule: list[Source] = []
        self.pieces: list[Piece] = []
        self.couples: float = 1.0
        """Equal couples that the elements represent."""
        self.stage = 0
        self.exposed: list[tuple[type[Link | Exchange], int, Any]] = []

    def node(self) -> int:
        """The number of a new node."""
        self.nodes += 1
        return self.nodes - 1

    def link(self, a: int, resistance: float, b: int | None = None) -> int:
        """Node behind a thermal resistance in K/W; the same node if there is none."""
        if self.jumps is None and not np.any(resistance):
            return a
        b = self.node() if b is None else b
        self.resist(a, b, resistance)
        return b

    def resist(self, a: int, b: int, resistance: Any, joule: Any = 0.0) -> None:
        """A thermal resistance between two nodes, half of its Joule heat released at each."""
        if self.jumps is None:
            self.passive.append(Link(a, b, 1.0 / resistance, joule=joule))
        else:
            self.passive.append(Link(a, b, 0.0, joule=joule))
            self.jumps.append(Jump(a, b, resistance))

    def bond(self, layer: Layer, inner: int, area: Any, *, outwards: bool) -> int:
        """The interface of a layer towards the legs, if there is one; returns the node inside of it."""
        if self.jumps is None and not np.any(layer.interface):
            return inner
        new = self.node()
        self.resist(*((new, inner) if outwards else (inner, new)), layer.interface / area)
        return new

    def expose(self, conditions: Reservoirs, side: str, face: int, area: Any) -> None:
        """Exchange of an outer face with the surroundings by convection and radiation."""
        convection, emissivity = (getattr(conditions, f"{side}_{kind}") for kind in EXPOSURE)
        always = self.keep_zero and conditions.T_ambient is not None
        if always or np.any(convection):
            self.exposed.append((Link, face, convection * area))
        if always or np.any(emissivity):
            self.exposed.append((Exchange, face, emissivity * STEFAN_BOLTZMANN * area))

    def network(self, hot: int, cold: int) -> Network:
        """Everything made so far, between two nodes."""
        # the surroundings are the last node, so that those of the device keep their numbers without them
        ambient = self.node() if self.exposed else -1
        passive = (*self.passive, *(kind(face, ambient, number) for kind, face, number in self.exposed))
        elements = tuple(self.legs), passive, tuple(self.joule), tuple(self.jumps or ())
        return Network(self.nodes, hot, cold, *elements, ambient=ambient)


def assemble(
    device: Device, conditions: Reservoirs, *, keep_zero: bool = False, jumps: bool = False
) -> Assembly:
    """Network under the reservoirs of the conditions; node 0 is hot, node 1 cold.

    With `keep_zero`, electrical resistances of zero get an element too, so that there is something to
    differentiate. With `jumps`, the thermal resistances of contacts and reservoirs are `Network.jumps`, those
    of zero too; such a network is differentiated, not solved.
    """
    if isinstance(device, Cascade):
        return _cascade(device, conditions, NetworkBuilder(keep_zero, jumps))
    couples = device.couples if isinstance(device, Module) else 1
    footprint = device.footprint if isinstance(device, Module) else device.area
    b = NetworkBuilder(keep_zero, jumps)
    ends = hot, cold = b.node(), b.node()
    hot = b.link(hot, conditions.resistance("hot", footprint) * couples)
    cold = b.link(cold, conditions.resistance("cold", footprint) * couples)
    b.expose(conditions, "hot", hot, footprint / couples)
    b.expose(conditions, "cold", cold, footprint / couples)
    if isinstance(device, Module):
        hot, cold = _couples(b, device, hot, cold)
    else:
        _leg(b, device, device.carrier, hot, cold)
    return Assembly(b.network(*ends), couples, footprint, tuple(b.pieces), hot, cold, tuple(b.materials))


def _cascade(cascade: Cascade, conditions: Reservoirs, b: NetworkBuilder) -> Assembly:
    """All stages with all their couples, one behind the other."""
    ends = here, end = b.node(), b.node()
    here = b.link(here, conditions.resistance("hot", cascade.stages[0].footprint))
    end = b.link(end, conditions.resistance("cold", cascade.stages[-1].footprint))
    b.expose(conditions, "hot", here, cascade.stages[0].footprint)
    b.expose(conditions, "cold", end, cascade.stages[-1].footprint)
    stages = []
    for k, module in enumerate(cascade.stages):
        b.stage, b.couples = k, module.couples
        before = len(b.legs), len(b.passive), len(b.joule)
        face = end if k == len(cascade.stages) - 1 else b.node()
        junctions = _couples(b, module, here, face)
        after = len(b.legs), len(b.passive), len(b.joule)
        circuit = CircuitElements(*(slice(i, j) for i, j in zip(before, after, strict=True)))
        stages.append(Stage(here, face, circuit, *junctions))
        here = _between(b, cascade, k, face) if face != end else face
    network = shared(b.network(*ends), tuple(s.circuit for s in stages), cascade.currents)
    at = stages[0].hot_junction, stages[-1].cold_junction
    footprint = reduce(larger, (module.footprint for module in cascade.stages))
    return Assembly(network, 1, footprint, tuple(b.pieces), *at, tuple(b.materials), tuple(stages))


def _between(b: NetworkBuilder, cascade: Cascade, k: int, face: int) -> int:
    """Node behind the plates and contacts between stage k and the next."""
    sizes = cascade.stages[k].footprint, cascade.stages[k + 1].footprint
    here = face
    for part in cascade.between[k]:
        new = b.node()
        if isinstance(part, Contact):
            b.resist(here, new, part.thermal / -larger(*(-size for size in sizes)))
        else:
            plate = Plate(table_of(part.material), here, new, part.thickness, larger(*sizes))
            b.passive.append(plate)
            b.pieces.append(Piece(part.material, "both", part.thickness, plate, stage=k))
        here = new
    return here


def _couples(b: NetworkBuilder, module: Module, hot: int, cold: int) -> tuple[int, int]:
    """Couples of a module between its outer faces; returns the nodes of their junctions."""
    hot = _stack(b, hot, module.hot, module, outwards=False)
    at_cold = len(b.pieces)
    cold = _stack(b, cold, module.cold, module, outwards=True)
    cold_layers = b.pieces[at_cold:]
    del b.pieces[at_cold:]
    for kind, leg in (("p", module.p), ("n", module.n)):
        _leg(b, leg, kind, hot, cold)
    b.pieces += cold_layers
    _electrodes(b, module, hot, cold)
    _gap(b, module, hot, cold)
    return hot, cold


def table_of(material: Material) -> PropertyTable:
    """Engine table of a material, made once; a passive one has S = 0, an insulator no current.

    Of a `MaterialChoice` it is a `TableChoice`, for the compiled engine.
    """
    chosen: Any = material
    if isinstance(chosen, MaterialChoice):
        choice: Any = TableChoice(tuple(table_of(one) for one in chosen.found), chosen.index)
        return choice
    key = id(material)
    known = _TABLES.get(key)
    if known is not None and known[0]() is material:
        return known[1]
    made = _table_of(material)
    _TABLES[key] = weakref.ref(material, lambda _: _TABLES.pop(key, None)), made
    return made


def _table_of(material: Material) -> PropertyTable:
    nothing = np.array([1.0, 2.0])
    curves = [
        c for c in (material.seebeck, material.electrical, material.thermal_conductivity) if c is not None
    ]
    measured = [c.range for c in curves if c.extrapolation != "hold"]
    limits = (max((r[0] for r in measured), default=-inf), min((r[1] for r in measured), default=inf))

    def pieces(curve: Curve | None, missing: float) -> tuple[np.ndarray, np.ndarray]:
        if curve is None:
            return nothing, np.array([[missing, 0.0, 0.0, 0.0]])
        return curve.knots, curve.cells

    return pack(
        pieces(material.seebeck, 0.0),
        pieces(material.electrical, 1.0),
        pieces(material.known_thermal_conductivity, 1.0),
        resistivity=material.electrical is None or material.electrical.quantity == "electrical_resistivity",
        limits=limits,
    )


def _stack(
    b: NetworkBuilder, outer: int, layers: tuple[Layer, ...], module: Module, *, outwards: bool
) -> int:
    """Plates from the outer face (node) to the junction; returns the junction's node."""
    areas, here = layer_areas(module), outer
    made = []
    for layer, inside in zip(reversed(layers), [*reversed(layers[:-1]), None], strict=False):
        area = areas[layer.coverage]
        new = b.node()
        a, c = (new, here) if outwards else (here, new)
        plate = Plate(table_of(layer.material), a, c, layer.thickness, b.couples * area)
        b.passive.append(plate)
        made.append(Piece(layer.material, "both", layer.thickness, plate, stage=b.stage))
        touching = max(layer.coverage, inside.coverage if inside else "legs", key=COVERAGES.index)
        here = b.bond(layer, new, b.couples * areas[touching], outwards=outwards)
    b.pieces += made[::-1] if outwards else made
    return here


def layer_areas(module: Module) -> dict[str, Any]:
    """Area in m2 of a layer by its coverage, of one couple."""
    per_couple, legs = module.footprint / module.couples, module.p.area + module.n.area
    # the electrodes cover the two legs of a couple and the gap between them
    return {"footprint": per_couple, "electrodes": legs + _gap_width(module) * _depth(module), "legs": legs}


def _leg(b: NetworkBuilder, leg: Leg, kind: str, hot: int, cold: int) -> None:
    """A leg between two nodes, its segments and contacts from hot to cold."""
    contacts = (leg.contact_hot, *leg.between, leg.contact_cold)
    # a step is a contact with thermal resistance or a segment; the last one ends at the cold junction
    steps = len(leg.segments) + sum(b.jumps is not None or bool(np.any(c.thermal)) for c in contacts)
    here, sign = hot, np.where(np.asarray(kind) == "p", 1.0, -1.0)[()]

    def following() -> int:
        nonlocal steps
        steps -= 1
        return cold if steps == 0 else b.node()

    for i, contact in enumerate(contacts):
        before = contact.electrical / leg.area
        if b.jumps is not None or np.any(contact.thermal):
            after = following()
            b.resist(here, after, contact.thermal / (b.couples * leg.area), joule=b.couples * before)
            here = after
        elif np.any(before) or b.keep_zero:
            b.joule.append(Joule(here, b.couples * before))
        for segment in leg.segments[i : i + 1]:
            end = following()
            material, table = segment.material, table_of(segment.material)
            count, convection, radiation = _cuts(leg, segment)
            one = segment.length / count
            for k in range(count):
                after = end if k == count - 1 else b.node()
                ends = here, after, one, leg.area, sign
                element = Thermoelement(table, *ends, convection, radiation, b.couples)
                b.legs.append(element)
                b.materials.append(material)
                first = before if k == 0 else 0.0
                b.pieces.append(Piece(material, kind, one, element, len(b.legs) - 1, first, b.stage, i))
                here = after


def leg_between_ports(leg: Leg, kind: str, hot: tuple[Layer, ...], cold: tuple[Layer, ...]) -> Assembly:
    """Network of one leg between two ports, with the layers (solder) that cover it alone."""
    b = NetworkBuilder(False)
    ends = here, there = b.node(), b.node()
    for layer in reversed(hot):
        here = _solder(b, layer, leg, here, b.node())
    for layer in reversed(cold):
        there = _solder(b, layer, leg, there, b.node(), outwards=True)
    _leg(b, leg, kind, here, there)
    return Assembly(b.network(*ends), 1, leg.area, tuple(b.pieces), *ends, tuple(b.materials))


def _solder(
    b: NetworkBuilder, layer: Layer, leg: Leg, outer: int, inner: int, *, outwards: bool = False
) -> int:
    """A layer on the cross-section of a leg, from the outside inwards; returns the inner node."""
    table, ends = table_of(layer.material), (inner, outer) if outwards else (outer, inner)
    b.passive.append(Plate(table, *ends, layer.thickness, leg.area))
    inner = b.bond(layer, inner, leg.area, outwards=outwards)
    if layer.material.electrical is not None:
        b.joule.append(Sheet(inner, layer.thickness**2 / leg.area, ((table, layer.thickness),)))
    return inner


def _cuts(leg: Leg, segment: Segment) -> tuple[int, Any, Any]:
    """Number of pieces of a segment, and what its side loses by convection and radiation per volume."""
    if leg.side is None:
        return 1, 0.0, 0.0
    around = leg.perimeter / leg.area
    convection, radiation = leg.side.convection * around, leg.side.emissivity * STEFAN_BOLTZMANN * around
    low, high = segment.material.known_thermal_conductivity.range
    kappa = segment.material.known_thermal_conductivity.minimum(low, high)
    strength = convection + 4.0 * radiation * min(high, 1500.0) ** 3
    fins = np.real(segment.length * np.sqrt(strength / kappa)) / FIN_LIMIT
    return max(1, ceil(np.max(fins))), convection, radiation


def _electrodes(b: NetworkBuilder, module: Module, hot: int, cold: int) -> None:
    """Bridges between the legs, their Joule heat released at the junctions; leads at the cold side."""
    for node, layers in ((hot, module.hot), (cold, module.cold)):
        sheets = tuple((table_of(layer.material), layer.thickness) for layer in bridging(layers))
        if sheets:
            b.joule.append(Sheet(node, b.couples * bridge_path(module) / _depth(module), sheets))
    if np.any(module.series_resistance) or b.keep_zero:
        b.joule.append(Joule(cold, b.couples * module.series_resistance / module.couples))


def bridge_path(module: Module) -> float:
    """Length in m for which the whole current would have to flow in the electrode, gap + (w_p + w_n)/3.

    The current is taken up evenly over the leg widths w: the thirds follow from the dissipation of a
    current that grows linearly.
    """
    return _gap_width(module) + (module.p.sides[0] + module.n.sides[0]) / 3.0


def bridge_resistance(module: Module, layers: tuple[Layer, ...], T: float) -> float:
    r"""Resistance in ohm of the electrode from a p to an n leg at temperature T.

    .. math:: R = \frac{1}{d \sum_i \sigma_i t_i} \left(g + \frac{w_p + w_n}{3}\right)

    for sheets of thickness t and depth d, leg widths w and the gap g between the legs.
    """
    sheet = sum(float(x.material.electrical_conductivity(T)) * x.thickness for x in bridging(layers))
    return bridge_path(module) / (sheet * _depth(module)) if sheet else 0.0


def _gap_width(module: Module) -> float:
    pitch = np.sqrt(0.5 * module.footprint / module.couples)
    return np.maximum(pitch - 0.5 * (module.p.sides[0] + module.n.sides[0]), 0.0)


def _depth(module: Module) -> float:
    return 0.5 * (module.p.sides[1] + module.n.sides[1])


def _gap(b: NetworkBuilder, module: Module, hot: int, cold: int) -> None:
    filler = module.filler
    if filler is None:
        return
    free = b.couples * module.footprint / module.couples * (1.0 - module.fill_factor)
    height = larger(module.p.length, module.n.length)
    if np.any(filler.thermal_conductivity * free):
        b.passive.append(Link(hot, cold, filler.thermal_conductivity * free / height))
    if np.any(filler.emissivity * free):
        between = filler.emissivity / (2.0 - filler.emissivity)
        b.passive.append(Exchange(hot, cold, between * STEFAN_BOLTZMANN * free))
