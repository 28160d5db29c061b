"""Lanes of a solved segment, and the codes that say how a lane ended."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from ioffe.engine.table import Array

OK, OUTSIDE, RUNAWAY, FAILED, ABSENT = 0, 1, 2, 3, 4
"""Per-lane codes; a higher one is worse. ABSENT: nothing was imposed, so nothing is solved."""


@dataclass(eq=False)
class SegmentState:
    """Solution of a segment, scaled by its length; every field has shape (lanes,).

    `c` = L q0 - j s(T0) and `r` = int rho dxi fix everything: L q0 = c + j s(T0),
    L q1 = c + j^2 r - loss + j s(T1), voltage = s(T0) - s(T1) - j r, with s = int S dT.
    """

    c: Array
    r: Array
    loss: Array
    c_T0: Array
    c_T1: Array
    c_j: Array
    r_T0: Array
    r_T1: Array
    r_j: Array
    loss_T0: Array
    loss_T1: Array
    loss_j: Array
    T_min: Array
    T_max: Array
    error: Array
    """Estimated error of c in W/m."""
    code: NDArray[np.int_]

    @classmethod
    def empty(cls, n: int) -> SegmentState:
        """Lanes without a solution."""
        values = {f.name: np.full(n, np.nan) for f in fields(cls) if f.name != "code"}
        return cls(**values, code=np.full(n, FAILED))

    def put(self, lanes: NDArray[np.intp], part: SegmentState) -> None:
        """Copy solved lanes in."""
        for f in fields(self):
            getattr(self, f.name)[lanes] = getattr(part, f.name)

    def select(self, lanes: NDArray[np.bool_] | NDArray[np.intp] | slice) -> SegmentState:
        """Some of the lanes."""
        return SegmentState(**{f.name: getattr(self, f.name)[lanes] for f in fields(self)})
