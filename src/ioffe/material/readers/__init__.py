"""Reading materials from files: plain tables, Excel, Starrydata, teMatDb, sysTEm and AMSET.

Every format is one module with `detect` and `read`, and one row of `READERS`. Files of BoltzTraP2 and
phono3py hold a part of a material; `boltztrap` and `phono3py` read them.

>>> from ioffe.material import readers
>>> sorted(readers.FORMATS)
['amset', 'auto', 'csv', 'excel', 'starrydata', 'system', 'tematdb']
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from ioffe.base.errors import Fault, Faults, InputError, check_one_of
from ioffe.material.material import Material
from ioffe.material.readers import amset, files, plain, records, starrydata, system, tematdb
from ioffe.material.readers.calculated import Lattice
from ioffe.material.readers.plain import read_hall
from ioffe.material.readers.records import SampleReader

__all__ = ["FORMATS", "READERS", "read", "read_hall", "read_one", "samples"]

READERS: Final = {
    reader.name: reader
    for reader in (starrydata.READER, tematdb.READER, system.READER, plain.CSV, plain.EXCEL, amset.READER)
}
"""Formats by their name, those of databases first: their columns say more than those of a plain table."""
FORMATS: Final = ("auto", *READERS)
CONTAINERS: Final = {".json": "json", **dict.fromkeys(files.EXCEL_ENDINGS, "excel")}
"""What a file is by its ending; any other one is text."""
PARTS: Final = {".trace": "boltztrap", ".condtens": "boltztrap", ".hdf5": "phono3py", ".h5": "phono3py"}
"""Modules that read files of which a material is a part alone, by the ending."""
LISTED: Final = 12
"""Samples that a message names."""


def read(
    path: str | Path,
    format: str = "auto",
    sample: str | None = None,
    carrier: Literal["p", "n"] | None = None,
    lattice: Lattice | None = None,
) -> list[Material]:
    r"""Materials of a file.

    Parameters
    ----------
    path : path
        CSV (comma, semicolon or tab) or Excel file; at most 100 000 rows, a database file 1 000 000.
    format : str
        `csv` or `excel` for a plain table with units in its headers, `starrydata`, `tematdb`, `system`,
        `amset`; `auto` tells them apart by their column names.
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

    Examples
    --------
    >>> table = "T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)\n300,-200,1000,1.5\n400,-220,800,1.4\n"
    >>> _ = Path("sample.csv").write_text(table)
    >>> [round(float(material.zT(300.0)), 6) for material in read("sample.csv")]  # S^2 sigma T/kappa
    [0.8]
    """
    reader, found, faults = _open(path, format)
    if lattice is not None and reader.container != "json":
        raise files.refuse(path, "a lattice part is added to files of AMSET alone")
    if sample is not None:
        key = records.choose([source.sample for source in found], sample, str(path)).key
        found = [source for source in found if source.sample.key == key]
    elif reader.is_database:
        return records.complete_materials(found, faults, carrier)
    made = [source.material(faults, carrier, lattice) for source in found]
    records.shorten(faults).raise_if_any()
    return [material for material in made if material is not None]


def read_one(
    path: str | Path,
    format: str = "auto",
    sample: str | None = None,
    carrier: Literal["p", "n"] | None = None,
    lattice: Lattice | None = None,
) -> Material:
    r"""The one material of a file, or the sample wanted.

    Parameters
    ----------
    path, format, sample, carrier, lattice
        As for `read`.

    Returns
    -------
    Material

    Raises
    ------
    InputError
        As `read`; also if the file holds several samples and none is wanted, with their names.

    Examples
    --------
    >>> table = "T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)\n300,-200,1000,1.5\n400,-220,800,1.4\n"
    >>> _ = Path("sample.csv").write_text(table)
    >>> read_one("sample.csv").carrier  # by the sign of S
    'n'
    """
    if sample is None:
        listed = samples(path, format)
        if len(listed) > 1:
            names = ", ".join([*(found.key for found in listed[:LISTED]), *["..."][: len(listed) - LISTED]])
            expected, advice = f"the file holds {len(listed)} samples", f"choose one of: {names}"
            raise InputError(Fault("sample", expected=expected, advice=advice, file=str(path)))
        sample = listed[0].key if listed and listed[0].key else None
    return read(path, format, sample, carrier, lattice)[0]


def samples(path: str | Path, format: str = "auto") -> list[records.Sample]:
    r"""Samples of a file, complete or not.

    Parameters
    ----------
    path, format
        As for `read`.

    Returns
    -------
    list of Sample
        In the order of the file.

    Raises
    ------
    InputError
        If the file cannot be read or its layout is not known.

    Examples
    --------
    >>> table = "T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)\n300,-200,1000,1.5\n400,-220,800,1.4\n"
    >>> _ = Path("sample.csv").write_text(table)
    >>> [sample.is_complete for sample in samples("sample.csv")]
    [True]
    """
    return [source.sample for source in _open(path, format)[1]]


def _open(path: str | Path, format: str) -> tuple[SampleReader, Sequence[records.SampleSource], Faults]:
    """Reader and samples of a file, and what was found to be wrong with it on the way."""
    check_one_of("format", format, FORMATS)
    path = files.open_checked(Path(path))
    part = PARTS.get(path.suffix.casefold())
    if part is not None:
        advice = f"read it in Python with ioffe.material.readers.{part}.load"
        raise files.refuse(path, f"a file of {part} is a part of a material alone", advice)
    container = CONTAINERS.get(path.suffix.casefold(), "text")
    if format != "auto":
        asked = READERS[format].container
        if (container, asked) == ("excel", "text"):
            raise files.refuse(path, f"a text file is expected for the format {format}")
        container = asked
    wanted = [r for r in READERS.values() if r.container == container and format in ("auto", r.name)]
    faults = Faults(str(path))
    reader, grids = _grids(path, container, wanted)
    return reader, reader.read(grids, faults), faults


def _grids(
    path: Path, container: str, readers: Sequence[SampleReader]
) -> tuple[SampleReader, list[files.CellGrid]]:
    """Tables of a file, and the first reader that recognises their header."""
    if container == "json":
        return readers[0], [files.CellGrid(str(path), files.CellRow(0, ()), ())]

    def detect(names: list[str]) -> int:
        return next((count for reader in readers if (count := reader.detect(names))), 0)

    def of(names: list[str]) -> SampleReader:
        return next(reader for reader in readers if reader.detect(names))

    expected = readers[-1].expectation
    if container == "excel":
        grids = files.excel_grids(path, detect, expected)
        return of(grids[0].names), grids
    text = files.read_text(path, files.DUMP_LIMIT)
    header = files.find_header(text, detect)
    reader = readers[-1] if header is None else of(header[2])
    limit = files.DUMP_LIMIT if reader.is_database else files.ROW_LIMIT
    files.check_length(path, text.count("\n") or text.count("\r"), limit)
    if header is not None:
        return reader, [files.text_grid(path, text, header)]
    if reader.is_database:
        first = next((line for line in text.splitlines() if line.strip()), "")
        raise files.refuse(path, expected, value=first)
    raise InputError(plain.no_header(path, text))
