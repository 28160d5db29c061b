"""Measured points of devices for the plots of the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from ioffe.base.errors import InputError
from ioffe.base.quantities import quantity
from ioffe.base.units import to_si
from ioffe.measured.readings import DeviceMeasurement
from ioffe.report.curves import COOLER_PANELS, GENERATOR_PANELS
from ioffe.report.text import noun

NEAR: Final = 5.0
"""Kelvin within which a side is at the same temperature."""
PLOTTED = tuple(dict.fromkeys((*GENERATOR_PANELS, *COOLER_PANELS)))


def over_current(one: DeviceMeasurement) -> Mapping[str, np.ndarray]:
    """What was measured at a current, and what follows from it: power, efficiency, COP."""
    numbers = dict(one.numbers)
    if "voltage" in numbers:
        numbers.setdefault("power", np.abs(numbers["current"] * numbers["voltage"]))
    if "power" in numbers:
        with np.errstate(divide="ignore", invalid="ignore"):
            if "heat_hot" in numbers:
                numbers.setdefault("efficiency", numbers["power"] / numbers["heat_hot"])
            if "heat_cold" in numbers:
                numbers.setdefault("COP", numbers["heat_cold"] / numbers["power"])
    return {name: numbers[name] for name in PLOTTED if name in numbers}


def points_of(
    measurements: Sequence[DeviceMeasurement], stated: Iterable[str] = (), sides: Mapping[str, list[Any]] = {}
) -> dict[str, Any]:
    """Points by plot in SI, what the tables were read as, and what of them is not used.

    `stated` are the temperatures that the device states where a table does not, `sides` all that it states.
    """
    points: dict[str, list[dict[str, Any]]] = {}
    read, unused = [], []
    for one in measurements:
        words = ", ".join(noun(name) for name in one.numbers if name not in stated)
        read.append(f"{one.name}: {len(one)} points of {words}")
        unused += [f"{one.name}: {name}" for name in one.unused]
        if "current" not in one.numbers:
            continue
        for name, values in over_current(one).items():
            pairs = zip(one.numbers["current"].tolist(), values.tolist(), strict=True)
            found = [
                {"x": x, "y": y, "label": one.name} for x, y in pairs if np.isfinite(x) and np.isfinite(y)
            ]
            points.setdefault(name, []).extend(found)
    findings = [
        {"severity": "warning", "where": "", "text": text}
        for name in sides
        if name not in stated
        for text in _without_curve(measurements, name, sides[name])
    ]
    units = {name: {"x": "A", "y": quantity(name).unit} for name in points}
    return {"read_as": read, "not_used": unused, "points": points, "units": units, "findings": findings}


def _without_curve(measurements: Iterable[DeviceMeasurement], name: str, given: list[Any]) -> Iterator[str]:
    """A sentence about points at temperatures of a side at which the device is not computed."""
    all_points = [one.numbers[name] for one in measurements if name in one.numbers]
    measured = np.sort(np.concatenate(all_points)) if all_points else np.zeros(0)
    measured = measured[np.isfinite(measured)]
    try:
        computed = np.array([to_si(value, name, name) for value in given])
    except InputError:  # told where it stands
        return
    groups = np.split(measured, np.flatnonzero(np.diff(measured) > NEAR) + 1) if measured.size else []
    each = [float(np.mean(group)) for group in groups]
    if any(np.abs(computed - T).min() > NEAR for T in each):
        told = ", ".join(f"{T:.0f} K" for T in each)
        side = {"T_hot": "hot", "T_cold": "cold"}[name]
        told = f"Points were measured with the {side} side at {told}; for a curve at each, write these"
        yield f'{told} at "{side.capitalize()} side".'
