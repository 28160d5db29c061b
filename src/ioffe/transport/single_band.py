r"""One band, parabolic or of Kane's shape: what follows from the Fermi level.

In this file ``reduced_fermi_level`` is :math:`\eta = (E_\mathrm{F} - E_\mathrm{edge})/k_BT`, counted into the
band (electrons and holes alike), ``scattering`` is a mechanism by name, by its exponent r in
:math:`\tau\propto E^r`, or as an object (:mod:`ioffe.transport.carrier_scattering`), ``effective_mass`` is
the density-of-states mass over the electron mass with all valleys in it, and arrays broadcast. Results are
SI, in the common shape.

:math:`F_j(\eta)=\int_0^\infty x^j/(1+e^{x-\eta})\,\mathrm{d}x`, without a Gamma function; s = r + 3/2. The
formulas of the functions are those of a parabolic band and a power law; of any other mechanism they are the
integrals over the energy. Source: V. I. Fistul', Heavily Doped Semiconductors (Plenum, New York 1969); the
form with :math:`\sigma_{E_0}` is that of S. D. Kang and G. J. Snyder, Nat. Mater. 16 (2017) 252, doi
10.1038/nmat4784. What goes from measured quantities back to the Fermi level is in
:mod:`ioffe.transport.fermi_level`.

A Fermi level may come as a :class:`~ioffe.transport.carrier_scattering.CarrierState`, which holds more of the
band: with a nonparabolicity, :math:`\alpha = k_BT/E_g`, the band has Kane's shape, E (1 + E/E_g) = hbar^2
k^2/(2 m), and mechanisms that depend on temperature and mass find them in it. Masses, mobility parameters and
weighted mobilities are those of the band edge; at alpha = 0 the band is parabolic. For acoustic phonons the
results are the published ones in :func:`ioffe.transport.kane.kane_integral`, :math:`{}^nF_k^m`:

.. math::

    S = \frac{k_B}{e}\left[\frac{{}^1F_{-2}^1}{{}^0F_{-2}^1} - \eta\right],\quad
    n = \frac{(2m_dk_BT)^{3/2}}{3\pi^2\hbar^3}\,{}^0F_0^{3/2},\quad
    \sigma = 3\sigma_{E_0}\,{}^0F_{-2}^1,\quad
    r_\mathrm{H} = \frac{3K(K+2)}{(2K+1)^2}\,\frac{{}^0F_{-4}^{1/2}\,{}^0F_0^{3/2}}{({}^0F_{-2}^1)^2},

    L = \left(\frac{k_B}{e}\right)^2
        \left[\frac{{}^2F_{-2}^1}{{}^0F_{-2}^1} - \left(\frac{{}^1F_{-2}^1}{{}^0F_{-2}^1}\right)^2\right]

(Yu. I. Ravich, B. A. Efimova, I. A. Smirnov, Semiconducting Lead Chalcogenides (Plenum, New York 1970)).
"""

from __future__ import annotations

from typing import Literal

from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import e, k_B
from ioffe.base.units import floats
from ioffe.transport._band_integrals import Spectrum, non_degenerate_hall
from ioffe.transport.carrier_scattering import (
    ACOUSTIC,
    CarrierState,
    Level,
    Scattering,
    carrier_sign,
    scattering_exponent,
)
from ioffe.transport.fermi import fermi_integral
from ioffe.transport.kane import thermal_density


def seebeck(
    reduced_fermi_level: Level, scattering: Scattering = ACOUSTIC, carrier: Literal["p", "n"] = "p"
) -> Array:
    r"""Seebeck coefficient, positive for holes and negative for electrons.

    .. math:: S = \pm\frac{k_B}{e}\left[\frac{(r+5/2)F_{r+3/2}}{(r+3/2)F_{r+1/2}} - \eta\right]

    Parameters
    ----------
    reduced_fermi_level, scattering
        As in :mod:`~ioffe.transport.single_band`.
    carrier : {"p", "n"}
        Holes or electrons.

    Returns
    -------
    ndarray
        In V/K.

    Raises
    ------
    InputError
        For an unknown mechanism or carrier, an exponent that is not above -5/2, or a mechanism that depends
        on more than the energy and the Fermi level.

    Examples
    --------
    >>> print(f"{seebeck(0.0) * 1e6:.5f} uV/K")
    204.50123 uV/K
    >>> print(f"{seebeck(1.0, 'polar_optical', carrier='n') * 1e6:.5f} uV/K")
    -223.56724 uV/K
    >>> print(f"{seebeck(CarrierState(0.0, 0.2)) * 1e6:.4f} uV/K")
    183.4385 uV/K
    """
    spectrum = Spectrum.of(reduced_fermi_level, scattering)
    return carrier_sign(carrier) * k_B / e * spectrum.excess()


def lorenz_number(reduced_fermi_level: Level, scattering: Scattering = ACOUSTIC) -> Array:
    r"""Lorenz number kappa_e/(sigma T).

    .. math::

        L = \left(\frac{k_B}{e}\right)^2\left\{\frac{(r+7/2)F_{r+5/2}}{(r+3/2)F_{r+1/2}}
            - \left[\frac{(r+5/2)F_{r+3/2}}{(r+3/2)F_{r+1/2}}\right]^2\right\}

    Parameters
    ----------
    reduced_fermi_level, scattering
        As in :mod:`~ioffe.transport.single_band`.

    Returns
    -------
    ndarray
        In V2/K2: (r + 5/2)(k_B/e)^2 far below the band edge, (pi^2/3)(k_B/e)^2 in a metal.

    Examples
    --------
    >>> print(f"{lorenz_number(3.0):.7e} {lorenz_number(CarrierState(0.0, 0.2)):.5e}")
    1.9854567e-08 1.30848e-08
    """
    return (k_B / e) ** 2 * Spectrum.of(reduced_fermi_level, scattering).variance()


def carrier_density(
    reduced_fermi_level: Level, temperature: ArrayLike, effective_mass: ArrayLike = 1.0
) -> Array:
    r"""Carrier density, :math:`n = 4\pi(2m_dk_BT/h^2)^{3/2}F_{1/2}`.

    Parameters
    ----------
    reduced_fermi_level
        As in :mod:`~ioffe.transport.single_band`.
    temperature : array_like
        In K.
    effective_mass : array_like
        m_d of all valleys (at the band edge) over the electron mass.

    Returns
    -------
    ndarray
        In 1/m3.

    Examples
    --------
    >>> print(f"{carrier_density(0.0, 300.0) * 1e-6:.7e} cm^-3")
    1.9200693e+19 cm^-3
    >>> print(f"{carrier_density(CarrierState(0.0, 0.2), 300.0):.5e} 1/m3")
    3.82283e+25 1/m3
    """
    level = reduced_fermi_level
    if isinstance(level, CarrierState):
        filling = Spectrum.of(level, ACOUSTIC).filling()  # of any mechanism
    else:
        filling = fermi_integral(0.5, level)
    return thermal_density(temperature, effective_mass) * filling


def hall_factor(
    reduced_fermi_level: Level, scattering: Scattering = ACOUSTIC, mass_anisotropy: ArrayLike = 1.0
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

    Returns
    -------
    ndarray

    Raises
    ------
    InputError
        For an exponent up to -3/4, for which the integral diverges.

    Examples
    --------
    >>> print(f"{hall_factor(0.0):.7f} {hall_factor(3.0):.7f} {hall_factor(CarrierState(0.0, 0.2)):.5f}")
    1.1349003 1.0543432 1.80786
    """
    spectrum = Spectrum.of(reduced_fermi_level, scattering)
    return anisotropy_factor(mass_anisotropy) * spectrum.hall()


def non_degenerate_hall_factor(scattering: Scattering = ACOUSTIC, mass_anisotropy: ArrayLike = 1.0) -> Array:
    r"""Hall factor of a parabolic band far below the band edge.

    .. math:: r_H = \frac{3K(K+2)}{(2K+1)^2}\,\frac{\Gamma(5/2)\,\Gamma(2r+5/2)}{\Gamma(r+5/2)^2}

    Parameters
    ----------
    scattering : str, float or Mechanism
        A power law with r above -3/4.
    mass_anisotropy : array_like
        As for :func:`hall_factor`.

    Returns
    -------
    ndarray
        3 pi/8 for acoustic phonons and spherical valleys.

    Raises
    ------
    InputError
        For an exponent up to -3/4, or a mechanism that is no power law.

    Examples
    --------
    >>> print(f"{non_degenerate_hall_factor():.7f}")
    1.1780972
    """
    return anisotropy_factor(mass_anisotropy) * non_degenerate_hall(scattering_exponent(scattering))


def anisotropy_factor(mass_anisotropy: ArrayLike) -> Array:
    r"""Factor of the Hall factor of ellipsoidal valleys, :math:`3K(K+2)/(2K+1)^2`.

    Parameters
    ----------
    mass_anisotropy : array_like
        K, longitudinal over transverse mass of a valley.

    Returns
    -------
    ndarray
        1 for spherical valleys.

    Notes
    -----
    C. Herring and E. Vogt, Phys. Rev. 101 (1956) 944, doi 10.1103/PhysRev.101.944.

    Examples
    --------
    >>> print(anisotropy_factor([1.0, 4.0]))
    [1.         0.88888889]
    """
    K = floats(mass_anisotropy)
    return 3.0 * K * (K + 2.0) / (2.0 * K + 1.0) ** 2


def hall_carrier_density(
    reduced_fermi_level: Level,
    temperature: ArrayLike,
    effective_mass: ArrayLike = 1.0,
    scattering: Scattering = ACOUSTIC,
    mass_anisotropy: ArrayLike = 1.0,
) -> Array:
    r"""Hall carrier density :math:`n_H = n/r_H = 1/(e|R_H|)`.

    Parameters
    ----------
    reduced_fermi_level, scattering
        As in :mod:`~ioffe.transport.single_band`.
    temperature, effective_mass
        As for :func:`carrier_density`.
    mass_anisotropy : array_like
        As for :func:`hall_factor`.

    Returns
    -------
    ndarray
        In 1/m3.

    Examples
    --------
    >>> print(f"{hall_carrier_density(0.0, 300.0):.5e}")
    1.69184e+25
    """
    n = carrier_density(reduced_fermi_level, temperature, effective_mass)
    return n / hall_factor(reduced_fermi_level, scattering, mass_anisotropy)


def reduced_conductivity(reduced_fermi_level: Level, scattering: Scattering = ACOUSTIC) -> Array:
    r"""Conductivity over its transport coefficient, :math:`\sigma/\sigma_{E_0} = sF_{s-1}(\eta)`.

    For acoustic phonons and a parabolic band it is F_0 = ln(1 + exp(eta)).

    Parameters
    ----------
    reduced_fermi_level, scattering
        As in :mod:`~ioffe.transport.single_band`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> print(f"{reduced_conductivity(0.0):.7f} {reduced_conductivity(CarrierState(0.0, 0.2)):.6f}")
    0.6931472 0.537030
    """
    return Spectrum.of(reduced_fermi_level, scattering).conduction()


def transport_coefficient(weighted_mobility: ArrayLike, temperature: ArrayLike) -> Array:
    r"""Transport coefficient :math:`\sigma_{E_0} = 8\pi e(2m_ek_BT)^{3/2}\mu_w/(3h^3)`.

    Parameters
    ----------
    weighted_mobility : array_like
        mu_w = mu_0 (m_d/m_e)^(3/2) in m2/(V s).
    temperature : array_like
        In K.

    Returns
    -------
    ndarray
        In S/m.

    Notes
    -----
    S. D. Kang and G. J. Snyder, Nat. Mater. 16 (2017) 252, doi 10.1038/nmat4784.

    Examples
    --------
    >>> print(f"{transport_coefficient(100e-4, 300.0):.1f} S/m")
    30244.5 S/m
    """
    return 2.0 / 3.0 * e * thermal_density(temperature, 1.0) * floats(weighted_mobility)


def electrical_conductivity(
    reduced_fermi_level: Level,
    temperature: ArrayLike,
    weighted_mobility: ArrayLike,
    scattering: Scattering = ACOUSTIC,
) -> Array:
    r"""Electrical conductivity :math:`\sigma = \sigma_{E_0}\,sF_{s-1}(\eta)`.

    Parameters
    ----------
    reduced_fermi_level, scattering
        As in :mod:`~ioffe.transport.single_band`.
    temperature : array_like
        In K.
    weighted_mobility : array_like
        mu_w = mu_0 (m_d/m_e)^(3/2) (of the band edge) in m2/(V s).

    Returns
    -------
    ndarray
        In S/m.

    Examples
    --------
    >>> print(f"{electrical_conductivity(0.0, 300.0, 100e-4):.1f} S/m")
    20963.9 S/m
    """
    scale = transport_coefficient(weighted_mobility, temperature)
    return scale * reduced_conductivity(reduced_fermi_level, scattering)


def mobility(
    reduced_fermi_level: Level, mobility_parameter: ArrayLike, scattering: Scattering = ACOUSTIC
) -> Array:
    r"""Drift mobility sigma/(n e).

    .. math:: \mu = \mu_0\,\frac{2}{3}\,\frac{(r+3/2)F_{r+1/2}}{F_{1/2}}

    Parameters
    ----------
    reduced_fermi_level, scattering
        As in :mod:`~ioffe.transport.single_band`.
    mobility_parameter : array_like
        mu_0 = e tau_0/m_I (of the band edge) in m2/(V s), with tau = tau_0 at E = k_B T.

    Returns
    -------
    ndarray
        In m2/(V s).

    Examples
    --------
    >>> print(f"{mobility(-30.0, 1.0):.6f}")  # 4/(3 sqrt(pi)) in a non-degenerate band
    0.752253
    """
    drift = Spectrum.of(reduced_fermi_level, scattering).drift()
    return floats(mobility_parameter) * drift


def hall_mobility(
    reduced_fermi_level: Level,
    mobility_parameter: ArrayLike,
    scattering: Scattering = ACOUSTIC,
    mass_anisotropy: ArrayLike = 1.0,
) -> Array:
    r"""Hall mobility :math:`\mu_H = r_H\mu = \sigma|R_H|`.

    Parameters
    ----------
    reduced_fermi_level, scattering
        As in :mod:`~ioffe.transport.single_band`.
    mobility_parameter : array_like
        As for :func:`mobility`.
    mass_anisotropy : array_like
        As for :func:`hall_factor`.

    Returns
    -------
    ndarray
        In m2/(V s).

    Examples
    --------
    >>> print(f"{hall_mobility(0.0, 1.0):.6f}")
    0.773396
    """
    spectrum = Spectrum.of(reduced_fermi_level, scattering)
    factor = anisotropy_factor(mass_anisotropy) * spectrum.hall()
    return factor * (floats(mobility_parameter) * spectrum.drift())
