"""March in time: implicit steps of controlled error, and ends that open for metal and close when it is gone.

One step is a stiffly accurate, L-stable method of order 3 that conserves the metal exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.base.constants import F, R
from ioffe.migration._check import checked
from ioffe.migration.status import MigrationStatus
from ioffe.migration.transient.cells import CellEquations, Rates

_GAMMA: Final = 0.43586652150845899942
"""Root of x^3 - 3 x^2 + 3 x/2 - 1/6 between 1/6 and 1/2."""
_MIDDLE: Final = 0.5 * (1.0 + _GAMMA)
_WEIGHTS: Final = (-1.5 * _GAMMA**2 + 4.0 * _GAMMA - 0.25, 1.5 * _GAMMA**2 - 5.0 * _GAMMA + 1.25, _GAMMA)
_STAGES: Final = ((_GAMMA,), (_MIDDLE - _GAMMA, _GAMMA), _WEIGHTS)
_SECOND: Final = (0.5 - _GAMMA) / (_MIDDLE - _GAMMA)
_EMBEDDED: Final = (1.0 - _SECOND, _SECOND, 0.0)
_ITERATIONS: Final = 12
_CONVERGED: Final = 1e-9
"""Change of delta after which the next one of Newton's method is below rounding."""


@dataclass(frozen=True)
class Step:
    """Outcome of one step: the new composition, the metal passed at the ends (mol/m2), the local error."""

    delta: Array
    metal: Array
    error: float


def take_step(
    system: CellEquations, delta: Array, duration: float, open_ends: NDArray[np.bool_]
) -> Step | None:
    """The composition after `duration`, or None if an implicit stage has no solution in 12 iterations.

    Method of R. Alexander, SIAM J. Numer. Anal. 14 (1977) 1006, doi 10.1137/0714068, with an embedded
    solution of order 2 for the error. The new state is the old one and the weighted rates of the stages, so
    that the metal is conserved whatever the iterations leave.

    `delta`: deficiency of the metal by formula unit.
    `duration`: in s.
    `open_ends`: ends at which metal passes.
    """
    stages: list[Rates] = []
    guess = delta
    for row in _STAGES:
        earlier = [rates.delta for rates in stages]
        known = delta + duration * _combined(row[:-1], earlier) if earlier else delta
        rates = _solve(system, known, guess, _GAMMA * duration, open_ends)
        if rates is None:
            return None
        guess = known + _GAMMA * duration * rates.delta
        stages.append(rates)
    new = delta + duration * _combined(_WEIGHTS, [rates.delta for rates in stages])
    metal = duration * _combined(_WEIGHTS, [rates.metal for rates in stages])
    differences = tuple(w - e for w, e in zip(_WEIGHTS, _EMBEDDED, strict=True))
    raw = duration * _combined(differences, [rates.delta for rates in stages])
    largest = float(np.max(np.abs(_implicit(_GAMMA * duration, stages[-1].bands, raw))))
    return Step(new, metal, largest) if np.isfinite(largest) else None


def _solve(
    system: CellEquations, known: Array, guess: Array, weight: float, open_ends: NDArray[np.bool_]
) -> Rates | None:
    """Rates at the solution of delta = known + weight * rates(delta)."""
    value = guess.copy()
    for _ in range(_ITERATIONS):
        with np.errstate(all="ignore"):
            rates = system.rates(value, open_ends)
        residual = value - known - weight * rates.delta
        if not (np.all(np.isfinite(residual)) and np.all(np.isfinite(rates.bands))):
            return None
        change = _implicit(weight, rates.bands, residual)
        value = value - change
        if np.max(np.abs(change)) <= _CONVERGED:
            with np.errstate(all="ignore"):
                return system.rates(value, open_ends)
    return None


def _implicit(weight: float, bands: Array, right: Array) -> Array:
    """Solution of (1 - weight bands) x = right; NaN where there is none."""
    from scipy.linalg import get_lapack_funcs

    above, middle, below = -weight * bands
    (solve,) = get_lapack_funcs(("gtsv",), dtype=np.float64)
    *_, found, fault = solve(below[:-1], 1.0 + middle, above[1:], right)
    return np.full_like(right, np.nan) if fault else found


def _combined(weights: tuple[float, ...], values: list[Array]) -> Array:
    return np.tensordot(np.array(weights), np.array(values), axes=1)


_EVENT: Final = 1e-10
"""Accuracy of an event, in the reduced potential and in the metal of the leg."""
_SMALLEST: Final = 1e-14
_MOST_STEPS: Final = 100_000


@dataclass(frozen=True)
class CurrentStep:
    """A current density held for a time.

    Parameters
    ----------
    duration : float
        In s.
    J : float
        In A/m2, positive towards larger x.

    Examples
    --------
    >>> charge = CurrentStep(duration=3600.0, J=5e4)
    >>> charge.J * charge.duration  # C/m2
    180000000.0
    """

    duration: float
    J: float


def check_schedule(schedule: Sequence[CurrentStep | tuple[float, float]]) -> tuple[CurrentStep, ...]:
    """The steps of a schedule, pairs of a duration (s) and a current density (A/m2) among them allowed.

    Raises `InputError` if there is no step, or one has no duration above 0 or no finite current.

    >>> check_schedule([(3600.0, 1e5), (7200.0, 0.0)])[0]
    CurrentStep(duration=3600.0, J=100000.0)
    """
    with checked() as faults:
        steps = []
        for index, step in enumerate(schedule):
            duration, J = (step.duration, step.J) if isinstance(step, CurrentStep) else step
            if not (np.isfinite(duration) and duration > 0):
                faults.add(f"schedule[{index}].duration", duration, "a time in s above 0 is expected")
            if not np.isfinite(J):
                faults.add(f"schedule[{index}].J", J, "a finite current density in A/m2 is expected")
            steps.append(CurrentStep(float(duration), float(J)))
        if not steps:
            faults.add("schedule", [], "one step or more of a duration and a current density is expected")
    return tuple(steps)


@dataclass(frozen=True)
class LegState:
    """A leg at one time: composition, metal that may return and that may not (mol/m2), ends with metal."""

    time: float
    delta: Array
    free: Array
    detached: Array
    open_ends: NDArray[np.bool_]

    @property
    def metal(self) -> Array:
        """All metal at each end in mol/m2."""
        return self.free + self.detached


@dataclass(frozen=True)
class Controls:
    """Allowed local error of delta, share of the metal that may return, and the metal that counts as 1."""

    tolerance: float
    return_fraction: float
    metal_scale: float


def march(
    system: CellEquations,
    state: LegState,
    schedule: tuple[CurrentStep, ...],
    controls: Controls,
    record: Callable[[LegState, float], None],
) -> MigrationStatus:
    """Go through the schedule; every accepted state is handed to `record` with its current density.

    `state`: where to begin.
    `record`: takes a state and its current density in A/m2.
    """
    status = MigrationStatus.OK
    for item in schedule:
        clock = _Clock(system.at(item.J), controls, state.time + item.duration)
        duration = clock.first(state.delta)
        count = 0
        while state.time < clock.stop:
            count += 1
            found = clock.advance(state, duration)
            if found is None or count > _MOST_STEPS:
                return MigrationStatus.NOT_CONVERGED
            state, duration, ended = found
            record(state, item.J)
            if ended:
                return MigrationStatus.ANION_LIMIT
            if clock.metal_inside(state.delta):
                status = MigrationStatus.METAL_INSIDE
    return status


@dataclass(frozen=True)
class _Clock:
    """Steps at one current density up to a time."""

    system: CellEquations
    controls: Controls
    stop: float

    def first(self, delta: Array) -> float:
        """A first step over which diffusion crosses a part of a cell."""
        cells, leg = self.system.cells, self.system.leg
        D = leg.model.chemical_diffusion(delta, cells.T, leg.sigma_ion_at(cells.T), leg.molar_volume)
        return 0.01 * float(np.min(cells.width**2 / D))

    def advance(self, state: LegState, duration: float) -> tuple[LegState, float, bool] | None:
        """Next accepted state, the step to try after it, and whether the march ends there."""
        tolerance = self.controls.tolerance
        while True:
            left = self.stop - state.time
            last = duration >= left
            size = left if last else min(duration, 0.5 * left) if duration > 0.5 * left else duration
            if size <= _SMALLEST * max(self.stop, size):
                return None
            step = take_step(self.system, state.delta, size, state.open_ends)
            if step is None:
                duration = 0.25 * size
                continue
            ratio = step.error / tolerance
            next_size = size * float(np.clip(0.9 * max(ratio, 1e-9) ** (-1.0 / 3.0), 0.2, 4.0))
            if ratio > 1.0:
                duration = next_size
                continue
            signal = self._signals(state, step)
            if np.max(signal) > _EVENT:
                return self._to_event(state, step, size)
            time = self.stop if last else state.time + size
            return self._accept(state, step, time), max(next_size, duration if last else 0.0), False

    def metal_inside(self, delta: Array) -> bool:
        """Whether some cell has passed the deposition threshold of its temperature."""
        leg, T = self.system.leg, self.system.cells.T
        threshold = leg.potential(leg.model.deposition_threshold(T), T)
        return bool(np.any(leg.potential(delta, T) > threshold + 1e-6))

    def _signals(self, state: LegState, step: Step) -> Array:
        """Above 0 for each end past its event: metal appears, metal is gone, anions leave."""
        ends = self.system.cells.ends
        potential = self.system.end_potential(step.delta)
        unit = R * ends.T / F
        exhausted = -self._free(state, step.metal) / self.controls.metal_scale
        opens = np.where(state.open_ends, exhausted, (potential - ends.nucleus) / unit)
        held = np.where(state.open_ends, ends.metal, potential)
        return np.concatenate([opens, (ends.anion - held) / unit])

    def _free(self, state: LegState, metal: Array) -> Array:
        share = np.where(metal > 0, self.controls.return_fraction, 1.0)
        return state.free + share * metal

    def _accept(self, state: LegState, step: Step, time: float) -> LegState:
        free = self._free(state, step.metal)
        lost = (1.0 - self.controls.return_fraction) * np.maximum(step.metal, 0.0)
        detached = state.detached + lost
        return LegState(time, step.delta, free, detached, state.open_ends)

    def _to_event(self, state: LegState, past: Step, size: float) -> tuple[LegState, float, bool] | None:
        """Shorten a step to its first event by regula falsi, and open, close or end there."""
        before, low, high = Step(state.delta, np.zeros_like(state.free), 0.0), 0.0, size
        of_low, of_high = (float(np.max(self._signals(state, step))) for step in (before, past))
        weight_low = weight_high = 1.0
        for _ in range(200):
            if max(of_high, -of_low) <= _EVENT or high - low <= 1e-13 * size:
                break
            share = weight_low * of_low / (weight_low * of_low - weight_high * of_high)
            middle = low + (high - low) * min(max(share, 1e-3), 1.0 - 1e-3)
            step = take_step(self.system, state.delta, middle, state.open_ends)
            if step is None:
                return None
            value = float(np.max(self._signals(state, step)))
            if value > 0:
                high, of_high, past = middle, value, step
                weight_high, weight_low = 1.0, 0.5 * weight_low
            else:
                low, of_low, before = middle, value, step
                weight_low, weight_high = 1.0, 0.5 * weight_high
        return self._switch(state, before, past, low, high)

    def _switch(
        self, state: LegState, before: Step, past: Step, low: float, high: float
    ) -> tuple[LegState, float, bool]:
        signal = self._signals(state, past)
        count = state.open_ends.size
        reached = signal[:count] > 0
        exhausted = bool(np.any(reached & state.open_ends))
        step, size = (before, low) if exhausted else (past, high)
        moved = self._accept(state, step, state.time + size)
        after = replace(moved, open_ends=np.where(reached, ~state.open_ends, state.open_ends))
        return after, self.first(after.delta), bool(np.any(signal[count:] > 0))
