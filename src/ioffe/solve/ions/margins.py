"""From the migration data of a material to the model of its limits, and what is doubtful about it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ioffe.base.constants import k_B
from ioffe.material.material import Material
from ioffe.material.migration import MigrationData
from ioffe.migration.defect import DefectModel
from ioffe.migration.leg import LegLimits, leg_limits
from ioffe.migration.limits import MixedConductor
from ioffe.result.ions import LegMigration, Migration
from ioffe.solve.ions.profile import legs_in, segment_profiles

if TYPE_CHECKING:
    from ioffe.result.steady import Result


__all__ = ["conductor_of", "doubts", "middle_temperatures"]

MEASURED_AT = 1.0
"""Distance in K within which a temperature counts as the one of the measurement."""


def conductor_of(material: Material) -> MixedConductor | None:
    """Model of the limits of a material; None if it has no migration data or no limit is known.

    Without an S* the thermal part of the critical voltage is left out; `doubts` says so.

    Examples
    --------
    >>> from ioffe.material.library import load_material
    >>> conductor = conductor_of(load_material("Cu1.97S"))
    >>> float(conductor.isothermal_voltage(750.0)), conductor.transition
    (0.09, 350.0)
    >>> round(1e3 * float(conductor_of(load_material("Cu2S")).isothermal_voltage(750.0)), 3)  # mV, defect
    40.31
    """
    return None if material.migration is None else _conductor(material.migration)


@lru_cache(maxsize=64)
def _conductor(data: MigrationData) -> MixedConductor | None:
    S_star = 0.0 if data.S_star is None else data.S_star.value
    transition = 0.0 if data.transition_temperature is None else data.transition_temperature.value
    if data.model == "critical voltage":
        return MixedConductor(data.measured_voltage, S_star, transition)
    if data.model == "defect" and data.delta is not None:
        return MixedConductor.of_defect(_defect(data), data.delta.value, S_star, transition)
    return None


def _defect(data: MigrationData) -> DefectModel:
    """The defect model; its checks were made when the data were."""
    delta_c = 0.0 if data.delta_c is None else data.delta_c.value
    top = np.inf if data.delta_max is None else data.delta_max.value
    product = data.electron_hole_product
    if product is not None and product.T is not None:
        energy = -k_B * product.T * float(np.log(product.value))
    else:
        energy = 0.0 if data.gibbs_energy is None else data.gibbs_energy.value
    return DefectModel(energy, delta_c, top, data.charge)


def doubts(material: Material, low: float, high: float) -> tuple[str, ...]:
    """Doubts about the limits of a material; its critical voltage was taken from `low` to `high` in K."""
    data = material.migration
    if data is None:
        return ()
    if data.model == "none":
        return (f"{material.name}: {data.ion} ions move and no limit of the current is known",)
    if not low <= high:  # no part was hot enough
        return ()
    found = []
    if data.is_upper_bound:
        found.append(
            "only an upper bound of its critical voltage is known, so that the limits are at most these"
        )
    if data.S_star is None:
        found.append("S* is not known and left out of its limits")
    elif data.S_star.quality in ("stand-in", "assumed"):
        found.append(f"S* is {_words(data.S_star.quality)}")
    first, last = data.voltage_range
    if low < first - MEASURED_AT or high > last + MEASURED_AT:
        known = f"{first:g} K" if first == last else f"{first:g} K to {last:g} K"
        taken = f"{low:.0f} K" if high - low < 1.0 else f"{low:.0f} K to {high:.0f} K"
        found.append(f"its critical voltage is known at {known} and was taken at {taken}")
    return (f"{material.name}, ion migration: {'; '.join(found)}",) if found else ()


def middle_temperatures(T: NDArray[np.float64], material: Material) -> NDArray[np.float64]:
    """Means of the end temperatures of the superionic part, at which the critical voltage is taken.

    Parameters
    ----------
    T : ndarray, shape (points, positions)
        Temperatures in K along a segment.
    material : Material
        Its data say above which temperature the ions move.

    Returns
    -------
    ndarray
        Of the points that have such a part.
    """
    data = material.migration
    start = 0.0 if data is None or data.transition_temperature is None else data.transition_temperature.value
    ends = T[:, [0, -1]]
    ends = ends[np.max(ends, axis=1) > start]
    return np.mean(np.maximum(ends, start), axis=1)


def _words(quality: str) -> str:
    return "that of another material" if quality == "stand-in" else "assumed"


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
