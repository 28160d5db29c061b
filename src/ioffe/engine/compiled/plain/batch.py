"""Devices of one call, as kernels take them, and their solution in chunks by several threads.

At given end temperatures c(j) and r(j) are analytic, whatever the table looks like, so that the coefficients
of Chebyshev polynomials through a few solved currents fall fast, and the last one tells the error: that makes
current-voltage curves cheap (`Batch.curves`).
"""

from __future__ import annotations

from functools import lru_cache
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.engine.compiled import cache
from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.packing import SEEBECK_INTEGRAL, PackedTables
from ioffe.engine.compiled.plain.elements import TableArrays, order_by_cells
from ioffe.engine.compiled.plain.newton import GIVEN
from ioffe.engine.compiled.plain.solve import MOST_PARTS, OUT_ERROR, OUT_J, solve_level
from ioffe.engine.compiled.table_cells import locate, quartic
from ioffe.engine.segment import RUNAWAY_T
from ioffe.engine.state import FAILED, OK, OUTSIDE, RUNAWAY
from ioffe.engine.table import Array
from ioffe.engine.thinning import BESIDE

LEAST_CHUNK, MOST_CHUNK = 8192, 32768
"""Devices that one call of a kernel treats: enough to share a bucket, few enough to bound the memory."""
CURVE_CHUNK = 4096
LEAST_TOLERANCE = 1e-12

REFUSED = 5
"""Code of a device that this form cannot solve; its numbers are NaN. The other codes are those of `state`."""
SLACK = 1e-9
"""K by which an end may lie outside the table."""


class CurveNodes(NamedTuple):
    """Shares of the largest current at which curves are solved, from 1 to 0, and what belongs to them."""

    shares: Array
    guesses: Array
    """`weights` of `newton.follow`."""
    to_coefficients: Array
    """From values at the shares to Chebyshev coefficients."""


NO_CURVE = np.empty(0), np.empty((2, 0, 0)), np.empty((0, 2, 0))


class Batch:
    """Devices of one call; `solved` says which of them, or of their points, have a solution."""

    def __init__(
        self,
        tables: PackedTables,
        which: ArrayLike,
        T0: ArrayLike,
        T1: ArrayLike,
        j: ArrayLike = 0.0,
        ohm: tuple[ArrayLike, ArrayLike] = (0.0, 0.0),
    ) -> None:
        shape = np.broadcast_shapes((1,), *(np.shape(a) for a in (which, T0, T1, j)))
        if len(shape) != 1:
            raise ValueError("devices are a list: which, T0, T1 and j have one axis")
        self.which = _as_arrays(which, np.int64, shape)
        self.T0, self.T1, self.j = (_as_arrays(a, np.float64, shape) for a in (T0, T1, j))
        self.ohm = np.zeros((*shape, 2))
        if np.any(ohm[0]) or np.any(ohm[1]):
            self.ohm[:, 0], self.ohm[:, 1] = ohm
        if len(self.which) and not (self.which.min() >= 0 and self.which.max() < len(tables)):
            raise ValueError(f"which must lie between 0 and {len(tables) - 1}")
        self.tables = TableArrays(*(getattr(tables, name) for name in TableArrays._fields))
        self.solved = np.zeros(shape, bool)

    def run(self, aim: int, tolerance: float, columns: int, threads: int | None) -> Array:
        """What `solve_level` writes, shape (columns, devices)."""
        n = len(self.which)
        out = np.empty((columns, n))
        self.solved = np.zeros(n, bool)

        def part(start: int, stop: int) -> None:
            here = slice(start, stop)
            out[:, here] = self._solve(self._cases(here), aim, tolerance, columns, self.solved[here]).T

        self._shared(part, threads)
        return out

    def curves(self, tolerance: float, threads: int | None) -> tuple[Array, Array]:
        """c and r at shares of each current (`curve_nodes`), shape (devices, 2, shares), and their error.

        What is interpolated between them is solved to the tolerance where `solved` says so.
        """
        n, allowed, nodes = len(self.which), max(tolerance, LEAST_TOLERANCE), curve_nodes(tolerance)
        along, error = np.full((n, 2, len(nodes.shares)), np.nan), np.empty(n)
        self.solved = np.zeros(n, bool)

        def part(start: int, stop: int) -> None:
            here, good = slice(start, stop), self.solved[start:stop]
            curve = nodes.shares[:-1], nodes.guesses, along[here]
            found = self._solve(self._cases(here), GIVEN, 0.5 * allowed, OUT_J + 1, good, curve)
            error[here] = found[:, OUT_ERROR]
            last_coefficients(nodes.to_coefficients[-1], along[here], error[here])
            good &= (self.j[here] != 0.0) & (error[here] <= allowed)

        self._shared(part, threads)
        return along, error

    def _cases(self, here: slice) -> tuple[Any, ...]:
        return tuple(a[here] for a in (self.which, self.T0, self.T1, self.j, self.ohm))

    def _shared(self, part: Any, threads: int | None) -> None:
        """Call a function on ranges of devices.

        A case does not feel its neighbours, so that the ranges make no difference to the result.
        """
        n = len(self.which)
        share = -(-n // (4 * (threads or cache.threads())))
        cache.run_chunks(part, n, threads, int(np.clip(share, LEAST_CHUNK, MOST_CHUNK)))

    def finish(self, j: Array, c: Array, r: Array, threads: int | None, devices: slice = slice(None)) -> None:
        """Replace c by the heat that flows in at T0 and r by the voltage; shapes (devices, points)."""
        ends = [a[devices] for a in (self.which, self.T0, self.T1)]

        def part(start: int, stop: int) -> None:
            voltage_and_heat(self.tables, *ends, start, stop, j, c, r)

        cache.run_chunks(part, len(j), threads, MOST_CHUNK)

    def code(self, solved: NDArray[np.bool_], devices: slice = slice(None)) -> NDArray[np.int_]:
        """One of the codes of `state`, or `REFUSED`, of devices or their points; of the shape of `solved`."""
        out, points = np.empty(solved.shape, np.int_), (len(solved), prod(solved.shape[1:]))
        here = (a[devices] for a in (self.which, self.T0, self.T1, self.j))
        codes(self.tables, *here, solved.reshape(points), out.reshape(points))
        return out

    def at_currents(
        self, devices: NDArray[np.intp], j: Array, tolerance: float
    ) -> tuple[Array, NDArray[np.bool_]]:
        """c, r and error of some devices at several currents each, and whether they are solved."""
        spread = (np.repeat(a[devices], j.shape[1]) for a in (self.which, self.T0, self.T1))
        solved = np.zeros(j.size, bool)
        out = self._solve((*spread, j.ravel(), np.zeros((0, 2))), GIVEN, tolerance, OUT_J + 1, solved)
        return np.ascontiguousarray(out.T).reshape(-1, *j.shape), solved.reshape(j.shape)

    def _solve(
        self,
        cases: tuple[Any, ...],
        aim: int,
        tolerance: float,
        columns: int,
        solved: NDArray[np.bool_],
        curve: tuple[Array, Array, Array] = NO_CURVE,
    ) -> Array:
        """Solve which, T0, T1, j, ohm, with more and more elements where needed; (devices, columns).

        `curve`: the last arguments of `solve_level`.
        """
        device, key = order_by_cells(self.tables, *cases[:4])
        out = np.full((len(solved), columns), np.nan)
        parts, allowed = 1, max(BESIDE * tolerance, LEAST_TOLERANCE)
        while len(device) and parts <= MOST_PARTS:
            left = solve_level(self.tables, *cases, aim, device, key, parts, allowed, out, solved, *curve)
            device, key = device[:left], key[:left]
            parts *= 2
        return out


def _as_arrays(values: ArrayLike, kind: type, shape: tuple[int, ...]) -> Any:
    """Values as kernels take them, always of one kind so that they are compiled once; copied if need be."""
    a = np.asarray(values, kind)
    return a if a.shape == shape and a.flags.carray else np.array(np.broadcast_to(a, shape), order="C")


@lru_cache
def curve_nodes(tolerance: float) -> CurveNodes:
    """Where curves are solved: Chebyshev points.

    The coefficients of c(j) and r(j) fall by about a power of ten with every term.
    """
    count = int(np.clip(np.ceil(2.0 - np.log10(tolerance)), 6, 14))
    t = np.cos(np.pi * np.arange(count) / (count - 1))
    found = np.asarray(np.linalg.inv(np.polynomial.chebyshev.chebvander(t, count - 1)), np.float64)
    shares, guesses = 0.5 + 0.5 * t, np.zeros((2, count - 1, count - 1))
    shares[0], shares[-1] = 1.0, 0.0
    for level in range(1, count - 1):
        for one in range(level):
            others = np.delete(shares[:level], one)
            weight = np.prod((shares[level] - others) / (shares[one] - others))
            # c misses its first guess by the third power of the current, r its own by the first
            ratio = shares[level] / shares[one]
            guesses[:, level, one] = weight * ratio**3, weight * ratio
    return CurveNodes(shares, guesses, found)


def point_weights(tolerance: float, shares: Array) -> Array:
    """From values at the nodes to those at other shares, shape (nodes, shares)."""
    nodes = curve_nodes(tolerance)
    basis = np.polynomial.chebyshev.chebvander(2.0 * shares - 1.0, len(nodes.shares) - 1)
    return np.ascontiguousarray((basis @ nodes.to_coefficients).T)


@kernel(inner=True)
def seebeck_integral(tables: TableArrays, table: int, T: float) -> float:
    """int S dT in V from the first measured knot to T."""
    row = locate(tables.knots, tables.first[table], tables.first[table + 1] - 2, T)
    return quartic(tables.cells, row, SEEBECK_INTEGRAL, T - tables.knots[row])


@kernel
def voltage_and_heat(
    tables: TableArrays, which: Any, T0: Any, T1: Any, start: int, stop: int, current: Any, c: Any, r: Any
) -> None:
    """Replace c by the heat c + j s(T0) that flows in at T0, and r by the voltage s(T0) - s(T1) - j r."""
    for d in range(start, stop):
        if np.isfinite(T0[d]) and np.isfinite(T1[d]):
            begin = seebeck_integral(tables, which[d], T0[d])
            end = seebeck_integral(tables, which[d], T1[d])
            for p in range(current.shape[1]):
                c[d, p] += current[d, p] * begin
                r[d, p] = begin - end - current[d, p] * r[d, p]


@kernel
def codes(tables: TableArrays, which: Any, T0: Any, T1: Any, j: Any, solved: Any, code: Any) -> None:
    """Write the code of every point; `solved` and `code` have shape (devices, points)."""
    for d in range(len(code)):
        low, high = min(T0[d], T1[d]), max(T0[d], T1[d])
        good = OK
        if low <= 0.0 or high > RUNAWAY_T:
            good = RUNAWAY
        elif low < tables.limits[which[d], 0] - SLACK or high > tables.limits[which[d], 1] + SLACK:
            good = OUTSIDE
        bad = REFUSED if np.isfinite(T0[d] + T1[d] + j[d]) else FAILED
        for p in range(code.shape[1]):
            code[d, p] = good if solved[d, p] else bad


@kernel
def last_coefficients(weights: Any, along: Any, error: Any) -> None:
    """Raise the error of curves to the relative size of their last Chebyshev coefficients."""
    for d in range(len(along)):
        for values in along[d]:
            size = last = 0.0
            for k in range(len(weights)):
                size = max(size, abs(values[k]))
                last += weights[k] * values[k]
            if not error[d] >= abs(last) / size:
                error[d] = abs(last) / size


@kernel(fast=True)
def combine(weights: Any, along: Any, c: Any, r: Any) -> None:
    """c and r of curves at points; curve by curve, so that one does not depend on the others."""
    for d in range(len(along)):
        for kind, values in enumerate((c, r)):
            values[d, :] = 0.0
            for k in range(len(weights)):
                value = along[d, kind, k]
                for p in range(values.shape[1]):
                    values[d, p] += value * weights[k, p]
