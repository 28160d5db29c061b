"""What a simulation of a leg over time found: composition, deposits, resistance and Seebeck coefficient."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.base.arrays import Array
from ioffe.migration.specimen import MigratingLeg
from ioffe.migration.transient.cells import Cells


class MigrationStatus(IntEnum):
    """How a simulation ended; a larger number is worse."""

    OK = 0
    METAL_INSIDE = 1
    ANION_LIMIT = 2
    NOT_CONVERGED = 3

    def __str__(self) -> str:
        return self.name.lower()

    @property
    def advice(self) -> str:
        """One sentence for the user."""
        return _ADVICE[self]


_ADVICE = {
    MigrationStatus.OK: "Done.",
    MigrationStatus.METAL_INSIDE: (
        "Somewhere inside the leg the composition passed the metal boundary of its temperature: metal would "
        "precipitate there, which is not counted; deposits at the ends are upper bounds."
    ),
    MigrationStatus.ANION_LIMIT: (
        "The anode left the homogeneity range, where anions leave the compound: the simulation ends at the "
        "last time given. Lower the current or put barriers in."
    ),
    MigrationStatus.NOT_CONVERGED: (
        "The steps in time became too small: the simulation ends at the last time given."
    ),
}


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


@dataclass(frozen=True)
class MigrationResult:
    """Composition of a leg over time.

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
    balance : float
        Largest change of the metal in the leg and its deposits, over the metal that counts as 1.
    error_estimate : float
        Estimated error of delta at the ends and of the deposits, over the distance of delta to the threshold,
        from a second run with half as many cells and steps. NaN if not asked for.
    status : MigrationStatus
    """

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
    balance: float
    error_estimate: float
    status: MigrationStatus

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

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers in SI units for JSON.

        Returns
        -------
        dict
        """
        arrays = ("time", "current_density", "x", "T", "part", "delta", "end_x", "end_delta", "metal")
        ratios = {"resistance_ratio": self.resistance_ratio.tolist()}
        if np.all(np.isfinite(self.seebeck)):
            ratios["seebeck_ratio"] = self.seebeck_ratio.tolist()
        numbers = {"balance": self.balance, "error_estimate": self.error_estimate, "status": str(self.status)}
        return {name: getattr(self, name).tolist() for name in arrays} | ratios | numbers

    def __str__(self) -> str:
        size = f"{self.time.size - 1} steps, {self.x.size} cells in {int(self.part[-1]) + 1} part(s)"
        ends = f"{np.min(self.end_delta[-1]):.5g} to {np.max(self.end_delta[-1]):.5g}"
        lines = [f"{self.time[-1]:.4g} s, {size}: {self.status}"]
        lines.append(f"delta at the ends {ends}, R/R0 = {self.resistance_ratio[-1]:.5f}")
        for d in self.deposits:
            amounts = f"{d.amount:.4g} mol/m2, at most {d.largest:.4g}"
            lines.append(f"metal at {1e3 * d.position:.3g} mm ({d.side} of part {d.part + 1}): {amounts}")
        lines.append(f"metal balance {self.balance:.1e}, estimated error {self.error_estimate:.1e}")
        if self.status:
            lines.append(self.status.advice)
        return "\n".join(lines)


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

        Parameters
        ----------
        delta : array_like
            Deficiency of the metal by formula unit.

        Returns
        -------
        float
            In Ohm m2.
        """
        of_cells = self.cells.width / self.leg.sigma_at(delta, self.cells.T)
        return self.rest_resistance + float(np.sum(of_cells))

    def seebeck(self, delta: Array) -> float:
        """Seebeck coefficient between the ends in V/K; NaN where the leg has none.

        Parameters
        ----------
        delta : array_like
            Deficiency of the metal by formula unit.

        Returns
        -------
        float
            In V/K.
        """
        if self.leg.seebeck is None:
            return np.nan
        values = np.asarray(self.leg.seebeck(delta, self.cells.T), float)
        return (self.rest_seebeck + float(np.sum(values * self.drop))) / self.whole_drop


def measurement_of(leg: MigratingLeg, cells: Cells) -> LegMeasurement:
    """What is measured on a leg cut into `cells`.

    The Seebeck coefficient is the integral of S dT over the temperature difference; on an isothermal leg the
    mean of S over the length, as measured with a small difference.

    Parameters
    ----------
    leg : MigratingLeg
    cells : Cells

    Returns
    -------
    LegMeasurement
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
