"""The two materials of the devices, with the factors that carry their errors."""

from __future__ import annotations

from ioffe.material.material import Material
from ioffe.published.scaling import scaled
from ioffe.published.source import SourceInputs

__all__ = ["n_material", "p_material"]


def p_material(inputs: SourceInputs, of_device: bool = False) -> Material:
    """The rebuilt p-type material; in a device its measured voltage and resistance pin S and sigma."""
    factors = (1.0, 1.0) if of_device else (inputs["seebeck_scale"], inputs["conductivity_scale"])
    return scaled(
        inputs.material("Mg1.18Cu0.02Yb0.6Zn1.2Sb2"), *factors, inputs["thermal_conductivity_scale"]
    )


def n_material(inputs: SourceInputs) -> Material:
    """The card that stands in for the n-type material."""
    names = ("n_seebeck_scale", "n_conductivity_scale", "n_thermal_conductivity_scale")
    return scaled(inputs.material("Mg3.2Sb1.5Bi0.49Te0.01"), *(inputs[name] for name in names))
