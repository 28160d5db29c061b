"""Curves of materials as polynomials that every simulator can compute, with their error.

>>> found = fit("r", lambda T: 1e-5 * (T / 300.0) ** 1.5, (250.0, 400.0))
>>> found.degree, found.error < 1e-3, bool(abs(found.of(found.scaled(300.0)) / 1e-5 - 1.0) < 1e-3)
(2, True, True)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.polynomial import Chebyshev, Polynomial
from numpy.typing import NDArray

Array = NDArray[np.float64]
POINTS: Final = 201
"""Temperatures at which a curve is compared with its polynomial."""
GOOD: Final = 1e-3
"""Error over the largest value at which no higher degree is tried."""
HIGHEST: Final = 6
"""Degree; above it polynomials swing between their points."""


@dataclass(frozen=True)
class PropertyPolynomial:
    r"""A property as a polynomial of x = (T - middle)/half, its end values held beyond.

    `name`: of the function in the exported text.
    `coefficients`: in ascending powers of x.
    `low`, `high`: range of temperatures in K.
    `error`: largest deviation from the curve, over its largest absolute value.
    """

    name: str
    coefficients: tuple[float, ...]
    low: float
    high: float
    error: float

    @property
    def degree(self) -> int:
        """Of the polynomial."""
        return len(self.coefficients) - 1

    @property
    def is_integrated(self) -> bool:
        """Whether its integral occurs: that of a resistivity does not."""
        return not self.name.startswith("r")

    @property
    def middle(self) -> float:
        """Middle of the range in K."""
        return 0.5 * (self.low + self.high)

    @property
    def half(self) -> float:
        """Half of the range in K."""
        return 0.5 * (self.high - self.low)

    @property
    def integral(self) -> tuple[float, ...]:
        """Coefficients of the integral over T from the middle of the range."""
        return tuple(float(c) for c in (Polynomial(self.coefficients).integ() * self.half).coef)

    def scaled(self, T: Array) -> Array:
        """x of temperatures in K, from -1 to 1.

        `T`: in K; complex ones give derivatives.
        """
        x = (T - self.middle) / self.half
        return np.where(np.real(x) < -1.0, -1.0, np.where(np.real(x) > 1.0, 1.0, x))

    def of(self, x: Array) -> Array:
        """Values of the property.

        `x`: see `scaled`.
        Returns: in its SI unit.
        """
        return Polynomial(self.coefficients)(x)

    def integrated(self, T: Array, x: Array) -> Array:
        """Integral over the temperature from the middle of the range.

        `T`, `x`: temperatures in K, and what `scaled` makes of them.
        Returns: in the SI unit of the property times K.
        """
        return Polynomial(self.integral)(x) + self.of(x) * (T - (self.middle + self.half * x))


def fit(name: str, curve: Callable[[Array], Array], limits: tuple[float, float]) -> PropertyPolynomial:
    """Polynomial of the least degree that is near enough, at Chebyshev points.

    `name`: of the function.
    `curve`: temperatures in K to values in SI.
    `limits`: range in K.
    """
    low, high = limits
    x = np.linspace(-1.0, 1.0, POINTS)
    values = np.asarray(curve(0.5 * (low + high) + 0.5 * (high - low) * x), float)
    size = float(np.max(np.abs(values))) or 1.0
    found = error = None
    for degree in range(HIGHEST + 1):
        trial = Chebyshev.fit(x, values, degree, domain=[-1.0, 1.0])
        off = float(np.max(np.abs(trial(x) - values))) / size
        if error is None or off < error:
            found, error = trial, off
        if error <= GOOD:
            break
    assert found is not None
    assert error is not None
    coefficients = tuple(float(c) for c in found.convert(kind=Polynomial).coef)
    return PropertyPolynomial(name, coefficients, low, high, error)


def literal(value: float) -> str:
    """A number as text that may stand behind any operator.

    `value`: the number.

    >>> literal(2.0), literal(-1e-05)
    ('2.0', '(-1e-05)')
    """
    return repr(float(value)) if value >= 0.0 else f"({float(value)!r})"


def horner(coefficients: tuple[float, ...], x: str) -> str:
    """A polynomial as text.

    `coefficients`: in ascending powers.
    `x`: the variable.

    >>> horner((1.0, 2.0, -3.0), "x")
    '(1.0+x*(2.0+x*(-3.0)))'
    """
    text = literal(coefficients[-1])
    for c in reversed(coefficients[:-1]):
        text = f"({literal(c)}+{x}*{text})"
    return text
