"""From a leg or a module to the engine's network of one couple.

The numbers of a device may be arrays over lanes (see `parameters.varied`); whether an element exists is then
decided for all lanes together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, inf

import numpy as np

from ioffe.base.constants import STEFAN_BOLTZMANN
from ioffe.base.curve import Curve
from ioffe.device.conditions import Conditions
from ioffe.device.engine.elements import Exchange, Joule, Link, Passive, Plate, Sheet, Source, Thermoelement
from ioffe.device.engine.network import Network
from ioffe.device.engine.table import Table, pack
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Contact, Layer
from ioffe.material.material import Material

FIN_LIMIT = 2.0
"""Largest length of a piece of a leg in units of its fin length sqrt(kappa area/(h perimeter))."""


@dataclass(frozen=True)
class Piece:
    """Where an element of the network stands in the device, from hot to cold."""

    name: str
    part: str
    """``"p"`` or ``"n"`` for a leg's segment, ``"both"`` for a layer of the module."""
    length: float
    element: Thermoelement | Plate
    leg_index: int = -1
    """Place of the element among the network's legs, -1 for a layer."""
    resistance_before: float = 0.0
    """Electrical resistance in ohm of the contact in front of it."""


@dataclass(frozen=True, eq=False)
class Assembly:
    """The network of one couple (or of a single leg) and where its elements stand."""

    network: Network
    couples: int
    footprint: float
    pieces: tuple[Piece, ...]
    hot_junction: int
    cold_junction: int
    materials: tuple[Material, ...]
    """Material of each of the network's legs."""


class _Builder:
    def __init__(self, keep_zero: bool) -> None:
        self.keep_zero = keep_zero
        self.nodes = 0
        self.legs: list[Thermoelement] = []
        self.materials: list[Material] = []
        self.passive: list[Passive] = []
        self.joule: list[Source] = []
        self.pieces: list[Piece] = []

    def node(self) -> int:
        self.nodes += 1
        return self.nodes - 1

    def link(self, a: int, resistance: float, b: int | None = None) -> int:
        """Node behind a thermal resistance in K/W; the same node if there is none."""
        if not np.any(resistance):
            return a
        b = self.node() if b is None else b
        self.passive.append(Link(a, b, 1.0 / resistance))
        return b


def assemble(device: Leg | Module, conditions: Conditions, *, keep_zero: bool = False) -> Assembly:
    """Network of one couple under the reservoirs of the conditions; node 0 is hot, node 1 cold.

    With `keep_zero`, electrical resistances of zero get an element too, so that there is something to
    differentiate.
    """
    couples = device.couples if isinstance(device, Module) else 1
    footprint = device.footprint if isinstance(device, Module) else device.area
    b = _Builder(keep_zero)
    hot, cold = b.node(), b.node()
    ends = hot, cold
    hot = b.link(hot, conditions.resistance("hot", footprint) * couples)
    cold = b.link(cold, conditions.resistance("cold", footprint) * couples)
    if isinstance(device, Module):
        hot = _stack(b, hot, device.hot, device, outwards=False)
        at_cold = len(b.pieces)
        inner = _stack(b, cold, device.cold, device, outwards=True)
        cold_layers = b.pieces[at_cold:]
        del b.pieces[at_cold:]
        cold = inner
        for kind, leg in (("p", device.p), ("n", device.n)):
            _leg(b, leg, kind, hot, cold)
        b.pieces += cold_layers
        _electrodes(b, device, hot, cold)
        _gap(b, device, hot, cold)
    else:
        _leg(b, device, device.carrier, hot, cold)
    network = Network(b.nodes, *ends, tuple(b.legs), tuple(b.passive), tuple(b.joule))
    return Assembly(network, couples, footprint, tuple(b.pieces), hot, cold, tuple(b.materials))


def table_of(material: Material) -> Table:
    """Engine table of a material; a passive one has S = 0, an insulator no current."""
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
        pieces(material.thermal_conductivity, 1.0),
        resistivity=material.electrical is None or material.electrical.quantity == "electrical_resistivity",
        limits=limits,
    )


def _stack(b: _Builder, outer: int, layers: tuple[Layer, ...], module: Module, *, outwards: bool) -> int:
    """Plates from the outer face (node) to the junction; returns the junction's node."""
    per_couple, legs = module.footprint / module.couples, module.p.area + module.n.area
    here = outer
    made = []
    for layer in reversed(layers):
        area = {"footprint": per_couple, "electrodes": electrode_area(module), "legs": legs}[layer.coverage]
        new = b.node()
        a, c = (new, here) if outwards else (here, new)
        plate = Plate(table_of(layer.material), a, c, layer.thickness, area)
        b.passive.append(plate)
        made.append(Piece(layer.material.name, "both", layer.thickness, plate))
        here = new
    b.pieces += made[::-1] if outwards else made
    return here


def _leg(b: _Builder, leg: Leg, kind: str, hot: int, cold: int) -> None:
    contacts = (leg.contact_hot, *leg.between, leg.contact_cold)
    # a step is a contact with thermal resistance or a segment; the last one ends at the cold junction
    steps = len(leg.segments) + sum(bool(np.any(c.thermal)) for c in contacts)
    here, pending = hot, 0.0

    def following() -> int:
        nonlocal steps
        steps -= 1
        return cold if steps == 0 else b.node()

    for i, contact in enumerate(contacts):
        here = _contact(b, contact, leg.area, here, following)
        pending = contact.electrical / leg.area
        if i < len(leg.segments):
            segment = leg.segments[i]
            after = following()
            _segment(b, leg, kind, segment.material, segment.length, here, after, pending)
            here = after


def _contact(b: _Builder, contact: Contact, area: float, here: int, following: Callable[[], int]) -> int:
    ohm = contact.electrical / area
    if np.any(contact.thermal):
        after = following()
        b.passive.append(Link(here, after, area / contact.thermal, joule=ohm))
        return after
    if np.any(ohm) or b.keep_zero:
        b.joule.append(Joule(here, ohm))
    return here


def _segment(
    b: _Builder, leg: Leg, kind: str, material: Material, length: float, a: int, z: int, resistance: float
) -> None:
    table = table_of(material)
    convection = radiation = 0.0
    pieces = 1
    if leg.side is not None:
        around = leg.perimeter / leg.area
        convection = leg.side.convection * around
        radiation = leg.side.emissivity * STEFAN_BOLTZMANN * around
        low, high = material.thermal_conductivity.range
        kappa = material.thermal_conductivity.minimum(low, high)
        strength = convection + 4.0 * radiation * min(high, 1500.0) ** 3
        fins = np.real(length * np.sqrt(strength / kappa)) / FIN_LIMIT
        pieces = max(1, ceil(np.max(fins)))
    here = a
    for k in range(pieces):
        after = z if k == pieces - 1 else b.node()
        sign = 1.0 if kind == "p" else -1.0
        element = Thermoelement(table, here, after, length / pieces, leg.area, sign, convection, radiation)
        b.legs.append(element)
        b.materials.append(material)
        first = resistance if k == 0 else 0.0
        b.pieces.append(Piece(material.name, kind, length / pieces, element, len(b.legs) - 1, first))
        here = after


def _electrodes(b: _Builder, module: Module, hot: int, cold: int) -> None:
    """Bridges between the legs, their Joule heat released at the junctions; leads at the cold side."""
    for node, layers in ((hot, module.hot), (cold, module.cold)):
        sheets = tuple((table_of(layer.material), layer.thickness) for layer in bridging(layers))
        if sheets:
            b.joule.append(Sheet(node, bridge_path(module) / _depth(module), sheets))
    if np.any(module.series_resistance) or b.keep_zero:
        b.joule.append(Joule(cold, module.series_resistance / module.couples))


def bridging(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """The layers of a stack that carry the current from leg to leg, side by side.

    All conductors from the legs up to the first insulator, except those that cover the legs alone.
    """
    found = []
    for layer in layers:
        if layer.material.electrical is None:
            break
        if layer.coverage != "legs":
            found.append(layer)
    return tuple(found)


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


def electrode_area(module: Module) -> float:
    """Area in m2 of the two legs of a couple and of the gap between them."""
    return module.p.area + module.n.area + _gap_width(module) * _depth(module)


def _gap_width(module: Module) -> float:
    pitch = np.sqrt(0.5 * module.footprint / module.couples)
    return np.maximum(pitch - 0.5 * (module.p.sides[0] + module.n.sides[0]), 0.0)


def _depth(module: Module) -> float:
    return 0.5 * (module.p.sides[1] + module.n.sides[1])


def _gap(b: _Builder, module: Module, hot: int, cold: int) -> None:
    filler = module.filler
    if filler is None:
        return
    free = module.footprint / module.couples * (1.0 - module.fill_factor)
    height = np.maximum(module.p.length, module.n.length)
    if np.any(filler.thermal_conductivity * free):
        b.passive.append(Link(hot, cold, filler.thermal_conductivity * free / height))
    if np.any(filler.emissivity * free):
        between = filler.emissivity / (2.0 - filler.emissivity)
        b.passive.append(Exchange(hot, cold, between * STEFAN_BOLTZMANN * free))
