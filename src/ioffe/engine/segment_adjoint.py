r"""How a solved segment depends on its material and on the losses through its side.

At fixed T0, T1 and j a change of kappa(T), rho(T) and S(T) moves c, r and the loss of `SegmentState`. The
changes are integrals of the perturbation along the profile, whose weights follow from one linearisation:

- with the temperature as the variable (`temperature_form`), with :math:`E = \exp(j^2\int \rho\kappa/p^2)` and
  :math:`G = \int_T^{T_1} j^2\kappa E/p^2`,

  .. math:: X_c\,\delta c = -\int_{T_0}^{T_1}\Big[\frac{\delta\kappa}{p} - \frac{j\kappa\,\delta A}{p^2}
            + \frac GE\Big(\frac{\kappa\,\delta\rho + \rho\,\delta\kappa}{p}
            - \frac{j\rho\kappa\,\delta A}{p^2}\Big)\Big] dT;

- along the length (`position_form`), by variation of parameters: the tangents to c and to T0 span the
  solutions of the linearised equations, because r and the loss enter the heat flow beside c.

A(T) = T S - int S dT; int S dT is counted from T0, a constant in it changes no result. The weights are
summed to one derivative for each coefficient of each cell of the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ioffe.engine import position_form
from ioffe.engine.position_form import ScaledLoss
from ioffe.engine.quadrature import Grid, gauss
from ioffe.engine.table import Array, Flags, Indices, PropertyTable

PROPERTIES = ("conductivity", "electrical", "seebeck")
C, R, LOSS, DROP = range(4)
"""Rows of what depends: c, r, the loss, and the Seebeck voltage int S dT from T0 to T1."""
NODES = 8
LEVELS = 3
PASSES = 20
ERROR = 1e-11
"""Estimated relative error of the quadrature with which a case is done."""
CHUNK = 2_000_000
"""Numbers treated at once, to bound the memory."""
STEP_ERROR = 1e-13
"""Relative error of each step along the length."""
ORDERS = {True: 12, False: 16}
"""Of the series along the length; that of 1/sigma converges more slowly than that of rho."""
FLAT = 1e-6
"""K; a mean over less than this is that over as much."""


@dataclass(eq=False)
class Dependence:
    """Derivatives of solved cases at fixed T0, T1 and j; the first axis is c, r, loss, int S dT."""

    conductivity: Array
    """To the coefficients of each cell of the table, shape (4, cases, cells, 4); likewise the two below."""
    electrical: Array
    seebeck: Array
    side: Array
    """To the coefficients and the ambient temperature of the loss, (4, 3, cases); zero if not asked."""

    @classmethod
    def nothing(cls, n: int, cells: int) -> Dependence:
        """Zeros."""
        zero = np.zeros((3, 4, n, cells, 4))
        return cls(zero[0], zero[1], zero[2], np.zeros((4, 3, n)))


@dataclass(frozen=True, eq=False)
class _SolvedCases:
    """Solved cases, and their indices in the answer."""

    table: PropertyTable
    T0: Array
    T1: Array
    j: Array
    c: Array
    loss: ScaledLoss | None
    index: Indices

    def __len__(self) -> int:
        return len(self.index)

    def take(self, k: Indices) -> _SolvedCases:
        loss = None if self.loss is None else self.loss.take(k)
        return _SolvedCases(self.table, self.T0[k], self.T1[k], self.j[k], self.c[k], loss, self.index[k])

    def parts(self, size: int) -> Iterator[_SolvedCases]:
        """The same cases, some at a time."""
        for i in range(0, len(self), max(1, size)):
            yield self.take(np.arange(i, min(i + max(1, size), len(self))))


def dependence(
    table: PropertyTable, T0: Array, T1: Array, j: Array, c: Array, loss: ScaledLoss | None
) -> Dependence:
    """Derivatives of cases that are solved.

    `T0`, `T1`, `j`, `c`: end temperatures in K, j = J L in A/m and the solution c in W/m; cases (n,).
    `loss`: ScaledLoss through the side, which may be zero; None if it is, and not differentiated by.
    """
    n, cells = len(T0), len(table.knots) - 1
    out = Dependence.nothing(n, cells)
    rest = every = _SolvedCases(table, T0, T1, j, c, loss, np.arange(n))
    with np.errstate(all="ignore"):
        if loss is None:
            for level in range(LEVELS):
                size = CHUNK // (40 * NODES * cells * 2**level)
                left = [_by_temperature(out, part, 2**level) for part in rest.parts(size)]
                rest = every.take(np.concatenate(left))
                if not len(rest):
                    break
        for part in rest.parts(CHUNK // (200 * NODES * (ORDERS[False] + 1))):
            _by_position(out, part)
    return out


def ideal_dependence(table: PropertyTable, T0: Array, T1: Array, j: Array) -> Dependence:
    """The same for the constant-property formulas, with S, rho and kappa averaged over T0 ... T1.

    c = kappa (T0 - T1) + j S T0 - j^2 rho/2 and r = rho.
    """
    n, cells = len(T0), len(table.knots) - 1
    out = Dependence.nothing(n, cells)
    end = np.where(np.abs(T1 - T0) < FLAT, T0 + FLAT, T1)
    grid = Grid.between(table, T0, end, NODES, 1)
    mean = grid.h[..., None] * grid.weights / (end - T0)[:, None, None]
    jl = j[:, None, None]
    of_rho = mean if table.electrical_is_resistivity else -mean * grid.rho**2
    rise = (T1 - T0)[:, None, None]
    weights = {
        "conductivity": {C: -rise * mean},
        "electrical": {C: -0.5 * jl * jl * of_rho, R: of_rho},
        "seebeck": {C: jl * T0[:, None, None] * mean, DROP: rise * mean},
    }
    flat = {k: {r: w.reshape(n, -1) for r, w in v.items()} for k, v in weights.items()}
    _add(out, table, np.arange(n), grid.cell_of_nodes(), grid.t.reshape(n, -1), flat)
    return out


def _add(
    out: Dependence,
    table: PropertyTable,
    cases: Indices,
    cell: Indices,
    t: Array,
    weights: dict[str, dict[int, Array]],
) -> None:
    """Sum weights at points (cases, points) to derivatives for the coefficients of the cells around them."""
    n, cells = len(cases), len(table.knots) - 1
    index = (np.arange(n)[:, None] * cells + cell).ravel()
    for name, rows in weights.items():
        target = getattr(out, name)
        for row, weight in rows.items():
            for power in range(4):
                found = np.bincount(index, weight.ravel(), n * cells)
                target[row, cases, :, power] += found.reshape(n, cells)
                weight = weight * t


def _by_temperature(out: Dependence, cases: _SolvedCases, halves: int) -> Indices:
    """Monotonic cases by quadrature over the temperature; returns the indices of those it does not suit."""
    table, j = cases.table, cases.j
    grid = Grid.between(table, cases.T0, cases.T1, NODES, halves)
    p, good = _flux(grid, cases)
    f, m = 1.0 / p, grid.kappa * grid.rho
    good &= np.maximum(grid.truncation(m * f), grid.truncation(grid.kappa * f)) <= ERROR
    if not good.all():
        if good.any():
            _by_temperature(out, cases.take(np.flatnonzero(good)), halves)
        return cases.index[~good]
    jl = j[:, None, None]
    a, b = m * f * f, grid.kappa * f * f
    E = np.exp(jl * jl * grid.running(a))
    E_end = np.exp(j * j * grid.whole(a))[:, None, None]
    X_c = grid.whole(b * E)[:, None, None]
    r_c = E_end * grid.whole(a / E)[:, None, None]
    G = jl * jl * (X_c - grid.running(b * E))
    on_c = (-(f + G / E * grid.rho * f) / X_c, -G / E * grid.kappa * f / X_c, jl * (b + G / E * a) / X_c)
    own = (E_end / E * grid.rho * f, E_end / E * grid.kappa * f, -jl * E_end / E * a)
    on_r = tuple(x + r_c * y for x, y in zip(own, on_c, strict=True))
    T = table.knots[grid.cell] + grid.t
    seebeck = {row: T * w - _rest(grid, w) for row, w in ((C, on_c[2]), (R, on_r[2]))}
    seebeck[DROP] = np.ones_like(T)
    of_rho = 1.0 if table.electrical_is_resistivity else -(grid.rho**2)
    weights = {
        "conductivity": {C: on_c[0], R: on_r[0]},
        "electrical": {C: on_c[1] * of_rho, R: on_r[1] * of_rho},
        "seebeck": seebeck,
    }
    measure = grid.h[..., None] * grid.weights
    n = len(cases)
    flat = {k: {r: (w * measure).reshape(n, -1) for r, w in v.items()} for k, v in weights.items()}
    _add(out, table, cases.index, grid.cell_of_nodes(), grid.t.reshape(n, -1), flat)
    return cases.index[:0]


def _rest(grid: Grid, w: Array) -> Array:
    """Integral from every node to the end."""
    return grid.whole(w)[:, None, None] - grid.running(w)


def _flux(grid: Grid, cases: _SolvedCases) -> tuple[Array, Flags]:
    """p = kappa dT/dxi at the nodes for given c, and the cases where it keeps its sign."""
    sign = np.where(cases.T1 > cases.T0, 1.0, -1.0)[:, None, None]
    jl, c = cases.j[:, None, None], cases.c[:, None, None]
    m, start = grid.kappa * grid.rho, jl * grid.peltier() - c
    good = cases.T0 != cases.T1
    r = grid.running(m) / grid.whole(grid.kappa)[:, None, None]
    quiet = np.zeros(len(cases), bool)
    for _ in range(PASSES):
        p = start - jl * jl * r
        good &= (sign * p > 0).all(axis=(1, 2))
        a = jl * jl * m / (p * p)
        E = np.exp(grid.running(a))
        miss = grid.running(m / p) - r
        move = miss + E * grid.running(a * miss / E)
        r = r + move
        quiet = (jl * jl * np.abs(move) <= 1e-15 * (np.abs(c) + np.abs(start))).all(axis=(1, 2))
        if (quiet | ~good).all():
            break
    return start - jl * jl * r, good & quiet


@dataclass(eq=False)
class _Path:
    """A marched profile at the Gauss nodes of its steps; shapes (cases, points)."""

    weights: Array
    """Of the integral over xi."""
    rest: Array
    """(cases, steps, nodes, nodes): integral from a node to the end of its step; for `_Path.after`."""
    T: Array
    r: Array
    loss: Array
    by_c: Array
    """Derivatives of T, r and the loss to c, shape (3, cases, points)."""
    by_T0: Array
    end: Array
    """Derivatives of T, r and the loss at xi = 1 to c and T0, shape (3, 2, cases)."""

    def after(self, f: Array) -> Array:
        """Integral of f from every point to xi = 1."""
        n, steps, nodes, _ = self.rest.shape
        per_step = (f * self.weights).reshape(n, steps, nodes).sum(axis=2)
        behind = np.cumsum(per_step[:, ::-1], axis=1)[:, ::-1] - per_step
        inside = np.einsum("lskn,lsn->lsk", self.rest, f.reshape(n, steps, nodes))
        return (inside + behind[..., None]).reshape(n, -1)


def _path(cases: _SolvedCases) -> _Path:
    """March the profile once, with its tangents to c and to T0."""
    table, T0, T1, j = cases.table, cases.T0, cases.T1, cases.j
    order = ORDERS[table.electrical_is_resistivity]
    rise = 0.1 * j * j * table.resistivity(T0) / table.evaluate(table.conductivity, T0)
    allowed = STEP_ERROR * np.maximum(np.maximum(np.abs(T1 - T0), rise), 1e-6)
    run = position_form.march(
        table, T0, cases.c, j, cases.loss, order, allowed, STEP_ERROR, tangents=3, record=True
    )
    nodes, share, matrix, _ = gauss(NODES)
    n, steps = len(T0), len(run.steps)
    weights, rest = np.zeros((n, steps, NODES)), np.zeros((n, steps, NODES, NODES))
    values = np.zeros((3, 3, n, steps, NODES))
    # where a case has no more steps the weights are zero, and its start fills what is not used
    values[0, 0], values[0, 2] = T0[:, None, None], 1.0
    for s, (k, _, length, series) in enumerate(run.steps):
        powers = (length[:, None] * nodes)[..., None] ** np.arange(order + 1)
        values[:, :, k, s] = np.einsum("oqdl,lno->qdln", series[:, :, :3], powers)
        weights[k, s] = length[:, None] * share
        rest[k, s] = length[:, None, None] * (share - matrix)
    # a profile that does not reach its end has no derivatives
    weights[run.blown] = np.nan
    flat = values.reshape(3, 3, n, -1)
    end = np.stack([run.T[1:3], run.resistance[1:3], run.loss[1:3]])
    T, r, loss = flat[:, 0]
    return _Path(weights.reshape(n, -1), rest, T, r, loss, flat[:, 1], flat[:, 2], end)


def _by_position(out: Dependence, cases: _SolvedCases) -> None:
    """Any cases, along their length."""
    table, loss, jl = cases.table, cases.loss, cases.j[:, None]
    path = _path(cases)
    cell = table.cell(path.T)
    t = path.T - table.knots[cell]
    kappa, A = (table.evaluate(x, path.T) for x in (table.conductivity, table.peltier))
    slope = (jl * A - cases.c[:, None] - jl * jl * path.r + path.loss) / kappa
    of_rho = 1.0 if table.electrical_is_resistivity else -(table.resistivity(path.T) ** 2)
    on_T, on_r, on_loss = _responses(path, jl)
    weights: dict[str, dict[int, Array]] = {name: {} for name in PROPERTIES}
    for row in (C, R, LOSS) if loss is not None else (C, R):
        w_A = on_T[row] * jl / kappa
        weights["conductivity"][row] = -on_T[row] * slope / kappa * path.weights
        weights["electrical"][row] = on_r[row] * of_rho * path.weights
        weights["seebeck"][row] = (w_A * path.T - slope * path.after(w_A)) * path.weights
    weights["seebeck"][DROP] = slope * path.weights
    _add(out, table, cases.index, cell, t, weights)
    if loss is None:
        return
    excess, fourth = path.T - loss.ambient[:, None], path.T**4 - loss.ambient[:, None] ** 4
    per_kelvin = loss.linear + 4.0 * loss.radiative * loss.ambient**3
    for row in (C, R, LOSS):
        w = on_loss[row] * path.weights
        out.side[row, 0, cases.index] = (w * excess).sum(axis=1)
        out.side[row, 1, cases.index] = (w * fourth).sum(axis=1)
        out.side[row, 2, cases.index] = -per_kelvin * w.sum(axis=1)


def _responses(path: _Path, j: Array) -> tuple[Array, Array, Array]:
    """What c, r and the loss gain from a unit source in dT/dxi, dr/dxi and dloss/dxi at every point.

    A source is carried to the end by the solutions that start from T, r and the loss at that point: the
    tangent to T0, and combinations of the tangent to c with the steady solutions of r and of the loss.
    """
    (T_c, r_c, loss_c), (T_0, r_0, loss_0) = path.by_c, path.by_T0
    across, along = j * j * r_0 - loss_0, 1.0 + j * j * r_c - loss_c
    wronskian = T_0 * along - T_c * across
    c_T0 = -path.end[0, 1] / path.end[0, 0]
    r_T0, loss_T0 = (path.end[k, 1] + path.end[k, 0] * c_T0 for k in (1, 2))

    def carried(in_T: float, in_r: float, in_loss: float) -> Array:
        flow = j * j * in_r - in_loss
        by_T0 = (in_T * along - T_c * flow) / wronskian
        by_c = (T_0 * flow - across * in_T) / wronskian
        return np.stack(
            [
                c_T0[:, None] * by_T0 - by_c,
                r_T0[:, None] * by_T0 + in_r - r_0 * by_T0 - r_c * by_c,
                loss_T0[:, None] * by_T0 + in_loss - loss_0 * by_T0 - loss_c * by_c,
            ]
        )

    return carried(1.0, 0.0, 0.0), carried(0.0, 1.0, 0.0), carried(0.0, 0.0, 1.0)
