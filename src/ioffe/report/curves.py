"""Curves over the current, and their maxima over the temperatures.

V, P, heat and efficiency of a generator; heat, COP, V and delta_T of a cooler.

A panel draws one quantity: its lines where they are of use, its maxima, marks and published values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.curve.piecewise import Piecewise
from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.base.plotting import COLOURS, MARKERS, look, unit_label
from ioffe.base.status import Status
from ioffe.device.conditions import Generator
from ioffe.device_file.measured import Measured
from ioffe.report import families
from ioffe.report.families import DENSE, GREY, CurveFamily, FamilyStyles, Sweeps, styles_of
from ioffe.report.pictures import draw_measured, legend_above, letter, panel_grid
from ioffe.report.text import AIMS, axis, in_unit, number, printed, readable_unit
from ioffe.result.steady import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


GENERATOR_PANELS = ("voltage", "power", "heat_hot", "efficiency")
COOLER_PANELS = ("heat_cold", "COP", "voltage", "delta_T")
ROW_HEIGHT, ROW_SHARE = 54.0, 0.67
"""Height of a row of panels: at least so many mm, and this share of the width of a panel."""
GENERATOR_MAXIMA = ("max_power", "max_efficiency", "open_circuit_voltage", "internal_resistance")
COOLER_MAXIMA = ("max_heat", "max_COP", "delta_T_max", "delta_T_max_current")
DIVERGES_BELOW = 0.1
"""COP without a maximum (no temperature difference) is drawn from this share of the largest current on."""
FEWEST_JOINED = 4
"""Points through which a monotone line is drawn; fewer would show a kink that the device has not."""


def panels_of(result: Result) -> tuple[str, ...]:
    """Quantities over the current that are drawn for a result."""
    return GENERATOR_PANELS if isinstance(result.conditions, Generator) else COOLER_PANELS


def curves(
    result: Result,
    measured: Sequence[Measured] = (),
    sweeps: Sweeps | None = None,
    names: Sequence[str] | None = None,
    columns: int = 2,
    width: float = 170.0,
) -> Figure:
    """Panels over the current, with every maximum marked.

    Parameters
    ----------
    result : Result
        Of a generator or a cooler; with fewer than twelve currents the curves are solved at its temperatures.
    measured : sequence of Measured
        Published values; those with a current, and open-circuit voltages, are drawn.
    sweeps : Sweeps, optional
        The curves, if they are solved already.
    names : sequence of str, optional
        Quantities of the panels; by default the four of `panels_of(result)`.
    columns : int
        Panels side by side.
    width : float
        In mm; 170 mm are two columns of a journal.

    Returns
    -------
    matplotlib.figure.Figure
        Panels lettered row by row, one legend above them.

    Raises
    ------
    InputError
        For another quantity.
    """
    names = panels_of(result) if names is None else names
    sweeps = sweeps or families.sweeps_of(result)
    for name in set(names) - set(panels_of(result)):
        expected = " or ".join(f'"{n}"' for n in panels_of(result))
        raise InputError(Fault("name", name, expected, did_you_mean(name, panels_of(result))))
    panels = [panel_of(name, sweeps, measured) for name in names]
    row = max(ROW_HEIGHT, ROW_SHARE * width / columns)
    with look():
        figure, axes = panel_grid(len(panels), columns, width=width, row=row)
        for panel, ax in zip(panels, axes, strict=True):
            draw_panel(ax, panel)
        if len(panels) > 1:
            letter(axes)
        draw_legend(figure, panels[0].styles)
    return figure


def curve(
    result: Result, name: str, measured: Sequence[Measured] = (), sweeps: Sweeps | None = None
) -> Figure:
    """One quantity over the current, at the width of a column.

    Parameters
    ----------
    result, measured, sweeps
        As for `curves`.
    name : str
        One of `panels_of(result)`.

    Returns
    -------
    matplotlib.figure.Figure
        85 mm wide.

    Raises
    ------
    InputError
        For another quantity.
    """
    return curves(result, measured, sweeps, [name], columns=1, width=85.0)


def curves_caption(result: Result, sweeps: Sweeps) -> str:
    """What the panels show, what is marked, and which points are missing."""
    if isinstance(result.conditions, Generator):
        what = "Voltage, power, heat taken in and efficiency over the current."
    else:
        what = "Heat taken up, COP, voltage and temperature difference over the current."
        what += " Only currents at which heat is taken up are drawn for heat and COP."
    words = [what, "Dots mark the largest values.", *sweeps.sentences]
    for part in filter(None, (sweeps.main, sweeps.lift)):
        failed = int(np.sum(part.point_status >= Status.RUNAWAY))
        if failed:
            words.append(f"{failed} of {part.point_status.size} points have no solution and are left out.")
    return " ".join(words)


@dataclass(frozen=True)
class CurrentPanel:
    """What one panel draws."""

    name: str
    result: Result
    marks: Result | None
    styles: FamilyStyles
    measured: tuple[Measured, ...]


def panel_of(name: str, sweeps: Sweeps, measured: Sequence[Measured]) -> CurrentPanel:
    """Panel of a quantity, with the published values that belong on it."""
    styles = styles_of(sweeps.main, sweeps.lift)
    open_circuit = "open_circuit_voltage" if name == "voltage" else ""
    at_current = tuple(
        m for m in measured if m.quantity == open_circuit or (m.quantity == name and "current" in m.at)
    )
    if name == "delta_T" and sweeps.lift is not None:
        return CurrentPanel(name, sweeps.lift, sweeps.lift_marks, styles, at_current)
    return CurrentPanel(name, sweeps.main, sweeps.marks, styles, at_current)


_DRAWN: WeakKeyDictionary[Axes, list[dict[str, str]]] = WeakKeyDictionary()
"""Units by quantity of every result that was drawn on axes."""


def _units_on(ax: Axes, **values: Array) -> tuple[tuple[str, str], int]:
    """Units of both axes, and how many results were drawn on them, whose units hold for this one too."""
    drawn = _DRAWN.setdefault(ax, [])
    if not ax.has_data():  # cleared since
        drawn.clear()
    if drawn and drawn[0].keys() != values.keys():
        expected = f"axes that show {' over '.join(reversed([*values]))} are expected, or new ones"
        raise InputError(Fault("ax", " over ".join(reversed([*drawn[0]])), expected))
    units = drawn[0] if drawn else {name: readable_unit(v, name) for name, v in values.items()}
    drawn.append(units)
    x, y = units.values()
    return (x, y), len(drawn) - 1


def draw_panel(ax: Axes, panel: CurrentPanel, label: str = "") -> None:
    """Draw a panel with labelled axes, in units that suit its values.

    `label`: name of the result in a legend, before what tells its lines apart.
    """
    found = list(families.families(panel.result))
    lines = [_line(f, panel.name) for f in found]
    x, y = np.concatenate(lines, axis=1)
    units, before = _units_on(ax, **{"current": x, panel.name: y})
    for family, line in zip(found, lines, strict=True):
        points = in_unit(line[0], "current", units[0]), in_unit(line[1], panel.name, units[1])
        colour = panel.styles.colour(family.at, COLOURS[(before - 1) % len(COLOURS)] if before else GREY)
        words = ", ".join(filter(None, [label, panel.styles.words(family.at)]))
        dash = panel.styles.dash(family.at, before)
        ax.plot(*points, color=colour, linestyle=dash, label=words or None)
        _maximum(ax, panel, family, units, len(found) == 1, colour)
    for current, value, marker, colour in _symbols(panel):
        point = in_unit(current, "current", units[0]), in_unit(value, panel.name, units[1])
        ax.plot(*point, marker, color=colour, fillstyle="none", markersize=4.6, zorder=5)
    ax.set(xlabel=axis("current", units[0]), ylabel=axis(panel.name, units[1]))
    _limits(ax, panel, x[np.isfinite(y)], y[np.isfinite(y)], units, before)


def _line(family: CurveFamily, name: str) -> tuple[Array, Array]:
    """Current and quantity in SI without what is of no use; NaN separates the pieces."""
    nothing = np.array([np.nan])
    x, y = [np.empty(0)], [np.empty(0)]
    if name == "COP":
        for piece in families.smooth(family.curves, ("heat_cold", "power"), positive="heat_cold"):
            current, keep = piece["current"], piece["power"] > 0.0
            if np.isnan(family.maxima.get("max_COP", np.nan)):
                keep &= current >= DIVERGES_BELOW * np.nanmax(family.curves["current"])
            x += [current[keep], nothing]
            y += [piece["heat_cold"][keep] / piece["power"][keep], nothing]
    else:
        for piece in families.smooth(family.curves, (name,), positive=name if name in AIMS else ""):
            x += [piece["current"], nothing]
            y += [piece[name], nothing]
    return np.concatenate(x), np.concatenate(y)


def _maximum(
    ax: Axes, panel: CurrentPanel, family: CurveFamily, units: tuple[str, str], alone: bool, colour: str
) -> None:
    key = AIMS.get(panel.name, "")
    found = [family.maxima.get(name, np.nan) for name in (f"{key}_current", key)]
    if not np.all(np.isfinite(found)):
        return
    x, y = (float(in_unit(v, n, u)) for v, n, u in zip(found, ("current", panel.name), units, strict=True))
    ax.plot([x], [y], "o", color=colour, zorder=4, mec="white", mew=0.5)
    if alone:
        words = f"{_with_unit(y, units[1])} at {_with_unit(x, units[0])}"
        ax.annotate(words, (x, y), (0, 5), textcoords="offset points", ha="center", fontsize=7.0)


def _with_unit(value: float, unit: str) -> str:
    return number(value, 3) if unit == "1" else f"{number(value, 3)} {unit_label(unit)}"


def _symbols(panel: CurrentPanel) -> list[tuple[Array, Array, str, str]]:
    """Points of the result that was asked for, and published values; those of a voltage at no current too."""
    out = []
    if panel.marks is not None:
        x, y = (np.ravel(panel.marks.values[k]) for k in ("current", panel.name))
        out.append((x, y, "D", "black"))
    for one in panel.measured:
        point = np.array([one.at.get("current", 0.0)]), np.array([one.value])
        out.append((*point, "s", panel.styles.colour(dict(one.at), "black")))
    return out


def _limits(ax: Axes, panel: CurrentPanel, x: Array, y: Array, units: tuple[str, str], before: int) -> None:
    if not x.size:
        if before:
            return
        solved = np.isfinite(panel.result.values[panel.name]).any()
        words = "nothing above zero" if solved else "no solution"
        ax.text(0.5, 0.5, words, transform=ax.transAxes, ha="center", va="center", color="0.4")
        ax.set(xlim=(0.0, 1.0), ylim=(0.0, 1.0), xticks=[], yticks=[])
        return
    right, left = (float(in_unit(v, "current", units[0])) for v in (x.max(), min(x.min(), 0.0)))
    top = 1.14 * float(in_unit(y.max(), panel.name, units[1]))
    if before:  # of every result that is drawn
        left, right = min(left, ax.get_xlim()[0]), max(right, ax.get_xlim()[1] / 1.02)
        top = max(top, ax.get_ylim()[1])
    if right > left:
        ax.set_xlim(left, right + 0.02 * (right - left))
    if top > 0.0 and (y.min() >= -1e-6 * y.max()) and not (before and ax.get_ylim()[0] < 0.0):
        ax.set_ylim(0.0, top)


def draw_legend(figure: Figure, styles: FamilyStyles) -> None:
    """One legend above the panels: temperatures of the families, and what all have in common."""
    from matplotlib.lines import Line2D

    labels = {words: Line2D([], [], color=c, linestyle=dash) for words, c, dash in styles.entries()}
    if styles.common:
        labels[styles.common] = Line2D([], [], linestyle="none")
    if labels:
        rows = ceil(len(labels) / (6 if figure.get_figwidth() > 5 else 3))
        columns = ceil(len(labels) / rows)
        figure.legend(list(labels.values()), list(labels), loc="outside upper center", ncols=columns)


def family_axis(result: Result) -> str:
    """Axis of temperatures or heat over which the maxima are drawn; empty if there is only one of each."""
    return next((name for name, values in result.maxima_axes.items() if len(values) > 1), "")


def family(result: Result, measured: Sequence[Measured] = ()) -> Figure:
    """Maxima of a result over its first axis of temperatures, one line for each value of the second.

    Parameters
    ----------
    result : Result
        With several temperatures.
    measured : sequence of Measured
        Published values; those of a maximum at a temperature of the axis are drawn.

    Returns
    -------
    matplotlib.figure.Figure
        Up to four panels, 85 mm wide each.

    Raises
    ------
    InputError
        If the result has one temperature on each side.
    """
    along = family_axis(result)
    if not along:
        raise InputError(Fault("result", expected="a result with several temperatures is expected"))
    names = maxima_of(result)
    columns = min(len(names), 2)
    with look():
        figure, axes = panel_grid(len(names), columns, width=85.0 * columns)
        for ax, name in zip(axes, names, strict=True):
            draw_maxima(ax, result, along, name, measured)
        if len(names) > 1:
            letter(axes)
        legend_above(figure, axes[:1], 3 * columns)
    return figure


def family_caption(result: Result, measured: Sequence[Measured]) -> str:
    """What the lines and the open symbols are."""
    words = ["Largest values over the current, at each temperature; lines through four points or more."]
    if any(m.quantity in result.values and m.at for m in measured):
        words.append("Open symbols: published values (see the table below).")
    return " ".join(words)


def maxima_of(result: Result) -> list[str]:
    """Maxima that change over the temperatures; the first one if none does."""
    wanted = GENERATOR_MAXIMA if isinstance(result.conditions, Generator) else COOLER_MAXIMA
    return [n for n in wanted if n in result.values and _changes(result.values[n])] or [wanted[0]]


def _changes(values: Array) -> bool:
    """Whether there are several values to draw; a maximum may not depend on the axis at all."""
    good = values[np.isfinite(values)]
    return good.size > 0 and (good.size == 1 or np.ptp(good) > 1e-4 * np.max(np.abs(good)))


def draw_maxima(
    ax: Axes, result: Result, along: str, name: str, measured: Sequence[Measured] = (), label: str = ""
) -> None:
    """Draw a maximum over an axis of temperatures or heat, with published values.

    `label`: name of the result in a legend, by default "computed".
    """
    published = [m for m in measured if m.quantity == name and along in m.at]
    everything = np.concatenate([result.values[name].ravel(), [m.value for m in published]])
    lines = ax.get_legend_handles_labels()[1]
    (unit_x, unit_y), before = _units_on(ax, **{along: result.maxima_axes[along], name: everything})
    for k, (words, x, y) in enumerate(_lines(result, along, name), len(lines)):
        x, y = in_unit(x, along, unit_x), in_unit(y, name, unit_y)
        colour, good = COLOURS[k % len(COLOURS)], np.isfinite(y)
        if good.sum() >= FEWEST_JOINED:
            fine = np.linspace(x[good][0], x[good][-1], DENSE)
            ax.plot(fine, Piecewise.through(x[good], y[good], "pchip").values(fine), color=colour)
        ax.plot(
            x,
            y,
            marker=MARKERS[0],
            linestyle="none",
            color=colour,
            label=f"{label or 'computed'}, {words}".rstrip(", "),
        )
    for kind, marker in (("measured", "s"), ("simulated", "^")):
        chosen = [m for m in published if m.kind == kind]
        if chosen or _any(measured, kind, along):
            x = in_unit([m.at[along] for m in chosen], along, unit_x)
            y, error = in_unit([(m.value, m.std) for m in chosen], name, unit_y).reshape(-1, 2).T
            draw_measured(ax, x, y, error, marker=marker, label=kind)
    ax.set(xlabel=axis(along, unit_x), ylabel=axis(name, unit_y))
    good = everything[np.isfinite(everything)]
    if good.size and good.min() >= 0.0 < good.max():
        top = 1.14 * float(in_unit(good.max(), name, unit_y))
        ax.set_ylim(0.0, max(top, ax.get_ylim()[1]) if before else top)


def _any(measured: Sequence[Measured], kind: str, along: str) -> bool:
    """Whether any panel has such points, so that the legend of the first one names them."""
    drawn = (*GENERATOR_MAXIMA, *COOLER_MAXIMA)
    return any(m.kind == kind and along in m.at and m.quantity in drawn for m in measured)


def _lines(result: Result, along: str, name: str) -> list[tuple[str, Array, Array]]:
    """Label, axis values and maxima of each line, rising along the axis."""
    lines: dict[tuple[float, ...], list[tuple[float, float]]] = {}
    others = [n for n, v in result.maxima_axes.items() if n != along and len(v) > 1]
    for found in families.families(result):
        key = tuple(found.at[n] for n in others)
        lines.setdefault(key, []).append((found.at[along], found.maxima[name]))
    common = styles_of(result).common
    out = []
    for key, points in lines.items():
        pairs = zip(others, key, strict=True)
        words = ", ".join(f"{families.AXIS_SYMBOLS[n]} = {printed(value, n, 5)}" for n, value in pairs)
        x, y = np.array(sorted(points)).T
        out.append((words or common, x, y))
    return out
