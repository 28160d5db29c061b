"""Steady states that Newton's method does not find from pure conduction: the branch that begins at rest.

The state without a current is followed along the imposed current, voltage or load, each state begun from the
one before. Where the Peltier heat of a node between two stages comes near the heat that is conducted there,
its temperature rises by hundreds of kelvins, and Newton's method from afar steps from one side of it to the
other without end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from ioffe.engine.network import Cases, Drive, Network, Solution
from ioffe.engine.state import FAILED, RUNAWAY
from ioffe.engine.table import Array

Begin = tuple[Array, Array]
"""Node temperatures (nodes, cases) in K and current (cases,) in A from which Newton's method begins."""
Solver = Callable[[Network, Drive, Begin | None], Solution]
Path = Callable[[Array, Cases], Drive]
"""What is imposed on some of the cases at a share of the way to the asked drive."""

FIRST, LEAST = 0.125, 1e-3
"""Step of the share at the beginning, and the one below which the branch is said to end."""
STRIDE = 0.2
"""Largest relative change of a temperature from state to state, so that no other branch is met."""
GROWTH, SHRINKING = 1.5, 0.4
MOST_STEPS = 500


def followed(solve: Solver, network: Network, drive: Drive, found: Solution) -> Solution:
    """The solution, in which cases that did not converge are looked for from zero current.

    `solve`: Newton's method of the engine: a network, what is imposed, and where to begin.
    `network`, `drive`, `found`: all cases, and what the engine found of them.
    Returns: the same; cases whose branch leads beyond all temperatures have the code `RUNAWAY`.
    """
    cases = np.flatnonzero(found.code == FAILED)
    if not len(cases):
        return found
    network, drive = network.take(cases), drive.take(cases)
    still = _still(solve, network, drive)
    end = still.part(np.arange(len(cases)))
    good = np.flatnonzero(still.code < RUNAWAY)
    if len(good):
        start, given = still.part(good), drive.take(good)
        end.accept(_march(solve, network.take(good), _to(given, start.voltage), start), still.code < RUNAWAY)
    if drive.current is not None:
        end.current[:] = drive.current
    else:
        end.current[end.code >= RUNAWAY] = np.nan
    found.accept(end, np.isin(np.arange(len(found.code)), cases))
    return found


def _still(solve: Solver, network: Network, drive: Drive) -> Solution:
    """The states without a current; of imposed heats that move temperatures far, from no heat on."""
    idle = drive.at(np.zeros(len(drive)))
    still = solve(network, idle, None)
    lost = np.flatnonzero(still.code == FAILED)
    if not len(lost) or (drive.heat_hot is None and drive.heat_cold is None):
        return still
    path = _heated(idle.take(lost))
    cold = solve(network.take(lost), path(np.zeros(len(lost)), np.arange(len(lost))), None)
    still.accept(_march(solve, network.take(lost), path, cold), still.code == FAILED)
    return still


def _heated(drive: Drive) -> Path:
    """A share of the imposed heats."""

    def at(share: Array, cases: Cases) -> Drive:
        part = drive.take(cases)
        given: dict[str, Any] = {k: getattr(part, k) for k in ("heat_hot", "heat_cold")}
        return replace(part, **{k: None if v is None else share * v for k, v in given.items()})

    return at


def _to(drive: Drive, open_voltage: Array) -> Path:
    """A share of the current or of the way from the open circuit to the voltage; the load over the share."""

    def at(share: Array, cases: Cases) -> Drive:
        part, idle = drive.take(cases), open_voltage[cases]
        if part.current is not None:
            return replace(part, current=share * part.current)
        if part.voltage is not None:
            return replace(part, voltage=idle + share * (part.voltage - idle))
        assert part.load is not None
        return replace(part, load=part.load / share)

    return at


def _march(solve: Solver, network: Network, path: Path, start: Solution) -> Solution:
    """States at the end of a path from those at its start; the code of the last try where it breaks off."""
    T, current, out = start.T.copy(), start.current.copy(), start.part(np.arange(len(start.code)))
    share, step, rest = np.zeros(len(current)), np.full(len(current), FIRST), np.arange(len(current))
    rest = rest[start.code < RUNAWAY]
    for _ in range(MOST_STEPS):
        if not len(rest):
            break
        at = np.minimum(share[rest] + step[rest], 1.0)
        new = solve(network.take(rest), path(at, rest), (T[:, rest], current[rest]))
        with np.errstate(invalid="ignore"):
            change = np.max(np.abs(new.T - T[:, rest]) / T[:, rest], axis=0)
        good = (new.code < RUNAWAY) & (change <= STRIDE)
        k = rest[good]
        T[:, k], current[k], share[k] = new.T[:, good], new.current[good], at[good]
        ended = good & (at >= 1.0)
        broken = ~good & (step[rest] < LEAST)
        new.code[broken & (new.code < RUNAWAY)] = FAILED
        over = ended | broken
        out.accept(new.part(np.flatnonzero(over)), np.isin(np.arange(len(current)), rest[over]))
        step[rest] *= np.where(good, GROWTH, SHRINKING)
        rest = rest[~over]
    out.code[rest] = FAILED
    return out
