"""What lies between the plates beside the legs: one more path from the hot to the cold faces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.constants import STEFAN_BOLTZMANN
from ioffe.device.layout import Rectangle
from ioffe.device.module import Module
from ioffe.device.parts import bridging
from ioffe.engine.elements import Exchange, Link
from ioffe.engine.state import OK
from ioffe.field.legs import PortFlow

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GapPath:
    """A filler and radiation between the faces that no leg covers, at their mean temperatures."""

    link: Link
    exchange: Exchange

    def evaluate(self, T_hot: Array, T_cold: Array, current: Array, *_: Any) -> PortFlow:
        """Heat that passes, as of a leg without a voltage; shapes (1, cases)."""
        zero = np.zeros_like(T_hot[0])
        flows = [e.flow(T_hot[0], T_cold[0], current, zero) for e in (self.link, self.exchange)]
        heat = (flows[0].leaving + flows[1].leaving)[None]
        slopes = (flows[0].d_leaving + flows[1].d_leaving)[:, None]
        none = np.zeros_like(heat)
        code = np.full(heat.shape, OK)
        return PortFlow(heat, heat, none, slopes, slopes, 0.0 * slopes, none, none, code, none)


def gap_path(module: Module) -> GapPath | None:
    """The path through the gap; None if nothing passes.

    Between two electrodes it is as long as the longer leg with its solder, beside them longer by their
    thickness.
    """
    filler, plan = module.filler, module.plan
    if filler is None or not (filler.thermal_conductivity or filler.emissivity):
        return None
    length = max(module.p.length, module.n.length)
    length += sum(x.thickness for x in (*module.hot, *module.cold) if x.coverage == "legs")
    hot, cold = (sum(x.thickness for x in bridging(stack)) for stack in (module.hot, module.cold))
    above, below = plan.hot if hot else (plan.hot_plate,), plan.cold if cold else (plan.cold_plate,)
    plates = (plan.hot_plate,), (plan.cold_plate,)
    both, upper, lower = _common(above, below), _common(above, plates[1]), _common(plates[0], below)
    legs, whole = _common(plan.legs, plan.legs), _common(*plates)
    paths = (
        (both - legs, length),
        (upper - both, length + cold),
        (lower - both, length + hot),
        (whole - upper - lower + both, length + hot + cold),
    )
    through = filler.thermal_conductivity * sum(area / height for area, height in paths)
    between = filler.emissivity / (2.0 - filler.emissivity) * STEFAN_BOLTZMANN * (whole - legs)
    return GapPath(Link(0, 1, through), Exchange(0, 1, between)) if whole > legs else None


def _common(some: Sequence[Rectangle], others: Sequence[Rectangle]) -> float:
    """Area that two sets of rectangles share, none of which overlap in their own set."""
    a, b = np.array(some)[:, None], np.array(others)
    sides = np.minimum(a[..., 1::2], b[..., 1::2]) - np.maximum(a[..., ::2], b[..., ::2])
    return float(np.maximum(sides, 0.0).prod(axis=-1).sum())
