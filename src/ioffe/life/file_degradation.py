"""From one table `[[life.degradation]]` of a device file to what ages and its law."""

from __future__ import annotations

from collections.abc import Mapping
from math import hypot, sqrt
from typing import Any

from ioffe.base.errors import Faults
from ioffe.base.units import measured, to_si
from ioffe.device.conditions import Conditions
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import numbers, quantity_of
from ioffe.device_file import models as tables
from ioffe.interface import ageing
from ioffe.life.cycling import CoffinManson
from ioffe.life.degradation import AnyDegradation, Degradation, GrowingLayer
from ioffe.life.process import full_paths

FACTOR = "relative_uncertainty"
"""Quantity of a factor: a number, or a text in per cent."""


def degradation_of(table: tables.AgeingTable, device: Leg | Module, conditions: Conditions) -> AnyDegradation:
    """What ages, by one table.

    `table`: of the file, its values as written.
    `conditions`: reference conditions.
    Raises `InputError` with everything that is wrong with the table.
    """
    return _DegradationReader(table, device, conditions).made()


class _DegradationReader:
    """One degradation from its table; its values are in the quantity of what ages."""

    def __init__(self, table: tables.AgeingTable, device: Leg | Module, conditions: Conditions) -> None:
        self.table, self.faults = table, Faults()
        self.std: dict[str, float] = {}
        self.fresh: float | None = None
        self.is_factor = table.how == "factor"
        self.quantity = "thickness"
        if table.layer is None:
            paths = ()
            with self.faults.collect():
                paths = full_paths(device, conditions, table.path)
            kinds = {quantity_of(path) for path in paths}
            self.is_factor |= "" in kinds
            self.quantity = FACTOR if self.is_factor or not kinds else kinds.pop()
            values = {numbers(device, conditions).get(path) for path in paths}
            self.fresh = values.pop() if len(values) == 1 else None

    def made(self) -> AnyDegradation:
        """The degradation; raises with everything that is wrong."""
        table = self.table
        acceleration = self._acceleration()
        law = self._law(acceleration)
        layer = {} if table.layer is None else self._layer()
        shared: dict[str, Any] = {"temperature": self._temperature(), "std": self.std, "note": self._note()}
        if table.per_cycle is not None:
            shared["cycles"] = CoffinManson(table.per_cycle.delta_T, table.per_cycle.exponent)
            if acceleration is not None:
                self.faults.add("activation_energy", expected="none is expected beside per_cycle")
        self.faults.raise_if_any()
        assert law is not None
        if layer:
            return GrowingLayer(table.path, law, **layer, **shared)
        return Degradation(table.path, law, how=table.how, **shared)

    def _law(self, acceleration: ageing.Arrhenius | None) -> ageing.Law | None:
        """The law; None if anything is wrong so far."""
        table = self.table
        if isinstance(table, tables.TabulatedTable):
            times = tuple(self._time("times", x, f"times[{i}]") for i, x in enumerate(table.times))
            values = tuple(self._number("values", x, f"values[{i}]") for i, x in enumerate(table.values))
            if self.std:
                expected = (
                    "values without uncertainty are expected: a table gives no bands, the other laws do"
                )
                self.faults.add("values", expected=expected)
            return self._tried(ageing.Tabulated, times, values, acceleration=acceleration)
        start = self._initial()
        if isinstance(table, tables.RelaxationTable):
            final, time = self._number("final", table.final), self._time("time", table.time)
            exponent = self._parsed("exponent", table.exponent, FACTOR)
            return self._tried(ageing.Relaxation, start, final, time, exponent, acceleration=acceleration)
        change, sign = _unsigned(table.change)
        change, time = sign * self._number("change", change), self._time("time", table.time)
        if isinstance(table, tables.PowerTable):
            exponent = self._parsed("exponent", table.exponent, FACTOR)
            self._spread("change", abs(change), change, time, exponent)
            return self._tried(ageing.PowerLaw, start, change, time, exponent, acceleration=acceleration)
        kind = ageing.ParabolicGrowth if isinstance(table, tables.ParabolicTable) else ageing.LinearGrowth
        size = sqrt(time) if kind is ageing.ParabolicGrowth else time
        self._spread("growth", abs(change) / size, change, time, kind.EXPONENT)
        return self._tried(kind, start, change / size, acceleration=acceleration)

    def _spread(self, name: str, value: float, change: float, time: float, exponent: float) -> None:
        """Standard deviation of a growth from those of the change and of its time."""
        of_change = self.std.pop("change", 0.0) / (abs(change) or 1.0)
        of_time = exponent * self.std.pop("time", 0.0) / time
        if of_change or of_time:
            self.std[name] = value * hypot(of_change, of_time)

    def _initial(self) -> float:
        """Value at the start: as written, or that of the fresh device."""
        table = self.table
        assert not isinstance(table, tables.TabulatedTable)
        if table.initial is not None:
            return self._number("initial", table.initial)
        if table.layer is not None or table.how == "added":
            return 0.0
        if self.is_factor:
            return 1.0
        if self.fresh is None and not self.faults:
            expected = "a value is expected, because the path means different numbers"
            self.faults.add("initial", expected=expected)
        return self.fresh or 0.0

    def _acceleration(self) -> ageing.Arrhenius | None:
        energy, T = self.table.activation_energy, self.table.reference_temperature
        if energy is not None and T is not None:
            value = self._parsed("activation_energy", energy, "activation_energy")
            return self._tried(ageing.Arrhenius, value, T)
        if energy is not None or T is not None:
            missing = "reference_temperature" if T is None else "activation_energy"
            self.faults.add(missing, expected="both activation_energy and reference_temperature are expected")
        return None

    def _layer(self) -> dict[str, float]:
        """Resistivity, and thermal conductivity if it is given, of a growing layer."""
        quantities = {"resistivity": "electrical_resistivity", "thermal_conductivity": "thermal_conductivity"}
        given = {name: getattr(self.table.layer, name) for name in quantities}
        stated = {name: value for name, value in given.items() if value is not None}
        return {n: self._parsed(n, value, quantities[n], f"layer.{n}") for n, value in stated.items()}

    def _temperature(self) -> str | float | None:
        """An interface, or a temperature in K."""
        given = self.table.temperature
        if given is None or (isinstance(given, str) and not given[:1].isdigit()):
            return given
        with self.faults.collect("temperature"):
            return to_si(given, "temperature")
        return None

    def _note(self) -> str:
        """Path, source, DOI and what was assumed, as one text."""
        table = self.table
        doi = f"https://doi.org/{table.doi}" if table.doi else ""
        assumed = f"assumed: {table.assumed}" if table.assumed else ""
        text = "; ".join(part for part in (table.source, doi, assumed) if part)
        return f"{table.path}: {text}" if text else ""

    def _number(self, name: str, value: Any, location: str = "") -> float:
        """A value of what ages."""
        return self._parsed(name, value, self.quantity, location)

    def _time(self, name: str, value: Any, location: str = "") -> float:
        """A time in s, or a number of cycles."""
        return self._parsed(name, value, "lifetime" if self.table.per_cycle is None else FACTOR, location)

    def _parsed(self, name: str, value: Any, quantity: str, location: str = "") -> float:
        """A value in SI; its uncertainty is kept. 1 in place of a wrong one."""
        with self.faults.collect(location or name):
            found, std = measured(value, quantity)
            if std > 0.0:
                self.std[name] = std
            return found
        return 1.0

    def _tried(self, kind: Any, *values: Any, **more: Any) -> Any:
        """An object of a kind; None if anything is wrong with its values."""
        if not self.faults:
            with self.faults.collect():
                return kind(*values, **more)
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
