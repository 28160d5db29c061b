"""The result of a transient: numbers as functions of time, with status, balance and error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import did_you_mean
from ioffe.base.quantities import quantity
from ioffe.base.saved import Tabular, plain
from ioffe.base.units import format_si
from ioffe.device.status import Status
from ioffe.result.profile import Profile
from ioffe.result.steady import citations

if TYPE_CHECKING:
    from ioffe.device.cascade import Cascade
    from ioffe.device.leg import Leg
    from ioffe.device.module import Module
    from ioffe.device.transient import Transient
    from ioffe.solve.transient.moments import Moments

Array = NDArray[np.float64]
KEYS = (
    "current",
    "voltage",
    "power",
    "heat_hot",
    "heat_cold",
    "heat_lost",
    "T_hot",
    "T_cold",
    "T_hot_face",
    "T_cold_face",
    "T_hot_junction",
    "T_cold_junction",
    "delta_T",
    "stored_energy",
    "energy_hot",
    "energy_cold",
    "electrical_energy",
    "energy_lost",
)
HIDDEN = ("heat_lost", "T_hot_face", "T_cold_face", "delta_T", "energy_hot", "energy_cold", "energy_lost")
"""What printing leaves out."""


@dataclass(frozen=True, eq=False, repr=False)
class TransientResult(Tabular):
    """A device as a function of time.

    Every quantity in `values` is an attribute: an array of the same length as `time`. A jump of the
    conditions stands twice in `time`, before and after it. Signs are those of `Result` for the mode of the
    conditions. `heat_hot` and `heat_cold` cross the outer border, so that objects at the two sides
    (`hot_mass`, `cold_mass`) count to the device; `stored_energy` is what device and objects have gained
    since the start, `energy_hot`, `energy_cold`, `electrical_energy` and `energy_lost` what has passed.

    Attributes
    ----------
    time : ndarray of shape (n,)
        In s.
    time_error, space_error : ndarray of shape (n,)
        Largest estimated error in K of a temperature inside the device from the steps in time, and from the
        mesh (NaN without `mesh_check`).
    balance : float
        Largest |energy stored - energy passed| over all steps, relative to the largest of them.
    error_estimate : float
        Largest sum of both errors, relative to the absolute temperature.
    steps, rejected : int
        Steps in time that were taken, and that were tried in vain.
    """

    time: Array
    values: Mapping[str, Array]
    time_error: Array
    space_error: Array
    balance: float
    error_estimate: float
    status: Status
    steps: int
    rejected: int
    interpolation: Mapping[str, str]
    warnings: tuple[str, ...]
    conditions: Transient
    device: Leg | Module | Cascade
    moments: Moments
    """What the course in time is followed again from, to any moment."""

    def __getattr__(self, name: str) -> Any:
        values = self.__dict__.get("values", {})
        if name in values:
            return values[name]
        raise AttributeError(
            f"a transient result has no {name!r}; {did_you_mean(name, values) or ''}".rstrip("; ")
        )

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.values]

    def __repr__(self) -> str:
        return summary(self)

    def at(self, t: Any) -> dict[str, float]:
        """All quantities at one time, which need not be one of `time`.

        Parameters
        ----------
        t
            In s, or text with a unit.

        Raises
        ------
        InputError
            If there is no solution at that time.
        """
        return self.moments.at(t)

    def profile(self, t: Any) -> Profile:
        """Temperature, potential and heat flux through every layer at one time.

        Parameters
        ----------
        t
            In s, or text with a unit; it need not be one of `time`. At a jump the moment after it.

        Raises
        ------
        InputError
            If there is no solution at that time.
        """
        return self.moments.profile(t)

    def to_dict(self) -> dict[str, Any]:
        """Everything in SI units with the keys of the quantity table, ready for JSON (NaN becomes None)."""
        from ioffe import __version__

        return {
            "format": 1,
            "ioffe": __version__,
            "mode": self.conditions.mode,
            "name": self.device.name,
            "fidelity": "1d",
            "transient": True,
            "status": self.status.name.lower(),
            "advice": self.status.advice,
            "balance": plain(self.balance),
            "error_estimate": plain(self.error_estimate),
            "interpolation": dict(self.interpolation),
            "warnings": list(self.warnings),
            "conditions": self.conditions.to_dict(),
            "steps": self.steps,
            "time": self.time.tolist(),
            **{k: plain(v) for k, v in self.values.items()},
            "time_error": plain(self.time_error),
            "space_error": plain(self.space_error),
            "units": {k: quantity(k).unit for k in ("time", *self.values)},
            "citations": self.citations(),
        }

    def rows(self) -> tuple[list[str], list[list[float]]]:
        """Header and rows of a table with one row for each time, SI units in the header."""
        keys = ("time", *self.values)
        columns = np.column_stack([self.time, *self.values.values()])
        return [f"{k} ({quantity(k).unit})" for k in keys], columns.tolist()

    def citations(self) -> list[str]:
        """What to cite: this program and the sources of the materials."""
        return citations(self.device)


def summary(result: TransientResult) -> str:
    """The text that printing a result shows."""
    r = result
    head = r.device.name or type(r.device).__name__
    span = format_si(float(r.conditions.duration), "time")
    lines = [f"{head}: transient, {r.conditions.mode}, {span}, {r.steps} steps"]
    for key in (k for k in KEYS if k not in HIDDEN):
        v = r.values[key][np.isfinite(r.values[key])]
        if v.size:
            first, last, low, high = (format_si(float(x), key) for x in (v[0], v[-1], v.min(), v.max()))
            lines.append(f"  {key}: {first} at the start, {last} at the end, {low} to {high}")
    lines.append(f"  status: {r.status.name.lower()}. {r.status.advice}")
    mesh = "mesh not checked" if np.isnan(r.space_error).all() else "mesh included"
    lines.append(f"  energy balance {r.balance:.1e}, estimated error {r.error_estimate:.1e} ({mesh})")
    lines.append("  interpolation: " + "; ".join(f"{k}: {v}" for k, v in r.interpolation.items()))
    lines += [f"  warning: {w}" for w in r.warnings]
    return "\n".join(lines)
