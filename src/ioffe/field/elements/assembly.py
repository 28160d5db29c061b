"""Matrices of many small ones on a pattern that is made once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Matrix = sparse.csr_array


class BlockPattern:
    """Where the entries of blocks stand in a sparse matrix.

    `size`: rows and columns.
    `blocks`: rows (blocks, m) and columns (blocks, n) of the small matrices of each kind.
    """

    def __init__(self, size: int, blocks: Sequence[tuple[Indices, Indices]]) -> None:
        self.size = size
        # all kinds in one product: hundreds of small ones, of contacts, would each copy the whole pattern
        left, right = (self._members([block[k] for block in blocks]) for k in (0, 1))
        found = left.T.tocsr() @ right
        found.sort_indices()
        self.indices, self.indptr = found.indices, found.indptr
        # of a matrix, not of an array: its samples are dense in every version of scipy
        numbers = sparse.csr_matrix((np.arange(found.nnz), self.indices, self.indptr), shape=(size, size))
        self.slots = []
        for rows, columns in blocks:
            m, n = rows.shape[1], columns.shape[1]
            at = np.repeat(rows, n, axis=1).ravel(), np.tile(columns, (1, m)).ravel()
            self.slots.append(np.asarray(numbers[at]).reshape(len(rows), m * n).astype(np.int32))
        """Numbers of the entries of each kind of blocks, (blocks, m n)."""

    def _members(self, numbers: Sequence[Indices]) -> Matrix:
        """Which rows, or columns, each block of all kinds has, (blocks, size)."""
        each = np.concatenate([np.full(len(own), own.shape[1]) for own in numbers])
        which = np.concatenate([own.ravel() for own in numbers])
        starts = np.concatenate([[0], np.cumsum(each)])
        return sparse.csr_array((np.ones(len(which), np.float32), which, starts), (len(each), self.size))

    def add(self, data: Array, kind: int, values: Array, which: Indices | slice = slice(None)) -> None:
        """Add small matrices (blocks, m n) of a kind, all or some, to the entries of a matrix."""
        np.add.at(data, self.slots[kind][which].ravel(), values.ravel())

    def matrix(self, data: Array) -> Matrix:
        """The matrix with these entries."""
        return sparse.csr_array((data, self.indices, self.indptr), shape=(self.size, self.size))
