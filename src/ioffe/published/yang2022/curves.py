"""Curves of a cooler over the current, and their maxima, all currents of a curve solved at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ioffe.device.conditions import Cooler
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.published.scaling import seebeck_of
from ioffe.result.steady import Result

__all__ = ["COP_maximum", "curve", "heat_maximum", "largest_difference", "peltier_current", "vertex"]

Array = NDArray[np.float64]
HOT = 300.0
"""Hot side in K of the curves."""
NEAR_HEAT = np.linspace(0.7, 1.15, 10)
NEAR_COP = np.geomspace(0.03, 0.5, 18)
NEAR_DROP = np.linspace(0.6, 1.1, 9)
"""Currents over S T_c/R of the legs, among which a maximum is looked for."""


def peltier_current(module: Module, T: float = HOT) -> float:
    """S T/R of the legs in A: about the current of the largest heat."""
    resistance = sum(_resistance(leg, T) for leg in (module.p, module.n))
    S = seebeck_of(module.p.segments[0].material, T) - seebeck_of(module.n.segments[0].material, T)
    return float(S * T / resistance)


def curve(module: Module, drops: Sequence[float], current: Array) -> Result:
    """Heat and COP over the current at temperature differences in K below 300 K."""
    cold = [HOT - drop for drop in drops]
    return module.solve(Cooler(T_hot=HOT, T_cold=cold, current=current), maxima=False)


def heat_maximum(module: Module, drops: Sequence[float]) -> tuple[list[float], list[float]]:
    """Largest heat in W and its current in A at each temperature difference."""
    current = peltier_current(module) * NEAR_HEAT
    return _maxima(current, curve(module, drops, current).heat_cold)


def COP_maximum(module: Module, drops: Sequence[float]) -> list[float]:
    """Largest COP at each temperature difference."""
    current = peltier_current(module) * NEAR_COP
    return _maxima(np.log(current), curve(module, drops, current).COP)[0]


def largest_difference(module: Module, hot: Sequence[float], heat: Sequence[float] = (0.0,)) -> list[float]:
    """Largest temperature difference in K at each hot side (K) and heat load (W), hot sides first."""
    current = peltier_current(module) * NEAR_DROP
    conditions = Cooler(T_hot=list(hot), heat=list(heat), current=current)
    drops = module.solve(conditions, maxima=False).delta_T
    return _maxima(current, drops.reshape(-1, current.size))[0]


def vertex(x: Array, y: Array) -> tuple[float, float]:
    """Place and height of the maximum, by the parabola through the largest value and its neighbours."""
    k = int(np.clip(np.nanargmax(y), 1, x.size - 2))
    a, b, c = np.polyfit(x[k - 1 : k + 2] - x[k], y[k - 1 : k + 2], 2)
    if a >= 0:
        best = int(np.nanargmax(y))
        return float(x[best]), float(y[best])
    place = float(np.clip(x[k] - b / (2.0 * a), x[k - 1], x[k + 1]))
    shift = place - x[k]
    return place, float((a * shift + b) * shift + c)


def _maxima(x: Array, rows: Array) -> tuple[list[float], list[float]]:
    found = [vertex(x, row) for row in np.atleast_2d(rows)]
    return [height for _, height in found], [place for place, _ in found]


def _resistance(leg: Leg, T: float) -> float:
    contacts = leg.contact_hot.electrical + leg.contact_cold.electrical
    material = leg.segments[0].material
    return (leg.length * float(material.electrical_resistivity(T)) + contacts) / leg.area
