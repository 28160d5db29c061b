"""Derivatives of solved operating points to the numbers and tables of a device.

The engine knows how results depend on the numbers of the network's elements (`engine.adjoint`). How those
follow from a device is an explicit formula, `assemble`, which a complex step differentiates without error
(J. R. R. A. Martins, P. Sturdza and J. J. Alonso, ACM Trans. Math. Softw. 29 (2003) 245,
doi 10.1145/838250.838251).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.curve import Curve
from ioffe.base.curve.derivative import cells_by_number, defining_numbers
from ioffe.device.cascade import Device
from ioffe.device.conditions import Conditions, Generator
from ioffe.device.parameters import CONDITIONS, field_of, is_count, layers, materials, varied
from ioffe.device.parts import stack_parts
from ioffe.engine import element_adjoint
from ioffe.engine.adjoint import Adjoint, Output, adjoint
from ioffe.engine.element_adjoint import ElementNumber
from ioffe.engine.elements import Plate, Sheet
from ioffe.engine.network import Cases, Drive, Network, Solution
from ioffe.engine.segment_adjoint import PROPERTIES
from ioffe.engine.state import RUNAWAY
from ioffe.engine.table import PropertyTable, resample
from ioffe.solve.assemble import Assembly, assemble
from ioffe.solve.gradient.names import curves, stacks, value
from ioffe.solve.task import quantities

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Dual:
    """Values of cases and their derivatives to every parameter; arithmetic applies the rules of calculus.

    >>> x = Dual(np.array([3.0]), np.array([[1.0], [0.0]]))
    >>> y = Dual(np.array([2.0]), np.array([[0.0], [1.0]]))
    >>> (2.0 * x / y).slope[:, 0]
    array([ 1. , -1.5])
    """

    value: Array
    """Shape (cases,)."""
    slope: Array
    """Shape (parameters, cases)."""

    # NumPy's scalars leave the arithmetic to this class
    __array_ufunc__ = None

    def __add__(self, other: Dual) -> Dual:
        return Dual(self.value + other.value, self.slope + other.slope)

    def __sub__(self, other: Dual) -> Dual:
        return Dual(self.value - other.value, self.slope - other.slope)

    def __mul__(self, other: Dual | float) -> Dual:
        if not isinstance(other, Dual):
            return Dual(self.value * other, self.slope * other)
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def __rmul__(self, other: float) -> Dual:
        return self * other

    def __truediv__(self, other: Dual) -> Dual:
        value = self.value / other.value
        return Dual(value, (self.slope - value * other.slope) / other.value)

    def take(self, cases: Any) -> Dual:
        """Some of the cases."""
        return Dual(self.value[cases], self.slope[:, cases])

    def moved(self, along: Array) -> Dual:
        """The last parameter, the current, follows the others, by its slope (parameters - 1, cases)."""
        with np.errstate(invalid="ignore"):
            return Dual(self.value, self.slope[:-1] + self.slope[-1] * along)


STEP = 1e-100
"""Imaginary step: so small that its square vanishes, so that no rounding follows from a difference."""
RESISTANCES = ("thermal_contact_resistance", "thermal_resistance")
"""Quantities that may be 0, so that an element appears with them."""
MEMORY = 4_000_000
"""Numbers held at once: few enough to stay near the processor."""
Outputs = tuple[Output, ...]
Imposed = Mapping[str, Mapping[str, Any]]
"""By parameter: how fast it moves what is imposed on each case, by the names of `Drive`."""


@dataclass(frozen=True, eq=False)
class TableEntry:
    """Where a table enters the network."""

    group: str
    index: int
    layer: int
    """Index among the layers of a sheet."""
    name: str
    """Property of the engine's table."""
    cells: Array
    """The table's cells for each number behind the curve, shape (numbers, cells, 4)."""


class Sensitivity:
    """Derivatives of solved cases to chosen parameters.

    Parameters
    ----------
    device, conditions
        As for `assemble`; their numbers may be arrays (n,), one for each case, and `conditions` too.
    paths
        Full paths of numbers and tables; see `names.full`.
    ideal
        Whether the cases were solved with the constant-property formulas.

    Attributes
    ----------
    slots : dict
        Index of every path along the axis of parameters; a table has one for each of its numbers.
    count : int
        Length of that axis.
    """

    def __init__(
        self, device: Device, conditions: Conditions, paths: Sequence[str], *, ideal: bool = False
    ) -> None:
        self.tables = tables = {k: c for k, c in curves(device).items() if k in paths}
        self.paths, self.ideal, self.generates = tuple(paths), ideal, isinstance(conditions, Generator)
        self.slots: dict[str, slice] = {}
        self.count = 0
        for path in paths:
            size = len(defining_numbers(tables[path])) if path in tables else 1
            self.slots[path] = slice(self.count, self.count + size)
            self.count += size
        numbers = [p for p in paths if p not in tables and not (p in CONDITIONS and field_of(p).imposed)]
        self._rows = np.array([self.slots[p].start for p in numbers], int)
        thermal = any(not is_count(p) and field_of(p).quantity in RESISTANCES for p in numbers)
        whole = _differentiated(device, conditions, numbers, thermal)
        self.chain, self.network = _real(whole.network)
        self.couples, self.footprint = self._dual(whole.couples), self._dual(whole.footprint)
        self.assembly = replace(whole, network=self.network)
        self._entered = {path: _entries(device, self.assembly, path, curve) for path, curve in tables.items()}

    def _dual(self, number: Any) -> Dual:
        """A number of the device with its slopes, from the rows of a complex step."""
        rows: Any = np.asarray(number)
        if not np.iscomplexobj(rows):
            return Dual(np.atleast_1d(rows).astype(float), np.zeros((1, 1)))
        return Dual(rows.real[0], self._slope(rows.imag / STEP))

    def _slope(self, rows: Array) -> Array:
        """Slopes by all parameters and the current from those by the numbers of the device."""
        slope = np.zeros((self.count + 1, rows.shape[1]))
        slope[self._rows] = rows
        return slope

    def quantities(
        self, drive: Drive, solution: Solution, imposed: Imposed, cases: Cases | None = None
    ) -> dict[str, Dual]:
        """What a result tells of every case, with slopes at fixed drive; NaN where there is no solution.

        The last slope, behind those of the parameters, is to the current where that is imposed.

        `drive`, `solution`: cases of the network of `assemble(device, conditions)`.
        `imposed`: how parameters move the drive.
        `cases`: for each case, its index among the arrays of the device; by default they are in step.
        """
        a = self.assembly
        nodes = (a.network.hot, a.network.cold, a.hot_junction, a.cold_junction)
        flows: Outputs = ("voltage", "current", "heat_hot", "heat_cold")
        outputs = (*flows, *dict.fromkeys(nodes))
        slopes = np.full((len(outputs), self.count + 1, len(drive)), np.nan)
        good = np.flatnonzero((solution.code < RUNAWAY) & np.isfinite(solution.current))
        # numbers that one case needs for the tables
        width = sum(50 * entry.cells[0].size for entries in self._entered.values() for entry in entries)
        size = max(1, int(MEMORY / (1000 + width)))
        for k in (good[i : i + size] for i in range(0, len(good), size)):
            part = self._part(solution, drive, k)
            where = k if cases is None else cases[k]
            slopes[..., k] = self._slopes(drive.take(k), part, imposed, outputs, k, where)
        T = self._temperatures(solution, drive)
        values = (T[o] if isinstance(o, int) else getattr(solution, o) for o in outputs)
        found = {o: Dual(v, s) for o, v, s in zip(outputs, values, slopes, strict=True)}
        solved: Any = SimpleNamespace(T=found, **{str(o): found[o] for o in flows})
        with np.errstate(all="ignore"):
            return quantities(self._device(cases), solved, self.generates)

    def _device(self, cases: Cases | None) -> Any:
        """What `quantities` asks of an assembly, its numbers with their slopes."""
        by_area = self.chain.get(("legs", 0, "area"), np.zeros((len(self._rows), 1)))
        area = Dual(np.atleast_1d(self.network.legs[0].area), self._slope(by_area))
        couples, footprint = self.couples, self.footprint
        if cases is not None:
            area, couples, footprint = (_spread(x, cases) for x in (area, couples, footprint))
        ends = {"hot": self.network.hot, "cold": self.network.cold}
        return SimpleNamespace(
            network=SimpleNamespace(**ends, legs=(SimpleNamespace(area=area),)),
            couples=couples,
            footprint=footprint,
            hot_junction=self.assembly.hot_junction,
            cold_junction=self.assembly.cold_junction,
        )

    def _part(self, solution: Solution, drive: Drive, k: Cases) -> Solution:
        return replace(solution.part(k), T=self._temperatures(solution, drive)[:, k])

    def _temperatures(self, solution: Solution, drive: Drive) -> Array:
        """Temperatures of the nodes of this network, which has resistances and exposures of zero too."""
        known = (
            [solution.T] if self.network.joined.max() < len(solution.T) else [solution.T, drive.ambient[None]]
        )
        return np.concatenate(known)[self.network.joined]

    def _slopes(
        self, drive: Drive, solution: Solution, imposed: Imposed, outputs: Outputs, k: Cases, where: Cases
    ) -> Array:
        """Slopes (outputs, parameters + 1, cases) of cases that all have a solution."""
        with np.errstate(all="ignore"):
            a = adjoint(self.network.take(where), drive, solution, outputs, ideal=self.ideal)
            found = np.zeros((len(outputs), self.count + 1, len(k)))
            self._add_numbers(found, a, element_adjoint.number_derivatives(a, self.chain), where)
            self._add_dependences(found, a, where)
            for path, moved in imposed.items():
                for name, factor in moved.items():
                    if path in self.slots and name in a.imposed:
                        rate = factor[k] if isinstance(factor, np.ndarray) else factor
                        found[:, self.slots[path].start] += rate * a.imposed[name]
            if "current" in a.imposed:
                found[:, -1] = a.imposed["current"]
        return found

    def _add_numbers(self, found: Array, a: Adjoint, by: Mapping[ElementNumber, Array], where: Cases) -> None:
        for number, derivative in by.items():
            chain = self.chain.get(number)
            if chain is not None:
                used = np.flatnonzero(chain.any(axis=1))
                rate = chain[used] if chain.shape[1] == 1 else chain[used][:, where]
                found[:, self._rows[used]] += derivative[:, None] * rate

    def _add_dependences(self, found: Array, a: Adjoint, where: Cases) -> None:
        """What acts inside the segments and layers: tables and side losses."""
        entering = [(path, p) for path, places in self._entered.items() for p in places]
        with_table = {p.index for _, p in entering if p.group == "legs"}
        with_side = set() if self.ideal else self._with_side()
        for k in sorted(with_table | with_side):
            side = k in with_side
            how = element_adjoint.dependence(a, k, side=side)
            if side:
                by = element_adjoint.side_derivatives(a, k, how)
                if "T_ambient" in self.slots:
                    found[:, self.slots["T_ambient"].start] += by["ambient"]
                self._add_numbers(found, a, {("legs", k, n): v for n, v in by.items()}, where)
            for path, p in entering:
                if p.group == "legs" and p.index == k:
                    rows = element_adjoint.table_derivatives(a, k, how, {p.name: p.cells})
                    found[:, self.slots[path]] += rows[p.name]
        for path, p in entering:
            if p.group == "passive":
                plate: Any = a.network.passive[p.index]
                found[:, self.slots[path]] += element_adjoint.plate_derivatives(a, plate, p.cells)
            elif p.group == "joule":
                sheet: Any = a.network.joule[p.index]
                found[:, self.slots[path]] += element_adjoint.sheet_derivatives(a, sheet, p.layer, p.cells)

    def _with_side(self) -> set[int]:
        """Segments of whose side losses something depends on a parameter."""
        found = set()
        for k, leg in enumerate(self.network.legs):
            lossy = bool(np.any(leg.convection) or np.any(leg.radiation))
            moved = ("convection", "radiation", *(("length",) if lossy else ()))
            if any(("legs", k, name) in self.chain for name in moved) or (
                lossy and "T_ambient" in self.slots
            ):
                found.add(k)
        return found


def _spread(dual: Dual, cases: Cases) -> Dual:
    """A number of the device for repeated cases."""
    value = dual.value if len(dual.value) == 1 else dual.value[cases]
    return Dual(value, dual.slope if dual.slope.shape[1] == 1 else dual.slope[:, cases])


def _differentiated(device: Device, conditions: Conditions, paths: Sequence[str], thermal: bool) -> Assembly:
    """The assembly with rows of a complex step on the first axis of its numbers, one row for each path."""
    rows: dict[str, Any] = {}
    for k, path in enumerate(paths):
        here = np.atleast_1d(np.asarray(value(device, conditions, path), float))
        rows[path] = np.zeros((len(paths), len(here)), complex) + here
        rows[path][k] += 1j * STEP
    return assemble(*varied(device, conditions, rows), keep_zero=True, jumps=thermal)


def _real(network: Network) -> tuple[dict[ElementNumber, Array], Network]:
    """Slopes of the elements' numbers, rows on their first axis, and the network without them."""
    chain: dict[ElementNumber, Array] = {}

    def real(name: ElementNumber, number: Any) -> Any:
        if not np.iscomplexobj(number):
            return number
        if number.imag.any():
            chain[name] = number.imag / STEP
        return float(number.real[0, 0]) if number.shape[1] == 1 else number.real[0]

    def element(group: str, k: int, e: Any) -> Any:
        changes: dict[str, Any] = {n: real((group, k, n), v) for n, v in vars(e).items() if n != "sheets"}
        if isinstance(e, Sheet):
            named = ((t, real((group, k, f"sheets[{i}]"), d)) for i, (t, d) in enumerate(e.sheets))
            changes["sheets"] = tuple(named)
        return replace(e, **changes)

    groups = {name: getattr(network, name) for name in ("legs", "passive", "joule", "jumps")}
    found = {name: tuple(element(name, k, e) for k, e in enumerate(v)) for name, v in groups.items()}
    return chain, replace(network, **found)


def _entries(device: Device, assembly: Assembly, path: str, curve: Curve) -> list[TableEntry]:
    """Where a curve enters the network."""
    of, _, quantity = path.rpartition(".")
    name = {"seebeck": "seebeck", "thermal_conductivity": "conductivity"}.get(quantity, "electrical")
    assert name in PROPERTIES
    return [
        TableEntry(group, index, layer, name, _on_table(curve, table))
        for material, group, index, layer, table in _elements(device, assembly)
        if material == of and not (group == "joule" and name != "electrical")
        if not (group == "passive" and name != "conductivity")
    ]


def _elements(device: Device, assembly: Assembly) -> list[tuple[str, str, int, int, PropertyTable]]:
    """(path of the material, group, index, layer of a sheet, table) of every element that has a table."""
    found: list[tuple[str, str, int, int, PropertyTable]] = []
    network, paths = assembly.network, iter(materials(device))
    cut = (piece for piece in assembly.pieces if piece.leg_index >= 0)
    for _, pieces in groupby(cut, key=lambda piece: (piece.stage, piece.part, piece.segment)):
        path = next(paths)
        found += [(path, "legs", p.leg_index, 0, network.legs[p.leg_index].table) for p in pieces]
    plates = iter((k, e) for k, e in enumerate(network.passive) if isinstance(e, Plate))
    sheets = iter((k, e) for k, e in enumerate(network.joule) if isinstance(e, Sheet))
    for _, own in groupby(layers(device), key=lambda item: item[0].rpartition("[")[0]):
        inwards = [path for path, _ in own]
        # stacks are built from their outer face
        for path in inwards if inwards[0].startswith("between") else reversed(inwards):
            k, plate = next(plates)
            found.append((f"{path}.material", "passive", k, 0, plate.table))
    for side, stack in stacks(device):
        if bridge := stack_parts(stack).electrode:
            k, sheet = next(sheets)
            for layer, (i, (table, _)) in enumerate(zip(bridge, sheet.sheets, strict=True)):
                found.append((f"{side}[{i}].material", "joule", k, layer, table))
    return found


def _on_table(curve: Curve, table: PropertyTable) -> Array:
    """Cells on the table's knots for each number behind the curve."""
    return np.stack([resample((curve.knots, cells), table.knots) for cells in cells_by_number(curve)])
