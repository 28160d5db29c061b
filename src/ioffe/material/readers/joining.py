"""Which tables hold parts of one sample: joined by its name, or because they complement each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from ioffe.base.errors import Faults
from ioffe.material.readers import files
from ioffe.material.readers.columns.headers import EXPECTED, recognised
from ioffe.material.readers.plain import tables
from ioffe.material.readers.plain_samples import PlainSample, stem_of, without_block
from ioffe.material.readers.records import SampleReader
from ioffe.material.readers.series import missing


def read(grids: Sequence[files.CellGrid], faults: Faults) -> list[PlainSample]:
    """Samples of plain tables: one a table, or one for each value of its sample column.

    `grids`: tables of one file.
    `faults`: takes every faulty header and cell.
    Returns: tables that hold a part of one sample each are joined.
    """
    return joined([PlainSample(table, key) for table in tables(grids, faults) for key in table.samples])


def joined(samples: Sequence[PlainSample]) -> list[PlainSample]:
    """Samples whose tables complement each other made into one: of the same stated name, or without names.

    `samples`: of one file or of several.
    Returns: in the order of their first table.
    """
    measured = [sample for sample in samples if not sample.is_of_constants]
    if len(measured) < len(samples):
        return _with_constants(joined(measured), [sample for sample in samples if sample.is_of_constants])
    named: dict[str, list[PlainSample]] = {}
    for sample in samples:
        named.setdefault(_alike(sample.stated), []).append(sample)
    unnamed = named.pop("", [])
    groups = list(named.values())
    if len(unnamed) > 1 and _complement(unnamed):
        groups.append(unnamed)
    else:
        stems: dict[str, list[PlainSample]] = {}
        for sample in unnamed:
            stem = stem_of(sample.table.grid.file)
            stems.setdefault(re.split(r"[_\- ]", stem)[0].casefold(), []).append(sample)
        groups += stems.values()
    found: list[PlainSample] = []
    for group in groups:
        if len(group) > 1 and _complement(group):
            found.append(replace(group[0], others=tuple(other for one in group for other in one.parts)[1:]))
        else:
            found += group
    if len(found) == 2 and sum(bool(sample.stated) for sample in found) == 1 and _complement(found):
        first = next(sample for sample in found if sample.stated)
        rest = next(sample for sample in found if not sample.stated)
        return [replace(first, others=(*first.others, *rest.parts))]
    order = {(id(sample.table), sample.key): k for k, sample in enumerate(samples)}
    return sorted(found, key=lambda one: order[id(one.table), one.key])


def _with_constants(found: list[PlainSample], constants: Sequence[PlainSample]) -> list[PlainSample]:
    """Samples with the constants that another table states of them, and behind them the constants of others.

    They go by the name; without one, and of one sample alone, to the only one there is.
    """
    rest = []
    for one in constants:
        is_open = len(found) == 1 and (not one.stated or (len(constants) == 1 and not found[0].stated))
        fitting = {id(s) for s in found if is_open or (one.stated and _alike(s.name) == _alike(one.stated))}
        found = [replace(s, others=(*s.others, one)) if id(s) in fitting else s for s in found]
        rest += [] if fitting else [one]
    return found + rest


def not_joined(samples: Sequence[PlainSample]) -> list[str]:
    """Why samples that lack something are not joined with others that have it, in sentences.

    `samples`: after `joined`.
    """
    measured = (one for one in samples if not one.is_of_constants)
    lacking = [one for one in measured if one.sample.missing and missing(one.properties)]
    alike: dict[frozenset[str], list[int]] = {}
    for k, sample in enumerate(lacking):
        alike.setdefault(frozenset(sample.properties), []).append(k)
    # samples of the same properties fit the same others, of which only the first are told
    first = {
        own: sorted(k for other, rows in alike.items() if _apart(own, other) for k in rows[: LISTED + 1])
        for own in alike
    }
    fitting = {
        k: [other for other in first[own] if other != k][:LISTED] for own, rows in alike.items() for k in rows
    }
    found: dict[str, None] = {}
    advice = 'a line "Sample: NAME" in each file joins those of one sample'
    for k, one in enumerate(lacking):
        others = [lacking[other] for other in fitting[k]]
        if len(others) > 1:
            own, *listed = _told_apart([one, *others])
            words = f"{own} fits {', '.join(listed)}, and which of them it belongs to is not said"
            is_named = any(other.name == one.name for other in others)
            found[f"{words}: {'give the files of one sample at a time' if is_named else advice}"] = None
        elif others and fitting[fitting[k][0]] == [k]:
            names = sorted({one.name, others[0].name})
            found[f"{' and '.join(names)} complement each other and have different names: {advice}"] = None
    return list(found)


def _told_apart(samples: Sequence[PlainSample]) -> list[str]:
    """Names of samples, with their files where names are the same."""
    names = [sample.name for sample in samples]
    return [
        f"{name} ({Path(sample.table.grid.file).name})" if names.count(name) > 1 else name
        for name, sample in zip(names, samples, strict=True)
    ]


LISTED: Final = 4
"""Samples that a sentence names."""
SHARED: Final = frozenset(
    {
        "heat_capacity",
        "density",
        "zT",
        "thermal_expansion",
        "electrical_conductivity",
        "electrical_resistivity",
    }
)
"""Quantities that several instruments may state for one sample."""


def _alike(name: str) -> str:
    """Name without what people write in one file and not in another: capitals, blanks, hyphens."""
    return re.sub(r"[\s_-]", "", without_block(name).casefold())


def _complement(samples: Sequence[PlainSample]) -> bool:
    """Whether no property is measured twice and no part is a whole sample."""
    seen: frozenset[str] = frozenset()
    for sample in samples:
        known = frozenset(sample.properties)
        if not missing(known) or not _apart(known, seen):
            return False
        seen |= known
    return True


def _apart(known: frozenset[str], seen: frozenset[str]) -> bool:
    """Whether no property that one instrument alone measures is in both."""
    return not known & seen - SHARED


CSV: Final = SampleReader("csv", "a plain table", "text", EXPECTED, recognised, read, is_database=False)
EXCEL: Final = replace(CSV, name="excel", container="excel")
