"""Where every part of a couple or a single leg stands, in px at one scale.

Plates are shown over the cell of one couple: two squares of the area per leg, side by side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Layer
from ioffe.material.material import Material
from ioffe.report.inputs import legs_by_name

WIDTH, HEIGHT = 300.0, 300.0
"""Largest size in px of the side view; the scale is the largest that fits."""
THINNEST = 1.5
"""A layer is drawn at least this thick, in px."""
SHADES = {"p": ("#eba988", "#f5cdb7", "#dd8a62"), "n": ("#92bce1", "#c3dbf1", "#6c9fce")}
KINDS = {"ceramic": "#e4e0d6", "solder": "#8d939b", "metal": "#adb3bb", "polymer": "#cfe3c8"}
COPPER = "#d29a68"
OTHER = "#d9d9d9"


@dataclass(frozen=True)
class Block:
    """A part as it is drawn: its box in px, and its true width and height in m."""

    x: float
    y: float
    width: float
    height: float
    true_width: float
    true_height: float
    role: str
    """``"hot"``, ``"cold"`` (layers of a stack), ``"p"`` or ``"n"`` (segments)."""
    material: Material
    fill: str

    @property
    def to_scale(self) -> bool:
        """Whether its height is true."""
        return self.height > THINNEST


@dataclass(frozen=True)
class Elevation:
    """Side view of a couple or a leg."""

    scale: float
    """px per m."""
    width: float
    """Of the cell, in px."""
    top: float
    """Where the legs begin, in px from the outer hot face."""
    bottom: float
    """Where the longer leg ends."""
    height: float
    blocks: tuple[Block, ...]


def pitch_of(module: Module) -> float:
    """Distance in m from leg to leg, from the footprint; at least the mean width of the legs."""
    cell = sqrt(0.5 * module.footprint / module.couples)
    return max(cell, 0.5 * (module.p.sides[0] + module.n.sides[0]))


def elevation(device: Leg | Module) -> Elevation:
    """Lay out the side view of a couple of a module, or of a single leg."""
    if isinstance(device, Leg):
        width, hot, cold = device.sides[0], (), ()
    else:
        width, hot, cold = 2.0 * pitch_of(device), device.hot, device.cold
    legs = legs_by_name(device)
    longest = max(leg.length for leg in legs.values())
    total = longest + sum(layer.thickness for layer in (*hot, *cold))
    scale = min(WIDTH / width, HEIGHT / total)
    spans = _spans(width, legs)
    blocks: list[Block] = []
    y = 0.0
    for k, layer in reversed(list(enumerate(hot))):
        y = _layer(blocks, layer, "hot", y, scale, _covered(hot, k, "hot", width, spans))
    top = y
    for kind, leg in legs.items():
        end = _segments(blocks, leg, kind, spans[kind][0], top, scale)
        y = max(y, end)
    bottom = y
    for k, layer in enumerate(cold):
        y = _layer(blocks, layer, "cold", y, scale, _covered(cold, k, "cold", width, spans))
    return Elevation(scale, width * scale, top, bottom, y, tuple(blocks))


def _spans(width: float, legs: dict[str, Leg]) -> dict[str, tuple[float, float]]:
    """Left and right edge of every leg in m; legs stand in the middle of their share of the cell."""
    share = width / len(legs)
    middles = {kind: (k + 0.5) * share for k, kind in enumerate(legs)}
    return {kind: (m - legs[kind].sides[0] / 2, m + legs[kind].sides[0] / 2) for kind, m in middles.items()}


def _covered(
    layers: tuple[Layer, ...], index: int, side: str, width: float, spans: dict[str, tuple[float, float]]
) -> list[tuple[float, float]]:
    """Pieces of a layer from left to right, in m.

    Conductors between the legs and the first insulator join the legs of a couple at the hot side, and each
    leg with that of the neighbouring couple at the cold side, unless they cover the legs alone.
    """
    p, n = spans["p"], spans["n"]
    if layers[index].coverage == "legs":
        return [p, n]
    carries_current = all(layer.material.electrical is not None for layer in layers[: index + 1])
    return [(0.0, p[1]), (n[0], width)] if carries_current and side == "cold" else [(0.0, width)]


def _layer(
    blocks: list[Block],
    layer: Layer,
    role: str,
    y: float,
    scale: float,
    pieces: Iterable[tuple[float, float]],
) -> float:
    height = max(layer.thickness * scale, THINNEST)
    fill = _fill(layer.material)
    for left, right in pieces:
        box = (left * scale, y, (right - left) * scale, height, right - left, layer.thickness)
        blocks.append(Block(*box, role, layer.material, fill))
    return y + height


def _segments(blocks: list[Block], leg: Leg, kind: str, left: float, y: float, scale: float) -> float:
    count = 0
    for segment in leg.segments:
        passive = segment.material.kind in KINDS
        fill = _fill(segment.material) if passive else SHADES[kind][count % len(SHADES[kind])]
        count += not passive
        height = max(segment.length * scale, THINNEST)
        box = (left * scale, y, leg.sides[0] * scale, height, leg.sides[0], segment.length)
        blocks.append(Block(*box, kind, segment.material, fill))
        y += height
    return y


def _fill(material: Material) -> str:
    return COPPER if material.name == "Cu" else KINDS.get(material.kind, OTHER)
