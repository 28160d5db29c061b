"""Integrals of the Debye model."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.transport._panels import integrate_panels

__all__ = ["debye_integral", "thermal_window"]

_CUT: Final = 80.0
"""x above which nothing counts: x^5 exp(-x) is 6e-26 there."""


def thermal_window(x: ArrayLike) -> Array:
    r"""x^2 e^x/(e^x - 1)^2, the heat capacity of a mode of frequency x k_B T/hbar over k_B.

    Examples
    --------
    >>> thermal_window([0.0, 1.0, 40.0])
    array([1.00000000e+00, 9.20673594e-01, 6.79736681e-15])
    """
    half = 0.5 * np.asarray(x, float)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.where(half < 1e-8, 1.0, (half / np.sinh(half)) ** 2)


def debye_integral(order: int, upper: ArrayLike) -> Array:
    r"""int_0^X x^n e^x/(e^x - 1)^2 dx, to about 1e-13.

    Parameters
    ----------
    order : int
        n, from 2 on.
    upper : array_like
        X; infinity is allowed.

    Examples
    --------
    >>> debye_integral(4, [0.0, np.inf]) / (4 * np.pi**4 / 15)
    array([0., 1.])
    """
    top = np.minimum(np.asarray(upper, float), _CUT)

    def integrand(s: Array) -> Array:
        x = top * s.reshape(-1, *(1,) * top.ndim)
        return top * x ** (order - 2) * thermal_window(x)

    return integrate_panels(integrand, (0.0, 0.25, 0.5, 1.0), 1e-13)[0].sum(axis=0)
