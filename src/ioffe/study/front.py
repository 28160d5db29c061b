"""Two objectives of a study: the front of devices of which no other is better in both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError
from ioffe.base.quantities import quantity
from ioffe.base.status import Status
from ioffe.base.table import ResultTable, table
from ioffe.solve.batch.choice import Engine
from ioffe.study.front_search import FrontSearch
from ioffe.study.optimising import FoundDevices, checked_search, quality_of
from ioffe.study.searching import Aim, LimitPrice
from ioffe.study.study import Study

Array = NDArray[np.float64]
POINTS: Final = 11
"""Even steps along a front, its two ends among them."""
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
    joined : ndarray of bool
        Whether the front was followed from each device to the next one, (devices - 1,).
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
    joined: NDArray[np.bool_]
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
        units["trade"] = first if second == "1" else f"({first})/({second})"
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
                f"device {k + 1} of {len(self)}",
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
        Even steps along the front, its ends among them: from one device to the next one, the changes of both
        objectives, as shares of their ranges over the front, sum to ``2 / (points - 1)``. Edges of gaps, and
        devices where searches between wide neighbours find some, come on top.
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
    ['0.5 mm', '0.907 mm', '4 mm']
    """
    if len(study.objectives) != 2:
        expected = f"two objectives are expected for a front, not {len(study.objectives)}"
        advice = 'such as largest = ["power", "efficiency"]; evolved_front takes more'
        raise InputError(Fault("largest", expected=expected, advice=advice))
    if isinstance(points, bool) or not isinstance(points, int) or points < 2:
        raise InputError(Fault("points", points, "a whole number from 2 is expected"))
    search = checked_search(study, engine, threads, points)
    found = FrontSearch(search, points)
    found.run()
    kept, joined = found.kept, found.joined
    cases = np.array([found.tasks[k].case for k in kept.tolist()], np.intp)
    trade, others = found.trades()
    _, named = search.at(cases, found.places[kept])
    final = search.solved(cases, found.places[kept])
    return ParetoFront(
        study=study,
        objectives=study.objectives,
        columns=named | {name: final.values[name] for name in study.kept},
        joined=joined,
        trade=trade,
        prices=others,
        evaluations=search.evaluations,
        **quality_of(study, final.batch, np.arange(len(kept)), notes=tuple(_gaps(joined))),
    )


def _gaps(joined: NDArray[np.bool_]) -> Iterator[str]:
    """Where a front is broken."""
    for k in np.flatnonzero(~joined).tolist():
        yield f"no device of the front was found between numbers {k + 1} and {k + 2}"
