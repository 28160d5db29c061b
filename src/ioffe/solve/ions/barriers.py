"""Ion-blocking barriers in the legs of a generator: where, how many, and what their contacts cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import numpy as np

from ioffe.base.errors import Fault, InputError
from ioffe.device.conditions import Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Contact, Segment
from ioffe.migration.barriers import BarrierPlan, best_barriers
from ioffe.result.ions import SAFE
from ioffe.result.steady import Result
from ioffe.solve.ions.margins import SegmentProfiles, conductor_of, legs_in, segment_profiles
from ioffe.solve.ions.region import Allowed, allowed, check_generator
from ioffe.solve.ions.side_by_side import Options, SideBySide

Positions = dict[str, tuple[float, ...]]

ROUNDS = 3
"""Times that the positions are chosen again for the temperatures at the current they allow."""


@dataclass(frozen=True, eq=False)
class BarrierDesign:
    """A number of barriers at their best positions, and what the device gives with them.

    Parameters
    ----------
    positions : dict of str to tuple of float
        Barriers of the legs ``"p"`` and ``"n"``, in m from the hot end of the leg.
    device : Leg or Module
        With the barriers: each is an interface between two segments of one material.
    allowed : Allowed
        Largest safe current, and what the device gives within it.
    area : float
        Cross-section of the leg that decides, in m2.
    """

    positions: Positions
    device: Leg | Module
    allowed: Allowed
    area: float

    @property
    def count(self) -> int:
        """Barriers of a couple, or of a leg."""
        return sum(len(found) for found in self.positions.values())

    @property
    def current_density(self) -> float:
        """Allowed current density of the leg that decides, in A/m2."""
        return self.allowed.current / self.area

    @property
    def suffices(self) -> bool:
        """Whether the device is known to run at its largest efficiency without setting metal free."""
        return self.allowed.state == SAFE

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and numbers in SI."""
        positions = {part: list(found) for part, found in self.positions.items()}
        here = {"current_density": self.current_density, "suffices": self.suffices}
        return {"count": self.count, "positions": positions, **here, "allowed": self.allowed.to_dict()}


def design_barriers(
    device: Leg | Module,
    conditions: Generator,
    most: int = 8,
    contact: Contact | None = None,
    *,
    beyond: int = 0,
    estimates: bool = False,
    **options: Any,
) -> list[BarrierDesign]:
    """Designs with 0, 1, 2 ... barriers: the trade-off of allowed current against the contacts' cost.

    Each further barrier goes into the leg that decides, and all its barriers go to the positions where
    its parts have equal margins, for the temperatures at the allowed current or, if that is smaller, at the
    current of the largest efficiency. Barriers that the device has already are taken out first.

    Parameters
    ----------
    device : Leg or Module
        With one material of a mixed conductor in a leg.
    conditions : Generator
        One pair of temperatures.
    most : int
        Largest number of barriers.
    contact : Contact, optional
        Of each barrier; without one an ideal interface that blocks ions alone.
    beyond : int
        Designs after the first whose allowed current reaches that of the largest efficiency; none are made
        after that.
    estimates : bool
        Whether designs whose limits are bounds or estimates (``allowed.known`` is false) are returned too.
    **options
        Of `Module.solve`.

    Returns
    -------
    list of BarrierDesign
        One for each number of barriers, by rising count; it ends early where a further barrier does not help,
        and before limits that are not known. Empty where they are not with the first barrier.

    Raises
    ------
    InputError
        For conditions with lists, and for a leg with several mixed conductors.

    Examples
    --------
    >>> leg = Leg("Cu1.97S", length="6 mm", area="3 mm x 3 mm")
    >>> designs = design_barriers(leg, Generator(T_hot=673, T_cold=300), most=2, estimates=True)
    >>> [round(design.current_density / 1e4, 1) for design in designs]  # A/cm2
    [0.3, 9.2]
    >>> [design.allowed.known for design in designs]  # with a barrier the limits are bounds
    [True, False]
    """
    contacts = [contact or Contact()]
    (found,) = design_families(device, conditions, most, contacts, beyond=beyond, **options)
    return found if estimates else known_designs(found)


def design_families(
    device: Leg | Module,
    conditions: Generator,
    most: int,
    contacts: Sequence[Contact],
    *,
    beyond: int = 0,
    **options: Any,
) -> list[list[BarrierDesign]]:
    """What `design_barriers` finds for each of several contacts, in the same solves.

    `device`, `conditions`, `most`, `beyond`: as for `design_barriers`.
    `contacts`: of the barriers.
    `**options`: of `Module.solve`.
    Returns: one list for each contact.
    Raises `InputError` as `design_barriers`.
    """
    check_generator(device, conditions)
    if np.ndim(conditions.T_hot):
        expected = "one hot-side temperature is expected"
        raise InputError(Fault("T_hot", list(np.ravel(conditions.T_hot)), expected))
    if isinstance(most, bool) or not isinstance(most, int) or not 0 <= most <= 100:
        raise InputError(Fault("most", most, "a whole number from 0 to 100 is expected"))
    plain = _changed(device, {part: without_barriers(leg) for _, part, leg in legs_in(device)})
    designer = _Designer(plain, _mixed_segments(plain), conditions, options)
    (first,) = designer.designs([(dict.fromkeys(designer.mixed, ()), Contact())])
    families = [[first] for _ in contacts]
    growing = list(range(len(contacts)))
    extra = [0] * len(contacts)
    while growing:
        asked = []
        for k in growing:
            last = families[k][-1]
            if last.count < most and (not last.allowed.is_enough or extra[k] < beyond):
                extra[k] += last.allowed.is_enough
                asked.append(k)
        following = designer.placed([families[k][-1] for k in asked], [contacts[k] for k in asked])
        growing = [k for k, new in zip(asked, following, strict=True) if new.count > families[k][-1].count]
        for k, new in zip(asked, following, strict=True):
            if k in growing:
                families[k].append(new)
    return families


def known_designs(designs: Sequence[BarrierDesign]) -> list[BarrierDesign]:
    """The designs before the first whose limits are bounds or estimates: those that may be proposed.

    `designs`: by rising count.
    Returns: empty where a first barrier, or none, has limits that are not known.

    >>> leg = Leg("Cu1.97S", length="6 mm", area="3 mm x 3 mm")
    >>> found = design_barriers(leg, Generator(T_hot=673, T_cold=300), most=1, estimates=True)
    >>> len(found), known_designs(found)
    (2, [])
    """
    known = list(takewhile(lambda one: one.allowed.known, designs))
    return known if len(known) > 1 or len(known) == len(designs) else []


def with_barriers(leg: Leg, positions: Sequence[float], contact: Contact | None = None) -> Leg:
    """The leg with ion-blocking interfaces at some positions.

    `positions`: in m from the hot end, inside segments.
    `contact`: of each barrier.
    Returns: with one more segment for each barrier; its length and its other contacts stay the same.
    Raises `InputError` for a position at or beyond an end of a segment, all at once.

    >>> leg = with_barriers(Leg("Cu1.97S", length="6 mm", area="9 mm2"), [2e-3, 4e-3])
    >>> [round(1e3 * segment.length, 3) for segment in leg.segments]
    [2.0, 2.0, 2.0]
    """
    ends = np.concatenate([[0.0], np.cumsum([s.length for s in leg.segments])])
    faults = [
        Fault("barriers", float(x), "a position in m inside a segment of the leg is expected")
        for x in positions
        if not (0 < x < ends[-1]) or np.any(np.abs(ends - x) <= 1e-12 * ends[-1])
    ]
    if len(set(positions)) < len(positions):
        faults.append(Fault("barriers", list(positions), "positions that differ are expected"))
    if faults:
        raise InputError(*faults)
    segments, between = [], []
    for i, segment in enumerate(leg.segments):
        inside = sorted(x for x in positions if ends[i] < x < ends[i + 1])
        lengths = np.diff([ends[i], *inside, ends[i + 1]])
        segments += [Segment(segment.material, float(length)) for length in lengths]
        between += [contact or Contact()] * len(inside) + list(leg.between[i : i + 1])
    return leg.replace(segments=segments, between=between)


def without_barriers(leg: Leg) -> Leg:
    """The leg with neighbouring segments of one mixed conductor joined.

    `leg`: with or without barriers.
    Returns: the same object if there is nothing to join.

    >>> leg = Leg("Cu1.97S", length="6 mm", area="9 mm2")
    >>> len(without_barriers(with_barriers(leg, [2e-3, 4e-3])).segments)
    1
    """
    segments: list[Segment] = []
    between: list[Contact] = []
    for i, segment in enumerate(leg.segments):
        material = segment.material
        if segments and material.migration is not None and segments[-1].material == material:
            segments[-1] = Segment(material, segments[-1].length + segment.length)
            continue
        between += leg.between[i - 1 : i] if segments else ()
        segments.append(segment)
    return leg if len(segments) == len(leg.segments) else leg.replace(segments=segments, between=between)


def _mixed_segments(device: Leg | Module) -> dict[str, int]:
    """Index of the only segment with a known limit in every leg that has one."""
    found: dict[str, int] = {}
    faults = []
    for _, part, leg in legs_in(device):
        indices = [i for i, s in enumerate(leg.segments) if conductor_of(s.material) is not None]
        if len(indices) > 1:
            names = [leg.segments[i].material.name for i in indices]
            expected = "one mixed conductor in a leg is expected, for barriers to be placed"
            faults.append(Fault(f"{part}.segments", names, expected))
        elif indices:
            found[part] = indices[0]
    if faults:
        raise InputError(*faults)
    return found


@dataclass(frozen=True, eq=False)
class _Designer:
    """A device without barriers, the mixed segment of each leg, and what all designs share."""

    plain: Leg | Module
    mixed: dict[str, int]
    conditions: Generator
    options: Options

    def designs(self, wanted: Sequence[tuple[Positions, Contact]]) -> list[BarrierDesign]:
        """Designs with barriers at given positions, those of equal topology solved side by side."""
        legs = {part: leg for _, part, leg in legs_in(self.plain)}
        devices, alike = [], {}
        for k, (positions, contact) in enumerate(wanted):
            cut = {p: with_barriers(legs[p], found, contact) for p, found in positions.items() if found}
            devices.append(_changed(self.plain, cut))
            counts = tuple(len(found) for found in positions.values())
            alike.setdefault((counts, contact.thermal > 0.0), []).append(k)
        found = {}
        for group in alike.values():
            together = self._together([devices[k] for k in group])
            together.judge()
            found |= dict(zip(group, allowed(together, together.maxima()), strict=True))
        return [
            BarrierDesign(positions, devices[k], found[k], legs[found[k].weakest].area)
            for k, (positions, _) in enumerate(wanted)
        ]

    def placed(self, before: Sequence[BarrierDesign], contacts: Sequence[Contact]) -> list[BarrierDesign]:
        """Designs with one more barrier in the leg that decides.

        Their positions are for the temperatures at the current that they allow.
        """
        if not before:
            return []
        most = np.array([design.allowed.max_efficiency_current for design in before])
        current = np.minimum([design.allowed.current for design in before], most)
        areas = {part: leg.area for _, part, leg in legs_in(self.plain)}
        counts = [_one_more(design) for design in before]
        together = self._together([self.plain] * len(before))
        plans: list[dict[str, BarrierPlan]] = []
        for _ in range(ROUNDS):
            result = together.solve(current[:, None])
            segments = {part: _segment(result, part, index) for part, index in self.mixed.items()}
            plans = [
                {part: _plan(segments[part], part, k, n) for part, n in count.items()}
                for k, count in enumerate(counts)
            ]
            reached = [min(plan[p].critical_current_density * areas[p] for p in plan) for plan in plans]
            current = np.clip(reached, 0.0, most)
        return self.designs(
            [
                ({p: _from_hot_end(self.plain, p, self.mixed[p], x) for p, x in plan.items()}, contact)
                for plan, contact in zip(plans, contacts, strict=True)
            ]
        )

    def _together(self, devices: Sequence[Leg | Module]) -> SideBySide:
        T_hot = np.full(len(devices), float(np.asarray(self.conditions.T_hot)))
        return SideBySide(devices, self.conditions, T_hot, self.options)


def _one_more(design: BarrierDesign) -> dict[str, int]:
    weakest = design.allowed.weakest
    return {part: len(found) + (part == weakest) for part, found in design.positions.items()}


def _segment(result: Result, part: str, index: int) -> SegmentProfiles:
    return next(s for s in segment_profiles(result, 0, part) if s.index == index)


def _plan(segment: SegmentProfiles, part: str, k: int, count: int) -> BarrierPlan:
    """Best positions of `count` barriers in a segment for the temperatures of the k-th solved point."""
    conductor = conductor_of(segment.material)
    assert conductor is not None
    along = segment.x[k], segment.T[k], segment.sigma[k]
    return best_barriers(*along, conductor, count, direction=1 if part == "p" else -1)


def _from_hot_end(plain: Leg | Module, part: str, index: int, plan: BarrierPlan) -> tuple[float, ...]:
    leg = next(leg for _, p, leg in legs_in(plain) if p == part)
    start = sum(s.length for s in leg.segments[:index])
    return tuple(start + x for x in plan.positions)


def _changed(device: Leg | Module, legs: dict[str, Leg]) -> Leg | Module:
    if isinstance(device, Leg):
        return next(iter(legs.values()), device)
    return device.replace(**legs)
