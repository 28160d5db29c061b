r"""Transmission of the parabolic barrier of a depleted layer, in closed form (WKB).

With :math:`\epsilon = E/E_b` and :math:`s = \sqrt{1 - \epsilon} = \tanh u`,

.. math::

    \ln\tau = -\frac{E_b}{E_{00}}\left[\sqrt{1-\epsilon}
              - \epsilon\ln\frac{1 + \sqrt{1-\epsilon}}{\sqrt\epsilon}\right]
            = -\frac{E_b}{E_{00}}\left[\tanh u - u\,\mathrm{sech}^2u\right],\qquad
    \frac{\mathrm{d}\ln\tau}{\mathrm{d}E} = \frac{u}{E_{00}},

and tau = 1 above the barrier (F. A. Padovani and R. Stratton, Solid-State Electron. 9 (1966) 695,
doi 10.1016/0038-1101(66)90097-9, remembered). Barriers of any other shape are in
:mod:`ioffe.interface.barrier.wkb` and :mod:`ioffe.interface.barrier.matrix`.
"""

from __future__ import annotations

import numpy as np

from ioffe.base.errors import Fault, InputError
from ioffe.interface._numbers import Written, numbers
from ioffe.transport._arrays import Array

__all__ = ["parabola", "parabolic_transmission"]


def parabolic_transmission(
    energy: Written, band_bending: Written, characteristic_energy: Written, log: bool = False
) -> Array:
    r"""Probability tau that a carrier passes a depleted layer.

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
    return tanh, sech_squared, tanh - np.minimum(u, 400.0) * sech_squared
