"""What all readers have in common: formats, the samples of a file, and the columns of databases."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.material.fields import Provenance
from ioffe.material.material import Material
from ioffe.material.readers.calculated import Lattice
from ioffe.material.readers.files import CellGrid
from ioffe.material.readers.selection import Points
from ioffe.material.readers.series import Carrier, PointSeries, assemble, missing, points_in_si

FAULT_LIMIT = 20
"""Faults of one file that are named one by one."""
MANY = 5000
"""Complete samples of one file that are read together; of a larger file some must be chosen."""


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

        `faults`: takes what is wrong.
        `carrier`: `p` or `n`; by default what the file says, or the sign of S.
        `lattice`: not used: the file has the whole thermal conductivity.
        """
        ...

    def points(self) -> dict[str, Points]:
        """Points of every property without any judgement, for lists and filters.

        Returns: by quantity, in SI with rising T; what cannot be read is left out.
        """
        ...


@dataclass(frozen=True)
class SampleReader:
    """A file format: how its header is recognised, and how its samples are read.

    `name`, `title`: word for `format=`, and name in messages.
    `container` {"text", "excel", "table", "calculation", "store"}: kind of file; a table is a text or a
        workbook, and what a calculation has written is read whole.
    `columns`: columns that are expected, in words.
    `detect`: names of the columns (or keys) to the number of those understood; 0 for another format.
    `read`: tables of a file and a `Faults` to the samples.
    `is_database`: whether incomplete and faulty samples are left out when a file is read whole.
    """

    name: str
    title: str
    container: Literal["text", "excel", "table", "calculation", "store"]
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


class OpenedFile(NamedTuple):
    """Reader and samples of a file, and what was found to be wrong with it on the way."""

    reader: SampleReader
    samples: Sequence[SampleSource]
    faults: Faults


@dataclass(frozen=True)
class SampleRecord:
    """One sample of a database file, whose points are read only when the sample is wanted.

    `key`, `name`, `doi`: as for `Sample`.
    `curves`: by quantity: takes a `Faults`, returns the points, or None with the faults noted.
    `provenance`: origin of the sample.
    `family`: material family.
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

        `faults`: takes what is wrong.
        `carrier`: `p` or `n`; by default what the file says, or the sign of S.
        `lattice`: not used: the file has the whole thermal conductivity.
        """
        local = Faults()
        found = self._series(local)
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

    def points(self) -> dict[str, Points]:
        """Points of every property.

        Returns: as `SampleSource.points`.
        """
        return points_in_si(self._series(Faults()))

    def _series(self, faults: Faults) -> dict[str, PointSeries]:
        return {prop: points for prop, build in self.curves.items() if (points := build(faults))}


def one_electrical(series: dict[str, PointSeries], origin: Provenance) -> Provenance:
    """Of conductivity and resistivity keep the one with more points, of as many the conductivity.

    `series`: points by quantity; one of the two is removed.
    `origin`: provenance, to which a note is added.
    Returns: with the note, if one of the two was removed.
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

    `faults`: takes what is wrong.
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

    `samples`: those of a file.
    `wanted`: key or name.
    `file`: name of the file, for messages.
    Raises `InputError` if there is none, with the nearest one; or if several have that name, with their keys.

    >>> choose([Sample("113", "PbTe"), Sample("114", "PbTe0.9")], "pbte0.9").key
    '114'
    """
    wanted = str(wanted).strip()
    keyed = [found for found in samples if found.key == wanted]
    if not keyed:  # the mark of FILE#SAMPLE may begin the key itself
        keyed = [found for found in samples if wanted and found.key == f"#{wanted}"]
    named = [found for found in samples if found.name.casefold() == wanted.casefold()]
    if keyed or len(named) == 1:
        return (keyed or named)[0]
    if named:
        keys = ", ".join(found.key for found in named[:10])
        expected, advice = f"{len(named)} samples have this name", f"choose one by its key: {keys}"
    else:
        expected = "no sample has this name" if samples else "the file holds no sample"
        advice = did_you_mean(wanted, [w for found in samples for w in (found.key, found.name) if w])
        if not advice and 0 < len(samples) <= 12:
            known = ", ".join(f'"{found.key or found.name}"' for found in samples)
            advice = f"the only one is {known}" if len(samples) == 1 else f"the samples are {known}"
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
