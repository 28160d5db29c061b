"""What a device goes through in service: temperatures, current or load, and cycles over time.

>>> day = 86400.0
>>> Service.constant("10 year").duration / 365.25 / day
10.0
>>> night = ServicePhase("8 h", T_hot="320 K", current=0)
>>> shift = Service.cycles([ServicePhase("16 h", T_hot="550 K"), night], "5 year")
>>> round(shift.count)
1826
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.base.units import to_si
from ioffe.device.conditions import OPERATION, Conditions
from ioffe.device.parameters import CONDITIONS, FIELDS
from ioffe.device.schedule import of_time

MOST_FOLLOWED_CYCLES = 12
"""Up to so many cycles are followed one by one; of more the rates of ageing are averaged over a cycle."""
GAUSS_POINTS = 12
"""Over a phase in which a condition changes: exact to 1e-9 while the rate changes by a factor of exp(20)."""
LENGTH_ROUNDING = 1e-9
"""Share by which the length of a service may differ from that of its phases."""
CYCLE_ROUNDING = 1e-12
"""Share of the service below which no further phase begins."""
QUANTITIES = {name: FIELDS[name].quantity for name in CONDITIONS}


@dataclass(frozen=True, init=False)
class ServicePhase:
    """A time in which the conditions stay the same, or change evenly.

    Parameters
    ----------
    duration
        In s, or text with a unit.
    temperature
        In K: the whole device is at it and carries no current (storage, an oven). In place of conditions.
    **conditions
        What differs from the reference conditions: ``T_hot``, ``T_cold``, ``T_ambient``, ``current``,
        ``voltage``, ``load``, ``heat``, resistances and coefficients of the two sides. A value, a word such
        as ``"max_power"``, or a pair of values from which to which it changes evenly.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> ServicePhase("30 min", T_hot=("300 K", "573 K")).conditions
    {'T_hot': (300.0, 573.0)}
    """

    duration: float
    conditions: Mapping[str, Any]
    temperature: float | tuple[float, float] | None

    def __init__(self, duration: Any, temperature: Any = None, **conditions: Any) -> None:
        faults = Faults()
        found: dict[str, Any] = {}
        with faults.collect("duration"):
            object.__setattr__(self, "duration", _length(duration))
        for name, value in conditions.items():
            if name not in QUANTITIES:
                expected = "a condition is expected, such as T_hot or current"
                faults.add(name, value, expected, did_you_mean(name, QUANTITIES))
                continue
            with faults.collect(name):
                found[name] = _value(value, QUANTITIES[name], words=name in OPERATION)
        faults.only_one(**{name: conditions.get(name) for name in OPERATION})
        if temperature is not None and conditions:
            faults.add("temperature", temperature, "either a temperature of everything or conditions")
        with faults.collect("temperature"):
            one = None if temperature is None else _value(temperature, "temperature", words=False)
            object.__setattr__(self, "temperature", one)
        faults.raise_if_any()
        object.__setattr__(self, "conditions", found)

    @property
    def is_constant(self) -> bool:
        """Whether nothing changes in it."""
        return not any(isinstance(value, tuple) for value in (*self.conditions.values(), self.temperature))

    def at(self, share: ArrayLike) -> dict[str, Any]:
        """What differs from the reference conditions at shares of its time from 0 to 1; words stay words.

        Parameters
        ----------
        share : array_like
            Of the phase's time, from 0 to 1.

        Returns
        -------
        dict of str to object
            Conditions by name in SI, in the shape of `share`.

        Examples
        --------
        >>> ServicePhase("1 h", T_hot=("300 K", "500 K"), load="max_power").at(0.5)
        {'T_hot': 400.0, 'load': 'max_power'}
        """
        return {name: _at(value, share) for name, value in self.conditions.items()}

    def temperature_at(self, share: ArrayLike) -> Any:
        """Temperature of the whole device at shares of its time; None where it works.

        Parameters
        ----------
        share : array_like
            Of the phase's time, from 0 to 1.

        Returns
        -------
        float, ndarray or None
            In K, in the shape of `share`.
        """
        return _at(self.temperature, share)

    def operation(self, reference: Conditions, share: float = 0.0) -> Conditions:
        """The conditions at a share of its time; one of current, voltage and load replaces another.

        Parameters
        ----------
        reference : Conditions
            What holds where the phase says nothing.
        share : float
            Of the phase's time, from 0 to 1.

        Returns
        -------
        Conditions
        """
        return reference.replace(**self.at(share))

    def to_dict(self) -> dict[str, Any]:
        """Everything in SI.

        Returns
        -------
        dict of str to object
            The duration in s, the conditions in SI.
        """
        found = {"duration": self.duration, **self.conditions}
        return found if self.temperature is None else {**found, "temperature": self.temperature}


@dataclass(frozen=True)
class Service:
    """Phases one after the other, once or again and again.

    Parameters
    ----------
    phases : tuple of ServicePhase
        What follows upon what; one without conditions is at the reference conditions.
    duration : float
        In s.
    repeated : bool
        Whether the phases begin again at their end.

    Examples
    --------
    >>> day = ServicePhase("8 h", T_hot="500 K"), ServicePhase("16 h", temperature="300 K")
    >>> service = Service.cycles(day, "10 year")
    >>> service.period, round(service.count)
    (86400.0, 3652)
    """

    phases: tuple[ServicePhase, ...]
    duration: float
    repeated: bool = False

    def __post_init__(self) -> None:
        if not self.phases:
            raise InputError(Fault("phases", expected="at least one phase is expected"))
        if not self.repeated and abs(self.period - self.duration) > LENGTH_ROUNDING * self.duration:
            expected = f"the sum of the phases, {self.period:g} s, is expected, or repeated phases"
            raise InputError(Fault("duration", self.duration, expected))

    @classmethod
    def constant(cls, duration: Any, **conditions: Any) -> Service:
        """The same conditions all the time; by default the reference conditions.

        Parameters
        ----------
        duration
            In s, or text with a unit.
        **conditions
            As for `ServicePhase`.

        Returns
        -------
        Service
        """
        phase = ServicePhase(duration, **conditions)
        return cls((phase,), phase.duration)

    @classmethod
    def sequence(cls, phases: Iterable[ServicePhase]) -> Service:
        """Phases one after the other, once.

        Parameters
        ----------
        phases : iterable of ServicePhase
            In the order of time.

        Returns
        -------
        Service
            As long as its phases together.
        """
        parts = tuple(phases)
        return cls(parts, sum(phase.duration for phase in parts))

    @classmethod
    def cycles(cls, phases: Iterable[ServicePhase], duration: Any) -> Service:
        """Phases that repeat until the end of the service.

        Up to 12 cycles are followed one by one; of more the rates of ageing are averaged over a cycle, which
        is right as long as the device changes little within one.

        Parameters
        ----------
        phases : iterable of ServicePhase
            One cycle.
        duration
            Of the service in s, or text with a unit.

        Returns
        -------
        Service
        """
        return cls(tuple(phases), _length(duration, "duration"), repeated=True)

    @classmethod
    def schedule(cls, **tables: Sequence[tuple[Any, Any]]) -> Service:
        """Conditions as tables of time and value, straight between their points.

        Parameters
        ----------
        **tables
            By the name of the condition, as for `ServicePhase`: pairs of time (s, or text) and value, from
            time 0.

        Returns
        -------
        Service
            With one phase between every two times.

        Raises
        ------
        InputError
            For an unknown condition, and times that do not rise from 0.

        Examples
        --------
        >>> service = Service.schedule(T_hot=[(0, "500 K"), ("1 year", "550 K")])
        >>> service.phases[0].conditions
        {'T_hot': (500.0, 550.0)}
        """
        faults = Faults()
        found = {}
        for name, points in tables.items():
            if name not in QUANTITIES:
                faults.add(name, expected="a condition is expected", advice=did_you_mean(name, QUANTITIES))
                continue
            with faults.collect():
                found[name] = of_time(points, QUANTITIES[name], name)
        faults.raise_if_any()
        times = sorted({t for table in found.values() for t in (0.0, *table.times)})
        if len(times) < 2:
            raise InputError(Fault("schedule", expected="at least two times are expected"))
        phases = []
        for start, end in pairwise(times):
            ends = {name: (table(start), table(end, before=True)) for name, table in found.items()}
            changes = {name: a if a == b else (a, b) for name, (a, b) in ends.items()}
            phases.append(ServicePhase(end - start, **changes))
        return cls.sequence(phases)

    @property
    def period(self) -> float:
        """Length of all phases together in s."""
        return sum(phase.duration for phase in self.phases)

    @property
    def count(self) -> float:
        """Number of cycles; 1 for phases that do not repeat."""
        return self.duration / self.period if self.repeated else 1.0

    @property
    def is_averaged(self) -> bool:
        """Whether the rates of ageing are averaged over a cycle."""
        return self.repeated and self.count > MOST_FOLLOWED_CYCLES

    @cached_property
    def _row(self) -> tuple[list[float], list[ServicePhase]]:
        """Beginnings of all phases, with their repetitions written out, and the end; and the phases."""
        starts, phases, t = [], [], 0.0
        while t < self.duration * (1.0 - CYCLE_ROUNDING):
            phase = self.phases[len(phases) % len(self.phases)]
            starts.append(t)
            phases.append(phase)
            t += phase.duration
        return [*starts, self.duration], phases

    @property
    def breaks(self) -> list[float]:
        """Times in s between which the conditions change evenly, from 0 to the end."""
        return [0.0, self.duration] if self.is_averaged else self._row[0]

    def at(self, t: float, end: bool = False) -> tuple[ServicePhase, float]:
        """The phase at a time in s, and the share of it that is over.

        Between two phases the later one holds, with `end` the earlier one.

        Parameters
        ----------
        t : float
            In s from the start of the service.
        end : bool
            Whether the earlier of two phases holds at their common moment.

        Returns
        -------
        ServicePhase, float
            The phase, and the share, from 0 to 1.
        """
        starts, phases = self._row
        side = "left" if end else "right"
        k = int(np.clip(np.searchsorted(starts, t, side=side) - 1, 0, len(phases) - 1))
        return phases[k], min(max((t - starts[k]) / phases[k].duration, 0.0), 1.0)

    @cached_property
    def cycle(self) -> list[tuple[ServicePhase, Array, Array]]:
        """Phases of one cycle, each with shares of it and their weights, of all phases together 1."""
        x, w = np.polynomial.legendre.leggauss(GAUSS_POINTS)
        moment, ramp = (np.zeros(1), np.ones(1)), (0.5 * (1.0 + x), 0.5 * w)
        parts = [(phase, *(moment if phase.is_constant else ramp)) for phase in self.phases]
        return [(phase, at, phase.duration / self.period * weights) for phase, at, weights in parts]

    def to_dict(self) -> dict[str, Any]:
        """Everything in SI.

        Returns
        -------
        dict of str to object
            Times in s, temperatures in K.
        """
        whole = {"duration": self.duration, "repeated": self.repeated, "cycles": self.count}
        return {**whole, "averaged": self.is_averaged, "phases": [phase.to_dict() for phase in self.phases]}


def _length(duration: Any, location: str = "") -> float:
    """A time above zero in s."""
    faults = Faults()
    with faults.collect(location):
        if (length := to_si(duration, "time")) > 0.0:
            return length
        faults.add(location, duration, "a time above zero is expected, time runs forwards")
    faults.raise_if_any()
    raise AssertionError


def _value(value: Any, quantity: str, *, words: bool) -> Any:
    """A value in SI, a pair of them, or a word."""
    if words and isinstance(value, str) and value.replace("_", "").isalpha():
        return value
    if isinstance(value, Sequence) and not isinstance(value, str):
        if len(value) != 2:
            expected = "one value, or two from which to which it changes, is expected"
            raise InputError(Fault("", value, expected))
        return (to_si(value[0], quantity), to_si(value[1], quantity))
    return to_si(value, quantity)


def _at(value: Any, share: ArrayLike) -> Any:
    if not isinstance(value, tuple):
        return value
    found = value[0] + np.asarray(share, float) * (value[1] - value[0])
    return float(found) if found.ndim == 0 else found
