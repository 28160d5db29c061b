"""Estimated error of Gauss quadrature on the elements of the temperature form."""

from __future__ import annotations

from math import sqrt
from typing import Any

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.grid import (
    COUNT,
    EDGE,
    INVERSE,
    KAPPA,
    KNOWN,
    RHO_KAPPA,
    ROWS,
    SHARE,
    WEIGHT_END,
    WEIGHT_MIDDLE,
)

FIRST, SECOND = sqrt(15.0) / 6.0, 5.0 / 9.0
"""Legendre coefficients one and two of a function from its values at the three nodes."""
THIRDS = 100.0 / 231.0
"""Sixth Legendre coefficient of the square of the third polynomial."""
STEADY = 0.02
"""Relative change of p below which the estimated error is kept."""


@kernel(inner=True)
def moved(grid: Any, count: int) -> bool:
    """Whether p has changed since the error was estimated."""
    for k in range(3 * count):
        if not abs(grid[INVERSE, k] - grid[KNOWN, k]) <= STEADY * abs(grid[KNOWN, k]):
            return True
    return False


@kernel(inner=True)
def estimate(curves: Any, grid: Any, memory: Any, j: float, X: float, r: float) -> float:
    """Relative error of X and r, and the share of each element in it.

    Gauss quadrature with three nodes is exact up to the fifth Legendre coefficient. The sixth is estimated
    from a geometric series through the first ones, and from the products of third ones, which are known
    of the table's cubics and which the nodes do not see.
    """
    total = 0.0
    for e in range(memory[COUNT]):
        h = abs(grid[EDGE, e + 1] - grid[EDGE, e])
        k, row = 3 * e, memory[ROWS + e]
        for i in range(k, k + 3):
            grid[KNOWN, i] = grid[INVERSE, i]
        f0, f1, f2 = abs(grid[INVERSE, k]), abs(grid[INVERSE, k + 1]), abs(grid[INVERSE, k + 2])
        kappa, cube = grid[KAPPA, k + 1], h * h * h / 20.0
        electrical = grid[RHO_KAPPA, k + 1] / kappa
        if not curves.is_resistivity:
            electrical = 1.0 / electrical
        t = 0.5 * (grid[EDGE, e] + grid[EDGE, e + 1]) - curves.knots[row]
        of_kappa = cube * abs(curves.cells[row, 3]) / kappa
        of_rho = cube * abs(curves.cells[row, 7]) / electrical
        of_A = cube * abs(j) * f1 * abs(curves.cells[row, 11] + 4.0 * t * curves.cells[row, 12])
        of_f = of_A + _ratio(f0, f1, f2) ** 1.5
        products = of_kappa * of_f + of_A * of_f
        share = 0.0
        for what in (KAPPA, RHO_KAPPA):
            y0, y1, y2 = grid[what, k] * f0, grid[what, k + 1] * f1, grid[what, k + 2] * f2
            if what == RHO_KAPPA:
                products += of_rho * of_f + of_rho * of_kappa
                products += 0.0 if curves.is_resistivity else of_rho * of_rho
            mean = WEIGHT_END * (y0 + y2) + WEIGHT_MIDDLE * y1
            rest = max(_ratio(y0, y1, y2) ** 3, THIRDS * products)
            share = max(share, h * mean * rest / (X if what == KAPPA else r))
        grid[SHARE, e] = share
        total += share
    return total


@kernel(inner=True)
def _ratio(y0: float, y1: float, y2: float) -> float:
    """Square of the ratio of successive Legendre coefficients of a function, from its values at the nodes."""
    mean = WEIGHT_END * (y0 + y2) + WEIGHT_MIDDLE * y1
    slope = FIRST * (y2 - y0) / mean
    return max(slope * slope, SECOND * abs(y0 - 2.0 * y1 + y2) / mean)
