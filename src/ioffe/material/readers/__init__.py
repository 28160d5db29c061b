"""Reading materials from files: plain tables, Excel, Starrydata, teMatDb, sysTEm and AMSET.

Files of BoltzTraP2 and phono3py hold a part of a material; `boltztrap` and `phono3py` read them.

>>> from ioffe.material import readers
>>> sorted(readers.FORMATS)
['amset', 'auto', 'csv', 'excel', 'starrydata', 'system', 'tematdb']
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.material.material import Material
from ioffe.material.readers import amset, files, headers, plain, starrydata, system, tematdb
from ioffe.material.readers.calculated import Lattice
from ioffe.material.readers.files import (
    DUMP_LIMIT,
    ROW_LIMIT,
    CellGrid,
    find_header,
    open_checked,
    read_text,
    refuse,
)
from ioffe.material.readers.plain import read_hall
from ioffe.material.readers.records import Sample, SampleRecord, SkippedSampleWarning, read_records

__all__ = [
    "FORMATS",
    "ROW_LIMIT",
    "Sample",
    "SkippedSampleWarning",
    "read",
    "read_hall",
    "read_one",
    "samples",
]

FORMATS = ("auto", "csv", "excel", "starrydata", "tematdb", "system", "amset")
EXCEL_ENDINGS = (".xlsx", ".xlsm", ".xls")
Layout = Callable[[Path, str, tuple[int, str, list[str]]], list[SampleRecord]]
PARTS = {".trace": "boltztrap", ".condtens": "boltztrap", ".hdf5": "phono3py", ".h5": "phono3py"}
"""Modules that read files of which a material is a part alone, by the ending."""
LAYOUTS: dict[str, tuple[Callable[[Sequence[str]], int], Layout, str]] = {
    "starrydata": (starrydata.looks_like, starrydata.records, starrydata.EXPECTED),
    "tematdb": (tematdb.looks_like, tematdb.records, tematdb.EXPECTED),
}


@dataclass(frozen=True)
class Opened:
    """A file whose layout is known: plain tables, or the records of a database."""

    file: str
    grids: tuple[CellGrid, ...] = ()
    records: tuple[SampleRecord, ...] | None = None


def read(
    path: str | Path,
    format: str = "auto",
    sample: str | None = None,
    carrier: Literal["p", "n"] | None = None,
    lattice: Lattice | None = None,
) -> list[Material]:
    """Materials of a file.

    Parameters
    ----------
    path : path
        CSV (comma, semicolon or tab) or Excel file; at most 100 000 rows, a database file 1 000 000.
    format : str
        `csv` or `excel` for a plain table with units in its headers, `starrydata`, `tematdb`, `system`;
        `auto` tells them apart by their column names.
    sample : str, optional
        Identifier or name of one sample; by default every complete one.
    carrier : {"p", "n"}, optional
        By default what the file says, else the sign of S.
    lattice : float, str, path, Curve or LatticeCalculation, optional
        Lattice thermal conductivity for files of AMSET, which have none.

    Returns
    -------
    list of Material
        With the provenance the file states; every property keeps the temperatures it was measured at.

    Raises
    ------
    InputError
        With every fault of the file and its line.

    Warns
    -----
    SkippedSampleWarning
        When incomplete or faulty samples of a database file are left out.
    """
    if _is_amset(path, format):
        return amset.read(Path(path), sample, lattice)
    if lattice is not None:
        raise refuse(path, "a lattice part is added to files of AMSET alone")
    opened = _open(path, format)
    if opened.records is not None:
        return read_records(opened.records, opened.file, sample, carrier)
    return plain.read(opened.grids, sample, carrier)


def read_one(
    path: str | Path,
    format: str = "auto",
    sample: str | None = None,
    carrier: Literal["p", "n"] | None = None,
    lattice: Lattice | None = None,
) -> Material:
    """The one material of a file, or the sample wanted.

    Raises
    ------
    InputError
        As `read`; also if the file holds several samples and none is wanted, with their names.
    """
    if sample is None:
        listed = samples(path, format)
        if len(listed) > 1:
            names = ", ".join(found.key for found in listed[:12]) + (", ..." if len(listed) > 12 else "")
            expected = f"the file holds {len(listed)} samples"
            raise InputError(
                Fault("sample", expected=expected, advice=f"choose one of: {names}", file=str(path))
            )
        sample = listed[0].key if listed and listed[0].key else None
    return read(path, format, sample, carrier, lattice)[0]


def samples(path: str | Path, format: str = "auto") -> list[Sample]:
    """Samples of a file, complete or not.

    Parameters
    ----------
    path, format
        As for `read`.

    Raises
    ------
    InputError
        If the file cannot be read or its layout is not known.
    """
    if _is_amset(path, format):
        return amset.samples(Path(path))
    opened = _open(path, format)
    if opened.records is not None:
        return [record.sample for record in opened.records]
    return plain.samples(opened.grids)


def _is_amset(path: str | Path, format: str) -> bool:
    if format not in FORMATS:
        expected = f"one of {', '.join(FORMATS)} is expected"
        raise InputError(Fault("format", format, expected, did_you_mean(format, FORMATS)))
    return format == "amset" or (format == "auto" and amset.looks_like(Path(path)))


def _open(path: str | Path, format: str) -> Opened:
    path = Path(path)
    open_checked(path)
    part = PARTS.get(path.suffix.casefold())
    if part is not None:
        advice = f"read it in Python with ioffe.material.readers.{part}.load"
        raise refuse(path, f"a file of {part} is a part of a material alone", advice)
    if path.suffix.casefold() in EXCEL_ENDINGS or format in ("excel", "system"):
        return _open_excel(path, format)
    return _open_text(path, format)


def _open_excel(path: Path, format: str) -> Opened:
    if format not in ("auto", "excel", "system"):
        raise refuse(path, f"a text file is expected for the format {format}")

    def recognise(names: list[str]) -> int:
        known = system.looks_like(names) if format != "excel" else 0
        return known or (headers.recognised(names) if format != "system" else 0)

    try:
        grids = files.excel_grids(path, recognise)
    except InputError as error:
        if format == "system" and "column headers" in str(error):
            raise refuse(path, f"the columns of sysTEm are expected: {system.EXPECTED}") from None
        raise
    if format != "excel" and system.looks_like(grids[0].names):
        return Opened(str(path), records=tuple(system.records(grids[0])))
    return Opened(str(path), tuple(grids))


def _open_text(path: Path, format: str) -> Opened:
    text = read_text(path, DUMP_LIMIT)
    for name, (looks_like, records, expected) in LAYOUTS.items():
        if format not in ("auto", name):
            continue
        header = find_header(text, looks_like)
        if header is not None:
            return Opened(str(path), records=tuple(records(path, text, header)))
        if format == name:
            first = next((line for line in text.splitlines() if line.strip()), "")
            raise refuse(path, f"the columns of this format are expected: {expected}", value=first)
    return Opened(str(path), tuple(plain.csv_grids(path, text)))
