"""Root of a falling function, for many lanes at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ioffe.device.conditions import Array
from ioffe.engine.network import Cases

MAX_PASSES = 120
NEWTON_PASSES = 40
"""After so many passes every second step halves the bracket."""
CLOSE = 1e-9
"""A Newton step of this size, in units of the scale, is the last one."""


def falling_root(
    function: Callable[[Array, Cases], tuple[Array, Array]], start: Array, scale: Array
) -> Array:
    """Where a function falls through zero: Newton's steps inside a bracket, shape (lanes,).

    Parameters
    ----------
    function
        Values and slopes at points (rows,) of given lanes. It falls, or stays level; NaN where it does not
        exist, which lies beyond the points at which it does.
    start, scale
        Where to begin (NaN: nothing is sought), and the size of x for the tolerance; shape (lanes,).

    Returns
    -------
    ndarray
        NaN where there is no root.
    """
    out = np.full(len(start), np.nan)
    low, high = np.full(len(start), -np.inf), np.full(len(start), np.inf)
    x, known = start.copy(), np.full(len(start), np.nan)
    live = np.flatnonzero(np.isfinite(start))
    for k in range(MAX_PASSES):
        if not len(live):
            break
        y, slope = function(x[live], live)
        good = np.isfinite(y)
        lost = live[~good]
        back = np.where(np.isnan(known[lost]), 0.0, known[lost])
        high[lost] = np.where(x[lost] > back, np.minimum(high[lost], x[lost]), high[lost])
        low[lost] = np.where(x[lost] < back, np.maximum(low[lost], x[lost]), low[lost])
        x[lost] = 0.5 * (x[lost] + back)
        live, y, slope = live[good], y[good], slope[good]
        known[live] = x[live]
        low[live] = np.where(y >= 0, x[live], low[live])
        high[live] = np.where(y <= 0, x[live], high[live])
        with np.errstate(all="ignore"):
            step = np.where(y == 0.0, 0.0, -y / np.minimum(slope, 0.0))
        done = np.abs(step) <= CLOSE * scale[live]
        out[live[done]] = x[live[done]] + step[done]
        live, step, y = live[~done], step[~done], y[~done]
        x[live] = _next(x[live], step, low[live], high[live], scale[live], k)
        # a jump or a kink at the root leaves a bracket of no width
        narrow = high[live] - low[live] <= 1e-14 * scale[live]
        out[live[narrow]] = x[live[narrow]]
        live = np.sort(np.concatenate([live[~narrow], lost]))
    return out


def _next(x: Array, step: Array, low: Array, high: Array, scale: Array, k: int) -> Array:
    """Newton's point if it lies in the bracket, otherwise the middle, or a growing step to the open side."""
    new = x + step
    with np.errstate(invalid="ignore"):
        middle = np.where(np.isfinite(low) & np.isfinite(high), 0.5 * (low + high), np.nan)
    far = scale * 2.0 ** min(k, 60)
    outwards = np.where(np.isfinite(low), x + far, x - far)
    fallback = np.where(np.isnan(middle), outwards, middle)
    inside = np.isfinite(new) & (new > low) & (new < high)
    if k > NEWTON_PASSES and k % 2:
        inside &= np.isnan(middle)
    return np.where(inside, new, fallback)
