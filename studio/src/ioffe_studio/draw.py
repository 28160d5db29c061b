"""The drawing of a device as shapes to scale, each with the group of the form that it belongs to.

Positions come from the drawing of the reports (`ioffe.report.drawing_parts`); what is added here is which
part of the document a shape is, and which number moves with an edge that is dragged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ioffe.base.units import convert
from ioffe.device.cascade import Cascade
from ioffe.device.conditions import Conditions
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.report.drawing import reservoir, scale_bar, spread
from ioffe.report.drawing_parts import LARGEST_PLAN, Block, Canvas, Elevation, elevation
from ioffe.report.text import printed
from ioffe_studio.form.values import number_at, slider, value_at

STRIP: Final = 18.0
GAP: Final = 30.0
PLAN: Final = 230.0
ROLES: Final = ("ceramic", "solder", "metal", "polymer")
ABOVE: Final = "Drawn to scale: the larger plate, all legs and the electrodes of the hot side."
LETTER: Final = 26.0
"""Height in drawing units from which a leg carries its letter."""


def drawing_of(
    device: Leg | Module | Cascade, conditions: Conditions | None, document: Mapping[str, Any]
) -> dict[str, Any]:
    """Shapes of a device, hot side on top."""
    board = Board(document)
    hot, cold = (reservoir(conditions, side, device).words for side in ("hot", "cold"))
    if isinstance(device, Cascade):
        y = 0.0
        for k, stage in enumerate(device.stages):
            ends = hot if k == 0 else "", cold if k == len(device.stages) - 1 else ""
            y = _stage(board, stage, f"cascade.stages[{k}]", y, ends, f"Stage {k + 1}")
    else:
        _stage(board, device, "module" if isinstance(device, Module) else "leg", 0.0, (hot, cold))
    return board.finished(device.name or "device")


class Board:
    """Takes shapes, and knows the document that they belong to."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.shapes: list[dict[str, Any]] = []
        self.view = "side"
        self.notes: list[str] = ["Drawn to scale."]
        self.bar: dict[str, Any] = {}
        self.scale = 1.0

    def rect(self, box: tuple[float, float, float, float], role: str, group: str, **more: Any) -> None:
        """A rectangle: left, top, width, height."""
        x, y, width, height = (round(value, 3) for value in box)
        place = {"x": x, "y": y, "width": width, "height": height}
        self.shapes.append({"kind": "rect", **place, "role": role, "group": group, "view": self.view, **more})

    def line(self, points: list[tuple[float, float]], role: str) -> None:
        """A line."""
        shown = [[round(x, 3), round(y, 3)] for x, y in points]
        self.shapes.append({"kind": "line", "points": shown, "role": role, "group": "", "view": self.view})

    def text(
        self, x: float, y: float, words: str, role: str, anchor: str = "start", size: float = 12.0
    ) -> None:
        """A text on a base line."""
        shown = {"x": round(x, 3), "y": round(y, 3), "text": words, "anchor": anchor, "size": size}
        self.shapes.append({"kind": "text", **shown, "role": role, "group": "", "view": self.view})

    def finished(self, name: str) -> dict[str, Any]:
        """All shapes, moved so that the drawing begins at 0, 0."""
        left, top, right, bottom = 1e9, 1e9, -1e9, -1e9
        for shape in self.shapes:
            for x, y in _extent(shape):
                left, right = min(left, x), max(right, x)
                top, bottom = min(top, y), max(bottom, y)
        for shape in self.shapes:
            if "points" in shape:
                shape["points"] = [[x - left + 10.0, y - top + 10.0] for x, y in shape["points"]]
            else:
                shape["x"], shape["y"] = shape["x"] - left + 10.0, shape["y"] - top + 10.0
        size = {"width": right - left + 20.0, "height": bottom - top + 20.0}
        notes = {"notes": self.notes, "notes_above": [ABOVE]}
        more = {"bar": self.bar, **notes, "alt": f"{name}, drawn to scale"}
        return {**size, "scale": self.scale, "shapes": self.shapes, **more}


def _extent(shape: dict[str, Any]) -> list[tuple[float, float]]:
    if "points" in shape:
        return [(x, y) for x, y in shape["points"]]
    x, y = shape["x"], shape["y"]
    if shape["kind"] == "rect":
        return [(x, y), (x + shape["width"], y + shape["height"])]
    length = 0.56 * shape["size"] * len(shape["text"])
    start = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[shape["anchor"]] * length
    return [(start, y - shape["size"]), (start + length, y + 0.35 * shape["size"])]


def _stage(
    board: Board, device: Leg | Module, path: str, y: float, ends: tuple[str, str], title: str = ""
) -> float:
    """A leg or a couple of a module from y on; returns where it ends."""
    view = elevation(device)
    if title:
        board.text(0.0, y + 12.0, title, "label", size=14.0)
        y += 24.0
    board.scale = view.scale
    top = y + STRIP
    _strip(board, view.width, y, "hot", ends[0])
    places = _places(device, path, view)
    for block, (group, key) in zip(view.blocks, places, strict=True):
        _block(board, block, top, group, key, view)
    for group, box in _contacts(board.document, device, path, view, top):
        board.rect(box, "contact", group, label="contact")
    _letters(board, view, top)
    end = top + view.height
    _strip(board, view.width, end + 2.0, "cold", ends[1])
    reach = _labels(board, view, top)
    if isinstance(device, Module):
        _plan(board, device, path, max(reach, view.width) + 40.0, y)
    _bar(board, view, end + STRIP + 18.0)
    thin = sorted({block.material.name for block in view.blocks if not block.to_scale})
    if thin:
        board.notes.append(f"Too thin to see at this scale, drawn thicker: {', '.join(thin)}.")
    if isinstance(device, Module) and device.couples > 1:
        board.notes.append("One couple with its share of the plates.")
    return end + STRIP + GAP + 20.0


def _strip(board: Board, width: float, y: float, side: str, words: str) -> None:
    """The hot or the cold side, as wide as what is written on it."""
    words = words or f"{side} side"
    wide = max(width, 0.56 * 11.0 * len(words) + 14.0)
    board.rect((0.5 * (width - wide), y, wide, STRIP - 2.0), side, "operate", label=words)
    board.text(width / 2, y + 12.0, words, f"{side}-text", "middle", 11.0)


def _places(device: Leg | Module, path: str, view: Elevation) -> list[tuple[str, str]]:
    """Group of every block of a view, and the path of the number that is its height."""
    legs = {"p": f"{path}.p", "n": f"{path}.n"} if isinstance(device, Module) else {device.carrier: path}
    found: list[tuple[str, str]] = []
    count = {"p": 0, "n": 0, "cold": 0}
    own = device.hot if isinstance(device, Module) else ()
    hot = len(own) - 1
    heights: dict[str, float] = {}
    for block in view.blocks:
        if block.role in legs:
            leg = legs[block.role]
            parts = device.segments if isinstance(device, Leg) else getattr(device, block.role).segments
            k = count[block.role]
            count[block.role] += 1
            single = len(parts) == 1
            found.append(
                (leg, f"{leg}.length") if single else (f"{leg}.segments[{k}]", f"{leg}.segments[{k}].length")
            )
            continue
        if block.role == "hot":
            if "hot" in heights and heights["hot"] != block.y:
                hot -= 1
            heights["hot"], k = block.y, hot
        else:
            if "cold" in heights and heights["cold"] != block.y:
                count["cold"] += 1
            heights["cold"], k = block.y, count["cold"]
        group = f"{path}.{block.role}[{k}]"
        found.append((group, f"{group}.thickness"))
    return found


def _block(board: Board, block: Block, top: float, group: str, key: str, view: Elevation) -> None:
    role = block.role if block.role in ("p", "n") and block.material.kind not in ROLES else _role(block)
    words = f"{block.material.name}, {printed(block.true_height, 'thickness')}"
    more: dict[str, Any] = {"label": words, "exaggerated": not block.to_scale}
    drag = _drag(board, key, view.scale) if block.to_scale else None
    if drag is not None:
        more["drag"] = drag
    board.rect((block.x, top + block.y, block.width, block.height), role, group, **more)


def _role(block: Block) -> str:
    if block.material.name == "Cu":
        return "copper"
    return block.material.kind if block.material.kind in ROLES else "other"


def _drag(board: Board, path: str, scale: float) -> dict[str, Any] | None:
    """What a dragged lower edge changes; None for a number that is not written as one."""
    found = number_at(board.document, path, "length")
    if found is None:
        return None
    value, unit = found
    low, high, _ = slider("length", value, unit)
    per_unit = float(convert(1.0 / scale, "m", unit))
    shown = float(convert(value, "m", unit))
    limits = {"minimum": low, "maximum": high, "value": shown}
    return {"path": path, "axis": "y", "edge": "end", "per_unit": per_unit, "unit": unit, **limits}


def _contacts(
    document: Mapping[str, Any], device: Leg | Module, path: str, view: Elevation, top: float
) -> list[tuple[str, tuple[float, float, float, float]]]:
    """The ends of the legs, where their contacts are: thin lines to click."""
    found = []
    for kind in ("p", "n"):
        own = [block for block in view.blocks if block.role == kind]
        if not own:
            continue
        leg = f"{path}.{kind}" if isinstance(device, Module) else path
        table, first, last = value_at(document, leg) or {}, own[0], own[-1]
        for side, y in (("hot", first.y), ("cold", last.y + last.height)):
            group = next((key for key in (f"contact_{side}", "contact") if key in table), "")
            place = f"{leg}.{group}" if isinstance(table.get(group), Mapping) else leg
            found.append((place, (first.x, top + y - 1.0, first.width, 2.0)))
    return found


def _letters(board: Board, view: Elevation, top: float) -> None:
    for kind in ("p", "n"):
        own = [block for block in view.blocks if block.role == kind]
        largest = max(own, key=lambda block: block.height, default=None)
        if largest is not None and largest.height > LETTER and largest.width > 22.0:
            x, y = largest.x + largest.width / 2, top + largest.y + largest.height / 2 + 7.0
            board.text(x, y, kind, f"{kind}-text", "middle", 20.0)


def _labels(board: Board, view: Elevation, top: float) -> float:
    """Names and thicknesses beside the device, with leaders; returns where they end."""
    left = [block for block in view.blocks if block.role == "p"] if _has_both(view) else []
    right = list({(b.role, b.y): b for b in view.blocks if b not in left}.values())
    reach = 0.0
    for blocks, to_left in ((left, True), (sorted(right, key=lambda b: b.y), False)):
        x = -46.0 if to_left else view.width + 46.0
        wanted = [top + b.y + min(b.height / 2, 0.15 * b.height + 4.0) for b in blocks]
        for block, y, level in zip(blocks, wanted, spread(wanted, 17.0), strict=True):
            edge = block.x if to_left else block.x + block.width
            board.line([(edge, y), (x + (14.0 if to_left else -14.0), level), (x, level)], "leader")
            name = block.material.name
            name = name if len(name) <= 28 else name[:27] + "…"
            words = f"{name}  {printed(block.true_height, 'thickness')}"
            board.text(
                x + (-4.0 if to_left else 4.0), level + 4.0, words, "label", "end" if to_left else "start"
            )
            reach = max(reach, x + 0.56 * 12.0 * len(words))
    return reach


def _has_both(view: Elevation) -> bool:
    return {"p", "n"} <= {block.role for block in view.blocks}


def _bar(board: Board, view: Elevation, y: float) -> None:
    """A bar of a round length."""
    canvas = Canvas()
    scale_bar(canvas, 0.0, y, view.scale)
    length = (canvas.parts[0].split('data-width="')[1]).split('"')[0]
    width = float(length) * view.scale
    board.bar = {"length": width, "text": printed(float(length), "length")}
    board.line([(0.0, y), (width, y)], "dimension")
    board.text(width + 6.0, y + 4.0, board.bar["text"], "dimension", size=11.0)


def _plan(board: Board, module: Module, path: str, x: float, y: float) -> None:
    """The legs of a module seen from above, on the larger plate."""
    from ioffe.base.errors import InputError

    if module.couples == 1 or 2 * module.couples > LARGEST_PLAN:
        return
    try:
        plan = module.plan
    except InputError:
        return
    board.view = "above"
    plates = plan.hot_plate, plan.cold_plate
    left, right = min(r[0] for r in plates), max(r[1] for r in plates)
    low = min(r[2] for r in plates)
    scale = PLAN / (right - left)

    def box(r: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        return (
            x + (r[0] - left) * scale,
            y + (r[2] - low) * scale,
            (r[1] - r[0]) * scale,
            (r[3] - r[2]) * scale,
        )

    for plate in sorted(plates, key=lambda r: r[0] - r[1]):
        board.rect(box(plate), "footprint", path, label=f"{module.couples} couples")
    for strap in plan.hot:
        board.rect(box(strap), "strap", path, label="hot electrode")
    for k, leg in enumerate(plan.legs):
        kind = "pn"[k % 2]
        board.rect(box(leg), "plan", f"{path}.{kind}", shade=k % 2, label=f"{kind} leg {k}")
    board.view = "side"
