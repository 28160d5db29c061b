r"""The margin of a leg against ion migration where its heat flows by conduction alone, in closed form.

Then :math:`\mathrm{d}x = -L\,\kappa\,\mathrm{d}T/\Theta`, so that the margin of
`ioffe.migration.leg.leg_limits` follows from the temperatures of the ends and the current:

.. math:: \frac{J_\mathrm{c}}{|J|} = \frac{V_\mathrm{c}\,A\,\Theta}
   {|I|\,L \int_{T_\mathrm{e}}^{T_\mathrm{h}} (\kappa/\sigma)\,\mathrm{d}T},
   \qquad \Theta = \int_{T_\mathrm{c}}^{T_\mathrm{h}} \kappa\,\mathrm{d}T,
   \qquad V_\mathrm{c} = V\!\left(\tfrac12(T_\mathrm{h} + T_\mathrm{e})\right)
   \mp S^* (T_\mathrm{h} - T_\mathrm{e}),

with :math:`T_\mathrm{e}` the cold end, or the transition where ions stand still below it; minus of a current
along the heat. Limits of Qiu, Shi, Chen, Snyder et al., Nat. Commun. 9 (2018) 2910, doi
10.1038/s41467-018-05248-8.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError
from ioffe.migration.limits import MixedConductor

Array = NDArray[np.float64]
Curve = Callable[[Array], Array]
NODES, WEIGHTS = np.polynomial.legendre.leggauss(12)
"""Of the integrals over temperature."""
PARTS: Final = 4
"""Into which these integrals are divided."""
STEP: Final = 0.01
"""K, for the slope of the critical voltage, which is linear between stated temperatures or smooth."""


def conduction_margin(
    conductor: MixedConductor,
    conductivities: tuple[Curve, Curve],
    T_hot: Array,
    T_cold: Array,
    current: Array,
    along: Array,
) -> tuple[Array, Array]:
    """Margin J_c/|J| of legs of one square metre and one metre; of others it goes by area over length.

    Parameters
    ----------
    conductor : MixedConductor
        With a number S*.
    conductivities : two callables
        Thermal conductivity in W/(m K) and electrical conductivity in S/m at T in K.
    T_hot, T_cold : ndarray
        Of the ends in K, (n,).
    current : ndarray
        In A, (n,).
    along : ndarray
        1 of a current along the heat, -1 of one against it, (n,).

    Returns
    -------
    ndarray, ndarray
        The margin (n,), infinite where no ions move or no current flows; its derivatives to the temperatures
        of the ends and to the current, (3, n).

    Raises
    ------
    InputError
        If S* changes with temperature.

    Examples
    --------
    A tenth of a volt over one ohm: no current above 0.1 A, without a temperature difference that counts.

    >>> one = np.ones(1)
    >>> conductor = MixedConductor(voltage=0.1)
    >>> curves = (lambda T: 0.0 * T + 1.0, lambda T: 0.0 * T + 1.0)
    >>> margin, by = conduction_margin(conductor, curves, 500 * one, 400 * one, 0.05 * one, one)
    >>> float(margin[0].round(12)), float(by[2, 0].round(9))
    (2.0, -40.0)
    """
    if callable(conductor.S_star):
        expected = "a number is expected: in closed form S* is the same at all temperatures"
        raise InputError(Fault("conductor.S_star", expected=expected))
    kappa, sigma = conductivities
    still = T_cold < conductor.transition  # the cold end does not count
    end = np.minimum(np.where(still, conductor.transition, T_cold), T_hot)

    def ratio(T: Array) -> Array:
        return kappa(T) / sigma(T)

    theta, part = _integral(kappa, T_cold, T_hot), _integral(ratio, end, T_hot)
    middle, drop = 0.5 * (T_hot + end), T_hot - end
    S = float(conductor.S_star)
    voltage = conductor.isothermal_voltage(middle) - along * S * drop
    bend = conductor.isothermal_voltage(middle + STEP) - conductor.isothermal_voltage(middle - STEP)
    rise = bend / (4.0 * STEP)
    with np.errstate(all="ignore"):
        unit = theta / (part * np.abs(current))
        margin = voltage * unit
        by_hot = (rise - along * S) * unit + margin * (kappa(T_hot) / theta - ratio(T_hot) / part)
        by_end = (rise + along * S) * unit + margin * ratio(end) / part
        by_cold = np.where(still, 0.0, by_end) - margin * kappa(T_cold) / theta
        by_current = -margin / current
    free = (end >= T_hot) | (current == 0.0)  # no ions move, or no current
    by = np.where(free, 0.0, np.stack([by_hot, by_cold, by_current]))
    return np.where(free & np.isfinite(T_hot), np.inf, margin), by


def _integral(value: Curve, low: Array, high: Array) -> Array:
    """Of a function of temperature, by Gauss in parts."""
    total = np.zeros(low.shape)
    for k in range(PARTS):
        start, stop = (low + (high - low) * share / PARTS for share in (k, k + 1))
        T = 0.5 * (start + stop) + 0.5 * (stop - start) * NODES[:, None]
        total += 0.5 * (stop - start) * (WEIGHTS @ value(T))
    return total
