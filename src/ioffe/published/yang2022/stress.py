"""Stress of the contact layers: thin metal on a leg that shrinks more than it.

The paper shows maps of finite elements without their data. Far from the edges a thin layer on a thick leg has
the biaxial stress E/(1 - nu) (alpha_leg - alpha_layer) (T_free - T).
"""

from __future__ import annotations

from typing import Any

from ioffe.interface.compatibility import LaminateLayer, thermal_strain
from ioffe.material.library import load_material
from ioffe.published.source import SourceInputs

LAYERS = {"n_Mg2Cu": ("Cu", "n"), "p_Ni": ("Ni", "p"), "n_Ni": ("Ni", "n")}
"""The metal of each layer, and the leg that it is on."""
THIN = 20e-6
"""Thickness of the layers in m, which does not enter a biaxial stress."""


def contact_stress(inputs: SourceInputs) -> dict[str, float]:
    """Equivalent stress of the contact layers in Pa, at the temperature of the curves."""
    cooled = inputs["stress_free"] - inputs["curves_hot"]
    found = {}
    for name, (metal, leg) in LAYERS.items():
        m: Any = load_material(metal)
        shrunk = float(thermal_strain(m, inputs["curves_hot"], inputs["stress_free"]))
        layer = LaminateLayer(THIN, m.youngs_modulus, m.poisson_ratio, shrunk / cooled)
        strain = inputs[f"expansion_{leg}"] * cooled - shrunk
        # the two stresses in the plane are equal, so that this is von Mises' too
        found[f"stress_{name}"] = layer.biaxial_modulus * abs(strain)
    return found
