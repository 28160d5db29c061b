"""The picture of an analysis: nine panels for one sample or a series."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError
from ioffe.base.plotting import COLOURS, DASHES, MARKERS, axis_label, look, new_figure
from ioffe.base.quantities import QUANTITIES
from ioffe.material.analysis import Analysis, SampleAnalysis
from ioffe.report.analysis_relations import MODES, draw_relation, mode_of
from ioffe.report.styles import ordered_colours
from ioffe.report.text import in_unit, name_mathtext

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["MOST_SAMPLES", "caption", "figure"]

Array = NDArray[np.float64]
MOST_SAMPLES = 16
MOST_WITH_PARTS = 3
"""Samples up to which the part of the carriers is drawn beside kappa."""
PANELS = (
    "seebeck",
    "electrical_conductivity",
    "power_factor",
    "thermal_conductivity",
    "lattice_thermal_conductivity",
    "zT",
    "weighted_mobility",
    "quality_factor",
)
WORDS = {
    "seebeck": "",
    "electrical_conductivity": "",
    "power_factor": "",
    "thermal_conductivity": "",
    "lattice_thermal_conductivity": "",
    "zT": "",
    "weighted_mobility": "",
    "quality_factor": "",
}
UNITS = {"power_factor": "uW/(cm K2)"}
WIDTH, HEIGHT = 170.0, 150.0
CAPTION_WIDTH = 128
BAND = 0.16
"""Opacity of the bands of one standard deviation."""
LINE_POINTS = 201
LOW_SHARE = 0.6
"""Smallest over largest value of a panel below which its axis begins at zero."""


def figure(analysis: Analysis) -> Figure:
    """Nine panels with what follows from the curves, and one relation between samples.

    S, sigma, S^2 sigma; kappa, its lattice and bipolar part, zT; weighted mobility, quality factor, and
    S over the Hall density where there is one (Pisarenko), else S over the conductivity of a series
    (Jonker),
    else for a single sample the zT that the best doping would give. Points are the measured temperatures,
    lines the interpolated curves (S, sigma, kappa, zT) or join the points, bands one standard deviation.

    Parameters
    ----------
    analysis : Analysis
        Of up to sixteen samples.

    Returns
    -------
    matplotlib.figure.Figure
        170 mm wide, two columns of a journal.

    Raises
    ------
    InputError
        For more than sixteen samples.
    """
    if len(analysis) > MOST_SAMPLES:
        expected = f"at most {MOST_SAMPLES} samples are expected in one picture"
        raise InputError(Fault("samples", len(analysis), expected))
    with look():
        drawn, axes = new_figure(3, 3, width=WIDTH, height=HEIGHT)
        styles = _styles(len(analysis))
        for panel, name in zip(axes, PANELS, strict=False):
            for sample, style in zip(analysis, styles, strict=True):
                _draw(panel, sample, name, style, len(analysis) <= MOST_WITH_PARTS)
            _finish(panel, name, analysis)
        draw_relation(axes[-1], analysis, styles)
        for panel, letter in zip(axes, "abcdefghi", strict=True):
            panel.set_title(letter, loc="left", fontweight="bold", pad=3.0)
        _legend(drawn, analysis, styles)
        drawn.supxlabel(fill(caption(analysis), CAPTION_WIDTH), fontsize=6.5, color="0.35")
    return drawn


def caption(analysis: Analysis) -> str:
    """What the points, lines and bands of the picture are, in sentences."""
    words = [
        "Points: measured temperatures. Lines: curves as interpolated in a to d and f, else joining points."
    ]
    if any(sample.dominant for sample in analysis):
        words.append("Bands: one standard deviation.")
    if len(analysis) <= MOST_WITH_PARTS:
        words.append("d: κₑ dotted.")
    if any(_has_bipolar(sample) for sample in analysis):
        words.append(
            "e: κ − κₑ up to the onset of bipolar conduction and a/T + b above it; open symbols κ − κₑ."
        )
    words.append(MODES[mode_of(analysis)])
    return " ".join(words)


def _styles(count: int) -> list[tuple[str, str]]:
    """Colour and marker of every sample."""
    colours = list(COLOURS[:count]) if count <= len(COLOURS) else ordered_colours(count)
    return [(colour, MARKERS[k % len(MARKERS)]) for k, colour in enumerate(colours)]


def _draw(panel: Axes, sample: SampleAnalysis, name: str, style: tuple[str, str], with_parts: bool) -> None:
    colour, marker = style
    unit = UNITS.get(name) or _unit(name)
    found = sample.points[name]
    line_T, line = _line(sample, name)
    value, low, high = (in_unit(v, name, unit) for v in (found.value, found.low, found.high))
    if np.any(found.std > 0.0):
        panel.fill_between(sample.T, low, high, color=colour, alpha=BAND, linewidth=0.0)
    panel.plot(line_T, in_unit(line, name, unit), color=colour, zorder=2)
    panel.plot(sample.T, value, marker, color=colour, zorder=3)
    if name == "thermal_conductivity" and with_parts:
        carriers = sample.points["electronic_thermal_conductivity"].value
        panel.plot(sample.T, carriers, DASHES[3], color=colour, linewidth=1.0, zorder=2)
    if name == "lattice_thermal_conductivity" and _has_bipolar(sample):
        whole = found.value + sample.points["bipolar_thermal_conductivity"].value
        above = sample.T > sample.split.onset if sample.split else np.zeros(len(sample.T), bool)
        first = max(int(np.argmax(above)) - 1, 0)
        panel.plot(sample.T[first:], whole[first:], DASHES[1], color=colour, linewidth=0.8, zorder=2)
        panel.plot(sample.T[above], whole[above], marker, color=colour, fillstyle="none", zorder=3)


def _line(sample: SampleAnalysis, name: str) -> tuple[Array, Array]:
    """The curve between the points where the material has one, else the points."""
    curves = ("seebeck", "electrical_conductivity", "power_factor", "thermal_conductivity", "zT")
    if name not in curves or len(sample.T) < 2:
        return sample.T, sample.points[name].value
    T = np.linspace(sample.T[0], sample.T[-1], LINE_POINTS)
    return T, np.asarray(getattr(sample.material, name)(T))


def _has_bipolar(sample: SampleAnalysis) -> bool:
    return sample.split is not None and bool(np.any(sample.split.onset < sample.T))


def _unit(name: str) -> str:
    return QUANTITIES[name].display_unit


def _finish(panel: Axes, name: str, analysis: Analysis) -> None:
    panel.set_xlabel(axis_label("temperature", words=""))
    panel.set_ylabel(axis_label(name, UNITS.get(name), WORDS[name]))
    panel.margins(x=0.04, y=0.08)
    low, high = panel.get_ylim()
    smallest = float(panel.dataLim.y0)
    if name != "seebeck" and 0.0 <= smallest < LOW_SHARE * high:
        panel.set_ylim(bottom=0.0)
    elif name == "seebeck" and low < 0.0 < high and all(s.material.carrier for s in analysis):
        panel.axhline(0.0, color="0.6", linewidth=0.6, zorder=0)


def _legend(drawn: Figure, analysis: Analysis, styles: list[tuple[str, str]]) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=colour, marker=marker, label=name_mathtext(sample.name))
        for sample, (colour, marker) in zip(analysis, styles, strict=True)
    ]
    longest = max(len(sample.name) for sample in analysis)
    columns = max(1, min(len(handles), 110 // (longest + 6)))
    drawn.legend(handles=handles, loc="outside upper center", ncols=columns)
