"""Figures as files and inside a page."""

from __future__ import annotations

import base64
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from ioffe.base.plotting import look, save_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["embedded", "save", "settle"]


@contextmanager
def _any_letter() -> Iterator[None]:
    """Letters that the font has not are drawn as boxes, without a warning for each."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)
        yield


def settle(figure: Figure) -> Figure:
    """Lay a figure out once, so that saving it several times does not do it again."""
    with look(), _any_letter():
        figure.draw_without_rendering()
        # without any engine, where "none" leaves one in place for which saving draws everything twice
        figure.set_layout_engine(None)
    return figure


def save(figure: Figure, folder: Path, name: str, formats: Sequence[str]) -> list[Path]:
    """Write a figure in several formats and return the files."""
    with _any_letter():
        return [save_figure(figure, folder / f"{name}.{ending}") for ending in formats]


def embedded(figure: Figure) -> str:
    """Figure as the address of an image that holds it.

    It is SVG with its letters as outlines, the same on every screen.
    """
    import matplotlib as mpl

    stream = BytesIO()
    with look(), _any_letter(), mpl.rc_context({"svg.fonttype": "path"}):
        figure.savefig(stream, format="svg", metadata={"Date": None})
    return "data:image/svg+xml;base64," + base64.b64encode(stream.getvalue()).decode("ascii")
