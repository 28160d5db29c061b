"""Shortlist of coolers from a list of data sheets for a heat load, temperatures and a heat sink.

>>> from ioffe.measured.data_sheets import DataSheet
>>> small = DataSheet("small", 31, 298.0, 3.0, 3.8, 6.5, 67.0)
>>> large = DataSheet("large", 127, 298.0, 6.0, 15.4, 52.0, 67.0)
>>> found = select([small, large], heat="15 W", T_cold="280 K", T_ambient="298 K", sink="0.3 K/W")
>>> found.names, found.reached
(('large', 'small'), (True, False))
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import ConvergenceError, Faults, InputError
from ioffe.base.result import BaseResult
from ioffe.base.status import Status
from ioffe.base.table import ResultTable, table
from ioffe.base.units import format_si, to_si
from ioffe.device.conditions import Cooler
from ioffe.measured.data_sheets import DataSheet, EquivalentModule, equivalent_module

ROUNDS: Final = 2
"""Solves after each of which the properties are those of the hot face that it found."""
COLUMNS: Final = ("COP", "current", "voltage", "power", "heat_hot", "T_hot_junction", "max_heat")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Shortlist(BaseResult):
    """Modules of a list at a task, those that do it first, by their COP.

    Attributes
    ----------
    names : tuple of str
        Of the modules.
    reached : tuple of bool
        Whether each carries the heat.
    values : mapping of str to ndarray of shape (modules,)
        ``COP``, ``current``, ``voltage``, ``power`` and ``heat_hot`` of one module, ``T_hot_junction``,
        ``max_heat``: the largest heat that it carries at these temperatures.
    count : int
        Modules side by side that share the heat and the sink.

    Examples
    --------
    >>> from ioffe.measured.data_sheets import DataSheet
    >>> sheet = DataSheet("M", 127, T_hot=298.0, I_max=6.0, V_max=15.4, Q_max=52.0, delta_T_max=67.0)
    >>> select([sheet], heat=15.0, T_cold=280.0, T_ambient=298.0, sink=0.3).values["COP"].round(1)
    array([0.9])
    """

    kind: ClassVar[str] = "selection"

    names: tuple[str, ...]
    reached: tuple[bool, ...]
    values: dict[str, Array]
    sources: tuple[str, ...]
    heat: float
    count: int

    def _named(self) -> dict[str, Array]:
        return self.__dict__.get("values", {})

    def tables(self) -> dict[str, ResultTable]:
        """The modules in their order.

        Returns
        -------
        dict of str to ResultTable
            ``modules``, in SI.
        """
        columns = {"reached": np.array(self.reached), **self.values, "source": np.array(self.sources)}
        return {"modules": table({"module": np.array(self.names)}, columns)}

    def _header(self) -> dict[str, Any]:
        return {"heat": self.heat, "count": self.count}

    def _title(self) -> str:
        return f"{sum(self.reached)} of {len(self.names)} modules carry {format_si(self.heat, 'heat')}"

    def _facts(self) -> Iterator[tuple[str, str]]:
        for k, name in enumerate(self.names):
            if self.reached[k]:
                shown = (f"{key} {format_si(float(self.values[key][k]), key)}" for key in COLUMNS[:4])
                yield name, ", ".join(shown)
            else:
                yield name, f"carries {format_si(float(self.values['max_heat'][k]), 'heat')} at most"
        yield from self._quality()


def select(
    sheets: Sequence[DataSheet],
    *,
    heat: object,
    T_cold: object,
    T_ambient: object,
    sink: object = 0.0,
    cold_resistance: object = 0.0,
    count: int = 1,
) -> Shortlist:
    """Compute which modules of a list carry a heat load, and how well.

    Parameters
    ----------
    sheets : sequence of DataSheet
        As `read_data_sheets` gives them; several of one name are met together.
    heat : float or str
        Heat load in W.
    T_cold, T_ambient : float or str
        Temperatures in K of what is cooled, and of the air or water that takes the heat.
    sink : float or str
        Thermal resistance in K/W from the hot face to `T_ambient`.
    cold_resistance : float or str
        Likewise from what is cooled to the cold face.
    count : int
        Modules side by side, which share the heat and the sink.

    Returns
    -------
    Shortlist
        At the smaller current of the two that carry the heat.

    Raises
    ------
    InputError
        With every fault of the task, and of the sheets if none can be used; single ones that cannot are left
        out with a warning.

    Examples
    --------
    >>> sheet = DataSheet("M", 127, T_hot=298.0, I_max=6.0, V_max=15.4, Q_max=52.0, delta_T_max=67.0)
    >>> select([sheet], heat="100 W", T_cold="280 K", T_ambient="298 K").reached
    (False,)
    """
    given = {"heat": (heat, "heat"), "T_cold": (T_cold, "T_cold"), "T_ambient": (T_ambient, "T_ambient")}
    given |= {
        "sink": (sink, "thermal_resistance"),
        "cold_resistance": (cold_resistance, "thermal_resistance"),
    }
    task: dict[str, float] = {}
    with Faults() as faults:
        for name, (value, quantity) in given.items():
            with faults.collect():
                task[name] = to_si(value, quantity, name)
        if count < 1:
            faults.add("count", count, "a number of modules from 1 on is expected")
        if not sheets:
            faults.add("sheets", expected="a list of data sheets is expected")
    rows, notes, unusable = [], [], Faults()
    for name, own in of_one_name(sheets).items():
        try:
            equivalent = equivalent_module(own)
        except ConvergenceError as error:
            notes.append(f"left out: {error}")
            continue
        except InputError as error:
            notes += [f"left out: {fault}" for fault in error.faults]
            for fault in error.faults:
                unusable.add(fault.location, fault.value, fault.expected, fault.advice)
            continue
        rows.append((name, own[0].source, _solved(equivalent, task, count)))
    if not rows:
        unusable.raise_if_any()
    rows.sort(
        key=lambda row: (not np.isfinite(row[2]["COP"]), -np.nan_to_num(row[2]["COP"]), -row[2]["max_heat"])
    )
    values = {key: np.array([row[2][key] for row in rows]) for key in COLUMNS}
    return Shortlist(
        names=tuple(row[0] for row in rows),
        reached=tuple(bool(np.isfinite(row[2]["COP"])) for row in rows),
        values=values,
        sources=tuple(row[1] for row in rows),
        heat=task["heat"],
        count=count,
        point_status=np.where(np.isfinite(values["COP"]), int(Status.OK), int(Status.UNREACHABLE)),
        warnings=tuple(notes),
        conditions=task,
    )


def _solved(found: EquivalentModule, task: dict[str, float], count: int) -> dict[str, float]:
    """One module at its share of the task; NaN where it does not carry the heat."""
    options: Any = {
        "hot_resistance": task["sink"] * count,
        "cold_resistance": task["cold_resistance"] * count,
    }
    conditions = Cooler(T_hot=task["T_ambient"], T_cold=task["T_cold"], heat=task["heat"] / count, **options)
    hot = task["T_ambient"]
    result: Any = None
    # its properties are constant along the legs, for which the closed forms are exact
    how: Any = {"maxima": False, "fidelity": "ideal"}
    for _ in range(ROUNDS):
        result = found.at(hot).solve(conditions, **how)
        hot = float(result.T_hot_junction) if np.isfinite(result.T_hot_junction) else hot
    # a module that does not carry the heat has no hot face; its largest heat tells how much is missing
    most = found.at(hot).solve(conditions.replace(heat=None, current="max_heat"), **how)
    values = {key: float(result.values[key]) for key in COLUMNS if key in result.values}
    values["COP"] = float(result.heat_cold / result.power) if np.isfinite(result.power) else float("nan")
    return {**dict.fromkeys(COLUMNS, float("nan")), **values, "max_heat": float(most.heat_cold)}


def of_one_name(sheets: Sequence[DataSheet]) -> dict[str, tuple[DataSheet, ...]]:
    """Data sheets of the same module together.

    Returns: by the name.

    >>> one = DataSheet("M", 127, T_hot=298.0, I_max=6.0, V_max=15.4, Q_max=52.0, delta_T_max=67.0)
    >>> list(of_one_name([one, one]))
    ['M']
    """
    found: dict[str, tuple[DataSheet, ...]] = {}
    for one in sheets:
        found[one.name] = (*found.get(one.name, ()), one)
    return found
