"""What all ageing laws share: a value over reduced time, and the reduced time of a history."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import k_B
from ioffe.base.errors import Fault, InputError
from ioffe.interface._checks import Checks, Kind, QuantityLike, numbers
from ioffe.interface.ageing.acceleration import TEMPERATURE, Arrhenius, check_acceleration, reduced_time

ENERGY = "activation_energy"


@dataclass(frozen=True)
class Law(ABC):
    """A number that changes in service: a contact resistivity, a resistance, a factor of S, sigma or kappa.

    A law knows the value at the reduced time theta, which is the time that ages as much at the reference
    temperature of its `acceleration`; without one it is the time itself. Values have the SI unit of what the
    law describes and are never negative.

    Parameters
    ----------
    acceleration : Arrhenius, optional
        How the rate depends on temperature.

    Examples
    --------
    >>> from ioffe.interface.ageing import LinearGrowth
    >>> law = LinearGrowth(1.0, -0.05 / 86400.0)  # a factor of the power, 5 % less in a day
    >>> print(f"{law.at('2 day'):.2f}, {law.time_to(0.8) / 86400.0:.2f} days")
    0.90, 4.00 days
    """

    _: KW_ONLY
    acceleration: Arrhenius | None = None

    @abstractmethod
    def formula(self, theta: Array) -> Array:
        """Value at reduced times, which are not checked.

        Parameters
        ----------
        theta : ndarray
            In s.

        Returns
        -------
        ndarray
            In the unit of the law and the shape of theta.
        """

    @abstractmethod
    def slopes(self, theta: Array) -> dict[str, Array]:
        """Derivatives of the value by the own parameters at reduced times, which are not checked.

        Parameters
        ----------
        theta : ndarray
            In s.

        Returns
        -------
        dict of str to ndarray
            By name, in SI and in the shape of theta.
        """

    @abstractmethod
    def rate(self, theta: ArrayLike) -> Array:
        """Derivative of the value by the reduced time.

        Parameters
        ----------
        theta : array_like
            In s.

        Returns
        -------
        ndarray
            In the unit of the law by s; may be infinite at 0.
        """

    @abstractmethod
    def reduced_time_to(self, value: float) -> float:
        """Reduced time after which the value is reached.

        Parameters
        ----------
        value : float
            In the unit of the law.

        Returns
        -------
        float
            In s; infinite if the value is never reached.
        """

    def value(self, theta: QuantityLike) -> Array:
        """Value after reduced times.

        Parameters
        ----------
        theta : array_like
            In s, from 0 on.

        Returns
        -------
        ndarray
            In the unit of the law and the shape of the times.

        Raises
        ------
        InputError
            For a negative time, and where a falling law has passed zero.
        """
        (at,) = numbers(time=(theta, "time"))
        found = self.formula(at)
        if np.any(found < 0.0):
            expected = "a time before the law passes zero is expected"
            worst = float(np.min(at[found < 0.0]))
            raise InputError(Fault("reduced time", worst, expected, f"the law is {self!r}"))
        return found

    def relative(self, theta: QuantityLike) -> Array:
        """Value after reduced times over the value at the start.

        Parameters
        ----------
        theta : array_like
            In s, from 0 on.

        Returns
        -------
        ndarray
            In the shape of the times.

        Raises
        ------
        InputError
            As `value`.
        """
        return self.value(theta) / self.formula(np.array(0.0))

    def at(self, time: QuantityLike, T: QuantityLike | None = None) -> Array:
        """Value after a time at a temperature that stayed the same.

        Parameters
        ----------
        time : array_like
            In s.
        T : array_like, optional
            In K; broadcast against the times. By default the reference temperature.

        Returns
        -------
        ndarray
            In the unit of the law and the common shape of times and temperatures.

        Raises
        ------
        InputError
            For a negative time or a temperature that is not above 0.
        """
        return self.value(self._aged(time, T))

    def after(self, times: QuantityLike, temperatures: QuantityLike = ()) -> Array:
        """Values along a history.

        Parameters
        ----------
        times, temperatures
            As for `reduced_time`, in s and K.

        Returns
        -------
        ndarray, shape (n,)
            In the unit of the law.
        """
        return self.value(self.reduced_time(times, temperatures))

    def reduced_time(self, times: QuantityLike, temperatures: QuantityLike = ()) -> Array:
        """Reduced time in s along a history, 0 at its first time.

        Parameters
        ----------
        times : array_like, shape (n,)
            In s, not running backwards.
        temperatures : array_like
            In K: n (straight between the times), n - 1 (constant in each interval), or one for all; may be
            left away without an acceleration.

        Returns
        -------
        ndarray, shape (n,)
            In s.
        """
        return reduced_time(self.acceleration, times, temperatures)

    def factor(self, T: QuantityLike | None) -> Array:
        """How many times as fast as at the reference temperature it ages.

        Parameters
        ----------
        T : array_like or None
            In K; None for the reference temperature.

        Returns
        -------
        ndarray
            Ratio, in the shape of T.
        """
        if self.acceleration is None or T is None:
            return np.array(1.0)
        return self.acceleration.factor(*numbers(T=(T, TEMPERATURE)))

    def time_to(self, value: float, T: float | None = None) -> float:
        """Time at one temperature after which the value is reached.

        Parameters
        ----------
        value : float
            In the unit of the law.
        T : float, optional
            In K; by default the reference temperature.

        Returns
        -------
        float
            In s; infinite if the value is never reached.
        """
        return self.reduced_time_to(value) / float(self.factor(T))

    # Parameters, for uncertainties

    @property
    def parameters(self) -> Mapping[str, float]:
        """Numbers of the law that may be uncertain, in SI; the activation energy at the end."""
        own = {name: float(getattr(self, name)) for name in self.slopes(np.array(0.0))}
        if self.acceleration is not None:
            own[ENERGY] = self.acceleration.activation_energy
        return own

    def changed(self, **parameters: float) -> Self:
        """The law with other parameters, such as ``law.changed(final=2e-10)``.

        Parameters
        ----------
        **parameters : float
            By name, in SI.

        Returns
        -------
        Law
            Of the same kind.

        Raises
        ------
        InputError
            For a parameter the law does not have, or a wrong value.
        """
        known = self.parameters
        with Checks() as checks:
            for name in parameters:
                checks.one_of("parameter", name, known)
        energy = parameters.pop(ENERGY, None)
        changes: dict[str, object] = dict(parameters)
        if energy is not None and self.acceleration is not None:
            changes["acceleration"] = replace(self.acceleration, activation_energy=energy)
        return replace(self, **changes)  # pyright: ignore[reportArgumentType] - every law is a dataclass

    def derivatives(self, time: QuantityLike, T: QuantityLike | None = None) -> dict[str, Array]:
        """Derivatives of `at` by every parameter, by name.

        Parameters
        ----------
        time, T
            As for `at`.

        Returns
        -------
        dict of str to ndarray
            In the order of `parameters`; that by the activation energy is 0 at the time 0.
        """
        theta = self._aged(time, T)
        found = self.slopes(theta)
        if self.acceleration is not None:
            inverse = 0.0 if T is None else self.acceleration.inverse_difference(*numbers(T=(T, TEMPERATURE)))
            grown = -theta * inverse / k_B
            with np.errstate(invalid="ignore"):
                slope = self.rate(theta) * grown
            found[ENERGY] = np.where(theta == 0.0, 0.0, slope)
        return found

    def std(self, time: QuantityLike, T: QuantityLike | None, covariance: ArrayLike) -> Array:
        """Standard deviation of `at` from the covariance of the parameters, to first order.

        Parameters
        ----------
        time, T
            As for `at`.
        covariance : array_like, shape (p, p)
            Of `parameters`, in their order.

        Returns
        -------
        ndarray
            In the unit of the law and the common shape of times and temperatures.

        Raises
        ------
        InputError
            For a matrix of another shape.
        """
        slopes = np.stack(np.broadcast_arrays(*self.derivatives(time, T).values()))
        matrix = np.asarray(covariance, float)
        if matrix.shape != (len(slopes), len(slopes)):
            expected = f"a matrix for {', '.join(self.parameters)} is expected"
            raise InputError(Fault("covariance", list(matrix.shape), expected))
        return np.sqrt(np.maximum(np.einsum("i...,ij,j...->...", slopes, matrix, slopes), 0.0))

    def _check(self, **kinds: Kind) -> None:
        """Raise for wrong parameters, each given with what it is."""
        with Checks() as checks:
            checks.fields(self, **kinds)
            check_acceleration(checks, self.acceleration)

    def _aged(self, time: QuantityLike, T: QuantityLike | None) -> Array:
        """Reduced times in s of times at one temperature."""
        return numbers(time=(time, "time"))[0] * self.factor(T)
