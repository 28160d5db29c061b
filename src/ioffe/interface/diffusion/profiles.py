"""Profiles of diffusion in closed form: two half-spaces, layers of finite thickness, a membrane.

Half-spaces: c(x, t) = (c_1 + c_2)/2 - (c_1 - c_2)/2 erf[(x - x_0)/w], w = 2 sqrt(D t), for a diffusion
coefficient that does not depend on composition and two sides that are thick against w (J. Crank, The
Mathematics of Diffusion, 2nd ed., Oxford 1975, Eq. 2.14; remembered). The **width** is w, the scale in the
argument of the error function; `width_as` gives the other numbers that are called width.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import pi, sqrt
from typing import Final, cast

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.quantities import quantity
from ioffe.base.units import floats
from ioffe.interface._checks import FROM_ZERO, Checks, QuantityLike, numbers

FACTORS: Final[dict[str, float]] = {
    "error function": 1.0,
    "diffusion length": 0.5,
    "10-90 %": 2.0 * 0.9061938024368232,
    "16-84 %": 2.0 * 0.7031879128220362,
    "tangent": sqrt(pi),
}
"""Width of each convention over w; the numbers are erf^-1(0.8) and erf^-1(0.68)."""
WIDTH: Final = replace(quantity("position"), lower=0.0)
"""Of a profile, which is 0 for a fresh couple."""
SHORT: Final = 0.05
"""D t/L^2 below which the sum over images is used, and above which the cosine series: both have converged to
1e-15 with the number of terms below."""
IMAGES: Final = 3
TERMS: Final = 12


def error_function(x: ArrayLike) -> Array:
    """erf(x), of arrays."""
    from scipy.special import erf

    return np.asarray(cast(Callable[[ArrayLike], Array], erf)(x))


def diffusion_width(diffusion_coefficient: QuantityLike, time: QuantityLike) -> Array:
    """Width of the profile of two half-spaces, w = 2 sqrt(D t).

    Parameters
    ----------
    diffusion_coefficient : array_like
        D in m2/s.
    time : array_like
        In s.

    Returns
    -------
    ndarray
        w in m, in the common shape of the arguments.

    Raises
    ------
    InputError
        For a negative D or time.

    Examples
    --------
    >>> print(f"{float(diffusion_width(1e-18, 45796.0)) * 1e6:.3f} um")
    0.428 um
    """
    D, t = numbers(
        diffusion_coefficient=(diffusion_coefficient, "diffusion_coefficient"), time=(time, "time")
    )
    return 2.0 * np.sqrt(D * t)


def width_as(width: ArrayLike, convention: str) -> Array:
    """The width w = 2 sqrt(D t) as another convention counts it.

    Parameters
    ----------
    width : array_like
        w in m.
    convention : str
        ``error function``: w itself; ``diffusion length``: sqrt(D t) = w/2; ``10-90 %`` and ``16-84 %``:
        distance between the positions with these parts of the step; ``tangent``: the step over the largest
        slope, sqrt(pi) w.

    Returns
    -------
    ndarray
        In m, in the shape of the width.

    Raises
    ------
    InputError
        For another convention.

    Examples
    --------
    >>> for name in ("diffusion length", "10-90 %", "tangent"):
    ...     print(name, round(float(width_as(0.428, name)), 3), "um")
    diffusion length 0.214 um
    10-90 % 0.776 um
    tangent 0.759 um
    """
    with Checks() as checks:
        checks.one_of("convention", convention, FACTORS)
    return floats(width, "length", "width") * FACTORS[convention]


def couple_profile(
    position: ArrayLike,
    width: ArrayLike,
    left: ArrayLike = 1.0,
    right: ArrayLike = 0.0,
    interface: ArrayLike = 0.0,
) -> Array:
    """Profile of two half-spaces that diffuse into each other.

    Parameters
    ----------
    position : array_like
        x in m.
    width : array_like
        w = 2 sqrt(D t) in m; 0 for the fresh couple.
    left, right : array_like
        Concentrations far from the interface, in any unit.
    interface : array_like
        x_0 in m.

    Returns
    -------
    ndarray
        In the unit of `left` and `right`; the mean of both at the interface.

    Raises
    ------
    InputError
        For a negative width.

    Examples
    --------
    >>> couple_profile([-1e-6, 0.0, 0.428e-6], 0.428e-6, left=66.7, right=0.0)
    array([66.6..., 33.35 ,  5.24...])
    """
    w, x, x_0 = numbers(
        width=(width, WIDTH), position=(position, "position"), interface=(interface, "position")
    )
    x = x - x_0
    fresh = w == 0.0
    step = np.where(fresh, np.sign(x), error_function(x / np.where(fresh, 1.0, w)))
    left, right = floats(left, location="left"), floats(right, location="right")
    return 0.5 * (left + right) - 0.5 * (left - right) * step


def finite_profile(position: ArrayLike, edges: ArrayLike, concentrations: ArrayLike, Dt: float) -> Array:
    """Profile of layers that diffuse into each other between two closed ends.

    Cosine series c = <c> + sum_n a_n cos(n pi x/L) exp(-n^2 pi^2 D t/L^2), and for short times the same
    solution as a sum of error functions over mirror images (Crank, The Mathematics of Diffusion, 2nd ed.,
    1975, Eqs. 2.17 and 4.57; remembered).

    Parameters
    ----------
    position : array_like
        x in m between the first and the last edge.
    edges : array_like, shape (n + 1,)
        Edges of the layers in m, rising; nothing passes the first and the last.
    concentrations : array_like, shape (n,)
        Of the fresh layers, in any unit.
    Dt : float
        D t in m2.

    Returns
    -------
    ndarray
        In the shape of the position and the unit of the concentrations.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    1 um of a metal on 4 um, when it has spread out, and just after the start.

    >>> finite_profile([0.0, 2.5e-6, 5e-6], [0.0, 1e-6, 5e-6], [1.0, 0.0], 1e-9)
    array([0.2, 0.2, 0.2])
    >>> round(float(finite_profile(1e-6, [0.0, 1e-6, 5e-6], [1.0, 0.0], 1e-16)), 6)
    0.5
    """
    with Checks() as checks:
        x = checks.array("position", position, "position")
        b = checks.series("edges", edges, "position", least=2)
        c = checks.series("concentrations", concentrations)
        Dt = checks.number("Dt", Dt, FROM_ZERO)
        if np.any(np.diff(b) <= 0.0):
            checks.add("edges", b.tolist(), "edges that rise are expected")
        if len(c) != len(b) - 1:
            checks.add("concentrations", len(c), f"one for each of the {len(b) - 1} layers is expected")
        if np.any((x < b[0]) | (x > b[-1])):
            checks.add("position", x.tolist(), f"positions from {b[0]:g} to {b[-1]:g} m are expected")
    length = float(b[-1] - b[0])
    x, b = x - b[0], b - b[0]
    if Dt == 0.0:
        return c[np.clip(np.searchsorted(b, x, side="right") - 1, 0, len(c) - 1)]
    return _series(x, b, c, Dt, length) if Dt > SHORT * length**2 else _images(x, b, c, Dt, length)


def _series(x: Array, b: Array, c: Array, Dt: float, length: float) -> Array:
    k = np.arange(1, TERMS + 1) * np.pi / length
    mean = float(c @ np.diff(b)) / length
    a = 2.0 / (k * length) * (np.diff(np.sin(np.outer(k, b)), axis=1) @ c)
    return mean + np.cos(x[..., None] * k) @ (a * np.exp(-(k**2) * Dt))


def _images(x: Array, b: Array, c: Array, Dt: float, length: float) -> Array:
    """Every layer and its mirror image, repeated with the period 2 L, each spread by error functions."""
    w = 2.0 * np.sqrt(Dt)
    found = np.zeros_like(x)
    for shift in 2.0 * length * np.arange(-IMAGES, IMAGES + 1):
        for low, high, value in zip(b[:-1], b[1:], c, strict=True):
            for left, right in ((low + shift, high + shift), (shift - high, shift - low)):
                share = error_function((x - left) / w) - error_function((x - right) / w)
                found = found + 0.5 * value * share
    return found


def membrane_amount(thickness: float, D: float, surface: float, times: ArrayLike) -> Array:
    """What has passed a layer since its one side was brought to a concentration and its other kept at zero.

    Q = D c t/d - c d/6 - (2 c d/pi^2) sum_n ((-1)^n/n^2) exp(-D n^2 pi^2 t/d^2) (Crank, Eq. 4.24a;
    remembered). For short times, where the series cancels, the first image of the error function complement
    is used; what it gives is smaller than exp(-d^2/(4 D t)).

    Parameters
    ----------
    thickness : float
        d in m.
    D : float
        In m2/s.
    surface : float
        c, such as in 1/m3.
    times : array_like
        In s.

    Returns
    -------
    ndarray
        Q, such as in 1/m2.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    After a long time it grows straight, as if begun d^2/(6 D) late.

    >>> d, D = 5e-6, 1e-16
    >>> float(membrane_amount(d, D, 1.0, 10 * time_lag(d, D))) / (D / d * 9 * time_lag(d, D))
    1.0000...
    """
    from scipy.special import erfc

    with Checks() as checks:
        d = checks.number("thickness", thickness, "thickness")
        D = checks.number("D", D, "diffusion_coefficient")
        checks.number("surface", surface, FROM_ZERO)
        t = checks.array("times", times, "time")
    s = D * t / d**2
    n = np.arange(1, TERMS + 1)
    late = s - 1.0 / 6.0 - 2.0 / np.pi**2 * np.exp(-(np.pi**2) * s[..., None] * n**2) @ ((-1.0) ** n / n**2)
    root = np.sqrt(np.where(s > 0.0, s, 1.0))
    early = np.zeros_like(s)
    for k in (1.0, 3.0):  # both mirror sources, integrated over time
        z = k / (2.0 * root)
        early = early + 2.0 * root * (2.0 * np.exp(-(z**2)) / np.sqrt(np.pi) - 2.0 * z * erfc(z))
    return surface * d * np.where(s > SHORT, late, np.where(s > 0.0, early, 0.0))


def time_lag(thickness: float, D: float) -> float:
    """Time d^2/(6 D) after which a layer lets through what diffuses, by its breakthrough line.

    The standard result for a membrane (J. Crank, The Mathematics of Diffusion, 2nd ed., Oxford 1975).

    Parameters
    ----------
    thickness : float
        d in m.
    D : float
        In m2/s, above 0.

    Returns
    -------
    float
        In s.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    5 um with 1e-12 cm2/s:

    >>> print(f"{time_lag(5e-6, 1e-16) / 3600:.1f} h")
    11.6 h
    """
    with Checks() as checks:
        d = checks.number("thickness", thickness, "thickness")
        D = checks.number("D", D, replace(quantity("diffusion_coefficient"), exclusive=True))
    return d**2 / (6.0 * D)
