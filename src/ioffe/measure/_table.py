"""Tables of raw measurements: columns by the names in their headers, in SI, faults with row and column.

Every reader of this package states a `TableLayout` and takes `Columns`: text files and Excel workbooks,
decimal points and commas, units in the headers and the report of all faults of a file are the same for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, Faults, InputError, UnitError
from ioffe.base.units import convert, unit_of_header
from ioffe.material.readers.cells import NotANumber, decimal_comma, number
from ioffe.material.readers.files import CellGrid, CellRow, read_grids
from ioffe.material.readers.plain import shorten


@dataclass(frozen=True)
class TableLayout:
    """Columns that a table may have.

    Parameters
    ----------
    names : mapping of str to tuple of str
        Names of a column in headers, in lower case and without the unit, by what the column holds.
    units : mapping of str to str
        SI unit of the columns that hold numbers; "1" needs no unit in the header. All others hold texts.
    needed : tuple of set of str
        Columns that make a line the header: all of one of these sets.
    expected : str
        Message for a file without such a line.
    headers : mapping of str to tuple of (str, str)
        Whole headers of an instrument, in lower case, with what they hold and in which unit.
    positive : mapping of str to str
        Columns whose numbers must be above 0, and the message for those that are not.
    may_be_empty : tuple of str
        Columns of numbers in which an empty cell is a 0.
    """

    units: Mapping[str, str]
    needed: tuple[set[str], ...]
    expected: str
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    headers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    positive: Mapping[str, str] = field(default_factory=dict)
    may_be_empty: tuple[str, ...] = ()

    def meaning(self, header: str) -> tuple[str, str]:
        """What a header holds, and its unit; both are empty if it is unknown or has none."""
        whole = " ".join(header.casefold().split())
        if whole in self.headers:
            return self.headers[whole]
        name, unit = unit_of_header(header)
        name = name.strip().casefold()
        return next(((what, unit) for what, names in self.names.items() if name in names), ("", ""))

    def recognise(self, headers: list[str]) -> int:
        """Number of columns that are known; 0 if the line is no header."""
        found = {self.meaning(header)[0] for header in headers} - {""}
        return len(found) if any(needed <= found for needed in self.needed) else 0


@dataclass(frozen=True)
class Columns:
    """One table in SI.

    Parameters
    ----------
    file, sheet : str
        Where it was read; the sheet is empty for a text file.
    numbers : mapping of str to ndarray of shape (n,)
        Columns of numbers by what they hold.
    texts : mapping of str to list of str
        Columns of texts by what they hold.
    remarks : mapping of str to str
        Keys and values of comment lines such as ``# current: 100 mA``.
    """

    file: str
    sheet: str
    numbers: Mapping[str, NDArray[np.float64]]
    texts: Mapping[str, list[str]]
    remarks: Mapping[str, str]


def read_tables(path: str | Path, layout: TableLayout) -> list[Columns]:
    """Tables of a text file (one) or of the sheets of an Excel workbook.

    The cells of a text file are separated by commas, semicolons or tabs; the decimal mark is a point, or a
    comma if that is certain.

    Parameters
    ----------
    path : path
        File to read.
    layout : TableLayout
        Columns that are looked for; others are not used.

    Returns
    -------
    list of Columns

    Raises
    ------
    InputError
        For a file without the columns; with every header whose unit is missing or wrong and every cell that
        is not a number (at most twenty).
    """
    grids = read_grids(Path(path), layout.recognise, layout.expected)
    return [columns_of(grid, layout) for grid in grids]


def read_table(path: str | Path, layout: TableLayout) -> Columns:
    """The one table of a file; arguments and errors as for `read_tables`, also for several sheets.

    Returns
    -------
    Columns
    """
    tables = read_tables(path, layout)
    if len(tables) > 1:
        raise InputError(Fault("", f"{len(tables)} sheets", "one table is expected", file=str(path)))
    return tables[0]


def columns_of(grid: CellGrid, layout: TableLayout, comma: bool | None = None) -> Columns:
    """Columns of a table whose cells are known.

    Parameters
    ----------
    grid : CellGrid
        Header and rows.
    layout : TableLayout
        Columns that are looked for.
    comma : bool, optional
        Whether the comma may be the decimal mark; by default it is found out from the cells.

    Returns
    -------
    Columns

    Raises
    ------
    InputError
        As `read_tables`.
    """
    faults = Faults(grid.file)
    known = _known(grid, layout, faults)
    comma = bool(decimal_comma(grid.rows, grid.delimiter)) if comma is None else comma
    if not grid.rows:
        faults.add(f"line {grid.header.line}", expected="there are no rows below the headers")

    def value(row: CellRow, what: str, index: int) -> float:
        if what in layout.may_be_empty and not row.text(index):
            return 0.0
        try:
            found = number(row.cells[index] if index < len(row.cells) else "", comma)
        except NotANumber as problem:
            faults.add(f"line {row.line}", row.text(index), f"{grid.names[index]}: {problem}")
            return np.nan
        if what in layout.positive and found <= 0.0:
            faults.add(f"line {row.line}", found, layout.positive[what])
        return found

    of_numbers = {what: column for what, column in known.items() if what in layout.units}
    rows = [[value(row, what, index) for what, (index, _) in of_numbers.items()] for row in grid.rows]
    shorten(faults).raise_if_any()
    numbers = {
        what: np.asarray(convert(column, unit, layout.units[what]), float)
        for (what, (_, unit)), column in zip(of_numbers.items(), np.array(rows).T, strict=True)
    }
    texts = {
        what: [row.text(i) for row in grid.rows] for what, (i, _) in known.items() if what not in numbers
    }
    return Columns(grid.file, grid.sheet, numbers, texts, grid.remarks)


@contextmanager
def in_file(path: str | Path) -> Iterator[None]:
    """Names the file in the faults of an `InputError` that is raised inside."""
    with Faults(str(path)) as faults, faults.collect():
        yield


def _known(grid: CellGrid, layout: TableLayout, faults: Faults) -> dict[str, tuple[int, str]]:
    """Index and unit of every column that is known."""
    found: dict[str, tuple[int, str]] = {}
    location = f"line {grid.header.line}"
    for index, header in enumerate(grid.names):
        what, unit = layout.meaning(header)
        wanted = layout.units.get(what, "")
        if what in found:
            faults.add(location, header, f"the {what} is in two columns")
        elif wanted not in ("", "1") and not unit:
            expected = f'the unit is missing; a header such as "{header} ({wanted})" is expected'
            faults.add(location, header, expected)
        elif wanted:
            try:
                convert(1.0, unit or "1", wanted)
            except UnitError as error:
                faults.add(location, header, f"a unit such as {wanted} is expected", error.faults[0].advice)
        if what:
            found.setdefault(what, (index, unit or "1"))
    return found
