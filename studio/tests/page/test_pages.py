"""Every page in both themes and on every screen: silent, at home, legible, nothing wider than the window."""

from __future__ import annotations

import pytest

from .conftest import LEG

SIZES = {"desktop": (1280, 800), "tablet": (820, 1180), "phone": (390, 844)}
# What is wider than the window, or text with less contrast against what lies behind it than 4.5 to 1.
FAULTS = """() => {
  const faults = [];
  if (document.documentElement.scrollWidth > innerWidth) faults.push('the page is wider than its window');
  const main = document.querySelector('main');
  if (main.scrollWidth > main.clientWidth) faults.push('the content is wider than its page');
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = colour => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const found = rgb(getComputedStyle(at).backgroundColor);
      if (found[3] === 255) return found;
    }
    return [255, 255, 255];
  };
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    const shown = element.checkVisibility({ visibilityProperty: true });
    if (!own || !shown || element.closest('svg, .stale, :disabled')) continue;
    const [a, b] = [light(rgb(getComputedStyle(element).color)), light(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faults.push(`${element.textContent.slice(0, 40)}: contrast ${contrast.toFixed(2)}`);
  }
  for (const control of document.querySelectorAll('input, select, textarea, button')) {
    const name = control.labels?.length || control.getAttribute('aria-label') || control.textContent.trim();
    if (!name && control.checkVisibility()) faults.push(`no name: ${control.outerHTML.slice(0, 80)}`);
  }
  return faults;
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_pages_are_silent_legible_and_fit(window, server, theme, size):
    made = window(color_scheme=theme)
    width, height = SIZES[size]
    made.page.set_viewport_size({"width": width, "height": height})
    made.visit()
    made.open(LEG)
    assert made.page.locator("html").get_attribute("data-theme") == theme
    for page in ["device", *server.pages(), "help"]:
        made.visit(page)
        made.page.wait_for_selector(f'.frame[data-page="{page}"]')
        if page == "device":
            made.settle()
        assert made.page.evaluate(FAULTS) == [], page


def test_the_first_page_is_small_and_takes_nothing_inline(window, server):
    made = window()
    session = made.page.context.new_cdp_session(made.page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    headers = made.page.goto(f"{server.address}/").headers
    made.settle()
    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    page = sum(sizes)
    assert 20_000 < page < 150_000, "page, form and curves of the first device"


def test_the_theme_is_kept(window):
    made = window(color_scheme="light")
    made.visit()
    made.page.get_by_role("button", name="Dark theme").click()
    made.page.reload()
    assert made.page.locator("html").get_attribute("data-theme") == "dark"


def test_an_answer_that_is_older_than_a_refusal_says_so(window):
    made = window()
    made.visit("measure")
    made.page.locator('.choices [data-tool="measure.flash"]').click()
    made.page.get_by_role("button", name="Try an example").click()
    made.page.locator('.result[data-stale="false"]').wait_for(timeout=60_000)
    made.field("density").fill("-4.95 kg")
    made.field("density").press("Enter")
    made.page.locator(".answer .error").first.wait_for(timeout=60_000)
    assert made.page.locator(".result").get_attribute("data-stale") == "true"
    assert made.page.get_by_text("This answer belongs to what was set before").is_visible()
    assert made.field("density").get_attribute("aria-invalid") == "true"


def test_a_page_of_another_computer_has_no_secure_context_and_opens_all_the_same(window):
    """Without encryption browsers leave out what is missing here."""
    made = window()
    made.page.add_init_script(
        "delete Crypto.prototype.randomUUID; Object.defineProperty(navigator, 'locks', { value: undefined })"
    )
    made.visit()
    made.settle()


def test_a_page_without_its_token_says_so(window):
    made = window()
    text = "the token is expected that stands in the address the studio has printed"
    refusal = {"status": 200, "headers": {"Refusal": "403"}, "json": {"faults": [], "text": text}}
    made.page.route("**/api/info", lambda route: route.fulfill(**refusal))
    made.visit()
    made.page.get_by_role("alert").get_by_text(text).wait_for()


def test_a_picture_of_nine_panels_is_read_on_a_phone(window):
    made = window()
    made.page.set_viewport_size({"width": 390, "height": 844})
    made.visit("materials")
    made.page.get_by_role("button", name="Try an example").click()
    drawn = made.page.locator(".result .picture svg").first
    drawn.wait_for(timeout=60_000)
    assert drawn.bounding_box()["width"] < 390
    made.page.get_by_role("button", name="Enlarge", exact=True).first.click()
    assert drawn.bounding_box()["width"] > 800, "five pixels a millimetre, as on a wide screen"
    assert made.page.evaluate(FAULTS) == []
    made.page.get_by_role("button", name="Fit to the screen").click()
    assert drawn.bounding_box()["width"] < 390
