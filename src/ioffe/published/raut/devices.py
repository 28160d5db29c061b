"""The single leg and the generator of two pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ioffe.device.conditions import Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.material.material import Material
from ioffe.published.raut.samples import n_material, p_material
from ioffe.published.source import SourceInputs

__all__ = ["leg", "leg_of", "module", "module_of"]

LEG_DIFFERENCES = (77, 365)
MODULE_DIFFERENCES = (79, 374)


def leg_of(inputs: SourceInputs) -> Leg:
    """The leg of the device file with the material of the inputs."""
    found = inputs.device("leg").device
    assert isinstance(found, Leg)
    return _with(found, p_material(inputs, of_device=True))


def module_of(inputs: SourceInputs) -> Module:
    """The module of the device file with materials and joints of the inputs."""
    found = inputs.device("module").device
    assert isinstance(found, Module)
    p, n = _with(found.p, p_material(inputs, of_device=True)), _with(found.n, n_material(inputs))
    return found.replace(p=p, n=n, series_resistance=inputs["joint_resistance"])


def leg(inputs: SourceInputs) -> Mapping[str, float]:
    """Voltage, resistance, power and efficiency of the leg."""
    device = leg_of(inputs)
    low, high = (
        device.solve(Generator(T_hot=cold + difference, T_cold=cold))
        for difference in LEG_DIFFERENCES
        for cold in [inputs[f"leg_cold_{difference}"]]
    )
    return {
        "leg_voltage_77": low.open_circuit_voltage,
        "leg_resistance_77": low.internal_resistance,
        "leg_voltage_365": high.open_circuit_voltage,
        "leg_resistance_365": high.internal_resistance,
        "leg_power_365": high.max_power,
        "leg_efficiency_365": high.max_efficiency,
    }


def module(inputs: SourceInputs) -> Mapping[str, float]:
    """Voltage, resistance, power, efficiency and heat of the module."""
    device, cold = module_of(inputs), inputs["module_cold"]
    low, high = (
        device.solve(Generator(T_hot=cold + difference, T_cold=cold)) for difference in MODULE_DIFFERENCES
    )
    return {
        "module_voltage_79": low.open_circuit_voltage,
        "module_resistance_79": low.internal_resistance,
        "module_voltage_374": high.open_circuit_voltage,
        "module_resistance_374": high.internal_resistance,
        "module_power_374": high.max_power,
        "module_power_density_374": high.max_power / device.footprint,
        "module_efficiency_374": high.max_efficiency,
        "module_heat_374": high.heat_hot,
    }


def _with(leg: Leg, material: Material) -> Leg:
    """The leg with another material in its only segment."""
    (segment,) = leg.segments
    return leg.replace(segments=(replace(segment, material=material),))
