"""Devices sorted by the cells they go through, and the material at the nodes of their elements.

Devices of a bucket go through the same cells of the same table, and elements end on the table's knots. Only
the first and the last cell, which a device goes through in part, differ from case to case; the cells between
are written once for the whole bucket.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.packing import ELECTRICAL, NODES, SEEBECK_INTEGRAL
from ioffe.engine.compiled.packing import PELTIER as CELL_PELTIER
from ioffe.engine.compiled.plain import march as at
from ioffe.engine.compiled.table_cells import cubic, quartic


class TableArrays(NamedTuple):
    """Packed tables as kernels take them."""

    knots: Any
    cells: Any
    first: Any
    resistivity: Any
    limits: Any
    defect: Any
    """Relative error of the cubic through the nodes of a cell for rho kappa at the cell's ends."""
    deviation: Any


class Bucket(NamedTuple):
    """Devices that go through the same cells: rows of the first and the last one, and elements in a cell."""

    near: int
    far: int
    resistivity: bool
    parts: int


@kernel(fast=True, inner=True)
def fill_cell(tables: TableArrays, bucket: Bucket, row: int, elements: Any, first: int, now: Any) -> None:
    """Write the elements, from number `first` on, of a cell that cases go through from ENTER to LEAVE."""
    at.wide_vectors()
    first = max(first, 0)  # so that the compiler knows that no index is negative
    knot, parts = tables.knots[row], bucket.parts
    size = tables.defect[row] / (tables.knots[row + 1] - knot) ** 4
    for i in range(parts):
        start = (first + i) * at.ELEMENT
        for k in range(NODES):
            share = at.X0 if k == 0 else at.X1 if k == 1 else at.X2 if k == 2 else at.X3
            weight = at.W0 if k == 0 or k == 3 else at.W1
            for case in range(at.CASES):
                h = (now[at.LEAVE + case] - now[at.ENTER + case]) / parts
                t = now[at.ENTER + case] - knot + (i + share) * h
                node = start + k * at.CASES + case
                electrical = cubic(tables.cells, row, ELECTRICAL, t)
                kappa = abs(h) * cubic(tables.cells, row, 0, t)
                elements[node + at.PELTIER] = quartic(tables.cells, row, CELL_PELTIER, t)
                elements[node + at.JOULE] = kappa * (electrical if bucket.resistivity else 1.0 / electrical)
                elements[node + at.CONDUCTION] = kappa * weight
        for case in range(at.CASES):
            h = (now[at.LEAVE + case] - now[at.ENTER + case]) / parts
            elements[start + at.BORDER + case] = quartic(
                tables.cells, row, CELL_PELTIER, now[at.ENTER + case] - knot + (i + 1) * h
            )
            elements[start + at.DEFECT + case] = size * (h * h) * (h * h)


@kernel(inner=True)
def fill_between(tables: TableArrays, bucket: Bucket, elements: Any, now: Any) -> None:
    """Elements of the cells that all cases go through from end to end."""
    step = 1 if bucket.far > bucket.near else -1
    for k in range(1, abs(bucket.far - bucket.near)):
        row = bucket.near + step * k
        for case in range(at.CASES):
            now[at.ENTER + case] = tables.knots[row] if step > 0 else tables.knots[row + 1]
            now[at.LEAVE + case] = tables.knots[row + 1] if step > 0 else tables.knots[row]
        fill_cell(tables, bucket, row, elements, k * bucket.parts, now)


@kernel(inner=True)
def fill_ends(tables: TableArrays, bucket: Bucket, elements: Any, now: Any) -> None:
    """Elements of the cells that cases go through in part, and A at the start."""
    near, far = bucket.near, bucket.far
    cells = abs(far - near) + 1
    leave = tables.knots[near + 1] if far > near else tables.knots[near]
    for case in range(at.CASES):
        begin = now[at.BEGIN + case]
        now[at.START + case] = quartic(tables.cells, near, CELL_PELTIER, begin - tables.knots[near])
        now[at.ENTER + case] = begin
        now[at.LEAVE + case] = leave if cells > 1 else now[at.END + case]
    fill_cell(tables, bucket, near, elements, np.int64(0), now)
    if cells > 1:
        enter = tables.knots[far] if far > near else tables.knots[far + 1]
        for case in range(at.CASES):
            now[at.ENTER + case], now[at.LEAVE + case] = enter, now[at.END + case]
        fill_cell(tables, bucket, far, elements, (cells - 1) * bucket.parts, now)


@kernel(inner=True)
def load(T0: Any, T1: Any, j: Any, device: Any, now: Any) -> None:
    """Numbers of the devices of a group; a group that is not full repeats its last device."""
    for case in range(at.CASES):
        d = device[min(case, len(device) - 1)]
        sign = 1.0 if T1[d] > T0[d] else -1.0
        now[at.BEGIN + case], now[at.END + case], now[at.SIGN + case] = T0[d], T1[d], sign
        now[at.J + case], now[at.SQUARE + case] = sign * j[d], sign * j[d] * j[d]


@kernel(inner=True)
def load_integrals(tables: TableArrays, bucket: Bucket, ohm: Any, device: Any, now: Any) -> None:
    """int S dT and the resistances of contacts, for a search over the current."""
    near, far = bucket.near, bucket.far
    for case in range(at.CASES):
        begin = quartic(tables.cells, near, SEEBECK_INTEGRAL, now[at.BEGIN + case] - tables.knots[near])
        end = quartic(tables.cells, far, SEEBECK_INTEGRAL, now[at.END + case] - tables.knots[far])
        up = now[at.SIGN + case] > 0.0
        now[at.VOLTAGE + case] = (begin - end) * now[at.SIGN + case]
        now[at.HOT + case] = end if up else begin
        now[at.HOT_R + case] = 1.0 if up else 0.0
        d = device[min(case, len(device) - 1)]
        now[at.OHM + case], now[at.OHM_HOT + case] = ohm[d, 0] + ohm[d, 1], ohm[d, 1 if up else 0]


HALF = 32
"""Bits of a key that hold the row of the last cell; the rest holds the row of the first one."""
LOWER = (1 << HALF) - 1


@kernel
def order_by_cells(tables: Any, which: Any, T0: Any, T1: Any, j: Any) -> Any:
    """Devices that can be solved and their keys, sorted by key; equal keys keep their order.

    A key holds the rows of the cells in which a device begins and ends. Left out are devices with a number
    that is not finite, and those without a temperature difference. Two stable counting sorts do the work.
    """
    n = len(which)
    device, key = np.empty(n, np.int64), np.empty(n, np.int64)
    n = _find_cells(tables, which, T0, T1, j, device, key)
    device, key = device[:n], key[:n]
    once, twice = np.empty(n, np.int64), np.empty(n, np.int64)
    _counting_sort(key, device, 0, once, twice)
    _counting_sort(once, twice, HALF, key, device)
    return device, key


@kernel(inner=True)
def _find_cells(tables: Any, which: Any, T0: Any, T1: Any, j: Any, device: Any, key: Any) -> int:
    """Cells of the ends of each device; an end on a knot belongs to the cell inside."""
    count = 0
    for i in range(len(which)):
        begin, end = T0[i], T1[i]
        up = end > begin
        low, high = (begin, end) if up else (end, begin)
        first, last = tables.first[which[i]], tables.first[which[i] + 1] - 2
        below = _cell(tables.knots, first, last, low, False)
        above = _cell(tables.knots, first, last, high, True)
        device[count] = i
        key[count] = (below << HALF) | above if up else (above << HALF) | below
        count += np.isfinite(j[i] + (end - begin)) & (begin != end)
    return count


@kernel(inline=True)
def _cell(knots: Any, first: int, last: int, T: float, lower: bool) -> Any:
    """Row of the cell that holds T, the lower one of two at a knot, or the upper one.

    Knots are mostly spaced evenly: a guess that takes them so is off by a cell or two, sooner put right
    than found by bisection.
    """
    begin, inner = knots[first + 1], last - first - 1
    share = (T - begin) / (knots[last] - begin) * inner
    row = first + 1 + np.int64(min(max(share, -1.0), float(inner)))
    while row < last and (knots[row + 1] < T or (knots[row + 1] == T and not lower)):
        row += 1
    while row > first and (knots[row] > T or (knots[row] == T and lower)):
        row -= 1
    return row


@kernel
def _counting_sort(key: Any, device: Any, shift: int, sorted_key: Any, sorted_device: Any) -> None:
    """Stable sort by one half of the key."""
    if len(key) == 0:
        return
    low = high = (key[0] >> shift) & LOWER
    for k in key:
        row = (k >> shift) & LOWER
        low, high = min(low, row), max(high, row)
    following = np.zeros(high - low + 2, np.int64)
    for k in key:
        following[((k >> shift) & LOWER) - low + 1] += 1
    for row in range(high - low + 1):
        following[row + 1] += following[row]
    for i in range(len(key)):
        row = ((key[i] >> shift) & LOWER) - low
        sorted_key[following[row]], sorted_device[following[row]] = key[i], device[i]
        following[row] += 1
