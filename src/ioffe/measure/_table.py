"""Tables of raw measurements: columns by the names in their headers, in SI, faults with row and column.

Every reader of this package states a `TableLayout` and takes `Columns`. Files are read as those of materials
are (`ioffe.material.readers`): separators, decimal marks, encodings, rows of units, errors behind a value and
the report of all faults of a file are the same for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.units import convert
from ioffe.material.readers.columns.headers import HeaderColumn
from ioffe.material.readers.columns.vocabulary import MATERIAL, Vocabulary
from ioffe.material.readers.flash import stated_constants
from ioffe.material.readers.layout.grids import read_grids
from ioffe.material.readers.plain import PlainTable, tables
from ioffe.material.readers.records import shorten

LARGEST: Final = 1e40
"""In SI; squares and sums of such numbers can still be computed."""
LISTED: Final = 6
"""Rows without a value that are named one by one."""
_UNUSED: ContextVar[dict[tuple[str, int], tuple[str, ...]] | None] = ContextVar("unused", default=None)
"""What was not used of each file that was read with a layout, inside `unused_noted`."""
_SAMPLE: ContextVar[str | None] = ContextVar("sample", default=None)
"""The sample that is read inside `wanted_sample`."""


@dataclass(frozen=True)
class TableLayout:
    """Columns that a table may have.

    `needed`: columns that make a line the header: all of one of these sets.
    `expected`: message for a file without such a line.
    `names`: names of a column in headers, by what the column holds.
    `units`: SI unit of the columns that hold numbers; "1" needs no unit in the header. All others hold texts.
    `of_material`: further columns by the names that tables of materials give them.
    `positive`: columns whose numbers must be above 0, and the message for those that are not.
    `may_be_empty`: columns of numbers in which an empty cell is NaN.
    `errors`: columns whose standard deviations are used.
    `leaves_out`: whether a row in which a needed number is missing is left out and named, in place of a
        fault.
    `constants`: beginnings of the keys of lines above the table that are used.
    """

    needed: tuple[set[str], ...]
    expected: str
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    of_material: tuple[str, ...] = ()
    positive: Mapping[str, str] = field(default_factory=dict)
    may_be_empty: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    leaves_out: bool = False
    constants: tuple[str, ...] = ()

    @cached_property
    def words(self) -> Vocabulary:
        """What headers may mean."""
        return Vocabulary.of(self.names, self.units, MATERIAL if self.of_material else None)

    def recognise(self, headers: list[str]) -> int:
        """Number of columns that are known; 0 if the line is no header.

        `headers`: cells of the line.
        """
        found = {self._held(header) for header in headers if len(header) < 200} - {""}
        return len(found) if any(needed <= found for needed in self.needed) else 0

    def _held(self, header: str) -> str:
        name, unit = self.words.parts(header)
        what, is_std = self.words.meaning(name, unit)
        return "" if is_std else what or self.words.text_of(name)


@dataclass(frozen=True)
class Columns:
    """One table in SI.

    `file`, `sheet`: where it was read; the sheet is empty for a text file.
    `numbers` (n,): columns of numbers by what they hold.
    `stds` (n,): standard deviations in their own columns or behind the values, NaN where none is stated.
    `texts`: columns of texts by what they hold.
    `remarks`: keys and values of lines above the table such as ``# current: 100 mA``, keys in lower case.
    `headers`: header of every column that is used, by what it holds.
    `unused`: columns that are not used, and the rows that were left out with the reason.
    `label`: whose values these are, where a file holds several tables.
    """

    file: str
    sheet: str
    numbers: Mapping[str, NDArray[np.float64]]
    stds: Mapping[str, NDArray[np.float64]]
    texts: Mapping[str, list[str]]
    remarks: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    label: str = ""


def read_tables(path: str | Path, layout: TableLayout) -> list[Columns]:
    """Tables of a text file or of the sheets of an Excel workbook.

    `path`: file to read.
    `layout`: columns that are looked for; others are not used.
    Raises `InputError` for a file without the columns; with every header whose unit is missing or wrong and
        every cell that is not a number (at most twenty).
    """
    faults = Faults(str(path))
    grids = read_grids(Path(path), layout.recognise, layout.expected, layout.words)
    every = (part for table in tables(grids, faults, layout.words) for part in _of_samples(table, layout))
    found = [_columns(part, layout, faults) for part in every]
    shorten(faults).raise_if_any()
    if (noted := _UNUSED.get()) is not None:
        noted[str(path), id(layout)] = tuple(name for one in found for name in one.unused)
    return found


@contextmanager
def unused_noted() -> Iterator[None]:
    """Inside, `not_used` knows the files that have been read and does not read them again."""
    token = _UNUSED.set({})
    try:
        yield
    finally:
        _UNUSED.reset(token)


@contextmanager
def wanted_sample(name: str | None) -> Iterator[None]:
    """Inside, `read_table` takes the table of this sample where a file holds several."""
    token = _SAMPLE.set(name)
    try:
        yield
    finally:
        _SAMPLE.reset(token)


def not_used(paths: Iterable[str | Path], layout: TableLayout) -> list[str]:
    """A sentence about the columns of files that are not used; nothing if all of them are.

    `paths`: files that `read_tables` reads.
    `layout`: as there.
    Returns: with at most one text.
    """
    noted, found = _UNUSED.get() or {}, dict[str, None]()
    for path in paths:
        names = noted.get((str(path), id(layout)))
        if names is None:
            names = [name for one in read_tables(path, layout) for name in one.unused]
        found |= dict.fromkeys(names)
    return [f"not used: {', '.join(found)}"] if found else []


def read_table(path: str | Path, layout: TableLayout, sample: str | None = None) -> Columns:
    """The one table of a file, or that of a sample; arguments and errors as for `read_tables`.

    `path`, `layout`: as for `read_tables`.
    `sample`: name of the sheet, the block or the group of columns wanted, where there are several; by default
        that of `wanted_sample`.
    """
    found = read_tables(path, layout)
    sample = _SAMPLE.get() if sample is None else sample
    names = [one.label or one.sheet for one in found]
    if sample is not None:
        chosen = [one for one, name in zip(found, names, strict=True) if name.casefold() == sample.casefold()]
        if len(chosen) == 1:
            return chosen[0]
        expected = f"one of these is expected: {', '.join(filter(None, names)) or 'no sample is named'}"
        raise InputError(Fault("sample", sample, expected, file=str(path)))
    if len(found) > 1:
        expected = f"one table is expected, the file holds {len(found)}"
        advice = f"choose a sample (--sample): {', '.join(names)}"
        raise InputError(Fault("", expected=expected, advice=advice, file=str(path)))
    return found[0]


@contextmanager
def in_file(path: str | Path) -> Iterator[None]:
    """Names the file in the faults of an `InputError` that is raised inside."""
    with Faults(str(path)) as faults, faults.collect():
        yield


def _of_samples(table: PlainTable, layout: TableLayout) -> Iterator[PlainTable]:
    """A table for every sample that a column names, where the layout does not read these names itself."""
    if "sample" in layout.names or not any(table.keys):
        yield table
        return
    for key, kept in table.positions.items():
        values, stds = (
            {index: [column[i] for i in kept] for index, column in of.items()}
            for of in (table.values, table.stds)
        )
        rows, keys = (tuple(of[i] for i in kept) for of in (table.rows, table.keys))
        grid = replace(table.grid, label=key or table.grid.label)
        yield replace(table, grid=grid, rows=rows, keys=keys, values=values, stds=stds)


def _columns(table: PlainTable, layout: TableLayout, faults: Faults) -> Columns:
    """The columns of a layout, without rows in which a needed number is missing."""
    wanted = {*layout.names, *layout.of_material}
    columns = {c.quantity: c for c in reversed(table.columns) if c.quantity in wanted and not c.is_std}
    of_first = next((c for c in columns.values() if c.temperature >= 0 and c.quantity != "temperature"), None)
    if of_first is not None and "temperature" in columns:
        columns["temperature"] = next(c for c in table.columns if c.index == of_first.temperature)
    numeric = {what: c for what, c in reversed(columns.items()) if c.is_number and c.is_valid}
    needed = {what: c for what, c in numeric.items() if what not in layout.may_be_empty}
    kept, left_out = [], []
    for k, row in enumerate(table.rows):
        empty = [c.header for c in needed.values() if table.values[c.index][k] is None]
        if empty and layout.leaves_out:
            left_out.append(f"{table.grid.location(row)} (no value of {', '.join(empty)})")
            continue
        for header in empty:
            faults.add(table.grid.location(row), "", f"{header}: a number is expected")
        kept.append(k)
    if table.rows and not kept:
        faults.add(f"line {table.grid.header.line}", expected="there are no rows with all numbers")
    more = len(left_out) - LISTED
    left_out = [*left_out[:LISTED], *([f"{more} more rows without a value"] if more > 0 else [])]
    numbers, stds = {}, {}
    for what, column in numeric.items():
        numbers[what] = _in_si(table.values[column.index], kept, column.unit, layout.words.units[what])
        stds[what] = _stds(table, column, kept, layout.words.units[what], numbers[what])
        for k in np.flatnonzero(np.abs(numbers[what]) > LARGEST)[:LISTED]:
            at, value = table.grid.location(table.rows[kept[k]]), table.values[column.index][kept[k]]
            faults.add(at, value, f"{column.header}: a number that something measured is expected")
        if what in layout.positive:
            for k in np.flatnonzero(numbers[what] <= 0.0):
                at = table.grid.location(table.rows[kept[k]])
                faults.add(at, table.values[column.index][kept[k]], layout.positive[what])
    names = {c.index for c in columns.values()}
    spare = [
        c.header
        for c in table.columns
        if c.index not in names
        and not (c.is_std and c.quantity in columns)
        and not (c.quantity == "sample" and any(table.keys))
    ]
    errors = [
        f"errors of {columns[what].header}"
        for what, std in stds.items()
        if what not in layout.errors and np.any(std > 0.0)
    ]
    return Columns(
        table.grid.file,
        table.grid.sheet,
        numbers,
        {what: std for what, std in stds.items() if np.any(std > 0.0)},
        {what: [table.rows[k].text(c.index) for k in kept] for what, c in columns.items() if not c.is_number},
        table.grid.remarks,
        {what: column.header for what, column in columns.items()},
        (*table.left_out, *spare, *errors, *left_out, *_spare_constants(table, layout)),
        table.grid.label,
    )


def _spare_constants(table: PlainTable, layout: TableLayout) -> list[str]:
    """Numbers above the table that nothing is made of."""
    said = stated_constants(table.grid.remarks)
    return [text for name, text in said.items() if not name.casefold().startswith(layout.constants)]


def _in_si(cells: list[float | None], kept: list[int], unit: str, wanted: str) -> NDArray[np.float64]:
    values = np.array([np.nan if cells[k] is None else cells[k] for k in kept], float)
    return np.asarray(convert(values, unit or "1", wanted), float)


def _stds(
    table: PlainTable, column: HeaderColumn, kept: list[int], wanted: str, values: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Standard deviations of a column in SI, NaN where none is stated or it is 0.

    Those behind the values are in the unit of the column. Per cent in a column of their own are of the value,
    and points of per cent beside a value in per cent.
    """

    def in_si(cells: list[float | None], unit: str) -> NDArray[np.float64]:
        plain = np.abs(_in_si(cells, kept, "1", "1"))
        if unit == "%" and column.unit != "%":
            return np.abs(values) * plain / 100.0
        one = convert(np.array([0.0, 1.0]), unit or "1", wanted)  # a difference, so that degC are K
        return plain * float(one[1] - one[0])

    found = in_si(table.stds[column.index], column.unit)
    own = next((c for c in table.columns if c.is_std and c.is_valid and c.quantity == column.quantity), None)
    if own is not None:
        stated = in_si(table.values[own.index], own.unit)
        found = np.where(np.isnan(stated), found, stated)
    return np.where(found > 0.0, found, np.nan)
