"""What `ioffe` computes beside the numbers of the source, in SI, by the keys of `values.toml`."""

from __future__ import annotations

from typing import Final

from ioffe.migration.defect import electron_gibbs_energy
from ioffe.migration.limits import (
    MixedConductor,
    critical_current_density,
    leg_limits,
    limits_from_directions,
)
from ioffe.migration.steady import exact_critical_current
from ioffe.published.qiu2018.legs import (
    HOT,
    ISOTHERMAL,
    LONG,
    defects,
    gradient_limits,
    isothermal_leg,
    superionic_resistance,
)
from ioffe.published.source import Computation, SourceInputs

__all__ = ["COMPUTATIONS"]

RICHEST: Final = 0.1
"""Largest deficiency of the samples whose critical voltage was measured."""


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
    one = critical_current_density(voltage, sigma, LONG)
    cuts = [LONG / 3.0, 2.0 * LONG / 3.0]
    three = leg_limits([0.0, LONG], ISOTHERMAL, sigma, MixedConductor(voltage), barriers=cuts)
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
    found = limits_from_directions(same, opposite, HOT - inputs["transition"])
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


COMPUTATIONS: Final[tuple[Computation, ...]] = (defect_model, exact, isothermal, directions, with_gradient)
