"""Which rows of a plain table hold values, and whose: means of shots, sums, texts below, samples, papers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations

from ioffe.material.readers import files
from ioffe.material.readers.cells import NotANumber, is_missing, is_number, measured, number
from ioffe.material.readers.columns.headers import HeaderColumn
from ioffe.material.readers.columns.words import VARIED, word_of

SUMMARY = re.compile(
    r"(?:mean|average|avg|median|std|std_dev|stdev|sd|min|max|minimum|maximum|sum|total|mittelwert)"
)
"""Words at the start of a row that sums up others."""
MEAN = ("mean", "average", "avg", "mittelwert", "mittel")
STD_ROW = (
    *("std_dev", "stdev", "stddev", "std", "standard_deviation", "std_abw", "stdabw"),
    "standardabweichung",
)
"""First cells of the rows that sum up the shots above them."""
OF_POINTS = re.compile(r"(?i)heat|cool|up|down|ramp|ok\b|err|pass|fail|good|bad|warn|true|false|$")
"""Texts that say how a point was measured, and nothing about the sample."""
CONDITION = re.compile(
    r"(?i)(applied |magnetic )*field\b|(b|h|[µμ]_?0 ?h)\s*[\[(/]\s*(k?oe|k?g|m?t|tesla)\b|"
    r"pressure\s*[\[(/]\s*(gpa|kbar)"
)
"""Columns of a number under which a sample was measured, which is no property of it at another one."""
GAUSS = re.compile(r"(?i)\b(oe|g|gauss|mt)\b")
NEARLY, REMANENT = 0.01, (10.0, 1e-3)
"""Share of the largest field or pressure within which two are the same one; and, in oersted and in larger
units, what a magnet keeps of one."""
CARRIER = ("type", "carrier", "carriers", "carrier_type", "conduction_type", "conductivity_type", "polarity")
"""Columns that may say whether electrons or holes carry the current."""
SAME = 5.0
"""Kelvin within which two rows were measured at the same temperature."""
LISTED = 6
"""Cells and rows that are named one by one."""


def means(
    rows: Sequence[files.CellRow], columns: Sequence[HeaderColumn]
) -> tuple[tuple[files.CellRow, ...], dict[tuple[int, int], str], list[str]]:
    """Of a laser flash with rows of means the means alone, with the standard deviations in the rows below.

    `rows`: rows of values.
    `columns`: what they hold.
    Returns `rows`: the means, or every row where there are none.
    Returns `stds`: cells of standard deviations, by the line of the mean and the position of the column.
    Returns `notes`: what was done.
    """
    is_flash = any(c.quantity == "thermal_diffusivity" for c in columns)
    words = [word_of(row.text(0)) for row in rows] if is_flash and all(c.index for c in columns) else []
    sums = [k for k, word in enumerate(words) if word in MEAN]
    if not sums:
        shots = (row for row in rows if not row.text(0).startswith("#")) if words else rows
        return tuple(shots), {}, []
    below = {k: rows[k + 1] for k in sums if k + 1 < len(rows) and words[k + 1] in STD_ROW}
    stds = {
        (rows[k].line, c.index): row.text(c.index)
        for k, row in below.items()
        for c in columns
        if c.quantity != "temperature"
    }
    shots = len(rows) - len(sums) - sum(word in STD_ROW for word in words)
    made = f", made of {shots} shots" if shots else ""
    return tuple(rows[k] for k in sums), stds, [f"the {len(sums)} rows of means are used{made}"]


def without_texts(
    grid: files.CellGrid,
    rows: Sequence[files.CellRow],
    columns: Sequence[HeaderColumn],
    commas: Mapping[int, bool],
    of_means: bool,
) -> tuple[tuple[files.CellRow, ...], list[str]]:
    """Rows of values, and the others in words: those that sum up values, and texts behind the last number.

    `rows`: its rows.
    `columns`: those of numbers.
    `commas`: whether a column has decimal commas, by its position.
    `of_means`: whether the rows are means of others already.
    """
    temperatures = {c.index for c in columns if c.quantity == "temperature"}

    def is_number(row: files.CellRow, index: int) -> bool:
        try:
            measured(row.cell(index), commas[index])
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
    gone = [row for row in gone if not _is_of_neighbour(grid, row)]
    texts = [f'{grid.location(row)} "{", ".join(t for t in row.texts if t)[:40]}"' for row in gone]
    return tuple(kept), named(texts, "")


def _is_of_neighbour(grid: files.CellGrid, row: files.CellRow) -> bool:
    """Whether a row has numbers alone, and these in columns of another table beside this one."""
    filled = [(k, text) for k, text in enumerate(row.texts) if text]
    return all(k < len(grid.names) and not grid.names[k] and is_number(text) for k, text in filled)


def named(found: Sequence[str], word: str) -> list[str]:
    """At most `LISTED` of what is left out, and how many more there are.

    `found`: cells or rows.
    `word`: what they are, in brackets; empty for nothing.
    """
    shown = [f"{text} ({word})" if word else text for text in found[:LISTED]]
    return [*shown, *([f"{len(found) - LISTED} more of this kind"] if len(found) > LISTED else [])]


def filled_down(
    columns: Sequence[HeaderColumn], rows: Sequence[files.CellRow]
) -> tuple[Sequence[files.CellRow], list[str]]:
    """Rows in which a name of a sample or a paper stands in the first one alone, as merged cells leave it.

    `columns`: what they hold.
    `rows`: rows of values.
    Returns `rows`: with the names in all of them.
    Returns `notes`: what was done.
    """
    found, notes = list(rows), []
    for column in (c for c in columns if c.quantity in ("sample", "paper")):
        texts = [row.text(column.index) for row in found]
        if not texts or not texts[0] or all(texts):
            continue
        name: files.Cell = ""
        for k, row in enumerate(found):
            name = row.cell(column.index) if texts[k] else name
            found[k] = row.with_cell(column.index, name)
        notes.append(f"{column.header}: empty cells have the name above")
    return found, notes


def telling_apart(
    columns: Sequence[HeaderColumn],
    names: Sequence[str],
    rows: Sequence[files.CellRow],
    T: Sequence[float | None],
) -> tuple[list[HeaderColumn], Sequence[files.CellRow], list[str]]:
    """Columns in which one of texts tells samples apart although its name says nothing, such as a direction.

    Its texts part the rows into some that were measured at the same temperatures; so do magnetic fields and
    pressures.

    `columns`: what is understood.
    `names`: all headers.
    `rows`: rows of values.
    `T`: temperature of every row.
    Returns `columns`: with that one among them.
    Returns `rows`: with the field or the pressure, without its scatter, and its name.
    Returns `notes`: what was done.
    """
    found, notes = list(columns), []
    known = {c.index for c in columns if c.quantity != "branch"}
    samples = [c.index for c in columns if c.quantity == "sample"]
    for index, name in enumerate(names):
        if not name or index in known:
            continue
        texts = [row.text(index) for row in rows]
        if CONDITION.match(name.strip()):
            texts = _without_scatter(name, texts)
        elif any(text[:1] in "+-.0123456789" for text in texts):
            continue
        if not _tells_apart(texts, [" ".join(row.text(k) for k in samples) for row in rows], T):
            continue
        found = [c for c in found if c.index != index]
        found.append(HeaderColumn(index, name, "sample", is_number=False))
        rows = [row.with_cell(index, text) for row, text in zip(rows, texts, strict=True)]
        notes.append(f"samples told apart by {name}, at the same temperatures")
    return found, rows, notes


def _without_scatter(name: str, texts: Sequence[str]) -> list[str]:
    """Fields or pressures with their name, the same text for those that differ by scatter alone."""
    values = [number(text, comma="," in text) if text and is_number(text) else None for text in texts]
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    same = max(NEARLY * largest, REMANENT[0 if GAUSS.search(name) else 1])
    groups: list[list[float]] = []
    for value in sorted(value for value in values if value is not None):
        if groups and value - groups[-1][-1] <= same:
            groups[-1].append(value)
        else:
            groups.append([value])
    found = {}
    for group in groups:
        middle = float(f"{sum(group) / len(group):.3g}")
        shown = f"{name} = {middle if abs(middle) > same else 0.0:.6g}"
        found |= dict.fromkeys(group, shown)
    return ["" if value is None else found[value] for value in values]


def _tells_apart(texts: Sequence[str], samples: Sequence[str], T: Sequence[float | None]) -> bool:
    """Whether a column of few words has two of them, of one sample, at about the same temperatures."""
    few = set(texts)
    if not 2 <= len(few) <= max(2, len(texts) // 2) or all(OF_POINTS.match(text) for text in few):
        return False
    at: dict[str, dict[str, list[float]]] = {}
    for sample, text, temperature in zip(samples, texts, T, strict=True):
        if temperature is not None:
            at.setdefault(sample, {}).setdefault(text, []).append(temperature)
    for words in at.values():
        for one, other in combinations(words.values(), 2):
            shared = sum(any(abs(a - b) <= SAME for b in other) for a in one)
            if shared >= max(2, 0.5 * min(len(one), len(other))):
                return True
    return False


def short_row(grid: files.CellGrid, rows: Sequence[files.CellRow]) -> files.CellRow | None:
    """First row of a text parted by blanks with fewer numbers than the others: which of them lacks is open.

    `rows`: rows of values.
    """
    if not grid.delimiter or grid.delimiter.strip(" ") or not rows:
        return None
    width = max(len(row.cells) for row in rows)
    numbers = (row for row in rows if all(text[:1] in "+-.0123456789" for text in row.texts))
    return next((row for row in numbers if 1 < len(row.cells) < width), None)


def carrier_type(text: str) -> str:
    """`p` or `n` of a text such as `n-type`; empty for any other one.

    `text`: of a cell or of a remark.
    """
    match = re.fullmatch(r"(?i)\s*([pn])(?:[ _-]?type)?\s*", text)
    return match[1].casefold() if match else ""


def of_carriers(names: Sequence[str], rows: Sequence[files.CellRow], known: set[int]) -> list[HeaderColumn]:
    """The column that says of every row whether it is p-type or n-type, if there is one.

    `names`: all headers.
    `rows`: rows of values.
    `known`: positions of the columns that are understood.
    Returns: of one column, or none.
    """
    words = {k: word_of(name) for k, name in enumerate(names) if k not in known}
    found = (
        k
        for k, word in words.items()
        if word in CARRIER and rows and all(carrier_type(r.text(k)) for r in rows)
    )
    return [HeaderColumn(k, names[k], "carrier", is_number=False) for k in list(found)[:1]]


def owners(
    columns: Sequence[HeaderColumn], rows: Sequence[files.CellRow]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sample and publication of every row; a sample of two publications is two samples.

    `columns`: what they hold.
    `rows`: rows of values.
    """
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
