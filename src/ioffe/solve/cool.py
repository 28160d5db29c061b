"""Cooling: operating points and maxima. The engine's current is the generator's, so it is negative here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ioffe.device.conditions import SWEEP, Array, Cooler
from ioffe.engine import optimum
from ioffe.engine.network import Drive, Solution
from ioffe.engine.state import RUNAWAY
from ioffe.solve.task import Outcome, Task, expanded

LADDER = (1.6, 4.0, 0.4, 0.1, 0.025)
"""Largest currents tried, in units of the constant-property optimum.

The smaller ones are for a cascade that has no steady state anywhere near the optimum of its largest stage.
"""
AT_EQUAL_TEMPERATURES = "T_cold was not given: the heat is carried at T_cold = T_hot"


def run(task: Task, conditions: Cooler) -> Outcome:
    """Solve every operating point and the maxima of every family of temperatures and heat loads."""
    axes, imposed = task.families(conditions, {"T_hot": "T_hot", "T_cold": "T_cold", "heat": "heat"})
    load = imposed.pop("heat", np.zeros(len(imposed["T_hot"]))) / task.assembly.couples
    notes: tuple[str, ...] = ()
    if conditions.aim == "COP" and conditions.T_cold is None:
        imposed["T_cold"] = imposed["T_hot"]
        notes = (AT_EQUAL_TEMPERATURES,)
    if not task.maxima and conditions.current is not None and not isinstance(conditions.current, str):
        ends = {"T_cold": imposed["T_cold"]} if "T_cold" in imposed else {"heat_cold": -load}
        operation, points = _currents(task, conditions, task.drive(T_hot=imposed["T_hot"], **ends), load)
        return Outcome(points, {**axes, **operation}, {}, {})
    top = top_current(task, imposed)
    floating = task.drive(T_hot=imposed["T_hot"], heat_cold=-load)
    if "T_cold" not in imposed:
        maxima, solved = _delta_T(task, floating, top)
        operation, points = _floating_points(task, conditions, floating, maxima, solved[0])
    else:
        drive = task.drive(T_hot=imposed["T_hot"], T_cold=imposed["T_cold"])
        maxima, best = _fixed_maxima(task, drive, top)
        idle, alone = _delta_T(task, task.drive(T_hot=imposed["T_hot"], heat_cold=0.0 * load), top)
        operation, points = _fixed_points(task, conditions, drive, load, maxima)
        maxima, solved = {**maxima, **idle}, (*best, *alone)
        if np.any(np.nan_to_num(maxima["max_heat"], nan=-1.0) <= 0):
            notes += ("at some of the temperatures the device cannot take up any heat at all",)
    shown = {k: -v if k.endswith("current") else v for k, v in maxima.items()}
    return Outcome(points, {**axes, **operation}, shown, axes, solved, notes)


def top_current(task: Task, imposed: dict[str, Array]) -> Array:
    """Constant-property optimum, Peltier slope over resistance, from the derivatives at zero current."""
    T_hot = imposed["T_hot"]
    zero = np.zeros(len(T_hot))
    drive = task.drive(T_hot=T_hot, T_cold=imposed.get("T_cold", T_hot)).at(zero)
    idle = task.solve(drive)
    with np.errstate(divide="ignore", invalid="ignore"):
        top = idle.heat_cold_I / idle.voltage_I
        if task.assembly.stages:
            # the stage of the largest optimum limits the range
            _, resistance, peltier = task.idle_stages(drive, idle)
            top = -np.max(peltier / resistance, axis=1)
    return np.where(top < 0, top, np.nan)


def search(task: Task, drive: Drive, slope: optimum.Slope, top: Array) -> Array:
    """Current at the root of one slope from zero up, on a short range first."""
    found = np.full(len(drive), np.nan)
    for factor in LADDER:
        rest = np.where(np.isnan(found), top, np.nan)
        found = np.fmax(found, task.find(drive, {"": slope}, np.zeros(len(drive)), factor * rest)[""])
        if not np.isnan(found).any():
            break
    return found


def COP_current(task: Task, drive: Drive, at_heat: Array) -> Array:
    """Current of the largest COP, below that of the largest heat."""
    zero = np.zeros(len(drive))
    start = task.find(drive, {"start": optimum.heat_gap(zero)}, zero, at_heat)["start"]
    at_COP = task.find(drive, {"COP": optimum.cop_slope}, np.nan_to_num(start), at_heat)["COP"]
    # where heat flows to the hot side by itself its COP has no largest value
    return np.where(np.abs(start) > 1e-12 * np.abs(at_heat), at_COP, np.nan)


def _solve_known(task: Task, drive: Drive, current: Array) -> Solution:
    """Solve at currents of which some may be NaN, where no solution is looked for."""
    return task.solve(drive.at(current))


def _fixed_maxima(task: Task, drive: Drive, top: Array) -> tuple[dict[str, Array], tuple[Solution, ...]]:
    """Largest heat and largest COP between two given temperatures."""
    couples = task.assembly.couples
    at_heat = search(task, drive, optimum.cooling_slope, top)
    at_COP = COP_current(task, drive, at_heat)
    heat, COP = _solve_known(task, drive, at_heat), _solve_known(task, drive, at_COP)
    most = np.where(np.isnan(at_heat) | (heat.code >= RUNAWAY), np.nan, -heat.heat_cold * couples)
    with np.errstate(divide="ignore", invalid="ignore"):
        best = np.where(
            np.isnan(at_COP) | (COP.code >= RUNAWAY) | ~(most > 0), np.nan, COP.heat_cold / COP.power
        )
    return {
        "max_heat": most,
        "max_heat_current": at_heat,
        "max_COP": best,
        "max_COP_current": np.where(np.isnan(best), np.nan, at_COP),
    }, (heat, COP)


def _delta_T(task: Task, drive: Drive, top: Array) -> tuple[dict[str, Array], tuple[Solution, ...]]:
    """Largest temperature difference at the drive's heat load."""
    network = task.assembly.network
    current = search(task, drive, optimum.cold_node_slope(network), top)
    s = _solve_known(task, drive, current)
    hidden = np.isnan(current) | (s.code >= RUNAWAY)
    return {
        "delta_T_max": np.where(hidden, np.nan, s.T[network.hot] - s.T[network.cold]),
        "delta_T_max_current": np.where(hidden, np.nan, current),
        "delta_T_max_voltage": np.where(hidden, np.nan, s.voltage * task.assembly.couples),
    }, (s,)


def _fixed_points(
    task: Task, conditions: Cooler, drive: Drive, load: Array, maxima: dict[str, Array]
) -> tuple[dict[str, Array], Solution]:
    """Operating points between two given temperatures."""
    if conditions.current is None:
        at_heat, most = maxima["max_heat_current"], maxima["max_heat"] / task.assembly.couples
        return {}, task.solve(drive.at(carrying_current(task, drive, load, at_heat, most)))
    if isinstance(conditions.current, str) and conditions.current != "sweep":
        return {}, task.solve(drive.at(maxima[f"{conditions.current}_current"]))
    return _currents(task, conditions, drive, 1.5 * maxima["max_heat_current"])


def carrying_current(task: Task, drive: Drive, load: Array, at_heat: Array, most: Array) -> Array:
    """The smaller current that carries a heat load below `most`, the largest; NaN where no current does."""
    zero = np.zeros(len(drive))
    found = task.find(drive, {"load": optimum.heat_gap(load)}, zero, at_heat)["load"]
    for _ in range(2):
        s = task.solve(drive.at(found))
        with np.errstate(divide="ignore", invalid="ignore"):
            step = -(load + s.heat_cold) / s.heat_cold_I
        found = np.where(np.abs(step) < 1e-3 * np.abs(found), found + step, found)
    # the ends of the range, which have no change of sign around them
    found = np.where(np.isnan(found) & (np.abs(load - most) <= 1e-9 * np.abs(most)), at_heat, found)
    idle = task.solve(drive.at(zero))
    return np.where(np.isnan(found) & (np.abs(load + idle.heat_cold) <= 1e-12 * np.abs(most)), 0.0, found)


def _floating_points(
    task: Task, conditions: Cooler, drive: Drive, maxima: dict[str, Array], best: Solution
) -> tuple[dict[str, Array], Solution]:
    """Operating points at given heat load, the cold temperature unknown."""
    if conditions.aim == "delta_T":
        return {}, best
    return _currents(task, conditions, drive, 1.5 * maxima["delta_T_max_current"])


def _currents(
    task: Task, conditions: Cooler, drive: Drive, largest: Array
) -> tuple[dict[str, Array], Solution]:
    if isinstance(conditions.current, str):
        lanes, axis = largest[:, None] * SWEEP, {"sweep": SWEEP}
    else:
        lanes = -np.broadcast_to(np.atleast_1d(conditions.current), (len(drive), np.size(conditions.current)))
        axis = {"current": conditions.current} if isinstance(conditions.current, np.ndarray) else {}
    return axis, task.solve(replace(expanded(drive, lanes), current=lanes.ravel()))
