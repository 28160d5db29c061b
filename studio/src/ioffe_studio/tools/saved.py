r"""Tables that are taken home: numbers of the device in words, quantities as their table names them.

>>> head("legs.length (mm)"), head("T_hot_junction (K)"), head("cost_low (USD)"), head("point_status")
('Length along the current: both legs (mm)', 'T_hot_junction (K)', 'cost_low (USD)', 'point status')
>>> in_words_csv('legs.length (mm),limits\n0.5,"fill_factor up to 0.5"\n')
'Length along the current: both legs (mm),limits\n0.5,fill factor up to 0.5\n'
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from ioffe.base.table import quantity_of
from ioffe.study.store import CHUNKS, HEADER, MARKS, MATERIALS, RANGES
from ioffe_studio.labels import in_page
from ioffe_studio.words import in_words, is_number_of_device

OF_A_RUN: Final = frozenset({CHUNKS, MARKS, RANGES, HEADER, MATERIALS})
"""What a sweep needs to go on where it was stopped, which nobody does here."""


def wanted(path: Path) -> bool:
    """Whether a file, by its place in the folder of results, is for people."""
    return path.parts[0] not in OF_A_RUN


def head(text: str) -> str:
    """The head of a column."""
    name, mark, unit = text.partition(" (")
    if not quantity_of(name):
        name = in_words(name) if is_number_of_device(name) else name.replace("_", " ")
    return f"{name}{mark}{unit}"


def in_words_csv(text: str) -> str:
    """A CSV file with heads and texts in words."""
    out = io.StringIO()
    rows = csv.reader(io.StringIO(text))
    csv.writer(out, lineterminator="\n").writerows(_rows(rows))
    return out.getvalue()


def in_words_xlsx(content: bytes) -> bytes:
    """A workbook whose sheets have heads and texts in words."""
    from openpyxl import load_workbook

    book, out = load_workbook(io.BytesIO(content)), io.BytesIO()
    for sheet in book:
        for k, row in enumerate(sheet.iter_rows()):
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = (head if k == 0 else in_page)(cell.value)  # pyright: ignore[reportAttributeAccessIssue] - nothing is merged
    book.save(out)
    return out.getvalue()


def _rows(rows: Iterable[list[str]]) -> Iterable[list[str]]:
    change: Callable[[str], Any] = head
    for row in rows:
        yield list(map(change, row))
        change = in_page
