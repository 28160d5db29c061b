"""A batch that was checked: what its devices are, which engine solves them, and in which parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from ioffe.base.errors import ExtrapolationError, Fault, Faults, InputError
from ioffe.base.quantities import quantity
from ioffe.base.status import Status
from ioffe.device.cascade import Cascade, Device, legs_of
from ioffe.device.conditions import Conditions, Cooler, Generator
from ioffe.device.parameters import in_layer, materials, meant, quantity_of
from ioffe.material.material import Material
from ioffe.material.soundness import Remarks
from ioffe.result.batch import BatchResult
from ioffe.solve.batch.cases import VariedInput, read, settled
from ioffe.solve.batch.choice import APART, Engine, chosen, solves
from ioffe.solve.batch.engines import Solver
from ioffe.solve.batch.groups import BatchTask
from ioffe.solve.gradient.of_result import batch_gradient, batch_parameters
from ioffe.solve.loading import SEARCH
from ioffe.solve.steady import interpolations
from ioffe.solve.task import QUANTITIES, check

FINE, FINEST = 1e-7, 1e-9
"""Tolerances under derivatives, and under those of an aim, which are differences of exact derivatives."""

APART_CIRCUITS: Final = (
    'connection = "series" is expected in a batch: the currents of independent circuits are searched one '
    "device after the other"
)


@dataclass(frozen=True, eq=False, kw_only=True)
class BatchPlan:
    """Devices that were checked, ready to be solved; a part of them can go to another process."""

    device: Device
    conditions: Conditions
    given: VariedInput
    first: Mapping[str, str]
    """The full path, or the first of them, of every path that was given."""
    solver: Solver
    tolerance: float
    gradient: tuple[str, ...]
    interfaces: bool
    kept: tuple[str, ...]
    remarks: Remarks
    strict: bool

    def parts(self, size: int) -> Iterator[BatchPlan]:
        """The same devices in rows of about `size`; each has the same result as in the whole, bit by bit.

        The size is rounded up to whole blocks of the engine: NumPy solves the devices of a block together,
        so that their rounding depends on one another.
        """
        block = self.solver.block or 1
        step, count = -(-size // block) * block, len(self.given)

        for start in range(0, count, step):
            yield replace(self, given=self.given.part(slice(start, min(start + step, count))))

    def _task(self) -> BatchTask:
        wanted = self.gradient, self.interfaces, self.kept
        return BatchTask(self.device, self.conditions, self.given.cases(), self.solver, *wanted)

    def solve(self) -> BatchResult:
        """Solve all devices.

        Raises `ExtrapolationError` if the plan is strict and a device uses a material beyond its measured
            range.
        """
        device, conditions = self.device, self.conditions
        out = self._task().run()
        cases, values = out.cases, out.quantities()
        beyond = int(np.sum(out.status == Status.OUTSIDE_TABLE)) if self.strict else 0
        if beyond:
            expected = f"strict: refused, because {beyond} of {len(cases)} devices use a material"
            raise ExtrapolationError("; ".join((f"{expected} beyond its measured range", *out.used.said())))
        numbers = {path: full for path, full in self.first.items() if full in cases.numbers}
        return BatchResult(
            values=values,
            point_status=out.shaped(out.status),
            point_energy_balance=out.shaped(out.quality["balance"]),
            point_error_estimate=out.shaped(out.quality["error"]),
            varied={path: cases.given(full) for path, full in self.first.items()},
            units={path: quantity(quantity_of(full, conditions)).unit for path, full in numbers.items()},
            derivatives=batch_gradient(device, conditions, cases, out.sensitivity, values, out.slopes)
            if self.gradient
            else None,
            interpolation=interpolations(_used(device, self.given)),
            warnings=(*self.remarks.warnings, *out.used.said()),
            used=out.used.rows(),
            notes=self.remarks.notes,
            device=device,
            conditions=conditions,
            engine=self.solver.name,
            tolerance=self.tolerance,
            interface_temperatures={k: out.shaped(v) for k, v in out.interfaces.items()},
        )


def planned(
    device: Device,
    conditions: Conditions,
    vary: Mapping[str, Any],
    *,
    tolerance: float = 1e-6,
    strict: bool = False,
    gradient: str | Iterable[str] = (),
    engine: Engine = "auto",
    threads: int | None = None,
    interfaces: bool = False,
    keep: Iterable[str] = (),
    judged: Callable[[VariedInput], Remarks] = lambda _: Remarks(),
) -> BatchPlan:
    """Check everything that `ioffe.solve.solve_batch` is given; `judged` says what is doubtful about it."""
    if not isinstance(device, Device):
        expected = "a Leg, a Module or a Cascade is expected in a batch"
        raise InputError(Fault("device", type(device).__name__, expected))
    if isinstance(device, Cascade) and device.connection != "series":
        raise InputError(Fault("device", device.connection, APART_CIRCUITS))
    if not isinstance(conditions, Generator | Cooler):
        check(device, conditions, "1d", tolerance)
    given = read(device, conditions, vary)
    first = {path: meant(device, conditions, path)[0] for path in vary}
    conditions = settled(device, conditions, given)
    check(device, conditions, "1d", tolerance)
    doubts = judged(given)
    paths = batch_parameters(device, conditions, given, gradient)
    kept = _kept(keep, isinstance(conditions, Generator))
    searched = solves(conditions) == SEARCH
    finer = min(tolerance, FINEST if searched else FINE) if paths else tolerance
    work = len(given) * len(legs_of(device)) * solves(conditions) + APART * (given.combinations - 1)
    solver, notes = chosen(engine, work, finer, threads, states=bool(paths))
    return BatchPlan(
        device=device,
        conditions=conditions,
        given=given,
        first=first,
        solver=solver,
        tolerance=tolerance,
        gradient=paths,
        interfaces=interfaces,
        kept=kept,
        remarks=replace(doubts, notes=(*doubts.notes, *notes)),
        strict=strict,
    )


def _kept(keep: Iterable[str], generates: bool) -> tuple[str, ...]:
    """Names of the quantities that are wanted, each once."""
    kept, faults = tuple(dict.fromkeys([keep] if isinstance(keep, str) else keep)), Faults()
    for k, name in enumerate(kept):
        faults.one_of(f"keep[{k}]", name, QUANTITIES[generates])
    faults.raise_if_any()
    return kept


def _used(device: Device, given: VariedInput) -> tuple[Material, ...]:
    """The materials of all legs: those that are varied, and the others of the device."""
    found = [m for kinds, _ in given.materials.values() for m in kinds]
    others = {k: m for k, m in materials(device).items() if not in_layer(k)}
    found += [m for path, m in others.items() if path not in given.materials]
    return tuple({id(m): m for m in found}.values())
