"""Arrays that one thread needs for one case after the other, and the indices of the numbers in them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np

from ioffe.engine.compiled.flatten import Problem
from ioffe.engine.compiled.grid import FIELDS, ROWS
from ioffe.engine.compiled.position import HIGHEST, SERIES
from ioffe.engine.network import NUMBERS
from ioffe.engine.state import SegmentState

NAMES = tuple(f.name for f in fields(SegmentState) if f.name != "code")
"""Fields of a segment's state, in the order of their indices below."""
STATE = len(NAMES)
C, R, LOSS, C_T0, C_T1, C_J, R_T0, R_T1, R_J, LOSS_T0, LOSS_T1, LOSS_J, T_MIN, T_MAX, ERROR = range(STATE)

SAFETY = 2.0
"""Times the estimated error is what a state gives as its error; estimates hold for many small steps."""

RESULT = len(NUMBERS)
CURRENT, VOLTAGE, HEAT_HOT, HEAT_COLD, HEAT_LOST = range(5)
VOLTAGE_I, HEAT_HOT_I, HEAT_COLD_I, RESIDUAL, HEAT_ERROR, ROUNDING = range(5, RESULT)

SPARE = 48
"""Elements beyond the cells of the largest table, for those that are halved."""
BEGIN = STATE
"""Index behind a segment's state: c from which it begins."""
T, LOW, T_I, INFLOW, MOVE, STEP, SIDE, VECTORS = range(8)
"""Rows of `Workspace.vectors`: node temperatures T + LOW and their derivative to the current, inflow of every
node (and the circuit's residual), Newton's step and what is left of it, right side of a linear system."""
JACOBIAN, FACTORS, MATRICES = range(3)
"""Indices into `Workspace.matrices`: derivatives of inflows and voltage to all unknowns; a linear system."""
FREE, PIVOT, INDICES = range(3)
"""Rows of `Workspace.indices`: the unknowns that may move, and row exchanges."""


class Workspace(NamedTuple):
    """Arrays for one case; n is the number of nodes, and the current is unknown n."""

    numbers: Any
    """The case's slots, see `flatten`."""
    tables: Any
    grid: Any
    """Elements of every leg (legs, FIELDS, nodes of all elements)."""
    memory: Any
    """What legs keep from call to call (legs, ROWS + elements), see `grid`."""
    series: Any
    states: Any
    """(legs, STATE + 1)"""
    vectors: Any
    """(VECTORS, n + 1)"""
    matrices: Any
    """(MATRICES, n + 1, n + 1)"""
    indices: Any
    """(INDICES, n + 1)"""
    result: Any
    """See `record`."""


def allocate(problem: Problem) -> Workspace:
    """Workspace for the cases of a problem."""
    legs, n = problem.legs, problem.nodes
    elements = int((problem.spans[:, 1] - problem.spans[:, 0]).max(initial=0)) + 1 + SPARE
    return Workspace(
        numbers=np.zeros(problem.slots.shape[1]),
        tables=np.zeros(problem.tables.shape[1], np.int64),
        grid=np.zeros((legs, FIELDS, 3 * (elements + 1))),
        memory=np.zeros((legs, ROWS + elements + 1), np.int64),
        series=np.zeros((SERIES, HIGHEST + 1)),
        states=np.zeros((legs, STATE + 1)),
        vectors=np.zeros((VECTORS, n + 1)),
        matrices=np.zeros((MATRICES, n + 1, n + 1)),
        indices=np.zeros((INDICES, n + 1), np.int64),
        result=np.zeros(RESULT),
    )
