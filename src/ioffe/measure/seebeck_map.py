"""Maps of the Seebeck coefficient over a pellet: statistics and picture.

>>> pellet = SeebeckMap([0.0, 1e-3, 0.0, 1e-3], [0.0, 0.0, 1e-3, 1e-3], [-200e-6, -210e-6, -220e-6, -210e-6])
>>> stats = pellet.statistics()
>>> round(stats.mean * 1e6), round(stats.uniformity, 3)
(-210, 0.961)
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ioffe.base.errors import Fault, Faults, InputError, UnitError
from ioffe.base.units import convert, unit_of_header
from ioffe.material.readers.cells import NotANumber, number
from ioffe.material.readers.files import find_header, read_text, text_rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["MapStatistics", "SeebeckMap", "read_seebeck_map"]

_COLUMNS = {"x": "m", "y": "m", "s": "V/K"}
_FAULT_LIMIT = 10
_SAME_PLACE = 1e-6
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
        points at one place.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    seebeck: NDArray[np.float64]

    def __init__(self, x: ArrayLike, y: ArrayLike, seebeck: ArrayLike) -> None:
        arrays = {name: np.asarray(a, float) for name, a in (("x", x), ("y", y), ("seebeck", seebeck))}
        faults = Faults()
        sizes = {a.size for a in arrays.values()}
        if len(sizes) > 1 or any(a.ndim != 1 for a in arrays.values()) or sizes == {0} or sizes == {1}:
            faults.add(
                "seebeck", str(sorted(sizes)), "three lists of as many numbers, at least two, are expected"
            )
        for name, values in arrays.items():
            if not np.all(np.isfinite(values)):
                faults.add(name, expected="finite numbers are expected")
        faults.raise_if_any()
        places = np.round(np.stack([arrays["x"], arrays["y"]]) / _SAME_PLACE)
        if np.unique(places, axis=1).shape[1] < places.shape[1]:
            faults.add("x", expected="every place must stand once")
        faults.raise_if_any()
        for name, values in arrays.items():
            object.__setattr__(self, name, values)

    def statistics(self) -> MapStatistics:
        """Mean, scatter and uniformity of the map."""
        S = self.seebeck
        mean, std = float(S.mean()), float(S.std(ddof=1))
        uniformity = 1.0 - std / abs(mean) if mean else float("-inf")
        return MapStatistics(
            S.size,
            mean,
            std,
            std / np.sqrt(S.size),
            uniformity,
            float(S.min()),
            float(S.max()),
            float(np.median(S)),
        )

    def picture(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Columns, rows and values of the map as a picture.

        Returns
        -------
        x : ndarray of shape (columns,)
        y : ndarray of shape (rows,)
            In m, rising.
        seebeck : ndarray of shape (rows, columns)
            In V/K; NaN where nothing was measured.
        """
        x, column = _lines(self.x)
        y, row = _lines(self.y)
        values = np.full((y.size, x.size), np.nan)
        values[row, column] = self.seebeck
        return x, y, values

    def plot(self, path: str | Path | None = None) -> Figure:
        """Figure of the map; written to `path` if one is given."""
        from ioffe.base.plotting import axis_label, look, new_figure, save_figure

        x, y, values = self.picture()
        with look():
            figure, (axes,) = new_figure(height=70.0)
            mesh = axes.pcolormesh(x * 1e3, y * 1e3, values * 1e6, shading="nearest", cmap="viridis")
            axes.set_aspect("equal")
            axes.set_xlabel("$x$ (mm)")
            axes.set_ylabel("$y$ (mm)")
            figure.colorbar(mesh, label=axis_label("seebeck"))
            if path is not None:
                save_figure(figure, path)
        return figure


def _lines(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Different coordinates, rising, and which one every point has."""
    rounded, index = np.unique(np.round(values / _SAME_PLACE), return_inverse=True)
    return rounded * _SAME_PLACE, index


def read_seebeck_map(path: str | Path) -> SeebeckMap:
    """Read a map from a text table with the columns x, y and S, their units in the headers.

    Headers such as ``x (mm)``, ``y (mm)``, ``S (uV/K)``; other columns are not used. The cells are parted by
    commas, semicolons or tabs.

    Raises
    ------
    InputError
        With every fault of the file and its line (at most ten).
    """
    path = Path(path)
    text = read_text(path)
    header = find_header(text, _recognise)
    if header is None:
        expected = 'no line with the headers "x (mm)", "y (mm)", "S (uV/K)" was found'
        raise InputError(Fault("", expected=expected, file=str(path)))
    first, delimiter, names = header
    faults = Faults(str(path))
    units = _units(names, first, faults)
    faults.raise_if_any()
    columns: dict[str, list[float]] = {name: [] for name in _COLUMNS}
    for row in text_rows(path, text, first, delimiter):
        for name, (index, unit) in units.items():
            try:
                columns[name].append(convert(number(row.text(index)), unit, _COLUMNS[name]))
            except NotANumber as problem:
                if len(faults) < _FAULT_LIMIT:
                    faults.add(f"line {row.line}", row.text(index), f"{names[index]}: {problem}")
    faults.raise_if_any()
    with faults.collect():
        return SeebeckMap(columns["x"], columns["y"], columns["s"])
    raise InputError(*faults.found)


def _word(header: str) -> str:
    name = unit_of_header(header)[0].strip().casefold()
    return {"seebeck": "s", "seebeck coefficient": "s"}.get(name, name)


def _recognise(names: list[str]) -> int:
    found = {_word(name) for name in names}
    return len(names) if set(_COLUMNS) <= found else 0


def _units(names: list[str], line: int, faults: Faults) -> dict[str, tuple[int, str]]:
    found = {}
    for index, header in enumerate(names):
        word = _word(header)
        if word not in _COLUMNS or word in found:
            continue
        unit = unit_of_header(header)[1]
        try:
            convert(1.0, unit, _COLUMNS[word])
        except UnitError as error:
            advice = error.faults[0].advice
            faults.add(f"line {line}", header, f"a unit such as {_COLUMNS[word]} is expected", advice)
        found[word] = (index, unit)
    return found
