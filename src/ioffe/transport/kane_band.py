r"""One band of Kane's shape, E (1 + E/E_g) = hbar^2 k^2/(2 m): what follows from the Fermi level.

The functions are those of :mod:`ioffe.transport.single_band` with ``nonparabolicity``,
:math:`\alpha = k_BT/E_g`, as their second argument; at alpha = 0 they agree. The mass is that of the band
edge, and so are mobility parameter and weighted mobility. For acoustic phonons the results are the published
ones in :func:`ioffe.transport.kane.kane_integral`, :math:`{}^nF_k^m`:

.. math::

    S = \frac{k_B}{e}\left[\frac{{}^1F_{-2}^1}{{}^0F_{-2}^1} - \eta\right],\quad
    n = \frac{(2m_dk_BT)^{3/2}}{3\pi^2\hbar^3}\,{}^0F_0^{3/2},\quad
    \sigma = 3\sigma_{E_0}\,{}^0F_{-2}^1,\quad
    r_\mathrm{H} = \frac{3K(K+2)}{(2K+1)^2}\,\frac{{}^0F_{-4}^{1/2}\,{}^0F_0^{3/2}}{({}^0F_{-2}^1)^2},

    L = \left(\frac{k_B}{e}\right)^2
        \left[\frac{{}^2F_{-2}^1}{{}^0F_{-2}^1} - \left(\frac{{}^1F_{-2}^1}{{}^0F_{-2}^1}\right)^2\right]

(Yu. I. Ravich, B. A. Efimova, I. A. Smirnov, Semiconducting Lead Chalcogenides (Plenum, New York 1970)).
How other mechanisms depend on energy is said in :class:`ioffe.transport.bands.Mechanism`.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.constants import e, k_B
from ioffe.transport import single_band
from ioffe.transport._arrays import Array
from ioffe.transport._band_integrals import (
    Spectrum,
    density_integrals,
    energy_integrals,
    excess_with_slope,
    flow_integrals,
)
from ioffe.transport._newton import newton
from ioffe.transport.carrier_scattering import ACOUSTIC, carrier_sign, scattering_exponent
from ioffe.transport.fermi import inverse_fermi_integral

__all__ = [
    "carrier_density",
    "electrical_conductivity",
    "fermi_level_from_density",
    "fermi_level_from_seebeck",
    "hall_carrier_density",
    "hall_factor",
    "hall_mobility",
    "lorenz_number",
    "mobility",
    "reduced_conductivity",
    "seebeck",
]

Scattering = str | float


def seebeck(
    reduced_fermi_level: ArrayLike,
    nonparabolicity: ArrayLike,
    scattering: Scattering = ACOUSTIC,
    carrier: Literal["p", "n"] = "p",
) -> Array:
    """Seebeck coefficient in V/K, positive for holes and negative for electrons.

    Examples
    --------
    >>> print(f"{seebeck(0.0, 0.2) * 1e6:.4f} uV/K")
    183.4385 uV/K
    """
    return (
        carrier_sign(carrier)
        * k_B
        / e
        * energy_integrals(reduced_fermi_level, _spectrum(nonparabolicity, scattering))[0]
    )


def lorenz_number(
    reduced_fermi_level: ArrayLike, nonparabolicity: ArrayLike, scattering: Scattering = ACOUSTIC
) -> Array:
    """Lorenz number in V2/K2.

    Examples
    --------
    >>> print(f"{lorenz_number(0.0, 0.2):.5e}")
    1.30848e-08
    """
    return (k_B / e) ** 2 * energy_integrals(reduced_fermi_level, _spectrum(nonparabolicity, scattering))[1]


def carrier_density(
    reduced_fermi_level: ArrayLike,
    nonparabolicity: ArrayLike,
    temperature: ArrayLike,
    effective_mass: ArrayLike = 1.0,
) -> Array:
    """Carrier density in 1/m3; `effective_mass` is the density-of-states mass of the edge, all valleys.

    Examples
    --------
    >>> print(f"{carrier_density(0.0, 0.2, 300.0):.5e}")
    3.82283e+25
    """
    filling, _ = density_integrals(reduced_fermi_level, nonparabolicity)
    return single_band.thermal_density(temperature, effective_mass) * np.exp(filling)


def hall_factor(
    reduced_fermi_level: ArrayLike,
    nonparabolicity: ArrayLike,
    scattering: Scattering = ACOUSTIC,
    mass_anisotropy: ArrayLike = 1.0,
) -> Array:
    """Hall factor n/n_H; `mass_anisotropy` is K, longitudinal over transverse mass.

    Examples
    --------
    >>> print(f"{hall_factor(0.0, 0.2):.5f}")
    1.80786
    """
    shape = single_band.anisotropy_factor(mass_anisotropy)
    return shape * flow_integrals(reduced_fermi_level, _spectrum(nonparabolicity, scattering))[3]


def hall_carrier_density(
    reduced_fermi_level: ArrayLike,
    nonparabolicity: ArrayLike,
    temperature: ArrayLike,
    effective_mass: ArrayLike = 1.0,
    scattering: Scattering = ACOUSTIC,
    mass_anisotropy: ArrayLike = 1.0,
) -> Array:
    """Hall carrier density n/r_H in 1/m3."""
    n = carrier_density(reduced_fermi_level, nonparabolicity, temperature, effective_mass)
    return n / hall_factor(reduced_fermi_level, nonparabolicity, scattering, mass_anisotropy)


def reduced_conductivity(
    reduced_fermi_level: ArrayLike, nonparabolicity: ArrayLike, scattering: Scattering = ACOUSTIC
) -> Array:
    """Conductivity over the transport coefficient sigma_E0 of the band edge.

    Examples
    --------
    >>> print(f"{reduced_conductivity(0.0, 0.2):.6f}")
    0.537030
    """
    return flow_integrals(reduced_fermi_level, _spectrum(nonparabolicity, scattering))[1]


def electrical_conductivity(
    reduced_fermi_level: ArrayLike,
    nonparabolicity: ArrayLike,
    temperature: ArrayLike,
    weighted_mobility: ArrayLike,
    scattering: Scattering = ACOUSTIC,
) -> Array:
    """Electrical conductivity in S/m; `weighted_mobility` mu_0 (m_d/m_e)^(3/2) of the edge in m2/(V s)."""
    scale = single_band.transport_coefficient(weighted_mobility, temperature)
    return scale * reduced_conductivity(reduced_fermi_level, nonparabolicity, scattering)


def mobility(
    reduced_fermi_level: ArrayLike,
    nonparabolicity: ArrayLike,
    mobility_parameter: ArrayLike,
    scattering: Scattering = ACOUSTIC,
) -> Array:
    """Drift mobility sigma/(n e) in m2/(V s) from mu_0 = e tau_0/m_I of the edge."""
    drift = flow_integrals(reduced_fermi_level, _spectrum(nonparabolicity, scattering))[2]
    return np.asarray(mobility_parameter, float) * drift


def hall_mobility(
    reduced_fermi_level: ArrayLike,
    nonparabolicity: ArrayLike,
    mobility_parameter: ArrayLike,
    scattering: Scattering = ACOUSTIC,
    mass_anisotropy: ArrayLike = 1.0,
) -> Array:
    """Hall mobility r_H mu in m2/(V s)."""
    factor = hall_factor(reduced_fermi_level, nonparabolicity, scattering, mass_anisotropy)
    return factor * mobility(reduced_fermi_level, nonparabolicity, mobility_parameter, scattering)


def fermi_level_from_seebeck(
    seebeck: ArrayLike, nonparabolicity: ArrayLike, scattering: Scattering = ACOUSTIC
) -> Array:
    """Reduced Fermi level of a Seebeck coefficient in V/K of either sign; infinite where S = 0.

    Examples
    --------
    >>> print(f"{fermi_level_from_seebeck(-seebeck(1.5, 0.1), 0.1):.10f}")
    1.5000000000
    """
    wanted, alpha = np.abs(np.asarray(seebeck, float)) * (e / k_B), np.asarray(nonparabolicity, float)
    wanted = np.broadcast_to(wanted, np.broadcast_shapes(wanted.shape, alpha.shape))
    start = np.where(wanted == 0.0, np.inf, 1.0 - wanted)

    def step(eta: Array) -> Array:
        # ln S falls and is convex, so that Newton climbs from a start where S is too large
        excess, slope = excess_with_slope(eta, _spectrum(alpha, scattering))
        return np.log(wanted / excess) * excess / slope

    return newton(step, start)


def fermi_level_from_density(
    density: ArrayLike,
    nonparabolicity: ArrayLike,
    temperature: ArrayLike,
    effective_mass: ArrayLike = 1.0,
) -> Array:
    """Reduced Fermi level of a carrier density in 1/m3; -inf at 0.

    Examples
    --------
    >>> print(f"{fermi_level_from_density(carrier_density(1.5, 0.1, 300.0), 0.1, 300.0):.10f}")
    1.5000000000
    """
    reduced = np.asarray(density, float) / single_band.thermal_density(temperature, effective_mass)
    alpha = np.asarray(nonparabolicity, float)
    reduced = np.broadcast_to(reduced, np.broadcast_shapes(reduced.shape, alpha.shape))
    with np.errstate(divide="ignore", invalid="ignore"):
        target = np.log(reduced)

    def step(eta: Array) -> Array:
        filling, slope = density_integrals(eta, alpha)
        return (target - filling) / slope

    return newton(step, inverse_fermi_integral(0.5, reduced))


def _spectrum(nonparabolicity: ArrayLike, scattering: Scattering) -> Spectrum:
    return Spectrum(nonparabolicity, (scattering_exponent(scattering),), (1.0,))
