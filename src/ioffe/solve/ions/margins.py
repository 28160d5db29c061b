"""Margins of solved devices against ion migration.

From the migration data of a material follow the model of its limits and what is doubtful about it; from the
temperatures and conductivities along its segments, at all operating points at once, the margins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.constants import k_B
from ioffe.base.status import Status
from ioffe.device.cascade import Cascade
from ioffe.device.leg import Leg
from ioffe.engine import position_form
from ioffe.engine.elements import take
from ioffe.engine.thermoelement import Thermoelement
from ioffe.material.material import Material
from ioffe.material.migration import MigrationData
from ioffe.migration.defect import DefectModel
from ioffe.migration.leg import LegLimits, leg_limits
from ioffe.migration.limits import MixedConductor
from ioffe.result.ions import SAFE, UNKNOWN, UNSAFE, UNSOLVED, LegMigration, Migration, joined_state
from ioffe.solve.assemble import Piece
from ioffe.solve.profile import by_segment, parabola

if TYPE_CHECKING:
    from ioffe.result.steady import Result

Array = NDArray[np.float64]
POINTS = 81
"""Points along each piece; integrals of 1/sigma by the trapezoidal rule are right to 1e-5 of themselves."""
ORDER = 10


@dataclass(frozen=True, eq=False)
class SegmentProfiles:
    """One segment of a mixed conductor at every operating point; NaN at those without a solution.

    Parameters
    ----------
    index : int
        Index among the segments of the leg, 0 at the hot end.
    material : Material
    x, T, sigma : ndarray, shape (points, positions)
        In m from the hot end of the segment, in K and in S/m.
    current_density : ndarray, shape (points,)
        In A/m2, positive from the hot to the cold end.
    """

    index: int
    material: Material
    x: Array
    T: Array
    sigma: Array
    current_density: Array


def legs_in(device: Any) -> list[tuple[int, str, Leg]]:
    """Stage, part and leg of every leg of a device."""
    if isinstance(device, Cascade):
        return [(i, part, leg) for i, stage in enumerate(device.stages) for _, part, leg in legs_in(stage)]
    if isinstance(device, Leg):
        return [(0, device.carrier, device)]
    return [(0, "p", device.p), (0, "n", device.n)]


def segment_profiles(result: Result, stage: int, part: str) -> list[SegmentProfiles]:
    """The segments of mixed conductors in one leg of a solved device."""
    leg = next(leg for s, p, leg in legs_in(result.device) if (s, p) == (stage, part))
    pieces = [p for p in result.points[0].assembly.pieces if (p.stage, p.part) == (stage, part)]
    found = []
    for index, group in enumerate(by_segment(leg, pieces)):
        material = leg.segments[index].material
        if material.migration is None:
            continue
        start, x, T, density = np.zeros((len(result.points), 1)), [], [], np.zeros(0)
        for piece in group:
            skipped = bool(x)  # the first point of a piece is the last of the one before
            positions, temperatures, density = _piece(result, piece)
            x.append(start + positions[:, skipped:])
            T.append(temperatures[:, skipped:])
            start = start + positions[:, -1:]
        along, T_all = np.concatenate(x, axis=1), np.concatenate(T, axis=1)
        found.append(
            SegmentProfiles(index, material, along, T_all, conductivity_along(material, T_all), density)
        )
    return found


def _piece(result: Result, piece: Piece) -> tuple[Array, Array, Array]:
    """Positions in m and temperatures in K along the piece, current density in A/m2, at every point."""
    first = result.points[0]
    solution, cases = first.solution, np.array([p.case for p in result.points])
    solved = np.array([p.code < Status.RUNAWAY for p in result.points])
    element = first.assembly.network.legs[piece.leg_index]
    current = element.sign * solution.current
    J = np.broadcast_to(current / element.area, solution.current.shape)[cases]
    j = np.broadcast_to(current * element.length / element.area, solution.current.shape)[cases]
    xi = np.linspace(0.0, 1.0, POINTS)
    T = np.full((len(cases), POINTS), np.nan)
    good = np.flatnonzero(solved)
    state = solution.states[piece.leg_index]
    own = take(element, cases[good])
    T_hot, T_cold = (solution.T[node, cases[good]] for node in (element.a, element.b))
    if first.fidelity == "ideal" or state is None:
        T[good] = parabola(own, T_hot, T_cold, j[good], xi)[0]
    elif good.size:
        ambient = np.full(good.size, result.conditions.T_ambient or 300.0)
        T[good] = _marched(own, T_hot, state.c[cases[good]], j[good], ambient, xi, result.tolerance)
    lengths = np.broadcast_to(piece.length, (len(cases),))
    return lengths[:, None] * xi, T, np.where(solved, J, np.nan)


def _marched(
    element: Thermoelement, T0: Array, c: Array, j: Array, ambient: Array, xi: Array, tolerance: float
) -> Array:
    """Profiles of solved segments: the march of the solver once more, read at `xi`."""
    loss = element.loss(ambient)
    allowed = tolerance * np.maximum(1.0, np.abs(T0))
    run = position_form.march(element.table, T0, c, j, loss, ORDER, allowed, tangents=0, record=True)
    T = np.full((len(T0), len(xi)), np.nan)
    for cases, start, length, series in run.steps:
        offset = xi - start[:, None]
        inside = (offset >= 0.0) & (offset <= length[:, None] * (1.0 + 1e-9))
        inside |= (xi == 1.0) & (start + length > 1.0 - 1e-12)[:, None]
        value = np.zeros_like(offset)
        for coefficients in series[::-1, 0, 0]:
            value = value * np.where(inside, offset, 0.0) + coefficients[:, None]
        T[cases] = np.where(inside, value, T[cases])
    return T


def conductivity_along(material: Material, T: Array) -> Array:
    """Conductivity in S/m, its end values held: the solve has said already where it left the range."""
    low, high = material.T_range if material.electrical is None else material.electrical.range
    return np.asarray(material.electrical_conductivity(np.clip(T, low, high)))


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
    if "at most" in data.bounds(low, high):
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
    state = np.full(len(result.points), UNSOLVED, dtype="<U7")
    segments = segment_profiles(result, stage, part)
    columns[0] = segments[0].current_density
    used: dict[str, tuple[Material, float, float]] = {m.name: (m, np.inf, -np.inf) for m in mixed}
    for segment in segments:
        material, low, high = used[segment.material.name]
        T = middle_temperatures(segment.T, material)
        used[material.name] = material, float(np.min(T, initial=low)), float(np.max(T, initial=high))
    limited = [(s, c) for s in segments if (c := conductor_of(s.material)) is not None]
    solved = np.flatnonzero(np.isfinite(columns[0]))
    state[solved] = UNKNOWN
    for k in solved if limited else ():
        limits = [
            (s.index, leg_limits(s.x[k], s.T[k], s.sigma[k], c, s.current_density[k])) for s, c in limited
        ]
        columns[1:, k], weakest[k] = _joined(limits)
        states = [
            _state(s.material, s.T[k : k + 1], limit)
            for (s, _), (_, limit) in zip(limited, limits, strict=True)
        ]
        states += [UNKNOWN] * (len(segments) - len(limited))
        state[k] = str(joined_state([np.array(one) for one in states]))
    J, left, largest, smallest, critical = columns
    with np.errstate(divide="ignore", invalid="ignore"):
        margin = np.where((J == 0) & np.isfinite(critical), np.inf, critical / np.abs(J))
    one = LegMigration(
        part,
        stage,
        tuple(dict.fromkeys(m.name for m in mixed)),
        bool(limited),
        _limit_words(used),
        state.reshape(shape),
        *(v.reshape(shape) for v in (J, critical, margin, left, weakest, largest, smallest)),
    )
    return one, used


def _state(material: Material, T: Array, limit: LegLimits) -> str:
    """Whether a segment is known to be safe, known to be unsafe, or neither."""
    data, middle = material.migration, middle_temperatures(T, material)
    assert data is not None
    at = (float(middle[0]), float(middle[0])) if middle.size else ()
    if limit.voltage_left >= 0:
        return SAFE if data.proves_safe(*at) else UNKNOWN
    return UNSAFE if data.proves_unsafe(*at) else UNKNOWN


def _limit_words(used: dict[str, tuple[Material, float, float]]) -> str:
    """What the limits of a leg are, for the temperatures at which its critical voltages were taken."""
    for material, low, high in used.values():
        data = material.migration
        if data is not None and low <= high and (words := data.limit_words(low, high)):
            return words
    return ""


def _joined(limits: list[tuple[int, LegLimits]]) -> tuple[tuple[float, float, float, float], int]:
    """Voltage left, largest and smallest safe and critical current density of all segments; the weakest."""
    left = [limit.voltage_left for _, limit in limits]
    at = int(np.argmin(left))
    largest, smallest = min(x.upper for _, x in limits), max(x.lower for _, x in limits)
    critical = largest if limits[0][1].J >= 0 else -smallest
    weakest = limits[at][0] if np.isfinite(left[at]) else -1
    return (left[at], largest, smallest, critical), weakest
