"""Maxima over the temperatures: power, efficiency, voltage, resistance; heat, COP and delta_T of a cooler."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError
from ioffe.base.plotting import COLOURS, MARKERS, axis_label, look, new_figure
from ioffe.device.conditions import Generator
from ioffe.device_file.measured import Measured
from ioffe.report.families import families
from ioffe.report.styles import AXIS_SYMBOLS, styles_of
from ioffe.report.text import in_unit, printed, readable_unit
from ioffe.result.steady import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["family", "family_axis"]

Array = NDArray[np.float64]
GENERATOR_MAXIMA = ("max_power", "max_efficiency", "open_circuit_voltage", "internal_resistance")
COOLER_MAXIMA = ("max_heat", "max_COP", "delta_T_max", "delta_T_max_current")
WORDS = {
    "T_hot": "Hot side",
    "T_cold": "Cold side",
    "heat": "Heat",
    "max_power": "Largest power",
    "max_efficiency": "Largest efficiency",
    "open_circuit_voltage": "Open-circuit voltage",
    "internal_resistance": "Internal resistance",
    "max_heat": "Largest heat taken up",
    "max_COP": "",
    "delta_T_max": "Largest difference",
    "delta_T_max_current": "Current",
}


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

    Raises
    ------
    InputError
        If the result has one temperature on each side.
    """
    axis = family_axis(result)
    if not axis:
        raise InputError(Fault("result", expected="a result with several temperatures is expected"))
    wanted = GENERATOR_MAXIMA if isinstance(result.conditions, Generator) else COOLER_MAXIMA
    names = [n for n in wanted if n in result.values and _changes(result.values[n])] or wanted[:1]
    rows, columns = (len(names) + 1) // 2, min(len(names), 2)
    with look():
        figure, axes = new_figure(rows, columns, width=85.0 * columns, height=8.0 + 54.0 * rows)
        for ax, name, letter in zip(axes, names, "abcd", strict=False):
            _draw(ax, result, axis, name, measured)
            if len(names) > 1:
                ax.text(0.0, 1.02, letter, transform=ax.transAxes, fontweight="bold", va="bottom")
        for ax in axes[len(names) :]:
            ax.set_visible(False)
        handles, labels = axes[0].get_legend_handles_labels()
        if labels:
            figure.legend(handles, labels, loc="outside upper center", ncols=min(len(labels), 3 * columns))
    return figure


def _changes(values: Array) -> bool:
    """Whether there are several values to draw; a maximum may not depend on the axis at all."""
    good = values[np.isfinite(values)]
    return good.size > 0 and (good.size == 1 or np.ptp(good) > 1e-4 * np.max(np.abs(good)))


def _draw(ax: Axes, result: Result, axis: str, name: str, measured: Sequence[Measured]) -> None:
    published = [m for m in measured if m.quantity == name and axis in m.at]
    everything = np.concatenate([result.values[name].ravel(), [m.value for m in published]])
    unit_x = readable_unit(result.maxima_axes[axis], axis)
    unit_y = readable_unit(everything, name)
    for k, (label, x, y) in enumerate(_lines(result, axis, name)):
        shown = in_unit(x, axis, unit_x), in_unit(y, name, unit_y)
        ax.plot(*shown, "-", marker=MARKERS[0], color=COLOURS[k % len(COLOURS)], label=label)
    for kind, marker in (("measured", "s"), ("simulated", "^")):
        chosen = [m for m in published if m.kind == kind]
        x = in_unit([m.at[axis] for m in chosen], axis, unit_x)
        y = in_unit([m.value for m in chosen], name, unit_y)
        error = in_unit([m.std for m in chosen], name, unit_y)
        if len(x) or _any(measured, kind, axis):
            ax.plot(x, y, marker, color="black", markersize=4.6, fillstyle="none", label=kind)
            ax.errorbar(x, y, np.where(error > 0.0, error, np.nan), color="black", linestyle="none")
    ax.set_xlabel(axis_label(axis, unit_x, WORDS[axis]))
    ax.set_ylabel(axis_label(name, unit_y, WORDS[name]))
    good = everything[np.isfinite(everything)]
    if good.size and good.min() >= 0.0 < good.max():
        ax.set_ylim(0.0, 1.14 * float(in_unit(good.max(), name, unit_y)))


def _any(measured: Sequence[Measured], kind: str, axis: str) -> bool:
    """Whether any panel has such points, so that the legend of the first one names them."""
    return any(m.kind == kind and axis in m.at and m.quantity in WORDS for m in measured)


def _lines(result: Result, axis: str, name: str) -> list[tuple[str, Array, Array]]:
    """Label, axis values and maxima of each line, rising along the axis."""
    lines: dict[tuple[float, ...], list[tuple[float, float]]] = {}
    others = [n for n, v in result.maxima_axes.items() if n != axis and len(v) > 1]
    for found in families(result):
        key = tuple(found.at[n] for n in others)
        lines.setdefault(key, []).append((found.at[axis], found.maxima[name]))
    common = styles_of(result).common
    out = []
    for key, points in lines.items():
        pairs = zip(others, key, strict=True)
        words = ", ".join(f"{AXIS_SYMBOLS[n]} = {printed(value, n, 5)}" for n, value in pairs)
        x, y = np.array(sorted(points)).T
        out.append((f"computed, {words or common}".rstrip(", "), x, y))
    return out
