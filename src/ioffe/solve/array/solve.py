"""Currents of the strings of an array, its operating points and its largest power."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ioffe.base.errors import Faults
from ioffe.base.roots import falling_root
from ioffe.device.array import ArrayOperation, ModuleArray
from ioffe.device.conditions import SWEEP, Array
from ioffe.engine.network import Cases
from ioffe.result.array import ArrayResult
from ioffe.solve.array.modules import ArrayModules, array_result
from ioffe.solve.task import check_options

SHARES = np.linspace(0.0, 1.0, 41)
"""Voltages, in units of the open circuit, at which the largest power is looked for first."""


def solve(
    array: ModuleArray, operation: ArrayOperation, fidelity: str, tolerance: float, maxima: bool
) -> ArrayResult:
    """Solve an array; see `ModuleArray.solve`.

    Raises
    ------
    InputError
        For an unknown fidelity or a tolerance out of range.
    """
    faults = Faults()
    check_options(faults, fidelity, tolerance)
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
    return array_result(array, operation, task, modules, currents, terminals, limits, axes)


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
