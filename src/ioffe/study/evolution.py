"""More than two objectives of a study, and more combinations than can be searched: an evolution of devices.

`scipy.optimize.differential_evolution` (R. Storn, K. Price, J. Global Optim. 11 (1997) 341, doi
10.1023/A:1008202821328) of one batch a generation, over ranges, grids, lists and materials together, for the
weighted Chebyshev distance to the best of each objective, with one set of weights after the other (R. E.
Steuer, E.-U. Choo, Math. Program. 26 (1983) 326, doi 10.1007/BF02591870). The front is made of all devices
that were solved on the way: what it holds is true, what is missing was not found.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import combinations
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import ConvergenceError, Fault, InputError
from ioffe.field.progress import tell
from ioffe.solve.batch.choice import Engine
from ioffe.study.front import ParetoFront
from ioffe.study.front_search import unbeaten
from ioffe.study.missed import MissedLimits
from ioffe.study.optimising import SearchEstimate, quality_of
from ioffe.study.solving import solve_devices
from ioffe.study.study import Study

Array = NDArray[np.float64]
POPULATION: Final = 32
"""Devices of a generation."""
GENERATIONS: Final = 25
DIVISIONS: Final = 4
"""Steps of each weight from 0 to 1."""
DISTANCE: Final = 1e-3
"""Weight of the sum of the distances beside the largest of them, so that none may be wasted."""
MOST_KEPT: Final = 200
"""Devices of a front, the most different ones."""


def evolved_front(
    study: Study,
    *,
    generations: int = GENERATIONS,
    seed: int = 0,
    engine: Engine = "auto",
    threads: int | None = None,
) -> ParetoFront:
    """Find devices of which no other is better in all objectives by an evolution.

    Parameters
    ----------
    study : Study
        With any number of objectives; what varies may be ranges, grids, lists and materials.
    generations : int
        Of each set of weights.
    seed : int
        The same one gives the same front.
    engine, threads
        As for `solve_batch`.

    Returns
    -------
    ParetoFront
        Of at most 200 devices.

    Raises
    ------
    InputError
        Without a variable.
    ConvergenceError
        If no device was found that keeps the constraints.

    Examples
    --------
    >>> from ioffe import Generator, Leg
    >>> from ioffe.study import SamplePlan, Span, Study
    >>> aims = ["power", "efficiency"]
    >>> ranges = {"length": Span("1 mm", "4 mm")}
    >>> leg, at = Leg("Bi2Te3", "2 mm", "2 mm2"), Generator(T_hot=450, T_cold=330, load=0.02)
    >>> study = Study(leg, at, ranges, aims, largest=aims, sample=SamplePlan(1))
    >>> len(evolved_front(study, generations=2)) > 2
    True
    """
    search = _evolution(study, {"engine": engine, "threads": threads})
    if isinstance(generations, bool) or not isinstance(generations, int) or generations < 1:
        raise InputError(Fault("generations", generations, "a whole number from 1 is expected"))
    sets = list(_weights(len(study.objectives)))
    search.rounds = len(sets) * (generations + 1)
    for k, weights in enumerate(sets):
        search.run(weights, generations, seed + k)
    return search.front()


def estimate_evolution(study: Study, engine: Engine = "auto") -> SearchEstimate:
    """Time of an evolution, from a trial with the size of one generation.

    `study`, `engine`: as for `evolved_front`.
    Raises `InputError` without a variable.

    >>> from ioffe import Generator, Leg
    >>> aims = ["power", "efficiency"]
    >>> leg, at = Leg("Bi2Te3", "2 mm", "2 mm2"), Generator(T_hot=450, T_cold=330, load=0.02)
    >>> found = estimate_evolution(Study(leg, at, {"length": [1e-3, 2e-3]}, aims, largest=aims))
    >>> found.at_once, found.rounds
    (32, 130)
    """
    search = _evolution(study, {"engine": engine, "threads": 1})
    low, high = np.array(search.bounds).T
    places = low + (high - low) * np.random.default_rng(0).random((POPULATION, len(low)))
    search.judged(places[:1])  # loads the engine
    start = time.process_time()
    search.judged(places)
    each = (time.process_time() - start) / POPULATION
    rounds = (GENERATIONS + 1) * sum(1 for _ in _weights(len(study.objectives)))
    return SearchEstimate(POPULATION, rounds, each)


def _evolution(study: Study, how: dict[str, Any]) -> _Evolution:
    """An evolution of a study in which something varies."""
    if not any(axis.varies for axis in study.axes):
        raise InputError(Fault("variables", expected="at least one variable is expected, to be searched"))
    return _Evolution(study, {**how, "tolerance": study.tolerance})


def _weights(count: int) -> Iterator[Array]:
    """Weights of the objectives that sum to one, evenly over the simplex; its corners first.

    The lattice of I. Das and J. E. Dennis, SIAM J. Optim. 8 (1998) 631, doi 10.1137/S1052623496307510.
    """
    places = combinations(range(DIVISIONS + count - 1), count - 1)
    rows = [np.diff([-1, *bars, DIVISIONS + count - 1]) - 1 for bars in places]
    yield from sorted((row / DIVISIONS for row in rows), key=lambda row: -row.max())


class _Evolution:
    """Devices that were solved so far, and the distance by which new ones are judged."""

    def __init__(self, study: Study, how: dict[str, Any]) -> None:
        self.study, self.how = study, how
        self.axes = [axis for axis in study.axes if axis.varies]
        self.bounds = [(0.0, 1.0) if axis.sampled else (0.0, len(axis.values) - 1.0) for axis in self.axes]
        self.whole = [not axis.sampled for axis in self.axes]
        self.places = np.zeros((0, len(self.axes)))
        self.rows = np.zeros((0, len(study.objectives)))
        """Objectives, the larger the better, of the devices that keep all constraints."""
        self.solved, self.rounds, self.began = 0, 0, time.monotonic()
        self.missed = MissedLimits(study.limits, study.kinds())

    def vary(self, places: Array) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]]]:
        """Values of the variables at places (n, variables), for a batch and with names."""
        vary, named = {}, {}
        columns = {axis.path: places[:, k] for k, axis in enumerate(self.axes)}
        for axis in self.study.axes:
            at = columns.get(axis.path, np.zeros(len(places)))
            if axis.sampled:
                vary[axis.path] = named[axis.path] = axis.at(at)
                continue
            index = at.round().astype(np.intp)
            vary[axis.path] = axis.of_index(index)
            named[axis.path] = np.array(axis.labels, object)[index] if axis.materials else vary[axis.path]
        return vary, named

    def judged(self, places: Array) -> tuple[Array, Array]:
        """Objectives of devices (n, objectives), and by how much they miss the constraints (n,)."""
        study = self.study
        found = solve_devices(study, self.vary(places)[0], keep=study.kept, **self.how).values
        self.solved += len(places)
        self.missed.add(found)
        rows = np.stack([sign * found[name] for name, sign in study.objectives], axis=1)
        missed = np.zeros(len(places))
        for name, (least, most) in study.limits.items():
            with np.errstate(invalid="ignore"):
                beyond = np.maximum(np.maximum(least - found[name], found[name] - most), 0.0)
            sizes = [abs(end) for end in (least, most) if np.isfinite(end)]
            missed += beyond / (max(sizes) or 1.0)
        missed[~np.isfinite(rows).all(axis=1)] = np.inf
        missed[np.isnan(missed)] = np.inf
        good = missed == 0.0
        self.places = np.concatenate([self.places, places[good]])
        self.rows = np.concatenate([self.rows, rows[good]])
        self._keep(len(self.rows) - int(good.sum()))
        return rows, missed

    def _keep(self, known: int) -> None:
        """Leave out what others beat; the first rows were compared before."""
        if len(self.rows):
            kept = unbeaten(self.rows / self._sizes(), known)
            self.places, self.rows = self.places[kept], self.rows[kept]

    def _sizes(self) -> Array:
        return np.maximum(np.abs(self.rows).max(axis=0), np.finfo(float).tiny)

    def run(self, weights: Array, generations: int, seed: int) -> None:
        """One evolution."""
        from scipy.optimize import differential_evolution

        def distance(places: Array) -> Array:
            rows, missed = self.judged(places.T)
            self._tell()
            if not len(self.rows):
                return np.where(np.isfinite(missed), 1e3 + missed, 1e6)
            ideal, span = self.rows.max(axis=0), np.maximum(np.ptp(self.rows, axis=0), 1e-9 * self._sizes())
            away = weights * (ideal - rows) / span
            value = away.max(axis=1) + DISTANCE * away.sum(axis=1)
            value = np.where(missed > 0.0, 1e3 + np.minimum(missed, 1e3), value)
            return np.where(np.isfinite(value), value, 1e6)

        rng = np.random.default_rng(seed)
        low, high = np.array(self.bounds).T
        first = low + (high - low) * rng.random((POPULATION, len(self.axes)))
        if len(self.places):
            begun = self.places[rng.permutation(len(self.places))[: POPULATION // 2]]
            first[: len(begun)] = begun
        how: dict[str, Any] = {"vectorized": True, "updating": "deferred", "polish": False, "seed": rng}
        how |= {"integrality": self.whole, "maxiter": generations, "init": first, "tol": 0.0}
        differential_evolution(distance, self.bounds, **how)

    def _tell(self) -> None:
        done = self.solved // POPULATION
        left = (time.monotonic() - self.began) * max(self.rounds / done - 1.0, 0.0)
        words = f"{done} of {self.rounds} generations, {len(self.rows):,} devices on the front so far"
        tell(f"{words}, {left:.0f} s left")

    def front(self) -> ParetoFront:
        """What is left of all devices."""
        study = self.study
        if not len(self.rows):
            text = "no device was found that has a solution and keeps all constraints"
            raise ConvergenceError(self.missed.said(text))
        self._keep(0)  # of rows that agree in the sizes of the end
        kept = np.arange(len(self.rows))
        if len(kept) > MOST_KEPT:
            kept = kept[np.unique(np.linspace(0, len(kept) - 1, MOST_KEPT).round().astype(np.intp))]
        vary, named = self.vary(self.places[kept])
        final = solve_devices(study, vary, keep=study.kept, **self.how)
        left = len(self.rows) - len(kept)
        warnings = [f"{left} further devices of the front are left out"] if left else []
        return ParetoFront(
            study=study,
            objectives=study.objectives,
            columns=named | {name: final.values[name] for name in study.kept},
            joined=np.zeros(len(kept) - 1, bool),
            trade=np.full(len(kept), np.nan),
            prices=((),) * len(kept),
            evaluations=self.solved,
            **quality_of(study, final.batch, np.arange(len(kept)), warnings=warnings),
        )
