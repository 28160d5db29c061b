"""Plain tables: one row a temperature, units in the headers; text files and Excel sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from math import isnan
from pathlib import Path

import numpy as np

from ioffe.base.errors import Fault, Faults
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import convert
from ioffe.material.readers import files
from ioffe.material.readers.cells import NotANumber, column_numbers, decimal_marks, is_missing, measured
from ioffe.material.readers.columns.headers import (
    EXPECTED,
    HeaderColumn,
    advice_for,
    explained,
    guessed,
    understand,
    unused,
)
from ioffe.material.readers.columns.vocabulary import MATERIAL, Vocabulary, share_of_header
from ioffe.material.readers.kinds import kind_of
from ioffe.material.readers.layout.table_rows import (
    filled_down,
    means,
    named,
    of_carriers,
    owners,
    short_row,
    telling_apart,
    without_texts,
)
from ioffe.material.readers.layout.units import units_row
from ioffe.material.readers.made import made_of_others, with_means
from ioffe.material.readers.series import PointSeries

SAME = 1.0
"""Kelvin by which two columns of temperatures may differ without a word."""
POOR = 0.99
"""Straightness R^2 of voltage against temperature difference below which a point of a ZEM is left out."""


@dataclass(frozen=True, eq=False)
class PlainTable:
    """A grid whose columns are understood and whose cells are numbers.

    `grid`: the cells as read.
    `columns`: columns that are understood.
    `rows`: rows of values.
    `values`, `stds`: numbers of every column by its position, and the standard deviations written behind
        them; None where there is none, NaN where it is faulty.
    `keys`: sample of every row, empty without a sample column.
    `papers`: publication of every row, empty without such a column.
    `is_readable`: whether there are rows and their numbers can be read; what hinders is noted already.
    `notes`: how the table was read, where that is not plain.
    `left_out`: columns and rows that are not used.
    `empty`: cells that say that there is no value.
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

    def empty_of(self, key: str) -> list[str]:
        """Cells that say that there is no value, of the rows of one sample.

        `key`: of the sample, as in `keys`.
        """
        rows = zip(self.rows, self.keys, strict=True) if self.keys else ()
        others = tuple(f"{self.grid.location(row)}:" for row, of in rows if of != key)
        return named([cell for cell in self.empty if not cell.startswith(others)], "empty")

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

    `text`: content of the file.
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
    known = {name: MATERIAL.meaning(*MATERIAL.parts(name))[0] for name in names if name}
    texts = [name for name in known if not known[name] and not MATERIAL.text_of(name)]
    lacks = "" if "temperature" in known.values() else 'there is no column of temperatures, such as "T (K)"'
    advice = "; ".join(filter(None, [lacks, advice_for(texts)]))
    return Fault(f"line {line}", delimiter.join(names), expected, advice, str(path))


def tables(grids: Sequence[files.CellGrid], faults: Faults, words: Vocabulary = MATERIAL) -> list[PlainTable]:
    """Tables of a file, with every faulty header and cell noted.

    `grids`: tables of one file.
    `faults`: takes what is wrong.
    `words`: what headers may mean.
    Returns: one for each grid.
    """
    parts: dict[tuple[str, str], list[_Understood]] = {}
    found = [_understood(grid, faults, words) for grid in grids]
    for one in found:
        parts.setdefault((one.grid.sheet, one.grid.delimiter), []).append(one)
    marks = {
        part: decimal_marks([(one.grid, one.rows, [c.index for c in one.numeric]) for one in of_part], faults)
        for part, of_part in parts.items()
    }
    return [_table(one, marks[one.grid.sheet, one.grid.delimiter], faults) for one in found]


@dataclass(frozen=True)
class _Understood:
    """A grid whose columns and rows are understood, before its cells are read."""

    grid: files.CellGrid
    columns: Sequence[HeaderColumn]
    rows: tuple[files.CellRow, ...]
    stds: Mapping[tuple[int, int], str]
    """Cells in rows of standard deviations by line of the value and position of the column."""
    comments: Sequence[str]
    notes: Sequence[str]

    @property
    def numeric(self) -> list[HeaderColumn]:
        return [c for c in self.columns if c.is_number]


def _understood(grid: files.CellGrid, faults: Faults, words: Vocabulary) -> _Understood:
    units, rows, comments = units_row(grid)
    units = _with_stated(grid, units, words)
    first = rows[0].texts if rows else ()
    columns = with_means(understand(grid.names, units, faults, words, first), grid.names, units, words)
    rows, stds, notes = means(rows, columns)
    return _Understood(grid, columns, rows, stds, comments, notes)


def _table(read: _Understood, marks: Mapping[int, bool | None], faults: Faults) -> PlainTable:
    grid, columns, rows, numeric, notes = read.grid, read.columns, read.rows, read.numeric, [*read.notes]
    if grid.is_of_constants:
        notes = tuple(filter(None, [grid.note]))
        return PlainTable(grid, (), (), {}, {}, (), (), notes=notes, left_out=grid.unused)
    if not rows:
        faults.add(grid.location(grid.header), expected="there are no rows of numbers below the header")
    beyond = _beyond_headers(grid, rows)
    if beyond is not None:
        expected = f"{len(beyond.cells)} cells stand below {len(grid.names)} headers"
        faults.add(grid.location(beyond), ", ".join(beyond.texts), expected, "is a comma the decimal mark?")
    short = short_row(grid, rows)
    if short is not None:
        expected = f"{len(short.cells)} cells, fewer than in other rows: which one is empty?"
        faults.add(grid.location(short), " ".join(short.texts), expected, "write NaN or - where no value is")
    readable = (
        bool(rows) and beyond is None and short is None and all(marks[c.index] is not None for c in numeric)
    )
    rows = rows if readable else ()
    commas = {c.index: bool(marks[c.index]) for c in numeric}
    rows, left_out = without_texts(grid, rows, numeric, commas, of_means=bool(notes))
    cells = {
        c.index: column_numbers(grid, c.index, rows, commas[c.index], faults, unit=c.unit) for c in numeric
    }
    empty = [cell for column in cells.values() for cell in column[2]]
    left_out = [*read.comments, *left_out]
    stds = {index: list(column[1]) for index, column in cells.items()}
    for (line, index), text in read.stds.items():
        position = next((k for k, row in enumerate(rows) if row.line == line), -1)
        if position >= 0 and index in stds and not is_missing(text):
            with suppress(NotANumber):  # an error that is no number is not known
                stds[index][position] = measured(text, commas[index])[0]
    warm, columns = _with_temperature([*columns], {index: column[0] for index, column in cells.items()})
    apart: list[str] = []
    if warm is not None:
        columns, rows, apart = telling_apart(columns, grid.names, rows, cells[warm][0])
    columns = [*columns, *of_carriers(grid.names, rows, {c.index for c in columns})]
    rows, filled = filled_down(columns, rows)
    pointed = [c.header for c in numeric if marks[c.index] is False] if any(commas.values()) else []
    notes += [
        *filled,
        *apart,
        *([f"decimal points in {', '.join(pointed)}, commas elsewhere"] if pointed else []),
    ]
    keys, papers = owners(columns, rows)
    unknown = [explained(name, [c.quantity for c in columns]) for name in unused(grid.names, columns)]
    idle = [
        c
        for c in numeric
        if c.is_std
        and read.notes
        and all(v is None for v in cells[c.index][0])
        and any(row.text(c.index) for row in grid.rows)
    ]
    columns = [c for c in columns if c not in idle]
    unknown += [f"{c.header} (it has errors of shots, and none of their means)" for c in idle]
    unknown += _other_temperatures(columns, {index: column[0] for index, column in cells.items()})
    unknown += _without_header(grid, grid.rows if rows else (), {c.index for c in [*columns, *idle]})
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
        tuple(empty),
    )


def _with_temperature(
    columns: list[HeaderColumn], cells: Mapping[int, list[float | None]]
) -> tuple[int | None, list[HeaderColumn]]:
    """The first column of temperatures that is not empty, which takes the columns of those that are."""
    warm = [c.index for c in columns if c.quantity == "temperature" and c.is_number and not c.is_std]
    full = [index for index in warm if any(value is not None for value in cells[index])]
    if not full or len(full) == len(warm):
        return (warm[0] if warm else None), columns
    empty = set(warm) - set(full)
    return full[0], [replace(c, temperature=full[0]) if c.temperature in empty else c for c in columns]


def _other_temperatures(
    columns: Sequence[HeaderColumn], cells: Mapping[int, list[float | None]]
) -> list[str]:
    """Columns of temperatures at which no property is taken, and how far they are off those that are."""
    taken = {c.index: c for c in columns if c.quantity == "temperature" and c.is_valid and not c.is_std}
    used = [c.temperature for c in columns if c.index not in taken and c.temperature in taken]
    found = []
    idle = (
        c
        for c in taken.values()
        if used and c.index not in used and not all(v is None for v in cells[c.index])
    )
    for c in idle:
        main = taken[used[0]]
        T, other = (
            convert(np.array([np.nan if v is None else v for v in cells[one.index]], float), one.unit, "K")
            for one in (main, c)
        )
        off = np.abs(other - T)
        most = float(np.max(off, initial=0.0, where=np.isfinite(off)))
        words = f", which differs from it by up to {most:.3g} K" if most > SAME else ""
        found.append(f"{c.header} ({main.header} is taken{words})")
    return found


def _beyond_headers(grid: files.CellGrid, rows: Sequence[files.CellRow]) -> files.CellRow | None:
    """First row of a text file with numbers behind its last header: commas part what they should not."""
    width = len(grid.names)
    wide = (row for row in rows if len(row.cells) > width) if grid.delimiter else ()
    return next((row for row in wide if any(text[:1].isdigit() for text in row.texts[width:])), None)


def _without_header(grid: files.CellGrid, rows: Sequence[files.CellRow], known: set[int]) -> list[str]:
    """Columns of values above which no header stands; in a group of columns those of others have none."""
    if grid.label:
        return []
    width = max((len(row.cells) for row in rows), default=0)
    bare = [i for i in range(width) if i not in known and (i >= len(grid.names) or not grid.names[i])]
    return [f"column {i + 1} (it has no header)" for i in bare if any(row.text(i) for row in rows)]


def _with_stated(grid: files.CellGrid, units: list[str] | None, words: Vocabulary) -> list[str] | None:
    """Units below the headers, and those that comment lines state for headers without one."""
    if not grid.stated_units:
        return units
    found = units or [""] * len(grid.names)
    meant = [words.meaning(*words.parts(name))[0] if name else "" for name in grid.names]
    stated = [grid.stated_units.get(what, "") for what in meant]
    return [own or other for own, other in zip([*found, *[""] * len(stated)], stated, strict=False)]


def series_of(table: PlainTable, key: str, faults: Faults) -> dict[str, PointSeries]:
    """Series of one sample; a row without a value of a property is no point of its curve.

    `key`: sample whose points are wanted; empty without a sample column.
    `faults`: takes what is wrong.
    Returns: by quantity.
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
    return made_of_others(found)


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
    share = share_of_header(column.header) / 100.0
    straight = next((c for c in table.columns if c.quantity == "correlation"), None)
    branch = next((c.index for c in table.columns if c.quantity == "branch"), -1)
    for k in table.positions.get(key, ()):
        row = table.rows[k]
        temperature, value, deviation, behind = T[k], values[k], deviations[k], written[k]
        if deviation is None and value is not None and behind is not None:
            deviation = _as_in(std, column, value, behind)
        if deviation is None and std is None and share and value is not None:
            deviation = share * abs(value)
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

    `correlation`: R^2.
    """
    return correlation is not None and correlation < POOR
