"""Run mutated inputs through the commands, and judge how they end."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.mutations import ODD, damaged, mutated, option
from tests.fuzz.seeds import Seed, seeds

OUT = "out"
CODES = (0, 1, 2)
SECONDS, MEGABYTES, PATIENCE = 5.0, 500.0, 900.0
"""Processor time and memory beyond those of the unchanged input; seconds until a worker is given up."""
TOLD = 500
"""Cases after which it is said how far a campaign is."""
ROOT = Path(__file__).parents[2]


@dataclass
class Worker:
    """A process that runs one command after another."""

    process: Any = None

    def run(self, folder: Path, arguments: list[str]) -> dict[str, Any]:
        """How a command ends; a process that hangs or dies is replaced."""
        if self.process is None or self.process.poll() is not None:
            self.process = _python("-m", "tests.fuzz.worker")
        timer = threading.Timer(PATIENCE, self.process.kill)
        timer.start()
        try:
            self.process.stdin.write(json.dumps([str(folder), arguments]) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except OSError:
            line = ""
        finally:
            timer.cancel()
        if line:
            return json.loads(line)
        self.close()
        return {
            "code": "died",
            "seconds": PATIENCE,
            "megabytes": 0.0,
            "error": "the process ended or hung",
            "said": True,
        }

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def _python(*arguments: str) -> Any:
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths, "MPLBACKEND": "Agg", "OMP_NUM_THREADS": "1"},
        text=True,
    )


def _fresh(folder: Path, arguments: list[str]) -> dict[str, Any]:
    """How a command ends in a process of its own."""
    worker = Worker()
    try:
        return worker.run(folder, arguments)
    finally:
        worker.close()


@dataclass(frozen=True)
class Failure:
    """A mutated input with an end that must not be."""

    number: int
    command: tuple[str, ...]
    reasons: tuple[str, ...]
    error: str

    def __str__(self) -> str:
        last = self.error.strip().splitlines()[-1:] or [""]
        return f"case {self.number}: {' '.join(self.command)}: {'; '.join(self.reasons)}: {last[0]}"


@dataclass
class Campaign:
    """Cases of one seed, from `first` on.

    Parameters
    ----------
    count, seed, first : int
        How many cases, what makes them the same each time, and the number of the first.
    fresh : int
        Every how many cases a new process is taken; 0 for never.
    jobs : int
        Processes at once.
    keep : Path, optional
        Folder for the inputs that failed.
    """

    count: int
    seed: int = 0
    first: int = 0
    fresh: int = 200
    jobs: int = 2
    keep: Path | None = None
    failures: list[Failure] = field(default_factory=list)

    def run(self) -> list[Failure]:
        """Run all cases; those that failed by their number."""
        every = seeds()
        waiting: queue.Queue[int] = queue.Queue()
        for number in range(self.first, self.first + self.count):
            waiting.put(number)
        threads = [threading.Thread(target=self._serve, args=(every, waiting)) for _ in range(self.jobs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(self.failures, key=lambda failure: failure.number)

    def _serve(self, every: list[Seed], waiting: queue.Queue[int]) -> None:
        worker, costs = Worker(), {}
        try:
            while True:
                number = waiting.get_nowait()
                which = number % len(every)
                if which not in costs:
                    costs[which] = self._case(worker, every[which], -1, None)
                self._case(worker, every[which], number, costs[which])
                if number % TOLD == 0:
                    print(f"case {number}, {len(self.failures)} failures", file=sys.stderr, flush=True)
        except queue.Empty:
            pass
        finally:
            worker.close()

    def _case(self, worker: Worker, seed: Seed, number: int, usual: dict[str, Any] | None) -> dict[str, Any]:
        random = Random(f"{self.seed} {number}")
        with tempfile.TemporaryDirectory(prefix="ioffe-fuzz-") as made:
            folder = Path(made)
            self._write(folder, seed, random, changed=usual is not None)
            options = list(seed.options)
            if usual is not None and options and random.random() < (0.15 if seed.files else 1.0):
                k = random.randrange(len(options))
                options[k] = option(options[k], random).replace("\x00", "")
            arguments = [*seed.command, *options, *_output(seed)]
            alone = usual is not None and self.fresh and number % self.fresh == 0
            found = _fresh(folder, arguments) if alone else worker.run(folder, arguments)
            reasons = tuple(_wrong(folder, found, usual))
            if usual is None and found["code"] != 0:
                reasons = (*reasons, "the unchanged input fails")
            if reasons:
                self.failures.append(Failure(number, seed.command, reasons, found["error"]))
                if self.keep is not None:
                    kept = self.keep / str(number)
                    shutil.rmtree(kept, ignore_errors=True)
                    shutil.copytree(folder, kept)
                    (kept / "command.txt").write_text(f"{arguments}\n{found}\n", encoding="utf-8")
        return found

    @staticmethod
    def _write(folder: Path, seed: Seed, random: Random, changed: bool) -> None:
        victim = random.choice(sorted(seed.files)) if seed.files and changed else ""
        for name, content in seed.files.items():
            path = folder / name
            if name == victim and random.random() < 0.02:
                random.choice(ODD)(path)
            elif name == victim:
                changed_file = (
                    mutated(content, random) if isinstance(content, str) else damaged(content, random)
                )
                path.write_bytes(changed_file)
            else:
                path.write_bytes(content.encode() if isinstance(content, str) else content)


def _output(seed: Seed) -> list[str]:
    """Where a command writes, without pictures."""
    if seed.command[0] == "materials":
        pictures = {"import": OUT, "plot": "picture.png"}
        return ["--out", pictures[seed.command[1]]] if seed.command[1] in pictures else []
    if seed.command[0] in ("read", "schema"):
        return [] if seed.command[0] == "read" else ["--out", OUT]
    has_report = seed.command[0] not in ("measure", "select")
    return ["--out", OUT, "--no-report" if has_report else "--json"]


def _wrong(folder: Path, found: dict[str, Any], usual: dict[str, Any] | None) -> Iterator[str]:
    """What must not be of an end: its code, a traceback, its cost, what it left."""
    if found["code"] not in CODES or "Traceback" in found["error"]:
        yield f"exit code {found['code']}" if "Traceback" not in found["error"] else "traceback"
    if found["code"] in (1, 2) and not found["said"]:
        yield "ends without a word"
    if "\x1b" in found["error"].replace("\x1b[31m", "").replace("\x1b[0m", "").replace("\x1b[1m", ""):
        yield "writes an escape"
    if usual is not None and found["seconds"] > usual["seconds"] + SECONDS:
        yield f"takes {found['seconds']:.1f} s"
    if found["megabytes"] > MEGABYTES:
        yield f"takes {found['megabytes']:.0f} MB"
    hidden = [path.name for path in folder.iterdir() if path.name.startswith(".")]
    if hidden:
        yield f"leaves {hidden}"
    if found["code"] == 2 and (folder / OUT).exists():
        yield "refuses its input and writes all the same"
    for path in (folder / OUT).rglob("*.json") if (folder / OUT).is_dir() else ():
        try:
            json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            yield f"{path.name} is half written"
