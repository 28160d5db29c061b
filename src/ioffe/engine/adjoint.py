r"""Derivatives of a solved network's results to every number in it, by the implicit function theorem.

With the residuals F of the heat balances and of the circuit, and unknowns x (node temperatures, current, heat
through every `Jump`), a result y(x) has with any number a the derivative

.. math:: \frac{dy}{da} = \frac{\partial y}{\partial a} + \lambda\cdot\frac{\partial F}{\partial a},
          \qquad \lambda\,\frac{\partial F}{\partial x} = -\frac{\partial y}{\partial x},

so that one transposed linear system for each result serves all numbers. The segments are not solved again:
their states carry their derivatives to the ends and to the current. What is left is local
(`element_adjoint`): a result changes by its weight of a node times the heat that an element adds there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ioffe.engine.balance import collect
from ioffe.engine.network import Drive, Network, Solution
from ioffe.engine.table import Array, Flags
from ioffe.engine.thermoelement import Flow, Thermoelement

AGAIN = 1e-10
"""Relative tolerance at which a segment is solved whose state has no derivatives."""
Output = str | int
"""``"voltage"``, ``"current"``, ``"heat_hot"``, ``"heat_cold"``, or a node, whose temperature is meant."""


@dataclass(eq=False)
class Adjoint:
    """Solved cases with the weights of every result; the first axis of a weight is the result."""

    network: Network
    drive: Drive
    T: Array
    current: Array
    flows: list[Flow]
    weight: Array
    """Change of a result by 1 W into a node, and by 1 V more in the circuit: (results, nodes + 1, cases)."""
    to_jump: Array
    """Change of a result by 1 K less across a jump, shape (results, jumps, cases)."""
    through: Array
    """Heat in W through the jumps, shape (jumps, cases)."""
    imposed: dict[str, Array]
    """Derivative to everything that `Drive` imposes at nodes and on the circuit, (results, cases)."""
    ideal: bool


def adjoint(
    network: Network, drive: Drive, solution: Solution, outputs: Sequence[Output], *, ideal: bool = False
) -> Adjoint:
    """Weights of the results `outputs` of cases that all have a solution.

    Parameters
    ----------
    network
        With real numbers. Where it has jumps, `solution.T` has a row for each of their nodes.
    drive, solution
        Imposed quantities and the solution; `states` that are None or lack derivatives are solved again.
    """
    T, current = solution.T, solution.current
    flows = [_flow(leg, k, solution, drive, ideal) for k, leg in enumerate(network.legs)]
    build = collect(network, T, np.zeros_like(T), current, flows)
    direct, rows = _outputs(network, drive, outputs, len(current))
    J, free = _jacobian(network, drive, build.jacobian), _free(network, drive)
    incidence = J[0, : network.nodes, network.nodes + 1 :]
    heat = build.inflow.T.copy()
    heat[network.hot] += solution.heat_hot
    heat[network.cold] -= solution.heat_cold
    through = -np.linalg.pinv(incidence) @ heat
    # results depend on the unknowns directly and through the rows they are made of
    raw = J.copy()
    if drive.load is not None:
        raw[:, network.nodes, network.nodes] += drive.load
    to_unknowns = direct + np.einsum("or,lrx->lox", rows, raw)
    multiplier = np.zeros_like(to_unknowns)
    if free.any():
        inner = J[:, free][:, :, free]
        found = np.linalg.solve(inner.transpose(0, 2, 1), -to_unknowns[:, :, free].transpose(0, 2, 1))
        multiplier[:, :, free] = found.transpose(0, 2, 1)
    total = to_unknowns + np.einsum("lor,lrx->lox", multiplier, J)
    m = network.nodes
    weight = np.moveaxis(rows + multiplier, 0, -1)
    return Adjoint(
        network=network,
        drive=drive,
        T=T,
        current=current,
        flows=flows,
        weight=weight[:, : m + 1],
        to_jump=weight[:, m + 1 :],
        through=through,
        imposed=_imposed(
            network, drive, outputs, np.moveaxis(multiplier, 0, -1), np.moveaxis(total, 0, -1), current
        ),
        ideal=ideal,
    )


def _flow(leg: Thermoelement, k: int, s: Solution, drive: Drive, ideal: bool) -> Flow:
    Ta, Tb = s.T[leg.a], s.T[leg.b]
    if ideal:
        return leg.ideal_flow(Ta, Tb, s.current)
    state = s.states[k]
    if state is None or not np.isfinite(state.c_T0 + state.r_T0 + state.loss_T0).all():
        return leg.flow(Ta, Tb, s.current, drive.ambient, AGAIN, None if state is None else state.c)
    return leg.flow_of(state, Ta, Tb, s.current)


def _free(network: Network, drive: Drive) -> Flags:
    """Which unknowns move: node temperatures, the current, the heat through the jumps."""
    return np.concatenate([network.free(drive), [drive.current is None], np.ones(len(network.jumps), bool)])


def _jacobian(network: Network, drive: Drive, inner: Array) -> Array:
    """The Jacobian of the balances, completed for the circuit and by one row and column for each jump."""
    n, m = len(inner), network.nodes
    size = m + 1 + len(network.jumps)
    J = np.zeros((n, size, size))
    J[:, : m + 1, : m + 1] = inner
    if drive.load is not None:
        J[:, m, m] -= drive.load
    for k, jump in enumerate(network.jumps, m + 1):
        J[:, jump.a, k], J[:, jump.b, k] = -1.0, 1.0
        J[:, k, jump.a], J[:, k, jump.b] = 1.0, -1.0
        J[:, k, k] = -jump.resistance
    return J


def _outputs(network: Network, drive: Drive, outputs: Sequence[Output], n: int) -> tuple[Array, Array]:
    """Derivative of the results to the unknowns (cases, results, unknowns), and to the residual rows."""
    m = network.nodes
    size = m + 1 + len(network.jumps)
    direct, rows = np.zeros((n, len(outputs), size)), np.zeros((len(outputs), size))
    for k, output in enumerate(outputs):
        if isinstance(output, int):
            direct[:, k, output] = 1.0
        elif output == "current":
            direct[:, k, m] = 1.0
        elif output == "voltage":
            rows[k, m] = 1.0
        elif output == "heat_hot" and drive.heat_hot is None:
            rows[k, network.hot] = -1.0
        elif output == "heat_cold" and drive.heat_cold is None:
            rows[k, network.cold] = 1.0
    return direct, rows


def _imposed(
    network: Network, drive: Drive, outputs: Sequence[Output], multiplier: Array, total: Array, current: Array
) -> dict[str, Array]:
    m = network.nodes
    found = {
        "T_hot": total[:, network.hot],
        "T_cold": total[:, network.cold],
        "current": total[:, m],
        "heat_hot": multiplier[:, network.hot] + _is("heat_hot", outputs),
        "heat_cold": -multiplier[:, network.cold] + _is("heat_cold", outputs),
        "voltage": -multiplier[:, m],
        "load": -multiplier[:, m] * current,
    }
    if network.ambient >= 0:
        found["ambient"] = total[:, network.ambient]
    return {k: v for k, v in found.items() if getattr(drive, k) is not None}


def _is(name: str, outputs: Sequence[Output]) -> Array:
    return np.array([[float(output == name)] for output in outputs])
