"""What the drawings are made of: elements of SVG text, the position of every part, and the plan of a module.

Parts of a couple or a single leg are placed in px at one scale. Plates are shown over the cell of one couple:
two squares of the area per leg, side by side. In the plan the couples form a near-square serpentine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from math import sqrt
from typing import Literal

from ioffe.device.layout import LegPlan, Rectangle
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Layer
from ioffe.material.material import Material
from ioffe.report.inputs import legs_by_name
from ioffe.report.text import formula, printed

FONT = "font-family=\"'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif\""
CHARACTER = 0.56
"""Mean width of a character in units of the size of the type."""
_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


def clean(text: str) -> str:
    r"""Text with what XML reserves escaped, and what it forbids replaced.

    >>> clean("a < b\x07")
    'a &lt; b?'
    """
    return escape(_FORBIDDEN.sub("?", text))


def rich(name: str, size: float) -> str:
    """Name as SVG text with its subscripts lowered, every character escaped.

    >>> rich("Al2O3", 10)
    'Al<tspan dy="2" font-size="7.5">2</tspan><tspan dy="-2">O</tspan><tspan dy="2" font-size="7.5">3</tspan>'
    """
    drop = f"{0.2 * size:g}"
    out, low = "", False
    for text, subscript in formula(name):
        raised = f'<tspan dy="-{drop}">{clean(text)}</tspan>' if low else clean(text)
        lowered = f'<tspan dy="{drop}" font-size="{0.75 * size:g}">{clean(text)}</tspan>'
        out += lowered if subscript else raised
        low = subscript
    return out


class Canvas:
    """Collects SVG elements and the box they fill; coordinates in px, y downwards."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.left = self.top = float("inf")
        self.right = self.bottom = float("-inf")

    def reach(self, *points: Point) -> None:
        """Extend the picture to points."""
        for x, y in points:
            self.left, self.right = min(self.left, x), max(self.right, x)
            self.top, self.bottom = min(self.top, y), max(self.bottom, y)

    def rect(self, x: float, y: float, width: float, height: float, fill: str, **more: str) -> None:
        """Filled rectangle; further attributes as keywords (`class_` for class)."""
        self.reach((x, y), (x + width, y + height))
        attributes = "".join(f' {k.strip("_").replace("_", "-")}="{clean(str(v))}"' for k, v in more.items())
        box = f'x="{x:.2f}" y="{y:.2f}" width="{width:.3f}" height="{height:.3f}"'
        self.parts.append(f'<rect {box} fill="{fill}"{attributes}/>')

    def line(self, *points: Point, colour: str = "#444", width: float = 0.8, dash: str = "") -> None:
        """Line through points."""
        self.reach(*points)
        path = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        stroke = f'fill="none" stroke="{colour}" stroke-width="{width:g}"{dashes}'
        self.parts.append(f'<polyline points="{path}" {stroke}/>')

    def text(
        self,
        x: float,
        y: float,
        words: str,
        anchor: Anchor = "start",
        size: float = 12.0,
        colour: str = "#222",
        turn: float = 0.0,
        weight: str = "normal",
        grey: str = "",
    ) -> None:
        """Text on a base line, chemical formulas with subscripts, and more text in grey behind it."""
        length = (len(words) + len(grey)) * size * CHARACTER
        before = {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * length
        if turn:
            self.reach((x - size, y - length + before), (x + 0.3 * size, y + before))
        else:
            self.reach((x - before, y - size), (x - before + length, y + 0.35 * size))
        rotate = f' transform="rotate({turn:g} {x:.2f} {y:.2f})"' if turn else ""
        bold = "" if weight == "normal" else f' font-weight="{weight}"'
        more = ""
        if grey:
            back = f' dy="-{0.2 * size:g}"' if formula(words)[-1][1] else ""
            more = f'<tspan fill="#707070" font-size="{0.92 * size:g}"{back}>\u2002{clean(grey)}</tspan>'
        self.parts.append(
            f'<text x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}" font-size="{size:g}" fill="{colour}"{bold}'
            f"{rotate}>{rich(words, size)}{more}</text>"
        )

    def dimension(self, a: Point, b: Point, words: str, size: float = 11.0) -> None:
        """Dimension line with ticks between two points of a row or a column, and its length in words.

        A column that is shorter than its words is left out: they would cover what is beside it.
        """
        upright = a[0] == b[0]
        if upright and abs(b[1] - a[1]) < len(words) * size * CHARACTER:
            return
        self.line(a, b, colour="#555", width=0.7)
        for x, y in (a, b):
            self.line((x - 3, y + 3), (x + 3, y - 3), colour="#555", width=0.9)
        x, y = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
        if upright:
            self.text(x - 6, y, words, "middle", size, "#333", turn=-90.0)
        else:
            self.text(x, y - 5, words, "middle", size, "#333")

    def render(self, title: str, margin: float = 10.0) -> str:
        """The picture as an SVG document, with a title for screen readers."""
        x, y = self.left - margin, self.top - margin
        width, height = self.right - self.left + 2 * margin, self.bottom - self.top + 2 * margin
        box = f'viewBox="{x:.1f} {y:.1f} {width:.1f} {height:.1f}" width="{width:.0f}" height="{height:.0f}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" {FONT}>'
        return "\n".join([head, f"<title>{clean(title)}</title>", *self.parts, "</svg>"]) + "\n"


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
TERMINAL = {"stroke": "#222", "stroke_width": "0.8", "class_": "terminal"}
"""How the electrodes of the terminals are outlined."""


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


def draw_plan(canvas: Canvas, module: Module, plan: LegPlan, x: float, y: float) -> tuple[float, float]:
    """Draw the legs, the hot straps of the couples and the path of the current, on the larger plate.

    Returns the scale in px per m and where the plan ends.
    """
    plates = plan.hot_plate, plan.cold_plate
    left, right = min(r[0] for r in plates), max(r[1] for r in plates)
    low, high = min(r[2] for r in plates), max(r[3] for r in plates)
    scale = PLAN_WIDTH / (right - left)

    def box(r: Rectangle) -> tuple[float, float, float, float]:
        return (
            x + (r[0] - left) * scale,
            y + (high - r[3]) * scale,
            (r[1] - r[0]) * scale,
            (r[3] - r[2]) * scale,
        )

    canvas.text(x, y - 6.0, f"plan, {module.couples} couples", size=11.0, colour="#333")
    frame = {"stroke": "#999", "stroke_width": "0.8", "class_": "footprint"}
    for plate in sorted(plates, key=lambda r: r[0] - r[1]):
        canvas.rect(*box(plate), "#f3f1ec", **frame)
    legs = [box(leg) for leg in plan.legs]
    step = min(plan.pitch) * scale
    middles = [(a + w / 2, b + h / 2) for a, b, w, h in legs]
    canvas.line(*middles, colour="#b08a6a", width=max(0.05 * step, 0.6), dash=f"{0.12 * step:.2f}")
    for strap in plan.hot:
        canvas.rect(*box(strap), COPPER, class_="strap", opacity="0.45")
    for k, leg in enumerate(legs):
        canvas.rect(*leg, SHADES["pn"[k % 2]][0], class_=f"plan {'pn'[k % 2]}")
    for k in (0, -1):
        canvas.rect(*box((plan.cold if plan.terminals == "cold" else plan.hot)[k]), "none", **TERMINAL)
    below = y + (high - low) * scale + 24.0
    canvas.dimension((x, below), (x + PLAN_WIDTH, below), printed(right - left, "length", 3))
    fill = printed(module.fill_factor, "fill_factor", 3)
    words = f"footprint {printed(module.footprint, 'area', 4)}, fill factor {fill}"
    canvas.text(x, below + 18.0, words, size=11.0, colour="#333")
    return scale, below + 18.0
