"""What least squares found: parameters, their covariance, and what the data leave open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.confidence import ONE_SIGMA, student_factor

__all__ = ["EDGE", "PART", "LeastSquaresFit", "far_off"]

Array = NDArray[np.float64]

RANK: Final = 1e-7
"""Singular value over the largest below which a direction leaves no trace in the residuals; differences with
`STEP` are right to 1e-10."""
IMPROBABLE: Final = 0.01
"""Probability of so large a chi squared below which the model is said not to describe the data."""
PART: Final = 1e-3
"""Part of a parameter in such a direction from which on the parameter counts as lying in it."""
EDGE: Final = 1e-4
"""Distance from a bound over the width between the bounds at which a parameter counts as lying on it."""


def far_off(
    residuals: Array, jacobian: Array, *, stated: bool = False, least: float = 0.0
) -> NDArray[np.intp]:
    r"""Points that the fit of all others leaves out, one wrong point among right ones at most being assumed.

    .. math:: t_i = r_i \sqrt{\frac{\nu - 1}{S (1 - h_i) - r_i^2}}

    with the sum of squares S, its degrees of freedom nu and the leverages h: the residual over its error as
    the other points tell it, so that a point that has drawn the fit to itself is found all the same.
    Student's t with nu - 1 degrees of freedom, or :math:`r_i/\sqrt{1 - h_i}` as normal where errors are
    stated; `IMPROBABLE` for all points together (Bonferroni).

    `residuals` (n,): in standard deviations of the data, or in their common unit.
    `jacobian` (n, p): their derivatives.
    `stated`: whether the standard deviations of the data are known.
    `least`: residual up to which no point counts as wrong, such as rounding.
    Returns: rows, the farthest first; none with fewer than two degrees of freedom.

    R. J. Beckman, H. J. Trussell, J. Am. Stat. Assoc. 69 (1974) 199, doi 10.2307/2285523 (DOI remembered).

    >>> x = np.arange(8.0)
    >>> y = 2.0 * x + np.array([1, -1, 1, -1, 1, -1, 1, -1]) * 1e-3
    >>> y[5] += 0.5
    >>> design = np.column_stack([np.ones(8), x])
    >>> far_off(y - design @ np.linalg.lstsq(design, y, rcond=None)[0], design).tolist()
    [5]
    """
    from scipy.special import ndtr, stdtr

    left, singular, _ = np.linalg.svd(jacobian, full_matrices=False)
    left = left[:, singular > RANK * singular.max(initial=0.0)]
    rest = np.maximum(1.0 - np.sum(left**2, axis=1), 0.0)
    degrees = len(residuals) - left.shape[1] - 1
    if degrees < 1:
        return np.zeros(0, np.intp)
    others = np.maximum(float(residuals @ residuals) * rest - residuals**2, 0.0) / degrees
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.nan_to_num(np.abs(residuals) / np.sqrt(rest if stated else others))
    chance = 2.0 * (ndtr(-t) if stated else stdtr(degrees, -t)) * len(t)
    order = np.argsort(-t, kind="stable")
    return order[((chance < IMPROBABLE) & (np.abs(residuals) > least) & (rest > RANK))[order]]


@dataclass(frozen=True, eq=False)
class LeastSquaresFit:
    """Parameters with the smallest sum of squares, their covariance, and what is not determined.

    `parameters` (p,): best values.
    `residuals` (n,): there, in standard deviations of the data, or in their common unit.
    `jacobian` (n, p): derivatives of the residuals; for a robust loss those of the reweighted ones.
    `converged`: whether the search ended by itself and every residual is a number.
    `evaluations`: of the residuals, those for the derivatives aside.
    `stated`: whether the standard deviations of the data are known, so that the covariance is not scaled by
        the scatter.
    `low`, `high` (p,): bounds, infinite where there are none.
    `size` (p,): unit of every parameter in which determined and undetermined directions are told apart.
    `minimised`: what was made smallest: the sum of the squares, of which a robust loss counts large ones
        less.
    """

    parameters: Array
    residuals: Array
    jacobian: Array
    converged: bool
    evaluations: int
    stated: bool
    low: Array
    high: Array
    size: Array
    minimised: float | None = None

    @property
    def objective(self) -> float:
        """What was made smallest; `chi_squared` unless a robust loss was asked for."""
        return self.chi_squared if self.minimised is None else self.minimised

    @property
    def chi_squared(self) -> float:
        """Sum of the squared residuals."""
        return float(self.residuals @ self.residuals)

    @property
    def degrees_of_freedom(self) -> int:
        """Residuals less the parameters, or combinations of them, that the data determine: n - p."""
        return len(self.residuals) - (len(self.parameters) - self.directions.shape[1])

    @property
    def reduced_chi_squared(self) -> float:
        """Sum of squares over the degrees of freedom; NaN without any."""
        free = self.degrees_of_freedom
        return self.chi_squared / free if free > 0 else np.nan

    @property
    def disagrees(self) -> bool:
        """Whether errors are stated and a chi squared this large is less likely than `IMPROBABLE`."""
        from scipy.special import chdtrc

        free = self.degrees_of_freedom
        return self.stated and free > 0 and bool(chdtrc(free, self.chi_squared) < IMPROBABLE)

    @property
    def variance_factor(self) -> float:
        """Factor on the covariance: 1 where errors are stated, otherwise `reduced_chi_squared`."""
        return 1.0 if self.stated else self.reduced_chi_squared

    def student_factor(self, probability: float = ONE_SIGMA) -> float:
        """Half of an interval over the standard error: Student's where the errors follow from the scatter.

        `probability`: that the interval holds the truth.
        """
        return student_factor(np.inf if self.stated else self.degrees_of_freedom, probability)

    def rise(self, probability: float = ONE_SIGMA) -> float:
        """Rise of the sum of squares at the ends of an interval from the profile; NaN without an error.

        `probability`: that the interval holds the truth.
        Returns: by chi squared where errors are stated, otherwise by F.
        """
        return self.student_factor(probability) ** 2 * self.variance_factor

    @property
    def scatter(self) -> float:
        """Root of `reduced_chi_squared`: the standard deviation of data whose errors are not stated."""
        return float(np.sqrt(self.reduced_chi_squared))

    @cached_property
    def _parts(self) -> tuple[Array, Array]:
        """Covariance of the determined directions in units of `size`, and the undetermined directions."""
        count = len(self.parameters)
        _, found, rows = np.linalg.svd(self.jacobian * self.size, full_matrices=True)
        singular = np.zeros(count)
        singular[: len(found)] = found
        weak = singular <= RANK * max(float(singular.max(initial=0.0)), np.finfo(float).tiny)
        strong = rows[~weak].T / singular[~weak]
        return strong @ strong.T, rows[weak].T

    @property
    def unit_covariance(self) -> Array:
        """Covariance for residuals with the standard deviation 1, over the directions the data determine."""
        return self._parts[0] * np.outer(self.size, self.size)

    @property
    def covariance(self) -> Array:
        """Covariance of the parameters, shape (p, p): `unit_covariance` times `variance_factor`."""
        return self.variance_factor * self.unit_covariance

    @property
    def directions(self) -> Array:
        """Orthonormal directions of parameters over `size` that the data leave open, shape (p, number)."""
        return self._parts[1]

    @property
    def undetermined(self) -> NDArray[np.bool_]:
        """Which parameters lie in those directions, shape (p,)."""
        directions = self.directions
        return (
            np.linalg.norm(directions, axis=1) > PART if directions.size else np.zeros(len(directions), bool)
        )

    @property
    def standard_errors(self) -> Array:
        """Standard errors, shape (p,); NaN for what is not determined."""
        return np.where(self.undetermined, np.nan, np.sqrt(np.diag(self.covariance)))

    @property
    def correlation(self) -> Array:
        """Correlation of the parameters, shape (p, p)."""
        std = np.sqrt(np.diag(self.unit_covariance))
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.unit_covariance / np.outer(std, std)

    @property
    def at_bound(self) -> NDArray[np.intp]:
        """-1 for a parameter on its lower bound, 1 on its upper, else 0; shape (p,)."""
        with np.errstate(invalid="ignore"):
            edge = np.where(np.isfinite(self.high - self.low), EDGE * (self.high - self.low), 0.0)
        below, above = self.parameters - self.low, self.high - self.parameters
        return np.where(np.minimum(below, above) > edge, 0, np.where(below < above, -1, 1))
