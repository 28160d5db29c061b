"""Room that one thread needs for one lane after the other."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ioffe.engine.compiled.expansion import SERIES
from ioffe.engine.compiled.flatten import Problem
from ioffe.engine.compiled.grid import FIELDS, ROWS
from ioffe.engine.compiled.position import HIGHEST
from ioffe.engine.compiled.record import RESULT, STATE

SPARE = 48
"""Elements beyond the cells of the largest table, for those that are halved."""
BEGIN = STATE
"""Place behind a segment's state: c from which it begins."""
T, LOW, T_I, INFLOW, MOVE, STEP, SIDE, VECTORS = range(8)
"""Rows of `Room.vectors`: node temperatures T + LOW and their derivative to the current, inflow of every node
(and the circuit's residual), Newton's step and what is left of it, right-hand side of a linear system."""
JACOBIAN, FACTORS, MATRICES = range(3)
"""Places in `Room.matrices`: derivatives of inflows and voltage to all unknowns; a linear system."""
FREE, PIVOT, PLACES = range(3)
"""Rows of `Room.places`: the unknowns that may move, and row exchanges."""


class Room(NamedTuple):
    """Arrays for one lane; n is the number of nodes, and the current is unknown n."""

    numbers: Any
    """The lane's slots, see `flatten`."""
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
    places: Any
    """(PLACES, n + 1)"""
    result: Any
    """See `record`."""


def room(problem: Problem) -> Room:
    """Room for the lanes of a problem."""
    legs, n = problem.legs, problem.nodes
    elements = int((problem.spans[:, 1] - problem.spans[:, 0]).max(initial=0)) + 1 + SPARE
    return Room(
        numbers=np.zeros(problem.slots.shape[1]),
        tables=np.zeros(problem.tables.shape[1], np.int64),
        grid=np.zeros((legs, FIELDS, 3 * (elements + 1))),
        memory=np.zeros((legs, ROWS + elements + 1), np.int64),
        series=np.zeros((SERIES, HIGHEST + 1)),
        states=np.zeros((legs, STATE + 1)),
        vectors=np.zeros((VECTORS, n + 1)),
        matrices=np.zeros((MATRICES, n + 1, n + 1)),
        places=np.zeros((PLACES, n + 1), np.int64),
        result=np.zeros(RESULT),
    )
