"""Samples of a database file, whose points are read only when a sample is wanted."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.material.material import Material
from ioffe.material.provenance import Provenance
from ioffe.material.readers.sample import Sample, choose
from ioffe.material.readers.series import NEEDED, Carrier, Series, assemble

MANY = 1000
"""Complete samples of one file that are read together; of a larger file one must be chosen."""


class SkippedSampleWarning(UserWarning):
    """Samples of a database file were left out, because they are incomplete or faulty."""


@dataclass(frozen=True)
class Record:
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
    build: Callable[[Faults], dict[str, Series]]
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


def one_electrical(series: dict[str, Series], origin: Provenance) -> Provenance:
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
    records: Sequence[Record], file: str, sample: str | None, carrier: Carrier | None = None
) -> list[Material]:
    """Materials of a database file.

    Parameters
    ----------
    records : sequence of Record
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
