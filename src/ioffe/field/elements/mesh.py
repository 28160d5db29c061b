"""Meshes of boxes: graded widths along three axes, bodies, nodes that bodies do not share.

Cells belong to bodies. A node belongs to one body: where two bodies meet, each has its own, and what holds
them together (equal temperatures, a contact) is said elsewhere. So a contact needs no thickness, and bodies
that touch by chance stay apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ioffe.field.elements.shapes import NODES, POINT_WEIGHTS, VALUES, face_nodes, parabolas

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
NEAR = 1e-9
"""Distance in m that counts as none."""


def graded(borders: Sequence[float], cells: Sequence[int]) -> Array:
    """Borders of cells in intervals, narrower towards the ends of each: (1 - cos(pi k/n))/2.

    Twice as many cells have the borders of the fewer among theirs.

    >>> graded([0.0, 1.0, 3.0], [1, 4]).round(3).tolist()
    [0.0, 1.0, 1.293, 2.0, 2.707, 3.0]
    """
    out = [borders[0]]
    for a, b, n in zip(borders[:-1], borders[1:], cells, strict=True):
        out += list(a + (b - a) * 0.5 * (1.0 - np.cos(np.pi * np.arange(1, n + 1) / n)))
    return np.array(out)


def merged(values: Sequence[float]) -> list[float]:
    """Sorted positions in m, those nearer than `NEAR` taken for one."""
    found = np.unique(np.asarray(values, float))
    return [float(v) for v in found[np.r_[True, np.diff(found) > NEAR]]]


class FaceSet(NamedTuple):
    """Faces of cells: which cells, their nine nodes (faces, 9) and areas in m2."""

    cells: Indices
    nodes: Indices
    area: Array


@dataclass(frozen=True, eq=False)
class BoxMesh:
    """Cells of bodies on a grid.

    Attributes
    ----------
    borders : tuple of ndarray
        Of the cells along x, y and z in m.
    grid : ndarray of int
        The body of each cell of the grid, -1 where there is none.
    """

    borders: tuple[Array, Array, Array]
    grid: Indices

    @cached_property
    def cells(self) -> Indices:
        """Place of each cell in the grid, (cells, 3)."""
        return np.argwhere(self.grid >= 0)

    @cached_property
    def body(self) -> Indices:
        """Body of each cell."""
        return self.grid[tuple(self.cells.T)]

    @cached_property
    def widths(self) -> Array:
        """Of each cell in m, (cells, 3)."""
        return np.stack([np.diff(b)[c] for b, c in zip(self.borders, self.cells.T, strict=True)], axis=1)

    @cached_property
    def volume(self) -> Array:
        """Of each cell in m3."""
        return self.widths.prod(axis=1)

    @cached_property
    def _numbered(self) -> tuple[Indices, Indices]:
        """Places of the nodes in half cells with their bodies, (nodes, 4), and the nodes of the cells."""
        half = np.stack(np.meshgrid(*[np.arange(3)] * 3, indexing="ij"), axis=-1).reshape(NODES, 3)
        at = 2 * self.cells[:, None, :] + half
        shape = [2 * n + 1 for n in self.grid.shape]
        key = self.body[:, None]
        for axis in range(3):
            key = key * shape[axis] + at[..., axis]
        found, nodes = np.unique(key, return_inverse=True)
        places = []
        for n in reversed(shape):
            found, place = np.divmod(found, n)
            places.append(place)
        return np.stack([*reversed(places), found], axis=1), nodes.reshape(-1, NODES)

    @property
    def nodes(self) -> Indices:
        """The 27 nodes of each cell."""
        return self._numbered[1]

    @property
    def places(self) -> Indices:
        """Place of each node in half cells along x, y and z, and its body, (nodes, 4)."""
        return self._numbered[0]

    @cached_property
    def positions(self) -> Array:
        """Of all nodes in m, (nodes, 3)."""
        axes = []
        for b, place in zip(self.borders, self.places.T[:3], strict=True):
            halves = np.empty(2 * len(b) - 1)
            halves[::2], halves[1::2] = b, 0.5 * (b[1:] + b[:-1])
            axes.append(halves[place])
        return np.stack(axes, axis=1)

    @cached_property
    def points(self) -> Array:
        """Gauss points of all cells in m, (cells, 27, 3)."""
        return np.einsum("qa,eai->eqi", VALUES, self.positions[self.nodes])

    def moments(self, values: Array) -> Array:
        """Integrals over all cells of values at the Gauss points (cells, 27) times each shape function."""
        each = (self.volume[:, None] * POINT_WEIGHTS * values) @ VALUES
        return np.asarray(np.bincount(self.nodes.ravel(), each.ravel(), len(self.positions)), float)

    def faces(self, cells: Indices, axis: int, side: int) -> FaceSet:
        """The lower or upper faces of some cells along an axis."""
        width = self.widths[cells]
        return FaceSet(
            cells, self.nodes[cells][:, face_nodes(axis, side)], width.prod(axis=1) / width[:, axis]
        )

    def neighbours(self, axis: int, side: int) -> Indices:
        """The cell beside each one, -1 where there is none."""
        number = np.full(np.array(self.grid.shape) + 2, -1)
        number[tuple(self.cells.T + 1)] = np.arange(len(self.cells))
        at = self.cells + 1
        at[:, axis] += 2 * side - 1
        return number[tuple(at.T)]

    def meeting(self, axis: int) -> tuple[FaceSet, FaceSet]:
        """Faces at which two bodies meet along an axis, of the cells below and of those above."""
        above = self.neighbours(axis, 1)
        low = np.flatnonzero((above >= 0) & (self.body != self.body[above]))
        return self.faces(low, axis, 1), self.faces(above[low], axis, 0)

    def refined(self, borders: tuple[Array, Array, Array]) -> BoxMesh:
        """The same bodies on a grid of twice as many cells along each axis."""
        grid = self.grid
        for axis in range(3):
            grid = np.repeat(grid, 2, axis=axis)
        return BoxMesh(borders, grid)

    def parents(self, coarse: BoxMesh) -> Indices:
        """The cell of a mesh of half as many cells in which each cell lies."""
        number = np.full(coarse.grid.shape, -1)
        number[tuple(coarse.cells.T)] = np.arange(len(coarse.cells))
        return number[tuple(self.cells.T // 2)]

    def shapes_on(self, fine: BoxMesh) -> Array:
        """Functions of the own nodes at those of the cells of a mesh of twice as many, (cells, 27, 27)."""
        own = fine.parents(self)
        low = np.stack([b[c] for b, c in zip(self.borders, self.cells[own].T, strict=True)], axis=1)
        at = (fine.positions[fine.nodes] - low[:, None]) / self.widths[own][:, None]
        N = [parabolas(at[..., i].ravel())[0].reshape(*at.shape[:2], 3) for i in range(3)]
        return np.einsum("epa,epb,epc->epabc", *N).reshape(len(at), NODES, NODES)

    def values_on(self, fine: BoxMesh, values: Array) -> Array:
        """Values of the nodes (nodes, ...) at the nodes of a mesh of twice as many cells."""
        out = np.zeros((len(fine.positions), *values.shape[1:]))
        own = values[self.nodes[fine.parents(self)]]
        out[fine.nodes] = np.einsum("epa,ea...->ep...", self.shapes_on(fine), own)
        return out
