r"""What follows an aim: the current of the largest power moves with every parameter.

At the largest value F of a quantity its slope to the current is zero, so that dF/da is that at fixed current,
and the current follows from

.. math:: \frac{dI}{da} = -\frac{\partial^2 F}{\partial I\,\partial a}
          \Big/ \frac{\partial^2 F}{\partial I^2}.

The first derivatives are exact at any current; the second ones are fourth-order differences of them along the
current.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ioffe.base.aims import AIMS, LARGEST
from ioffe.device.conditions import Conditions, Cooler
from ioffe.engine.network import Cases, Drive, Solution
from ioffe.solve.gradient.sensitivity import Array, Dual, Sensitivity

STEP = 5e-3
"""Relative step in the current: small for the truncation, large for the rounding of the first derivatives."""
STENCIL = np.array([0.0, -2.0, -1.0, 1.0, 2.0])
Found = dict[str, Dual]


@dataclass(frozen=True, eq=False)
class OperatingPoints:
    """Points that may be solved at any current, and how parameters move what is imposed on them."""

    sensitivity: Sensitivity
    solve: Callable[[Drive, Cases], Solution]
    """Solution of a drive; the second argument says to which device each point belongs."""
    conditions: Conditions
    couples: Any
    """Number of couples, one for all devices or (n,)."""

    def at(self, drive: Drive, cases: Cases, solution: Solution | None = None, **options: Any) -> Found:
        """Quantities with their slopes at the drive; see `imposed_by` for the options."""
        solution = self.solve(drive, cases) if solution is None else solution
        couples = self.couples[cases] if isinstance(self.couples, np.ndarray) else self.couples
        imposed = imposed_by(self.conditions, couples, drive, **options)
        return self.sensitivity.quantities(drive, solution, imposed, cases)

    def best(
        self, drive: Drive, current: Array, aim: str, cases: Cases, **options: Any
    ) -> tuple[Found, Array]:
        """Quantities at the best currents (n,), and the slopes of these currents (parameters, n)."""
        n, m = len(drive), len(STENCIL)
        every = (current[:, None] * (1.0 + STEP * STENCIL)).ravel()
        wide = np.repeat(np.arange(n), m)
        found = self.at(drive.take(wide).at(every), cases[wide], **options)
        f = np.moveaxis(found[AIMS[aim].quantity].slope.reshape(-1, n, m), -1, 0)
        with np.errstate(all="ignore"):
            second = (8.0 * (f[3] - f[2]) - (f[4] - f[1])) / (12.0 * STEP * current)
            along = -second[:-1] / second[-1]
        return {k: v.take(slice(None, None, m)) for k, v in found.items()}, along

    def along(self, drive: Drive, current: Array, aim: str, cases: Cases, **options: Any) -> Array:
        """Slopes (parameters, n) of the currents that an aim decides.

        `aim` is one of `LARGEST`, ``"short_circuit"``, or ``"heat"``: the current that carries the heat
        load of the conditions.
        """
        if aim in LARGEST:
            return self.best(drive, current, aim, cases, **options)[1]
        found = self.at(drive.at(current), cases, **options)
        with np.errstate(all="ignore"):
            if aim == "short_circuit":
                return -found["voltage"].slope[:-1] / found["voltage"].slope[-1]
            heat = found["heat_cold"].slope
            load = np.zeros_like(heat[:-1])
            if "heat" in self.sensitivity.slots:
                load[self.sensitivity.slots["heat"].start] = 1.0
            return (load - heat[:-1]) / heat[-1]

    def slopes(
        self, drive: Drive, cases: Cases, solution: Solution, aim: str | None, along: Array | None = None
    ) -> dict[str, Array]:
        """Slopes (parameters, n) of what a result says of solved operating points.

        `drive`, `cases`: what is imposed besides the operation that an aim decides, and the device of each
            point.
        `solution`: the solved points.
        `aim`: what decides the current; None where it is imposed.
        `along`: slopes of the currents of the aim, if they are known.
        """
        if aim is None:
            return {k: v.slope[:-1] for k, v in self.at(drive, cases, solution).items()}
        if along is None:
            along = self.along(drive, solution.current, aim, cases)
        found = self.at(drive.at(solution.current), cases, solution)
        return {k: v.moved(along).slope for k, v in found.items()}


def imposed_by(
    conditions: Conditions, couples: Any, drive: Drive, *, operated: bool = True, loaded: bool = True
) -> dict[str, dict[str, Any]]:
    """How fast the conditions, and the number of couples, move what is imposed on one couple.

    `operated`: whether the current, voltage or load of the conditions is that of the drive.
    `loaded`: whether the heat load of a cooler's conditions is that of the drive.
    """
    cools = isinstance(conditions, Cooler)
    found: dict[str, dict[str, Any]] = {k: {k: 1.0} for k in ("T_hot", "T_cold")}
    found["T_ambient"] = {"ambient": 1.0}
    if isinstance(conditions, Cooler) and conditions.aim == "COP" and conditions.T_cold is None:
        found["T_hot"]["T_cold"] = 1.0
    if operated:
        found["current"] = {"current": -1.0 if cools else 1.0}
        found |= {"voltage": {"voltage": 1.0 / couples}, "load": {"load": 1.0 / couples}}
    if loaded:
        found["heat"] = {"heat_cold": -1.0 / couples} if cools else {"heat_hot": 1.0 / couples}
    shared = {k: getattr(drive, k) for k in ("heat_hot", "heat_cold", "voltage", "load")}
    found["couples"] = {k: -v / couples for k, v in shared.items() if v is not None}
    return found
