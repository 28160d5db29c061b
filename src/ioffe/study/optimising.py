"""The best device of a study: from many starts at once, by exact gradients, within limits.

Every start is searched by sequential least-squares programming (D. Kraft, DFVLR-FB 88-28, 1988, as
`scipy.optimize.minimize` has it) on its own, but all advance together: what they ask for is one batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import ConvergenceError, Faults
from ioffe.base.quantities import quantity
from ioffe.base.result import BaseResult, sources_of
from ioffe.base.status import Status
from ioffe.base.table import ResultTable, table
from ioffe.base.units import format_si
from ioffe.solve.batch.choice import Engine
from ioffe.solve.batch.solve import solve_cases
from ioffe.study.lockstep import together
from ioffe.study.study import Study

Array = NDArray[np.float64]
MOST: Final = 1000
"""Starts, over all combinations of what is not a range."""
STEPS: Final = 100
"""Of one search."""
PRECISION: Final = 1e-12
"""Change of the objective, over its size, at which a search ends."""
KEPT: Final = 1e-6
"""Share of its scale by which a limit may be missed, and objectives of one optimum may differ."""
AT_END: Final = 1e-6
"""Share of its range within which a variable is at an end of it."""
REFUSED: Final = 1e3
"""Objective, in units of its size, of what has no solution."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Optimum(BaseResult):
    """The best device, and that of each combination of materials and other values, the best first.

    Attributes
    ----------
    study : Study
        What was asked.
    columns : mapping of str to ndarray
        Variables and quantities of the best device of each combination.
    reached : ndarray of int
        Starts of the combination that ended at its best device.
    starts, evaluations : int
        Starts of each combination, and devices solved with derivatives in all.
    active : mapping of str to float
        What keeps the best device from being better, with its price: the change of the objective, in SI,
        when a limit or an end of a range is relaxed by one SI unit.

    Examples
    --------
    >>> from ioffe import Generator, Leg
    >>> from ioffe.study import SamplePlan, Span
    >>> at = Generator(T_hot=450, T_cold=330, load=0.02)
    >>> ranges = {"length": Span("1 mm", "3 mm")}
    >>> study = Study(Leg("Bi2Te3", "2 mm", "2 mm2"), at, ranges, ["power"], sample=SamplePlan(2))
    >>> list(optimise(study).active)
    ['length from 1 mm']
    """

    kind: ClassVar[str] = "optimum"

    study: Study
    columns: Mapping[str, NDArray[Any]]
    reached: NDArray[np.intp]
    starts: int
    evaluations: int
    active: Mapping[str, float]

    def _named(self) -> Mapping[str, Any]:
        return self.__dict__.get("columns", {})

    def _noun(self) -> str:
        return "an optimum"

    def tables(self) -> dict[str, ResultTable]:
        """The best device of each combination, and what limits the best of all.

        Returns
        -------
        dict of str to ResultTable
            ``optima`` in SI, with a rank from 1; ``active``, if anything is.
        """
        units = {path: quantity(kind).unit for path, kind in self.study.quantities().items()}
        columns = {k: v.astype(str) if v.dtype == object else v for k, v in self.columns.items()}
        rank = {"rank": np.arange(1, len(self.reached) + 1)}
        words = {"reached": self.reached, "point_status": Status.words(self.point_status)}
        found = {"optima": table(rank, {**columns, **words}, units)}
        if self.active:
            limits = {"limit": np.array(list(self.active))}
            found["active"] = table(limits, {"price": np.array(list(self.active.values()))})
        return found

    def citations(self) -> list[str]:
        """What to cite.

        Returns
        -------
        list of str
            This program, and the sources of the materials.
        """
        return sources_of(self.study.materials().values())

    def _header(self) -> dict[str, Any]:
        name, sign = self.study.objective
        found = {"name": self.study.name, "objective": name, "sign": sign, "starts": self.starts}
        return found | {"evaluations": self.evaluations, "study": self.study.to_dict()}

    def _title(self) -> str:
        name, sign = self.study.objective
        return f"{self.study.name or 'A device'}: {'largest' if sign > 0 else 'smallest'} {name}"

    def _facts(self) -> Iterator[tuple[str, str]]:
        for k in range(min(len(self.reached), 5)):
            words = [f"{name} {self.shown(name, values[k])}" for name, values in self.columns.items()]
            yield f"{k + 1}", f"{', '.join(words)} ({self.reached[k]} of {self.starts} starts)"
        yield from ((f"limited by {name}", f"price {price:.4g} (SI)") for name, price in self.active.items())
        yield from self._quality()

    def shown(self, name: str, value: Any) -> str:
        """A value as people read it.

        Parameters
        ----------
        name : str
            A variable or a quantity.
        value : float or str
            In SI, or the name of a material.

        Returns
        -------
        str
            With its unit.
        """
        return (
            value
            if isinstance(value, str)
            else format_si(float(value), self.study.quantities().get(name, name))
        )


def optimise(study: Study, *, engine: Engine = "auto", threads: int | None = None) -> Optimum:
    """Find the device with the largest, or smallest, value of the objective within the constraints.

    Parameters
    ----------
    study : Study
        Its ranges are searched, from the samples of its plan as starts; every combination of its grids, lists
        and materials has an optimum of its own.
    engine, threads
        As for `solve_batch`.

    Returns
    -------
    Optimum

    Raises
    ------
    InputError
        Without a range, or with more than 1000 starts in all.
    ConvergenceError
        If no start leads to a device that keeps the constraints.

    Examples
    --------
    The length of a leg behind a water film, with a contact.

    >>> from ioffe import Generator, Leg
    >>> from ioffe.study import SamplePlan, Span, Study
    >>> leg = Leg("Bi0.42Sb1.58Te3", "2 mm", "2 mm2", contact="5 uohm cm2")
    >>> conditions = Generator(T_hot=450, T_cold=330, cold_heat_transfer_coefficient=2000, load="max_power")
    >>> sampled = {"length": Span("0.2 mm", "4 mm", spacing="log")}
    >>> found = optimise(Study(leg, conditions, sampled, ["power_density"], sample=SamplePlan(4)))
    >>> found.shown("length", found.length[0]), found.reached.tolist()
    ('0.7849 mm', [4])
    """
    faults = Faults()
    if not study.sampled:
        faults.add("variables", expected="at least one range is expected, to be searched")
    if study.count > MOST:
        expected = f"at most {MOST} starts are expected over all combinations, not {study.count}"
        faults.add("sample.points", study.sample.points if study.sample else 0, expected)
    faults.raise_if_any()
    search = _StudySearch(study, {"engine": engine, "threads": threads, "tolerance": study.tolerance})
    ends = search.run()
    best = search.best(ends)
    if not len(best):
        raise ConvergenceError("no start leads to a device that has a solution and keeps all constraints")
    vary, named = search.at(best, ends[best])
    final = solve_cases(study.device, study.conditions, vary, keep=study.kept, **search.how)
    value = search.sign * final.values[search.name]
    order = np.argsort(-value, kind="stable")
    columns = {k: v[order] for k, v in named.items()} | {k: final.values[k][order] for k in study.kept}
    combinations = study.count // search.starts
    notes, missing = [*study.remarks.notes, *final.notes], combinations - len(best)
    warnings = [*study.remarks.warnings, *final.warnings]
    if missing:
        warnings.append(f"{missing} of {combinations} combinations have no device that keeps all constraints")
    return Optimum(
        study=study,
        columns=columns,
        reached=search.reached(best)[order],
        starts=search.starts,
        evaluations=search.evaluations,
        active=search.active(int(best[order[0]]), ends[best[order[0]]]),
        point_status=final.point_status[order],
        point_energy_balance=final.point_energy_balance[order],
        point_error_estimate=final.point_error_estimate[order],
        interpolation=final.interpolation,
        conditions=study.conditions,
        warnings=tuple(warnings),
        notes=tuple(notes),
    )


@dataclass(frozen=True)
class _Limit:
    """One side of a constraint: ``sign * (bound - value)`` is not below zero."""

    name: str
    bound: float
    sign: float

    @property
    def words(self) -> str:
        """What it says."""
        side = "at most" if self.sign > 0 else "at least"
        return f"{self.name} {side} {format_si(self.bound, self.name)}"


class _StudySearch:
    """All starts of a study; variables are shares of their ranges."""

    def __init__(self, study: Study, how: Mapping[str, Any]) -> None:
        assert study.sample is not None
        self.study, self.how = study, how
        self.starts = study.sample.points
        self.name, self.sign = study.objective
        self.vary, self.named = study.at(np.arange(study.count))
        rows = study.sample.rows(0, self.starts, len(study.sampled))
        self.first = np.tile(rows, (study.count // self.starts, 1))
        self.limits = [
            _Limit(name, end, sign)
            for name, ends in study.limits.items()
            for end, sign in zip(ends, (-1.0, 1.0), strict=True)
            if np.isfinite(end)
        ]
        self.evaluations = 0
        self.scales: dict[str, float] = {}
        self.final: dict[int, float] = {}

    def at(self, cases: NDArray[np.intp], shares: Array) -> tuple[dict[str, Any], dict[str, Any]]:
        """Values of the variables of some starts, for a batch and with names."""
        moved = {axis.path: axis.at(x) for axis, x in zip(self.study.sampled, shares.T, strict=True)}
        vary, named = ({k: v[cases] for k, v in found.items()} | moved for found in (self.vary, self.named))
        return vary, named

    def evaluate(self, cases: NDArray[np.intp], shares: Array) -> dict[str, tuple[Array, Array]]:
        """Quantities of some starts (n,), and their slopes along the shares (n, variables)."""
        study, sampled = self.study, self.study.sampled
        vary, _ = self.at(cases, shares)
        options = {**self.how, "keep": study.kept, "gradient": [axis.path for axis in sampled]}
        found = solve_cases(study.device, study.conditions, vary, **options)
        self.evaluations += len(cases)
        stretch = [
            vary[axis.path] * np.log(axis.values[1] / axis.values[0])
            if axis.log
            else np.full(len(cases), np.ptp(axis.values))
            for axis in sampled
        ]
        result = {}
        for name in study.kept:
            slopes = [found.gradient[name][a.path] * s for a, s in zip(sampled, stretch, strict=True)]
            result[name] = found.values[name], np.stack(slopes, axis=1)
        return result

    def run(self) -> Array:
        """Where each start ends."""
        cases = np.arange(self.study.count)
        began = self.evaluate(cases, self.first)
        for name, (values, _) in began.items():
            size = np.abs(values[np.isfinite(values)]).max(initial=0.0)
            self.scales[name] = float(size) or 1.0
        good = np.flatnonzero(np.isfinite(began[self.name][0]))
        ends = np.full(self.first.shape, np.nan)

        def search(k: int, ask: Callable[[Array], Any]) -> None:
            from scipy.optimize import minimize

            one = _SearchStart(self, ask)
            bounds = [(0.0, 1.0)] * len(self.study.sampled)
            constraints = [
                {"type": "ineq", "fun": one.room, "jac": one.room_slope, "args": (limit,)}
                for limit in self.limits
            ]
            options = {"ftol": PRECISION, "maxiter": STEPS}
            how: Any = {"method": "SLSQP", "bounds": bounds, "constraints": constraints, "options": options}
            found = minimize(one.value, self.first[k], jac=one.slope, **how)
            ends[k] = np.clip(found.x, 0.0, 1.0)

        together(search, good.tolist(), self.evaluate)
        return ends

    def best(self, ends: Array) -> NDArray[np.intp]:
        """The best start of each combination, of those that keep all constraints."""
        cases = np.flatnonzero(np.isfinite(ends).all(axis=1))
        if not len(cases):
            return cases
        found = self.evaluate(cases, ends[cases])
        self.evaluations -= len(cases)
        good = np.isfinite(found[self.name][0])
        for limit in self.limits:
            room = limit.sign * (limit.bound - found[limit.name][0])
            good &= room >= -KEPT * self.scales[limit.name]
        values = self.sign * found[self.name][0]
        self.final = {int(k): float(v) for k, v, ok in zip(cases, values, good, strict=True) if ok}
        first: dict[int, int] = {}
        for k, value in self.final.items():
            combination = k // self.starts
            if combination not in first or value > self.final[first[combination]]:
                first[combination] = k
        return np.array(list(first.values()), np.intp)

    def reached(self, best: NDArray[np.intp]) -> NDArray[np.intp]:
        """Starts of each combination that ended at the value of its best."""
        near = KEPT * self.scales[self.name]
        return np.array(
            [
                sum(
                    k // self.starts == b // self.starts and v >= self.final[b] - near
                    for k, v in self.final.items()
                )
                for b in best.tolist()
            ],
            np.intp,
        )

    def active(self, case: int, shares: Array) -> dict[str, float]:
        """Limits, and ends of ranges, that hold a start where it ended, with their prices."""
        from scipy.optimize import nnls

        found = self.evaluate(np.array([case]), shares[None])
        self.evaluations -= 1
        names, columns, per = [], [], []
        for limit in self.limits:
            value, slope = (x[0] for x in found[limit.name])
            if abs(limit.bound - value) <= KEPT * self.scales[limit.name]:
                names.append(limit.words)
                columns.append(-limit.sign * slope)
                per.append(1.0)
        for k, axis in enumerate(self.study.sampled):
            for end, is_there in ((0, shares[k] <= AT_END), (1, shares[k] >= 1.0 - AT_END)):
                if is_there:
                    kind = self.study.quantities()[axis.path]
                    names.append(
                        f"{axis.path} {('from', 'up to')[end]} {format_si(float(axis.values[end]), kind)}"
                    )
                    columns.append((1.0, -1.0)[end] * np.eye(len(shares))[k])
                    log = axis.values[end] * np.log(axis.values[1] / axis.values[0])
                    per.append(float(log if axis.log else np.ptp(axis.values)))
        if not names:
            return {}
        slope = self.sign * found[self.name][1][0]
        matrix = np.array(columns).T
        sizes = np.linalg.norm(matrix, axis=0)
        sizes[sizes == 0.0] = 1.0
        prices = nnls(matrix / sizes, -slope)[0] / sizes
        return {
            name: float(price / one) for name, price, one in zip(names, prices, per, strict=True) if price > 0
        }


class _SearchStart:
    """Objective and limits of one start, in units of their size."""

    def __init__(self, search: _StudySearch, ask: Callable[[Array], Any]) -> None:
        self.search, self.ask = search, ask
        self.known: tuple[bytes, Any] = (b"", None)

    def _at(self, x: Array) -> Any:
        x = np.clip(x, 0.0, 1.0)
        if self.known[0] != x.tobytes():
            self.known = x.tobytes(), self.ask(x)
        return self.known[1]

    def _number(self, x: Array, name: str, otherwise: float) -> float:
        value = float(self._at(x)[name][0]) / self.search.scales[name]
        return value if np.isfinite(value) else otherwise

    def _slope(self, x: Array, name: str) -> Array:
        return np.nan_to_num(self._at(x)[name][1] / self.search.scales[name], nan=0.0)

    def value(self, x: Array) -> float:
        """What becomes smallest."""
        return -self.search.sign * self._number(x, self.search.name, -self.search.sign * REFUSED)

    def slope(self, x: Array) -> Array:
        """Its slope."""
        return -self.search.sign * self._slope(x, self.search.name)

    def room(self, x: Array, limit: _Limit) -> float:
        """What is left up to a limit."""
        bound = limit.bound / self.search.scales[limit.name]
        return limit.sign * (bound - self._number(x, limit.name, bound))

    def room_slope(self, x: Array, limit: _Limit) -> Array:
        """Its slope."""
        return -limit.sign * self._slope(x, limit.name)
