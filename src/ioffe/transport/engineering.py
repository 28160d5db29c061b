r"""Figures of merit over a span of temperatures: averages and the engineering ZT and power factor.

A property is a table ``(T, values)``, taken as straight between its points and integrated exactly; or a
function of an array of temperatures. A function that has a method ``integral(T1, T2)``, as
:class:`ioffe.base.curve.Curve`, integrates itself; any other one is integrated by Gauss-Legendre on ever
more panels, to 1e-10.

>>> S = [300.0, 500.0], [180e-6, 220e-6]
>>> print(f"{temperature_integral(S, 300.0, 500.0) * 1e3:.1f} mV")
40.0 mV
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import ConvergenceError, Fault, InputError
from ioffe.base.units import floats
from ioffe.transport import merit

Profile: TypeAlias = Callable[[Array], ArrayLike] | tuple[Sequence[float] | Array, Sequence[float] | Array]
"""A function of T, or a table (T, values)."""

_ORDER: Final = 16
_MOST_PANELS: Final = 4096
_CLOSE: Final = 1e-10


def temperature_integral(profile: Profile, T_cold: ArrayLike, T_hot: ArrayLike) -> Array:
    """Integral of a property over the temperature, from T_cold to T_hot.

    Parameters
    ----------
    profile : callable or (T, values)
    T_cold, T_hot : array_like
        In K.

    Returns
    -------
    ndarray
        In the common shape of the limits; unit of the property times K.

    Raises
    ------
    InputError
        If a table does not reach from T_cold to T_hot.
    ConvergenceError
        If 4096 panels of a function were not enough.
    """
    low, high = np.broadcast_arrays(floats(T_cold), floats(T_hot))
    if isinstance(profile, tuple):
        T, values = (floats(part) for part in profile)
        return _primitive(T, values, high) - _primitive(T, values, low)
    own = getattr(profile, "integral", None)
    return np.asarray(own(low, high), float) if own is not None else _by_panels(profile, low, high)


def average(profile: Profile, T_cold: ArrayLike, T_hot: ArrayLike) -> Array:
    r"""Average over the temperature, such as :math:`zT_\mathrm{avg} = \int zT\,\mathrm{d}T/(T_h - T_c)`.

    Parameters
    ----------
    profile : callable or (T, values)
        As for :func:`temperature_integral`.
    T_cold : array_like
        In K.
    T_hot : array_like
        In K.

    Returns
    -------
    ndarray
        In the unit of the profile.

    Examples
    --------
    >>> print(f"{average(([300.0, 500.0], [0.8, 1.0]), 300.0, 400.0):.3f}")
    0.850
    """
    return temperature_integral(profile, T_cold, T_hot) / (floats(T_hot) - floats(T_cold))


def engineering_power_factor(
    seebeck: Profile, resistivity: Profile, T_cold: ArrayLike, T_hot: ArrayLike
) -> Array:
    r"""Engineering power factor :math:`(\int S\,\mathrm{d}T)^2/\int\rho\,\mathrm{d}T` in W/(m K).

    Parameters
    ----------
    seebeck : callable or (T, values)
        S in V/K as a function of T in K.
    resistivity : callable or (T, values)
        In Ohm m as a function of T in K.
    T_cold : array_like
        In K.
    T_hot : array_like
        In K.

    Returns
    -------
    ndarray
        In W/(m K).

    Examples
    --------
    >>> rho = [300.0, 500.0], [8e-6, 12e-6]
    >>> S = [300.0, 500.0], [180e-6, 220e-6]
    >>> print(f"{engineering_power_factor(S, rho, 300.0, 500.0):.3f} W/(m K)")
    0.800 W/(m K)
    """
    volts = temperature_integral(seebeck, T_cold, T_hot)
    return volts**2 / temperature_integral(resistivity, T_cold, T_hot)


def engineering_ZT(
    seebeck: Profile, resistivity: Profile, thermal_conductivity: Profile, T_cold: ArrayLike, T_hot: ArrayLike
) -> Array:
    r"""Engineering figure of merit between two temperatures.

    .. math::

        (ZT)_\mathrm{eng} = \frac{(\int S\,\mathrm{d}T)^2}{\int\rho\,\mathrm{d}T\int\kappa\,\mathrm{d}T}
                            (T_\mathrm{h} - T_\mathrm{c})

    (H. S. Kim, W. Liu, G. Chen, C.-W. Chu, Z. Ren, Proc. Natl. Acad. Sci. 112 (2015) 8205,
    doi 10.1073/pnas.1510231112).

    Parameters
    ----------
    seebeck, resistivity, thermal_conductivity : callable or (T, values)
        In V/K, ohm m and W/(m K).
    T_cold, T_hot : array_like
        In K; an array of T_hot gives the curve over the hot side.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> S, rho = ([300.0, 500.0], [200e-6, 200e-6]), ([300.0, 500.0], [1e-5, 1e-5])
    >>> kappa = [300.0, 500.0], [1.6, 1.6]
    >>> print(engineering_ZT(S, rho, kappa, 300.0, [400.0, 500.0]))  # Z dT
    [0.25 0.5 ]
    """
    factor = engineering_power_factor(seebeck, resistivity, T_cold, T_hot)
    span = floats(T_hot) - floats(T_cold)
    return factor * span / temperature_integral(thermal_conductivity, T_cold, T_hot)


def efficiency_estimate(
    seebeck: Profile,
    resistivity: Profile,
    thermal_conductivity: Profile,
    T_cold: ArrayLike,
    T_hot: ArrayLike,
    *,
    cumulative: bool = False,
) -> Array:
    r"""Kim's estimate of the largest efficiency, no device's answer.

    The short form is :func:`ioffe.transport.merit.kim_efficiency`: half of the Joule heat to each side, and
    no Thomson heat. The cumulative form gives each to the hot side in proportion to (T - T_c)/(T_h - T_c),

    .. math::

        \eta = \eta_C \frac{q - 1}{a_0 q + a_2}, \quad q = \sqrt{1 + (ZT)_{eng}\,a_1/\eta_C}, \quad
        a_i = \frac{S(T_h)\Delta T - W_T \eta_C}{\int S\,\mathrm{d}T} - i\,W_J \eta_C,

        W_T = \int \tau \frac{T - T_c}{\Delta T}\mathrm{d}T, \quad
        W_J = \frac{\int \rho\,(T - T_c)\,\mathrm{d}T}{\Delta T \int \rho\,\mathrm{d}T}, \quad
        \tau = T\,\mathrm{d}S/\mathrm{d}T.

    Parameters
    ----------
    seebeck : callable or (T, values)
        S in V/K as a function of T in K.
    resistivity : callable or (T, values)
        In Ohm m as a function of T in K.
    thermal_conductivity : callable or (T, values)
        In W/(m K) as a function of T in K.
    T_cold : array_like
        In K.
    T_hot : array_like
        In K.
    cumulative : bool
        Whether the distribution of Joule and Thomson heat over the temperature counts; without it the
        estimate is low by up to a fifth where S rises over a wide span.

    Returns
    -------
    ndarray
        Share of the heat, 0 to 1.

    Notes
    -----
    H. S. Kim, W. Liu, G. Chen, C.-W. Chu, Z. Ren, PNAS 112 (2015) 8205, doi 10.1073/pnas.1510231112.

    Examples
    --------
    >>> S, rho = ([300.0, 500.0], [200e-6, 200e-6]), ([300.0, 500.0], [1e-5, 1e-5])
    >>> kappa = [300.0, 500.0], [1.6, 1.6]
    >>> print(f"{efficiency_estimate(S, rho, kappa, 300.0, 500.0):.6f}")
    0.082258
    """
    hot = floats(T_hot)
    if isinstance(seebeck, tuple):
        at_hot = np.interp(hot, np.asarray(seebeck[0], float), np.asarray(seebeck[1], float))
    else:
        at_hot = np.asarray(seebeck(hot), float)
    ZT = engineering_ZT(seebeck, resistivity, thermal_conductivity, T_cold, T_hot)
    total = temperature_integral(seebeck, T_cold, T_hot)
    if not cumulative:
        return merit.kim_efficiency(ZT, at_hot, total, T_cold, T_hot)
    cold = floats(T_cold)
    span = hot - cold
    carnot = span / hot
    # by parts, so that no derivative of a table is needed
    thomson = hot * at_hot - (2.0 * _moment(seebeck, cold, hot) + cold * total) / span
    joule = _moment(resistivity, cold, hot) / (span * temperature_integral(resistivity, cold, hot))
    a = [(at_hot * span - thomson * carnot) / total - i * joule * carnot for i in range(3)]
    q = np.sqrt(1.0 + ZT * a[1] / carnot)
    return carnot * (q - 1.0) / (a[0] * q + a[2])


def efficiency_bound(zT: Profile, T_cold: ArrayLike, T_hot: ArrayLike) -> Array:
    r"""Efficiency that no generator exceeds whose materials reach at most zT at every temperature.

    .. math:: \eta \le 1 - \exp\left(-\int_{T_\mathrm{c}}^{T_\mathrm{h}} \frac{\eta_r}{T}\,dT\right)

    with the reduced efficiency :math:`\eta_r` of :func:`ioffe.transport.merit.reduced_efficiency`. It would
    be that of a leg whose current suits its material everywhere (G. J. Snyder and T. S. Ursell, Phys. Rev.
    Lett. 91 (2003) 148301, doi 10.1103/PhysRevLett.91.148301).

    Parameters
    ----------
    zT : callable or (T, values)
        Figure of merit over the temperature; a table is exact as far as what is integrated is straight
        between its points.
    T_cold, T_hot : array_like
        In K.

    Returns
    -------
    ndarray
        Share of the heat, 0 to 1.

    Examples
    --------
    >>> print(f"{efficiency_bound(lambda T: 1.0 + 0.0 * T, 300.0, 500.0):.6f}")
    0.083913
    """
    share = _of_merit(zT, lambda merits, T: merit.reduced_efficiency(merits) / T)
    return -np.expm1(-temperature_integral(share, T_cold, T_hot))


def COP_bound(zT: Profile, T_cold: ArrayLike, T_hot: ArrayLike) -> Array:
    r"""Coefficient of performance that no cooler exceeds whose materials reach at most zT.

    .. math:: \mathrm{COP} \le \left[\exp\left(\int_{T_\mathrm{c}}^{T_\mathrm{h}}
              \frac{dT}{\eta_r T}\right) - 1\right]^{-1}

    with :math:`\eta_r` as for :func:`efficiency_bound`.

    Parameters
    ----------
    zT : callable or (T, values)
        Figure of merit over the temperature; 0 nowhere.
    T_cold, T_hot : array_like
        In K.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> print(f"{COP_bound(lambda T: 1.0 + 0.0 * T, 290.0, 300.0):.4f}")
    4.5773
    """
    share = _of_merit(zT, lambda merits, T: 1.0 / (merit.reduced_efficiency(merits) * T))
    return 1.0 / np.expm1(temperature_integral(share, T_cold, T_hot))


def _of_merit(zT: Profile, function: Callable[[Array, Array], Array]) -> Profile:
    """A function of zT and T along a profile of zT."""
    if isinstance(zT, tuple):
        T, values = (floats(part) for part in zT)
        return T, function(values, T)
    return lambda T: function(floats(zT(T)), floats(T))


def _moment(profile: Profile, T_cold: Array, T_hot: Array) -> Array:
    """Integral of a property times T - T_cold, piece by piece between the points of a table or a curve."""
    low, high = np.broadcast_arrays(T_cold, T_hot)
    if isinstance(profile, tuple):
        temperature_integral(profile, low, high)  # refuses what is outside of the table
        points, values = (floats(part) for part in profile)
        function: Callable[[Array], ArrayLike] = partial(np.interp, xp=points, fp=values)
        knots: Array | None = points
    else:
        function, knots = profile, getattr(profile, "knots", None)
    if knots is None:
        return _by_panels(lambda T: np.asarray(function(T), float) * (T - low[..., None]), low, high)
    x, w = np.polynomial.legendre.leggauss(_ORDER)

    def between(start: float, end: float) -> float:
        edges = np.unique(np.concatenate([[start], knots[(knots > start) & (knots < end)], [end]]))
        half = 0.5 * np.diff(edges)[:, None]
        T = edges[:-1, None] + half * (1.0 + x)
        return float(np.sum(np.asarray(function(T), float) * (T - start) * half * w))

    return np.vectorize(between, otypes=[float])(low, high)


def _primitive(T: Array, values: Array, at: Array) -> Array:
    """Integral of the straight pieces of a table from its first temperature."""
    if T.ndim != 1 or T.shape != values.shape or len(T) < 2 or not np.all(np.diff(T) > 0.0):
        expected = "two or more rising temperatures and as many values are expected"
        raise InputError(Fault("T", T.tolist(), expected))
    if np.any(at < T[0]) or np.any(at > T[-1]):
        worst = float(at.flat[np.argmax(np.maximum(T[0] - at, at - T[-1]))])
        raise InputError(Fault("T", worst, f"a temperature from {T[0]:g} K to {T[-1]:g} K is expected"))
    areas = np.concatenate([[0.0], np.cumsum(0.5 * (values[1:] + values[:-1]) * np.diff(T))])
    cell = np.clip(np.searchsorted(T, at, side="right") - 1, 0, len(T) - 2)
    return areas[cell] + 0.5 * (at - T[cell]) * (values[cell] + np.interp(at, T, values))


def _by_panels(function: Callable[[Array], ArrayLike], low: Array, high: Array) -> Array:
    """Gauss-Legendre on 4, 8, 16, ... panels until two answers agree."""
    x, w = np.polynomial.legendre.leggauss(_ORDER)
    panels, before = 4, np.full(low.shape, np.nan)
    while panels <= _MOST_PANELS:
        fractions = ((np.arange(panels)[:, None] + 0.5 * (x + 1.0)) / panels).ravel()
        width = (high - low)[..., None]
        values = np.asarray(function(low[..., None] + width * fractions), float)
        terms = values * np.tile(0.5 * w / panels, panels) * width
        found = terms.sum(-1)
        if np.all(np.abs(found - before) <= _CLOSE * np.abs(terms).sum(-1)):
            return found
        panels, before = 2 * panels, found
    raise ConvergenceError(f"the integral over T did not settle to {_CLOSE:g} on {_MOST_PANELS} panels")
