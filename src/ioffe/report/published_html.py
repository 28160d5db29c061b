"""Pages of the published values: what a paper states beside what is computed, and why they differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from ioffe._version import __version__
from ioffe.base.units import from_si, parse_unit
from ioffe.published.assumption import Assumption
from ioffe.published.run import Reproduction, Row
from ioffe.published.source import Drawn
from ioffe.published.text import computed_text, deviation_text, published_text, spread_text, unit_words
from ioffe.published.verdict import Verdict
from ioffe.report.html import environment
from ioffe.report.markup import Table, doi_link, linked, name_html
from ioffe.report.saving import embedded

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["render_index", "render_source"]

_SYMBOL = re.compile(r"(?<![\w&])([A-Za-zΑ-Ωα-ωΔ]{1,2})_([A-Za-z0-9]{1,4})(?![\w;])")
"""A symbol and its subscript."""
CLASSES = {
    Verdict.REPRODUCED: "good",
    Verdict.WITHIN: "fair",
    Verdict.NOT_REPRODUCED: "off",
    Verdict.NOT_YET: "later",
}
MEANING = (
    ("reproduced", "within the printed digits, or within the tolerance stated for the value"),
    (
        "within input uncertainty",
        (
            "within two standard deviations, those of the inputs propagated and that of the measurement "
            "combined; or within the change that the stated ranges of the assumptions make"
        ),
    ),
    ("not reproduced", "neither of these; the reason is said"),
    ("not yet", "cannot be computed from what is published or with what the package has"),
    (
        "fitted",
        "the reconstructed curve was made from this very value, so that agreement is no evidence",
    ),
)


def render_source(one: Reproduction, drawn: Sequence[Drawn], date: str = "") -> str:
    """HTML text of the page of a source.

    Parameters
    ----------
    one : Reproduction
        Its values.
    drawn : sequence of Drawn
        Its figures.
    date : str
        Printed below the title.
    """
    groups = [
        (
            "values",
            "Published beside computed values",
            [r for r in one.rows if r.verdict is not Verdict.NOT_YET],
        ),
        ("later", "Published, not computed yet", [r for r in one.rows if r.verdict is Verdict.NOT_YET]),
    ]
    context = {
        "title": f"{one.source.name} ({one.source.tag})",
        "heading": name_html(f"{one.source.tag}: {one.source.name}"),
        "citation": name_html(one.source.citation),
        "doi": doi_link(one.source.doi) if one.source.doi else "",
        "summary": worded(one.source.summary),
        "date": date,
        "version": __version__,
        "counts": _counts([one]),
        "groups": [
            (anchor, title, _values(rows, anchor == "later")) for anchor, title, rows in groups if rows
        ],
        "reasons": _reasons(one.rows),
        "pictures": [
            (embedded(d.figure), worded(d.place), worded(d.caption), d.caption, round(_width(d.figure)))
            for d in drawn
        ],
        "assumptions": _assumptions(list(one.assumptions.values())),
        "changed": [a.name for a in one.assumptions.values() if a.changed],
        "notes": [linked(text) for text in one.source.notes],
        "meaning": Table(("Verdict", "Meaning"), MEANING),
    }
    return environment().get_template("published.html.jinja").render(context)


def render_index(found: Sequence[Reproduction], whole: Figure, date: str = "") -> str:
    """HTML text of the page that leads to those of the sources, with one picture of all their values."""
    rows = tuple(
        (
            Markup('<a href="{}.html">{}</a>').format(
                one.source.folder.name, f"{one.source.tag} {one.source.name}"
            ),
            name_html(one.source.citation),
            str(len(one.rows)),
            *(str(one.count(verdict)) for verdict in Verdict),
            str(one.fitted),
        )
        for one in found
    )
    heads = (
        "Source",
        "Citation",
        "Values",
        *(verdict.value.capitalize() for verdict in Verdict),
        "Of these fitted",
    )
    context = {
        "title": "Published devices and tables, reproduced",
        "date": date,
        "version": __version__,
        "counts": _counts(found),
        "overview": embedded(whole),
        "sources": Table(heads, rows, frozenset(range(2, len(heads)))),
        "meaning": Table(("Verdict", "Meaning"), MEANING),
    }
    return environment().get_template("published_index.html.jinja").render(context)


def _reasons(rows: Sequence[Row]) -> list[tuple[list[tuple[Markup, str, str]], Markup]]:
    """Reasons, each with the values it holds for: words, class and name of the verdict."""
    found: dict[str, list[tuple[Markup, str, str]]] = {}
    for row in rows:
        if row.published.why and row.verdict in (Verdict.NOT_REPRODUCED, Verdict.WITHIN):
            about = (worded(row.published.quantity), CLASSES[row.verdict], row.verdict.value)
            found.setdefault(row.published.why, []).append(about)
    return [(about, worded(why)) for why, about in found.items()]


def worded(text: str) -> Markup:
    """Text with the subscripts of formulas and of symbols such as v_L lowered.

    Examples
    --------
    >>> worded("v_L in Bi2Te3")
    Markup('v<sub>L</sub> in Bi<sub>2</sub>Te<sub>3</sub>')
    """
    return Markup(_SYMBOL.sub(r"\1<sub>\2</sub>", str(name_html(text))))


def _width(figure: Figure) -> float:
    """Width of a picture on the page in px, a third larger than printed."""
    return figure.get_figwidth() * 96.0 * 4.0 / 3.0


def _counts(found: Sequence[Reproduction]) -> list[tuple[str, str, str]]:
    total = sum(len(one.rows) for one in found)
    counts = [(CLASSES[v], v.value, str(sum(one.count(v) for one in found))) for v in Verdict]
    return [("all", "values listed", str(total)), *counts]


def _values(rows: Sequence[Row], later: bool) -> Table:
    if later:
        found = [
            (
                worded(r.published.quantity),
                worded(r.published.place),
                published_text(r.published),
                worded(r.published.not_yet),
            )
            for r in rows
        ]
        return Table(("Quantity", "Place", "Published", "What is missing"), tuple(found), frozenset({2}))
    heads = ("Quantity", "Place", "Published", "Computed", "Deviation", "Inputs", "Verdict")
    return Table(heads, tuple(_row(r) for r in rows), frozenset({2, 3, 4}))


def _row(row: Row) -> tuple[Markup | str, ...]:
    fitted = " (fitted)" if row.published.fitted else ""
    mark = Markup('<span class="{}">{}</span>{}').format(CLASSES[row.verdict], row.verdict.value, fitted)
    return (
        worded(row.published.quantity),
        worded(row.published.place),
        published_text(row.published),
        _computed(row),
        deviation_text(row),
        row.published.inputs,
        mark,
    )


def _computed(row: Row) -> Markup:
    """Computed value, and below it in small type what errors and ranges of the inputs make of it."""
    value, spread = computed_text(row), spread_text(row)
    return Markup("{}<br><small>{}</small>").format(value, spread) if spread else Markup.escape(value)


def _assumptions(found: Sequence[Assumption]) -> Table:
    heads = ("Name", "Value", "Range or error", "Quality", "Reason")
    return Table(heads, tuple(_assumption(one) for one in found), frozenset({1, 2}))


def _assumption(one: Assumption) -> tuple[Markup | str, ...]:
    unit = "" if one.unit == "1" else f" {unit_words(one.unit)}"
    spread = ""
    if one.std:
        spread = f"± {one.std / parse_unit(one.unit).factor:.3g}{unit}"
    elif one.low is not None and one.high is not None:
        spread = f"{from_si(one.low, one.unit):.4g} to {from_si(one.high, one.unit):.4g}{unit}"
    value = f"{one.text}{unit}" + (" (changed)" if one.changed else "")
    return (Markup("<code>{}</code>").format(one.name), value, spread, one.quality, worded(one.reason))
