"""Cycles of geometric multigrid for the displacements of a body.

Below the mesh of a body lies one with cells of twice the width, if there is one; below the last of them the
trilinear functions of its own cells (the corners of the quadratic ones). The equations of those come from
the matrix above, between the functions of the coarser space, and are solved by factors. Above, blocks of
three displacements are relaxed once before and once after the correction, in opposite orders, so that a cycle
is symmetric and preconditions conjugate gradients.

W. Hackbusch, Multi-Grid Methods and Applications (Springer 1985), doi 10.1007/978-3-662-02427-0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import linalg

from ioffe.field.elements.linear import DIRECT, SYMMETRIC
from ioffe.field.elements.mesh import BoxMesh
from ioffe.field.elements.shapes import CORNERS, TRILINEAR, spread_of

Array = NDArray[np.float64]
Indices = NDArray[np.intp]


class Cycle:
    """One cycle for the forces on all displacements of a body.

    `joined`: number of each node of the mesh among those that move on their own.
    `matrix`: of all displacements, in blocks of three; its entries are changed.
    `held`: displacements that are given.
    `rigid` (displacements, 6): motions of a rigid body.
    `coarser`: of the same bodies in cells of twice the width.
    """

    def __init__(
        self,
        mesh: BoxMesh,
        joined: Indices,
        matrix: Any,
        held: NDArray[np.bool_],
        rigid: Array,
        coarser: Cycle | None = None,
    ) -> None:
        from pyamg.util.utils import get_block_diag

        self.mesh, self.joined, self.free = mesh, joined, (~held).astype(float)
        self.matrix = without_held(matrix, held)
        self.inverses = get_block_diag(self.matrix, blocksize=3, inv_flag=True)
        self.below: Callable[[Array], Array]
        if coarser is not None:
            shape, at = (
                coarser.mesh.shapes_on(mesh),
                coarser.joined[coarser.mesh.nodes[mesh.parents(coarser.mesh)]],
            )
            size = len(held) // 3, len(coarser.free) // 3
            self.up, self.below = spread_of(shape, joined[mesh.nodes], at, size), coarser
        else:
            own = joined[mesh.nodes]
            corners, at = np.unique(own[:, CORNERS], return_inverse=True)
            shape = np.broadcast_to(TRILINEAR, (len(own), *TRILINEAR.shape))
            size = len(held) // 3, len(corners)
            self.up = spread_of(shape, own, at.reshape(len(own), -1), size)
            of_corners = (3 * corners[:, None] + np.arange(3)).ravel()
            threefold = sparse.kron(self.up, sparse.eye_array(3), format="csr")
            small = (threefold.T.tocsr() @ (self.matrix.tocsr() @ threefold)).tocsc()
            self.below = _solver(small, np.flatnonzero(~held[of_corners]), rigid[of_corners])
        self.down = self.up.T.tocsr()

    def __call__(self, forces: Array) -> Array:
        """Displacements near those under some forces."""
        from pyamg.relaxation.relaxation import block_gauss_seidel

        r, x = forces * self.free, np.zeros_like(forces)
        how: dict[str, Any] = {"blocksize": 3, "Dinv": self.inverses}
        block_gauss_seidel(self.matrix, x, r, sweep="forward", **how)
        left = (r - self.matrix @ x) * self.free
        x += self.spread(self.below((self.down @ left.reshape(-1, 3)).ravel()))
        block_gauss_seidel(self.matrix, x, r, sweep="backward", **how)
        return x

    def spread(self, below: Array) -> Array:
        """Displacements of the space below at those of the body, none where they are held."""
        return (self.up @ below.reshape(-1, 3)).ravel() * self.free


def _solver(matrix: Any, free: Indices, rigid: Array) -> Callable[[Array], Array]:
    """Displacements under forces: by factors, of many unknowns by a cycle of aggregation."""
    own = matrix[free][:, free]
    if len(free) <= DIRECT:
        solve = factors(own).solve
    else:
        import pyamg

        modes: Any = {"B": rigid[free], "max_coarse": 300, "coarse_solver": "splu"}
        cycle = pyamg.smoothed_aggregation_solver(sparse.csr_matrix(own), **modes).aspreconditioner()
        solve = cycle.matvec

    def solved(forces: Array) -> Array:
        out = np.zeros(len(forces))
        out[free] = solve(forces[free])
        return out

    return solved


def factors(matrix: Any) -> linalg.SuperLU:
    """Factors of a symmetric matrix."""
    return linalg.splu(matrix.tocsc(), **SYMMETRIC)


def without_held(K: Any, held: NDArray[np.bool_]) -> Any:
    """The matrix without the rows and columns of what is held, on whose diagonal stands a mean instead.

    So all nodes keep their blocks. It is no sparse array, which pyamg does not take; its entries are those of
    K, which are changed.
    """
    free = (~held).astype(float).reshape(-1, 3)
    rows = np.repeat(np.arange(len(free)), np.diff(K.indptr))
    some = np.zeros(len(free), bool)
    some[np.flatnonzero(held) // 3] = True
    near = np.flatnonzero(some[rows] | some[K.indices])
    data = K.data
    data[near] *= free[rows[near], :, None] * free[K.indices[near], None, :]
    own = np.flatnonzero(rows == K.indices)
    mean = float(K.diagonal().mean())
    data[own] += mean * (1.0 - free[rows[own]])[:, :, None] * np.eye(3)
    return sparse.bsr_matrix((data, K.indices, K.indptr), shape=K.shape)
