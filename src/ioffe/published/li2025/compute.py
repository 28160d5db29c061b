"""What `ioffe` computes beside the numbers of the source, in SI, by the keys of `values.toml`.

The generator has stand-in legs, contacts of an age, and heat that bypasses the legs.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.device.conditions import Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Contact, GapFiller, Segment
from ioffe.interface.ageing import Relaxation
from ioffe.interface.barrier import Junction, bending_from_work_functions, contact_resistivity
from ioffe.life.process import scaled
from ioffe.published.source import SourceInputs
from ioffe.result.batch import BatchResult
from ioffe.solve.batch.solve import solve_batch

DAY: Final = 86400.0
COLD: Final = 293.0
"""Cold side in K."""
MEASURED: Final = {
    "fresh": (0.0, 276.0),
    "30_days": (30.0, 275.0),
    "60_days": (60.0, 275.0),
    "100_days": (100.0, 294.0),
}
"""Days in air and temperature difference in K of each measured efficiency."""
SIMULATED: Final = 593.0
"""Hot side in K of the simulation of the source."""
LAYER: Final = 0.5e-3
"""Thickness in m of the interface layers."""


def ageing_law(inputs: SourceInputs) -> Relaxation:
    """Contact resistivity of Sb on MgAgSb in air at 573 K, through the two published values."""
    fresh, aged, time = inputs["rho_c_fresh"], inputs["rho_c_aged"], inputs["ageing_time"]
    left = np.exp(-30.0 * DAY / time)
    return Relaxation(fresh, float((aged - fresh * left) / (1.0 - left)), time)


def generator(inputs: SourceInputs, *, lossless: bool = False) -> Module:
    """The two pairs with contacts after 30 days; `lossless` leaves out heat that bypasses the legs."""
    module = inputs.module("module")
    names = {
        "seebeck": "seebeck",
        "conductivity": "electrical_conductivity",
        "thermal": "thermal_conductivity",
    }
    p, n = (
        scaled(leg.segments[0].material, {of: inputs[f"{kind}_{name}"] for name, of in names.items()})
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


def work_functions(inputs: SourceInputs) -> dict[str, float]:
    """Band bending of Sb on MgAgSb."""
    bending = bending_from_work_functions(inputs["work_function_Sb"], inputs["work_function_MgAgSb"], "p")
    return {"bending": float(bending)}


def barrier(inputs: SourceInputs) -> dict[str, float]:
    """Contact resistivity of that barrier, and how a higher doping lowers it."""
    fresh = contact(inputs, inputs["doping"])
    aged = contact(inputs, inputs["doping"] * inputs["doping_rise"])
    return {"rho_c_fresh": fresh, "rho_c_30_days": inputs["rho_c_fresh"] * aged / fresh}


def contact(inputs: SourceInputs, doping: Any, permittivity: float | None = None) -> Any:
    """Contact resistivity in ohm m2 at dopings in 1/m3; by default with the permittivity of the inputs."""
    eps = inputs["permittivity"] if permittivity is None else permittivity
    return contact_resistivity(Junction(inputs["barrier"], doping, 300.0, eps, inputs["effective_mass"]))


def geometry(inputs: SourceInputs) -> dict[str, float]:
    """Cross-section of the legs over the published footprint."""
    module = inputs.module("module")
    return {"fill_factor": module.couples * (module.p.area + module.n.area) / inputs["footprint"]}


def measured(inputs: SourceInputs) -> dict[str, float]:
    """Efficiency and power of the module with contacts of each age."""
    module, law = generator(inputs), ageing_law(inputs)
    days, drops = (np.array(column) for column in zip(*MEASURED.values(), strict=True))
    rho = law.at(days * DAY)
    best = operated(module, COLD + drops, rho, "max_efficiency").efficiency
    power = operated(module, COLD + drops[-1:], rho[-1:], "max_power").power[0]
    found = {f"efficiency_{name}": value for name, value in zip(MEASURED, best, strict=True)}
    return {
        **found,
        "efficiency_gain": best[1] - best[0],
        "power_100_days": power,
        "power_density_100_days": power / inputs["footprint"],
    }


def simulated(inputs: SourceInputs) -> dict[str, float]:
    """The source's simulation: no heat beside the legs, contacts after 30 days."""
    module, rho = generator(inputs, lossless=True), inputs["rho_c_aged"]
    best, most = (operated(module, [SIMULATED], [rho], aim) for aim in ("max_efficiency", "max_power"))
    share = best.power[0] / most.power[0]
    power = inputs["measured_power"] * ((SIMULATED - COLD) / MEASURED["100_days"][1]) ** 2
    return {"efficiency_simulated": best.efficiency[0], "efficiency_mixed": share * power / best.heat_hot[0]}


def layers(inputs: SourceInputs) -> dict[str, float]:
    """Shares of efficiency and power that 0.5 mm of Sb and steel at the ends of the legs cost."""
    bare = generator(inputs, lossless=True)
    thick = with_layers(bare, "Sb", "304 stainless steel", LAYER)
    at = Generator(T_hot=SIMULATED, T_cold=COLD, current="max_power")
    before, after = (module.solve(at) for module in (bare, thick))
    return {
        "layers_efficiency": 1.0 - after.max_efficiency / before.max_efficiency,
        "layers_power": 1.0 - after.max_power / before.max_power,
    }


COMPUTATIONS = (work_functions, barrier, geometry, measured, simulated, layers)
