"""Plan of the legs of a module: couples in a near-square serpentine."""

from __future__ import annotations

from math import ceil, sqrt

from ioffe.device.module import Module
from ioffe.report.drawing.canvas import Canvas
from ioffe.report.drawing.geometry import COPPER, SHADES, pitch_of
from ioffe.report.text import printed

LARGEST_PLAN = 1000
"""Legs that are still drawn one by one."""
WIDTH = 230.0
"""Width of the plan in px."""
LONGEST_SIDES = 1.6
"""Largest ratio of the sides if the grid is filled; otherwise a square has empty corners."""


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
    scale = WIDTH / (columns * pitch)
    step = pitch * scale
    canvas.text(x, y - 6.0, f"plan, {module.couples} couples", size=11.0, colour="#333")
    canvas.rect(
        x, y, columns * step, rows * step, "#f3f1ec", stroke="#999", stroke_width="0.8", class_="footprint"
    )
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
