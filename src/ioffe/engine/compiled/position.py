r"""March of one segment of one case along its length, for any profile and for losses through its side.

Power series of temperature, int rho dxi and loss in the position, and of their derivatives. Steps end on a
table knot, on an extremum of T, or where the last terms reach the tolerance. The equations are those of
`position_form`: with :math:`w = c + j^2 r - \ell`,

.. math:: \kappa T' = j A(T) - w, \qquad r' = \rho, \qquad \ell' = \Lambda(T).

The derivatives to c, T0 and j (index d) follow the linearised equations

.. math:: \kappa T_d' = (j A' - \kappa' T')\,T_d - w_d, \quad r_d' = \rho' T_d, \quad \ell_d' = \Lambda' T_d.

Series are rows of one array (series, order).
"""

from __future__ import annotations

from math import isfinite
from typing import Any

from ioffe.engine.compiled import packing
from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.grid import loss_at
from ioffe.engine.compiled.table_cells import cubic, locate, quartic, resistivity
from ioffe.engine.position_form import NEAR, PER_KNOT, STEPS, T_LIMIT

HIGHEST = 12
"""Largest order."""
SHARE = 0.9
"""Part of the step that the last two terms allow."""

RISE, RESISTANCE, LOST, T_C, R_C, LOST_C, T_T0, R_T0, LOST_T0, T_J, R_J, LOST_J, STATES = range(13)
"""Series of T - T(start of the step), int rho dxi and the loss, and of their derivatives to c, T0 and j."""
TWO, PELTIER, KAPPA, KAPPA_SLOPE, FLOW, SLOPE, ELECTRICAL = range(STATES, STATES + 7)
RHO, RHO_SLOPE, SQUARED, LOSS_SLOPE, CHANGE_C, CHANGE_T0, CHANGE_J = range(STATES + 7, STATES + 14)
END, SERIES = range(STATES + 14, STATES + 16)
"""Square of the rise, A, kappa and its slope, T', j A' - kappa' T', electrical property, rho, its slope and
square, slope of the loss, derivatives of T'; END is no series, it holds the states at the end of a step."""

ROUNDING = 1e-13
"""Relative accuracy of roots."""
ROOT_PASSES = 60


@kernel(inner=True)
def product(s: Any, a: int, b: int, k: int) -> float:
    """Coefficient k of the product of the series a and b."""
    out = 0.0
    for i in range(k + 1):
        out += s[a, i] * s[b, k - i]
    return out


@kernel(inner=True)
def value(s: Any, a: int, order: int, x: float) -> float:
    """Series a at x."""
    out = s[a, order]
    for k in range(order - 1, -1, -1):
        out = out * x + s[a, k]
    return out


@kernel(inner=True)
def slope(s: Any, a: int, order: int, x: float) -> float:
    """Derivative of series a at x."""
    out = order * s[a, order]
    for k in range(order - 1, 0, -1):
        out = out * x + k * s[a, k]
    return out


@kernel(inner=True)
def bend(s: Any, a: int, order: int, x: float) -> float:
    """Second derivative of series a at x."""
    out = order * (order - 1) * s[a, order]
    for k in range(order - 1, 1, -1):
        out = out * x + k * (k - 1) * s[a, k]
    return out


@kernel(inner=True)
def reach(s: Any, a: int, order: int, target: float, upper: float, end: float) -> float:
    """Where series a, which is 0 at 0 and monotonic up to `end` at `upper`, takes a value between."""
    allowed = ROUNDING * (abs(target) + abs(s[a, 1]))
    return _root(s, a, order, False, target, upper * target / end, upper, allowed, end > 0.0)


@kernel(inner=True)
def turn(s: Any, a: int, order: int, upper: float) -> float:
    """Where the derivative of series a changes its sign between 0 and `upper`."""
    first, last = s[a, 1], slope(s, a, order, upper)
    allowed = ROUNDING * (abs(first) + abs(last))
    return _root(s, a, order, True, 0.0, upper * first / (first - last), upper, allowed, last >= 0.0)


@kernel(inner=True)
def _root(
    s: Any, a: int, order: int, of_slope: bool, target: float, x: float, high: float, allowed: float, up: bool
) -> float:
    """Where series a, or its derivative, takes a value between 0 and `high`: Newton kept inside a bracket."""
    low = 0.0
    for _ in range(ROOT_PASSES):
        miss = slope(s, a, order, x) if of_slope else value(s, a, order, x) - target
        if abs(miss) <= allowed:
            break
        if (miss >= 0.0) == up:
            high = x
        else:
            low = x
        new = x - miss / (bend(s, a, order, x) if of_slope else slope(s, a, order, x))
        if not (isfinite(new) and low <= new <= high):
            new = 0.5 * (low + high)
        done = abs(new - x) <= 1e-15
        x = new
        if done:
            break
    return x


@kernel(inner=True)
def expand(curves: Any, side: Any, row: int, H: float, c: float, j: float, order: int, s: Any) -> None:
    """All series in the fraction of the remaining length H."""
    cells, T = curves.cells, s[END, 0]
    t = T - curves.knots[row]
    k0, k1, k2, k3 = _about(cells, row, packing.CONDUCTIVITY, t)
    e0, e1, e2, e3 = _about(cells, row, packing.ELECTRICAL, t)
    A0, A1, A2, A3 = _about(cells, row, packing.PELTIER, t)
    A4 = cells[row, 12]
    A0, A1, A2, A3 = A0 + A4 * t**4, A1 + 4.0 * A4 * t**3, A2 + 6.0 * A4 * t**2, A3 + 4.0 * A4 * t
    for k in range(STATES):
        s[k, 0] = s[END, k]
    s[RISE, 0] = 0.0
    lossy, linear = side.linear != 0.0 or side.radiative != 0.0, curves.is_resistivity
    l0 = loss_at(side, T)
    l1, l2 = side.linear + 4.0 * side.radiative * T**3, 6.0 * side.radiative * T**2
    l3, l4 = 4.0 * side.radiative * T, side.radiative
    jj, by_k, by_e = j * j, 1.0 / k0, 1.0 / e0
    for k in range(order):
        u, first = s[RISE, k], 1.0 if k == 0 else 0.0
        # u, u^2 and u^3 begin with 0, so that no product needs their coefficient k
        u2 = u3 = u4 = flowing = slope = inverse = 0.0
        for i in range(1, k):
            x, xx, f = s[RISE, k - i], s[TWO, k - i], s[FLOW, k - i]
            u2 += s[RISE, i] * x
            u3 += s[TWO, i] * x
            u4 += s[TWO, i] * xx
            flowing += s[KAPPA, i] * f
            slope += s[KAPPA_SLOPE, i] * f
            inverse += s[ELECTRICAL, i] * s[RHO, k - i]
        A = first * A0 + A1 * u + A2 * u2 + A3 * u3 + A4 * u4
        kappa = first * k0 + k1 * u + k2 * u2 + k3 * u3
        kappa_slope = first * k1 + 2.0 * k2 * u + 3.0 * k3 * u2
        electrical = first * e0 + e1 * u + e2 * u2 + e3 * u3
        rho = electrical
        if not linear:
            rho = (1.0 if k == 0 else -inverse - electrical * s[RHO, 0]) * by_e
        flow = j * A - first * c + s[LOST, k] - jj * s[RESISTANCE, k] - flowing
        if k > 0:
            flow -= kappa * s[FLOW, 0]
            slope += kappa_slope * s[FLOW, 0]
        flow *= by_k
        slope += k1 * flow
        w = H / (k + 1)
        s[TWO, k], s[PELTIER, k], s[KAPPA, k], s[KAPPA_SLOPE, k] = u2, A, kappa, kappa_slope
        s[ELECTRICAL, k], s[RHO, k], s[FLOW, k] = electrical, rho, flow
        s[SLOPE, k] = j * (first * A1 + 2.0 * A2 * u + 3.0 * A3 * u2 + 4.0 * A4 * u3) - slope
        s[RHO_SLOPE, k] = first * e1 + 2.0 * e2 * u + 3.0 * e3 * u2
        s[LOSS_SLOPE, k] = first * l1 + 2.0 * l2 * u + 3.0 * l3 * u2 + 4.0 * l4 * u3
        s[RISE, k + 1], s[RESISTANCE, k + 1] = w * flow, w * rho
        s[LOST, k + 1] = w * (first * l0 + l1 * u + l2 * u2 + l3 * u3 + l4 * u4) if lossy else 0.0
    if not linear:
        _invert(order, s)
    _tangents(H, j, order, lossy, s)


@kernel(inner=True)
def _invert(order: int, s: Any) -> None:
    """Slope of the resistivity from that of the conductivity: -rho^2 sigma'."""
    for k in range(order):
        s[SQUARED, k] = product(s, RHO, RHO, k)
    for k in range(order - 1, -1, -1):
        s[RHO_SLOPE, k] = -product(s, RHO_SLOPE, SQUARED, k)


@kernel(inner=True)
def _tangents(H: float, j: float, order: int, lossy: bool, s: Any) -> None:
    """Series of the derivatives to c, T0 and j."""
    jj, by_k = j * j, 1.0 / s[KAPPA, 0]
    for k in range(order):
        f1 = s[LOST_C, k] - jj * s[R_C, k] - (1.0 if k == 0 else 0.0)
        f2 = s[LOST_T0, k] - jj * s[R_T0, k]
        f3 = s[LOST_J, k] - jj * s[R_J, k] + s[PELTIER, k] - 2.0 * j * s[RESISTANCE, k]
        r1 = r2 = r3 = 0.0
        for i in range(k + 1):
            x1, x2, x3 = s[T_C, k - i], s[T_T0, k - i], s[T_J, k - i]
            slope, rho = s[SLOPE, i], s[RHO_SLOPE, i]
            f1 += slope * x1
            f2 += slope * x2
            f3 += slope * x3
            r1 += rho * x1
            r2 += rho * x2
            r3 += rho * x3
        for i in range(1, k + 1):
            kappa = s[KAPPA, i]
            f1 -= kappa * s[CHANGE_C, k - i]
            f2 -= kappa * s[CHANGE_T0, k - i]
            f3 -= kappa * s[CHANGE_J, k - i]
        f1, f2, f3 = f1 * by_k, f2 * by_k, f3 * by_k
        w = H / (k + 1)
        s[CHANGE_C, k], s[CHANGE_T0, k], s[CHANGE_J, k] = f1, f2, f3
        s[T_C, k + 1], s[T_T0, k + 1], s[T_J, k + 1] = w * f1, w * f2, w * f3
        s[R_C, k + 1], s[R_T0, k + 1], s[R_J, k + 1] = w * r1, w * r2, w * r3
        s[LOST_C, k + 1] = w * product(s, LOSS_SLOPE, T_C, k) if lossy else 0.0
        s[LOST_T0, k + 1] = w * product(s, LOSS_SLOPE, T_T0, k) if lossy else 0.0
        s[LOST_J, k + 1] = w * product(s, LOSS_SLOPE, T_J, k) if lossy else 0.0


@kernel(inner=True)
def _about(cells: Any, row: int, column: int, t: float) -> tuple[float, float, float, float]:
    """Coefficients of a cubic about t."""
    a1, a2, a3 = cells[row, column + 1], cells[row, column + 2], cells[row, column + 3]
    return cubic(cells, row, column, t), a1 + t * (2.0 * a2 + t * 3.0 * a3), a2 + 3.0 * t * a3, a3


@kernel(inner=True)
def march(
    curves: Any, side: Any, T0: float, c: float, j: float, order: int, limits: tuple[float, float], s: Any
) -> tuple[bool, float, float, float, float]:
    """Integrate to xi = 1; returns whether it was given up, T_min, T_max and the neglected terms of T and r.

    ``s[END]`` receives T, int rho dxi, the loss and their derivatives. T_min and T_max leave out the end.
    `limits` are for each step, of T in K and of r = int rho dxi relative to what is left of it.
    """
    end = s[END]
    end[:] = 0.0
    end[0] = T0
    end[T_T0] = 1.0
    T_min = T_max = T0
    error = r_error = position = 0.0
    row = locate(curves.knots, curves.first, curves.last, T0)
    if not isfinite(c):
        return True, T_min, T_max, error, r_error
    for _ in range(STEPS + PER_KNOT * (curves.last - curves.first + 2)):
        H = 1.0 - position
        row = _cell(curves, side, row, c, j, end, H)
        expand(curves, side, row, H, c, j, order, s)
        low, high = curves.knots[row] - end[0], curves.knots[row + 1] - end[0]
        step, landed = _step(s, order, low, high, limits)
        power = step ** (order - 1)
        error += (abs(s[RISE, order]) * step + abs(s[RISE, order - 1])) * power
        r_error += (abs(s[RESISTANCE, order]) * step + abs(s[RESISTANCE, order - 1])) * power
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
            return True, T_min, T_max, error, r_error
        if ended:
            return False, T_min, T_max, error, r_error
        T_min, T_max = min(T_min, end[0]), max(T_max, end[0])
    return True, T_min, T_max, error, r_error


@kernel(inner=True)
def _cell(curves: Any, side: Any, row: int, c: float, j: float, end: Any, H: float) -> int:
    """The cell into which the profile moves from a temperature that may lie on a knot."""
    T = end[0]
    at_low, at_high = curves.knots[row] == T, curves.knots[row + 1] == T
    if not (at_low or at_high):
        return row
    t = T - curves.knots[row]
    A = j * quartic(curves.cells, row, packing.PELTIER, t)
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
def _within(s: Any, a: int, order: int, allowed: float) -> float:
    """Fraction to advance, at most 1, at which the last two terms of series a stay below a limit."""
    last, before = abs(s[a, order]), abs(s[a, order - 1])
    if max(last, before) <= allowed:
        return 1.0
    return min(1.0, SHARE * min((allowed / last) ** (1.0 / order), (allowed / before) ** (1.0 / (order - 1))))


@kernel(inner=True)
def _step(s: Any, order: int, low: float, high: float, limits: tuple[float, float]) -> tuple[float, int]:
    """Fraction to advance, and 0 or 1 where it ends on the lower or upper knot (as rises), else -1."""
    step = min(
        _within(s, RISE, order, limits[0]), _within(s, RESISTANCE, order, limits[1] * abs(s[RESISTANCE, 1]))
    )
    if s[RISE, 1] * slope(s, RISE, order, step) < 0.0:
        extremum = turn(s, RISE, order, step)
        step = extremum if extremum > NEAR else step
    end = value(s, RISE, order, step)
    if end > high:
        return reach(s, RISE, order, high, step, end), 1
    if end < low:
        return reach(s, RISE, order, low, step, end), 0
    return step, -1
