"""Pictures of measured devices: points over curves, residuals of a calibration."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.plotting import COLOURS, axis_label, look
from ioffe.measured.calibration import Calibration
from ioffe.measured.comparison import MeasuredBesideComputed, fine_points
from ioffe.measured.figures import MeasuredFigures, evaluate, temperatures_in_words
from ioffe.measured.model import DeviceModel
from ioffe.measured.readings import HEATS, DeviceMeasurement
from ioffe.report.pictures import legend_above, letter, ordered_colours, panel_grid
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
POINTS = {"marker": "o", "linestyle": "none", "fillstyle": "none", "markersize": 4.0}


def sweep_figure(found: MeasuredBesideComputed) -> Figure:
    """Measured points over the computed curves: voltage, power, heat and efficiency over the current.

    Parameters
    ----------
    found : MeasuredBesideComputed

    Returns
    -------
    matplotlib.figure.Figure
        170 mm wide.
    """
    fine = fine_points(found.measured)
    model = DeviceModel(found.device, found.conditions, fine)
    return _figure(found.measured, fine, {"-": model.values()[0]})


def calibration_figure(found: Calibration) -> Figure:
    """Measured points, curves with the fitted parameters and, dotted, of the device as it was.

    Parameters
    ----------
    found : Calibration

    Returns
    -------
    matplotlib.figure.Figure
        170 mm wide.
    """
    figures = evaluate(found.measurement)
    fine = fine_points(figures)
    model = DeviceModel(found.start_device, found.start_conditions, fine)
    values, _ = model.values(found.parameters, found.values.tolist())
    before, _ = model.values(found.parameters, [one.start for one in found.parameters])
    return _figure(figures, fine, {":": before, "-": values})


def _figure(
    figures: MeasuredFigures, fine: DeviceMeasurement, lines: Mapping[str, Mapping[str, Array]]
) -> Figure:
    measured = derived(figures.measurement.numbers)
    curves = {dash: derived({**fine.numbers, **values}) for dash, values in lines.items()}
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
                points = measured["current"][here], in_unit(measured[name][here], name, unit)
                ax.plot(*points, color=colours[k], **POINTS)
            ax.set(xlabel=axis("current", "A"), ylabel=label_of(name, unit))
        if len(axes) > 1:
            letter(axes)
        legend_above(figure, axes[:1], 6)
    return figure


def label_of(name: str, unit: str) -> str:
    """Label of an axis; heat is that of a side, whatever the device is used for."""
    side = {"heat_hot": "Heat at the hot side", "heat_cold": "Heat at the cold side"}
    return axis_label(name, unit, side[name]) if name in side else axis(name, unit)


def derived(numbers: Mapping[str, Array]) -> dict[str, Array]:
    """Numbers with the power and the efficiency that follow from voltage and heat.

    Parameters
    ----------
    numbers : mapping of str to ndarray

    Returns
    -------
    dict of str to ndarray
    """
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
        ax.plot(
            x[row], found.residuals[here][row], color=COLOURS[k % len(COLOURS)], label=f"{T:.0f} K", **POINTS
        )
    ax.axhline(0.0, color="0.5", linewidth=0.7)
    ax.set(xlabel=axis("current", "A"), ylabel=f"Residual of the {CHANNEL_WORDS.get(name, name)} / noise")


def residual_figure(found: Calibration) -> Figure:
    """What is left of every channel, over the current.

    Parameters
    ----------
    found : Calibration

    Returns
    -------
    matplotlib.figure.Figure
    """
    names = list(found.noise)
    with look():
        figure, axes = panel_grid(len(names), min(len(names), 2))
        for ax, name in zip(axes, names, strict=True):
            draw_channel(ax, found, name)
        legend_above(figure, axes[:1], 6)
    return figure


def calibration_pictures(found: Calibration) -> dict[str, Callable[[Axes], None]]:
    """Residuals of every channel, by its name."""
    return {name: partial(_residuals, found=found, name=name) for name in found.noise}


def _residuals(ax: Axes, found: Calibration, name: str) -> None:
    draw_channel(ax, found, name)
