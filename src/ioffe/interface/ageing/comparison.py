"""Several junctions on one picture: the value over its fresh value against time, with confidence bands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError
from ioffe.base.plotting import COLOURS, MARKERS, look, new_figure, save_figure
from ioffe.base.units import convert
from ioffe.interface.ageing.result import AgeingFit
from ioffe.interface.ageing.series import AgeingSeries

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["compare_ageing"]

Array = NDArray[np.float64]
POINTS = 201
DECADES = 1.5
"""Span of the values in decades above which the axis is logarithmic."""


def compare_ageing(
    junctions: Sequence[AgeingSeries | AgeingFit],
    path: str | Path | None = None,
    *,
    time_unit: str = "day",
    confidence: float = 0.95,
    words: str = "Contact resistivity",
    symbol: str = r"$\rho_\mathrm{c}/\rho_\mathrm{c,0}$",
) -> Figure:
    """Picture of rho_c/rho_c0 over time, measured points and fitted laws with their confidence bands.

    Points without a fit are divided by the first of them; a fitted junction, its points and its band are
    divided by the fitted fresh value.

    Parameters
    ----------
    junctions : sequence of AgeingSeries or AgeingFit
        Up to seven series in all; a fit draws every series it holds.
    path : path, optional
        PNG, SVG or PDF file to write.
    time_unit : str
        Such as ``day`` or ``h``.
    confidence : float
        Of the bands.
    words, symbol : str
        What is drawn.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        Without a series, or for more than seven.

    Examples
    --------
    >>> day = 86400.0
    >>> sb = AgeingSeries("Sb/MgAgSb", [0.0, 30 * day], [20.8e-10, 7.9e-10], 573.0)
    >>> ag = AgeingSeries("Ag/MgAgSb", [0.0, 0.5 * day], [6.1e-10, 1006e-10], 573.0)
    >>> figure = compare_ageing([sb, ag])
    >>> figure.axes[0].get_yscale()
    'log'
    """
    drawn: list[tuple[AgeingSeries, AgeingFit | None]] = []
    for junction in junctions:
        if isinstance(junction, AgeingFit):
            drawn += [(series, junction) for series in junction.series]
        else:
            drawn.append((junction, None))
    if not 0 < len(drawn) <= len(COLOURS):
        raise InputError(Fault("junctions", len(drawn), f"one to {len(COLOURS)} series are expected"))
    with look():
        figure, (panel,) = new_figure(width=95.0, height=70.0)
        for index, (series, fitted) in enumerate(drawn):
            _draw(panel, series, fitted, index, time_unit, confidence)
        ratios = np.concatenate([s.relative for s, _ in drawn])
        if np.log10(np.max(ratios) / np.min(ratios)) > DECADES:
            panel.set_yscale("log")
        panel.axhline(1.0, color="0.6", linewidth=0.6, zorder=0)
        panel.set_xlabel(f"Time $t$ ({time_unit})")
        panel.set_ylabel(f"{words} {symbol}")
        panel.legend()
        if path is not None:
            save_figure(figure, path)
    return figure


def _draw(
    panel: Axes, series: AgeingSeries, fitted: AgeingFit | None, index: int, unit: str, confidence: float
) -> None:
    colour = COLOURS[index]
    band = None
    if fitted is not None:
        times, temperatures = _along(series)
        band = fitted.band(times, temperatures, series.name, confidence)
    fresh = (
        float(series.values[0]) if band is None or not np.isfinite(band.value[0]) else float(band.value[0])
    )
    at = np.asarray(convert(series.times, "s", unit))
    T = series.temperatures
    kept = f", {T[0]:g} K" if T is not None and np.ptp(T) == 0.0 else ""
    panel.errorbar(
        at,
        series.values / fresh,
        None if series.std is None else series.std / fresh,
        fmt=MARKERS[index],
        color=colour,
        elinewidth=0.8,
        capsize=1.5,
        label=f"{series.name}{kept}",
    )
    if band is None:
        panel.plot(at, series.values / fresh, ":", color=colour, linewidth=0.8)
        return
    along = np.asarray(convert(band.times, "s", unit))
    panel.plot(along, band.value / fresh, color=colour)
    if np.all(np.isfinite(band.std)):
        low = np.maximum(band.low, 0.0)
        panel.fill_between(along, low / fresh, band.high / fresh, color=colour, alpha=0.18, linewidth=0.0)


def _along(series: AgeingSeries) -> tuple[Array, Array | None]:
    """Times on which a fitted law is drawn, with the temperatures there."""
    T = series.temperatures
    if T is None or len(T) == 1 or np.ptp(T) == 0.0:
        times = np.linspace(0.0, float(series.times[-1]), POINTS)
        return times, None if T is None else T[:1]
    return series.times, T
