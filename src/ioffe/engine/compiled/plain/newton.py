"""Newton's method on a group of lanes: the first guess, the corrections, and the estimate of the error."""

from __future__ import annotations

from typing import Any

import numpy as np

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.plain.lanes import (
    BEFORE,
    ERROR,
    FALL,
    FOUND_R,
    GROWTH,
    HEATING,
    LANES,
    LEAST,
    MEAN,
    MOVING,
    POSITION,
    POSITION_C,
    POSITION_ERROR,
    R_C,
    R_ERROR,
    RISE,
    SIGN,
    SQUARE,
    START,
    TOTAL,
    C,
    J,
    R,
    wide_vectors,
)

PASSES = 10
LAG, LATER_LAG, LAG_SLOPE = 0.4, 1.5, 4.0
"""What the second pass and each later one leave of a change is this times the growth in one element, and a
little more where the growth is large: bounds of what was measured on random legs, not tuned to be sharp."""
STEEP, HOPELESS = 2.0, 10.0
"""Ratio of p within one element beyond which the element is cut, and beyond which that does not help: where
p^2 is linear in T, a ratio q takes (q^2 - 1)/3 elements."""
EPSILON = 1e-15
"""Rounding, as a share of the terms of p."""
KEEP = 0.33
"""Share of the least p that one correction must leave."""
REPAIRS = 2
"""Passes in which p need not be positive."""


@kernel(fast=True, inline=True)
def guess(now: Any, lane: int, j: float) -> float:
    """c to second order in the deviations of p from its mean."""
    return j * (now[MEAN + lane] - now[SIGN + lane] * j * now[HEATING + lane]) - now[TOTAL + lane]


@kernel(fast=True)
def first_guess(now: Any) -> None:
    """Everything that Newton's method begins with."""
    wide_vectors()
    for lane in range(LANES):
        now[C + lane] = guess(now, lane, now[J + lane])
        now[FOUND_R + lane] = now[R + lane]
        now[MOVING + lane], now[BEFORE + lane] = 1.0, 1.0


@kernel(fast=True, inline=True)
def correction(now: Any, lane: int) -> Any:
    """Newton's correction of c, and whether it had to be limited.

    The equation 1/xi(c) = 1 is nearly linear in c. Where p is not positive everywhere, c moves so that it is.
    """
    x, least = now[POSITION + lane], now[LEAST + lane]
    d = (1.0 - x) * x / now[POSITION_C + lane]
    most = (1.0 - KEEP) * least / max(1.0, 1.0 + now[SQUARE + lane] * now[R_C + lane])
    back = least - (1.0 - KEEP) * now[TOTAL + lane]
    return (min(d, most) if least > 0.0 else back), (d > most) | (least <= 0.0)


@kernel(fast=True, inline=True)
def judge(
    now: Any,
    lane: int,
    count: int,
    d: float,
    limited: bool,
    found: float,
    more: float,
    lag: float,
    allowed: float,
) -> bool:
    """Estimate the error of a lane after pass number `count`; returns whether it still changes.

    Relative changes of c and r shrink with the growth in one element, because the shape lags behind by one
    pass, and Newton's method leaves their square. `more` is what else is left. A lane that is too steep for
    its elements ends with an infinite error. It ends with NaN if its p stays negative, or if it is too steep
    because Newton's method drives p to zero.
    """
    r = now[R + lane]
    begin = now[J + lane] * now[START + lane]
    size = abs(begin - now[C + lane]) + abs(now[SQUARE + lane]) * r
    change = max(abs(d) / size, abs(found - now[FOUND_R + lane]) / r)
    growth = now[GROWTH + lane]
    left = change * (lag * growth * (1.0 + LAG_SLOPE * growth) + change) + more
    error = now[POSITION_ERROR + lane] + now[R_ERROR + lane] / r
    error += EPSILON * (abs(begin) + abs(now[C + lane])) / now[LEAST + lane]
    settled = (left <= allowed) | ((error > 2.0 * allowed) & (left <= error))
    ratio = max(now[RISE + lane], 1.0 / now[FALL + lane])
    valid, smooth, moving = now[LEAST + lane] > 0.0, ratio < STEEP, now[MOVING + lane] != 0.0
    error = left + error if smooth else np.nan if limited or ratio > HOPELESS else np.inf
    error = error if valid else np.nan
    now[ERROR + lane] = error if moving else now[ERROR + lane]
    done = (count > 0) & ((settled & (not limited)) | (not smooth)) if valid else count >= REPAIRS
    return moving & (not done)


@kernel(fast=True)
def advance(now: Any, count: int, allowed: float) -> float:
    """Correct c after pass number `count`, from 0; returns how many lanes still change."""
    wide_vectors()
    lag = LAG if count == 1 else LATER_LAG
    left = 0.0
    for lane in range(LANES):
        d, limited = correction(now, lane)
        found = now[R + lane] + now[R_C + lane] * d
        was = now[MOVING + lane] != 0.0
        moving = judge(now, lane, count, d, limited, found, 0.0, lag, allowed)
        now[C + lane] += d if was else 0.0
        now[FOUND_R + lane] = found if was else now[FOUND_R + lane]
        now[MOVING + lane] = 1.0 if moving else 0.0
        left += now[MOVING + lane]
    return left
