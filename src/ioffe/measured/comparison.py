"""Measured beside computed figures of a device: both by the same evaluation, at the same points.

>>> import ioffe as te
>>> leg = te.Leg("MgAgSb0.99In0.01", "5 mm", "9 mm2")
>>> I = np.linspace(0.0, 1.5, 4)
>>> V = 0.045 - 0.02 * I
>>> points = te.measured.measurement_of({"current": I, "voltage": V}, T_hot=540.0, T_cold=303.0)
>>> found = compare(leg, te.Generator(T_hot=540.0, T_cold=303.0), points)
>>> print(f"{1e3 * float(found.difference('open_circuit_voltage')[0]):.1f} mV")
0.6 mV
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.result import BaseResult
from ioffe.base.table import ResultTable, table, unit_of
from ioffe.base.units import format_si
from ioffe.device.cascade import Cascade
from ioffe.device.conditions import Conditions
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.measured.figures import MeasuredFigures, evaluate, temperatures_in_words
from ioffe.measured.model import TAKES_POWER, DeviceModel
from ioffe.measured.readings import DeviceMeasurement

COMPARED: Final = (
    "open_circuit_voltage",
    "internal_resistance",
    "open_circuit_heat",
    "max_power",
    "max_efficiency",
    "max_heat",
    "delta_T_max",
    "ac_resistance",
)
"""Figures of which the difference is shown."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class MeasuredBesideComputed(BaseResult):
    """Figures of a measured device, and those of the computed points.

    Attributes
    ----------
    measured, computed : MeasuredFigures
        Both by `evaluate`; the computed ones from V, Q and R computed at the measured points.
    device, conditions
        What was computed.

    Examples
    --------
    >>> import ioffe as te
    >>> leg = te.Leg("MgAgSb0.99In0.01", "5 mm", "9 mm2")
    >>> numbers = {"current": [0.0, 1.0], "voltage": [0.044, 0.034]}
    >>> points = te.measured.measurement_of(numbers, T_hot=540.0, T_cold=303.0)
    >>> te.measured.compare(leg, te.Generator(T_hot=540.0, T_cold=303.0), points).names
    ('open_circuit_voltage', 'internal_resistance', 'max_power')
    """

    kind: ClassVar[str] = "comparison with a measurement"

    measured: MeasuredFigures
    computed: MeasuredFigures
    device: Leg | Module | Cascade = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Figures that both have."""
        return tuple(
            name for name in COMPARED if name in self.measured.values and name in self.computed.values
        )

    def difference(self, name: str) -> Array:
        """Measured less computed.

        Parameters
        ----------
        name : str
            One of `names`.

        Returns
        -------
        ndarray of shape (sweeps,)
            In SI.
        """
        return self.measured.values[name] - self.computed.values[name]

    def tables(self) -> dict[str, ResultTable]:
        """Measured, computed and difference of every sweep, and the points.

        Returns
        -------
        dict of str to ResultTable
            ``sweeps`` and ``points``, in SI.
        """
        m, columns, units = self.measured, {}, {}
        columns |= {"T_hot": m.T_hot, "T_cold": m.T_cold}
        for name in self.names:
            parts = {
                "measured": m.values[name],
                "measured_std": m.std[name],
                "computed": self.computed.values[name],
            }
            parts["difference"] = self.difference(name)
            columns |= {f"{name}_{part}": value for part, value in parts.items()}
            units |= {f"{name}_{part}": unit_of(name) for part in parts}
        points = dict(m.measurement.numbers)
        for name, value in self.computed.measurement.numbers.items():
            if name in m.measurement.channels:
                points[f"{name}_computed"] = value
                units[f"{name}_computed"] = unit_of(name)
        index = {"sweep": np.arange(len(m.T_hot))}
        units["dc_resistance"] = "ohm"
        return {
            "sweeps": table(index, columns, units),
            "points": table({"point": np.arange(len(m.measurement))}, points, units),
        }

    def _header(self) -> dict[str, Any]:
        return {"name": self.device.name, "measurement": self.measured.measurement.name}

    def _title(self) -> str:
        return f"{self.device.name or 'device'}: measured beside computed"

    def _facts(self) -> Iterator[tuple[str, str]]:
        for k, (hot, cold) in enumerate(zip(self.measured.T_hot, self.measured.T_cold, strict=True)):
            shown = []
            for name in self.names:
                both = (float(one.values[name][k]) for one in (self.measured, self.computed))
                words = " less ".join(format_si(value, name) for value in both)
                if np.isfinite(self.difference(name)[k]):
                    shown.append(f"{name} {words}")
            yield temperatures_in_words(hot, cold), ", ".join(shown)
        yield from self._quality()


def compare(
    device: Leg | Module | Cascade, conditions: Conditions, measurement: DeviceMeasurement
) -> MeasuredBesideComputed:
    """Figures of a measured device beside those of the computed one.

    Parameters
    ----------
    device : Leg, Module or Cascade
    conditions : Generator or Cooler
        Of which what the points do not impose is kept, such as resistances to the reservoirs.
    measurement : DeviceMeasurement

    Returns
    -------
    MeasuredBesideComputed
        The computed figures follow from V, Q and R at the measured points by the same evaluation, so that a
        line through a curve, or currents that end before the maximum, leave no difference.

    Examples
    --------
    >>> import ioffe as te
    >>> leg = te.Leg("MgAgSb0.99In0.01", "5 mm", "9 mm2")
    >>> numbers = {"current": [0.0, 1.0], "voltage": [0.044, 0.034]}
    >>> points = te.measured.measurement_of(numbers, T_hot=540.0, T_cold=303.0)
    >>> found = compare(leg, te.Generator(T_hot=540.0, T_cold=303.0), points)
    >>> found.measured.open_circuit_voltage
    array([0.044])
    """
    model = DeviceModel(device, conditions, measurement)
    values, _ = model.values()
    numbers: Mapping[str, Array] = {**measurement.numbers, **values}
    computed = replace(
        measurement, numbers={k: v for k, v in numbers.items() if k not in ("dc_resistance", "time")}
    )
    found = evaluate(measurement)
    return MeasuredBesideComputed(
        measured=found,
        computed=evaluate(replace(computed, unused=()), found.orders),
        device=device,
        warnings=(*found.warnings, *([TAKES_POWER] if model.takes_power() else []), *model.beyond_ranges()),
        notes=(*found.notes, *_single_points(found, values)),
        conditions=conditions,
    )


def _single_points(figures: MeasuredFigures, values: Mapping[str, Array]) -> Iterator[str]:
    """What was measured and computed in sweeps of one current, which have no curves."""
    n = figures.measurement.numbers
    if "delta_T" in n and "heat_cold" not in n and "T_cold" not in n:
        yield "no heat is given beside the differences of temperature: the cold side takes up none"
    for k, (hot, cold) in enumerate(zip(figures.T_hot, figures.T_cold, strict=True)):
        here = figures.sweep == k
        names = [name for name in values if name != "ac_resistance" and np.isfinite(n[name][here]).any()]
        if "current" not in n or "time" in n or not names or np.unique(n["current"][here]).size > 1:
            continue
        shown = [
            f"{name.replace('_', ' ')} {format_si(float(np.nanmean(n[name][here])), name)}, "
            f"computed {format_si(float(np.nanmean(values[name][here])), name)}"
            for name in names
        ]
        where = f"{temperatures_in_words(hot, cold)}, {format_si(float(n['current'][here][0]), 'current')}"
        yield f"one current has no V_oc, R and maxima ({where}): {'; '.join(shown)}"


def fine_points(figures: MeasuredFigures, count: int = 41) -> DeviceMeasurement:
    """Points for smooth curves: every sweep at its mean temperatures, from no current to the largest one.

    `figures`: of the measured sweeps.
    `count`: points of each.
    Returns: with the channels of the measured one, whose values mean nothing.
    """
    n = figures.measurement.numbers
    largest = np.array(
        [np.nanmax(n["current"][figures.sweep == k], initial=0.0) for k in range(len(figures.T_hot))]
    )
    current = (largest[:, None] * np.linspace(0.0, 1.0, count)).ravel()
    numbers: dict[str, Array] = {"current": current, "T_hot": np.repeat(figures.T_hot, count)}
    if "T_cold" in n:
        numbers["T_cold"] = np.repeat(figures.T_cold, count)
    for name in figures.measurement.channels:
        if name != "ac_resistance":
            numbers[name] = np.zeros(current.size)
    return DeviceMeasurement(numbers)
