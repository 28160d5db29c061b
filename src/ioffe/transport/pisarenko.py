r"""What one parabolic band makes of a carrier density: Pisarenko and Jonker relations, the best density.

The conventions are those of :mod:`ioffe.transport.single_band`. A density is in 1/m3: the Hall density
:math:`n_\mathrm{H} = 1/(e|R_\mathrm{H}|)` where ``hall`` is true, the carrier density n otherwise. A weighted
mobility :math:`\mu_w = \mu_0(m_d/m_e)^{3/2}` is in m2/(V s), at the temperature in question.
"""

from __future__ import annotations

from math import gamma
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import e, k_B
from ioffe.transport import merit, quality, single_band
from ioffe.transport.carrier_scattering import ACOUSTIC, Scattering, carrier_sign, scattering_exponent
from ioffe.transport.fermi_level import (
    fermi_level_from_conductivity,
    fermi_level_from_density,
    fermi_level_from_hall_density,
)

__all__ = [
    "BestDensity",
    "best_density",
    "jonker_line",
    "mobility_of_density",
    "power_factor_of_density",
    "seebeck_of_conductivity",
    "seebeck_of_density",
    "zT_of_density",
]


def seebeck_of_density(
    density: ArrayLike,
    temperature: ArrayLike,
    effective_mass: ArrayLike = 1.0,
    scattering: Scattering = ACOUSTIC,
    carrier: Literal["p", "n"] = "p",
    hall: bool = True,
) -> Array:
    """Pisarenko relation S(n) in V/K.

    Parameters
    ----------
    density : array_like
        In 1/m3.
    temperature : array_like
        In K.
    effective_mass : array_like
        Density-of-states mass over the electron mass.
    scattering : str, float or Mechanism
        Name of the mechanism, exponent r of tau ~ E^r, or the mechanism itself.
    carrier : {"p", "n"}
        Holes or electrons.
    hall : bool
        Whether the density is that of a Hall measurement.

    Returns
    -------
    ndarray
        In V/K.

    Examples
    --------
    >>> print(f"{seebeck_of_density(2.10e25, 300.0, 0.90) * 1e6:.1f} uV/K")
    177.0 uV/K
    """
    eta = _level(density, temperature, effective_mass, scattering, hall)
    return single_band.seebeck(eta, scattering, carrier)


def mobility_of_density(
    density: ArrayLike,
    temperature: ArrayLike,
    weighted_mobility: ArrayLike,
    effective_mass: ArrayLike = 1.0,
    scattering: Scattering = ACOUSTIC,
    hall: bool = True,
) -> Array:
    """Hall mobility (drift mobility if `hall` is False) at a density, in m2/(V s).

    Parameters
    ----------
    density : array_like
        In 1/m3.
    temperature : array_like
        In K.
    weighted_mobility : array_like
        mu_0 (m_d/m_e)^(3/2) in m2/(V s), at the temperature in question.
    effective_mass : array_like
        Density-of-states mass over the electron mass.
    scattering : str, float or Mechanism
        Name of the mechanism, exponent r of tau ~ E^r, or the mechanism itself.
    hall : bool
        Whether the density is that of a Hall measurement.

    Returns
    -------
    ndarray
        In m2/(V s).

    Examples
    --------
    >>> print(f"{mobility_of_density(2.10e25, 300.0, 60e-4, 0.90) * 1e4:.2f} cm2/(V s)")
    51.77 cm2/(V s)
    """
    eta = _level(density, temperature, effective_mass, scattering, hall)
    scale = np.asarray(weighted_mobility, float) / np.asarray(effective_mass, float) ** 1.5
    kind = single_band.hall_mobility if hall else single_band.mobility
    return kind(eta, scale, scattering)


def power_factor_of_density(
    density: ArrayLike,
    temperature: ArrayLike,
    weighted_mobility: ArrayLike,
    effective_mass: ArrayLike = 1.0,
    scattering: Scattering = ACOUSTIC,
    hall: bool = True,
) -> Array:
    """Power factor S^2 sigma at a density, in W/(m K2).

    Parameters
    ----------
    density : array_like
        In 1/m3.
    temperature : array_like
        In K.
    weighted_mobility : array_like
        mu_0 (m_d/m_e)^(3/2) in m2/(V s), at the temperature in question.
    effective_mass : array_like
        Density-of-states mass over the electron mass.
    scattering : str, float or Mechanism
        Name of the mechanism, exponent r of tau ~ E^r, or the mechanism itself.
    hall : bool
        Whether the density is that of a Hall measurement.

    Returns
    -------
    ndarray
        In W/(m K2).

    Examples
    --------
    >>> print(f"{power_factor_of_density(2.10e25, 300.0, 60e-4, 0.90) * 1e4:.3f} uW/(cm K2)")
    5.455 uW/(cm K2)
    """
    eta = _level(density, temperature, effective_mass, scattering, hall)
    sigma = single_band.electrical_conductivity(eta, temperature, weighted_mobility, scattering)
    return merit.power_factor(single_band.seebeck(eta, scattering), sigma)


def zT_of_density(
    density: ArrayLike,
    temperature: ArrayLike,
    weighted_mobility: ArrayLike,
    lattice_thermal_conductivity: ArrayLike,
    effective_mass: ArrayLike = 1.0,
    scattering: Scattering = ACOUSTIC,
    hall: bool = True,
) -> Array:
    """Figure of merit at a density, with a lattice thermal conductivity in W/(m K).

    Parameters
    ----------
    density : array_like
        In 1/m3.
    temperature : array_like
        In K.
    weighted_mobility : array_like
        mu_0 (m_d/m_e)^(3/2) in m2/(V s), at the temperature in question.
    lattice_thermal_conductivity : array_like
        In W/(m K).
    effective_mass : array_like
        Density-of-states mass over the electron mass.
    scattering : str, float or Mechanism
        Name of the mechanism, exponent r of tau ~ E^r, or the mechanism itself.
    hall : bool
        Whether the density is that of a Hall measurement.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> print(f"{zT_of_density(2.10e25, 300.0, 60e-4, 0.8, 0.90):.4f}")
    0.1845
    """
    eta = _level(density, temperature, effective_mass, scattering, hall)
    B = quality.quality_factor(weighted_mobility, lattice_thermal_conductivity, temperature)
    return quality.zT_of_quality(eta, B, scattering)


class BestDensity(NamedTuple):
    """The largest zT, and the density (1/m3) and the Fermi level it is reached at."""

    zT: Array
    density: Array
    reduced_fermi_level: Array


def best_density(
    temperature: ArrayLike,
    weighted_mobility: ArrayLike,
    lattice_thermal_conductivity: ArrayLike,
    effective_mass: ArrayLike = 1.0,
    scattering: Scattering = ACOUSTIC,
    hall: bool = True,
) -> BestDensity:
    """Density of the largest zT at a temperature.

    Parameters
    ----------
    temperature : array_like
        In K.
    weighted_mobility : array_like
        mu_0 (m_d/m_e)^(3/2) in m2/(V s), at the temperature in question.
    lattice_thermal_conductivity : array_like
        In W/(m K).
    effective_mass : array_like
        Density-of-states mass over the electron mass.
    scattering : str, float or Mechanism
        Name of the mechanism, exponent r of tau ~ E^r, or the mechanism itself.
    hall : bool
        Whether the density is that of a Hall measurement.

    Returns
    -------
    BestDensity

    Examples
    --------
    >>> best = best_density(300.0, 300e-4, 0.8, 1.0)
    >>> print(f"zT = {best.zT:.4f} at {best.density * 1e-6:.3e} cm^-3")
    zT = 0.7255 at 1.290e+19 cm^-3
    """
    B = quality.quality_factor(weighted_mobility, lattice_thermal_conductivity, temperature)
    value, eta = quality.best_zT(B, scattering)
    if hall:
        density = single_band.hall_carrier_density(eta, temperature, effective_mass, scattering)
    else:
        density = single_band.carrier_density(eta, temperature, effective_mass)
    return BestDensity(value, density, eta)


def seebeck_of_conductivity(
    electrical_conductivity: ArrayLike,
    temperature: ArrayLike,
    weighted_mobility: ArrayLike,
    scattering: Scattering = ACOUSTIC,
    carrier: Literal["p", "n"] = "p",
) -> Array:
    """Jonker relation S(sigma) of one band, in V/K, for a conductivity in S/m.

    Parameters
    ----------
    electrical_conductivity : array_like
        In S/m.
    temperature : array_like
        In K.
    weighted_mobility : array_like
        mu_0 (m_d/m_e)^(3/2) in m2/(V s), at the temperature in question.
    scattering : str, float or Mechanism
        Name of the mechanism, exponent r of tau ~ E^r, or the mechanism itself.
    carrier : {"p", "n"}
        Holes or electrons.

    Returns
    -------
    ndarray
        In V/K.

    Examples
    --------
    >>> print(f"{seebeck_of_conductivity(1e5, 300.0, 452.4e-4) * 1e6:.1f} uV/K")
    200.0 uV/K
    """
    eta = fermi_level_from_conductivity(electrical_conductivity, temperature, weighted_mobility, scattering)
    return single_band.seebeck(eta, scattering, carrier)


def jonker_line(
    electrical_conductivity: ArrayLike,
    temperature: ArrayLike,
    weighted_mobility: ArrayLike,
    scattering: Scattering = ACOUSTIC,
    carrier: Literal["p", "n"] = "p",
) -> Array:
    r"""Jonker's straight line, to which S tends in a non-degenerate band, in V/K.

    .. math:: S = \pm\frac{k_B}{e}\left[s + 1 + \ln\Gamma(s + 1) - \ln\frac{\sigma}{\sigma_{E_0}}\right]

    with the slope k_B/e by ln sigma (G. H. Jonker, Philips Res. Rep. 23 (1968) 131); s = r + 3/2.

    Parameters
    ----------
    electrical_conductivity : array_like
        In S/m.
    temperature : array_like
        In K.
    weighted_mobility : array_like
        mu_0 (m_d/m_e)^(3/2) in m2/(V s), at the temperature in question.
    scattering : str, float or Mechanism
        Name of the mechanism, exponent r of tau ~ E^r, or the mechanism itself.
    carrier : {"p", "n"}
        Holes or electrons.

    Returns
    -------
    ndarray
        In V/K.

    Examples
    --------
    >>> low = 1e-3  # S/m
    >>> exact, line = (f(low, 300.0, 100e-4) for f in (seebeck_of_conductivity, jonker_line))
    >>> print(f"{exact * 1e6:.3f} {line * 1e6:.3f} uV/K")
    1656.667 1656.667 uV/K
    """
    s = scattering_exponent(scattering) + 1.5
    reduced = np.asarray(electrical_conductivity, float)
    reduced = reduced / single_band.transport_coefficient(weighted_mobility, temperature)
    return carrier_sign(carrier) * k_B / e * (s + 1.0 + np.log(gamma(s + 1.0)) - np.log(reduced))


def _level(
    density: ArrayLike, temperature: ArrayLike, mass: ArrayLike, scattering: Scattering, hall: bool
) -> Array:
    if hall:
        return fermi_level_from_hall_density(density, temperature, mass, scattering)
    return fermi_level_from_density(density, temperature, mass)
