"""The panel of a series: S over the Hall density (Pisarenko) or the conductivity (Jonker), or the best zT."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ioffe.base.plotting import axis_label
from ioffe.material.analysis import Analysis, SampleAnalysis
from ioffe.report.text import in_unit
from ioffe.transport.pisarenko import seebeck_of_conductivity, seebeck_of_density
from ioffe.transport.quality import best_zT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["MODES", "draw_relation", "mode_of", "relation_temperature"]

Array = NDArray[np.float64]
ROOM = 300.0
MODES = {
    "pisarenko": "i: one parabolic band with the smallest and the largest effective mass of the series.",
    "jonker": "i: one parabolic band with the smallest and the largest weighted mobility of the series.",
    "best": "i: zT of one band at the best doping for the measured quality factor (line), and as measured.",
}
CURVE_POINTS = 121
NEAR = 15.0
"""Kelvin within which a Hall measurement counts as made at the temperature of the panel."""
GREY = "0.55"


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
        return -near, -there, abs(T - ROOM)

    return min((float(T) for T in found), key=rank)


def draw_relation(panel: Axes, analysis: Analysis, styles: Sequence[tuple[str, str]]) -> None:
    """Draw the last panel."""
    mode = mode_of(analysis)
    if mode == "best":
        _best(panel, analysis[0], *styles[0])
        return
    T = relation_temperature(analysis)
    x_name = "hall_carrier_density" if mode == "pisarenko" else "electrical_conductivity"
    places, strengths = [], []
    for sample, (colour, marker) in zip(analysis, styles, strict=True):
        grid = sample.T_hall if mode == "pisarenko" else sample.T
        if not len(grid) or float(np.min(np.abs(grid - T))) > NEAR:
            continue
        x, dx = sample.at(x_name, T)
        S, dS = _seebeck(sample, T)
        strengths.append(sample.at("effective_mass" if mode == "pisarenko" else "weighted_mobility", T)[0])
        places.append(x)
        shown, error = (float(in_unit(v, x_name, _UNIT[x_name])) for v in (x, dx))
        panel.errorbar(
            shown,
            S * 1e6,
            dS * 1e6,
            error,
            marker=marker,
            color=colour,
            ecolor=colour,
            elinewidth=0.7,
            zorder=3,
        )
    _lines(panel, mode, T, np.array(places), np.array(strengths), analysis.scattering)
    panel.set_xscale("log")
    if mode == "jonker":
        _plain_ticks(panel)
    panel.set_xlabel(axis_label(x_name, words=""))
    panel.set_ylabel(r"$|S|$ (µV/K)")
    panel.text(0.04, 0.05, f"{T:.4g} K", transform=panel.transAxes, fontsize=7.0)


def _plain_ticks(panel: Axes) -> None:
    """Numbers in place of powers of ten on an axis of about one decade."""
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    panel.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    panel.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    panel.xaxis.set_minor_formatter(NullFormatter())


_UNIT = {"hall_carrier_density": "cm^-3", "electrical_conductivity": "S/cm"}


def _seebeck(sample: SampleAnalysis, T: float) -> tuple[float, float]:
    """|S| and its standard deviation at T, inside the range of the curve."""
    curve = sample.material.seebeck
    if curve is None:
        return 0.0, 0.0
    at = np.array([float(np.clip(T, *curve.range))])
    return abs(float(curve(at)[0])), float(sample.uncertainty.absolute("seebeck", curve, at)[0])


def _lines(panel: Axes, mode: str, T: float, places: Array, strengths: Array, scattering: float) -> None:
    """Curves of one band for the smallest and the largest mass or mobility."""
    good = np.isfinite(strengths)
    if not np.any(good):
        return
    x = np.geomspace(places.min() / 2.5, places.max() * 2.5, CURVE_POINTS)
    ends = dict.fromkeys((float(strengths[good].min()), float(strengths[good].max())))
    for strength, dash in zip(ends, ("-", "--"), strict=False):
        if mode == "pisarenko":
            S = seebeck_of_density(x, T, strength, scattering)
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
    panel.set_xlabel(axis_label("temperature", words=""))
    panel.set_ylabel(axis_label("zT", words=""))
    panel.set_ylim(bottom=0.0)
    panel.legend(loc="best", fontsize=6.0)
