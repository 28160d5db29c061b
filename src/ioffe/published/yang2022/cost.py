"""Cost of the materials of the source, and of its modules.

The paper states how much cheaper the n-type material and the module are, and neither prices nor what it
counts. Both modules are priced alike: elements, copper, plates and assembly at the prices of the assumptions.
"""

from __future__ import annotations

from ioffe.cost.bill import cost_items
from ioffe.cost.costing import Costing, UnitPrice
from ioffe.cost.formulas import composition_price
from ioffe.device.conditions import Cooler
from ioffe.device.module import Module
from ioffe.published.source import SourceInputs
from ioffe.published.yang2022 import coolers
from ioffe.transport.formula import hexagonal_cell_volume, parse_formula, xray_density

MG = "Mg3.2Bi1.4975Sb0.5Te0.0025"
BI = "Bi2Te2.7Se0.3"
P_LEG = "(Sb0.75Bi0.25)2(Te0.97Se0.03)3"
ELEMENTS = ("Mg", "Bi", "Sb", "Te", "Se", "Cu")


def cost(inputs: SourceInputs) -> dict[str, float]:
    """Saving of the n-type material by volume, and of the module with legs of 2 mm."""
    return {
        "n_material_saving": 1.0 - price_share(inputs),
        "module_saving_32": 1.0 - module_cost(inputs, own=True) / module_cost(inputs, own=False),
    }


def element_prices(inputs: SourceInputs) -> dict[str, float]:
    """Prices of the elements in USD/kg, as assumed."""
    return {element: inputs[f"price_{element}"] for element in ELEMENTS}


def n_density(inputs: SourceInputs) -> float:
    """Density of the n-type material in kg/m3, from lattice parameters by Vegard's law at x = 1.5."""
    x = 0.75
    a = (1 - x) * inputs["a_Mg3Sb2"] + x * inputs["a_Mg3Bi2"]
    c = (1 - x) * inputs["c_Mg3Sb2"] + x * inputs["c_Mg3Bi2"]
    return float(xray_density(hexagonal_cell_volume(a, c), parse_formula(MG).molar_mass))


def price_share(inputs: SourceInputs) -> float:
    """Price of the elements of a volume of the n-type material over that of Bi2Te2.7Se0.3."""
    prices = element_prices(inputs)
    own, other = (composition_price(formula, prices) for formula in (MG, BI))
    return own * n_density(inputs) / (other * inputs["density_Bi2Te3"])


def costing(inputs: SourceInputs, module: Module, n: str, density: float) -> Costing:
    """Prices of a module whose n-type leg has a composition and a density in kg/m3."""
    names = {kind: getattr(module, kind).segments[0].material.name for kind in ("p", "n")}
    materials = {
        names["p"]: UnitPrice(composition=P_LEG, density=inputs["density_p"]),
        names["n"]: UnitPrice(composition=n, density=density),
        "Al2O3 96%": UnitPrice(price_per_area=inputs["plate_price"]),
    }
    elements = {name: UnitPrice(price=value) for name, value in element_prices(inputs).items()}
    return Costing(elements=elements, materials=materials, assembly=inputs["assembly"])


def module_cost(inputs: SourceInputs, *, own: bool) -> float:
    """Cost in USD of the cooler of the source, or of the commercial one beside it."""
    if own:
        module = coolers.cooler(inputs, coolers.SHORT)
        prices = costing(inputs, module, MG, n_density(inputs))
    else:
        module = coolers.commercial(inputs, coolers.SHORT)
        prices = costing(inputs, module, BI, inputs["density_Bi2Te3"])
    found = cost_items(module, Cooler(T_hot=300.0, T_cold=300.0, current=1.0), prices)
    return float(sum(item.cost for item in found))
