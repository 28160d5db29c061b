"""Numbers in the cells of a table: decimal comma, minus signs, and what is no number."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ioffe.base.errors import Faults
from ioffe.base.units.spelling import plain
from ioffe.material.readers.files import Cell, CellGrid, CellRow

PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
WITH_COMMA = re.compile(r"[+-]?(?:\d+,\d*|,\d+)(?:[eE][+-]?\d+)?")
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
COMMA_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?")
POINTED_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+")
GERMAN = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+,\d+")
"""Numbers whose points part thousands, as the decimal comma behind them says."""
PARTED = re.compile(r"[+-]?[1-9]\d{0,2}(?:[ \u00a0\u2009\u202f'’]\d{3})+(?:[.,]\d+)?")
"""Numbers whose thousands are parted by blanks or apostrophes, which part nothing else."""
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
OVERFLOW = 9e37
"""Size from which on a number is the mark of an instrument for an overflow (9.9e37) or no value (9.91e37)."""
ALIKE = 3
"""Cells of a column with the same fault that are told one by one."""
DASHES = re.compile("[-–—]{4,}")
UNCERTAIN = re.compile(r"(.+?)\s*(?:±|\+/-|\+-|\(\+/-\)|\\pm)\s*(.+)")
IN_BRACKETS = re.compile(r"([+-]?\d+(?:[.,](\d+))?)\((\d{1,3})\)((?:[eE][+-]?\d+)?)")
FORTRAN = re.compile(r"[dD](?=[+-]\d{1,3}$)")
TIMES_TEN = re.compile(r"\s*[x×*·]\s*10\s*\^?\s*\{?([+-]?\d{1,3})\}?$")


class NotANumber(ValueError):
    """A cell holds something else than a finite number; the message says what is expected."""


def is_missing(cell: Cell) -> bool:
    """Whether a cell is empty, holds a dash or NaN, or says in a word that there is no value.

    `cell`: as read.
    """
    return cell in MISSING or says_missing(cell) if isinstance(cell, str) else math.isnan(cell)


def says_missing(cell: Cell) -> bool:
    """Whether a cell says that there is no value: in a word such as N/A, by 9.9e37, by a row of dashes.

    `cell`: as read.
    """
    if not isinstance(cell, str):
        return abs(cell) >= OVERFLOW
    if PLAIN.fullmatch(cell):
        return abs(float(cell)) >= OVERFLOW and math.isfinite(float(cell))
    return "_".join(cell.casefold().split()) in EMPTY_WORDS or bool(DASHES.fullmatch(cell))


def measured(cell: Cell, comma: bool = False) -> tuple[float, float | None]:
    """Number in a cell and the standard deviation written behind it, if there is one.

    `cell`: as read.
    `comma`: whether the comma is the decimal mark.
    Raises `NotANumber` as for `number`.

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


def decimal_marks(
    parts: Sequence[tuple[CellGrid, Sequence[CellRow], Iterable[int]]], faults: Faults
) -> dict[int, bool | None]:
    """Whether the columns of a text file or sheet have decimal commas; what leaves that open is noted.

    Every column of numbers is looked at alone, in all
    tables of the file together: a comma that is not followed by exactly three digits is decimal, and so is
    such a point. Where that does not tell, the other columns do: of commas alone, beside others that are
    decimal, each is decimal; a point beside them may part thousands, 121.000 may be 121000. In a file whose
    cells are parted by commas, beside columns with decimal points, commas part thousands.

    `parts`: tables of the file with their rows of values and the positions of their columns of numbers; their
        groups of columns may share rows.
    `faults`: takes the first cell of every column that is open.
    Returns: by position; None if it is open, and in columns without either mark what the others have.

    >>> rows = (CellRow(2, ("300.5", "1,25")), CellRow(3, ("400.5", "1,250")))
    >>> grid = CellGrid("a.csv", CellRow(1, ("T (K)", "S (uV/K)")), rows, delimiter=";")
    >>> decimal_marks([(grid, rows, (0, 1))], Faults())
    {0: False, 1: True}
    """
    marked: dict[int, list[_Written]] = {index: [] for *_, indices in parts for index in indices}
    if not any(
        isinstance(cell := row.cell(index), str) and "," in cell
        for _, rows, indices in parts
        for index in indices
        for row in rows
    ):
        return dict.fromkeys(marked, False)
    seen: set[tuple[int, int]] = set()
    for grid, rows, indices in parts:
        for index in indices:
            for row in rows:
                cell = row.cell(index)
                if isinstance(cell, str) and ("," in cell or "." in cell) and (row.line, index) not in seen:
                    marked[index] += [_Written(part, grid, row) for part in _numbers_of(cell)]
                    seen.add((row.line, index))
    proofs = [one for found in marked.values() for one in found if one.is_decimal_comma]
    others = any(one.is_decimal_point for found in marked.values() for one in found)
    return {index: _mark_of(found, proofs, faults, others=others) for index, found in marked.items()}


@dataclass(frozen=True)
class _Written:
    """A number as it is written, and where."""

    text: str
    grid: CellGrid
    row: CellRow

    @property
    def has_comma(self) -> bool:
        return bool("," in self.text and (WITH_COMMA.fullmatch(self.text) or BOTH.fullmatch(self.text)))

    @property
    def has_point(self) -> bool:
        return bool("." in self.text and POINTED.fullmatch(self.text))

    @property
    def has_thousands(self) -> bool:
        return self.grid.delimiter == "," and bool(COMMA_THOUSANDS.fullmatch(self.text))

    @property
    def is_decimal_comma(self) -> bool:
        return bool(
            GERMAN.fullmatch(self.text)
            or (WITH_COMMA.fullmatch(self.text) and not THOUSANDS.fullmatch(self.text))
        )

    @property
    def is_decimal_point(self) -> bool:
        return bool(
            "." in self.text and PLAIN.fullmatch(self.text) and not POINTED_THOUSANDS.fullmatch(self.text)
        )


def _mark_of(
    written: Sequence[_Written], proofs: Sequence[_Written], faults: Faults, *, others: bool
) -> bool | None:
    """Whether a column has decimal commas, by its numbers and those of all columns that prove it.

    None with a fault if that is open; `others` says whether any column has decimal points.
    """
    commas = [one for one in written if one.has_comma]
    points = [one for one in written if one.has_point]
    if not commas and not points:
        return bool(proofs)
    if not commas and (not proofs or any(one.is_decimal_point for one in points)):
        return False
    own = next((one for one in commas if one.is_decimal_comma), None)
    if commas and not proofs and others and all(one.has_thousands for one in commas):
        return False
    has_both = any(BOTH.fullmatch(one.text) and not one.is_decimal_comma for one in commas)
    if not points and not has_both and (own or (proofs and not others)):
        return True
    proof = own or next(iter(proofs), None)
    if proof and points:
        one, where = points[0], proof.grid.location(proof.row)
        expected = f"a point beside decimal commas ({proof.text} in {where}) may part thousands"
        whole = one.text.replace(".", "") if POINTED_THOUSANDS.fullmatch(one.text) else ""
        decimal = one.text.replace(".", ",") if PLAIN.fullmatch(one.text) else ""
        readings = " or ".join(f'"{text}"' for text in (whole, decimal) if text)
        advice = f"write {readings}, as it is meant"
    else:
        one = commas[0]
        expected = "a comma in the numbers may be a decimal mark or may part thousands"
        advice = 'write "1.25" with a point, or "1250"'
    faults.add(one.grid.location(one.row), one.text, expected, advice)
    return None


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


def column_numbers(
    grid: CellGrid,
    index: int,
    rows: Sequence[CellRow],
    comma: bool,
    faults: Faults,
    *,
    unit: str = "",
) -> tuple[list[float | None], list[float | None], list[str]]:
    """Numbers of a column, with what stands in it beside them.

    `index`: position of the column.
    `rows`: rows of values.
    `comma`: whether the comma is the decimal mark.
    `faults`: takes every cell that is neither a number nor empty.
    `unit`: that of the column as its header has it, which may stand behind its numbers too: of 8.0 ± 0.3 % it
        is that of both.
    Returns `values, stds`: None where there is none, NaN where it is faulty; standard deviations are those
        written behind.
    Returns `empty`: cells that say in a word that there is no value.
    """
    header = grid.names[index]
    values: list[float | None] = []
    stds: list[float | None] = []
    empty: list[str] = []
    wrong: dict[str, list[tuple[str, Cell]]] = {}
    for row in rows:
        cell = row.cell(index)
        if unit and isinstance(cell, str) and not unit[0].isdigit():  # "1" ends numbers, and no unit
            cell = cell.rstrip().removesuffix(unit).rstrip()
        value, std = None, None
        try:
            value, std = measured(cell, comma)
        except NotANumber as problem:
            if says_missing(cell):
                empty.append(f"{grid.location(row)}: {header} = {cell}")
            elif not is_missing(cell):
                wrong.setdefault(f"{header}: {problem}", []).append((grid.location(row), cell))
                value = math.nan
        values.append(value)
        stds.append(std)
    for expected, cells in wrong.items():
        more = len(cells) - ALIKE
        for k, (location, cell) in enumerate(cells[:ALIKE], start=1):
            below = f" (and {more} more below it)" if k == ALIKE and more > 0 else ""
            faults.add(location, cell, expected + below)
    return values, stds, empty


def number(cell: Cell, comma: bool = False) -> float:
    """Finite number in a cell.

    `cell`: as read.
    `comma`: whether the comma is the decimal mark.
    Raises `NotANumber` with what is expected, for text, `nan`, `inf` and overflowing numbers.

    >>> number("1,5e-3", comma=True), number("−210")
    (0.0015, -210.0)
    >>> number("nan")
    Traceback (most recent call last):
        ...
    ioffe.material.readers.cells.NotANumber: a finite number is expected; ...
    """
    if isinstance(cell, str):
        text = cell.replace("\u2212", "-").strip()
        if PARTED.fullmatch(text):
            text = re.sub(r"[^\d.,+-]", "", text)
        text = text.replace("\u00a0", "").strip()
        text = TIMES_TEN.sub(r"e\1", text if text.isascii() else plain(text))
        if comma and GERMAN.fullmatch(text):
            text = text.replace(".", "")
        if comma and WITH_COMMA.fullmatch(text):
            text = text.replace(",", ".")
        elif not comma and COMMA_THOUSANDS.fullmatch(text):  # `decimal_marks` has seen that it is no decimal
            text = text.replace(",", "")
        if text.casefold().lstrip("+-") in ("nan", "inf", "infinity"):
            raise NotANumber("a finite number is expected; leave the cell empty if not measured")
        text = FORTRAN.sub("e", text)
        if not PLAIN.fullmatch(text):
            raise NotANumber("a number is expected, without unit; the unit belongs in the header")
        value = float(text)
    else:
        value = float(cell)
    if not abs(value) < OVERFLOW:
        raise NotANumber("a finite number is expected; leave the cell empty if not measured")
    return value


def is_number(text: str) -> bool:
    """Whether a text is a number, with a point or a comma.

    `text`: of a cell.
    """
    try:
        number(text, comma=True)
    except NotANumber:
        return False
    return True
