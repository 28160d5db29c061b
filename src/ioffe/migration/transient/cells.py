"""Finite volumes of a leg, and the rates of change of the composition of all cells with their derivatives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.base.constants import F
from ioffe.migration.specimen import MigratingLeg


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
    """Cells of equal width in each part, `count` of them over all parts in proportion to their lengths.

    `count`: number of cells.
    """
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
    conductance = leg.sigma_ion_at(face_T) / (leg.model.charge * F * distance)
    faces = (left, distance, face_T, thermal[left + 1] - thermal[left], conductance)
    return Cells(x, T, width, part, *faces, _ends(leg, parts, part, x, T))


def _ends(
    leg: MigratingLeg, parts: list[tuple[float, float]], part: NDArray[np.intp], x: Array, T: Array
) -> Ends:
    cell = np.concatenate([np.flatnonzero(part == p)[[0, -1]] for p in range(len(parts))])
    position = np.array(parts).reshape(-1)
    end_T = np.maximum(leg.temperature_at(position), np.nextafter(leg.transition, np.inf))
    model, step = leg.model, position - x[cell]
    top = model.anion_boundary(end_T)
    finite = np.isfinite(top)
    anion = np.where(finite, leg.potential(np.where(finite, top, 0.0), end_T), -np.inf)
    metal = leg.potential(model.metal_boundary(end_T), end_T)
    nucleus = leg.potential(model.deposition_threshold(end_T), end_T)
    thermal = leg.thermal_potential(end_T) - leg.thermal_potential(T[cell])
    conductance = leg.sigma_ion_at(0.5 * (end_T + T[cell])) / (model.charge * F * np.abs(step))
    return Ends(cell, position, end_T, step, thermal, conductance, metal, nucleus, anion)


_STEP: Final = 1e-6
"""Change of delta over which the slope of the resistivity is taken."""


@dataclass(frozen=True)
class Rates:
    """Rates of one state: `delta` in 1/s a cell, `metal` in mol/(m2 s) an end, and bands d(rate)/d(delta)."""

    delta: Array
    metal: Array
    bands: Array


@dataclass(frozen=True)
class CellEquations:
    """The equations of a leg cut into cells, at one current density.

    The electronic field may depend on the composition; it is taken at the faces.
    """

    leg: MigratingLeg
    cells: Cells
    J: float

    def at(self, J: float) -> CellEquations:
        """The same leg at another current density.

        `J`: current density in A/m2, positive towards larger x.
        """
        return replace(self, J=J)

    def rates(self, delta: Array, open_ends: NDArray[np.bool_]) -> Rates:
        """Rates with metal free to pass at `open_ends`, which are held at the potential of the metal.

        `delta`: deficiency of the metal by formula unit.
        `open_ends`: ends at which metal passes.
        Returns: in 1/s.
        """
        cells, ends, leg = self.cells, self.cells.ends, self.leg
        left, right = cells.left, cells.left + 1
        potential = leg.potential(delta, cells.T)
        slope = leg.model.chemical_potential_slope(delta, cells.T) / (leg.model.charge * F)
        # one look at the conductivity for faces and ends: its calls take longer than its numbers
        where = np.concatenate([0.5 * (delta[left] + delta[right]), delta[ends.cell]])
        fields, slopes = self._field(where, np.concatenate([cells.face_T, ends.T]))
        (field, at_end), (field_slope, end_slope) = (np.split(a, [left.size]) for a in (fields, slopes))
        driving = potential[right] - potential[left] - cells.distance * field + cells.thermal
        flux = -cells.conductance * driving
        shared = 0.5 * cells.distance * field_slope
        of_left = cells.conductance * (slope[left] + shared)
        of_right = -cells.conductance * (slope[right] - shared)
        at_end = potential[ends.cell] + ends.step * at_end - ends.thermal
        end_slope = slope[ends.cell] + ends.step * end_slope
        metal = np.where(open_ends, ends.conductance * (at_end - ends.metal), 0.0)
        volume = leg.molar_volume / cells.width
        rate, bands = np.zeros_like(delta), np.zeros((3, delta.size))
        rate[left] += flux
        rate[right] -= flux
        rate[ends.cell] += metal
        bands[1, left] += of_left
        bands[0, right] += of_right
        bands[2, left] -= of_left
        bands[1, right] -= of_right
        bands[1, ends.cell] += np.where(open_ends, ends.conductance * end_slope, 0.0)
        bands[1] *= volume
        bands[0, 1:] *= volume[:-1]
        bands[2, :-1] *= volume[1:]
        return Rates(rate * volume, metal, bands)

    def end_potential(self, delta: Array) -> Array:
        """Potential in V that each end has, or would have if it let no metal pass.

        `delta`: deficiency of the metal by formula unit.
        Returns: in V.
        """
        ends, leg = self.cells.ends, self.leg
        here = delta[ends.cell]
        field = self.J / leg.sigma_at(here, ends.T)
        return leg.potential(here, self.cells.T[ends.cell]) + ends.step * field - ends.thermal

    def _field(self, delta: Array, T: Array) -> tuple[Array, Array]:
        """J/sigma in V/m and its slope by delta."""
        leg, J = self.leg, self.J
        if not J or not callable(leg.sigma):
            return np.broadcast_to(J / leg.sigma_at(delta, T), delta.shape), np.zeros_like(delta)
        three = np.concatenate([delta, delta + _STEP, delta - _STEP])
        field, above, below = np.split(J / leg.sigma_at(three, np.tile(T, 3)), 3)
        return field, (above - below) / (2.0 * _STEP)
