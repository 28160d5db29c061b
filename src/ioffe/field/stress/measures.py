"""Measures of stress that settle when the mesh is refined.

Where two materials meet at a free edge the elastic stress has no bound, so that its largest value says as
much of the mesh as of the device. What is exceeded in one per cent of a volume, means over a stated distance
from an edge and Weibull's integral do settle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ioffe.field.elements.shapes import parabolas, product
from ioffe.field.elements.solids import SolidModule
from ioffe.field.stress.data import BrittleStrength
from ioffe.field.stress.elastic import POINT_SHARE, POINTS, ElasticBody, mises, principal

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
SHARE = 0.01
"""Share of a volume in which a stress is exceeded."""


def exceeded(values: Array, volumes: Array, share: float = SHARE) -> float:
    """Value that is exceeded in a share of the volume.

    >>> exceeded(np.arange(100.0), np.ones(100))
    98.0
    """
    order = np.argsort(values)[::-1]
    part = np.cumsum(volumes[order]) / volumes.sum()
    return float(values[order][min(np.searchsorted(part, share, side="right"), len(values) - 1)])


@dataclass(frozen=True, eq=False)
class StressField:
    """Stress at eight points of every cell.

    Attributes
    ----------
    body : ElasticBody
    stress : ndarray of shape (cells, 8, 3, 3)
        In Pa.
    """

    body: ElasticBody
    stress: Array

    @property
    def volumes(self) -> Array:
        """That each point stands for in m3, (cells, 8)."""
        return np.repeat(POINT_SHARE * self.body.mesh.volume[:, None], 8, axis=1)

    @property
    def positions(self) -> Array:
        """Of the points in m, (cells, 8, 3)."""
        mesh = self.body.mesh
        return np.einsum("qa,eai->eqi", POINTS, mesh.positions[mesh.nodes])


def of_parts(
    field: StressField, solid: SolidModule, distance: float, brittle: Mapping[str, BrittleStrength]
) -> dict[str, dict[str, float]]:
    """Measures of every part of a module, by its name."""
    names = np.array([s.name for s in solid.solids])[field.body.mesh.body]
    equivalent, tension, volumes = mises(field.stress), principal(field.stress), field.volumes
    rim = _near_edges(field, solid, distance)
    found = {}
    for name in dict.fromkeys(s.name for s in solid.solids):
        own = names == name
        v, t, w = equivalent[own].ravel(), tension[own].ravel(), volumes[own].ravel()
        near = rim[own].ravel()
        peak = int(np.argmax(v))
        width = field.body.mesh.widths[own][peak // 8].min()
        law = brittle.get(next(s.material.name for s in solid.solids if s.name == name))
        found[name] = {
            "volume": w.sum(),
            "mises_exceeded": exceeded(v, w),
            "principal_exceeded": exceeded(t, w),
            "mises_rms": float(np.sqrt((w * v**2).sum() / w.sum())),
            "rim_mises": float((w * v)[near].sum() / w[near].sum()) if near.any() else np.nan,
            "largest_mises": float(v[peak]),
            "mesh_width": float(width),
            "failing": np.nan if law is None else law.failing(t, w),
        }
    return found


def _near_edges(field: StressField, solid: SolidModule, distance: float) -> NDArray[np.bool_]:
    """Points within a distance of the ends of the legs and of their sides, inside or outside, (cells, 8)."""
    at = field.positions
    ends = np.minimum(*(np.abs(at[..., 2] - z) for z in solid.ends)) <= distance
    sides = np.zeros(ends.shape, bool)
    for left, right, low, high in solid.plan.legs:
        dx = np.maximum(left - at[..., 0], at[..., 0] - right)
        dy = np.maximum(low - at[..., 1], at[..., 1] - high)
        sides |= np.abs(np.maximum(dx, dy)) <= distance
    return ends & sides


def of_joints(
    field: StressField, u: Array, strain_at: Mapping[int, Array], solid: SolidModule, distance: float
) -> dict[str, dict[str, float]]:
    """Shear and peel at the ends of every leg, means over the joint and over its rim of a stated width.

    `u`: displacements.
    `strain_at`: free thermal strain at the points of the lower (0) and upper (1) faces of all cells.
    `distance`: width of the rim in m.
    """
    mesh, found = field.body.mesh, {}
    for side, end in (("cold", 0), ("hot", 1)):
        points = face_points(end)
        stress = field.body.stress(u, strain_at[end], points)
        at = np.einsum("qa,eai->eqi", points[0], mesh.positions[mesh.nodes])
        z = mesh.borders[2][mesh.cells[:, 2] + end]
        for k, (left, right, low, high) in enumerate(solid.plan.legs):
            own = np.isin(mesh.body, solid.of_leg[k]) & (np.abs(z - solid.ends[end]) < 1e-9)
            s, x, y = stress[own].reshape(-1, 3, 3), at[own][..., 0].ravel(), at[own][..., 1].ravel()
            area = np.repeat(mesh.volume[own] / mesh.widths[own, 2], 4)
            shear, peel = np.hypot(s[:, 0, 2], s[:, 1, 2]), s[:, 2, 2]
            near = np.minimum.reduce([x - left, right - x, y - low, high - y]) <= distance
            rim = area * near
            found[f"leg {k} {side}"] = {
                "shear": float((area * shear).sum() / area.sum()),
                "rim_shear": float((rim * shear).sum() / rim.sum()) if near.any() else np.nan,
                "rim_peel": float((rim * peel).sum() / rim.sum()) if near.any() else np.nan,
            }
    return found


def face_points(end: int) -> tuple[Array, Array]:
    """Shape functions and gradients at two by two points of the lower or the upper face of a cell."""
    x = np.array([0.5 - 0.5 / np.sqrt(3.0), 0.5 + 0.5 / np.sqrt(3.0)])
    N, D = parabolas(x)
    top, slope = parabolas(np.array([float(end)]))
    return product(N, N, top), np.stack([product(D, N, top), product(N, D, top), product(N, N, slope)])
