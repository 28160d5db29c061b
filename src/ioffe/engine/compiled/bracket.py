"""The current of one lane at which a slope changes its sign.

A bracket is kept; the next current is the root of a model through two solutions and their exact derivatives,
and each solution begins from the last one.
"""

from __future__ import annotations

from math import inf, isfinite, nan
from typing import Any

from ioffe.engine.compiled.beginning import begin, forget
from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.flatten import BY_CURRENT
from ioffe.engine.compiled.lane import predict, shift, solve
from ioffe.engine.compiled.record import CURRENT
from ioffe.engine.compiled.slopes import AT, copy, note, root, slope
from ioffe.engine.compiled.workspace import MOVE, T_I
from ioffe.engine.state import RUNAWAY

SOLVES = 60
BALANCE = 1e-9
"""Imbalance of a node that is left on the way, relative to the largest heat flow."""
CLOSE = 1e-10
"""Expected relative error of a current that is accepted."""
APART = 3e-3
"""Least relative distance of the currents of a model."""


@kernel(inner=True)
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
        before, was = points[1, AT], slope(aim, load, points[1])
        _keep(problem, space, points, count)
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
def _keep(problem: Any, space: Any, points: Any, count: int) -> None:
    """Make the solved lane point 1; the old one becomes point 0 unless it lies too close."""
    x = space.result[CURRENT]
    if count == 1 or abs(x - points[1, AT]) > APART * abs(x):
        copy(points[1], points[0])
    note(problem, space, points[1])


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
def at(problem: Any, space: Any, lane: int, current: float, tolerance: float) -> bool:
    """Solve at a current, from the last solution where there is one; False where there is no solution."""
    last = space.result[CURRENT]
    for again in (False, True):
        if again:
            forget(space)
            if not begin(problem, space, lane):
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
