"""What stands between the chains: thermal resistances, contacts, radiation, electrodes, leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ioffe.engine import balance
from ioffe.engine.elements import Joule, Link, Passive, Source
from ioffe.engine.network import Drive, Network
from ioffe.engine.table import Array


@dataclass(eq=False)
class Inflow:
    """Heat in W into each node, voltage in V, and their derivatives to the nodes and the current."""

    heat: Array
    """Shape (nodes,)."""
    voltage: float
    jacobian: Array
    """Shape (nodes + 1, nodes + 1): rows of heat and voltage, columns of node temperatures and current."""


@dataclass(frozen=True, eq=False)
class Lumped:
    """Elements of a network without cells; constant resistances are a matrix, the engine knows the rest."""

    conductance: Array
    """Heat into each node by node temperature in W/K, shape (nodes, nodes)."""
    joule: Array
    """Heat into each node by the square of the current, in ohm, shape (nodes,)."""
    resistance: float
    """Electrical resistance of all of it in ohm."""
    rest: Network | None

    def at(self, nodes: Array, current: float, ambient: float) -> Inflow:
        """Inflow at node temperatures (nodes,) in K and a current in A."""
        n = len(nodes)
        jacobian = np.zeros((n + 1, n + 1))
        jacobian[:n, :n] = self.conductance
        jacobian[:n, n] = 2.0 * current * self.joule
        jacobian[n, n] = -self.resistance
        heat = self.conductance @ nodes + current * current * self.joule
        voltage = -self.resistance * current
        if self.rest is not None:
            T, drive = nodes[:, None], Drive(ambient=np.array([ambient]))
            none = np.zeros_like(T)
            more = balance.assemble(self.rest, drive, T, none, np.array([current]), False, 1.0, [])
            heat += more.inflow[0]
            voltage += float(more.voltage[0])
            jacobian += more.jacobian[0]
        return Inflow(heat, voltage, jacobian)


def lump(nodes: int, passive: Sequence[Passive], sources: Sequence[Source]) -> Lumped:
    """Elements between so many nodes, none of which is a segment."""
    K, q, R = np.zeros((nodes, nodes)), np.zeros(nodes), 0.0
    for e in passive:
        if isinstance(e, Link):
            g, ohm = float(e.heat_conductance), float(e.joule)
            for here, there in ((e.a, e.b), (e.b, e.a)):
                K[here, here] -= g
                K[here, there] += g
                q[here] += 0.5 * ohm
            R += ohm
    for s in sources:
        if isinstance(s, Joule):
            q[s.node] += float(s.resistance)
            R += float(s.resistance)
    other = tuple(e for e in passive if not isinstance(e, Link))
    sheets = tuple(s for s in sources if not isinstance(s, Joule))
    rest = Network(nodes, 0, 0, (), other, sheets) if other or sheets else None
    return Lumped(K, q, R, rest)
