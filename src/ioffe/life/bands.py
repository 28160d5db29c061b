"""Bands of curves from their variants: sigma points or random draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["CONFIDENCE", "Bands"]

Array = NDArray[np.float64]
CONFIDENCE = 0.95
FACTOR = 1.959963984540054
"""Standard deviations of the normal distribution on each side of 95 %."""


class Bands:
    """Nominal curves, their standard deviations and 95 % bands.

    Parameters
    ----------
    kind : {"linear", "monte carlo", "none"}
        What the variants are: pairs of sigma points, or random draws.
    values : mapping of ndarray, shape (variants, times)
        The first variant is the nominal one.
    variants : int
        How many there are; of one there are no bands.
    """

    def __init__(self, kind: str, values: Mapping[str, Array], variants: int) -> None:
        self.kind = kind if variants > 1 else "none"
        self.every = values
        self.nominal = {name: lanes[0] for name, lanes in values.items()}
        self.std, self.low, self.high = {}, {}, {}
        if self.kind == "none":
            return
        for name, lanes in values.items():
            self.std[name], self.low[name], self.high[name] = self._band(lanes)

    def _band(self, lanes: Array) -> tuple[Array, Array, Array]:
        if self.kind == "linear":
            half = 0.5 * (lanes[1::2] - lanes[2::2])
            std = np.sqrt(np.sum(half**2, axis=0))
            return std, lanes[0] - FACTOR * std, lanes[0] + FACTOR * std
        good = np.isfinite(lanes[1:]).sum(axis=0) > 1
        filled = np.where(good, lanes[1:], 0.0)
        tail = 50.0 * (1.0 - CONFIDENCE)
        std = np.nanstd(filled, axis=0, ddof=1)
        low, high = np.nanpercentile(filled, [tail, 100.0 - tail], axis=0)
        std, low, high = (np.where(good, x, np.nan) for x in (std, low, high))
        return std, low, high

    def relative(self, name: str) -> tuple[Array | None, Array | None]:
        """Band of a curve over its value at the start, of every variant over its own; None without bands."""
        if self.kind == "none":
            return None, None
        lanes = self.every[name]
        _, low, high = self._band(lanes / lanes[:, :1])
        return low, high

    def interval(self, times: Array) -> tuple[float, float]:
        """95 % interval of times of which some are infinite."""
        good = np.sort(times[~np.isnan(times)])
        if not good.size:
            return np.nan, np.nan
        tail = 0.5 * (1.0 - CONFIDENCE)
        # of the sorted times themselves, as infinite ones cannot be averaged
        first, last = int(np.floor(tail * good.size)), int(np.ceil((1.0 - tail) * good.size)) - 1
        return float(good[first]), float(good[last])

    def to_dict(self) -> dict[str, Any]:
        """Every curve with its band."""
        return {
            name: {"value": self.nominal[name], "low": self.low.get(name), "high": self.high.get(name)}
            for name in self.nominal
        }
