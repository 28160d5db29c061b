"""Many clients at once, each moving a slider: errors, waiting times and memory of the studio.

    python studio/tests/bench/clients.py [CLIENTS] [SECONDS]

It prints the median and the 95 % quantile of the time to the curves, the memory of the server and its
processes before and after, and how the server has grown over 1000 loads of the page.
"""

from __future__ import annotations

import asyncio
import copy
import json
import statistics
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

EXAMPLE = Path(__file__).parents[3] / "examples" / "studies" / "generator.toml"
PAUSE = 0.5
"""Seconds between two moves of a client."""


class Server:
    """A server of its own, and what is asked of it."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "ioffe_studio", "--no-browser", "--port", "8810"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        address = self.process.stdout.readline()
        self.port = int(address.strip().rstrip("/").rpartition(":")[2])

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, bytes]:
        """Status and body of an answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        content = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{self.port}\r\nconnection: close\r\n"
        head += f"content-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
        writer.write(head.encode() + content)
        await writer.drain()
        found = await reader.read()
        writer.close()
        return int(found.split(maxsplit=2)[1]), found.partition(b"\r\n\r\n")[2]

    def memory(self) -> tuple[float, float]:
        """MB of the server alone, and with its processes."""
        listed = subprocess.run(
            ["ps", "-eo", "pid,ppid,rss"], capture_output=True, text=True, check=True
        ).stdout
        rows = [tuple(map(int, line.split())) for line in listed.splitlines()[1:]]
        own = sum(rss for pid, _, rss in rows if pid == self.process.pid) / 1024
        return own, own + sum(rss for _, parent, rss in rows if parent == self.process.pid) / 1024


async def measure(server: Server, clients: int, seconds: float) -> None:
    document = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    times: list[float] = []
    errors = 0

    async def client(k: int, end: float) -> None:
        nonlocal errors
        number = 0
        while time.monotonic() < end:
            number += 1
            moved = copy.deepcopy(document)
            moved["module"]["p"]["length"] = f"{1.0 + 0.01 * (number % 100) + 0.0001 * k} mm"
            start = time.perf_counter()
            code, body = await server.ask("POST", "/api/curves", {"number": number, "document": moved})
            times.append(time.perf_counter() - start)
            errors += code != 200 or json.loads(body)["number"] != number
            await asyncio.sleep(PAUSE)

    for _ in range(40):
        await server.ask("POST", "/api/curves", {"document": document})
    before = server.memory()
    end = time.monotonic() + seconds
    await asyncio.gather(*(client(k, end) for k in range(clients)))
    await asyncio.sleep(2.0)
    after = server.memory()
    times.sort()
    median, most = statistics.median(times), times[int(0.95 * len(times))]
    print(f"{clients} clients, {len(times)} answers in {seconds:.0f} s, {errors} errors")
    print(
        f"median {1e3 * median:.0f} ms, 95 % within {1e3 * most:.0f} ms: {most / median:.2f} times the median"
    )
    print(f"memory {before[1]:.0f} MB before, {after[1]:.0f} MB after: {after[1] / before[1] - 1.0:+.1%}")
    for _ in range(100):
        await server.ask("GET", "/")
    start = server.memory()[0]
    for _ in range(1000):
        await server.ask("GET", "/")
    print(f"1000 loads of the page: the server has grown by {server.memory()[0] - start:.1f} MB")


if __name__ == "__main__":
    served = Server()
    try:
        given = [float(word) for word in sys.argv[1:]]
        asyncio.run(measure(served, int(given[0]) if given else 50, given[1] if len(given) > 1 else 60.0))
    finally:
        served.process.terminate()
