"""Where the tables of a file are: titles, headers, rows of units and comments, blocks below one another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from ioffe.base.errors import InputError, UnitError
from ioffe.base.units import convert
from ioffe.material.readers.cells import is_number, number
from ioffe.material.readers.columns.headers import recognised
from ioffe.material.readers.columns.vocabulary import MATERIAL, Vocabulary
from ioffe.material.readers.columns.words import repaired, word_of
from ioffe.material.readers.files import (
    HEADER_SEARCH,
    TABLE_LIMIT,
    CellGrid,
    CellRow,
    refuse,
    split_cells,
    split_rows,
    text_lines,
)
from ioffe.material.readers.layout.above import (
    NAMED,
    bare,
    comments_of,
    remarks_of,
    texts_above,
    units_of,
)
from ioffe.material.readers.layout.beside import Recognise, Renamed, beside, of_two_rows
from ioffe.material.readers.layout.table_rows import MEAN, STD_ROW
from ioffe.material.readers.layout.turned import turned_grids
from ioffe.material.readers.layout.units import is_unit, unwrapped

DELIMITERS: Final = ("\t", ";", ",", "|", "  ", " ")
"""Separators of cells; two blanks keep a header such as `T (K)` together, one keeps what is in brackets."""
STATED: Final = re.compile(r"(?i)^(?:sample|specimen|probe|block|curve)\s*(?:name|id|no\.?)?\s*[:=]\s*(.+)$")


@dataclass
class _TableBlock:
    """One header and the rows below it, while they are collected."""

    header: CellRow
    label: str = ""
    rows: list[CellRow] = field(default_factory=list)
    note: str = ""


def text_grids(
    path: Path,
    text: str,
    recognise: Recognise = recognised,
    words: Vocabulary = MATERIAL,
    renamed: Renamed = list,
) -> list[CellGrid]:
    """Tables of a text file; empty without a line of column headers.

    `text`: its content.
    `recognise`: number of columns of a line that are understood; 0 if the line cannot be a header.
    `words`: what headers may mean.
    `renamed`: headers in the words that a user has given for them.
    """
    lines = text_lines(text)
    best = find(lines, recognise)
    double = _in_two_lines(lines, best, recognise, words)
    if best is None and double is None:
        return _turned(path, lines, recognise, words)
    line, delimiter = (double[0].line, double[1]) if double is not None else best or (1, "")
    head = lines[: line - 1]
    rows = list(split_rows(path, lines, line - 1, delimiter))
    rows[:1] = [double[0]] if double is not None else rows[:1]
    near = next((text for text in reversed(head) if text.strip()), "")
    label = _title(split_cells(bare(near), delimiter), delimiter) if double is None else ""
    # labels of groups of columns stand above them, where the place of a cell can be told
    over = [CellRow(line - 1, tuple(split_cells(near, delimiter)))] if delimiter.strip(" ") else []
    grids = grids_of(
        str(path), rows, recognise, words, delimiter=delimiter, label=label, above=over, renamed=renamed
    )
    labels = {grid.label for grid in grids if grid.stated} - {""}
    if labels & {cell for row in over for cell in row.texts}:  # names of groups such as x=0 are no constants
        head.pop(max(k for k, line_ in enumerate(head) if line_.strip()))
    remarks = remarks_of(head, delimiter) | comments_of(lines)
    units = units_of((line for line in lines[:line] if line.lstrip().startswith(("#", "%", "//"))), words)
    above = [unwrapped(repaired(cell)) for cell in split_cells(near, delimiter)] if near else []
    if len(above) > 1 and grids and all(is_unit(cell) for cell in above if cell):
        meant = [words.meaning(*words.parts(name))[0] for name in grids[0].names]
        units |= {prop: unit for prop, unit in zip(meant, above, strict=False) if prop and unit}
    rows_above = [CellRow(k + 1, tuple(split_cells(text, delimiter))) for k, text in enumerate(head)]
    idle = texts_above(rows_above, "line", labels, remarks) if delimiter.strip(" ") else ()
    return [
        replace(grid, remarks=remarks, stated_units=units, unused=(*idle, *grid.unused)) for grid in grids
    ]


def _in_two_lines(
    lines: Sequence[str], best: tuple[int, str] | None, recognise: Recognise, words: Vocabulary
) -> tuple[CellRow, str] | None:
    """A header in two lines of which more is understood than of the best single one, and its separator."""
    near = [k for k, line in enumerate(lines[:HEADER_SEARCH]) if line.strip() and len(line) <= 20_000]
    if best is not None:
        at = next(k for k, line in enumerate(near) if line == best[0] - 1)
        near = near[max(at - 1, 0) : at + 2]
    known = recognise(split_cells(bare(lines[best[0] - 1]), best[1])) if best is not None else 0
    for delimiter in ("\t", ";", ",") if best is None else (best[1],) if best[1].strip(" ") else ():
        rows = [CellRow(k + 1, tuple(split_cells(lines[k], delimiter))) for k in near]
        for k in range(len(rows) - 1):
            found = of_two_rows(rows, k, recognise, words)
            if found is not None and recognise(found.texts) > known:
                return found, delimiter
    return None


def _turned(path: Path, lines: Sequence[str], recognise: Recognise, words: Vocabulary) -> list[CellGrid]:
    """The table of a text file whose temperatures run along its rows."""
    for delimiter in ("\t", ";", ","):
        if sum(delimiter in line for line in lines[:HEADER_SEARCH]) < 2:
            continue
        with suppress(InputError):  # quotes that are not closed
            rows = list(split_rows(path, lines, 0, delimiter))
            found = turned_grids(str(path), rows, recognise, words, delimiter=delimiter)
            if found:
                return found
    return []


def headerless(path: Path, text: str, columns: str, renamed: Renamed = list) -> list[CellGrid]:
    """The table of a file without headers, whose columns the user has named.

    `text`: its content.
    `columns`: headers, separated by commas.
    `renamed`: as for `text_grids`.
    Raises `InputError` if no row has as many numbers, or the headers cannot be understood.
    """
    names = [name.strip() for name in re.split(r",(?![^(\[]*[)\]])", columns)]
    lines = text_lines(text)
    for delimiter in DELIMITERS:
        for line, content in enumerate(lines[:HEADER_SEARCH]):
            cells = split_cells(content, delimiter)
            if len(cells) == len(names) > 1 and any(is_number(cell) for cell in cells):
                rows = tuple(split_rows(path, lines, line, delimiter))
                header = CellRow(line, tuple(renamed(names)))
                remarks = remarks_of(lines[:line], delimiter)
                grid = CellGrid(str(path), header, rows, remarks, delimiter=delimiter)
                return [
                    _instead(grid, [(k + 1, split_cells(bare(lines[k]), delimiter)) for k in range(line)])
                ]
    first = next((content for content in lines if content.strip()), "")
    expected = f"a row of {len(names)} cells is expected, as --columns names {', '.join(names)}"
    raise refuse(path, expected, value=first)


def _instead(grid: CellGrid, above: Sequence[tuple[int, list[str]]]) -> CellGrid:
    """A table whose columns a user has named, with the header above it that says something else."""
    found = next(((line, names) for line, names in above if recognised(names)), None)
    if found is None:
        return grid
    line, names = found

    def meant(name: str) -> tuple[str, bool, float | str]:
        own, unit = MATERIAL.parts(name)
        what, is_std = MATERIAL.meaning(own, unit)
        with suppress(UnitError, KeyError):
            return what, is_std, float(convert(1.0, MATERIAL.unit_of(what, unit), MATERIAL.units[what]))
        return what, is_std, name

    changed = [f"{a} as {b}" for a, b in zip(names, grid.names, strict=False) if meant(a) != meant(b)]
    note = f"--columns takes {', '.join(changed)}, against line {line}" if changed else ""
    return replace(grid, note=note, unused=(f"line {line}, a header: --columns is given",))


def find(lines: Sequence[str], recognise: Recognise) -> tuple[int, str] | None:
    """Line number and separator of the header among the first lines: the one with most columns understood.

    `recognise`: as for `text_grids`.
    """
    best: tuple[tuple[int, bool], int, str] | None = None
    for number_, line in enumerate(lines[:HEADER_SEARCH], start=1):
        if not line.strip() or len(line) > 20_000:
            continue
        comment = line.lstrip().startswith(("#", "%", "//"))
        found = False
        for delimiter in DELIMITERS:
            if not delimiter.strip(" ") and (found or (delimiter == " " and ("\t" in line or ";" in line))):
                break  # blanks part words, too: only where nothing else parts the cells
            cells = split_cells(bare(line) if comment else line, delimiter)
            count = recognise(cells)
            if count and sum(is_number(cell) for cell in cells) > 1:
                count = 0  # a row of numbers, with what they are in front
            found = found or bool(count)
            if count and (best is None or (count, not comment) > best[0]):
                best = ((count, not comment), number_, delimiter)
    return None if best is None else best[1:]


def grids_of(
    file: str,
    rows: Sequence[CellRow],
    recognise: Recognise,
    words: Vocabulary = MATERIAL,
    *,
    sheet: str = "",
    delimiter: str = "",
    above: Sequence[CellRow] = (),
    label: str = "",
    renamed: Renamed = list,
) -> list[CellGrid]:
    """Tables in rows of which the first one is a header: blocks below, groups of columns beside one another.

    `file`, `sheet`, `delimiter`: as for `CellGrid`.
    `rows`: rows from the first header on.
    `recognise`, `words`: as for `text_grids`.
    `above`: rows above the header, in which labels of groups may stand.
    `label`: line above the first header: the name of the first block, if there are several.
    `renamed`: as for `text_grids`.
    Raises `InputError` for more than `TABLE_LIMIT` blocks.
    """
    blocks: list[_TableBlock] = []
    pending = label or (_title(above[-1].texts) if above else "")
    for row in rows:
        if blocks and isinstance(row.cell(0), float):
            blocks[-1].rows.append(row)  # of a sheet, and no header; quick, for thousands of rows
            continue
        texts = [(text.lstrip("#%").strip() or text) if k == 0 else text for k, text in enumerate(row.texts)]
        may_be = not blocks or not _starts_with_number(texts)
        double = of_two_rows([*blocks[-1].rows[-1:], row], 0, recognise, words) if blocks and may_be else None
        if double is not None:
            blocks[-1].rows.pop()
            texts = double.texts
        if not blocks or double is not None or (may_be and recognise(texts)):
            label = pending
            if blocks and not label and blocks[-1].rows and _title(blocks[-1].rows[-1].texts):
                label = _title(blocks[-1].rows.pop().texts)
            if len(blocks) == TABLE_LIMIT:
                expected = f"more than {TABLE_LIMIT} tables stand below one another; at most so many are read"
                raise refuse(Path(file), expected, "put them below one header, with a column of samples")
            blocks.append(_TableBlock(CellRow(row.line, tuple(renamed(texts))), label))
            pending = ""
        elif _are_words(delimiter) and _title(texts, delimiter):
            pending = _title(texts, delimiter)
        elif str(row.cell(0)).startswith("#") and not _is_mean(row) and "#" != str(row.cell(0)):
            pending = str(row.cell(0)).lstrip("#").strip() if len([t for t in texts if t]) == 1 else pending
        else:
            blocks[-1].rows.append(row)
    blocks = _continued(blocks, words)
    names = _names_of([_label(block.label) for block in blocks])
    return [
        grid
        for number_, (block, name) in enumerate(zip(blocks, names, strict=True), start=1)
        for grid in beside(
            CellGrid(
                file,
                block.header,
                tuple(block.rows),
                {},
                sheet,
                delimiter,
                label=name,
                note=block.note,
            ),
            above if number_ == 1 else (),
            words,
        )
    ]


def _continued(blocks: Sequence[_TableBlock], words: Vocabulary) -> list[_TableBlock]:
    """Blocks without those that go on with the table above: its header again, as at the top of a new page."""
    found: list[_TableBlock] = []
    for block in blocks:
        names = block.header.texts
        if found and not block.label and found[-1].header.texts == names and found[-1].rows and block.rows:
            warm = (k for k, n in enumerate(names) if words.meaning(*words.parts(n))[0] == "temperature")
            index = next(warm, 0)
            pair = found[-1].rows[-1].text(index), block.rows[0].text(index)
            if all(map(is_number, pair)) and number(pair[0], comma=True) < number(pair[1], comma=True):
                found[-1].rows += block.rows
                found[-1].note = f"line {block.header.line} is the header again: the table goes on"
                continue
        found.append(block)
    return found


def _names_of(labels: Sequence[str]) -> list[str]:
    """Names of blocks below one another, by their labels where those differ; empty for the only one."""
    if len(labels) == 1:
        return [""]
    blocks = [f"block {k}" for k in range(1, len(labels) + 1)]
    return [
        block if not label else f"{label} ({block})" if labels.count(label) > 1 else label
        for label, block in zip(labels, blocks, strict=True)
    ]


def _label(text: str) -> str:
    stated = STATED.match(text.strip())
    return (stated[1] if stated else text).strip()


def _is_mean(row: CellRow) -> bool:
    return word_of(str(row.cell(0))) in (*MEAN, *STD_ROW)


def _are_words(delimiter: str) -> bool:
    """Whether what parts cells parts the words of a title, too."""
    return bool(delimiter) and not delimiter.strip(" ")


def _title(cells: Sequence[str], delimiter: str = "") -> str:
    """The title in a line above a table, which may have values with their keys behind it; empty without."""
    filled = [text for text in cells if text.strip("#%")]
    if _are_words(delimiter) and len(filled) > 1:
        is_name = NAMED.fullmatch(filled[0]) and sum(map(is_number, filled)) < 2
        return " ".join(filled) if is_name else ""
    is_title = len(filled) == 1 or any("=" in text for text in filled[1:])
    return filled[0] if is_title and not is_number(filled[0]) else ""


def _starts_with_number(texts: Sequence[str]) -> bool:
    return any(is_number(text) for text in texts[:4] if text)
