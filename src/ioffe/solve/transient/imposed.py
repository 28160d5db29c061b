"""What is imposed at one moment, in the signs of a generator and for one couple."""

from __future__ import annotations

from dataclasses import dataclass

from ioffe.device.schedule import OfTime, Schedule
from ioffe.device.transient import Transient

ROOM = 300.0
"""K; surroundings of a device that loses no heat to them."""


@dataclass(frozen=True)
class Imposed:
    """Values at one moment; None where nothing is imposed."""

    ambient: float
    T_hot: float | None
    T_cold: float | None
    heat_hot: float | None
    """W entering at the hot node."""
    heat_cold: float | None
    """W leaving at the cold node."""
    current: float | None
    voltage: float | None
    load: float | None


@dataclass(frozen=True)
class Course:
    """What is imposed as a function of time, one entry for each other field of `Imposed`."""

    ambient: OfTime
    parts: dict[str, OfTime | None]

    @property
    def all(self) -> list[OfTime]:
        """Everything that is imposed."""
        return [self.ambient, *(f for f in self.parts.values() if f is not None)]

    def at(self, t: float, before: bool = False) -> Imposed:
        """The values at time t in s, after a jump or before it."""
        values = {k: None if f is None else f(t, before) for k, f in self.parts.items()}
        return Imposed(self.ambient(t, before), **values)

    @property
    def start(self) -> Imposed:
        """The values just before time zero."""
        values = {k: None if f is None else f.before_start for k, f in self.parts.items()}
        return Imposed(self.ambient.before_start, **values)

    def snapped(self, moments, slack: float) -> Course:
        """The same with all times within `slack` of one of the moments moved onto it."""
        moved = {k: None if f is None else f.snapped(moments, slack) for k, f in self.parts.items()}
        return Course(self.ambient.snapped(moments, slack), moved)


def course(conditions: Transient, couples: int) -> Course:
    """From the whole device in the signs of its mode to one couple in those of a generator."""
    sign = conditions.sign
    end = conditions.duration

    def part(name: str, factor: float = 1.0) -> OfTime | None:
        value = getattr(conditions, name)
        return None if value is None else value.until(end).scaled(factor)

    heat = part("heat", sign / couples)
    generates = sign > 0
    return Course(
        part("T_ambient") or Schedule((0.0,), (ROOM,)),
        {
            "T_hot": part("T_hot"),
            "T_cold": part("T_cold"),
            "heat_hot": heat if generates else None,
            "heat_cold": None if generates else heat,
            "current": part("current", sign),
            "voltage": part("voltage", 1.0 / couples),
            "load": part("load", 1.0 / couples),
        },
    )
