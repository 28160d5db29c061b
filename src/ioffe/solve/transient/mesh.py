"""Cells of the segments and layers, finer towards their ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ioffe.engine.elements import Plate
from ioffe.engine.table import Array, PropertyTable
from ioffe.engine.thermoelement import Thermoelement

GRADING = 2.0
"""Cells at the ends of a segment are cosh(GRADING)^2 = 14 times shorter than in its middle."""


@dataclass(frozen=True, eq=False)
class Chain:
    """A segment or layer cut into cells, between two nodes of the network."""

    element: Thermoelement | Plate
    capacity: PropertyTable | None
    """Holds the heat capacity by volume, J/(m3 K), in the place of the thermal conductivity; None if
    nothing is stored."""
    cells: int

    @property
    def table(self) -> PropertyTable:
        """Table of the material."""
        return self.element.table

    @property
    def positions(self) -> Array:
        """Positions of the points in m; a layer, which conducts far better than a leg, has equal cells."""
        graded = isinstance(self.element, Thermoelement)
        return positions(self.cells, graded) * self.number("length")

    def number(self, name: str, default: float = 0.0) -> float:
        """One number of the element; a layer has no sign and no side loss."""
        return float(getattr(self.element, name, default))


@dataclass(frozen=True, eq=False)
class Mesh:
    """All points in one row: of every chain its first node, the centres of its cells, its last node.

    Elements join each point to the next; one that would join two chains has `per` = 0 and `current` = 0.
    """

    points: int
    first: NDArray[np.intp]
    """Point at the first node of each chain, shape (chains,); likewise the next."""
    last: NDArray[np.intp]
    node_first: NDArray[np.intp]
    """Node at which each chain begins."""
    node_last: NDArray[np.intp]
    chain: NDArray[np.intp]
    """Chain of each point."""
    position: Array
    """m from the first node of the chain."""
    volume: Array
    """m3 by which the enthalpy before, at and behind each point counts in its balance, 0 at nodes;
    shape (3, points)."""
    is_cell: NDArray[np.bool_]
    """Points that are no nodes."""
    per: Array
    """Cross-section over length of each element in m, shape (points - 1,)."""
    current: Array
    """j over the circuit's current for each element: sign length/area in 1/m."""
    convection: Array | None
    """h perimeter/area length^2 of each element in W/(m K), None without side losses."""
    radiation: Array | None
    """The same in W/(m K^4)."""
    section: Array
    """Cross-section of each chain in m2, shape (chains,)."""
    end_share: Array
    """Heat stored between a node and its first cell, as shares of that in the hats of the two cells beside
    the node; for the first and the last node of each chain, shape (2, 2, chains)."""
    strength: Array
    """count * sign of each chain: its share of the voltage, shape (chains,)."""

    @property
    def ends(self) -> tuple[tuple[NDArray[np.intp], int, Array], tuple[NDArray[np.intp], int, Array]]:
        """First and last points of the chains, the direction inwards, and `end_share`."""
        return (self.first, 1, self.end_share[0]), (self.last, -1, self.end_share[1])

    def energy(self, enthalpy: Array) -> Array:
        """J in the balance of each point, from the enthalpy in J/m3."""
        before, at, behind = self.volume
        total = at * enthalpy
        total[1:] += before[1:] * enthalpy[:-1]
        total[:-1] += behind[:-1] * enthalpy[1:]
        return total


def positions(cells: int, graded: bool = True) -> Array:
    """Positions of the points from 0 to 1: both ends and one in every cell; symmetric.

    They lie where a smooth map takes the middles of equal parts, so that a third of the cells has every
    third of the points.
    """
    s = (2.0 * np.arange(cells) + 1.0) / cells - 1.0
    inner = 0.5 * (1.0 + (np.tanh(GRADING * s) / np.tanh(GRADING) if graded else s))
    return np.concatenate([[0.0], inner, [1.0]])


def weights(x: Array) -> Array:
    r"""Lengths by which the values before, at and behind each point count in its storage.

    From the hat function phi of a point that falls to zero at its neighbours,
    :math:`\int\varphi\,\partial_t h\,dx = \partial_x\Theta` between them exactly for pure conduction. The
    integral is that of the parabola through the three values. The first and the last cell take a straight
    line through two cells instead, so that an end may jump, and what is stored in half the hat of the end.

    `x`: positions of the points, the first and the last without storage; shape (n,), n > 3.
    Returns (3, n)
    """
    p, q = np.diff(x)[:-1], np.diff(x)[1:]
    whole, moment, second = 0.5 * (p + q), (q * q - p * p) / 6.0, (p**3 + q**3) / 12.0
    before = (second - q * moment) / (p * (p + q))
    behind = (second + p * moment) / (q * (p + q))
    before[0], behind[0] = 0.0, moment[0] / q[0]
    behind[-1], before[-1] = 0.0, -moment[-1] / p[-1]
    found = np.array([before, whole - before - behind, behind])
    first, last = end_shares(x)
    found[:, :2] *= 1.0 + first
    found[:, -2:] *= 1.0 + last[::-1]
    return np.pad(found, ((0, 0), (1, 1)))


def end_shares(x: Array) -> Array:
    """What half the hat of each end stores, from the two cells beside it.

    The rate at the middle of the half hat, a third of the way, is that of a straight line through the means
    of the two hats.

    Returns (2, 2): factors of the storage of the first and the second cell, counted inwards, for both ends.
    """
    found = []
    for d in (np.diff(x), np.diff(x)[::-1]):
        size = 0.5 * (d[:2] + d[1:3])
        middle = np.cumsum(d[:2]) + (d[1:3] - d[:2]) / 3.0
        beyond = (middle[0] - d[0] / 3.0) / (middle[1] - middle[0])
        found.append(0.5 * d[0] * np.array([1.0 + beyond, -beyond]) / size)
    return np.array(found)


def make(chains: tuple[Chain, ...]) -> Mesh:
    """Mesh of chains, in their order."""
    sizes = np.array([c.cells + 2 for c in chains])
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    last = first + sizes - 1
    position = [c.positions for c in chains]
    length = np.concatenate([np.append(np.diff(x), 1.0) for x in position])[:-1]
    section = np.array([c.number("count", 1.0) * c.number("area") for c in chains])
    volume = [a * weights(x) for a, x in zip(section, position, strict=True)]
    shares = np.array([end_shares(x) for x in position])
    inner = np.ones(int(sizes.sum()), bool)
    inner[first] = inner[last] = False
    real = np.ones(len(length))
    real[last[:-1]] = 0.0

    def each(name: str, default: float = 0.0) -> Array:
        return np.repeat([c.number(name, default) for c in chains], sizes)[:-1] * real

    area = np.where(real > 0, each("area"), 1.0)
    lossy = bool(np.any(each("convection")) or np.any(each("radiation")))
    return Mesh(
        points=len(inner),
        first=first,
        last=last,
        node_first=np.array([c.element.a for c in chains]),
        node_last=np.array([c.element.b for c in chains]),
        chain=np.repeat(np.arange(len(chains)), sizes),
        position=np.concatenate(position),
        volume=np.concatenate(volume, axis=1),
        is_cell=inner,
        per=each("count", 1.0) * area / length,
        current=each("sign") * length / area,
        convection=each("convection") * length**2 if lossy else None,
        radiation=each("radiation") * length**2 if lossy else None,
        section=section,
        end_share=np.moveaxis(shares, 0, -1),
        strength=np.array([c.number("count", 1.0) * c.number("sign") for c in chains]),
    )
