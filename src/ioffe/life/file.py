"""From the table `[life]` of a device file to a life that can be solved, every fault with its place.

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

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ioffe.base.errors import Fault, Faults, InputError, join_place
from ioffe.base.units import measured
from ioffe.device._file_life import AgedTable, LifeTable, PhaseTable
from ioffe.device.cascade import Cascade
from ioffe.device.conditions import Conditions
from ioffe.device.file import DeviceFile
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.life._file_ageing import AgeingReader, LawTables
from ioffe.life.degradation import Degradation, GrowingLayer
from ioffe.life.process import ageing_of
from ioffe.life.result import LifeResult
from ioffe.life.service import OPERATION, Phase, Service
from ioffe.life.solve import solve_life

__all__ = ["Aged", "LifeTask", "life_of"]


@dataclass(frozen=True)
class Aged:
    """A measured value at a time in service, in SI."""

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
    device, conditions
        What is solved, and the reference conditions.
    degradations, service
        What ages, and under which service.
    options
        Of `solve_life`.
    measured
        Measured values over time.
    """

    device: Leg | Module
    conditions: Conditions
    degradations: tuple[Degradation | GrowingLayer, ...]
    service: Service
    options: Mapping[str, Any] = field(default_factory=dict)
    measured: tuple[Aged, ...] = ()

    def solve(self, **options: Any) -> LifeResult:
        """Solve the life; options of `solve_life` in place of those of the file."""
        return solve_life(
            self.device, self.conditions, self.degradations, self.service, **{**self.options, **options}
        )


def life_of(file: DeviceFile) -> LifeTask:
    """The life of a device file.

    Raises
    ------
    InputError
        Without a table `[life]`, or with everything that is wrong in it.
    """
    faults = Faults(str(file.path))
    table, device = file.life, file.device
    if isinstance(device, Cascade):
        faults.add("cascade", expected="a [module] or a [leg] is expected for a service life")
        faults.raise_if_any()
    if table is None:
        advice = 'such as [life] duration = "10 year", and [[life.degradation]] tables'
        faults.add("life", expected="a table [life] is expected", advice=advice)
        faults.raise_if_any()
    assert table is not None
    assert not isinstance(device, Cascade)
    builder = _Builder(table, device, file.conditions, faults)
    conditions = builder.reference()
    service = builder.service()
    degradations = tuple(builder.degradation(one, k) for k, one in enumerate(table.degradation))
    measured_values = tuple(builder.aged(one, k) for k, one in enumerate(table.measured))
    known = tuple(one for one in degradations if one is not None)
    if len(known) == len(degradations):
        with builder.under("life"):
            ageing_of(device, file.conditions, known)
    faults.raise_if_any()
    assert service is not None
    options = {name: getattr(table, name) for name in ("times", "bands", "draws", "seed", "losses")}
    options["tolerance"] = file.tolerance
    return LifeTask(
        device, conditions, known, service, options, tuple(x for x in measured_values if x is not None)
    )


class _Builder:
    """Makes the parts of a life from their tables and collects what is wrong with them."""

    def __init__(
        self, table: LifeTable, device: Leg | Module, conditions: Conditions, faults: Faults
    ) -> None:
        self.table, self.device, self.conditions, self.faults = table, device, conditions, faults

    @contextmanager
    def under(self, place: str) -> Iterator[None]:
        """Take over the faults of a constructor with their place; other names stand for those of the file."""
        try:
            yield
        except InputError as error:
            for fault in error.faults:
                self.faults.add(join_place(place, fault.place), fault.value, fault.expected, fault.advice)

    def reference(self) -> Conditions:
        """The reference conditions; lists of `[operate]` must be replaced by one value."""
        changes = {name: value for name, value in self.table.reference if value is not None}
        unknown = [name for name in changes if not hasattr(self.conditions, name)]
        for name in unknown:
            expected = "nothing is expected here in this mode of operation"
            self.faults.add(f"life.reference.{name}", changes.pop(name), expected)
        if any(name in changes for name in OPERATION):
            changes = {n: None for n in OPERATION if hasattr(self.conditions, n)} | changes
        before = len(self.faults)
        found = self.conditions
        with self.under("life.reference"):
            found = self.conditions.replace(**changes)
        if len(self.faults) == before:
            for name in ("T_hot", "T_cold", "current", "voltage", "load", "heat"):
                if getattr(getattr(found, name, None), "ndim", 0):
                    expected = "one value is expected, because [operate] lists several"
                    self.faults.add(f"life.reference.{name}", expected=expected)
        return found

    def service(self) -> Service | None:
        """The service; constant without phases."""
        table = self.table
        phases = [self._phase(one, k) for k, one in enumerate(table.phase)]
        if any(phase is None for phase in phases):
            return None
        parts = [phase for phase in phases if phase is not None]
        with self.under("life"):
            if table.duration is None and (table.repeat or not parts):
                raise InputError(Fault("duration", expected='a time is expected, such as "10 year"'))
            if not parts:
                return Service.constant(table.duration)
            if table.repeat:
                return Service.cycles(parts, table.duration)
            service = Service.sequence(parts)
            return service if table.duration is None else Service(service.phases, table.duration)
        return None

    def _phase(self, table: PhaseTable, k: int) -> Phase | None:
        fields = {name: value for name, value in table if value is not None}
        with self.under(f"life.phase[{k}]"):
            for name in fields:
                if name not in ("duration", "temperature") and not hasattr(self.conditions, name):
                    raise InputError(
                        Fault(name, expected="nothing is expected here in this mode of operation")
                    )
            return Phase(fields.pop("duration"), fields.pop("temperature", None), **fields)
        return None

    def degradation(self, table: LawTables, k: int) -> Degradation | GrowingLayer | None:
        """What ages, by one table."""
        place = f"life.degradation[{k}]"
        with self.under(place):
            return AgeingReader(table, self.device, self.conditions).made()
        return None

    def aged(self, table: AgedTable, k: int) -> Aged | None:
        """A measured value."""
        with self.under(f"life.measured[{k}].value"):
            value, std = measured(table.value, table.quantity)
            words = {name: getattr(table, name) for name in ("condition", "source", "doi")}
            return Aged(table.quantity, table.time, value, std, **words)
        return None
