r"""A smooth curve through the points of one sweep, and what is read from it with errors.

.. math:: y(I) = \sum_k c_k I^{f + k}

Of V(I) and Q(I) f = 0; the power V I has the same coefficients with f = 1.

>>> I = np.linspace(0.0, 4.0, 9)
>>> voltage = sweep_curve(I, 0.312 - 0.0895 * I + 0.002 * I**2)
>>> at, power, error, _ = voltage.times_current().top(4.0)
>>> print(f"{at:.3f} A, {power:.4f} W, {error < 1e-12}")
1.859 A, 0.2836 W, True
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.least_squares import LeastSquaresFit, linear_least_squares

SEEN: Final = 0.999
"""Probability that the scatter does not give so large a coefficient, from which on it counts as seen."""
HIGHEST: Final = 4
"""Highest order of a curve. Sweeps of coolers, up to currents of the largest heat, have it always."""
FINE: Final = np.linspace(0.0, 1.0, 501)
"""Shares of the largest measured current at which a maximum is looked for."""
TESTED: Final = 2
"""Points more than coefficients from which on a curve has orders that its scatter tests."""


def polynomial(current: Array, values: Array, degree: int) -> LeastSquaresFit | None:
    """Polynomial through measured values, lowest power first; None if the points do not determine it.

    `current`, `values` (n,): NaN values are left out.
    """
    good = np.isfinite(values) & np.isfinite(current)
    if np.unique(current[good]).size <= degree:
        return None
    return linear_least_squares(current[good, None] ** np.arange(degree + 1), values[good])


def order_of(current: Array, values: Array, usual: int = 2, least: int = 1) -> int | None:
    """Order of the polynomial through the points of a sweep.

    `current`, `values` (n,)
    `usual`: order that is taken without being seen, as far as two points more than its coefficients test it:
        a curvature below its error would otherwise be an error that nobody states.
    `least`: smallest order.
    Returns: raised to 4 by coefficients that the scatter gives once in a thousand times (Student's t); None
        for too few points.
    """
    count = np.unique(current[np.isfinite(values) & np.isfinite(current)]).size
    if count <= least:
        return None
    order = max(min(usual, count - 1 - TESTED), least)
    for higher in range(order + 1, min(HIGHEST, count - 1 - TESTED) + 1):
        fit = polynomial(current, values, higher)
        assert fit is not None
        if abs(fit.parameters[-1]) > fit.student_factor(SEEN) * fit.standard_errors[-1]:
            order = higher
    return order


@dataclass(frozen=True, eq=False)
class SweepCurve:
    """A polynomial over the current with the covariance of its coefficients.

    `coefficients` (k,)
    `covariance` (k, k): NaN where as many coefficients as points leave no scatter.
    `first`: power of the current of the first coefficient.
    """

    coefficients: Array
    covariance: Array
    first: int = 0

    @property
    def order(self) -> int:
        """Order of the curve as it was fitted."""
        return len(self.coefficients) - 1

    def times_current(self) -> SweepCurve:
        """The curve times the current, such as the power of a voltage."""
        return replace(self, first=self.first + 1)

    def powers(self, current: float | Array, derivative: int = 0) -> Array:
        """Derivatives of the curve to its coefficients, or those of its slopes, shape (..., k)."""
        exponents = self.first + np.arange(len(self.coefficients))
        factor = np.ones(len(exponents))
        for k in range(derivative):
            factor *= exponents - k
        return factor * np.asarray(current, float)[..., None] ** np.maximum(exponents - derivative, 0)

    def value(self, current: float | Array, derivative: int = 0) -> Array:
        """The curve or a derivative of it at currents."""
        return self.powers(current, derivative) @ self.coefficients

    def error(self, slopes: Array) -> float:
        """Standard error of what has these derivatives to the coefficients."""
        return float(np.sqrt(slopes @ self.covariance @ slopes))

    def top(self, largest: float) -> tuple[float, float, float, float] | None:
        """Current, value, and their errors at the maximum up to a current; None if it lies at an end.

        `largest`: the largest measured current in A.
        """
        currents = FINE * largest
        k = int(np.argmax(self.value(currents)))
        if k in (0, len(currents) - 1):
            return None
        at = float(currents[k])
        for _ in range(3):
            at -= float(self.value(at, 1) / self.value(at, 2))
        top, bow = float(self.value(at)), float(self.value(at, 2))
        return at, top, self.error(self.powers(at)), self.error(self.powers(at, 1) / bow)


def sweep_curve(current: Array, values: Array, order: int | None = None) -> SweepCurve | None:
    """The curve through the points of one sweep.

    `current`, `values` (n,): NaN values are left out.
    `order`: by default as `order_of` says.
    Returns: None if the points do not determine it.
    """
    chosen = order_of(current, values) if order is None else order
    fit = None if chosen is None else polynomial(current, values, chosen)
    return None if fit is None else SweepCurve(fit.parameters, fit.covariance)
