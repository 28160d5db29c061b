"""Temperatures at which materials were used, beside those at which they were measured.

>>> used = UsedRanges()
>>> used.add("Bi2Te3", (300.0, 450.0), 310.0, 470.0)
>>> used.said()
('Bi2Te3 was used from 310.0 K to 470.0 K, measured from 300 K to 450 K: its end values are held beyond',)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import ExtrapolationError
from ioffe.device.parameters import MaterialChoice
from ioffe.engine.network import Solution
from ioffe.engine.state import RUNAWAY
from ioffe.solve.assemble import Assembly

HELD: Final = "its end values are held beyond"
"""End of the sentence about a material that was used beyond its measured range."""
SLACK: Final = 1e-6
"""K beyond the measured range of a material that do not count."""
TOLD: Final = 12
"""Materials that are told one by one."""
Row = tuple[str, float, float, float, float]
"""A material, the lowest and highest temperature at which it was used, and the ends of its range in K."""


class UsedRanges:
    """Materials with the temperatures at which they were used, gathered one after the other.

    `rows`: what others have gathered, as `rows` returns it.

    >>> used = UsedRanges([("a", 310.0, 400.0, 300.0, 450.0), ("a", 290.0, 320.0, 300.0, 450.0)])
    >>> used.rows(), used.beyond
    ((('a', 290.0, 400.0, 300.0, 450.0),), True)
    """

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self._found: dict[Any, Row] = {}
        self.merge(rows)

    def merge(self, rows: Iterable[Row]) -> None:
        """Take what others have gathered."""
        for name, low, high, *limits in rows:
            self.add(name, limits, low, high)

    def add(self, name: str, limits: Iterable[float], low: float, high: float, key: Any = None) -> None:
        """Take the lowest and highest temperature of a use of a material; none if they are not finite.

        `name`: what the material is called.
        `limits`: the ends of its measured range in K.
        `low`, `high`: in K.
        `key`: what tells it from others; by default the name and the range.
        """
        if not np.isfinite([low, high]).all():
            return
        first, last = (float(end) for end in limits)
        key = (name, first, last) if key is None else key
        _, lowest, highest, *_ = self._found.get(key, ("", np.inf, -np.inf))
        self._found[key] = name, min(float(low), lowest), max(float(high), highest), first, last

    def add_solution(self, assembly: Assembly, solution: Solution) -> None:
        """Take the temperatures of all legs in the cases that have a solution."""
        states = solution.states or [None] * len(assembly.materials)
        good = solution.code < RUNAWAY
        for material, leg, state in zip(assembly.materials, assembly.network.legs, states, strict=True):
            T = [solution.T[leg.a], solution.T[leg.b]]
            if state is not None:
                T += [state.T_min, state.T_max]
            # a leg without contact may be known at one end alone
            low, high = np.fmin.reduce(T), np.fmax.reduce(T)
            if not isinstance(material, MaterialChoice):
                self._span(material.name, leg.table.limits, low[good], high[good])
                continue
            choice: Any = leg.table
            for k, (one, table) in enumerate(zip(material.found, choice.found, strict=True)):
                here = good & (choice.index == k)
                self._span(one.name, table.limits, low[here], high[here])

    def _span(self, name: str, limits: Iterable[float], low: NDArray[Any], high: NDArray[Any]) -> None:
        none = float("nan")
        self.add(name, limits, np.fmin.reduce(low, initial=none), np.fmax.reduce(high, initial=none))

    def rows(self) -> tuple[Row, ...]:
        """What was gathered: names, lowest and highest temperature, ends of the range."""
        return tuple(self._found.values())

    @property
    def beyond(self) -> bool:
        """Whether something was used beyond its measured range."""
        return any(_excess(row) > SLACK for row in self._found.values())

    def said(self) -> tuple[str, ...]:
        """A sentence for everything that was used beyond its measured range, of many for the furthest."""
        outside = [row for row in self._found.values() if _excess(row) > SLACK]
        told = outside if len(outside) <= TOLD else sorted(outside, key=_excess, reverse=True)[:TOLD]
        found = [
            f"{name} was used from {low:.1f} K to {high:.1f} K, "
            f"measured from {first:g} K to {last:g} K: {HELD}"
            for name, low, high, first, last in told
        ]
        if more := len(outside) - len(told):
            found.append(f"{more} other materials were used less far beyond their measured ranges: {HELD}")
        return tuple(found)


def _excess(row: Row) -> float:
    """K beyond the measured range of a material."""
    _, low, high, first, last = row
    return max(first - low, high - last)


def extrapolated(assembly: Assembly, solutions: Iterable[Solution]) -> tuple[str, ...]:
    """A sentence for every material that was used beyond its measured range."""
    used = UsedRanges()
    for solution in solutions:
        used.add_solution(assembly, solution)
    return used.said()


def refuse_beyond(ranges: tuple[str, ...], *, strict: bool) -> None:
    """Refuse the use of materials beyond their measured ranges, as sentences tell it, if strict."""
    if strict and ranges:
        raise ExtrapolationError("strict: refused, because " + "; ".join(ranges))
