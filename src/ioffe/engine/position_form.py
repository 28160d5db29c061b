r"""March of one segment along its length, for any profile and for losses through its side.

With :math:`\xi = x/L`, :math:`j = J L`, :math:`A(T) = T S - \int S\,dT`,

.. math::
    dT/d\xi = (j A(T) - c - j^2 r + \ell)/\kappa, \quad dr/d\xi = \rho, \quad
    d\ell/d\xi = \Lambda (T - T_a) + \Lambda_r (T^4 - T_a^4),

with :math:`c = L q_0 - j\int S\,dT|_{T_0}` unknown. Power series in :math:`\xi`; every step ends on a table
knot, on an extremum of T, or where the last terms reach the tolerance, all located on the series itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from ioffe.engine.table import Array, Flags, Indices, PropertyTable, horner, shifted

T_LIMIT = 6000.0
"""K; an iterate beyond it is given up and only its side of the target is used."""
STEPS, PER_KNOT = 300, 4
"""Most steps of a march, and how many more for each knot of the table.

A profile crosses a knot at most twice, and marches that end take up to a hundred steps more; beyond that the
profile is below the rounding of c.
"""
NEAR = 1e-8
"""Part of the remaining length within which an extremum of T counts as lying at the start of a step."""


class ScaledLoss(NamedTuple):
    """Loss through the side, scaled by length squared: arrays (cases,), in kernels numbers."""

    linear: Any
    """h (perimeter/area) L^2, in W/(m K)."""
    radiative: Any
    """emissivity sigma_SB (perimeter/area) L^2, in W/(m K^4)."""
    ambient: Any
    """Ambient temperature in K."""

    def take(self, cases: Indices) -> ScaledLoss:
        """Some of the cases."""
        return ScaledLoss(self.linear[cases], self.radiative[cases], self.ambient[cases])


@dataclass(eq=False)
class PositionMarch:
    """End values: dual arrays (1 + tangents, cases); tangents to c, then to T0 and j."""

    T: Array
    resistance: Array
    loss: Array
    blown: Flags
    """Cases given up on the way; the sign of T tells to which side."""
    T_min: Array
    T_max: Array
    """Extremes of T, the end left out."""
    error: Array
    """Sums of the neglected terms of T in K and of int rho dxi in ohm m, shape (2, cases)."""
    steps: list[tuple[Indices, Array, Array, Array]] = field(default_factory=list)
    """(cases, position, length, series of T, r, loss and their tangents) of each step, when recorded."""


def march(
    table: PropertyTable,
    T0: Array,
    c: Array,
    j: Array,
    loss: ScaledLoss | None,
    order: int,
    allowed: float | Array,
    share: float | Array,
    tangents: int = 1,
    record: bool = False,
) -> PositionMarch:
    """Integrate from xi = 0 to 1 at given c by Taylor's method.

    `T0`, `c`, `j`: temperature in K at xi = 0, c = L q0 - j int S dT in W/m and j = J L in A/m; shape
        (cases,).
    `loss`: loss through the side, or None.
    `order`: terms of the power series.
    `allowed`, `share`: error allowed in each step, of T in K and of int rho dxi relative to what is left of
        it; one number or one for each case.
    `tangents`: how many derivatives are carried along: 1 to c, 3 to c, T0 and j.
    `record`: whether every step is kept.
    Returns: T in K, int rho dxi in ohm m and the loss in W/m at xi = 1 with their derivatives.
    """
    n = len(T0)
    # rows of the state: T, r, loss; each a dual number
    state = np.zeros((3, 1 + tangents, n))
    state[0, 0] = T0
    if tangents > 1:
        state[0, 2] = 1.0
    blown, error = np.zeros(n, bool), np.zeros((2, n))
    out = PositionMarch(state[0], state[1], state[2], blown, T0.copy(), T0.copy(), error)
    position = np.zeros(n)
    limits = np.stack([np.broadcast_to(np.asarray(limit, float), (n,)) for limit in (allowed, share)])
    cell = table.cell(T0)
    cases = np.flatnonzero(np.isfinite(c))
    out.blown[~np.isfinite(c)] = True
    for _ in range(STEPS + PER_KNOT * len(table.knots)):
        if not len(cases):
            break
        part = loss.take(cases) if loss else None
        H = 1.0 - position[cases]
        cell[cases] = _side(table, cell[cases], state[..., cases], c[cases], j[cases], part, H)
        i = cell[cases]
        series = _expand(table, i, state[..., cases], H, c[cases], j[cases], part, order)
        step, knot = _step(series, table.knots[i], table.knots[i + 1], limits[:, cases])
        landed = knot >= 0
        # a start that rounding left beside a knot reaches it in a step of no length
        reached = landed & (state[0, 0, cases] != table.knots[i + np.maximum(knot, 0)])
        state[..., cases] = evaluate(series, step)
        state[0, 0, cases[landed]] = table.knots[i[landed] + knot[landed]]
        last = np.abs(series[-1, :2, 0]) * step + np.abs(series[-2, :2, 0])
        out.error[:, cases] += last * step ** (order - 1)
        if record:
            out.steps.append(
                (cases, position[cases], step * H, series / H ** np.arange(order + 1)[:, None, None, None])
            )
        T = state[0, 0, cases]
        done = (step >= 1.0) & ~landed
        position[cases] = np.where(done, 1.0, position[cases] + step * H)
        ended = position[cases] >= 1.0 - 1e-14
        lost = ~(np.abs(T) < T_LIMIT) | ((step * H < 1e-12) & ~ended & ~reached)
        out.blown[cases[lost]] = True
        cases, T = cases[~ended & ~lost], T[~ended & ~lost]
        out.T_min[cases] = np.minimum(out.T_min[cases], T)
        out.T_max[cases] = np.maximum(out.T_max[cases], T)
    out.blown[cases] = True
    return out


def _side(
    table: PropertyTable, i: Indices, state: Array, c: Array, j: Array, loss: ScaledLoss | None, H: Array
) -> Indices:
    """The cell into which the profile moves from a temperature that may lie on a knot."""
    T = state[0, 0]
    at_low, at_high = table.knots[i] == T, table.knots[i + 1] == T
    if not (at_low.any() or at_high.any()):
        return i
    t = T - table.knots[i]
    A = j * horner(table.peltier[i], t)
    w = c + j * j * state[1, 0] - state[2, 0]
    rate = A - w
    rho = horner(table.electrical[i], t)
    if not table.electrical_is_resistivity:
        rho = 1.0 / rho
    bend = -j * j * rho
    if loss is not None:
        bend = bend + loss.linear * (T - loss.ambient) + loss.radiative * (T**4 - loss.ambient**4)
    flat = np.abs(rate) <= NEAR * H * np.abs(bend)
    down = np.where(flat, bend, rate) < 0
    top = len(table.knots) - 2
    i = np.where(at_low & down, np.maximum(i - 1, 0), i)
    return np.where(at_high & ~down, np.minimum(i + 1, top), i)


def _expand(
    table: PropertyTable,
    i: Indices,
    state: Array,
    H: Array,
    c: Array,
    j: Array,
    loss: ScaledLoss | None,
    order: int,
) -> Array:
    """Series of T, r and loss in the fraction of the remaining length, shape (orders, 3, duals, cases)."""
    duals, n = state.shape[1:]
    T = state[0, 0]
    parts, start = _properties(table, i, T, loss)
    y = np.zeros((order + 1, 3, duals, n))
    y[0] = state
    # powers 1 to 4 of u = T - T(start) build kappa, the electrical curve, A and the loss
    powers, built = np.zeros((order + 1, 4, duals, n)), np.zeros((order, 4, duals, n))
    u, u2 = powers[:, 0], powers[:, 1]
    # dT/dxi, and 1 over the electrical curve where this is the conductivity
    quotients = np.zeros((order, 1 if table.electrical_is_resistivity else 2, duals, n))
    divisors = built[:, : quotients.shape[1]]
    u[0, 1:] = state[0, 1:]
    jj = j * j
    for k in range(order):
        u2[k] = square_dual(u, k)
        powers[k, 2] = convolve_dual(u2, u, k)
        powers[k, 3] = square_dual(u2, k)
        np.einsum("qpn,pdn->qdn", parts, powers[k], out=built[k])
        if k == 0:
            built[0, :, 0] += start
        above = -convolve_dual(divisors, quotients, k, start=1)
        flow = above[0]
        flow += j * built[k, 2] - jj * y[k, 1] + y[k, 2]
        if duals > 2:
            flow[3] += built[k, 2, 0] - 2.0 * j * y[k, 1, 0]
        if k == 0:
            flow[0] -= c
            above[1:, 0] += 1.0
            if duals > 1:
                flow[1] -= 1.0
        quotients[k] = divide_dual(above, divisors[0])
        w = H / (k + 1)
        u[k + 1] = y[k + 1, 0] = w * quotients[k, 0]
        y[k + 1, 1] = w * (built[k, 1] if table.electrical_is_resistivity else quotients[k, 1])
        if loss is not None:
            y[k + 1, 2] = w * built[k, 3]
    return y


def _properties(table: PropertyTable, i: Indices, T: Array, loss: ScaledLoss | None) -> tuple[Array, Array]:
    """Coefficients of the powers 1 to 4 of T less its start (4, 4, cases), and values there (4, cases)."""
    t = T - table.knots[i]
    parts, start = np.zeros((4, 4, len(T))), np.zeros((4, len(T)))
    for q, curve in enumerate((table.conductivity, table.electrical, table.peltier)):
        about = shifted(curve[i], t)
        start[q], parts[q, : len(about) - 1] = about[0], about[1:]
    if loss is not None:
        part = loss.radiative
        parts[3] = part * np.stack([4 * T**3, 6 * T**2, 4 * T, np.ones_like(T)])
        parts[3, 0] += loss.linear
        start[3] = loss.linear * (T - loss.ambient) + part * (T**4 - loss.ambient**4)
    return parts, start


def _step(series: Array, low: Array, high: Array, limits: Array) -> tuple[Array, Indices]:
    """Fraction to advance, and 0 or 1 where the step ends on the cell's lower or upper knot, else -1."""
    T, r = series[:, 0, 0], series[:, 1, 0]
    limit = np.minimum(safe_step(T, limits[0]), safe_step(r, limits[1] * np.abs(r[1])))
    step = np.where(limit >= 1.0, 1.0, 0.9 * limit)
    slope = T[1:] * np.arange(1, len(T))[:, None]
    turning = slope[0] * evaluate(slope, step) < 0
    if turning.any():
        extremum = _root(slope[:, turning], np.zeros(int(turning.sum())), step[turning])
        step[turning] = np.where(extremum > NEAR, extremum, step[turning])
    end = evaluate(T, step)
    knot = np.where(end > high, 1, np.where(end < low, 0, -1))
    out = np.flatnonzero(knot >= 0)
    if len(out):
        target = np.where(knot[out] == 1, high[out], low[out])
        step[out] = _root(T[:, out], target, step[out])
    return step, knot


def _root(series: Array, target: Array, upper: Array) -> Array:
    """Where a monotonic series reaches `target` between 0 and `upper`: Newton kept inside a bracket."""
    lo, hi = np.zeros_like(upper), upper.copy()
    # the series beside its derivative, so that one evaluation gives both
    both = np.zeros((len(series), 2, len(upper)))
    both[:, 0] = series
    both[:-1, 1] = series[1:] * np.arange(1, len(series))[:, None]
    scale = np.abs(series[0]) + np.abs(series[1])
    rising = evaluate(series, hi) >= target
    x = hi.copy()
    for _ in range(60):
        value, slope = evaluate(both, x)
        miss = value - target
        beyond = (miss >= 0) == rising
        hi, lo = np.where(beyond, x, hi), np.where(beyond, lo, x)
        with np.errstate(divide="ignore", invalid="ignore"):
            new = x - miss / slope
        new = np.where((new >= lo) & (new <= hi), new, 0.5 * (lo + hi))
        met = np.abs(miss) <= 1e-13 * scale
        close = met | (np.abs(new - x) <= 1e-15)
        x = np.where(met, x, new)
        if close.all():
            break
    return x


# Truncated power series over cases, with tangents: arrays of coefficients on the first axis. The solution of
# an ordinary differential equation with polynomial coefficients follows coefficient by coefficient (Taylor's
# method).


def convolve_dual(a: Array, b: Array, k: int, start: int = 0) -> Array:
    """Coefficient k of the product of two dual series of shape (orders, ..., 1 + tangents, cases).

    Row 0 of the last axis but one is the value, the others its derivatives. With ``start=1`` the
    contribution of ``a[0]`` is left out, as the division of series needs it.
    """
    left, right = a[start : k + 1], b[k - start :: -1] if k >= start else b[:0]
    out = np.einsum("i...l,i...dl->...dl", left[..., 0, :], right)
    if a.shape[-2] > 1:
        out[..., 1:, :] += np.einsum("i...dl,i...l->...dl", left[..., 1:, :], right[..., 0, :])
    return out


def square_dual(a: Array, k: int) -> Array:
    """Coefficient k of the square of a dual series."""
    out = np.einsum("il,idl->dl", a[: k + 1, 0], a[k::-1])
    out[1:] *= 2.0
    return out


def divide_dual(numerator: Array, denominator: Array) -> Array:
    """Quotient of dual numbers of shape (..., 1 + tangents, cases)."""
    below = denominator[..., :1, :]
    out = numerator / below
    out[..., 1:, :] -= out[..., :1, :] * denominator[..., 1:, :] / below
    return out


def evaluate(series: Array, x: Array) -> Array:
    """Sum of a series (orders, ..., cases) at x (cases,)."""
    value = series[-1].copy()
    for coefficient in series[-2::-1]:
        value *= x
        value += coefficient
    return value


def safe_step(series: Array, tolerance: Array) -> Array:
    """Largest step (in the series' own variable) at which its last two terms stay below `tolerance`."""
    n = len(series) - 1
    tiny = np.finfo(float).tiny
    last = (tolerance / (np.abs(series[n]) + tiny)) ** (1.0 / n)
    before = (tolerance / (np.abs(series[n - 1]) + tiny)) ** (1.0 / (n - 1))
    return np.minimum(last, before)
