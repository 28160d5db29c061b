"""What a transient tells: its result, any moment of it, profiles, and materials beyond their ranges."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ioffe.base.errors import Fault, InputError
from ioffe.base.status import Status
from ioffe.base.units import to_si
from ioffe.engine.elements import Plate
from ioffe.engine.table import Array
from ioffe.result.profile import Profile
from ioffe.result.transient import KEYS, TransientResult
from ioffe.solve.profile import element_of, joined
from ioffe.solve.ranges import UsedRanges
from ioffe.solve.steady import interpolations
from ioffe.solve.task import ROUNDING
from ioffe.solve.transient import stepper
from ioffe.solve.transient.build import COARSER, TransientRun, face, shared_rows
from ioffe.solve.transient.flux import POTENTIAL
from ioffe.solve.transient.march import MarchTrack, MomentRecord, march
from ioffe.solve.transient.system import CellFlows, CellSystem, flows


def profile(run: TransientRun, record: MomentRecord) -> Profile:
    """Profile of a device at one record."""
    at = flows(run.system, record.state, run.plan.course.at(record.t))
    mesh, pieces = run.system.mesh, run.assembly.pieces
    elements = [element_of(run.assembly, piece) for piece in pieces]
    isolated = np.array([isinstance(element, Plate) for element in elements])
    potential = np.where(isolated[mesh.chain], np.nan, _potential(run.system, at))
    columns = mesh.position, record.state.T[: mesh.points], potential, _heat_flux(run.system, at)
    rows = zip(*(np.split(column, mesh.first[1:]) for column in columns), strict=True)
    return joined(pieces, elements, record.state.current, rows)


def _heat_flux(system: CellSystem, at: CellFlows) -> Array:
    """Heat flux in W/m2 at every point; in a cell the mean of what reaches and what leaves its point."""
    mesh = system.mesh
    section = np.repeat(mesh.section, mesh.last - mesh.first + 1)
    current = np.repeat(mesh.strength * at.state.current, mesh.last - mesh.first + 1)
    reaching, leaving = np.zeros((2, mesh.points))
    reaching[1:], leaving[:-1] = mesh.per * at.elements.last, mesh.per * at.elements.first
    heat = 0.5 * (reaching + leaving) + current * at.local.values[POTENTIAL]
    heat[mesh.first], heat[mesh.last] = -at.into_nodes[0], at.into_nodes[1]
    return heat / section


def _potential(system: CellSystem, at: CellFlows) -> Array:
    """Electric potential in V since the start of each chain."""
    mesh, s = system.mesh, at.local.values[POTENTIAL]
    drop = np.cumsum(np.append(0.0, mesh.current * at.state.current * at.elements.resistance))
    start = mesh.first[mesh.chain]
    return s[start] - s - (drop - drop[start])


@dataclass(frozen=True, eq=False)
class Moments:
    """A course in time that can be looked at again at any moment."""

    run: TransientRun
    start: MomentRecord | None
    """At time zero; None if there is no solution."""
    records: tuple[MomentRecord, ...]

    def at(self, t: Any) -> dict[str, float]:
        """All quantities at one time in s (or text with a unit), by their names; raises `InputError`."""
        record = moment_at(self.run, self.records, t)
        assert self.start is not None
        return {k: float(v[0]) for k, v in quantities(self.run, (record,), self.start).items()}

    def profile(self, t: Any) -> Profile:
        """Profile at one time in s (or text with a unit); raises `InputError`."""
        return profile(self.run, moment_at(self.run, self.records, t))


def quantities(run: TransientRun, records: tuple[MomentRecord, ...], first: MomentRecord) -> dict[str, Array]:
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
        "T_hot_face": nodes[:, face(a, run.conditions, "hot")],
        "T_cold_face": nodes[:, face(a, run.conditions, "cold")],
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


def moment_at(run: TransientRun, records: tuple[MomentRecord, ...], t: Any) -> MomentRecord:
    """MomentRecord at a time in s (or text with a unit), after a jump at that time.

    Raises `InputError` if the solution did not reach it.
    """
    t = to_si(t, "time", "t")
    before = [r for r in records if r.t <= t]
    found = None
    if before and t <= run.conditions.duration and (t <= records[-1].t or _went_on(run, records)):
        found = before[-1] if before[-1].t == t else _followed(run, before[-1], t)
    if found is None:
        raise InputError(Fault("t", t, "a time that the solution reached is expected"))
    return found


def _went_on(run: TransientRun, records: tuple[MomentRecord, ...]) -> bool:
    """Whether the march went on beyond the last record: all times that were asked for are there."""
    times = run.conditions.times
    return times is not None and len(records) == len(times)


def _followed(run: TransientRun, record: MomentRecord, t: float) -> MomentRecord | None:
    """March from a record to a later time."""
    system, plan = run.system, run.plan
    imposed = plan.course.at(record.t)
    energy = flows(system, record.state, imposed).energy
    begin = stepper.settled(system, record.state, energy, imposed)
    if begin is None:
        return None
    inside = plan.stops[(plan.stops > record.t) & (plan.stops < t)]
    way = replace(
        plan, stops=np.concatenate([[record.t], inside, [t]]), jumps=frozenset(plan.jumps - {record.t})
    )
    track = MarchTrack(np.array([t]))
    march(system, stepper.start(record.t, begin, record.passed), way, track)
    return track.records[0] if track.records and track.status < Status.RUNAWAY else None


def used_outside(run: TransientRun, track: MarchTrack) -> tuple[str, ...]:
    """A sentence for every material that was used beyond its measured range.

    As in a steady solution the transport curves of the legs count; the heat capacities of all materials do.
    """
    if track.first is None:
        return ()
    mesh = run.system.mesh
    spans = zip(
        np.minimum.reduceat(track.lowest[: mesh.points], mesh.first),
        np.maximum.reduceat(track.highest[: mesh.points], mesh.first),
        strict=True,
    )
    used = UsedRanges()
    for piece, (low, high) in zip(run.assembly.pieces, spans, strict=True):
        m = piece.material
        limits = {} if isinstance(piece.element, Plate) else {"": piece.element.table.limits}
        if id(m) in run.capacities:
            limits["the heat capacity of "] = run.capacities[id(m)].limits
        for what, ends in limits.items():
            used.add(f"{what}{m.name}", ends, low, high, (id(m), what))
    return used.said()


def collect(
    run: TransientRun, track: MarchTrack, coarse: MarchTrack | None, ranges: tuple[str, ...]
) -> TransientResult:
    """The result of a march; what it did not reach is NaN.

    `run`, `track`: what was solved, and its march.
    `coarse`: the same march with fewer cells, None if there is none.
    `ranges`: sentences on materials used beyond their ranges.
    """
    records = tuple(track.records)
    time_error = np.array([r.error for r in records])
    space_error = _space_error(run, records, coarse)
    hottest = np.array([np.max(r.state.T) for r in records])
    error = (time_error + np.nan_to_num(space_error)) / hottest
    missing = np.zeros(0)
    if track.status >= Status.RUNAWAY:
        times = run.conditions.times
        missing = np.array([run.conditions.duration]) if times is None else times[len(records) :]

    def continued(values: Array) -> Array:
        whole = np.concatenate([values, np.full(len(missing), np.nan)])
        whole.setflags(write=False)
        return whole

    known = quantities(run, records, track.first) if track.first is not None and records else {}
    return TransientResult(
        time=np.concatenate([[r.t for r in records], missing]),
        values={k: continued(known.get(k, np.zeros(0))) for k in KEYS},
        time_error=continued(time_error),
        space_error=continued(space_error),
        point_energy_balance=np.array(_balance(track)),
        point_error_estimate=np.array(np.max(error) + ROUNDING if records else np.nan),
        point_status=np.array(max(track.status, Status.OUTSIDE_TABLE if ranges else Status.OK)),
        steps=int(np.count_nonzero(np.diff(track.ends))),
        rejected=track.rejected,
        interpolation=interpolations(run.assembly.materials),
        warnings=_ended(track) + _unchecked(run, track, coarse) + ranges,
        conditions=run.conditions,
        device=run.device,
        tolerance=run.tolerance,
        moments=Moments(run, track.first, records),
    )


def _balance(track: MarchTrack) -> float:
    if track.first is None:
        return float("nan")
    return track.imbalance / track.turnover if track.turnover > 0 else 0.0


def _space_error(run: TransientRun, records: tuple[MomentRecord, ...], coarse: MarchTrack | None) -> Array:
    """Largest difference in K to the mesh with fewer cells, over what second order leaves of it."""
    if coarse is None:
        return np.full(len(records), np.nan)
    shared = shared_rows(run)
    pairs = zip(records, coarse.records, strict=True)
    share = 1.0 / (COARSER**2 - 1.0)
    return np.array([share * np.max(np.abs(a.state.T[shared] - b.state.T)) for a, b in pairs])


def _ended(track: MarchTrack) -> tuple[str, ...]:
    at = f"{track.ends[-1]:.6g} s" if track.ends else "the start"
    if track.status == Status.RUNAWAY:
        return (f"at {at} a temperature exceeds 3000 K; there are no numbers beyond",)
    if track.status > Status.RUNAWAY:
        return (f"no solution was found beyond {at}; there are no numbers",)
    return ()


def _unchecked(run: TransientRun, track: MarchTrack, coarse: MarchTrack | None) -> tuple[str, ...]:
    if run.conditions.mesh_check and coarse is None and track.records:
        return ("the steps could not be repeated with fewer cells: the error of the mesh is not known",)
    return ()
