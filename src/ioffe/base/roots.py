"""Roots of functions of one variable: with slopes for many functions at once, between two signs, by halving.

These are the only searches for roots in the package that are not part of a larger solver. Which one to take:

- :func:`falling_root` if the derivative is known (or cheap by differences); vectorised over arrays;
- :func:`root_between` for one expensive function without a derivative, between two known signs;
- :func:`halve` where only a comparison is known, such as a table that jumps; vectorised over arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["falling_root", "halve", "root_between"]

Array = NDArray[np.float64]

MOST_EVALUATIONS: Final = 120
NEWTON_PASSES: Final = 40
"""After so many evaluations a step that is not half of the one before is replaced by halving the bracket."""
CLOSE: Final = 1e-9
"""Relative size of the last Newton step: convergence is quadratic, so that the error is that of rounding."""
NARROW: Final = 1e-14
"""Relative width of a bracket without a root inside, as a jump or a kink leaves it."""
LARGEST_DOUBLING: Final = 60
"""Steps towards an open side double at most so many times."""
SMALLEST_WIDTH: Final = 1e-15
"""Relative accuracy of :func:`root_between` if none is asked for."""


def falling_root(
    function: Callable[..., tuple[ArrayLike, ArrayLike]],
    start: ArrayLike,
    *,
    low: ArrayLike = -np.inf,
    high: ArrayLike = np.inf,
    scale: ArrayLike | None = None,
    close: float = CLOSE,
    by_index: bool = False,
) -> Array:
    r"""Where functions fall through zero: Newton's method kept inside a bracket, for many functions at once.

    .. math:: x_{k+1} = x_k - f(x_k)/f'(x_k)

    Every sign met narrows the bracket of the root; a step that leaves it is replaced by its middle, or by a
    growing step towards the side that is still open. A function that rises is given with the opposite sign.
    The iterates are those of plain Newton's method wherever these stay inside, so that a function whose
    curvature keeps its sign costs nothing more.

    `function`: arguments in the shape of `start` to values and slopes, which broadcast to it. It falls, or
        stays level; NaN where it does not exist, which must lie beyond the arguments at which it does. With
        `by_index` it is called with the arguments of the functions that are still searched, shape (rows,),
        and their indices into the raveled `start`.
    `start`: first guesses; one that is not finite is given back as it is. Where the slope all but vanishes at
        the guess, both ends of a bracket should be given.
    `low`, `high`: bracket of the root, if one is known: its ends are never evaluated.
    `scale`: size of x for the tolerance, by default 1 + abs(x).
    `close`: Newton step, in units of the scale, behind which the search ends.
    `by_index`: whether `function` takes rows and indices, for functions that are expensive to evaluate.
    Returns: in the shape of `start`; NaN where no root was found in 120 evaluations.

    Newton's method with bisection as its safeguard: W. H. Press et al., Numerical Recipes, 3rd ed., Cambridge
    University Press (2007), section 9.4.

    Square roots, where the first guesses are far away and the bracket is known:

    >>> squares = np.array([2.0, 9.0, 1e6])
    >>> falling_root(lambda x: (squares - x**2, -2.0 * x), np.ones(3), low=0.0)
    array([   1.41421356,    3.        , 1000.        ])
    """
    first = np.array(start, float)
    x, shape = first.ravel().copy(), first.shape
    least = np.array(np.broadcast_to(np.asarray(low, float), shape)).ravel()
    most = np.array(np.broadcast_to(np.asarray(high, float), shape)).ravel()
    size = None if scale is None else np.broadcast_to(np.asarray(scale, float), shape).ravel()
    live = np.flatnonzero(np.isfinite(x))
    out, known, before = x.copy(), np.full(x.shape, np.nan), np.full(x.shape, np.nan)
    out[live] = np.nan
    x[~np.isfinite(x)] = 0.0
    for k in range(MOST_EVALUATIONS):
        if not live.size:
            break
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            y, slope = _evaluated(function, x, live, shape, by_index)
        exists = np.isfinite(y)
        lost = live[~exists]
        if lost.size:
            back = np.where(np.isnan(known[lost]), 0.0, known[lost])
            most[lost] = np.where(x[lost] > back, np.minimum(most[lost], x[lost]), most[lost])
            least[lost] = np.where(x[lost] < back, np.maximum(least[lost], x[lost]), least[lost])
            x[lost] = 0.5 * (x[lost] + back)
            live, y, slope = live[exists], y[exists], slope[exists]
        here = x[live]
        known[live] = here
        least[live] = np.where(y >= 0.0, here, least[live])
        most[live] = np.where(y <= 0.0, here, most[live])
        with np.errstate(all="ignore"):
            step = np.where(y == 0.0, 0.0, -y / np.minimum(slope, 0.0))
            step = np.where((y == 0.0) | np.isfinite(slope), step, np.nan)
            unit = 1.0 + np.abs(here) if size is None else size[live]
            done = np.abs(step) <= close * unit
        out[live[done]] = here[done] + step[done]
        live, step, unit = live[~done], step[~done], unit[~done]
        slow = (np.abs(step) > 0.5 * np.abs(before[live])) & (k > NEWTON_PASSES)
        before[live] = step
        with np.errstate(over="ignore"):
            x[live] = _next(x[live], np.where(slow, np.nan, step), least[live], most[live], unit, k)
        narrow = most[live] - least[live] <= NARROW * unit
        out[live[narrow]] = x[live[narrow]]
        live = live[~narrow & np.isfinite(x[live])]
        if lost.size:
            live = np.sort(np.concatenate([live, lost]))
    return out.reshape(shape)


def _evaluated(
    function: Callable[..., tuple[ArrayLike, ArrayLike]],
    x: Array,
    live: NDArray[np.intp],
    shape: tuple[int, ...],
    by_index: bool,
) -> tuple[Array, Array]:
    """Values and slopes of the functions that are still searched."""
    if by_index:
        value, slope = function(x[live], live)
        return np.asarray(value, float), np.asarray(slope, float)
    value, slope = (np.broadcast_to(part, shape).ravel()[live] for part in function(x.reshape(shape)))
    return value, slope


def _next(x: Array, step: Array, low: Array, high: Array, unit: Array, k: int) -> Array:
    """Newton's point if it lies in the bracket, otherwise the middle, or a growing step to the open side."""
    new = x + step
    with np.errstate(invalid="ignore"):
        middle = np.where(np.isfinite(low) & np.isfinite(high), 0.5 * (low + high), np.nan)
    far = unit * 2.0 ** min(k, LARGEST_DOUBLING)
    outwards = np.where(np.isfinite(low), x + far, x - far)
    fallback = np.where(np.isnan(middle), outwards, middle)
    return np.where(np.isfinite(new) & (new > low) & (new < high), new, fallback)


def root_between(function: Callable[[float], float], low: float, high: float, accuracy: float = 0.0) -> float:
    """Root of one function between two arguments at which its signs differ, by Brent's method.

    `function`: a number to a number.
    `low`, `high`: ends, in either order; the function has opposite signs there, or is zero at one of them.
    `accuracy`: in the argument; by default that of rounding.
    Raises `ValueError` if the signs at the ends are the same.

    R. P. Brent, Algorithms for Minimization without Derivatives, Prentice-Hall (1973), chapter 4.

    >>> round(root_between(lambda x: x**3 - 2.0, 0.0, 2.0), 12)
    1.259921049895
    """
    from scipy.optimize import brentq

    smallest = SMALLEST_WIDTH * max(abs(low), abs(high))
    return float(cast(Any, brentq)(function, low, high, xtol=max(accuracy, smallest), rtol=1e-14))


def halve(
    is_below: Callable[[Array], NDArray[np.bool_]], low: ArrayLike, high: ArrayLike, times: int
) -> tuple[Array, Array]:
    """Narrow ranges around the argument at which a comparison changes, for many of them at once.

    `is_below`: arguments to whether each lies on the side of its `low`.
    `low`, `high`: ends of the ranges; `high` may be the smaller one. An end stays where no change is inside.
    `times`: how often every range is halved.
    Returns `low, high`: ends of the ranges that are left, 2**times times narrower.

    >>> low, high = halve(lambda x: x**2 < np.array([2.0, 9.0]), np.zeros(2), np.full(2, 10.0), 40)
    >>> 0.5 * (low + high)
    array([1.41421356, 3.        ])
    """
    left, right = np.asarray(low, float), np.asarray(high, float)
    for _ in range(times):
        middle = 0.5 * (left + right)
        below = is_below(middle)
        left, right = np.where(below, middle, left), np.where(below, right, middle)
    return left, right
