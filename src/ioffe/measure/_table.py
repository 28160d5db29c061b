"""Tables of raw measurements: columns known by their headers, with the units that stand there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, Faults, InputError, UnitError
from ioffe.base.units import convert, unit_of_header
from ioffe.material.readers.cells import NotANumber, decimal_comma, number
from ioffe.material.readers.files import (
    CellGrid,
    excel_grids,
    find_header,
    open_checked,
    read_text,
    text_grid,
)

__all__ = ["Columns", "Layout", "read_tables"]

_EXCEL: Final = (".xlsx", ".xlsm", ".xls")
_FAULT_LIMIT: Final = 10


@dataclass(frozen=True)
class Layout:
    """Columns that a table may have.

    Parameters
    ----------
    words : mapping of str to tuple of str
        Names of the column in headers, in lower case, by what it holds.
    units : mapping of str to str
        SI unit of those that are numbers; "1" needs none in the header. The others are texts.
    is_header : callable
        Whether a set of columns makes a header.
    expected : str
        What is said if there is none.
    """

    words: Mapping[str, tuple[str, ...]]
    units: Mapping[str, str]
    is_header: Callable[[set[str]], bool]
    expected: str

    def word(self, header: str) -> str:
        """What a header holds; empty if unknown."""
        name = unit_of_header(header)[0].strip().casefold()
        return next((word for word, names in self.words.items() if name in names), "")

    def recognise(self, names: list[str]) -> int:
        """Number of columns that are known; 0 if the line is no header."""
        found = {self.word(name) for name in names} - {""}
        return len(found) if self.is_header(found) else 0


@dataclass(frozen=True)
class Columns:
    """One table in SI.

    Parameters
    ----------
    file, sheet : str
    numbers : mapping of str to ndarray
        By what the column holds.
    texts : mapping of str to list of str
    remarks : mapping of str to str
        Keys and values of comment lines such as ``# current: 100 mA``.
    """

    file: str
    sheet: str
    numbers: Mapping[str, NDArray[np.float64]]
    texts: Mapping[str, list[str]]
    remarks: Mapping[str, str]


def read_tables(path: str | Path, layout: Layout) -> list[Columns]:
    """Tables of a text file (one) or of the sheets of an Excel workbook.

    Cells of a text file are parted by commas, semicolons or tabs; the decimal mark is a point, or a comma if
    that is certain.

    Raises
    ------
    InputError
        For a file without the columns; with every header without its unit and every cell that is no number
        (at most ten).
    """
    path = Path(path)
    if open_checked(path).suffix.casefold() in _EXCEL:
        return [_read(grid, layout) for grid in excel_grids(path, layout.recognise)]
    text = read_text(path)
    header = find_header(text, layout.recognise)
    if header is None:
        lines = (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
        raise InputError(Fault("", next(lines, ""), layout.expected, file=str(path)))
    return [_read(text_grid(path, text, header), layout)]


def _read(grid: CellGrid, layout: Layout) -> Columns:
    faults = Faults(grid.file)
    places = _places(grid, layout, faults)
    comma = bool(decimal_comma(grid.rows, grid.delimiter))
    numbers: dict[str, list[float]] = {word: [] for word in places if word in layout.units}
    for row in grid.rows:
        for word, values in numbers.items():
            index = places[word][0]
            try:
                values.append(number(row.cells[index] if index < len(row.cells) else "", comma))
            except NotANumber as problem:
                if len(faults) < _FAULT_LIMIT:
                    faults.add(f"line {row.line}", row.text(index), f"{grid.names[index]}: {problem}")
    if not grid.rows:
        faults.add(f"line {grid.header.line}", expected="there are no rows below the headers")
    faults.raise_if_any()
    texts = {w: [row.text(i) for row in grid.rows] for w, (i, _) in places.items() if w not in layout.units}
    in_si = {
        word: np.asarray(convert(np.array(values), places[word][1], layout.units[word]), float)
        for word, values in numbers.items()
    }
    return Columns(grid.file, grid.sheet, in_si, texts, grid.remarks)


def _places(grid: CellGrid, layout: Layout, faults: Faults) -> dict[str, tuple[int, str]]:
    """Index and unit of every column that is known."""
    found: dict[str, tuple[int, str]] = {}
    place = f"line {grid.header.line}"
    for index, header in enumerate(grid.names):
        word = layout.word(header)
        if not word:
            continue
        unit, wanted = unit_of_header(header)[1], layout.units.get(word, "")
        if word in found:
            faults.add(place, header, f"the {word} stands in two columns")
        elif wanted not in ("", "1") and not unit:
            faults.add(
                place, header, f'the unit is missing; a header such as "{header} ({wanted})" is expected'
            )
        elif wanted:
            try:
                convert(1.0, unit or "1", wanted)
            except UnitError as error:
                faults.add(place, header, f"a unit such as {wanted} is expected", error.faults[0].advice)
        found.setdefault(word, (index, unit or "1"))
    return found
