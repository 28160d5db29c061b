"""One panel over the current: its lines, where they are of use, its maxima, marks and published values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ioffe.base.plotting import axis_label, unit_label
from ioffe.device_file.measured import Measured
from ioffe.report.families import Family, families, smooth
from ioffe.report.styles import Styles, styles_of
from ioffe.report.sweeps import Sweeps
from ioffe.report.text import in_unit, number, readable_unit
from ioffe.result.steady import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Panel", "draw_legend", "draw_panel", "panel_of"]

Array = NDArray[np.float64]
WORDS = {
    "voltage": "Voltage",
    "power": "Power",
    "heat_hot": "Heat taken in",
    "heat_cold": "Heat taken up",
    "efficiency": "Efficiency",
    "COP": "",
    "delta_T": "Temperature difference",
    "current": "Current",
}
MAXIMUM = {
    "power": ("max_power_current", "max_power"),
    "efficiency": ("max_efficiency_current", "max_efficiency"),
    "heat_cold": ("max_heat_current", "max_heat"),
    "COP": ("max_COP_current", "max_COP"),
    "delta_T": ("delta_T_max_current", "delta_T_max"),
}
"""For each panel the quantities of its maximum: where it lies, and how large it is."""
USEFUL = ("power", "efficiency", "heat_cold", "COP", "delta_T")
"""Panels that show only what is of use: values above zero."""
DIVERGES_BELOW = 0.1
"""COP without a maximum (no temperature difference) is drawn from this share of the largest current on."""


@dataclass(frozen=True)
class Panel:
    """What one panel draws."""

    name: str
    result: Result
    marks: Result | None
    styles: Styles
    measured: tuple[Measured, ...]


def panel_of(name: str, sweeps: Sweeps, measured: Sequence[Measured]) -> Panel:
    """Panel of a quantity, with the published values that have a place on it."""
    styles = styles_of(sweeps.main, sweeps.lift)
    at_current = tuple(
        m
        for m in measured
        if (m.quantity == name and "current" in m.at)
        or (m.quantity == "open_circuit_voltage" and name == "voltage")
    )
    if name == "delta_T" and sweeps.lift is not None:
        return Panel(name, sweeps.lift, sweeps.lift_marks, styles, at_current)
    return Panel(name, sweeps.main, sweeps.marks, styles, at_current)


def draw_panel(ax: Axes, panel: Panel) -> None:
    """Draw a panel with labelled axes, in units that suit its values."""
    found = list(families(panel.result))
    lines = [_line(f, panel.name) for f in found]
    units = tuple(
        readable_unit(np.concatenate([line[k] for line in lines]), name)
        for k, name in enumerate(("current", panel.name))
    )
    for family, (x, y) in zip(found, lines, strict=True):
        points = in_unit(x, "current", units[0]), in_unit(y, panel.name, units[1])
        colour, dash = panel.styles.colour(family.at), panel.styles.dash(family.at)
        ax.plot(*points, color=colour, linestyle=dash)
        _maximum(ax, panel, family, units, alone=len(found) == 1)
    for x, y, marker, colour in (*_marks(panel), *_measured(panel)):
        point = in_unit(x, "current", units[0]), in_unit(y, panel.name, units[1])
        ax.plot(*point, marker, color=colour, fillstyle="none", markersize=4.6, zorder=5)
    ax.set_xlabel(axis_label("current", units[0], WORDS["current"]))
    ax.set_ylabel(axis_label(panel.name, units[1], WORDS[panel.name]))
    _limits(ax, panel, lines, units)


def _line(family: Family, name: str) -> tuple[Array, Array]:
    """Current and quantity in SI without what is of no use; NaN separates the pieces."""
    nothing = np.array([np.nan])
    x, y = [np.empty(0)], [np.empty(0)]
    if name == "COP":
        for piece in smooth(family.curves, ("heat_cold", "power"), positive="heat_cold"):
            current, keep = piece["current"], piece["power"] > 0.0
            if np.isnan(family.maxima.get("max_COP", np.nan)):
                keep &= current >= DIVERGES_BELOW * np.nanmax(family.curves["current"])
            x += [current[keep], nothing]
            y += [piece["heat_cold"][keep] / piece["power"][keep], nothing]
    else:
        for piece in smooth(family.curves, (name,), positive=name if name in USEFUL else ""):
            x += [piece["current"], nothing]
            y += [piece[name], nothing]
    return np.concatenate(x), np.concatenate(y)


def _maximum(ax: Axes, panel: Panel, family: Family, units: tuple[str, ...], *, alone: bool) -> None:
    keys = MAXIMUM.get(panel.name)
    if keys is None or not all(np.isfinite(family.maxima.get(k, np.nan)) for k in keys):
        return
    x = float(in_unit(family.maxima[keys[0]], "current", units[0]))
    y = float(in_unit(family.maxima[keys[1]], panel.name, units[1]))
    ax.plot([x], [y], "o", color=panel.styles.colour(family.at), zorder=4, mec="white", mew=0.5)
    if alone:
        words = f"{_with_unit(y, units[1])} at {_with_unit(x, units[0])}"
        ax.annotate(words, (x, y), (0, 5), textcoords="offset points", ha="center", fontsize=7.0)


def _with_unit(value: float, unit: str) -> str:
    return number(value, 3) if unit == "1" else f"{number(value, 3)} {unit_label(unit)}"


def _marks(panel: Panel) -> list[tuple[Array, Array, str, str]]:
    """Points of the result that was asked for, where they stand on a curve solved for the picture."""
    if panel.marks is None:
        return []
    x, y = (np.ravel(panel.marks.values[k]) for k in ("current", panel.name))
    return [(x, y, "D", "black")]


def _measured(panel: Panel) -> list[tuple[Array, Array, str, str]]:
    """Published values that have a place: those with a current, and the voltage without one."""
    out = []
    for entry in panel.measured:
        x = entry.at.get("current", 0.0)
        out.append(
            (np.array([x]), np.array([entry.value]), "s", panel.styles.colour(dict(entry.at), "black"))
        )
    return out


def _limits(ax: Axes, panel: Panel, lines: list[tuple[Array, Array]], units: tuple[str, ...]) -> None:
    x = np.concatenate([x[np.isfinite(y)] for x, y in lines])
    y = np.concatenate([y[np.isfinite(y)] for x, y in lines])
    if not x.size:
        solved = np.isfinite(panel.result.values[panel.name]).any()
        words = "nothing above zero" if solved else "no solution"
        ax.text(0.5, 0.5, words, transform=ax.transAxes, ha="center", va="center", color="0.4")
        ax.set(xlim=(0.0, 1.0), ylim=(0.0, 1.0), xticks=[], yticks=[])
        return
    right, left = (float(in_unit(v, "current", units[0])) for v in (x.max(), min(x.min(), 0.0)))
    if right > left:
        ax.set_xlim(left, right + 0.02 * (right - left))
    top = float(in_unit(y.max(), panel.name, units[1]))
    if top > 0.0 and (y.min() >= -1e-9 * y.max()):
        ax.set_ylim(0.0, 1.14 * top)


def draw_legend(figure: Figure, styles: Styles) -> None:
    """One legend above the panels: temperatures of the families, and what all have in common."""
    from matplotlib.lines import Line2D

    entries = styles.entries()
    handles = [Line2D([], [], color=colour, linestyle=dash) for _, colour, dash in entries]
    labels = [words for words, _, _ in entries]
    if styles.common:
        handles.append(Line2D([], [], linestyle="none"))
        labels.append(styles.common)
    if labels:
        rows = ceil(len(labels) / (6 if figure.get_figwidth() > 5 else 3))
        columns = ceil(len(labels) / rows)
        figure.legend(handles, labels, loc="outside upper center", ncols=columns)
