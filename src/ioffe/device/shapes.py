"""Common functions of time: steps, pulses, cycles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.units import QuantityLike, to_si
from ioffe.device.schedule import Schedule, table, time_of


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
