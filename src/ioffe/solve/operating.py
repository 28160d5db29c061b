"""Operating points and maxima of generators and coolers, for every family of temperatures.

The engine's current is the generator's, so that it is negative for coolers.
"""

from __future__ import annotations

import numpy as np

from ioffe.base.aims import AIMS, aims_of
from ioffe.device.conditions import OPERATION, Array, Conditions, Cooler, Generator
from ioffe.engine import optimum
from ioffe.engine.network import Drive, Solution
from ioffe.engine.state import FAILED, RUNAWAY
from ioffe.solve.task import Outcome, SteadyTask

GENERATOR_LADDER = (1.1, 2.0, 4.0)
"""Largest currents tried, in units of the short circuit that the slope at zero current promises."""
GENERATOR_AIMS = aims_of("generate")
COOLER_AIMS = aims_of("cool")


def maxima_names(conditions: Conditions) -> tuple[str, ...]:
    """Quantities that a result under these conditions holds of its maxima, in order."""
    if isinstance(conditions, Generator):
        aims = ("short_circuit", *GENERATOR_AIMS)
        return "open_circuit_voltage", "internal_resistance", *(n for aim in aims for n in AIMS[aim].maxima)
    aims = (*(COOLER_AIMS if _is_fixed(conditions) else ()), "delta_T_max")
    return tuple(name for aim in aims for name in AIMS[aim].maxima)


def generate(task: SteadyTask, conditions: Generator) -> Outcome:
    """Solve every operating point, and what it needs or all of open circuit, short circuit and maxima."""
    axes, imposed = task.families(conditions, {"T_hot": "T_hot", "T_cold": "T_cold", "heat": "heat_hot"})
    if "heat_hot" in imposed:
        imposed["heat_hot"] = imposed["heat_hot"] / task.assembly.couples
    drive = task.drive(**imposed)
    name = next(k for k in OPERATION if getattr(conditions, k) is not None)
    value = getattr(conditions, name)
    if not task.maxima and not isinstance(value, str):
        axis, points = task.points(drive, name, value)
        return Outcome(points, {**axes, **axis}, {}, axes)
    wanted = GENERATOR_AIMS if task.maxima else tuple(aim for aim in GENERATOR_AIMS if aim == value)
    needed = () if task.is_frugal and not task.maxima and value in wanted else ("short_circuit",)
    at, maxima, solved = generator_maxima(task, drive, (*needed, *wanted))
    notes = ()
    if np.any(maxima["open_circuit_voltage"] <= 0):
        notes = ("the legs generate against each other: the open-circuit voltage is not positive",)
    if isinstance(value, str) and value in GENERATOR_AIMS:
        axis, points = {}, task.solve(drive.at(at[value]))
    else:
        axis, points = task.points(drive, name, value, largest=at["short_circuit"])
    return Outcome(points, {**axes, **axis}, maxima, axes, solved, notes)


def generator_currents(
    task: SteadyTask, drive: Drive, aims: tuple[str, ...] = ("short_circuit", *GENERATOR_AIMS)
) -> tuple[dict[str, Array], Solution]:
    """Currents of the short circuit and of the maxima (NaN where there is none), and the open circuit."""
    n = len(drive)
    open_circuit = task.solve(drive.at(np.zeros(n)))
    fast = task.currents(drive, *aims)
    if fast is not None:
        return fast, open_circuit
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = -open_circuit.voltage / open_circuit.voltage_I
    at = {aim: np.full(n, np.nan) for aim in aims}
    for factor in GENERATOR_LADDER:
        missing = np.isnan(at[aims[0]]) & np.isfinite(estimate) & (estimate > 0)
        found = task.find_aims(drive, aims, np.zeros(n), np.where(missing, factor * estimate, np.nan))
        at = {aim: np.where(missing, np.fmax(found[aim], at[aim]), at[aim]) for aim in aims}
        if not np.isnan(at[aims[0]]).any():
            break
    return at, open_circuit


def generator_maxima(
    task: SteadyTask, drive: Drive, aims: tuple[str, ...]
) -> tuple[dict[str, Array], dict[str, Array], tuple[Solution, ...]]:
    """Currents of aims, the short circuit first, what a result says of them, and the solutions behind it."""
    couples = task.assembly.couples
    at, open_circuit = generator_currents(task, drive, aims)
    found = {"open_circuit_voltage": open_circuit.voltage * couples}
    shorted = {f"{aim}_current": at[aim] for aim in aims if aim == "short_circuit"}
    aims = tuple(aim for aim in aims if aim != "short_circuit")
    if not aims:
        return at, found | shorted, (open_circuit,)
    each = np.tile(np.arange(len(drive)), len(aims))
    best = task.take(each).solve(drive.take(each).at(np.concatenate([at[aim] for aim in aims])))
    parts = {
        aim: best.part(k) for aim, k in zip(aims, np.split(np.arange(len(each)), len(aims)), strict=True)
    }
    if "max_power" in parts:
        with np.errstate(divide="ignore", invalid="ignore"):
            chord = (open_circuit.voltage - parts["max_power"].voltage) / at["max_power"]
        found["internal_resistance"] = chord * couples
    found |= shorted
    for aim, part in parts.items():
        found |= task.maxima_of(aim, part)
    return at, found, (open_circuit, best)


COOLER_LADDER = (1.6, 4.0, 12.0, 0.4, 0.1, 0.025)
"""Largest currents tried, in units of the constant-property optimum.

The largest is for ends behind large thermal resistances; the smaller ones are for a cascade that has no
steady state anywhere near the optimum of its largest stage.
"""
NEAR_REST = 1e-3
"""Of the same current: small against the smallest range, with a flow of heat that is not lost in rounding."""
BEYOND = 1.5
"""A sweep ends at this multiple of the current of the largest heat or temperature difference."""
NO_FLOW = 1e-12
"""Heat or current, relative to the largest, that counts as none."""
AT_EQUAL_TEMPERATURES = "T_cold was not given: the heat is carried at T_cold = T_hot"


def _is_fixed(conditions: Cooler) -> bool:
    """Whether the temperature of the cold side is imposed."""
    return conditions.T_cold is not None or conditions.aim == "COP"


def _needed(conditions: Cooler) -> tuple[str, ...]:
    """Aims whose currents the operating points of a cooler rest on."""
    if conditions.aim == "delta_T":
        return ("delta_T_max",)
    if conditions.voltage is None and (conditions.current is None or isinstance(conditions.current, str)):
        aims = ("max_heat", "max_COP") if conditions.current == "max_COP" else ("max_heat",)
        return aims if _is_fixed(conditions) else ("delta_T_max",)
    return ()


def cool(task: SteadyTask, conditions: Cooler) -> Outcome:
    """Solve every operating point, and what it needs or all of the maxima of temperatures and heat loads."""
    axes, imposed = task.families(conditions, {"T_hot": "T_hot", "T_cold": "T_cold", "heat": "heat"})
    load = imposed.pop("heat", np.zeros(len(imposed["T_hot"]))) / task.assembly.couples
    notes: tuple[str, ...] = ()
    if conditions.aim == "COP" and conditions.T_cold is None:
        imposed["T_cold"] = imposed["T_hot"]
        notes = (AT_EQUAL_TEMPERATURES,)
    name = "current" if conditions.voltage is None else "voltage"
    given, is_fixed = getattr(conditions, name), _is_fixed(conditions)
    ends = {"T_cold": imposed["T_cold"]} if is_fixed else {"heat_cold": -load}
    drive = task.drive(T_hot=imposed["T_hot"], **ends)
    wanted = _needed(conditions)
    if task.maxima:
        wanted = (*(COOLER_AIMS if is_fixed else ()), "delta_T_max")
    elif not wanted:
        axis, points = task.points(drive, name, given, sign=-1.0)
        return Outcome(points, {**axes, **axis}, {}, axes)
    top = top_current(task, imposed)
    floating = task.drive(T_hot=imposed["T_hot"], heat_cold=0.0 * load) if is_fixed else drive
    at, maxima, solved = _cooler_maxima(task, drive, floating, wanted, top)
    if is_fixed and not np.all(maxima["max_heat"] > 0):
        notes += ("at some of the temperatures the device cannot take up any heat at all",)
    if conditions.aim == "delta_T":
        axis, points = {}, solved["delta_T_max"]
    elif given is None:
        most = maxima["max_heat"] / task.assembly.couples
        axis, points = {}, task.solve(drive.at(carrying_current(task, drive, load, at["max_heat"], most)))
    elif isinstance(given, str) and given in COOLER_AIMS:
        axis, points = {}, task.solve(drive.at(at[given]))
    else:
        largest = BEYOND * at["max_heat" if is_fixed else "delta_T_max"]
        axis, points = task.points(drive, name, given, largest=largest, sign=-1.0)
    return Outcome(points, {**axes, **axis}, maxima, axes, tuple(solved.values()), notes)


def _cooler_maxima(
    task: SteadyTask, drive: Drive, floating: Drive, aims: tuple[str, ...], top: Array
) -> tuple[dict[str, Array], dict[str, Array], dict[str, Solution]]:
    """Currents of aims, what a result says of them, and their solutions; `floating` leaves T_cold free."""
    at: dict[str, Array] = {}
    drives = {aim: floating if aim == "delta_T_max" else drive for aim in aims}
    for aim in aims:
        if aim == "max_COP":
            at[aim] = COP_current(task, drive, at["max_heat"])
        else:
            at[aim] = search(task, drives[aim], aim, top)
    solved = {aim: task.solve(drives[aim].at(current)) for aim, current in at.items()}
    maxima: dict[str, Array] = {}
    for aim, s in solved.items():
        maxima |= task.maxima_of(aim, s)
    if "max_COP" in aims:
        for key in AIMS["max_COP"].maxima:
            maxima[key] = np.where(maxima["max_heat"] > 0, maxima[key], np.nan)
        at["max_COP"] = -maxima["max_COP_current"]
    return at, maxima, solved


def top_current(task: SteadyTask, imposed: dict[str, Array]) -> Array:
    """Constant-property optimum, Peltier slope over resistance, from the derivatives at zero current."""
    T_hot = imposed["T_hot"]
    zero = np.zeros(len(T_hot))
    drive = task.drive(T_hot=T_hot, T_cold=imposed.get("T_cold", T_hot)).at(zero)
    idle = task.roughly(drive)
    with np.errstate(divide="ignore", invalid="ignore"):
        top = idle.heat_cold_I / idle.voltage_I
        if task.assembly.stages:
            # the stage of the largest optimum limits the range
            _, resistance, peltier = task.idle_stages(drive, idle)
            top = -np.max(peltier / resistance, axis=1)
    return np.where(top < 0, top, np.nan)


def search(task: SteadyTask, drive: Drive, aim: str, top: Array) -> Array:
    """Current of an aim, from zero up, on a short range first."""
    fast = task.currents(drive, aim)
    if fast is not None:
        return fast[aim]
    found, zero = np.full(len(drive), np.nan), np.zeros(len(drive))
    for factor in COOLER_LADDER:
        rest = np.where(np.isnan(found), top, np.nan)
        found = np.fmax(found, task.find_aims(drive, (aim,), zero, factor * rest)[aim])
        if not np.isnan(found).any():
            break
        if factor == COOLER_LADDER[0]:  # where there is no state near rest, no search from there finds one
            near = task.roughly(drive.at(NEAR_REST * np.where(np.isnan(found), top, np.nan)))
            top = np.where(near.code < FAILED, top, np.nan)
    return found


def COP_current(task: SteadyTask, drive: Drive, at_heat: Array) -> Array:
    """Current of the largest COP, below that of the largest heat."""
    fast = task.currents(drive, "max_COP")
    if fast is not None:
        return fast["max_COP"]
    zero = np.zeros(len(drive))
    start = task.find(drive, {"start": optimum.heat_gap(zero)}, zero, at_heat)["start"]
    at_COP = task.find_aims(drive, ("max_COP",), np.nan_to_num(start), at_heat)["max_COP"]
    # where heat flows to the hot side by itself its COP has no largest value
    return np.where(np.abs(start) > NO_FLOW * np.abs(at_heat), at_COP, np.nan)


def carrying_current(task: SteadyTask, drive: Drive, load: Array, at_heat: Array, most: Array) -> Array:
    """The smaller current that carries a heat load below `most`, the largest; NaN where no current does."""
    zero = np.zeros(len(drive))
    fast = task.currents(drive, "heat", load=load)
    if fast is None:
        found = task.find(drive, {"load": optimum.heat_gap(load)}, zero, at_heat)["load"]
    else:
        found = fast["heat"]
    for _ in range(2):
        s = task.solve(drive.at(found))
        with np.errstate(divide="ignore", invalid="ignore"):
            step = -(load + s.heat_cold) / s.heat_cold_I
        found = np.where(np.abs(step) < 1e-3 * np.abs(found), found + step, found)
    # the ends of the range, which have no change of sign around them
    found = np.where(np.isnan(found) & (np.abs(load - most) <= 1e-9 * np.abs(most)), at_heat, found)
    idle = task.solve(drive.at(zero))
    at_rest = np.abs(load + idle.heat_cold) <= NO_FLOW * np.abs(most)
    return np.where(np.isnan(found) & at_rest, 0.0, found)


def cooler_current(task: SteadyTask, drive: Drive, aim: str, load: Array | None = None) -> Array:
    """Current of one aim of a cooler; of ``"heat"`` the one that carries `load`, in W for each case."""
    ends = {"T_hot": drive.T_hot, "T_cold": drive.T_cold}
    top = top_current(task, {k: v for k, v in ends.items() if v is not None})
    if aim == "delta_T_max":
        return search(task, drive, aim, top)
    at_heat = search(task, drive, "max_heat", top)
    if aim == "max_heat":
        return at_heat
    if aim == "max_COP":
        best = COP_current(task, drive, at_heat)
        s = task.solve(drive.at(best))
        return np.where((s.code < RUNAWAY) & (s.heat_cold < 0), best, np.nan)
    s = task.solve(drive.at(at_heat))
    most = np.where(s.code < RUNAWAY, -s.heat_cold, np.nan)
    assert load is not None
    return carrying_current(task, drive, load, at_heat, most)
