"""Chunks of a sweep: solved and stored one after the other, or on several processes.

>>> differences({"ioffe": "1", "numpy": "2.1"}, {"ioffe": "1", "numpy": "2.2"})
['numpy was 2.1 and is 2.2']
"""

from __future__ import annotations

import os
import platform
import signal
import threading
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from importlib.metadata import version
from multiprocessing import get_context, parent_process
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe._version import __version__
from ioffe.device.cascade import Cascade
from ioffe.engine import compiled
from ioffe.solve.batch.choice import Engine
from ioffe.solve.batch.solve import warm_up
from ioffe.solve.ranges import Row
from ioffe.study.solving import solve_devices
from ioffe.study.store import RunFolder, SweepStopped
from ioffe.study.study import Study

BLOCK: Final = 500
"""Devices that NumPy solves together: chunks are whole numbers of them."""
BLOCK_OF_CASCADES: Final = 10
"""The same of cascades, of which each takes a good part of a second."""
FEWEST_CHUNKS, USUAL_CHUNK, MOST_CHUNKS, LARGEST_CHUNK = 16, 20_000, 10_000, 200_000
"""Chunks of a small study, which several processes share; devices of a chunk; chunks of a large study, as
long as they fit into memory."""
AHEAD: Final = 2
"""Chunks for each process that wait in its queue."""
QUALITY: Final = {"status": "code", "energy_balance": "short", "error_estimate": "short"}
"""Columns beside the variables and the outputs."""


def chunk_size(study: Study) -> int:
    """Devices of a chunk: what the study says, or neither few nor tiny nor too many chunks."""
    block = BLOCK_OF_CASCADES if isinstance(study.device, Cascade) else BLOCK
    usual = min(max(-(-study.count // FEWEST_CHUNKS), block), USUAL_CHUNK)
    wanted = study.chunk or min(max(usual, -(-study.count // MOST_CHUNKS)), LARGEST_CHUNK)
    return -(-wanted // block) * block


def versions(engine: str) -> dict[str, str]:
    """Versions of everything on which the last bit of a number depends."""
    found = {"ioffe": __version__, "numpy": np.__version__, "scipy": version("scipy")}
    found["processor"] = platform.machine()
    if engine == "compiled":
        found["kernels"] = f"{compiled.stamp(compiled.SOURCES)[:16]} {compiled._processor()}"
    return found


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """What is not the same in two sets of versions, in words."""
    return [
        f"{name} was {before.get(name, 'not used')} and is {now.get(name, 'not used')}"
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    ]


def prepare_engine(engine: Engine) -> dict[str, str]:
    """Compile what an engine needs, if that is still to be done, and say with which versions it solves."""
    if engine == "compiled" and compiled.available():
        warm_up()
    return versions(engine)


def solved_on_processes(study: Study, run: RunFolder, missing: Sequence[int], workers: int) -> Generator[int]:
    """Numbers of chunks as they are stored.

    `run`: where it is stored.
    `missing`: chunks to be solved.
    `workers`: processes; one is this process.
    Raises `SweepStopped` if a chunk cannot be written or a process has ended.
    """
    if workers <= 1:
        for k in missing:
            yield solve_chunk(study, run, k)
        return
    # new processes, not copies of this one, whose threads would not be copied
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _begin, (study, run))
    waiting: set[Future[int]] = set()
    rest = iter(missing)
    try:
        while True:
            for k in rest:
                waiting.add(pool.submit(_chunk_of_worker, k))
                if len(waiting) >= AHEAD * workers:
                    break
            if not waiting:
                break
            ended, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in ended)
    except BrokenProcessPool:
        text = "a process ended before its chunk was solved"
        raise SweepStopped(f"{text}; what is stored stays, and the sweep can be resumed") from None
    finally:
        pool.shutdown(cancel_futures=True)


def solve_chunk(study: Study, run: RunFolder, k: int) -> int:
    """Solve and store the devices of a chunk.

    `run`: where it is stored.
    `k`: number of the chunk.
    Returns: the same number.
    """
    run.write(k, *chunk_columns(study, run.header["engine"], *run.devices(k)))
    return k


def chunk_columns(
    study: Study, engine: Engine, start: int, stop: int
) -> tuple[dict[str, NDArray[Any]], tuple[Row, ...]]:
    """Solve some devices: their variables, quantities and quality.

    `engine` {"compiled", "numpy"}: which engine solves them.
    `start`, `stop`: numbers of the first device and of the one behind the last.
    Returns: materials that were used beyond their ranges, as `BatchResult.used`.
    """
    vary, named = study.at(np.arange(start, stop))
    options: dict[str, Any] = {"keep": study.kept, "engine": engine, "threads": 1, "strict": study.strict}
    found = solve_devices(study, vary, tolerance=study.tolerance, **options)
    batch = found.batch
    quality = batch.point_status, batch.point_energy_balance, batch.point_error_estimate
    columns = {**named, **{name: found.values[name] for name in study.kept}}
    return columns | dict(zip(QUALITY, quality, strict=True)), batch.used


_TASK: dict[str, Any] = {}
"""What a process of a pool works on."""


def _begin(study: Study, run: RunFolder) -> None:
    """Prepare a process of the pool, which ends when the one that began it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process is asked and ends the others
    _TASK.update(study=study, run=run)

    def end_with_parent() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=end_with_parent, daemon=True).start()


def _chunk_of_worker(k: int) -> int:
    return solve_chunk(_TASK["study"], _TASK["run"], k)
