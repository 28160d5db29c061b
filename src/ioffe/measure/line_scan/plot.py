"""Picture of a line scan: the whole of it, each jump enlarged, the residuals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ioffe.base.plotting import COLOURS, MARKERS, look, new_figure, save_figure, unit_label
from ioffe.base.units import format_si
from ioffe.measure.line_scan.result import QUANTITY, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ioffe.measure.line_scan.result import FittedScan, LineScan

__all__ = ["plot"]

Array = NDArray[np.float64]
NEAR = 8
"""Points on each side of an interface that are shown enlarged."""
MOST_SCANS = 7
FAINT = "0.6"


def plot(found: LineScan, path: str | Path | None = None) -> Figure:
    """Scans with their lines; below, each jump enlarged with the lines extrapolated to it, and the residuals.

    The zero of each scan is the resistance of its first metal at the interface. Crosses are points that do
    not count, the grey band is one standard deviation of the position of the interface.

    Parameters
    ----------
    found : LineScan
    path : path, optional
        PNG, SVG or PDF file to write.
    """
    with look():
        count = len(found.interfaces)
        figure, _ = new_figure(width=170.0, height=115.0)
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
        if path is not None:
            save_figure(figure, path)
    return figure


def _style(index: int) -> tuple[str, str]:
    return COLOURS[index % len(COLOURS)], MARKERS[index % len(MARKERS)]


def _start(one: FittedScan) -> float:
    """Resistance of the first part at the first interface."""
    level, slope = one.lines[0]
    return level + slope * one.positions[0]


def _whole(panel: Axes, found: LineScan) -> None:
    factor, unit = _ohms(max(float(np.ptp(one.fitted)) for one in found.scans))
    for index, one in enumerate(found.scans):
        colour, marker = _style(index)
        x, R = one.scan.position * 1e3, (one.steady - _start(one)) * factor
        label = one.scan.name if index < MOST_SCANS else None
        used = ~one.outliers
        panel.plot(x[used], R[used], marker, color=colour, markersize=2.2, label=label, zorder=2)
        panel.plot(x[~used], R[~used], "x", color=colour, markersize=4.0, zorder=2)
        edges = [one.scan.position[0], *one.positions, one.scan.position[-1]]
        for k, (level, slope) in enumerate(one.lines):
            ends = np.array(edges[k : k + 2])
            panel.plot(
                ends * 1e3,
                (level + slope * ends - _start(one)) * factor,
                color="0.2",
                linewidth=0.7,
                zorder=3,
            )
    inside = np.concatenate([(one.fitted - _start(one)) * factor for one in found.scans])
    low, high = float(inside.min()), float(inside.max())
    panel.set_ylim(low - 0.12 * (high - low), high + 0.16 * (high - low))
    panel.set_xlabel("Position $x$ (mm)")
    panel.set_ylabel(f"Resistance $R - R_0$ ({unit})")
    edges = [*panel.get_xlim()]
    ends = [edges[0], *(i.position * 1e3 for i in found.interfaces), edges[1]]
    for k, word in enumerate(found.parts):
        panel.text(
            0.5 * (ends[k] + ends[k + 1]),
            0.93,
            word,
            transform=panel.get_xaxis_transform(),
            ha="center",
            color="0.35",
        )
    for interface in found.interfaces:
        panel.axvline(interface.position * 1e3, color=FAINT, linewidth=0.6, linestyle=":", zorder=1)
    sigma = r"$\sigma$ = " + _spoken(words(found.conductivity, "electrical_conductivity"))
    panel.text(0.99, 0.06, sigma, transform=panel.transAxes, ha="right", backgroundcolor="white")
    if 1 < len(found.scans) <= MOST_SCANS:
        panel.legend(loc="upper left", bbox_to_anchor=(0.0, 0.9), markerscale=1.6)


def _jump(panel: Axes, found: LineScan, index: int) -> None:
    """Neighbourhood of an interface, without the first line, so that the jump is seen beside the slope."""
    interface = found.interfaces[index]
    reach = max(_reach(found, interface.position), 1.5 * interface.width, 4.0 * interface.position_std)
    jump = abs(float(interface.resistance.value))
    factor, unit = _ohms(max(jump, float(np.median([one.noise for one in found.scans]))))
    for k, one in enumerate(found.scans):
        colour, marker = _style(k)
        at = one.positions[index]
        level = one.lines[index][0] + one.lines[index][1] * at
        near = np.abs(one.scan.position - interface.position) <= reach
        x, R = (one.scan.position[near] - interface.position) * 1e6, (one.steady[near] - level) * factor
        used = ~one.outliers[near]
        panel.plot(x[used], R[used], marker, color=colour, markersize=3.0, zorder=3)
        panel.plot(x[~used], R[~used], "x", color=colour, markersize=4.0, zorder=3)
        if interface.width > 0.0:
            model = one.steady - one.scan.resistance + one.fitted - level
            panel.plot(x, model[near] * factor, color=colour, linewidth=0.6, zorder=2)
        for side in (0, 1):
            a, b = one.lines[index + side]
            ends = np.array(
                [
                    interface.position - reach if side == 0 else at,
                    at if side == 0 else interface.position + reach,
                ]
            )
            panel.plot(
                (ends - interface.position) * 1e6,
                (a + b * ends - level) * factor,
                color=colour,
                linewidth=0.9,
            )
        a, b = one.lines[index + 1]
        panel.plot(
            [(at - interface.position) * 1e6] * 2, [0.0, (a + b * at - level) * factor], ":", color=colour
        )
    std = interface.position_std * 1e6
    panel.axvspan(-std, std, color="0.85", zorder=0, linewidth=0.0)
    lines = [(one.lines[index + s], s, one) for one in found.scans for s in (0, 1)]
    drawn = [
        (a + b * x - one.lines[index][0] - one.lines[index][1] * one.positions[index]) * factor
        for (a, b), s, one in lines
        for x in (interface.position + (reach if s else -reach), one.positions[index])
    ]
    low, high = min(drawn), max(drawn)
    panel.set_ylim(low - 0.1 * (high - low), high + 0.3 * (high - low))
    panel.set_xlim(-reach * 1e6, reach * 1e6)
    panel.set_xlabel(f"$x$ − {format_si(interface.position, 'position', 4)} (µm)")
    panel.set_ylabel(rf"$R - R_{{{index + 1}}}$ ({unit})")
    text = interface.name + "\n" + r"$\rho_\mathrm{c}$ = " + _spoken(words(interface.resistivity, QUANTITY))
    panel.text(0.04, 0.96, text, transform=panel.transAxes, va="top", fontsize=7.0)


def _residuals(panel: Axes, found: LineScan) -> None:
    kept = np.concatenate([(one.scan.resistance - one.fitted)[~one.outliers] for one in found.scans])
    factor, unit = _ohms(float(np.max(np.abs(kept))) or 1.0)
    for k, one in enumerate(found.scans):
        colour, marker = _style(k)
        rest = (one.scan.resistance - one.fitted) * factor
        used = ~one.outliers
        panel.plot(one.scan.position[used] * 1e3, rest[used], marker, color=colour, markersize=2.2)
    panel.axhline(0.0, color="0.2", linewidth=0.7)
    panel.set_xlabel("Position $x$ (mm)")
    panel.set_ylabel(f"Residual ({unit})")
    largest = 1.15 * factor * (float(np.max(np.abs(kept))) or 1.0)
    panel.set_ylim(-largest, largest)


def _reach(found: LineScan, position: float) -> float:
    """Distance of the points that are shown enlarged."""
    distances = [np.sort(np.abs(one.scan.position - position)) for one in found.scans]
    return 1.05 * float(np.median([d[min(2 * NEAR, d.size) - 1] for d in distances]))


def _ohms(size: float) -> tuple[float, str]:
    """Factor and unit for resistances of this size."""
    for unit, factor in (("Ω", 1.0), ("mΩ", 1e3), ("µΩ", 1e6)):
        if size * factor >= 1.0:
            return factor, unit
    return 1e9, "nΩ"


def _spoken(text: str) -> str:
    number, _, unit = text.rpartition(" ")
    number, _, first = number.rpartition(" ") if text.endswith("cm2") else (number, "", "")
    return f"{number} {unit_label(' '.join(filter(None, [first, unit])))}"
