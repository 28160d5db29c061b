"""Maps of the Seebeck coefficient over a pellet: statistics and picture.

>>> pellet = SeebeckMap([0.0, 1e-3, 0.0, 1e-3], [0.0, 0.0, 1e-3, 1e-3], [-200e-6, -210e-6, -220e-6, -210e-6])
>>> stats = pellet.statistics()
>>> round(stats.mean * 1e6), round(stats.uniformity, 3)
(-210, 0.961)
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.arrays import Array
from ioffe.base.errors import Fault, Faults, InputError
from ioffe.base.table import ResultTable, table
from ioffe.material.checks import Finding
from ioffe.measure._table import TableLayout, in_file, read_table
from ioffe.measure.estimates import read_arrays
from ioffe.measure.plausible import doubts

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LAYOUT: Final = TableLayout(
    names={"x": ("x",), "y": ("y",), "seebeck": ("s", "seebeck", "seebeck coefficient")},
    units={"x": "m", "y": "m", "seebeck": "V/K"},
    needed=({"x", "y", "seebeck"},),
    expected='no line with the headers "x (mm)", "y (mm)", "S (uV/K)" was found',
)
_SAME_POSITION: Final = 1e-6
"""Distance in m within which coordinates are the same row or column of a map."""


@dataclass(frozen=True)
class MapStatistics:
    """Numbers that describe a map, in V/K where they have a unit.

    Parameters
    ----------
    points : int
    mean, std : float
        Mean, and standard deviation of the points.
    standard_error : float
        Of the mean, std/sqrt(points).
    uniformity : float
        1 - std/|mean|.
    lowest, highest, median : float

    Examples
    --------
    >>> SeebeckMap([0.0, 1e-3, 2e-3], [0.0, 0.0, 0.0], [190e-6, 200e-6, 210e-6]).statistics().uniformity
    0.95
    """

    points: int
    mean: float
    std: float
    standard_error: float
    uniformity: float
    lowest: float
    highest: float
    median: float


@dataclass(frozen=True)
class SeebeckMap:
    """Seebeck coefficients at points of a surface.

    Parameters
    ----------
    x, y : array_like of shape (n,)
        In m.
    seebeck : array_like of shape (n,)
        In V/K.

    Raises
    ------
    InputError
        With every fault: lists of different lengths, fewer than two points, numbers that are not finite, two
        points at one position.

    Examples
    --------
    >>> line = SeebeckMap([0.0, 1e-3, 2e-3], [0.0, 0.0, 0.0], [190e-6, 200e-6, 210e-6])
    >>> print(f"{line.statistics().mean * 1e6:.1f} uV/K")
    200.0 uV/K
    """

    x: Array
    y: Array
    seebeck: Array

    def __init__(self, x: ArrayLike, y: ArrayLike, seebeck: ArrayLike) -> None:
        given = {"x": x, "y": y, "seebeck": seebeck}
        with Faults() as faults:
            arrays = dict(zip(given, read_arrays(given, faults, 2), strict=True))
        positions = np.round(np.stack([arrays["x"], arrays["y"]]) / _SAME_POSITION)
        if np.unique(positions, axis=1).shape[1] < positions.shape[1]:
            raise InputError(Fault("x", expected="each position may occur only once"))
        for name, values in arrays.items():
            object.__setattr__(self, name, values)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Doubts about the values."""
        return doubts({"seebeck": self.seebeck})

    def statistics(self) -> MapStatistics:
        r"""Mean, scatter and uniformity of the map.

        .. math:: u = 1 - \frac{s}{|\bar S|}, \qquad s^2 = \frac{1}{n - 1} \sum_i (S_i - \bar S)^2

        Returns
        -------
        MapStatistics
            In V/K; the uniformity has no unit.
        """
        S = self.seebeck
        mean, std = float(S.mean()), float(S.std(ddof=1))
        uniformity = 1.0 - std / abs(mean) if mean else float("-inf")
        low, high, median = (float(part(S)) for part in (np.min, np.max, np.median))
        return MapStatistics(S.size, mean, std, std / np.sqrt(S.size), uniformity, low, high, median)

    def picture(self) -> tuple[Array, Array, Array]:
        """Columns, rows and values of the map as a picture.

        Returns
        -------
        x : ndarray of shape (columns,)
        y : ndarray of shape (rows,)
            In m, rising.
        seebeck : ndarray of shape (rows, columns)
            In V/K; NaN where nothing was measured.
        """
        (x, column), (y, row) = _lines(self.x), _lines(self.y)
        values = np.full((y.size, x.size), np.nan)
        values[row, column] = self.seebeck
        return x, y, values

    def table(self) -> ResultTable:
        """The points.

        Returns
        -------
        ResultTable
            x and y in m, the Seebeck coefficient in V/K.
        """
        places = {"x": (("point",), self.x), "y": (("point",), self.y)}
        return table(places, {"seebeck": self.seebeck}, {"x": "m", "y": "m"})

    def plot(self, path: str | Path | None = None) -> Figure:
        """Figure of the map.

        Parameters
        ----------
        path : path, optional
            PNG, SVG or PDF file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from ioffe.base.plotting import axis_label, drawing

        x, y, values = self.picture()
        with drawing(path, height=70.0) as (figure, (axes,)):
            mesh = axes.pcolormesh(x * 1e3, y * 1e3, values * 1e6, shading="nearest", cmap="viridis")
            axes.set(aspect="equal", xlabel="$x$ (mm)", ylabel="$y$ (mm)")
            figure.colorbar(mesh, label=axis_label("seebeck"))
        return figure


def _lines(values: Array) -> tuple[Array, NDArray[np.intp]]:
    """Different coordinates, rising, and which one every point has."""
    rounded, index = np.unique(np.round(values / _SAME_POSITION), return_inverse=True)
    return rounded * _SAME_POSITION, index


def read_seebeck_map(path: str | Path) -> SeebeckMap:
    r"""Read a map from a table with the columns x, y and S, their units in the headers.

    Parameters
    ----------
    path : path
        Text table or Excel workbook with headers such as ``x (mm)``, ``y (mm)``, ``S (uV/K)``; other columns
        are not used.

    Returns
    -------
    SeebeckMap

    Raises
    ------
    InputError
        With every fault of the file and its line (at most twenty).

    Examples
    --------
    >>> _ = Path("map.csv").write_text("x (mm),y (mm),S (uV/K)\n0,0,-205\n1,0,-215\n")
    >>> read_seebeck_map("map.csv").seebeck
    array([-0.000205, -0.000215])
    """
    columns = read_table(path, LAYOUT).numbers
    with in_file(path):
        return SeebeckMap(columns["x"], columns["y"], columns["seebeck"])
