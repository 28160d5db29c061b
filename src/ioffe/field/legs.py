"""The legs of a module between their ports, evaluated by the one-dimensional engine.

Equal legs share a network of segments, contacts and solder; all of them at all operating points are one call.
The nodes inside of a leg are unknowns of the same Newton iteration as its ends, eliminated leg by leg.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.engine import balance
from ioffe.engine.network import Drive, Network
from ioffe.engine.state import SegmentState
from ioffe.engine.table import Indices

Array = NDArray[np.float64]


@dataclass(eq=False)
class PortFlow:
    """Heats and voltages of legs (legs, cases), and their derivatives to T_hot, T_cold and I (3, ...).

    Heat leaves the hot port and reaches the cold one, both in W.
    """

    leaving: Array
    reaching: Array
    voltage: Array
    d_leaving: Array
    d_reaching: Array
    d_voltage: Array
    loss: Array
    error: Array
    code: NDArray[np.int_]
    open: Array
    """Largest heat that does not balance inside, in W."""


@dataclass(eq=False)
class EqualLegs:
    """Legs of one kind: node 0 of their network is the hot port, node 1 the cold one.

    Attributes
    ----------
    network : Network
        Of one leg.
    index : ndarray of int
        Which legs of the module they are.
    inner : ndarray
        Temperatures of the nodes inside in K, shape (nodes - 2, legs, cases).
    """

    network: Network
    index: Indices
    inner: Array = field(default_factory=lambda: np.zeros((0, 0, 0)))
    starts: list[Array] = field(default_factory=list)
    states: list[SegmentState | None] = field(default_factory=list)
    _back: tuple[Array, Array] | None = None

    def begin(self, inner: Array) -> None:
        """Start from temperatures of the nodes inside, shape (nodes - 2, cases), the same in every leg."""
        self.inner = np.repeat(inner[:, None, :], len(self.index), axis=1).copy()
        self.starts = [np.full(len(self.index) * inner.shape[1], np.nan) for _ in self.network.legs]

    def evaluate(
        self, T_hot: Array, T_cold: Array, current: Array, ambient: Array, tolerance: float
    ) -> PortFlow:
        """Heats and voltages at port temperatures (legs, cases) and currents (cases,)."""
        legs, cases = T_hot.shape
        every = np.tile(current, legs)
        T = np.concatenate([T_hot[None], T_cold[None], self.inner]).reshape(self.network.nodes, -1)
        drive = Drive(ambient=np.tile(ambient, legs), T_hot=T[0], T_cold=T[1], current=every)
        sums = balance.assemble(
            self.network,
            drive,
            T,
            np.zeros_like(T),
            every,
            False,
            np.full(len(every), tolerance),
            self.starts,
        )
        self.states = sums.states
        self.starts = [
            s if state is None else state.c for s, state in zip(self.starts, sums.states, strict=True)
        ]
        return self._condensed(sums, (legs, cases))

    def _condensed(self, sums: balance.BalanceSums, shape: tuple[int, int]) -> PortFlow:
        """Eliminate the nodes inside, whose step balances them for any step of ends and current."""
        m = self.network.nodes
        outer, inner = [0, 1, m], list(range(2, m))
        J, F = sums.jacobian, sums.inflow
        rows = J[:, outer]
        value = np.stack([F[:, 0], F[:, 1], sums.voltage], axis=1)
        slopes = rows[:, :, outer]
        self._back = None
        missing = np.zeros(len(F))
        if inner:
            right = np.concatenate([F[:, inner, None], J[:, inner][:, :, outer]], axis=2)
            back = -balance.solved(J[:, inner][:, :, inner], right)
            self._back = back[:, :, 0], back[:, :, 1:]
            through = rows[:, :, inner]
            value = value + np.einsum("cij,cj->ci", through, self._back[0])
            slopes = slopes + np.einsum("cij,cjk->cik", through, self._back[1])
            missing = np.abs(F[:, inner]).max(axis=1)

        def of(values: NDArray[Any]) -> NDArray[Any]:
            return np.moveaxis(values, 0, -1).reshape(*values.shape[1:], *shape)

        values, slopes = of(value), of(slopes)
        return PortFlow(
            *(-values[0], values[1], values[2]),
            *(-slopes[0], slopes[1], slopes[2]),
            of(sums.loss), of(sums.error), of(sums.code), of(missing),
        )  # fmt: skip

    def move(self, dT_hot: Array, dT_cold: Array, d_current: Array) -> None:
        """Move the nodes inside with a step of the ends (legs, cases) and of the current (cases,)."""
        if self._back is None:
            return
        legs, cases = dT_hot.shape
        step = np.stack([dT_hot.ravel(), dT_cold.ravel(), np.tile(d_current, legs)])
        own, slopes = self._back
        moved = own + np.einsum("cij,jc->ci", slopes, step)
        self.inner = self.inner + moved.T.reshape(-1, legs, cases)

    def take(self, cases: Any) -> None:
        """Keep some of the cases."""
        legs = len(self.index)
        self.inner = self.inner[:, :, cases]
        self.starts = [s.reshape(legs, -1)[:, cases].ravel() for s in self.starts]
