"""Elements in temperature between the ends of a segment, with the material at three Gauss nodes of each.

Elements end on the table's knots and may be halved. They are kept from one call to the next: as long as the
ends stay in their cells, only the first and the last element are evaluated again.
"""

from __future__ import annotations

from math import sqrt
from typing import Any, NamedTuple

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.properties import cubic, locate, locate_below, quartic, resistivity

KAPPA, RHO_KAPPA, PELTIER, LOSS_KAPPA, JOULE, INVERSE, GROWTH, PARTICULAR, KNOWN, EDGE, SHARE, FIELDS = range(
    12
)
"""Rows of a grid; the first nine hold nodes (three for each element), the last two elements.

KAPPA, RHO_KAPPA, PELTIER and LOSS_KAPPA are material: kappa, rho kappa, A, and kappa times the loss per
length. JOULE is g = j^2 r - loss so far, INVERSE 1/p, GROWTH and PARTICULAR belong to Newton's linear
equation, KNOWN is the 1/p for which the error was estimated. SHARE is that of each element in the error, its
last place holds their sum.
"""
COUNT, LOW, HIGH, FORM, CODE, ROWS = range(6)
"""Places in a segment's memory: number of elements (0: none yet), rows of the end cells, the form in use, how
the segment ended, and from ROWS on the row of the table in which each element lies."""

NODE = 0.5 * (1.0 - sqrt(0.6))
WEIGHT_END, WEIGHT_MIDDLE = 5.0 / 18.0, 4.0 / 9.0
_S = sqrt(15.0)
UP_TO = (
    (5.0 / 36.0, 2.0 / 9.0 - _S / 15.0, 5.0 / 36.0 - _S / 30.0),
    (5.0 / 36.0 + _S / 24.0, 2.0 / 9.0, 5.0 / 36.0 - _S / 24.0),
    (5.0 / 36.0 + _S / 30.0, 2.0 / 9.0 + _S / 15.0, 5.0 / 36.0),
)
"""Integration from the start of an element to each of its nodes."""


class Curves(NamedTuple):
    """One material in the packed tables: rows first ... last."""

    knots: Any
    cells: Any
    first: int
    last: int
    is_resistivity: bool


class Side(NamedTuple):
    """Loss through the side scaled by length squared, as in the position form."""

    linear: float
    radiative: float
    ambient: float


@kernel(inner=True)
def capacity(grid: Any) -> int:
    """Most elements that a grid can hold."""
    return grid.shape[1] // 3 - 1


@kernel(inner=True)
def prepare(curves: Any, side: Any, T0: float, T1: float, grid: Any, memory: Any) -> int:
    """Elements from T0 to T1: 0 kept, 1 built anew, 2 refused because there are too many."""
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
        kappa = cubic(curves.cells, row, 0, t)
        grid[KAPPA, k] = kappa
        grid[RHO_KAPPA, k] = kappa * resistivity(curves.cells, row, curves.is_resistivity, t)
        grid[PELTIER, k] = quartic(curves.cells, row, 8, t)
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
    """Halve the elements whose share of the error exceeds `allowed`; False where there is no room."""
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
