"""Chunks of a sweep on a cluster: sent to the workers of a dask scheduler, stored where the sweep was begun.

A task carries device, materials and variables with the versions that wrote them; a worker of other versions
refuses it before it reads it, because its numbers could differ in the last bit. Workers need no common
folder: what they compute comes back, and the process that began the sweep writes it.
"""

from __future__ import annotations

import pickle
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Any, Final

from numpy.typing import NDArray

from ioffe.base.errors import Fault, InputError
from ioffe.base.saved import required
from ioffe.solve.batch.choice import Engine
from ioffe.solve.ranges import Row
from ioffe.study.chunks import chunk_columns, differences, prepare_engine, versions
from ioffe.study.store import RunFolder, SweepStopped
from ioffe.study.study import Study

ANSWERED_IN: Final = 20.0
"""Seconds within which a scheduler answers."""
JOINED_IN: Final = 20.0
"""Seconds within which it has a worker."""
CALLED: Final = 3
"""Attempts to begin the client of a cluster."""
GATHERED: Final = 16
"""Chunks that are fetched from the workers at once: few of them fit into memory."""
AHEAD: Final = 3
"""Chunks for each thread of a worker that wait in its queue."""


def solve_on_worker(
    sent: Mapping[str, str], engine: Engine, content: bytes, start: int, stop: int
) -> tuple[dict[str, NDArray[Any]], tuple[Row, ...]] | str:
    """What `chunk_columns` gives of some devices, or in what the worker differs from the process that asks.

    `sent`: versions of what asks.
    `engine`: which engine solves.
    `content`: the study; read only where the versions are the same.
    `start`, `stop`: numbers of the first device and of the one behind the last.
    """
    other = differences(sent, versions(engine))
    if other:
        return "; ".join(other)
    return chunk_columns(_study(content), engine, start, stop)


@lru_cache(maxsize=2)
def _study(content: bytes) -> Study:
    return pickle.loads(content)


@contextmanager
def connected(address: str, engine: Engine) -> Iterator[Any]:
    """A client of a scheduler whose workers have the same versions, with their engines ready.

    `address`: such as ``"tcp://10.0.0.1:8786"``.
    `engine`: which engine solves.
    Raises `InputError` if nothing answers there, if no worker has joined it, or if a worker has other
        versions.
    """
    distributed = required("distributed", "a sweep on a cluster", "cluster")
    try:
        # before a client exists: one of an address that cannot be parsed takes forty seconds to go
        distributed.comm.get_address_host_port(address)
        client = _client(distributed, address)
    except (OSError, ValueError) as error:
        expected = "the address of a dask scheduler that answers is expected, such as tcp://10.0.0.1:8786"
        raise InputError(Fault("scheduler", address, expected, " ".join(str(error).split())[:200])) from None
    try:
        try:
            client.wait_for_workers(1, timeout=JOINED_IN)
        except TimeoutError:
            expected = "a scheduler with at least one worker is expected"
            raise InputError(
                Fault("scheduler", address, expected, f"start some: dask worker {address}")
            ) from None
        found = client.run(prepare_engine, engine)
        own, words = versions(engine), []
        for worker, theirs in found.items():
            other = differences(own, theirs)
            words += [f"{worker}: {'; '.join(other)}"] if other else []
        if words:
            expected = "workers with the versions of this process are expected"
            raise InputError(Fault("scheduler", address, expected, " | ".join(words[:5])))
        yield client
    finally:
        client.close()


def _client(distributed: Any, address: str) -> Any:
    """A client whose event loop runs.

    distributed gives the thread of that loop ten seconds to begin and asserts that it did: a machine that
    stood still for as long is asked again.
    """
    for _ in range(CALLED):
        with suppress(AssertionError):
            return distributed.Client(address, timeout=ANSWERED_IN, set_as_default=False)
    raise TimeoutError("the thread of the client did not begin")


def solved_on_cluster(study: Study, run: RunFolder, missing: Sequence[int], client: Any) -> Generator[int]:
    """Numbers of chunks as they are stored.

    `run`: where it is stored.
    `missing`: chunks to be solved.
    `client`: as `connected` gives it.
    Raises `SweepStopped` if the workers are lost, or one of other versions has joined.
    """
    distributed = required("distributed", "a sweep on a cluster", "cluster")
    engine = run.header["engine"]
    sent = versions(engine), engine, pickle.dumps(study)
    which: dict[Any, int] = {}
    rest = iter(missing)

    def submit(k: int) -> Any:
        future = client.submit(solve_on_worker, *sent, *run.devices(k), pure=False)
        which[future.key] = k
        return future

    threads = sum(client.nthreads().values())
    completed = distributed.as_completed(
        [submit(k) for _, k in zip(range(AHEAD * threads), rest, strict=False)], loop=client.loop
    )
    for batch in completed.batches():
        futures = list(batch)
        while futures:
            some, futures = futures[:GATHERED], futures[GATHERED:]
            numbers = [which.pop(future.key) for future in some]
            for k, found in zip(numbers, _gathered(client, some, numbers), strict=True):
                run.write(k, *found)
                yield k
            for _, following in zip(some, rest, strict=False):
                completed.add(submit(following))


def _gathered(client: Any, futures: list[Any], numbers: list[int]) -> list[Any]:
    """Columns of chunks that are solved, or a sentence on why they are not."""
    distributed = required("distributed", "a sweep on a cluster", "cluster")
    found, text = [], ""
    try:
        found = client.gather(futures)
    except distributed.scheduler.KilledWorker as error:
        chunks = ", ".join(map(str, numbers))
        reason = " ".join(str(error).split())[:200]
        text = f"workers were lost again and again over a chunk among {chunks} ({reason})"
    except (distributed.CancelledError, OSError) as error:
        text = f"the scheduler was lost ({type(error).__name__})"
    other = next((one for one in found if isinstance(one, str)), "")
    if other:
        text = f"a worker of other versions has joined ({other})"
    if text:
        raise SweepStopped(f"{text}; what is stored stays, and the sweep can be resumed")
    return found
