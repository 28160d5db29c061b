"""The current at which a quantity is largest, or takes a given value, for every case.

The solved network gives exact first derivatives with respect to the current, so that a maximum is a
root of a slope. A few currents for all cases in one pass bracket it; interpolation of the slope and one
more pass locate it; cases where that is not enough go to a bracketing root finder.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ioffe.engine.network import Cases, Drive, Network, Solution
from ioffe.engine.newton import solve
from ioffe.engine.state import FAILED
from ioffe.engine.table import Array

Slope = Callable[[Solution, Cases], Array]
"""A quantity of given cases whose change from plus to minus is sought as |current| grows."""
NODES = 0.5 - 0.5 * np.cos(np.pi * np.arange(9) / 8)


def voltage(s: Solution, _cases: Cases) -> Array:
    """Terminal voltage: its sign change is the short circuit."""
    return s.voltage


def power_slope(s: Solution, _cases: Cases) -> Array:
    """dP/dI of a generator."""
    return s.voltage + s.current * s.voltage_I


def efficiency_slope(s: Solution, cases: Cases) -> Array:
    """d(P/Q_hot)/dI times Q_hot^2."""
    return power_slope(s, cases) * s.heat_hot - s.power * s.heat_hot_I


def cooling_slope(s: Solution, _cases: Cases) -> Array:
    """d Q_c/d|I| of a cooler: its current runs against the generator's, and heat is taken up."""
    return s.heat_cold_I


def cop_slope(s: Solution, cases: Cases) -> Array:
    """d(Q_c/W)/d|I| times W^2, with Q_c = -heat_cold and W = -V I."""
    return -s.heat_cold_I * s.power + s.heat_cold * power_slope(s, cases)


def cold_node_slope(network: Network) -> Slope:
    """-dT_cold/d|I| of a cooler with given heat load."""
    return lambda s, _cases: s.T_I[network.cold]


def heat_gap(load: Array) -> Slope:
    """Heat load minus the heat that a cooler takes up; `load` in W for each case."""
    return lambda s, cases: load[cases] + s.heat_cold


def find(
    network: Network,
    drive: Drive,
    slopes: dict[str, Slope],
    low: Array,
    high: Array,
    *,
    ideal: bool = False,
    tolerance: float = 1e-9,
) -> dict[str, Array]:
    """Current at the first sign change of each slope between `low` and `high`; NaN where there is none.

    Parameters
    ----------
    network, drive, ideal, tolerance
        As in `newton.solve`; nothing need be imposed on the circuit.
    slopes
        Name -> quantity that changes from plus to minus at the wanted current.
    low, high
        Ends of the range of currents in A, shape (cases,).

    Returns
    -------
    dict
        Name -> current in A, shape (cases,).
    """

    def run(current: Array, cases: Cases) -> Solution:
        return solve(network.take(cases), drive.take(cases).at(current), ideal=ideal, tolerance=tolerance)

    n, m = len(drive), len(slopes)
    nodes = low[:, None] + (high - low)[:, None] * NODES
    every = np.repeat(np.arange(n), len(NODES))
    sampled = run(nodes.ravel(), every)
    failed = (sampled.code >= FAILED).reshape(n, -1)
    with np.errstate(all="ignore"):
        slope_at = [np.where(failed, np.nan, f(sampled, every).reshape(n, -1)) for f in slopes.values()]
    g = np.concatenate(slope_at)
    nodes, case = np.tile(nodes, (m, 1)), np.tile(np.arange(n), m)
    which = np.repeat(np.arange(m), n)

    def value(current: Array, row: Cases) -> Array:
        solution = run(current, case[row])
        out = np.full(len(row), np.nan)
        for k, slope in enumerate(slopes.values()):
            out[which[row] == k] = slope(solution, case[row])[which[row] == k]
        return np.where(solution.code >= FAILED, np.nan, out)

    # cases that run away may overflow on the way to their NaN
    with np.errstate(all="ignore"):
        roots = _refine(value, nodes, g).reshape(m, n)
    return dict(zip(slopes, roots, strict=True))


def _refine(value: Callable[[Array, Cases], Array], nodes: Array, g: Array) -> Array:
    """Roots of all rows; `value` evaluates the slope of given rows at given currents."""
    root = np.full(len(nodes), np.nan)
    changes = (g[:, :-1] > 0) & (g[:, 1:] <= 0)
    rows = np.flatnonzero(changes.any(axis=1))
    if not len(rows):
        return root
    k = changes.argmax(axis=1)[rows]
    a, b = nodes[rows, k], nodes[rows, k + 1]
    width = b - a
    centre = _interpolated_root(nodes[rows], g[rows], k)
    rest = np.ones(len(rows), bool)
    for window in (2e-3, 2e-4, 2e-4):
        near = centre[rest, None] + window * width[rest, None] * np.array([-1.0, 0.0, 1.0])
        y = value(near.ravel(), np.repeat(rows[rest], 3)).reshape(-1, 3)
        new = _quadratic_root(near, y)
        inside = (new - a[rest]) * (b[rest] - new) >= 0
        near_enough = inside & (np.abs(new - centre[rest]) < 10 * window * np.abs(width[rest]))
        root[rows[rest][near_enough]] = new[near_enough]
        centre[rest] = np.where(inside, new, centre[rest])
        rest[np.flatnonzero(rest)[near_enough]] = False
        if not rest.any():
            return root
    root[rows[rest]] = _bracketed(value, rows[rest], a[rest], b[rest])
    return root


def _interpolated_root(nodes: Array, g: Array, k: Cases) -> Array:
    """Root in the bracket [k, k + 1] of the polynomial through the six nodes around it."""
    first = np.clip(k - 2, 0, nodes.shape[1] - 6)
    rows = np.arange(len(k))[:, None]
    pick = first[:, None] + np.arange(6)
    x, y = nodes[rows, pick], g[rows, pick]
    lo, hi = nodes[rows[:, 0], k], nodes[rows[:, 0], k + 1]
    known = np.asarray(np.isfinite(y).all(axis=1))
    if not known.all():
        # nodes without a solution: fall back to the chord of the bracket
        ga, gb = g[rows[:, 0], k], g[rows[:, 0], k + 1]
        line = ga[:, None] + (gb - ga)[:, None] * (x - lo[:, None]) / (hi - lo)[:, None]
        y = np.where(known[:, None], y, line)
    newton = _divided_differences(x, y)
    for _ in range(50):
        mid = 0.5 * (lo + hi)
        positive = _newton_polynomial(x, newton, mid) > 0
        lo, hi = np.where(positive, mid, lo), np.where(positive, hi, mid)
    return 0.5 * (lo + hi)


def _divided_differences(x: Array, y: Array) -> Array:
    """Coefficients of Newton's interpolation polynomial of each row."""
    out = y.copy()
    for k in range(1, x.shape[1]):
        out[:, k:] = (out[:, k:] - out[:, k - 1 : -1]) / (x[:, k:] - x[:, :-k])
    return out


def _newton_polynomial(x: Array, differences: Array, at: Array) -> Array:
    value = differences[:, -1]
    for k in range(x.shape[1] - 2, -1, -1):
        value = value * (at - x[:, k]) + differences[:, k]
    return value


def _quadratic_root(x: Array, y: Array) -> Array:
    """Root of the parabola through three close points, by two secant-corrected Newton steps."""
    with np.errstate(all="ignore"):
        slope = (y[:, 2] - y[:, 0]) / (x[:, 2] - x[:, 0])
        bend = ((y[:, 2] - y[:, 1]) / (x[:, 2] - x[:, 1]) - (y[:, 1] - y[:, 0]) / (x[:, 1] - x[:, 0])) / (
            x[:, 2] - x[:, 0]
        )
        slope_at_1 = slope + bend * (2 * x[:, 1] - x[:, 0] - x[:, 2])
        d = -y[:, 1] / slope_at_1
        for _ in range(3):
            d = -y[:, 1] / (slope_at_1 + bend * d)
    return x[:, 1] + d


def _bracketed(value: Callable[[Array, Cases], Array], rows: Cases, a: Array, b: Array) -> Array:
    from scipy.optimize import elementwise

    def f(x: Array, row: Array) -> Array:
        return value(x, row.astype(int))

    found = elementwise.find_root(f, (a, b), args=(rows.astype(float),), tolerances={"xrtol": 1e-11})
    return np.where(found.success, found.x, np.nan)
