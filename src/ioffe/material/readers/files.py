"""Cells of a table file, each with the line it came from."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from ioffe.material.readers.opening import (
    DUMP_LIMIT,
    EXCEL_ENDINGS,
    ROW_LIMIT,
    SIZE_LIMIT,
    STORE_ENDING,
    TABLE_LIMIT,
    check_length,
    decoded,
    is_workbook,
    open_checked,
    read_text,
    refuse,
    unpacked,
)

__all__ = [
    "DUMP_LIMIT",
    "EXCEL_ENDINGS",
    "ROW_LIMIT",
    "SIZE_LIMIT",
    "STORE_ENDING",
    "TABLE_LIMIT",
    "Cell",
    "CellGrid",
    "CellRow",
    "check_length",
    "decoded",
    "find_header",
    "is_workbook",
    "open_checked",
    "read_text",
    "refuse",
    "split_cells",
    "split_rows",
    "text_grid",
    "text_lines",
    "text_rows",
    "unpacked",
]

HEADER_SEARCH = 100
HEAD = 1_000_000
"""Lines and characters at the start of a file among which the column headers are looked for."""
DELIMITERS = ("\t", ";", ",")
COMMENT = re.compile(r"#\s*([A-Za-z][\w ()/-]*?)\s*[:=]\s*(.+)")

Cell = str | float
"""Text as read, or the number an Excel file holds."""


@dataclass(frozen=True)
class CellRow:
    """One row of cells.

    `line`: line of the text file or row of the sheet, from 1.
    `cells`: text cells are stripped.
    """

    line: int
    cells: tuple[Cell, ...]

    def cell(self, index: int) -> Cell:
        """Cell as it was read, empty outside the row.

        `index`: position, from 0.
        """
        return self.cells[index] if 0 <= index < len(self.cells) else ""

    def text(self, index: int) -> str:
        """Cell as text, empty outside the row; whole numbers without a point.

        `index`: position, from 0.
        """
        cell = self.cells[index] if 0 <= index < len(self.cells) else ""
        if isinstance(cell, str):
            return cell
        return str(int(cell)) if cell == int(cell) else repr(cell)

    def with_cell(self, index: int, cell: Cell) -> CellRow:
        """Copy with another cell.

        `index`: position, from 0.
        `cell`: what stands there.
        """
        cells = [*self.cells, *[""] * (index + 1 - len(self.cells))]
        cells[index] = cell
        return replace(self, cells=tuple(cells))

    @property
    def texts(self) -> list[str]:
        """Every cell as text."""
        return [self.text(index) for index in range(len(self.cells))]


@dataclass(frozen=True)
class CellGrid:
    """A header and the rows below it.

    `file`: name shown in messages.
    `header`: column headers.
    `rows`: rows below the header that are not empty.
    `remarks`: `key: value` pairs of the comment lines, keys in lower case.
    `sheet`: name of the Excel sheet.
    `delimiter`: separator of the cells of a text file.
    `label`: whose values these are, by a title above the block or the group of columns.
    `stated`: whether the label is a name that the file states.
    `stated_units`: units by quantity that comment lines state.
    `unused`: sheets of the file that hold no table.
    `note`: how the table was turned round, if it was.
    `of_columns`: whether its rows are columns of the file.
    """

    file: str
    header: CellRow
    rows: tuple[CellRow, ...]
    remarks: dict[str, str] = field(default_factory=dict)
    sheet: str = ""
    delimiter: str = ""
    label: str = ""
    stated: bool = False
    stated_units: dict[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    note: str = ""
    of_columns: bool = False

    @property
    def names(self) -> list[str]:
        """Column headers as text."""
        return [str(cell) for cell in self.header.cells]

    @property
    def is_of_constants(self) -> bool:
        """Whether there is nothing but remarks, the constants of a sample."""
        return not self.header.cells

    def location(self, row: CellRow) -> str:
        """Where a row is, for messages.

        `row`: a row of this table.
        Returns: such as `line 7`.
        """
        word = "column" if self.of_columns else "line" if self.delimiter else "row"
        return f"sheet {self.sheet}: {word} {row.line}" if self.sheet else f"{word} {row.line}"


def find_header(text: str, recognise: Callable[[list[str]], int]) -> tuple[int, str, list[str]] | None:
    """Line number, delimiter and cells of the header, the best of the first lines; None if there is none.

    `recognise`: number of columns of a line that are understood; 0 if the line cannot be a header.
    """
    best: tuple[int, int, str, list[str]] | None = None
    for number, line in enumerate(text_lines(text[:HEAD])[:HEADER_SEARCH], start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        for delimiter in DELIMITERS:
            cells = split_cells(line, delimiter)
            count = recognise(cells)
            if count and (best is None or count > best[0]):
                best = (count, number, delimiter, cells)
    return None if best is None else best[1:]


def text_grid(path: Path, text: str, header: tuple[int, str, list[str]]) -> CellGrid:
    """Rows below a header line, with the remarks of the comment lines.

    `text`: content of the file.
    `header`: line number, delimiter and cells of the header, from `find_header`.
    Raises `InputError` for a quoted cell that is not closed.
    """
    first, delimiter, names = header
    rows = tuple(text_rows(path, text, first, delimiter))
    lines = _each_line(text) if "#" in text else ()
    remarks = dict(filter(None, (_remark(line) for line in lines if line.lstrip().startswith("#"))))
    return CellGrid(str(path), CellRow(first, tuple(names)), rows, remarks, delimiter=delimiter)


def text_rows(path: Path, text: str, first: int, delimiter: str) -> Iterator[CellRow]:
    """Rows below line `first` that are neither empty nor a comment, one after the other.

    `text`: content of the file.
    `first`: line number of the header.
    `delimiter`: separator of the cells.
    Returns: one after the other.
    """
    rows = split_rows(path, _each_line(text), first, delimiter)
    return (row for row in rows if not str(row.cells[0]).startswith("#"))


def split_rows(path: Path, lines: Iterable[str], first: int, delimiter: str) -> Iterator[CellRow]:
    """Rows from a line on that are not empty, comments too.

    `lines`: its lines.
    `first`: lines in front.
    `delimiter`: separator of the cells; blanks stand for any number of them.
    Returns: one after the other.
    """
    if not delimiter.strip() and "\t" not in delimiter:
        for line, text in enumerate(islice(lines, first, None), start=first + 1):
            is_header = line == first + 1
            cells = split_cells(
                text.lstrip().lstrip("#%/") if is_header else text, delimiter if is_header else " "
            )
            if cells:
                yield CellRow(line, tuple(cells))
        return
    open_quote = re.compile(rf'" +(?={re.escape(delimiter)}|$)')  # blanks behind a quoted cell
    behind = (open_quote.sub('"', text) if '" ' in text else text for text in islice(lines, first, None))
    reader = csv.reader(behind, delimiter=delimiter, skipinitialspace=True, strict=True)
    line = first + 1
    try:
        for cells in reader:
            if any(cells):
                yield CellRow(line, tuple(map(str.strip, cells)))
            line = first + reader.line_num + 1
    except csv.Error as error:
        raise refuse(path, f"line {line}: the cells cannot be told apart ({error})") from None


def text_lines(text: str) -> list[str]:
    """Lines of a text, whatever ends them.

    `text`: of a file.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _each_line(text: str) -> Iterator[str]:
    """The same lines one after the other, without a second copy of a large file."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def split_cells(line: str, delimiter: str) -> list[str]:
    """Cells of one line; blanks inside brackets part none.

    `line`: of a text file.
    `delimiter`: separator; two blanks for two or more of them, one for any.
    Returns: stripped; empty if the cells cannot be told apart.

    >>> split_cells("# T[K] kappa [W/(m K)]", " "), split_cells("T (K)  S (uV/K)", "  ")
    (['#', 'T[K]', 'kappa [W/(m K)]'], ['T (K)', 'S (uV/K)'])
    """
    if delimiter == "  ":
        return [cell for cell in re.split(r"\s{2,}|\t", line.strip()) if cell]
    if delimiter == " ":
        return _bracketed(line)
    try:
        cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return []
    return [cell.strip().strip("\ufeff") for cell in cells]


def _bracketed(line: str) -> list[str]:
    """Words of a line; what is in brackets belongs to the word in front of it."""
    cells: list[str] = []
    depth = 0
    for word in line.split():
        if cells and (depth > 0 or word[0] in "(["):
            cells[-1] += f" {word}"
        else:
            cells.append(word)
        depth = max(0, depth + sum((letter in "([") - (letter in ")]") for letter in word))
    return cells


def _remark(line: str) -> tuple[str, str] | None:
    match = COMMENT.fullmatch(line.strip().rstrip(",;\t"))
    return (remark_key(match[1]), match[2].strip()) if match else None


def remark_key(text: str) -> str:
    """Key of a line above a table, in lower case but for the unit in its brackets.

    `text`: as it stands there.

    >>> remark_key("#Cp (J/gK) =")
    'cp (J/gK)'
    """
    name = re.match(r"[^(\[]*", key := text.strip().lstrip("#").rstrip(" =:"))
    return f"{name[0].casefold()}{key[name.end() :]}".strip() if name else key
