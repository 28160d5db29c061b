"""Simulation of a leg of a mixed conductor over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import Faults
from ioffe.migration.specimen import MigratingLeg
from ioffe.migration.status import MigrationStatus
from ioffe.migration.transient.cells import CellEquations, build_cells
from ioffe.migration.transient.march import Controls, CurrentStep, LegState, check_schedule, march
from ioffe.migration.transient.result import MigrationResult, measurement_of

_COARSER: Final = 8.0
"""Tolerance of a method of order 3 that takes half as many steps."""


def simulate(
    leg: MigratingLeg,
    schedule: Sequence[CurrentStep | tuple[float, float]],
    *,
    cells: int = 100,
    tolerance: float = 1e-6,
    return_fraction: float = 1.0,
    estimate_error: bool = True,
) -> MigrationResult:
    r"""Composition of a leg under currents that change with time.

    .. math::

        \frac{\partial \delta}{\partial t} = V_m \frac{\partial j}{\partial x}

    with the flux of `MigratingLeg`, none through barriers and ends. When the composition at an end passes the
    deposition threshold, the end is held at the metal boundary and metal leaves the part at the rate of the
    flux; when the current falls, it goes back until none is left.

    Parameters
    ----------
    leg : MigratingLeg
    schedule : sequence of CurrentStep or of (duration, J)
        Times in s and current densities in A/m2.
    cells : int
        Number of finite volumes, 16 or more, shared among the parts by length.
    tolerance : float
        Allowed local error of delta in a step, over the distance of delta to the deposition threshold.
    return_fraction : float
        Share of the deposited metal that stays in contact and may go back, 0 to 1.
    estimate_error : bool
        Whether to repeat the simulation with half as many cells and steps.

    Returns
    -------
    MigrationResult

    Notes
    -----
    Finite volumes of second order; in time the L-stable method of order 3 of R. Alexander, SIAM J. Numer.
    Anal. 14 (1977) 1006, doi 10.1137/0714068. The metal is conserved to rounding. The temperature does not
    change with time, and deposited metal adds nothing to the resistance.

    Examples
    --------
    >>> from ioffe.migration.defect import CU2S
    >>> leg = MigratingLeg([0, 10e-3], 750.0, CU2S, 0.03, 122e2, 100.0, 28.4e-6)
    >>> result = simulate(leg, [(4 * 3600, 8e4)])  # below J_c
    >>> result.status.name, result.deposits
    ('OK', ())
    >>> [deposit.side for deposit in simulate(leg, [(4 * 3600, 12e4)]).deposits]  # above it
    ['end']
    """
    steps = check_schedule(schedule)
    _check(leg, cells, tolerance, return_fraction)
    result = _run(leg, steps, cells, tolerance, return_fraction)
    if not estimate_error:
        return result.result(np.nan)
    coarse = _run(leg, steps, cells // 2, _COARSER * tolerance, return_fraction)
    return result.result(_error(result, coarse, np.cumsum([step.duration for step in steps])))


@dataclass
class _Run:
    """One run and its record."""

    leg: MigratingLeg
    system: CellEquations
    metal_scale: float
    scale: float
    states: list[LegState] = field(default_factory=list)
    currents: list[float] = field(default_factory=list)
    status: MigrationStatus = MigrationStatus.OK

    def record(self, state: LegState, J: float) -> None:
        self.states.append(state)
        self.currents.append(J)

    @property
    def time(self) -> Array:
        return np.array([state.time for state in self.states])

    def end_delta(self) -> Array:
        """Composition at the ends at each time, that of the metal where there is metal."""
        ends, found = self.system.cells.ends, []
        for state, J in zip(self.states, self.currents, strict=True):
            potential = self.system.at(J).end_potential(state.delta)
            held = np.where(state.open_ends, ends.metal, potential)
            found.append(self.leg.composition(held, ends.T))
        return np.array(found)

    def balance(self) -> float:
        width, volume = self.system.cells.width, self.leg.molar_volume
        start = self.states[0].delta
        changes = [(state.delta - start) @ width / volume - np.sum(state.metal) for state in self.states]
        return float(np.max(np.abs(changes))) / self.metal_scale

    def result(self, error: float) -> MigrationResult:
        cells = self.system.cells
        seen = measurement_of(self.leg, cells)
        delta, metal = (np.array([getattr(one, name) for one in self.states]) for name in ("delta", "metal"))
        resistance, seebeck = (np.array([of(row) for row in delta]) for of in (seen.resistance, seen.seebeck))
        return MigrationResult(
            time=self.time,
            current_density=np.array(self.currents),
            x=cells.x,
            T=cells.T,
            part=cells.part,
            delta=delta,
            end_x=cells.ends.x,
            end_delta=self.end_delta(),
            metal=metal,
            resistance=resistance,
            seebeck=seebeck,
            metal_balance=self.balance(),
            point_status=np.array(self.status),
            point_error_estimate=np.array(error),
        )


def _run(
    leg: MigratingLeg, steps: tuple[CurrentStep, ...], cells: int, tolerance: float, return_fraction: float
) -> _Run:
    built = build_cells(leg, cells)
    delta = leg.delta_at(built.x)
    margin = delta - leg.model.deposition_threshold(built.T)
    scale = max(float(np.max(margin)), 1e-6)
    metal_scale = scale * float(np.sum(built.width)) / leg.molar_volume
    run = _Run(leg, CellEquations(leg, built, 0.0), metal_scale, scale)
    none = np.zeros(built.ends.x.size)
    start = LegState(0.0, delta, none, none, none.astype(bool))
    run.record(start, steps[0].J)
    controls = Controls(tolerance * scale, return_fraction, metal_scale)
    run.status = march(run.system, start, steps, controls, run.record)
    return run


def _error(fine: _Run, coarse: _Run, times: Array) -> float:
    """A third of the difference to half as many cells and steps, at the ends of the schedule's steps."""
    if fine.status >= MigrationStatus.ANION_LIMIT or coarse.status >= MigrationStatus.ANION_LIMIT:
        return np.nan

    def at(run: _Run) -> tuple[Array, Array]:
        rows = np.searchsorted(run.time, times * (1.0 - 1e-12))
        metal = np.array([run.states[row].metal for row in rows])
        return run.end_delta()[rows] / run.scale, metal / run.metal_scale

    differences = [float(np.max(np.abs(a - b))) for a, b in zip(at(fine), at(coarse), strict=True)]
    return max(differences) / 3.0


def _check(leg: MigratingLeg, cells: int, tolerance: float, return_fraction: float) -> None:
    faults = Faults()
    if isinstance(cells, bool) or not isinstance(cells, int | np.integer) or cells < 16:
        faults.add("cells", cells, "a whole number from 16 on is expected")
    if not 0 < tolerance <= 1e-2:
        faults.add("tolerance", tolerance, "a number above 0 and up to 0.01 is expected")
    if not 0 <= return_fraction <= 1:
        faults.add("return_fraction", return_fraction, "a share from 0 to 1 is expected")
    if not leg.parts():
        faults.add("leg.transition", leg.transition, "some part of the leg above the transition is expected")
    faults.raise_if_any()
