r"""Searches for the devices of a front of two objectives, evenly spaced along it.

Both objectives :math:`f_1, f_2`, the larger the better, are scaled to 0 and 1 between the ends of the front.
Along a front one rises as the other falls, and :math:`u = f_2 - f_1` goes from -1 to 1: the largest
:math:`f_1` with :math:`u` at or beyond even steps gives neighbours whose changes of both objectives have one
sum, however the front bends (normal constraints: A. Messac, C. A. Mattson, AIAA J. 42 (2004) 2101, doi
10.2514/1.8977). Where neighbours are further apart, the largest :math:`f_1` with :math:`f_2` halfway between
theirs, and the other way round, find what lies between them, or the two edges of a gap (constraint steps:
Y. Y. Haimes, L. S. Lasdon, D. A. Wismer, IEEE Trans. Syst. Man Cybern. 1 (1971) 296, doi
10.1109/TSMC.1971.4308298). All searches of a round advance as one batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import ConvergenceError
from ioffe.base.quantities import quantity
from ioffe.study.missed import KEPT
from ioffe.study.searching import LimitPrice, SearchTask, StudyLimit, StudySearch

Array = NDArray[np.float64]
WIDE: Final = 1.5
"""Times the even step, beyond which two neighbours are not joined."""
ROUNDS: Final = 6
"""Of searches between neighbours that are not joined."""


class FrontSearch:
    """What was found of a front so far.

    `search`: of a study with two objectives.
    `points`: even steps, the two ends among them.
    """

    def __init__(self, search: StudySearch, points: int) -> None:
        self.search, self.aims = search, search.study.objectives
        self.step = 2.0 / (points - 1)
        self.tasks: list[SearchTask] = []
        self.places = np.zeros((0, len(search.study.sampled)))
        self.goals = np.zeros((0, 2))
        """Objectives, the larger the better; NaN where a limit is not kept."""

    def run(self) -> None:
        """Find the ends of the front, then what lies between them."""
        first, second = self.aims
        self._add([*self.search.tasks(first), *self.search.tasks(second)])
        ends = [self._best(k) for k in (0, 1)]
        if not ends[0] or not ends[1]:
            raise ConvergenceError(self.search.none_kept)
        # of devices that are equal in one objective, those that are best in the other
        self._add([t for k, own in enumerate(ends) for t in self._beyond(k, own, self.goals[:, k])])
        if not self.wide:
            return
        self._add(list(self._even(np.arange(-1.0 + self.step, 1.0 - 0.5 * self.step, self.step))))
        seen: set[tuple[int, int]] = set()
        for _ in range(ROUNDS):
            pairs = [pair for pair in self.wide if pair not in seen]
            if not pairs:
                break
            seen.update(pairs)
            self._add([task for pair in pairs for task in self._between(*pair)])
        self._add(list(self._even(self._left())))

    @property
    def kept(self) -> NDArray[np.intp]:
        """Searches whose devices no other one beats, the best of the first objective first."""
        there = np.flatnonzero(np.isfinite(self.goals).all(axis=1))
        sizes = np.array([self.search.scales[name] for name, _ in self.aims])
        return there[unbeaten(self.goals[there] / sizes)]

    @property
    def joined(self) -> NDArray[np.bool_]:
        """Whether each device of `kept` has the next one within reach."""
        return np.abs(np.diff(self._scaled(), axis=0)).sum(axis=1) <= WIDE * self.step

    @property
    def wide(self) -> list[tuple[int, int]]:
        """Neighbours that are not joined."""
        kept, joined = self.kept, self.joined
        return [(int(kept[k]), int(kept[k + 1])) for k in np.flatnonzero(~joined)]

    def trades(self) -> tuple[Array, tuple[tuple[LimitPrice, ...], ...]]:
        """Change of the first objective for one SI unit of the second, and what else holds devices."""
        kept = self.kept
        cases = np.array([self.tasks[k].case for k in kept.tolist()], np.intp)
        tasks = []
        for k in kept.tolist():
            last = k == kept[-1] and len(kept) > 1
            inner = k != kept[0] and not last
            limits = [*self.search.limits, *([self._limit(1, self.goals[k, 1])] if inner else [])]
            tasks.append(replace(self.tasks[k], aim=self.aims[int(last)], limits=limits))
        trade, others = np.full(len(kept), np.nan), []
        for k, held in enumerate(self.search.prices(cases, self.places[kept], tasks)):
            steps = [
                one.words(self.search.kinds[one.name]) for one in tasks[k].limits[len(self.search.limits) :]
            ]
            for one in held:
                if one.words in steps:  # the objective falls as this limit is drawn closer
                    trade[k] = -self.aims[1][1] * one.price
            others.append(tuple(one for one in held if one.words not in steps))
        return trade, tuple(others)

    def _add(self, tasks: list[SearchTask]) -> None:
        if not tasks:
            return
        ends = self.search.run(tasks)
        values = self.search.reached(tasks, ends)
        goals = np.stack([sign * values[name] for name, sign in self.aims], axis=1)
        self.tasks += tasks
        self.places = np.concatenate([self.places, ends])
        self.goals = np.concatenate([self.goals, goals])

    def _best(self, aim: int) -> dict[int, int]:
        """The best search of an objective for each combination that has one."""
        best: dict[int, int] = {}
        for k, task in enumerate(self.tasks):
            value, combination = self.goals[k, aim], task.case // self.search.starts
            if task.aim != self.aims[aim] or not np.isfinite(value):
                continue
            if combination not in best or value > self.goals[best[combination], aim]:
                best[combination] = k
        return best

    def _limit(self, k: int, least: float) -> StudyLimit:
        """That an objective is at least so good."""
        name, sign = self.aims[k]
        return StudyLimit(name, float(sign * least), -sign, quantity(name).unit)

    def _beyond(self, k: int, own: dict[int, int], least: Array) -> Iterator[SearchTask]:
        """Searches of the other objective from some devices, none worse in this one."""
        for row in own.values():
            limits = [*self.search.limits, self._limit(k, least[row])]
            yield SearchTask(self.tasks[row].case, self.places[row], self.aims[1 - k], limits)

    def _scaled(self) -> Array:
        """Objectives of the kept devices, from 0 to 1 between the ends."""
        goals = self.goals[self.kept]
        return (goals - goals.min(axis=0)) / np.maximum(np.ptp(goals, axis=0), np.finfo(float).tiny)

    def _left(self) -> Array:
        """Values of u for the steps that gaps have taken, between joined devices."""
        scaled, joined = self._scaled(), self.joined
        along = np.abs(np.diff(scaled, axis=0)).sum(axis=1)
        left = round(2.0 / self.step) + 1 - len(scaled)
        if left <= 0 or not joined.any():
            return np.zeros(0)
        u = scaled[:, 1] - scaled[:, 0]
        counts = np.where(joined, np.ceil(along / (along[joined].sum() / (joined.sum() + left))), 1).astype(
            int
        )
        return np.concatenate([np.linspace(u[k], u[k + 1], n + 1)[1:-1] for k, n in enumerate(counts)])

    def _even(self, levels: Array) -> Iterator[SearchTask]:
        """Searches of the first objective at values of u, for every combination that reaches them."""
        kept = self.goals[self.kept]
        ranges, low = np.ptp(kept, axis=0), kept.min(axis=0)
        weights = {name: s * sign / r for (name, s), sign, r in zip(self.aims, (-1, 1), ranges, strict=True)}
        shift = float(low[1] / ranges[1] - low[0] / ranges[0])
        ends = [self._best(k) for k in (0, 1)]
        for level in levels.tolist():
            for combination in ends[0].keys() & ends[1].keys():
                begin, last = (own[combination] for own in ends)
                at = [float(np.diff((self.goals[k] - low) / ranges)[0]) for k in (begin, last)]
                if not at[0] < level < at[1]:  # the best of the first objective keeps this step already
                    continue
                share = (level - at[0]) / (at[1] - at[0])
                between = (1.0 - share) * self.places[begin] + share * self.places[last]
                limit = StudyLimit("step along the front", level + shift, -1.0, "", weights)
                yield from self._from_all(combination, [between], 0, limit)

    def _between(self, left: int, right: int) -> Iterator[SearchTask]:
        """Searches of each objective with the other one halfway between those of two devices."""
        middle = 0.5 * (self.goals[left] + self.goals[right])
        for k in (0, 1):
            limit = self._limit(1 - k, middle[1 - k])
            for combination in range(self.search.combinations):
                own = [
                    self.places[one]
                    for one in (left, right)
                    if self.tasks[one].case // self.search.starts == combination
                ]
                yield from self._from_all(combination, own, k, limit)

    def _from_all(
        self, combination: int, begun: list[Array], k: int, limit: StudyLimit
    ) -> Iterator[SearchTask]:
        """Searches of one combination from some places and all starts."""
        limits = [*self.search.limits, limit]
        for place in (*begun, *self.search.rows):
            yield SearchTask(combination * self.search.starts, place, self.aims[k], limits)


def unbeaten(rows: Array, known: int = 0) -> NDArray[np.intp]:
    """Numbers of the rows of which no other is larger in all columns, the largest of the first column first.

    `rows` (devices, objectives): in units of their sizes; of rows that agree within `KEPT` one is taken, and
        differences within it do not count against larger ones.
    `known`: first rows of which none beats another, so that they are not compared again.

    >>> unbeaten(np.array([[1.0, 3.0], [2.0, 2.0], [1.5, 1.5], [2.0, 2.0]])).tolist()
    [1, 0]
    """
    alive = np.arange(len(rows)) < known
    for k in (known + _falling(rows[known:])).tolist():
        if not np.any(np.all(rows[alive] >= rows[k] - KEPT, axis=1)):
            alive &= ~np.all(rows <= rows[k] + KEPT, axis=1)
            alive[k] = True
    found = np.flatnonzero(alive)
    return found[_falling(rows[found])]


def _falling(rows: Array) -> NDArray[np.intp]:
    """The order of rows by falling values of the first column, then of the next ones."""
    return np.lexsort([-column for column in rows.T[::-1]])
