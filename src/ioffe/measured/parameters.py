r"""What a calibration may change: numbers and curves of a device, and what the measurement adds to it.

The corrections of the measurement are

.. math:: V' = f_V (V \mp I R_\mathrm{lead}), \qquad Q' = f_Q (Q \pm K \Delta T), \qquad
          T_\mathrm{hot} \to T_\mathrm{hot} + \Delta_\mathrm{hot}

(upper signs for a generator) with the resistance of the leads, the conductance K of what passes the device
from the hot to the cold side, factors of the instruments and errors of the temperatures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ioffe.base.errors import Fault, Faults, InputError, did_you_mean
from ioffe.base.quantities import quantity
from ioffe.base.units import format_si, to_si
from ioffe.device.cascade import Cascade
from ioffe.device.conditions import Conditions
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import (
    CONDITIONS,
    field_of,
    is_count,
    materials,
    meant,
    numbers,
    quantity_of,
    rebuilt,
)
from ioffe.material.scaling import scaled
from ioffe.measured.readings import DeviceMeasurement
from ioffe.solve.gradient import names

FACTOR: Final = "relative_uncertainty"
"""Quantity of a factor: a number, or a text in per cent."""
CORRECTIONS: Final[Mapping[str, tuple[str, float, float]]] = {
    "lead_resistance": ("electrical_resistance", 0.0, 0.0),
    "bypass_conductance": ("thermal_conductance", 0.0, 0.0),
    "voltage_factor": (FACTOR, 1.0, 0.0),
    "heat_factor": (FACTOR, 1.0, 0.0),
    "T_hot_error": ("delta_T", 0.0, -np.inf),
    "T_cold_error": ("delta_T", 0.0, -np.inf),
}
"""Quantity, value without a correction, and lower bound of what the measurement adds."""
SHARED: Final = {
    "voltage": "voltage_factor",
    "heat": "heat_factor",
    "T_hot": "T_hot_error",
    "T_cold": "T_cold_error",
}
"""The correction that stands for an uncertainty which all points share."""
ELECTRICAL: Final = ("electrical_conductivity", "electrical_resistivity")


@dataclass(frozen=True)
class CalibrationParameter:
    """One number that is fitted.

    `name`: as it was asked for: a path of a number (``"legs.contact.electrical"``), of a curve
        (``"p.material.thermal_conductivity"``, which means its factor), or one of `CORRECTIONS`.
    `quantity`: of its value.
    `start`: value of the device; 1 for a factor.
    `low`: lower bound; there is no upper one.
    `behind`: full paths, and how far each moves with it.
    `is_factor`: whether it multiplies a curve.
    `known`: standard deviation of what is known of it besides, around `start`; 0 for nothing.
    """

    name: str
    quantity: str
    start: float
    low: float
    behind: Mapping[str, float]
    is_factor: bool = False
    known: float = 0.0

    def shown(self, value: float, digits: int = 4) -> str:
        """A value with its unit."""
        return f"{value:.4g}" if self.quantity == FACTOR else format_si(value, self.quantity, digits)


def parameters_of(
    device: Leg | Module | Cascade,
    conditions: Conditions,
    measurement: DeviceMeasurement,
    wanted: Iterable[str],
    known: Mapping[str, object],
) -> tuple[CalibrationParameter, ...]:
    """What is fitted: what was asked for, what is known of some numbers, and shared uncertainties.

    `measurement`: its stated uncertainties become factors known to be 1 within them.
    `wanted`: names.
    `known`: standard deviations of what is known of some numbers besides: ``"11 %"`` of a factor, ``"0.1 uohm
        cm2"`` of a contact. Those that are not wanted are fitted along.
    Raises `InputError` with every name that means nothing here, and the nearest one.
    """
    faults, found = Faults(), {}
    shared: dict[str, Any] = {}
    for name, (value, _) in measurement.uncertainty.items():
        if name in SHARED and _matters(measurement, name):
            shared[SHARED[name]] = value
    for name in dict.fromkeys([*wanted, *known, *shared]):
        with faults.collect("parameters"):
            std = known.get(name, shared.get(name))
            found[name] = _parameter(device, conditions, name, std)
    if not list(wanted):
        faults.add("parameters", expected="at least one parameter is expected", advice=offer(device))
    faults.raise_if_any()
    return tuple(found.values())


def offer(device: Leg | Module | Cascade) -> str:
    """What may be fitted, in words."""
    both = "legs." if isinstance(device, Module) else ""
    usual = [f"{both}contact.electrical", f"{both}contact.thermal", f"{both}material.thermal_conductivity"]
    return "such as " + ", ".join([*usual, *list(CORRECTIONS)[:2]])


def _matters(measurement: DeviceMeasurement, name: str) -> bool:
    heats = {"heat_hot", "heat_cold"}
    return name != "heat" or bool(heats & set(measurement.channels))


def _parameter(
    device: Leg | Module | Cascade, conditions: Conditions, name: str, known: object
) -> CalibrationParameter:
    if name in CORRECTIONS:
        kind, start, low = CORRECTIONS[name]
        return CalibrationParameter(name, kind, start, low, {}, known=_known(name, known, kind, start))
    head, _, last = name.rpartition(".")
    if last in names.TABLES and name not in numbers(device):
        behind = _curves(device, conditions, name, head, last)
        return CalibrationParameter(name, FACTOR, 1.0, 0.0, behind, True, _known(name, known, FACTOR, 1.0))
    try:
        paths = meant(device, conditions, name)
    except InputError as error:
        known_names = [*CORRECTIONS, *numbers(device), *names.curves(device)]
        advice = error.faults[0].advice or did_you_mean(name, known_names) or offer(device)
        raise InputError(
            Fault("", name, "a number or a curve of the device, or a correction is expected", advice)
        ) from None
    if any(path in materials(device) or is_count(path) for path in paths):
        raise InputError(Fault("", name, "a number or a curve is expected", offer(device)))
    if any(path in CONDITIONS and field_of(path).imposed for path in paths):
        raise InputError(Fault("", name, "a number is expected that the measurement does not impose"))
    behind = names.behind(device, conditions, name)
    start = float(np.mean([float(names.value(device, conditions, path)) for path in behind]))
    kind = quantity_of(next(iter(behind)), conditions)
    return CalibrationParameter(
        name, kind, start, quantity(kind).lower, behind, known=_known(name, known, kind, start)
    )


def _curves(
    device: Leg | Module | Cascade, conditions: Conditions, name: str, head: str, last: str
) -> dict[str, float]:
    """Full paths of curves; a conductivity moves against a tabulated resistivity."""
    own = names.curves(device)
    found: dict[str, float] = {}
    for path in meant(device, conditions, head):
        alternatives = ELECTRICAL if last in ELECTRICAL else (last,)
        stored = [f"{path}.{kind}" for kind in alternatives if f"{path}.{kind}" in own]
        if not stored:
            raise InputError(Fault("", name, "a curve of a material is expected", did_you_mean(name, own)))
        found[stored[0]] = 1.0 if stored[0].endswith(last) else -1.0
    return found


def _known(name: str, value: object, kind: str, start: float) -> float:
    if value is None:
        return 0.0
    if isinstance(value, str) and "%" in value:
        std = to_si(value, FACTOR, name) * (1.0 if kind == FACTOR else start)
    else:
        std = to_si(value, kind, name)
    if not std > 0.0:
        raise InputError(Fault(name, value, "a standard deviation above 0 is expected"))
    return std


def changed(
    device: Leg | Module | Cascade,
    conditions: Conditions,
    parameters: Iterable[CalibrationParameter],
    values: Iterable[float],
) -> tuple[Leg | Module | Cascade, Conditions]:
    """The device with its numbers and curves at given values; corrections leave it as it is.

    `device`, `conditions`: as they were.
    """
    whole: dict[str, Any] = {}
    factors: dict[str, dict[str, float]] = {}
    for one, value in zip(parameters, values, strict=True):
        for path, share in one.behind.items():
            if one.is_factor:
                material, _, kind = path.rpartition(".")
                factors.setdefault(material, {})[kind] = float(value) ** share
            else:
                whole[path] = float(value) * share
    known = materials(device)
    whole |= {path: scaled(known[path], own) for path, own in factors.items()}
    return rebuilt(device, conditions, whole) if whole else (device, conditions)
