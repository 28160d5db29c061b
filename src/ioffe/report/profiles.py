"""Temperature, electric potential and heat flux through every layer at one operating point."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import numpy as np

from ioffe.base.plotting import COLOURS, axis_label, look, new_figure
from ioffe.base.status import Status
from ioffe.device.conditions import Generator
from ioffe.device.leg import Leg
from ioffe.report.text import axis, in_unit, name_mathtext, printed, readable_unit, words_of
from ioffe.result.profile import Profile
from ioffe.result.steady import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


FIELDS = {"temperature": "T", "electric_potential": "electric_potential", "heat_flux": "heat_flux"}
LEG_COLOURS = {"p": COLOURS[1], "n": COLOURS[0]}
LEG_DASHES = {"p": (), "n": (5.0, 1.5)}
TINTS = {"p": "#f6d3c0", "n": "#c5dcf0", "both": "#dcdcdc"}
DARK_TINTS = {"p": "#e3a787", "n": "#8fb9dc", "both": "#b9b9b9"}
FLUX_WORDS = "Heat flux refers to the cross-section of each layer, so that it steps where the area does."
FULL_WIDTH = 108
"""Characters that fit the whole width."""
TOUCHING = 1e-9
"""Layers whose distance is less than this share of the device touch."""
NARROW = 0.03
"""A layer of less than this share of the width is too narrow for its name and gets a number."""


def best_point(result: Result) -> tuple[int, ...] | None:
    """Index of the solved point of largest efficiency or COP; else of any solved point; None without one.

    A COP without a limit (no temperature difference) does not count: the largest heat decides then.
    """
    generator = isinstance(result.conditions, Generator)
    solved = result.point_status < Status.RUNAWAY
    useful = solved & (result.values["power" if generator else "heat_cold"] > 0.0)
    if not generator and np.isnan(result.values.get("max_COP", np.nan)).any():
        merit = result.values["heat_cold"]
    else:
        merit = result.values["efficiency" if generator else "COP"]
    for among in (useful & np.isfinite(merit), solved):
        if among.any():
            flat = int(np.argmax(np.where(among, np.nan_to_num(merit), -np.inf)))
            return tuple(int(i) for i in np.unravel_index(flat, merit.shape))
    return None


def profiles(result: Result, index: tuple[int, ...] | None = None) -> Figure:
    """T, potential and heat flux against the distance from the hot face.

    Parameters
    ----------
    result : Result
        With at least one solved point.
    index : tuple of int, optional
        The point; by default that of `best_point`.

    Returns
    -------
    matplotlib.figure.Figure
        170 mm wide: a strip that names the layers, and three panels.

    Raises
    ------
    InputError
        If the point has no solution.
    """
    index = index if index is not None else best_point(result)
    profile = result.profile(index if index is not None else 0)
    parts = [p for p in ("p", "n") if p in profile.part]
    with look():
        heights = {"height_ratios": [0.09 * len(parts) + 0.05, 1.0, 1.0, 1.0]}
        figure, axes = new_figure(4, 1, width=170.0, height=138.0, sharex=True, gridspec_kw=heights)
        unit = readable_unit(profile.position, "position")
        _strip(axes[0], profile, parts, unit)
        for ax, name in zip(axes[1:], FIELDS, strict=True):
            _panel(ax, profile, parts, name, unit)
        axes[-1].set_xlabel(axis_label("position", unit, "Distance from the hot face"))
        ends = float(profile.position.min()), float(profile.position.max())
        axes[-1].set_xlim(*in_unit(ends, "position", unit))
        if len(parts) > 1:
            axes[1].legend(loc="best")
        figure.align_ylabels(axes[1:])
    return figure


def profiles_caption(result: Result, index: tuple[int, ...]) -> str:
    """Which operating point is drawn, and how the flux is counted."""
    words = [f"Operating point: {point_words(result, index)}."]
    if not isinstance(result.device, Leg):
        words += ["Grey: plates and electrodes. The potential is zero at the hot junction.", FLUX_WORDS]
    return " ".join(words)


def point_words(result: Result, index: tuple[int, ...]) -> str:
    """Operating point in words: its temperatures and current."""
    values = {n: float(np.asarray(result.values[n])[index]) for n in ("T_hot", "T_cold", "current")}
    return ", ".join(f"{words_of(n)} {printed(value, n, 4)}" for n, value in values.items())


def line_through(profile: Profile, part: str, attribute: str) -> tuple[np.ndarray, np.ndarray]:
    """Positions and values on the line through one leg, NaN from the end of a shorter leg to what follows.

    Layers that touch share the position of their interface, so that values step there.
    """
    line = profile.of(part)
    of_layer = list(zip(line.layer, line.part, line.stage, strict=True))
    changes = np.array([a != b for a, b in pairwise(of_layer)], bool)
    empty = changes & (np.diff(line.position) > TOUCHING * np.ptp(line.position))
    places = np.flatnonzero(empty) + 1
    position = np.insert(line.position, places, line.position[places])
    return position, np.insert(getattr(line, attribute), places, np.nan)


def _panel(ax: Axes, profile: Profile, parts: list[str], name: str, unit_x: str) -> None:
    values = getattr(profile, FIELDS[name])
    unit = readable_unit(values, name)
    for part in parts:
        position, found = line_through(profile, part, FIELDS[name])
        x, y = in_unit(position, "position", unit_x), in_unit(found, name, unit)
        ax.plot(x, y, color=LEG_COLOURS[part], dashes=LEG_DASHES[part], label=f"{part}-type leg")
    for start, end, _, part in _layers(profile):
        if part == "both":
            ax.axvspan(*in_unit([start, end], "position", unit_x), color=TINTS[part], alpha=0.55, linewidth=0)
        else:
            for edge in in_unit([start, end], "position", unit_x):
                ax.axvline(edge, color="0.75", linewidth=0.5, zorder=0)
    ax.set_ylabel(axis(name, unit))
    ax.margins(y=0.08)
    ax.ticklabel_format(axis="y", useOffset=False)


def _layers(profile: Profile) -> list[tuple[float, float, str, str]]:
    """Start, end, material and part of every layer; neighbouring rows of one material are one layer."""
    rows = zip(profile.position.tolist(), profile.layer, profile.part, strict=True)
    groups = ((kind, [row[0] for row in group]) for kind, group in groupby(rows, key=lambda row: row[1:]))
    return [(min(x), max(x), *kind) for kind, x in groups]


def _strip(ax: Axes, profile: Profile, parts: list[str], unit: str) -> None:
    """The layers to scale, one row for each leg; narrow ones carry a number that the line above explains."""
    from matplotlib.patches import Rectangle

    whole = float(np.ptp(profile.position)) or 1.0
    notes: dict[str, int] = {}
    rows = len(parts)
    counts: dict[str, int] = {}
    for start, end, layer, part in _layers(profile):
        x0, x1 = in_unit([start, end], "position", unit)
        row = 0 if part == "both" else rows - 1 - parts.index(part)
        height = rows if part == "both" else 1
        counts[part] = counts.get(part, 0) + 1
        colour = (TINTS if counts[part] % 2 else DARK_TINTS)[part]
        style = {"facecolor": colour, "edgecolor": "white", "linewidth": 0.6}
        ax.add_patch(Rectangle((x0, row), x1 - x0, height, **style))
        wide = (end - start) / whole
        words = name_mathtext(layer)
        if wide < NARROW or wide * FULL_WIDTH < len(layer):
            words = str(notes.setdefault(layer, len(notes) + 1))
        ax.text((x0 + x1) / 2, row + height / 2, words, ha="center", va="center", fontsize=7.0)
    ax.set_ylim(0, rows)
    ax.set_axis_off()
    if notes:
        words = "   ".join(f"{number}  {name_mathtext(layer)}" for layer, number in notes.items())
        ax.set_title(words, fontsize=7.0, loc="left", pad=3.0)
