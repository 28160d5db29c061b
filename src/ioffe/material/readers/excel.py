"""Cells of Excel workbooks."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ioffe.material.readers.grid import (
    HEADER_SEARCH,
    ROW_LIMIT,
    Cell,
    Grid,
    Row,
    check_length,
    open_checked,
    refuse,
)
from ioffe.material.readers.headers import EXPECTED, recognised


def excel_grids(path: Path, recognise: Callable[[list[str]], int] = recognised) -> list[Grid]:
    """Tables of a workbook: of every sheet with a header row, the cells below it.

    Parameters
    ----------
    path : Path
        A `.xlsx` or `.xlsm` file.
    recognise : callable
        Number of columns of a row that are understood; 0 if the row cannot be a header.

    Raises
    ------
    InputError
        If openpyxl is missing, the file is no workbook, is too long or has no header row.
    """
    workbook = _open(path)
    found = []
    seen = ""
    try:
        for sheet in workbook.worksheets:
            rows = _rows(path, sheet.iter_rows(values_only=True))
            seen = seen or next((", ".join(str(c) for c in row.cells if c != "") for row in rows), "")
            best = max(rows[:HEADER_SEARCH], key=lambda row: recognise(row.texts), default=None)
            if best is not None and recognise(best.texts):
                below = tuple(row for row in rows if row.line > best.line)
                found.append(Grid(str(path), Row(best.line, tuple(best.texts)), below, {}, sheet.title))
    finally:
        workbook.close()
    if not found:
        raise refuse(path, f"no row with column headers was found; expected is {EXPECTED}", value=seen)
    return [Grid(g.file, g.header, g.rows, g.remarks, g.sheet if len(found) > 1 else "") for g in found]


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


def _rows(path: Path, values: Iterable[tuple[Any, ...]]) -> list[Row]:
    rows = []
    for line, cells in enumerate(values, start=1):
        if line > ROW_LIMIT:
            check_length(path, line)
        row = tuple(_cell(cell) for cell in cells)
        if any(cell != "" for cell in row):
            rows.append(Row(line, row))
    return rows


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return str(value).strip()
