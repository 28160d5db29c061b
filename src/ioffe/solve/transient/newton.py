"""Newton's method for one stage in time, for consistent nodes, and for a steady state."""

from __future__ import annotations

import numpy as np

from ioffe.engine.table import Array
from ioffe.solve.transient.imposed import Imposed
from ioffe.solve.transient.linear import Matrix, Miss
from ioffe.solve.transient.properties import POTENTIAL
from ioffe.solve.transient.system import Change, Flows, State, System, flows

EXACT = 1e-13
"""Relative change of the temperatures below which an iteration has ended."""
ROUNDED = 1e-11
"""One below which it has ended too, if it shrinks no more."""
SLOW = 0.05
"""A correction that shrinks less than to this share of the last one calls for a new matrix."""
MAX_PASSES = 12
T_BOUNDS = 1.0, 6000.0
"""K; iterates outside are given up."""


def solve(
    system: System,
    guess: State,
    imposed: Imposed,
    storage: float,
    time: float,
    target: Array,
    passes: int = MAX_PASSES,
) -> tuple[Flows, Matrix] | None:
    """Solve `storage * energy - time * heat = target` for all rows that store heat, and balance the others.

    Parameters
    ----------
    guess
        Where to begin.
    imposed
        What is imposed at the moment.
    storage, time
        1 and the time in s that the heat counts for; 0 and 1 for a steady state; 1 and 0 to find the rest at
        given cells.
    target
        In J (W for a steady state), shape (points + nodes,).
    passes
        Most iterations.

    Returns
    -------
    tuple or None
        Flows at the solution and the last matrix; None if there is no convergence.
    """
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


def _size(system: System, state: State, at: Flows, step: Change, matrix: Matrix) -> float:
    """Largest change relative to the temperature; of the current, its voltage relative to that of S T."""
    largest = float(np.max(np.abs(step.T) / state.T))
    if system.free_current:
        ends = np.concatenate([system.mesh.first, system.mesh.last])
        strength = np.abs(np.tile(system.mesh.strength, 2))
        volt = float(strength @ np.abs(at.local.slopes[POTENTIAL][ends] * state.T[ends])) + abs(at.voltage)
        if volt > 0:
            largest = max(largest, abs(step.current) * matrix.resistance / volt)
    return largest
