"""p-type Mg1.78-yCu0.02YbyZn1.2Sb2: table of compositions, thermal conductivity, contacts, errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import hypot

import numpy as np

from ioffe.base.constants import e
from ioffe.device.conditions import Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.material.library import load_material
from ioffe.material.material import Material
from ioffe.published.source import SourceInputs, seebeck_of
from ioffe.result.steady import Result
from ioffe.transport import engineering, merit, single_band
from ioffe.transport.fermi_level import effective_mass, fermi_level_from_seebeck
from ioffe.transport.phonons import alloy, elastic, scattering_rates
from ioffe.transport.pisarenko import DopedBand
from ioffe.transport.quality import goldsmid_sharp_gap

ROOM, HOT = 300.0, 673.0
SITES = {
    "octahedral": {"Mg": 0.38, "Cu": 0.02, "Yb": 0.6},
    "tetrahedral": {"Mg": 0.8, "Zn": 1.2},
    "anion": ["Sb"],
}
"""Yb and Cu on the octahedral site, Zn on the tetrahedral one, for y = 0.6."""
LEG_DIFFERENCES = (77, 365)
MODULE_DIFFERENCES = (79, 374)
"""Temperature differences in K that are stated."""
EXPANSION = {"cupronickel": "CuNi 70/30", "iron": "Fe", "nickel": "Ni"}


def p_material(inputs: SourceInputs, of_device: bool = False) -> Material:
    """The rebuilt p-type material; in a device its measured voltage and resistance pin S and sigma."""
    free = {"seebeck": "seebeck_scale", "electrical_conductivity": "conductivity_scale"}
    factors = {} if of_device else free
    name = "Mg1.18Cu0.02Yb0.6Zn1.2Sb2"
    return inputs.material(name, **factors, thermal_conductivity="thermal_conductivity_scale")


def n_material(inputs: SourceInputs) -> Material:
    """The card that stands in for the n-type material."""
    return inputs.material(
        "Mg3.2Sb1.5Bi0.49Te0.01",
        seebeck="n_seebeck_scale",
        electrical_conductivity="n_conductivity_scale",
        thermal_conductivity="n_thermal_conductivity_scale",
    )


def hall_table(inputs: SourceInputs) -> Mapping[str, float]:
    """sigma = n e mu, and the mass of one parabolic band, from the table of Hall data."""
    return {
        "conductivity_000": inputs["hall_density_000"] * e * inputs["hall_mobility_000"],
        "mass_000": float(effective_mass(inputs["seebeck_x002"], inputs["hall_density_000"], ROOM)),
        "seebeck_000": float(DopedBand(ROOM, inputs["mass_000"]).seebeck(inputs["hall_density_000"])),
        "mobility_020": inputs["hall_mobility_020"],
    }


def hall_of_leg(inputs: SourceInputs) -> Mapping[str, float]:
    """The same for the composition of the leg, y = 0.6, whose S is rebuilt."""
    material = p_material(inputs)
    seebeck = float(seebeck_of(material, ROOM))
    return {
        "conductivity_060": inputs["hall_density_060"] * e * inputs["hall_mobility_060"],
        "mass_060": float(effective_mass(seebeck, inputs["hall_density_060"], ROOM)),
    }


def power_factors(inputs: SourceInputs) -> Mapping[str, float]:
    """S^2 sigma at 300 K from the numbers of the text."""
    return {
        f"power_factor_{x}": float(merit.power_factor(inputs[f"seebeck_{x}"], inputs[f"conductivity_{x}"]))
        for x in ("x000", "x002")
    }


def merit_of_leg(inputs: SourceInputs) -> Mapping[str, float]:
    """Gap, split of the thermal conductivity, zT and its average of the rebuilt material."""
    material = p_material(inputs)
    T = material.temperatures()
    S = np.asarray(seebeck_of(material, T))
    kappa = float(material.thermal_conductivity(HOT))
    electronic = lorenz(material, HOT) * float(material.electrical_conductivity(HOT)) * HOT
    return {
        "gap_060": float(goldsmid_sharp_gap(S.max(), T[S.argmax()])),
        "power_factor_623": float(material.power_factor(623.0)),
        "kappa_673": kappa,
        "kappa_lat_673": kappa - electronic,
        "zT_673": float(material.zT(HOT)),
        "zT_average": float(engineering.average(material.zT, 298.0, HOT)),
    }


def lorenz(material: Material, T: float) -> float:
    """Lorenz number of one parabolic band with the S of a material, in V2/K2."""
    S = float(seebeck_of(material, T))
    return float(single_band.lorenz_number(fermi_level_from_seebeck(S)))


def alloy_lattice(inputs: SourceInputs) -> Mapping[str, float]:
    """Lattice conductivity of y = 0.6 at 673 K by the alloy model of Callaway, Klemens and Abeles."""
    S, sigma = inputs["seebeck_x002"], inputs["conductivity_x002"]
    number = float(single_band.lorenz_number(fermi_level_from_seebeck(S)))
    parent = inputs["kappa_parent"] - number * sigma * ROOM
    hot = parent * (ROOM / HOT) ** inputs["lattice_exponent"]
    return {"kappa_lat_alloy": hot * alloy_scaling(inputs, hot)}


def alloy_scaling(inputs: SourceInputs, parent: float) -> float:
    """Lattice conductivity of y = 0.6 over that of y = 0, which is `parent` in W/(m K)."""
    v_l, v_t = inputs["longitudinal_velocity"], inputs["transverse_velocity"]
    nu = elastic.poisson_ratio(v_l, v_t)
    velocity, volume = float(elastic.mean_velocity(v_l, v_t)), inputs["atomic_volume"]
    strain = scattering_rates.strain_factor(elastic.gruneisen_parameter(nu), nu, inputs["stiffness_ratio"])
    sites = alloy.assign_sites("Mg1.18Cu0.02Yb0.6Zn1.2Sb2", SITES)
    mixed = [site for site in sites if "Yb" in site.occupancy]
    radii = {"Mg": inputs["radius_Mg"], "Cu": inputs["radius_Mg"], "Yb": inputs["radius_Yb"]}
    whole = [*mixed, *(_pure(site) for site in sites if site not in mixed)]
    disorder = alloy.mass_parameter(whole) + alloy.strain_parameter(whole, radii, float(strain))
    size = alloy.disorder_size(
        pure_conductivity=parent,
        scattering_parameter=disorder,
        debye_temperature=elastic.debye_temperature(velocity, volume),
        atomic_volume=volume,
        sound_velocity=velocity,
    )
    return float(alloy.disorder_scaling(size))


def _pure(site: alloy.Site) -> alloy.Site:
    """A site as y = 0 has it: its own disorder is in the conductivity of the parent already."""
    main = max(site.occupancy, key=lambda element: site.occupancy[element])
    return alloy.Site(site.name, site.share, {main: 1.0})


def elastic_set(inputs: SourceInputs) -> Mapping[str, float]:
    """Grueneisen parameter from the velocities of sound."""
    nu = elastic.poisson_ratio(inputs["longitudinal_velocity"], inputs["transverse_velocity"])
    return {"gruneisen": float(elastic.gruneisen_parameter(nu))}


def error_of_zT(inputs: SourceInputs) -> Mapping[str, float]:
    """Independent errors of S (twice), sigma and kappa."""
    S, sigma = inputs["seebeck_error"], inputs["conductivity_error"]
    return {"zT_error": hypot(2.0 * S, sigma, inputs["thermal_conductivity_error"])}


def contacts(inputs: SourceInputs) -> Mapping[str, float]:
    """Mean of the line scans."""
    return {"contact_mean": 0.5 * (inputs["contact_first"] + inputs["contact_second"])}


def expansions(_: SourceInputs) -> Mapping[str, float]:
    """Thermal expansion of the interface metals in the library."""
    values = {key: load_material(name).thermal_expansion for key, name in EXPANSION.items()}
    return {f"expansion_{key}": value for key, value in values.items() if isinstance(value, float)}


def leg_of(inputs: SourceInputs) -> Leg:
    """The leg of the device file with the material of the inputs."""
    found = inputs.device("leg").device
    assert isinstance(found, Leg)
    return _with(found, p_material(inputs, of_device=True))


def generator(inputs: SourceInputs) -> Module:
    """The module of the device file with materials and joints of the inputs."""
    found = inputs.module("module")
    p, n = _with(found.p, p_material(inputs, of_device=True)), _with(found.n, n_material(inputs))
    return found.replace(p=p, n=n, series_resistance=inputs["joint_resistance"])


def leg(inputs: SourceInputs) -> Mapping[str, float]:
    """Voltage, resistance, power and efficiency of the leg."""
    cold = [inputs[f"leg_cold_{difference}"] for difference in LEG_DIFFERENCES]
    return _operated("leg", leg_of(inputs), LEG_DIFFERENCES, cold)[0]


def module(inputs: SourceInputs) -> Mapping[str, float]:
    """Voltage, resistance, power, efficiency and heat of the module."""
    device = generator(inputs)
    found, high = _operated("module", device, MODULE_DIFFERENCES, [inputs["module_cold"]] * 2)
    density = high.max_power / device.footprint
    return {**found, "module_power_density_374": density, "module_heat_374": high.heat_hot}


def _operated(
    name: str, device: Leg | Module, differences: Sequence[int], cold: Sequence[float]
) -> tuple[dict[str, float], Result]:
    """What is stated at temperature differences above cold sides (K), and the result at the largest one."""
    ends = zip(differences, cold, strict=True)
    results = [device.solve(Generator(T_hot=T + drop, T_cold=T)) for drop, T in ends]
    found = {}
    for drop, result in zip(differences, results, strict=True):
        found[f"{name}_voltage_{drop}"] = result.open_circuit_voltage
        found[f"{name}_resistance_{drop}"] = result.internal_resistance
    found[f"{name}_power_{differences[-1]}"] = results[-1].max_power
    found[f"{name}_efficiency_{differences[-1]}"] = results[-1].max_efficiency
    return found, results[-1]


def _with(leg: Leg, material: Material) -> Leg:
    """The leg with another material in its only segment."""
    (segment,) = leg.segments
    return leg.replace(segments=(replace(segment, material=material),))


_OF_MATERIALS = (hall_table, hall_of_leg, power_factors, merit_of_leg, alloy_lattice, elastic_set)
COMPUTATIONS = (*_OF_MATERIALS, error_of_zT, contacts, expansions, leg, module)
