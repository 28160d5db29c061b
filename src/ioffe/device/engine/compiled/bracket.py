"""The current of one lane at which a slope changes its sign.

A bracket is kept; the next current is the root of a model through two solutions and their exact derivatives,
and each solution begins from the last one.
"""

from __future__ import annotations

from math import inf, isfinite, nan
from typing import Any

from ioffe.device.engine.compiled.beginning import begin, forget
from ioffe.device.engine.compiled.cache import kernel
from ioffe.device.engine.compiled.flatten import AT_COLD, AT_HOT, BY_CURRENT
from ioffe.device.engine.compiled.lane import predict, shift, solve
from ioffe.device.engine.compiled.record import CURRENT
from ioffe.device.engine.compiled.slopes import AT, copy, note, root, slope
from ioffe.device.engine.compiled.workspace import MOVE, T_I
from ioffe.device.engine.state import RUNAWAY

SOLVES = 60
BALANCE = 1e-9
"""Imbalance of a node that is left on the way, relative to the largest heat flow."""
CLOSE = 1e-10
"""Expected relative error of a current that is accepted."""
APART = 3e-3
"""Least relative distance of the currents of a model."""


@kernel
def search(
    problem: Any,
    space: Any,
    points: Any,
    still: Any,
    lane: int,
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
        if not at(problem, space, lane, x, tolerance):
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
        _keep(problem, space, points, count)
        count += 1
        if slope(aim, load, points[1]) > 0.0:
            if x == end:
                return nan
            near, seen = x, True
        else:
            far = x
        new = root(aim, load, points) if count > 1 else nan
        if _near(new, points) and (seen or abs(new) < abs(x)):
            return new
        x = _following(new, x, near, far, end, blocked)
        if abs(far - near) <= CLOSE * abs(x):
            return x if seen else nan
    return nan


@kernel
def _keep(problem: Any, space: Any, points: Any, count: int) -> None:
    """Make the solved lane point 1; the old one becomes point 0 unless it lies too close."""
    x = space.result[CURRENT]
    # differences of points too close to each other would drown in rounding
    if count == 1 or abs(x - points[1, AT]) > APART * abs(x):
        copy(points[1], points[0])
    note(problem, space, points[1])


@kernel
def _near(new: float, points: Any) -> bool:
    """Whether the root of the cubics through two points is as exact as it is wanted."""
    x, other = points[1, AT], points[0, AT]
    apart = (x / other - 1.0) ** 2 if other != 0.0 else 1.0
    return abs(new - x) * (apart + BALANCE / apart) <= CLOSE * abs(x)


@kernel
def _following(new: float, x: float, near: float, far: float, end: float, blocked: bool) -> float:
    """The model's root inside the bracket, else its middle; at most twice the current while it is open."""
    if isfinite(far):
        return new if abs(near) < abs(new) < abs(far) and new * far > 0.0 else 0.5 * (near + far)
    if not (abs(near) < abs(new) < abs(2.0 * x) and new * end > 0.0):
        new = 2.0 * x
    if abs(new) < abs(end):
        return new
    return 0.5 * (near + end) if blocked else end


@kernel
def at(problem: Any, space: Any, lane: int, current: float, tolerance: float) -> bool:
    """Solve at a current, from the last solution where there is one; False where there is no solution."""
    last = space.result[CURRENT]
    for again in (False, True):
        if again:
            forget(space)
            if not begin(problem, space, problem.imposed[AT_HOT, lane], problem.imposed[AT_COLD, lane]):
                break
        elif isfinite(last):
            for k in range(problem.nodes):
                space.vectors[MOVE, k] = (current - last) * space.vectors[T_I, k]
            predict(problem, space, current - last)
            shift(space.vectors, problem.nodes)
        else:
            continue
        if solve(problem, space, lane, BY_CURRENT, current, current, tolerance, BALANCE) < RUNAWAY:
            return True
    forget(space)
    return False
