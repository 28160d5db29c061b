"""How long it takes from a move of a slider to the drawn curve: `python -m ioffe_studio.bench`.

A module of two pairs with 61 points on its curve is open in Chromium; the length of one leg of 6 mm is moved
30 times between 5.4 and 13.6 mm with its slider held, each time 0.4 s after the last curve was drawn, while
maxima and derivatives follow. Printed for either engine are the medians of the bare solve, of the whole and
of what is beyond the solve, and the load of the machine: above 1 all times are longer. It needs the extra
`test` of the studio and a browser.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

MOVES = 30
WARM_UP = 5
DEVICE = """
format = 1

[module]
couples = 2
fill_factor = 0.58

[module.p]
material = "MgAgSb0.99In0.01"
length = "6 mm"
area = "3.8 mm x 3.8 mm"
contact = { electrical = "7.9 uohm cm2" }

[module.n]
material = "Mg3.5SbBi0.96Te0.04"
length = "6 mm"
area = "3.8 mm x 3.8 mm"
contact = { electrical = "7.9 uohm cm2" }

[operate]
mode = "generate"
T_hot = "550 K"
T_cold = "323 K"
current = "sweep"
"""
# One move: from the event of the slider to the frame with the curve of that very document.
MOVE = """async ([path, position]) => {
  const slider = document.querySelector(`.field[data-path="${path}"] input[type=range]`);
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(slider, position);
  const begin = performance.now();
  slider.dispatchEvent(new Event('input', { bubbles: true }));
  const results = document.querySelector('.results');
  const newest = document.querySelector('.status');
  const drawn = () => results.dataset.stale === 'false' && results.dataset.number === newest.dataset.number;
  await new Promise(done => {
    const look = () => drawn() && done(watch.disconnect());
    const watch = new MutationObserver(look);
    watch.observe(document.querySelector('.frame'), { attributes: true, subtree: true });
  });
  await new Promise(done => requestAnimationFrame(done));
  const total = performance.now() - begin;
  await new Promise(done => setTimeout(done, 400));
  return [total, 1000 * Number(results.dataset.seconds)];
}"""


def measure(engine: str, browser: str) -> tuple[list[float], list[float]]:
    """Milliseconds from slider to drawn curve, and of the bare solve, of every move with one engine."""
    from playwright.sync_api import sync_playwright

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "ioffe_studio", "--no-browser", "--port", str(port), "--engine", engine]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _ready(address)
        with sync_playwright() as playwright:
            flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            page = playwright.chromium.launch(executable_path=browser, args=flags).new_page(
                viewport={"width": 1280, "height": 800}
            )
            page.goto(address)
            _open(page)
            positions = [100 + 7 * (step % 25) for step in range(MOVES + WARM_UP)]
            found = [page.evaluate(MOVE, ["module.p.length", position]) for position in positions]
    finally:
        server.terminate()
        server.wait()
    return [total for total, _ in found[WARM_UP:]], [solve for _, solve in found[WARM_UP:]]


def _load() -> str:
    """Processes that were ready to run in the last minute, for each processor."""
    found = getattr(os, "getloadavg", None)
    return f"{found()[0] / (os.cpu_count() or 1):.1f}" if found is not None else "unknown"


def _ready(address: str) -> None:
    """Wait for the server, and for compiled code that is being made."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{address}/api/info") as answer:
                if b'"compiling"' not in answer.read():
                    return
        except OSError:
            pass
        time.sleep(0.5)
    raise SystemExit("the server did not become ready within five minutes")


def _open(page: Any) -> None:
    page.locator("summary", has_text="File").click()
    file = {"name": "module.toml", "mimeType": "application/toml", "buffer": DEVICE.encode()}
    page.locator(".menu input[type=file]").set_input_files(file)
    page.wait_for_selector(".menu:not([open])")
    page.wait_for_selector('.results[data-stale="false"]')
    page.wait_for_timeout(2000)


def main() -> None:
    """Print both engines."""
    parser = argparse.ArgumentParser(prog="python -m ioffe_studio.bench", description=__doc__)
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    parser.add_argument("--browser", default=found, type=Path, help="program of Chromium")
    browser = parser.parse_args().browser
    if browser is None:
        raise SystemExit("no Chromium found: name one with --browser")
    sys.stdout.write(f"medians of {MOVES} moves, 61 points\n")
    for engine in ("numpy", "auto"):
        totals, solves = measure(engine, str(browser))
        beyond = statistics.median(total - solve for total, solve in zip(totals, solves, strict=True))
        total, solve = statistics.median(totals), statistics.median(solves)
        name = "compiled" if engine == "auto" else "NumPy"
        sys.stdout.write(
            f"{name:9} solve {solve:6.1f} ms   slider to drawn {total:6.1f} ms"
            f"   beyond the solve {beyond:5.1f} ms   ratio {total / solve:.1f}   load {_load()}\n"
        )


if __name__ == "__main__":
    main()
