"""The formats of files, and which of them a file has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from ioffe.base.collector import collector_paused
from ioffe.base.errors import Faults, InputError, check_one_of
from ioffe.base.units import unit_of_header
from ioffe.material.readers import amset, files, joining, plain, plain_samples
from ioffe.material.readers.columns.words import word_of
from ioffe.material.readers.constants import constant_grids, constants_of_text
from ioffe.material.readers.databases import starrydata, stored, system, tematdb
from ioffe.material.readers.databases.template import is_pairs, sheets_of_pairs
from ioffe.material.readers.kinds import CALCULATED, HEAD, PART_READ, PARTS, kind_of
from ioffe.material.readers.layout import blocks
from ioffe.material.readers.layout.beside import Recognise, Renamed, seeing_labels
from ioffe.material.readers.options import ReadOptions
from ioffe.material.readers.records import OpenedFile, SampleReader

READERS: Final = {
    reader.name: reader
    for reader in (
        starrydata.READER,
        tematdb.READER,
        system.READER,
        system.ESTM_READER,
        joining.CSV,
        joining.EXCEL,
        amset.READER,
        stored.READER,
    )
}
"""Formats by their name, those of databases first: their columns say more than those of a plain table."""
FORMATS: Final = ("auto", *READERS)
CARD_ENDING: Final = ".toml"


def opened(path: str | Path, format: str = "auto", options: ReadOptions | None = None) -> OpenedFile:
    """A file whose samples are found and not yet made into materials.

    Parameters
    ----------
    path : path
        The file.
    format : str
        One of `FORMATS`.
    options : ReadOptions, optional
        What else is said about it.

    Returns
    -------
    OpenedFile

    Raises
    ------
    InputError
        For a file that cannot be opened or whose layout is not known.
    """
    check_one_of("format", format, FORMATS)
    options = options or ReadOptions()
    path = files.open_checked(Path(path))
    if path.suffix.casefold() == CARD_ENDING:
        expected = "this is a card of a material or a device file, no table"
        advice = (
            "commands take a card as it is: ioffe materials show|check|plot CARD.toml, ioffe run DEVICE.toml"
        )
        raise files.refuse(path, expected, advice)
    part = PARTS.get(path.suffix.casefold())
    if part is not None:
        expected = f"a file of {part} is a part of a material alone"
        raise files.refuse(path, expected, PART_READ[part])
    whole = {".json": "calculation", files.STORE_ENDING: "store"}
    container = whole.get(path.suffix.casefold(), "excel" if files.is_workbook(path) else "text")
    if container == "text" and format in ("auto", amset.READER.name) and amset.is_table(path):
        container = "calculation"
    if format != "auto":
        asked = READERS[format].container
        if (container, asked) == ("excel", "text"):
            raise files.refuse(path, f"a text file is expected for the format {format}")
        container = container if asked == "table" else asked
    kinds = (container, "table") if container in ("text", "excel") else (container,)
    wanted = [r for r in READERS.values() if r.container in kinds and format in ("auto", r.name)]
    faults = Faults(str(path))
    with collector_paused():
        reader, grids = _grids(path, container, wanted, options)
        found = reader.read(grids, faults)
    plain_ones = [replace(s, options=options) for s in found if isinstance(s, plain_samples.PlainSample)]
    return OpenedFile(reader, plain_ones or found, faults)


def is_of_boltztrap(path: Path) -> bool:
    """Whether a file is one of BoltzTraP, which needs a doping.

    Parameters
    ----------
    path : Path
        The file; it need not exist.

    Returns
    -------
    bool
    """
    ending = path.suffix.casefold()
    if not path.is_file() or ending in PARTS:
        return PARTS.get(ending) == "boltztrap"
    with path.open("rb") as file:
        known = kind_of(file.read(HEAD).decode(errors="replace"))
    return known is not None and known.use == CALCULATED


def _grids(
    path: Path, container: str, readers: Sequence[SampleReader], options: ReadOptions
) -> tuple[SampleReader, list[files.CellGrid]]:
    """Tables of a file, and the first reader that recognises their header."""
    if container in ("calculation", "store"):
        return readers[0], [files.CellGrid(str(path), files.CellRow(0, ()), ())]
    given = {word_of(old): new for old, new in options.rename.items()}

    there: set[str] = set()

    def renamed(names: Sequence[str]) -> list[str]:
        if not given:
            return list(names)
        there.update(word for name in names for word in _words_of(name))
        return [_renamed(name, given) for name in names]

    def known(names: list[str]) -> int:
        return next((count for reader in readers if (count := reader.detect(names))), 0)

    def detect(names: list[str]) -> int:
        return seeing_labels(known)(renamed(names))

    def of(names: Sequence[str]) -> SampleReader:
        return next((r for r in readers if r.detect(list(names))), joining.EXCEL)  # of constants alone

    def finished(grids: list[files.CellGrid]) -> list[files.CellGrid]:
        spare = tuple(f"--map {old} (no such column)" for old in options.rename if word_of(old) not in there)
        return [replace(grid, unused=(*grid.unused, *spare)) for grid in grids] if spare else grids

    if container == "excel":
        grids = finished(_sheets(path, readers, detect, renamed))
        return tematdb.READER if is_pairs(grids[0]) else of(grids[0].names), grids
    text = files.read_text(path, files.DUMP_LIMIT)
    database = _database(path, text, [reader for reader in readers if reader.is_database])
    if database is not None:
        return database
    plain_reader = next((reader for reader in readers if not reader.is_database), None)
    if plain_reader is None:
        first = next((line for line in text.splitlines() if line.strip()), "")
        raise files.refuse(path, readers[-1].expectation, value=first)
    files.check_length(path, text.count("\n") or text.count("\r"), files.ROW_LIMIT)
    if options.columns:
        return plain_reader, finished(blocks.headerless(path, text, options.columns, renamed))
    return plain_reader, finished(_plain_grids(path, text, detect, renamed))


def _sheets(
    path: Path, readers: Sequence[SampleReader], detect: Recognise, renamed: Renamed
) -> list[files.CellGrid]:
    """Tables of a workbook."""
    from ioffe.material.readers.layout.workbook import excel_grids, sheets_of

    sheets = sheets_of(path)
    pairs = sheets_of_pairs(path, sheets.shown, sheets.hidden) if tematdb.READER in readers else []
    expected = readers[-1].expectation
    return pairs or excel_grids(
        path, detect, expected, renamed=renamed, sheets=sheets, otherwise=constant_grids
    )


def _database(
    path: Path, text: str, readers: Sequence[SampleReader]
) -> tuple[SampleReader, list[files.CellGrid]] | None:
    """Table of a text file that is a database, and its reader."""
    for reader in readers:
        header = files.find_header(text, reader.detect)
        if header is not None:
            files.check_length(path, text.count("\n") or text.count("\r"), files.DUMP_LIMIT)
            return reader, [files.text_grid(path, text, header)]
    return None


def _words_of(name: str) -> tuple[str, str]:
    """A header as a word, and without its unit."""
    return word_of(name), word_of(unit_of_header(name)[0])


def _renamed(name: str, given: Mapping[str, str]) -> str:
    """A header in the words that a user has given for it; without a unit among them it keeps its own."""
    whole, bare = _words_of(name)
    if whole in given or bare not in given:
        return given.get(whole, name)
    new, unit = given[bare], unit_of_header(name)[1]
    return f"{new} ({unit})" if unit and not unit_of_header(new)[1] else new


def _plain_grids(path: Path, text: str, detect: Recognise, renamed: Renamed) -> list[files.CellGrid]:
    """Tables of a text file that is no database."""
    known = kind_of(text)
    is_calculated = known is not None and known.use == CALCULATED  # columns of a table, without units
    grids = [] if is_calculated else blocks.text_grids(path, text, detect, renamed=renamed)
    grids = grids or constants_of_text(path, text, blocks.DELIMITERS)
    if not grids:
        raise InputError(plain.no_header(path, text))
    return grids
