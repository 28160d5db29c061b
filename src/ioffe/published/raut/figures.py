"""Pictures of the source: material, Pisarenko plot, leg and module over the current."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ioffe.base.plotting import COLOURS, DASHES, MARKERS, look, new_figure
from ioffe.device.conditions import Generator
from ioffe.published.raut.devices import leg_of, module_of
from ioffe.published.raut.samples import p_material
from ioffe.published.scaling import seebeck_of
from ioffe.published.source import Drawn, SourceInputs
from ioffe.published.value import PublishedValue
from ioffe.transport.pisarenko import seebeck_of_density

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["FIGURES"]

Published = Mapping[str, PublishedValue]
COMPOSITIONS = (("000", "0"), ("020", "0.2"), ("040", "0.4"), ("060", "0.6"), ("080", "0.8"))


def material(inputs: SourceInputs, published: Published) -> Drawn:
    """The rebuilt curves with the numbers that the text states."""
    m = p_material(inputs)
    T = m.temperatures()
    panels = (
        ("Seebeck coefficient (µV/K)", 1e6 * np.asarray(seebeck_of(m, T)), 1e6, {}),
        (
            "Electrical conductivity (S/cm)",
            np.asarray(m.electrical_conductivity(T)) / 100.0,
            0.01,
            {300: "conductivity_060"},
        ),
        ("Thermal conductivity (W/(m K))", np.asarray(m.thermal_conductivity(T)), 1.0, {673: "kappa_673"}),
        ("Figure of merit $zT$", np.asarray(m.zT(T)), 1.0, {673: "zT_673"}),
    )
    with look():
        figure, axes = new_figure(2, 2, width=150.0, height=115.0)
        for ax, (label, values, scale, points) in zip(axes, panels, strict=True):
            ax.plot(T, values, color=COLOURS[0], label="rebuilt curve")
            for at, key in points.items():
                ax.plot(at, scale * published[key].value, "o", color="black", label="published")
            ax.set_xlabel("Temperature $T$ (K)")
            ax.set_ylabel(label)
            ax.set(xlim=(280, 690), ylim=(0, 1.18 * values.max()))
        axes[1].legend(loc="lower left")
    caption = (
        "p-type Mg1.18Cu0.02Yb0.6Zn1.2Sb2 as rebuilt from numbers of the text, and those numbers where "
        "they are values of the material."
    )
    return Drawn("material", "Figures of the transport properties", caption, figure)


def pisarenko(inputs: SourceInputs, published: Published) -> Drawn:
    """Seebeck coefficient over the Hall density at 300 K for the masses of the table."""
    n = np.geomspace(1e25, 1e26, 121)
    with look():
        figure, (ax,) = new_figure(1, 1, width=95.0, height=75.0)
        for k, (key, y) in enumerate(COMPOSITIONS):
            mass, density = inputs[f"mass_{key}"], inputs[f"hall_density_{key}"]
            S = 1e6 * seebeck_of_density(n, 300.0, mass)
            ax.plot(n / 1e25, S, color=COLOURS[k], linestyle=DASHES[k % 4], linewidth=0.9)
            at = 1e6 * float(seebeck_of_density(density, 300.0, mass))
            ax.plot(
                density / 1e25,
                at,
                MARKERS[k],
                color=COLOURS[k],
                mfc="white",
                label=f"y = {y}, {mass:g} $m_e$",
            )
        ax.errorbar(
            inputs["hall_density_000"] / 1e25,
            1e6 * published["seebeck_000"].value,
            yerr=1e6 * published["seebeck_000"].std,
            fmt="o",
            color="black",
            capsize=2,
            label="measured, y = 0",
        )
        ax.set_xscale("log")
        ax.set(xlim=(1, 10), ylim=(0, 300))
        ax.set_xlabel("Hall density $n_H$ (10$^{19}$ cm$^{-3}$)")
        ax.set_ylabel("Seebeck coefficient at 300 K (µV/K)")
        ax.xaxis.set_major_formatter("{x:g}")
        ax.xaxis.set_minor_formatter("")
        ax.set_xticks([1, 2, 3, 5, 10])
        ax.legend(loc="upper right", fontsize=6.5)
    caption = (
        "Pisarenko lines of one parabolic band (acoustic phonons) for the masses that the source lists; "
        "open marks: its Hall densities. The Seebeck coefficient stated for y = 0 lies above the line "
        "of its own mass."
    )
    return Drawn("pisarenko", "Hall table and Pisarenko plot", caption, figure)


def leg(inputs: SourceInputs, published: Published) -> Drawn:
    """Voltage, power and efficiency of the leg over the current."""
    cold = inputs["leg_cold_365"]
    result = leg_of(inputs).solve(Generator(T_hot=_hot(cold, 77.0, 365.0), T_cold=cold, current="sweep"))
    with look():
        figure, axes = new_figure(1, 3, width=175.0, height=62.0)
        _families(axes, result, cold)
        axes[0].plot(
            [0.0] * 2,
            [1e3 * published[f"leg_voltage_{d}"].value for d in (77, 365)],
            "o",
            color="black",
            clip_on=False,
            zorder=5,
        )
        _level(axes[1], 1e3 * published["leg_power_365"].value)
        _level(axes[2], 100.0 * published["leg_efficiency_365"].value)
        axes[0].legend(title="difference (K)", fontsize=6, title_fontsize=6.5, ncols=2)
    caption = (
        "Leg of 3 mm x 3 mm x 5 mm with cupronickel contacts at six temperature differences; black: "
        "published open-circuit voltages, largest power and largest efficiency. The computed efficiency "
        "is an upper bound."
    )
    return Drawn("leg", "Figure of the single leg", caption, figure)


def module(inputs: SourceInputs, published: Published) -> Drawn:
    """Voltage, power, heat and efficiency of the module over the current."""
    cold = inputs["module_cold"]
    result = module_of(inputs).solve(Generator(T_hot=_hot(cold, 79.0, 374.0), T_cold=cold, current="sweep"))
    with look():
        figure, axes = new_figure(2, 2, width=150.0, height=115.0)
        _families([axes[0], axes[1], axes[3]], result, cold)
        _family(axes[2], result, "heat_hot", 1.0, cold)
        axes[2].set_ylabel("Heat at the hot side (W)")
        axes[2].set(xlim=(0, None), ylim=(0, None))
        axes[2].set_xlabel("Current (A)")
        axes[0].plot(
            [0.0] * 2,
            [1e3 * published[f"module_voltage_{d}"].value for d in (79, 374)],
            "o",
            color="black",
            clip_on=False,
            zorder=5,
            label="published",
        )
        _level(axes[1], 1e3 * published["module_power_374"].value)
        _level(axes[2], published["module_heat_374"].value)
        _level(axes[3], 100.0 * published["module_efficiency_374"].value)
        axes[0].legend(title="difference (K)", fontsize=6, title_fontsize=6.5, ncols=2)
    caption = (
        "Generator of two pairs on 10 mm x 10 mm at six temperature differences; black: published "
        "open-circuit voltages, largest power, heat at largest power and largest efficiency."
    )
    return Drawn("module", "Figures of the module", caption, figure)


def _hot(cold: float, smallest: float, largest: float) -> np.ndarray:
    """Hot sides at six temperature differences."""
    return cold + np.linspace(smallest, largest, 6)


def _families(axes: Sequence[Axes], result: Any, cold: float) -> None:
    """Voltage, power and efficiency over the current, one curve for each temperature difference."""
    labels = (
        ("voltage", "Voltage (mV)", 1e3),
        ("power", "Power (mW)", 1e3),
        ("efficiency", "Efficiency (%)", 100.0),
    )
    for ax, (key, label, scale) in zip(axes, labels, strict=True):
        _family(ax, result, key, scale, cold)
        ax.set_ylabel(label)
        ax.set_xlabel("Current (A)")
        ax.set(xlim=(0, None), ylim=(0, None))


def _family(ax: Axes, result: Any, key: str, scale: float, cold: float) -> None:
    currents, values = np.asarray(result.current), np.asarray(getattr(result, key))
    for k, T_hot in enumerate(np.unique(np.asarray(result.T_hot).ravel())):
        colour = COLOURS[k % (len(COLOURS) - 1)]
        ax.plot(
            currents[k],
            scale * values[k],
            color=colour,
            linestyle=DASHES[k // 3 % 4],
            label=f"{T_hot - cold:.0f}",
        )


def _level(ax: Axes, value: float) -> None:
    """A published largest value as a line across the panel."""
    ax.axhline(value, color="black", linestyle=":", linewidth=0.9)
    low, high = ax.get_ylim()
    ax.set_ylim(low, max(high, 1.12 * value))
    ax.text(
        0.98,
        value,
        "published",
        ha="right",
        va="center",
        fontsize=6.5,
        transform=ax.get_yaxis_transform(),
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
    )


FIGURES = (module, leg, material, pisarenko)
