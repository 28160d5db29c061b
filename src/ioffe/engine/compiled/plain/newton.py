"""Newton's method on a group of cases at given currents, and together with a search over the current.

The power of a leg is P = j V - j^2 (r + R) with V = int S dT between its ends and R the resistance of its
contacts, and Q is the heat that enters at its hot end, less the Joule heat of the contact there. Every aim
(largest efficiency, power, heat or COP, or zero voltage) is a zero of a combination of P, Q and their slopes
to j, which the march gives. Newton's method for j and for c goes on together, one pass for each step.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.plain import march as at

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
def guess(now: Any, case: int, j: float) -> float:
    """c to second order in the deviations of p from its mean."""
    return j * (now[at.MEAN + case] - now[at.SIGN + case] * j * now[at.HEATING + case]) - now[at.TOTAL + case]


@kernel(fast=True, inner=True)
def first_guess(now: Any) -> None:
    """Everything that Newton's method begins with."""
    at.wide_vectors()
    for case in range(at.CASES):
        now[at.C + case] = guess(now, case, now[at.J + case])
        now[at.FOUND_R + case] = now[at.R + case]
        now[at.MOVING + case], now[at.BEFORE + case] = 1.0, 1.0


@kernel(fast=True, inline=True)
def correction(now: Any, case: int) -> Any:
    """Newton's correction of c, and whether it had to be limited.

    The equation 1/xi(c) = 1 is nearly linear in c. Where p is not positive everywhere, c moves so that it is.
    """
    x, least = now[at.POSITION + case], now[at.LEAST + case]
    d = (1.0 - x) * x / now[at.POSITION_C + case]
    most = (1.0 - KEEP) * least / max(1.0, 1.0 + now[at.SQUARE + case] * now[at.R_C + case])
    back = least - (1.0 - KEEP) * now[at.TOTAL + case]
    return (min(d, most) if least > 0.0 else back), (d > most) | (least <= 0.0)


@kernel(fast=True, inline=True)
def judge(
    now: Any,
    case: int,
    count: int,
    d: float,
    limited: bool,
    found: float,
    more: float,
    lag: float,
    allowed: float,
) -> bool:
    """Estimate the error of a case after pass number `count`; returns whether it still changes.

    Relative changes of c and r shrink with the growth in one element, because the shape lags behind by one
    pass, and Newton's method leaves their square. `more` is what else is left. A case that is too steep for
    its elements ends with an infinite error. It ends with NaN if its p stays negative, or if it is too steep
    because Newton's method drives p to zero.
    """
    r = now[at.R + case]
    begin = now[at.J + case] * now[at.START + case]
    size = abs(begin - now[at.C + case]) + abs(now[at.SQUARE + case]) * r
    change = max(abs(d) / size, abs(found - now[at.FOUND_R + case]) / r)
    growth = now[at.GROWTH + case]
    left = change * (lag * growth * (1.0 + LAG_SLOPE * growth) + change) + more
    error = now[at.POSITION_ERROR + case] + now[at.R_ERROR + case] / r
    error += EPSILON * (abs(begin) + abs(now[at.C + case])) / now[at.LEAST + case]
    settled = (left <= allowed) | ((error > 2.0 * allowed) & (left <= error))
    ratio = max(now[at.RISE + case], 1.0 / now[at.FALL + case])
    valid, smooth, moving = now[at.LEAST + case] > 0.0, ratio < STEEP, now[at.MOVING + case] != 0.0
    error = left + error if smooth else np.nan if limited or ratio > HOPELESS else np.inf
    error = error if valid else np.nan
    now[at.ERROR + case] = error if moving else now[at.ERROR + case]
    done = (count > 0) & ((settled & (not limited)) | (not smooth)) if valid else count >= REPAIRS
    return moving & (not done)


@kernel(fast=True, inner=True)
def advance(now: Any, count: int, allowed: float) -> float:
    """Correct c after pass number `count`, from 0; returns how many cases still change."""
    at.wide_vectors()
    lag = LAG if count == 1 else LATER_LAG
    left = 0.0
    for case in range(at.CASES):
        d, limited = correction(now, case)
        found = now[at.R + case] + now[at.R_C + case] * d
        was = now[at.MOVING + case] != 0.0
        moving = judge(now, case, count, d, limited, found, 0.0, lag, allowed)
        now[at.C + case] += d if was else 0.0
        now[at.FOUND_R + case] = found if was else now[at.FOUND_R + case]
        now[at.MOVING + case] = 1.0 if moving else 0.0
        left += now[at.MOVING + case]
    return left


GIVEN, EFFICIENCY, POWER, SHORT_CIRCUIT, HEAT, COP = range(6)
"""What is sought; with GIVEN the current is not."""
LARGEST_STEP, RETREAT = 0.5, 0.7
"""Largest relative change of the current in one step, and what remains of it where there is no solution."""


@kernel(fast=True, inner=True)
def first_current(now: Any, aim: int) -> None:
    """The current by the formulas for constant properties."""
    at.wide_vectors()
    for case in range(at.CASES):
        begin, end = now[at.BEGIN + case], now[at.END + case]
        difference, cold = abs(begin - end), min(begin, end)
        voltage, r = now[at.VOLTAGE + case], now[at.R + case] + now[at.OHM + case]
        merit = voltage * voltage * 0.5 * (begin + end) / (difference * r * now[at.TOTAL + case])
        root = np.sqrt(1.0 + merit)
        short = voltage / r
        j = short
        if aim == EFFICIENCY:
            j = short / (1.0 + root)
        elif aim == POWER:
            j = 0.5 * short
        elif aim == HEAT:
            j = -short * cold / difference
        elif aim == COP:
            j = -short / (root - 1.0)
        now[at.J + case], now[at.SQUARE + case] = j, now[at.SIGN + case] * j * j


@kernel(fast=True, inline=True)
def condition(now: Any, case: int, aim: int, c: float, c_j: float, r: float, r_j: float) -> Any:
    """What has to vanish, and its slope to j, which is negative where the aim is reached.

    r_jj is left out, and c_jj is that of the first guess: the search converges linearly, but fast.
    """
    j, c_jj = now[at.J + case], -2.0 * now[at.SIGN + case] * now[at.HEATING + case]
    voltage, far = now[at.VOLTAGE + case], now[at.HOT_R + case]  # far: whether T1 is the hot end
    all_r, hot_r = r + now[at.OHM + case], now[at.OHM_HOT + case]
    if aim == SHORT_CIRCUIT:
        return voltage - j * all_r, -all_r - j * r_j
    power = j * (voltage - j * all_r)
    power_j, power_jj = voltage - j * (2.0 * all_r + j * r_j), -2.0 * all_r - 4.0 * j * r_j
    if aim == POWER:
        return power_j, power_jj
    heat = -c - j * (now[at.HOT + case] + j * (far * r + hot_r))
    heat_j = -c_j - now[at.HOT + case] - j * (far * (2.0 * r + j * r_j) + 2.0 * hot_r)
    heat_jj = -c_jj - far * (2.0 * r + 4.0 * j * r_j) - 2.0 * hot_r
    if aim == HEAT:
        return power_j - heat_j, power_jj - heat_jj
    value, slope = power_j * heat - power * heat_j, power_jj * heat - power * heat_jj
    return (value, slope) if aim == EFFICIENCY else (-value, -slope)


@kernel(fast=True, inner=True)
def advance_current(now: Any, aim: int, count: int, allowed: float) -> float:
    """Correct c and j after pass number `count`, from 0; returns how many cases still change."""
    at.wide_vectors()
    left = 0.0
    for case in range(at.CASES):
        d, limited = correction(now, case)
        c_j = -now[at.POSITION_J + case] / now[at.POSITION_C + case]
        r_j = now[at.R_J + case] + now[at.R_C + case] * c_j
        c, r, j = now[at.C + case] + d, now[at.R + case] + now[at.R_C + case] * d, now[at.J + case]
        value, slope = condition(now, case, aim, c, c_j, r, r_j)
        most = LARGEST_STEP * abs(j)
        step = min(max(-value / slope, -most), most)
        change = abs(step) / abs(j)
        near = (slope < 0.0) & (change < 0.5 * LARGEST_STEP)
        more = change * (change / now[at.BEFORE + case] + change) if near else np.inf
        was, valid = now[at.MOVING + case] != 0.0, now[at.LEAST + case] > 0.0
        moving = judge(now, case, count, d, limited, r, more, LATER_LAG, allowed)
        now[at.BEFORE + case] = change
        # where p is not positive the slopes mean nothing, and less current is a better beginning
        c = (
            c + step * (c_j - now[at.SIGN + case] * now[at.HEATING + case] * step)
            if valid
            else guess(now, case, RETREAT * j)
        )
        j = j + step if valid else RETREAT * j
        now[at.C + case] = c if was else now[at.C + case]
        now[at.J + case] = j if was else now[at.J + case]
        now[at.SQUARE + case] = now[at.SIGN + case] * now[at.J + case] * now[at.J + case]
        now[at.FOUND_R + case] = r + r_j * step if was else now[at.FOUND_R + case]
        now[at.MOVING + case] = 1.0 if moving else 0.0
        left += now[at.MOVING + case]
    return left


WITHOUT, END, KNOWN = range(3)
"""Rows of what is known along the current of a group: r without one, the end of the currents, and then, for
each current, by how much c misses its first guess and r its value without a current."""


@kernel(fast=True, inner=True)
def remember(now: Any, known: Any, worst: Any, tolerance: float, level: int) -> None:
    """Keep what the currents to come begin with; cases that failed (`worst`) do not move any more."""
    at.wide_vectors()
    for case in range(at.CASES):
        j = now[at.J + case]
        known[END, case] = j if level == 0 else known[END, case]
        known[KNOWN + 2 * level, case] = now[at.C + case] - guess(now, case, j)
        known[KNOWN + 2 * level + 1, case] = now[at.FOUND_R + case] - known[WITHOUT, case]
        good = (worst[case] <= tolerance) & (now[at.ERROR + case] <= tolerance)
        now[at.MOVING + case] = 1.0 if good else 0.0


@kernel(fast=True, inner=True)
def follow(now: Any, known: Any, level: int, share: float, weights: Any) -> None:
    """Begin at a share of the largest current, where the currents before lead to.

    `weights`: of what is known at those before (last axis) for c and r, shape (2, levels, levels). The first
        guess of c is exact to second order in the current, that of r to none.
    """
    at.wide_vectors()
    for case in range(at.CASES):
        j = share * known[END, case]
        now[at.J + case], now[at.SQUARE + case] = j, now[at.SIGN + case] * j * j
        now[at.C + case], now[at.FOUND_R + case] = guess(now, case, j), known[WITHOUT, case]
    for before in range(level):
        for case in range(at.CASES):
            now[at.C + case] += weights[0, level, before] * known[KNOWN + 2 * before, case]
            now[at.FOUND_R + case] += weights[1, level, before] * known[KNOWN + 2 * before + 1, case]
