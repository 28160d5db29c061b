"""Samples of a database file, whose points are read only when a sample is wanted."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.base.quantities import QUANTITIES
from ioffe.material.fields import Provenance
from ioffe.material.material import Material
from ioffe.material.readers.cells import NotANumber, is_missing, number
from ioffe.material.readers.files import CellRow, text_rows
from ioffe.material.readers.series import NEEDED, Carrier, PointSeries, assemble

MANY = 1000
"""Complete samples of one file that are read together; of a larger file one must be chosen."""


class SkippedSampleWarning(UserWarning):
    """Samples of a database file were left out, because they are incomplete or faulty."""


@dataclass(frozen=True)
class SampleRecord:
    """One sample of a database file.

    Parameters
    ----------
    key, name, doi : str
        As for `Sample`.
    properties : tuple of str
        Quantities with points.
    build : callable
        Reads the points: takes a `Faults`, returns the series by quantity.
    provenance : Provenance
        Origin of the sample.
    family : str
        Material family.
    """

    key: str
    name: str
    doi: str
    properties: tuple[str, ...]
    build: Callable[[Faults], dict[str, PointSeries]]
    provenance: Provenance
    family: str = ""

    @property
    def sample(self) -> Sample:
        """What a list of samples says about it."""
        present = set(self.properties)
        if "electrical_resistivity" in present:
            present.add("electrical_conductivity")
        lacking = tuple(prop for prop in NEEDED if prop not in present)
        return Sample(self.key, self.name, self.doi, self.properties, lacking)

    def material(self, faults: Faults, carrier: Carrier | None = None) -> Material | None:
        """Material of the sample, or None with the faults noted."""
        local = Faults()
        series = {prop: points.sorted() for prop, points in self.build(local).items()}
        origin = one_electrical(series, self.provenance)
        made = assemble(self.name, series, local, carrier=carrier, family=self.family, provenance=origin)
        for fault in local.found:
            place = fault.place if fault.place.startswith(self.name) else f"sample {self.key}: {fault.place}"
            faults.add(place, fault.value, fault.expected, fault.advice)
        return made


def one_electrical(series: dict[str, PointSeries], origin: Provenance) -> Provenance:
    """Of conductivity and resistivity keep the one with more points, of as many the conductivity."""
    sigma, rho = series.get("electrical_conductivity"), series.get("electrical_resistivity")
    if sigma is None or rho is None:
        return origin
    left_out = "electrical_conductivity" if len(rho.T) > len(sigma.T) else "electrical_resistivity"
    del series[left_out]
    return origin.with_note(
        f"The {left_out.replace('_', ' ')} of the file is left out: it has the other one too."
    )


def read_records(
    records: Sequence[SampleRecord], file: str, sample: str | None, carrier: Carrier | None = None
) -> list[Material]:
    """Materials of a database file.

    Parameters
    ----------
    records : sequence of SampleRecord
        Every sample of the file.
    file : str
        Name of the file, for messages.
    sample : str, optional
        The one to read; by default all that are complete.
    carrier : str, optional
        `p` or `n`; by default the sign of S.

    Raises
    ------
    InputError
        For a sample that does not exist, is incomplete or faulty; if no sample is complete; if more than
        `MANY` are.

    Warns
    -----
    SkippedSampleWarning
        With the number of samples left out when all are read.
    """
    faults = Faults(file)
    if sample is not None:
        key = choose([record.sample for record in records], sample, file).key
        made = next(record for record in records if record.key == key).material(faults, carrier)
        faults.raise_if_any()
        return [made] if made is not None else []
    complete = [record for record in records if record.sample.is_complete]
    if len(complete) > MANY:
        expected = f"the file holds {len(complete)} complete samples, at most {MANY} are read together"
        raise InputError(Fault("sample", expected=expected, advice="choose one by its key", file=file))
    found = [record.material(faults, carrier) for record in complete]
    materials = [material for material in found if material is not None]
    if not materials:
        for record in records:
            if not record.sample.is_complete:
                words = ", ".join(record.sample.missing)
                faults.add(f"sample {record.key}", expected=f"incomplete, without {words}")
        if not records:
            faults.add("", expected="the file holds no thermoelectric property against temperature")
        raise InputError(*faults.found[:MANY])
    left_out = len(records) - len(materials)
    if left_out:
        faulty = len(complete) - len(materials)
        counts = f"{left_out - faulty} incomplete, {faulty} faulty"
        text = f"{file}: {left_out} of {len(records)} samples left out, {counts}"
        first = f"; first fault: {faults.found[0]}" if faults else ""
        warnings.warn(text + first, SkippedSampleWarning, stacklevel=2)
    return materials


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


def choose(samples: Sequence[Sample], wanted: str, file: str = "") -> Sample:
    """Sample with the key wanted, or else the only one with that name.

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
    for found in samples:
        if found.key == wanted:
            return found
    named = [found for found in samples if found.name.casefold() == wanted.casefold()]
    if len(named) == 1:
        return named[0]
    if named:
        keys = ", ".join(found.key for found in named[:10])
        expected, advice = f"{len(named)} samples have this name", f"choose one by its key: {keys}"
    else:
        expected = f"there is no such sample among {len(samples)}" if samples else "the file holds no sample"
        advice = did_you_mean(wanted, [w for found in samples for w in (found.key, found.name) if w])
        if not advice and 0 < len(samples) <= 12:
            advice = f"there are {', '.join(found.key or found.name for found in samples)}"
    raise InputError(Fault("sample", wanted, expected, advice, file))


@dataclass(frozen=True)
class Wide:
    """Layout of a wide table.

    Parameters
    ----------
    needed : tuple of str
        Column names, lower case, by which the layout is known.
    key, name : tuple of str
        Columns that hold the identifier and the name of the sample; the first one present counts.
    columns : mapping of str to str
        Quantity by column name; the database defines its numbers to be in SI.
    provenance : Provenance
        Origin of every sample.
    """

    needed: tuple[str, ...]
    key: tuple[str, ...]
    name: tuple[str, ...]
    columns: Mapping[str, str]
    provenance: Provenance

    def fits(self, lower: Sequence[str]) -> bool:
        """Whether a header, in lower case, is of this layout."""
        return set(self.needed) <= set(lower)


def wide_records(
    layout: Wide, path: Path, text: str, header: tuple[int, str, list[str]]
) -> list[SampleRecord]:
    """Samples of a wide table."""
    first, delimiter, names = header
    lower = [name.casefold() for name in names]
    position = {quantity: lower.index(name) for name, quantity in layout.columns.items() if name in lower}
    key = next((lower.index(name) for name in layout.key if name in lower), -1)
    named = next((lower.index(name) for name in layout.name if name in lower), -1)
    samples: dict[str, list[CellRow]] = {}
    for row in text_rows(path, text, first, delimiter):
        samples.setdefault(row.text(key), []).append(row)
    return [_record(layout, sample, rows, position, named) for sample, rows in samples.items()]


def _record(
    layout: Wide, key: str, rows: list[CellRow], position: Mapping[str, int], named: int
) -> SampleRecord:
    properties = tuple(
        prop
        for prop, index in position.items()
        if prop != "temperature" and any(not is_missing(row.text(index)) for row in rows)
    )
    provenance = replace(layout.provenance, sample=f"sample {key}")
    return SampleRecord(
        key, rows[0].text(named) or f"sample {key}", "", properties, _builder(rows, position), provenance
    )


def _builder(rows: list[CellRow], position: Mapping[str, int]) -> Callable[[Faults], dict[str, PointSeries]]:
    def build(faults: Faults) -> dict[str, PointSeries]:
        found = {}
        for prop, index in position.items():
            if prop == "temperature":
                continue
            series = PointSeries(prop, QUANTITIES[prop].unit)
            for row in rows:
                if is_missing(row.text(index)):
                    continue
                try:
                    T, value = number(row.text(position["temperature"])), number(row.text(index))
                except NotANumber as problem:
                    faults.add(f"line {row.line}", row.text(index), f"{prop}: {problem}")
                else:
                    series.add(T, value, f"line {row.line}")
            if series.T:
                found[prop] = series
        return found

    return build
