"""The generator of the source: stand-in legs, contacts of an age, heat that bypasses the legs."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.device.conditions import Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Contact, GapFiller, Segment
from ioffe.interface.ageing import Relaxation
from ioffe.published.scaling import module_of, scaled
from ioffe.published.source import SourceInputs
from ioffe.result.batch import BatchResult
from ioffe.solve.batch.solve import solve_batch

__all__ = ["COLD", "DAY", "ageing_law", "generator", "operated", "with_layers"]

DAY: Final = 86400.0
COLD: Final = 293.0
"""Cold side in K."""


def ageing_law(inputs: SourceInputs) -> Relaxation:
    """Contact resistivity of Sb on MgAgSb in air at 573 K, through the two published values."""
    fresh, aged, time = inputs["rho_c_fresh"], inputs["rho_c_aged"], inputs["ageing_time"]
    left = np.exp(-30.0 * DAY / time)
    return Relaxation(fresh, float((aged - fresh * left) / (1.0 - left)), time)


def generator(inputs: SourceInputs, *, lossless: bool = False) -> Module:
    """The two pairs with contacts after 30 days; `lossless` leaves out heat that bypasses the legs."""
    module = module_of(inputs, "module")
    p, n = (
        scaled(
            leg.segments[0].material,
            inputs[f"{kind}_seebeck"],
            inputs[f"{kind}_conductivity"],
            inputs[f"{kind}_thermal"],
        )
        for kind, leg in (("p", module.p), ("n", module.n))
    )
    contact_p, contact_n = Contact(inputs["rho_c_aged"]), Contact(inputs["n_contact"])
    return module.replace(
        p=Leg(p, module.p.length, module.p.area, contact=contact_p),
        n=Leg(n, module.n.length, module.n.area, contact=contact_n),
        filler=None if lossless else GapFiller(emissivity=inputs["emissivity"]),
    )


def operated(module: Module, T_hot: ArrayLike, rho_c: ArrayLike, aim: str) -> BatchResult:
    """Modules at an aim, one for each hot side in K and contact resistivity of the p-legs in ohm m2."""
    hot, rho = (np.asarray(a, float) for a in (T_hot, rho_c))
    one = Generator(T_hot=float(hot.flat[0]), T_cold=COLD, current=aim)
    return solve_batch(module, one, {"T_hot": hot, "p.contact.electrical": rho}, engine="numpy")


def with_layers(module: Module, p_metal: str, n_metal: str, thickness: float) -> Module:
    """The module with a layer (m) of a metal at both ends of each leg; the legs stay as long as before.

    The contact of a leg lies between the layer and the leg.
    """

    def layered(leg: Leg, metal: str) -> Leg:
        layer = Segment(metal, thickness)
        segments = (layer, *leg.segments, layer)
        between = (leg.contact_hot, leg.contact_cold)
        return Leg(segments=segments, area=leg.area, between=between, carrier=leg.carrier)

    return module.replace(p=layered(module.p, p_metal), n=layered(module.n, n_metal))
