"""Solution of groups of cases: one march of every segment and one step of the network a pass."""

from __future__ import annotations

from math import inf, isfinite, nan
from typing import Any

from ioffe.engine.compiled import flatten as slots
from ioffe.engine.compiled import search
from ioffe.engine.compiled import workspace as one
from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.plain import march as at
from ioffe.engine.compiled.plain import newton
from ioffe.engine.compiled.plain.march import CASES
from ioffe.engine.compiled.vector import cells, current, network, turning
from ioffe.engine.compiled.vector import group as of
from ioffe.engine.newton import MAX_MOVE
from ioffe.engine.segment import RUNAWAY_T
from ioffe.engine.state import OK, OUTSIDE

PASSES = 16
SETTLING = 3
"""Passes after which a profile that is far too steep for its elements stays so."""
SLACK = 1e-9
"""K by which an end may lie outside the table."""
UNSOLVED, FINER, REFUSED, TURNS = -1, -2, -3, -4
"""Codes of a case that still changes, that needs more elements, that vectors cannot solve, and whose
temperature turns inside a segment."""


@kernel
def solve_level(
    problem: Any,
    free: Any,
    g: Any,
    record: Any,
    devices: Any,
    parts: int,
    turns: bool,
    aim: int,
    loads: Any,
    tolerance: float,
    exact: bool,
    seeds: Any,
) -> int:
    """Solve devices with so many elements in a cell of the table; those to be tried again move to the front.

    `problem`, `free`, `g`: see `flatten`, `network.FreeNodes` and `group.VectorGroup`.
    `record`: see `ioffe.engine.compiled.network.SolutionArrays`; devices without a solution keep their code.
    `devices`: indices of the devices.
    `turns`: whether profiles may turn inside a segment. Without that form every pass takes less time.
    `aim`: one of the aims in `ioffe.engine.compiled.search`, or `current.NO_AIM`.
    `loads`: heat load in W of every device, for the aim HEAT.
    `tolerance`: relative error that is allowed.
    `exact`: whether the slopes are to be as exact as the values.
    `seeds`: node temperatures, current and c of every segment of devices that have been solved with fewer
        elements, else NaN (devices, nodes + 1 + legs + 1); the last column says whether a profile turns.
    Returns: how many devices need more elements, or the form for profiles that turn.
    """
    again = 0
    for first in range(0, len(devices), CASES):
        devices_here = devices[first : min(first + CASES, len(devices))]
        of.load(problem, g, devices_here)
        _begin(problem, free, g, parts, aim, seeds)
        for count in range(PASSES):
            _assemble(problem, g, parts, turns)
            _step(problem, free, g, aim)
            left = 0
            for case in range(CASES):
                if g.sums[of.MOVING, case] != 0.0:
                    load = loads[g.device[case]]
                    code = _advance(problem, g, turns, aim, load, count, tolerance, exact, case)
                    if code == UNSOLVED:
                        left += 1
                        continue
                    _stop(problem, g, case)
                    if code >= OK and case < len(devices_here):
                        _write(problem, g, record, case, code)
                    elif code != REFUSED and case < len(devices_here):
                        _keep(problem, g, seeds, code, case)
                        devices[again] = g.device[case]
                        again += 1
            if left == 0:
                break
    return again


@kernel(inner=True)
def _step(problem: Any, free: Any, g: Any, aim: int) -> None:
    """What the node temperatures do at the current and along it, and all sums after that step."""
    network.factor(g, free)
    network.solve_for(g, free, g.inflow, g.move)
    for k in free.nodes:
        for case in range(CASES):
            g.to_I[k, case] = g.jacobian[k, problem.nodes, case]
    network.solve_for(g, free, g.to_I, g.to_I)
    if aim != current.NO_AIM:
        network.curve(problem, free, g)
    current.total(problem, g, aim != current.NO_AIM)


@kernel(inner=True)
def _stop(problem: Any, g: Any, case: int) -> None:
    """A case that is done stays as it is."""
    g.sums[of.MOVING, case] = 0.0
    for leg in range(problem.legs):
        g.marches[leg, at.MOVING + case] = 0.0


@kernel(inner=True)
def _begin(problem: Any, free: Any, g: Any, parts: int, aim: int, seeds: Any) -> None:
    """Node temperatures of pure conduction, the current that is imposed or none, and c of every segment.

    Devices that have been solved with fewer elements begin there.
    """
    n = problem.nodes
    network.conduct(problem, free, g)
    if aim == search.DELTA_T:
        network.cool(problem, free, g)
    g.sums[:, :] = 0.0
    g.move[:, :] = 0.0
    g.to_I[:, :] = 0.0
    g.bend[:, :] = 0.0
    for case in range(CASES):
        g.sums[of.MOVING, case] = 1.0
        if aim == current.NO_AIM and problem.circuit == slots.BY_CURRENT:
            g.sums[of.CURRENT, case] = problem.imposed[slots.AT_CIRCUIT, g.device[case]]
            g.sums[of.FIXED, case] = 1.0
        seed = seeds[g.device[case]]
        if isfinite(seed[n]):
            g.sums[of.CURRENT, case] = seed[n]
            for k in free.nodes:
                g.T[k, case] = seed[k]
    for leg in range(problem.legs):
        now, own = g.marches[leg], g.segments[leg]
        own[of.FORM, :] = of.AGAIN
        most = cells.prepare(problem, g, leg, parts)
        own[of.EARLIER, :] = 0.0
        at.sums(g.elements[leg], most, now)
        for case in range(CASES):
            j, sign = g.sums[of.CURRENT, case] * own[of.DJ, case], now[at.SIGN + case]
            now[at.J + case], now[at.SQUARE + case] = sign * j, sign * j * j
        newton.first_guess(now)
        for case in range(CASES):
            c = seeds[g.device[case], n + 1 + leg]
            own[of.C, case] = c if isfinite(c) else now[at.SIGN + case] * now[at.C + case]
            own[of.R, case] = now[at.R + case]


@kernel(inner=True)
def _keep(problem: Any, g: Any, seeds: Any, code: int, case: int) -> None:
    """Where a device is to begin that needs another try."""
    n, seed = problem.nodes, seeds[g.device[case]]
    for k in range(n):
        seed[k] = g.T[k, case]
    seed[n] = g.sums[of.CURRENT, case]
    for leg in range(problem.legs):
        seed[n + 1 + leg] = g.segments[leg, of.C, case]
    seed[n + 1 + problem.legs] = 1.0 if code == TURNS else 0.0


@kernel(inner=True)
def _assemble(problem: Any, g: Any, parts: int, turns: bool) -> None:
    """March all segments at the temperatures and currents of the cases, and set up the balances."""
    g.inflow[:, :] = 0.0
    g.jacobian[:, :, :] = 0.0
    for leg in range(problem.legs):
        monotonic, turning_too = (turning.choose(problem, g, leg)) if turns else (True, False)
        if monotonic:
            _march(problem, g, leg, parts)
        if turning_too:
            turning.march(problem, g, leg, parts)
        network.collect(problem, g, leg)
    network.add_others(problem, g)
    network.imposed_heat(problem, g)


@kernel(inner=True)
def _march(problem: Any, g: Any, leg: int, parts: int) -> None:
    """A pass of the temperature form."""
    now, own = g.marches[leg], g.segments[leg]
    most = cells.prepare(problem, g, leg, parts)
    for case in range(CASES):
        j, sign = g.sums[of.CURRENT, case] * own[of.DJ, case], now[at.SIGN + case]
        now[at.J + case], now[at.SQUARE + case] = sign * j, sign * j * j
        now[at.C + case] = sign * own[of.C, case]
    at.march_tangents(g.elements[leg], most, now)
    network.close(problem, g, leg)


@kernel(inner=True)
def _advance(
    problem: Any,
    g: Any,
    turns: bool,
    aim: int,
    load: float,
    count: int,
    tolerance: float,
    exact: bool,
    case: int,
) -> int:
    """Newton's step of one case, or its code where it is done."""
    x = g.sums
    valid = True
    for leg in range(problem.legs):
        valid = valid and g.marches[leg, at.LEAST + case] > 0.0
    if not valid:
        return _repair(problem, g, turns, aim, case)
    current.step(problem, g, aim, load, count, case)
    moved = _move(problem, g, case)
    if not isfinite(moved):
        return REFUSED
    code = _judge(problem, g, turns, count, moved, tolerance, exact, case)
    if code == OK and aim == search.MAX_COP and not x[of.COLD, case] < 0.0:
        # no heat is taken up
        return REFUSED
    if code != REFUSED:
        for k in range(problem.nodes):
            g.T[k, case] += g.move[k, case]
        x[of.CURRENT, case] += x[of.STEP, case]
        for leg in range(problem.legs):
            if not 0.0 < min(g.T[problem.pairs[leg, 0], case], g.T[problem.pairs[leg, 1], case]):
                return REFUSED
    return _classify(problem, g, case) if code >= OK else code


@kernel(inner=True)
def _move(problem: Any, g: Any, case: int) -> float:
    """Bounded step of the nodes together with the current, and its largest relative change; or NaN."""
    x = g.sums
    dI, most, good = x[of.STEP, case], 0.0, isfinite(x[of.STEP, case])
    for k in range(problem.nodes):
        move = g.move[k, case] + dI * (g.to_I[k, case] + 0.5 * dI * g.bend[k, case])
        g.move[k, case] = move
        most, good = max(most, abs(move)), good and isfinite(move)
    if not good:
        return nan
    share, moved = 1.0, 0.0
    if most > MAX_MOVE:
        share = MAX_MOVE / most
        x[of.MORE, case] = inf
    x[of.STEP, case] = share * dI
    for k in range(problem.nodes):
        g.move[k, case] *= share
        if g.T[k, case] != 0.0:
            moved = max(moved, abs(g.move[k, case] / g.T[k, case]))
    return moved


@kernel(inner=True)
def _judge(
    problem: Any, g: Any, turns: bool, count: int, moved: float, tolerance: float, exact: bool, case: int
) -> int:
    """Follow the step in every segment to first order; whether the case is done, and its error.

    What is left of a change is judged as in `plain.newton.judge`; the step of the network leaves its square.
    """
    x = g.sums
    dI = x[of.STEP, case]
    left, error, smooth, hopeless = x[of.MORE, case], 0.0, True, False
    heat_error = 0.0
    for leg in range(problem.legs):
        now, own = g.marches[leg], g.segments[leg]
        u, v = g.move[problem.pairs[leg, 0], case], g.move[problem.pairs[leg, 1], case]
        dj, r, size = dI * own[of.DJ, case], own[of.R, case], own[of.SIZE, case]
        dc = own[of.C_T0, case] * u + own[of.C_T1, case] * v + own[of.C_J, case] * dj
        dr = own[of.R_T0, case] * u + own[of.R_T1, case] * v + own[of.R_J, case] * dj
        network_change = max(abs(dc) / size, abs(dr) / r, moved)
        own_change, growth = own[of.CHANGE, case], now[at.GROWTH + case]
        lag = newton.LATER_LAG * growth * (1.0 + newton.LAG_SLOPE * growth)
        change = own_change + network_change
        # c bends with the temperatures and the current the more, the smaller the least flux is
        bend = change * max(1.0, size / now[at.LEAST + case])
        # the shapes lag behind the changes before, even where what these leave cancels in c in this pass
        earlier = growth * growth * own[of.EARLIER, case]
        # slopes are off by the change itself, and a current that follows from slopes by that at this current
        by_slopes = own[of.FORM, case] == of.BY_TURNING and x[of.FIXED, case] == 0.0
        left = max(left, newton.LAG * growth * earlier, change if exact else change * (lag + bend))
        left = max(left, own_change if by_slopes else 0.0)
        own[of.EARLIER, case] = max(change, earlier)
        own_error = now[at.POSITION_ERROR + case] + now[at.R_ERROR + case] / r
        begin = now[at.J + case] * now[at.START + case]
        own_error += newton.EPSILON * (abs(begin) + abs(now[at.C + case])) / now[at.LEAST + case]
        own_error += turning.OF_SLOPES * own[of.KNOTS, case] if by_slopes else 0.0
        error = max(error, own_error)
        now[at.ERROR + case] = own_error
        heat_error += own[of.PER, case] * size * own_error
        ratio = max(now[at.RISE + case], 1.0 / now[at.FALL + case])
        smooth = smooth and ratio < newton.STEEP
        hopeless = hopeless or ratio > newton.HOPELESS
        own[of.C, case] += dc - now[at.HEATING + case] * dj * dj
        if own[of.FORM, case] == of.BY_TURNING:
            own[of.A, case] += own[of.A_T0, case] * u + own[of.A_T1, case] * v + own[of.A_J, case] * dj
        own[of.R, case] += dr
        now[at.FOUND_R + case] = own[of.R, case]
        own[of.LEAVING, case] = size * own[of.PER, case]
    allowed = 0.5 * tolerance
    coarse = not smooth and count > 0 and (count >= SETTLING or not hopeless)
    # the other form instead of more elements
    if (coarse or (turns and count > 0 and error > allowed)) and _turns(problem, g, turns, case):
        return UNSOLVED if turns else TURNS
    if coarse:
        return REFUSED if hopeless else FINER
    if (
        count > 0
        and smooth
        and (left <= allowed or (isfinite(left) and error > 2.0 * allowed and left <= error))
    ):
        if not left + error <= tolerance:
            return FINER
        largest = deviation = 0.0
        for leg in range(problem.legs):
            own, table = g.segments[leg], g.tables[leg, case]
            largest += own[of.LEAVING, case]
            deviation = max(deviation, problem.deviation[table, 0])
            heat_error += problem.deviation[table, 0] * own[of.LEAVING, case]
            heat_error += problem.deviation[table, 1] * abs(
                x[of.CURRENT, case] * own[of.DJ, case] * own[of.PER, case]
            )
        # an error of a resistance is one of a current that is not imposed, and of the heat that it carries
        carried = max(abs(x[of.HOT_I, case]), abs(x[of.COLD_I, case])) * abs(x[of.CURRENT, case])
        carried *= 1.0 - x[of.FIXED, case]
        x[of.ERROR, case] = one.SAFETY * (heat_error + left * largest + (left + error + deviation) * carried)
        return OK
    return UNSOLVED


@kernel(inner=True)
def _turns(problem: Any, g: Any, steep: bool, case: int) -> bool:
    """Whether the temperature turns in a segment, or nearly so, that has not got the form for it."""
    found = False
    for leg in range(problem.legs):
        own = g.segments[leg]
        a = turning.estimate(problem, g, leg, case, steep)
        if own[of.FORM, case] != of.BY_TURNING and isfinite(a):
            own[of.FORM, case], found = of.STEEP, True
    return found


@kernel(inner=True)
def _repair(problem: Any, g: Any, turns: bool, aim: int, case: int) -> int:
    """Where a flux is not positive everywhere the slopes mean nothing.

    Either the temperature turns there, or c alone has to move, with less current.
    """
    x = g.sums
    x[of.BAD, case] += 1.0
    x[of.BEFORE, case] = 0.0
    if turns or x[of.BAD, case] > newton.REPAIRS:
        for leg in range(problem.legs):
            own = g.segments[leg]
            if not g.marches[leg, at.LEAST + case] > 0.0:
                if own[of.FORM, case] == of.BY_TURNING:
                    return REFUSED
                own[of.FORM, case], own[of.A, case], own[of.C, case] = of.BY_TURNING, 0.0, nan
        return UNSOLVED if turns else TURNS
    retreat = newton.RETREAT if aim != current.NO_AIM else 1.0
    x[of.CURRENT, case] *= retreat
    for leg in range(problem.legs):
        now, own = g.marches[leg], g.segments[leg]
        sign = now[at.SIGN + case]
        if retreat != 1.0:
            j = x[of.CURRENT, case] * own[of.DJ, case]
            now[at.SQUARE + case] = sign * j * j
            own[of.C, case] = sign * newton.guess(now, case, sign * j)
        now[at.FOUND_R + case] = own[of.R, case]
    return UNSOLVED


@kernel(inner=True)
def _classify(problem: Any, g: Any, case: int) -> int:
    code = OK
    for leg in range(problem.legs):
        low, high = _range(problem, g, leg, case)
        if high > RUNAWAY_T:
            return REFUSED
        limits = problem.limits[g.tables[leg, case]]
        if high > limits[1] + SLACK or low < limits[0] - SLACK:
            code = OUTSIDE
    return code


@kernel(inner=True)
def _range(problem: Any, g: Any, leg: int, case: int) -> tuple[float, float]:
    """Smallest and largest temperature in a segment."""
    own = g.segments[leg]
    Ta, Tb = g.T[problem.pairs[leg, 0], case], g.T[problem.pairs[leg, 1], case]
    a = own[of.A, case] if own[of.FORM, case] == of.BY_TURNING else 0.0
    return min(Ta, Tb), max(Ta, Tb) + max(a, 0.0) ** 2


@kernel(inner=True)
def _write(problem: Any, g: Any, record: Any, case: int, code: int) -> None:
    """Copy a solved case into the record, closed to first order in its last step."""
    n, x, d, numbers = problem.nodes, g.sums, g.device[case], record.numbers
    dI = x[of.STEP, case]
    for k in range(n):
        numbers[k, d], numbers[n + k, d] = g.T[k, case], g.to_I[k, case]
    first = 2 * n
    numbers[first + one.CURRENT, d] = x[of.CURRENT, case]
    numbers[first + one.VOLTAGE, d] = x[of.V, case] + x[of.V_I, case] * dI
    numbers[first + one.HEAT_HOT, d] = x[of.HOT, case] + x[of.HOT_I, case] * dI
    numbers[first + one.HEAT_COLD, d] = x[of.COLD, case] + x[of.COLD_I, case] * dI
    lost = 0.0
    if problem.ambient >= 0:
        lost = g.inflow[problem.ambient, case]
        for k in range(n):
            lost += g.jacobian[problem.ambient, k, case] * g.move[k, case]
    numbers[first + one.HEAT_LOST, d] = lost
    numbers[first + one.VOLTAGE_I, d] = x[of.V_I, case]
    numbers[first + one.HEAT_HOT_I, d] = x[of.HOT_I, case]
    numbers[first + one.HEAT_COLD_I, d] = x[of.COLD_I, case]
    numbers[first + one.RESIDUAL, d] = x[of.BAD, case]
    numbers[first + one.HEAT_ERROR, d] = x[of.ERROR, case]
    record.codes[0, d] = code
    if len(record.codes) > 1:
        for leg in range(problem.legs):
            _state(problem, g, record, leg, case)


@kernel(inner=True)
def _state(problem: Any, g: Any, record: Any, leg: int, case: int) -> None:
    own, d = g.segments[leg], g.device[case]
    low, high = _range(problem, g, leg, case)
    limits = problem.limits[g.tables[leg, case]]
    outside = high > limits[1] + SLACK or low < limits[0] - SLACK
    record.codes[1 + leg, d] = OUTSIDE if outside else OK
    x = record.states[leg]
    x[one.C, d], x[one.R, d], x[one.LOSS, d] = own[of.C, case], own[of.R, case], 0.0
    x[one.C_T0, d], x[one.C_T1, d], x[one.C_J, d] = own[of.C_T0, case], own[of.C_T1, case], own[of.C_J, case]
    x[one.R_T0, d], x[one.R_T1, d], x[one.R_J, d] = own[of.R_T0, case], own[of.R_T1, case], own[of.R_J, case]
    x[one.LOSS_T0, d], x[one.LOSS_T1, d], x[one.LOSS_J, d] = 0.0, 0.0, 0.0
    x[one.T_MIN, d], x[one.T_MAX, d] = low, high
    x[one.ERROR, d] = g.marches[leg, at.ERROR + case] * own[of.SIZE, case]
