"""Measured points of one property, and the material they make together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite, nan
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.base.curve import Curve
from ioffe.base.errors import Faults
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import convert
from ioffe.material.fields import FIELD_OF, Provenance
from ioffe.material.material import Material
from ioffe.material.readers.rows import Keep, Ordered, ordered
from ioffe.material.readers.selection import Points

Carrier = Literal["p", "n"]
NEEDED = ("seebeck", "electrical_conductivity", "thermal_conductivity")
WITHOUT_KAPPA = NEEDED[:2]
"""Properties without which a sample cannot be analysed."""
WORDS = {"electrical_conductivity": "electrical conductivity or resistivity"}
CONSISTENT = 0.02
"""Relative difference up to which a table may give conductivity and resistivity beside each other."""


@dataclass
class PointSeries:
    """Points of one property as written in a file.

    `quantity`: name in the quantity table.
    `unit`: unit of the values; the temperatures have `temperature_unit`.
    `T`, `values`: points in the order of the file.
    `std`: standard deviations in the unit of the values, or in per cent if `std_unit` is `%`; NaN or 0 where
        none is known.
    `locations`: where each point is, such as `line 7`.
    `branches`: whether each point belongs to heating or cooling, where the file says so.
    """

    quantity: str
    unit: str
    temperature_unit: str = "K"
    T: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    std: list[float] | None = None
    std_unit: str = ""
    locations: list[str] = field(default_factory=list)
    branches: list[str] = field(default_factory=list)

    def add(self, T: float, value: float, location: str, std: float | None = None, branch: str = "") -> None:
        """Add one point.

        `T`: temperature as written.
        `value`: value as written.
        `location`: where the point is, for messages.
        `std`: standard deviation as written.
        `branch`: whether it belongs to heating or cooling, where the file says so.
        """
        self.T.append(T)
        self.values.append(value)
        self.locations.append(location)
        self.branches.append(branch)
        if self.std is None and std is not None:
            self.std = [nan] * (len(self.T) - 1)
        if self.std is not None:
            self.std.append(nan if std is None else std)

    @property
    def relative_std(self) -> Array:
        """Standard deviations over the size of the values; NaN where none is known."""
        if self.std is None:
            return np.full(len(self.values), nan)
        std = np.abs(np.array(self.std, float))
        if self.std_unit == "%":
            return std / 100.0
        return std / np.abs(
            np.array(self.values, float) * convert(1.0, self.unit, self.std_unit or self.unit)
        )

    def sorted(self) -> PointSeries:
        """Copy in the order of rising temperature, for curves whose points have no order in the file."""
        order = np.argsort(self.T, kind="stable")
        lists = {name: getattr(self, name) for name in ("T", "values", "std", "locations", "branches")}
        picked = {name: [items[i] for i in order] for name, items in lists.items() if items is not None}
        return replace(self, **picked)

    def curve(self, faults: Faults, keep: Keep = "mean", notes: list[str] | None = None) -> Curve | None:
        """Curve in SI, or None with the faults noted: values out of bounds, temperatures of two samples.

        `faults`: takes what is wrong.
        `keep` {"mean", "heating", "cooling"}: which part of a cycle makes the curve.
        `notes`: takes what was averaged.
        """
        entry = QUANTITIES[self.quantity]
        before = len(faults)
        T = convert(np.array(self.T, float), self.temperature_unit, "K")
        values = convert(np.array(self.values, float), self.unit or "1", entry.unit)
        if self.quantity == "hall_carrier_density" and len(values) and np.all(values < 0.0):
            values = -values
            if notes is not None:
                notes.append("the carrier density is negative throughout: it is taken as that of electrons")
        right = self._check_temperatures(T, faults)
        for value, location, written in zip(values, self.locations, self.values, strict=True):
            if not entry.admits(float(value)):
                shown = f"{written:g} {self.unit}".strip()
                faults.add(location, shown, f"{self.quantity}: the value must be {entry.range_text}")
        if len(faults) > before or not right or not len(T):
            return None
        points = ordered(T, values, self._std(values), keep, self.branches)
        if points.restart >= 0:
            expected = (
                f"{self.quantity}: the temperatures begin again with other values, as of another sample"
            )
            shown = f"{self.T[points.restart]:g} {self.temperature_unit}"
            faults.add(
                self.locations[points.restart],
                shown,
                expected,
                "add a column with the name of the sample, or keep heating or cooling alone (--keep)",
            )
            return None
        if notes is not None:
            notes += [f"{self.quantity}: {note}" for note in points.notes]
            if any(one < 0.0 for one in self.std or ()):
                notes.append(f"{self.quantity}: errors that are negative are taken by their size")
        with faults.collect(self.quantity):
            std = _completed(points, notes, self.quantity)
            return Curve(points.T, points.values, self.quantity, std=std)
        return None

    def _check_temperatures(self, T: np.ndarray, faults: Faults) -> bool:
        """Whether all temperatures are above 0 K; those that are not are noted once for all properties."""
        if np.all(T > 0.0):
            return True
        seen = {(fault.location, fault.value) for fault in faults.found}
        for T_i, location, written in zip(T, self.locations, self.T, strict=True):
            shown = f"{written:g} {self.temperature_unit}"
            if not T_i > 0.0 and (location, shown) not in seen:
                advice = "is it in degC? the header must say so" if self.temperature_unit == "K" else ""
                faults.add(location, shown, "a temperature above 0 K is expected", advice)
        return False

    def _std(self, values: np.ndarray) -> np.ndarray:
        """Standard deviations in SI; NaN where they are 0 or not stated."""
        if self.std is None:
            return np.full(len(values), nan)
        std = np.abs(np.array(self.std, float))
        std = np.where(std > 0.0, std, nan)
        if self.std_unit == "%":
            return np.abs(values) * std / 100.0
        unit = self.std_unit or self.unit or "1"
        return std * convert(1.0, unit, QUANTITIES[self.quantity].unit)


def _completed(points: Ordered, notes: list[str] | None, quantity: str) -> np.ndarray | None:
    """Standard deviations; a point without one has the relative one of its neighbours; None without any."""
    known = np.isfinite(points.std)
    if np.all(known) or not np.any(known):
        return points.std if np.any(known) else None
    size = np.abs(points.values)
    share = np.interp(points.T, points.T[known], (points.std / np.where(size > 0.0, size, 1.0))[known])
    if notes is not None:
        count = int(np.sum(~known))
        notes.append(
            f"{quantity}: {count} points state no error; that of their neighbours, in per cent, is taken"
        )
    return np.where(known, points.std, share * size)


def assemble(
    name: str,
    series: Mapping[str, PointSeries],
    faults: Faults,
    *,
    carrier: Carrier | None = None,
    family: str = "",
    provenance: Provenance | None = None,
    missing_advice: str = "",
    reported: Collection[str] = (),
    keep: Keep = "mean",
    density: float | None = None,
    needed: Collection[str] = NEEDED,
) -> Material | None:
    """Material from its series, or None with the faults noted.

    `name`: name of the material.
    `series`: by quantity; `electrical_conductivity` or `electrical_resistivity` holds the electrical
        property.
    `faults`: takes missing properties and everything wrong with the points.
    `carrier`: `p` or `n`; by default the sign of S, if it is the same at all temperatures.
    `family`: family of the material.
    `provenance`: origin; notes are added where the reader had to choose.
    `missing_advice`: said after every missing property.
    `reported`: quantities about which a fault is noted already.
    `keep` {"mean", "heating", "cooling"}: which part of a cycle makes the curves.
    `density`: in kg/m3.
    `needed`: properties without which nothing is made.
    """
    before = len(faults)
    origin = provenance or Provenance()
    present = dict(series)
    for prop in missing(prop for prop, points in present.items() if points.T):
        if (
            prop not in needed
            or prop in reported
            or (prop == NEEDED[1] and "electrical_resistivity" in reported)
        ):
            continue
        words = WORDS.get(prop, QUANTITIES[prop].description)
        faults.add(name, expected=f"there are no values for the {words}", advice=missing_advice)
    origin = _choose_electrical(name, present, faults, origin)
    notes: list[str] = []
    of_material = {prop: points for prop, points in present.items() if prop in FIELD_OF and points.T}
    curves = {prop: points.curve(faults, keep, notes) for prop, points in of_material.items()}
    seebeck = curves.get("seebeck")
    lacking = {"electrical_conductivity", *curves} if "electrical_resistivity" in curves else set(curves)
    if len(faults) > before or seebeck is None or not set(needed) <= lacking:
        return None
    if notes:
        origin = replace(origin, reading=" ".join(filter(None, [origin.reading, *(f"{n}." for n in notes)])))
    if carrier is None:
        carrier = sign_of(seebeck)
        if carrier:
            origin = origin.with_note("Carrier type taken from the sign of S.")
    fields: dict[str, Any] = {"electrical": None, "thermal_conductivity": None, "density": density}
    for prop in reversed(FIELD_OF):
        if curves.get(prop) is not None:
            fields[FIELD_OF[prop]] = curves[prop]
    with faults.collect(name):
        return Material(name, carrier, family=family, provenance=origin, **fields)
    return None


def rising(T: NDArray[np.float64], values: NDArray[np.float64]) -> Points:
    """Finite points of a property with rising temperatures.

    `T`, `values` (n,): as they stand in the file.
    """
    if len(T) and not isfinite(float(T @ values)):  # quick, for tens of thousands of samples
        known = np.isfinite(T) & np.isfinite(values)
        T, values = T[known], values[known]
    if len(T) > 1 and (T[1:] < T[:-1]).any():
        order = np.argsort(T, kind="stable")
        T, values = T[order], values[order]
    return T, values


def points_in_si(series: Mapping[str, PointSeries]) -> dict[str, Points]:
    """Points of several properties for lists and filters.

    `series`: by quantity.
    Returns: as `SampleSource.points`.
    """
    found = {}
    for prop, one in series.items():
        with Faults().collect():
            T = convert(np.array(one.T, float), one.temperature_unit, "K")
            found[prop] = rising(
                T, convert(np.array(one.values, float), one.unit or "1", QUANTITIES[prop].unit)
            )
    return found


def missing(present: Iterable[str]) -> list[str]:
    """Needed properties that are not there; the electrical one is called `electrical_conductivity`.

    `present`: quantities that have points.
    """
    known = set(present)
    if "electrical_resistivity" in known:
        known.add("electrical_conductivity")
    return [prop for prop in NEEDED if prop not in known]


def sign_of(seebeck: Curve) -> Carrier | None:
    """Carrier type by the sign of S: `p`, `n`, or None if S changes its sign or is zero.

    `seebeck`: Seebeck coefficient.
    """
    if np.all(np.asarray(seebeck.values) > 0.0):
        return "p"
    return "n" if np.all(np.asarray(seebeck.values) < 0.0) else None


def _choose_electrical(
    name: str, series: dict[str, PointSeries], faults: Faults, origin: Provenance
) -> Provenance:
    """Leave one electrical series: of two that agree the conductivity, of two that do not none."""
    sigma, rho = series.get("electrical_conductivity"), series.get("electrical_resistivity")
    if sigma is None or rho is None:
        return origin
    if not sigma.T or not rho.T:
        del series["electrical_resistivity" if sigma.T else "electrical_conductivity"]
        return origin
    product = [
        convert(s, sigma.unit, "S/m") * convert(r, rho.unit, "ohm m")
        for Ts, s in zip(sigma.T, sigma.values, strict=True)
        for Tr, r in zip(rho.T, rho.values, strict=True)
        if Ts == Tr
    ]
    if product and max(abs(p - 1.0) for p in product) <= CONSISTENT:
        del series["electrical_resistivity"]
        return origin.with_note("The file gives conductivity and its inverse; the conductivity was taken.")
    expected = "conductivity and resistivity are both given and are not the inverse of each other"
    faults.add(name, expected=expected, advice="leave the one that was measured")
    return origin
