"""Prices of the elements in the two n-type materials."""

from __future__ import annotations

from ioffe.base.constants import N_A
from ioffe.material.library import prices
from ioffe.published.source import SourceInputs
from ioffe.transport.formula import atomic_mass, hexagonal_cell_volume, parse_formula, xray_density

__all__ = ["element_cost", "price_share"]

MG = "Mg3.2Bi1.4975Sb0.5Te0.0025"
BI = "Bi2Te2.7Se0.3"


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
