"""Numbers in the cells of a table: decimal comma, minus signs, and what is no number."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from ioffe.base.errors import Faults
from ioffe.material.readers.files import Cell, CellGrid, CellRow

PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
WITH_COMMA = re.compile(r"[+-]?(?:\d+,\d*|,\d+)(?:[eE][+-]?\d+)?")
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
POINTED_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+")
BOTH = re.compile(r"[+-]?\d{1,3}(?:,\d{3})*(?:,\d{3}){2}|[+-]?\d[\d,]*,\d*\.\d*|[+-]?\d[\d.]*\.\d*,\d+")
"""Numbers in which a comma cannot be decimal, or both marks occur."""
POINTED = re.compile(f"{PLAIN.pattern}|{POINTED_THOUSANDS.pattern}")
"""Numbers that may have a point, decimal or between thousands."""
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
    points = any("." in cell and POINTED.fullmatch(cell) for cell in cells)
    proven = any(not THOUSANDS.fullmatch(cell) for cell in commas)
    return None if points or not proven else True


def decimal_mark(grids: Sequence[CellGrid], faults: Faults) -> bool | None:
    """Whether the tables of one text file or sheet have decimal commas; what leaves that open is noted.

    Where one table of a file has decimal commas, a point in any of them is no decimal: 121.000 may be 121000.

    Parameters
    ----------
    grids : sequence of CellGrid
        Tables of the file; their groups of columns may share rows.
    faults : Faults
        Takes the cells that do not go together.

    Returns
    -------
    bool or None
        None if it is open.
    """
    shared = {id(grid.rows): grid for grid in grids}.values()
    comma = decimal_comma((row for grid in shared for row in grid.rows), grids[0].delimiter)
    if comma is not None:
        return comma
    written = [
        (grid, row, part)
        for grid in shared
        for row in grid.rows
        for cell in row.cells
        if isinstance(cell, str)
        for part in _numbers_of(cell)
    ]
    commas = [found for found in written if "," in found[2] and _is_with_comma(found[2])]
    proven = [
        found for found in commas if WITH_COMMA.fullmatch(found[2]) and not THOUSANDS.fullmatch(found[2])
    ]
    points = [found for found in written if "." in found[2] and POINTED.fullmatch(found[2])]
    if proven and points:
        (grid, row, cell), (other, below, proof) = points[0], proven[0]
        expected = f"a point beside decimal commas ({proof} in {other.location(below)}) may part thousands"
        whole = cell.replace(".", "") if POINTED_THOUSANDS.fullmatch(cell) else ""
        decimal = cell.replace(".", ",") if PLAIN.fullmatch(cell) else ""
        readings = " or ".join(f'"{text}"' for text in (whole, decimal) if text)
        advice = f"write {readings}, as it is meant"
    else:
        grid, row, cell = commas[0]
        expected = "a comma in the numbers may be a decimal mark or may part thousands"
        advice = 'write "1.25" with a point, or "1250"'
    faults.add(grid.location(row), cell, expected, advice)
    return None


def _is_with_comma(text: str) -> bool:
    return bool(WITH_COMMA.fullmatch(text) or BOTH.fullmatch(text))


def _numbers_of(cell: str) -> list[str]:
    """The number in a cell, or value and standard deviation written in it, without powers and per cent."""
    if PLAIN.fullmatch(cell) or WITH_COMMA.fullmatch(cell):  # most of them
        return [cell]
    pair = UNCERTAIN.fullmatch(cell)
    if pair:
        return [*_numbers_of(pair[1].strip()), *_numbers_of(pair[2].strip())]
    text = TIMES_TEN.sub("", cell.replace("\u2212", "-").rstrip("% "))
    short = IN_BRACKETS.fullmatch(text)
    return [short[1] if short else text]


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
