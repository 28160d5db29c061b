r"""The outer face of a plate where it is not the same everywhere.

With the symbols P, B, D of a plate (inner face, across, outer face) heat q that enters the inner face and f
that leaves the outer one *beside* what its even film takes make the temperatures

.. math:: T = P q - B f, \qquad T_\mathrm{out} = B q - D f.

`FluxMap` knows where all of the heat leaves; the plate has no even film then. `FilmMap` has a coefficient
:math:`h_0 + \delta` that differs from place to place: :math:`f = a\,\delta\,T_\mathrm{out}` in each cell of
area a. With :math:`f = \sqrt{a\,\delta}\,t` its unknowns t join the conjugate gradients of the electrodes,
and the matrix stays symmetric and positive:

.. math:: (1 + \sqrt{a\,\delta}\,D\sqrt{a\,\delta})\,t = \sqrt{a\,\delta}\,B\,q.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import pi
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft as transforms

from ioffe.device.layout import Rectangle
from ioffe.field.cells import CellBox, matrix
from ioffe.field.folding import Shape, folded, wave_numbers
from ioffe.field.symbols import BoxLayer, two_port

Array = NDArray[np.float64]
fft: Any = transforms
MODES, FINER = 400, 5
"""Cosines of a map along a side, at least, and for each cell."""


@dataclass(frozen=True)
class FaceMap:
    """Values that are constant in rectangles of a face.

    Attributes
    ----------
    boxes : tuple of Rectangle
        They do not overlap.
    values : tuple of float
        Density in each, in any unit; none is negative.
    """

    boxes: tuple[Rectangle, ...]
    values: tuple[float, ...]

    @classmethod
    def of_rows(cls, plate: Rectangle, rows: Sequence[Sequence[float]]) -> FaceMap:
        """Equal rectangles that cover a plate; rows from its lower to its upper edge.

        Examples
        --------
        >>> FaceMap.of_rows((0.0, 2.0, 0.0, 1.0), [[1.0, 3.0]]).boxes
        ((0.0, 1.0, 0.0, 1.0), (1.0, 2.0, 0.0, 1.0))
        """
        x = [float(v) for v in np.linspace(plate[0], plate[1], len(rows[0]) + 1)]
        y = [float(v) for v in np.linspace(plate[2], plate[3], len(rows) + 1)]
        boxes = tuple((x[i], x[i + 1], y[j], y[j + 1]) for j in range(len(rows)) for i in range(len(rows[0])))
        return cls(boxes, tuple(float(v) for row in rows for v in row))

    @property
    def amounts(self) -> Array:
        """Density times area of each rectangle."""
        return np.array(self.values) * [(r[1] - r[0]) * (r[3] - r[2]) for r in self.boxes]

    @property
    def area(self) -> float:
        r"""Area in m2 over which the same amount would be spread evenly at the same mean square density.

        Behind a coefficient h, heat of density f lies :math:`1/(h A)` K/W above what is behind it, in the
        mean that f weights, with :math:`A = (\int f)^2/\int f^2`.
        """
        return float(self.amounts.sum() ** 2 / (self.amounts @ np.array(self.values)))

    def at(self, points: Array) -> Array:
        """Density at points (n, 2) that lie on no edge; zero outside of the rectangles.

        Examples
        --------
        >>> two = FaceMap.of_rows((0.0, 2.0, 0.0, 1.0), [[1.0, 3.0]])
        >>> two.at(np.array([[1.5, 0.5], [3.0, 0.5]])).tolist()
        [3.0, 0.0]
        """
        found, (x, y) = np.zeros(len(points)), points.T
        for (left, right, low, high), value in zip(self.boxes, self.values, strict=True):
            found[(left < x) & (x < right) & (low < y) & (y < high)] = value
        return found

    @cached_property
    def _grid(self) -> tuple[list[Array], Array]:
        """All edges along x and y, and the density between them."""
        axes = [np.unique([r[2 * k : 2 * k + 2] for r in self.boxes]) for k in range(2)]
        middles = np.meshgrid(*(0.5 * (a[1:] + a[:-1]) for a in axes), indexing="ij")
        return axes, self.at(np.stack([m.ravel() for m in middles], axis=1)).reshape(middles[0].shape)

    def edges(self, axis: int) -> list[float]:
        """Places along x or y at which the density changes somewhere, both ends among them.

        Examples
        --------
        >>> FaceMap.of_rows((0.0, 3.0, 0.0, 1.0), [[1.0, 1.0, 3.0]]).edges(0)
        [0.0, 2.0, 3.0]
        """
        axes, density = self._grid
        differs = (np.diff(density, axis=axis) != 0.0).any(axis=1 - axis)
        return [float(v) for v in axes[axis][np.r_[True, differs, True]]]

    def cosines(self, plate: CellBox, counts: Shape) -> Array:
        """Mean of each cosine of a plate over the map, as many as are counted along x and y."""
        axes, density = self._grid
        sums = []
        for edges, count, low, side in zip(axes, counts, plate.box[::2], plate.sides, strict=True):
            k = wave_numbers(count, side)
            # integrals of the cosines between the edges
            sines = np.sin(np.outer(edges - low, k)) / np.where(k > 0.0, k, 1.0)
            sines[:, 0] = edges
            sums.append(np.diff(sines, axis=0))
        return np.asarray(sums[0].T @ (density / self.amounts.sum()) @ sums[1], float)

    def within(self, plate: CellBox) -> Array:
        """Amount in each cell of a plate as a share of all, in the shape of its cells."""
        places = np.zeros(len(self.boxes), int)
        rows = matrix(
            [plate.share(box) for box in self.boxes],
            *(np.arange(len(self.boxes)), places),
            (len(self.boxes), plate.count),
        )
        return np.asarray((self.amounts / self.amounts.sum()) @ rows, float).reshape(plate.shape)


def through(values: Array, symbol: Array) -> Array:
    """What a symbol makes of cells, (cells, n)."""
    grid = values.T.copy(order="C").reshape(-1, *symbol.shape)
    modes = fft.dctn(grid, axes=(1, 2), norm="ortho", overwrite_x=True)
    modes *= symbol
    return np.asarray(
        fft.idctn(modes, axes=(1, 2), norm="ortho", overwrite_x=True).reshape(len(grid), -1).T, float
    )


def outer_symbols(plate: CellBox, layers: Sequence[BoxLayer], film: float) -> tuple[Array, Array]:
    """Symbols B and D of a plate behind an even film, or of its open faces for none, divided by a cell."""
    outer, whole = layers[-1], sum(layer.thickness for layer in layers)

    def of(port: int, thickness: float, *, leads: bool) -> Array:
        def symbol(k: Array) -> Array:
            found = two_port(k, layers)
            behind = np.divide(1.0, film) if film > 0.0 else 0.0
            return np.where(k > 0.0, found[port] / (1.0 + found.d * film), behind)

        limit = {"conductivity": outer.conductivity, "thickness": thickness, "leads": leads}
        return folded(symbol, plate.shape, plate.sides, **limit) / plate.area

    return of(1, 0.5 * whole, leads=False), of(2, outer.thickness, leads=True)


def _means(cosines: Array, shape: Shape) -> Array:
    """Means over cells of a sum of cosines, (cells,)."""
    rows = []
    for count, n in zip(cosines.shape, shape, strict=True):
        m = np.arange(count)
        rows.append(np.cos(pi * np.outer(np.arange(n) + 0.5, m) / n) * np.sinc(m / (2 * n)))
    return np.asarray((rows[0] @ cosines @ rows[1].T).ravel(), float)


class FluxMap:
    r"""All heat leaves the outer face as a map p says, whose sum is one.

    With :math:`u = B p` and :math:`w = p^T D p`, symbols of open faces, heat q on the inner face makes

    .. math:: T = P q - u\,(1^T q) - 1\,(u^T q) + 1\,(1^T q)\left(w + \frac{1}{h A}\right)

    above the temperature behind the film, with the area A of `FaceMap.area`. P is that of an insulated plate.
    The cosines of p are exact, its edges need not be those of cells.
    """

    def __init__(self, plate: CellBox, layers: Sequence[BoxLayer], film: float, where: FaceMap) -> None:
        self.across, _ = outer_symbols(plate, layers, 0.0)
        counts = [max(MODES, FINER * n) for n in plate.shape]
        p = where.cosines(plate, (counts[0], counts[1]))
        kx, ky = (wave_numbers(n, side) for n, side in zip(counts, plate.sides, strict=True))
        found = two_port(np.hypot(kx[:, None], ky), layers)
        # the cosines have mean squares of one half, that of the mean one
        norm = np.outer(*(np.where(k > 0.0, 2.0, 1.0) for k in (kx, ky))) / (plate.area * plate.count)
        self.inner, self.under = (_means(norm * p * f, plate.shape) for f in (found.b, found.d))
        self.own = float(np.sum(norm * p * p * found.d)) + 1.0 / (film * where.area)

    def added(self, T: Array, heat: Array) -> Array:
        """Temperatures of an insulated plate with what the map makes of them, (cells, n)."""
        total = heat.sum(axis=0)
        return np.asarray(T - np.outer(self.inner, total) + self._mean(heat), float)

    def outer(self, heat: Array) -> Array:
        """Temperatures of the outer face, (cells, n)."""
        found = through(heat, self.across) - np.outer(self.under, heat.sum(axis=0)) + self._mean(heat)
        return np.asarray(found, float)

    def _mean(self, heat: Array) -> Array:
        """Mean temperature of the outer face."""
        return np.asarray(heat.sum(axis=0) * self.own - self.inner @ heat, float)


class FilmMap:
    """The part of a coefficient that differs from place to place.

    Attributes
    ----------
    film : float
        The smallest coefficient in W/(m2 K), which the symbol of the plate holds.
    count : int
        Unknowns, one a cell.
    """

    def __init__(self, plate: CellBox, layers: Sequence[BoxLayer], film: float, where: FaceMap) -> None:
        relative = where.within(plate).ravel() * plate.count
        self.film, self.count = film * float(relative.min()), plate.count
        self.root = np.sqrt(plate.area * film * (relative - relative.min()))[:, None]
        self.across, self.own = outer_symbols(plate, layers, self.film)

    def given(self, heat: Array) -> Array:
        """Right-hand side for heat that enters the inner face."""
        return self.root * through(heat, self.across)

    def applied(self, heat: Array, t: Array) -> Array:
        """The rows of the unknowns t, with heat from the electrodes."""
        return t + self.root * (through(self.root * t, self.own) - through(heat, self.across))

    def outer(self, heat: Array, t: Array) -> Array:
        """Temperatures of the outer face, (cells, n)."""
        return through(heat, self.across) - through(self.root * t, self.own)

    def inside(self, t: Array) -> Array:
        """By how much the unknowns cool the inner face, (cells, n)."""
        return through(self.root * t, self.across)
