"""Pictures of mixed conductors: safe operation and barriers; composition along a leg whose metal moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ioffe.base.plotting import COLOURS, DASHES, MARKERS, look, new_figure, unit_label
from ioffe.migration.defect import DefectModel
from ioffe.migration.steady import SteadyProfile
from ioffe.migration.transient import MigrationResult
from ioffe.report.pictures import letter
from ioffe.result.ions import NOT_KNOWN
from ioffe.solve.ions.barriers import BarrierDesign
from ioffe.solve.ions.region import SafeRegion

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


FORBIDDEN = "#f3c6c0"
EDGE = "#b3261e"
SAFE, SAFE_AREA = "#0072B2", "#d5e8f3"
UNKNOWN_AREA: dict[str, Any] = {"facecolor": "none", "edgecolor": "#d0d0d0", "hatch": "///"}
BOXED: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
"""Where it is not known whether metal is set free."""
LINE = "#3a3a3a"
T_LABEL = r"Hot-side temperature $T_\mathrm{h}$ (K)"
J_UNIT = unit_label("A/cm2")
J_LABEL = f"Current density $J$ ({J_UNIT})"


def efficiency_figure(region: SafeRegion, designs: Sequence[BarrierDesign] = ()) -> Figure:
    """Efficiency over the current density at the hottest temperature, with the currents that set metal free.

    `region`: its last temperature is drawn.
    `designs`: designs with barriers, whose allowed current densities are marked.
    Returns: a figure 120 mm wide.
    """
    J, eta = region.current_density / 1e4, 100.0 * region.efficiency[-1]
    last = region.allowed[-1]
    unit = 1e4 * region.area
    limit, top_limit = last.current / unit, last.critical_current_high / unit
    best = last.max_efficiency_current / unit
    with look():
        figure, (ax,) = new_figure(width=120.0, height=80.0)
        keep = eta >= -1e-9
        J, eta = J[keep], eta[keep]
        top = 1.3 * 100.0 * last.max_efficiency
        bound = f"{last.bound} " if last.bound else ""
        unknown = limit if last.known else 0.0, top_limit if last.proves_unsafe else J[-1]
        if unknown[0] < min(unknown[1], 0.999 * J[-1]):
            style: dict[str, Any] = UNKNOWN_AREA | {"facecolor": "white"}
            ax.axvspan(unknown[0], min(unknown[1], J[-1]), **style, lw=0, label=NOT_KNOWN)
        if last.proves_unsafe and top_limit < 0.999 * J[-1]:
            ax.axvspan(max(top_limit, 0.0), J[-1], color=FORBIDDEN, lw=0)
            ax.text(0.58, 0.03, "metal is set free", transform=ax.transAxes, color=EDGE, ha="center")
        ax.plot(J, eta, color=LINE)
        if last.known:
            ax.axvline(limit, color=EDGE)
            words = f"largest safe current, {limit:.3g} {J_UNIT}"
            ax.plot(limit, 100.0 * last.efficiency, "o", color=EDGE, label=words)
        words = rf"largest efficiency, $J_\mathrm{{c}}/J$ {bound or '= '}{last.margin:.3g}"
        ax.plot(best, 100.0 * last.max_efficiency, "s", color=LINE, mfc="white", label=words)
        for design in designs:
            at = design.current_density / 1e4
            if 0 < design.count and at < 0.98 * J[-1]:
                ax.axvline(at, color=SAFE, ls="--", lw=0.8)
                words = "1 barrier " if design.count == 1 else f"{design.count} "
                ax.text(at, 0.98 * top, words, color=SAFE, ha="right", va="top", fontsize=6.5)
        ax.set(xlim=(0.0, J[-1]), ylim=(0.0, top), xlabel=J_LABEL, ylabel=r"Efficiency $\eta$ (%)")
        ax.set_title(_temperatures(region), loc="left")
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 0.1))
    return figure


def map_figure(region: SafeRegion) -> Figure:
    """Safe current densities over the hot-side temperature, with the efficiency as contour lines.

    `region`: of one temperature or more.
    Returns: a figure 120 mm wide.
    """
    T, unit = region.T_hot, 1e4 * region.area
    allowed, above = (limits / unit for limits in _limits(region))
    best = region.column("max_efficiency_current") / unit
    J = region.current_density / 1e4
    with look():
        from matplotlib.ticker import MaxNLocator

        figure, (ax,) = new_figure(width=120.0, height=85.0)
        positive = allowed[allowed > 0]
        low = 0.3 * float(min(positive.min() if positive.size else best.min(), best.min()))
        high = float(max(J[-1], 1.2 * best.max()))
        edge, upper = np.clip(allowed, low, high), np.clip(above, low, high)
        known = np.array([one.known for one in region.allowed])
        forbidden = np.array([one.proves_unsafe for one in region.allowed])
        _fill(ax, T, edge, upper, np.zeros(len(T), bool), FORBIDDEN)
        _fill(ax, T, upper, np.full(len(T), high), forbidden, FORBIDDEN)
        _fill(ax, T, np.full(len(T), low), edge, known, SAFE_AREA)
        limit = edge < high
        for shown, words, face in (
            (known, "largest safe current density", EDGE),
            (~known & limit, "bound or estimate of the limit", "white"),
        ):
            if np.any(shown):
                edges = np.where(shown, edge, np.nan)
                style: Any = {"marker": "o", "ms": 3.5, "mfc": face, "clip_on": False, "zorder": 3}
                ax.plot(T, edges, color=EDGE, label=words, **style)
        ax.plot(T, best, color=LINE, ls="--", label="current density of the largest efficiency")
        if len(T) > 1:
            drawn = J > 0
            eta = 100.0 * region.efficiency[:, drawn]
            levels = [x for x in MaxNLocator(6).tick_values(0.0, np.nanmax(eta)) if x > 0.0]
            lines = ax.contour(T, J[drawn], eta.T, levels=levels, colors="#777777", linewidths=0.6)
            at = [point for level in levels for point in _beside_level(T, J[drawn], eta, level)]
            ax.clabel(lines, fmt="%g %%", fontsize=6, manual=at)
        _name_areas(ax, T, (low * 1.2, high / 1.2), known, forbidden)
        ax.set(yscale="log", ylim=(low, high), ylabel=J_LABEL, xlabel=T_LABEL)
        ax.set_xlim((T[0], T[-1]) if len(T) > 1 else (T[0] - 10, T[0] + 10))
        ax.set_title(_title(region), loc="left")
        figure.legend(loc="outside lower center", ncols=2)
    return figure


def _beside_level(T: Any, J: Any, eta: Any, level: float) -> Iterator[tuple[float, float]]:
    """Where a contour line is named: as the efficiency rises with the current, between the names of areas."""
    first = float(np.interp(level, np.nanmax(eta, axis=1), T))
    if T[-1] - first > 0.1 * (T[-1] - T[0]):
        x = 0.5 * (first + T[-1])
        rising = np.array([np.interp(x, T, column) for column in eta.T])
        peak = int(np.nanargmax(rising)) + 1
        if rising[0] < level:
            yield x, float(np.interp(level, rising[:peak], J[:peak]))


def _fill(ax: Axes, T: Any, low: Any, high: Any, known: Any, colour: str) -> None:
    """Fill between two lines over temperature: in colour between points that are known, hatched elsewhere.

    A known point without a known neighbour gets a strip, 2 % of the picture wide.
    """
    if len(T) == 1:
        T = T + np.array([-10.0, 10.0])
        low, high, known = (np.repeat(x, 2) for x in (low, high, known))
    ax.fill_between(T, low, high, **UNKNOWN_AREA, lw=0)
    inside = np.r_[False, known[1:] & known[:-1], False]
    ends = [(T[k - 1], T[k]) for k in np.flatnonzero(inside)]
    half = 0.01 * (T[-1] - T[0])
    ends += [(T[k] - half, T[k] + half) for k in np.flatnonzero(known & ~inside[1:] & ~inside[:-1])]
    for x in (np.clip(pair, T[0], T[-1]) for pair in ends):
        lines = np.interp(x, T, low), np.interp(x, T, high)
        ax.fill_between(x, *lines, facecolor="white", lw=0)
        ax.fill_between(x, *lines, color=colour, lw=0)


def _name_areas(ax: Axes, T: Any, at: tuple[float, float], known: Any, forbidden: Any) -> None:
    """The words of the areas below and above the limit, each at the first temperature that it holds at."""
    span = T[-1] - T[0]
    for y, vertical, states in zip(
        at, ("bottom", "top"), ((known, "safe", SAFE), (forbidden, "metal is set free", EDGE)), strict=True
    ):
        flags, words, colour = states
        for state, text in ((True, words), (False, NOT_KNOWN)):
            if np.any(flags == state) and (state or vertical == "bottom"):
                x = T[int(np.argmax(flags == state))]
                side, off = ("left", 0.03) if x < T[0] + 0.7 * span or not span else ("right", -0.03)
                style: dict[str, Any] = {"color": colour} if state else {"color": LINE, "bbox": BOXED}
                if state and np.sum(flags) == 1 < len(
                    T
                ):  # a strip narrower than the words: a line leads to it
                    style |= {"bbox": BOXED, "arrowprops": {"arrowstyle": "-", "color": colour}}
                    off *= 3.0
                ax.annotate(text, (x, y), (x + off * span, y), ha=side, va=vertical, **style)


def barrier_figure(families: Mapping[float, Sequence[BarrierDesign]], region: SafeRegion) -> Figure:
    """Allowed efficiency over allowed current density for 0, 1, 2 ... barriers, by contact resistivity.

    `families`: contact resistivity of a barrier in ohm m2, and its designs.
    `region`: for its words.
    Returns: efficiency over the allowed current density, and over the number of barriers; 170 mm wide.
    """
    with look():
        figure, (left, right) = new_figure(1, 2, width=170.0, height=85.0)
        for i, (resistivity, designs) in enumerate(families.items()):
            # the first ones wider, so that they show behind later ones that are equal
            wider = len(families) - 1 - i
            style: Any = {"color": COLOURS[i % len(COLOURS)], "marker": MARKERS[i % len(MARKERS)]}
            style |= {"ms": 4.0 + 1.6 * wider, "lw": 1.0 + 0.7 * wider, "mfc": "none"}
            label = f"{resistivity * 1e10:g} {unit_label('uohm cm2')}"
            J = [d.current_density / 1e4 for d in designs]
            eta = [100.0 * d.allowed.efficiency for d in designs]
            count = [d.count for d in designs]
            left.plot(J, eta, label=label, **style)
            right.plot(count, eta, **style)
            largest = [100.0 * d.allowed.max_efficiency for d in designs]
            right.plot(count, largest, **(style | {"marker": "", "lw": 1.0}), ls="--")
            if i == 0:
                below: Any = {"textcoords": "offset points", "ha": "center", "fontsize": 6.5}
                for n, x, y in zip(count, J, eta, strict=True):
                    left.annotate(f"{n}", (x, y), (0, -11), **below)
        left.set(xlabel=f"Allowed current density ({J_UNIT})", ylabel="Largest safe efficiency (%)")
        right.set(xlabel="Number of barriers", ylabel="Efficiency (%)")
        for ax in (left, right):
            ax.set_ylim(bottom=0.0)
        right.minorticks_off()
        right.set_xticks(range(max(len(designs) for designs in families.values())))
        words = "full: within the safe current\ndashed: largest of all"
        right.text(0.97, 0.05, words, transform=right.transAxes, ha="right")
        left.set_title(_temperatures(region), loc="right")
        letter((left, right))
        figure.legend(loc="outside lower center", ncols=4, title="contact resistivity of a barrier")
    return figure


def _limits(region: SafeRegion) -> tuple[Any, Any]:
    """Largest safe currents in A over T_hot, the limits where none is known; from where metal is set free."""
    safe, upper = region.column("current"), region.column("critical_current_high")
    low = np.where([one.known for one in region.allowed], safe, region.column("critical_current"))
    return low, np.maximum(upper, low)


def _title(region: SafeRegion) -> str:
    return rf"$T_\mathrm{{c}}$ = {region.T_cold:g} K, $J$ in the {region.part} leg"


def _temperatures(region: SafeRegion) -> str:
    return rf"$T_\mathrm{{h}}$ = {region.T_hot[-1]:g} K, {_title(region)}"


def composition_figure(
    profiles: Mapping[str, SteadyProfile | MigrationResult],
    model: DefectModel | None = None,
    times: Sequence[float] | None = None,
) -> Figure:
    """Deficiency along the leg; barriers show as the steps of a saw-tooth.

    Parameters
    ----------
    profiles : mapping of str to SteadyProfile or MigrationResult
        By the words of the legend; a result is drawn at its last time, or at `times`.
    model : DefectModel, optional
        Whose metal boundary is drawn, with what lies beyond it.
    times : sequence of float, optional
        In s, for results.

    Returns
    -------
    matplotlib.figure.Figure
        110 mm wide.
    """
    with look():
        figure, (ax,) = new_figure(width=110.0, height=78.0)
        draw_composition(ax, profiles, model, times)
        figure.legend(loc="outside upper center", ncols=2)
    return figure


def draw_composition(
    ax: Axes,
    profiles: Mapping[str, SteadyProfile | MigrationResult],
    model: DefectModel | None = None,
    times: Sequence[float] | None = None,
) -> None:
    """Draw the picture of `composition_figure` on given axes.

    `profiles`, `model`, `times`: as for `composition_figure`.
    """
    for k, (name, profile) in enumerate(profiles.items()):
        colour = COLOURS[k % len(COLOURS)]
        if isinstance(profile, SteadyProfile):
            line = profile.x, profile.delta, profile.part
            _draw_line(ax, *line, color=colour, linestyle="-", label=name)
        else:
            _draw_result(ax, profile, times, colour, name)
    if model is not None:
        _draw_boundary(ax, model, next(iter(profiles.values())))
    ax.set(xlabel="Position $x$ (mm)", ylabel=r"Deficiency of the metal $\delta$")
    ax.margins(x=0)


def history_figure(results: Mapping[str, MigrationResult], *, unit: str = "h") -> Figure:
    """Resistance and deposited metal over time, below the current density.

    Parameters
    ----------
    results : mapping of str to MigrationResult
        By the words of the legend.
    unit : {"s", "min", "h"}
        Of the time.

    Returns
    -------
    matplotlib.figure.Figure
        Current density, resistance and metal below each other, 110 mm wide.
    """
    seconds = {"s": 1.0, "min": 60.0, "h": 3600.0}[unit]
    with look():
        figure, axes = new_figure(3, 1, width=110.0, height=130.0, sharex=True)
        for k, (name, result) in enumerate(results.items()):
            time, colour = result.time / seconds, COLOURS[k % len(COLOURS)]
            style: dict[str, Any] = {"color": colour, "linestyle": DASHES[k % len(DASHES)], "label": name}
            current = np.append(result.current_density[1:], result.current_density[-1])
            axes[0].step(time, current / 1e4, where="post", **style)
            axes[1].plot(time, result.resistance_ratio, **style)
            axes[2].plot(time, np.sum(result.metal, axis=1), **style)
        for ax, label in zip(axes, ("$J$ (A/cm²)", "$R/R_0$", "Metal (mol/m²)"), strict=True):
            ax.set_ylabel(label)
        axes[2].set_xlabel(f"Time ({unit})")
        axes[2].margins(x=0)
        if len(results) > 1:
            figure.legend(*axes[1].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure


def _draw_line(ax: Axes, x: np.ndarray, delta: np.ndarray, part: np.ndarray, **style: Any) -> None:
    """One line, broken where the part changes."""
    breaks = np.flatnonzero(np.diff(part)) + 1
    broken = (np.insert(values, breaks, np.nan) for values in (1e3 * x, delta))
    ax.plot(*broken, **style)


def _draw_result(
    ax: Axes, result: MigrationResult, times: Sequence[float] | None, colour: str, name: str
) -> None:
    """One line a time, the ends of the parts among the points, dashes in the order of the times."""
    wanted = [float(result.time[-1])] if times is None else list(times)
    for k, time in enumerate(wanted):
        row = int(np.argmin(np.abs(result.time - time)))
        parts, first, last = np.unique(result.part), result.end_x[::2], result.end_x[1::2]
        x = np.concatenate([np.r_[first[p], result.x[result.part == p], last[p]] for p in parts])
        ends, inner = result.end_delta[row], result.delta[row]
        delta = np.concatenate([np.r_[ends[2 * p], inner[result.part == p], ends[2 * p + 1]] for p in parts])
        part = np.repeat(parts, [np.sum(result.part == p) + 2 for p in parts])
        words = name if times is None else f"{name}, {time:g} s"
        _draw_line(ax, x, delta, part, color=colour, linestyle=DASHES[k % len(DASHES)], label=words)


def _draw_boundary(ax: Axes, model: DefectModel, profile: SteadyProfile | MigrationResult) -> None:
    boundary = model.metal_boundary(profile.T)
    low = min(ax.get_ylim()[0], float(np.min(boundary)) - 0.1 * float(np.ptp(ax.get_ylim())))
    ax.plot(1e3 * profile.x, boundary, color="black", linewidth=0.8, linestyle=":")
    ax.fill_between(1e3 * profile.x, low, boundary, color=FORBIDDEN, linewidth=0, label="metal")
    ax.set_ylim(bottom=low)
