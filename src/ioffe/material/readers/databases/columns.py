"""Columns of databases: one row for each sample and temperature, or for each point."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from ioffe.base.errors import Faults
from ioffe.base.quantities import QUANTITIES
from ioffe.material.fields import Provenance
from ioffe.material.readers.cells import NotANumber, is_missing, number
from ioffe.material.readers.files import CellGrid, CellRow, refuse
from ioffe.material.readers.records import SampleReader, SampleRecord
from ioffe.material.readers.series import PointSeries


@dataclass(frozen=True)
class WideLayout:
    """A table with one row for each sample and temperature, in SI by the definition of the database.

    `needed`: column names, lower case, by which the layout is known.
    `key`, `name`: columns that hold the identifier and the name of the sample; the first one present counts.
    `columns`: quantity by column name.
    `provenance`: origin of every sample.
    """

    needed: tuple[str, ...]
    key: tuple[str, ...]
    name: tuple[str, ...]
    columns: Mapping[str, str]
    provenance: Provenance

    def fits(self, names: Sequence[str]) -> bool:
        """Whether a header is of this layout.

        `names`: texts of the headers.
        """
        return {name.casefold() for name in names}.issuperset(self.needed)

    def read(self, grid: CellGrid) -> list[SampleRecord]:
        """Samples of a table of this layout.

        `grid`: cells of the table.
        """
        lower = [name.casefold() for name in grid.names]
        units = {prop: QUANTITIES[prop].unit for prop in self.columns.values()}
        columns = {q: (lower.index(name), units[q]) for name, q in self.columns.items() if name in lower}
        T, _ = columns.pop("temperature")
        key, named = position(lower, self.key), position(lower, self.name)
        taken = {key, named, T, *(index for index, _ in columns.values())}
        spare = (name for index, name in enumerate(grid.names) if name and index not in taken)
        reading = "The columns have no units; the database defines them to be in SI."
        provenance = replace(self.provenance, reading=reading, not_used=", ".join(spare))
        samples: dict[str, list[CellRow]] = {}
        for row in grid.rows:
            samples.setdefault(row.text(key), []).append(row)
        return [
            SampleRecord(
                sample,
                rows[0].text(named) or f"sample {sample}",
                "",
                column_curves(grid, rows, T, columns),
                replace(provenance, sample=f"sample {sample}"),
            )
            for sample, rows in samples.items()
        ]


def position(names: Sequence[str], wanted: Iterable[str]) -> int:
    """Position of the first of several names that is there; -1 without any.

    `names`: texts of the headers.
    `wanted`: names of which the first one counts.
    """
    return next((names.index(name) for name in wanted if name in names), -1)


def column_curves(
    grid: CellGrid, rows: Sequence[CellRow], T: int, columns: Mapping[str, tuple[int, str]]
) -> dict[str, Callable[[Faults], PointSeries]]:
    """Curves of a sample that has one row for each temperature, by quantity.

    `rows`: rows of the sample.
    `T`: position of the temperature, in K.
    `columns`: position and unit of every quantity; those without a value in any row are left out.
    Returns: as `SampleRecord.curves`.
    """

    def points(prop: str, index: int, unit: str, faults: Faults) -> PointSeries:
        series = PointSeries(prop, unit)
        for row in rows:
            if not is_missing(row.cell(index)):
                try:
                    series.add(number(row.cell(T)), number(row.cell(index)), grid.location(row))
                except NotANumber as problem:
                    faults.add(grid.location(row), row.cell(index), f"{prop}: {problem}")
        return series

    present = {q: c for q, c in columns.items() if any(not is_missing(row.cell(c[0])) for row in rows)}
    return {prop: partial(points, prop, *column) for prop, column in present.items()}


def long_columns(
    grid: CellGrid, reader: SampleReader, needed: Sequence[str], aliases: Mapping[str, Sequence[str]]
) -> dict[str, int]:
    """Position of every column of a long table by its lower-case name; -1 for an alias that is not there.

    `reader`: its format, for the message.
    `needed`: columns without which nothing can be read; aliases among them too.
    `aliases`: other names of a column.
    Raises `InputError` if a needed column is missing, with the columns expected.
    """
    lower = [name.casefold() for name in grid.names]
    column = {name: lower.index(name) for name in lower}
    for name, others in aliases.items():
        column.setdefault(name, position(lower, others))
    lacking = [name for name in needed if column.get(name, -1) < 0]
    if lacking:
        advice = f"missing: {', '.join(lacking)}"
        raise refuse(grid.file, reader.expectation, advice, value=", ".join(grid.names))
    return column
