"""Where the tables of a file are: titles, headers, rows of units and comments, blocks below one another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from ioffe.base.errors import InputError, UnitError
from ioffe.base.units import convert
from ioffe.material.readers.cells import NotANumber, is_missing, number
from ioffe.material.readers.columns.headers import apart, recognised
from ioffe.material.readers.columns.vocabulary import MATERIAL, Vocabulary
from ioffe.material.readers.columns.words import repaired, word_of
from ioffe.material.readers.files import (
    COMMENT,
    HEADER_SEARCH,
    TABLE_LIMIT,
    CellGrid,
    CellRow,
    refuse,
    remark_key,
    split_cells,
    split_rows,
    text_lines,
)
from ioffe.material.readers.table_rows import MEAN, STD_ROW
from ioffe.material.readers.turned import turned_grids

DELIMITERS: Final = ("\t", ";", ",", "|", "  ", " ")
"""Separators of cells; two blanks keep a header such as `T (K)` together, one keeps what is in brackets."""
UNIT_WORDS: Final = frozenset({"unit", "units", "einheit", "einheiten", "单位"})
KEYS: Final = re.compile(r"^[#%\s]*([A-Za-z][\w ./()^-]*?)\s*[:=]\s*(.+)$")
STATED: Final = re.compile(r"(?i)^(?:sample|specimen|probe|block|curve)\s*(?:name|id|no\.?)?\s*[:=]\s*(.+)$")
NAMED: Final = re.compile(
    r"(?i)#?\s*(?:sample|specimen|probe|probenname|試料名?|样品名?称?)[ _]?(?:name|id|no\.?)?\s*[:=：]?"
)
"""Keys of the name of a sample in a cell of its own."""
FACTOR: Final = re.compile(r"10(?:\^[-−]?\d+|[⁻⁰¹²³⁴-⁹]+)[ ·*×]*[A-Za-zµμΩ]")
"""Beginning of a unit with a power of ten in front."""


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
    recognise: Callable[[list[str]], int] = recognised,
    words: Vocabulary = MATERIAL,
) -> list[CellGrid]:
    """Tables of a text file; empty without a line of column headers.

    Parameters
    ----------
    path : Path
        The file.
    text : str
        Its content.
    recognise : callable
        Number of columns of a line that are understood; 0 if the line cannot be a header.
    words : Vocabulary
        What headers may mean.

    Returns
    -------
    list of CellGrid
    """
    lines = text_lines(text)
    best = find(lines, recognise)
    if best is None:
        return _turned(path, lines, recognise, words)
    line, delimiter = best
    head = lines[: line - 1]
    rows = list(split_rows(path, lines, line - 1, delimiter))
    near = next((text for text in reversed(head) if text.strip()), "")
    label = _title(split_cells(_bare(near), delimiter))
    # labels of groups of columns stand above them, where the place of a cell can be told
    beside = [CellRow(line - 1, tuple(split_cells(near, delimiter)))] if delimiter.strip(" ") else []
    grids = grids_of(str(path), rows, recognise, words, delimiter=delimiter, label=label, above=beside)
    remarks = remarks_of(head, delimiter) | _comments(lines)
    units = units_of((line for line in lines[:line] if line.lstrip().startswith(("#", "%", "//"))), words)
    above = [_unwrapped(repaired(cell)) for cell in split_cells(near, delimiter)] if near else []
    if len(above) > 1 and grids and all(_is_unit(cell) for cell in above if cell):
        meant = [words.meaning(*words.parts(name))[0] for name in grids[0].names]
        units |= {prop: unit for prop, unit in zip(meant, above, strict=False) if prop and unit}
    title = [
        text
        for text in head
        if text.strip() and not KEYS.match(text) and not text.lstrip().startswith(("#", "["))
    ]
    return [
        replace(g, remarks=remarks, stated_units=units, title=" ".join(title[0].split()) if title else "")
        for g in grids
    ]


def _turned(
    path: Path, lines: Sequence[str], recognise: Callable[[list[str]], int], words: Vocabulary
) -> list[CellGrid]:
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


def headerless(path: Path, text: str, columns: str) -> list[CellGrid]:
    """The table of a file without headers, whose columns the user has named.

    Parameters
    ----------
    path : Path
        The file.
    text : str
        Its content.
    columns : str
        Headers, separated by commas.

    Returns
    -------
    list of CellGrid

    Raises
    ------
    InputError
        If no row has as many numbers, or the headers cannot be understood.
    """
    names = [name.strip() for name in re.split(r",(?![^(\[]*[)\]])", columns)]
    lines = text_lines(text)
    for delimiter in DELIMITERS:
        for line, content in enumerate(lines[:HEADER_SEARCH]):
            cells = split_cells(content, delimiter)
            if len(cells) == len(names) > 1 and any(_is_number(cell) for cell in cells):
                rows = tuple(split_rows(path, lines, line, delimiter))
                return [CellGrid(str(path), CellRow(line, tuple(names)), rows, delimiter=delimiter)]
    first = next((content for content in lines if content.strip()), "")
    expected = f"a row of {len(names)} cells is expected, as --columns names {', '.join(names)}"
    raise refuse(path, expected, value=first)


def find(lines: Sequence[str], recognise: Callable[[list[str]], int]) -> tuple[int, str] | None:
    """Line number and separator of the header among the first lines: the one with most columns understood.

    Parameters
    ----------
    lines : sequence of str
        The file.
    recognise : callable
        As for `text_grids`.

    Returns
    -------
    (int, str) or None
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
            cells = split_cells(_bare(line) if comment else line, delimiter)
            count = recognise(cells)
            if count and sum(_is_number(cell) for cell in cells) > 1:
                count = 0  # a row of numbers, with what they are in front
            found = found or bool(count)
            if count and (best is None or (count, not comment) > best[0]):
                best = ((count, not comment), number_, delimiter)
    return None if best is None else best[1:]


def _bare(line: str) -> str:
    return line.lstrip().lstrip("#%/").strip()


def grids_of(
    file: str,
    rows: Sequence[CellRow],
    recognise: Callable[[list[str]], int],
    words: Vocabulary = MATERIAL,
    *,
    sheet: str = "",
    delimiter: str = "",
    above: Sequence[CellRow] = (),
    label: str = "",
) -> list[CellGrid]:
    """Tables in rows of which the first one is a header: blocks below, groups of columns beside one another.

    Parameters
    ----------
    file, sheet, delimiter : str
        As for `CellGrid`.
    rows : sequence of CellRow
        Rows from the first header on.
    recognise, words
        As for `text_grids`.
    above : sequence of CellRow
        Rows above the header, in which labels of groups may stand.
    label : str
        Line above the first header: the name of the first block, if there are several.

    Returns
    -------
    list of CellGrid

    Raises
    ------
    InputError
        For more than `TABLE_LIMIT` blocks.
    """
    blocks: list[_TableBlock] = []
    pending = label
    for row in rows:
        texts = [(text.lstrip("#%").strip() or text) if k == 0 else text for k, text in enumerate(row.texts)]
        if not blocks or (not _starts_with_number(texts) and recognise(texts)):
            label = pending
            if blocks and not label and blocks[-1].rows and _title(blocks[-1].rows[-1].texts):
                label = _title(blocks[-1].rows.pop().texts)
            if len(blocks) == TABLE_LIMIT:
                expected = f"more than {TABLE_LIMIT} tables stand below one another; at most so many are read"
                raise refuse(Path(file), expected, "put them below one header, with a column of samples")
            blocks.append(_TableBlock(CellRow(row.line, tuple(texts)), label))
            pending = ""
        elif str(row.cell(0)).startswith("#") and not _is_mean(row) and "#" != str(row.cell(0)):
            pending = str(row.cell(0)).lstrip("#").strip() if len([t for t in texts if t]) == 1 else pending
        else:
            blocks[-1].rows.append(row)
    blocks = _continued(blocks, words)
    names = _names_of([_label(block.label) for block in blocks])
    return [
        grid
        for number_, (block, name) in enumerate(zip(blocks, names, strict=True), start=1)
        for grid in _groups(
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
            if all(map(_is_number, pair)) and number(pair[0], comma=True) < number(pair[1], comma=True):
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


def _title(cells: Sequence[str]) -> str:
    """The title in a line above a table, which may have values with their keys behind it; empty without."""
    filled = [text for text in cells if text]
    is_title = len(filled) == 1 or any("=" in text for text in filled[1:])
    return filled[0] if is_title and not _is_number(filled[0]) else ""


def _is_number(text: str) -> bool:
    try:
        number(text, comma=True)
    except NotANumber:
        return False
    return True


def _starts_with_number(texts: Sequence[str]) -> bool:
    return any(_is_number(text) for text in texts[:4] if text)


def _groups(grid: CellGrid, above: Sequence[CellRow], words: Vocabulary) -> list[CellGrid]:
    """Groups of columns beside one another: the same properties again, for another sample."""
    names = grid.names
    others = apart(names, words)

    def meant(name: str) -> tuple[str, bool]:
        return words.meaning(*words.parts(name)) if name else ("", False)

    found: list[list[int]] = [[]]
    seen: list[set[str]] = [set()]
    temperature = -1
    for index, name in enumerate(names):
        prop, is_std = meant(name) if index not in others else ("", False)
        if prop == "temperature":
            temperature = index
        elif prop and not is_std and prop in seen[-1]:
            found.append([])
            seen.append(set())
            if temperature >= 0 and found[-2] and found[-2][-1] == temperature == index - 1:
                found[-1].append(found[-2].pop())
        found[-1].append(index)
        if prop and not is_std and prop != "temperature":
            seen[-1].add(prop)
    if len(found) == 1:
        return [grid]
    labels = _group_labels(found, above, len(names))
    if not labels and any(props != seen[0] for props in seen):
        return [grid]  # the same property twice, by mistake
    first = [i for i in found[0] if meant(names[i])[0] == "temperature"][:1]
    grids = []
    for position, (columns, label) in enumerate(
        zip(found, labels or [f"group {k + 1}" for k in range(len(found))], strict=True)
    ):
        shared = [] if any(meant(names[i])[0] == "temperature" for i in columns) else first
        kept = {*columns, *shared}
        header = tuple(name if i in kept else "" for i, name in enumerate(names))
        joined = f"{grid.label} {label}".strip() if position or label else grid.label
        grids.append(
            replace(grid, header=CellRow(grid.header.line, header), label=joined, stated=bool(labels))
        )
    return grids


def _group_labels(found: list[list[int]], above: Sequence[CellRow], width: int) -> list[str]:
    """Texts in a row above the headers, one for each group."""
    for row in reversed(above):
        filled = [i for i in range(min(width, len(row.cells))) if row.text(i)]
        if len(filled) < 2:
            continue
        labels = [next((row.text(i) for i in filled if i in columns), "") for columns in found]
        if all(labels) and len(set(labels)) == len(labels):
            return labels
    return []


def units_of(comments: Iterable[str], words: Vocabulary = MATERIAL) -> dict[str, str]:
    """Units that comment lines state for a quantity, such as `# T in K, S in uV/K` or a header of their own.

    Parameters
    ----------
    comments : iterable of str
        Lines.
    words : Vocabulary
        What names may mean.

    Returns
    -------
    dict of str to str
        Unit by quantity.

    Examples
    --------
    >>> units_of(["# T in K, S in uV/K"])
    {'temperature': 'K', 'seebeck': 'uV/K'}
    """
    found: dict[str, str] = {}
    for line in comments:
        text = repaired(_bare(line))
        for piece in re.split(r"[,;\t]", text):
            name, unit = words.parts(piece.strip())
            prop, is_std = words.meaning(name, unit)
            if prop and unit and not is_std:
                found.setdefault(prop, unit)
    return found


def remarks_of(lines: Sequence[str], delimiter: str) -> dict[str, str]:
    """Keys and values above a header, such as `Sample: A7` or `#Sample,A7`; keys in lower case.

    Parameters
    ----------
    lines : sequence of str
        Lines above the header.
    delimiter : str
        Separator of the cells.

    Returns
    -------
    dict of str to str
    """
    found: dict[str, str] = {}
    for line in lines:
        for cell in line.split(delimiter.strip() or "\t"):
            match = KEYS.match(cell.strip())
            key, value = (remark_key(match[1]), match[2].strip().strip('"')) if match else ("", "")
            if value and value.casefold() != key:  # what a program writes where nobody has filled it in
                found.setdefault(key, value)
        cells = [cell for cell in split_cells(line, delimiter) if cell] if delimiter.strip(" ") else []
        if len(cells) % 2 or line.lstrip().startswith("##"):
            continue
        for name, value in zip(cells[::2], cells[1::2], strict=True):
            if not name[:1].isdigit():
                found.setdefault("sample" if NAMED.fullmatch(name) else remark_key(_bare(name)), value)
    return found


def _comments(lines: Sequence[str]) -> dict[str, str]:
    found = (
        COMMENT.fullmatch(line.strip().rstrip(",;\t")) for line in lines if line.lstrip().startswith("#")
    )
    return {remark_key(match[1]): match[2].strip() for match in found if match}


def units_row(grid: CellGrid) -> tuple[list[str] | None, tuple[CellRow, ...], list[str]]:
    """Units below the headers, the rows of numbers, and the rows of text between them.

    Parameters
    ----------
    grid : CellGrid
        The table.

    Returns
    -------
    tuple
        Units or None, rows, and what the rows of comments say.
    """
    rows, units, comments = list(grid.rows), None, []
    while rows and len(comments) < 3:
        texts = [text for text in rows[0].texts if text]
        if (
            any(_is_number(text) for text in texts)
            or not texts
            or not any(_is_number(t) for row in rows[1:] for t in row.texts)
        ):
            break
        cells = [_unwrapped(repaired(text)) for text in rows[0].texts]
        cells[:1] = ["" if word_of(cell) in UNIT_WORDS else cell for cell in cells[:1]]
        if units is None and any(cells) and all(_is_unit(cell) for cell in cells if cell):
            units = cells
        elif any(is_missing(text) for text in texts):
            break
        else:
            comments.append(f'{grid.location(rows[0])} "{", ".join(texts)}"')
        rows.pop(0)
    return units, tuple(rows), comments


def _unwrapped(text: str) -> str:
    """Unit without the brackets around it."""
    wrapped = text[:1] in ("(", "[") and text[-1:] in (")", "]")
    return text[1:-1].strip() if wrapped else text


def _is_unit(text: str) -> bool:
    if text in ("°C", "C", "oC", "a.u."):
        return True
    try:
        convert(1.0, text, text)
    except UnitError:
        return "/" in text and " " not in text.strip()
    return not text[:1].isdigit() or text == "1" or bool(FACTOR.match(text))
