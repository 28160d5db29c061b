"""Pictures of a compact model: its values over those of the solver."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ioffe.base.plotting import axis_label
from ioffe.export.compact import COMPARED, CompactModel
from ioffe.report.text import EITHER_WAY, axis, in_unit, readable_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def compact_pictures(result: CompactModel) -> dict[str, Callable[..., Any]]:
    """Pictures of a compact model by their names."""
    return {name: partial(draw_compared, result, name) for name in COMPARED}


def draw_compared(result: CompactModel, name: str, ax: Axes) -> None:
    """A quantity over the current at each pair of temperatures: lines of the solver, points of the model."""
    points, exact, own = result.points, result.values[name], result.values[f"{name}_model"]
    unit = readable_unit(exact, name)
    pairs = np.unique(np.stack([points["T_hot"], points["T_cold"]], axis=1), axis=0)
    for k, (hot, cold) in enumerate(pairs):
        here = (points["T_hot"] == hot) & (points["T_cold"] == cold)
        current = points["current"][here]
        label = f"{hot:.0f} K, {cold:.0f} K"
        ax.plot(current, in_unit(exact[here], name, unit), color=f"C{k}", label=label)
        ax.plot(current, in_unit(own[here], name, unit), "o", color=f"C{k}", markersize=3.5)
    ax.set_xlabel(axis("current", "A"))
    ax.set_ylabel(axis_label(name, unit, EITHER_WAY[name]) if name in EITHER_WAY else axis(name, unit))
    title = "$T_h$, $T_c$; lines: solver, points: compact model"
    above = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0), "ncols": 3}
    ax.legend(title=title, fontsize=6, title_fontsize=6, **above)
