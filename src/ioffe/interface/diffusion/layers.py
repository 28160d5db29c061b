"""Diffusion in layers of finite thickness, in closed form for one constant diffusion coefficient."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.errors import Faults
from ioffe.interface._checks import check_number, check_series
from ioffe.interface.diffusion.couple import error_function

__all__ = ["finite_profile", "membrane_amount", "time_lag"]

Array = NDArray[np.float64]
SHORT = 0.05
"""D t/L^2 below which the sum over images is used, and above which the cosine series: both have converged to
1e-15 with the number of terms below."""
IMAGES = 3
TERMS = 12


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
    faults = Faults()
    x = np.asarray(position, float)
    b = check_series(faults, "edges", edges, least=2)
    c = check_series(faults, "concentrations", concentrations)
    Dt = check_number(faults, "Dt", Dt, 0.0)
    if np.any(np.diff(b) <= 0.0):
        faults.add("edges", b.tolist(), "edges that rise are expected")
    if len(c) != len(b) - 1:
        faults.add("concentrations", len(c), f"one for each of the {len(b) - 1} layers is expected")
    if np.any((x < b[0]) | (x > b[-1])):
        faults.add("position", x.tolist(), f"positions from {b[0]:g} to {b[-1]:g} m are expected")
    faults.raise_if_any()
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
                found = found + 0.5 * value * (
                    error_function((x - left) / w) - error_function((x - right) / w)
                )
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

    faults = Faults()
    d = check_number(faults, "thickness", thickness, 0.0, exclusive=True)
    D = check_number(faults, "D", D, 0.0)
    check_number(faults, "surface", surface, 0.0)
    check_series(faults, "times", np.ravel(times), 0.0)
    faults.raise_if_any()
    s = D * np.asarray(times, float) / d**2
    n = np.arange(1, TERMS + 1)
    late = s - 1.0 / 6.0 - 2.0 / np.pi**2 * np.exp(-(np.pi**2) * s[..., None] * n**2) @ ((-1.0) ** n / n**2)
    root = np.sqrt(np.where(s > 0.0, s, 1.0))
    early = np.zeros_like(s)
    for k in (1.0, 3.0):  # both mirror sources, integrated over time
        z = k / (2.0 * root)
        early = early + 2.0 * root * (2.0 * np.exp(-(z**2)) / np.sqrt(np.pi) - 2.0 * z * erfc(z))
    return surface * d * np.where(s > SHORT, late, np.where(s > 0.0, early, 0.0))


def time_lag(thickness: float, D: float) -> float:
    """Time d^2/(6 D) in s after which a layer lets through what diffuses, by its breakthrough line.

    Parameters
    ----------
    thickness : float
        d in m.
    D : float
        In m2/s.

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
    faults = Faults()
    d = check_number(faults, "thickness", thickness, 0.0, exclusive=True)
    D = check_number(faults, "D", D, 0.0, exclusive=True)
    faults.raise_if_any()
    return d**2 / (6.0 * D)
