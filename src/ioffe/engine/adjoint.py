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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ioffe.engine.balance import collect, solved
from ioffe.engine.network import Drive, Network, Solution
from ioffe.engine.table import Array
from ioffe.engine.thermoelement import Flow, Thermoelement

AGAIN = 1e-10
"""Relative tolerance at which a segment is solved whose state has no derivatives."""
WEAK = 1e-6
"""Share of a diagonal entry below which what elimination leaves of it is no pivot."""
Matrix = dict[tuple[int, int], Array]
"""Entries (cases,) by row and column; those that are zero in all cases are left out."""
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

    `network`: with real numbers. Where it has jumps, `solution.T` has a row for each of their nodes; the
        resistance of a jump is zero in all cases or in none.
    `drive`, `solution`: imposed quantities and the solution; `states` that are None or lack derivatives are
        solved again.
    """
    T, current = solution.T, solution.current
    flows = [_flow(leg, k, solution, drive, ideal) for k, leg in enumerate(network.legs)]
    build = collect(network, T, np.zeros_like(T), current, flows)
    # rows and columns of the balances and of the circuit, the cases behind
    J = np.moveaxis(build.jacobian, 0, -1)
    direct, rows = _outputs(network, drive, outputs)
    weight = _weights(network, drive, J, len(outputs), direct, rows)
    fixed, jumps = _fixed(network, drive), range(len(network.jumps))
    incidence = _incidence(network)
    heat = np.array(build.inflow.T)
    heat[network.hot] += solution.heat_hot
    heat[network.cold] -= solution.heat_cold
    to_jump, through = (
        np.zeros((len(outputs), len(jumps), len(current))),
        np.zeros((len(jumps), len(current))),
    )
    if jumps:
        # products of matrices would round by the number of cases
        for k, shares in enumerate(np.linalg.pinv(incidence)):
            for node in np.flatnonzero(shares):
                through[k] += shares[node] * heat[node]
        # what a node that moves does to a result vanishes
        free = [k for k in range(network.nodes) if k not in fixed]
        for across, k in zip(np.linalg.pinv(incidence[free]).T, free, strict=True):
            whole = _by_unknown(weight, J, direct, k)
            for jump in np.flatnonzero(across):
                to_jump[:, jump] -= across[jump] * whole
    total = {k: _by_unknown(weight, J, direct, k) for k in fixed}
    for k in (k for k in fixed if k < network.nodes):
        for jump in np.flatnonzero(incidence[k]):
            total[k] += incidence[k, jump] * to_jump[:, jump]
    return Adjoint(
        network=network,
        drive=drive,
        T=T,
        current=current,
        flows=flows,
        weight=weight,
        to_jump=to_jump,
        through=through,
        imposed=_imposed(network, drive, outputs, weight, total, current),
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


def _by_unknown(weight: Array, J: Array, direct: Mapping[int, int], k: int) -> Array:
    """Derivative of the results to unknown k, the others and the heat through jumps kept (results, cases)."""
    out = np.zeros((len(weight), weight.shape[-1]))
    for row, part in enumerate(J[:, k]):
        if part.any():
            out += weight[:, row] * part
    for output, unknown in direct.items():
        if unknown == k:
            out[output] += 1.0
    return out


def _fixed(network: Network, drive: Drive) -> list[int]:
    """Unknowns that do not move: node temperatures, and the current, the last of them."""
    free = [*network.free(drive), drive.current is None]
    return [k for k, moves in enumerate(free) if not moves]


def _incidence(network: Network) -> Array:
    """+1 where a jump begins and -1 where it ends, shape (nodes, jumps)."""
    out = np.zeros((network.nodes, len(network.jumps)))
    for k, jump in enumerate(network.jumps):
        out[jump.a, k], out[jump.b, k] = 1.0, -1.0
    return out


def _outputs(
    network: Network, drive: Drive, outputs: Sequence[Output]
) -> tuple[dict[int, int], dict[int, tuple[int, float]]]:
    """Of each result, which unknown it is, or which row of the residuals and with what sign."""
    direct, rows = {}, {}
    for k, output in enumerate(outputs):
        if isinstance(output, int):
            direct[k] = output
        elif output == "current":
            direct[k] = network.nodes
        elif output == "voltage":
            rows[k] = network.nodes, 1.0
        elif output == "heat_hot" and drive.heat_hot is None:
            rows[k] = network.hot, -1.0
        elif output == "heat_cold" and drive.heat_cold is None:
            rows[k] = network.cold, 1.0
    return direct, rows


def _weights(
    network: Network,
    drive: Drive,
    J: Array,
    count: int,
    direct: Mapping[int, int],
    rows: Mapping[int, tuple[int, float]],
) -> Array:
    """Weights of all rows: that of which a result is made, and its multipliers (results, nodes + 1, cases).

    Nodes without a resistance between them are one, so that their rows and columns are added; a jump with a
    resistance conducts.
    """
    place = [*network.joined, network.joined.max() + 1]
    matrix = _joined_matrix(network, J, place)
    still = {place[k] for k in _fixed(network, drive)}
    free = [k for k in range(place[-1] + 1) if k not in still]
    right = np.zeros((len(free), count, J.shape[-1]))
    for at, k in enumerate(free):
        for output, unknown in direct.items():
            right[at, output] = -1.0 if place[unknown] == k else 0.0
        for output, (row, sign) in rows.items():
            right[at, output] = -sign * matrix.get((place[row], k), np.zeros(()))
    circuit = place[-1], place[-1]
    if drive.load is not None:
        matrix[circuit] = matrix[circuit] - drive.load
    used = right.any(axis=(0, 2))
    inner = {(i, k): matrix[r, c] for i, r in enumerate(free) for k, c in enumerate(free) if (r, c) in matrix}
    found = np.zeros((place[-1] + 1, count, J.shape[-1]))
    for k, multiplier in zip(free, solved_transposed(inner, right[:, used]), strict=True):
        found[k, used] = multiplier
    for output, (row, sign) in rows.items():
        found[place[row], output] += sign
    return np.stack([found[k] for k in place], axis=1)


def _joined_matrix(network: Network, J: Array, place: Sequence[int]) -> Matrix:
    """The Jacobian by the numbers of the nodes that are left, and of the circuit."""
    found: Matrix = {}

    def add(row: int, column: int, value: Array) -> None:
        key = place[row], place[column]
        found[key] = found[key] + value if key in found else value

    m = network.nodes
    ends = [(e.a, e.b) for e in (*network.legs, *network.passive)] + [(e.node,) for e in network.joule]
    touched = {(row, column) for some in ends for row in (*some, m) for column in (*some, m)}
    for row, column in sorted(touched):
        add(row, column, J[row, column])
    for jump in network.jumps:
        if np.any(jump.resistance):
            conductance = np.zeros(J.shape[-1]) + 1.0 / jump.resistance
            for row, column in ((jump.a, jump.b), (jump.b, jump.a)):
                add(row, row, -conductance)
                add(row, column, conductance)
    return found


def solved_transposed(matrix: Matrix, right: Array) -> Array:
    """Solutions of x A = b for many cases side by side, of the shape (unknowns, results, cases) of b.

    Conduction outweighs what a current changes in it: no rows are exchanged. Where a pivot vanishes beside
    what it was, they are.
    """
    size, n = len(right), right.shape[-1]
    f, x, weak = dict(matrix), right.copy(), np.zeros(n, bool)
    for k in range(size):
        weak |= ~(np.abs(f[k, k]) > WEAK * np.abs(matrix[k, k]))
        f[k, k] = 1.0 / f[k, k]
        across = [p for p in range(k + 1, size) if (k, p) in f]
        for i in (i for i in range(k + 1, size) if (i, k) in f):
            f[i, k] = f[i, k] * f[k, k]
            for p in across:
                part = f[i, k] * f[k, p]
                f[i, p] = f[i, p] - part if (i, p) in f else -part
    for k in range(size):
        for i in (i for i in range(k) if (i, k) in f):
            x[k] -= f[i, k] * x[i]
        x[k] *= f[k, k]
    for k in reversed(range(size)):
        for i in (i for i in range(k + 1, size) if (i, k) in f):
            x[k] -= f[i, k] * x[i]
    if weak.any():
        dense = np.zeros((int(weak.sum()), size, size))
        for (row, column), value in matrix.items():
            dense[:, column, row] = value[weak]
        x[..., weak] = np.transpose(solved(dense, np.transpose(right[..., weak], (2, 0, 1))), (1, 2, 0))
    return x


def _imposed(
    network: Network,
    drive: Drive,
    outputs: Sequence[Output],
    weight: Array,
    total: dict[int, Array],
    current: Array,
) -> dict[str, Array]:
    itself = {
        name: np.array([[float(o == name)] for o in outputs]) for name in ("heat_hot", "heat_cold", "voltage")
    }
    found = {
        "T_hot": lambda: total[network.hot],
        "T_cold": lambda: total[network.cold],
        "ambient": lambda: total[network.ambient],
        "current": lambda: total[network.nodes],
        "heat_hot": lambda: itself["heat_hot"] + weight[:, network.hot],
        "heat_cold": lambda: itself["heat_cold"] - weight[:, network.cold],
        "voltage": lambda: itself["voltage"] - weight[:, -1],
        "load": lambda: (itself["voltage"] - weight[:, -1]) * current,
    }
    unknown = () if network.ambient >= 0 else ("ambient",)
    return {k: v() for k, v in found.items() if k not in unknown and getattr(drive, k) is not None}
