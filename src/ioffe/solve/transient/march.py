"""March through time: steps as long as the tolerance allows, ended on every kink and jump, and its record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from ioffe.base.status import Status
from ioffe.engine.table import Array
from ioffe.solve.transient import stepper
from ioffe.solve.transient.flux import ENTHALPY
from ioffe.solve.transient.stepper import Attempt, Moment
from ioffe.solve.transient.system import CellSystem, Change, Course, MeshState


@dataclass(frozen=True, eq=False)
class MomentRecord:
    """One moment, without what only the next step needs."""

    t: float
    state: MeshState
    voltage: float
    borders: Array
    """W: in at the hot side, out at the cold side, electrical, lost; shape (4,)."""
    passed: Array
    """J of the same four since the start."""
    stored: float
    """J in cells and objects above a fixed reference."""
    error: float
    """Largest estimated error of a temperature in K from the steps in time."""

    @classmethod
    def of(cls, m: Moment) -> MomentRecord:
        """The record of a moment."""
        stored = float(np.sum(m.flows.energy))
        error = float(np.max(np.abs(m.error)))
        return cls(m.t, m.state, m.flows.voltage, m.flows.borders, m.passed, stored, error)


@dataclass(eq=False)
class MarchTrack:
    """Records of a march and its sums.

    `times`: times to record in s, rising; None records every step and both sides of every jump.
    """

    times: Array | None = None
    records: list[MomentRecord] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    """Ends of all steps in s, from the start; twice the same is a jump."""
    status: Status = Status.OK
    rejected: int = 0
    first: MomentRecord | None = None
    imbalance: float = 0.0
    """Largest |stored - passed| in J."""
    turnover: float = 0.0
    """Largest energy stored or passed in J."""
    lowest: Array = field(default_factory=lambda: np.array(np.inf))
    """Lowest and highest temperature in K so far of every point and node."""
    highest: Array = field(default_factory=lambda: np.array(-np.inf))

    def note(self, new: Moment, between: Callable[[float], Moment | None] | None = None) -> None:
        """Take a new moment; `between` finds the moment at a time since the last one."""
        record = MomentRecord.of(new)
        self.first = self.first or record
        self.ends.append(new.t)
        gained = record.stored - self.first.stored
        crossed = record.passed
        gap = gained - crossed[0] + crossed[1] + crossed[2] + crossed[3]
        self.imbalance = max(self.imbalance, abs(gap))
        self.turnover = max(self.turnover, abs(gained), float(np.max(np.abs(crossed))))
        T = record.state.T
        self.lowest, self.highest = np.minimum(self.lowest, T), np.maximum(self.highest, T)
        if self.times is None:
            self.records.append(record)
        else:
            self._record(record, between)

    def _record(self, record: MomentRecord, between: Callable[[float], Moment | None] | None) -> None:
        """Keep what was asked for up to this record; after a jump it takes the place of that before it."""
        assert self.times is not None
        if self.records and self.records[-1].t == record.t:
            self.records[-1] = record
        while len(self.records) < len(self.times) and self.times[len(self.records)] <= record.t:
            t = float(self.times[len(self.records)])
            moment = None if t == record.t or between is None else between(t)
            if t < record.t and moment is None:
                self.status = Status.NOT_CONVERGED
                return
            self.records.append(record if moment is None else MomentRecord.of(moment))


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


def march(system: CellSystem, begin: Moment, plan: Plan, track: MarchTrack) -> None:
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


def replay(system: CellSystem, begin: Moment, plan: Plan, track: MarchTrack, ends: list[float]) -> None:
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


def _interval(system: CellSystem, track: MarchTrack, plan: Plan, end: float, pace: _Pace) -> None:
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


def _note(system: CellSystem, track: MarchTrack, plan: Plan, old: Moment, new: Moment) -> None:
    def between(t: float) -> Moment | None:
        tried = stepper.advance(system, old, plan.course, t, None, plan.tolerance)
        return None if tried is None else tried.moment

    track.note(new, between)


def _jumped(system: CellSystem, old: Moment, plan: Plan, track: MarchTrack) -> Moment | None:
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


def _first(system: CellSystem, moment: Moment, tolerance: float) -> float:
    """A first step over which the fastest cell changes by the root of the tolerance."""
    T = moment.state.T
    slopes = system.properties.at(T[: system.mesh.points]).slopes
    capacity = system.capacity(slopes[ENTHALPY], T)[system.stores]
    rate = float(np.max(np.abs(moment.flows.heat[system.stores]) / capacity))
    return np.sqrt(tolerance) / rate if rate > 0 else np.inf
