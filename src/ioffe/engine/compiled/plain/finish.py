"""What is made of the solutions of plain legs: terminal quantities, and codes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.plain.elements import Tables
from ioffe.engine.compiled.properties import locate, quartic
from ioffe.engine.segment import RUNAWAY_T
from ioffe.engine.state import FAILED, OK, OUTSIDE, RUNAWAY

REFUSED = 5
"""Code of a device that this form cannot solve; its numbers are NaN. The other codes are those of `state`."""
SLACK = 1e-9
"""K by which an end may lie outside the table."""


@kernel
def seebeck_integral(tables: Tables, table: int, T: float) -> float:
    """int S dT in V from the first measured knot to T."""
    row = locate(tables.knots, tables.first[table], tables.first[table + 1] - 2, T)
    return quartic(tables.cells, row, 13, T - tables.knots[row])


@kernel
def voltage_and_heat(
    tables: Tables, which: Any, T0: Any, T1: Any, start: int, stop: int, current: Any, c: Any, r: Any
) -> None:
    """Replace c by the heat c + j s(T0) that flows in at T0, and r by the voltage s(T0) - s(T1) - j r."""
    for d in range(start, stop):
        if np.isfinite(T0[d]) and np.isfinite(T1[d]):
            begin = seebeck_integral(tables, which[d], T0[d])
            end = seebeck_integral(tables, which[d], T1[d])
            for p in range(current.shape[1]):
                c[d, p] += current[d, p] * begin
                r[d, p] = begin - end - current[d, p] * r[d, p]


@kernel
def codes(
    tables: Tables, which: Any, T0: Any, T1: Any, j: Any, start: int, stop: int, solved: Any, code: Any
) -> None:
    """Write the code of every point; `solved` and `code` have shape (devices, points)."""
    for d in range(start, stop):
        low, high = min(T0[d], T1[d]), max(T0[d], T1[d])
        good = OK
        if low <= 0.0 or high > RUNAWAY_T:
            good = RUNAWAY
        elif low < tables.limits[which[d], 0] - SLACK or high > tables.limits[which[d], 1] + SLACK:
            good = OUTSIDE
        bad = REFUSED if np.isfinite(T0[d] + T1[d] + j[d]) else FAILED
        for p in range(code.shape[1]):
            code[d, p] = good if solved[d, p] else bad
