"""Pictures of a leg whose metal moves: composition along it, and resistance and deposits over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ioffe.base.plotting import COLOURS, DASHES, look, new_figure
from ioffe.migration.defect import DefectModel
from ioffe.migration.steady import SteadyProfile
from ioffe.migration.transient import MigrationResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["composition_figure", "history_figure"]

FORBIDDEN = "#f3c6c0"


def composition_figure(
    profiles: Mapping[str, SteadyProfile | MigrationResult],
    model: DefectModel | None = None,
    times: Sequence[float] | None = None,
) -> Figure:
    """Deficiency along the leg; barriers show as the steps of a saw-tooth.

    Parameters
    ----------
    profiles : mapping of str to SteadyProfile or MigrationResult
        By the words of the legend; a result is drawn at its last time, or at `times`.
    model : DefectModel, optional
        Whose metal boundary is drawn, with what lies beyond it.
    times : sequence of float, optional
        In s, for results.
    """
    with look():
        figure, (ax,) = new_figure(width=110.0, height=78.0)
        for k, (name, profile) in enumerate(profiles.items()):
            if isinstance(profile, SteadyProfile):
                _draw(ax, profile.x, profile.delta, profile.part, COLOURS[k % len(COLOURS)], "-", name)
            else:
                _draw_result(ax, profile, times, COLOURS[k % len(COLOURS)], name)
        if model is not None:
            _draw_boundary(ax, model, next(iter(profiles.values())))
        ax.set_xlabel("Position $x$ (mm)")
        ax.set_ylabel(r"Deficiency of the metal $\delta$")
        ax.margins(x=0)
        figure.legend(loc="outside upper center", ncols=2)
    return figure


def history_figure(results: Mapping[str, MigrationResult], *, unit: str = "h") -> Figure:
    """Resistance and deposited metal over time, below the current density.

    Parameters
    ----------
    results : mapping of str to MigrationResult
        By the words of the legend.
    unit : {"s", "min", "h"}
        Of the time.
    """
    seconds = {"s": 1.0, "min": 60.0, "h": 3600.0}[unit]
    with look():
        figure, axes = new_figure(3, 1, width=110.0, height=130.0, sharex=True)
        for k, (name, result) in enumerate(results.items()):
            time, colour = result.time / seconds, COLOURS[k % len(COLOURS)]
            style: dict[str, Any] = {"color": colour, "linestyle": DASHES[k % len(DASHES)], "label": name}
            current = np.append(result.current_density[1:], result.current_density[-1])
            axes[0].step(time, current / 1e4, where="post", **style)
            axes[1].plot(time, result.resistance_ratio, **style)
            axes[2].plot(time, np.sum(result.metal, axis=1), **style)
        axes[0].set_ylabel("$J$ (A/cm²)")
        axes[1].set_ylabel("$R/R_0$")
        axes[2].set_ylabel("Metal (mol/m²)")
        axes[2].set_xlabel(f"Time ({unit})")
        axes[2].margins(x=0)
        if len(results) > 1:
            figure.legend(*axes[1].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure


def _draw(
    ax: Axes, x: np.ndarray, delta: np.ndarray, part: np.ndarray, colour: str, line: str, name: str
) -> None:
    """One line, broken where the part changes."""
    breaks = np.flatnonzero(np.diff(part)) + 1
    ax.plot(
        1e3 * np.insert(x, breaks, np.nan),
        np.insert(delta, breaks, np.nan),
        color=colour,
        linestyle=line,
        label=name,
    )


def _draw_result(
    ax: Axes, result: MigrationResult, times: Sequence[float] | None, colour: str, name: str
) -> None:
    """One line a time, the ends of the parts among the points, dashes in the order of the times."""
    wanted = [float(result.time[-1])] if times is None else list(times)
    for k, time in enumerate(wanted):
        row = int(np.argmin(np.abs(result.time - time)))
        pieces = []
        for p in np.unique(result.part):
            cells, ends = result.part == p, slice(2 * p, 2 * p + 2)
            x = np.concatenate([result.end_x[ends][:1], result.x[cells], result.end_x[ends][1:]])
            edge = result.end_delta[row, ends]
            pieces.append(
                (x, np.concatenate([edge[:1], result.delta[row, cells], edge[1:]]), np.full(x.size, p))
            )
        x, delta, part = (np.concatenate([piece[i] for piece in pieces]) for i in range(3))
        words = name if times is None else f"{name}, {time:g} s"
        _draw(ax, x, delta, part, colour, DASHES[k % len(DASHES)], words)


def _draw_boundary(ax: Axes, model: DefectModel, profile: SteadyProfile | MigrationResult) -> None:
    boundary = model.metal_boundary(profile.T)
    low = min(ax.get_ylim()[0], float(np.min(boundary)) - 0.1 * float(np.ptp(ax.get_ylim())))
    ax.plot(1e3 * profile.x, boundary, color="black", linewidth=0.8, linestyle=":")
    ax.fill_between(1e3 * profile.x, low, boundary, color=FORBIDDEN, linewidth=0, label="metal")
    ax.set_ylim(bottom=low)
