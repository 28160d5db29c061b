"""The workbooks of teMatDb with a sample a sheet, in pairs of columns: a temperature and a property each.

A sheet has the headers ``T cond T resi T seeb T TC T ZT`` above the values as they were read in the figures
and, to the right of them, ``T cond T seeb T TC T ZT`` above the same in SI, with units in brackets below. The
latter are taken, or the former where the formulas of the latter were never computed. Source: arXiv
2505.19150.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from ioffe.base.errors import Faults, UnitError
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import convert
from ioffe.material.readers.cells import NotANumber, is_missing, number
from ioffe.material.readers.columns.vocabulary import MATERIAL
from ioffe.material.readers.files import CellGrid, CellRow
from ioffe.material.readers.records import SampleRecord
from ioffe.material.readers.series import PointSeries

WORDS: Final = {
    "cond": "electrical_conductivity",
    "resi": "electrical_resistivity",
    "seeb": "seebeck",
    "tc": "thermal_conductivity",
    "zt": "zT",
}
_AS_READ: Final = ("t", "cond", "t", "resi", "t", "seeb", "t", "tc", "t", "zt")
_IN_SI: Final = ("t", "cond", "t", "seeb", "t", "tc", "t", "zt")
_SEARCH: Final = 20
"""Rows of a sheet among which the headers are looked for."""


def sheets_of_pairs(
    path: Path, sheets: Mapping[str, Sequence[CellRow]], hidden: Sequence[str] = ()
) -> list[CellGrid]:
    """Sheets of a workbook that have this layout.

    `path`: the workbook.
    `sheets`: its rows by the name of the sheet.
    `hidden`: sheets that are not shown.
    Returns: empty if none has it.
    """
    found = []
    for title, rows in sheets.items():
        at = next((k for k, row in enumerate(rows[:_SEARCH]) if _start(_lower(row), _IN_SI) >= 0), -1)
        if at >= 0 and at + 1 < len(rows):
            found.append(CellGrid(str(path), rows[at], tuple(rows[at + 1 :]), sheet=title))
    named = {grid.sheet for grid in found}
    unused = [f"sheet {title}" for title, rows in sheets.items() if rows and title not in named]
    unused += [f"sheet {title} (it is hidden)" for title in hidden]
    return [replace(grid, unused=tuple(unused)) for grid in found]


def is_pairs(grid: CellGrid) -> bool:
    """Whether a table has this layout."""
    return _start(_lower(grid.header), _IN_SI) >= 0


def record_of_pairs(grid: CellGrid, base: SampleRecord) -> SampleRecord:
    """The sample of a sheet.

    `grid`: the sheet.
    `base`: what is known about the sample without its curves.
    """
    names = _lower(grid.header)
    units, *rows = grid.rows
    start, width = _start(names, _IN_SI), len(_IN_SI)
    kind = "in SI units, as the sheet converts them"
    if not any(_has_value(row, k) for row in rows for k in range(start, start + width)):
        start, width = _start(names, _AS_READ), len(_AS_READ)
        kind = "as they were read in the figures: the formulas in SI units were never computed"
    pairs = {
        WORDS[names[k + 1]]: (k, [row for row in rows if _has_value(row, k + 1)])
        for k in range(start, start + width, 2)
        if start >= 0
    }
    curves = {
        prop: partial(_points, prop, k, units.text(k).strip("[] "), units.text(k + 1).strip("[] "), of, grid)
        for prop, (k, of) in pairs.items()
        if of
    }
    beyond = [cell for cell in units.texts[start + width :] if cell]
    origin = replace(base.provenance, reading=f"Values {kind}.", not_used=", ".join([*beyond, *grid.unused]))
    return replace(base, curves=curves, provenance=origin)


def _points(
    prop: str, k: int, warm: str, unit: str, rows: Sequence[CellRow], grid: CellGrid, faults: Faults
) -> PointSeries | None:
    wanted = QUANTITIES[prop].unit
    try:
        factor = 1.0 if prop == "zT" else float(convert(1.0, MATERIAL.unit_of(prop, unit), wanted))
        convert(1.0, warm, "K")
    except UnitError as error:
        expected = f"{prop}: a unit such as {wanted} is expected"
        faults.add(grid.location(grid.rows[0]), unit, expected, error.faults[0].advice)
        return None
    series = PointSeries(prop, wanted, warm)
    for row in rows:
        try:
            series.add(number(row.cell(k)), factor * number(row.cell(k + 1)), grid.location(row))
        except NotANumber as problem:
            written = f"{row.text(k)}, {row.text(k + 1)}"
            faults.add(grid.location(row), written, f"{prop}: {problem}")
    return series


def _has_value(row: CellRow, k: int) -> bool:
    """Whether a cell holds something; formulas of empty cells are 0 at 0."""
    return not is_missing(row.cell(k)) and not row.cell(k) == row.cell(k - 1) == 0.0


def _lower(row: CellRow) -> list[str]:
    return [text.casefold() for text in row.texts]


def _start(names: Sequence[str], wanted: Sequence[str]) -> int:
    """Where some headers stand in a row, one after the other; -1 if they do not."""
    last = len(names) - len(wanted)
    return next((k for k in range(last + 1) if tuple(names[k : k + len(wanted)]) == tuple(wanted)), -1)
