"""The balance of every cell and node and of the circuit, at one moment.

Temperatures, heats and energies form one row: first the points of the mesh, then the network's nodes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ioffe.device.schedule import OfTime, Schedule
from ioffe.device.transient import Transient
from ioffe.engine import balance
from ioffe.engine.elements import Joule, Link, Passive, Source
from ioffe.engine.network import Drive, Network
from ioffe.engine.table import Array
from ioffe.solve.transient.flux import ENTHALPY, POTENTIAL, ChainProperties, Flux, Local, flux
from ioffe.solve.transient.mesh import Mesh

ROOM = 300.0
"""K; surroundings of a device that loses no heat to them."""


@dataclass(frozen=True)
class Imposed:
    """Values at one moment; None where nothing is imposed."""

    ambient: float
    T_hot: float | None
    T_cold: float | None
    heat_hot: float | None
    """W entering at the hot node."""
    heat_cold: float | None
    """W leaving at the cold node."""
    current: float | None
    voltage: float | None
    load: float | None


@dataclass(frozen=True)
class Course:
    """What is imposed as a function of time, one entry for each other field of `Imposed`."""

    ambient: OfTime
    parts: dict[str, OfTime | None]

    @property
    def all(self) -> list[OfTime]:
        """Everything that is imposed."""
        return [self.ambient, *(f for f in self.parts.values() if f is not None)]

    def at(self, t: float, before: bool = False) -> Imposed:
        """The values at time t in s, after a jump or before it."""
        values = {k: None if f is None else f(t, before) for k, f in self.parts.items()}
        return Imposed(self.ambient(t, before), **values)

    @property
    def start(self) -> Imposed:
        """The values just before time zero."""
        values = {k: None if f is None else f.before_start for k, f in self.parts.items()}
        return Imposed(self.ambient.before_start, **values)

    def snapped(self, moments, slack: float) -> Course:
        """The same with all times within `slack` of one of the moments moved onto it."""
        moved = {k: None if f is None else f.snapped(moments, slack) for k, f in self.parts.items()}
        return Course(self.ambient.snapped(moments, slack), moved)


def course(conditions: Transient, couples: int) -> Course:
    """From the whole device in the signs of its mode to one couple in those of a generator."""
    sign = conditions.sign
    end = conditions.duration

    def part(name: str, factor: float = 1.0) -> OfTime | None:
        value = getattr(conditions, name)
        return None if value is None else value.until(end).scaled(factor)

    heat = part("heat", sign / couples)
    generates = sign > 0
    return Course(
        part("T_ambient") or Schedule((0.0,), (ROOM,)),
        {
            "T_hot": part("T_hot"),
            "T_cold": part("T_cold"),
            "heat_hot": heat if generates else None,
            "heat_cold": None if generates else heat,
            "current": part("current", sign),
            "voltage": part("voltage", 1.0 / couples),
            "load": part("load", 1.0 / couples),
        },
    )


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


@dataclass(frozen=True, eq=False)
class CellSystem:
    """Arrays of one couple that do not change."""

    mesh: Mesh
    properties: ChainProperties
    lumped: Lumped
    masses: Array
    """Heat capacity in J/K of the object at each node, shape (nodes,)."""
    heavy: NDArray[np.bool_]
    """Chains that store heat, shape (chains,)."""
    hot: int
    cold: int
    ambient: int
    """Node at the temperature of the surroundings; -1 without one."""
    fixed: NDArray[np.bool_]
    """Nodes whose temperature does not follow from a balance."""
    free_current: bool
    """Whether a voltage or a load is imposed, and not the current."""

    @property
    def nodes(self) -> int:
        """Number of nodes of the network."""
        return len(self.masses)

    @cached_property
    def stores(self) -> NDArray[np.bool_]:
        """Rows that store heat; the others are in balance at every moment. Shape (points + nodes,)."""
        cells = self.mesh.is_cell & self.heavy[self.mesh.chain]
        return np.concatenate([cells, self.masses > 0])

    @cached_property
    def touched(self) -> NDArray[np.bool_]:
        """Nodes at the end of a chain that stores heat, shape (nodes,); their temperature cannot jump."""
        found = np.zeros(self.nodes, bool)
        for ends in (self.mesh.node_first, self.mesh.node_last):
            found[ends[self.heavy]] = True
        return found

    def row(self, points: Array, nodes: Array) -> Array:
        """One row of cells and nodes, zero at the points that represent a node."""
        return np.concatenate([np.where(self.mesh.is_cell, points, 0.0), nodes])

    def capacity(self, heat: Array, change: Array) -> Array:
        """Energy in J that a small change of the temperatures stores, one row each; heat in J/(m3 K)."""
        n = self.mesh.points
        cells = self.mesh.energy(heat * change[:n])
        return np.concatenate([cells, self.masses * change[n:]])


@dataclass(eq=False)
class MeshState:
    """Temperatures of all points and nodes in K, and the current in A; points at a node have its own."""

    T: Array
    current: float
    low: Array
    """What T has lost to rounding, in K."""

    @classmethod
    def of(cls, T: Array, current: float) -> MeshState:
        """A state of temperatures as they are."""
        return cls(T, current, np.zeros_like(T))

    def nodes(self, system: CellSystem) -> Array:
        """Temperatures of the nodes."""
        return self.T[system.mesh.points :]

    def spread(self, system: CellSystem) -> None:
        """Give the points at a node its temperature."""
        mesh = system.mesh
        for x in (self.T, self.low):
            nodes = x[mesh.points :]
            x[mesh.first] = nodes[mesh.node_first]
            x[mesh.last] = nodes[mesh.node_last]

    def imposed(self, system: CellSystem, imposed: Imposed) -> MeshState:
        """The same with the imposed temperatures and the imposed current."""
        current = self.current if imposed.current is None else imposed.current
        new = MeshState(self.T.copy(), current, self.low.copy())
        ends = (system.hot, imposed.T_hot), (system.cold, imposed.T_cold), (system.ambient, imposed.ambient)
        for node, T in ends:
            if T is not None and node >= 0:
                new.T[system.mesh.points + node] = T
                new.low[system.mesh.points + node] = 0.0
        new.spread(system)
        return new

    def moved(self, by: Change, times: float = 1.0) -> MeshState:
        """The same with a change added so many times, and what the sum rounds off."""
        step = times * by.T + self.low
        T = self.T + step
        part = T - self.T
        return MeshState(T, self.current + times * by.current, (self.T - (T - part)) + (step - part))


@dataclass(eq=False)
class Change:
    """A change of a state, or one by time."""

    T: Array
    current: float


@dataclass(eq=False)
class Flows:
    """Heat into every cell and node in W, what crosses the borders, and the energy of the cells."""

    state: MeshState
    heat: Array
    """Into each cell and node, imposed heat included; 0 at the points that represent a node."""
    energy: Array
    """J in each row above a fixed reference."""
    voltage: float
    gap: float
    """Voltage beyond the imposed one, or beyond that of the load."""
    borders: Array
    """W: in at the hot side, out at the cold side, electrical out, lost; shape (4,)."""


@dataclass(eq=False)
class CellFlows(Flows):
    """Flows with what they consist of."""

    into_nodes: Array
    """Heat from each chain into its first and its last node, shape (2, chains)."""
    elements: Flux
    local: Local
    inflow: Inflow


def flows(system: CellSystem, state: MeshState, imposed: Imposed, tangents: bool = False) -> CellFlows:
    """All balances at a state; with `tangents` also what their Jacobian needs."""
    mesh, current = system.mesh, state.current
    T = state.T[: mesh.points]
    local = system.properties.at(T)
    low = state.low[: mesh.points]
    e = flux(mesh, system.properties, T, low, local, current, imposed.ambient, tangents)
    s = local.values[POTENTIAL]
    points = _into_points(mesh, e, s, current)
    inflow = system.lumped.at(state.nodes(system), current, imposed.ambient)
    nodes = inflow.heat
    np.add.at(nodes, mesh.node_first, points[mesh.first])
    np.add.at(nodes, mesh.node_last, points[mesh.last])
    voltage = inflow.voltage + _voltage(mesh, e, s, current)
    hot, cold = imposed.heat_hot, imposed.heat_cold
    borders = np.array(
        [
            -nodes[system.hot] if hot is None else hot,
            nodes[system.cold] if cold is None else cold,
            voltage * current,
            np.sum(mesh.per * e.loss) + (nodes[system.ambient] if system.ambient >= 0 else 0.0),
        ]
    )
    nodes[system.hot] += hot or 0.0
    nodes[system.cold] -= cold or 0.0
    return CellFlows(
        state=state,
        heat=system.row(points, nodes),
        energy=np.concatenate([mesh.energy(local.values[ENTHALPY]), system.masses * state.nodes(system)]),
        voltage=voltage,
        gap=voltage - _outside(imposed, voltage, current),
        borders=borders,
        into_nodes=points[np.array([mesh.first, mesh.last])],
        elements=e,
        local=local,
        inflow=inflow,
    )


def _into_points(mesh: Mesh, e: Flux, s: Array, current: float) -> Array:
    """Heat into each cell; at the end of a chain, into the node there."""
    points = np.zeros(mesh.points)
    points[1:] += mesh.per * e.last
    points[:-1] -= mesh.per * e.first
    # what a node gives or takes is also stored between it and the first point
    for end, inwards, shares in mesh.ends:
        for k, share in enumerate(shares, start=1):
            beyond = share * points[end + k * inwards]
            points[end + k * inwards] += beyond
            points[end] -= beyond
    points[mesh.first] -= mesh.strength * current * s[mesh.first]
    points[mesh.last] += mesh.strength * current * s[mesh.last]
    return points


def _voltage(mesh: Mesh, e: Flux, s: Array, current: float) -> float:
    """Voltage in V that all chains gain."""
    drop = np.add.reduceat(np.append(mesh.current * e.resistance, 0.0), mesh.first)
    return float(mesh.strength @ (s[mesh.first] - s[mesh.last] - current * drop))


def _outside(imposed: Imposed, voltage: float, current: float) -> float:
    """Voltage of what the circuit is connected to."""
    if imposed.voltage is not None:
        return imposed.voltage
    return voltage if imposed.load is None else current * imposed.load
