"""Rates of change of the composition of all cells, with their derivatives, for one current density."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.constants import F
from ioffe.migration.defect import Array
from ioffe.migration.specimen import MigratingLeg
from ioffe.migration.transient.cells import Cells

__all__ = ["Rates", "System"]

_STEP: Final = 1e-6
"""Change of delta over which the slope of the resistivity is taken."""


@dataclass(frozen=True)
class Rates:
    """Rates of one state: `delta` in 1/s a cell, `metal` in mol/(m2 s) an end, and bands d(rate)/d(delta)."""

    delta: Array
    metal: Array
    bands: Array


@dataclass(frozen=True)
class System:
    """The equations of a leg cut into cells, at one current density.

    The electronic field may depend on the composition; it is taken at the faces.
    """

    leg: MigratingLeg
    cells: Cells
    J: float

    def at(self, J: float) -> System:
        """The same leg at another current density."""
        return System(self.leg, self.cells, J)

    def rates(self, delta: Array, open_ends: NDArray[np.bool_]) -> Rates:
        """Rates with metal free to pass at `open_ends`, which are held at the potential of the metal."""
        cells, ends, leg = self.cells, self.cells.ends, self.leg
        left, right = cells.left, cells.left + 1
        potential = leg.potential(delta, cells.T)
        slope = leg.model.chemical_potential_slope(delta, cells.T) / (leg.model.charge * F)
        field, field_slope = self._field(0.5 * (delta[left] + delta[right]), cells.face_T)
        driving = potential[right] - potential[left] - cells.distance * field + cells.thermal
        flux = -cells.conductance * driving
        shared = 0.5 * cells.distance * field_slope
        of_left = cells.conductance * (slope[left] + shared)
        of_right = -cells.conductance * (slope[right] - shared)
        at_end, end_slope = self._end_potential(delta, potential, slope)
        metal = np.where(open_ends, ends.conductance * (at_end - ends.metal), 0.0)
        volume = leg.molar_volume / cells.width
        rate, bands = np.zeros_like(delta), np.zeros((3, delta.size))
        np.add.at(rate, left, flux)
        np.add.at(rate, right, -flux)
        np.add.at(rate, ends.cell, metal)
        bands[1, left] += of_left
        bands[0, right] += of_right
        bands[2, left] -= of_left
        bands[1, right] -= of_right
        np.add.at(bands[1], ends.cell, np.where(open_ends, ends.conductance * end_slope, 0.0))
        bands[1] *= volume
        bands[0, 1:] *= volume[:-1]
        bands[2, :-1] *= volume[1:]
        return Rates(rate * volume, metal, bands)

    def end_potential(self, delta: Array) -> Array:
        """Potential in V that each end has, or would have if it let no metal pass."""
        cells, leg = self.cells, self.leg
        slope = np.zeros_like(delta)
        return self._end_potential(delta, leg.potential(delta, cells.T), slope)[0]

    def _end_potential(self, delta: Array, potential: Array, slope: Array) -> tuple[Array, Array]:
        ends = self.cells.ends
        field, field_slope = self._field(delta[ends.cell], ends.T)
        value = potential[ends.cell] + ends.step * field - ends.thermal
        return value, slope[ends.cell] + ends.step * field_slope

    def _field(self, delta: Array, T: Array) -> tuple[Array, Array]:
        """J/sigma in V/m and its slope by delta."""
        leg, J = self.leg, self.J
        if not J or not callable(leg.sigma):
            return np.broadcast_to(J / leg.sigma_at(delta, T), delta.shape), np.zeros_like(delta)
        above, below = J / leg.sigma_at(delta + _STEP, T), J / leg.sigma_at(delta - _STEP, T)
        return J / leg.sigma_at(delta, T), (above - below) / (2.0 * _STEP)
