"""What is asked of every device of a batch: reservoirs, and a current, a voltage, a load or an aim."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ioffe.base.errors import Fault, InputError
from ioffe.device.conditions import Array, Conditions, Cooler, Generator
from ioffe.device.parameters import CONDITIONS
from ioffe.engine.network import Drive
from ioffe.solve.batch.lanes import OPERATION, Index, Lanes


@dataclass(frozen=True, eq=False)
class Asked:
    """Drive of some devices, without a current where it is an aim that decides it."""

    drive: Drive
    aim: str | None
    """``"max_power"``, ``"max_efficiency"``, ``"short_circuit"``, ``"max_heat"``, ``"max_COP"``,
    ``"delta_T_max"`` or ``"heat"`` (the smaller current that carries `load`)."""
    load: Array | None = None
    """Heat load in W of one couple, for the aim ``"heat"``."""


def settled(conditions: Conditions, lanes: Lanes) -> Conditions:
    """The conditions of the first device, checked; what is varied takes the place of what was given.

    Raises
    ------
    InputError
        If the conditions hold lists, or the varied numbers make no sense together.
    """
    for name in CONDITIONS:
        if isinstance(getattr(conditions, name, None), np.ndarray):
            raise InputError(Fault(name, expected="one value is expected in a batch; give several in vary"))
    varied = {k: float(v[0]) for k, v in lanes.numbers.items() if k in CONDITIONS}
    given = {k: v for k, v in varied.items() if k in OPERATION}
    if given:
        varied = dict.fromkeys((k for k in OPERATION if hasattr(conditions, k)), None) | varied
    if isinstance(conditions, Generator):
        _hot_above_cold(conditions, lanes)
    return conditions.replace(**varied)


def asked(conditions: Conditions, changed: Any, lanes: Index, couples: Any) -> Asked:
    """Drive of the given devices.

    Parameters
    ----------
    conditions
        As `settled` returns them.
    changed
        The copy of them that holds arrays, from `parameters.varied`.
    couples
        Number of couples, one for all or (n,).
    """
    n = len(lanes)

    def values(name: str) -> Array:
        return np.broadcast_to(np.asarray(getattr(changed, name), float), (n,))

    ambient = values("T_ambient") if conditions.T_ambient is not None else np.full(n, 300.0)
    if isinstance(conditions, Generator):
        heat = conditions.heat is not None
        hot = {"heat_hot": values("heat") / couples} if heat else {"T_hot": values("T_hot")}
        drive = Drive(ambient=ambient, T_cold=values("T_cold"), **hot)
        name = next(k for k in OPERATION if getattr(conditions, k) is not None)
        aim = getattr(conditions, name)
        if isinstance(aim, str):
            return Asked(drive, aim)
        share = 1.0 if name == "current" else couples
        return Asked(replace(drive, **{name: values(name) / share}), None)
    return _cooler(conditions, values, ambient, couples)


def _cooler(conditions: Cooler, values: Any, ambient: Array, couples: Any) -> Asked:
    T_hot = values("T_hot")
    load = None if conditions.heat is None else values("heat") / couples
    fixed = conditions.T_cold is not None or conditions.aim == "COP"
    if fixed:
        T_cold = T_hot if conditions.T_cold is None else values("T_cold")
        drive = Drive(ambient=ambient, T_hot=T_hot, T_cold=T_cold)
    else:
        assert load is not None
        drive = Drive(ambient=ambient, T_hot=T_hot, heat_cold=-load)
    if isinstance(conditions.current, str):
        return Asked(drive, conditions.current)
    if conditions.current is not None:
        return Asked(drive.at(-values("current")), None)
    return Asked(drive, "heat", load) if fixed else Asked(drive, "delta_T_max")


def _hot_above_cold(conditions: Generator, lanes: Lanes) -> None:
    both = [lanes.numbers.get(k, getattr(conditions, k)) for k in ("T_hot", "T_cold")]
    if both[0] is None:
        return
    wrong = np.flatnonzero(np.broadcast_to(both[1] >= both[0], (len(lanes),)))
    if len(wrong):
        place = np.unravel_index(wrong[0], lanes.shape)
        T_hot, T_cold = (float(np.broadcast_to(b, (len(lanes),))[wrong[0]]) for b in both)
        where = ", ".join(str(int(k)) for k in place)
        expected = f"a temperature below T_hot = {T_hot:g} K is expected ({len(wrong)} devices)"
        raise InputError(Fault(f"vary.T_cold[{where}]", T_cold, expected))
