r"""The march with exact derivatives of r(T1) and xi(T1) to c and to j.

With :math:`G = \rho\kappa/p^2`, the derivatives of r obey linear equations,

.. math:: r_c' = G (1 + j^2 r_c), \qquad r_j' = -G (A - 2 j r - j^2 r_j),

whose solution is an integral with the factor :math:`\exp(j^2 \int G\,dT)`.
"""

from __future__ import annotations

from typing import Any

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.plain.gauss import at_end, running, whole
from ioffe.engine.compiled.plain.lanes import (
    CONDUCTION,
    ELEMENT,
    GROWTH,
    LANES,
    PELTIER,
    POSITION_C,
    POSITION_J,
    R_C,
    R_J,
    SIGN,
    SQUARE,
    J,
    R,
    four,
    wide_vectors,
)
from ioffe.engine.compiled.plain.march import at_nodes, begin, end_element, keep_shape


@kernel(fast=True, inline=True)
def growth_ratio(x: float) -> float:
    """(exp(x) - 1)/x for |x| below one."""
    return 1.0 + x * (
        1 / 2 + x * (1 / 6 + x * (1 / 24 + x * (1 / 120 + x * (1 / 720 + x * (1 / 5040 + x * (1 / 40320))))))
    )


@kernel(fast=True)
def march_tangents(elements: Any, count: int, now: Any) -> None:
    """One pass like `march`, with R_C, R_J, POSITION_C and POSITION_J as exact as R and POSITION."""
    wide_vectors()
    begin(now)
    for lane in range(LANES):
        now[R_J + lane] = now[POSITION_J + lane] = 0.0
    for e in range(count):
        for lane in range(LANES):
            i = e * ELEMENT + lane
            f, m, v = at_nodes(elements, now, i, lane)
            keep_shape(elements, now, i, lane, v)
            square = now[SQUARE + lane]
            slope, r_j = 1.0 + square * now[R_C + lane], now[R_J + lane]
            twice = 2.0 * now[SIGN + lane] * now[J + lane]
            m0, m1, m2, m3 = m
            f0, f1, f2, f3 = f
            g0, g1, g2, g3 = m0 * f0, m1 * f1, m2 * f2, m3 * f3
            s0, s1, s2, s3 = running(g0, g1, g2, g3)
            s0, s1, s2, s3 = square * s0, square * s1, square * s2, square * s3
            b0, b1, b2, b3 = four(elements, i + PELTIER)
            r = now[R + lane]
            b0, b1 = b0 - twice * (r + v[0]), b1 - twice * (r + v[1])
            b2, b3 = b2 - twice * (r + v[2]), b3 - twice * (r + v[3])
            # driven by b: integrate with the growth taken out
            d0, d1 = g0 * b0 * (1.0 - s0 * growth_ratio(-s0)), g1 * b1 * (1.0 - s1 * growth_ratio(-s1))
            d2, d3 = g2 * b2 * (1.0 - s2 * growth_ratio(-s2)), g3 * b3 * (1.0 - s3 * growth_ratio(-s3))
            z0, z1, z2, z3 = running(d0, d1, d2, d3)
            s0, s1 = 1.0 + s0 * growth_ratio(s0), 1.0 + s1 * growth_ratio(s1)
            s2, s3 = 1.0 + s2 * growth_ratio(s2), 1.0 + s3 * growth_ratio(s3)
            b0, b1 = b0 - square * s0 * (r_j - z0), b1 - square * s1 * (r_j - z1)
            b2, b3 = b2 - square * s2 * (r_j - z2), b3 - square * s3 * (r_j - z3)
            x0, x1, x2, x3 = four(elements, i + CONDUCTION)
            x0, x1, x2, x3 = x0 * f0, x1 * f1, x2 * f2, x3 * f3
            dx = (x0 + x3) + (x1 + x2)
            x0, x1, x2, x3 = x0 * f0, x1 * f1, x2 * f2, x3 * f3
            now[POSITION_C + lane] += slope * ((x0 * s0 + x3 * s3) + (x1 * s1 + x2 * s2))
            now[POSITION_J + lane] -= (x0 * b0 + x3 * b3) + (x1 * b1 + x2 * b2)
            g = whole(g0, g1, g2, g3)
            growth = square * g
            ratio = growth_ratio(growth)
            now[GROWTH + lane] = max(now[GROWTH + lane], abs(growth))
            now[R_C + lane] += slope * g * ratio
            now[R_J + lane] = (1.0 + growth * ratio) * (r_j - whole(d0, d1, d2, d3))
            end_element(elements, now, i, lane, dx, whole(m0, m1, m2, m3), at_end(f0, f1, f2, f3))
