"""The report of an analysis: one HTML file with everything in it, readable without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from ioffe._version import __version__
from ioffe.material.analysis import Analysis
from ioffe.report import analysis_tables as tables
from ioffe.report.analysis_words import METHOD, SUMMARY_NOTE, error_facts, key_figures, verdict
from ioffe.report.fit_section import fit_context
from ioffe.report.html import environment
from ioffe.report.markup import Table, linked, name_html, symbol
from ioffe.report.saving import embedded
from ioffe.report.text import list_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ioffe.material.fit import Fit

__all__ = ["render"]

MOST_NAMES = 3
"""Samples that are named in the title."""


def render(
    analysis: Analysis,
    figure: Figure,
    date: str = "",
    title: str = "",
    fit: Fit | None = None,
    fitted: Figure | None = None,
) -> str:
    """HTML text of the report.

    Parameters
    ----------
    analysis : Analysis
        What is reported.
    figure : Figure
        Its picture.
    date : str
        Printed below the title.
    title : str
        By default the names of the samples.
    fit, fitted : Fit, Figure, optional
        Bands fitted to the samples, and the picture of it.
    """
    names = [sample.name for sample in analysis]
    short = list_of(names) if len(names) <= MOST_NAMES else f"{names[0]} and {len(names) - 1} more samples"
    hall = tables.hall_table(analysis)
    gaps = tables.gap_table(analysis)
    findings = tables.severity_order(
        [
            (f.severity, name_html(s.name) if len(names) > 1 else "", name_html(f.message))
            for s in analysis
            for f in s.findings
        ]
    )
    contents = [
        ("curves", "Curves"),
        ("summary", "Over the span"),
        *([("hall", "Hall measurement")] if hall else []),
        *([("fit", "Fit of bands")] if fit else []),
        ("errors", "Errors"),
        ("tables", "Values"),
        ("method", "What the numbers mean"),
        ("sources", "Sources"),
    ]
    context = {
        "title": title or short,
        "heading": name_html(title or short),
        "subtitle": "Analysis of 1 sample" if len(names) == 1 else f"Analysis of {len(names)} samples",
        "date": date,
        "version": __version__,
        "verdict": [name_html(text) for text in verdict(analysis)],
        "figures": key_figures(analysis),
        "contents": contents,
        "findings": findings,
        "picture": embedded(figure),
        "summary": tables.summary_table(analysis),
        "summary_note": SUMMARY_NOTE,
        "gaps": gaps,
        "hall": hall,
        "fit": None if fit is None else fit_context(fit),
        "fit_picture": None if fitted is None else embedded(fitted),
        "errors": error_facts(analysis),
        "shares": tables.shares_table(analysis),
        "tables": [(name_html(s.name), tables.values_tables(s)) for s in analysis],
        "method": _method(analysis),
        "sources": tables.sources_table(analysis),
    }
    return environment().get_template("analysis.html.jinja").render(context)


def _method(analysis: Analysis) -> Table:
    """Meaning and source of every quantity that occurs."""
    used = {name for s in analysis for part in (s.points, s.hall, s.span) for name in part}
    used |= {"band_gap"} if any(s.gap for s in analysis) else set()
    rows = [
        (symbol(name), Markup("<code>{}</code>").format(name), linked(text))
        for name, text in METHOD.items()
        if name in used
    ]
    return Table(("Symbol", "Key", "Meaning and source"), tuple(rows))
