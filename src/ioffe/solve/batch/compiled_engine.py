"""The batch on compiled code: all groups of one topology in one call, spread over the processors."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ioffe.engine.network import Drive, Network, Solution
from ioffe.solve.assemble import Assembly
from ioffe.solve.batch import plain
from ioffe.solve.batch.task import Asked

COOLING = ("max_heat", "max_COP", "delta_T_max", "heat")
SHARE = 1e-4
"""Share of the tolerance for the search of a cooler's current: its slopes are differences of large flows."""
FINEST = 1e-11


@dataclass(frozen=True)
class CompiledEngine:
    """Solve groups of devices in machine code."""

    tolerance: float
    threads: int | None = None
    states: bool = False
    name = "compiled"

    def solve(self, groups: list[tuple[Assembly, Asked]]) -> list[Solution]:
        """One solution for each group; the groups share their topology."""
        tasks = [(assembly.network, asked) for assembly, asked in groups]
        if self.states or not plain.is_plain(*tasks[0]):
            whole = self._general(tasks)
        else:
            whole, refused = plain.solve(tasks, self.tolerance, self.threads)
            if refused.any():
                self._again(tasks, whole, refused)
        ends = np.cumsum([len(asked.drive) for _, asked in tasks])
        return [
            whole.part(slice(end - len(asked.drive), end))
            for end, (_, asked) in zip(ends, tasks, strict=True)
        ]

    def _again(self, tasks: list[tuple[Network, Asked]], whole: Solution, refused: NDArray[np.bool_]) -> None:
        """Solve with the general form what the plain one refused."""
        rest, start = [], 0
        for network, asked in tasks:
            size = len(asked.drive)
            lanes = np.flatnonzero(refused[start : start + size])
            start += size
            if len(lanes):
                rest.append((network.take(lanes), replace(asked, drive=asked.drive.take(lanes))))
        found = self._general(rest)
        for name in ("T", "current", "voltage", "heat_hot", "heat_cold", "loss", "residual", "error", "code"):
            getattr(whole, name)[..., refused] = getattr(found, name)

    def _general(self, tasks: list[tuple[Network, Asked]]) -> Solution:
        from ioffe.engine.compiled.network import solve

        return solve(self._driven(tasks), states=self.states, tolerance=self.tolerance, threads=self.threads)

    def network(self, network: Network, drive: Drive) -> Solution:
        """Lanes of one network, with the states of all segments."""
        from ioffe.engine.compiled.network import solve

        return solve([(network, drive)], states=True, tolerance=self.tolerance, threads=self.threads)

    def _driven(self, tasks: list[tuple[Network, Asked]]) -> list[tuple[Network, Drive]]:
        """Networks and their drives, with the currents that the aim decides."""
        from ioffe.engine.compiled import search

        driven = [(network, asked.drive) for network, asked in tasks]
        aim = tasks[0][1].aim
        if aim is None:
            return driven
        loads = [asked.load for _, asked in tasks if asked.load is not None and aim == "heat"]
        heat = np.concatenate(loads) if loads else None
        fine = min(self.tolerance, max(SHARE * self.tolerance, FINEST))
        tolerance = fine if aim in COOLING else self.tolerance
        found = search.find(driven, aim, heat=heat, tolerance=tolerance, threads=self.threads)[aim]
        parts = np.split(found, np.cumsum([len(drive) for _, drive in driven])[:-1])
        return [(net, drive.at(part)) for (net, drive), part in zip(driven, parts, strict=True)]
