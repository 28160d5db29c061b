"""What `ioffe` computes beside the numbers of the source, in SI, by the keys of `values.toml`."""

from __future__ import annotations

from typing import Final

from ioffe.base.constants import N_A
from ioffe.interface.contact import contact_share
from ioffe.material.library import prices
from ioffe.published.source import SourceInputs, seebeck_of
from ioffe.published.yang2022 import coolers
from ioffe.published.yang2022.composition import best_composition
from ioffe.transport.formula import atomic_mass, hexagonal_cell_volume, parse_formula, xray_density
from ioffe.transport.merit import device_Z

MG = "Mg3.2Bi1.4975Sb0.5Te0.0025"
BI = "Bi2Te2.7Se0.3"

DROPS: Final = [5.0, 15.0]
"""Temperature differences in K at which heat and COP were measured."""


def material(inputs: SourceInputs) -> dict[str, float]:
    """The reconstructed n-type material and its contacts."""
    n = coolers.n_material(inputs)
    share = contact_share(coolers.LONG, n.electrical_conductivity(300.0), inputs["n_contact"])
    return {
        "n_seebeck_300": seebeck_of(n, 300.0),
        "n_zT_300": float(n.zT(300.0)),
        "n_zT_420": float(n.zT(420.0)),
        "contact_share": float(share),
    }


def largest_differences(inputs: SourceInputs) -> dict[str, float]:
    """Delta T_max of the coolers with legs of 3 mm."""
    small, many = coolers.cooler(inputs, coolers.LONG), coolers.cooler(inputs, coolers.LONG, couples=31)
    at_300, at_350 = coolers.largest_difference(small, [300.0, 350.0])
    (large,) = coolers.largest_difference(many, [300.0])
    (other,) = coolers.largest_difference(coolers.commercial(inputs, coolers.LONG), [300.0])
    return {
        "delta_T_max_300": at_300,
        "delta_T_max_350": at_350,
        "delta_T_max_31_pairs": large,
        "commercial_delta_T_max": other,
        "below_commercial": 1.0 - at_300 / other,
    }


def device_figures(inputs: SourceInputs) -> dict[str, float]:
    """Z of the published temperature differences, 2 Delta T_max/T_c^2."""
    hot = {"300": 300.0, "350": 350.0, "31_pairs": 300.0, "commercial": 300.0}
    drops = {name: inputs[f"measured_delta_T_{name}"] for name in hot}
    return {f"Z_{name}": float(device_Z(drop, hot[name] - drop)) for name, drop in drops.items()}


def heat_and_COP(inputs: SourceInputs) -> dict[str, float]:
    """Heat, COP and slope of the cooler with legs of 2 mm."""
    module = coolers.cooler(inputs, coolers.SHORT)
    warm, cold = coolers.heat_maximum(module, DROPS)
    best = coolers.COP_maximum(module, DROPS)
    loads = [0.0, 1.0]
    drops = coolers.largest_difference(module, [300.0], loads)
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
    module, other = coolers.cooler(inputs, coolers.SHORT), coolers.commercial(inputs, coolers.SHORT)
    heat, current = coolers.heat_maximum(other, [5.0, 0.0])
    (own,), _ = coolers.heat_maximum(module, [0.0])
    return {
        "commercial_max_heat": heat[0],
        "commercial_current": current[0],
        "commercial_COP": coolers.COP_maximum(other, [5.0])[0],
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


def element_cost(formula: str) -> tuple[float, float]:
    """Latest price of the elements of a formula in USD/kg, and its molar mass in kg/mol."""
    amounts = parse_formula(formula).amounts
    masses = {element: amount * N_A * atomic_mass(element) for element, amount in amounts.items()}
    total = sum(masses.values())
    per_kg = {element: prices(element)[-1].value for element in amounts}
    return sum(masses[element] * per_kg[element] for element in amounts) / total, total


def price_share(inputs: SourceInputs) -> float:
    """Price of the elements of a volume of the n-type material over that of Bi2Te2.7Se0.3."""
    price, mass = element_cost(MG)
    other, _ = element_cost(BI)
    x = 0.75
    a = (1 - x) * inputs["a_Mg3Sb2"] + x * inputs["a_Mg3Bi2"]
    c = (1 - x) * inputs["c_Mg3Sb2"] + x * inputs["c_Mg3Bi2"]
    density = float(xray_density(hexagonal_cell_volume(a, c), mass))
    return price * density / (other * inputs["density_Bi2Te3"])


COMPUTATIONS = (material, largest_differences, device_figures, heat_and_COP, commercial_module, best, cost)
