"""The current at which a quantity is largest, or takes a given value, for every case.

The solved network gives exact first derivatives with respect to the current, so that a maximum is a
root of a slope. A few currents for all cases in one pass bracket it; interpolation of the slope and one
more pass locate it; cases where that is not enough go to a bracketing root finder.

Of several variables, such as the currents of several circuits, `climb` finds the point at which a function
is largest, freely or where a second function is zero: Newton's method with exact slopes; the second
derivatives are differences of the slopes, taken for all cases and directions in one evaluation. Steps stay
within a radius of trust, which shrinks where the value does not grow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ioffe.engine.network import Cases, Drive, Network, Solution
from ioffe.engine.newton import solve
from ioffe.engine.state import FAILED
from ioffe.engine.table import Array, Flags

Slope = Callable[[Solution, Cases], Array]
"""A quantity of given cases whose change from plus to minus is sought as |current| grows."""
Solver = Callable[[Drive, Cases], Solution]
"""What solves a drive, and which of the cases it is of."""
Value = Callable[[Array, Cases], Array]
"""Slopes at given currents, in rows: all cases of the first quantity, then those of the next."""
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
    solver: Solver | None = None,
) -> dict[str, Array]:
    """Current at the first sign change of each slope between `low` and `high`; NaN where there is none.

    `network`, `drive`, `ideal`, `tolerance`: as in `newton.solve`; nothing need be imposed on the circuit.
    `slopes`: name -> quantity that changes from plus to minus at the wanted current.
    `low`, `high`: ends of the range of currents in A, shape (cases,).
    `solver`: what solves in place of `newton.solve`: a drive, and which of the cases it is of.
    Returns: name -> current in A, shape (cases,).
    """

    def run(current: Array, cases: Cases) -> Solution:
        if solver is not None:
            return solver(drive.take(cases).at(current), cases)
        return solve(network.take(cases), drive.take(cases).at(current), ideal=ideal, tolerance=tolerance)

    n, m = len(drive), len(slopes)
    nodes = low[:, None] + (high - low)[:, None] * NODES
    every = np.repeat(np.arange(n), len(NODES))
    sampled = run(nodes.ravel(), every)
    failed = (sampled.code >= FAILED).reshape(n, -1)
    with np.errstate(all="ignore"):
        slope_at = [np.where(failed, np.nan, f(sampled, every).reshape(n, -1)) for f in slopes.values()]
    g = np.concatenate(slope_at)
    # cases that run away may overflow on the way to their NaN
    with np.errstate(all="ignore"):
        roots = _refine(_rows(run, slopes, n), np.tile(nodes, (m, 1)), g).reshape(m, n)
    return dict(zip(slopes, roots, strict=True))


def find_near(
    network: Network,
    drive: Drive,
    slopes: dict[str, Slope],
    low: Array,
    high: Array,
    *,
    solver: Solver,
    rough: Solver,
) -> dict[str, Array]:
    """As `find`, for solves that take long: from the currents of a similar network it steps by secants.

    `network`, `drive`, `slopes`, `low`, `high`: as for `find`.
    `solver`: what solves the network.
    `rough`: what solves the similar one, with solutions of the same nodes.
    Returns: name -> current in A, shape (cases,), to about `NEAR` of the range; a root that is not found in
        this way is searched as `find` does.
    """
    n, m, width = len(drive), len(slopes), high - low
    found = find(network, drive, slopes, low, high, solver=rough)

    def values(by: Solver) -> Value:
        return _rows(lambda current, cases: by(drive.take(cases).at(current), cases), slopes, n)

    with np.errstate(all="ignore"):
        start, step = np.concatenate(list(found.values())), BESIDE * np.tile(width, m)
        known = np.flatnonzero(np.isfinite(start))
        beside = [values(rough)((start + d)[known], known) for d in (-step, step)]
        bend = (beside[1] - beside[0]) / (2.0 * step[known])
        ends = np.tile(low, m)[known], np.tile(high, m)[known]
        roots = np.full(m * n, np.nan)
        roots[known] = _secants(values(solver), known, start[known], bend, *ends)
    for (name, slope), own in zip(slopes.items(), roots.reshape(m, n), strict=True):
        found[name] = own
        rest = np.flatnonzero(np.isnan(own))
        if len(rest):
            some = drive.take(rest), {name: of(rest, slope)}, low[rest], high[rest]
            by = of(rest, solver)
            found[name][rest] = find(network.take(rest), *some, solver=by)[name]
    return found


def of(cases: Cases, f: Callable[[Any, Cases], Any]) -> Callable[[Any, Cases], Any]:
    """A function of cases as one of those among some of them."""
    return lambda one, inner: f(one, cases[inner])


def _rows(run: Callable[[Array, Cases], Solution], slopes: dict[str, Slope], n: int) -> Value:
    """Slopes as rows; NaN where there is no solution."""

    def value(current: Array, row: Cases) -> Array:
        which, case = np.divmod(row, n)
        solution, out = run(current, case), np.full(len(row), np.nan)
        for k, slope in enumerate(slopes.values()):
            out[which == k] = slope(solution, case)[which == k]
        return np.where(solution.code >= FAILED, np.nan, out)

    return value


NEAR = 1e-6
"""Share of the range that a secant step may leave: about the product of its share and of the one before."""
ROUNDED = 1e-8
"""Share of the range to which currents are rounded; a search that is repeated meets the same ones."""
BESIDE = 1e-2
"""Share of the range between the currents of a difference of slopes, whose rounding does not count then."""
MOST_SECANTS = 6


def _secants(value: Value, rows: Cases, x: Array, bend: Array, low: Array, high: Array) -> Array:
    """Roots of rows from x, near which the slopes fall at about the rate `bend`; NaN where it fails."""
    root, rest = np.full(len(rows), np.nan), np.arange(len(rows))
    before = last = np.full(len(rows), np.nan)
    grain = ROUNDED * np.abs(high - low)
    x = grain * np.round(x / grain)
    for passed in range(MOST_SECANTS):
        if not len(rest):
            break
        y = value(x[rest], rows[rest])
        moved = (x - before)[rest]
        if passed:
            bend = np.where(moved != 0.0, (y - last) / moved, bend)
        step, width = -y / bend, (high - low)[rest]
        new, share = grain[rest] * np.round((x[rest] + step) / grain[rest]), np.abs(step / width)
        good = (bend * width < 0.0) & ((new - low[rest]) * (high[rest] - new) >= 0.0)
        # of the first step nothing is known but that both networks differ about as much in their slopes
        ended = good & (share * (np.abs(moved / width) if passed else share) < NEAR)
        root[rest[ended]] = new[ended]
        before = x.copy()
        x[rest] = new
        go = good & ~ended
        rest, bend, last = rest[go], bend[go], y[go]
    return root


def _refine(value: Value, nodes: Array, g: Array) -> Array:
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


def _bracketed(value: Value, rows: Cases, a: Array, b: Array) -> Array:
    from scipy.optimize import elementwise

    def f(share: Array, row: Array, start: Array, width: Array) -> Array:
        return value(start + share * width, row.astype(int))

    # shares of the brackets: halving currents that vanish would end at the smallest number there is
    ends, given = (np.zeros_like(a), np.ones_like(a)), (rows.astype(float), a, b - a)
    found = elementwise.find_root(f, ends, args=given, tolerances={"xrtol": 1e-11, "xatol": 1e-15})
    return np.where(found.success, a + found.x * (b - a), np.nan)


Values = Callable[[Array, Cases], tuple[Array, Array]]
"""Values (functions, rows) and slopes (functions, rows, variables) at points (rows, variables) of cases.

The first function shall be large, the second one, if there is any, zero; NaN: no value.
"""

MAX_PASSES = 80
DIFFERENCE = 1e-4
"""Step of the differences, in units of the start."""
CLOSE = 1e-6
"""A Newton step of this relative size is the last one: its error is a ten-thousandth of it."""
FLAT = 1e-10
"""Smallest curvature in units of the largest."""
NOTHING = 1e-100
"""Keeps divisions by zero finite."""


@dataclass(eq=False)
class _Shape:
    """Values (functions, cases), slopes and second derivatives in scaled variables."""

    f: Array
    g: Array
    H: Array

    def take(self, cases: Any) -> _Shape:
        return _Shape(self.f[:, cases], self.g[:, cases], self.H[:, cases])

    def put(self, cases: Cases, part: _Shape) -> None:
        self.f[:, cases], self.g[:, cases], self.H[:, cases] = part.f, part.g, part.H


def climb(values: Values, start: Array) -> Array:
    """Largest value near the start for every case; shape (cases, variables), NaN where none was found.

    `values`: the function, or the function and the one that stays zero.
    `start`: where to begin, none of them zero, shape (cases, variables); NaN: nothing is sought. Their sizes
        are the scales of the variables.
    """
    out = np.full(start.shape, np.nan)
    scale, x = np.abs(start), start.copy()
    cases = np.flatnonzero(np.isfinite(start).all(axis=1))
    if not len(cases):
        return out
    found = _look(values, x[cases], scale[cases], cases)
    known = np.isfinite(found.f).all(axis=0)
    here = _Shape(*(np.full((len(v), len(start), *v.shape[2:]), np.nan) for v in (found.f, found.g, found.H)))
    here.put(cases[known], found.take(known))
    cases, radius = cases[known], np.ones(len(start))
    for _ in range(MAX_PASSES):
        if not len(cases):
            break
        old = here.take(cases)
        step = _step(old)
        length = np.linalg.norm(step, axis=1)
        cut = np.minimum(1.0, radius[cases] / np.maximum(length, NOTHING))
        size = length * cut
        trial = x[cases] + step * cut[:, None] * scale[cases]
        new = _look(values, trial, scale[cases], cases)
        good = _grown(old, new)
        k = cases[good]
        x[k] = trial[good]
        here.put(k, new.take(good))
        radius[cases] = np.where(good, np.maximum(radius[cases], 2.0 * size), 0.25 * size)
        ended = size < CLOSE
        # a short step is the last one, whether rounding lets the value grow or not
        reached = cases[ended & (good | (length < 10.0 * CLOSE))]
        out[reached] = x[reached]
        cases = cases[~ended]
    return out


def _look(values: Values, x: Array, scale: Array, cases: Cases) -> _Shape:
    """Values at x and around it; all NaN unless all are known."""
    m = x.shape[1]
    ends = np.concatenate([np.zeros((1, m)), DIFFERENCE * np.eye(m)])
    points = x[:, None, :] + ends * scale[:, None, :]
    f, g = values(points.reshape(-1, m), np.repeat(cases, m + 1))
    g = g.reshape(len(g), -1, m + 1, m) * scale[:, None, :]
    H = (g[:, :, 1:] - g[:, :, :1]) / DIFFERENCE
    known = np.isfinite(g).all(axis=(0, 2, 3))
    at_x = np.where(known, f.reshape(len(f), -1, m + 1)[:, :, 0], np.nan)
    return _Shape(at_x, g[:, :, 0], 0.5 * (H + H.transpose(0, 1, 3, 2)))


def _step(at: _Shape) -> Array:
    """Newton's step uphill, with curvatures of the wrong sign turned round.

    With a second function q and its slope a the step leads to q + a d = 0, and uphill across it.
    """
    if len(at.f) == 1:
        return _uphill(at.g[0], at.H[0])
    a = at.g[1]
    towards = -at.f[1][:, None] * a / np.sum(a * a, axis=1, keepdims=True)
    H = at.H[0] + _multiplier(at)[:, None, None] * at.H[1]
    across = np.linalg.qr(a[:, :, None], mode="complete")[0][:, :, 1:]
    g = at.g[0] + np.einsum("lij,lj->li", H, towards)
    inner = np.einsum("lia,lij,ljb->lab", across, H, across)
    along = _uphill(np.einsum("lia,li->la", across, g), inner)
    return towards + np.einsum("lia,la->li", across, along)


def _multiplier(at: _Shape) -> Array:
    """Lagrange's multiplier of the second function, by least squares of the slopes."""
    return -np.sum(at.g[0] * at.g[1], axis=1) / np.sum(at.g[1] ** 2, axis=1)


def _uphill(g: Array, H: Array) -> Array:
    bend, axes = np.linalg.eigh(H)
    size = np.abs(bend)
    size = np.maximum(size, np.maximum(FLAT * size.max(axis=1, keepdims=True, initial=0.0), NOTHING))
    along = np.einsum("lij,li->lj", axes, g) / size
    return np.einsum("lij,lj->li", axes, along)


def _grown(old: _Shape, new: _Shape) -> Flags:
    """Whether a step led to a larger value; distance of the second function from zero counts against it."""
    if len(old.f) == 1:
        before, after = old.f[0], new.f[0]
    else:
        weight = 2.0 * np.abs(_multiplier(old))
        before, after = (s.f[0] - weight * np.abs(s.f[1]) for s in (old, new))
    return np.isfinite(after) & (after >= before - 1e-12 * np.abs(before))
