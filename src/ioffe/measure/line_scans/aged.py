"""One junction at several ages: its line scans in one picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ioffe.base.errors import Fault, InputError
from ioffe.base.plotting import COLOURS, MARKERS, drawing, unit_label
from ioffe.measure.line_scans.plot import NEAR
from ioffe.measure.line_scans.result import LineScan

if TYPE_CHECKING:
    from matplotlib.figure import Figure

UOHM_CM2 = 1e10


def plot_aged_scans(
    ages: Mapping[str, LineScan], path: str | Path | None = None, *, interface: int = 0
) -> Figure:
    """Scans of a junction at several ages, each counted from the line of its first side.

    Resistance times area near the interface, so that the line of the second side begins at the contact
    resistivity, whatever the cross-section; beside it the contact resistivities with their errors, in the
    order given.

    Parameters
    ----------
    ages : mapping of str to LineScan
        By what is written beside them, such as "7 day".
    path : path, optional
        PNG, SVG or PDF file to write.
    interface : int
        Which interface of the scans, from 0.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        Without a scan, or for an interface that one of them does not have.

    Examples
    --------
    >>> from ioffe.measure import Scan, line_scan
    >>> x = np.arange(40) * 1e-4
    >>> noise = 1e-7 * np.sin(9.0 * np.arange(40.0))
    >>> jumps = {"fresh": 3e-5, "7 day": 6e-5}
    >>> found = {
    ...     age: line_scan(Scan(x, (x > 2e-3) * (jump + 2.5 * (x - 2e-3)) + noise), "9 mm2")
    ...     for age, jump in jumps.items()
    ... }
    >>> [text.get_text() for text in plot_aged_scans(found).axes[1].get_xticklabels()]
    ['fresh', '7 day']
    """
    if not ages:
        raise InputError(Fault("ages", expected="at least one evaluated line scan is expected"))
    for name, found in ages.items():
        if not 0 <= interface < len(found.interfaces):
            expected = f"one of {len(found.interfaces)} interfaces is expected, counted from 0"
            raise InputError(Fault(f"ages.{name}", interface, expected))
    scans = [one.scan for found in ages.values() for one in found.scans]
    reach = NEAR * max(float(np.median(np.diff(scan.position))) for scan in scans)
    with drawing(path, 1, 2, width=170.0, height=70.0) as (figure, (panel, beside)):
        lowest = 0.0
        for index, (age, found) in enumerate(ages.items()):
            colour, marker = COLOURS[index % len(COLOURS)], MARKERS[index % len(MARKERS)]
            for one in found.scans:
                at, (level, slope) = one.positions[interface], one.lines[interface]
                x = one.scan.position - at
                shown = ~one.outliers & (np.abs(x) <= reach)
                to_area = found.area * UOHM_CM2
                y = (one.steady - level - slope * one.scan.position)[shown] * to_area
                label = age if one is found.scans[0] else None
                panel.plot(x[shown] * 1e3, y, marker, color=colour, markersize=2.5, label=label)
                beyond, rise = one.lines[interface + 1]
                ends = np.array([0.0, reach])
                line = (beyond - level + (rise - slope) * (at + ends)) * to_area
                panel.plot(ends * 1e3, line, color=colour, linewidth=0.8)
            rho = found.interfaces[interface].resistivity
            value, low, high = (float(v) * UOHM_CM2 for v in (rho.value, rho.low, rho.high))
            error, lowest = [[value - low], [high - value]], min(lowest, low)
            beside.errorbar([index], [value], yerr=error, fmt=marker, capsize=2.0, color=colour)
        panel.axvline(0.0, color="0.6", linewidth=0.6, linestyle=":")
        unit = unit_label("uohm cm2")
        panel.set(xlabel="Position from the interface (mm)", ylabel=f"Resistance times area ({unit})")
        beside.set(ylabel=rf"$\rho_\mathrm{{c}}$ ({unit})", xlim=(-0.5, len(ages) - 0.5))
        beside.set_ylim(1.05 * lowest, None)
        if lowest < 0.0:
            beside.axhline(0.0, color="0.6", linewidth=0.6)
        panel.legend()
        beside.set_xticks(np.arange(len(ages)), list(ages))
    return figure
