"""One picture of all published values: computed over published, with what errors and ranges make of it."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot
from typing import TYPE_CHECKING

from ioffe.base.plotting import COLOURS, look, new_figure
from ioffe.published.run import Reproduction, Row
from ioffe.published.verdict import COVERAGE, Verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["overview"]

LOW, HIGH = 0.5, 1.5
"""Ratios that are drawn; others stand at the edge as arrows."""
STYLE = {
    Verdict.REPRODUCED: (COLOURS[2], "o"),
    Verdict.WITHIN: (COLOURS[0], "s"),
    Verdict.NOT_REPRODUCED: (COLOURS[1], "D"),
}


def overview(found: Sequence[Reproduction]) -> Figure:
    """Computed over published of every value that is computed, source by source in rising order.

    Parameters
    ----------
    found : sequence of Reproduction
        Sources.

    Returns
    -------
    Figure
        Bars are two standard deviations, inputs and measurement combined, or the change over the stated
        ranges; open marks are values that a reconstructed input was made from.
    """
    with look():
        figure, (axes,) = new_figure(1, 1, width=175.0, height=78.0)
        axes.axhline(1.0, color="black", linewidth=0.8)
        axes.axhspan(0.9, 1.1, color="#eef1f4", zorder=0)
        left, ticks = 0, []
        for one in found:
            rows = sorted((r for r in one.rows if _drawable(r)), key=_ratio)
            for k, row in enumerate(rows):
                _draw(axes, left + k, row)
            ticks.append(
                (left + (len(rows) - 1) / 2.0, f"{one.source.tag} {one.source.name}\n{len(rows)} values")
            )
            left += len(rows) + 3
            if one is not found[-1]:
                axes.axvline(left - 2.0, color="#9aa3ad", linewidth=0.6)
        axes.set(xlim=(-2, left - 2), ylim=(LOW - 0.04, HIGH + 0.04))
        axes.set_xticks([at for at, _ in ticks], [text for _, text in ticks])
        axes.tick_params(axis="x", which="both", length=0)
        axes.set_ylabel("Computed over published")
        _legend(axes, found)
    return figure


def _drawable(row: Row) -> bool:
    return row.verdict is not Verdict.NOT_YET and row.computed is not None and row.published.value != 0


def _ratio(row: Row) -> float:
    """1 where a bound is kept."""
    return 1.0 + row.deviation * (1.0 if row.published.value > 0 else -1.0)


def _draw(axes: Axes, x: float, row: Row) -> None:
    colour, marker = STYLE[row.verdict]
    ratio = _ratio(row)
    if not LOW <= ratio <= HIGH:
        edge, arrow = (LOW, "v") if ratio < LOW else (HIGH, "^")
        axes.plot(x, edge, arrow, color=colour, clip_on=False)
        return
    assert row.computed is not None
    scale = abs(row.published.value)
    spread = COVERAGE * hypot(row.computed.std, row.published.std)
    low, high = (hypot(spread, part) / scale for part in (row.computed.below, row.computed.above))
    face = "white" if row.published.fitted else colour
    axes.errorbar(
        x, ratio, yerr=[[low], [high]], fmt=marker, color=colour, mfc=face, elinewidth=0.7, markersize=3.2
    )


def _legend(axes: Axes, found: Sequence[Reproduction]) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [],
            [],
            linestyle="",
            marker=marker,
            color=colour,
            label=f"{sum(o.count(v) for o in found)} {v.value}",
        )
        for v, (colour, marker) in STYLE.items()
    ]
    handles.append(
        Line2D(
            [], [], linestyle="", marker="o", color="#555555", mfc="white", label="the input was made from it"
        )
    )
    axes.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 1.1), ncols=4, fontsize=7)
