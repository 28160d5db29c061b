"""The unknowns of a module and the equations between them.

Temperatures of the reservoirs and of the surroundings, and both terminals, are unknowns too: heat and current
that enter or leave are what the balance there lacks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ioffe.device.conditions import Reservoirs
from ioffe.field.elements.contacts import FacePairs
from ioffe.field.elements.iteration import SpreadHeat
from ioffe.field.elements.mesh import BoxMesh, FaceSet
from ioffe.field.elements.shapes import FACE_VALUES, FACE_WEIGHTS
from ioffe.field.elements.solids import SIDES, Solid, SolidModule
from ioffe.field.elements.system import CoupledSystem, Ties, numbered
from ioffe.field.elements.volumes import MaterialCells
from ioffe.material.material import Material
from ioffe.solve.assemble import table_of

Array = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class ModuleSystem:
    """A module on a mesh.

    Attributes
    ----------
    solid : SolidModule
    system : CoupledSystem
    reservoirs : dict
        Unknowns of the temperatures ``"hot"``, ``"cold"`` and ``"ambient"``.
    plus, minus : int
        Unknowns of the potentials at the terminals; the current leaves at `plus`.
    leads : ndarray
        Shares of the heat of the leads that enter each unknown.
    spread : tuple of SpreadHeat
        Heats that enter outer faces as maps say.
    """

    solid: SolidModule
    system: CoupledSystem
    reservoirs: dict[str, int]
    plus: int
    minus: int
    leads: Array
    spread: tuple[SpreadHeat, ...]

    @property
    def mesh(self) -> BoxMesh:
        """The mesh."""
        return self.system.mesh


class _Builder:
    def __init__(self, solid: SolidModule, mesh: BoxMesh) -> None:
        self.solid, self.mesh = solid, mesh
        self.nodes = len(mesh.positions)
        # places behind the nodes: reservoirs for T, electrodes without a body and terminals for V
        self.place = {name: self.nodes + i for i, name in enumerate(("hot", "cold", "ambient"))}
        self.electrodes = {
            (side, e): self.nodes + i
            for i, (side, e) in enumerate((s, e) for s in SIDES for e in range(len(getattr(solid.plan, s))))
        }
        last = self.nodes + len(self.electrodes)
        self.terminals = {"minus": last, "plus": last + 1}
        self.T_ties: list[Ties] = []
        self.V_ties: list[Ties] = []
        self.pairs: list[tuple[Indices, Indices | None, Array, Array, float, float]] = []
        # reservoir, places and shares of the heat that passes, K/W to behind the film
        self.spread: list[tuple[str, Indices, Array, float]] = []

    def tie(self, ties: list[Ties], a: Indices, b: Indices | int) -> None:
        """Make places one."""
        ties.append((a.ravel(), np.broadcast_to(b, a.shape).ravel()))

    def join(self) -> None:
        """Bodies on one another: one temperature and potential, or a contact."""
        below, above = self.mesh.meeting(2)
        pairs = np.stack([self.mesh.body[below.cells], self.mesh.body[above.cells]], axis=1)
        for a, b in np.unique(pairs, axis=0):
            at = np.flatnonzero((pairs == [a, b]).all(axis=1))
            first, second, area = below.nodes[at], above.nodes[at], below.area[at]
            contact = self.solid.contact(int(a), int(b))
            low, high = self.solid.solids[a], self.solid.solids[b]
            V = self._potentials(low, high, first, second)
            rho = 0.0 if contact is None else contact.electrical
            R = 0.0 if contact is None else contact.thermal
            if not R:
                self.tie(self.T_ties, first, second)
            if V is not None and not rho:
                self.tie(self.V_ties, *V)
            if R or rho:
                both = None if V is None or not rho else np.concatenate(V, axis=1)
                G = np.full(len(at), 1.0 / R if R else 0.0)
                T = np.concatenate([first, second], axis=1)
                self.pairs.append((T, both, area, G, 0.0, 1.0 / rho if rho else 0.0))

    def _potentials(self, low: Solid, high: Solid, first: Indices, second: Indices) -> Ties | None:
        """Places of the potentials on both sides; None where no current passes.

        Where a leg meets a plate without an electrode between, all legs joined there have one potential.
        """
        if low.conducts and high.conducts:
            return first, second
        conductor, side = (low, high.side) if low.conducts else (high, low.side)
        if conductor.part == "electrode" or not conductor.conducts:
            return None
        joins = getattr(self.solid.plan, f"{side}_joins")
        e = next(i for i, join in enumerate(joins) if conductor.owner in join)
        ideal = np.full(first.shape, self.electrodes[side, e])
        return (first, ideal) if low.conducts else (ideal, second)

    def outer(self, conditions: Reservoirs) -> None:
        """Films, or given temperatures, of the outer faces, and their exchange with the surroundings."""
        for side, cells in self.solid.films(self.mesh).items():
            faces = self.mesh.faces(cells, 2, int(side == "hot"))
            film, flux, coefficient = self.solid.faces[side]
            # the middle node of a face
            middles = self.mesh.positions[faces.nodes[:, 4], :2]
            if flux is not None:
                shares = self._shares(faces, flux.at(middles))
                where = np.flatnonzero(shares)
                self.spread.append((side, where, shares[where], 1.0 / (film * flux.area)))
            elif coefficient is not None:
                relative = coefficient.at(middles)
                self.film(faces, side, film * relative * faces.area.sum() / (relative @ faces.area), 0.0)
            elif np.isinf(film):
                self.tie(self.T_ties, faces.nodes, self.place[side])
            else:
                self.film(faces, side, film, 0.0)
            h, emissivity = (float(getattr(conditions, f"{side}_{k}")) for k in ("convection", "emissivity"))
            if h or emissivity:
                self.film(faces, "ambient", h, emissivity)

    def film(self, faces: FaceSet, to: str, h: float | Array, emissivity: float) -> None:
        """Exchange of free faces with a reservoir or the surroundings."""
        T = np.concatenate([faces.nodes, np.full(faces.nodes.shape, self.place[to])], axis=1)
        self.pairs.append((T, None, faces.area, np.broadcast_to(h, len(T)), emissivity, 0.0))

    def _shares(self, faces: FaceSet, density: float | Array) -> Array:
        """Shares of a heat that enters faces, with an even density in each, by places of temperatures."""
        each = (density * faces.area)[:, None] * (FACE_WEIGHTS @ FACE_VALUES)
        shares = np.bincount(faces.nodes.ravel(), each.ravel(), self.nodes + 3)
        return np.asarray(shares / shares.sum(), float)

    def sides(self) -> None:
        """What the sides of legs lose."""
        for k, own in enumerate(self.solid.of_leg):
            loss = self.solid.leg(k).side
            if loss is None:
                continue
            cells = np.isin(self.mesh.body, own)
            for axis in (0, 1):
                for side in (0, 1):
                    beside = self.mesh.neighbours(axis, side)
                    at = np.flatnonzero(cells & ((beside < 0) | (self.mesh.body[beside] != self.mesh.body)))
                    self.film(self.mesh.faces(at, axis, side), "ambient", loss.convection, loss.emissivity)

    def gap(self) -> None:
        """Filler and radiation between faces that are opposite to one another, straight across."""
        filler = self.solid.module.filler
        if filler is None or not (filler.thermal_conductivity or filler.emissivity):
            return
        above = self.mesh.neighbours(2, 1)
        low = np.flatnonzero((above < 0) & (self.mesh.cells[:, 2] < self.mesh.grid.shape[2] - 1))
        number = np.full(self.mesh.grid.shape, -1)
        number[tuple(self.mesh.cells.T)] = np.arange(len(self.mesh.cells))
        first, second = [], []
        for cell in low:
            i, j, k = self.mesh.cells[cell]
            column = number[i, j, k + 1 :]
            found = column[column >= 0]
            if len(found):
                first.append(cell)
                second.append(found[0])
        if not first:
            return
        a, b = self.mesh.faces(np.array(first), 2, 1), self.mesh.faces(np.array(second), 2, 0)
        z = self.mesh.borders[2]
        apart = z[self.mesh.cells[b.cells, 2]] - z[self.mesh.cells[a.cells, 2] + 1]
        T = np.concatenate([a.nodes, b.nodes], axis=1)
        between = filler.emissivity / (2.0 - filler.emissivity)
        self.pairs.append((T, None, a.area, filler.thermal_conductivity / apart, between, 0.0))

    def terminal(self, name: str, e: int) -> Array:
        """One potential at the rim of an electrode beyond the leg, or where there is none at the leg's end.

        Gives the shares of a heat that enters there, by places of temperatures.
        """
        plan, side = self.solid.plan, self.solid.plan.terminals
        at = [
            i
            for i, s in enumerate(self.solid.solids)
            if s.part == "electrode" and s.side == side and s.owner == e
        ]
        if at:
            axis, low = _rim(self.solid, e)
            beside = self.mesh.neighbours(axis, int(not low))
            mine = np.isin(self.mesh.body, at)
            cells = np.flatnonzero(mine & ((beside < 0) | ~mine[beside]))
            faces = self.mesh.faces(cells, axis, int(not low))
            self.tie(self.V_ties, faces.nodes, self.terminals[name])
        else:
            self.tie(self.V_ties, np.array([self.electrodes[side, e]]), self.terminals[name])
            k = getattr(plan, f"{side}_joins")[e][0]
            own = self.solid.of_leg[k][-1 if side == "hot" else 0]
            z = np.array([self.solid.ends[int(side == "hot")]])
            cells = np.flatnonzero(self.mesh.body == own)
            ends = self.mesh.borders[2][self.mesh.cells[cells, 2] + int(side == "hot")]
            faces = self.mesh.faces(cells[np.isclose(ends, z, rtol=0, atol=1e-9)], 2, int(side == "hot"))
        return self._shares(faces, 1.0)

    def finished(self) -> ModuleSystem:
        """Numbers for all unknowns, and the system."""
        plan, last = self.solid.plan, len(getattr(self.solid.plan, self.solid.plan.terminals)) - 1
        # the current of a generator enters an n leg at its cold end, or a p leg at its hot one
        first, final = ("plus", "minus") if plan.terminals == "cold" else ("minus", "plus")
        leads = 0.5 * (self.terminal(first, 0) + self.terminal(final, last))
        solids, mesh = self.solid.solids, self.mesh
        conducts = np.array([s.conducts for s in solids])
        T_of, temperatures = numbered(self.nodes + 3, np.arange(self.nodes + 3), self.T_ties)
        in_use = [np.flatnonzero(conducts[mesh.places[:, 3]]), *(part for tie in self.V_ties for part in tie)]
        in_use += [V.ravel() for _, V, *_ in self.pairs if V is not None]
        places = self.terminals["plus"] + 1
        V_of, potentials = numbered(places, np.unique(np.concatenate(in_use)), self.V_ties)
        V_of = np.where(V_of >= 0, V_of + temperatures, -1)
        size = temperatures + potentials
        pairs = tuple(
            FacePairs(T_of[T], None if V is None else V_of[V], area, G, emissivity, conductivity)
            for T, V, area, G, emissivity, conductivity in self.pairs
        )
        system = CoupledSystem(
            mesh, _materials(solids, mesh), pairs, T_of[: self.nodes], V_of[: self.nodes], temperatures, size
        )
        reservoirs = {name: int(T_of[place]) for name, place in self.place.items()}
        shares = np.asarray(np.bincount(T_of, leads, size), float)
        plus, minus = (int(V_of[self.terminals[name]]) for name in ("plus", "minus"))
        spread = tuple(
            SpreadHeat(T_of[where], parts, reservoirs[side], resistance)
            for side, where, parts, resistance in self.spread
        )
        return ModuleSystem(self.solid, system, reservoirs, plus, minus, shares, spread)


def _materials(solids: tuple[Solid, ...], mesh: BoxMesh) -> tuple[MaterialCells, ...]:
    """Cells of each material, those that carry current apart."""
    kinds: dict[tuple[int, bool], tuple[Material, list[int]]] = {}
    for i, solid in enumerate(solids):
        kinds.setdefault((id(solid.material), solid.conducts), (solid.material, []))[1].append(i)
    return tuple(
        MaterialCells(np.flatnonzero(np.isin(mesh.body, own)), table_of(material), conducts)
        for (_, conducts), (material, own) in kinds.items()
    )


def _rim(solid: SolidModule, e: int) -> tuple[int, bool]:
    """Axis along which the current leaves a terminal, away from the neighbouring leg, and at which end."""
    plan = solid.plan
    k = getattr(plan, f"{plan.terminals}_joins")[e][0]
    other = 1 if k == 0 else k - 1
    a, b = plan.legs[k], plan.legs[other]
    apart = [a[i] + a[i + 1] - b[i] - b[i + 1] for i in (0, 2)]
    axis = int(abs(apart[1]) > abs(apart[0]))
    return axis, apart[axis] < 0.0


def module_system(solid: SolidModule, mesh: BoxMesh, conditions: Reservoirs) -> ModuleSystem:
    """Unknowns and equations of a module on a mesh.

    `mesh`: as `SolidModule.mesh` makes it.
    `conditions`: for the exchange of the outer faces with the surroundings.
    """
    builder = _Builder(solid, mesh)
    builder.join()
    builder.outer(conditions)
    builder.sides()
    builder.gap()
    return builder.finished()
