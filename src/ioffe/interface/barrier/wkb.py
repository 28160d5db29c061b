r"""Transmission of a barrier of any shape, by WKB.

.. math:: \ln\tau = -\frac2\hbar\int_{U > E}\sqrt{2m\,[U(x) - E]}\,\mathrm{d}x

The barrier is a table, straight between its points; the integral over the straight pieces is exact, so that
the error is that of the table: it falls with the square of its steps.
"""

from __future__ import annotations

import numpy as np

from ioffe.base.constants import hbar, m_e
from ioffe.base.errors import Fault, InputError
from ioffe.interface._numbers import Written, numbers
from ioffe.transport._arrays import Array

__all__ = ["checked_barrier", "wkb_transmission"]


def wkb_transmission(
    position: Written,
    potential: Written,
    energy: Written,
    effective_mass: float = 1.0,
    log: bool = False,
) -> Array:
    """Probability tau that a carrier passes a barrier given as a table; 1 above its top.

    Parameters
    ----------
    position, potential : array_like of shape (n,)
        x in m, rising or with a place twice where the potential jumps; U in J.
    energy : array_like
        In J, from the same zero as U.
    effective_mass : float
        Over the electron mass.
    log : bool
        Whether to give ln(tau), which does not underflow.

    Returns
    -------
    ndarray
        In the shape of the energy.

    Examples
    --------
    A triangle, for which ln(tau) = -(4/3) sqrt(2 m E_b) W/hbar:

    >>> print(f"{wkb_transmission([0.0, 5e-9], [0.3 * 1.602e-19, 0.0], 0.0, 0.1):.3e}")
    2.698e-03
    """
    x, U, E, mass = checked_barrier(position, potential, energy, effective_mass)
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


def checked_barrier(
    position: Written, potential: Written, energy: Written, effective_mass: float
) -> tuple[Array, Array, Array, float]:
    """Barrier given as a table, checked.

    Raises
    ------
    InputError
        If the positions fall, or are not as many as the potentials.
    """
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
