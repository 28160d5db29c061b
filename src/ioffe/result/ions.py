"""How far the current of every leg of a result is from setting metal free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.table import ResultTable, table

__all__ = ["LegMigration", "Migration"]

Array = NDArray[np.float64]
SAFE, UNSAFE, UNKNOWN, UNSOLVED = "safe", "unsafe", "unknown", ""
"""States of an operating point: bounds, stand-ins and extrapolations decide nothing."""
NOT_KNOWN = "not known to be safe"
WORDS = {SAFE: "safe", UNSAFE: "unsafe", UNKNOWN: NOT_KNOWN}
"""The states in words."""
KEYS = ("current_density", "critical_current_density", "margin", "voltage_left")


@dataclass(frozen=True, eq=False)
class LimitEnds:
    """Limits of a leg at one end of the intervals of the critical voltages.

    `voltage_left`: in V.
    `largest`, `smallest`: safe current densities in A/m2, as of `LegMigration`.
    """

    voltage_left: Array
    largest: Array
    smallest: Array


@dataclass(frozen=True, eq=False)
class LegMigration:
    """Margin of one leg at every operating point; arrays have the axes of the result, NaN without a solution.

    Parameters
    ----------
    part : {"p", "n"}
        Which leg of the couple; that of a single leg by its carriers.
    stage : int
        Stage of a cascade, 0 at the hot side.
    materials : tuple of str
        Mixed conductors in it, from the hot end.
    known : bool
        Whether any limit is known; without one the arrays are NaN.
    bounds : ndarray of str
        What the numbers of the limit are: ``"at most"``, ``"at least"``, ``"about"`` where they rest on
        stand-ins or extrapolations; empty for the limit itself.
    state : ndarray of str
        ``"safe"``, ``"unsafe"`` (metal is set free) or ``"unknown"``; empty without a solution.
    proves_safe, proves_unsafe : ndarray of bool
        Whether currents below the limit are known to be safe, and above it to set metal free.
    current_density : ndarray
        In A/m2, positive from the hot to the cold end: of a generator in the p-leg, along the heat.
    critical_current_density : ndarray
        J_c in A/m2 in the direction of the current, below 0 where metal appears even without a current.
    margin : ndarray
        J_c/|J|; the current is safe above 1. Infinite without a current.
    voltage_left : ndarray
        J L/sigma that the weakest segment has left, in V; below 0 where metal is set free.
    limiting_segment : ndarray of int
        Index of the weakest segment, 0 at the hot end; -1 without one.
    largest, smallest : ndarray
        Safe current densities in A/m2 from the hot to the cold end and, usually negative, the other way.
    low, high : LimitEnds
        The same at the lower and the upper end of the 95 % intervals of the critical voltages; as they are
        where no errors are stated. Between both a current is not known to be safe. Of bounds and estimates
        they count the stated errors alone: `critical_ends` are the ends that are known.
    """

    part: str
    stage: int
    materials: tuple[str, ...]
    known: bool
    bounds: NDArray[np.str_]
    state: NDArray[np.str_]
    proves_safe: NDArray[np.bool_]
    proves_unsafe: NDArray[np.bool_]
    current_density: Array
    critical_current_density: Array
    margin: Array
    voltage_left: Array
    limiting_segment: NDArray[np.int_]
    largest: Array
    smallest: Array
    low: LimitEnds
    high: LimitEnds

    @property
    def critical_ends(self) -> tuple[Array, Array]:
        """Ends of the 95 % interval of J_c in A/m2, in the direction of the current; NaN where not known."""
        along = self.current_density >= 0
        low = np.where(along, self.low.largest, -self.low.smallest)
        return known_ends(low, np.where(along, self.high.largest, -self.high.smallest), self.bounds)

    @property
    def against_heat(self) -> bool:
        """Whether the current runs from the cold to the hot end, at the first point that has a current."""
        J = self.current_density[np.isfinite(self.current_density) & (self.current_density != 0)]
        return bool(J.size) and bool(J.flat[0] < 0)

    @property
    def bound(self) -> str:
        """What the limits are over all operating points: the weakest of the words."""
        return joined_bound(self.bounds)

    @property
    def unsafe(self) -> NDArray[np.bool_]:
        """Operating points at which metal is known to be set free."""
        return self.state == UNSAFE

    @property
    def name(self) -> str:
        """The leg in words, such as ``p leg (Cu1.97S)``."""
        stage = f" of stage {self.stage + 1}" if self.stage else ""
        return f"{self.part} leg{stage} ({', '.join(self.materials)})"

    def to_dict(self) -> dict[str, Any]:
        """What it is, ready for JSON; its numbers are in the table of the result."""
        return {
            "part": self.part,
            "stage": self.stage,
            "materials": list(self.materials),
            "known": self.known,
            "bound": self.bound or None,
            "direction": "against the heat" if self.against_heat else "along the heat",
        }


@dataclass(frozen=True, eq=False)
class Migration:
    """Margins of all legs that hold a mixed conductor, and what must be known of the limits behind them."""

    legs: tuple[LegMigration, ...]
    notes: tuple[str, ...]

    @property
    def margin(self) -> Array:
        """Smallest J_c/J of all legs at every operating point; NaN where none is known."""
        return _smallest([leg.margin for leg in self.legs])

    @property
    def voltage_left(self) -> Array:
        """Least voltage left in any leg in V."""
        return _smallest([leg.voltage_left for leg in self.legs])

    @property
    def state(self) -> NDArray[np.str_]:
        """State of every operating point: unsafe if one leg is, safe if all are known to be."""
        return joined_state([leg.state for leg in self.legs])

    @property
    def safe(self) -> NDArray[np.bool_]:
        """Operating points at which every leg is known to set no metal free."""
        return self.state == SAFE

    @property
    def values(self) -> dict[str, Array]:
        """What the operating points have: the smallest margin, and the least voltage left."""
        return {"margin": self.margin, "voltage_left": self.voltage_left}

    def table(self, axes: Mapping[str, Array]) -> ResultTable:
        """The numbers of every leg at the operating points.

        `axes`: of the operating points.
        Returns: with one more axis, the legs.
        """
        keys = (*KEYS, "largest", "smallest", "limiting_segment", "state")
        columns = {key: np.stack([getattr(leg, key) for leg in self.legs], axis=-1) for key in keys}
        left = [known_ends(x.low.voltage_left, x.high.voltage_left, x.bounds) for x in self.legs]
        for k, end in enumerate(("low", "high")):
            ends = [leg.critical_ends[k] for leg in self.legs]
            columns[f"critical_current_density_{end}"] = np.stack(ends, axis=-1)
            columns[f"voltage_left_{end}"] = np.stack([one[k] for one in left], axis=-1)
        units = {"largest": "A/m2", "smallest": "A/m2"}
        return table({**axes, "leg": np.array([leg.name for leg in self.legs])}, columns, units)

    def warnings(self) -> tuple[str, ...]:
        """A sentence for every leg that is beyond its limit at some point, and what is doubtful."""
        found = [_warning(leg) for leg in self.legs if np.any(leg.unsafe)]
        return (*found, *self.notes)

    def lines(self) -> list[str]:
        """One line for each leg, for people."""
        return [_line(leg) for leg in self.legs]


def joined_state(states: Sequence[NDArray[np.str_]]) -> NDArray[np.str_]:
    """State of a whole from those of its parts: unsafe if one is, else unknown if one is, else safe.

    >>> joined_state([np.array(["safe", "safe"]), np.array(["safe", "unknown"])]).tolist()
    ['safe', 'unknown']
    """
    stacked = np.array(states)
    found = np.full(stacked.shape[1:], UNSOLVED, dtype="<U7")
    for state in (SAFE, UNKNOWN, UNSAFE):
        found[np.any(stacked == state, axis=0)] = state
    return found


def known_ends(low: Array, high: Array, bounds: NDArray[np.str_]) -> tuple[Array, Array]:
    """Ends of an interval where they are known: an upper bound has no lower one, an estimate has neither.

    Errors of the numbers behind an extrapolated limit say nothing of how far the extrapolation is off.

    >>> words = np.array(["", "at most", "about"])
    >>> [ends.tolist() for ends in known_ends(np.full(3, 1.0), np.full(3, 2.0), words)]
    [[1.0, nan, nan], [2.0, 2.0, nan]]
    """
    lower, upper = np.isin(bounds, ("", "at least")), np.isin(bounds, ("", "at most"))
    return np.where(lower, low, np.nan), np.where(upper, high, np.nan)


def joined_bound(words: NDArray[np.str_]) -> str:
    """The weakest of some words that stand before limits.

    >>> joined_bound(np.array(["", "at most", "at least"]))
    'at most'
    """
    return next((word for word in ("about", "at most", "at least") if np.any(words == word)), "")


def _warning(leg: LegMigration) -> str:
    count, bad = leg.margin.size, leg.unsafe
    where = np.flatnonzero(bad.ravel())
    worst = int(where[np.argmin(leg.voltage_left.ravel()[where])])
    J, limit = (x.ravel()[worst] for x in (leg.current_density, leg.critical_current_density))
    which = f"at {len(where)} of {count} operating points" if count > 1 else "at this operating point"
    most = f"{leg.bounds.ravel()[worst]} ".lstrip()
    worst_of = "the worst: " if len(where) > 1 else ""
    end = "against" if leg.against_heat else "along"
    return (
        f"{leg.name}: metal is set free {which}; {worst_of}{abs(J) / 1e4:.3g} A/cm2 {end} the heat, where "
        f"J_c is {most}{limit / 1e4:.3g} A/cm2 (segment {leg.limiting_segment.ravel()[worst] + 1} from the "
        f"hot end, {1e3 * leg.voltage_left.ravel()[worst]:.3g} mV left)"
    )


def _line(leg: LegMigration) -> str:
    direction = "against" if leg.against_heat else "along"
    if not leg.known:
        return f"{leg.name}: {NOT_KNOWN}: ions move, no limit of the current is known"
    finite = np.isfinite(leg.voltage_left)
    if not finite.any():
        solved = np.isfinite(leg.current_density).any()
        return f"{leg.name}: " + ("no part is hot enough for ions to move" if solved else "no solution")
    most = f"{leg.bound} " if leg.bound else ""
    if leg.margin.size == 1:
        J, limit, margin, left = (float(getattr(leg, key)) for key in KEYS)
        doubt = f"{NOT_KNOWN}, " if str(leg.state) == UNKNOWN else ""
        low, high = (float(end) / 1e4 for end in leg.critical_ends)
        within = f", 95 %: {low:.3g} to {high:.3g}" if low < high and not most else ""
        return (
            f"{leg.name}: {doubt}J_c/J {most}{margin:.3g} ({abs(J) / 1e4:.3g} A/cm2 {direction} the heat, "
            f"J_c {most}{limit / 1e4:.3g} A/cm2{within}), {1e3 * left:.3g} mV left, segment "
            f"{int(leg.limiting_segment) + 1} decides"
        )
    lowest = np.nanmin(leg.voltage_left)
    return (
        f"{leg.name}: current {direction} the heat, J_c {_limits(leg)} A/cm2; "
        f"{counted(leg)}, least voltage left {most}{1e3 * lowest:.3g} mV"
    )


def _limits(leg: LegMigration) -> str:
    """J_c over all operating points: known ones with their interval, bounds and estimates apart."""
    (low, high), said = leg.critical_ends, []
    for words in ("", "at least", "at most", "about"):
        here = (leg.bounds == words) & np.isfinite(leg.critical_current_density)
        if np.any(here):
            ends = np.stack([low[here], high[here]])
            within = f" (95 %: {_range(ends)})" if np.any(ends[0] < ends[1]) and not words else ""
            said.append(f"{words} {_range(leg.critical_current_density[here])}".lstrip() + within)
    return ", ".join(said)


def counted(leg: LegMigration) -> str:
    """How many operating points are in which state, in words."""
    size = leg.state.size
    counts = {words: int(np.sum(leg.state == state)) for state, words in WORDS.items()}
    if counts["safe"] + counts["unsafe"] + counts[NOT_KNOWN] < size:
        counts["without a solution"] = int(np.sum(leg.state == UNSOLVED))
    said = ", ".join(f"{count} {words}" for words, count in counts.items() if count)
    return f"of {size} operating points {said}"


def _range(values: Array) -> str:
    good = values[np.isfinite(values)] / 1e4
    low, high = f"{good.min():.3g}", f"{good.max():.3g}"
    return low if low == high else f"{low} to {high}"


def _smallest(arrays: list[Array]) -> Array:
    stacked = np.array(arrays)
    empty = np.isnan(stacked).all(axis=0)
    return np.where(empty, np.nan, np.min(np.where(np.isnan(stacked), np.inf, stacked), axis=0))
