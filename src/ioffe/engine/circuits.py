"""Several electrical circuits in one network, each with its share of the network's current.

With a share r every element of a circuit carries r I. Its resistances enter as r^2 R and its voltage V as
r V, so that I times the voltage of the network is the electrical power of all circuits together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ioffe.engine import balance
from ioffe.engine.elements import Element, Joule, Link, Sheet
from ioffe.engine.network import Drive, Network, Solution
from ioffe.engine.state import SegmentState
from ioffe.engine.table import Array
from ioffe.engine.thermoelement import Number, Thermoelement

BY_CURRENT = {Thermoelement: ("sign", 1), Link: ("joule", 2), Joule: ("resistance", 2), Sheet: ("squares", 2)}
"""Number through which the current of an element enters the balances, and its power."""


@dataclass(frozen=True)
class CircuitElements:
    """The elements of one circuit: its indices among the legs, passive elements and sources of a network."""

    legs: slice
    passive: slice
    joule: slice

    def of(self, network: Network) -> Network:
        """The circuit's elements alone, between the nodes of the whole network.

        Returns: with the same nodes.
        """
        return replace(
            network,
            legs=network.legs[self.legs],
            passive=network.passive[self.passive],
            joule=network.joule[self.joule],
        )


@dataclass(eq=False)
class Totals:
    """Power, heat and cold-node temperature of solved cases, with derivatives to the current of each circuit.

    Attributes
    ----------
    power, heat_hot, heat_cold : ndarray of shape (cases,)
        In W.
    T_cold : ndarray of shape (cases,)
        In K.
    power_I, heat_hot_I, heat_cold_I : ndarray of shape (cases, circuits)
        In W/A.
    T_cold_I : ndarray of shape (cases, circuits)
        In K/A.
    """

    power: Array
    heat_hot: Array
    heat_cold: Array
    T_cold: Array
    power_I: Array
    heat_hot_I: Array
    heat_cold_I: Array
    T_cold_I: Array


def shared(network: Network, circuits: Sequence[CircuitElements], shares: Sequence[Number]) -> Network:
    """The network with the share of the current that each circuit carries; shares may be arrays (cases,).

    `network`: with shares of 1.
    `shares` (cases,): r, current of each circuit over that of the network.
    Returns: where legs carry r I, resistances are r^2 R and lengths over widths of sheets r^2 times as large.
    """
    legs, passive, joule = list(network.legs), list(network.passive), list(network.joule)
    for circuit, share in zip(circuits, shares, strict=True):
        if np.all(share == 1.0):
            continue
        legs[circuit.legs] = [_carrying(e, share) for e in legs[circuit.legs]]
        passive[circuit.passive] = [_carrying(e, share) for e in passive[circuit.passive]]
        joule[circuit.joule] = [_carrying(e, share) for e in joule[circuit.joule]]
    return replace(network, legs=tuple(legs), passive=tuple(passive), joule=tuple(joule))


def voltage(network: Network, circuit: CircuitElements, s: Solution, *, ideal: bool = False) -> Array:
    """Voltage that a circuit adds to the network's, in V; shape (cases,).

    `network`: with the shares in it.
    `s`: solved cases.
    `ideal`: whether they were solved with constant-property formulas.
    Returns (cases,): in V: r times the voltage of the circuit by itself.
    """
    total = np.zeros_like(s.current)
    for leg, state in zip(network.legs[circuit.legs], s.states[circuit.legs], strict=True):
        total = total + _leg_voltage(leg, s, None if ideal else state)
    for e in network.passive[circuit.passive]:
        if isinstance(e, Link):
            total = total - s.current * e.joule
    for source in network.joule[circuit.joule]:
        total = total - s.current * source.ohm(s.T[source.node])[0]
    return total


def idle(
    network: Network, circuits: Sequence[CircuitElements], drive: Drive, T: Array, **options: Any
) -> tuple[Array, Array, Array]:
    """Voltage (V), resistance (ohm) and Peltier coefficient (V) of each circuit without a current.

    At given node temperatures (nodes, cases); shapes (cases, circuits). The Peltier coefficient is the heat
    set free towards the cold side by the current of a generator.

    `network`: with shares of 1.
    `T` (nodes, cases): node temperatures in K.
    `**options`: ``ideal`` and ``tolerance`` of `newton.solve`.
    Returns `voltage, resistance, peltier` (cases, circuits): V in V, -dV/dI in ohm, and dQ/dI in V, all at I
        = 0.
    """
    builds = _builds(network, circuits, drive, T, np.zeros((len(drive), len(circuits))), **options)
    voltage = np.stack([b.voltage for b in builds], axis=1)
    resistance = np.stack([-b.jacobian[:, -1, -1] for b in builds], axis=1)
    peltier = [np.sum(np.maximum(b.jacobian[:, :-1, -1], 0.0), axis=1) for b in builds]
    return voltage, resistance, np.stack(peltier, axis=1)


def totals(
    network: Network,
    circuits: Sequence[CircuitElements],
    drive: Drive,
    T: Array,
    currents: Array,
    **options: Any,
) -> Totals:
    r"""What the circuits of a solved network give together, with exact derivatives to each current.

    With the power :math:`P = \sum_k I_k V_k(T, I_k)` and the heat balances F of the nodes,

    .. math:: \frac{dP}{dI_k} = V_k + I_k\frac{\partial V_k}{\partial I_k}
              + \frac{\partial P}{\partial T}\cdot\frac{dT}{dI_k}, \qquad
              \frac{\partial F}{\partial T}\,\frac{dT}{dI_k} = -\frac{\partial F}{\partial I_k}.

    `network`: with shares of 1; shared by all cases.
    `T`: their solved node temperatures in K, shape (nodes, cases).
    `currents`: current of each circuit in A, shape (cases, circuits).
    `**options`: ``ideal`` and ``tolerance`` of `newton.solve`.
    """
    rest = _without(network, circuits)
    nothing = np.zeros(len(drive))
    whole = balance.assemble(rest, drive, T, np.zeros_like(T), nothing, **options, starts=[])
    inflow, J = whole.inflow, whole.jacobian[:, :-1, :-1]
    to_current = np.zeros((*inflow.shape, len(circuits)))
    power, power_T, power_I = nothing, np.zeros_like(inflow), np.zeros_like(currents)
    for k, b in enumerate(_builds(network, circuits, drive, T, currents, **options)):
        own = currents[:, k]
        inflow, J = inflow + b.inflow, J + b.jacobian[:, :-1, :-1]
        to_current[:, :, k] = b.jacobian[:, :-1, -1]
        power = power + own * b.voltage
        power_T += own[:, None] * b.jacobian[:, -1, :-1]
        power_I[:, k] = b.voltage + own * b.jacobian[:, -1, -1]
    T_I = _nodes(network, drive, J, to_current)
    change = J @ T_I + to_current
    return Totals(
        power=power,
        heat_hot=-inflow[:, network.hot] if drive.heat_hot is None else drive.heat_hot,
        heat_cold=inflow[:, network.cold] if drive.heat_cold is None else drive.heat_cold,
        T_cold=T[network.cold],
        power_I=power_I + np.einsum("ln,lnk->lk", power_T, T_I),
        heat_hot_I=-change[:, network.hot] if drive.heat_hot is None else 0.0 * power_I,
        heat_cold_I=change[:, network.cold] if drive.heat_cold is None else 0.0 * power_I,
        T_cold_I=T_I[:, network.cold],
    )


def _builds(
    network: Network,
    circuits: Sequence[CircuitElements],
    drive: Drive,
    T: Array,
    currents: Array,
    **options: Any,
) -> list[balance.BalanceSums]:
    """The elements of each circuit evaluated alone at its own current."""
    low = np.zeros_like(T)
    out = []
    for circuit, current in zip(circuits, currents.T, strict=True):
        own = circuit.of(network)
        starts = [np.full(len(drive), np.nan) for _ in own.legs]
        out.append(balance.assemble(own, drive, T, low, current, **options, starts=starts))
    return out


def _nodes(network: Network, drive: Drive, J: Array, to_current: Array) -> Array:
    """Derivative of the node temperatures to each current, shape (cases, nodes, circuits)."""
    free = network.free(drive)
    T_I = np.zeros_like(to_current)
    if free.any():
        T_I[:, free] = -balance.solved(J[:, free][:, :, free], to_current[:, free])
    return T_I


def _leg_voltage(leg: Thermoelement, s: Solution, state: SegmentState | None) -> Array:
    Ta, Tb = s.T[leg.a], s.T[leg.b]
    if state is None:
        return leg.ideal_flow(Ta, Tb, s.current).voltage
    sa, sb = (leg.table.evaluate(leg.table.seebeck_integral, T) for T in (Ta, Tb))
    j = leg.sign * s.current * leg.length / leg.area
    return leg.count * leg.sign * (sa - sb - j * state.r)


def _without(network: Network, circuits: Sequence[CircuitElements]) -> Network:
    """The passive elements that belong to no circuit."""
    taken = {k for c in circuits for k in range(*c.passive.indices(len(network.passive)))}
    passive = tuple(e for k, e in enumerate(network.passive) if k not in taken)
    return replace(network, legs=(), passive=passive, joule=())


def _carrying(e: Element, share: Number) -> Element:
    """An element through which only a share of the network's current flows."""
    name, power = BY_CURRENT.get(type(e), ("", 0))
    return replace(e, **{name: getattr(e, name) * share**power}) if name else e
