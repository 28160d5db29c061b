"""Tables of any file that holds some: a text file or the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ioffe.base.errors import Fault, InputError
from ioffe.material.readers.columns.vocabulary import MATERIAL, Vocabulary
from ioffe.material.readers.files import CellGrid, is_workbook, open_checked, read_text, refuse
from ioffe.material.readers.kinds import kind_of
from ioffe.material.readers.layout.blocks import text_grids
from ioffe.material.readers.layout.workbook import excel_grids


def read_grids(
    path: Path,
    recognise: Callable[[list[str]], int],
    expected: str | Callable[[Path, str], Fault],
    words: Vocabulary = MATERIAL,
) -> list[CellGrid]:
    """Tables of a text file or of the sheets of an Excel workbook.

    `path`: file to read.
    `recognise`: number of known columns of a line of headers, 0 if it is none.
    `expected`: message for a file without such a line, or what makes it of the path and the text.
    `words`: what headers may mean.
    Raises `InputError` for a file that cannot be read, or without such a line.
    """
    if is_workbook(open_checked(path)):
        if isinstance(expected, str):
            return excel_grids(path, recognise, expected, words)
        return excel_grids(path, recognise, words=words)
    text = read_text(path)
    found = text_grids(path, text, recognise, words)
    if found:
        return found
    if not isinstance(expected, str):
        raise InputError(expected(path, text))
    known = kind_of(text)
    lines = (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
    advice = "; ".join(filter(None, [f"this is {known.words}", known.use])) if known else ""
    raise refuse(path, expected, advice, next(lines, ""))
