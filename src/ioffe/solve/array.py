"""Arrays of modules: what each module does at given currents, and the currents of the strings.

Voltages with their slopes come from the modules; Kirchhoff's laws of the strings and their diodes give the
operating points and the largest power of the whole array.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Faults
from ioffe.base.roots import falling_root
from ioffe.base.table import table
from ioffe.device.array import ArrayOperation, ArrayPosition, ModuleArray
from ioffe.device.conditions import EXPOSURE, SWEEP, Array, Generator
from ioffe.device.leg import Leg
from ioffe.device.parameters import varied
from ioffe.engine.network import Cases, Drive, Solution
from ioffe.engine.state import FAILED, RUNAWAY
from ioffe.material.soundness import Remarks
from ioffe.result.array import MAXIMA, ArrayResult
from ioffe.solve.assemble import assemble
from ioffe.solve.doubts import judge
from ioffe.solve.operating import generator_currents
from ioffe.solve.ranges import extrapolated
from ioffe.solve.task import ONE, ROOM, ROUNDING, SteadyTask, check_options

TEMPERATURES = ("T_hot", "T_cold", "T_hot_junction", "T_cold_junction")
PER_COUPLE = ("voltage", "heat_hot", "heat_cold", "loss", "error")
"""What a solution holds for one couple."""
AT_THE_DIODE = 1.0 - 1e-9
"""Share of the forward voltage of a diode from which on it conducts."""


@dataclass(frozen=True, eq=False)
class ModuleGroup:
    """Positions with the same device, which share a network; one case for each."""

    task: SteadyTask
    drive: Drive
    members: Cases
    """Index of each among all positions of the array."""
    turn: Array
    """Current in A from which the diode beside each member conducts."""

    def solve(self, cases: Cases, drive: Drive) -> Solution:
        """Some of the cases, each as often as it is named."""
        assembly = self.task.assembly
        part = replace(assembly, network=assembly.network.take(cases))
        return replace(self.task, assembly=part).solve(drive)


@dataclass(frozen=True, eq=False)
class ModuleFlows:
    """What every position does at every operating point; shapes (points, positions), W, V, A and K."""

    values: Mapping[str, Array]
    """``current``, and what `PER_COUPLE` and `TEMPERATURES` name, for the whole module."""
    code: NDArray[np.int_]
    warnings: list[str]
    """Sentences on materials beyond their measured range."""


class ArrayModules:
    """All modules of an array, string after string."""

    def __init__(self, array: ModuleArray, ideal: bool, tolerance: float) -> None:
        self.positions = [position for row in array.strings for position in row]
        self.string = np.repeat(np.arange(len(array.strings)), [len(row) for row in array.strings])
        self.bypass = np.inf if array.bypass_voltage is None else array.bypass_voltage
        found = [_group(self.positions, members, ideal, tolerance) for members in _alike(self.positions)]
        self.groups = [replace(group, turn=self._turn(group)) for group in found]

    def _turn(self, group: ModuleGroup) -> Array:
        """Current of each member from which its diode conducts."""
        if np.isinf(self.bypass):
            return group.turn
        volts = np.full(len(group.members), -self.bypass / group.task.assembly.couples)
        s = group.task.solve(replace(group.drive, voltage=volts))
        return np.where(s.code < RUNAWAY, s.current, np.inf)

    def string_voltage(self, current: Array, string: Cases) -> tuple[Array, Array]:
        """Voltage of strings at given currents and its slope, shapes (rows,); NaN without a solution."""
        voltage, slope = np.zeros_like(current), np.zeros_like(current)
        for group in self.groups:
            row, case = np.nonzero(string[:, None] == self.string[group.members])
            v, v_I = self._of_group(group, case, current[row])
            np.add.at(voltage, row, v)
            np.add.at(slope, row, v_I)
        return voltage, slope

    def _of_group(self, group: ModuleGroup, case: Cases, current: Array) -> tuple[Array, Array]:
        """Voltage and its slope for some of the cases; the diode's from the current where it conducts."""
        v, v_I = np.full(len(case), -self.bypass), np.zeros(len(case))
        free = np.flatnonzero(~(current >= group.turn[case]))
        if len(free):
            s = group.solve(case[free], group.drive.take(case[free]).at(current[free]))
            for out, found in ((v, s.voltage), (v_I, s.voltage_I)):
                out[free] = np.where(s.code >= RUNAWAY, np.nan, found * group.task.assembly.couples)
        return v, v_I

    def flows(self, current: Array) -> ModuleFlows:
        """Every position at the currents of the strings, shape (points, strings).

        A module beside a conducting diode is held at the diode's voltage and carries what it can.
        """
        shape = points, _ = len(current), len(self.positions)
        values = {name: np.full(shape, np.nan) for name in ("current", *PER_COUPLE, *TEMPERATURES)}
        out = ModuleFlows(values, np.full(shape, FAILED), [])
        for group in self.groups:
            case = np.tile(np.arange(len(group.members)), points)
            own = current[:, self.string[group.members]].ravel()
            volts = np.full(len(own), -self.bypass / group.task.assembly.couples)
            held = own >= group.turn[case]
            for name, imposed, mask in (("current", own, ~held), ("voltage", volts, held)):
                rows = np.flatnonzero(mask)
                if len(rows):
                    drive = replace(group.drive.take(case[rows]), **{name: imposed[rows]})
                    _put(out, group, group.solve(case[rows], drive), rows)
        return out

    def separate_power(self) -> Array:
        """Largest power of every position with a load of its own, W; NaN where there is none."""
        out = np.full(len(self.positions), np.nan)
        for group in self.groups:
            at = generator_currents(group.task, group.drive, ("max_power",))[0]["max_power"]
            s = group.task.solve(group.drive.at(at))
            out[group.members] = np.where(s.code < RUNAWAY, s.power * group.task.assembly.couples, np.nan)
        return out


def _put(out: ModuleFlows, group: ModuleGroup, s: Solution, rows: Cases) -> None:
    """Write the solution of rows (points times members of the group) into the whole."""
    a = group.task.assembly
    point, member = np.divmod(rows, len(group.members))
    at = point, group.members[member]
    out.code[at] = s.code
    nodes = (a.network.hot, a.network.cold, a.hot_junction, a.cold_junction)
    found = {"current": s.current, **{name: getattr(s, name) * a.couples for name in PER_COUPLE}}
    found |= {name: s.T[node] for name, node in zip(TEMPERATURES, nodes, strict=True)}
    for name, values in found.items():
        out.values[name][at] = np.where(s.code >= RUNAWAY, np.nan, values)
    out.warnings.extend(extrapolated(a, (s,)))


def _alike(positions: list[ArrayPosition]) -> list[list[int]]:
    """Positions that can share a network: the same device, the same elements, heat or temperature imposed."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for k, position in enumerate(positions):
        reservoirs = (_resistance(position, side) > 0 for side in ("hot", "cold"))
        key = id(position.device), *reservoirs, position.conditions.heat is None
        groups.setdefault(key, []).append(k)
    return list(groups.values())


def _group(positions: list[ArrayPosition], members: list[int], ideal: bool, tolerance: float) -> ModuleGroup:
    some = [positions[k] for k in members]
    device, conditions = some[0].device, [position.conditions for position in some]
    shared = {}
    for side in ("hot", "cold"):
        found = {f"{side}_{name}": [getattr(c, f"{side}_{name}") for c in conditions] for name in EXPOSURE}
        found[f"{side}_resistance"] = [_resistance(position, side) for position in some]
        for name, values in found.items():
            shared[name] = values[0] if len(set(values)) == 1 else np.array(values)
    assembly = assemble(*varied(device, Generator(T_hot=2.0, T_cold=1.0), shared))
    ambient = np.array([ROOM if c.T_ambient is None else c.T_ambient for c in conditions])
    ends = {"T_cold": np.array([c.T_cold for c in conditions], float)}
    if conditions[0].heat is None:
        ends["T_hot"] = np.array([c.T_hot for c in conditions], float)
    else:
        ends["heat_hot"] = np.array([c.heat for c in conditions], float) / assembly.couples
    task = SteadyTask(assembly, ROOM, ideal, tolerance)
    return ModuleGroup(task, Drive(ambient=ambient, **ends), np.array(members), np.full(len(some), np.inf))


def _resistance(position: ArrayPosition, side: str) -> float:
    """Thermal resistance in K/W between a module and its reservoir."""
    device = position.device
    return position.conditions.resistance(side, device.area if isinstance(device, Leg) else device.footprint)


def array_result(
    array: ModuleArray,
    operation: ArrayOperation,
    task: tuple[str, float],
    modules: ArrayModules,
    currents: Array,
    terminals: tuple[Array, Array],
    limits: Mapping[str, float],
    axes: Mapping[str, Array],
) -> ArrayResult:
    """Result of an array.

    `array`, `operation`, `task`: what was solved, and the fidelity and the tolerance.
    `modules`: the modules of the array.
    `currents`: currents of the strings in A, shape (points, strings).
    `terminals`: voltage in V and current in A of the array, shape (points,).
    `limits`: maxima of the array, if they are wanted.
    `axes`: axes of the operating points.
    """
    voltage, total = terminals
    flows = modules.flows(currents)
    own = flows.values
    code = np.max(flows.code, axis=1).astype(int)
    bad = code >= RUNAWAY
    power = voltage * total
    each = _of_modules(array, modules, flows, currents)
    diodes = 0.0
    if array.bypass_voltage is not None:
        diodes = array.bypass_voltage * np.nansum(each["bypass_current"], axis=(1, 2))
    hot, cold, loss = (np.sum(own[name], axis=1) for name in ("heat_hot", "heat_cold", "loss"))
    points = {"current": total, "voltage": voltage, "power": power, "heat_hot": hot, "heat_cold": cold}
    with np.errstate(all="ignore"):
        size = np.maximum.reduce([np.abs(hot), np.abs(cold), np.abs(power)])
        balance = np.abs(hot - cold - loss - power - diodes) / size
        largest = np.maximum(np.abs(own["heat_hot"]), np.abs(own["heat_cold"]))
        error = np.max(own["error"] / largest, axis=1) + ROUNDING
        points["efficiency"] = power / hot
    shape = tuple(len(v) for v in axes.values())

    def shaped(values: Array) -> Array:
        return np.where(bad, np.nan, values).reshape(shape)

    kept = {k: shaped(v) for k, v in points.items()}
    if limits:
        kept |= {k: np.asarray(v) for k, v in limits.items() if k in MAXIMA}
        separate = np.sum(modules.separate_power())
        lost = np.asarray(separate - limits["max_power"])
        kept |= {"separate_power": np.asarray(separate), "mismatch_loss": lost}
        kept["mismatch"] = np.asarray(lost / separate)
    for v in kept.values():
        v.setflags(write=False)
    strings, positions = array.size
    along = {**axes, "string": np.arange(strings)}
    return ArrayResult(
        values=kept,
        axes=axes,
        modules=table(
            {**along, "position": np.arange(positions)},
            {k: v.reshape(*shape, strings, positions) for k, v in each.items()},
        ),
        strings=table(along, {"current": currents.reshape(*shape, strings)}),
        point_status=code.reshape(shape),
        point_energy_balance=shaped(balance),
        point_error_estimate=shaped(error),
        warnings=tuple(dict.fromkeys(flows.warnings)) + _failures(code),
        array=array,
        operation=operation,
        fidelity=task[0],
        tolerance=task[1],
    )


def _of_modules(
    array: ModuleArray, modules: ArrayModules, flows: ModuleFlows, currents: Array
) -> dict[str, Array]:
    """Values of every module, shape (points, strings, positions)."""
    own = {name: flows.values[name] for name in ("current", "voltage")}
    own["power"] = own["voltage"] * own["current"]
    own |= {name: flows.values[name] for name in ("heat_hot", "heat_cold", *TEMPERATURES)}
    with np.errstate(all="ignore"):
        own["efficiency"] = own["power"] / own["heat_hot"]
    if array.bypass_voltage is not None:
        held = own["voltage"] <= -array.bypass_voltage * AT_THE_DIODE
        passing = currents[:, modules.string] - own["current"]
        own["bypass_current"] = np.where(held, passing, 0.0 * own["current"])
    position = np.concatenate([np.arange(len(row)) for row in array.strings])
    out = {key: np.full((len(currents), *array.size), np.nan) for key in own}
    for key, value in own.items():
        out[key][:, modules.string, position] = value
    return out


def _failures(code: NDArray[np.int_]) -> tuple[str, ...]:
    lost = int(np.sum(code >= RUNAWAY))
    return (f"{lost} of {len(code)} operating points have no solution; they hold no numbers",) if lost else ()


SHARES = np.linspace(0.0, 1.0, 41)
"""Voltages, in units of the open circuit, at which the largest power is looked for first."""


def solve(
    array: ModuleArray,
    operation: ArrayOperation,
    fidelity: str,
    tolerance: float,
    maxima: bool,
    *,
    force: bool = False,
) -> ArrayResult:
    """Solve an array; see `ModuleArray.solve`.

    Raises `InputError` for an unknown fidelity, a tolerance out of range, and materials whose data cannot be
        right.
    """
    faults = Faults()
    check_options(faults, fidelity, tolerance, ONE, " for a ModuleArray")
    doubts: list[Remarks] = []
    for k, row in enumerate(array.strings):
        for i, one in enumerate(row):
            with faults.collect(f"strings[{k}][{i}]"):
                doubts.append(judge(one.device, one.conditions, force=force))
    faults.raise_if_any()
    modules = ArrayModules(array, fidelity == "ideal", tolerance)
    circuit = ArrayCircuit(modules, len(array.strings))
    name, value = operation.imposed
    limits = _limits(circuit) if maxima or isinstance(value, str) else {}
    axes: dict[str, Array] = {}
    if isinstance(value, np.ndarray):
        axes[name] = value
    elif value == "sweep":
        axes["sweep"] = SWEEP
        name, value = "current", SWEEP * limits["short_circuit_current"]
    elif value == "max_power":
        name, value = "voltage", limits["max_power_voltage"]
    given = np.atleast_1d(np.asarray(value, float))
    voltage = {"current": circuit.at_current, "load": circuit.at_load, "voltage": np.copy}[name](given)
    currents = circuit.currents(voltage)
    total = given if name == "current" else currents.sum(axis=1)
    task, terminals = (fidelity, tolerance), (voltage, total)
    found = array_result(array, operation, task, modules, currents, terminals, limits, axes)
    warnings, notes = (
        tuple(dict.fromkeys(text for one in doubts for text in getattr(one, part)))
        for part in ("warnings", "notes")
    )
    return Remarks(warnings, notes).on(found)


@dataclass(eq=False)
class ArrayCircuit:
    """Strings in parallel: their currents at a common voltage, and the voltage at a given total."""

    modules: ArrayModules
    strings: int

    def __post_init__(self) -> None:
        every = np.arange(self.strings)
        self.open, slope = self.modules.string_voltage(np.zeros(self.strings), every)
        self.resistance = -slope
        self.lowest = -self.modules.bypass * np.bincount(self.modules.string)
        with np.errstate(all="ignore"):
            self.scale = (
                np.nanmax(np.abs(self.open / self.resistance)) if np.isfinite(slope).any() else np.nan
            )

    def currents(self, voltage: Array) -> Array:
        """Current of every string at given voltages, shape (points, strings)."""
        return self._at(voltage)[0]

    def _at(self, voltage: Array) -> tuple[Array, Array]:
        """Currents of the strings and the slope of their sum to the voltage."""
        points, n = len(voltage), self.strings
        point, string = np.divmod(np.arange(points * n), n)

        def excess(current: Array, rows: Cases) -> tuple[Array, Array]:
            v, slope = self.modules.string_voltage(current, string[rows])
            return v - voltage[point[rows]], slope

        guess = (self.open[string] - voltage[point]) / self.resistance[string]
        guess[~np.isfinite(guess) | (voltage[point] <= self.lowest[string])] = np.nan
        found = falling_root(excess, guess, scale=self.scale, by_index=True)
        _, slope = self.modules.string_voltage(found, string)
        with np.errstate(all="ignore"):
            conductance = np.sum((1.0 / slope).reshape(points, n), axis=1)
        return found.reshape(points, n), conductance

    def at_current(self, total: Array) -> Array:
        """Voltage at given currents of the whole array."""
        if self.strings == 1:
            return self.modules.string_voltage(total, np.zeros(len(total), int))[0]

        def excess(voltage: Array, rows: Cases) -> tuple[Array, Array]:
            currents, slope = self._at(voltage)
            return currents.sum(axis=1) - total[rows], slope

        conductance = np.sum(1.0 / self.resistance)
        guess = (np.sum(self.open / self.resistance) - total) / conductance
        return falling_root(excess, guess, scale=self._volts(), by_index=True)

    def at_load(self, load: Array) -> Array:
        """Voltage at given loads."""

        def excess(voltage: Array, rows: Cases) -> tuple[Array, Array]:
            currents, slope = self._at(voltage)
            return load[rows] * currents.sum(axis=1) - voltage, load[rows] * slope - 1.0

        conductance = np.sum(1.0 / self.resistance)
        guess = np.sum(self.open / self.resistance) * load / (1.0 + conductance * load)
        return falling_root(excess, guess, scale=self._volts(), by_index=True)

    def power(self, voltage: Array) -> tuple[Array, Array]:
        """Power at given voltages and its slope."""
        currents, slope = self._at(voltage)
        total = currents.sum(axis=1)
        with np.errstate(invalid="ignore"):
            return voltage * total, total + voltage * slope

    def _volts(self) -> float:
        return float(np.max(np.abs(self.open)))


def _limits(circuit: ArrayCircuit) -> dict[str, float]:
    """Open and short circuit and the largest power; NaN where there is none."""
    V = circuit.at_current(np.zeros(1))[0]
    short = circuit.currents(np.zeros(1)).sum()
    at, most = _best(circuit, V) if V > 0 else (np.nan, np.nan)
    current = most / at
    return {
        "open_circuit_voltage": V,
        "short_circuit_current": short,
        "max_power": most,
        "max_power_current": current,
        "max_power_voltage": at,
        "internal_resistance": (V - at) / current,
    }


def _best(circuit: ArrayCircuit, open_circuit: float) -> tuple[float, float]:
    """Voltage and value of the largest power; diodes may leave several summits, and kinks at them."""
    from scipy.optimize import elementwise

    V = SHARES * open_circuit
    P, slope = circuit.power(V)
    if not np.isfinite(P).any():
        return np.nan, np.nan
    k = int(np.nanargmax(P))
    a, b = (k, k + 1) if slope[k] > 0 else (k - 1, k)
    close = {"xrtol": 1e-12}
    found = elementwise.find_root(lambda v: circuit.power(v)[1], (V[[a]], V[[b]]), tolerances=close)
    if not found.success.all() or circuit.power(found.x)[0] < P[k]:
        around = (V[[k - 1]], V[[k]], V[[k + 1]])
        found = elementwise.find_minimum(lambda v: -circuit.power(v)[0], around, tolerances=close)
    return float(found.x[0]), float(circuit.power(found.x)[0][0])
