"""Transport curves of one material as polynomial cells on common knots."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]
Pieces = tuple[Array, Array]
"""Knots (n,) and ascending coefficients (n - 1, 4) of a piecewise cubic in ``T - knot``."""

REACH = 20000.0
"""Kelvin by which the held end values are continued, so that an iterate always finds a cell."""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(10)
_NODES, _WEIGHTS = 0.5 * (_NODES + 1.0), 0.5 * _WEIGHTS


@dataclass(frozen=True, eq=False)
class PropertyTable:
    """Piecewise-cubic S, rho or sigma, and kappa of one material, with the exact integrals the march needs.

    Outside the measured range every property keeps its end value; the first and last cells are those
    continuations. `peltier` is A(T) = T S - int S dT, whose derivative is T dS/dT, so that the
    Thomson effect enters without a derivative of the interpolant.
    """

    knots: Array
    """Cell borders in K, shape (cells + 1,)."""
    conductivity: Array
    """Thermal conductivity in W/(m K), ascending coefficients, shape (cells, 4)."""
    electrical: Array
    """Resistivity in ohm m, or conductivity in S/m: what was measured; shape (cells, 4)."""
    electrical_is_resistivity: bool
    seebeck: Array
    """Seebeck coefficient in V/K, shape (cells, 4)."""
    limits: tuple[float, float]
    """Range in K over which all three properties were measured."""
    deviation: tuple[float, float] = (0.0, 0.0)
    """Largest deviation from the curves that it stands for (`thinning`): of kappa and rho together, relative,
    and of T S - int S dT in V."""

    @cached_property
    def seebeck_integral(self) -> Array:
        """int S dT in V, zero at the first measured knot, shape (cells, 5)."""
        return _antiderivative(self.knots, self.seebeck)

    @cached_property
    def heat_integral(self) -> Array:
        """int kappa dT in W/m, zero at the first measured knot, shape (cells, 5)."""
        return _antiderivative(self.knots, self.conductivity)

    @cached_property
    def peltier(self) -> Array:
        """A = T S - int S dT in V, shape (cells, 5)."""
        a = -self.seebeck_integral
        a[:, :4] += self.knots[:-1, None] * self.seebeck
        a[:, 1:] += self.seebeck
        return a

    @cached_property
    def _resistivity_at_knots(self) -> Array:
        width = np.diff(self.knots)
        t = width[:, None] * _NODES
        cell = np.broadcast_to(np.arange(len(width))[:, None], t.shape)
        area = width * (self._resistivity_in(cell, t) @ _WEIGHTS)
        total = np.concatenate([[0.0], np.cumsum(area)])
        return total - total[1]

    def cell(self, T: Array) -> Indices:
        """Index of the cell that holds T; a knot belongs to the cell above it."""
        return np.searchsorted(self.knots[1:-1], T, side="right")

    def evaluate(self, coefficients: Array, T: Array) -> Array:
        """Value at T of one of the tables above."""
        T = np.asarray(T, float)
        i = self.cell(T)
        return horner(coefficients[i], T - self.knots[i])

    def seebeck_with_integral(self, T: Array) -> tuple[Array, Array]:
        """int S dT in V from the first measured knot, and S in V/K."""
        i = self.cell(T)
        t = T - self.knots[i]
        return horner(self.seebeck_integral[i], t), horner(self.seebeck[i], t)

    def resistivity(self, T: Array) -> Array:
        """Electrical resistivity in ohm m."""
        value = self.evaluate(self.electrical, T)
        return value if self.electrical_is_resistivity else 1.0 / value

    def resistivity_integral(self, T: Array) -> Array:
        """int rho dT in ohm m K, zero at the first measured knot (Gauss quadrature in each cell)."""
        T = np.asarray(T, float)
        i = self.cell(T)
        t = T - self.knots[i]
        local = t * (self._resistivity_in(i[..., None], t[..., None] * _NODES) @ _WEIGHTS)
        return self._resistivity_at_knots[i] + local

    def _resistivity_in(self, cell: Indices, t: Array) -> Array:
        value = horner(self.electrical[cell], t)
        return value if self.electrical_is_resistivity else 1.0 / value


@dataclass(frozen=True, eq=False)
class TableChoice:
    """Tables of several materials, of which every case has one; for the compiled engine."""

    found: tuple[PropertyTable, ...]
    index: Indices
    """Which of them each case has, shape (cases,)."""

    @property
    def limits(self) -> tuple[Array, Array]:
        """Ranges in K of the cases, for which their values were measured; each of shape (cases,)."""
        low, high = np.array([one.limits for one in self.found])[self.index].T
        return low, high

    def take(self, cases: Indices) -> TableChoice:
        """The choice of some of the cases."""
        return TableChoice(self.found, self.index[cases])


def pack(
    seebeck: Pieces,
    electrical: Pieces,
    conductivity: Pieces,
    *,
    resistivity: bool,
    limits: tuple[float, float] | None = None,
) -> PropertyTable:
    """Bring three curves to common knots and add the continued end cells.

    `seebeck`, `electrical`, `conductivity`: knots in K and ascending cubic coefficients in SI of each curve;
        the grids may differ.
    `resistivity`: whether `electrical` holds resistivity (ohm m) or conductivity (S/m).
    `limits`: range in K for which the values were measured; by default the range that all three share.
    """
    curves = (seebeck, electrical, conductivity)
    inner = np.unique(np.concatenate([c[0] for c in curves]))
    knots = np.concatenate([[inner[0] - REACH], inner, [inner[-1] + REACH]])
    s, e, k = (resample(c, knots) for c in curves)
    if limits is None:
        limits = (max(float(c[0][0]) for c in curves), min(float(c[0][-1]) for c in curves))
    return PropertyTable(knots, k, e, resistivity, s, limits)


def horner(coefficients: Array, t: Array) -> Array:
    """Value of polynomials with ascending coefficients on the last axis."""
    value = coefficients[..., -1]
    for k in range(coefficients.shape[-1] - 2, -1, -1):
        value = value * t + coefficients[..., k]
    return value


def shifted(coefficients: Array, t: Array) -> Array:
    """Coefficients of each polynomial about ``t``, order on the first axis: (order + 1, cases)."""
    a = np.array(coefficients.T)
    n = len(a)
    for i in range(n - 1):
        for k in range(n - 2, i - 1, -1):
            a[k] += t * a[k + 1]
    return a


def resample(curve: Pieces, knots: Array) -> Array:
    """A curve as cells on a table's knots, of which those before the first and behind the last hold its ends.

    `curve`: knots (n,) and ascending coefficients (n - 1, 4).
    `knots`: borders of the new cells in K, among them all of the curve's; shape (cells + 1,).
    """
    own, cells = curve
    out = np.zeros((len(knots) - 1, 4))
    left = knots[:-1]
    below, above = left < own[0], left >= own[-1]
    out[below, 0] = cells[0, 0]
    out[above, 0] = horner(cells[-1], own[-1] - own[-2])
    inside = ~(below | above)
    i = np.searchsorted(own, left[inside], side="right") - 1
    out[inside] = shifted(cells[i], left[inside] - own[i]).T
    return out


def _antiderivative(knots: Array, cells: Array) -> Array:
    out = np.zeros((len(cells), 5))
    out[:, 1:] = cells / np.arange(1, 5)
    steps = horner(out, np.diff(knots))
    start = np.concatenate([[0.0], np.cumsum(steps[:-1])])
    out[:, 0] = start - start[1]
    return out
