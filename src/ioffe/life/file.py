"""From the table `[life]` of a device file to a life that can be solved, every fault with its location.

>>> from pathlib import Path
>>> from ioffe import read_device
>>> _ = Path("leg.toml").write_text('''
... format = 1
... [leg]
... material = "MgAgSb0.99In0.01"
... length = "6 mm"
... area = "3 mm x 3 mm"
... contact = { electrical = "20.8 uohm cm2" }
... [operate]
... mode = "generate"
... T_hot = "540 K"
... T_cold = "303 K"
... [life]
... duration = "100 day"
... [[life.degradation]]
... path = "contact_hot.electrical"
... law = "relaxation"
... final = { value = 7.9, unit = "uohm cm2", uncertainty = "10 %" }
... time = "8 day"
... ''')
>>> task = life_of(read_device("leg.toml"))
>>> task.degradations[0].law.initial, task.degradations[0].std
(2.08e-09, {'final': 7.9...e-11})
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import hypot, sqrt
from typing import Any

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.schema import validate
from ioffe.base.units import measured, to_si
from ioffe.device.cascade import Cascade
from ioffe.device.conditions import Conditions
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import numbers, quantity_of
from ioffe.device_file import models as tables
from ioffe.device_file.read import DeviceFile
from ioffe.interface import ageing
from ioffe.life.cycling import CoffinManson
from ioffe.life.degradation import AnyDegradation, Degradation, GrowingLayer
from ioffe.life.process import ageing_of, full_paths
from ioffe.life.result import LifeResult
from ioffe.life.service import Service, ServicePhase
from ioffe.life.solve import solve_life

FACTOR = "relative_uncertainty"
"""Quantity of a factor: a number, or a text in per cent."""
NOT_HERE = "nothing is expected here in this mode of operation"
ONE_VALUE = ("T_hot", "T_cold", "current", "voltage", "load", "heat")
"""Reference conditions of which `[operate]` may list several."""


@dataclass(frozen=True)
class Aged:
    """A measured value at a time in service.

    Parameters
    ----------
    quantity : str
        Name of a quantity of a result, such as ``"max_power"``.
    time : float
        In service, in s.
    value, std : float
        Of the quantity and its standard deviation, in SI.
    condition, source, doi : str
        Under which conditions it was measured, and where it is published.

    Examples
    --------
    >>> Aged("max_power", 3.15576e7, 1.90, std=0.02, condition="523 K to 303 K").value
    1.9
    """

    quantity: str
    time: float
    value: float
    std: float
    condition: str = ""
    source: str = ""
    doi: str = ""


@dataclass(frozen=True)
class LifeTask:
    """What a device file says of the life of its device.

    Parameters
    ----------
    device : Leg or Module
        What ages.
    conditions : Generator or Cooler
        Reference conditions.
    degradations : tuple of Degradation or GrowingLayer
        What ages, by which laws.
    service : Service
        What the device goes through.
    options : mapping
        Of `solve_life`.
    measured : tuple of Aged
        Measured values over time.
    """

    device: Leg | Module
    conditions: Conditions
    degradations: tuple[AnyDegradation, ...]
    service: Service
    options: Mapping[str, Any] = field(default_factory=dict)
    measured: tuple[Aged, ...] = ()

    def solve(self, **options: Any) -> LifeResult:
        """Solve the life.

        Parameters
        ----------
        **options
            Of `solve_life`, in place of those of the file.

        Returns
        -------
        LifeResult
        """
        parts = (self.device, self.conditions, self.degradations, self.service)
        return solve_life(*parts, **{**self.options, **options})


def life_of(file: DeviceFile) -> LifeTask:
    """The life of a device file.

    Parameters
    ----------
    file : DeviceFile
        As `read_device` returns it, with a table `[life]`.

    Returns
    -------
    LifeTask

    Raises
    ------
    InputError
        Without a table `[life]`, or with everything that is wrong in it.
    """
    faults = Faults(str(file.path))
    table, device = file.life, file.device
    if isinstance(device, Cascade):
        expected = "a [module] or a [leg] is expected for a service life"
        raise InputError(Fault("cascade", expected=expected, file=faults.file))
    if table is None:
        advice = 'such as [life] duration = "10 year", and [[life.degradation]] tables'
        expected = "a table [life] is expected"
        raise InputError(Fault("life", expected=expected, advice=advice, file=faults.file))
    builder = _LifeBuilder(table, device, file.conditions, faults)
    conditions = builder.reference()
    service = builder.service()
    degradations = [builder.degradation(one, k) for k, one in enumerate(table.degradation)]
    measured_values = [builder.aged(one, k) for k, one in enumerate(table.measured)]
    known = tuple(one for one in degradations if one is not None)
    if len(known) == len(degradations):
        with faults.collect("life"):
            ageing_of(device, file.conditions, known)
    faults.raise_if_any()
    assert service is not None
    options = {name: getattr(table, name) for name in ("times", "bands", "draws", "seed", "losses")}
    options["tolerance"] = file.tolerance
    found = tuple(one for one in measured_values if one is not None)
    return LifeTask(device, conditions, known, service, options, found)


def with_ageing(file: DeviceFile, text: str, duration: float | None = None) -> DeviceFile:
    r"""A device file whose parts age by further laws.

    Parameters
    ----------
    file : DeviceFile
        As `read_device` returns it, with or without a table `[life]`.
    text : str
        A table `[life]`, such as `AgedJunctions.life_table` writes it. Its laws replace those of the file for
        the same numbers; its duration counts where the file states none.
    duration : float, optional
        Of the service in s, in place of either.

    Returns
    -------
    DeviceFile

    Raises
    ------
    InputError
        If the text is no such table.

    Examples
    --------
    >>> from pathlib import Path
    >>> from ioffe import read_device
    >>> leg = 'format = 1\n[leg]\nmaterial = "Bi2Te3"\nlength = "2 mm"\narea = "4 mm2"\n'
    >>> _ = Path("leg.toml").write_text(leg + '[operate]\nmode = "generate"\nT_hot = 450\nT_cold = 320\n')
    >>> law = 'path = "contact_hot.electrical"\nlaw = "linear"\nchange = "9 uohm cm2"\ntime = "30 day"'
    >>> table = f'[life]\nduration = "30 day"\n[[life.degradation]]\n{law}'
    >>> life_of(with_ageing(read_device("leg.toml"), table)).degradations[0].path
    'contact_hot.electrical'
    """
    further = validate(tables.LifeTable, tomllib.loads(text)["life"])
    table = further
    if file.life is not None:
        aged = {path for one in further.degradation for path in _paths(file, one.path)}
        kept = (other for one in file.life.degradation for other in _less(file, one, aged))
        table = file.life.model_copy(update={"degradation": (*kept, *further.degradation)})
        if table.duration is None and not table.phase:
            duration = duration or further.duration
    if duration is not None:
        table = table.model_copy(update={"duration": duration})
    return replace(file, life=table)


def _less(file: DeviceFile, law: tables.AgeingTable, aged: set[str]) -> list[tables.AgeingTable]:
    """A law for what does not age by another one."""
    paths = _paths(file, law.path)
    if law.layer is not None or law.how == "added" or not aged.intersection(paths):
        return [law]
    return [law.model_copy(update={"path": path}) for path in paths if path not in aged]


def _paths(file: DeviceFile, path: str) -> tuple[str, ...]:
    """The numbers that a path means; a path that means none is refused where the life is made."""
    try:
        return (path,) if isinstance(file.device, Cascade) else full_paths(file.device, file.conditions, path)
    except InputError:
        return (path,)


class _LifeBuilder:
    """Makes the parts of a life from their tables and collects what is wrong with them."""

    def __init__(
        self, table: tables.LifeTable, device: Leg | Module, conditions: Conditions, faults: Faults
    ) -> None:
        self.table, self.device, self.conditions, self.faults = table, device, conditions, faults

    def reference(self) -> Conditions:
        """The reference conditions; lists of `[operate]` must be replaced by one value."""
        changes = {name: value for name, value in self.table.reference if value is not None}
        for name in [name for name in changes if not hasattr(self.conditions, name)]:
            self.faults.add(f"life.reference.{name}", changes.pop(name), NOT_HERE)
        with self.faults.collect("life.reference"):
            found = self.conditions.replace(**changes)
            for name in ONE_VALUE:
                if getattr(getattr(found, name, None), "ndim", 0):
                    expected = "one value is expected, because [operate] lists several"
                    advice = f"write {name} = ... below [life.reference]"
                    self.faults.add(f"life.reference.{name}", expected=expected, advice=advice)
            return found
        return self.conditions

    def service(self) -> Service | None:
        """The service; constant without phases."""
        table = self.table
        phases = [self._phase(one, k) for k, one in enumerate(table.phase)]
        parts = [phase for phase in phases if phase is not None]
        if len(parts) < len(phases):
            return None
        with self.faults.collect("life"):
            if table.duration is None and (table.repeat or not parts):
                raise InputError(Fault("duration", expected='a time is expected, such as "10 year"'))
            if not parts:
                return Service.constant(table.duration)
            if table.repeat:
                return Service.cycles(parts, table.duration)
            service = Service.sequence(parts)
            return service if table.duration is None else replace(service, duration=table.duration)
        return None

    def _phase(self, table: tables.PhaseTable, k: int) -> ServicePhase | None:
        fields = {name: value for name, value in table if value is not None}
        with self.faults.collect(f"life.phase[{k}]"):
            for name in fields:
                if name not in ("duration", "temperature") and not hasattr(self.conditions, name):
                    raise InputError(Fault(name, expected=NOT_HERE))
            return ServicePhase(fields.pop("duration"), fields.pop("temperature", None), **fields)
        return None

    def degradation(self, table: tables.AgeingTable, k: int) -> AnyDegradation | None:
        """What ages, by one table."""
        with self.faults.collect(f"life.degradation[{k}]"):
            return _DegradationReader(table, self.device, self.conditions).made()
        return None

    def aged(self, table: tables.AgedTable, k: int) -> Aged | None:
        """A measured value."""
        with self.faults.collect(f"life.measured[{k}].value"):
            value, std = measured(table.value, table.quantity)
            words = {name: getattr(table, name) for name in ("condition", "source", "doi")}
            return Aged(table.quantity, table.time, value, std, **words)
        return None


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
