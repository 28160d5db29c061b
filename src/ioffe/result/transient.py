"""The result of a transient: numbers as functions of time, with status, balance and error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ioffe.base.table import ResultTable, table
from ioffe.base.units import format_si
from ioffe.result.device import DeviceResult
from ioffe.result.profile import Profile

if TYPE_CHECKING:
    from ioffe.solve.transient.collect import Moments

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


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class TransientResult(DeviceResult):
    """A device as a function of time.

    Every quantity in `values` is an attribute: an array of the same length as `time`. A jump of the
    conditions occurs twice in `time`, before and after it. Signs are those of `Result` for the mode of the
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
    steps, rejected : int
        Steps in time that were taken, and that were tried in vain.

    Examples
    --------
    >>> import ioffe as te
    >>> material = te.load_material("generic p cooler leg")
    >>> material = material.replace(density="7.7 g/cm3", heat_capacity="160 J/(kg K)")
    >>> leg = te.Leg(material, length="1.6 mm", area="1.96 mm2")
    >>> warm = te.Transient(mode="generate", T_hot=301, T_cold=301, initial=300, current=0, duration="60 s")
    >>> found = leg.solve(warm)
    >>> print(f"{found.stored_energy[-1] * 1e3:.2f} mJ")  # rho c A L x 1 K
    3.86 mJ
    """

    kind: ClassVar[str] = "transient"

    time: Array
    time_error: Array
    space_error: Array
    steps: int
    rejected: int
    moments: Moments
    """What the course in time is followed again from, to any moment."""

    def _noun(self) -> str:
        return "a transient result"

    def at(self, t: Any) -> dict[str, float]:
        """All quantities at one time, which need not be one of `time`.

        Parameters
        ----------
        t
            In s, or text with a unit.

        Returns
        -------
        dict of str to float
            By name, in SI.

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

        Returns
        -------
        Profile

        Raises
        ------
        InputError
            If there is no solution at that time.
        """
        return self.moments.profile(t)

    def tables(self) -> dict[str, ResultTable]:
        """``time``: the quantities over the time."""
        errors = {"time_error": self.time_error, "space_error": self.space_error}
        kelvin = dict.fromkeys(errors, "K")
        return {"time": table({"time": self.time}, {**self.values, **errors}, kelvin)}

    def _header(self) -> dict[str, Any]:
        return super()._header() | {"transient": True, "steps": self.steps, "rejected": self.rejected}

    def _title(self) -> str:
        span = format_si(float(self.conditions.duration), "time")
        return f"{self._name()}: transient, {self.conditions.mode}, {span}, {self.steps} steps"

    def _facts(self) -> Iterator[tuple[str, str]]:
        for key in (k for k in KEYS if k not in HIDDEN):
            v = self.values[key][np.isfinite(self.values[key])]
            if v.size:
                ends = (format_si(float(x), key) for x in (v[0], v[-1], v.min(), v.max()))
                yield key, "{} at the start, {} at the end, {} to {}".format(*ends)
        mesh = "mesh not checked" if np.isnan(self.space_error).all() else "mesh included"
        yield "estimated error", mesh
        yield from self._quality()
