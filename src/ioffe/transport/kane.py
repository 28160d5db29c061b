r"""Generalised Fermi integrals of a Kane band.

.. math::

    {}^nF_k^m(\eta, \alpha) = \int_0^\infty \left(-\frac{\mathrm{d}f}{\mathrm{d}x}\right)
        x^n(x + \alpha x^2)^m\left[(1 + 2\alpha x)^2 + 2\right]^{k/2}\mathrm{d}x, \qquad \alpha = k_BT/E_g

(Yu. I. Ravich, B. A. Efimova, I. A. Smirnov, Semiconducting Lead Chalcogenides (Plenum, New York 1970)). At
alpha = 0 they are (n + m) 3^(k/2) F_(n+m-1), of which the acoustic transport of a parabolic band consists.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.errors import Fault, InputError
from ioffe.transport._arrays import Array
from ioffe.transport._window import KANE_STEP, total, window_integrals

__all__ = ["kane_integral", "kane_integral_slope"]


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

    Examples
    --------
    >>> print(f"{kane_integral(0, 1, -2, 0.0, 0.0):.10f}")  # ln(2)/3
    0.2310490602
    >>> print(f"{kane_integral(0, 1.5, 0, 1.0, 0.1):.10f}")
    3.1860180244
    """
    eta, alpha, lowest = _checked(energy_power, momentum_power, reduced_fermi_level, nonparabolicity)

    def integrals(x: Array, weight: Array, _: Array, bend: Array) -> tuple[Array, ...]:
        return (total(weight, _integrand(energy_power, momentum_power, mass_power, x, bend)),)

    (found,) = window_integrals(integrals, eta, alpha, lowest_power=lowest, step=KANE_STEP)
    return found * np.exp(np.minimum(eta, 0.0))


def kane_integral_slope(
    energy_power: float,
    momentum_power: float,
    mass_power: float,
    reduced_fermi_level: ArrayLike,
    nonparabolicity: ArrayLike,
) -> Array:
    """Derivative of :func:`kane_integral` by the Fermi level.

    Examples
    --------
    >>> print(f"{kane_integral_slope(0, 1, -2, 0.0, 0.0):.10f}")  # 1/6
    0.1666666667
    """
    eta, alpha, lowest = _checked(energy_power, momentum_power, reduced_fermi_level, nonparabolicity)

    def integrals(x: Array, weight: Array, level: Array, bend: Array) -> tuple[Array, ...]:
        # the window's derivative by eta is the window times 1 - 2 f
        tilt = np.tanh(0.5 * (x - level))
        return (total(weight * tilt, _integrand(energy_power, momentum_power, mass_power, x, bend)),)

    (found,) = window_integrals(integrals, eta, alpha, lowest_power=lowest, step=KANE_STEP)
    return found * np.exp(np.minimum(eta, 0.0))


def _integrand(n: float, m: float, k: float, x: Array, alpha: Array) -> Array:
    bend = 1.0 + alpha * x
    return x ** (n + m) * bend**m * ((2.0 * bend - 1.0) ** 2 + 2.0) ** (k / 2.0)


def _checked(n: float, m: float, eta: ArrayLike, alpha: ArrayLike) -> tuple[Array, Array, float]:
    if not n + m > -1.0:
        raise InputError(Fault("momentum_power", m, "n + m above -1 is expected", "the integral diverges"))
    bend = np.asarray(alpha, float)
    if np.any(bend < 0.0):
        expected = "alpha = k_B T/E_g from 0 on is expected"
        raise InputError(Fault("nonparabolicity", float(bend.min()), expected))
    return np.asarray(eta, float), bend, n + m
