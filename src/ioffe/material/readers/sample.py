"""Samples a file holds, and the choice of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ioffe.base.errors import Fault, InputError, did_you_mean


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
