"""The plan of a module: legs, electrodes, plates and terminals seen from the hot side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ioffe.base.plotting import COLOURS, look, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ioffe.device.layout import LegPlan, Rectangle

PLATE, LEGS = "#f3f1ec", {"p": "#e6b89c", "n": "#a9c1d9"}
MM = 1e3


def plot(plan: LegPlan, ax: Axes | None = None) -> Axes:
    """Draw a plan; see `LegPlan.plot`."""
    with look():
        if ax is None:
            _, (ax,) = new_figure(shown=True)
        draw_plan(ax, plan)
    return ax


def draw_plan(ax: Axes, plan: LegPlan) -> None:
    """Plates, legs with p and n, electrodes of the hot and the cold side, and the path of the current."""
    for plate in sorted((plan.hot_plate, plan.cold_plate), key=lambda r: r[0] - r[1]):
        _rectangle(ax, plate, facecolor=PLATE, edgecolor="#999999", linewidth=0.6)
    for k, leg in enumerate(plan.legs):
        _rectangle(ax, leg, facecolor=LEGS["pn"[k % 2]], edgecolor="none")
    for side, colour, style in (("hot", COLOURS[1], "-"), ("cold", COLOURS[0], "--")):
        for k, electrode in enumerate(getattr(plan, side)):
            words = f"electrode, {side} side" if k == 0 else None
            _rectangle(
                ax, electrode, fill=False, edgecolor=colour, linestyle=style, linewidth=0.9, label=words
            )
    x, y = (MM * 0.5 * np.array([leg[i] + leg[i + 1] for leg in plan.legs]) for i in (0, 2))
    ax.plot(x, y, ":", color="#777777", linewidth=0.7, label="path of the current")
    for k, sign in ((0, "first"), (-1, "last")):
        ax.annotate(sign, (x[k], y[k]), ha="center", va="center", fontsize=6)
    ax.set(aspect="equal", xlabel="$x$ (mm)", ylabel="$y$ (mm)")
    ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=1, borderaxespad=0.3)
    ax.autoscale_view()
    ax.invert_yaxis()


def _rectangle(ax: Axes, r: Rectangle, **how: Any) -> None:
    from matplotlib.patches import Rectangle as Patch

    ax.add_patch(Patch((MM * r[0], MM * r[2]), MM * (r[1] - r[0]), MM * (r[3] - r[2]), **how))
