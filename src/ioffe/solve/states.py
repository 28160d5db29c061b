"""Several steady states of one operating point: that reached from zero current, and the others.

Known of a leg of one material without side losses between two given temperatures; contact resistances leave
their heat at these. What other states other devices may have is not searched.
"""

from __future__ import annotations

from collections.abc import Mapping
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
from ioffe.engine.thermoelement import Thermoelement

BEYOND = 1e-6
"""Relative temperature beyond the end of a branch that is not rounding."""
INSIDE = 1e-3
"""K by which a leg must be hotter inside than at its ends to have a maximum there."""
FARTHER = 0.1
"""Share of the rise inside by which the branch is followed beyond a state."""
ADVICE = 'leg.solve(..., states="all") finds the others'


def has_curve(network: Network, solution: Solution) -> bool:
    """Whether all states of a network are known: a leg of one material between two temperatures."""
    if network.nodes != 2 or len(network.legs) != 1 or network.passive or network.jumps:
        return False
    leg = network.legs[0]
    plain = all(isinstance(x, Joule) for x in network.joule) and solution.states[0] is not None
    return plain and leg.loss(np.full(1, 300.0)) is None


def connected(network: Network, solution: Solution, conditions: Conditions) -> tuple[str, ...]:
    """Put the state reached from zero current in the place of another one; a sentence if there is none.

    Cases whose branch has ended before their current get the code `RUNAWAY`.
    """
    if not has_curve(network, solution):
        return ()
    leg, state = network.legs[0], solution.states[0]
    assert state is not None
    T0, T1, j = _ends(leg, solution)
    with np.errstate(invalid="ignore"):
        inside = (solution.code < RUNAWAY) & (state.T_max > np.maximum(T0, T1) + INSIDE)
    lost = solution.code == RUNAWAY
    if lost.any():
        # runaways hold no temperatures; those of lists are not looked up
        given = {network.hot: conditions.T_hot, network.cold: conditions.T_cold}
        known = {node: T if isinstance(T, float) else np.nan for node, T in given.items()}
        T0, T1 = np.where(lost, known[leg.a], T0), np.where(lost, known[leg.b], T1)
    cases = np.flatnonzero((inside | lost) & np.isfinite(T0 + T1 + j))
    keys = [(float(T0[k]), float(T1[k]), float(np.sign(j[k]))) for k in cases]
    hottest: dict[tuple[float, float, float], float] = {}
    for key, k in zip(keys, cases, strict=True):
        peak = RUNAWAY_T if lost[k] else float(state.T_max[k])
        # a little farther, so that an end just before the largest temperature is seen
        far = min(peak + FARTHER * (peak - max(key[:2])) + INSIDE, RUNAWAY_T)
        hottest[key] = max(hottest.get(key, 0.0), far)
    curves = {key: PeakCurve(leg.table, *key, T) for key, T in hottest.items()}
    ends = {key: curve.end() for key, curve in curves.items()}
    ended: list[float] = []
    for key, k in zip(keys, cases, strict=True):
        peak, most = ends[key]
        if not lost[k] and state.T_max[k] <= peak * (1.0 + BEYOND):
            continue
        if abs(j[k]) > most:
            solution.code[k] = RUNAWAY
            ended.append(most * float(leg.area / leg.length))
        elif not lost[k]:
            put(network, solution, int(k), min(curves[key].peaks(abs(j[k]))))
    if not ended:
        return ()
    where = f"the steady states that begin at zero current end at {min(ended):.4g} A"
    return (f"{where}: {len(ended)} of {len(j)} operating points lie beyond; {ADVICE}",)


def others(network: Network, solution: Solution, conditions: Conditions) -> list[tuple[Solution, str]]:
    """All states of the one case of a solution, from cold to hot, each with a sentence.

    Raises
    ------
    InputError
        For a device whose states are not known, or anything but one given current.
    """
    current, T_cold = getattr(conditions, "current", None), conditions.T_cold
    if not (has_curve(network, solution) and len(solution.code) == 1):
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
