"""Isotropic elasticity from two velocities of sound, and back.

>>> glass = ElasticSet.from_velocities(longitudinal=3913.0, transverse=2045.0, density=4800.0)
>>> round(float(glass.gruneisen), 3), round(float(glass.poisson_ratio), 4)
(1.85, 0.3121)
>>> round(float(glass.longitudinal_velocity), 9)
3913.0
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import h, k_B
from ioffe.base.errors import Faults
from ioffe.base.units import floats


def poisson_ratio(longitudinal: ArrayLike, transverse: ArrayLike) -> Array:
    r"""Poisson's ratio from the velocities of sound.

    .. math:: \nu = \frac{1 - 2 (v_t/v_l)^2}{2 - 2 (v_t/v_l)^2}

    Parameters
    ----------
    longitudinal, transverse : array_like
        v_l and v_t in m/s.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> float(poisson_ratio(2884.0, 1780.0))
    0.1923
    """
    squared = np.square(floats(transverse) / floats(longitudinal))
    return (1.0 - 2.0 * squared) / (2.0 - 2.0 * squared)


def velocity_ratio(poisson: ArrayLike) -> Array:
    r"""v_l/v_t for Poisson's ratio, the inverse of `poisson_ratio`.

    .. math:: v_l/v_t = \sqrt{\frac{2 - 2\nu}{1 - 2\nu}}

    Parameters
    ----------
    poisson : array_like
        Poisson's ratio.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> float(velocity_ratio(0.25))  # sqrt 3
    1.7320508
    """
    nu = floats(poisson)
    return np.sqrt((2.0 - 2.0 * nu) / (1.0 - 2.0 * nu))


def mean_velocity(longitudinal: ArrayLike, transverse: ArrayLike) -> Array:
    r"""Mean velocity of sound in m/s, that of the Debye model.

    .. math:: v_s = \left[ \frac{1}{3} \left( \frac{1}{v_l^3} + \frac{2}{v_t^3} \right) \right]^{-1/3}

    Parameters
    ----------
    longitudinal : array_like
        Longitudinal velocity of sound in m/s.
    transverse : array_like
        Transverse velocity of sound in m/s.

    Returns
    -------
    ndarray
        In m/s.

    Notes
    -----
    O. L. Anderson, J. Phys. Chem. Solids 24 (1963) 909, doi 10.1016/0022-3697(63)90067-2.

    Examples
    --------
    >>> float(mean_velocity(2884.0, 1780.0))
    1963.5
    """
    slowness = floats(longitudinal) ** -3.0 + 2.0 * floats(transverse) ** -3.0
    return (slowness / 3.0) ** (-1 / 3)


def gruneisen_parameter(poisson: ArrayLike) -> Array:
    r"""Grueneisen parameter from Poisson's ratio, an estimate to some 10 %.

    .. math:: \gamma = \frac{3}{2} \frac{1 + \nu}{2 - 3 \nu}

    Parameters
    ----------
    poisson : array_like
        Poisson's ratio.

    Returns
    -------
    ndarray

    Notes
    -----
    V. N. Belomestnykh, Tech. Phys. Lett. 30 (2004) 91, doi 10.1134/1.1666949 (DOI remembered).

    Examples
    --------
    >>> round(float(gruneisen_parameter(poisson_ratio(3913.0, 2045.0))), 3)
    1.85
    """
    nu = floats(poisson)
    return 1.5 * (1.0 + nu) / (2.0 - 3.0 * nu)


def debye_temperature(velocity: ArrayLike, atomic_volume: ArrayLike) -> Array:
    r"""Debye temperature in K.

    .. math:: \theta_D = \frac{h}{k_B} \left( \frac{3}{4 \pi \Omega} \right)^{1/3} v_s

    Parameters
    ----------
    velocity : array_like
        v_s in m/s, from `mean_velocity`.
    atomic_volume : array_like
        Omega in m3.

    Returns
    -------
    ndarray
        In K.

    Notes
    -----
    O. L. Anderson, J. Phys. Chem. Solids 24 (1963) 909, doi 10.1016/0022-3697(63)90067-2.

    Examples
    --------
    >>> float(debye_temperature(2147.0, 31.26e-30))
    202.9
    """
    return h / k_B * np.cbrt(3.0 / (4.0 * np.pi * floats(atomic_volume))) * floats(velocity)


def mean_free_path(
    lattice_conductivity: ArrayLike, volume_heat_capacity: ArrayLike, velocity: ArrayLike
) -> Array:
    r"""Mean free path of phonons in m if all had the same, 3 kappa/(C_v v_s).

    Parameters
    ----------
    lattice_conductivity : array_like
        In W/(m K).
    volume_heat_capacity : array_like
        C_v in J/(m3 K): density times specific heat capacity.
    velocity : array_like
        v_s in m/s.

    Returns
    -------
    ndarray
        It underestimates the path of the phonons that carry the heat: most of the heat capacity is in slow
        modes.

    Examples
    --------
    >>> float(mean_free_path(0.55, 1.3e6, 2147.0)) * 1e9
    0.5912
    """
    flux = floats(volume_heat_capacity) * floats(velocity)
    return 3.0 * floats(lattice_conductivity) / flux


@dataclass(frozen=True)
class ElasticSet:
    r"""Elastic constants of an isotropic body, with everything that follows from them.

    .. math:: G = d v_t^2, \quad B = d (v_l^2 - \tfrac{4}{3} v_t^2), \quad E = \frac{9 B G}{3 B + G}

    Parameters
    ----------
    bulk_modulus, shear_modulus : array_like
        B and G in Pa.
    density : array_like
        d in kg/m3.

    Raises
    ------
    InputError
        For a number that is not positive. A bulk modulus is positive while v_l exceeds 1.155 v_t.

    Examples
    --------
    >>> body = ElasticSet.from_velocities(longitudinal=2884.0, transverse=1780.0, density=6650.0)
    >>> round(float(body.youngs_modulus) / 1e9, 2)
    50.24
    >>> body == ElasticSet(body.bulk_modulus, body.shear_modulus, 6650.0)
    True
    """

    bulk_modulus: ArrayLike
    shear_modulus: ArrayLike
    density: ArrayLike

    def __post_init__(self) -> None:
        faults = Faults()
        for entry in fields(self):
            value = np.asarray(getattr(self, entry.name), float)
            if not np.all((value > 0) & np.isfinite(value)):
                faults.add(entry.name, getattr(self, entry.name), "numbers above 0 are expected")
        faults.raise_if_any()

    @classmethod
    def from_velocities(
        cls, longitudinal: ArrayLike, transverse: ArrayLike, density: ArrayLike
    ) -> ElasticSet:
        """Elastic constants from v_l and v_t in m/s and the density in kg/m3.

        Parameters
        ----------
        longitudinal : array_like
            Longitudinal velocity of sound in m/s.
        transverse : array_like
            Transverse velocity of sound in m/s.
        density : array_like
            Mass density in kg/m3.

        Returns
        -------
        ElasticSet
        """
        d, l2, t2 = floats(density), np.square(longitudinal), np.square(transverse)
        return cls(d * (l2 - 4.0 / 3.0 * t2), d * t2, d)

    @classmethod
    def from_youngs_modulus(
        cls, youngs_modulus: ArrayLike, poisson_ratio: ArrayLike, density: ArrayLike
    ) -> ElasticSet:
        """Elastic constants from E in Pa, Poisson's ratio and the density in kg/m3.

        Parameters
        ----------
        youngs_modulus : array_like
            E in Pa.
        poisson_ratio : array_like
            Poisson's ratio.
        density : array_like
            Mass density in kg/m3.

        Returns
        -------
        ElasticSet
        """
        E, nu = floats(youngs_modulus), floats(poisson_ratio)
        return cls(E / (3.0 * (1.0 - 2.0 * nu)), E / (2.0 * (1.0 + nu)), density)

    @property
    def longitudinal_velocity(self) -> Array:
        """v_l in m/s."""
        stiffness = np.asarray(self.bulk_modulus) + 4.0 / 3.0 * np.asarray(self.shear_modulus)
        return np.sqrt(stiffness / np.asarray(self.density))

    @property
    def transverse_velocity(self) -> Array:
        """v_t in m/s."""
        return np.sqrt(np.asarray(self.shear_modulus) / np.asarray(self.density))

    @property
    def mean_velocity(self) -> Array:
        """v_s in m/s."""
        return mean_velocity(self.longitudinal_velocity, self.transverse_velocity)

    @property
    def youngs_modulus(self) -> Array:
        """E in Pa."""
        B, G = np.asarray(self.bulk_modulus, float), np.asarray(self.shear_modulus, float)
        return 9.0 * B * G / (3.0 * B + G)

    @property
    def poisson_ratio(self) -> Array:
        """Poisson's ratio, (3 B - 2 G)/(6 B + 2 G)."""
        B, G = np.asarray(self.bulk_modulus, float), np.asarray(self.shear_modulus, float)
        return (3.0 * B - 2.0 * G) / (6.0 * B + 2.0 * G)

    @property
    def gruneisen(self) -> Array:
        """Grueneisen parameter, estimated from Poisson's ratio."""
        return gruneisen_parameter(self.poisson_ratio)

    def debye_temperature(self, atomic_volume: ArrayLike) -> Array:
        """Debye temperature in K for a volume by atom in m3.

        Parameters
        ----------
        atomic_volume : array_like
            Volume by atom in m3.

        Returns
        -------
        ndarray
            In K.
        """
        return debye_temperature(self.mean_velocity, atomic_volume)
