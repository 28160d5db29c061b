"""Which materials a transient used beyond their measured ranges."""

from __future__ import annotations

import numpy as np

from ioffe.engine.elements import Plate
from ioffe.engine.table import PropertyTable
from ioffe.solve.assemble import Assembly
from ioffe.solve.transient.system import System
from ioffe.solve.transient.track import Track

SLACK = 1e-6
"""K beyond a range that do not count."""


def used_outside(
    assembly: Assembly, capacities: dict[int, PropertyTable], system: System, track: Track
) -> tuple[str, ...]:
    """A sentence for every material that was used beyond its measured range.

    As in a steady solution the transport curves of the legs count; the heat capacities of all materials do.
    """
    if track.first is None:
        return ()
    mesh = system.mesh
    spans = zip(
        np.minimum.reduceat(track.lowest[: mesh.points], mesh.first),
        np.maximum.reduceat(track.highest[: mesh.points], mesh.first),
        strict=True,
    )
    used: dict[tuple[int, str], list[float]] = {}
    names: dict[int, str] = {}
    for piece, (low, high) in zip(assembly.pieces, spans, strict=True):
        m = piece.material
        names[id(m)] = m.name
        limits = {} if isinstance(piece.element, Plate) else {"": piece.element.table.limits}
        if id(m) in capacities:
            limits["the heat capacity of "] = capacities[id(m)].limits
        for what, ends in limits.items():
            known = used.setdefault((id(m), what), [np.inf, -np.inf, *ends])
            known[:2] = [min(known[0], low), max(known[1], high)]
    return tuple(
        f"{what}{names[key]} was used from {low:.1f} K to {high:.1f} K, measured from {first:g} K to "
        f"{last:g} K: its end values are held beyond"
        for (key, what), (low, high, first, last) in used.items()
        if low < first - SLACK or high > last + SLACK
    )
