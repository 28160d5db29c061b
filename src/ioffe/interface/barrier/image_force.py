r"""Contact resistivity with the image force in the barrier: it lowers, thins and rounds it.

.. math:: U(x) = E_b\left(1 - \frac xW\right)^2 - \frac{q^2}{16\pi\varepsilon_\mathrm{i}x},\qquad x < W

In units of E_b and W the image force is one number,
:math:`\alpha = q^2/(16\pi\varepsilon_\mathrm{i}WE_b)`, and between the two zeros

.. math:: \ln\tau = -2\,\frac{E_b}{E_{00}}\int\sqrt{(1-y)^2 - \alpha/y - \epsilon}\;\mathrm{d}y

The integral over the energies is that of :mod:`ioffe.interface.barrier.contact_resistivity`, with the true
top.

At the doping of thermoelectrics this is no small correction: for a bending of 0.16 eV, 2e19 cm^-3 and a
permittivity of 20 the top falls by 72 meV.
"""

from __future__ import annotations

from math import pi
from typing import Any, Final

import numpy as np

from ioffe.base.constants import EPSILON_0, e, k_B
from ioffe.interface._numbers import Written, numbers
from ioffe.interface.barrier._emission import Indices, log_emission_of
from ioffe.interface.barrier.contact_resistivity import junction
from ioffe.interface.barrier.depletion import depletion_width
from ioffe.transport._arrays import Array

__all__ = ["barrier_top", "image_force_resistivity", "image_transmission"]

_NODES: Final = ((32, 0.03, np.inf), (64, 3e-3, 0.03), (512, 0.0, 3e-3))
"""Points of the action, and the strengths alpha for which they are enough."""
_CLOSE: Final = 1e-8


def image_force_resistivity(
    barrier_height: Written,
    doping: Written,
    temperature: Written,
    permittivity: Written,
    effective_mass: Written = 1.0,
    *,
    image_permittivity: Written | None = None,
    **more: Any,
) -> Array:
    """Contact resistivity in ohm m2 of a depleted barrier with its image force.

    Parameters
    ----------
    barrier_height, doping, temperature, permittivity, effective_mass, **more
        As for :func:`~ioffe.interface.barrier.contact_resistivity.contact_resistivity`; the barrier height is
        that without the image force.
    image_permittivity : array_like, optional
        Relative permittivity that a passing carrier sees; the static one unless given.

    Returns
    -------
    ndarray
        In the common shape of the arguments; infinite above 1e308.

    Examples
    --------
    >>> rho = image_force_resistivity("0.16 eV", "2e19 cm^-3", 300.0, 20.0, fermi_level=0.0)
    >>> print(f"{rho * 1e10:.4f} uohm cm2")
    0.0298 uohm cm2
    """
    one = junction(barrier_height, doping, temperature, permittivity, effective_mass, **more)
    thermal = k_B * one.temperature
    alpha = _strength(one.bending * thermal, doping, permittivity, image_permittivity)
    top = _top(alpha) * np.maximum(one.bending, 0.0)
    parts = [np.ravel(part) for part in np.broadcast_arrays(one.bending, one.characteristic, alpha)]
    bend, characteristic, strength = parts

    def log_tau(E: Array, lanes: Indices) -> Array:
        share = E / bend[lanes, None]
        return -bend[lanes, None] / characteristic[lanes, None] * _action(share, strength[lanes, None])

    logarithm = log_emission_of(log_tau, np.ravel(top), np.ravel(one.level), _CLOSE).reshape(
        one.bending.shape
    )
    with np.errstate(over="ignore"):
        return np.exp(np.log(one.prefactor) - logarithm)[()]


def barrier_top(
    band_bending: Written,
    doping: Written,
    permittivity: Written,
    image_permittivity: Written | None = None,
) -> Array:
    """Top of the barrier in J, from the band edge in the bulk; 0 if the image force leaves none.

    Examples
    --------
    >>> print(f"{barrier_top('0.16 eV', '2e19 cm^-3', 20.0) / e * 1e3:.2f} meV")
    88.26 meV
    """
    (bending,) = numbers(band_bending=(band_bending, "barrier_height"))
    return _top(_strength(bending, doping, permittivity, image_permittivity)) * np.maximum(bending, 0.0)


def image_transmission(
    energy: Written,
    band_bending: float,
    characteristic_energy: float,
    doping: float,
    permittivity: float,
    image_permittivity: float | None = None,
) -> Array:
    """Logarithm of the transmission of one barrier with its image force; 0 above its top.

    Parameters
    ----------
    energy : array_like
        E in J, above 0.
    band_bending, characteristic_energy : float
        E_b and E00 in J.
    doping, permittivity, image_permittivity : float
        As for :func:`barrier_top`.

    Examples
    --------
    >>> print(f"{image_transmission('0.05 eV', 0.16 * e, 18.566e-3 * e, 2e25, 20.0):.4f}")
    -2.1098
    """
    (E,) = numbers(energy=(energy, "energy"))
    alpha = _strength(np.asarray(band_bending), doping, permittivity, image_permittivity)
    inside = barrier_top(band_bending, doping, permittivity, image_permittivity) > E
    action = _action(np.where(inside, E, 0.0) / band_bending, alpha)
    return np.where(inside, -band_bending / characteristic_energy * action, 0.0)[()]


def _strength(bending: Array, doping: Written, permittivity: Written, image: Written | None) -> Array:
    """Image force alpha in units of the barrier; infinite without a barrier."""
    (seen,) = numbers(image_permittivity=(permittivity if image is None else image, "permittivity"))
    width = depletion_width(bending, doping, permittivity)
    with np.errstate(divide="ignore"):
        return e**2 / (16.0 * pi * seen * EPSILON_0 * width * np.maximum(bending, 0.0))


def _top(alpha: Array) -> Array:
    """Highest (1 - y)^2 - alpha/y, where y^2 (1 - y) = alpha/2; 0 if there is none above 0."""
    half = np.minimum(0.5 * alpha, 4.0 / 27.0)
    low, high = np.zeros_like(half), np.full_like(half, 2.0 / 3.0)
    for _ in range(60):
        middle = 0.5 * (low + high)
        above = middle * middle * (1.0 - middle) > half
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.where(0.5 * alpha < 4.0 / 27.0, np.maximum((1.0 - high) ** 2 - 2.0 * half / high, 0.0), 0.0)


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
