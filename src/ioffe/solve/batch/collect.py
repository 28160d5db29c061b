"""What was found of the devices of a batch, in arrays of all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.status import Status
from ioffe.device.cascade import Device
from ioffe.device.conditions import Array, Conditions, Generator
from ioffe.engine.network import Solution
from ioffe.engine.state import OUTSIDE, RUNAWAY
from ioffe.result.later import DerivedValues
from ioffe.solve.assemble import Assembly
from ioffe.solve.batch.cases import BatchCases, Index, SolveRequest
from ioffe.solve.ranges import UsedRanges
from ioffe.solve.task import DERIVED, QUANTITIES, flows, relative_error

if TYPE_CHECKING:
    from ioffe.solve.batch.engines import Solver

STORED = (
    "current",
    "voltage",
    "heat_hot",
    "heat_cold",
    "T_hot",
    "T_cold",
    "T_hot_junction",
    "T_cold_junction",
)
"""Quantities from which all others follow."""


TURNED: Final = 16
"""Points that are solved again where a material is beyond its range between the ends of its leg."""


@dataclass(frozen=True, eq=False)
class CaseGroup:
    """Devices that share their topology, and their materials but for those that may be mixed."""

    cases: Index | slice
    device: Device
    """The device whose numbers are arrays; likewise the conditions."""
    conditions: Conditions
    assembly: Assembly
    asked: SolveRequest


class Collector:
    """Arrays of the whole batch, filled group by group.

    `cases`, `conditions`, `kept`: the devices, under which conditions, and the names of the wanted
        quantities, if not all.
    `one_kind`: whether all devices have the same elements.
    `points`: operating points of every device, on a last axis.
    """

    def __init__(
        self,
        cases: BatchCases,
        conditions: Conditions,
        kept: tuple[str, ...],
        one_kind: bool,
        points: int = 1,
    ) -> None:
        n = len(cases) * points
        self.one_kind, self.points = one_kind, points
        self.cases, self.conditions, self.kept = cases, conditions, kept
        self.generates = isinstance(conditions, Generator)
        self.values: dict[str, Array] = {}
        self.sizes: dict[str, Array] = {}
        self.imposed: dict[str, Array] = {}
        self.ends: set[str] = set()
        self.slopes: dict[str, Array] = {}
        self.interfaces: dict[str, Array] = {}
        self.sensitivity: Any = None
        self.status = np.full(n, Status.NOT_CONVERGED, np.uint8)
        self.quality: dict[str, Array] = {}
        self.used = UsedRanges()

    def add(self, group: CaseGroup, s: Solution, devices: slice | Index = slice(None)) -> None:
        """Write what was found of a group, or of some of its devices, point by point."""
        index, assembly = group.cases, group.assembly
        here = sizes = [
            np.asarray(size, float) for size in (assembly.network.legs[0].area, assembly.footprint)
        ]
        if self.points > 1:
            if np.ndim(assembly.couples):
                couples = np.repeat(np.asarray(assembly.couples)[devices], self.points)
                assembly = replace(assembly, couples=couples)
            here = [np.repeat(size[devices], self.points) if size.ndim else size for size in sizes]
            first = np.arange(len(self.cases))[index][devices] * self.points
            index = slice(first[0], first[-1] + self.points)
            if index.stop - index.start > len(first) * self.points:
                index = (first[:, None] + np.arange(self.points)).ravel()
        found = _derived(flows(assembly, s, self.generates), here, self.generates)
        names = self.kept or self._stored(group)
        self.put(self.values, {name: found[name] for name in names}, index, s)
        for name, size in zip(("area", "footprint"), () if self.kept else sizes, strict=False):
            if size.ndim:
                self.sizes.setdefault(name, np.empty(len(self.cases)))[group.cases] = size
            else:
                self.sizes[name] = size
        self.status[index] = s.code
        self.put(self.quality, {"balance": s.balance, "error": relative_error(s)}, index, s)

    def look_beyond(
        self, group: CaseGroup, s: Solution, solver: Solver, devices: slice | Index = slice(None)
    ) -> None:
        """Gather at which temperatures materials were used where one of them was beyond its range.

        A leg is within its ends while its profile is monotonic. Where no state says how far it is not, a few
        points are solved again with their states: those with the most extreme ends, with the largest
        currents, and some in which no end is beyond.
        """
        beyond = np.flatnonzero(s.code == OUTSIDE)
        if not len(beyond):
            return
        assembly, part = group.assembly, s.part(beyond)
        which = np.arange(len(group.asked.drive))[devices][beyond // self.points]
        ends = UsedRanges()
        network = assembly.network.take(which)
        ends.add_solution(replace(assembly, network=network), part)
        if not any(part.states):
            T = np.concatenate([part.T[[leg.a, leg.b]] for leg in network.legs])
            some = {*np.nanargmin(T, axis=1), *np.nanargmax(T, axis=1), int(np.argmax(np.abs(part.current)))}
            if not ends.beyond:
                some |= set(range(TURNED))
            chosen = np.array(sorted(k for k in some if k < len(beyond)))
            drive = group.asked.drive.take(which[chosen]).at(part.current[chosen])
            network = network.take(chosen)
            ends.add_solution(replace(assembly, network=network), solver.network(network, drive))
        self.used.merge(ends.rows())

    def _stored(self, group: CaseGroup) -> tuple[str, ...]:
        """What must be stored: temperatures that are imposed are known, and ends may be junctions too."""
        for name in ("T_hot", "T_cold"):
            if getattr(group.asked.drive, name) is not None and getattr(self.conditions, name) is not None:
                given = self.cases.numbers.get(name, getattr(self.conditions, name))
                self.imposed[name] = np.asarray(given, float)
        network, assembly = group.assembly.network, group.assembly
        if self.one_kind:
            same = assembly.hot_junction == network.hot, assembly.cold_junction == network.cold
            self.ends = {name for name, found in zip(("T_hot", "T_cold"), same, strict=True) if found}
        known = {*self.imposed, *(f"{name}_junction" for name in self.ends)}
        return tuple(name for name in STORED if name not in known)

    def put(
        self, into: dict[str, Array], found: Mapping[str, Array], index: Index | slice, s: Solution
    ) -> None:
        """Write values of some cases (last axis) into arrays of all of them; NaN without a solution.

        An imposed current stays, as in single solves.
        """
        hidden = s.code >= RUNAWAY
        some = bool(hidden.any())
        for name, values in found.items():
            if name not in into:
                into[name] = np.empty((*np.shape(values)[:-1], len(self.status)))
            into[name][..., index] = (
                np.where(hidden, np.nan, values) if some and name != "current" else values
            )

    def quantities(self) -> Mapping[str, Array]:
        """Quantities of all devices in the shape of the result; what follows from others when asked for."""
        known = {name: self.shaped(values) for name, values in self.values.items()}
        if self.kept:
            return known
        hidden = self.shaped(self.status >= RUNAWAY)
        for name, given in self.imposed.items():
            here = np.broadcast_to(self._by_device(given), hidden.shape)
            known[name] = np.where(hidden, np.nan, here) if hidden.any() else here
        known |= {f"{name}_junction": known[name] for name in self.ends}
        sizes = [self._by_device(size) for size in self.sizes.values()]
        return _derived(known, sizes, self.generates, hidden)

    def _by_device(self, values: Array) -> Array:
        """Numbers of devices, or one for all of them, so that they broadcast against results."""
        last = () if self.points == 1 else (1,)
        return values.reshape((*self.cases.shape, *last)) if values.ndim else values

    def shaped(self, values: NDArray[Any]) -> NDArray[Any]:
        """Values of all points in the shape of the result."""
        last = () if self.points == 1 else (self.points,)
        return values.reshape((*self.cases.shape, *last))


def _derived(
    known: Mapping[str, Any], sizes: Sequence[Any], generates: bool, hidden: NDArray[np.bool_] | None = None
) -> DerivedValues:
    """All quantities from those that are known; NaN where they are `hidden`."""

    def formula(name: str) -> Callable[[Mapping[str, Any]], Any]:
        def value(values: Mapping[str, Any]) -> Any:
            found = DERIVED[name](values, *sizes)
            return np.where(hidden, np.nan, found) if hidden is not None and hidden.any() else found

        return value

    names = QUANTITIES[generates]
    return DerivedValues(known, {name: formula(name) for name in names if name in DERIVED}, names)
