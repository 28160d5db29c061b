"""What a simulation of a leg over time found: composition, deposits, resistance and Seebeck coefficient."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.base.result import BaseResult
from ioffe.base.status import StatusCode
from ioffe.base.table import ResultTable, table
from ioffe.migration.specimen import MigratingLeg
from ioffe.migration.status import MigrationStatus
from ioffe.migration.transient.cells import Cells


@dataclass(frozen=True)
class Deposit:
    """Metal at one end of a part.

    Parameters
    ----------
    position : float
        In m.
    part : int
        Part between positions that block ions.
    side : str
        Which end of the part: "start" at the smaller, "end" at the larger x.
    amount : float
        Metal in mol/m2 at the last time.
    largest : float
        Largest amount of all times in mol/m2.
    """

    position: float
    part: int
    side: str
    amount: float
    largest: float


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class MigrationResult(BaseResult):
    """Composition of a leg over time.

    `error_estimate` is the estimated error of delta at the ends and of the deposits, over the distance of
    delta to the threshold, from a second run with half as many cells and steps; NaN if not asked for.

    Parameters
    ----------
    time : ndarray, shape (times,)
        In s, every step of the integration; the first is 0.
    current_density : ndarray, shape (times,)
        In A/m2 up to that time.
    x, T : ndarray, shape (cells,)
        Centres of the cells in m, and the temperature there in K. Parts below the transition have none.
    part : ndarray of int, shape (cells,)
        Part between positions that block ions.
    delta : ndarray, shape (times, cells)
    end_x : ndarray, shape (ends,)
        Positions of the two ends of each part in m.
    end_delta : ndarray, shape (times, ends)
        Composition at the ends.
    metal : ndarray, shape (times, ends)
        Metal deposited at the ends in mol/m2.
    resistance : ndarray, shape (times,)
        Integral of dx/sigma in Ohm m2.
    seebeck : ndarray, shape (times,)
        Of the whole leg in V/K; NaN if the leg has no `seebeck`.
    metal_balance : float
        Largest change of the metal in the leg and its deposits, over the metal that counts as 1.
    point_status, point_energy_balance, point_error_estimate, interpolation, warnings, notes, conditions
        As of every result, see `ioffe.base.result.BaseResult`.
    """

    kind: ClassVar[str] = "migration"
    status_type: ClassVar[type[StatusCode]] = MigrationStatus

    time: Array
    current_density: Array
    x: Array
    T: Array
    part: NDArray[np.intp]
    delta: Array
    end_x: Array
    end_delta: Array
    metal: Array
    resistance: Array
    seebeck: Array
    metal_balance: float

    @property
    def resistance_ratio(self) -> Array:
        """R/R0 at each time."""
        return self.resistance / self.resistance[0]

    @property
    def seebeck_ratio(self) -> Array:
        """S/S0 at each time."""
        return self.seebeck / self.seebeck[0]

    @property
    def deposits(self) -> tuple[Deposit, ...]:
        """The ends that ever carried metal."""
        last, most = self.metal[-1], np.max(self.metal, axis=0)
        sides, ends = ("start", "end"), zip(self.end_x, last, most, strict=True)
        found = (
            Deposit(float(x), i // 2, sides[i % 2], float(a), float(b)) for i, (x, a, b) in enumerate(ends)
        )
        return tuple(one for one in found if one.largest > 0)

    def mean_delta(self) -> Array:
        """Mean deficiency of each part at each time, of shape (times, parts).

        Returns
        -------
        ndarray
            Shape (times, parts); dimensionless, as the deficiency of the formula.
        """
        means = [np.mean(self.delta[:, self.part == p], axis=1) for p in np.unique(self.part)]
        return np.stack(means, axis=1)

    def tables(self) -> dict[str, ResultTable]:
        """What is measured over the ``time``, the composition in the ``cells``, the metal at the ``ends``."""
        time: dict[str, Any] = {"current_density": self.current_density, "resistance": self.resistance}
        time["resistance_ratio"] = self.resistance_ratio
        if np.all(np.isfinite(self.seebeck)):
            time |= {"seebeck": self.seebeck, "seebeck_ratio": self.seebeck_ratio}
        x, ends = (("position",), self.x), (("end",), self.end_x)
        cells = {"T": (("position",), self.T), "part": (("position",), self.part), "delta": self.delta}
        metal = {"delta": self.end_delta, "metal": self.metal}
        return {
            "time": table({"time": self.time}, time, {"resistance": "ohm m2"}),
            "cells": table({"time": self.time, "position": x}, cells),
            "ends": table({"time": self.time, "position": ends}, metal, {"metal": "mol/m2"}),
        }

    def _header(self) -> dict[str, Any]:
        return {"metal_balance": self.metal_balance, "deposits": self.deposits}

    def _title(self) -> str:
        size = f"{self.time.size - 1} steps, {self.x.size} cells in {int(self.part[-1]) + 1} part(s)"
        return f"{self.time[-1]:.4g} s, {size}: {self.status}"

    def _facts(self) -> Iterator[tuple[str, str]]:
        ends = f"{np.min(self.end_delta[-1]):.5g} to {np.max(self.end_delta[-1]):.5g}"
        yield "", f"delta at the ends {ends}, R/R0 = {self.resistance_ratio[-1]:.5f}"
        for d in self.deposits:
            amounts = f"{d.amount:.4g} mol/m2, at most {d.largest:.4g}"
            yield f"metal at {1e3 * d.position:.3g} mm ({d.side} of part {d.part + 1})", amounts
        yield "", f"metal balance {self.metal_balance:.1e}, estimated error {self.error_estimate:.1e}"
        if self.status:
            yield "", self.status.advice


@dataclass(frozen=True)
class LegMeasurement:
    """Measurable numbers of a leg, with the shares of what does not move computed once."""

    leg: MigratingLeg
    cells: Cells
    drop: Array
    """Temperature at the smaller x less that at the larger x of every cell, or its width if isothermal."""
    rest_resistance: float
    rest_seebeck: float
    whole_drop: float

    def resistance(self, delta: Array) -> float:
        """Integral of dx/sigma in Ohm m2, without the barriers.

        `delta`: deficiency of the metal by formula unit.
        Returns: in Ohm m2.
        """
        of_cells = self.cells.width / self.leg.sigma_at(delta, self.cells.T)
        return self.rest_resistance + float(np.sum(of_cells))

    def seebeck(self, delta: Array) -> float:
        """Seebeck coefficient between the ends in V/K; NaN where the leg has none.

        `delta`: deficiency of the metal by formula unit.
        Returns: in V/K.
        """
        if self.leg.seebeck is None:
            return np.nan
        values = np.asarray(self.leg.seebeck(delta, self.cells.T), float)
        return (self.rest_seebeck + float(np.sum(values * self.drop))) / self.whole_drop


def measurement_of(leg: MigratingLeg, cells: Cells) -> LegMeasurement:
    """What is measured on a leg cut into `cells`.

    The Seebeck coefficient is the integral of S dT over the temperature difference; on an isothermal leg the
    mean of S over the length, as measured with a small difference.
    """
    lower, upper = cells.x - 0.5 * cells.width, cells.x + 0.5 * cells.width
    isothermal = leg.temperatures[0] == leg.temperatures[-1]
    drop = cells.width if isothermal else leg.temperature_at(lower) - leg.temperature_at(upper)
    whole = leg.length if isothermal else float(leg.temperatures[0] - leg.temperatures[-1])
    resistance, seebeck = np.zeros(()), np.zeros(())
    for x in leg.rest():
        T, delta = leg.temperature_at(x), leg.delta_at(x)
        resistance += np.trapezoid(1.0 / leg.sigma_at(delta, T), x)
        if leg.seebeck is not None:
            over = x if isothermal else -T
            seebeck += np.trapezoid(np.asarray(leg.seebeck(delta, T), float), over)
    return LegMeasurement(leg, cells, drop, float(resistance), float(seebeck), whole)
