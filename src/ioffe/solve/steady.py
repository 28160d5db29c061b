"""Steady states: operating points for every combination of conditions, results along named axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from ioffe.base._upward import upward
from ioffe.base.aims import LARGEST
from ioffe.base.table import ResultTable, table
from ioffe.device.cascade import Cascade, Device, legs_of
from ioffe.device.conditions import Array, Conditions, Generator
from ioffe.device.graded import GradedLeg
from ioffe.device.module import Module
from ioffe.engine import circuits
from ioffe.engine.network import Network, Solution
from ioffe.engine.state import ABSENT, FAILED, RUNAWAY
from ioffe.material.material import Material
from ioffe.result.later import LaterValues, Remarks
from ioffe.result.steady import Result
from ioffe.solve import independent
from ioffe.solve.assemble import assemble
from ioffe.solve.ions.margins import with_migration
from ioffe.solve.operating import cool, generate, maxima_names
from ioffe.solve.ranges import extrapolated, refuse_beyond
from ioffe.solve.states import ADVICE, connected, with_others
from ioffe.solve.task import (
    ROOM,
    WHOLE,
    Outcome,
    SteadyTask,
    check,
    quantities,
    relative_error,
)

FAILURES = {FAILED: "did not converge", RUNAWAY: "run away", ABSENT: "do not exist"}
COMPARED = ("power", "heat_hot", "heat_cold", "voltage", *LARGEST)
"""Quantities whose error from the slices of graded legs is named."""
ORDER_OF_SLICES = 3.0
"""Half as many slices have four times the error, so that a third of the difference is that of the finer."""


def solve_steady(
    device: Device,
    conditions: Conditions,
    fidelity: str,
    *,
    tolerance: float,
    strict: bool,
    maxima: bool | None,
    kernels: frozenset[str] | None = None,
    known: SteadyTask | None = None,
) -> tuple[Result, SteadyTask, Outcome]:
    """Result of a device in a steady state, with the task and its outcome for what else is asked of them.

    With `maxima` None the result computes those that no operating point needs when they are asked for; a
    strict solve, which they can end, needs all of them at once. `kernels` or the whole task `known` are those
    of another solve that this one belongs to.
    """
    check(device, conditions, fidelity, tolerance)
    graded = any(isinstance(leg, GradedLeg) for leg in legs_of(device))
    later = maxima is None and not strict
    wanted = maxima is not False and not later
    if known is None:
        ambient = ROOM if conditions.T_ambient is None else conditions.T_ambient
        assembly = assemble(device, conditions)
        known = SteadyTask(assembly, ambient, fidelity == "ideal", tolerance, wanted, kernels)
        if fidelity in WHOLE:
            known = upward("field_task")(device, conditions, known, fidelity)
    assert known is not None
    task, assembly = replace(known, maxima=wanted), known.assembly
    notes: tuple[str, ...] = ()
    if any(leg.side is not None for leg in legs_of(device)) and task.ideal:
        notes = ("side losses of the legs are left out at fidelity ideal",)
    if fidelity not in WHOLE and isinstance(device, Module) and device.layout is not None:
        given = " and ".join(f"layout.{name}" for name in device.layout.only_3d)
        notes += (f"{given} counts at fidelity 3d and full alone",) if given else ()
    if isinstance(device, Cascade) and device.connection == "independent":
        task, outcome = independent.run(task, conditions)
    elif isinstance(conditions, Generator):
        outcome = generate(task, conditions)
    else:
        outcome = cool(task, conditions)
    if task.fidelity == "1d":
        notes += _ended(assembly.network, outcome.solution, conditions)
    ranges = extrapolated(assembly, (outcome.solution, *outcome.others))
    refuse_beyond(ranges, strict=strict)
    result = result_of(device, conditions, task, outcome, notes + outcome.notes + ranges)
    if graded:
        options = {"tolerance": tolerance, "strict": strict, "maxima": wanted, "kernels": task.kernels}
        coarse, _, _ = solve_steady(coarser(device), conditions, fidelity, **options)
        result = with_error_of_slices(result, coarse)
    result = with_migration(result)
    if later:
        result = _with_later_maxima(result, known)
    return result, task, outcome


def _ended(network: Network, solution: Solution, conditions: Conditions) -> tuple[str, ...]:
    """See to it that the states are those reached from zero current; a sentence on its end and on others."""
    # those of lists are not looked up
    given = (T if isinstance(T, float) else None for T in (conditions.T_hot, conditions.T_cold))
    ended, told = connected(network, solution, *given), []
    points = f"of {len(solution.code)} operating points"
    if ended:
        where = f"the steady states that begin at zero current end at {min(ended):.4g} A"
        told.append(f"{where}: {len(ended)} {points} lie beyond")
    several = with_others(network, solution)
    if several:
        told.append(f"{several} {points} have other steady states than the one that begins at zero current")
    return (f"{'; '.join(told)}; {ADVICE}",) if told else ()


def _with_later_maxima(result: Result, task: SteadyTask) -> Result:
    """The result, which computes the maxima that it does not hold at the first look at one of them."""
    device = result.device
    apart = isinstance(device, Cascade) and device.connection == "independent"
    names = independent.maxima_names(result.conditions) if apart else maxima_names(result.conditions)
    if all(name in result.values for name in names):
        return result

    def compute() -> tuple[Mapping[str, Array], Remarks]:
        options = {"tolerance": result.tolerance, "strict": False, "maxima": True, "known": task}
        whole, _, _ = solve_steady(device, result.conditions, result.fidelity, **options)
        return whole.values, {"warnings": whole.warnings, "notes": whole.notes}

    remarks = {"warnings": result.warnings, "notes": result.notes}
    return replace(result, values=LaterValues(result.values, names, compute, remarks))


def result_of(
    device: Device, conditions: Conditions, task: SteadyTask, out: Outcome, notes: tuple[str, ...]
) -> Result:
    """The result of what was solved, with notes among its warnings."""
    s, assembly = out.solution, task.assembly
    shape = tuple(len(v) for v in out.axes.values())
    bad = s.code >= RUNAWAY
    generates = isinstance(conditions, Generator)
    values = quantities(assembly, s, generates)
    if isinstance(device, Cascade) and device.connection == "independent":
        del values["voltage"]
    shaped = _shaped(values, bad, shape)
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
        point_error_estimate=relative_error(s).reshape(shape),
        interpolation=interpolations(assembly.materials),
        warnings=_failures(s) + notes,
        notes=task.notes(s),
        conditions=conditions,
        device=device,
        fidelity=task.fidelity,
        tolerance=task.tolerance,
        engine=task.engine_name,
        points=tuple(task.point(s, k) for k in range(len(s.code))),
        stages=stage_values(task, s, out.axes, generates) if assembly.stages else None,
        legs=task.legs(s, out.axes, generates),
    )


def _shaped(values: Mapping[str, Array], bad: np.ndarray, shape: tuple[int, ...]) -> dict[str, Array]:
    """Values in the shape of the result, NaN without a solution.

    An imposed current stays, so that a gap in a sweep keeps its position.
    """
    return {k: (v if k == "current" else np.where(bad, np.nan, v)).reshape(shape) for k, v in values.items()}


def stage_values(task: SteadyTask, s: Solution, axes: Mapping[str, Array], generates: bool) -> ResultTable:
    """Values of all stages along the axes of the operating points and, behind them, the stages.

    What leaves one stage enters the next: the heat of a stage follows from that of the device and the power
    and side losses of the stages before it.
    """
    columns: list[dict[str, Array]] = []
    network, heat = task.assembly.network, s.heat_hot
    for stage in task.assembly.stages:
        legs = network.legs[stage.circuit.legs]
        share = legs[0].sign
        voltage = circuits.voltage(network, stage.circuit, s, ideal=task.ideal)
        loss = np.zeros_like(heat)
        for leg, state in zip(legs, s.states[stage.circuit.legs], strict=True):
            if state is not None and not task.ideal:
                loss = loss + state.loss * leg.per_length
        entering, heat = heat, heat - voltage * s.current - loss
        terminals = {"current": share * s.current, "voltage": voltage / share}
        solved: Any = SimpleNamespace(T=s.T, heat_hot=entering, heat_cold=heat, **terminals)
        nodes = {"hot_junction": stage.hot_junction, "cold_junction": stage.cold_junction}
        inside = SimpleNamespace(hot=stage.hot, cold=stage.cold, legs=legs)
        own: Any = SimpleNamespace(network=inside, couples=1, footprint=1.0, **nodes)
        found = quantities(own, solved, generates)
        columns.append({k: v for k, v in found.items() if not k.endswith("density")})
    values = {k: np.stack([c[k] for c in columns], axis=-1) for k in columns[0]}
    shape = (*(len(values) for values in axes.values()), len(columns))
    shaped = _shaped(values, (s.code >= RUNAWAY)[:, None], shape)
    return table({**axes, "stage": np.arange(len(columns))}, shaped)


def interpolations(materials: tuple[Material, ...]) -> dict[str, str]:
    """Rule of every material; those of one name that differ are listed side by side."""
    rules: dict[str, dict[str, None]] = {}
    for m in materials:
        rules.setdefault(m.name, {})[m.interpolation] = None
    return {name: " and ".join(found) for name, found in rules.items()}


def _failures(s: Solution) -> tuple[str, ...]:
    counts = {text: int(np.sum(s.code == code)) for code, text in FAILURES.items()}
    return tuple(
        f"{count} of {len(s.code)} operating points {text}; they hold no numbers"
        for text, count in counts.items()
        if count
    )


def coarser(device: Device) -> Any:
    """The device with half as many slices in every graded leg."""
    if isinstance(device, Cascade):
        shares = device.currents if device.connection == "series" else None
        stages = [coarser(stage) for stage in device.stages]
        return device.replace(stages=stages, currents=shares, between=device.between)
    if isinstance(device, Module):
        return device.replace(p=coarser(device.p), n=coarser(device.n))
    return device.coarser() if isinstance(device, GradedLeg) else device


def with_error_of_slices(fine: Result, coarse: Result) -> Result:
    """Result whose error contains that of the slices: a third of the difference to half as many."""

    def missed(key: str) -> Array:
        return np.abs(fine.values[key] - coarse.values[key]) / ORDER_OF_SLICES

    with np.errstate(all="ignore"):
        largest = np.maximum(*(np.abs(fine.values[k]) for k in ("heat_hot", "heat_cold")))
        error = np.fmax(missed("heat_hot"), missed("heat_cold")) / largest
        shares = {k: _share(fine.values[k], missed(k)) for k in COMPARED if k in fine.values}
    named = ", ".join(f"{k} {100 * v:.2g} %" for k, v in shares.items() if np.isfinite(v))
    note = f"slices of graded legs: estimated error of {named}"
    return replace(
        fine,
        point_error_estimate=np.where(np.isfinite(error), fine.point_error_estimate + error, np.nan),
        notes=(*fine.notes, note),
    )


def _share(fine: Array, missed: Array) -> float:
    """Estimated error of a quantity over its largest value, the largest of all points."""
    known = np.isfinite(missed)
    size = np.abs(fine[known]).max() if known.any() else 0.0
    return float(missed[known].max() / size) if size else float("nan")
