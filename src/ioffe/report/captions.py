"""What stands below the pictures of a report."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ioffe.device.conditions import Generator
from ioffe.device.leg import Leg
from ioffe.device.status import Status
from ioffe.device_file.measured import Measured
from ioffe.report.html import place_words
from ioffe.report.sweeps import Sweeps
from ioffe.result.steady import Result

__all__ = ["curves_caption", "family_caption", "profiles_caption"]


def curves_caption(result: Result, sweeps: Sweeps) -> str:
    """What the panels show, what is marked, and which points are missing."""
    if isinstance(result.conditions, Generator):
        what = "Voltage, power, heat taken in and efficiency over the current."
    else:
        what = "Heat taken up, COP, voltage and temperature difference over the current."
        what += " Only currents at which heat is taken up are drawn for heat and COP."
    words = [what, "Dots mark the largest values.", *sweeps.sentences]
    for part in filter(None, (sweeps.main, sweeps.lift)):
        failed = int(np.sum(part.point_status >= Status.RUNAWAY))
        if failed:
            words.append(f"{failed} of {part.point_status.size} points have no solution and are left out.")
    return " ".join(words)


def family_caption(result: Result, measured: Sequence[Measured]) -> str:
    """What the lines and the open symbols are."""
    words = ["Largest values over the current, at each temperature; lines join the computed points."]
    if any(m.quantity in result.values and m.at for m in measured):
        words.append("Open symbols: published values (see the table below).")
    return " ".join(words)


def profiles_caption(result: Result, index: tuple[int, ...]) -> str:
    """Which operating point is drawn, and how the flux is counted."""
    words = [f"Operating point: {place_words(result, index)}."]
    if not isinstance(result.device, Leg):
        words.append("Grey: plates and electrodes. The potential is zero at the hot junction.")
        words.append(
            "Heat flux refers to the cross-section of each layer, so that it steps where the area does."
        )
    return " ".join(words)
