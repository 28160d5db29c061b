"""Newton's method on the node temperatures of a network, and on the current where it is not imposed.

The heat balance of each node is the residual, so that the balance of the whole device closes with it.
"""

from __future__ import annotations

import numpy as np

from ioffe.engine.balance import BalanceSums, assemble, residual, solved, start
from ioffe.engine.network import Cases, Drive, Network, Solution
from ioffe.engine.state import ABSENT, FAILED, RUNAWAY
from ioffe.engine.table import Array, Flags

MAX_PASSES = 20
"""Twice those of the slowest case that converges, among hundreds of thousands."""
MAX_MOVE = 150.0
"""K; the largest change of a node temperature in one pass."""
CLOSE = 1e-3
"""Largest change, relative to the temperature or the current, at which Newton's method contracts quickly."""
CONTRACTION = 0.1
"""A close iterate whose miss falls by less than this met a jump of the integration, not its own limit."""
STALLED = 8
"""Moves of a case after which rounding alone keeps its current or a temperature from settling."""
REFINEMENT, FINEST = 1e-2, 1e-13
"""Factor by which the tolerance of such a case shrinks, and where it ends."""


def solve(
    network: Network,
    drive: Drive,
    *,
    ideal: bool = False,
    tolerance: float = 1e-9,
    begin: tuple[Array, Array] | None = None,
) -> Solution:
    """Solve all cases; a case that fails has code FAILED and NaN everywhere.

    `network`: nodes and elements; their numbers are floats or arrays (cases,).
    `drive`: what is imposed, K, W, A, V or ohm; arrays (cases,).
    `ideal`: constant-property formulas with S, rho and kappa averaged over the end temperatures of each leg.
    `tolerance`: relative error allowed in the integration of each segment. Grids and forms of the integration
        change with the iterates, so that flows jump by about this error; where such a jump keeps the balance
        from closing, the case goes on with a smaller tolerance.
    `begin`: node temperatures (nodes, cases) in K and current (cases,) in A to begin with; by default those
        of pure conduction, and no current.
    Returns: node temperatures in K, shape (nodes, cases); current, voltage and heat flows with their total
        derivatives to the current, shape (cases,); a code of `state` for each case.
    """
    n, m = len(drive), network.nodes
    T, current = (start(network, drive), np.zeros(n)) if begin is None else (x.copy() for x in begin)
    if drive.current is not None:
        current = drive.current.astype(float)
    free = np.append(network.free(drive), drive.current is None)
    starts: list[Array] = [np.full(n, np.nan) for _ in network.legs]
    out = Solution.blank(n, m, len(network.legs))
    asked = np.isfinite(current) & np.isfinite(T).all(axis=0)
    if drive.current is not None:
        out.current[:] = drive.current
    out.code[~asked] = ABSENT
    cases = np.flatnonzero(asked)
    low = np.zeros_like(T)
    step = np.zeros((n, m + 1))
    trust = np.ones(n)
    moves = np.zeros(n, int)
    allowed, last = np.full(n, tolerance), np.full(n, np.inf)
    with np.errstate(all="ignore"):
        for _ in range(MAX_PASSES):
            part, here = drive.take(cases), network.take(cases)
            at, first = (T[:, cases], low[:, cases], current[cases]), [s[cases] for s in starts]
            build = assemble(here, part, *at, ideal, allowed[cases], first)
            F = residual(here, part, build, current[cases])
            move, good = _newton(build, F, free)
            good &= build.code < FAILED
            retry = ~good & (trust[cases] > 1e-3) & step[cases].any(axis=1)
            quiet = _converged(build, F, move, free, current[cases], moves[cases])
            done = good & quiet
            if done.any():
                _store(out, here, part, build, T, current, cases, done, free)
            miss, near = _miss(build, F, move, free, T[:, cases], current[cases])
            jumps = good & ~done & near & (miss > CONTRACTION * last[cases])
            allowed[cases[jumps]] = np.maximum(REFINEMENT * allowed[cases[jumps]], FINEST)
            last[cases] = np.where(near & ~jumps, miss, np.inf)
            k, r = cases[good & ~done], cases[retry]
            step[k] = _bounded(move[good & ~done])
            trust[k] = 1.0
            moves[k] += 1
            # an iterate that cannot be evaluated is approached by half the last step
            _move(T, low, r, -0.5 * step[r, :m].T)
            current[r] -= 0.5 * step[r, m]
            step[r] *= 0.5
            trust[r] *= 0.5
            _move(T, low, k, step[k, :m].T)
            current[k] += step[k, m]
            _predict(here, starts, build, step, k, good & ~done)
            lost = ~good & ~retry & (build.code == RUNAWAY)
            out.code[cases[lost]] = RUNAWAY
            cases = np.sort(np.concatenate([k, r]))
            if not len(cases):
                break
    out.refuse_open()
    return out


def _move(T: Array, low: Array, cases: Cases, step: Array) -> None:
    """Add a step to T + low, where `low` keeps what T rounds off (two-sum).

    A stiff layer carries its heat on a temperature difference far below the rounding of T.
    """
    old = T[:, cases]
    step = step + low[:, cases]
    new = old + step
    part = new - old
    low[:, cases] = (old - (new - part)) + (step - part)
    T[:, cases] = new


def _predict(
    network: Network, starts: list[Array], build: BalanceSums, step: Array, k: Cases, moved: Flags
) -> None:
    """Next value of each segment's unknown, to first order in the step of its ends and of the current."""
    for leg, first, state in zip(network.legs, starts, build.states, strict=True):
        if state is not None:
            per_current = np.broadcast_to(leg.sign * leg.length / leg.area, moved.shape)[moved]
            first[k] = (
                state.c[moved]
                + state.c_T0[moved] * step[k, leg.a]
                + state.c_T1[moved] * step[k, leg.b]
                + state.c_j[moved] * per_current * step[k, -1]
            )


def _newton(build: BalanceSums, F: Array, free: Flags) -> tuple[Array, Flags]:
    move = np.zeros_like(F)
    good = np.isfinite(F).all(axis=1) & np.isfinite(build.jacobian).all(axis=(1, 2))
    if free.any() and good.any():
        J = build.jacobian[good][:, free][:, :, free]
        k = np.flatnonzero(good)
        move[np.ix_(k, free)] = -solved(J, F[good][:, free, None])[..., 0]
    return move, np.logical_and(good, np.isfinite(move).all(axis=1))


def _bounded(move: Array) -> Array:
    largest = np.max(np.abs(move[:, :-1]), axis=1, initial=0.0)
    return move * np.minimum(1.0, MAX_MOVE / np.maximum(largest, 1e-300))[:, None]


def _converged(build: BalanceSums, F: Array, move: Array, free: Flags, current: Array, moves: Cases) -> Flags:
    nodes, circuit = free[:-1], free[-1]
    # node balances must close to rounding: the device's energy balance is their sum
    miss = np.abs(F[:, :-1][:, nodes])
    quiet = np.all(miss <= (3e-13 * build.size + 1e-9 * build.noise)[:, None], axis=1)
    # a stiff layer needs corrections below the rounding of T before nothing more can be gained
    stalled = (np.max(np.abs(move[:, :-1]), axis=1, initial=0.0) < 1e-10) & (moves >= 3)
    # behind a large thermal resistance a heat below rounding moves the temperature by more
    stalled |= moves >= STALLED
    quiet |= stalled & np.all(miss <= (1e-10 * build.size + 8.0 * build.noise)[:, None], axis=1)
    if circuit:
        rounding = 8.0 * build.voltage_noise / np.abs(build.jacobian[:, -1, -1])
        # where the heat flux of a leg turns round, its voltage is rounded off by more than its noise says
        share = np.where(moves >= STALLED, 1e-10, 1e-12)
        quiet &= np.abs(move[:, -1]) <= share * np.abs(current) + rounding
    return quiet


def _miss(
    build: BalanceSums, F: Array, move: Array, free: Flags, T: Array, current: Array
) -> tuple[Array, Flags]:
    """Largest open balance in units of the largest flow (or step of the current), and which are close."""
    nodes = free[:-1]
    miss = np.max(np.abs(F[:, :-1][:, nodes]), axis=1, initial=0.0) / build.size
    step = np.max(np.abs(move[:, :-1].T[nodes]) / T[nodes], axis=0, initial=0.0)
    if free[-1]:
        per_current = np.abs(move[:, -1] / current)
        miss, step = np.maximum(miss, per_current), np.maximum(step, per_current)
    return miss, step < CLOSE


def _store(
    out: Solution,
    network: Network,
    drive: Drive,
    build: BalanceSums,
    T: Array,
    current: Array,
    cases: Cases,
    done: Flags,
    free: Flags,
) -> None:
    k = cases[done]
    nodes = free[:-1]
    J, inflow = build.jacobian[done], build.inflow[done]
    T_I = np.zeros((len(k), network.nodes))
    if nodes.any():
        inner = J[:, :-1, :-1][:, nodes][:, :, nodes]
        T_I[:, nodes] = -solved(inner, J[:, :-1, -1:][:, nodes])[..., 0]
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
    # a balance at a temperature below zero is no steady state
    code = np.where((T[:, k] <= 0.0).any(axis=0), RUNAWAY, build.code[done])
    out.loss[k], out.error[k], out.code[k] = build.loss[done], build.error[done], code
    out.rounding[k] = build.noise[done]
    out.residual[k] = np.max(np.abs(inflow[:, nodes]), axis=1, initial=0.0)
    for whole, state in zip(out.states, build.states, strict=True):
        if whole is not None and state is not None:
            whole.put(k, state.select(done))
    runaway = k[code == RUNAWAY]
    for field in (out.voltage, out.heat_hot, out.heat_cold, out.loss, out.error):
        field[runaway] = np.nan
    out.T[:, runaway] = np.nan
    if drive.current is None:
        out.current[runaway] = np.nan
