"""Search over the current of a group of lanes: largest efficiency, power, heat or COP, or zero voltage.

The power of a leg is P = j V - j^2 r with V = int S dT between its ends, and Q is the heat that enters at its
hot end. Every aim is a zero of a combination of P, Q and their slopes to j, which the march gives. Newton's
method for j and for c goes on together, one pass for each step.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.plain.lanes import (
    BEFORE,
    BEGIN,
    END,
    FOUND_R,
    HEATING,
    HOT,
    HOT_R,
    LANES,
    LEAST,
    MOVING,
    POSITION_C,
    POSITION_J,
    R_C,
    R_J,
    SIGN,
    SQUARE,
    TOTAL,
    VOLTAGE,
    C,
    J,
    R,
    wide_vectors,
)
from ioffe.engine.compiled.plain.newton import LATER_LAG, correction, guess, judge

GIVEN, EFFICIENCY, POWER, SHORT_CIRCUIT, HEAT, COP = range(6)
"""What is sought; with GIVEN the current is not."""
LARGEST_STEP, RETREAT = 0.5, 0.7
"""Largest relative change of the current in one step, and what remains of it where there is no solution."""


@kernel(fast=True)
def first_current(now: Any, aim: int) -> None:
    """The current by the formulas for constant properties."""
    wide_vectors()
    for lane in range(LANES):
        begin, end = now[BEGIN + lane], now[END + lane]
        difference, cold = abs(begin - end), min(begin, end)
        voltage, r = now[VOLTAGE + lane], now[R + lane]
        merit = voltage * voltage * 0.5 * (begin + end) / (difference * r * now[TOTAL + lane])
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
        now[J + lane], now[SQUARE + lane] = j, now[SIGN + lane] * j * j


@kernel(fast=True, inline=True)
def condition(now: Any, lane: int, aim: int, c: float, c_j: float, r: float, r_j: float) -> Any:
    """What has to vanish, and its slope to j, which is negative where the aim is reached.

    r_jj is left out, and c_jj is that of the first guess: the search converges linearly, but fast.
    """
    j, c_jj = now[J + lane], -2.0 * now[SIGN + lane] * now[HEATING + lane]
    voltage, far = now[VOLTAGE + lane], now[HOT_R + lane]  # far: whether T1 is the hot end
    if aim == SHORT_CIRCUIT:
        return voltage - j * r, -r - j * r_j
    power = j * (voltage - j * r)
    power_j, power_jj = voltage - j * (2.0 * r + j * r_j), -2.0 * r - 4.0 * j * r_j
    if aim == POWER:
        return power_j, power_jj
    heat = -c - j * (now[HOT + lane] + far * j * r)
    heat_j = -c_j - now[HOT + lane] - far * j * (2.0 * r + j * r_j)
    heat_jj = -c_jj + far * power_jj
    if aim == HEAT:
        return power_j - heat_j, power_jj - heat_jj
    value, slope = power_j * heat - power * heat_j, power_jj * heat - power * heat_jj
    return (value, slope) if aim == EFFICIENCY else (-value, -slope)


@kernel(fast=True)
def advance_current(now: Any, aim: int, count: int, allowed: float) -> float:
    """Correct c and j after pass number `count`, from 0; returns how many lanes still change."""
    wide_vectors()
    left = 0.0
    for lane in range(LANES):
        d, limited = correction(now, lane)
        c_j = -now[POSITION_J + lane] / now[POSITION_C + lane]
        r_j = now[R_J + lane] + now[R_C + lane] * c_j
        c, r, j = now[C + lane] + d, now[R + lane] + now[R_C + lane] * d, now[J + lane]
        value, slope = condition(now, lane, aim, c, c_j, r, r_j)
        most = LARGEST_STEP * abs(j)
        step = min(max(-value / slope, -most), most)
        change = abs(step) / abs(j)
        near = (slope < 0.0) & (change < 0.5 * LARGEST_STEP)
        more = change * (change / now[BEFORE + lane] + change) if near else np.inf
        was, valid = now[MOVING + lane] != 0.0, now[LEAST + lane] > 0.0
        moving = judge(now, lane, count, d, limited, r, more, LATER_LAG, allowed)
        now[BEFORE + lane] = change
        # where p is not positive the slopes mean nothing, and less current is a better beginning
        c = (
            c + step * (c_j - now[SIGN + lane] * now[HEATING + lane] * step)
            if valid
            else guess(now, lane, RETREAT * j)
        )
        j = j + step if valid else RETREAT * j
        now[C + lane] = c if was else now[C + lane]
        now[J + lane] = j if was else now[J + lane]
        now[SQUARE + lane] = now[SIGN + lane] * now[J + lane] * now[J + lane]
        now[FOUND_R + lane] = r + r_j * step if was else now[FOUND_R + lane]
        now[MOVING + lane] = 1.0 if moving else 0.0
        left += now[MOVING + lane]
    return left
