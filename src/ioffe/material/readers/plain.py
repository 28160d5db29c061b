"""Plain tables: one row a temperature, units in the headers; CSV files and Excel sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan, nan
from pathlib import Path

from ioffe.base.curve import Curve
from ioffe.base.errors import Fault, Faults, InputError, UnitError
from ioffe.base.units import parse_unit
from ioffe.material.fields import HALL, Provenance
from ioffe.material.material import Material
from ioffe.material.readers.cells import NotANumber, decimal_comma, is_missing, number
from ioffe.material.readers.files import (
    CellGrid,
    CellRow,
    check_length,
    excel_grids,
    find_header,
    open_checked,
    read_text,
    text_grid,
)
from ioffe.material.readers.headers import (
    EXPECTED,
    HeaderColumn,
    advice_for,
    guessed,
    meaning,
    parts,
    recognised,
    understand,
    unused,
)
from ioffe.material.readers.records import Sample, choose
from ioffe.material.readers.series import Carrier, PointSeries, assemble, missing

FAULT_LIMIT = 20
"""Faults of one file that are named one by one."""
PROVENANCE_WORDS = {
    "doi": "doi",
    "source": "source",
    "data_source": "source",
    "data source": "source",
    "sample": "sample",
    "sample_id": "sample",
    "licence": "licence",
    "license": "licence",
    "method": "method",
    "instrument": "method",
    "obtained": "method",
    "note": "note",
    "notes": "note",
}
NAME_WORDS = ("name", "composition", "material")


@dataclass(frozen=True)
class PlainTable:
    """A grid whose columns are understood and whose cells are numbers.

    Parameters
    ----------
    grid : CellGrid
        The cells as read.
    columns : tuple of HeaderColumn
        Columns that are understood.
    lines : tuple of int
        Line of every row of values.
    values : mapping of int to list
        Numbers of every column by its position; None where a cell is empty, NaN where it is faulty.
    keys : tuple of str
        Sample of every row, empty without a sample column.
    is_readable : bool
        Whether there are rows and their numbers can be read; what hinders is noted already.
    """

    grid: CellGrid
    columns: tuple[HeaderColumn, ...]
    lines: tuple[int, ...]
    values: Mapping[int, list[float | None]]
    keys: tuple[str, ...]
    is_readable: bool = True

    def place(self, row: int) -> str:
        """Where a row stands, for messages."""
        where = f"line {self.lines[row]}"
        return f"sheet {self.grid.sheet}: row {self.lines[row]}" if self.grid.sheet else where

    @property
    def samples(self) -> list[str]:
        """Samples in the order of their first row."""
        return list(dict.fromkeys(self.keys)) or [""]


def csv_grids(path: Path, text: str | None = None) -> list[CellGrid]:
    """The one table of a CSV file.

    Raises
    ------
    InputError
        If the file cannot be read as text or has no header with a temperature column.
    """
    text = read_text(path) if text is None else text
    check_length(path, text.count("\n") or text.count("\r"))
    header = find_header(text, recognised)
    if header is None:
        raise InputError(_no_header(path, text))
    return [text_grid(path, text, header)]


def _no_header(path: Path, text: str) -> Fault:
    """What is said of a file without a header, with the line that may have been meant as one."""
    expected = f"no line with column headers was found; expected is {EXPECTED}"
    near = find_header(text, guessed)
    if near is None:
        first = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
        return Fault("", first, expected, file=str(path))
    line, delimiter, names = near
    advice = advice_for([name for name in names if name and not meaning(parts(name)[0])[0]])
    return Fault(f"line {line}", delimiter.join(names), expected, advice, str(path))


def tables(grids: Sequence[CellGrid], faults: Faults) -> list[PlainTable]:
    """Tables of a file, with every faulty header and cell noted."""
    return [_table(grid, faults) for grid in grids]


def samples(grids: Sequence[CellGrid]) -> list[Sample]:
    """Samples of plain tables: one a table, or one for each value of its sample column."""
    found = []
    for table in tables(grids, Faults()):
        for key in table.samples:
            series = series_of(table, key, Faults())
            known = tuple(prop for prop, points in series.items() if points.T)
            name = _name(table.grid, key)
            doi = table.grid.remarks.get("doi", "")
            found.append(Sample(key or table.grid.sheet, name, doi, known, tuple(missing(series))))
    return found


def read(
    grids: Sequence[CellGrid], sample: str | None = None, carrier: Carrier | None = None
) -> list[Material]:
    """Materials of plain tables.

    Parameters
    ----------
    grids : sequence of CellGrid
        Tables of one file.
    sample : str, optional
        The one to read; by default all.
    carrier : str, optional
        `p` or `n`; by default what the file says, else the sign of S.

    Raises
    ------
    InputError
        With every fault of the file and its line.
    """
    file = grids[0].file if grids else ""
    chosen = choose(samples(grids), sample, file).key if sample is not None else None
    faults = Faults(file)
    found: list[Material] = []
    for table in tables(grids, faults):
        for key in table.samples:
            if chosen is None or chosen in (key, table.grid.sheet):
                material = _material(table, key, carrier, faults) if table.is_readable else None
                found += [material] if material is not None else []
    shorten(faults).raise_if_any()
    return found


def shorten(faults: Faults) -> Faults:
    """The faults, at most `FAULT_LIMIT` of them, with the number of those left out."""
    if len(faults) <= FAULT_LIMIT:
        return faults
    short = Faults(faults.file)
    for fault in faults.found[:FAULT_LIMIT]:
        short.add(fault.place, fault.value, fault.expected, fault.advice)
    short.add("", expected=f"and {len(faults) - FAULT_LIMIT} more faults")
    return short


def _table(grid: CellGrid, faults: Faults) -> PlainTable:
    units, rows = _units_row(grid)
    columns = understand(grid.names, units, faults)
    if not rows:
        faults.add(f"line {grid.header.line}", expected="there are no rows of numbers below the header")
    comma = decimal_comma(rows, grid.delimiter)
    if comma is None:
        expected = "a comma in the numbers may be a decimal mark or may part thousands"
        faults.add("", expected=expected, advice='write "1.25" with a point, or "1250"')
    readable = bool(rows) and comma is not None
    rows = rows if readable else ()
    values = {
        c.index: _numbers(grid, c, rows, bool(comma), faults) for c in columns if c.quantity != "sample"
    }
    named = next((c.index for c in columns if c.quantity == "sample"), None)
    keys = tuple("" if named is None or named >= len(r.cells) else str(r.cells[named]) for r in rows)
    return PlainTable(grid, tuple(columns), tuple(row.line for row in rows), values, keys, readable)


def _units_row(grid: CellGrid) -> tuple[list[str] | None, tuple[CellRow, ...]]:
    """Units in the row below the headers, if it holds nothing but units; and the rows of numbers."""
    if not grid.rows:
        return None, grid.rows
    cells = [_unwrapped(str(cell)) for cell in grid.rows[0].cells]
    if any(cells) and all(_is_unit(cell) for cell in cells if cell):
        return cells, grid.rows[1:]
    return None, grid.rows


def _unwrapped(text: str) -> str:
    """Unit without the brackets around it."""
    wrapped = text[:1] in ("(", "[") and text[-1:] in (")", "]")
    return text[1:-1].strip() if wrapped else text


def _is_unit(text: str) -> bool:
    if text[:1].isdigit() and text != "1":
        return False
    try:
        parse_unit(text)
    except UnitError:
        return False
    return True


def _numbers(
    grid: CellGrid, column: HeaderColumn, rows: Sequence[CellRow], comma: bool, faults: Faults
) -> list[float | None]:
    found: list[float | None] = []
    for row in rows:
        cell = row.cells[column.index] if column.index < len(row.cells) else ""
        value = None
        if not is_missing(cell):
            try:
                value = number(cell, comma)
            except NotANumber as problem:
                where = f"sheet {grid.sheet}: row {row.line}" if grid.sheet else f"line {row.line}"
                faults.add(where, cell, f"{column.header}: {problem}")
                value = nan
        found.append(value)
    return found


def series_of(table: PlainTable, key: str, faults: Faults) -> dict[str, PointSeries]:
    """PointSeries of one sample; a row without a value of a property is no point of its curve."""
    headers = {column.index: column for column in table.columns}
    deviations = {column.quantity: column for column in table.columns if column.is_std}
    found: dict[str, PointSeries] = {}
    for column in table.columns:
        if column.is_std or column.quantity in ("temperature", "sample") or column.temperature < 0:
            continue
        temperature = headers.get(column.temperature)
        if temperature is None or not temperature.is_valid or not column.is_valid:
            continue
        std = deviations.get(column.quantity)
        points = PointSeries(column.quantity, column.unit, temperature.unit or "K")
        if std is not None:
            points.std, points.std_unit = [], std.unit
        _fill(table, key, points, column, std, faults)
        found[column.quantity] = points
    return found


def _fill(
    table: PlainTable,
    key: str,
    points: PointSeries,
    column: HeaderColumn,
    std: HeaderColumn | None,
    faults: Faults,
) -> None:
    T, values = table.values[column.temperature], table.values[column.index]
    deviation = table.values[std.index] if std else [None] * len(values)
    for row, value in enumerate(values):
        if table.keys[row] != key or value is None:
            continue
        temperature = T[row]
        if any(cell is not None and isnan(cell) for cell in (temperature, value, deviation[row])):
            continue
        if temperature is None:
            faults.add(table.place(row), value, f"{column.header}: there is no temperature to this value")
        elif std is not None and deviation[row] is None:
            faults.add(table.place(row), value, f"{column.header}: its standard deviation is missing")
        else:
            points.add(temperature, value, table.place(row), deviation[row])


def _material(table: PlainTable, key: str, carrier: Carrier | None, faults: Faults) -> Material | None:
    grid = table.grid
    not_used = unused(grid.names, table.columns)
    words = {PROVENANCE_WORDS[k]: v for k, v in grid.remarks.items() if k in PROVENANCE_WORDS and v != "-"}
    origin = Provenance(**words)
    origin = replace(origin, source=origin.source or Path(grid.file).name, sample=key or origin.sample)
    if not_used:
        origin = origin.with_note(f"Columns not used: {', '.join(not_used)}.")
    stated = grid.remarks.get("carrier", grid.remarks.get("type", "")).casefold()
    return assemble(
        _name(grid, key),
        series_of(table, key, faults),
        faults,
        carrier=carrier or (stated if stated in ("p", "n") else None),
        family=grid.remarks.get("family", ""),
        provenance=origin,
        missing_advice=advice_for(not_used),
        reported=_rejected(table),
    )


def _rejected(table: PlainTable) -> set[str]:
    """Quantities with a fault in their column or in that of their temperature; no more is said about them."""
    wrong = {column.index for column in table.columns if not column.is_valid}
    wrong |= {i for i, found in table.values.items() if any(v is not None and isnan(v) for v in found)}
    return {c.quantity for c in table.columns if c.index in wrong or c.temperature in wrong}


def _name(grid: CellGrid, key: str) -> str:
    stated = next((grid.remarks[word] for word in NAME_WORDS if word in grid.remarks), "")
    return key or stated or grid.sheet or Path(grid.file).stem


__all__ = ["read_hall"]

EXCEL_ENDINGS = (".xlsx", ".xlsm", ".xls")


def read_hall(path: str | Path) -> dict[str, Curve]:
    """Hall curves of a CSV or Excel table by sample; a table without a column of samples has the name "".

    Parameters
    ----------
    path : path
        Headers carry units, such as ``T (K),n_H (cm^-3)`` or ``sample,T (K),R_H (cm3/C)``.

    Raises
    ------
    InputError
        With every fault of the file and its line; if there is no Hall column, or two of them.
    """
    path = open_checked(Path(path))
    grids = excel_grids(path) if path.suffix.casefold() in EXCEL_ENDINGS else csv_grids(path)
    faults = Faults(str(path))
    found: dict[str, Curve] = {}
    for table in tables(grids, faults):
        for key in table.samples if table.is_readable else ():
            name = key or table.grid.sheet
            series = {q: s for q, s in series_of(table, key, faults).items() if q in HALL and s.T}
            if len(series) != 1:
                words = " or ".join(HALL)
                lacking = "one column of either is expected" if series else "there is no such column"
                faults.add(name, expected=f"{words}: {lacking}")
                continue
            curve = next(iter(series.values())).curve(faults)
            if curve is not None:
                found[name] = curve
    shorten(faults).raise_if_any()
    if not found:
        raise InputError(Fault("", expected="there is no Hall measurement in this file", file=str(path)))
    return found
