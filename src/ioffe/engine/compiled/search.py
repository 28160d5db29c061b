"""Currents at which a quantity is largest, or takes a given value, for batches of very many devices.

The definitions and the ranges are those of `ioffe.solve.operating` and
`ioffe.engine.optimum`. Such a current is where a slope changes its sign. A bracket is kept; the next current
is the root of a model through two solutions and their exact derivatives: voltage, heat and cold temperature
as cubics (Hermite) of the current. Each solution begins from the last one.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isfinite, nan, sqrt
from typing import Any

import numpy as np

from ioffe.base.aims import AIMS as ALL_AIMS
from ioffe.engine.compiled import workspace as of
from ioffe.engine.compiled.cache import kernel, run_chunks
from ioffe.engine.compiled.case import begin, forget, imposed_on, load, predict, shift, solve
from ioffe.engine.compiled.flatten import AT_COLD, AT_HOT, BY_CURRENT, Group, flatten
from ioffe.engine.compiled.workspace import allocate
from ioffe.engine.state import RUNAWAY
from ioffe.engine.table import Array

NAMES = tuple(ALL_AIMS)
"""What `find` knows, in the order of its constants."""
CHUNK = 256
FARTHEST, FARTHEST_COOLER = 4.0, 12.0
"""Largest current tried, in units of the short circuit or optimum that the slopes at zero current promise."""
SOLVES = 60
BALANCE = 1e-9
"""Imbalance of a node that is left on the way, relative to the largest heat flow."""
CLOSE = 1e-10
"""Expected relative error of a current that is accepted."""
APART = 3e-3
"""Least relative distance of the currents of a model."""
SHORT_CIRCUIT, MAX_POWER, MAX_EFFICIENCY, MAX_HEAT, MAX_COP, DELTA_T, HEAT, AIMS = range(8)
AT, V, V_I, HOT, HOT_I, COLD, COLD_I, COOL, COOL_I, POINT = range(10)
"""Indices into a point: current, voltage, heats at both ends, cold temperature, each with its derivative."""
ROOT_PASSES = 40


def find(
    groups: Sequence[Group],
    *aims: str,
    heat: Array | None = None,
    tolerance: float = 1e-6,
    threads: int | None = None,
) -> dict[str, Array]:
    """Current of every case for each of the aims; NaN where there is none.

    `groups`: as for `ioffe.engine.compiled.network.solve`; nothing need be imposed on the circuit.
    `aims`: of a generator ``"short_circuit"``, ``"max_power"``, ``"max_efficiency"``; of a cooler between two
        temperatures ``"max_heat"``, ``"max_COP"`` and ``"heat"``, the smaller current that carries a heat
        load; of a cooler with an imposed heat at its cold node ``"delta_T_max"``. The currents of coolers are
        negative.
    `heat`: heat load in W of each case (cases,), for the aim of this name.
    `tolerance`: relative error allowed in the integration of each segment.
    `threads`: how many threads share the cases; all processors by default. The result does not depend on it.

    >>> from ioffe.engine.thermoelement import Thermoelement
    >>> from ioffe.engine.network import Drive, Network
    >>> from ioffe.engine.table import pack
    >>> S, rho, kappa = ((np.array([200.0, 900.0]), np.array([[v, 0, 0, 0]])) for v in (2e-4, 1e-5, 1.0))
    >>> leg = Thermoelement(pack(S, rho, kappa, resistivity=True), 0, 1, 1e-3, 1e-6, sign=1.0)
    >>> drive = Drive(np.full(1, 300.0), T_hot=np.full(1, 500.0), T_cold=np.full(1, 300.0))
    >>> found = find([(Network(2, 0, 1, (leg,)), drive)], "short_circuit", "max_power")
    >>> found["short_circuit"], found["max_power"]
    (array([4.]), array([2.]))
    """
    problem = flatten(groups, searched=True, tolerance=tolerance)
    n = problem.imposed.shape[1]
    wanted = np.array([name in aims for name in NAMES])
    _check(aims, wanted, heat, problem.cold_free, n)
    loads = np.zeros(n) if heat is None else np.ascontiguousarray(heat, float)
    idle = problem
    if wanted[DELTA_T]:
        fixed = problem.imposed.copy()
        fixed[AT_COLD] = fixed[AT_HOT]
        idle = problem._replace(cold_free=False, imposed=fixed)
    found = np.full((AIMS, n), nan)

    def run(start: int, stop: int) -> None:
        _find(problem, idle, allocate(problem), found, wanted, loads, start, stop, tolerance)

    run_chunks(run, n, threads, CHUNK)
    return {name: found[NAMES.index(name)] for name in aims}


def is_loaded() -> bool:
    """Whether the kernel is in memory."""
    return bool(_find.signatures)


def _check(aims: tuple[str, ...], wanted: Any, heat: Array | None, cold_free: bool, n: int) -> None:
    unknown = [name for name in aims if name not in NAMES]
    if unknown or not aims:
        raise ValueError(f"aims are among {', '.join(NAMES)}, not {', '.join(unknown) or 'none'}")
    if wanted[HEAT] and (heat is None or np.shape(heat) != (n,)):
        raise ValueError("the aim heat needs a heat load for each case")
    if wanted[DELTA_T] and (not cold_free or wanted.sum() > 1):
        raise ValueError("delta_T_max needs a heat imposed at the cold node, and no other aim")
    if cold_free and (wanted[MAX_HEAT] or wanted[MAX_COP] or wanted[HEAT]):
        raise ValueError("max_heat, max_COP and heat need a temperature imposed at the cold node")


@kernel
def _find(
    problem: Any,
    idle: Any,
    workspace: Any,
    found: Any,
    wanted: Any,
    loads: Any,
    start: int,
    stop: int,
    tolerance: float,
) -> None:
    """All aims of the cases start ... stop."""
    points = np.zeros((4, POINT))
    still = points[3]
    for case in range(start, stop):
        at_hot, at_cold = problem.imposed[AT_HOT, case], problem.imposed[AT_COLD, case]
        if not (isfinite(at_hot) and isfinite(at_cold)):
            continue
        load(problem, workspace, case)
        if not at(idle, workspace, case, 0.0, tolerance):
            continue
        note(problem, workspace, still)
        most = nan
        for aim in range(AIMS):
            if not (wanted[aim] or (aim == MAX_HEAT and wanted[HEAT])):
                continue
            guess, limit = _range(aim, still, at_hot, at_cold, loads[case], found[MAX_HEAT, case], most)
            if aim == DELTA_T:
                still[AT] = nan
            if limit == 0.0 or not isfinite(guess):
                found[aim, case] = guess
                continue
            current = search(
                problem, workspace, points, still, case, aim, loads[case], guess, limit, tolerance
            )
            # the last solution lies close to the root
            if aim == MAX_COP and not points[1, COLD] < 0.0:
                current = nan
            found[aim, case] = current
            if aim == MAX_HEAT:
                most = -points[1, COLD]


@kernel(inner=True)
def _range(
    aim: int, still: Any, T_hot: float, T_cold: float, load: float, best: float, most: float
) -> tuple[float, float]:
    """Where to begin and the largest current, from the slopes at zero current.

    NaN where nothing is to be found; a limit of zero where the beginning is the result itself. `best` is the
    current of the largest heat, and `most` that heat.
    """
    # of the short circuit of a generator, and of the largest heat of a cooler, at constant properties
    short, top = -still[V] / still[V_I], still[COLD_I] / still[V_I]
    if aim == HEAT:
        return _carrying(still, load, best, most)
    if aim <= MAX_EFFICIENCY:
        guess = short if aim == SHORT_CIRCUIT else 0.5 * short
        return guess if short > 0.0 else nan, FARTHEST * short
    guess = top
    if aim == MAX_COP:
        # there is no largest COP where the device takes up heat without current
        if not still[COLD] > 0.0:
            return nan, 0.0
        conducted = still[V_I] * still[COLD] * (T_hot - T_cold)
        ratio = -0.5 * (T_hot + T_cold) * still[V] ** 2 / conducted
        guess = still[V] / (still[V_I] * (sqrt(1.0 + ratio) - 1.0))
        if not 0.95 * top < guess < 0.0:
            guess = 0.5 * top
    return guess if top < 0.0 else nan, FARTHEST_COOLER * top


@kernel(inner=True)
def _carrying(still: Any, load: float, best: float, most: float) -> tuple[float, float]:
    """Range of the smaller current that carries a heat load, below that of the largest heat."""
    if not isfinite(best):
        return nan, 0.0
    if abs(load - most) <= 1e-9 * abs(most):
        return best, 0.0
    if abs(load + still[COLD]) <= 1e-12 * abs(most):
        return 0.0, 0.0
    if not (load < most and load + still[COLD] > 0.0):
        return nan, 0.0
    # of a parabola through both ends
    share = 1.0 - sqrt(1.0 - (load + still[COLD]) / (most + still[COLD]))
    return share * best, best


@kernel(inner=True)
def search(
    problem: Any,
    workspace: Any,
    points: Any,
    still: Any,
    case: int,
    aim: int,
    load: float,
    guess: float,
    limit: float,
    tolerance: float,
) -> float:
    """First sign change of a slope between zero current and `limit`; NaN where there is none.

    `still` is the solution at zero current, its current NaN where it is not of this problem. ``points[1]``
    ends as the last solution.
    """
    near, far, end = 0.0, inf, limit
    blocked, seen, count = False, isfinite(still[AT]), 0
    if seen:
        if not slope(aim, load, still) > 0.0:
            return nan
        copy(still, points[1])
        count = 1
    x = guess
    for _ in range(SOLVES):
        if not at(problem, workspace, case, x, tolerance):
            # currents without a solution bound the range from above, or from below if a bracket is closed
            if isfinite(far):
                near = x
                x = 0.5 * (near + far)
            else:
                end, blocked = x, True
                x = 0.5 * (near + end)
            if abs(x - near) <= 1e-6 * abs(limit):
                return nan
            continue
        before, was = points[1, AT], slope(aim, load, points[1])
        _keep(problem, workspace, points, count)
        count += 1
        now = slope(aim, load, points[1])
        if now > 0.0:
            if x == end:
                return nan
            near, seen = x, True
        else:
            far = x
        new, error = _model(aim, load, points, before, was, now) if count > 1 else (nan, inf)
        if error <= CLOSE * abs(x) and (seen or abs(new) < abs(x)):
            return new
        x = _following(new, x, near, far, end, blocked)
        if abs(far - near) <= CLOSE * abs(x):
            return x if seen else nan
    return nan


@kernel(inner=True)
def _keep(problem: Any, workspace: Any, points: Any, count: int) -> None:
    """Make the solved case point 1; the old one becomes point 0 unless it lies too close."""
    x = workspace.result[of.CURRENT]
    if count == 1 or abs(x - points[1, AT]) > APART * abs(x):
        copy(points[1], points[0])
    note(problem, workspace, points[1])


@kernel(inner=True)
def _model(aim: int, load: float, points: Any, before: float, was: float, now: float) -> tuple[float, float]:
    """The next current and its expected error, from the last one with its slope and the one `before`."""
    x, other = points[1, AT], points[0, AT]
    if abs(x - before) <= APART * abs(x):
        # of values so close to each other only the slopes tell something
        new = x - now * (x - before) / (now - was)
        return new, abs(new - x) * abs(x - before) / abs(x)
    new = root(aim, load, points)
    apart = (x / other - 1.0) ** 2 if other != 0.0 else 1.0
    # the imbalance that is left blurs the cubics of points close to each other
    return new, abs(new - x) * (apart + BALANCE / apart)


@kernel(inner=True)
def _following(new: float, x: float, near: float, far: float, end: float, blocked: bool) -> float:
    """The model's root inside the bracket, else its middle; at most twice the current while it is open."""
    if isfinite(far):
        return new if abs(near) < abs(new) < abs(far) and new * far > 0.0 else 0.5 * (near + far)
    if not (abs(near) < abs(new) < abs(2.0 * x) and new * end > 0.0):
        new = 2.0 * x
    if abs(new) < abs(end):
        return new
    return 0.5 * (near + end) if blocked else end


@kernel(inner=True)
def at(problem: Any, workspace: Any, case: int, current: float, tolerance: float) -> bool:
    """Solve at a current, from the last solution where there is one; False where there is no solution."""
    last, imposed = workspace.result[of.CURRENT], imposed_on(problem, case, BY_CURRENT, current)
    for again in (False, True):
        if again:
            forget(workspace)
            if not begin(problem, workspace, imposed):
                break
        elif isfinite(last):
            for k in range(problem.nodes):
                workspace.vectors[of.MOVE, k] = (current - last) * workspace.vectors[of.T_I, k]
            predict(problem, workspace, current - last)
            shift(workspace.vectors, problem.nodes)
        else:
            continue
        if solve(problem, workspace, imposed, current, tolerance, BALANCE) < RUNAWAY:
            return True
    forget(workspace)
    return False


@kernel(inner=True)
def note(problem: Any, workspace: Any, point: Any) -> None:
    """Keep what the slopes need of a solved case."""
    x = workspace.result
    point[AT], point[V], point[V_I] = x[of.CURRENT], x[of.VOLTAGE], x[of.VOLTAGE_I]
    point[HOT], point[HOT_I] = x[of.HEAT_HOT], x[of.HEAT_HOT_I]
    point[COLD], point[COLD_I] = x[of.HEAT_COLD], x[of.HEAT_COLD_I]
    point[COOL], point[COOL_I] = (
        workspace.vectors[of.T, problem.cold],
        workspace.vectors[of.T_I, problem.cold],
    )


@kernel(inner=True)
def copy(point: Any, to: Any) -> None:
    """Keep a point elsewhere."""
    for k in range(POINT):
        to[k] = point[k]


@kernel(inner=True)
def slope(aim: int, load: float, x: Any) -> float:
    """Changes from plus to minus as the size of the current grows beyond the wanted one."""
    power, power_I = x[V] * x[AT], x[V] + x[AT] * x[V_I]
    if aim == SHORT_CIRCUIT:
        return x[V]
    if aim == MAX_POWER:
        return power_I
    if aim == MAX_EFFICIENCY:
        return power_I * x[HOT] - power * x[HOT_I]
    if aim == MAX_HEAT:
        return x[COLD_I]
    if aim == MAX_COP:
        return power_I * x[COLD] - power * x[COLD_I]
    if aim == DELTA_T:
        return x[COOL_I]
    return load + x[COLD]


@kernel(inner=True)
def between(points: Any, current: float, out: Any) -> None:
    """Cubics through values and derivatives of the points 0 and 1, at another current."""
    h = points[1, AT] - points[0, AT]
    t = (current - points[0, AT]) / h
    out[AT] = current
    for k in range(V, POINT, 2):
        a, b = points[0, k], points[1, k]
        da, db = h * points[0, k + 1], h * points[1, k + 1]
        two, three = 3.0 * (b - a) - 2.0 * da - db, 2.0 * (a - b) + da + db
        out[k] = a + t * (da + t * (two + t * three))
        out[k + 1] = (da + t * (2.0 * two + t * 3.0 * three)) / h


@kernel(inner=True)
def root(aim: int, load: float, points: Any) -> float:
    """Where the slope of the cubics vanishes, by secants from point 1; NaN where they lead nowhere.

    ``points[2]`` holds the trial.
    """
    x, far = points[1, AT], points[0, AT]
    y, beyond = slope(aim, load, points[1]), slope(aim, load, points[0])
    size = abs(x) + abs(far)
    for _ in range(ROOT_PASSES):
        if y == 0.0:
            return x
        step = -y * (x - far) / (y - beyond)
        if not abs(step) <= 4.0 * size:
            return nan
        far, beyond = x, y
        x += step
        if abs(step) <= 1e-14 * size:
            return x
        between(points, x, points[2])
        y = slope(aim, load, points[2])
    return nan
