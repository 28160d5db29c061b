"""Cells of a table file, each with the line it came from."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ioffe.base.errors import ABSENT, Fault, InputError
from ioffe.material.readers.headers import EXPECTED, recognised

ROW_LIMIT = 100_000
"""Rows of one table of measured curves; a longer file is refused before it is parsed."""
DUMP_LIMIT = 1_000_000
"""Rows of a database dump (Starrydata, teMatDb), of which a few samples are taken."""
SIZE_LIMIT = 500_000_000
"""Bytes of any file; a larger one is refused before it is opened."""
HEADER_SEARCH = 100
HEAD = 1_000_000
"""Lines and characters at the start of a file among which the column headers are looked for."""
DELIMITERS = ("\t", ";", ",")
EXCEL_ENDINGS = (".xlsx", ".xlsm", ".xls")
COMMENT = re.compile(r"#\s*([A-Za-z][\w ()/-]*?)\s*[:=]\s*(.+)")

Cell = str | float
"""Text as read, or the number an Excel file holds."""


@dataclass(frozen=True)
class CellRow:
    """One row of cells.

    Parameters
    ----------
    line : int
        Line of the text file or row of the sheet, from 1.
    cells : tuple of str or float
        Text cells are stripped.
    """

    line: int
    cells: tuple[Cell, ...]

    def cell(self, index: int) -> Cell:
        """Cell as it was read, empty outside the row.

        Parameters
        ----------
        index : int
            Position, from 0.

        Returns
        -------
        str or float
        """
        return self.cells[index] if 0 <= index < len(self.cells) else ""

    def text(self, index: int) -> str:
        """Cell as text, empty outside the row; whole numbers without a point.

        Parameters
        ----------
        index : int
            Position, from 0.

        Returns
        -------
        str
        """
        cell = self.cell(index)
        if isinstance(cell, str):
            return cell
        return str(int(cell)) if cell == int(cell) else repr(cell)

    @property
    def texts(self) -> list[str]:
        """Every cell as text."""
        return [self.text(index) for index in range(len(self.cells))]


@dataclass(frozen=True)
class CellGrid:
    """A header and the rows below it.

    Parameters
    ----------
    file : str
        Name shown in messages.
    header : CellRow
        Column headers.
    rows : tuple of CellRow
        Rows below the header that are not empty.
    remarks : dict of str to str
        `key: value` pairs of the comment lines, keys in lower case.
    sheet : str
        Name of the Excel sheet.
    delimiter : str
        Separator of the cells of a text file.
    """

    file: str
    header: CellRow
    rows: tuple[CellRow, ...]
    remarks: dict[str, str] = field(default_factory=dict)
    sheet: str = ""
    delimiter: str = ""

    @property
    def names(self) -> list[str]:
        """Column headers as text."""
        return [str(cell) for cell in self.header.cells]

    def location(self, row: CellRow) -> str:
        """Where a row is, for messages.

        Parameters
        ----------
        row : CellRow
            A row of this table.

        Returns
        -------
        str
            Such as `line 7`.
        """
        word = f"sheet {self.sheet}: row" if self.sheet else "line" if self.delimiter else "row"
        return f"{word} {row.line}"


def refuse(path: Path | str, expected: str, advice: str = "", value: object = ABSENT) -> InputError:
    """Error with one fault about a whole file.

    Parameters
    ----------
    path : Path or str
        The file.
    expected : str
        What was expected.
    advice : str, optional
        What helps.
    value : object, optional
        What was found.

    Returns
    -------
    InputError
        To be raised.
    """
    return InputError(Fault("", value, expected, advice, str(path)))


def open_checked(path: Path) -> Path:
    """Path of a file that exists, is not empty and is not absurdly large.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Path
        The same path.

    Raises
    ------
    InputError
        For a missing file, a folder, an empty or an oversized file.
    """
    if path.is_dir():
        raise refuse(path, "a file is expected, this is a folder")
    if not path.exists():
        raise refuse(path, "there is no such file")
    size = path.stat().st_size
    if size == 0:
        raise refuse(path, "the file is empty")
    if size > SIZE_LIMIT:
        raise refuse(path, f"the file has {size / 1e6:.0f} MB, at most {SIZE_LIMIT / 1e6:.0f} MB are read")
    return path


def read_text(path: Path, row_limit: int = ROW_LIMIT) -> str:
    """Text of a table file in UTF-8, UTF-16 with a byte order mark, or Windows-1252.

    Parameters
    ----------
    path : Path
        File to read.
    row_limit : int
        Lines above which the file is refused, before it is decoded.

    Returns
    -------
    str

    Raises
    ------
    InputError
        For a file that cannot be read, is binary, or has too many lines.
    """
    try:
        data = open_checked(path).read_bytes()
    except OSError as error:
        raise refuse(path, f"the file cannot be read ({error.strerror or error})") from None
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = _decode(path, data, "utf-16")
    elif b"\0" in data or data[:4] in (b"%PDF", b"PK\x03\x04"):
        raise _binary(path)
    else:
        check_length(path, data.count(b"\n") or data.count(b"\r"), row_limit)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = _decode(path, data, "cp1252")
    if sum(c < " " and c not in "\t\n\r\f\v" for c in text[:20_000]) > 0:
        raise _binary(path)
    if not text.strip():
        raise refuse(path, "the file is empty")
    return text


def _decode(path: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise _binary(path) from None


def _binary(path: Path) -> InputError:
    return refuse(path, "a text table is expected, this is a binary file", "export it as CSV in UTF-8")


def check_length(path: Path, lines: int, limit: int = ROW_LIMIT) -> None:
    """Refuse a file with more lines than the limit.

    Parameters
    ----------
    path : Path
        The file.
    lines : int
        Lines of the file.
    limit : int, optional
        How many are read.

    Raises
    ------
    InputError
        With the number of lines and the limit.
    """
    if lines > limit:
        expected = f"the file has {lines} lines; at most {ROW_LIMIT} are read of a table"
        advice = f"cut it down to the samples you need; of a database file at most {DUMP_LIMIT} are read"
        raise refuse(path, expected, advice)


def find_header(text: str, recognise: Callable[[list[str]], int]) -> tuple[int, str, list[str]] | None:
    """Line number, delimiter and cells of the header, the best of the first lines; None if there is none.

    Parameters
    ----------
    text : str
        The file.
    recognise : callable
        Number of columns of a line that are understood; 0 if the line cannot be a header.

    Returns
    -------
    tuple[int, str, list[str]] or None
    """
    best: tuple[int, int, str, list[str]] | None = None
    for number, line in enumerate(_lines(text[:HEAD])[:HEADER_SEARCH], start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        for delimiter in DELIMITERS:
            cells = _split(line, delimiter)
            count = recognise(cells)
            if count and (best is None or count > best[0]):
                best = (count, number, delimiter, cells)
    return None if best is None else best[1:]


def text_grid(path: Path, text: str, header: tuple[int, str, list[str]]) -> CellGrid:
    """Rows below a header line, with the remarks of the comment lines.

    Parameters
    ----------
    path : Path
        The file.
    text : str
        Content of the file.
    header : tuple[int, str, list[str]]
        Line number, delimiter and cells of the header, from `find_header`.

    Returns
    -------
    CellGrid

    Raises
    ------
    InputError
        For a quoted cell that is not closed.
    """
    first, delimiter, names = header
    rows = tuple(text_rows(path, text, first, delimiter))
    remarks = dict(filter(None, (_remark(line) for line in _lines(text) if line.lstrip().startswith("#"))))
    return CellGrid(str(path), CellRow(first, tuple(names)), rows, remarks, delimiter=delimiter)


def text_rows(path: Path, text: str, first: int, delimiter: str) -> Iterator[CellRow]:
    """Rows below line `first` that are neither empty nor a comment, one after the other.

    Parameters
    ----------
    path : Path
        The file.
    text : str
        Content of the file.
    first : int
        Line number of the header.
    delimiter : str
        Separator of the cells.

    Returns
    -------
    iterator of CellRow
        One after the other.
    """
    reader = csv.reader(_lines(text)[first:], delimiter=delimiter, skipinitialspace=True, strict=True)
    line = first + 1
    try:
        for cells in reader:
            if any(cells) and not cells[0].lstrip().startswith("#"):
                yield CellRow(line, tuple(cell.strip() for cell in cells))
            line = first + reader.line_num + 1
    except csv.Error as error:
        raise refuse(path, f"line {line}: the cells cannot be told apart ({error})") from None


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _split(line: str, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return []
    return [cell.strip().strip("\ufeff") for cell in cells]


def _remark(line: str) -> tuple[str, str] | None:
    match = COMMENT.fullmatch(line.strip().rstrip(",;\t"))
    return (match[1].strip().casefold(), match[2].strip()) if match else None


def excel_grids(
    path: Path,
    recognise: Callable[[list[str]], int] = recognised,
    expected: str = f"no row with column headers was found; expected is {EXPECTED}",
) -> list[CellGrid]:
    """Tables of a workbook: of every sheet with a header row, the cells below it.

    Parameters
    ----------
    path : Path
        A `.xlsx` or `.xlsm` file.
    recognise : callable
        Number of columns of a row that are understood; 0 if the row cannot be a header.
    expected : str
        What is said of a workbook without a header row.

    Returns
    -------
    list of CellGrid
        Those of several sheets have the name of their sheet.

    Raises
    ------
    InputError
        If openpyxl is missing, the file is no workbook, is too long or has no header row.
    """
    workbook = _open(path)
    try:
        sheets = {sheet.title: _rows(path, sheet.iter_rows(values_only=True)) for sheet in workbook}
    finally:
        workbook.close()
    found = []
    for title, rows in sheets.items():
        best = max(rows[:HEADER_SEARCH], key=lambda row: recognise(row.texts), default=None)
        if best is not None and recognise(best.texts):
            below = tuple(row for row in rows if row.line > best.line)
            found.append(CellGrid(str(path), CellRow(best.line, tuple(best.texts)), below, {}, title))
    if not found:
        first = next((rows[0] for rows in sheets.values() if rows), CellRow(1, ()))
        raise refuse(path, expected, value=", ".join(str(cell) for cell in first.cells if cell != ""))
    return found if len(found) > 1 else [replace(found[0], sheet="")]


def read_grids(path: Path, recognise: Callable[[list[str]], int], expected: str) -> list[CellGrid]:
    """Tables of a text file (one) or of the sheets of an Excel workbook.

    Parameters
    ----------
    path : Path
        File to read.
    recognise : callable
        Number of known columns of a line of headers, 0 if it is none.
    expected : str
        Message for a text file without such a line.

    Returns
    -------
    list of CellGrid

    Raises
    ------
    InputError
        For a file that cannot be read, or without such a line.
    """
    if open_checked(path).suffix.casefold() in EXCEL_ENDINGS:
        return excel_grids(path, recognise)
    text = read_text(path)
    header = find_header(text, recognise)
    if header is None:
        lines = (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
        raise refuse(path, expected, value=next(lines, ""))
    return [text_grid(path, text, header)]


def _open(path: Path) -> Any:
    open_checked(path)
    if path.suffix.casefold() == ".xls":
        raise refuse(path, "this is an old Excel file", "save it as .xlsx")
    try:
        import openpyxl
    except ImportError:
        advice = 'install it with: pip install "ioffe[data]"'
        raise refuse(path, "reading Excel files needs the package openpyxl", advice) from None
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:
        raise refuse(path, f"this is no Excel workbook ({error})") from None


def _rows(path: Path, values: Iterable[tuple[Any, ...]]) -> list[CellRow]:
    rows = []
    for line, cells in enumerate(values, start=1):
        if line > ROW_LIMIT:
            check_length(path, line)
        row = tuple(_cell(cell) for cell in cells)
        if any(cell != "" for cell in row):
            rows.append(CellRow(line, row))
    return rows


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return str(value).strip()
