"""A new user's way for each kind of person: a sample in, a module built, a report out, a job cancelled."""

from __future__ import annotations

import tomllib

from .conftest import ROOT, number


def answer(window, timeout: float = 120_000):
    """Wait for the answer of a tool."""
    window.page.locator(".answer .result:not(.stale)").wait_for(timeout=timeout)
    return window.page.locator(".answer")


def test_a_chemist_looks_at_a_sample_and_keeps_it_as_a_card(window):
    made = window()
    made.visit("materials")
    made.page.locator('.choices [data-tool="materials.analyse"]').click()
    made.page.locator(".drop input").set_input_files(ROOT / "examples" / "synthetic-series.csv")
    text = answer(made).inner_text()
    assert "zT" in text
    assert "Findings" in text
    assert made.page.locator(".picture svg").count() >= 1
    with made.page.expect_download() as download:
        made.page.get_by_role("button", name="report.html").click()
    assert download.value.path().stat().st_size > 10_000


def test_an_engineer_builds_a_module_and_takes_home_report_and_file(first):
    first.group("module")
    first.field("module.couples").fill("8")
    first.field("module.couples").press("Enter")
    first.group("module.p")
    before = number(first.slider("module.p.length").get_attribute("aria-valuetext"))
    first.slider("module.p.length").focus()
    for _ in range(5):
        first.page.keyboard.press("ArrowLeft")
    first.settle()
    after = number(first.device()["module"]["p"]["length"])
    assert after < before
    first.page.locator("summary", has_text="File").click()
    with first.page.expect_download(timeout=120_000) as download:
        first.page.locator(".menu").get_by_role("button", name="Report", exact=True).click()
    report = download.value.path().read_text(encoding="utf-8")
    assert "<html" in report
    assert f"{after:g}" in report
    first.page.locator("summary", has_text="File").click()
    with first.page.expect_download() as download:
        first.page.get_by_role("button", name="Save as TOML").click()
    saved = tomllib.loads(download.value.path().read_text(encoding="utf-8"))
    assert saved["module"]["couples"] == 8
    assert saved == first.device()


def test_a_laboratory_reads_a_line_scan(window):
    made = window()
    made.visit("life")
    made.page.locator('.choices [data-tool="measure.line-scan"]').click()
    made.page.locator(".drop input").set_input_files(ROOT / "examples" / "line-scan.csv")
    made.field("area").fill("9 mm2")
    made.field("area").press("Enter")
    assert made.page.locator(".answer").get_by_role("alert").count() == 0
    assert answer(made).locator(".kind-figures, .kind-facts, .kind-table").count() >= 1


def test_a_job_can_be_cancelled_and_asked_again(window):
    made = window()
    made.visit("field")
    made.page.get_by_role("button", name="Compute").click()
    made.page.get_by_role("button", name="Cancel").click(timeout=60_000)
    made.page.get_by_text("Cancelled.").wait_for()


def test_a_reader_computes_a_paper_again(window):
    made = window()
    made.visit("published")
    made.page.get_by_role("button", name="Compute").click()
    shown = answer(made)
    assert "Published beside computed values" in shown.inner_text()
    assert shown.locator("tbody tr").count() >= 5


DROP = """text => {
  const held = new DataTransfer();
  held.items.add(new File([text], 'scan.csv'));
  const dropped = new DragEvent('drop', { dataTransfer: held, bubbles: true, cancelable: true });
  document.querySelector('.before').dispatchEvent(dropped);
  return dropped.defaultPrevented;
}"""


def test_a_file_that_falls_beside_the_area_is_taken_and_offered_to_the_next_tool(window):
    """What is still empty is named above the form and marked in it."""
    made = window()
    made.visit("life")
    made.page.locator('.choices [data-tool="measure.line-scan"]').click()
    text = (ROOT / "examples" / "line-scan.csv").read_text(encoding="utf-8")
    assert made.page.evaluate(DROP, text), "the browser would open the file in place of the page"
    made.page.get_by_text("Waits for: Area.").wait_for()
    assert made.field("area").get_attribute("aria-invalid") == "true"
    assert made.field("area-error").get_attribute("aria-invalid") == "false"
    made.field("area").fill("3 mm x 3 mm")
    made.field("area").press("Enter")
    made.page.locator('.result[data-stale="false"]').wait_for(timeout=60_000)
    assert made.field("area").get_attribute("aria-invalid") == "false"
    made.page.locator('.choices [data-tool="measure.aged-scans"]').click()
    made.page.get_by_role("button", name="Take scan.csv").click()
    made.page.locator(".drop .chip").get_by_text("scan.csv").wait_for()
    assert made.page.get_by_role("button", name="Take scan.csv").count() == 0
