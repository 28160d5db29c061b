"""A local store of materials: the samples of many files in one file, searched in a moment.

>>> from ioffe.material.library import load_material
>>> _ = load_material("Bi2Te3").save("mine.toml")
>>> found = collect_materials(["mine.toml"], "mine.duckdb")
>>> found.added, found.replaced
(1, 0)
>>> load_material("mine.duckdb#Bi2Te3").carrier
'n'
"""

from __future__ import annotations

import json
import shutil
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from glob import escape
from pathlib import Path
from typing import Any, Final

import numpy as np

from ioffe._version import __version__
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.saved import required, write_aside
from ioffe.material import readers
from ioffe.material.card_writing import card_of
from ioffe.material.material import Material
from ioffe.material.readers.databases.stored import COLUMNS, CURVES, FORMAT, check_format, connected
from ioffe.material.readers.opening import STORE_ENDING
from ioffe.material.readers.records import SkippedSampleWarning
from ioffe.material.source import find_materials

BATCH: Final = 1000
"""Samples that are written together."""
ABANDONED: Final = 600.0
"""Seconds after which a hidden file beside a store belongs to no process any more."""
NAMED: Final = 5
"""Samples left out that are named."""


@dataclass
class Collected:
    """What was collected.

    `path`: the store.
    `added`, `replaced`: samples that are new in the store, and those that were there before.
    `incomplete`: samples left out because S, the conductivity or κ is missing.
    `faulty`: samples left out because something is wrong with them, with the first fault of each.
    `total`: samples of the store.
    `doubtful`: samples in it whose data cannot be right (findings of level error), with the first finding of
        each.
    """

    path: Path
    added: int = 0
    replaced: int = 0
    incomplete: int = 0
    faulty: list[str] = field(default_factory=list)
    total: int = 0
    doubtful: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        replaced = f", {self.replaced} replaced" if self.replaced else ""
        text = f"{self.path}: {self.added} samples added{replaced}, {self.total} in the store"
        return f"{text}; {_wrong(self.doubtful)}" if self.doubtful else text


def collect_materials(
    files: Iterable[str | Path],
    into: str | Path,
    *,
    where: readers.Selection | None = None,
    options: readers.ReadOptions | None = None,
    progress: Callable[[int], object] = lambda _: None,
) -> Collected:
    """Collect the samples of files in a store, which is a source of materials wherever a file is.

    A sample keeps its provenance: publication, file, reading notes, columns that were not used. It is called
    ``FILE/KEY``, with the name of its file without ending and its key there; a card, and a plain table that
    names no sample, has the name of the material. A sample that is there already is replaced.

    Parameters
    ----------
    files : iterable of path
        Tables, databases, cards, other stores. Plain tables that hold parts of one sample are joined.
    into : path
        The store, a file that ends in ``.duckdb``; it is made, or added to. Until everything is collected it
        stays as it was.
    where : Selection, optional
        Which samples are wanted.
    options : ReadOptions, optional
        What is said about plain tables.
    progress : callable
        Is called with the number of samples read so far.

    Returns
    -------
    Collected

    Raises
    ------
    InputError
        Without the package duckdb (extra ``store``); for files that cannot be read, or of which two have one
        name; if there is no sample to collect.

    Warns
    -----
    SkippedSampleWarning
        When samples are left out, with how many and why.

    Examples
    --------
    >>> from ioffe.material.library import load_material
    >>> _ = load_material("Bi2Te3").save("card.toml")
    >>> print(collect_materials(["card.toml"], "store.duckdb"))
    store.duckdb: 1 samples added, 1 in the store
    """
    required("duckdb", "a store of materials", "store")
    store = Path(into)
    paths = [Path(file) for file in files]
    _check_names(store, paths)
    found = Collected(store)

    _sweep(store)

    def write(aside: Path) -> None:
        if store.exists():
            shutil.copyfile(store, aside)
        with connected(aside, read_only=False, shown=store) as connection:
            if store.exists():
                check_format(connection, store)
            else:
                connection.execute("CREATE TABLE about (format INTEGER, made_by VARCHAR)")
                connection.execute("INSERT INTO about VALUES (?, ?)", [FORMAT, f"ioffe {__version__}"])
                connection.execute(f"CREATE TABLE samples ({COLUMNS})")
            batch: dict[str, list[Any]] = {}
            for count, one in enumerate(find_materials(paths, where, options), start=1):
                if one.missing:
                    found.incomplete += 1
                elif one.material is None:
                    found.faulty.append(f"{one.key}: {one.fault}")
                else:
                    batch[one.key] = [one.key, *_row(one.material, one.file)]
                    wrong = [f.message for f in one.material.check() if f.severity == "error"]
                    found.doubtful += [f"{one.key}: {wrong[0]}"] if wrong else []
                if len(batch) == BATCH:
                    _insert(connection, batch, found)
                    batch = {}
                    progress(count)
            _insert(connection, batch, found)
            (found.total,) = connection.execute("SELECT count(*) FROM samples").fetchone()
            if not found.added + found.replaced:
                raise InputError(
                    Fault("", expected="no sample of the files can be collected", advice=_why(found))
                )

    write_aside(store, write)
    if found.incomplete or found.faulty:
        warnings.warn(f"left out: {_why(found)}", SkippedSampleWarning, stacklevel=2)
    return found


def _sweep(store: Path) -> None:
    """Remove what a process has left that was killed while it wrote."""
    for path in store.absolute().parent.glob(f".{escape(store.stem)}-*{STORE_ENDING}*"):
        if path.is_file() and time.time() - path.stat().st_mtime > ABANDONED:
            path.unlink(missing_ok=True)


def _check_names(store: Path, paths: Sequence[Path]) -> None:
    faults = Faults()
    if store.suffix.casefold() != STORE_ENDING:
        advice = str(store.with_suffix(STORE_ENDING)) if store.name else ""
        faults.add("into", str(store), f"a store is a file that ends in {STORE_ENDING}", advice)
    if not store.absolute().parent.is_dir():
        faults.add("into", str(store), "the folder does not exist")
    known: dict[str, Path] = {}
    for path in paths:
        if path.absolute() == store.absolute():
            faults.add("files", str(path), "a store cannot be collected into itself")
        other = known.setdefault(path.stem, path)
        if other is not path:
            expected = f"{other} has the same name, and its samples could not be told apart"
            faults.add("files", str(path), expected, "rename one of them, or collect it into another store")
    if not paths:
        faults.add("files", expected="at least one file is expected")
    faults.raise_if_any()


def _row(material: Material, file: str) -> list[Any]:
    """Columns of a sample behind its key."""
    curves = {name: curve for name, curve in material.transport.items() if curve.coefficients is None}
    points = {name: (curve.T, curve.values) for name, curve in curves.items()}
    seen = readers.outline(points)
    numbers = (seen.T_min, seen.T_max, seen.zT, seen.zT_temperature)
    lists = [[c.T.tolist(), c.values.tolist()] if (c := curves.get(n)) else [None, None] for n in CURVES]
    return [
        material.name,
        seen.carrier,
        material.family,
        material.provenance.doi,
        file,
        *(None if np.isnan(number) else float(number) for number in numbers),
        list(material.transport),
        *(one for pair in lists for one in pair),
        json.dumps({k: v for k, v in card_of(material).items() if v is not None}),
    ]


def _insert(connection: Any, batch: dict[str, list[Any]], found: Collected) -> None:
    if not batch:
        return
    keys = list(batch)
    gone = connection.execute(
        "DELETE FROM samples WHERE sample IN (SELECT unnest($1::VARCHAR[])) RETURNING sample", [keys]
    ).fetchall()
    kinds = [part.split()[1] for part in COLUMNS.split(", ")]
    columns = list(zip(*batch.values(), strict=True))
    values = ", ".join(f"unnest(${k}::{kind}[])" for k, kind in enumerate(kinds, start=1))
    connection.execute(f"INSERT INTO samples SELECT {values}", [list(column) for column in columns])
    found.replaced += len(gone)
    found.added += len(keys) - len(gone)


def _wrong(doubtful: Sequence[str]) -> str:
    """Samples whose data cannot be right, in words."""
    more = f" and {len(doubtful) - NAMED} more" if len(doubtful) > NAMED else ""
    which = f"{len(doubtful)} of them cannot be right, and rank leaves them out"
    return f"{which}: {'; '.join(doubtful[:NAMED])}{more}"


def _why(found: Collected) -> str:
    """What was left out, in words."""
    if not found.incomplete and not found.faulty:
        return "no sample fits what was asked for"
    some = "; ".join(found.faulty[:NAMED])
    more = f" and {len(found.faulty) - NAMED} more" if len(found.faulty) > NAMED else ""
    return f"{found.incomplete} incomplete samples, {len(found.faulty)} faulty" + (
        f": {some}{more}" if some else ""
    )
