"""Cases of a solved segment, and the codes that say how a case ended."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ioffe.engine.table import Array, Flags, Indices

OK, OUTSIDE, RUNAWAY, FAILED, ABSENT = 0, 1, 2, 3, 4
"""Per-case codes; a higher one is worse. ABSENT: nothing was imposed, so nothing is solved."""


UNSOLVED = {"code": FAILED, "good": False}
"""What the fields of a case without a solution hold; all others NaN."""


@dataclass(eq=False)
class CaseArrays:
    """Base of what is known of solved cases: every field of a subclass has shape (cases,)."""

    @classmethod
    def empty(cls, n: int) -> Self:
        """Cases without a solution."""
        return cls(**{f.name: np.full(n, UNSOLVED.get(f.name, np.nan)) for f in fields(cls)})

    def put(self, cases: Indices, part: Self) -> None:
        """Copy solved cases in."""
        for name, values in vars(part).items():
            getattr(self, name)[cases] = values

    def select(self, cases: Flags | Indices | slice) -> Self:
        """Some of the cases."""
        return type(self)(**{name: values[cases] for name, values in vars(self).items()})


@dataclass(eq=False)
class SegmentState(CaseArrays):
    """Solution of a segment, scaled by its length; every field has shape (cases,).

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
