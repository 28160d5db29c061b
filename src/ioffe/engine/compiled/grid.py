"""Elements in temperature between the ends of a segment, with the material at three Gauss nodes of each.

Elements end on the table's knots and may be halved. They are kept from one call to the next: as long as the
ends stay in their cells, only the first and the last element are evaluated again.

The error of Gauss quadrature on them is estimated from the values at the nodes (`estimate`).
"""

from __future__ import annotations

from math import sqrt
from typing import Any, NamedTuple

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.packing import CONDUCTIVITY
from ioffe.engine.compiled.packing import PELTIER as COLUMN_A
from ioffe.engine.compiled.table_cells import cubic, locate, locate_below, quartic, resistivity

KAPPA, RHO_KAPPA, PELTIER, LOSS_KAPPA, JOULE, INVERSE, GROWTH, PARTICULAR, KNOWN = range(9)
EDGE, SHARE, FIELDS = range(9, 12)
"""Rows of a grid; the first nine hold nodes (three for each element), the last two elements.

KAPPA, RHO_KAPPA, PELTIER and LOSS_KAPPA are material: kappa, rho kappa, A, and kappa times the loss per
length. JOULE is g = j^2 r - loss so far, INVERSE 1/p, GROWTH and PARTICULAR belong to Newton's linear
equation, KNOWN is the 1/p for which the error was estimated. SHARE is that of each element in the error, its
last element holds their sum.
"""
COUNT, LOW, HIGH, FORM, CODE, ROWS = range(6)
"""Indices into a segment's memory: number of elements (0: none yet), rows of the end cells, the form in use,
how the segment ended, and from ROWS on the row of the table in which each element lies."""

NODE = 0.5 * (1.0 - sqrt(0.6))
WEIGHT_END, WEIGHT_MIDDLE = 5.0 / 18.0, 4.0 / 9.0
_S = sqrt(15.0)
UP_TO = (
    (5.0 / 36.0, 2.0 / 9.0 - _S / 15.0, 5.0 / 36.0 - _S / 30.0),
    (5.0 / 36.0 + _S / 24.0, 2.0 / 9.0, 5.0 / 36.0 - _S / 24.0),
    (5.0 / 36.0 + _S / 30.0, 2.0 / 9.0 + _S / 15.0, 5.0 / 36.0),
)
"""Integration from the start of an element to each of its nodes."""


class SegmentCase(NamedTuple):
    """One segment of one case between its end temperatures."""

    curves: Any
    """`MaterialRows` of its material."""
    side: Any
    """Its loss, a `ScaledLoss` of numbers."""
    T0: float
    T1: float
    j: float
    """J L in A/m, positive from T0 to T1."""


@kernel(inner=True)
def capacity(grid: Any) -> int:
    """Most elements that a grid can hold."""
    return grid.shape[1] // 3 - 1


@kernel(inner=True)
def prepare(piece: SegmentCase, grid: Any, memory: Any) -> int:
    """Elements from T0 to T1: 0 kept, 1 built anew, 2 refused because there are too many."""
    curves, side, T0, T1, _ = piece
    knots, low, high = curves.knots, memory[LOW], memory[HIGH]
    count = memory[COUNT]
    bottom, top = min(T0, T1), max(T0, T1)
    if count > 0 and (grid[EDGE, count] > grid[EDGE, 0]) == (T1 > T0):
        kept = knots[low] <= bottom < knots[low + 1] and knots[high] < top <= knots[high + 1]
        if kept and count > 1:
            first, last = grid[EDGE, 1], grid[EDGE, count - 1]
            kept = (first - T0) * (T1 - T0) > 0.0 and (T1 - last) * (T1 - T0) > 0.0
        if kept:
            if grid[EDGE, 0] != T0:
                grid[EDGE, 0] = T0
                fill(curves, side, grid, memory, 0)
            if grid[EDGE, count] != T1:
                grid[EDGE, count] = T1
                fill(curves, side, grid, memory, count - 1)
            return 0
    low = locate(knots, curves.first, curves.last, bottom)
    high = locate_below(knots, curves.first, curves.last, top)
    count = high - low + 1
    if count > capacity(grid):
        memory[COUNT] = 0
        return 2
    memory[COUNT], memory[LOW], memory[HIGH] = count, low, high
    grid[EDGE, 0], grid[EDGE, count] = T0, T1
    for e in range(count):
        if T1 > T0:
            memory[ROWS + e] = low + e
            if e > 0:
                grid[EDGE, e] = knots[low + e]
        else:
            memory[ROWS + e] = high - e
            if e > 0:
                grid[EDGE, e] = knots[high - e + 1]
    for e in range(count):
        fill(curves, side, grid, memory, e)
    return 1


@kernel(inner=True)
def fill(curves: Any, side: Any, grid: Any, memory: Any, e: int) -> None:
    """The material at the nodes of one element."""
    row, start = memory[ROWS + e], grid[EDGE, e]
    h = grid[EDGE, e + 1] - start
    knot = curves.knots[row]
    for i in range(3):
        t = start - knot + h * (NODE if i == 0 else (0.5 if i == 1 else 1.0 - NODE))
        k = 3 * e + i
        kappa = cubic(curves.cells, row, CONDUCTIVITY, t)
        grid[KAPPA, k] = kappa
        grid[RHO_KAPPA, k] = kappa * resistivity(curves.cells, row, curves.is_resistivity, t)
        grid[PELTIER, k] = quartic(curves.cells, row, COLUMN_A, t)
        grid[LOSS_KAPPA, k] = kappa * loss_at(side, knot + t)


@kernel(inner=True)
def loss_at(side: Any, T: float) -> float:
    """Heat lost per length at temperature T, scaled by the length squared."""
    a = side.ambient
    value = 0.0
    if side.linear != 0.0:
        value += side.linear * (T - a)
    if side.radiative != 0.0:
        value += side.radiative * (T - a) * (T + a) * (T * T + a * a)
    return value


@kernel(inner=True)
def halve(curves: Any, side: Any, grid: Any, memory: Any, allowed: float) -> bool:
    """Halve the elements whose share of the error exceeds `allowed`; False where there is no workspace."""
    count = memory[COUNT]
    more = 0
    for e in range(count):
        if not grid[SHARE, e] <= allowed:
            more += 1
    if more == 0 or count + more > capacity(grid):
        return False
    at = count + more
    memory[COUNT] = at
    grid[EDGE, at] = grid[EDGE, count]
    for e in range(count - 1, -1, -1):
        start, end = grid[EDGE, e], grid[EDGE, e + 1]
        row, share = memory[ROWS + e], grid[SHARE, e]
        if not share <= allowed:
            at -= 1
            memory[ROWS + at], grid[EDGE, at] = row, 0.5 * (start + end)
        at -= 1
        memory[ROWS + at], grid[EDGE, at] = row, start
    for e in range(memory[COUNT]):
        fill(curves, side, grid, memory, e)
    return True


FIRST, SECOND = sqrt(15.0) / 6.0, 5.0 / 9.0
"""Legendre coefficients one and two of a function from its values at the three nodes."""
THIRDS = 100.0 / 231.0
"""Sixth Legendre coefficient of the square of the third polynomial."""
STEADY = 0.02
"""Relative change of p below which the estimated error is kept."""


@kernel(inner=True)
def moved(grid: Any, count: int) -> bool:
    """Whether p has changed since the error was estimated."""
    for k in range(3 * count):
        if not abs(grid[INVERSE, k] - grid[KNOWN, k]) <= STEADY * abs(grid[KNOWN, k]):
            return True
    return False


@kernel(inner=True)
def estimate(curves: Any, grid: Any, memory: Any, j: float, X: float, r: float) -> float:
    """Relative error of X and r, and the share of each element in it.

    Gauss quadrature with three nodes is exact up to the fifth Legendre coefficient. The sixth is estimated
    from a geometric series through the first ones, and from the products of third ones, which are known
    of the table's cubics and which the nodes do not see.
    """
    total = 0.0
    for e in range(memory[COUNT]):
        h = abs(grid[EDGE, e + 1] - grid[EDGE, e])
        k, row = 3 * e, memory[ROWS + e]
        for i in range(k, k + 3):
            grid[KNOWN, i] = grid[INVERSE, i]
        f0, f1, f2 = abs(grid[INVERSE, k]), abs(grid[INVERSE, k + 1]), abs(grid[INVERSE, k + 2])
        kappa, cube = grid[KAPPA, k + 1], h * h * h / 20.0
        electrical = grid[RHO_KAPPA, k + 1] / kappa
        if not curves.is_resistivity:
            electrical = 1.0 / electrical
        t = 0.5 * (grid[EDGE, e] + grid[EDGE, e + 1]) - curves.knots[row]
        of_kappa = cube * abs(curves.cells[row, 3]) / kappa
        of_rho = cube * abs(curves.cells[row, 7]) / electrical
        of_A = cube * abs(j) * f1 * abs(curves.cells[row, 11] + 4.0 * t * curves.cells[row, 12])
        of_f = of_A + _ratio(f0, f1, f2) ** 1.5
        products = of_kappa * of_f + of_A * of_f
        share = 0.0
        for what in (KAPPA, RHO_KAPPA):
            y0, y1, y2 = grid[what, k] * f0, grid[what, k + 1] * f1, grid[what, k + 2] * f2
            if what == RHO_KAPPA:
                products += of_rho * of_f + of_rho * of_kappa
                products += 0.0 if curves.is_resistivity else of_rho * of_rho
            mean = WEIGHT_END * (y0 + y2) + WEIGHT_MIDDLE * y1
            rest = max(_ratio(y0, y1, y2) ** 3, THIRDS * products)
            share = max(share, h * mean * rest / (X if what == KAPPA else r))
        grid[SHARE, e] = share
        total += share
    return total


@kernel(inner=True)
def _ratio(y0: float, y1: float, y2: float) -> float:
    """Square of the ratio of successive Legendre coefficients of a function, from its values at the nodes."""
    mean = WEIGHT_END * (y0 + y2) + WEIGHT_MIDDLE * y1
    slope = FIRST * (y2 - y0) / mean
    return max(slope * slope, SECOND * abs(y0 - 2.0 * y1 + y2) / mean)
