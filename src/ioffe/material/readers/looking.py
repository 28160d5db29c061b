"""What a file is seen to hold before anything is made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ioffe.base.errors import Faults, InputError
from ioffe.base.units import convert
from ioffe.material.fields import FIELD_OF
from ioffe.material.readers import files
from ioffe.material.readers.columns.headers import HeaderColumn
from ioffe.material.readers.kinds import PART_READ, PARTS, FileKind, kind_of
from ioffe.material.readers.made import KAPPA_PARTS
from ioffe.material.readers.plain import series_of
from ioffe.material.readers.plain_samples import PlainSample
from ioffe.material.readers.records import SampleReader, SampleSource, shorten

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
    """

    kind: str
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    not_used: tuple[str, ...] = ()
    use: str = ""


def seen_file(
    path: Path, opened: Callable[[], tuple[SampleReader, Sequence[SampleSource], Faults]]
) -> SeenFile:
    """What a file holds.

    Parameters
    ----------
    path : Path
        The file.
    opened : callable
        Opens it as a table of materials.

    Returns
    -------
    SeenFile

    Raises
    ------
    InputError
        For a file of which no kind is recognised.
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
        known = FileKind(f"a file of {part}, a part of a material", (), PART_READ.format(part))
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
        shown = [source.sample for source in sources[:LISTED]]
        rows = tuple((s.key, ", ".join(s.properties), "", "", "", "") for s in shown)
        return SeenFile(f"{title}, {len(sources)} samples", rows)
    rows, notes, unused, errors = [], [], [], []
    for source in sources:
        assert isinstance(source, PlainSample)
        for part in source.parts:
            notes += part.table.notes
            unused += [*part.table.left_out, *part.table.empty, *part.poor]
            for quantity, points in series_of(part.table, part.key, Faults()).items():
                column = _column_of(quantity, part.table.columns)
                T = convert(np.array(points.T, float), points.temperature_unit, "K")
                span = f"{T.min():.4g}-{T.max():.4g}" if len(T) else "-"
                error = " with errors" if np.any(points.relative_std > 0.0) else ""
                errors += [
                    f"errors of {quantity}: {c.header}{'' if error else ', 0 throughout, so unknown'}"
                    for c in part.table.columns
                    if c.is_std and c.is_valid and c.quantity == quantity
                ]
                row = (source.name, quantity, column, points.unit, f"{len(T)}{error}", span)
                rows.append(row)
        unused += [constant for _, constant in source.spare_constants]
        if source.words_of_density:
            notes.append(f"{source.name}: {source.words_of_density}")
        if source.others:
            notes.append(f"{source.name}: {len(source.parts)} tables are joined, they complement each other")
        if source.sample.missing:
            notes.append(f"{source.name}: without {', '.join(source.sample.missing)}")
        _note_faults(source, faults)
    said = dict.fromkeys([*(str(fault) for fault in shorten(faults).found), *notes, *errors])
    return SeenFile(title, tuple(rows), tuple(said), tuple(dict.fromkeys(unused)), use)


def _note_faults(source: PlainSample, faults: Faults) -> None:
    """Note what an import would find wrong with the values, of a sample that lacks something too."""
    if source.sample.is_complete:
        source.material(faults)
        return
    for part in source.parts:
        for quantity, points in series_of(part.table, part.key, Faults()).items():
            if quantity in FIELD_OF:
                points.curve(faults, source.options.keep)


def _column_of(quantity: str, columns: Sequence[HeaderColumn]) -> str:
    """Header of the column of a quantity, or of that of which it is made."""
    made = {"electrical_conductivity": "power_factor", "thermal_conductivity": KAPPA_PARTS[0]}
    wanted = (quantity, made.get(quantity, ""))
    return next(c.header for name in wanted for c in columns if c.quantity == name and not c.is_std)


def _head(sample: PlainSample) -> str:
    """Remarks and headers of a table of a workbook, as a text file would have them."""
    grid = sample.table.grid
    return "\n".join([*(f"{key}: {value}" for key, value in grid.remarks.items()), ", ".join(grid.names)])
