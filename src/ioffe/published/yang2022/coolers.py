"""The coolers of the source as modules, their curves over the current, and the maxima of those.

The n-leg is reconstructed, the p-leg a stand-in, solder and area are assumed. All currents of a curve are
solved at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ioffe.device.conditions import Cooler
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Contact
from ioffe.material.material import Material
from ioffe.published.source import SourceInputs, seebeck_of
from ioffe.result.steady import Result

Array = NDArray[np.float64]
HOT = 300.0
"""Hot side in K of the curves."""
NEAR_HEAT = np.linspace(0.7, 1.15, 10)
NEAR_COP = np.geomspace(0.03, 0.5, 18)
NEAR_DROP = np.linspace(0.6, 1.1, 9)
"""Currents over S T_c/R of the legs, among which a maximum is looked for."""
LONG = 3e-3
"""Length in m of the legs on which the temperature differences were measured."""
SHORT = 2e-3
"""Length in m of the legs on which heat and COP were measured."""


def n_material(inputs: SourceInputs) -> Material:
    """The reconstructed n-type material with its assumed errors."""
    factors = {"seebeck": "n_seebeck", "thermal_conductivity": "n_thermal"}
    return inputs.material("Mg3.2Bi1.4975Sb0.5Te0.0025", **factors)


def p_material(inputs: SourceInputs) -> Material:
    """The generic p-type leg with what the published one may differ by."""
    factors = {"seebeck": "p_seebeck", "thermal_conductivity": "p_thermal"}
    return inputs.material("generic p cooler leg", **factors)


def cooler(inputs: SourceInputs, length: float, couples: int = 7) -> Module:
    """The cooler of Mg3(Bi,Sb)2 with legs of a length in m."""
    module, area, solder = inputs.module("cooler"), inputs["leg_area"], inputs["solder"]
    p = Leg(p_material(inputs), length, area, contact=Contact(inputs["p_contact"], solder))
    n = Leg(n_material(inputs), length, area, contact=Contact(inputs["n_contact"], solder))
    return module.replace(p=p, n=n, couples=couples)


def commercial(inputs: SourceInputs, length: float) -> Module:
    """The commercial cooler beside it: generic legs on both sides, of a smaller cross-section."""
    module, area = inputs.module("commercial"), inputs["commercial_area"]
    contact = Contact(inputs["p_contact"], inputs["solder"])
    p = Leg(p_material(inputs), length, area, contact=contact)
    n = Leg(inputs.material("generic n cooler leg"), length, area, contact=contact)
    return module.replace(p=p, n=n)


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
    """Position and height of the maximum, by the parabola through the largest value and its neighbours."""
    k = int(np.clip(np.nanargmax(y), 1, x.size - 2))
    a, b, c = np.polyfit(x[k - 1 : k + 2] - x[k], y[k - 1 : k + 2], 2)
    if a >= 0:
        best = int(np.nanargmax(y))
        return float(x[best]), float(y[best])
    position = float(np.clip(x[k] - b / (2.0 * a), x[k - 1], x[k + 1]))
    shift = position - x[k]
    return position, float((a * shift + b) * shift + c)


def _maxima(x: Array, rows: Array) -> tuple[list[float], list[float]]:
    found = [vertex(x, row) for row in np.atleast_2d(rows)]
    return [height for _, height in found], [position for position, _ in found]


def _resistance(leg: Leg, T: float) -> float:
    contacts = leg.contact_hot.electrical + leg.contact_cold.electrical
    material = leg.segments[0].material
    return (leg.length * float(material.electrical_resistivity(T)) + contacts) / leg.area
