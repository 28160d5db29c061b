r"""One look for every picture: sizes, colours that colour-blind readers can tell apart, axis labels.

Matplotlib is imported when a figure is made. Figures are made with its object interface, so no window is
opened and no global state is changed.

>>> axis_label("seebeck"), axis_label("thermal_conductivity", words="Conductivity")
('Seebeck coefficient $S$ (µV/K)', 'Conductivity $\\kappa$ (W/(m K))')
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ioffe.base.errors import Fault, InputError, printable
from ioffe.base.quantities import quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "COLOURS",
    "DASHES",
    "FORMATS",
    "MARKERS",
    "MILLIMETRES_PER_INCH",
    "RC",
    "axis_label",
    "drawing",
    "look",
    "new_figure",
    "plain_words",
    "save_figure",
    "unit_label",
]

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's palette (doi 10.1038/nmeth.1618), strongest contrasts first; yellow is left out."""
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
DASHES = ("-", "--", "-.", ":")
FORMATS = (".png", ".svg", ".pdf")
MILLIMETRES_PER_INCH = 25.4
RC: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 8.0,
    "axes.labelsize": 7.5,
    "axes.titlesize": 8.0,
    "axes.linewidth": 0.7,
    "axes.grid": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "xtick.labelsize": 7.0,
    "ytick.labelsize": 7.0,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "xtick.top": True,
    "ytick.right": True,
    "xtick.minor.visible": False,
    "ytick.minor.visible": False,
    "lines.linewidth": 1.2,
    "lines.markersize": 3.8,
    "legend.fontsize": 7.5,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "savefig.dpi": 300,
    "mathtext.fontset": "dejavusans",
    "svg.fonttype": "none",
    "svg.hashsalt": "ioffe",
    "pdf.fonttype": 42,
}
"""Matplotlib settings of every picture: the type sizes of a printed paper, inward ticks on all sides."""

_POWER = re.compile(r"(?<=[A-Za-zΩ])\^?(-?\d)")
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def unit_label(unit: str) -> str:
    """Unit as it is printed.

    >>> unit_label("uV/K"), unit_label("uohm cm2"), unit_label("cm^-3"), unit_label("degC")
    ('µV/K', 'µΩ cm²', 'cm⁻³', '°C')
    """
    text = re.sub(r"\bu(?=[A-Za-z])", "µ", unit).replace("ohm", "Ω").replace("degC", "°C")
    return _POWER.sub(lambda match: match[1].translate(_SUPERSCRIPT), text)


def plain_words(text: str) -> str:
    r"""A text that users wrote, of which Matplotlib draws every letter: no formula, no control character.

    >>> plain_words("2 $ a $")
    '2 \\$ a \\$'
    """
    return printable(text).replace("$", r"\$")


def axis_label(name: str, unit: str | None = None, words: str | None = None) -> str:
    """Label of an axis: the words, the symbol and the unit of a quantity.

    `name`: name in the quantity table.
    `unit`: unit the numbers on the axis have; by default the display unit of the quantity.
    `words`: in place of the description in the quantity table.
    Raises `InputError` if there is no such quantity.

    >>> axis_label("temperature", words="Temperature"), axis_label("current", "mA", "Current")
    ('Temperature $T$ (K)', 'Current $I$ (mA)')
    >>> axis_label("zT", words="zT")
    '$zT$'
    """
    entry = quantity(name)
    text = words if words is not None else entry.description.partition(",")[0]
    if text == entry.symbol.strip("$"):  # a capital would make ZT of a device of zT of a material
        text = ""
    unit = entry.display_unit if unit is None else unit
    parts = [text[:1].upper() + text[1:], entry.symbol, "" if unit in ("", "1") else f"({unit_label(unit)})"]
    return " ".join(part for part in parts if part)


@contextmanager
def look() -> Iterator[None]:
    """Matplotlib settings of the pictures, inside the block alone."""
    import matplotlib as mpl

    with mpl.rc_context(cast(Any, RC)):
        yield


def new_figure(
    rows: int = 1,
    columns: int = 1,
    width: float = 85.0,
    height: float = 65.0,
    *,
    shown: bool = False,
    **more: Any,
) -> tuple[Figure, list[Axes]]:
    """Figure with panels in a grid, drawn without a window.

    Use it, and everything drawn on it, inside `look()`.

    `rows`, `columns`: number of panels.
    `width`, `height`: size of the figure in mm; 85 mm is one column of a journal, 170 mm are two.
    `shown`: whether a notebook shows the figure below its cell; elsewhere it makes no difference.
    `**more`: as for `matplotlib.figure.Figure.subplots`.
    Returns: the panels, row by row.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    size = (width / MILLIMETRES_PER_INCH, height / MILLIMETRES_PER_INCH)
    notebook = sys.modules.get("IPython")
    if shown and notebook is not None and notebook.get_ipython() is not None:
        from matplotlib import pyplot

        figure = pyplot.figure(figsize=size, layout="constrained")
    else:
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasAgg(figure)
    return figure, list(figure.subplots(rows, columns, squeeze=False, **more).flat)


@contextmanager
def drawing(
    path: str | Path | None, rows: int = 1, columns: int = 1, **options: Any
) -> Iterator[tuple[Figure, list[Axes]]]:
    """Figure to draw on in the block, with the settings of `look()`, written at its end if there is a path.

    A notebook shows it below its cell.

    `path`: PNG, SVG or PDF file to write.
    `rows`, `columns`: number of panels.
    `**options`: as for `new_figure`.
    Yields: the panels, row by row.
    """
    with look():
        figure, panels = new_figure(rows, columns, shown=True, **options)
        yield figure, panels
        if path is not None:
            save_figure(figure, path)


def save_figure(figure: Figure, path: str | Path) -> Path:
    """Write a figure as PNG (300 dpi), SVG or PDF, without a date: the same figure gives the same file.

    Raises `InputError` for another ending of the file name.
    """
    path = Path(path)
    ending = path.suffix.casefold()
    if ending not in FORMATS:
        raise InputError(Fault("path", str(path), f"a file name ending in {', '.join(FORMATS)} is expected"))
    path.parent.mkdir(parents=True, exist_ok=True)
    metadata = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}, ".png": {"Software": None}}[ending]
    with look():
        figure.savefig(path, metadata=metadata)
    return path
