r"""One side of a module at one cell width: the temperatures that given heats make.

The ports of a side are the footprints of the legs, where heat enters an electrode (or the plate itself, if
there is none), and the volumes of the electrodes, where Joule heat does. Unknown is the heat x that leaves
each cell of an electrode for the plate beyond its mean, such that both have the same temperature:

.. math:: (D + W P W^T)\,x = B\,q - W P\,(W^T \bar q + s).

P is the symbol of the plate, A, B, D those of the electrodes (`symbols.two_port`), W the overlap of cells
(`cells`), q the heat of the legs, :math:`\bar q` its mean with the Joule heat, s what enters the plate beside
the electrodes. D and P are diagonal in cosines, each of its own box, and the matrix is symmetric and
positive: conjugate gradients, preconditioned by D + P in the cosines of each electrode, take 10 to 17
iterations whatever the film coefficient or the number of legs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import fft as transforms
from scipy import sparse

from ioffe.device.layout import Rectangle
from ioffe.field.cells import CellBox, Matrix, cells_of_electrode, matrix
from ioffe.field.folding import folded
from ioffe.field.outer import FaceMap, FilmMap, FluxMap, outer_symbols, through
from ioffe.field.symbols import BoxLayer, impedance, mean_resistances, two_port

Array = NDArray[np.float64]
fft: Any = transforms
MOST_ITERATIONS = 200
CG_TOLERANCE = 1e-7
"""Of the residual of the conjugate gradients in the norm of the preconditioner, relative to the first one."""


@dataclass(frozen=True)
class Stacks:
    """What one side is made of.

    Attributes
    ----------
    electrode, plate : tuple of BoxLayer
        Layers from the legs outwards; none where there is no electrode or no plate.
    film : float
        Coefficient in W/(m2 K) outside of the plate, infinite for a given temperature of its outer face.
    flux : FaceMap, optional
        How all heat is spread over the outer face; the film is behind it alone.
    coefficient : FaceMap, optional
        How the film differs from place to place; then `film` is its mean.
    """

    electrode: tuple[BoxLayer, ...]
    plate: tuple[BoxLayer, ...]
    film: float = np.inf
    flux: FaceMap | None = None
    coefficient: FaceMap | None = None


class _Electrodes:
    """Electrodes of one shape: their positions among all cells of electrodes, and their symbols."""

    def __init__(self, cells: CellBox, first: Array, stacks: Stacks, film: float) -> None:
        self.shape = cells.shape
        self.index = np.add.outer(first, np.arange(cells.count))
        layers = stacks.electrode

        def of(port: int, layer: BoxLayer, thickness: float, *, leads: bool = True) -> Array:
            where = cells.shape, cells.sides
            limit = {"conductivity": layer.conductivity, "thickness": thickness, "leads": leads}
            return folded(lambda k: two_port(k, layers)[port], *where, **limit) / cells.area

        inner = of(0, layers[0], layers[0].thickness)
        self.a = inner + layers[0].interface / cells.area
        # it falls as exp(-k t), half as fast as what the others differ from their limits by
        self.b = of(1, layers[0], 0.5 * sum(layer.thickness for layer in layers), leads=False)
        # one layer is the same from both sides
        self.d = of(2, layers[-1], layers[-1].thickness) if len(layers) > 1 else inner
        below = self.d + _plate_symbol(cells, stacks.plate, film) / cells.area
        self.inverse = np.zeros(cells.shape)
        np.divide(1.0, below, out=self.inverse, where=below > 0.0)
        self.inverse[0, 0] = 0.0


def _plate_symbol(cells: CellBox, layers: Sequence[BoxLayer], film: float) -> Array:
    """Folded symbol of the plate in m2 K/W; that of the mean is zero for an insulated one."""
    if not layers:
        return np.full(cells.shape, 1.0 / film if film > 0.0 else 0.0)
    bond = layers[0].interface
    through = sum(layer.resistance + layer.interface for layer in layers) - bond

    def of(k: Array) -> Array:
        Z = impedance(k, layers, film)
        # an insulated plate counts from the mean of its outer face
        return np.where(np.isfinite(Z), Z, through)

    K, t, halved = layers[0].conductivity, layers[0].thickness, cells.halved
    return bond + folded(of, cells.shape, cells.sides, conductivity=K, thickness=t, halved=halved)


def _rest(shares: Matrix, boxes: Sequence[Rectangle], plate: CellBox) -> Matrix:
    """Share of what no rectangle covers in each cell."""
    covered = shares.T @ np.array([(r[1] - r[0]) * (r[3] - r[2]) for r in boxes])
    bare = np.maximum(plate.areas - covered, 0.0)
    return sparse.csr_array(bare[None] / bare.sum())


def _stacked(rows: Sequence[Any]) -> Matrix:
    return sparse.csr_array(sparse.vstack(rows))


class SideFaces(NamedTuple):
    """Temperatures of the faces of a side in K, in the shapes of the cells."""

    electrodes: tuple[Array, ...]
    """Of each electrode, its face towards the legs."""
    under: tuple[Array, ...]
    """Of each electrode, its face towards the plate."""
    plate: Array
    """Of the plate, its face towards the legs."""
    outer: Array


class _Inside(NamedTuple):
    """What happens in a side, a column for each set of heats."""

    heat: Array
    """In W, what enters each cell of the plate."""
    unknowns: Array
    under: Array
    """Temperatures of the inner face of the plate."""
    face: Array
    """How those of the electrodes differ from their means."""
    inner: Array
    """Heat of the legs over the area of each electrode."""
    joule: Array


class PlateSide:
    """Plate and electrodes of one side at one cell width.

    `electrodes`: used where the stack has electrode layers.
    `legs`: footprints where heat enters.
    `joins`: the legs on each electrode.
    `free`: whether all that faces the gap between the plates is one more port, behind those of the legs.
    """

    def __init__(
        self,
        plate: CellBox,
        electrodes: Sequence[Rectangle],
        legs: Sequence[Rectangle],
        joins: Sequence[tuple[int, ...]],
        stacks: Stacks,
        *,
        free: bool = False,
    ) -> None:
        self.plate, self.stacks = plate, stacks
        outside = plate, stacks.plate, stacks.film
        self.flux = None if stacks.flux is None else FluxMap(*outside, stacks.flux)
        self.films = None if stacks.coefficient is None else FilmMap(*outside, stacks.coefficient)
        film = 0.0 if self.flux else self.films.film if self.films else stacks.film
        self.symbol = _plate_symbol(plate, stacks.plate, film) / plate.area
        self.electrodes = tuple(electrodes) if stacks.electrode else ()
        self.bodies, self.ports, self.iterations = len(self.electrodes), len(legs) + free, 0
        places = np.arange(len(legs)), np.zeros(len(legs), int)
        self.cells, self.groups = 0, list[_Electrodes]()
        if not self.electrodes:
            self.direct = matrix([plate.share(leg) for leg in legs], *places, (len(legs), plate.count))
            if free:
                self.direct = _stacked([self.direct, _rest(self.direct, legs, plate)])
            return
        own = [cells_of_electrode(box, plate) for box in self.electrodes]
        counts = np.array([c.count for c in own])
        ends = np.concatenate([[0], np.cumsum(counts)])
        first, self.cells = ends[:-1], int(ends[-1])
        self.sizes, self.firsts = counts, first
        self.areas = counts * np.array([c.area for c in own])
        size = self.cells, plate.count
        self.overlap = matrix([c.within(plate) for c in own], first, np.zeros(len(own), int), size)
        self.onto: Matrix = sparse.csr_array(self.overlap.T)
        at = np.zeros(len(legs), int)
        for e, join in enumerate(joins):
            at[list(join)] = e
        shares = [own[e].share(leg) for e, leg in zip(at, legs, strict=True)]
        self.spread = matrix(shares, places[0], first[at], (len(legs), self.cells))
        of_cell = np.repeat(np.arange(self.bodies), counts)
        at_cells = of_cell, np.arange(self.cells)
        self.even = sparse.csr_array((1.0 / counts[of_cell], at_cells), shape=(self.bodies, self.cells))
        self.direct = sparse.csr_array((self.ports, plate.count))
        if free:
            self._add_gap(own, legs)
        self.gather: Matrix = sparse.csr_array(self.spread.T)
        ones = sparse.csr_array((np.ones(self.cells), at_cells[::-1]), shape=(self.cells, self.bodies))
        self.of_port = sparse.csr_array(self.spread @ ones)
        shapes: dict[tuple[int, ...], list[int]] = {}
        for e, c in enumerate(own):
            shapes.setdefault((*c.shape, *(round(1e10 * s) for s in c.sides)), []).append(e)
        self.groups = [_Electrodes(own[es[0]], first[es], stacks, film) for es in shapes.values()]
        self.means = mean_resistances(stacks.electrode)

    @property
    def even_resistance(self) -> float:
        """Of heat that is spread over the whole plate, or, on a map, over that; in K/W."""
        if self.flux is not None:
            return self.flux.own
        if self.films is not None:
            return 1.0 / (self.stacks.film * float(self.plate.areas.sum()))
        return float(self.symbol[0, 0] * self.plate.area / self.plate.areas.sum())

    def _add_gap(self, own: Sequence[CellBox], legs: Sequence[Rectangle]) -> None:
        """One more port: electrodes beside the legs, and the plate beside the electrodes, by their areas."""
        cell = np.concatenate([np.full(c.count, c.area) for c in own])
        sizes = np.array([(r[1] - r[0]) * (r[3] - r[2]) for r in legs])
        under = np.maximum(cell - self.spread.T @ sizes, 0.0)
        bare = np.maximum(self.plate.areas - self.onto @ cell, 0.0)
        total = under.sum() + bare.sum()
        self.spread = _stacked([self.spread, sparse.csr_array(under[None] / total)])
        none = sparse.csr_array((len(legs), self.plate.count))
        self.direct = _stacked([none, sparse.csr_array(bare[None] / total)])

    def respond(self, heats: Array) -> Array:
        """Mean temperatures of all ports above that behind the film, for given heats.

        `heats` (n, ports + bodies): in W, what enters at the footprints, at the free face, and in the
            electrodes.
        Returns: in K.
        """
        made = self._inside(heats)
        if not self.electrodes:
            return (self.direct @ made.under).T
        out = self.even @ (self.overlap @ made.under)
        above = out + self.means.through * made.inner + self.means.heated * made.joule
        ports = self.spread @ made.face + self.of_port @ above + self.direct @ made.under
        bodies = out + self.means.heated * made.inner + self.means.body * made.joule
        return np.concatenate([ports, bodies]).T

    def faces(self, heats: Array) -> SideFaces:
        """Temperatures of all faces above that behind the film, for given heats (ports + bodies,)."""
        made = self._inside(heats[None])
        outer = self._outer(made)[:, 0].reshape(self.plate.shape)
        under = made.under[:, 0].reshape(self.plate.shape)
        inner: list[Array] = [np.zeros((0, 0))] * self.bodies
        lower = list(inner)
        if self.electrodes:
            below = self.overlap @ made.under
            out = self.even @ below
            face = made.face + self.even.T @ (
                self.sizes[:, None] * (out + self.means.through * made.inner + self.means.heated * made.joule)
            )
            for group in self.groups:
                for index in group.index:
                    e = int(np.searchsorted(self.firsts, index[0], side="right")) - 1
                    inner[e], lower[e] = (x[index, 0].reshape(group.shape) for x in (face, below))
        return SideFaces(tuple(inner), tuple(lower), under, outer)

    def _inside(self, heats: Array) -> _Inside:
        """What happens inside for given heats, a column for each."""
        into, body = heats[:, : self.ports].T, heats[:, self.ports :].T
        beside = self.direct.T @ into
        if not self.electrodes:
            none = np.zeros((0, len(heats)))
            found = self._solve(none, beside)
            return _Inside(beside, found, self._plate(beside, found), none, none, none)
        q = self.gather @ into
        inner = self.of_port.T @ into
        base = self.even.T @ (inner + body)
        inward = self.onto @ base + beside
        under = self._plate(inward)
        q_modes = self._modes(q)
        right = self._times("b", q_modes) - self._without_mean(self._modes(self.overlap @ under))
        found = self._solve(right, inward)
        x_modes = found[: self.cells]
        crossing = self.onto @ self._cells(x_modes)
        under = under + self._plate(crossing, found)
        inner, joule = inner / self.areas[:, None], body / self.areas[:, None]
        face = self._cells(self._times("a", q_modes) - self._times("b", x_modes))
        return _Inside(inward + crossing, found, under, face, inner, joule)

    def _outer(self, made: _Inside) -> Array:
        """Temperatures of the outer face of the plate, (cells, n)."""
        if not self.stacks.plate:
            return made.under
        if self.flux is not None:
            return self.flux.outer(made.heat)
        if self.films is not None:
            return self.films.outer(made.heat, made.unknowns[self.cells :])
        if np.isinf(self.stacks.film):
            return np.zeros_like(made.under)
        across = outer_symbols(self.plate, self.stacks.plate, self.stacks.film)[0]
        return through(made.heat, across, self.plate.halved)

    def _plate(self, heat: Array, unknowns: Array | None = None) -> Array:
        """Temperatures of the plate's cells from the heat that enters each, (cells, n).

        With unknowns of the solution: less what a film that is not even takes beside its smallest value.
        """
        found = through(heat, self.symbol, self.plate.halved)
        if self.films is not None and unknowns is not None:
            found -= self.films.inside(unknowns[self.cells :])
        return found if self.flux is None else self.flux.added(found, heat)

    def _modes(self, values: Array) -> Array:
        """Cosines of each electrode, where its cells were, (cells, n)."""
        return self._transformed(values, fft.dctn)

    def _cells(self, modes: Array) -> Array:
        """Values of cells from the cosines of each electrode."""
        return self._transformed(modes, fft.idctn)

    def _transformed(self, values: Array, transform: Callable[..., Array]) -> Array:
        out = np.empty_like(values)
        for group in self.groups:
            grid = values[group.index].reshape(len(group.index), *group.shape, -1)
            found = transform(grid, axes=(1, 2), norm="ortho", overwrite_x=True)
            out[group.index] = found.reshape(*group.index.shape, -1)
        return out

    @cached_property
    def _symbols(self) -> dict[str, Array]:
        """Symbols of all electrodes at their cosines, (cells, 1)."""
        out = {name: np.empty((self.cells, 1)) for name in ("a", "b", "d", "inverse")}
        for name, column in out.items():
            for group in self.groups:
                column[group.index, 0] = getattr(group, name).ravel()
        return out

    def _times(self, name: str, modes: Array) -> Array:
        return self._symbols[name] * modes

    def _without_mean(self, modes: Array) -> Array:
        """The modes with those of the means zero, in place."""
        for group in self.groups:
            modes[group.index[:, 0]] = 0.0
        return modes

    def _solve(self, right: Array, inward: Array) -> Array:
        """Conjugate gradients for all columns at once: cosines of electrodes, then unknowns of a film map.

        `inward` is the heat that enters the plate before anything is known.
        """
        if self.films is not None:
            right = np.concatenate([right, self.films.given(inward)])
        x, r = np.zeros_like(right), right.copy()
        z = self._preconditioned(r)
        p, rz = z, np.einsum("ij,ij->j", r, z)
        settled = CG_TOLERANCE**2 * rz
        for _ in range(MOST_ITERATIONS):
            if np.all(rz <= settled):
                break
            self.iterations += right.shape[1]
            Ap = self._applied(p)
            with np.errstate(divide="ignore", invalid="ignore"):
                step = np.nan_to_num(rz / np.einsum("ij,ij->j", p, Ap))
                x += step * p
                r -= step * Ap
                z = self._preconditioned(r)
                new = np.einsum("ij,ij->j", r, z)
                p = z + np.nan_to_num(new / rz) * p
            rz = new
        return x

    def _preconditioned(self, r: Array) -> Array:
        if self.films is None:
            return self._times("inverse", r)
        return np.concatenate([self._times("inverse", r[: self.cells]), r[self.cells :]])

    def _applied(self, p: Array) -> Array:
        """The matrix of the conjugate gradients on columns."""
        if not self.cells:
            assert self.films is not None
            return self.films.applied(np.zeros_like(p), p)
        own = p[: self.cells]
        heat = self.onto @ self._cells(own)
        out = self._without_mean(self._modes(self.overlap @ self._plate(heat, p))) + self._times("d", own)
        return out if self.films is None else np.concatenate([out, self.films.applied(heat, p[self.cells :])])
