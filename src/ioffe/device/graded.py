"""A leg whose composition changes along its length."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Any

import numpy as np

from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.units import QuantityLike, to_si
from ioffe.device.fields import one_of
from ioffe.device.leg import Carrier, Leg, reshaped
from ioffe.device.parts import Contact, MaterialLike, Segment, SideLoss, material_of
from ioffe.material.blending import RULES, Rule, blend
from ioffe.material.material import Material

Course = Callable[[float], float]
Points = tuple[tuple[float, float], ...]
Range = tuple[float, float]

SLICES = 32


@dataclass(frozen=True, eq=False)
class Grading:
    """Materials by composition, and the composition along a leg."""

    materials: Mapping[float, Material] | Callable[[float], Material]
    profile: Points | Course
    rule: Rule

    def material(self, composition: float) -> Material:
        """Material of one composition."""
        if callable(self.materials):
            return self.materials(composition)
        known = sorted(self.materials)
        if composition in self.materials:
            return self.materials[composition]
        above = int(np.searchsorted(known, composition))
        a, b = known[above - 1], known[above]
        ends = [m.name for m in self.materials.values()]
        share = (composition - a) / (b - a)
        return blend(self.materials[a], self.materials[b], share, self.rule, f"{ends[0]} to {ends[-1]}")

    def segments(self, length: float, slices: int, *, halved: bool = False) -> list[Segment]:
        """Slices of constant composition from the hot end; `halved` makes one of every two."""
        found = []
        for (x0, x1), count in self._parts(slices):
            count = count // 2 if halved and count > 1 else count
            edges = np.linspace(x0, x1, count + 1)
            for a, b in pairwise(edges.tolist()):
                material = self.material(self.composition(0.5 * (a + b)))
                found.append(Segment(material, (b - a) * length))
        return found

    def composition(self, position: float) -> float:
        """Composition at a position from 0, the hot end, to 1."""
        if callable(self.profile):
            return float(self.profile(position))
        return float(np.interp(position, *np.array(self.profile).T))

    def _parts(self, slices: int) -> list[tuple[Range, int]]:
        """Stretches of the profile, each with an even number of slices, or one if nothing changes."""
        if callable(self.profile):
            return [((0.0, 1.0), slices)]
        x, c = np.array(self.profile).T
        change = np.abs(np.diff(c))
        ends = list(zip(x[:-1].tolist(), x[1:].tolist(), strict=True))
        if not change.any():
            return [(end, 1) for end in ends]
        counts = np.maximum(2, 2 * np.round(0.5 * slices * change / change.sum())).astype(int)
        return [(end, int(n) if d else 1) for end, n, d in zip(ends, counts, change, strict=True)]


@dataclass(frozen=True, init=False, repr=False)
class GradedLeg(Leg):
    """A leg of an alloy graded along its length, in slices of constant composition.

    A slice has the composition of its middle, so that the error falls with the square of its length. The
    heat that a current sets free where the Seebeck coefficient changes with composition, J T dS/dx, appears
    between the slices. A result states the error of the slices: it is estimated from half as many, added to
    `error_estimate`, and named in the warnings.

    Parameters
    ----------
    materials
        Materials by composition (any number, such as a share of alloy), at least two; or a function from
        composition to `Material`. Between two neighbours the properties are blended at equal temperature,
        see `ioffe.material.blending`.
    length, area
        In m and m2, as for `Leg`.
    profile
        Composition along the leg: pairs (position, composition) with the position from 0 (hot end) to 1
        (cold end), straight lines between them; or a function of the position. By default a straight line
        from the first to the last of the materials as they are listed.
    rule : {"linear", "log"}
        How the electrical and thermal conductivities are blended; S is blended linearly.
    slices
        Their number, even. They are shared out among the straight lines of the profile by the change of
        composition; a part without a change is one slice.
    contact, contact_hot, contact_cold, side, carrier, name, sides
        As for `Leg`.

    Examples
    --------
    >>> leg = GradedLeg({0.0: "Bi0.42Sb1.58Te3", 1.0: "Bi0.48Sb1.52Te3"}, "2 mm", "4 mm2", slices=4)
    >>> len(leg.segments), leg.carrier, leg.segments[0].material.name
    (4, 'p', 'Bi0.42Sb1.58Te3 to Bi0.48Sb1.52Te3')
    """

    grading: Grading
    slices: int

    def __init__(
        self,
        materials: Mapping[float, MaterialLike] | Callable[[float], Material],
        length: QuantityLike,
        area: QuantityLike,
        *,
        profile: Iterable[tuple[float, float]] | Course | None = None,
        rule: Rule = "linear",
        slices: int = SLICES,
        contact: Contact | None = None,
        contact_hot: Contact | None = None,
        contact_cold: Contact | None = None,
        side: SideLoss | None = None,
        carrier: Carrier | None = None,
        name: str = "",
        sides: tuple[float, float] | None = None,
    ) -> None:
        faults = Faults()
        if isinstance(slices, bool) or not isinstance(slices, int) or slices < 2 or slices % 2:
            faults.add("slices", slices, "an even number from 2 is expected")
        with faults.collect("rule"):
            one_of(rule, RULES)
        found = _materials(faults, materials)
        grading = Grading(found, _profile(faults, profile, found), rule)
        segments = [Segment("Cu", 1e-3)]
        with faults.collect("length"):
            whole = to_si(length, "length")
            if not faults:
                segments = grading.segments(whole, slices)
        with faults.collect():
            super().__init__(
                segments=segments,
                area=area,
                contact=contact,
                contact_hot=contact_hot,
                contact_cold=contact_cold,
                side=side,
                carrier=carrier,
                name=name,
                sides=sides,
            )
        faults.raise_if_any()
        object.__setattr__(self, "grading", grading)
        object.__setattr__(self, "slices", slices)

    def coarser(self) -> Leg:
        """The same leg in half as many slices.

        Returns
        -------
        Leg
            Solved as well, it tells the error that the slices make.
        """
        words = ("area", "sides", "contact_hot", "contact_cold", "side", "carrier", "name")
        segments = self.grading.segments(self.length, self.slices, halved=True)
        return Leg(segments=segments, **{k: getattr(self, k) for k in words})

    def replace(self, **changes: Any) -> GradedLeg:
        """A copy with other fields, given as the constructor takes them.

        Parameters
        ----------
        **changes
            New values of fields, as the constructor takes them: in SI, or texts with units.

        Returns
        -------
        GradedLeg
        """
        now: dict[str, Any] = {k: getattr(self, k) for k in ("length", "area", "sides", "slices")}
        now |= {k: getattr(self, k) for k in ("contact_hot", "contact_cold", "side", "carrier", "name")}
        now |= {k: getattr(self.grading, k) for k in ("materials", "profile", "rule")}
        if not changes.keys().isdisjoint(("segments", "material", "between")):
            expected = "materials and their profile are expected for a graded leg, which has no own segments"
            raise InputError(Fault("segments", expected=expected))
        if "area" in changes and "sides" not in changes:
            changes = changes | reshaped(self, changes["area"])
        if "contact" in changes:
            del now["contact_hot"], now["contact_cold"]
        return GradedLeg(**{**now, **changes})


def _materials(faults: Faults, materials: Any) -> Any:
    if callable(materials):
        return materials
    if not isinstance(materials, Mapping) or len(materials) < 2:
        expected = "at least two materials by composition, or a function, are expected"
        faults.add("materials", materials, expected)
        return {}
    found: dict[float, Material] = {}
    for composition, material in materials.items():
        location = f"materials[{composition!r}]"
        if isinstance(composition, bool) or not isinstance(composition, int | float):
            faults.add(location, expected="a number as composition is expected")
            continue
        with faults.collect(location):
            found[float(composition)] = material_of(material)
    return found


def _profile(faults: Faults, profile: Iterable[tuple[float, float]] | Course | None, materials: Any) -> Any:
    known: list[float] = list(materials) if isinstance(materials, Mapping) else [0.0, 1.0]
    if profile is None:
        return ((0.0, known[0]), (1.0, known[-1])) if known else ()
    if callable(profile):
        values = [float(profile(x)) for x in np.linspace(0.0, 1.0, 101).tolist()]
    else:
        profile = tuple((float(x), float(c)) for x, c in profile)
        values, x = [c for _, c in profile], [x for x, _ in profile]
        if len(x) < 2 or x[0] != 0.0 or x[-1] != 1.0 or any(a >= b for a, b in pairwise(x)):
            faults.add("profile", x, "positions that rise from 0 to 1 are expected")
    bounded = isinstance(materials, Mapping) and known
    outside = [c for c in values if not isfinite(c) or (bounded and not min(known) <= c <= max(known))]
    if outside:
        limits = f" from {min(known):g} to {max(known):g}, those of the materials," if bounded else ""
        faults.add("profile", outside[0], f"compositions{limits} are expected")
    return profile
