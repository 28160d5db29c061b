"""Truncated power series over lanes, with tangents.

A series is an array of coefficients on the first axis; the solution of an ordinary differential
equation with polynomial coefficients follows coefficient by coefficient (Taylor's method).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def convolve_dual(a: Array, b: Array, k: int, start: int = 0) -> Array:
    """Coefficient k of the product of two dual series of shape (orders, 1 + tangents, lanes).

    Row 0 of the second axis is the value, the others its derivatives. With ``start=1`` the
    contribution of ``a[0]`` is left out, as the division of series needs it.
    """
    left, right = a[start : k + 1], b[k - start :: -1] if k >= start else b[:0]
    out = np.einsum("il,idl->dl", left[:, 0], right)
    if a.shape[1] > 1:
        out[1:] += np.einsum("idl,il->dl", left[:, 1:], right[:, 0])
    return out


def square_dual(a: Array, k: int) -> Array:
    """Coefficient k of the square of a dual series."""
    out = np.einsum("il,idl->dl", a[: k + 1, 0], a[k::-1])
    out[1:] *= 2.0
    return out


def divide_dual(numerator: Array, denominator: Array) -> Array:
    """Quotient of two dual numbers of shape (1 + tangents, lanes)."""
    out = numerator / denominator[0]
    out[1:] -= out[0] * denominator[1:] / denominator[0]
    return out


def evaluate(series: Array, x: Array) -> Array:
    """Sum of a series (orders, ..., lanes) at x (lanes,)."""
    value = series[-1].copy()
    for coefficient in series[-2::-1]:
        value *= x
        value += coefficient
    return value


def safe_step(series: Array, tolerance: Array) -> Array:
    """Largest step (in the series' own variable) at which its last two terms stay below `tolerance`."""
    n = len(series) - 1
    tiny = np.finfo(float).tiny
    last = (tolerance / (np.abs(series[n]) + tiny)) ** (1.0 / n)
    before = (tolerance / (np.abs(series[n - 1]) + tiny)) ** (1.0 / (n - 1))
    return np.minimum(last, before)
