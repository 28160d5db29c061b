"""Pictures and the page of an answer to a designer's question."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ioffe.base.plotting import DASHES, look, new_figure, plain_words, unit_label
from ioffe.base.quantities import quantity
from ioffe.base.units import convert
from ioffe.report.page import (
    Bullets,
    Page,
    PageTable,
    Picture,
    citations,
    numbers_from,
    section,
    warning_list,
)
from ioffe.report.study.sweep import COLOURS, MARK
from ioffe.report.text import axis, in_unit, readable_unit, words_of
from ioffe.study.designing.answer import DesignAnswer, DesignPicture, in_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

FEW: Final = 4
"""Devices that stand side by side; more stand below one another. Whole numbers that are marked one by one."""
DECADES, LARGE = 2.0, 1e5
"""Decades up to which, and size up to which, the numbers along a logarithmic axis are written out."""
ABOVE: Final[dict[str, Any]] = {
    "loc": "lower left",
    "bbox_to_anchor": (0.0, 1.0),
    "fontsize": 7,
    "labelspacing": 0.2,
    "borderpad": 0.0,
}
"""Of a legend above the axes."""
MARKS: Final = ("s", "D", "^", "v", "P")
"""Of the devices before the last one, which has a star."""


def design_pictures(found: DesignAnswer) -> dict[str, Callable[..., Any]]:
    """Pictures of an answer.

    Returns: each draws on axes that it is given.
    """
    return {name: partial(draw_design, picture=one) for name, one in found.drawn.items()}


def draw_design(ax: Axes, picture: DesignPicture) -> None:
    """Draw a course, bars or a map."""
    if len(picture.axes) == 2:
        _map(ax, picture)
        return
    ((name, along),) = picture.axes.items()
    shown = np.concatenate([np.ravel(one) for one in picture.values.values()])
    first = next(iter(picture.values))
    unit = readable_unit(shown, picture.kind(first)) if picture.kind(first) else ""
    if along.dtype.kind in "US":
        _bars(ax, picture, along, unit)
        return
    x = _along(ax, "x", picture, name)
    for k, (label, values) in enumerate(picture.values.items()):
        several: dict[str, Any] = {"label": plain_words(label)} if len(picture.values) > 1 else {}
        ax.plot(x, _in(picture, label, values, unit), **several, linestyle=DASHES[k % len(DASHES)])
    kind = picture.kind(first)
    ax.set_ylabel(axis(kind, unit) if kind else _label(picture, first, unit))
    values = _in(picture, first, picture.values[first], unit)
    for k, (label, place) in enumerate(picture.marks.items()):
        at = float(np.asarray(_place(picture, name, place[name])))
        known = np.isfinite(values)
        height = float(np.interp(at, x[known], values[known])) if known.any() else np.nan
        ax.plot([at], [height], linestyle="", label=label, **_mark(k, len(picture.marks)))
    if picture.level is not None:
        words, value = picture.level
        ax.axhline(
            float(_in(picture, first, np.array(value), unit)), color="black", linewidth=0.8, label=words
        )
    if len(picture.values) > 1:
        ax.legend(**ABOVE, ncols=2)
    elif picture.marks or picture.level:
        ax.legend()


def _map(ax: Axes, picture: DesignPicture) -> None:
    (one, other), ((name, values),) = picture.axes, picture.values.items()
    unit = readable_unit(values, picture.kind(name))
    x, y = _along(ax, "x", picture, one), _along(ax, "y", picture, other)
    shown = _in(picture, name, values, unit)
    mesh = ax.pcolormesh(x, y, shown.T, cmap=COLOURS, shading="nearest", rasterized=True)
    if np.isfinite(shown).all() and np.ptp(shown):
        ax.contour(x, y, shown.T, colors="white", linewidths=0.5, levels=9)
    ax.figure.colorbar(mesh, ax=ax, label=_label(picture, name, unit))
    for k, (label, place) in enumerate(picture.marks.items()):
        at = [[float(_place(picture, key, place[key]))] for key in (one, other)]
        ax.plot(*at, linestyle="", label=label, **_mark(k, len(picture.marks)))
    if picture.marks:
        ax.legend(**ABOVE)


def _bars(ax: Axes, picture: DesignPicture, along: Any, unit: str) -> None:
    ((name, values),) = picture.values.items()
    ax.barh(range(len(along)), _in(picture, name, values, unit), color="C0")
    ax.set_yticks(range(len(along)), [plain_words(str(word)) for word in along])
    ax.invert_yaxis()
    ax.set_xlabel(_label(picture, name, unit))


def _mark(k: int, count: int) -> dict[str, Any]:
    return MARK if k == count - 1 else {**MARK, "marker": MARKS[k % len(MARKS)], "markersize": 5}


def _unit(picture: DesignPicture, name: str) -> str:
    kind = picture.kind(name)
    return readable_unit(picture.axes[name], kind) if kind else ""


def _place(picture: DesignPicture, name: str, value: Any) -> Any:
    kind, unit = picture.kind(name), _unit(picture, name)
    return convert(value, quantity(kind).unit, unit) if kind else value


def _along(ax: Axes, which: str, picture: DesignPicture, name: str) -> Any:
    """The values of an axis as they are drawn, with its label and scale."""
    unit = _unit(picture, name)
    getattr(ax, f"set_{which}label")(_label(picture, name, unit))
    values = np.asarray(_place(picture, name, picture.axes[name]))
    along = getattr(ax, f"{which}axis")
    if name in picture.log:
        from matplotlib.ticker import LogFormatterSciNotation, LogLocator, NullFormatter, ScalarFormatter

        getattr(ax, f"set_{which}scale")("log")
        wide, large = np.ptp(np.log10(values)) > DECADES, values.max() > LARGE
        along.set_major_locator(LogLocator(subs=(1.0,) if wide else (1.0, 2.0, 5.0)))
        along.set_major_formatter(LogFormatterSciNotation() if large or wide else ScalarFormatter())
        along.set_minor_formatter(NullFormatter())
    elif len(values) <= FEW and np.all(values == np.round(values)):
        along.set_ticks(values)
    return values


def _in(picture: DesignPicture, name: str, values: Any, unit: str) -> Any:
    kind = picture.kind(name)
    return in_unit(values, kind, unit) if kind else np.asarray(values, float)


def _label(picture: DesignPicture, name: str, unit: str) -> str:
    kind = picture.kind(name)
    if kind and "." not in name:
        return axis(kind, unit)
    shown, words = unit_label(unit), name if "." in name else name[:1].upper() + name[1:].replace("_", " ")
    return f"{words} ({shown})" if shown not in ("", "1") else words


def design_page(found: DesignAnswer) -> Page:
    """The page of an answer."""
    pictures = []
    for name, draw in design_pictures(found).items():
        with look():
            figure, (ax,) = new_figure()
            draw(ax)
        pictures.append(Picture(figure, name=_file(name), alt=name.replace("_", " ")))
    state = f"{found.status}. {found.status.advice}"
    sections = [
        warning_list(found.warnings, found.notes),
        section("pictures", "Pictures", *pictures),
        section("devices", "Devices", _devices(found)),
        section("assumed", "What was assumed", Bullets((*found.assumed, f"Status: {state}"))),
        citations(found.citations()),
    ]
    return Page(found.name, found.asks, sections, verdict=(found.sentence,), wide=True)


def _file(name: str) -> str:
    """Name of the file of a picture."""
    return re.sub(r"[^A-Za-z0-9._]+", "-", name)


def _devices(found: DesignAnswer) -> PageTable:
    names = list(found.columns)
    if len(found.devices) <= FEW:
        rows = [[_head(n), *(found.shown(n, value) for value in found.columns[n])] for n in names]
        return PageTable(("", *found.devices), rows, numbers_from(1))
    rows = [[d, *(found.shown(n, found.columns[n][k]) for n in names)] for k, d in enumerate(found.devices)]
    return PageTable(("", *map(_head, names)), rows, numbers_from(1))


def _head(name: str) -> str:
    return in_words(name) if "." in name else words_of(name)
