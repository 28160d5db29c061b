"""Grain boundaries that carriers have to cross: a resistance in series with the grains."""

from __future__ import annotations

from math import pi

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.constants import e, k_B, m_e

__all__ = ["boundary_conductivity", "boundary_mobility", "series_conductivity"]


def series_conductivity(
    grain_conductivity: ArrayLike, boundary_conductivity: ArrayLike, boundary_share: ArrayLike
) -> Array:
    r"""Conductivity of grains and their boundaries in series, in S/m.

    .. math:: \frac1\sigma = \frac{1-t}{\sigma_\mathrm{grain}} + \frac{t}{\sigma_\mathrm{gb}}

    (J. J. Kuo et al., Energy Environ. Sci. 11 (2018) 429, doi 10.1039/C7EE03326E).

    Parameters
    ----------
    grain_conductivity, boundary_conductivity : array_like
        In S/m.
    boundary_share : array_like
        t, the share of the length that lies in boundaries: their thickness over the grain size.

    Examples
    --------
    >>> print(f"{series_conductivity(5e4, 50.0, 1e-3):.0f} S/m")
    25013 S/m
    """
    t = np.asarray(boundary_share, float)
    grains = (1.0 - t) / np.asarray(grain_conductivity, float)
    return 1.0 / (grains + t / np.asarray(boundary_conductivity, float))


def boundary_conductivity(limit: ArrayLike, barrier: ArrayLike, temperature: ArrayLike) -> Array:
    r"""Conductivity of a boundary with a barrier, :math:`\sigma_\mathrm{gb} = \sigma_\infty\exp(-E_b/k_BT)`.

    Parameters
    ----------
    limit : array_like
        Conductivity without the barrier, in S/m.
    barrier : array_like
        E_b in J.
    temperature : array_like
        In K.

    Examples
    --------
    >>> print(f"{boundary_conductivity(5e4, 0.1 * e, 300.0):.1f} S/m")
    1044.8 S/m
    """
    exponent = -np.asarray(barrier, float) / (k_B * np.asarray(temperature, float))
    return np.asarray(limit, float) * np.exp(exponent)


def boundary_mobility(
    grain_size: ArrayLike, barrier: ArrayLike, temperature: ArrayLike, inertial_mass: ArrayLike = 1.0
) -> Array:
    r"""Mobility limited by thermionic emission over the barriers of grain boundaries, in m2/(V s).

    .. math:: \mu_\mathrm{gb} = \frac{e d}{\sqrt{2\pi m_Ik_BT}}\exp\left(-\frac{E_b}{k_BT}\right)

    for non-degenerate carriers (J. Y. W. Seto, J. Appl. Phys. 46 (1975) 5247, doi 10.1063/1.321593).

    Parameters
    ----------
    grain_size : array_like
        d in m.
    barrier : array_like
        E_b in J, from the band edge inside the grains.
    temperature : array_like
        In K.
    inertial_mass : array_like
        m_I over the electron mass.

    Examples
    --------
    >>> print(f"{boundary_mobility(1e-6, 0.1 * e, 300.0, 0.5) * 1e4:.1f} cm2/(V s)")
    307.5 cm2/(V s)
    """
    T = np.asarray(temperature, float)
    momentum = np.sqrt(2.0 * pi * np.asarray(inertial_mass, float) * m_e * k_B * T)
    return e * np.asarray(grain_size, float) / momentum * np.exp(-np.asarray(barrier, float) / (k_B * T))
