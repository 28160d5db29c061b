"""Tables of several materials in flat arrays, from which the kernels of `table_cells` read properties.

A row of `PackedTables.cells` is one cell of one table, with ascending coefficients in T - knot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ioffe.engine.quadrature import gauss
from ioffe.engine.table import Array, PropertyTable, horner

CONDUCTIVITY, ELECTRICAL, PELTIER, SEEBECK_INTEGRAL = 0, 4, 8, 13
"""First column of each property in `PackedTables.cells`."""
COLUMNS = 18
NODES = 4
"""Gauss nodes in an element of the march of plain legs."""


@dataclass(frozen=True, eq=False)
class PackedTables:
    """Tables one after the other; row k of table t is row ``first[t] + k`` of `knots` and of `cells`."""

    knots: Array
    """Cell borders in K, shape (total,); a table of n cells has n + 1."""
    cells: Array
    """Ascending coefficients in ``T - knot``, shape (total, 18): kappa in columns 0 to 3, resistivity or
    conductivity in 4 to 7, A = T S - int S dT in 8 to 12, int S dT in 13 to 17. The last row of each
    table is not used."""
    first: NDArray[np.int64]
    """First row of each table and the end of the last one, shape (tables + 1,)."""
    resistivity: NDArray[np.bool_]
    """Whether a table's electrical columns hold resistivity, shape (tables,)."""
    limits: Array
    """Range in K over which a table was measured, shape (tables, 2)."""
    deviation: Array
    """Of thinned tables, see `PropertyTable`; shape (tables, 2)."""

    def __len__(self) -> int:
        return len(self.resistivity)

    @cached_property
    def defect(self) -> Array:
        """How far rho kappa is from a polynomial in each cell, shape (total,).

        The largest relative difference at the cell's ends from the polynomial through its Gauss nodes.
        """
        out = np.zeros(len(self.knots))
        rows = np.setdiff1d(np.arange(len(out)), self.first[1:] - 1)
        width = np.diff(self.knots)[rows]
        is_resistivity = np.repeat(self.resistivity, np.diff(self.first))[rows, None]
        kappa, electrical = (self.cells[rows, None, k : k + 4] for k in (CONDUCTIVITY, ELECTRICAL))

        def at(fraction: Array) -> Array:
            t = width[:, None] * fraction
            value = horner(electrical, t)
            return horner(kappa, t) * np.where(is_resistivity, value, 1.0 / value)

        nodes, ends = gauss(NODES)[0], np.array([0.0, 1.0])
        to_ends = np.linalg.solve(np.vander(nodes).T, np.vander(ends, NODES).T)
        out[rows] = np.max(np.abs(at(nodes) @ to_ends / at(ends) - 1.0), axis=1)
        return out


def pack_tables(tables: Sequence[PropertyTable]) -> PackedTables:
    """Flat arrays of tables, in the given order."""
    first = np.zeros(len(tables) + 1, np.int64)
    np.cumsum([len(t.knots) for t in tables], out=first[1:])
    cells = np.zeros((first[-1], COLUMNS))
    for table, start in zip(tables, first[:-1], strict=True):
        rows = slice(start, start + len(table.knots) - 1)
        cells[rows, CONDUCTIVITY:ELECTRICAL] = table.conductivity
        cells[rows, ELECTRICAL:PELTIER] = table.electrical
        cells[rows, PELTIER:SEEBECK_INTEGRAL] = table.peltier
        cells[rows, SEEBECK_INTEGRAL:] = table.seebeck_integral
    return PackedTables(
        knots=np.concatenate([t.knots for t in tables]) if tables else np.zeros(0),
        cells=cells,
        first=first,
        resistivity=np.array([t.electrical_is_resistivity for t in tables], bool),
        limits=np.array([t.limits for t in tables], float).reshape(-1, 2),
        deviation=np.array([t.deviation for t in tables], float).reshape(-1, 2),
    )
