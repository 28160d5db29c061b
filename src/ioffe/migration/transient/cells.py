"""Finite volumes of a leg: cells, faces between them, and the ends at which metal may appear."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ioffe.base.constants import F
from ioffe.migration.defect import Array
from ioffe.migration.specimen import MigratingLeg

__all__ = ["Cells", "Ends", "build_cells"]


@dataclass(frozen=True)
class Ends:
    """Ends of the parts: two of each part, the one at smaller x first.

    `step` is the distance from the centre of the cell to the end with a sign, `conductance` the flux in
    mol/(m2 s) for 1 V, `metal` and `nucleus` the potential mu/(z F) in V of metal and of its first nucleus.
    """

    cell: NDArray[np.intp]
    x: Array
    T: Array
    step: Array
    thermal: Array
    conductance: Array
    metal: Array
    nucleus: Array
    anion: Array


@dataclass(frozen=True)
class Cells:
    """Cells in the order of x, and the faces between neighbours of one part."""

    x: Array
    T: Array
    width: Array
    part: NDArray[np.intp]
    left: NDArray[np.intp]
    """Cell left of each face; the one on the right follows it."""
    distance: Array
    face_T: Array
    thermal: Array
    conductance: Array
    ends: Ends


def build_cells(leg: MigratingLeg, count: int) -> Cells:
    """Cells of equal width in each part, `count` of them over all parts in proportion to their lengths."""
    parts = leg.parts()
    total = sum(end - start for start, end in parts)
    numbers = [max(8, round(count * (end - start) / total)) for start, end in parts]
    edges = [np.linspace(start, end, n + 1) for (start, end), n in zip(parts, numbers, strict=True)]
    x = np.concatenate([0.5 * (e[1:] + e[:-1]) for e in edges])
    width = np.concatenate([np.diff(e) for e in edges])
    part = np.repeat(np.arange(len(parts)), numbers)
    T = leg.temperature_at(x)
    left = np.flatnonzero(np.diff(part) == 0)
    distance = x[left + 1] - x[left]
    face_T = leg.temperature_at(0.5 * (x[left + 1] + x[left]))
    thermal = leg.thermal_potential(T)
    ions = leg.model.charge * F
    return Cells(
        x,
        T,
        width,
        part,
        left,
        distance,
        face_T,
        thermal[left + 1] - thermal[left],
        leg.sigma_ion_at(face_T) / (ions * distance),
        _ends(leg, parts, part, x, T),
    )


def _ends(
    leg: MigratingLeg, parts: list[tuple[float, float]], part: NDArray[np.intp], x: Array, T: Array
) -> Ends:
    cell = np.array(
        [at for p in range(len(parts)) for at in np.flatnonzero(part == p)[[0, -1]]], dtype=np.intp
    )
    position = np.array(parts).reshape(-1)
    end_T = np.maximum(leg.temperature_at(position), np.nextafter(leg.transition, np.inf))
    model, step = leg.model, position - x[cell]
    top = model.anion_boundary(end_T)
    finite = np.isfinite(top)
    anion = np.where(finite, leg.potential(np.where(finite, top, 0.0), end_T), -np.inf)
    return Ends(
        cell,
        position,
        end_T,
        step,
        leg.thermal_potential(end_T) - leg.thermal_potential(T[cell]),
        leg.sigma_ion_at(0.5 * (end_T + T[cell])) / (model.charge * F * np.abs(step)),
        leg.potential(model.metal_boundary(end_T), end_T),
        leg.potential(model.deposition_threshold(end_T), end_T),
        anion,
    )
