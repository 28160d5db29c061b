"""Constants of samples in tables of their own, such as densities: a row a sample, or a line a constant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from ioffe.base.errors import InputError
from ioffe.material.readers.cells import NotANumber, is_missing, is_number, measured
from ioffe.material.readers.columns.vocabulary import MATERIAL
from ioffe.material.readers.columns.words import word_of
from ioffe.material.readers.files import CellGrid, CellRow, remark_key, split_rows, text_lines
from ioffe.material.readers.layout.above import KEYS, bare
from ioffe.material.readers.layout.turned import PROPERTY
from ioffe.material.readers.layout.units import units_row, unwrapped
from ioffe.material.readers.series import NEEDED

CONSTANTS: Final = {"density": "density", "heat_capacity": "cp"}
"""What such a table is recognised by, and the key that lines above a table have for it."""
LISTED: Final = 6
"""Values of a mean that are named."""
MOST: Final = 1000
"""Rows of such a table."""
SEARCH: Final = 20
"""Rows among which its header is looked for."""
OF_ORIGIN: Final = ("doi", "source", "method", "note")
"""Columns of texts that say where the constants are from."""
WITH_UNIT: Final = re.compile(
    r"(?P<number>[^A-Za-zµμ°%]*\d[^A-Za-zµμ°%]*(?:[eE][+-]?\d+)?)\s*(?P<unit>[A-Za-zµμ].*)"
)


def constants_of_text(path: Path, text: str, delimiters: Sequence[str]) -> list[CellGrid]:
    """Constants of the samples of a text file; empty for any other file.

    `text`: its content.
    `delimiters`: separators of cells.
    Returns: as `constant_grids`.
    """
    lines = [bare(line) for line in text_lines(text[:1_000_000])[: MOST + 1]]
    for delimiter in delimiters:
        try:
            rows = list(split_rows(path, lines, 0, delimiter))
        except InputError:  # quotes that are not closed
            continue
        found = constant_grids(str(path), rows, delimiter=delimiter)
        if found:
            return found
    return []


def constant_grids(
    file: str, rows: Sequence[CellRow], *, sheet: str = "", delimiter: str = ""
) -> list[CellGrid]:
    """Constants of samples in rows without a table of measurements, as remarks of a table that is empty.

    `file`, `sheet`, `delimiter`: as for `CellGrid`.
    `rows`: all rows.
    Returns: one for each sample, named after it; empty where neither a density nor a heat capacity is stated.

    >>> rows = [CellRow(1, ("sample", "density (g/cm3)")), CellRow(2, ("A-17", "7.5"))]
    >>> [(grid.label, grid.remarks) for grid in constant_grids("a.csv", rows)]
    [('A-17', {'density (g/cm3)': '7.5'})]
    """
    if not 0 < len(rows) <= MOST:
        return []
    for table in (rows, _turned(rows)):
        for k, header in enumerate(table[:SEARCH]):
            if _is_header(header) and table[k + 1 :]:
                grid = CellGrid(file, header, tuple(table[k + 1 :]), {}, sheet, delimiter)
                found = _of_samples(grid)
                if any(key.partition(" ")[0] in CONSTANTS.values() for one in found for key in one.remarks):
                    return found
    return []


def _is_header(row: CellRow) -> bool:
    """Whether a row names a constant, and neither numbers nor what is measured over the temperature."""
    meant = {MATERIAL.meaning(*MATERIAL.parts(text))[0] for text in row.texts if text}
    is_of_curves = meant & {"temperature", "thermal_diffusivity", "electrical_resistivity", *NEEDED}
    return (
        not is_of_curves and bool(meant & {*CONSTANTS}) and not any(map(is_number, filter(None, row.texts)))
    )


def _turned(rows: Sequence[CellRow]) -> list[CellRow]:
    """Rows of which each is a constant, with its unit or without, as columns."""
    made: list[list[str]] = []
    for row in rows:
        texts = [text for text in row.texts if text]
        pair = KEYS.match(texts[0]) if len(texts) == 1 else None
        cells = [pair[1], pair[2]] if pair else row.texts
        if len(cells) < 2 or not cells[0] or word_of(cells[0]) in PROPERTY:
            continue
        unit = unwrapped(cells[-1])
        if len(cells) > 2 and MATERIAL.has_unit(unit):
            cells = [f"{cells[0]} ({unit})", *cells[1:-1]]
        elif len(cells) > 2 and MATERIAL.has_unit(unwrapped(cells[1])):
            cells = [f"{cells[0]} ({unwrapped(cells[1])})", *cells[2:]]
        made.append(cells)
    width = max(map(len, made), default=0)
    return [CellRow(k + 1, tuple(c[k] if k < len(c) else "" for c in made)) for k in range(width)]


def _of_samples(grid: CellGrid) -> list[CellGrid]:
    """Grids of the samples of a table, each with its constants as remarks."""
    units, rows, _ = units_row(grid)
    heads = [
        f"{name} ({units[k]})" if name and units and k < len(units) and units[k] else name
        for k, name in enumerate(grid.names)
    ]
    named = next((k for k, name in enumerate(heads) if MATERIAL.text_of(name) == "sample"), -1)
    if named < 0:  # names of samples need no header
        words = (k for k in range(len(heads)) if all(r.text(k) and not is_number(r.text(k)) for r in rows))
        named = next((k for k in words if not MATERIAL.meaning(*MATERIAL.parts(heads[k]))[0]), -1)
    samples: dict[str, list[CellRow]] = {}
    for row in rows:
        samples.setdefault(row.text(named), []).append(row)
    found = []
    for name, of_sample in samples.items():
        remarks: dict[str, str] = {}
        unused, notes = list(grid.unused), list[str]()
        for k, head in enumerate(heads):
            texts = [row.text(k) for row in of_sample if not is_missing(row.text(k))]
            if k == named or not texts:
                continue
            key, value, error = _remark(head, texts)
            unused += [f"{head}: the error {error:g}"] if error else []
            notes += (
                [f"{head}: the mean of {', '.join(texts[:LISTED])}"]
                if is_number(value) and len(set(texts)) > 1
                else []
            )
            if key in remarks or (not is_number(value) and key not in OF_ORIGIN):
                unused.append(f"{head or f'column {k + 1}'} = {value}")
            else:
                remarks[key] = value
        header = CellRow(grid.header.line, ())
        of_one = replace(grid, header=header, rows=(), remarks=remarks, unused=tuple(unused))
        of_one = replace(of_one, note=". ".join(notes))
        found.append(replace(of_one, label=name, stated=bool(name)))
    return found


def _remark(head: str, texts: Sequence[str]) -> tuple[str, str, float]:
    """Key, value and error of a constant: the mean of its numbers; the unit is that of header or cells."""
    name, unit = MATERIAL.parts(head)
    what, is_std = MATERIAL.meaning(name, unit)
    parts = [WITH_UNIT.fullmatch(text) for text in texts]
    own = {match["unit"] for match in parts if match}
    numbers = [match["number"].strip() if match else text for match, text in zip(parts, texts, strict=True)]
    unit = unit or (own.pop() if len(own) == 1 else "")
    word = CONSTANTS.get(what, "") if not is_std and unit != "%" else ""
    key = f"{word} ({unit})" if word and unit else word or remark_key(head)
    try:
        values = [measured(text, "," in text) for text in numbers]
    except NotANumber:
        return key, texts[0], 0.0
    mean = sum(value for value, _ in values) / len(values)
    return key, f"{mean:.10g}", max(error or 0.0 for _, error in values)
