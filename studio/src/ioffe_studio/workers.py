"""Processes that do the work of the studio, each with warm kernels and one request at a time.

The server imports nothing that computes: it hands a request to an idle process and waits for the bytes of its
answer. A process that is ended from outside, or takes too long, is replaced, and the request is told so.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Final

from ioffe_studio import limits, private

Progress = Callable[[float, float, str], None]
_CONTEXT: Final = multiprocessing.get_context("spawn")
_ALIVE: Final = 1.0
"""Seconds after which a process notices that its server is gone."""


@dataclass(frozen=True)
class Answer:
    """What a process answered: a status of HTTP, the body, and its headers."""

    code: int
    body: bytes
    headers: dict[str, str]


class EndedError(Exception):
    """A process ended before it answered; `taken` says whether it had taken the request up."""

    def __init__(self, text: str, *, taken: bool = True) -> None:
        super().__init__(text)
        self.taken = taken


class Worker:
    """One process, and the pipe to it; blocking, for one thread at a time.

    Parameters
    ----------
    engine : str
        ``"auto"`` loads compiled code before the first request, ``"numpy"`` keeps it out; empty for a process
        of one job.
    """

    def __init__(self, engine: str = "") -> None:
        self._pipe, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_serve, args=(theirs, os.getpid(), engine), daemon=False)
        self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid or 0

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._process.is_alive()

    def call(self, task: str, request: dict[str, Any], seconds: float, progress: Progress) -> Answer:
        """Let it do a task, and wait for the answer.

        Raises
        ------
        EndedError
            If it is ended, or takes longer than `seconds`; the process is gone then.
        """
        end = time.monotonic() + seconds
        taken = False
        try:
            self._pipe.send((task, request))
            while self._pipe.poll(max(end - time.monotonic(), 0.0)):
                kind, content = self._pipe.recv()
                if kind == "answer":
                    return Answer(*content)
                if kind == "taken":
                    taken = True
                else:
                    progress(*content)
        except (EOFError, OSError):
            self._process.join(5.0)
            code = self._process.exitcode
            how = f"by signal {-code}" if code is not None and code < 0 else f"with code {code}"
            text = f"the process that computed this was ended from outside ({how})"
            raise EndedError(text, taken=taken) from None
        self.kill()
        raise EndedError(f"this took longer than {seconds:.0f} s and was ended")

    def kill(self) -> None:
        """End the process and those that it started, at once."""
        if os.name == "posix" and self.pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(ValueError, AttributeError):
            self._process.kill()
        self._process.join(5.0)
        private.remove(self.pid)
        self._pipe.close()


class Pool:
    """Some processes that answer at once, and the threads that wait for them."""

    def __init__(self, count: int, engine: str = "auto") -> None:
        self.count, self.engine = count, engine
        # the last one first: it holds the result of which the maxima are asked for next
        self._idle: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()
        self._all: set[Worker] = set()
        self._threads = ThreadPoolExecutor(count + limits.JOBS + 2, thread_name_prefix="studio")
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the processes; they load their libraries meanwhile."""
        private.sweep()
        for _ in range(self.count):
            self._idle.put_nowait(self._new(self.engine))

    def _new(self, engine: str = "") -> Worker:
        worker = Worker(engine)
        with self._lock:
            self._all.add(worker)
        return worker

    async def call(self, task: str, request: dict[str, Any]) -> Answer:
        """Let the next idle process do a task; raises `EndedError`.

        A process that was ended while it had nothing to do, and did not take the request up, is replaced.
        """
        for _ in range(self.count):  # all of them may have been ended
            try:
                return await self._call(task, request)
            except EndedError as error:
                if error.taken:
                    raise
        return await self._call(task, request)

    async def _call(self, task: str, request: dict[str, Any]) -> Answer:
        worker = await self._next()
        call = asyncio.get_running_loop().run_in_executor(
            self._threads, worker.call, task, request, limits.SECONDS, _ignored
        )
        try:
            found = await asyncio.shield(call)
        except EndedError:
            self._drop(worker)
            self._idle.put_nowait(self._new(self.engine))
            raise
        except asyncio.CancelledError:
            call.add_done_callback(lambda done: self._returned(worker, done))
            raise
        self._idle.put_nowait(worker)
        return found

    async def _next(self) -> Worker:
        """The next idle process; one that was ended while it had nothing to do is replaced."""
        while True:
            worker = await self._idle.get()
            if worker.is_alive:
                return worker
            self._drop(worker)
            self._idle.put_nowait(self._new(self.engine))

    def _returned(self, worker: Worker, done: asyncio.Future[Answer]) -> None:
        """Take a process back whose answer nobody waited for."""
        if not done.cancelled() and done.exception() is None:
            self._idle.put_nowait(worker)
            return
        self._drop(worker)
        self._idle.put_nowait(self._new(self.engine))

    async def run(self, worker: Worker, task: str, request: dict[str, Any], progress: Progress) -> Answer:
        """Let a process of its own do a job; raises `EndedError`."""
        seconds = 3600.0 * limits.JOB_HOURS
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, worker.call, task, request, seconds, progress
        )

    async def warm_up(self) -> None:
        """Let a process of its own compile the fast engine, if that has not been done."""
        found = json.loads((await self.call("info", {})).body)
        if self.engine != "auto" or found["engine"]["name"] != "compiling":
            return
        worker = self._new()
        with contextlib.suppress(EndedError):
            await self.run(worker, "warm_up", {}, _ignored)
        self._drop(worker)

    def pids(self) -> list[int]:
        """Numbers of the processes."""
        with self._lock:
            return [worker.pid for worker in self._all]

    def _drop(self, worker: Worker) -> None:
        with self._lock:
            self._all.discard(worker)
        worker.kill()

    def close(self) -> None:
        """End all processes."""
        with self._lock:
            rest, self._all = list(self._all), set()
        for worker in rest:
            worker.kill()
        self._threads.shutdown(wait=False, cancel_futures=True)


def _ignored(done: float, total: float, text: str) -> None:
    del done, total, text


def _serve(pipe: Connection, server: int, engine: str) -> None:
    """The process: one request after the other, until the server is gone."""
    if os.name == "posix":
        os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("MPLBACKEND", "Agg")
    threading.Thread(target=_watch, args=(server,), daemon=True).start()
    limits.limit_memory()
    from ioffe_studio.tasks import perform, prepare

    prepare(engine)
    while True:
        try:
            task, request = pipe.recv()
        except (EOFError, OSError):
            return

        pipe.send(("taken", ()))

        def progress(done: float, total: float, text: str) -> None:
            pipe.send(("progress", (done, total, text)))

        pipe.send(("answer", perform(task, request, progress)))


def _watch(server: int) -> None:
    """End with the server: a computation does not notice that nobody waits for it."""
    while os.getppid() == server or os.name != "posix":
        time.sleep(_ALIVE)
    private.remove(os.getpid())
    os._exit(1)
