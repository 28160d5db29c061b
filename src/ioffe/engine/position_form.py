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

import numpy as np
from numpy.typing import NDArray

from ioffe.engine.series import convolve_dual, divide_dual, evaluate, safe_step, square_dual
from ioffe.engine.table import Array, Table, horner, shifted

T_LIMIT = 6000.0
"""K; an iterate beyond it is given up and only its side of the target is used."""
MAX_STEPS = 3000
NEAR = 1e-8
"""Part of the remaining length within which an extremum of T counts as lying at the start of a step."""


@dataclass(frozen=True, eq=False)
class Loss:
    """Loss through the side, scaled by length squared: lanes (n,)."""

    linear: Array
    """h (perimeter/area) L^2, in W/(m K)."""
    radiative: Array
    """emissivity sigma_SB (perimeter/area) L^2, in W/(m K^4)."""
    ambient: Array
    """Ambient temperature in K."""

    def take(self, lanes: NDArray[np.intp]) -> Loss:
        """Some of the lanes."""
        return Loss(self.linear[lanes], self.radiative[lanes], self.ambient[lanes])


@dataclass(eq=False)
class PositionMarch:
    """End values: dual arrays (1 + tangents, lanes); tangents to c, then to T0 and j."""

    T: Array
    resistance: Array
    loss: Array
    blown: NDArray[np.bool_]
    """Lanes given up on the way; the sign of T tells to which side."""
    T_min: Array
    T_max: Array
    """Extremes of T, the end left out."""
    error: Array
    """Sum of the neglected terms of T, in K."""
    steps: list[tuple[NDArray[np.intp], Array, Array, Array]] = field(default_factory=list)
    """(lanes, position, length, series of T, r, loss and their tangents) of each step, when recorded."""


def march(
    table: Table,
    T0: Array,
    c: Array,
    j: Array,
    loss: Loss | None,
    order: int,
    tolerance: float | Array,
    tangents: int = 1,
    record: bool = False,
) -> PositionMarch:
    """Integrate from xi = 0 to 1 at given c; `tolerance` in K for each step, one or one for each lane."""
    n = len(T0)
    # rows of the state: T, r, loss; each a dual number
    state = np.zeros((3, 1 + tangents, n))
    state[0, 0] = T0
    if tangents > 1:
        state[0, 2] = 1.0
    out = PositionMarch(state[0], state[1], state[2], np.zeros(n, bool), T0.copy(), T0.copy(), np.zeros(n))
    position = np.zeros(n)
    allowed = np.broadcast_to(np.asarray(tolerance, float), (n,))
    cell = table.cell(T0)
    lanes = np.flatnonzero(np.isfinite(c))
    out.blown[~np.isfinite(c)] = True
    for _ in range(MAX_STEPS):
        if not len(lanes):
            break
        part = loss.take(lanes) if loss else None
        H = 1.0 - position[lanes]
        cell[lanes] = _side(table, cell[lanes], state[..., lanes], c[lanes], j[lanes], part, H)
        i = cell[lanes]
        series = _expand(table, i, state[..., lanes], H, c[lanes], j[lanes], part, order)
        step, knot = _step(series, table.knots[i], table.knots[i + 1], allowed[lanes])
        landed = knot >= 0
        # a start that rounding left beside a knot reaches it in a step of no length
        reached = landed & (state[0, 0, lanes] != table.knots[i + np.maximum(knot, 0)])
        state[..., lanes] = evaluate(series, step)
        state[0, 0, lanes[landed]] = table.knots[i[landed] + knot[landed]]
        last = np.abs(series[-1, 0, 0]) * step + np.abs(series[-2, 0, 0])
        out.error[lanes] += last * step ** (order - 1)
        if record:
            out.steps.append(
                (lanes, position[lanes], step * H, series / H ** np.arange(order + 1)[:, None, None, None])
            )
        T = state[0, 0, lanes]
        done = (step >= 1.0) & ~landed
        position[lanes] = np.where(done, 1.0, position[lanes] + step * H)
        ended = position[lanes] >= 1.0 - 1e-14
        lost = ~(np.abs(T) < T_LIMIT) | ((step * H < 1e-12) & ~ended & ~reached)
        out.blown[lanes[lost]] = True
        lanes, T = lanes[~ended & ~lost], T[~ended & ~lost]
        out.T_min[lanes] = np.minimum(out.T_min[lanes], T)
        out.T_max[lanes] = np.maximum(out.T_max[lanes], T)
    out.blown[lanes] = True
    return out


def _side(
    table: Table, i: NDArray[np.intp], state: Array, c: Array, j: Array, loss: Loss | None, H: Array
) -> NDArray[np.intp]:
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
    table: Table,
    i: NDArray[np.intp],
    state: Array,
    H: Array,
    c: Array,
    j: Array,
    loss: Loss | None,
    order: int,
) -> Array:
    """Series of T, r and loss in the fraction of the remaining length, shape (orders, 3, duals, lanes)."""
    duals, n = state.shape[1:]
    T = state[0, 0]
    t = T - table.knots[i]
    kc, ec, Ac = (shifted(x[i], t) for x in (table.conductivity, table.electrical, table.peltier))
    y = np.zeros((order + 1, 3, duals, n))
    y[0] = state
    # u = T - T(start): powers of it build every property
    u, u2, u3, u4, kappa, rho, f = np.zeros((7, order + 1, duals, n))
    elec = rho if table.electrical_is_resistivity else np.zeros_like(rho)
    u[0, 1:] = state[0, 1:]
    jj = j * j
    for k in range(order):
        u2[k] = square_dual(u, k)
        u3[k] = convolve_dual(u2, u, k)
        u4[k] = square_dual(u2, k)
        kappa[k] = kc[1] * u[k] + kc[2] * u2[k] + kc[3] * u3[k]
        elec[k] = ec[1] * u[k] + ec[2] * u2[k] + ec[3] * u3[k]
        A = Ac[1] * u[k] + Ac[2] * u2[k] + Ac[3] * u3[k] + Ac[4] * u4[k]
        if k == 0:
            kappa[0, 0] += kc[0]
            elec[0, 0] += ec[0]
            A[0] += Ac[0]
        if elec is not rho:
            one = np.zeros((duals, n))
            one[0] = float(k == 0)
            rho[k] = divide_dual(one - convolve_dual(elec, rho, k, start=1), elec[0])
        flow = j * A - jj * y[k, 1] + y[k, 2]
        if duals > 2:
            flow[3] += A[0] - 2.0 * j * y[k, 1, 0]
        if k == 0:
            flow[0] -= c
            if duals > 1:
                flow[1] -= 1.0
        f[k] = divide_dual(flow - convolve_dual(kappa, f, k, start=1), kappa[0])
        w = H / (k + 1)
        y[k + 1, 0], y[k + 1, 1] = w * f[k], w * rho[k]
        u[k + 1] = y[k + 1, 0]
        if loss is not None:
            y[k + 1, 2] = w * _loss_term(loss, T, u[k], u2[k], u3[k], u4[k], k)
    return y


def _loss_term(loss: Loss, T: Array, u: Array, u2: Array, u3: Array, u4: Array, k: int) -> Array:
    out = loss.linear * u + loss.radiative * (4 * T**3 * u + 6 * T**2 * u2 + 4 * T * u3 + u4)
    if k == 0:
        out[0] += loss.linear * (T - loss.ambient) + loss.radiative * (T**4 - loss.ambient**4)
    return out


def _step(series: Array, low: Array, high: Array, tolerance: Array) -> tuple[Array, NDArray[np.intp]]:
    """Fraction to advance, and 0 or 1 where the step ends on the cell's lower or upper knot, else -1."""
    T = series[:, 0, 0]
    limit = safe_step(T, tolerance)
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
    slope = series[1:] * np.arange(1, len(series))[:, None]
    scale = np.abs(series[0]) + np.abs(series[1])
    rising = evaluate(series, hi) >= target
    x = hi.copy()
    for _ in range(60):
        miss = evaluate(series, x) - target
        beyond = (miss >= 0) == rising
        hi, lo = np.where(beyond, x, hi), np.where(beyond, lo, x)
        with np.errstate(divide="ignore", invalid="ignore"):
            new = x - miss / evaluate(slope, x)
        new = np.where((new >= lo) & (new <= hi), new, 0.5 * (lo + hi))
        met = np.abs(miss) <= 1e-13 * scale
        close = met | (np.abs(new - x) <= 1e-15)
        x = np.where(met, x, new)
        if close.all():
            break
    return x
