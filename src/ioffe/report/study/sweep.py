"""Maps and the page of a sweep."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from ioffe.base.plotting import look, new_figure, plain_words, unit_label
from ioffe.base.quantities import quantity
from ioffe.base.status import Status
from ioffe.base.units import convert, format_si
from ioffe.report.page import (
    Facts,
    Note,
    Page,
    PageTable,
    Picture,
    Writing,
    citations,
    numbers_from,
    section,
    warning_list,
    write_page,
)
from ioffe.report.study.sentences import of_sweep
from ioffe.report.text import axis, in_unit, list_of, noun, number, readable_unit
from ioffe.study.designing.answer import in_words
from ioffe.study.plan import WHOLE
from ioffe.study.sweep_result import MapAxis, SweepResult

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

Array = NDArray[np.float64]
COLOURS = "viridis"
MARK: dict[str, Any] = {"marker": "*", "color": "white", "markeredgecolor": "black", "markersize": 9}
"""Of the best device on a map."""


def sweep_pictures(result: SweepResult) -> dict[str, Callable[..., Any]]:
    """Pictures of a sweep: each output along the axes of its maps.

    Returns: each draws on axes that it is given.
    """
    return {name: partial(draw_map, result=result, name=name) for name in result.maps}


def draw_map(ax: Axes, result: SweepResult, name: str) -> None:
    """Draw an output of the best devices along one or two variables.

    `name`: one of its outputs.
    """
    values, first = result.maps[name], result.map_axes[0]
    finite = values[np.isfinite(values)]
    unit = readable_unit(finite if finite.size else [0.0], name)
    values = in_unit(values, name, unit)
    _axis(ax, "x", result, first)
    if len(result.map_axes) == 1:
        if values.dtype == float and first.values.dtype.kind in "US":
            ax.bar(range(len(values)), values)
        else:
            ax.plot(_shown(result, first, first.values), values, marker="o" if len(values) < 30 else "")
        ax.set_ylabel(axis(name, unit))
        return
    second = result.map_axes[1]
    _axis(ax, "y", result, second)
    edges = [_shown(result, one, _edges(one)) for one in (first, second)]
    mesh = ax.pcolormesh(*edges, values.T, cmap=COLOURS, rasterized=True)
    ax.figure.colorbar(mesh, ax=ax, label=axis(name, unit))
    if len(result.point_status):
        ax.plot(*([_place(result, one)] for one in (first, second)), linestyle="", **MARK)


def _quantity(result: SweepResult, one: MapAxis) -> str:
    return result.header["columns"][one.path].get("quantity", "")


def _unit(result: SweepResult, one: MapAxis) -> str:
    return readable_unit(one.values, _quantity(result, one))


def _shown(result: SweepResult, one: MapAxis, values: NDArray[Any]) -> Array:
    """Values of a variable in the unit of its axis; of materials their places."""
    if one.values.dtype.kind in "US":
        return np.asarray(values if values.dtype.kind == "f" else range(len(values)), float)
    return np.asarray(convert(values, one.unit, _unit(result, one)))


def _place(result: SweepResult, one: MapAxis) -> float:
    best = result.best[one.path][:1]
    if one.values.dtype.kind in "US":
        return float(one.cells(best.astype(str))[0])
    return float(_shown(result, one, best)[0])


def _edges(one: MapAxis) -> NDArray[Any]:
    """Between the cells of a map."""
    if one.edges is not None:
        return one.edges
    if one.values.dtype.kind in "US":
        return np.arange(len(one.values) + 1) - 0.5
    values = np.log(one.values) if one.log else one.values
    inner = 0.5 * (values[1:] + values[:-1])
    edges = np.concatenate([[2.0 * values[0] - inner[0]], inner, [2.0 * values[-1] - inner[-1]]])
    return np.exp(edges) if one.log else edges


def _axis(ax: Axes, which: str, result: SweepResult, one: MapAxis) -> None:
    if one.values.dtype.kind in "US":
        words = [plain_words(str(word)) for word in one.values]
        getattr(ax, f"set_{which}ticks")(range(len(words)), words)
        if which == "x":
            ax.tick_params("x", rotation=30)
        return
    unit = unit_label(_unit(result, one))
    words = in_words(one.path)
    getattr(ax, f"set_{which}label")(f"{words} ({unit})" if unit not in ("", "1") else words)
    if _quantity(result, one) in WHOLE and not one.log:
        getattr(ax, f"{which}axis").get_major_locator().set_params(integer=True)
    if one.log:
        from matplotlib.ticker import LogLocator, NullFormatter, ScalarFormatter

        getattr(ax, f"set_{which}scale")("log")
        along = getattr(ax, f"{which}axis")
        along.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        along.set_major_formatter(ScalarFormatter())
        along.set_minor_formatter(NullFormatter())


def sweep_page(result: SweepResult) -> Page:
    """The page of a sweep."""
    compared = f"{result.compared:,} of {len(result):,} devices have a solution and keep all constraints."
    sentences = [of_sweep(result), compared, f"They are compared by the {_objective(result)}."]
    header = result.header
    facts = [(one["path"], _values(result, one)) for one in header["study"]["variables"]]
    facts += [(name, _limits(result, name, ends)) for name, ends in header["limits"].items()]
    facts.append(("engine", header["engine"]))
    told = "" if len(result.map_axes) < 2 else f" The star is the device with the {_objective(result)}."
    where = f"Each place shows the best device there: that with the {_objective(result)}.{told}"
    sections = [
        section("notes", "", *header["text"], listed=False, hidden=True),
        warning_list(result.warnings, result.notes),
        section("maps", "Maps", *_drawn(result), Note(where) if result.maps else None),
        section("best", "Best devices", _best(result)),
        section("ranges", "Ranges of the outputs", _ranges(result)),
        section("status", "Status", _statuses(result)),
        section("study", "Study", Facts(facts)),
        citations(result.citations()),
    ]
    return Page(header["name"] or "A sweep", "", sections, verdict=list(filter(None, sentences)), wide=True)


def _objective(result: SweepResult) -> str:
    return f"{'largest' if result.header['sign'] > 0 else 'smallest'} {noun(result.header['objective'])}"


def _drawn(result: SweepResult) -> list[Picture]:
    found = []
    for name, picture in sweep_pictures(result).items():
        with look():
            figure, (ax,) = new_figure()
            picture(ax)
        along = list_of([one.path for one in result.map_axes])
        found.append(Picture(figure, name=f"map-{name}", alt=f"{noun(name)} over {along}"))
    return found


def _values(result: SweepResult, one: dict[str, Any]) -> str:
    values = one["values"]
    if one["text"]:
        return list_of(values)
    ends = " to ".join(result.shown(one["path"], float(v)) for v in (min(values), max(values)))
    how = "sampled" if one["sampled"] else f"{len(values)} values"
    return f"{ends}, {how}{', logarithmic' if one['log'] else ''}" if len(values) > 1 else ends


def _limits(result: SweepResult, name: str, ends: list[float | None]) -> str:
    words = zip(("at least", "at most"), ends, strict=True)
    return ", ".join(f"{word} {result.shown(name, end)}" for word, end in words if end is not None)


def _best(result: SweepResult) -> PageTable:
    heads, columns = [], []
    for name, values in result.best.items():
        kind = result.header["columns"][name].get("quantity", "")
        if values.dtype == object:
            heads.append(Markup("{}").format(name))
            columns.append([str(value) for value in values])
            continue
        unit = readable_unit(values if len(values) else [0.0], kind)
        shown = convert(values, quantity(kind).unit, unit)
        head = "" if unit in ("", "1") else unit_label(unit)
        heads.append(Markup("{} <span class=unit>{}</span>").format(name, head))
        columns.append([number(float(value)) for value in np.atleast_1d(shown)])
    rows = [tuple(row) for row in zip(*columns, strict=True)]
    return PageTable(heads, rows, numbers_from(0))


def _ranges(result: SweepResult) -> PageTable:
    rows = [
        (name, *("–" if np.isnan(v) else format_si(float(v), name) for v in values))
        for name, values in result.ranges.items()
    ]
    return PageTable(("Output", "least", "mean", "greatest"), rows, numbers_from(1))


def _statuses(result: SweepResult) -> PageTable:
    rows = [(status, f"{count:,}", Status[status.upper()].advice) for status, count in result.counts.items()]
    return PageTable(("Status", "devices", ""), rows, (1,), "texts")


def write_sweep(result: SweepResult, out: str | Path, **how: Unpack[Writing]) -> list[Path]:
    """Write the page of a sweep and its maps into a folder.

    Parameters
    ----------
    result : SweepResult
        What is told.
    out : path
        Folder; made if it does not exist.
    **how
        As for `write_page`.

    Returns
    -------
    list of Path
        The files, the page last.

    Examples
    --------
    >>> from ioffe import Generator, Leg, Study, sweep
    >>> at = Generator(T_hot=450, T_cold=330)
    >>> study = Study(Leg("Bi2Te3", "2 mm", "2 mm2"), at, {"T_hot": [400, 450]}, ["power"])
    >>> [path.name for path in write_sweep(sweep(study, "run"), "page")]
    ['map-power.svg', 'report.html']
    """
    return write_page(sweep_page(result), out, **how)
