"""Bodies in three dimensions as triangles with values at their corners: the surfaces of their grids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

SIDES: Final = tuple((axis, end) for axis in range(3) for end in (0, -1))
"""Faces of a block: axis, and the first or the last grid line."""
DIGITS: Final = 7


def surfaces(scene: Mapping[str, Any]) -> dict[str, Any]:
    """What `BodyScene.to_dict` says of bodies, as triangles.

    Parameters
    ----------
    scene : mapping
        ``fields`` and ``bodies``, each of which has grid lines ``x``, ``y``, ``z`` in m and ``values`` by the
        id of a field, point (i, j, k) at (i ny + j) nz + k.

    Returns
    -------
    dict
        ``fields`` as they are; ``bodies`` with ``positions`` (x, y, z of one corner after the other),
        ``triangles`` (three corners each, seen from outside against the clock) and ``values`` at the corners.
    """
    return {"fields": scene["fields"], "bodies": [_surface(body) for body in scene["bodies"]]}


def _surface(body: Mapping[str, Any]) -> dict[str, Any]:
    lines = [np.asarray(body[key], float) for key in ("x", "y", "z")]
    shape = tuple(len(line) for line in lines)
    numbers = np.arange(np.prod(shape)).reshape(shape)
    faces = [
        _face(np.take(numbers, end, axis=axis), turned=(axis == 1) == (end == -1)) for axis, end in SIDES
    ]
    used, triangles = np.unique(np.concatenate(faces), return_inverse=True)
    places = np.stack(np.meshgrid(*lines, indexing="ij"), axis=-1).reshape(-1, 3)[used]
    values = {name: [given[k] for k in used.tolist()] for name, given in body["values"].items()}
    return {
        **{key: body[key] for key in ("label", "role", "group")},
        "positions": [float(f"{value:.{DIGITS}g}") for value in places.ravel().tolist()],
        "triangles": triangles.ravel().tolist(),
        "values": values,
    }


def _face(numbers: np.ndarray, *, turned: bool) -> np.ndarray:
    """Corners of the triangles of a face, two for each rectangle of its grid."""
    a, b, c, d = numbers[:-1, :-1], numbers[1:, :-1], numbers[1:, 1:], numbers[:-1, 1:]
    corners = (a, c, b, a, d, c) if turned else (a, b, c, a, c, d)
    return np.stack([corner.ravel() for corner in corners], axis=-1).ravel()
