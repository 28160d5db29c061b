"""The legs of the source: Cu1.97S at 750 K, and between 673 K and 300 K, in one or three segments."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.migration.defect import DefectModel
from ioffe.migration.limits import LegLimits, MixedConductor, leg_limits, limits_from_directions
from ioffe.migration.specimen import HoleConductivity, MigratingLeg
from ioffe.published.source import SourceInputs

__all__ = [
    "COLD",
    "HOT",
    "ISOTHERMAL",
    "LONG",
    "SHORT",
    "conductor",
    "defects",
    "gradient_limits",
    "isothermal_leg",
]

Array = NDArray[np.float64]
ISOTHERMAL: Final = 750.0
"""Temperature in K of the leg without a temperature difference."""
LONG: Final = 10e-3
"""Its length in m."""
HOT, COLD, SHORT = 673.0, 300.0, 6e-3
"""Ends in K and length in m of the leg with one."""


def defects(inputs: SourceInputs) -> DefectModel:
    """The defect model with the constants that the source fits at 750 K."""
    return DefectModel.of_constant(inputs["K_e"], ISOTHERMAL, inputs["delta_c"])


def isothermal_leg(inputs: SourceInputs, segments: int = 1) -> MigratingLeg:
    """The leg at 750 K with a conductivity in proportion to its holes."""
    model, delta = defects(inputs), inputs["delta"]
    sigma = HoleConductivity(model, inputs["sigma_750"], delta)
    barriers = [LONG * i / segments for i in range(1, segments)]
    mobile, volume = inputs["sigma_ion"], inputs["molar_volume"]
    return MigratingLeg([0.0, LONG], ISOTHERMAL, model, delta, sigma, mobile, volume, barriers=barriers)


def profile(inputs: SourceInputs, hot: float = HOT) -> tuple[Array, Array, Array]:
    """Positions (m), temperatures (K) and conductivities (S/m) of the leg, hot end first."""
    x = np.linspace(0.0, SHORT, 601)
    T = hot + (COLD - hot) * x / SHORT
    return x, T, inputs["sigma_750"] * (T / ISOTHERMAL) ** inputs["sigma_exponent"]


def superionic_resistance(inputs: SourceInputs) -> float:
    """Integral of dx/sigma in ohm m2 over the part above the transition."""
    any_limit = MixedConductor(inputs["isothermal_voltage"], transition=inputs["transition"])
    return sum(part.resistance for part in leg_limits(*profile(inputs), any_limit).parts)


def conductor(inputs: SourceInputs) -> MixedConductor:
    """One S* and one V_c(T), from the leg at 750 K and the undivided leg with a temperature difference."""
    resistance, transition = superionic_resistance(inputs), inputs["transition"]
    found = limits_from_directions(
        inputs["J_same"] * resistance, inputs["J_opposite"] * resistance, HOT - transition
    )
    middle, voltage = 0.5 * (HOT + transition), float(found.isothermal_voltage)
    slope = (inputs["isothermal_voltage"] - voltage) / (ISOTHERMAL - middle)
    return MixedConductor(lambda T: voltage + slope * (T - middle), float(found.S_star), transition)


def gradient_limits(inputs: SourceInputs, segments: int, hot: float = HOT) -> LegLimits:
    """Limits of the leg with a temperature difference, in equal segments."""
    barriers = [SHORT * i / segments for i in range(1, segments)]
    return leg_limits(*profile(inputs, hot), conductor(inputs), barriers=barriers)
