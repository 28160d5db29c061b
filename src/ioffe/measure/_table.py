"""Tables of raw measurements: columns by the names in their headers, in SI, faults with row and column.

Every reader of this package states a `TableLayout` and takes `Columns`: text files and Excel workbooks,
decimal points and commas, units in the headers and the report of all faults of a file are the same for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, Faults, InputError, UnitError
from ioffe.base.units import convert, unit_of_header
from ioffe.material.readers.cells import NotANumber, decimal_comma, is_missing, number
from ioffe.material.readers.files import CellGrid, CellRow
from ioffe.material.readers.grids import read_grids
from ioffe.material.readers.records import shorten

CELSIUS: Final = frozenset({"C", "c", "°", "oC", "ºC", "deg", "deg C", "deg. C"})
"""What stands for degC in headers of temperatures."""


@dataclass(frozen=True)
class TableLayout:
    """Columns that a table may have.

    Parameters
    ----------
    names : mapping of str to tuple of str
        Names of a column in headers, in lower case and without the unit, by what the column holds; the first
        one counts where an instrument writes several of them (`leaves_out`).
    units : mapping of str to str
        SI unit of the columns that hold numbers; "1" needs no unit in the header. All others hold texts.
    needed : tuple of set of str
        Columns that make a line the header: all of one of these sets.
    expected : str
        Message for a file without such a line.
    positive : mapping of str to str
        Columns whose numbers must be above 0, and the message for those that are not.
    may_be_empty : tuple of str
        Columns of numbers in which an empty cell is NaN.
    leaves_out : bool
        Whether a row in which a needed number is missing, and a second column of the same kind, are left out
        and named, in place of a fault.
    """

    units: Mapping[str, str]
    needed: tuple[set[str], ...]
    expected: str
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    positive: Mapping[str, str] = field(default_factory=dict)
    may_be_empty: tuple[str, ...] = ()
    leaves_out: bool = False

    def meaning(self, header: str) -> tuple[str, str, int]:
        """What a header holds, its unit, and its place among the names; empty if it is unknown.

        Parameters
        ----------
        header : str
            As it stands in the file.

        Returns
        -------
        str, str, int
        """
        name, unit = unit_of_header(header.replace("\u2103", "°C").strip().lstrip("#"))
        for text, of_it in ((name, unit), (header, "")):
            name_of_it = word(text)
            found = [
                (what, _meant(of_it.strip(), self.units.get(what, "")), names.index(name_of_it))
                for what, names in self.names.items()
                if name_of_it in names
            ]
            if found:  # t is a time or a temperature: the unit tells
                return next((one for one in found if _fits(one[1], self.units.get(one[0], ""))), found[0])
        return "", "", 0

    def recognise(self, headers: list[str]) -> int:
        """Number of columns that are known; 0 if the line is no header.

        Parameters
        ----------
        headers : list of str
            Cells of the line.

        Returns
        -------
        int
        """
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
    headers : mapping of str to str
        Header of every column that is used, by what it holds.
    unused : tuple of str
        Headers of the columns that are not used, and the rows that were left out with the reason.
    """

    file: str
    sheet: str
    numbers: Mapping[str, NDArray[np.float64]]
    texts: Mapping[str, list[str]]
    remarks: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()


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


def not_used(paths: Iterable[str | Path], layout: TableLayout) -> list[str]:
    """A sentence about the columns of files that are not used; nothing if all of them are.

    Parameters
    ----------
    paths : iterable of path
        Files that `read_tables` reads.
    layout : TableLayout
        As there.

    Returns
    -------
    list of str
        With at most one text.
    """
    found = dict.fromkeys(name for path in paths for one in read_tables(path, layout) for name in one.unused)
    return [f"not used: {', '.join(found)}"] if found else []


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
    of_numbers = {what: column for what, column in known.items() if what in layout.units}
    needed = [what for what in of_numbers if what not in layout.may_be_empty]
    rows, left_out = [], []
    for row in grid.rows:
        missing = [what for what in needed if is_missing(row.text(of_numbers[what][0]))]
        if layout.leaves_out and _is_remark(row, [of_numbers[what][0] for what in needed], comma):
            left_out.append(f'line {row.line} ("{" ".join(row.texts).strip()[:40]}")')
        elif layout.leaves_out and missing:
            empty = ", ".join(known[what][2] for what in missing)
            left_out.append(f"line {row.line} (no value of {empty})")
        else:
            beyond = [cell for cell in row.texts[len(grid.names) :] if cell]
            if beyond and grid.delimiter:
                expected = f"{len(row.cells)} cells stand below {len(grid.names)} headers"
                faults.add(f"line {row.line}", ", ".join(beyond), expected, "is a comma the decimal mark?")
            rows.append(row)
    if grid.rows and not rows and not faults:
        faults.add(f"line {grid.header.line}", expected="there are no rows with all numbers")

    def value(row: CellRow, what: str, index: int) -> float:
        if what in layout.may_be_empty and is_missing(row.text(index)):
            return np.nan
        try:
            found = number(row.cells[index] if index < len(row.cells) else "", comma)
        except NotANumber as problem:
            faults.add(f"line {row.line}", row.text(index), f"{grid.names[index]}: {problem}")
            return np.nan
        if what in layout.positive and found <= 0.0:
            faults.add(f"line {row.line}", found, layout.positive[what])
        return found

    cells = [[value(row, what, index) for what, (index, _, _) in of_numbers.items()] for row in rows]
    shorten(faults).raise_if_any()
    numbers = {
        what: np.asarray(convert(column, unit, layout.units[what]), float)
        for (what, (_, unit, _)), column in zip(of_numbers.items(), np.array(cells).T, strict=True)
    }
    texts = {what: [row.text(i) for row in rows] for what, (i, _, _) in known.items() if what not in numbers}
    used = {index for index, _, _ in known.values()}
    unused = [name for index, name in enumerate(grid.names) if index not in used and name]
    headers = {what: header for what, (_, _, header) in known.items()}
    return Columns(grid.file, grid.sheet, numbers, texts, grid.remarks, headers, (*unused, *left_out))


@contextmanager
def in_file(path: str | Path) -> Iterator[None]:
    """Names the file in the faults of an `InputError` that is raised inside."""
    with Faults(str(path)) as faults, faults.collect():
        yield


def _known(grid: CellGrid, layout: TableLayout, faults: Faults) -> dict[str, tuple[int, str, str]]:
    """Index, unit and header of every column that is known; of several the one with the usual name."""
    best: dict[str, tuple[int, int, str, str]] = {}
    location = f"line {grid.header.line}"
    for index, header in enumerate(grid.names):
        what, unit, rank = layout.meaning(header)
        if what in best and (best[what][0] == rank or not layout.leaves_out):
            faults.add(location, header, f"the {what} is in two columns")
        if what and (what not in best or rank < best[what][0]):
            best[what] = (rank, index, unit, header)
    for what, (_, _, unit, header) in best.items():
        wanted = layout.units.get(what, "")
        if wanted not in ("", "1") and not unit:
            expected = f'the unit is missing; a header such as "{header} ({wanted})" is expected'
            faults.add(location, header, expected)
        elif wanted:
            try:
                convert(1.0, unit or "1", wanted)
            except UnitError as error:
                faults.add(location, header, f"a unit such as {wanted} is expected", error.faults[0].advice)
    return {what: (index, unit or "1", header) for what, (_, index, unit, header) in best.items()}


def word(text: str) -> str:
    """Name of a column in lower case, with blanks for underscores and points, without marks at its ends.

    Parameters
    ----------
    text : str
        Name without its unit.

    Returns
    -------
    str

    Examples
    --------
    >>> word("#Std_Dev/"), word("Measurement temp.")
    ('std dev', 'measurement temp')
    """
    return " ".join(text.casefold().replace("_", " ").replace(".", " ").strip("#/ :").split())


def _meant(unit: str, wanted: str) -> str:
    """A unit as its column must mean it: C of a temperature is degC, VS of a mobility V s."""
    if wanted == "K" and unit in CELSIUS:
        return "degC"
    return re.sub(r"/\s*V[ .*·-]?[sS]$", "/(V s)", unit) if wanted == "m2/(V s)" else unit


def _fits(unit: str, wanted: str) -> bool:
    """Whether a unit is one of the kind that a column has."""
    try:
        convert(1.0, unit, wanted)
    except UnitError:
        return False
    return True


def _is_remark(row: CellRow, needed: list[int], comma: bool) -> bool:
    """Whether a row begins with a text, ends before all columns, and has no number where one is needed."""

    def is_number(index: int) -> bool:
        try:
            number(row.cell(index), comma)
        except NotANumber:
            return False
        return True

    first = row.text(0)
    short = sum(not is_missing(cell) for cell in row.texts) < len(needed)
    texts = not is_missing(first) and not is_number(0)
    return texts and (short or not any(is_number(index) for index in needed))
