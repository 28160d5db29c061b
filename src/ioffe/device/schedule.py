"""Quantities as functions of time: tables with jumps, callables, and the common steps, pulses, cycles."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, inf, nan, nextafter
from typing import Any

import numpy as np

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.quantities import quantity
from ioffe.base.units import QuantityLike, to_si


@dataclass(frozen=True)
class Schedule:
    """A quantity as a function of time: linear between its points, constant before and after them.

    Two points at one time are a jump: the first value holds before it, the second after it.

    Parameters
    ----------
    times : tuple of float
        In s, from 0 on, never falling.
    values : tuple
        One for each time: numbers in SI or text with a unit.
    period : float or None
        In s; the points are then one period, from 0 to its end, and repeat.

    Examples
    --------
    >>> ramp = Schedule((0.0, 10.0), (300.0, 350.0))
    >>> ramp(4.0)
    320.0
    """

    times: tuple[float, ...]
    values: tuple[Any, ...]
    period: float | None = None

    def __post_init__(self) -> None:
        faults = Faults()
        if len(self.times) != len(self.values) or not self.times:
            faults.add("values", len(self.values), "one value for each time, at least one, is expected")
        _never_falling(self.times, "times", faults)
        if self.period is not None and not faults and (self.times[0], self.times[-1]) != (0.0, self.period):
            faults.add("times", self.times, f"times from 0 to the period, {self.period:g} s, are expected")
        faults.raise_if_any()

    def __call__(self, t: float, before: bool = False) -> float:
        """The value at time t in s; at a jump the value after it, or with `before` the one in front of it."""
        if self.period is not None:
            t = self.period if before and t > 0 and t % self.period == 0 else t % self.period
        i = (bisect_left if before else bisect_right)(self.times, t)
        if i == 0:
            return self.values[0]
        if i == len(self.times):
            return self.values[-1]
        first, last = self.values[i - 1], self.values[i]
        share = (t - self.times[i - 1]) / (self.times[i] - self.times[i - 1])
        return first + share * (last - first)

    @property
    def before_start(self) -> float:
        """The value just before time zero, which a jump at zero leaves."""
        return self(0.0, before=True)

    def in_si(self, name: str, location: str = "") -> Schedule:
        """The same schedule with its values as numbers in SI.

        Parameters
        ----------
        name : str
            Quantity of the values.
        location : str
            Where it is given, for the error message.

        Returns
        -------
        Schedule
            With floats as values.

        Raises
        ------
        InputError
            With a fault for every value that is none of that quantity.
        """
        faults = Faults()
        found = []
        for k, value in enumerate(self.values):
            with faults.collect(f"{location}[{k}]"):
                found.append(to_si(value, name))
        faults.raise_if_any()
        return Schedule(self.times, tuple(found), self.period)

    def scaled(self, factor: float) -> Schedule:
        """The values, which must be numbers, times a factor.

        Parameters
        ----------
        factor : float
            In SI; its unit multiplies that of the values.

        Returns
        -------
        Schedule
        """
        return Schedule(self.times, tuple(factor * v for v in self.values), self.period)

    def until(self, end: float) -> Schedule:
        """The same up to a time, with its repetitions written out.

        Parameters
        ----------
        end : float
            Time in s that must be covered.

        Returns
        -------
        Schedule
            Without a period.
        """
        if self.period is None:
            return self
        count = max(1, ceil(end / self.period * (1.0 - 1e-12)))
        times = np.concatenate([k * self.period + np.asarray(self.times) for k in range(count)])
        return Schedule(tuple(np.maximum.accumulate(times).tolist()), self.values * count)

    def snapped(self, moments: np.ndarray, slack: float) -> Schedule:
        """The same with times within `slack` of one of the rising `moments` (two at least) moved onto it.

        Parameters
        ----------
        moments : ndarray of shape (n,)
            Times in s, rising.
        slack : float
            Largest shift in s.

        Returns
        -------
        Schedule
        """
        t = np.asarray(self.times)
        i = np.clip(np.searchsorted(moments, t), 1, len(moments) - 1)
        near = np.where(t - moments[i - 1] <= moments[i] - t, i - 1, i)
        moved = np.where(np.abs(moments[near] - t) <= slack, moments[near], t)
        return Schedule(tuple(moved.tolist()), self.values)

    @property
    def jumps(self) -> tuple[float, ...]:
        """Times in s at which the value jumps."""
        pairs = zip(self.times, self.times[1:], self.values, self.values[1:], strict=False)
        return tuple(a for a, b, v, w in pairs if a == b and v != w)

    def to_dict(self) -> Any:
        """A number for a constant, otherwise times and values.

        Returns
        -------
        float or dict
            Values in SI; of a table ``"times"`` in s, ``"values"`` and, if it repeats, ``"period"`` in s.
        """
        if len(self.values) == 1:
            return self.values[0]
        period = {} if self.period is None else {"period": self.period}
        return {"times": list(self.times), "values": list(self.values), **period}


@dataclass(frozen=True)
class Function:
    """A callable of the time in s that returns a number in SI, with the checks of its quantity."""

    call: Callable[[float], Any]
    name: str
    location: str
    factor: float = 1.0
    times: tuple[float, ...] = ()
    """None, and no jumps: only the user knows them, and gives them as `breaks`."""
    jumps: tuple[float, ...] = ()

    def __call__(self, t: float, before: bool = False) -> float:
        """The value at time t in s; with `before` at the number just below t."""
        at = nextafter(t, 0.0) if before else t
        value = to_si(self.call(at), self.name, f"{self.location}({at:g} s)")
        return self.factor * value

    @property
    def before_start(self) -> float:
        """The value at time zero: the function is not asked for negative times."""
        return self(0.0)

    def scaled(self, factor: float) -> Function:
        """The values times a factor."""
        return Function(self.call, self.name, self.location, factor * self.factor)

    def until(self, end: float) -> Function:
        """The function itself."""
        return self

    def snapped(self, moments: np.ndarray, slack: float) -> Function:
        """The function itself."""
        return self

    def to_dict(self) -> str:
        """The name of the function."""
        return f"function {getattr(self.call, '__name__', type(self.call).__name__)}"


OfTime = Schedule | Function


def of_time(value: Any, name: str, location: str) -> OfTime:
    """A function of time from what a user writes.

    `value`: a constant; a table that is linear between its points; a schedule; or a callable of the time in s
        that returns a number in SI.
    `name`: quantity of the values.
    `location`: where it is given, for the error message.
    Raises `InputError` with everything that is wrong with it.

    >>> of_time([(0, "20 degC"), ("1 min", "50 degC")], "T_hot", "T_hot")(30.0)
    308.15
    """
    if isinstance(value, Schedule):
        return value.in_si(name, location)
    if callable(value):
        function = Function(value, name, location)
        function(0.0)
        return function
    if isinstance(value, np.ndarray) and value.ndim:
        value = value.tolist()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return table(value, name, location).in_si(name, location)
    return Schedule((0.0,), (to_si(value, name, location),))


def table(points: Sequence[Any], name: str, location: str) -> Schedule:
    """Pairs of time and value, the values as they are written."""
    faults = Faults()
    example = quantity(name).example if name else "2 A"
    times, values = [], []
    if not len(points):
        faults.add(location, [], "at least one pair of time and value is expected")
    for k, pair in enumerate(points):
        if not isinstance(pair, Sequence | np.ndarray) or isinstance(pair, str) or len(pair) != 2:
            expected = f'a pair of time and value is expected, such as (10, "{example}")'
            faults.add(f"{location}[{k}]", pair, expected)
            continue
        times.append(time_of(pair[0], f"{location}[{k}]", faults))
        values.append(pair[1])
    if not faults:
        _never_falling(times, location, faults)
    faults.raise_if_any()
    return Schedule(tuple(times), tuple(values))


def _never_falling(times: Sequence[float], location: str, faults: Faults) -> None:
    for k, (a, b) in enumerate(zip((0.0, *times), times, strict=False)):
        if not a <= b < inf:
            faults.add(f"{location}[{k}]", b, f"a time from {a:g} s on is expected, times may not fall")


def time_of(value: QuantityLike, location: str, faults: Faults) -> float:
    """A time in s; NaN and a fault if it is none."""
    with faults.collect():
        return to_si(value, "time", location)
    return nan


def steps(points: Iterable[tuple[QuantityLike, Any]]) -> Schedule:
    """A quantity that jumps to each value at its time and keeps it until the next.

    Parameters
    ----------
    points
        Pairs (time, value), times rising; the first value also holds before its time.

    Returns
    -------
    Schedule

    Examples
    --------
    >>> current = steps([(0, "1 A"), ("10 s", "2.5 A")]).in_si("current")
    >>> current(9.0), current(10.0, before=True), current(10.0)
    (1.0, 1.0, 2.5)
    """
    given = table(list(points), "", "steps")
    for k, (a, b) in enumerate(zip(given.times, given.times[1:], strict=False)):
        if a == b:
            raise InputError(Fault(f"steps[{k + 1}]", b, "a time after the one before it is expected"))
    times, values = [given.times[0]], [given.values[0]]
    for t, v in zip(given.times[1:], given.values[1:], strict=True):
        times += [t, t]
        values += [values[-1], v]
    return Schedule(tuple(times), tuple(values))


def pulse(base: Any, peak: Any, start: QuantityLike, duration: QuantityLike) -> Schedule:
    """A rectangular pulse: `peak` from `start` on for `duration`, `base` before and after it.

    Parameters
    ----------
    base, peak
        The two values, numbers in SI or texts with units.
    start
        Time in s at which the pulse begins.
    duration
        Its length in s, above zero.

    Returns
    -------
    Schedule

    Raises
    ------
    InputError
        For times that are none, and a duration that is not above zero.

    Examples
    --------
    >>> current = pulse("2 A", "5 A", start="1 s", duration="200 ms").in_si("current")
    >>> current(0.5), current(1.1), current(1.3)
    (2.0, 5.0, 2.0)
    """
    faults = Faults()
    begin = time_of(start, "start", faults)
    width = _positive(duration, "duration", faults)
    faults.raise_if_any()
    end = begin + width
    return Schedule((begin, begin, end, end), (base, peak, peak, base))


def cycle(
    low: Any, high: Any, period: QuantityLike, *, ramp: QuantityLike = 0.0, duty: float = 0.5
) -> Schedule:
    """Trapezoids from `low` to `high` and back, again and again; without a ramp a square wave.

    Parameters
    ----------
    low, high
        The two values.
    period
        Time of one cycle in s.
    ramp
        Time in s of the rise, which begins the cycle, and of the fall.
    duty
        Share of the period from the start of the rise to the start of the fall.

    Returns
    -------
    Schedule
        Which repeats without end.

    Examples
    --------
    >>> T_hot = cycle("300 K", "400 K", period="60 s", ramp="10 s").in_si("T_hot").until(120.0)
    >>> T_hot(5.0), T_hot(20.0), T_hot(35.0), T_hot(50.0), T_hot(65.0)
    (350.0, 400.0, 350.0, 300.0, 350.0)
    """
    faults = Faults()
    length = _positive(period, "period", faults)
    slope = time_of(ramp, "ramp", faults)
    share = 0.5
    with faults.collect("duty"):
        share = to_si(duty, "coverage")
    if not faults and not slope <= min(share, 1.0 - share) * length:
        faults.add("ramp", ramp, "a ramp that fits into both parts of the period is expected")
    faults.raise_if_any()
    high_until = share * length
    times = (0.0, slope, high_until, min(high_until + slope, length), length)
    return Schedule(times, (low, high, high, low, low), length)


def _positive(value: QuantityLike, location: str, faults: Faults) -> float:
    found = time_of(value, location, faults)
    if found == 0:
        faults.add(location, value, "a time above zero is expected")
    return found
