r"""Dense tables on fewer knots, within a given deviation.

A table of thousands of points costs a march through thousands of cells, although the curves bend no more than
between a few dozen of them. Here neighbouring cells are joined as long as one cubic p stays within the
allowed deviation of every curve f that they hold: with t running from 0 to 1 over the joined cells,

.. math:: p(0) = f(0),\quad p(1) = f(1),\quad \int p\,dt = \int f\,dt,\quad \int p\,t\,dt = \int f\,t\,dt,

so that curves stay continuous and int S dT is kept at every knot that is left. The coefficients of p - f in
Bernstein's basis bound the largest deviation, which stands in `PropertyTable.deviation`. What is noise stays.
"""

from __future__ import annotations

from dataclasses import replace
from math import floor, log10
from weakref import WeakKeyDictionary

import numpy as np

from ioffe.engine.table import Array, Indices, PropertyTable, horner

LEAST, FINEST = 100, 1e-9
"""Cells of a table, and the tolerance, below which it stays as it is."""
SHARE = 0.1
"""Share of a tolerance by which each property may deviate."""
BESIDE = 1.0 - 2.0 * SHARE
"""Share of a tolerance that is left beside the deviation of both conductivities.

It is left for every table, so that the elements of a device do not depend on the tables of others.
"""
COARSEST = 4
"""Parts of a table with which the search begins."""
WORTH = 0.7
"""Largest share of its cells that a thinned table may have; one with more is not worth its deviation."""
_MADE: WeakKeyDictionary[PropertyTable, dict[int, PropertyTable]] = WeakKeyDictionary()
"""What was made of tables, by the decade of the tolerance."""


def thinned(table: PropertyTable, tolerance: float) -> PropertyTable:
    """The table on fewer knots, or itself where they cannot be fewer.

    `tolerance`: relative error that a solve allows; a small share of it goes to the table.
    Returns: with its deviation from the given one in `deviation`.
    """
    if len(table.knots) < LEAST + 3 or not tolerance >= FINEST:
        return table
    decade = floor(log10(tolerance) + 1e-9)
    made = _MADE.setdefault(table, {})
    if decade not in made:
        made[decade] = _joined(table, SHARE * 10.0**decade)
    return made[decade]


def _joined(table: PropertyTable, allowed: float) -> PropertyTable:
    """Cells joined where a cubic is close enough; those where it is not are halved."""
    curves = np.stack([table.conductivity, table.electrical, table.seebeck])
    # the first and the last cell are continuations
    begin, end = 1, len(table.knots) - 2
    size = 2 ** max(0, floor(np.log2((end - begin) / COARSEST)))
    first = np.arange(begin, end, size)
    left = np.append(first[1:], end)
    found = []
    while len(first):
        cells, miss, share = _fit(table.knots, curves, first, left)
        single = left - first == 1
        cells[:, single], miss[:, single], share[:, single] = curves[:, first[single]], 0.0, 0.0
        good = (share <= allowed).all(axis=0)
        found.append((first[good], cells[:, good], miss[:, good], share[:, good]))
        first, left = first[~good], left[~good]
        middle = (first + left) // 2
        first, left = np.stack([first, middle], axis=1).ravel(), np.stack([middle, left], axis=1).ravel()
    first = np.concatenate([one[0] for one in found])
    order = np.argsort(first)
    if len(first) > WORTH * (end - begin):
        return table
    cells, miss, share = (np.concatenate([one[k] for one in found], axis=1)[:, order] for k in (1, 2, 3))
    rows = [0, *first[order], end]
    knots = table.knots[[*rows, -1]]
    outer = curves[:, :1], curves[:, -1:]
    conductivity, electrical, seebeck = np.concatenate([outer[0], cells, outer[1]], axis=1)
    # A = T S - int S dT is off by that of S times T, and of its integral from the knot before
    per_seebeck = np.max(miss[2] * (knots[2:-1] + np.diff(knots)[1:-1]))
    return replace(
        table,
        knots=knots,
        conductivity=conductivity,
        electrical=electrical,
        seebeck=seebeck,
        deviation=(float(share[:2].max(axis=1).sum()), float(per_seebeck)),
    )


def _fit(knots: Array, curves: Array, first: Indices, left: Indices) -> tuple[Array, Array, Array]:
    """Cubics of blocks of cells (curves, blocks, 4) and their largest deviations (curves, blocks).

    Also these as shares of the least value in a block, of S, which may vanish, of the largest.
    """
    counts = left - first
    starts = np.cumsum(counts) - counts
    which = np.repeat(np.arange(len(first)), counts)
    cell = np.arange(len(which)) - np.repeat(starts, counts) + first[which]
    own, h = curves[:, cell], np.diff(knots)[cell]
    before = knots[cell] - knots[first][which]
    width = knots[left] - knots[first]
    c0, c1, c2, c3 = np.moveaxis(own, -1, 0)
    whole = h * (c0 + h * (c1 / 2 + h * (c2 / 3 + h * c3 / 4)))
    moment = h * h * (c0 / 2 + h * (c1 / 3 + h * (c2 / 4 + h * c3 / 5)))
    mean = np.add.reduceat(whole, starts, axis=1) / width
    tilt = 2.0 * np.add.reduceat(moment + before * whole, starts, axis=1) / width**2 - mean
    at_end = horner(own, h)
    f0, f1 = c0[:, starts], at_end[:, starts + counts - 1]
    even, odd = 6.0 * (mean - 0.5 * (f0 + f1)), 30.0 * (tilt - (f1 - f0) / 6.0)
    cubic = np.stack([f0, f1 - f0 + even - odd, 3.0 * odd - even, -2.0 * odd], axis=-1)
    cubic /= width[:, None] ** np.arange(4)
    d0, d1, d2, d3 = (c - o for c, o in zip(_shifted(cubic[:, which], before), (c0, c1, c2, c3), strict=True))
    bernstein = d0, d0 + h * d1 / 3, d0 + h * (2 * d1 + h * d2) / 3, d0 + h * (d1 + h * (d2 + h * d3))
    miss = np.maximum.reduceat(np.max(np.abs(bernstein), axis=0), starts, axis=1)
    low, high = np.minimum(np.abs(c0), np.abs(at_end)), np.maximum(np.abs(c0), np.abs(at_end))
    scale = np.minimum.reduceat(low, starts, axis=1)
    scale[2] = np.maximum.reduceat(high[2], starts)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(miss == 0.0, 0.0, miss / scale)
    return cubic, miss, share


def _shifted(cells: Array, t: Array) -> tuple[Array, Array, Array, Array]:
    """Ascending coefficients about t of cubics on the last axis."""
    _, c1, c2, c3 = np.moveaxis(cells, -1, 0)
    return horner(cells, t), c1 + t * (2 * c2 + t * 3 * c3), c2 + t * 3 * c3, c3
