"""Devices of one call, as kernels take them, and their solution in chunks by several threads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.engine.compiled import cache
from ioffe.engine.compiled.packing import PackedTables
from ioffe.engine.compiled.plain import best as plain_best
from ioffe.engine.compiled.plain.curve import interpolate
from ioffe.engine.compiled.plain.elements import Tables
from ioffe.engine.compiled.plain.finish import codes, voltage_and_heat
from ioffe.engine.compiled.plain.solve import MOST_PARTS, OUT_J, solve_level
from ioffe.engine.compiled.plain.sort import order_by_cells
from ioffe.engine.table import Array

LEAST_CHUNK, MOST_CHUNK = 8192, 32768
"""Devices that one call of a kernel treats: enough to share a bucket, few enough to bound the memory."""
CURVE_CHUNK = 4096
LEAST_TOLERANCE = 1e-12


class Batch:
    """Devices of one call; `solved` says which of them, or of their points, have a solution."""

    def __init__(
        self, tables: PackedTables, which: ArrayLike, T0: ArrayLike, T1: ArrayLike, j: ArrayLike = 0.0
    ) -> None:
        shape = np.broadcast_shapes((1,), *(np.shape(a) for a in (which, T0, T1, j)))
        if len(shape) != 1:
            raise ValueError("devices are a list: which, T0, T1 and j have one axis")
        self.which = _lanes(which, np.int64, shape)
        self.T0, self.T1, self.j = (_lanes(a, np.float64, shape) for a in (T0, T1, j))
        if len(self.which) and not (self.which.min() >= 0 and self.which.max() < len(tables)):
            raise ValueError(f"which must lie between 0 and {len(tables) - 1}")
        self.tables = Tables(
            tables.knots, tables.cells, tables.first, tables.resistivity, tables.limits, tables.defect
        )
        self.solved = np.zeros(shape, bool)

    def run(self, aim: int, tolerance: float, columns: int, threads: int | None) -> Array:
        """What `solve_level` writes, shape (columns, devices)."""
        n = len(self.which)
        out = np.empty((columns, n))
        self.solved = np.zeros(n, bool)

        def part(start: int, stop: int) -> None:
            lanes = tuple(a[start:stop] for a in (self.which, self.T0, self.T1, self.j))
            out[:, start:stop] = self._solve(lanes, aim, tolerance, columns, self.solved[start:stop]).T

        # a lane does not feel its neighbours, so that the ranges make no difference to the result
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
        out = self._solve((*spread, j.ravel()), plain_best.GIVEN, tolerance, OUT_J + 1, solved)
        return np.ascontiguousarray(out.T).reshape(-1, *j.shape), solved.reshape(j.shape)

    def _solve(
        self, lanes: tuple[Any, ...], aim: int, tolerance: float, columns: int, solved: NDArray[np.bool_]
    ) -> Array:
        """Solve which, T0, T1, j, with more and more elements where they are needed; (devices, columns)."""
        device, key = order_by_cells(self.tables, *lanes)
        out = np.full((len(solved), columns), np.nan)
        parts, allowed = 1, max(tolerance, LEAST_TOLERANCE)
        while len(device) and parts <= MOST_PARTS:
            left = solve_level(self.tables, *lanes, aim, device, key, parts, allowed, out, solved)
            device, key = device[:left], key[:left]
            parts *= 2
        return out


def _lanes(values: ArrayLike, kind: type, shape: tuple[int, ...]) -> Any:
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
