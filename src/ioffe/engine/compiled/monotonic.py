r"""One segment of one case with temperature as the independent variable, with or without side loss.

With :math:`p = j A(T) - c - g = \kappa\,dT/d\xi` and :math:`g = j^2 r - \ell`,

.. math:: \frac{dg}{dT} = \frac{M}{p}, \quad M = \kappa (j^2\rho - \Lambda(T)), \qquad
          \int_{T_0}^{T_1} \frac{\kappa}{p}\,dT = 1,

where :math:`\Lambda(T)` is the heat lost per length. Three-point Gauss collocation on elements that end on
the table's knots; one Newton correction of all nodes and of c solves a linear first-order equation, whose
solution is an integral. An earlier solution makes one correction enough. Elements are halved where the series
of the integrands converges too slowly. Valid while T(x) is monotonic: otherwise refused.
"""

from __future__ import annotations

from math import exp, isfinite
from typing import Any

from ioffe.engine.compiled import grid as at
from ioffe.engine.compiled import workspace as of
from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.grid import UP_TO, WEIGHT_END, WEIGHT_MIDDLE
from ioffe.engine.compiled.packing import CONDUCTIVITY, PELTIER
from ioffe.engine.compiled.table_cells import cubic, quartic, resistivity

PASSES = 14
ROUNDS = 8
"""How often elements may be halved."""


@kernel(inner=True)
def solve(piece: at.SegmentCase, start: float, precision: Any, grid: Any, memory: Any, state: Any) -> float:
    """Write the state; returns the last relative change of c, or -1 where the form is not valid.

    `start` is an earlier c or NaN; `precision` the relative error allowed and the relative change after which
    no further pass is made.
    """
    curves, side, T0, T1, j = piece
    tolerance, close = precision
    new = at.prepare(piece, grid, memory)
    if new == 2:
        return -1.0
    sign = 1.0 if T1 > T0 else -1.0
    c = start
    if not isfinite(c) or (new == 1 and not _run_up(grid, memory[at.COUNT], j, c, sign)):
        c = _guess(grid, memory[at.COUNT], j)
    for _ in range(ROUNDS):
        c, d, change = _newton(grid, memory[at.COUNT], j, c, sign, close)
        if change < 0.0:
            return -1.0
        X = _finish(piece, grid, memory, c, d, sign, state)
        if not X > 0.0:
            return -1.0
        if new == 1 or at.moved(grid, memory[at.COUNT]):
            grid[at.SHARE, -1] = at.estimate(curves, grid, memory, j, X, abs(state[of.R]))
        size = abs(c) + j * j * abs(state[of.R]) + abs(state[of.LOSS])
        state[of.ERROR] = of.SAFETY * grid[at.SHARE, -1] * size
        if grid[at.SHARE, -1] <= tolerance:
            return change
        new = 1
        if not at.halve(curves, side, grid, memory, 0.3 * tolerance / memory[at.COUNT]):
            return -1.0
        if not _run_up(grid, memory[at.COUNT], j, c, sign):
            return -1.0
    return -1.0


@kernel(inline=True)
def up_to(start: float, v0: float, v1: float, v2: float) -> tuple[float, float, float]:
    """`start` and the integrals from the start of an element to each of its nodes."""
    return (
        start + UP_TO[0][0] * v0 + UP_TO[0][1] * v1 + UP_TO[0][2] * v2,
        start + UP_TO[1][0] * v0 + UP_TO[1][1] * v1 + UP_TO[1][2] * v2,
        start + UP_TO[2][0] * v0 + UP_TO[2][1] * v1 + UP_TO[2][2] * v2,
    )


@kernel(inner=True)
def _guess(grid: Any, count: int, j: float) -> float:
    """c, and g at the nodes, for a profile that is linear in int kappa dT."""
    total = peltier = joule = 0.0
    jj = j * j
    for e in range(count):
        h = grid[at.EDGE, e + 1] - grid[at.EDGE, e]
        for i in range(3):
            total += h * (WEIGHT_MIDDLE if i == 1 else WEIGHT_END) * grid[at.KAPPA, 3 * e + i]
    g = 0.0
    for e in range(count):
        h = (grid[at.EDGE, e + 1] - grid[at.EDGE, e]) / total
        for i in range(3):
            k = 3 * e + i
            grid[at.JOULE, k] = g
            for m in range(3):
                source = jj * grid[at.RHO_KAPPA, 3 * e + m] - grid[at.LOSS_KAPPA, 3 * e + m]
                grid[at.JOULE, k] += h * UP_TO[i][m] * source
        for i in range(3):
            k = 3 * e + i
            w = h * (WEIGHT_MIDDLE if i == 1 else WEIGHT_END)
            g += w * (jj * grid[at.RHO_KAPPA, k] - grid[at.LOSS_KAPPA, k])
            peltier += w * grid[at.KAPPA, k] * grid[at.PELTIER, k]
            joule += w * grid[at.KAPPA, k] * grid[at.JOULE, k]
    return j * peltier - joule - total


@kernel(inner=True)
def _run_up(grid: Any, count: int, j: float, c: float, sign: float) -> bool:
    """g at the nodes for a known c, element by element; False where p changes its sign."""
    jj = j * j
    g = 0.0
    for e in range(count):
        h = grid[at.EDGE, e + 1] - grid[at.EDGE, e]
        k = 3 * e
        g0 = g1 = g2 = g
        v0 = v1 = v2 = 0.0
        for _ in range(3):
            p0 = j * grid[at.PELTIER, k] - c - g0
            p1 = j * grid[at.PELTIER, k + 1] - c - g1
            p2 = j * grid[at.PELTIER, k + 2] - c - g2
            if not (sign * p0 > 0.0 and sign * p1 > 0.0 and sign * p2 > 0.0):
                return False
            v0 = h * (jj * grid[at.RHO_KAPPA, k] - grid[at.LOSS_KAPPA, k]) / p0
            v1 = h * (jj * grid[at.RHO_KAPPA, k + 1] - grid[at.LOSS_KAPPA, k + 1]) / p1
            v2 = h * (jj * grid[at.RHO_KAPPA, k + 2] - grid[at.LOSS_KAPPA, k + 2]) / p2
            g0, g1, g2 = up_to(g, v0, v1, v2)
        grid[at.JOULE, k], grid[at.JOULE, k + 1], grid[at.JOULE, k + 2] = g0, g1, g2
        g += WEIGHT_END * (v0 + v2) + WEIGHT_MIDDLE * v1
    return True


@kernel(inner=True)
def _newton(
    grid: Any, count: int, j: float, c: float, sign: float, close: float
) -> tuple[float, float, float]:
    """Correct c and g together; returns c, the last correction and its relative size, -1 if refused."""
    for _ in range(PASSES):
        X, X_c, X_p = _pass(grid, count, j, c, sign)
        if not X > 0.0:
            return c, 0.0, -1.0
        d = ((1.0 - X) * X - X_p) / X_c
        # keep p from changing sign: it may fall to a third in one pass
        fall = 0.0
        for k in range(3 * count):
            fall = max(fall, (d * grid[at.GROWTH, k] + grid[at.PARTICULAR, k]) * grid[at.INVERSE, k])
        share = 0.67 / fall if fall > 0.67 else 1.0
        most = size = 0.0
        for k in range(3 * count):
            move = share * (d * (grid[at.GROWTH, k] - 1.0) + grid[at.PARTICULAR, k])
            grid[at.JOULE, k] += move
            most = max(most, abs(move))
            size = max(size, abs(grid[at.JOULE, k]))
        c += share * d
        change = (abs(d) + most) / (abs(c) + size)
        if not isfinite(change):
            return c, d, -1.0
        if share == 1.0 and change <= close:
            return c, d, change
    return c, 0.0, -1.0


@kernel(inner=True)
def _pass(grid: Any, count: int, j: float, c: float, sign: float) -> tuple[float, float, float]:
    """X = int kappa/p dT, dX/dc, and what X loses because g is off; X < 0 where p changes its sign."""
    X = X_c = X_p = 0.0
    jj = j * j
    growth = joule = driven = 0.0
    for e in range(count):
        h = grid[at.EDGE, e + 1] - grid[at.EDGE, e]
        k = 3 * e
        p0 = j * grid[at.PELTIER, k] - c - grid[at.JOULE, k]
        p1 = j * grid[at.PELTIER, k + 1] - c - grid[at.JOULE, k + 1]
        p2 = j * grid[at.PELTIER, k + 2] - c - grid[at.JOULE, k + 2]
        if not (sign * p0 > 0.0 and sign * p1 > 0.0 and sign * p2 > 0.0):
            return -1.0, 0.0, 0.0
        f0, f1, f2 = 1.0 / p0, 1.0 / p1, 1.0 / p2
        v0 = h * (jj * grid[at.RHO_KAPPA, k] - grid[at.LOSS_KAPPA, k]) * f0
        v1 = h * (jj * grid[at.RHO_KAPPA, k + 1] - grid[at.LOSS_KAPPA, k + 1]) * f1
        v2 = h * (jj * grid[at.RHO_KAPPA, k + 2] - grid[at.LOSS_KAPPA, k + 2]) * f2
        a0, a1, a2 = v0 * f0, v1 * f1, v2 * f2
        E0, E1, E2 = up_to(growth, a0, a1, a2)
        E0, E1, E2 = exp(E0), exp(E1), exp(E2)
        m0, m1, m2 = up_to(joule, v0, v1, v2)
        m0, m1, m2 = m0 - grid[at.JOULE, k], m1 - grid[at.JOULE, k + 1], m2 - grid[at.JOULE, k + 2]
        z0, z1, z2 = a0 * m0 / E0, a1 * m1 / E1, a2 * m2 / E2
        q0, q1, q2 = up_to(driven, z0, z1, z2)
        q0, q1, q2 = m0 + E0 * q0, m1 + E1 * q1, m2 + E2 * q2
        x0 = WEIGHT_END * h * grid[at.KAPPA, k] * f0
        x1 = WEIGHT_MIDDLE * h * grid[at.KAPPA, k + 1] * f1
        x2 = WEIGHT_END * h * grid[at.KAPPA, k + 2] * f2
        X += x0 + x1 + x2
        x0, x1, x2 = x0 * f0, x1 * f1, x2 * f2
        X_c += x0 * E0 + x1 * E1 + x2 * E2
        X_p += x0 * q0 + x1 * q1 + x2 * q2
        grid[at.INVERSE, k], grid[at.INVERSE, k + 1], grid[at.INVERSE, k + 2] = f0, f1, f2
        grid[at.GROWTH, k], grid[at.GROWTH, k + 1], grid[at.GROWTH, k + 2] = E0, E1, E2
        grid[at.PARTICULAR, k], grid[at.PARTICULAR, k + 1], grid[at.PARTICULAR, k + 2] = q0, q1, q2
        growth += WEIGHT_END * (a0 + a2) + WEIGHT_MIDDLE * a1
        joule += WEIGHT_END * (v0 + v2) + WEIGHT_MIDDLE * v1
        driven += WEIGHT_END * (z0 + z2) + WEIGHT_MIDDLE * z1
    return X, X_c, X_p


@kernel(inner=True)
def _finish(
    piece: at.SegmentCase, grid: Any, memory: Any, c: float, d: float, sign: float, state: Any
) -> float:
    """Write the state without its error, closed to first order in the last correction d of c.

    The derivatives follow from X(c, T0, T1, j) = 1 by the implicit function theorem. Returns X, or -1 where
    p changes its sign.
    """
    curves, side, T0, T1, j = piece
    count, jj = memory[at.COUNT], j * j
    X = X_c = X_j = r = r_c = r_j = q = q_c = q_j = driven = r_miss = q_miss = 0.0
    for e in range(count):
        h = grid[at.EDGE, e + 1] - grid[at.EDGE, e]
        z0 = z1 = z2 = 0.0
        for i in range(3):
            k = 3 * e + i
            f = grid[at.INVERSE, k]
            source = jj * grid[at.RHO_KAPPA, k] - grid[at.LOSS_KAPPA, k]
            driving = 2.0 * j * grid[at.RHO_KAPPA, k] - source * f * grid[at.PELTIER, k]
            z0, z1, z2 = z1, z2, h * f * driving / grid[at.GROWTH, k]
        for i in range(3):
            k = 3 * e + i
            f, E = grid[at.INVERSE, k], grid[at.GROWTH, k]
            g_j = E * (driven + UP_TO[i][0] * z0 + UP_TO[i][1] * z1 + UP_TO[i][2] * z2)
            w = h * f * (WEIGHT_MIDDLE if i == 1 else WEIGHT_END)
            p_j = f * (g_j - grid[at.PELTIER, k])
            kappa, m, lost = grid[at.KAPPA, k], grid[at.RHO_KAPPA, k], grid[at.LOSS_KAPPA, k]
            X += w * kappa
            X_c += w * kappa * f * E
            X_j += w * kappa * p_j
            r += w * m
            r_c += w * m * f * E
            r_j += w * m * p_j
            r_miss += w * m * f * grid[at.PARTICULAR, k]
            q += w * lost
            q_c += w * lost * f * E
            q_j += w * lost * p_j
            q_miss += w * lost * f * grid[at.PARTICULAR, k]
        driven += WEIGHT_END * (z0 + z2) + WEIGHT_MIDDLE * z1
    r += r_c * d + r_miss
    q += q_c * d + q_miss
    first, last = memory[at.ROWS], memory[at.ROWS + count - 1]
    t0, t1 = T0 - curves.knots[first], T1 - curves.knots[last]
    A0, A1 = quartic(curves.cells, first, PELTIER, t0), quartic(curves.cells, last, PELTIER, t1)
    x0 = cubic(curves.cells, first, CONDUCTIVITY, t0) / (j * A0 - c)
    x1 = cubic(curves.cells, last, CONDUCTIVITY, t1) / (j * A1 - c - jj * r + q)
    if not (sign * x0 > 0.0 and sign * x1 > 0.0):
        return -1.0
    m0 = resistivity(curves.cells, first, curves.is_resistivity, t0)
    m1 = resistivity(curves.cells, last, curves.is_resistivity, t1)
    lost0, lost1 = at.loss_at(side, T0), at.loss_at(side, T1)
    # moving the start alone is a shift of g by what it has gained up to there
    shift = (jj * m0 - lost0) * x0
    c_T0, c_T1, c_j = shift + x0 / X_c, -x1 / X_c, -X_j / X_c
    state[of.C], state[of.R], state[of.LOSS] = c, r, q
    state[of.C_T0], state[of.C_T1], state[of.C_J] = c_T0, c_T1, c_j
    state[of.R_T0] = r_c * (c_T0 - shift) - m0 * x0
    state[of.R_T1] = m1 * x1 + r_c * c_T1
    state[of.R_J] = r_j + r_c * c_j
    state[of.LOSS_T0] = q_c * (c_T0 - shift) - lost0 * x0
    state[of.LOSS_T1] = lost1 * x1 + q_c * c_T1
    state[of.LOSS_J] = q_j + q_c * c_j
    state[of.T_MIN], state[of.T_MAX] = min(T0, T1), max(T0, T1)
    return X
