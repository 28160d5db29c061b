"""The result of an array: totals, modules, strings, and the power lost to mismatch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError
from ioffe.base.result import BaseResult
from ioffe.base.table import ResultTable, table
from ioffe.device.cascade import materials_of
from ioffe.result.device import shown

if TYPE_CHECKING:
    from ioffe.device.array import ArrayOperation, ModuleArray
    from ioffe.result.steady import Result

Array = NDArray[np.float64]
POINTS = ("current", "voltage", "power", "heat_hot", "heat_cold", "efficiency")
MAXIMA = (
    *("open_circuit_voltage", "internal_resistance", "short_circuit_current"),
    *("max_power", "max_power_current", "separate_power", "mismatch_loss", "mismatch"),
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ArrayResult(BaseResult):
    """Operating points of an array of modules.

    Totals (`current`, `voltage`, `power`, `heat_hot`, `heat_cold`, `efficiency`) are floats for one operating
    point, otherwise arrays along `axes`. `max_power`, `open_circuit_voltage`, `short_circuit_current` and
    `internal_resistance` are those of the array. `separate_power` is the sum of the largest powers of the
    modules, each with a load of its own; `mismatch_loss` (W) and `mismatch` (a share) are what the wiring
    takes from it at the largest power of the array.

    `modules` holds values of every module with the axes string and position behind those of the operating
    points, NaN beyond the end of a shorter string; `strings` holds those of every string.

    Its tables are ``points``, ``modules`` and ``strings``.

    Attributes
    ----------
    values : mapping of str to ndarray
        Totals and maxima by name, in SI.
    axes : mapping of str to ndarray
        Axes of the operating points.
    modules, strings : ResultTable
        Values of every module and of every string.
    array : ModuleArray
    operation : ArrayOperation
        What was imposed at the terminals.
    fidelity : str
    tolerance : float
        Relative error that was allowed.
    point_status, point_energy_balance, point_error_estimate, interpolation, warnings, notes, conditions
        As of every result, see `ioffe.base.result.BaseResult`.

    Examples
    --------
    >>> import ioffe as te
    >>> simple = te.Material.from_arrays(
    ...     name="simple", carrier="p", T=[200, 800], seebeck=[2e-4, 2e-4],
    ...     electrical_conductivity=[1e5, 1e5], thermal_conductivity=[2.0, 2.0])
    >>> leg = te.Leg(simple, length="5 mm", area="9 mm2")
    >>> found = te.ModuleArray.grid(leg, T_hot=[[500, 400]], T_cold=300).solve()  # two legs in series
    >>> print(f"{found.max_power:.6f} W of {found.separate_power:.6f} W")  # (S 300 K)^2/(8 R)
    0.081000 W of 0.090000 W
    """

    kind: ClassVar[str] = "array"

    values: Mapping[str, Array]
    axes: Mapping[str, Array]
    modules: ResultTable
    strings: ResultTable
    array: ModuleArray
    operation: ArrayOperation
    fidelity: str
    tolerance: float

    def _noun(self) -> str:
        return "an array result"

    def _materials(self) -> Iterator[Any]:
        return (m for string in self.array.strings for at in string for m in materials_of(at.device))

    def module(self, string: int, position: int, index: int = 0) -> Result:
        """`Result` of one module at its current, with its profile.

        Parameters
        ----------
        string, position
            Its indices in the array.
        index
            Operating point.

        Returns
        -------
        Result

        Raises
        ------
        InputError
            If there is no such position or point, or it has no solution.
        """
        try:
            at = self.array.strings[string][position]
            current = self.modules.current.reshape(-1, *self.array.size)[index, string, position]
        except IndexError:
            expected = (
                f"a position of the array {self.array.size} and one of its operating points is expected"
            )
            raise InputError(Fault("module", (string, position, index), expected)) from None
        if not np.isfinite(current):
            raise InputError(Fault("module", (string, position, index), "a solved point is expected"))
        conditions = at.conditions.replace(current=float(current), load=None)
        fidelity: Any = self.fidelity
        return at.device.solve(conditions, fidelity, tolerance=self.tolerance, force=True)

    def tables(self) -> dict[str, ResultTable]:
        """``points`` of the array, those of all ``modules`` (NaN where there is none), and ``strings``."""
        maxima = {k: ((), v) for k, v in self.values.items() if k in MAXIMA}
        points = {k: v for k, v in self.values.items() if k not in MAXIMA}
        quality = {
            "point_status": self.status_type.words(self.point_status),
            "point_energy_balance": self.point_energy_balance,
            "point_error_estimate": self.point_error_estimate,
        }
        found = table(self.axes, {**points, **maxima, **quality})
        return {"points": found, "modules": self.modules, "strings": self.strings}

    def _header(self) -> dict[str, Any]:
        return {
            "mode": "generate",
            "name": self.array.name,
            "fidelity": self.fidelity,
            "tolerance": self.tolerance,
            "operation": dict([self.operation.imposed]),
            "bypass_voltage": self.array.bypass_voltage,
        }

    def _title(self) -> str:
        n, (strings, length) = self.point_status.size, self.array.size
        points = "1 operating point" if n == 1 else f"{n} operating points"
        size = f"{strings} x {length} modules in parallel strings"
        return f"{self.array.name or 'ModuleArray'}: {size}, fidelity {self.fidelity}, {points}"

    def _facts(self) -> Iterator[tuple[str, str]]:
        keys = POINTS if self.point_status.size == 1 else ()
        if not keys:
            yield "axes", ", ".join(f"{k} ({len(v)})" for k, v in self.axes.items())
        for key in (*keys, *MAXIMA):
            if key in self.values:
                yield key, shown(self.values[key], key)
        yield from self._quality()
