"""Measured values and sweeps of a device, and what is computed under the conditions of a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ioffe.base.errors import Faults
from ioffe.device.conditions import OPERATION, Conditions, Generator

if TYPE_CHECKING:
    from ioffe.result.steady import Result


@dataclass(frozen=True)
class Measured:
    """One published value of a device.

    `quantity`: name in the quantity table, such as ``max_efficiency``.
    `value`, `std`: in SI; the standard deviation is 0 where none is stated.
    `at`: conditions in SI where they differ from those of the device file: ``T_hot``, ``T_cold``,
        ``current``, ``voltage``, ``load`` or ``heat``.
    `condition`: what else one must know of the measurement.
    `kind` {"measured", "simulated"}: whether the source measured or simulated it.
    `source`, `doi`: where it was published.
    """

    quantity: str
    value: float
    std: float = 0.0
    at: Mapping[str, float] = field(default_factory=dict)
    condition: str = ""
    kind: Literal["measured", "simulated"] = "measured"
    source: str = ""
    doi: str = ""


@dataclass(frozen=True)
class SweepFile:
    """A table of measured sweeps that a device file names; `ioffe.measured` reads it.

    `options`: what is said of it: ``heat``, ``T_hot``, ``T_cold``, ``uncertainty``, ``noise``.
    `condition`, `source`, `doi`: what else one must know of the measurement, and where it was published.
    """

    path: Path
    options: Mapping[str, object] = field(default_factory=dict)
    condition: str = ""
    source: str = ""
    doi: str = ""


@dataclass(frozen=True)
class Comparison(Measured):
    """A published value and the computed one under the same conditions.

    `computed`: in SI; NaN if the device has no solution there, or several.
    """

    computed: float = float("nan")

    @property
    def difference(self) -> float:
        """Computed less published over published; NaN where zero was published.

        >>> round(Comparison("max_power", 0.41, computed=0.42).difference, 4)
        0.0244
        """
        return self.computed / self.value - 1.0 if self.value else float("nan")


def conditions_at(conditions: Conditions, at: Mapping[str, Any]) -> Conditions:
    """Conditions of one published value: those of the file, changed by `at`, without a sweep.

    The maxima do not depend on the operating point, so a sweep or a list becomes the point of largest power
    or of largest heat. For a cooler, `T_cold`, `current` and `heat` are taken from `at` alone if it has any
    of them.

    Raises `InputError` if these conditions contradict each other.

    >>> from ioffe.device import Cooler, Generator
    >>> sweep = Generator(T_hot=[373, 593], T_cold=293, current="sweep")
    >>> found = conditions_at(sweep, {"T_hot": 569.0})
    >>> found.T_hot, found.T_cold, found.current
    (569.0, 293.0, 'max_power')
    >>> conditions_at(Cooler(T_hot=300, T_cold=[260, 280], current="sweep"), {"heat": 0.0}).aim
    'delta_T'
    """
    changed = _generator if isinstance(conditions, Generator) else _cooler
    return conditions.replace(**changed(conditions, at))


def compare(rows: tuple[Measured, ...], conditions: Conditions, solve: Any) -> tuple[Comparison, ...]:
    """Every published value beside the one that `solve` gives under its conditions.

    `rows`: the published values.
    `conditions`: those of the device file.
    `solve`: from `conditions` to a `Result`, with `maxima` as in `Module.solve`; rows that differ in the hot
        side alone are solved together.
    """
    alike: dict[Any, list[int]] = {}
    for i, row in enumerate(rows):
        others = sorted((name, value) for name, value in row.at.items() if name != "T_hot")
        alike.setdefault(("T_hot" in row.at, *others), []).append(i)
    computed = np.full(len(rows), np.nan)
    for group in alike.values():
        at: dict[str, Any] = dict(rows[group[0]].at)
        hot = np.unique([rows[i].at["T_hot"] for i in group]) if "T_hot" in at else np.zeros(0)
        if hot.size > 1:
            at["T_hot"] = hot
        result: Result = solve(conditions=conditions_at(conditions, at), maxima=True)
        for i in group:
            values = result.values.get(rows[i].quantity)
            if values is not None and hot.size > 1:
                values = values[np.searchsorted(hot, rows[i].at["T_hot"])]
            computed[i] = _single(values)
    pairs = zip(rows, computed.tolist(), strict=True)
    return tuple(Comparison(**vars(row), computed=value) for row, value in pairs)


def _generator(conditions: Any, at: Mapping[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = dict(at)
    given = [name for name in OPERATION if name in at]
    now = next(
        (getattr(conditions, name) for name in OPERATION if getattr(conditions, name) is not None), None
    )
    if given or isinstance(now, np.ndarray) or now == "sweep":
        changes |= {name: None for name in OPERATION if name not in given}
    if "heat" in at and "T_hot" not in at:
        changes["T_hot"] = None
    if "T_hot" in at and "heat" not in at:
        changes["heat"] = None
    return changes


def _cooler(conditions: Any, at: Mapping[str, Any]) -> dict[str, Any]:
    faults = Faults()
    for name in ("voltage", "load"):
        if name in at:
            faults.add(name, at[name], "no such condition is known for a cooler")
    faults.raise_if_any()
    changes: dict[str, Any] = dict(at)
    names = ("T_cold", "current", "heat", "aim")
    if any(name in at for name in names):
        changes |= {name: None for name in names if name not in at}
    else:
        changes |= {name: getattr(conditions, name) for name in names}
    if isinstance(changes["current"], np.ndarray | str):
        changes["current"] = None
    if changes["current"] is None and changes["aim"] is None:
        if changes["T_cold"] is None:
            changes["aim"] = "delta_T"
        elif changes["heat"] is None:
            changes["current"] = "max_heat"
    return changes


def _single(values: Any) -> float:
    """The one value of an array, NaN if it has none or several."""
    if values is None:
        return float("nan")
    finite = values[np.isfinite(values)].ravel()
    alone = finite.size and np.ptp(finite) <= 1e-6 * np.abs(finite).max()
    return float(finite[0]) if alone else float("nan")
