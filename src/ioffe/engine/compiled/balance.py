"""Heat balances of all nodes and the voltage of the circuit of one lane, with their Jacobian."""

from __future__ import annotations

from typing import Any

from ioffe.engine.balance import EPS
from ioffe.engine.compiled import segment
from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.flatten import AREA, CONVECTION, COUNT, LEG, LENGTH, RADIATION, SIGN
from ioffe.engine.compiled.grid import CODE, Side
from ioffe.engine.compiled.passive import curves_of, passive, sources
from ioffe.engine.compiled.properties import locate, quartic, seebeck
from ioffe.engine.compiled.record import (
    C_J,
    C_T0,
    C_T1,
    ERROR,
    LOSS,
    LOSS_J,
    LOSS_T0,
    LOSS_T1,
    R_J,
    R_T0,
    R_T1,
    C,
    R,
)
from ioffe.engine.compiled.workspace import BEGIN, INFLOW, JACOBIAN, LOW, T
from ioffe.engine.state import OK

Sums = tuple[float, float, float, float, float, float, int, float]
"""Voltage, largest heat flow, noise of the heat, noise of the voltage, loss, error, worst code, and the
largest last relative change of a segment; see `ioffe.engine.balance.Assembly`."""


@kernel(inner=True)
def assemble(problem: Any, room: Any, ambient: float, current: float, tolerance: float, close: float) -> Sums:
    """Evaluate all elements at the node temperatures of the room and a current."""
    room.vectors[INFLOW, :] = 0.0
    room.matrices[JACOBIAN, :, :] = 0.0
    voltage = size = noise = voltage_noise = loss = error = change = 0.0
    code = OK
    for leg in range(problem.legs):
        one = _leg(problem, room, leg, ambient, current, tolerance, close)
        voltage += one[0]
        size, noise, voltage_noise = max(size, one[1]), max(noise, one[2]), voltage_noise + one[3]
        loss, error = loss + one[4], error + one[5]
        code, change = max(code, one[6]), max(change, one[7])
    lost, largest = passive(problem, room, current)
    lost += sources(problem, room, current)
    return voltage - lost, max(size, largest), noise, voltage_noise, loss, error, code, change


@kernel(inner=True)
def _leg(
    problem: Any, room: Any, leg: int, ambient: float, current: float, tolerance: float, close: float
) -> Sums:
    """Add the flow of a segment, refined to first order by what the end temperatures lose to rounding."""
    n, slot = problem.nodes, LEG * leg
    a, b = problem.pairs[leg, 0], problem.pairs[leg, 1]
    length, area = room.numbers[slot + LENGTH], room.numbers[slot + AREA]
    sign, count = room.numbers[slot + SIGN], room.numbers[slot + COUNT]
    dj = sign * length / area
    j, per, each = current * dj, count * area / length, count * sign
    side = Side(
        room.numbers[slot + CONVECTION] * length * length,
        room.numbers[slot + RADIATION] * length * length,
        ambient,
    )
    table = room.tables[leg]
    curves = curves_of(problem, table)
    Ta, Tb, x = room.vectors[T, a], room.vectors[T, b], room.states[leg]
    code, change = segment.solve(
        curves,
        side,
        problem.limits[table, 0],
        problem.limits[table, 1],
        Ta,
        Tb,
        j,
        x[BEGIN],
        tolerance,
        close,
        room.grid[leg],
        room.memory[leg],
        room.series,
        x,
    )
    room.memory[leg, CODE] = code
    at = locate(curves.knots, curves.first, curves.last, Ta)
    bt = locate(curves.knots, curves.first, curves.last, Tb)
    ta, tb = Ta - curves.knots[at], Tb - curves.knots[bt]
    sa, sb = quartic(curves.cells, at, 13, ta), quartic(curves.cells, bt, 13, tb)
    Sa, Sb = seebeck(curves.cells, at, ta), seebeck(curves.cells, bt, tb)
    jj, r = j * j, x[R]
    out_a, out_b, out_I = per * (x[C_T0] + j * Sa), per * x[C_T1], per * (x[C_J] + sa) * dj
    in_a = per * (x[C_T0] + jj * x[R_T0] - x[LOSS_T0])
    in_b = per * (x[C_T1] + jj * x[R_T1] - x[LOSS_T1] + j * Sb)
    in_I = per * (x[C_J] + jj * x[R_J] + 2.0 * j * r - x[LOSS_J] + sb) * dj
    V_a, V_b = each * (Sa - j * x[R_T0]), each * (-Sb - j * x[R_T1])
    V_I = -each * (r + j * x[R_J]) * dj
    low_a, low_b = room.vectors[LOW, a], room.vectors[LOW, b]
    leaving = per * (x[C] + j * sa) + out_a * low_a + out_b * low_b
    reaching = per * (x[C] + jj * r - x[LOSS] + j * sb) + in_a * low_a + in_b * low_b
    room.vectors[INFLOW, a] -= leaving
    room.vectors[INFLOW, b] += reaching
    jacobian = room.matrices[JACOBIAN]
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
    size = max(abs(leaving), abs(reaching))
    return voltage, size, noise, voltage_noise, per * x[LOSS], per * x[ERROR], code, change
