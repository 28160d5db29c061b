"""Current-voltage curves of plain legs, many points of every device at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import numpy as np

from ioffe.device.conditions import Array
from ioffe.engine.network import Network, Solution
from ioffe.engine.state import FAILED
from ioffe.solve.batch.cases import SolveRequest
from ioffe.solve.batch.engines import CompiledEngine, PlainInputs, plain_inputs, plain_solution, plain_tables

POINTS_AT_ONCE = 100_000
"""Few enough to stay in the cache of a processor."""


def plain_curves(
    engine: CompiledEngine, network: Network, asked: SolveRequest, currents: Array
) -> Iterator[tuple[slice, Solution]]:
    """Some of the devices, and their solutions at all of their currents.

    Parameters
    ----------
    network, asked
        Plain legs (`engines.is_plain`), whose currents are left free.
    currents : ndarray, shape (devices, points)
        In A, in the direction of a generator; NaN has no solution.

    Yields
    ------
    devices : slice
    solution : Solution
        Of one device after the other, point by point.
    """
    from ioffe.engine.compiled.plain import entry as plain

    count, points = currents.shape
    inputs, (tables, which) = (
        plain_inputs(network, asked),
        plain_tables([network], [count], engine.tolerance),
    )
    for start in range(0, count, step := max(1, POINTS_AT_ONCE // points)):
        devices = slice(start, min(start + step, count))
        legs = PlainInputs(*(getattr(inputs, f.name)[devices, None] for f in fields(PlainInputs)))
        current = currents[devices]
        ends = which[devices], legs.T_hot[:, 0], legs.T_cold[:, 0]
        options = {"tolerance": engine.tolerance, "threads": engine.threads}
        found = plain.curve(tables, *ends, j=current * legs.sign, **options)
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
