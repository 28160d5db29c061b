r"""Generalised Fermi integrals of a Kane band.

.. math::

    {}^nF_k^m(\eta, \alpha) = \int_0^\infty \left(-\frac{\mathrm{d}f}{\mathrm{d}x}\right)
        x^n(x + \alpha x^2)^m\left[(1 + 2\alpha x)^2 + 2\right]^{k/2}\mathrm{d}x, \qquad \alpha = k_BT/E_g

(Yu. I. Ravich, B. A. Efimova, I. A. Smirnov, Semiconducting Lead Chalcogenides (Plenum, New York 1970)). At
alpha = 0 they are (n + m) 3^(k/2) F_(n+m-1), of which the acoustic transport of a parabolic band consists.
"""

from __future__ import annotations

from math import pi

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import h, k_B, m_e
from ioffe.base.errors import Fault, InputError
from ioffe.base.units import floats
from ioffe.transport._quadrature import KANE_STEP, total, window_integrals


def kane_integral(
    energy_power: float,
    momentum_power: float,
    mass_power: float,
    reduced_fermi_level: ArrayLike,
    nonparabolicity: ArrayLike,
) -> Array:
    """The integral nF_k^m, to about 1e-14 at every Fermi level and every non-negative alpha.

    Parameters
    ----------
    energy_power : float
        n.
    momentum_power : float
        m; n + m above -1.
    mass_power : float
        k.
    reduced_fermi_level : array_like
        eta, from the band edge into the band.
    nonparabolicity : array_like
        alpha = k_B T/E_g, from 0 on.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> print(f"{kane_integral(0, 1, -2, 0.0, 0.0):.10f}")  # ln(2)/3
    0.2310490602
    >>> print(f"{kane_integral(0, 1.5, 0, 1.0, 0.1):.10f}")
    3.1860180244
    """
    powers = energy_power, momentum_power, mass_power
    return _integral(powers, reduced_fermi_level, nonparabolicity, slope=False)


def kane_integral_slope(
    energy_power: float,
    momentum_power: float,
    mass_power: float,
    reduced_fermi_level: ArrayLike,
    nonparabolicity: ArrayLike,
) -> Array:
    """Derivative of :func:`kane_integral` by the Fermi level.

    Parameters
    ----------
    energy_power : float
        n.
    momentum_power : float
        m; n + m above -1.
    mass_power : float
        k.
    reduced_fermi_level : array_like
        Fermi level from the band edge into the band over k_B T.
    nonparabolicity : array_like
        alpha = k_B T/E_g, from 0 on.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> print(f"{kane_integral_slope(0, 1, -2, 0.0, 0.0):.10f}")  # 1/6
    0.1666666667
    """
    powers = energy_power, momentum_power, mass_power
    return _integral(powers, reduced_fermi_level, nonparabolicity, slope=True)


def density_integrals(reduced_fermi_level: ArrayLike, nonparabolicity: ArrayLike) -> tuple[Array, Array]:
    r"""Filling of a band: the logarithm of its carrier density over the thermal density, and the derivative.

    .. math:: \ln\frac{n}{C} = \ln \frac23\int_0^\infty (x + \alpha x^2)^{3/2}
              \left(-\frac{\mathrm{d}f}{\mathrm{d}x}\right)\mathrm{d}x

    Parameters
    ----------
    reduced_fermi_level : array_like
        eta.
    nonparabolicity : array_like
        alpha = k_B T/E_g, from 0 on.

    Returns
    -------
    logarithm, slope : ndarray
        ln(n/C), C the `thermal_density`, and its derivative by eta.
    """

    def integrals(x: Array, weight: Array, _: Array, alpha: Array) -> tuple[Array, ...]:
        y = x * (1.0 + alpha * x)
        root = np.sqrt(y)
        whole = total(weight, y * root)
        # by parts the window's derivative becomes that of k^3
        return whole, total(weight, 1.5 * root * (1.0 + 2.0 * alpha * x)) / whole

    eta = floats(reduced_fermi_level)
    whole, slope = window_integrals(integrals, eta, nonparabolicity, step=KANE_STEP)
    return np.log(whole / 1.5) + np.minimum(eta, 0.0), slope


def thermal_density(temperature: ArrayLike, effective_mass: ArrayLike) -> Array:
    r"""Density 4 pi (2 m_d k_B T/h^2)^(3/2) in 1/m3, of which a band holds F_1/2.

    Parameters
    ----------
    temperature : array_like
        In K.
    effective_mass : array_like
        m_d over the electron mass.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> print(f"{thermal_density(300.0, 1.0):.5e}")
    2.83157e+25
    """
    mass = floats(effective_mass) * m_e
    return 4.0 * pi * (2.0 * mass * k_B * floats(temperature) / h**2) ** 1.5


def _integral(powers: tuple[float, float, float], level: ArrayLike, alpha: ArrayLike, slope: bool) -> Array:
    """The integral, or its derivative by eta: that of the window is the window times 1 - 2 f."""
    n, m, k = powers
    if not n + m > -1.0:
        raise InputError(Fault("momentum_power", m, "n + m above -1 is expected", "the integral diverges"))
    eta, nonparabolicity = floats(level), floats(alpha)
    if np.any(nonparabolicity < 0.0):
        expected = "alpha = k_B T/E_g from 0 on is expected"
        raise InputError(Fault("nonparabolicity", float(nonparabolicity.min()), expected))

    def integrals(x: Array, weight: Array, eta: Array, alpha: Array) -> tuple[Array, ...]:
        tilt, bend = np.tanh(0.5 * (x - eta)) if slope else 1.0, 1.0 + alpha * x
        return (total(weight * tilt, x ** (n + m) * bend**m * ((2.0 * bend - 1.0) ** 2 + 2.0) ** (k / 2.0)),)

    (found,) = window_integrals(integrals, eta, nonparabolicity, lowest_power=n + m, step=KANE_STEP)
    return found * np.exp(np.minimum(eta, 0.0))
