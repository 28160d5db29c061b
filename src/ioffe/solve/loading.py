"""Whether compiled code is worth loading: by the work ahead, or by the time that NumPy has taken so far."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf

from ioffe.base.errors import Fault, InputError
from ioffe.engine import compiled

LOADING = 12_000
"""Solves of a leg that NumPy does while compiled code is loaded: less work does not wait for it."""
LOADING_TIME = 1.0
"""CPU time in s that loading takes."""
SEARCH = 12
"""Solves that the current of an aim takes."""
ENGINES = ("auto", "compiled", "numpy")
INSTALL = 'pip install "ioffe[fast]"'
UNMADE = (
    "compiled code of this version is not there yet, so that NumPy solved this: "
    "`ioffe warm-up` makes it once, in about a minute"
)
"""What is said where compiled code would have been worth loading."""
KERNELS = ("network", "search")
"""Modules of compiled code that single solves use: operating points, and currents of aims."""
_spent = {"seconds": 0.0}
"""By solves of this process, alone and in batches."""


def is_worth_loading(work: int) -> bool:
    """Whether so many solves of a leg are for compiled code, if all of it is kept on disk."""
    return work >= LOADING and compiled.is_ready()


def unmade(work: int) -> tuple[str, ...]:
    """What a result says of so many solves of a leg, which compiled code would do if it were there."""
    return (UNMADE,) if work >= LOADING and compiled.available() and not compiled.is_ready() else ()


def spent() -> float:
    """CPU time in s that NumPy has taken so far."""
    return _spent["seconds"]


def missed(since: float) -> tuple[str, ...]:
    """As `unmade`, where NumPy has taken longer than loading takes since it had `spent` so much."""
    return unmade(LOADING) if spent() - since >= LOADING_TIME else ()


@contextmanager
def numpy_solve() -> Iterator[None]:
    """Add the CPU time of a solve by NumPy."""
    start = time.process_time()
    try:
        yield
    finally:
        _spent["seconds"] += time.process_time() - start


def has_outgrown() -> bool:
    """Whether solves have taken NumPy as long as loading: so they cost twice their least at most."""
    return _spent["seconds"] >= LOADING_TIME and compiled.is_ready()


def kernels() -> frozenset[str]:
    """What a solve does by compiled code: all that it can, or as much of it as is in memory."""
    return frozenset(name for name in KERNELS if compiled.is_loaded(name) or has_outgrown())


def choose(engine: str) -> None:
    """Solve with one engine from now on: ``"numpy"``, ``"compiled"``, or ``"auto"`` for by the work.

    Raises `InputError` if compiled code is wanted and has not been made.
    """
    if engine == "compiled" and not compiled.is_ready():
        advice = "`ioffe warm-up` makes it once, in about a minute" if compiled.available() else INSTALL
        raise InputError(Fault("--engine", engine, "compiled code of this version is expected", advice))
    if engine != "auto":
        expect(many=engine == "compiled")


def expect(*, many: bool) -> None:
    """Say that single solves will be many, so that the next one loads compiled code, or are left to NumPy."""
    _spent["seconds"] = LOADING_TIME if many else -inf
