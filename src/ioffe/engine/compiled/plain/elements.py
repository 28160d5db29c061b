"""The material at the nodes of the elements, which end on the table's knots.

Lanes of a bucket go through the same cells. Only the first and the last cell, which a device goes through in
part, differ from lane to lane; the cells between are written once for the whole bucket.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.packing import NODES
from ioffe.engine.compiled.plain.gauss import W0, W1, X0, X1, X2, X3
from ioffe.engine.compiled.plain.lanes import (
    BEGIN,
    BORDER,
    CONDUCTION,
    DEFECT,
    ELEMENT,
    END,
    ENTER,
    HOT,
    HOT_R,
    JOULE,
    LANES,
    LEAVE,
    PELTIER,
    SIGN,
    SQUARE,
    START,
    VOLTAGE,
    J,
    wide_vectors,
)
from ioffe.engine.compiled.properties import cubic, quartic


class Tables(NamedTuple):
    """Packed tables as kernels take them."""

    knots: Any
    cells: Any
    first: Any
    resistivity: Any
    limits: Any
    defect: Any
    """Relative error of the cubic through the nodes of a cell for rho kappa at the cell's ends."""


class Bucket(NamedTuple):
    """Devices that go through the same cells: rows of the first and the last one, and elements in a cell."""

    near: int
    far: int
    resistivity: bool
    parts: int


@kernel(fast=True)
def fill_cell(tables: Tables, bucket: Bucket, row: int, elements: Any, first: int, now: Any) -> None:
    """Write the elements, from number `first` on, of a cell that lanes go through from ENTER to LEAVE."""
    wide_vectors()
    first = max(first, 0)  # so that the compiler knows that no place is negative
    knot, parts = tables.knots[row], bucket.parts
    size = tables.defect[row] / (tables.knots[row + 1] - knot) ** 4
    for i in range(parts):
        at = (first + i) * ELEMENT
        for k in range(NODES):
            place = X0 if k == 0 else X1 if k == 1 else X2 if k == 2 else X3
            weight = W0 if k == 0 or k == 3 else W1
            for lane in range(LANES):
                h = (now[LEAVE + lane] - now[ENTER + lane]) / parts
                t = now[ENTER + lane] - knot + (i + place) * h
                node = at + k * LANES + lane
                electrical = cubic(tables.cells, row, 4, t)
                kappa = abs(h) * cubic(tables.cells, row, 0, t)
                elements[node + PELTIER] = quartic(tables.cells, row, 8, t)
                elements[node + JOULE] = kappa * (electrical if bucket.resistivity else 1.0 / electrical)
                elements[node + CONDUCTION] = kappa * weight
        for lane in range(LANES):
            h = (now[LEAVE + lane] - now[ENTER + lane]) / parts
            elements[at + BORDER + lane] = quartic(
                tables.cells, row, 8, now[ENTER + lane] - knot + (i + 1) * h
            )
            elements[at + DEFECT + lane] = size * (h * h) * (h * h)


@kernel
def fill_between(tables: Tables, bucket: Bucket, elements: Any, now: Any) -> None:
    """Elements of the cells that all lanes go through from end to end."""
    step = 1 if bucket.far > bucket.near else -1
    for k in range(1, abs(bucket.far - bucket.near)):
        row = bucket.near + step * k
        for lane in range(LANES):
            now[ENTER + lane] = tables.knots[row] if step > 0 else tables.knots[row + 1]
            now[LEAVE + lane] = tables.knots[row + 1] if step > 0 else tables.knots[row]
        fill_cell(tables, bucket, row, elements, k * bucket.parts, now)


@kernel
def fill_ends(tables: Tables, bucket: Bucket, elements: Any, now: Any) -> None:
    """Elements of the cells that lanes go through in part, and A at the start."""
    near, far = bucket.near, bucket.far
    cells = abs(far - near) + 1
    leave = tables.knots[near + 1] if far > near else tables.knots[near]
    for lane in range(LANES):
        now[START + lane] = quartic(tables.cells, near, 8, now[BEGIN + lane] - tables.knots[near])
        now[ENTER + lane] = now[BEGIN + lane]
        now[LEAVE + lane] = leave if cells > 1 else now[END + lane]
    fill_cell(tables, bucket, near, elements, np.int64(0), now)
    if cells > 1:
        enter = tables.knots[far] if far > near else tables.knots[far + 1]
        for lane in range(LANES):
            now[ENTER + lane], now[LEAVE + lane] = enter, now[END + lane]
        fill_cell(tables, bucket, far, elements, (cells - 1) * bucket.parts, now)


@kernel
def load(T0: Any, T1: Any, j: Any, device: Any, now: Any) -> None:
    """Numbers of the devices of a group; a group that is not full repeats its last device."""
    for lane in range(LANES):
        d = device[min(lane, len(device) - 1)]
        sign = 1.0 if T1[d] > T0[d] else -1.0
        now[BEGIN + lane], now[END + lane], now[SIGN + lane] = T0[d], T1[d], sign
        now[J + lane], now[SQUARE + lane] = sign * j[d], sign * j[d] * j[d]


@kernel
def load_integrals(tables: Tables, bucket: Bucket, now: Any) -> None:
    """int S dT between the ends and at the hot end, for a search over the current."""
    near, far = bucket.near, bucket.far
    for lane in range(LANES):
        begin = quartic(tables.cells, near, 13, now[BEGIN + lane] - tables.knots[near])
        end = quartic(tables.cells, far, 13, now[END + lane] - tables.knots[far])
        up = now[SIGN + lane] > 0.0
        now[VOLTAGE + lane] = (begin - end) * now[SIGN + lane]
        now[HOT + lane] = end if up else begin
        now[HOT_R + lane] = 1.0 if up else 0.0
