"""Ion-blocking barriers in the legs of a generator: where, how many, and what their contacts cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ioffe.base.errors import Fault, InputError
from ioffe.device.conditions import Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Contact, Segment
from ioffe.migration.barriers import BarrierPlan, best_barriers
from ioffe.result.steady import Result
from ioffe.solve.ions.margins import conductor_of, legs_in, segment_profiles
from ioffe.solve.ions.region import Allowed, Options, allowed, check_generator

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

    positions: dict[str, tuple[float, ...]]
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
        return self.allowed.known and self.allowed.margin >= 1.0

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
    **options
        Of `Module.solve`.

    Returns
    -------
    list of BarrierDesign
        One for each number of barriers, by rising count; it ends early where a further barrier does not help.

    Raises
    ------
    InputError
        For conditions with lists, and for a leg with several mixed conductors.

    Examples
    --------
    >>> leg = Leg("Cu1.97S", length="6 mm", area="3 mm x 3 mm")
    >>> designs = design_barriers(leg, Generator(T_hot=673, T_cold=300), most=2)
    >>> [round(design.current_density / 1e4, 1) for design in designs]  # A/cm2
    [0.3, 9.2]
    >>> [design.allowed.known for design in designs]  # with a barrier the limits are bounds
    [True, False]
    """
    check_generator(device, conditions)
    if np.ndim(conditions.T_hot):
        expected = "one hot-side temperature is expected"
        raise InputError(Fault("T_hot", list(np.ravel(conditions.T_hot)), expected))
    if isinstance(most, bool) or not isinstance(most, int) or not 0 <= most <= 100:
        raise InputError(Fault("most", most, "a whole number from 0 to 100 is expected"))
    plain = _changed(device, {part: without_barriers(leg) for _, part, leg in legs_in(device)})
    mixed = _mixed_segments(plain)
    designer = _Designer(plain, mixed, contact or Contact(), conditions, options)
    counts = dict.fromkeys(mixed, 0)
    found = [designer.design(dict.fromkeys(mixed, ()))]
    extra = 0
    while found[-1].count < most:
        if found[-1].allowed.margin >= 1.0:
            if extra == beyond:
                break
            extra += 1
        counts[found[-1].allowed.weakest] += 1
        following = designer.placed(counts, found[-1])
        if following.count == found[-1].count:
            break
        found.append(following)
    return found


def with_barriers(leg: Leg, positions: Sequence[float], contact: Contact | None = None) -> Leg:
    """The leg with ion-blocking interfaces at some positions.

    Parameters
    ----------
    leg : Leg
    positions : sequence of float
        In m from the hot end, inside segments.
    contact : Contact, optional
        Of each barrier.

    Returns
    -------
    Leg
        With one more segment for each barrier; its length and its other contacts stay the same.

    Raises
    ------
    InputError
        For a position at or beyond an end of a segment, all at once.

    Examples
    --------
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

    Parameters
    ----------
    leg : Leg
        With or without barriers.

    Returns
    -------
    Leg
        The same object if there is nothing to join.

    Examples
    --------
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
    contact: Contact
    conditions: Generator
    options: Options

    def design(self, positions: dict[str, tuple[float, ...]]) -> BarrierDesign:
        """The design with barriers at given positions."""
        legs = {part: leg for _, part, leg in legs_in(self.plain)}
        cut = {p: with_barriers(legs[p], found, self.contact) for p, found in positions.items() if found}
        device = _changed(self.plain, cut)
        found = allowed(device, self.conditions, options=self.options)
        return BarrierDesign(positions, device, found, legs[found.weakest].area)

    def placed(self, counts: dict[str, int], before: BarrierDesign) -> BarrierDesign:
        """The design with given counts; its positions are for the temperatures at the current they allow."""
        current = min(before.allowed.current, before.allowed.max_efficiency_current)
        plans: dict[str, BarrierPlan] = {}
        areas = {part: leg.area for _, part, leg in legs_in(self.plain)}
        for _ in range(ROUNDS):
            at = self.conditions.replace(current=current, voltage=None, load=None)
            result = self.plain.solve(at, **{**self.options, "maxima": False})
            plans = {part: _plan(result, part, self.mixed[part], n) for part, n in counts.items()}
            reached = min(plan.critical_current_density * areas[part] for part, plan in plans.items())
            current = float(np.clip(reached, 0.0, before.allowed.max_efficiency_current))
        return self.design({p: _from_hot_end(self.plain, p, self.mixed[p], x) for p, x in plans.items()})


def _plan(result: Result, part: str, index: int, count: int) -> BarrierPlan:
    """Best positions of `count` barriers in a segment for the temperatures of a solved point."""
    segment = next(s for s in segment_profiles(result, 0, part) if s.index == index)
    conductor = conductor_of(segment.material)
    assert conductor is not None
    direction = 1 if part == "p" else -1
    return best_barriers(segment.x, segment.T[0], segment.sigma[0], conductor, count, direction=direction)


def _from_hot_end(plain: Leg | Module, part: str, index: int, plan: BarrierPlan) -> tuple[float, ...]:
    leg = next(leg for _, p, leg in legs_in(plain) if p == part)
    start = sum(s.length for s in leg.segments[:index])
    return tuple(start + x for x in plan.positions)


def _changed(device: Leg | Module, legs: dict[str, Leg]) -> Leg | Module:
    if isinstance(device, Leg):
        return next(iter(legs.values()), device)
    return device.replace(**legs)
