"""One degradation from its table in a device file: values in the quantity of what ages."""

from __future__ import annotations

from collections.abc import Mapping
from math import hypot, sqrt
from typing import Any

from ioffe.base.errors import Faults
from ioffe.base.units import measured, to_si
from ioffe.device._file_life import LinearTable, ParabolicTable, PowerTable, RelaxationTable, TabulatedTable
from ioffe.device.conditions import Conditions
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import numbers
from ioffe.interface.ageing import (
    Arrhenius,
    Law,
    LinearGrowth,
    ParabolicGrowth,
    PowerLaw,
    Relaxation,
    Tabulated,
)
from ioffe.life.cycling import CoffinManson
from ioffe.life.degradation import Degradation, GrowingLayer
from ioffe.life.process import full_paths
from ioffe.life.result import kind_of

__all__ = ["AgeingReader", "LawTables"]

FACTOR = "relative_uncertainty"
"""Quantity of a factor: a number, or a text in per cent."""
LawTables = RelaxationTable | LinearTable | ParabolicTable | PowerTable | TabulatedTable


class AgeingReader:
    """One degradation from its table."""

    def __init__(self, table: LawTables, device: Leg | Module, conditions: Conditions) -> None:
        self.table, self.faults = table, Faults()
        self.std: dict[str, float] = {}
        self.fresh: float | None = None
        self.is_factor = table.how == "factor"
        self.quantity = "thickness"
        if table.layer is None:
            paths = ()
            with self.faults.collect():
                paths = full_paths(device, conditions, table.path)
            kinds = {kind_of(path) for path in paths}
            self.is_factor |= "" in kinds
            self.quantity = FACTOR if self.is_factor or not kinds else kinds.pop()
            values = {numbers(device, conditions).get(path) for path in paths}
            self.fresh = values.pop() if len(values) == 1 else None

    def made(self) -> Degradation | GrowingLayer:
        """The degradation; raises with everything that is wrong."""
        table = self.table
        acceleration = self._acceleration()
        law = self._law(acceleration)
        own = self._layer()
        shared: dict[str, Any] = {"temperature": self._place(), "std": self.std, "note": self._note()}
        if table.per_cycle is not None:
            shared["cycles"] = CoffinManson(table.per_cycle.delta_T, table.per_cycle.exponent)
            if acceleration is not None:
                self.faults.add("activation_energy", expected="none is expected beside per_cycle")
        self.faults.raise_if_any()
        assert law is not None
        if own is not None:
            return GrowingLayer(table.path, law, **own, **shared)
        return Degradation(table.path, law, how=table.how, **shared)

    def _law(self, acceleration: Arrhenius | None) -> Law | None:
        table = self.table
        if isinstance(table, TabulatedTable):
            times = tuple(self._time("times", x, f"times[{i}]") for i, x in enumerate(table.times))
            values = tuple(self._number("values", x, f"values[{i}]") for i, x in enumerate(table.values))
            if self.std:
                expected = (
                    "values without uncertainty are expected: a table gives no bands, the other laws do"
                )
                self.faults.add("values", expected=expected)
            return self._tried(lambda: Tabulated(times, values, acceleration=acceleration))
        start = self._initial()
        if isinstance(table, RelaxationTable):
            final, time = self._number("final", table.final), self._time("time", table.time)
            exponent = self._plain("exponent", table.exponent)
            return self._tried(lambda: Relaxation(start, final, time, exponent, acceleration=acceleration))
        change, time = self._number("change", table.change, signed=True), self._time("time", table.time)
        if isinstance(table, PowerTable):
            exponent = self._plain("exponent", table.exponent)
            self._spread("change", abs(change), change, time, exponent)
            return self._tried(lambda: PowerLaw(start, change, time, exponent, acceleration=acceleration))
        parabolic = isinstance(table, ParabolicTable)
        size = sqrt(time) if parabolic else time
        kind = ParabolicGrowth if parabolic else LinearGrowth
        self._spread("growth", abs(change) / size, change, time, kind.EXPONENT)
        return self._tried(lambda: kind(start, change / size, acceleration=acceleration))

    def _spread(self, name: str, value: float, change: float, time: float, exponent: float) -> None:
        """Standard deviation of a growth from those of the change and of its time."""
        parts = [
            self.std.pop("change", 0.0) / (abs(change) or 1.0),
            exponent * self.std.pop("time", 0.0) / time,
        ]
        if any(parts):
            self.std[name] = value * hypot(*parts)

    def _initial(self) -> float:
        """Value at the start: as written, or that of the fresh device."""
        table = self.table
        assert not isinstance(table, TabulatedTable)
        if table.initial is not None:
            return self._number("initial", table.initial)
        if table.layer is not None or table.how == "added":
            return 0.0
        if self.is_factor:
            return 1.0
        if self.fresh is None and not self.faults:
            expected = "a value is expected, because the path stands for different numbers"
            self.faults.add("initial", expected=expected)
        return self.fresh or 0.0

    def _acceleration(self) -> Arrhenius | None:
        table = self.table
        energy, T = table.activation_energy, table.reference_temperature
        if (energy is None) != (T is None):
            missing = "reference_temperature" if T is None else "activation_energy"
            self.faults.add(missing, expected="both activation_energy and reference_temperature are expected")
        if energy is None or T is None:
            return None
        value = self._parsed("activation_energy", energy, "activation_energy", "activation_energy")
        return self._tried(lambda: Arrhenius(value, T))

    def _layer(self) -> dict[str, Any] | None:
        layer = self.table.layer
        if layer is None:
            return None
        own: dict[str, Any] = {
            "resistivity": self._parsed(
                "resistivity", layer.resistivity, "electrical_resistivity", "layer.resistivity"
            )
        }
        if layer.thermal_conductivity is not None:
            own["thermal_conductivity"] = self._parsed(
                "thermal_conductivity",
                layer.thermal_conductivity,
                "thermal_conductivity",
                "layer.thermal_conductivity",
            )
        return own

    def _place(self) -> str | float | None:
        """An interface, or a temperature in K."""
        given = self.table.temperature
        if given is None or (isinstance(given, str) and not given[:1].isdigit()):
            return given
        with self.faults.collect("temperature"):
            return to_si(given, "temperature")
        return None

    def _note(self) -> str:
        table = self.table
        parts = [table.source, f"https://doi.org/{table.doi}" if table.doi else ""]
        parts += [f"assumed: {table.assumed}"] if table.assumed else []
        text = "; ".join(part for part in parts if part)
        return f"{table.path}: {text}" if text else ""

    # Values

    def _number(self, name: str, value: Any, place: str = "", signed: bool = False) -> float:
        sign = 1.0
        if signed:
            value, sign = _unsigned(value)
        return sign * self._parsed(name, value, self.quantity, place or name)

    def _plain(self, name: str, value: Any) -> float:
        return self._parsed(name, value, FACTOR, name)

    def _time(self, name: str, value: Any, place: str = "") -> float:
        if self.table.per_cycle is not None:
            return self._parsed(name, value, FACTOR, place or name)
        return self._parsed(name, value, "lifetime", place or name)

    def _parsed(self, name: str, value: Any, quantity: str, place: str) -> float:
        """A value in SI; its uncertainty is kept."""
        with self.faults.collect(place):
            found, std = measured(value, quantity)
            if std > 0.0:
                self.std[name] = std
            return found
        return 1.0

    def _tried(self, make: Any) -> Any:
        if self.faults:
            return None
        with self.faults.collect():
            return make()
        return None


def _unsigned(value: Any) -> tuple[Any, float]:
    """A value without its minus, and the sign."""
    if isinstance(value, Mapping) and "value" in value:
        inner, sign = _unsigned(value["value"])
        return {**value, "value": inner}, sign
    if isinstance(value, str) and value.strip()[:1] in "-−" and value.strip():
        return value.strip()[1:].strip(), -1.0
    if isinstance(value, int | float) and not isinstance(value, bool) and value < 0:
        return -value, -1.0
    return value, 1.0
