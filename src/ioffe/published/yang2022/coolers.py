"""The coolers of the source as modules: reconstructed n-leg, stand-in p-leg, assumed solder and area."""

from __future__ import annotations

from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Contact
from ioffe.material.material import Material
from ioffe.published.scaling import module_of, scaled
from ioffe.published.source import SourceInputs

__all__ = ["LONG", "SHORT", "commercial", "cooler", "n_material", "p_material"]

LONG = 3e-3
"""Length in m of the legs on which the temperature differences were measured."""
SHORT = 2e-3
"""Length in m of the legs on which heat and COP were measured."""


def n_material(inputs: SourceInputs) -> Material:
    """The reconstructed n-type material with its assumed errors."""
    card = inputs.material("Mg3.2Bi1.4975Sb0.5Te0.0025")
    return scaled(card, seebeck=inputs["n_seebeck"], thermal_conductivity=inputs["n_thermal"])


def p_material(inputs: SourceInputs) -> Material:
    """The generic p-type leg with what the published one may differ by."""
    card = inputs.material("generic p cooler leg")
    return scaled(card, seebeck=inputs["p_seebeck"], thermal_conductivity=inputs["p_thermal"])


def cooler(inputs: SourceInputs, length: float, couples: int = 7) -> Module:
    """The cooler of Mg3(Bi,Sb)2 with legs of a length in m."""
    module, area, solder = module_of(inputs, "cooler"), inputs["leg_area"], inputs["solder"]
    p = Leg(p_material(inputs), length, area, contact=Contact(inputs["p_contact"], solder))
    n = Leg(n_material(inputs), length, area, contact=Contact(inputs["n_contact"], solder))
    return module.replace(p=p, n=n, couples=couples)


def commercial(inputs: SourceInputs, length: float) -> Module:
    """The commercial cooler beside it: generic legs on both sides, of a smaller cross-section."""
    module, area = module_of(inputs, "commercial"), inputs["commercial_area"]
    contact = Contact(inputs["p_contact"], inputs["solder"])
    p = Leg(p_material(inputs), length, area, contact=contact)
    n = Leg(inputs.material("generic n cooler leg"), length, area, contact=contact)
    return module.replace(p=p, n=n)
