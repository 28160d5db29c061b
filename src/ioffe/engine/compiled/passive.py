"""Heat through plates, links and exchanges, and resistances at the nodes, with their derivatives."""

from __future__ import annotations

from typing import Any

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.flatten import AREA, CONDUCTANCE, LEG, LENGTH, LINK, OHM, PLATE
from ioffe.engine.compiled.grid import Curves
from ioffe.engine.compiled.properties import cubic, heat, locate
from ioffe.engine.compiled.workspace import INFLOW, JACOBIAN, LOW, T


@kernel(inner=True)
def curves_of(problem: Any, table: int) -> Curves:
    """One of the packed tables."""
    span = problem.spans[table]
    return Curves(problem.knots, problem.cells, span[0], span[1], span[2] == 1)


@kernel(inner=True)
def passive(problem: Any, room: Any, current: float) -> tuple[float, float]:
    """Add plates, links and exchanges; returns the voltage that the links lose, and the largest heat flow."""
    n, inflow, jacobian = problem.nodes, room.vectors[INFLOW], room.matrices[JACOBIAN]
    slot, lost, size = LEG * problem.legs, 0.0, 0.0
    last_plate = problem.legs + problem.plates
    last_link = last_plate + problem.links
    for k in range(problem.legs, last_link + problem.exchanges):
        a, b = problem.pairs[k, 0], problem.pairs[k, 1]
        Ta, Tb = room.vectors[T, a], room.vectors[T, b]
        low, half = room.vectors[LOW, a] - room.vectors[LOW, b], 0.0
        if k < last_plate:
            per = room.numbers[slot + AREA] / room.numbers[slot + LENGTH]
            flow, to_a, to_b = _plate(curves_of(problem, room.tables[k]), per, Ta, Tb, low)
            slot += PLATE
        elif k < last_link:
            g, ohm = room.numbers[slot + CONDUCTANCE], room.numbers[slot + OHM]
            flow, to_a, to_b = g * (Ta - Tb + low), g, -g
            half = 0.5 * current * current * ohm
            lost += current * ohm
            jacobian[a, n] += current * ohm
            jacobian[b, n] += current * ohm
            jacobian[n, n] -= ohm
            slot += LINK
        else:
            f = room.numbers[slot]
            flow = f * (Ta - Tb + low) * (Ta + Tb) * (Ta * Ta + Tb * Tb)
            to_a, to_b = 4.0 * f * Ta**3, -4.0 * f * Tb**3
            slot += 1
        inflow[a] += half - flow
        inflow[b] += half + flow
        jacobian[a, a] -= to_a
        jacobian[a, b] -= to_b
        jacobian[b, a] += to_a
        jacobian[b, b] += to_b
        size = max(size, abs(flow - half), abs(flow + half))
    return lost, size


@kernel(inner=True)
def sources(problem: Any, room: Any, current: float) -> float:
    """Add resistances whose heat is released at a node; returns the voltage lost."""
    n, inflow, jacobian = problem.nodes, room.vectors[INFLOW], room.matrices[JACOBIAN]
    table = problem.legs + problem.plates
    slot = LEG * problem.legs + PLATE * problem.plates + LINK * problem.links + problem.exchanges
    lost = 0.0
    for k in range(len(problem.sources)):
        node, layers = problem.sources[k, 0], problem.sources[k, 1]
        ohm, slope = room.numbers[slot], 0.0
        if layers > 0:
            ohm, slope = _sheet(problem, room, slot, table, layers, room.vectors[T, node])
        inflow[node] += current * current * ohm
        jacobian[node, n] += 2.0 * current * ohm
        jacobian[node, node] += current * current * slope
        jacobian[n, node] -= current * slope
        jacobian[n, n] -= ohm
        lost += current * ohm
        slot += 1 + layers
        table += layers
    return lost


@kernel(inner=True)
def _plate(curves: Any, per: float, Ta: float, Tb: float, low: float) -> tuple[float, float, float]:
    """Heat (area/thickness) int kappa dT, and its derivatives; `low` refines Ta - Tb below rounding."""
    a = locate(curves.knots, curves.first, curves.last, Ta)
    b = locate(curves.knots, curves.first, curves.last, Tb)
    ta, tb = Ta - curves.knots[a], Tb - curves.knots[b]
    ka, kb = cubic(curves.cells, a, 0, ta), cubic(curves.cells, b, 0, tb)
    if a == b:
        # Simpson's rule is exact for the cubic of one cell, and does not cancel
        mean = (ka + 4.0 * cubic(curves.cells, a, 0, 0.5 * (ta + tb)) + kb) / 6.0
    else:
        whole = heat(curves.cells, a, ta) - heat(curves.cells, b, tb)
        for row in range(min(a, b), max(a, b)):
            width = heat(curves.cells, row, curves.knots[row + 1] - curves.knots[row])
            whole += width if b < a else -width
        mean = whole / (Ta - Tb)
    return per * mean * (Ta - Tb + low), per * ka, -per * kb


@kernel(inner=True)
def _sheet(problem: Any, room: Any, slot: int, table: int, layers: int, at: float) -> tuple[float, float]:
    """Resistance of sheets side by side, squares/sum(sigma thickness), and its slope."""
    total = slope = 0.0
    for k in range(layers):
        curves = curves_of(problem, room.tables[table + k])
        row = locate(curves.knots, curves.first, curves.last, at)
        t = at - curves.knots[row]
        value = cubic(curves.cells, row, 4, t)
        rise = curves.cells[row, 5] + t * (2.0 * curves.cells[row, 6] + t * 3.0 * curves.cells[row, 7])
        if curves.is_resistivity:
            value, rise = 1.0 / value, -rise / (value * value)
        total += room.numbers[slot + 1 + k] * value
        slope += room.numbers[slot + 1 + k] * rise
    ohm = room.numbers[slot] / total
    return ohm, -ohm * slope / total
