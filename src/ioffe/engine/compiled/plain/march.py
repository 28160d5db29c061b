r"""The march of cases from T0 to T1 in the temperature form, by collocation in every element.

With temperature as the independent variable, :math:`p = \kappa\,dT/d\xi` obeys

.. math:: p = j A - c - j^2 r, \qquad dr = \rho\kappa\,dT/p, \qquad d\xi = \kappa\,dT/p,

and the one unknown number c is that for which :math:`\xi(T_1) = 1` (see `temperature_form`). A case that
runs downwards in temperature is turned round: with s the sign of T1 - T0, the rows J, C and P hold s j, s c
and s p, and SQUARE holds s j^2, so that p is always positive and dT always counts as |dT|.

In an element, 1/p at the nodes needs r there, and r is an integral of 1/p. It is predicted as 1/p at the
start times a shape kept from the pass before, and corrected once to first order: passes of Newton's method
for c are at the same time the iterations of the collocation.

With :math:`G = \rho\kappa/p^2`, the derivatives of r to c and to j obey linear equations,

.. math:: r_c' = G (1 + j^2 r_c), \qquad r_j' = -G (A - 2 j r - j^2 r_j),

whose solution is an integral with the factor :math:`\exp(j^2 \int G\,dT)` (`march_tangents`).

`CASES` devices that go through the same cells of the same table are neighbours in memory and advance
together, so that loops over them become vector instructions. Their numbers are rows of `CASES` in one flat
array, and the material at the nodes of their elements is a second flat array: with two arrays and constant
distances the compiler sees that nothing overlaps. Values at the four Gauss nodes of an element
are passed and returned one by one, so that compiled code keeps them in registers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.packing import NODES
from ioffe.engine.quadrature import gauss

CASES = 16

PELTIER, JOULE, CONDUCTION, SHAPE, BORDER, DEFECT, ELEMENT = (CASES * k for k in (0, 4, 8, 12, 16, 17, 18))
"""Indices into an element of `ELEMENT` numbers; the first four have four rows, one for each node.

PELTIER is A, JOULE |h| rho kappa and CONDUCTION |h| kappa times the weight of the node, with h the width of
the element in K; SHAPE is int rho kappa (p_start/p) |dT| from the start of the element to the node, BORDER is
A at the end of the element, DEFECT the relative error of the cubic through the nodes of rho kappa.
"""

# a device: T0, T1, the sign of T1 - T0, A at T0; where the cell that is being filled is entered and left
BEGIN, END, SIGN, START, ENTER, LEAVE = (CASES * k for k in range(6))
# the current, its square with the sign, the unknown, and what it is to reach
J, SQUARE, C, R, POSITION = (CASES * k for k in range(6, 11))
# slopes of r and of the position at T1
R_C, R_J, POSITION_C, POSITION_J = (CASES * k for k in range(11, 15))
# averages for the first guess
TOTAL, MEAN, HEATING = (CASES * k for k in range(15, 18))
# the march: p and 1/p at the current position, the least p, extreme ratios of p in an element, growth, errors
P, INVERSE, LEAST, FALL, RISE, GROWTH, POSITION_ERROR, R_ERROR = (CASES * k for k in range(18, 26))
# Newton's method: whether the case changes, the last change of the current, and what was found
MOVING, BEFORE, FOUND_R, ERROR = (CASES * k for k in range(26, 30))
# for a search over the current: int S dT between the ends and at the hot end, and the hot end's part in r;
# resistances of contacts as they add to r, of both and of the one at the hot end
VOLTAGE, HOT, HOT_R, OHM, OHM_HOT, ROWS = (CASES * k for k in range(30, 36))


def _wide_vectors(_context: Any) -> Any:
    def generate(context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return types.void(), generate


wide_vectors: Any = intrinsic(_wide_vectors)
"""Ask for the widest vectors of the processor in the function that calls this.

On processors with AVX-512 the compiler otherwise uses half their width.
"""


@kernel(fast=True, inline=True)
def four(a: Any, i: int) -> Any:
    """Four rows of one case."""
    return a[i], a[i + CASES], a[i + 2 * CASES], a[i + 3 * CASES]


@kernel(fast=True, inline=True)
def put_four(a: Any, i: int, first: float, second: float, third: float, fourth: float) -> None:
    """Write four rows of one case."""
    a[i], a[i + CASES], a[i + 2 * CASES], a[i + 3 * CASES] = first, second, third, fourth


_nodes, _weights, _matrix, _ = gauss(NODES)
X0, X1, X2, X3 = (float(x) for x in _nodes)
"""Positions of the nodes between 0 and 1."""
W0, W1 = float(_weights[0]), float(_weights[1])
"""Weights of the two outer and the two inner nodes."""
E0, E1, E2, E3 = (float(e) for e in np.linalg.solve(np.vander(_nodes).T, np.ones(NODES)))
"""Weights of the nodes for the value at the end of the element."""
(A00, A01, A02, A03), (A10, A11, A12, A13), (A20, A21, A22, A23), (A30, A31, A32, A33) = (
    tuple(float(a) for a in row) for row in _matrix
)
"""Weights of the nodes for the integral up to each node."""


@kernel(fast=True, inline=True)
def whole(a: float, b: float, c: float, d: float) -> float:
    """Integral over the element, in units of its width."""
    return W0 * (a + d) + W1 * (b + c)


@kernel(fast=True, inline=True)
def running(a: float, b: float, c: float, d: float) -> Any:
    """Integrals from the start of the element to each node, in units of its width."""
    return (
        A00 * a + A01 * b + A02 * c + A03 * d,
        A10 * a + A11 * b + A12 * c + A13 * d,
        A20 * a + A21 * b + A22 * c + A23 * d,
        A30 * a + A31 * b + A32 * c + A33 * d,
    )


@kernel(fast=True, inline=True)
def at_end(a: float, b: float, c: float, d: float) -> float:
    """Value at the end of the element of the cubic through the nodes."""
    return E0 * a + E1 * b + E2 * c + E3 * d


@kernel(fast=True, inline=True)
def inverse(a: float, b: float, c: float, d: float) -> Any:
    """Four reciprocals for the price of one division."""
    left, right = a * b, c * d
    both = 1.0 / (left * right)
    left, right = both * right, both * left
    return left * b, left * a, right * d, right * c


@kernel(fast=True, inner=True)
def sums(elements: Any, count: int, now: Any) -> None:
    """What the first guess needs: averages over a profile of constant p, and the shape that belongs to it.

    TOTAL is int kappa dT, MEAN the average of A, HEATING that of r, and R int rho dxi.
    """
    wide_vectors()
    for case in range(CASES):
        now[R + case] = now[TOTAL + case] = now[MEAN + case] = now[HEATING + case] = 0.0
    for e in range(count):
        for case in range(CASES):
            i = e * ELEMENT + case
            k0, k1, k2, k3 = four(elements, i + CONDUCTION)
            a0, a1, a2, a3 = four(elements, i + PELTIER)
            m0, m1, m2, m3 = four(elements, i + JOULE)
            s0, s1, s2, s3 = running(m0, m1, m2, m3)
            put_four(elements, i + SHAPE, s0, s1, s2, s3)
            k = (k0 + k3) + (k1 + k2)
            now[TOTAL + case] += k
            now[MEAN + case] += (k0 * a0 + k3 * a3) + (k1 * a1 + k2 * a2)
            now[HEATING + case] += k * now[R + case] + (k0 * s0 + k3 * s3) + (k1 * s1 + k2 * s2)
            now[R + case] += whole(m0, m1, m2, m3)
    for case in range(CASES):
        i = 1.0 / now[TOTAL + case]
        now[MEAN + case] *= i
        now[HEATING + case] *= i * i
        now[R + case] *= i


@kernel(fast=True, inline=True)
def begin(now: Any) -> None:
    """Everything at the start of a march."""
    wide_vectors()
    for case in range(CASES):
        p = now[J + case] * now[START + case] - now[C + case]
        now[P + case], now[INVERSE + case], now[LEAST + case] = p, 1.0 / p, p
        now[FALL + case] = now[RISE + case] = 1.0
        now[R + case] = now[R_C + case] = now[POSITION + case] = now[POSITION_C + case] = 0.0
        now[POSITION_ERROR + case] = now[R_ERROR + case] = now[GROWTH + case] = 0.0


@kernel(fast=True, inline=True)
def at_nodes(elements: Any, now: Any, i: int, case: int) -> Any:
    """1/p, |h| rho kappa/p and r from the start of the element at the four nodes of a case's element."""
    f, square = now[INVERSE + case], now[SQUARE + case]
    base = now[C + case] + square * now[R + case]
    u0, u1, u2, u3 = four(elements, i + SHAPE)
    p0, p1, p2, p3 = four(elements, i + PELTIER)
    u0, u1, u2, u3 = f * u0, f * u1, f * u2, f * u3
    p0 = now[J + case] * p0 - base - square * u0
    p1 = now[J + case] * p1 - base - square * u1
    p2 = now[J + case] * p2 - base - square * u2
    p3 = now[J + case] * p3 - base - square * u3
    low, high = min(p0, p1, p2, p3), max(p0, p1, p2, p3)
    now[LEAST + case] = min(now[LEAST + case], low)
    now[FALL + case] = min(now[FALL + case], f * low)
    now[RISE + case] = max(now[RISE + case], f * high)
    f0, f1, f2, f3 = inverse(p0, p1, p2, p3)
    m0, m1, m2, m3 = four(elements, i + JOULE)
    v0, v1, v2, v3 = running(m0 * f0, m1 * f1, m2 * f2, m3 * f3)
    f0 += f0 * (f0 * square) * (v0 - u0)
    f1 += f1 * (f1 * square) * (v1 - u1)
    f2 += f2 * (f2 * square) * (v2 - u2)
    f3 += f3 * (f3 * square) * (v3 - u3)
    m0, m1, m2, m3 = m0 * f0, m1 * f1, m2 * f2, m3 * f3
    return (f0, f1, f2, f3), (m0, m1, m2, m3), running(m0, m1, m2, m3)


@kernel(fast=True, inline=True)
def keep_shape(elements: Any, now: Any, i: int, case: int, v: Any) -> None:
    """The shape for the next pass, unless the case is done."""
    p, moving = now[P + case], now[MOVING + case] != 0.0
    s0, s1, s2, s3 = four(elements, i + SHAPE)
    s0, s1 = (v[0] * p if moving else s0), (v[1] * p if moving else s1)
    s2, s3 = (v[2] * p if moving else s2), (v[3] * p if moving else s3)
    put_four(elements, i + SHAPE, s0, s1, s2, s3)


@kernel(fast=True, inline=True)
def end_element(elements: Any, now: Any, i: int, case: int, dx: float, dr: float, end: float) -> None:
    """Step over the end of the element; `end` is 1/p there by extrapolation, whose error is a measure.

    The four nodes make an integral exact to twice the order of the extrapolation: its error is the square.
    """
    r = now[R + case] + dr
    p = now[J + case] * elements[i + BORDER] - now[C + case] - now[SQUARE + case] * r
    off = p * end - 1.0
    now[POSITION + case] += dx
    now[R + case] = r
    now[P + case] = p
    now[INVERSE + case] = end - end * off
    now[LEAST + case] = min(now[LEAST + case], p)
    now[POSITION_ERROR + case] += dx * off * off
    off = abs(off) + elements[i + DEFECT]
    now[R_ERROR + case] += dr * off * off


@kernel(fast=True, inner=True)
def march(elements: Any, count: int, now: Any) -> None:
    """One pass: R and POSITION at T1, and their slopes to C, good enough for Newton's method."""
    wide_vectors()
    begin(now)
    for e in range(count):
        for case in range(CASES):
            i = e * ELEMENT + case
            f, m, v = at_nodes(elements, now, i, case)
            keep_shape(elements, now, i, case, v)
            x0, x1, x2, x3 = four(elements, i + CONDUCTION)
            x0, x1, x2, x3 = x0 * f[0], x1 * f[1], x2 * f[2], x3 * f[3]
            g = whole(m[0] * f[0], m[1] * f[1], m[2] * f[2], m[3] * f[3])
            growth = now[SQUARE + case] * g
            slope = (1.0 + now[SQUARE + case] * now[R_C + case]) * (1.0 + 0.5 * growth)
            now[GROWTH + case] = max(now[GROWTH + case], abs(growth))
            now[POSITION_C + case] += slope * ((x0 * f[0] + x3 * f[3]) + (x1 * f[1] + x2 * f[2]))
            now[R_C + case] += slope * g
            dx = (x0 + x3) + (x1 + x2)
            end = at_end(f[0], f[1], f[2], f[3])
            end_element(elements, now, i, case, dx, whole(m[0], m[1], m[2], m[3]), end)


@kernel(fast=True, inline=True)
def growth_ratio(x: float) -> float:
    """(exp(x) - 1)/x for |x| below one."""
    return 1.0 + x * (
        1 / 2 + x * (1 / 6 + x * (1 / 24 + x * (1 / 120 + x * (1 / 720 + x * (1 / 5040 + x * (1 / 40320))))))
    )


@kernel(fast=True, inner=True)
def march_tangents(elements: Any, count: int, now: Any) -> None:
    """One pass like `march`, with R_C, R_J, POSITION_C and POSITION_J as exact as R and POSITION."""
    wide_vectors()
    begin(now)
    for case in range(CASES):
        now[R_J + case] = now[POSITION_J + case] = 0.0
    for e in range(count):
        for case in range(CASES):
            i = e * ELEMENT + case
            f, m, v = at_nodes(elements, now, i, case)
            keep_shape(elements, now, i, case, v)
            square = now[SQUARE + case]
            slope, r_j = 1.0 + square * now[R_C + case], now[R_J + case]
            twice = 2.0 * now[SIGN + case] * now[J + case]
            m0, m1, m2, m3 = m
            f0, f1, f2, f3 = f
            g0, g1, g2, g3 = m0 * f0, m1 * f1, m2 * f2, m3 * f3
            s0, s1, s2, s3 = running(g0, g1, g2, g3)
            s0, s1, s2, s3 = square * s0, square * s1, square * s2, square * s3
            b0, b1, b2, b3 = four(elements, i + PELTIER)
            r = now[R + case]
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
            now[POSITION_C + case] += slope * ((x0 * s0 + x3 * s3) + (x1 * s1 + x2 * s2))
            now[POSITION_J + case] -= (x0 * b0 + x3 * b3) + (x1 * b1 + x2 * b2)
            g = whole(g0, g1, g2, g3)
            growth = square * g
            ratio = growth_ratio(growth)
            now[GROWTH + case] = max(now[GROWTH + case], abs(growth))
            now[R_C + case] += slope * g * ratio
            now[R_J + case] = (1.0 + growth * ratio) * (r_j - whole(d0, d1, d2, d3))
            end_element(elements, now, i, case, dx, whole(m0, m1, m2, m3), at_end(f0, f1, f2, f3))
