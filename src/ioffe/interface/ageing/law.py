"""What all ageing laws share: a value over reduced time, and the reduced time of a history."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, fields, replace
from math import inf
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.constants import k_B
from ioffe.base.errors import Faults, InputError, did_you_mean
from ioffe.interface._checks import check_number, check_series
from ioffe.interface.ageing.acceleration import Arrhenius, reduced_time

__all__ = ["Law"]

Array = NDArray[np.float64]
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
    """

    _: KW_ONLY
    acceleration: Arrhenius | None = None

    @abstractmethod
    def formula(self, theta: Array) -> Array:
        """Value at reduced times, which are not checked."""

    @abstractmethod
    def slopes(self, theta: Array) -> dict[str, Array]:
        """Derivatives of the value by the own parameters at reduced times, which are not checked."""

    @abstractmethod
    def rate(self, theta: ArrayLike) -> Array:
        """Derivative of the value by the reduced time, in its unit by s; may be infinite at 0."""

    @abstractmethod
    def reduced_time_to(self, value: float) -> float:
        """Reduced time in s after which the value is reached; infinite if it never is."""

    def value(self, theta: ArrayLike) -> Array:
        """Value after reduced times.

        Parameters
        ----------
        theta : array_like
            In s, from 0 on.

        Raises
        ------
        InputError
            For a negative time, and where a falling law has passed zero.
        """
        at = _times(theta)
        found = self.formula(at)
        if np.any(found < 0.0):
            faults = Faults()
            worst = float(np.min(at[found < 0.0]))
            faults.add(
                "reduced time", worst, "a time before the law passes zero is expected", f"the law is {self!r}"
            )
            faults.raise_if_any()
        return found

    def relative(self, theta: ArrayLike) -> Array:
        """Value after reduced times over the value at the start.

        Raises
        ------
        InputError
            As `value`.
        """
        return self.value(theta) / self.formula(np.array(0.0))

    def at(self, time: ArrayLike, T: ArrayLike | None = None) -> Array:
        """Value after a time at a temperature that stayed the same.

        Parameters
        ----------
        time : array_like
            In s.
        T : array_like, optional
            In K; broadcast against the times. By default the reference temperature.

        Raises
        ------
        InputError
            For a negative time or a temperature that is not above 0.
        """
        return self.value(_times(time) * self.factor(T))

    def after(self, times: ArrayLike, temperatures: ArrayLike = ()) -> Array:
        """Values along a history; the arguments are those of `reduced_time`."""
        return self.value(self.reduced_time(times, temperatures))

    def reduced_time(self, times: ArrayLike, temperatures: ArrayLike = ()) -> Array:
        """Reduced time in s along a history, 0 at its first time.

        Parameters
        ----------
        times : array_like, shape (n,)
            In s, not running backwards.
        temperatures : array_like
            In K: n (straight between the times), n - 1 (constant in each interval), or one for all; may be
            left away without an acceleration.
        """
        return reduced_time(self.acceleration, times, temperatures)

    def factor(self, T: ArrayLike | None) -> Array:
        """How many times as fast as at the reference temperature it ages at T in K."""
        if self.acceleration is None or T is None:
            return np.array(1.0)
        faults = Faults()
        check_series(faults, "T", np.ravel(np.asarray(T, float)), 0.0, exclusive=True)
        faults.raise_if_any()
        return self.acceleration.factor(T)

    def time_to(self, value: float, T: float | None = None) -> float:
        """Time in s at T in K after which the value is reached; infinite if it never is."""
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

        Raises
        ------
        InputError
            For a parameter the law does not have, or a wrong value.
        """
        known, faults = self.parameters, Faults()
        for name in parameters:
            if name not in known:
                expected = f"one of {', '.join(known)} is expected"
                faults.add("parameter", name, expected, did_you_mean(name, known))
        faults.raise_if_any()
        energy = parameters.pop(ENERGY, None)
        changes: dict[str, object] = dict(parameters)
        if energy is not None and self.acceleration is not None:
            changes["acceleration"] = replace(self.acceleration, activation_energy=energy)
        return replace(self, **changes)  # pyright: ignore[reportArgumentType]

    def derivatives(self, time: ArrayLike, T: ArrayLike | None = None) -> dict[str, Array]:
        """Derivatives of `at` by every parameter, by name.

        Parameters
        ----------
        time, T
            As for `at`.
        """
        theta = _times(time) * self.factor(T)
        found = self.slopes(theta)
        if self.acceleration is not None:
            at = self.acceleration.reference_temperature if T is None else T
            grown = -theta * self.acceleration.inverse_difference(at) / k_B
            with np.errstate(invalid="ignore"):
                slope = self.rate(theta) * grown
            found[ENERGY] = np.where(theta == 0.0, 0.0, slope)
        return found

    def std(self, time: ArrayLike, T: ArrayLike | None, covariance: ArrayLike) -> Array:
        """Standard deviation of `at` from the covariance of the parameters, to first order.

        Parameters
        ----------
        time, T
            As for `at`.
        covariance : array_like, shape (p, p)
            Of `parameters`, in their order.
        """
        slopes = np.stack(np.broadcast_arrays(*self.derivatives(time, T).values()))
        matrix = np.asarray(covariance, float)
        if matrix.shape != (len(slopes), len(slopes)):
            faults = Faults()
            names = ", ".join(self.parameters)
            faults.add("covariance", list(matrix.shape), f"a matrix for {names} is expected")
            faults.raise_if_any()
        return np.sqrt(np.maximum(np.einsum("i...,ij,j...->...", slopes, matrix, slopes), 0.0))

    def _check(self, **bounds: tuple[float, bool]) -> None:
        """Raise for parameters below their bound: smallest value, and whether it is excluded."""
        faults = Faults()
        for field in fields(self):
            if field.name == "acceleration":
                if not isinstance(self.acceleration, Arrhenius | None):
                    faults.add("acceleration", self.acceleration, "an Arrhenius or None is expected")
                continue
            low, exclusive = bounds.get(field.name, (-inf, False))
            check_number(faults, field.name, getattr(self, field.name), low, exclusive=exclusive)
        if faults:
            raise InputError(*faults.found)


def _times(time: ArrayLike) -> Array:
    """Times as an array; raises for one that is negative or no number."""
    found = np.asarray(time, float)
    faults = Faults()
    check_series(faults, "time", found.ravel(), 0.0)
    faults.raise_if_any()
    return found
