"""Pictures of measured devices: points over curves, residuals of a calibration."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.plotting import COLOURS, axis_label, look
from ioffe.measured.calibration import Calibration
from ioffe.measured.comparison import MeasuredBesideComputed, fine_points
from ioffe.measured.figures import MeasuredFigures, evaluate, temperatures_in_words
from ioffe.measured.model import DeviceModel
from ioffe.measured.readings import HEATS, DeviceMeasurement
from ioffe.report.pictures import draw_measured, legend_above, letter, ordered_colours, panel_grid
from ioffe.report.text import axis, in_unit, readable_unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CHANNEL_WORDS = {
    "heat_hot": "hot heat",
    "heat_cold": "cold heat",
    "delta_T": "difference",
    "ac_resistance": "AC resistance",
}
"""What channels are called, where that is not their name."""
POINTS: dict[str, Any] = {"marker": "o", "markersize": 4.0}


def sweep_figure(found: MeasuredBesideComputed) -> Figure:
    """Measured points over the computed curves: voltage, power, heat and efficiency over the current.

    Returns: a figure 170 mm wide.
    """
    fine = fine_points(found.measured)
    model = DeviceModel(found.device, found.conditions, fine)
    return _figure(found.measured, fine, {"-": ("computed", model.values()[0])})


def calibration_figure(found: Calibration) -> Figure:
    """Measured points, curves with the fitted parameters and, dotted, of the device as it was.

    Returns: a figure 170 mm wide.
    """
    figures = evaluate(found.measurement)
    fine = fine_points(figures)
    model = DeviceModel(found.start_device, found.start_conditions, fine)
    values, _ = model.values(found.parameters, found.values.tolist())
    before, _ = model.values(found.parameters, [one.start for one in found.parameters])
    return _figure(figures, fine, {":": ("computed before", before), "-": ("fitted", values)})


def _figure(
    figures: MeasuredFigures, fine: DeviceMeasurement, lines: Mapping[str, tuple[str, Mapping[str, Array]]]
) -> Figure:
    """Points of every sweep in its colour, over lines by their dash with what they are."""
    from matplotlib.lines import Line2D

    measured = derived(figures.measurement.numbers)
    errors = _errors(figures.measurement, measured)
    curves = {dash: derived({**fine.numbers, **values}) for dash, (_, values) in lines.items()}
    names = [
        n for n in ("voltage", "power", *HEATS, "efficiency", "delta_T") if n in measured and n in curves["-"]
    ]
    count = len(figures.T_hot)
    colours = ordered_colours(count) if count > len(COLOURS) else COLOURS[:count]
    size = len(fine) // max(count, 1)
    with look():
        figure, axes = panel_grid(len(names), min(len(names), 2))
        for ax, name in zip(axes, names, strict=True):
            unit = readable_unit(measured[name], name)
            for k in range(count):
                here, part = figures.sweep == k, slice(k * size, (k + 1) * size)
                label = temperatures_in_words(figures.T_hot[k], figures.T_cold[k], 0)
                for dash, values in curves.items():
                    y = in_unit(values[name][part], name, unit)
                    ax.plot(
                        values["current"][part],
                        y,
                        dash,
                        color=colours[k],
                        label=label if dash == "-" else None,
                    )
                y, error = (in_unit(one[name][here], name, unit) for one in (measured, errors))
                draw_measured(ax, measured["current"][here], y, error, colours[k], **POINTS)
            ax.set(xlabel=axis("current", "A"), ylabel=label_of(name, unit))
        if len(axes) > 1:
            letter(axes)
        grey: dict[str, Any] = {"color": "0.35"}
        kinds: dict[str, Any] = {}
        for dash, (words, _) in lines.items():
            style: dict[str, Any] = {"linestyle": dash, **grey}
            kinds[words] = Line2D([], [], **style)
        dots = Line2D([], [], linestyle="none", fillstyle="none", **POINTS, **grey)
        legend_above(figure, axes[:1], 6, {"measured": dots, **kinds})
    return figure


def _errors(measurement: DeviceMeasurement, numbers: Mapping[str, Array]) -> dict[str, Array]:
    """Stated standard deviations of the points, of noise and of what all share; 0 where none is stated."""
    noise, relative = measurement.noise, measurement.relative
    shared = {"voltage": relative("voltage"), "power": np.hypot(relative("voltage"), relative("current"))}
    shared |= dict.fromkeys(HEATS, relative("heat"))
    found = {name: np.hypot(noise.get(name, 0.0), shared.get(name, 0.0) * y) for name, y in numbers.items()}
    if "power" in numbers:
        found["power"] = np.hypot(found["power"], noise.get("voltage", 0.0) * numbers["current"])
    if "efficiency" in numbers:
        # P/(P + Q_c) changes by 1 - eta of the difference of both relative errors, P/Q_h by all of it
        heat, part = (
            ("heat_cold", 1.0 - numbers["efficiency"]) if "heat_cold" in numbers else ("heat_hot", 1.0)
        )
        with np.errstate(invalid="ignore", divide="ignore"):
            parts = found["power"] / numbers["power"], found[heat] / numbers[heat]
        found["efficiency"] = np.abs(numbers["efficiency"] * part) * np.nan_to_num(np.hypot(*parts))
    return found


def label_of(name: str, unit: str) -> str:
    """Label of an axis; heat is that of a side, whatever the device is used for."""
    side = {"heat_hot": "Heat at the hot side", "heat_cold": "Heat at the cold side"}
    return axis_label(name, unit, side[name]) if name in side else axis(name, unit)


def derived(numbers: Mapping[str, Array]) -> dict[str, Array]:
    """Numbers with the power and the efficiency that follow from voltage and heat."""
    found = dict(numbers)
    if "voltage" in found:
        P = found["power"] = found["voltage"] * found["current"]
        with np.errstate(invalid="ignore", divide="ignore"):
            if "heat_cold" in found:
                found["efficiency"] = P / (P + found["heat_cold"])
            elif "heat_hot" in found:
                found["efficiency"] = P / found["heat_hot"]
    return found


def draw_channel(ax: Axes, found: Calibration, name: str) -> None:
    """Residuals of one channel over the current, in units of the noise."""
    here = found.channel == name
    x = found.points["current"][here] if "current" in found.points else np.arange(int(here.sum()))
    for k, T in enumerate(np.unique(np.round(found.points["T_hot"][here]))):
        row = np.round(found.points["T_hot"][here]) == T
        style: dict[str, Any] = {"color": COLOURS[k % len(COLOURS)], "fillstyle": "none", "linestyle": "none"}
        ax.plot(x[row], found.residuals[here][row], label=f"{T:.0f} K", **POINTS, **style)
    ax.axhline(0.0, color="0.5", linewidth=0.7)
    ax.set(xlabel=axis("current", "A"), ylabel=f"Residual of the {CHANNEL_WORDS.get(name, name)} / noise")


def residual_figure(found: Calibration) -> Figure:
    """What is left of every channel, over the current."""
    names = list(found.noise)
    with look():
        figure, axes = panel_grid(len(names), min(len(names), 2))
        for ax, name in zip(axes, names, strict=True):
            draw_channel(ax, found, name)
        if len(axes) > 1:
            letter(axes)
        legend_above(figure, axes[:1], 6)
    return figure


def calibration_pictures(found: Calibration) -> dict[str, Callable[[Axes], None]]:
    """Residuals of every channel, by its name."""
    return {name: partial(_residuals, found=found, name=name) for name in found.noise}


def _residuals(ax: Axes, found: Calibration, name: str) -> None:
    draw_channel(ax, found, name)
