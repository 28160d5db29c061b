r"""Linear thermoelasticity in quadratic hexahedra.

.. math:: \sigma = \lambda\,\mathrm{tr}(\epsilon)\,1 + 2\mu\epsilon
   - (3\lambda + 2\mu)\,\epsilon_\mathrm{th}\,1,
   \quad \nabla\cdot\sigma = 0,

with the strain :math:`\epsilon` of the displacement u and the free thermal strain. Young's modulus and
Poisson's ratio are constant in a cell. Three Gauss points a direction integrate the matrices exactly;
stresses are taken at two points a direction, where they are of second order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import linalg

from ioffe.field.elements.assembly import BlockPattern
from ioffe.field.elements.linear import DIRECT
from ioffe.field.elements.mesh import BoxMesh, FaceSet
from ioffe.field.elements.shapes import (
    FACE_VALUES,
    FACE_WEIGHTS,
    GRADIENTS,
    POINT_WEIGHTS,
    basis,
)
from ioffe.field.elements.system import numbered
from ioffe.field.stress.multigrid import Cycle, factors

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Blocks = sparse.bsr_array
ALIKE = 10
"""Digits to which widths and constants of cells of one shape agree."""
PRECISE = 1e-6
"""Share of the load that conjugate gradients may leave: measures then change in the sixth digit."""
MOST_STEPS = 400
_PLACES = np.array([0.5 - 0.5 / np.sqrt(3.0), 0.5 + 0.5 / np.sqrt(3.0)])
POINTS, POINT_GRADIENTS = basis(_PLACES)
"""Shape functions and gradients at the eight points of a cell at which stresses are taken."""
POINT_SHARE = 1.0 / 8.0
"""Share of the volume of a cell that each of them stands for."""


def _products() -> Array:
    """Integrals of d_i a d_j b over the unit cube for all pairs of axes, (3, 3, 27, 27)."""
    return np.einsum("q,iqa,jqb->ijab", POINT_WEIGHTS, GRADIENTS, GRADIENTS, optimize=True)


PRODUCTS = _products()


@dataclass(frozen=True, eq=False)
class Springs:
    """Springs on faces along an axis: a stiffness in N/m3 and a pressure in Pa that pushes along the axis."""

    faces: FaceSet
    axis: int
    stiffness: float = 0.0
    pressure: float = 0.0


class Solved(NamedTuple):
    """A body with the displacements that are held, and those of its nodes that were found, (nodes, 3)."""

    body: ElasticBody
    held: NDArray[np.bool_]
    moved: Array


@dataclass(frozen=True, eq=False)
class ElasticBody:
    """Cells that are joined wherever they meet along z.

    Attributes
    ----------
    mesh : BoxMesh
    joined : ndarray of int
        Number of each node of the mesh among the nodes that move on their own.
    modulus, poisson : ndarray of shape (cells,)
        Young's modulus in Pa and Poisson's ratio.
    springs : tuple of Springs
    """

    mesh: BoxMesh
    joined: Indices
    modulus: Array
    poisson: Array
    springs: tuple[Springs, ...] = ()

    @property
    def nodes(self) -> int:
        """Nodes that move on their own."""
        return int(self.joined.max()) + 1

    @cached_property
    def positions(self) -> Array:
        """Of these nodes in m, (nodes, 3)."""
        out = np.zeros((self.nodes, 3))
        out[self.joined] = self.mesh.positions
        return out

    @cached_property
    def lame(self) -> tuple[Array, Array]:
        """Lamé's constants lambda and mu in Pa."""
        E, nu = self.modulus, self.poisson
        return E * nu / ((1.0 + nu) * (1.0 - 2.0 * nu)), 0.5 * E / (1.0 + nu)

    @cached_property
    def _unknowns(self) -> Indices:
        """Unknowns of the cells, node by node, (cells, 81)."""
        at = 3 * self.joined[self.mesh.nodes][:, :, None] + np.arange(3)
        return at.reshape(len(at), -1)

    def stiffness(self) -> Blocks:
        """The matrix of all displacements, in blocks of three for pairs of nodes."""
        at = self.joined[self.mesh.nodes]
        springs = [s for s in self.springs if s.stiffness]
        sides = [self.joined[s.faces.nodes] for s in springs]
        pattern = BlockPattern(self.nodes, [(at, at), *((side, side) for side in sides)])
        count = len(pattern.indices)
        data = np.zeros((count, 3, 3))
        of_cell, first, second = self._shapes()
        for i in range(3):
            for j in range(3):
                each = first[:, i, j, None] * PRODUCTS[i, j].ravel()
                each += second[:, i, j, None] * PRODUCTS[j, i].ravel()
                if i == j:
                    each += sum(second[:, k, k, None] * PRODUCTS[k, k].ravel() for k in range(3))
                data[:, i, j] = np.bincount(pattern.slots[0].ravel(), each[of_cell].ravel(), count)
        for slots, s in zip(pattern.slots[1:], springs, strict=True):
            each = np.einsum("q,qa,qb->ab", FACE_WEIGHTS, FACE_VALUES, FACE_VALUES).ravel()
            values = s.stiffness * s.faces.area[:, None] * each
            data[:, s.axis, s.axis] += np.bincount(slots.ravel(), values.ravel(), count)
        size = 3 * self.nodes, 3 * self.nodes
        return sparse.bsr_array((data, pattern.indices, pattern.indptr), shape=size)

    def _shapes(self) -> tuple[Indices, Array, Array]:
        """Shape of each cell, and for each shape Lamé's constants times volume over widths, (shapes, 3, 3).

        A layout has few shapes of cells, whose matrices are made once.
        """
        numbers = np.column_stack([self.mesh.widths, *self.lame])
        key = np.round(numbers / np.abs(numbers).max(axis=0, initial=1e-300), ALIKE)
        _, one, of_cell = np.unique(key, axis=0, return_index=True, return_inverse=True)
        h, lam, mu = numbers[one, :3], numbers[one, 3], numbers[one, 4]
        scale = h.prod(axis=1)[:, None, None] / (h[:, :, None] * h[:, None, :])
        return of_cell.ravel(), lam[:, None, None] * scale, mu[:, None, None] * scale

    def load(self, strain: Array) -> Array:
        """Forces in N of a free thermal strain at the Gauss points (cells, 27), and of the pressures."""
        lam, mu = self.lame
        w = ((3.0 * lam + 2.0 * mu) * self.mesh.volume)[:, None] * POINT_WEIGHTS * strain
        each = np.stack([(w / self.mesh.widths[:, i, None]) @ GRADIENTS[i] for i in range(3)], axis=2)
        out = np.asarray(np.bincount(self._unknowns.ravel(), each.ravel(), 3 * self.nodes), float)
        for s in self.springs:
            force = s.pressure * s.faces.area[:, None] * (FACE_WEIGHTS @ FACE_VALUES)
            out += np.bincount(3 * self.joined[s.faces.nodes].ravel() + s.axis, force.ravel(), len(out))
        return out

    def solve(
        self,
        load: Array,
        held: NDArray[np.bool_],
        given: Array | None = None,
        coarser: Solved | None = None,
        progress: Callable[[], object] | None = None,
    ) -> Array:
        """Displacements in m, (nodes, 3).

        `load`: forces in N.
        `held` (3 nodes,): displacements that are given, by default as zero.
        `given`: their values.
        `coarser`: the same bodies in cells of twice the width, from which an iteration begins.
        `progress`: called at each step of an iteration.
        Raises `RuntimeError` if the iteration does not settle.
        """
        K = self.stiffness()
        u = np.zeros(len(load)) if given is None else np.where(held, given, 0.0)
        right = np.where(held, 0.0, load - K @ u)
        if not np.any(right):
            return u.reshape(-1, 3)
        if len(right) <= DIRECT:
            free = np.flatnonzero(~held)
            small, force = K.tocsc()[free][:, free], right[free]
            found = factors(small)
            u[free] += found.solve(force)
            u[free] += found.solve(force - small @ u[free])
            return u.reshape(-1, 3)
        below = None if coarser is None else coarser.body.cycle(coarser.held)
        cycle, begun = self.cycle(held, K, below), np.zeros(len(right))
        if coarser is not None:
            begun = cycle.spread(coarser.moved.ravel())
        operator: Any = linalg.LinearOperator
        how: Any = {"M": operator(K.shape, cycle, dtype=float), "maxiter": MOST_STEPS}
        how["callback"] = None if progress is None else lambda _: progress()
        x, missed = linalg.cg(cycle.matrix, right, x0=begun, rtol=PRECISE, **how)
        if missed:
            raise RuntimeError("conjugate gradients did not converge")
        return (u + x * cycle.free).reshape(-1, 3)

    def cycle(
        self, held: NDArray[np.bool_], matrix: Blocks | None = None, coarser: Cycle | None = None
    ) -> Cycle:
        """Multigrid for displacements under forces, some of them held."""
        K = self.stiffness() if matrix is None else matrix
        return Cycle(self.mesh, self.joined, K, held, self._rigid(), coarser)

    def _rigid(self) -> Array:
        """The six motions of a rigid body, (3 nodes, 6)."""
        at = self.positions - self.positions.mean(axis=0)
        x, y, z = (at / np.abs(at).max()).T
        out = np.zeros((3 * self.nodes, 6))
        for i in range(3):
            out[i::3, i] = 1.0
        out[0::3, 3], out[1::3, 3] = -y, x
        out[1::3, 4], out[2::3, 4] = -z, y
        out[0::3, 5], out[2::3, 5] = z, -x
        return out

    def stress(
        self, u: Array, strain: Array, points: tuple[Array, Array] = (POINTS, POINT_GRADIENTS)
    ) -> Array:
        """Stress in Pa at points of all cells, (cells, points, 3, 3).

        `u` (nodes, 3)
        `strain` (cells, points): free thermal strain at these points.
        `points`: shape functions and gradients there.
        """
        lam, mu = (x[:, None] for x in self.lame)
        own = u[self.joined[self.mesh.nodes]]
        g = np.stack([np.einsum("qa,eai->eqi", G, own, optimize=True) for G in points[1]], axis=2)
        g /= self.mesh.widths[:, None, :, None]
        eps = 0.5 * (g + g.transpose(0, 1, 3, 2))
        even = lam * np.trace(eps, axis1=2, axis2=3) - (3.0 * lam + 2.0 * mu) * strain
        return 2.0 * mu[..., None, None] * eps + even[..., None, None] * np.eye(3)


def joined_along_z(mesh: BoxMesh) -> Indices:
    """Numbers of the nodes, those that bodies share where they meet along z being one."""
    below, above = mesh.meeting(2)
    count = len(mesh.positions)
    return numbered(count, np.arange(count), [(below.nodes.ravel(), above.nodes.ravel())])[0]


def held_as_a_rigid_body(positions: Array, *, upright: bool) -> NDArray[np.bool_]:
    """Six displacements (three, if springs hold it along z) that keep a body in its place without a force."""
    low = positions[:, 2] <= positions[:, 2].min() + 1e-12
    at = np.where(low[:, None], positions, np.inf)
    corner = int(np.argmin(at.sum(axis=1)))
    along_x = int(np.argmin(at[:, 1] - np.where(low, positions[:, 0], -np.inf)))
    along_y = int(np.argmin(at[:, 0] - np.where(low, positions[:, 1], -np.inf)))
    held = np.zeros((len(positions), 3), bool)
    held[corner, :2] = held[along_x, 1] = True
    if not upright:
        held[[corner, along_x, along_y], 2] = True
    return held.ravel()


def mises(stress: Array) -> Array:
    """Equivalent stress of von Mises in Pa."""
    deviator = stress - np.trace(stress, axis1=-2, axis2=-1)[..., None, None] / 3.0 * np.eye(3)
    return np.asarray(np.sqrt(1.5 * (deviator**2).sum(axis=(-2, -1))), float)


def principal(stress: Array) -> Array:
    """Largest principal stress in Pa, positive in tension."""
    return np.asarray(np.linalg.eigvalsh(stress)[..., -1], float)
