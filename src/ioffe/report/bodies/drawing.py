"""Pictures of bodies in three dimensions: cuts through a module, and a view of it with its front cut away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.plotting import look, new_figure, unit_label
from ioffe.field.bodies.scene import Body, BodyField, BodyScene

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure

    from ioffe.report.page import Picture

Array = NDArray[np.float64]
MM = 1e3
GREY, EDGE = "#d5d5d2", "#333333"
COLOURS = {"temperature": "inferno", "electric_potential": "cividis"}
"""Scales of colours; viridis for all others."""
ARROWS = 26
"""Arrows along the longer side of a cut."""
SLAB = 1e-9
"""Half the thickness in m of what counts as the plane of a cut."""
TOWARDS = np.array([-0.42, -0.72, 0.55]) / np.linalg.norm([-0.42, -0.72, 0.55])
"""Direction in which the eye is: in front, at the left, above."""
LIGHT = np.array([0.78, 0.92, 1.0])
"""Lightness of faces across x, y and z."""


@dataclass(frozen=True)
class BodyView:
    """Bodies in three dimensions that are turned and cut in the page, and the picture where no script runs.

    `scene`: as `BodyScene.to_dict` makes it.
    """

    scene: Mapping[str, Any]
    still: Picture

    @property
    def json(self) -> str:
        """The scene as it may stand inside a page: no text in it ends the script."""
        return json.dumps(self.scene, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def draw_cut(ax: Axes, scene: BodyScene, name: str = "temperature", y: float | None = None) -> None:
    """Draw a field in an upright cut along a row of legs, with arrows where it is a flow.

    `name`: of the field.
    `y`: where the cut is, in m; by default through the middle of the row of legs nearest to the middle.
    Raises `InputError` if the bodies have no such field.
    """
    field = scene.field(name)
    at = scene.middle() if y is None else y
    plane = scene.between(1, at - SLAB, at + SLAB)
    if all(b.scalar(name) is None for b in plane.bodies):
        plane = scene
    # a scale that spans what the cut does not show would hide steps at contacts
    colours = _colours(plane, field)
    found = [b for b in scene.bodies if b.axes[1][0] <= at <= b.axes[1][-1]]
    for body in found:
        _draw_plane(ax, body, at, field, colours)
    low, high = scene.box
    flows = [b for b in found if name in b.values and b.values[name].ndim == 4]
    if flows:
        _draw_arrows(ax, flows, at, name, max(high[0] - low[0], high[2] - low[2]) / ARROWS)
    ax.set(xlim=(MM * low[0], MM * high[0]), ylim=(MM * low[2], MM * high[2]), aspect="equal")
    ax.set(xlabel="$x$ (mm)", ylabel="$z$ (mm)")
    _bar(ax, plane, field, colours)


def _draw_plane(ax: Axes, body: Body, y: float, field: BodyField, colours: ScalarMappable) -> None:
    x, _, z = (MM * a for a in body.axes)
    values = body.scalar(field.name)
    if values is None:
        ax.fill_between([x[0], x[-1]], z[0], z[-1], color=GREY, linewidth=0)
    else:
        cut = field.shown(_magnitude(body.at(1, y)[field.name][:, 0]))
        mesh: Any = ax.pcolormesh(x, z, cut.T, shading="gouraud", **_painted(colours))
        mesh.set_rasterized(True)
    ax.plot(x[[0, -1, -1, 0, 0]], z[[0, 0, -1, -1, 0]], color=EDGE, linewidth=0.35)


def _magnitude(values: Array) -> Array:
    """Of vectors, which have one axis more than a plane."""
    return np.sqrt((values**2).sum(axis=-1)) if values.ndim == 3 else values


def _draw_arrows(ax: Axes, bodies: list[Body], y: float, name: str, step: float) -> None:
    """Directions of a flow at places a step apart."""
    places, flows = [], []
    for body in bodies:
        cut, (x, _, z) = body.at(1, y)[name][:, 0], body.axes
        nx, nz = (max(1, round((a[-1] - a[0]) / step)) for a in (x, z))
        at = [a[0] + (np.arange(n) + 0.5) / n * (a[-1] - a[0]) for a, n in ((x, nx), (z, nz))]
        own = np.array([[np.interp(at[0], x, cut[:, k, c]) for k in range(len(z))] for c in (0, 2)])
        flow = np.array([[np.interp(at[1], z, own[c, :, i]) for i in range(nx)] for c in (0, 1)])
        places.append(np.stack(np.meshgrid(*at, indexing="ij")).reshape(2, -1))
        flows.append(flow.reshape(2, -1))
    (x, z), (u, w) = np.concatenate(places, axis=1), np.concatenate(flows, axis=1)
    size = np.hypot(u, w)
    seen = size > 0.02 * size.max(initial=0.0)
    u, w = u[seen] / size[seen], w[seen] / size[seen]
    how: Any = {"units": "xy", "scale_units": "xy", "scale": 1.0 / (0.75 * MM * step), "pivot": "mid"}
    ax.quiver(MM * x[seen], MM * z[seen], u, w, color="white", width=0.06 * MM * step, headwidth=4.0, **how)


def draw_view(ax: Axes, scene: BodyScene, name: str = "temperature", y: float | None = None) -> None:
    """Draw bodies seen from the front, from the left and above, the front cut away.

    `name`: of the field.
    `y`: where the cut is, in m; by default as of `draw_cut`. Negative infinity cuts nothing.
    Raises `InputError` if the bodies have no such field.
    """
    from matplotlib.collections import LineCollection, PolyCollection

    field = scene.field(name)
    colours = _colours(scene, field)
    cut = scene.between(1, low=scene.middle() if y is None else y)
    across = np.array([-TOWARDS[1], TOWARDS[0], 0.0]) / np.hypot(*TOWARDS[:2])
    screen = MM * np.stack([across, np.cross(TOWARDS, across)])
    for layer, body in enumerate(from_behind(cut.bodies)):
        for axis in range(3):
            quads, values = _face(body, axis, field)
            paint = colours.to_rgba(values) if values is not None else np.tile(_rgba(GREY), (len(quads), 1))
            paint = np.asarray(paint) * [*[LIGHT[axis]] * 3, 1.0]
            corners = quads @ screen.T
            faces = PolyCollection(
                list(corners), facecolors=paint, antialiaseds=False, linewidths=0, zorder=1 + 2 * layer
            )
            faces.set_rasterized(True)
            ax.add_collection(faces)
            rim = _rim(body, axis) @ screen.T
            lines = LineCollection([rim], colors=EDGE, linewidths=0.3, zorder=2 + 2 * layer)
            lines.set_rasterized(True)
            ax.add_collection(lines)
    ends = np.array(np.meshgrid(*np.array(cut.box).T, indexing="ij")).reshape(3, -1).T @ screen.T
    (left, low), (right, top) = ends.min(axis=0), ends.max(axis=0)
    rim = 0.01 * (right - left)
    ax.set(xlim=(left - rim, right + rim), ylim=(low - rim, top + rim), aspect="equal")
    ax.set_axis_off()
    _bar(ax, scene, field, colours)


def from_behind(bodies: tuple[Body, ...]) -> list[Body]:
    """Bodies in an order in which none hides one that comes after it.

    Of two boxes that a plane across an axis separates, the one away from the eye cannot hide the other; where
    two axes say the opposite, neither hides the other.
    """
    low, high = (np.array([[a[end] for a in b.axes] for b in bodies]) for end in (0, -1))
    near = TOWARDS > 0.0
    gap = 1e-9
    away = np.where(near, high[:, None] <= low[None] + gap, low[:, None] >= high[None] - gap)
    before = np.asarray(away.any(axis=-1))
    before = before & ~before.T
    waits, depth, order = before.sum(axis=0), 0.5 * (low + high) @ TOWARDS, []
    left = np.ones(len(bodies), bool)
    while left.any():
        free = np.flatnonzero(left & (waits == 0))
        k = int(min(free if len(free) else np.flatnonzero(left), key=lambda i: depth[i]))
        order.append(bodies[k])
        left[k] = False
        waits = waits - before[k]
    return order


def _face(body: Body, axis: int, field: BodyField) -> tuple[Array, Array | None]:
    """Corners of the quads (quads, 4, 3) of the face towards the eye, and their mean values."""
    end = -1 if TOWARDS[axis] > 0.0 else 0
    a, b = (i for i in range(3) if i != axis)
    grid = np.stack(np.meshgrid(body.axes[a], body.axes[b], indexing="ij"), axis=-1)
    points = np.insert(grid, axis, body.axes[axis][end], axis=-1)
    values = body.scalar(field.name)
    if values is None:
        points = points[:: max(len(points) - 1, 1), :: max(points.shape[1] - 1, 1)]
    around = (slice(None, -1), slice(None, -1)), (slice(1, None), slice(None, -1))
    around += (slice(1, None), slice(1, None)), (slice(None, -1), slice(1, None))
    quads = np.stack([points[at] for at in around], axis=2).reshape(-1, 4, 3)
    if values is None:
        return quads, None
    shown = field.shown(np.take(values, end, axis=axis))
    return quads, np.mean([shown[at] for at in around], axis=0).ravel()


def _rim(body: Body, axis: int) -> Array:
    """Closed line around the face towards the eye."""
    end = -1 if TOWARDS[axis] > 0.0 else 0
    a, b = (body.axes[i][[0, -1]] for i in range(3) if i != axis)
    around = np.array([(a[i], b[j]) for i, j in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))])
    return np.insert(around, axis, body.axes[axis][end], axis=-1)


def _rgba(colour: str) -> Array:
    from matplotlib.colors import to_rgba

    return np.array(to_rgba(colour))


def _colours(scene: BodyScene, field: BodyField) -> ScalarMappable:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    low, high = (float(field.shown(np.array(v))) for v in scene.span(field.name))
    return ScalarMappable(Normalize(low, max(high, low + 1e-9)), COLOURS.get(field.name, "viridis"))


def _painted(colours: ScalarMappable) -> dict[str, Any]:
    return {"cmap": colours.cmap, "norm": colours.norm}


def _bar(ax: Axes, scene: BodyScene, field: BodyField, colours: ScalarMappable) -> None:
    """Scale of colours beside a picture, with a point where values lie beyond its end."""
    largest = max(float(np.nanmax(v)) for b in scene.bodies if (v := b.scalar(field.name)) is not None)
    beyond = largest > scene.span(field.name)[1] * (1.0 + 1e-9)
    label = f"{field.label} {field.symbol} ({unit_label(field.unit)})"
    figure: Any = ax.figure
    figure.colorbar(colours, ax=ax, label=label, shrink=0.8, extend="max" if beyond else "neither")


def cut_figure(scene: BodyScene, name: str) -> Figure:
    """Figure of one cut."""
    low, high = scene.box
    with look():
        height = 18.0 + 110.0 * (high[2] - low[2]) / (high[0] - low[0])
        figure, (ax,) = new_figure(width=140.0, height=min(max(height, 42.0), 120.0))
        draw_cut(ax, scene, name)
    return figure


def view_figure(scene: BodyScene, name: str) -> Figure:
    """Figure of the view."""
    with look():
        figure, (ax,) = new_figure(width=140.0, height=90.0)
        draw_view(ax, scene, name)
    return figure
