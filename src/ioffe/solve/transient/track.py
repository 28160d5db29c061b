"""What is kept of a march: the moments asked for, and what only the whole of it can tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ioffe.base.status import Status
from ioffe.engine.table import Array
from ioffe.solve.transient.stepper import Moment
from ioffe.solve.transient.system import State


@dataclass(frozen=True, eq=False)
class Record:
    """One moment, without what only the next step needs."""

    t: float
    state: State
    voltage: float
    borders: Array
    """W: in at the hot side, out at the cold side, electrical, lost; shape (4,)."""
    passed: Array
    """J of the same four since the start."""
    stored: float
    """J in cells and objects above a fixed reference."""
    error: float
    """Largest estimated error of a temperature in K from the steps in time."""

    @classmethod
    def of(cls, m: Moment) -> Record:
        """The record of a moment."""
        stored = float(np.sum(m.flows.energy))
        error = float(np.max(np.abs(m.error)))
        return cls(m.t, m.state, m.flows.voltage, m.flows.borders, m.passed, stored, error)


@dataclass(eq=False)
class Track:
    """Records of a march and its sums.

    Parameters
    ----------
    times
        Times to record in s, rising; None records every step and both sides of every jump.
    """

    times: Array | None = None
    records: list[Record] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    """Ends of all steps in s, from the start; twice the same is a jump."""
    status: Status = Status.OK
    rejected: int = 0
    first: Record | None = None
    imbalance: float = 0.0
    """Largest |stored - passed| in J."""
    turnover: float = 0.0
    """Largest energy stored or passed in J."""
    lowest: Array = field(default_factory=lambda: np.array(np.inf))
    """Lowest and highest temperature in K so far of every point and node."""
    highest: Array = field(default_factory=lambda: np.array(-np.inf))

    def note(self, new: Moment, between: Callable[[float], Moment | None] | None = None) -> None:
        """Take a new moment; `between` finds the moment at a time since the last one."""
        record = Record.of(new)
        self.first = self.first or record
        self.ends.append(new.t)
        gained = record.stored - self.first.stored
        crossed = record.passed
        gap = gained - crossed[0] + crossed[1] + crossed[2] + crossed[3]
        self.imbalance = max(self.imbalance, abs(gap))
        self.turnover = max(self.turnover, abs(gained), float(np.max(np.abs(crossed))))
        T = record.state.T
        self.lowest, self.highest = np.minimum(self.lowest, T), np.maximum(self.highest, T)
        if self.times is None:
            self.records.append(record)
        else:
            self._record(record, between)

    def _record(self, record: Record, between: Callable[[float], Moment | None] | None) -> None:
        """Keep what was asked for up to this record; after a jump it takes the place of that before it."""
        assert self.times is not None
        if self.records and self.records[-1].t == record.t:
            self.records[-1] = record
        while len(self.records) < len(self.times) and self.times[len(self.records)] <= record.t:
            t = float(self.times[len(self.records)])
            moment = None if t == record.t or between is None else between(t)
            if t < record.t and moment is None:
                self.status = Status.NOT_CONVERGED
                return
            self.records.append(record if moment is None else Record.of(moment))
