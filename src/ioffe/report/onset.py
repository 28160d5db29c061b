"""Picture of an onset: the points, the two lines, the break and its interval."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.plotting import COLOURS, look, new_figure
from ioffe.measure.onset import Onset

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["figure", "write_onset"]


def figure(J: ArrayLike, ratio: ArrayLike, found: Onset, std: ArrayLike | None = None) -> Figure:
    """Ratios over the current density in A/cm2 with the fitted lines.

    Parameters
    ----------
    J : array_like
        In A/m2.
    ratio, std : array_like
        R/R0 or S/S0, and its standard deviation.
    found : Onset
        Of these points.
    """
    x, y = np.asarray(J, float) / 1e4, np.asarray(ratio, float)
    with look():
        drawn, (ax,) = new_figure(width=100.0, height=72.0)
        if std is None:
            ax.plot(x, y, "o", color=COLOURS[0], ms=3.5, zorder=2)
        else:
            ax.errorbar(
                x, y, np.broadcast_to(std, y.shape), fmt="o", color=COLOURS[0], ms=3.5, lw=0.7, zorder=2
            )
        at = np.sort(
            np.append(np.linspace(x.min(), x.max(), 201), found.position / 1e4 if found.exists else [])
        )
        ax.plot(at, found.value_at(at * 1e4), color="#3a3a3a", zorder=3)
        if found.exists:
            low, high = (v / 1e4 for v in found.interval)
            ends = (low if np.isfinite(low) else x.min(), high if np.isfinite(high) else x.max())
            ax.axvspan(*ends, color=COLOURS[1], alpha=0.2, lw=0)
            ax.axvline(found.position / 1e4, color=COLOURS[1])
            label = f"$J_c$ = {found.position / 1e4:.4g} A/cm$^2$\n"
            label += f"{found.confidence:.0%}: {ends[0]:.4g} to {ends[1]:.4g}"
        else:
            label = f"no onset:\n{found.reason}"
        ax.text(0.04, 0.06, label, transform=ax.transAxes, va="bottom")
        ax.set(xlabel=r"current density $J$ (A/cm$^2$)", ylabel=r"$R/R_0$ or $S/S_0$")
    return drawn


def write_onset(
    J: ArrayLike, ratio: ArrayLike, found: Onset, std: ArrayLike | None, folder: Path
) -> list[Path]:
    """Write the picture as SVG and PNG."""
    from ioffe.report.saving import save, settle

    return save(settle(figure(J, ratio, found, std)), folder, "onset", ("svg", "png"))
