"""The batch on the engine that solves single devices: no compiler needed, all lanes of a group at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ioffe.device.conditions import Array
from ioffe.engine import newton, optimum
from ioffe.engine.network import Drive, Network, Solution
from ioffe.engine.state import RUNAWAY
from ioffe.solve import cool, generate
from ioffe.solve.assemble import Assembly
from ioffe.solve.batch.task import Asked
from ioffe.solve.task import Task

_SLOPES = {"max_power": optimum.power_slope, "max_efficiency": optimum.efficiency_slope}


@dataclass(frozen=True)
class NumpyEngine:
    """Solve groups of devices one after the other."""

    tolerance: float
    name = "numpy"

    def solve(self, groups: list[tuple[Assembly, Asked]]) -> list[Solution]:
        """One solution for each group."""
        return [self._group(*group) for group in groups]

    def network(self, network: Network, drive: Drive) -> Solution:
        """Lanes of one network, with the states of all segments."""
        return newton.solve(network, drive, tolerance=self.tolerance)

    def _group(self, assembly: Assembly, asked: Asked) -> Solution:
        task = Task(assembly, 300.0, False, self.tolerance)
        if asked.aim is None:
            return task.solve(asked.drive)
        return task.solve(asked.drive.at(_current(task, asked.drive, asked.aim, asked.load)))


def _current(task: Task, drive: Drive, aim: str, load: Array | None) -> Array:
    if aim in ("short_circuit", *_SLOPES):
        slopes = {"short_circuit": optimum.voltage} | {k: v for k, v in _SLOPES.items() if k == aim}
        return generate.currents(task, drive, slopes)[0][aim]
    ends = {"T_hot": drive.T_hot, "T_cold": drive.T_cold}
    top = cool.top_current(task, {k: v for k, v in ends.items() if v is not None})
    if aim == "delta_T_max":
        return cool.search(task, drive, optimum.cold_node_slope(task.assembly.network), top)
    at_heat = cool.search(task, drive, optimum.cooling_slope, top)
    if aim == "max_heat":
        return at_heat
    if aim == "max_COP":
        best = cool.COP_current(task, drive, at_heat)
        s = task.solve(drive.at(best))
        return np.where((s.code < RUNAWAY) & (s.heat_cold < 0), best, np.nan)
    s = task.solve(drive.at(at_heat))
    most = np.where(s.code < RUNAWAY, -s.heat_cold, np.nan)
    assert load is not None
    return cool.carrying_current(task, drive, load, at_heat, most)
