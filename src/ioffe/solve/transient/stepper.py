r"""One step in time with TR-BDF2, of second order, L-stable and conservative.

With :math:`\gamma = 2 - \sqrt2`, :math:`d = \gamma/2`, :math:`w = \sqrt2/4`, energies E and heats f

.. math::
    E_2 = E_n + h d (f_n + f_2), \qquad E_{n+1} = E_n + h (w f_n + w f_2 + d f_{n+1}).

The difference to the companion of third order, passed through Newton's matrix, estimates the error of the
step (Hosea and Shampine, Appl. Numer. Math. 20 (1996) 21, doi 10.1016/0168-9274(95)00115-8). The heat across
the borders is summed with the same weights, so that energy is conserved for any step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ioffe.engine.table import Array
from ioffe.solve.transient import newton
from ioffe.solve.transient.compiled import CompiledMatrix
from ioffe.solve.transient.newton import Matrix
from ioffe.solve.transient.system import CellSystem, Change, Course, Flows, Imposed, MeshState

GAMMA = 2.0 - np.sqrt(2.0)
D = 0.5 * GAMMA
W = 0.25 * np.sqrt(2.0)
WEIGHTS = np.array([W, W, D])
DIFFERENCE = WEIGHTS - np.array([(1.0 - W) / 3.0, (3.0 * W + 1.0) / 3.0, D / 3.0])


@dataclass(eq=False)
class Moment:
    """The system at one time, and what has happened since the start."""

    t: float
    flows: Flows
    passed: Array
    """J since the start: in at the hot side, out at the cold side, electrical, lost; shape (4,)."""
    error: Array
    """Estimated error of the temperatures in K, carried along; shape (points + nodes,)."""

    @property
    def state(self) -> MeshState:
        """Temperatures and current."""
        return self.flows.state


@dataclass(eq=False)
class Attempt:
    """A step that was solved, and the error of its temperatures over that allowed."""

    moment: Moment
    error: float


def start(t: float, flows: Flows, passed: Array | None = None) -> Moment:
    """A first moment, from consistent flows."""
    none = np.zeros(4) if passed is None else passed
    return Moment(t, flows, none, np.zeros_like(flows.energy))


def settled(
    system: CellSystem, state: MeshState, energy: Array, imposed: Imposed, *, at_once: bool = False
) -> Flows | None:
    """Flows at given energies of the rows that store heat; the others and the current follow.

    `at_once`: the moment of a jump itself: no node moves that touches what stores heat, so that a voltage
        jumps by Ohm's law alone. Otherwise these nodes are balanced, as the steps in time need them.
    """
    if at_once:
        system = replace(system, fixed=system.fixed | (system.touched & (system.masses == 0)))
    found = newton.solve(system, state, imposed, 1.0, 0.0, energy)
    return None if found is None else found[0]


def advance(
    system: CellSystem, old: Moment, course: Course, end: float, trend: Change | None, tolerance: float
) -> Attempt | None:
    """One step to the time `end`; None if Newton's method does not converge.

    `trend`: changes by time for the first guess, None to begin from the old state.
    `tolerance`: error of the temperatures allowed, relative to the temperature.
    """
    h = end - old.t
    first = old.flows
    guess = old.state if trend is None else old.state.moved(trend, GAMMA * h)
    imposed = course.at(old.t + GAMMA * h, before=True)
    found = newton.solve(system, guess, imposed, 1.0, h * D, first.energy + h * D * first.heat)
    if found is None:
        return None
    second = found[0]
    guess = old.state.moved(slope(old.state, second.state, GAMMA * h), h)
    target = first.energy + h * W * (first.heat + second.heat)
    found = newton.solve(system, guess, course.at(end, before=True), 1.0, h * D, target)
    if found is None:
        return None
    third, matrix = found
    stages = (first, second, third)
    passed = h * np.tensordot(WEIGHTS, [f.borders for f in stages], axes=1)
    wrong = h * np.tensordot(DIFFERENCE, [f.heat for f in stages], axes=1)
    wrong[~system.stores] = 0.0
    relative = np.max(np.abs(matrix.change(wrong)) / third.state.T)
    error = _carried(matrix, old.error, wrong)
    return Attempt(Moment(end, third, old.passed + passed, error), float(relative) / tolerance)


def slope(a: MeshState, b: MeshState, time: float) -> Change:
    """Mean change by time from one state to another."""
    return Change((b.T - a.T) / time, (b.current - a.current) / time)


def _carried(matrix: Matrix | CompiledMatrix, error: Array, wrong: Array) -> Array:
    """Errors of all steps so far in K, each fading as the solution itself does.

    1/(1 - d z)^3 follows the decay exp(z) of every mode.
    """
    for missing in (0.0, 0.0, wrong):
        error = matrix.change(matrix.stored(error) + missing)
    return error
