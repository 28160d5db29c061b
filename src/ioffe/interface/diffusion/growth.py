"""Growth of reaction layers, how long a barrier lasts, and steady flux through layers."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.errors import Faults
from ioffe.interface._checks import check_number, check_series, check_times
from ioffe.interface.ageing.acceleration import Arrhenius, reduced_time

__all__ = ["GrowthFit", "LayerGrowth", "fit_growth", "steady_flux"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class LayerGrowth:
    """A reaction layer that grows by diffusion through itself, with the reaction at its face in series.

    (x^2 - x_0^2)/k + (x - x_0)/k_1 = theta: parabolic, x^2 = x_0^2 + k t, without the reaction, and linear
    for a thin layer with it (B. E. Deal, A. S. Grove, J. Appl. Phys. 36 (1965) 3770, doi 10.1063/1.1713945).

    Parameters
    ----------
    constant : float
        k in m2/s at the reference temperature.
    initial : float
        x_0 in m.
    reaction : float, optional
        k_1 in m/s.
    acceleration : Arrhenius, optional
        How both constants depend on temperature.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> day = 86400.0
    >>> layer = LayerGrowth(0.4e-12 / day)
    >>> layer.thickness([0.0, 10 * day, 40 * day]) * 1e6
    array([0., 2., 4.])
    """

    constant: float
    initial: float = 0.0
    reaction: float | None = None
    acceleration: Arrhenius | None = None

    def __post_init__(self) -> None:
        faults = Faults()
        check_number(faults, "constant", self.constant, 0.0)
        check_number(faults, "initial", self.initial, 0.0)
        if self.reaction is not None:
            check_number(faults, "reaction", self.reaction, 0.0, exclusive=True)
        if not isinstance(self.acceleration, Arrhenius | None):
            faults.add("acceleration", self.acceleration, "an Arrhenius or None is expected")
        faults.raise_if_any()

    def thickness(self, time: ArrayLike, T: float | None = None) -> Array:
        """Thickness in m after times in s at T in K, by default the reference temperature."""
        faults = Faults()
        check_series(faults, "time", np.ravel(time), 0.0)
        faults.raise_if_any()
        return self._grown(np.asarray(time, float) * self._factor(T))

    def along(self, times: ArrayLike, temperatures: ArrayLike = ()) -> Array:
        """Thickness in m along a history; the arguments are those of `ageing.reduced_time`."""
        return self._grown(reduced_time(self.acceleration, times, temperatures))

    def time_to(self, thickness: float, T: float | None = None) -> float:
        """Time in s at T in K until the layer is that thick; infinite if it does not grow."""
        faults = Faults()
        x = check_number(faults, "thickness", thickness, self.initial)
        faults.raise_if_any()
        way = x - self.initial
        if way == 0.0:
            return 0.0
        if self.constant == 0.0:
            return np.inf
        slow = 0.0 if self.reaction is None else way / self.reaction
        return (way * (x + self.initial) / self.constant + slow) / self._factor(T)

    def time_to_consume(self, barrier: float, ratio: float, T: float | None = None) -> float:
        """Time in s at T in K until a barrier layer is used up by the layer that grows from it.

        Parameters
        ----------
        barrier : float
            Thickness of the barrier layer in m.
        ratio : float
            Thickness of the barrier that is used for a thickness of the growing layer: the volume of the
            barrier's atoms in the product over the volume of the product.
        T : float, optional
            In K; by default the reference temperature.

        Raises
        ------
        InputError
            With everything that is wrong.

        Examples
        --------
        A barrier of 5 um of which 0.6 um go into 1 um of product.

        >>> print(f"{LayerGrowth(0.4e-12 / 86400).time_to_consume(5e-6, 0.6) / 86400:.1f} days")
        173.6 days
        """
        faults = Faults()
        d = check_number(faults, "barrier", barrier, 0.0)
        r = check_number(faults, "ratio", ratio, 0.0, exclusive=True)
        faults.raise_if_any()
        return self.time_to(self.initial + d / r, T)

    def _factor(self, T: float | None) -> float:
        if T is None or self.acceleration is None:
            return 1.0
        faults = Faults()
        T = check_number(faults, "T", T, 0.0, exclusive=True)
        faults.raise_if_any()
        return float(self.acceleration.factor(T))

    def _grown(self, theta: Array) -> Array:
        if self.constant == 0.0:
            return np.full_like(theta, self.initial)
        half = 0.0 if self.reaction is None else 0.5 * self.constant / self.reaction
        start = self.initial + half
        # (x + h)^2 = (x_0 + h)^2 + k theta, written without cancellation
        grown = self.constant * theta
        return self.initial + grown / (np.sqrt(start**2 + grown) + start + (grown == 0.0))


@dataclass(frozen=True)
class GrowthFit:
    """k of x^2 = x_0^2 + k t, fitted to measured thicknesses.

    Attributes
    ----------
    growth : LayerGrowth
    constant_std, initial_square_std : float
        Of k in m2/s and of x_0^2 in m2.
    exponent, exponent_std : float
        Of x ~ t^n, fitted beside it without the fresh state: 1/2 says diffusion, 1 reaction; NaN for fewer
        than three points.
    chi_squared, degrees_of_freedom : float, int
    """

    growth: LayerGrowth
    constant_std: float
    initial_square_std: float
    exponent: float
    exponent_std: float
    chi_squared: float
    degrees_of_freedom: int


def fit_growth(times: ArrayLike, thickness: ArrayLike, std: ArrayLike | None = None) -> GrowthFit:
    """Fit parabolic growth x^2 = x_0^2 + k t to thicknesses.

    Parameters
    ----------
    times : array_like, shape (n,)
        In s, not running backwards.
    thickness : array_like, shape (n,)
        In m.
    std : array_like, optional
        Standard deviations of the thicknesses in m, one or n; by default the same for all, from the scatter.

    Raises
    ------
    InputError
        With everything that is wrong, such as one time or a layer that shrinks.

    Examples
    --------
    >>> day = 86400.0
    >>> found = fit_growth([0.0, 10 * day, 40 * day], [0.0, 2.1e-6, 3.95e-6], 0.1e-6)
    >>> print(f"{found.growth.constant * 1e12 * day:.2f} +- {found.constant_std * 1e12 * day:.2f} um2/day")
    0.40 +- 0.02 um2/day
    """
    faults = Faults()
    t = check_times(faults, "times", times, least=2)
    x = check_series(faults, "thickness", thickness, 0.0, least=2)
    if len(t) != len(x):
        faults.add("thickness", len(x), f"as many as times are expected, {len(t)}")
    elif len(t) > 1 and np.ptp(t) == 0.0:
        faults.add("times", float(t[0]), "times that differ are expected")
    error = None if std is None else check_series(faults, "std", std, 0.0, exclusive=True)
    if error is not None and len(error) not in (1, len(x)):
        faults.add("std", len(error), f"one standard deviation or {len(x)} are expected")
    faults.raise_if_any()
    free = len(x) - 2
    s = np.ones_like(x) if error is None else np.broadcast_to(error, x.shape)
    # the error of x^2 is 2 x s, with s itself as the smallest thickness that is told from none
    squares = 2.0 * np.maximum(x, s if error is not None else 1e-3 * np.max(x)) * s
    (initial, k), inverse, chi_squared = _line(t, x**2, squares)
    scale = 1.0 if error is not None else chi_squared / free if free > 0 else nan
    if k < 0.0:
        faults.add("thickness", x.tolist(), "a layer that grows is expected")
    faults.raise_if_any()
    exponent, its_std = _exponent(t, x, s, error is not None)
    growth = LayerGrowth(float(k), sqrt(max(float(initial), 0.0)))
    errors = np.sqrt(scale * np.diag(inverse))
    return GrowthFit(growth, float(errors[1]), float(errors[0]), exponent, its_std, chi_squared, free)


def _line(x: Array, y: Array, std: Array) -> tuple[Array, Array, float]:
    """Weighted straight line: intercept and slope, covariance for the weights, chi squared."""
    size = float(np.max(np.abs(x))) or 1.0
    matrix = np.stack([np.ones_like(x), x / size], axis=1) / std[:, None]
    q, r = np.linalg.qr(matrix)
    found = np.linalg.solve(r, q.T @ (y / std))
    residual = matrix @ found - y / std
    inverse = np.linalg.inv(r)
    turn = np.array([1.0, 1.0 / size])
    covariance = inverse @ inverse.T * np.outer(turn, turn)
    return np.asarray(found * turn, float), np.asarray(covariance, float), float(residual @ residual)


def _exponent(t: Array, x: Array, std: Array, stated: bool) -> tuple[float, float]:
    used = (t > 0.0) & (x > 0.0)
    if np.count_nonzero(used) < 3 or np.ptp(t[used]) == 0.0:
        return nan, nan
    part = std[used] / x[used]
    (_, slope), inverse, chi_squared = _line(np.log(t[used]), np.log(x[used]), part)
    scale = 1.0 if stated else chi_squared / (np.count_nonzero(used) - 2)
    return float(slope), float(np.sqrt(scale * inverse[1, 1]))


def steady_flux(
    concentrations: tuple[float, float], thickness: ArrayLike, diffusion_coefficient: ArrayLike
) -> float:
    """Steady flux through layers in series by Fick's first law, J = -D dc/dx.

    J = (c_1 - c_2)/sum_i (d_i/D_i): without segregation at the interfaces, and D of each layer constant.

    Parameters
    ----------
    concentrations : pair of float
        c_1 and c_2 on both sides, such as in mol/m3.
    thickness, diffusion_coefficient : array_like, shape (n,)
        Of the layers, in m and m2/s.

    Returns
    -------
    float
        From the first side to the second, such as in mol/(m2 s).

    Raises
    ------
    InputError
        With everything that is wrong, such as a negative D.

    Examples
    --------
    >>> steady_flux((1.0e5, 0.0), 5e-6, 1e-16)
    2e-06
    """
    faults = Faults()
    c = check_series(faults, "concentrations", concentrations, 0.0, least=2)
    d = check_series(faults, "thickness", thickness, 0.0, exclusive=True)
    D = check_series(faults, "diffusion_coefficient", diffusion_coefficient, 0.0)
    if len(c) != 2:
        faults.add("concentrations", len(c), "two concentrations are expected")
    if len(D) != len(d):
        faults.add("diffusion_coefficient", len(D), f"one for each of the {len(d)} layers is expected")
    faults.raise_if_any()
    return 0.0 if np.any(D == 0.0) else float((c[0] - c[1]) / np.sum(d / D))
