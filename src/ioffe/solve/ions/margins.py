"""Margins of solved devices against ion migration.

From the migration data of a material follow the model of its limits and what is doubtful about it; from the
temperatures and conductivities along its segments, at all operating points at once, the margins.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from ioffe.material.migration import SLACK, MigrationData
from ioffe.migration.defect import DefectModel
from ioffe.migration.leg import LegLimits, leg_limits
from ioffe.migration.limits import MixedConductor
from ioffe.result.ions import (
    SAFE,
    UNKNOWN,
    UNSAFE,
    UNSOLVED,
    LegMigration,
    LimitEnds,
    Migration,
    joined_bound,
    joined_state,
)
from ioffe.solve.assemble import Piece
from ioffe.solve.ions.limit_errors import deviations, limit_std
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

    `index`: index among the segments of the leg, 0 at the hot end.
    `x`, `T`, `sigma` (points, positions): in m from the hot end of the segment, in K and in S/m.
    `current_density` (points,): in A/m2, positive from the hot to the cold end.
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
    for index, group in enumerate(by_segment(pieces)):
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
    run = position_form.march(
        element.table, T0, c, j, loss, ORDER, allowed, tolerance, tangents=0, record=True
    )
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


def conductor_of(material: Material) -> MixedConductor | None:
    """Model of the limits of a material; None if it has no migration data or no limit is known.

    Without an S* the thermal part of the critical voltage is left out; `doubts` says so.

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
    found = _of_values(data)
    return None if found is None else replace(found, std=limit_std(data, _voltage))


def _voltage(data: MigrationData, T: float) -> float:
    found = _of_values(data)
    return np.nan if found is None else float(found.isothermal_voltage(T))


def _of_values(data: MigrationData) -> MixedConductor | None:
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


@dataclass(frozen=True)
class Taken:
    """Where the limits of one material were taken along a segment: its superionic parts, one a point.

    `ends` (parts, 2): lower and upper temperatures in K of the parts, the transition where ions stand still
        beyond it.
    """

    ends: Array

    @classmethod
    def of(cls, material: Material, T: Array) -> Taken:
        """Of temperatures in K along a segment, shape (points, positions).

        `material`: its data say above which temperature the ions move.
        `T`: in K.
        Returns: of the points that have such a part.
        """
        data = material.migration
        start = data.transition_temperature if data else None
        ends = np.sort(T[:, [0, -1]], axis=1)
        lowest = 0.0 if start is None else start.value
        return cls(np.maximum(ends[ends[:, 1] > lowest], lowest))

    def joined(self, other: Taken) -> Taken:
        """Both."""
        return Taken(np.concatenate([self.ends, other.ends]))

    @property
    def parts(self) -> list[tuple[float, float]]:
        """The ends, each a pair."""
        return [(float(low), float(high)) for low, high in self.ends]

    @property
    def span(self) -> tuple[float, float]:
        """Lowest and highest middle of the parts in K, at which the critical voltage was taken."""
        middle = np.mean(self.ends, axis=1)
        return float(np.min(middle, initial=np.inf)), float(np.max(middle, initial=-np.inf))

    def words(self, data: MigrationData) -> str:
        """What stands before limits taken there."""
        return data.limit_words(*self.span, self.parts) if len(self.ends) else ""

    def proves(self, data: MigrationData) -> tuple[bool, bool]:
        """Whether limits taken there prove currents safe, and unsafe; without a part no ion moves."""
        if not len(self.ends):
            start = data.transition_temperature
            return start is None or start.quality not in ("stand-in", "assumed"), False
        return data.proves(*self.span, self.parts)


def doubts(material: Material, taken: Taken) -> tuple[str, ...]:
    """Doubts about the limits of a material along the parts where they were taken."""
    data = material.migration
    if data is None:
        return ()
    if data.model == "none":
        return (f"{material.name}: {data.ion} ions move and no limit of the current is known",)
    if not len(taken.ends):  # no part was hot enough
        return ()
    alike: dict[tuple[str, ...], list[str]] = {}
    for one in dict.fromkeys((round(low), round(high)) for low, high in taken.parts):
        alike.setdefault(_doubts_of(data, Taken(np.array([one], float))), []).append(
            "{} K to {} K".format(*one)
        )
    return tuple(
        f"{material.name}, ion migration: {'; '.join(found)}{_where(parts) if len(alike) > 1 else ''}"
        for found, parts in alike.items()
        if found
    )


def _doubts_of(data: MigrationData, taken: Taken) -> tuple[str, ...]:
    """Doubts about the limit of one part, and what it is therefore."""
    middle = taken.span[0]
    found = []
    if "at most" in data.bounds(middle, middle):
        found.append("only an upper bound of its critical voltage is known")
    if data.S_star is None:
        found.append("S* is not known and left out")
    elif data.S_star.quality in ("stand-in", "assumed"):
        found.append(f"S* is {_words(data.S_star.quality)}")
    elif not data.S_star.covers(*taken.parts[0]):
        spans = " and ".join(f"{a:g} K to {b:g} K" for a, b in data.S_star.spans) or f"{data.S_star.T:g} K"
        found.append(f"its S* is the mean over {spans}, another span")
    first, last = data.voltage_range
    if middle < first - SLACK or middle > last + SLACK:
        known = f"{first:g} K" if first == last else f"{first:g} K to {last:g} K"
        found.append(f"its critical voltage is known at {known}, not at the mean temperature")
    limits = {"at most": "the limits are at most these", "about": "the limits are estimates"}
    words = limits.get(taken.words(data))
    return (*found, words) if words and found else tuple(found)


def _where(parts: Sequence[str]) -> str:
    """The parts that a doubt is about, where others have another or none."""
    shown = ", ".join(parts) if len(parts) < 4 else f"{parts[0]} ... {parts[-1]}"
    return f" (part{'s' * (len(parts) > 1)} of {shown})"


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
            notes += [text for material, taken in used for text in doubts(material, taken)]
    return Migration(tuple(found), tuple(dict.fromkeys(notes)))


def _leg(
    result: Result, stage: int, part: str, mixed: list[Material]
) -> tuple[LegMigration, list[tuple[Material, Taken]]]:
    """Margins of one leg, and where the limits of each material were taken."""
    shape = result.point_status.shape
    columns = np.full((10, len(result.points)), np.nan)
    weakest = np.full(len(result.points), -1)
    proves = np.zeros((2, len(result.points)), dtype=bool)
    state, bounds = (np.full(len(result.points), UNSOLVED, dtype="<U8") for _ in range(2))
    segments = segment_profiles(result, stage, part)
    columns[0] = segments[0].current_density
    used = {m.name: (m, Taken(np.zeros((0, 2)))) for m in mixed}
    for segment in segments:
        material, taken = used[segment.material.name]
        used[material.name] = material, taken.joined(Taken.of(material, segment.T))
    limited = [(s, c) for s in segments if (c := conductor_of(s.material)) is not None]
    solved = np.flatnonzero(np.isfinite(columns[0]))
    state[solved] = UNKNOWN
    for k in solved if limited else ():
        limits = [
            (s.index, leg_limits(s.x[k], s.T[k], s.sigma[k], c, s.current_density[k])) for s, c in limited
        ]
        columns[1:4, k], weakest[k], at = _joined(limits)
        for sigmas, rows in ((-deviations(), slice(4, 7)), (deviations(), slice(7, 10))):
            columns[rows, k] = _joined([(i, limit.shifted(sigmas)) for i, limit in limits])[0]
        proofs = [_proofs(s.material, s.T[k : k + 1]) for s, _ in limited]
        states = [
            _state(safe, unsafe, limit) for (safe, unsafe, _), (_, limit) in zip(proofs, limits, strict=True)
        ]
        states += [UNKNOWN] * (len(segments) - len(limited))
        state[k] = str(joined_state([np.array(one) for one in states]))
        proves[0, k] = len(limited) == len(segments) and all(safe for safe, _, _ in proofs)
        proves[1, k] = proofs[at][1]
        bounds[k] = joined_bound(np.array([words for _, _, words in proofs]))
    J, (left, largest, smallest) = columns[0], columns[1:4]
    critical = np.where(J >= 0, largest, -smallest)
    with np.errstate(divide="ignore", invalid="ignore"):
        margin = np.where((J == 0) & np.isfinite(critical), np.inf, critical / np.abs(J))
    arrays = (bounds, state, *proves, J, critical, margin, left, weakest, largest, smallest)
    low, high = (
        LimitEnds(*(v.reshape(shape) for v in columns[rows])) for rows in (slice(4, 7), slice(7, 10))
    )
    shaped = (v.reshape(shape) for v in arrays)
    one = LegMigration(part, stage, tuple(used), bool(limited), *shaped, low=low, high=high)
    return one, list(used.values())


def _proofs(material: Material, T: Array) -> tuple[bool, bool, str]:
    """Whether currents below the limit of a segment are safe, above it set metal free; words of the limit."""
    assert material.migration is not None
    taken = Taken.of(material, T)
    return *taken.proves(material.migration), taken.words(material.migration)


def _state(safe: bool, unsafe: bool, limit: LegLimits) -> str:
    """Whether a segment is known to be safe, known to be unsafe, or neither within the error of its limit."""
    if limit.shifted(-deviations()).voltage_left >= 0:
        return SAFE if safe else UNKNOWN
    return UNSAFE if unsafe and limit.shifted(deviations()).voltage_left < 0 else UNKNOWN


def _joined(limits: list[tuple[int, LegLimits]]) -> tuple[tuple[float, float, float], int, int]:
    """Voltage left, largest and smallest safe current density of all segments; the weakest, its place."""
    left = [limit.voltage_left for _, limit in limits]
    at = int(np.argmin(left))
    largest, smallest = min(x.upper for _, x in limits), max(x.lower for _, x in limits)
    weakest = limits[at][0] if np.isfinite(left[at]) else -1
    return (left[at], largest, smallest), weakest, at
