"""Cells of plates and electrodes, and how they overlap with what lies on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ioffe.device.layout import Rectangle

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Matrix = sparse.csr_array


@dataclass(frozen=True)
class CellBox:
    """A rectangle in equal cells, of which those at two opposite rims may be half as wide.

    Attributes
    ----------
    box : Rectangle
        Left, right, lower and upper edge in m.
    shape : tuple of int
        Cells along both sides.
    halved : tuple of bool
        Whether the first and the last cell along a side are halves.
    """

    box: Rectangle
    shape: tuple[int, int]
    halved: tuple[bool, bool] = (False, False)

    @property
    def sides(self) -> tuple[float, float]:
        """Lengths in m."""
        return self.box[1] - self.box[0], self.box[3] - self.box[2]

    @property
    def spans(self) -> tuple[int, int]:
        """Lengths in widths of a whole cell."""
        return self.shape[0] - self.halved[0], self.shape[1] - self.halved[1]

    @property
    def area(self) -> float:
        """Area of a whole cell in m2."""
        return self.sides[0] * self.sides[1] / (self.spans[0] * self.spans[1])

    @cached_property
    def areas(self) -> Array:
        """Area of every cell in m2, (cells,)."""
        return np.multiply.outer(*(np.diff(borders) for borders in self.borders)).ravel()

    @property
    def count(self) -> int:
        """Number of cells."""
        return self.shape[0] * self.shape[1]

    @cached_property
    def borders(self) -> tuple[Array, Array]:
        """Cell borders along both sides in m."""
        found = []
        for axis, (span, halved) in enumerate(zip(self.spans, self.halved, strict=True)):
            low, high = self.box[2 * axis : 2 * axis + 2]
            inner = (np.arange(span) + 0.5) / span if halved else np.arange(1, span) / span
            found.append(np.concatenate([[low], low + (high - low) * inner, [high]]))
        return found[0], found[1]

    def share(self, box: Rectangle) -> Entries:
        """Share of a rectangle that lies in each cell: one row, whose sum is one inside."""
        return self._crossed((np.array(box[:2]), np.array(box[2:])), self.borders)

    def within(self, plate: CellBox) -> Entries:
        """Share of each cell (rows) that lies in each cell of the plate (columns)."""
        return self._crossed(self.borders, plate.borders)

    @staticmethod
    def _crossed(inner: tuple[Array, Array], outer: tuple[Array, Array]) -> Entries:
        """Shares along both sides multiplied."""
        (i, j, x), (k, m, y) = (_overlap(a, b) for a, b in zip(inner, outer, strict=True))
        rows = np.add.outer(i * (len(inner[1]) - 1), k)
        columns = np.add.outer(j * (len(outer[1]) - 1), m)
        return Entries(rows.ravel(), columns.ravel(), np.multiply.outer(x, y).ravel())


class Entries(NamedTuple):
    """Rows, columns and values of what is not zero in a matrix."""

    rows: Indices
    columns: Indices
    values: Array


def matrix(parts: Sequence[Entries], rows: Indices, columns: Indices, shape: tuple[int, int]) -> Matrix:
    """One matrix of parts, each at its first row and column."""
    if not parts:
        return sparse.csr_array(shape)
    i = np.concatenate([part.rows + row for part, row in zip(parts, rows, strict=True)])
    j = np.concatenate([part.columns + column for part, column in zip(parts, columns, strict=True)])
    return sparse.csr_array((np.concatenate([part.values for part in parts]), (i, j)), shape=shape)


def _overlap(borders: Array, others: Array) -> tuple[Indices, Indices, Array]:
    """Share of each interval in each of the other ones, where there is any."""
    low = np.maximum.outer(borders[:-1], others[:-1])
    high = np.minimum.outer(borders[1:], others[1:])
    found = np.maximum(high - low, 0.0) / np.diff(borders)[:, None]
    # what rounding leaves of a common border is no overlap
    found[found < 1e-9] = 0.0
    found /= found.sum(axis=1, keepdims=True)
    i, j = np.nonzero(found)
    return i, j, found[i, j]


def cells_of_electrode(box: Rectangle, plate: CellBox) -> CellBox:
    """Cells of an electrode, as wide as those of the plate as its sides allow."""
    sides = box[1] - box[0], box[3] - box[2]
    pairs = zip(sides, plate.sides, plate.spans, strict=True)
    shape = [max(1, round(side * n / whole)) for side, whole, n in pairs]
    return CellBox(box, (shape[0], shape[1]))
