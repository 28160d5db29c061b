"""Noise of one point of a measured sweep, from the scatter about smooth curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import Faults
from ioffe.measure.estimates import SIGMA_OVER_MEDIAN
from ioffe.measured.figures import sweeps_of
from ioffe.measured.model import DeviceModel
from ioffe.measured.sweep_curve import polynomial

SMALLEST_NOISE: Final = 1e-6
"""Noise of data without scatter, over their largest value."""
FAR: Final = 5.0
"""Residual over the noise from which on a point is named, and does not count for the noise."""


def noise_of(model: DeviceModel) -> tuple[dict[str, float], float]:
    """Noise of one point by channel, and its degrees of freedom.

    Where it is not stated it is the scatter of the differences to the computed points about a parabola over
    the current, so that temperatures that wander from point to point do not count. Points five times as far
    off as their median says are left out of it.

    Returns `noise`: in SI.
    Returns `freedom`: infinite where it is stated.
    Raises `InputError` for channels with too few points to see it.
    """
    measurement, free = model.measurement, 0
    found, faults = {}, Faults(measurement.name)
    sweep, n = sweeps_of(measurement), measurement.numbers
    computed = {} if set(measurement.channels) <= set(measurement.noise) else model.values()[0]
    for name in measurement.channels:
        if name in measurement.noise:
            found[name] = measurement.noise[name]
            continue
        many = name != "ac_resistance" and "current" in n
        groups = [np.flatnonzero(sweep == k) for k in range(int(sweep.max()) + 1 if many else 0)]
        squares, own = scatter_of(n["current"] if many else n[name], n[name] - computed[name], groups)
        if not own:
            expected = (
                "the noise of one point is expected, because the points of a sweep are too few to see it"
            )
            faults.add(f"noise.{name}", expected=expected, advice=f'noise = {{ {name} = "..." }}')
            continue
        found[name] = max(float(np.sqrt(squares / own)), SMALLEST_NOISE * float(np.nanmax(np.abs(n[name]))))
        free += own
    faults.raise_if_any()
    return found, free or np.inf


def scatter_of(current: Array, differences: Array, groups: Sequence[Any]) -> tuple[float, int]:
    """Sum of squares about a parabola in each group of points, without outliers, and its degrees of freedom.

    `current`, `differences` (n,): NaN differences do not count.
    `groups`: indices of the points of each sweep.
    Returns `squares`: in the square of the unit of the differences.

    >>> I, noise = np.linspace(0.0, 1.0, 40), np.tile([1e-3, -1e-3], 20)
    >>> good, _ = scatter_of(I, noise, [np.arange(40)])
    >>> scatter_of(I, noise + np.where(I == 1.0, 1.0, 0.0), [np.arange(40)])[0] < 1.1 * good
    True
    """
    kept = np.isfinite(differences)
    while True:
        left, own, squares = np.full(len(differences), np.nan), 0, 0.0
        for group in groups:
            at = group[kept[group]]
            smooth = polynomial(current[at], differences[at], 2) if len(at) else None
            if smooth is None or smooth.degrees_of_freedom < 1:
                continue
            basis = np.linalg.qr(current[at, None] ** np.arange(3))[0]
            free = np.maximum(1.0 - np.sum(basis**2, axis=1), 1e-9)
            left[at] = np.abs(smooth.residuals) / np.sqrt(free)
            own, squares = own + smooth.degrees_of_freedom, squares + smooth.chi_squared
        seen = left[np.isfinite(left)]
        if not seen.size or np.nanmax(left) <= FAR * SIGMA_OVER_MEDIAN * float(np.median(seen)):
            return squares, own
        kept[int(np.nanargmax(left))] = False
