"""Heat balances of all nodes and the voltage of the circuit, with their Jacobian."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ioffe.engine import thermoelement
from ioffe.engine.network import Drive, Network
from ioffe.engine.state import OK, SegmentState
from ioffe.engine.table import Array
from ioffe.engine.thermoelement import Flow

EPS = np.finfo(float).eps
MEAN_T = 300.0
"""K; where no temperature is imposed, conductances of the first guess are those at this one."""


@dataclass(eq=False)
class BalanceSums:
    """Node residuals, voltage and their derivatives; the last column of the Jacobian is the current."""

    inflow: Array
    jacobian: Array
    """(cases, nodes + 1, nodes + 1); the last row belongs to the voltage."""
    voltage: Array
    size: Array
    """Largest heat flow in W, for the scale of the residual."""
    noise: Array
    """Heat in W that a leg's end temperature off by one rounding error would carry."""
    voltage_noise: Array
    """Voltage in V that such an error would make."""
    loss: Array
    error: Array
    code: NDArray[np.int_]
    states: list[SegmentState | None]


def solved(matrix: Array, right: Array) -> Array:
    """Solutions of linear systems, (cases, n, k); of singular ones the shortest, NaN of those not finite."""
    try:
        return np.asarray(np.linalg.solve(matrix, right), np.float64)
    except np.linalg.LinAlgError:
        finite = np.isfinite(matrix).all(axis=(1, 2))
        found = np.full(right.shape, np.nan)
        found[finite] = np.linalg.pinv(matrix[finite]) @ right[finite]
        return found


def start(network: Network, drive: Drive) -> Array:
    """Node temperatures in K of pure conduction with conductances at the mean temperature, (nodes, cases)."""
    n, m = len(drive), network.nodes
    known = [t for t in (drive.T_hot, drive.T_cold) if t is not None]
    mean = np.asarray(np.mean(known, axis=0) if known else np.full(n, MEAN_T), float)
    K, rhs = np.zeros((n, m, m)), np.zeros((n, m))
    for e in (*network.legs, *network.passive):
        g = e.conductance(mean)
        K[:, e.a, e.a] += g
        K[:, e.b, e.b] += g
        K[:, e.a, e.b] -= g
        K[:, e.b, e.a] -= g
    for node, fixed, heat in (
        (network.hot, drive.T_hot, drive.heat_hot),
        (network.cold, drive.T_cold, drive.heat_cold),
        *([] if network.ambient < 0 else [(network.ambient, drive.ambient, None)]),
    ):
        if fixed is not None:
            K[:, node, :] = 0.0
            K[:, node, node] = 1.0
            rhs[:, node] = fixed
        elif heat is not None:
            rhs[:, node] += heat if node == network.hot else -heat
    T = solved(K, rhs[..., None])[..., 0].T
    floating = drive.T_hot is None or drive.T_cold is None
    return np.asarray(np.clip(T, 0.3 * mean, 3.0 * mean) if floating else T, np.float64)


def assemble(
    network: Network,
    drive: Drive,
    T: Array,
    low: Array,
    current: Array,
    ideal: bool,
    tolerance: float | Array,
    starts: list[Array],
) -> BalanceSums:
    """Evaluate all elements at node temperatures T + low and a current.

    `network`, `drive`: elements, and the temperature of the surroundings.
    `T`, `low`: node temperatures in K and what rounding has taken from them, shape (nodes, cases).
    `current`: current in A, shape (cases,).
    `ideal`: constant-property formulas instead of the exact flow.
    `tolerance`: relative error allowed in each segment.
    `starts`: for each leg the c from which to begin, in W/m, NaN where there is none; shape (cases,).
    Returns: inflow of every node in W, voltage in V, their Jacobian, and estimates of rounding and error.
    """
    if ideal:
        flows = [leg.ideal_flow(T[leg.a], T[leg.b], current) for leg in network.legs]
    else:
        states = thermoelement.solve_all(network.legs, T, current, drive.ambient, tolerance, starts)
        pairs = zip(network.legs, states, strict=True)
        flows = [leg.flow_of(state, T[leg.a], T[leg.b], current) for leg, state in pairs]
    return collect(network, T, low, current, flows)


def collect(network: Network, T: Array, low: Array, current: Array, flows: list[Flow]) -> BalanceSums:
    """Sum the flows of the legs and of all other elements at T + low (nodes, cases)."""
    n, m = len(current), network.nodes
    out = BalanceSums(
        # the cases of each entry are neighbours in memory
        inflow=np.zeros((m, n)).T,
        jacobian=np.moveaxis(np.zeros((m + 1, m + 1, n)), -1, 0),
        voltage=np.zeros(n),
        size=np.zeros(n),
        noise=np.zeros(n),
        voltage_noise=np.zeros(n),
        loss=np.zeros(n),
        error=np.zeros(n),
        code=np.full(n, OK),
        states=[],
    )
    for leg, flow in zip(network.legs, flows, strict=True):
        Ta, Tb = T[leg.a], T[leg.b]
        if flow.state is not None:
            out.loss += flow.state.loss * leg.per_length
        out.noise = np.maximum(out.noise, EPS * np.abs(flow.d_leaving[0]) * Ta)
        out.voltage_noise += EPS * (np.abs(flow.d_voltage[0]) * Ta + np.abs(flow.d_voltage[1]) * Tb)
        flow.refine(low[leg.a], low[leg.b])
        _add(out, flow, leg.a, leg.b)
        out.states.append(flow.state)
    for e in network.passive:
        _add(out, e.flow(T[e.a], T[e.b], current, low[e.a] - low[e.b]), e.a, e.b)
    for source in network.joule:
        R, slope = source.ohm(T[source.node])
        out.inflow[:, source.node] += current * current * R
        out.jacobian[:, source.node, source.node] += current * current * slope
        out.jacobian[:, source.node, m] += 2 * current * R
        out.voltage -= current * R
        out.jacobian[:, m, source.node] -= current * slope
        out.jacobian[:, m, m] -= R
    if network.ambient >= 0:
        out.loss += out.inflow[:, network.ambient]
    return out


def _add(out: BalanceSums, flow: Flow, a: int, b: int) -> None:
    m = out.inflow.shape[1]
    out.inflow[:, a] -= flow.leaving
    out.inflow[:, b] += flow.reaching
    for column, k in ((a, 0), (b, 1), (m, 2)):
        out.jacobian[:, a, column] -= flow.d_leaving[k]
        out.jacobian[:, b, column] += flow.d_reaching[k]
        out.jacobian[:, m, column] += flow.d_voltage[k]
    out.voltage += flow.voltage
    out.size = np.maximum(out.size, np.maximum(np.abs(flow.leaving), np.abs(flow.reaching)))
    if flow.code is not None:
        out.code = np.maximum(out.code, flow.code)
    if flow.error is not None:
        out.error += flow.error


def residual(network: Network, drive: Drive, build: BalanceSums, current: Array) -> Array:
    """Residuals (cases, nodes + 1); the Jacobian's last row is completed for the circuit here."""
    F = np.concatenate([build.inflow, np.zeros((len(current), 1))], axis=1)
    if drive.heat_hot is not None:
        F[:, network.hot] += drive.heat_hot
    if drive.heat_cold is not None:
        F[:, network.cold] -= drive.heat_cold
    if drive.voltage is not None:
        F[:, -1] = build.voltage - drive.voltage
    elif drive.load is not None:
        F[:, -1] = build.voltage - current * drive.load
        build.jacobian[:, -1, -1] -= drive.load
    return F
