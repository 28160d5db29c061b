"""Ageing laws in closed form: relaxation to a final value, powers of time, linear and parabolic growth."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.interface.ageing.law import Law

__all__ = ["LinearGrowth", "ParabolicGrowth", "PowerLaw", "Relaxation"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Relaxation(Law):
    """A value that goes over from an initial to a final one.

    rho(theta) = rho_inf + (rho_0 - rho_inf) exp[-(theta/t_0)^m]. An exponent below 1 is a stretched
    relaxation (many processes at once), one above 1 begins with an incubation time.

    Parameters
    ----------
    initial, final : float
        rho_0 and rho_inf, from 0 on.
    time : float
        t_0 in s: 63 % of the way is gone.
    exponent : float
        m.
    acceleration : Arrhenius, optional
        How the rate 1/t_0 depends on temperature; t_0 is that at its reference temperature.

    Examples
    --------
    A contact that improves from 20.8 to 7.9 uohm cm2, with a time of 8 days at 573 K.

    >>> from ioffe.base.constants import e
    >>> from ioffe.interface.ageing import Arrhenius
    >>> day = 86400.0
    >>> law = Relaxation(20.8e-10, 7.9e-10, 8 * day, acceleration=Arrhenius(1.0 * e, 573.0))
    >>> law.at([0.0, 30 * day]) / 1e-10
    array([20.8..., 8.20...])
    >>> print(f"{float(law.at(30 * day, 523.0)) / 1e-10:.1f}")
    15.4
    """

    initial: float
    final: float
    time: float
    exponent: float = 1.0

    def __post_init__(self) -> None:
        self._check(initial=(0.0, False), final=(0.0, False), time=(0.0, True), exponent=(0.0, True))

    def formula(self, theta: Array) -> Array:
        """Value at reduced times."""
        grown = (theta / self.time) ** self.exponent
        return self.initial * np.exp(-grown) - self.final * np.expm1(-grown)

    def slopes(self, theta: Array) -> dict[str, Array]:
        """Derivatives by initial, final, time and exponent."""
        x = theta / self.time
        grown = x**self.exponent
        left = np.exp(-grown)
        change = (self.initial - self.final) * left * grown
        logarithm = np.log(np.where(x > 0.0, x, 1.0))
        return {
            "initial": left,
            "final": 1.0 - left,
            "time": change * self.exponent / self.time,
            "exponent": -change * logarithm,
        }

    def rate(self, theta: ArrayLike) -> Array:
        """Derivative by the reduced time."""
        x = np.asarray(theta, float) / self.time
        way = self.final - self.initial
        if way == 0.0:
            return np.zeros_like(x)
        with np.errstate(divide="ignore"):
            return way * self.exponent / self.time * np.exp(-(x**self.exponent)) * x ** (self.exponent - 1.0)

    def reduced_time_to(self, value: float) -> float:
        """Reduced time in s after which the value is reached; infinite if it never is."""
        if value == self.initial:
            return 0.0
        way = self.final - self.initial
        gone = (value - self.initial) / way if way else -1.0
        if not 0.0 < gone < 1.0:
            return inf
        return float(self.time * (-np.log1p(-gone)) ** (1.0 / self.exponent))


@dataclass(frozen=True)
class PowerLaw(Law):
    """A value that grows or falls as a power of time, rho(theta) = rho_0 + change (theta/time)^m.

    Parameters
    ----------
    initial : float
        rho_0, from 0 on.
    change : float
        After the `time`; negative for a falling value.
    time : float
        In s, chosen and not fitted: the change belongs to it.
    exponent : float
        m, such as 1/2 for diffusion through a growing layer and 1 for a reaction at the interface.
    acceleration : Arrhenius, optional
        How the rate depends on temperature: the reduced time is accelerated, so that the change after a given
        time goes with the factor to the power m.

    Examples
    --------
    >>> law = PowerLaw(12e-10, 6e-10, 86400.0, 0.5)
    >>> law.value([0.0, 86400.0, 4 * 86400.0]) / 1e-10
    array([12., 18., 24.])
    >>> law.reduced_time_to(24e-10) / 86400.0
    4.0
    """

    initial: float
    change: float
    time: float
    exponent: float

    def __post_init__(self) -> None:
        self._check(initial=(0.0, False), time=(0.0, True), exponent=(0.0, True))

    def formula(self, theta: Array) -> Array:
        """Value at reduced times."""
        return self.initial + self.change * (theta / self.time) ** self.exponent

    def slopes(self, theta: Array) -> dict[str, Array]:
        """Derivatives by initial, change and exponent."""
        x = theta / self.time
        grown = x**self.exponent
        logarithm = np.log(np.where(x > 0.0, x, 1.0))
        return {
            "initial": np.ones_like(grown),
            "change": grown,
            "exponent": self.change * grown * logarithm,
        }

    def rate(self, theta: ArrayLike) -> Array:
        """Derivative by the reduced time."""
        x = np.asarray(theta, float) / self.time
        if self.change == 0.0:
            return np.zeros_like(x)
        with np.errstate(divide="ignore"):
            return self.change * self.exponent / self.time * x ** (self.exponent - 1.0)

    def reduced_time_to(self, value: float) -> float:
        """Reduced time in s after which the value is reached; infinite if it never is."""
        return _grown_to(value, self.initial, self.change, self.time, self.exponent)


@dataclass(frozen=True)
class _Growth(Law):
    """A value that grows with a given power of time: rho_0 + rate theta^m."""

    initial: float
    growth: float

    EXPONENT = 1.0

    def __post_init__(self) -> None:
        self._check(initial=(0.0, False))

    def formula(self, theta: Array) -> Array:
        """Value at reduced times."""
        return self.initial + self.growth * theta**self.EXPONENT

    def slopes(self, theta: Array) -> dict[str, Array]:
        """Derivatives by initial and growth."""
        grown = theta**self.EXPONENT
        return {"initial": np.ones_like(grown), "growth": grown}

    def rate(self, theta: ArrayLike) -> Array:
        """Derivative by the reduced time."""
        theta = np.asarray(theta, float)
        if self.growth == 0.0:
            return np.zeros_like(theta)
        with np.errstate(divide="ignore"):
            return self.growth * self.EXPONENT * theta ** (self.EXPONENT - 1.0)

    def reduced_time_to(self, value: float) -> float:
        """Reduced time in s after which the value is reached; infinite if it never is."""
        return _grown_to(value, self.initial, self.growth, 1.0, self.EXPONENT)


@dataclass(frozen=True)
class LinearGrowth(_Growth):
    """A value that changes by the same amount in every second, rho(theta) = rho_0 + growth theta.

    A reaction limited by the interface, or the loss of a volatile element through a surface.

    Parameters
    ----------
    initial : float
        rho_0, from 0 on.
    growth : float
        In the unit of the value by s; negative for a falling value.
    acceleration : Arrhenius, optional
        How the growth depends on temperature.

    Examples
    --------
    >>> LinearGrowth(1.0, -0.05 / 86400.0).value([0.0, 86400.0, 4 * 86400.0])
    array([1.  , 0.95, 0.8 ])
    """


@dataclass(frozen=True)
class ParabolicGrowth(_Growth):
    """A value that grows with the root of time, rho(theta) = rho_0 + growth sqrt(theta).

    A layer through which the atoms must diffuse that make it grow, x^2 = k t: with a resistivity rho_layer of
    the layer, growth = rho_layer sqrt(k). The acceleration is that of k: at another temperature the growth
    goes with the root of its factor.

    Parameters
    ----------
    initial : float
        rho_0, from 0 on.
    growth : float
        In the unit of the value by s^(1/2).
    acceleration : Arrhenius, optional
        How k depends on temperature.

    Examples
    --------
    >>> from math import sqrt
    >>> law = ParabolicGrowth(4e-10, 2e-10 / sqrt(86400.0))
    >>> law.value([0.0, 86400.0, 4 * 86400.0]) / 1e-10
    array([4., 6., 8.])
    """

    EXPONENT = 0.5


def _grown_to(value: float, initial: float, change: float, time: float, exponent: float) -> float:
    """Reduced time after which initial + change (theta/time)^m is the value."""
    way = value - initial
    if way == 0.0:
        return 0.0
    if change == 0.0 or way / change < 0.0:
        return inf
    return float(time * (way / change) ** (1.0 / exponent))
