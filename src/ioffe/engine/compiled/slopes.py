"""Quantities of a lane whose sign changes at a wanted current, and their model between two solved currents.

The quantities are those of `ioffe.engine.optimum`. Every solution comes with exact derivatives to the
current, so that two solutions give voltage, heat and cold temperature as cubics (Hermite) of the current.
"""

from __future__ import annotations

from math import nan
from typing import Any

from ioffe.engine.compiled import record
from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.workspace import T_I, T

SHORT_CIRCUIT, MAX_POWER, MAX_EFFICIENCY, MAX_HEAT, MAX_COP, DELTA_T, HEAT, AIMS = range(8)
AT, V, V_I, HOT, HOT_I, COLD, COLD_I, COOL, COOL_I, POINT = range(10)
"""Places in a point: current, voltage, heats at both ends and cold temperature, each with its derivative."""
PASSES = 40


@kernel(inner=True)
def note(problem: Any, room: Any, point: Any) -> None:
    """Keep what the slopes need of a solved lane."""
    x = room.result
    point[AT], point[V], point[V_I] = x[record.CURRENT], x[record.VOLTAGE], x[record.VOLTAGE_I]
    point[HOT], point[HOT_I] = x[record.HEAT_HOT], x[record.HEAT_HOT_I]
    point[COLD], point[COLD_I] = x[record.HEAT_COLD], x[record.HEAT_COLD_I]
    point[COOL], point[COOL_I] = room.vectors[T, problem.cold], room.vectors[T_I, problem.cold]


@kernel(inner=True)
def copy(point: Any, to: Any) -> None:
    """Keep a point elsewhere."""
    for k in range(POINT):
        to[k] = point[k]


@kernel(inner=True)
def slope(aim: int, load: float, x: Any) -> float:
    """Changes from plus to minus as the size of the current grows beyond the wanted one."""
    power, power_I = x[V] * x[AT], x[V] + x[AT] * x[V_I]
    if aim == SHORT_CIRCUIT:
        return x[V]
    if aim == MAX_POWER:
        return power_I
    if aim == MAX_EFFICIENCY:
        return power_I * x[HOT] - power * x[HOT_I]
    if aim == MAX_HEAT:
        return x[COLD_I]
    if aim == MAX_COP:
        return power_I * x[COLD] - power * x[COLD_I]
    if aim == DELTA_T:
        return x[COOL_I]
    return load + x[COLD]


@kernel(inner=True)
def between(points: Any, current: float, out: Any) -> None:
    """Cubics through values and derivatives of the points 0 and 1, at another current."""
    h = points[1, AT] - points[0, AT]
    t = (current - points[0, AT]) / h
    out[AT] = current
    for k in range(V, POINT, 2):
        a, b = points[0, k], points[1, k]
        da, db = h * points[0, k + 1], h * points[1, k + 1]
        two, three = 3.0 * (b - a) - 2.0 * da - db, 2.0 * (a - b) + da + db
        out[k] = a + t * (da + t * (two + t * three))
        out[k + 1] = (da + t * (2.0 * two + t * 3.0 * three)) / h


@kernel(inner=True)
def root(aim: int, load: float, points: Any) -> float:
    """Where the slope of the cubics vanishes, by secants from point 1; NaN where they lead nowhere.

    ``points[2]`` is room for a trial.
    """
    x, far = points[1, AT], points[0, AT]
    y, beyond = slope(aim, load, points[1]), slope(aim, load, points[0])
    size = abs(x) + abs(far)
    for _ in range(PASSES):
        if y == 0.0:
            return x
        step = -y * (x - far) / (y - beyond)
        if not abs(step) <= 4.0 * size:
            return nan
        far, beyond = x, y
        x += step
        if abs(step) <= 1e-14 * size:
            return x
        between(points, x, points[2])
        y = slope(aim, load, points[2])
    return nan
