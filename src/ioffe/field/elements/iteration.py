r"""Newton's method for temperatures, potentials, heats that maps spread and, unless imposed, the current.

Heats and current border the matrix. Where the heat Q of a face is spread by shares w, all that holds it is

.. math:: T_\mathrm{behind} - w^T T = R\,Q,

so that without it the matrix may be singular. A conductance s between the temperature behind and one node of
the face, g with the signs of both, is added to the matrix and taken away by one more heat of the border.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ioffe.field.elements.assembly import Matrix
from ioffe.field.elements.linear import LinearSolver, solver_of
from ioffe.field.elements.system import CoupledSystem
from ioffe.field.progress import tell

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
ANCHORS = 64
"""Unknowns, about, by which a face whose heat is spread is held to the temperature behind it."""
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


class SpreadHeat(NamedTuple):
    """Heat from a reservoir that enters unknowns in shares, whatever their temperatures are.

    The temperature `behind` lies above the mean one, which the shares weight, by resistance (K/W) times heat.
    """

    unknowns: NDArray[np.intp]
    shares: Array
    behind: int
    resistance: float

    def enters(self, size: int) -> Array:
        """What the heat adds to the residual for each watt."""
        out = np.bincount(self.unknowns, self.shares, size)
        out[self.behind] -= 1.0
        return np.asarray(out, float)


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
    spread: Sequence[SpreadHeat] = (),
) -> SteadyField:
    """Solve a system from a start.

    `start`: where the unknowns begin; those that are held keep these values.
    `load`: heat in W and current in A that enter at each unknown beside those of the terminals.
    `current`: where the current begins, if it is not imposed.
    Raises `NotConverged` if the iteration does not settle, or the matrix is singular.
    """
    return _Passes(system, held, load, terminals or TerminalDrive(), spread).run(start, current)


class _Border(NamedTuple):
    """Unknowns beside those of the matrix: a column and a row of each, and its slope in its own equation."""

    columns: Array
    rows: Array
    direct: Array

    def and_one(self, column: Array, row: Array, direct: float) -> _Border:
        """With one unknown more."""
        return _Border(
            np.vstack([self.columns, column]), np.vstack([self.rows, row]), np.append(self.direct, direct)
        )


class _Passes:
    def __init__(
        self,
        system: CoupledSystem,
        held: NDArray[np.bool_],
        load: Array,
        terminals: TerminalDrive,
        spread: Sequence[SpreadHeat],
    ) -> None:
        self.system, self.load, self.terminals, self.spread = system, load, terminals, spread
        self.free = np.flatnonzero(~held)
        self.is_potential = (np.arange(system.size) >= system.temperatures)[self.free]
        self.enters = np.array([heat.enters(system.size) for heat in spread]).reshape(-1, system.size)
        self.resistances = np.array([heat.resistance for heat in spread])
        self.corners = self.system.corners[self.free][:, self.free]
        self.matrix: Matrix | None = None
        self.solver: LinearSolver | None = None
        nothing = np.zeros((0, len(self.free)))
        self.border, self.responses = _Border(nothing, nothing, np.zeros(0)), nothing

    def run(self, start: Array, current: float) -> SteadyField:
        u, given = start.copy(), self.terminals.current
        current, last, shrinking = current if given is None else given, np.inf, True
        heats = np.zeros(len(self.spread))
        for passed in range(1, MOST_PASSES + 1):
            if self.solver is None or last > KEEP or not shrinking:
                R = self._linearise(u)
            else:
                R = self.system.residual(u)
            step, d_heats, d_current = self._step(u, heats, current, R)
            sizes = self._sizes(step)
            tell(f"{len(u):,} unknowns, pass {passed}, temperatures moved by up to {sizes[0]:.2g} K")
            if not np.isfinite(sum(sizes)):
                break
            cut = min(1.0, LONGEST / max(sizes[0], 1e-300))
            u[self.free] += cut * step
            heats += cut * d_heats
            current += cut * d_current
            if sizes[0] <= SETTLED[0] and sizes[1] <= SETTLED[1] * max(1.0, abs(u).max()):
                return self._settled(u, heats, current, passed)
            shrinking, last = sizes[0] < SLOW * last, sizes[0]
        raise NotConverged(f"no steady state within {MOST_PASSES} passes")

    def _linearise(self, u: Array) -> Array:
        R, self.matrix = self.system.linearised(u)
        inner, anchors = self.matrix, np.zeros_like(self.enters)
        conductances = np.zeros(len(anchors))
        for k, heat in enumerate(self.spread):
            at = heat.unknowns[:: max(1, len(heat.unknowns) // ANCHORS)]
            anchors[k, at], anchors[k, heat.behind] = 1.0 / len(at), -1.0
            conductances[k] = abs(self.matrix.diagonal()[at]).sum()
            one = sparse.csr_array(anchors[k : k + 1])
            inner = inner - conductances[k] * (one.T @ one)
        try:
            self.solver = solver_of(
                inner[self.free][:, self.free].tocsr(), self.is_potential, self.corners, len(self.spread)
            )
        except RuntimeError as error:
            raise NotConverged(str(error)) from None
        enters, g = self.enters[:, self.free], anchors[:, self.free]
        rows = np.vstack([-enters, conductances[:, None] * g])
        direct = np.concatenate([-self.resistances, np.ones(len(g))])
        self.border = _Border(np.vstack([enters, -g]), rows, direct)
        self.responses = self._respond(self.border.columns, LOOSE)
        return R

    def _respond(self, lacking: Array, tolerance: float) -> Array:
        """What the unknowns do about each row of what they lack, at fixed unknowns of the border."""
        assert self.solver is not None
        try:
            return -np.array([self.solver(b, tolerance) for b in lacking]).reshape(lacking.shape)
        except RuntimeError as error:
            raise NotConverged(str(error)) from None

    def _bordered(self, border: _Border, responses: Array, step: Array, missed: Array) -> tuple[Array, Array]:
        """Step of the unknowns with that of the border, of which the equations are missed."""
        slopes = np.diag(border.direct) + border.rows @ responses.T
        beside = -np.asarray(np.linalg.solve(slopes, missed + border.rows @ step), float)
        return step + beside @ responses, beside

    def _step(self, u: Array, heats: Array, current: float, R: Array) -> tuple[Array, Array, float]:
        added, slope = self.terminals.loads(current, len(u))
        lacking = R + self.load + added + heats @ self.enters
        step = self._respond(lacking[None, self.free], LOOSE)[0]
        count, border, responses = len(heats), self.border, self.responses
        missed = np.append(-self.enters @ u - self.resistances * heats, np.zeros(count))
        if self.terminals.current is None:
            outside, direct = self.terminals.missed(u, current)
            border = border.and_one(
                slope[self.free], (self.free == self.terminals.plus).astype(float), direct
            )
            responses = np.vstack([responses, self._respond(slope[None, self.free], LOOSE)])
            missed = np.append(missed, outside)
        step, beside = self._bordered(border, responses, step, missed)
        return step, beside[:count], 0.0 if self.terminals.current is not None else float(beside[-1])

    def _sizes(self, step: Array) -> tuple[float, float]:
        """Largest step of a temperature and of a potential."""
        potentials = np.abs(step[self.is_potential]).max(initial=0.0)
        return float(np.abs(step[~self.is_potential]).max(initial=0.0)), float(potentials)

    def _settled(self, u: Array, heats: Array, current: float, passed: int) -> SteadyField:
        assert self.matrix is not None
        added, slope = self.terminals.loads(current, len(u))
        u_I, heats_I = np.zeros_like(u), np.zeros_like(heats)
        if self.terminals.plus >= 0:
            # the factors are those of a state nearby: one correction by the matrix there
            alone = self._respond(slope[None, self.free], TIGHT)[0]
            missed = np.zeros(len(self.responses))
            u_I[self.free], beside = self._bordered(self.border, self.responses, alone, missed)
            heats_I = beside[: len(heats)]
        reactions = self.system.residual(u) + self.load + added + heats @ self.enters
        reactions_I = self.matrix @ u_I + slope + heats_I @ self.enters
        return SteadyField(u, current, reactions, u_I, reactions_I, passed)
