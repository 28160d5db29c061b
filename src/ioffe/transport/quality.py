r"""Weighted mobility, quality factor and the best figure of merit of one parabolic band.

The conventions are those of :mod:`ioffe.transport.single_band`; s = r + 3/2.
"""

from __future__ import annotations

from math import pi
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import e, k_B
from ioffe.base.roots import falling_root
from ioffe.base.units import floats
from ioffe.transport import fermi
from ioffe.transport.carrier_scattering import ACOUSTIC, Scattering, scattering_exponent
from ioffe.transport.fermi_level import fermi_level_from_seebeck
from ioffe.transport.single_band import reduced_conductivity, transport_coefficient

_FARTHEST: Final = 1e6
"""Reduced Fermi level from which on there is no maximum: where it should be, the slope is below rounding."""


def weighted_mobility(
    seebeck: ArrayLike,
    electrical_conductivity: ArrayLike,
    temperature: ArrayLike,
    scattering: Scattering = ACOUSTIC,
) -> Array:
    r"""Weighted mobility :math:`\mu_w = \mu_0(m_d/m_e)^{3/2}` of one band, from S and sigma.

    .. math:: \mu_w = \frac{3h^3\sigma}{8\pi e(2m_ek_BT)^{3/2}\,sF_{s-1}(\eta(S))}

    The closed form for acoustic phonons is :func:`ioffe.transport.quality.weighted_mobility_estimate`.

    Parameters
    ----------
    seebeck : array_like
        In V/K, of either sign.
    electrical_conductivity : array_like
        In S/m.
    temperature : array_like
        In K.
    scattering : str or float

    Returns
    -------
    ndarray
        In m2/(V s).

    Examples
    --------
    >>> print(f"{weighted_mobility(200e-6, 1e5, 300.0) * 1e4:.1f} cm2/(V s)")
    452.4 cm2/(V s)
    """
    share = reduced_conductivity(fermi_level_from_seebeck(seebeck, scattering), scattering)
    return floats(electrical_conductivity) / (share * transport_coefficient(1.0, temperature))


def quality_factor(
    weighted_mobility: ArrayLike, lattice_thermal_conductivity: ArrayLike, temperature: ArrayLike
) -> Array:
    r"""Quality factor :math:`B = (k_B/e)^2\sigma_{E_0}T/\kappa_\mathrm{lat}`.

    (R. P. Chasmar and R. Stratton, J. Electron. Control 7 (1959) 52; in this form S. D. Kang and G. J.
    Snyder, Nat. Mater. 16 (2017) 252, doi 10.1038/nmat4784.)

    Parameters
    ----------
    weighted_mobility : array_like
        In m2/(V s).
    lattice_thermal_conductivity : array_like
        In W/(m K).
    temperature : array_like
        In K.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> print(f"{quality_factor(400e-4, 1.0, 300.0):.4f}")
    0.2695
    """
    T = floats(temperature)
    upper = (k_B / e) ** 2 * transport_coefficient(weighted_mobility, T) * T
    return upper / floats(lattice_thermal_conductivity)


def zT_of_quality(
    reduced_fermi_level: ArrayLike, quality_factor: ArrayLike, scattering: Scattering = ACOUSTIC
) -> Array:
    r"""Figure of merit at a Fermi level, :math:`zT = S^2/(L + (k_B/e)^2/(B\,sF_{s-1}))`.

    Parameters
    ----------
    reduced_fermi_level : array_like
        Fermi level from the band edge into the band over k_B T.
    quality_factor : array_like
        B.
    scattering : str, float or Mechanism
        Name of the mechanism, exponent r of tau ~ E^r, or the mechanism itself.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> print(f"{zT_of_quality(0.0, 0.3):.5f}")
    0.80672
    """
    power, eta = scattering_exponent(scattering) + 1.5, floats(reduced_fermi_level)
    conduct = floats(quality_factor) * reduced_conductivity(eta, scattering)
    return (
        fermi.energy_excess(power, eta) ** 2 * conduct / (fermi.energy_variance(power, eta) * conduct + 1.0)
    )


class Best(NamedTuple):
    """The largest value over the Fermi level, and where it is."""

    value: Array
    reduced_fermi_level: Array


def best_zT(quality_factor: ArrayLike, scattering: Scattering = ACOUSTIC) -> Best:
    """Largest zT over the Fermi level for a quality factor.

    As B goes to 0 the Fermi level becomes that of the largest power factor, which is what B = 0 gives.

    Parameters
    ----------
    quality_factor : array_like
        B, from 0 on.
    scattering : str or float

    Returns
    -------
    Best
        zT and the reduced Fermi level; NaN for B = 0 and r from 1/2 on, whose power factor has no maximum.

    Examples
    --------
    >>> best = best_zT(0.4)
    >>> print(f"zT = {best.value:.4f} at eta = {best.reduced_fermi_level:.4f}")
    zT = 1.0234 at eta = -0.5650
    >>> print(f"{best_zT(0.0).reduced_fermi_level:.4f}")
    0.6681
    """
    power, B = scattering_exponent(scattering) + 1.5, floats(quality_factor)

    def rise(eta: Array) -> Array:
        # d ln zT/deta = 2 S'/S + (c'/c - B c V')/(B c V + 1), c the reduced conductivity and V the variance
        conduct = B * reduced_conductivity(eta, scattering)
        growth = fermi.fermi_ratio(power - 2.0, eta) / fermi.fermi_ratio(power - 1.0, eta)
        spread = fermi.energy_variance(power, eta)
        slope = 2.0 * fermi.energy_excess_slope(power, eta) / fermi.energy_excess(power, eta)
        change = growth - conduct * fermi.energy_variance_slope(power, eta)
        return slope + change / (conduct * spread + 1.0)

    def with_slope(eta: Array) -> tuple[Array, Array]:
        return rise(eta), (rise(eta + 1e-4) - rise(eta - 1e-4)) / 2e-4

    with np.errstate(invalid="ignore", over="ignore"):
        found = falling_root(with_slope, -1.0 - np.log1p(B))
    eta = np.where(found < _FARTHEST, found, np.nan)
    return Best(zT_of_quality(eta, B, scattering), eta)


def lorenz_estimate(seebeck: ArrayLike) -> Array:
    r"""Lorenz number from the Seebeck coefficient, :math:`L = 1.5 + \exp(-|S|/116)` in 1e-8 V2/K2 and uV/K.

    Within 3.7 % of one parabolic band with acoustic phonons at every S, farther from other bands (H.-S.
    Kim, Z. M. Gibbs, Y. Tang, H. Wang, G. J. Snyder, APL Mater. 3 (2015) 041506, doi 10.1063/1.4908244).
    Metals have :data:`ioffe.base.constants.LORENZ_SOMMERFELD`.

    Parameters
    ----------
    seebeck : array_like
        In V/K.

    Returns
    -------
    ndarray
        In V2/K2.

    Examples
    --------
    >>> print(f"{lorenz_estimate(-200e-6):.4e}")
    1.6783e-08
    """
    return 1e-8 * (1.5 + np.exp(-np.abs(floats(seebeck)) / 116e-6))


def weighted_mobility_estimate(
    seebeck: ArrayLike, electrical_conductivity: ArrayLike, temperature: ArrayLike
) -> Array:
    r"""Weighted mobility from S and sigma alone, for acoustic phonons.

    .. math::

        \mu_w = \frac{3h^3\sigma}{8\pi e(2m_ek_BT)^{3/2}}\left[
            \frac{\exp(s-2)}{1+\exp(-5(s-1))} + \frac{(3/\pi^2)\,s}{1+\exp(5(s-1))}\right],
            \qquad s = \frac{|S|}{k_B/e}

    (G. J. Snyder et al., Adv. Mater. 32 (2020) 2001537, doi 10.1002/adma.202001537). Within 3.2 % of
    :func:`ioffe.transport.quality.weighted_mobility`, which is exact, where |S| is above 20 uV/K; useless far
    below.

    Parameters
    ----------
    seebeck : array_like
        In V/K, of either sign.
    electrical_conductivity : array_like
        In S/m.
    temperature : array_like
        In K.

    Returns
    -------
    ndarray
        In m2/(V s).

    Examples
    --------
    >>> print(f"{weighted_mobility_estimate(200e-6, 1e5, 300.0) * 1e4:.1f} cm2/(V s)")
    455.4 cm2/(V s)
    """
    s = np.abs(floats(seebeck)) * (e / k_B)
    # 1/(1 + exp(-z)), which does not overflow
    high = 0.5 * (1.0 + np.tanh(2.5 * (s - 1.0)))
    share = np.exp(s - 2.0) * high + 3.0 / pi**2 * s * (1.0 - high)
    return floats(electrical_conductivity) * share / transport_coefficient(1.0, temperature)


def goldsmid_sharp_gap(max_seebeck: ArrayLike, temperature: ArrayLike) -> Array:
    r"""Band gap in J from the largest Seebeck coefficient, :math:`E_g = 2e|S|_\mathrm{max}T_\mathrm{max}`.

    Holds for like mobilities of electrons and holes and for gaps above some 10 k_B T (H. J. Goldsmid and J.
    W. Sharp, J. Electron. Mater. 28 (1999) 869, doi 10.1007/s11664-999-0211-y); how far it is off for
    others is in Z. M. Gibbs et al., Appl. Phys. Lett. 106 (2015) 022112, doi 10.1063/1.4905922.

    Parameters
    ----------
    max_seebeck : array_like
        Largest |S| over temperature in V/K.
    temperature : array_like
        Where it is reached, in K.

    Returns
    -------
    ndarray
        In J.

    Examples
    --------
    >>> print(f"{goldsmid_sharp_gap(220e-6, 350.0) / e:.3f} eV")
    0.154 eV
    """
    return 2.0 * e * np.abs(floats(max_seebeck)) * floats(temperature)
