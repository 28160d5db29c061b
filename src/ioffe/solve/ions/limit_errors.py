"""Standard deviations of the critical voltage of a part, from those of the numbers that it follows from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from ioffe.base.confidence import student_factor
from ioffe.base.errors import InputError
from ioffe.material.migration import MigrationData, Stated

COVERAGE: Final = 0.95
"""Of the interval of a limit: a current within it is neither known to be safe nor to set metal free."""
VoltageAt = Callable[[MigrationData, float], float]


def deviations() -> float:
    """Half of the interval of a limit over its standard deviation.

    >>> round(deviations(), 3)
    1.96
    """
    return student_factor(probability=COVERAGE)


def limit_std(data: MigrationData, voltage: VoltageAt) -> Callable[[float, float], float] | None:
    r"""Standard deviation of V = V_c(T) - S* dT as a function of the mean T and of dT, all in K and V.

    .. math:: s^2 = \sum_i w_i^2 s_i^2 + s_{S^*}^2 \Delta T^2 - 2 \Delta T s_{S^*} \sum_i r_i w_i s_i

    with the weights w_i of the critical voltages between which V_c is linear, or the derivatives of the
    defect model, and the correlations r_i with S*. Errors of different voltages count as independent, those
    of the conductivity and of the temperatures are left out (first-order propagation, standard result).

    `data`: with the standard deviations, 0 where none is stated.
    `voltage`: V_c in V of such data and T in K.
    Returns: None where no error is stated.

    >>> both = Stated(67e-3, 7e-3, T=511.5, correlation=1.0), Stated(0.2e-3, 0.02e-3)
    >>> data = MigrationData("Cu+", 1, "critical voltage", both[:1], S_star=both[1])
    >>> s = limit_std(data, lambda one, T: float(one.measured_voltage(T)))
    >>> [round(1e3 * s(511.5, dT), 3) for dT in (0.0, 350.0, -350.0)]  # mV; along the heat they cancel
    [7.0, 0.0, 14.0]
    """
    S_std = 0.0 if data.S_star is None else data.S_star.std
    names = ("delta", "delta_c", "electron_hole_product", "gibbs_energy") if data.model == "defect" else ()
    numbers = {name: one for name in names if (one := getattr(data, name)) is not None and one.std > 0.0}
    known = data.voltages if data.model == "critical voltage" else ()
    if not (S_std or numbers or any(one.std for one in known)):
        return None
    T_known = np.array([one.T or 0.0 for one in known])
    stds, together = (np.array([getattr(one, name) for one in known]) for name in ("std", "correlation"))

    def std(T: float, drop: float) -> float:
        own = np.array([np.interp(T, T_known, row) for row in np.eye(len(known))]) * stds
        changes = [_change(data, name, one, voltage, T) for name, one in numbers.items()]
        variance = np.sum(own**2) + np.sum(np.square(changes)) + (drop * S_std) ** 2
        return float(np.sqrt(max(variance - 2.0 * drop * S_std * float(own @ together), 0.0)))

    return std


def _change(data: MigrationData, name: str, one: Stated, voltage: VoltageAt, T: float) -> float:
    """What one standard deviation of a number changes V_c by: the larger of both sides that exist."""
    changes = [0.0]
    for sign in (1.0, -1.0):
        try:
            moved = replace(data, **{name: replace(one, value=one.value + sign * one.std)})
            changes.append(abs(voltage(moved, T) - voltage(data, T)))
        except InputError:  # beyond a boundary of the phase
            continue
    return float(np.nanmax(changes))
