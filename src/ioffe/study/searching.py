"""Searches of a study: from many starts at once, by exact gradients, within limits.

Every start is searched by sequential least-squares programming (D. Kraft, DFVLR-FB 88-28, 1988, as
`scipy.optimize.minimize` has it) on its own, but all advance together: what they ask for is one batch.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.quantities import quantity
from ioffe.base.units import format_si, parse_unit
from ioffe.study.lockstep import together
from ioffe.study.missed import KEPT, MissedLimits
from ioffe.study.plan import Span
from ioffe.study.solving import SolvedDevices, solve_devices
from ioffe.study.study import Study
from ioffe.study.wanted import unit_as_written

Array = NDArray[np.float64]
Aim = tuple[str, float]
STEPS: Final = 100
"""Of one search."""
PRECISION: Final = 1e-12
"""Change of the objective, over its size, at which a search ends."""
AT_END: Final = 1e-6
"""Share of its range within which a variable is at an end of it."""
STILL, STILL_WITHIN = 20, 1e-7
"""Values that a search has asked for, and the part of the ranges in which they lie, when it ends: where no
device keeps the limits, its line search would go on."""
REFUSED: Final = 1e3
"""Objective, in units of its size, of what has no solution."""


@dataclass(frozen=True)
class StudyLimit:
    """One side of a constraint: ``sign * (bound - value)`` is not below zero.

    `name`: a quantity or a combination.
    `bound`: in SI.
    `sign`: 1 of an upper limit, -1 of a lower one.
    `unit`: in which it was written.
    `weights`: of quantities in SI whose weighted sum is limited, in the place of one quantity.
    """

    name: str
    bound: float
    sign: float
    unit: str
    weights: Mapping[str, float] | None = None

    def of(self, given: Callable[[str], Any]) -> Any:
        """What is limited, from the values or slopes of quantities."""
        return sum(weight * given(name) for name, weight in (self.weights or {self.name: 1.0}).items())

    def scale(self, scales: Mapping[str, float]) -> float:
        """Its size, from those of quantities; that of a weighted sum is one."""
        return 1.0 if self.weights else scales[self.name]

    def words(self, kind: str) -> str:
        """What it says, of a quantity of that kind."""
        return f"{self.name} {'at most' if self.sign > 0 else 'at least'} {format_si(self.bound, kind)}"


@dataclass(frozen=True)
class LimitPrice:
    """What keeps a device from being better.

    `words`: the limit, or the end of a range.
    `price`: change of the objective when it is relaxed by one SI unit, in SI.
    `unit`: in which the limit was written.
    `objective`: the quantity that gains.
    `kind`: the quantity that the limit is one of.

    >>> one = LimitPrice("T_hot_junction at most 500 K", 2.5, "K", "power_density", "T_hot_junction")
    >>> one.shown, one.price_unit
    ('250 uW/cm2 for 1 K', '(W/m2)/(K)')
    """

    words: str
    price: float
    unit: str
    objective: str
    kind: str

    @property
    def price_unit(self) -> str:
        """SI unit of the price."""
        return f"({quantity(self.objective).unit})/({quantity(self.kind).unit})"

    @property
    def shown(self) -> str:
        """The price in the unit in which the limit was written."""
        gain = format_si(self.price * parse_unit(self.unit).factor, self.objective)
        return f"{gain} for 1 {self.unit.removeprefix('1')}".rstrip()


@dataclass(frozen=True)
class SearchTask:
    """One search.

    `case`: number of the device of the study that says everything but the ranges.
    `first`: where it starts, as shares of the ranges.
    `aim`: the objective, and 1 for the largest or -1 for the smallest value.
    `limits`: what must be kept.
    """

    case: int
    first: Array
    aim: Aim
    limits: Sequence[StudyLimit]


class StudySearch:
    """Searches of a study; variables are shares of their ranges.

    `study`: with ranges and a sample plan.
    `how`: engine, threads and tolerance.
    """

    def __init__(self, study: Study, how: Mapping[str, Any]) -> None:
        assert study.sample is not None
        self.study, self.how = study, how
        self.starts = study.sample.points
        self.combinations = study.count // self.starts
        self.vary, self.named = study.at(np.arange(study.count))
        self.rows = study.sample.rows(0, self.starts, len(study.sampled))
        self.kinds = study.kinds()
        self.limits = [
            StudyLimit(name, end, sign, study.wanted.units[name])
            for name, ends in study.limits.items()
            for end, sign in zip(ends, (-1.0, 1.0), strict=True)
            if np.isfinite(end)
        ]
        self.evaluations = 0
        self.hopeless = 0
        self.missed = MissedLimits(study.limits, self.kinds)
        self.scales: dict[str, float] = {}

    def tasks(self, aim: Aim) -> list[SearchTask]:
        """A search from every start of every combination.

        `aim`: the objective.
        Returns: in the order of the devices of the study.
        """
        count = self.combinations * self.starts
        return [SearchTask(k, self.rows[k % self.starts], aim, self.limits) for k in range(count)]

    def at(self, cases: NDArray[np.intp], shares: Array) -> tuple[dict[str, Any], dict[str, Any]]:
        """Values of the variables of some starts, for a batch and with names."""
        moved = {axis.path: axis.at(x) for axis, x in zip(self.study.sampled, shares.T, strict=True)}
        vary, named = ({k: v[cases] for k, v in found.items()} | moved for found in (self.vary, self.named))
        return vary, named

    def solved(self, cases: NDArray[np.intp], shares: Array) -> SolvedDevices:
        """Devices without derivatives."""
        return solve_devices(self.study, self.at(cases, shares)[0], keep=self.study.kept, **self.how)

    def evaluate(self, cases: NDArray[np.intp], shares: Array) -> dict[str, tuple[Array, Array]]:
        """Quantities of some starts (n,), and their slopes along the shares (n, variables)."""
        study, sampled = self.study, self.study.sampled
        vary, _ = self.at(cases, shares)
        paths = [axis.path for axis in sampled]
        found = solve_devices(study, vary, keep=study.kept, gradient=paths, **self.how)
        self.evaluations += len(cases)
        stretch = [
            vary[axis.path] * np.log(axis.values[1] / axis.values[0])
            if axis.log
            else np.full(len(cases), np.ptp(axis.values))
            for axis in sampled
        ]
        result = {}
        for name in study.kept:
            slopes = [found.slopes[name][a.path] * s for a, s in zip(sampled, stretch, strict=True)]
            result[name] = found.values[name], np.stack(slopes, axis=1)
        return result

    def run(self, tasks: Sequence[SearchTask], bounds: Array | None = None) -> Array:
        """Where each search ends, all of them side by side; NaN of a start without a solution.

        `tasks`: in any order.
        `bounds`: what the aim of each, the same of all and to be largest, cannot exceed: those that cannot
            reach the best start of other materials are not searched, and counted in `hopeless`.
        Returns (tasks, variables)
        """
        cases = np.array([task.case for task in tasks], np.intp)
        firsts = np.array([task.first for task in tasks])
        began = self.evaluate(cases, firsts)
        for name, (values, _) in began.items():
            size = np.abs(values[np.isfinite(values)]).max(initial=0.0)
            self.scales.setdefault(name, float(size) or 1.0)
        solved = np.all([np.isfinite(began[aim][0]) for aim, _ in {task.aim for task in tasks}], axis=0)
        ends = np.full(firsts.shape, np.nan)
        if bounds is not None:
            values = np.nan_to_num(self._kept(tasks, {k: v for k, (v, _) in began.items()}), nan=-np.inf)
            beside = self._but_materials(cases)
            best = np.full(beside.max() + 1, -np.inf)
            np.maximum.at(best, beside, values)
            hopeless = bounds < best[beside]
            self.hopeless = np.unique(cases[hopeless] // self.starts).size
            solved &= ~hopeless

        def search(k: int, ask: Callable[[Array], Any]) -> None:
            from scipy.optimize import minimize

            task = tasks[k]
            one = _RunningSearch(self.scales, task.aim, ask)
            constraints = [
                {"type": "ineq", "fun": one.room, "jac": one.room_slope, "args": (limit,)}
                for limit in task.limits
            ]
            options = {"ftol": PRECISION, "maxiter": STEPS}
            bounds = [(0.0, 1.0)] * len(task.first)
            how: Any = {"method": "SLSQP", "bounds": bounds, "constraints": constraints, "options": options}
            try:
                end = minimize(one.value, task.first, jac=one.slope, **how).x
            except _Still:
                end = one.asked[-1]
            ends[k] = np.clip(end, 0.0, 1.0)

        together(search, np.flatnonzero(solved).tolist(), lambda ks, x: self.evaluate(cases[ks], x))
        return ends

    def reached(self, tasks: Sequence[SearchTask], ends: Array) -> dict[str, Array]:
        """Quantities where the searches have ended; the aim is NaN where a limit is not kept.

        `tasks`, `ends`: as given to and returned by `run`.
        Returns: each (tasks,).
        """
        found = {name: np.full(len(tasks), np.nan) for name in self.study.kept}
        there = np.flatnonzero(np.isfinite(ends).all(axis=1))
        if there.size:
            values = self.solved(np.array([tasks[k].case for k in there.tolist()]), ends[there]).values
            self.missed.add(values)
            for name, column in found.items():
                column[there] = values[name]
        for aim in {task.aim[0] for task in tasks}:
            rows = [k for k, task in enumerate(tasks) if task.aim[0] == aim]
            found[aim][rows] = self._kept(tasks, found)[rows]
        return found

    @property
    def none_kept(self) -> str:
        """That no search has ended at a device which keeps all constraints, and what it breaks."""
        if self.limits and not self.missed.solved:
            return "no start leads to a device that has a solution"
        return self.missed.said("no start leads to a device that has a solution and keeps all constraints")

    def _but_materials(self, cases: NDArray[np.intp]) -> NDArray[np.intp]:
        """Which cases are alike but for their materials and their ranges: a number for each."""
        axes = [axis for axis in self.study.axes if not (axis.sampled or axis.materials)]
        columns = np.array([self.vary[axis.path][cases] for axis in axes] or [np.zeros(len(cases))], float)
        return np.unique(columns, axis=1, return_inverse=True)[1].ravel()

    def _kept(self, tasks: Sequence[SearchTask], found: Mapping[str, Array]) -> Array:
        """The aim of each search; NaN where a limit is not kept."""
        values = np.array([found[task.aim[0]][k] for k, task in enumerate(tasks)])
        for k, task in enumerate(tasks):
            for limit in task.limits:
                room = limit.sign * (limit.bound - limit.of(lambda name, k=k: found[name][k]))
                if not room >= -KEPT * limit.scale(self.scales):
                    values[k] = np.nan
        return values

    def prices(
        self, cases: NDArray[np.intp], shares: Array, tasks: Sequence[SearchTask]
    ) -> list[tuple[LimitPrice, ...]]:
        """Limits, and ends of ranges, that hold devices where they are, with their prices.

        `cases`, `shares`: the devices.
        `tasks`: what was searched, with the limits.
        """
        found = self.evaluate(cases, shares)
        self.evaluations -= len(cases)
        every = []
        for k, task in enumerate(tasks):
            here = {name: (values[k], slopes[k]) for name, (values, slopes) in found.items()}
            every.append(tuple(self._prices(here, shares[k], task.aim, task.limits)))
        return every

    def _prices(
        self, found: Mapping[str, tuple[Any, Array]], shares: Array, aim: Aim, limits: Iterable[StudyLimit]
    ) -> Iterable[LimitPrice]:
        from scipy.optimize import nnls

        held: list[tuple[str, str, str, float, Array]] = []
        for limit in limits:
            value, slope = found[limit.name]
            if abs(limit.bound - value) <= KEPT * self.scales[limit.name]:
                kind = self.kinds[limit.name]
                held.append((limit.words(kind), kind, limit.unit, 1.0, -limit.sign * slope))
        for k, axis in enumerate(self.study.sampled):
            for end, is_there in ((0, shares[k] <= AT_END), (1, shares[k] >= 1.0 - AT_END)):
                if is_there:
                    kind = self.kinds[axis.path]
                    word = f"{axis.path} {('from', 'up to')[end]} {format_si(float(axis.values[end]), kind)}"
                    log = axis.values[end] * np.log(axis.values[1] / axis.values[0])
                    per = float(log if axis.log else np.ptp(axis.values))
                    inward = (1.0, -1.0)[end] * np.eye(len(shares))[k]
                    held.append((word, kind, self._written(axis.path, end), per, inward))
        if not held:
            return
        name, sign = aim
        matrix = np.array([column for *_, column in held]).T
        sizes = np.linalg.norm(matrix, axis=0)
        sizes[sizes == 0.0] = 1.0
        prices = nnls(matrix / sizes, -sign * found[name][1])[0] / sizes
        for (words, kind, unit, per, _), price in zip(held, prices, strict=True):
            if price > 0:
                yield LimitPrice(words, float(price / per), unit, name, kind)

    def _written(self, path: str, end: int) -> str:
        span = self.study.variables[path]
        assert isinstance(span, Span)
        return unit_as_written((span.low, span.high)[end], self.kinds[path])


class _Still(Exception):
    """A search has come to rest."""


class _RunningSearch:
    """Objective and limits of one search, in units of their size."""

    def __init__(self, scales: Mapping[str, float], aim: Aim, ask: Callable[[Array], Any]) -> None:
        self.scales, self.ask = scales, ask
        self.name, self.sign = aim
        self.known: tuple[bytes, Any] = (b"", None)
        self.asked: deque[Array] = deque(maxlen=STILL)

    def _at(self, x: Array) -> Any:
        x = np.clip(x, 0.0, 1.0)
        if self.known[0] != x.tobytes():
            self.asked.append(x)
            if len(self.asked) == STILL and np.ptp(self.asked, axis=0).max() < STILL_WITHIN:
                raise _Still
            self.known = x.tobytes(), self.ask(x)
        return self.known[1]

    def value(self, x: Array) -> float:
        """What becomes smallest."""
        value = float(self._at(x)[self.name][0]) / self.scales[self.name]
        return -self.sign * value if np.isfinite(value) else REFUSED

    def slope(self, x: Array) -> Array:
        """Its slope."""
        return np.nan_to_num(-self.sign * self._at(x)[self.name][1] / self.scales[self.name], nan=0.0)

    def room(self, x: Array, limit: StudyLimit) -> float:
        """What is left up to a limit."""
        at = self._at(x)
        left = limit.sign * (limit.bound - float(limit.of(lambda name: at[name][0])))
        return left / limit.scale(self.scales) if np.isfinite(left) else 0.0

    def room_slope(self, x: Array, limit: StudyLimit) -> Array:
        """Its slope."""
        at = self._at(x)
        slope = limit.of(lambda name: at[name][1]) / limit.scale(self.scales)
        return np.nan_to_num(-limit.sign * slope, nan=0.0)
