r"""One parabolic band with :math:`\tau\propto E^r`: what follows from the Fermi level.

In this file ``reduced_fermi_level`` is :math:`\eta = (E_\mathrm{F} - E_\mathrm{edge})/k_BT`, counted into the
band (electrons and holes alike), ``scattering`` is r or the name of a mechanism
(:data:`ioffe.transport.carrier_scattering.EXPONENTS`), ``effective_mass`` is the density-of-states mass over
the electron mass with all valleys in it, and arrays broadcast. Results are SI, in the common shape.

:math:`F_j(\eta)=\int_0^\infty x^j/(1+e^{x-\eta})\,\mathrm{d}x`, without a Gamma function; s = r + 3/2.
Source: V. I. Fistul', Heavily Doped Semiconductors (Plenum, New York 1969); the form with
:math:`\sigma_{E_0}` is that of S. D. Kang and G. J. Snyder, Nat. Mater. 16 (2017) 252, doi 10.1038/nmat4784.
What goes from measured quantities back to the Fermi level is in :mod:`ioffe.transport.fermi_level`.
"""

from __future__ import annotations

from math import gamma, pi
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.constants import e, h, k_B, m_e
from ioffe.base.errors import Fault, InputError
from ioffe.transport._arrays import Array
from ioffe.transport.carrier_scattering import ACOUSTIC, carrier_sign, scattering_exponent
from ioffe.transport.fermi import fermi_integral, fermi_ratio
from ioffe.transport.moments import energy_excess, energy_variance

__all__ = [
    "anisotropy_factor",
    "carrier_density",
    "electrical_conductivity",
    "hall_carrier_density",
    "hall_factor",
    "hall_mobility",
    "lorenz_number",
    "mobility",
    "non_degenerate_hall_factor",
    "reduced_conductivity",
    "seebeck",
    "thermal_density",
    "transport_coefficient",
]

Scattering = str | float
"""Exponent r, or the name of a mechanism."""


def seebeck(
    reduced_fermi_level: ArrayLike, scattering: Scattering = ACOUSTIC, carrier: Literal["p", "n"] = "p"
) -> Array:
    r"""Seebeck coefficient in V/K, positive for holes and negative for electrons.

    .. math:: S = \pm\frac{k_B}{e}\left[\frac{(r+5/2)F_{r+3/2}}{(r+3/2)F_{r+1/2}} - \eta\right]

    Examples
    --------
    >>> print(f"{seebeck(0.0) * 1e6:.5f} uV/K")
    204.50123 uV/K
    >>> print(f"{seebeck(1.0, 'polar_optical', carrier='n') * 1e6:.5f} uV/K")
    -223.56724 uV/K
    """
    return (
        carrier_sign(carrier)
        * k_B
        / e
        * energy_excess(scattering_exponent(scattering) + 1.5, reduced_fermi_level)
    )


def lorenz_number(reduced_fermi_level: ArrayLike, scattering: Scattering = ACOUSTIC) -> Array:
    r"""Lorenz number kappa_e/(sigma T) in V2/K2.

    .. math::

        L = \left(\frac{k_B}{e}\right)^2\left\{\frac{(r+7/2)F_{r+5/2}}{(r+3/2)F_{r+1/2}}
            - \left[\frac{(r+5/2)F_{r+3/2}}{(r+3/2)F_{r+1/2}}\right]^2\right\}

    Examples
    --------
    >>> print(f"{lorenz_number(3.0):.7e}")
    1.9854567e-08
    """
    return (k_B / e) ** 2 * energy_variance(scattering_exponent(scattering) + 1.5, reduced_fermi_level)


def thermal_density(temperature: ArrayLike, effective_mass: ArrayLike) -> Array:
    r"""Density 4 pi (2 m_d k_B T/h^2)^(3/2) in 1/m3, of which a band holds F_1/2.

    Parameters
    ----------
    temperature : array_like
        In K.
    effective_mass : array_like
        m_d over the electron mass.
    """
    mass = np.asarray(effective_mass, float) * m_e
    return 4.0 * pi * (2.0 * mass * k_B * np.asarray(temperature, float) / h**2) ** 1.5


def carrier_density(
    reduced_fermi_level: ArrayLike, temperature: ArrayLike, effective_mass: ArrayLike = 1.0
) -> Array:
    r"""Carrier density in 1/m3, :math:`n = 4\pi(2m_dk_BT/h^2)^{3/2}F_{1/2}`.

    Examples
    --------
    >>> print(f"{carrier_density(0.0, 300.0) * 1e-6:.7e} cm^-3")
    1.9200693e+19 cm^-3
    """
    return thermal_density(temperature, effective_mass) * fermi_integral(0.5, reduced_fermi_level)


def hall_factor(
    reduced_fermi_level: ArrayLike, scattering: Scattering = ACOUSTIC, mass_anisotropy: ArrayLike = 1.0
) -> Array:
    r"""Hall factor r_H = n e R_H = n/n_H.

    .. math::

        r_H = \frac{3K(K+2)}{(2K+1)^2}\;\frac{3}{2}F_{1/2}\,
              \frac{(2r+3/2)F_{2r+1/2}}{(r+3/2)^2F_{r+1/2}^2}

    Parameters
    ----------
    reduced_fermi_level, scattering
        As in :mod:`~ioffe.transport.single_band`; r above -3/4.
    mass_anisotropy : array_like
        K, longitudinal over transverse mass of an ellipsoidal valley (C. Herring and E. Vogt, Phys. Rev. 101
        (1956) 944, doi 10.1103/PhysRev.101.944).

    Examples
    --------
    >>> print(f"{hall_factor(0.0):.7f} {hall_factor(3.0):.7f}")
    1.1349003 1.0543432
    """
    r, eta = scattering_exponent(scattering), np.asarray(reduced_fermi_level, float)
    # F_j = Gamma(j + 1) F_0 fermi_ratio(j), of which the Gamma functions are the non-degenerate limit
    orders = fermi_ratio(0.5, eta) * fermi_ratio(2.0 * r + 0.5, eta) / fermi_ratio(r + 0.5, eta) ** 2
    return non_degenerate_hall_factor(r, mass_anisotropy) * orders


def non_degenerate_hall_factor(scattering: Scattering = ACOUSTIC, mass_anisotropy: ArrayLike = 1.0) -> Array:
    """Hall factor far below the band edge; 3 pi/8 for acoustic phonons and spherical valleys.

    Examples
    --------
    >>> print(f"{non_degenerate_hall_factor():.7f}")
    1.1780972
    """
    r = scattering_exponent(scattering)
    if not r > -0.75:
        raise InputError(
            Fault("scattering", r, "an exponent above -3/4 is expected", "the Hall factor diverges")
        )
    return anisotropy_factor(mass_anisotropy) * gamma(2.5) * gamma(2.0 * r + 2.5) / gamma(r + 2.5) ** 2


def anisotropy_factor(mass_anisotropy: ArrayLike) -> Array:
    """Factor 3 K (K + 2)/(2 K + 1)^2 of the Hall factor; K is longitudinal over transverse mass of a valley.

    Examples
    --------
    >>> print(anisotropy_factor([1.0, 4.0]))
    [1.         0.88888889]
    """
    K = np.asarray(mass_anisotropy, float)
    return 3.0 * K * (K + 2.0) / (2.0 * K + 1.0) ** 2


def hall_carrier_density(
    reduced_fermi_level: ArrayLike,
    temperature: ArrayLike,
    effective_mass: ArrayLike = 1.0,
    scattering: Scattering = ACOUSTIC,
    mass_anisotropy: ArrayLike = 1.0,
) -> Array:
    """Hall carrier density n_H = n/r_H = 1/(e |R_H|) in 1/m3.

    Examples
    --------
    >>> print(f"{hall_carrier_density(0.0, 300.0):.5e}")
    1.69184e+25
    """
    n = carrier_density(reduced_fermi_level, temperature, effective_mass)
    return n / hall_factor(reduced_fermi_level, scattering, mass_anisotropy)


def reduced_conductivity(reduced_fermi_level: ArrayLike, scattering: Scattering = ACOUSTIC) -> Array:
    r"""Conductivity over its transport coefficient, :math:`\sigma/\sigma_{E_0} = sF_{s-1}(\eta)`.

    For acoustic phonons it is F_0 = ln(1 + exp(eta)).

    Examples
    --------
    >>> print(f"{reduced_conductivity(0.0):.7f}")
    0.6931472
    """
    s = scattering_exponent(scattering) + 1.5
    return s * fermi_integral(s - 1.0, reduced_fermi_level)


def transport_coefficient(weighted_mobility: ArrayLike, temperature: ArrayLike) -> Array:
    r"""Transport coefficient :math:`\sigma_{E_0} = 8\pi e(2m_ek_BT)^{3/2}\mu_w/(3h^3)` in S/m.

    Parameters
    ----------
    weighted_mobility : array_like
        mu_w = mu_0 (m_d/m_e)^(3/2) in m2/(V s).
    temperature : array_like
        In K.

    Examples
    --------
    >>> print(f"{transport_coefficient(100e-4, 300.0):.1f} S/m")
    30244.5 S/m
    """
    return 2.0 / 3.0 * e * thermal_density(temperature, 1.0) * np.asarray(weighted_mobility, float)


def electrical_conductivity(
    reduced_fermi_level: ArrayLike,
    temperature: ArrayLike,
    weighted_mobility: ArrayLike,
    scattering: Scattering = ACOUSTIC,
) -> Array:
    r"""Electrical conductivity :math:`\sigma = \sigma_{E_0}\,sF_{s-1}(\eta)` in S/m.

    Examples
    --------
    >>> print(f"{electrical_conductivity(0.0, 300.0, 100e-4):.1f} S/m")
    20963.9 S/m
    """
    scale = transport_coefficient(weighted_mobility, temperature)
    return scale * reduced_conductivity(reduced_fermi_level, scattering)


def mobility(
    reduced_fermi_level: ArrayLike, mobility_parameter: ArrayLike, scattering: Scattering = ACOUSTIC
) -> Array:
    r"""Drift mobility sigma/(n e) in m2/(V s).

    .. math:: \mu = \mu_0\,\frac{2}{3}\,\frac{(r+3/2)F_{r+1/2}}{F_{1/2}}

    Parameters
    ----------
    reduced_fermi_level, scattering
        As in :mod:`~ioffe.transport.single_band`.
    mobility_parameter : array_like
        mu_0 = e tau_0/m_I in m2/(V s), with tau = tau_0 (E/k_B T)^r.

    Examples
    --------
    >>> print(f"{mobility(-30.0, 1.0):.6f}")  # 4/(3 sqrt(pi)) in a non-degenerate band
    0.752253
    """
    r, eta = scattering_exponent(scattering), np.asarray(reduced_fermi_level, float)
    share = gamma(r + 2.5) / gamma(2.5) * fermi_ratio(r + 0.5, eta) / fermi_ratio(0.5, eta)
    return np.asarray(mobility_parameter, float) * share


def hall_mobility(
    reduced_fermi_level: ArrayLike,
    mobility_parameter: ArrayLike,
    scattering: Scattering = ACOUSTIC,
    mass_anisotropy: ArrayLike = 1.0,
) -> Array:
    """Hall mobility mu_H = r_H mu = sigma |R_H| in m2/(V s).

    Examples
    --------
    >>> print(f"{hall_mobility(0.0, 1.0):.6f}")
    0.773396
    """
    factor = hall_factor(reduced_fermi_level, scattering, mass_anisotropy)
    return factor * mobility(reduced_fermi_level, mobility_parameter, scattering)
