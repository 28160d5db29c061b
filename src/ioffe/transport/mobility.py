r"""Mobility of carriers: deformation potential, relaxation time, mean free path, grain boundaries.

A mobility parameter is :math:`\mu_0 = e\tau_0/m_I` with :math:`\tau = \tau_0(E/k_BT)^r`; what a Fermi level
makes of it are :func:`~ioffe.transport.single_band.mobility` and
:func:`~ioffe.transport.single_band.hall_mobility`. Masses are over the electron mass, energies in J. Grain
boundaries that carriers have to cross are a resistance in series with the grains.
"""

from __future__ import annotations

from math import gamma, pi

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import e, hbar, k_B, m_e
from ioffe.base.units import floats
from ioffe.transport.carrier_scattering import ACOUSTIC, Scattering, scattering_exponent
from ioffe.transport.fermi import fermi_ratio
from ioffe.transport.single_band import hall_mobility


def acoustic_mobility_parameter(
    temperature: ArrayLike,
    elastic_constant: ArrayLike,
    deformation_potential: ArrayLike,
    effective_mass: ArrayLike = 1.0,
    valleys: ArrayLike = 1.0,
    inertial_mass: ArrayLike | None = None,
) -> Array:
    r"""Mobility parameter of acoustic phonons that scatter by a deformation potential, in m2/(V s).

    .. math::

        \mu_0 = \frac{e\pi\hbar^4C_l}{\sqrt2\,(k_BT)^{3/2}E_\mathrm{def}^2m_b^{3/2}m_I},
        \qquad m_b = m_dN_v^{-2/3}

    (J. Bardeen and W. Shockley, Phys. Rev. 80 (1950) 72, doi 10.1103/PhysRev.80.72).

    Parameters
    ----------
    temperature : array_like
        In K.
    elastic_constant : array_like
        Longitudinal elastic constant C_l = density v_l^2 in Pa.
    deformation_potential : array_like
        E_def in J.
    effective_mass : array_like
        Density-of-states mass m_d of all valleys, over the electron mass.
    valleys : array_like
        Their number N_v.
    inertial_mass : array_like, optional
        m_I over the electron mass; the band mass m_b unless given.

    Returns
    -------
    ndarray
        In m2/(V s).

    Examples
    --------
    >>> print(f"{acoustic_mobility_parameter(300.0, 50e9, 15 * e, 1.2) * 1e4:.4f} cm2/(V s)")
    11.4428 cm2/(V s)
    """
    T, C, E = (floats(a) for a in (temperature, elastic_constant, deformation_potential))
    band = band_mass(effective_mass, valleys) * m_e
    inertial = band if inertial_mass is None else floats(inertial_mass) * m_e
    return e * pi * hbar**4 * C / (np.sqrt(2.0) * (k_B * T * band) ** 1.5 * E**2 * inertial)


def acoustic_hall_mobility(
    reduced_fermi_level: ArrayLike,
    temperature: ArrayLike,
    elastic_constant: ArrayLike,
    deformation_potential: ArrayLike,
    effective_mass: ArrayLike = 1.0,
    valleys: ArrayLike = 1.0,
    inertial_mass: ArrayLike | None = None,
) -> Array:
    r"""Hall mobility of acoustic phonons in m2/(V s).

    .. math:: \mu_\mathrm{H} = \mu_0\,\frac{F_{-1/2}}{2F_0}

    Parameters
    ----------
    reduced_fermi_level : array_like
    temperature, elastic_constant, deformation_potential, effective_mass, valleys, inertial_mass
        As for :func:`acoustic_mobility_parameter`.

    Returns
    -------
    ndarray
        In m2/(V s).

    Examples
    --------
    >>> print(f"{acoustic_hall_mobility(1.0, 300.0, 50e9, 15 * e, 1.2) * 1e4:.6f} cm2/(V s)")
    7.930900 cm2/(V s)
    """
    lattice, band = (elastic_constant, deformation_potential), (effective_mass, valleys, inertial_mass)
    scale = acoustic_mobility_parameter(temperature, *lattice, *band)
    return hall_mobility(reduced_fermi_level, scale, ACOUSTIC)


def deformation_potential(
    hall_mobility: ArrayLike,
    reduced_fermi_level: ArrayLike,
    temperature: ArrayLike,
    elastic_constant: ArrayLike,
    effective_mass: ArrayLike = 1.0,
    valleys: ArrayLike = 1.0,
    inertial_mass: ArrayLike | None = None,
) -> Array:
    """Deformation potential in J of a Hall mobility in m2/(V s), if acoustic phonons alone scatter.

    Parameters
    ----------
    hall_mobility : array_like
        In m2/(V s).
    reduced_fermi_level : array_like
    temperature, elastic_constant, effective_mass, valleys, inertial_mass
        As for :func:`acoustic_mobility_parameter`.

    Returns
    -------
    ndarray
        In J.

    Examples
    --------
    >>> print(f"{deformation_potential(7.930900e-4, 1.0, 300.0, 50e9, 1.2) / e:.5f} eV")
    15.00000 eV
    """
    band = effective_mass, valleys, inertial_mass
    one = acoustic_hall_mobility(reduced_fermi_level, temperature, elastic_constant, e, *band)
    return e * np.sqrt(one / floats(hall_mobility))


def band_mass(effective_mass: ArrayLike, valleys: ArrayLike) -> Array:
    """Mass of one valley, m_b = m_d N_v^(-2/3).

    Parameters
    ----------
    effective_mass : array_like
        Density-of-states mass over the electron mass.
    valleys : array_like
        Their number N_v.

    Returns
    -------
    ndarray
        Over the electron mass.

    Examples
    --------
    >>> print(f"{band_mass(1.2, 8):.3f}")
    0.300
    """
    return floats(effective_mass) * floats(valleys) ** (-2.0 / 3.0)


def relaxation_time(mobility: ArrayLike, inertial_mass: ArrayLike) -> Array:
    """Relaxation time tau = mu m_I/e in s of a mobility in m2/(V s).

    Parameters
    ----------
    mobility : array_like
        In m2/(V s).
    inertial_mass : array_like
        m_I over the electron mass.

    Returns
    -------
    ndarray
        In s.

    Examples
    --------
    >>> print(f"{relaxation_time(100e-4, 0.5):.3e} s")
    2.843e-14 s
    """
    return floats(mobility) * floats(inertial_mass) * m_e / e


def mean_free_path(
    mobility_parameter: ArrayLike,
    temperature: ArrayLike,
    inertial_mass: ArrayLike,
    reduced_fermi_level: ArrayLike = 0.0,
    scattering: Scattering = ACOUSTIC,
) -> Array:
    r"""Mean free path of the carriers of a current, in m.

    .. math::

        \ell = \langle v\tau\rangle = \frac{\mu_0}{e}\sqrt{2m_Ik_BT}\;
               \frac{(2r+2)F_{2r+1}}{(r+3/2)F_{r+1/2}}

    averaged as the conductivity averages. For acoustic phonons it is the same at every energy and does not
    depend on the Fermi level.

    Parameters
    ----------
    mobility_parameter : array_like
        mu_0 in m2/(V s).
    temperature : array_like
        In K.
    inertial_mass : array_like
        m_I over the electron mass.
    reduced_fermi_level, scattering
        As in :mod:`~ioffe.transport.single_band`.

    Returns
    -------
    ndarray
        In m.

    Examples
    --------
    >>> print(f"{mean_free_path(100e-4, 300.0, 0.5) * 1e9:.2f} nm")
    3.83 nm
    """
    r, eta = scattering_exponent(scattering), floats(reduced_fermi_level)
    classical = gamma(2.0 * r + 3.0) / gamma(r + 2.5)
    share = classical * fermi_ratio(2.0 * r + 1.0, eta) / fermi_ratio(r + 0.5, eta)
    momentum = np.sqrt(2.0 * floats(inertial_mass) * m_e * k_B * floats(temperature))
    return floats(mobility_parameter) / e * momentum * share


def mobility_parameter_of_path(path: ArrayLike, temperature: ArrayLike, inertial_mass: ArrayLike) -> Array:
    r"""Mobility parameter of carriers that fly the same path at every energy, :math:`e\ell/\sqrt{2m_Ik_BT}`.

    It has the energy law of acoustic phonons (r = -1/2). Obstacles of number density N and radius R, such
    as the particles of a second phase, leave a path of 1/(N pi R^2); grain boundaries that scatter
    diffusely leave about the grain size. With :func:`matthiessen` it says what mobility they cost.

    Parameters
    ----------
    path : array_like
        In m.
    temperature : array_like
        In K.
    inertial_mass : array_like
        m_I over the electron mass.

    Returns
    -------
    ndarray
        In m2/(V s).

    Examples
    --------
    >>> path = 1 / (7.33e21 * 3.141592653589793 * 20e-9**2)  # precipitates of radius 20 nm
    >>> print(f"{path * 1e9:.0f} nm, {mobility_parameter_of_path(path, 300.0, 0.2) * 1e4:.0f} cm2/(V s)")
    109 nm, 4477 cm2/(V s)
    """
    momentum = np.sqrt(2.0 * floats(inertial_mass) * m_e * k_B * floats(temperature))
    return e * floats(path) / momentum


def matthiessen(*mobilities: ArrayLike) -> Array:
    """Mobility of several mechanisms that act together, 1/mu = sum 1/mu_i.

    Exact for mobility parameters of mechanisms with the same energy law; for others their rates add at every
    energy, which :class:`ioffe.transport.bands.Band` does.

    Parameters
    ----------
    *mobilities : array_like
        In m2/(V s).

    Returns
    -------
    ndarray
        In the unit of the mobilities.

    Examples
    --------
    >>> print(f"{matthiessen(100e-4, 400e-4) * 1e4:.1f} cm2/(V s)")
    80.0 cm2/(V s)
    """
    return 1.0 / np.sum(np.broadcast_arrays(*(1.0 / floats(one) for one in mobilities)), axis=0)


def series_conductivity(
    grain_conductivity: ArrayLike, boundary_conductivity: ArrayLike, boundary_share: ArrayLike
) -> Array:
    r"""Conductivity of grains and their boundaries in series, in S/m.

    .. math:: \frac1\sigma = \frac{1-t}{\sigma_\mathrm{grain}} + \frac{t}{\sigma_\mathrm{gb}}

    (J. J. Kuo et al., Energy Environ. Sci. 11 (2018) 429, doi 10.1039/C7EE03326E).

    Parameters
    ----------
    grain_conductivity, boundary_conductivity : array_like
        In S/m.
    boundary_share : array_like
        t, the share of the length that lies in boundaries: their thickness over the grain size.

    Returns
    -------
    ndarray
        In S/m.

    Examples
    --------
    >>> print(f"{series_conductivity(5e4, 50.0, 1e-3):.0f} S/m")
    25013 S/m
    """
    t = floats(boundary_share)
    grains = (1.0 - t) / floats(grain_conductivity)
    return 1.0 / (grains + t / floats(boundary_conductivity))


def boundary_conductivity(limit: ArrayLike, barrier: ArrayLike, temperature: ArrayLike) -> Array:
    r"""Conductivity of a boundary with a barrier, :math:`\sigma_\mathrm{gb} = \sigma_\infty\exp(-E_b/k_BT)`.

    Parameters
    ----------
    limit : array_like
        Conductivity without the barrier, in S/m.
    barrier : array_like
        E_b in J.
    temperature : array_like
        In K.

    Returns
    -------
    ndarray
        In S/m.

    Examples
    --------
    >>> print(f"{boundary_conductivity(5e4, 0.1 * e, 300.0):.1f} S/m")
    1044.8 S/m
    """
    exponent = -floats(barrier) / (k_B * floats(temperature))
    return floats(limit) * np.exp(exponent)


def boundary_mobility(
    grain_size: ArrayLike, barrier: ArrayLike, temperature: ArrayLike, inertial_mass: ArrayLike = 1.0
) -> Array:
    r"""Mobility limited by thermionic emission over the barriers of grain boundaries, in m2/(V s).

    .. math:: \mu_\mathrm{gb} = \frac{e d}{\sqrt{2\pi m_Ik_BT}}\exp\left(-\frac{E_b}{k_BT}\right)

    for non-degenerate carriers (J. Y. W. Seto, J. Appl. Phys. 46 (1975) 5247, doi 10.1063/1.321593).

    Parameters
    ----------
    grain_size : array_like
        d in m.
    barrier : array_like
        E_b in J, from the band edge inside the grains.
    temperature : array_like
        In K.
    inertial_mass : array_like
        m_I over the electron mass.

    Returns
    -------
    ndarray
        In m2/(V s).

    Examples
    --------
    >>> print(f"{boundary_mobility(1e-6, 0.1 * e, 300.0, 0.5) * 1e4:.1f} cm2/(V s)")
    307.5 cm2/(V s)
    """
    T = floats(temperature)
    momentum = np.sqrt(2.0 * pi * floats(inertial_mass) * m_e * k_B * T)
    return e * floats(grain_size) / momentum * np.exp(-floats(barrier) / (k_B * T))
