"""Solve a leg, a module or a cascade as a function of time."""

from __future__ import annotations

from ioffe.base.errors import ExtrapolationError, Fault, InputError
from ioffe.base.status import Status
from ioffe.device.cascade import Cascade
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.transient import Transient
from ioffe.result.transient import TransientResult
from ioffe.solve.transient import build, initial, stepper
from ioffe.solve.transient.build import COARSER
from ioffe.solve.transient.collect import collect
from ioffe.solve.transient.march import march, replay
from ioffe.solve.transient.ranges import used_outside
from ioffe.solve.transient.run import Run, prepare
from ioffe.solve.transient.stepper import Moment
from ioffe.solve.transient.system import System, flows
from ioffe.solve.transient.track import Track


def solve(
    device: Leg | Module | Cascade,
    conditions: Transient,
    fidelity: str = "1d",
    *,
    tolerance: float = 1e-9,
    strict: bool = False,
    gradient: object = False,
) -> TransientResult:
    """Solve a device under conditions that change with time; see `Transient`.

    Parameters
    ----------
    device, conditions
        What is solved, and under which conditions.
    fidelity
        ``"1d"``; there is no other as a function of time.
    tolerance
        That of the steady solver, for a steady state at the start.
    strict
        Refuse to use a material beyond its measured range, instead of warning.
    gradient
        False; derivatives belong to steady results.

    Raises
    ------
    InputError
        Naming every material without density or heat capacity, and every other fault.
    ExtrapolationError
        With ``strict``, naming each material and the range that was used.
    """
    if gradient is not False:
        raise InputError(Fault("gradient", gradient, "False is expected for a Transient"))
    run = prepare(device, conditions, fidelity, tolerance)
    track = Track(conditions.times)
    begin = _begin(run, run.system, track)
    coarse = None
    if isinstance(begin, Moment):
        march(run.system, begin, run.plan, track)
        coarse = _repeat(run, track) if conditions.mesh_check else None
    else:
        track.status = begin
    ranges = used_outside(run.assembly, run.capacities, run.system, track)
    if strict and ranges:
        raise ExtrapolationError("strict: refused, because " + "; ".join(ranges))
    return collect(run, track, coarse, ranges)


def _begin(run: Run, system: System, track: Track) -> Moment | Status:
    """The first moment, put on record; or why there is none."""
    T = run.conditions.initial
    if T == "steady":
        found = initial.steady(system, run.assembly, run.plan.course.start, run.tolerance)
        if isinstance(found, int):
            return Status(found)
        moment = stepper.start(0.0, found)
        track.note(moment)
        return moment
    state, imposed = initial.uniform(system, T), run.plan.course.at(0.0)
    energy = flows(system, state, imposed).energy
    both = [stepper.settled(system, state, energy, imposed, at_once=k) for k in (True, False)]
    at_once, settled = (None if f is None else stepper.start(0.0, f) for f in both)
    if at_once is None or settled is None:
        return Status.NOT_CONVERGED
    track.note(at_once)
    return settled


def _repeat(run: Run, track: Track) -> Track | None:
    """The same steps with fewer cells; None if they fail."""
    system = build.cut(run.assembly, run.conditions, run.capacities, COARSER)
    again = Track(run.conditions.times)
    begin = _begin(run, system, again)
    if isinstance(begin, Moment):
        replay(system, begin, run.plan, again, track.ends)
    return again if len(again.records) == len(track.records) else None
