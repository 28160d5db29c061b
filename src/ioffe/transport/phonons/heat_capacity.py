"""Models of the specific heat capacity, in J/(kg K), and the conductivity that a laser flash gives with it.

They need the mean molar mass of an atom, as `ioffe.transport.formula.Formula.atomic_mass` gives it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import R
from ioffe.base.units import floats
from ioffe.transport._quadrature import debye_integral


def flash_conductivity(
    diffusivity: ArrayLike,
    density: ArrayLike,
    heat_capacity: ArrayLike,
    *,
    errors: Sequence[ArrayLike] = (0.0, 0.0, 0.0),
    stretch: ArrayLike = 1.0,
) -> tuple[Array, Array]:
    r"""Thermal conductivity of a laser flash, and its standard deviation.

    .. math:: \kappa = \frac{D\, d\, c_p}{s}

    Parameters
    ----------
    diffusivity, density, heat_capacity : array_like
        D in m2/s, d in kg/m3 and c_p in J/(kg K), not 0.
    errors : three array_like
        Their standard deviations, each over the size of the value.
    stretch : array_like
        s, length of the sample over that at which thickness and density were taken: the square of the
        thickness enters D, and the density falls with its cube.

    Returns
    -------
    conductivity, std : ndarray
        In W/(m K); the deviation adds the three errors in squares, 0 without any.

    Notes
    -----
    W. J. Parker, R. J. Jenkins, C. P. Butler, G. L. Abbott, J. Appl. Phys. 32 (1961) 1679, doi
    10.1063/1.1728417.

    Examples
    --------
    >>> value, std = flash_conductivity(0.6e-6, 6650.0, 200.0, errors=(0.03, 0.0, 0.04))
    >>> round(float(value), 3), round(float(std), 4)  # 5 %
    (0.798, 0.0399)
    """
    value = floats(diffusivity) * floats(density) * floats(heat_capacity) / floats(stretch)
    return value, np.abs(value) * np.sqrt(sum(np.square(floats(error)) for error in errors))


def dulong_petit(atomic_molar_mass: ArrayLike) -> Array:
    """Heat capacity of Dulong and Petit, 3 R/M.

    Parameters
    ----------
    atomic_molar_mass : array_like
        M, mean molar mass of an atom in kg/mol.

    Returns
    -------
    ndarray
        In J/(kg K).

    Examples
    --------
    >>> float(dulong_petit(0.1601520))  # Bi2Te3
    155.75
    """
    return 3.0 * R / floats(atomic_molar_mass)


def debye(T: ArrayLike, debye_temperature: ArrayLike, atomic_molar_mass: ArrayLike) -> Array:
    r"""Heat capacity at constant volume of the Debye model.

    .. math:: c_v = \frac{9 R}{M} \left( \frac{T}{\theta_D} \right)^3
              \int_0^{\theta_D/T} \frac{x^4 e^x}{(e^x - 1)^2}\,\mathrm{d}x

    Parameters
    ----------
    T : array_like
        Temperature in K, above 0.
    debye_temperature : array_like
        In K.
    atomic_molar_mass : array_like
        M, mean molar mass of an atom in kg/mol.

    Returns
    -------
    ndarray
        In J/(kg K); 3 R/M far above the Debye temperature, (12 pi^4/5) (R/M) (T/theta_D)^3 far below.

    Notes
    -----
    P. Debye, Ann. Phys. 344 (1912) 789, doi 10.1002/andp.19123441404.

    Examples
    --------
    >>> debye([5.0, 300.0], 165.0, 0.160152)
    array([  0.3377, 153.4177])
    """
    X = floats(debye_temperature) / floats(T)
    return 9.0 * R / floats(atomic_molar_mass) * debye_integral(4, X) / X**3


def expansion_part(
    T: ArrayLike, *, volume_expansion: ArrayLike, bulk_modulus: ArrayLike, density: ArrayLike
) -> Array:
    r"""Heat that goes into thermal expansion, c_p - c_v.

    .. math:: c_p - c_v = \frac{\alpha_V^2 B T}{d}

    Parameters
    ----------
    T : array_like
        In K.
    volume_expansion : array_like
        alpha_V in 1/K, three times the linear expansion of an isotropic body.
    bulk_modulus : array_like
        Isothermal B in Pa.
    density : array_like
        d in kg/m3.

    Returns
    -------
    ndarray
        In J/(kg K).

    Examples
    --------
    >>> float(expansion_part(300.0, volume_expansion=6e-5, bulk_modulus=40e9, density=4000.0))
    10.8
    """
    work = np.square(volume_expansion) * floats(bulk_modulus)
    return work * floats(T) / floats(density)


def magnesium_antimonide(T: ArrayLike, atomic_molar_mass: ArrayLike) -> Array:
    r"""Heat capacity of Mg3Sb2, Mg3Bi2 and their alloys.

    .. math:: c_p = \frac{3 R}{M} (1 + 1.3 \times 10^{-4}\,T - 4 \times 10^3\,T^{-2})

    Parameters
    ----------
    T : array_like
        Temperature in K, from about 200 K to the melting point.
    atomic_molar_mass : array_like
        M, mean molar mass of an atom in kg/mol: that of the formula over its number of atoms.

    Returns
    -------
    ndarray
        In J/(kg K).

    Notes
    -----
    M. T. Agne et al., Mater. Today Phys. 6 (2018) 83, doi 10.1016/j.mtphys.2018.10.001.

    Examples
    --------
    >>> float(magnesium_antimonide(300.0, 0.316435 / 5))  # Mg3Sb2
    391.9
    """
    t = floats(T)
    return dulong_petit(atomic_molar_mass) * (1.0 + 1.3e-4 * t - 4e3 / t**2)
