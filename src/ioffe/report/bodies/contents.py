"""What pages show of bodies in three dimensions: a view that turns, and cuts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ioffe.field.bodies.scene import BodyScene
from ioffe.report.bodies.drawing import BodyView, cut_figure, draw_cut, draw_view, view_figure
from ioffe.report.page import Picture

LEAD = "The device in three dimensions, its front cut away: {}. It turns and cuts where scripts run."
CUT = "{} in an upright cut through the row of legs nearest to the middle{}."
ARROWS = "; arrows show its direction"


def bodies_shown(scene: BodyScene, names: Sequence[str]) -> list[BodyView | Picture]:
    """A view of the first of some fields, and a cut of each that there is."""
    known = [f for name in names for f in scene.fields if f.name == name]
    first = known[0]
    caption = " ".join([LEAD.format(first.label), *(f"{note[0].upper()}{note[1:]}." for note in scene.notes)])
    alt = f"View of the device, coloured by {first.label}"
    shown: list[BodyView | Picture] = [
        BodyView(
            scene.to_dict([f.name for f in known]),
            Picture(view_figure(scene, first.name), caption, alt, "bodies"),
        )
    ]
    for field in known:
        flows = any(b.values[field.name].ndim == 4 for b in scene.bodies if field.name in b.values)
        caption = CUT.format(field.label.capitalize(), ARROWS if flows else "")
        name = f"cut-{field.name.replace('_', '-')}"
        figure = cut_figure(scene, field.name)
        shown.append(Picture(figure, caption, f"Cut through the device, {field.label}", name))
    return shown


def body_pictures(scene: Callable[[], BodyScene], names: Sequence[str]) -> dict[str, Callable[..., Any]]:
    """Pictures of bodies by their names; the bodies are made when one is drawn."""

    def drawn(draw: Callable[..., Any], name: str, ax: Any, **options: Any) -> None:
        draw(ax, scene(), name, **options)

    cuts = {f"cut-{name.replace('_', '-')}": partial(drawn, draw_cut, name) for name in names}
    return {**cuts, "bodies": partial(drawn, draw_view, names[0])}
