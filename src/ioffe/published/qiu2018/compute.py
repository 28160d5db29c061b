"""What `ioffe` computes beside the numbers of the source, in SI, by the keys of `values.toml`.

The legs: Cu1.97S at 750 K, and between 673 K and 300 K, in one or three segments.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.migration import limits
from ioffe.migration.defect import DefectModel, electron_gibbs_energy
from ioffe.migration.leg import LegLimits, leg_limits
from ioffe.migration.specimen import HoleConductivity, MigratingLeg
from ioffe.migration.steady import exact_critical_current
from ioffe.published.source import SourceInputs

Array = NDArray[np.float64]
ISOTHERMAL: Final = 750.0
"""Temperature in K of the leg without a temperature difference."""
LONG: Final = 10e-3
"""Its length in m."""
HOT, COLD, SHORT = 673.0, 300.0, 6e-3
"""Ends in K and length in m of the leg with one."""
RICHEST: Final = 0.1
"""Largest deficiency of the samples whose critical voltage was measured."""


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
    any_limit = limits.MixedConductor(inputs["isothermal_voltage"], transition=inputs["transition"])
    return sum(part.resistance for part in leg_limits(*profile(inputs), any_limit).parts)


def conductor(inputs: SourceInputs) -> limits.MixedConductor:
    """One S* and one V_c(T), from the leg at 750 K and the undivided leg with a temperature difference."""
    resistance, transition = superionic_resistance(inputs), inputs["transition"]
    same, opposite = inputs["J_same"] * resistance, inputs["J_opposite"] * resistance
    found = limits.limits_from_directions(same, opposite, HOT - transition)
    middle, voltage = 0.5 * (HOT + transition), float(found.isothermal_voltage)
    slope = (inputs["isothermal_voltage"] - voltage) / (ISOTHERMAL - middle)
    return limits.MixedConductor(lambda T: voltage + slope * (T - middle), float(found.S_star), transition)


def gradient_limits(inputs: SourceInputs, segments: int, hot: float = HOT) -> LegLimits:
    """Limits of the leg with a temperature difference, in equal segments."""
    barriers = [SHORT * i / segments for i in range(1, segments)]
    return leg_limits(*profile(inputs, hot), conductor(inputs), barriers=barriers)


def defect_model(inputs: SourceInputs) -> dict[str, float]:
    """Critical voltages of the defect model, by Eq. 7 and exact for a uniform field."""
    model, delta = defects(inputs), inputs["delta"]
    return {
        "gibbs_energy": float(electron_gibbs_energy(inputs["K_e"], ISOTHERMAL)),
        "voltage_linear": float(model.critical_voltage(delta, ISOTHERMAL)),
        "voltage_uniform": float(model.critical_voltage(delta, ISOTHERMAL, form="uniform field")),
        "voltage_largest": float(model.critical_voltage(RICHEST, ISOTHERMAL)),
    }


def exact(inputs: SourceInputs) -> dict[str, float]:
    """Current at 750 K beyond which metal leaves and R/R0 falls; the conductivity follows the holes."""
    return {"exact_one": exact_critical_current(isothermal_leg(inputs)).current_density}


def isothermal(inputs: SourceInputs) -> dict[str, float]:
    """Critical currents and voltages at 750 K from the measured critical voltage."""
    voltage, sigma = inputs["isothermal_voltage"], inputs["sigma_750"]
    one = limits.critical_current_density(voltage, sigma, LONG)
    cuts = [LONG / 3.0, 2.0 * LONG / 3.0]
    three = leg_limits([0.0, LONG], ISOTHERMAL, sigma, limits.MixedConductor(voltage), barriers=cuts)
    return {
        "J_one": float(one),
        "J_three": three.upper,
        "voltage_three": sum(part.forward for part in three.parts),
        "voltage_at_30": inputs["J_three"] * LONG / sigma,
    }


def directions(inputs: SourceInputs) -> dict[str, float]:
    """S* and isothermal voltage from the currents along and against the heat."""
    resistance = superionic_resistance(inputs)
    same, opposite = inputs["J_same"] * resistance, inputs["J_opposite"] * resistance
    found = limits.limits_from_directions(same, opposite, HOT - inputs["transition"])
    return {
        "voltage_same": same,
        "voltage_opposite": opposite,
        "S_star": float(found.S_star),
        "gradient_voltage": float(found.isothermal_voltage),
    }


def with_gradient(inputs: SourceInputs) -> dict[str, float]:
    """Critical currents between 673 K and 300 K, in one segment and in three."""
    one, three = (gradient_limits(inputs, count) for count in (1, 3))
    total = sum(part.resistance for part in three.parts)
    return {
        "J_same": one.upper,
        "J_opposite": -one.lower,
        "J_three_same": three.upper,
        "voltage_three_same": three.upper * total,
        "voltage_at_3": inputs["J_three_same"] * total,
    }


COMPUTATIONS = (defect_model, exact, isothermal, directions, with_gradient)
