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
from math import ceil, log, pi, sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import fft as transforms

from ioffe.device.layout import Rectangle
from ioffe.field.cells import CellBox, matrix
from ioffe.field.folding import (
    NEGLECTED,
    WHOLE,
    Halved,
    cosine_means,
    folded,
    inverse_wave_energy,
    wave_numbers,
)
from ioffe.field.symbols import BoxLayer, two_port

Array = NDArray[np.float64]
fft: Any = transforms
MOST_MODES: Final = 8
"""Cosines of a map for each cell along a side, at most: both its own and those of the cells fall as one over
the wave number."""


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

        >>> FaceMap.of_rows((0.0, 3.0, 0.0, 1.0), [[1.0, 1.0, 3.0]]).edges(0)
        [0.0, 2.0, 3.0]
        """
        axes, density = self._grid
        differs = (np.diff(density, axis=axis) != 0.0).any(axis=1 - axis)
        return [float(v) for v in axes[axis][np.r_[True, differs, True]]]

    def moved(self, face: Rectangle, onto: Rectangle) -> FaceMap:
        """The same map on a face whose rims lie elsewhere, stretched with it."""

        def edges(box: Rectangle) -> Rectangle:
            x = np.interp(box[:2], face[:2], onto[:2])
            y = np.interp(box[2:], face[2:], onto[2:])
            return float(x[0]), float(x[1]), float(y[0]), float(y[1])

        return self if face == onto else FaceMap(tuple(map(edges, self.boxes)), self.values)

    def crossed(self, face: Rectangle) -> tuple[tuple[Array, Array], tuple[Array, Array], Array]:
        """Ends of the intervals along both sides of a face, from its rims, and the share of each crossing."""
        (x, y), density = self._grid
        amounts = density * np.multiply.outer(np.diff(x), np.diff(y))
        x, y = x - face[0], y - face[2]
        return (x[:-1], x[1:]), (y[:-1], y[1:]), amounts / amounts.sum()

    def within(self, plate: CellBox) -> Array:
        """Amount in each cell of a plate as a share of all, in the shape of its cells."""
        places = np.zeros(len(self.boxes), int)
        rows = matrix(
            [plate.share(box) for box in self.boxes],
            *(np.arange(len(self.boxes)), places),
            (len(self.boxes), plate.count),
        )
        return np.asarray((self.amounts / self.amounts.sum()) @ rows, float).reshape(plate.shape)


def through(values: Array, symbol: Array, halved: Halved = WHOLE) -> Array:
    """What a symbol makes of heats of cells, (cells, n).

    Along a side whose first and last cell are halves the cells, mirrored at the rims, are whole ones around
    the rims: their cosines are those of the first kind instead of the second. Orthonormal ones count a heat
    in half a cell by the root of its share.
    """
    grid = values.T.copy(order="C").reshape(-1, *symbol.shape)
    for transform in (fft.dct, fft.idct):
        for axis, half in enumerate(halved, start=1):
            ends = (slice(None),) * axis + ([0, -1],)
            if half and transform is fft.dct:
                grid[ends] *= sqrt(2.0)
            grid = transform(grid, 1 if half else 2, axis=axis, norm="ortho", overwrite_x=True)
            if half and transform is fft.idct:
                grid[ends] *= sqrt(2.0)
        if transform is fft.dct:
            grid *= symbol
    return np.asarray(grid.reshape(len(grid), -1).T, float)


def outer_symbols(plate: CellBox, layers: Sequence[BoxLayer], film: float) -> tuple[Array, Array]:
    """Symbols B and D of a plate behind an even film, or of its open faces for none, divided by a cell."""
    outer, whole = layers[-1], sum(layer.thickness for layer in layers)

    def of(port: int, thickness: float, *, leads: bool) -> Array:
        def symbol(k: Array) -> Array:
            found = two_port(k, layers)
            behind = np.divide(1.0, film) if film > 0.0 else 0.0
            return np.where(k > 0.0, found[port] / (1.0 + found.d * film), behind)

        limit = {"conductivity": outer.conductivity, "thickness": thickness, "leads": leads}
        return folded(symbol, plate.shape, plate.sides, halved=plate.halved, **limit) / plate.area

    return of(1, 0.5 * whole, leads=False), of(2, outer.thickness, leads=True)


def _between_boxes(plate: CellBox, layers: Sequence[BoxLayer], where: FaceMap) -> tuple[Array, float]:
    r"""What a flux of one makes of the cells of the inner face, (cells,), and of itself; both in K/W.

    Its cosines are those of the rectangles as they stand, F; only the cells of the inner face are means.
    With D going to 1/(K k) the second is
    :math:`\sum (D - 1/(K k)) F^2 + \sum F^2/(K k)`, of which the first sum is short and `inverse_wave_energy`
    knows the second.
    """
    outer, whole = layers[-1], sum(layer.thickness for layer in layers)
    x, y, amounts = where.crossed(plate.box)
    most = [-log(NEGLECTED) / min(whole, 2.0 * outer.thickness) * side / pi for side in plate.sides]
    counts = [min(ceil(n), MOST_MODES * cells) + 1 for n, cells in zip(most, plate.shape, strict=True)]
    X, Y = (cosine_means(*ends, side, n) for ends, side, n in zip((x, y), plate.sides, counts, strict=True))
    k = np.hypot(*np.ix_(*(wave_numbers(n, side) for n, side in zip(counts, plate.sides, strict=True))))
    F, symbols = X.T @ amounts @ Y, two_port(k, layers)
    places = [
        cosine_means(b[:-1] - b[0], b[1:] - b[0], side, n)
        for b, side, n in zip(plate.borders, plate.sides, counts, strict=True)
    ]
    limit = np.divide(1.0 / outer.conductivity, k, out=np.zeros_like(k), where=k > 0.0)
    own = float(np.sum((symbols.d - limit) * F**2))
    own += inverse_wave_energy(x, y, amounts, plate.sides) / outer.conductivity
    return (places[0] @ (symbols.b * F) @ places[1].T).ravel(), own


class FluxMap:
    r"""All heat leaves the outer face as a map p says, whose sum is one.

    With :math:`u = B p` and :math:`w = p^T D p`, symbols of open faces, heat q on the inner face makes

    .. math:: T = P q - u\,(1^T q) - 1\,(u^T q) + 1\,(1^T q)\left(w + \frac{1}{h A}\right)

    above the temperature behind the film, with the area A of `FaceMap.area`. P is that of an insulated plate.
    The cosines of p are exact, its edges need not be those of cells.
    """

    def __init__(self, plate: CellBox, layers: Sequence[BoxLayer], film: float, where: FaceMap) -> None:
        self.halved = plate.halved
        self.across, own = outer_symbols(plate, layers, 0.0)
        self.under = through(where.within(plate).reshape(-1, 1), own, self.halved)[:, 0]
        self.inner, alone = _between_boxes(plate, layers, where)
        self.own = alone + 1.0 / (film * where.area)

    def added(self, T: Array, heat: Array) -> Array:
        """Temperatures of an insulated plate with what the map makes of them, (cells, n)."""
        total = heat.sum(axis=0)
        return np.asarray(T - np.outer(self.inner, total) + self._mean(heat), float)

    def outer(self, heat: Array) -> Array:
        """Temperatures of the outer face, (cells, n)."""
        found = (
            through(heat, self.across, self.halved)
            - np.outer(self.under, heat.sum(axis=0))
            + self._mean(heat)
        )
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
        relative = where.within(plate).ravel() * plate.areas.sum() / plate.areas
        self.film, self.count, self.halved = film * float(relative.min()), plate.count, plate.halved
        self.root = np.sqrt(plate.areas * film * (relative - relative.min()))[:, None]
        self.across, self.own = outer_symbols(plate, layers, self.film)

    def given(self, heat: Array) -> Array:
        """Right-hand side for heat that enters the inner face."""
        return self.root * through(heat, self.across, self.halved)

    def applied(self, heat: Array, t: Array) -> Array:
        """The rows of the unknowns t, with heat from the electrodes."""
        own = through(self.root * t, self.own, self.halved)
        return t + self.root * (own - through(heat, self.across, self.halved))

    def outer(self, heat: Array, t: Array) -> Array:
        """Temperatures of the outer face, (cells, n)."""
        own = through(self.root * t, self.own, self.halved)
        return through(heat, self.across, self.halved) - own

    def inside(self, t: Array) -> Array:
        """By how much the unknowns cool the inner face, (cells, n)."""
        return through(self.root * t, self.across, self.halved)
