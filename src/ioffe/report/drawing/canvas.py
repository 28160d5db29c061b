"""Elements of the SVG text that the drawings are made of."""

from __future__ import annotations

import re
from html import escape
from typing import Literal

from ioffe.report.text import formula

FONT = "font-family=\"'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif\""
CHARACTER = 0.56
"""Mean width of a character in units of the size of the type."""
_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


def clean(text: str) -> str:
    r"""Text with what XML reserves escaped, and what it forbids replaced.

    Examples
    --------
    >>> clean("a < b\x07")
    'a &lt; b?'
    """
    return escape(_FORBIDDEN.sub("?", text))


def rich(name: str, size: float) -> str:
    """Name as SVG text with its subscripts lowered, every character escaped.

    Examples
    --------
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
