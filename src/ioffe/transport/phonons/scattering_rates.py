"""Scattering rates of phonons in a crystal without extended defects, in 1/s, as functions of omega in rad/s.

Each mechanism is a function of its own; `extended_defects` holds dislocations, precipitates and interfaces.
Rates of independent mechanisms add (Matthiessen). Every argument broadcasts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import hbar, k_B
from ioffe.base.units import floats


def umklapp(
    omega: ArrayLike,
    T: ArrayLike,
    *,
    sound_velocity: ArrayLike,
    atomic_mass: ArrayLike,
    atomic_volume: ArrayLike,
    gruneisen: ArrayLike,
    strength: ArrayLike = 1.0,
) -> Array:
    r"""Umklapp processes above about a third of the Debye temperature.

    .. math:: 1/\tau = A \frac{2}{(6 \pi^2)^{1/3}} \frac{k_B V^{1/3} \gamma^2 \omega^2 T}{M v^3}

    Parameters
    ----------
    omega : array_like
        Angular frequency in rad/s.
    T : array_like
        Temperature in K.
    sound_velocity : array_like
        Mean velocity of sound v in m/s.
    atomic_mass : array_like
        Mean mass M of an atom in kg.
    atomic_volume : array_like
        Mean volume V of an atom in m3.
    gruneisen : array_like
        Grueneisen parameter.
    strength : array_like
        A, at least 1; above 1 it represents normal processes that are not treated apart.

    Returns
    -------
    ndarray
        In 1/s.

    Notes
    -----
    P. G. Klemens, Solid State Phys. 7 (1958) 1, doi 10.1016/S0081-1947(08)60551-2; in this form S. I. Kim et
    al., Science 348 (2015) 109, doi 10.1126/science.aaa4166.

    Examples
    --------
    >>> crystal = dict(sound_velocity=2147.0, atomic_mass=2.25e-25, atomic_volume=31.26e-30, gruneisen=2.33)
    >>> print(f"{umklapp(1e13, 300.0, **crystal):.4e}")
    1.6322e+11
    """
    w, t, v = (floats(a) for a in (omega, T, sound_velocity))
    scale = 2.0 / (6.0 * np.pi**2) ** (1 / 3) * k_B * np.cbrt(atomic_volume) * np.square(gruneisen)
    return np.asarray(strength) * scale * w**2 * t / (np.asarray(atomic_mass) * v**3)


def umklapp_frozen(
    omega: ArrayLike,
    T: ArrayLike,
    *,
    sound_velocity: ArrayLike,
    atomic_mass: ArrayLike,
    debye_temperature: ArrayLike,
    gruneisen: ArrayLike,
    decay: ArrayLike = 3.0,
) -> Array:
    r"""Umklapp processes at any temperature; they freeze out far below the Debye temperature.

    .. math:: 1/\tau = \frac{\hbar \gamma^2 \omega^2 T}{M v^2 \theta_D} \exp\left(-\frac{\theta_D}{b T}\right)

    Parameters
    ----------
    omega, T, sound_velocity, atomic_mass, gruneisen
        As for `umklapp`.
    debye_temperature : array_like
        In K.
    decay : array_like
        b, 3 in the source.

    Returns
    -------
    ndarray
        In 1/s.

    Notes
    -----
    G. A. Slack, S. Galginaitis, Phys. Rev. 133 (1964) A253, doi 10.1103/PhysRev.133.A253.

    Examples
    --------
    >>> crystal = dict(sound_velocity=2147.0, atomic_mass=2.25e-25, debye_temperature=94.0, gruneisen=2.33)
    >>> print(f"{umklapp_frozen(1e13, 300.0, **crystal):.4e}, {umklapp_frozen(1e13, 2.0, **crystal):.4e}")
    1.5870e+11, 1.8446e+02
    """
    w, t, v, theta = (floats(a) for a in (omega, T, sound_velocity, debye_temperature))
    scale = hbar * np.square(gruneisen) / (np.asarray(atomic_mass) * v**2 * theta)
    return scale * w**2 * t * np.exp(-theta / (np.asarray(decay) * t))


def normal_processes(
    omega: ArrayLike,
    T: ArrayLike,
    *,
    coefficient: ArrayLike,
    frequency_exponent: ArrayLike = 2.0,
    temperature_exponent: ArrayLike = 3.0,
) -> Array:
    r"""Normal processes, which conserve the momentum of the phonons.

    .. math:: 1/\tau_N = B \omega^a T^b

    They resist no heat flow by themselves; give them as `normal` to `ioffe.transport.phonons.DebyeCallaway`.

    Parameters
    ----------
    omega, T : array_like
        Angular frequency in rad/s, temperature in K.
    coefficient : array_like
        B in s^(a-1) K^-b.
    frequency_exponent, temperature_exponent : array_like
        a and b: 2 and 3 for longitudinal, 1 and 4 for transverse phonons at low temperature, 2 and 1 above
        the Debye temperature.

    Returns
    -------
    ndarray
        In 1/s.

    Notes
    -----
    J. Callaway, Phys. Rev. 113 (1959) 1046, doi 10.1103/PhysRev.113.1046; C. Herring, Phys. Rev. 95 (1954)
    954, doi 10.1103/PhysRev.95.954.

    Examples
    --------
    >>> float(normal_processes(1e12, 10.0, coefficient=2e-23))
    20000.0
    """
    of_frequency = floats(omega) ** np.asarray(frequency_exponent)
    return np.asarray(coefficient) * of_frequency * floats(T) ** np.asarray(temperature_exponent)


def point_defects(
    omega: ArrayLike, *, sound_velocity: ArrayLike, atomic_volume: ArrayLike, scattering_parameter: ArrayLike
) -> Array:
    r"""Point defects: foreign atoms, alloy disorder.

    .. math:: 1/\tau = \frac{V \Gamma \omega^4}{4 \pi v^3}

    Parameters
    ----------
    omega : array_like
        Angular frequency in rad/s.
    sound_velocity, atomic_volume
        As for `umklapp`.
    scattering_parameter : array_like
        Gamma, from `point_defect_parameter` or `ioffe.transport.phonons.alloy`.

    Returns
    -------
    ndarray
        In 1/s.

    Notes
    -----
    P. G. Klemens, Proc. Phys. Soc. A 68 (1955) 1113, doi 10.1088/0370-1298/68/12/303.

    Examples
    --------
    >>> crystal = dict(sound_velocity=2147.0, atomic_volume=31.26e-30)
    >>> print(f"{point_defects(1e13, **crystal, scattering_parameter=0.0222):.4e}")
    5.5800e+10
    """
    w, v = floats(omega), floats(sound_velocity)
    return np.asarray(atomic_volume) * np.asarray(scattering_parameter) * w**4 / (4.0 * np.pi * v**3)


def strain_factor(gruneisen: ArrayLike, poisson_ratio: ArrayLike, stiffness: ArrayLike = 3.0) -> Array:
    r"""Weight of size differences beside mass differences in the scattering parameter.

    .. math:: \epsilon = \frac{2}{9} \left[ (G + 6.4 \gamma) \frac{1 + \nu}{1 - \nu} \right]^2

    Parameters
    ----------
    gruneisen, poisson_ratio : array_like
        Grueneisen parameter gamma and Poisson's ratio nu.
    stiffness : array_like
        G, the relative change of the bulk modulus over the relative change of the bond length; about 3 to 4.

    Returns
    -------
    ndarray

    Notes
    -----
    B. Abeles, Phys. Rev. 131 (1963) 1906, doi 10.1103/PhysRev.131.1906.

    Examples
    --------
    >>> float(strain_factor(2.33, 0.24))
    189.8
    """
    nu = floats(poisson_ratio)
    bracket = (np.asarray(stiffness) + 6.4 * floats(gruneisen)) * (1.0 + nu) / (1.0 - nu)
    return 2.0 / 9.0 * bracket**2


def point_defect_parameter(
    fraction: ArrayLike, mass_difference: ArrayLike, size_difference: ArrayLike, strain: ArrayLike
) -> Array:
    r"""Scattering parameter of a solid solution of two kinds of units.

    .. math:: \Gamma = c (1 - c) [ (\Delta M/M)^2 + \epsilon (\Delta a/a)^2 ]

    Parameters
    ----------
    fraction : array_like
        c, the share of one kind.
    mass_difference, size_difference : array_like
        Difference over mean, of the mass and of the length.
    strain : array_like
        epsilon, from `strain_factor`.

    Returns
    -------
    ndarray

    Notes
    -----
    B. Abeles, Phys. Rev. 131 (1963) 1906, doi 10.1103/PhysRev.131.1906. Some papers print the square of the
    bracket in `strain_factor` around the whole sum, by which point defects all but vanish.

    Examples
    --------
    >>> strain = strain_factor(2.33, 0.24)
    >>> float(point_defect_parameter(0.25, 0.72 / 2.25, 0.0288 / 3.150, strain))
    0.02218
    """
    c = floats(fraction)
    return c * (1.0 - c) * (np.square(mass_difference) + np.asarray(strain) * np.square(size_difference))


def boundaries(*, sound_velocity: ArrayLike, size: ArrayLike) -> Array:
    r"""Boundaries of grains or of the sample that scatter every phonon.

    .. math:: 1/\tau = v/d

    Parameters
    ----------
    sound_velocity : array_like
        In m/s.
    size : array_like
        Mean distance d between boundaries in m.

    Returns
    -------
    ndarray
        In 1/s.

    Notes
    -----
    H. B. G. Casimir, Physica 5 (1938) 495, doi 10.1016/S0031-8914(38)80162-2.

    Examples
    --------
    >>> float(boundaries(sound_velocity=2000.0, size=2e-6))
    1000000000.0
    """
    return floats(sound_velocity) / floats(size)


def free_electrons(
    omega: ArrayLike,
    T: ArrayLike,
    *,
    sound_velocity: ArrayLike,
    density: ArrayLike,
    effective_mass: ArrayLike,
    deformation_potential: ArrayLike,
    fermi_level: ArrayLike,
) -> Array:
    r"""Free carriers in a parabolic band, by the deformation potential.

    .. math::

        1/\tau = \frac{E_d^2 m^2 k_B T}{2 \pi \hbar^4 d v}
        \ln \frac{1 + \exp[(E_F - E_m)/k_B T]}{1 + \exp[(E_F - E_m - \hbar\omega)/k_B T]}, \qquad
        E_m = \frac{m v^2}{2} + \frac{\hbar^2 \omega^2}{8 m v^2} - \frac{\hbar\omega}{2}

    E_m is the lowest energy at which a carrier can take up the phonon.

    Parameters
    ----------
    omega, T : array_like
        Angular frequency in rad/s, temperature in K.
    sound_velocity : array_like
        Longitudinal velocity of sound in m/s.
    density : array_like
        Mass density d in kg/m3.
    effective_mass : array_like
        m in kg.
    deformation_potential : array_like
        E_d in J.
    fermi_level : array_like
        E_F in J from the band edge into the band; negative in the gap.

    Returns
    -------
    ndarray
        In 1/s.

    Notes
    -----
    J. M. Ziman, Philos. Mag. 1 (1956) 191, doi 10.1080/14786435608238092 (DOI remembered).

    Examples
    --------
    >>> from ioffe.base.constants import e, m_e
    >>> band = dict(effective_mass=m_e, deformation_potential=10 * e, fermi_level=0.1 * e)
    >>> print(f"{free_electrons(1e12, 300.0, sound_velocity=3000.0, density=6000.0, **band):.4e}")
    1.5716e+10
    """
    w, v, m = (floats(a) for a in (omega, sound_velocity, effective_mass))
    thermal = k_B * floats(T)
    lowest = 0.5 * m * v**2 + (hbar * w) ** 2 / (8.0 * m * v**2) - 0.5 * hbar * w
    reduced = (np.asarray(fermi_level) - lowest) / thermal
    share = np.logaddexp(0.0, reduced) - np.logaddexp(0.0, reduced - hbar * w / thermal)
    scale = np.square(deformation_potential) * m**2 / (2.0 * np.pi * hbar**4 * np.asarray(density) * v)
    return scale * thermal * share
