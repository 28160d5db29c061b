"""Pictures of the source: material, Pisarenko plot, leg and module over the current."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ioffe.base.plotting import COLOURS, DASHES, MARKERS
from ioffe.device.conditions import Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.published.raut.compute import generator, leg_of, p_material
from ioffe.published.source import BLACK, Published, SourceInputs, caption, picture, seebeck_of
from ioffe.transport.pisarenko import DopedBand

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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
def material(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """The rebuilt curves with the numbers that the text states."""
    m = p_material(inputs)
    T = m.temperatures()
    sigma = np.asarray(m.electrical_conductivity(T)) / 100.0
    panels = (
        ("Seebeck coefficient (µV/K)", 1e6 * np.asarray(seebeck_of(m, T)), 1e6, {}),
        ("Electrical conductivity (S/cm)", sigma, 0.01, {300: "conductivity_060"}),
        ("Thermal conductivity (W/(m K))", np.asarray(m.thermal_conductivity(T)), 1.0, {673: "kappa_673"}),
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
def pisarenko(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
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
def leg(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """Voltage, power and efficiency of the leg over the current."""
    panels: dict[str, Axes] = dict(zip(("voltage", "power", "efficiency"), axes, strict=True))
    _over_current(panels, leg_of(inputs), inputs["leg_cold_365"], (77, 365))
    _published(panels, published, "leg", (77, 365))


@caption(
    "Generator of two pairs on 10 mm x 10 mm at six temperature differences; black: published "
    "open-circuit voltages, largest power, heat at largest power and largest efficiency."
)
@picture("module", "Figures of the module", (2, 2), (150.0, 115.0))
def module(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
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


FIGURES = (module, leg, material, pisarenko)
