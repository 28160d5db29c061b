"""When a share of a quantity is lost: the first crossing of its curve, and of the edges of its band."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isfinite, isnan, nan
from typing import Any

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.saved import plain

POINTS = 5
"""Of the curve that are solved anew around a crossing."""
ROUNDS = 2
"""How often that is done, each time closer."""
UNITS = ((365.25 * 86400.0, "year"), (86400.0, "day"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))


@dataclass(frozen=True)
class PerformanceLoss:
    """When a quantity has fallen by a share of its value at the start.

    Attributes
    ----------
    quantity : str
        Such as ``"max_power"``.
    share : float
        Such as 0.05.
    time : float
        In s; infinite if it is not reached within the service, NaN if nothing is known.
    low, high : float
        95 % interval in s; infinite where it is not reached. NaN without bands.
    horizon : float
        Length of the service in s.

    Examples
    --------
    >>> half = PerformanceLoss("max_power", 0.5, time=2.0e7, low=1.8e7, high=2.3e7, horizon=3.0e7)
    >>> half.is_reached
    True
    """

    quantity: str
    share: float
    time: float
    low: float
    high: float
    horizon: float

    @property
    def is_reached(self) -> bool:
        """Whether it is reached within the service."""
        return isfinite(self.time)

    def __str__(self) -> str:
        if isnan(self.time):
            return "unknown, there is no solution"
        low, high = time_words(self.low), time_words(self.high)
        within = f"not reached within {time_words(self.horizon)}"
        text = time_words(self.time) if self.is_reached else within
        if isnan(self.low):
            return text
        if not self.is_reached:
            return f"{text} (95 %: from {low} on)" if isfinite(self.low) else f"{text} (95 %)"
        if not isfinite(self.high):
            return f"{text} (95 %: from {low} on, at the other end {within})"
        return f"{text} (95 %: {low} to {high})"

    def to_dict(self) -> dict[str, Any]:
        """Times in s, None where it is not reached.

        Returns
        -------
        dict of str to object
        """
        times = {name: plain(getattr(self, name)) for name in ("time", "low", "high")}
        about = {"quantity": self.quantity, "share": self.share, "reached": self.is_reached}
        return {**about, **times, "horizon": self.horizon}


def time_words(seconds: float, digits: int = 3) -> str:
    """A time in the largest unit in which it is at least 1.

    Examples
    --------
    >>> time_words(3.2e8), time_words(86400.0 * 30), time_words(7200.0)
    ('10.1 year', '30 day', '2 h')
    """
    if not isfinite(seconds):
        return "never" if seconds > 0 else "none"
    size, unit = next(((s, u) for s, u in UNITS if seconds >= s), UNITS[-1])
    return f"{seconds / size:.{digits}g} {unit}"


def crossing(time: Array, relative: Array, level: float) -> float:
    """First time at which a curve falls to a level, by a monotone cubic between its points.

    Infinite if it does not, NaN if the curve has no points.

    Examples
    --------
    >>> crossing(np.array([0.0, 1.0, 2.0]), np.array([1.0, 0.98, 0.94]), 0.95) > 1.5
    True
    """
    good = np.isfinite(relative)
    if not good.any():
        return nan
    time, relative = time[good], relative[good]
    below = np.flatnonzero(relative <= level)
    if not below.size:
        return inf if good.all() else nan
    k = int(below[0])
    if k == 0:
        return float(time[0])
    from scipy.interpolate import PchipInterpolator

    roots = np.atleast_1d(PchipInterpolator(time, relative).solve(level, extrapolate=False))
    inside = roots[(roots >= time[k - 1]) & (roots <= time[k])]
    return float(np.min(inside)) if inside.size else float(time[k])


def refined(time: Array, relative: Array, level: float, curve: Callable[[Array], Array]) -> float:
    """As `crossing`, with the curve solved again at points ever closer to it."""
    found = crossing(time, relative, level)
    for _ in range(ROUNDS):
        if not isfinite(found) or found <= time[0]:
            return found
        k = min(int(np.searchsorted(time, found, side="left")), len(time) - 1)
        # the points on both sides too, so that the cubic has its slopes there
        low, high = time[max(k - 1, 0)], time[k]
        time = np.linspace(low, high, POINTS)
        relative = curve(time)
        found = crossing(time, relative, level)
        if found == time[0]:
            return found
    return found
