"""Any moment of a solved transient: found again from the nearest record before it, and its numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ioffe.base.errors import Fault, InputError
from ioffe.base.status import Status
from ioffe.base.units import to_si
from ioffe.engine.table import Array
from ioffe.result.profile import Profile
from ioffe.solve.transient import build, stepper
from ioffe.solve.transient.march import march
from ioffe.solve.transient.profile import profile
from ioffe.solve.transient.run import Run
from ioffe.solve.transient.system import flows
from ioffe.solve.transient.track import Record, Track


@dataclass(frozen=True, eq=False)
class Moments:
    """A course in time that can be looked at again at any moment."""

    run: Run
    start: Record | None
    """At time zero; None if there is no solution."""
    records: tuple[Record, ...]

    def at(self, t: Any) -> dict[str, float]:
        """All quantities at one time in s (or text with a unit), by their names; raises `InputError`."""
        record = moment_at(self.run, self.records, t)
        assert self.start is not None
        return {k: float(v[0]) for k, v in quantities(self.run, (record,), self.start).items()}

    def profile(self, t: Any) -> Profile:
        """Profile at one time in s (or text with a unit); raises `InputError`."""
        return profile(self.run, moment_at(self.run, self.records, t))


def quantities(run: Run, records: tuple[Record, ...], first: Record) -> dict[str, Array]:
    """The numbers of records for the whole device, in the signs of the mode; shape (records,) each.

    Energies are counted from the record `first`.
    """
    system, a, sign, couples = run.system, run.assembly, run.conditions.sign, run.assembly.couples
    nodes = np.array([r.state.nodes(system) for r in records])
    hot, cold, power, lost = couples * np.array([r.borders for r in records]).T
    energy_hot, energy_cold, electrical, energy_lost = couples * np.array([r.passed for r in records]).T
    T_hot, T_cold = nodes[:, system.hot], nodes[:, system.cold]
    values = {
        "current": sign * np.array([r.state.current for r in records]),
        "voltage": couples * np.array([r.voltage for r in records]),
        "power": sign * power,
        "heat_hot": sign * hot,
        "heat_cold": sign * cold,
        "heat_lost": lost,
        "T_hot": T_hot,
        "T_cold": T_cold,
        "T_hot_face": nodes[:, build.face(a, run.conditions, "hot")],
        "T_cold_face": nodes[:, build.face(a, run.conditions, "cold")],
        "T_hot_junction": nodes[:, a.hot_junction],
        "T_cold_junction": nodes[:, a.cold_junction],
        "delta_T": T_hot - T_cold,
        "stored_energy": couples * np.array([r.stored - first.stored for r in records]),
        "energy_hot": sign * energy_hot,
        "energy_cold": sign * energy_cold,
        "electrical_energy": sign * electrical,
        "energy_lost": energy_lost,
    }
    # adding zero takes the sign from a zero
    return {k: v + 0.0 for k, v in values.items()}


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
