"""Inside a solved device: profiles through every layer, and temperatures at the interfaces of the legs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError
from ioffe.device.cascade import Device, named_legs, named_stages
from ioffe.engine import segment
from ioffe.engine.elements import Plate
from ioffe.engine.network import Solution
from ioffe.engine.thermoelement import Thermoelement
from ioffe.result.profile import Profile
from ioffe.solve.assemble import Assembly, Piece

if TYPE_CHECKING:
    from ioffe.field.bodies.scene import BodyScene
    from ioffe.result.steady import Result

Array = NDArray[np.float64]
Rows = tuple[Array, Array, Array, Array]
"""Positions in m, temperatures in K, potentials in V and heat fluxes in W/m2 through one piece."""
SAMPLES = 41
"""Points in each segment; layers take three."""


@dataclass(frozen=True, eq=False)
class Point:
    """One solved operating point, kept for its profile."""

    assembly: Assembly
    solution: Solution
    case: int
    """Its index among those of the solution."""
    code: int
    fidelity: str

    def profile(self, result: Result) -> Profile:
        """Temperature, potential and heat flux through every layer."""
        pieces = self.assembly.pieces
        elements = [self._own(element_of(self.assembly, piece)) for piece in pieces]
        rows = (
            self._plate(e) if isinstance(e, Plate) else self._segment(result, piece, e)
            for piece, e in zip(pieces, elements, strict=True)
        )
        return joined(pieces, elements, float(self.solution.current[self.case]), rows)

    def bodies(self, result: Result) -> BodyScene:
        """Bodies with their values, of a point in three dimensions."""
        advice = 'solve a module at fidelity "3d" or "full"'
        raise InputError(Fault("fidelity", result.fidelity, "three dimensions are expected", advice))

    def _own(self, element: Any) -> Any:
        """The element with its numbers of this case."""
        own = {k: float(v[self.case]) for k, v in vars(element).items() if isinstance(v, np.ndarray)}
        return replace(element, **own)

    def _plate(self, plate: Plate) -> Rows:
        """Kirchhoff's transform: int kappa dT is linear through a layer."""
        Ta, Tb = (self.solution.T[node, self.case] for node in (plate.a, plate.b))
        T = np.linspace(Ta, Tb, 3)
        theta = plate.table.evaluate(plate.table.heat_integral, T)
        flux = (theta[0] - theta[-1]) / plate.length
        share = (theta[0] - theta) / (theta[0] - theta[-1]) if theta[0] != theta[-1] else np.linspace(0, 1, 3)
        return share * plate.length, T, np.full(3, np.nan), np.full(3, flux)

    def _segment(self, result: Result, piece: Piece, leg: Thermoelement) -> Rows:
        s, k = self.solution, self.case
        xi = np.linspace(0.0, 1.0, SAMPLES)
        j = leg.sign * s.current[k] * leg.length / leg.area
        table, T0 = leg.table, s.T[leg.a, k]
        state = s.states[piece.leg_index]
        if self.fidelity == "ideal" or state is None:
            T, r, heat = (
                row[0] for row in parabola(leg, s.T[leg.a, [k]], s.T[leg.b, [k]], np.array([j]), xi)
            )
        else:
            ambient = np.array([result.conditions.T_ambient or 300.0])
            T, r, lost = segment.profile(table, T0, state.c[k], j, leg.loss(ambient), xi, result.tolerance)
            heat = state.c[k] + j * j * r - lost + j * table.evaluate(table.seebeck_integral, T)
        s_T = table.evaluate(table.seebeck_integral, T)
        return xi * leg.length, T, s_T[0] - s_T - j * r, heat / leg.length


def parabola(
    leg: Thermoelement, T_hot: Array, T_cold: Array, j: Array, xi: Array
) -> tuple[Array, Array, Array]:
    """Constant-property profiles with the averages of the ideal formulas.

    `leg`: the segment.
    `T_hot`, `T_cold`, `j`: temperatures of its ends in K, and current density times length in A/m; shape
        (n,).
    `xi`: positions over the length, shape (m,).
    Returns: temperature in K, integral of the resistivity over xi in ohm m, and heat flux times length in
        W/m; shape (n, m).
    """
    S, rho, kappa = (np.broadcast_to(v, T_hot.shape)[:, None] for v in leg.averages(T_hot, T_cold))
    hot, cold, j = T_hot[:, None], T_cold[:, None], j[:, None]
    T = hot + (cold - hot) * xi + 0.5 * j * j * rho / kappa * xi * (1.0 - xi)
    heat = kappa * (hot - cold) + j * j * rho * (xi - 0.5) + j * S * T
    return T, rho * xi, heat


def element_of(assembly: Assembly, piece: Piece) -> Thermoelement | Plate:
    """Element of the network that a piece became, with its share of the current."""
    return piece.element if piece.leg_index < 0 else assembly.network.legs[piece.leg_index]


def joined(
    pieces: Sequence[Piece], elements: Sequence[Thermoelement | Plate], current: float, rows: Iterable[Rows]
) -> Profile:
    """The profile of a whole device from those of its pieces.

    `pieces`, `elements`: the pieces of the network and their elements, whose numbers are floats.
    `current`: in A, of the circuit.
    `rows`: for each piece its profile, with positions and potentials from its own start; the potential of
        layers is NaN.
    """
    potential = {(p.stage, p.part): 0.0 for p in pieces}
    columns: list[Rows] = []
    for piece, element, x0, (x, T, u, q) in zip(pieces, elements, _starts(pieces), rows, strict=True):
        if not isinstance(element, Plate):
            at = piece.stage, piece.part
            u = potential[at] - element.sign * current * piece.resistance_before + u
            potential[at] = float(u[-1])
        columns.append((x0 + x, T, u, q))
    x, T, u, q = (np.concatenate(c) for c in zip(*columns, strict=True))
    repeated = (p for p, rows in zip(pieces, columns, strict=True) for _ in rows[0])
    names, parts, stages = zip(*((p.name, p.part, p.stage) for p in repeated), strict=True)
    return Profile(x, T, u, q, names, parts, stages)


def _starts(pieces: Sequence[Piece]) -> list[float]:
    """Where each piece begins; cold layers and further stages start behind the longer leg."""
    x, out, stage = {"p": 0.0, "n": 0.0}, [], 0
    for piece in pieces:
        if piece.part == "both" or piece.stage != stage:
            x, stage = dict.fromkeys(x, max(x.values())), piece.stage
        if piece.part == "both":
            out.append(x["p"])
            x = dict.fromkeys(x, x["p"] + piece.length)
        else:
            out.append(x[piece.part])
            x[piece.part] += piece.length
    return out


def interface_names(device: Device) -> tuple[str, ...]:
    """Interfaces of a device by the paths that a device file writes, from the hot to the cold end.

    `device`: whose legs are meant.
    Returns: contacts at both ends of each leg and borders between its segments.

    >>> from ioffe import Leg
    >>> interface_names(Leg("Bi2Te3", length="2 mm", area="1 mm2"))
    ('contact_hot', 'contact_cold')
    """
    found = []
    for prefix, leg in named_legs(device):
        inner = [f"{prefix}between[{i}]" for i in range(len(leg.segments) - 1)]
        found += [f"{prefix}contact_hot", *inner, f"{prefix}contact_cold"]
    return tuple(found)


def interface_nodes(device: Device, assembly: Assembly) -> dict[str, tuple[int, int]]:
    """Nodes of the network on the hot and on the cold side of every interface.

    Without a thermal contact resistance it is one node twice.
    """
    nodes: list[tuple[int, int]] = []
    for k, (_, stage) in enumerate(named_stages(device)):
        own = assembly.stages[k] if assembly.stages else assembly
        for prefix, leg in named_legs(stage):
            part = prefix.rstrip(".") or leg.carrier
            pieces = (piece for piece in assembly.pieces if (piece.part, piece.stage) == (part, k))
            ends = [n for group in by_segment(pieces) for n in (group[0].element.a, group[-1].element.b)]
            around = [own.hot_junction, *ends, own.cold_junction]
            nodes += zip(around[::2], around[1::2], strict=True)
    return dict(zip(interface_names(device), nodes, strict=True))


def interface_temperatures(device: Device, assembly: Assembly, T: Array) -> dict[str, Array]:
    """Temperature in K of every interface, the mean of its two sides, from those of the nodes (nodes, n)."""
    nodes = interface_nodes(device, assembly)
    return {name: 0.5 * (T[hot] + T[cold]) for name, (hot, cold) in nodes.items()}


def by_segment(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Pieces of each segment of a leg: long ones with side losses are cut for the solver."""
    return [list(own) for _, own in groupby(pieces, key=lambda piece: piece.segment)]
