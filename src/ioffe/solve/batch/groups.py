"""The devices of a batch in groups that share their materials and topology: solved, and collected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ioffe.base.errors import Fault, InputError
from ioffe.device.cascade import Device
from ioffe.device.conditions import SWEEP, Conditions, Cooler, Generator
from ioffe.solve.assemble import assemble
from ioffe.solve.batch.cases import BatchCases, Index, asked
from ioffe.solve.batch.collect import CaseGroup, Collector
from ioffe.solve.batch.curves import curves
from ioffe.solve.batch.engines import CompiledEngine, Solver
from ioffe.solve.gradient.of_result import batch_slopes
from ioffe.solve.profile import interface_temperatures

CHUNK = 50_000
"""Devices solved at once, to bound the memory."""


@dataclass(frozen=True, eq=False)
class BatchTask:
    """A device, its conditions and cases, and what is wanted of them."""

    device: Device
    conditions: Conditions
    cases: BatchCases
    solver: Solver
    paths: tuple[str, ...] = ()
    """What the quantities are differentiated by."""
    interfaces: bool = False
    kept: tuple[str, ...] = ()
    """Quantities that are wanted; all if none is named."""
    points: int = 1
    """Cases of one device, on a last axis."""

    def run(self, aim: str | None = None) -> Collector:
        """Solve all devices; `aim` takes the place of the one in the conditions."""
        if aim is None and "sweep" in (self.conditions.current, getattr(self.conditions, "load", None)):
            return self.sweep()
        kinds = self.cases.kinds()
        out = Collector(self.cases, self.conditions, self.kept, len(kinds) == 1 and self._are_alike())
        for portion in self.portions(kinds):
            groups = [g if aim is None else replace(g, asked=replace(g.asked, aim=aim)) for g in portion]
            solutions = self.solver.solve([(g.assembly, g.asked) for g in groups])
            for group, solution in zip(groups, solutions, strict=True):
                out.add(group, solution)
                out.look_beyond(group, solution, self.solver)
                if self.interfaces:
                    found = interface_temperatures(group.device, group.assembly, solution.T)
                    out.put(out.interfaces, found, group.cases, solution)
                if self.paths:
                    at = group.assembly, group.asked, solution, self.solver
                    out.sensitivity, found = batch_slopes(group.device, group.conditions, self.paths, *at)
                    out.put(out.slopes, found, group.cases, solution)
        return out

    def sweep(self) -> Collector:
        """Currents up to the short circuit, or to 1.5 times that of the largest heat, on a last axis."""
        if self.paths:
            raise InputError(Fault("gradient", expected="one operating point is expected, not a sweep"))
        generates = isinstance(self.conditions, Generator)
        held = not isinstance(self.conditions, Cooler) or self.conditions.aim == "COP"
        aim = "max_heat" if held or self.conditions.T_cold is not None else "delta_T_max"
        aim, share = ("short_circuit", 1.0) if generates else (aim, 1.5)
        if isinstance(self.solver, CompiledEngine) and not self.interfaces:
            return self._from_few(self.solver, aim, share)
        ends = replace(self, interfaces=False, kept=("current",)).run(aim)
        largest = ends.values["current"] * share
        wide = self.cases.repeated(len(SWEEP)).with_number("current", (largest[:, None] * SWEEP).ravel())
        fixed = {"current": 0.0} | ({"load": None} if generates else {})
        return replace(self, conditions=self.conditions.replace(**fixed), cases=wide, points=len(SWEEP)).run()

    def _from_few(self, engine: CompiledEngine, aim: str, share: float) -> Collector:
        """Curves from few solved currents, up to a share of that of an aim."""
        kinds = self.cases.kinds()
        alike = len(kinds) == 1 and self._are_alike()
        out = Collector(self.cases, self.conditions, self.kept, alike, len(SWEEP))
        for portion in self.portions(kinds):
            ends = engine.solve([(g.assembly, replace(g.asked, aim=aim)) for g in portion])
            for group, end in zip(portion, ends, strict=True):
                for devices, s in curves(engine, group.assembly, group.asked, end, share):
                    out.add(group, s, devices)
                    out.look_beyond(group, s, engine, devices)
        return out

    def _are_alike(self) -> bool:
        """Whether no varied material decides about elements, so that devices of one kind have the same."""
        return self.cases.materials.keys() <= set(self.cases.mixes(self.device))

    def portions(self, kinds: list[Index]) -> Iterator[list[CaseGroup]]:
        """Groups of one topology, together about as many devices as are solved at once."""
        alike = self.paths or self.interfaces or self.solver.name != "compiled"
        mixed = () if alike else self.cases.mixes(self.device)
        for block in (block for kind in kinds for block in self._blocks(kind)):
            portions: dict[Any, list[CaseGroup]] = {}
            sizes: dict[Any, int] = {}
            for group in self.cases.groups(block, mixed):
                for start in range(0, len(group), CHUNK):
                    index = _range(group[start : start + CHUNK])
                    device, here = self.cases.of(self.device, self.conditions, index, mixed)
                    assembly = assemble(device, here)
                    count = min(CHUNK, len(group) - start)
                    request = asked(self.conditions, here, count, assembly.couples)
                    # materials of layers and side losses decide about elements too
                    shape = assembly.network.topology
                    portions.setdefault(shape, []).append(CaseGroup(index, device, here, assembly, request))
                    sizes[shape] = sizes.get(shape, 0) + count
                    if sizes[shape] >= CHUNK:
                        yield portions.pop(shape)
                        del sizes[shape]
            yield from portions.values()

    def _blocks(self, kind: Index) -> list[Index]:
        """Devices in the same blocks whichever others are solved with them, where the engine needs it."""
        size = self.points * (self.solver.block or len(self.cases))
        edges = np.arange(size, len(self.cases), size)
        return [block for block in np.split(kind, np.searchsorted(kind, edges)) if len(block)]


def _range(cases: Index) -> Index | slice:
    """Cases that follow one another as a slice, which copies nothing."""
    first, last = int(cases[0]), int(cases[-1])
    return slice(first, last + 1) if last - first == len(cases) - 1 else cases
