"""Any moment of a solved transient, found again from the nearest record before it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ioffe.base.errors import Fault, InputError
from ioffe.base.units import to_si
from ioffe.device.status import Status
from ioffe.device.transient import stepper
from ioffe.device.transient.march import march
from ioffe.device.transient.system import flows
from ioffe.device.transient.track import Record, Track

if TYPE_CHECKING:
    from ioffe.device.transient.run import Run


def moment_at(run: Run, records: tuple[Record, ...], t: Any) -> Record:
    """Record at a time in s (or text with a unit), after a jump at that time.

    Raises
    ------
    InputError
        If the solution did not reach it.
    """
    t = to_si(t, "time", "t")
    before = [r for r in records if r.t <= t]
    found = None
    if before and t <= run.conditions.duration and (t <= records[-1].t or _went_on(run, records)):
        found = before[-1] if before[-1].t == t else _followed(run, before[-1], t)
    if found is None:
        raise InputError(Fault("t", t, "a time that the solution reached is expected"))
    return found


def _went_on(run: Run, records: tuple[Record, ...]) -> bool:
    """Whether the march went on beyond the last record: all times that were asked for are there."""
    times = run.conditions.times
    return times is not None and len(records) == len(times)


def _followed(run: Run, record: Record, t: float) -> Record | None:
    """March from a record to a later time."""
    system, plan = run.system, run.plan
    imposed = plan.course.at(record.t)
    energy = flows(system, record.state, imposed).energy
    begin = stepper.settled(system, record.state, energy, imposed)
    if begin is None:
        return None
    inside = plan.stops[(plan.stops > record.t) & (plan.stops < t)]
    way = replace(
        plan,
        stops=np.concatenate([[record.t], inside, [t]]),
        jumps=frozenset(plan.jumps - {record.t}),
    )
    track = Track(np.array([t]))
    march(system, stepper.start(record.t, begin, record.passed), way, track)
    return track.records[0] if track.records and track.status < Status.RUNAWAY else None
