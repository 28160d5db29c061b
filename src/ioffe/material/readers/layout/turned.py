"""Tables whose temperatures run along the rows: columns such as `S 300K`, properties in the first column."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from ioffe.material.readers.cells import is_missing, is_number
from ioffe.material.readers.columns.vocabulary import Vocabulary
from ioffe.material.readers.columns.words import repaired, word_of
from ioffe.material.readers.files import HEADER_SEARCH, CellGrid, CellRow
from ioffe.material.readers.layout.units import unwrapped

_AT: Final = re.compile(
    r"(?P<name>.*?)[\s_@,(\[]*(?:at[\s_]+)?(?<![\d.^])(?P<T>\d{2,4}(?:\.\d+)?)\s*(?P<unit>K|°C)\b[)\]]?\s*(?P<rest>.*)"
)
"""Header of a property at one temperature."""
PROPERTY: Final = ("property", "quantity", "parameter", "prop", "variable", "tepname", "eigenschaft", "物性")
VALUE: Final = ("value", "val", "y", "tepvalue", "wert", "値", "值")
UNIT: Final = ("unit", "units", "einheit", "単位", "单位")
"""Columns of a list of values: which property, its value, its unit."""
MANY, LISTED = 50, 6
"""Properties that such a list has at most, and those that are named."""
MOST: Final = 1000
"""Rows and columns of a table that is turned round."""


def turned_grids(
    file: str,
    rows: Sequence[CellRow],
    recognise: Callable[[list[str]], int],
    words: Vocabulary,
    *,
    delimiter: str = "",
    sheet: str = "",
) -> list[CellGrid]:
    """The table in rows among which no header was found, if its temperatures run along the rows.

    `file`, `delimiter`, `sheet`: as for `CellGrid`.
    `rows`: all rows.
    `recognise`: number of columns of a line that are understood; 0 if the line cannot be a header.
    `words`: what headers may mean.
    Returns: with one row a temperature; empty if it is no such table.
    """
    for k, row in enumerate(rows[:HEADER_SEARCH]):
        below = rows[k + 1 :]
        for grid in (
            _apart(file, row, below, words, delimiter, sheet),
            _listed(file, row, below, delimiter, sheet),
        ):
            if grid is not None and recognise(grid.names):
                return [grid]
    grid = _transposed(file, rows, delimiter, sheet)
    return [grid] if grid is not None and recognise(grid.names) else []


def _apart(
    file: str, header: CellRow, rows: Sequence[CellRow], words: Vocabulary, delimiter: str, sheet: str
) -> CellGrid | None:
    """Columns of properties at one temperature each, made into rows."""
    found: dict[int, tuple[str, str]] = {}
    unit = ""
    for index, text in enumerate(header.texts):
        match = _AT.fullmatch(repaired(text).lstrip("#").strip())
        name = f"{match['name']} {match['rest']}".strip() if match else ""
        if match and name and words.meaning(*words.parts(name))[0] not in ("", "temperature"):
            found[index] = (name, match["T"])
            unit = unit or match["unit"]
    temperatures = sorted({T for _, T in found.values()}, key=float)
    if len(temperatures) < 2:
        return None
    kept = [index for index in range(len(header.cells)) if index not in found]
    names = list(dict.fromkeys(name for name, _ in found.values()))
    at = {place: index for index, place in found.items()}
    made = [
        CellRow(
            row.line,
            (
                *(row.cell(index) for index in kept),
                T,
                *(row.cell(at[name, T]) if (name, T) in at else "" for name in names),
            ),
        )
        for row in rows
        for T in temperatures
    ]
    heads = (*(header.text(index) for index in kept), f"T ({unit})", *names)
    note = f"columns at {', '.join(temperatures)} {unit} are read as rows"
    return CellGrid(file, CellRow(header.line, heads), tuple(made), {}, sheet, delimiter, note=note)


def _listed(
    file: str, header: CellRow, rows: Sequence[CellRow], delimiter: str, sheet: str
) -> CellGrid | None:
    """A list of one value a row, with the name of its property beside it, made into columns."""
    heads = {word_of(text): k for k, text in reversed(list(enumerate(header.texts))) if text}
    at, value, unit = (
        next((heads[word] for word in known if word in heads), -1) for known in (PROPERTY, VALUE, UNIT)
    )
    if min(at, value) < 0:
        return None
    kept = [k for k, text in enumerate(header.texts) if text and k not in (at, value, unit)]
    named = [f"{row.text(at)} ({row.text(unit)})" if row.text(unit) else row.text(at) for row in rows]
    names = list(dict.fromkeys(named))
    if len(names) > MANY:
        return None
    made = tuple(
        CellRow(row.line, (*map(row.cell, kept), *(row.cell(value) if n == name else "" for n in names)))
        for row, name in zip(rows, named, strict=True)
    )
    columns = CellRow(header.line, (*(header.text(k) for k in kept), *names))
    note = f"a list of values is read as columns: {', '.join(names[:LISTED])}"
    return CellGrid(file, columns, made, {}, sheet, delimiter, note=note)


def _transposed(file: str, rows: Sequence[CellRow], delimiter: str, sheet: str) -> CellGrid | None:
    """A table with its properties in the first column, turned round."""
    rows = [row for row in rows[:MOST] if row.text(0) and len(row.cells) > 2]
    first = 1 if any(is_number(row.text(1)) for row in rows) else 2
    wide = [row for row in rows if _is_of_numbers(row.texts[first:])]
    if not 2 <= len(wide) <= HEADER_SEARCH:
        return None
    units = [unwrapped(row.text(1)) if first == 2 else "" for row in wide]
    heads = tuple(f"{row.text(0)} ({u})" if u else row.text(0) for row, u in zip(wide, units, strict=True))
    width = min(max(len(row.cells) for row in wide), MOST)
    made = tuple(CellRow(k + 1, tuple(row.cell(k) for row in wide)) for k in range(first, width))
    made = tuple(row for row in made if any(row.texts))
    note = "the properties stand in rows; each column is read as a temperature"
    return CellGrid(
        file, CellRow(wide[0].line, heads), made, {}, sheet, delimiter, note=note, of_columns=True
    )


def _is_of_numbers(texts: Sequence[str]) -> bool:
    """Whether cells hold at least two numbers and nothing else."""
    filled = [text for text in texts if not is_missing(text)]
    return len(filled) > 1 and all(is_number(text) for text in filled)
