"""One's own values over those of the literature, in one panel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ioffe.base.errors import Fault, InputError
from ioffe.base.plotting import look, new_figure, plain_words
from ioffe.base.quantities import quantity
from ioffe.base.units import convert
from ioffe.measure.literature import LiteratureCurve
from ioffe.report.pictures import LEGEND_HEIGHT, legend_above, sample_styles
from ioffe.report.text import axis, in_unit, readable_unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOURCE_HEIGHT, SOURCE_SIZE = 3.0, 6.0
"""Height in mm of the line of a source, and size of its letters in points."""
MOST_SYMBOLS = 30
"""Points of a curve above which it is drawn as a line without symbols."""


def overlay_figure(curves: Sequence[LiteratureCurve], x: str, y: str, *, relative: bool = False) -> Figure:
    """Curves of several sources over one another: open symbols with a DOI, filled ones are one's own.

    `curves`: in SI.
    `x`, `y`: names in the quantity table; they give labels and units.
    `relative`: whether every curve is divided by its first value.
    Returns: a figure 84 mm wide, one legend above, the DOIs below by the numbers in it.
    Raises `InputError` without a curve.
    """
    if not curves:
        raise InputError(Fault("curves", expected="at least one curve is expected"))
    rows = -(-len(curves) // 2)
    unit = readable_unit(np.concatenate([curve.x for curve in curves]), x)
    sources = list(dict.fromkeys(curve.doi for curve in curves if curve.doi))
    with look():
        height = 66.0 + LEGEND_HEIGHT * 0.6 * rows + SOURCE_HEIGHT * len(sources)
        figure, (panel,) = new_figure(height=height)
        handles = {}
        for curve, (colour, marker) in zip(curves, sample_styles(len(curves)), strict=True):
            shown = curve.relative() if relative else curve
            across = in_unit(shown.x, x, unit)
            up, std = (
                v if relative else np.asarray(convert(v, quantity(y).unit, quantity(y).display_unit))
                for v in (shown.y, shown.std)
            )
            style = {
                "color": colour,
                "marker": "" if len(shown.x) > MOST_SYMBOLS else marker,
                "fillstyle": "none" if curve.doi else "full",
                "linewidth": 0.8 if curve.doi else 1.4,
                "zorder": 2 if curve.doi else 3,
            }
            name = plain_words(curve.name)
            numbered = f"{name} [{sources.index(curve.doi) + 1}]" if curve.doi else name
            numbered = f"{numbered} ({len(handles) + 1})" if numbered in handles else numbered
            (handles[numbered],) = panel.plot(across, up, label=name, **style)
            panel.errorbar(across, up, np.where(std > 0.0, std, np.nan), color=colour, linestyle="none")
        label = f"{quantity(y).symbol} over its first value" if relative else axis(y)
        panel.set(xlabel=axis(x, unit), ylabel=label)
        legend_above(figure, [], columns=2, before=handles)
        if sources:
            lines = [f"[{k + 1}] doi {plain_words(doi)}" for k, doi in enumerate(sources)]
            figure.supxlabel("\n".join(lines), x=0.02, ha="left", fontsize=SOURCE_SIZE)
    return figure
