"""The result of a service life: performance over time with bands, and when shares of it are lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.base.quantities import quantity
from ioffe.base.saved import Tabular, plain
from ioffe.base.units import format_si
from ioffe.device.conditions import Conditions
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parameters import quantity_of
from ioffe.device.status import Status
from ioffe.life.degradation import AnyDegradation, Degradation
from ioffe.life.loss import PerformanceLoss, time_words
from ioffe.life.process import Process
from ioffe.life.service import Service
from ioffe.life.uncertainty import Bands
from ioffe.result.steady import Result

if TYPE_CHECKING:
    from ioffe.life.survival import WeibullFit

__all__ = ["LifeResult"]

Array = NDArray[np.float64]
GENERATOR_KEYS = ("max_power", "max_efficiency", "open_circuit_voltage", "internal_resistance")
COOLER_KEYS = ("heat_cold", "COP", "delta_T", "delta_T_max", "internal_resistance")


@dataclass(frozen=True, eq=False, repr=False)
class LifeResult(Tabular):
    """A device along its service life.

    Every quantity in `values` is an attribute: an array over `time`, at the reference conditions. Times
    without a solution are NaN, and `point_status` says why.

    Attributes
    ----------
    time : ndarray, shape (n,)
        In s.
    values, std, low, high : mapping of ndarray, shape (n,)
        By quantity, in SI: nominal, standard deviation, 95 % band; the last three are empty without bands.
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
    balance, error_estimate : float
        Largest energy balance and estimated error of all solved points, as in `Result`.
    ageing_error : float
        Estimated relative error of the reduced times.
    fresh : Result
        The device before service at the reference conditions.
    """

    time: Array
    values: Mapping[str, Array]
    std: Mapping[str, Array]
    low: Mapping[str, Array]
    high: Mapping[str, Array]
    numbers: Bands
    reduced_time: Mapping[str, Array]
    temperatures: Mapping[str, Array]
    losses: tuple[PerformanceLoss, ...]
    lifetimes: Mapping[tuple[str, float], Array]
    point_status: NDArray[np.uint8]
    balance: float
    error_estimate: float
    ageing_error: float
    warnings: tuple[str, ...]
    fresh: Result
    device: Leg | Module
    conditions: Conditions
    service: Service
    degradations: tuple[AnyDegradation, ...]
    processes: tuple[Process, ...]
    bands: str
    draws: int

    def __getattr__(self, name: str) -> Any:
        values = self.__dict__.get("values", {})
        if name in values:
            return values[name]
        raise AttributeError(
            f"a life result has no {name!r}; {did_you_mean(name, values) or ''}".rstrip("; ")
        )

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.values]

    def __repr__(self) -> str:
        return summary(self)

    @property
    def status(self) -> Status:
        """The worst status of all times."""
        return Status(int(np.max(self.point_status)))

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
        """A quantity over its value at the start."""
        values = self.values[name]
        with np.errstate(divide="ignore", invalid="ignore"):
            return values / values[0]

    def loss(self, name: str, share: float) -> PerformanceLoss:
        """When a share of a quantity is lost.

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

    def to_dict(self) -> dict[str, Any]:
        """Everything in SI units, ready for JSON (NaN becomes None)."""
        from ioffe import __version__

        return {
            "format": 1,
            "ioffe": __version__,
            "mode": self.conditions.mode,
            "name": self.device.name,
            "status": self.status.name.lower(),
            "advice": self.status.advice,
            "balance": plain(self.balance),
            "error_estimate": plain(self.error_estimate),
            "ageing_error": plain(self.ageing_error),
            "warnings": list(self.warnings),
            "conditions": self.conditions.to_dict(),
            "service": self.service.to_dict(),
            "bands": self.bands,
            "draws": self.draws if self.bands == "monte carlo" else 0,
            "time": self.time.tolist(),
            "point_status": [Status(int(s)).name.lower() for s in self.point_status],
            "values": _lists(self.values),
            "std": _lists(self.std),
            "low": _lists(self.low),
            "high": _lists(self.high),
            "numbers": _lists(self.numbers.nominal),
            "numbers_low": _lists(self.numbers.low),
            "numbers_high": _lists(self.numbers.high),
            "reduced_time": _lists(self.reduced_time),
            "temperatures": _lists(self.temperatures),
            "losses": [loss.to_dict() for loss in self.losses],
            "degradations": [_described(one) for one in self.degradations],
            "units": {"time": "s", **{name: quantity(name).unit for name in self.values}, **_units(self)},
            "citations": self.citations(),
        }

    def rows(self) -> tuple[list[str], list[list[Any]]]:
        """Header and rows of a table with one row for each time, SI units in the header."""
        header, columns = ["time (s)"], [self.time]
        for name, values in self.values.items():
            header.append(f"{name} ({quantity(name).unit})")
            columns.append(values)
            if name in self.low:
                header += [f"{name} low ({quantity(name).unit})", f"{name} high ({quantity(name).unit})"]
                columns += [self.low[name], self.high[name]]
        for path, values in self.numbers.nominal.items():
            header.append(f"{path} ({_units(self)[path]})")
            columns.append(values)
        table = [[*(float(c[i]) for c in columns), self._status(i)] for i in range(len(self.time))]
        return [*header, "status"], table

    def _status(self, i: int) -> str:
        return Status(int(self.point_status[i])).name.lower()

    def citations(self) -> list[str]:
        """What to cite: this program, the sources of the materials and of the ageing laws."""
        notes = [one.note for one in self.degradations if one.note]
        return list(dict.fromkeys([*self.fresh.citations(), *notes]))


def summary(life: LifeResult) -> str:
    """The text that printing a result shows."""
    head = life.device.name or type(life.device).__name__
    mode = {"generate": "generator", "cool": "cooler"}[life.conditions.mode]
    lines = [f"{head}: {mode} over {time_words(life.service.duration)}, bands {life.bands}"]
    for name in life.keys:
        first, last = float(life.values[name][0]), float(life.values[name][-1])
        change = f" ({life.relative(name)[-1] - 1.0:+.1%})" if np.isfinite(last) and first else ""
        shown = [format_si(v, name) if np.isfinite(v) else "none" for v in (first, last)]
        lines.append(f"  {name}: {shown[0]} -> {shown[1]}{change}{_half(life, name)}")
    for path, values in life.numbers.nominal.items():
        kind = quantity_of(path)
        ends = [format_si(float(v), kind) if kind else f"{float(v):.4g}" for v in (values[0], values[-1])]
        lines.append(f"  {path}: {ends[0]} -> {ends[1]}")
    lines += [f"  -{100.0 * loss.share:.3g} % of {loss.quantity}: {loss}" for loss in life.losses]
    lines.append(f"  status: {life.status.name.lower()}. {life.status.advice}")
    lines.append(
        f"  energy balance {life.balance:.1e}, estimated error {life.error_estimate:.1e}, "
        f"of the reduced time {life.ageing_error:.1e}"
    )
    lines += [f"  warning: {text}" for text in life.warnings]
    return "\n".join(lines)


def _half(life: LifeResult, name: str) -> str:
    if name not in life.low or not np.isfinite(life.low[name][-1]):
        return ""
    return f", 95 %: {format_si(life.low[name][-1], name)} to {format_si(life.high[name][-1], name)}"


def _units(life: LifeResult) -> dict[str, str]:
    kinds = {path: quantity_of(path) for path in life.numbers.nominal}
    return {path: quantity(kind).unit if kind else "1" for path, kind in kinds.items()}


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


def _lists(values: Mapping[str, Array]) -> dict[str, list[float | None]]:
    return {name: plain(np.atleast_1d(array)) for name, array in values.items()}
