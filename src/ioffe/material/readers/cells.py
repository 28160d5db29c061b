"""Numbers in the cells of a table: decimal comma, minus signs, and what is no number."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from ioffe.material.readers.files import Cell, CellRow

PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
WITH_COMMA = re.compile(r"[+-]?(?:\d+,\d*|,\d+)(?:[eE][+-]?\d+)?")
THOUSANDS = re.compile(r"[+-]?\d{1,3},\d{3}")
BOTH = re.compile(r"[+-]?\d{1,3}(?:,\d{3})*(?:,\d{3}){2}|[+-]?\d[\d,]*,\d*\.\d*|[+-]?\d[\d.]*\.\d*,\d+")
"""Numbers in which a comma cannot be decimal, or both marks occur."""
MISSING = frozenset({"", "-", "--", "–", "—"})
"""Cells that say that a property was not measured at this temperature."""


class NotANumber(ValueError):
    """A cell holds something else than a finite number; the message says what is expected."""


def is_missing(cell: Cell) -> bool:
    """Whether a cell is empty or holds a dash.

    Parameters
    ----------
    cell : str or float
        As read.

    Returns
    -------
    bool
    """
    return isinstance(cell, str) and cell in MISSING


def decimal_comma(rows: Iterable[CellRow], delimiter: str) -> bool | None:
    """Whether a file writes its numbers with a decimal comma; None if that cannot be told.

    A comma between the cells rules it out. Otherwise a comma is decimal if no number of the file has a point
    and at least one comma is not followed by exactly three digits, which could be thousands.

    Parameters
    ----------
    rows : iterable of CellRow
        Rows of numbers.
    delimiter : str
        Separator of the cells.

    Returns
    -------
    bool or None
        None if both readings are possible.

    Examples
    --------
    >>> decimal_comma([CellRow(2, ("300", "1,25"))], ";"), decimal_comma([CellRow(2, ("300", "1.25"))], ";")
    (True, False)
    >>> decimal_comma([CellRow(2, ("300", "1,250"))], ";") is None
    True
    """
    if delimiter == ",":
        return False
    cells = [cell for row in rows for cell in row.cells if isinstance(cell, str)]
    if any(BOTH.fullmatch(cell) for cell in cells):
        return None
    commas = [cell for cell in cells if WITH_COMMA.fullmatch(cell)]
    if not commas:
        return False
    points = any("." in cell and PLAIN.fullmatch(cell) for cell in cells)
    proven = any(not THOUSANDS.fullmatch(cell) for cell in commas)
    return None if points or not proven else True


def number(cell: Cell, comma: bool = False) -> float:
    """Finite number in a cell.

    Parameters
    ----------
    cell : str or float
        As read.
    comma : bool
        Whether the comma is the decimal mark.

    Returns
    -------
    float

    Raises
    ------
    NotANumber
        With what is expected, for text, `nan`, `inf` and overflowing numbers.

    Examples
    --------
    >>> number("1,5e-3", comma=True), number("−210")
    (0.0015, -210.0)
    >>> number("nan")
    Traceback (most recent call last):
        ...
    ioffe.material.readers.cells.NotANumber: a finite number is expected; ...
    """
    if isinstance(cell, str):
        text = cell.replace("\u2212", "-").replace("\u00a0", "")
        if comma and WITH_COMMA.fullmatch(text):
            text = text.replace(",", ".")
        if text.casefold().lstrip("+-") in ("nan", "inf", "infinity"):
            raise NotANumber("a finite number is expected; leave the cell empty if not measured")
        if not PLAIN.fullmatch(text):
            raise NotANumber("a number is expected, without unit; the unit belongs in the header")
        value = float(text)
    else:
        value = float(cell)
    if not math.isfinite(value):
        raise NotANumber("a finite number is expected; leave the cell empty if not measured")
    return value
