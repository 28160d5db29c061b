"""Pieces of HTML: names with subscripts, links, cells and tables. Every text from outside is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import ArrayLike

from ioffe.base.plotting import unit_label
from ioffe.report.text import decimals, formula, in_unit, readable_unit, symbol_html

__all__ = ["Table", "columns", "doi_link", "linked", "name_html", "symbol"]

_DOI = re.compile(r"(?:https?://doi\.org/|\bdoi:? ?)(10\.\d{4,9}/[^\s;,]*[^\s;,.)])")


@dataclass(frozen=True)
class Table:
    """A table: heads, rows of texts, and which columns hold numbers."""

    heads: tuple[Markup | str, ...]
    rows: tuple[tuple[Markup | str, ...], ...]
    numeric: frozenset[int] = frozenset()


def name_html(text: str) -> Markup:
    """Text in which chemical formulas have subscripts.

    Examples
    --------
    >>> name_html("Bi2Te3"), name_html("<b>")
    (Markup('Bi<sub>2</sub>Te<sub>3</sub>'), Markup('&lt;b&gt;'))
    """
    return Markup("").join(
        Markup("<sub>{}</sub>").format(piece) if low else escape(piece) for piece, low in formula(text)
    )


def doi_link(doi: str) -> Markup:
    """Link to the page of a DOI.

    Examples
    --------
    >>> doi_link('10.1/a"b')
    Markup('<a href="https://doi.org/10.1/a%22b">10.1/a&#34;b</a>')
    """
    address = "https://doi.org/" + quote(doi, safe="/.()-_;:")
    return Markup('<a href="{}">{}</a>').format(address, doi)


def linked(text: str) -> Markup:
    """Text in which DOIs are links.

    Examples
    --------
    >>> linked("A & B (doi 10.1021/x-1)")
    Markup('A &amp; B (<a href="https://doi.org/10.1021/x-1">10.1021/x-1</a>)')
    """
    pieces = _DOI.split(text)
    return Markup("").join(doi_link(p) if k % 2 else escape(p) for k, p in enumerate(pieces))


def symbol(name: str) -> Markup:
    """Symbol of a quantity; the quantity table is trusted."""
    return Markup(symbol_html(name))


def columns(
    names: Sequence[str], values: Sequence[ArrayLike], heads: dict[str, str], digits: int = 4
) -> tuple[list[Markup], list[list[Markup]]]:
    """Heads with symbol and unit, and cells, of quantities in columns; each column has one unit.

    Parameters
    ----------
    names : sequence of str
        Quantities.
    values : sequence of array_like, shape (n,)
        Values in SI; NaN is written "none".
    heads : dict
        Words over a column.

    Returns
    -------
    list of Markup, list of list of Markup
        Heads, and rows of cells that carry the value in SI in a `data` element.
    """
    top: list[Markup] = []
    cells: list[list[Markup]] = []
    for name, column in zip(names, values, strict=True):
        array = np.atleast_1d(np.asarray(column, float))
        unit = readable_unit(array, name)
        shown = in_unit(array, name, unit)
        unit_words = "" if unit == "1" else unit_label(unit)
        head = Markup("{}<br>{} <span class=unit>{}</span>")
        top.append(head.format(heads.get(name, ""), symbol(name), unit_words))
        places = decimals(shown, digits)
        cells.append([_cell(float(a), float(s), places) for a, s in zip(array, shown, strict=True)])
    return top, [list(row) for row in zip(*cells, strict=True)]


def _cell(value: float, shown: float, places: int) -> Markup:
    if not np.isfinite(value):
        return Markup("<span class=none>none</span>")
    return Markup('<data value="{}">{}</data>').format(repr(value), f"{shown:.{places}f}".replace("-", "−"))
