"""Interdiffusion of two half-spaces: the error-function profile, and what its width is called.

c(x, t) = (c_1 + c_2)/2 - (c_1 - c_2)/2 erf[(x - x_0)/w], w = 2 sqrt(D t), for a diffusion coefficient that
does not depend on composition and two sides that are thick against w (J. Crank, The Mathematics of Diffusion,
2nd ed., Oxford 1975, Eq. 2.14; remembered). The **width** is w, the scale in the argument of the error
function; `width_as` gives the other numbers that are called width.
"""

from __future__ import annotations

from collections.abc import Callable
from math import pi, sqrt
from typing import Final, Literal, cast, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.interface._checks import check_number, check_series

__all__ = ["Convention", "couple_profile", "diffusion_width", "error_function", "width_as"]

Array = NDArray[np.float64]
Convention = Literal["error function", "diffusion length", "10-90 %", "16-84 %", "tangent"]
PARTS: Final = {"10-90 %": 0.9061938024368232, "16-84 %": 0.7031879128220362}
"""erf^-1(0.8) and erf^-1(0.68)."""


def error_function(x: ArrayLike) -> Array:
    """erf(x), of arrays."""
    from scipy.special import erf

    return np.asarray(cast(Callable[[ArrayLike], Array], erf)(x))


def diffusion_width(diffusion_coefficient: ArrayLike, time: ArrayLike) -> Array:
    """Width w = 2 sqrt(D t) in m.

    Parameters
    ----------
    diffusion_coefficient : array_like
        D in m2/s.
    time : array_like
        In s.

    Raises
    ------
    InputError
        For a negative D or time.

    Examples
    --------
    >>> print(f"{float(diffusion_width(1e-18, 45796.0)) * 1e6:.3f} um")
    0.428 um
    """
    faults = Faults()
    check_series(faults, "diffusion_coefficient", np.ravel(diffusion_coefficient), 0.0)
    check_series(faults, "time", np.ravel(time), 0.0)
    faults.raise_if_any()
    return 2.0 * np.sqrt(np.asarray(diffusion_coefficient, float) * np.asarray(time, float))


def width_as(width: ArrayLike, convention: str) -> Array:
    """The width w = 2 sqrt(D t) as another convention counts it.

    Parameters
    ----------
    width : array_like
        w in m.
    convention : str
        ``error function``: w itself; ``diffusion length``: sqrt(D t) = w/2; ``10-90 %`` and ``16-84 %``:
        distance between the places with these parts of the step; ``tangent``: the step over the largest
        slope, sqrt(pi) w.

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
    known = get_args(Convention)
    if convention not in known:
        expected = f"one of {', '.join(known)} is expected"
        raise InputError(Fault("convention", convention, expected, did_you_mean(convention, known)))
    factors = {"error function": 1.0, "diffusion length": 0.5, "tangent": sqrt(pi)}
    factors |= {name: 2.0 * at for name, at in PARTS.items()}
    return np.asarray(width, float) * factors[convention]


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
    faults = Faults()
    check_number(faults, "width", float(np.min(width)), 0.0)
    faults.raise_if_any()
    x = np.asarray(position, float) - np.asarray(interface, float)
    w = np.asarray(width, float)
    fresh = w == 0.0
    step = np.where(fresh, np.sign(x), error_function(x / np.where(fresh, 1.0, w)))
    left, right = np.asarray(left, float), np.asarray(right, float)
    return 0.5 * (left + right) - 0.5 * (left - right) * step
