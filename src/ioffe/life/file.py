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

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ioffe.base._files import parse_toml
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.schema import validate
from ioffe.base.units import measured
from ioffe.device.cascade import Cascade
from ioffe.device.conditions import Conditions
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device_file import models as tables
from ioffe.device_file.read import DeviceFile
from ioffe.life.degradation import AnyDegradation
from ioffe.life.file_degradation import degradation_of
from ioffe.life.process import ageing_of, full_paths
from ioffe.life.result import LifeResult
from ioffe.life.service import Service, ServicePhase
from ioffe.life.solve import solve_life

NOT_HERE = "nothing is expected here in this mode of operation"
ONE_VALUE = ("T_hot", "T_cold", "current", "voltage", "load", "heat")
"""Reference conditions of which `[operate]` may list several."""

LEVEL: Final = "over the level"
"""Condition of a measured value that was divided by its fitted level."""


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

    `file`: as `read_device` returns it, with or without a table `[life]`.
    `text`: a table `[life]`, such as `AgedJunctions.life_table` writes it. Its laws replace those of the file
        for the same numbers; its duration counts where the file states none.
    `duration`: of the service in s, in place of either.
    Raises `InputError` if the text is no such table.

    >>> from pathlib import Path
    >>> from ioffe import read_device
    >>> leg = 'format = 1\n[leg]\nmaterial = "Bi2Te3"\nlength = "2 mm"\narea = "4 mm2"\n'
    >>> _ = Path("leg.toml").write_text(leg + '[operate]\nmode = "generate"\nT_hot = 450\nT_cold = 320\n')
    >>> law = 'path = "contact_hot.electrical"\nlaw = "linear"\nchange = "9 uohm cm2"\ntime = "30 day"'
    >>> table = f'[life]\nduration = "30 day"\n[[life.degradation]]\n{law}'
    >>> life_of(with_ageing(read_device("leg.toml"), table)).degradations[0].path
    'contact_hot.electrical'
    """
    try:
        table = parse_toml(text)["life"]
    except (ValueError, KeyError) as error:
        expected = "a table [life] is expected"
        raise InputError(Fault("text", expected=expected, advice=str(error))) from None
    further = validate(tables.LifeTable, table)
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
            return degradation_of(table, self.device, self.conditions)
        return None

    def aged(self, table: tables.AgedTable, k: int) -> Aged | None:
        """A measured value."""
        with self.faults.collect(f"life.measured[{k}].value"):
            value, std = measured(table.value, table.quantity)
            words = {name: getattr(table, name) for name in ("condition", "source", "doi")}
            return Aged(table.quantity, table.time, value, std, **words)
        return None
