"""Picture of a fitted concentration profile with its width and residuals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ioffe.base.plotting import COLOURS, MARKERS, look, new_figure, save_figure
from ioffe.interface.diffusion.profile_fit import ProfileFit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["plot_profile"]

MICRO = 1e6
POINTS = 401


def plot_profile(
    found: ProfileFit, path: str | Path | None = None, *, label: str = "Concentration"
) -> Figure:
    """Measured points, the fitted profile and the range of its width; below, the residuals.

    The grey band reaches from the interface by the width w = 2 sqrt(D t) to both sides.

    Parameters
    ----------
    found : ProfileFit
    path : path, optional
        PNG, SVG or PDF file to write.
    label : str
        What is measured, with its unit, such as ``Cu (at%)``.

    Examples
    --------
    >>> from ioffe.interface.diffusion import couple_profile, fit_profile
    >>> x = np.linspace(-3e-6, 3e-6, 61)
    >>> figure = plot_profile(fit_profile(x, couple_profile(x, 0.428e-6, 66.7)), label="Cu (at%)")
    >>> figure.axes[0].get_ylabel()
    'Cu (at%)'
    """
    x, c = found.position * MICRO, found.concentration
    fine = np.linspace(found.position[0], found.position[-1], POINTS)
    width, interface = found.parameter("width"), found.parameter("interface")
    with look():
        figure, (panel, rest) = new_figure(2, 1, height=85.0, sharex=True, height_ratios=[3, 1])
        if np.isfinite(width.value) and np.isfinite(interface.value):
            low, high = ((interface.value + side * width.value) * MICRO for side in (-1.0, 1.0))
            panel.axvspan(low, high, color="0.92", zorder=0)
            panel.plot(fine * MICRO, found.profile(fine), color=COLOURS[1])
            rest.plot(x, c - found.profile(found.position), MARKERS[0], color=COLOURS[0])
        panel.plot(x, c, MARKERS[0], color=COLOURS[0], fillstyle="none")
        panel.set_title(str(width), loc="left")
        panel.set_ylabel(label)
        rest.axhline(0.0, color="0.6", linewidth=0.6, zorder=0)
        rest.set_ylabel("Residual")
        rest.set_xlabel("Position $x$ (µm)")
        if path is not None:
            save_figure(figure, path)
    return figure
