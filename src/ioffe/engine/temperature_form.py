r"""One adiabatic segment with temperature as the independent variable.

With :math:`\xi = x/L`, :math:`j = J L`, :math:`A(T) = T S - \int S\,dT` and
:math:`p = j A - c - j^2 r = \kappa\,dT/d\xi`,

.. math:: d\xi/dT = \kappa/p, \qquad dr/dT = \rho\kappa/p, \qquad r(T_0) = 0,

and the one unknown number c is the value for which :math:`\xi(T_1) = 1`. No derivative of S appears.

Gauss collocation on elements that end on the table's knots, so that every property is a polynomial in
an element and the order of the method, twice the number of nodes, holds on every interpolant. Newton's
correction of r(T) solves a linear first-order equation, whose solution is an integral; so all elements of
all cases are treated at once by quadrature. Elements are halved until the result no longer changes. Valid
while T(x) is monotonic: a case whose p comes near zero is refused and belongs to the position form.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ioffe.engine.quadrature import Grid
from ioffe.engine.state import CaseArrays
from ioffe.engine.table import Array, Flags, PropertyTable

CHUNK = 400_000
"""Nodes treated at once, to bound the memory."""
LEVELS = 6
PASSES = 12
CLOSE = 1e-6
"""Relative Newton correction after which one more makes no difference."""


@dataclass(eq=False)
class TemperatureSolution(CaseArrays):
    """Solution and its derivatives at fixed T0 and T1; shapes (cases,)."""

    good: Flags
    c: Array
    resistance: Array
    position_c: Array
    resistance_c: Array
    position_j: Array
    resistance_j: Array
    error: Array
    """Estimated relative error of c."""


def solve(
    table: PropertyTable, T0: Array, T1: Array, j: Array, start: Array, tolerance: float | Array
) -> TemperatureSolution:
    """Solve cases; those that refuse have ``good`` False.

    `T0`, `T1`, `j`: cases (n,): end temperatures in K and j = J L in A/m.
    `start`: first value of c; NaN where there is none.
    `tolerance`: estimated relative error of each case at which a case is done; elements are halved until
        then.
    """
    n = len(T0)
    out = TemperatureSolution.empty(n)
    tolerance = np.broadcast_to(tolerance, (n,))
    cells = _widest(table, T0, T1)
    count = 9 if cells <= 8 else 7 if cells <= 30 else 3
    rest, c = np.arange(n), start.copy()
    for level in range(LEVELS):
        halves = 2**level
        size = max(1, CHUNK // (cells * halves * count))
        again = []
        for k in (rest[i : i + size] for i in range(0, len(rest), size)):
            found = _newton(table, T0[k], T1[k], j[k], c[k], count, halves)
            done = found.good & (found.error <= tolerance[k])
            out.put(k[done], found.select(done))
            more = found.good & ~done
            c[k[more]] = found.c[more]
            again.append(k[more])
        rest = np.concatenate(again)
        if not len(rest):
            break
    return out


def _newton(
    table: PropertyTable, T0: Array, T1: Array, j: Array, start: Array, count: int, halves: int
) -> TemperatureSolution:
    """Newton on (r, c) together on a fixed grid."""
    grid = Grid.between(table, T0, T1, count, halves)
    sign = np.where(T1 > T0, 1.0, -1.0)[:, None, None]
    jj = (j * j)[:, None, None]
    kappa, A, m = grid.kappa, grid.peltier(), grid.kappa * grid.rho
    total = grid.whole(kappa)
    r = grid.running(m) / total[:, None, None]
    c = (j * grid.whole(kappa * A) - j * j * grid.whole(kappa * r)) / total - total
    c = np.where(np.isfinite(start), start, c)
    jA = j[:, None, None] * A
    good = np.isfinite(c)
    quiet = np.zeros(len(c), bool)
    for _ in range(PASSES):
        p = jA - c[:, None, None] - jj * r
        good &= (sign * p > 0).all(axis=(1, 2))
        f = 1.0 / p
        a, b = m * f * f, kappa * f * f
        growth = grid.running(a)
        E = np.exp(jj * growth)
        y = growth * _expm1_ratio(jj * growth)
        miss = grid.running(m * f) - r
        particular = miss + E * grid.running(jj * a * miss / E)
        X, X_c = grid.whole(kappa * f), grid.whole(b * E)
        d = ((1.0 - X) * X - grid.whole(b * jj * particular)) / X_c
        move = y * d[:, None, None] + particular
        # keep p from changing sign: it may fall to a third in one pass
        fall = np.max((d[:, None, None] + jj * move) / p, axis=(1, 2))
        part = np.minimum(1.0, 0.67 / np.maximum(fall, 1e-300))
        part = np.where(fall > 0, part, 1.0)
        c, r = c + part * d, r + part[:, None, None] * move
        size = np.abs(c) + j * j * np.abs(r).max(axis=(1, 2))
        change = np.abs(d) + j * j * np.abs(move).max(axis=(1, 2))
        good &= np.isfinite(c)
        quiet = change < CLOSE * size
        if (quiet | ~good).all():
            break
    good &= quiet
    return _derivatives(grid, A, m, kappa, j, c, r, good)


def _derivatives(
    grid: Grid, A: Array, m: Array, kappa: Array, j: Array, c: Array, r: Array, good: Flags
) -> TemperatureSolution:
    """End values and the derivatives of X and r(T1) to c and j at the solution."""
    jl = j[:, None, None]
    jj = jl * jl
    f = 1.0 / (jl * A - c[:, None, None] - jj * r)
    a, b = m * f * f, kappa * f * f
    growth = grid.running(a)
    E = np.exp(jj * growth)
    last = grid.whole(a)
    driven = a * (A - 2.0 * jl * r)
    r_j = -E * grid.running(driven / E)
    r_j_end = -np.exp(j * j * last) * grid.whole(driven / E)
    return TemperatureSolution(
        good=good,
        c=c,
        resistance=grid.whole(m * f),
        position_c=grid.whole(b * E),
        resistance_c=last * _expm1_ratio(j * j * last),
        position_j=-grid.whole(b * (A - 2.0 * jl * r - jj * r_j)),
        resistance_j=r_j_end,
        error=np.maximum(grid.truncation(m * f), grid.truncation(kappa * f)),
    )


def _expm1_ratio(q: Array) -> Array:
    """(exp(q) - 1)/q, which is 1 at q = 0."""
    safe = np.where(q == 0, 1.0, q)
    return np.where(q == 0, 1.0, np.expm1(safe) / safe)


def _widest(table: PropertyTable, T0: Array, T1: Array) -> int:
    """Cells between the lowest and the highest temperature of all cases."""
    low, high = np.minimum(T0, T1), np.maximum(T0, T1)
    return int(table.cell(high).max() - table.cell(low).min()) + 1 if len(T0) else 1
