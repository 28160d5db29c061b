r"""Transmission of a barrier of any shape, from Schroedinger's equation in flat pieces.

In a piece of height U a wave is :math:`e^{\pm\kappa x}`, :math:`\hbar\kappa = \sqrt{2m(U - E)}`; wave and
slope over mass are continuous. The outgoing wave is carried from the right to the left lead, in the direction
in which it grows, so that an opaque barrier loses no digits; the result is that of the product of transfer
matrices. Reflection above the top, resonances and the step of the band at the metal are in it, WKB has none
of them.

A smooth barrier is cut into the pieces of its table; the error falls with the square of their widths.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ioffe.base.constants import hbar, m_e
from ioffe.interface._numbers import Written, numbers
from ioffe.interface.barrier.wkb import checked_barrier
from ioffe.transport._arrays import Array

__all__ = ["matrix_transmission"]

Waves = NDArray[np.complexfloating]


def matrix_transmission(
    position: Written,
    potential: Written,
    energy: Written,
    effective_mass: float = 1.0,
    *,
    left: Written | None = None,
    right: Written | None = None,
    left_mass: float | None = None,
    log: bool = False,
) -> Array:
    """Probability that a carrier passes from one lead to the other through a barrier given as a table.

    Parameters
    ----------
    position, potential : array_like of shape (n,)
        x in m, rising or with a place twice where the potential jumps; U in J. Each piece has the mean of its
        ends.
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
        In the shape of the energy; 0 where a lead has no wave at that energy.

    Examples
    --------
    >>> e = 1.602e-19
    >>> x, U = [0.0, 0.0, 1e-9, 1e-9], [0.0, 0.5 * e, 0.5 * e, 0.0]
    >>> print(f"{matrix_transmission(x, U, 0.25 * e):.6f}")
    0.023554
    """
    x, U, E, mass = checked_barrier(position, potential, energy, effective_mass)
    metal = mass if left_mass is None else left_mass
    low, high, metal_mass = numbers(
        left=(U[0] if left is None else left, "energy"),
        right=(U[-1] if right is None else right, "energy"),
        left_mass=(metal, "effective_mass"),
    )
    open_ = np.maximum(low, high) < E
    inside = np.where(open_, E, np.maximum(low, high) + 1.0e-20).ravel()
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
        kappa = np.where(kappa == 0.0, 1e-9 / width, kappa)
        decay = np.exp(-2.0 * kappa * width)
        cosh, sinh = 0.5 * (1.0 + decay), 0.5 * (1.0 - decay)
        wave, slope = (
            wave * cosh - slope * mass / kappa * sinh,
            slope * cosh - wave * kappa / mass * sinh,
        )
        size = np.abs(wave) + np.abs(slope) * mass / scale * 1e10
        wave, slope = wave / size, slope / size
        growth += kappa.real * width + np.log(size)
    return wave, slope, growth
