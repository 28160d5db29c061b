"""How good a heat sink a cooler needs for its task, and how much of its fan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import ConvergenceError, Faults
from ioffe.base.units import format_si
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.study.designing.answer import DesignAnswer, DesignPicture
from ioffe.study.designing.legs import FILM, FLOW_LAWS, PUMP
from ioffe.study.designing.question import AIMS, Asked, answered
from ioffe.study.designing.searched import AS_IS, KEPT
from ioffe.study.designing.space import DesignSpace, DesignVariable

Array = NDArray[np.float64]
SINK: Final = "thermal_resistance"
PERFECT: Final = 1e6
"""W/(m2 K); what no heat sink has."""
WORSE: Final = 1e5
"""Factor from a perfect sink to the worst one that is looked at."""
HIDDEN: Final = 1e-6
"""Share of the largest resistance by which the worst sink stays below it, so that it can be solved."""
POINTS: Final = (33, 9, 9, 9, 9, 9)
"""Of grids in ever narrower brackets: to a millionth of the range, over which a straight line is exact."""


def crossing(variable: DesignVariable, excess: Callable[[Array], Array]) -> float:
    """Value of a variable at which something falls through zero, by grids in ever narrower brackets.

    `variable`: its range.
    `excess`: from values to what is above zero at first; NaN, where it does not exist, counts as below.
    Returns: NaN if it is below zero from the beginning, infinity if it never falls there.
    """
    low, high = 0.0, 1.0
    for points in POINTS:
        shares = np.linspace(low, high, points)
        found = excess(variable.at(shares))
        above = np.isfinite(found) & (found > 0.0)
        if not above[0]:
            return float("nan")
        if above.all():
            return float("inf")
        last = int(np.argmin(above)) - 1
        low, high = float(shares[last]), float(shares[last + 1])
    a, b = excess(variable.at(np.array([low, high])))
    part = a / (a - b) if np.isfinite(b) else 0.5
    return float(variable.at(low + part * (high - low)))


def sink(asked: Asked) -> DesignAnswer:
    """The largest resistance with which a cooler does its task, a nearly perfect one, the best flow."""
    assert isinstance(asked.device, Module)
    task: Any = asked.conditions
    extra, fan = asked.options["more"], asked.options["fan_power"]
    area = asked.device.footprint
    now = task.resistance("hot", area)
    space = _space(asked, now, 1.0 / (PERFECT * area))
    limit = _limit(space, task)
    inside = replace(space.variables[0], high=limit)
    space = replace(space, variables=[inside])
    least = float(space.aims({SINK: np.array([inside.low])})[0])
    sized = crossing(inside, lambda R: (1.0 + extra) * least - space.aims({SINK: R}))
    sized = sized if np.isfinite(sized) else limit
    places = {AS_IS: now} if now else {}
    places |= {"perfect sink": inside.low, f"{100 * extra:.3g} % more power": sized}
    places["worst sink"] = limit * (1.0 - HIDDEN)
    marks = {label: {SINK: value} for label, value in places.items() if value <= limit}
    # the power ends as the root of what is left up to the limit: squares make even steps of it
    steps = inside.at(1.0 - np.linspace(1.0, 0.0, 41)[:-1] ** 2)
    along = np.union1d(steps, [value for value in places.values() if value <= limit])
    picture = DesignPicture({SINK: along}, {"power": space.aims({SINK: along})}, {}, (SINK,), marks)
    drawn = {f"power over {SINK}": picture}
    sentence = (
        f"The cooler carries {format_si(float(task.heat), 'heat_cold')} at "
        f"{format_si(float(task.T_cold), 'temperature')} with a heat sink of at most "
        f"{format_si(limit, SINK, 4)}; one of {format_si(sized, SINK, 4)} takes {100 * extra:.3g} % more "
        "power than a perfect one"
    )
    assumed = [f"a sink of {format_si(PERFECT, 'heat_transfer_coefficient')} is taken for perfect"]
    # a fan belongs to the sink of the file, and to no other one
    flow = np.array([1.0 if label == AS_IS else np.nan for label in places])
    if fan:
        sentence += ", its fan apart"
        fanned = _fanned(space, now, fan)
        best = fanned.best(["relative_flow"])["relative_flow"]
        places["best flow of the fan"] = now * best**-FILM
        flow = np.append(flow, best)
        u, total = fanned.course("relative_flow", {}, (1.0, best))
        marks = {AS_IS: {"relative_flow": 1.0}, "best": {"relative_flow": best}}
        axes = {"relative_flow": u}
        drawn["total_power over relative_flow"] = DesignPicture(
            axes, {"total_power": total}, {}, ("relative_flow",), marks
        )
        power = float(fanned.aims({"relative_flow": np.array([best])})[0])
        sentence += f". The fan does best at {best:.3g} of its flow: then cooler and fan take "
        sentence += format_si(power, "total_power", 4)
        assumed.append(FLOW_LAWS)
    R = np.array(list(places.values()))
    found = space.solved({SINK: R}, keep=(*KEPT[False], "T_hot_junction"))
    columns = {SINK: R, "heat_transfer_coefficient": 1.0 / (R * area), **found.values}
    if fan:
        columns |= {"relative_flow": flow, "total_power": found.values["power"] + fan * flow**PUMP}
    return answered(
        asked, found, tuple(places), columns, f"{sentence}.", aim="power", drawn=drawn, assumed=assumed
    )


def _space(asked: Asked, now: float, perfect: float) -> DesignSpace:
    """The power of a cooler over the resistance of its sink, whatever the file gives it by."""
    at = asked.conditions.replace(hot_resistance=now, hot_heat_transfer_coefficient=None)
    variable = DesignVariable(SINK, now or perfect, perfect, WORSE * perfect)
    return DesignSpace(
        asked.device, at, [variable], lambda x: {"hot_resistance": x[SINK]}, "power", -1.0, how=asked.how
    )


def _limit(space: DesignSpace, task: Any) -> float:
    """The resistance at which the largest heat that is taken up is that of the task."""
    largest = replace(space, conditions=AIMS["heat"].imposed(space.conditions), aim="heat_cold", sign=1.0)
    found = crossing(space.variables[0], lambda R: largest.aims({SINK: R}) - float(task.heat))
    if np.isfinite(found):
        return found
    heat, cold = format_si(float(task.heat), "heat_cold"), format_si(float(task.T_cold), "temperature")
    if np.isnan(found):
        raise ConvergenceError(f"even with a perfect heat sink the cooler does not carry {heat} at {cold}")
    raise ConvergenceError(f"the cooler carries {heat} at {cold} with any heat sink")


def _fanned(space: DesignSpace, now: float, fan: float) -> DesignSpace:
    """The power of cooler and fan over the flow of the fan."""

    def total(values: Mapping[str, Any], x: Mapping[str, Any]) -> Any:
        return values["power"] + fan * x["relative_flow"] ** PUMP

    return replace(
        space,
        variables=[DesignVariable("relative_flow", 1.0, 0.1, 5.0)],
        paths=lambda x: {"hot_resistance": now * x["relative_flow"] ** -FILM},
        aim="total_power",
        value=total,
        needs=("power",),
    )


def needs_task(faults: Faults, device: Leg | Module, conditions: Any, options: Mapping[str, Any]) -> None:
    """Note a cooler without a heat load and a cold side, and a fan without its sink."""
    del device
    for name, text in (("heat", '"10 W"'), ("T_cold", '"285 K"')):
        if getattr(conditions, name) is None:
            expected = f"a value is expected that the cooler has to hold, such as {text}"
            faults.add(f"operate.{name}", expected=expected)
    if conditions.heat is not None and not np.all(np.asarray(conditions.heat) > 0.0):
        faults.add("operate.heat", conditions.heat, "a heat above zero is expected")
    if options["fan_power"] is not None and not (
        conditions.hot_resistance or conditions.hot_heat_transfer_coefficient
    ):
        faults.add("operate.hot_resistance", expected="that of the heat sink is expected whose fan it is")
