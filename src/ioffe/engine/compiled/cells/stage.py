"""Newton's method for a stage in time, as `ioffe.solve.transient.newton.solve` has it."""

from __future__ import annotations

from math import inf, isfinite, isnan, nan
from typing import Any

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.cells import arrays as at
from ioffe.engine.compiled.cells.flows import balance
from ioffe.engine.compiled.cells.matrix import change, factor


@kernel
def solve(
    c: Any,
    w: Any,
    imposed: Any,
    current: float,
    storage: float,
    time: float,
    target: Any,
    passes: int,
    limits: Any,
) -> bool:
    """Solve `storage * energy - time * heat = target` from the state of the workspace.

    `c`, `w`: see `CellArrays` and `CellWorkspace`.
    `imposed`: eight numbers, NaN where nothing is imposed.
    `current`: from which to begin, in A.
    `storage`, `time`, `target`, `passes`: see `ioffe.solve.transient.newton.solve`.
    `limits`: relative change below which an iteration has ended, that below which rounding ends it, share to
        which a correction shrinks at least with a matrix that is kept, lowest and highest temperature in K.
    """
    exact, rounded, slow, lowest, highest = limits
    current = _impose(c, w, imposed, current)
    last, renew, done = nan, passes > 0, passes < 1
    # the flows are in one place, and no flag of theirs is a constant: else they are compiled again
    for k in range(passes + 1):
        balance(c, w, current, imposed, renew)
        if done or k == passes:
            break
        if renew:
            factor(c, w, current, imposed, storage, time)
        for row in range(len(target)):
            missing = target[row] - storage * w.rows[at.ENERGY, row] if c.stores[row] else 0.0
            w.rows[at.RIGHT, row] = missing + (time if c.stores[row] else 1.0) * w.rows[at.HEAT, row]
        move = change(c, w, w.rows[at.RIGHT], -w.found[at.GAP], time, w.rows[at.STEP])
        size = _size(c, w, move)
        current += move
        _add(c, w)
        if not (isfinite(size) and _within(w, lowest, highest)):
            return False
        ratio = size / last if last > 0.0 else nan
        left = size * ratio / (1.0 - ratio) if ratio < 1.0 else size
        done = left <= exact or (size <= rounded and not ratio < 0.5)
        renew, last = ratio > slow and not done, size
    return done


@kernel
def correct(c: Any, w: Any, heat: Any, time: float, out: Any) -> None:
    """Change of all temperatures that makes up for missing heat, by the last matrix of a stage."""
    change(c, w, heat, 0.0, time, out)


@kernel(inner=True)
def _impose(c: Any, w: Any, imposed: Any, current: float) -> float:
    points = len(w.values)
    for node, value in ((c.hot, at.T_HOT), (c.cold, at.T_COLD), (c.ambient, at.AMBIENT)):
        T = imposed[value]
        if node >= 0 and not isnan(T):
            w.state[0, points + node], w.state[1, points + node] = T, 0.0
    _spread(c, w)
    return current if isnan(imposed[at.CURRENT]) else imposed[at.CURRENT]


@kernel(inner=True)
def _spread(c: Any, w: Any) -> None:
    """Give the points at a node its temperature."""
    points = len(w.values)
    for chain in range(c.chains.shape[1]):
        for end in range(2):
            for row in range(2):
                node = points + c.chains[2 + end, chain]
                w.state[row, c.chains[end, chain]] = w.state[row, node]


@kernel(inner=True)
def _add(c: Any, w: Any) -> None:
    """Add the step, and keep what the sum rounds off."""
    T, low = w.state[0], w.state[1]
    for row in range(len(T)):
        step = w.rows[at.STEP, row] + low[row]
        old = T[row]
        new = old + step
        part = new - old
        low[row] = (old - (new - part)) + (step - part)
        T[row] = new
    _spread(c, w)


@kernel(inner=True)
def _within(w: Any, lowest: float, highest: float) -> bool:
    T = w.state[0]
    inside = True
    for row in range(len(T)):
        inside = inside and lowest < T[row] < highest
    return inside


@kernel(inner=True)
def _size(c: Any, w: Any, move: float) -> float:
    """Largest change relative to the temperature; of the current, its voltage relative to that of S T."""
    T = w.state[0]
    largest = 0.0 if isfinite(move) else inf
    for row in range(len(T)):
        largest = max(largest, abs(w.rows[at.STEP, row]) / T[row])
    if not c.fixed[len(c.fixed) - 1]:
        volt = abs(w.found[at.U])
        for chain in range(c.chains.shape[1]):
            for end in range(2):
                p = c.chains[end, chain]
                volt += abs(c.weight[chain]) * abs(w.slopes[p, at.POTENTIAL] * T[p])
        if volt > 0.0:
            largest = max(largest, abs(move) * w.found[at.OHM] / volt)
    return largest


def is_loaded() -> bool:
    """Whether the kernel is in memory."""
    return bool(solve.signatures)
