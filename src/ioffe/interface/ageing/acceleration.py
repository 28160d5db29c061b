"""How much faster a process runs at another temperature, and how much it has aged over a history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import k_B
from ioffe.base.errors import Fault, InputError
from ioffe.base.quantities import Quantity, quantity
from ioffe.base.units import floats
from ioffe.interface._checks import POSITIVE, Checks, QuantityLike

TEMPERATURE: Final = "T_ambient"
"""A quantity whose temperatures are above 0 K."""
ENERGY: Final[Quantity] = replace(quantity("activation_energy"), lower=0.0)
NODES: Final = 12
"""Gauss points by interval of a history with straight temperatures between the points: right to 1e-9 as long
as the factor changes by less than exp(20) in an interval."""


@dataclass(frozen=True)
class Arrhenius:
    """Thermally activated rate, k(T) = k(T_ref) exp[-(E_a/k_B)(1/T - 1/T_ref)].

    Valid as long as one process with one activation energy decides between the temperatures: not across a
    melting point or a phase transition.

    Parameters
    ----------
    activation_energy : float
        E_a in J; 0 for a process that does not depend on temperature.
    reference_temperature : float
        T_ref in K, at which the factor is 1.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> from ioffe.base.constants import e
    >>> faster = Arrhenius(1.0 * e, 573.0)
    >>> print(f"{faster.factor(573.0):.1f} {faster.factor(623.0):.2f} {faster.factor(473.0):.5f}")
    1.0 5.08 0.01383
    """

    activation_energy: float
    reference_temperature: float

    def __post_init__(self) -> None:
        with Checks() as checks:
            checks.fields(self, activation_energy=ENERGY, reference_temperature=TEMPERATURE)

    def factor(self, T: ArrayLike) -> Array:
        """Rate at T over the rate at the reference temperature.

        Parameters
        ----------
        T : array_like
            In K.

        Returns
        -------
        ndarray
            In the shape of T.
        """
        return np.exp(-self.activation_energy / k_B * self.inverse_difference(T))

    def inverse_difference(self, T: ArrayLike) -> Array:
        """Exponent of the factor without the energy, 1/T - 1/T_ref.

        Parameters
        ----------
        T : array_like
            In K.

        Returns
        -------
        ndarray
            In 1/K, in the shape of T.
        """
        return 1.0 / floats(T, "temperature", "T") - 1.0 / self.reference_temperature

    def temperature(self, factor: float) -> float:
        """Temperature at which the rate is `factor` times that at the reference temperature.

        Parameters
        ----------
        factor : float
            Above 0.

        Returns
        -------
        float
            In K.

        Raises
        ------
        InputError
            If no temperature gives it.

        Examples
        --------
        >>> from ioffe.base.constants import e
        >>> round(Arrhenius(1.0 * e, 573.0).temperature(10.0), 1)
        646.5
        """
        with Checks() as checks:
            ratio = checks.number("factor", factor, POSITIVE)
        inverse = 1.0 / self.reference_temperature
        if self.activation_energy > 0.0:
            inverse -= k_B * log(ratio) / self.activation_energy
        if inverse <= 0.0 or (self.activation_energy == 0.0 and ratio != 1.0):
            expected = "a factor that this activation energy can give is expected"
            raise InputError(Fault("factor", factor, expected))
        return 1.0 / inverse


def check_acceleration(checks: Checks, acceleration: object) -> None:
    """Note a fault for an acceleration that is none."""
    if not isinstance(acceleration, Arrhenius | None):
        checks.add("acceleration", acceleration, "an Arrhenius or None is expected")


def reduced_time(
    acceleration: Arrhenius | None, times: QuantityLike, temperatures: QuantityLike = ()
) -> Array:
    """Time at the reference temperature that ages as much as the history up to each of its times.

    theta(t) = int_{t_1}^{t} factor(T(t')) dt', with straight temperatures between the points of the history
    or one temperature for each interval.

    Parameters
    ----------
    acceleration : Arrhenius or None
        Without one every second counts once, and the temperatures do not matter.
    times : array_like, shape (n,)
        In s, not running backwards.
    temperatures : array_like
        In K: at the n times (straight between them), in the n - 1 intervals (constant in each), or one for
        all.

    Returns
    -------
    ndarray, shape (n,)
        In s; 0 at the first time.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    A day at 573 K and a day at 623 K, then the same with a ramp between.

    >>> from ioffe.base.constants import e
    >>> faster = Arrhenius(1.0 * e, 573.0)
    >>> reduced_time(faster, [0.0, 86400.0, 172800.0], [573.0, 623.0]) / 86400.0
    array([0.  , 1.  , 6.08])
    >>> reduced_time(faster, [0.0, 86400.0], [573.0, 623.0]) / 86400.0
    array([0.  , 2.57])
    """
    with Checks() as checks:
        t = checks.times("times", times)
        T = None if acceleration is None else checks.series("temperatures", temperatures, TEMPERATURE)
        if T is not None and len(T) not in (1, len(t) - 1, len(t)):
            n = len(t)
            expected = f"one temperature, {n} for the times or {n - 1} for the intervals are expected"
            checks.add("temperatures", T.tolist(), expected)
    if acceleration is None or T is None:
        return t - t[0]
    steps = np.diff(t)
    if len(T) == len(t) and len(t) > 1:
        x, w = np.polynomial.legendre.leggauss(NODES)
        inside = T[:-1, None] + 0.5 * (1.0 + x) * np.diff(T)[:, None]
        mean = 0.5 * acceleration.factor(inside) @ w
    else:
        mean = np.broadcast_to(acceleration.factor(T), steps.shape) if len(steps) else steps
    return np.concatenate([[0.0], np.cumsum(mean * steps)])
