"""Pictures of safe operation with a mixed conductor: efficiency over current, safe map, barriers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ioffe.base.plotting import COLOURS, MARKERS, look, new_figure
from ioffe.solve.ions.barriers import BarrierDesign
from ioffe.solve.ions.region import SafeRegion

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["barrier_figure", "efficiency_figure", "map_figure"]

FORBIDDEN = "#f3c6c0"
EDGE = "#b3261e"
SAFE = "#0072B2"
J_LABEL = r"current density $J$ (A/cm$^2$)"


def efficiency_figure(region: SafeRegion, designs: Sequence[BarrierDesign] = ()) -> Figure:
    """Efficiency over the current density at the hottest temperature, with the currents that set metal free.

    Parameters
    ----------
    region : SafeRegion
    designs : sequence of BarrierDesign
        Designs with barriers, whose allowed current densities are marked.
    """
    J, eta = region.current_density / 1e4, 100.0 * region.efficiency[-1]
    last = region.allowed[-1]
    limit, best = last.current / region.area / 1e4, last.max_efficiency_current / region.area / 1e4
    with look():
        figure, (ax,) = new_figure(width=120.0, height=80.0)
        keep = eta >= -1e-9
        J, eta = J[keep], eta[keep]
        top = 1.3 * 100.0 * last.max_efficiency
        ax.axvspan(limit, J[-1], color=FORBIDDEN, lw=0)
        ax.text(0.58, 0.03, "metal is set free", transform=ax.transAxes, color=EDGE, ha="center")
        ax.plot(J, eta, color="#3a3a3a")
        ax.axvline(limit, color=EDGE)
        ax.plot(
            limit,
            100.0 * last.efficiency,
            "o",
            color=EDGE,
            label=f"largest safe current, {limit:.3g} A/cm$^2$",
        )
        ax.plot(
            best, 100.0 * last.max_efficiency, "s", color="#3a3a3a", mfc="white",
            label=f"largest efficiency, $J_c/J$ = {last.margin:.3g}",
        )  # fmt: skip
        for design in designs:
            at = design.current_density / 1e4
            if 0 < design.count and at < 0.98 * J[-1]:
                ax.axvline(at, color=SAFE, ls="--", lw=0.8)
                words = "1 barrier" if design.count == 1 else f"{design.count}"
                ax.text(at, 0.99 * top, words, color=SAFE, rotation=90, ha="right", va="top", fontsize=6.5)
        ax.set(xlim=(0.0, J[-1]), ylim=(0.0, top), xlabel=J_LABEL, ylabel=r"efficiency $\eta$ (%)")
        ax.set_title(_temperatures(region), loc="left")
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 0.1))
    return figure


def map_figure(region: SafeRegion) -> Figure:
    """Safe current densities over the hot-side temperature, with the efficiency as lines of equal height."""
    T, unit = region.T_hot, 1e4 * region.area
    allowed = region.column("current") / unit
    best = region.column("max_efficiency_current") / unit
    J = region.current_density / 1e4
    with look():
        figure, (ax,) = new_figure(width=120.0, height=85.0)
        positive = allowed[allowed > 0]
        low = 0.3 * float(min(positive.min() if positive.size else best.min(), best.min()))
        high = float(max(J[-1], 1.2 * best.max()))
        edge = np.maximum(allowed, low)
        ax.fill_between(T, edge, high, color=FORBIDDEN, lw=0)
        ax.fill_between(T, low, edge, color="#d5e8f3", lw=0)
        ax.plot(T, edge, color=EDGE, marker="o", ms=3.5, label="largest safe current density")
        ax.plot(T, best, color="#3a3a3a", ls="--", label="current density of the largest efficiency")
        if len(T) > 1:
            shown = J > 0
            near = (region.efficiency >= 0) & (J <= 1.6 * best[:, None])
            eta = 100.0 * np.where(near, region.efficiency, np.nan)[:, shown]
            lines = ax.contour(T, J[shown], eta.T, levels=6, colors="#777777", linewidths=0.6)
            ax.clabel(lines, fmt="%g %%", fontsize=6)
        x = T[0] + 0.03 * (T[-1] - T[0])
        ax.text(x, low * 1.2, "safe", color=SAFE, ha="left", va="bottom")
        ax.text(x, high / 1.2, "metal is set free", color=EDGE, ha="left", va="top")
        ax.set(
            yscale="log", ylim=(low, high), ylabel=J_LABEL, xlabel=r"hot-side temperature $T_\mathrm{h}$ (K)"
        )
        ax.set_xlim((T[0], T[-1]) if len(T) > 1 else (T[0] - 10, T[0] + 10))
        ax.set_title(_title(region), loc="left")
        figure.legend(loc="outside lower center", ncols=2)
    return figure


def barrier_figure(families: Mapping[float, Sequence[BarrierDesign]], region: SafeRegion) -> Figure:
    """Allowed efficiency over allowed current density for 0, 1, 2 ... barriers, by contact resistivity.

    Parameters
    ----------
    families : mapping of float to designs
        Contact resistivity of a barrier in ohm m2, and its designs.
    region : SafeRegion
        For its words.
    """
    with look():
        figure, (left, right) = new_figure(1, 2, width=170.0, height=85.0)
        for i, (resistivity, designs) in enumerate(families.items()):
            style: Any = {"color": COLOURS[i % len(COLOURS)], "marker": MARKERS[i % len(MARKERS)], "ms": 4}
            label = f"{resistivity * 1e10:g}" + r" $\mu\Omega\,$cm$^2$"
            J = [d.current_density / 1e4 for d in designs]
            eta = [100.0 * d.allowed.efficiency for d in designs]
            count = [d.count for d in designs]
            left.plot(J, eta, label=label, **style)
            right.plot(count, eta, **style)
            right.plot(
                count,
                [100.0 * d.allowed.max_efficiency for d in designs],
                **(style | {"marker": ""}),
                ls="--",
            )
            if i == 0:
                for n, x, y in zip(count, J, eta, strict=True):
                    left.annotate(
                        f"{n}", (x, y), xytext=(0, -11), textcoords="offset points", ha="center", fontsize=6.5
                    )
        left.set(xlabel=r"allowed current density (A/cm$^2$)", ylabel=r"largest safe efficiency (%)")
        left.set_ylim(bottom=0.0)
        right.set(xlabel="number of barriers", ylabel=r"efficiency (%)")
        right.set_ylim(bottom=0.0)
        right.minorticks_off()
        right.set_xticks(range(max(len(designs) for designs in families.values())))
        right.text(
            0.97,
            0.05,
            "full: within the safe current\ndashed: largest of all",
            transform=right.transAxes,
            ha="right",
        )
        left.set_title(_temperatures(region), loc="left")
        figure.legend(loc="outside lower center", ncols=4, title="contact resistivity of a barrier")
    return figure


def _title(region: SafeRegion) -> str:
    return rf"$T_\mathrm{{c}}$ = {region.T_cold:g} K, $J$ in the {region.part} leg"


def _temperatures(region: SafeRegion) -> str:
    return rf"$T_\mathrm{{h}}$ = {region.T_hot[-1]:g} K, {_title(region)}"
