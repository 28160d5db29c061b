"""Properties that a table states by others: a conductivity by the power factor, kappa by its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from ioffe.base.units import convert
from ioffe.material.readers.columns.headers import HeaderColumn
from ioffe.material.readers.columns.vocabulary import MATERIAL, Vocabulary
from ioffe.material.readers.columns.words import PARTS_OF_KAPPA, POWER_FACTOR, reason
from ioffe.material.readers.series import PointSeries

KAPPA_PARTS: Final = (
    "lattice_thermal_conductivity",
    "electronic_thermal_conductivity",
    "bipolar_thermal_conductivity",
)
"""Parts of kappa; the first two together make it, with the third where it is stated too."""
_MEANT: Final = {POWER_FACTOR: "power_factor", **dict(zip(PARTS_OF_KAPPA, KAPPA_PARTS, strict=True))}
_NOTES: Final = {
    "power_factor": "the conductivity is {} over S^2: errors of S count twice in it",
    KAPPA_PARTS[0]: "kappa is the sum of {} and the other parts of it",
}


def with_means(
    columns: Sequence[HeaderColumn],
    names: Sequence[str],
    units: Sequence[str] | None,
    words: Vocabulary = MATERIAL,
) -> list[HeaderColumn]:
    """Columns of a table with those from which a property that it lacks can be made.

    `columns`: what is understood.
    `names`: all headers.
    `units`: units below them.
    `words`: what headers may mean.
    Returns: in their order.
    """
    known = {c.quantity for c in columns if not c.is_std}
    if words is not MATERIAL or "temperature" not in known:
        return list(columns)
    taken, found = {c.index for c in columns}, {}
    for index, header in enumerate(names):
        name, unit = words.parts(header)
        unit = unit or (units[index] if units and index < len(units) else "")
        quantity = _MEANT.get(reason(name), "") if header and index not in taken else ""
        like = "thermal_conductivity" if quantity in KAPPA_PARTS else quantity
        if like and unit and quantity not in found and words.fits(like, words.unit_of(like, unit)):
            warm = [c.index for c in columns if c.quantity == "temperature" and not c.is_std]
            left = max((k for k in warm if k < index), default=warm[0])
            note = _NOTES[quantity].format(header) if quantity in _NOTES else ""
            read = words.unit_of(like, unit)
            found[quantity] = HeaderColumn(index, header, quantity, read, temperature=left, note=note)
    wanted = []
    if "seebeck" in known and not known & {"electrical_conductivity", "electrical_resistivity"}:
        wanted.append("power_factor")
    if "thermal_conductivity" not in known and set(KAPPA_PARTS[:2]) <= set(found):
        wanted += KAPPA_PARTS
    added = [found[quantity] for quantity in wanted if quantity in found]
    return sorted([*columns, *added], key=lambda column: column.index)


def made_of_others(series: dict[str, PointSeries]) -> dict[str, PointSeries]:
    """Series with the conductivity of S and the power factor, and with kappa of its parts.

    `series`: by quantity.
    Returns: without what these were made of, but for S.
    """
    found = {name: points for name, points in series.items() if name not in ("power_factor", *KAPPA_PARTS)}
    factor, S = series.get("power_factor"), series.get("seebeck")
    if factor is not None and factor.T and S is not None and S.T:
        seebeck = _at(factor, S, "V/K")
        values = convert(np.array(factor.values, float), factor.unit, "W/(m K2)")
        made = {k: values[k] / s**2 for k, s in enumerate(seebeck) if s}
        found["electrical_conductivity"] = _like(factor, "electrical_conductivity", "S/m", made)
    parts = {name: series[name] for name in KAPPA_PARTS if name in series and series[name].T}
    if set(KAPPA_PARTS[:2]) <= set(parts):
        first = parts[KAPPA_PARTS[0]]
        total = sum((_at(first, part, "W/(m K)") for part in parts.values()), np.zeros(len(first.T)))
        made = dict(enumerate(total))
        found["thermal_conductivity"] = _like(first, "thermal_conductivity", "W/(m K)", made)
    return found


def _at(where: PointSeries, of: PointSeries, unit: str) -> np.ndarray:
    """Values of one series at the temperatures of another one."""
    T = convert(np.array(where.T, float), where.temperature_unit, "K")
    own = convert(np.array(of.T, float), of.temperature_unit, "K")
    values = convert(np.array(of.values, float), of.unit, unit)
    if len(own) == len(T) and np.array_equal(own, T):
        return values
    order = np.argsort(own, kind="stable")
    return np.interp(T, own[order], values[order])


def _like(series: PointSeries, quantity: str, unit: str, values: Mapping[int, float]) -> PointSeries:
    """Points of another quantity at those of a series."""
    kept = list(values)
    return PointSeries(
        quantity,
        unit,
        series.temperature_unit,
        [series.T[k] for k in kept],
        [float(values[k]) for k in kept],
        locations=[series.locations[k] for k in kept],
        branches=[series.branches[k] for k in kept],
    )
