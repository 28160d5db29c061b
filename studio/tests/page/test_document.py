"""The one document of a window: undo and redo, reloads, windows side by side, a server that goes away."""

from __future__ import annotations

import zipfile

from .conftest import LEG, ROOT, Server, Window, same

LENGTH = "leg.length"


def lengths(window: Window, *values: str) -> None:
    """Type one length after the other."""
    for value in values:
        window.field(LENGTH).fill(value)
        window.field(LENGTH).press("Enter")


def test_thirty_steps_back_and_forth(leg):
    before = leg.device()
    lengths(leg, *(str(5 + step / 10) for step in range(1, 31)))
    after = leg.device()
    assert after["leg"]["length"] == "8 mm"
    for _ in range(30):
        leg.page.keyboard.press("Control+z")
    assert same(leg.device(), before)
    for _ in range(30):
        leg.page.keyboard.press("Control+Shift+Z")
    assert same(leg.device(), after)
    leg.settle()


def test_a_reload_keeps_document_and_history(leg):
    lengths(leg, "6", "7")
    leg.page.reload()
    leg.settle()
    assert leg.field(LENGTH).input_value() == "7"
    leg.page.get_by_role("button", name="Undo").click()
    assert leg.field(LENGTH).input_value() == "6"
    leg.page.reload()
    leg.settle()
    leg.page.get_by_role("button", name="Redo").click()
    assert leg.device()["leg"]["length"] == "7 mm"


def test_a_drag_that_a_reload_cuts_off_is_kept(leg):
    box = leg.slider(LENGTH).bounding_box()
    leg.page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 10)
    leg.page.mouse.down()
    leg.page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 10, steps=5)
    held = leg.field(LENGTH).input_value()
    leg.page.reload()
    leg.settle()
    assert leg.field(LENGTH).input_value() == held
    assert float(held) > 10


def test_two_windows_have_a_document_each(leg, window):
    second = window(leg)
    second.visit()
    second.settle()
    assert second.device()["leg"]["length"] == "5 mm"
    lengths(second, "9")
    lengths(leg, "3")
    leg.page.reload()
    second.page.reload()
    assert leg.device()["leg"]["length"] == "3 mm"
    assert second.device()["leg"]["length"] == "9 mm"


def test_a_project_saved_and_opened_again_is_equal(leg):
    lengths(leg, "6.5")
    page = leg.page
    page.locator("summary", has_text="File").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as TOML").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert download.value.suggested_filename == "leg.toml"
    assert "# the leg of the first sample" in text
    assert "# both ends" in text
    before = leg.device()
    leg.open(LEG)
    assert not same(leg.device(), before)
    leg.open(text)
    assert same(leg.device(), before)


def test_an_own_card_is_chosen_beside_the_library_and_taken_home(leg):
    page, card = leg.page, ROOT / "src" / "ioffe" / "material" / "library" / "p_MgAgSb0.99In0.01.toml"
    page.get_by_text("Choose another …").click()
    page.get_by_label("Card or table for").set_input_files(card)
    leg.settle()
    assert leg.device()["leg"]["material"] == card.name
    page.locator("summary", has_text="File").click()
    with page.expect_download():
        page.get_by_role("button", name="Save as TOML").click()
    page.locator(".menu .notice").get_by_text(f"leg.toml names {card.name} and does not hold it").wait_for()
    with page.expect_download() as download:
        page.locator(".menu .chip").get_by_role("button", name=card.name, exact=True).click()
    assert download.value.path().read_bytes() == card.read_bytes()
    with page.expect_download(timeout=60_000) as download:
        page.locator(".menu").get_by_role("button", name="Everything", exact=True).click()
    assert download.value.suggested_filename == "leg.zip"
    with zipfile.ZipFile(download.value.path()) as packed:
        assert packed.read(f"leg/{card.name}") == card.read_bytes()
        assert b"# the leg of the first sample" in packed.read("leg/leg.toml")
    page.get_by_role("button", name="Undo").click()
    present = leg.kept()["history"]["present"]
    assert (present["device"]["leg"]["material"], present["files"]) == ("MgAgSb0.99In0.01", {}), "one step"


def test_a_server_that_goes_away_loses_nothing(browser):
    server = Server()
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        window = Window(context.new_page(), server)
        window.visit()
        window.open(LEG)
        server.stop()
        lengths(window, "6", "7")
        window.page.get_by_text("The server does not answer").wait_for()
        assert window.page.locator(".results").get_attribute("data-stale") == "true"
        server.start()
        window.settle()
        assert not window.page.get_by_text("The server does not answer").is_visible()
        assert window.device()["leg"]["length"] == "7 mm"
        window.page.get_by_role("button", name="Undo").click()
        window.settle()
        assert window.field(LENGTH).input_value() == "6"
    finally:
        context.close()
        server.stop()


def test_a_job_whose_server_is_killed_is_told_at_once_and_asked_again(browser):
    server = Server()
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        window = Window(context.new_page(), server)
        window.visit("field")
        window.page.get_by_role("button", name="Compute").click()
        window.page.get_by_role("button", name="Cancel").wait_for()
        server.stop()
        window.page.get_by_text("The server does not answer").wait_for()
        server.start()
        window.page.get_by_text("The server was started anew, and the job is gone").wait_for()
        assert not window.page.get_by_text("The server does not answer").is_visible()
        window.page.get_by_role("button", name="Compute").click()
        window.page.get_by_role("button", name="Cancel").click()
        window.page.get_by_text("Cancelled.").wait_for()
    finally:
        context.close()
        server.stop()


def test_help_lists_every_quantity(window):
    made = window()
    made.visit("help")
    made.page.get_by_label("Filter the quantities").fill("seebeck V/K")
    rows = made.page.locator(".glossary tbody tr")
    assert 1 <= rows.count() < 20
    assert "Seebeck" in rows.first.inner_text()


def test_undo_says_what_it_undid_and_shows_its_page(leg):
    leg.field("leg.length").fill("6")
    leg.field("leg.length").press("Enter")
    leg.settle()
    leg.visit("design")
    leg.field("aim").select_option("power")
    leg.visit()
    undo = leg.page.get_by_role("button", name="Undo")
    undo.click()
    leg.page.wait_for_selector('.frame[data-page="design"]')
    leg.page.locator(".said").get_by_text("Undone: Area ratio, Aim").wait_for()
    undo.click()
    leg.page.wait_for_selector('.frame[data-page="device"]')
    leg.page.locator(".said").get_by_text("Length").wait_for()
    assert leg.field("leg.length").input_value() == "5"


def test_a_file_that_is_opened_at_once_waits_for_the_page(window):
    made, held = window(), []

    def hold(route):
        held.append(route)

    made.page.route("**/api/examples/**", hold)
    with made.page.expect_request("**/api/examples/**"):
        made.visit()
    made.page.locator("summary", has_text="File").click()
    file = {"name": "leg.toml", "mimeType": "application/toml", "buffer": LEG.encode()}
    made.page.locator(".menu input[type=file]").set_input_files(file)
    assert not made.page.locator(".menu .fault").count()
    held[0].continue_()
    made.page.wait_for_selector(".menu:not([open])")
    made.settle()
    assert made.device()["leg"]["length"] == "5 mm"


def test_a_page_that_begins_while_the_server_is_busy_waits_for_it(window):
    """The example of a first visit is refused at first; a file that is chosen meanwhile is opened."""
    made = window()
    refusal = {"status": 200, "headers": {"Refusal": "503"}, "json": {"faults": [], "text": "ended"}}
    made.page.route("**/api/examples/*", lambda route: route.fulfill(**refusal), times=1)
    made.visit()
    made.open(LEG)
    assert "leg" in made.device()


def test_a_duplicated_tab_has_a_document_of_its_own_where_there_are_no_locks(window):
    first = window()
    first.page.context.add_init_script("Object.defineProperty(navigator, 'locks', { value: undefined })")
    first.visit()
    first.settle()
    name = first.page.evaluate("sessionStorage.getItem('ioffe-studio/')")
    second = window(first)
    kept = "sessionStorage.getItem('ioffe-studio/') ?? sessionStorage.setItem('ioffe-studio/', 'NAME')"
    second.page.add_init_script(kept.replace("NAME", name))
    second.visit()
    second.settle()
    assert second.page.evaluate("sessionStorage.getItem('ioffe-studio/')") != name
