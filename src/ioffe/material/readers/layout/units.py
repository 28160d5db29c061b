"""Rows of units below the headers of a table, and what is said between them and the numbers."""

from __future__ import annotations

import re
from typing import Final

from ioffe.base.errors import UnitError
from ioffe.base.units import convert
from ioffe.material.readers.cells import is_missing, is_number
from ioffe.material.readers.columns.headers import ERRORS
from ioffe.material.readers.columns.vocabulary import MATERIAL
from ioffe.material.readers.columns.words import repaired, word_of
from ioffe.material.readers.files import CellGrid, CellRow

UNIT_WORDS: Final = frozenset({"unit", "units", "einheit", "einheiten", "unité", "unités", "单位", "単位"})
FACTOR: Final = re.compile(r"10(?:\^[-−]?\d+|[⁻⁰¹²³⁴-⁹]+)[ ·*×]*[A-Za-zµμΩ]")
"""Beginning of a unit with a power of ten in front."""


def units_row(grid: CellGrid) -> tuple[list[str] | None, tuple[CellRow, ...], list[str]]:
    """Units below the headers, the rows of numbers, and the rows of text between them.

    Returns: units or None, rows, and what the rows of comments say.
    """
    rows, units, comments = list(grid.rows), None, []
    while rows and len(comments) < 3:
        texts = [text for text in rows[0].texts if text]
        if (
            any(is_number(text) for text in texts)
            or not texts
            or not any(is_number(t) for row in rows[1:] for t in row.texts)
        ):
            break
        cells = units_in(rows[0]) if units is None else None
        if cells is not None:
            units = cells
        elif any(is_missing(text) for text in texts):
            break
        else:
            comments.append(f'{grid.location(rows[0])} "{", ".join(texts)}"')
        rows.pop(0)
    return units, tuple(rows), comments


def units_in(row: CellRow) -> list[str] | None:
    """Units in the cells of a row, or None where others stand there.

    `row`: row below the headers.
    """
    cells = [unwrapped(repaired(text)) for text in row.texts]
    cells[:1] = ["" if word_of(cell) in UNIT_WORDS else cell for cell in cells[:1]]
    units = [cell for cell in cells if cell and cell not in ERRORS]
    return cells if units and all(is_unit(cell) for cell in units) else None


def unwrapped(text: str) -> str:
    """Unit without the brackets around it.

    `text`: of a cell.
    """
    wrapped = text[:1] in ("(", "[") and text[-1:] in (")", "]")
    return text[1:-1].strip() if wrapped else text


def is_unit(text: str) -> bool:
    """Whether a text is a unit, or may be one that is not known.

    `text`: of a cell, without brackets.

    >>> [is_unit(text) for text in ("uV/K", "°C", "10^4 S/m", "uV per K", "sample A")]
    [True, True, True, True, False]
    """
    if text in ("°C", "C", "oC", "a.u.") or MATERIAL.has_unit(text):
        return True
    try:
        convert(1.0, text, text)
    except UnitError:
        return "/" in text and " " not in text.strip()
    return not text[:1].isdigit() or text == "1" or bool(FACTOR.match(text))
