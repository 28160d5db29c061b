"""Pictures of every page of the studio in both themes: `python studio/pictures.py [--out build/studio]`.

Look at them after a change of the page: aligned, legible, nothing overlapping. `--docs` renews those that the
documentation shows. It needs what the tests of the studio need.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent / "tests"))

from page.conftest import FLAGS, ROOT, SETTLED, Server, chromium

SIZES = {"desktop": (1280, 800), "tablet": (820, 1180), "phone": (390, 844)}
DOCS = {"studio-device": ("device", "light", "desktop"), "studio-materials": ("materials", "dark", "desktop")}


def show(page: Page, server: Server, name: str) -> None:
    """Open a page and give it something to show."""
    page.goto(f"{server.address}/#{name}")
    page.wait_for_selector(f'.frame[data-page="{name}"]')
    if name == "device":
        page.wait_for_selector(SETTLED, timeout=120_000)
        page.wait_for_selector(".bars li", timeout=120_000)
    elif name != "help":
        page.get_by_role("heading", name="What it answers").wait_for(timeout=60_000)
    for button in ("Try an example", "Compute"):
        found = page.get_by_role("button", name=button)
        if found.count() and found.first.is_enabled():
            found.first.click()
            page.wait_for_selector(".answer:has(.result:not(.stale), .findings)", timeout=300_000)
    page.wait_for_timeout(500)


def main() -> None:
    """Write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "studio")
    parser.add_argument("--docs", action="store_true", help="renew the pictures of the documentation alone")
    given = parser.parse_args()
    folder = ROOT / "docs" / "images" if given.docs else given.out
    folder.mkdir(parents=True, exist_ok=True)
    server = Server("auto")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            wanted = DOCS
            if not given.docs:
                pages = ["device", *server.pages(), "help"]
                wanted = {
                    f"{name}-{theme}-{size}": (name, theme, size)
                    for name in pages
                    for theme in ("light", "dark")
                    for size in SIZES
                }
            for file, (name, theme, size) in wanted.items():
                width, height = SIZES[size]
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if theme == "dark" else "light",
                )
                page = context.new_page()
                if given.docs:  # without the guide of a first visit
                    page.add_init_script("localStorage.setItem('ioffe-studio/guide', 'seen')")
                show(page, server, name)
                page.screenshot(path=folder / f"{file}.png")
                context.close()
                sys.stdout.write(f"{folder / file}.png\n")
    finally:
        server.stop()


if __name__ == "__main__":
    main()
