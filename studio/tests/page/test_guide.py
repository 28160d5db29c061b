"""The guided example of a first visit: five steps, each at its part of the page, closed for good."""

from __future__ import annotations

from .conftest import Window

OUTLINE = "one => getComputedStyle(one).outlineStyle"


def test_five_steps_at_a_first_visit(first: Window) -> None:
    page = first.page
    guide = page.locator(".guide")
    parts = (".menu > summary", ".sketch", ".editor .form", ".results", ".menu > summary")
    for number, part in enumerate(parts, start=1):
        assert guide.inner_text().startswith(f"{number} of 5: ")
        page.wait_for_selector(part)
        marked = [one for one in dict.fromkeys(parts) if page.locator(one).first.evaluate(OUTLINE) == "solid"]
        assert marked == [part]
        guide.get_by_role("button", name="Done" if number == 5 else "Next").click()
    assert guide.count() == 0
    assert page.locator(parts[0]).evaluate(OUTLINE) == "none"
    page.reload()
    page.wait_for_selector(".frame main :first-child")
    assert guide.count() == 0
    first.visit("help")
    page.get_by_role("button", name="Show them on the device").click()
    assert guide.inner_text().startswith("1 of 5: ")
    guide.get_by_role("button", name="Next").focus()
    page.keyboard.press("Escape")
    assert guide.count() == 0
