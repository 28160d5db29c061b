"""The gallery: one self-contained page for each source, an index, and the pictures as files.

A page says what a paper states beside what is computed, number by number, and why they differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ioffe.base.plotting import COLOURS, look, new_figure
from ioffe.base.units import from_si, parse_unit
from ioffe.published import comparison
from ioffe.published.comparison import ComparedValue, Verdict
from ioffe.published.run import Reproduction
from ioffe.published.source import Drawn
from ioffe.published.values import Assumption
from ioffe.report import page
from ioffe.report.markup import rich_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


CLASSES = dict(zip(Verdict, ("good", "fair", "note", "off", "later"), strict=True))
WITHIN = (
    "beyond that, but within the band: two standard deviations (those of the inputs propagated and that of "
    "the measurement) combined with the change that the stated ranges of the assumptions make"
)
COARSE = "agrees, but the print is coarser than 5 % or the band is 15 % or more: that proves nothing"
MEANING = (
    ("reproduced", "within half a unit of the last printed digit, or a tolerance whose source is stated"),
    ("within input uncertainty", WITHIN),
    ("not decidable", COARSE),
    ("not reproduced", "neither of these; the reason is said"),
    ("not yet", "cannot be computed from what is published or with what the package has"),
)
PROVES = (
    (
        "prediction",
        "a model result from inputs that do not contain the value; the headline counts these alone",
    ),
    ("consistency", "arithmetic between printed numbers: what it tests is the paper"),
    ("calibrated", "an input was made from this value or from what gives it; agreement is no evidence"),
    ("derived", "not printed itself, computed from printed numbers"),
    ("literature", "quoted by the paper from elsewhere"),
)
DEVIATION = (
    "Deviation: computed less published, over published. Behind ± is a standard deviation, in brackets "
    "the change over the stated ranges of the assumptions."
)
ASSUME = Markup(
    "Every one can be changed: <code>ioffe reproduce --assume NAME=VALUE</code>; this page changes with it."
)
OVERVIEW = (
    "Every value that is computed, over the published one (values published as zero are left out). Bars: two "
    "standard deviations of inputs and measurement, or the change over the stated ranges of the assumptions; "
    "grey: within 10 %; arrows: outside of the picture; filled: predictions, the only ones that count."
)
NO_HAND = Markup(
    "Every number comes out of <code>ioffe reproduce</code>; no verdict is written by hand. What a paper "
    "does not give is stated as an assumption, and changing it changes the pages."
)
LOW, HIGH = 0.5, 1.5
"""Ratios that are drawn; others are arrows at the edge."""
STYLE = dict(
    zip(Verdict, ((COLOURS[2], "o"), (COLOURS[0], "s"), (COLOURS[3], "v"), (COLOURS[1], "D")), strict=False)
)
"""Colour and marker of the values that are computed, by their verdict."""


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
    index = page.write_page(index_page(found), folder, formats=["png"], date=date, name="index.html")
    return [*(path for paths in written for path in paths), *index]


def write_source(one: Reproduction, folder: Path, date: str = "") -> list[Path]:
    """Write the page and the pictures of one source.

    `folder`, `date`: as for `write_gallery`.
    Returns: the pictures, and the page.
    """
    name = f"{one.source.folder.name}.html"
    return page.write_page(source_page(one), folder, formats=["png"], date=date, name=name)


def source_page(one: Reproduction) -> page.Page:
    """The page of a source.

    `one`: its values; its figures are drawn.
    """
    source = one.source
    changed = [a.name for a in one.assumptions.values() if a.changed]
    values = _values(one.compared)
    heads = ("Name", "Value", "Range or error", "Quality", "Reason")
    assumed = [_assumption(assumption) for assumption in one.assumptions.values()]
    table = page.PageTable(heads, assumed, (1, 2), "assumptions")
    assumptions = table, page.Note(ASSUME), *source.notes
    deviation = page.Note(DEVIATION) if values else None
    figures = (_picture(drawn, source.folder.name) for drawn in one.figures())
    status = page.StatusBar("off", f"Computed under changed assumptions: {', '.join(changed)}.")
    return page.Page(
        f"{source.tag}: {source.name}",
        " · ".join(filter(None, [source.citation, f"doi {source.doi}" if source.doi else ""])),
        [
            page.section("values", "Published beside computed values", values, deviation),
            page.section("why", "Why they differ", _reasons(one.compared)),
            page.section("figures", "Figures", *figures),
            page.section("later", "Published, not computed yet", _missing(one.compared)),
            page.section("assumptions", "Assumptions and inputs", *assumptions, link="Assumptions"),
            _meaning(),
        ],
        [source.summary] if source.summary else [],
        _counts([one]),
        status if changed else None,
        [("index.html", "all sources")],
        wide=True,
    )


def index_page(found: Sequence[Reproduction]) -> page.Page:
    """The page that leads to those of the sources, with one picture of all their values."""
    link = Markup('<a href="{}.html">{} {}</a>')
    rows = []
    for one, s in ((one, one.source) for one in found):
        rows.append((link.format(s.folder.name, s.tag, s.name), s.citation, *map(str, one.counts.values())))
    heads = ("Source", "Citation", *(name.capitalize() for name in found[0].counts))
    sources = page.PageTable(heads, rows, page.numbers_from(2))
    picture = page.Picture(overview(found), OVERVIEW, "Computed over published values", "overview")
    return page.Page(
        "Published devices and tables, reproduced",
        "What papers state, number by number, beside what ioffe computes, and why they differ",
        [
            page.section("overview", "Overview", picture, hidden=True, listed=False),
            page.section("sources", "Sources", sources, listed=False),
            _meaning(NO_HAND, listed=False),
        ],
        figures=_counts(found),
        wide=True,
    )


def _meaning(*more: str, listed: bool = True) -> page.Section:
    verdicts = page.PageTable(("Verdict", "Meaning"), MEANING, style="texts")
    classes = page.PageTable(("Class", "What a row of it proves"), PROVES, style="texts")
    title = "What classes and verdicts mean"
    return page.section("meaning", title, classes, verdicts, *more, link="Meaning", listed=listed)


def _reasons(rows: Sequence[ComparedValue]) -> page.Reasons:
    """Reasons, each behind the values it holds for and their verdicts."""
    found: dict[str, list[str]] = {}
    mark = Markup('{} <span class="{}">({})</span>')
    for row in rows:
        if row.published.why and row.verdict not in (Verdict.REPRODUCED, Verdict.NOT_YET):
            subject = mark.format(rich_text(row.published.quantity), CLASSES[row.verdict], row.verdict.value)
            found.setdefault(row.published.why, []).append(subject)
    return page.Reasons([(subjects, why) for why, subjects in found.items()])


def _picture(drawn: Drawn, source: str) -> page.Picture:
    """A figure of a source."""
    caption = Markup("<strong>{}.</strong> {}").format(rich_text(drawn.place), rich_text(drawn.caption))
    return page.Picture(drawn.figure, caption, drawn.caption, f"{source}-{drawn.name}")


def _counts(found: Sequence[Reproduction]) -> list[page.KeyFigure]:
    listed = sum(len(one.compared) for one in found)
    figures = [page.KeyFigure("values listed", str(listed), "all")]
    computed = [verdict for verdict in Verdict if verdict is not Verdict.NOT_YET]
    return figures + [
        page.KeyFigure(f"predictions {v.value}", str(_count(found, v)), CLASSES[v]) for v in computed
    ]


def _count(found: Sequence[Reproduction], verdict: Verdict) -> int:
    return sum(one.count(verdict) for one in found)


def _values(rows: Sequence[ComparedValue]) -> page.PageTable | None:
    heads = ("Quantity", "Place", "Published", "Computed", "Deviation", "Inputs", "Class", "Verdict")
    shown = [_row(r) for r in rows if r.verdict is not Verdict.NOT_YET]
    return page.PageTable(heads, shown, (2, 3, 4), "published") if shown else None


def _missing(rows: Sequence[ComparedValue]) -> page.PageTable | None:
    later = [r.published for r in rows if r.verdict is Verdict.NOT_YET]
    shown = [(p.quantity, p.place, comparison.published_text(p), p.not_yet) for p in later]
    heads = ("Quantity", "Place", "Published", "What is missing")
    return page.PageTable(heads, shown, (2,), "texts") if shown else None


def _row(row: ComparedValue) -> tuple[str, ...]:
    """Below the computed value, in small type, is what errors and ranges of the inputs make of it."""
    published, spread = row.published, comparison.spread_text(row)
    small = Markup("<br><small>{}</small>").format(spread) if spread else ""
    computed = Markup("{}{}").format(comparison.computed_text(row), small)
    again = " (again)" if published.same_as else ""
    mark = Markup('<span class="{}">{}</span>').format(CLASSES[row.verdict], row.verdict.value)
    numbers = comparison.published_text(published), computed, comparison.deviation_text(row)
    return published.quantity, published.place, *numbers, published.inputs, published.evidence + again, mark


def _assumption(one: Assumption) -> tuple[str, ...]:
    unit = "" if one.unit == "1" else f" {comparison.unit_words(one.unit)}"
    spread = ""
    if one.std:
        spread = f"± {one.std / parse_unit(one.unit).factor:.3g}{unit}"
    elif one.low is not None and one.high is not None:
        spread = f"{from_si(one.low, one.unit):.6g} to {from_si(one.high, one.unit):.6g}{unit}"
    value = f"{one.text}{unit}" + (" (changed)" if one.changed else "")
    return (Markup("<code>{}</code>").format(one.name), value, spread, one.quality, one.reason)


def overview(found: Sequence[Reproduction]) -> Figure:
    """Computed over published of every fact that is computed, source by source in rising order.

    Returns: bars are two standard deviations, inputs and measurement combined, or the change over the stated
        ranges; filled marks are predictions.
    """
    with look():
        figure, (axes,) = new_figure(1, 1, width=175.0, height=78.0)
        axes.axhline(1.0, color="black", linewidth=0.8)
        axes.axhspan(0.9, 1.1, color="#eef1f4", zorder=0)
        left, ticks = 0, []
        for one in found:
            rows = sorted((r for r in one.compared if _drawable(r)), key=_ratio)
            for k, row in enumerate(rows):
                _draw(axes, left + k, row)
            words = f"{one.source.tag} {one.source.name}\n{len(rows)} values"
            ticks.append((left + (len(rows) - 1) / 2.0, words))
            left += len(rows) + 3
            if one is not found[-1]:
                axes.axvline(left - 2.0, color="#9aa3ad", linewidth=0.6)
        axes.set(xlim=(-2, left - 2), ylim=(LOW - 0.04, HIGH + 0.04))
        axes.set_xticks([at for at, _ in ticks], [text for _, text in ticks])
        axes.tick_params(axis="x", which="both", length=0)
        axes.set_ylabel("Computed over published")
        _legend(axes, found)
    return figure


def _drawable(row: ComparedValue) -> bool:
    p = row.published
    return row.verdict is not Verdict.NOT_YET and row.computed is not None and p.value != 0 and not p.same_as


def _ratio(row: ComparedValue) -> float:
    """1 where a bound is kept."""
    return 1.0 + row.deviation * (1.0 if row.published.value > 0 else -1.0)


def _draw(axes: Axes, x: float, row: ComparedValue) -> None:
    colour, marker = STYLE[row.verdict]
    ratio = _ratio(row)
    if not LOW <= ratio <= HIGH:
        edge, arrow = (LOW, "v") if ratio < LOW else (HIGH, "^")
        axes.plot(x, edge, arrow, color=colour, clip_on=False)
        return
    assert row.computed is not None
    scale = abs(row.published.value)
    low, high = (comparison.band(row.published, row.computed, side) / scale for side in (1.0, -1.0))
    face = colour if row.published.evidence == "prediction" else "white"
    style: dict[str, Any] = {"fmt": marker, "color": colour, "mfc": face}
    axes.errorbar(x, ratio, yerr=[[low], [high]], elinewidth=0.7, markersize=3.2, **style)


def _legend(axes: Axes, found: Sequence[Reproduction]) -> None:
    from matplotlib.lines import Line2D

    entries = [(f"{_count(found, v)} {v.value}", *style, style[0]) for v, style in STYLE.items()]
    entries.append(("no prediction", "#555555", "o", "white"))
    marks: Iterable[dict[str, Any]] = (
        {"label": label, "color": c, "marker": m, "mfc": face} for label, c, m, face in entries
    )
    handles = [Line2D([], [], linestyle="", **mark) for mark in marks]
    axes.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 1.1), ncols=5, fontsize=7)
