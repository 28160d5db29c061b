"""March of one segment of one lane along its length, for any profile and for losses through its side.

Power series in the position (`expansion`), whose steps end on a table knot, on an extremum of T, or where the
last terms reach the tolerance.
"""

from __future__ import annotations

from math import isfinite
from typing import Any

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.expansion import END, LOST, RESISTANCE, RISE, STATES, T_T0, expand
from ioffe.engine.compiled.grid import loss_at
from ioffe.engine.compiled.properties import locate, quartic, resistivity
from ioffe.engine.compiled.series import reach, slope, turn, value
from ioffe.engine.position_form import MAX_STEPS, NEAR, T_LIMIT

HIGHEST = 12
"""Largest order."""
SHARE = 0.9
"""Part of the step that the last two terms allow."""


@kernel(inner=True)
def march(
    curves: Any, side: Any, T0: float, c: float, j: float, order: int, allowed: float, s: Any
) -> tuple[bool, float, float, float]:
    """Integrate to xi = 1; returns whether it was given up, T_min, T_max and the neglected terms in K.

    ``s[END]`` receives T, int rho dxi, the loss and their derivatives. T_min and T_max leave out the end.
    `allowed` is in K for each step.
    """
    end = s[END]
    end[:] = 0.0
    end[0] = T0
    end[T_T0] = 1.0
    T_min = T_max = T0
    error = position = 0.0
    row = locate(curves.knots, curves.first, curves.last, T0)
    if not isfinite(c):
        return True, T_min, T_max, error
    for _ in range(MAX_STEPS):
        H = 1.0 - position
        row = _cell(curves, side, row, c, j, end, H)
        expand(curves, side, row, H, c, j, order, s)
        low, high = curves.knots[row] - end[0], curves.knots[row + 1] - end[0]
        step, landed = _step(s, order, low, high, allowed)
        last = abs(s[RISE, order]) * step + abs(s[RISE, order - 1])
        error += last * step ** (order - 1)
        for k in range(STATES):
            start = end[0] if k == 0 else 0.0
            end[k] = start + value(s, k, order, step)
        # a start that rounding left beside a knot reaches it in a step of no length
        reached = landed >= 0 and low * (1 - landed) + high * landed != 0.0
        if landed >= 0:
            end[0] = curves.knots[row + landed]
        position += step * H
        ended = (step >= 1.0 and landed < 0) or position >= 1.0 - 1e-14
        if not abs(end[0]) < T_LIMIT or not (ended or reached or step * H >= 1e-12):
            return True, T_min, T_max, error
        if ended:
            return False, T_min, T_max, error
        T_min, T_max = min(T_min, end[0]), max(T_max, end[0])
    return True, T_min, T_max, error


@kernel(inner=True)
def _cell(curves: Any, side: Any, row: int, c: float, j: float, end: Any, H: float) -> int:
    """The cell into which the profile moves from a temperature that may lie on a knot."""
    T = end[0]
    at_low, at_high = curves.knots[row] == T, curves.knots[row + 1] == T
    if not (at_low or at_high):
        return row
    t = T - curves.knots[row]
    A = j * quartic(curves.cells, row, 8, t)
    w = c + j * j * end[RESISTANCE] - end[LOST]
    rate = A - w
    bend = loss_at(side, T) - j * j * resistivity(curves.cells, row, curves.is_resistivity, t)
    if abs(rate) <= NEAR * H * abs(bend):
        rate = bend
    if at_low and rate < 0.0:
        return max(row - 1, curves.first)
    if at_high and rate >= 0.0:
        return min(row + 1, curves.last)
    return row


@kernel(inner=True)
def _step(s: Any, order: int, low: float, high: float, allowed: float) -> tuple[float, int]:
    """Fraction to advance, and 0 or 1 where it ends on the lower or upper knot (as rises), else -1."""
    step, last, before = 1.0, abs(s[RISE, order]), abs(s[RISE, order - 1])
    if not max(last, before) <= allowed:
        last, before = (allowed / last) ** (1.0 / order), (allowed / before) ** (1.0 / (order - 1))
        step = min(1.0, SHARE * min(last, before))
    if s[RISE, 1] * slope(s, RISE, order, step) < 0.0:
        extremum = turn(s, RISE, order, step)
        step = extremum if extremum > NEAR else step
    end = value(s, RISE, order, step)
    if end > high:
        return reach(s, RISE, order, high, step, end), 1
    if end < low:
        return reach(s, RISE, order, low, step, end), 0
    return step, -1
