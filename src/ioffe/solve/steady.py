"""Steady states: lanes for every combination of conditions, results along named axes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ioffe.base.errors import ExtrapolationError, Fault, InputError, did_you_mean
from ioffe.device.cascade import Cascade
from ioffe.device.conditions import Conditions, Cooler, Generator
from ioffe.device.graded import GradedLeg
from ioffe.device.leg import Leg
from ioffe.device.module import Module
from ioffe.device.structure import legs_of
from ioffe.engine.network import Solution
from ioffe.engine.state import ABSENT, FAILED, RUNAWAY
from ioffe.material.material import Material
from ioffe.result.steady import Result
from ioffe.solve import cool, generate, independent
from ioffe.solve.assemble import Assembly, assemble
from ioffe.solve.graded import coarser, with_error_of_slices
from ioffe.solve.ions.margins import with_migration
from ioffe.solve.profile import Point
from ioffe.solve.stages import stage_values
from ioffe.solve.task import Outcome, Task

FIDELITIES = ("1d", "ideal")
ROOM = 300.0
"""K; surroundings of a device that exchanges no heat with them."""
ROUNDING = 1e-15
"""Relative error that no integration falls below."""


def solve_steady(
    device: Leg | Module | Cascade,
    conditions: Conditions,
    fidelity: str,
    *,
    tolerance: float,
    strict: bool,
    maxima: bool,
) -> tuple[Result, Task, Outcome]:
    """Result of a device in a steady state, with the task and its outcome for what else is asked of them."""
    check(device, conditions, fidelity, tolerance)
    assembly = assemble(device, conditions)
    ambient = ROOM if conditions.T_ambient is None else conditions.T_ambient
    task = Task(assembly, ambient, fidelity == "ideal", tolerance, maxima)
    notes = []
    if any(leg.side is not None for leg in legs_of(device)) and task.ideal:
        notes.append("side losses of the legs are left out at fidelity ideal")
    if isinstance(device, Cascade) and device.connection == "independent":
        task, outcome = independent.run(task, conditions)
    elif isinstance(conditions, Generator):
        outcome = generate.run(task, conditions)
    else:
        outcome = cool.run(task, conditions)
    ranges = extrapolated(assembly, (outcome.solution, *outcome.others))
    if strict and ranges:
        raise ExtrapolationError("strict: refused, because " + "; ".join(ranges))
    result = _result(device, conditions, task, outcome, tuple(notes) + outcome.notes + ranges, fidelity)
    if any(isinstance(leg, GradedLeg) for leg in legs_of(device)):
        options = {"tolerance": tolerance, "strict": strict, "maxima": maxima}
        coarse, _, _ = solve_steady(coarser(device), conditions, fidelity, **options)
        result = with_error_of_slices(result, coarse)
    return with_migration(result), task, outcome


def extrapolated(assembly: Assembly, solutions: tuple[Solution, ...]) -> tuple[str, ...]:
    """A sentence for every material that was used beyond its measured range."""
    used: dict[tuple[str, float, float], list[float]] = {}
    for solution in solutions:
        good = solution.code < RUNAWAY
        for k, material in enumerate(assembly.materials):
            state, leg = solution.states[k], assembly.network.legs[k]
            T = [solution.T[leg.a, good], solution.T[leg.b, good]]
            if state is not None:
                T += [state.T_min[good], state.T_max[good]]
            values = np.concatenate(T)
            values = values[np.isfinite(values)]
            if values.size:
                key = material.name, *leg.table.limits
                low, high = used.setdefault(key, [np.inf, -np.inf])
                used[key] = [min(low, values.min()), max(high, values.max())]
    return tuple(
        f"{name} was used from {low:.1f} K to {high:.1f} K, measured from {first:g} K to {last:g} K: "
        "its end values are held beyond"
        for (name, first, last), (low, high) in used.items()
        if low < first - 1e-6 or high > last + 1e-6
    )


def check(device: Leg | Module | Cascade, conditions: Any, fidelity: str, tolerance: float) -> None:
    """Refuse what cannot be solved, all faults at once."""
    faults = []
    if fidelity not in FIDELITIES:
        faults.append(
            Fault("fidelity", fidelity, '"1d" or "ideal" is expected', did_you_mean(fidelity, FIDELITIES))
        )
    if not isinstance(conditions, Generator | Cooler):
        faults.append(Fault("conditions", conditions, "a Generator, a Cooler or a Transient is expected"))
    elif fidelity != "ideal" and conditions.T_ambient is None:
        open_sided = any(leg.side is not None for leg in legs_of(device))
        if open_sided:
            faults.append(
                Fault("T_ambient", expected='a temperature is expected, such as "300 K", for the side losses')
            )
    if not 1e-13 <= tolerance <= 1e-3:
        faults.append(Fault("tolerance", tolerance, "a number from 1e-13 to 1e-3 is expected"))
    if faults:
        raise InputError(*faults)


def _result(
    device: Leg | Module | Cascade,
    conditions: Conditions,
    task: Task,
    out: Outcome,
    notes: tuple[str, ...],
    fidelity: str,
) -> Result:
    s, assembly = out.solution, task.assembly
    shape = tuple(len(v) for v in out.axes.values())
    bad = s.code >= RUNAWAY
    generates = isinstance(conditions, Generator)
    values = quantities(assembly, s, generates)
    if isinstance(device, Cascade) and device.connection == "independent":
        del values["voltage"]
    stages = stage_values(assembly, s, out.axes, generates, task.ideal) if assembly.stages else None
    with np.errstate(all="ignore"):
        error = s.error / np.maximum(np.abs(s.heat_hot), np.abs(s.heat_cold)) + ROUNDING
    # an imposed current stays, so that a gap in a sweep keeps its place
    shaped = {
        k: (v if k == "current" else np.where(bad, np.nan, v)).reshape(shape) for k, v in values.items()
    }
    family = tuple(len(v) for v in out.maxima_axes.values())
    shaped.update({k: np.asarray(v, float).reshape(family) for k, v in out.maxima.items()})
    for v in shaped.values():
        v.setflags(write=False)
    return Result(
        values=shaped,
        axes=out.axes,
        maxima_axes=out.maxima_axes,
        point_status=s.code.reshape(shape),
        point_energy_balance=np.where(bad, np.nan, s.balance).reshape(shape),
        point_error_estimate=np.where(bad, np.nan, error).reshape(shape),
        interpolation=interpolations(assembly.materials),
        warnings=_failures(s) + notes,
        conditions=conditions,
        device=device,
        fidelity=fidelity,
        tolerance=task.tolerance,
        points=tuple(Point(assembly, s, k, int(s.code[k]), fidelity) for k in range(len(s.code))),
        stages=stages,
    )


def quantities(assembly: Assembly, s: Solution, generates: bool) -> dict[str, Any]:
    """What a result tells of every lane, by the names of the quantity table, for the whole device."""
    sign = 1.0 if generates else -1.0
    n, area = assembly.couples, assembly.network.legs[0].area
    # the terminals stay the same; only the current turns round
    current, power = sign * s.current, sign * s.voltage * s.current * n
    heat_hot, heat_cold = sign * s.heat_hot * n, sign * s.heat_cold * n
    T_hot, T_cold = s.T[assembly.network.hot], s.T[assembly.network.cold]
    with np.errstate(all="ignore"):
        ratio = {"efficiency": power / heat_hot} if generates else {"COP": heat_cold / power}
    return {
        "current": current,
        "current_density": current / area,
        "voltage": s.voltage * n,
        "power": power,
        "power_density": power / assembly.footprint,
        "heat_hot": heat_hot,
        "heat_cold": heat_cold,
        "T_hot": T_hot,
        "T_cold": T_cold,
        "T_hot_junction": s.T[assembly.hot_junction],
        "T_cold_junction": s.T[assembly.cold_junction],
        **ratio,
        "delta_T": T_hot - T_cold,
    }


def interpolations(materials: tuple[Material, ...]) -> dict[str, str]:
    """Rule of every material; those of one name that differ stand side by side."""
    rules: dict[str, list[str]] = {}
    for m in materials:
        known = rules.setdefault(m.name, [])
        if m.interpolation not in known:
            known.append(m.interpolation)
    return {name: " and ".join(found) for name, found in rules.items()}


def _failures(s: Solution) -> tuple[str, ...]:
    out = []
    for code, text in ((FAILED, "did not converge"), (RUNAWAY, "run away"), (ABSENT, "do not exist")):
        count = int(np.sum(s.code == code))
        if count:
            out.append(f"{count} of {len(s.code)} operating points {text}; they hold no numbers")
    return tuple(out)
