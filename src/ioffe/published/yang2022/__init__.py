"""Yang et al., Joule 6 (2022) 193, doi 10.1016/j.joule.2021.11.008: coolers of Mg3(Bi,Sb)2.

What `ioffe` computes beside the numbers of the source, in SI, by the keys of `values.toml`, and the pictures.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ioffe.base.plotting import COLOURS, DASHES
from ioffe.interface.contact import contact_share
from ioffe.published.pictures import draw_curves
from ioffe.published.source import BLACK, Published, SourceInputs, caption, picture, seebeck_of
from ioffe.published.yang2022 import coolers
from ioffe.published.yang2022.coolers import best_composition, difference_map
from ioffe.published.yang2022.cost import cost
from ioffe.published.yang2022.stress import contact_stress
from ioffe.transport.fermi_level import fermi_level_from_seebeck
from ioffe.transport.merit import device_Z
from ioffe.transport.single_band import hall_factor

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DROPS: Final = (5.0, 15.0)
"""Temperature differences in K at which heat and COP were measured."""


def material(inputs: SourceInputs) -> dict[str, float]:
    """The reconstructed n-type material and its contacts."""
    n = coolers.n_material(inputs)
    share = contact_share(coolers.LONG, n.electrical_conductivity(300.0), inputs["n_contact"])
    return {
        "n_seebeck_300": seebeck_of(n, 300.0),
        "n_zT_300": float(n.zT(300.0)),
        "n_zT_420": float(n.zT(420.0)),
        "contact_share": float(share),
    }


def largest_differences(inputs: SourceInputs) -> dict[str, float]:
    """Delta T_max of the coolers with legs of 3 mm."""
    small, many = coolers.cooler(inputs, coolers.LONG), coolers.cooler(inputs, coolers.LONG, couples=31)
    at_300, at_350 = coolers.largest_difference(small, [300.0, 350.0])
    (large,) = coolers.largest_difference(many, [300.0])
    (other,) = coolers.largest_difference(coolers.commercial(inputs, coolers.LONG), [300.0])
    return {
        "delta_T_max_300": at_300,
        "delta_T_max_350": at_350,
        "delta_T_max_31_pairs": large,
        "commercial_delta_T_max": other,
        "below_commercial": 1.0 - at_300 / other,
    }


def device_figures(inputs: SourceInputs) -> dict[str, float]:
    """Z of the published temperature differences, 2 Delta T_max/T_c^2."""
    hot = {"300": 300.0, "350": 350.0, "31_pairs": 300.0, "commercial": 300.0}
    drops = {name: inputs[f"measured_delta_T_{name}"] for name in hot}
    found = {f"Z_{name}": float(device_Z(drop, hot[name] - drop)) for name, drop in drops.items()}
    cold = inputs["curves_hot"] - DROPS[0]
    return found | {"COP_of_Z": ideal_COP(found["Z_300"], inputs["curves_hot"], cold)}


def ideal_COP(Z: float, hot: float, cold: float) -> float:
    """Largest COP of a cooler of one Z in 1/K, constant properties (Ioffe)."""
    root = sqrt(1.0 + Z * (hot + cold) / 2.0)
    return cold / (hot - cold) * (root - hot / cold) / (root + 1.0)


def heat_and_COP(inputs: SourceInputs) -> dict[str, float]:
    """Heat, COP and slope of the cooler with legs of 2 mm."""
    module, hot = coolers.cooler(inputs, coolers.SHORT), inputs["curves_hot"]
    warm, cold = coolers.heat_maximum(module, hot, DROPS)
    best = coolers.COP_maximum(module, hot, DROPS)
    loads = [0.0, 1.0]
    drops = coolers.largest_difference(module, [300.0], loads)
    return {
        "max_heat_5_K": warm[0],
        "max_heat_15_K": warm[1],
        "max_heat_current": cold[0],
        "max_COP_5_K": best[0],
        "max_COP_15_K": best[1],
        "slope": drops[0] - drops[1],
    }


def commercial_module(inputs: SourceInputs) -> dict[str, float]:
    """Heat and COP of the commercial cooler, and what the price of the module makes of the difference."""
    module, other = coolers.cooler(inputs, coolers.SHORT), coolers.commercial(inputs, coolers.SHORT)
    hot = inputs["curves_hot"]
    heat, current = coolers.heat_maximum(other, hot, [5.0, 0.0])
    (own,), _ = coolers.heat_maximum(module, hot, [0.0])
    return {
        "commercial_max_heat": heat[0],
        "commercial_current": current[0],
        "commercial_COP": coolers.COP_maximum(other, hot, [5.0])[0],
        "heat_ratio": own / heat[1],
        "performance_cost_ratio": own / heat[1] / (1.0 - inputs["module_saving"]) - 1.0,
    }


def best(inputs: SourceInputs) -> dict[str, float]:
    """The composition and the Hall density of the largest Delta T_max."""
    found = best_composition(inputs)
    return {
        "best_composition_low": found.composition,
        "best_composition_high": found.composition,
        "best_delta_T_low": found.delta_T,
        "best_delta_T_high": found.delta_T,
        "best_density": found.hall_density,
    }


COMPUTATIONS = (
    material,
    largest_differences,
    device_figures,
    heat_and_COP,
    commercial_module,
    best,
    cost,
    contact_stress,
)


MAKERS = {"Mg$_3$(Bi,Sb)$_2$": coolers.cooler, "commercial": coolers.commercial}


@caption(
    "n-type Mg3.2Bi1.4975Sb0.5Te0.0025 as rebuilt from numbers of the text. The published values shown "
    "are those it was rebuilt from."
)
@picture("material", "Transport properties", (2, 2), (150.0, 115.0))
def draw_material(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """The rebuilt curves with the numbers that the text states."""
    points = {
        "seebeck": {300.0: published["n_seebeck_300"].value},
        "zT": {300.0: published["n_zT_300"].value, 420.0: published["n_zT_420"].value},
    }
    draw_curves(axes, coolers.n_material(inputs), points, (195, 430))
    axes[0].legend(loc="upper right")


@caption(
    "Largest temperature difference of a pair without plates over composition and carrier density. "
    "Mobility and lattice go through the rebuilt material at x = 1.5; how they and the gap change with "
    "x comes from four samples of the library. The density of the published material is its Hall "
    "density times the Hall factor."
)
@picture("composition", "Fig. 2", (1, 1), (150.0, 95.0))
def draw_composition(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """Delta T_max over composition and carrier density."""
    from scipy.interpolate import RectBivariateSpline

    (ax,), best = axes, best_composition(inputs)
    x, n = np.linspace(0.8, 1.9, 6), np.geomspace(0.8e25, 6e25, 5)
    spline = RectBivariateSpline(np.log(n), x, difference_map(inputs, x, n), kx=3, ky=3)
    x, n = np.linspace(x[0], x[-1], 60), np.geomspace(n[0], n[-1], 60)
    drops, levels = spline(np.log(n), x), np.arange(44, 64, 2.0)
    filled = ax.contourf(x, n / 1e25, drops, levels=levels, cmap="viridis", extend="min")
    lines = ax.contour(x, n / 1e25, drops, levels=levels[::2], colors="white", linewidths=0.5)
    ax.clabel(lines, fontsize=6, fmt="%g")
    for end, label in {"low": None, "high": "published range of the best $x$"}.items():
        at = published[f"best_composition_{end}"].value
        ax.axvline(at, color="white", linestyle="--", linewidth=1.0, label=label)
    level = fermi_level_from_seebeck(abs(published["n_seebeck_300"].value))
    true = inputs["n_density"] * float(hall_factor(level))
    mark: dict[str, Any] = {"mec": "black", "linestyle": "none"}
    ax.plot(1.4975, true / 1e25, "o", color="white", markersize=6, label="published material", **mark)
    at = (best.composition, best.density / 1e25)
    ax.plot(*at, "X", color=COLOURS[1], markersize=7, label="best, computed", **mark)
    ax.set(yscale="log", xlabel="Composition $x$ of Mg$_{3.2}$Bi$_x$Sb$_{2-x}$")
    ax.set_ylabel("Carrier density $n$ (10$^{19}$ cm$^{-3}$)")
    ax.set_yticks([1, 2, 3, 5], labels=["1", "2", "3", "5"])
    ax.yaxis.set_minor_formatter("")
    frame: dict[str, Any] = {"facecolor": "#404060", "framealpha": 0.9, "frameon": True}
    ax.legend(loc="lower left", fontsize=6, labelcolor="white", **frame)
    ax.figure.colorbar(filled, label=r"$\Delta T_{\mathrm{max}}$ at 300 K (K)")


@caption(
    "Cooler of 7 pairs with legs of 2 mm: heat taken up and COP over the current at differences of 5 "
    "and 15 K, largest temperature difference over the heat load; with legs of 3 mm: over the hot "
    "side. Black: published; the COP is marked at its maximum."
)
@picture("cooling", "Figures of the modules", (2, 2), (160.0, 125.0))
def draw_cooling(inputs: SourceInputs, published: Published, axes: list[Axes]) -> None:
    """Heat and COP over the current, the difference over the heat load and over the hot side."""
    _currents(axes[0], axes[1], inputs, published)
    _loads(axes[2], inputs, published)
    _hot_sides(axes[3], inputs, published)


def _currents(heat: Axes, COP: Axes, inputs: SourceInputs, published: Published) -> None:
    """Heat and COP over the current at both differences; the published ones are their maxima."""
    current = np.concatenate([np.geomspace(0.05, 0.8, 30), np.linspace(0.9, 4.4, 30)])
    peaks = []
    for k, (name, made) in enumerate(MAKERS.items()):
        found = coolers.curve(made(inputs, coolers.SHORT), inputs["curves_hot"], DROPS, current)
        for row, drop in enumerate(DROPS):
            style: dict[str, Any] = {"color": COLOURS[k], "linestyle": DASHES[row]}
            style["label"] = f"{name}, {drop:g} K"
            heat.plot(current, found.heat_cold[row], **style)
            COP.plot(current, found.COP[row], **style)
            peaks.append(current[int(np.argmax(found.COP[row]))])
    heat.set(xlim=(0, 4.4), ylim=(0, 1.8), xlabel="Current $I$ (A)", ylabel="Heat taken up $Q_c$ (W)")
    COP.set(xlim=(0, 4.4), ylim=(0, 9), xlabel="Current $I$ (A)", ylabel="COP")
    at, other = published["max_heat_current"].value, published["commercial_current"].value
    heat.plot([at] * 2, [published[f"max_heat_{d}_K"].value for d in (5, 15)], **BLACK, zorder=5)
    square = {**BLACK, "marker": "s", "zorder": 5}
    heat.plot(other, published["commercial_max_heat"].value, **square)
    COP.plot(peaks[0], published["max_COP_5_K"].value, **BLACK, zorder=5)
    COP.plot(peaks[1], published["max_COP_15_K"].value, **BLACK, zorder=5)
    COP.plot(peaks[2], published["commercial_COP"].value, **square)
    heat.legend(loc="lower right", fontsize=6)


def _loads(ax: Axes, inputs: SourceInputs, published: Published) -> None:
    """Largest temperature difference over the heat load."""
    heat = np.linspace(0.0, 1.4, 8)
    drops = coolers.largest_difference(coolers.cooler(inputs, coolers.SHORT), [300.0], list(heat))
    slope, top = published["slope"].value, published["delta_T_max_300"].value
    ax.plot(heat, drops, color=COLOURS[0], label="computed")
    label = f"published: {slope:g} K/W from {top:g} K"
    ax.plot(heat, top - slope * heat, color="black", linestyle=":", label=label)
    ax.set(xlim=(0, 1.5), ylim=(0, 70), xlabel="Heat load (W)")
    ax.set_ylabel(r"$\Delta T_{\mathrm{max}}$ at 300 K (K)")
    ax.legend(loc="upper right")


def _hot_sides(ax: Axes, inputs: SourceInputs, published: Published) -> None:
    """Largest temperature difference over the hot side."""
    hot = np.linspace(290.0, 360.0, 8)
    for k, (name, made) in enumerate(MAKERS.items()):
        drops = coolers.largest_difference(made(inputs, coolers.LONG), list(hot))
        ax.plot(hot, drops, color=COLOURS[k], label=name)
    points = (
        ("o", "published, 7 pairs", {300.0: "delta_T_max_300", 350.0: "delta_T_max_350"}),
        ("v", "published, 31 pairs", {300.0: "delta_T_max_31_pairs"}),
        ("s", "published, commercial", {300.0: "commercial_delta_T_max"}),
    )
    for marker, label, keys in points:
        values = [published[key].value for key in keys.values()]
        ax.plot(list(keys), values, **{**BLACK, "marker": marker}, label=label)
    ax.set(xlim=(285, 365), ylim=(40, 100), xlabel="Hot side $T_h$ (K)")
    ax.set_ylabel(r"$\Delta T_{\mathrm{max}}$ (K)")
    ax.legend(loc="upper left", fontsize=6)


FIGURES = (draw_material, draw_composition, draw_cooling)
