"""What a billion devices take on a cluster: rates of a core, scheduler and store, and which of them gives in.

The scheduler is dask's own with a thousand places in this process, which answer at once with the columns of a
chunk: what is measured is scheduler, client and the way back. The engine is measured on one core with a
two-pair module at its largest efficiency, the store by writing chunks.
"""

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.studies import module
from benchmarks.timing import note
from ioffe import Generator
from ioffe.study import SamplePlan, Span, Study, chunks, cluster
from ioffe.study.store import RunFolder
from ioffe.study.sweeping import _header

DEVICES, CORES = 1e9, 1000
NODES, PLACES = 20, 50
TASKS, SMALL, MEASURED, WRITTEN = 4000, 500, 20_000, 200_000


def study(points: int, chunk: int | None) -> Study:
    aim = Generator(T_hot=500.0, T_cold=330.0, current="max_efficiency")
    ranges = {"p.length": Span(1e-3, 3e-3), "n.area": Span(1e-6, 3e-6)}
    return Study(module(), aim, ranges, ["efficiency", "power"], sample=SamplePlan(points), chunk=chunk)


def spent(call) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - wall, time.process_time() - cpu


class Held:
    """A run folder that keeps nothing."""

    def __init__(self, run: RunFolder) -> None:
        self.header, self.devices = run.header, run.devices

    def write(self, k, columns, used=()) -> None:
        del k, columns, used


def main() -> None:
    import distributed

    asked = study(2**18, WRITTEN)
    columns, _ = chunks.chunk_columns(asked, "compiled", 0, 500)  # loads the engine
    _, engine = spent(lambda: chunks.chunk_columns(asked, "compiled", 0, MEASURED))
    engine /= MEASURED
    large = {name: np.resize(values, WRITTEN) for name, values in columns.items()}
    rng = np.random.default_rng(0)
    large |= {n: rng.random(WRITTEN) for n in ("p.length", "n.area", "efficiency", "power")}
    with TemporaryDirectory() as folder:
        run = RunFolder.make(Path(folder), _header(asked, "compiled", None), {})
        run.write(0, large)  # loads the data base
        _, store = spent(lambda: run.write(1, large))
        size = run.file(1).stat().st_size / WRITTEN
    store /= WRITTEN
    print(f"\nOf a core: engine {1e6 * engine:.3g} us a device, store {1e6 * store:.3g} us, {size:.3g} bytes")

    small = study(2**21, SMALL)
    answer = {name: values[:SMALL] for name, values in columns.items()}, ()
    real, cluster.solve_on_worker = cluster.solve_on_worker, lambda *_: answer
    try:
        options = {
            "threads_per_worker": PLACES,
            "processes": False,
            "dashboard_address": ":0",
            "silence_logs": 50,
        }
        with distributed.LocalCluster(n_workers=NODES, **options) as local:
            run: Any = Held(RunFolder(Path(), _header(small, "compiled", None)))
            with distributed.Client(local, set_as_default=False) as client:
                solved = cluster.solved_on_cluster(small, run, range(TASKS), client)
                _, scheduler = spent(lambda: list(solved))
    finally:
        cluster.solve_on_worker = real
    scheduler /= TASKS
    print(f"Scheduler with {NODES * PLACES} places: {1e3 * scheduler:.3g} ms of a core a task")

    chunk = chunks.chunk_size(study(2**18, None).replace(sample=SamplePlan(int(DEVICES), "halton")))
    count = DEVICES / chunk
    print(f"{DEVICES:.0e} devices in {count:,.0f} chunks of {chunk:,} on {CORES} cores of this kind")
    moved = sum(values.nbytes for values in large.values()) / WRITTEN
    parts = {
        f"engine on {CORES} cores": DEVICES * engine / CORES,
        "scheduler on one": count * scheduler,
        "store on one": DEVICES * store,
        "network at 1 Gbit/s": DEVICES * moved / 1.25e8,
    }
    for name, seconds in parts.items():
        print(f"  {name:22}{seconds:>9,.1f} s")
        note(f"A billion devices, {name}", seconds)
    slowest = max(parts, key=lambda name: parts[name])
    print(f"  the first to give in: {slowest}, from {DEVICES * engine / parts[slowest]:,.0f} cores on")


if __name__ == "__main__":
    main()
