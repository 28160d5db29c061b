r"""The march from the largest temperature of a segment down to one of its ends, in vector registers.

With :math:`T = T_m - u^2`, :math:`\kappa\,|dT/d\xi| = |j| p` and s the sign of j dT/dxi (see `turning_form`),

.. math:: \frac{p^2}{2} = \int_0^u (\kappa\rho - s A' p)\, 2u\,du, \qquad
          \hat X = \int_0^u \frac{2\kappa u}{p} du, \qquad \hat R = \int_0^u \frac{2\kappa\rho u}{p} du

do not depend on \|j\|: the length of the branch is X/\|j\|, its int rho dxi R/\|j\|. In an element between
two knots of the table the bracket is a polynomial through its values at Gauss nodes; the nodes are solved for
one after the other until p no longer changes. X, R and p^2/2 are differentiated to T_m on elements whose
edges move with it: the derivatives are those of the discrete equations.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.packing import CONDUCTIVITY, ELECTRICAL, PELTIER
from ioffe.engine.compiled.plain.march import CASES, wide_vectors
from ioffe.engine.quadrature import gauss

NODES = 6
SWEEPS = 12
SETTLED, SETTLED_T = 1e-10, 1e-6
"""Relative changes of p and of its slope after which no further sweep is made; one leaves a thousandth."""
SMALLEST = 1e-300
"""Of p^2: keeps an element without a width finite."""
COLUMNS = 13
"""Coefficients of a cell, the first columns of `PackedTables.cells`."""

# at every node: u, kappa, kappa rho and s A' with their slopes to T_m, p with its slope, what p follows from
U, U_T, KAPPA, KAPPA_T, SOURCE, SOURCE_T, DRIFT, DRIFT_T, P, P_T, KNOWN, KNOWN_T, NODE_ROWS = (
    CASES * NODES * k for k in range(13)
)
# of every case: T_m, edges of the cell in u and their slopes, its knot; s, whether it holds resistivity
TOP, FROM, FROM_T, TO, TO_T, KNOT, SIGN, RESISTIVITY = (NODE_ROWS + CASES * k for k in range(8))
# edge of the element and its width, with their slopes; new values of a node
BEGIN, BEGIN_T, WIDTH, WIDTH_T, NEW, OTHER = (NODE_ROWS + CASES * k for k in range(8, 14))
# p^2/2, X and R with their slopes to T_m, estimated errors of X and R, and that of X for the knots alone; the
# last changes of p and of its slope
HALF, HALF_T, LENGTH, LENGTH_T, RESISTANCE, RESISTANCE_T, LENGTH_ERROR, RESISTANCE_ERROR, KNOT_ERROR = (
    NODE_ROWS + CASES * k for k in range(14, 23)
)
CHANGE, CHANGE_T, LATEST, COEFFICIENTS = (NODE_ROWS + CASES * k for k in range(23, 27))
KAPPA_0, ELECTRICAL_0, PELTIER_0 = (COEFFICIENTS + CASES * k for k in (CONDUCTIVITY, ELECTRICAL, PELTIER))
RESULTS = CHANGE - HALF
"""How many numbers from HALF on are the results of a branch."""
SIZE = COEFFICIENTS + CASES * COLUMNS
"""Of the flat array of rows of `CASES` numbers."""

SHARE, WEIGHT, UP_TO, LAST = gauss(NODES)


def _weighted() -> Any:
    """Integrals of each node's polynomial times the position, from the start of an element to each node."""
    inverse = np.linalg.inv(np.polynomial.legendre.legvander(2.0 * SHARE - 1.0, NODES - 1))
    x = SHARE[:, None] * SHARE
    values = np.polynomial.legendre.legvander(2.0 * x - 1.0, NODES - 1) @ inverse
    return np.einsum("im,m,imk->ik", x * SHARE[:, None], WEIGHT, values)


WEIGHTED = _weighted()


@kernel(inner=True)
def begin(x: Any) -> None:
    """Everything at the largest temperature."""
    for i in range(HALF, CHANGE):
        x[i] = 0.0


@kernel(inner=True)
def element(x: Any, part: int, parts: int) -> None:
    """March over one of the elements into which a cell, or the part of it that is crossed, is cut."""
    _edges(x, part, parts)
    _material(x)
    _solve(x)
    _differentiate(x)
    _sum(x)


@kernel(fast=True, inner=True)
def _edges(x: Any, part: int, parts: int) -> None:
    wide_vectors()
    share, piece = part / parts, 1.0 / parts
    for case in range(CASES):
        width = x[TO + case] - x[FROM + case]
        width_T = x[TO_T + case] - x[FROM_T + case]
        x[BEGIN + case] = x[FROM + case] + share * width
        x[BEGIN_T + case] = x[FROM_T + case] + share * width_T
        x[WIDTH + case], x[WIDTH_T + case] = piece * width, piece * width_T


@kernel(fast=True, inner=True)
def _material(x: Any) -> None:
    """kappa, kappa rho and s A' at the nodes, and how they change with T_m."""
    wide_vectors()
    for i in range(NODES):
        for case in range(CASES):
            u = x[BEGIN + case] + SHARE[i] * x[WIDTH + case]
            u_T = x[BEGIN_T + case] + SHARE[i] * x[WIDTH_T + case]
            t, t_T = x[TOP + case] - x[KNOT + case] - u * u, 1.0 - 2.0 * u * u_T
            k1, k2, k3 = (
                x[KAPPA_0 + CASES + case],
                x[KAPPA_0 + 2 * CASES + case],
                x[KAPPA_0 + 3 * CASES + case],
            )
            kappa = x[KAPPA_0 + case] + t * (k1 + t * (k2 + t * k3))
            kappa_T = t_T * (k1 + t * (2.0 * k2 + t * 3.0 * k3))
            e1, e2, e3 = (
                x[ELECTRICAL_0 + CASES + case],
                x[ELECTRICAL_0 + 2 * CASES + case],
                x[ELECTRICAL_0 + 3 * CASES + case],
            )
            electrical = x[ELECTRICAL_0 + case] + t * (e1 + t * (e2 + t * e3))
            rise = t_T * (e1 + t * (2.0 * e2 + t * 3.0 * e3))
            one = 1.0 / electrical
            given = x[RESISTIVITY + case]
            rho = given * electrical + (1.0 - given) * one
            rho_T = rise * (given - (1.0 - given) * one * one)
            a2, a3, a4 = (
                x[PELTIER_0 + 2 * CASES + case],
                x[PELTIER_0 + 3 * CASES + case],
                x[PELTIER_0 + 4 * CASES + case],
            )
            sign, at = x[SIGN + case], i * CASES + case
            x[U + at], x[U_T + at] = u, u_T
            x[KAPPA + at], x[KAPPA_T + at] = kappa, kappa_T
            x[SOURCE + at], x[SOURCE_T + at] = kappa * rho, kappa_T * rho + kappa * rho_T
            x[DRIFT + at] = sign * (
                x[PELTIER_0 + CASES + case] + t * (2.0 * a2 + t * (3.0 * a3 + t * 4.0 * a4))
            )
            x[DRIFT_T + at] = sign * t_T * (2.0 * a2 + t * (6.0 * a3 + t * 12.0 * a4))


@kernel(fast=True, inline=True)
def _six(x: Any, i: int) -> Any:
    return (
        x[i],
        x[i + CASES],
        x[i + 2 * CASES],
        x[i + 3 * CASES],
        x[i + 4 * CASES],
        x[i + 5 * CASES],
    )


@kernel(fast=True, inline=True)
def _up_to(i: int, begin: float, h: float, a: float, b: float, c: float, d: float, e: float, f: float) -> Any:
    """Integral of u times a function from the start of the element to node i, over the width h."""
    v, w = UP_TO, WEIGHTED
    even = (v[i, 0] * a + v[i, 1] * b) + (v[i, 2] * c + v[i, 3] * d) + (v[i, 4] * e + v[i, 5] * f)
    odd = (w[i, 0] * a + w[i, 1] * b) + (w[i, 2] * c + w[i, 3] * d) + (w[i, 4] * e + w[i, 5] * f)
    return begin * even + h * odd


@kernel(fast=True, inline=True)
def _carried(x: Any, first: int, i: int, case: int) -> Any:
    """2 int s A' p 2u du up to node i, and the share of p of node i in it; values p from an index on."""
    p0, p1, p2, p3, p4, p5 = _six(x, first)
    d0, d1, d2, d3, d4, d5 = _six(x, DRIFT + case)
    h, begin = x[WIDTH + case], x[BEGIN + case]
    whole = _up_to(i, begin, h, p0 * d0, p1 * d1, p2 * d2, p3 * d3, p4 * d4, p5 * d5)
    own = (begin * UP_TO[i, i] + h * WEIGHTED[i, i]) * x[DRIFT + i * CASES + case]
    return 4.0 * h * whole, 4.0 * h * own


@kernel(fast=True, inline=True)
def _put(x: Any, row: int, value: int) -> None:
    """Copy a row. Loops that read all nodes write beside them: the compiler sees that nothing overlaps."""
    for case in range(CASES):
        x[row + case] = x[value + case]


@kernel(inner=True)
def _settle(x: Any, row: int, enough: float) -> bool:
    """Keep the latest changes of the cases that had not settled; whether all have now."""
    settled = True
    for case in range(CASES):
        x[row + case] = x[LATEST + case] if x[row + case] > enough else x[row + case]
        settled = settled and not x[row + case] > enough
    return settled


@kernel(fast=True, inner=True)
def _solve(x: Any) -> None:
    """p at the nodes: of each in turn, with the others as they are, by the root of its quadratic equation.

    KNOWN is p^2 without drift. Until the slopes are solved for, P_T is what makes changes relative.
    """
    wide_vectors()
    for i in range(NODES):
        for case in range(CASES):
            h, begin = x[WIDTH + case], x[BEGIN + case]
            m0, m1, m2, m3, m4, m5 = _six(x, SOURCE + case)
            known = 2.0 * x[HALF + case] + 4.0 * h * _up_to(i, begin, h, m0, m1, m2, m3, m4, m5)
            x[NEW + case], x[OTHER + case] = known, np.sqrt(max(known, SMALLEST))
        _put(x, KNOWN + CASES * i, NEW)
        _put(x, P + CASES * i, OTHER)
        for case in range(CASES):
            x[NEW + case] = 1.0 / x[OTHER + case]
        _put(x, P_T + CASES * i, NEW)
    for case in range(CASES):
        x[CHANGE + case] = 1.0
    for _ in range(SWEEPS):
        for case in range(CASES):
            x[LATEST + case] = 0.0
        for i in range(NODES):
            for case in range(CASES):
                at = i * CASES + case
                carried, own = _carried(x, P + case, i, case)
                half, old = 0.5 * own, x[P + at]
                new = np.sqrt(max(half * half + x[KNOWN + at] - carried + own * old, SMALLEST)) - half
                # a case that has settled stays as it is, whatever its neighbours do
                new = new if x[CHANGE + case] > SETTLED else old
                x[NEW + case] = new
                x[LATEST + case] = max(x[LATEST + case], abs(new - old) * x[P_T + at])
            _put(x, P + CASES * i, NEW)
        if _settle(x, CHANGE, SETTLED):
            break


@kernel(fast=True, inner=True)
def _differentiate(x: Any) -> None:
    """Slopes of p at the nodes to T_m; KNOWN_T is the slope of p^2 without that of the p in its drift."""
    wide_vectors()
    for i in range(NODES):
        for case in range(CASES):
            h, begin = x[WIDTH + case], x[BEGIN + case]
            h_T, begin_T = x[WIDTH_T + case], x[BEGIN_T + case]
            p0, p1, p2, p3, p4, p5 = _six(x, P + case)
            m0, m1, m2, m3, m4, m5 = _six(x, SOURCE + case)
            d0, d1, d2, d3, d4, d5 = _six(x, DRIFT + case)
            m0, m1, m2 = m0 - p0 * d0, m1 - p1 * d1, m2 - p2 * d2
            m3, m4, m5 = m3 - p3 * d3, m4 - p4 * d4, m5 - p5 * d5
            known = h_T * _up_to(i, begin, h, m0, m1, m2, m3, m4, m5)
            known += h * _up_to(i, begin_T, h_T, m0, m1, m2, m3, m4, m5)
            m0, m1, m2, m3, m4, m5 = _six(x, SOURCE_T + case)
            d0, d1, d2, d3, d4, d5 = _six(x, DRIFT_T + case)
            m0, m1, m2 = m0 - p0 * d0, m1 - p1 * d1, m2 - p2 * d2
            m3, m4, m5 = m3 - p3 * d3, m4 - p4 * d4, m5 - p5 * d5
            known += h * _up_to(i, begin, h, m0, m1, m2, m3, m4, m5)
            own = 2.0 * h * (begin * UP_TO[i, i] + h * WEIGHTED[i, i]) * x[DRIFT + i * CASES + case]
            x[NEW + case] = 2.0 * x[HALF_T + case] + 4.0 * known
            x[OTHER + case] = 0.5 / (x[P + i * CASES + case] + own)
        # from here on KNOWN is what the slope of p at a node is multiplied by
        _put(x, KNOWN_T + CASES * i, NEW)
        _put(x, KNOWN + CASES * i, OTHER)
        for case in range(CASES):
            x[NEW + case] *= x[OTHER + case]
        _put(x, P_T + CASES * i, NEW)
    for case in range(CASES):
        x[CHANGE_T + case] = 1.0
    for _ in range(SWEEPS):
        for case in range(CASES):
            x[LATEST + case] = 0.0
        for i in range(NODES):
            for case in range(CASES):
                at = i * CASES + case
                carried, own = _carried(x, P_T + case, i, case)
                old, factor = x[P_T + at], x[KNOWN + at]
                new = (x[KNOWN_T + at] - carried + own * old) * factor
                new = new if x[CHANGE_T + case] > SETTLED_T else old
                x[NEW + case] = new
                x[LATEST + case] = max(x[LATEST + case], abs(new - old) * x[U + at] ** 2 * factor)
            _put(x, P_T + CASES * i, NEW)
        if _settle(x, CHANGE_T, SETTLED_T):
            break


@kernel(fast=True, inner=True)
def _sum(x: Any) -> None:
    """Add the element to X, R and p^2/2, to their slopes, and to the estimates of their errors.

    The last of the Legendre coefficients of an integrand over the mean is to the first that Gauss quadrature
    neglects as the mean is to it, or as the singularity at u = 0 lets them fall.
    """
    wide_vectors()
    for case in range(CASES):
        h, h_T = x[WIDTH + case], x[WIDTH_T + case]
        X = X_T = R = R_T = half = half_T = tail = r_tail = 0.0
        for k in range(NODES):
            at = k * CASES + case
            u, u_T, p_T = x[U + at], x[U_T + at], x[P_T + at]
            kappa, source, p = x[KAPPA + at], x[SOURCE + at], x[P + at]
            kappa_T, source_T, one = x[KAPPA_T + at], x[SOURCE_T + at], 1.0 / p
            drift, drift_T = x[DRIFT + at], x[DRIFT_T + at]
            w = 2.0 * WEIGHT[k]
            f, f_T = u * one, (u_T - u * p_T * one) * one
            X += w * kappa * f
            R += w * source * f
            X_T += w * (kappa_T * f + kappa * f_T)
            R_T += w * (source_T * f + source * f_T)
            tail += LAST[k] * kappa * f
            r_tail += LAST[k] * source * f
            g = source - drift * p
            half += w * u * g
            half_T += w * (u_T * g + u * (source_T - drift_T * p - drift * p_T))
        start = x[BEGIN + case]
        root = np.sqrt(start / (start + h + 1e-300))
        near = (1.0 - root) / (1.0 + root)
        near = near if start > 0.0 else 0.0
        falls = near * near * near
        falls *= falls * near
        x[LENGTH + case] += h * X
        x[LENGTH_T + case] += h_T * X + h * X_T
        x[RESISTANCE + case] += h * R
        x[RESISTANCE_T + case] += h_T * R + h * R_T
        x[HALF + case] += h * half
        x[HALF_T + case] += h_T * half + h * half_T
        tail, r_tail, change = abs(2.0 * tail), abs(2.0 * r_tail), x[CHANGE + case]
        x[LENGTH_ERROR + case] += h * (tail * max(tail / (X + 1e-300), falls) + X * change)
        x[KNOT_ERROR + case] += h * tail * falls
        x[RESISTANCE_ERROR + case] += h * (r_tail * max(r_tail / (R + 1e-300), falls) + R * change)
