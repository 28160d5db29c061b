"""Where to put ion-blocking interfaces, and how many a current needs.

Every part between barriers has its own critical voltage; the best positions give all parts the same critical
current.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from ioffe.base.arrays import Array
from ioffe.base.errors import Faults
from ioffe.migration._check import check_direction, check_positive, check_profile, checked
from ioffe.migration.leg import LegLimits, leg_limits, superionic_parts
from ioffe.migration.limits import MixedConductor

_POINTS: Final = 4001
_MOST: Final = 1000


@dataclass(frozen=True)
class BarrierPlan:
    """Barriers and the limits of the leg with them.

    Parameters
    ----------
    positions : tuple of float
        In m, rising; fewer than asked for where more would not help.
    direction : int
        1 for a current towards larger x, -1 towards smaller.
    limits : LegLimits

    Examples
    --------
    >>> plan = best_barriers([0, 10e-3], 750.0, 122e2, MixedConductor(voltage=0.09), 1)
    >>> [round(1e3 * x, 6) for x in plan.positions], round(plan.critical_current_density)  # twice J_c
    ([5.0], 219600)
    """

    positions: tuple[float, ...]
    direction: int
    limits: LegLimits

    @property
    def critical_current_density(self) -> float:
        """J_c in A/m2 in the direction of the plan."""
        return self.limits.upper if self.direction > 0 else -self.limits.lower

    @property
    def voltage(self) -> float:
        """J_c times the integral of dx/sigma over the superionic parts, in V."""
        return self.critical_current_density * sum(part.resistance for part in self.limits.parts)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers in SI units for JSON.

        Returns
        -------
        dict
        """
        plain = {"positions": list(self.positions), "direction": self.direction}
        return plain | {"critical_current_density": self.critical_current_density, "voltage": self.voltage}

    def __str__(self) -> str:
        at = ", ".join(f"{1e3 * x:.3f}" for x in self.positions)
        where = f"{len(self.positions)} barrier(s) at {at} mm" if self.positions else "no barrier"
        return f"{where}: J_c = {self.critical_current_density / 1e4:.4g} A/cm2"


@dataclass(frozen=True)
class TradeOff:
    """What a number of barriers gives and costs.

    Attributes
    ----------
    plan : BarrierPlan
        Positions of the barriers, and the critical current density in A/m2.
    value : float
        What the caller's function says of `plan`, in its unit.

    Examples
    --------
    >>> Jc = lambda plan: plan.critical_current_density / 1e4  # A/cm2
    >>> options = trade_off([0, 10e-3], 750.0, 122e2, MixedConductor(0.09), (0, 1), Jc)
    >>> [round(one.value, 6) for one in options]  # a barrier in the middle doubles it
    [10.98, 21.96]
    """

    plan: BarrierPlan
    value: float


def best_barriers(
    x: ArrayLike, T: ArrayLike, sigma: ArrayLike, conductor: MixedConductor, count: int, *, direction: int = 1
) -> BarrierPlan:
    """Positions of at most `count` barriers that give the largest critical current.

    Parameters
    ----------
    x, T, sigma, conductor
        As for `leg_limits`.
    count : int
        From 0 on.
    direction : {1, -1}
        Of the current along x.

    Returns
    -------
    BarrierPlan

    Notes
    -----
    For a current density each part is made as long as its critical voltage allows, beginning at the start;
    the largest current for which `count` barriers suffice is found by halving an interval. Exact where a
    longer part always has a smaller critical current, as with the current along the heat.

    Examples
    --------
    >>> plan = best_barriers([0, 10e-3], 750.0, 122e2, MixedConductor(voltage=0.09), 2)
    >>> print(plan)
    2 barrier(s) at 3.333, 6.667 mm: J_c = 32.94 A/cm2
    """
    parts = _divided_parts(x, T, sigma, conductor, direction)
    _check_count(count)
    plain = leg_limits(x, T, sigma, conductor)
    low = plain.upper if direction > 0 else -plain.lower
    high = max(4.0 * (count + 1) * abs(low), 1.0)
    while _positions(parts, high, count) is not None:
        high *= 2.0
        if not np.isfinite(high):
            return BarrierPlan((), direction, plain)
    found: list[float] = []
    for _ in range(200):
        middle = 0.5 * (low + high)
        positions = _positions(parts, middle, count)
        if positions is None:
            high = middle
        else:
            low, found = middle, positions
        if high - low <= 1e-13 * max(abs(low), abs(high)):
            break
    return BarrierPlan(tuple(found), direction, leg_limits(x, T, sigma, conductor, barriers=found))


def barriers_needed(
    x: ArrayLike, T: ArrayLike, sigma: ArrayLike, conductor: MixedConductor, J: float
) -> BarrierPlan:
    """Fewest barriers with which a leg carries J safely, at their best positions.

    Parameters
    ----------
    x, T, sigma, conductor
        As for `leg_limits`.
    J : float
        In A/m2, positive towards larger x; not 0.

    Returns
    -------
    BarrierPlan

    Raises
    ------
    InputError
        If 1000 barriers do not suffice.

    Examples
    --------
    >>> conductor = MixedConductor(voltage=0.09)
    >>> [len(barriers_needed([0, 10e-3], 750.0, 122e2, conductor, J).positions) for J in (10e4, 30e4)]
    [0, 2]
    """
    faults = Faults()
    check_positive(faults, J=abs(float(J)))
    faults.raise_if_any()
    direction = 1 if J > 0 else -1
    positions = _positions(_divided_parts(x, T, sigma, conductor, direction), abs(float(J)), _MOST)
    if positions is None:
        faults.add("J", J, f"a current density that {_MOST} barriers make safe is expected")
    faults.raise_if_any()
    return best_barriers(x, T, sigma, conductor, len(positions or ()), direction=direction)


def trade_off(
    x: ArrayLike,
    T: ArrayLike,
    sigma: ArrayLike,
    conductor: MixedConductor,
    counts: Sequence[int],
    value: Callable[[BarrierPlan], float],
    *,
    direction: int = 1,
) -> tuple[TradeOff, ...]:
    """What each number of barriers gives, such as the largest efficiency within its critical current.

    Parameters
    ----------
    x, T, sigma, conductor, direction
        As for `best_barriers`.
    counts : sequence of int
    value : callable
        Takes a `BarrierPlan` and returns a number, such as the efficiency of a device whose leg has a contact
        resistance at each of its positions and carries at most its `critical_current_density`.

    Returns
    -------
    tuple of TradeOff

    Examples
    --------
    >>> resistance = lambda plan: 10e-3 / 122e2 + 1e-9 * len(plan.positions)  # Ohm m2, 10 uOhm cm2 a barrier
    >>> power = lambda plan: plan.critical_current_density**2 * resistance(plan)
    >>> points = trade_off([0, 10e-3], 750.0, 122e2, MixedConductor(0.09), (0, 2), power)
    >>> [round(point.value / 1e4, 3) for point in points]  # Joule heat at J_c in W/cm2
    [0.988, 8.916]
    """
    plans = [best_barriers(x, T, sigma, conductor, count, direction=direction) for count in counts]
    return tuple(TradeOff(plan, float(value(plan))) for plan in plans)


@dataclass(frozen=True)
class _DividedPart:
    """A superionic part without barriers, finely divided: resistance and S* potential from its start."""

    columns: Array
    """Position, temperature, resistance and thermal voltage from the start of the part, a column a point."""
    conductor: MixedConductor
    direction: int

    def positions(self, J: float, most: int) -> list[float] | None:
        """Barriers that keep each part safe at J, each as far as possible; None if more than `most`."""
        found: list[float] = []
        x, at = self.columns[0], self.columns[:, 0]
        while True:
            margin = self._margin(J, at)
            if margin[-1] >= 0:
                return found
            inside = np.flatnonzero((margin[:-1] >= 0) & (margin[1:] < 0) & (x[1:] > at[0]))
            if len(found) == most or not inside.size:
                return None
            i = inside[-1]
            share = margin[i] / (margin[i] - margin[i + 1])
            after = self.columns[:, i] + share * (self.columns[:, i + 1] - self.columns[:, i])
            if after[0] <= at[0]:
                return None
            at = after
            found.append(float(at[0]))

    def _margin(self, J: float, at: Array) -> Array:
        """Voltage left at J in a part from `at` to each of the points; that of no length before it."""
        (x, T, resistance, thermal), start = self.columns, at[:, None]
        isothermal = self.conductor.isothermal_voltage(0.5 * (start[1] + T))
        dropped = self.direction * (start[3] - thermal)
        margin = isothermal - dropped - J * (resistance - start[2])
        return np.where(x > at[0], margin, self.conductor.isothermal_voltage(at[1]))


def _positions(parts: list[_DividedPart], J: float, most: int) -> list[float] | None:
    found: list[float] = []
    for part in parts:
        positions = part.positions(J, most - len(found))
        if positions is None:
            return None
        found += positions
    return found


def _divided_parts(
    x: ArrayLike, T: ArrayLike, sigma: ArrayLike, conductor: MixedConductor, direction: int
) -> list[_DividedPart]:
    with checked() as faults:
        check_direction(faults, direction)
    position, temperature, conductivity = check_profile(x, T=T, sigma=sigma)
    parts = superionic_parts(position, temperature, 1.0 / conductivity, conductor.transition, np.zeros(0))
    divided = []
    for nodes, T_nodes, resistivity in parts:
        fine = np.union1d(nodes, np.linspace(nodes[0], nodes[-1], _POINTS))
        T_fine, rho = np.interp(fine, nodes, T_nodes), np.interp(fine, nodes, resistivity)
        steps = (0.5 * (rho[1:] + rho[:-1]) * np.diff(fine), -conductor.thermal_voltages(T_fine))
        sums = [np.concatenate([[0.0], np.cumsum(step)]) for step in steps]
        divided.append(_DividedPart(np.array([fine, T_fine, *sums]), conductor, direction))
    return divided


def _check_count(count: int) -> None:
    with checked() as faults:
        if isinstance(count, bool) or not isinstance(count, int | np.integer) or not 0 <= count <= _MOST:
            faults.add("count", count, f"a whole number from 0 to {_MOST} is expected")
