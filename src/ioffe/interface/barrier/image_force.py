r"""Contact resistivity with the image force in the barrier: it lowers, thins and rounds it.

.. math:: U(x) = E_b\left(1 - \frac xW\right)^2 - \frac{q^2}{16\pi\varepsilon_\mathrm{i}x},\qquad x < W

In units of E_b and W the image force is one number,
:math:`\alpha = q^2/(16\pi\varepsilon_\mathrm{i}WE_b)`, and between the two zeros

.. math:: \ln\tau = -2\,\frac{E_b}{E_{00}}\int\sqrt{(1-y)^2 - \alpha/y - \epsilon}\;\mathrm{d}y

The integral over the energies is that of :mod:`ioffe.interface.barrier.emission`, with the true top. The
potential of the image charge is the textbook result (S. M. Sze, Physics of Semiconductor Devices).

At the doping of thermoelectrics this is no small correction: for a bending of 0.16 eV, 2e19 cm^-3 and a
permittivity of 20 the top falls by 72 meV.
"""

from __future__ import annotations

from math import pi
from typing import Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.constants import EPSILON_0, e
from ioffe.base.roots import halve
from ioffe.interface._checks import QuantityLike, numbers
from ioffe.interface.barrier._integral import Indices, log_emission_of
from ioffe.interface.barrier.junction import Junction

_NODES: Final = ((32, 0.03, np.inf), (64, 3e-3, 0.03), (512, 0.0, 3e-3))
"""Points of the action, and the strengths alpha for which they are enough."""
_CLOSE: Final = 1e-8
"""Agreement asked for of the integral over the energies."""
_STRONGEST: Final = 4.0 / 27.0
"""Half the image force alpha from which on no barrier is left: the largest y^2 (1 - y)."""
_HALVINGS: Final = 60
"""Of the range in which the top lies, which leave an error below the rounding of its position."""


def image_force_resistivity(junction: Junction) -> Array:
    """Contact resistivity of a depleted barrier with its image force.

    Parameters
    ----------
    junction : Junction
        Its barrier height is that without the image force.

    Returns
    -------
    ndarray
        rho_c in ohm m2, in the shape of the junction; infinite above 1e308.

    Raises
    ------
    ConvergenceError
        If the integral over the energies does not settle.

    Examples
    --------
    >>> rho = image_force_resistivity(Junction("0.16 eV", "2e19 cm^-3", 300.0, 20.0, fermi_level=0.0))
    >>> print(f"{rho * 1e10:.4f} uohm cm2")
    0.0298 uohm cm2
    """
    one = junction.reduced
    alpha = _strength(junction)
    top = _top(alpha) * np.maximum(one.bending, 0.0)
    parts = np.broadcast_arrays(one.bending, one.characteristic, alpha)
    bend, characteristic, strength = (np.ravel(part) for part in parts)

    def log_tau(E: Array, cases: Indices) -> Array:
        share = E / bend[cases, None]
        return -bend[cases, None] / characteristic[cases, None] * _action(share, strength[cases, None])

    logarithm = log_emission_of(log_tau, np.ravel(top), np.ravel(one.level), _CLOSE)
    with np.errstate(over="ignore"):
        return np.exp(np.log(one.prefactor) - logarithm.reshape(one.bending.shape))[()]


def barrier_top(junction: Junction) -> Array:
    """Top of the barrier with its image force, from the band edge in the bulk.

    Parameters
    ----------
    junction : Junction

    Returns
    -------
    ndarray
        In J, in the shape of the junction; 0 if the image force leaves no barrier.

    Examples
    --------
    >>> bent = Junction.from_band_bending("0.16 eV", "2e19 cm^-3", 300.0, 20.0)
    >>> print(f"{barrier_top(bent) / e * 1e3:.2f} meV")
    88.26 meV
    """
    return _top(_strength(junction)) * np.maximum(junction.band_bending, 0.0)


def image_transmission(energy: QuantityLike, junction: Junction) -> Array:
    """Logarithm of the transmission of a barrier with its image force; 0 above its top.

    Parameters
    ----------
    energy : array_like
        E in J from the band edge in the bulk, above 0.
    junction : Junction

    Returns
    -------
    ndarray
        ln(tau), in the common shape of energy and junction.

    Raises
    ------
    InputError
        For an energy that is no number.

    Examples
    --------
    >>> bent = Junction.from_band_bending("0.16 eV", "2e19 cm^-3", 300.0, 20.0)
    >>> print(f"{image_transmission('0.05 eV', bent):.4f}")
    -2.1098
    """
    (E,) = numbers(energy=(energy, "energy"))
    bending = junction.band_bending
    inside = barrier_top(junction) > E
    action = _action(np.where(inside, E, 0.0) / bending, _strength(junction))
    return np.where(inside, -bending / junction.characteristic_energy * action, 0.0)[()]


def _strength(junction: Junction) -> Array:
    """Image force alpha in units of the barrier; infinite without a barrier."""
    size = junction.depletion_width * np.maximum(junction.band_bending, 0.0)
    with np.errstate(divide="ignore"):
        return e**2 / (16.0 * pi * junction.passing_permittivity * EPSILON_0 * size)


def _top(alpha: Array) -> Array:
    """Highest (1 - y)^2 - alpha/y, where y^2 (1 - y) = alpha/2; 0 if there is none above 0."""
    half = np.minimum(0.5 * alpha, _STRONGEST)
    low, high = np.zeros_like(half), np.full_like(half, 2.0 / 3.0)
    high = halve(lambda y: y * y * (1.0 - y) <= half, low, high, _HALVINGS)[1]
    return np.where(0.5 * alpha < _STRONGEST, np.maximum((1.0 - high) ** 2 - 2.0 * half / high, 0.0), 0.0)


def _action(share: Array, alpha: Array) -> Array:
    """2 int sqrt((1 - y)^2 - alpha/y - share) dy between its zeros, for energies below the top.

    The integrand is sqrt((y - y1)(y2 - y)(y3 - y)/y). In ln(y), and with a cosine between the two zeros, it
    is periodic and smooth; the points needed grow as y3 comes near y2.
    """
    share, alpha = np.broadcast_arrays(share, alpha)
    # y^3 - 2 y^2 + (1 - share) y - alpha = 0 by cosines
    p, q = -(1.0 / 3.0 + share), 2.0 / 27.0 - 2.0 / 3.0 * share - alpha
    radius = 2.0 * np.sqrt(-p / 3.0)
    angle = np.arccos(np.clip(3.0 * q / (p * radius), -1.0, 1.0)) / 3.0
    third = 2.0 / 3.0 + radius * np.cos(angle)
    second = 2.0 / 3.0 + radius * np.cos(angle - 2.0 * pi / 3.0)
    first = alpha / (second * third)
    total = np.empty_like(share)
    for nodes, low, high in _NODES:
        part = (alpha > low) & (alpha <= high)
        total[part] = _between(first[part], second[part], third[part], nodes)
    return total


def _between(first: Array, second: Array, third: Array, nodes: int) -> Array:
    """2 int sqrt((y - y1)(y2 - y)(y3 - y)/y) dy between the first two, by a cosine in ln(y)."""
    middle, half = 0.5 * np.log(first * second), 0.5 * np.log(np.maximum(second / first, 1.0))
    total = np.zeros_like(first)
    for theta in (np.arange(nodes) + 0.5) * pi / nodes:
        y = np.exp(middle + half * np.cos(theta))
        area = np.maximum((y - first) * (second - y) * (third - y) * y, 0.0)
        total += np.sin(theta) * np.sqrt(area)
    return 2.0 * total * half * pi / nodes
