"""Excel workbooks: the cells of their sheets, within bounds of size, whatever the file is damaged by."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from ioffe.base.errors import InputError
from ioffe.material.readers.columns.headers import EXPECTED, recognised
from ioffe.material.readers.columns.vocabulary import MATERIAL, Vocabulary
from ioffe.material.readers.files import (
    HEADER_SEARCH,
    ROW_LIMIT,
    Cell,
    CellGrid,
    CellRow,
    check_length,
    open_checked,
    refuse,
)
from ioffe.material.readers.layout.above import remarks_of_rows, texts_above
from ioffe.material.readers.layout.beside import Recognise, Renamed, of_two_rows
from ioffe.material.readers.layout.blocks import grids_of
from ioffe.material.readers.layout.turned import turned_grids

UNPACKED_LIMIT: Final = 200_000_000
"""Bytes of all parts of a workbook together; a larger one is refused before it is unpacked."""
PACKING_LIMIT: Final = 200
"""How many times larger than packed a part above 20 MB may be; tables of numbers reach 20."""
COLUMN_LIMIT: Final = 1000
EMPTY_LIMIT: Final = 10_000
"""Empty rows in a row behind which a sheet ends."""


def excel_grids(
    path: Path,
    recognise: Recognise = recognised,
    expected: str = f"no row with column headers was found; expected is {EXPECTED}",
    words: Vocabulary = MATERIAL,
    renamed: Renamed = list,
    sheets: SheetRows | None = None,
    otherwise: Callable[..., list[CellGrid]] | None = None,
) -> list[CellGrid]:
    """Tables of a workbook: of every sheet with a header row, the cells below it.

    `path`: a `.xlsx` or `.xlsm` file.
    `recognise`: number of columns of a row that are understood; 0 if the row cannot be a header.
    `expected`: what is said of a workbook without a header row.
    `words`: what headers may mean.
    `renamed`: headers in the words that a user has given for them.
    `sheets`: what `sheets_of` has found.
    `otherwise`: what makes other tables of the rows of a sheet without a header; they stand behind all
        others.
    Returns: they have the name of their sheet; the only one has it where it may be that of a sample.
    Raises `InputError` if openpyxl is missing, the file is no workbook, is damaged, too large or has no
        header row.
    """
    of_sheets, hidden, notes = sheets or sheets_of(path)
    found: list[list[CellGrid]] = []
    others: list[CellGrid] = []
    unused = [f"sheet {title} ({HIDDEN})" for title in hidden]
    for title, rows in of_sheets.items():
        start, best = _header(rows, recognise, words)
        if best is None:
            turned = turned_grids(str(path), rows, recognise, words, sheet=title)
            other = otherwise(str(path), rows, sheet=title) if otherwise and not turned else []
            found += [turned] if turned else []
            others += other
            unused += [_unread(title, rows)] if rows and not turned and not other else []
            continue
        grids = grids_of(
            str(path),
            [best, *rows[start + 1 :]],
            recognise,
            words,
            sheet=title,
            above=rows[:start],
            renamed=renamed,
        )
        remarks = remarks_of_rows(rows[:start])
        labels = {grid.label for grid in grids}
        idle = [f"sheet {title}: {text}" for text in texts_above(rows[:start], "row", labels, remarks)]
        grids = [replace(grid, remarks=remarks, unused=(*idle, *grid.unused)) for grid in grids]
        found.append([replace(g, note=", ".join(filter(None, (g.note, notes.get(title))))) for g in grids])
    if not found and not others:
        first = next((rows[0] for rows in of_sheets.values() if rows), CellRow(1, ()))
        advice = f"not used: {', '.join(unused)}" if hidden else ""
        raise refuse(path, expected, advice, ", ".join(str(cell) for cell in first.cells if cell != ""))
    grids = [grid for of_sheet in found for grid in of_sheet]
    is_only = len(found) == 1 and not any(name.endswith(NUMBERS) for name in unused)
    grids = [replace(g, sheet="") for g in grids] if is_only and _NAMELESS.search(grids[0].sheet) else grids
    return [replace(grid, unused=(*grid.unused, *unused)) for grid in grids] + others


def _header(rows: Sequence[CellRow], recognise: Recognise, words: Vocabulary) -> tuple[int, CellRow | None]:
    """The header among the first rows, of one row or of two, and its position; None where there is none."""
    near = rows[:HEADER_SEARCH]
    counts = [recognise(row.texts) for row in near]
    at = max(range(len(near)), key=counts.__getitem__, default=0)
    best = near[at] if near and counts[at] else None
    for k in range(len(near) - 1) if best is None else (at - 1, at):
        double = of_two_rows(near, k, recognise, words)
        if double is not None and recognise(double.texts) > (counts[at] if best is not None else 0):
            return k + 1, double
    return at, best


_NAMELESS: Final = re.compile(
    r"(?i)(^|[\s_-])(sheet|tabelle|blatt|feuil|hoja|foglio|planilha|лист|工作表|シート|data|daten|results?|ergebnis|raw|export|table|"
    r"meas|mess|zem|lfa|lsr|hall|ppms|tto|cta|sba|seebeck|sigma|rho|kappa|transport|properties|zt|summary|plot|fig)"
    r"|\d{4}[-./]?\d\d[-./]?\d\d|^\d*$"
)
"""Names of sheets that say what a table is of or when it was made: the file says of what sample."""
NUMBERS: Final = "rows of numbers without a row of headers that are understood)"
"""Said of a sheet that may hold another sample, beside which one that is read keeps its name."""
HIDDEN: Final = "it is hidden; unhide it if its numbers count"


def _unread(title: str, rows: Sequence[CellRow]) -> str:
    """A sheet of which nothing is read, with the number of its rows of numbers."""
    count = sum(sum(isinstance(cell, float | int) for cell in row.cells) > 1 for row in rows)
    return f"sheet {title} ({count} {NUMBERS}" if count > 3 else f"sheet {title}"


class SheetRows(NamedTuple):
    """Rows of the sheets of a workbook that are shown, names of the others, and what is hidden in those."""

    shown: dict[str, list[CellRow]]
    hidden: list[str]
    notes: dict[str, str]


def sheets_of(path: Path) -> SheetRows:
    """Rows of every sheet that is shown, and the names of those that are hidden: what is rejected or old.

    A workbook is a zip of XML files: anything may be wrong with a damaged one.

    `path`: a `.xlsx` or `.xlsm` file.
    Raises `InputError` as `excel_grids`.
    """
    data = open_checked(path).read_bytes()
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise refuse(path, "this is an old Excel file", "save it as .xlsx")
    try:
        import openpyxl
    except ImportError:
        advice = 'install it with: pip install "ioffe[data]"'
        raise refuse(path, "reading Excel files needs the package openpyxl", advice) from None
    try:
        _check_size(path, data)
        workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            shown = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
            hidden = [sheet.title for sheet in workbook.worksheets if sheet.sheet_state != "visible"]
            notes = {sheet.title: _hidden_in(sheet) for sheet in shown}
            return SheetRows({sheet.title: _rows(path, sheet) for sheet in shown}, hidden, notes)
        finally:
            workbook.close()
    except (InputError, MemoryError):
        raise
    except Exception as error:  # openpyxl meets a damaged file with any error
        words = " ".join(str(error).split())[:80] or type(error).__name__
        raise refuse(
            path, f"this is no Excel workbook, or a damaged one ({words})", "save it again as .xlsx"
        ) from None


def _hidden_in(sheet: Any) -> str:
    """What of a sheet is hidden, such as rows that a filter leaves out; it is read all the same."""
    with sheet._get_source() as source:  # openpyxl tells it of a sheet only that it has read whole
        text = source.read()
    head = text[: max(text.find(b"<sheetData"), 0)]
    count = {
        "column": len(re.findall(rb'<col [^>]*hidden="(?:1|true)"', head)),
        "row": len(re.findall(rb'<row [^>]*hidden="(?:1|true)"', text)),
    }
    told = [f"{n} hidden {word}{'s' if n > 1 else ''}" for word, n in count.items() if n]
    return f"sheet {sheet.title} is read with {' and '.join(told)}" if told else ""


def _check_size(path: Path, data: bytes) -> None:
    """Refuse a workbook that would unpack to more than a table can need."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    bombs = any(p.file_size > max(20_000_000, PACKING_LIMIT * p.compress_size) for p in parts)
    if total > UNPACKED_LIMIT or bombs:
        expected = f"unpacked the workbook has {total / 1e6:.0f} MB"
        raise refuse(path, expected, "copy the table into a new workbook, or save it as CSV")


def _rows(path: Path, sheet: Any) -> list[CellRow]:
    sheet.reset_dimensions()  # programs write a range that is too small; openpyxl would stop at it
    rows = []
    empty = 0
    for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if line > ROW_LIMIT + EMPTY_LIMIT or len(rows) > ROW_LIMIT:
            check_length(path, line)
        row = tuple(_cell(cell) for cell in cells[:COLUMN_LIMIT])
        empty = 0 if any(cell != "" for cell in row) else empty + 1
        if empty > EMPTY_LIMIT:
            break
        if not empty:
            rows.append(CellRow(line, row))
    return rows


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if math.isfinite(value) else "nan"
    return str(value).strip()
