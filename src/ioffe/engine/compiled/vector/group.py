"""Arrays of the cases that advance together, and what is kept of every segment and of the network."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ioffe.engine.compiled import flatten as slots
from ioffe.engine.compiled.cache import kernel
from ioffe.engine.compiled.flatten import Problem
from ioffe.engine.compiled.plain import march as at
from ioffe.engine.compiled.plain.march import CASES
from ioffe.engine.compiled.vector import turning_march as down

COLUMNS = 13
"""Coefficients of a cell that elements need, the first columns of `PackedTables.cells`."""
KNOT, ENTER, LEAVE, DEFECT, RESISTIVITY, FRESH, SCRATCH = (CASES * (COLUMNS + k) for k in range(7))
"""Rows of the scratch behind the coefficients of the cell that is being filled."""

# of every segment: its numbers; c, r and their slopes; S at both ends; heat leaving and reaching; size of p,
# change of c and r in this pass, what passes before leave of theirs; its form; where the profile turns, a and
# its slopes, and the error due to the knots
PER, EACH, DJ, C, R = range(5)
C_T0, C_T1, C_J, R_T0, R_T1, R_J = range(5, 11)
S0, S1, LEAVING, REACHING, SIZE, CHANGE, EARLIER = range(11, 18)
FORM, A, A_T0, A_T1, A_J, KNOTS, SEGMENT = range(18, 25)
BY_TEMPERATURE, BY_TURNING, AGAIN, STEEP = range(4)
"""Forms of a segment; the last two are that of the temperature, without what was kept in it and where it
needs more elements."""
NEAR, FAR, TABLE, SPAN = range(4)
"""Cells of both ends, of every segment, and its table."""
FIRST, LAST = range(2)
"""Cells of the maximum and of the end of a branch of a turning profile."""

# of every case: its current and Newton's step of it, what the network gives with slopes and curvatures
CURRENT, STEP, V, V_I, V_II, HOT, HOT_I, HOT_II, COLD, COLD_I, COLD_II = range(11)
COOL_I, COOL_II, VALUE, UNSETTLED, BEFORE, MOVING, ERROR, MORE, BAD, FIXED, SUMS = range(11, 22)


class VectorGroup(NamedTuple):
    """Everything of `CASES` cases; n is the number of nodes, and the last axis is that of the cases."""

    device: Any
    numbers: Any
    """(slots, CASES)"""
    tables: Any
    """(tables, CASES)"""
    marches: Any
    """Rows of `plain.march` of every segment (legs, ROWS)"""
    elements: Any
    """(legs, elements * ELEMENT)"""
    segments: Any
    """(legs, SEGMENT, CASES)"""
    spans: Any
    """(legs, SPAN, CASES)"""
    scratch: Any
    turning: Any
    """Rows of `turning_march`, of the branch that is marched."""
    hotter: Any
    """What is kept of the branch to the hotter end: the numbers from HALF on."""
    rows: Any
    """(FIRST and LAST, CASES)"""
    ends: Any
    """u at the end of a branch, and its slope to the maximum (2, CASES)."""
    T: Any
    """(n, CASES)"""
    inflow: Any
    """Heat into every node, and the voltage in the last row (n + 1, CASES)."""
    jacobian: Any
    """(n + 1, n + 1, CASES), the current in the last column."""
    factors: Any
    move: Any
    """Newton's step of the free nodes at an unchanged current (n, CASES)."""
    to_I: Any
    """Derivative of the node temperatures to the current (n, CASES)."""
    curvature: Any
    """Second derivatives of inflow and voltage along the current, nodes moving with it (n + 1, CASES)."""
    bend: Any
    """Second derivatives of the node temperatures to the current (n, CASES)."""
    sums: Any
    """(SUMS, CASES)"""


def allocate(problem: Problem, parts: int) -> VectorGroup:
    """Arrays for cells that are cut into so many elements."""
    legs, n = problem.legs, problem.nodes
    cells = int((problem.spans[:, 1] - problem.spans[:, 0]).max(initial=0)) + 1
    return VectorGroup(
        device=np.zeros(CASES, np.int64),
        numbers=np.zeros((problem.slots.shape[1], CASES)),
        tables=np.zeros((problem.tables.shape[1], CASES), np.int64),
        marches=np.zeros((legs, at.ROWS)),
        elements=np.zeros((legs, cells * parts * at.ELEMENT)),
        segments=np.zeros((legs, SEGMENT, CASES)),
        spans=np.zeros((legs, SPAN, CASES), np.int64),
        scratch=np.zeros(SCRATCH),
        turning=np.zeros(down.SIZE),
        hotter=np.zeros(down.RESULTS),
        rows=np.zeros((2, CASES), np.int64),
        ends=np.zeros((2, CASES)),
        T=np.zeros((n, CASES)),
        inflow=np.zeros((n + 1, CASES)),
        jacobian=np.zeros((n + 1, n + 1, CASES)),
        factors=np.zeros((n, n, CASES)),
        move=np.zeros((n, CASES)),
        to_I=np.zeros((n, CASES)),
        curvature=np.zeros((n + 1, CASES)),
        bend=np.zeros((n, CASES)),
        sums=np.zeros((SUMS, CASES)),
    )


@kernel(inner=True)
def load(problem: Any, g: Any, devices: Any) -> None:
    """Numbers and tables of a group; one that is not full repeats its last device."""
    for case in range(CASES):
        d = devices[min(case, len(devices) - 1)]
        g.device[case] = d
        group, high = 0, len(problem.starts) - 1
        while high - group > 1:
            middle = (group + high) // 2
            if problem.starts[middle] <= d:
                group = middle
            else:
                high = middle
        position = d - problem.starts[group]
        for p in range(len(g.numbers)):
            g.numbers[p, case] = problem.values[
                problem.slots[group, p, 0] + problem.slots[group, p, 1] * position
            ]
        for t in range(len(g.tables)):
            g.tables[t, case] = problem.tables[group, t]
    for leg in range(problem.legs):
        own, slot = g.segments[leg], slots.LEG * leg
        for case in range(CASES):
            length, area = g.numbers[slot + slots.LENGTH, case], g.numbers[slot + slots.AREA, case]
            sign, count = g.numbers[slot + slots.SIGN, case], g.numbers[slot + slots.COUNT, case]
            own[PER, case], own[EACH, case] = count * area / length, count * sign
            own[DJ, case] = sign * length / area
