"""Measured ageing as it is, in the place of a law."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from math import inf, isfinite
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.errors import ExtrapolationWarning, Faults
from ioffe.interface._checks import check_series, check_times
from ioffe.interface.ageing.law import Law

if TYPE_CHECKING:
    from scipy.interpolate import PchipInterpolator

__all__ = ["Tabulated"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Tabulated(Law):
    """Measured values over reduced time, with a monotone cubic curve (PCHIP) between them.

    The curve does not overshoot the points. After the last one the last value is held, with a warning.

    Parameters
    ----------
    times : sequence of float
        In s, from 0 on, each later than the one before.
    values : sequence of float
        From 0 on.
    acceleration : Arrhenius, optional
        The times are those at its reference temperature.

    Raises
    ------
    InputError
        If time runs backwards or does not begin at 0, or with fewer than two points.

    Examples
    --------
    >>> day = 86400.0
    >>> law = Tabulated((0.0, 7 * day, 30 * day), (20.8e-10, 12e-10, 7.9e-10))
    >>> law.value([7 * day, 30 * day]) / 1e-10
    array([12. ,  7.9])
    """

    times: tuple[float, ...]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        faults = Faults()
        t = check_times(faults, "times", self.times, least=2, strict=True)
        v = check_series(faults, "values", self.values, 0.0, least=2)
        if len(t) != len(v):
            faults.add("values", len(v), f"as many values as times are expected, {len(t)}")
        if isfinite(t[0]) and t[0] != 0.0:
            faults.add("times[0]", float(t[0]), "the time 0 of the fresh state is expected first")
        faults.raise_if_any()
        object.__setattr__(self, "times", tuple(t.tolist()))
        object.__setattr__(self, "values", tuple(v.tolist()))

    @cached_property
    def _curve(self) -> PchipInterpolator:
        from scipy.interpolate import PchipInterpolator

        return PchipInterpolator(self.times, self.values)

    def formula(self, theta: Array) -> Array:
        """Value at reduced times; the last one is held after the last time, with a warning."""
        last = self.times[-1]
        if np.any(theta > last):
            message = f"ageing was measured for {last:g} s and asked for {float(np.max(theta)):g} s: held"
            warnings.warn(message, ExtrapolationWarning, stacklevel=3)
        return np.asarray(self._curve(np.minimum(theta, last)))

    def slopes(self, theta: Array) -> dict[str, Array]:
        """None: measured values have no parameters."""
        return {}

    def rate(self, theta: ArrayLike) -> Array:
        """Derivative by the reduced time; 0 after the last point."""
        theta = np.asarray(theta, float)
        inside = np.asarray(self._curve(np.minimum(theta, self.times[-1]), nu=1))
        return np.where(theta > self.times[-1], 0.0, inside)

    def reduced_time_to(self, value: float) -> float:
        """First reduced time in s at which the value is reached; infinite if it is not in the table."""
        if value == self.values[0]:
            return 0.0
        roots = np.atleast_1d(self._curve.solve(value, extrapolate=False))
        roots = roots[np.isfinite(roots)]
        return float(np.min(roots)) if len(roots) else inf
