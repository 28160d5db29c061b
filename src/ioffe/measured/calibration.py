"""What a calibration found: parameters with intervals, what is left, and the device with these parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.base.result import EvidenceResult
from ioffe.base.table import ResultTable, table, unit_of
from ioffe.device.cascade import Cascade
from ioffe.device.conditions import Conditions
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.material.checks import Finding
from ioffe.measure.estimates import SIGMA_OVER_MEDIAN
from ioffe.measured.parameters import CalibrationParameter
from ioffe.measured.readings import DeviceMeasurement

LARGER: Final = 1.5
"""Size of the residuals by their median over that by their robust mean square from which on it counts."""
AT_BOUND: Final = 1e-3
"""Part of its interval from the bound up to which a parameter counts as lying on it."""


def size_of(residuals: Array, spread: float) -> float:
    """Residuals over the noise, by their mean square, or by their median where outliers have no weight.

    `residuals` (n,): over the noise.
    `spread`: their mean square, robust or not.
    """
    middle = SIGMA_OVER_MEDIAN * float(np.median(np.abs(residuals)))
    size = float(np.sqrt(spread))
    return middle if middle > LARGER * size else size


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Calibration(EvidenceResult):
    """Parameters of a device that explain its measured sweeps.

    Attributes
    ----------
    parameters : tuple of p CalibrationParameter
    values, std : ndarray of shape (p,)
        Best values in SI and standard errors.
    low, high : ndarray of shape (p,)
        Ends of the profile intervals; `open_low` and `open_high` say which are bounds.
    correlation : ndarray of shape (p, p)
    confidence : float
        Of the intervals.
    noise : mapping of str to float
        Standard deviation of one point by channel, in SI.
    channel : ndarray of str, shape (n,)
        What every point is: ``voltage``, ``heat_hot``, ``heat_cold``, ``delta_T``, ``ac_resistance``.
    measured, fitted, before : ndarray of shape (n,)
        In SI; `before` is what the device gives with its own numbers.
    residuals : ndarray of shape (n,)
        Fitted less measured, over the noise.
    spread, probability : float
        Mean square of the residuals (1 is expected), and the probability of a larger one.
    runs : mapping of str to (int, float)
        Runs of equal sign and their probability, by channel.
    device, conditions
        With the best parameters; corrections of the measurement are not in them.
    start_device, start_conditions
        As they were.

    Examples
    --------
    >>> import ioffe as te
    >>> leg = te.Leg("MgAgSb0.99In0.01", "5 mm", "9 mm2", contact=te.Contact("8 uohm cm2"))
    >>> points = {"current": [0.0, 1.0], "voltage": [0.038, 0.0291], "T_hot": [500.0] * 2}
    >>> made = te.measured.measurement_of(points, T_cold=303.0, noise={"voltage": "0.1 mV"})
    >>> found = te.calibrate(leg, te.Generator(T_hot=500.0, T_cold=303.0), made, "material.seebeck")
    >>> found.names, 0.9 < found["material.seebeck"] < 1.1, len(found.residuals)
    (('material.seebeck',), True, 2)
    """

    kind: ClassVar[str] = "calibration"

    parameters: tuple[CalibrationParameter, ...]
    values: Array
    std: Array
    low: Array
    high: Array
    open_low: NDArray[np.bool_]
    open_high: NDArray[np.bool_]
    correlation: Array
    confidence: float
    noise: Mapping[str, float]
    channel: NDArray[Any]
    points: Mapping[str, Array]
    measured: Array
    fitted: Array
    before: Array
    residuals: Array
    spread: float
    probability: float
    runs: Mapping[str, tuple[int, float]]
    device: Leg | Module | Cascade
    start_device: Leg | Module | Cascade
    start_conditions: Conditions
    measurement: DeviceMeasurement
    findings: tuple[Finding, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters."""
        return tuple(one.name for one in self.parameters)

    @property
    def residual_size(self) -> float:
        """Residuals over the noise: the root of `spread`, or by their median where that is more."""
        return size_of(self.residuals, self.spread)

    @property
    def probability_words(self) -> str:
        """The probability of larger residuals, or that no point is left to test them."""
        return "no degrees of freedom" if np.isnan(self.probability) else f"{self.probability:.2g}"

    def __getitem__(self, name: str) -> float:
        return float(self.values[self._index(name)])

    def interval(self, name: str) -> tuple[float, float]:
        """Interval of a parameter in SI.

        Parameters
        ----------
        name : str
            One of `names`.

        Returns
        -------
        low, high : float

        Raises
        ------
        InputError
            For another name.
        """
        k = self._index(name)
        return float(self.low[k]), float(self.high[k])

    def shown(self, name: str) -> str:
        """A parameter with its interval and units.

        Parameters
        ----------
        name : str
            One of `names`.

        Returns
        -------
        str
        """
        k = self._index(name)
        one, (low, high) = self.parameters[k], self.interval(name)
        if np.isnan(low):
            return f"{one.shown(self.values[k])} ± {one.shown(self.std[k], 2)}"
        text = f"{one.shown(low, 3)} to {one.shown(high, 3)}"
        number, _, unit = one.shown(low, 3).partition(" ")
        if unit and one.shown(high, 3).endswith(f" {unit}"):
            text = f"{number} to {one.shown(high, 3)}"
        at_bound = ", at its bound" if self.is_at_bound(k) else ""
        return f"{one.shown(self.values[k])} ({text}{at_bound})"

    def is_at_bound(self, index: int) -> bool:
        """Whether a parameter lies on its lower bound.

        Parameters
        ----------
        index : int
            Of the parameter.

        Returns
        -------
        bool
        """
        low = float(self.low[index])
        return bool(self.open_low[index] and self.values[index] <= low)

    def _index(self, name: str) -> int:
        if name not in self.names:
            expected = f"one of {', '.join(self.names)} is expected"
            raise InputError(Fault("name", name, expected, did_you_mean(name, self.names)))
        return self.names.index(name)

    def tables(self) -> dict[str, ResultTable]:
        """Parameters, points with residuals, and correlations.

        Returns
        -------
        dict of str to ResultTable
            ``parameters`` (each in the SI unit of the column ``unit``), ``points``, ``correlations``.
        """
        names = np.array(self.names)
        kinds = [unit_of(one.quantity) for one in self.parameters]
        known = np.array([one.known or np.nan for one in self.parameters])
        start = np.array([one.start for one in self.parameters])
        parameters = {"value": self.values, "value_std": self.std, "low": self.low, "high": self.high}
        parameters |= {"start": start, "known": known, "unit": np.array(kinds)}
        parameters |= {"low_is_bound": self.open_low, "high_is_bound": self.open_high}
        plain = dict.fromkeys(parameters, "")
        points = {"channel": self.channel, **self.points, "measured": self.measured, "fitted": self.fitted}
        points |= {"before": self.before, "residual": self.residuals}
        other = np.array([f"with {name}" for name in self.names])
        return {
            "parameters": table({"parameter": names}, parameters, plain),
            "points": table({"point": np.arange(len(self.measured))}, points),
            "correlations": table({"parameter": names, "other": other}, {"correlation": self.correlation}),
        }

    def _header(self) -> dict[str, Any]:
        return {
            "name": self.device.name,
            "measurement": self.measurement.name,
            "confidence": self.confidence,
            "noise": dict(self.noise),
            "spread": self.spread,
            "probability": self.probability,
            "runs": {name: list(value) for name, value in self.runs.items()},
        }

    def _title(self) -> str:
        return f"{self.device.name or 'device'}: calibration with {len(self.measured)} points"

    def _facts(self) -> Iterator[tuple[str, str]]:
        for name in self.names:
            yield name, self.shown(name)
        size, words = f"{self.residual_size:.2f}", self.probability_words
        yield "residuals", f"{size} times the noise, probability {words}"
        for name, (runs, chance) in self.runs.items():
            yield f"runs of {name}", f"{runs}, probability {chance:.2g}"
        yield from self._quality()
