"""The plan of a module: legs, electrodes, plates and terminals seen from the hot side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.plotting import COLOURS, look, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ioffe.device.layout import Layout, LegPlan, Rectangle
    from ioffe.result.steady import Result

PLATE, LEGS = "#f3f1ec", {"p": "#e6b89c", "n": "#a9c1d9"}
MM = 1e3
MOST_NUMBERED = 80
"""Legs that are numbered along the current; more are too small for it."""


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


def _rectangle(ax: Axes, r: Rectangle, **how: Any) -> None:
    from matplotlib.patches import Rectangle as Patch

    ax.add_patch(Patch((MM * r[0], MM * r[2]), MM * (r[1] - r[0]), MM * (r[3] - r[2]), **how))


def leg_map(result: Result, index: tuple[int, ...]) -> Figure:
    """Temperatures of the hot and the cold ports of every leg at one operating point of fidelity 3d."""
    with look():
        figure, axes = new_figure(columns=2, width=170.0, height=78.0)
        for ax, side in zip(axes, ("hot", "cold"), strict=True):
            draw_legs(ax, result, index, side)
    return figure


def draw_legs(ax: Axes, result: Result, index: tuple[int, ...], side: str = "hot") -> None:
    """The plan with every leg in the colour of the temperature of its hot or cold port.

    Legs that differ from the others are framed; y counts upwards, as edges of patches and rows of maps do.
    """
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    from matplotlib.ticker import ScalarFormatter

    device: Any = result.device
    plan, T = device.plan, port_temperatures(result, side)[index]
    colours = ScalarMappable(Normalize(T.min(), max(T.max(), T.min() + 1e-3)), "inferno")
    plate = getattr(plan, f"{side}_plate")
    _rectangle(ax, plate, facecolor=PLATE, edgecolor="#999999", linewidth=0.6)
    _draw_face(ax, device.layout, plate, side)
    for box in getattr(plan, side):
        _rectangle(ax, box, fill=False, edgecolor="#555555", linewidth=0.5)
    others = dict(device.layout.legs) if device.layout else {}
    for k, (leg, value) in enumerate(zip(plan.legs, T, strict=True)):
        _rectangle(ax, leg, facecolor=colours.to_rgba(value), edgecolor=COLOURS[1] if k in others else "none")
        if len(plan.legs) <= MOST_NUMBERED:
            where = 0.5 * MM * (leg[0] + leg[1]), 0.5 * MM * (leg[2] + leg[3])
            ink = "white" if value < T.min() + 0.6 * (T.max() - T.min()) else "black"
            ax.annotate(str(k), where, ha="center", va="center", fontsize=5, color=ink)
    ax.set(aspect="equal", xlabel="$x$ (mm)", ylabel="$y$ (mm)", title=f"{side} junctions")
    ax.autoscale_view()
    bar = ax.figure.colorbar(colours, ax=ax, label="$T$ (K)", shrink=0.75)
    bar.formatter = ScalarFormatter(useOffset=False)


def _draw_face(ax: Axes, layout: Layout | None, plate: Rectangle, side: str) -> None:
    """Where heat passes the outer face, if that is not the same everywhere: darker for more."""
    if layout is None:
        return
    if patch := getattr(layout, f"{side}_patch"):
        _rectangle(ax, patch, fill=False, edgecolor=COLOURS[0], linewidth=1.0, hatch="///", zorder=3)
    rows = getattr(layout, f"{side}_flux") or getattr(layout, f"{side}_film") or ()
    largest = max((x for row in rows for x in row), default=1.0)
    for j, row in enumerate(rows):
        for i, value in enumerate(row):
            x, y = (plate[1] - plate[0]) / len(row), (plate[3] - plate[2]) / len(rows)
            box = plate[0] + i * x, plate[0] + (i + 1) * x, plate[2] + j * y, plate[2] + (j + 1) * y
            share = 0.6 * value / largest
            _rectangle(ax, box, facecolor=COLOURS[0], alpha=share, edgecolor="none")


def port_temperatures(result: Result, side: str) -> NDArray[np.float64]:
    """Temperatures of one side of every leg in K, along the axes of the points and then the legs."""
    assert result.legs is not None
    return np.asarray(result.legs.values[f"T_{side}_junction"], float)


def legs_caption(result: Result, index: tuple[int, ...]) -> str:
    """Where it is hottest and coldest, in a sentence for each side."""
    words = []
    for side in ("hot", "cold"):
        T = port_temperatures(result, side)[index]
        low, high = int(np.argmin(T)), int(np.argmax(T))
        ends = " to ".join(f"{T[k]:.2f} K (leg {k})" for k in (low, high))
        words.append(f"{side.capitalize()} junctions: {ends}.")
    return "Temperatures of all legs at the best point, counted along the current from 0. " + " ".join(words)
