r"""Quadratic hexahedra with 27 nodes, products of parabolas, on boxes: values, gradients, products of both.

On a box of widths h the gradient along an axis is that on the unit cube over h, so that every integral of
products of shape functions is a sum over Gauss points of coefficients times products that are made once.
Local nodes, and Gauss points, are counted with x slowest: node (a, b, c) of the halves along x, y, z is
9 a + 3 b + c. Three points a direction integrate the products of constant coefficients exactly.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
NODES: Final = 27
_x, _w = np.polynomial.legendre.leggauss(3)
GAUSS: Final[Array] = 0.5 * (_x + 1.0)
WEIGHTS: Final[Array] = 0.5 * _w


def parabolas(x: Array) -> tuple[Array, Array]:
    """Values and slopes of the three parabolas with nodes 0, 1/2, 1 at positions x, each (len(x), 3).

    >>> parabolas(np.array([0.25]))[0].tolist()
    [[0.375, 0.75, -0.125]]
    """
    value = np.stack([(2 * x - 1) * (x - 1), 4 * x * (1 - x), x * (2 * x - 1)], axis=1)
    return value, np.stack([4 * x - 3, 4 - 8 * x, 4 * x - 1], axis=1)


def product(a: Array, b: Array, c: Array) -> Array:
    """Values at all triples of points of all products of functions along x, y and z, (points, functions)."""
    whole = np.einsum("qa,rb,sc->qrsabc", a, b, c)
    return whole.reshape(len(a) * len(b) * len(c), -1)


def basis(points: Array) -> tuple[Array, Array]:
    """Shape functions (points^3, 27) and their gradients (3, points^3, 27) at a grid of points of a cube."""
    N, D = parabolas(points)
    return product(N, N, N), np.stack([product(D, N, N), product(N, D, N), product(N, N, D)])


VALUES, GRADIENTS = basis(GAUSS)
"""Shape functions (27, 27) and gradients (3, 27, 27) at the Gauss points of the unit cube."""
POINT_WEIGHTS: Final[Array] = np.einsum("q,r,s->qrs", WEIGHTS, WEIGHTS, WEIGHTS).ravel()
FACE_VALUES: Final[Array] = np.einsum("qa,rb->qrab", parabolas(GAUSS)[0], parabolas(GAUSS)[0]).reshape(9, 9)
"""Shape functions of the nine nodes of a face at its Gauss points."""
FACE_WEIGHTS: Final[Array] = np.multiply.outer(WEIGHTS, WEIGHTS).ravel()


@cache
def products() -> Array:
    """Weighted products of test and trial functions at the Gauss points, (10, 27, 729).

    First d_i w d_i u along the three axes, then d_i w u, then w d_i u, then w u.
    """
    N, G, W = VALUES, GRADIENTS, POINT_WEIGHTS[:, None, None]

    def outer(a: Array, b: Array) -> Array:
        return (W * a[:, :, None] * b[:, None, :]).reshape(NODES, -1)

    parts = [outer(g, g) for g in G] + [outer(g, N) for g in G] + [outer(N, g) for g in G] + [outer(N, N)]
    return np.ascontiguousarray(parts)


def face_nodes(axis: int, side: int) -> NDArray[np.intp]:
    """Local numbers of the nine nodes of a face, the lower or (`side` 1) the upper one along an axis.

    >>> face_nodes(2, 0).tolist()
    [0, 3, 6, 9, 12, 15, 18, 21, 24]
    """
    return np.take(np.arange(NODES).reshape(3, 3, 3), 2 * side, axis=axis).ravel()


_PLACES = np.stack(np.meshgrid(*[np.arange(3)] * 3, indexing="ij"), axis=-1).reshape(NODES, 3)
CORNERS: Final[Indices] = np.flatnonzero((_PLACES % 2 == 0).all(axis=1))
"""Which nodes of a cell are its corners."""
TRILINEAR: Final[Array] = np.prod(1.0 - 0.5 * np.abs(_PLACES[:, None] - _PLACES[None, CORNERS]), axis=2)
"""Functions of the corners at all nodes of a cell, (27, 8)."""


def spread_of(shape: Array, nodes: Indices, at: Indices, size: tuple[int, int]) -> sparse.csr_array:
    """Values at the nodes of cells (cells, 27) from those of other ones, by the functions of these there.

    `shape` (cells, 27, functions)
    `nodes` (cells, 27): numbers of the nodes, the rows; those of no cell stay empty.
    `at` (cells, functions): numbers of the other ones, the columns.
    `size`: rows and columns.
    """
    numbers, first = np.unique(nodes.ravel(), return_index=True)
    cell, node = np.divmod(first, NODES)
    counts = np.zeros(size[0], int)
    counts[numbers] = at.shape[1]
    starts = np.concatenate([[0], np.cumsum(counts)])
    found = sparse.csr_array((shape[cell, node].ravel(), at[cell].ravel(), starts), shape=size)
    found.data[np.abs(found.data) < 1e-12] = 0.0
    found.eliminate_zeros()
    return found
