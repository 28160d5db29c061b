"""Picture of a Seebeck map: the map and the distribution of its values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ioffe.base.plotting import COLOURS, axis_label, look, new_figure, unit_label
from ioffe.material.uncertainty import with_error
from ioffe.measure.seebeck_map import SeebeckMap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["figure", "write_seebeck_map"]

NAME = "seebeck-map"
MOST_BINS = 40


def figure(found: SeebeckMap) -> Figure:
    """Map of S over the surface, and how often each value stands in it.

    Parameters
    ----------
    found : SeebeckMap

    Returns
    -------
    matplotlib.figure.Figure
        170 mm wide. Places where nothing was measured stay white; the dashed line is the mean, the band one
        standard deviation of the points.
    """
    x, y, values = found.picture()
    stats = found.statistics()
    shown = found.seebeck * 1e6
    with look():
        drawn, (left, right) = new_figure(1, 2, width=170.0, height=72.0, width_ratios=(1.25, 1.0))
        mesh = left.pcolormesh(
            x * 1e3, y * 1e3, values * 1e6, shading="nearest", cmap="viridis", rasterized=True
        )
        left.set_aspect("equal")
        left.set_xlabel("Position $x$ (mm)")
        left.set_ylabel("Position $y$ (mm)")
        drawn.colorbar(mesh, ax=left, label=axis_label("seebeck"))
        mean, std = stats.mean * 1e6, stats.std * 1e6
        right.axvspan(mean - std, mean + std, color="0.9", linewidth=0.0, zorder=0)
        right.axvline(mean, color="0.2", linestyle="--", linewidth=0.9)
        bins = int(np.clip(np.sqrt(shown.size), 5, MOST_BINS))
        right.hist(shown, bins=bins, color=COLOURS[0], edgecolor="white", linewidth=0.4)
        right.set_xlabel(axis_label("seebeck"))
        right.set_ylabel("Number of points")
        right.margins(y=0.3)
        text = unit_label(with_error(stats.mean, stats.standard_error, "seebeck")).replace("-", "−")
        lines = [f"mean {text}", f"uniformity {100 * stats.uniformity:.1f} %", f"{stats.points} points"]
        right.text(0.04, 0.96, "\n".join(lines), transform=right.transAxes, va="top", fontsize=7.0)
        for panel, letter in zip((left, right), "ab", strict=True):
            panel.set_title(letter, loc="left", fontweight="bold", pad=3.0)
    return drawn


def write_seebeck_map(
    found: SeebeckMap, out: str | Path, formats: Sequence[str] = ("svg", "png")
) -> list[Path]:
    """Write the picture into a folder and return the files.

    Raises
    ------
    InputError
        For an unknown format.
    """
    from ioffe.report import checked_formats
    from ioffe.report.saving import save, settle

    checked_formats(formats)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    return save(settle(figure(found)), folder, NAME, formats)
