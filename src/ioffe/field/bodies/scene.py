"""Rectangular bodies with values on grids of their own, and what is known of the values.

A body has values at all points of its grid, also inside, so that a cut through it shows them. Bodies touch
and do not overlap; where two of them meet, values may differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.base.saved import plain, write_aside
from ioffe.base.units import convert
from ioffe.field.bodies.vtu import vtu_text

Array = NDArray[np.float64]
Axes = tuple[Array, Array, Array]
DIGITS: Final = 5
"""Of values in `BodyScene.to_dict`."""
EXCEEDED: Final = 0.01
"""Share of the volume in which a value without a bound exceeds the scale of colours."""
UNBOUNDED: Final = "current_density", "heat_flux", "mises", "tension"
AXES: Final = {"x": 0, "y": 1, "z": 2}


@dataclass(frozen=True)
class BodyField:
    """What a value is.

    Attributes
    ----------
    name : str
        Key in the values of bodies.
    label, symbol : str
        In words, and as Matplotlib's formula.
    si, unit : str
        Unit of the values of bodies, and the one in which they are shown.
    """

    name: str
    label: str
    symbol: str
    si: str
    unit: str

    def shown(self, values: Array) -> Array:
        """Values, and magnitudes of vectors, in the unit in which they are shown."""
        return np.asarray(convert(values, self.si, self.unit), float)


KNOWN: Final = {
    one.name: one
    for one in (
        BodyField("temperature", "temperature", "$T$", "K", "K"),
        BodyField("electric_potential", "electric potential", r"$\varphi$", "V", "mV"),
        BodyField("current_density", "current density", "$|J|$", "A/m2", "A/cm2"),
        BodyField("heat_flux", "heat flux", "$|q|$", "W/m2", "W/cm2"),
        BodyField("mises", "equivalent stress", r"$\sigma_\mathrm{v}$", "Pa", "MPa"),
        BodyField("tension", "largest principal stress", r"$\sigma_1$", "Pa", "MPa"),
        BodyField("displacement", "displacement", "$|u|$", "m", "um"),
    )
}
"""Every field that bodies have values of."""


@dataclass(frozen=True, eq=False)
class Body:
    """A rectangular block.

    Attributes
    ----------
    label : str
        Part and material.
    role : str
        ``"p"``, ``"n"``, ``"metal"``, ``"ceramic"`` or ``"solder"``.
    group : str
        Path of the part in a device file.
    axes : tuple of ndarray
        Grid lines along x, y and z in m, ascending, two or more each; z counts from the cold to the hot face.
    values : mapping of str to ndarray
        By the names of fields, in SI, of shape (x, y, z), vectors (x, y, z, 3); NaN where not known.
    """

    label: str
    role: str
    group: str
    axes: Axes
    values: Mapping[str, Array]

    @property
    def shape(self) -> tuple[int, ...]:
        """Grid lines along x, y and z."""
        return tuple(len(a) for a in self.axes)

    def scalar(self, name: str) -> Array | None:
        """Values of a field, magnitudes of vectors; None if it has none."""
        found = self.values.get(name)
        if found is None or found.ndim == 3:
            return found
        return np.asarray(np.sqrt((found**2).sum(axis=-1)), float)

    def at(self, axis: int, position: float) -> dict[str, Array]:
        """Values in a plane across an axis, linear between grid lines, which keep an axis of length one.

        `position`: in m, inside the body.
        """
        lines = self.axes[axis]
        i = int(np.clip(np.searchsorted(lines, position) - 1, 0, len(lines) - 2))
        share = (position - lines[i]) / (lines[i + 1] - lines[i])
        first, second = ([np.take(v, [i + k], axis=axis) for v in self.values.values()] for k in (0, 1))
        mixed = [(1.0 - share) * a + share * b for a, b in zip(first, second, strict=True)]
        return dict(zip(self.values, mixed, strict=True))

    def between(self, axis: int, low: float, high: float) -> Body | None:
        """The part of it between two planes across an axis; None if there is none.

        `low`, `high`: in m.
        """
        lines = self.axes[axis]
        ends = max(low, lines[0]), min(high, lines[-1])
        if ends[0] >= ends[1]:
            return None
        if ends == (lines[0], lines[-1]):
            return self
        places = np.array([ends[0], *lines[(lines > ends[0]) & (lines < ends[1])], ends[1]])
        planes = [self.at(axis, x) for x in places]
        values = {k: np.concatenate([plane[k] for plane in planes], axis=axis) for k in self.values}
        axes = list(self.axes)
        axes[axis] = places
        return replace(self, axes=(axes[0], axes[1], axes[2]), values=values)

    @property
    def volumes(self) -> Array:
        """Volume in m3 for which each point of the grid stands."""
        shares = []
        for lines in self.axes:
            width = np.diff(lines)
            shares.append(0.5 * (np.append(width, 0.0) + np.append(0.0, width)))
        return np.einsum("i,j,k->ijk", *shares)


@dataclass(frozen=True, eq=False)
class BodyScene:
    """Bodies of a module with their values at one operating point.

    Attributes
    ----------
    bodies : tuple of Body
    notes : tuple of str
        What must be known of the values.
    """

    bodies: tuple[Body, ...]
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """How many bodies, and what there are values of."""
        return f"BodyScene({len(self.bodies)} bodies with {', '.join(f.name for f in self.fields)})"

    @property
    def fields(self) -> tuple[BodyField, ...]:
        """What there are values of."""
        return tuple(f for name, f in KNOWN.items() if any(name in b.values for b in self.bodies))

    def field(self, name: str) -> BodyField:
        """A field by its name.

        Raises `InputError` with those that there are.
        """
        names = [f.name for f in self.fields]
        if name not in names:
            expected = f"one of {', '.join(names)} is expected"
            raise InputError(Fault("field", name, expected, did_you_mean(name, names)))
        return KNOWN[name]

    def span(self, name: str) -> tuple[float, float]:
        """Ends of a scale of colours for a field in SI.

        Returns: smallest and largest value; of flows and stresses, which have no bound at the edges of
            joints, 0 and what is exceeded in one per cent of the volume.
        """
        found = [(v.ravel(), b.volumes.ravel()) for b in self.bodies if (v := b.scalar(name)) is not None]
        values, volumes = (np.concatenate(x) for x in zip(*found, strict=True))
        known = np.isfinite(values)
        values, volumes = values[known], volumes[known]
        if not values.size:
            return np.nan, np.nan
        if name not in UNBOUNDED:
            return float(values.min()), float(values.max())
        order = np.argsort(values)[::-1]
        part = np.cumsum(volumes[order]) / volumes.sum()
        return 0.0, float(values[order][np.searchsorted(part, EXCEEDED)])

    @property
    def box(self) -> tuple[Array, Array]:
        """Lowest and highest corner in m."""
        ends = np.array([[(a[0], a[-1]) for a in b.axes] for b in self.bodies])
        return ends[..., 0].min(axis=0), ends[..., 1].max(axis=0)

    def between(self, axis: int, low: float = -np.inf, high: float = np.inf) -> BodyScene:
        """What lies between two planes across an axis, with the values in the planes.

        `low`, `high`: in m.
        """
        kept = (body.between(axis, low, high) for body in self.bodies)
        return replace(self, bodies=tuple(body for body in kept if body is not None))

    def middle(self) -> float:
        """Position in m along y of the row of legs that is nearest to the middle."""
        legs = [0.5 * (b.axes[1][0] + b.axes[1][-1]) for b in self.bodies if b.role in "pn"]
        low, high = self.box
        middle = 0.5 * (low[1] + high[1])
        return float(min(legs, key=lambda y: abs(y - middle), default=middle))

    def to_dict(self, names: Sequence[str] = ()) -> dict[str, Any]:
        """Plain data for viewers.

        `names`: fields in the order in which they are offered; by default all.
        Returns: ``fields``: each with id, label, symbol, unit, and minimum and maximum of the scale of
            colours; ``bodies``: each with label, role, group, its grid lines ``x``, ``y``, ``z`` in m, and
            ``values`` by the id of a field, in the unit of that field with five digits, point (i, j, k) at (i
            ny + j) nz + k, null where not known; ``middle``, where along y a cut shows a row of legs;
            ``notes``.
        """
        wanted = [self.field(name) for name in names] or self.fields
        fields = []
        for f in wanted:
            low, high = (float(f.shown(np.array(v))) for v in self.span(f.name))
            about = {"id": f.name, "label": f.label, "symbol": f.symbol, "unit": f.unit}
            fields.append(about | {"minimum": low, "maximum": high})
        bodies = []
        for body in self.bodies:
            lines = {k: _rounded(a, 7) for k, a in zip(AXES, body.axes, strict=True)}
            values = {
                f.name: _rounded(f.shown(v), DIGITS) for f in wanted if (v := body.scalar(f.name)) is not None
            }
            named = {"label": body.label, "role": body.role, "group": body.group}
            bodies.append(named | lines | {"values": values})
        found: dict[str, Any] = plain(
            {"fields": fields, "bodies": bodies, "middle": self.middle(), "notes": self.notes}
        )
        return found

    def save(self, path: str | Path) -> Path:
        """Write a VTU file, which ParaView and VisIt open.

        `path`: ends in ``.vtu``. Values are in SI, vectors with their components.
        Returns: the file, which is written beside its place and renamed, so that it is never there by half.
        Raises `InputError` for another ending.
        """
        path = Path(path)
        if path.suffix.casefold() != ".vtu":
            raise InputError(Fault("path", str(path), "a file name ending in .vtu is expected"))
        text = self.vtu()
        return write_aside(path, lambda aside: aside.write_text(text, encoding="utf-8"))

    def vtu(self) -> str:
        """Text of the file that `save` writes."""
        return vtu_text([(b.label, b.axes, b.values) for b in self.bodies])


def _rounded(values: Array, digits: int) -> list[Any]:
    """Numbers with so many digits, None for those that are not known."""
    return [float(f"{v:.{digits}g}") if np.isfinite(v) else None for v in values.ravel()]
