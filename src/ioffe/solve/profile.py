"""Temperature, electric potential and heat flux through every layer of a solved device."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ioffe.engine import segment
from ioffe.engine.elements import Plate, Thermoelement
from ioffe.engine.network import Solution
from ioffe.result.profile import Profile
from ioffe.solve.assemble import Assembly, Piece

if TYPE_CHECKING:
    from ioffe.result.steady import Result

Array = NDArray[np.float64]
SAMPLES = 41
"""Points in each segment; layers take three."""


@dataclass(frozen=True, eq=False)
class Point:
    """One solved operating point, kept for its profile."""

    assembly: Assembly
    solution: Solution
    lane: int
    code: int
    fidelity: str

    def profile(self, result: Result) -> Profile:
        """Temperature, potential and heat flux through every layer."""
        return profile(result, self)


def profile(result: Result, point: Point) -> Profile:
    """Profile of one solved operating point of a result."""
    pieces = point.assembly.pieces
    legs = point.assembly.network.legs
    start = starts(pieces)
    potential = {(p.stage, p.part): 0.0 for p in pieces}
    columns: list[tuple[Array, Array, Array, Array]] = []
    rows_of: list[Piece] = []
    for piece, x0 in zip(pieces, start, strict=True):
        if isinstance(piece.element, Plate):
            rows = _plate(point, piece.element)
        else:
            at = piece.stage, piece.part
            rows = _segment(result, point, piece, _in_lane(legs[piece.leg_index], point), potential[at])
            potential[at] = float(rows[2][-1])
        columns.append((x0 + rows[0], *rows[1:]))
        rows_of += [piece] * len(rows[0])
    x, T, u, q = (np.concatenate(c) for c in zip(*columns, strict=True))
    names, parts, stages = zip(*((p.name, p.part, p.stage) for p in rows_of), strict=True)
    return Profile(x, T, u, q, names, parts, stages)


def _in_lane(leg: Thermoelement, point: Point) -> Thermoelement:
    """The segment with its numbers in the point's lane."""
    own = {k: float(v[point.lane]) for k, v in vars(leg).items() if isinstance(v, np.ndarray)}
    return replace(leg, **own)


def starts(pieces: tuple[Piece, ...]) -> list[float]:
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


def _plate(point: Point, plate: Plate) -> tuple[Array, Array, Array, Array]:
    """Kirchhoff's transform: int kappa dT is linear through a layer."""
    Ta, Tb = (point.solution.T[k, point.lane] for k in (plate.a, plate.b))
    T = np.linspace(Ta, Tb, 3)
    theta = plate.table.evaluate(plate.table.heat_integral, T)
    flux = (theta[0] - theta[-1]) / plate.length
    share = (theta[0] - theta) / (theta[0] - theta[-1]) if theta[0] != theta[-1] else np.linspace(0, 1, 3)
    return share * plate.length, T, np.full(3, np.nan), np.full(3, flux)


def _segment(
    result: Result, point: Point, piece: Piece, leg: Thermoelement, before: float
) -> tuple[Array, Array, Array, Array]:
    s, k = point.solution, point.lane
    xi = np.linspace(0.0, 1.0, SAMPLES)
    current = leg.sign * s.current[k]
    j = current * leg.length / leg.area
    table, T0 = leg.table, s.T[leg.a, k]
    state = s.states[piece.leg_index]
    if point.fidelity == "ideal" or state is None:
        T, r, heat = _parabola(leg, T0, s.T[leg.b, k], j, xi)
    else:
        ambient = np.array([result.conditions.T_ambient or 300.0])
        T, r, lost = segment.profile(table, T0, state.c[k], j, leg.loss(ambient), xi, result.tolerance)
        heat = state.c[k] + j * j * r - lost + j * table.evaluate(table.seebeck_integral, T)
    s_T = table.evaluate(table.seebeck_integral, T)
    potential = before - current * piece.resistance_before + s_T[0] - s_T - j * r
    return xi * leg.length, T, potential, heat / leg.length


def _parabola(leg: Thermoelement, Ta: float, Tb: float, j: float, xi: Array) -> tuple[Array, Array, Array]:
    """Constant-property profile with the averages of the ideal formulas; heat is scaled by the length."""
    a, b = np.array([Ta]), np.array([Tb])
    S, rho, kappa = leg.averages(a, b)
    T = Ta + (Tb - Ta) * xi + 0.5 * j * j * rho / kappa * xi * (1.0 - xi)
    heat = kappa * (Ta - Tb) + j * j * rho * (xi - 0.5) + j * S * T
    return T, rho * xi, heat
