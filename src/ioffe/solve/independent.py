"""A cascade whose stages have circuits of their own: maxima over the currents of all stages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ioffe.base.aims import AIMS, aims_of
from ioffe.base.errors import Fault, InputError
from ioffe.device.conditions import OPERATION, Array, Conditions, Cooler, Generator
from ioffe.engine import circuits
from ioffe.engine.circuits import Totals
from ioffe.engine.network import Cases, Drive, Solution
from ioffe.engine.optimum import climb
from ioffe.engine.state import FAILED, RUNAWAY
from ioffe.solve.operating import AT_EQUAL_TEMPERATURES, carrying_current
from ioffe.solve.operating import maxima_names as names_of_one_circuit
from ioffe.solve.task import Outcome, SteadyTask

FALLING = (1.0, 0.3, 0.1, 0.03)
"""Starts that are tried, as the current of each stage over that of the hotter one before it.

A small stage cannot carry the heat of a large one behind it at that one's own optimum.
"""
ROUNDING = 1e-12
"""Heat that flows between equal temperatures, in units of the largest."""

Goal = Callable[[Totals, Cases], tuple[Array, Array]]
"""Values (functions, cases) and their slopes (functions, cases, circuits) as `climb` takes them."""


@dataclass(frozen=True, eq=False)
class Search:
    """Operating points of a cascade and the search over the currents of its stages, shape (cases, stages)."""

    task: SteadyTask
    drive: Drive

    @property
    def _circuits(self) -> tuple[circuits.CircuitElements, ...]:
        return tuple(stage.circuit for stage in self.task.assembly.stages)

    def shared(self, shares: Array) -> SteadyTask:
        """The task with given shares of the current of each case, shape (cases, stages)."""
        assembly = self.task.assembly
        network = circuits.shared(assembly.network, self._circuits, tuple(shares.T))
        return replace(self.task, assembly=replace(assembly, network=network))

    def solve(self, currents: Array) -> tuple[SteadyTask, Solution]:
        """Every case at its currents; NaN where nothing is sought."""
        with np.errstate(all="ignore"):
            task = self.shared(currents / currents[:, :1])
        return task, task.solve(self.drive.at(currents[:, 0]))

    def best(self, goal: Goal, start: Array) -> Array:
        """Currents at which the goal is reached; NaN where it is not."""

        def values(currents: Array, cases: Cases) -> tuple[Array, Array]:
            known, t = self.totals(currents, cases)
            f, slopes = goal(t, cases[known])
            whole, steep = np.full((len(f), len(cases)), np.nan), np.full((len(f), *currents.shape), np.nan)
            whole[:, known], steep[:, known] = f, slopes
            return whole, steep

        found = np.full(start.shape, np.nan)
        stage = np.arange(start.shape[1])
        with np.errstate(all="ignore"):
            for share in FALLING:
                rest = np.logical_and(np.isnan(found).any(axis=1), np.isfinite(start).all(axis=1))
                if not rest.any():
                    break
                again = climb(values, np.where(rest[:, None], start * share**stage, np.nan))
                found = np.where(rest[:, None], again, found)
        return found

    def totals(self, currents: Array, cases: Cases) -> tuple[Cases, Totals]:
        """Which of the cases have a solution at their currents, and what they give."""
        drive = self.drive.take(cases).at(np.ones(len(cases)))
        s = Search(self.task, drive).shared(currents).solve(drive)
        known = np.flatnonzero(s.code < RUNAWAY)
        at = drive.take(known), s.T[:, known], currents[known]
        return known, circuits.totals(self.task.assembly.network, self._circuits, *at, **self.task.options)

    def idle(self) -> tuple[Solution, Array, Array, Array]:
        """Solution without currents, and voltage, resistance and Peltier coefficient of each stage."""
        drive = self.drive.at(np.zeros(len(self.drive)))
        s = self.task.solve(drive)
        return s, *self.task.idle_stages(drive, s)


def run(task: SteadyTask, conditions: Conditions) -> tuple[SteadyTask, Outcome]:
    """Solve at the maximum that the conditions name; returns the task with the shares found.

    Raises `InputError` if the conditions name a current, a voltage, a load or a sweep.
    """
    words = aims_of("generate" if isinstance(conditions, Generator) else "cool")
    for name in OPERATION:
        value = getattr(conditions, name, None)
        if value is not None and not (isinstance(value, str) and value in words):
            expected = " or ".join(f'"{word}"' for word in words)
            advice = 'give the stages\' shares of one current with connection = "series"'
            expected += " is expected for a cascade with independent circuits"
            raise InputError(Fault(name, value, expected, advice))
    return _generate(task, conditions) if isinstance(conditions, Generator) else _cool(task, conditions)


def _generate(task: SteadyTask, conditions: Generator) -> tuple[SteadyTask, Outcome]:
    axes, imposed = task.families(conditions, {"T_hot": "T_hot", "T_cold": "T_cold", "heat": "heat_hot"})
    search = Search(task, task.drive(**imposed))
    idle, voltage, resistance, _ = search.idle()
    aim = str(next(v for v in (conditions.current, conditions.load) if v is not None))
    currents = {"max_power": search.best(_power, 0.5 * voltage / resistance)}
    if task.maxima or aim == "max_efficiency":
        currents["max_efficiency"] = search.best(_efficiency, currents["max_power"])
    found = {name: search.solve(at)[1] for name, at in currents.items()}
    solved, points = search.solve(currents[aim])
    points.code[np.isnan(currents[aim][:, 0])] = FAILED
    return solved, Outcome(points, axes, _maxima(task, found), axes, (idle, *found.values()))


def _cool(task: SteadyTask, conditions: Cooler) -> tuple[SteadyTask, Outcome]:
    axes, imposed = task.families(conditions, {"T_hot": "T_hot", "T_cold": "T_cold", "heat": "heat"})
    T_hot, T_cold = imposed["T_hot"], imposed.get("T_cold")
    load = imposed.get("heat", np.zeros(len(T_hot)))
    notes: tuple[str, ...] = ()
    if conditions.aim == "COP" and T_cold is None:
        T_cold, notes = T_hot, (AT_EQUAL_TEMPERATURES,)
    start = _start(task, T_hot, T_hot if T_cold is None else T_cold)
    if T_cold is None:
        floating = Search(task, task.drive(T_hot=T_hot, heat_cold=-load))
        coldest = floating.best(_cold, start)
        solved, points = floating.solve(coldest)
        points.code[np.isnan(coldest[:, 0])] = FAILED
        return solved, Outcome(points, axes, _maxima(task, {"delta_T_max": points}), axes, (), notes)
    search = Search(task, task.drive(T_hot=T_hot, T_cold=T_cold))
    aim = conditions.current if isinstance(conditions.current, str) else "load"
    currents, missed = _fixed(search, aim, load, start)
    solved, points = search.solve(currents[aim])
    points.code[missed[aim]] = FAILED
    others = {name: search.solve(at)[1] for name, at in currents.items() if name != "load"}
    if task.maxima:
        alone = Search(task, task.drive(T_hot=T_hot, heat_cold=0.0 * load))
        others["delta_T_max"] = alone.solve(alone.best(_cold, start))[1]
    return solved, Outcome(points, axes, _maxima(task, others), axes, tuple(others.values()), notes)


def maxima_names(conditions: Conditions) -> tuple[str, ...]:
    """Names of what a result holds of its maxima; circuits of their own have no common voltage."""
    aims = tuple(aim for aim in AIMS if aim != "short_circuit")
    names = names_of_one_circuit(conditions)
    return tuple(name for name in names if name.startswith(aims) and not name.endswith("voltage"))


def _maxima(task: SteadyTask, solved: dict[str, Solution]) -> dict[str, Array]:
    """What a result says of the aims."""
    found: dict[str, Array] = {}
    for aim, s in solved.items():
        found |= {k: v for k, v in task.maxima_of(aim, s).items() if not k.endswith("voltage")}
    return found


def _fixed(
    search: Search, aim: str, load: Array, start: Array
) -> tuple[dict[str, Array], dict[str, NDArray[np.bool_]]]:
    """Currents of the largest heat and COP and of the given load, and where an existing one was not found."""
    idle = search.idle()[0]
    at_heat = search.best(_heat, start)
    lost = np.isnan(at_heat[:, 0])
    _, most = search.solve(at_heat)
    found, missed = {"max_heat": at_heat}, {"max_heat": lost}
    if search.task.maxima or aim == "max_COP":
        # without heat to take up there is no largest COP, nor where heat flows to the hot side by itself
        exists = (most.heat_cold < 0) & (idle.heat_cold > ROUNDING * np.abs(most.heat_cold))
        found["max_COP"] = search.best(_COP, np.where(exists[:, None], _promising(search, at_heat), np.nan))
        missed["max_COP"] = lost | (exists & np.isnan(found["max_COP"][:, 0]))
    if aim == "load":
        reachable = (load <= -most.heat_cold * (1.0 + 1e-9)) & (load >= -idle.heat_cold)
        found["load"] = _carrying(search, load, np.where(reachable[:, None], at_heat, np.nan))
        missed["load"] = lost | (reachable & np.isnan(found["load"][:, 0]))
    return found, missed


def _promising(search: Search, at_heat: Array) -> Array:
    """A share of the currents of the largest heat, the one of the best COP."""
    best, at = np.full(len(at_heat), -np.inf), at_heat
    for share in (1.0, 0.7, 0.5, 0.3, 0.15):
        _, s = search.solve(share * at_heat)
        with np.errstate(all="ignore"):
            COP = np.where(s.heat_cold < 0, s.heat_cold / s.power, -np.inf)
        at, best = np.where((best < COP)[:, None], share * at_heat, at), np.fmax(best, COP)
    return at


def _carrying(search: Search, load: Array, at_heat: Array) -> Array:
    """Currents that carry a heat load with the least power, from those of the largest heat."""
    with np.errstate(all="ignore"):
        shares = at_heat / at_heat[:, :1]
    most = -search.solve(at_heat)[1].heat_cold
    first = carrying_current(search.shared(shares), search.drive, load, at_heat[:, 0], most)
    return search.best(lambda t, cases: _least_power(t, load[cases]), first[:, None] * shares)


def _start(task: SteadyTask, T_hot: Array, T_cold: Array) -> Array:
    """Part of the constant-property optimum of each stage, at the temperatures without a current."""
    _, _, resistance, peltier = Search(task, task.drive(T_hot=T_hot, T_cold=T_cold)).idle()
    return -0.4 * peltier / resistance


def _power(t: Totals, _lanes: Cases) -> tuple[Array, Array]:
    return t.power[None], t.power_I[None]


def _efficiency(t: Totals, _lanes: Cases) -> tuple[Array, Array]:
    efficiency = t.power / t.heat_hot
    return efficiency[None], ((t.power_I - efficiency[:, None] * t.heat_hot_I) / t.heat_hot[:, None])[None]


def _heat(t: Totals, _lanes: Cases) -> tuple[Array, Array]:
    return -t.heat_cold[None], -t.heat_cold_I[None]


def _cold(t: Totals, _lanes: Cases) -> tuple[Array, Array]:
    return -t.T_cold[None], -t.T_cold_I[None]


def _COP(t: Totals, _lanes: Cases) -> tuple[Array, Array]:
    useful = (t.heat_cold < 0) & (t.power < 0)
    COP = np.where(useful, t.heat_cold / t.power, np.nan)
    return COP[None], ((t.heat_cold_I - COP[:, None] * t.power_I) / t.power[:, None])[None]


def _least_power(t: Totals, load: Array) -> tuple[Array, Array]:
    """Power given off, and heat taken up beyond the load."""
    return np.stack([t.power, -t.heat_cold - load]), np.stack([t.power_I, -t.heat_cold_I])
