"""What results of devices have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.result import BaseResult
from ioffe.base.units import format_si
from ioffe.device.cascade import Device, materials_of

__all__ = ["DeviceResult", "shown"]

Array = NDArray[np.float64]
MOST_SHOWN = 8
"""Values of an array that are printed."""
MODES = {"generate": "generator", "cool": "cooler"}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class DeviceResult(BaseResult):
    """Numbers of a device under conditions.

    Attributes
    ----------
    values : mapping of str to ndarray
        The numbers by their names in the quantity table; each is an attribute too.
    device
        What was solved.
    tolerance : float
        Relative error that was allowed for each integration step.
    fidelity : str
        ``"1d"`` or ``"ideal"``.
    """

    values: Mapping[str, Array]
    device: Device
    tolerance: float
    fidelity: str = "1d"

    def _noun(self) -> str:
        return f"a {MODES[self.conditions.mode]} result"

    def _name(self) -> str:
        return self.device.name or type(self.device).__name__

    def _materials(self) -> Iterable[Any]:
        return materials_of(self.device)

    def _header(self) -> dict[str, Any]:
        return {
            "mode": self.conditions.mode,
            "name": self.device.name,
            "fidelity": self.fidelity,
            "tolerance": self.tolerance,
        }

    def _point_columns(self) -> dict[str, Any]:
        """Columns that every table of points has."""
        return {
            "point_status": self.status_type.words(self.point_status),
            "point_energy_balance": self.point_energy_balance,
            "point_error_estimate": self.point_error_estimate,
        }


def shown(values: Array, key: str) -> str:
    """The first values of an array as they are printed.

    >>> shown(np.array([0.5, np.nan]), "voltage")
    '500 mV, none'
    """
    flat = np.ravel(values)
    words = ("none" if np.isnan(v) else format_si(float(v), key) for v in flat[:MOST_SHOWN])
    return ", ".join(words) + (", ..." if len(flat) > MOST_SHOWN else "")
