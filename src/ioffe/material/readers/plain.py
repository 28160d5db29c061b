"""Plain tables: one row a temperature, units in the headers; text files and Excel sheets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from math import isnan, nan
from pathlib import Path

from ioffe.base.errors import Fault, Faults
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import convert
from ioffe.material.readers import blocks, files
from ioffe.material.readers.cells import NotANumber, decimal_mark, is_missing, measured, says_missing
from ioffe.material.readers.columns.headers import (
    EXPECTED,
    HeaderColumn,
    advice_for,
    explained,
    guessed,
    understand,
    unused,
)
from ioffe.material.readers.columns.vocabulary import MATERIAL, Vocabulary
from ioffe.material.readers.columns.words import VARIED, word_of
from ioffe.material.readers.kinds import kind_of
from ioffe.material.readers.series import PointSeries

SUMMARY = re.compile(
    r"(?:mean|average|avg|median|std|std_dev|stdev|sd|min|max|minimum|maximum|sum|total|mittelwert)"
)
"""Words at the start of a row that sums up others."""
MEAN = ("mean", "average", "avg")
STD_ROW = ("std_dev", "stdev", "stddev", "std", "standard_deviation")
"""First cells of the rows that sum up the shots above them."""
POOR = 0.99
"""Straightness R^2 of voltage against temperature difference below which a point of a ZEM is left out."""
LISTED = 6
"""Cells and rows that are named one by one."""


@dataclass(frozen=True, eq=False)
class PlainTable:
    """A grid whose columns are understood and whose cells are numbers.

    Parameters
    ----------
    grid : CellGrid
        The cells as read.
    columns : tuple of HeaderColumn
        Columns that are understood.
    rows : tuple of CellRow
        Rows of values.
    values, stds : mapping of int to list
        Numbers of every column by its position, and the standard deviations written behind them; None where
        there is none, NaN where it is faulty.
    keys : tuple of str
        Sample of every row, empty without a sample column.
    papers : tuple of str
        Publication of every row, empty without such a column.
    is_readable : bool
        Whether there are rows and their numbers can be read; what hinders is noted already.
    notes : tuple of str
        How the table was read, where that is not plain.
    left_out : tuple of str
        Columns and rows that are not used.
    empty : tuple of str
        Cells that say that there is no value.
    """

    grid: files.CellGrid
    columns: tuple[HeaderColumn, ...]
    rows: tuple[files.CellRow, ...]
    values: Mapping[int, list[float | None]]
    stds: Mapping[int, list[float | None]]
    keys: tuple[str, ...]
    papers: tuple[str, ...]
    is_readable: bool = True
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()

    @property
    def samples(self) -> list[str]:
        """Samples in the order of their first row."""
        return list(dict.fromkeys(self.keys)) or [""]

    @cached_property
    def rejected(self) -> set[str]:
        """Quantities with a fault in their column or their temperature; no more is said about them."""
        wrong = {column.index for column in self.columns if not column.is_valid}
        wrong |= {i for i, found in self.values.items() if any(v is not None and isnan(v) for v in found)}
        return {c.quantity for c in self.columns if c.index in wrong or c.temperature in wrong}

    @cached_property
    def positions(self) -> Mapping[str, list[int]]:
        """Positions of the rows of every sample."""
        found: dict[str, list[int]] = {}
        for position, key in enumerate(self.keys):
            found.setdefault(key, []).append(position)
        return found


def no_header(path: Path, text: str) -> Fault:
    """What is said of a file without a header, with the line that may have been meant as one.

    Parameters
    ----------
    path : Path
        The file.
    text : str
        Content of the file.

    Returns
    -------
    Fault
    """
    known = kind_of(text)
    if known is not None and known.use:
        return Fault(
            "", expected=f"this is {known.words}, no table of a material", advice=known.use, file=str(path)
        )
    expected = f"no line with column headers was found; expected is {EXPECTED}"
    near = files.find_header(text, guessed)
    if near is None:
        first = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
        is_bare = bool(first) and all(part[:1].isdigit() or part[:1] in "+-." for part in first.split()[:3])
        advice = 'name the columns with --columns "T (K), S (uV/K), ..."' if is_bare else ""
        return Fault("", first, expected, advice, str(path))
    line, delimiter, names = near
    advice = advice_for([name for name in names if name and not MATERIAL.meaning(*MATERIAL.parts(name))[0]])
    return Fault(f"line {line}", delimiter.join(names), expected, advice, str(path))


def tables(grids: Sequence[files.CellGrid], faults: Faults, words: Vocabulary = MATERIAL) -> list[PlainTable]:
    """Tables of a file, with every faulty header and cell noted.

    Parameters
    ----------
    grids : sequence of CellGrid
        Tables of one file.
    faults : Faults
        Takes what is wrong.
    words : Vocabulary
        What headers may mean.

    Returns
    -------
    list of PlainTable
        One for each grid.
    """
    parts: dict[tuple[str, str], list[files.CellGrid]] = {}
    for grid in grids:
        parts.setdefault((grid.sheet, grid.delimiter), []).append(grid)
    commas = {part: decimal_mark(found, faults) for part, found in parts.items()}
    return [_table(grid, commas[grid.sheet, grid.delimiter], faults, words) for grid in grids]


def _table(grid: files.CellGrid, comma: bool | None, faults: Faults, words: Vocabulary) -> PlainTable:
    units, rows, comments = blocks.units_row(grid)
    units = _with_stated(grid, units, words)
    columns = understand(grid.names, units, faults, words)
    rows, shot_stds, notes = _means(rows, columns)
    if not rows:
        faults.add(grid.location(grid.header), expected="there are no rows of numbers below the header")
    beyond = _beyond_headers(grid, rows)
    if beyond is not None:
        expected = f"{len(beyond.cells)} cells stand below {len(grid.names)} headers"
        faults.add(grid.location(beyond), ", ".join(beyond.texts), expected, "is a comma the decimal mark?")
    readable = bool(rows) and comma is not None and beyond is None
    rows = rows if readable else ()
    numeric = [c for c in columns if c.is_number]
    rows, left_out = _without_texts(grid, rows, numeric, bool(comma), of_means=bool(notes))
    cells = {c.index: _numbers(grid, c, rows, bool(comma), faults) for c in numeric}
    named = [cell for column in cells.values() for cell in column[2]]
    left_out = [*comments, *left_out]
    stds = {index: list(column[1]) for index, column in cells.items()}
    for (line, index), text in shot_stds.items():
        position = next((k for k, row in enumerate(rows) if row.line == line), -1)
        if position >= 0 and index in stds and not is_missing(text):
            with suppress(NotANumber):  # an error that is no number is not known
                stds[index][position] = measured(text, bool(comma))[0]
    rows, filled = _filled_down(columns, rows)
    notes += filled
    keys, papers = _owners(columns, rows)
    unknown = [explained(name, [c.quantity for c in columns]) for name in unused(grid.names, columns)]
    unknown += _without_header(grid, rows)
    why = "it is empty" if grid.delimiter else "it is empty: formulas that were never computed have no values"
    of_sample = {c.index for c in columns if c.is_number} if not grid.label else set()
    unknown += [
        f"{c.header} ({why})"
        for c in columns
        if rows and c.index in of_sample and not c.is_std and all(v is None for v in cells[c.index][0])
    ]
    return PlainTable(
        grid,
        tuple(columns),
        tuple(rows),
        {index: column[0] for index, column in cells.items()},
        stds,
        keys,
        papers,
        readable,
        (*filter(None, [grid.note]), *notes, *(c.note for c in columns if c.note)),
        (*unknown, *left_out, *grid.unused),
        tuple(_named(named, "empty")),
    )


def _beyond_headers(grid: files.CellGrid, rows: Sequence[files.CellRow]) -> files.CellRow | None:
    """First row of a text file with numbers behind its last header: commas part what they should not."""
    width = len(grid.names)
    wide = (row for row in rows if len(row.cells) > width) if grid.delimiter else ()
    return next((row for row in wide if any(text[:1].isdigit() for text in row.texts[width:])), None)


def _without_header(grid: files.CellGrid, rows: Sequence[files.CellRow]) -> list[str]:
    """Columns of values above which no header stands; in a group of columns those of others have none."""
    if grid.label:
        return []
    width = max((len(row.cells) for row in rows), default=0)
    bare = [i for i in range(width) if i >= len(grid.names) or not grid.names[i]]
    return [f"column {i + 1} (it has no header)" for i in bare if any(row.text(i) for row in rows)]


def _with_stated(grid: files.CellGrid, units: list[str] | None, words: Vocabulary) -> list[str] | None:
    """Units below the headers, and those that comment lines state for headers without one."""
    if not grid.stated_units:
        return units
    found = units or [""] * len(grid.names)
    meant = [words.meaning(*words.parts(name))[0] if name else "" for name in grid.names]
    stated = [grid.stated_units.get(what, "") for what in meant]
    return [own or other for own, other in zip([*found, *[""] * len(stated)], stated, strict=False)]


def _means(
    rows: Sequence[files.CellRow], columns: Sequence[HeaderColumn]
) -> tuple[tuple[files.CellRow, ...], dict[tuple[int, int], str], list[str]]:
    """Of a laser flash with rows of means the means alone, with the standard deviations in the rows below."""
    is_flash = any(c.quantity == "thermal_diffusivity" for c in columns)
    words = [word_of(row.text(0)) for row in rows] if is_flash and all(c.index for c in columns) else []
    means = [k for k, word in enumerate(words) if word in MEAN]
    if not means:
        shots = (row for row in rows if not row.text(0).startswith("#")) if words else rows
        return tuple(shots), {}, []
    below = {k: rows[k + 1] for k in means if k + 1 < len(rows) and words[k + 1] in STD_ROW}
    stds = {
        (rows[k].line, c.index): row.text(c.index)
        for k, row in below.items()
        for c in columns
        if c.quantity != "temperature"
    }
    shots = len(rows) - len(means) - sum(word in STD_ROW for word in words)
    made = f", made of {shots} shots" if shots else ""
    return tuple(rows[k] for k in means), stds, [f"the {len(means)} rows of means are used{made}"]


def _without_texts(
    grid: files.CellGrid,
    rows: Sequence[files.CellRow],
    columns: Sequence[HeaderColumn],
    comma: bool,
    of_means: bool,
) -> tuple[tuple[files.CellRow, ...], list[str]]:
    """Rows without those that sum up others and without texts behind the last number, which are named."""
    temperatures = {c.index for c in columns if c.quantity == "temperature"}

    def is_number(row: files.CellRow, index: int) -> bool:
        try:
            measured(row.cell(index), comma)
        except NotANumber:
            return False
        return not is_missing(row.cell(index))

    numbered = not any(c.index == 0 for c in columns) and any(row.text(0).isdigit() for row in rows)

    def is_summary(row: files.CellRow) -> bool:
        first = next((text for text in row.texts if text), "")
        if first[:1].isdigit():
            return False
        warm = not numbered and any(is_number(row, index) for index in temperatures)
        return bool(SUMMARY.fullmatch(word_of(first))) and not warm

    sums = {row.line for row in rows if not of_means and is_summary(row)}
    kept = [row for row in rows if row.line not in sums]
    backwards = reversed(range(len(kept)))
    last = next((k for k in backwards if any(is_number(kept[k], c.index) for c in columns)), -1)
    trailing = kept[last + 1 :] if last >= 0 else []
    gone = [row for row in rows if row.line in sums] + trailing
    kept = kept[: last + 1] if last >= 0 else kept
    texts = [f'{grid.location(row)} "{", ".join(t for t in row.texts if t)[:40]}"' for row in gone]
    return tuple(kept), _named(texts, "")


def _named(found: Sequence[str], word: str) -> list[str]:
    """At most `LISTED` of what is left out, and how many more there are."""
    shown = [f"{text} ({word})" if word else text for text in found[:LISTED]]
    return [*shown, *([f"{len(found) - LISTED} more of this kind"] if len(found) > LISTED else [])]


def _numbers(
    grid: files.CellGrid, column: HeaderColumn, rows: Sequence[files.CellRow], comma: bool, faults: Faults
) -> tuple[list[float | None], list[float | None], list[str]]:
    """Numbers of a column, standard deviations written behind them, cells that say there is none."""
    values: list[float | None] = []
    stds: list[float | None] = []
    empty: list[str] = []
    for row in rows:
        cell = row.cell(column.index)
        if column.unit == "%" and isinstance(cell, str):
            cell = cell.rstrip("% ")  # in 8.0 ± 0.3 % the sign is the unit of both
        value, std = None, None
        try:
            value, std = measured(cell, comma)
        except NotANumber as problem:
            if says_missing(cell):
                empty.append(f"{grid.location(row)}: {column.header} = {cell}")
            elif not is_missing(cell):
                faults.add(grid.location(row), cell, f"{column.header}: {problem}")
                value = nan
        values.append(value)
        stds.append(std)
    return values, stds, empty


def _filled_down(
    columns: Sequence[HeaderColumn], rows: Sequence[files.CellRow]
) -> tuple[Sequence[files.CellRow], list[str]]:
    """Rows in which a name of a sample or a paper stands in the first one alone, as merged cells leave it."""
    found, notes = list(rows), []
    for column in (c for c in columns if c.quantity in ("sample", "paper")):
        texts = [row.text(column.index) for row in found]
        if not texts or not texts[0] or all(texts):
            continue
        name: files.Cell = ""
        for k, row in enumerate(found):
            name = row.cell(column.index) if texts[k] else name
            cells = [*row.cells, *[""] * (column.index + 1 - len(row.cells))]
            cells[column.index] = name
            found[k] = replace(row, cells=tuple(cells))
        notes.append(f"{column.header}: empty cells have the name above")
    return found, notes


def _owners(
    columns: Sequence[HeaderColumn], rows: Sequence[files.CellRow]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sample and publication of every row; a sample of two publications is two samples."""
    named = [c.index for c in columns if c.quantity == "sample"]
    varied = {c.index: f"{c.header} = " for c in columns if word_of(c.header.partition("(")[0]) in VARIED}
    paper = next((c.index for c in columns if c.quantity == "paper"), None)
    papers = [row.text(paper) if paper is not None else "" for row in rows]
    texts = {i: [f"{varied.get(i, '')}{t}" if (t := row.text(i)) else "" for row in rows] for i in named}
    keys = list(texts[named[0]]) if named else [""] * len(rows)
    for other in named[1:]:
        seen: dict[str, set[str]] = {}
        for key, text in zip(keys, texts[other], strict=True):
            seen.setdefault(key, set()).add(text)
        if any(len(found) > 1 for found in seen.values()):
            keys = [f"{key} {text}".strip() for key, text in zip(keys, texts[other], strict=True)]
    of_key: dict[str, set[str]] = {}
    for key, text in zip(keys, papers, strict=True):
        of_key.setdefault(key, set()).add(text)
    keys = [f"{k} ({p})" if len(of_key[k]) > 1 and p else k for k, p in zip(keys, papers, strict=True)]
    return tuple(keys), tuple(papers)


def series_of(table: PlainTable, key: str, faults: Faults) -> dict[str, PointSeries]:
    """Series of one sample; a row without a value of a property is no point of its curve.

    Parameters
    ----------
    table : PlainTable
        The table.
    key : str
        Sample whose points are wanted; empty without a sample column.
    faults : Faults
        Takes what is wrong.

    Returns
    -------
    dict of str to PointSeries
        By quantity.
    """
    headers = {column.index: column for column in table.columns}
    deviations = {column.quantity: column for column in table.columns if column.is_std and column.is_valid}
    found: dict[str, PointSeries] = {}
    for column in table.columns:
        if column.is_std or column.quantity not in QUANTITIES or column.quantity == "temperature":
            continue
        temperature = headers.get(column.temperature)
        if temperature is None or not temperature.is_valid or not column.is_valid:
            continue
        std = deviations.get(column.quantity)
        points = PointSeries(column.quantity, column.unit, temperature.unit or "K")
        if std is not None:
            points.std, points.std_unit = [], std.unit
        _fill(table, key, points, column, std, faults)
        found[column.quantity] = points
    return found


def _fill(
    table: PlainTable,
    key: str,
    points: PointSeries,
    column: HeaderColumn,
    std: HeaderColumn | None,
    faults: Faults,
) -> None:
    T, values = table.values[column.temperature], table.values[column.index]
    written = table.stds[column.index]
    deviations = table.values[std.index] if std else written
    straight = next((c for c in table.columns if c.quantity == "correlation"), None)
    branch = next((c.index for c in table.columns if c.quantity == "branch"), -1)
    for k in table.positions.get(key, ()):
        row = table.rows[k]
        temperature, value, deviation, behind = T[k], values[k], deviations[k], written[k]
        if deviation is None and value is not None and behind is not None:
            deviation = _as_in(std, column, value, behind)
        cells = (temperature, value, deviation)
        if value is None or any(cell is not None and isnan(cell) for cell in cells):
            continue
        if straight is not None and column.quantity == "seebeck" and is_poor(table.values[straight.index][k]):
            continue
        location = table.grid.location(row)
        if temperature is None:
            faults.add(location, value, f"{column.header}: there is no temperature to this value")
        else:
            points.add(temperature, value, location, deviation, row.text(branch) if branch >= 0 else "")


def _as_in(std: HeaderColumn | None, column: HeaderColumn, value: float, written: float) -> float | None:
    """An error behind a value, in the unit of the column of errors; None for a share of 0."""
    if std is None or std.unit == column.unit:
        return written
    if std.unit == "%":
        return 100.0 * written / abs(value) if value else None
    return convert(written, column.unit or "1", std.unit or "1")


def is_poor(correlation: float | None) -> bool:
    """Whether R^2 of a point of a ZEM is too low for it to be used.

    Parameters
    ----------
    correlation : float or None
        R^2.

    Returns
    -------
    bool
    """
    return correlation is not None and correlation < POOR
