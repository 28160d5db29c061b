r"""Weighted mobility, quality factor and the best figure of merit of one parabolic band.

The conventions are those of :mod:`ioffe.transport.single_band`; s = r + 3/2.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import e, k_B
from ioffe.base.roots import falling_root
from ioffe.transport.carrier_scattering import ACOUSTIC, Scattering, scattering_exponent
from ioffe.transport.fermi import fermi_ratio
from ioffe.transport.fermi_level import fermi_level_from_seebeck
from ioffe.transport.moments import energy_excess, energy_excess_slope, energy_variance, energy_variance_slope
from ioffe.transport.single_band import reduced_conductivity, transport_coefficient

__all__ = ["Best", "best_zT", "quality_factor", "weighted_mobility", "zT_of_quality"]

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

    The closed form for acoustic phonons is :func:`ioffe.transport.estimates.weighted_mobility_estimate`.

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
    return np.asarray(electrical_conductivity, float) / (share * transport_coefficient(1.0, temperature))


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

    Examples
    --------
    >>> print(f"{quality_factor(400e-4, 1.0, 300.0):.4f}")
    0.2695
    """
    T = np.asarray(temperature, float)
    upper = (k_B / e) ** 2 * transport_coefficient(weighted_mobility, T) * T
    return upper / np.asarray(lattice_thermal_conductivity, float)


def zT_of_quality(
    reduced_fermi_level: ArrayLike, quality_factor: ArrayLike, scattering: Scattering = ACOUSTIC
) -> Array:
    r"""Figure of merit at a Fermi level, :math:`zT = S^2/(L + (k_B/e)^2/(B\,sF_{s-1}))`.

    Examples
    --------
    >>> print(f"{zT_of_quality(0.0, 0.3):.5f}")
    0.80672
    """
    power, eta = scattering_exponent(scattering) + 1.5, np.asarray(reduced_fermi_level, float)
    conduct = np.asarray(quality_factor, float) * reduced_conductivity(eta, scattering)
    return energy_excess(power, eta) ** 2 * conduct / (energy_variance(power, eta) * conduct + 1.0)


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
    power, B = scattering_exponent(scattering) + 1.5, np.asarray(quality_factor, float)

    def rise(eta: Array) -> Array:
        # d ln zT/deta = 2 S'/S + (c'/c - B c V')/(B c V + 1), c the reduced conductivity and V the variance
        conduct = B * reduced_conductivity(eta, scattering)
        growth = fermi_ratio(power - 2.0, eta) / fermi_ratio(power - 1.0, eta)
        spread = energy_variance(power, eta)
        slope = 2.0 * energy_excess_slope(power, eta) / energy_excess(power, eta)
        change = growth - conduct * energy_variance_slope(power, eta)
        return slope + change / (conduct * spread + 1.0)

    def with_slope(eta: Array) -> tuple[Array, Array]:
        return rise(eta), (rise(eta + 1e-4) - rise(eta - 1e-4)) / 2e-4

    with np.errstate(invalid="ignore", over="ignore"):
        found = falling_root(with_slope, -1.0 - np.log1p(B))
    eta = np.where(found < _FARTHEST, found, np.nan)
    return Best(zT_of_quality(eta, B, scattering), eta)
