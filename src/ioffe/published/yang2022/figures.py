"""Pictures of the source: the n-type material, the map of compositions, and the coolers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ioffe.base.plotting import COLOURS, DASHES, look, new_figure
from ioffe.published.scaling import seebeck_of
from ioffe.published.source import Drawn, SourceInputs
from ioffe.published.value import PublishedValue
from ioffe.published.yang2022.composition import best_composition, difference_map
from ioffe.published.yang2022.coolers import LONG, SHORT, commercial, cooler, n_material
from ioffe.published.yang2022.curves import curve, largest_difference
from ioffe.transport.fermi_level import fermi_level_from_seebeck
from ioffe.transport.single_band import hall_factor

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ioffe.device.module import Module

__all__ = ["FIGURES"]

Published = Mapping[str, PublishedValue]
DROPS = (5.0, 15.0)


def material(inputs: SourceInputs, published: Published) -> Drawn:
    """The rebuilt curves with the numbers that the text states."""
    m = n_material(inputs)
    T = np.linspace(200.0, 420.0, 111)
    S, sigma = 1e6 * np.asarray(seebeck_of(m, T)), np.asarray(m.electrical_conductivity(T)) / 100.0
    panels = (
        ("Seebeck coefficient (µV/K)", S, {300: 1e6 * published["n_seebeck_300"].value}, (-280, 0)),
        ("Electrical conductivity (S/cm)", sigma, {}, (0, 900)),
        ("Thermal conductivity (W/(m K))", np.asarray(m.thermal_conductivity(T)), {}, (0, 1.4)),
        (
            "Figure of merit $zT$",
            np.asarray(m.zT(T)),
            {300: published["n_zT_300"].value, 420: published["n_zT_420"].value},
            (0, 1.2),
        ),
    )
    with look():
        figure, axes = new_figure(2, 2, width=150.0, height=115.0)
        for ax, (label, values, points, limits) in zip(axes, panels, strict=True):
            ax.plot(T, values, color=COLOURS[0], label="rebuilt curve")
            if points:
                ax.plot(*zip(*points.items(), strict=True), "o", color="black", label="published")
            ax.set(xlim=(195, 430), ylim=limits, xlabel="Temperature $T$ (K)", ylabel=label)
        axes[0].legend(loc="upper right")
    caption = (
        "n-type Mg3.2Bi1.4975Sb0.5Te0.0025 as rebuilt from numbers of the text. The published values shown "
        "are those it was rebuilt from."
    )
    return Drawn("material", "Transport properties", caption, figure)


def composition(inputs: SourceInputs, published: Published) -> Drawn:
    """Delta T_max over composition and carrier density."""
    from scipy.interpolate import RectBivariateSpline

    x, n = np.linspace(0.8, 1.9, 6), np.geomspace(0.8e25, 6e25, 5)
    spline, best = (
        RectBivariateSpline(np.log(n), x, difference_map(inputs, x, n), kx=3, ky=3),
        best_composition(inputs),
    )
    x, n = np.linspace(x[0], x[-1], 60), np.geomspace(n[0], n[-1], 60)
    drops = spline(np.log(n), x)
    level = fermi_level_from_seebeck(abs(published["n_seebeck_300"].value))
    true = inputs["n_density"] * float(hall_factor(level))
    low, high = (published[f"best_composition_{end}"].value for end in ("low", "high"))
    with look():
        figure, (ax,) = new_figure(1, 1, width=150.0, height=95.0)
        levels = np.arange(44, 64, 2.0)
        filled = ax.contourf(x, n / 1e25, drops, levels=levels, cmap="viridis", extend="min")
        lines = ax.contour(x, n / 1e25, drops, levels=levels[::2], colors="white", linewidths=0.5)
        ax.clabel(lines, fontsize=6, fmt="%g")
        ax.axvline(low, color="white", linestyle="--", linewidth=1.0)
        ax.axvline(
            high, color="white", linestyle="--", linewidth=1.0, label="published range of the best $x$"
        )
        ax.plot(
            1.4975, true / 1e25, "o", color="white", mec="black", markersize=6, label="published material"
        )
        ax.plot(
            best.composition,
            best.density / 1e25,
            "X",
            color=COLOURS[1],
            mec="black",
            markersize=7,
            label="best, computed",
        )
        ax.set(yscale="log", xlabel="Composition $x$ of Mg$_{3.2}$Bi$_x$Sb$_{2-x}$")
        ax.set_ylabel("Carrier density $n$ (10$^{19}$ cm$^{-3}$)")
        ax.set_yticks([1, 2, 3, 5], labels=["1", "2", "3", "5"])
        ax.yaxis.set_minor_formatter("")
        ax.legend(
            loc="lower left",
            fontsize=6,
            facecolor="#404060",
            labelcolor="white",
            framealpha=0.9,
            frameon=True,
        )
        figure.colorbar(filled, label=r"$\Delta T_{\mathrm{max}}$ at 300 K (K)")
    caption = (
        "Largest temperature difference of a pair without plates over composition and carrier density. "
        "Mobility and lattice go through the rebuilt material at x = 1.5; how they and the gap change with "
        "x comes from four samples of the library. The density of the published material is its Hall "
        "density times the Hall factor."
    )
    return Drawn("composition", "Fig. 2", caption, figure)


def cooling(inputs: SourceInputs, published: Published) -> Drawn:
    """Heat and COP over the current, the difference over the heat load and over the hot side."""
    modules = (("Mg$_3$(Bi,Sb)$_2$", cooler(inputs, SHORT)), ("commercial", commercial(inputs, SHORT)))
    with look():
        figure, axes = new_figure(2, 2, width=160.0, height=125.0)
        for k, (name, module) in enumerate(modules):
            _currents(axes[0], axes[1], name, module, k)
        _loads(axes[2], modules[0][1], published)
        _hot_sides(axes[3], inputs, published)
        _points(axes[0], axes[1], published)
    caption = (
        "Cooler of 7 pairs with legs of 2 mm: heat taken up and COP over the current at differences of 5 "
        "and 15 K, largest temperature difference over the heat load; with legs of 3 mm: over the hot "
        "side. Black: published; the COP is marked at its maximum."
    )
    return Drawn("cooling", "Figures of the modules", caption, figure)


def _currents(heat: Axes, COP: Axes, name: str, module: Module, colour: int) -> None:
    current = np.concatenate([np.geomspace(0.05, 0.8, 30), np.linspace(0.9, 4.4, 30)])
    found = curve(module, DROPS, current)
    for row, drop in enumerate(DROPS):
        style: dict[str, Any] = {"color": COLOURS[colour], "linestyle": DASHES[row]}
        style["label"] = f"{name}, {drop:g} K"
        heat.plot(current, found.heat_cold[row], **style)
        COP.plot(current, found.COP[row], **style)
    heat.set(xlim=(0, 4.4), ylim=(0, 1.8), xlabel="Current $I$ (A)", ylabel="Heat taken up $Q_c$ (W)")
    COP.set(xlim=(0, 4.4), ylim=(0, 9), xlabel="Current $I$ (A)", ylabel="COP")


def _points(heat: Axes, COP: Axes, published: Published) -> None:
    at, other = published["max_heat_current"].value, published["commercial_current"].value
    heat.plot([at] * 2, [published[f"max_heat_{d}_K"].value for d in (5, 15)], "o", color="black", zorder=5)
    heat.plot(other, published["commercial_max_heat"].value, "s", color="black", zorder=5)
    for key, marker in (("max_COP_5_K", "o"), ("max_COP_15_K", "o"), ("commercial_COP", "s")):
        line = max(COP.lines, key=lambda one, key=key: _matches(one.get_label(), key))
        peak = float(np.asarray(line.get_xdata())[int(np.argmax(line.get_ydata()))])
        COP.plot(peak, published[key].value, marker, color="black", zorder=5)
    heat.legend(loc="lower right", fontsize=6)


def _matches(label: object, key: str) -> int:
    """Whether a line is the one of a published COP."""
    text = str(label)
    return (text.startswith("commercial") == key.startswith("commercial")) + text.endswith(
        " 15 K" if "15" in key else " 5 K"
    )


def _loads(ax: Axes, module: Module, published: Published) -> None:
    heat = np.linspace(0.0, 1.4, 8)
    drops = largest_difference(module, [300.0], list(heat))
    slope, top = published["slope"].value, published["delta_T_max_300"].value
    ax.plot(heat, drops, color=COLOURS[0], label="computed")
    ax.plot(
        heat,
        top - slope * heat,
        color="black",
        linestyle=":",
        label=f"published: {slope:g} K/W from {top:g} K",
    )
    ax.set(
        xlim=(0, 1.5), ylim=(0, 70), xlabel="Heat load (W)", ylabel=r"$\Delta T_{\mathrm{max}}$ at 300 K (K)"
    )
    ax.legend(loc="upper right")


def _hot_sides(ax: Axes, inputs: SourceInputs, published: Published) -> None:
    hot = np.linspace(290.0, 360.0, 8)
    for k, (name, module) in enumerate(
        (("Mg$_3$(Bi,Sb)$_2$", cooler(inputs, LONG)), ("commercial", commercial(inputs, LONG)))
    ):
        ax.plot(hot, largest_difference(module, list(hot)), color=COLOURS[k], label=name)
    points = [published[f"delta_T_max_{T}"].value for T in (300, 350)]
    ax.plot([300.0, 350.0], points, "o", color="black", label="published, 7 pairs")
    ax.plot(300.0, published["delta_T_max_31_pairs"].value, "v", color="black", label="published, 31 pairs")
    ax.plot(
        300.0, published["commercial_delta_T_max"].value, "s", color="black", label="published, commercial"
    )
    ax.set(
        xlim=(285, 365), ylim=(40, 100), xlabel="Hot side $T_h$ (K)", ylabel=r"$\Delta T_{\mathrm{max}}$ (K)"
    )
    ax.legend(loc="upper left", fontsize=6)


FIGURES = (material, composition, cooling)
