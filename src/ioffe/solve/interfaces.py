"""Temperatures at the interfaces of the legs of a solved device: contacts, and borders between segments."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.structure import named_legs
from ioffe.solve.assemble import Assembly, Piece

Array = NDArray[np.float64]

__all__ = ["interface_names", "interface_nodes", "interface_temperatures"]


def interface_names(device: Leg | Module) -> tuple[str, ...]:
    """Interfaces of a device by the paths that a device file writes, from the hot to the cold end.

    Examples
    --------
    >>> interface_names(Leg("Bi2Te3", length="2 mm", area="1 mm2"))
    ('contact_hot', 'contact_cold')
    """
    found = []
    for prefix, leg in named_legs(device):
        inner = [f"{prefix}between[{i}]" for i in range(len(leg.segments) - 1)]
        found += [f"{prefix}contact_hot", *inner, f"{prefix}contact_cold"]
    return tuple(found)


def interface_nodes(device: Leg | Module, assembly: Assembly) -> dict[str, tuple[int, int]]:
    """Nodes of the network on the hot and on the cold side of every interface.

    Without a thermal contact resistance it is one node twice.
    """
    found: dict[str, tuple[int, int]] = {}
    for prefix, leg in named_legs(device):
        part = prefix.rstrip(".") or leg.carrier
        ends = _ends(leg, [piece for piece in assembly.pieces if piece.part == part])
        before = assembly.hot_junction
        for k, (first, last) in enumerate(ends):
            name = "contact_hot" if k == 0 else f"between[{k - 1}]"
            found[f"{prefix}{name}"] = before, first
            before = last
        found[f"{prefix}contact_cold"] = before, assembly.cold_junction
    return found


def interface_temperatures(device: Leg | Module, assembly: Assembly, T: Array) -> dict[str, Array]:
    """Temperature in K of every interface, the mean of its two sides, from those of the nodes (nodes, n)."""
    nodes = interface_nodes(device, assembly)
    return {name: 0.5 * (T[hot] + T[cold]) for name, (hot, cold) in nodes.items()}


def _ends(leg: Leg, pieces: Iterable[Piece]) -> list[tuple[int, int]]:
    """First and last node of every segment, which may stand in the network as several pieces."""
    remaining = iter(pieces)
    found = []
    for segment in leg.segments:
        piece = next(remaining)
        first, length = piece.element.a, np.asarray(piece.length)
        while np.any(length < np.asarray(segment.length) * (1.0 - 1e-9)):
            piece = next(remaining)
            length = length + piece.length
        found.append((first, piece.element.b))
    return found
