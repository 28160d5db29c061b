"""Doping against the depth below a contact: uniform, a box, an exponential or an error-function layer.

A layer that is more doped than the bulk is what diffusion across a junction leaves behind. Depth 0 is the
metal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, InputError
from ioffe.base.units import floats
from ioffe.interface._checks import QuantityLike, numbers
from ioffe.interface.barrier.junction import DENSITY

FADED = 21.0
"""Decay lengths from which on an exponential layer is less than 1e-9 of its surface."""
DIFFUSED = 4.4
"""Diffusion lengths from which on an error-function layer is less than 1e-9 of its surface."""


@dataclass(frozen=True)
class DopingProfile:
    """Doping N(x) below a contact.

    Parameters
    ----------
    at : callable
        Depth in m to N in 1/m3.
    bulk : float
        N far below the contact, in 1/m3.
    reach : float
        Depth in m from which on N is that of the bulk, within a part in 1e9 of the difference.
    jumps : tuple of float
        Depths in m at which N jumps.

    Raises
    ------
    InputError
        For a bulk doping that is not above 0, or a jump outside the reach.

    Examples
    --------
    >>> layer = DopingProfile(lambda x: 1e25 - 9e24 * (x > 1e-8), bulk=1e24, reach=1e-8, jumps=(1e-8,))
    >>> float(layer.at(5e-9))
    1e+25
    """

    at: Callable[[Array], Array] = field(repr=False)
    bulk: float
    reach: float = 0.0
    jumps: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        numbers(bulk=(self.bulk, DENSITY))
        if not (np.isfinite(self.reach) and all(0.0 < jump <= self.reach for jump in self.jumps)):
            expected = "a finite depth is expected, and jumps above 0 and not below it"
            raise InputError(Fault("reach", self.reach, expected))


def uniform_doping(doping: QuantityLike) -> DopingProfile:
    """The same doping everywhere.

    Parameters
    ----------
    doping : float
        N in 1/m3.

    Returns
    -------
    DopingProfile

    Raises
    ------
    InputError
        For a doping that is not above 0.

    Examples
    --------
    >>> print(uniform_doping("1e19 cm^-3").at([0.0, 1e-8]))
    [1.e+25 1.e+25]
    """
    N = float(*numbers(doping=(doping, DENSITY)))
    return DopingProfile(partial(_step, top=N, low=N, depth=0.0), N)


def box_layer(surface: QuantityLike, bulk: QuantityLike, thickness: QuantityLike) -> DopingProfile:
    """A layer of another doping with a sharp end.

    Parameters
    ----------
    surface, bulk : float
        N in 1/m3 in the layer and below it.
    thickness : float
        In m.

    Returns
    -------
    DopingProfile

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> print(box_layer("1e20 cm^-3", "1e19 cm^-3", "5 nm").at([1e-9, 9e-9]))
    [1.e+26 1.e+25]
    """
    top, low, depth = _layer(surface, bulk, thickness=thickness)
    return DopingProfile(partial(_step, top=top, low=low, depth=depth), low, depth, (depth,))


def exponential_layer(surface: QuantityLike, bulk: QuantityLike, decay_length: QuantityLike) -> DopingProfile:
    r"""A layer that fades, :math:`N = N_b + (N_s - N_b)e^{-x/\ell}`.

    Parameters
    ----------
    surface, bulk : float
        N_s at the metal and N_b far below, in 1/m3.
    decay_length : float
        In m.

    Returns
    -------
    DopingProfile

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> print(exponential_layer("1e20 cm^-3", "1e19 cm^-3", "5 nm").at(0.0))
    1e+26
    """
    top, low, length = _layer(surface, bulk, decay_length=decay_length)
    return DopingProfile(partial(_fading, top=top, low=low, length=length), low, FADED * length)


def error_function_layer(
    surface: QuantityLike, bulk: QuantityLike, diffusion_length: QuantityLike
) -> DopingProfile:
    r"""A layer that diffused from a surface of constant doping.

    .. math:: N = N_b + (N_s - N_b)\,\mathrm{erfc}\frac{x}{2\sqrt{Dt}}

    Parameters
    ----------
    surface, bulk : float
        N_s at the metal and N_b far below, in 1/m3.
    diffusion_length : float
        2 sqrt(D t) in m.

    Returns
    -------
    DopingProfile

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> print(f"{error_function_layer('1e20 cm^-3', '1e19 cm^-3', '5 nm').at(5e-9):.4e}")
    2.4157e+25
    """
    top, low, length = _layer(surface, bulk, diffusion_length=diffusion_length)
    return DopingProfile(partial(_diffused, top=top, low=low, length=length), low, DIFFUSED * length)


def _step(x: Array, top: float, low: float, depth: float) -> Array:
    return np.where(np.asarray(x) < depth, top, low)


def _fading(x: Array, top: float, low: float, length: float) -> Array:
    return low + (top - low) * np.exp(-floats(x) / length)


def _diffused(x: Array, top: float, low: float, length: float) -> Array:
    from scipy.special import erfc

    return low + (top - low) * erfc(floats(x) / length)


def _layer(surface: QuantityLike, bulk: QuantityLike, **depth: QuantityLike) -> tuple[float, ...]:
    """Doping of the surface and of the bulk in 1/m3, and the depth in m, under its own name."""
    depths = {name: (value, "thickness") for name, value in depth.items()}
    found = numbers(surface=(surface, DENSITY), bulk=(bulk, DENSITY), **depths)
    return tuple(float(value) for value in found)
