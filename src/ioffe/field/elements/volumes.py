r"""Heat and current in the cells of one material, and their exact derivatives.

.. math:: J = -\sigma(\nabla V + S\nabla T), \quad q = S T J - \kappa\nabla T, \quad
   F_T(w) = \int q\cdot\nabla w - J\cdot\nabla V\,w, \quad F_V(w) = \int J\cdot\nabla w.

F is the flux that leaves through the surface, tested with w. With all w = 1 the sum of F_T and of V F_V
vanishes on every mesh, so that the balance of energy does not depend on how fine it is.

The conductivities along x and y may be shares of those along z, the direction of the legs, that do not depend
on temperature; S is the same in all directions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ioffe.engine.table import PropertyTable, horner
from ioffe.field.elements.mesh import BoxMesh
from ioffe.field.elements.shapes import GRADIENTS, POINT_WEIGHTS, VALUES, products

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
CHUNK = 1000
"""Cells whose matrices are made at a time."""
ISOTROPIC = np.ones(3)


class Transport(NamedTuple):
    """Properties at points and their slopes in temperature."""

    S: Array
    S_T: Array
    sigma: Array
    sigma_T: Array
    kappa: Array
    kappa_T: Array


class CellForms(NamedTuple):
    """Fluxes of some cells (cells, 27), and their derivatives (cells, 729), rows tests, columns unknowns."""

    F_T: Array
    F_V: Array | None
    TT: Array | None
    TV: Array | None = None
    VT: Array | None = None
    VV: Array | None = None


def slope(coefficients: Array, t: Array) -> Array:
    """Derivative of polynomials with ascending coefficients on the last axis."""
    return horner(coefficients[..., 1:] * np.arange(1, coefficients.shape[-1]), t)


def transport(table: PropertyTable, T: Array) -> Transport:
    """S, sigma and kappa of a table at temperatures, with their slopes."""
    i = table.cell(T)
    t = T - table.knots[i]
    found = []
    for coefficients in (table.seebeck, table.electrical, table.conductivity):
        found += [horner(coefficients[i], t), slope(coefficients[i], t)]
    if table.electrical_is_resistivity:
        rho, rho_T = found[2:4]
        found[2:4] = 1.0 / rho, -rho_T / rho**2
    return Transport(*found)


@dataclass(frozen=True, eq=False)
class MaterialCells:
    """Cells of one material.

    Attributes
    ----------
    cells : ndarray of int
    table : PropertyTable
    conducts : bool
        Whether they carry current; of others the table's kappa alone counts.
    thermal, electrical : ndarray of shape (3,)
        Shares of kappa and sigma along x, y and z.
    """

    cells: Indices
    table: PropertyTable
    conducts: bool
    thermal: Array = field(default_factory=lambda: ISOTROPIC)
    electrical: Array = field(default_factory=lambda: ISOTROPIC)

    def forms(
        self, mesh: BoxMesh, T: Array, V: Array, *, slopes: bool
    ) -> Iterator[tuple[Indices, CellForms]]:
        """Fluxes of all cells at the temperatures and potentials of the nodes, chunk by chunk."""
        for start in range(0, len(self.cells), CHUNK):
            cells = self.cells[start : start + CHUNK]
            nodes, weights = mesh.nodes[cells], mesh.volume[cells, None] * POINT_WEIGHTS
            scale = mesh.widths[cells]
            make = self._coupled if self.conducts else self._heat
            yield cells, make(T[nodes], V[nodes], scale, weights, slopes)

    def _heat(self, T: Array, _: Array, h: Array, w: Array, slopes: bool) -> CellForms:
        """Conduction of heat alone."""
        p = transport(self.table, T @ VALUES.T)
        g = [T @ G.T / h[:, i, None] for i, G in enumerate(GRADIENTS)]
        k = [p.kappa * share for share in self.thermal]
        F = sum((-w * k[i] * g[i] / h[:, i, None]) @ GRADIENTS[i] for i in range(3))
        if not slopes:
            return CellForms(np.asarray(F), None, None)
        P, share = products(), self.thermal
        TT = np.zeros((len(T), P.shape[2]))
        for i in range(3):
            TT -= (k[i] / h[:, i, None] ** 2) @ P[i]
            TT -= (p.kappa_T * share[i] * g[i] / h[:, i, None]) @ P[3 + i]
        return CellForms(np.asarray(F), None, TT * w[:, :1] / POINT_WEIGHTS[0])

    def _coupled(self, T: Array, V: Array, h: Array, w: Array, slopes: bool) -> CellForms:
        """Heat and current."""
        at = T @ VALUES.T
        p = transport(self.table, at)
        t, v = ([u @ G.T / h[:, i, None] for i, G in enumerate(GRADIENTS)] for u in (T, V))
        k, s = ([x * share for share in r] for x, r in ((p.kappa, self.thermal), (p.sigma, self.electrical)))
        J = [-s[i] * (v[i] + p.S * t[i]) for i in range(3)]
        q = [p.S * at * J[i] - k[i] * t[i] for i in range(3)]
        source = -(J[0] * v[0] + J[1] * v[1] + J[2] * v[2])
        F_T, F_V = (w * source) @ VALUES, np.zeros_like(T)
        for i in range(3):
            F_T += (w * q[i] / h[:, i, None]) @ GRADIENTS[i]
            F_V += (w * J[i] / h[:, i, None]) @ GRADIENTS[i]
        if not slopes:
            return CellForms(F_T, F_V, None)
        P = products()
        TT, TV, VT, VV = np.zeros((4, len(T), P.shape[2]))
        heated = np.zeros_like(at)
        for i in range(3):
            across, along = h[:, i, None], h[:, i, None] ** 2
            # the slope of J in T at a fixed gradient
            J_T = -self.electrical[i] * (p.sigma_T * (v[i] + p.S * t[i]) + p.sigma * p.S_T * t[i])
            q_T = (p.S + p.S_T * at) * J[i] + p.S * at * J_T - p.kappa_T * self.thermal[i] * t[i]
            TT += (-(s[i] * p.S**2 * at + k[i]) / along) @ P[i]
            TT += (q_T / across) @ P[3 + i]
            TT += (s[i] * p.S * v[i] / across) @ P[6 + i]
            heated -= J_T * v[i]
            TV += (-p.S * at * s[i] / along) @ P[i]
            TV += ((s[i] * v[i] - J[i]) / across) @ P[6 + i]
            VT += (-s[i] * p.S / along) @ P[i] + (J_T / across) @ P[3 + i]
            VV += (-s[i] / along) @ P[i]
        TT += heated @ P[9]
        size = w[:, :1] / POINT_WEIGHTS[0]
        return CellForms(F_T, F_V, *(size * block for block in (TT, TV, VT, VV)))
