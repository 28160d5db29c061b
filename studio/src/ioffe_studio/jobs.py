"""Long work: each job in a process of its own, with progress, cancelled by ending the process."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final

from ioffe_studio import limits
from ioffe_studio.workers import Answer, EndedError, Pool, Worker

ENDED: Final = ("done", "failed", "cancelled", "killed")
PULSE: Final = 10.0
"""Seconds after which a silent stream says that it is alive."""


@dataclass(eq=False)
class LongJob:
    """A job, and everything that was told about it."""

    id: str
    tool: str
    number: int
    state: str = "waiting"
    done: float = 0.0
    total: float = 0.0
    text: str = ""
    started: float = field(default_factory=time.monotonic)
    ended: float | None = None
    answer: bytes = b"{}"
    worker: Worker | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    run: asyncio.Task[None] | None = None

    def described(self) -> dict[str, Any]:
        """For the page."""
        end = self.ended if self.ended is not None else time.monotonic()
        shown = {
            name: getattr(self, name) for name in ("id", "tool", "number", "state", "done", "total", "text")
        }
        return {**shown, "seconds": round(end - self.started, 2)}

    def tell(self) -> None:
        """Wake those who listen."""
        self.changed.set()
        self.changed = asyncio.Event()


class Jobs:
    """The jobs of a server; `most` run at once, others wait."""

    def __init__(self, pool: Pool, most: int = 1) -> None:
        self._pool = pool
        self._places = asyncio.Semaphore(most)
        self._jobs: dict[str, LongJob] = {}

    def start(self, tool: str, request: dict[str, Any]) -> LongJob:
        """Begin a job, or let it wait.

        Raises
        ------
        RefusedError
            If there are too many.
        """
        self._forget()
        if len(self._jobs) >= limits.JOBS:
            raise limits.RefusedError(f"at most {limits.JOBS} jobs are kept; cancel one first", 429)
        job = LongJob(secrets.token_urlsafe(12), tool, request.get("number", 0))
        self._jobs[job.id] = job
        job.run = asyncio.get_running_loop().create_task(self._run(job, request))
        return job

    def all(self) -> list[LongJob]:
        """The jobs, the oldest first."""
        self._forget()
        return list(self._jobs.values())

    def find(self, name: str) -> LongJob:
        """The job of that name; raises `RefusedError`."""
        if name not in self._jobs:
            raise limits.RefusedError("there is no such job, or its outcome is not kept any more", 404)
        return self._jobs[name]

    def cancel(self, name: str) -> None:
        """End a job at once, or forget one that has ended."""
        job = self.find(name)
        if job.state in ENDED:
            del self._jobs[name]
            return
        job.state = "cancelled"
        if job.worker is not None:
            job.worker.kill()
        elif job.run is not None:
            job.run.cancel()
        self._finish(job, "cancelled")

    async def _run(self, job: LongJob, request: dict[str, Any]) -> None:
        loop = asyncio.get_running_loop()

        def progress(done: float, total: float, text: str) -> None:
            loop.call_soon_threadsafe(self._progress, job, done, total, text)

        async with self._places:
            if job.state in ENDED:
                return
            job.state, job.started = "running", time.monotonic()
            job.tell()
            worker = await loop.run_in_executor(None, Worker)
            job.worker = worker
            try:
                if job.state == "running":
                    answer = await self._pool.run(worker, "tool", {**request, "tool": job.tool}, progress)
                    self._answered(job, answer)
            except EndedError as error:
                if job.state == "running":
                    job.text = str(error)
                    self._finish(job, "killed")
            finally:
                job.worker = None
                await loop.run_in_executor(None, worker.kill)

    def _progress(self, job: LongJob, done: float, total: float, text: str) -> None:
        job.done, job.total, job.text = done, total, text
        job.tell()

    def _answered(self, job: LongJob, answer: Answer) -> None:
        if job.state != "running":
            return
        job.answer = answer.body
        if answer.code != 200:
            job.text = json.loads(answer.body).get("text", "")
        self._finish(job, "done" if answer.code == 200 else "failed")

    def _finish(self, job: LongJob, state: str) -> None:
        job.state, job.ended = state, time.monotonic()
        job.tell()

    def _forget(self) -> None:
        """Drop what was kept for long enough."""
        limit = time.monotonic() - 60.0 * limits.KEPT_MINUTES
        for name, job in list(self._jobs.items()):
            if job.ended is not None and job.ended < limit:
                del self._jobs[name]

    async def events(self, job: LongJob) -> AsyncIterator[bytes]:
        """What happens to a job, as server-sent events; at once what is the case."""
        told = ""
        while True:
            changed = job.changed
            if job.state in ENDED:
                yield _event(job.state, _outcome(job))
                return
            now = json.dumps({**job.described(), "seconds": 0})
            if now != told:
                told = now
                yield _event("progress", json.dumps(job.described()).encode())
            try:
                await asyncio.wait_for(changed.wait(), PULSE)
            except TimeoutError:
                yield b": alive\n\n"

    def close(self) -> None:
        """End all jobs."""
        for job in self._jobs.values():
            if job.worker is not None:
                job.worker.kill()


def _outcome(job: LongJob) -> bytes:
    if job.state == "done":
        return b'{"answer":' + job.answer + b"}"
    if job.state == "failed":
        return job.answer
    text = job.text if job.state == "killed" else "cancelled"
    return json.dumps({"number": job.number, "faults": [], "text": text}).encode()


def _event(name: str, data: bytes) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + data.replace(b"\n", b" ") + b"\n\n"
