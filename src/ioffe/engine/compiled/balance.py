"""Heat balances of all nodes and the voltage of the circuit of one case, with their Jacobian."""

from __future__ import annotations

from typing import Any

from ioffe.engine.balance import EPS
from ioffe.engine.compiled import flatten as slots
from ioffe.engine.compiled import packing, segment
from ioffe.engine.compiled import workspace as at
from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.grid import CODE, SegmentCase
from ioffe.engine.compiled.table_cells import MaterialRows, cubic, heat, locate, quartic, seebeck
from ioffe.engine.position_form import ScaledLoss
from ioffe.engine.state import OK

Sums = tuple[float, float, float, float, float, float, int, float]
"""Voltage, largest heat flow, noise of the heat, noise of the voltage, loss, error, worst code, and the
largest last relative change of a segment; see `ioffe.engine.balance.BalanceSums`."""


@kernel(inner=True)
def assemble(problem: Any, workspace: Any, ambient: float, current: float, precision: Any) -> Sums:
    """Evaluate all elements at the node temperatures of the workspace and a current."""
    workspace.vectors[at.INFLOW, :] = 0.0
    workspace.matrices[at.JACOBIAN, :, :] = 0.0
    voltage = size = noise = voltage_noise = loss = error = change = 0.0
    code = OK
    for leg in range(problem.legs):
        one = _leg(problem, workspace, leg, ambient, current, precision)
        voltage += one[0]
        size, noise, voltage_noise = max(size, one[1]), max(noise, one[2]), voltage_noise + one[3]
        loss, error = loss + one[4], error + one[5]
        code, change = max(code, one[6]), max(change, one[7])
    lost, largest = passive(problem, workspace, current)
    lost += sources(problem, workspace, current)
    return voltage - lost, max(size, largest), noise, voltage_noise, loss, error, code, change


@kernel(inner=True)
def _leg(problem: Any, workspace: Any, leg: int, ambient: float, current: float, precision: Any) -> Sums:
    """Add the flow of a segment, refined to first order by what the end temperatures lose to rounding."""
    n, slot = problem.nodes, slots.LEG * leg
    a, b = problem.pairs[leg, 0], problem.pairs[leg, 1]
    length, area = workspace.numbers[slot + slots.LENGTH], workspace.numbers[slot + slots.AREA]
    sign, count = workspace.numbers[slot + slots.SIGN], workspace.numbers[slot + slots.COUNT]
    dj = sign * length / area
    j, per, each = current * dj, count * area / length, count * sign
    side = ScaledLoss(
        workspace.numbers[slot + slots.CONVECTION] * length * length,
        workspace.numbers[slot + slots.RADIATION] * length * length,
        ambient,
    )
    table = workspace.tables[leg]
    curves = curves_of(problem, table)
    Ta, Tb, x = workspace.vectors[at.T, a], workspace.vectors[at.T, b], workspace.states[leg]
    piece = SegmentCase(curves, side, Ta, Tb, j)
    grid, memory = workspace.grid[leg], workspace.memory[leg]
    code, change = segment.solve(
        piece, problem.limits[table], x[at.BEGIN], precision, grid, memory, workspace.series, x
    )
    workspace.memory[leg, CODE] = code
    row_a = locate(curves.knots, curves.first, curves.last, Ta)
    row_b = locate(curves.knots, curves.first, curves.last, Tb)
    ta, tb = Ta - curves.knots[row_a], Tb - curves.knots[row_b]
    sa = quartic(curves.cells, row_a, packing.SEEBECK_INTEGRAL, ta)
    sb = quartic(curves.cells, row_b, packing.SEEBECK_INTEGRAL, tb)
    Sa, Sb = seebeck(curves.cells, row_a, ta), seebeck(curves.cells, row_b, tb)
    jj, r = j * j, x[at.R]
    out_a, out_b, out_I = per * (x[at.C_T0] + j * Sa), per * x[at.C_T1], per * (x[at.C_J] + sa) * dj
    in_a = per * (x[at.C_T0] + jj * x[at.R_T0] - x[at.LOSS_T0])
    in_b = per * (x[at.C_T1] + jj * x[at.R_T1] - x[at.LOSS_T1] + j * Sb)
    in_I = per * (x[at.C_J] + jj * x[at.R_J] + 2.0 * j * r - x[at.LOSS_J] + sb) * dj
    V_a, V_b = each * (Sa - j * x[at.R_T0]), each * (-Sb - j * x[at.R_T1])
    V_I = -each * (r + j * x[at.R_J]) * dj
    low_a, low_b = workspace.vectors[at.LOW, a], workspace.vectors[at.LOW, b]
    leaving = per * (x[at.C] + j * sa) + out_a * low_a + out_b * low_b
    reaching = per * (x[at.C] + jj * r - x[at.LOSS] + j * sb) + in_a * low_a + in_b * low_b
    workspace.vectors[at.INFLOW, a] -= leaving
    workspace.vectors[at.INFLOW, b] += reaching
    jacobian = workspace.matrices[at.JACOBIAN]
    jacobian[a, a] -= out_a
    jacobian[a, b] -= out_b
    jacobian[a, n] -= out_I
    jacobian[b, a] += in_a
    jacobian[b, b] += in_b
    jacobian[b, n] += in_I
    jacobian[n, a] += V_a
    jacobian[n, b] += V_b
    jacobian[n, n] += V_I
    voltage = each * (sa - sb - j * r) + V_a * low_a + V_b * low_b
    noise, voltage_noise = EPS * abs(out_a) * Ta, EPS * (abs(V_a) * Ta + abs(V_b) * Tb)
    size, error = max(abs(leaving), abs(reaching)), x[at.ERROR]
    if change * size <= noise:
        # a heat that is nothing but rounding may change by all of itself
        change = 0.0
    if problem.deviation[table, 0] != 0.0:
        whole = abs(x[at.C]) + jj * abs(r) + abs(x[at.LOSS])
        error += problem.deviation[table, 0] * whole + problem.deviation[table, 1] * abs(j)
    return voltage, size, noise, voltage_noise, per * x[at.LOSS], per * error, code, change


@kernel(inner=True)
def curves_of(problem: Any, table: int) -> MaterialRows:
    """One of the packed tables."""
    span = problem.spans[table]
    return MaterialRows(problem.knots, problem.cells, span[0], span[1], span[2] == 1)


@kernel(inner=True)
def passive(problem: Any, workspace: Any, current: float) -> tuple[float, float]:
    """Add plates, links and exchanges; returns the voltage that the links lose, and the largest heat flow."""
    n, inflow, jacobian = problem.nodes, workspace.vectors[at.INFLOW], workspace.matrices[at.JACOBIAN]
    slot, lost, size = slots.LEG * problem.legs, 0.0, 0.0
    last_plate = problem.legs + problem.plates
    last_link = last_plate + problem.links
    for k in range(problem.legs, last_link + problem.exchanges):
        a, b = problem.pairs[k, 0], problem.pairs[k, 1]
        Ta, Tb = workspace.vectors[at.T, a], workspace.vectors[at.T, b]
        low, half = workspace.vectors[at.LOW, a] - workspace.vectors[at.LOW, b], 0.0
        if k < last_plate:
            per = workspace.numbers[slot + slots.AREA] / workspace.numbers[slot + slots.LENGTH]
            flow, to_a, to_b = plate(curves_of(problem, workspace.tables[k]), per, Ta, Tb, low)
            slot += slots.PLATE
        elif k < last_link:
            g, ohm = workspace.numbers[slot + slots.CONDUCTANCE], workspace.numbers[slot + slots.OHM]
            flow, to_a, to_b = g * (Ta - Tb + low), g, -g
            half = 0.5 * current * current * ohm
            lost += current * ohm
            jacobian[a, n] += current * ohm
            jacobian[b, n] += current * ohm
            jacobian[n, n] -= ohm
            slot += slots.LINK
        else:
            f = workspace.numbers[slot]
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
def sources(problem: Any, workspace: Any, current: float) -> float:
    """Add resistances whose heat is released at a node; returns the voltage lost."""
    n, inflow, jacobian = problem.nodes, workspace.vectors[at.INFLOW], workspace.matrices[at.JACOBIAN]
    table = problem.legs + problem.plates
    slot = slots.LEG * problem.legs + slots.PLATE * problem.plates
    slot += slots.LINK * problem.links + problem.exchanges
    lost = 0.0
    for k in range(len(problem.sources)):
        node, layers = problem.sources[k, 0], problem.sources[k, 1]
        ohm, slope = workspace.numbers[slot], 0.0
        if layers > 0:
            ohm, slope = _sheet(problem, workspace, slot, table, layers, workspace.vectors[at.T, node])
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
def plate(curves: Any, per: float, Ta: float, Tb: float, low: float) -> tuple[float, float, float]:
    """Heat (area/thickness) int kappa dT, and its derivatives; `low` refines Ta - Tb below rounding."""
    a = locate(curves.knots, curves.first, curves.last, Ta)
    b = locate(curves.knots, curves.first, curves.last, Tb)
    ta, tb = Ta - curves.knots[a], Tb - curves.knots[b]
    ka = cubic(curves.cells, a, packing.CONDUCTIVITY, ta)
    kb = cubic(curves.cells, b, packing.CONDUCTIVITY, tb)
    if a == b:
        # Simpson's rule is exact for the cubic of one cell, and does not cancel
        mean = (ka + 4.0 * cubic(curves.cells, a, packing.CONDUCTIVITY, 0.5 * (ta + tb)) + kb) / 6.0
    else:
        whole = heat(curves.cells, a, ta) - heat(curves.cells, b, tb)
        for row in range(min(a, b), max(a, b)):
            width = heat(curves.cells, row, curves.knots[row + 1] - curves.knots[row])
            whole += width if b < a else -width
        mean = whole / (Ta - Tb)
    return per * mean * (Ta - Tb + low), per * ka, -per * kb


@kernel(inner=True)
def _sheet(problem: Any, workspace: Any, slot: int, table: int, layers: int, T: float) -> tuple[float, float]:
    """Resistance of sheets side by side, squares/sum(sigma thickness), and its slope."""
    total = slope = 0.0
    for k in range(layers):
        value, rise = sigma(curves_of(problem, workspace.tables[table + k]), T)
        total += workspace.numbers[slot + 1 + k] * value
        slope += workspace.numbers[slot + 1 + k] * rise
    ohm = workspace.numbers[slot] / total
    return ohm, -ohm * slope / total


@kernel(inner=True)
def sigma(curves: Any, T: float) -> tuple[float, float]:
    """Electrical conductivity and its slope."""
    row = locate(curves.knots, curves.first, curves.last, T)
    t = T - curves.knots[row]
    value = cubic(curves.cells, row, packing.ELECTRICAL, t)
    rise = curves.cells[row, 5] + t * (2.0 * curves.cells[row, 6] + t * 3.0 * curves.cells[row, 7])
    return (1.0 / value, -rise / (value * value)) if curves.is_resistivity else (value, rise)
