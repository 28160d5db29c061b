"""Elements of segments whose cases go through cells of their own.

Every case has its own first and last cell, its own number of them, and perhaps its own table. The cells of
all cases are taken side by side; a case that has fewer of them ends with elements of no width.
"""

from __future__ import annotations

from typing import Any

from ioffe.engine.compiled import packing
from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.packing import NODES
from ioffe.engine.compiled.plain import march as at
from ioffe.engine.compiled.plain.march import CASES
from ioffe.engine.compiled.table_cells import locate, locate_below
from ioffe.engine.compiled.vector import group as of

APART = 1e-6
"""Least distance in K of the ends of a segment in this form."""


@kernel(inner=True)
def prepare(problem: Any, g: Any, leg: int, parts: int) -> int:
    """Elements of a segment at the node temperatures, all or those that change; how many there are."""
    now, own, spans = g.marches[leg], g.segments[leg], g.spans[leg]
    a, b = problem.pairs[leg, 0], problem.pairs[leg, 1]
    most, moved = 0, False
    for case in range(CASES):
        T0, T1, table = g.T[a, case], g.T[b, case], g.tables[leg, case]
        first, last = problem.spans[table, 0], problem.spans[table, 1]
        sign = 1.0 if T1 > T0 else -1.0
        if abs(T1 - T0) < APART:
            # enough for a first step
            T1 = T0 + sign * APART
        if sign > 0.0:
            near = locate(problem.knots, first, last, T0)
            far = locate_below(problem.knots, first, last, T1)
        else:
            near = locate_below(problem.knots, first, last, T0)
            far = locate(problem.knots, first, last, T1)
        other = near != spans[of.NEAR, case] or far != spans[of.FAR, case] or sign != now[at.SIGN + case]
        if own[of.FORM, case] == of.AGAIN:
            other, own[of.FORM, case] = True, of.BY_TEMPERATURE
        g.scratch[of.FRESH + case] = 1.0 if other else 0.0
        moved = moved or other
        if other:
            # all its shapes are those of constant p again
            own[of.EARLIER, case] = 1.0
        spans[of.NEAR, case], spans[of.FAR, case], spans[of.TABLE, case] = near, far, table
        now[at.BEGIN + case], now[at.END + case], now[at.SIGN + case] = T0, T1, sign
        most = max(most, abs(far - near) + 1)
    for k in range(most):
        ends = k == 0
        for case in range(CASES):
            ends = ends or k == abs(spans[of.FAR, case] - spans[of.NEAR, case])
        if moved or ends:
            _enter(problem, g, leg, k)
            _fill(g.scratch, g.elements[leg], k * parts, parts)
    for case in range(CASES):
        near = spans[of.NEAR, case]
        t = now[at.BEGIN + case] - problem.knots[near]
        now[at.START + case] = _quartic(problem.cells, near, t)
    return most * parts


@kernel(inner=True)
def _quartic(cells: Any, row: int, t: float) -> float:
    """A at t above the knot."""
    k = packing.PELTIER
    return cells[row, k] + t * (
        cells[row, k + 1] + t * (cells[row, k + 2] + t * (cells[row, k + 3] + t * cells[row, k + 4]))
    )


@kernel(inner=True)
def _enter(problem: Any, g: Any, leg: int, k: int) -> None:
    """Cell number k of every case: its coefficients, and where it is entered and left."""
    now, spans, x = g.marches[leg], g.spans[leg], g.scratch
    for case in range(CASES):
        near, far = spans[of.NEAR, case], spans[of.FAR, case]
        cells, step = abs(far - near), 1 if far > near else -1
        row = near + step * min(k, cells)
        for m in range(of.COLUMNS):
            x[m * CASES + case] = problem.cells[row, m]
        low, high = problem.knots[row], problem.knots[row + 1]
        up = now[at.SIGN + case] > 0.0
        enter = now[at.BEGIN + case] if k == 0 else now[at.END + case] if k > cells else low if up else high
        leave = now[at.END + case] if k >= cells else high if up else low
        x[of.KNOT + case], x[of.ENTER + case], x[of.LEAVE + case] = low, enter, leave
        x[of.DEFECT + case] = problem.defect[row] / (high - low) ** 4
        x[of.RESISTIVITY + case] = 1.0 if problem.spans[spans[of.TABLE, case], 2] == 1 else 0.0


@kernel(fast=True, inner=True)
def _fill(x: Any, elements: Any, first: int, parts: int) -> None:
    """The material at the nodes of the elements of a cell, and the shape of those that are new."""
    at.wide_vectors()
    first = max(first, 0)
    E, K, A = packing.ELECTRICAL * CASES, packing.CONDUCTIVITY * CASES, packing.PELTIER * CASES
    for i in range(parts):
        start = (first + i) * at.ELEMENT
        for k in range(NODES):
            share = at.X0 if k == 0 else at.X1 if k == 1 else at.X2 if k == 2 else at.X3
            weight = at.W0 if k == 0 or k == 3 else at.W1
            for case in range(CASES):
                h = (x[of.LEAVE + case] - x[of.ENTER + case]) / parts
                t = x[of.ENTER + case] - x[of.KNOT + case] + (i + share) * h
                node = start + k * CASES + case
                electrical = x[E + case] + t * (
                    x[E + CASES + case] + t * (x[E + 2 * CASES + case] + t * x[E + 3 * CASES + case])
                )
                kappa = x[K + case] + t * (
                    x[K + CASES + case] + t * (x[K + 2 * CASES + case] + t * x[K + 3 * CASES + case])
                )
                kappa *= abs(h)
                peltier = x[A + 2 * CASES + case] + t * (
                    x[A + 3 * CASES + case] + t * x[A + 4 * CASES + case]
                )
                elements[node + at.PELTIER] = x[A + case] + t * (x[A + CASES + case] + t * peltier)
                rho = electrical if x[of.RESISTIVITY + case] != 0.0 else 1.0 / electrical
                # a shape follows the width of its element
                old, joule = elements[node + at.JOULE], kappa * rho
                elements[node + at.SHAPE] *= joule / old if old != 0.0 else 0.0
                elements[node + at.JOULE] = joule
                elements[node + at.CONDUCTION] = kappa * weight
        for case in range(CASES):
            h = (x[of.LEAVE + case] - x[of.ENTER + case]) / parts
            t = x[of.ENTER + case] - x[of.KNOT + case] + (i + 1) * h
            peltier = x[A + 2 * CASES + case] + t * (x[A + 3 * CASES + case] + t * x[A + 4 * CASES + case])
            elements[start + at.BORDER + case] = x[A + case] + t * (x[A + CASES + case] + t * peltier)
            elements[start + at.DEFECT + case] = x[of.DEFECT + case] * (h * h) * (h * h)
        for case in range(CASES):
            m0, m1, m2, m3 = at.four(elements, start + case + at.JOULE)
            v0, v1, v2, v3 = at.running(m0, m1, m2, m3)
            s0, s1, s2, s3 = at.four(elements, start + case + at.SHAPE)
            new = (x[of.FRESH + case] != 0.0) | (x[of.ENTER + case] == x[of.LEAVE + case])
            s0, s1, s2, s3 = (
                (v0 if new else s0),
                (v1 if new else s1),
                (v2 if new else s2),
                (v3 if new else s3),
            )
            at.put_four(elements, start + case + at.SHAPE, s0, s1, s2, s3)
