"""Solve a leg, a module or a cascade as a function of time, from one temperature or a steady state."""

from __future__ import annotations

import numpy as np

from ioffe.base.errors import ExtrapolationError, Fault, InputError
from ioffe.base.status import Status
from ioffe.device.cascade import Device
from ioffe.device.leg import Leg
from ioffe.device.transient import Transient
from ioffe.engine import newton as steady_newton
from ioffe.engine.network import Drive
from ioffe.engine.state import FAILED, RUNAWAY
from ioffe.engine.table import Array
from ioffe.material.library import load_material
from ioffe.result.transient import TransientResult
from ioffe.solve.assemble import Assembly
from ioffe.solve.transient import compiled, newton, stepper
from ioffe.solve.transient.build import COARSER, TransientRun, cut, prepare
from ioffe.solve.transient.collect import collect, used_outside
from ioffe.solve.transient.march import MarchTrack, march, replay
from ioffe.solve.transient.stepper import Moment
from ioffe.solve.transient.system import CellSystem, Flows, Imposed, MeshState, course, flows

PASSES = 40
"""Newton's passes for the steady state of the cells, begun at that of the nodes."""


def _uniform(system: CellSystem, T: float) -> MeshState:
    """Everything at temperature T, without a current."""
    return MeshState.of(np.full(system.mesh.points + system.nodes, T), 0.0)


def steady_flows(system: CellSystem, assembly: Assembly, imposed: Imposed, tolerance: float) -> Flows | int:
    """Steady state of what is imposed; or the code of the engine if there is none."""
    given = {k: None if v is None else np.array([v]) for k, v in vars(imposed).items()}
    ambient = given.pop("ambient")
    assert ambient is not None
    solution = steady_newton.solve(assembly.network, Drive(ambient=ambient, **given), tolerance=tolerance)
    code = int(solution.code[0])
    if code == FAILED:
        known = [T for T in (imposed.T_hot, imposed.T_cold) if T is not None]
        guess = _uniform(system, float(np.mean(known)))
    elif code >= RUNAWAY:
        return code
    else:
        guess = _straight(system, solution.T[:, 0], float(solution.current[0]))
    found = newton.solve(system, guess, imposed, 0.0, 1.0, np.zeros_like(guess.T), passes=PASSES)
    return FAILED if found is None else found[0]


def _straight(system: CellSystem, nodes: Array, current: float) -> MeshState:
    """Straight lines between known temperatures of the nodes."""
    mesh = system.mesh
    share = mesh.position / mesh.position[mesh.last][mesh.chain]
    first, last = nodes[mesh.node_first][mesh.chain], nodes[mesh.node_last][mesh.chain]
    return MeshState.of(np.concatenate([first + share * (last - first), nodes]), current)


def solve(
    device: Device,
    conditions: Transient,
    fidelity: str = "1d",
    *,
    tolerance: float = 1e-9,
    strict: bool = False,
    gradient: object = False,
) -> TransientResult:
    """Solve a device under conditions that change with time; see `Transient`.

    `device`, `conditions`: what is solved, and under which conditions.
    `fidelity`: ``"1d"``; there is no other as a function of time.
    `tolerance`: that of the steady solver, for a steady state at the start.
    `strict`: refuse to use a material beyond its measured range, instead of warning.
    `gradient`: False; derivatives belong to steady results.
    Raises `InputError` naming every material without density or heat capacity, and every other fault.
    Raises `ExtrapolationError` with ``strict``, naming each material and the range that was used.
    """
    if gradient is not False:
        raise InputError(Fault("gradient", gradient, "False is expected for a Transient"))
    run = prepare(device, conditions, fidelity, tolerance)
    track = MarchTrack(conditions.times)
    begin = _begin(run, run.system, track)
    coarse = None
    if isinstance(begin, Moment):
        march(run.system, begin, run.plan, track)
        coarse = _repeat(run, track) if conditions.mesh_check else None
    else:
        track.status = begin
    ranges = used_outside(run, track)
    if strict and ranges:
        raise ExtrapolationError("strict: refused, because " + "; ".join(ranges))
    return collect(run, track, coarse, ranges)


def _begin(run: TransientRun, system: CellSystem, track: MarchTrack) -> Moment | Status:
    """The first moment, put on record; or why there is none."""
    T = run.conditions.initial
    if T == "steady":
        found = steady_flows(system, run.assembly, run.plan.course.start, run.tolerance)
        if isinstance(found, int):
            return Status(found)
        moment = stepper.start(0.0, found)
        track.note(moment)
        return moment
    state, imposed = _uniform(system, T), run.plan.course.at(0.0)
    energy = flows(system, state, imposed).energy
    both = [stepper.settled(system, state, energy, imposed, at_once=k) for k in (True, False)]
    at_once, settled = (None if f is None else stepper.start(0.0, f) for f in both)
    if at_once is None or settled is None:
        return Status.NOT_CONVERGED
    track.note(at_once)
    return settled


def _repeat(run: TransientRun, track: MarchTrack) -> MarchTrack | None:
    """The same steps with fewer cells; None if they fail."""
    system = cut(run.assembly, run.conditions, run.capacities, COARSER)
    again = MarchTrack(run.conditions.times)
    begin = _begin(run, system, again)
    if isinstance(begin, Moment):
        replay(system, begin, run.plan, again, track.ends)
    return again if len(again.records) == len(track.records) else None


def warm_up() -> None:
    """Compile the kernels of stages in time."""
    material = load_material("generic p cooler leg").replace(density=7740.0, heat_capacity=154.0)
    leg = Leg(material, length=1.6e-3, area=2e-6)
    conditions = Transient(mode="cool", T_hot=300.0, heat=0.0, current=0.1, duration=1.0, initial=300.0)
    system = prepare(leg, conditions, "1d", 1e-9).system
    state, imposed = _uniform(system, 300.0), course(conditions, 1).at(0.0)
    energy = flows(system, state, imposed).energy
    found = compiled.solve(system, state, imposed, 1.0, 0.0, energy, newton.MAX_PASSES, newton.LIMITS)
    assert found is not None
    found[1].change(energy)
