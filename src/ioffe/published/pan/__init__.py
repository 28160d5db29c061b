"""Q. Pan et al.: Cu2SnTe3 additives in Bi0.5Sb1.5Te3; lattice, engineering ZT, generator of 17 pairs.

Bi0.5Sb1.5Te3 with Cu2SnTe3: phonons by their contributions, elastic numbers, lattice and masses.

The generator of 17 pairs in one dimension is computed over the sizes of its legs; both
materials are stand-ins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.plotting import COLOURS, DASHES, MARKERS
from ioffe.device.conditions import Generator
from ioffe.device.module import Module
from ioffe.published.source import BLACK, Published, SourceInputs, caption, picture
from ioffe.transport import formula
from ioffe.transport.engineering import efficiency_estimate, engineering_ZT
from ioffe.transport.phonons import elastic, extended_defects, scattering_rates
from ioffe.transport.phonons.debye_callaway import DebyeCallaway
from ioffe.transport.phonons.spectrum import spectral_conductivity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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
    """The whole model at 300 K, and the a/T + b through it over the temperatures of the source's fit."""
    T = np.asarray(FIT_TEMPERATURES, float)
    found = phonon_model(inputs).thermal_conductivity(T)
    a, b = np.polyfit(1.0 / T, found, 1)
    return {"kappa_ph_300": float(found[0]), "a_008": float(a), "b_008": float(b)}


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

    `inputs`: states height, cross-section of a pair and contacts.
    `area_ratio`: A_p/A_n at the same cross-section of a pair.
    `height_over_area`: height over the cross-section of a pair in 1/m; by default that of the inputs.
    """
    pair = inputs["pair_area"]
    height = inputs["leg_height"] if height_over_area is None else height_over_area * pair
    share = area_ratio / (1.0 + area_ratio)
    return inputs.module(
        "module", {"legs.length": height, "p.area": share * pair, "n.area": (1.0 - share) * pair}
    )


def over_ratios(
    inputs: SourceInputs, ratios: Sequence[float], heights: Sequence[float]
) -> tuple[Array, Array]:
    """Largest power by footprint (W/m2) and efficiency over A_p/A_n and H/A (1/m).

    Returns (heights, ratios)
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


STAND_INS = {
    "Bi0.48Sb1.52Te3": "p: Bi$_{0.48}$Sb$_{1.52}$Te$_3$",
    "Bi2Te2.7Se0.3": "n: Bi$_2$Te$_{2.7}$Se$_{0.3}$",
}
STAGES = ("U", "U + PD", "U + PD + GB", "U + PD + GB + D", "U + PD + GB + D + SP")


@caption(
    "Left: Debye-Callaway model of x = 0.08 with the scattering by Umklapp (U), point defects (PD), "
    "grain boundaries (GB), dislocations (D) and precipitates (SP) switched on one after the other, "
    "and what the source split from its measurement. Right: its spectrum at 300 K."
)
@picture("phonons", "Figures of the lattice thermal conductivity", (1, 2), (170.0, 70.0))
def draw_phonons(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """Lattice conductivity by contributions, and its spectrum at 300 K."""
    left, right = axes
    model, T = phonon_model(inputs), np.linspace(300.0, 500.0, 41)
    omega, names = np.linspace(1e10, float(model.debye_frequency), 400), list(model.resistive)
    for k, (stage, values) in enumerate(zip(STAGES, model.contributions(T).values(), strict=True)):
        style: dict[str, Any] = {"color": COLOURS[k], "linestyle": DASHES[k % 4], "label": stage}
        left.plot(T, values, **style)
        part = {key: model.resistive[key] for key in names[: k + 1]}
        partial = DebyeCallaway(model.sound_velocity, model.debye_temperature, part)
        right.plot(omega / 1e12, spectral_conductivity(partial, omega, 300.0) * 1e12, **style)
    T = np.asarray(FIT_TEMPERATURES, float)
    left.plot(
        T, published["a_008"].value / T + published["b_008"].value, **BLACK, label="published split, a/T + b"
    )
    left.set(xlim=(295, 505), ylim=(0, 1.25), xlabel="Temperature $T$ (K)")
    left.set_ylabel("Lattice thermal conductivity (W/(m K))")
    left.legend(loc="upper right", fontsize=6.5, ncols=2)
    right.set(xlim=(0, None), ylim=(0, None), xlabel="Angular frequency $\\omega$ (10$^{12}$ rad/s)")
    right.set_ylabel("Spectral $\\kappa_s$, 300 K (W/(m K) by 10$^{12}$ rad/s)")


@caption(
    "Engineering figure of merit from 325 K on, and the efficiency that is estimated from it. Both "
    "materials stand in for those of the source, whose curves are published as pictures."
)
@picture("engineering", "Figure of the engineering ZT", (1, 2), (170.0, 65.0))
def draw_engineering(inputs: SourceInputs, _: Published, axes: list[Axes]) -> None:
    """Engineering ZT and the efficiency it estimates, of the stand-in materials over the hot side."""
    hot = np.linspace(330.0, 500.0, 35)
    for k, (name, label) in enumerate(STAND_INS.items()):
        m = inputs.material(name)
        assert m.seebeck is not None
        curves = (m.seebeck, m.electrical_resistivity, m.known_thermal_conductivity)
        ZT, estimate = (f(*curves, COLD, hot) for f in (engineering_ZT, efficiency_estimate))
        for ax, values in zip(axes, (ZT, 100.0 * estimate), strict=True):
            ax.plot(hot, values, color=COLOURS[k], linestyle=DASHES[k], label=label)
    for ax, label in zip(axes, ("Engineering $ZT$", "Efficiency by Kim's estimate (%)"), strict=True):
        ax.set(xlim=(COLD, 500), ylim=(0, None), xlabel="Hot side $T_h$ (K)", ylabel=label)
    axes[0].legend(loc="upper left")


@caption(
    "Generator of 17 pairs in one dimension, 473 K to 325 K on the plates, with stand-in materials "
    "and assumed contacts. The source publishes the same sweeps as pictures of a three-dimensional "
    "simulation."
)
@picture("module", "Figures of the module", (1, 3), (178.0, 62.0))
def draw_module(inputs: SourceInputs, _: Published, axes: list[Axes]) -> None:
    """Power and efficiency over A_p/A_n and H/A; voltage and resistance over the temperature difference."""
    first, third = axes[0], axes[2]
    ratios, heights = np.linspace(0.4, 2.2, 10), np.array([0.2, 0.4, 0.8, 1.6]) * 1e3
    power, efficiency = over_ratios(inputs, ratios.tolist(), heights.tolist())
    T_hot = np.linspace(COLD + 10.0, HOT, 9)
    voltage, resistance = over_differences(inputs, T_hot)
    labels = ("Largest power by footprint (mW/cm$^2$)", "Largest efficiency (%)")
    for ax, values, label in zip(axes[:2], (power / 10.0, 100.0 * efficiency), labels, strict=True):
        for k, height in enumerate(heights):
            name = f"{height / 1e3:g} mm$^{{-1}}$"
            ax.plot(ratios, values[k], color=COLOURS[k], marker=MARKERS[k], label=name)
        ax.set(ylim=(0, 1.35 * values.max()), xlabel="Areas of the legs $A_p/A_n$", ylabel=label)
    first.legend(title="$H/(A_p + A_n)$", loc="upper center", ncols=2, fontsize=6.5, title_fontsize=6.5)
    (volts,) = third.plot(T_hot - COLD, voltage, color=COLOURS[0], marker="o", label="$V_{oc}$")
    third.set(xlim=(0, None), ylim=(0, None), xlabel="Temperature difference (K)")
    third.set_ylabel("Open-circuit voltage (V)")
    other = third.twinx()
    (ohms,) = other.plot(T_hot - COLD, resistance, color=COLOURS[1], marker="s", label="$R_{in}$")
    other.set(ylim=(0, 1.6 * resistance.max()), ylabel="Resistance (Ω)")
    third.legend(handles=[volts, ohms], loc="upper left")


FIGURES = (draw_phonons, draw_engineering, draw_module)
