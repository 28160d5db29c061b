"""Pieces of HTML: texts with subscripts and links, symbols, cells and columns of quantities.

Every text from outside is escaped; `Markup` is taken as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import ArrayLike

from ioffe.base.plotting import unit_label
from ioffe.report.text import decimals, formula, in_unit, readable_unit, symbol_html, words_of

NONE = Markup("<span class=none>none</span>")
"""Cell of a number that is none."""
_DOI = re.compile(r"(?:https?://doi\.org/|\bdoi:? ?)(10\.\d{4,9}/[^\s;,]*[^\s;,.)])")
_SYMBOL = re.compile(r"(?<![\w&])([A-Za-zΑ-Ωα-ωΔ]{1,2})_([A-Za-z0-9]{1,4})(?![\w;])")
"""A symbol and its subscript."""


def name_html(text: str) -> Markup:
    """Text in which chemical formulas have subscripts.

    >>> name_html("Bi2Te3"), name_html("<b>")
    (Markup('Bi<sub>2</sub>Te<sub>3</sub>'), Markup('&lt;b&gt;'))
    """
    return Markup("").join(
        Markup("<sub>{}</sub>").format(piece) if low else escape(piece) for piece, low in formula(text)
    )


def doi_link(doi: str) -> Markup:
    """Link to the page of a DOI.

    >>> doi_link('10.1/a"b')
    Markup('<a href="https://doi.org/10.1/a%22b">10.1/a&#34;b</a>')
    """
    address = "https://doi.org/" + quote(doi, safe="/.()-_;:")
    return Markup('<a href="{}">{}</a>').format(address, doi)


def rich_text(text: str) -> Markup:
    """Text in which formulas and symbols such as v_L have subscripts and DOIs are links; `Markup` as it is.

    >>> rich_text("A & B (doi 10.1021/x-1)"), rich_text("v_L of ZrO2")
    (Markup('A &amp; B (<a href="https://doi.org/10.1021/x-1">10.1021/x-1</a>)'),
     Markup('v<sub>L</sub> of ZrO<sub>2</sub>'))
    """
    if isinstance(text, Markup):
        return text
    pieces = (doi_link(piece) if k % 2 else _lowered(piece) for k, piece in enumerate(_DOI.split(text)))
    return Markup("").join(pieces)


def _lowered(text: str) -> Markup:
    return Markup(_SYMBOL.sub(r"\1<sub>\2</sub>", str(name_html(text))))


def symbol(name: str) -> Markup:
    """Symbol of a quantity; the quantity table is trusted."""
    return Markup(symbol_html(name))


def head(name: str, unit: str, words: str | None = None) -> Markup:
    """Head of a column of a quantity: words on a line of their own if there are any, symbol and unit."""
    first = "" if words is None else Markup("{}<br>").format(words)
    label = "" if unit == "1" else unit_label(unit)
    return Markup("{}{} <span class=unit>{}</span>").format(first, symbol(name), label)


def data_cell(value: float, shown: str) -> Markup:
    """Cell with a text that carries its value in SI.

    >>> data_cell(0.5, "500 mW")
    Markup('<data value="0.5">500 mW</data>')
    """
    return Markup('<data value="{}">{}</data>').format(repr(value), shown)


def columns(
    names: Sequence[str], values: Sequence[ArrayLike], *, words: bool = True, digits: int = 4
) -> tuple[list[str], list[list[str]]]:
    """Heads with symbol and unit, and cells, of quantities in columns; each column has one unit.

    `names`: quantities.
    `values` (n,): values in SI; NaN is written "none".
    `words`: whether a head has words over the symbol.
    `digits`: significant digits of the largest value of a column.
    Returns: heads, and rows of cells that carry the value in SI in a `data` element.
    """
    heads: list[str] = []
    cells: list[list[str]] = []
    for name, column in zip(names, values, strict=True):
        array = np.atleast_1d(np.asarray(column, float))
        unit = readable_unit(array, name)
        shown = in_unit(array, name, unit)
        heads.append(head(name, unit, words_of(name) if words else ""))
        places = decimals(shown, digits)
        cells.append([_cell(float(a), float(s), places) for a, s in zip(array, shown, strict=True)])
    return heads, [list(row) for row in zip(*cells, strict=True)]


def _cell(value: float, shown: float, places: int) -> Markup:
    return data_cell(value, f"{shown:.{places}f}".replace("-", "−")) if np.isfinite(value) else NONE
