"""Charge neutrality: the Fermi energy of doped bands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.constants import k_B
from ioffe.transport._arrays import Array
from ioffe.transport._band_state import log_density
from ioffe.transport._newton import guarded_newton
from ioffe.transport.bands import Band, some_bands, value_at
from ioffe.transport.fermi import rough_inverse
from ioffe.transport.single_band import thermal_density

__all__ = ["neutral_fermi_energy"]


def neutral_fermi_energy(bands: Sequence[Band], net_doping: ArrayLike, temperature: ArrayLike) -> Array:
    """Fermi energy at which holes minus electrons are the net doping.

    Parameters
    ----------
    bands : sequence of Band
    net_doping : array_like
        Acceptors minus donors in 1/m3, all ionised.
    temperature : array_like
        In K.

    Returns
    -------
    ndarray
        In J, on the scale of the band edges; NaN where no Fermi level is neutral, such as for electrons
        without a conduction band.

    Examples
    --------
    >>> from ioffe.base.constants import e
    >>> from ioffe.transport.bands import Mechanism
    >>> acoustic = (Mechanism.power_law(60e-4, -1.5),)
    >>> bands = Band("p", acoustic), Band("n", acoustic, edge=0.15 * e)
    >>> print(f"{neutral_fermi_energy(bands, 0.0, 300.0) / e:.6f} eV")
    0.075000 eV
    """
    T, doping = np.broadcast_arrays(np.asarray(temperature, float), np.asarray(net_doping, float))
    start = _start(some_bands(bands), doping, T)
    doping, T = np.broadcast_to(doping, start.shape), np.broadcast_to(T, start.shape)
    holes = [band for band in bands if band.carrier == "p"]
    electrons = [band for band in bands if band.carrier == "n"]

    def imbalance(level: Array) -> tuple[Array, Array]:
        # ln(holes + donors) - ln(electrons + acceptors): nearly straight, where the difference is exponential
        positive, rise = _log_sum(holes, np.maximum(-doping, 0.0), level * k_B * T, T)
        negative, fall = _log_sum(electrons, np.maximum(doping, 0.0), level * k_B * T, T)
        return positive - negative, -(rise + fall)

    return k_B * T * guarded_newton(imbalance, start)


def _log_sum(bands: Sequence[Band], background: Array, level: Array, T: Array) -> tuple[Array, Array]:
    """ln of the carriers of some bands and fixed charges, and its slope by the Fermi level over k_B T."""
    parts = [log_density(band, level, T) for band in bands]
    with np.errstate(divide="ignore", invalid="ignore"):
        total = np.log(background)
        for part, _ in parts:
            total = np.logaddexp(total, part)
    slopes = [np.exp(part - total) * slope for part, slope in parts]
    return total, np.sum(slopes, axis=0) if slopes else np.zeros_like(total)


def _start(bands: Sequence[Band], doping: Array, T: Array) -> Array:
    """Fermi level over k_B T if the most helpful band alone held the doping; NaN without a neutral level."""
    highest, lowest = -np.inf, np.inf
    with_holes, with_electrons = -np.inf, np.inf
    for band in bands:
        edge = value_at(band.edge, T) / (k_B * T)
        states = band.valleys * thermal_density(T, value_at(band.effective_mass, T))
        level = rough_inverse(0.5, np.abs(doping) / states)
        if band.sign > 0.0:
            highest, with_holes = np.maximum(highest, edge), np.maximum(with_holes, edge - level)
        else:
            lowest, with_electrons = np.minimum(lowest, edge), np.minimum(with_electrons, edge + level)
    doped = np.where(doping > 0.0, with_holes, with_electrons)
    with np.errstate(invalid="ignore"):
        start = np.where(doping == 0.0, 0.5 * (highest + lowest), doped)
    return np.where(np.isfinite(start), start, np.nan)
