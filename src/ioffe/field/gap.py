"""What lies between the plates beside the legs: one more path from the hot to the cold faces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.constants import STEFAN_BOLTZMANN
from ioffe.device.module import Module
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


def gap_path(module: Module, free: float) -> GapPath | None:
    """The path through the gap over a free area in m2, as long as the longer leg; None if nothing passes."""
    filler = module.filler
    if filler is None or free <= 0.0 or not (filler.thermal_conductivity or filler.emissivity):
        return None
    height = max(module.p.length, module.n.length)
    between = filler.emissivity / (2.0 - filler.emissivity) * STEFAN_BOLTZMANN
    return GapPath(Link(0, 1, filler.thermal_conductivity * free / height), Exchange(0, 1, between * free))
