r"""What the sweeps of a measured device say by themselves, with errors.

At each pair of temperatures polynomials through V(I) and Q(I) (`ioffe.measured.sweep_curve`) give

.. math:: V_\mathrm{oc} = V(0), \quad P_\mathrm{max} = \max V I, \quad Q_0 = Q(0), \quad
          \eta = \frac{P}{P + Q_\mathrm{c}} = \frac{P}{Q_\mathrm{h}}

and the slope of the straight line through V(I) the resistance.

>>> from ioffe.measured import measurement_of
>>> I = np.linspace(0.0, 4.0, 9)
>>> numbers = {"current": I, "voltage": 0.31 - 0.088 * I, "heat_cold": 2.6 + 0.12 * I}
>>> found = evaluate(measurement_of(numbers, T_hot=672.0, T_cold=298.0, name="module"))
>>> print(f"{found.max_power[0]:.4f} W at {found.max_power_current[0]:.4f} A, {found.max_efficiency[0]:.4f}")
0.2730 W at 1.7614 A, 0.0886
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.base.result import EvidenceResult
from ioffe.base.table import ResultTable, table
from ioffe.base.units import format_si
from ioffe.material.checks import Finding
from ioffe.measure.estimates import groups
from ioffe.measured.readings import HEATS, DeviceMeasurement
from ioffe.measured.sweep_curve import FINE, HIGHEST, SweepCurve, order_of, polynomial, sweep_curve

WINDOW: Final = 3.0
"""Difference in K up to which temperatures of points belong together."""
FIGURES: Final = (
    *("open_circuit_voltage", "internal_resistance", "max_power", "max_power_current"),
    *("open_circuit_heat", "max_efficiency", "max_efficiency_current"),
    *("max_heat", "max_heat_current", "delta_T_max", "delta_T_max_current"),
)
CURVED: Final = 3.0
"""Standard errors from which on a curvature of V(I) is named."""
HARMAN: Final = ("ac_resistance", "ZT", "resistance_drift")
DOUBTS: Final = ("no-power",)
"""What is said of sweeps as a warning; everything else is a note."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class MeasuredFigures(EvidenceResult):
    """Figures of a measured device at every pair of temperatures; each is an attribute.

    Attributes
    ----------
    T_hot, T_cold : ndarray of shape (sweeps,)
        Mean temperatures of every sweep in K.
    values : mapping of str to ndarray of shape (sweeps,)
        ``open_circuit_voltage``, ``internal_resistance`` (slope of V(I)), ``max_power``,
        ``max_power_current``, ``open_circuit_heat``, ``max_efficiency``, ``max_efficiency_current``, of a
        cooler ``max_heat`` and ``delta_T_max`` with their currents, ``ac_resistance``, ``ZT`` by Harman's
        method, and ``resistance_drift`` in 1/s, as far as they were measured; NaN where a sweep does not
        give them.
    std : mapping of str to ndarray
        Their standard errors: scatter and stated uncertainties.
    measurement : DeviceMeasurement
    sweep : ndarray of int, shape (points,)
        To which sweep each point belongs.
    orders : mapping of (int, str) to int
        Of the polynomials, by sweep and channel.

    Notes
    -----
    Harman: ZT = R_DC/R_AC - 1 (J. Appl. Phys. 29 (1958) 1373, doi 10.1063/1.1723445), without heat that
    passes beside the device.

    Examples
    --------
    >>> from ioffe.measured import measurement_of
    >>> numbers = {"current": [0.0, 1.0, 2.0], "voltage": [0.31, 0.22, 0.13]}
    >>> found = evaluate(measurement_of(numbers, T_hot=672.0, T_cold=298.0))
    >>> found.internal_resistance.round(4)
    array([0.09])
    """

    kind: ClassVar[str] = "measured device"

    T_hot: Array
    T_cold: Array
    values: Mapping[str, Array]
    std: Mapping[str, Array]
    measurement: DeviceMeasurement
    sweep: NDArray[np.intp]
    orders: Mapping[tuple[int, str], int]
    findings: tuple[Finding, ...] = ()

    def _named(self) -> Mapping[str, Any]:
        std = {f"{name}_std": value for name, value in self.__dict__.get("std", {}).items()}
        return {**self.__dict__.get("values", {}), **std}

    def tables(self) -> dict[str, ResultTable]:
        """The figures of every sweep, and the points.

        Returns
        -------
        dict of str to ResultTable
            ``sweeps`` and ``points``, in SI.
        """
        temperatures = {"T_hot": self.T_hot, "T_cold": self.T_cold}
        index = {"sweep": np.arange(len(self.T_hot))}
        points = {**self.measurement.numbers, "sweep_of_point": self.sweep}
        units = {"dc_resistance": "ohm"}
        return {
            "sweeps": table(index, {**temperatures, **self._named()}),
            "points": table({"point": np.arange(len(self.measurement))}, points, units),
        }

    def shown(self, name: str, sweep: int) -> str:
        """A figure with its error, if it has one.

        Parameters
        ----------
        name : str
            In `values`.
        sweep : int

        Returns
        -------
        str
        """
        value, std = float(self.values[name][sweep]), float(self.std[name][sweep])
        error = f" ± {format_si(std, name, 2)}" if std > 0.0 else ""
        return format_si(value, name) + error

    def _header(self) -> dict[str, Any]:
        return {"name": self.measurement.name}

    def _title(self) -> str:
        return f"{self.measurement.name or 'measured device'}: {len(self.T_hot)} sweeps"

    def _facts(self) -> Iterator[tuple[str, str]]:
        for k in range(len(self.T_hot)):
            shown = [f"{name} {self.shown(name, k)}" for name, v in self.values.items() if np.isfinite(v[k])]
            yield temperatures_in_words(self.T_hot[k], self.T_cold[k]), ", ".join(shown)
        yield from self._quality()


def temperatures_in_words(T_hot: float, T_cold: float, digits: int = 1) -> str:
    """Temperatures of a sweep, as far as they are known.

    >>> temperatures_in_words(500.0, 300.04), temperatures_in_words(300.0, np.nan, 0)
    ('500.0 K / 300.0 K', '300 K')
    """
    known = (T for T in (T_hot, T_cold) if np.isfinite(T))
    return " / ".join(f"{T:.{digits}f} K" for T in known)


def evaluate(
    measurement: DeviceMeasurement, orders: Mapping[tuple[int, str], int] | None = None
) -> MeasuredFigures:
    """Figures of a measured device.

    Parameters
    ----------
    measurement : DeviceMeasurement
    orders : mapping of (int, str) to int, optional
        Of the curves, by sweep and channel, such as those of another measurement at the same points; by
        default as the scatter allows, see `ioffe.measured.sweep_curve.order_of`.

    Returns
    -------
    MeasuredFigures
        One entry of every figure for each pair of temperatures.

    Examples
    --------
    >>> from ioffe.measured import measurement_of
    >>> numbers = {"current": [0.0, 1.0, 2.0], "voltage": [0.31, 0.22, 0.13]}
    >>> found = evaluate(measurement_of(numbers, T_hot=672.0, T_cold=298.0))
    >>> found.internal_resistance.round(4)
    array([0.09])
    """
    n = measurement.numbers
    size = len(measurement)
    hot, cold = (np.broadcast_to(n.get(name, np.full(size, np.nan)), size) for name in ("T_hot", "T_cold"))
    sweep = sweeps_of(measurement)
    count = int(sweep.max()) + 1 if size else 0
    names = (*FIGURES, *HARMAN)
    values = {name: np.full(count, np.nan) for name in names}
    std = {name: np.full(count, np.nan) for name in names}
    said: dict[tuple[str, str], list[str]] = {}
    mean = [np.array([x[sweep == k].mean() for k in range(count)]) for x in (hot, cold)]
    known = dict(orders or {})
    for k in range(count):
        here = sweep == k
        numbers = {name: values[here] for name, values in n.items()}
        where = temperatures_in_words(mean[0][k], mean[1][k])
        one = _Sweep(numbers, measurement, where, {c: known[i, c] for i, c in known if i == k}, said)
        found = {**_electrical(one), **_harman(measurement, here)}
        known |= {(k, channel): order for channel, order in one.orders.items()}
        for name, (value, error) in found.items():
            values[name][k], std[name][k] = value, error
    for name in [name for name in names if not np.isfinite(values[name]).any()]:
        del values[name], std[name]
    findings = [
        Finding("warning" if code in DOUBTS else "note", code, f"{text} ({'; '.join(where)})")
        for (code, text), where in said.items()
    ]
    if measurement.unused:
        findings.append(Finding("note", "not-used", f"not used: {', '.join(measurement.unused)}"))
    return MeasuredFigures(
        T_hot=mean[0],
        T_cold=mean[1],
        values=values,
        std=std,
        measurement=measurement,
        sweep=sweep,
        orders=known,
        findings=tuple(findings),
    )


def sweeps_of(measurement: DeviceMeasurement) -> NDArray[np.intp]:
    """To which pair of temperatures each point belongs, rising with the hot side.

    Returns (n,)
    """
    index = np.zeros(len(measurement), np.intp)
    for name in ("T_cold", "T_hot"):
        if name in measurement.numbers:
            own, _ = groups(np.asarray(measurement.numbers[name]), WINDOW)
            index = own * (int(index.max()) + 1) + index
    return np.unique(index, return_inverse=True)[1]


@dataclass
class _Sweep:
    """The points of one sweep, its curves, and what is to be said of it."""

    numbers: Mapping[str, Array]
    measurement: DeviceMeasurement
    where: str
    orders: dict[str, int]
    said: dict[tuple[str, str], list[str]]

    @property
    def cools(self) -> bool:
        """Whether the voltage rises with the current, or the difference of temperatures was measured."""
        n = self.numbers
        line = polynomial(n["current"], n["voltage"], 1) if "voltage" in n else None
        return "delta_T" in n or (line is not None and line.parameters[1] > 0.0)

    def curve(self, name: str, least: int) -> SweepCurve | None:
        """The curve of a channel, of the order that was chosen before, or of one that is chosen now."""
        if name not in self.numbers or not np.isfinite(self.numbers[name]).any():
            return None
        current, values = self.numbers["current"], self.numbers[name]
        if name not in self.orders:
            usual = HIGHEST if self.cools else 2
            order = order_of(current, values, usual, least)
            if order is None:
                return None
            self.orders[name] = order
        return sweep_curve(current, values, self.orders[name])

    def say(self, code: str, text: str, more: str = "") -> None:
        """Note something, once for all sweeps of which it holds."""
        self.said.setdefault((code, text), []).append(f"{self.where}{more}")


def _electrical(sweep: _Sweep) -> dict[str, tuple[float, float]]:
    """Figures of the voltage and the heat of one sweep; of a cooler, whose voltage rises with the current."""
    n, m, found = sweep.numbers, sweep.measurement, {}
    if "current" not in n or "time" in n:
        return {}
    electrical = float(np.hypot(m.relative("voltage"), m.relative("current")))
    largest = float(np.nanmax(np.abs(n["current"]), initial=0.0))
    voltage = sweep.curve("voltage", 1) if "delta_T" not in n else None
    if voltage is not None:
        V_oc = float(voltage.value(0.0))
        error = voltage.error(voltage.powers(0.0))
        found["open_circuit_voltage"] = V_oc, float(np.hypot(error, m.relative("voltage") * V_oc))
        by = _mean_slope(n["current"][np.isfinite(n["voltage"])], voltage)
        slope = float(by @ voltage.coefficients)
        share = np.ptp(voltage.value(np.array([0.0, largest]), 1)) / abs(slope)
        if voltage.order > 1 and abs(voltage.coefficients[2]) > CURVED * np.sqrt(voltage.covariance[2, 2]):
            text = "V(I) is curved: V_oc and P_max are those of the curve"
            sweep.say("curved", text, f": the slope changes by {share:.1%} of R")
        error = voltage.error(by)
        found["internal_resistance"] = abs(slope), float(np.hypot(error, electrical * slope))
    side = next((name for name in HEATS if name in m.channels and np.isfinite(n[name]).any()), None)
    heat = None if side is None else sweep.curve(side, 2)
    if heat is not None:
        Q0 = float(heat.value(0.0))
        error = heat.error(heat.powers(0.0))
        found["open_circuit_heat"] = Q0, float(np.hypot(error, m.relative("heat") * Q0))
    if "delta_T" in n:
        found |= _top("delta_T_max", "largest difference", sweep, sweep.curve("delta_T", 2), largest, 0.0)
    elif voltage is not None and not sweep.cools:
        found |= _power(sweep, voltage, largest, electrical)
        if heat is not None:
            found |= _efficiency(sweep, voltage, heat, side == "heat_cold", largest, electrical)
    elif side == "heat_cold":
        found |= _top("max_heat", "largest heat", sweep, heat, largest, m.relative("heat"))
    return found


def _mean_slope(current: Array, curve: SweepCurve) -> Array:
    """Derivatives to the coefficients of a curve of the slope of the line through its points."""
    off = current - current.mean()
    return off @ curve.powers(current) / (off @ off)


def _power(
    sweep: _Sweep, voltage: SweepCurve, largest: float, electrical: float
) -> dict[str, tuple[float, float]]:
    """Largest power and its current; beyond the measured currents by the line through V(I)."""
    if not np.any(sweep.numbers["voltage"] * sweep.numbers["current"] > 0.0):
        sweep.say("no-power", "no point gives power (sign of the current, or of the voltage?)")
        return {}
    found = voltage.times_current().top(largest)
    if found is None:
        line = sweep_curve(sweep.numbers["current"], sweep.numbers["voltage"], 1)
        found = None if line is None else _beyond(line)
        if found is None:
            return {}
        text = "the largest power lies beyond the measured currents: it is extrapolated by a straight line"
        sweep.say("extrapolated", text, f", measured up to {largest:.3g} A")
    at, P, error, of_current = found
    return {
        "max_power": (P, float(np.hypot(error, electrical * P))),
        "max_power_current": (at, float(np.hypot(of_current, sweep.measurement.relative("current") * at))),
    }


def _beyond(line: SweepCurve) -> tuple[float, float, float, float] | None:
    """The top of V I of a straight line, wherever it is."""
    V_oc, slope = line.coefficients
    return line.times_current().top(-V_oc / slope) if slope < 0.0 < V_oc else None


def _top(
    name: str, words: str, sweep: _Sweep, curve: SweepCurve | None, largest: float, common: float
) -> dict[str, tuple[float, float]]:
    """The maximum of a curve and its current, if it lies within the measured currents."""
    if curve is None:
        return {}
    found = curve.top(largest)
    if found is None:
        channel = "delta_T" if name == "delta_T_max" else "heat_cold"
        most = format_si(float(np.nanmax(sweep.numbers[channel])), channel)
        sweep.say(
            "not-reached", f"the {words} was not reached", f", at least {most} at up to {largest:.3g} A"
        )
        return {}
    at, top, error, of_current = found
    return {name: (top, float(np.hypot(error, common * top))), f"{name}_current": (at, of_current)}


def _efficiency(
    sweep: _Sweep, voltage: SweepCurve, heat: SweepCurve, cold: bool, largest: float, electrical: float
) -> dict[str, tuple[float, float]]:
    """Largest efficiency within the measured currents, P/(P + Q_c) or P/Q_h."""
    power, more = voltage.times_current(), float(cold)
    J = FINE * largest
    P = power.value(J)
    with np.errstate(invalid="ignore", divide="ignore"):
        eta = P / (heat.value(J) + more * P)
    if not np.any(eta > 0.0):
        return {}
    k = int(np.nanargmax(eta))
    if k == len(J) - 1:
        text = f", at least {eta[k]:.2%} at up to {largest:.3g} A"
        sweep.say("not-reached", "the largest efficiency was not reached", text)
        return {}
    at = float(J[k])
    for _ in range(3):  # Newton on P' D - P D' = 0
        p, q, D = _derivatives(power, heat, more, at)
        at -= (p[1] * D[0] - p[0] * D[1]) / (p[2] * D[0] - p[0] * D[2])
    p, q, D = _derivatives(power, heat, more, at)
    bow = p[2] * D[0] - p[0] * D[2]
    by_P, by_Q = q[0] / D[0] ** 2 if cold else 1.0 / D[0], -p[0] / D[0] ** 2
    scatter = np.hypot(power.error(by_P * power.powers(at)), heat.error(by_Q * heat.powers(at)))
    common = np.hypot(by_P * p[0] * electrical, by_Q * q[0] * sweep.measurement.relative("heat"))
    # how the condition above moves with the coefficients, over how it moves with the current
    of_P = q[0] * power.powers(at, 1) - q[1] * power.powers(at) if cold else D[0] * power.powers(at, 1)
    of_P = of_P if cold else of_P - D[1] * power.powers(at)
    of_Q = p[1] * heat.powers(at) - p[0] * heat.powers(at, 1)
    of_current = np.hypot(power.error(of_P / bow), heat.error(of_Q / bow))
    return {
        "max_efficiency": (float(p[0] / D[0]), float(np.hypot(scatter, common))),
        "max_efficiency_current": (at, float(of_current)),
    }


def _derivatives(power: SweepCurve, heat: SweepCurve, more: float, at: float) -> tuple[Array, Array, Array]:
    """Power, heat and D, the heat that is taken in, with their first two derivatives at a current."""
    p, q = (np.array([one.value(at, d) for d in range(3)]) for one in (power, heat))
    return p, q, q + more * p


def _harman(m: DeviceMeasurement, here: NDArray[np.bool_]) -> dict[str, tuple[float, float]]:
    """AC resistance, ZT by Harman's method, and how fast the resistance changes."""
    n, found = m.numbers, {}
    ac = n["ac_resistance"][here] if "ac_resistance" in n else np.full(int(here.sum()), np.nan)
    if np.isfinite(ac).any():
        mean, error = _mean(ac)
        found["ac_resistance"] = mean, float(np.hypot(error, m.relative("ac_resistance") * mean))
    if "dc_resistance" in n:
        ratio = n["dc_resistance"][here] / ac
        if np.isfinite(ratio).any():
            mean, error = _mean(ratio)
            found["ZT"] = mean - 1.0, error
    if "time" in n:
        R = ac if np.isfinite(ac).any() else n.get("dc_resistance", np.full(len(here), np.nan))[here]
        line = polynomial(n["time"][here], R, 1)
        if line is not None:
            start, rate = line.parameters
            slopes = np.array([-rate / start**2, 1.0 / start])
            found["resistance_drift"] = float(rate / start), float(np.sqrt(slopes @ line.covariance @ slopes))
    return found


def _mean(values: Array) -> tuple[float, float]:
    good = values[np.isfinite(values)]
    return float(good.mean()), float(good.std(ddof=1) / np.sqrt(good.size)) if good.size > 1 else float("nan")
