"""Current-voltage curves, many points of every device at once from few solved ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from ioffe.device.conditions import SWEEP, Array
from ioffe.engine.network import NUMBERS, Drive, Network, Solution
from ioffe.engine.state import FAILED, OK, OUTSIDE, RUNAWAY
from ioffe.engine.table import Flags
from ioffe.solve.assemble import Assembly
from ioffe.solve.batch.cases import Index, SolveRequest
from ioffe.solve.batch.engines import (
    CompiledEngine,
    PlainInputs,
    is_plain,
    plain_inputs,
    plain_solution,
    plain_tables,
)

POINTS_AT_ONCE = 100_000
"""Few enough to stay in the cache of a processor."""
ALLOWED = 0.5
"""Share of the tolerance by which an interpolation may be off."""

SLACK = 1e-9
"""K by which an end may lie outside its table."""

NEVER = (np.inf, np.inf, np.inf)
"""By how much an interpolation missed what was never looked at."""


def plain_curves(
    engine: CompiledEngine, network: Network, asked: SolveRequest, ends: Array
) -> Iterator[tuple[slice, Solution]]:
    """Some of the devices, and their solutions at all of their currents.

    `network`, `asked`: plain legs (`engines.is_plain`), whose currents are left free.
    `ends`: largest currents in A, in the direction of a generator; NaN has no solution.
    Yields `solution`: of one device after the other, point by point, at the shares `SWEEP` of its end.
    """
    from ioffe.engine.compiled.plain import entry as plain

    count, inputs = len(ends), plain_inputs(network, asked)
    tables, which = plain_tables([network], [count], engine.tolerance)
    options = {"shares": SWEEP, "tolerance": engine.tolerance, "threads": engine.threads}
    solved = plain.curves(tables, which, inputs.T_hot, inputs.T_cold, ends * inputs.sign, **options)
    for start in range(0, count, step := POINTS_AT_ONCE // len(SWEEP)):
        devices = slice(start, min(start + step, count))
        legs = PlainInputs(*(getattr(inputs, f.name)[devices, None] for f in fields(PlainInputs)))
        current, found = ends[devices, None] * SWEEP, solved.points(devices)
        refused = found.code == plain.REFUSED
        found.code[refused] = FAILED
        solution = plain_solution(legs, found, current, found.code)
        again = refused & np.isfinite(current)
        if again.any():
            rows = start + np.nonzero(again)[0]
            drive = asked.drive.take(rows).at(current[again])
            solution.accept(engine.network(network.take(rows), drive), again.ravel())
        solution.refuse_open()
        yield devices, solution


def curves(
    engine: CompiledEngine, assembly: Assembly, asked: SolveRequest, end: Solution, share: float
) -> Iterator[tuple[slice | Index, Solution]]:
    """Some of the devices, and their solutions at currents from none to a share of that of an aim.

    `assembly`, `asked`: devices of one topology, whose currents are left free.
    `end`: of every device at the current of the aim.
    `share`: largest current over that of the aim.
    Yields `solution`: of one device after the other, point by point, at the shares `SWEEP` of its end.
    """
    ends = np.where(end.code < RUNAWAY, share * end.current, np.nan)
    if is_plain(assembly.network, replace(asked, aim="short_circuit")):
        yield from plain_curves(engine, assembly.network, asked, ends)
        return
    for start in range(0, len(ends), step := POINTS_AT_ONCE // len(SWEEP)):
        rows = np.arange(start, min(start + step, len(ends)))
        part = replace(assembly, network=assembly.network.take(rows))
        known = end.part(rows) if share == 1.0 else None
        found = _from_few(engine, part, replace(asked, drive=asked.drive.take(rows)), ends[rows], known)
        yield from ((rows[devices], solution) for devices, solution in found)


def _from_few(
    engine: CompiledEngine, assembly: Assembly, asked: SolveRequest, ends: Array, end: Solution | None
) -> Iterator[tuple[Index, Solution]]:
    """Interpolated where that is exact enough, and solved point by point where it is not.

    What is known at the largest currents is not solved again.
    """
    from ioffe.engine.compiled.along import LEVELS, solved_at

    left, seen = np.arange(len(ends)), NEVER
    known = end
    for before, count in zip((0, *LEVELS), LEVELS, strict=False):
        shares = solved_at(count)
        if before:
            assert known is not None
            new = _at(engine, assembly, asked, left, ends, shares[1::2])
            seen = _gaps(asked.drive.take(left), known, new, ends[left], shares[1::2])
            known = _merged(known, new, np.arange(count) // 2 + np.arange(count) % 2 * before)
        elif known is None:
            known = _at(engine, assembly, asked, left, ends, shares)
        else:
            known = _merged(known, _at(engine, assembly, asked, left, ends, shares[1:]), range(count))
        part = replace(assembly, network=assembly.network.take(left))
        good, curve = _interpolated(
            engine.tolerance, part, asked.drive.take(left), known, ends[left], count, seen
        )
        if good.any():
            yield left[good], curve
        left, known = left[~good], known.part(np.flatnonzero(np.repeat(~good, count)))
        if not len(left):
            return
    yield left, _at(engine, assembly, asked, left, ends, SWEEP)


def _at(
    engine: CompiledEngine,
    assembly: Assembly,
    asked: SolveRequest,
    devices: Index,
    ends: Array,
    shares: Array,
) -> Solution:
    """Solution of some devices at shares of their largest currents."""
    rows = np.repeat(devices, len(shares))
    drive = asked.drive.take(rows).at(np.ravel(ends[devices, None] * shares))
    part = replace(assembly, network=assembly.network.take(rows))
    return engine.solve([(part, SolveRequest(drive, None))])[0]


def _merged(known: Solution, new: Solution, order: Sequence[int] | Index) -> Solution:
    """Solutions of devices at known currents and at new ones: which of both, in this order, each has."""

    def both(name: str) -> Any:
        parts = getattr(known, name), getattr(new, name)
        shape, devices = parts[0].shape[:-1], (parts[0].shape[-1] + parts[1].shape[-1]) // len(order)
        out = np.concatenate([part.reshape(*shape, devices, -1) for part in parts], axis=-1)
        return out[..., order].reshape(*shape, -1)

    names = ("T", "T_I", "code", *NUMBERS)
    return Solution(**{name: both(name) for name in names}, states=[])


def _smooth(drive: Drive, found: Solution, ends: Array) -> list[tuple[Array, Array]]:
    """Voltage, the heat of an end where none is imposed, and the loss, with their slopes times the end."""
    power_I = found.voltage + found.current * found.voltage_I
    hot, cold = (found.heat_hot, found.heat_hot_I), (found.heat_cold, found.heat_cold_I)
    loss = hot[0] - cold[0] - found.power, hot[1] - cold[1] - power_I
    pairs = (found.voltage, found.voltage_I), cold if drive.heat_cold is not None else hot, loss
    shape = len(ends), -1
    return [(value.reshape(shape), slope.reshape(shape) * ends[:, None]) for value, slope in pairs]


def _gaps(drive: Drive, known: Solution, new: Solution, ends: Array, shares: Array) -> list[Array]:
    """By how much interpolations between known currents miss what is solved at others."""
    from ioffe.engine.compiled.along import along, weights

    both = zip(_smooth(drive, known, ends), _smooth(drive, new, ends), strict=True)
    return [np.abs(along(weights(x[0].shape[1], tuple(shares))[0], *x) - y[0]).max(axis=1) for x, y in both]


def _interpolated(
    tolerance: float,
    assembly: Assembly,
    drive: Drive,
    found: Solution,
    ends: Array,
    count: int,
    seen: Sequence[Array | float],
) -> tuple[Flags, Solution]:
    """Which devices are close enough to what was solved at so many currents, and their curves.

    Voltage and one heat are interpolated; the other heat follows, so that every point closes as the solved
    ones do.
    """
    from ioffe.engine.compiled.along import along, missed, weights

    network, (to_points, to_last) = assembly.network, weights(count, tuple(SWEEP))
    floats = drive.heat_cold is not None

    def largest(values: Array) -> Array:
        return np.asarray(values.reshape(-1, count).max(axis=1))

    smooth = _smooth(drive, found, ends)
    off_voltage, off_heat, off_loss = (missed(to_last, *x, gap) for x, gap in zip(smooth, seen, strict=True))
    off_heat = off_heat + off_loss
    allowed = ALLOWED * tolerance
    with np.errstate(invalid="ignore"):
        size = largest(np.maximum(np.abs(found.heat_hot), np.abs(found.heat_cold)))
        good = (off_heat <= allowed * size) & (off_voltage <= allowed * largest(np.abs(found.voltage)))
    # a profile that leaves the tables inside a leg is followed point by point
    status = np.where(_outside(network, found.T.reshape(network.nodes, -1, count)), OUTSIDE, OK)
    good &= (found.code.reshape(-1, count) == status).all(axis=1)
    current = ends[good, None] * SWEEP
    V, Q, lost = (along(to_points, values[good], slopes[good]) for values, slopes in smooth)
    other = Q + lost + V * current if floats else Q - lost - V * current
    T = np.empty((network.nodes, *Q.shape))
    for node in range(network.nodes):
        values, slopes = (x[node].reshape(-1, count)[good] for x in (found.T, found.T_I))
        T[node] = along(to_points, values, slopes * ends[good, None])
    for node, given in ((network.hot, drive.T_hot), (network.cold, drive.T_cold)):
        if given is not None:
            T[node] = given[good, None]
    per_device = {
        "error": largest(found.error) + off_heat + off_voltage * np.abs(ends),
        "residual": largest(found.residual),
        "rounding": largest(found.rounding),
        "known_balance": largest(found.balance),
    }
    unknown = np.broadcast_to(np.nan, (network.nodes, Q.size))
    numbers: dict[str, Any] = {name: np.repeat(v[good], len(SWEEP)) for name, v in per_device.items()}
    numbers |= dict.fromkeys(("voltage_I", "heat_hot_I", "heat_cold_I"), unknown[0])
    hot, cold = (other, Q) if floats else (Q, other)
    flows = {"current": current, "voltage": V, "heat_hot": hot, "heat_cold": cold, "loss": lost}
    numbers |= {name: values.ravel() for name, values in flows.items()}
    numbers["code"] = np.where(_outside(network.take(np.flatnonzero(good)), T), OUTSIDE, OK).ravel()
    return good, Solution(**numbers, T=T.reshape(network.nodes, -1), T_I=unknown, states=[])


def _outside(network: Network, T: Array) -> Flags:
    """Where an end of a leg is beyond its table; T has shape (nodes, devices, points)."""
    out = np.zeros(T.shape[1:], bool)
    for leg in network.legs:
        low, high = (np.reshape(limit, (-1, 1)) for limit in leg.table.limits)
        for node in (leg.a, leg.b):
            out |= (T[node] < low - SLACK) | (T[node] > high + SLACK)
    return out
