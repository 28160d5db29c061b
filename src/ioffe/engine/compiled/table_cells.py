"""Properties that kernels read from packed tables: the cell that holds a temperature, and its polynomials."""

from __future__ import annotations

from typing import Any, NamedTuple

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.packing import ELECTRICAL


class MaterialRows(NamedTuple):
    """One material in the packed tables: rows first ... last."""

    knots: Any
    cells: Any
    first: int
    last: int
    is_resistivity: bool


@kernel(inner=True)
def locate(knots: Any, first: int, last: int, T: float) -> int:
    """Row of the cell that holds T among the rows first ... last; a knot belongs to the cell above it."""
    low, high = first, last + 1
    while high - low > 1:
        middle = (low + high) // 2
        if knots[middle] <= T:
            low = middle
        else:
            high = middle
    return low


@kernel(inner=True)
def locate_below(knots: Any, first: int, last: int, T: float) -> int:
    """As `locate`, but a knot belongs to the cell below it."""
    row = locate(knots, first, last, T)
    return row - 1 if row > first and knots[row] == T else row


@kernel(inline=True)
def cubic(cells: Any, row: int, column: int, t: float) -> float:
    """Four ascending coefficients from `column` on, at t above the knot."""
    return cells[row, column] + t * (
        cells[row, column + 1] + t * (cells[row, column + 2] + t * cells[row, column + 3])
    )


@kernel(inline=True)
def quartic(cells: Any, row: int, column: int, t: float) -> float:
    """Five ascending coefficients from `column` on, at t above the knot."""
    return cells[row, column] + t * cubic(cells, row, column + 1, t)


@kernel(inner=True)
def resistivity(cells: Any, row: int, is_resistivity: bool, t: float) -> float:
    """Electrical resistivity in ohm m."""
    value = cubic(cells, row, ELECTRICAL, t)
    return value if is_resistivity else 1.0 / value


@kernel(inner=True)
def seebeck(cells: Any, row: int, t: float) -> float:
    """Seebeck coefficient in V/K, the derivative of its integral."""
    return cells[row, 14] + t * (2.0 * cells[row, 15] + t * (3.0 * cells[row, 16] + t * 4.0 * cells[row, 17]))


@kernel(inner=True)
def heat(cells: Any, row: int, t: float) -> float:
    """int kappa dT in W/m from the knot to t above it."""
    return t * (
        cells[row, 0] + t * (cells[row, 1] / 2.0 + t * (cells[row, 2] / 3.0 + t * cells[row, 3] / 4.0))
    )
