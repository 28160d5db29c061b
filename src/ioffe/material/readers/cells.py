"""Numbers in the cells of a table: decimal comma, minus signs, and what is no number."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from ioffe.material.readers.files import Cell, CellRow

PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
WITH_COMMA = re.compile(r"[+-]?(?:\d+,\d*|,\d+)(?:[eE][+-]?\d+)?")
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
BOTH = re.compile(r"[+-]?\d{1,3}(?:,\d{3})*(?:,\d{3}){2}|[+-]?\d[\d,]*,\d*\.\d*|[+-]?\d[\d.]*\.\d*,\d+")
"""Numbers in which a comma cannot be decimal, or both marks occur."""
MISSING = frozenset({"", "-", "--", "---", "–", "—"})
"""Cells that are empty without a word."""
EMPTY_WORDS = frozenset(
    [
        "n/a",
        "na",
        "n.a.",
        "#n/a",
        "nan",
        "#nan",
        "null",
        "none",
        "nil",
        "#div/0!",
        "#value!",
        "#ref!",
        "#name?",
        "#num!",
        "#null!",
        "#error!",
        "n.d.",
        "nd",
        "n.m.",
        "*",
        "missing",
        "error",
        "err",
        "failed",
        "fail",
        "overload",
        "ovld",
        "?",
        "1.#qnan",
        "1.#ind",
        "-1.#ind",
        "-nan",
        "not_measured",
        "blank",
    ]
)
"""Cells that say so in a word, or hold an error of a spreadsheet or an instrument."""
UNCERTAIN = re.compile(r"(.+?)\s*(?:±|\+/-|\+-|\(\+/-\)|\\pm)\s*(.+)")
IN_BRACKETS = re.compile(r"([+-]?\d+(?:[.,](\d+))?)\((\d{1,3})\)((?:[eE][+-]?\d+)?)")
FORTRAN = re.compile(r"[dD](?=[+-]\d{1,3}$)")
TIMES_TEN = re.compile(r"\s*[x×*·]\s*10\s*\^?\s*\{?([+-]?\d{1,3})\}?$")


class NotANumber(ValueError):
    """A cell holds something else than a finite number; the message says what is expected."""


def is_missing(cell: Cell) -> bool:
    """Whether a cell is empty, holds a dash or NaN, or says in a word that there is no value.

    Parameters
    ----------
    cell : str or float
        As read.

    Returns
    -------
    bool
    """
    return cell in MISSING or says_missing(cell) if isinstance(cell, str) else math.isnan(cell)


def says_missing(cell: Cell) -> bool:
    """Whether a cell says in a word that there is no value, such as N/A, null or #DIV/0!.

    Parameters
    ----------
    cell : str or float
        As read.

    Returns
    -------
    bool
    """
    return isinstance(cell, str) and "_".join(cell.casefold().split()) in EMPTY_WORDS


def measured(cell: Cell, comma: bool = False) -> tuple[float, float | None]:
    """Number in a cell and the standard deviation written behind it, if there is one.

    Parameters
    ----------
    cell : str or float
        As read.
    comma : bool
        Whether the comma is the decimal mark.

    Returns
    -------
    (float, float or None)

    Raises
    ------
    NotANumber
        As for `number`.

    Examples
    --------
    >>> measured("168 ± 5"), measured("1.523(12)"), measured("2.1")
    ((168.0, 5.0), (1.523, 0.012), (2.1, None))
    """
    if isinstance(cell, str) and not PLAIN.fullmatch(cell):
        pair = UNCERTAIN.fullmatch(cell)
        if pair:
            if pair[2].endswith("%"):
                value = number(pair[1], comma)
                return value, abs(value) * number(pair[2].rstrip("% "), comma) / 100.0
            return number(pair[1], comma), number(pair[2], comma)
        short = IN_BRACKETS.fullmatch(cell.replace("\u2212", "-"))
        if short:
            decimals = 10.0 ** -len(short[2] or "")
            return number(short[1] + short[4], comma), int(short[3]) * decimals * float(f"1{short[4]}")
    return number(cell, comma), None


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
    cells = [
        part for row in rows for cell in row.cells if isinstance(cell, str) for part in _numbers_of(cell)
    ]
    if any(BOTH.fullmatch(cell) for cell in cells):
        return None
    commas = [cell for cell in cells if WITH_COMMA.fullmatch(cell)]
    if not commas:
        return False
    points = any("." in cell and PLAIN.fullmatch(cell) for cell in cells)
    proven = any(not THOUSANDS.fullmatch(cell) for cell in commas)
    return None if points or not proven else True


def _numbers_of(cell: str) -> list[str]:
    """A cell, or value and standard deviation written in it."""
    pair = UNCERTAIN.fullmatch(cell)
    return [pair[1].strip(), pair[2].strip()] if pair else [cell.replace("\u2212", "-")]


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
        text = cell.replace("\u2212", "-").replace("\u00a0", "").strip()
        text = TIMES_TEN.sub(r"e\1", text)
        if comma and WITH_COMMA.fullmatch(text):
            text = text.replace(",", ".")
        if text.casefold().lstrip("+-") in ("nan", "inf", "infinity"):
            raise NotANumber("a finite number is expected; leave the cell empty if not measured")
        text = FORTRAN.sub("e", text)
        if not PLAIN.fullmatch(text):
            raise NotANumber("a number is expected, without unit; the unit belongs in the header")
        value = float(text)
    else:
        value = float(cell)
    if not math.isfinite(value):
        raise NotANumber("a finite number is expected; leave the cell empty if not measured")
    return value
