"""Measured points of devices for the plots of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ioffe.base.quantities import quantity
from ioffe.measured.readings import DeviceMeasurement
from ioffe.report.curves import COOLER_PANELS, GENERATOR_PANELS
from ioffe.report.text import noun

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


def points_of(measurements: Iterable[DeviceMeasurement], stated: Iterable[str] = ()) -> dict[str, Any]:
    """Points by plot in SI, what the tables were read as, and what of them is not used.

    `stated` are the temperatures that the device states where a table does not.
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
    units = {name: {"x": "A", "y": quantity(name).unit} for name in points}
    return {"read_as": read, "not_used": unused, "points": points, "units": units, "findings": []}
