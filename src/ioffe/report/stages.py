"""What a cascade consists of, for the tables and drawings that describe one couple at a time."""

from __future__ import annotations

from ioffe.device.cascade import Cascade
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Contact
from ioffe.report.text import printed

__all__ = ["between_words", "legs_by_name", "stages_of"]

Device = Leg | Module | Cascade


def stages_of(device: Device) -> list[tuple[str, Leg | Module]]:
    """The stages of a cascade from the hot side, each with words to stand before its parts; else the device.

    Examples
    --------
    >>> leg = Leg("Bi2Te3", length="2 mm", area="1 mm x 1 mm")
    >>> [words for words, _ in stages_of(leg)]
    ['']
    """
    if isinstance(device, Cascade):
        return [(f"Stage {k + 1}, ", stage) for k, stage in enumerate(device.stages)]
    return [("", device)]


def legs_by_name(device: Leg | Module) -> dict[str, Leg]:
    """The legs of one couple by their carriers."""
    return {"p": device.p, "n": device.n} if isinstance(device, Module) else {device.carrier: device}


def between_words(cascade: Cascade, k: int) -> str:
    """What lies between stage k and the next one, empty if nothing does."""
    words = [
        f"contact, {printed(part.thermal, 'thermal_contact_resistance')}"
        if isinstance(part, Contact)
        else f"{part.material.name}, {printed(part.thickness, 'thickness')}"
        for part in cascade.between[k]
    ]
    return "; ".join(words)
