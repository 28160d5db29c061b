"""One homogeneous segment between two temperatures at a given current, with derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np

from ioffe.engine import position_form, temperature_form, turning_form
from ioffe.engine.position_form import ScaledLoss
from ioffe.engine.state import FAILED, OK, OUTSIDE, RUNAWAY, SegmentState
from ioffe.engine.table import Array, Flags, Indices, PropertyTable

RUNAWAY_T = 3000.0
"""K; a steady state that hot anywhere is reported as a runaway."""
CLOSE = 1e-6
"""Relative Newton correction at which the result is closed to first order: its square is left."""
FINE = 4
"""Elements in each cell of the table, where the largest temperature is given."""
FLAT = 0.15
"""The temperature form is tried only if the flux at one end is at least this share of that at the other."""


def solve(
    table: PropertyTable,
    T0: Array,
    T1: Array,
    j: Array,
    loss: ScaledLoss | None = None,
    tolerance: float | Array = 1e-9,
    start: Array | None = None,
) -> SegmentState:
    """Solve cases of one segment with fixed end temperatures.

    `T0`, `T1`, `j`: cases (n,): end temperatures in K and j = J L in A/m (positive from T0 to T1).
    `loss`: heat loss through the side, or None for an adiabatic segment.
    `tolerance`: relative error allowed in each step, one number or one for each case.
    `start`: earlier values of c from which to begin; NaN where there is none.
    Returns: c, r and the loss with their derivatives to T0, T1 and j, and a code of `state` for each case.
    """
    n = len(T0)
    tolerance = np.broadcast_to(tolerance, (n,))
    out = SegmentState.empty(n)
    c, r = _guess(table, T0, T1, j)
    if start is not None:
        c = np.where(np.isfinite(start), start, c)
    order = _order(table, T0, T1)
    rest = np.ones(n, bool)
    with np.errstate(all="ignore"):
        if loss is None:
            cases = np.flatnonzero(_monotonic(table, T0, T1, j, c, r))
            if len(cases):
                first = np.full(len(cases), np.nan) if start is None else start[cases]
                part = _by_temperature(table, T0[cases], T1[cases], j[cases], first, tolerance[cases])
                _accept(out, cases, part, rest)
            cases = np.flatnonzero(rest & (np.abs(j) > 0) & np.isfinite(T0) & np.isfinite(T1))
            if len(cases):
                part = _by_turning(table, T0[cases], T1[cases], j[cases], tolerance[cases])
                _accept(out, cases, part, rest)
        cases = np.flatnonzero(rest & np.isfinite(T0) & np.isfinite(T1))
        if len(cases):
            part_loss = loss.take(cases) if loss is not None else None
            ends = T0[cases], T1[cases], j[cases], c[cases]
            out.put(cases, _by_position(table, *ends, part_loss, order, tolerance[cases]))
    _classify(table, out)
    return out


def profile(
    table: PropertyTable,
    T0: float,
    c: float,
    j: float,
    loss: ScaledLoss | None,
    xi: Array,
    tolerance: float = 1e-9,
) -> tuple[Array, Array, Array]:
    """Profile along one solved case.

    `table`, `T0`, `c`, `j`, `loss`: material, temperature in K at xi = 0, the solution c in W/m, j = J L in
        A/m and the loss, of one case.
    `xi`: positions between 0 and 1, ascending, shape (points,).
    `tolerance`: relative error of each step.
    Returns: temperature in K, int rho dxi in ohm m and the scaled loss in W/m, shape (points,).
    """
    one = np.array([T0]), np.array([c]), np.array([j])
    allowed = tolerance * max(1.0, abs(T0))
    run = position_form.march(table, *one, loss, 10, allowed, tolerance, tangents=0, record=True)
    starts = np.array([s[1][0] for s in run.steps])
    which = np.clip(np.searchsorted(starts, xi, side="right") - 1, 0, len(starts) - 1)
    out = np.empty((3, len(xi)))
    for k, step in enumerate(run.steps):
        at = which == k
        out[:, at] = position_form.evaluate(np.repeat(step[3][:, :, 0], at.sum(), axis=2), xi[at] - starts[k])
    return out[0], out[1], out[2]


def _guess(table: PropertyTable, T0: Array, T1: Array, j: Array) -> tuple[Array, Array]:
    """c and r from a linear temperature profile, two-point Gauss averages."""
    d = T1 - T0
    kappa = A = rho = 0.0
    for x in (0.21132486540518713, 0.7886751345948129):
        T = T0 + x * d
        kappa = kappa + 0.5 * table.evaluate(table.conductivity, T)
        A = A + 0.5 * table.evaluate(table.peltier, T)
        rho = rho + 0.5 * table.resistivity(T)
    return -kappa * d + j * A - 0.5 * j * j * rho, rho * np.ones_like(d)


def _order(table: PropertyTable, T0: Array, T1: Array) -> int:
    """Series terms: many when cells are wide, few when knots end the steps anyway."""
    good = np.isfinite(T0) & np.isfinite(T1)
    if not good.any():
        return 8
    knots = int(np.median(np.abs(table.cell(T0[good]) - table.cell(T1[good]))))
    for most, order in ((4, 14), (14, 11), (40, 8), (150, 6)):
        if knots <= most:
            return order
    return 5


def _monotonic(table: PropertyTable, T0: Array, T1: Array, j: Array, c: Array, r: Array) -> Flags:
    sign = np.where(T1 > T0, 1.0, -1.0)
    p0 = sign * (j * table.evaluate(table.peltier, T0) - c)
    p1 = sign * (j * table.evaluate(table.peltier, T1) - c - j * j * r)
    return (T1 != T0) & (np.minimum(p0, p1) > FLAT * np.maximum(p0, p1))


def _accept(out: SegmentState, cases: Indices, part: SegmentState, rest: Flags) -> None:
    good = part.code < FAILED
    out.put(cases[good], part.select(good))
    rest[cases[good]] = False


def _adiabatic(**known: Any) -> SegmentState:
    """State of cases without a loss."""
    zero = np.zeros_like(known["c"])
    return SegmentState(**known, loss=zero, loss_T0=zero, loss_T1=zero, loss_j=zero)


def _by_turning(table: PropertyTable, T0: Array, T1: Array, j: Array, tolerance: Array) -> SegmentState:
    """A profile with its maximum inside."""
    return _turned(turning_form.solve(table, T0, T1, j, tolerance), T0, T1, j)


def at_maximum(table: PropertyTable, T0: Array, T1: Array, j: Array, T_max: Array) -> SegmentState:
    """States of an adiabatic segment, one of several at the same current, by their largest temperature.

    `table`, `T0`, `T1`, `j`: as for `solve`.
    `T_max` (cases,): in K, of a steady state (`ioffe.engine.branches`).
    """
    out = _turned(turning_form.at_maximum(table, T0, T1, j, T_max, FINE), T0, T1, j)
    _classify(table, out)
    return out


def _turned(x: turning_form.TurningSolution, T0: Array, T1: Array, j: Array) -> SegmentState:
    known = {k: v for k, v in vars(x).items() if k not in ("good", "error")}
    error = x.error * (np.abs(x.c) + j * j * np.abs(x.r))
    return _adiabatic(**known, T_min=np.minimum(T0, T1), error=error, code=np.where(x.good, OK, FAILED))


def _by_temperature(
    table: PropertyTable, T0: Array, T1: Array, j: Array, start: Array, tolerance: Array
) -> SegmentState:
    """Temperature form, with derivatives by the implicit function theorem from xi(c, T0, T1, j) = 1."""
    x = temperature_form.solve(table, T0, T1, j, start, tolerance)
    c, r, X_c, r_c = x.c, x.resistance, x.position_c, x.resistance_c
    jj = j * j
    p0 = j * table.evaluate(table.peltier, T0) - c
    p1 = j * table.evaluate(table.peltier, T1) - c - jj * r
    x0, x1 = table.evaluate(table.conductivity, T0) / p0, table.evaluate(table.conductivity, T1) / p1
    rho0, rho1 = table.resistivity(T0), table.resistivity(T1)
    c_T0 = (x0 + jj * X_c * rho0 * x0) / X_c
    c_T1, c_j = -x1 / X_c, -x.position_j / X_c
    return _adiabatic(
        c=c,
        r=r,
        c_T0=c_T0,
        c_T1=c_T1,
        c_j=c_j,
        r_T0=-rho0 * x0 * (1.0 + jj * r_c) + r_c * c_T0,
        r_T1=rho1 * x1 + r_c * c_T1,
        r_j=x.resistance_j + r_c * c_j,
        T_min=np.minimum(T0, T1),
        T_max=np.maximum(T0, T1),
        error=x.error * (np.abs(c) + jj * np.abs(r)),
        code=np.where(x.good, OK, FAILED),
    )


def _by_position(
    table: PropertyTable,
    T0: Array,
    T1: Array,
    j: Array,
    c: Array,
    loss: ScaledLoss | None,
    order: int,
    tolerance: Array,
) -> SegmentState:
    """Newton on T(1; c) - T1, kept inside a bracket: T(1) falls as c rises."""
    n = len(T0)
    out = SegmentState.empty(n)
    c = c.copy()
    lo, hi = np.full(n, -np.inf), np.full(n, np.inf)
    blown = np.ones((2, n), bool)
    cases = np.arange(n)
    # in K: of the difference between the ends, or of the rise that Joule heat makes
    rise = 0.1 * j * j * table.resistivity(T0) / table.evaluate(table.conductivity, T0)
    allowed = tolerance * np.maximum(np.maximum(np.abs(T1 - T0), rise), 1e-6)
    size0 = np.abs(c) + np.abs(j * table.evaluate(table.peltier, T0)) + table.evaluate(table.conductivity, T0)
    for _ in range(80):
        part = loss.take(cases) if loss is not None else None
        run = position_form.march(
            table, T0[cases], c[cases], j[cases], part, order, allowed[cases], tolerance[cases], tangents=3
        )
        miss = np.where(run.blown, np.where(run.T[0] > T1[cases], 1e6, -1e6), run.T[0] - T1[cases])
        slope = np.where(run.blown, 0.0, run.T[1])
        here = c[cases]
        above, below = cases[miss > 0], cases[miss <= 0]
        lo[above], hi[below] = np.maximum(lo[above], c[above]), np.minimum(hi[below], c[below])
        blown[0, above], blown[1, below] = run.blown[miss > 0], run.blown[miss <= 0]
        newton = slope < 0
        d = np.where(newton, -miss / slope, np.sign(miss) * size0[cases])
        size = np.abs(here) + np.abs(j[cases] ** 2 * run.resistance[0]) + size0[cases] * 1e-3
        done = newton & (np.abs(d) < CLOSE * size) & (np.abs(miss) < 0.1)
        if done.any():
            out.put(cases[done], _position_state(run, here, d, done, T1[cases[done]], j[cases[done]]))
        c[cases] = _inside(here + d, here, d, lo[cases], hi[cases], size0[cases])
        # where profiles explode to both sides of a narrow bracket there is no steady state between; where
        # they do so to the hot side alone, the steady state lies beyond every temperature that is followed
        explodes = blown[:, cases].all(axis=0)
        closed = hi[cases] - lo[cases] <= np.where(explodes, 1e-5, 1e-15) * size
        out.code[cases[closed & blown[0, cases] & ~done]] = RUNAWAY
        cases = cases[~done & ~closed]
        if not len(cases):
            break
    return out


def _inside(new: Array, here: Array, d: Array, lo: Array, hi: Array, size: Array) -> Array:
    """A Newton step that leaves the bracket becomes a bisection, or a bounded step while it is open."""
    both = np.isfinite(lo) & np.isfinite(hi)
    bounded = here + np.sign(d) * np.minimum(np.abs(d), 2.0 * np.abs(here) + size)
    inside = (new > lo) & (new < hi) & (both | (np.abs(d) <= 2.0 * np.abs(here) + size))
    return np.where(inside, new, np.where(both, 0.5 * (lo + hi), bounded))


def _position_state(
    run: position_form.PositionMarch, c: Array, d: Array, done: Flags, T1: Array, j: Array
) -> SegmentState:
    """State of converged cases, closed to first order in the last correction d."""
    T, r, q = (v[:, done] for v in (run.T, run.resistance, run.loss))
    d = d[done]
    c_T0, c_T1, c_j = -T[2] / T[1], 1.0 / T[1], -T[3] / T[1]
    return SegmentState(
        c=c[done] + d,
        r=r[0] + r[1] * d,
        loss=q[0] + q[1] * d,
        c_T0=c_T0,
        c_T1=c_T1,
        c_j=c_j,
        r_T0=r[2] + r[1] * c_T0,
        r_T1=r[1] * c_T1,
        r_j=r[3] + r[1] * c_j,
        loss_T0=q[2] + q[1] * c_T0,
        loss_T1=q[1] * c_T1,
        loss_j=q[3] + q[1] * c_j,
        T_min=np.minimum(run.T_min[done], T1),
        T_max=np.maximum(run.T_max[done], T1),
        error=np.abs(run.error[0, done] / T[1]) + j * j * run.error[1, done],
        code=np.full(len(d), OK),
    )


def _classify(table: PropertyTable, state: SegmentState) -> None:
    low, high = table.limits
    solved = state.code < FAILED
    beyond = solved & ((state.T_max > high + 1e-9) | (state.T_min < low - 1e-9))
    state.code[beyond] = OUTSIDE
    state.code[solved & ((state.T_max > RUNAWAY_T) | (state.T_min <= 0.0))] = RUNAWAY
