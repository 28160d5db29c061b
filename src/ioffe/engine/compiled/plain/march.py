r"""The march of lanes from T0 to T1 in the temperature form, by collocation in every element.

With temperature as the independent variable, :math:`p = \kappa\,dT/d\xi` obeys

.. math:: p = j A - c - j^2 r, \qquad dr = \rho\kappa\,dT/p, \qquad d\xi = \kappa\,dT/p,

and the one unknown number c is that for which :math:`\xi(T_1) = 1` (see `temperature_form`). A lane that
runs downwards in temperature is turned round: with s the sign of T1 - T0, the rows J, C and P hold s j, s c
and s p, and SQUARE holds s j^2, so that p is always positive and dT always counts as |dT|.

In an element, 1/p at the nodes needs r there, and r is an integral of 1/p. It is predicted as 1/p at the
start times a shape kept from the pass before, and corrected once to first order: passes of Newton's method
for c are at the same time the iterations of the collocation.
"""

from __future__ import annotations

from typing import Any

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.plain.gauss import at_end, inverse, running, whole
from ioffe.engine.compiled.plain.lanes import (
    BORDER,
    CONDUCTION,
    DEFECT,
    ELEMENT,
    FALL,
    GROWTH,
    HEATING,
    INVERSE,
    JOULE,
    LANES,
    LEAST,
    MEAN,
    MOVING,
    PELTIER,
    POSITION,
    POSITION_C,
    POSITION_ERROR,
    R_C,
    R_ERROR,
    RISE,
    SHAPE,
    SQUARE,
    START,
    TOTAL,
    C,
    J,
    P,
    R,
    four,
    put_four,
    wide_vectors,
)


@kernel(fast=True)
def sums(elements: Any, count: int, now: Any) -> None:
    """What the first guess needs: averages over a profile of constant p, and the shape that belongs to it.

    TOTAL is int kappa dT, MEAN the average of A, HEATING that of r, and R int rho dxi.
    """
    wide_vectors()
    for lane in range(LANES):
        now[R + lane] = now[TOTAL + lane] = now[MEAN + lane] = now[HEATING + lane] = 0.0
    for e in range(count):
        for lane in range(LANES):
            i = e * ELEMENT + lane
            k0, k1, k2, k3 = four(elements, i + CONDUCTION)
            a0, a1, a2, a3 = four(elements, i + PELTIER)
            m0, m1, m2, m3 = four(elements, i + JOULE)
            s0, s1, s2, s3 = running(m0, m1, m2, m3)
            put_four(elements, i + SHAPE, s0, s1, s2, s3)
            k = (k0 + k3) + (k1 + k2)
            now[TOTAL + lane] += k
            now[MEAN + lane] += (k0 * a0 + k3 * a3) + (k1 * a1 + k2 * a2)
            now[HEATING + lane] += k * now[R + lane] + (k0 * s0 + k3 * s3) + (k1 * s1 + k2 * s2)
            now[R + lane] += whole(m0, m1, m2, m3)
    for lane in range(LANES):
        i = 1.0 / now[TOTAL + lane]
        now[MEAN + lane] *= i
        now[HEATING + lane] *= i * i
        now[R + lane] *= i


@kernel(fast=True, inline=True)
def begin(now: Any) -> None:
    """Everything at the start of a march."""
    wide_vectors()
    for lane in range(LANES):
        p = now[J + lane] * now[START + lane] - now[C + lane]
        now[P + lane], now[INVERSE + lane], now[LEAST + lane] = p, 1.0 / p, p
        now[FALL + lane] = now[RISE + lane] = 1.0
        now[R + lane] = now[R_C + lane] = now[POSITION + lane] = now[POSITION_C + lane] = 0.0
        now[POSITION_ERROR + lane] = now[R_ERROR + lane] = now[GROWTH + lane] = 0.0


@kernel(fast=True, inline=True)
def at_nodes(elements: Any, now: Any, i: int, lane: int) -> Any:
    """1/p, |h| rho kappa/p and r from the start of the element at the four nodes of a lane's element."""
    f, square = now[INVERSE + lane], now[SQUARE + lane]
    base = now[C + lane] + square * now[R + lane]
    u0, u1, u2, u3 = four(elements, i + SHAPE)
    p0, p1, p2, p3 = four(elements, i + PELTIER)
    u0, u1, u2, u3 = f * u0, f * u1, f * u2, f * u3
    p0 = now[J + lane] * p0 - base - square * u0
    p1 = now[J + lane] * p1 - base - square * u1
    p2 = now[J + lane] * p2 - base - square * u2
    p3 = now[J + lane] * p3 - base - square * u3
    low, high = min(p0, p1, p2, p3), max(p0, p1, p2, p3)
    now[LEAST + lane] = min(now[LEAST + lane], low)
    now[FALL + lane] = min(now[FALL + lane], f * low)
    now[RISE + lane] = max(now[RISE + lane], f * high)
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
def keep_shape(elements: Any, now: Any, i: int, lane: int, v: Any) -> None:
    """The shape for the next pass, unless the lane is done."""
    p, moving = now[P + lane], now[MOVING + lane] != 0.0
    s0, s1, s2, s3 = four(elements, i + SHAPE)
    s0, s1 = (v[0] * p if moving else s0), (v[1] * p if moving else s1)
    s2, s3 = (v[2] * p if moving else s2), (v[3] * p if moving else s3)
    put_four(elements, i + SHAPE, s0, s1, s2, s3)


@kernel(fast=True, inline=True)
def end_element(elements: Any, now: Any, i: int, lane: int, dx: float, dr: float, end: float) -> None:
    """Step over the end of the element; `end` is 1/p there by extrapolation, whose error is a measure.

    The four nodes make an integral exact to twice the order of the extrapolation: its error is the square.
    """
    r = now[R + lane] + dr
    p = now[J + lane] * elements[i + BORDER] - now[C + lane] - now[SQUARE + lane] * r
    off = p * end - 1.0
    now[POSITION + lane] += dx
    now[R + lane] = r
    now[P + lane] = p
    now[INVERSE + lane] = end - end * off
    now[LEAST + lane] = min(now[LEAST + lane], p)
    now[POSITION_ERROR + lane] += dx * off * off
    off = abs(off) + elements[i + DEFECT]
    now[R_ERROR + lane] += dr * off * off


@kernel(fast=True)
def march(elements: Any, count: int, now: Any) -> None:
    """One pass: R and POSITION at T1, and their slopes to C, good enough for Newton's method."""
    wide_vectors()
    begin(now)
    for e in range(count):
        for lane in range(LANES):
            i = e * ELEMENT + lane
            f, m, v = at_nodes(elements, now, i, lane)
            keep_shape(elements, now, i, lane, v)
            x0, x1, x2, x3 = four(elements, i + CONDUCTION)
            x0, x1, x2, x3 = x0 * f[0], x1 * f[1], x2 * f[2], x3 * f[3]
            g = whole(m[0] * f[0], m[1] * f[1], m[2] * f[2], m[3] * f[3])
            growth = now[SQUARE + lane] * g
            slope = (1.0 + now[SQUARE + lane] * now[R_C + lane]) * (1.0 + 0.5 * growth)
            now[GROWTH + lane] = max(now[GROWTH + lane], abs(growth))
            now[POSITION_C + lane] += slope * ((x0 * f[0] + x3 * f[3]) + (x1 * f[1] + x2 * f[2]))
            now[R_C + lane] += slope * g
            dx = (x0 + x3) + (x1 + x2)
            end = at_end(f[0], f[1], f[2], f[3])
            end_element(elements, now, i, lane, dx, whole(m[0], m[1], m[2], m[3]), end)
