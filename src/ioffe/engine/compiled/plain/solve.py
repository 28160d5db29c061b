"""Solution of plain legs: buckets of devices that go through the same cells, and groups of cases in them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.packing import CONDUCTIVITY
from ioffe.engine.compiled.plain import elements as fill
from ioffe.engine.compiled.plain import march as at
from ioffe.engine.compiled.plain import newton
from ioffe.engine.compiled.plain.elements import HALF, LOWER, Bucket, TableArrays
from ioffe.engine.compiled.plain.newton import GIVEN
from ioffe.engine.compiled.table_cells import cubic, resistivity

FOLLOWED = -1
"""In place of an aim: a given current that begins at those before."""
MOST_PARTS, SECOND_CHANCE = 32, 2
"""Elements that a cell of the table may be cut into; so many where there was no solution, which may be due
to the first guess but mostly is not."""
OUT_C, OUT_R, OUT_ERROR, OUT_J, OUT_C_T0, OUT_C_T1, OUT_C_J, OUT_R_T0, OUT_R_T1, OUT_R_J, WIDTH = range(11)
"""Columns of what is written; the first four always, the others where `out` has them."""


@kernel
def solve_level(
    tables: TableArrays,
    which: Any,
    T0: Any,
    T1: Any,
    j: Any,
    ohm: Any,
    aim: int,
    device: Any,
    key: Any,
    parts: int,
    tolerance: float,
    out: Any,
    solved: Any,
    shares: Any,
    weights: Any,
    along: Any,
) -> int:
    """Solve devices at given currents or at those of an aim, with so many elements in a cell of the table.

    And then, if `shares` are given, at these shares of that current, each of which begins at those before.

    `which`, `T0`, `T1`, `j`: for all devices: number of the table, temperatures of the ends in K, current j =
        J L in A/m.
    `ohm`: resistances of the contacts at T0 and at T1 as they add to r, in ohm m, shape (devices, 2).
    `aim`: one of the aims in `newton`, or GIVEN.
    `device`, `key`: devices to solve and their keys, sorted by key. Those that need more elements are moved
        to the front.
    `tolerance`: relative error of c and r that is allowed.
    `out`: shape (devices, 4 or `WIDTH`).
    `solved`: set to True for devices that are solved, at all of their currents.
    `shares`: falling from 1, without 0.
    `weights`: see `newton.follow`.
    `along`: c and r at the shares and at no current, shape (devices, 2, shares + 1).
    Returns: how many devices need more elements.
    """
    n, again, begin = len(device), 0, 0
    elements, now = np.empty(_most_cells(key) * parts * at.ELEMENT), np.zeros(at.ROWS)
    # the worst error of each case so far, infinite or NaN without a solution
    levels, worst = max(1, len(shares)), np.zeros(at.CASES)
    known = np.zeros((newton.KNOWN + 2 * levels, at.CASES))
    while begin < n:
        end, this = begin + 1, key[begin]
        while end < n and key[end] == this:
            end += 1
        bucket = Bucket(this >> HALF, this & LOWER, tables.resistivity[which[device[begin]]], parts)
        count = (abs(bucket.far - bucket.near) + 1) * parts
        fill.fill_between(tables, bucket, elements, now)
        for first in range(begin, end, at.CASES):
            group = device[first : min(first + at.CASES, end)]
            fill.load(T0, T1, j, group, now)
            _begin(tables, bucket, ohm, aim, group, elements, count, now)
            worst[:], known[newton.WITHOUT, :] = 0.0, now[at.R : at.R + at.CASES]
            for level in range(levels):
                if level > 0:
                    newton.follow(now, known, level, shares[level], weights)
                _iterate(elements, count, now, aim if level == 0 else FOLLOWED, tolerance)
                if out.shape[1] == WIDTH:
                    at.march_tangents(elements, count, now)
                _record(tables, bucket, which, group, now, tolerance, level, worst, out, along)
                if len(shares):
                    newton.remember(now, known, worst, tolerance, level)
            for case in range(len(group)):
                d, error = group[case], worst[case]
                if error <= tolerance:
                    solved[d] = True
                    if len(shares):
                        along[d, 0, levels] = -now[at.SIGN + case] * now[at.TOTAL + case]
                        along[d, 1, levels] = known[newton.WITHOUT, case]
                elif not np.isnan(error) or parts < SECOND_CHANCE:
                    device[again], key[again] = d, this
                    again += 1
        begin = end
    return again


@kernel(inner=True)
def _begin(
    tables: TableArrays, bucket: Bucket, ohm: Any, aim: int, group: Any, elements: Any, count: int, now: Any
) -> None:
    """Elements at the ends of a group, and what Newton's method begins with."""
    fill.fill_ends(tables, bucket, elements, now)
    at.sums(elements, count, now)
    if aim != GIVEN:
        fill.load_integrals(tables, bucket, ohm, group, now)
        newton.first_current(now, aim)
    newton.first_guess(now)


@kernel(inner=True)
def _iterate(elements: Any, count: int, now: Any, aim: int, tolerance: float) -> None:
    """Newton's method for a group of cases, as far as it comes."""
    for passes in range(newton.PASSES):
        if aim in (GIVEN, FOLLOWED):
            at.march(elements, count, now)
            # a shape that another current has left behind is none of a first guess
            left = newton.advance(now, passes if aim == GIVEN else 2 * passes, 0.5 * tolerance)
        else:
            at.march_tangents(elements, count, now)
            left = newton.advance_current(now, aim, passes, 0.5 * tolerance)
        if left == 0.0:
            break


@kernel(inner=True)
def _record(
    tables: TableArrays,
    bucket: Bucket,
    which: Any,
    group: Any,
    now: Any,
    tolerance: float,
    level: int,
    worst: Any,
    out: Any,
    along: Any,
) -> None:
    """Write what was found at one current of those cases that had a solution at all currents before."""
    for case in range(len(group)):
        if worst[case] <= tolerance:
            d, error = group[case], now[at.ERROR + case]
            if not (now[at.MOVING + case] == 0.0 and error <= tolerance):
                worst[case] = error if not error <= tolerance else np.inf
                continue
            worst[case] = max(worst[case], error)
            error += _deviation(tables.deviation[which[d]], now, case)
            if level == 0:
                _write(tables, bucket, now, case, out, d)
                out[d, OUT_ERROR] = error
            out[d, OUT_ERROR] = max(out[d, OUT_ERROR], error)
            if along.shape[2] > 0:
                along[d, 0, level] = now[at.SIGN + case] * now[at.C + case]
                along[d, 1, level] = now[at.FOUND_R + case]


@kernel(inner=True)
def _most_cells(key: Any) -> int:
    """Largest number of cells that a device goes through."""
    most = 0
    for this in key:
        most = max(most, abs((this >> HALF) - (this & LOWER)) + 1)
    return most


@kernel(inner=True)
def _deviation(deviation: Any, now: Any, case: int) -> float:
    """Relative error that the deviation of a table makes in c and r."""
    if deviation[0] == 0.0 and deviation[1] == 0.0:
        return 0.0
    j = now[at.J + case]
    size = abs(j * now[at.START + case] - now[at.C + case]) + abs(j * j) * now[at.R + case]
    return deviation[0] + abs(j) * deviation[1] / size


@kernel(inner=True)
def _write(tables: TableArrays, bucket: Bucket, now: Any, case: int, out: Any, d: int) -> None:
    """Result of one case; its derivatives are those of the implicit function xi(c, T0, T1, j) = 1."""
    sign = now[at.SIGN + case]
    out[d, OUT_C], out[d, OUT_R] = sign * now[at.C + case], now[at.FOUND_R + case]
    out[d, OUT_J] = sign * now[at.J + case]
    if out.shape[1] == WIDTH:
        t0 = now[at.BEGIN + case] - tables.knots[bucket.near]
        t1 = now[at.END + case] - tables.knots[bucket.far]
        rho0 = resistivity(tables.cells, bucket.near, bucket.resistivity, t0)
        rho1 = resistivity(tables.cells, bucket.far, bucket.resistivity, t1)
        p0 = now[at.J + case] * now[at.START + case] - now[at.C + case]
        x0 = cubic(tables.cells, bucket.near, CONDUCTIVITY, t0) / p0
        x1 = cubic(tables.cells, bucket.far, CONDUCTIVITY, t1) / now[at.P + case]
        square, r_c = now[at.SQUARE + case], now[at.R_C + case]
        c_T0 = x0 * (1.0 / now[at.POSITION_C + case] + square * rho0)
        c_T1 = -x1 / now[at.POSITION_C + case]
        c_j = -now[at.POSITION_J + case] / now[at.POSITION_C + case]
        out[d, OUT_C_T0], out[d, OUT_C_T1], out[d, OUT_C_J] = c_T0, c_T1, c_j
        out[d, OUT_R_T0] = sign * (r_c * c_T0 - rho0 * x0 * (1.0 + square * r_c))
        out[d, OUT_R_T1] = sign * (r_c * c_T1 + rho1 * x1)
        out[d, OUT_R_J] = sign * (now[at.R_J + case] + r_c * c_j)
