"""Newton's step of the current of each case: imposed, from a voltage or a load, or that of an aim.

An aim is where a slope along the current vanishes (see `slope`). Its derivative needs the curvatures of
voltage and heat: those of Joule and Peltier heat at constant properties first, then what two passes show.
"""

from __future__ import annotations

from math import inf, nan, sqrt
from typing import Any

from ioffe.engine.compiled import flatten as slots
from ioffe.engine.compiled import search
from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.plain import march as at
from ioffe.engine.compiled.plain.march import CASES
from ioffe.engine.compiled.plain.newton import LARGEST_STEP
from ioffe.engine.compiled.vector import group as of

NO_AIM = -1
CLOSING = 1e-5
"""Largest relative change of a current that is not imposed in the last pass: voltage times current, closed to
first order, then keeps the balance."""
TRUSTED = 2.0
"""Largest ratio of the derivative that two passes show to that of constant properties."""
SPOILT, BENT = 5.0, 5.0
"""Relative errors of the derivative that two passes show, over what c and r changed in them as a share of the
step between them, and over the relative size of that step."""


@kernel(inner=True)
def total(problem: Any, g: Any, searched: bool) -> None:
    """Voltage, heats and temperature of the cold node after Newton's step of the nodes, along the current."""
    n, hot, cold, J, x = problem.nodes, problem.hot, problem.cold, g.jacobian, g.sums
    for case in range(CASES):
        for row, node in ((of.V, n), (of.HOT, hot), (of.COLD, cold)):
            value, slope = g.inflow[node, case], J[node, n, case]
            bend = g.curvature[node, case] if searched else 0.0
            if node != n and (problem.hot_free if node == hot else problem.cold_free):
                value = problem.imposed[slots.AT_HOT if node == hot else slots.AT_COLD, g.device[case]]
                value, slope, bend = -value if node == hot else value, 0.0, 0.0
            else:
                for k in range(n):
                    value += J[node, k, case] * g.move[k, case]
                    slope += J[node, k, case] * g.to_I[k, case]
                    if searched:
                        bend += J[node, k, case] * g.bend[k, case]
            sign = -1.0 if row == of.HOT else 1.0
            x[row, case], x[row + 1, case], x[row + 2, case] = sign * value, sign * slope, sign * bend
        x[of.COOL_I, case] = g.to_I[cold, case]
        x[of.COOL_II, case] = g.bend[cold, case]


@kernel(inner=True)
def slope(aim: int, load: float, x: Any, case: int) -> tuple[float, float]:
    """What vanishes at the wanted current, and its derivative to the current."""
    current, V, V_I, V_II = x[of.CURRENT, case], x[of.V, case], x[of.V_I, case], x[of.V_II, case]
    if aim == search.SHORT_CIRCUIT:
        return V, V_I
    power, power_I, power_II = V * current, V + current * V_I, 2.0 * V_I + current * V_II
    if aim == search.MAX_POWER:
        return power_I, power_II
    if aim == search.MAX_EFFICIENCY:
        hot, hot_I, hot_II = x[of.HOT, case], x[of.HOT_I, case], x[of.HOT_II, case]
        return power_I * hot - power * hot_I, power_II * hot - power * hot_II
    cold, cold_I, cold_II = x[of.COLD, case], x[of.COLD_I, case], x[of.COLD_II, case]
    if aim == search.MAX_HEAT:
        return cold_I, cold_II
    if aim == search.MAX_COP:
        return power_I * cold - power * cold_I, power_II * cold - power * cold_II
    if aim == search.DELTA_T:
        return x[of.COOL_I, case], x[of.COOL_II, case]
    return load + cold, cold_I


@kernel(inner=True)
def promising(problem: Any, g: Any, aim: int, load: float, case: int) -> float:
    """A first current from the slopes at none; NaN where they promise nothing."""
    x = g.sums
    V, V_I, cold, cold_I = x[of.V, case], x[of.V_I, case], x[of.COLD, case], x[of.COLD_I, case]
    T_hot, T_cold = g.T[problem.hot, case], g.T[problem.cold, case]
    if aim <= search.MAX_EFFICIENCY:
        short = -V / V_I
        if not short > 0.0:
            return nan
        if aim == search.SHORT_CIRCUIT:
            return short
        if aim == search.MAX_POWER:
            return 0.5 * short
        merit = -0.5 * (T_hot + T_cold) * V * V / (V_I * x[of.HOT, case] * (T_hot - T_cold))
        return short / (1.0 + sqrt(1.0 + max(merit, 0.0)))
    if aim == search.DELTA_T:
        # of constant properties: (K + S I) T_cold = K T_hot + R I^2/2, smallest where S T_cold = R I
        S, R = -x[of.COOL_I, case] / T_cold, x[of.COOL_II, case] - 2.0 * x[of.COOL_I, case] ** 2 / T_cold
        return (sqrt(1.0 + 2.0 * S * S / R * T_hot) - 1.0) / S if R > 0.0 and S < 0.0 else nan
    top = cold_I / V_I
    if not top < 0.0:
        return nan
    if aim == search.HEAT:
        bend = 2.0 * x[of.COLD_II, case] * (load + cold)
        return -2.0 * (load + cold) / (cold_I + sqrt(cold_I * cold_I - bend))
    if aim == search.MAX_COP:
        if not cold > 0.0:
            return nan
        merit = -0.5 * (T_hot + T_cold) * V * V / (V_I * cold * (T_hot - T_cold))
        guess = V / (V_I * (sqrt(1.0 + merit) - 1.0))
        return guess if 0.95 * top < guess < 0.0 else 0.5 * top
    return top


@kernel(inner=True)
def step(problem: Any, g: Any, aim: int, load: float, count: int, case: int) -> None:
    """Newton's step of the current, and the relative error that it leaves (MORE)."""
    x = g.sums
    current, more, move = x[of.CURRENT, case], 0.0, 0.0
    if aim == NO_AIM:
        if problem.circuit != slots.BY_CURRENT:
            value = problem.imposed[slots.AT_CIRCUIT, g.device[case]]
            if problem.circuit == slots.BY_VOLTAGE:
                move = (value - x[of.V, case]) / x[of.V_I, case]
            else:
                move = (current * value - x[of.V, case]) / (x[of.V_I, case] - value)
            change = abs(move) / (abs(current + move) + 1e-300)
            more = change * change if change <= CLOSING else inf
        x[of.STEP, case], x[of.MORE, case] = move, more
        return
    if current == 0.0:
        x[of.STEP, case], x[of.MORE, case] = promising(problem, g, aim, load, case), inf
        x[of.BEFORE, case] = 0.0
        return
    value, derivative = slope(aim, load, x, case)
    before, unsettled, wrong = abs(x[of.BEFORE, case] / current), 0.0, 1.0
    for leg in range(problem.legs):
        own = g.segments[leg]
        lag = g.marches[leg, at.GROWTH + case] * own[of.EARLIER, case]
        unsettled = max(unsettled, own[of.CHANGE, case] + lag)
    if before > 0.0:
        seen = (value - x[of.VALUE, case]) / x[of.BEFORE, case]
        ratio = seen / derivative
        if count > 2 and 1.0 / TRUSTED < ratio < TRUSTED and before > 1e-5:
            derivative = seen
            wrong = SPOILT * (unsettled + x[of.UNSETTLED, case]) / before + BENT * before
    most = LARGEST_STEP * abs(current)
    move = min(max(-value / derivative, -most), most)
    change = abs(move / current)
    falls = derivative * current < 0.0
    if falls and change <= CLOSING and before > 0.0:
        more = change * (min(change / before, wrong, 1.0) + change)
    else:
        more = inf
    x[of.UNSETTLED, case] = unsettled
    x[of.VALUE, case], x[of.BEFORE, case] = value, move
    x[of.STEP, case], x[of.MORE, case] = move, more
