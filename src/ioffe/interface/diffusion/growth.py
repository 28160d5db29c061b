"""Growth of reaction layers, how long a barrier lasts, and steady flux through layers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, nan, sqrt
from typing import Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, InputError
from ioffe.base.least_squares import LeastSquaresFit, linear_least_squares
from ioffe.base.quantities import quantity
from ioffe.interface._checks import FROM_ZERO, POSITIVE, Checks, QuantityLike, numbers
from ioffe.interface.ageing.acceleration import TEMPERATURE, Arrhenius, check_acceleration, reduced_time

THICKNESS: Final = replace(quantity("position"), lower=0.0)
"""Of a layer that may still be missing."""
SMALLEST_PART: Final = 1e-3
"""Part of the largest thickness that is told from none, where errors are not stated."""


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
        with Checks() as checks:
            checks.fields(self, constant="growth_constant", initial=THICKNESS, reaction=POSITIVE)
            check_acceleration(checks, self.acceleration)

    def thickness(self, time: QuantityLike, T: float | None = None) -> Array:
        """Thickness after times at one temperature.

        Parameters
        ----------
        time : array_like
            In s.
        T : float, optional
            In K; by default the reference temperature.

        Returns
        -------
        ndarray
            In m, in the shape of the time.

        Raises
        ------
        InputError
            For a negative time or a temperature that is not above 0.
        """
        (t,) = numbers(time=(time, "time"))
        return self._grown(t * self._factor(T))

    def along(self, times: QuantityLike, temperatures: QuantityLike = ()) -> Array:
        """Thickness along a history.

        Parameters
        ----------
        times, temperatures
            As for `ageing.reduced_time`.

        Returns
        -------
        ndarray, shape (n,)
            In m.
        """
        return self._grown(reduced_time(self.acceleration, times, temperatures))

    def time_to(self, thickness: float, T: float | None = None) -> float:
        """Time at one temperature until the layer is that thick.

        Parameters
        ----------
        thickness : float
            In m, not below the initial one.
        T : float, optional
            In K; by default the reference temperature.

        Returns
        -------
        float
            In s; infinite if the layer does not grow.

        Raises
        ------
        InputError
            For a thickness below the initial one.
        """
        with Checks() as checks:
            x = checks.number("thickness", thickness, replace(THICKNESS, lower=self.initial))
        way = x - self.initial
        if way == 0.0:
            return 0.0
        if self.constant == 0.0:
            return inf
        slow = 0.0 if self.reaction is None else way / self.reaction
        return (way * (x + self.initial) / self.constant + slow) / self._factor(T)

    def time_to_consume(self, barrier: float, ratio: float, T: float | None = None) -> float:
        """Time at one temperature until a barrier layer is used up by the layer that grows from it.

        Parameters
        ----------
        barrier : float
            Thickness of the barrier layer in m.
        ratio : float
            Thickness of the barrier that is used for a thickness of the growing layer: the volume of the
            barrier's atoms in the product over the volume of the product.
        T : float, optional
            In K; by default the reference temperature.

        Returns
        -------
        float
            In s; infinite if the layer does not grow.

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
        with Checks() as checks:
            d = checks.number("barrier", barrier, THICKNESS)
            r = checks.number("ratio", ratio, POSITIVE)
        return self.time_to(self.initial + d / r, T)

    def _factor(self, T: float | None) -> float:
        if T is None or self.acceleration is None:
            return 1.0
        return float(self.acceleration.factor(*numbers(T=(T, TEMPERATURE))))

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
    """k of x^2 = x_0^2 + k t, fitted to measured thicknesses by :func:`fit_growth`.

    Attributes
    ----------
    growth : LayerGrowth
    constant_std, initial_square_std : float
        Of k in m2/s and of x_0^2 in m2.
    exponent, exponent_std : float
        Of x ~ t^n, fitted beside it without the fresh state: 1/2 says diffusion, 1 reaction; NaN for fewer
        than three points.
    chi_squared, degrees_of_freedom : float, int
        n - 2 of a straight line.

    Examples
    --------
    >>> found = fit_growth([1e6, 4e6, 9e6], [1e-6, 2e-6, 3e-6])
    >>> print(f"{found.growth.constant:.2e} m2/s, x ~ t^{found.exponent:.2f}")
    1.00e-18 m2/s, x ~ t^0.50
    """

    growth: LayerGrowth
    constant_std: float
    initial_square_std: float
    exponent: float
    exponent_std: float
    chi_squared: float
    degrees_of_freedom: int


def fit_growth(times: QuantityLike, thickness: QuantityLike, std: QuantityLike | None = None) -> GrowthFit:
    """Fit parabolic growth x^2 = x_0^2 + k t to thicknesses, by a weighted straight line.

    The law of growth by diffusion through the layer, without a reaction in series (B. E. Deal, A. S. Grove,
    J. Appl. Phys. 36 (1965) 3770, doi 10.1063/1.1713945).

    Parameters
    ----------
    times : array_like, shape (n,)
        In s, not running backwards.
    thickness : array_like, shape (n,)
        In m.
    std : array_like, optional
        Standard deviations of the thicknesses in m, one or n; by default the same for all, from the scatter
        with n - 2 degrees of freedom.

    Returns
    -------
    GrowthFit

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
    with Checks() as checks:
        t = checks.times("times", times, least=2)
        x = checks.series("thickness", thickness, THICKNESS, least=2)
        checks.same_length("thickness", x, "times", len(t))
        if np.ptp(t) == 0.0:
            checks.add("times", float(t[0]), "times that differ are expected")
        error = checks.std(std, x, THICKNESS)
    s = np.ones_like(x) if error is None else error
    # the error of x^2 is 2 x s, with s itself as the smallest thickness that is told from none
    squares = 2.0 * np.maximum(x, s if error is not None else SMALLEST_PART * np.max(x)) * s
    line = _line(t, x**2, squares, error is not None)
    start, k = line.parameters.tolist()
    if k < 0.0:
        raise InputError(Fault("thickness", x.tolist(), "a layer that grows is expected"))
    power, power_std = nan, nan
    used = (t > 0.0) & (x > 0.0)
    if np.count_nonzero(used) > 2 and np.ptp(t[used]) > 0.0:
        logarithms = _line(np.log(t[used]), np.log(x[used]), s[used] / x[used], error is not None)
        power, power_std = float(logarithms.parameters[1]), float(logarithms.standard_errors[1])
    start_std, k_std = line.standard_errors.tolist()
    layer = LayerGrowth(k, sqrt(max(start, 0.0)))
    return GrowthFit(layer, k_std, start_std, power, power_std, line.chi_squared, line.degrees_of_freedom)


def _line(x: Array, y: Array, std: Array, stated: bool) -> LeastSquaresFit:
    """Weighted straight line, intercept and slope; the weights count as errors only where they are stated."""
    found = linear_least_squares(np.stack([np.ones_like(x), x], axis=1), y, std)
    return replace(found, stated=stated)


def steady_flux(
    concentrations: tuple[float, float], thickness: QuantityLike, diffusion_coefficient: QuantityLike
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
    with Checks() as checks:
        c = checks.series("concentrations", concentrations, FROM_ZERO, least=2)
        d = checks.series("thickness", thickness, "thickness")
        D = checks.series("diffusion_coefficient", diffusion_coefficient, "diffusion_coefficient")
        if len(c) != 2:
            checks.add("concentrations", len(c), "two concentrations are expected")
        if len(D) != len(d):
            checks.add("diffusion_coefficient", len(D), f"one for each of the {len(d)} layers is expected")
    return 0.0 if np.any(D == 0.0) else float((c[0] - c[1]) / np.sum(d / D))
