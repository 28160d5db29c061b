"""From a device to the arrays of its transient: every segment and layer becomes a chain of cells."""

from __future__ import annotations

import numpy as np

from ioffe.device.transient import Transient
from ioffe.engine.elements import Plate, Thermoelement
from ioffe.engine.table import PropertyTable
from ioffe.solve.assemble import Assembly, Piece
from ioffe.solve.transient import mesh, properties
from ioffe.solve.transient.lumped import lump
from ioffe.solve.transient.mesh import Chain
from ioffe.solve.transient.system import System

COARSER = 3
"""The error of the mesh is estimated with so many times fewer cells, which have every third of the points."""
FEWEST = 12
"""Cells of the shortest segment and the thinnest layer."""
LAYER_SHARE = 10
"""A layer takes one in so many of the cells of a leg: it conducts heat, and no more."""


def cut(
    assembly: Assembly, conditions: Transient, capacities: dict[int, PropertyTable], coarser: int = 1
) -> System:
    """Cut the network of an assembly into cells, one chain for each of its pieces.

    Parameters
    ----------
    assembly, conditions
        The network of one couple, and what holds for it.
    capacities
        Heat capacity by volume of materials by their `id`; those that are missing store no heat.
    coarser
        Divides the number of cells.
    """
    network = assembly.network
    chains = []
    for piece, n in zip(assembly.pieces, _cells(assembly, conditions.cells), strict=True):
        capacity = capacities.get(id(piece.material))
        chains.append(Chain(element_of(assembly, piece), capacity, n // coarser))
    cut = {id(c.element) for c in chains}
    masses = np.zeros(network.nodes)
    for side, outer in (("hot", network.hot), ("cold", network.cold)):
        mass = getattr(conditions, f"{side}_mass") / assembly.couples
        behind = getattr(conditions, f"T_{side}") is not None and mass
        masses[_face(assembly, outer) if behind else outer] += mass
    fixed = np.zeros(network.nodes, bool)
    fixed[network.hot] = conditions.T_hot is not None
    fixed[network.cold] = conditions.T_cold is not None
    if network.ambient >= 0:
        fixed[network.ambient] = True
    tables = [(c.table, c.capacity) for c in chains]
    return System(
        mesh=mesh.make(tuple(chains)),
        properties=properties.stack(tables, [c.cells + 2 for c in chains]),
        lumped=lump(network.nodes, [e for e in network.passive if id(e) not in cut], network.joule),
        masses=masses,
        heavy=np.array([c.capacity is not None for c in chains]),
        hot=network.hot,
        cold=network.cold,
        ambient=network.ambient,
        fixed=fixed,
        free_current=conditions.current is None,
    )


def element_of(assembly: Assembly, piece: Piece) -> Thermoelement | Plate:
    """Element of the network that stands for a piece, with its share of the current."""
    return piece.element if piece.leg_index < 0 else assembly.network.legs[piece.leg_index]


def face(assembly: Assembly, conditions: Transient, side: str) -> int:
    """Node of the outer face of the device at one side, behind the resistance to its reservoir."""
    outer = assembly.network.hot if side == "hot" else assembly.network.cold
    return _face(assembly, outer) if conditions.resistance(side, assembly.footprint) else outer


def _face(assembly: Assembly, outer: int) -> int:
    """Node at the other end of the reservoir's resistance."""
    link = next(e for e in assembly.network.passive if outer in (e.a, e.b))
    return link.b if link.a == outer else link.a


def _cells(assembly: Assembly, along_leg: int) -> list[int]:
    """Cells of each piece: a leg's are shared by its segments according to their lengths."""
    lengths: dict[tuple[int, str], float] = {}
    for p in assembly.pieces:
        at = p.stage, p.part
        lengths[at] = lengths.get(at, 0.0) + p.length
    found = []
    for p in assembly.pieces:
        layer = isinstance(p.element, Plate)
        share = 1.0 / LAYER_SHARE if layer else p.length / lengths[p.stage, p.part]
        found.append(COARSER * round(max(FEWEST, along_leg * share) / COARSER))
    return found
