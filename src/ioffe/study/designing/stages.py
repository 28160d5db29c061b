"""How many stages a cooler should have: cascades of one module, each with its best ratio of couples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from ioffe.base.errors import ConvergenceError
from ioffe.base.status import Status
from ioffe.base.units import format_si
from ioffe.device.cascade import Cascade
from ioffe.device.module import Module
from ioffe.device.parts import Layer
from ioffe.result.steady import Result
from ioffe.study.designing.answer import DesignAnswer, DesignPicture
from ioffe.study.designing.question import Asked, answered

RATIOS: Final = np.geomspace(1.0, 8.0, 13)
"""Couples of a stage over those of the next one towards the cold side."""
CURRENTS: Final = np.geomspace(0.06, 1.2, 16)
"""Over that of the largest temperature difference of one stage: where the best current is looked for."""
SCREEN: Final = 1e-4
"""Tolerance while ratios are compared; the best of them is solved again."""
KEPT: Final = ("COP", "heat_cold", "power", "T_cold", "delta_T", "current", "voltage")
WORTH: Final = 0.05
"""Gain, over what one stage less has, below which another stage is not worth it."""


def cascade_of(module: Module, couples: tuple[int, ...]) -> Cascade:
    """A cascade whose stages are one module with other numbers of couples, from the hot to the cold side.

    Plates over the whole footprint stand at both ends and once between two stages; electrodes belong to each
    stage.

    `module`: the stage.
    `couples`: of each stage.

    >>> from ioffe import Leg
    >>> p, n = (Leg(f"generic {kind} cooler leg", "1.6 mm", "1.96 mm2") for kind in "pn")
    >>> [stage.couples for stage in cascade_of(Module(p, n, 12, fill_factor=0.4), (12, 4)).stages]
    [12, 4]
    """
    plates = [layer for layer in module.cold if layer.coverage == "footprint"]
    last = len(couples) - 1
    stages = [
        module.replace(
            couples=n,
            layout=None,
            hot=module.hot if k == 0 else _electrodes(module.hot),
            cold=module.cold if k == last else _electrodes(module.cold),
        )
        for k, n in enumerate(couples)
    ]
    return Cascade(stages, between=[plates] * last if last and plates else ())


def stages(asked: Asked) -> DesignAnswer:
    """Cascades of one to several stages side by side."""
    assert isinstance(asked.device, Module)
    module, most, goal = asked.device, asked.options["most"], asked.goal
    conditions: Any = asked.conditions
    alone = module.delta_T_max(T_hot=asked.conditions.T_hot)
    currents = float(alone.delta_T_max_current) * CURRENTS
    best: dict[int, tuple[tuple[int, ...], Result]] = {}
    tried: dict[int, list[tuple[float, float]]] = {}
    for count in range(1, most + 1):
        ratios = RATIOS if count > 1 else RATIOS[:1]
        couples = dict.fromkeys(
            tuple(max(round(module.couples * r**-k), 1) for k in range(count)) for r in ratios
        )
        values = [_largest(cascade_of(module, n), conditions, goal.quantity, currents) for n in couples]
        pairs = zip(couples, values, strict=True)
        tried[count] = [(n[0] / n[1], value) for n, value in pairs if count > 1]
        if np.any(np.isfinite(values)):
            chosen = list(couples)[int(np.nanargmax(values))]
            found = cascade_of(module, chosen).solve(conditions, maxima=False, tolerance=1e-6)
            if np.isfinite(_value(found, goal.quantity)):
                best[count] = chosen, found
    if not best:
        told = (
            f"no cascade of up to {most} stages has a {goal.words}{_task(conditions)} under these conditions"
        )
        raise ConvergenceError(told)
    names = [_named(count) for count in best]
    results = [found for _, found in best.values()]
    columns: dict[str, Any] = {"stages": np.array(list(best))}
    columns["couples of the stages"] = np.array([" + ".join(map(str, n)) for n, _ in best.values()], object)
    columns |= {key: np.array([float(np.asarray(r.values[key])) for r in results]) for key in KEPT}
    values, counts = columns[goal.quantity], list(best)
    steps = range(len(counts) - 1)
    chosen = next((k for k in steps if values[k + 1] < (1 + WORTH) * values[k]), len(steps))
    picture = DesignPicture(
        {"stages": np.array([float(n) for n in counts])},
        {goal.quantity: values},
        marks={names[chosen]: {"stages": float(counts[chosen])}},
    )
    drawn = {f"{goal.quantity} over stages": picture}
    for count, pairs in tried.items():
        if count > 1:
            ratio, value = np.array(pairs).T
            drawn[f"{goal.quantity} of {_named(count)} over the ratio"] = DesignPicture(
                {"couples of the first over the second": ratio}, {goal.quantity: value}
            )
    told = f"{len(RATIOS)} from 1 to {RATIOS[-1]:g} were tried"
    return answered(
        asked,
        _Quality(results),
        names,
        columns,
        _sentence(asked, columns, counts, chosen),
        drawn=drawn,
        assumed=(
            "every stage is the module of the file, the first one with its couples",
            f"couples fall by one ratio from stage to stage, rounded to whole ones; {told}",
            "one current flows through all; where the footprint changes, constriction in plates is left out",
        ),
        warnings=tuple(
            f"the best ratio of {_named(n)} is the largest that was tried, {RATIOS[-1]:g}"
            for n, (couples, _) in best.items()
            if n > 1 and couples[0] / couples[1] >= 0.95 * RATIOS[-1]
        ),
    )


def _task(conditions: Any) -> str:
    """The heat load that is held, as a sentence ends with it."""
    if not conditions.heat:
        return ""
    return f" at a heat load of {format_si(float(conditions.heat), 'heat_cold')}"


def _sentence(asked: Asked, columns: Mapping[str, Any], counts: list[int], chosen: int) -> str:
    goal, most = asked.goal, asked.options["most"]
    values, n = columns[goal.quantity], counts[chosen]
    verb = "has" if n == 1 else "have"
    couples = columns["couples of the stages"][chosen]
    reached = format_si(values[chosen], goal.quantity, 4)
    text = f"{_named(n).capitalize()} of {couples} couples {verb} a {goal.words} of {reached}"
    text += _task(asked.conditions)
    if chosen + 1 < len(counts):
        gain = 100.0 * (values[chosen + 1] / values[chosen] - 1.0)
        text += f"; another stage changes that by {gain:+.2g} %, less than {100 * WORTH:.0f} %"
    missing = [_named(k) for k in range(1, most + 1) if k not in counts]
    if missing:
        text += f". Under these conditions {', '.join(missing)} cannot work at all"
    return f"{text}."


def _largest(device: Cascade, conditions: Any, name: str, currents: Any) -> float:
    """Largest value over some currents, by the parabola through the best of them and its neighbours.

    With a heat load beside a cold side the current is that which holds it.
    """
    if conditions.heat is not None and conditions.T_cold is not None:
        return _value(device.solve(conditions, maxima=False, tolerance=SCREEN), name)
    at = conditions.replace(current=currents, voltage=None, aim=None)
    values = device.solve(at, maxima=False, tolerance=SCREEN).values[name]
    values = np.where(np.isfinite(values), values, -np.inf)
    k = int(np.argmax(values))
    if not np.isfinite(values[k]):
        return float("nan")
    if not 0 < k < len(currents) - 1 or not np.isfinite(values[k - 1 : k + 2]).all():
        return float(values[k])
    low, middle, high = values[k - 1 : k + 2]
    bend = low - 2.0 * middle + high
    return float(middle - (high - low) ** 2 / (8.0 * bend)) if bend < 0.0 else float(middle)


def _value(found: Result, name: str) -> float:
    return float(np.asarray(found.values[name])) if found.status < Status.RUNAWAY else float("nan")


def _named(count: int) -> str:
    words = ("one", "two", "three", "four", "five", "six", "seven", "eight")
    return f"{words[count - 1] if count <= len(words) else count} stage{'s' if count > 1 else ''}"


def _electrodes(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    return tuple(layer for layer in layers if layer.coverage != "footprint")


class _Quality:
    """What several results say together of how good their numbers are."""

    def __init__(self, results: list[Result]) -> None:
        for name in ("point_status", "point_energy_balance", "point_error_estimate"):
            setattr(self, name, np.array([np.ravel(getattr(one, name))[0] for one in results]))
        self.interpolation: Mapping[str, str] = results[0].interpolation
        self.warnings = tuple(dict.fromkeys(text for one in results for text in one.warnings))
        self.notes = tuple(dict.fromkeys(text for one in results for text in one.notes))
