"""Newton's method for a stage in time, for consistent nodes, and for a steady state.

Its matrix is tridiagonal along the chains, and dense for the few nodes and the current.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.engine.table import Array
from ioffe.solve import loading
from ioffe.solve.transient import compiled
from ioffe.solve.transient.compiled import CompiledMatrix
from ioffe.solve.transient.flux import ENTHALPY, POTENTIAL, Flux
from ioffe.solve.transient.system import CellFlows, CellSystem, Change, Flows, Imposed, MeshState, flows


@dataclass(eq=False)
class Miss:
    """What is missing in the balance of every row, in J or W, and in the circuit, in V."""

    heat: Array
    voltage: float


class Matrix:
    """Derivative of `storage * energy - time * heat` of every row, and of the circuit's voltage.

    The time of rows that store no heat, and that of the circuit, is 1. The cells are eliminated first, which
    leaves a small system of the nodes and the current.

    `system`, `at`: the system, and its flows with tangents.
    `imposed`: what is imposed at the same moment.
    `storage`, `time`: factors of the stored energy (1 or 0) and of the heat (s).
    """

    def __init__(
        self, system: CellSystem, at: CellFlows, imposed: Imposed, storage: float, time: float
    ) -> None:
        from scipy.linalg import get_lapack_funcs

        factor, self._solver = get_lapack_funcs(("gttrf", "gttrs"), dtype=np.float64)
        self.system, self._slopes = system, at.local.slopes
        self.time = np.where(system.stores, time, 1.0)
        mesh = system.mesh
        below, here, above, by_current = _bands(system, at)
        self._end_rows, self._end_current = _end_rows(system, below, here, above, by_current)
        cell, own_time, heat = mesh.is_cell, self.time[: mesh.points], at.local.slopes[ENTHALPY]
        before, own, behind = storage * mesh.volume
        diagonal = np.where(cell, own * heat - own_time * here, 1.0)
        lower = np.where(cell, -own_time * below, 0.0)[1:] + before[1:] * heat[:-1]
        upper = np.where(cell, -own_time * above, 0.0)[:-1] + behind[:-1] * heat[1:]
        self._factors = factor(lower, diagonal, upper)[:5]
        columns = np.zeros((mesh.points, 3), order="F")
        columns[mesh.first, 0] = 1.0
        columns[mesh.last, 1] = 1.0
        columns[:, 2] = np.where(cell, own_time * by_current, 0.0)
        self._columns = self._cells(columns)
        self._voltage_row = _voltage_row(system, at)
        self._condense(at, imposed, storage)

    def _cells(self, right: Array) -> Array:
        return self._solver(*self._factors, right)[0]

    def _condense(self, at: CellFlows, imposed: Imposed, storage: float) -> None:
        """The matrix of nodes and current that is left."""
        system, mesh = self.system, self.system.mesh
        n = system.nodes
        first, last = self._into_nodes(self._columns)
        first[:, 2] += self._end_current[0]
        last[:, 2] += self._end_current[1]
        chains = np.add.reduceat(self._voltage_row[:, None] * self._columns, mesh.first)
        chains += _voltage_of_ends(system, at)
        S = at.inflow.jacobian.copy()
        circuit = np.full(len(mesh.first), n)
        for rows, values in ((mesh.node_first, first), (mesh.node_last, last), (circuit, chains)):
            for k, to in enumerate((mesh.node_first, mesh.node_last, circuit)):
                np.add.at(S, (rows, to), values[:, k])
        S[:n] *= -self.time[mesh.points :, None]
        S[np.arange(n), np.arange(n)] += storage * system.masses
        if imposed.load is not None:
            S[n, n] -= imposed.load
        self.resistance = abs(float(S[n, n]))
        self._free: NDArray[np.intp] = np.flatnonzero(np.append(~system.fixed, system.free_current))
        self._small = np.linalg.inv(S[np.ix_(self._free, self._free)])

    def _into_nodes(self, columns: Array) -> tuple[Array, Array]:
        """Change of the heat into the node at each end of each chain."""
        found = []
        for (end, inwards, _), rows in zip(self.system.mesh.ends, self._end_rows, strict=True):
            near = end + inwards * np.arange(len(rows))[:, None]
            found.append(np.sum(rows[:, :, None] * columns[near], axis=0))
        return found[0], found[1]

    def stored(self, change: Array) -> Array:
        """Energy in J that a small change of the temperatures stores."""
        return self.system.capacity(self._slopes[ENTHALPY], change)

    def change(self, heat: Array) -> Array:
        """Change of all temperatures that makes up for missing heat."""
        return self.solve(Miss(heat, 0.0)).T

    def solve(self, right: Miss) -> Change:
        """Change that makes up for what is missing; fixed nodes and an imposed current do not move."""
        system, mesh = self.system, self.system.mesh
        n = system.nodes
        T = self._cells(np.where(mesh.is_cell, right.heat[: mesh.points], 0.0))
        rest = np.append(right.heat[mesh.points :], right.voltage - self._voltage_row @ T)
        first, last = self._into_nodes(T[:, None])
        np.add.at(rest, mesh.node_first, self.time[mesh.points + mesh.node_first] * first[:, 0])
        np.add.at(rest, mesh.node_last, self.time[mesh.points + mesh.node_last] * last[:, 0])
        z = np.zeros(n + 1)
        z[self._free] = self._small @ rest[self._free]
        ends = np.array([z[mesh.node_first], z[mesh.node_last], np.full(len(mesh.first), z[n])])
        T += np.einsum("pk,kp->p", self._columns, ends[:, mesh.chain])
        return Change(np.concatenate([T, z[:n]]), float(z[n]))


def _tangents(e: Flux) -> Any:
    return e.d_first, e.d_last, e.d_resistance


def _bands(system: CellSystem, at: CellFlows) -> tuple[Array, Array, Array, Array]:
    """Derivatives of the heat into each point to the points before, at and behind it, and to the current.

    What is stored beyond the points next to a node is still left out.
    """
    mesh = system.mesh
    first, last, _ = _tangents(at.elements)
    below, here, above, by_current = np.zeros((4, mesh.points))
    below[1:] = mesh.per * last[0]
    here[1:] = mesh.per * last[1]
    here[:-1] -= mesh.per * first[0]
    above[:-1] = -mesh.per * first[1]
    by_current[1:] = mesh.per * last[2]
    by_current[:-1] -= mesh.per * first[2]
    s, S = at.local.values[POTENTIAL], at.local.slopes[POTENTIAL]
    for ends, sign in ((mesh.first, -1.0), (mesh.last, 1.0)):
        here[ends] += sign * mesh.strength * at.state.current * S[ends]
        by_current[ends] += sign * mesh.strength * s[ends]
    return below, here, above, by_current


def _end_rows(
    system: CellSystem, below: Array, here: Array, above: Array, by_current: Array
) -> tuple[list[Array], list[Array]]:
    """Derivatives of the heat into the node at both ends of each chain.

    To the four next points, counted inwards from the node, shape (4, chains), and to the current. What is
    stored between node and first point is taken over in the bands, in place.
    """
    rows, currents = [], []
    for (end, inwards, shares), (outer, inner) in zip(
        system.mesh.ends, ((below, above), (above, below)), strict=True
    ):
        row = np.array([here[end], inner[end], 0.0 * here[end], 0.0 * here[end]])
        current = by_current[end]
        for k, share in enumerate(shares, start=1):
            cell = end + k * inwards
            for m, band in enumerate((outer, here, inner), start=k - 1):
                row[m] -= share * band[cell]
            current = current - share * by_current[cell]
            for band in (below, here, above, by_current):
                band[cell] *= 1.0 + share
        rows.append(row)
        currents.append(current)
    return rows, currents


def _voltage_row(system: CellSystem, at: CellFlows) -> Array:
    """Derivative of the voltage of the cells' resistance to each point."""
    mesh = system.mesh
    _, _, (r0, r1, _) = _tangents(at.elements)
    row = np.zeros(mesh.points)
    weight = mesh.current * at.state.current
    row[:-1] -= weight * r0
    row[1:] -= weight * r1
    return row * mesh.strength[mesh.chain]


def _voltage_of_ends(system: CellSystem, at: CellFlows) -> Array:
    """Derivatives of each chain's voltage to its end temperatures at fixed cells, and to the current.

    Shape (chains, 3).
    """
    mesh = system.mesh
    S = at.local.slopes[POTENTIAL]
    _, _, (_, _, rj) = _tangents(at.elements)
    r = at.elements.resistance
    drop = np.add.reduceat(np.append(mesh.current * (r + at.state.current * rj), 0.0), mesh.first)
    return (mesh.strength * np.array([S[mesh.first], -S[mesh.last], -drop])).T


EXACT = 1e-14
"""Relative change of the temperatures below which an iteration has ended: what it leaves adds up over all
steps, and heat counts in differences of temperatures."""
ROUNDED = 1e-11
"""One below which it has ended too, if it shrinks no more."""
SLOW = 0.05
"""A correction that shrinks less than to this share of the last one calls for a new matrix."""
MAX_PASSES = 12
T_BOUNDS = 1.0, 6000.0
"""K; iterates outside are given up."""
LIMITS = EXACT, ROUNDED, SLOW, *T_BOUNDS


def solve(
    system: CellSystem,
    guess: MeshState,
    imposed: Imposed,
    storage: float,
    time: float,
    target: Array,
    passes: int = MAX_PASSES,
) -> tuple[Flows, Matrix | CompiledMatrix] | None:
    """Solve `storage * energy - time * heat = target` for all rows that store heat, and balance the others.

    `guess`: where to begin.
    `imposed`: what is imposed at the moment.
    `storage`, `time`: 1 and the time in s that the heat counts for; 0 and 1 for a steady state; 1 and 0 to
        find the rest at given cells.
    `target`: in J (W for a steady state), shape (points + nodes,).
    `passes`: most iterations.
    Returns: flows at the solution and the last matrix; None if there is no convergence.
    """
    if compiled.is_wanted():
        return compiled.solve(system, guess, imposed, storage, time, target, passes, LIMITS)
    with loading.numpy_solve():
        return solve_by_numpy(system, guess, imposed, storage, time, target, passes)


def solve_by_numpy(
    system: CellSystem,
    guess: MeshState,
    imposed: Imposed,
    storage: float,
    time: float,
    target: Array,
    passes: int,
) -> tuple[Flows, Matrix] | None:
    """What `solve` does where compiled code is not there."""
    state = guess.imposed(system, imposed)
    matrix: Matrix | None = None
    last, slow = np.nan, False
    for _ in range(passes):
        # a matrix is kept as long as it serves
        renew = matrix is None or slow
        at = flows(system, state, imposed, tangents=renew)
        if matrix is None or renew:
            matrix = Matrix(system, at, imposed, storage, time)
        heat = np.where(system.stores, target - storage * at.energy, 0.0) + matrix.time * at.heat
        step = matrix.solve(Miss(heat, -at.gap))
        size = _size(system, state, at, step, matrix)
        state = state.moved(step)
        state.spread(system)
        if not (np.isfinite(size) and T_BOUNDS[0] < state.T.min() and state.T.max() < T_BOUNDS[1]):
            return None
        ratio = size / last if last > 0 else np.nan
        left = size * ratio / (1.0 - ratio) if ratio < 1.0 else size
        if left <= EXACT or (size <= ROUNDED and not ratio < 0.5):
            return flows(system, state, imposed), matrix
        slow, last = ratio > SLOW, size
    return None


def _size(system: CellSystem, state: MeshState, at: CellFlows, step: Change, matrix: Matrix) -> float:
    """Largest change relative to the temperature; of the current, its voltage relative to that of S T."""
    largest = float(np.max(np.abs(step.T) / state.T))
    if system.free_current:
        ends = np.concatenate([system.mesh.first, system.mesh.last])
        strength = np.abs(np.tile(system.mesh.strength, 2))
        volt = float(strength @ np.abs(at.local.slopes[POTENTIAL][ends] * state.T[ends])) + abs(at.voltage)
        if volt > 0:
            largest = max(largest, abs(step.current) * matrix.resistance / volt)
    return largest
