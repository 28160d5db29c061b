"""The best device of a study within limits, and that of each combination of materials."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
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
from ioffe.result.batch import BatchResult
from ioffe.solve.batch.choice import Engine
from ioffe.study.bounds import largest_values
from ioffe.study.missed import KEPT
from ioffe.study.searching import STEPS, LimitPrice, StudySearch
from ioffe.study.study import Study

Array = NDArray[np.float64]
MOST: Final = 1000
"""Starts, over all combinations of what is not a range."""
PROBED: Final = 64
"""Devices of the trial by which the time of a search is estimated."""


class FoundDevices(BaseResult):
    """A result of devices that a study looked for.

    Attributes
    ----------
    study : Study
        What was asked.
    """

    study: Study

    def citations(self) -> list[str]:
        """What to cite.

        Returns
        -------
        list of str
            This program, and the sources of the materials.
        """
        return sources_of(self.study.materials().values())

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
        return value if isinstance(value, str) else format_si(float(value), self.study.kinds()[name])


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Optimum(FoundDevices):
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
    prices : tuple of LimitPrice
        What keeps the best device from being better, with its price: the change of the objective when a limit
        or an end of a range is relaxed by one unit.

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
    prices: tuple[LimitPrice, ...]

    @property
    def active(self) -> dict[str, float]:
        """Prices in SI by the words of the limits."""
        return {one.words: one.price for one in self.prices}

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
        units = {path: quantity(kind).unit for path, kind in self.study.kinds().items()}
        columns = {k: v.astype(str) if v.dtype == object else v for k, v in self.columns.items()}
        rank = {"rank": np.arange(1, len(self.reached) + 1)}
        words = {"reached": self.reached, "point_status": Status.words(self.point_status)}
        found = {"optima": table(rank, {**columns, **words}, units)}
        if self.prices:
            limits = {"limit": np.array([one.words for one in self.prices])}
            prices = {
                "gain": np.array([one.shown for one in self.prices]),
                "derivative": np.array([one.price for one in self.prices]),
                "unit": np.array([one.price_unit for one in self.prices]),
            }
            found["active"] = table(limits, prices)
        return found

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
        yield from ((f"limited by {one.words}", f"gains {one.shown}") for one in self.prices)
        yield from self._quality()


def optimise(
    study: Study, *, every: bool = False, engine: Engine = "auto", threads: int | None = None
) -> Optimum:
    """Find the device with the largest, or smallest, value of the objective within the constraints.

    Parameters
    ----------
    study : Study
        Its ranges are searched, from the samples of its plan as starts; every combination of its grids, lists
        and materials has an optimum of its own.
    every : bool
        Whether materials are searched too of which no device reaches the best start of others, by the bound
        that *zT* sets to efficiency and COP (`ioffe.study.bounds`); otherwise a note counts them.
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
    search = checked_search(study, engine, threads)
    tasks = search.tasks(study.objective)
    cases = np.array([task.case for task in tasks], np.intp)
    name, sign = study.objective
    chosen = not every and sign > 0 and any(len(axis.materials) > 1 for axis in study.axes)
    ends = search.run(tasks, largest_values(study, name, cases) if chosen else None)
    best, reached = _best(search, search.reached(tasks, ends)[study.objective[0]])
    if not len(best):
        raise ConvergenceError(search.none_kept)
    _, named = search.at(best, ends[best])
    final = search.solved(best, ends[best])
    order = np.argsort(-sign * final.values[name], kind="stable")
    columns = {k: v[order] for k, v in named.items()} | {k: final.values[k][order] for k in study.kept}
    warnings, missing, notes = [], search.combinations - len(best) - search.hopeless, []
    if search.hopeless:
        notes.append(
            f"{search.hopeless} of {search.combinations} combinations were not searched: by the zT of their "
            f"materials they cannot reach the {name} of others"
        )
    if missing:
        warnings.append(
            f"{missing} of {search.combinations} combinations have no device that keeps all constraints"
        )
    first = best[order[:1]]
    (prices,) = search.prices(first, ends[first], [tasks[first[0]]])
    return Optimum(
        study=study,
        columns=columns,
        reached=reached[order],
        starts=search.starts,
        evaluations=search.evaluations,
        prices=prices,
        **quality_of(study, final.batch, order, notes, warnings),
    )


@dataclass(frozen=True)
class SearchEstimate:
    """What a search for the best devices will take.

    `at_once`: devices that are solved as one batch.
    `rounds`: batches at most.
    `time_per_device`: CPU time in s of one of them on one thread, with its derivatives if the search needs
        them.

    >>> SearchEstimate(at_once=32, rounds=100, time_per_device=1e-3).time
    3.2
    """

    at_once: int
    rounds: int
    time_per_device: float

    @property
    def time(self) -> float:
        """CPU time in s of all rounds; most searches end long before."""
        return self.at_once * self.rounds * self.time_per_device


def estimate_search(study: Study, searches: int = 1, engine: Engine = "auto") -> SearchEstimate:
    """Time of a search by gradients, from a trial with its first starts.

    `study`: as for `optimise`.
    `searches`: from each start: one of each value of a second objective.
    `engine`: as for `solve_batch`.
    Raises `InputError` as `optimise`.

    >>> from ioffe import Generator, Leg
    >>> from ioffe.study import SamplePlan, Span
    >>> ranges = {"length": Span("1 mm", "3 mm")}
    >>> at = Generator(T_hot=450, T_cold=330, load=0.02)
    >>> study = Study(Leg("Bi2Te3", "2 mm", "2 mm2"), at, ranges, ["power"], sample=SamplePlan(2))
    >>> estimate_search(study).at_once
    2
    """
    search = checked_search(study, engine, 1, searches)
    cases = np.arange(min(study.count, PROBED))
    shares = search.rows[cases % search.starts]
    search.evaluate(cases[:1], shares[:1])  # loads the engine
    start = time.process_time()
    search.evaluate(cases, shares)
    each = (time.process_time() - start) / len(cases)
    count, steps = study.count, max(searches - 2, 0)
    # both objectives alone, then the first one at every step of the second, from its ends and all starts
    at_once = count if searches == 1 else max(2 * count, steps * (count + search.combinations))
    return SearchEstimate(at_once, STEPS, each)


def checked_search(study: Study, engine: Engine, threads: int | None, searches: int = 1) -> StudySearch:
    """Searches of a study that can be searched.

    `study`: with ranges.
    `engine`, `threads`: as for `solve_batch`.
    `searches`: from each start.
    Raises `InputError` without a range, or with more than 1000 searches in all.
    """
    faults = Faults()
    if not study.sampled:
        faults.add("variables", expected="at least one range is expected, to be searched")
    if study.count * searches > MOST:
        each = f", each searched {searches} times" if searches > 1 else ""
        expected = (
            f"at most {MOST // searches} starts are expected over all combinations, not {study.count}{each}"
        )
        faults.add("sample.points", study.sample.points if study.sample else 0, expected)
    faults.raise_if_any()
    return StudySearch(study, {"engine": engine, "threads": threads, "tolerance": study.tolerance})


def quality_of(
    study: Study,
    batch: BatchResult,
    order: NDArray[np.intp],
    notes: Sequence[str] = (),
    warnings: Sequence[str] = (),
) -> dict[str, Any]:
    """What a result says of how its devices were solved.

    `study`: what was asked.
    `batch`: the solution.
    `order`: its devices in the order of the result.
    `notes`, `warnings`: of the search.
    """
    return {
        "point_status": batch.point_status[order],
        "point_energy_balance": batch.point_energy_balance[order],
        "point_error_estimate": batch.point_error_estimate[order],
        "interpolation": batch.interpolation,
        "conditions": study.conditions,
        "warnings": (*study.remarks.warnings, *warnings, *batch.warnings),
        "notes": (*study.remarks.notes, *batch.notes, *notes),
    }


def _best(search: StudySearch, values: Array) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The best start of each combination that has one, and how many starts have ended there."""
    name, sign = search.study.objective
    rows = np.where(np.isfinite(values), sign * values, -np.inf).reshape(-1, search.starts)
    found = np.flatnonzero(np.isfinite(rows.max(axis=1)))
    column = rows[found].argmax(axis=1)
    near = rows[found] >= rows[found, column][:, None] - KEPT * search.scales[name]
    return found * search.starts + column, near.sum(axis=1)
