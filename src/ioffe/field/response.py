"""Port temperatures of one side for any heats, extrapolated to cells of zero width.

The response is linear and the same for all currents, so that what was solved is kept: an orthonormal basis of
heats with their temperatures. New heats are split into what the basis spans and a rest; only the rest is
solved and joins the basis. A sweep soon needs nothing new, and a module with few legs has its whole matrix in
the end, without anything to decide beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ioffe.field.side import PlateSide
from ioffe.field.widths import PlateGrid, fitted_order, left_over, weights

Array = NDArray[np.float64]
NEW = 1e-10
"""Share of heats outside of the basis that is not solved any more."""
SAFETY = 2.0
"""Factor on what roundings may leave: in 18 layouts, 7 to 90 cells a leg, at most 1.8 times `left_over`."""
DOUBT = 0.1
"""Share of the extrapolation that counts as its error, at least."""
CHUNK = 16
"""Right-hand sides solved at once."""


class PortMap:
    """Temperatures of the ports of a side.

    `sides`: the same side on every grid.
    """

    def __init__(self, sides: Sequence[PlateSide], grids: Sequence[PlateGrid]) -> None:
        self.sides = tuple(sides)
        self.legs = sides[0].ports
        self.ports = self.legs + sides[0].bodies
        even = (np.arange(self.ports) < self.legs).astype(float)
        rows = [even]
        if self.legs > 1:
            # neighbours against each other: what a leg alone does to itself, for all that is not solved yet
            rows.append(even * np.where(np.arange(self.ports) % 2, -1.0, 1.0))
        if self.ports <= CHUNK:
            # all of them at once take little more than two
            rows += list(np.eye(self.ports))
        begun = np.linalg.qr(np.array(rows).T)[0].T
        found = [side.respond(begun) for side in self.sides]
        widths = [grid.rounding for grid in grids]
        self.order = fitted_order(widths, np.array([float(begun[0] @ T[0]) for T in found]))
        self.weights = weights(widths, self.order)
        finest = np.zeros(len(grids))
        finest[-1] = 1.0
        first = weights(widths, 1.0)
        self._doubts = (DOUBT * (self.weights - finest), self.weights - first)
        T = np.tensordot(self.weights, np.array(found), 1)
        together, alone = float(begun[0] @ T[0]), float(begun[1] @ T[1]) if self.legs > 1 else 0.0
        self.local = alone
        # the edges of legs and electrodes count for these, and not for what all heat makes of plate and film
        spreading = max(alone, together - self.sides[-1].even_resistance * self.legs)
        self._left = SAFETY * left_over(widths, self.weights) * spreading
        self.basis = np.zeros((0, self.ports))
        self.temperatures = np.zeros((0, self.ports))
        self.errors = np.zeros((0, self.ports))
        self._take(begun, found)

    def apply(self, heats: Array) -> Array:
        """Temperatures in K above that behind the film, for heats in W; both (n, ports), NaN where NaN."""
        known = np.asarray(np.isfinite(heats).all(axis=1))
        if not known.all():
            return np.where(known[:, None], self.apply(np.where(known[:, None], heats, 0.0)), np.nan)
        size = np.linalg.norm(heats, axis=1, keepdims=True)
        scaled = np.divide(heats, size, out=np.zeros_like(heats), where=size > 0.0)
        if self.basis.shape[0] < self.ports:
            rest = self._rest(scaled)
            _, s, rows = np.linalg.svd(rest, full_matrices=False)
            if s.max(initial=0.0) > NEW:
                self._add(rows[s > NEW])
        return (heats @ self.basis.T) @ self.temperatures

    def error(self, heats: Array) -> Array:
        """Estimated error of the temperatures of heats that were applied before, (n, ports)."""
        return (heats @ self.basis.T) @ self.errors

    def _rest(self, heats: Array) -> Array:
        rest = heats - (heats @ self.basis.T) @ self.basis
        return rest - (rest @ self.basis.T) @ self.basis

    def _add(self, rows: Array) -> None:
        rows = self._rest(rows)
        rows = np.linalg.qr(rows.T)[0].T
        for start in range(0, len(rows), CHUNK):
            part = rows[start : start + CHUNK]
            self._take(part, [side.respond(part) for side in self.sides])

    def _take(self, rows: Array, found: list[Array]) -> None:
        each = np.array(found)
        T = np.tensordot(self.weights, each, 1)
        doubts = np.array([*(np.tensordot(w, each, 1) for w in self._doubts), self._left * rows])
        largest = np.linalg.norm(doubts, axis=2).argmax(axis=0)
        self.basis = np.concatenate([self.basis, rows])
        self.temperatures = np.concatenate([self.temperatures, T])
        self.errors = np.concatenate([self.errors, doubts[largest, np.arange(len(rows))]])
