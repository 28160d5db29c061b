"""Bi0.5Sb1.5Te3 with Cu2SnTe3: phonons by their contributions, elastic numbers, lattice and masses.

The generator of 17 pairs in one dimension is computed over the sizes of its legs; both
materials are stand-ins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.device.conditions import Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Contact
from ioffe.published.source import SourceInputs
from ioffe.transport import formula
from ioffe.transport.phonons import elastic, extended_defects, scattering_rates
from ioffe.transport.phonons.debye_callaway import DebyeCallaway

Array = NDArray[np.float64]
COLD, HOT = 325.0, 473.0
"""K; the n-type card begins at 323 K."""
FIT_TEMPERATURES = (300, 320, 340, 360, 380)
"""Below the onset of bipolar conduction, where the source fitted a/T + b."""
LATTICES = {
    "volume_first": (4.2967e-10, 30.4862e-10, 15),
    "volume_second": (4.2949e-10, 30.4914e-10, 15),
    "volume_BT": (4.3835e-10, 30.487e-10, 15),
    "volume_ST": (4.264e-10, 30.458e-10, 15),
}
"""a and c in m and atoms in the hexagonal cell; the first two are published, those of the ends remembered."""
ACOUSTIC_ATOMS = 5
"""Atoms of the primitive cell, which carries the three acoustic branches."""


def phonon_model(inputs: SourceInputs) -> DebyeCallaway:
    """The Debye-Callaway model of the sample x = 0.08 with five resistive rates."""
    crystal_of = {name: inputs[name] for name in ("sound_velocity", "atomic_volume")}
    gamma, defects, strain = inputs["gruneisen"], point_defect_parameter(inputs), gruneisen_change(inputs)
    c = inputs["solute_fraction"]
    mass = c * inputs["mass_BT"] + (1.0 - c) * inputs["mass_ST"]
    dislocations, v = inputs["dislocation_density"], inputs["sound_velocity"]

    def umklapp(omega, T):
        return scattering_rates.umklapp(
            omega, T, **crystal_of, atomic_mass=mass, gruneisen=gamma, strength=inputs["umklapp_strength"]
        )

    def point_defects(omega):
        return scattering_rates.point_defects(omega, **crystal_of, scattering_parameter=defects)

    def dislocation(omega):
        cores = extended_defects.dislocation_cores(omega, **crystal_of, dislocation_density=dislocations)
        return cores + extended_defects.dislocation_strain(
            omega,
            dislocation_density=dislocations,
            burgers_vector=inputs["burgers_vector"],
            gruneisen=gamma + strain,
            poisson_ratio=inputs["poisson_ratio"],
            longitudinal_velocity=inputs["longitudinal_velocity"],
            transverse_velocity=inputs["transverse_velocity"],
        )

    def precipitates(omega):
        return extended_defects.precipitates(
            omega,
            sound_velocity=v,
            radius=inputs["precipitate_radius"],
            number_density=inputs["precipitate_density"],
            density_difference=inputs["precipitate_density_difference"] / inputs["matrix_density"],
        )

    boundaries = scattering_rates.boundaries(sound_velocity=v, size=inputs["grain_size"])
    rates = {"U": umklapp, "PD": point_defects, "GB": boundaries, "D": dislocation, "SP": precipitates}
    return DebyeCallaway(v, inputs["debye_temperature"], rates)


def point_defect_parameter(inputs: SourceInputs) -> float:
    """Gamma of Bi on the site of Sb, masses and sizes of the two tellurides."""
    c = inputs["solute_fraction"]
    mean = c * inputs["mass_BT"] + (1.0 - c) * inputs["mass_ST"]
    size = np.cbrt(inputs["volume_BT"]) - np.cbrt(inputs["volume_ST"])
    strain = scattering_rates.strain_factor(inputs["gruneisen"], inputs["poisson_ratio"], inputs["G"])
    mass = (inputs["mass_BT"] - inputs["mass_ST"]) / mean
    size /= np.cbrt(inputs["atomic_volume"])
    return float(scattering_rates.point_defect_parameter(c, mass, size, strain))


def gruneisen_change(inputs: SourceInputs) -> float:
    """Change of the Grueneisen parameter around a dislocation."""
    found = extended_defects.gruneisen_change(
        gruneisen=inputs["gruneisen"],
        solute_fraction=inputs["solute_fraction"],
        solute_volume=inputs["volume_BT"],
        solvent_volume=inputs["volume_ST"],
        solute_mass=inputs["mass_BT"],
        solvent_mass=inputs["mass_ST"],
        bulk_modulus=inputs["bulk_modulus"],
        temperature=inputs["anneal_temperature"],
    )
    return float(found)


def lattice_conductivity(inputs: SourceInputs) -> Mapping[str, float]:
    """The whole model at the temperatures of the fit."""
    found = phonon_model(inputs).thermal_conductivity(np.asarray(FIT_TEMPERATURES, float))
    return {f"kappa_ph_{T}": float(k) for T, k in zip(FIT_TEMPERATURES, found, strict=True)}


def elastic_numbers(inputs: SourceInputs) -> Mapping[str, float]:
    """What the velocities of Table S4 say about the other numbers of the table."""
    v_l, v_t = inputs["longitudinal_velocity"], inputs["transverse_velocity"]
    body = elastic.ElasticSet.from_velocities(v_l, v_t, inputs["matrix_density"])
    cell = ACOUSTIC_ATOMS * inputs["atomic_volume"]
    return {
        "mean_velocity": (v_l + 2.0 * v_t) / 3.0,
        "poisson_ratio": float(body.poisson_ratio),
        "gruneisen": float(elastic.gruneisen_parameter(inputs["poisson_ratio"])),
        "bulk_modulus": float(np.asarray(body.bulk_modulus)),
        "debye_temperature": float(elastic.debye_temperature(inputs["sound_velocity"], cell)),
    }


def masses_and_volumes(inputs: SourceInputs) -> Mapping[str, float]:
    """Masses of the atoms, volumes from lattice parameters, density, share of the precipitates."""
    bismuth, antimony, tellurium = (formula.atomic_mass(element) for element in ("Bi", "Sb", "Te"))
    volumes = {
        key: float(formula.atomic_volume(formula.hexagonal_cell_volume(a, c), atoms))
        for key, (a, c, atoms) in LATTICES.items()
    }
    unit = 0.5 * formula.molar_mass("Bi") + 1.5 * formula.molar_mass("Sb") + 3.0 * formula.molar_mass("Te")
    radius, number = inputs["precipitate_radius"], inputs["precipitate_density"]
    return {
        **volumes,
        "mass_BT": (2.0 * bismuth + 3.0 * tellurium) / 5.0,
        "mass_ST": (2.0 * antimony + 3.0 * tellurium) / 5.0,
        "density": float(formula.xray_density(15 * volumes["volume_first"], unit, 3)),
        "precipitate_volume": 4.0 / 3.0 * np.pi * radius**3 * number,
    }


def generator(inputs: SourceInputs, area_ratio: float = 1.0, height_over_area: float | None = None) -> Module:
    """The module of the device file with other legs.

    Parameters
    ----------
    inputs : SourceInputs
        States height, cross-section of a pair and contacts.
    area_ratio : float
        A_p/A_n at the same cross-section of a pair.
    height_over_area : float, optional
        Height over the cross-section of a pair in 1/m; by default that of the inputs.
    """
    found = inputs.module("module")
    pair = inputs["pair_area"]
    height = inputs["leg_height"] if height_over_area is None else height_over_area * pair
    contact = Contact(electrical=inputs["contact_resistivity"])
    share = area_ratio / (1.0 + area_ratio)
    ends: dict[str, Any] = {"sides": None, "contact_hot": contact, "contact_cold": contact}

    def of_height(leg: Leg, area: float) -> Leg:
        return leg.replace(segments=(replace(leg.segments[0], length=height),), area=area, **ends)

    return found.replace(p=of_height(found.p, share * pair), n=of_height(found.n, (1.0 - share) * pair))


def over_ratios(
    inputs: SourceInputs, ratios: Sequence[float], heights: Sequence[float]
) -> tuple[Array, Array]:
    """Largest power by footprint (W/m2) and efficiency over A_p/A_n and H/A (1/m).

    Returns
    -------
    tuple of ndarray, each of shape (heights, ratios)
    """
    devices = [generator(inputs, ratio, height) for height in heights for ratio in ratios]
    results = [device.solve(Generator(T_hot=HOT, T_cold=COLD)) for device in devices]
    power = [one.max_power / device.footprint for one, device in zip(results, devices, strict=True)]
    shape = (len(heights), len(ratios))
    return np.reshape(power, shape), np.reshape([one.max_efficiency for one in results], shape)


def over_differences(inputs: SourceInputs, T_hot: Array) -> tuple[Array, Array]:
    """Open-circuit voltage (V) and resistance (ohm) over the hot side."""
    result = generator(inputs).solve(Generator(T_hot=T_hot, T_cold=COLD))
    return np.asarray(result.open_circuit_voltage), np.asarray(result.internal_resistance)


COMPUTATIONS = (lattice_conductivity, elastic_numbers, masses_and_volumes)
