"""All cells, contacts and films of a device as one system of equations for temperatures and potentials.

Nodes that are one (bodies in perfect contact, faces at one temperature or potential) share an unknown. The
residual is the heat in W, or the current in A, that an unknown lacks: zero inside, and at an unknown that is
held what has to leave there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from ioffe.field.elements.assembly import BlockPattern, Matrix
from ioffe.field.elements.contacts import FacePairs
from ioffe.field.elements.mesh import BoxMesh
from ioffe.field.elements.shapes import CORNERS, TRILINEAR, spread_of
from ioffe.field.elements.volumes import MaterialCells

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Ties = tuple[Indices, Indices]


def numbered(count: int, used: Indices, ties: Sequence[Ties]) -> tuple[Indices, int]:
    """Numbers of the unknowns of `count` places, those that are tied sharing one; -1 for places not used.

    >>> found, size = numbered(5, np.array([0, 1, 3, 4]), [(np.array([0]), np.array([4]))])
    >>> found.tolist(), size
    ([0, 1, -1, 2, 0], 3)
    """
    a, b = (np.concatenate([np.zeros(0, int), *(tie[k] for tie in ties)]) for k in (0, 1))
    graph = sparse.csr_array((np.ones(len(a)), (a, b)), shape=(count, count))
    label = connected_components(graph, directed=False)[1]
    out = np.full(count, -1)
    # in the order of the places, which is that of the grid: bands stay narrow
    _, first, back = np.unique(label[used], return_index=True, return_inverse=True)
    rank = np.empty(len(first), int)
    rank[np.argsort(first)] = np.arange(len(first))
    out[used] = rank[back]
    return out, len(first)


@dataclass(frozen=True, eq=False)
class CoupledSystem:
    """Equations of temperatures and potentials.

    Attributes
    ----------
    mesh : BoxMesh
    materials : tuple of MaterialCells
    contacts : tuple of FacePairs
        By unknowns.
    T_of, V_of : ndarray of int
        Unknown of the temperature and of the potential of every node, -1 without a potential.
    temperatures : int
        Number of unknown temperatures, which come before the potentials.
    size : int
        Of all unknowns.
    """

    mesh: BoxMesh
    materials: tuple[MaterialCells, ...]
    contacts: tuple[FacePairs, ...]
    T_of: Indices
    V_of: Indices
    temperatures: int
    size: int

    @cached_property
    def _pattern(self) -> BlockPattern:
        blocks = []
        for part in self.materials:
            T = self.T_of[self.mesh.nodes[part.cells]]
            blocks.append((T, T))
            if part.conducts:
                V = self.V_of[self.mesh.nodes[part.cells]]
                blocks += [(T, V), (V, T), (V, V)]
        for pair in self.contacts:
            blocks.append((pair.T, pair.T))
            if pair.V is not None:
                blocks += [(pair.T, pair.V), (pair.V, pair.V)]
        return BlockPattern(self.size, blocks)

    @cached_property
    def corners(self) -> Matrix:
        """All unknowns from those at the corners of the cells, trilinear between them, (size, size).

        Unknowns of no cell are themselves.
        """
        nodes, size = self.mesh.nodes, (self.size, self.size)
        found: Any = sparse.csr_array(size)
        for own in (self.T_of[nodes], self.V_of[nodes[(self.V_of[nodes] >= 0).all(axis=1)]]):
            shape = np.broadcast_to(TRILINEAR, (len(own), *TRILINEAR.shape))
            found = found + spread_of(shape, own, own[:, CORNERS], size)
        alone = (np.diff(found.indptr) == 0).astype(float)
        return (found + sparse.diags_array(alone)).tocsr()

    def at_nodes(self, u: Array) -> tuple[Array, Array]:
        """Temperatures and potentials of all nodes; the potential of an insulator is 0."""
        return u[self.T_of], np.where(self.V_of >= 0, u[self.V_of], 0.0)

    def residual(self, u: Array) -> Array:
        """What each unknown lacks."""
        return self._assembled(u, slopes=False)[0]

    def linearised(self, u: Array) -> tuple[Array, Matrix]:
        """The residual and its derivative."""
        R, data = self._assembled(u, slopes=True)
        assert data is not None
        return R, self._pattern.matrix(data)

    def _assembled(self, u: Array, *, slopes: bool) -> tuple[Array, Array | None]:
        T, V = self.at_nodes(u)
        R, nodes = np.zeros(self.size), self.mesh.nodes
        data = np.zeros(len(self._pattern.indices)) if slopes else None
        kind = 0
        for part in self.materials:
            done = 0
            for cells, forms in part.forms(self.mesh, T, V, slopes=slopes):
                self._put(R, self.T_of[nodes[cells]], forms.F_T)
                if forms.F_V is not None:
                    self._put(R, self.V_of[nodes[cells]], forms.F_V)
                if data is not None:
                    which = slice(done, done + len(cells))
                    blocks = (forms.TT, forms.TV, forms.VT, forms.VV)
                    for k, values in enumerate(blocks):
                        if values is not None:
                            self._pattern.add(data, kind + k, values, which)
                done += len(cells)
            kind += 4 if part.conducts else 1
        for pair in self.contacts:
            forms = pair.forms(u, u)
            self._put(R, pair.T, forms.F_T)
            if pair.V is not None:
                self._put(R, pair.V, forms.F_V)
            if data is not None:
                self._pattern.add(data, kind, forms.TT)
                if pair.V is not None:
                    self._pattern.add(data, kind + 1, forms.TV)
                    self._pattern.add(data, kind + 2, forms.VV)
            kind += 1 if pair.V is None else 3
        return R, data

    def _put(self, R: Array, where: Indices, values: Array) -> None:
        R += np.bincount(where.ravel(), values.ravel(), self.size)

    def cell_heats(self, u: Array) -> Array:
        """Heat in W that leaves each cell at each of its nodes, (cells, 27).

        Sums over the nodes of faces close the balance of the cells exactly; fluxes of gradients do not.
        """
        T, V = self.at_nodes(u)
        out = np.zeros(self.mesh.nodes.shape)
        for part in self.materials:
            for cells, forms in part.forms(self.mesh, T, V, slopes=False):
                out[cells] = forms.F_T
        return out
