"""Generators that differ in their numbers, each at its own temperatures and currents, in one solve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.aims import AIMS
from ioffe.device.conditions import Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import numbers, varied
from ioffe.result.steady import Result
from ioffe.solve.assemble import assemble
from ioffe.solve.doubts import judge
from ioffe.solve.ions.margins import with_migration
from ioffe.solve.operating import GENERATOR_AIMS, generator_maxima
from ioffe.solve.ranges import extrapolated, refuse_beyond
from ioffe.solve.steady import result_of
from ioffe.solve.task import ROOM, Outcome, SteadyTask

Array = NDArray[np.float64]
Options = dict[str, Any]


@dataclass(frozen=True, eq=False)
class SideBySide:
    """Devices of one topology under the conditions of a generator; its operation does not count.

    Parameters
    ----------
    devices : sequence of Leg or Module
        With the same segments, layers and materials, and with the same numbers unequal to zero.
    conditions : Generator
        With one T_cold.
    T_hot : ndarray, shape (n,)
        In K, one for each device.
    options : dict
        `fidelity`, `tolerance`, `strict` and `force` of `Module.solve`.
    """

    devices: Sequence[Leg | Module]
    conditions: Generator
    T_hot: Array
    options: Options

    def judge(self) -> None:
        """Refuse what `Module.solve` refuses of each device."""
        doubts = {key: self.options[key] for key in ("strict", "force") if key in self.options}
        for device in {id(one): one for one in self.devices}.values():
            judge(device, self.conditions, **doubts)

    def maxima(self) -> dict[str, Array]:
        """Short circuit, largest power and largest efficiency of each device, shape (n,)."""
        task, _ = self._task(1)
        drive = task.drive(T_hot=self.T_hot, T_cold=self._cold(len(self.T_hot)))
        _, found, solved = generator_maxima(task, drive, ("short_circuit", *GENERATOR_AIMS))
        self._check(task, solved)
        names = ("short_circuit", *GENERATOR_AIMS)
        return {name: found[name] for aim in names for name in AIMS[aim].maxima}

    def solve(self, current: Array) -> Result:
        """The result at several currents of each device, with its margins.

        `current` (n, m): in A.
        Returns: along one axis with the m points of the first device, then those of the second, and so on.
        """
        task, device = self._task(current.shape[1])
        T_hot = np.repeat(self.T_hot, current.shape[1])
        drive = task.drive(T_hot=T_hot, T_cold=self._cold(current.size)).at(current.ravel())
        outcome = Outcome(task.solve(drive), {"case": np.arange(current.size, dtype=float)}, {}, {})
        self._check(task, (outcome.solution,))
        return with_migration(result_of(device, self.conditions, task, outcome, ()))

    def _task(self, times: int) -> tuple[SteadyTask, Leg | Module]:
        """The devices as one whose numbers are arrays where they differ, each `times` times."""
        each = [numbers(device) for device in self.devices]
        columns = {path: np.array([one[path] for one in each]) for path in each[0]}
        changes = {path: np.repeat(v, times) for path, v in columns.items() if np.any(v != v[0])}
        device, _ = varied(self.devices[0], self.conditions, changes)
        ambient = ROOM if self.conditions.T_ambient is None else self.conditions.T_ambient
        ideal = self.options.get("fidelity", "1d") == "ideal"
        tolerance = self.options.get("tolerance", 1e-9)
        return SteadyTask(assemble(device, self.conditions), ambient, ideal, tolerance), device

    def _cold(self, n: int) -> Array:
        return np.full(n, float(np.asarray(self.conditions.T_cold).ravel()[0]))

    def _check(self, task: SteadyTask, solved: tuple[Any, ...]) -> None:
        refuse_beyond(extrapolated(task.assembly, solved), strict=self.options.get("strict", False))
