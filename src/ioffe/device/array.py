"""Modules at temperatures of their own, in electrical series and parallel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ioffe.base._upward import upward
from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.base.units import QuantityLike, format_si, to_si, to_si_array
from ioffe.device.conditions import OPERATION, Generator
from ioffe.device.display import Shown, in_words
from ioffe.device.leg import Leg
from ioffe.device.module import Module

if TYPE_CHECKING:
    from ioffe.result.array import ArrayResult

AIMS = ("max_power", "sweep")


@dataclass(frozen=True, eq=False)
class ArrayPosition:
    """One module of an array and the temperatures it sees."""

    device: Leg | Module
    conditions: Generator


@dataclass(frozen=True, eq=False)
class ArrayOperation:
    """What is imposed on the terminals: one of current (A), voltage (V) and load (ohm or a word)."""

    current: Any = None
    voltage: Any = None
    load: Any = None

    def __post_init__(self) -> None:
        faults = Faults()
        given = [name for name in OPERATION if getattr(self, name) is not None]
        if not faults.only_one(**{name: getattr(self, name) for name in OPERATION}):
            object.__setattr__(self, "load", "max_power")
        for name in given:
            value = getattr(self, name)
            if name == "load" and isinstance(value, str) and value.replace("_", "").isalpha():
                if value not in AIMS:
                    expected = '"max_power" or "sweep" or a number with unit is expected'
                    faults.add(name, value, expected, did_you_mean(value, AIMS))
                continue
            with faults.collect():
                quantity = "load_resistance" if name == "load" else name
                object.__setattr__(self, name, to_si_array(value, quantity, name))
        faults.raise_if_any()

    @property
    def imposed(self) -> tuple[str, Any]:
        """Name and value of what is imposed."""
        given = ((name, getattr(self, name)) for name in OPERATION)
        return next((name, value) for name, value in given if value is not None)


@dataclass(frozen=True, init=False, eq=False, repr=False)
class ModuleArray(Shown):
    """Strings of modules in series, the strings in parallel, every module between its own temperatures.

    Parameters
    ----------
    device
        A `Module` or a `Leg` for all positions, or lists of them like `strings`.
    strings
        For each string a list of `Generator` conditions, one for each module in series: temperatures (or
        heat) and reservoirs. The array decides the current, so none is given there.
    bypass_voltage
        Forward voltage in V of an ideal diode beside every module, which keeps the module's voltage from
        falling below its negative; None without diodes.
    name : str
        What the device is called in results and reports.

    Examples
    --------
    >>> from ioffe.device.leg import Leg
    >>> from ioffe.device.module import Module
    >>> p, n = (Leg(f"generic {k} cooler leg", "1.6 mm", "1.4 mm x 1.4 mm") for k in "pn")
    >>> module = Module(p=p, n=n, couples=31, fill_factor=0.4)
    >>> array = ModuleArray.grid(module, T_hot=[[390, 370], [380, 360]], T_cold=300)
    >>> array.size
    (2, 2)
    """

    strings: tuple[tuple[ArrayPosition, ...], ...]
    bypass_voltage: float | None
    name: str

    def __init__(
        self,
        device: Leg | Module | Sequence[Any],
        strings: Iterable[Iterable[Generator]],
        *,
        bypass_voltage: QuantityLike | None = None,
        name: str = "",
    ) -> None:
        faults = Faults()
        given = _nested(faults, strings)
        positions = [
            [_position(faults, device, conditions, s, k) for k, conditions in enumerate(row)]
            for s, row in enumerate(given)
        ]
        if bypass_voltage is not None:
            with faults.collect("bypass_voltage"):
                bypass_voltage = to_si(bypass_voltage, "voltage")
                if bypass_voltage <= 0:
                    faults.add("bypass_voltage", bypass_voltage, "a voltage above zero is expected")
        faults.raise_if_any()
        object.__setattr__(
            self, "strings", tuple(tuple(p for p in row if p is not None) for row in positions)
        )
        object.__setattr__(self, "bypass_voltage", bypass_voltage)
        object.__setattr__(self, "name", name)

    @classmethod
    def grid(
        cls,
        device: Leg | Module | Sequence[Any],
        T_hot: Any,
        T_cold: Any,
        *,
        bypass_voltage: QuantityLike | None = None,
        name: str = "",
        **reservoirs: Any,
    ) -> ModuleArray:
        """An array from grids of temperatures.

        Parameters
        ----------
        device, T_hot, T_cold
            One for all positions, a list for one string, or a list of lists: strings, and positions
            along them.
        **reservoirs
            ``hot_resistance``, ``T_ambient`` and other numbers of the reservoirs of each module, likewise.
        bypass_voltage
            Forward voltage in V of the diodes; None without diodes.
        name : str
            What the device is called in results and reports.

        Returns
        -------
        ModuleArray
        """
        values = {"device": device, "T_hot": T_hot, "T_cold": T_cold, **reservoirs}
        tables = {key: _table(value) for key, value in values.items()}
        rows = [[len(row) for row in table] for table in tables.values() if table is not None] or [[1]]
        shape = max(rows, key=lambda row: (len(row), row))
        faults = Faults()
        for key, table in tables.items():
            if table is not None and [len(row) for row in table] != shape:
                found = [len(row) for row in table]
                expected = f"one value, or as many in every string as elsewhere, {shape}, is expected"
                faults.add(key, found, expected)
        faults.raise_if_any()

        def at(key: str, s: int, k: int) -> Any:
            table = tables[key]
            return values[key] if table is None else table[s][k]

        names = [key for key in values if key != "device"]
        strings: list[list[Generator]] = []
        for s, length in enumerate(shape):
            strings.append([])
            for k in range(length):
                with faults.collect(f"strings[{s}][{k}]"):
                    strings[-1].append(Generator(**{key: at(key, s, k) for key in names}))
        faults.raise_if_any()
        devices = [[at("device", s, k) for k in range(n)] for s, n in enumerate(shape)]
        return cls(devices, strings, bypass_voltage=bypass_voltage, name=name)

    @classmethod
    def rows(cls, module: Module, T_hot: Any, T_cold: Any, **more: Any) -> ModuleArray:
        """One module whose rows of couples, all in series, are at temperatures of their own.

        Parameters
        ----------
        module
            Its couples, footprint and leads are shared out evenly among the rows.
        T_hot, T_cold
            A temperature for all rows, or a list of one for each.
        **more
            As for `grid`; resistances of reservoirs are those of the whole module.

        Returns
        -------
        ModuleArray
            One string, with a module for each row.

        Raises
        ------
        InputError
            If the couples cannot be shared out evenly.
        """
        tables = [_table(value) for value in (T_hot, T_cold, *more.values())]
        count = max((len(table[0]) for table in tables if table is not None), default=1)
        if module.couples % count:
            expected = f"as many rows as divide the {module.couples} couples are expected"
            raise InputError(Fault("T_hot", count, expected))
        row = module.replace(
            couples=module.couples // count, series_resistance=module.series_resistance / count
        )
        for key in ("hot_resistance", "cold_resistance"):
            if key in more:
                whole = more[key] if isinstance(more[key], list | tuple | np.ndarray) else [more[key]] * count
                more[key] = [count * to_si(R, "thermal_resistance", key) for R in whole]
        T = list(T_hot) if _table(T_hot) is not None else [T_hot] * count
        return cls.grid(row, T, T_cold, **more)

    def _facts(self) -> Iterator[tuple[str, str]]:
        positions = [position for string in self.strings for position in string]
        yield "strings", "{} of up to {} modules in series".format(*self.size)
        yield from dict.fromkeys(("module", in_words(position.device)) for position in positions)
        for name in ("T_hot", "T_cold"):
            given = [getattr(position.conditions, name) for position in positions]
            known = [T for T in given if T is not None]
            if known:
                yield name, f"{format_si(min(known), name)} to {format_si(max(known), name)}"
        if self.bypass_voltage is not None:
            yield "bypass_voltage", format_si(self.bypass_voltage, "voltage")

    @property
    def size(self) -> tuple[int, int]:
        """Number of strings, and of modules in the longest one."""
        return len(self.strings), max(len(row) for row in self.strings)

    def solve(
        self,
        *,
        load: Any = None,
        current: Any = None,
        voltage: Any = None,
        fidelity: Literal["1d", "ideal"] = "1d",
        tolerance: float = 1e-9,
        maxima: bool = True,
        force: bool = False,
    ) -> ArrayResult:
        """Solve the array at its terminals; without an argument at its largest power.

        Parameters
        ----------
        load
            Load resistance in ohm or a list of it, ``"max_power"``, or ``"sweep"`` (61 currents from open to
            short circuit).
        current, voltage
            Current in A or voltage in V at the terminals, or a list, in place of `load`.
        fidelity, tolerance, maxima, force
            As for `Module.solve`.

        Returns
        -------
        ArrayResult
            Totals, and values of every module and string; the power lost against modules that each have a
            load of their own.
        """
        operation = ArrayOperation(current, voltage, load)
        return upward("solve_array")(self, operation, fidelity, tolerance, maxima, force=force)


def _table(value: Any) -> list[list[Any]] | None:
    """Nested lists of a grid; None for one value."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, list | tuple):
        return None
    nested = [list(row) if isinstance(row, list | tuple | np.ndarray) else None for row in value]
    if any(row is None for row in nested):
        return [list(value)]
    return [row for row in nested if row is not None]


def _nested(faults: Faults, strings: Any) -> list[list[Any]]:
    rows = list(strings) if isinstance(strings, Iterable) else []
    if not rows or not all(isinstance(row, list | tuple) and len(row) for row in rows):
        faults.add("strings", strings, "a list of strings, each a list of Generator conditions, is expected")
        return []
    return [list(row) for row in rows]


def _position(faults: Faults, device: Any, conditions: Any, s: int, k: int) -> ArrayPosition | None:
    where = f"strings[{s}][{k}]"
    if not isinstance(device, Leg | Module):
        try:
            device = device[s][k]
        except (IndexError, TypeError):
            expected = f"a Module or a Leg, or lists of them like strings, is expected at {where}"
            faults.add("device", device, expected)
            return None
    if not isinstance(device, Leg | Module):
        faults.add(f"device[{s}][{k}]", device, "a Module or a Leg is expected")
        return None
    if not isinstance(conditions, Generator):
        faults.add(where, conditions, "Generator conditions are expected")
        return None
    words = [getattr(conditions, name) for name in OPERATION]
    if any(w is not None and not (isinstance(w, str) and w == "max_power") for w in words):
        faults.add(where, expected="no current, voltage or load is expected: the array decides it")
    for name in ("T_hot", "T_cold", "heat"):
        if isinstance(getattr(conditions, name), np.ndarray):
            faults.add(f"{where}.{name}", getattr(conditions, name), "one value is expected")
    legs = (device.p, device.n) if isinstance(device, Module) else (device,)
    if conditions.T_ambient is None and any(leg.side is not None for leg in legs):
        faults.add(f"{where}.T_ambient", expected="a temperature is expected for the side losses")
    return ArrayPosition(device, conditions)
