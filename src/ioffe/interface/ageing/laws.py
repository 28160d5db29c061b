"""Ageing laws: relaxation to a final value, powers of time, linear and parabolic growth, measured values."""

from __future__ import annotations

import warnings
from abc import abstractmethod
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.curve.piecewise import Piecewise
from ioffe.base.errors import ExtrapolationWarning
from ioffe.base.quantities import quantity
from ioffe.base.units import floats
from ioffe.interface._checks import FROM_ZERO, NUMBER, POSITIVE, Checks
from ioffe.interface.ageing.acceleration import check_acceleration
from ioffe.interface.ageing.law import Law

DURATION: Final = replace(quantity("time"), exclusive=True)


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
        self._check(initial=FROM_ZERO, final=FROM_ZERO, time=DURATION, exponent=POSITIVE)

    def formula(self, theta: Array) -> Array:
        """Value at reduced times theta in s, in the shape of theta."""
        grown = (theta / self.time) ** self.exponent
        return self.initial * np.exp(-grown) - self.final * np.expm1(-grown)

    def slopes(self, theta: Array) -> dict[str, Array]:
        """Derivatives by initial, final, time and exponent in SI, at reduced times theta in s."""
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
        """Derivative by the reduced time, in the unit of the value by s, at reduced times theta in s."""
        x = floats(theta) / self.time
        way = self.final - self.initial
        if way == 0.0:
            return np.zeros_like(x)
        with np.errstate(divide="ignore"):
            return way * self.exponent / self.time * np.exp(-(x**self.exponent)) * x ** (self.exponent - 1.0)

    def reduced_time_to(self, value: float) -> float:
        """Reduced time in s after which a value in the unit of the law is reached, or infinite."""
        if value == self.initial:
            return 0.0
        way = self.final - self.initial
        gone = (value - self.initial) / way if way else -1.0
        if not 0.0 < gone < 1.0:
            return inf
        return float(self.time * (-np.log1p(-gone)) ** (1.0 / self.exponent))


@dataclass(frozen=True)
class _PowerOfTime(Law):
    """A value that changes with a power of time: rho_0 + change (theta/time)^m."""

    initial: float

    @property
    @abstractmethod
    def _terms(self) -> tuple[float, float, float]:
        """Change, time and exponent m."""

    def formula(self, theta: Array) -> Array:
        """Value at reduced times theta in s, in the shape of theta."""
        change, time, exponent = self._terms
        return self.initial + change * (theta / time) ** exponent

    def rate(self, theta: ArrayLike) -> Array:
        """Derivative by the reduced time, in the unit of the value by s, at reduced times theta in s."""
        change, time, exponent = self._terms
        x = floats(theta) / time
        if change == 0.0:
            return np.zeros_like(x)
        with np.errstate(divide="ignore"):
            return change * exponent / time * x ** (exponent - 1.0)

    def reduced_time_to(self, value: float) -> float:
        """Reduced time in s after which a value in the unit of the law is reached, or infinite."""
        change, time, exponent = self._terms
        way = value - self.initial
        if way == 0.0:
            return 0.0
        if change == 0.0 or way / change < 0.0:
            return inf
        return float(time * (way / change) ** (1.0 / exponent))


@dataclass(frozen=True)
class PowerLaw(_PowerOfTime):
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

    change: float
    time: float
    exponent: float

    def __post_init__(self) -> None:
        self._check(initial=FROM_ZERO, change=NUMBER, time=DURATION, exponent=POSITIVE)

    @property
    def _terms(self) -> tuple[float, float, float]:
        return self.change, self.time, self.exponent

    def slopes(self, theta: Array) -> dict[str, Array]:
        """Derivatives by initial, change and exponent in SI, at reduced times theta in s."""
        x = theta / self.time
        grown = x**self.exponent
        logarithm = np.log(np.where(x > 0.0, x, 1.0))
        return {"initial": np.ones_like(grown), "change": grown, "exponent": self.change * grown * logarithm}


@dataclass(frozen=True)
class _Growth(_PowerOfTime):
    """A value that grows with a given power of time: rho_0 + growth theta^m."""

    growth: float

    EXPONENT = 1.0

    def __post_init__(self) -> None:
        self._check(initial=FROM_ZERO, growth=NUMBER)

    @property
    def _terms(self) -> tuple[float, float, float]:
        return self.growth, 1.0, self.EXPONENT

    def slopes(self, theta: Array) -> dict[str, Array]:
        """Derivatives by initial and growth in SI, at reduced times theta in s."""
        grown = theta**self.EXPONENT
        return {"initial": np.ones_like(grown), "growth": grown}


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


@dataclass(frozen=True)
class Tabulated(Law):
    """Measured values over reduced time, with a monotone cubic curve (PCHIP) between them.

    The curve does not overshoot the points. After the last one the last value is held, with a warning.

    Parameters
    ----------
    times : sequence of float
        In s, from 0 on, each later than the one before.
    values : sequence of float
        From 0 on.
    acceleration : Arrhenius, optional
        The times are those at its reference temperature.

    Raises
    ------
    InputError
        If time runs backwards or does not begin at 0, or with fewer than two points.

    Examples
    --------
    >>> day = 86400.0
    >>> law = Tabulated((0.0, 7 * day, 30 * day), (20.8e-10, 12e-10, 7.9e-10))
    >>> law.value([7 * day, 30 * day]) / 1e-10
    array([12. ,  7.9])
    """

    times: tuple[float, ...]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        with Checks() as checks:
            t = checks.times("times", self.times, least=2, strict=True)
            v = checks.series("values", self.values, FROM_ZERO, least=2)
            checks.same_length("values", v, "times", len(t))
            if t[0] > 0.0:
                checks.add("times[0]", float(t[0]), "the time 0 of the fresh state is expected first")
            check_acceleration(checks, self.acceleration)
        object.__setattr__(self, "times", tuple(t.tolist()))
        object.__setattr__(self, "values", tuple(v.tolist()))

    @cached_property
    def _curve(self) -> Piecewise:
        return Piecewise.through(np.array(self.times), np.array(self.values), "pchip")

    def formula(self, theta: Array) -> Array:
        """Value at reduced times theta in s; the last one is held after the last time, with a warning."""
        last = self.times[-1]
        if np.any(theta > last):
            message = f"ageing was measured for {last:g} s and asked for {float(np.max(theta)):g} s: held"
            warnings.warn(message, ExtrapolationWarning, stacklevel=3)
        return self._curve.values(np.minimum(theta, last))

    def slopes(self, theta: Array) -> dict[str, Array]:
        """None: measured values have no parameters."""
        return {}

    def rate(self, theta: ArrayLike) -> Array:
        """Derivative by the reduced time, in the unit of the value by s; 0 after the last point."""
        return self._curve.slopes(floats(theta))

    def reduced_time_to(self, value: float) -> float:
        """First reduced time in s at which a value is reached; infinite if it is not in the table."""
        if value == self.values[0]:
            return 0.0
        places = self._curve.positions(value)
        return float(places[0]) if len(places) else inf
