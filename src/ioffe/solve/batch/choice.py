"""Which engine solves a batch, by the work that it takes."""

from __future__ import annotations

from typing import Literal

from ioffe.base.errors import Fault, InputError, did_you_mean
from ioffe.device.conditions import OPERATION, SWEEP, Conditions
from ioffe.engine import compiled
from ioffe.solve.batch.engines import CompiledEngine, NumpyEngine, Solver
from ioffe.solve.loading import ENGINES, SEARCH, has_outgrown, is_worth_loading, unmade

APART = 100
"""Solves that take NumPy as long as devices of other materials, which it solves apart."""
Engine = Literal["auto", "compiled", "numpy"]


def solves(conditions: Conditions) -> int:
    """Solves that one device takes."""
    given = [v for v in (getattr(conditions, name, None) for name in OPERATION) if v is not None]
    if "sweep" in given:
        return SEARCH + len(SWEEP)
    return SEARCH if not given or isinstance(given[0], str) else 1


def chosen(
    name: str, work: int, tolerance: float, threads: int | None, states: bool
) -> tuple[Solver, tuple[str, ...]]:
    """The engine for so many solves of a leg, and what one must know of the choice."""
    if name not in ENGINES:
        words = " or ".join(f'"{word}"' for word in ENGINES)
        raise InputError(Fault("engine", name, f"{words} is expected", did_you_mean(name, ENGINES)))
    if name == "compiled" and not compiled.available():
        raise InputError(
            Fault("engine", name, "numba is expected to be installed", 'pip install "ioffe[fast]"')
        )
    loaded = any(map(compiled.is_loaded, ("network", "vector.entry"))) and compiled.is_ready()
    many = loaded or is_worth_loading(work) or has_outgrown()
    if name == "compiled" or (name == "auto" and many):
        return CompiledEngine(tolerance, threads, states), ()
    return NumpyEngine(tolerance), unmade(work) if name == "auto" else ()
