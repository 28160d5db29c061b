"""Reading materials from files: plain tables, Excel, Starrydata, teMatDb, sysTEm, ESTM and AMSET.

Every format is one module with `detect` and `read`, and one row of `READERS`. Files of BoltzTraP and
phono3py hold a part of a material; `boltztrap` and `phono3py` read them.

>>> from ioffe.material import readers
>>> sorted(readers.FORMATS)
['amset', 'auto', 'csv', 'estm', 'excel', 'starrydata', 'store', 'system',
 'tematdb']
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.material.material import Material
from ioffe.material.readers import files, joining, plain_samples, records
from ioffe.material.readers.calculated import Lattice
from ioffe.material.readers.formats import FORMATS, READERS, is_of_boltztrap, opened
from ioffe.material.readers.hall import read_hall
from ioffe.material.readers.looking import SeenFile, seen_file
from ioffe.material.readers.options import ReadOptions
from ioffe.material.readers.records import OpenedFile
from ioffe.material.readers.selection import Outline, Selection, outline, outline_of
from ioffe.material.readers.series import NEEDED, WITHOUT_KAPPA

__all__ = [
    "FORMATS",
    "READERS",
    "WITHOUT_KAPPA",
    "OpenedFile",
    "Outline",
    "ReadOptions",
    "SeenFile",
    "Selection",
    "is_of_boltztrap",
    "look",
    "opened",
    "outline",
    "outline_of",
    "read",
    "read_by_file",
    "read_hall",
    "read_one",
    "read_together",
    "samples",
    "sources",
]

LISTED: Final = 12
"""Samples that a message names."""


def read(
    path: str | Path,
    format: str = "auto",
    sample: str | None = None,
    carrier: Literal["p", "n"] | None = None,
    lattice: Lattice | None = None,
    options: ReadOptions | None = None,
    where: Selection | None = None,
) -> list[Material]:
    r"""Materials of a file.

    Parameters
    ----------
    path : path
        Text (commas, semicolons, tabs or blanks; also packed as gz or zip) or Excel file; at most 100 000
        rows, a database file 1 000 000.
    format : str
        `csv` or `excel` for a plain table with units in its headers, `starrydata`, `tematdb`, `system`,
        `estm`, `amset`, `store`; `auto` tells them apart by their column names.
    sample : str, optional
        Identifier or name of one sample; by default every complete one.
    carrier : {"p", "n"}, optional
        By default what the file says, else the sign of S.
    lattice : float, str, path, Curve or LatticeCalculation, optional
        Lattice thermal conductivity for files of AMSET, which have none.
    options : ReadOptions, optional
        What else is said about the file: headers that it lacks, which part of a cycle is kept, a density.
    where : Selection, optional
        Which samples are wanted, by formula, element, DOI, temperature, zT.

    Returns
    -------
    list of Material
        With the provenance the file states; every property keeps the temperatures it was measured at. What
        was not used is in `provenance.not_used`, what was averaged or converted in `provenance.reading`.

    Raises
    ------
    InputError
        With every fault of the file and its line.

    Warns
    -----
    SkippedSampleWarning
        When incomplete samples of a file, or faulty ones of a database, are left out.

    Examples
    --------
    >>> table = "T (K),S (uV/K),sigma (S/cm),kappa (W/m/K)\n300,-200,1000,1.5\n400,-220,800,1.4\n"
    >>> _ = Path("sample.csv").write_text(table)
    >>> [round(float(material.zT(300.0)), 6) for material in read("sample.csv")]  # S^2 sigma T/kappa
    [0.8]
    """
    return _materials(path, opened(path, format, options), sample, carrier, lattice, where)


def _materials(
    path: str | Path,
    file: OpenedFile,
    sample: str | None,
    carrier: Literal["p", "n"] | None,
    lattice: Lattice | None,
    where: Selection | None,
) -> list[Material]:
    reader, found, faults = file
    if lattice is not None and reader.container != "calculation":
        raise files.refuse(path, "a lattice part is added to files of AMSET alone")
    if sample is not None:
        key = records.choose([source.sample for source in found], sample, str(path)).key
        found = [source for source in found if source.sample.key == key]
    if where is not None and not where.is_open:
        found = list(where.of(found))
        if not found:
            return []
    if sample is None and reader.is_database:
        return records.complete_materials(found, faults, carrier)
    found = _whole(found, str(path))
    made = [source.material(faults, carrier, lattice) for source in found]
    records.shorten(faults).raise_if_any()
    return [material for material in made if material is not None]


def _whole(found: Sequence[records.SampleSource], file: str) -> Sequence[records.SampleSource]:
    """Complete samples; the others of a file that holds both are named. All of them if none is complete."""
    whole = [source for source in found if source.sample.is_complete]
    if not whole or len(whole) == len(found):
        return found
    rest = [source.sample for source in found if not source.sample.is_complete]
    words = ", ".join(f"{sample.name} (without {', '.join(sample.missing)})" for sample in rest[:LISTED])
    more = f" and {len(rest) - LISTED} more" if len(rest) > LISTED else ""
    warnings.warn(f"{file}: not used: {words}{more}", records.SkippedSampleWarning, stacklevel=5)
    return whole


def read_together(
    paths: Sequence[str | Path] | Mapping[Path, OpenedFile],
    format: str = "auto",
    sample: str | None = None,
    carrier: Literal["p", "n"] | None = None,
    options: ReadOptions | None = None,
    separate: bool = False,
    needed: Sequence[str] = NEEDED,
    where: Selection | None = None,
) -> list[Material]:
    r"""Materials of several files, of which some may hold a part of a sample each.

    Tables are joined if they state the same name of a sample, or if they state none and no property is in two
    of them, such as S and conductivity of one instrument beside the thermal conductivity of another.

    Parameters
    ----------
    paths : sequence of path, or mapping of path to OpenedFile
        As for `read`; files that are open already are not read again.
    format, sample, carrier, options
        As for `read`.
    separate : bool
        Whether every table is a sample of its own.
    needed : sequence of str
        Properties without which no material is made.
    where : Selection, optional
        As for `read`.

    Returns
    -------
    list of Material

    Raises
    ------
    InputError
        As `read`.

    Examples
    --------
    >>> _ = Path("a_zem.csv").write_text("T (K),S (uV/K),sigma (S/cm)\n300,-200,1000\n400,-220,800\n")
    >>> _ = Path("a_lfa.csv").write_text("T (K),kappa (W/m/K)\n300,1.5\n400,1.4\n")
    >>> [(m.name, round(float(m.zT(300.0)), 6)) for m in read_together(["a_zem.csv", "a_lfa.csv"])]
    [('a', 0.8)]
    """
    made = read_by_file(paths, format, sample, carrier, options, separate, needed, where)
    return [material for _, material in made]


def read_by_file(
    paths: Sequence[str | Path] | Mapping[Path, OpenedFile],
    format: str = "auto",
    sample: str | None = None,
    carrier: Literal["p", "n"] | None = None,
    options: ReadOptions | None = None,
    separate: bool = False,
    needed: Sequence[str] = NEEDED,
    where: Selection | None = None,
) -> list[tuple[Path, Material]]:
    """Materials as of `read_together`, each with the file in which its first part stands.

    Parameters
    ----------
    paths, format, sample, carrier, options, separate, needed, where
        As for `read_together`.

    Returns
    -------
    list of (Path, Material)

    Raises
    ------
    InputError
        As `read`.
    """
    made: list[tuple[Path, Material]] = []
    tables: list[plain_samples.PlainSample] = []
    faults = Faults()
    of_files: list[Faults] = []
    for path in paths:
        with faults.collect():
            file = paths[Path(path)] if isinstance(paths, Mapping) else opened(path, format, options)
            if file.reader.is_database or file.reader.container == "calculation":
                made += [(Path(path), m) for m in _materials(path, file, sample, carrier, None, where)]
                continue
            _, found, of_file = file
            of_files.append(of_file)
            tables += [source for source in found if isinstance(source, plain_samples.PlainSample)]
    if not separate:
        tables = joining.joined(tables)
    tables = _without_spare_constants(tables, bool(made))
    if sample is not None and tables:
        key = records.choose([source.sample for source in tables], sample).key
        tables = [source for source in tables if source.sample.key == key]
    if where is not None and not where.is_open:
        tables = [one for one in where.of(tables) if isinstance(one, plain_samples.PlainSample)]
    enough = {t for t in tables if not set(t.sample.missing) & set(needed)}
    used = {part.table.grid.file for table in enough for part in table.parts}
    rest = [t.sample for t in tables if t not in enough and t.table.grid.file in used]
    apart = [] if separate or sample is not None else joining.not_joined(tables)
    if rest:
        words = ", ".join(f"{found.name} (without {', '.join(found.missing)})" for found in rest[:LISTED])
        told = ". ".join([f"not used: {words}", *apart])
        warnings.warn(told, records.SkippedSampleWarning, stacklevel=4)
    for source in tables:
        if source not in enough and source.table.grid.file in used:
            continue
        own = Faults("" if source.others else source.table.grid.file)
        material = source.material(own, carrier, needed=needed)
        made += [(Path(source.table.grid.file), material)] if material is not None else []
        of_files.append(own)
    for own in of_files:
        with faults.collect():
            own.raise_if_any()
    for text in apart if faults else ():
        faults.add("", expected=text)
    records.shorten(faults).raise_if_any()
    return made


def _without_spare_constants(
    tables: list[plain_samples.PlainSample], is_beside: bool
) -> list[plain_samples.PlainSample]:
    """Samples without those of which constants alone are stated, which are named; these alone are kept."""
    measured = [table for table in tables if not table.is_of_constants]
    if len(measured) == len(tables) or not (measured or is_beside):
        return tables
    words = ", ".join([f"{one.name} ({one.constants})" for one in tables if one.is_of_constants][:LISTED])
    there = ", ".join([table.name for table in measured][:LISTED]) or "others"
    told = f"not used: constants of {words}: the samples measured are {there}"
    warnings.warn(told, records.SkippedSampleWarning, stacklevel=5)
    return measured


def read_one(
    path: str | Path,
    format: str = "auto",
    sample: str | None = None,
    carrier: Literal["p", "n"] | None = None,
    lattice: Lattice | None = None,
    options: ReadOptions | None = None,
) -> Material:
    r"""The one material of a file, or the sample wanted.

    Parameters
    ----------
    path, format, sample, carrier, lattice, options
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
        listed = samples(path, format, options)
        whole = [found for found in listed if found.is_complete]
        listed = whole if len(whole) == 1 else listed
        if len(listed) > 1:
            told = [f"{s.key} ({s.name})" if s.name != s.key else s.key for s in listed[:LISTED]]
            names = ", ".join([*told, *["..."][: len(listed) - LISTED]])
            expected, advice = f"the file holds {len(listed)} samples", f"choose one of: {names}"
            raise InputError(Fault("sample", expected=expected, advice=advice, file=str(path)))
        sample = listed[0].key if listed and listed[0].key else None
    return read(path, format, sample, carrier, lattice, options)[0]


def samples(
    path: str | Path,
    format: str = "auto",
    options: ReadOptions | None = None,
    where: Selection | None = None,
) -> list[records.Sample]:
    r"""Samples of a file, complete or not.

    Parameters
    ----------
    path, format, options, where
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
    return [source.sample for source in sources(path, format, options, where)]


def sources(
    path: str | Path,
    format: str = "auto",
    options: ReadOptions | None = None,
    where: Selection | None = None,
) -> Iterator[records.SampleSource]:
    """Samples of a file from which materials can be made, one after the other.

    Parameters
    ----------
    path, format, options, where
        As for `read`.

    Returns
    -------
    iterator of SampleSource

    Raises
    ------
    InputError
        As `samples`.
    """
    found = opened(path, format, options).samples
    return iter(found) if where is None or where.is_open else where.of(found)


def look(path: str | Path, format: str = "auto", options: ReadOptions | None = None) -> SeenFile:
    r"""What a file is and holds: its kind, samples and columns, and what is not used.

    Parameters
    ----------
    path, format, options
        As for `read`.

    Returns
    -------
    SeenFile

    Raises
    ------
    InputError
        For a file that cannot be read, or of which no kind is recognised.

    Examples
    --------
    >>> _ = Path("b.csv").write_text("T (K),S (uV/K),k_L (W/(m K))\n300,-200,0.9\n400,-220,0.7\n")
    >>> seen = look("b.csv")
    >>> seen.rows, seen.not_used
    ((('b', 'seebeck', 'S (uV/K)', 'uV/K', '2', '300-400'),),
     ('k_L (W/(m K)) (the lattice part, never taken for the total)',))
    """
    return seen_file(Path(path), lambda: opened(path, format, options))
