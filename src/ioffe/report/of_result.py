"""What every result offers of this package: `result.plot()` and `result.report()`.

>>> import ioffe as te
>>> found = te.Leg("Bi2Te3", "2 mm", "1 mm2").solve(te.Generator(T_hot=[400, 450], T_cold=310))
>>> list(pictures_of(found))
['voltage', 'power', 'heat_hot', 'efficiency', 'max_power', 'max_efficiency', 'open_circuit_voltage',
 'internal_resistance']
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.base.plotting import COLOURS, look, new_figure, unit_label
from ioffe.base.quantities import QUANTITIES
from ioffe.base.saved import write_aside
from ioffe.base.saved_result import SavedResult
from ioffe.cost.result import CostResult
from ioffe.export.compact import CompactModel
from ioffe.field.bodies.scene import BodyScene
from ioffe.field.stress.result import StressResult
from ioffe.life.result import LifeResult
from ioffe.material.analysis import Analysis
from ioffe.measure.line_scans.result import LineScan
from ioffe.measured.calibration import Calibration
from ioffe.migration.steady import SteadyProfile
from ioffe.migration.transient.result import MigrationResult
from ioffe.published.run import Reproduction
from ioffe.report.analysis.figure import PANELS, draw_property
from ioffe.report.analysis.pages import analysis_page
from ioffe.report.bodies.contents import body_pictures
from ioffe.report.bodies.stress import STRESSED, stress_page
from ioffe.report.compact_figure import compact_pictures
from ioffe.report.cost_figure import cost_pictures
from ioffe.report.curves import draw_maxima, draw_panel, family_axis, maxima_of, panel_of, panels_of
from ioffe.report.device import BODIES, device_page, pictures_of_page
from ioffe.report.families import OPERATION_AXES, sweeps_of
from ioffe.report.life import life_page
from ioffe.report.life_figure import draw_performance
from ioffe.report.measure import line_scan_page, measured_pictures
from ioffe.report.measured.figures import calibration_pictures
from ioffe.report.measured.pages import calibration_page
from ioffe.report.migration_figures import draw_composition
from ioffe.report.page import Bullets, Facts, Page, PageTable, Picture, section, warning_list
from ioffe.report.pictures import ordered_colours
from ioffe.report.plan import draw_legs
from ioffe.report.profiles import best_point
from ioffe.report.published import source_page
from ioffe.report.study.design import design_page, design_pictures
from ioffe.report.study.front import front_pictures
from ioffe.report.study.ranking import draw_ranking
from ioffe.report.study.sentences import sentences_of
from ioffe.report.study.sweep import sweep_page, sweep_pictures
from ioffe.report.study.uncertainty import uncertainty_pictures
from ioffe.report.text import axis, words_of
from ioffe.result.steady import Result
from ioffe.study.designing.answer import DesignAnswer
from ioffe.study.front import ParetoFront
from ioffe.study.ranking import Ranking
from ioffe.study.sweep_result import SweepResult
from ioffe.study.uncertainty_result import UncertaintyResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ioffe.base.table import ResultTable

MOST_NAMED = 7
"""Lines of a picture that its legend names, an even choice of more."""
MOST_ROWS = 200
"""Rows of a table that a page without a form of its own lists."""
Drawing = Callable[..., Any]


OWN: dict[type, Callable[[Any], Mapping[str, Drawing]]] = {
    Calibration: calibration_pictures,
    SweepResult: sweep_pictures,
    UncertaintyResult: uncertainty_pictures,
    DesignAnswer: design_pictures,
    ParetoFront: front_pictures,
    CostResult: cost_pictures,
    CompactModel: compact_pictures,
}
"""Results whose pictures are made by one function each."""
PAGES: dict[type, Callable[[Any], Page]] = {
    Result: lambda result: device_page(result, pictures_of_page(result)[0]),
    LifeResult: life_page,
    Analysis: analysis_page,
    LineScan: line_scan_page,
    Calibration: calibration_page,
    Reproduction: source_page,
    SweepResult: sweep_page,
    DesignAnswer: design_page,
    StressResult: stress_page,
}
"""Results with a page of their own."""


def draw(result: Any, picture: str = "", ax: Axes | None = None, **options: Any) -> Axes:
    """Draw one of the pictures that the report of a result shows.

    `result`: a steady result, a service life, an analysis, or another result with tables.
    `picture`: one of `pictures_of(result)`; by default the first one.
    `ax`: where to draw; by default on a new figure of one column. A result that is drawn over another
        one takes its units.
    `**options`: ``measured``: published or measured values, of a steady result or a service life; ``label``:
        name of a steady result in the legend.
    Returns: with labels and units.
    Raises `InputError` if there is no such picture; the message lists them.
    """
    known = pictures_of(result)
    picture = picture or next(iter(known), "")
    if picture not in known:
        words = f"one of {', '.join(known)} is expected" if known else "a result with numbers is expected"
        if isinstance(result, SavedResult):
            words = "a result that was solved is expected: its file holds numbers, not what pictures need"
        raise InputError(Fault("picture", picture, words, did_you_mean(picture, list(known))))
    with look():
        if ax is not None:
            known[picture](ax, **options)
            return ax
        _, (ax,) = new_figure(shown=True)
        known[picture](ax, **options)
        if ax.get_legend() is None and len(ax.get_legend_handles_labels()[1]) > 1:
            ax.legend()
    return ax


def pictures_of(result: Any) -> dict[str, Drawing]:
    """Pictures of a result by their names.

    Returns: each draws on axes that it is given.
    """
    if isinstance(result, Result):
        curves: dict[str, Drawing] = {name: partial(_draw_curve, result, name) for name in panels_of(result)}
        maxima = maxima_of(result) if family_axis(result) else []
        legs = {} if result.legs is None else {"legs": partial(_draw_legs, result)}
        names = BODIES.get(result.fidelity, ())
        bodies = body_pictures(partial(_bodies, result), names) if names else {}
        return curves | {name: partial(_draw_maxima, result, name) for name in maxima} | legs | bodies
    if isinstance(result, LifeResult):
        return {name: partial(draw_performance, life=result, key=name) for name in result.keys}
    if isinstance(result, Analysis):
        return {name: partial(draw_property, analysis=result, name=name) for name in PANELS}
    for kind, own in OWN.items():
        if isinstance(result, kind):
            return dict(own(result))
    if isinstance(result, Ranking):
        return {"ranking": partial(draw_ranking, ranking=result)}
    if isinstance(result, StressResult):
        return body_pictures(result.bodies, STRESSED)
    if isinstance(result, SteadyProfile | MigrationResult):
        found: dict[str, Drawing] = {"composition": partial(draw_composition, profiles={result.kind: result})}
    else:
        found = measured_pictures(result)
    columns = next(iter(result.tables().values())).columns
    plain = (name for name, one in columns.items() if one.axes and one.values.dtype.kind in "fi")
    return found | {name: partial(_draw_column, result, name) for name in plain}


def _draw_curve(result: Result, name: str, ax: Axes, measured: Sequence[Any] = (), label: str = "") -> None:
    draw_panel(ax, panel_of(name, sweeps_of(result), measured), label)


def _draw_maxima(result: Result, name: str, ax: Axes, measured: Sequence[Any] = (), label: str = "") -> None:
    draw_maxima(ax, result, family_axis(result), name, measured, label)


def _draw_legs(result: Result, ax: Axes) -> None:
    draw_legs(ax, result, best_point(result) or tuple(0 for _ in result.axes))


def _bodies(result: Result) -> BodyScene:
    return result.bodies(best_point(result) or tuple(0 for _ in result.axes))


def _draw_column(result: Any, name: str, ax: Axes) -> None:
    """A column over the longest of its axes, one line for each position along the others."""
    table = next(iter(result.tables().values()))
    axes = table.columns[name].axes
    lengths = dict(zip(axes, table.columns[name].values.shape, strict=True))
    along = max(reversed(axes), key=lambda one: (one in table.index, lengths[one]))
    current = table.columns.get("current")
    if along in OPERATION_AXES and name != "current" and current is not None and current.axes == axes:
        x = "current"  # of a sweep, whose axis only counts its points
    else:
        x = along if along in table.index else ""
    others = [one for one in axes if one != along]
    known = {**table.columns, **table.index, name: table.columns[name]}
    units, shown = table.in_field_units({one: known[one] for one in (name, x, *others) if one in known})
    counted = np.arange(lengths[along])

    def line(column: str, *at: int) -> np.ndarray:
        """Values of a column along the line at a place of the others."""
        place = dict(zip(others, at, strict=True))
        return shown[column].values[tuple(place.get(one, slice(None)) for one in shown[column].axes)]

    places = list(np.ndindex(*(lengths[one] for one in others)))
    named = {round(k) for k in np.linspace(0, len(places) - 1, MOST_NAMED).tolist()}
    colours = ordered_colours(len(places)) if len(places) > 1 else COLOURS[:1]
    for k, (place, colour) in enumerate(zip(places, colours, strict=True)):
        across = line(x, *place) if x else counted
        numbers = across if across.dtype.kind in "fi" else counted
        words = (
            f"{one} = {_at(line(one, *place))} {unit_label(units[one])}".strip()
            for one in others
            if one in units
        )
        label = ", ".join(words) if k in named else ""
        ax.plot(numbers, line(name, *place), color=colour, label=label or None)
    for one, put in {x or along: ax.set_xlabel, name: ax.set_ylabel}.items():
        unit = units.get(one, "")
        put(
            axis(one, unit)
            if one in QUANTITIES
            else one
            if unit in ("", "1")
            else f"{one} ({unit_label(unit)})"
        )


def _at(value: Any) -> str:
    """One value of an axis."""
    return f"{value:.4g}" if np.asarray(value).dtype.kind in "fi" else str(value)


def report(result: Any, path: str | Path) -> Path:
    """Write the page of a result as one HTML file.

    `path`: the file; its folder exists.
    Returns: the file, which is written aside and renamed.
    """
    page, today = page_of(result), datetime.now().astimezone().date().isoformat()
    return write_aside(Path(path), lambda aside: aside.write_text(page.render(today), encoding="utf-8"))


def page_of(result: Any) -> Page:
    """The page of a result.

    Returns: that of `write_report`, `write_life` or `write_analysis`; for other results their facts and
        tables.
    """
    for kind, own in PAGES.items():
        if isinstance(result, kind):
            return own(result)
    return _plain_page(result)


def _plain_page(result: Any) -> Page:
    """Pictures, facts and tables of a result that has no page of its own."""
    pictures = []
    own = OWN.get(type(result), measured_pictures)
    for name, picture in own(result).items():
        with look():
            figure, (ax,) = new_figure()
            picture(ax)
        pictures.append(Picture(figure, name=name, alt=name.replace("_", " ").replace("-", " ")))
    told = tuple(filter(None, (*result.warnings, *result.notes)))
    facts = [
        (words, text) if words or " = " not in text else tuple(text.split(" = ", 1))
        for words, text in result._facts()
        if not text.endswith(told)
    ]
    pairs, sentences = [(a, b) for a, b in facts if a], [b for a, b in facts if not a]
    shown = [
        warning_list(result.warnings, result.notes),
        section("summary", "Summary", Facts(pairs), Bullets(sentences) if sentences else None),
        section("pictures", "Pictures", *pictures),
    ]
    tables = []
    for name, table in result.tables().items():
        left_out = f"{len(table) - MOST_ROWS} further rows are left out." if len(table) > MOST_ROWS else None
        words = name.replace("_", " ").capitalize() or "Values"
        tables.append(section(name or "values", words, _listed(table), left_out))
    title = result._title()
    return Page(title, "", [*shown, *tables], verdict=sentences_of(result), wide=True)


def _listed(table: ResultTable) -> PageTable:
    """The first rows of a table as people read them, without columns that say nothing."""
    heads, rows = table.rows(si=False)
    kept = [k for k in range(len(heads)) if any(row[k] == row[k] for row in rows)]
    named = (heads[k].partition(" (") for k in kept)
    shown = [_head(name, unit.removesuffix(")")) for name, _, unit in named]
    numeric = [i for i, k in enumerate(kept) if not any(isinstance(row[k], str) for row in rows)]
    return PageTable(shown, [[_cell(row[k]) for k in kept] for row in rows[:MOST_ROWS]], numeric)


def _head(name: str, unit: str) -> Markup:
    stem = name.removesuffix("_std")
    words = words_of(stem) + (", standard deviation" if stem != name else "")
    return Markup("{} <span class=unit>{}</span>").format(words, unit_label(unit))


def _cell(value: Any) -> str:
    """A number with five digits, a dash for one that is not known."""
    return f"{value:.5g}".replace("nan", "–").replace("-", "−") if isinstance(value, float) else str(value)
