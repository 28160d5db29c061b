"""What `ioffe` computes beside the numbers of the source, in SI, by the keys of `values.toml`."""

from __future__ import annotations

from typing import Final

import numpy as np

from ioffe.device.conditions import Generator
from ioffe.interface.barrier import Junction, bending_from_work_functions, contact_resistivity
from ioffe.published.li2025.module import COLD, DAY, ageing_law, generator, operated, with_layers
from ioffe.published.scaling import module_of
from ioffe.published.source import Computation, SourceInputs

__all__ = ["COMPUTATIONS", "MEASURED", "contact", "simulated"]

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


def work_functions(inputs: SourceInputs) -> dict[str, float]:
    """Band bending of Sb on MgAgSb."""
    bending = bending_from_work_functions(inputs["work_function_Sb"], inputs["work_function_MgAgSb"], "p")
    return {"bending": float(bending)}


def barrier(inputs: SourceInputs) -> dict[str, float]:
    """Contact resistivity of that barrier, and how a higher doping lowers it."""
    fresh = contact(inputs, inputs["doping"])
    aged = contact(inputs, inputs["doping"] * inputs["doping_rise"])
    return {"rho_c_fresh": fresh, "rho_c_30_days": inputs["rho_c_fresh"] * aged / fresh}


def contact(inputs: SourceInputs, doping: float) -> float:
    """Contact resistivity in ohm m2 at a doping in 1/m3."""
    rest = (inputs["permittivity"], inputs["effective_mass"])
    return float(contact_resistivity(Junction(inputs["barrier"], doping, 300.0, *rest)))


def geometry(inputs: SourceInputs) -> dict[str, float]:
    """Cross-section of the legs over the published footprint."""
    module = module_of(inputs, "module")
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
    return {
        "efficiency_simulated": best.efficiency[0],
        "efficiency_mixed": share * power / best.heat_hot[0],
    }


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


COMPUTATIONS: Final[tuple[Computation, ...]] = (
    work_functions,
    barrier,
    geometry,
    measured,
    simulated,
    layers,
)
