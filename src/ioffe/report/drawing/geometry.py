"""Position of every part of a couple or a single leg, in px at one scale; plan of the legs of a module.

Plates are shown over the cell of one couple: two squares of the area per leg, side by side. In the plan the
couples form a near-square serpentine.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Layer
from ioffe.material.material import Material
from ioffe.report.drawing.canvas import Canvas
from ioffe.report.inputs import legs_by_name
from ioffe.report.text import printed

Spans = list[tuple[float, float]]
LegSpans = dict[str, tuple[float, float]]
"""Left and right edges, in m."""
WIDTH, HEIGHT = 300.0, 300.0
"""Largest size in px of the side view; the scale is the largest that fits."""
THINNEST = 1.5
"""A layer is drawn at least this thick, in px."""
SHADES = {"p": ("#eba988", "#f5cdb7", "#dd8a62"), "n": ("#92bce1", "#c3dbf1", "#6c9fce")}
KINDS = {"ceramic": "#e4e0d6", "solder": "#8d939b", "metal": "#adb3bb", "polymer": "#cfe3c8"}
COPPER = "#d29a68"
OTHER = "#d9d9d9"
LARGEST_PLAN = 1000
"""Legs that are still drawn one by one."""
PLAN_WIDTH = 230.0
"""Width of the plan in px."""
LONGEST_SIDES = 1.6
"""Largest ratio of the sides if the grid is filled; otherwise a square has empty corners."""


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
    alone = isinstance(device, Leg)
    width, hot, cold = (
        (device.sides[0], (), ()) if alone else (2.0 * pitch_of(device), device.hot, device.cold)
    )
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


def _spans(width: float, legs: dict[str, Leg]) -> LegSpans:
    """Left and right edge of every leg in m; legs are in the middle of their share of the cell."""
    share = width / len(legs)
    middles = {kind: (k + 0.5) * share for k, kind in enumerate(legs)}
    return {kind: (m - legs[kind].sides[0] / 2, m + legs[kind].sides[0] / 2) for kind, m in middles.items()}


def _covered(layers: tuple[Layer, ...], index: int, side: str, width: float, legs: LegSpans) -> Spans:
    """Pieces of a layer from left to right, in m.

    Conductors between the legs and the first insulator join the legs of a couple at the hot side, and each
    leg with that of the neighbouring couple at the cold side, unless they cover the legs alone.
    """
    p, n = legs["p"], legs["n"]
    if layers[index].coverage == "legs":
        return [p, n]
    carries_current = all(layer.material.electrical is not None for layer in layers[: index + 1])
    return [(0.0, p[1]), (n[0], width)] if carries_current and side == "cold" else [(0.0, width)]


def _layer(blocks: list[Block], layer: Layer, role: str, y: float, scale: float, pieces: Spans) -> float:
    height = max(layer.thickness * scale, THINNEST)
    for left, right in pieces:
        box = (left * scale, y, (right - left) * scale, height, right - left, layer.thickness)
        blocks.append(Block(*box, role, layer.material, _fill(layer.material)))
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


def leg_grid(legs: int) -> tuple[int, int]:
    """Columns and rows that hold so many legs, as near to a square as their number allows.

    Examples
    --------
    >>> leg_grid(4), leg_grid(254), leg_grid(12), leg_grid(14)
    ((2, 2), (16, 16), (4, 3), (4, 4))
    """
    for rows in range(int(sqrt(legs)), 0, -1):
        columns, rest = divmod(legs, rows)
        if rest == 0 and columns <= LONGEST_SIDES * rows:
            return columns, rows
    columns = ceil(sqrt(legs))
    return columns, ceil(legs / columns)


def draw_plan(canvas: Canvas, module: Module, x: float, y: float) -> tuple[float, float]:
    """Draw the legs, the hot straps of the couples and the path of the current.

    Returns the scale in px per m and where the plan ends.
    """
    count = 2 * module.couples
    columns, rows = leg_grid(count)
    pitch = pitch_of(module)
    scale = PLAN_WIDTH / (columns * pitch)
    step = pitch * scale
    canvas.text(x, y - 6.0, f"plan, {module.couples} couples", size=11.0, colour="#333")
    frame = {"stroke": "#999", "stroke_width": "0.8", "class_": "footprint"}
    canvas.rect(x, y, columns * step, rows * step, "#f3f1ec", **frame)
    middles = [_middle(k, columns, step, x, y) for k in range(count)]
    canvas.line(*middles, colour="#b08a6a", width=max(0.05 * step, 0.6), dash=f"{0.12 * step:.2f}")
    for k in range(0, count, 2):
        _strap(canvas, middles[k], middles[k + 1], 0.34 * step)
    for k, (cx, cy) in enumerate(middles):
        kind = "pn"[k % 2]
        width, depth = (side * scale for side in (module.p if kind == "p" else module.n).sides)
        canvas.rect(cx - width / 2, cy - depth / 2, width, depth, SHADES[kind][0], class_=f"plan {kind}")
    below = y + rows * step + 24.0
    canvas.dimension((x, below), (x + columns * step, below), printed(columns * pitch, "length", 3))
    fill = printed(module.fill_factor, "fill_factor", 3)
    words = f"footprint {printed(module.footprint, 'area', 4)}, fill factor {fill}"
    canvas.text(x, below + 18.0, words, size=11.0, colour="#333")
    return scale, below + 18.0


def _middle(k: int, columns: int, step: float, x: float, y: float) -> tuple[float, float]:
    """Middle of the k-th leg of the serpentine."""
    row, step_in_row = divmod(k, columns)
    column = step_in_row if row % 2 == 0 else columns - 1 - step_in_row
    return x + (column + 0.5) * step, y + (row + 0.5) * step


def _strap(canvas: Canvas, a: tuple[float, float], b: tuple[float, float], half: float) -> None:
    left, top = min(a[0], b[0]) - half, min(a[1], b[1]) - half
    size = abs(a[0] - b[0]) + 2 * half, abs(a[1] - b[1]) + 2 * half
    canvas.rect(left, top, *size, COPPER, class_="strap", opacity="0.45")
