r"""Mean and variance of the energy that carriers of a power-law band transport.

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

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, InputError
from ioffe.transport._sommerfeld import deep_moments
from ioffe.transport._table import FermiTable
from ioffe.transport._window import DEEP, window_integrals

__all__ = ["energy_excess", "energy_excess_slope", "energy_variance", "energy_variance_slope"]

_TABLE_STEP = 0.4


def energy_excess(power: float, reduced_fermi_level: ArrayLike) -> Array:
    """Mean transported energy above the Fermi level, <x> - eta.

    Parameters
    ----------
    power : float
        s = r + 3/2, above -1.
    reduced_fermi_level : array_like

    Examples
    --------
    >>> print(f"{energy_excess(1.0, 0.0):.8f}")
    2.37313822
    """
    return _excess_table(_checked(power))(reduced_fermi_level)


def energy_variance(power: float, reduced_fermi_level: ArrayLike) -> Array:
    """Variance of the transported energy: s + 1 far below the band edge, pi^2/3 in a metal.

    Examples
    --------
    >>> print(f"{energy_variance(1.0, 0.0):.8f}")
    2.17212188
    """
    return _variance_table(_checked(power))(reduced_fermi_level)


def energy_excess_slope(power: float, reduced_fermi_level: ArrayLike) -> Array:
    """Derivative of the excess by the Fermi level, from -1 far below the band edge to 0; to about 1e-13.

    Examples
    --------
    >>> print(f"{energy_excess_slope(1.0, 0.0):.8f}")
    -0.71185737
    """
    return _with_deep(_excess_table(_checked(power)).slope, 0, power, reduced_fermi_level)


def energy_variance_slope(power: float, reduced_fermi_level: ArrayLike) -> Array:
    """Derivative of the variance by the Fermi level, 0 far below and far above the band edge; to about 1e-13.

    Examples
    --------
    >>> print(f"{energy_variance_slope(1.0, 0.0):.8f}")
    0.12248120
    """
    return _with_deep(_variance_table(_checked(power)).slope, 1, power, reduced_fermi_level)


@lru_cache(maxsize=64)
def _excess_table(power: float) -> FermiTable:
    def inside(eta: Array) -> Array:
        return _averages(power, eta)[0]

    return FermiTable(inside, lambda eta: power + 1.0 - eta, lambda eta: _deep_excess(power, eta))


@lru_cache(maxsize=64)
def _variance_table(power: float) -> FermiTable:
    def inside(eta: Array) -> Array:
        return _averages(power, eta)[1]

    def above(eta: Array) -> Array:
        whole, _, second = deep_moments(power, eta)
        return second / whole - _deep_excess(power, eta) ** 2

    return FermiTable(inside, lambda eta: np.full_like(eta, power + 1.0), above)


def _averages(power: float, eta: Array) -> tuple[Array, ...]:
    """Mean of x - eta and variance of x by the trapezoidal rule, as sums of positive terms."""

    def integrals(x: Array, weight: Array, level: Array) -> tuple[Array, ...]:
        share = weight * x**power
        share = share / share.sum(-1, keepdims=True)
        excess = (share * (x - level)).sum(-1)
        return excess, (share * (x - level - excess[:, None]) ** 2).sum(-1)

    return window_integrals(integrals, eta, lowest_power=power, step=_TABLE_STEP)


def _deep_excess(power: float, eta: Array) -> Array:
    whole, first, _ = deep_moments(power, eta)
    return first / whole


def _with_deep(inside: Callable[[Array], Array], which: int, power: float, level: ArrayLike) -> Array:
    """Slopes of the tables, and above them those of Sommerfeld's expansion."""
    eta = np.asarray(level, float)
    found, deep = inside(eta), eta > DEEP
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


def _checked(power: float) -> float:
    if not power > -1.0:
        raise InputError(Fault("power", power, "a power above -1 is expected", "the integral diverges"))
    return float(power)
