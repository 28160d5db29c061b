"""Devices of one call, as kernels take them, and their solution in chunks by several threads.

At given end temperatures c(j) and r(j) are analytic, whatever the table looks like, so that the coefficients
of Chebyshev polynomials through a few solved currents fall fast, and the last one tells the error: that makes
current-voltage curves cheap (`Batch.points`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.engine.compiled import cache
from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.packing import SEEBECK_INTEGRAL, PackedTables
from ioffe.engine.compiled.plain.elements import TableArrays, order_by_cells
from ioffe.engine.compiled.plain.newton import GIVEN
from ioffe.engine.compiled.plain.solve import MOST_PARTS, OUT_J, solve_level
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
            cases = tuple(a[start:stop] for a in (self.which, self.T0, self.T1, self.j, self.ohm))
            out[:, start:stop] = self._solve(cases, aim, tolerance, columns, self.solved[start:stop]).T

        # a case does not feel its neighbours, so that the ranges make no difference to the result
        share = -(-n // (4 * (threads or cache.threads())))
        cache.run_chunks(part, n, threads, int(np.clip(share, LEAST_CHUNK, MOST_CHUNK)))
        return out

    def points(self, current: Array, tolerance: float, threads: int | None) -> tuple[Array, Array, Array]:
        """c and r at currents of shape (devices, points), and their relative error, shape (devices,).

        Interpolated between a few solved currents, or solved point by point where that is not enough.
        """
        shape, allowed = current.shape, max(tolerance, LEAST_TOLERANCE)
        c, r, error = np.empty(shape), np.empty(shape), np.empty(len(current))
        self.solved = np.zeros(shape, bool)
        nodes, to_coefficients = _chebyshev(tolerance)

        def part(start: int, stop: int) -> None:
            low, high = current[start:stop].min(axis=1), current[start:stop].max(axis=1)
            at = 0.5 * (low + high)[:, None] + 0.5 * (high - low)[:, None] * nodes
            out, good = self._at_currents(np.arange(start, stop), at, 0.5 * allowed)
            found = out[2].max(axis=1)
            for values, where in ((out[0], c), (out[1], r)):
                interpolate(to_coefficients, start, stop, low, high, current, values, where, found)
            fine = good.all(axis=1) & (high > low) & (found <= allowed)
            error[start:stop], self.solved[start:stop] = found, fine[:, None]
            rest = start + np.flatnonzero(~fine)
            if len(rest):
                out, good = self._at_currents(rest, current[rest], allowed)
                c[rest], r[rest], self.solved[rest] = out[0], out[1], good
                worst = np.where(good, out[2], 0.0).max(axis=1)
                error[rest] = np.where(good.any(axis=1), worst, np.nan)

        cache.run_chunks(part, len(current), threads, CURVE_CHUNK)
        return c, r, error

    def finish(self, j: Array, c: Array, r: Array, threads: int | None) -> None:
        """Replace c by the heat that flows in at T0 and r by the voltage; shapes (devices, points)."""

        def part(start: int, stop: int) -> None:
            voltage_and_heat(self.tables, self.which, self.T0, self.T1, start, stop, j, c, r)

        cache.run_chunks(part, len(j), threads, MOST_CHUNK)

    def code(self, threads: int | None) -> NDArray[np.int_]:
        """One of the codes of `state`, or `REFUSED`, in the shape of `solved`."""
        out, points = np.empty(self.solved.shape, np.int_), (len(self.which), -1)

        def part(start: int, stop: int) -> None:
            where = (self.tables, self.which, self.T0, self.T1, self.j, start, stop)
            codes(*where, self.solved.reshape(points), out.reshape(points))

        cache.run_chunks(part, len(out), threads, MOST_CHUNK)
        return out

    def _at_currents(
        self, devices: NDArray[np.intp], j: Array, tolerance: float
    ) -> tuple[Array, NDArray[np.bool_]]:
        """c, r and error of some devices at several currents each, and whether they are solved."""
        spread = (np.repeat(a[devices], j.shape[1]) for a in (self.which, self.T0, self.T1))
        solved = np.zeros(j.size, bool)
        out = self._solve((*spread, j.ravel(), np.zeros((0, 2))), GIVEN, tolerance, OUT_J + 1, solved)
        return np.ascontiguousarray(out.T).reshape(-1, *j.shape), solved.reshape(j.shape)

    def _solve(
        self, cases: tuple[Any, ...], aim: int, tolerance: float, columns: int, solved: NDArray[np.bool_]
    ) -> Array:
        """Solve which, T0, T1, j, ohm, with more and more elements where needed; (devices, columns)."""
        device, key = order_by_cells(self.tables, *cases[:4])
        out = np.full((len(solved), columns), np.nan)
        parts, allowed = 1, max(BESIDE * tolerance, LEAST_TOLERANCE)
        while len(device) and parts <= MOST_PARTS:
            left = solve_level(self.tables, *cases, aim, device, key, parts, allowed, out, solved)
            device, key = device[:left], key[:left]
            parts *= 2
        return out


def _as_arrays(values: ArrayLike, kind: type, shape: tuple[int, ...]) -> Any:
    """Values as kernels take them, always of one kind so that they are compiled once; copied if need be."""
    a = np.asarray(values, kind)
    return a if a.shape == shape and a.flags.carray else np.array(np.broadcast_to(a, shape), order="C")


def _chebyshev(tolerance: float) -> tuple[Array, Array]:
    """Nodes between -1 and 1, ends included, and the matrix from values at the nodes to coefficients.

    The coefficients of c(j) and r(j) fall by about a power of ten with every term.
    """
    count = int(np.clip(np.ceil(2.0 - np.log10(tolerance)), 6, 14))
    nodes = np.cos(np.pi * np.arange(count) / (count - 1))
    return nodes, np.asarray(np.linalg.inv(np.polynomial.chebyshev.chebvander(nodes, count - 1)), np.float64)


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
def codes(
    tables: TableArrays, which: Any, T0: Any, T1: Any, j: Any, start: int, stop: int, solved: Any, code: Any
) -> None:
    """Write the code of every point; `solved` and `code` have shape (devices, points)."""
    for d in range(start, stop):
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
def interpolate(
    inverse: Any, start: int, stop: int, low: Any, high: Any, current: Any, nodes: Any, values: Any, tail: Any
) -> None:
    """Chebyshev polynomials through the values at the nodes, for a range of devices.

    `inverse`: matrix from values at the k nodes to coefficients, shape (k, k).
    `low`, `high`: ends of the interval of the nodes, shape (stop - start,).
    `current`: where the polynomials are wanted, shape (devices, points).
    `nodes`: values at the nodes, shape (stop - start, k).
    `values`: what is written, shape (devices, points).
    `tail`: relative size of the last coefficient; the largest so far is kept; shape (stop - start,).
    """
    n = current.shape[1]
    t, last, before = np.empty(n), np.empty(n), np.empty(n)
    for i in range(stop - start):
        for p in range(n):
            t[p] = (2.0 * current[start + i, p] - low[i] - high[i]) / (high[i] - low[i])
        tail[i] = max(tail[i], _clenshaw(inverse, nodes[i], t, last, before, values[start + i]))


@kernel(fast=True, inner=True)
def _clenshaw(inverse: Any, values: Any, t: Any, last: Any, before: Any, result: Any) -> float:
    """Sum of one polynomial by Clenshaw's recurrence; returns the relative size of the last coefficient."""
    k, n = len(values), len(t)
    size = 0.0
    for value in values:
        size = max(size, abs(value))
    last[:] = before[:] = 0.0
    tail = 0.0
    for m in range(k - 1, -1, -1):
        a = 0.0
        for i in range(k):
            a += inverse[m, i] * values[i]
        if m == k - 1:
            tail = abs(a) / size
        if m > 0:
            for p in range(n):
                new = a + 2.0 * t[p] * last[p] - before[p]
                before[p], last[p] = last[p], new
        else:
            for p in range(n):
                result[p] = a + t[p] * last[p] - before[p]
    return tail
