r"""From measured quantities back to the Fermi level and the effective mass of one parabolic band.

The conventions are those of :mod:`ioffe.transport.single_band`. Every inverse is Newton's method on all
values at once, to rounding; what has no solution is NaN.
"""

from __future__ import annotations

from math import gamma, pi

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.constants import e, k_B
from ioffe.transport._arrays import Array
from ioffe.transport._newton import newton
from ioffe.transport.carrier_scattering import ACOUSTIC, scattering_exponent
from ioffe.transport.fermi import (
    fermi_integral,
    fermi_ratio,
    inverse_fermi_integral,
    log_normalised_fermi_integral,
)
from ioffe.transport.moments import energy_excess, energy_excess_slope
from ioffe.transport.single_band import (
    Scattering,
    hall_factor,
    non_degenerate_hall_factor,
    thermal_density,
    transport_coefficient,
)

__all__ = [
    "effective_mass",
    "fermi_level_from_conductivity",
    "fermi_level_from_density",
    "fermi_level_from_hall_density",
    "fermi_level_from_seebeck",
]


def fermi_level_from_seebeck(seebeck: ArrayLike, scattering: Scattering = ACOUSTIC) -> Array:
    """Reduced Fermi level at which one band has a Seebeck coefficient.

    Parameters
    ----------
    seebeck : array_like
        In V/K, of either sign: the Fermi level is counted into the band of the carriers.
    scattering : str or float
        Mechanism, or its exponent r.

    Returns
    -------
    ndarray
        Infinite where S = 0.

    Examples
    --------
    >>> print(f"{fermi_level_from_seebeck(-191e-6):.8f}")
    0.22634754
    """
    power = scattering_exponent(scattering) + 1.5
    wanted = np.abs(np.asarray(seebeck, float)) * (e / k_B)
    metal = pi**2 / 3.0 * power
    with np.errstate(divide="ignore"):
        start = np.where(wanted > power + 0.5, power + 1.0 - wanted, metal / wanted)
    filled = start > 1.0

    def step(eta: Array) -> Array:
        # S falls and is convex; its reciprocal is nearly straight where the band is filled
        excess, slope = energy_excess(power, eta), energy_excess_slope(power, eta)
        return (wanted - excess) / slope * np.where(filled, excess / wanted, 1.0)

    return newton(step, start)


def fermi_level_from_density(
    density: ArrayLike, temperature: ArrayLike, effective_mass: ArrayLike = 1.0
) -> Array:
    """Reduced Fermi level of a band with a carrier density.

    Parameters
    ----------
    density : array_like
        n in 1/m3.
    temperature : array_like
        In K.
    effective_mass : array_like
        m_d over the electron mass.

    Examples
    --------
    >>> print(f"{fermi_level_from_density(2e25, 300.0, 1.2):.6f}")
    -0.287812
    """
    return inverse_fermi_integral(
        0.5, np.asarray(density, float) / thermal_density(temperature, effective_mass)
    )


def fermi_level_from_hall_density(
    hall_density: ArrayLike,
    temperature: ArrayLike,
    effective_mass: ArrayLike = 1.0,
    scattering: Scattering = ACOUSTIC,
    mass_anisotropy: ArrayLike = 1.0,
) -> Array:
    """Reduced Fermi level of a band with a Hall carrier density n_H = 1/(e |R_H|) in 1/m3.

    Examples
    --------
    >>> print(f"{fermi_level_from_hall_density(2.1e25, 300.0, 0.90):.6f}")
    0.477171
    """
    r = scattering_exponent(scattering)
    # F_1/2, the density of states, cancels: n_H = C Gamma(3/2) F_(r+1/2)^2/(F_(2r+1/2) r_H0), normalised F
    scale = thermal_density(temperature, effective_mass) / non_degenerate_hall_factor(r, mass_anisotropy)
    reduced = np.asarray(hall_density, float) / scale
    with np.errstate(divide="ignore", invalid="ignore"):
        target = np.log(reduced / gamma(1.5))

    def step(eta: Array) -> Array:
        conduct, hall = fermi_ratio(r + 0.5, eta), fermi_ratio(2.0 * r + 0.5, eta)
        slope = 2.0 * fermi_ratio(r - 0.5, eta) / conduct - fermi_ratio(2.0 * r - 0.5, eta) / hall
        return (target - log_normalised_fermi_integral(0.0, eta) - np.log(conduct**2 / hall)) / slope

    return newton(step, inverse_fermi_integral(0.5, reduced))


def fermi_level_from_conductivity(
    conductivity: ArrayLike,
    temperature: ArrayLike,
    weighted_mobility: ArrayLike,
    scattering: Scattering = ACOUSTIC,
) -> Array:
    """Reduced Fermi level of a band with a conductivity in S/m and a weighted mobility in m2/(V s).

    Examples
    --------
    >>> print(f"{fermi_level_from_conductivity(20963.9, 300.0, 100e-4):.4f}")
    0.0000
    """
    s = scattering_exponent(scattering) + 1.5
    reduced = np.asarray(conductivity, float) / transport_coefficient(weighted_mobility, temperature)
    return inverse_fermi_integral(s - 1.0, reduced / s)


def effective_mass(
    seebeck: ArrayLike,
    density: ArrayLike,
    temperature: ArrayLike,
    scattering: Scattering = ACOUSTIC,
    mass_anisotropy: ArrayLike = 1.0,
    hall: bool = True,
) -> Array:
    r"""Density-of-states mass over the electron mass, from S and the carrier density.

    .. math:: m_d = \frac{h^2}{2k_BT}\left[\frac{n_\mathrm{H}r_\mathrm{H}}{4\pi F_{1/2}}\right]^{2/3}

    Parameters
    ----------
    seebeck : array_like
        In V/K, of either sign.
    density : array_like
        In 1/m3: the Hall density n_H, or n if `hall` is False.
    temperature : array_like
        In K.
    scattering, mass_anisotropy
        As for :func:`~ioffe.transport.single_band.hall_factor`.
    hall : bool
        Whether the density is that of a Hall measurement.

    Examples
    --------
    >>> print(f"{effective_mass(191e-6, 2.10e25, 300.0):.4f}")
    1.0236
    """
    eta = fermi_level_from_seebeck(seebeck, scattering)
    factor = hall_factor(eta, scattering, mass_anisotropy) if hall else 1.0
    filling = np.asarray(density, float) * factor / fermi_integral(0.5, eta)
    return (filling / thermal_density(temperature, 1.0)) ** (2.0 / 3.0)
