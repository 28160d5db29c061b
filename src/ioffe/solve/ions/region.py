"""Currents that a generator may carry without setting metal free, over its hot-side temperature."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Faults
from ioffe.base.result import BaseResult
from ioffe.base.saved import plain
from ioffe.base.table import ResultTable, table
from ioffe.base.units import format_si
from ioffe.device.cascade import materials_of
from ioffe.device.conditions import Generator
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.result.ions import NOT_KNOWN, SAFE, UNKNOWN, UNSAFE, joined_bound, known_ends
from ioffe.result.steady import Result
from ioffe.solve.doubts import judge
from ioffe.solve.ions.margins import legs_in
from ioffe.solve.ions.side_by_side import SideBySide

Array = NDArray[np.float64]
LARGEST = "max_efficiency", "max_power"
ITERATIONS = 30
ENDS = "critical_current_low", "critical_current_high"
CRITICAL_UNITS: dict[str, str] = dict.fromkeys(("critical_current", *ENDS), "A")
PRECISION = 1e-9
"""Change at which an allowed current counts as found, over the short circuit; it stays below by as much."""


@dataclass(frozen=True)
class Allowed:
    """The largest safe current of a generator at one pair of temperatures, and what it gives there.

    Parameters
    ----------
    current : float
        In A, at the lower end of the 95 % interval of the limit; 0 where metal may appear even without a
        current, that of the short circuit where none sets it free.
    efficiency, power : float
        Largest ones within that current; power in W.
    max_efficiency, max_efficiency_current, max_power, max_power_current : float
        Without regard to migration.
    critical_current, critical_current_low, critical_current_high : float
        Current in A at which metal appears, and its 95 % interval, of no width where no errors are stated;
        beyond the short circuit it is that of the profile there. Of bounds and estimates the ends count the
        stated errors alone: `interval` has those that are known.
    weakest : str
        Part that decides, ``"p"`` or ``"n"``.
    known : bool
        Whether currents within the limits are known to be safe. By bounds, stand-ins and extrapolations none
        is, and the current is the largest that is not above them.
    proves_unsafe : bool
        Whether currents above the limit of the part that decides are known to set metal free.
    bound : str
        What stands before the limit: ``"at most"``, ``"at least"``, ``"about"``, or nothing.
    """

    current: float
    efficiency: float
    power: float
    max_efficiency: float
    max_efficiency_current: float
    max_power: float
    max_power_current: float
    critical_current: float
    critical_current_low: float
    critical_current_high: float
    weakest: str
    known: bool
    proves_unsafe: bool
    bound: str

    @property
    def margin(self) -> float:
        """Critical current over the current of the largest efficiency."""
        return self.critical_current / self.max_efficiency_current

    @property
    def is_enough(self) -> bool:
        """Whether the largest efficiency lies below the interval of the limit."""
        return self.critical_current_low >= self.max_efficiency_current

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the critical current in A; NaN for the ends that bounds and estimates lack."""
        both = np.array(self.critical_current_low), np.array(self.critical_current_high)
        low, high = known_ends(*both, np.array(self.bound))
        return float(low), float(high)

    @property
    def state(self) -> str:
        """Of the largest efficiency: ``"safe"``, ``"unsafe"`` or ``"unknown"``."""
        if self.is_enough:
            return SAFE if self.known else UNKNOWN
        unsafe = self.proves_unsafe and self.critical_current_high < self.max_efficiency_current
        return UNSAFE if unsafe else UNKNOWN

    @property
    def is_unsafe_at_rest(self) -> bool:
        """Whether metal is known to be set free even without a current."""
        return self.proves_unsafe and self.critical_current_high <= 0.0

    def to_dict(self) -> dict[str, Any]:
        """All numbers in SI; ends of the interval that are not known are NaN."""
        ends = dict(zip(ENDS, self.interval, strict=True))
        return plain(vars(self) | ends | {"margin": self.margin, "state": self.state})


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SafeRegion(BaseResult):
    """Safe operation of a generator over hot-side temperature and current.

    Its warnings are what must be known of the limits.

    Parameters
    ----------
    device : Leg or Module
        What was solved.
    part : str
        The leg that the current densities refer to, the one that decides at the hottest temperature.
    T_hot : ndarray, shape (n,)
        In K.
    T_cold : float
        In K.
    current : ndarray, shape (m,)
        In A, from open circuit to the largest short-circuit current.
    efficiency, voltage_left : ndarray, shape (n, m)
        Voltage in V that the weakest leg has left.
    state : ndarray of str, shape (n, m)
        ``"safe"``, ``"unsafe"`` or ``"unknown"``.
    allowed : tuple of Allowed, one for each T_hot
    """

    kind: ClassVar[str] = "safe_region"

    device: Leg | Module
    part: str
    T_hot: Array
    T_cold: float
    current: Array
    efficiency: Array
    voltage_left: Array
    state: NDArray[np.str_]
    allowed: tuple[Allowed, ...]

    @property
    def area(self) -> float:
        """Cross-section in m2 of the leg that the current densities refer to."""
        return next(leg.area for _, part, leg in legs_in(self.device) if part == self.part)

    @property
    def known(self) -> bool:
        """Whether the limits are known at every temperature: none is a bound or an estimate."""
        return all(one.known for one in self.allowed)

    @property
    def bound(self) -> str:
        """What stands before the limits: ``"at most"``, ``"about"``, ... or nothing where all are known."""
        return next((one.bound for one in self.allowed if one.bound), "" if self.known else "about")

    @property
    def current_density(self) -> Array:
        """The currents over the cross-section of that leg, in A/m2."""
        return self.current / self.area

    def column(self, name: str) -> Array:
        """One number of `Allowed` over T_hot."""
        return np.array([getattr(one, name) for one in self.allowed])

    def tables(self) -> dict[str, ResultTable]:
        """The map over hot-side temperature and current, and the largest safe current at each temperature."""
        columns: dict[str, Any] = {"efficiency": self.efficiency, "voltage_left": self.voltage_left}
        columns["state"] = self.state
        columns["point_status"] = self.status_type.words(self.point_status)
        names = [field.name for field in fields(Allowed)]
        limits = {name: self.column(name) for name in (*names, "margin", "state")}
        limits |= dict(zip(ENDS, np.transpose([one.interval for one in self.allowed]), strict=True))
        return {
            "map": table({"T_hot": self.T_hot, "current": self.current}, columns),
            "limits": table({"T_hot": self.T_hot}, limits, CRITICAL_UNITS),
        }

    def _materials(self) -> Iterable[Any]:
        return materials_of(self.device)

    def _header(self) -> dict[str, Any]:
        return {"name": self.device.name, "part": self.part, "area": self.area, "T_cold": self.T_cold}

    def _title(self) -> str:
        return f"{self.device.name or type(self.device).__name__}: safe region of the {self.part} leg"

    def _facts(self) -> Iterator[tuple[str, str]]:
        for T, one in zip(self.T_hot, self.allowed, strict=True):
            share = format_si(one.efficiency, "efficiency")
            known = f"at most {format_si(one.current, 'current')}, efficiency {share}"
            if one.is_unsafe_at_rest:
                known = "metal is set free even without a current"
            elif not one.known or one.current <= 0.0:
                known = f"{NOT_KNOWN} at any current"
            yield f"{T:g} K", known
        yield from self._quality()


def safe_region(
    device: Leg | Module, conditions: Generator, *, points: int = 61, **options: Any
) -> SafeRegion:
    """Safe currents of a generator at every hot-side temperature of its conditions.

    Parameters
    ----------
    device : Leg or Module
        With a mixed conductor in a leg, whose limit is known.
    conditions : Generator
        With T_hot, one or a list, and one T_cold; its operation (current, load ...) does not count.
    points : int
        Currents of the grid.
    **options
        `fidelity`, `tolerance`, `strict` of `Module.solve`.

    Returns
    -------
    SafeRegion
        Efficiency and voltage left over hot-side temperature (K) and current (A), shape (n, points), and the
        largest safe current at each temperature.

    Raises
    ------
    InputError
        For other conditions, and for a device without such a material.

    Examples
    --------
    >>> leg = Leg("Cu1.97S", length="6 mm", area="3 mm x 3 mm")
    >>> region = safe_region(leg, Generator(T_hot=673, T_cold=300), points=9)
    >>> round(region.allowed[0].current / leg.area / 1e4, 2), round(region.allowed[0].margin, 3)  # A/cm2
    (0.19, 0.067)
    """
    check_generator(device, conditions)
    T_hot = np.atleast_1d(np.asarray(conditions.T_hot, float))
    together = SideBySide([device] * len(T_hot), conditions, T_hot, options)
    together.judge()
    maxima = together.maxima()
    grid = np.linspace(0.0, float(np.nanmax(maxima["short_circuit_current"])), points)
    T_cold = float(np.asarray(conditions.T_cold).ravel()[0])
    at = {"T_hot": T_hot, "T_cold": T_cold, "current": grid, "voltage": None, "load": None}
    swept = device.solve(conditions.replace(**at), **{**options, "maxima": False})
    migration = swept.migration
    assert migration is not None
    found = allowed(together, maxima)
    doubts = judge(device, conditions, force=True)
    warnings = dict.fromkeys(
        [*doubts.warnings, *migration.notes, *(w for w in swept.warnings if "was used from" in w)]
    )
    weakest = found[-1].weakest
    return SafeRegion(
        device=device,
        part=weakest,
        T_hot=T_hot,
        T_cold=T_cold,
        current=grid,
        efficiency=swept.efficiency,
        voltage_left=migration.voltage_left,
        state=migration.state,
        allowed=tuple(found),
        conditions=conditions,
        point_status=swept.point_status,
        point_energy_balance=swept.point_energy_balance,
        point_error_estimate=swept.point_error_estimate,
        interpolation=swept.interpolation,
        warnings=tuple(warnings),
        notes=doubts.notes,
    )


def allowed(together: SideBySide, maxima: Mapping[str, Array]) -> list[Allowed]:
    """Largest safe current of each of some devices at its hot-side temperature, with the maxima there.

    Secants on the critical current of the profile at a current, at the lower end of its interval, less that
    current, side by side.
    """
    short = maxima["short_circuit_current"]
    current = 0.3 * maxima["max_efficiency_current"]
    slope, before = np.full(len(short), -1.0), None
    limits, weakest = np.full((3, len(short)), np.nan), []
    for _ in range(ITERATIONS):
        limits, weakest = limit_currents(together.solve(current[:, None]))
        miss = limits[1] - current
        if before is not None:
            moved = (current != before[0]) & np.isfinite(miss) & np.isfinite(before[1])
            change = np.subtract(miss, before[1], out=np.zeros_like(miss), where=moved)
            np.divide(change, current - before[0], out=slope, where=moved)
        before = current, miss
        current = np.clip(current - miss / np.minimum(slope, -0.1), 0.0, short)
        if not np.any(np.abs(current - before[0]) > PRECISION * short):
            break
    # below the limit by more than rounding, so that the state there does not hang on it
    current = np.where(current < short, np.maximum(current - PRECISION * short, 0.0), current)
    ends = np.minimum(current[:, None], np.stack([maxima[f"{aim}_current"] for aim in LARGEST], axis=1))
    both = together.solve(ends)
    assert both.migration is not None
    legs = both.migration.legs
    is_known = np.all([leg.proves_safe.reshape(ends.shape) for leg in legs], axis=(0, 2))
    deciding = [next(leg for leg in legs if leg.part == part) for part in weakest]
    free = [bool(leg.proves_unsafe.reshape(ends.shape)[k].all()) for k, leg in enumerate(deciding)]
    words = [joined_bound(leg.bounds.reshape(ends.shape)[k]) for k, leg in enumerate(deciding)]
    numbers = {
        "current": current,
        "efficiency": both.efficiency[::2],
        "power": both.power[1::2],
        **dict(zip(CRITICAL_UNITS, limits, strict=True)),
        **{name: values for name, values in maxima.items() if name != "short_circuit_current"},
    }
    rows = zip(*(values.tolist() for values in numbers.values()), strict=True)
    return [
        Allowed(
            weakest=part, known=bool(known), proves_unsafe=u, bound=b, **dict(zip(numbers, row, strict=True))
        )
        for part, known, u, b, row in zip(weakest, is_known, free, words, rows, strict=True)
    ]


def limit_currents(result: Result) -> tuple[Array, list[str]]:
    """Critical current in A in the direction of a generator, and the ends of its interval, at each point.

    The smallest of all legs, for the temperatures of the point; not above 0 where metal appears even without
    a current. NaN without a solution. The leg that decides is that of the lower end.

    Returns (3, points): critical current, its lower and its upper end.
    Returns: ``"p"`` or ``"n"``.
    """
    migration = result.migration
    assert migration is not None
    areas = {part: leg.area for _, part, leg in legs_in(result.device)}
    rows = []
    for leg in migration.legs:
        ends = (one.largest if leg.part == "p" else -one.smallest for one in (leg, leg.low, leg.high))
        rows.append([density.ravel() * areas[leg.part] for density in ends])
    known = np.where(np.isnan(rows), np.inf, rows)
    smallest, at = np.min(known, axis=0), np.argmin(known[:, 1], axis=0)
    unsolved = np.isnan(rows).all(axis=0)
    return np.where(unsolved, np.nan, smallest), [migration.legs[i].part for i in at]


def check_generator(device: Any, conditions: Any) -> None:
    """Refuse what has no safe region: all faults at once."""
    faults = Faults()
    if not isinstance(device, Leg | Module):
        faults.add("device", type(device).__name__, "a leg or a module is expected")
    if not isinstance(conditions, Generator):
        faults.add("operate.mode", getattr(conditions, "mode", conditions), '"generate" is expected')
    elif conditions.T_hot is None:
        faults.add("T_hot", expected="hot-side temperatures are expected, not a heat")
    if isinstance(conditions, Generator) and np.size(conditions.T_cold) != 1:
        faults.add("T_cold", list(np.ravel(conditions.T_cold)), "one cold-side temperature is expected")
    if isinstance(device, Leg | Module):
        mixed = [s.material for _, _, leg in legs_in(device) for s in leg.segments if s.material.migration]
        if not mixed:
            names = ", ".join(
                dict.fromkeys(s.material.name for _, _, leg in legs_in(device) for s in leg.segments)
            )
            expected = "a leg with a mixed conductor is expected, whose card has a section [migration]"
            faults.add("material", names, expected)
        elif all(m.migration is not None and m.migration.model == "none" for m in mixed):
            names = ", ".join(dict.fromkeys(m.name for m in mixed))
            faults.add("material", names, "a material whose critical voltage is known is expected")
    faults.raise_if_any()
