r"""Fermi-Dirac integrals of any real order, their derivatives and inverses.

:math:`F_j(\eta) = \int_0^\infty x^j/(1 + e^{x-\eta})\,\mathrm{d}x` has no Gamma function in front; the
normalised integral is :math:`\mathcal F_j = F_j/\Gamma(j+1)`, for which
:math:`\mathrm{d}\mathcal F_j/\mathrm{d}\eta = \mathcal F_{j-1}` continues it to orders below -1
(J. S. Blakemore, Solid-State Electron. 25 (1982) 1067, doi 10.1016/0038-1101(82)90143-5).

Every order is a table of :math:`\mathcal F_j/\mathcal F_0`, made at first use (some 10 ms) from the integral
by the trapezoidal rule, with the closed :math:`\mathcal F_0 = \ln(1 + e^\eta)`; above 64 it is Sommerfeld's
expansion. The relative error is a few 1e-16 at every Fermi level.
"""

from __future__ import annotations

from functools import lru_cache
from math import gamma

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, InputError
from ioffe.base.roots import falling_root
from ioffe.transport._sommerfeld import deep_moments
from ioffe.transport._table import FermiTable
from ioffe.transport._window import total, window_integrals

__all__ = [
    "fermi_integral",
    "fermi_integral_slope",
    "inverse_fermi_integral",
    "log_normalised_fermi_integral",
    "normalised_fermi_integral",
]

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

    Examples
    --------
    >>> print(f"{normalised_fermi_integral(-1.0, 2.0):.12f}")  # the Fermi function of the band edge
    0.880797077978
    """
    eta = np.asarray(reduced_fermi_level, float)
    return _softplus(eta) * fermi_ratio(order, eta)


def fermi_integral_slope(order: float, reduced_fermi_level: ArrayLike) -> Array:
    """dF_j/deta = j F_(j-1), for every order above -1.

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
        target = np.log(np.asarray(value, float) / gamma(_above(order, -1.0) + 1.0))

    def function(eta: Array) -> tuple[Array, Array]:
        # ln F is concave: from any start Newton's second iterate lies below the root, and then it climbs
        slope = fermi_ratio(order - 1.0, eta) / fermi_ratio(order, eta)
        return target - log_normalised_fermi_integral(order, eta), -slope

    return falling_root(function, rough_inverse(order, value))


def rough_inverse(order: float, value: ArrayLike) -> Array:
    """Fermi level of F_j from its limits far below and far above the band edge, to begin a search with."""
    wanted = np.asarray(value, float) / gamma(order + 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        target = np.log(wanted)
        deep = (wanted * gamma(order + 2.0)) ** (1.0 / (order + 1.0))
    return np.where(target > 1.0, deep, target)


def log_normalised_fermi_integral(order: float, reduced_fermi_level: ArrayLike) -> Array:
    """Logarithm of the normalised integral, which does not underflow: eta far below the band edge.

    Examples
    --------
    >>> print(log_normalised_fermi_integral(0.5, -2000.0))
    -2000.0
    """
    eta = np.asarray(reduced_fermi_level, float)
    # ln(1 + exp(eta)) is exp(eta) to the last digit below -40
    logarithm = np.where(eta < -40.0, eta, np.log(_softplus(np.maximum(eta, -40.0))))
    return logarithm + np.log(fermi_ratio(order, eta))


def fermi_ratio(order: float, eta: Array) -> Array:
    """Normalised integral of an order over that of order 0: 1 far below the edge, a power far above."""
    return np.ones_like(eta) if order == 0.0 else _ratio_table(float(_above(order, -2.0)))(eta)


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


def _above(order: float, limit: float) -> float:
    if not order > limit:
        raise InputError(
            Fault("order", order, f"an order above {limit:g} is expected", "the integral diverges")
        )
    return order
