"""The result of a batch: one number of every quantity for each device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.base.quantities import quantity
from ioffe.base.saved import largest
from ioffe.base.units import format_si
from ioffe.device.conditions import Array, Conditions
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.status import Status
from ioffe.result.gradient import Gradient
from ioffe.result.steady import POINT_KEYS


@dataclass(frozen=True, eq=False, repr=False)
class BatchResult:
    """Solved devices; every quantity is an attribute, an array of the shape of what was varied.

    Devices without a solution are NaN, and `status` says why.
    """

    values: Mapping[str, Array]
    status: NDArray[np.uint8]
    """Code of each device, see `Status`."""
    balance: Array
    """|heat in - heat out - losses - power| of each device, relative to the largest of them."""
    error_estimate: Array
    """Estimated relative error of the heat flow of each device, from the numerical integration."""
    varied: Mapping[str, Any]
    """What was varied, by the paths that were given."""
    derivatives: Gradient | None
    interpolation: Mapping[str, str]
    device: Leg | Module
    conditions: Conditions
    engine: str
    tolerance: float
    interface_temperatures: Mapping[str, Array] = field(default_factory=dict)
    """In K, by the path of the interface (the mean of its two sides), if they were asked for."""

    def __getattr__(self, name: str) -> Any:
        values = self.__dict__.get("values", {})
        if name in values:
            return values[name]
        raise AttributeError(f"a batch has no {name!r}; {did_you_mean(name, values) or ''}".rstrip("; "))

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.values]

    def __len__(self) -> int:
        return self.status.size

    @property
    def gradient(self) -> Gradient:
        """Derivatives of every quantity to what `solve_batch` was asked for."""
        if self.derivatives is None:
            advice = 'solve_batch(..., gradient=["length", "T_hot"])'
            raise InputError(
                Fault("gradient", expected="a batch solved with gradient is expected", advice=advice)
            )
        return self.derivatives

    def counts(self) -> dict[Status, int]:
        """How many devices ended with each status."""
        found = np.bincount(self.status.ravel(), minlength=len(Status))
        return {s: int(found[s]) for s in Status if found[s]}

    def to_dict(self) -> dict[str, Any]:
        """Arrays by name, in SI: what was varied, every quantity, status, balance and error estimate."""
        return {
            **{k: np.asarray(v) for k, v in self.varied.items()},
            **self.values,
            "status": self.status,
            "balance": self.balance,
            "error_estimate": self.error_estimate,
        }

    def to_frame(self) -> Any:
        """One row for each device as a pandas DataFrame (needs pandas)."""
        import pandas as pd

        shape = self.status.shape
        columns: dict[str, Any] = {}
        for key, values in self.varied.items():
            columns[key] = np.broadcast_to(np.asarray(values), shape).ravel()
        for key, values in self.values.items():
            columns.setdefault(f"{key} ({quantity(key).unit})", values.ravel())
        columns["status"] = [str(Status(int(s))) for s in self.status.ravel()]
        return pd.DataFrame(columns)

    def __repr__(self) -> str:
        head = self.device.name or type(self.device).__name__
        what = ", ".join(self.varied)
        lines = [f"{head}: batch of {len(self)} devices, {what} varied, engine {self.engine}"]
        lines += [_line(k, self.values[k]) for k in POINT_KEYS if k in self.values]
        lines += [f"  {count} {status}: {status.advice}" for status, count in self.counts().items()]
        balance, error = largest(self.balance), largest(self.error_estimate)
        lines.append(
            f"  energy balance {balance:.1e}, estimated error {error:.1e} (the worst of all devices)"
        )
        lines.append("  interpolation: " + "; ".join(f"{k}: {v}" for k, v in self.interpolation.items()))
        return "\n".join(lines)


def _line(key: str, values: Array) -> str:
    good = values[np.isfinite(values)]
    if not good.size:
        return f"  {key}: none"
    low, middle, high = (format_si(float(v), key) for v in (good.min(), np.median(good), good.max()))
    return f"  {key}: {low} ... {high}, median {middle}" if low != high else f"  {key}: {low}"
