"""Scattering rates of phonons, in 1/s, by dislocations, precipitates and interfaces of given transmissivity.

Rates of independent mechanisms add (Matthiessen). Every argument broadcasts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import k_B
from ioffe.base.units import floats


def dislocation_cores(
    omega: ArrayLike, *, sound_velocity: ArrayLike, atomic_volume: ArrayLike, dislocation_density: ArrayLike
) -> Array:
    r"""Cores of dislocations.

    .. math:: 1/\tau = N_D V^{4/3} \omega^3/v^2

    Parameters
    ----------
    omega : array_like
        Angular frequency in rad/s.
    sound_velocity : array_like
        v in m/s.
    atomic_volume : array_like
        V in m3.
    dislocation_density : array_like
        N_D, length of line by volume, in 1/m2.

    Returns
    -------
    ndarray
        In 1/s.

    Notes
    -----
    P. G. Klemens, Proc. Phys. Soc. A 68 (1955) 1113, doi 10.1088/0370-1298/68/12/303; S. I. Kim et al.,
    Science 348 (2015) 109, doi 10.1126/science.aaa4166. The rate holds for lines across the heat flow; for
    lines of random direction give 0.55 of the density.

    Examples
    --------
    >>> crystal = dict(sound_velocity=2147.0, atomic_volume=31.26e-30)
    >>> print(f"{dislocation_cores(1e13, **crystal, dislocation_density=4.17e14):.4e}")
    8.9082e+08
    """
    w, v = floats(omega), floats(sound_velocity)
    return np.asarray(dislocation_density) * np.asarray(atomic_volume) ** (4 / 3) * w**3 / v**2


def dislocation_strain(
    omega: ArrayLike,
    *,
    dislocation_density: ArrayLike,
    burgers_vector: ArrayLike,
    gruneisen: ArrayLike,
    poisson_ratio: ArrayLike,
    longitudinal_velocity: ArrayLike,
    transverse_velocity: ArrayLike,
    prefactor: ArrayLike = 0.6,
) -> Array:
    r"""Strain fields of dislocations.

    .. math::

        1/\tau = 0.6\, B_D^2 N_D (\gamma + \Delta\gamma)^2 \omega \left\{ \frac{1}{2}
        + \frac{1}{24} \left( \frac{1 - 2\nu}{1 - \nu} \right)^2
        \left[ 1 + \sqrt{2} \left( \frac{v_L}{v_T} \right)^2 \right]^2 \right\}

    Parameters
    ----------
    omega : array_like
        Angular frequency in rad/s.
    dislocation_density : array_like
        N_D in 1/m2.
    burgers_vector : array_like
        B_D in m.
    gruneisen : array_like
        gamma + dgamma, the change by `gruneisen_change` included.
    poisson_ratio, longitudinal_velocity, transverse_velocity : array_like
        nu, and v_L and v_T in m/s.
    prefactor : array_like
        0.6; P. G. Klemens gave 0.06 in 1955 and 0.97 in 1958 for lines across the heat flow.

    Returns
    -------
    ndarray
        In 1/s.

    Notes
    -----
    S. I. Kim et al., Science 348 (2015) 109, doi 10.1126/science.aaa4166. Some papers print v_L/v_T without
    the inner square.

    Examples
    --------
    >>> crystal = dict(poisson_ratio=0.24, longitudinal_velocity=2884.0, transverse_velocity=1780.0)
    >>> line = dict(dislocation_density=4.17e14, burgers_vector=1.2e-9, gruneisen=2.58)
    >>> print(f"{dislocation_strain(1e13, **line, **crystal):.4e}")
    2.2380e+10
    """
    nu = floats(poisson_ratio)
    squared = np.square(floats(longitudinal_velocity) / floats(transverse_velocity))
    shape = 0.5 + ((1.0 - 2.0 * nu) / (1.0 - nu)) ** 2 * (1.0 + np.sqrt(2.0) * squared) ** 2 / 24.0
    line = np.square(burgers_vector) * np.asarray(dislocation_density) * np.square(gruneisen)
    return np.asarray(prefactor) * line * floats(omega) * shape


def gruneisen_change(
    *,
    gruneisen: ArrayLike,
    solute_fraction: ArrayLike,
    solute_volume: ArrayLike,
    solvent_volume: ArrayLike,
    solute_mass: ArrayLike,
    solvent_mass: ArrayLike,
    bulk_modulus: ArrayLike,
    temperature: ArrayLike,
) -> Array:
    r"""Change of the Grueneisen parameter around a dislocation to which solute atoms have moved.

    .. math::

        \Delta\gamma = \frac{V_2 C_0 K}{k_B T_a} (\gamma a^2 - a b), \qquad
        a = \frac{V_1 - V_2}{V_2}, \qquad b = \frac{M_2 - M_1}{2 M_2}

    Index 1 is the solute, 2 the solvent; for Bi2Te3 in Sb2Te3 the solute is Bi2Te3.

    Parameters
    ----------
    gruneisen : array_like
        gamma of the crystal.
    solute_fraction : array_like
        C_0.
    solute_volume, solvent_volume : array_like
        V_1 and V_2 by atom, in m3.
    solute_mass, solvent_mass : array_like
        M_1 and M_2 by atom, in kg.
    bulk_modulus : array_like
        K in Pa.
    temperature : array_like
        T_a in K at which the atoms were mobile.

    Returns
    -------
    ndarray

    Notes
    -----
    P. G. Klemens, Solid State Phys. 7 (1958) 1, doi 10.1016/S0081-1947(08)60551-2; as used by S. I. Kim et
    al., Science 348 (2015) 109, doi 10.1126/science.aaa4166.

    Examples
    --------
    >>> volumes = dict(solute_volume=34.0e-30, solvent_volume=33.1e-30)
    >>> masses = dict(solute_mass=2.79e-25, solvent_mass=2.07e-25)
    >>> crystal = dict(gruneisen=2.33, solute_fraction=0.25, bulk_modulus=44.8e9, temperature=693.0)
    >>> float(gruneisen_change(**crystal, **volumes, **masses))
    0.24997
    """
    v1, v2 = floats(solute_volume), floats(solvent_volume)
    m1, m2 = floats(solute_mass), floats(solvent_mass)
    a, b = (v1 - v2) / v2, (m2 - m1) / (2.0 * m2)
    work = v2 * np.asarray(solute_fraction) * np.asarray(bulk_modulus) / (k_B * np.asarray(temperature))
    return work * (np.asarray(gruneisen) * a**2 - a * b)


def precipitates(
    omega: ArrayLike,
    *,
    sound_velocity: ArrayLike,
    radius: ArrayLike,
    number_density: ArrayLike,
    density_difference: ArrayLike,
) -> Array:
    r"""Nanoprecipitates, from Rayleigh scattering of long waves to the shadow of the particle for short ones.

    .. math::

        1/\tau = v N_p \left\{ (2 \pi R^2)^{-1} + \left[ \frac{4}{9} \pi R^2
        \left( \frac{\Delta D}{D} \right)^2 \left( \frac{\omega R}{v} \right)^4 \right]^{-1} \right\}^{-1}

    Parameters
    ----------
    omega : array_like
        Angular frequency in rad/s; 0 is allowed.
    sound_velocity : array_like
        v in m/s.
    radius : array_like
        R in m.
    number_density : array_like
        N_p in 1/m3.
    density_difference : array_like
        dD/D, difference of the mass densities over that of the matrix.

    Returns
    -------
    ndarray
        In 1/s.

    Notes
    -----
    W. Kim, A. Majumdar, J. Appl. Phys. 99 (2006) 084306, doi 10.1063/1.2188251.

    Examples
    --------
    >>> particle = dict(radius=20e-9, number_density=7.33e21, density_difference=1.0 / 6.65)
    >>> print(f"{precipitates(1e13, sound_velocity=2147.0, **particle):.4e}")
    3.9553e+10
    """
    w, v, r = (floats(a) for a in (omega, sound_velocity, radius))
    shadow = 2.0 * np.pi * r**2
    rayleigh = 4.0 / 9.0 * np.pi * r**2 * np.square(density_difference) * (w * r / v) ** 4
    return v * np.asarray(number_density) * rayleigh * shadow / (rayleigh + shadow)


def interfaces(*, sound_velocity: ArrayLike, spacing: ArrayLike, transmissivity: ArrayLike) -> Array:
    r"""Parallel or grain interfaces that let a share of the phonons through.

    .. math:: 1/\tau = \frac{4 v (1 - t)}{3 t L}

    Where all scattering is by interfaces, a transmissivity t is a thermal resistance 4 (1 - t)/(C v t) at
    each of them, and the mean free path 3 t L/(4 (1 - t)) has the same effect.

    Parameters
    ----------
    sound_velocity : array_like
        v in m/s.
    spacing : array_like
        Mean distance L of the interfaces in m.
    transmissivity : array_like
        t, above 0 and at most 1; it may depend on omega, as by the function of that name.

    Returns
    -------
    ndarray
        In 1/s.

    Notes
    -----
    Z. Wang, J. E. Alaniz, W. Jang, J. E. Garay, C. Dames, Nano Lett. 11 (2011) 2206, doi 10.1021/nl1045395.

    Examples
    --------
    >>> float(interfaces(sound_velocity=2000.0, spacing=100e-9, transmissivity=0.5))
    26666666666.7
    """
    t = floats(transmissivity)
    return 4.0 * floats(sound_velocity) * (1.0 - t) / (3.0 * t * floats(spacing))


def transmissivity(omega: ArrayLike, *, highest_frequency: ArrayLike, steepness: ArrayLike = 1.0) -> Array:
    r"""Transmissivity of a grain boundary, which long waves pass.

    .. math:: t = \frac{1}{1 + \gamma \omega/\omega_{max}}

    With it the rate of `interfaces` is 4 v gamma omega/(3 L omega_max): the mean free path grows as 1/omega.

    Parameters
    ----------
    omega : array_like
        Angular frequency in rad/s.
    highest_frequency : array_like
        omega_max in rad/s, that of Debye.
    steepness : array_like
        gamma, of order one.

    Returns
    -------
    ndarray

    Notes
    -----
    Z. Wang, J. E. Alaniz, W. Jang, J. E. Garay, C. Dames, Nano Lett. 11 (2011) 2206, doi 10.1021/nl1045395.

    Examples
    --------
    >>> transmissivity([0.0, 1e13], highest_frequency=1e13)
    array([1. , 0.5])
    """
    ratio = floats(omega) / floats(highest_frequency)
    return 1.0 / (1.0 + floats(steepness) * ratio)
