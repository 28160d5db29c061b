r"""Transmission of a barrier: parabolic in closed form, any shape by WKB or from Schroedinger's equation.

**Parabolic barrier** of a depleted layer. With :math:`\epsilon = E/E_b` and
:math:`s = \sqrt{1 - \epsilon} = \tanh u`,

.. math::

    \ln\tau = -\frac{E_b}{E_{00}}\left[\sqrt{1-\epsilon}
              - \epsilon\ln\frac{1 + \sqrt{1-\epsilon}}{\sqrt\epsilon}\right]
            = -\frac{E_b}{E_{00}}\left[\tanh u - u\,\mathrm{sech}^2u\right],\qquad
    \frac{\mathrm{d}\ln\tau}{\mathrm{d}E} = \frac{u}{E_{00}},

and tau = 1 above the barrier (F. A. Padovani and R. Stratton, Solid-State Electron. 9 (1966) 695,
doi 10.1016/0038-1101(66)90097-9, remembered).

**WKB**, for a barrier given as a table that is straight between its points:

.. math:: \ln\tau = -\frac2\hbar\int_{U > E}\sqrt{2m\,[U(x) - E]}\,\mathrm{d}x

The integral over the straight pieces is exact, so that the error is that of the table: it falls with the
square of its steps.

**Schroedinger's equation** in flat pieces. In a piece of height U a wave is :math:`e^{\pm\kappa x}`,
:math:`\hbar\kappa = \sqrt{2m(U - E)}`; wave and slope over mass are continuous. The outgoing wave is carried
from the right to the left lead, in the direction in which it grows, so that an opaque barrier loses no
digits; the result is that of the product of transfer matrices. Reflection above the top, resonances and the
step of the band at the metal are in it, WKB has none of them. A smooth barrier is cut into the pieces of its
table; the error falls with the square of their widths.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.base.constants import hbar, m_e
from ioffe.base.errors import Fault, InputError
from ioffe.interface._checks import QuantityLike, numbers

Waves = NDArray[np.complexfloating]
FLAT: Final = 1e-9
"""Phase over a piece whose height is the energy itself, where it would be 0."""
ABOVE_THE_LEADS: Final = 1.0e-20
"""Energy in J above the leads that is taken where a lead has no wave; the result there is 0."""
LARGEST_U: Final = 400.0
"""u sech^2 u is 0 from here on."""


def parabolic_transmission(
    energy: QuantityLike, band_bending: QuantityLike, characteristic_energy: QuantityLike, log: bool = False
) -> Array:
    r"""Probability that a carrier passes a depleted layer, by WKB in closed form.

    .. math::

        \ln\tau = -\frac{E_b}{E_{00}}\left[\sqrt{1-\epsilon}
                  - \epsilon\ln\frac{1 + \sqrt{1-\epsilon}}{\sqrt\epsilon}\right],\qquad
        \epsilon = \frac E{E_b}

    (F. A. Padovani and R. Stratton, Solid-State Electron. 9 (1966) 695, doi 10.1016/0038-1101(66)90097-9,
    remembered). Valid for a depleted layer of uniform doping whose transmission is small.

    Parameters
    ----------
    energy : array_like
        E in J, from the band edge in the bulk; from 0 on.
    band_bending : array_like
        E_b in J.
    characteristic_energy : array_like
        E00 in J, above 0.
    log : bool
        Whether to give ln(tau), which does not underflow.

    Returns
    -------
    ndarray
        tau or ln(tau), in the common shape of the arguments.

    Raises
    ------
    InputError
        With everything that is wrong, such as an energy below 0.

    Examples
    --------
    >>> print(f"{parabolic_transmission('0 eV', '0.16 eV', '18.566 meV'):.4e}")  # exp(-E_b/E00)
    1.8084e-04
    >>> print(parabolic_transmission("0.2 eV", "0.16 eV", "18.566 meV"))
    1.0
    """
    E, top, E00 = numbers(
        energy=(energy, "energy"),
        band_bending=(band_bending, "barrier_height"),
        characteristic_energy=(characteristic_energy, "energy"),
    )
    if np.any(E < 0.0) or np.any(E00 <= 0.0):
        expected = "an energy from 0 on is expected, and a characteristic energy above 0"
        raise InputError(Fault("energy", energy, expected))
    E, top, E00 = np.broadcast_arrays(E, top, E00)
    inside = E < top
    with np.errstate(divide="ignore"):
        u = np.arctanh(np.sqrt(1.0 - np.where(inside, E, 1.0) / np.where(inside, top, 1.0)))
    found = np.where(inside, -top / E00 * parabola(np.where(inside, u, 0.0))[2], 0.0)[()]
    return found if log else np.exp(found)


def parabola(u: Array) -> tuple[Array, Array, Array]:
    """Functions tanh u, sech^2 u and tanh u - u sech^2 u, for u >= 0.

    The difference cancels near u = 0, where it is 2 u^3/3: its error of 1e-16 u, times E_b/E00, stays below
    1e-11 wherever the barrier is not opaque and E_b/E00 below 1e6.
    """
    decay = np.exp(-2.0 * u)
    nearer = 1.0 / (1.0 + decay)
    tanh, sech_squared = (1.0 - decay) * nearer, 4.0 * decay * nearer * nearer
    # u sech^2 u tends to 0 where the barrier reaches down to the band edge
    return tanh, sech_squared, tanh - np.minimum(u, LARGEST_U) * sech_squared


def wkb_transmission(
    position: QuantityLike,
    potential: QuantityLike,
    energy: QuantityLike,
    effective_mass: QuantityLike = 1.0,
    log: bool = False,
) -> Array:
    r"""Probability that a carrier passes a barrier given as a table, by WKB; 1 above its top.

    .. math:: \ln\tau = -\frac2\hbar\int_{U > E}\sqrt{2m\,[U(x) - E]}\,\mathrm{d}x

    The textbook result. Valid where the potential changes little over a wavelength.

    Parameters
    ----------
    position, potential : array_like of shape (n,)
        x in m, rising, where a position that occurs twice marks a jump of the potential; U in J.
    energy : array_like
        In J, from the same zero as U.
    effective_mass : float
        Over the electron mass.
    log : bool
        Whether to give ln(tau), which does not underflow.

    Returns
    -------
    ndarray
        tau or ln(tau), in the shape of the energy.

    Raises
    ------
    InputError
        If the positions fall, or are not as many as the potentials.

    Examples
    --------
    A triangle, for which ln(tau) = -(4/3) sqrt(2 m E_b) W/hbar:

    >>> print(f"{wkb_transmission([0.0, 5e-9], [0.3 * 1.602e-19, 0.0], 0.0, 0.1):.3e}")
    2.698e-03
    """
    x, U, E, mass = _tabulated_barrier(position, potential, energy, effective_mass)
    height = U - E[..., None]
    root = np.sqrt(np.maximum(height, 0.0))
    left, right = height[..., :-1], height[..., 1:]
    a, b = root[..., :-1], root[..., 1:]
    both = a + b
    # int sqrt of a straight line is 2/3 (a^2 + a b + b^2)/(a + b) by its width, or by the part of it above E
    whole = (a * a + a * b + b * b) / np.where(both > 0.0, both, 1.0)
    crossing = (left > 0.0) != (right > 0.0)
    span = np.where(crossing, np.abs(left - right), 1.0)
    part = np.where(crossing, np.maximum(left, right) / span, 1.0)
    action = np.sum(2.0 / 3.0 * whole * part * np.diff(x), axis=-1)
    exponent = -2.0 * np.sqrt(2.0 * mass * m_e) / hbar * action
    return exponent if log else np.exp(exponent)


def matrix_transmission(
    position: QuantityLike,
    potential: QuantityLike,
    energy: QuantityLike,
    effective_mass: QuantityLike = 1.0,
    *,
    left: QuantityLike | None = None,
    right: QuantityLike | None = None,
    left_mass: QuantityLike | None = None,
    log: bool = False,
) -> Array:
    """Probability that a carrier passes a barrier given as a table, from Schroedinger's equation.

    Parameters
    ----------
    position, potential : array_like of shape (n,)
        As for :func:`wkb_transmission`. Each piece has the mean of its ends.
    energy : array_like
        In J, from the same zero as U.
    effective_mass : float
        In the barrier and the right lead, over the electron mass.
    left, right : float, optional
        Potential in the leads in J; by default the first and the last of the table.
    left_mass : float, optional
        In the left lead (the metal), over the electron mass; by default that of the barrier.
    log : bool
        Whether to give ln(tau).

    Returns
    -------
    ndarray
        tau or ln(tau), in the shape of the energy; 0 where a lead has no wave at that energy.

    Raises
    ------
    InputError
        As for :func:`wkb_transmission`.

    Examples
    --------
    >>> e = 1.602e-19
    >>> x, U = [0.0, 0.0, 1e-9, 1e-9], [0.0, 0.5 * e, 0.5 * e, 0.0]
    >>> print(f"{matrix_transmission(x, U, 0.25 * e):.6f}")
    0.023554
    """
    x, U, E, mass = _tabulated_barrier(position, potential, energy, effective_mass)
    low, high, metal_mass = numbers(
        left=(U[0] if left is None else left, "energy"),
        right=(U[-1] if right is None else right, "energy"),
        left_mass=(mass if left_mass is None else left_mass, "effective_mass"),
    )
    open_ = np.maximum(low, high) < E
    inside = np.where(open_, E, np.maximum(low, high) + ABOVE_THE_LEADS).ravel()
    into = np.sqrt(2.0 * metal_mass * m_e * (inside - low)) / hbar / metal_mass
    out = np.sqrt(2.0 * mass * m_e * (inside - high)) / hbar / mass
    wave, slope, growth = _carry(np.diff(x), 0.5 * (U[1:] + U[:-1]), inside, mass, out)
    # the part of the wave at the left that comes in: (psi + psi'/(i k))/2
    incoming = 0.5 * (wave + slope / (1j * into))
    exponent = np.log(out / into) - 2.0 * (np.log(np.abs(incoming)) + growth)
    found = np.where(open_, exponent.reshape(E.shape), -np.inf)[()]
    return found if log else np.exp(found)


def _carry(widths: Array, heights: Array, E: Array, mass: float, out: Array) -> tuple[Waves, Waves, Array]:
    """Wave, slope over mass and logarithm of what was divided out, carried from the right to the left."""
    wave, slope = np.ones(E.shape, np.complex128), 1j * out
    growth = np.zeros(E.shape)
    scale = np.sqrt(2.0 * mass * m_e) / hbar
    for width, height in zip(widths[::-1], heights[::-1], strict=True):
        if width == 0.0:
            continue
        kappa = scale * np.sqrt((height - E).astype(complex))
        kappa = np.where(kappa == 0.0, FLAT / width, kappa)
        decay = np.exp(-2.0 * kappa * width)
        cosh, sinh = 0.5 * (1.0 + decay), 0.5 * (1.0 - decay)
        wave, slope = (wave * cosh - slope * mass / kappa * sinh, slope * cosh - wave * kappa / mass * sinh)
        size = np.abs(wave) + np.abs(slope) * mass / scale * 1e10
        wave, slope = wave / size, slope / size
        growth += kappa.real * width + np.log(size)
    return wave, slope, growth


def _tabulated_barrier(
    position: QuantityLike, potential: QuantityLike, energy: QuantityLike, effective_mass: QuantityLike
) -> tuple[Array, Array, Array, float]:
    """Barrier given as a table, checked."""
    x, U, E, mass = numbers(
        position=(position, "position"),
        potential=(potential, "energy"),
        energy=(energy, "energy"),
        effective_mass=(effective_mass, "effective_mass"),
    )
    if x.ndim != 1 or x.shape != U.shape or x.size < 2 or np.any(np.diff(x) < 0.0):
        expected = "two or more positions that do not fall are expected, and as many potentials"
        raise InputError(Fault("position", np.asarray(position).tolist(), expected))
    return x, U, E, float(mass)
