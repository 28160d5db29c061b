"""From the currents of an array's strings to its result."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ioffe.base.table import table
from ioffe.device.array import ModuleArray, Operation
from ioffe.device.conditions import Array
from ioffe.engine.state import RUNAWAY
from ioffe.result.array import MAXIMA, ArrayResult
from ioffe.solve.array.lanes import ArrayLanes, Flows

ROUNDING = 1e-15


def array_result(
    array: ModuleArray,
    operation: Operation,
    fidelity: str,
    tolerance: float,
    lanes: ArrayLanes,
    currents: Array,
    voltage: Array,
    total: Array,
    limits: Mapping[str, float],
    axes: Mapping[str, Array],
) -> ArrayResult:
    """Result from the currents of the strings (points, strings) and the voltage of the array (points,)."""
    flows = lanes.flows(currents)
    code = np.max(flows.code, axis=1).astype(int)
    bad = code >= RUNAWAY
    power = voltage * total
    modules = _modules(array, lanes, flows, currents)
    diodes = 0.0
    if array.bypass_voltage is not None:
        diodes = array.bypass_voltage * np.nansum(modules["bypass_current"], axis=(1, 2))
    hot, cold, loss = (np.sum(q, axis=1) for q in (flows.heat_hot, flows.heat_cold, flows.loss))
    with np.errstate(all="ignore"):
        size = np.maximum.reduce([np.abs(hot), np.abs(cold), np.abs(power)])
        balance = np.abs(hot - cold - loss - power - diodes) / size
        error = (
            np.max(flows.error / np.maximum(np.abs(flows.heat_hot), np.abs(flows.heat_cold)), axis=1)
            + ROUNDING
        )
        points = {
            "current": total,
            "voltage": voltage,
            "power": power,
            "heat_hot": hot,
            "heat_cold": cold,
            "efficiency": power / hot,
        }
    shape = tuple(len(v) for v in axes.values())
    kept = {k: np.where(bad, np.nan, v).reshape(shape) for k, v in points.items()}
    if limits:
        kept |= {k: np.asarray(v) for k, v in limits.items() if k in MAXIMA}
        separate = np.sum(lanes.separate_power())
        kept["separate_power"] = np.asarray(separate)
        kept["mismatch_loss"] = np.asarray(separate - limits["max_power"])
        kept["mismatch"] = np.asarray(kept["mismatch_loss"] / separate)
    for v in kept.values():
        v.setflags(write=False)
    strings, positions = array.size
    return ArrayResult(
        values=kept,
        axes=axes,
        modules=table(
            {**axes, "string": np.arange(strings), "position": np.arange(positions)},
            {k: v.reshape(*shape, strings, positions) for k, v in modules.items()},
        ),
        strings=table({**axes, "string": np.arange(strings)}, {"current": currents.reshape(*shape, strings)}),
        point_status=code.reshape(shape),
        point_energy_balance=np.where(bad, np.nan, balance).reshape(shape),
        point_error_estimate=np.where(bad, np.nan, error).reshape(shape),
        warnings=tuple(dict.fromkeys(flows.warnings)) + _failures(code),
        array=array,
        operation=operation,
        fidelity=fidelity,
        tolerance=tolerance,
    )


def _modules(array: ModuleArray, lanes: ArrayLanes, flows: Flows, currents: Array) -> dict[str, Array]:
    """Values of every module, shape (points, strings, places)."""
    own = {
        "current": flows.current,
        "voltage": flows.voltage,
        "power": flows.voltage * flows.current,
        "heat_hot": flows.heat_hot,
        "heat_cold": flows.heat_cold,
        "T_hot": flows.T_hot,
        "T_cold": flows.T_cold,
        "T_hot_junction": flows.T_hot_junction,
        "T_cold_junction": flows.T_cold_junction,
    }
    with np.errstate(all="ignore"):
        own["efficiency"] = own["power"] / flows.heat_hot
    if array.bypass_voltage is not None:
        held = flows.voltage <= -array.bypass_voltage * (1.0 - 1e-9)
        own["bypass_current"] = np.where(held, currents[:, lanes.string] - flows.current, 0.0 * flows.current)
    place = np.concatenate([np.arange(len(row)) for row in array.strings])
    out: dict[str, Array] = {}
    for key, value in own.items():
        out[key] = np.full((len(currents), *array.size), np.nan)
        out[key][:, lanes.string, place] = value
    return out


def _failures(code: NDArray[np.int_]) -> tuple[str, ...]:
    lost = int(np.sum(code >= RUNAWAY))
    return (f"{lost} of {len(code)} operating points have no solution; they hold no numbers",) if lost else ()
