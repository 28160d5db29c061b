"""A server, a browser and windows of the studio, which write nothing to the console and ask nobody else."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[3]
LEG = """
format = 1

# the leg of the first sample
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
# Chromium looks for its makers' servers otherwise; three dimensions are drawn without a graphics card.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--enable-unsafe-swiftshader",
]  # fmt: skip
KEPT = """() => JSON.parse(
  localStorage.getItem('ioffe-studio/window/' + sessionStorage.getItem('ioffe-studio/'))
).state"""
SETTLED = (
    '.frame:has(.status:is([data-state="good"], [data-state="doubt"])):has(.results[data-stale="false"])'
)


class Server:
    """`ioffe studio` in a process of its own, at a port that was free."""

    def __init__(self, engine: str = "numpy") -> None:
        self.engine = engine
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "ioffe_studio", "--no-browser", "--engine", self.engine]
        command += ["--port", str(self.port)]
        environment = {**os.environ, "MPLBACKEND": "Agg", "OMP_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{self.address}/api/info").close()
                return
            except OSError:
                assert self.process.poll() is None, "the server ended"
                time.sleep(0.1)
        pytest.fail("the server did not start within a minute")

    def pages(self) -> list[str]:
        """The pages of tools."""
        with urllib.request.urlopen(f"{self.address}/api/info") as answer:
            return [page["id"] for page in json.load(answer)["pages"]]

    def stop(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


class Window:
    """One window of the studio as a person sees it."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page = page
        page.set_default_timeout(20_000)
        self.address = server.address
        self.console: list[str] = []
        self.foreign: list[str] = []
        page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.console.append(f"error: {error}"))
        page.on("request", self._request)

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.address + "/", "blob:" + self.address)):
            self.foreign.append(request.url)

    def visit(self, page: str = "device") -> None:
        self.page.goto(f"{self.address}/#{page}")
        self.page.wait_for_selector(".frame main :first-child")

    def settle(self) -> None:
        """Wait until the curves are those of the newest document."""
        self.page.wait_for_selector(SETTLED, timeout=60_000)

    def kept(self) -> Any:
        """What the browser keeps of this window: history and number."""
        self.page.wait_for_timeout(350)
        return self.page.evaluate(KEPT)

    def device(self) -> dict[str, Any]:
        return self.kept()["history"]["present"]["device"]

    def open(self, text: str, name: str = "leg.toml") -> None:
        """Open a device file as a person does."""
        self.page.locator("summary", has_text="File").click()
        self.page.locator(".menu input[type=file]").set_input_files(
            {"name": name, "mimeType": "application/toml", "buffer": text.encode()}
        )
        self.page.wait_for_selector(".menu:not([open])", timeout=60_000)
        self.settle()

    def field(self, path: str) -> Any:
        return self.page.locator(f'[id="field-{path}"]')

    def slider(self, path: str) -> Any:
        return self.page.locator(f'.field[data-path="{path}"] input[type=range]')

    def group(self, name: str) -> None:
        self.page.locator(f'.parts [data-group="{name}"]').click()

    def curve(self, plot: str) -> list[Any]:
        """Text of a figure's canvas: its pixels, to see that a curve is another one."""
        return self.page.evaluate(
            "id => document.querySelector(`[data-plot='${id}'] canvas`).toDataURL()", plot
        )


def chromium() -> str | None:
    """The program of the browser."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    binary = chromium()
    if binary is None:
        pytest.fail("these tests need a browser: apt install chromium")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=binary, args=FLAGS)
        yield made
        made.close()


@pytest.fixture
def window(browser: Browser, server: Server) -> Iterator[Callable[..., Window]]:
    """Makes windows; at the end none has written to the console or asked another server for anything."""
    made: list[tuple[Window, bool]] = []
    contexts = []

    def make(other: Window | None = None, silent: bool = True, **context: Any) -> Window:
        if other is None:
            contexts.append(browser.new_context(viewport={"width": 1280, "height": 800}, **context))
        place = contexts[-1] if other is None else other.page.context
        made.append((Window(place.new_page(), server), silent))
        return made[-1][0]

    yield make
    said = [(each.console, each.foreign) for each, silent in made if silent]
    for context in contexts:
        context.close()
    assert [text for console, _ in said for text in console] == []
    assert [address for _, foreign in said for address in foreign] == []


@pytest.fixture
def first(window: Callable[..., Window]) -> Window:
    """A window with the device that a first visit shows."""
    made = window()
    made.visit()
    made.settle()
    return made


@pytest.fixture
def leg(window: Callable[..., Window]) -> Window:
    """A window with the device of a file open."""
    made = window()
    made.visit()
    made.open(LEG)
    return made


def number(text: str) -> float:
    """The number that a text begins with."""
    found = re.match(r"[-+0-9.eE]+", text)
    assert found, text
    return float(found.group())


def same(one: Any, other: Any) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
