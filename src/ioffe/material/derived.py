"""Properties that follow from the measured curves, with their standard deviations."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.arrays import Array
from ioffe.base.constants import e
from ioffe.base.curve import Curve
from ioffe.base.units import floats
from ioffe.transport import merit

Pair = tuple[Array, Array]
"""Value and standard deviation, each in the shape of the temperature."""


class Derived:
    r"""A property computed from measured curves, as a function of temperature.

    The standard deviation is that of linear propagation of independent errors,
    :math:`\mathrm{d}f^2 = \sum_i (\partial f/\partial x_i)^2\,\mathrm{d}x_i^2`.

    `quantity`: name in the quantity table.
    `pair`: array of temperatures to value and standard deviation, SI.

    >>> from ioffe.material import Material
    >>> m = Material.from_arrays("trial", "p", [300.0, 400.0], seebeck=[2e-4, 2e-4],
    ...     electrical_conductivity=[1e5, 1e5], thermal_conductivity=[1.5, 1.5],
    ...     std={"seebeck": "6 %", "electrical_conductivity": "8 %", "thermal_conductivity": "11 %"})
    >>> m.zT(300.0), m.zT.std(300.0) / m.zT(300.0)
    (0.8, 0.181383571...)
    """

    def __init__(self, quantity: str, pair: Callable[[Array], Pair]) -> None:
        self.quantity = quantity
        self._pair = pair

    def __call__(self, T: ArrayLike) -> float | Array:
        """Value at T in K, SI, in the shape of T."""
        return self._part(T, 0)

    def std(self, T: ArrayLike) -> float | Array:
        """Standard deviation at T in K, SI, in the shape of T; NaN if no curve states any.

        `T`: in K.
        Returns: SI, in the shape of T.
        """
        return self._part(T, 1)

    def _part(self, T: ArrayLike, which: int) -> float | Array:
        temperature = floats(T, "temperature", "T")
        found = np.asarray(self._pair(temperature)[which], float)
        return float(found) if temperature.ndim == 0 else found

    def __repr__(self) -> str:
        return f"<{self.quantity} as a function of temperature in K>"


def _std(curve: Curve, T: Array) -> Array:
    """Standard deviation of a curve; NaN for one that states none."""
    return np.full_like(T, np.nan) if curve.std is None else np.asarray(curve.std_at(T))


def _total(one: Array, other: Array) -> Array:
    """Root of the sum of squares of what is known of two errors; NaN if neither is."""
    both = np.hypot(np.nan_to_num(one), np.nan_to_num(other))
    return np.where(np.isnan(one) & np.isnan(other), np.nan, both)


def seebeck_pair(seebeck: Curve | None, T: Array) -> Pair:
    """S and its standard deviation in V/K; 0 without a curve.

    `seebeck`: Seebeck coefficient, or None for zero.
    `T`: in K.
    Returns `value, std`: in V/K, in the shape of T.
    """
    if seebeck is None:
        return np.zeros_like(T), np.full_like(T, np.nan)
    return np.asarray(seebeck(T)), _std(seebeck, T)


def conductivity_pair(electrical: Curve | None, T: Array) -> Pair:
    """Electrical conductivity and its standard deviation in S/m, from either curve; 0 without one.

    `electrical`: conductivity or resistivity, or None for an insulator.
    `T`: in K.
    Returns `value, std`: in S/m, in the shape of T.
    """
    return _electrical_pair(electrical, T, "electrical_conductivity", 0.0)


def resistivity_pair(electrical: Curve | None, T: Array) -> Pair:
    """Electrical resistivity and its standard deviation in ohm m; infinite without a curve.

    `electrical`: conductivity or resistivity, or None for an insulator.
    `T`: in K.
    Returns `value, std`: in ohm m, in the shape of T.
    """
    return _electrical_pair(electrical, T, "electrical_resistivity", np.inf)


def _electrical_pair(electrical: Curve | None, T: Array, wanted: str, without: float) -> Pair:
    if electrical is None:
        return np.full_like(T, without), np.full_like(T, np.nan)
    value, std = np.asarray(electrical(T)), _std(electrical, T)
    return (value, std) if electrical.quantity == wanted else (1.0 / value, std / value**2)


def power_factor_pair(seebeck: Curve | None, electrical: Curve | None, T: Array) -> Pair:
    """S^2 sigma and its standard deviation in W/(m K2).

    `seebeck`: Seebeck coefficient, or None for zero.
    `electrical`: conductivity or resistivity, or None for an insulator.
    `T`: in K.
    Returns `value, std`: in W/(m K2), in the shape of T.
    """
    S, dS = seebeck_pair(seebeck, T)
    sigma, dsigma = conductivity_pair(electrical, T)
    return merit.power_factor(S, sigma), _total(2.0 * S * sigma * dS, S**2 * dsigma)


def zT_pair(seebeck: Curve | None, electrical: Curve | None, thermal: Curve | None, T: Array) -> Pair:
    """zT and its standard deviation.

    `seebeck`: Seebeck coefficient, or None for zero.
    `electrical`: conductivity or resistivity, or None for an insulator.
    `thermal`: thermal conductivity; without one zT is NaN.
    `T`: in K.
    Returns `value, std`: in the shape of T.
    """
    if thermal is None:
        return np.full_like(T, np.nan), np.full_like(T, np.nan)
    _, dfactor = power_factor_pair(seebeck, electrical, T)
    kappa, dkappa = np.asarray(thermal(T)), _std(thermal, T)
    S, sigma = seebeck_pair(seebeck, T)[0], conductivity_pair(electrical, T)[0]
    value = merit.zT(S, sigma, kappa, T)
    return value, _total(dfactor * T / kappa, value / kappa * dkappa)


def mobility_pair(hall: Curve, electrical: Curve | None, T: Array) -> Pair:
    """Hall mobility sigma |R_H| = sigma/(e n_H) and its standard deviation in m2/(V s).

    `hall`: hall coefficient or Hall carrier density.
    `electrical`: conductivity or resistivity, or None for an insulator.
    `T`: in K.
    Returns `value, std`: in m2/(V s), in the shape of T.
    """
    n, dn = hall_density_pair(hall, T)
    sigma, dsigma = conductivity_pair(electrical, T)
    value = sigma / (e * n)
    return value, _total(dsigma / (e * n), value * dn / n)


def hall_density_pair(hall: Curve, T: Array) -> Pair:
    """Hall carrier density 1/(e |R_H|) and its standard deviation in 1/m3.

    `hall`: hall coefficient or Hall carrier density.
    `T`: in K.
    Returns `value, std`: in 1/m3, in the shape of T.
    """
    value, std = np.asarray(hall(T)), _std(hall, T)
    if hall.quantity != "hall_coefficient":
        return value, std
    n = 1.0 / (e * np.abs(value))
    return n, n * std / np.abs(value)


def parabola_top(y: Array) -> tuple[NDArray[np.intp], Array, Array]:
    """Top of the parabola through the largest inner value of every row and its two neighbours.

    `y` (rows, points): values at evenly spaced temperatures.
    Returns `k` (rows,): position of the middle point.
    Returns `shift` (rows,): from there to the top, in steps; 0 where the points do not bend downwards.
    Returns `top` (rows,): height, with the shift limited to one step.

    >>> k, shift, top = parabola_top(np.array([[0.0, 3.0, 4.0, 3.0]]))
    >>> k.tolist(), shift.tolist(), top.tolist()
    ([2], [0.0], [4.0])
    """
    rows = np.arange(len(y))
    k = np.clip(np.argmax(y, axis=1), 1, y.shape[1] - 2)
    left, mid, right = (y[rows, k + d] for d in (-1, 0, 1))
    bend = left - 2.0 * mid + right
    flat = bend >= 0.0
    shift = np.where(flat, 0.0, 0.5 * (left - right) / np.where(flat, 1.0, bend))
    return k, shift, mid - 0.25 * (left - right) * np.clip(shift, -1.0, 1.0)
