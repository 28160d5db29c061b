"""Where a lane begins: its numbers, and the node temperatures of pure conduction."""

from __future__ import annotations

from math import isfinite, nan
from typing import Any

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.flatten import (
    AMBIENT,
    AREA,
    AT_COLD,
    AT_HOT,
    CONDUCTANCE,
    COUNT,
    LEG,
    LENGTH,
    LINK,
    PLATE,
)
from ioffe.engine.compiled.linear import factor, substitute
from ioffe.engine.compiled.passive import curves_of
from ioffe.engine.compiled.properties import cubic, locate
from ioffe.engine.compiled.workspace import BEGIN, FACTORS, LOW, PIVOT, T


@kernel(inner=True)
def load(problem: Any, room: Any, lane: int) -> None:
    """Bring the numbers and tables of a lane into the room and forget the lane before."""
    group, high = 0, len(problem.starts) - 1
    while high - group > 1:
        middle = (group + high) // 2
        if problem.starts[middle] <= lane:
            group = middle
        else:
            high = middle
    place = lane - problem.starts[group]
    for p in range(len(room.numbers)):
        slot = problem.slots[group, p]
        room.numbers[p] = problem.values[slot[0] + slot[1] * place]
    for t in range(len(room.tables)):
        room.tables[t] = problem.tables[group, t]
    forget(room)


@kernel(inner=True)
def forget(room: Any) -> None:
    """Begin anew, without what earlier solutions left."""
    room.memory[:, :] = 0
    room.states[:, BEGIN] = nan
    room.result[:] = nan


@kernel(inner=True)
def begin(problem: Any, room: Any, lane: int) -> bool:
    """Node temperatures of pure conduction with conductances at the mean temperature."""
    n = problem.nodes
    at_hot, at_cold = problem.imposed[AT_HOT, lane], problem.imposed[AT_COLD, lane]
    mean = 300.0
    if not problem.hot_free and not problem.cold_free:
        mean = 0.5 * (at_hot + at_cold)
    elif not problem.hot_free:
        mean = at_hot
    elif not problem.cold_free:
        mean = at_cold
    K, x, pivot = room.matrices[FACTORS], room.vectors[T], room.places[PIVOT]
    K[:, :] = 0.0
    x[:] = 0.0
    slot = 0
    for k in range(len(problem.pairs)):
        g, used = _conductance(problem, room, k, slot, mean)
        slot += used
        a, b = problem.pairs[k, 0], problem.pairs[k, 1]
        K[a, a] += g
        K[b, b] += g
        K[a, b] -= g
        K[b, a] -= g
    _impose(K, x, n, problem.hot, problem.hot_free, at_hot)
    _impose(K, x, n, problem.cold, problem.cold_free, -at_cold if problem.cold_free else at_cold)
    if problem.ambient >= 0:
        _impose(K, x, n, problem.ambient, False, problem.imposed[AMBIENT, lane])
    if not factor(K, n, pivot):
        return False
    substitute(K, n, pivot, x)
    room.vectors[LOW, :] = 0.0
    good = True
    for k in range(n):
        if problem.hot_free or problem.cold_free:
            x[k] = min(max(x[k], 0.3 * mean), 3.0 * mean)
        good = good and isfinite(x[k])
    return good


@kernel(inner=True)
def _conductance(problem: Any, room: Any, k: int, slot: int, mean: float) -> tuple[float, int]:
    """Thermal conductance of element k in W/K at one temperature, and how many slots it takes."""
    plates = problem.legs + problem.plates
    if k >= plates + problem.links:
        return 4.0 * room.numbers[slot] * mean**3, 1
    if k >= plates:
        return room.numbers[slot + CONDUCTANCE], LINK
    curves = curves_of(problem, room.tables[k])
    row = locate(curves.knots, curves.first, curves.last, mean)
    g = cubic(curves.cells, row, 0, mean - curves.knots[row])
    g *= room.numbers[slot + AREA] / room.numbers[slot + LENGTH]
    return (g * room.numbers[slot + COUNT], LEG) if k < problem.legs else (g, PLATE)


@kernel(inner=True)
def _impose(K: Any, x: Any, n: int, node: int, free: bool, value: float) -> None:
    """A heat that enters, or a temperature."""
    if free:
        x[node] += value
        return
    for k in range(n):
        K[node, k] = 0.0
    K[node, node] = 1.0
    x[node] = value
