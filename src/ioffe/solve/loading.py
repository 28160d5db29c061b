"""Whether compiled code is worth loading: by the work ahead, or by the time that NumPy has taken so far."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf

from ioffe.engine import compiled

LOADING = 12_000
"""Solves of a leg that NumPy does while compiled code is loaded: less work does not wait for it."""
LOADING_TIME = 1.0
"""CPU time in s that loading takes."""
SEARCH = 12
"""Solves that the current of an aim takes."""
_spent = {"seconds": 0.0}
"""By solves of this process, alone and in batches."""


def is_worth_loading(work: int) -> bool:
    """Whether so many solves of a leg are for compiled code, if all of it is kept on disk."""
    return work >= LOADING and compiled.is_ready()


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


def expect(*, many: bool) -> None:
    """Say that single solves will be many, so that the next one loads compiled code, or are left to NumPy."""
    _spent["seconds"] = LOADING_TIME if many else -inf
