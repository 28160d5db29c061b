"""Picture of a line scan: the whole of it, each jump enlarged, the residuals."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.arrays import Array
from ioffe.base.plotting import COLOURS, MARKERS, drawing, unit_label
from ioffe.base.units import format_si
from ioffe.measure.estimates import in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ioffe.measure.line_scans.result import FittedScan, LineScan

Flags = NDArray[np.bool_]
NEAR: Final = 8
"""Points on each side of an interface that are shown enlarged."""
MOST_NAMED_SCANS: Final = 7
"""Scans above which there is no legend."""
MOST_VECTORS: Final = 2000
"""Points above which they are drawn as an image, with text and lines as vectors."""
RESISTANCE_UNITS: Final = (("Ω", 1.0), ("mΩ", 1e3), ("µΩ", 1e6), ("nΩ", 1e9))


def plot(found: LineScan, path: str | Path | None = None) -> Figure:
    """Scans with their lines; below, each jump enlarged with the lines extrapolated to it, and the residuals.

    The zero of each scan is the resistance of its first metal at the interface. Crosses are points that do
    not count, the grey band is one standard deviation of the position of the interface.

    `path`: PNG, SVG or PDF file to write.
    """
    count = len(found.interfaces)
    with drawing(path, width=170.0, height=115.0) as (figure, _):
        figure.clear()
        grid = figure.add_gridspec(2, count + 1)
        whole = figure.add_subplot(grid[0, :])
        _whole(whole, found)
        lower = [figure.add_subplot(grid[1, column]) for column in range(count + 1)]
        for index in range(count):
            _jump(lower[index], found, index)
        _residuals(lower[-1], found)
        for panel, letter in zip([whole, *lower], "abcd", strict=False):
            panel.set_title(letter, loc="left", fontweight="bold", pad=3.0)
    return figure


def _points(
    panel: Axes, index: int, x: Array, y: Array, used: Flags, size: float, label: str = "", zorder: int = 2
) -> None:
    """Points of a scan; those that do not count are crosses."""
    colour, marker = COLOURS[index % len(COLOURS)], MARKERS[index % len(MARKERS)]
    style: dict[str, Any] = {"color": colour, "zorder": zorder, "rasterized": x.size > MOST_VECTORS}
    panel.plot(x[used], y[used], marker, markersize=size, label=label or None, **style)
    panel.plot(x[~used], y[~used], "x", markersize=4.0, **style)


def _line(one: FittedScan, part: int, x: ArrayLike) -> Array:
    """Resistance on the line of a part of a scan."""
    level, slope = one.lines[part]
    return level + slope * np.asarray(x, float)


def _whole(panel: Axes, found: LineScan) -> None:
    factor, unit = _ohms(max(float(np.ptp(one.fitted)) for one in found.scans))
    inside = []
    for index, one in enumerate(found.scans):
        x, start = one.scan.position, _line(one, 0, one.positions[0])
        label = one.scan.name if index < MOST_NAMED_SCANS else ""
        _points(panel, index, x * 1e3, (one.steady - start) * factor, ~one.outliers, 2.2, label)
        for part, ends in enumerate(pairwise([x[0], *one.positions, x[-1]])):
            y = (_line(one, part, ends) - start) * factor
            panel.plot(np.array(ends) * 1e3, y, color="0.2", linewidth=0.7, zorder=3)
        inside.append((one.fitted - start) * factor)
    low, high = float(np.min(np.concatenate(inside))), float(np.max(np.concatenate(inside)))
    panel.set_ylim(low - 0.12 * (high - low), high + 0.16 * (high - low))
    panel.set(xlabel="Position $x$ (mm)", ylabel=f"Resistance $R - R_0$ ({unit})")
    left, right = panel.get_xlim()
    borders = [interface.position * 1e3 for interface in found.interfaces]
    for word, ends in zip(found.parts, pairwise([left, *borders, right]), strict=True):
        across = panel.get_xaxis_transform()
        panel.text(0.5 * sum(ends), 0.9, word, transform=across, ha="center", color="0.35")
    for border in borders:
        panel.axvline(border, color="0.6", linewidth=0.6, linestyle=":", zorder=1)
    sigma = r"$\sigma$ = " + _label(in_words(found.conductivity, "electrical_conductivity"))
    inside = found.parts.index("leg") + 1
    end = ([*borders, right])[inside - 1] - 0.01 * (right - left)
    panel.text(end, 0.06, sigma, transform=panel.get_xaxis_transform(), ha="right")
    if 1 < len(found.scans) <= MOST_NAMED_SCANS:
        panel.legend(loc="upper left", bbox_to_anchor=(0.0, 0.9), markerscale=1.6)


def _jump(panel: Axes, found: LineScan, index: int) -> None:
    """Neighbourhood of an interface, without the first line, so that the jump is seen beside the slope."""
    interface = found.interfaces[index]
    centre = interface.position
    reach = max(_reach(found, centre), 1.5 * interface.width, 4.0 * interface.position_std)
    jump = abs(float(interface.resistance.value))
    factor, unit = _ohms(max(jump, float(np.median([one.noise for one in found.scans]))))
    drawn = []
    for k, one in enumerate(found.scans):
        colour, at = COLOURS[k % len(COLOURS)], one.positions[index]
        level = _line(one, index, at)
        near = np.abs(one.scan.position - centre) <= reach
        x = (one.scan.position[near] - centre) * 1e6
        _points(panel, k, x, (one.steady[near] - level) * factor, ~one.outliers[near], 3.0, zorder=3)
        if interface.width > 0.0:
            model = one.steady - one.scan.resistance + one.fitted - level
            panel.plot(x, model[near] * factor, color=colour, linewidth=0.6, zorder=2)
        for part, ends in ((index, (centre - reach, at)), (index + 1, (at, centre + reach))):
            y = (_line(one, part, ends) - level) * factor
            panel.plot((np.array(ends) - centre) * 1e6, y, color=colour, linewidth=0.9)
            drawn += [*y]
        after = float(_line(one, index + 1, at) - level) * factor
        panel.plot([(at - centre) * 1e6] * 2, [0.0, after], ":", color=colour)
    std = interface.position_std * 1e6
    panel.axvspan(-std, std, color="0.85", zorder=0, linewidth=0.0)
    low, high = min(drawn), max(drawn)
    panel.set_ylim(low - 0.1 * (high - low), high + 0.1 * (high - low))
    panel.set_xlim(-reach * 1e6, reach * 1e6)
    where = format_si(centre, "position", 4)
    panel.set(xlabel=f"$x$ − {where} (µm)", ylabel=rf"$R - R_{{{index + 1}}}$ ({unit})")
    rho_c = _label(in_words(interface.resistivity, "electrical_contact_resistivity"))
    text = interface.name + "\n" + r"$\rho_\mathrm{c}$ = " + rho_c
    panel.set_title(text, loc="right", fontsize=7.0, pad=3.0)


def _residuals(panel: Axes, found: LineScan) -> None:
    rest = [one.scan.resistance - one.fitted for one in found.scans]
    kept = np.concatenate([r[~one.outliers] for r, one in zip(rest, found.scans, strict=True)])
    largest = float(np.max(np.abs(kept))) or 1.0
    factor, unit = _ohms(largest)
    for k, (one, r) in enumerate(zip(found.scans, rest, strict=True)):
        used = ~one.outliers
        _points(panel, k, one.scan.position[used] * 1e3, r[used] * factor, used[used], 2.2)
    panel.axhline(0.0, color="0.2", linewidth=0.7)
    panel.set(xlabel="Position $x$ (mm)", ylabel=f"Residual ({unit})")
    panel.set_ylim(-1.15 * factor * largest, 1.15 * factor * largest)


def _reach(found: LineScan, position: float) -> float:
    """Distance of the points that are shown enlarged."""
    distances = [np.sort(np.abs(one.scan.position - position)) for one in found.scans]
    return 1.05 * float(np.median([d[min(2 * NEAR, d.size) - 1] for d in distances]))


def _ohms(size: float) -> tuple[float, str]:
    """Factor and unit for resistances of this size."""
    fitting = (entry for entry in RESISTANCE_UNITS if size * entry[1] >= 1.0)
    unit, factor = next(fitting, RESISTANCE_UNITS[-1])
    return factor, unit


def _label(text: str) -> str:
    number, _, unit = text.rpartition(" ")
    number, _, first = number.rpartition(" ") if text.endswith("cm2") else (number, "", "")
    return f"{number} {unit_label(' '.join(filter(None, [first, unit])))}"
