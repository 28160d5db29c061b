"""Panels of a picture: their grid, their letters and one legend above all of them."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

import numpy as np

from ioffe.base.plotting import COLOURS, MARKERS, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


LEGEND_HEIGHT = 8.0
"""Height in mm that a figure has for a legend above its panels."""


def panel_grid(
    count: int, columns: int = 2, *, width: float = 170.0, row: float = 54.0, **more: Any
) -> tuple[Figure, list[Axes]]:
    """Figure with so many panels, row by row; to be used inside `look()`.

    Parameters
    ----------
    count, columns : int
        Number of panels, and how many stand side by side.
    width, row : float
        Width of the figure and height of a row in mm.
    **more
        As for `matplotlib.figure.Figure.subplots`.

    Returns
    -------
    Figure, list of Axes
        The panels without those that stay empty in the last row.
    """
    rows = -(-count // columns)
    figure, axes = new_figure(rows, columns, width=width, height=LEGEND_HEIGHT + row * rows, **more)
    for ax in axes[count:]:
        ax.set_visible(False)
    return figure, axes[:count]


def letter(axes: Sequence[Axes]) -> None:
    """Letters a, b, c ... above the panels."""
    for ax, text in zip(axes, ascii_lowercase, strict=False):
        ax.text(0.0, 1.02, text, transform=ax.transAxes, fontweight="bold", va="bottom")


def title_letters(axes: Sequence[Axes]) -> None:
    """Letters a, b, c ... as titles at the left, for panels with legends or bars around them."""
    for ax, text in zip(axes, ascii_lowercase, strict=False):
        ax.set_title(text, loc="left", fontweight="bold", pad=3.0)


def legend_above(figure: Figure, axes: Sequence[Axes], columns: int = 4, **more: Any) -> None:
    """One legend above all panels with every label of some of them once; none without labels."""
    found: dict[str, Any] = {}
    for ax in axes:
        found |= {label: handle for handle, label in zip(*ax.get_legend_handles_labels(), strict=True)}
    if found:
        ncols = min(len(found), columns)
        figure.legend(list(found.values()), list(found), loc="outside upper center", ncols=ncols, **more)


def ordered_colours(count: int) -> list[str]:
    """Colours from cold to hot that stay in order for colour-blind readers and in grey print.

    Examples
    --------
    >>> ordered_colours(1), len(set(ordered_colours(9)))
    (['#b12a90'], 9)
    """
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    shades = [0.4] if count == 1 else np.linspace(0.04, 0.82, count)
    return [to_hex(colormaps["plasma"](float(s))) for s in shades]


def sample_styles(count: int) -> list[tuple[str, str]]:
    """Colour and marker of every sample of a series.

    Examples
    --------
    >>> sample_styles(2)
    [('#0072B2', 'o'), ('#D55E00', 's')]
    """
    colours = COLOURS if count <= len(COLOURS) else ordered_colours(count)
    return [(colours[k], MARKERS[k % len(MARKERS)]) for k in range(count)]
