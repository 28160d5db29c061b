"""Four panels of a material: Seebeck coefficient, conductivity, thermal conductivity, zT."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import fill, shorten
from typing import TYPE_CHECKING

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.curve import ALL_TEMPERATURES, Curve
from ioffe.base.errors import Fault, InputError
from ioffe.base.plotting import COLOURS, MARKERS, axis_label, drawing, plain_words
from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import convert
from ioffe.material.checks import check
from ioffe.material.material import Material

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

PANELS = ("seebeck", "electrical_conductivity", "thermal_conductivity", "zT")
WORDS = {"zT": "Figure of merit"}
POINTS_DRAWN = 401
CAPTION_WIDTH = 120
ROOM = (250.0, 350.0)
"""Range in K over which a constant that holds at every temperature is drawn."""
LINES = {
    "pchip": "monotone cubic interpolation (pchip)",
    "linear": "linear interpolation",
    "cubic": "cubic spline",
    "constant": "constant values",
    "polynomial": "polynomial formula",
}
NO_BAND = "No standard deviation is stated for the curves."
BAND = "Bands: one standard deviation."
DOUBT, RINGS = "#b3261e", "Red rings: values in doubt."


def plot(materials: Material | Sequence[Material], path: str | Path | None = None) -> Figure:
    """Four panels S, conductivity, kappa and zT against temperature, for one or several materials.

    Points are the measured ones, lines the curves as they are interpolated, bands one standard deviation
    where the curves state one; open symbols are the zT that the source reports, rings what the checks of the
    data doubt.

    Parameters
    ----------
    materials : Material or sequence of Material
        Up to seven can be told apart.
    path : path, optional
        PNG, SVG or PDF file to write.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        Without a material, for more than seven, or for an unknown file ending.
    """
    shown = [materials] if isinstance(materials, Material) else list(materials)
    if not 0 < len(shown) <= len(COLOURS):
        expected = f"one to {len(COLOURS)} materials are expected in one picture"
        advice = "of a table FILE#SAMPLE is one" if shown else ""
        raise InputError(Fault("materials", len(shown), expected, advice))
    doubted = [_doubted(material) for material in shown]
    with drawing(path, 2, 2, width=170.0, height=130.0, sharex=True) as (figure, axes):
        for name, panel, letter in zip(PANELS, axes, "abcd", strict=True):
            for index, material in enumerate(shown):
                _draw(panel, material, name, index)
                _ring(panel, material, name, doubted[index])
            _finish(panel, name, letter, shown)
        for panel in axes[2:]:
            panel.set_xlabel(axis_label("temperature", words="Temperature"))
        _caption(figure, shown, any(doubted))
    return figure


def _doubted(material: Material) -> set[tuple[str, float]]:
    """Panels and temperatures of the values that the checks doubt."""
    panels = {"electrical_resistivity": "electrical_conductivity"}
    doubts = (one for one in check(material) if one.severity != "note" and one.T is not None)
    return {(panels.get(name, name), float(one.T or 0.0)) for one in doubts for name in one.quantities}


def _ring(panel: Axes, material: Material, name: str, doubted: set[tuple[str, float]]) -> None:
    """Put rings about the doubted values of a panel."""
    T = np.array([T for of, T in doubted if of == name])
    if T.size:
        values = _display(_source(material, name)[1](T), name)
        panel.plot(T, values, "o", color=DOUBT, fillstyle="none", markersize=11.0, markeredgewidth=1.4)


def _draw(panel: Axes, material: Material, name: str, index: int) -> None:
    curve, value, std = _source(material, name)
    if curve is None:
        return
    low, high = _range(material if name == "zT" else curve)
    T = np.linspace(low, high, POINTS_DRAWN)
    shown, band = _display(value(T), name), _display(std(T), name)
    colour = COLOURS[index]
    panel.plot(T, shown, color=colour)
    if np.any(band > 0.0):
        panel.fill_between(T, shown - band, shown + band, color=colour, alpha=0.2, linewidth=0.0)
    measured = _points(material, curve, name, low, high)
    if len(measured):
        panel.plot(measured, _display(value(measured), name), MARKERS[index], color=colour)
    reported = material.reported_zT
    if name == "zT" and reported is not None and reported.coefficients is None:
        panel.plot(
            reported.T, reported.values, MARKERS[index], color=colour, fillstyle="none", markersize=6.0
        )


def _source(material: Material, name: str) -> tuple[Curve | None, Callable, Callable]:
    """Curve whose points are drawn, the function drawn and its standard deviation."""
    if name == "seebeck":
        curve = material.seebeck
        return curve, curve or np.zeros_like, curve.std_at if curve else np.zeros_like
    if name == "thermal_conductivity":
        curve = material.thermal_conductivity
        return curve, curve or np.zeros_like, curve.std_at if curve else np.zeros_like
    derived = material.electrical_conductivity if name == "electrical_conductivity" else material.zT
    is_drawn = material.seebeck is not None and material.thermal_conductivity is not None
    curve = material.electrical if name == "electrical_conductivity" or is_drawn else None
    return curve, derived, derived.std


def _range(of: Material | Curve) -> tuple[float, float]:
    limits = of.range if isinstance(of, Curve) else of.T_range
    return ROOM if limits == ALL_TEMPERATURES else limits


def _points(material: Material, curve: Curve, name: str, low: float, high: float) -> Array:
    """Temperatures of the measured points; of zT those where all three properties were measured."""
    if curve.coefficients is not None:
        return np.empty(0)
    T = curve.T
    if name == "zT":
        for other in material.transport.values():
            if other.coefficients is None:
                T = np.intersect1d(T, other.T)
    return T[(low <= T) & (high >= T)]


def _display(values: Array, name: str) -> Array:
    entry = QUANTITIES[name]
    return np.asarray(convert(np.asarray(values, float), entry.unit, entry.display_unit))


def _finish(panel: Axes, name: str, letter: str, materials: list[Material]) -> None:
    panel.set_ylabel(axis_label(name, words=WORDS.get(name)))
    panel.set_title(letter, loc="left", fontweight="bold", pad=3.0)
    panel.margins(x=0.04, y=0.08)
    if not panel.lines:
        panel.set_yticks([])
        reason = {"seebeck": "S = 0", "zT": "zT = 0"}.get(name, "no electrical conductivity")
        unknown = name in ("thermal_conductivity", "zT") and materials[0].thermal_conductivity is None
        words = "not measured" if unknown else f"{reason} ({materials[0].kind})"
        panel.text(0.5, 0.5, words, transform=panel.transAxes, ha="center", va="center", color="0.4")
    elif name != "seebeck" and len(materials) > 1:
        panel.set_ylim(bottom=0.0)


def _key(material: Material, index: int) -> Line2D:
    """Entry of the legend: line and marker of a material."""
    from matplotlib.lines import Line2D

    has_points = any(curve.coefficients is None for curve in material.transport.values())
    marker = MARKERS[index] if has_points else ""
    return Line2D([], [], color=COLOURS[index], marker=marker, label=plain_words(material.name))


def _caption(figure: Figure, materials: list[Material], doubted: bool) -> None:
    if len(materials) == 1:
        material = materials[0]
        title = ", ".join(
            filter(None, [plain_words(material.name), material.carrier and f"{material.carrier}-type"])
        )
        source = f"doi {material.provenance.doi}" if material.provenance.doi else material.provenance.source
        figure.suptitle(f"{title} ({material.quality})", fontsize=9.0)
    else:
        source = ""
        handles = [_key(material, index) for index, material in enumerate(materials)]
        figure.legend(handles=handles, loc="outside upper center", ncols=min(len(handles), 3))
    band = BAND if any(m.has_std for m in materials) else NO_BAND
    kinds = sorted({LINES.get(kind, kind) for m in materials for kind in m.interpolation.split("/")})
    interpolation = f"Lines: {', '.join(kinds)}."
    reported = "Open symbols: zT as reported." if any(m.reported_zT is not None for m in materials) else ""
    words = fill(
        " ".join(filter(None, [interpolation, band, reported, RINGS if doubted else ""])), CAPTION_WIDTH
    )
    lines = filter(None, [words, shorten(plain_words(source), CAPTION_WIDTH)])
    figure.supxlabel("\n".join(lines), fontsize=6.5, color="0.35")
