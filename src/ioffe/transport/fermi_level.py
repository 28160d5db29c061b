r"""From measured quantities back to the Fermi level and the effective mass of one band.

The conventions are those of :mod:`ioffe.transport.single_band`. Every inverse is Newton's method on all
values at once (:func:`ioffe.base.roots.falling_root`), to rounding; what has no solution is NaN.
"""

from __future__ import annotations

from math import gamma, pi

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import e, k_B
from ioffe.base.roots import falling_root
from ioffe.base.units import floats
from ioffe.transport import fermi, single_band
from ioffe.transport._band_integrals import Spectrum
from ioffe.transport.carrier_scattering import ACOUSTIC, Scattering, mechanism, scattering_exponent
from ioffe.transport.carrier_scattering.mechanism import CarrierState
from ioffe.transport.kane import density_integrals, thermal_density


def fermi_level_from_seebeck(
    seebeck: ArrayLike, scattering: Scattering = ACOUSTIC, *, nonparabolicity: ArrayLike | None = None
) -> Array:
    """Reduced Fermi level at which one band has a Seebeck coefficient.

    Parameters
    ----------
    seebeck : array_like
        In V/K, of either sign: the Fermi level is counted into the band of the carriers.
    scattering : str, float or Mechanism
        Mechanism whose energy law does not depend on the Fermi level.
    nonparabolicity : array_like, optional
        alpha = k_B T/E_g of a Kane band.

    Returns
    -------
    ndarray
        Infinite where S = 0.

    Examples
    --------
    >>> print(f"{fermi_level_from_seebeck(-191e-6):.8f}")
    0.22634754
    >>> print(f"{fermi_level_from_seebeck(150e-6, nonparabolicity=0.1):.6f}")
    0.776696
    """
    wanted = np.abs(floats(seebeck)) * (e / k_B)
    exponent = mechanism(scattering).exponent
    if nonparabolicity is None and exponent is not None:
        return _power_law_level(wanted, exponent + 1.5)
    alpha = np.asarray(0.0 if nonparabolicity is None else nonparabolicity, float)
    wanted = np.broadcast_to(wanted, np.broadcast_shapes(wanted.shape, alpha.shape))

    def function(eta: Array) -> tuple[Array, Array]:
        # ln S falls and is convex, so that Newton climbs from a start where S is too large
        excess, slope = Spectrum.of(CarrierState(eta, alpha), scattering).excess_with_slope()
        return np.log(excess / wanted), slope / excess

    return falling_root(function, np.where(wanted == 0.0, np.inf, 1.0 - wanted))


def _power_law_level(wanted: Array, power: float) -> Array:
    """Fermi level of an excess energy over k_B T in a parabolic band."""
    metal = pi**2 / 3.0 * power
    with np.errstate(divide="ignore"):
        start = np.where(wanted > power + 0.5, power + 1.0 - wanted, metal / wanted)
    filled = start > 1.0

    def function(eta: Array) -> tuple[Array, Array]:
        # S falls and is convex; its reciprocal is nearly straight where the band is filled
        excess, slope = fermi.energy_excess(power, eta), fermi.energy_excess_slope(power, eta)
        return (excess - wanted) * np.where(filled, excess / wanted, 1.0), slope

    return falling_root(function, start)


def fermi_level_from_density(
    density: ArrayLike,
    temperature: ArrayLike,
    effective_mass: ArrayLike = 1.0,
    *,
    nonparabolicity: ArrayLike | None = None,
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
    nonparabolicity : array_like, optional
        alpha = k_B T/E_g of a Kane band.

    Returns
    -------
    ndarray
        -inf at n = 0, NaN below.

    Examples
    --------
    >>> print(f"{fermi_level_from_density(2e25, 300.0, 1.2):.6f}")
    -0.287812
    """
    reduced = floats(density) / thermal_density(temperature, effective_mass)
    if nonparabolicity is None:
        return fermi.inverse_fermi_integral(0.5, reduced)
    alpha = floats(nonparabolicity)
    reduced = np.broadcast_to(reduced, np.broadcast_shapes(reduced.shape, alpha.shape))
    with np.errstate(divide="ignore", invalid="ignore"):
        target = np.log(reduced)

    def function(eta: Array) -> tuple[Array, Array]:
        filling, slope = density_integrals(eta, alpha)
        return target - filling, -slope

    return falling_root(function, fermi.inverse_fermi_integral(0.5, reduced))


def fermi_level_from_hall_density(
    hall_density: ArrayLike,
    temperature: ArrayLike,
    effective_mass: ArrayLike = 1.0,
    scattering: Scattering = ACOUSTIC,
    mass_anisotropy: ArrayLike = 1.0,
) -> Array:
    """Reduced Fermi level of a parabolic band with a Hall carrier density n_H = 1/(e |R_H|).

    Parameters
    ----------
    hall_density : array_like
        n_H in 1/m3.
    temperature, effective_mass
        As for :func:`fermi_level_from_density`.
    scattering : str, float or Mechanism
        A power law.
    mass_anisotropy : array_like
        As for :func:`~ioffe.transport.single_band.hall_factor`.

    Returns
    -------
    ndarray

    Raises
    ------
    InputError
        For an exponent up to -3/4, or a mechanism that is no power law.

    Examples
    --------
    >>> print(f"{fermi_level_from_hall_density(2.1e25, 300.0, 0.90):.6f}")
    0.477171
    """
    r = scattering_exponent(scattering)
    # F_1/2, the density of states, cancels: n_H = C Gamma(3/2) F_(r+1/2)^2/(F_(2r+1/2) r_H0), normalised F
    scale = thermal_density(temperature, effective_mass) / single_band.non_degenerate_hall_factor(
        r, mass_anisotropy
    )
    reduced = floats(hall_density) / scale
    with np.errstate(divide="ignore", invalid="ignore"):
        target = np.log(reduced / gamma(1.5))

    def function(eta: Array) -> tuple[Array, Array]:
        conduct, hall = fermi.fermi_ratio(r + 0.5, eta), fermi.fermi_ratio(2.0 * r + 0.5, eta)
        slope = 2.0 * fermi.fermi_ratio(r - 0.5, eta) / conduct - fermi.fermi_ratio(2.0 * r - 0.5, eta) / hall
        return target - fermi.log_normalised_fermi_integral(0.0, eta) - np.log(conduct**2 / hall), -slope

    return falling_root(function, fermi.inverse_fermi_integral(0.5, reduced))


def fermi_level_from_conductivity(
    conductivity: ArrayLike,
    temperature: ArrayLike,
    weighted_mobility: ArrayLike,
    scattering: Scattering = ACOUSTIC,
) -> Array:
    """Reduced Fermi level of a parabolic band with a conductivity and a weighted mobility.

    Parameters
    ----------
    conductivity : array_like
        In S/m.
    temperature : array_like
        In K.
    weighted_mobility : array_like
        mu_0 (m_d/m_e)^(3/2) in m2/(V s).
    scattering : str, float or Mechanism
        A power law.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> print(f"{fermi_level_from_conductivity(20963.9, 300.0, 100e-4):.4f}")
    0.0000
    """
    s = scattering_exponent(scattering) + 1.5
    reduced = floats(conductivity) / single_band.transport_coefficient(weighted_mobility, temperature)
    return fermi.inverse_fermi_integral(s - 1.0, reduced / s)


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

    Returns
    -------
    ndarray

    Notes
    -----
    The standard analysis of one parabolic band: V. I. Fistul', Heavily Doped Semiconductors (Plenum, New York
    1969).

    Examples
    --------
    >>> print(f"{effective_mass(191e-6, 2.10e25, 300.0):.4f}")
    1.0236
    """
    eta = fermi_level_from_seebeck(seebeck, scattering)
    factor = single_band.hall_factor(eta, scattering, mass_anisotropy) if hall else 1.0
    filling = floats(density) * factor / fermi.fermi_integral(0.5, eta)
    return (filling / thermal_density(temperature, 1.0)) ** (2.0 / 3.0)
