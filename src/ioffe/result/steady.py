"""The result of a solve: numbers along named axes, with status, balance, error and citations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.base.quantities import quantity
from ioffe.base.saved import Tabular, largest, plain
from ioffe.base.units import format_si
from ioffe.device.conditions import Conditions
from ioffe.device.status import Status
from ioffe.device.structure import materials_of
from ioffe.result.components import Components

if TYPE_CHECKING:
    from ioffe.device.cascade import Cascade
    from ioffe.device.leg import Leg
    from ioffe.device.module import Module
    from ioffe.result.gradient import Gradient
    from ioffe.result.ions import Migration
    from ioffe.result.profile import Profile
    from ioffe.solve.profile import Point

Array = NDArray[np.float64]
POINT_KEYS = (
    "current",
    "current_density",
    "voltage",
    "power",
    "power_density",
    "heat_hot",
    "heat_cold",
    "efficiency",
    "COP",
    "T_hot",
    "T_cold",
    "T_hot_junction",
    "T_cold_junction",
    "delta_T",
)
MAXIMA_KEYS = (
    "open_circuit_voltage",
    "internal_resistance",
    "short_circuit_current",
    "max_power",
    "max_power_current",
    "max_efficiency",
    "max_efficiency_current",
    "max_heat",
    "max_heat_current",
    "max_COP",
    "max_COP_current",
    "delta_T_max",
    "delta_T_max_current",
    "delta_T_max_voltage",
)
STAGE_KEYS = ("current", "power", "T_hot", "T_cold")
"""What printing shows of the stages."""


@dataclass(frozen=True, eq=False, repr=False)
class Result(Tabular):
    """Operating points of a device and the maxima at each pair of temperatures.

    Every quantity of the table (`current`, `voltage`, `power`, `efficiency`, `heat_hot` ...) is an attribute:
    a float for one operating point, otherwise an array whose axes are named in `axes`. Maxima
    (`max_power`, `open_circuit_voltage` ...) have the axes in `maxima_axes`. Points without a solution are
    NaN.

    In generation heat_hot enters at the hot side and heat_cold leaves at the cold side; for a cooler
    heat_cold is taken up at the cold side and heat_hot given off, and current, voltage and power are inputs.
    """

    values: Mapping[str, Array]
    axes: Mapping[str, Array]
    maxima_axes: Mapping[str, Array]
    point_status: NDArray[np.int_]
    point_balance: Array
    point_error: Array
    interpolation: Mapping[str, str]
    warnings: tuple[str, ...]
    conditions: Conditions
    device: Leg | Module | Cascade
    fidelity: str
    tolerance: float
    points: tuple[Point, ...]
    stages: Components | None = None
    """Values of each stage of a cascade, with one more axis, the stages from the hot side."""
    derivatives: Gradient | None = None
    migration: Migration | None = None
    """Margins of the legs that hold a mixed conductor, None if none does."""

    def __getattr__(self, name: str) -> Any:
        values = self.__dict__.get("values", {})
        if name in values:
            found = values[name]
            return float(found) if found.ndim == 0 else found
        if name == "gradient":
            raise AttributeError(_NO_GRADIENT)
        raise AttributeError(
            f"a {self._mode()} result has no {name!r}; {did_you_mean(name, values) or ''}".rstrip("; ")
        )

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.values]

    @property
    def gradient(self) -> Gradient:
        """Exact derivatives of all these numbers, if `solve` was asked for them with ``gradient=True``.

        ``gradient["efficiency"]["p.length"]``, in SI; see `Gradient`.
        """
        if self.derivatives is None:
            raise AttributeError(_NO_GRADIENT)
        return self.derivatives

    def _mode(self) -> str:
        return {"generate": "generator", "cool": "cooler"}[self.__dict__["conditions"].mode]

    @property
    def status(self) -> Status:
        """The worst status of all operating points."""
        return Status(int(np.max(self.point_status)))

    @property
    def balance(self) -> float:
        """Largest |heat in - heat out - losses - power| of the solved points, relative to the largest."""
        return largest(self.point_balance)

    @property
    def error_estimate(self) -> float:
        """Largest estimated relative error of the heat flow from the numerical integration."""
        return largest(self.point_error)

    def __repr__(self) -> str:
        return summary(self)

    def profile(self, index: int | tuple[int, ...] = 0) -> Profile:
        """Temperature, potential and heat flux through every layer at one operating point.

        Parameters
        ----------
        index
            Position along the axes: an integer, or a tuple of one for each axis; negative counts back.

        Raises
        ------
        InputError
            If there is no such point, or it has no solution.
        """
        return self._point(index).profile(self)

    def _point(self, index: int | tuple[int, ...]) -> Point:
        shape = self.point_status.shape
        try:
            flat = np.arange(len(self.points)).reshape(shape)
            place = int(flat.ravel()[index] if isinstance(index, int) else flat[index])
        except (IndexError, TypeError):
            axes = ", ".join(f"{k} ({n})" for k, n in zip(self.axes, shape, strict=True)) or "one point"
            raise InputError(Fault("index", index, f"a place along {axes} is expected")) from None
        point = self.points[place]
        if point.code >= Status.RUNAWAY:
            raise InputError(Fault("index", index, "a solved point is expected", Status(point.code).advice))
        return point

    def to_dict(self) -> dict[str, Any]:
        """Everything in SI units with the keys of the quantity table, ready for JSON (NaN becomes None)."""
        from ioffe import __version__

        return {
            "format": 1,
            "ioffe": __version__,
            "mode": self.conditions.mode,
            "name": self.device.name,
            "fidelity": self.fidelity,
            "status": self.status.name.lower(),
            "advice": self.status.advice,
            "balance": plain(self.balance),
            "error_estimate": plain(self.error_estimate),
            "tolerance": self.tolerance,
            "interpolation": dict(self.interpolation),
            "warnings": list(self.warnings),
            "conditions": self.conditions.to_dict(),
            "axes": {k: plain(v) for k, v in self.axes.items()},
            "point_status": _statuses(self.point_status),
            "maxima_axes": {k: plain(v) for k, v in self.maxima_axes.items()},
            **{k: plain(v) for k, v in self.values.items()},
            **({} if self.stages is None else {"stages": self.stages.to_dict()}),
            **({} if self.migration is None else {"migration": self.migration.to_dict()}),
            "units": {k: quantity(k).unit for k in self.values},
            "citations": self.citations(),
        }

    def rows(self) -> tuple[list[str], list[list[Any]]]:
        """Header and rows of a table with one row for each operating point, SI units in the header."""
        shape = self.point_status.shape
        keys = [k for k in POINT_KEYS if k in self.values]
        columns = [np.broadcast_to(self.values[k], shape).ravel() for k in keys]
        header = [f"{k} ({quantity(k).unit})" for k in keys] + ["status"]
        names = [Status(int(s)).name.lower() for s in self.point_status.ravel()]
        return header, [[*(float(c[i]) for c in columns), names[i]] for i in range(len(names))]

    def citations(self) -> list[str]:
        """What to cite: this program and the sources of the materials."""
        return citations(self.device)


_NO_GRADIENT = "this result holds no derivatives: ask for them with solve(..., gradient=True)"
_CITATION = (
    "ioffe: thermoelectrics from measured transport data to modules (see CITATION.cff for the version used)"
)


def citations(device: Leg | Module | Cascade) -> list[str]:
    """What to cite for a device: this program and the sources of its materials."""
    found = [_CITATION]
    for material in materials_of(device):
        p = material.provenance
        text = ", ".join(x for x in (p.source, f"https://doi.org/{p.doi}" if p.doi else "") if x)
        if text:
            found.append(f"{material.name}: {text}")
    return list(dict.fromkeys(found))


def summary(result: Result) -> str:
    """The text that printing a result shows."""
    r = result
    head = r.device.name or type(r.device).__name__
    points = "1 operating point" if len(r.points) == 1 else f"{len(r.points)} operating points"
    lines = [f"{head}: {r._mode()}, fidelity {r.fidelity}, {points}"]
    if len(r.points) == 1:
        lines += [_line(k, r.values[k]) for k in POINT_KEYS if k in r.values]
    else:
        axes = ", ".join(f"{k} ({len(v)})" for k, v in r.axes.items())
        lines.append(f"  axes: {axes}")
    lines += [_line(k, r.values[k]) for k in MAXIMA_KEYS if k in r.values]
    if r.stages is not None and len(r.points) == 1:
        lines += [_line(f"{k} of the stages", r.stages.values[k], k) for k in STAGE_KEYS]
    lines += [f"  {text}" for text in ([] if r.migration is None else r.migration.lines())]
    lines.append(f"  status: {r.status.name.lower()}. {r.status.advice}")
    lines.append(f"  energy balance {r.balance:.1e}, estimated error {r.error_estimate:.1e}")
    lines.append("  interpolation: " + "; ".join(f"{k}: {v}" for k, v in r.interpolation.items()))
    lines += [f"  warning: {w}" for w in r.warnings]
    return "\n".join(lines)


def _line(label: str, values: Array, key: str = "") -> str:
    flat = values.ravel()
    shown = ", ".join("none" if np.isnan(v) else format_si(float(v), key or label) for v in flat[:8])
    return f"  {label}: {shown}{', ...' if len(flat) > 8 else ''}"


def _statuses(codes: NDArray[np.int_]) -> Any:
    return Status(int(codes)).name.lower() if codes.ndim == 0 else [_statuses(c) for c in codes]
