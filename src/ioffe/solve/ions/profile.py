"""Temperatures and conductivities along the segments of mixed conductors, all operating points at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.status import Status
from ioffe.device.cascade import Cascade
from ioffe.device.leg import Leg
from ioffe.engine import position_form
from ioffe.engine.elements import Thermoelement
from ioffe.material.material import Material
from ioffe.solve.assemble import Piece
from ioffe.solve.profile import by_segment, parabola

if TYPE_CHECKING:
    from ioffe.result.steady import Result

__all__ = ["SegmentProfiles", "legs_in", "segment_profiles"]

Array = NDArray[np.float64]
POINTS = 81
"""Points along each piece; integrals of 1/sigma by the trapezoidal rule are right to 1e-5 of themselves."""
ORDER = 10


@dataclass(frozen=True, eq=False)
class SegmentProfiles:
    """One segment of a mixed conductor at every operating point; NaN at those without a solution.

    Parameters
    ----------
    index : int
        Index among the segments of the leg, 0 at the hot end.
    material : Material
    x : ndarray, shape (positions,)
        In m from the hot end of the segment.
    T, sigma : ndarray, shape (points, positions)
        In K and S/m.
    current_density : ndarray, shape (points,)
        In A/m2, positive from the hot to the cold end.
    """

    index: int
    material: Material
    x: Array
    T: Array
    sigma: Array
    current_density: Array


def legs_in(device: Any) -> list[tuple[int, str, Leg]]:
    """Stage, part and leg of every leg of a device."""
    if isinstance(device, Cascade):
        return [(i, part, leg) for i, stage in enumerate(device.stages) for _, part, leg in legs_in(stage)]
    if isinstance(device, Leg):
        return [(0, device.carrier, device)]
    return [(0, "p", device.p), (0, "n", device.n)]


def segment_profiles(result: Result, stage: int, part: str) -> list[SegmentProfiles]:
    """The segments of mixed conductors in one leg of a solved device."""
    leg = next(leg for s, p, leg in legs_in(result.device) if (s, p) == (stage, part))
    pieces = [p for p in result.points[0].assembly.pieces if (p.stage, p.part) == (stage, part)]
    found = []
    for index, group in enumerate(by_segment(leg, pieces)):
        material = leg.segments[index].material
        if material.migration is None:
            continue
        start, x, T, density = 0.0, [], [], np.zeros(0)
        for piece in group:
            skipped = bool(x)  # the first point of a piece is the last of the one before
            positions, temperatures, density = _piece(result, piece)
            x.append(start + positions[skipped:])
            T.append(temperatures[:, skipped:])
            start += float(positions[-1])
        along, T_all = np.concatenate(x), np.concatenate(T, axis=1)
        found.append(SegmentProfiles(index, material, along, T_all, _conductivity(material, T_all), density))
    return found


def _piece(result: Result, piece: Piece) -> tuple[Array, Array, Array]:
    """Positions in m, temperatures in K at every point, current density in A/m2 at every point."""
    first = result.points[0]
    solution, cases = first.solution, np.array([p.case for p in result.points])
    solved = np.array([p.code < Status.RUNAWAY for p in result.points])
    element = first.assembly.network.legs[piece.leg_index]
    current = element.sign * solution.current
    J = np.broadcast_to(current / element.area, solution.current.shape)[cases]
    j = np.broadcast_to(current * element.length / element.area, solution.current.shape)[cases]
    xi = np.linspace(0.0, 1.0, POINTS)
    T = np.full((len(cases), POINTS), np.nan)
    good = np.flatnonzero(solved)
    state = solution.states[piece.leg_index]
    T_hot, T_cold = (solution.T[node, cases[good]] for node in (element.a, element.b))
    if first.fidelity == "ideal" or state is None:
        T[good] = parabola(element, T_hot, T_cold, j[good], xi)[0]
    elif good.size:
        ambient = np.full(good.size, result.conditions.T_ambient or 300.0)
        T[good] = _marched(element, T_hot, state.c[cases[good]], j[good], ambient, xi, result.tolerance)
    return xi * piece.length, T, np.where(solved, J, np.nan)


def _marched(
    element: Thermoelement, T0: Array, c: Array, j: Array, ambient: Array, xi: Array, tolerance: float
) -> Array:
    """Profiles of solved segments: the march of the solver once more, read at `xi`."""
    loss = element.loss(ambient)
    allowed = tolerance * np.maximum(1.0, np.abs(T0))
    run = position_form.march(element.table, T0, c, j, loss, ORDER, allowed, tangents=0, record=True)
    T = np.full((len(T0), len(xi)), np.nan)
    for cases, start, length, series in run.steps:
        offset = xi - start[:, None]
        inside = (offset >= 0.0) & (offset <= length[:, None] * (1.0 + 1e-9))
        inside |= (xi == 1.0) & (start + length > 1.0 - 1e-12)[:, None]
        value = np.zeros_like(offset)
        for coefficients in series[::-1, 0, 0]:
            value = value * np.where(inside, offset, 0.0) + coefficients[:, None]
        T[cases] = np.where(inside, value, T[cases])
    return T


def _conductivity(material: Material, T: Array) -> Array:
    """Conductivity in S/m, its end values held: the solve has said already where it left the range."""
    low, high = material.T_range if material.electrical is None else material.electrical.range
    return np.asarray(material.electrical_conductivity(np.clip(T, low, high)))
