"""Samples beside one another in the columns of a table, and headers that stand in two rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ioffe.base.units import unit_of_header
from ioffe.material.readers.cells import is_number
from ioffe.material.readers.columns.headers import apart
from ioffe.material.readers.columns.vocabulary import MATERIAL, Vocabulary
from ioffe.material.readers.columns.words import reason, repaired
from ioffe.material.readers.files import CellGrid, CellRow
from ioffe.material.readers.layout.units import units_in

Recognise = Callable[[list[str]], int]
"""Number of columns of a line that are understood; 0 if the line cannot be a header."""
Renamed = Callable[[Sequence[str]], list[str]]
"""Headers in the words that a user has given for them."""

WIDEST: Final = 400
"""Columns of a header that are looked at for names of samples in them."""
BEHIND_UNIT: Final = re.compile(r"(?P<head>.*?[)\]])[\s,:;_-]+(?P<label>[^\s(\[].*|\([^)]*\)|\[[^\]]*\])")
PIECE: Final = re.compile(r"[∥⊥]|[^\s_,;∥⊥]+")
"""Pieces of a name, of which some may be that of a sample."""
NO_SAMPLE: Final = re.compile(
    r"(?i)[<>±]|by\b.*|.*\b(?:min|max|mean|avg|average|fit|fitted|model|theory|raw|corr|corrected|smoothed|set|hot|"
    r"cold|ref|reference|low|high|lower|upper|total|tot|ratio|change|delta|log|abs|rel|relative|sigma|2sigma|"
    r"old|err|error|std|unc)\b.*|\(?(?:at )?@?\d+(?:\.\d+)? ?(?:K|°C|C|degC)\)?|[xyz]{2}"
)
"""Pieces of names that say how a number came about, where only one property has them."""
DIRECTED: Final = re.compile(r"(?i)par|perp|parallel|perpendicular|∥|⊥|in_plane|out_of_plane|cross_plane")
BRANCHES: Final = re.compile(r"(?i)\(?(?:heating|cooling|heat|cool|up|down|warming|ramp up|ramp down)\)?")


@dataclass(frozen=True)
class Labelled:
    """A header with the name of a sample in it.

    `header`: without the name.
    `label`: the name.
    `quantity`: what the column holds.
    `is_std`: whether it holds standard deviations.
    `is_known`: whether the whole name means another property, as `kappa_B` does, the bipolar part, if B is no
        sample.
    """

    header: str
    label: str
    quantity: str
    is_std: bool
    is_known: bool = False


def labelled(name: str, words: Vocabulary = MATERIAL) -> Labelled | None:
    """A header parted into that of a property and the name of a sample; None for any other one.

    `name`: column header.
    `words`: what headers may mean.

    >>> labelled("S_A (uV/K)").label, labelled("sigma (S/cm) x = 0.1").label, labelled("kappa_L").is_known
    ('A', 'x = 0.1', True)
    """
    if not name or len(name) > 200 or words.meaning(*words.parts(name))[0]:
        return None
    text = repaired(name)
    match = BEHIND_UNIT.fullmatch(text)
    if match:
        first, unit = words.parts(match["head"])
        quantity, is_std = words.meaning(first, unit)
        if quantity and unit and _fits(quantity, is_std, unit, words):
            return Labelled(match["head"], match["label"].strip("()[] "), quantity, is_std)
    first, unit = unit_of_header(text)
    pieces = list(PIECE.finditer(first))
    if not 2 <= len(pieces) <= 8:
        return None
    for size in range(1, len(pieces)):
        for start in range(len(pieces) - size, -1, -1):
            rest = [piece[0] for k, piece in enumerate(pieces) if not start <= k < start + size]
            quantity, is_std = words.meaning(" ".join(rest), unit)
            if not quantity or not _fits(quantity, is_std, unit, words):
                continue
            label = first[pieces[start].start() : pieces[start + size - 1].end()]
            header = f"{' '.join(rest)} ({unit})" if unit else " ".join(rest)
            is_known = _is_another([piece[0] for piece in pieces], rest, start)
            return Labelled(header, label.strip("()[] "), quantity, is_std, is_known)
    return None


def _fits(quantity: str, is_std: bool, unit: str, words: Vocabulary) -> bool:
    return (
        not unit
        or words.units[quantity] == "1"
        or (is_std and unit == "%")
        or words.fits(quantity, words.unit_of(quantity, unit))
    )


def _is_another(pieces: Sequence[str], rest: Sequence[str], start: int) -> bool:
    """Whether some pieces together name another property, as `kappa lat A` does."""
    parts = [pieces[:k] for k in range(2, len(pieces) + 1)] + [pieces[k:] for k in range(1, len(pieces) - 1)]
    beside_it = [[*rest, pieces[start]]]
    return any(
        reason("_".join(part)) and not DIRECTED.fullmatch("_".join(part[1:])) for part in parts + beside_it
    )


def with_labels(names: Sequence[str], words: Vocabulary = MATERIAL) -> dict[int, Labelled]:
    """Columns with names of samples in their headers, by position; empty where they do not tell samples.

    Every property that has such names has those of the same samples, or is the only one.

    `names`: column headers.
    `words`: what headers may mean.
    """
    if words is not MATERIAL or not 3 <= len(names) <= WIDEST or any(map(is_number, filter(None, names))):
        return {}
    found = {k: one for k, name in enumerate(names) if (one := labelled(name, words)) is not None}
    samples = {one.label for one in found.values() if not one.is_known and one.label.isupper()}
    found = {k: one for k, one in found.items() if not one.is_known or one.label in samples}
    of_property: dict[str, list[str]] = {}
    for one in found.values():
        if not one.is_std and one.quantity != "temperature":
            of_property.setdefault(one.quantity, []).append(one.label)
    several = {quantity: labels for quantity, labels in of_property.items() if len(labels) > 1}
    plain = {words.meaning(*words.parts(name))[0] for name in names if name}
    if (
        not several
        or plain & set(several)
        or any(len(set(labels)) < len(labels) for labels in several.values())
    ):
        return {}
    known = {label for labels in several.values() for label in labels}
    if len(several) == 1 and any(NO_SAMPLE.fullmatch(label) for label in known):
        return {}
    return {k: one for k, one in found.items() if one.label in known}


def seeing_labels(recognise: Recognise, words: Vocabulary = MATERIAL) -> Recognise:
    """What recognises headers made to see those with names of samples in them.

    `recognise`: number of columns of a line that are understood; 0 if the line cannot be a header.
    `words`: what headers may mean.
    Returns: likewise.
    """

    def with_samples(names: list[str]) -> int:
        own = with_labels(names, words)
        return recognise(
            [own[k].header if k in own else name for k, name in enumerate(names)] if own else names
        )

    return with_samples


def in_two_rows(upper: Sequence[str], lower: Sequence[str], words: Vocabulary = MATERIAL) -> list[str]:
    """Headers of which each stands in one of two rows, or in both: a property above, a sample below.

    A cell that is merged with those to its right stands in the first of them alone.

    `upper`, `lower`: texts of the rows.
    `words`: what headers may mean.

    >>> in_two_rows(["T (K)", "S (uV/K)", ""], ["", "x = 0", "x = 0.1"])
    ['T (K)', 'S (uV/K) x = 0', 'S (uV/K) x = 0.1']
    """
    found, above = [], ""
    for k in range(max(len(upper), len(lower))):
        own, below = upper[k] if k < len(upper) else "", lower[k] if k < len(lower) else ""
        above = own or above
        if not below:
            found.append(own)
        elif words.meaning(*words.parts(below))[0] or not words.meaning(*words.parts(above))[0]:
            found.append(below)
        else:
            found.append(f"{above} {below}")
    return found


def of_two_rows(rows: Sequence[CellRow], at: int, recognise: Recognise, words: Vocabulary) -> CellRow | None:
    """The header that two rows make together, or None where they make none.

    `rows`: rows at the beginning of a file.
    `at`: position of the upper one.
    `recognise`: number of columns that are understood.
    `words`: what headers may mean.
    """
    if words is not MATERIAL or not 0 <= at < len(rows) - 1:
        return None
    upper, lower = rows[at].texts, rows[at + 1].texts
    filled = [text for text in lower if text]
    if not any(upper) or not filled or is_number(filled[0]) or any(map(is_number, filter(None, upper))):
        return None
    names = in_two_rows(upper, lower, words)
    found = CellRow(rows[at + 1].line, tuple(names))
    return found if recognise(names) > max(recognise(upper), recognise(lower)) else None


def beside(grid: CellGrid, above: Sequence[CellRow], words: Vocabulary) -> list[CellGrid]:
    """Tables of the samples in the columns below one header.

    `above`: rows above the header, in which names of samples may stand.
    `words`: what headers may mean.
    Returns: one for each sample; the table itself if it holds one.
    """
    own = with_labels(grid.names, words)
    if own:
        return _by_names(grid, own)
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
    named = _named_below(grid, words) if len(found) > 1 or not all(names[1:]) else None
    if named is not None:
        return beside(named, (), words)
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


def _named_below(grid: CellGrid, words: Vocabulary) -> CellGrid | None:
    """The table with the samples in its headers that a row below them names, as comments of Origin do.

    Headers and units that stand in the first of several merged cells alone count for all of them.
    """
    for k, row in enumerate(grid.rows[:4]):
        texts = row.texts
        if any(map(is_number, filter(None, texts))):
            return None
        if units_in(row) is not None:
            continue
        whole = _filled(grid.names, texts)
        names = [
            f"{name} {texts[i]}" if i < len(texts) and texts[i] and _is_property(name, words) else name
            for i, name in enumerate(whole)
        ]
        if with_labels(names, words):
            units = [CellRow(one.line, tuple(_filled(one.texts, texts))) for one in grid.rows[:k]]
            rows = (*units, *grid.rows[k + 1 :])
            return replace(grid, header=CellRow(grid.header.line, tuple(names)), rows=rows)
    return None


def _filled(cells: Sequence[str], below: Sequence[str]) -> list[str]:
    """Cells in which an empty one above a text has what stands to its left."""
    found: list[str] = []
    for k, text in enumerate(below):
        own = cells[k] if k < len(cells) else ""
        found.append(own or (found[-1] if text and found else ""))
    return [*found, *cells[len(below) :]]


def _is_property(name: str, words: Vocabulary) -> bool:
    return words.meaning(*words.parts(name))[0] not in ("", "temperature")


def _by_names(grid: CellGrid, own: dict[int, Labelled]) -> list[CellGrid]:
    """A table for each sample that is named in headers; columns without a name belong to all of them."""
    labels = list(dict.fromkeys(one.label for one in own.values()))
    if all(BRANCHES.fullmatch(label) for label in labels):
        return [_one_cycle(grid, own, labels)]
    grids = []
    for label in labels:
        header = tuple(
            name if k not in own else own[k].header if own[k].label == label else ""
            for k, name in enumerate(grid.names)
        )
        joined = f"{grid.label} {label}".strip()
        grids.append(replace(grid, header=CellRow(grid.header.line, header), label=joined, stated=True))
    return grids


def _one_cycle(grid: CellGrid, own: dict[int, Labelled], labels: Sequence[str]) -> CellGrid:
    """Columns of heating and of cooling below one another, with one that says which is which."""
    heads = list(dict.fromkeys(one.header for one in own.values()))
    kept = [k for k in range(len(grid.names)) if k not in own]
    at = {(one.header, one.label): k for k, one in own.items()}
    rows = []
    units = [row for row in grid.rows[:4] if not any(map(is_number, filter(None, row.texts)))]
    for label in labels:
        of_label = [
            CellRow(
                row.line,
                (
                    *(row.cell(k) for k in kept),
                    *(row.cell(at[head, label]) if (head, label) in at else "" for head in heads),
                    "" if row in units else label,
                ),
            )
            for row in grid.rows
            if label == labels[0] or row not in units
        ]
        rows += of_label if re.match(r"(?i)\(?(?:heat|up|warm|ramp up)", label) else of_label[::-1]
    header = (*(grid.names[k] for k in kept), *heads, "branch")
    note = f"columns of {' and '.join(labels)} are read as one cycle"
    return replace(grid, header=CellRow(grid.header.line, header), rows=tuple(rows), note=note)
