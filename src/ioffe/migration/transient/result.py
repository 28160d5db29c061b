"""What a simulation of a leg over time found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ioffe.migration.defect import Array

__all__ = ["Deposit", "MigrationResult", "MigrationStatus"]


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
        Part between places that block ions.
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
        Part between places that block ions.
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
        found = np.flatnonzero(np.max(self.metal, axis=0) > 0)
        last, most = self.metal[-1], np.max(self.metal, axis=0)
        sides = ("start", "end")
        return tuple(
            Deposit(float(self.end_x[i]), int(i // 2), sides[i % 2], float(last[i]), float(most[i]))
            for i in found
        )

    def mean_delta(self) -> Array:
        """Mean deficiency of each part at each time, of shape (times, parts)."""
        return np.stack(
            [np.mean(self.delta[:, self.part == p], axis=1) for p in np.unique(self.part)], axis=1
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers in SI units for JSON."""
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
        lines += [
            f"metal at {1e3 * d.position:.3g} mm ({d.side} of part {d.part + 1}): {d.amount:.4g} mol/m2, "
            f"at most {d.largest:.4g}"
            for d in self.deposits
        ]
        lines.append(f"metal balance {self.balance:.1e}, estimated error {self.error_estimate:.1e}")
        if self.status:
            lines.append(self.status.advice)
        return "\n".join(lines)
