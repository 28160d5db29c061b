"""From what is solved of plain legs to what is seen at their ends, contacts included, in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ioffe.engine.compiled.cache import kernel
from ioffe.engine.table import Array


class Terminals(NamedTuple):
    """Quantities of devices in SI, in the direction of a generator; of the shape of the currents."""

    voltage: Array
    heat_hot: Array
    heat_cold: Array
    error: Array
    """Estimated error of the heats in W."""
    balance: Array
    """Heat in less heat out less power, relative to the largest of them."""


def terminals(
    scales: Sequence[ArrayLike],
    current: Array,
    j: Array,
    heat: Array,
    voltage: Array,
    error: Array,
) -> Terminals:
    """Voltage and heats of devices.

    `scales`: of every device: W of its heat by W/m of the leg, V of its voltage by V of the leg, resistances
        of its contacts at the hot and the cold end in ohm. Each (devices,), or one number.
    `current`: in A, shape (devices, points).
    `j`, `heat`, `voltage`: as in `entry.LegCurves`, shape (devices, points).
    `error`: as there, shape (devices,) or (devices, points).
    """
    rows = np.empty((len(j), len(scales)))
    for k, scale in enumerate(scales):
        rows[:, k] = scale
    out = Terminals(*(np.empty(j.shape) for _ in Terminals._fields))
    current, j, heat, voltage = (np.ascontiguousarray(a) for a in (current, j, heat, voltage))
    _terminals(rows, current, j, heat, voltage, np.ascontiguousarray(error.reshape(len(j), -1)), *out)
    return out


@kernel(fast=True)
def _terminals(
    rows: Any,
    current: Any,
    j: Any,
    heat: Any,
    voltage: Any,
    relative: Any,
    volts: Any,
    hot: Any,
    cold: Any,
    error: Any,
    balance: Any,
) -> None:
    last = relative.shape[1] - 1
    for d in range(len(j)):
        watts, factor, at_hot, at_cold = rows[d, 0], rows[d, 1], rows[d, 2], rows[d, 3]
        for p in range(j.shape[1]):
            amperes, leaving = current[d, p], watts * heat[d, p]
            made, square = watts * (j[d, p] * voltage[d, p]), amperes * amperes
            v = factor * voltage[d, p] - amperes * (at_hot + at_cold)
            h, c = leaving - square * at_hot, leaving - made + square * at_cold
            power = v * amperes
            size = max(abs(h), abs(c), abs(power))
            volts[d, p], hot[d, p], cold[d, p] = v, h, c
            error[d, p] = relative[d, min(p, last)] * (abs(leaving) + abs(made))
            balance[d, p] = abs(h - c - power) / (size if size > 0.0 else 1.0)
