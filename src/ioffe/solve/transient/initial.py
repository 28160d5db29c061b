"""Where a transient begins: one temperature everywhere, or a steady state."""

from __future__ import annotations

import numpy as np

from ioffe.engine import newton as steady_newton
from ioffe.engine.network import Drive
from ioffe.engine.state import FAILED, RUNAWAY
from ioffe.engine.table import Array
from ioffe.solve.assemble import Assembly
from ioffe.solve.transient import newton
from ioffe.solve.transient.imposed import Imposed
from ioffe.solve.transient.system import Flows, State, System

PASSES = 40
"""Newton's passes for the steady state of the cells, begun at that of the nodes."""


def uniform(system: System, T: float) -> State:
    """Everything at temperature T, without a current."""
    return State.of(np.full(system.mesh.points + system.nodes, T), 0.0)


def steady(system: System, assembly: Assembly, imposed: Imposed, tolerance: float) -> Flows | int:
    """Steady state of what is imposed; or the code of the engine if there is none."""
    given = {k: None if v is None else np.array([v]) for k, v in vars(imposed).items()}
    ambient = given.pop("ambient")
    assert ambient is not None
    solution = steady_newton.solve(assembly.network, Drive(ambient=ambient, **given), tolerance=tolerance)
    code = int(solution.code[0])
    if code == FAILED:
        known = [T for T in (imposed.T_hot, imposed.T_cold) if T is not None]
        guess = uniform(system, float(np.mean(known)))
    elif code >= RUNAWAY:
        return code
    else:
        guess = _straight(system, solution.T[:, 0], float(solution.current[0]))
    found = newton.solve(system, guess, imposed, 0.0, 1.0, np.zeros_like(guess.T), passes=PASSES)
    return FAILED if found is None else found[0]


def _straight(system: System, nodes: Array, current: float) -> State:
    """Straight lines between known temperatures of the nodes."""
    mesh = system.mesh
    share = mesh.position / mesh.position[mesh.last][mesh.chain]
    first, last = nodes[mesh.node_first][mesh.chain], nodes[mesh.node_last][mesh.chain]
    return State.of(np.concatenate([first + share * (last - first), nodes]), current)
