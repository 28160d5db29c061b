"""One parameter of a fit, and its profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ioffe.base.units import format_si
from ioffe.material.uncertainty.text import with_error

__all__ = ["Fitted", "Profile"]

Array = NDArray[np.float64]
Status = Literal["determined", "at least", "at most", "not determined", "fixed"]


@dataclass(frozen=True)
class Fitted:
    """One parameter of a fit.

    Parameters
    ----------
    name, sample : str
        Word of the model and name of the sample; the sample is empty for a shared parameter.
    quantity, unit : str
        Entry of the quantity table (may be empty) and SI unit.
    value, std : float
        In SI; NaN where the data do not determine it.
    low, high : float
        Ends of the 68 % interval in SI.
    status : str
        `determined`, `at least` or `at most` (the interval ends at a bound on one side), `not determined`,
        `fixed`.
    interval : {"linear", "profile"}
        From the curvature at the optimum, or from the profile likelihood.
    """

    name: str
    sample: str
    quantity: str
    unit: str
    value: float
    std: float
    low: float
    high: float
    status: Status
    interval: Literal["linear", "profile"] = "linear"

    def shown(self, value: float) -> str:
        """A value of the parameter with its unit."""
        if not np.isfinite(value):
            return "none"
        if self.quantity:
            return format_si(value, self.quantity)
        return f"{value:.4g} {self.unit}".removesuffix(" 1").rstrip()

    def __str__(self) -> str:
        label = f"{self.name} of {self.sample}" if self.sample else self.name
        if self.status == "fixed":
            return f"{label} = {self.shown(self.value)} (fixed)"
        if self.status == "not determined":
            return f"{label}: not determined by the data"
        if self.status != "determined":
            end = self.low if self.status == "at least" else self.high
            return f"{label}: {self.status} {self.shown(end)} (68 %)"
        if self.interval == "profile":
            ends = f"{self.shown(self.low)} to {self.shown(self.high)}"
            return f"{label} = {self.shown(self.value)}, {ends} (68 %)"
        return f"{label} = {with_error(self.value, self.std, self.quantity, self.unit)}"


@dataclass(frozen=True, eq=False)
class Profile:
    """Profile likelihood of a parameter: values in SI, and the rise of chi squared (over its scale)."""

    name: str
    sample: str
    values: Array
    rise: Array
