"""Newton's method for temperatures, potentials and, if it is not imposed, the current."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ioffe.field.elements.assembly import Matrix
from ioffe.field.elements.linear import LinearSolver, solver_of
from ioffe.field.elements.system import CoupledSystem

Array = NDArray[np.float64]
MOST_PASSES = 40
SETTLED = 1e-9, 1e-12
"""K and V; the largest last step of a solution."""
KEEP = 0.05
"""K; after a smaller step the factors serve again."""
SLOW = 0.1
"""Steps that shrink by less than this get new factors."""
LONGEST = 100.0
"""K; the largest change of a temperature in one pass."""
LOOSE, TIGHT = 1e-6, 1e-10
"""Share of the right-hand side that iterative solvers may leave, in a pass and in the derivatives."""


class TerminalDrive(NamedTuple):
    """What is imposed between the terminals: a current, a voltage or a load.

    The current leaves at the unknown `plus`; behind it are leads of a resistance in ohm, whose heat enters
    the unknowns in shares.
    """

    plus: int = -1
    resistance: float = 0.0
    shares: Array | float = 0.0
    current: float | None = 0.0
    voltage: float | None = None
    load: float | None = None

    def loads(self, current: float, size: int) -> tuple[Array, Array]:
        """What the current adds to the residual, and its slope."""
        value = current**2 * self.resistance * self.shares * np.ones(size)
        slope = 2.0 * current * self.resistance * self.shares * np.ones(size)
        if self.plus >= 0:
            value[self.plus] -= current
            slope[self.plus] -= 1.0
        return value, slope

    def missed(self, u: Array, current: float) -> tuple[float, float]:
        """By how much an imposed voltage or load is missed, in V, and the slope to the current at fixed u."""
        outside = 0.0 if self.load is None else self.load
        aim = 0.0 if self.voltage is None else self.voltage
        per_current = -self.resistance - outside
        return u[self.plus] + per_current * current - aim, per_current


@dataclass(frozen=True, eq=False)
class SteadyField:
    """A solution: unknowns, the current, what leaves at held unknowns, and slopes to the current."""

    u: Array
    current: float
    reactions: Array
    """Residual of all unknowns, with what the current adds."""
    u_I: Array
    reactions_I: Array
    passes: int


class NotConverged(RuntimeError):
    """The iteration did not settle."""


def solve(
    system: CoupledSystem,
    start: Array,
    held: NDArray[np.bool_],
    load: Array,
    terminals: TerminalDrive | None = None,
    current: float = 0.0,
) -> SteadyField:
    """Solve a system from a start.

    Parameters
    ----------
    system : CoupledSystem
    start : ndarray
        Where the unknowns begin; those that are held keep these values.
    held : ndarray of bool
    load : ndarray
        Heat in W and current in A that enter at each unknown beside those of the terminals.
    terminals : TerminalDrive, optional
    current : float
        Where the current begins, if it is not imposed.

    Raises
    ------
    NotConverged
        If the iteration does not settle, or the matrix is singular.
    """
    return _Passes(system, held, load, terminals or TerminalDrive()).run(start, current)


class _Passes:
    def __init__(
        self, system: CoupledSystem, held: NDArray[np.bool_], load: Array, terminals: TerminalDrive
    ) -> None:
        self.system, self.load, self.terminals = system, load, terminals
        self.free = np.flatnonzero(~held)
        self.is_potential = (np.arange(system.size) >= system.temperatures)[self.free]
        self.matrix: Matrix | None = None
        self.solver: LinearSolver | None = None

    def run(self, start: Array, current: float) -> SteadyField:
        u, given = start.copy(), self.terminals.current
        current, last, shrinking = current if given is None else given, np.inf, True
        for passed in range(1, MOST_PASSES + 1):
            if self.solver is None or last > KEEP or not shrinking:
                R = self._linearise(u)
            else:
                R = self.system.residual(u)
            step, d_current = self._step(u, current, R)
            sizes = self._sizes(step)
            if not np.isfinite(sum(sizes)):
                break
            cut = min(1.0, LONGEST / max(sizes[0], 1e-300))
            u[self.free] += cut * step
            current += cut * d_current
            if sizes[0] <= SETTLED[0] and sizes[1] <= SETTLED[1] * max(1.0, abs(u).max()):
                return self._settled(u, current, passed)
            shrinking, last = sizes[0] < SLOW * last, sizes[0]
        raise NotConverged(f"no steady state within {MOST_PASSES} passes")

    def _linearise(self, u: Array) -> Array:
        R, self.matrix = self.system.linearised(u)
        inner = self.matrix[self.free][:, self.free]
        try:
            self.solver = solver_of(inner.tocsr(), self.is_potential)
        except RuntimeError as error:
            raise NotConverged(str(error)) from None
        return R

    def _solve(self, b: Array, tolerance: float) -> Array:
        assert self.solver is not None
        try:
            return self.solver(b, tolerance)
        except RuntimeError as error:
            raise NotConverged(str(error)) from None

    def _step(self, u: Array, current: float, R: Array) -> tuple[Array, float]:
        added, slope = self.terminals.loads(current, len(u))
        step = -self._solve((R + self.load + added)[self.free], LOOSE)
        if self.terminals.current is not None:
            return step, 0.0
        per_current = -self._solve(slope[self.free], LOOSE)
        missed, direct = self.terminals.missed(u, current)
        at = np.flatnonzero(self.free == self.terminals.plus)[0]
        d_current = -(missed + step[at]) / (direct + per_current[at])
        return step + d_current * per_current, float(d_current)

    def _sizes(self, step: Array) -> tuple[float, float]:
        """Largest step of a temperature and of a potential."""
        potentials = np.abs(step[self.is_potential]).max(initial=0.0)
        return float(np.abs(step[~self.is_potential]).max(initial=0.0)), float(potentials)

    def _settled(self, u: Array, current: float, passed: int) -> SteadyField:
        assert self.matrix is not None
        added, slope = self.terminals.loads(current, len(u))
        u_I = np.zeros_like(u)
        if self.terminals.plus >= 0:
            # the factors are those of a state nearby: one correction by the matrix there
            right = slope[self.free]
            u_I[self.free] = -self._solve(right, TIGHT)
        reactions = self.system.residual(u) + self.load + added
        return SteadyField(u, current, reactions, u_I, self.matrix @ u_I + slope, passed)
