"""A thermoelectric leg: one material or segments, with contacts and losses through its sides."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Any, Literal

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.units import QuantityLike, parse_area, to_si
from ioffe.device.display import Shown
from ioffe.device.fields import Number, number, one_of
from ioffe.device.parts import Contact, MaterialLike, Segment, SideLoss
from ioffe.device.solving import Solvable

Carrier = Literal["p", "n"]


@dataclass(frozen=True, init=False, repr=False)
class Leg(Shown, Solvable):
    """A leg between a hot and a cold face, alone or in a `Module`.

    Parameters
    ----------
    material, length
        One material and its length in m; or instead of both
    segments
        `Segment` objects from the hot to the cold end. Interface layers are segments too.
    area
        Cross-section in m2, or its two sides as text: ``"3 mm x 3 mm"``.
    contact, contact_hot, contact_cold
        `Contact` at both ends, or at one of them; a number or text is its electrical resistivity.
    between
        `Contact` between neighbouring segments: one for all, or a list of one for each interface.
    side
        `SideLoss`, or None for an adiabatic side.
    carrier
        ``"p"`` or ``"n"``; by default that of the material with the largest share of the length. It fixes
        the direction in which a positive current of a generator runs.
    name : str
        What the device is called in results and reports.
    sides : two floats, optional
        Width and depth in m if `area` is a number, for the losses through the sides; by default a square.

    Examples
    --------
    >>> leg = Leg("Bi0.42Sb1.58Te3", length="1.6 mm", area="1.4 mm x 1.4 mm", contact=Contact("5 uohm cm2"))
    >>> leg.length, leg.carrier
    (0.0016, 'p')
    """

    segments: tuple[Segment, ...]
    area: Number = number("area", "Cross-section of the leg.", plausible=(1e-10, 1e-2))
    sides: tuple[float, float]
    """Width along the row of legs and depth, in m; a square is assumed when only the area is given."""
    contact_hot: Contact
    contact_cold: Contact
    between: tuple[Contact, ...]
    side: SideLoss | None
    carrier: Carrier
    name: str

    def __init__(
        self,
        material: MaterialLike | None = None,
        length: QuantityLike | None = None,
        area: QuantityLike | None = None,
        *,
        segments: Iterable[Segment] | None = None,
        contact: Contact | QuantityLike | None = None,
        contact_hot: Contact | QuantityLike | None = None,
        contact_cold: Contact | QuantityLike | None = None,
        between: Contact | Iterable[Contact] = (),
        side: SideLoss | None = None,
        carrier: Carrier | None = None,
        name: str = "",
        sides: tuple[float, float] | None = None,
    ) -> None:
        faults = Faults()
        put: dict[str, Any] = {"side": side, "name": name}
        put["segments"] = parts = _segments(faults, material, length, segments)
        put["area"], put["sides"] = _cross_section(faults, area, sides)
        if contact is not None and (contact_hot is not None or contact_cold is not None):
            expected = "either contact (both ends) or contact_hot and contact_cold is expected"
            faults.add("contact", expected=expected)
        for end, own in (("contact_hot", contact_hot), ("contact_cold", contact_cold)):
            put[end] = _contact(faults, *((end, own) if own is not None else ("contact", contact)))
        put["between"] = _between(faults, between, len(parts))
        if carrier is not None:
            with faults.collect("carrier"):
                one_of(carrier, ("p", "n"))
        kinds = {s.material.carrier for s in parts} - {None}
        if carrier is None and len(kinds) > 1:
            expected = "segments of p-type or of n-type material, not of both, are expected"
            faults.add("segments", expected=expected)
        put["carrier"] = carrier or _carrier(parts)
        faults.raise_if_any()
        for key, value in put.items():
            object.__setattr__(self, key, value)

    @property
    def length(self) -> float:
        """Length of all segments in m."""
        return sum(s.length for s in self.segments)

    @property
    def perimeter(self) -> float:
        """Perimeter of the cross-section in m."""
        return 2.0 * sum(self.sides)

    def replace(self, **changes: Any) -> Leg:
        """A copy with other fields, given as the constructor takes them.

        Another `length` stretches all segments, another `area` keeps the shape of the cross-section unless it
        is written as two sides, and another material brings its carrier type along.

        Parameters
        ----------
        **changes
            New values of fields, as the constructor takes them: in SI, or texts with units.

        Returns
        -------
        Leg
        """
        return _replaced(self, changes)


def reshaped(leg: Leg, area: QuantityLike) -> dict[str, Any]:
    """Area and sides of a leg with another cross-section: of the same shape, unless its sides are written."""
    size, written = parse_area(area, "area")
    scale = sqrt(size / leg.area)
    return {"area": size, "sides": written or (leg.sides[0] * scale, leg.sides[1] * scale)}


def carrier_with(leg: Leg, segments: tuple[Segment, ...]) -> Carrier:
    """Carrier type of a leg with other segments, as the constructor finds it."""
    return leg.carrier if _is_carrier_given(leg) else _carrier(segments)


def _replaced(leg: Leg, changes: dict[str, Any]) -> Leg:
    now = {f.name: getattr(leg, f.name) for f in dataclasses.fields(leg)}
    if changes.keys() & {"material", "segments"} and not _is_carrier_given(leg):
        now["carrier"] = None
    if "area" in changes and "sides" not in changes:
        changes = changes | reshaped(leg, changes["area"])
    if "material" in changes:
        if len(leg.segments) > 1:
            raise InputError(
                Fault("material", expected="segments are expected, because this leg has several")
            )
        now |= {"length": leg.length, "segments": None}
    elif "length" in changes and "segments" not in changes:
        share = to_si(changes["length"], "length", "length") / leg.length
        now["segments"] = tuple(s.replace(length=s.length * share) for s in leg.segments)
        changes = {k: v for k, v in changes.items() if k != "length"}
    if "contact" in changes:
        now["contact_hot"] = now["contact_cold"] = None
    return Leg(**{**now, **changes})


def _segments(
    faults: Faults,
    material: MaterialLike | None,
    length: QuantityLike | None,
    segments: Iterable[Segment] | None,
) -> tuple[Segment, ...]:
    if segments is not None:
        for name, value in (("material", material), ("length", length)):
            if value is not None:
                faults.add(
                    name,
                    getattr(value, "name", value),
                    f"no {name} is expected, because every segment has its own",
                )
        parts = tuple(segments)
        if not parts:
            faults.add("segments", [], "at least one segment is expected")
        for i, part in enumerate(parts):
            _conducts(faults, f"segments[{i}].material", part)
        return parts
    for name, value, example in (("material", material, '"Bi0.42Sb1.58Te3"'), ("length", length, '"1.6 mm"')):
        if value is None:
            faults.add(name, expected=f"a {name} is expected, such as {example} (or segments)")
    if material is None or length is None:
        if length is not None:
            with faults.collect("length"):
                to_si(length, "length")
        return ()
    with faults.collect():
        part = Segment(material, length)
        _conducts(faults, "material", part)
        return (part,)
    return ()


def _conducts(faults: Faults, location: str, segment: Segment) -> None:
    if segment.material.electrical is None:
        expected = "a material that conducts electricity is expected"
        faults.add(location, segment.material.name, expected, "it has no electrical curve")
    if segment.material.thermal_conductivity is None:
        expected = "a material with a thermal conductivity is expected"
        faults.add(
            location, segment.material.name, expected, "it was not measured; add it to the file or card"
        )


def _cross_section(
    faults: Faults, area: QuantityLike | None, sides: tuple[float, float] | None
) -> tuple[float, tuple[float, float]]:
    if area is None:
        faults.add("area", expected='an area is expected, such as "1.4 mm x 1.4 mm" or "1.96 mm2"')
        return 1.0, (1.0, 1.0)
    with faults.collect("area"):
        size, written = parse_area(area)
        return size, sides or written or (sqrt(size), sqrt(size))
    return 1.0, (1.0, 1.0)


def _contact(faults: Faults, location: str, given: Contact | QuantityLike | None) -> Contact:
    """A contact as it is, or the one of a given electrical resistivity."""
    if given is None or isinstance(given, Contact):
        return given or Contact()
    with faults.collect(location):
        return Contact(electrical=given)
    return Contact()


def _between(faults: Faults, between: Contact | Iterable[Contact], segments: int) -> tuple[Contact, ...]:
    gaps = max(segments - 1, 0)
    if isinstance(between, Contact):
        return (between,) * gaps
    contacts = tuple(between)
    if segments and contacts and len(contacts) != gaps:
        expected = f"one contact for each of the {gaps} interfaces between {segments} segments is expected"
        faults.add("between", len(contacts), expected)
    return contacts or (Contact(),) * gaps


def _is_carrier_given(leg: Leg) -> bool:
    """Whether the carrier cannot follow from the materials, so that somebody gave it."""
    kinds = {s.material.carrier for s in leg.segments} - {None}
    return len(kinds) > 1 or leg.carrier != _carrier(leg.segments)


def _carrier(segments: tuple[Segment, ...]) -> Carrier:
    """Carrier type of the longest share, counting segments of thermoelectric materials."""
    share: dict[Carrier, float] = {"p": 0.0, "n": 0.0}
    for s in segments:
        kind = s.material.carrier
        if kind is None and s.material.seebeck is not None:
            low, high = s.material.seebeck.range
            kind = "n" if s.material.seebeck.mean(low, high) < 0 else "p"
        if kind is not None:
            share[kind] += s.length
    return "n" if share["n"] > share["p"] else "p"
