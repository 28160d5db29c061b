"""The result of an array: totals, modules, strings, and the power lost to mismatch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.base.quantities import quantity
from ioffe.base.saved import Tabular, largest, plain
from ioffe.base.units import format_si
from ioffe.device.conditions import Array
from ioffe.device.status import Status
from ioffe.result.components import Components
from ioffe.result.steady import citations

if TYPE_CHECKING:
    from ioffe.device.array import ModuleArray, Operation
    from ioffe.result.steady import Result

POINTS = ("current", "voltage", "power", "heat_hot", "heat_cold", "efficiency")
MAXIMA = (
    *("open_circuit_voltage", "internal_resistance", "short_circuit_current"),
    *("max_power", "max_power_current", "separate_power", "mismatch_loss", "mismatch"),
)


@dataclass(frozen=True, eq=False, repr=False)
class ArrayResult(Tabular):
    """Operating points of an array of modules.

    Totals (`current`, `voltage`, `power`, `heat_hot`, `heat_cold`, `efficiency`) are floats for one operating
    point, otherwise arrays along `axes`. `max_power`, `open_circuit_voltage`, `short_circuit_current` and
    `internal_resistance` are those of the array. `separate_power` is the sum of the largest powers of the
    modules, each with a load of its own; `mismatch_loss` (W) and `mismatch` (a share) are what the wiring
    takes from it at the largest power of the array.

    `modules` holds values of every module with the axes string and place behind those of the operating
    points, NaN beyond the end of a shorter string; `strings` holds those of every string.
    """

    values: Mapping[str, Array]
    axes: Mapping[str, Array]
    modules: Components
    strings: Components
    point_status: NDArray[np.int_]
    point_balance: Array
    point_error: Array
    warnings: tuple[str, ...]
    array: ModuleArray
    operation: Operation
    fidelity: str
    tolerance: float

    def __getattr__(self, name: str) -> Any:
        values = self.__dict__.get("values", {})
        if name in values:
            found = values[name]
            return float(found) if found.ndim == 0 else found
        raise AttributeError(
            f"an array result has no {name!r}; {did_you_mean(name, values) or ''}".rstrip("; ")
        )

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.values]

    @property
    def status(self) -> Status:
        """The worst status of all operating points."""
        return Status(int(np.max(self.point_status)))

    @property
    def balance(self) -> float:
        """Largest |heat in - heat out - losses - power| of the solved points, relative to the largest."""
        return largest(self.point_balance)

    @property
    def error_estimate(self) -> float:
        """Largest estimated relative error of the heat flow of a module."""
        return largest(self.point_error)

    def module(self, string: int, place: int, index: int = 0) -> Result:
        """`Result` of one module at its current, with its profile.

        Parameters
        ----------
        string, place
            Where it stands in the array.
        index
            Operating point.

        Raises
        ------
        InputError
            If there is no such place or point, or it has no solution.
        """
        try:
            at = self.array.strings[string][place]
            current = self.modules.current.reshape(-1, *self.array.size)[index, string, place]
        except IndexError:
            expected = f"a place of the array {self.array.size} and one of its operating points is expected"
            raise InputError(Fault("module", (string, place, index), expected)) from None
        if not np.isfinite(current):
            raise InputError(Fault("module", (string, place, index), "a solved point is expected"))
        conditions = at.conditions.replace(current=float(current), load=None)
        return at.device.solve(conditions, self.fidelity, tolerance=self.tolerance)  # pyright: ignore[reportArgumentType]

    def __repr__(self) -> str:
        n = self.point_status.size
        strings, places = self.array.size
        points = "1 operating point" if n == 1 else f"{n} operating points"
        size = f"{strings} x {places} modules in parallel strings"
        lines = [f"{self.array.name or 'ModuleArray'}: {size}, fidelity {self.fidelity}, {points}"]
        if n == 1:
            lines += [_line(key, self.values[key]) for key in POINTS]
        else:
            lines.append("  axes: " + ", ".join(f"{k} ({len(v)})" for k, v in self.axes.items()))
        lines += [_line(key, self.values[key]) for key in MAXIMA if key in self.values]
        lines.append(f"  status: {self.status.name.lower()}. {self.status.advice}")
        lines.append(f"  energy balance {self.balance:.1e}, estimated error {self.error_estimate:.1e}")
        lines += [f"  warning: {w}" for w in self.warnings]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Everything in SI units with the keys of the quantity table, ready for JSON (NaN becomes None)."""
        from ioffe import __version__

        name, value = self.operation.imposed
        keys = [*self.values, *self.modules.values, *self.strings.values]
        return {
            "format": 1,
            "ioffe": __version__,
            "mode": "generate",
            "name": self.array.name,
            "fidelity": self.fidelity,
            "status": self.status.name.lower(),
            "advice": self.status.advice,
            "balance": plain(np.asarray(self.balance)),
            "error_estimate": plain(np.asarray(self.error_estimate)),
            "tolerance": self.tolerance,
            "warnings": list(self.warnings),
            "operation": {name: value.tolist() if isinstance(value, np.ndarray) else value},
            "bypass_voltage": self.array.bypass_voltage,
            "axes": {k: plain(v) for k, v in self.axes.items()},
            "point_status": _names(self.point_status),
            **{k: plain(v) for k, v in self.values.items()},
            "modules": self.modules.to_dict(),
            "strings": self.strings.to_dict(),
            "units": {k: quantity(k).unit for k in dict.fromkeys(keys)},
            "citations": self.citations(),
        }

    def rows(self) -> tuple[list[str], list[list[Any]]]:
        """Header and rows of a table with one row for each module at each operating point, SI units."""
        strings, places = self.array.size
        keys = list(self.modules.values)
        columns = [self.modules.values[k].reshape(-1, strings, places) for k in keys]
        rows: list[list[Any]] = []
        for point in range(self.point_status.size):
            for s, string in enumerate(self.array.strings):
                rows += [[point, s, k, *(float(c[point, s, k]) for c in columns)] for k in range(len(string))]
        return ["point", "string", "place", *(f"{k} ({quantity(k).unit})" for k in keys)], rows

    def citations(self) -> list[str]:
        """What to cite: this program and the sources of the materials."""
        devices = [place.device for string in self.array.strings for place in string]
        return list(dict.fromkeys(line for device in devices for line in citations(device)))


def _line(key: str, values: Array) -> str:
    flat = values.ravel()
    shown = ", ".join("none" if np.isnan(v) else format_si(float(v), key) for v in flat[:8])
    return f"  {key}: {shown}"


def _names(codes: NDArray[np.int_]) -> Any:
    return Status(int(codes)).name.lower() if codes.ndim == 0 else [_names(c) for c in codes]
