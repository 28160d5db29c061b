"""March in time: steps of controlled error, and ends that open for metal and close when it is gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.constants import F, R
from ioffe.migration.defect import Array
from ioffe.migration.transient.result import MigrationStatus
from ioffe.migration.transient.schedule import CurrentStep
from ioffe.migration.transient.step import Step, take_step
from ioffe.migration.transient.system import System

__all__ = ["Controls", "State", "march"]

_EVENT: Final = 1e-10
"""Accuracy of an event, in the reduced potential and in the metal of the leg."""
_SMALLEST: Final = 1e-14
_MOST_STEPS: Final = 100_000


@dataclass(frozen=True)
class State:
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
    system: System,
    state: State,
    schedule: tuple[CurrentStep, ...],
    controls: Controls,
    record: Callable[[State, float], None],
) -> MigrationStatus:
    """Go through the schedule; every accepted state is handed to `record` with its current density."""
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

    system: System
    controls: Controls
    stop: float

    def first(self, delta: Array) -> float:
        """A first step over which diffusion crosses a part of a cell."""
        cells, leg = self.system.cells, self.system.leg
        D = leg.model.chemical_diffusion(delta, cells.T, leg.sigma_ion_at(cells.T), leg.molar_volume)
        return 0.01 * float(np.min(cells.width**2 / D))

    def advance(self, state: State, duration: float) -> tuple[State, float, bool] | None:
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

    def _signals(self, state: State, step: Step) -> Array:
        """Above 0 for each end past its event: metal appears, metal is gone, anions leave."""
        ends = self.system.cells.ends
        potential = self.system.end_potential(step.delta)
        unit = R * ends.T / F
        exhausted = -self._free(state, step.metal) / self.controls.metal_scale
        opens = np.where(state.open_ends, exhausted, (potential - ends.nucleus) / unit)
        held = np.where(state.open_ends, ends.metal, potential)
        return np.concatenate([opens, (ends.anion - held) / unit])

    def _free(self, state: State, metal: Array) -> Array:
        share = np.where(metal > 0, self.controls.return_fraction, 1.0)
        return state.free + share * metal

    def _accept(self, state: State, step: Step, time: float) -> State:
        free = self._free(state, step.metal)
        lost = (1.0 - self.controls.return_fraction) * np.maximum(step.metal, 0.0)
        detached = state.detached + lost
        return State(time, step.delta, free, detached, state.open_ends)

    def _to_event(self, state: State, past: Step, size: float) -> tuple[State, float, bool] | None:
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
        self, state: State, before: Step, past: Step, low: float, high: float
    ) -> tuple[State, float, bool]:
        signal = self._signals(state, past)
        count = state.open_ends.size
        reached = signal[:count] > 0
        exhausted = bool(np.any(reached & state.open_ends))
        step, size = (before, low) if exhausted else (past, high)
        moved = self._accept(state, step, state.time + size)
        after = replace(moved, open_ends=np.where(reached, ~state.open_ends, state.open_ends))
        return after, self.first(after.delta), bool(np.any(signal[count:] > 0))
