"""The device page: form, drawing and curves say the same, and old curves are never shown as new."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .conftest import LEG, ROOT, number

LENGTH = "leg.length"
# Forty moves of a slider in a second, after each of which slider and curves are looked at.
FORTY = """async path => {
  const slider = document.querySelector(`.field[data-path="${path}"] input[type=range]`);
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  const results = () => document.querySelector('.results').dataset;
  const newest = () => document.querySelector('.status').dataset.number;
  const wrong = [];
  for (let step = 0; step < 40; step += 1) {
    set.call(slider, 100 + 5 * step);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise(done => setTimeout(done, 25));
    if (Number(slider.value) !== 100 + 5 * step) wrong.push([step, slider.value]);
    const old = results().number !== newest();
    if (old && results().stale !== 'true') wrong.push([step, 'an old curve as new']);
  }
  slider.dispatchEvent(new Event('change', { bubbles: true }));
  const end = performance.now();
  while (results().number !== newest() && performance.now() - end < 20000) {
    await new Promise(done => setTimeout(done, 10));
  }
  return { wrong, settled: results().number === newest() };
}"""
# Where the keyboard is: the class of the nearest region of the page.
FOCUS = """() => {
  const at = document.activeElement;
  if (at.type === 'range') return 'slider';
  const regions = ['drawing', 'parts', 'field', 'nav', 'tools', 'measured', 'variants'];
  return regions.find(name => at.closest('.' + name)) ?? 'other';
}"""
POINTS = "current (A)\tvoltage (V)\n0.5\t0.04\n1.0\t0.03\n1.5\t0.02\n"


def test_forty_moves_leave_slider_field_and_drawing_equal(leg):
    before = leg.curve("power")
    found = leg.page.evaluate(FORTY, LENGTH)
    assert found == {"wrong": [], "settled": True}
    leg.settle()
    value = number(leg.field(LENGTH).input_value())
    assert leg.device()["leg"]["length"] == f"{value:g} mm"
    assert leg.slider(LENGTH).get_attribute("aria-valuetext") == f"{value:g} mm"
    shape = leg.page.locator('.drawing [data-drag="leg.length"]').first
    assert f"{value:g}" in shape.get_attribute("aria-label")
    drawn = shape.locator("rect").first
    height, width = (float(drawn.get_attribute(name)) for name in ("height", "width"))
    assert height / width == pytest.approx(value / 3, rel=1e-3), "the leg is 3 mm wide"
    assert leg.curve("power") != before
    leg.page.get_by_role("button", name="Undo").click()
    assert leg.field(LENGTH).input_value() == "5", "one drag is one step"


def test_a_slider_is_dragged_by_mouse(leg):
    box = leg.slider(LENGTH).bounding_box()
    middle = box["y"] + box["height"] / 2
    leg.page.mouse.move(box["x"] + 8 + (box["width"] - 16) * 4.5 / 19.5, middle)
    leg.page.mouse.down()
    upper = leg.page.get_by_label("Upper end of the slider of Length")
    with leg.page.expect_response("**/api/describe"):  # a rest, in which the form is described anew
        leg.page.mouse.move(box["x"] + 0.4 * box["width"], middle, steps=10)
    leg.settle()
    assert upper.input_value() == "20", "a held slider keeps its range"
    leg.page.mouse.move(box["x"] + 0.9 * box["width"], middle, steps=10)
    with leg.page.expect_response("**/api/describe"):
        leg.page.mouse.up()
    leg.settle()
    expect(upper).not_to_have_value("20")
    value = number(leg.device()["leg"]["length"])
    assert value == number(leg.field(LENGTH).input_value())
    assert 17 < value < 19


def test_a_part_is_dragged_and_chosen_in_the_drawing(leg):
    part = leg.page.locator('.drawing [data-drag="leg.length"]').first
    box = part.bounding_box()
    leg.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    leg.page.mouse.down()
    leg.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 + 30, steps=6)
    leg.page.mouse.up()
    leg.settle()
    assert number(leg.device()["leg"]["length"]) > 5.2
    leg.page.keyboard.press("Control+z")
    assert leg.device()["leg"]["length"] == "5 mm"
    leg.page.locator('.drawing [data-part="operate"]').first.click()
    assert leg.field("operate.T_cold").is_visible()


def test_the_ends_of_a_slider_can_be_typed(leg):
    leg.page.get_by_label("Upper end of the slider of Length").fill("8")
    leg.page.get_by_label("Upper end of the slider of Length").press("Enter")
    leg.slider(LENGTH).press("End")
    assert leg.device()["leg"]["length"] == "8 mm"


def test_a_fault_names_its_field(window):
    made = window()
    made.visit()
    made.open(LEG)
    made.field(LENGTH).fill("-3")
    made.field(LENGTH).press("Enter")
    made.page.wait_for_selector('.status[data-state="fault"]')
    assert made.field(LENGTH).get_attribute("aria-invalid") == "true"
    described = made.page.locator(f'[id="help-{LENGTH}"]')
    assert "-3" in described.inner_text()
    assert made.page.locator(".results").get_attribute("data-stale") == "true"
    made.page.keyboard.press("Control+z")
    made.settle()
    assert made.field(LENGTH).get_attribute("aria-invalid") == "false"


def test_another_unit_is_typed_and_the_slider_goes_on(leg):
    leg.field(LENGTH).fill("0.6 cm")
    leg.field(LENGTH).press("Enter")
    leg.settle()
    assert leg.device()["leg"]["length"] == "0.6 cm"
    leg.slider(LENGTH).press("ArrowRight")
    assert 0.6 < number(leg.device()["leg"]["length"]) < 0.62
    assert leg.device()["leg"]["length"].endswith(" cm")


def test_everything_is_reached_by_keyboard(leg):
    leg.page.locator(".brand").focus()
    reached = set()
    for _ in range(80):
        leg.page.keyboard.press("Tab")
        reached.add(leg.page.evaluate(FOCUS))
    assert reached >= {"nav", "tools", "drawing", "parts", "field", "slider", "variants", "measured"}


def test_variants_stay_behind_as_lines_that_say_what_differs(leg):
    alone = leg.curve("power")
    power = leg.page.locator('.figures:not(.stale) [data-key="max_power"] dd').inner_text()
    leg.page.get_by_role("button", name="Keep this one to compare").click()
    leg.field(LENGTH).fill("8")
    leg.field(LENGTH).press("Enter")
    leg.settle()
    leg.page.wait_for_function("() => document.querySelector('.status').dataset.state !== 'busy'")
    both = leg.curve("power")
    for place in (".under .legend", ".variants li"):
        expect(leg.page.locator(place)).to_contain_text("length 5 mm")
    expect(leg.page.locator(".variants li")).to_contain_text(f"Largest power {power}")
    leg.page.get_by_role("button", name="Variant 1", exact=True).click()
    leg.settle()
    assert leg.device()["leg"]["length"] == "5 mm"
    assert len({alone, both}) == 2


WRITTEN = """
() => {
  const own = CanvasRenderingContext2D.prototype.fillText;
  window.texts = [];
  CanvasRenderingContext2D.prototype.fillText = function (text, ...more) {
    window.texts.push([this.canvas.closest('[data-plot]')?.dataset.plot, text]);
    return own.call(this, text, ...more);
  };
}
"""


def test_a_variant_is_drawn_in_the_unit_of_the_axis(first):
    page = first.page
    page.get_by_role("button", name="Keep this one to compare").click()
    page.evaluate(WRITTEN)
    page.locator("summary", has_text="File").click()
    page.locator(".menu").get_by_role("button", name="Single leg", exact=True).click()
    first.settle()
    for text in ("Power (mW)", "4000"):  # of a leg of 16 mW, beside a module of 4.18 W
        page.wait_for_function(
            "text => window.texts.some(([plot, one]) => plot === 'power' && one === text)", arg=text
        )


def test_an_enlarged_plot_is_left_by_a_key_and_by_a_device_without_it(first):
    page = first.page
    page.get_by_role("button", name="Enlarge Power").click()
    assert page.locator(".plots .plot").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".plots .plot").count() > 1
    page.get_by_role("button", name="Enlarge Power").click()
    page.locator("summary", has_text="File").click()
    page.locator(".menu").get_by_role("button", name="Cooler", exact=True).click()
    # the example is fetched before the page leaves its settled state
    page.locator(".plots .plot").nth(1).wait_for()


def test_measured_points_are_pasted(leg):
    before = leg.curve("voltage")
    leg.page.get_by_label("Measured points").fill(POINTS)
    leg.page.get_by_label("Measured points").blur()
    leg.page.get_by_text("Read as").wait_for()
    assert leg.page.locator(".results .legend").get_by_text("measured", exact=True).first.is_visible()
    assert leg.curve("voltage") != before


@pytest.mark.parametrize("name", ["mgagsb-module", "bi2te3-cooler", "segmented-leg", "two-stage-cooler"])
def test_examples_open_and_solve(window, name):
    made = window()
    made.visit()
    made.open((ROOT / "examples" / f"{name}.toml").read_text(encoding="utf-8"), f"{name}.toml")
    assert made.page.locator(".plot").count() >= 3
    assert made.page.locator(".drawing .shape").count() >= 3


def test_the_profiles_inside_follow_the_maxima(leg):
    plot = leg.page.locator('.plot[data-plot="profile.temperature"]')
    plot.wait_for(timeout=60_000)
    before = leg.curve("profile.temperature")
    leg.field(LENGTH).fill("8")
    leg.field(LENGTH).press("Enter")
    leg.settle()
    leg.page.locator('[data-plot="profile.temperature"][data-stale="false"]').wait_for()
    assert leg.curve("profile.temperature") != before


def test_a_refused_number_stays_whole_and_the_next_one_has_the_unit_of_before(leg):
    for refused in ("1,500 mm", "25 degC", "250 C"):
        leg.field(LENGTH).fill(refused)
        leg.field(LENGTH).press("Enter")
        leg.page.wait_for_selector('.status[data-state="fault"]')
        assert leg.field(LENGTH).input_value() == refused
        leg.field(LENGTH).fill("1.6")
        leg.field(LENGTH).press("Enter")
        leg.settle()
        assert leg.device()["leg"]["length"] == "1.6 mm"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("303,5 K", "303.5 K"),
        ("30,5 C", "30.5 degC"),
        ("1,303 K", "1,303 K"),
        ("0,303 K; 313,5 K", ["0.303 K", "313.5 K"]),
        ("303; 313 K", ["303 K", "313 K"]),
        ("30 degC, 313", ["30 degC", "313 degC"]),
    ],
)
def test_a_decimal_comma_is_read_where_it_can_be_nothing_else_and_makes_no_list(leg, typed, kept):
    leg.group("operate")
    leg.field("operate.T_cold").fill(typed)
    leg.field("operate.T_cold").press("Enter")
    assert leg.device()["operate"]["T_cold"] == kept


def test_whole_numbers_are_not_rounded_and_an_emptied_field_stays(window):
    made = window()
    made.visit()
    made.open((ROOT / "examples" / "mgagsb-module.toml").read_text(encoding="utf-8"), "module.toml")
    made.group("module")
    couples = made.field("module.couples")
    couples.fill("1.5")
    couples.press("Enter")
    made.page.wait_for_selector('.status[data-state="fault"]')
    couples.fill("")
    couples.press("Enter")
    made.settle()
    assert "by default" in made.page.locator('.group > .field[data-path="module.couples"]').inner_text()


def test_a_number_alone_shows_the_unit_in_which_it_is_read(leg):
    field, unit = leg.field(LENGTH), leg.page.locator(f'.field[data-path="{LENGTH}"] .unit')
    for typed, shown, kept in (("0.6 cm", "", "0.6 cm"), ("1.5", "cm", "1.5 cm"), ("1,5", "cm", "1.5 cm")):
        field.fill(typed)
        expect(unit).to_have_text(shown)
        assert ("alone" in unit.get_attribute("class")) == bool(shown)
        field.press("Enter")
        assert leg.device()["leg"]["length"] == kept
    leg.group("operate")
    heights = "[document.scrollingElement.scrollHeight, innerHeight]"
    assert len(set(leg.page.evaluate(heights))) == 1, "the window itself does not scroll"


def test_the_way_back_to_another_mode_brings_its_numbers(leg):
    before = leg.device()["operate"]
    leg.group("operate")
    leg.page.get_by_role("button", name="Cool", exact=True).click()
    leg.settle()
    leg.page.get_by_role("button", name="Generate power", exact=True).click()
    leg.settle()
    assert leg.device()["operate"] == before


def test_a_material_is_chosen_from_library_and_own_files(leg):
    leg.page.locator("summary", has_text="File").click()
    leg.page.locator(".menu input[type=file]").set_input_files(
        {"name": "own.csv", "mimeType": "text/csv", "buffer": b"T (K),S (uV/K)\n300,200\n"}
    )
    leg.page.locator(".menu .notice").get_by_text("own.csv").wait_for()
    leg.page.keyboard.press("Escape")
    leg.page.get_by_text("Choose another …").click()
    choice = leg.page.locator(".choose .library")
    choice.get_by_role("checkbox", name="own.csv").wait_for()
    choice.get_by_placeholder("Filter").fill("Bi0.42Sb1.58Te3")
    choice.get_by_role("checkbox", name="Bi0.42Sb1.58Te3", exact=True).click()
    assert leg.device()["leg"]["material"] == "Bi0.42Sb1.58Te3"
    assert leg.page.evaluate("document.activeElement.textContent") == "Choose another …", (
        "the keyboard goes on"
    )


def test_the_library_is_sorted_by_a_column_and_filtered_by_numbers(leg):
    leg.page.get_by_text("Choose another …").click()
    choice = leg.page.locator(".choose .library")
    leg.field("library-T").fill("500 K")
    leg.field("library-T").press("Enter")
    column = choice.locator("tbody tr td:nth-child(7)")
    column.get_by_text("1.03").wait_for()
    choice.get_by_role("button", name="zT").click()
    choice.locator('th[aria-sort="descending"]').wait_for()
    shown = [float(text) for text in column.all_inner_texts() if text]
    assert len(shown) > 10
    assert shown == sorted(shown, reverse=True)
    choice.get_by_role("button", name="zT").click()
    choice.locator('th[aria-sort="ascending"]').wait_for()
    texts = column.all_inner_texts()
    assert [float(text) for text in texts if text] == shown[::-1]
    assert float(texts[0]) == shown[-1], "what is not known stands last"


def test_the_order_of_opened_files_does_not_matter(window):
    table = (ROOT / "examples" / "synthetic-series.csv").read_bytes()
    for k in (0, 1):
        made = window()
        made.visit()
        given = [
            {"name": "gen.toml", "mimeType": "application/toml", "buffer": LEG.encode()},
            {"name": "my.csv", "mimeType": "text/csv", "buffer": table},
        ]
        made.page.locator("summary", has_text="File").click()
        made.page.locator(".menu input[type=file]").set_input_files(given[:: 1 - 2 * k])
        made.page.wait_for_selector(".menu:not([open])")
        present = made.kept()["history"]["present"]
        assert (present["device"]["leg"]["length"], list(present["files"])) == ("5 mm", ["my.csv"])
