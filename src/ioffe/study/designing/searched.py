"""Questions whose answer is the best device of a few variables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.quantities import QUANTITIES
from ioffe.base.units import format_si
from ioffe.device.conditions import Generator
from ioffe.device.parameters import meant, quantity_of
from ioffe.result.batch import BatchResult
from ioffe.solve.task import QUANTITIES as KNOWN
from ioffe.study.designing.answer import DesignAnswer, DesignPicture, in_words, listed
from ioffe.study.designing.legs import FLOW_LAWS
from ioffe.study.designing.question import Asked, answered
from ioffe.study.designing.space import DesignSpace, DesignVariable

Array = NDArray[np.float64]
AS_IS: Final = "as it is"
NEAR: Final = 0.01
"""Share of the aim that is given away between the ends of what is nearly as good."""
KEPT: Final = {
    True: ("power", "power_density", "efficiency", "heat_hot", "current", "voltage"),
    False: ("heat_cold", "COP", "power", "T_cold", "delta_T", "current", "voltage"),
}
"""Quantities of every device of an answer, of generators (True) and of coolers."""
JUNCTIONS: Final = ("T_hot_junction", "T_cold_junction")


@dataclass(frozen=True)
class Searched:
    """Makes the answer of a question from its space.

    `space`: the variables of a question, and what follows from them.
    `steps`: which variables are free in each device of the answer; those that the space lacks are left out,
        and steps that add none. By default all are free in one step.
    `assumed`: what every answer of the question rests on.
    """

    space: Callable[[Asked], DesignSpace]
    steps: Sequence[Sequence[str]] = ((),)
    assumed: tuple[str, ...] = ()

    def __call__(self, asked: Asked) -> DesignAnswer:
        """The answer to a question about one device."""
        space = self.space(asked)
        steps = self._steps(space)
        places = [space.now] + [space.best(free) for free in steps.values()]
        x = {name: np.array([one[name] for one in places]) for name in space.now}
        found = space.solved(x, keep=(*KEPT[isinstance(asked.conditions, Generator)], *JUNCTIONS))
        columns = _columns(space, x, found)
        free, best = list(steps.values())[-1], places[-1]
        drawn, near = _drawn(space, free, dict(zip((AS_IS, *steps), places, strict=True)))
        return answered(
            asked,
            found,
            (AS_IS, *steps),
            columns,
            _sentence(space, free, columns, near),
            aim=space.aim,
            quantities=_quantities(asked, space, columns),
            drawn=drawn,
            assumed=(*self.assumed, *_range_of(space, free), *_laws(asked)),
            warnings=tuple(_ends(space, free, best)),
        )

    def _steps(self, space: DesignSpace) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for wanted in self.steps:
            free = tuple(one for one in wanted if one in space.now) if wanted else tuple(space.now)
            if free and free not in found.values():
                alone = len(self.steps) == 1
                found["best" if alone else f"best {listed([in_words(name) for name in free])}"] = free
        return found


def _laws(asked: Asked) -> tuple[str, ...]:
    """What the flow of a pump is assumed to do, where one was asked for."""
    return (FLOW_LAWS,) if asked.options.get("pump_power") else ()


def _columns(space: DesignSpace, x: Mapping[str, Array], found: BatchResult) -> dict[str, Array]:
    """Variables, the numbers of the device that follow, and quantities of the operating point."""
    moved = {path: np.broadcast_to(v, found.point_status.shape) for path, v in space.paths(x).items()}
    columns = {**x, **{path: v for path, v in moved.items() if path not in x}}
    columns[space.aim] = space.of(found.values, x)
    columns |= {name: values for name, values in found.values.items() if name not in columns}
    if isinstance(space.conditions, Generator):
        with np.errstate(divide="ignore", invalid="ignore"):
            columns["load_resistance"] = found.values["voltage"] / found.values["current"]
    return columns


def _quantities(asked: Asked, space: DesignSpace, columns: Mapping[str, Array]) -> dict[str, str]:
    own = {one.name: one.kind for one in space.variables}
    for name in columns:
        if name not in own and name not in QUANTITIES and name not in KNOWN[False]:
            full = meant(asked.device, asked.conditions, name)[0]
            own[name] = quantity_of(full, asked.conditions)
    return {name: kind for name, kind in own.items() if kind != name}


def _drawn(
    space: DesignSpace, free: Sequence[str], places: Mapping[str, Mapping[str, float]]
) -> tuple[dict[str, DesignPicture], dict[str, tuple[float, float]]]:
    """Pictures of the aim around the last of the places, and what is nearly as good along each variable."""
    best = list(places.values())[-1]
    drawn, near = {}, {}
    kinds = {one.name: one.kind for one in space.variables}
    log = tuple(one.name for one in space.variables if one.log)
    if len(free) > 1:
        for names in list(combinations(free, 2))[:1]:
            x, y, values = space.field(names, best)
            axes = {names[0]: x, names[1]: y}
            marks = {k: {n: one[n] for n in names} for k, one in places.items()}
            title = f"{space.aim} over {names[0]} and {names[1]}"
            drawn[title] = DesignPicture(axes, {space.aim: values}, kinds, log, marks)
    for name in free:
        shown = places if len(free) == 1 else {list(places)[-1]: best}
        x, values = space.course(name, best, [one[name] for one in shown.values()])
        marks = {k: {name: one[name]} for k, one in shown.items()}
        picture = DesignPicture({name: x}, {space.aim: values}, kinds, log, marks)
        drawn[f"{space.aim} over {name}"] = picture
        near[name] = _near(x, space.sign * values, space.variable(name))
    return drawn, near


def _near(x: Array, values: Array, variable: DesignVariable) -> tuple[float, float]:
    """Between which values the aim is within one per cent of its best, along the course."""
    top = np.nanargmax(values)
    bound = values[top] - NEAR * abs(values[top])
    shares = [variable.share(one) for one in x]
    ends = []
    for step, last in ((-1, 0), (1, len(x) - 1)):
        k = int(top)
        while k != last and values[k + step] >= bound:
            k += step
        if k == last or not np.isfinite(values[k + step]):
            ends.append(shares[k])
        else:
            part = (values[k] - bound) / (values[k] - values[k + step])
            ends.append(shares[k] + part * (shares[k + step] - shares[k]))
    low, high = (float(variable.at(share)) for share in ends)
    return low, high


def _sentence(
    space: DesignSpace,
    free: Sequence[str],
    columns: Mapping[str, Array],
    near: Mapping[str, tuple[float, float]],
) -> str:
    values = columns[space.aim]
    what = f"{'largest' if space.sign > 0 else 'smallest'} {in_words(space.aim)}"
    told = [f"{in_words(n)} {_shown(space, n, columns[n][-1])}" for n in free]
    text = f"The {what} is {_told(values[-1], space.aim)}, at {listed(told)}"
    if np.isfinite(values[0]):
        text += f"; as the device is, it has {_told(values[0], space.aim)}"
    ranges = [
        f"{in_words(n)} from {_shown(space, n, a)} to {_shown(space, n, b)}" for n, (a, b) in near.items()
    ]
    alone = ", each alone," if len(ranges) > 1 else ""
    return f"{text}. Within 1 % of it{alone} {'is' if len(ranges) == 1 else 'are'} {listed(ranges)}."


def _told(value: float, kind: str) -> str:
    return format_si(float(value), kind, 4) if np.isfinite(value) else "-"


def _shown(space: DesignSpace, name: str, value: float) -> str:
    return format_si(float(value), space.variable(name).kind, 4)


def _ends(space: DesignSpace, free: Sequence[str], best: Mapping[str, float]) -> Iterator[str]:
    for name in free:
        end = space.variable(name).end(best[name])
        if end:
            side = "smaller" if end == "low" else "larger"
            at = _shown(space, name, best[name])
            yield f"the best {in_words(name)} is at the end of its range, {at}: {side} ones may be better"


def _range_of(space: DesignSpace, free: Sequence[str]) -> Iterator[str]:
    for name in free:
        one = space.variable(name)
        ends = (_shown(space, name, value) for value in (one.low, one.high))
        yield f"{in_words(name)} was searched from {' to '.join(ends)}"
