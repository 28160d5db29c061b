"""Plain legs of a batch: one adiabatic segment between two given temperatures, the fastest case there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ioffe.device.conditions import Array
from ioffe.engine.elements import Joule
from ioffe.engine.network import Network, Solution
from ioffe.engine.state import ABSENT, FAILED, RUNAWAY
from ioffe.solve.batch.task import Asked

AIMS = {"short_circuit": "short_circuit", "max_power": "power", "max_efficiency": "efficiency"}


def is_plain(network: Network, asked: Asked) -> bool:
    """Whether a network is such a leg, perhaps with contact resistance where its current is given."""
    if network.nodes != 2 or len(network.legs) != 1 or network.passive or network.jumps:
        return False
    leg, drive = network.legs[0], asked.drive
    if np.any(leg.convection) or np.any(leg.radiation) or drive.T_hot is None or drive.T_cold is None:
        return False
    if asked.aim is None:
        return drive.current is not None and all(isinstance(x, Joule) for x in network.joule)
    return asked.aim in AIMS and not network.joule


@dataclass(frozen=True, eq=False)
class _Legs:
    """Numbers of all legs, group by group."""

    T_hot: Array
    T_cold: Array
    per_length: Array
    sign: Array
    """Share of the current, times length over area of one leg."""
    volts: Array
    """Count times sign."""
    ohm_hot: Array
    ohm_cold: Array


def solve(
    groups: list[tuple[Network, Asked]], tolerance: float, threads: int | None
) -> tuple[Solution, np.ndarray]:
    """Solution of all lanes, group by group, and which of them have to be solved in another form."""
    from ioffe.engine.compiled.packing import pack_tables
    from ioffe.engine.compiled.plain import entry as plain

    legs = _join([_legs(network, asked) for network, asked in groups])
    sizes = [len(asked.drive) for _, asked in groups]
    tables = pack_tables([network.legs[0].table for network, _ in groups])
    which = np.repeat(np.arange(len(groups)), sizes)
    ends = (tables, which, legs.T_hot, legs.T_cold)
    aim = groups[0][1].aim
    options = {"tolerance": tolerance, "threads": threads}
    if aim is None:
        current = np.concatenate([np.asarray(asked.drive.current, float) for _, asked in groups])
        found = plain.solve(*ends, current * legs.sign, **options)
        j = current * legs.sign
    else:
        found = plain.best(*ends, AIMS[aim], **options)
        j, current = found.j, found.j / legs.sign
    refused = found.code == plain.REFUSED
    code = np.where(refused, FAILED, found.code)
    if aim is not None:
        # a leg that generates against its carrier's direction has no such current
        code = np.where((code < RUNAWAY) & ~(current > 0), ABSENT, code)
    return _solution(legs, found, j, current, code), refused


def _legs(network: Network, asked: Asked) -> _Legs:
    leg, n = network.legs[0], len(asked.drive)
    ohm = [
        sum(x.resistance for x in network.joule if isinstance(x, Joule) and x.node == node)
        for node in (network.hot, network.cold)
    ]
    forward = 1.0 if leg.a == network.hot else -1.0
    values = (
        asked.drive.T_hot,
        asked.drive.T_cold,
        leg.per_length,
        forward * leg.sign * leg.length / leg.area,
        forward * leg.sign * leg.count,
        *ohm,
    )
    return _Legs(*(np.broadcast_to(np.asarray(v, float), (n,)) for v in values))


def _join(parts: list[_Legs]) -> _Legs:
    if len(parts) == 1:
        return parts[0]
    return _Legs(*(np.concatenate([getattr(p, k) for p in parts]) for k in vars(parts[0])))


def _solution(legs: _Legs, found: Any, j: Array, current: Array, code: np.ndarray) -> Solution:
    heat, voltage, error = found.heat, found.voltage, found.error
    out = Solution.blank(len(current), 2, 0)
    with np.errstate(invalid="ignore"):
        leaving = legs.per_length * heat
        square = current * current
        bad = code >= RUNAWAY
        values = {
            "voltage": legs.volts * voltage - current * (legs.ohm_hot + legs.ohm_cold),
            "heat_hot": leaving - square * legs.ohm_hot,
            "heat_cold": legs.per_length * (heat - j * voltage) + square * legs.ohm_cold,
            "loss": np.zeros(len(current)),
            "residual": np.zeros(len(current)),
            "error": error * (np.abs(leaving) + np.abs(legs.per_length * j * voltage)),
        }
    for name, value in values.items():
        getattr(out, name)[:] = np.where(bad, np.nan, value)
    out.current[:] = current
    out.T[0], out.T[1] = legs.T_hot, legs.T_cold
    out.code[:] = code
    return out
