"""Batches of very many devices, solved one after the other in machine code.

The same networks, drives, codes and solution as `ioffe.engine.newton`, for groups of cases that share
a topology and may differ in everything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, nan
from typing import Any, NamedTuple

import numpy as np

from ioffe.engine.compiled import case as one
from ioffe.engine.compiled.cache import kernel, run_chunks
from ioffe.engine.compiled.flatten import AT_CIRCUIT, BY_CURRENT, Group, Problem, flatten
from ioffe.engine.compiled.grid import CODE
from ioffe.engine.compiled.workspace import CURRENT, NAMES, RESULT, STATE, T_I, T, allocate
from ioffe.engine.network import NUMBERS, Solution
from ioffe.engine.state import ABSENT, FAILED, RUNAWAY, SegmentState
from ioffe.engine.table import Array

CHUNK = 512
"""Cases of one call of the kernel."""
BALANCE = 3e-13
"""Imbalance of a node that is left, relative to the largest heat flow: rounding."""


class SolutionArrays(NamedTuple):
    """What is written for every case."""

    numbers: Any
    """Rows of T, of T_I and of the result, shape (2 nodes + RESULT, cases)."""
    codes: Any
    """Of the case, and of each leg where states are kept (1 or 1 + legs, cases)."""
    states: Any
    """(legs, STATE, cases), or without cases where states are not kept."""


def solve(
    groups: Sequence[Group],
    *,
    tolerance: float = 1e-6,
    states: bool = False,
    threads: int | None = None,
    begin: tuple[Array, Array] | None = None,
) -> Solution:
    """Solve all cases of all groups; a case that fails or runs away has its code and NaN everywhere.

    `groups`: networks with what drives them. They share the topology and what is imposed; materials and
        numbers may differ. The cases of the solution follow each other group by group.
    `tolerance`: relative error allowed in the integration of each segment, 1e-3 to 1e-12.
    `states`: whether the solution keeps the state of every segment of every case (16 numbers each).
    `threads`: how many threads share the cases; all processors by default. The result does not depend on it.
    `begin`: where to begin, as for `ioffe.engine.newton.solve`.

    >>> import numpy as np
    >>> from ioffe.engine.thermoelement import Thermoelement
    >>> from ioffe.engine.network import Drive, Network
    >>> from ioffe.engine.table import pack
    >>> S, rho, kappa = ((np.array([200.0, 900.0]), np.array([[v, 0, 0, 0]])) for v in (2e-4, 1e-5, 1.0))
    >>> leg = Thermoelement(pack(S, rho, kappa, resistivity=True), 0, 1, 1e-3, 1e-6, sign=1.0)
    >>> two = Drive(np.full(2, 300.0), T_hot=np.full(2, 500.0), T_cold=np.full(2, 300.0),
    ...             current=np.array([0.0, 1.0]))
    >>> solve([(Network(2, 0, 1, (leg,)), two)]).power
    array([0. , 0.03])
    """
    problem = flatten(groups, tolerance=tolerance)
    record = blank(problem, states)
    beginning = np.vstack(begin) if begin is not None else np.empty((problem.nodes + 1, 0))

    def run(start: int, stop: int) -> None:
        _solve(problem, allocate(problem), record, beginning, start, stop, tolerance)

    run_chunks(run, record.codes.shape[1], threads, CHUNK)
    found = solution(problem, record)
    found.refuse_open()
    return found


def is_loaded() -> bool:
    """Whether the kernel is in memory."""
    return bool(_solve.signatures)


def blank(problem: Problem, states: bool) -> SolutionArrays:
    """Arrays for the results of all cases, not solved yet."""
    legs, n = problem.legs, problem.imposed.shape[1]
    return SolutionArrays(
        numbers=np.full((2 * problem.nodes + RESULT, n), nan),
        codes=np.full((1 + legs if states else 1, n), FAILED),
        states=np.full((legs, STATE, n if states else 0), nan),
    )


def solution(problem: Problem, record: SolutionArrays) -> Solution:
    """The engine's solution of what was recorded."""
    n, legs = problem.nodes, problem.legs
    kept: list[SegmentState | None] = [None] * legs
    if len(record.codes) > 1:
        for k in range(legs):
            numbers = dict(zip(NAMES, record.states[k], strict=True))
            kept[k] = SegmentState(**numbers, code=record.codes[1 + k])
    return Solution(
        T=record.numbers[:n],
        T_I=record.numbers[n : 2 * n],
        **dict(zip(NUMBERS, record.numbers[2 * n :], strict=True)),
        code=record.codes[0],
        states=kept,
    )


@kernel
def _solve(
    problem: Any, workspace: Any, record: Any, beginning: Any, start: int, stop: int, tolerance: float
) -> None:
    """Solve the cases start ... stop, from the temperatures and currents of a beginning with columns."""
    begun = beginning.shape[1] > 0
    for case in range(start, stop):
        imposed = one.imposed_on(problem, case, problem.circuit, problem.imposed[AT_CIRCUIT, case])
        current = beginning[problem.nodes, case] if begun else 0.0
        if problem.circuit == BY_CURRENT:
            current = imposed.value
            record.numbers[2 * problem.nodes + CURRENT, case] = current
        if not (isfinite(current) and isfinite(imposed.hot) and isfinite(imposed.cold)):
            record.codes[0, case] = ABSENT
            continue
        one.load(problem, workspace, case)
        code = FAILED
        good = one.begin(problem, workspace, imposed)
        if begun:
            for k in range(problem.nodes):
                workspace.vectors[T, k] = beginning[k, case]
        if good:
            code = one.solve(problem, workspace, imposed, current, tolerance, BALANCE)
        record.codes[0, case] = code
        if code < RUNAWAY:
            _write(problem, workspace, record, case)


@kernel(inner=True)
def _write(problem: Any, workspace: Any, record: Any, case: int) -> None:
    """Copy a solved case into the record."""
    n, numbers = problem.nodes, record.numbers
    for k in range(n):
        numbers[k, case], numbers[n + k, case] = workspace.vectors[T, k], workspace.vectors[T_I, k]
    for k in range(RESULT):
        numbers[2 * n + k, case] = workspace.result[k]
    if len(record.codes) > 1:
        for leg in range(problem.legs):
            record.codes[1 + leg, case] = workspace.memory[leg, CODE]
            for k in range(STATE):
                record.states[leg, k, case] = workspace.states[leg, k]
