"""A module as boxes: plates, electrodes, solder and the segments of its legs, from the cold face upwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ioffe.base.errors import Faults
from ioffe.base.units import format_si
from ioffe.device.layout import LegPlan, Rectangle
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Contact, Layer, stack_parts
from ioffe.field.elements.mesh import NEAR, BoxMesh, Indices, graded, merged
from ioffe.field.outer import FaceMap
from ioffe.material.material import Material

SIDES = "cold", "hot"
CELLS = {"leg": 2, "gap": 2, "thin": 1, "length": 2, "layer": 2}
"""Cells of the coarse mesh across a leg, across what lies between legs, across intervals much narrower than a
leg, along a leg, and through a layer; the fine mesh has twice as many."""
THIN = 0.25
"""Intervals between legs that are narrower than this share of the narrowest leg are thin."""
FLAT = 0.1
"""Layers that are thinner than this share of the narrowest leg are thin."""


class Solid(NamedTuple):
    """A box of one material.

    `part` is "plate", "electrode", "solder" or "leg"; `owner` the number of its electrode or leg, 0 for a
    plate; `interface` the thermal resistance times area of the face towards the legs.
    """

    name: str
    material: Material
    rectangle: Rectangle
    z: tuple[float, float]
    part: str
    side: str
    owner: int
    interface: float = 0.0

    @property
    def conducts(self) -> bool:
        """Whether current passes."""
        return self.part != "plate"


class OuterFace(NamedTuple):
    """What is behind an outer face.

    `film` is the coefficient in W/(m2 K), infinite for a given temperature; `flux` how all of the heat is
    spread over the face, `coefficient` how the coefficient is, where they are not even.
    """

    film: float
    flux: FaceMap | None = None
    coefficient: FaceMap | None = None


@dataclass(frozen=True, eq=False)
class SolidModule:
    """What does not depend on the mesh.

    Attributes
    ----------
    module : Module
    plan : LegPlan
    solids : tuple of Solid
    ends : tuple of float
        Heights in m of the lower and of the upper ends of the legs.
    faces : dict
        Of the hot and the cold side, by their names.
    """

    module: Module
    plan: LegPlan
    solids: tuple[Solid, ...]
    ends: tuple[float, float]
    faces: dict[str, OuterFace]

    def leg(self, k: int) -> Leg:
        """The k-th leg along the current."""
        return leg_at(self.module, k)

    @cached_property
    def of_leg(self) -> tuple[tuple[int, ...], ...]:
        """Solids of each leg's segments, from the cold end."""
        found: list[list[int]] = [[] for _ in self.plan.legs]
        for i, solid in enumerate(self.solids):
            if solid.part == "leg":
                found[solid.owner].append(i)
        return tuple(map(tuple, found))

    def contact(self, below: int, above: int) -> Contact | None:
        """The contact between two solids of which one lies on the other; None where they are one."""
        a, b = self.solids[below], self.solids[above]
        # what lies outside has the interface: below at the cold side, above at the hot one
        bond = max(a.interface if a.side == "cold" else 0.0, b.interface if b.side == "hot" else 0.0)
        own = self._own_contact(below, above) or (Contact() if bond else None)
        return own and own.replace(thermal=own.thermal + bond)

    def _own_contact(self, below: int, above: int) -> Contact | None:
        """The contact of a leg between two solids."""
        a, b = self.solids[below], self.solids[above]
        if "leg" not in (a.part, b.part):
            return None
        owner = (a if a.part == "leg" else b).owner
        leg, own = self.leg(owner), self.of_leg[owner]
        if a.part != "leg":
            return leg.contact_cold
        if b.part != "leg":
            return leg.contact_hot
        # contacts between segments are listed from the hot end
        return leg.between[len(own) - 2 - own.index(below)]

    def mesh(self, level: int) -> BoxMesh:
        """The mesh, coarse at level 0, with twice as many cells along each axis at each further level."""
        axes = [self._borders(axis, 2**level) for axis in range(3)]
        shape = tuple(len(b) - 1 for b in axes)
        grid = np.full(shape, -1)
        for i, solid in enumerate(self.solids):
            at = []
            for borders, (low, high) in zip(axes, _edges(solid), strict=True):
                at.append(slice(*np.searchsorted(borders, [low - NEAR, high - NEAR])))
            grid[tuple(at)] = i
        return BoxMesh((axes[0], axes[1], axes[2]), grid)

    def _borders(self, axis: int, factor: int) -> np.ndarray:
        edges = [_edges(solid)[axis] for solid in self.solids]
        maps = [m for face in self.faces.values() for m in face[1:] if m is not None and axis < 2]
        points = merged([e for pair in [*edges, *(m.edges(axis) for m in maps)] for e in pair])
        if axis == 2:
            counts = [self._layers(a, b) for a, b in pairwise(points)]
        else:
            legs = [(r[2 * axis], r[2 * axis + 1]) for r in self.plan.legs]
            narrow = min(b - a for a, b in legs)
            counts = [_across(a, b, legs, narrow) for a, b in pairwise(points)]
        return graded(points, [factor * n for n in counts])

    def _layers(self, low: float, high: float) -> int:
        """Cells along z: those of a leg are shared out over its pieces."""
        a, b = self.ends
        if low < a - NEAR or high > b + NEAR:
            return CELLS["thin" if high - low < FLAT * self.plan.narrowest else "layer"]
        return max(1, round(CELLS["length"] * (high - low) / (b - a)))

    def films(self, mesh: BoxMesh) -> dict[str, Indices]:
        """Cells at the outer cold and hot face."""
        z = mesh.cells[:, 2]
        return {"cold": np.flatnonzero(z == 0), "hot": np.flatnonzero(z == mesh.grid.shape[2] - 1)}


def leg_at(module: Module, k: int) -> Leg:
    """The k-th leg of a module along the current."""
    usual = module.n if k % 2 else module.p
    return usual if module.layout is None else dict(module.layout.legs).get(k, usual)


def _edges(solid: Solid) -> tuple[tuple[float, float], ...]:
    left, right, low, high = solid.rectangle
    return (left, right), (low, high), solid.z


def _across(a: float, b: float, legs: list[tuple[float, float]], narrow: float) -> int:
    if b - a < THIN * narrow:
        return CELLS["thin"]
    middle = 0.5 * (a + b)
    wide = [high - low for low, high in legs if low < middle < high]
    # a leg that edges of others cut is shared out
    return max(1, round(CELLS["leg"] * (b - a) / min(wide))) if wide else CELLS["gap"]


def solids_of(module: Module, plan: LegPlan, faces: dict[str, OuterFace] | None = None) -> SolidModule:
    """All boxes of a module that `check` has not refused; pictures need nothing behind its faces."""
    solids: list[Solid] = []
    z = bottom = 0.0
    stacks = {side: _parts(getattr(module, side)) for side in SIDES}
    for side in SIDES:
        outside, electrode, solder = stacks[side]
        order = [("plate", x) for x in reversed(outside)], [("electrode", x) for x in reversed(electrode)]
        stack = [*order[0], *order[1], *(("solder", x) for x in reversed(solder))]
        for part, layer in stack if side == "cold" else reversed(stack):
            top = z + layer.thickness
            rectangles = {
                "plate": (getattr(plan, f"{side}_plate"),),
                "electrode": getattr(plan, side),
                "solder": plan.legs,
            }[part]
            # joints of p and of n legs are stressed differently, and are told apart
            kinds = [f"{part} ({c})" for c in "pn"] if part == "solder" else [part] * 2
            solids += [
                Solid(
                    *(f"{side} {kinds[k % 2]}, {layer.material.name}", layer.material, r, (z, top)),
                    *(part, side, k),
                    interface=layer.interface,
                )
                for k, r in enumerate(rectangles)
            ]
            z = top
        if side == "cold":
            bottom = z
            z += module.p.length
            solids += _legs(module, plan, bottom, z)
    ends = bottom, bottom + module.p.length
    return SolidModule(module, plan, tuple(solids), ends, faces or {})


def _parts(layers: Sequence[Layer]) -> Iterator[tuple[Layer, ...]]:
    """Layers of plates, electrode and solder of a stack, each from the legs outwards."""
    return (tuple(layers[i] for i in places) for places in stack_parts(layers))


def _legs(module: Module, plan: LegPlan, bottom: float, top: float) -> list[Solid]:
    found = []
    for k, rectangle in enumerate(plan.legs):
        z, segments = bottom, leg_at(module, k).segments
        kind = "n leg" if k % 2 else "p leg"
        for i, segment in enumerate(reversed(segments)):
            # the last one ends at the electrode, whatever rounding says
            end = top if i == len(segments) - 1 else z + segment.length
            found.append(
                Solid(f"{kind}, {segment.material.name}", segment.material, rectangle, (z, end), "leg", "", k)
            )
            z = end
    return found


def check(module: Module, plan: LegPlan, faults: Faults) -> None:
    """Note what finite elements cannot have, beside what is wrong with the stacks."""
    length = module.p.length
    for k in range(len(plan.legs)):
        leg = leg_at(module, k)
        if abs(leg.length - length) > NEAR:
            given = {id(module.p): "p.length", id(module.n): "n.length"}.get(
                id(leg), f"layout.legs[{k}].length"
            )
            expected = f"{format_si(length, 'length')} is expected at fidelity full, as of all legs"
            faults.add(given, format_si(leg.length, "length"), expected)
            if given == "n.length":
                break
    gaps = _smallest_gap(plan)
    if gaps <= NEAR:
        expected = "a gap between the legs is expected at fidelity full, or they would be one body"
        faults.add("layout.gap", gaps, expected)
    for side in SIDES:
        outside, electrode, _ = _parts(getattr(module, side))
        if not outside and not electrode:
            faults.add(side, expected="a plate or an electrode is expected at fidelity full")
        for i, layer in enumerate(getattr(module, side)):
            if layer.coverage == "legs" and layer.material.electrical is None:
                expected = "a conductor is expected between legs and electrodes at fidelity full"
                faults.add(f"{side}[{i}].material", layer.material.name, expected)


def _smallest_gap(plan: LegPlan) -> float:
    """The narrowest gap between two legs of the plan in m."""
    found = np.inf
    for i, a in enumerate(plan.legs):
        for b in plan.legs[i + 1 :]:
            apart = max(a[0] - b[1], b[0] - a[1]), max(a[2] - b[3], b[2] - a[3])
            found = min(found, max(apart))
    return float(found)
