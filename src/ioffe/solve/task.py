"""What passes between the solver and the two modes of operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ioffe.device.conditions import Array, Conditions
from ioffe.engine import circuits, newton, optimum
from ioffe.engine.network import Cases, Drive, Solution
from ioffe.solve.assemble import Assembly


@dataclass(frozen=True, eq=False)
class Outcome:
    """What `generate` or `cool` hand back: solved lanes, their axes, and maxima by family of temperatures."""

    solution: Solution
    axes: Mapping[str, Array]
    maxima: Mapping[str, Array]
    maxima_axes: Mapping[str, Array]
    others: tuple[Solution, ...] = ()
    """Solutions behind the maxima; their temperatures count for the warnings."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Task:
    """A device ready to be driven."""

    assembly: Assembly
    ambient: float
    ideal: bool
    tolerance: float
    maxima: bool = True
    """Whether the maxima are wanted even where no operating point needs them."""

    def drive(self, **imposed: Array) -> Drive:
        """Lanes with the task's surroundings."""
        n = len(next(iter(imposed.values())))
        return Drive(ambient=np.full(n, self.ambient), **imposed)

    def solve(self, drive: Drive) -> Solution:
        """Solve lanes with the task's fidelity and tolerance."""
        return newton.solve(self.assembly.network, drive, ideal=self.ideal, tolerance=self.tolerance)

    def idle_stages(self, drive: Drive, s: Solution) -> tuple[Array, Array, Array]:
        """Voltage, resistance and Peltier coefficient of each stage of a cascade; see `circuits.idle`."""
        found = tuple(stage.circuit for stage in self.assembly.stages)
        options = {"ideal": self.ideal, "tolerance": self.tolerance}
        return circuits.idle(self.assembly.network, found, drive, s.T, **options)

    def find(
        self, drive: Drive, slopes: dict[str, optimum.Slope], low: Array, high: Array
    ) -> dict[str, Array]:
        """Currents of the first sign changes between low and high; NaN where there is none or no range."""
        found = {name: np.full(len(drive), np.nan) for name in slopes}
        good = np.flatnonzero(np.isfinite(low) & np.isfinite(high) & (low != high))
        if len(good):
            inner = {k: _of(good, f) for k, f in slopes.items()}
            options = {"ideal": self.ideal, "tolerance": self.tolerance}
            network = self.assembly.network.take(good)
            at = optimum.find(network, drive.take(good), inner, low[good], high[good], **options)
            for name, values in at.items():
                found[name][good] = values
        return found

    def families(
        self, conditions: Conditions, names: dict[str, str]
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        """Axes of the listed conditions, and lanes of their product; `names` maps to the drive's words."""
        given = {k: getattr(conditions, k) for k in names if getattr(conditions, k) is not None}
        axes = {k: v for k, v in given.items() if isinstance(v, np.ndarray)}
        grids = np.meshgrid(*axes.values(), indexing="ij")
        n = grids[0].size if grids else 1
        lanes = {k: g.ravel() for k, g in zip(axes, grids, strict=True)}
        return axes, {names[k]: lanes[k] if k in lanes else np.full(n, float(v)) for k, v in given.items()}


def expanded(drive: Drive, values: Array) -> Drive:
    """The lanes of a drive, each repeated for all columns of `values`."""
    return drive.take(np.repeat(np.arange(len(drive)), values.shape[1]))


def _of(lanes: Cases, slope: optimum.Slope) -> optimum.Slope:
    return lambda s, inner: slope(s, lanes[inner])
