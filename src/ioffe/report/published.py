"""The gallery: one self-contained page for each source, an index, and the pictures as files."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from pathlib import Path

from ioffe.published.run import Reproduction
from ioffe.report.published_html import render_index, render_source
from ioffe.report.published_overview import overview
from ioffe.report.saving import save, settle

__all__ = ["write_gallery", "write_source"]


def write_gallery(
    found: Sequence[Reproduction], folder: Path, date: str = "", processes: int = 1
) -> list[Path]:
    """Write the pages and pictures of sources into a folder.

    Parameters
    ----------
    found : sequence of Reproduction
        What was computed.
    folder : Path
        It exists; `index.html`, `overview.png`, and for each source `NAME.html` and its pictures are written
        into it.
    date : str
        Printed below the titles; without it the same values give the same files.
    processes : int
        Sources that are drawn at the same time.

    Returns
    -------
    list of Path
        The files.
    """
    if processes > 1 and len(found) > 1:
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(min(processes, len(found))) as pool:
            written = list(pool.map(write_source, found, repeat(folder), repeat(date)))
    else:
        written = [write_source(one, folder, date) for one in found]
    whole = settle(overview(found))
    index = folder / "index.html"
    index.write_text(render_index(found, whole, date), encoding="utf-8")
    return [*(path for paths in written for path in paths), *save(whole, folder, "overview", ["png"]), index]


def write_source(one: Reproduction, folder: Path, date: str = "") -> list[Path]:
    """Write the page and the pictures of one source; the arguments are those of :func:`write_gallery`."""
    name, drawn = one.source.folder.name, one.figures()
    written = []
    for picture in drawn:
        written += save(settle(picture.figure), folder, f"{name}-{picture.name}", ["png"])
    page = folder / f"{name}.html"
    page.write_text(render_source(one, drawn, date), encoding="utf-8")
    return [*written, page]
