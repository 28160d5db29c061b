"""Networks in great numbers: cases that this form takes, and which of them are left to the general path."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ioffe.base.aims import AIMS
from ioffe.engine.compiled import search
from ioffe.engine.compiled.cache import run_chunks
from ioffe.engine.compiled.cache import threads as processors
from ioffe.engine.compiled.flatten import BY_CURRENT, Group, Problem, flatten
from ioffe.engine.compiled.network import blank, solution
from ioffe.engine.compiled.vector.current import NO_AIM
from ioffe.engine.compiled.vector.group import allocate
from ioffe.engine.compiled.vector.network import FreeNodes
from ioffe.engine.compiled.vector.solve import solve_level
from ioffe.engine.network import Network, Solution
from ioffe.engine.state import ABSENT, RUNAWAY
from ioffe.engine.table import Array
from ioffe.engine.thinning import BESIDE

__all__ = ["is_loaded", "solve", "takes"]

MOST_PARTS = 8
"""Elements that a cell of the table may be cut into."""
LEAST_CHUNK, MOST_CHUNK = 256, 4096


def is_loaded() -> bool:
    """Whether the kernel is in memory."""
    return bool(solve_level.signatures)


def takes(network: Network) -> bool:
    """Whether this form is made for a network: no leg loses heat."""
    return not network.jumps and not any(
        np.any(leg.convection) or np.any(leg.radiation) for leg in network.legs
    )


def solve(
    groups: Sequence[Group],
    aim: str | None = None,
    *,
    heat: Array | None = None,
    tolerance: float = 1e-6,
    states: bool = False,
    threads: int | None = None,
) -> tuple[Solution, NDArray[np.bool_]]:
    """Solve all cases of all groups at what is imposed on the circuit, or at the current of an aim.

    `groups`, `tolerance`, `threads`: as for `ioffe.engine.compiled.network.solve`.
    `aim`: one of those of `ioffe.engine.compiled.search.find`; nothing need then be imposed on the circuit.
    `heat`: heat load in W of each case (cases,), for the aim ``"heat"``.
    `states`: whether the solution keeps the state of every segment, with slopes as exact as its values.
    Returns: cases that this form cannot solve are refused (cases,); their numbers mean nothing.
    """
    problem = flatten(groups, searched=aim is not None, tolerance=tolerance, defects=True)
    record = blank(problem, states)
    n = record.codes.shape[1]
    loads = np.zeros(n) if heat is None else np.ascontiguousarray(heat, float)
    free, what = _free(problem), NO_AIM if aim is None else search.NAMES.index(aim)
    wanted = np.isfinite(problem.imposed).all(axis=0) & np.isfinite(loads)

    allowed = BESIDE * tolerance
    seeds = np.full((n, problem.nodes + 2 + problem.legs), np.nan)

    # where the temperature mostly turns inside the legs or close to their hotter ends
    cools = np.full(n, aim is not None and AIMS[aim].mode == "cool")
    if aim is None and problem.circuit == BY_CURRENT:
        cools = problem.imposed[-1] < 0.0

    def level(devices: NDArray[np.int_], turns: bool) -> NDArray[np.int_]:
        """Solve devices; returns those whose profiles turn."""
        turning, parts = [], 1
        while len(devices) and parts <= MOST_PARTS:
            g = allocate(problem, parts)
            given = problem, free, g, record, devices
            devices = devices[: solve_level(*given, parts, turns, what, loads, allowed, states, seeds)]
            other = seeds[devices, -1] == 1.0
            turning.append(devices[other])
            devices, parts = devices[~other], 2 * parts
        return np.concatenate([devices[:0], *turning])

    def run(start: int, stop: int) -> None:
        devices = start + np.flatnonzero(wanted[start:stop])
        cooled = cools[devices]
        level(np.concatenate([level(devices[~cooled], False), devices[cooled]]), True)

    share = -(-n // (4 * (threads or processors())))
    run_chunks(run, n, threads, int(np.clip(share, LEAST_CHUNK, MOST_CHUNK)))
    refused = wanted & (record.codes[0] >= RUNAWAY)
    record.codes[0, ~wanted] = ABSENT
    found = solution(problem, record)
    if aim is None and problem.circuit == BY_CURRENT:
        found.current[:] = problem.imposed[-1]
    return found, refused


def _free(problem: Problem) -> FreeNodes:
    """Free nodes in their order, and what elimination in this order fills."""
    fixed = {problem.ambient}
    fixed |= set() if problem.hot_free else {problem.hot}
    fixed |= set() if problem.cold_free else {problem.cold}
    nodes = np.array([k for k in range(problem.nodes) if k not in fixed], np.int64)
    filled = np.eye(problem.nodes, dtype=bool)
    for a, b in problem.pairs:
        filled[a, b] = filled[b, a] = True
    filled = filled[np.ix_(nodes, nodes)]
    for k in range(len(nodes)):
        filled[k + 1 :, k + 1 :] |= np.outer(filled[k + 1 :, k], filled[k, k + 1 :])
    return FreeNodes(nodes, filled)
