"""Numbers along named axes, with their units: what every result holds.

>>> import numpy as np
>>> found = table({"T_hot": [400.0, 500.0]}, {"power": np.array([0.1, 0.2])})
>>> found.power, found.units["power"]
(array([0.1, 0.2]), 'W')
>>> found.rows()
(['T_hot (K)', 'power (W)'], [[400.0, 0.1], [500.0, 0.2]])
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.display import Described, NamedValues
from ioffe.base.quantities import QUANTITIES
from ioffe.base.saved import plain, required
from ioffe.base.units import convert, field_unit

__all__ = ["Column", "ResultTable", "headed", "table", "unit_of"]

_PARTS = ("_mean", "_std", "_low", "_high")
"""Endings of the numbers that belong to a value: mean of draws, standard deviation, ends of an interval."""
_QUANTITY_OF = {"T": "temperature", "load": "load_resistance"}
"""Axes whose names are none of the quantity table."""


_DIGITS: Final = 7
"""Significant digits of numbers in the units of the field."""


class Column(NamedTuple):
    """Values along some of the axes of a table."""

    axes: tuple[str, ...]
    values: NDArray[Any]
    """Of the lengths of these axes: numbers, truth values or texts."""
    unit: str = ""
    """SI unit; ``"1"`` for a pure number, empty for what is no physical quantity."""


@dataclass(frozen=True, eq=False, repr=False)
class ResultTable(NamedValues, Described):
    """Columns along named axes. Every column is an attribute, a float if it has no axis.

    `index`: what the axes count: mostly one column for each axis, of its name, with its values.
    `columns`: the numbers.
    """

    index: Mapping[str, Column]
    columns: Mapping[str, Column]

    def _named(self) -> Mapping[str, Any]:
        index = self.__dict__.get("index", {})
        return {name: column.values for part in (index, self.columns) for name, column in part.items()}

    def _noun(self) -> str:
        return "this table"

    @property
    def values(self) -> dict[str, NDArray[Any]]:
        """The columns as arrays by name."""
        return {name: column.values for name, column in self.columns.items()}

    @property
    def shape(self) -> dict[str, int]:
        """Length of every axis, in their order."""
        both = (*self.index.values(), *self.columns.values())
        return {axis: n for column in both for axis, n in zip(column.axes, column.values.shape, strict=True)}

    @property
    def units(self) -> dict[str, str]:
        """SI units by name, of the physical quantities."""
        both = {**self.index, **self.columns}
        return {name: column.unit for name, column in both.items() if column.unit}

    def _title(self) -> str:
        return ", ".join(f"{axis} ({n})" for axis, n in self.shape.items()) or "one point"

    def _facts(self) -> Iterator[tuple[str, str]]:
        yield "", ", ".join(headed(name, column.unit) for name, column in self.columns.items())

    def __len__(self) -> int:
        return int(np.prod(list(self.shape.values()), dtype=int))

    def flat(self, column: Column) -> NDArray[Any]:
        """A column repeated along the axes that it does not have, one value a row."""
        shape = self.shape
        own = dict(zip(column.axes, column.values.shape, strict=True))
        wide = column.values.transpose([column.axes.index(axis) for axis in shape if axis in own])
        wide = wide.reshape([own.get(axis, 1) for axis in shape])
        return np.broadcast_to(wide, tuple(shape.values())).ravel()

    def rows(self, *, si: bool = True) -> tuple[list[str], list[list[Any]]]:
        """Header and rows with the axes first, units in the header.

        `si`: whether numbers are in SI, with all their digits; otherwise with seven digits in the unit of the
            field in which the largest number of a quantity is readable.
        Returns: a column that says again what an axis says is left out.

        >>> found = table({"T": [300.0]}, {"seebeck": [2e-4], "seebeck_std": [4e-6], "power": [0.0125]})
        >>> found.rows(si=False)
        (['T (K)', 'seebeck (uV/K)', 'seebeck_std (uV/K)', 'power (mW)'], [[300.0, 200.0, 4.0, 12.5]])
        """
        kept = {**self.columns, **self.index}
        names = [*self.index, *(name for name in self.columns if name not in self.index)]
        units = {name: kept[name].unit for name in names}
        if not si:
            units, kept = self.in_field_units({name: kept[name] for name in names})
        columns = [self.flat(kept[name]).tolist() for name in names]
        header = [headed(name, units[name]) for name in names]
        return header, [list(row) for row in zip(*columns, strict=True)]

    def in_field_units(self, columns: dict[str, Column]) -> tuple[dict[str, str], dict[str, Column]]:
        """Units and columns of a table for people; a value and its standard deviation have the same unit."""
        largest: dict[tuple[str, str], float] = {}
        kinds: dict[str, tuple[str, str]] = {}
        for name, (_, values, unit) in columns.items():
            found = quantity_of(name)
            kinds[name] = found if found and QUANTITIES[found].unit == unit else "", unit
            size = np.abs(values[np.isfinite(values)]).max(initial=0.0) if values.dtype.kind in "iuf" else 0.0
            largest[kinds[name]] = max(largest.get(kinds[name], 0.0), float(size))
        shown = {kind: kind[1] and field_unit(size, kind[1], kind[0]) for kind, size in largest.items()}
        units = {name: shown[kind] for name, kind in kinds.items()}
        return units, {name: _shortened(one, units[name]) for name, one in columns.items()}

    def to_frame(self) -> Any:
        """The table as a pandas DataFrame (needs pandas).

        Returns: the axes are the index, by their names; heads of columns have SI units, which are in
            ``frame.attrs["units"]`` too.
        """
        pd = required("pandas", "a data frame")
        data = {headed(name, column.unit): self.flat(column) for name, column in self.columns.items()}
        levels = {name: self.flat(column) for name, column in self.index.items()}
        if len(levels) > 1:
            index = pd.MultiIndex.from_arrays(list(levels.values()), names=list(levels))
        else:
            index = pd.Index(*levels.values(), name=next(iter(levels))) if levels else None
        frame = pd.DataFrame(data, index=index)
        frame.attrs["units"] = self.units
        return frame

    def to_dict(self) -> dict[str, Any]:
        """Every column as nested lists in SI, as `plain` writes them."""
        return {name: plain(column.values) for name, column in self.columns.items()}

    def to_xarray(self, prefix: str = "", beside: str = "points.") -> Any:
        """The table as an xarray Dataset (needs xarray).

        `prefix`: written before the names of the columns.
        `beside`: written, without a prefix, before the name of a column that is the name of an axis too; such
            a column is left out where it only says what the axis says.
        Returns: the axes are coordinates; units and descriptions are in the attributes of every variable.
        """
        xr = required("xarray", "an xarray Dataset")
        coords = {name: _variable(xr, name, column) for name, column in self.index.items()}
        own = {n: c for n, c in self.columns.items() if prefix or n not in coords or not self._repeats(n)}
        names = {n: prefix or (beside if n in coords else "") for n in own}
        return xr.Dataset({names[n] + n: _variable(xr, n, c) for n, c in own.items()}, coords)

    def _repeats(self, name: str) -> bool:
        """Whether a column only says again what the axis of its name says."""
        return np.array_equal(self.flat(self.columns[name]), self.flat(self.index[name]))


def table(
    index: Mapping[str, ArrayLike | tuple[tuple[str, ...], ArrayLike]],
    columns: Mapping[str, ArrayLike | tuple[tuple[str, ...], ArrayLike]],
    units: Mapping[str, str] | None = None,
) -> ResultTable:
    """A table from arrays.

    `index`: values of the axes by name; or pairs of axes and values, where several count the same axis.
    `columns`: numbers along all axes of the index; or pairs of axes and values, for other ones.
    `units`: SI units by name, where they do not follow from the quantity table.

    >>> table({"T_hot": [400, 500]}, {"load": (("T_hot", "load"), [[1, 2], [3, 4]])}).shape
    {'T_hot': 2, 'load': 2}
    """

    def column(name: str, value: Any, axes: tuple[str, ...]) -> Column:
        own, values = value if isinstance(value, tuple) else (axes, value)
        unit = units[name] if units and name in units else unit_of(name)
        array = np.asarray(values).view()
        array.setflags(write=False)
        return Column(own, array, unit if array.dtype.kind in "iufc" else "")

    counted = {name: column(name, value, (name,)) for name, value in index.items()}
    axes = tuple(dict.fromkeys(axis for found in counted.values() for axis in found.axes))
    return ResultTable(counted, {name: column(name, value, axes) for name, value in columns.items()})


def quantity_of(name: str) -> str:
    """The quantity that a column holds, by its name; empty if it is none of the quantity table.

    >>> quantity_of("max_power_std"), quantity_of("load"), quantity_of("best COP"), quantity_of("share power")
    ('max_power', 'load_resistance', 'COP', 'share')
    """
    name = "share" if name.startswith("share ") else name.removeprefix("best ")
    stem = next((name.removesuffix(part) for part in _PARTS if name.endswith(part)), name)
    return next((found for found in (name, stem, _QUANTITY_OF.get(stem, "")) if found in QUANTITIES), "")


def unit_of(name: str) -> str:
    """SI unit of a column by its name, as the quantity table has it; empty if it is no quantity.

    >>> unit_of("max_power"), unit_of("max_power_std"), unit_of("T"), unit_of("efficiency"), unit_of("sample")
    ('W', 'W', 'K', '1', '')
    """
    found = quantity_of(name)
    return QUANTITIES[found].unit if found else ""


def headed(name: str, unit: str) -> str:
    """Head of a column, with its unit if it has one.

    >>> headed("power", "W"), headed("efficiency", "1")
    ('power (W)', 'efficiency')
    """
    return name if unit in ("", "1") else f"{name} ({unit})"


def _shortened(column: Column, unit: str) -> Column:
    """A column in another unit, with the digits that people read."""
    if column.values.dtype.kind != "f" and unit == column.unit:
        return column
    values = convert(column.values, column.unit, unit) if unit != column.unit else column.values
    short = [float(f"{value:.{_DIGITS}g}") + 0.0 for value in np.ravel(values).tolist()]
    return column._replace(values=np.reshape(short, np.shape(column.values)))


def _variable(xr: Any, name: str, column: Column) -> Any:
    attributes = {"units": column.unit} if column.unit else {}
    if found := quantity_of(name):
        attributes["long_name"] = QUANTITIES[found].description
    values = column.values.astype(object) if column.values.dtype.kind == "U" else column.values
    return xr.Variable(column.axes, values, attributes)
