"""Newton's method on the node temperatures of a network of segments, plates and contacts.

One electrical circuit runs through all thermoelements in series. Every operating point is a lane; lanes
share the network and differ in end temperatures, heat, current, voltage or load. The heat balance of each
node is the residual, so that the balance of the whole device closes with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.device.engine.elements import Flow, Joule, Passive, Thermoelement
from ioffe.device.engine.segment import ABSENT, FAILED, OK, RUNAWAY, SegmentState
from ioffe.device.engine.table import Array

Lanes = NDArray[np.intp]
EPS = np.finfo(float).eps
MAX_PASSES = 40
MAX_MOVE = 150.0
"""K; the largest change of a node temperature in one pass."""


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes 0 ... nodes - 1, of which `hot` and `cold` touch the reservoirs."""

    nodes: int
    hot: int
    cold: int
    legs: tuple[Thermoelement, ...]
    passive: tuple[Passive, ...] = ()
    joule: tuple[Joule, ...] = ()


@dataclass(frozen=True, eq=False)
class Drive:
    """What is imposed on each lane; exactly one of each pair or triple is not None. Shapes (lanes,).

    Heat counts in the direction hot -> cold: `heat_hot` enters at the hot node, `heat_cold` leaves at the
    cold node. `ambient` is the temperature of the surroundings of the legs' sides.
    """

    ambient: Array
    T_hot: Array | None = None
    T_cold: Array | None = None
    heat_hot: Array | None = None
    heat_cold: Array | None = None
    current: Array | None = None
    voltage: Array | None = None
    load: Array | None = None

    def take(self, lanes: Lanes) -> Drive:
        """Some of the lanes."""
        given: dict[str, Any] = {k: v if v is None else v[lanes] for k, v in vars(self).items()}
        return Drive(**given)

    def at(self, current: Array) -> Drive:
        """The same lanes with an imposed current."""
        return replace(self, current=current, voltage=None, load=None)

    def __len__(self) -> int:
        return len(self.ambient)


@dataclass(eq=False)
class Solution:
    """Solved lanes. The `_I` fields are total derivatives with respect to the current."""

    T: Array
    """Node temperatures in K, shape (nodes, lanes)."""
    current: Array
    voltage: Array
    heat_hot: Array
    heat_cold: Array
    loss: Array
    """Heat in W lost through the sides of the legs."""
    voltage_I: Array
    heat_hot_I: Array
    heat_cold_I: Array
    T_I: Array
    residual: Array
    """Largest node imbalance in W."""
    error: Array
    """Estimated error of the heat in W."""
    code: NDArray[np.int_]
    states: list[SegmentState | None]

    @property
    def power(self) -> Array:
        """Electrical power in W that leaves."""
        return self.voltage * self.current

    @property
    def balance(self) -> Array:
        """(heat in - heat out - loss - power) relative to the largest of them."""
        size = np.maximum.reduce([np.abs(self.heat_hot), np.abs(self.heat_cold), np.abs(self.power)])
        gap = self.heat_hot - self.heat_cold - self.loss - self.power
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(size > 0, np.abs(gap) / np.where(size > 0, size, 1.0), 0.0) + 0.0 * gap


@dataclass(eq=False)
class _Assembly:
    """Node residuals, voltage and their derivatives; the last column of the Jacobian is the current."""

    inflow: Array
    jacobian: Array
    """(lanes, nodes + 1, nodes + 1); the last row belongs to the voltage."""
    voltage: Array
    size: Array
    """Largest heat flow in W, for the scale of the residual."""
    noise: Array
    """Heat in W that a leg's end temperature off by one rounding error would carry."""
    loss: Array
    error: Array
    code: NDArray[np.int_]
    states: list[SegmentState | None]


def solve(network: Network, drive: Drive, *, ideal: bool = False, tolerance: float = 1e-9) -> Solution:
    """Solve all lanes; a lane that fails has code FAILED and NaN everywhere."""
    n, m = len(drive), network.nodes
    T, current = _start(network, drive), np.zeros(n) if drive.current is None else drive.current.astype(float)
    free = _free(network, drive)
    starts: list[Array] = [np.full(n, np.nan) for _ in network.legs]
    out = _blank(n, m, len(network.legs))
    asked = np.isfinite(current) & np.isfinite(T).all(axis=0)
    out.code[~asked] = ABSENT
    lanes = np.flatnonzero(asked)
    low = np.zeros_like(T)
    step = np.zeros((n, m + 1))
    trust = np.ones(n)
    with np.errstate(all="ignore"):
        for _ in range(MAX_PASSES):
            part = drive.take(lanes)
            build = _assemble(
                network,
                part,
                T[:, lanes],
                low[:, lanes],
                current[lanes],
                ideal,
                tolerance,
                [s[lanes] for s in starts],
            )
            F = _residual(network, part, build, current[lanes])
            move, good = _newton(build, F, free)
            good &= build.code < FAILED
            retry = ~good & (trust[lanes] > 1e-3) & step[lanes].any(axis=1)
            quiet = _converged(build, F, move, free, current[lanes])
            done = good & quiet
            if done.any():
                _store(out, network, part, build, T, current, lanes, done, free)
            k, r = lanes[good & ~done], lanes[retry]
            step[k] = _bounded(move[good & ~done])
            trust[k] = 1.0
            # an iterate that cannot be evaluated is approached by half the last step
            _move(T, low, r, -0.5 * step[r, :m].T)
            current[r] -= 0.5 * step[r, m]
            step[r] *= 0.5
            trust[r] *= 0.5
            _move(T, low, k, step[k, :m].T)
            current[k] += step[k, m]
            _predict(network, starts, build, step, k, good & ~done)
            lanes = np.sort(np.concatenate([k, r]))
            if not len(lanes):
                break
    return out


def _move(T: Array, low: Array, lanes: Lanes, step: Array) -> None:
    """Add a step to T + low, where `low` keeps what T rounds off (two-sum).

    A stiff layer carries its heat on a temperature difference far below the rounding of T.
    """
    old = T[:, lanes]
    step = step + low[:, lanes]
    new = old + step
    part = new - old
    low[:, lanes] = (old - (new - part)) + (step - part)
    T[:, lanes] = new


def _predict(
    network: Network, starts: list[Array], build: _Assembly, step: Array, k: Lanes, moved: NDArray[np.bool_]
) -> None:
    """Next value of each segment's unknown, to first order in the step of its ends and of the current."""
    for leg, start, state in zip(network.legs, starts, build.states, strict=True):
        if state is not None:
            per_current = leg.sign * leg.length / leg.area
            start[k] = (
                state.c[moved]
                + state.c_T0[moved] * step[k, leg.a]
                + state.c_T1[moved] * step[k, leg.b]
                + state.c_j[moved] * per_current * step[k, -1]
            )


def _free(network: Network, drive: Drive) -> NDArray[np.bool_]:
    """Which unknowns (nodes, then current) Newton may move."""
    free = np.ones(network.nodes + 1, bool)
    free[network.hot] = drive.T_hot is None
    free[network.cold] = drive.T_cold is None
    free[-1] = drive.current is None
    return free


def _start(network: Network, drive: Drive) -> Array:
    """Node temperatures of pure conduction with conductances at the mean temperature."""
    n, m = len(drive), network.nodes
    known = [t for t in (drive.T_hot, drive.T_cold) if t is not None]
    mean = np.asarray(np.mean(known, axis=0) if known else np.full(n, 300.0), float)
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
    ):
        if fixed is not None:
            K[:, node, :] = 0.0
            K[:, node, node] = 1.0
            rhs[:, node] = fixed
        elif heat is not None:
            rhs[:, node] += heat if node == network.hot else -heat
    T = np.linalg.solve(K, rhs[..., None])[..., 0].T
    floating = drive.T_hot is None or drive.T_cold is None
    return np.asarray(np.clip(T, 0.3 * mean, 3.0 * mean) if floating else T, np.float64)


def _assemble(
    network: Network,
    drive: Drive,
    T: Array,
    low: Array,
    current: Array,
    ideal: bool,
    tolerance: float,
    starts: list[Array],
) -> _Assembly:
    n, m = len(current), network.nodes
    out = _Assembly(
        inflow=np.zeros((n, m)),
        jacobian=np.zeros((n, m + 1, m + 1)),
        voltage=np.zeros(n),
        size=np.zeros(n),
        noise=np.zeros(n),
        loss=np.zeros(n),
        error=np.zeros(n),
        code=np.full(n, OK),
        states=[],
    )
    for leg, start in zip(network.legs, starts, strict=True):
        Ta, Tb = T[leg.a], T[leg.b]
        if ideal:
            flow = leg.ideal_flow(Ta, Tb, current)
        else:
            flow = leg.flow(Ta, Tb, current, drive.ambient, tolerance, start)
            assert flow.state is not None
            out.loss += flow.state.loss * leg.area / leg.length
        out.noise = np.maximum(out.noise, EPS * np.abs(flow.d_leaving[0]) * Ta)
        _add(out, flow, leg.a, leg.b)
        out.states.append(flow.state)
    for e in network.passive:
        _add(out, e.flow(T[e.a], T[e.b], current, low[e.a] - low[e.b]), e.a, e.b)
    for source in network.joule:
        out.inflow[:, source.node] += current * current * source.resistance
        out.jacobian[:, source.node, m] += 2 * current * source.resistance
        out.voltage -= current * source.resistance
        out.jacobian[:, m, m] -= source.resistance
    return out


def _add(out: _Assembly, flow: Flow, a: int, b: int) -> None:
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


def _residual(network: Network, drive: Drive, build: _Assembly, current: Array) -> Array:
    """Residuals (lanes, nodes + 1); the Jacobian's last row is completed for the circuit here."""
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


def _newton(build: _Assembly, F: Array, free: NDArray[np.bool_]) -> tuple[Array, NDArray[np.bool_]]:
    move = np.zeros_like(F)
    good = np.isfinite(F).all(axis=1) & np.isfinite(build.jacobian).all(axis=(1, 2))
    if free.any() and good.any():
        J = build.jacobian[good][:, free][:, :, free]
        k = np.flatnonzero(good)
        try:
            move[np.ix_(k, free)] = -np.linalg.solve(J, F[good][:, free, None])[..., 0]
        except np.linalg.LinAlgError:
            move[np.ix_(k, free)] = -(np.linalg.pinv(J) @ F[good][:, free, None])[..., 0]
    return move, np.logical_and(good, np.isfinite(move).all(axis=1))


def _bounded(move: Array) -> Array:
    largest = np.max(np.abs(move[:, :-1]), axis=1, initial=0.0)
    return move * np.minimum(1.0, MAX_MOVE / np.maximum(largest, 1e-300))[:, None]


def _converged(
    build: _Assembly, F: Array, move: Array, free: NDArray[np.bool_], current: Array
) -> NDArray[np.bool_]:
    nodes, circuit = free[:-1], free[-1]
    # node balances must close to rounding: the device's energy balance is their sum
    miss = np.abs(F[:, :-1][:, nodes])
    quiet = np.all(miss <= (3e-13 * build.size + build.noise)[:, None], axis=1)
    stalled = np.max(np.abs(move[:, :-1]), axis=1, initial=0.0) < 1e-10
    quiet |= stalled & np.all(miss <= (1e-10 * build.size + 8.0 * build.noise)[:, None], axis=1)
    if circuit:
        quiet &= np.abs(move[:, -1]) <= 1e-12 * np.abs(current) + 1e-300
    return quiet


def _store(
    out: Solution,
    network: Network,
    drive: Drive,
    build: _Assembly,
    T: Array,
    current: Array,
    lanes: Lanes,
    done: NDArray[np.bool_],
    free: NDArray[np.bool_],
) -> None:
    k = lanes[done]
    nodes = free[:-1]
    J, inflow = build.jacobian[done], build.inflow[done]
    T_I = np.zeros((len(k), network.nodes))
    if nodes.any():
        inner = J[:, :-1, :-1][:, nodes][:, :, nodes]
        T_I[:, nodes] = -np.linalg.solve(inner, J[:, :-1, -1:][:, nodes])[..., 0]
    total = np.einsum("lrn,ln->lr", J[:, :, :-1], T_I) + J[:, :, -1]
    if drive.load is not None:
        total[:, -1] += drive.load[done]
    out.T[:, k], out.T_I[:, k] = T[:, k], T_I.T
    out.current[k], out.voltage[k] = current[k], build.voltage[done]
    out.heat_hot[k] = -inflow[:, network.hot] if drive.heat_hot is None else drive.heat_hot[done]
    out.heat_cold[k] = inflow[:, network.cold] if drive.heat_cold is None else drive.heat_cold[done]
    out.heat_hot_I[k] = -total[:, network.hot] if drive.heat_hot is None else 0.0
    out.heat_cold_I[k] = total[:, network.cold] if drive.heat_cold is None else 0.0
    out.voltage_I[k] = total[:, -1]
    out.loss[k], out.error[k], out.code[k] = build.loss[done], build.error[done], build.code[done]
    out.residual[k] = np.max(np.abs(inflow[:, nodes]), axis=1, initial=0.0)
    for whole, state in zip(out.states, build.states, strict=True):
        if whole is not None and state is not None:
            whole.put(k, _take(state, done))
    runaway = k[build.code[done] == RUNAWAY]
    for field in (out.voltage, out.heat_hot, out.heat_cold, out.loss, out.error):
        field[runaway] = np.nan
    out.T[:, runaway] = np.nan


def _take(state: SegmentState, mask: NDArray[np.bool_]) -> SegmentState:
    return SegmentState(**{k: v[mask] for k, v in vars(state).items()})


def _blank(n: int, m: int, legs: int) -> Solution:
    def nan() -> Array:
        return np.full(n, np.nan)

    return Solution(
        T=np.full((m, n), np.nan), current=nan(), voltage=nan(), heat_hot=nan(), heat_cold=nan(), loss=nan(),
        voltage_I=nan(), heat_hot_I=nan(), heat_cold_I=nan(), T_I=np.full((m, n), np.nan), residual=nan(),
        error=nan(), code=np.full(n, FAILED), states=[SegmentState.empty(n) for _ in range(legs)],
    )  # fmt: skip
