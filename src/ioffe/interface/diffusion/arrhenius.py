"""Diffusion coefficients and growth constants over temperature: fit of Arrhenius' law with errors."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, nan

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.constants import k_B
from ioffe.base.errors import Faults
from ioffe.interface._checks import check_number, check_series
from ioffe.interface.ageing.acceleration import Arrhenius

__all__ = ["ArrheniusFit", "RateConstant", "fit_arrhenius"]

Array = NDArray[np.float64]


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
        faults = Faults()
        check_number(faults, "prefactor", self.prefactor, 0.0)
        check_number(faults, "activation_energy", self.activation_energy, 0.0)
        faults.raise_if_any()

    def __call__(self, T: ArrayLike) -> Array:
        """Coefficient in SI at T in K."""
        return self.prefactor * np.exp(-self.activation_energy / (k_B * np.asarray(T, float)))

    def acceleration(self, reference_temperature: float) -> Arrhenius:
        """The same law as a factor on the rate at a reference temperature."""
        return Arrhenius(self.activation_energy, reference_temperature)


@dataclass(frozen=True, eq=False)
class ArrheniusFit:
    """Arrhenius' law fitted to coefficients at several temperatures.

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
    """

    rate: RateConstant
    prefactor_factor: float
    activation_energy_std: float
    covariance: Array
    chi_squared: float
    degrees_of_freedom: int
    scale: float

    def at(self, T: ArrayLike) -> tuple[Array, Array]:
        """Coefficient at T in K and its standard deviation to first order, in SI."""
        T = np.asarray(T, float)
        slope = np.stack(np.broadcast_arrays(1.0, -1.0 / (k_B * T)))
        value = self.rate(T)
        variance = np.einsum("i...,ij,j...->...", slope, self.covariance, slope)
        return value, value * np.sqrt(variance)


def fit_arrhenius(T: ArrayLike, values: ArrayLike, std: ArrayLike | None = None) -> ArrheniusFit:
    """Fit k(T) = k_0 exp(-E_a/(k_B T)) to coefficients: a weighted straight line of ln k over 1/T.

    Parameters
    ----------
    T : array_like, shape (n,)
        In K.
    values : array_like, shape (n,)
        Coefficients in SI, above 0.
    std : array_like, shape (n,), optional
        Their standard deviations, small against the values; by default the same part of every value, and the
        errors follow from the scatter.

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
    faults = Faults()
    at = check_series(faults, "T", T, 0.0, exclusive=True, least=2)
    k = check_series(faults, "values", values, 0.0, exclusive=True, least=2)
    if len(at) != len(k):
        faults.add("values", len(k), f"as many values as temperatures are expected, {len(at)}")
    if len(at) > 1 and np.ptp(at) == 0.0:
        faults.add("T", float(at[0]), "temperatures that differ are expected")
    error = None if std is None else check_series(faults, "std", std, 0.0, exclusive=True)
    if error is not None and len(error) != len(k):
        faults.add("std", len(error), f"as many as values are expected, {len(k)}")
    faults.raise_if_any()
    part = np.ones_like(k) if error is None else error / k
    middle = float(np.average(1.0 / at, weights=part**-2.0))
    matrix = np.stack([np.ones_like(at), -(1.0 / at - middle) / k_B], axis=1) / part[:, None]
    level, energy = np.linalg.lstsq(matrix * [1.0, k_B], np.log(k) / part, rcond=None)[0] * [1.0, k_B]
    residual = (np.log(k) / part) - matrix @ [level, energy]
    chi_squared, free = float(residual @ residual), len(k) - 2
    scale = 1.0 if error is not None else chi_squared / free if free > 0 else nan
    inner = scale / np.array([np.sum(part**-2.0), np.sum(matrix[:, 1] ** 2)])
    turn = np.array([[1.0, middle / k_B], [0.0, 1.0]])
    covariance = turn @ np.diag(inner) @ turn.T
    if energy < 0.0:
        faults.add("values", k.tolist(), "values that rise with temperature are expected")
    faults.raise_if_any()
    found = RateConstant(exp(level + energy * middle / k_B), float(energy))
    uncertain = float(np.exp(np.sqrt(covariance[0, 0])))
    return ArrheniusFit(
        found, uncertain, float(np.sqrt(covariance[1, 1])), covariance, chi_squared, free, scale
    )
