"""Two straight lines that meet: the sum of squares as a function of where."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["BrokenLine"]

Array = NDArray[np.float64]
GRID = 400
HALVINGS = 60


class BrokenLine:
    """Weighted least squares of a level or a line, then another line, over the place of the break.

    Both lines together are a level or line plus c max(x - x_c, 0). For given x_c that is linear: the level or
    line is projected out of the points and of max(x - x_c, 0), and c follows from what remains of both.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        Points by rising x.
    weight : ndarray, shape (n,)
        1 over their standard deviations.
    flat : bool
        Whether the curve is level before the break.
    """

    def __init__(self, x: Array, y: Array, weight: Array, *, flat: bool) -> None:
        self.start, self.width = float(x[0]), float(x[-1] - x[0])
        self.x, self.y, self.weight, self.flat = (x - self.start) / self.width, y, weight, flat
        base = np.ones((len(x), 1)) if flat else np.column_stack([np.ones_like(x), self.x])
        self._base = base
        self._basis = np.linalg.qr(base * weight[:, None])[0]
        self._rest = self._project(y * weight)
        inner = np.unique(self.x)
        # two different abscissae beyond the break, and before it too if there is a slope
        low, high = inner[0 if flat else 1], inner[-2]
        grid = np.concatenate([np.linspace(low, high, GRID), inner])
        self.grid = np.unique(grid[(grid >= low) & (grid <= high)])

    def sums(self, at: ArrayLike) -> Array:
        """Smallest sum of squares for breaks at scaled places, shape (m,)."""
        beyond = self._project(np.maximum(self.x - np.atleast_1d(at)[:, None], 0.0) * self.weight)
        share = (beyond @ self._rest) / np.sum(beyond**2, axis=1)
        return np.sum((self._rest - share[:, None] * beyond) ** 2, axis=1)

    def minimum(self) -> tuple[float, float]:
        """Break with the smallest sum of squares, and that sum, never 0."""
        sums = self.sums(self.grid)
        at = int(np.argmin(sums))
        low, high = self.grid[max(at - 1, 0)], self.grid[min(at + 1, len(self.grid) - 1)]
        for _ in range(HALVINGS):
            fine = np.linspace(low, high, 5)
            near = int(np.argmin(self.sums(fine)))
            low, high = fine[max(near - 1, 0)], fine[min(near + 1, 4)]
        best = 0.5 * (low + high)
        least = min(float(self.sums(best)[0]), float(sums[at]))
        return self.start + self.width * float(best), max(least, 1e-300)

    def without_break(self) -> tuple[float, int]:
        """Sum of squares of one level or one line, and its number of parameters."""
        return float(self._rest @ self._rest), self._base.shape[1]

    def lines(self, position: float) -> tuple[float, float, float]:
        """Level at the break and the slopes before and after it."""
        at = (position - self.start) / self.width
        found = self._solved(np.column_stack([self._base, np.maximum(self.x - at, 0.0)]))
        before = 0.0 if self.flat else float(found[1])
        level = float(found[0]) + before * at
        return level, before / self.width, (before + float(found[-1])) / self.width

    def single(self) -> tuple[float, float]:
        """Value at zero and slope of one level or line."""
        found = self._solved(self._base)
        slope = 0.0 if self.flat else float(found[1]) / self.width
        return float(found[0]) - slope * self.start, slope

    def residuals(self, position: float) -> Array:
        """Weighted distances of the points from the lines."""
        level, before, after = self.lines(position)
        x = self.start + self.width * self.x - position
        return (self.y - level - before * np.minimum(x, 0.0) - after * np.maximum(x, 0.0)) * self.weight

    def interval(self, position: float, allowed: float) -> tuple[float, float]:
        """Outermost breaks whose sum of squares is allowed; NaN where the points do not bound them."""
        at = (position - self.start) / self.width
        inside = np.append(self.grid[self.sums(self.grid) <= allowed], at)
        return self._end(inside.min(), self.grid[self.grid < inside.min()][-1:], allowed), self._end(
            inside.max(), self.grid[self.grid > inside.max()][:1], allowed
        )

    def _end(self, inside: float, outside: Array, allowed: float) -> float:
        if not outside.size:
            return np.nan
        beyond = float(outside[0])
        for _ in range(HALVINGS):
            middle = 0.5 * (inside + beyond)
            inside, beyond = (middle, beyond) if self.sums(middle)[0] <= allowed else (inside, middle)
        return self.start + self.width * float(inside)

    def _project(self, values: Array) -> Array:
        """What the level or line cannot describe."""
        return values - (values @ self._basis) @ self._basis.T

    def _solved(self, design: Array) -> Array:
        found = np.linalg.lstsq(design * self.weight[:, None], self.y * self.weight, rcond=None)[0]
        return np.asarray(found, float)
