"""Piecewise cubics: values, exact integrals, integrals of the reciprocal, extrema, where a value is reached.

Nothing here knows what the numbers mean. Outside its knots a piecewise cubic has the value of the end.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

import numpy as np
import numpy.typing as npt

from ioffe.base.curve.interpolation import Array, table_cells

__all__ = ["Piecewise"]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_TOLERANCE: Final = 1e-13
_MOST_ROUNDS: Final = 60
_REAL: Final = 1e-9
_FEW_KNOTS: Final = 48
_MANY_PLACES: Final = 500


class Piecewise:
    """Cubic cells between knots, a constant cell before the first knot and one from the last knot on.

    `knots` (n,): strictly increasing, n >= 2.
    `cells` (n - 1, 4): ascending coefficients in t = x - knots[i].
    `ends`: values at the first and the last knot.
    """

    __slots__ = ("_areas", "_base", "_columns", "_rows", "_sorted_knots", "cells", "knots")

    def __init__(self, knots: Array, cells: Array, ends: tuple[float, float]) -> None:
        self.knots, self.cells = knots, cells
        self._base = np.concatenate((knots[:1], knots))
        self._columns = np.zeros((4, len(self._base)))
        self._columns[:, 1:-1] = cells.T
        self._columns[0, 0], self._columns[0, -1] = ends
        steps = knots[1:] - knots[:-1]
        self._areas = np.zeros(len(self._base))
        self._areas[2:] = np.cumsum(_piece(self._columns[:, 1:-1], np.zeros_like(steps), steps))
        self._sorted_knots: list[float] = knots.tolist()
        rows = np.vstack((self._base, self._columns)).T.tolist()
        self._rows: list[tuple[float, ...]] = [tuple(row) for row in rows]

    @classmethod
    def through(cls, knots: Array, values: Array, kind: str) -> Piecewise:
        """The interpolant of `table_cells` through points."""
        return cls(knots, table_cells(knots, values, kind), (float(values[0]), float(values[-1])))

    def at(self, x: float) -> float:
        """The value at one finite position."""
        base, c0, c1, c2, c3 = self._rows[bisect_right(self._sorted_knots, x)]
        t = x - base
        return c0 + t * (c1 + t * (c2 + t * c3))

    def values(self, x: Array) -> Array:
        """The values at finite positions; the shape is kept."""
        index = self._cell_of(x)
        t = x - self._base.take(index)
        c0, c1, c2, c3 = self._columns
        found = np.asarray(c3.take(index))
        for column in (c2, c1, c0):
            found *= t
            found += column.take(index)
        return found

    def slopes(self, x: Array) -> Array:
        """The slopes at finite positions: at a knot that of the cell to its right, zero outside."""
        index = self._cell_of(x)
        t = x - self._base[index]
        _, c1, c2, c3 = self._columns[:, index]
        return c1 + t * (2 * c2 + t * 3 * c3)

    def area(self, a: Array, b: Array) -> Array:
        """Integral from a to b: the part of a's cell, whole cells, the part of b's cell."""
        low, high = np.minimum(a, b), np.maximum(a, b)
        first, last = self._cell_of(low), self._cell_of(high)
        same = first == last
        follows = np.minimum(first, len(self.knots) - 1)
        start = low - self._base[first]
        stop = np.where(same, high, self.knots[follows]) - self._base[first]
        head = _piece(self._columns[:, first], start, stop)
        tail = _piece(self._columns[:, last], np.zeros_like(high), high - self._base[last])
        whole = self._areas[last] - self._areas[follows + 1]
        return np.where(a <= b, 1.0, -1.0) * np.where(same, head, head + whole + tail)

    def reciprocal_area(self, a: float, b: float) -> float:
        """Integral of the reciprocal from a to b >= a; no zero may lie between them.

        Sixteen-point Gauss-Legendre on every cell; intervals are halved until both halves agree with the
        whole.
        """
        inside = self.knots[(self.knots > a) & (self.knots < b)]
        edges = np.concatenate(([a], inside, [b]))
        left, right = edges[:-1], edges[1:]
        cell = self._cell_of((left + right) / 2)
        whole = self._gauss(cell, left, right)
        total = 0.0
        for _ in range(_MOST_ROUNDS):
            middle = (left + right) / 2
            first, second = self._gauss(cell, left, middle), self._gauss(cell, middle, right)
            share = (abs(total) + abs(float(np.sum(whole)))) / len(whole)
            rough = np.abs(first + second - whole) > _TOLERANCE * np.maximum(np.abs(whole), share)
            total += float(np.sum((first + second)[~rough]))
            if not rough.any():
                return total
            left, middle, right = left[rough], middle[rough], right[rough]
            cell = np.repeat(cell[rough], 2)
            whole = np.column_stack((first[rough], second[rough])).ravel()
            left, right = np.column_stack((left, middle)).ravel(), np.column_stack((middle, right)).ravel()
        return total + float(np.sum(whole))

    def values_between(self, low: float, high: float) -> Array:
        """Values at both ends and at the knots and extrema between them."""
        candidates = np.concatenate((self.knots, self._extrema()))
        inside = candidates[(candidates > low) & (candidates < high)]
        return self.values(np.concatenate(([low, high], inside)))

    def positions(self, level: float) -> Array:
        """Where the value is `level`, ascending; cells that are level throughout have none."""
        steps = np.diff(self.knots)
        c0, c1, c2, c3 = self.cells.T * np.stack((steps**0, steps, steps**2, steps**3))
        # a cubic lies between the least and the largest of its control points (Bernstein)
        control = np.stack((c0, c0 + c1 / 3, c0 + (2 * c1 + c2) / 3, c0 + c1 + c2 + c3)) - level
        near = np.flatnonzero((control.min(axis=0) <= 0) & (control.max(axis=0) >= 0))
        found = []
        for k in near.tolist():
            shares = np.roots([c3[k], c2[k], c1[k], c0[k] - level])
            real = shares.real[np.abs(shares.imag) <= _REAL * (1 + np.abs(shares))]
            inside = real[(real >= -_REAL) & (real <= 1 + _REAL)]
            found.append(self.knots[k] + np.clip(inside, 0, 1) * steps[k])
        return np.unique(np.concatenate([np.empty(0), *found]))

    def _extrema(self) -> Array:
        """Positions strictly inside cells where the slope is zero."""
        steps = np.diff(self.knots)
        scaled = self.cells[:, 1:].T * np.stack((steps, steps**2, steps**3))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            c1, c2, c3 = scaled / np.max(np.abs(scaled), axis=0)
            root = np.sqrt(c2 * c2 - 3 * c1 * c3)
            larger = -(c2 + np.copysign(root, c2))
            share = np.stack((larger / (3 * c3), c1 / larger))
            inside = (share > 0) & (share < 1)
            return (self.knots[:-1] + share * steps)[inside]

    def _cell_of(self, x: Array) -> npt.NDArray[np.intp]:
        """Number of knots at or below x, which is the cell counted from the constant one in front.

        Many positions in a short table are counted knot by knot: a binary search for positions in no order
        takes ten times as long.
        """
        if len(self.knots) > _FEW_KNOTS or x.size < _MANY_PLACES:
            return np.asarray(np.searchsorted(self.knots, x, side="right"))
        index = np.zeros(x.shape, dtype=np.uint8)
        for knot in self.knots:
            index += x >= knot
        return index.astype(np.intp)

    def _gauss(self, cell: npt.NDArray[np.intp], left: Array, right: Array) -> Array:
        half = (right - left) / 2
        t = (left - self._base[cell])[:, None] + half[:, None] * (1 + _NODES)
        c0, c1, c2, c3 = (column[:, None] for column in self._columns[:, cell])
        return half * ((1 / (c0 + t * (c1 + t * (c2 + t * c3)))) @ _WEIGHTS)


def _piece(columns: Array, a: Array, b: Array) -> Array:
    """Integral of cells from t = a to t = b, without cancellation when a and b are close."""
    c0, c1, c2, c3 = columns
    s, p = a + b, a * b
    return (b - a) * (c0 + c1 * s / 2 + c2 * (s * s - p) / 3 + c3 * s * (s * s - 2 * p) / 4)
