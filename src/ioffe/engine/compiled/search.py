"""Currents at which a quantity is largest, or takes a given value, for batches of very many devices.

The definitions and the ranges are those of `ioffe.solve.generate`, `ioffe.solve.cool` and
`ioffe.engine.optimum`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, nan, sqrt
from typing import Any

import numpy as np

from ioffe.base.aims import AIMS as ALL_AIMS
from ioffe.engine.compiled.beginning import load
from ioffe.engine.compiled.bracket import at, search
from ioffe.engine.compiled.cache import kernel, run_chunks
from ioffe.engine.compiled.flatten import AT_COLD, AT_HOT, Group, flatten
from ioffe.engine.compiled.slopes import (
    AIMS,
    AT,
    COLD,
    COLD_I,
    DELTA_T,
    HEAT,
    MAX_COP,
    MAX_EFFICIENCY,
    MAX_HEAT,
    POINT,
    SHORT_CIRCUIT,
    V_I,
    V,
    note,
)
from ioffe.engine.compiled.workspace import room
from ioffe.engine.table import Array

NAMES = tuple(ALL_AIMS)
"""What `find` knows, in the order of its constants."""
CHUNK = 256
FARTHEST = 4.0
"""Largest current tried, in units of the short circuit or optimum that the slopes at zero current promise."""


def find(
    groups: Sequence[Group],
    *aims: str,
    heat: Array | None = None,
    tolerance: float = 1e-6,
    threads: int | None = None,
) -> dict[str, Array]:
    """Current of every lane for each of the aims; NaN where there is none.

    Parameters
    ----------
    groups
        As for `ioffe.engine.compiled.network.solve`; nothing need be imposed on the circuit.
    aims
        Of a generator ``"short_circuit"``, ``"max_power"``, ``"max_efficiency"``; of a cooler between two
        temperatures ``"max_heat"``, ``"max_COP"`` and ``"heat"``, the smaller current that carries a heat
        load; of a cooler with an imposed heat at its cold node ``"delta_T_max"``. The currents of coolers
        are negative.
    heat
        Heat load in W of each lane (lanes,), for the aim of this name.
    tolerance
        Relative error allowed in the integration of each segment.
    threads
        How many threads share the lanes; all processors by default. The result does not depend on it.

    Examples
    --------
    >>> from ioffe.engine.elements import Thermoelement
    >>> from ioffe.engine.network import Drive, Network
    >>> from ioffe.engine.table import pack
    >>> S, rho, kappa = ((np.array([200.0, 900.0]), np.array([[v, 0, 0, 0]])) for v in (2e-4, 1e-5, 1.0))
    >>> leg = Thermoelement(pack(S, rho, kappa, resistivity=True), 0, 1, 1e-3, 1e-6, sign=1.0)
    >>> drive = Drive(np.full(1, 300.0), T_hot=np.full(1, 500.0), T_cold=np.full(1, 300.0))
    >>> found = find([(Network(2, 0, 1, (leg,)), drive)], "short_circuit", "max_power")
    >>> found["short_circuit"], found["max_power"]
    (array([4.]), array([2.]))
    """
    problem = flatten(groups, searched=True)
    n = problem.imposed.shape[1]
    wanted = np.array([name in aims for name in NAMES])
    _check(aims, wanted, heat, problem.cold_free, n)
    loads = np.zeros(n) if heat is None else np.ascontiguousarray(heat, float)
    idle = problem
    if wanted[DELTA_T]:
        fixed = problem.imposed.copy()
        fixed[AT_COLD] = fixed[AT_HOT]
        idle = problem._replace(cold_free=False, imposed=fixed)
    found = np.full((AIMS, n), nan)

    def run(start: int, stop: int) -> None:
        _find(problem, idle, room(problem), found, wanted, loads, start, stop, tolerance)

    run_chunks(run, n, threads, CHUNK)
    return {name: found[NAMES.index(name)] for name in aims}


def _check(aims: tuple[str, ...], wanted: Any, heat: Array | None, cold_free: bool, n: int) -> None:
    unknown = [name for name in aims if name not in NAMES]
    if unknown or not aims:
        raise ValueError(f"aims are among {', '.join(NAMES)}, not {', '.join(unknown) or 'none'}")
    if wanted[HEAT] and (heat is None or np.shape(heat) != (n,)):
        raise ValueError("the aim heat needs a heat load for each lane")
    if wanted[DELTA_T] and (not cold_free or wanted.sum() > 1):
        raise ValueError("delta_T_max needs a heat imposed at the cold node, and stands alone")
    if cold_free and (wanted[MAX_HEAT] or wanted[MAX_COP] or wanted[HEAT]):
        raise ValueError("max_heat, max_COP and heat need a temperature imposed at the cold node")


@kernel
def _find(
    problem: Any,
    idle: Any,
    space: Any,
    found: Any,
    wanted: Any,
    loads: Any,
    start: int,
    stop: int,
    tolerance: float,
) -> None:
    """All aims of the lanes start ... stop."""
    points = np.zeros((4, POINT))
    still = points[3]
    for lane in range(start, stop):
        at_hot, at_cold = problem.imposed[AT_HOT, lane], problem.imposed[AT_COLD, lane]
        if not (isfinite(at_hot) and isfinite(at_cold)):
            continue
        load(problem, space, lane)
        if not at(idle, space, lane, 0.0, tolerance):
            continue
        note(problem, space, still)
        most = nan
        for aim in range(AIMS):
            if not (wanted[aim] or (aim == MAX_HEAT and wanted[HEAT])):
                continue
            guess, limit = _range(aim, still, at_hot, at_cold, loads[lane], found[MAX_HEAT, lane], most)
            if aim == DELTA_T:
                still[AT] = nan
            if limit == 0.0 or not isfinite(guess):
                found[aim, lane] = guess
                continue
            current = search(problem, space, points, still, lane, aim, loads[lane], guess, limit, tolerance)
            # the last solution lies close to the root
            if aim == MAX_COP and not points[1, COLD] < 0.0:
                current = nan
            found[aim, lane] = current
            if aim == MAX_HEAT:
                most = -points[1, COLD]


@kernel(inner=True)
def _range(
    aim: int, still: Any, T_hot: float, T_cold: float, load: float, best: float, most: float
) -> tuple[float, float]:
    """Where to begin and the largest current, from the slopes at zero current.

    NaN where nothing is to be found; a limit of zero where the beginning is the result itself. `best` is the
    current of the largest heat, and `most` that heat.
    """
    # of the short circuit of a generator, and of the largest heat of a cooler, at constant properties
    short, top = -still[V] / still[V_I], still[COLD_I] / still[V_I]
    if aim == HEAT:
        return _carrying(still, load, best, most)
    if aim <= MAX_EFFICIENCY:
        guess = short if aim == SHORT_CIRCUIT else 0.5 * short
        return guess if short > 0.0 else nan, FARTHEST * short
    guess = top
    if aim == MAX_COP:
        # there is no largest COP where the device takes up heat without current
        if not still[COLD] > 0.0:
            return nan, 0.0
        conducted = still[V_I] * still[COLD] * (T_hot - T_cold)
        ratio = -0.5 * (T_hot + T_cold) * still[V] ** 2 / conducted
        guess = still[V] / (still[V_I] * (sqrt(1.0 + ratio) - 1.0))
        if not 0.95 * top < guess < 0.0:
            guess = 0.5 * top
    return guess if top < 0.0 else nan, FARTHEST * top


@kernel(inner=True)
def _carrying(still: Any, load: float, best: float, most: float) -> tuple[float, float]:
    """Range of the smaller current that carries a heat load, below that of the largest heat."""
    if not isfinite(best):
        return nan, 0.0
    if abs(load - most) <= 1e-9 * abs(most):
        return best, 0.0
    if abs(load + still[COLD]) <= 1e-12 * abs(most):
        return 0.0, 0.0
    if not (load < most and load + still[COLD] > 0.0):
        return nan, 0.0
    # of a parabola through both ends
    share = 1.0 - sqrt(1.0 - (load + still[COLD]) / (most + still[COLD]))
    return share * best, best
