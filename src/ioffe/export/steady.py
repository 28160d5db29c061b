"""Steady states of the equations that are exported, for their stated error."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import ConvergenceError
from ioffe.export.equations import CompactEquations

Array = NDArray[np.float64]
PASSES: Final = 60
STEP: Final = 1e-20
LARGEST_MOVE: Final = 60.0
"""K by which a pass moves a temperature at most."""
CLOSED: Final = 1e-10
"""Imbalance of a node over the largest heat at which the search ends."""


class SteadyPoints(NamedTuple):
    """Steady states of the equations.

    `T` (nodes, cases): temperatures in K.
    `heats` (2, cases): heat that enters the hot pin, and that enters the cold pin, in W.
    `voltage` (cases,): in V.
    """

    T: Array
    heats: Array
    voltage: Array


def steady(equations: CompactEquations, T_hot: Array, T_cold: Array, current: Array) -> SteadyPoints:
    """Newton's search for the temperatures of all nodes.

    `T_hot`, `T_cold` (cases,): temperatures of the pins in K.
    `current` (cases,): that leaves the positive terminal in A.
    Raises `ConvergenceError` if a case has no solution.
    """
    nodes, cases = len(equations.capacities), len(current)
    share = np.linspace(0.0, 1.0, nodes - 1)[1:]
    T = np.empty((nodes, cases))
    T[0], T[1] = T_hot, T_cold
    T[2:] = T_hot + (T_cold - T_hot) * share[: nodes - 2, None]
    free = np.arange(2, nodes)
    for _ in range(PASSES):
        leaving, voltage = equations.evaluate(T, current)
        size = np.maximum(np.abs(leaving[:2]).max(axis=0), np.abs(voltage * current)) + 1e-12
        if np.all(np.abs(leaving[2:]) <= CLOSED * size):
            return SteadyPoints(T, leaving[:2], voltage)
        moved = np.repeat(T[:, None, :].astype(complex), len(free), axis=1)
        moved[free, free - 2] += 1j * STEP
        slopes = np.moveaxis(np.imag(equations.evaluate(moved, current)[0][2:]) / STEP, -1, 0)
        step = np.linalg.solve(slopes, -leaving[2:].T[..., None])[..., 0].T
        longest = np.abs(step).max(axis=0, initial=0.0)
        T[2:] += step * np.minimum(1.0, LARGEST_MOVE / np.maximum(longest, 1e-300))
    words = "the exported equations have no steady state at the largest currents: take a smaller current"
    raise ConvergenceError(words)
