"""Curves over the current: V, P, heat and efficiency of a generator; heat, COP, V and delta_T of a cooler."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.base.plotting import look, new_figure
from ioffe.device.conditions import Generator
from ioffe.device_file.measured import Measured
from ioffe.report.panels import draw_legend, draw_panel, panel_of
from ioffe.report.sweeps import Sweeps, sweeps_of
from ioffe.result.steady import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["COOLER_PANELS", "GENERATOR_PANELS", "curve", "curves", "panels_of"]

GENERATOR_PANELS = ("voltage", "power", "heat_hot", "efficiency")
COOLER_PANELS = ("heat_cold", "COP", "voltage", "delta_T")


def panels_of(result: Result) -> tuple[str, ...]:
    """Quantities over the current that are drawn for a result."""
    return GENERATOR_PANELS if isinstance(result.conditions, Generator) else COOLER_PANELS


def curves(
    result: Result,
    measured: Sequence[Measured] = (),
    sweeps: Sweeps | None = None,
    names: Sequence[str] | None = None,
    columns: int = 2,
    width: float = 170.0,
) -> Figure:
    """Panels over the current, with every maximum marked.

    Parameters
    ----------
    result : Result
        Of a generator or a cooler; with fewer than twelve currents the curves are solved at its temperatures.
    measured : sequence of Measured
        Published values; those with a current, and open-circuit voltages, are drawn.
    sweeps : Sweeps, optional
        The curves, if they are solved already.
    names : sequence of str, optional
        Quantities of the panels; by default the four of `panels_of(result)`.
    columns : int
        Panels side by side.
    width : float
        In mm; 170 mm are two columns of a journal.

    Raises
    ------
    InputError
        For another quantity.
    """
    names = panels_of(result) if names is None else names
    sweeps = sweeps or sweeps_of(result)
    panels = [panel_of(_known(name, result), sweeps, measured) for name in names]
    rows = ceil(len(panels) / columns)
    with look():
        figure, axes = new_figure(
            rows, columns, width=width, height=8.0 + rows * max(54.0, 0.67 * width / columns)
        )
        for panel, ax, letter in zip(panels, axes, "abcd", strict=False):
            draw_panel(ax, panel)
            ax.text(0.0, 1.02, letter, transform=ax.transAxes, fontweight="bold", va="bottom")
        for ax in axes[len(panels) :]:
            ax.set_visible(False)
        draw_legend(figure, panels[0].styles)
    return figure


def _known(name: str, result: Result) -> str:
    names = panels_of(result)
    if name not in names:
        raise InputError(Fault("name", name, " or ".join(f'"{n}"' for n in names), did_you_mean(name, names)))
    return name


def curve(
    result: Result, name: str, measured: Sequence[Measured] = (), sweeps: Sweeps | None = None
) -> Figure:
    """One quantity over the current, at the width of a column.

    Parameters
    ----------
    result, measured, sweeps
        As for `curves`.
    name : str
        One of `panels_of(result)`.

    Raises
    ------
    InputError
        For another quantity.
    """
    panel = panel_of(_known(name, result), sweeps or sweeps_of(result), measured)
    with look():
        figure, (ax,) = new_figure(1, 1, width=85.0, height=65.0)
        draw_panel(ax, panel)
        draw_legend(figure, panel.styles)
    return figure
