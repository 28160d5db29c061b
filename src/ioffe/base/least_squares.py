r"""Least squares: the smallest sum of squares within bounds, and what the data say about every parameter.

The residuals are deviations over the standard deviations of the data, :math:`\rho_i = [f_i(u) - y_i]/s_i`.
Where the data come without standard deviations, the residuals are in any common unit and the errors follow
from their scatter: the covariance is multiplied by the sum of squares over the degrees of freedom n - p. A
direction of the parameters that leaves no trace in the residuals takes nothing from the degrees of freedom,
and the parameters that lie in it are undetermined.

>>> x, y = np.array([0.0, 1.0, 2.0, 3.0]), np.array([1.1, 2.9, 5.2, 6.8])
>>> line = linear_least_squares(np.stack([np.ones(4), x], axis=1), y)
>>> print(line.parameters, line.standard_errors, line.degrees_of_freedom)
[1.09 1.94] [0.16941074 0.09055385] 2
>>> problem = LeastSquares(lambda u: u[0] * np.exp(u[1] * x) - y, low=[0.0, -5.0], high=[10.0, 5.0])
>>> growth = problem.solve([1.0, 0.1])
>>> print(growth.parameters.round(3), growth.converged, growth.at_bound)
[1.781 0.462] True [0 0]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.least_squares_fit import LeastSquaresFit
from ioffe.base.roots import root_between

__all__ = ["Interval", "LeastSquares", "LeastSquaresFit", "linear_least_squares"]

Array = NDArray[np.float64]
Residual = Callable[[Array], Array]

STEP: Final = 1e-5
"""Step of the central differences: parameters are logarithms or of the order of 1 in their unit."""
TOLERANCE: Final = 1e-12
MOST_EVALUATIONS: Final = 400
WORST: Final = 1e6
"""Residual in the place of one that is no number, so that the solver turns back."""
LARGEST: Final = 1e100
"""Residuals and derivatives from which on they count as no numbers: their squares would overflow."""
INSIDE: Final = 1e-9
"""Distance from the bounds over their width at which a search begins at least."""
GROWTH: Final = 1.6
"""Factor from step to step on the way to the ends of an interval."""
MOST_STEPS: Final = 40
PRECISION: Final = 0.02
"""Error of the ends of an interval over the last step."""


SETTLED: Final = 1e-4
"""Share of the rise at the ends of an interval to which the sums of squares on the way there are found."""
PARABOLIC: Final = 0.05
"""Share of the way to the end of an interval over which the profile is taken for a parabola around the best
value; what that misses is of the next order."""


@dataclass(frozen=True)
class Interval:
    """Interval of a parameter from the profile of the sum of squares.

    `open_low`, `open_high`: whether that end is a bound, at which the sum of squares has not risen enough.
    """

    low: float
    high: float
    open_low: bool
    open_high: bool


@dataclass(frozen=True, eq=False)
class LeastSquares:
    r"""Weighted, bounded non-linear least squares.

    .. math:: \min_u \sum_i \rho_i(u)^2, \qquad u_\mathrm{low} \le u \le u_\mathrm{high}

    `residual`: parameters of shape (p,) to residuals of shape (n,), which are deviations over standard
        deviations. With `vectorised`, (draws, p) to (draws, n).
    `low`, `high` (p,): bounds; infinite or left away where there are none.
    `vectorised`: whether `residual` takes several draws at once, by which the derivatives cost one call.
    `stated`: whether the standard deviations are known; otherwise the errors follow from the scatter.
    `size`: unit of every parameter, such as the width of what is expected: step of the search, of the
        differences and of the decision what is determined. By default 1 for these, and the search scales
        itself by the derivatives.
    `loss`: loss function of `scipy.optimize.least_squares`: "linear", or a robust one such as "soft_l1" or
        "huber", by which outliers weigh less; or a function as SciPy takes it.
    `loss_scale`: residual from which on a robust loss weighs less.
    `tolerance`: relative changes of parameters and sum of squares, and gradient, at which the search ends.
    `derivative`: parameters (p,) to the derivatives of the residuals (n, p); by default central differences.

    The search is the trust-region reflective method of M. A. Branch, T. F. Coleman, Y. Li, SIAM J. Sci.
    Comput. 21 (1999) 1, doi 10.1137/S1064827595289108, in SciPy's implementation; derivatives are given, or
    central differences inside the bounds.

    Two parameters of which the data determine only the product:

    >>> x = np.linspace(0.0, 1.0, 5)
    >>> product = LeastSquares(lambda u: u[0] * u[1] * x - 2.0 * x, low=[0.1, 0.1], high=[9.0, 9.0])
    >>> fit = product.solve([1.0, 1.0])
    >>> fit.undetermined, fit.degrees_of_freedom
    (array([ True,  True]), 4)
    """

    residual: Residual
    low: ArrayLike = -np.inf
    high: ArrayLike = np.inf
    vectorised: bool = False
    stated: bool = True
    size: ArrayLike | None = None
    loss: str | Callable[[Array], Array] = "linear"
    loss_scale: float = 1.0
    tolerance: float = TOLERANCE
    derivative: Residual | None = None

    def solve(self, *starts: ArrayLike) -> LeastSquaresFit:
        """Best of the searches that begin at given points.

        `*starts` (p,): where to begin; moved inside the bounds.
        Returns: with the smallest sum of squares, one that converged before one that did not.
        """
        found = [self._from(np.asarray(start, float)) for start in starts]
        return min(found, key=lambda fit: (not fit.converged, fit.objective))

    def _from(self, start: Array) -> LeastSquaresFit:
        from scipy.optimize import least_squares

        low, high, size = self._shaped(len(start))
        if not len(start):
            found = self._residuals(start[None])[0]
            finite = bool(np.all(np.isfinite(found)))
            told = (start, found, np.zeros((len(found), 0)), finite, 1, self.stated, low, high, size)
            return LeastSquaresFit(*told, self._sum(found))

        def one(u: Array) -> Array:
            found = self._residuals(u[None])[0]
            return np.where(np.abs(found) < LARGEST, found, WORST)

        with np.errstate(invalid="ignore"):
            inset = np.where(np.isfinite(high - low), INSIDE * (high - low), 0.0)
        loss: Any = self.loss
        scales: Any = "jac" if self.size is None else size
        slopes: Any = self.jacobian
        solved = least_squares(
            one,
            np.clip(start, low + inset, high - inset),
            jac=slopes,
            bounds=(low, high),
            x_scale=scales,
            xtol=self.tolerance,
            ftol=self.tolerance,
            gtol=self.tolerance,
            max_nfev=MOST_EVALUATIONS,
            loss=loss,
            f_scale=self.loss_scale,
        )
        converged = bool(solved.status > 0 and np.all(np.abs(solved.fun) < WORST))
        best, residuals, jacobian = (np.asarray(a, float) for a in (solved.x, solved.fun, solved.jac))
        told = (best, residuals, jacobian, converged, int(solved.nfev), self.stated, low, high, size)
        return LeastSquaresFit(*told, 2.0 * float(solved.cost))

    def jacobian(self, parameters: Array) -> Array:
        """Derivatives of the residuals, by central differences inside the bounds if none are given.

        `parameters` (p,)
        Returns (n, p): 0 in the place of what is no number, or beyond `LARGEST`.
        """
        count = len(parameters)
        if self.derivative is not None:
            given = self.derivative(parameters)
            return np.where(np.abs(given) < LARGEST, given, 0.0)
        low, high, size = self._shaped(count)
        up, down = np.minimum(parameters + STEP * size, high), np.maximum(parameters - STEP * size, low)
        points, diagonal = np.repeat(parameters[None], 2 * count, axis=0), np.arange(count)
        points[diagonal, diagonal] = up
        points[count + diagonal, diagonal] = down
        found = self._residuals(points)
        slopes = (found[:count] - found[count:]) / (up - down)[:, None]
        return np.where(np.abs(slopes) < LARGEST, slopes, 0.0).T

    def profile(
        self,
        fit: LeastSquaresFit,
        index: int,
        value: float,
        tangent: Array | None = None,
        tolerance: float | None = None,
    ) -> LeastSquaresFit:
        """Least squares with one parameter held at a value.

        `fit`: where the search for the other parameters begins.
        `index`: position of the parameter.
        `value`: where it is held.
        `tangent` (p,): how fast the others move with it, so that their search begins where they will be.
        `tolerance`: in place of that of the problem.
        Returns: its parameters hold all of them, its derivatives are those of the others.
        """
        low, high, size = self._shaped(len(fit.parameters))
        others = np.arange(len(low)) != index

        def whole(u: Array) -> Array:
            full = np.full((*u.shape[:-1], len(low)), value)
            full[..., others] = u
            return full

        slopes = self.derivative
        rest = replace(
            self,
            residual=lambda u: self.residual(whole(u)),
            derivative=None if slopes is None else lambda u: slopes(whole(u))[:, others],
            low=low[others],
            high=high[others],
            size=None if self.size is None else size[others],
            tolerance=self.tolerance if tolerance is None else tolerance,
        )
        moved = 0.0 if tangent is None else tangent[others] * (value - fit.parameters[index])
        found = rest.solve(fit.parameters[others] + moved)
        return replace(found, parameters=whole(found.parameters))

    def interval(
        self, fit: LeastSquaresFit, index: int, step: float, rise: float, precision: float | None = None
    ) -> Interval:
        """Interval of a parameter in which the profile of the sum of squares stays below a rise.

        The profile is the smallest sum of squares over all other parameters at each value of the one: where
        the residuals bend, or a parameter runs into a bound, it says more than the standard error. A rise by
        1 gives the interval of 68 % (W. A. Rolke, A. M. Lopez, J. Conrad, Nucl. Instrum. Methods A 551 (2005)
        493, doi 10.1016/j.nima.2005.05.068).

        `fit`: the best fit.
        `index`: position of the parameter.
        `step`: first step away from the best value.
        `rise`: rise of the sum of squares at the ends.
        `precision`: accuracy of the ends; by default a fiftieth of the last step.
        """
        low, high, _ = self._shaped(len(fit.parameters))
        own = fit.unit_covariance[:, index]
        tangent = own / own[index] if own[index] > 0.0 else None
        (left, open_left), (right, open_right) = (
            self._end(fit, index, side * step, float(bound[index]), rise, precision, tangent)
            for side, bound in ((-1.0, low), (1.0, high))
        )
        return Interval(left, right, open_left, open_right)

    def _end(
        self,
        fit: LeastSquaresFit,
        index: int,
        step: float,
        bound: float,
        rise: float,
        precision: float | None,
        tangent: Array | None,
    ) -> tuple[float, bool]:
        """Where the profile has risen on one side, or the bound."""
        best = float(fit.parameters[index])
        inside, near, level = best, fit, fit.objective + rise
        # the last step of a search may lower the sum of squares by that share
        tolerance = max(self.tolerance, SETTLED * rise / level) if level > 0.0 else self.tolerance
        if abs(bound - best) < PRECISION * abs(step):
            return bound, True
        for _ in range(MOST_STEPS):
            outside = inside + step
            at_bound = abs(outside - best) >= abs(bound - best)
            outside = bound if at_bound else outside
            found = self.profile(near, index, outside, tangent, tolerance)
            risen = found.objective - fit.objective
            share = np.sqrt(rise / risen) if risen > 0.0 else np.inf
            if abs(share - 1.0) < PARABOLIC and not at_bound:
                return best + share * (outside - best), False
            if found.objective >= level:
                close = PRECISION * abs(outside - inside) if precision is None else precision
                known = {inside: near.objective, outside: found.objective}

                def excess(
                    v: float, known: dict[float, float] = known, near: LeastSquaresFit = near
                ) -> float:
                    return (
                        known[v] if v in known else self.profile(near, index, v, tangent, tolerance).objective
                    ) - level

                return root_between(excess, inside, outside, close), False
            if at_bound:
                return bound, True
            inside, near, step = outside, found, GROWTH * step
        return inside, True

    def _residuals(self, points: Array) -> Array:
        """Residuals of several draws, shape (draws, n)."""
        return self.residual(points) if self.vectorised else np.array([self.residual(u) for u in points])

    def _sum(self, residuals: Array) -> float:
        """What is made smallest, at given residuals; SciPy adds it up where there is a parameter."""
        if self.loss == "linear":
            return float(residuals @ residuals)
        from scipy.optimize import least_squares

        named: Any = {"loss": self.loss, "f_scale": self.loss_scale, "max_nfev": 1, "jac": lambda _: column}
        column = residuals[:, None]
        return 2.0 * float(least_squares(lambda _: residuals, [0.0], **named).cost)

    def _shaped(self, count: int) -> tuple[Array, Array, Array]:
        """Bounds and sizes of the parameters as arrays."""
        given: Iterable[ArrayLike] = (self.low, self.high, 1.0 if self.size is None else self.size)
        low, high, size = (np.array(np.broadcast_to(np.asarray(a, float), (count,))) for a in given)
        return low, high, size


def linear_least_squares(
    matrix: ArrayLike, values: ArrayLike, std: ArrayLike | None = None
) -> LeastSquaresFit:
    r"""Linear least squares: the parameters of y = A u with their covariance.

    .. math:: \min_u \sum_i \left[ \frac{(A u - y)_i}{s_i} \right]^2, \qquad
              C = s^2 (A^\mathrm{T} W A)^{-1}, \; W = \mathrm{diag}(s_i^{-2})

    `matrix` (n, p): A, one column a parameter, in any units: the columns are scaled to one length.
    `values` (n,): y.
    `std`: s, standard deviations of y, one or n. Without, all values count alike and the errors follow from
        the scatter.
    Returns: for a matrix of lower rank the shortest solution, in units of the columns.

    >>> x = np.array([0.0, 1.0, 2.0])
    >>> fit = linear_least_squares(np.stack([np.ones(3), x], axis=1), [1.0, 3.1, 4.9], std=0.1)
    >>> fit.parameters.round(4), fit.standard_errors.round(4), round(fit.reduced_chi_squared, 4)
    (array([1.05, 1.95]), array([0.0913, 0.0707]), 1.5)
    """
    y = np.asarray(values, float)
    error = np.broadcast_to(np.asarray(1.0 if std is None else std, float), y.shape)
    weighted = np.asarray(matrix, float) / error[:, None]
    length = np.linalg.norm(weighted, axis=0)
    size = 1.0 / np.where(length > 0.0, length, 1.0)
    found = size * np.linalg.lstsq(weighted * size, y / error, rcond=None)[0]
    open_ = np.full(len(size), np.inf)
    return LeastSquaresFit(
        found, weighted @ found - y / error, weighted, True, 1, std is not None, -open_, open_, size
    )
