"""Solution of plain legs: buckets of devices that go through the same cells, and groups of lanes in them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.plain.best import GIVEN, advance_current, first_current
from ioffe.engine.compiled.plain.elements import (
    Bucket,
    Tables,
    fill_between,
    fill_ends,
    load,
    load_integrals,
)
from ioffe.engine.compiled.plain.lanes import (
    BEGIN,
    ELEMENT,
    END,
    ERROR,
    FOUND_R,
    LANES,
    MOVING,
    POSITION_C,
    POSITION_J,
    R_C,
    R_J,
    ROWS,
    SIGN,
    SQUARE,
    START,
    C,
    J,
    P,
)
from ioffe.engine.compiled.plain.march import march, sums
from ioffe.engine.compiled.plain.newton import PASSES, advance, first_guess
from ioffe.engine.compiled.plain.sort import HALF, LOWER
from ioffe.engine.compiled.plain.tangents import march_tangents
from ioffe.engine.compiled.properties import cubic, resistivity

MOST_PARTS, SECOND_CHANCE = 32, 2
"""Elements that a cell of the table may be cut into; so many where there was no solution, which may be due
to the first guess but mostly is not."""
OUT_C, OUT_R, OUT_ERROR, OUT_J, OUT_C_T0, OUT_C_T1, OUT_C_J, OUT_R_T0, OUT_R_T1, OUT_R_J, WIDTH = range(11)
"""Columns of what is written; the first four always, the others where there is room for them."""


@kernel
def solve_level(
    tables: Tables,
    which: Any,
    T0: Any,
    T1: Any,
    j: Any,
    aim: int,
    device: Any,
    key: Any,
    parts: int,
    tolerance: float,
    out: Any,
    solved: Any,
) -> int:
    """Solve devices at given currents or at those of an aim, with so many elements in a cell of the table.

    Parameters
    ----------
    which, T0, T1, j
        For all devices: number of the table, temperatures of the ends in K, current j = J L in A/m.
    aim
        One of the aims in `plain_best`, or GIVEN.
    device, key
        Devices to solve and their keys, sorted by key. Those that need more elements are moved to the front.
    tolerance
        Relative error of c and r that is allowed.
    out
        Shape (devices, 4 or `WIDTH`).
    solved
        Set to True for devices that are solved.

    Returns
    -------
    int
        How many devices need more elements.
    """
    n, again, begin = len(device), 0, 0
    elements, now = np.empty(_most_cells(key) * parts * ELEMENT), np.zeros(ROWS)
    while begin < n:
        end, this = begin + 1, key[begin]
        while end < n and key[end] == this:
            end += 1
        bucket = Bucket(this >> HALF, this & LOWER, tables.resistivity[which[device[begin]]], parts)
        count = (abs(bucket.far - bucket.near) + 1) * parts
        fill_between(tables, bucket, elements, now)
        for first in range(begin, end, LANES):
            group = device[first : min(first + LANES, end)]
            load(T0, T1, j, group, now)
            fill_ends(tables, bucket, elements, now)
            sums(elements, count, now)
            if aim != GIVEN:
                load_integrals(tables, bucket, now)
                first_current(now, aim)
            first_guess(now)
            for passes in range(PASSES):
                if aim == GIVEN:
                    march(elements, count, now)
                    left = advance(now, passes, 0.5 * tolerance)
                else:
                    march_tangents(elements, count, now)
                    left = advance_current(now, aim, passes, 0.5 * tolerance)
                if left == 0.0:
                    break
            if out.shape[1] == WIDTH:
                march_tangents(elements, count, now)
            for lane in range(len(group)):
                d, error = group[lane], now[ERROR + lane]
                if now[MOVING + lane] == 0.0 and error <= tolerance:
                    _write(tables, bucket, now, lane, out, d)
                    solved[d] = True
                elif not np.isnan(error) or parts < SECOND_CHANCE:
                    device[again], key[again] = d, this
                    again += 1
        begin = end
    return again


@kernel
def _most_cells(key: Any) -> int:
    """Largest number of cells that a device goes through."""
    most = 0
    for this in key:
        most = max(most, abs((this >> HALF) - (this & LOWER)) + 1)
    return most


@kernel
def _write(tables: Tables, bucket: Bucket, now: Any, lane: int, out: Any, d: int) -> None:
    """Result of one lane; its derivatives are those of the implicit function xi(c, T0, T1, j) = 1."""
    sign = now[SIGN + lane]
    out[d, OUT_C], out[d, OUT_R] = sign * now[C + lane], now[FOUND_R + lane]
    out[d, OUT_ERROR], out[d, OUT_J] = now[ERROR + lane], sign * now[J + lane]
    if out.shape[1] == WIDTH:
        t0 = now[BEGIN + lane] - tables.knots[bucket.near]
        t1 = now[END + lane] - tables.knots[bucket.far]
        rho0 = resistivity(tables.cells, bucket.near, bucket.resistivity, t0)
        rho1 = resistivity(tables.cells, bucket.far, bucket.resistivity, t1)
        x0 = cubic(tables.cells, bucket.near, 0, t0) / (now[J + lane] * now[START + lane] - now[C + lane])
        x1 = cubic(tables.cells, bucket.far, 0, t1) / now[P + lane]
        square, r_c = now[SQUARE + lane], now[R_C + lane]
        c_T0 = x0 * (1.0 / now[POSITION_C + lane] + square * rho0)
        c_T1 = -x1 / now[POSITION_C + lane]
        c_j = -now[POSITION_J + lane] / now[POSITION_C + lane]
        out[d, OUT_C_T0], out[d, OUT_C_T1], out[d, OUT_C_J] = c_T0, c_T1, c_j
        out[d, OUT_R_T0] = sign * (r_c * c_T0 - rho0 * x0 * (1.0 + square * r_c))
        out[d, OUT_R_T1] = sign * (r_c * c_T1 + rho1 * x1)
        out[d, OUT_R_J] = sign * (now[R_J + lane] + r_c * c_j)
