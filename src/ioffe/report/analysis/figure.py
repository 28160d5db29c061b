"""The picture of an analysis: nine panels for one sample or a series.

The last panel is one relation between the samples: S over the Hall density (Pisarenko) or the conductivity
(Jonker), or the zT of the best doping.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, InputError
from ioffe.base.plotting import DASHES, axis_label, look, new_figure
from ioffe.base.quantities import QUANTITIES
from ioffe.material.analysis import Analysis, SampleAnalysis
from ioffe.report.pictures import sample_styles, title_letters
from ioffe.report.text import in_unit, name_mathtext
from ioffe.transport.pisarenko import DopedBand, seebeck_of_conductivity
from ioffe.transport.quality import best_zT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


MOST_SAMPLES = 16
MOST_WITH_PARTS = 3
"""Samples up to which the part of the carriers is drawn beside kappa."""
MEASURED = ("seebeck", "electrical_conductivity", "power_factor", "thermal_conductivity")
DERIVED = ("lattice_thermal_conductivity", "zT", "weighted_mobility", "quality_factor")
PANELS = MEASURED + DERIVED
UNITS = {"power_factor": "uW/(cm K2)"}
WIDTH, HEIGHT = 170.0, 150.0
CAPTION_WIDTH = 128
BAND = 0.16
"""Opacity of the bands of one standard deviation."""
LINE_POINTS = 201
LOW_SHARE = 0.6
"""Smallest over largest value of a panel below which its axis begins at zero."""
ROOM_TEMPERATURE = 300.0
MODES = {
    "pisarenko": "i: one parabolic band with the smallest and the largest effective mass of the series.",
    "jonker": "i: one parabolic band with the smallest and the largest weighted mobility of the series.",
    "best": "i: zT of one band at the best doping for the measured quality factor (line), and as measured.",
}
LINES_WORDS = "Lines: curves as interpolated in a to d and f, else joining points."
BIPOLAR_WORDS = "e: κ − κₑ less the bipolar part, a/T + b above its onset; open symbols κ − κₑ."
CURVE_POINTS = 121
NEAR = 15.0
"""Kelvin within which a Hall measurement counts as made at the temperature of the panel."""
GREY = "0.55"


def figure(analysis: Analysis) -> Figure:
    """Nine panels with what follows from the curves, and one relation between samples.

    S, sigma, S^2 sigma; kappa, its lattice and bipolar part, zT; weighted mobility, quality factor, and
    S over the Hall density where there is one (Pisarenko), else S over the conductivity of a series (Jonker),
    else for a single sample the zT that the best doping would give. Points are the measured temperatures,
    lines the interpolated curves (S, sigma, kappa, zT) or join the points, bands one standard deviation.

    `analysis`: of up to sixteen samples.
    Returns: a figure 170 mm wide, two columns of a journal.
    Raises `InputError` for more than sixteen samples.
    """
    if len(analysis) > MOST_SAMPLES:
        expected = f"at most {MOST_SAMPLES} samples are expected in one picture"
        raise InputError(Fault("samples", len(analysis), expected))
    with look():
        drawn, axes = new_figure(3, 3, width=WIDTH, height=HEIGHT)
        styles = sample_styles(len(analysis))
        for panel, name in zip(axes, PANELS, strict=False):
            draw_property(panel, analysis, name)
        draw_relation(axes[-1], analysis, styles)
        title_letters(axes)
        _legend(drawn, analysis, styles)
        drawn.supxlabel(fill(caption(analysis), CAPTION_WIDTH), fontsize=6.5, color="0.35")
    return drawn


def drawn_of(analysis: Analysis) -> Analysis:
    """The samples that a picture shows: all, or of too many those with the largest zT, in their order."""
    if len(analysis) <= MOST_SAMPLES:
        return analysis
    found = analysis.samples
    ranked = sorted(range(len(found)), key=lambda k: (found[k].has_zT, found[k].largest), reverse=True)
    return replace(analysis, samples=tuple(found[k] for k in sorted(ranked[:MOST_SAMPLES])))


def caption(analysis: Analysis) -> str:
    """What the points, lines and bands of the picture are, in sentences."""
    sentences = {
        "Points: measured temperatures.": True,
        LINES_WORDS: True,
        "Bands: one standard deviation.": any(sample.dominant for sample in analysis),
        "d: κₑ dotted.": len(analysis) <= MOST_WITH_PARTS,
        BIPOLAR_WORDS: any(_has_bipolar(sample) for sample in analysis),
        MODES[mode_of(analysis)]: True,
    }
    return " ".join(words for words, holds in sentences.items() if holds)


def draw_property(panel: Axes, analysis: Analysis, name: str) -> None:
    """Draw a quantity of all samples over the temperature, with bands of one standard deviation."""
    for sample, style in zip(analysis, sample_styles(len(analysis)), strict=True):
        _draw(panel, sample, name, style, len(analysis) <= MOST_WITH_PARTS)
    _finish(panel, name, analysis)


def _draw(panel: Axes, sample: SampleAnalysis, name: str, style: tuple[str, str], with_parts: bool) -> None:
    colour, marker = style
    unit = UNITS.get(name, QUANTITIES[name].display_unit)
    T, points = sample.all_points()
    found = points[name]
    line_T, line = _line(sample, name)
    value, low, high = (in_unit(v, name, unit) for v in (found.value, found.low, found.high))
    if np.any(found.std > 0.0):
        panel.fill_between(T, low, high, color=colour, alpha=BAND, linewidth=0.0)
    panel.plot(line_T, in_unit(line, name, unit), color=colour, zorder=2)
    panel.plot(*_own(sample, name, T, value), marker, color=colour, zorder=3)
    if name == "thermal_conductivity" and with_parts:
        carriers = points["electronic_thermal_conductivity"].value
        panel.plot(T, carriers, DASHES[3], color=colour, linewidth=1.0, zorder=2)
    if name == "lattice_thermal_conductivity" and _has_bipolar(sample):
        whole = found.value + points["bipolar_thermal_conductivity"].value
        above = sample.split.onset < T if sample.split else np.zeros(len(T), bool)
        first = max(int(np.argmax(above)) - 1, 0)
        panel.plot(T[first:], whole[first:], DASHES[1], color=colour, linewidth=0.8, zorder=2)
        panel.plot(T[above], whole[above], marker, color=colour, fillstyle="none", zorder=3)


def _own(sample: SampleAnalysis, name: str, T: Array, shown: Array) -> tuple[Array, Array]:
    """Points of a property where it was measured itself; of what follows from several, all of them."""
    curve = sample.material.thermal_conductivity if name == "thermal_conductivity" else None
    if curve is None or curve.coefficients is not None:
        return T, shown
    return curve.T, curve.values


def _line(sample: SampleAnalysis, name: str) -> tuple[Array, Array]:
    """The curve between the points where the material has one, else the points."""
    of_kappa = name in ("thermal_conductivity", "zT") and not sample.has_zT
    T, points = sample.all_points()
    known = T[np.isfinite(points[name].value)]
    if name not in (*MEASURED, "zT") or len(known) < 2 or of_kappa:
        return T, points[name].value
    T = np.linspace(known[0], known[-1], LINE_POINTS)
    return T, np.asarray(getattr(sample.material, name)(T))


def _has_bipolar(sample: SampleAnalysis) -> bool:
    return sample.split is not None and bool(np.any(sample.split.onset < sample.T))


def _finish(panel: Axes, name: str, analysis: Analysis) -> None:
    panel.set(xlabel=axis_label("temperature", words=""), ylabel=axis_label(name, UNITS.get(name), ""))
    panel.margins(x=0.04, y=0.08)
    low, high = panel.get_ylim()
    smallest = float(panel.dataLim.y0)
    if name != "seebeck" and 0.0 <= smallest < LOW_SHARE * high:
        panel.set_ylim(bottom=0.0)
    elif name == "seebeck" and low < 0.0 < high and all(s.material.carrier for s in analysis):
        panel.axhline(0.0, color="0.6", linewidth=0.6, zorder=0)


def _legend(drawn: Figure, analysis: Analysis, styles: list[tuple[str, str]]) -> None:
    from matplotlib.lines import Line2D

    names = [sample.name for sample in analysis]
    pairs = zip(map(name_mathtext, names), styles, strict=True)
    handles = [Line2D([], [], color=c, marker=m, label=label) for label, (c, m) in pairs]
    longest = max(map(len, names))
    columns = max(1, min(len(handles), 110 // (longest + 6)))
    drawn.legend(handles=handles, loc="outside upper center", ncols=columns)


def mode_of(analysis: Analysis) -> str:
    """Which relation is drawn: `pisarenko`, `jonker` or `best`."""
    if any(len(sample.T_hall) for sample in analysis):
        return "pisarenko"
    return "jonker" if len(analysis) > 1 else "best"


def relation_temperature(analysis: Analysis) -> float:
    """Temperature in K nearest to 300 K at which most samples were measured."""
    mode = mode_of(analysis)
    grids = [s.T_hall if mode == "pisarenko" else s.T for s in analysis]
    found = np.concatenate([grid for grid in grids if len(grid)])

    def rank(T: float) -> tuple[int, int, float]:
        near = sum(bool(np.any(np.abs(grid - T) <= NEAR)) for grid in grids)
        there = sum(bool(np.any(grid == T)) for grid in grids)
        return -near, -there, abs(T - ROOM_TEMPERATURE)

    return min((float(T) for T in found), key=rank)


def draw_relation(panel: Axes, analysis: Analysis, styles: Sequence[tuple[str, str]]) -> None:
    """Draw the last panel."""
    mode = mode_of(analysis)
    if mode == "best":
        _best(panel, analysis[0], *styles[0])
        return
    T = relation_temperature(analysis)
    x_name = "hall_carrier_density" if mode == "pisarenko" else "electrical_conductivity"
    positions, strengths = [], []
    for sample, (colour, marker) in zip(analysis, styles, strict=True):
        grid = sample.T_hall if mode == "pisarenko" else sample.T
        if not len(grid) or float(np.min(np.abs(grid - T))) > NEAR:
            continue
        x, dx = sample.at(x_name, T)
        S, dS = _seebeck(sample, T)
        strengths.append(sample.at("effective_mass" if mode == "pisarenko" else "weighted_mobility", T)[0])
        positions.append(x)
        shown, error = (float(in_unit(v, x_name, QUANTITIES[x_name].display_unit)) for v in (x, dx))
        style = {"marker": marker, "color": colour, "ecolor": colour, "elinewidth": 0.7, "zorder": 3}
        panel.errorbar(shown, S * 1e6, dS * 1e6, error, **style)
    _lines(panel, mode, T, np.array(positions), np.array(strengths), analysis.scattering)
    panel.set(xscale="log", xlabel=axis_label(x_name, words=""), ylabel=r"$|S|$ (µV/K)")
    low, high = panel.get_xlim()
    if mode == "jonker" or high < 30.0 * low:
        _few_ticks(panel, plain=mode == "jonker")
    panel.text(0.04, 0.05, f"{T:.4g} K", transform=panel.transAxes, fontsize=7.0)


def _few_ticks(panel: Axes, *, plain: bool) -> None:
    """Numbers that do not touch on an axis of about one decade, plain ones or with powers of ten."""
    from matplotlib.ticker import LogFormatterSciNotation, LogLocator, NullFormatter, StrMethodFormatter

    powers = LogFormatterSciNotation(labelOnlyBase=False, minor_thresholds=(np.inf, np.inf))
    panel.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if plain else (1.0, 3.0)))
    panel.xaxis.set_major_formatter(StrMethodFormatter("{x:g}") if plain else powers)
    panel.xaxis.set_minor_formatter(NullFormatter())


def _seebeck(sample: SampleAnalysis, T: float) -> tuple[float, float]:
    """|S| and its standard deviation at T, inside the range of the curve."""
    curve = sample.material.seebeck
    if curve is None:
        return 0.0, 0.0
    at = np.array([float(np.clip(T, *curve.range))])
    return abs(float(curve(at)[0])), float(sample.uncertainty.absolute("seebeck", curve, at)[0])


def _lines(panel: Axes, mode: str, T: float, positions: Array, strengths: Array, scattering: float) -> None:
    """Curves of one band for the smallest and the largest mass or mobility."""
    good = np.isfinite(strengths)
    if not np.any(good):
        return
    x = np.geomspace(positions.min() / 2.5, positions.max() * 2.5, CURVE_POINTS)
    ends = dict.fromkeys((float(strengths[good].min()), float(strengths[good].max())))
    for strength, dash in zip(ends, ("-", "--"), strict=False):
        if mode == "pisarenko":
            S = DopedBand(T, strength, scattering=scattering).seebeck(x)
            shown, label = in_unit(x, "hall_carrier_density", "cm^-3"), rf"$m_d$ = {strength:.2f} $m_e$"
        else:
            S = seebeck_of_conductivity(x, T, strength, scattering)
            shown = in_unit(x, "electrical_conductivity", "S/cm")
            label = rf"$\mu_\mathrm{{w}}$ = {strength * 1e4:.3g} cm²/(V s)"
        panel.plot(shown, S * 1e6, dash, color=GREY, linewidth=0.9, zorder=1, label=label)
    panel.legend(loc="upper right", fontsize=6.0, handlelength=1.8)


def _best(panel: Axes, sample: SampleAnalysis, colour: str, marker: str) -> None:
    """zT as measured and at the best doping of one band."""
    B = sample.points["quality_factor"].value
    top = np.full(B.shape, np.nan)
    top[np.isfinite(B)] = best_zT(B[np.isfinite(B)]).value
    panel.plot(sample.T, top, "--", color=GREY, label="best doping")
    panel.plot(sample.T, sample.points["zT"].value, marker, color=colour, label="measured")
    panel.set(xlabel=axis_label("temperature", words=""), ylabel=axis_label("zT", words=""))
    panel.set_ylim(bottom=0.0)
    panel.legend(loc="best", fontsize=6.0)
