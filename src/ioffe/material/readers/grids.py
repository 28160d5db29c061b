"""Tables of any file that holds some: a text file or the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ioffe.material.readers.files import (
    CellGrid,
    find_header,
    is_workbook,
    open_checked,
    read_text,
    refuse,
    text_grid,
)
from ioffe.material.readers.workbook import excel_grids


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
    if is_workbook(open_checked(path)):
        return excel_grids(path, recognise)
    text = read_text(path)
    header = find_header(text, recognise)
    if header is None:
        lines = (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
        raise refuse(path, expected, value=next(lines, ""))
    return [text_grid(path, text, header)]
