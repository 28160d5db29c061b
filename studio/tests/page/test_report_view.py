"""The view of a report in three dimensions, in a browser: it turns, cuts, colours and tells values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import ioffe as te

PIXELS = """() => {
  const shown = document.querySelector('canvas[role="img"]'), copy = document.createElement('canvas');
  [copy.width, copy.height] = [shown.width, shown.height];
  const paint = copy.getContext('2d', { willReadFrequently: true });
  paint.drawImage(shown, 0, 0);
  const found = paint.getImageData(0, 0, copy.width, copy.height).data;
  let drawn = 0, sum = 0;
  for (let i = 0; i < found.length; i += 4) {
    const colour = found[i] + 256 * found[i + 1] + 65536 * found[i + 2];
    if (colour !== 16777215) { drawn += 1; sum = (sum * 31 + colour + i) % 2147483647; }
  }
  return [drawn / (found.length / 4), sum];
}"""
"""Share of the picture that is drawn, and a number that changes with it."""
CANVAS = 'canvas[role="img"]'


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    contact = te.Contact("5 uohm cm2")
    p, n = (te.Leg(f"generic {k} cooler leg", "1.6 mm", "1.4 mm x 1.4 mm", contact=contact) for k in "pn")
    stack = [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3", "0.6 mm")]
    module = te.Module(p, n, couples=2, hot=stack, cold=stack, layout=te.Layout(gap="1 mm"))
    result = module.solve(te.Generator(T_hot=390, T_cold=300, current=1.0), "3d", maxima=False)
    path = tmp_path_factory.mktemp("view") / "report.html"
    result.report(path)
    return path


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    """The report, which writes nothing to the console and makes no request."""
    told: list[str] = []
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: told.append(request.url) if request.url != report.as_uri() else None)
    page.goto(report.as_uri())
    page.locator(CANVAS).scroll_into_view_if_needed()
    yield page
    page.close()
    # the driver complains of the test's own look at the picture
    assert [text for text in told if "ReadPixels" not in text] == []


def test_it_turns_cuts_and_colours(page: Page) -> None:
    share, first = page.evaluate(PIXELS)
    assert 0.1 < share < 0.9
    seen = {first}
    page.locator(CANVAS).focus()
    page.keyboard.press("ArrowLeft")
    seen.add(page.evaluate(PIXELS)[1])
    slider = page.locator('input[type="range"]')
    slider.fill("0.8")
    seen.add(page.evaluate(PIXELS)[1])
    choices = page.locator("label select")
    choices.nth(0).select_option(index=1)
    seen.add(page.evaluate(PIXELS)[1])
    choices.nth(1).select_option(index=0)
    seen.add(page.evaluate(PIXELS)[1])
    slider.fill("0")
    whole = page.evaluate(PIXELS)
    seen.add(whole[1])
    assert len(seen) == 6
    page.keyboard.press("Tab")
    page.locator(CANVAS).focus()
    page.keyboard.press("+")
    assert page.evaluate(PIXELS)[0] > whole[0]


def test_a_mouse_turns_it_and_reads_values(page: Page) -> None:
    box = page.locator(CANVAS).bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    assert " at (" in page.locator(".read").inner_text()
    before = page.evaluate(PIXELS)[1]
    page.mouse.down()
    page.mouse.move(middle[0] + 60, middle[1] + 20)
    page.mouse.up()
    assert page.evaluate(PIXELS)[1] != before
