"""Pictures: a grid of panels with letters and one legend; as files and inside a page."""

from __future__ import annotations

import base64
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from io import BytesIO
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.base.plotting import COLOURS, MARKERS, look, new_figure, save_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


FORMATS = ("svg", "png", "pdf")


class WantedPictures(NamedTuple):
    """Which files pictures become where nothing else is said."""

    formats: tuple[str, ...] = ("svg",)
    panels: bool = False
    """Whether panels that are on a page beside others are written alone too."""


WANTED: ContextVar[WantedPictures] = ContextVar("wanted pictures", default=WantedPictures())  # noqa: B039 - frozen
"""What the command line asks for; a call that says it itself comes first."""
LEGEND_HEIGHT = 8.0
"""Height in mm that a figure has for a legend above its panels."""


def panel_grid(
    count: int, columns: int = 2, *, width: float = 170.0, row: float = 54.0, **more: Any
) -> tuple[Figure, list[Axes]]:
    """Figure with so many panels, row by row; to be used inside `look()`.

    `count`, `columns`: number of panels, and how many are side by side.
    `width`, `row`: width of the figure and height of a row in mm.
    `**more`: as for `matplotlib.figure.Figure.subplots`.
    Returns: the panels without those that stay empty in the last row.
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


def legend_above(
    figure: Figure,
    axes: Sequence[Axes],
    columns: int = 4,
    before: Mapping[str, Any] | None = None,
    **more: Any,
) -> None:
    """One legend above all panels with every label of some of them once; none without labels.

    `before` holds handles by labels that come first.
    """
    found: dict[str, Any] = dict(before or {})
    for ax in axes:
        found |= {label: handle for handle, label in zip(*ax.get_legend_handles_labels(), strict=True)}
    if found:
        ncols = min(len(found), columns)
        figure.legend(list(found.values()), list(found), loc="outside upper center", ncols=ncols, **more)


def draw_measured(
    ax: Axes, x: ArrayLike, y: ArrayLike, error: Array, colour: str = "black", **style: Any
) -> None:
    """Draw measured values as open symbols, with error bars where an error is stated."""
    ax.plot(x, y, color=colour, fillstyle="none", linestyle="none", **{"markersize": 4.6, **style})
    ax.errorbar(x, y, np.where(error > 0.0, error, np.nan), color=colour, linestyle="none", linewidth=0.8)


def ordered_colours(count: int) -> list[str]:
    """Colours from cold to hot that stay in order for colour-blind readers and in grey print.

    >>> ordered_colours(1), len(set(ordered_colours(9)))
    (['#b12a90'], 9)
    """
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    shades = [0.4] if count == 1 else np.linspace(0.04, 0.82, count)
    return [to_hex(colormaps["plasma"](float(s))) for s in shades]


def sample_styles(count: int) -> list[tuple[str, str]]:
    """Colour and marker of every sample of a series.

    >>> sample_styles(2)
    [('#0072B2', 'o'), ('#D55E00', 's')]
    """
    colours = COLOURS if count <= len(COLOURS) else ordered_colours(count)
    return [(colours[k], MARKERS[k % len(MARKERS)]) for k in range(count)]


def write_pictures(figures: Mapping[str, Figure], out: str | Path, formats: Sequence[str] = ()) -> list[Path]:
    """Write figures into a folder, each in every format.

    `figures`: by the names of their files, without an ending.
    `out`: folder; made if it does not exist.
    `formats`: ``"svg"``, ``"png"``, ``"pdf"``; by default those of `WANTED`.
    Raises `InputError` for an unknown format, before anything is written.
    """
    formats = formats or WANTED.get().formats
    check_formats(formats)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    return [path for name, figure in figures.items() for path in save(settle(figure), folder, name, formats)]


def check_formats(formats: Sequence[str]) -> None:
    """Refuse endings of pictures that are not known.

    Raises `InputError` with the nearest known one.
    """
    unknown = [f for f in formats if f not in FORMATS]
    if unknown:
        words = " or ".join(f'"{f}"' for f in FORMATS)
        raise InputError(Fault("formats", unknown[0], words, did_you_mean(unknown[0], FORMATS)))


@contextmanager
def _any_letter() -> Iterator[None]:
    """Letters that the font has not are drawn as boxes, without a warning for each."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)
        yield


def settle(figure: Figure) -> Figure:
    """Lay a figure out once, so that saving it several times does not do it again.

    `figure`: it is changed: it has no layout engine any more.
    """
    with look(), _any_letter():
        engine = figure.get_layout_engine()
        if engine is not None:
            engine.execute(figure)
        # without any engine, where "none" leaves one in place for which saving draws everything twice
        figure.set_layout_engine(None)
    return figure


def save(figure: Figure, folder: Path, name: str, formats: Sequence[str]) -> list[Path]:
    """Write a figure in several formats and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{name}.{ending}" for ending in formats]
    for path in files:
        if path.suffix == ".svg":
            path.write_bytes(_drawn(figure))
        else:
            with _any_letter():
                save_figure(figure, path)
    return files


_DRAWN: WeakKeyDictionary[Figure, bytes] = WeakKeyDictionary()
"""Figures that have been drawn: a page and the file beside it show the same drawing."""


def _drawn(figure: Figure) -> bytes:
    """A figure as SVG with its letters as outlines, laid out and drawn once."""
    import matplotlib as mpl

    if figure not in _DRAWN:
        stream = BytesIO()
        with look(), _any_letter(), mpl.rc_context({"svg.fonttype": "path"}):
            settle(figure).savefig(stream, format="svg", metadata={"Date": None})
        _DRAWN[figure] = stream.getvalue()
    return _DRAWN[figure]


def embedded(figure: Figure) -> str:
    """Figure as the address of an image that holds it.

    It is SVG with its letters as outlines, the same on every screen. A figure is drawn once: what is changed
    in it afterwards does not show.

    `figure`: equal figures give equal texts.
    Returns: an address ``data:image/svg+xml;base64,...``.
    """
    return "data:image/svg+xml;base64," + base64.b64encode(_drawn(figure)).decode("ascii")
