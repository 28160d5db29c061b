"""Figures of merit of a material, and of a device from its efficiency or its temperature difference.

Those that are integrals over the temperature are in :mod:`ioffe.transport.engineering`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.units import floats


def power_factor(seebeck: ArrayLike, electrical_conductivity: ArrayLike) -> Array:
    """Power factor S^2 sigma in W/(m K2).

    Parameters
    ----------
    seebeck : array_like
        In V/K.
    electrical_conductivity : array_like
        In S/m.

    Returns
    -------
    ndarray
        In W/(m K2).

    Examples
    --------
    >>> print(f"{power_factor(200e-6, 1e5) * 1e4:.3g} uW/(cm K2)")
    40 uW/(cm K2)
    """
    return floats(seebeck) ** 2 * floats(electrical_conductivity)


def zT(
    seebeck: ArrayLike,
    electrical_conductivity: ArrayLike,
    thermal_conductivity: ArrayLike,
    temperature: ArrayLike,
) -> Array:
    """Figure of merit of a material, zT = S^2 sigma T/kappa.

    Parameters
    ----------
    seebeck : array_like
        In V/K.
    electrical_conductivity : array_like
        In S/m.
    thermal_conductivity : array_like
        In W/(m K).
    temperature : array_like
        In K.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> print(f"{zT(200e-6, 1e5, 1.5, 300.0):.3f}")
    0.800
    """
    factor = power_factor(seebeck, electrical_conductivity)
    return factor * floats(temperature) / floats(thermal_conductivity)


def zT_with_contacts(
    zT: ArrayLike, electrical_conductivity: ArrayLike, length: ArrayLike, contact_resistivity: ArrayLike
) -> Array:
    r"""Figure of merit that a leg with contacts keeps, :math:`zT\,L/(L + 2\rho_c\sigma)`.

    Parameters
    ----------
    zT : array_like
        Of the material.
    electrical_conductivity : array_like
        In S/m.
    length : array_like
        Of the leg, in m.
    contact_resistivity : array_like
        rho_c of either end in ohm m2.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> print(f"{zT_with_contacts(1.0, 5e4, 2e-3, 10e-10):.4f}")  # 10 uohm cm2
    0.9524
    """
    L = floats(length)
    contacts = 2.0 * floats(contact_resistivity) * floats(electrical_conductivity)
    return floats(zT) * L / (L + contacts)


def reduced_efficiency(zT: ArrayLike) -> Array:
    r"""Largest reduced efficiency of a material, :math:`(\sqrt{1 + zT} - 1)/(\sqrt{1 + zT} + 1)`.

    The share of Carnot's efficiency that a thin slice of it reaches at its best current (G. J. Snyder and
    T. S. Ursell, Phys. Rev. Lett. 91 (2003) 148301, doi 10.1103/PhysRevLett.91.148301).

    Parameters
    ----------
    zT : array_like
        Figure of merit of the material.

    Returns
    -------
    ndarray
        From 0 to 1.

    Examples
    --------
    >>> print(f"{reduced_efficiency(1.0):.4f}")
    0.1716
    """
    merit = floats(zT)
    return merit / (np.sqrt(1.0 + merit) + 1.0) ** 2


def compatibility_factor(seebeck: ArrayLike, zT: ArrayLike, temperature: ArrayLike) -> Array:
    r"""Compatibility factor :math:`s = (\sqrt{1 + zT} - 1)/(ST)` in 1/V, with the sign of S.

    The reduced current density at which a material is most efficient; segments of a leg should not differ
    by more than a factor of about two (G. J. Snyder and T. S. Ursell, Phys. Rev. Lett. 91 (2003) 148301,
    doi 10.1103/PhysRevLett.91.148301).

    Parameters
    ----------
    seebeck : array_like
        In V/K.
    zT : array_like
        Figure of merit of the material.
    temperature : array_like
        In K.

    Returns
    -------
    ndarray
        In 1/V.

    Examples
    --------
    >>> print(f"{compatibility_factor(200e-6, 1.0, 500.0):.4f} 1/V")
    4.1421 1/V
    """
    merit = floats(zT)
    # sqrt(1 + zT) - 1 without cancellation
    rise = merit / (np.sqrt(1.0 + merit) + 1.0)
    return rise / (floats(seebeck) * floats(temperature))


def constant_property_efficiency(ZT: ArrayLike, T_hot: ArrayLike, T_cold: ArrayLike) -> Array:
    r"""Largest efficiency of a generator whose properties do not depend on temperature.

    .. math::

        \eta = \frac{T_\mathrm{h} - T_\mathrm{c}}{T_\mathrm{h}}\,
               \frac{\sqrt{1 + ZT} - 1}{\sqrt{1 + ZT} + T_\mathrm{c}/T_\mathrm{h}}

    Parameters
    ----------
    ZT : array_like
        Z times the mean temperature.
    T_hot, T_cold : array_like
        In K.

    Returns
    -------
    ndarray
        Share of the heat, 0 to 1.

    Examples
    --------
    >>> print(f"{constant_property_efficiency(1.0, 500.0, 300.0):.6f}")
    0.082258
    """
    hot, cold, merit = (floats(a) for a in (T_hot, T_cold, ZT))
    root = np.sqrt(1.0 + merit)
    return (hot - cold) / hot * (merit / (root + 1.0)) / (root + cold / hot)


def device_ZT(efficiency: ArrayLike, T_hot: ArrayLike, T_cold: ArrayLike) -> Array:
    r"""Figure of merit of a device that has a largest efficiency; inverse of constant properties.

    .. math::

        ZT_\mathrm{dev} = \left[\frac{T_\mathrm{h} - T_\mathrm{c}(1-\eta)}
                          {T_\mathrm{h}(1-\eta) - T_\mathrm{c}}\right]^2 - 1

    (G. J. Snyder and A. H. Snyder, Energy Environ. Sci. 10 (2017) 2280, doi 10.1039/C7EE02007D).

    Parameters
    ----------
    efficiency : array_like
        Largest efficiency, below that of Carnot.
    T_hot, T_cold : array_like
        In K.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> print(f"{device_ZT(constant_property_efficiency(1.0, 500.0, 300.0), 500.0, 300.0):.6f}")
    1.000000
    """
    hot, cold, eta = (floats(a) for a in (T_hot, T_cold, efficiency))
    lower = hot * (1.0 - eta) - cold
    # the square less one, as (a - b)(a + b)/b^2: no cancellation at a small efficiency
    difference, total = eta * (hot + cold), (hot - cold) * (2.0 - eta)
    return difference * total / lower**2


def kim_efficiency(
    engineering_ZT: ArrayLike,
    seebeck_hot: ArrayLike,
    seebeck_integral: ArrayLike,
    T_cold: ArrayLike,
    T_hot: ArrayLike,
) -> Array:
    r"""Estimate of the largest efficiency from the engineering ZT; never the answer of a device.

    .. math::

        \eta = \eta_C\,\frac{q - 1}{a(q + 1) - \eta_C},\quad
        q = \sqrt{1 + (ZT)_\mathrm{eng}\left(\frac{a}{\eta_C} - \frac12\right)},\quad
        a = \frac{S(T_\mathrm{h})\,\Delta T}{\int S\,\mathrm{d}T}

    (H. S. Kim, W. Liu, G. Chen, C.-W. Chu, Z. Ren, Proc. Natl. Acad. Sci. 112 (2015) 8205, doi
    10.1073/pnas.1510231112, with half of the Joule heat to each side). It is that of constant properties
    where S is constant, and undefined where int S dT is 0.

    Parameters
    ----------
    engineering_ZT : array_like
    seebeck_hot : array_like
        S at T_hot in V/K.
    seebeck_integral : array_like
        int S dT in V.
    T_cold, T_hot : array_like
        In K.

    Returns
    -------
    ndarray
        Share of the heat, 0 to 1.

    Examples
    --------
    >>> print(f"{kim_efficiency(0.5, 200e-6, 200e-6 * 200, 300.0, 500.0):.6f}")  # Z = 0.5/200 K
    0.082258
    """
    hot, cold = floats(T_hot), floats(T_cold)
    carnot = (hot - cold) / hot
    a = floats(seebeck_hot) * (hot - cold) / floats(seebeck_integral)
    rise = floats(engineering_ZT) * (a / carnot - 0.5)
    q = np.sqrt(1.0 + rise)
    return carnot * (rise / (q + 1.0)) / (a * (q + 1.0) - carnot)


def delta_T_max(Z: ArrayLike, T_cold: ArrayLike) -> Array:
    r"""Largest temperature difference of a cooler with constant properties, :math:`ZT_\mathrm{c}^2/2`, in K.

    Parameters
    ----------
    Z : array_like
        In 1/K.
    T_cold : array_like
        Temperature of the cold side at that difference, in K.

    Returns
    -------
    ndarray
        In K.

    Examples
    --------
    >>> print(f"{delta_T_max(2.5e-3, 233.0):.2f} K")
    67.86 K
    """
    return 0.5 * floats(Z) * floats(T_cold) ** 2


def device_Z(delta_T_max: ArrayLike, T_cold: ArrayLike) -> Array:
    r"""Z of a cooler from its largest temperature difference, :math:`2\Delta T_\mathrm{max}/T_\mathrm{c}^2`.

    In 1/K; the inverse of :func:`delta_T_max`.

    Parameters
    ----------
    delta_T_max : array_like
        Largest temperature difference in K.
    T_cold : array_like
        In K.

    Returns
    -------
    ndarray
        In 1/K.

    Examples
    --------
    >>> print(f"{device_Z(59.0, 300.0 - 59.0):.3e} 1/K")
    2.032e-03 1/K
    """
    return 2.0 * floats(delta_T_max) / floats(T_cold) ** 2
