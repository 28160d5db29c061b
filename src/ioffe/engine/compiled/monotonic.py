r"""One segment of one lane with temperature as the independent variable, with or without side loss.

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

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.error_estimate import estimate, moved
from ioffe.engine.compiled.grid import (
    COUNT,
    EDGE,
    GROWTH,
    INVERSE,
    JOULE,
    KAPPA,
    LOSS_KAPPA,
    PARTICULAR,
    PELTIER,
    RHO_KAPPA,
    SHARE,
    UP_TO,
    WEIGHT_END,
    WEIGHT_MIDDLE,
    halve,
    prepare,
)
from ioffe.engine.compiled.monotonic_state import finish
from ioffe.engine.compiled.record import ERROR, LOSS, SAFETY, R

PASSES = 14
ROUNDS = 8
"""How often elements may be halved."""


@kernel(inner=True)
def solve(
    curves: Any,
    side: Any,
    T0: float,
    T1: float,
    j: float,
    start: float,
    tolerance: float,
    close: float,
    grid: Any,
    memory: Any,
    state: Any,
) -> float:
    """Write the state; returns the last relative change of c, or -1 where the form is not valid.

    `start` is an earlier c or NaN; `close` the relative change after which no further pass is made.
    """
    new = prepare(curves, side, T0, T1, grid, memory)
    if new == 2:
        return -1.0
    sign = 1.0 if T1 > T0 else -1.0
    c = start
    if not isfinite(c) or (new == 1 and not _run_up(grid, memory[COUNT], j, c, sign)):
        c = _guess(grid, memory[COUNT], j)
    for _ in range(ROUNDS):
        c, d, change = _newton(grid, memory[COUNT], j, c, sign, close)
        if change < 0.0:
            return -1.0
        X = finish(curves, side, grid, memory, T0, T1, j, c, d, sign, state)
        if not X > 0.0:
            return -1.0
        if new == 1 or moved(grid, memory[COUNT]):
            grid[SHARE, -1] = estimate(curves, grid, memory, j, X, abs(state[R]))
        state[ERROR] = SAFETY * grid[SHARE, -1] * (abs(c) + j * j * abs(state[R]) + abs(state[LOSS]))
        if grid[SHARE, -1] <= tolerance:
            return change
        new = 1
        if not halve(curves, side, grid, memory, 0.3 * tolerance / memory[COUNT]):
            return -1.0
        if not _run_up(grid, memory[COUNT], j, c, sign):
            return -1.0
    return -1.0


@kernel(inner=True)
def _guess(grid: Any, count: int, j: float) -> float:
    """c, and g at the nodes, for a profile that is linear in int kappa dT."""
    total = peltier = joule = 0.0
    jj = j * j
    for e in range(count):
        h = grid[EDGE, e + 1] - grid[EDGE, e]
        for i in range(3):
            total += h * (WEIGHT_MIDDLE if i == 1 else WEIGHT_END) * grid[KAPPA, 3 * e + i]
    g = 0.0
    for e in range(count):
        h = (grid[EDGE, e + 1] - grid[EDGE, e]) / total
        for i in range(3):
            k = 3 * e + i
            grid[JOULE, k] = g
            for m in range(3):
                source = jj * grid[RHO_KAPPA, 3 * e + m] - grid[LOSS_KAPPA, 3 * e + m]
                grid[JOULE, k] += h * UP_TO[i][m] * source
        for i in range(3):
            k = 3 * e + i
            w = h * (WEIGHT_MIDDLE if i == 1 else WEIGHT_END)
            g += w * (jj * grid[RHO_KAPPA, k] - grid[LOSS_KAPPA, k])
            peltier += w * grid[KAPPA, k] * grid[PELTIER, k]
            joule += w * grid[KAPPA, k] * grid[JOULE, k]
    return j * peltier - joule - total


@kernel(inner=True)
def _run_up(grid: Any, count: int, j: float, c: float, sign: float) -> bool:
    """g at the nodes for a known c, element by element; False where p changes its sign."""
    jj = j * j
    g = 0.0
    for e in range(count):
        h = grid[EDGE, e + 1] - grid[EDGE, e]
        k = 3 * e
        g0 = g1 = g2 = g
        v0 = v1 = v2 = 0.0
        for _ in range(3):
            p0 = j * grid[PELTIER, k] - c - g0
            p1 = j * grid[PELTIER, k + 1] - c - g1
            p2 = j * grid[PELTIER, k + 2] - c - g2
            if not (sign * p0 > 0.0 and sign * p1 > 0.0 and sign * p2 > 0.0):
                return False
            v0 = h * (jj * grid[RHO_KAPPA, k] - grid[LOSS_KAPPA, k]) / p0
            v1 = h * (jj * grid[RHO_KAPPA, k + 1] - grid[LOSS_KAPPA, k + 1]) / p1
            v2 = h * (jj * grid[RHO_KAPPA, k + 2] - grid[LOSS_KAPPA, k + 2]) / p2
            g0 = g + UP_TO[0][0] * v0 + UP_TO[0][1] * v1 + UP_TO[0][2] * v2
            g1 = g + UP_TO[1][0] * v0 + UP_TO[1][1] * v1 + UP_TO[1][2] * v2
            g2 = g + UP_TO[2][0] * v0 + UP_TO[2][1] * v1 + UP_TO[2][2] * v2
        grid[JOULE, k], grid[JOULE, k + 1], grid[JOULE, k + 2] = g0, g1, g2
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
            fall = max(fall, (d * grid[GROWTH, k] + grid[PARTICULAR, k]) * grid[INVERSE, k])
        share = 0.67 / fall if fall > 0.67 else 1.0
        most = size = 0.0
        for k in range(3 * count):
            move = share * (d * (grid[GROWTH, k] - 1.0) + grid[PARTICULAR, k])
            grid[JOULE, k] += move
            most = max(most, abs(move))
            size = max(size, abs(grid[JOULE, k]))
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
        h = grid[EDGE, e + 1] - grid[EDGE, e]
        k = 3 * e
        p0 = j * grid[PELTIER, k] - c - grid[JOULE, k]
        p1 = j * grid[PELTIER, k + 1] - c - grid[JOULE, k + 1]
        p2 = j * grid[PELTIER, k + 2] - c - grid[JOULE, k + 2]
        if not (sign * p0 > 0.0 and sign * p1 > 0.0 and sign * p2 > 0.0):
            return -1.0, 0.0, 0.0
        f0, f1, f2 = 1.0 / p0, 1.0 / p1, 1.0 / p2
        v0 = h * (jj * grid[RHO_KAPPA, k] - grid[LOSS_KAPPA, k]) * f0
        v1 = h * (jj * grid[RHO_KAPPA, k + 1] - grid[LOSS_KAPPA, k + 1]) * f1
        v2 = h * (jj * grid[RHO_KAPPA, k + 2] - grid[LOSS_KAPPA, k + 2]) * f2
        a0, a1, a2 = v0 * f0, v1 * f1, v2 * f2
        E0 = exp(growth + UP_TO[0][0] * a0 + UP_TO[0][1] * a1 + UP_TO[0][2] * a2)
        E1 = exp(growth + UP_TO[1][0] * a0 + UP_TO[1][1] * a1 + UP_TO[1][2] * a2)
        E2 = exp(growth + UP_TO[2][0] * a0 + UP_TO[2][1] * a1 + UP_TO[2][2] * a2)
        m0 = joule + UP_TO[0][0] * v0 + UP_TO[0][1] * v1 + UP_TO[0][2] * v2 - grid[JOULE, k]
        m1 = joule + UP_TO[1][0] * v0 + UP_TO[1][1] * v1 + UP_TO[1][2] * v2 - grid[JOULE, k + 1]
        m2 = joule + UP_TO[2][0] * v0 + UP_TO[2][1] * v1 + UP_TO[2][2] * v2 - grid[JOULE, k + 2]
        z0, z1, z2 = a0 * m0 / E0, a1 * m1 / E1, a2 * m2 / E2
        q0 = m0 + E0 * (driven + UP_TO[0][0] * z0 + UP_TO[0][1] * z1 + UP_TO[0][2] * z2)
        q1 = m1 + E1 * (driven + UP_TO[1][0] * z0 + UP_TO[1][1] * z1 + UP_TO[1][2] * z2)
        q2 = m2 + E2 * (driven + UP_TO[2][0] * z0 + UP_TO[2][1] * z1 + UP_TO[2][2] * z2)
        x0 = WEIGHT_END * h * grid[KAPPA, k] * f0
        x1 = WEIGHT_MIDDLE * h * grid[KAPPA, k + 1] * f1
        x2 = WEIGHT_END * h * grid[KAPPA, k + 2] * f2
        X += x0 + x1 + x2
        x0, x1, x2 = x0 * f0, x1 * f1, x2 * f2
        X_c += x0 * E0 + x1 * E1 + x2 * E2
        X_p += x0 * q0 + x1 * q1 + x2 * q2
        grid[INVERSE, k], grid[INVERSE, k + 1], grid[INVERSE, k + 2] = f0, f1, f2
        grid[GROWTH, k], grid[GROWTH, k + 1], grid[GROWTH, k + 2] = E0, E1, E2
        grid[PARTICULAR, k], grid[PARTICULAR, k + 1], grid[PARTICULAR, k + 2] = q0, q1, q2
        growth += WEIGHT_END * (a0 + a2) + WEIGHT_MIDDLE * a1
        joule += WEIGHT_END * (v0 + v2) + WEIGHT_MIDDLE * v1
        driven += WEIGHT_END * (z0 + z2) + WEIGHT_MIDDLE * z1
    return X, X_c, X_p
