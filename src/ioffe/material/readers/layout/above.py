"""What stands above a table: names of samples, constants with their keys, units in comments."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from ioffe.material.readers.cells import is_number
from ioffe.material.readers.columns.vocabulary import MATERIAL, Vocabulary
from ioffe.material.readers.columns.words import repaired
from ioffe.material.readers.files import COMMENT, CellRow, remark_key, split_cells

BANNER: Final = re.compile(
    r"(?i)(sep=|linseis|netzsch|advance riko|ulvac|quantum design|cryoall)[\w .-]{0,15}"
)
"""Lines that name the instrument alone, or the separator."""
QUALIFIED: Final = re.compile(r"(?i)name|id|no\b|名")
"""What makes such a key one wherever it stands in its line."""
LISTED: Final = 3
"""Lines of text above a table that are named."""
KEYS: Final = re.compile(r"^[#%\s]*([^\W\d_][\w ./()\[\]^°·²³µμ-]*?)\s*[:=]\s*(.+)$")
SPOKEN: Final = re.compile(
    r"(?i)#?\s*(density|dichte|densité|c_?p|specific heat|heat capacity)\s+(\d[\d.,]*\s*[A-Za-z].*)"
)
"""Constants without a mark behind their name."""
NAMED: Final = re.compile(
    r"(?i)#?\s*(?:sample|specimen|probe|probenname|échantillon|echantillon|試料名?|样品名?称?)[ _]?"
    r"(?:name|id|no\.?)?\s*[:=：]?"
)
"""Keys of the name of a sample in a cell of its own."""


def bare(line: str) -> str:
    """A line without the marks of a comment.

    `line`: of a file.
    """
    return line.lstrip().lstrip("#%/").strip()


def units_of(comments: Iterable[str], words: Vocabulary = MATERIAL) -> dict[str, str]:
    """Units that comment lines state for a quantity, such as `# T in K, S in uV/K` or a header of their own.

    `comments`: lines.
    `words`: what names may mean.
    Returns: unit by quantity.

    >>> units_of(["# T in K, S in uV/K"])
    {'temperature': 'K', 'seebeck': 'uV/K'}
    """
    found: dict[str, str] = {}
    for line in comments:
        text = repaired(bare(line))
        for piece in re.split(r"[,;\t]", text):
            name, unit = words.parts(piece.strip())
            prop, is_std = words.meaning(name, unit)
            if prop and unit and not is_std:
                found.setdefault(prop, unit)
    return found


def remarks_of(lines: Sequence[str], delimiter: str) -> dict[str, str]:
    """Keys and values above a header, such as `Sample: A7` or `#Sample,A7`; keys in lower case.

    `lines`: lines above the header.
    `delimiter`: separator of the cells.
    """
    found: dict[str, str] = {}
    for line in lines:
        parts = line.split(delimiter.strip() or "\t")
        for cell in parts[:2] if parts[0].strip() == "INFO" else parts:  # there the key is behind
            match = KEYS.match(cell.strip()) or SPOKEN.fullmatch(cell.strip())
            key, value = (remark_key(match[1]), match[2].strip().strip('"')) if match else ("", "")
            if value and value.casefold() != key:  # what a program writes where nobody has filled it in
                found.setdefault(key, value)
        cells = [cell for cell in split_cells(line, delimiter) if cell] if delimiter.strip(" ") else []
        if len(cells) == 3 and cells[0] == "INFO" and cells[1] != "None":  # of a PPMS: value, key
            key = cells[2].casefold().replace("_", " ")
            found.setdefault(
                "sample" if "name" in key and key != "appname" else key.removeprefix("sample "), cells[1]
            )
        at = next(
            (k for k, cell in enumerate(cells[:-1]) if NAMED.fullmatch(cell) and QUALIFIED.search(cell)), -1
        )
        if at >= 0:
            found.setdefault("sample", cells[at + 1])
        if len(cells) > 2 and not is_number(cells[0]) and all(map(is_number, cells[1:])):  # a size
            found.setdefault(remark_key(bare(cells[0])), " ".join(cells[1:]))
            continue
        if len(cells) % 2 or line.lstrip().startswith("##"):
            continue
        for name, value in zip(cells[::2], cells[1::2], strict=True):
            if not name[:1].isdigit():
                found.setdefault("sample" if NAMED.fullmatch(name) else remark_key(bare(name)), value)
    return found


def remarks_of_rows(above: Sequence[CellRow]) -> dict[str, str]:
    """Keys and values above a header of a sheet: two cells in a row, or `key: value` in one.

    `above`: rows above the header.
    """
    found: dict[str, str] = {}
    for row in above:
        texts = [text for text in row.texts if text]
        if len(texts) == 2 and not texts[0].startswith("##"):
            found.setdefault(remark_key(texts[0]), texts[1])
        elif len(texts) == 1:
            found |= {k: v for k, v in remarks_of(texts, "\t").items() if k not in found}
    return found


def texts_above(
    rows: Iterable[CellRow], word: str, labels: Collection[str], remarks: Collection[str]
) -> tuple[str, ...]:
    """The last lines of text alone above a header, such as titles; it is said how one names the sample.

    `rows`: rows above the header.
    `word`: `line` of a text, `row` of a sheet.
    `labels`: names of tables that stand there.
    `remarks`: keys of what else is stated there.
    Returns: at most three.
    """
    found = []
    for row in rows:
        texts = [text for text in row.texts if text]
        alone = texts[0] if len(texts) == 1 else ""
        is_said = alone in labels or KEYS.match(alone) or BANNER.fullmatch(alone)
        if not alone.strip("-=_*") or is_said or alone[0] in "#%[":
            continue
        found.append(f'{word} {row.line} "{alone[:40]}"')
    is_named = any(NAMED.fullmatch(key) for key in remarks)
    advice = "" if is_named or not found else ' (a line "Sample: NAME" would name the sample)'
    return (*found[-LISTED:-1], f"{found[-1]}{advice}") if found else ()


def comments_of(lines: Sequence[str]) -> dict[str, str]:
    """Keys and values in comments anywhere in a text."""
    found = (
        COMMENT.fullmatch(line.strip().rstrip(",;\t")) for line in lines if line.lstrip().startswith("#")
    )
    return {remark_key(match[1]): match[2].strip() for match in found if match}
