"""How far the current of every leg is from setting metal free, at every operating point of a result.

The limits are those of `ioffe.migration.limits`, on the temperatures that the solve found. Every segment of a
leg stands for itself: an interface between segments, even of one material, blocks the ions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ioffe.material.material import Material
from ioffe.migration.leg import LegLimits, leg_limits
from ioffe.result.ions import LegMigration, Migration
from ioffe.solve.ions.model import conductor_of, doubts, middle_temperatures
from ioffe.solve.ions.profile import legs_in, segment_profiles

if TYPE_CHECKING:
    from ioffe.result.steady import Result

__all__ = ["migration_of", "with_migration"]

Array = NDArray[np.float64]


def with_migration(result: Result) -> Result:
    """The result with its margins and their warnings, if a leg holds a mixed conductor; else as it is."""
    if not any(s.material.migration for _, _, leg in legs_in(result.device) for s in leg.segments):
        return result
    found = migration_of(result)
    return replace(result, migration=found, warnings=(*result.warnings, *found.warnings()))


def migration_of(result: Result) -> Migration:
    """Margins of every leg of a result that holds a mixed conductor."""
    found = []
    notes: list[str] = []
    for stage, part, leg in legs_in(result.device):
        mixed = [s.material for s in leg.segments if s.material.migration is not None]
        if mixed:
            one, used = _leg(result, stage, part, mixed)
            found.append(one)
            notes += [text for name in used for text in doubts(*used[name])]
    return Migration(tuple(found), tuple(dict.fromkeys(notes)))


def _leg(
    result: Result, stage: int, part: str, mixed: list[Material]
) -> tuple[LegMigration, dict[str, tuple[Material, float, float]]]:
    """Margins of one leg, and the temperatures that the critical voltage of each material was taken at."""
    shape = result.point_status.shape
    columns = np.full((5, len(result.points)), np.nan)
    weakest = np.full(len(result.points), -1)
    segments = segment_profiles(result, stage, part)
    columns[0] = segments[0].current_density
    used: dict[str, tuple[Material, float, float]] = {m.name: (m, np.inf, -np.inf) for m in mixed}
    for segment in segments:
        material, low, high = used[segment.material.name]
        T = middle_temperatures(segment.T, material)
        used[material.name] = material, float(np.min(T, initial=low)), float(np.max(T, initial=high))
    limited = [(s, c) for s in segments if (c := conductor_of(s.material)) is not None]
    for k in np.flatnonzero(np.isfinite(columns[0])) if limited else ():
        limits = [(s.index, leg_limits(s.x, s.T[k], s.sigma[k], c, s.current_density[k])) for s, c in limited]
        columns[1:, k], weakest[k] = _joined(limits)
    J, left, largest, smallest, critical = columns
    with np.errstate(divide="ignore", invalid="ignore"):
        margin = np.where((J == 0) & np.isfinite(critical), np.inf, critical / np.abs(J))
    one = LegMigration(
        part,
        stage,
        tuple(dict.fromkeys(m.name for m in mixed)),
        bool(limited),
        any(m.migration.is_upper_bound for m in mixed if m.migration is not None),
        *(v.reshape(shape) for v in (J, critical, margin, left, weakest, largest, smallest)),
    )
    return one, used


def _joined(limits: list[tuple[int, LegLimits]]) -> tuple[tuple[float, float, float, float], int]:
    """Voltage left, largest and smallest safe and critical current density of all segments; the weakest."""
    left = [limit.voltage_left for _, limit in limits]
    at = int(np.argmin(left))
    largest, smallest = min(x.upper for _, x in limits), max(x.lower for _, x in limits)
    critical = largest if limits[0][1].J >= 0 else -smallest
    weakest = limits[at][0] if np.isfinite(left[at]) else -1
    return (left[at], largest, smallest, critical), weakest
