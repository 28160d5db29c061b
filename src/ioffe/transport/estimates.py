"""Closed forms that need a measured number and no Fermi level: estimates, and named so."""

from __future__ import annotations

from math import pi

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import e, k_B
from ioffe.transport.single_band import transport_coefficient

__all__ = ["goldsmid_sharp_gap", "lorenz_estimate", "weighted_mobility_estimate"]


def lorenz_estimate(seebeck: ArrayLike) -> Array:
    r"""Lorenz number from the Seebeck coefficient, :math:`L = 1.5 + \exp(-|S|/116)` in 1e-8 V2/K2 and uV/K.

    Within 3.7 % of one parabolic band with acoustic phonons at every S, farther from other bands (H.-S.
    Kim, Z. M. Gibbs, Y. Tang, H. Wang, G. J. Snyder, APL Mater. 3 (2015) 041506, doi 10.1063/1.4908244).
    Metals have :data:`ioffe.base.constants.LORENZ_SOMMERFELD`.

    Parameters
    ----------
    seebeck : array_like
        In V/K.

    Returns
    -------
    ndarray
        In V2/K2.

    Examples
    --------
    >>> print(f"{lorenz_estimate(-200e-6):.4e}")
    1.6783e-08
    """
    return 1e-8 * (1.5 + np.exp(-np.abs(np.asarray(seebeck, float)) / 116e-6))


def weighted_mobility_estimate(
    seebeck: ArrayLike, electrical_conductivity: ArrayLike, temperature: ArrayLike
) -> Array:
    r"""Weighted mobility from S and sigma alone, for acoustic phonons.

    .. math::

        \mu_w = \frac{3h^3\sigma}{8\pi e(2m_ek_BT)^{3/2}}\left[
            \frac{\exp(s-2)}{1+\exp(-5(s-1))} + \frac{(3/\pi^2)\,s}{1+\exp(5(s-1))}\right],
            \qquad s = \frac{|S|}{k_B/e}

    (G. J. Snyder et al., Adv. Mater. 32 (2020) 2001537, doi 10.1002/adma.202001537). Within 3.2 % of
    :func:`ioffe.transport.quality.weighted_mobility`, which is exact, where |S| is above 20 uV/K; useless far
    below.

    Parameters
    ----------
    seebeck : array_like
        In V/K, of either sign.
    electrical_conductivity : array_like
        In S/m.
    temperature : array_like
        In K.

    Returns
    -------
    ndarray
        In m2/(V s).

    Examples
    --------
    >>> print(f"{weighted_mobility_estimate(200e-6, 1e5, 300.0) * 1e4:.1f} cm2/(V s)")
    455.4 cm2/(V s)
    """
    s = np.abs(np.asarray(seebeck, float)) * (e / k_B)
    # 1/(1 + exp(-z)), which does not overflow
    high = 0.5 * (1.0 + np.tanh(2.5 * (s - 1.0)))
    share = np.exp(s - 2.0) * high + 3.0 / pi**2 * s * (1.0 - high)
    return np.asarray(electrical_conductivity, float) * share / transport_coefficient(1.0, temperature)


def goldsmid_sharp_gap(max_seebeck: ArrayLike, temperature: ArrayLike) -> Array:
    r"""Band gap in J from the largest Seebeck coefficient, :math:`E_g = 2e|S|_\mathrm{max}T_\mathrm{max}`.

    Holds for like mobilities of electrons and holes and for gaps above some 10 k_B T (H. J. Goldsmid and J.
    W. Sharp, J. Electron. Mater. 28 (1999) 869, doi 10.1007/s11664-999-0211-y); how far it is off for
    others is in Z. M. Gibbs et al., Appl. Phys. Lett. 106 (2015) 022112, doi 10.1063/1.4905922.

    Parameters
    ----------
    max_seebeck : array_like
        Largest |S| over temperature in V/K.
    temperature : array_like
        Where it is reached, in K.

    Examples
    --------
    >>> print(f"{goldsmid_sharp_gap(220e-6, 350.0) / e:.3f} eV")
    0.154 eV
    """
    return 2.0 * e * np.abs(np.asarray(max_seebeck, float)) * np.asarray(temperature, float)
