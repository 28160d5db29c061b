"""The curves of several materials at many points at once, each point with its own material."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ioffe.engine.table import Array, PropertyTable, shifted

HEAT, PELTIER, POTENTIAL, CONDUCTIVITY, ELECTRICAL, ENTHALPY = range(6)
"""Rows of what is looked up: int kappa dT, A = T S - int S dT, int S dT, kappa, rho or sigma, int c dT."""
INNER = (PELTIER, ELECTRICAL)
"""Rows that are also needed between two points."""
ORDERS = 5
"""Coefficients of the polynomials, ascending."""


@dataclass(eq=False)
class Local:
    """ChainProperties at points; row ELECTRICAL holds the resistivity."""

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

    Parameters
    ----------
    tables
        For each chain the table of its material, and one that holds the heat capacity by volume in the
        place of the thermal conductivity (None: zero).
    points
        Number of points of each chain.
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
    own = (
        table.heat_integral,
        table.peltier,
        table.seebeck_integral,
        table.conductivity,
        table.electrical,
    )
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
