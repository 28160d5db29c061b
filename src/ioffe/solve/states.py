"""Several steady states of one operating point: that reached from zero current, and the others.

Known of a leg of one material without side losses between two given temperatures; contact resistances leave
their heat at these. What other states other devices may have is not searched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ioffe.base.errors import Fault, InputError
from ioffe.device.conditions import Conditions
from ioffe.engine import segment
from ioffe.engine.branches import PeakCurve
from ioffe.engine.elements import Joule
from ioffe.engine.network import Network, Solution
from ioffe.engine.segment import RUNAWAY_T
from ioffe.engine.state import RUNAWAY
from ioffe.engine.table import Array, Flags, PropertyTable, TableChoice, horner
from ioffe.engine.thermoelement import Thermoelement

BEYOND = 1e-6
"""Relative temperature beyond the end of a branch that is not rounding."""
INSIDE = 1e-3
"""K by which a leg must be hotter inside than at its ends to have a maximum there."""
FARTHER = 0.1
"""Share of the rise inside by which the branch is followed beyond a state."""
SAMPLES = np.linspace(0.0, 1.0, 5)
"""Places in a cell of a table at which its slopes are looked at, and what of the bound these may reach."""
SURE = 0.9
ADVICE = 'leg.solve(..., states="all"), or `ioffe run --states all`, finds what others there are'


def has_curve(network: Network) -> bool:
    """Whether all states of a network are known: a leg of one material between two temperatures."""
    if network.nodes != 2 or len(network.legs) != 1 or network.passive or network.jumps:
        return False
    leg = network.legs[0]
    return all(isinstance(x, Joule) for x in network.joule) and leg.loss(np.full(1, 300.0)) is None


def connected(network: Network, solution: Solution, T_hot: Any, T_cold: Any) -> list[float]:
    """Put the states reached from zero current in the place of other ones.

    `network`, `solution`: cases with the states of their segments; others, and devices whose states are not
        known, are left. Cases whose branch has ended before their current get the code `RUNAWAY`.
    `T_hot`, `T_cold`: temperatures in K that are imposed, one or one for each case; NaN or None where none
        is.
    Returns: current in A at which the branch ends, of every case that lies beyond.
    """
    state = next(iter(solution.states), None)
    if state is None or not has_curve(network):
        return []
    leg = network.legs[0]
    if isinstance(leg.table, TableChoice):
        return _of_each_table(network, leg.table, solution, T_hot, T_cold)
    T0, T1, j = _ends(leg, solution)
    with np.errstate(invalid="ignore"):
        inside = (solution.code < RUNAWAY) & (state.T_max > np.maximum(T0, T1) + INSIDE)
    far = _farther(state.T_max, np.maximum(T0, T1))
    cases = np.flatnonzero(inside)
    inside[cases] = ~is_sole(leg.table, *(x[cases] for x in (T0, T1, far, j)))
    lost = solution.code == RUNAWAY
    if lost.any():
        # runaways hold no temperatures
        known = {network.hot: T_hot, network.cold: T_cold}
        given = [np.asarray(np.nan if known[node] is None else known[node], float) for node in (leg.a, leg.b)]
        T0, T1 = np.where(lost, given[0], T0), np.where(lost, given[1], T1)
    cases = np.flatnonzero((inside | lost) & np.isfinite(T0 + T1 + j))
    keys = [(float(T0[k]), float(T1[k]), float(np.sign(j[k]))) for k in cases]
    hottest: dict[tuple[float, float, float], float] = {}
    for key, k in zip(keys, cases, strict=True):
        hottest[key] = max(hottest.get(key, 0.0), RUNAWAY_T if lost[k] else float(far[k]))
    curves = {key: PeakCurve(leg.table, *key, T) for key, T in hottest.items()}
    ends = {key: curve.end() for key, curve in curves.items()}
    area_per_length = np.broadcast_to(leg.area / leg.length, j.shape)
    ended: list[float] = []
    for key, k in zip(keys, cases, strict=True):
        peak, most = ends[key]
        if not lost[k] and state.T_max[k] <= peak * (1.0 + BEYOND):
            continue
        beyond = abs(j[k]) > most
        peaks = [] if beyond or lost[k] else curves[key].peaks(abs(j[k]))
        if peaks:
            put(network, solution, int(k), min(peaks))
        elif beyond or not lost[k]:
            solution.code[k] = RUNAWAY
            ended.append(most * float(area_per_length[k]))
    return ended


def with_others(network: Network, solution: Solution) -> int:
    """How many cases, solved by `connected`, have other steady states; one table for all.

    Where `is_sole` holds up to the highest temperatures nothing is searched.
    """
    state = next(iter(solution.states), None)
    if state is None or not has_curve(network):
        return 0
    leg = network.legs[0]
    T0, T1, j = _ends(leg, solution)
    cases = np.flatnonzero((solution.code < RUNAWAY) & np.isfinite(T0 + T1 + j) & (j != 0.0))
    ends = T0[cases], T1[cases]
    top = np.full(len(cases), RUNAWAY_T)
    cases = cases[~is_sole(leg.table, *ends, top, j[cases])]
    alike: dict[tuple[float, float, float], list[int]] = {}
    for k in cases:
        alike.setdefault((float(T0[k]), float(T1[k]), float(np.sign(j[k]))), []).append(int(k))
    several = 0
    for key, own in alike.items():
        curve = PeakCurve(leg.table, *key)
        inside = state.T_max[own] > curve.hotter + INSIDE
        several += int(np.count_nonzero(curve.count(np.abs(j[own])) > inside))
    return several


def _of_each_table(
    network: Network, choice: TableChoice, solution: Solution, T_hot: Any, T_cold: Any
) -> list[float]:
    """As `connected`, for legs of several materials."""
    ended: list[float] = []
    for which, table in enumerate(choice.found):
        cases = np.flatnonzero(choice.index == which)
        own = network.take(cases)
        own = replace(own, legs=(replace(own.legs[0], table=table),))
        part = solution.part(cases)
        given = (T if np.ndim(T) == 0 else T[cases] for T in (T_hot, T_cold))
        ended += connected(own, part, *given)
        solution.accept(part, np.isin(np.arange(len(choice.index)), cases))
    return ended


def _farther(T_max: Array, hotter: Array) -> Array:
    """A little beyond the largest temperature, so that an end of a branch just before it is seen."""
    return np.minimum(T_max + FARTHER * (T_max - hotter) + INSIDE, RUNAWAY_T)


def is_sole(table: PropertyTable, T0: Array, T1: Array, T_max: Array, j: Array) -> Flags:
    r"""Whether no second steady state can lie below the largest temperatures; not all of these are found.

    With :math:`\theta = \int \kappa\,dT` over the scaled length, the difference :math:`\varphi` of two states
    is zero at both ends, and their equations :math:`\theta'' = j A' - j^2 \rho` give

    .. math:: \int \varphi'^2 = j \int (A_1 - A_2)\,\varphi' + j^2 \int (\rho_1 - \rho_2)\,\varphi
              \le \left(\frac{|j|\beta}{\pi} + \frac{j^2\gamma}{\pi^2}\right) \int \varphi'^2,

    with the largest :math:`\beta = |T\,dS/dT|/\kappa` and :math:`\gamma = (d\rho/dT)/\kappa` in the range
    (inequalities of Cauchy, Schwarz and Poincaré). Where the sum in brackets is below one, at this and so at
    every smaller current, the state is the only one and goes on to zero current.

    `T0`, `T1`, `T_max` (cases,): temperatures of the ends, and the largest one, in K.
    `j` (cases,): J L in A/m.
    """
    t = np.diff(table.knots)[:, None] * SAMPLES
    kappa, value = (horner(cells[:, None], t) for cells in (table.conductivity, table.electrical))
    rise = horner(table.electrical[:, None, 1:] * np.arange(1, 4), t)
    slope = rise if table.electrical_is_resistivity else -rise / value / value
    thomson = np.abs(horner(table.peltier[:, None, 1:] * np.arange(1, 5), t))
    first, last = table.cell(np.minimum(T0, T1)), table.cell(T_max)
    ranges = np.stack([first, last + 1], axis=1).ravel()
    beta, gamma = (
        # every other one is from a range to the next
        np.maximum.reduceat(np.append(np.max(x / kappa, axis=1), 0.0), ranges)[::2]
        for x in (thomson, np.maximum(slope, 0.0))
    )
    share = np.abs(j) / np.pi
    return share * beta + share**2 * gamma < SURE


def others(network: Network, solution: Solution, conditions: Conditions) -> list[tuple[Solution, str]]:
    """All states of the one case of a solution, from cold to hot, each with a sentence.

    Raises `InputError` for a device whose states are not known, or anything but one given current.
    """
    current, T_cold = getattr(conditions, "current", None), conditions.T_cold
    if not (has_curve(network) and solution.states[0] is not None and len(solution.code) == 1):
        expected = "a leg of one material without side losses at one operating point is expected"
        raise InputError(Fault("states", "all", expected))
    if not isinstance(current, float) or conditions.T_hot is None or T_cold is None:
        expected = "a given current between two given temperatures is expected in the conditions"
        raise InputError(Fault("states", "all", expected))
    first = solution.part(np.zeros(1, int))
    first.T[network.hot], first.T[network.cold] = conditions.T_hot, T_cold
    first.current[:] = current if conditions.mode == "generate" else -current
    leg, state = network.legs[0], first.states[0]
    T0, T1, j = (float(x[0]) for x in _ends(leg, first))
    curve = PeakCurve(leg.table, T0, T1, np.sign(j))
    assert state is not None
    found: list[tuple[Solution, float]] = []
    if first.code[0] < RUNAWAY and state.T_max[0] <= curve.hotter + INSIDE:
        found.append((first, curve.hotter))
    for peak in curve.peaks(abs(j)) if j else ():
        if not found or peak > curve.hotter + INSIDE:
            one = first.part(np.zeros(1, int))
            put(network, one, 0, peak)
            found.append((one, peak))
    folds = [at for at, _ in curve.folds()]
    told = []
    for k, (one, peak) in enumerate(found, 1):
        passed = sum(at < peak for at in folds)
        words = "unstable at a given current" if passed % 2 else "stable at a given current"
        words += "" if passed else ", reached from zero current"
        told.append((one, f"state {k} of {len(found)}, at most {peak:.1f} K inside, {words}"))
    return told


def put(network: Network, solution: Solution, case: int, T_max: float) -> None:
    """Make a case the state with this largest temperature."""
    leg, k = network.legs[0], slice(case, case + 1)
    T0, T1, j = (x[k] for x in _ends(leg, solution))
    state = segment.at_maximum(leg.table, T0, T1, j, np.full(1, T_max))
    current = solution.current[k]
    flow = leg.flow_of(state, T0, T1, current)
    contacts = [x for x in network.joule if isinstance(x, Joule)]
    ohm = {node: sum(float(x.resistance) for x in contacts if x.node == node) for node in (leg.a, leg.b)}
    entering, leaving = flow.leaving - current**2 * ohm[leg.a], flow.reaching + current**2 * ohm[leg.b]
    if leg.a != network.hot:
        entering, leaving = -leaving, -entering
    values: Mapping[str, Any] = {
        "voltage": flow.voltage - current * sum(ohm.values()),
        "heat_hot": entering,
        "heat_cold": leaving,
        "error": flow.error,
        "code": state.code,
    }
    for name, value in values.items():
        getattr(solution, name)[k] = value
    whole = solution.states[0]
    assert whole is not None
    whole.put(np.arange(case, case + 1), state)
    solution.known_balance = None


def _ends(leg: Thermoelement, solution: Solution) -> tuple[Any, Any, Any]:
    """Temperatures of both ends in K and j in A/m of every case."""
    j = leg.sign * solution.current * leg.length / leg.area
    return solution.T[leg.a], solution.T[leg.b], j
