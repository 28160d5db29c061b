"""Sweeps: every device of a study solved and stored in chunks, on several processes, resumed at will."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError
from ioffe.base.quantities import quantity
from ioffe.base.result import sources_of
from ioffe.engine import compiled
from ioffe.solve.batch.choice import Engine
from ioffe.solve.batch.solve import warm_up
from ioffe.solve.loading import LOADING, unmade
from ioffe.study.chunks import QUALITY, chunk_size, differences, prepare_engine, solved_on_processes, versions
from ioffe.study.cluster import connected, solved_on_cluster
from ioffe.study.solving import solve_devices
from ioffe.study.store import CHUNKS, HEADER, RunFolder, storage
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
BYTES: Final = {"parquet": 8.0, "csv": 19.0}
"""On the disk, for a number without any pattern."""
Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class SweepEstimate:
    """What a sweep will take.

    `devices`, `chunks`: how many are solved, and in how many files.
    `engine`: which engine solves them.
    `time_per_device`, `time`: CPU time in s of one of them, and the time in s of all on the given number of
        processes.
    `bytes`: on the disk, at most.
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
    scheduler: str | None = None,
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
    scheduler : str, optional
        Address of a dask scheduler, whose workers solve the chunks in place of processes of this machine;
        what they compute is stored here.

    Returns
    -------
    SweepResult
        The best devices, ranges, maps; all numbers by `SweepResult.to_frame`. Devices without a solution are
        rows with their status.

    Raises
    ------
    InputError
        If the folder holds another run, or one of another version; if the sweep would take more than 30 days,
        or more than the space on the disk; if another process writes into the folder; if no scheduler
        answers, or its workers have other versions.
    SweepStopped
        If a chunk cannot be written, or a process or the scheduler is lost; what is stored stays.

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
    if run is None and any((path / CHUNKS).glob("[0-9]*")):
        expected = (
            f"this folder holds chunks of a run whose {HEADER} is gone, so that nobody knows of which one"
        )
        raise InputError(Fault("into", str(path), expected, "choose another folder, or remove it"))
    engine = settled_engine(study, engine) if run is None else run.header["engine"]
    with ExitStack() as stack:
        client = None if scheduler is None else stack.enter_context(connected(scheduler, engine))
        if client is not None:
            workers = sum(client.nthreads().values())
        if run is None:
            _check_size(study, engine, workers, path)
            _make_folder(path)
        header = _header(study, engine, run)
        if run is not None:
            _check_same(run, header)
        stack.enter_context(RunFolder(path, header).locked())
        run = RunFolder.make(path, header, study.cards())
        missing, damaged = run.missing()
        on_cluster = client is not None and missing
        solved = (
            solved_on_cluster(study, run, missing, client)
            if on_cluster
            else _solved(study, run, missing, workers)
        )
        _tell(run, missing, solved, progress)
        notes = tuple(f"chunk {k} was cut short, or of another run, and was solved again" for k in damaged)
    return read_sweep(path, notes)


def settled_engine(study: Study, engine: Engine, compile_it: bool = True) -> Engine:
    """The engine that solves a whole sweep, compiled first where that is worth it.

    `engine` {"auto", "compiled", "numpy"}: what is wanted.
    `compile_it`: whether the compiler is waited for.
    """
    if engine != "auto":
        if compile_it:
            prepare_engine(engine)
        return engine
    worth = compiled.available() and study.work >= LOADING
    if worth and not compiled.is_ready() and study.work >= WARMED and compile_it:
        warm_up()
    return "compiled" if worth and compiled.is_ready() else "numpy"


def estimate_sweep(study: Study, engine: Engine = "auto", workers: int = 1) -> SweepEstimate:
    """Time and disk of a sweep, from a trial with devices all over the study.

    `study`, `engine`, `workers`: as for `sweep`; nothing is compiled.

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
    chunks = -(-study.count // chunk_size(study))
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
    refused = too_large(estimate_sweep(study, engine, workers), workers, path)
    if refused is not None:
        raise InputError(refused)


def too_large(found: SweepEstimate, workers: int, path: Path) -> Fault | None:
    """Why a sweep would be refused, if it would take longer, or more of the disk, than there is.

    `found`: what it will take.
    `workers`: processes.
    `path`: folder of the run.
    """
    there = next(one for one in (path, *path.absolute().parents) if one.exists())
    free = shutil.disk_usage(there).free
    if found.time <= LONGEST and found.bytes <= free:
        return None
    on = "one process" if workers == 1 else f"{workers} processes"
    needed = f"{found.time / 86400.0:,.3g} days on {on}, and at most {found.bytes / 1e9:,.3g} GB"
    expected = f"fewer devices are expected: {found.devices:.3g} take {needed}"
    allowed = f"30 days are allowed, and {free / 1e9:,.3g} GB are free in {there}"
    return Fault("variables", expected=expected, advice=allowed)


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
        (path / "chunks").mkdir(exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        expected = "a folder that can be written into is expected"
        raise InputError(Fault("into", str(path), expected, reason)) from None


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
    notes = list(unmade(study.work)) if engine == "numpy" else []
    return {
        "name": study.name,
        "points": study.count,
        "chunk": old.get("chunk", chunk_size(study)),
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
        "notes": [*study.remarks.notes, *notes, *compared_by(study)],
        "text": list(study.notes),
        "citations": sources_of(study.materials().values()),
    }


def _check_same(run: RunFolder, header: Mapping[str, Any]) -> None:
    """Refuse to go on with a run whose numbers would not fit to those that it has."""
    words, old = [], run.header
    if old.get("hash") != header["hash"] or old["points"] != header["points"]:
        words.append("its device, materials, conditions, variables or outputs are others")
    words += differences(old.get("versions", {}), header["versions"])
    if old["storage"] == "parquet" and storage() != "parquet":
        words.append("it is stored as Parquet, and the package duckdb is not here")
    if words:
        expected = f"this run cannot be resumed: {'; '.join(words)}"
        advice = "choose another folder; what is stored stays and can be read"
        raise InputError(Fault("into", str(run.path), expected, advice))


def _solved(study: Study, run: RunFolder, missing: Sequence[int], workers: int) -> Generator[int]:
    """Chunks on as many processes as are worth their start."""
    devices = sum(stop - start for start, stop in map(run.devices, missing))
    if study.work * devices / run.header["points"] < SHARED[run.header["engine"]]:
        workers = 1
    return solved_on_processes(study, run, missing, min(workers, len(missing)))


def _tell(run: RunFolder, missing: Sequence[int], solved: Generator[int], progress: Progress | None) -> None:
    """Say how many devices are stored, from chunk to chunk."""
    sizes = {k: run.devices(k)[1] - run.devices(k)[0] for k in missing}
    every, done = run.header["points"], run.header["points"] - sum(sizes.values())
    tell = progress or (lambda *_: None)
    tell(done, every)
    with closing(solved):
        for k in solved:
            done += sizes[k]
            tell(done, every)


def compared_by(study: Study) -> list[str]:
    """That a sweep compares devices by the first of several objectives."""
    if len(study.objectives) < 2:
        return []
    first, *others = (
        f"the {'largest' if sign > 0 else 'smallest'} {name}" for name, sign in study.objectives
    )
    return [f"devices are compared by {first} alone; ioffe optimise finds the front with {', '.join(others)}"]
