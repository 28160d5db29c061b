"""Diffusion coefficients and growth constants over temperature: fit of Arrhenius' law with errors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import k_B
from ioffe.base.errors import Fault, InputError
from ioffe.base.least_squares import linear_least_squares
from ioffe.base.units import floats
from ioffe.interface._checks import FROM_ZERO, POSITIVE, Checks, QuantityLike
from ioffe.interface.ageing.acceleration import ENERGY, TEMPERATURE, Arrhenius


@dataclass(frozen=True)
class RateConstant:
    """A coefficient that follows Arrhenius' law, k(T) = k_0 exp(-E_a/(k_B T)).

    Parameters
    ----------
    prefactor : float
        k_0 in SI: m2/s for a diffusion coefficient D and for k of x^2 = k t.
    activation_energy : float
        E_a in J.

    Examples
    --------
    >>> from ioffe.base.constants import e
    >>> D = RateConstant(1e-6, 1.2 * e)
    >>> print(f"{float(D(573.0)):.3e} m2/s")
    2.789e-17 m2/s
    """

    prefactor: float
    activation_energy: float

    def __post_init__(self) -> None:
        with Checks() as checks:
            checks.fields(self, prefactor=FROM_ZERO, activation_energy=ENERGY)

    def __call__(self, T: ArrayLike) -> Array:
        """Coefficient in SI at temperatures T in K, in their shape."""
        return self.prefactor * np.exp(-self.activation_energy / (k_B * floats(T, "temperature", "T")))

    def acceleration(self, reference_temperature: float) -> Arrhenius:
        """The same law as a factor on the rate at a reference temperature.

        Parameters
        ----------
        reference_temperature : float
            In K.

        Returns
        -------
        Arrhenius
        """
        return Arrhenius(self.activation_energy, reference_temperature)


@dataclass(frozen=True, eq=False)
class ArrheniusFit:
    """Arrhenius' law fitted to coefficients at several temperatures, from :func:`fit_arrhenius`.

    Attributes
    ----------
    rate : RateConstant
    prefactor_factor : float
        The prefactor is uncertain by this factor up and down (68 %).
    activation_energy_std : float
        In J.
    covariance : ndarray, shape (2, 2)
        Of ln k_0 and E_a.
    chi_squared, degrees_of_freedom : float, int
    scale : float
        Factor on the covariance: 1 where errors are stated, else from the scatter; NaN for two points.

    Examples
    --------
    >>> found = fit_arrhenius([523.0, 573.0, 623.0], [1e-17, 1e-16, 7e-16])
    >>> value, std = found.at(550.0)
    >>> print(f"{value:.2e} +- {std:.0e} m2/s")
    3.66e-17 +- 1e-19 m2/s
    """

    rate: RateConstant
    prefactor_factor: float
    activation_energy_std: float
    covariance: Array
    chi_squared: float
    degrees_of_freedom: int
    scale: float

    def at(self, T: ArrayLike) -> tuple[Array, Array]:
        """Coefficient at temperatures and its standard deviation to first order.

        Parameters
        ----------
        T : array_like
            In K.

        Returns
        -------
        value, std : ndarray
            In SI, in the shape of T.
        """
        T = floats(T, "temperature", "T")
        slope = np.stack(np.broadcast_arrays(1.0, -1.0 / (k_B * T)))
        value = self.rate(T)
        variance = np.einsum("i...,ij,j...->...", slope, self.covariance, slope)
        return value, value * np.sqrt(variance)


def fit_arrhenius(T: QuantityLike, values: ArrayLike, std: ArrayLike | None = None) -> ArrheniusFit:
    """Fit k(T) = k_0 exp(-E_a/(k_B T)) to coefficients: a weighted straight line of ln k over 1/T.

    The errors of ln k are std/k; without stated ones they follow from the scatter, with n - 2 degrees of
    freedom.

    Parameters
    ----------
    T : array_like, shape (n,)
        In K.
    values : array_like, shape (n,)
        Coefficients in SI, above 0.
    std : array_like, optional
        Their standard deviations, one or n, small against the values; by default the same part of every
        value, and the errors follow from the scatter.

    Returns
    -------
    ArrheniusFit
        With NaN for the errors of two points without stated ones.

    Raises
    ------
    InputError
        With everything that is wrong, such as one temperature.

    Examples
    --------
    >>> from ioffe.base.constants import e
    >>> T = [523.0, 573.0, 623.0]
    >>> found = fit_arrhenius(T, RateConstant(1e-6, 1.2 * e)(T), 0.1 * RateConstant(1e-6, 1.2 * e)(T))
    >>> print(f"{found.rate.activation_energy / e:.2f} +- {found.activation_energy_std / e:.2f} eV")
    1.20 +- 0.04 eV
    """
    with Checks() as checks:
        at = checks.series("T", T, TEMPERATURE, least=2)
        k = checks.series("values", values, POSITIVE, least=2)
        checks.same_length("values", k, "temperatures", len(at))
        if np.ptp(at) == 0.0:
            checks.add("T", float(at[0]), "temperatures that differ are expected")
        error = checks.std(std, k)
    part = np.ones_like(k) if error is None else error / k
    matrix = np.stack([np.ones_like(at), -1.0 / (k_B * at)], axis=1)
    line = replace(linear_least_squares(matrix, np.log(k), part), stated=error is not None)
    level, energy = line.parameters.tolist()
    if energy < 0.0:
        raise InputError(Fault("values", k.tolist(), "values that rise with temperature are expected"))
    factor = exp(line.student_factor() * line.standard_errors[0])
    errors = factor, float(line.standard_errors[1])
    quality = line.covariance, line.chi_squared, line.degrees_of_freedom, line.variance_factor
    return ArrheniusFit(RateConstant(exp(level), energy), *errors, *quality)
