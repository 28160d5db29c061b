"""Sweeps: every device of a study solved and stored in chunks, on several processes, resumed at will."""

from __future__ import annotations

import os
import platform
import shutil
import signal
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe._version import __version__
from ioffe.base.errors import Fault, InputError
from ioffe.base.quantities import quantity
from ioffe.base.result import sources_of
from ioffe.engine import compiled
from ioffe.solve.batch.choice import COLD, Engine
from ioffe.solve.batch.solve import warm_up
from ioffe.solve.loading import LOADING
from ioffe.study.solving import solve_devices
from ioffe.study.store import HEADER, RunFolder, SweepStopped, storage
from ioffe.study.study import Study
from ioffe.study.sweep_result import SweepResult, read_sweep

WARMED: Final = 100 * LOADING
"""Solves from which NumPy takes longer than the compiler, so that a sweep waits for it."""
SHARED: Final = {"numpy": 10 * LOADING, "compiled": 1000 * LOADING}
"""Solves by engine that take longer than the start of further processes."""
UNJUDGED: Final = 3600 * LOADING
"""Solves that take NumPy about an hour: shorter sweeps begin without an estimate of their time."""
LONGEST: Final = 30 * 86400.0
"""Seconds that a sweep may take."""
PROBED, PROBED_PLACES, PROBING_TIME = (64, 512, 4096), 16, 0.3
"""Devices of the trials before a long sweep, at how many places of the study they are, and the CPU time in s
of a trial that is long enough to judge by."""
AHEAD: Final = 2
"""Chunks for each process that wait in its queue."""
BYTES: Final = {"parquet": 8.0, "csv": 19.0}
"""On the disk, for a number without any pattern."""
QUALITY: Final = {"status": "code", "energy_balance": "short", "error_estimate": "short"}
"""Columns beside the variables and the outputs."""
Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class SweepEstimate:
    """What a sweep will take.

    Parameters
    ----------
    devices, chunks : int
        How many are solved, and in how many files.
    engine : str
        Which engine solves them.
    time_per_device, time : float
        CPU time in s of one of them, and the time in s of all on the given number of processes.
    bytes : float
        On the disk, at most.
    """

    devices: int
    chunks: int
    engine: str
    time_per_device: float
    time: float
    bytes: float


def sweep(
    study: Study,
    into: str | Path,
    *,
    workers: int = 1,
    resume: bool = False,
    engine: Engine = "auto",
    progress: Progress | None = None,
) -> SweepResult:
    """Solve and store every device of a study.

    Parameters
    ----------
    study : Study
        What is solved.
    into : path
        Folder of the run, which is made.
    workers : int
        Processes at most, each with one thread of the engine; small sweeps need one. Others begin the program
        anew: in a script call this function under ``if __name__ == "__main__":``.
    resume : bool
        Go on with a run that the folder holds: only chunks that are not there are solved, and the numbers are
        bit for bit those of a run that was never interrupted.
    engine : {"auto", "compiled", "numpy"}
        As for `solve_batch`; a large sweep waits for the compiler, once.
    progress : callable
        Is called with the devices that are stored and all of them.

    Returns
    -------
    SweepResult
        The best devices, ranges, maps; all numbers by `SweepResult.to_frame`. Devices without a solution are
        rows with their status.

    Raises
    ------
    InputError
        If the folder holds another run, or one of another version; if the sweep would take more than 30 days,
        or more than the space on the disk; if another process writes into the folder.
    SweepStopped
        If a chunk cannot be written or a process has ended; what is stored stays.

    Examples
    --------
    >>> from ioffe import Generator, Leg
    >>> from ioffe.study import Span, Study
    >>> leg = Leg("Bi0.42Sb1.58Te3", "2 mm", "2 mm2", contact="5 uohm cm2")
    >>> conditions = Generator(T_hot=450, T_cold=310, cold_heat_transfer_coefficient=2000, load="max_power")
    >>> study = Study(leg, conditions, {"length": Span("0.2 mm", "4 mm", 25)}, ["power_density"])
    >>> found = sweep(study, "lengths", engine="numpy")
    >>> print(f"{1e3 * found.length[0]:.2f} mm")
    0.83 mm
    """
    path = Path(into)
    if not study.axes:
        raise InputError(Fault("variables", expected="at least one variable is expected in a sweep"))
    if isinstance(workers, bool) or workers < 1:
        raise InputError(Fault("workers", workers, "a whole number from 1 is expected"))
    run = RunFolder.open(path) if (path / HEADER).exists() else None
    if run is not None and not resume:
        advice = "go on with it (resume, --resume), or choose another folder"
        expected = "this folder holds a run already"
        raise InputError(Fault("into", str(path), expected, advice))
    if run is None:
        engine = settled_engine(study, engine)
        _check_size(study, engine, workers, path)
        _make_folder(path)
    header = _header(study, engine, run)
    if run is not None:
        _check_same(run, header)
    with RunFolder(path, header).locked():
        run = RunFolder.make(path, header, study.cards())
        missing, damaged = run.missing()
        _solve_chunks(study, run, missing, workers, progress)
        notes = tuple(f"chunk {k} was cut short and was solved again" for k in damaged)
    return read_sweep(path, notes)


def settled_engine(study: Study, engine: Engine, compile_it: bool = True) -> Engine:
    """The engine that solves a whole sweep, compiled first where that is worth it.

    Parameters
    ----------
    study : Study
        What is solved.
    engine : {"auto", "compiled", "numpy"}
        What is wanted.
    compile_it : bool
        Whether the compiler is waited for.
    """
    if engine != "auto":
        if engine == "compiled" and compiled.available() and compile_it:
            warm_up()
        return engine
    worth = compiled.available() and study.work >= LOADING
    if worth and not compiled.is_ready() and study.work >= WARMED and compile_it:
        warm_up()
    return "compiled" if worth and compiled.is_ready() else "numpy"


def estimate_sweep(study: Study, engine: Engine = "auto", workers: int = 1) -> SweepEstimate:
    """Time and disk of a sweep, from a trial with devices all over the study.

    Parameters
    ----------
    study, engine, workers
        As for `sweep`; nothing is compiled.

    Returns
    -------
    SweepEstimate

    Examples
    --------
    >>> from ioffe import Generator, Leg
    >>> from ioffe.study import Span, Study
    >>> leg = Leg("Bi2Te3", "2 mm", "2 mm2")
    >>> study = Study(leg, Generator(T_hot=450, T_cold=310), {"length": Span(1e-3, 2e-3, 40)})
    >>> estimate_sweep(study).chunks
    1
    """
    settled = settled_engine(study, engine, compile_it=False)
    last = min(study.count, 2**62)
    each = float("inf")
    _trial(study, settled, np.zeros(1, np.int64))  # loads the engine
    for count in PROBED:
        starts = np.linspace(0, last, PROBED_PLACES, endpoint=False).astype(np.int64)
        index = np.unique(starts[:, None] + np.arange(min(count, last) // PROBED_PLACES + 1))
        spent = _trial(study, settled, index[index < last])
        each = min(each, spent / len(index))
        if spent > PROBING_TIME or len(index) < count:
            break
    numbers = len(study.kept) + len(study.sampled) + 1
    size = numbers * BYTES[storage()] * study.count
    chunks = -(-study.count // study.chunk_size)
    seconds = each * study.count / min(workers, chunks)
    return SweepEstimate(study.count, chunks, settled, each, seconds, size)


def _trial(study: Study, engine: Engine, index: NDArray[np.int64]) -> float:
    """CPU time in s of some devices."""
    vary, _ = study.at(index)
    start = time.process_time()
    solve_devices(study, vary, keep=study.kept, engine=engine, threads=1)
    return time.process_time() - start


def _check_size(study: Study, engine: Engine, workers: int, path: Path) -> None:
    """Refuse what would take longer, or more of the disk, than there is."""
    if study.work < UNJUDGED:
        return
    found = estimate_sweep(study, engine, workers)
    there = next(one for one in (path, *path.absolute().parents) if one.exists())
    free = shutil.disk_usage(there).free
    if found.time <= LONGEST and found.bytes <= free:
        return
    on = "one process" if workers == 1 else f"{workers} processes"
    needed = f"{found.time / 86400.0:,.3g} days on {on}, and at most {found.bytes / 1e9:,.3g} GB"
    expected = f"fewer devices are expected: {found.devices:.3g} take {needed}"
    allowed = f"30 days are allowed, and {free / 1e9:,.3g} GB are free in {there}"
    raise InputError(Fault("variables", expected=expected, advice=allowed))


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
        (path / "chunks").mkdir(exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        expected = "a folder that can be written into is expected"
        raise InputError(Fault("into", str(path), expected, reason)) from None


def versions(engine: str) -> dict[str, str]:
    """Versions of everything on which the last bit of a number depends."""
    found = {"ioffe": __version__, "numpy": np.__version__, "scipy": version("scipy")}
    found["processor"] = platform.machine()
    if engine == "compiled":
        found["kernels"] = f"{compiled.stamp(compiled.SOURCES)[:16]} {compiled._processor()}"
    return found


def _header(study: Study, engine: Engine, run: RunFolder | None) -> dict[str, Any]:
    """What ``run.json`` says; of a run that is there the division into chunks is kept."""
    old = {} if run is None else run.header
    engine = old.get("engine", engine)
    columns = {axis.path: {"kind": "text"} for axis in study.axes}
    columns |= {
        name: {"kind": "float", "unit": quantity(kind).unit, "quantity": kind}
        for name, kind in study.kinds().items()
    }
    columns |= {name: {"kind": kind} for name, kind in QUALITY.items()}
    name, sign = study.objective
    notes = [COLD] if engine == "numpy" and study.work >= LOADING and compiled.available() else []
    return {
        "name": study.name,
        "points": study.count,
        "chunk": old.get("chunk", study.chunk_size),
        "storage": old.get("storage", storage()),
        "engine": engine,
        "versions": versions(engine),
        "hash": study.content_hash(),
        "columns": columns,
        "outputs": list(study.outputs),
        "objective": name,
        "sign": sign,
        "limits": {k: [None if np.isinf(end) else end for end in ends] for k, ends in study.limits.items()},
        "study": study.to_dict(),
        "warnings": list(study.remarks.warnings),
        "notes": [*study.remarks.notes, *notes],
        "text": list(study.notes),
        "citations": sources_of(study.materials().values()),
    }


def _check_same(run: RunFolder, header: Mapping[str, Any]) -> None:
    """Refuse to go on with a run whose numbers would not fit to those that it has."""
    words, old = [], run.header
    if old.get("hash") != header["hash"] or old["points"] != header["points"]:
        words.append("its device, materials, conditions, variables or outputs are others")
    before, now = old.get("versions", {}), header["versions"]
    words += [
        f"{name} was {before.get(name, 'not used')} and is {now.get(name, 'not used')}"
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    ]
    if old["storage"] == "parquet" and storage() != "parquet":
        words.append("it is stored as Parquet, and the package duckdb is not here")
    if words:
        expected = f"this run cannot be resumed: {'; '.join(words)}"
        advice = "choose another folder; what is stored stays and can be read"
        raise InputError(Fault("into", str(run.path), expected, advice))


def _solve_chunks(
    study: Study, run: RunFolder, missing: Sequence[int], workers: int, progress: Progress | None
) -> None:
    sizes = {k: run.devices(k)[1] - run.devices(k)[0] for k in missing}
    every, done = run.header["points"], run.header["points"] - sum(sizes.values())
    if study.work * sum(sizes.values()) / every < SHARED[run.header["engine"]]:
        workers = 1
    tell = progress or (lambda *_: None)
    tell(done, every)
    with closing(_solved(study, run, missing, min(workers, len(missing)))) as solved:
        for k in solved:
            done += sizes[k]
            tell(done, every)


def _solved(study: Study, run: RunFolder, missing: Sequence[int], workers: int) -> Generator[int]:
    """Numbers of chunks as they are stored."""
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

    Parameters
    ----------
    study : Study
        What is solved.
    run : RunFolder
        Where it is stored.
    k : int
        Number of the chunk.

    Returns
    -------
    int
        The same number.
    """
    start, stop = run.devices(k)
    vary, named = study.at(np.arange(start, stop))
    options = {"keep": study.kept, "engine": run.header["engine"], "threads": 1, "strict": study.strict}
    found = solve_devices(study, vary, tolerance=study.tolerance, **options)
    batch = found.batch
    quality = batch.point_status, batch.point_energy_balance, batch.point_error_estimate
    columns = {**named, **{name: found.values[name] for name in study.kept}}
    run.write(k, columns | dict(zip(QUALITY, quality, strict=True)))
    return k


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
