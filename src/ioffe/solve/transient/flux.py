r"""Heat between neighbouring points of a mesh, with temperature-dependent properties.

The curves of several materials are taken at many points at once, each point with its own material. An element
of length d joins two points; with :math:`\xi = x/d`, :math:`j = J d`, :math:`A = TS - \int S dT`,
:math:`\Theta = \int\kappa\,dT` and :math:`g = j^2\rho - d^2[\Lambda(T-T_a) + \Lambda_r(T^4-T_a^4)]`

.. math:: w = -d\Theta/d\xi + jA, \quad dw/d\xi = g, \quad q = (w + j\int S\,dT)/d

at steady state, so that exactly

.. math::
    w_0 = \Theta_0 - \Theta_1 + j\int A\,d\xi - \int (1-\xi)\,g\,d\xi, \qquad w_1 = w_0 + \int g\,d\xi .

The integrals follow Simpson's rule with the temperature in the middle

.. math:: T_m = (T_0 + T_1)/2 - T''/8, \quad T'' = (j\,\Delta A - \bar g - \Delta\kappa\,\Delta T)/\bar\kappa,

so that a chain of elements has the exact steady state to fourth order in d, and dS/dT appears nowhere. What
is stored in the cells between is the difference of the w that leave and reach them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ioffe.engine.table import Array, PropertyTable, shifted
from ioffe.solve.transient.mesh import Mesh

HEAT, PELTIER, POTENTIAL, CONDUCTIVITY, ELECTRICAL, ENTHALPY = range(6)
"""Rows of what is looked up: int kappa dT, A = T S - int S dT, int S dT, kappa, rho or sigma, int c dT."""
INNER = (PELTIER, ELECTRICAL)
"""Rows that are also needed between two points."""
ORDERS = 5
"""Coefficients of the polynomials, ascending."""


@dataclass(eq=False)
class Local:
    """Properties at points; row ELECTRICAL holds the resistivity."""

    values: Array
    """Shape (6, points)."""
    slopes: Array
    cell: NDArray[np.intp]
    """Cell of the piecewise polynomials in which each point lies."""


@dataclass(frozen=True, eq=False)
class ChainProperties:
    """Piecewise polynomials of all materials on one axis, on which every material has its own stretch."""

    starts: Array
    """Left ends of all cells, moved onto the stretch of their material; shape (cells,)."""
    left: Array
    """Left ends of all cells in K."""
    whole: Array
    """Coefficients, shape (ORDERS * 6, cells)."""
    inner: Array
    """Those of the rows `INNER`, shape (ORDERS * 2, cells)."""
    move: Array
    """Start of each point's stretch, shape (points,)."""
    reciprocal: NDArray[np.bool_] | None
    """Points whose material was measured as a conductivity, None if there are none."""

    def at(self, T: Array) -> Local:
        """The six rows at the temperatures of the points."""
        found = self._horner(self.whole, T, self.move)
        if self.reciprocal is not None:
            _invert(found.values[ELECTRICAL], found.slopes[ELECTRICAL], self.reciprocal)
        return found

    def between(self, T: Array) -> tuple[Array, Array]:
        """Values and slopes of A and rho at temperatures between each point and the next."""
        found = self._horner(self.inner, T, self.move[:-1])
        if self.reciprocal is not None:
            _invert(found.values[1], found.slopes[1], self.reciprocal[:-1])
        return found.values, found.slopes

    def _horner(self, table: Array, T: Array, move: Array) -> Local:
        cell = np.searchsorted(self.starts, T + move, side="right") - 1
        t = T - self.left.take(cell)
        c = table.take(cell, axis=1).reshape(ORDERS, -1, len(T))
        value = c[-1]
        slope = np.zeros_like(value)
        for k in range(ORDERS - 2, -1, -1):
            slope = slope * t + value
            value = value * t + c[k]
        return Local(value, slope, cell)


def stack(tables: list[tuple[PropertyTable, PropertyTable | None]], points: list[int]) -> ChainProperties:
    """ChainProperties of chains of points.

    `tables`: for each chain the table of its material, and one that holds the heat capacity by volume in the
        place of the thermal conductivity (None: zero).
    `points`: number of points of each chain.
    """
    known: dict[tuple[int, int], float] = {}
    starts, left, rows = [], [], []
    end = 0.0
    for table, capacity in tables:
        key = id(table), id(capacity)
        if key in known:
            continue
        knots, coefficients = _merged(table, capacity)
        known[key] = end - knots[0]
        starts.append(knots[:-1] + known[key])
        left.append(knots[:-1])
        rows.append(coefficients)
        end += np.ceil(knots[-1] - knots[0])
    whole = np.concatenate(rows, axis=2)
    move = [np.full(n, known[id(t), id(c)]) for (t, c), n in zip(tables, points, strict=True)]
    flags = np.repeat([not t.electrical_is_resistivity for t, _ in tables], points)
    return ChainProperties(
        starts=np.concatenate(starts),
        left=np.concatenate(left),
        whole=np.ascontiguousarray(whole.reshape(ORDERS * 6, -1)),
        inner=np.ascontiguousarray(whole[:, INNER].reshape(ORDERS * 2, -1)),
        move=np.concatenate(move),
        reciprocal=flags if flags.any() else None,
    )


def _merged(table: PropertyTable, capacity: PropertyTable | None) -> tuple[Array, Array]:
    """Common knots of a material and coefficients of shape (ORDERS, 6, cells)."""
    knots = table.knots
    if capacity is not None:
        inner = np.concatenate([knots[1:-1], capacity.knots[1:-1]])
        knots = np.unique(np.clip(np.concatenate([knots[[0, -1]], inner]), knots[0], knots[-1]))
    own = (table.heat_integral, table.peltier, table.seebeck_integral, table.conductivity, table.electrical)
    out = np.zeros((ORDERS, 6, len(knots) - 1))
    for row, cells in enumerate(own):
        _put(out[:, row], table, cells, knots)
    if capacity is not None:
        _put(out[:, ENTHALPY], capacity, capacity.heat_integral, knots)
    return knots, out


def _put(out: Array, table: PropertyTable, cells: Array, knots: Array) -> None:
    i = table.cell(knots[:-1])
    moved = shifted(cells[i], knots[:-1] - table.knots[i])
    out[: len(moved)] = moved


def _invert(value: Array, slope: Array, where: NDArray[np.bool_]) -> None:
    """From conductivity to resistivity, in place."""
    slope[where] /= -(value[where] ** 2)
    value[where] = 1.0 / value[where]


NOTHING = np.zeros(1)
"""Loss of elements that lose nothing."""


@dataclass(eq=False)
class Flux:
    """Elements (points - 1,); derivatives to the temperature of both ends and to the current I."""

    first: Array
    """w at the first point, scaled by the length, in W/m."""
    last: Array
    resistance: Array
    """int rho dxi in ohm m."""
    loss: Array
    """Side loss, scaled by the length, in W/m."""
    d_first: tuple[Array, Array, Array] | None = None
    d_last: tuple[Array, Array, Array] | None = None
    d_resistance: tuple[Array, Array, Array] | None = None
    """None if they were not asked for."""


def flux(
    mesh: Mesh,
    properties: ChainProperties,
    T: Array,
    low: Array,
    local: Local,
    current: float,
    ambient: float,
    tangents: bool,
) -> Flux:
    """Flux of all elements.

    `mesh`, `properties`: the elements and the curves of their materials.
    `T`, `low`: temperatures of the points in K, and what they have lost to rounding: thin layers of a metal
        carry their heat on differences below it.
    `local`: ChainProperties at these temperatures.
    `current`, `ambient`: current of the circuit in A, and temperature of the surroundings in K.
    `tangents`: whether the derivatives are asked for.
    """
    values, slopes = local.values, local.slopes
    j = mesh.current * current
    jj = j * j
    A, k, rho = (values[row] for row in (PELTIER, CONDUCTIVITY, ELECTRICAL))
    loss, d_loss = _loss(mesh, T[:-1], ambient)
    loss_1, d_loss_1 = _loss(mesh, T[1:], ambient)
    g0, g1 = jj * rho[:-1] - loss, jj * rho[1:] - loss_1
    D = T[1:] - T[:-1] + (low[1:] - low[:-1])
    dA, dk, sum_k = A[1:] - A[:-1], k[1:] - k[:-1], k[1:] + k[:-1]
    bend = (2.0 * (j * dA - dk * D) - g0 - g1) / sum_k
    middle = 0.5 * (T[1:] + T[:-1]) - 0.125 * bend
    (Am, rho_m), (dAm, d_rho_m) = properties.between(middle)
    loss_m, d_loss_m = _loss(mesh, middle, ambient)
    gm = jj * rho_m - loss_m
    mean_A = (A[:-1] + 4.0 * Am + A[1:]) / 6.0
    first = -_conducted(local, D, low) + j * mean_A - (g0 + 2.0 * gm) / 6.0
    r = (rho[:-1] + 4.0 * rho_m + rho[1:]) / 6.0
    lost = (loss + 4.0 * loss_m + loss_1) / 6.0
    out = Flux(first, first + jj * r - lost, r, lost)
    if not tangents:
        return out
    sA, sk, s_rho = (slopes[row] for row in (PELTIER, CONDUCTIVITY, ELECTRICAL))
    dg0, dg1, dgm = jj * s_rho[:-1] - d_loss, jj * s_rho[1:] - d_loss_1, jj * d_rho_m - d_loss_m
    # the temperature in the middle
    m0 = 0.5 - (2.0 * (sk[:-1] * D + dk - j * sA[:-1]) - dg0 - bend * sk[:-1]) / (8.0 * sum_k)
    m1 = 0.5 - (2.0 * (j * sA[1:] - sk[1:] * D - dk) - dg1 - bend * sk[1:]) / (8.0 * sum_k)
    mj = -(dA - j * (rho[:-1] + rho[1:])) / (4.0 * sum_k)
    steep = 2.0 / 3.0 * j * dAm - dgm / 3.0
    to_0 = k[:-1] + j * sA[:-1] / 6.0 - dg0 / 6.0 + steep * m0
    to_1 = -k[1:] + j * sA[1:] / 6.0 + steep * m1
    to_j = mean_A + steep * mj - j * (rho[:-1] + 2.0 * rho_m) / 3.0
    r0 = (s_rho[:-1] + 4.0 * d_rho_m * m0) / 6.0
    r1 = (s_rho[1:] + 4.0 * d_rho_m * m1) / 6.0
    rj = 2.0 / 3.0 * d_rho_m * mj
    rise = 2.0 / 3.0 * dgm
    out.d_first = to_0, to_1, to_j * mesh.current
    out.d_last = (
        to_0 + dg0 / 6.0 + rise * m0,
        to_1 + dg1 / 6.0 + rise * m1,
        (to_j + 2.0 * j * r + rise * mj) * mesh.current,
    )
    out.d_resistance = r0, r1, rj * mesh.current
    return out


def _conducted(local: Local, D: Array, low: Array) -> Array:
    """int kappa dT over each element.

    The trapezoidal rule with its first correction is exact for the cubic of one cell; across knots the
    integral is the difference of its values at both ends.
    """
    k, slope, heat = local.values[CONDUCTIVITY], local.slopes[CONDUCTIVITY], local.values[HEAT]
    mean = 0.5 * (k[1:] + k[:-1])
    inside = D * (mean - D * (slope[1:] - slope[:-1]) / 12.0)
    across = heat[1:] - heat[:-1] + mean * (low[1:] - low[:-1])
    return np.where(local.cell[1:] == local.cell[:-1], inside, across)


def _loss(mesh: Mesh, T: Array, ambient: float) -> tuple[Array, Array]:
    """Side loss of each element if it had the temperature T all along, and its slope."""
    if mesh.convection is None or mesh.radiation is None:
        return NOTHING, NOTHING
    linear, radiative = mesh.convection, mesh.radiation
    return linear * (T - ambient) + radiative * (T**4 - ambient**4), linear + 4.0 * radiative * T**3
