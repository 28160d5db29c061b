"""The fit of bands in the report of an analysis: its parameters, the best doping, a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ioffe.base.plotting import axis_label, look, new_figure
from ioffe.material.fit import Fit, best_dopings
from ioffe.material.uncertainty import with_error
from ioffe.report.page import Bullets, PageTable, Picture, Section, section, subsection
from ioffe.report.pictures import legend_above, sample_styles, title_letters
from ioffe.report.text import in_unit, name_mathtext

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


UNITS = {"seebeck": "uV/K", "electrical_conductivity": "S/cm", "thermal_conductivity": "W/(m K)"}
CAPTION = (
    "Points: measured, with the standard deviations by which they weigh; on the last panel the samples. "
    "Lines: the fit, and the zT it expects at other carrier densities with everything else kept."
)
LINE_POINTS = 81
WRONG = "#b3261e"
DENSITIES = 0.1, 10.0
"""Range of the last panel around the densities of the samples."""


def fit_section(fit: Fit) -> Section:
    """The section on a fit of bands in the report of an analysis, with its picture."""
    quality = f"{fit.model!r}: χ² = {fit.chi_squared:.4g} for {fit.degrees_of_freedom} degrees of freedom"
    alt = "Measured points, fitted curves, and zT over the carrier density"
    return section(
        "fit",
        "Fit of bands to all samples at once",
        quality,
        Picture(fit_figure(fit), CAPTION, alt, "fit"),
        parameter_table(fit),
        subsection("Best carrier density", doping_table(fit)),
        Bullets(fit.findings),
        link="Fit of bands",
    )


def parameter_table(fit: Fit) -> PageTable:
    """Every parameter with its error and 68 % interval."""
    rows = []
    for p in fit.parameters:
        value = with_error(p.value, p.std, p.quantity, p.unit)
        interval = f"{p.shown(p.low)} to {p.shown(p.high)}"
        rows.append((p.name.replace("_", " "), p.sample or "all", value, interval, p.status))
    return PageTable(("Parameter", "Sample", "Value", "68 % interval", "Status"), rows, style="texts")


def doping_table(fit: Fit) -> PageTable:
    """Carrier density with the largest zT, at the ends of the range of the fit."""
    rows = []
    for name, best in best_dopings(fit):
        density = with_error(best.carrier_density, best.carrier_density_std, "carrier_density")
        zT = with_error(best.zT, best.zT_std, "zT")
        rows.append((name, f"{best.T:.4g} K", density, zT, f"{best.zT_now:.3g}"))
    return PageTable(("Sample", "T", "best n", "zT there", "zT of the sample"), rows, style="texts")


def fit_figure(fit: Fit) -> Figure:
    """Measured points with the fitted curves, and zT over the carrier density.

    `fit`: of bands.
    Returns: a figure 170 mm wide; a panel for each fitted property of S, sigma, kappa, and zT(n) at the
        lowest temperature of the fit with a point for each sample.
    """
    fitted = [name for name in UNITS if any(o.of(name) for o in fit.observations)]
    with look():
        figure, axes = new_figure(1, len(fitted) + 1, width=170.0, height=62.0)
        styles = list(zip(fit.samples, sample_styles(len(fit.samples)), strict=True))
        for panel, name in zip(axes, fitted, strict=False):
            for sample, style in styles:
                _property(panel, fit, name, sample, *style)
            panel.set(xlabel=axis_label("temperature", words=""), ylabel=axis_label(name, UNITS[name], ""))
        for k, (sample, style) in enumerate(styles):
            # the first ones wider, so that they show behind later ones that are equal
            _over_density(axes[-1], fit, sample, *style, 1.0 + 0.7 * (len(styles) - 1 - k))
        density = axis_label("carrier_density", "cm^-3", words="")
        axes[-1].set(xscale="log", xlabel=density, ylabel=axis_label("zT", words=""))
        axes[-1].set_ylim(bottom=0.0)
        words = rf"$\chi^2/\nu$ = {fit.reduced_chi_squared:.3g}"
        if fit.found.disagrees:
            words += ": model and points disagree"
        axes[0].set_title(words, loc="right", fontsize=7.0, color=WRONG if fit.found.disagrees else "black")
        title_letters(axes)
        legend_above(figure, axes[:1], columns=6)
    return figure


def _property(panel: Axes, fit: Fit, name: str, sample: str, colour: str, marker: str) -> None:
    series = fit.seen(sample).of(name)
    if series is None:
        return
    T = np.linspace(series.T.min(), series.T.max(), LINE_POINTS)
    panel.plot(T, in_unit(fit.curve(name, sample)(T), name, UNITS[name]), color=colour)
    shown, error = (in_unit(v, name, UNITS[name]) for v in (series.values, series.std))
    panel.errorbar(series.T, shown, error, fmt="none", ecolor=colour, linewidth=0.8)
    panel.plot(series.T, shown, marker, color=colour, label=name_mathtext(sample))


def _over_density(panel: Axes, fit: Fit, sample: str, colour: str, marker: str, width: float) -> None:
    """zT over the carrier density at the lowest temperature of the fit, and the sample on the curve."""
    T = min(float(series.T.min()) for o in fit.observations for series in o.series)
    densities = [p.value for p in fit.parameters if p.name == "carrier_density" and np.isfinite(p.value)]
    if not densities:
        return
    n = np.geomspace(min(densities) * DENSITIES[0], max(densities) * DENSITIES[1], LINE_POINTS)
    found = fit.pisarenko(T, n, sample, quantities=("zT",))
    panel.plot(in_unit(n, "carrier_density", "cm^-3"), found["zT"], color=colour, linewidth=width)
    own = fit.parameter("carrier_density", sample).value
    if np.isfinite(own):
        now = fit.pisarenko(T, [own], sample, quantities=("zT",))["zT"]
        panel.plot(in_unit([own], "carrier_density", "cm^-3"), now, marker, color=colour, zorder=3)
    panel.set_title(f"{T:.4g} K", loc="right", fontsize=7.0)
