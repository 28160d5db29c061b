"""Adaptive Gauss-Kronrod integration of many integrands at once, panel by panel.

The rule is the pair of 10 and 21 points of QUADPACK (R. Piessens et al., QUADPACK, Springer 1983, doi
10.1007/978-3-642-61786-7), with its estimate of the error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import ConvergenceError

__all__ = ["debye_integral", "integrate_panels", "thermal_window"]

_HALF: Final = np.array([
    0.9956571630258080807, 0.9739065285171717200, 0.9301574913557082260,
    0.8650633666889845107, 0.7808177265864168970, 0.6794095682990244062,
    0.5627571346686046833, 0.4333953941292471907, 0.2943928627014601981,
    0.1488743389816312108,
])  # fmt: skip
_HALF_KRONROD: Final = np.array([
    0.0116946388673718742, 0.0325581623079647274, 0.0547558965743519960,
    0.0750396748109199527, 0.0931254545836976055, 0.1093871588022976418,
    0.1234919762620658510, 0.1347092173114733259, 0.1427759385770600807,
    0.1477391049013384913,
])  # fmt: skip
_HALF_GAUSS: Final = np.array([
    0.0666713443086881375, 0.1494513491505805931, 0.2190863625159820439,
    0.2692667193099963550, 0.2955242247147528701,
])  # fmt: skip
_CENTRE: Final = 0.1494455540029169056

NODES: Final = np.concatenate([-_HALF, [0.0], _HALF[::-1]])
KRONROD: Final = np.concatenate([_HALF_KRONROD, [_CENTRE], _HALF_KRONROD[::-1]])
GAUSS: Final = np.zeros(21)
GAUSS[1::2] = np.concatenate([_HALF_GAUSS, _HALF_GAUSS[::-1]])
_RULES: Final = np.stack([KRONROD, KRONROD - GAUSS])

_GENERATIONS: Final = 60
"""Halvings of a panel after which an integral is given up."""
_ROUNDING: Final = 50 * np.finfo(float).eps


def integrate_panels(
    function: Callable[[Array], Array], edges: ArrayLike, tolerance: float = 1e-11
) -> tuple[Array, Array]:
    """Integrals of many functions of one variable over every panel.

    Parameters
    ----------
    function : callable
        Nodes (n,) to values (n, ...).
    edges : array_like of shape (panels + 1,)
        Ends of the panels, rising.
    tolerance : float
        Relative to the integral over all panels, for each of the functions.

    Returns
    -------
    integrals : ndarray of shape (panels, ...)
    error : ndarray of shape (...)
        Estimated error of their sum.

    Raises
    ------
    ConvergenceError
        If the tolerance is not reached when a panel has been halved 60 times.

    Examples
    --------
    >>> values, error = integrate_panels(lambda x: np.stack([x**0.5, np.exp(x)], axis=1), [0.0, 0.5, 1.0])
    >>> values.sum(axis=0)
    array([0.66666667, 1.71828183])
    """
    ends = np.asarray(edges, float)
    left, right, owner = ends[:-1], ends[1:], np.arange(ends.size - 1)
    done: Array | None = None
    spent: Array = np.zeros(())
    for _ in range(_GENERATIONS):
        value, error = _apply(function, left, right)
        if done is None:
            done, spent = np.zeros((ends.size - 1, *value.shape[1:])), np.zeros(value.shape[1:])
        allowed = tolerance * np.abs(done.sum(axis=0) + value.sum(axis=0))
        finished = bool(np.all(spent + error.sum(axis=0) <= allowed))
        rest = error > np.maximum(allowed / (2 * left.size), 0.0)
        again = np.zeros(left.size, bool) if finished else rest.reshape(left.size, -1).any(axis=1)
        np.add.at(done, owner[~again], value[~again])
        spent = spent + error[~again].sum(axis=0)
        if not again.any():
            return done, spent
        left, right, owner = left[again], right[again], owner[again]
        middle = 0.5 * (left + right)
        left, right = np.concatenate([left, middle]), np.concatenate([middle, right])
        owner = np.concatenate([owner, owner])
    raise ConvergenceError(
        f"an integral was not found to a relative {tolerance:g} within {_GENERATIONS} halvings"
    )


def _apply(function: Callable[[Array], Array], left: Array, right: Array) -> tuple[Array, Array]:
    """Integral and error of every panel, shapes (panels, ...)."""
    half = 0.5 * (right - left)
    nodes = (0.5 * (left + right))[:, None] + half[:, None] * NODES
    found = np.asarray(function(nodes.ravel()))
    values = found.reshape(left.size, NODES.size, -1)
    integral, difference = np.einsum("rk,pkl,p->rpl", _RULES, values, half)
    size = np.einsum("k,pkl,p->pl", KRONROD, np.abs(values), half)
    mean = integral / (2 * half)[:, None]
    spread = np.einsum("k,pkl,p->pl", KRONROD, np.abs(values - mean[:, None]), half)
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = spread * np.minimum(1.0, (200.0 * np.abs(difference) / spread) ** 1.5)
    error = np.maximum(np.where(spread > 0.0, scaled, np.abs(difference)), _ROUNDING * size)
    shape = (left.size, *found.shape[1:])
    return integral.reshape(shape), error.reshape(shape)


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
