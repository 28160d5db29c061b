"""One case: its numbers, where it begins, and Newton's method on its node temperatures and its current.

The steps, the criteria of convergence and the codes are those of `ioffe.engine.newton`. The current is an
unknown where it is not imposed.
"""

from __future__ import annotations

from math import isfinite, nan
from typing import Any, NamedTuple

from ioffe.engine.balance import MEAN_T
from ioffe.engine.compiled import flatten as given
from ioffe.engine.compiled import workspace as at
from ioffe.engine.compiled.balance import assemble, curves_of
from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.grid import FORM
from ioffe.engine.compiled.packing import CONDUCTIVITY
from ioffe.engine.compiled.segment import UNDECIDED
from ioffe.engine.compiled.table_cells import cubic, locate
from ioffe.engine.newton import MAX_MOVE, MAX_PASSES, STALLED
from ioffe.engine.state import FAILED, RUNAWAY

DECIDED = 3
"""Newton steps after which a segment keeps the form it is solved in, so that the iteration can settle."""
LOOSE, TIGHT = 1e-3, 1e-8
"""Relative change of a segment's c after which Newton goes on with the nodes, and when a case is done."""


class CaseDrive(NamedTuple):
    """What is imposed on one case."""

    ambient: float
    """Temperature of the surroundings in K."""
    hot: float
    """Temperature in K, or heat in W that enters where the hot node is free."""
    cold: float
    """Temperature in K, or heat in W that leaves where the cold node is free."""
    circuit: int
    """One of BY_CURRENT, BY_VOLTAGE, BY_LOAD."""
    value: float
    """A, V or ohm."""


@kernel(inner=True)
def imposed_on(problem: Any, case: int, circuit: int, value: float) -> CaseDrive:
    """What the drive of a case imposes at the nodes, with a value imposed on the circuit."""
    x = problem.imposed
    return CaseDrive(x[given.AMBIENT, case], x[given.AT_HOT, case], x[given.AT_COLD, case], circuit, value)


@kernel(inner=True)
def load(problem: Any, workspace: Any, case: int) -> None:
    """Bring the numbers and tables of a case into the workspace and forget the case before."""
    group, high = 0, len(problem.starts) - 1
    while high - group > 1:
        middle = (group + high) // 2
        if problem.starts[middle] <= case:
            group = middle
        else:
            high = middle
    position = case - problem.starts[group]
    for p in range(len(workspace.numbers)):
        slot = problem.slots[group, p]
        workspace.numbers[p] = problem.values[slot[0] + slot[1] * position]
    for t in range(len(workspace.tables)):
        workspace.tables[t] = problem.tables[group, t]
    forget(workspace)


@kernel(inner=True)
def forget(workspace: Any) -> None:
    """Begin anew, without what earlier solutions left."""
    workspace.memory[:, :] = 0
    workspace.states[:, at.BEGIN] = nan
    workspace.result[:] = nan


@kernel(inner=True)
def begin(problem: Any, workspace: Any, imposed: CaseDrive) -> bool:
    """Node temperatures of pure conduction with conductances at the mean temperature."""
    n = problem.nodes
    mean = MEAN_T
    if not problem.hot_free and not problem.cold_free:
        mean = 0.5 * (imposed.hot + imposed.cold)
    elif not problem.hot_free:
        mean = imposed.hot
    elif not problem.cold_free:
        mean = imposed.cold
    K, x, pivot = workspace.matrices[at.FACTORS], workspace.vectors[at.T], workspace.indices[at.PIVOT]
    K[:, :] = 0.0
    x[:] = 0.0
    slot = 0
    for k in range(len(problem.pairs)):
        g, used = _conductance(problem, workspace, k, slot, mean)
        slot += used
        a, b = problem.pairs[k, 0], problem.pairs[k, 1]
        K[a, a] += g
        K[b, b] += g
        K[a, b] -= g
        K[b, a] -= g
    _impose(K, x, n, problem.hot, problem.hot_free, imposed.hot)
    _impose(K, x, n, problem.cold, problem.cold_free, -imposed.cold if problem.cold_free else imposed.cold)
    if problem.ambient >= 0:
        _impose(K, x, n, problem.ambient, False, imposed.ambient)
    if not factor(K, n, pivot):
        return False
    substitute(K, n, pivot, x)
    workspace.vectors[at.LOW, :] = 0.0
    good = True
    for k in range(n):
        if problem.hot_free or problem.cold_free:
            x[k] = min(max(x[k], 0.3 * mean), 3.0 * mean)
        good = good and isfinite(x[k])
    return good


@kernel(inner=True)
def _conductance(problem: Any, workspace: Any, k: int, slot: int, mean: float) -> tuple[float, int]:
    """Thermal conductance of element k in W/K at one temperature, and how many slots it takes."""
    plates = problem.legs + problem.plates
    if k >= plates + problem.links:
        return 4.0 * workspace.numbers[slot] * mean**3, 1
    if k >= plates:
        return workspace.numbers[slot + given.CONDUCTANCE], given.LINK
    curves = curves_of(problem, workspace.tables[k])
    row = locate(curves.knots, curves.first, curves.last, mean)
    g = cubic(curves.cells, row, CONDUCTIVITY, mean - curves.knots[row])
    g *= workspace.numbers[slot + given.AREA] / workspace.numbers[slot + given.LENGTH]
    return (g * workspace.numbers[slot + given.COUNT], given.LEG) if k < problem.legs else (g, given.PLATE)


@kernel(inner=True)
def _impose(K: Any, x: Any, n: int, node: int, free: bool, value: float) -> None:
    """A heat that enters, or a temperature."""
    if free:
        x[node] += value
        return
    for k in range(n):
        K[node, k] = 0.0
    K[node, node] = 1.0
    x[node] = value


@kernel(inner=True)
def solve(
    problem: Any, workspace: Any, imposed: CaseDrive, current: float, tolerance: float, balance: float
) -> int:
    """Solve from the temperatures in the workspace; writes T_I and the result, and returns the code.

    `current` is where to begin; `balance` is the imbalance of a node that is allowed, relative to the largest
    heat flow.
    """
    n = problem.nodes
    free, move, step = workspace.indices[at.FREE], workspace.vectors[at.MOVE], workspace.vectors[at.STEP]
    count = 0
    for k in range(n):
        if k != problem.ambient and (
            problem.hot_free if k == problem.hot else problem.cold_free if k == problem.cold else True
        ):
            free[count] = k
            count += 1
    nodes = count
    if imposed.circuit != given.BY_CURRENT:
        free[count] = n
        count += 1
    step[:] = 0.0
    trust, moves = 1.0, 0
    close = LOOSE if count > 0 else TIGHT
    moved = False
    for _ in range(MAX_PASSES):
        if moves < DECIDED:
            for leg in range(problem.legs):
                workspace.memory[leg, FORM] = UNDECIDED
        sums = assemble(problem, workspace, imposed.ambient, current, (tolerance, close))
        code = sums[6]
        _complete(problem, workspace, imposed, current, sums[0])
        good = code < FAILED and _newton(workspace, n, count)
        if good and _converged(workspace, n, nodes, count, current, moves, sums, balance):
            _store(problem, workspace, nodes, imposed, current, sums)
            # a balance at a temperature below zero is no steady state
            return code if _lowest(workspace.vectors[at.T], n) > 0.0 else RUNAWAY
        if good:
            _bound(move, n)
            for k in range(n + 1):
                step[k] = move[k]
            trust = 1.0
            moves += 1
            moved = True
            predict(problem, workspace, move[n])
        elif moved and trust > 1e-3:
            # an iterate that cannot be evaluated is approached by half the last step
            for k in range(n + 1):
                step[k] *= 0.5
                move[k] = -step[k]
            trust *= 0.5
        else:
            return RUNAWAY if code == RUNAWAY else FAILED
        shift(workspace.vectors, n)
        current += move[n]
    return FAILED


@kernel(inner=True)
def _lowest(T: Any, n: int) -> float:
    lowest = T[0]
    for k in range(1, n):
        lowest = min(lowest, T[k])
    return lowest


@kernel(inner=True)
def _complete(problem: Any, workspace: Any, imposed: CaseDrive, current: float, voltage: float) -> None:
    """Turn the inflows into residuals, the last of them that of the circuit."""
    n, inflow = problem.nodes, workspace.vectors[at.INFLOW]
    if problem.hot_free:
        inflow[problem.hot] += imposed.hot
    if problem.cold_free:
        inflow[problem.cold] -= imposed.cold
    if imposed.circuit == given.BY_VOLTAGE:
        inflow[n] = voltage - imposed.value
    elif imposed.circuit == given.BY_LOAD:
        inflow[n] = voltage - current * imposed.value
        workspace.matrices[at.JACOBIAN, n, n] -= imposed.value


@kernel(inner=True)
def _newton(workspace: Any, n: int, count: int) -> bool:
    """The Newton step of all unknowns; False where it does not exist."""
    inflow, move, side = workspace.vectors[at.INFLOW], workspace.vectors[at.MOVE], workspace.vectors[at.SIDE]
    free, matrix = workspace.indices[at.FREE], workspace.matrices[at.FACTORS]
    for k in range(n + 1):
        move[k] = 0.0
        if not isfinite(inflow[k]):
            return False
    for i in range(count):
        side[i] = -inflow[free[i]]
        for k in range(count):
            matrix[i, k] = workspace.matrices[at.JACOBIAN, free[i], free[k]]
            if not isfinite(matrix[i, k]):
                return False
    if not factor(matrix, count, workspace.indices[at.PIVOT]):
        return False
    substitute(matrix, count, workspace.indices[at.PIVOT], side)
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
        old = vectors[at.T, k]
        step = vectors[at.MOVE, k] + vectors[at.LOW, k]
        new = old + step
        part = new - old
        vectors[at.LOW, k] = (old - (new - part)) + (step - part)
        vectors[at.T, k] = new


@kernel(inner=True)
def predict(problem: Any, workspace: Any, current: float) -> None:
    """Next c of each segment, to first order in the step and in a change of the current."""
    move, numbers = workspace.vectors[at.MOVE], workspace.numbers
    for leg in range(problem.legs):
        slot, x = given.LEG * leg, workspace.states[leg]
        dj = numbers[slot + given.SIGN] * numbers[slot + given.LENGTH] / numbers[slot + given.AREA]
        a, b = problem.pairs[leg, 0], problem.pairs[leg, 1]
        along = x[at.C_T0] * move[a] + x[at.C_T1] * move[b]
        x[at.BEGIN] = x[at.C] + along + x[at.C_J] * dj * current


@kernel(inner=True)
def _converged(
    workspace: Any, n: int, nodes: int, count: int, current: float, moves: int, sums: Any, balance: float
) -> bool:
    """Whether the balances of all free nodes close to rounding, and the circuit's voltage too."""
    _, size, noise, voltage_noise, _, _, _, change = sums
    inflow, free, move = workspace.vectors[at.INFLOW], workspace.indices[at.FREE], workspace.vectors[at.MOVE]
    miss = most = 0.0
    for i in range(nodes):
        miss = max(miss, abs(inflow[free[i]]))
    for k in range(n):
        most = max(most, abs(move[k]))
    quiet = miss <= balance * size + 1e-9 * noise
    # a stiff layer needs corrections below the rounding of T before nothing more can be gained
    if not quiet and ((most < 1e-10 and moves >= 3) or moves >= STALLED):
        quiet = miss <= 1e-10 * size + 8.0 * noise
    if count > nodes:
        rounding = 8.0 * voltage_noise / abs(workspace.matrices[at.JACOBIAN, n, n])
        quiet = quiet and abs(move[n]) <= 1e-12 * abs(current) + rounding
    return quiet and change <= TIGHT


@kernel(inner=True)
def _store(problem: Any, workspace: Any, nodes: int, imposed: CaseDrive, current: float, sums: Any) -> None:
    """Write the result and the total derivatives with respect to the current."""
    n, hot, cold = problem.nodes, problem.hot, problem.cold
    J, factors, x = workspace.matrices[at.JACOBIAN], workspace.matrices[at.FACTORS], workspace.result
    free, pivot = workspace.indices[at.FREE], workspace.indices[at.PIVOT]
    inflow, side, to_I = workspace.vectors[at.INFLOW], workspace.vectors[at.SIDE], workspace.vectors[at.T_I]
    if imposed.circuit != given.BY_CURRENT:
        for i in range(nodes):
            for k in range(nodes):
                factors[i, k] = J[free[i], free[k]]
        factor(factors, nodes, pivot)
    for i in range(nodes):
        side[i] = -J[free[i], n]
    substitute(factors, nodes, pivot, side)
    to_I[:] = 0.0
    x[at.RESIDUAL] = 0.0
    for i in range(nodes):
        to_I[free[i]] = side[i]
        x[at.RESIDUAL] = max(x[at.RESIDUAL], abs(inflow[free[i]]))
    hot_I, cold_I, voltage_I = J[hot, n], J[cold, n], J[n, n]
    for k in range(n):
        hot_I += J[hot, k] * to_I[k]
        cold_I += J[cold, k] * to_I[k]
        voltage_I += J[n, k] * to_I[k]
    x[at.CURRENT], x[at.VOLTAGE] = current, sums[0]
    x[at.VOLTAGE_I] = voltage_I + (imposed.value if imposed.circuit == given.BY_LOAD else 0.0)
    x[at.HEAT_HOT] = imposed.hot if problem.hot_free else -inflow[hot]
    x[at.HEAT_COLD] = imposed.cold if problem.cold_free else inflow[cold]
    x[at.HEAT_HOT_I] = 0.0 if problem.hot_free else -hot_I
    x[at.HEAT_COLD_I] = 0.0 if problem.cold_free else cold_I
    x[at.HEAT_LOST], x[at.HEAT_ERROR], x[at.ROUNDING] = sums[4], sums[5], sums[2]
    if problem.ambient >= 0:
        x[at.HEAT_LOST] += inflow[problem.ambient]


@kernel(inner=True)
def factor(matrix: Any, n: int, pivot: Any) -> bool:
    """LU decomposition of the leading n rows in place, with row exchanges; False where it is singular."""
    for k in range(n):
        best = k
        for i in range(k + 1, n):
            if abs(matrix[i, k]) > abs(matrix[best, k]):
                best = i
        pivot[k] = best
        if not abs(matrix[best, k]) > 0.0:
            return False
        if best != k:
            for m in range(n):
                matrix[k, m], matrix[best, m] = matrix[best, m], matrix[k, m]
        one = 1.0 / matrix[k, k]
        for i in range(k + 1, n):
            if matrix[i, k] != 0.0:
                share = matrix[i, k] * one
                matrix[i, k] = share
                for m in range(k + 1, n):
                    matrix[i, m] -= share * matrix[k, m]
    return True


@kernel(inner=True)
def substitute(matrix: Any, n: int, pivot: Any, x: Any) -> None:
    """Solve with the decomposition; x holds the right-hand side and then the solution."""
    for k in range(n):
        other = pivot[k]
        if other != k:
            x[k], x[other] = x[other], x[k]
    for i in range(n):
        for k in range(i):
            x[i] -= matrix[i, k] * x[k]
    for i in range(n - 1, -1, -1):
        for k in range(i + 1, n):
            x[i] -= matrix[i, k] * x[k]
        x[i] /= matrix[i, i]
