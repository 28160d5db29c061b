"""One segment of one case: the choice between the two forms, and Newton's method along the length."""

from __future__ import annotations

from math import inf, isfinite, nan
from typing import Any

from ioffe.engine.compiled import monotonic
from ioffe.engine.compiled import position as end_of
from ioffe.engine.compiled import workspace as at
from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.grid import FORM, SegmentCase, loss_at
from ioffe.engine.compiled.packing import CONDUCTIVITY, PELTIER
from ioffe.engine.compiled.position import HIGHEST, march
from ioffe.engine.compiled.table_cells import cubic, locate, quartic, resistivity
from ioffe.engine.segment import RUNAWAY_T
from ioffe.engine.state import FAILED, OK, OUTSIDE, RUNAWAY

FLAT = 0.05
"""The temperature form is tried only if the flux at one end is at least this share of that at the other."""
UNDECIDED, BY_TEMPERATURE, BY_POSITION = 0, 1, 2
GAUSS = 0.21132486540518713


@kernel(inner=True)
def solve(
    piece: SegmentCase, limits: Any, start: float, precision: Any, grid: Any, memory: Any, s: Any, state: Any
) -> tuple[int, float]:
    """Write the state of a segment; returns its code and the last relative change of c.

    `piece`: the segment.
    `limits`: range in K over which the material was measured.
    `start`: an earlier c from which to begin, or NaN.
    `precision`: relative error allowed, and relative Newton correction below which no further pass is made;
        the square of that is left.
    `grid`, `memory`: elements in temperature, kept from call to call; ``memory[FORM]`` is set to UNDECIDED to
        begin.
    `s`: workspace for power series.
    `state`: what is written, see `workspace`.
    """
    if not (isfinite(piece.T0) and isfinite(piece.T1) and isfinite(piece.j)):
        return _nothing(state, FAILED), inf
    c = start
    if memory[FORM] != BY_POSITION:
        ratio, guessed = 1.0, start
        if memory[FORM] == UNDECIDED or not isfinite(start):
            ratio, guessed = _guess(piece, start)
        if piece.T0 != piece.T1 and ratio > FLAT:
            change = monotonic.solve(piece, start, precision, grid, memory, state)
            if change >= 0.0:
                memory[FORM] = BY_TEMPERATURE
                return _classify(state, limits), change
        memory[FORM] = BY_POSITION
        c = start if isfinite(start) else guessed
    elif not isfinite(start):
        c = _guess(piece, start)[1]
    code, change = _by_position(piece, c, precision, s, state)
    if code != OK:
        return _nothing(state, code), inf
    return _classify(state, limits), change


@kernel(inner=True)
def _nothing(state: Any, code: int) -> int:
    for k in range(at.STATE):
        state[k] = nan
    return code


@kernel(inner=True)
def _classify(state: Any, limits: Any) -> int:
    if state[at.T_MAX] > RUNAWAY_T or state[at.T_MIN] <= 0.0:
        return RUNAWAY
    if state[at.T_MAX] > limits[1] + 1e-9 or state[at.T_MIN] < limits[0] - 1e-9:
        return OUTSIDE
    return OK


@kernel(inner=True)
def _guess(piece: SegmentCase, start: float) -> tuple[float, float]:
    """Smaller over larger flux at the ends, and c, for a linear profile, by two Gauss points."""
    curves, side, T0, T1, j = piece
    kappa = A = rho = lost = 0.0
    for x in (GAUSS, 1.0 - GAUSS):
        T = T0 + x * (T1 - T0)
        row = locate(curves.knots, curves.first, curves.last, T)
        t = T - curves.knots[row]
        kappa += 0.5 * cubic(curves.cells, row, CONDUCTIVITY, t)
        A += 0.5 * quartic(curves.cells, row, PELTIER, t)
        rho += 0.5 * resistivity(curves.cells, row, curves.is_resistivity, t)
        lost += 0.5 * loss_at(side, T)
    g = j * j * rho - lost
    c = -kappa * (T1 - T0) + j * A - 0.5 * g
    if isfinite(start):
        c = start
    sign = 1.0 if T1 > T0 else -1.0
    row0 = locate(curves.knots, curves.first, curves.last, T0)
    row1 = locate(curves.knots, curves.first, curves.last, T1)
    p0 = sign * (j * quartic(curves.cells, row0, PELTIER, T0 - curves.knots[row0]) - c)
    p1 = sign * (j * quartic(curves.cells, row1, PELTIER, T1 - curves.knots[row1]) - c - g)
    return min(p0, p1) / max(p0, p1) if max(p0, p1) > 0.0 else -1.0, c


@kernel(inner=True)
def _order(tolerance: float) -> int:
    """Series terms for a step that ends at the tolerance or on a knot, whichever comes first."""
    if tolerance >= 1e-5:
        return 7
    return 8 if tolerance >= 1e-7 else HIGHEST


@kernel(inner=True)
def _by_position(piece: SegmentCase, start: float, precision: Any, s: Any, state: Any) -> tuple[int, float]:
    """Newton on T(1; c) - T1, kept inside a bracket: T(1) falls as c rises."""
    curves, side, T0, T1, j = piece
    tolerance, close = precision
    c, end = start, s[end_of.END]
    below, above = -inf, inf
    blown_below = blown_above = True
    row = locate(curves.knots, curves.first, curves.last, T0)
    t = T0 - curves.knots[row]
    kappa = cubic(curves.cells, row, CONDUCTIVITY, t)
    # in K: of the difference between the ends, or of the rise that Joule heat makes
    rise = 0.1 * j * j * resistivity(curves.cells, row, curves.is_resistivity, t) / kappa
    allowed = tolerance * max(abs(T1 - T0), rise, 1e-6)
    size0 = abs(c) + abs(j * quartic(curves.cells, row, PELTIER, t)) + kappa
    order = _order(tolerance)
    for _ in range(80):
        blown, T_min, T_max, error, r_error = march(curves, side, T0, c, j, order, (allowed, tolerance), s)
        miss = end[end_of.RISE] - T1
        falls = 0.0 if blown else end[end_of.T_C]
        if blown:
            miss = 1e6 if miss > 0.0 else -1e6
        if miss > 0.0:
            below, blown_below = max(below, c), blown
        else:
            above, blown_above = min(above, c), blown
        newton = falls < 0.0
        d = -miss / falls if newton else (size0 if miss > 0.0 else -size0)
        size = abs(c) + abs(j * j * end[end_of.RESISTANCE]) + 1e-3 * size0
        if newton and abs(d) < close * size and abs(miss) < 0.1:
            _write(end, c, d, min(T_min, T1), max(T_max, T1), error, state)
            state[at.ERROR] += at.SAFETY * j * j * r_error
            return OK, abs(d) / size
        new = c + d
        bound = 2.0 * abs(c) + size0
        both = isfinite(below) and isfinite(above)
        if not (below < new < above and (both or abs(d) <= bound)):
            new = 0.5 * (below + above) if both else c + (1.0 if d > 0.0 else -1.0) * min(abs(d), bound)
        c = new
        # where profiles explode to both sides of a narrow bracket there is no steady state between; where
        # they do so to the hot side alone, the steady state lies beyond every temperature that is followed
        explodes = blown_below and blown_above
        if above - below <= (1e-5 if explodes else 1e-15) * size:
            return RUNAWAY if blown_below else FAILED, inf
    return FAILED, inf


@kernel(inner=True)
def _write(end: Any, c: float, d: float, T_min: float, T_max: float, error: float, state: Any) -> None:
    """State closed to first order in the last correction d."""
    T_c, r_c, q_c = end[end_of.T_C], end[end_of.R_C], end[end_of.LOST_C]
    c_T0, c_T1, c_j = -end[end_of.T_T0] / T_c, 1.0 / T_c, -end[end_of.T_J] / T_c
    state[at.C], state[at.R] = c + d, end[end_of.RESISTANCE] + r_c * d
    state[at.LOSS] = end[end_of.LOST] + q_c * d
    state[at.C_T0], state[at.C_T1], state[at.C_J] = c_T0, c_T1, c_j
    state[at.R_T0] = end[end_of.R_T0] + r_c * c_T0
    state[at.R_T1] = r_c * c_T1
    state[at.R_J] = end[end_of.R_J] + r_c * c_j
    state[at.LOSS_T0] = end[end_of.LOST_T0] + q_c * c_T0
    state[at.LOSS_T1] = q_c * c_T1
    state[at.LOSS_J] = end[end_of.LOST_J] + q_c * c_j
    state[at.T_MIN], state[at.T_MAX] = T_min, T_max
    # what a step neglects grows on the way to the end as a change of T0 does
    state[at.ERROR] = at.SAFETY * abs(error * max(1.0, abs(end[end_of.T_T0])) / T_c)
