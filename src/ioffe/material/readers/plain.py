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
from ioffe.material.readers import files
from ioffe.material.readers.calculated import Lattice
from ioffe.material.readers.cells import NotANumber, decimal_comma, is_missing, number
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
from ioffe.material.readers.records import Sample, SampleReader, shorten
from ioffe.material.readers.series import Carrier, PointSeries, assemble, missing

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
    rows : tuple of CellRow
        Rows of values.
    values : mapping of int to list
        Numbers of every column by its position; None where a cell is empty, NaN where it is faulty.
    keys : tuple of str
        Sample of every row, empty without a sample column.
    is_readable : bool
        Whether there are rows and their numbers can be read; what hinders is noted already.
    """

    grid: files.CellGrid
    columns: tuple[HeaderColumn, ...]
    rows: tuple[files.CellRow, ...]
    values: Mapping[int, list[float | None]]
    keys: tuple[str, ...]
    is_readable: bool = True

    @property
    def samples(self) -> list[str]:
        """Samples in the order of their first row."""
        return list(dict.fromkeys(self.keys)) or [""]


def no_header(path: Path, text: str) -> Fault:
    """What is said of a file without a header, with the line that may have been meant as one.

    Parameters
    ----------
    path : Path
        The file.
    text : str
        Content of the file.

    Returns
    -------
    Fault
    """
    expected = f"no line with column headers was found; expected is {EXPECTED}"
    near = files.find_header(text, guessed)
    if near is None:
        first = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
        return Fault("", first, expected, file=str(path))
    line, delimiter, names = near
    advice = advice_for([name for name in names if name and not meaning(parts(name)[0])[0]])
    return Fault(f"line {line}", delimiter.join(names), expected, advice, str(path))


def tables(grids: Sequence[files.CellGrid], faults: Faults) -> list[PlainTable]:
    """Tables of a file, with every faulty header and cell noted.

    Parameters
    ----------
    grids : sequence of CellGrid
        Tables of one file.
    faults : Faults
        Takes what is wrong.

    Returns
    -------
    list of PlainTable
        One for each grid.
    """
    return [_table(grid, faults) for grid in grids]


@dataclass(frozen=True)
class PlainSample:
    """One sample of a plain table.

    Parameters
    ----------
    table : PlainTable
        Its table.
    key : str
        Value of the sample column; empty without one.
    """

    table: PlainTable
    key: str

    @property
    def name(self) -> str:
        """Name of the sample, of the table, of the sheet or of the file."""
        grid = self.table.grid
        stated = next((grid.remarks[word] for word in NAME_WORDS if word in grid.remarks), "")
        return self.key or stated or grid.sheet or Path(grid.file).stem

    @property
    def sample(self) -> Sample:
        """What a list of samples says about it."""
        grid, series = self.table.grid, series_of(self.table, self.key, Faults())
        known = tuple(prop for prop, points in series.items() if points.T)
        doi = grid.remarks.get("doi", "")
        return Sample(self.key or grid.sheet, self.name, doi, known, tuple(missing(known)))

    def material(
        self, faults: Faults, carrier: Carrier | None = None, lattice: Lattice | None = None
    ) -> Material | None:
        """Material of the sample, or None with the faults noted.

        Parameters
        ----------
        faults : Faults
            Takes what is wrong.
        carrier : str, optional
            `p` or `n`; by default what the file says, or the sign of S.
        lattice : Lattice, optional
            Not used: the file has the whole thermal conductivity.

        Returns
        -------
        Material or None
        """
        grid = self.table.grid
        if not self.table.is_readable:
            return None
        not_used = unused(grid.names, self.table.columns)
        said = {k: v for k, v in grid.remarks.items() if k in PROVENANCE_WORDS and v != "-"}
        words = {PROVENANCE_WORDS[k]: v for k, v in said.items()}
        origin = Provenance(**words)
        source, sample = origin.source or Path(grid.file).name, self.key or origin.sample
        origin = replace(origin, source=source, sample=sample)
        if not_used:
            origin = origin.with_note(f"Columns not used: {', '.join(not_used)}.")
        stated = grid.remarks.get("carrier", grid.remarks.get("type", "")).casefold()
        return assemble(
            self.name,
            series_of(self.table, self.key, faults),
            faults,
            carrier=carrier or (stated if stated in ("p", "n") else None),
            family=grid.remarks.get("family", ""),
            provenance=origin,
            missing_advice=advice_for(not_used),
            reported=_rejected(self.table),
        )


def read(grids: Sequence[files.CellGrid], faults: Faults) -> list[PlainSample]:
    """Samples of plain tables: one a table, or one for each value of its sample column.

    Parameters
    ----------
    grids : sequence of CellGrid
        Tables of one file.
    faults : Faults
        Takes every faulty header and cell.

    Returns
    -------
    list of PlainSample
    """
    return [PlainSample(table, key) for table in tables(grids, faults) for key in table.samples]


CSV = SampleReader("csv", "a plain table", "text", EXPECTED, recognised, read, is_database=False)
EXCEL = replace(CSV, name="excel", container="excel")


def _table(grid: files.CellGrid, faults: Faults) -> PlainTable:
    units, rows = _units_row(grid)
    columns = understand(grid.names, units, faults)
    if not rows:
        faults.add(grid.location(grid.header), expected="there are no rows of numbers below the header")
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
    keys = tuple("" if named is None else str(row.cell(named)) for row in rows)
    return PlainTable(grid, tuple(columns), rows, values, keys, readable)


def _units_row(grid: files.CellGrid) -> tuple[list[str] | None, tuple[files.CellRow, ...]]:
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
    grid: files.CellGrid, column: HeaderColumn, rows: Sequence[files.CellRow], comma: bool, faults: Faults
) -> list[float | None]:
    found: list[float | None] = []
    for row in rows:
        cell = row.cell(column.index)
        value = None
        if not is_missing(cell):
            try:
                value = number(cell, comma)
            except NotANumber as problem:
                faults.add(grid.location(row), cell, f"{column.header}: {problem}")
                value = nan
        found.append(value)
    return found


def series_of(table: PlainTable, key: str, faults: Faults) -> dict[str, PointSeries]:
    """Series of one sample; a row without a value of a property is no point of its curve.

    Parameters
    ----------
    table : PlainTable
        The table.
    key : str
        Sample whose points are wanted; empty without a sample column.
    faults : Faults
        Takes what is wrong.

    Returns
    -------
    dict of str to PointSeries
        By quantity.
    """
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
    deviations = table.values[std.index] if std else [None] * len(values)
    for own, row, *cells in zip(table.keys, table.rows, T, values, deviations, strict=True):
        temperature, value, deviation = cells
        if own != key or value is None or any(cell is not None and isnan(cell) for cell in cells):
            continue
        location = table.grid.location(row)
        if temperature is None:
            faults.add(location, value, f"{column.header}: there is no temperature to this value")
        elif std is not None and deviation is None:
            faults.add(location, value, f"{column.header}: its standard deviation is missing")
        else:
            points.add(temperature, value, location, deviation)


def _rejected(table: PlainTable) -> set[str]:
    """Quantities with a fault in their column or in that of their temperature; no more is said about them."""
    wrong = {column.index for column in table.columns if not column.is_valid}
    wrong |= {i for i, found in table.values.items() if any(v is not None and isnan(v) for v in found)}
    return {c.quantity for c in table.columns if c.index in wrong or c.temperature in wrong}


def read_hall(path: str | Path) -> dict[str, Curve]:
    r"""Hall curves of a CSV or Excel table by sample; a table without a column of samples has the name "".

    Parameters
    ----------
    path : path
        Headers carry units, such as ``T (K),n_H (cm^-3)`` or ``sample,T (K),R_H (cm3/C)``.

    Returns
    -------
    dict of str to Curve
        By sample.

    Raises
    ------
    InputError
        With every fault of the file and its line; if there is no Hall column, or two of them.

    Examples
    --------
    >>> _ = Path("hall.csv").write_text("T (K),n_H (cm^-3)\n300,1e19\n400,1.2e19\n")
    >>> print(f"{read_hall('hall.csv')[''](300.0):.1e} 1/m3")
    1.0e+25 1/m3
    """
    path = files.open_checked(Path(path))
    grids = files.excel_grids(path) if path.suffix.casefold() in files.EXCEL_ENDINGS else _text_grids(path)
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


def _text_grids(path: Path) -> list[files.CellGrid]:
    """The one table of a text file."""
    text = files.read_text(path)
    header = files.find_header(text, recognised)
    if header is None:
        raise InputError(no_header(path, text))
    return [files.text_grid(path, text, header)]
