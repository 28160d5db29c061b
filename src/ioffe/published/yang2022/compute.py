"""What `ioffe` computes beside the numbers of the source, in SI, by the keys of `values.toml`."""

from __future__ import annotations

from typing import Final

from ioffe.interface.contact import contact_share
from ioffe.published.scaling import seebeck_of
from ioffe.published.source import Computation, SourceInputs
from ioffe.published.yang2022.composition import best_composition
from ioffe.published.yang2022.coolers import LONG, SHORT, commercial, cooler, n_material
from ioffe.published.yang2022.cost import price_share
from ioffe.published.yang2022.curves import COP_maximum, heat_maximum, largest_difference
from ioffe.transport.merit import device_Z

__all__ = ["COMPUTATIONS"]

DROPS: Final = [5.0, 15.0]
"""Temperature differences in K at which heat and COP were measured."""


def material(inputs: SourceInputs) -> dict[str, float]:
    """The reconstructed n-type material and its contacts."""
    n = n_material(inputs)
    share = contact_share(LONG, n.electrical_conductivity(300.0), inputs["n_contact"])
    return {
        "n_seebeck_300": seebeck_of(n, 300.0),
        "n_zT_300": float(n.zT(300.0)),
        "n_zT_420": float(n.zT(420.0)),
        "contact_share": float(share),
    }


def largest_differences(inputs: SourceInputs) -> dict[str, float]:
    """Delta T_max of the coolers with legs of 3 mm."""
    small, many = cooler(inputs, LONG), cooler(inputs, LONG, couples=31)
    at_300, at_350 = largest_difference(small, [300.0, 350.0])
    (large,) = largest_difference(many, [300.0])
    (other,) = largest_difference(commercial(inputs, LONG), [300.0])
    return {
        "delta_T_max_300": at_300,
        "delta_T_max_350": at_350,
        "delta_T_max_31_pairs": large,
        "commercial_delta_T_max": other,
        "below_commercial": 1.0 - at_300 / other,
    }


def device_figures(inputs: SourceInputs) -> dict[str, float]:
    """Z of the published temperature differences, 2 Delta T_max/T_c^2."""
    measured = {
        "Z_300": (300.0, inputs["measured_delta_T_300"]),
        "Z_350": (350.0, inputs["measured_delta_T_350"]),
        "Z_31_pairs": (300.0, inputs["measured_delta_T_31_pairs"]),
        "Z_commercial": (300.0, inputs["measured_delta_T_commercial"]),
    }
    return {key: float(device_Z(drop, T - drop)) for key, (T, drop) in measured.items()}


def heat_and_COP(inputs: SourceInputs) -> dict[str, float]:
    """Heat, COP and slope of the cooler with legs of 2 mm."""
    module = cooler(inputs, SHORT)
    warm, cold = heat_maximum(module, DROPS)
    best = COP_maximum(module, DROPS)
    loads = [0.0, 1.0]
    drops = largest_difference(module, [300.0], loads)
    return {
        "max_heat_5_K": warm[0],
        "max_heat_15_K": warm[1],
        "max_heat_current": cold[0],
        "max_COP_5_K": best[0],
        "max_COP_15_K": best[1],
        "slope": drops[0] - drops[1],
    }


def commercial_module(inputs: SourceInputs) -> dict[str, float]:
    """Heat and COP of the commercial cooler, and what the price of the module makes of the difference."""
    module, other = cooler(inputs, SHORT), commercial(inputs, SHORT)
    heat, current = heat_maximum(other, [5.0, 0.0])
    (own,), _ = heat_maximum(module, [0.0])
    return {
        "commercial_max_heat": heat[0],
        "commercial_current": current[0],
        "commercial_COP": COP_maximum(other, [5.0])[0],
        "heat_ratio": own / heat[1],
        "performance_cost_ratio": own / heat[1] / (1.0 - inputs["module_saving"]) - 1.0,
    }


def best(inputs: SourceInputs) -> dict[str, float]:
    """The composition and the Hall density of the largest Delta T_max."""
    found = best_composition(inputs)
    return {
        "best_composition_low": found.composition,
        "best_composition_high": found.composition,
        "best_delta_T_low": found.delta_T,
        "best_delta_T_high": found.delta_T,
        "best_density": found.hall_density,
    }


def cost(inputs: SourceInputs) -> dict[str, float]:
    """The price of the elements of the n-type leg against that of Bi2Te2.7Se0.3, volume by volume."""
    return {"n_material_saving": 1.0 - price_share(inputs)}


COMPUTATIONS: Final[tuple[Computation, ...]] = (
    material,
    largest_differences,
    device_figures,
    heat_and_COP,
    commercial_module,
    best,
    cost,
)
