"""Where legs end: mean temperatures of what they stand on, and the heat that passes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ioffe.field.elements.contacts import FacePairs
from ioffe.field.elements.mesh import FaceSet
from ioffe.field.elements.shapes import FACE_VALUES, FACE_WEIGHTS, face_nodes
from ioffe.field.elements.solids import SIDES
from ioffe.field.elements.unknowns import ModuleSystem

Array = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class LegPorts:
    """Ports of all legs of a module, between a leg with its solder and an electrode or plate."""

    made: ModuleSystem

    @cached_property
    def _found(self) -> dict[str, list[tuple[FaceSet, FaceSet, FacePairs | None]]]:
        """For each side and leg: the faces outside, those of the leg, and the contact between them."""
        mesh, solids = self.made.mesh, self.made.solid.solids
        own = np.array([s.part in ("leg", "solder") for s in solids])
        owner = np.array([s.owner for s in solids])
        below, above = mesh.meeting(2)
        low, high = mesh.body[below.cells], mesh.body[above.cells]
        found = {}
        for side in SIDES:
            inner, outer, to = (above, below, own[high] & ~own[low])
            if side == "hot":
                inner, outer, to = (below, above, own[low] & ~own[high])
            legs = owner[mesh.body[inner.cells]]
            found[side] = []
            for k in range(len(self.made.solid.plan.legs)):
                at = np.flatnonzero(to & (legs == k))
                faces = [FaceSet(f.cells[at], f.nodes[at], f.area[at]) for f in (outer, inner)]
                found[side].append((*faces, self._contact(below.nodes[at])))
        return found

    def _contact(self, below: Indices) -> FacePairs | None:
        """The contact whose first sides are these faces."""
        T = self.made.system.T_of[below]
        for pair in self.made.system.contacts:
            if pair.V is not None and pair.T.shape[0] == len(T) and np.array_equal(pair.T[:, :9], T):
                return pair
        return None

    def temperatures(self, u: Array, side: str) -> Array:
        """Mean temperatures outside the ports in K; of the slopes to the current, their means."""
        out = []
        for outer, _, _ in self._found[side]:
            weights = outer.area[:, None] * (FACE_WEIGHTS @ FACE_VALUES)
            out.append((weights * u[self.made.system.T_of[outer.nodes]]).sum() / weights.sum())
        return np.array(out)

    def heats(self, u: Array, side: str) -> Array:
        """Heat in W that leaves the hot ports, or reaches the cold ones, of all legs."""
        leaving, local = self.made.system.cell_heats(u), face_nodes(2, int(side == "hot"))
        out = []
        for _, inner, contact in self._found[side]:
            heat = float(leaving[inner.cells][:, local].sum())
            joule = 0.0 if contact is None else contact.joule(u)
            out.append(-heat - joule if side == "hot" else heat + joule)
        return np.array(out)
