"""Two objectives of a study: the front of devices of which no other is better in both.

The second objective is held, in steps, at or beyond a value on its way from where the first one alone is best
to its own best (constraint steps: Y. Y. Haimes, L. S. Lasdon, D. A. Wismer, IEEE Trans. Syst. Man Cybern.
1 (1971) 296, doi 10.1109/TSMC.1971.4308298); all searches of all steps and combinations advance as one batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import ConvergenceError, Fault, InputError
from ioffe.base.quantities import quantity
from ioffe.base.status import Status
from ioffe.base.table import ResultTable, table
from ioffe.solve.batch.choice import Engine
from ioffe.study.found import FoundDevices
from ioffe.study.missed import KEPT
from ioffe.study.optimising import checked_search, quality_of
from ioffe.study.searching import Aim, LimitPrice, SearchTask, StudyLimit, StudySearch
from ioffe.study.study import Study

Array = NDArray[np.float64]
POINTS: Final = 11
"""Values of the second objective, its two ends among them."""
SHOWN: Final = 6
"""Devices of a summary."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ParetoFront(FoundDevices):
    """Devices of which no other is better in all objectives, in the order of the first one, the best first.

    Attributes
    ----------
    study : Study
        What was asked.
    objectives : tuple of (str, float)
        Names of the objectives, with 1 for the largest and -1 for the smallest value.
    columns : mapping of str to ndarray
        Variables and quantities of the devices.
    trade : ndarray
        Change of the first objective for one SI unit of the second along the front, in SI; NaN where the
        second one does not hold the first back, and with more than two objectives.
    prices : tuple of tuple of LimitPrice
        What else holds each device where it is: at the end of the second objective, this one.
    evaluations : int
        Devices solved.

    Examples
    --------
    >>> from ioffe import Generator, Leg
    >>> from ioffe.study import SamplePlan, Span, Study
    >>> aims = ["power", "efficiency"]
    >>> ranges = {"length": Span("1 mm", "4 mm")}
    >>> leg, at = Leg("Bi2Te3", "2 mm", "2 mm2", contact="5 uohm cm2"), Generator(T_hot=450, T_cold=330)
    >>> study = Study(leg, at.replace(load=0.02), ranges, aims, largest=aims, sample=SamplePlan(1))
    >>> pareto_front(study, points=2).objectives
    (('power', 1.0), ('efficiency', 1.0))
    """

    kind: ClassVar[str] = "front"

    study: Study
    objectives: tuple[Aim, ...]
    columns: Mapping[str, NDArray[Any]]
    trade: Array
    prices: tuple[tuple[LimitPrice, ...], ...]
    evaluations: int

    def _named(self) -> Mapping[str, Any]:
        return self.__dict__.get("columns", {})

    def _noun(self) -> str:
        return "a front"

    def __len__(self) -> int:
        return len(self.trade)

    def tables(self) -> dict[str, ResultTable]:
        """The devices of the front.

        Returns
        -------
        dict of str to ResultTable
            ``front`` in SI, numbered from 1.
        """
        units = {path: quantity(kind).unit for path, kind in self.study.kinds().items()}
        columns = {k: v.astype(str) if v.dtype == object else v for k, v in self.columns.items()}
        first, second = (quantity(name).unit for name, _ in (*self.objectives, ("", 1.0))[:2])
        units["trade"] = f"({first})/({second})"
        number = {"number": np.arange(1, len(self) + 1)}
        limits = np.array(["; ".join(one.words for one in held) for held in self.prices], dtype=str)
        words = {"trade": self.trade, "limits": limits, "point_status": Status.words(self.point_status)}
        return {"front": table(number, {**columns, **words}, units)}

    def _header(self) -> dict[str, Any]:
        aims = [{"name": name, "sign": sign} for name, sign in self.objectives]
        found = {"name": self.study.name, "objectives": aims, "evaluations": self.evaluations}
        return found | {"study": self.study.to_dict()}

    def _title(self) -> str:
        words = [f"{'largest' if sign > 0 else 'smallest'} {name}" for name, sign in self.objectives]
        return f"{self.study.name or 'A device'}: front of {' and '.join(words)}"

    def _facts(self) -> Iterator[tuple[str, str]]:
        for k in np.unique(np.linspace(0, len(self) - 1, SHOWN).round().astype(int)).tolist():
            yield (
                f"{k + 1}",
                ", ".join(f"{name} {self.shown(name, v[k])}" for name, v in self.columns.items()),
            )
        yield from self._quality()


def pareto_front(
    study: Study, *, points: int = POINTS, engine: Engine = "auto", threads: int | None = None
) -> ParetoFront:
    """Find the devices of which no other is better in both objectives.

    Parameters
    ----------
    study : Study
        With two objectives in `largest` and `smallest`; its ranges are searched, from the samples of its
        plan, for every combination of grids, lists and materials, and what is best over all is kept.
    points : int
        Values of the second objective, its ends among them.
    engine, threads
        As for `solve_batch`.

    Returns
    -------
    ParetoFront

    Raises
    ------
    InputError
        Without two objectives, a range, or with more than 1000 searches in all.
    ConvergenceError
        If no start leads to a device that keeps the constraints.

    Examples
    --------
    A leg whose power density grows, and efficiency falls, as it gets shorter.

    >>> from ioffe import Generator, Leg
    >>> from ioffe.study import SamplePlan, Span, Study
    >>> leg = Leg("Bi0.42Sb1.58Te3", "2 mm", "2 mm2", contact="5 uohm cm2")
    >>> ranges = {"length": Span("0.5 mm", "4 mm", spacing="log")}
    >>> aims = ["power_density", "efficiency"]
    >>> at = Generator(T_hot=450, T_cold=330, load="max_power")
    >>> found = pareto_front(Study(leg, at, ranges, aims, largest=aims, sample=SamplePlan(2)), points=3)
    >>> [found.shown("length", one) for one in found.length]
    ['0.5 mm', '0.9039 mm', '4 mm']
    """
    if len(study.objectives) != 2:
        expected = f"two objectives are expected for a front, not {len(study.objectives)}"
        advice = 'such as largest = ["power", "efficiency"]; evolved_front takes more'
        raise InputError(Fault("largest", expected=expected, advice=advice))
    if isinstance(points, bool) or not isinstance(points, int) or points < 2:
        raise InputError(Fault("points", points, "a whole number from 2 is expected"))
    search = checked_search(study, engine, threads, points)
    first, second = study.objectives
    tasks = [*search.tasks(first), *search.tasks(second)]
    ends = search.run(tasks)
    values = search.reached(tasks, ends)
    best = [_best_of(search, tasks, values, aim) for aim in (first, second)]
    if not best[0] or not best[1]:
        raise ConvergenceError(search.none_kept)
    steps = _steps(search, values, ends, best, points)
    if steps:
        further = search.run(steps)
        found = search.reached(steps, further)
        tasks, ends = [*tasks, *steps], np.concatenate([ends, further])
        values = {name: np.concatenate([values[name], column]) for name, column in found.items()}
    return _front(search, tasks, ends, values)


def _best_of(
    search: StudySearch, tasks: Sequence[SearchTask], values: Mapping[str, Array], aim: Aim
) -> dict[int, int]:
    """The best search of an objective for each combination that has one."""
    name, sign = aim
    best: dict[int, int] = {}
    for k, task in enumerate(tasks):
        value, combination = sign * values[name][k], task.case // search.starts
        if task.aim != aim or not np.isfinite(value):
            continue
        if combination not in best or value > sign * values[name][best[combination]]:
            best[combination] = k
    return best


def _steps(
    search: StudySearch,
    values: Mapping[str, Array],
    ends: Array,
    best: Sequence[Mapping[int, int]],
    points: int,
) -> list[SearchTask]:
    """Searches of the first objective with the second one held at values between its ends."""
    first, (name, sign) = search.study.objectives
    column = sign * values[name]
    leader = max(best[0].values(), key=lambda k: first[1] * values[first[0]][k])
    low, high = column[leader], max(column[k] for k in best[1].values())
    if not high - low > KEPT * search.scales[name]:
        return []
    found = []
    for level in np.linspace(low, high, points)[1:-1].tolist():
        for combination, last in best[1].items():
            if combination not in best[0] or column[last] < level:
                continue
            begin = best[0][combination]
            if column[begin] >= level:  # the best of the first objective keeps this step already
                continue
            share = (level - column[begin]) / (column[last] - column[begin])
            between = (1.0 - share) * ends[begin] + share * ends[last]
            limit = StudyLimit(name, sign * level, -sign, quantity(name).unit)
            task = SearchTask(combination * search.starts, between, first, [*search.limits, limit])
            found.append(task)
            found += [replace(task, first=row) for row in search.rows]
    return found


def _front(
    search: StudySearch, tasks: Sequence[SearchTask], ends: Array, values: Mapping[str, Array]
) -> ParetoFront:
    """The devices that no other one beats, from all that were found."""
    study = search.study
    aims = study.objectives
    rows = np.stack([sign * values[name] / search.scales[name] for name, sign in aims], axis=1)
    kept = np.flatnonzero(np.isfinite(rows).all(axis=1))
    kept = kept[unbeaten(rows[kept])]
    cases = np.array([tasks[k].case for k in kept.tolist()], np.intp)
    found = [tasks[k] for k in kept.tolist()]
    held = search.prices(cases, ends[kept], found)
    trade, others = np.full(len(found), np.nan), []
    for k, (task, prices) in enumerate(zip(found, held, strict=True)):
        steps = [one.words(search.kinds[one.name]) for one in task.limits[len(search.limits) :]]
        for one in prices:
            if one.words in steps:  # the objective falls as this limit is drawn closer
                trade[k] = -aims[1][1] * one.price
        others.append(tuple(one for one in prices if one.words not in steps))
    _, named = search.at(cases, ends[kept])
    final = search.solved(cases, ends[kept])
    columns = named | {name: final.values[name] for name in study.kept}
    return ParetoFront(
        study=study,
        objectives=aims,
        columns=columns,
        trade=trade,
        prices=tuple(others),
        evaluations=search.evaluations,
        **quality_of(study, final.batch, np.arange(len(kept))),
    )


def unbeaten(rows: Array) -> NDArray[np.intp]:
    """Numbers of the rows of which no other is larger in all columns, the largest of the first column first.

    Parameters
    ----------
    rows : ndarray of shape (devices, objectives)
        In units of their sizes; of rows that agree within `KEPT` one is taken.

    Returns
    -------
    ndarray of int

    Examples
    --------
    >>> unbeaten(np.array([[1.0, 3.0], [2.0, 2.0], [1.5, 1.5], [2.0, 2.0]])).tolist()
    [1, 0]
    """
    order = np.lexsort([-column for column in rows.T[::-1]])
    found: list[int] = []
    for k in order.tolist():
        others = rows[found]
        if not len(others) or not np.any(np.all(others >= rows[k] - KEPT, axis=1)):
            found.append(k)
    return np.array(found, np.intp)
