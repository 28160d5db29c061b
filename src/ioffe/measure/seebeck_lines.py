r"""Seebeck coefficients along a leg, at one age or several: mean, gradient and how they change.

>>> rows = "0,0,-205\n1,0,-206\n2,0,-204\n0,30,-190\n1,30,-203\n2,30,-204\n"
>>> _ = Path("leg.csv").write_text("x (mm),t (day),S (uV/K)\n" + rows)
>>> for line in read_seebeck_lines("leg.csv"):
...     print(line)
0 day: mean -205.00 ± 0.71 uV/K
30 day: mean -199.0 ± 2.8 uV/K
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, InputError
from ioffe.base.least_squares import LeastSquaresFit, linear_least_squares
from ioffe.base.table import ResultTable, table
from ioffe.base.units import convert
from ioffe.material.uncertainty import with_error
from ioffe.measure._table import TableLayout, in_file, read_table
from ioffe.measure.seebeck_map import MapStatistics, SeebeckMap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LAYOUT: Final = TableLayout(
    names={
        "x": ("x", "z", "position", "distance"),
        "seebeck": ("s", "seebeck", "seebeck coefficient"),
        "time": ("t", "time", "age", "ageing time", "aging time"),
        "name": ("scan", "line", "name", "sample"),
    },
    units={"x": "m", "seebeck": "V/K", "time": "s"},
    needed=({"x", "seebeck"},),
    expected='no line with the headers "x (mm)" and "S (uV/K)" was found',
)
DAY: Final = 86400.0


@dataclass(frozen=True)
class SeebeckLine:
    """Seebeck coefficients along a leg at one age.

    Parameters
    ----------
    position, seebeck : ndarray, shape (n,)
        In m, rising, and V/K; at least two different positions.
    label : str
        Its name or age.

    Raises
    ------
    InputError
        As `SeebeckMap`.

    Examples
    --------
    >>> line = SeebeckLine(np.array([0.0, 1e-3, 2e-3]), np.array([2.00e-4, 2.01e-4, 2.02e-4]), "fresh")
    >>> print(f"{line.gradient[0]:.3g} V/K/m")
    0.001 V/K/m
    """

    position: Array
    seebeck: Array
    label: str = ""

    def __post_init__(self) -> None:
        found = SeebeckMap(self.position, np.zeros_like(self.position), self.seebeck)
        order = np.argsort(found.x, kind="stable")
        object.__setattr__(self, "position", found.x[order])
        object.__setattr__(self, "seebeck", found.seebeck[order])

    @property
    def statistics(self) -> MapStatistics:
        """Mean, scatter and uniformity."""
        return SeebeckMap(self.position, np.zeros_like(self.position), self.seebeck).statistics()

    @property
    def gradient(self) -> tuple[float, float]:
        """Slope of a straight line through the points in V/(K m), and its error from their scatter."""
        line = self._line()
        return float(line.parameters[1]), float(line.standard_errors[1])

    @property
    def mean_error(self) -> float:
        """Standard error of the mean over these positions in V/K, from the scatter about a straight line.

        A gradient along the leg is no scatter of the mean. NaN of two points.
        """
        return self._line().scatter / float(np.sqrt(self.position.size))

    def _line(self) -> LeastSquaresFit:
        matrix = np.stack([np.ones_like(self.position), self.position], axis=1)
        return linear_least_squares(matrix, self.seebeck)

    def __str__(self) -> str:
        mean = with_error(self.statistics.mean, self.mean_error, "seebeck")
        return f"{self.label or 'line'}: mean {mean}"


def table_of(lines: Sequence[SeebeckLine]) -> ResultTable:
    """The points of all lines, one after the other.

    Returns: with the label of the line, the position in m, the Seebeck coefficient in V/K.

    >>> line = SeebeckLine(np.array([0.0, 1e-3]), np.array([2.00e-4, 2.01e-4]), "fresh")
    >>> table_of([line]).rows(si=False)[1]
    [['fresh', 0.0, 200.0], ['fresh', 1.0, 201.0]]
    """
    labels = np.repeat([line.label for line in lines], [line.position.size for line in lines])
    position, seebeck = (
        np.concatenate([getattr(line, name) for line in lines]) for name in ("position", "seebeck")
    )
    return table({"line": (("point",), labels), "position": (("point",), position)}, {"seebeck": seebeck})


def read_seebeck_lines(path: str | Path) -> list[SeebeckLine]:
    r"""Read profiles of a table, one for each age or name.

    Parameters
    ----------
    path : path
        Text table or Excel workbook with headers such as ``x (mm)``, ``S (uV/K)``, and perhaps ``t (day)`` or
        ``scan``.

    Returns
    -------
    list of SeebeckLine
        In the order of the file.

    Raises
    ------
    InputError
        With every fault of the file and its line (at most twenty).

    Examples
    --------
    >>> _ = Path("line.csv").write_text("x (mm),S (uV/K)\n0,-205\n1,-206\n")
    >>> read_seebeck_lines("line.csv")[0].seebeck
    array([-0.000205, -0.000206])
    """
    found = read_table(path, LAYOUT)
    count = len(found.numbers["x"])
    if "time" in found.numbers:
        days = convert(found.numbers["time"], "s", "day")
        labels = [f"{day:.6g} day" for day in np.atleast_1d(days)]
    else:
        labels = found.texts.get("name", [""] * count)
    lines = []
    for label in dict.fromkeys(labels):
        rows = np.array([one == label for one in labels])
        with in_file(path):
            lines.append(SeebeckLine(found.numbers["x"][rows], found.numbers["seebeck"][rows], label))
    return lines


def plot_seebeck_lines(lines: Sequence[SeebeckLine], path: str | Path | None = None) -> Figure:
    """Profiles along the leg in one picture, one colour and mark each.

    Parameters
    ----------
    lines : sequence of SeebeckLine
    path : path, optional
        PNG, SVG or PDF file to write.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        Without a profile.

    Examples
    --------
    >>> fresh = SeebeckLine(np.array([0.0, 1e-3]), np.array([2.0e-4, 2.1e-4]), "fresh")
    >>> plot_seebeck_lines([fresh]).axes[0].get_xlabel()
    'Position $x$ (mm)'
    """
    from ioffe.base.plotting import COLOURS, MARKERS, axis_label, drawing

    if not lines:
        raise InputError(Fault("lines", expected="at least one profile is expected"))
    with drawing(path, height=65.0) as (figure, (panel,)):
        for index, line in enumerate(lines):
            colour, marker = COLOURS[index % len(COLOURS)], MARKERS[index % len(MARKERS)]
            x, y = line.position * 1e3, line.seebeck * 1e6
            panel.plot(x, y, marker=marker, color=colour, label=line.label or None)
        panel.set(xlabel="Position $x$ (mm)", ylabel=axis_label("seebeck"))
        if any(line.label for line in lines):
            panel.legend()
    return figure
