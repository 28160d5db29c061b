"""March through time: steps as long as the tolerance allows, ended on every kink and jump."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ioffe.base.status import Status
from ioffe.engine.table import Array
from ioffe.solve.transient import stepper
from ioffe.solve.transient.imposed import Course
from ioffe.solve.transient.stepper import Attempt, Moment
from ioffe.solve.transient.system import Change, System
from ioffe.solve.transient.track import Track

RUNAWAY_T = 3000.0
"""K; hotter is reported as a runaway, as in the steady solver."""
SAFETY, SHRINK, GROWTH = 0.9, 0.2, 5.0
SHORTEST = 1e-12
"""Share of the whole time that a step is never below: what changes faster is damped and not resolved."""


@dataclass(frozen=True, eq=False)
class Plan:
    """Where the march stops, and how long its steps may be."""

    course: Course
    stops: Array
    """Times on which a step ends, from the start to the end, rising."""
    jumps: frozenset[float]
    """Those at which something jumps."""
    tolerance: float
    longest: float


@dataclass(eq=False)
class _Pace:
    """The moment reached, how the state changes, and the length of the next step."""

    moment: Moment
    slope: Change | None = None
    step: float | None = None


def march(system: System, begin: Moment, plan: Plan, track: Track) -> None:
    """Follow the plan from a moment that is on record to its end, or until there is no way on."""
    pace = _Pace(begin)
    for a, b in zip(plan.stops[:-1], plan.stops[1:], strict=True):
        if a in plan.jumps:
            moment = _jumped(system, pace.moment, plan, track)
            if moment is None:
                track.status = Status.NOT_CONVERGED
                return
            pace = _Pace(moment)
        _interval(system, track, plan, float(b), pace)
        if track.status >= Status.RUNAWAY:
            return


def replay(system: System, begin: Moment, plan: Plan, track: Track, ends: list[float]) -> None:
    """Follow given steps without a look at their error, from a moment that is on record.

    A time given twice is a jump.
    """
    old, slope = begin, None
    for end in ends[1:]:
        if old.t == end:
            new, slope = _jumped(system, old, plan, track), None
        else:
            tried = stepper.advance(system, old, plan.course, end, slope, plan.tolerance)
            new = None if tried is None else tried.moment
            slope = None if new is None else stepper.slope(old.state, new.state, end - old.t)
        if new is None:
            track.status = Status.NOT_CONVERGED
            return
        if new.t > old.t:
            _note(system, track, plan, old, new)
        old = new


def _interval(system: System, track: Track, plan: Plan, end: float, pace: _Pace) -> None:
    """March to the next stop."""
    step = _first(system, pace.moment, plan.tolerance) if pace.step is None else pace.step
    shortest = SHORTEST * float(plan.stops[-1])
    while (old := pace.moment).t < end:
        step = max(min(step, plan.longest), shortest)
        rest = end - old.t
        # no sliver is left for the last step
        h = rest if step >= rest * (1.0 - 1e-9) else min(step, 0.5 * rest)
        goal = end if h == rest else old.t + h
        tried = stepper.advance(system, old, plan.course, goal, pace.slope, plan.tolerance)
        if tried is None and h <= shortest:
            track.status = Status.NOT_CONVERGED
            return
        if tried is None or (tried.error > 1.0 and h > shortest):
            track.rejected += 1
            step, pace.slope = _next(h, tried), None
            continue
        new = tried.moment
        _note(system, track, plan, old, new)
        pace.moment, pace.slope = new, stepper.slope(old.state, new.state, h)
        if new.state.T.max() > RUNAWAY_T:
            track.status = Status.RUNAWAY
            return
        step = pace.step = max(_next(h, tried), step if h < step else 0.0)


def _note(system: System, track: Track, plan: Plan, old: Moment, new: Moment) -> None:
    def between(t: float) -> Moment | None:
        tried = stepper.advance(system, old, plan.course, t, None, plan.tolerance)
        return None if tried is None else tried.moment

    track.note(new, between)


def _jumped(system: System, old: Moment, plan: Plan, track: Track) -> Moment | None:
    """The moment right after a jump: recorded as it is at once, and settled for the steps that follow."""
    imposed = plan.course.at(old.t)
    both = [stepper.settled(system, old.state, old.flows.energy, imposed, at_once=k) for k in (True, False)]
    at_once, settled = (None if f is None else replace(old, flows=f) for f in both)
    if at_once is not None:
        track.note(at_once)
    return None if at_once is None else settled


def _next(h: float, tried: Attempt | None) -> float:
    """Length of the next step from the error of third order of this one."""
    if tried is None:
        return 0.25 * h
    factor = SAFETY * max(tried.error, 1e-12) ** (-1.0 / 3.0)
    return h * float(np.clip(factor, SHRINK, GROWTH))


def _first(system: System, moment: Moment, tolerance: float) -> float:
    """A first step over which the fastest cell changes by the root of the tolerance."""
    T = moment.state.T
    capacity = system.capacity(moment.flows.local.slopes, T)[system.stores]
    rate = float(np.max(np.abs(moment.flows.heat[system.stores]) / capacity))
    return np.sqrt(tolerance) / rate if rate > 0 else np.inf
