"""State of a segment, with all derivatives, from the nodes of the temperature form."""

from __future__ import annotations

from typing import Any

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.grid import (
    COUNT,
    EDGE,
    GROWTH,
    INVERSE,
    KAPPA,
    LOSS_KAPPA,
    PARTICULAR,
    PELTIER,
    RHO_KAPPA,
    ROWS,
    UP_TO,
    WEIGHT_END,
    WEIGHT_MIDDLE,
    loss_at,
)
from ioffe.engine.compiled.properties import cubic, quartic, resistivity
from ioffe.engine.compiled.record import (
    C_J,
    C_T0,
    C_T1,
    LOSS,
    LOSS_J,
    LOSS_T0,
    LOSS_T1,
    R_J,
    R_T0,
    R_T1,
    T_MAX,
    T_MIN,
    C,
    R,
)


@kernel(inner=True)
def finish(
    curves: Any,
    side: Any,
    grid: Any,
    memory: Any,
    T0: float,
    T1: float,
    j: float,
    c: float,
    d: float,
    sign: float,
    state: Any,
) -> float:
    """Write the state without its error, closed to first order in the last correction d of c.

    The derivatives follow from X(c, T0, T1, j) = 1 by the implicit function theorem. Returns X, or -1 where
    p changes its sign.
    """
    count, jj = memory[COUNT], j * j
    X = X_c = X_j = r = r_c = r_j = q = q_c = q_j = driven = r_miss = q_miss = 0.0
    for e in range(count):
        h = grid[EDGE, e + 1] - grid[EDGE, e]
        z0 = z1 = z2 = 0.0
        for i in range(3):
            k = 3 * e + i
            f = grid[INVERSE, k]
            source = jj * grid[RHO_KAPPA, k] - grid[LOSS_KAPPA, k]
            z = h * f * (2.0 * j * grid[RHO_KAPPA, k] - source * f * grid[PELTIER, k]) / grid[GROWTH, k]
            if i == 0:
                z0 = z
            elif i == 1:
                z1 = z
            else:
                z2 = z
        for i in range(3):
            k = 3 * e + i
            f, E = grid[INVERSE, k], grid[GROWTH, k]
            g_j = E * (driven + UP_TO[i][0] * z0 + UP_TO[i][1] * z1 + UP_TO[i][2] * z2)
            w = h * f * (WEIGHT_MIDDLE if i == 1 else WEIGHT_END)
            p_j = f * (g_j - grid[PELTIER, k])
            kappa, m, lost = grid[KAPPA, k], grid[RHO_KAPPA, k], grid[LOSS_KAPPA, k]
            X += w * kappa
            X_c += w * kappa * f * E
            X_j += w * kappa * p_j
            r += w * m
            r_c += w * m * f * E
            r_j += w * m * p_j
            r_miss += w * m * f * grid[PARTICULAR, k]
            q += w * lost
            q_c += w * lost * f * E
            q_j += w * lost * p_j
            q_miss += w * lost * f * grid[PARTICULAR, k]
        driven += WEIGHT_END * (z0 + z2) + WEIGHT_MIDDLE * z1
    r += r_c * d + r_miss
    q += q_c * d + q_miss
    first, last = memory[ROWS], memory[ROWS + count - 1]
    t0, t1 = T0 - curves.knots[first], T1 - curves.knots[last]
    A0, A1 = quartic(curves.cells, first, 8, t0), quartic(curves.cells, last, 8, t1)
    x0 = cubic(curves.cells, first, 0, t0) / (j * A0 - c)
    x1 = cubic(curves.cells, last, 0, t1) / (j * A1 - c - jj * r + q)
    if not (sign * x0 > 0.0 and sign * x1 > 0.0):
        return -1.0
    m0 = resistivity(curves.cells, first, curves.is_resistivity, t0)
    m1 = resistivity(curves.cells, last, curves.is_resistivity, t1)
    lost0, lost1 = loss_at(side, T0), loss_at(side, T1)
    # moving the start alone is a shift of g by what it has gained up to there
    shift = (jj * m0 - lost0) * x0
    c_T0, c_T1, c_j = shift + x0 / X_c, -x1 / X_c, -X_j / X_c
    state[C], state[R], state[LOSS] = c, r, q
    state[C_T0], state[C_T1], state[C_J] = c_T0, c_T1, c_j
    state[R_T0] = r_c * (c_T0 - shift) - m0 * x0
    state[R_T1] = m1 * x1 + r_c * c_T1
    state[R_J] = r_j + r_c * c_j
    state[LOSS_T0] = q_c * (c_T0 - shift) - lost0 * x0
    state[LOSS_T1] = lost1 * x1 + q_c * c_T1
    state[LOSS_J] = q_j + q_c * c_j
    state[T_MIN], state[T_MAX] = min(T0, T1), max(T0, T1)
    return X
