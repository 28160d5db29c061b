"""Newton's matrix of cells, nodes and current, as `ioffe.solve.transient.newton.Matrix` has it."""

from __future__ import annotations

from math import isnan
from typing import Any

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.cells import arrays as at


@kernel(inner=True)
def bands(c: Any, w: Any, current: float) -> None:
    """Derivatives of the heat into each point to its neighbours and the current; of the voltage to each."""
    b, e_ = w.bands, w.elements
    for row in (at.BELOW, at.HERE, at.ABOVE, at.BY_CURRENT, at.BY_VOLTAGE):
        for p in range(b.shape[1]):
            b[row, p] = 0.0
    for chain in range(c.chains.shape[1]):
        start, stop = c.chains[at.FIRST, chain], c.chains[at.LAST, chain]
        for e in range(start, stop):
            per = c.along[at.PER, e]
            b[at.BELOW, e + 1] = per * e_[at.L0, e]
            b[at.HERE, e + 1] += per * e_[at.L1, e]
            b[at.HERE, e] -= per * e_[at.F0, e]
            b[at.ABOVE, e] = -per * e_[at.F1, e]
            b[at.BY_CURRENT, e + 1] += per * e_[at.LJ, e]
            b[at.BY_CURRENT, e] -= per * e_[at.FJ, e]
            drop = c.weight[chain] * c.along[at.STRENGTH, e] * current
            b[at.BY_VOLTAGE, e] -= drop * e_[at.R0, e]
            b[at.BY_VOLTAGE, e + 1] -= drop * e_[at.R1, e]
        for which in range(2):
            end = c.chains[which, chain]
            carried = c.weight[chain] if which == 1 else -c.weight[chain]
            b[at.HERE, end] += carried * current * w.slopes[end, at.POTENTIAL]
            b[at.BY_CURRENT, end] += carried * w.values[end, at.POTENTIAL]
        for which in range(2):
            _end_row(c, w, chain, which)


@kernel(inner=True)
def _end_row(c: Any, w: Any, chain: int, which: int) -> None:
    """Of the heat into the node at an end; what the next points store beyond is taken over in the bands."""
    b, row = w.bands, w.ends[which]
    end, inwards = c.chains[which, chain], 1 - 2 * which
    outer, inner = (at.BELOW, at.ABOVE) if which == 0 else (at.ABOVE, at.BELOW)
    row[0, chain], row[1, chain], row[2, chain], row[3, chain] = b[at.HERE, end], b[inner, end], 0.0, 0.0
    row[4, chain] = b[at.BY_CURRENT, end]
    for k in range(2):
        cell, share = end + (k + 1) * inwards, c.shares[which, k, chain]
        row[k, chain] -= share * b[outer, cell]
        row[k + 1, chain] -= share * b[at.HERE, cell]
        row[k + 2, chain] -= share * b[inner, cell]
        row[4, chain] -= share * b[at.BY_CURRENT, cell]
        for band in (at.BELOW, at.HERE, at.ABOVE, at.BY_CURRENT):
            b[band, cell] *= 1.0 + share


@kernel(inner=True)
def factor(c: Any, w: Any, current: float, imposed: Any, storage: float, time: float) -> None:
    """The matrix at the state of the workspace, whose flows have tangents."""
    bands(c, w, current)
    points, b = w.bands.shape[1], w.bands
    for p in range(points):
        b[at.CAPACITY, p] = w.slopes[p, at.ENTHALPY]
        b[at.DIAGONAL, p], b[at.LOWER, p], b[at.UPPER, p] = 1.0, 0.0, 0.0
        for column in range(3):
            w.columns[column, p] = 0.0
    for chain in range(c.chains.shape[1]):
        start, stop = c.chains[at.FIRST, chain], c.chains[at.LAST, chain]
        w.columns[0, start] = w.columns[1, stop] = 1.0
        for p in range(start + 1, stop):
            own = time if c.stores[p] else 1.0
            heat = storage * c.along[at.OWN, p] * b[at.CAPACITY, p]
            b[at.DIAGONAL, p] = heat - own * b[at.HERE, p]
            # below the diagonal, in the column of the point before
            heat = storage * c.along[at.BEFORE, p] * b[at.CAPACITY, p - 1]
            b[at.LOWER, p - 1] = heat - own * b[at.BELOW, p]
            heat = storage * c.along[at.BEHIND, p] * b[at.CAPACITY, p + 1]
            b[at.UPPER, p] = heat - own * b[at.ABOVE, p]
            w.columns[2, p] = own * b[at.BY_CURRENT, p]
    _factor_cells(w)
    for column in range(3):
        _solve_cells(w, w.columns[column])
    _condense(c, w, current, imposed, storage, time)


@kernel(inner=True)
def _factor_cells(w: Any) -> None:
    """Gauss elimination of a tridiagonal matrix with row exchanges; it keeps the reciprocal diagonal."""
    lower, diagonal = w.bands[at.LOWER], w.bands[at.DIAGONAL]
    upper, second = w.bands[at.UPPER], w.bands[at.UPPER_2]
    n = len(diagonal)
    for k in range(n - 1):
        second[k] = 0.0
        w.swapped[k] = abs(diagonal[k]) < abs(lower[k])
        if w.swapped[k]:
            ratio = diagonal[k] / lower[k]
            diagonal[k], lower[k] = lower[k], ratio
            below = diagonal[k + 1]
            diagonal[k + 1] = upper[k] - ratio * below
            upper[k] = below
            if k + 2 < n:
                second[k] = upper[k + 1]
                upper[k + 1] = -ratio * upper[k + 1]
        else:
            lower[k] /= diagonal[k]
            diagonal[k + 1] -= lower[k] * upper[k]
    for k in range(n):
        diagonal[k] = 1.0 / diagonal[k]


@kernel(inner=True)
def _solve_cells(w: Any, x: Any) -> None:
    """The change of the cells for one right side, in its place."""
    lower, inverse = w.bands[at.LOWER], w.bands[at.DIAGONAL]
    upper, second = w.bands[at.UPPER], w.bands[at.UPPER_2]
    n = len(inverse)
    for k in range(n - 1):
        if w.swapped[k]:
            above = x[k]
            x[k] = x[k + 1]
            x[k + 1] = above - lower[k] * x[k]
        else:
            x[k + 1] -= lower[k] * x[k]
    x[n - 1] *= inverse[n - 1]
    x[n - 2] = (x[n - 2] - upper[n - 2] * x[n - 1]) * inverse[n - 2]
    for k in range(n - 3, -1, -1):
        x[k] = (x[k] - upper[k] * x[k + 1] - second[k] * x[k + 2]) * inverse[k]


@kernel(inner=True)
def _into_node(c: Any, w: Any, chain: int, which: int, x: Any) -> float:
    """Change of the heat into the node at an end of a chain."""
    end, inwards = c.chains[which, chain], 1 - 2 * which
    total = 0.0
    for k in range(4):
        total += w.ends[which, k, chain] * x[end + k * inwards]
    return total


@kernel(inner=True)
def _condense(c: Any, w: Any, current: float, imposed: Any, storage: float, time: float) -> None:
    """The matrix of nodes and current that is left, factored."""
    n, points = len(c.conductance), w.bands.shape[1]
    S = w.small
    for a in range(n + 1):
        for b in range(n + 1):
            S[a, b] = w.jacobian[a, b]
    for chain in range(c.chains.shape[1]):
        start, stop = c.chains[at.FIRST, chain], c.chains[at.LAST, chain]
        drop = 0.0
        for e in range(start, stop):
            r, rj = w.elements[at.RESISTANCE, e], w.elements[at.RJ, e]
            drop += c.along[at.STRENGTH, e] * (r + current * rj)
        for column in range(3):
            to = n if column == 2 else c.chains[2 + column, chain]
            x = w.columns[column]
            for which in range(2):
                heat = _into_node(c, w, chain, which, x) + (w.ends[which, 4, chain] if column == 2 else 0.0)
                S[c.chains[2 + which, chain], to] += heat
            for p in range(start, stop + 1):
                S[n, to] += w.bands[at.BY_VOLTAGE, p] * x[p]
        S[n, c.chains[at.NODE_FIRST, chain]] += c.weight[chain] * w.slopes[start, at.POTENTIAL]
        S[n, c.chains[at.NODE_LAST, chain]] -= c.weight[chain] * w.slopes[stop, at.POTENTIAL]
        S[n, n] -= c.weight[chain] * drop
    for a in range(n):
        factor = time if c.stores[points + a] else 1.0
        for b in range(n + 1):
            S[a, b] *= -factor
        S[a, a] += storage * c.at_nodes[at.MASS, a]
    if not isnan(imposed[at.LOAD]):
        S[n, n] -= imposed[at.LOAD]
    w.found[at.OHM] = abs(S[n, n])
    _factor_small(c, w)


@kernel(inner=True)
def _factor_small(c: Any, w: Any) -> None:
    """Gauss elimination with row exchanges; what is imposed does not move."""
    S = w.small
    n = len(S)
    for a in range(n):
        if c.fixed[a]:
            for b in range(n):
                S[a, b] = S[b, a] = 0.0
            S[a, a] = 1.0
    for k in range(n):
        best = k
        for a in range(k + 1, n):
            if abs(S[a, k]) > abs(S[best, k]):
                best = a
        w.pivots[k] = best
        if best != k:
            for b in range(n):
                S[k, b], S[best, b] = S[best, b], S[k, b]
        for a in range(k + 1, n):
            S[a, k] /= S[k, k]
            for b in range(k + 1, n):
                S[a, b] -= S[a, k] * S[k, b]


@kernel(inner=True)
def change(c: Any, w: Any, right: Any, voltage: float, time: float, out: Any) -> float:
    """Change of all temperatures that makes up for what is missing; returns that of the current."""
    n, points, z = len(c.conductance), w.bands.shape[1], w.rest
    for p in range(points):
        out[p] = right[p]
    for chain in range(c.chains.shape[1]):
        out[c.chains[at.FIRST, chain]] = out[c.chains[at.LAST, chain]] = 0.0
    _solve_cells(w, out[:points])
    for a in range(n):
        z[a] = right[points + a]
    z[n] = voltage
    for p in range(points):
        z[n] -= w.bands[at.BY_VOLTAGE, p] * out[p]
    for chain in range(c.chains.shape[1]):
        for which in range(2):
            node = c.chains[2 + which, chain]
            factor = time if c.stores[points + node] else 1.0
            z[node] += factor * _into_node(c, w, chain, which, out[:points])
    _solve_small(c, w)
    for chain in range(c.chains.shape[1]):
        first, last = z[c.chains[at.NODE_FIRST, chain]], z[c.chains[at.NODE_LAST, chain]]
        for p in range(c.chains[at.FIRST, chain], c.chains[at.LAST, chain] + 1):
            out[p] += w.columns[0, p] * first + w.columns[1, p] * last + w.columns[2, p] * z[n]
    for a in range(n):
        out[points + a] = z[a]
    return z[n]


@kernel(inner=True)
def _solve_small(c: Any, w: Any) -> None:
    """Nodes and current for the right side of the workspace, in its place."""
    S, z = w.small, w.rest
    n = len(S)
    for k in range(n):
        if c.fixed[k]:
            z[k] = 0.0
    for k in range(n):
        best = w.pivots[k]
        if best != k:
            z[k], z[best] = z[best], z[k]
    for k in range(n):
        for a in range(k + 1, n):
            z[a] -= S[a, k] * z[k]
    for k in range(n - 1, -1, -1):
        for b in range(k + 1, n):
            z[k] -= S[k, b] * z[b]
        z[k] /= S[k, k]
