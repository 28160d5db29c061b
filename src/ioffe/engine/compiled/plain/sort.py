"""Devices in the order of their cells, so that neighbours go through the same cells of the same table."""

from __future__ import annotations

from typing import Any

import numpy as np

from ioffe.engine.compiled.cache import kernel

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


@kernel
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
    place = np.zeros(high - low + 2, np.int64)
    for k in key:
        place[((k >> shift) & LOWER) - low + 1] += 1
    for row in range(high - low + 1):
        place[row + 1] += place[row]
    for i in range(len(key)):
        row = ((key[i] >> shift) & LOWER) - low
        sorted_key[place[row]], sorted_device[place[row]] = key[i], device[i]
        place[row] += 1
