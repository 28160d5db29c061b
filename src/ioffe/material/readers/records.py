"""What all readers have in common: formats, the samples of a file, and the columns of databases."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, Protocol

from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.base.quantities import QUANTITIES
from ioffe.material.fields import Provenance
from ioffe.material.material import Material
from ioffe.material.readers.calculated import Lattice
from ioffe.material.readers.cells import NotANumber, is_missing, number
from ioffe.material.readers.files import CellGrid, CellRow, refuse
from ioffe.material.readers.series import Carrier, PointSeries, assemble, missing

FAULT_LIMIT = 20
"""Faults of one file that are named one by one."""
MANY = 1000
"""Complete samples of one file that are read together; of a larger file one must be chosen."""


class SkippedSampleWarning(UserWarning):
    """Samples of a database file were left out, because they are incomplete or faulty."""


@dataclass(frozen=True)
class Sample:
    """One sample of a file.

    Parameters
    ----------
    key : str
        Identifier in the file, to be given as `sample=`; empty in a file that holds one sample.
    name : str
        Name or composition.
    doi : str
        DOI of its publication.
    properties : tuple of str
        Quantities with at least one point.
    missing : tuple of str
        Needed quantities without a point; a material can be made when this is empty.

    Examples
    --------
    >>> Sample("113", "PbTe", properties=("seebeck",), missing=("thermal_conductivity",)).is_complete
    False
    """

    key: str
    name: str
    doi: str = ""
    properties: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether Seebeck coefficient, electrical and thermal conductivity are all there."""
        return not self.missing


class SampleSource(Protocol):
    """A sample of a file that can be made into a material."""

    @property
    def sample(self) -> Sample:
        """What a list of samples says about it."""
        ...

    def material(
        self, faults: Faults, carrier: Carrier | None, lattice: Lattice | None = None
    ) -> Material | None:
        """Material of the sample, or None with the faults noted.

        Parameters
        ----------
        faults : Faults
            Takes what is wrong.
        carrier : str, optional
            `p` or `n`; by default what the file says, or the sign of S.
        lattice : Lattice, optional
            Not used: the file has the whole thermal conductivity.

        Returns
        -------
        Material or None
        """
        ...


@dataclass(frozen=True)
class SampleReader:
    """A file format: how its header is recognised, and how its samples are read.

    Parameters
    ----------
    name, title : str
        Word for `format=`, and name in messages.
    container : {"text", "excel", "json"}
        Kind of file.
    columns : str
        Columns that are expected, in words.
    detect : callable
        Names of the columns (or keys) to the number of those understood; 0 for another format.
    read : callable
        Tables of a file and a `Faults` to the samples.
    is_database : bool
        Whether incomplete and faulty samples are left out when a file is read whole.
    """

    name: str
    title: str
    container: Literal["text", "excel", "json"]
    columns: str
    detect: Callable[[Sequence[str]], int]
    read: Callable[[Sequence[CellGrid], Faults], Sequence[SampleSource]]
    is_database: bool = True

    @property
    def expectation(self) -> str:
        """What is expected of a file in which no header was found."""
        if self.is_database:
            return f"the columns of {self.title} are expected: {self.columns}"
        return f"no row with column headers was found; expected is {self.columns}"


@dataclass(frozen=True)
class SampleRecord:
    """One sample of a database file, whose points are read only when the sample is wanted.

    Parameters
    ----------
    key, name, doi : str
        As for `Sample`.
    curves : mapping of str to callable
        By quantity: takes a `Faults`, returns the points, or None with the faults noted.
    provenance : Provenance
        Origin of the sample.
    family : str
        Material family.
    """

    key: str
    name: str
    doi: str
    curves: Mapping[str, Callable[[Faults], PointSeries | None]]
    provenance: Provenance
    family: str = ""

    @property
    def sample(self) -> Sample:
        """What a list of samples says about it."""
        return Sample(self.key, self.name, self.doi, tuple(self.curves), tuple(missing(self.curves)))

    def material(
        self, faults: Faults, carrier: Carrier | None = None, lattice: Lattice | None = None
    ) -> Material | None:
        """Material of the sample, or None with the faults noted.

        Parameters
        ----------
        faults : Faults
            Takes what is wrong.
        carrier : str, optional
            `p` or `n`; by default what the file says, or the sign of S.
        lattice : Lattice, optional
            Not used: the file has the whole thermal conductivity.

        Returns
        -------
        Material or None
        """
        local = Faults()
        found = {prop: points for prop, build in self.curves.items() if (points := build(local))}
        series = {prop: points.sorted() for prop, points in found.items() if points.T}
        origin = one_electrical(series, self.provenance)
        made = assemble(self.name, series, local, carrier=carrier, family=self.family, provenance=origin)
        for fault in local.found:
            location = (
                fault.location
                if fault.location.startswith(self.name)
                else f"sample {self.key}: {fault.location}"
            )
            faults.add(location, fault.value, fault.expected, fault.advice)
        return made


@dataclass(frozen=True)
class WideLayout:
    """A table with one row for each sample and temperature, in SI by the definition of the database.

    Parameters
    ----------
    needed : tuple of str
        Column names, lower case, by which the layout is known.
    key, name : tuple of str
        Columns that hold the identifier and the name of the sample; the first one present counts.
    columns : mapping of str to str
        Quantity by column name.
    provenance : Provenance
        Origin of every sample.
    """

    needed: tuple[str, ...]
    key: tuple[str, ...]
    name: tuple[str, ...]
    columns: Mapping[str, str]
    provenance: Provenance

    def fits(self, names: Sequence[str]) -> bool:
        """Whether a header is of this layout.

        Parameters
        ----------
        names : sequence of str
            Texts of the headers.

        Returns
        -------
        bool
        """
        return {name.casefold() for name in names}.issuperset(self.needed)

    def read(self, grid: CellGrid) -> list[SampleRecord]:
        """Samples of a table of this layout.

        Parameters
        ----------
        grid : CellGrid
            Cells of the table.

        Returns
        -------
        list of SampleRecord
        """
        lower = [name.casefold() for name in grid.names]
        units = {prop: QUANTITIES[prop].unit for prop in self.columns.values()}
        columns = {q: (lower.index(name), units[q]) for name, q in self.columns.items() if name in lower}
        T, _ = columns.pop("temperature")
        key, named = position(lower, self.key), position(lower, self.name)
        samples: dict[str, list[CellRow]] = {}
        for row in grid.rows:
            samples.setdefault(row.text(key), []).append(row)
        return [
            SampleRecord(
                sample,
                rows[0].text(named) or f"sample {sample}",
                "",
                column_curves(grid, rows, T, columns),
                replace(self.provenance, sample=f"sample {sample}"),
            )
            for sample, rows in samples.items()
        ]


def position(names: Sequence[str], wanted: Iterable[str]) -> int:
    """Position of the first of several names that is there; -1 without any.

    Parameters
    ----------
    names : sequence of str
        Texts of the headers.
    wanted : iterable of str
        Names of which the first one counts.

    Returns
    -------
    int
    """
    return next((names.index(name) for name in wanted if name in names), -1)


def column_curves(
    grid: CellGrid, rows: Sequence[CellRow], T: int, columns: Mapping[str, tuple[int, str]]
) -> dict[str, Callable[[Faults], PointSeries]]:
    """Curves of a sample that has one row for each temperature, by quantity.

    Parameters
    ----------
    grid : CellGrid
        The table.
    rows : sequence of CellRow
        Rows of the sample.
    T : int
        Position of the temperature, in K.
    columns : mapping of str to (int, str)
        Position and unit of every quantity; those without a value in any row are left out.

    Returns
    -------
    dict of str to callable
        As `SampleRecord.curves`.
    """

    def points(prop: str, index: int, unit: str, faults: Faults) -> PointSeries:
        series = PointSeries(prop, unit)
        for row in rows:
            if not is_missing(row.cell(index)):
                try:
                    series.add(number(row.cell(T)), number(row.cell(index)), grid.location(row))
                except NotANumber as problem:
                    faults.add(grid.location(row), row.cell(index), f"{prop}: {problem}")
        return series

    present = {q: c for q, c in columns.items() if any(not is_missing(row.cell(c[0])) for row in rows)}
    return {prop: partial(points, prop, *column) for prop, column in present.items()}


def long_columns(
    grid: CellGrid, reader: SampleReader, needed: Sequence[str], aliases: Mapping[str, Sequence[str]]
) -> dict[str, int]:
    """Position of every column of a long table by its lower-case name; -1 for an alias that is not there.

    Parameters
    ----------
    grid : CellGrid
        The table.
    reader : SampleReader
        Its format, for the message.
    needed : sequence of str
        Columns without which nothing can be read; aliases among them too.
    aliases : mapping of str to sequence of str
        Other names of a column.

    Returns
    -------
    dict of str to int

    Raises
    ------
    InputError
        If a needed column is missing, with the columns expected.
    """
    lower = [name.casefold() for name in grid.names]
    column = {name: lower.index(name) for name in lower}
    for name, others in aliases.items():
        column.setdefault(name, position(lower, others))
    lacking = [name for name in needed if column.get(name, -1) < 0]
    if lacking:
        advice = f"missing: {', '.join(lacking)}"
        raise refuse(grid.file, reader.expectation, advice, value=", ".join(grid.names))
    return column


def one_electrical(series: dict[str, PointSeries], origin: Provenance) -> Provenance:
    """Of conductivity and resistivity keep the one with more points, of as many the conductivity.

    Parameters
    ----------
    series : dict of str to PointSeries
        Points by quantity; one of the two is removed.
    origin : Provenance
        Provenance, to which a note is added.

    Returns
    -------
    Provenance
        With the note, if one of the two was removed.
    """
    sigma, rho = series.get("electrical_conductivity"), series.get("electrical_resistivity")
    if sigma is None or rho is None:
        return origin
    left_out = "electrical_conductivity" if len(rho.T) > len(sigma.T) else "electrical_resistivity"
    del series[left_out]
    return origin.with_note(
        f"The {left_out.replace('_', ' ')} of the file is left out: it has the other one too."
    )


def shorten(faults: Faults) -> Faults:
    """The faults, at most `FAULT_LIMIT` of them, with the number of those left out.

    Parameters
    ----------
    faults : Faults
        Takes what is wrong.

    Returns
    -------
    Faults
    """
    if len(faults) <= FAULT_LIMIT:
        return faults
    short = Faults(faults.file)
    for fault in faults.found[:FAULT_LIMIT]:
        short.add(fault.location, fault.value, fault.expected, fault.advice)
    short.add("", expected=f"and {len(faults) - FAULT_LIMIT} more faults")
    return short


def choose(samples: Sequence[Sample], wanted: str, file: str = "") -> Sample:
    """Sample with the key wanted, or else the only one with that name.

    Parameters
    ----------
    samples : sequence of Sample
        Those of a file.
    wanted : str
        Key or name.
    file : str
        Name of the file, for messages.

    Returns
    -------
    Sample

    Raises
    ------
    InputError
        If there is none, with the nearest one; or if several have that name, with their keys.

    Examples
    --------
    >>> choose([Sample("113", "PbTe"), Sample("114", "PbTe0.9")], "pbte0.9").key
    '114'
    """
    wanted = str(wanted).strip()
    keyed = [found for found in samples if found.key == wanted]
    named = [found for found in samples if found.name.casefold() == wanted.casefold()]
    if keyed or len(named) == 1:
        return (keyed or named)[0]
    if named:
        keys = ", ".join(found.key for found in named[:10])
        expected, advice = f"{len(named)} samples have this name", f"choose one by its key: {keys}"
    else:
        expected = f"there is no such sample among {len(samples)}" if samples else "the file holds no sample"
        advice = did_you_mean(wanted, [w for found in samples for w in (found.key, found.name) if w])
        if not advice and 0 < len(samples) <= 12:
            advice = f"there are {', '.join(found.key or found.name for found in samples)}"
    raise InputError(Fault("sample", wanted, expected, advice, file))


def complete_materials(
    sources: Sequence[SampleSource], faults: Faults, carrier: Carrier | None = None
) -> list[Material]:
    """Materials of all samples of a database file that are complete and right.

    Parameters
    ----------
    sources : sequence of SampleSource
        Every sample of the file.
    faults : Faults
        Takes what is wrong with the samples left out.
    carrier : str, optional
        `p` or `n`; by default the sign of S.

    Returns
    -------
    list of Material

    Raises
    ------
    InputError
        If no sample is complete; if more than `MANY` are.

    Warns
    -----
    SkippedSampleWarning
        With the number of samples left out.
    """
    listed = [(source, source.sample) for source in sources]
    complete = [source for source, sample in listed if sample.is_complete]
    if len(complete) > MANY:
        expected = f"the file holds {len(complete)} complete samples, at most {MANY} are read together"
        raise InputError(Fault("sample", expected=expected, advice="choose one by its key", file=faults.file))
    found = [source.material(faults, carrier) for source in complete]
    materials = [material for material in found if material is not None]
    if not materials:
        for _, sample in listed:
            if not sample.is_complete:
                words = ", ".join(sample.missing)
                faults.add(f"sample {sample.key}", expected=f"incomplete, without {words}")
        if not sources:
            faults.add("", expected="the file holds no thermoelectric property against temperature")
        raise InputError(*faults.found[:MANY])
    left_out = len(sources) - len(materials)
    if left_out:
        faulty = len(complete) - len(materials)
        counts = f"{left_out - faulty} incomplete, {faulty} faulty"
        text = f"{faults.file}: {left_out} of {len(sources)} samples left out, {counts}"
        first = f"; first fault: {faults.found[0]}" if faults else ""
        warnings.warn(text + first, SkippedSampleWarning, stacklevel=3)
    return materials
