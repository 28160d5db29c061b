"""One server for all tests, and devices to ask it about."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from ioffe.solve import loading
from ioffe_studio.server import application
from ioffe_studio.tasks import perform

EXAMPLES = Path(__file__).parents[3] / "examples"
LEG = """
format = 1  # of the file

[leg]
material = "MgAgSb0.99In0.01"
length = "5 mm"  # as cut
area = "3 mm x 3 mm"
contact = { electrical = "7.9 uohm cm2" }  # both ends

[operate]
mode = "generate"
T_hot = "540 K"
T_cold = "303 K"
current = "sweep"
"""


@pytest.fixture(scope="session", autouse=True)
def one_engine() -> None:
    """Tasks in this process stay with NumPy: numbers are compared to the last digit, whatever ran before."""
    loading.expect(many=False)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The server with two processes, and a page of two files."""
    static = tmp_path_factory.mktemp("static")
    (static / "index.html").write_text("<!doctype html><title>ioffe</title>", encoding="utf-8")
    (static / "assets").mkdir()
    (static / "assets" / "page.js").write_text("export {};", encoding="utf-8")
    with TestClient(application(2, static=static), base_url="http://localhost:8765") as found:
        yield found


@pytest.fixture
def client(server: TestClient) -> Iterator[TestClient]:
    """The server; the jobs that a test has begun are cancelled and forgotten."""
    yield server
    for _ in range(2):
        for job in server.get("/api/jobs").json()["jobs"]:
            server.delete(f"/api/jobs/{job['id']}")


@pytest.fixture
def leg() -> dict[str, Any]:
    """A leg that generates power."""
    return tomllib.loads(LEG)


@pytest.fixture
def module() -> dict[str, Any]:
    """A module between two stacks, at one hot temperature."""
    document = tomllib.loads((EXAMPLES / "mgagsb-module.toml").read_text(encoding="utf-8"))
    document["operate"]["T_hot"] = "550 K"
    return document


@pytest.fixture
def task() -> Callable[..., tuple[int, Any]]:
    """Performs a task in this process: its status of HTTP and its answer."""
    import json

    def perform_task(name: str, /, **request: Any) -> tuple[int, Any]:
        code, body, headers = perform(name, {"number": 7, **request}, lambda *_: None)
        return code, body if "content-disposition" in headers else json.loads(body)

    return perform_task
