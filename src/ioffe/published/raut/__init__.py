"""K. K. Raut et al.: p-type Mg1.8Zn1.2Sb2 with Cu and Yb, CuNi contacts, a leg, a generator of two pairs.

p-type Mg1.78-yCu0.02YbyZn1.2Sb2: table of compositions, thermal conductivity, contacts, errors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import hypot
from typing import TYPE_CHECKING, Any

import numpy as np

from ioffe.base.constants import e
from ioffe.base.plotting import COLOURS, DASHES, MARKERS
from ioffe.device.conditions import Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.material.library import load_material
from ioffe.material.material import Material
from ioffe.published.source import BLACK, Published, SourceInputs, caption, picture, seebeck_of
from ioffe.result.steady import Result
from ioffe.transport import engineering, merit, single_band
from ioffe.transport.fermi_level import effective_mass, fermi_level_from_seebeck
from ioffe.transport.phonons import alloy, elastic, scattering_rates
from ioffe.transport.pisarenko import DopedBand
from ioffe.transport.quality import goldsmid_sharp_gap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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
    kappa = float(material.known_thermal_conductivity(HOT))
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


COMPOSITIONS = {"000": "0", "020": "0.2", "040": "0.4", "060": "0.6", "080": "0.8"}
CURVES = {
    "voltage": ("Voltage (mV)", 1e3),
    "power": ("Power (mW)", 1e3),
    "efficiency": ("Efficiency (%)", 100.0),
    "heat_hot": ("Heat at the hot side (W)", 1.0),
}
"""Label and factor of what is drawn over the current."""


@caption(
    "p-type Mg1.18Cu0.02Yb0.6Zn1.2Sb2 as rebuilt from numbers of the text, and those numbers where "
    "they are values of the material."
)
@picture("material", "Figures of the transport properties", (2, 2), (150.0, 115.0))
def draw_material(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """The rebuilt curves with the numbers that the text states."""
    m = p_material(inputs)
    T = m.temperatures()
    sigma = np.asarray(m.electrical_conductivity(T)) / 100.0
    panels = (
        ("Seebeck coefficient (µV/K)", 1e6 * np.asarray(seebeck_of(m, T)), 1e6, {}),
        ("Electrical conductivity (S/cm)", sigma, 0.01, {300: "conductivity_060"}),
        (
            "Thermal conductivity (W/(m K))",
            np.asarray(m.known_thermal_conductivity(T)),
            1.0,
            {673: "kappa_673"},
        ),
        ("Figure of merit $zT$", np.asarray(m.zT(T)), 1.0, {673: "zT_673"}),
    )
    for ax, (label, values, scale, points) in zip(axes, panels, strict=True):
        ax.plot(T, values, color=COLOURS[0], label="rebuilt curve")
        for at, key in points.items():
            ax.plot(at, scale * published[key].value, **BLACK, label="published")
        ax.set(xlim=(280, 690), ylim=(0, 1.18 * values.max()), xlabel="Temperature $T$ (K)", ylabel=label)
    axes[1].legend(loc="lower left")


@caption(
    "Pisarenko lines of one parabolic band (acoustic phonons) for the masses that the source lists; "
    "open marks: its Hall densities. The Seebeck coefficient stated for y = 0 lies above the line "
    "of its own mass."
)
@picture("pisarenko", "Hall table and Pisarenko plot", (1, 1), (95.0, 75.0))
def draw_pisarenko(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """Seebeck coefficient over the Hall density at 300 K for the masses of the table."""
    (ax,), n, measured = axes, np.geomspace(1e25, 1e26, 121), published["seebeck_000"]
    for k, (key, y) in enumerate(COMPOSITIONS.items()):
        mass, density, colour = inputs[f"mass_{key}"], inputs[f"hall_density_{key}"], COLOURS[k]
        line, at = (1e6 * DopedBand(300.0, mass).seebeck(x) for x in (n, density))
        ax.plot(n / 1e25, line, color=colour, linestyle=DASHES[k % 4], linewidth=0.9)
        label = f"y = {y}, {mass:g} $m_e$"
        ax.plot(density / 1e25, float(at), MARKERS[k], color=colour, mfc="white", label=label)
    at, error = inputs["hall_density_000"] / 1e25, 1e6 * measured.std
    style: dict[str, Any] = {"fmt": "o", "color": "black", "capsize": 2, "label": "measured, y = 0"}
    ax.errorbar(at, 1e6 * measured.value, yerr=error, **style)
    ax.set(xscale="log", xlim=(1, 10), ylim=(0, 300), xlabel="Hall density $n_H$ (10$^{19}$ cm$^{-3}$)")
    ax.set_ylabel("Seebeck coefficient at 300 K (µV/K)")
    ax.xaxis.set_major_formatter("{x:g}")
    ax.xaxis.set_minor_formatter("")
    ax.set_xticks([1, 2, 3, 5, 10])
    ax.legend(loc="upper right", fontsize=6.5)


@caption(
    "Leg of 3 mm x 3 mm x 5 mm with cupronickel contacts at six temperature differences; black: "
    "published open-circuit voltages, largest power and largest efficiency. The computed efficiency "
    "is an upper bound."
)
@picture("leg", "Figure of the single leg", (1, 3), (175.0, 62.0))
def draw_leg(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """Voltage, power and efficiency of the leg over the current."""
    panels: dict[str, Axes] = dict(zip(("voltage", "power", "efficiency"), axes, strict=True))
    _over_current(panels, leg_of(inputs), inputs["leg_cold_365"], (77, 365))
    _published(panels, published, "leg", (77, 365))


@caption(
    "Generator of two pairs on 10 mm x 10 mm at six temperature differences; black: published "
    "open-circuit voltages, largest power, heat at largest power and largest efficiency."
)
@picture("module", "Figures of the module", (2, 2), (150.0, 115.0))
def draw_module(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """Voltage, power, heat and efficiency of the module over the current."""
    panels: dict[str, Axes] = dict(zip(("voltage", "power", "heat_hot", "efficiency"), axes, strict=True))
    _over_current(panels, generator(inputs), inputs["module_cold"], (79, 374))
    _published(panels, published, "module", (79, 374), label="published")


def _over_current(
    panels: Mapping[str, Axes], device: Leg | Module, cold: float, ends: tuple[int, int]
) -> None:
    """Quantities over the current, one curve for each of six temperature differences in K."""
    drops = np.linspace(*ends, 6)
    result: Any = device.solve(Generator(T_hot=cold + drops, T_cold=cold, current="sweep"))
    for name, ax in panels.items():
        label, scale = CURVES[name]
        for k, (current, values) in enumerate(zip(result.current, getattr(result, name), strict=True)):
            colour, dash = COLOURS[k % (len(COLOURS) - 1)], DASHES[k // 3 % 4]
            ax.plot(current, scale * values, color=colour, linestyle=dash, label=f"{drops[k]:.0f}")
        ax.set(xlim=(0, None), ylim=(0, None), xlabel="Current (A)", ylabel=label)


def _published(
    panels: Mapping[str, Axes],
    published: Published,
    device: str,
    ends: Sequence[int],
    label: str | None = None,
) -> None:
    """Published open-circuit voltages as points, and largest values as lines across the panels."""
    voltages = [1e3 * published[f"{device}_voltage_{d}"].value for d in ends]
    panels["voltage"].plot([0.0] * 2, voltages, **BLACK, label=label, clip_on=False, zorder=5)
    short = {"heat_hot": "heat"}
    for name, ax in panels.items():
        if name == "voltage":
            continue
        value = CURVES[name][1] * published[f"{device}_{short.get(name, name)}_{ends[-1]}"].value
        ax.axhline(value, color="black", linestyle=":", linewidth=0.9)
        low, high = ax.get_ylim()
        ax.set_ylim(low, max(high, 1.12 * value))
        style: dict[str, Any] = {"ha": "right", "va": "center", "fontsize": 6.5}
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
        ax.text(0.98, value, "published", transform=ax.get_yaxis_transform(), bbox=box, **style)
    panels["voltage"].legend(title="difference (K)", fontsize=6, title_fontsize=6.5, ncols=2)


FIGURES = (draw_module, draw_leg, draw_material, draw_pisarenko)
