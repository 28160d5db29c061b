r"""Which cell widths a module is solved with, and how their results are extrapolated.

Constant fluxes in cells meet a corner singularity at the edges of electrodes, so that the error falls as
:math:`h^p` with p near one (between 0.75 and 4/3 for all pairs of conductivities and practical widths); an
edge that is not on a cell border would cost as much, and irregularly. So every grid has all edges on cell
borders, and every part in the middle of where it belongs, if need be with cells halved at the rims: parts are
rounded to whole cells, which changes the width of a leg, or of a rim without legs, by some
:math:`\delta_i` of a cell. The port temperatures of several grids are added with weights c such that

.. math:: \sum c_i = 1, \qquad \sum c_i h_i^p = 0, \qquad \sum c_i \delta_i = 0,

so that neither the cell width nor the rounding counts to first order. Widths at which the parts fit exactly
are preferred; with three of those this is the usual extrapolation of three widths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.device.layout import LegPlan, Rectangle
from ioffe.field.cells import CellBox

Array = NDArray[np.float64]
ORDERS = 0.75, 4.0 / 3.0
"""Smallest and largest order of convergence: that of the corner between two materials, and what coarse cells
show of it."""
COARSEST = 4.0
"""Cells across the narrowest leg of the coarsest grid."""
FITS = 1e-6
"""Difference of a part in units of the narrowest leg that counts as none."""
FIRST, MIXED, CURVED = 1.5, 0.3, 0.1
"""Change of a spreading resistance with a rounding, with its product with the width of a cell, and with the
square of that width; about, for choosing grids."""
BEND = 3.0
"""What is left of a rounding d after its first order cancels: about BEND d^2, because the spreading
resistance of a footprint falls as the square of its side or slower."""
UNDER = 0.3
"""What the width of a leg counts under an electrode, which spreads its heat, beside that of the electrode."""
RIM = 0.3
"""What the width of a rim beside the legs counts, likewise; the film of the whole face stays what it is."""
GRIDS, BANDS, COMPARED = 4, 5, 2
"""Most grids of a side; ranges of width of what is tried, and how many of a kind are compared in each."""
NARROWER = 0.7
"""Largest ratio of the finest to the coarsest width."""
PRICE, MANY = 2e-5, 34
"""What a cell of the narrowest leg counts beside what is left over, from so many sites of legs on."""


@dataclass(frozen=True, eq=False)
class Rounding:
    """Parts of a module in whole cells.

    Attributes
    ----------
    counts : tuple of int
        Cells to a pitch along both sides.
    legs : tuple of (int, int)
        Cells across a p and an n leg, along both sides.
    hang : tuple of int
        Cells by which electrodes reach beyond the larger leg.
    rims : tuple of int
        Cells by which the plate is wider than the sites of the legs, along both sides.
    relative : float
        Width of a cell in units of the narrowest leg.
    off : ndarray
        How much wider electrodes, legs and rims are than stated, in units of the narrowest leg. Under an
        electrode the width of a leg counts less than that of the electrode, by `UNDER`.
    """

    counts: tuple[int, int]
    legs: tuple[tuple[int, int], tuple[int, int]]
    hang: tuple[int, int]
    rims: tuple[int, int]
    relative: float
    off: Array


@dataclass(frozen=True)
class PlateGrid:
    """A plate in cells, with all parts on their borders.

    Attributes
    ----------
    plate : CellBox
    legs, electrodes : tuple of Rectangle
    rounding : Rounding
    """

    plate: CellBox
    legs: tuple[Rectangle, ...]
    electrodes: tuple[Rectangle, ...]
    rounding: Rounding


def grids(plan: LegPlan, side: str, finest: float, *, electrodes: bool = True) -> tuple[PlateGrid, ...]:
    """The grids of a side, from coarse to fine.

    `side` {"hot", "cold"}
    `finest`: cells across the narrowest leg of the finest grid.
    `electrodes`: whether there are any.
    """
    sizes = tuple(tuple(r[2 * axis + 1] - r[2 * axis] for r in plan.legs[:2]) for axis in (0, 1))
    # beyond the larger one of the legs on it
    over = min(plan.legs[k][2] for k in plan.hot_joins[0]) - plan.hot[0][2] if electrodes else 0.0
    rounded = tuple(tuple(round(x, 12) for x in size) for size in sizes)
    face = getattr(plan, f"{side}_plate")
    rims = tuple(
        round(max(face[2 * axis + 1] - face[2 * axis] - n * plan.pitch[axis], 0.0), 12)
        for axis, n in enumerate((plan.columns, plan.rows))
    )
    some = roundings(
        plan.pitch, rounded, round(max(over, 0.0), 12), rims, finest, electrodes, plan.columns * plan.rows
    )
    return tuple(_grid(plan, side, one) for one in some)


@lru_cache(maxsize=32)
def roundings(
    pitch: tuple[float, float],
    sizes: tuple[tuple[float, float], tuple[float, float]],
    over: float,
    rims: tuple[float, ...],
    finest: float,
    electrodes: bool,
    sites: int,
) -> tuple[Rounding, ...]:
    """The best few roundings, from coarse to fine.

    `pitch`: along both sides, in m.
    `sizes`: widths of a p and an n leg along both sides, in m.
    `over`: overhang of electrodes in m.
    `rims`: by how much the plate is wider than the sites of the legs, along both sides, in m.
    `finest`: cells across the narrowest leg of the finest one.
    `electrodes`: whether there are any.
    `sites`: places for legs on a plate.
    """
    narrow = min(min(size) for size in sizes)
    first, last = (int(np.ceil(pitch[0] * n / narrow)) for n in (COARSEST, finest))
    found = []
    for count in range(first, last + 1):
        across = pitch[1] * count / pitch[0]
        for other in {max(1, int(np.floor(across))), max(1, int(np.ceil(across - 1e-9)))}:
            found += _rounded((count, other), pitch, sizes, over, rims, narrow, electrodes)
    price = PRICE * min(sites / MANY, 1.0)
    exact = [one for one in found if np.abs(one.off).max() < FITS]
    # three widths at which all parts fit are extrapolated; several others cancel their roundings as well
    for kept, count in ((_various(exact, price), 3), (_various(found, price), GRIDS)):
        sets = [s for s in combinations(kept, count) if s[-1].relative < NARROWER * s[0].relative]
        if sets:
            return sets[int(_merits(sets, price).argmin())]
    return tuple(found[-1:])


def _various(tried: Sequence[Rounding], price: float) -> list[Rounding]:
    """Of every range of widths those that leave least over, wider and narrower ones, from coarse to fine.

    A sum of some on both sides of what is stated can be neither.
    """
    if not tried:
        return []
    h = np.array([one.relative for one in tried])
    bands = np.digitize(h, np.geomspace(h.min(), h.max(), BANDS + 1)[1:-1])
    kinds: dict[tuple[int, bool], list[int]] = {}
    for k in np.argsort(_merits([(one,) for one in tried], price)):
        kinds.setdefault((int(bands[k]), bool(tried[k].off.sum() >= 0.0)), []).append(int(k))
    kept = [tried[k] for own in kinds.values() for k in own[:COMPARED]]
    return sorted(kept, key=lambda one: -one.relative)


def _rounded(
    counts: tuple[int, int],
    pitch: tuple[float, float],
    sizes: tuple[tuple[float, float], tuple[float, float]],
    over: float,
    rims: tuple[float, ...],
    narrow: float,
    electrodes: bool,
) -> list[Rounding]:
    """Roundings with so many cells to a pitch: electrodes to the next smaller and larger number of cells."""
    wide = [round(rim * n / p) for rim, n, p in zip(rims, counts, pitch, strict=True)]
    choices = []
    for axis in (0, 1):
        step, larger = pitch[axis] / counts[axis], max(sizes[axis])
        wanted = (larger + 2.0 * over) / step
        most = counts[axis] - (larger + 2.0 * over < pitch[axis] - 1e-9)
        options = []
        for whole in {int(np.floor(wanted + 1e-6)), int(np.ceil(wanted - 1e-6))}:
            hang = max(0, round(over / step + 0.5 * (whole - wanted)))
            own = whole - 2 * hang
            if 1 <= own and whole <= most:
                cells = tuple(
                    own - 2 * min(round(0.5 * (own - size / step)), (own - 1) // 2) if size < larger else own
                    for size in sizes[axis]
                )
                off = [(n * step - size) / narrow for n, size in zip(cells, sizes[axis], strict=True)]
                edge = [(whole - wanted) * step / narrow]
                off = edge + [UNDER * x for x in off] if electrodes else off
                options.append((cells, hang, [*off, RIM * (wide[axis] * step - rims[axis]) / narrow]))
        choices.append(options)
    relative = float(np.sqrt(pitch[0] / counts[0] * pitch[1] / counts[1])) / narrow
    return [
        Rounding(counts, (x[0], y[0]), (x[1], y[1]), (wide[0], wide[1]), relative, np.array([*x[2], *y[2]]))
        for x in choices[0]
        for y in choices[1]
    ]


def left_over(some: Sequence[Rounding], c: Array) -> float:
    """What a sum of grids may leave, in units of a spreading resistance: roundings and higher orders."""
    return float(_left_over(*_leftovers([some]), c)[0])


def _leftovers(sets: Sequence[Sequence[Rounding]]) -> tuple[Array, Array]:
    """Roundings of each grid of sets of equal length, and what it leaves beyond the first orders."""
    off = np.array([[one.off for one in some] for some in sets])
    size, h = np.abs(off).max(axis=2), np.array([[one.relative for one in some] for some in sets])
    return off, BEND * size**2 + MIXED * size * h + CURVED * h**2


def _left_over(off: Array, own: Array, c: Array) -> Array:
    first = np.linalg.norm(np.einsum("sg,sgp->sp", np.atleast_2d(c), off), axis=1)
    return np.asarray(FIRST * first + np.linalg.norm(c * own, axis=1))


def _merits(sets: Sequence[Sequence[Rounding]], price: float) -> Array:
    """What sets of equal length leave over, and a price of their cells."""
    off, own = _leftovers(sets)
    cells = np.array([sum(one.relative**-2.0 for one in some) for some in sets])
    return _left_over(off, own, _weights(sets, 1.0)) + price * cells


def weights(some: Sequence[Rounding], order: float) -> Array:
    """Weights whose sum is one and that cancel h^order, of all such those that leave least over.

    >>> some = [Rounding((n, n), ((n, n),) * 2, (0, 0), (0, 0), 1.0 / n, np.zeros(1)) for n in (10, 20)]
    >>> weights(some, 1.0).round(6).tolist()
    [-1.0, 2.0]
    """
    return _weights([some], order)[0]


def _weights(sets: Sequence[Sequence[Rounding]], order: float) -> Array:
    """Weights of sets of equal length, (sets, grids).

    With K the squares of what is left over and E c = e the conditions, c = K^-1 E^T (E K^-1 E^T)^-1 e.
    """
    h = np.array([[one.relative for one in some] for some in sets])
    if h.shape[1] == 1:
        return np.ones_like(h)
    off, own = _leftovers(sets)
    square = FIRST**2 * off @ off.swapaxes(1, 2) + own[:, :, None] ** 2 * np.eye(h.shape[1])
    given = np.stack([np.ones_like(h), (h / h.max(axis=1, keepdims=True)) ** order], axis=1)
    found = np.linalg.solve(square, given.swapaxes(1, 2))
    return np.asarray((found @ np.linalg.inv(given @ found))[:, :, 0], float)


def fitted_order(some: Sequence[Rounding], energies: Array) -> float:
    """Order of convergence that energies on three grids show, within `ORDERS`.

    With roundings, which hide it, the order is one.
    """
    if len(some) != 3 or max(np.abs(one.off).max() for one in some) > FITS:
        return 1.0
    h = np.array([one.relative for one in some])
    tried = np.linspace(*ORDERS, 117)
    ratio = (h[0] ** tried - h[1] ** tried) / (h[1] ** tried - h[2] ** tried)
    seen = (energies[0] - energies[1]) / (energies[1] - energies[2]) if energies[1] != energies[2] else np.inf
    return float(tried[int(np.argmin(np.abs(np.log(np.maximum(seen, 1e-9) / ratio))))])


def _grid(plan: LegPlan, side: str, rounding: Rounding) -> PlateGrid:
    """All rectangles of a side on borders of cells."""
    steps = [p / n for p, n in zip(plan.pitch, rounding.counts, strict=True)]
    sites = plan.columns, plan.rows
    total = [n * c + rim for n, c, rim in zip(sites, rounding.counts, rounding.rims, strict=True)]

    def real(box: Any) -> Rectangle:
        return steps[0] * box[0], steps[0] * box[1], steps[1] * box[2], steps[1] * box[3]

    legs = np.array([_in_cells(plan, k, rounding) for k in range(len(plan.legs))])
    reach = np.array([-rounding.hang[0], rounding.hang[0], -rounding.hang[1], rounding.hang[1]])
    electrodes = []
    for join in getattr(plan, f"{side}_joins"):
        own = legs[list(join)]
        low, high = own.min(axis=0), own.max(axis=0)
        electrodes.append(real(np.array([low[0], high[1], low[2], high[3]]) + reach))
    low, high = (
        [-0.5 * rim for rim in rounding.rims],
        [t - 0.5 * r for t, r in zip(total, rounding.rims, strict=True)],
    )
    # where the edges of parts lie between two cells that begin at a rim, cells begin half a cell before it
    halved = [
        bool((c - max(n) + rim) % 2)
        for c, n, rim in zip(rounding.counts, rounding.legs, rounding.rims, strict=True)
    ]
    plate = CellBox(
        real((low[0], high[0], low[1], high[1])),
        (total[0] + halved[0], total[1] + halved[1]),
        (halved[0], halved[1]),
    )
    return PlateGrid(plate, tuple(map(real, legs)), tuple(electrodes), rounding)


def _in_cells(plan: LegPlan, k: int, rounding: Rounding) -> list[float]:
    """Edges of a leg in cells: in the middle of its site, perhaps between two cells from its border."""
    edges: list[float] = []
    for axis in (0, 1):
        count, n = rounding.counts[axis], rounding.legs[axis][k % 2]
        site = int(0.5 * (plan.legs[k][2 * axis] + plan.legs[k][2 * axis + 1]) // plan.pitch[axis])
        low = site * count + 0.5 * (count - n)
        edges += [low, low + n]
    return edges
