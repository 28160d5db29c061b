r"""Fermi-Dirac integrals of any real order, their derivatives and inverses.

:math:`F_j(\eta) = \int_0^\infty x^j/(1 + e^{x-\eta})\,\mathrm{d}x` has no Gamma function in front; the
normalised integral is :math:`\mathcal F_j = F_j/\Gamma(j+1)`, for which
:math:`\mathrm{d}\mathcal F_j/\mathrm{d}\eta = \mathcal F_{j-1}` continues it to orders below -1
(J. S. Blakemore, Solid-State Electron. 25 (1982) 1067, doi 10.1016/0038-1101(82)90143-5).

Every order is a table of :math:`\mathcal F_j/\mathcal F_0`, made at first use (some 10 ms) from the integral
by the trapezoidal rule, with the closed :math:`\mathcal F_0 = \ln(1 + e^\eta)`; above 64 it is Sommerfeld's
expansion. The relative error is a few 1e-16 at every Fermi level.

A current samples the energies x = E/(k_B T) with the weight :math:`x^s(-\mathrm{d}f/\mathrm{d}x)`,
s = r + 3/2. The mean of x - eta is the Seebeck coefficient and the variance of x is the Lorenz number, in
units of k_B/e and (k_B/e)^2. In Fermi-Dirac integrals they are differences of large numbers,

.. math::

    \langle x\rangle - \eta = \frac{(s+1)F_s}{sF_{s-1}} - \eta, \qquad
    \langle x^2\rangle - \langle x\rangle^2
    = \frac{(s+2)F_{s+1}}{sF_{s-1}} - \left[\frac{(s+1)F_s}{sF_{s-1}}\right]^2,

and lose their digits in a metal; here they are tabulated themselves, to a few 1e-16 at every Fermi level.
"""

from __future__ import annotations

from functools import lru_cache
from math import gamma

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, InputError
from ioffe.base.roots import falling_root
from ioffe.base.units import floats
from ioffe.transport._quadrature import DEEP, FermiTable, deep_moments, total, window_integrals

_TABLE_STEP = 0.4


def fermi_integral(order: float, reduced_fermi_level: ArrayLike) -> Array:
    """Fermi-Dirac integral F_j without a Gamma function in front.

    Parameters
    ----------
    order : float
        j, above -1.
    reduced_fermi_level : array_like
        Fermi level from the band edge over k_B T.

    Returns
    -------
    ndarray
        In the shape of the Fermi level.

    Examples
    --------
    >>> print(f"{fermi_integral(0.5, 0.0):.12f}")  # (1 - 1/sqrt 2) zeta(3/2) Gamma(3/2)
    0.678093895153
    """
    return gamma(_above(order, -1.0) + 1.0) * normalised_fermi_integral(order, reduced_fermi_level)


def normalised_fermi_integral(order: float, reduced_fermi_level: ArrayLike) -> Array:
    """Fermi-Dirac integral over Gamma(j + 1), which tends to exp(eta) far below the band edge.

    Parameters
    ----------
    order : float
        j, above -2; below -1 it is the derivative of the next order.
    reduced_fermi_level : array_like
        Fermi level from the band edge over k_B T.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> print(f"{normalised_fermi_integral(-1.0, 2.0):.12f}")  # the Fermi function of the band edge
    0.880797077978
    """
    eta = floats(reduced_fermi_level)
    return _softplus(eta) * fermi_ratio(order, eta)


def fermi_integral_slope(order: float, reduced_fermi_level: ArrayLike) -> Array:
    """dF_j/deta = j F_(j-1), for every order above -1.

    Parameters
    ----------
    order : float
        j, above -1.
    reduced_fermi_level : array_like
        Fermi level from the band edge into the band over k_B T.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> print(f"{fermi_integral_slope(0.0, 2.0):.12f}")
    0.880797077978
    """
    return gamma(_above(order, -1.0) + 1.0) * normalised_fermi_integral(order - 1.0, reduced_fermi_level)


def inverse_fermi_integral(order: float, value: ArrayLike) -> Array:
    """Fermi level at which F_j has a value.

    Parameters
    ----------
    order : float
        j, above -1.
    value : array_like
        Value of F_j, without a Gamma function in front.

    Returns
    -------
    ndarray
        Reduced Fermi level; -inf at 0, NaN for a negative value.

    Examples
    --------
    >>> print(f"{inverse_fermi_integral(0.5, fermi_integral(0.5, 3.0)):.12f}")
    3.000000000000
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        target = np.log(floats(value) / gamma(_above(order, -1.0) + 1.0))

    def function(eta: Array) -> tuple[Array, Array]:
        # ln F is concave: from any start Newton's second iterate lies below the root, and then it climbs
        slope = fermi_ratio(order - 1.0, eta) / fermi_ratio(order, eta)
        return target - log_normalised_fermi_integral(order, eta), -slope

    levels, logarithms, slopes = _inverse_knots(order)
    inside = (target > logarithms[0]) & (target < logarithms[-1])
    held = np.where(inside, target, 0.0)
    k = np.searchsorted(logarithms, held) - 1
    width, rise = logarithms[k + 1] - logarithms[k], levels[k + 1] - levels[k]
    t = (held - logarithms[k]) / width
    bend = (1.0 - t) * (width * slopes[k] - rise) - t * (width * slopes[k + 1] - rise)
    near = levels[k] + t * rise + t * (1.0 - t) * bend
    return falling_root(function, np.where(inside, near, rough_inverse(order, value)))


@lru_cache(maxsize=32)
def _inverse_knots(order: float) -> tuple[Array, Array, Array]:
    """Fermi levels, ln F and d eta/d ln F, so close that Newton's first step from the cubic is the last."""
    eta = np.linspace(-16.0, DEEP, 1281)
    slopes = fermi_ratio(order, eta) / fermi_ratio(order - 1.0, eta)
    return eta, log_normalised_fermi_integral(order, eta), slopes


def rough_inverse(order: float, value: ArrayLike) -> Array:
    """Fermi level of F_j from its limits far below and far above the band edge, to begin a search with.

    Parameters
    ----------
    order : float
        j, above -1.
    value : array_like
        Of F_j.

    Returns
    -------
    ndarray
    """
    wanted = floats(value) / gamma(order + 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        target = np.log(wanted)
        deep = (wanted * gamma(order + 2.0)) ** (1.0 / (order + 1.0))
    return np.where(target > 1.0, deep, target)


def log_normalised_fermi_integral(order: float, reduced_fermi_level: ArrayLike) -> Array:
    """Logarithm of the normalised integral, which does not underflow: eta far below the band edge.

    Parameters
    ----------
    order : float
        j, above -1.
    reduced_fermi_level : array_like
        Fermi level from the band edge into the band over k_B T.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> print(log_normalised_fermi_integral(0.5, -2000.0))
    -2000.0
    """
    eta = floats(reduced_fermi_level)
    # ln(1 + exp(eta)) is exp(eta) to the last digit below -40
    logarithm = np.where(eta < -40.0, eta, np.log(_softplus(np.maximum(eta, -40.0))))
    return logarithm + np.log(fermi_ratio(order, eta))


def fermi_ratio(order: float, eta: Array) -> Array:
    """Normalised integral of an order over that of order 0: 1 far below the edge, a power far above.

    Parameters
    ----------
    order : float
        j, above -2.
    eta : array_like
        Reduced Fermi level.

    Returns
    -------
    ndarray
    """
    return np.ones_like(eta) if order == 0.0 else _ratio_table(_above(order, -2.0))(eta)


@lru_cache(maxsize=128)
def _ratio_table(order: float) -> FermiTable:
    """Integration by parts gives int x^(j+1) (-df/dx) dx/Gamma(j + 2), which holds down to order -2."""
    power, scale = order + 1.0, gamma(order + 2.0)

    def inside(eta: Array) -> Array:
        (whole,) = window_integrals(
            lambda x, weight, _: (total(weight, x**power),), eta, lowest_power=power, step=_TABLE_STEP
        )
        return whole * np.exp(np.minimum(eta, 0.0)) / (scale * _softplus(eta))

    def above(eta: Array) -> Array:
        return eta**order * deep_moments(power, eta)[0] / scale

    return FermiTable(inside, np.ones_like, above)


def _softplus(eta: Array) -> Array:
    """F_0 = ln(1 + exp(eta)), to rounding everywhere."""
    return np.maximum(eta, 0.0) + np.log1p(np.exp(-np.abs(eta)))


def _above(order: float, limit: float, name: str = "order") -> float:
    if not order > limit:
        expected = f"{'an' if name == 'order' else 'a'} {name} above {limit:g} is expected"
        raise InputError(Fault(name, order, expected, "the integral diverges"))
    return float(order)


def energy_excess(power: float, reduced_fermi_level: ArrayLike) -> Array:
    """Mean transported energy above the Fermi level, <x> - eta.

    Parameters
    ----------
    power : float
        s = r + 3/2, above -1.
    reduced_fermi_level : array_like

    Returns
    -------
    ndarray

    Examples
    --------
    >>> print(f"{energy_excess(1.0, 0.0):.8f}")
    2.37313822
    """
    return _average_table(_above(power, -1.0, "power"), _EXCESS)(reduced_fermi_level)


def energy_variance(power: float, reduced_fermi_level: ArrayLike) -> Array:
    """Variance of the transported energy: s + 1 far below the band edge, pi^2/3 in a metal.

    Parameters
    ----------
    power : float
        s = r + 3/2, above -1.
    reduced_fermi_level : array_like
        Fermi level from the band edge into the band over k_B T.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> print(f"{energy_variance(1.0, 0.0):.8f}")
    2.17212188
    """
    return _average_table(_above(power, -1.0, "power"), _VARIANCE)(reduced_fermi_level)


def energy_excess_slope(power: float, reduced_fermi_level: ArrayLike) -> Array:
    """Derivative of the excess by the Fermi level, from -1 far below the band edge to 0; to about 1e-13.

    Parameters
    ----------
    power : float
        s = r + 3/2, above -1.
    reduced_fermi_level : array_like
        Fermi level from the band edge into the band over k_B T.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> print(f"{energy_excess_slope(1.0, 0.0):.8f}")
    -0.71185737
    """
    return _slope(power, reduced_fermi_level, _EXCESS)


def energy_variance_slope(power: float, reduced_fermi_level: ArrayLike) -> Array:
    """Derivative of the variance by the Fermi level, 0 far below and far above the band edge; to about 1e-13.

    Parameters
    ----------
    power : float
        s = r + 3/2, above -1.
    reduced_fermi_level : array_like
        Fermi level from the band edge into the band over k_B T.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> print(f"{energy_variance_slope(1.0, 0.0):.8f}")
    0.12248120
    """
    return _slope(power, reduced_fermi_level, _VARIANCE)


_EXCESS, _VARIANCE = 0, 1
"""Index of the excess and of the variance in what the functions below return."""


@lru_cache(maxsize=128)
def _average_table(power: float, which: int) -> FermiTable:
    """Excess or variance; far below the band edge the energy is that of a gas, s + 1 from the edge."""

    def inside(eta: Array) -> Array:
        return _averages(power, eta)[which]

    def below(eta: Array) -> Array:
        return power + 1.0 - (eta if which == _EXCESS else np.zeros_like(eta))

    def above(eta: Array) -> Array:
        whole, first, second = deep_moments(power, eta)
        return first / whole if which == _EXCESS else second / whole - (first / whole) ** 2

    return FermiTable(inside, below, above)


def _averages(power: float, eta: Array) -> tuple[Array, ...]:
    """Mean of x - eta and variance of x by the trapezoidal rule, as sums of positive terms."""

    def integrals(x: Array, weight: Array, level: Array) -> tuple[Array, ...]:
        share = weight * x**power
        share = share / share.sum(-1, keepdims=True)
        excess = (share * (x - level)).sum(-1)
        return excess, (share * (x - level - excess[:, None]) ** 2).sum(-1)

    return window_integrals(integrals, eta, lowest_power=power, step=_TABLE_STEP)


def _slope(power: float, level: ArrayLike, which: int) -> Array:
    """Slopes of the tables, and above them those of Sommerfeld's expansion."""
    eta = floats(level)
    found, deep = _average_table(_above(power, -1.0, "power"), which).slope(eta), eta > DEEP
    if np.any(deep):
        found = np.array(found)
        found[deep] = _deep_slopes(power, eta[deep])[which]
    return found


def _deep_slopes(power: float, eta: Array) -> tuple[Array, Array]:
    """Slopes of excess and variance; an integral of x^power changes by power times that of x^(power - 1)."""
    whole, first, second = deep_moments(power, eta)
    growth, first_growth, second_growth = (power / eta * part for part in deep_moments(power - 1.0, eta))
    excess_slope = (first_growth - first / whole * growth) / whole
    spread_slope = (second_growth - second / whole * growth) / whole
    return excess_slope, spread_slope - 2.0 * first / whole * excess_slope
