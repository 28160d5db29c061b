"""One scan: resistances at positions along the current, and how it splits into passes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.errors import Faults

__all__ = ["FEWEST", "Scan"]

Array = NDArray[np.float64]
FEWEST = 6
"""Points without which no straight line on either side of an interface has a standard deviation."""
FULL_PASS = 0.8
"""Share of the range of positions that a movement covers if it counts as a pass of its own."""


@dataclass(frozen=True)
class Scan:
    """Resistance against the position of the voltage probe, in the order in which it was measured.

    Parameters
    ----------
    position : ndarray of shape (n,)
        x in m, along the current.
    resistance : ndarray of shape (n,)
        V/I in ohm, V against a fixed point. Its sign and its zero do not matter.
    time : ndarray of shape (n,) or None
        In s.
    name : str
        For messages and pictures.

    Raises
    ------
    InputError
        With every fault: arrays of different lengths, fewer than six points, numbers that are not finite, a
        time that runs backwards.
    """

    position: Array
    resistance: Array
    time: Array | None = None
    name: str = ""

    def __init__(
        self, position: ArrayLike, resistance: ArrayLike, time: ArrayLike | None = None, name: str = ""
    ) -> None:
        given = {"position": position, "resistance": resistance}
        given |= {} if time is None else {"time": time}
        arrays = {key: np.array(values, float) for key, values in given.items()}
        faults = Faults()
        x = arrays["position"]
        if any(a.ndim != 1 or a.shape != x.shape for a in arrays.values()):
            faults.add(
                "resistance", str([a.size for a in arrays.values()]), "lists of as many numbers are expected"
            )
        for key, values in arrays.items():
            if not np.all(np.isfinite(values)):
                faults.add(key, expected="finite numbers are expected")
        faults.raise_if_any()
        if np.unique(x).size < FEWEST:
            counted = "1 position" if np.unique(x).size == 1 else f"{np.unique(x).size} positions"
            faults.add("position", counted, f"at least {FEWEST} different positions are expected")
        backwards = np.flatnonzero(np.diff(arrays["time"]) < 0) if "time" in arrays else np.empty(0, int)
        if backwards.size:
            at = int(backwards[0])
            expected = (
                f"the time runs backwards here ({arrays['time'][at]:g} s before); rising times are expected"
            )
            faults.add(f"time[{at + 1}]", float(arrays["time"][at + 1]), expected)
        faults.raise_if_any()
        for key, values in arrays.items():
            values.setflags(write=False)
            object.__setattr__(self, key, values)
        object.__setattr__(self, "name", name)

    @property
    def has_drift_column(self) -> bool:
        """Whether the time is known and not proportional to the position, so that a drift can be told."""
        if self.time is None or np.ptp(self.time) == 0.0:
            return False
        return abs(float(np.corrcoef(self.position, self.time)[0, 1])) < 0.98

    def passes(self) -> tuple[Scan, ...]:
        """The ways forward and backward of a scan without times, each a scan; else the scan alone.

        The mean over both ways is free of a drift that is linear in time.

        Examples
        --------
        >>> x = [0, 1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 0]
        >>> [way.name for way in Scan(x, x, name="a").passes()]
        ['a, pass 1', 'a, pass 2']
        """
        if self.time is not None:
            return (self,)
        moves = np.sign(np.diff(self.position))
        places = np.flatnonzero(moves)
        turns = places[1:][np.diff(moves[places]) != 0]
        pieces = np.split(np.arange(self.position.size), _middles(places, turns))
        full = FULL_PASS * np.ptp(self.position)
        if len(pieces) < 2 or any(
            np.ptp(self.position[p]) < full or np.unique(self.position[p]).size < FEWEST for p in pieces
        ):
            return (self,)
        return tuple(
            Scan(self.position[p], self.resistance[p], None, f"{self.name}, pass {k}".lstrip(", "))
            for k, p in enumerate(pieces, start=1)
        )

    def named(self, name: str) -> Scan:
        """The same scan under another name."""
        return replace(self, name=name)


def _middles(places: NDArray[np.intp], turns: NDArray[np.intp]) -> list[int]:
    """Index of the first point after each turn; of points that stand still at it the second half."""
    out = []
    for turn in turns:
        before = int(places[places < turn][-1])
        out.append((before + int(turn)) // 2 + 1)
    return out
