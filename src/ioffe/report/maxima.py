"""Maxima over the temperatures: power, efficiency, voltage, resistance; heat, COP and delta_T of a cooler."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError
from ioffe.base.plotting import COLOURS, MARKERS, look
from ioffe.device.conditions import Generator
from ioffe.device_file.measured import Measured
from ioffe.report.families import AXIS_SYMBOLS, families, styles_of
from ioffe.report.panels import legend_above, letter, panel_grid
from ioffe.report.text import axis, in_unit, printed, readable_unit
from ioffe.result.steady import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


Array = NDArray[np.float64]
GENERATOR_MAXIMA = ("max_power", "max_efficiency", "open_circuit_voltage", "internal_resistance")
COOLER_MAXIMA = ("max_heat", "max_COP", "delta_T_max", "delta_T_max_current")


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
    words = ["Largest values over the current, at each temperature; lines join the computed points."]
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


def draw_maxima(ax: Axes, result: Result, along: str, name: str, measured: Sequence[Measured] = ()) -> None:
    """Draw a maximum over an axis of temperatures or heat, with published values."""
    published = [m for m in measured if m.quantity == name and along in m.at]
    everything = np.concatenate([result.values[name].ravel(), [m.value for m in published]])
    unit_x = readable_unit(result.maxima_axes[along], along)
    unit_y = readable_unit(everything, name)
    for k, (label, x, y) in enumerate(_lines(result, along, name)):
        shown = in_unit(x, along, unit_x), in_unit(y, name, unit_y)
        ax.plot(*shown, "-", marker=MARKERS[0], color=COLOURS[k % len(COLOURS)], label=label)
    for kind, marker in (("measured", "s"), ("simulated", "^")):
        chosen = [m for m in published if m.kind == kind]
        x = in_unit([m.at[along] for m in chosen], along, unit_x)
        y = in_unit([m.value for m in chosen], name, unit_y)
        error = in_unit([m.std for m in chosen], name, unit_y)
        if len(x) or _any(measured, kind, along):
            ax.plot(x, y, marker, color="black", markersize=4.6, fillstyle="none", label=kind)
            ax.errorbar(x, y, np.where(error > 0.0, error, np.nan), color="black", linestyle="none")
    ax.set_xlabel(axis(along, unit_x))
    ax.set_ylabel(axis(name, unit_y))
    good = everything[np.isfinite(everything)]
    if good.size and good.min() >= 0.0 < good.max():
        ax.set_ylim(0.0, 1.14 * float(in_unit(good.max(), name, unit_y)))


def _any(measured: Sequence[Measured], kind: str, along: str) -> bool:
    """Whether any panel has such points, so that the legend of the first one names them."""
    drawn = (*GENERATOR_MAXIMA, *COOLER_MAXIMA)
    return any(m.kind == kind and along in m.at and m.quantity in drawn for m in measured)


def _lines(result: Result, along: str, name: str) -> list[tuple[str, Array, Array]]:
    """Label, axis values and maxima of each line, rising along the axis."""
    lines: dict[tuple[float, ...], list[tuple[float, float]]] = {}
    others = [n for n, v in result.maxima_axes.items() if n != along and len(v) > 1]
    for found in families(result):
        key = tuple(found.at[n] for n in others)
        lines.setdefault(key, []).append((found.at[along], found.maxima[name]))
    common = styles_of(result).common
    out = []
    for key, points in lines.items():
        pairs = zip(others, key, strict=True)
        words = ", ".join(f"{AXIS_SYMBOLS[n]} = {printed(value, n, 5)}" for n, value in pairs)
        x, y = np.array(sorted(points)).T
        out.append((f"computed, {words or common}".rstrip(", "), x, y))
    return out
