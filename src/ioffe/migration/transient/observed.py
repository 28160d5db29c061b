"""Resistance and Seebeck coefficient of a whole leg from the composition of its cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ioffe.migration.defect import Array
from ioffe.migration.specimen import MigratingLeg
from ioffe.migration.transient.cells import Cells

__all__ = ["Observed", "observed"]


@dataclass(frozen=True)
class Observed:
    """Measurable numbers of a leg, with the shares of what does not move computed once."""

    leg: MigratingLeg
    cells: Cells
    drop: Array
    """Temperature at the smaller x less that at the larger x of every cell, or its width if isothermal."""
    rest_resistance: float
    rest_seebeck: float
    whole_drop: float

    def resistance(self, delta: Array) -> float:
        """Integral of dx/sigma in Ohm m2, without the barriers."""
        of_cells = self.cells.width / self.leg.sigma_at(delta, self.cells.T)
        return self.rest_resistance + float(np.sum(of_cells))

    def seebeck(self, delta: Array) -> float:
        """Seebeck coefficient between the ends in V/K; NaN where the leg has none."""
        if self.leg.seebeck is None:
            return np.nan
        values = np.asarray(self.leg.seebeck(delta, self.cells.T), float)
        return (self.rest_seebeck + float(np.sum(values * self.drop))) / self.whole_drop


def observed(leg: MigratingLeg, cells: Cells) -> Observed:
    """What is measured on a leg cut into `cells`.

    The Seebeck coefficient is the integral of S dT over the temperature difference; on an isothermal leg the
    mean of S over the length, as measured with a small difference.
    """
    lower, upper = cells.x - 0.5 * cells.width, cells.x + 0.5 * cells.width
    isothermal = leg.temperatures[0] == leg.temperatures[-1]
    drop = cells.width if isothermal else leg.temperature_at(lower) - leg.temperature_at(upper)
    whole = leg.length if isothermal else float(leg.temperatures[0] - leg.temperatures[-1])
    resistance, seebeck = 0.0, 0.0
    blocked = [leg.positions[0], *np.array(leg.parts()).reshape(-1), leg.positions[-1]]
    for start, end in zip(blocked[::2], blocked[1::2], strict=True):
        if end > start:
            inner = leg.positions[(leg.positions > start) & (leg.positions < end)]
            x = np.concatenate([[start], inner, [end]])
            T, delta = leg.temperature_at(x), leg.delta_at(x)
            resistance += _trapezoid(1.0 / leg.sigma_at(delta, T), x)
            if leg.seebeck is not None:
                over = x if isothermal else -T
                seebeck += _trapezoid(np.asarray(leg.seebeck(delta, T), float), over)
    return Observed(leg, cells, drop, resistance, seebeck, whole)


def _trapezoid(values: Array, x: Array) -> float:
    return float(np.sum(0.5 * (values[1:] + values[:-1]) * np.diff(x)))
