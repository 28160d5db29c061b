"""The device drawn to scale as SVG: side view of a couple or a leg, and the footprint of a module.

>>> from ioffe.device import Leg
>>> picture = drawing(Leg("Bi2Te3", length="2 mm", area="1 mm x 1 mm"))
>>> picture.startswith("<svg xmlns"), 'data-height="0.002"' in picture
(True, True)
"""

from __future__ import annotations

from math import floor, log10
from typing import NamedTuple

import numpy as np

from ioffe.base.errors import InputError
from ioffe.device.cascade import Cascade, Device
from ioffe.device.conditions import Conditions
from ioffe.device.layout import LegPlan
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.parts import Contact
from ioffe.report.drawing_parts import (
    CHARACTER,
    LARGEST_PLAN,
    Block,
    Canvas,
    Elevation,
    draw_plan,
    elevation,
    pitch_of,
)
from ioffe.report.inputs import legs_by_name
from ioffe.report.text import printed
from ioffe.report.words import place

HOT, COLD = "#d9532c", "#3b78b5"
STRIP = 16.0
"""Height in px of the strips that show the hot and the cold side."""
BASE, FINS, METAL = 4.0, 14.0, "#8a8f98"
"""Thickness of a heat exchanger's parts and height of its fins in px, and their colour."""
LABELS, ROW, SIZE = 46.0, 17.0, 12.0
"""Distance of the labels from the device, of their lines from each other, and size of their type, in px."""

LONGEST_NAME = 34
"""Characters of a name that is written in full."""


def drawing(device: Device, conditions: Conditions | None = None) -> str:
    """SVG text of the device, hot side on top.

    Every part is a `rect` whose `data-width` and `data-height` are its true size in m, at one scale for the
    side view. Parts too thin to see are drawn 1.5 px thick, marked `data-exaggerated` and named in a note.

    Parameters
    ----------
    device : Leg, Module or Cascade
        What is drawn; of a module one couple with its share of the plates, and a plan of the legs; of a
        cascade one stage below the other, each at a scale of its own.
    conditions : Generator or Cooler, optional
        For the temperatures written at the hot and the cold side.

    Returns
    -------
    str
        A document that needs nothing else.
    """
    sides = {side: reservoir(conditions, side, device) for side in ("hot", "cold")}
    canvas = Canvas()
    if isinstance(device, Cascade):
        _cascade(canvas, device, sides)
    else:
        _couple(canvas, device, sides)
    return canvas.render(f"{device.name or 'device'}, drawn to scale")


class Reservoir(NamedTuple):
    """What is written at a side of the device, and whether something lies between."""

    words: str
    has_sink: bool = False


def reservoir(conditions: Conditions | None, side: str, device: Device) -> Reservoir:
    """What is written at the hot or the cold side of a device: whose temperature it is, and its values.

    Parameters
    ----------
    conditions : Generator, Cooler or None
        Where the temperatures stand.
    side : {"hot", "cold"}
        Which one.
    device : Leg, Module or Cascade
        Its faces or junctions may have the temperature.

    Returns
    -------
    Reservoir
    """
    given = getattr(conditions, f"T_{side}", None)
    if conditions is None or given is None:
        return Reservoir(f"{side} side")
    low, high = float(np.min(given)), float(np.max(given))
    shown = printed(high, "temperature", 5)
    shown = shown if low == high else f"{printed(low, 'temperature', 5)} to {shown}"
    where, _, behind = place(conditions, side, device).partition(" (")
    return Reservoir(f"{where} {shown}{f', {behind[:-1]}' if behind else ''}", bool(behind))


def _cascade(canvas: Canvas, cascade: Cascade, sides: dict[str, Reservoir]) -> None:
    """The stages from the hot side, and what lies between them."""
    y = 0.0
    for k, stage in enumerate(cascade.stages):
        part = Canvas()
        first, last = k == 0, k == len(cascade.stages) - 1
        ends = {"hot": first, "cold": last}
        _couple(part, stage, {s: sides[s] if end else Reservoir(f"{s} side") for s, end in ends.items()})
        canvas.text(part.left, y, f"Stage {k + 1}", size=14.0, weight="bold")
        y += 12.0 - part.top
        canvas.parts += [f'<g transform="translate(0 {y:.2f})">', *part.parts, "</g>"]
        canvas.reach((part.left, y + part.top), (part.right, y + part.bottom))
        y += part.bottom + 22.0
        if not last:
            between = _between(cascade, k)
            canvas.text(part.left, y, f"Between the stages: {between or 'nothing'}", size=11.0, colour="#555")
            y += 30.0


def _between(cascade: Cascade, k: int) -> str:
    """What lies between stage k and the next one, empty if nothing does."""
    words = [
        f"contact, {printed(part.thermal, 'thermal_contact_resistance')}"
        if isinstance(part, Contact)
        else f"{part.material.name}, {printed(part.thickness, 'thickness')}"
        for part in cascade.between[k]
    ]
    return "; ".join(words)


def _couple(canvas: Canvas, device: Leg | Module, sides: dict[str, Reservoir]) -> None:
    """Side view of a couple or a leg, and the plan of a module."""
    view = elevation(device)
    bottom = _reservoirs(canvas, view, sides)
    for block in view.blocks:
        _block(canvas, block)
    _letters(canvas, view)
    right = _labels(canvas, view, device)
    _heights(canvas, view, device)
    low = _widths(canvas, view, device, bottom)
    scale_bar(canvas, 0.0, low + 16.0, view.scale)
    notes = _notes(view, device)
    if any(side.has_sink for side in sides.values()):
        notes.append("Fins stand for a thermal resistance.")
    plan = _plan(device)
    if isinstance(device, Module) and plan is not None:
        scale, end = draw_plan(canvas, device, plan, right + 40.0, 0.0)
        if device.layout is None:
            notes.append("In the plan the arrangement of the legs is assumed.")
        scale_bar(canvas, right + 40.0, end + 14.0, scale)
    canvas.text(canvas.left, canvas.bottom + 26.0, notes[0], size=10.5, colour="#555")
    canvas.text(canvas.left, canvas.bottom + 12.0, " ".join(notes[1:]), size=10.5, colour="#555")


def _plan(device: Leg | Module) -> LegPlan | None:
    """The plan of a module whose legs are few enough to see and have room."""
    if isinstance(device, Leg) or device.couples == 1 or 2 * device.couples > LARGEST_PLAN:
        return None
    try:
        return device.plan
    except InputError:
        return None


def _block(canvas: Canvas, block: Block) -> None:
    attributes = {"class_": f"part {block.role}", "data_material": block.material.name}
    attributes |= {"data_width": f"{block.true_width:.6g}", "data_height": f"{block.true_height:.6g}"}
    if not block.to_scale:
        attributes["data_exaggerated"] = "true"
    elif block.height > 4.0:
        attributes |= {"stroke": "#ffffff", "stroke_width": "0.6"}
    canvas.rect(block.x, block.y, block.width, block.height, block.fill, **attributes)


def _reservoirs(canvas: Canvas, view: Elevation, sides: dict[str, Reservoir]) -> float:
    """The two sides, with fins where a thermal resistance lies between; returns where the cold side ends."""
    end = 0.0
    for side, edge, away, colour in (("hot", -2.0, -1.0, HOT), ("cold", view.height + 2.0, 1.0, COLD)):
        words, has_sink = sides[side]
        if has_sink:
            _fins(canvas, view.width, edge, away)
            edge += away * (BASE + FINS)
        end = edge + away * STRIP
        width = max(view.width, 11.0 * CHARACTER * len(words) + 14.0)
        y = min(edge, end)
        canvas.rect(0.5 * (view.width - width), y, width, STRIP, colour, class_=f"reservoir {side}")
        canvas.text(view.width / 2, y + 12.0, words, "middle", 11.0, "#ffffff", weight="bold")
    return end


def _fins(canvas: Canvas, width: float, edge: float, away: float) -> None:
    """A heat exchanger at an outer face, not to scale."""
    base = edge + away * BASE
    canvas.rect(0.0, min(edge, base), width, BASE, METAL, class_="sink")
    count = max(2, round(width / (3.0 * BASE)))
    for k in range(count):
        x = k * (width - BASE) / (count - 1)
        canvas.rect(x, min(base, base + away * FINS), BASE, FINS, METAL, class_="sink")


def _letters(canvas: Canvas, view: Elevation) -> None:
    """p and n in the largest segment of each leg, if it fits."""
    for kind in ("p", "n"):
        own = [b for b in view.blocks if b.role == kind]
        b = max(own, key=lambda block: block.height, default=None)
        if b is not None and b.height > 26.0 and b.width > 22.0:
            middle = b.x + b.width / 2, b.y + b.height / 2 + 7.0
            canvas.text(*middle, kind, "middle", 20.0, "#3b2a22" if kind == "p" else "#1d3145")


def _labels(canvas: Canvas, view: Elevation, device: Leg | Module) -> float:
    """Names of the parts, with leaders; returns where the right column ends."""
    left = [] if isinstance(device, Leg) else [b for b in view.blocks if b.role == "p"]
    right = {(b.role, b.y): b for b in view.blocks if b not in left}
    _column(canvas, left, -LABELS, to_left=True)
    ordered = sorted(right.values(), key=lambda block: block.y)
    return _column(canvas, ordered, view.width + LABELS, to_left=False)


def _column(canvas: Canvas, blocks: list[Block], x: float, *, to_left: bool) -> float:
    wanted = [b.y + min(b.height / 2, 0.15 * b.height + 4.0) for b in blocks]
    reach = x
    for block, y, level in zip(blocks, wanted, spread(wanted, ROW), strict=True):
        edge = block.x if to_left else block.x + block.width
        elbow = x + (14.0 if to_left else -14.0)
        canvas.line((edge, y), (elbow, level), (x, level), colour="#9a9a9a", width=0.6)
        whole = block.material.name
        name = whole if len(whole) <= LONGEST_NAME else whole[: LONGEST_NAME - 1] + "…"
        thickness = printed(block.true_height, "thickness")
        anchor = "end" if to_left else "start"
        canvas.text(x + (-4.0 if to_left else 4.0), level + 4.0, name, anchor, SIZE, grey=thickness)
        reach = max(reach, x + (len(name) + len(thickness) + 2) * SIZE * CHARACTER)
    return reach


def spread(wanted: list[float], distance: float) -> list[float]:
    """Positions near the wanted ones that keep a distance; both rising.

    Examples
    --------
    >>> spread([0.0, 1.0, 50.0], 10.0)
    [-4.5, 5.5, 50.0]
    """
    groups: list[list[float]] = []
    for y in wanted:
        groups.append([y])
        while len(groups) > 1 and _top(groups[-1], distance) < _end(groups[-2], distance) + distance:
            groups[-2:] = [groups[-2] + groups[-1]]
    return [_top(group, distance) + k * distance for group in groups for k in range(len(group))]


def _top(group: list[float], distance: float) -> float:
    return sum(group) / len(group) - (len(group) - 1) * distance / 2


def _end(group: list[float], distance: float) -> float:
    return _top(group, distance) + (len(group) - 1) * distance


def _heights(canvas: Canvas, view: Elevation, device: Leg | Module) -> None:
    """Length of the p leg at the left, of the n leg at its own side if it is another."""
    legs = legs_by_name(device)
    first, *rest = legs
    positions = {first: -14.0}
    if rest and legs[rest[0]].length != legs[first].length:
        positions[rest[0]] = view.width + 22.0
    for kind, x in positions.items():
        own = [b for b in view.blocks if b.role == kind]
        top, bottom = own[0].y, own[-1].y + own[-1].height
        canvas.dimension((x, top), (x, bottom), printed(legs[kind].length, "length"))


def _widths(canvas: Canvas, view: Elevation, device: Leg | Module, bottom: float) -> float:
    """Widths below the cold side in rows of their own; returns where they end."""
    legs = legs_by_name(device)
    boxes = {kind: next(b for b in view.blocks if b.role == kind) for kind in legs}
    y = bottom + 22.0
    for kind, box in boxes.items():
        canvas.dimension((box.x, y), (box.x + box.width, y), printed(box.true_width, "length", 3))
        for x in (box.x, box.x + box.width):
            canvas.line((x, bottom + 3.0), (x, y + 3.0), colour="#bbb", width=0.5)
        depth = f"{printed(legs[kind].sides[1], 'length', 3)} deep"
        canvas.text(box.x + box.width / 2, y + 15.0, depth, "middle", 10.0, "#777")
    if isinstance(device, Leg):
        return y + 16.0
    y += 36.0
    left, right = boxes["p"].x + boxes["p"].width, boxes["n"].x
    gap = pitch_of(device) - 0.5 * (device.p.sides[0] + device.n.sides[0])
    if right - left > 1.0:
        canvas.dimension((left, y), (right, y), f"gap {printed(gap, 'length', 3)}")
    y += 24.0
    cell = printed(2.0 * pitch_of(device), "length", 3)
    canvas.dimension((0.0, y), (view.width, y), f"{cell} for one couple")
    return y + 6.0


def scale_bar(canvas: Canvas, x: float, y: float, scale: float) -> None:
    """A bar of a round length of about 60 px."""
    length = 60.0 / scale
    power = 10.0 ** floor(log10(length))
    length = max(f for f in (1.0, 2.0, 5.0) if f * power <= length * 1.001) * power
    canvas.rect(x, y, length * scale, 4.0, "#222", class_="scale-bar", data_width=f"{length:.6g}")
    canvas.text(x + length * scale + 6.0, y + 6.0, printed(length, "length"), size=11.0)


def _notes(view: Elevation, device: Leg | Module) -> list[str]:
    flat = [b for b in view.blocks if not b.to_scale]
    thin = sorted({f"{b.material.name} ({printed(b.true_height, 'thickness')})" for b in flat})
    but = f"; not to scale, because too thin to see: {', '.join(thin)}" if thin else ""
    notes = [f"Drawn to scale{but}."]
    if isinstance(device, Module) and device.couples > 1:
        notes.append("Side view: one couple of the module with its share of the plates.")
        if 2 * device.couples > LARGEST_PLAN:
            notes.append("The plan of the legs is left out, because they are too many to draw.")
    return notes
