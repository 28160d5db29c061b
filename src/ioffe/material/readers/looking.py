"""What a file is seen to hold before anything is made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.units import convert
from ioffe.material.checks import TOLD, Finding
from ioffe.material.fields import FIELD_OF
from ioffe.material.material import Material
from ioffe.material.readers import files
from ioffe.material.readers.columns.headers import HeaderColumn
from ioffe.material.readers.kinds import PART_READ, PARTS, FileKind, kind_of
from ioffe.material.readers.made import KAPPA_PARTS
from ioffe.material.readers.plain import series_of
from ioffe.material.readers.plain_samples import ALONE, PlainSample
from ioffe.material.readers.records import Sample, SampleReader, SampleSource, shorten
from ioffe.material.readers.series import WITHOUT_KAPPA
from ioffe.material.soundness import SPARSE

LISTED = 20
"""Samples of a database that are shown."""


@dataclass(frozen=True)
class SeenFile:
    """What a file holds.

    Parameters
    ----------
    kind : str
        What it is, in words.
    rows : tuple of tuple of str
        Sample, property, column, unit, points, range of temperatures.
    notes : tuple of str
        How it was read, where that is not plain, and its faults.
    not_used : tuple of str
        Columns, rows and sheets that are not used.
    use : str
        What reads it, if it is no table of a material.
    findings : tuple of Finding
        Doubts about the numbers of its samples, each with the sample it is about.
    faults : tuple of Fault
        Why no material is made of what it holds.
    """

    kind: str
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    not_used: tuple[str, ...] = ()
    use: str = ""
    findings: tuple[Finding, ...] = ()
    faults: tuple[Fault, ...] = ()


def seen_file(
    path: Path, opened: Callable[[], tuple[SampleReader, Sequence[SampleSource], Faults]]
) -> SeenFile:
    """What a file holds.

    `opened`: opens it as a table of materials.
    Raises `InputError` for a file of which no kind is recognised.
    """
    files.open_checked(path)
    text = (
        ""
        if files.is_workbook(path) or path.suffix.casefold() in (".hdf5", ".h5", ".json", files.STORE_ENDING)
        else files.read_text(path, files.DUMP_LIMIT)
    )
    known = kind_of(text)
    part = PARTS.get(path.suffix.casefold())
    if known is None and part is not None:
        known = FileKind(f"a file of {part}, a part of a material", (), PART_READ[part])
    try:
        reader, sources, faults = opened()
    except InputError:
        if known is None or not known.use:
            raise
        return SeenFile(known.words, use=known.use)
    if known is None and not text and not reader.is_database:
        known = kind_of("\n".join(_head(source) for source in sources if isinstance(source, PlainSample)))
    title, use = (reader.title, "") if known is None else (known.words, known.use)
    if not all(isinstance(source, PlainSample) for source in sources):
        shown = sources[:LISTED]
        rows = tuple(_listed(source.sample) for source in shown)
        samples = f"{len(sources)} sample{'s' if len(sources) != 1 else ''}"
        first = f"the first {LISTED} are shown, ioffe materials list shows all"
        whole = [one for one in shown if one.sample.is_complete] if reader.is_database else []
        made = [(source.sample.name, source.material(faults, None)) for source in whole]
        found = (doubt for name, material in made for doubt in _doubts(name, material, SPARSE))
        wrong = tuple(shorten(faults).found)
        is_all = all(material is None for _, material in made)  # else the others are read all the same
        origins = [material.provenance for _, material in made if material is not None]
        read = dict.fromkeys(origin.reading for origin in origins if origin.reading)
        notes = ([first] if len(sources) > LISTED else []) + [*read] + ([] if is_all else [*map(str, wrong)])
        unused = tuple(dict.fromkeys(origin.not_used for origin in origins if origin.not_used))
        return SeenFile(
            f"{title}, {samples}", rows, tuple(notes), unused, "", tuple(found), wrong if is_all else ()
        )
    rows, notes, unused, errors, doubts = [], [], [], [], []
    for source in sources:
        assert isinstance(source, PlainSample)
        if source.is_of_constants:
            notes.append(f"{source.name}: {source.constants}; for its measurements in other files")
            notes += source.table.notes
            unused += source.table.left_out
            continue
        held = source.collected(Faults())
        unused += [text for of_file in held.left_out.values() for text in of_file]
        unused = [text for text in unused if ALONE not in text or "seebeck" in held.series]
        for part in source.parts:
            notes += part.table.notes
            found, of_part = _seen(source.name, part)
            rows += found
            errors += of_part
        told = {f"{where}{note}" for where in ("", *held.left_out) for note in notes}
        notes += [f"{source.name}: {note}" for note in held.notes if note not in told]
        if source.others:
            notes.append(f"{source.name}: {len(source.parts)} tables are joined, they complement each other")
        if source.sample.missing:
            notes.append(f"{source.name}: without {', '.join(source.sample.missing)}")
        material = _of_import(source, faults)
        doubts += _doubts(source.name, material)
        rest = _not_told(material, [*held.notes, *notes], source.name)
        notes += [f"{source.name}: {rest}"] if rest else []
    said = tuple(dict.fromkeys([*notes, *errors]))
    wrong = tuple(shorten(faults).found)
    return SeenFile(title, tuple(rows), said, tuple(dict.fromkeys(unused)), use, tuple(doubts), wrong)


def _seen(name: str, part: PlainSample) -> tuple[list[tuple[str, ...]], list[str]]:
    """Rows of the properties of a table, and which of its columns hold errors."""
    rows, errors = [], []
    for quantity, points in series_of(part.table, part.key, Faults()).items():
        T = convert(np.array(points.T, float), points.temperature_unit, "K")
        span = f"{T.min():.4g}-{T.max():.4g}" if len(T) else "-"
        error = " with errors" if np.any(points.relative_std > 0.0) else ""
        columns = part.table.columns
        errors += [
            f"errors of {quantity}: {c.header}{'' if error else ', 0 throughout, so unknown'}"
            for c in columns
            if c.is_std and c.is_valid and c.quantity == quantity
        ]
        rows.append((name, quantity, _column_of(quantity, columns), points.unit, f"{len(T)}{error}", span))
    return rows, errors


def _listed(sample: Sample) -> tuple[str, ...]:
    """Row of a sample of a database."""
    lacks = f"without {', '.join(sample.missing)}" if sample.missing else ""
    return (sample.key, ", ".join(sample.properties), lacks, "", "", "")


def _of_import(source: PlainSample, faults: Faults) -> Material | None:
    """What an import would make, and find wrong; the latter of a sample that lacks something too."""
    if not set(source.sample.missing) & set(WITHOUT_KAPPA):
        return source.material(faults, needed=WITHOUT_KAPPA)
    for part in source.parts:
        for quantity, points in series_of(part.table, part.key, Faults()).items():
            if quantity in FIELD_OF:
                points.curve(faults, source.options.keep)
    return None


def _not_told(material: Material | None, notes: Sequence[str], name: str) -> str:
    """How a material was read, such as what was averaged, without what is said of its tables already."""
    text = "" if material is None else material.provenance.reading
    for note in (note.removeprefix(f"{name}: ") for note in notes):
        text = text.replace(f"{note[:1].upper()}{note[1:]}.", "").replace(f"{note}.", "")
    return " ".join(text.split()).rstrip(".")


def _doubts(name: str, material: Material | None, passed: Sequence[str] = ()) -> list[Finding]:
    """Doubts about the numbers of a material; how it was read is said beside them."""
    found = [] if material is None else material.check()
    kept = (one for one in found if one.code not in (*TOLD, *passed))
    return [replace(one, message=f"{name}: {one.message}") for one in kept]


def _column_of(quantity: str, columns: Sequence[HeaderColumn]) -> str:
    """Header of the column of a quantity, or of that of which it is made."""
    made = {"electrical_conductivity": "power_factor", "thermal_conductivity": KAPPA_PARTS[0]}
    wanted = (quantity, made.get(quantity, ""))
    return next(c.header for name in wanted for c in columns if c.quantity == name and not c.is_std)


def _head(sample: PlainSample) -> str:
    """Remarks and headers of a table of a workbook, as a text file would have them."""
    grid = sample.table.grid
    return "\n".join([*(f"{key}: {value}" for key, value in grid.remarks.items()), ", ".join(grid.names)])
