r"""What the sweeps of a measured device say by themselves, with errors.

At each pair of temperatures a straight line through V(I) and a parabola through Q(I) (Peltier heat and half
of the Joule heat) give

.. math:: V = V_\mathrm{oc} - R I, \quad P_\mathrm{max} = \frac{V_\mathrm{oc}^2}{4 R}, \quad
          Q = Q_0 + b I + c I^2, \quad \eta = \frac{P}{P + Q_\mathrm{c}} = \frac{P}{Q_\mathrm{h}}

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
from numpy.typing import ArrayLike, NDArray

from ioffe.base.arrays import Array
from ioffe.base.least_squares import LeastSquaresFit, linear_least_squares
from ioffe.base.result import EvidenceResult
from ioffe.base.table import ResultTable, table
from ioffe.base.units import format_si
from ioffe.material.checks import Finding
from ioffe.measure.estimates import groups
from ioffe.measured.readings import HEATS, DeviceMeasurement

WINDOW: Final = 3.0
"""Difference in K up to which temperatures of points belong together."""
FINE: Final = np.linspace(0.0, 1.0, 501)
"""Shares of the largest measured current at which the largest efficiency is looked for."""
CURVED: Final = 3.0
"""Standard errors from which on a curvature of V(I) is named."""
FIGURES: Final = (
    *("open_circuit_voltage", "internal_resistance", "max_power", "max_power_current"),
    *("open_circuit_heat", "max_efficiency", "max_efficiency_current"),
    *("max_heat", "max_heat_current", "delta_T_max", "delta_T_max_current"),
)
HARMAN: Final = ("ac_resistance", "ZT", "resistance_drift")


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

    def _header(self) -> dict[str, Any]:
        return {"name": self.measurement.name}

    def _title(self) -> str:
        return f"{self.measurement.name or 'measured device'}: {len(self.T_hot)} sweeps"

    def _facts(self) -> Iterator[tuple[str, str]]:
        for k in range(len(self.T_hot)):
            shown = [
                f"{name} {format_si(float(v[k]), name)} ± {format_si(float(self.std[name][k]), name, 2)}"
                for name, v in self.values.items()
                if np.isfinite(v[k])
            ]
            yield temperatures_in_words(self.T_hot[k], self.T_cold[k]), ", ".join(shown)
        yield from self._quality()


def temperatures_in_words(T_hot: float, T_cold: float, digits: int = 1) -> str:
    """Temperatures of a sweep, as far as they are known.

    >>> temperatures_in_words(500.0, 300.04), temperatures_in_words(300.0, np.nan, 0)
    ('500.0 K / 300.0 K', '300 K')
    """
    known = (T for T in (T_hot, T_cold) if np.isfinite(T))
    return " / ".join(f"{T:.{digits}f} K" for T in known)


def evaluate(measurement: DeviceMeasurement) -> MeasuredFigures:
    """Figures of a measured device.

    Parameters
    ----------
    measurement : DeviceMeasurement

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
    findings: list[Finding] = []
    for k in range(count):
        here = sweep == k
        found = {**_electrical(measurement, here, findings), **_harman(measurement, here)}
        for name, (value, error) in found.items():
            values[name][k], std[name][k] = value, error
    for name in [name for name in names if not np.isfinite(values[name]).any()]:
        del values[name], std[name]
    if measurement.unused:
        findings.append(Finding("note", "not-used", f"not used: {', '.join(measurement.unused)}"))
    mean = [np.array([x[sweep == k].mean() for k in range(count)]) for x in (hot, cold)]
    return MeasuredFigures(
        T_hot=mean[0],
        T_cold=mean[1],
        values=values,
        std=std,
        measurement=measurement,
        sweep=sweep,
        findings=tuple(findings),
    )


def sweeps_of(measurement: DeviceMeasurement) -> NDArray[np.intp]:
    """To which pair of temperatures each point belongs, rising with the hot side.

    Parameters
    ----------
    measurement : DeviceMeasurement

    Returns
    -------
    ndarray of int, shape (n,)
    """
    index = np.zeros(len(measurement), np.intp)
    for name in ("T_cold", "T_hot"):
        if name in measurement.numbers:
            own, _ = groups(np.asarray(measurement.numbers[name]), WINDOW)
            index = own * (int(index.max()) + 1) + index
    return np.unique(index, return_inverse=True)[1]


def polynomial(current: Array, values: Array, degree: int) -> LeastSquaresFit | None:
    """Polynomial through measured values, lowest power first; None if the points do not determine it.

    Parameters
    ----------
    current, values : ndarray of shape (n,)
        NaN values are left out.
    degree : int

    Returns
    -------
    LeastSquaresFit or None
    """
    good = np.isfinite(values) & np.isfinite(current)
    if np.unique(current[good]).size <= degree:
        return None
    return linear_least_squares(current[good, None] ** np.arange(degree + 1), values[good])


def _electrical(
    m: DeviceMeasurement, here: NDArray[np.bool_], findings: list[Finding]
) -> dict[str, tuple[float, float]]:
    """Figures of the voltage and the heat of one sweep; of a cooler, whose voltage rises with the current."""
    n, found = m.numbers, {}
    if "current" not in n or "time" in n:
        return {}
    current = n["current"][here]
    electrical = float(np.hypot(m.relative("voltage"), m.relative("current")))
    line = polynomial(current, n["voltage"][here], 1) if "voltage" in n and "delta_T" not in n else None
    cools = "delta_T" in n or (line is not None and line.parameters[1] > 0.0)
    if line is not None:
        V_oc, slope = line.parameters
        found["open_circuit_voltage"] = (
            V_oc,
            _error(line.covariance, [1.0, 0.0], m.relative("voltage") * V_oc),
        )
        R = abs(slope)
        found["internal_resistance"] = R, _error(line.covariance, [0.0, 1.0], electrical * R)
        bent = polynomial(current, n["voltage"][here], 2)
        seen = bent is not None and bent.degrees_of_freedom > 0
        if bent is not None and seen and abs(bent.parameters[2]) > CURVED * bent.standard_errors[2]:
            share = 2.0 * abs(bent.parameters[2]) * np.nanmax(np.abs(current)) / R
            text = f"V(I) is curved: the slope changes by {share:.1%} of R over the sweep"
            findings.append(Finding("note", "curved", text))
    if line is not None and not cools:
        found |= _power(line, electrical, m.relative("current"))
    side = next((name for name in HEATS if name in n and np.isfinite(n[name][here]).any()), None)
    parabola = None if side is None else polynomial(current, n[side][here], 2)
    if side is not None and parabola is not None:
        Q0 = float(parabola.parameters[0])
        found["open_circuit_heat"] = Q0, _error(parabola.covariance, [1.0, 0.0, 0.0], m.relative("heat") * Q0)
        if line is not None and not cools:
            found |= _efficiency(current, line, parabola, side, electrical, m.relative("heat"))
        elif side == "heat_cold":
            found |= _top("max_heat", current, parabola, m.relative("heat"))
    if "delta_T" in n and (bow := polynomial(current, n["delta_T"][here], 2)) is not None:
        found |= _top("delta_T_max", current, bow, 0.0)
    return found


def _power(line: LeastSquaresFit, electrical: float, amperes: float) -> dict[str, tuple[float, float]]:
    """Largest power and its current by the line through V(I)."""
    V_oc, R = line.parameters[0], -line.parameters[1]
    P, at = V_oc**2 / (4.0 * R), V_oc / (2.0 * R)
    by_line = [V_oc / (2.0 * R), V_oc**2 / (4.0 * R**2)], [1.0 / (2.0 * R), V_oc / (2.0 * R**2)]
    return {
        "max_power": (P, _error(line.covariance, by_line[0], electrical * P)),
        "max_power_current": (at, _error(line.covariance, by_line[1], amperes * at)),
    }


def _top(
    name: str, current: Array, parabola: LeastSquaresFit, common: float
) -> dict[str, tuple[float, float]]:
    """Top of a parabola and its current, if it lies within the measured currents."""
    a, b, c = parabola.parameters
    if not c < 0.0 or not 0.0 < -b / (2.0 * c) <= np.nanmax(current):
        return {}
    at, top = -b / (2.0 * c), a - b**2 / (4.0 * c)
    return {
        name: (top, _error(parabola.covariance, [1.0, at, at**2], common * top)),
        f"{name}_current": (at, _error(parabola.covariance, [0.0, -1.0 / (2.0 * c), b / (2.0 * c**2)], 0.0)),
    }


def _efficiency(
    current: Array,
    line: LeastSquaresFit,
    parabola: LeastSquaresFit,
    side: str,
    electrical: float,
    heat: float,
) -> dict[str, tuple[float, float]]:
    """Largest efficiency within the measured currents, by the line and the parabola."""
    V_oc, R = line.parameters[0], -line.parameters[1]
    J = FINE * float(np.nanmax(current))
    P = V_oc * J - R * J**2
    Q = parabola.parameters @ np.stack([np.ones_like(J), J, J**2])
    with np.errstate(invalid="ignore", divide="ignore"):
        eta = P / (P + Q) if side == "heat_cold" else P / Q
    if not np.isfinite(eta).any():
        return {}
    k = int(np.nanargmax(eta))
    if k in (0, len(J) - 1):
        return {}
    at, p, q = J[k], P[k], Q[k]
    by_P, by_Q = (q / (p + q) ** 2, -p / (p + q) ** 2) if side == "heat_cold" else (1 / q, -p / q**2)
    powers = np.array([1.0, at, at**2])
    scatter = np.hypot(
        _error(line.covariance, by_P * np.array([at, at**2]), 0.0),
        _error(parabola.covariance, by_Q * powers, 0.0),
    )
    std = float(np.hypot(scatter, np.hypot(by_P * p * electrical, by_Q * q * heat)))
    return {"max_efficiency": (float(eta[k]), std), "max_efficiency_current": (float(at), float(J[1]))}


def _error(covariance: Array, slopes: ArrayLike, common: float) -> float:
    """Standard error from the covariance of parameters and what all points share."""
    by = np.asarray(slopes, float)
    return float(np.hypot(np.sqrt(by @ covariance @ by), common))


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
            found["resistance_drift"] = float(rate / start), _error(line.covariance, slopes, 0.0)
    return found


def _mean(values: Array) -> tuple[float, float]:
    good = values[np.isfinite(values)]
    return float(good.mean()), float(good.std(ddof=1) / np.sqrt(good.size)) if good.size > 1 else float("nan")
