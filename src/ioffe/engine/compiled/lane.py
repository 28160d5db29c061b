"""Newton's method on the node temperatures of one lane, and on its current where it is not imposed.

The steps, the criteria of convergence and the codes are those of `ioffe.engine.newton`.
"""

from __future__ import annotations

from math import isfinite
from typing import Any

from ioffe.engine.compiled import record
from ioffe.engine.compiled.balance import assemble
from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.flatten import (
    AMBIENT,
    AREA,
    AT_COLD,
    AT_HOT,
    BY_CURRENT,
    BY_LOAD,
    BY_VOLTAGE,
    LEG,
    LENGTH,
    SIGN,
)
from ioffe.engine.compiled.grid import FORM
from ioffe.engine.compiled.linear import factor, substitute
from ioffe.engine.compiled.segment import UNDECIDED
from ioffe.engine.compiled.workspace import (
    BEGIN,
    FACTORS,
    FREE,
    INFLOW,
    JACOBIAN,
    LOW,
    MOVE,
    PIVOT,
    SIDE,
    STEP,
    T_I,
    T,
)
from ioffe.engine.newton import MAX_MOVE, MAX_PASSES
from ioffe.engine.state import FAILED, RUNAWAY

DECIDED = 3
"""Newton steps after which a segment keeps the form it is solved in, so that the iteration can settle."""
LOOSE, TIGHT = 1e-3, 1e-8
"""Relative change of a segment's c after which Newton goes on with the nodes, and when a lane is done."""


@kernel(inner=True)
def solve(
    problem: Any,
    room: Any,
    lane: int,
    circuit: int,
    imposed: float,
    current: float,
    tolerance: float,
    balance: float,
) -> int:
    """Solve from the temperatures in the room; writes T_I and the result, and returns the code.

    `imposed` is the current, voltage or load that `circuit` tells; `current` is where to begin; `balance`
    is the imbalance of a node that is allowed, relative to the largest heat flow.
    """
    n = problem.nodes
    ambient, at_hot = problem.imposed[AMBIENT, lane], problem.imposed[AT_HOT, lane]
    at_cold = problem.imposed[AT_COLD, lane]
    free, move, step = room.places[FREE], room.vectors[MOVE], room.vectors[STEP]
    count = 0
    for k in range(n):
        given = (k == problem.hot and not problem.hot_free) or (k == problem.cold and not problem.cold_free)
        if not given and k != problem.ambient:
            free[count] = k
            count += 1
    nodes = count
    if circuit != BY_CURRENT:
        free[count] = n
        count += 1
    step[:] = 0.0
    trust, moves = 1.0, 0
    close = LOOSE if count > 0 else TIGHT
    moved = False
    for _ in range(MAX_PASSES):
        if moves < DECIDED:
            for leg in range(problem.legs):
                room.memory[leg, FORM] = UNDECIDED
        sums = assemble(problem, room, ambient, current, tolerance, close)
        voltage, code = sums[0], sums[6]
        _complete(problem, room, circuit, imposed, current, voltage, at_hot, at_cold)
        good = code < FAILED and _newton(room, n, count)
        if good and _converged(room, n, nodes, count, current, moves, sums, balance):
            _store(problem, room, nodes, circuit, imposed, current, sums, at_hot, at_cold)
            # a balance at a temperature below zero is no steady state
            return code if room.vectors[T, :n].min() > 0.0 else RUNAWAY
        if good:
            _bound(move, n)
            for k in range(n + 1):
                step[k] = move[k]
            trust = 1.0
            moves += 1
            moved = True
            predict(problem, room, move[n])
        elif moved and trust > 1e-3:
            # an iterate that cannot be evaluated is approached by half the last step
            for k in range(n + 1):
                step[k] *= 0.5
                move[k] = -step[k]
            trust *= 0.5
        else:
            return RUNAWAY if code == RUNAWAY else FAILED
        shift(room.vectors, n)
        current += move[n]
    return FAILED


@kernel(inner=True)
def _complete(
    problem: Any,
    room: Any,
    circuit: int,
    imposed: float,
    current: float,
    voltage: float,
    at_hot: float,
    at_cold: float,
) -> None:
    """Turn the inflows into residuals, the last of them that of the circuit."""
    n, inflow = problem.nodes, room.vectors[INFLOW]
    if problem.hot_free:
        inflow[problem.hot] += at_hot
    if problem.cold_free:
        inflow[problem.cold] -= at_cold
    if circuit == BY_VOLTAGE:
        inflow[n] = voltage - imposed
    elif circuit == BY_LOAD:
        inflow[n] = voltage - current * imposed
        room.matrices[JACOBIAN, n, n] -= imposed


@kernel(inner=True)
def _newton(room: Any, n: int, count: int) -> bool:
    """The Newton step of all unknowns; False where it does not exist."""
    inflow, move, side = room.vectors[INFLOW], room.vectors[MOVE], room.vectors[SIDE]
    free, matrix = room.places[FREE], room.matrices[FACTORS]
    for k in range(n + 1):
        move[k] = 0.0
        if not isfinite(inflow[k]):
            return False
    for i in range(count):
        side[i] = -inflow[free[i]]
        for k in range(count):
            matrix[i, k] = room.matrices[JACOBIAN, free[i], free[k]]
            if not isfinite(matrix[i, k]):
                return False
    if not factor(matrix, count, room.places[PIVOT]):
        return False
    substitute(matrix, count, room.places[PIVOT], side)
    for i in range(count):
        move[free[i]] = side[i]
        if not isfinite(side[i]):
            return False
    return True


@kernel(inner=True)
def _bound(move: Any, n: int) -> None:
    """Shorten a step in which a temperature would move too far."""
    most = 0.0
    for k in range(n):
        most = max(most, abs(move[k]))
    if most > MAX_MOVE:
        for k in range(n + 1):
            move[k] *= MAX_MOVE / most


@kernel(inner=True)
def shift(vectors: Any, n: int) -> None:
    """Add a step to T + low, where `low` keeps what T rounds off (two-sum)."""
    for k in range(n):
        old = vectors[T, k]
        step = vectors[MOVE, k] + vectors[LOW, k]
        new = old + step
        part = new - old
        vectors[LOW, k] = (old - (new - part)) + (step - part)
        vectors[T, k] = new


@kernel(inner=True)
def predict(problem: Any, room: Any, current: float) -> None:
    """Next c of each segment, to first order in the room's move and a change of the current."""
    move = room.vectors[MOVE]
    for leg in range(problem.legs):
        slot, x = LEG * leg, room.states[leg]
        dj = room.numbers[slot + SIGN] * room.numbers[slot + LENGTH] / room.numbers[slot + AREA]
        a, b = problem.pairs[leg, 0], problem.pairs[leg, 1]
        along = x[record.C_T0] * move[a] + x[record.C_T1] * move[b]
        x[BEGIN] = x[record.C] + along + x[record.C_J] * dj * current


@kernel(inner=True)
def _converged(
    room: Any, n: int, nodes: int, count: int, current: float, moves: int, sums: Any, balance: float
) -> bool:
    """Whether the balances of all free nodes close to rounding, and the circuit's voltage too."""
    _, size, noise, voltage_noise, _, _, _, change = sums
    inflow, free, move = room.vectors[INFLOW], room.places[FREE], room.vectors[MOVE]
    miss = most = 0.0
    for i in range(nodes):
        miss = max(miss, abs(inflow[free[i]]))
    for k in range(n):
        most = max(most, abs(move[k]))
    quiet = miss <= balance * size + 1e-9 * noise
    # a stiff layer needs corrections below the rounding of T before nothing more can be gained
    if not quiet and most < 1e-10 and moves >= 3:
        quiet = miss <= 1e-10 * size + 8.0 * noise
    if count > nodes:
        rounding = 8.0 * voltage_noise / abs(room.matrices[JACOBIAN, n, n])
        quiet = quiet and abs(move[n]) <= 1e-12 * abs(current) + rounding
    return quiet and change <= TIGHT


@kernel(inner=True)
def _store(
    problem: Any,
    room: Any,
    nodes: int,
    circuit: int,
    imposed: float,
    current: float,
    sums: Any,
    at_hot: float,
    at_cold: float,
) -> None:
    """Write the result and the total derivatives with respect to the current."""
    n, hot, cold = problem.nodes, problem.hot, problem.cold
    J, factors, x = room.matrices[JACOBIAN], room.matrices[FACTORS], room.result
    free, pivot = room.places[FREE], room.places[PIVOT]
    inflow, side, to_I = room.vectors[INFLOW], room.vectors[SIDE], room.vectors[T_I]
    if circuit != BY_CURRENT:
        for i in range(nodes):
            for k in range(nodes):
                factors[i, k] = J[free[i], free[k]]
        factor(factors, nodes, pivot)
    for i in range(nodes):
        side[i] = -J[free[i], n]
    substitute(factors, nodes, pivot, side)
    to_I[:] = 0.0
    x[record.RESIDUAL] = 0.0
    for i in range(nodes):
        to_I[free[i]] = side[i]
        x[record.RESIDUAL] = max(x[record.RESIDUAL], abs(inflow[free[i]]))
    hot_I, cold_I, voltage_I = J[hot, n], J[cold, n], J[n, n]
    for k in range(n):
        hot_I += J[hot, k] * to_I[k]
        cold_I += J[cold, k] * to_I[k]
        voltage_I += J[n, k] * to_I[k]
    x[record.CURRENT], x[record.VOLTAGE] = current, sums[0]
    x[record.VOLTAGE_I] = voltage_I + (imposed if circuit == BY_LOAD else 0.0)
    x[record.HEAT_HOT] = at_hot if problem.hot_free else -inflow[hot]
    x[record.HEAT_COLD] = at_cold if problem.cold_free else inflow[cold]
    x[record.HEAT_HOT_I] = 0.0 if problem.hot_free else -hot_I
    x[record.HEAT_COLD_I] = 0.0 if problem.cold_free else cold_I
    x[record.HEAT_LOST], x[record.HEAT_ERROR] = sums[4], sums[5]
    if problem.ambient >= 0:
        x[record.HEAT_LOST] += inflow[problem.ambient]
