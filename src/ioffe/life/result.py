"""The result of a service life: performance over time with bands, and when shares of it are lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError
from ioffe.base.quantities import quantity
from ioffe.base.table import ResultTable, table
from ioffe.base.units import format_si
from ioffe.device.parameters import quantity_of
from ioffe.life.degradation import AnyDegradation, Degradation
from ioffe.life.performance import PerformanceLoss, time_words
from ioffe.life.process import Process
from ioffe.life.service import Service
from ioffe.life.uncertainty import Bands
from ioffe.result.device import MODES, DeviceResult
from ioffe.result.steady import Result

if TYPE_CHECKING:
    from ioffe.life.survival import WeibullFit

__all__ = ["LifeResult"]

Array = NDArray[np.float64]
GENERATOR_KEYS = ("max_power", "max_efficiency", "open_circuit_voltage", "internal_resistance")
COOLER_KEYS = ("heat_cold", "COP", "delta_T", "delta_T_max", "internal_resistance")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LifeResult(DeviceResult):
    """A device along its service life.

    Every quantity is an attribute: an array over `time`, at the reference conditions. Times
    without a solution are NaN, and `point_status` says why.

    Attributes
    ----------
    time : ndarray, shape (n,)
        In s.
    std, low, high : mapping of ndarray, shape (n,)
        By quantity, in SI: standard deviation and 95 % band of `values`; empty without bands.
    numbers : Bands
        The numbers that age, by their paths; of a property of a material its factor.
    reduced_time : mapping of ndarray, shape (n,)
        In s (or cycles), by the path that ages.
    temperatures : mapping of ndarray, shape (n,)
        In K, where the law of that path has its temperature; the mean of a cycle where rates are averaged.
    losses : tuple of PerformanceLoss
        When shares of the performance are lost.
    lifetimes : mapping of ndarray
        Of (quantity, share): the time of every random draw in s, infinite where it is not reached.
    ageing_error : float
        Estimated relative error of the reduced times.
    fresh : Result
        The device before service at the reference conditions.
    """

    kind: ClassVar[str] = "life"

    time: Array
    std: Mapping[str, Array]
    low: Mapping[str, Array]
    high: Mapping[str, Array]
    numbers: Bands
    reduced_time: Mapping[str, Array]
    temperatures: Mapping[str, Array]
    losses: tuple[PerformanceLoss, ...]
    lifetimes: Mapping[tuple[str, float], Array]
    ageing_error: float
    fresh: Result
    service: Service
    degradations: tuple[AnyDegradation, ...]
    processes: tuple[Process, ...]
    bands: str
    draws: int

    def _noun(self) -> str:
        return "a life result"

    @property
    def keys(self) -> tuple[str, ...]:
        """The quantities that matter most for its kind of operation, as far as they have a solution."""
        keys = GENERATOR_KEYS if self.conditions.mode == "generate" else COOLER_KEYS
        if self.conditions.mode == "generate" and "max_power" not in self.values:
            keys = ("power", "efficiency", *keys)
        imposed = "delta_T" if getattr(self.conditions, "heat", None) is None else "heat_cold"
        wanted = (key for key in keys if key in self.values and key != imposed)
        return tuple(key for key in wanted if np.isfinite(self.values[key]).any())

    def relative(self, name: str) -> Array:
        """A quantity over its value at the start.

        Parameters
        ----------
        name : str
            Of a quantity that was followed.

        Returns
        -------
        ndarray of shape (times,)
            Dimensionless.
        """
        values = self.values[name]
        with np.errstate(divide="ignore", invalid="ignore"):
            return values / values[0]

    def loss(self, name: str, share: float) -> PerformanceLoss:
        """When a share of a quantity is lost.

        Parameters
        ----------
        name : str
            Of a quantity that was followed.
        share : float
            That is lost, between 0 and 1.

        Returns
        -------
        PerformanceLoss
            With the time in s and its interval.

        Raises
        ------
        InputError
            If it was not asked for.
        """
        for found in self.losses:
            if found.quantity == name and abs(found.share - share) < 1e-12:
                return found
        known = ", ".join(dict.fromkeys(f"{x.quantity} {x.share:g}" for x in self.losses))
        raise InputError(Fault("loss", f"{name} {share:g}", f"one of {known} is expected"))

    def survival(self, name: str, share: float) -> WeibullFit:
        """Weibull distribution of the times at which a share is lost, from the random draws.

        Draws that do not reach it within the service are censored there.

        Parameters
        ----------
        name : str
            Of a quantity that was followed.
        share : float
            That is lost, between 0 and 1.

        Returns
        -------
        WeibullFit
            With the scale in s.

        Raises
        ------
        InputError
            Without Monte Carlo bands, or if too few draws reach it.
        """
        from ioffe.life.survival import fit_weibull

        if (name, share) not in self.lifetimes:
            advice = 'solve_life(..., bands="monte carlo", losses=[...])'
            raise InputError(
                Fault("survival", f"{name} {share:g}", "a life with random draws is expected", advice)
            )
        times = self.lifetimes[name, share]
        times = times[~np.isnan(times)]
        failed = np.isfinite(times)
        return fit_weibull(np.where(failed, times, self.service.duration), failed)

    def tables(self) -> dict[str, ResultTable]:
        """Quantities and ageing numbers over the time, with their bands, reduced times and temperatures."""
        columns, units = dict[str, Any](), dict[str, str]()
        numbers = self.numbers
        for nominal, *bands in (
            (self.values, self.std, self.low, self.high),
            (numbers.nominal, numbers.std, numbers.low, numbers.high),
        ):
            for name, values in nominal.items():
                columns[name] = values
                for ending, band in zip(("_std", "_low", "_high"), bands, strict=True):
                    if name in band:
                        columns[name + ending] = band[name]
        for path in numbers.nominal:
            unit = quantity(quantity_of(path)).unit if quantity_of(path) else "1"
            units |= dict.fromkeys((path, f"{path}_std", f"{path}_low", f"{path}_high"), unit)
        for prefix, unit, found in (
            ("reduced_time.", "s", self.reduced_time),
            ("temperature.", "K", self.temperatures),
        ):
            columns |= {prefix + path: values for path, values in found.items()}
            units |= {prefix + path: unit for path in found}
        columns["point_status"] = self.status_type.words(self.point_status)
        return {"time": table({"time": self.time}, columns, units)}

    def citations(self) -> list[str]:
        """What to cite: this program, the sources of the materials and of the ageing laws.

        Returns
        -------
        list of str
        """
        return list(
            dict.fromkeys([*super().citations(), *(one.note for one in self.degradations if one.note)])
        )

    def _header(self) -> dict[str, Any]:
        return super()._header() | {
            "ageing_error": self.ageing_error,
            "service": self.service,
            "bands": self.bands,
            "draws": self.draws if self.bands == "monte carlo" else 0,
            "losses": self.losses,
            "degradations": [_described(one) for one in self.degradations],
        }

    def _title(self) -> str:
        mode, span = MODES[self.conditions.mode], time_words(self.service.duration)
        return f"{self._name()}: {mode} over {span}, bands {self.bands}"

    def _facts(self) -> Iterator[tuple[str, str]]:
        for name in self.keys:
            first, last = float(self.values[name][0]), float(self.values[name][-1])
            change = f" ({self.relative(name)[-1] - 1.0:+.1%})" if np.isfinite(last) and first else ""
            shown = [format_si(v, name) if np.isfinite(v) else "none" for v in (first, last)]
            yield name, f"{shown[0]} -> {shown[1]}{change}{self._band(name)}"
        for path, values in self.numbers.nominal.items():
            kind = quantity_of(path)
            ends = [format_si(float(v), kind) if kind else f"{float(v):.4g}" for v in (values[0], values[-1])]
            yield path, f"{ends[0]} -> {ends[1]}"
        for loss in self.losses:
            yield f"-{100.0 * loss.share:.3g} % of {loss.quantity}", str(loss)
        yield "estimated error of the reduced time", f"{self.ageing_error:.1e}"
        yield from self._quality()

    def _band(self, name: str) -> str:
        if name not in self.low or not np.isfinite(self.low[name][-1]):
            return ""
        return f", 95 %: {format_si(self.low[name][-1], name)} to {format_si(self.high[name][-1], name)}"


def _described(one: AnyDegradation) -> dict[str, Any]:
    law = one.law
    acceleration = law.acceleration
    found: dict[str, Any] = {
        "path": one.path,
        "law": type(law).__name__,
        "parameters": one.parameters,
        "std": dict(one.std),
        "how": one.how if isinstance(one, Degradation) else "layer",
        "temperature": one.temperature,
        "note": one.note,
    }
    if acceleration is not None:
        found["reference_temperature"] = acceleration.reference_temperature
    if one.covariance is not None:
        found["covariance"] = np.asarray(one.covariance).tolist()
    if one.cycles is not None:
        found["cycles"] = vars(one.cycles)
    return found
