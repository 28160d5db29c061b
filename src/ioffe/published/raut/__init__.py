"""K. K. Raut et al.: p-type Mg1.8Zn1.2Sb2 with Cu and Yb, CuNi contacts, a leg, a generator of two pairs.

p-type Mg1.78-yCu0.02YbyZn1.2Sb2: table of compositions, thermal conductivity, contacts, errors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import hypot, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from ioffe.base.constants import e
from ioffe.base.plotting import COLOURS, DASHES, MARKERS
from ioffe.device.conditions import Generator
from ioffe.device.module import Module
from ioffe.material.library import load_material
from ioffe.material.material import Material
from ioffe.published.pictures import CURVES, draw_curves, draw_over_current
from ioffe.published.source import BLACK, Published, SourceInputs, caption, picture, seebeck_of
from ioffe.transport import engineering, merit, single_band
from ioffe.transport.fermi_level import effective_mass, fermi_level_from_seebeck
from ioffe.transport.phonons import alloy, elastic, scattering_rates
from ioffe.transport.pisarenko import DopedBand
from ioffe.transport.quality import goldsmid_sharp_gap, weighted_mobility

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROOM, HOT = 300.0, 673.0
P, N = "Mg1.18Cu0.02Yb0.6Zn1.2Sb2", "Mg3.2Sb1.5Bi0.49Te0.01"
"""The rebuilt p-type material, and the card that stands in for the n-type one."""
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
    seebeck = float(seebeck_of(inputs.material(P), ROOM))
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


def other_doping(inputs: SourceInputs) -> Mapping[str, float]:
    """S of x = 0.01 from its conductivity, with the weighted mobility of x = 0.02."""
    mobility = weighted_mobility(inputs["seebeck_x002"], inputs["conductivity_x002"], ROOM)
    share = inputs["conductivity_x001"] / single_band.transport_coefficient(mobility, ROOM)
    level = np.log(np.expm1(share))  # F_0(eta) = ln(1 + exp(eta)), acoustic phonons
    return {"seebeck_x001": float(single_band.seebeck(level))}


def merit_of_leg(inputs: SourceInputs) -> Mapping[str, float]:
    """Gap, split of the thermal conductivity, zT and its average of the rebuilt material."""
    material = inputs.material(P)
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


def leg(inputs: SourceInputs) -> Mapping[str, float]:
    """Voltage, resistance, power and efficiency of the leg."""
    cold = [inputs[f"leg_cold_{difference}"] for difference in LEG_DIFFERENCES]
    return _operated("leg", inputs.device("leg").device, LEG_DIFFERENCES, cold)


def module(inputs: SourceInputs) -> Mapping[str, float]:
    """Voltage, resistance, power, efficiency and heat of the module; its legs alone, without the joints."""
    cold = [inputs["module_cold"]] * 2
    device = inputs.module("module")
    found = _operated("module", device, MODULE_DIFFERENCES, cold)
    legs = _operated("legs", device.replace(series_resistance=0.0), MODULE_DIFFERENCES[1:], cold[1:])
    density = found["module_power_374"] / device.footprint
    return {
        **found,
        "module_power_density_374": density,
        **{f"legs_{key}_374": legs[f"legs_{key}_374"] for key in ("resistance", "power", "efficiency")},
    }


def n_leg(inputs: SourceInputs) -> Mapping[str, float]:
    """Average zT of the n-type leg, and the best ratio of the areas for constant properties."""
    p, n = inputs.material(P), inputs.material(N)
    low, high = max(298.0, n.T_range[0]), min(HOT, n.T_range[1])
    T = np.linspace(low, high, 76)
    means = [[float(np.mean(curve(T))) for curve in _conductivities(m)] for m in (p, n)]
    (sigma_p, kappa_p), (sigma_n, kappa_n) = means
    return {
        "n_zT_average": float(engineering.average(n.zT, low, high)),
        "area_ratio": sqrt(sigma_p * kappa_p / (sigma_n * kappa_n)),
    }


def _conductivities(material: Material) -> tuple[Any, Any]:
    return material.electrical_conductivity, material.known_thermal_conductivity


def _operated(name: str, device: Any, differences: Sequence[int], cold: Sequence[float]) -> dict[str, float]:
    """What is stated at temperature differences above cold sides (K); the resistance is the slope of V(I)."""
    found = {}
    for drop, T in zip(differences, cold, strict=True):
        result = device.solve(Generator(T_hot=T + drop, T_cold=T, current="sweep"))
        found[f"{name}_voltage_{drop}"] = result.open_circuit_voltage
        found[f"{name}_resistance_{drop}"] = -np.polyfit(result.current, result.voltage, 1)[0]
    last = differences[-1]
    best = device.solve(Generator(T_hot=cold[-1] + last, T_cold=cold[-1], current="max_power"))
    found[f"{name}_power_{last}"] = best.max_power
    found[f"{name}_efficiency_{last}"] = best.max_efficiency
    return found | ({f"{name}_heat_{last}": best.heat_hot} if isinstance(device, Module) else {})


_OF_TABLE = (hall_table, hall_of_leg, power_factors, other_doping)
_OF_MATERIAL = (merit_of_leg, alloy_lattice, elastic_set, error_of_zT, n_leg)
COMPUTATIONS = (*_OF_TABLE, *_OF_MATERIAL, contacts, expansions, leg, module)


COMPOSITIONS = {"000": "0", "020": "0.2", "040": "0.4", "060": "0.6", "080": "0.8"}


@caption(
    "p-type Mg1.18Cu0.02Yb0.6Zn1.2Sb2 as rebuilt from numbers of the text, and those numbers where "
    "they are values of the material."
)
@picture("material", "Figures of the transport properties", (2, 2), (150.0, 115.0))
def draw_material(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """The rebuilt curves with the numbers that the text states."""
    points = {
        "electrical_conductivity": {300.0: published["conductivity_060"].value},
        "thermal_conductivity": {673.0: published["kappa_673"].value},
        "zT": {673.0: published["zT_673"].value},
    }
    draw_curves(axes, inputs.material(P), points, (280, 690))
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
    _over_current(panels, inputs.device("leg").device, inputs["leg_cold_365"], LEG_DIFFERENCES)
    _published(panels, published, "leg", LEG_DIFFERENCES)


@caption(
    "Generator of two pairs on 10 mm x 10 mm at six temperature differences; black: published "
    "open-circuit voltages, largest power, heat at largest power and largest efficiency."
)
@picture("module", "Figures of the module", (2, 2), (150.0, 115.0))
def draw_module(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """Voltage, power, heat and efficiency of the module over the current."""
    panels: dict[str, Axes] = dict(zip(("voltage", "power", "heat_hot", "efficiency"), axes, strict=True))
    _over_current(panels, inputs.module("module"), inputs["module_cold"], MODULE_DIFFERENCES)
    _published(panels, published, "module", MODULE_DIFFERENCES, label="published")


def _over_current(panels: Mapping[str, Axes], device: Any, cold: float, ends: Sequence[int]) -> None:
    """Quantities over the current, one curve for each of six temperature differences in K."""
    drops = np.linspace(ends[0], ends[-1], 6)
    draw_over_current(panels, device, cold + drops, cold, [f"{drop:.0f}" for drop in drops])


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
    keys = {"heat_hot": f"module_heat_{ends[-1]}"}
    for name, ax in panels.items():
        if name == "voltage":
            continue
        key = keys.get(name, f"{device}_{name}_{ends[-1]}")
        value = CURVES[name][1] * published[key].value
        ax.axhline(value, color="black", linestyle=":", linewidth=0.9)
        low, high = ax.get_ylim()
        ax.set_ylim(low, max(high, 1.12 * value))
        style: dict[str, Any] = {"ha": "right", "va": "center", "fontsize": 6.5}
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
        ax.text(0.98, value, "published", transform=ax.get_yaxis_transform(), bbox=box, **style)
    panels["voltage"].legend(title="difference (K)", fontsize=6, title_fontsize=6.5, ncols=2)


FIGURES = (draw_module, draw_leg, draw_material, draw_pisarenko)
