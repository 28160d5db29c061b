"""Gauss quadrature of all elements of all cases, on elements that end on the table's knots."""

from __future__ import annotations

from functools import cache

import numpy as np

from ioffe.engine.table import Array, Indices, PropertyTable


@cache
def gauss(count: int) -> tuple[Array, Array, Array, Array]:
    """Gauss-Legendre quadrature on [0, 1] (standard result).

    `count`: number of nodes N; exact for polynomials up to the order 2 N - 1.
    Returns: shape (count,).
    Returns: matrix from values at the nodes to the integrals from 0 to each of them, shape (count, count).
    Returns: row from values at the nodes to the last Legendre coefficient, shape (count,).
    """
    x, w = np.polynomial.legendre.leggauss(count)
    basis = np.polynomial.legendre.legvander(x, count - 1)
    up_to = np.empty((count, count))
    for k in range(count):
        unit = np.zeros(k + 1)
        unit[k] = 1.0
        up_to[:, k] = np.polynomial.legendre.legval(x, np.polynomial.legendre.legint(unit, lbnd=-1))
    inverse = np.linalg.inv(basis)
    return 0.5 * (x + 1.0), 0.5 * w, 0.5 * (up_to @ inverse), inverse[-1]


@cache
def up_to_and_whole(count: int) -> Array:
    """Columns of weights at the nodes for the integrals up to each of them, then for the whole one."""
    _, weights, up_to, _ = gauss(count)
    return np.ascontiguousarray(np.concatenate([up_to, weights[None]]).T)


class Grid:
    """Elements of each case, the material at their nodes; functions have shape (cases, elements, nodes)."""

    def __init__(self, table: PropertyTable, edges: Array, count: int, top: Array | None = None) -> None:
        """`edges` are temperatures, or with `top` square roots of the distance below it."""
        self.nodes, self.weights, _, self.tail = gauss(count)
        self.matrix = up_to_and_whole(count)
        self.h = np.diff(edges, axis=1)
        self.points = edges[:, :-1, None] + self.h[..., None] * self.nodes
        T = self.points if top is None else top[:, None, None] - self.points**2
        # an edge lies on a knot, a node never does: its cell is that of the element
        self.cell = table.cell(T[..., count // 2])[..., None]
        self.t = T - table.knots[self.cell]
        self.table = table
        self.kappa = self.value(table.conductivity)
        electrical = self.value(table.electrical)
        self.rho = electrical if table.electrical_is_resistivity else 1.0 / electrical

    @classmethod
    def between(cls, table: PropertyTable, T0: Array, T1: Array, count: int, halves: int) -> Grid:
        """Elements in temperature from T0 to T1, each cell of the table cut into `halves` equal ones."""
        edges = _clipped(table, np.minimum(T0, T1), np.maximum(T0, T1))
        edges = _divided(np.where((T1 < T0)[:, None], edges[:, ::-1], edges), halves)
        return cls(table, edges, count)

    @classmethod
    def below(cls, table: PropertyTable, top: Array, end: Array, count: int, halves: int) -> Grid:
        """Elements in u = sqrt(top - T), from 0 at the top to the end."""
        edges = np.sqrt(top[:, None] - _clipped(table, end, top)[:, ::-1])
        return cls(table, _divided(edges, halves), count, top)

    def cell_of_nodes(self) -> Indices:
        """Cell of every node, shape (cases, elements nodes)."""
        return np.broadcast_to(self.cell, self.t.shape).reshape(len(self.t), -1)

    def value(self, coefficients: Array) -> Array:
        """One of the table's piecewise polynomials at the nodes."""
        c = coefficients[self.cell]
        out = self.t * c[..., -1]
        for k in range(c.shape[-1] - 2, 0, -1):
            out += c[..., k]
            out *= self.t
        out += c[..., 0]
        return out

    def peltier(self) -> Array:
        """A = T S - int S dT at the nodes."""
        return self.value(self.table.peltier)

    def peltier_slope(self) -> Array:
        """A' = T dS/dT at the nodes, the exact derivative of the cell's polynomial."""
        return self.value(self.table.peltier[:, 1:] * np.arange(1, 5))

    def whole(self, f: Array) -> Array:
        """Integral over all elements, shape (cases,)."""
        return np.einsum("len,n,le->l", f, self.weights, self.h)

    def running(self, f: Array) -> Array:
        """Integral from the start to every node."""
        # one product of two matrices, not one for every case; memory of large arrays costs more than sums
        f = f if f.shape == self.points.shape else np.broadcast_to(f, self.points.shape)
        out = (f.reshape(-1, len(self.weights)) @ self.matrix).reshape(*self.h.shape, -1)
        out *= self.h[..., None]
        per_element = out[..., -1]
        start = per_element.cumsum(axis=1)
        start -= per_element
        return out[..., :-1] + start[..., None]

    def truncation(self, f: Array) -> Array:
        """Estimated relative error of `whole`: Gauss quadrature of a series that goes on as it ends.

        The last of N Legendre coefficients is to the mean as the first neglected one, of order 2N, is to it.
        """
        mean, last = np.abs(f @ self.weights), np.abs(f @ self.tail)
        per_element = np.where(mean > 0, last * last / np.where(mean > 0, mean, 1.0), 0.0)
        return np.sum(per_element * np.abs(self.h), axis=1) / np.abs(self.whole(f))

    def last_terms(self, f: Array) -> Array:
        """Relative size of the last Legendre terms: the error where nodes converge no faster than that."""
        return np.sum(np.abs(f @ self.tail) * np.abs(self.h), axis=1) / np.abs(self.whole(f))


def _clipped(table: PropertyTable, low: Array, high: Array) -> Array:
    """The knots between low and high of each case; cells outside a case have no width."""
    first, last = table.cell(low).min(), table.cell(high).max()
    return np.clip(table.knots[first : last + 2], low[:, None], high[:, None])


def _divided(edges: Array, halves: int) -> Array:
    shares = np.arange(halves) / halves
    parts = edges[:, :-1, None] + np.diff(edges, axis=1)[..., None] * shares
    return np.concatenate([parts.reshape(len(edges), -1), edges[:, -1:]], axis=1)
