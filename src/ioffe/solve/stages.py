"""Current, voltage, power, heats and temperatures of each stage of a solved cascade."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ioffe.base.table import ResultTable, table
from ioffe.device.conditions import Array
from ioffe.engine import circuits
from ioffe.engine.network import Solution
from ioffe.engine.state import RUNAWAY
from ioffe.solve.assemble import Assembly


def stage_values(
    assembly: Assembly, s: Solution, axes: Mapping[str, Array], generates: bool, ideal: bool
) -> ResultTable:
    """Values of all stages along the axes of the operating points and, behind them, the stages.

    What leaves one stage enters the next: the heat of a stage follows from that of the device and the power
    and side losses of the stages before it.
    """
    sign = 1.0 if generates else -1.0
    columns: list[dict[str, Array]] = []
    heat = s.heat_hot
    for stage in assembly.stages:
        legs = assembly.network.legs[stage.circuit.legs]
        share = legs[0].sign
        voltage = circuits.voltage(assembly.network, stage.circuit, s, ideal=ideal)
        power, loss = voltage * s.current, np.zeros_like(heat)
        for leg, state in zip(legs, s.states[stage.circuit.legs], strict=True):
            if state is not None and not ideal:
                loss = loss + state.loss * leg.per_length
        entering, heat = heat, heat - power - loss
        columns.append(
            {
                "current": sign * share * s.current,
                "voltage": voltage / share,
                "power": sign * power,
                "heat_hot": sign * entering,
                "heat_cold": sign * heat,
                "T_hot": s.T[stage.hot],
                "T_cold": s.T[stage.cold],
                "T_hot_junction": s.T[stage.hot_junction],
                "T_cold_junction": s.T[stage.cold_junction],
            }
        )
    values = {k: np.stack([c[k] for c in columns], axis=-1) for k in columns[0]}
    with np.errstate(all="ignore"):
        if generates:
            values["efficiency"] = values["power"] / values["heat_hot"]
        else:
            values["COP"] = values["heat_cold"] / values["power"]
    values["delta_T"] = values["T_hot"] - values["T_cold"]
    bad = (s.code >= RUNAWAY)[:, None]
    shape = tuple(len(values) for values in axes.values())
    shaped = {
        k: (v if k == "current" else np.where(bad, np.nan, v)).reshape(*shape, -1) for k, v in values.items()
    }
    return table({**axes, "stage": np.arange(len(columns))}, shaped)
