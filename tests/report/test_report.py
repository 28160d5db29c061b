"""The report: complete, self-contained, escaped, and with the numbers of the result."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest

import ioffe as te
from ioffe.base.errors import InputError
from ioffe.device import Cooler
from ioffe.report import write_report
from ioffe.report.device import device_page
from ioffe.report.page import Picture
from ioffe.report.text import number
from ioffe.report.words import verdict
from tests.report.devices import HOSTILE, module

VOID = {"meta", "img", "br", "hr", "rect"}
INLINE = {"sub", "sup", "tspan", "i", "em", "strong", "a", "code", "data"}
SECTIONS = ("verdict", "device", "curves", "maxima", "inside", "inputs", "trust", "cite", "definitions")


class Page(HTMLParser):
    """Tags, text, ids and attributes of a page; checks that every element is closed in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.ids, self.data, self.pieces = [], [], [], [], []
        self.feed(text)
        self.close()
        assert not self.open
        self.text = " ".join("".join(self.pieces).replace("\u00a0", " ").split())

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        self.pieces += [] if tag in INLINE else [" "]
        self.ids += [attributes["id"]] if "id" in attributes else []
        if tag == "data":
            self.data.append(float(attributes["value"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.pieces.append(data)


def page(result, date="", **more):
    text = device_page(result, {}, **more).render(date)
    return text, Page(text)


@pytest.fixture(scope="module")
def written(generator, device_file, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    files = write_report(
        generator, folder / "new", device_file, date="1 May 2026", formats=("svg", "png"), panels=True
    )
    return files, (folder / "new" / "report.html").read_text(encoding="utf-8")


def test_all_files_are_written_and_returned(written):
    files, _ = written
    names = {f.name for f in files}
    assert names == {f.name for f in files[0].parent.iterdir()}
    for stem in ("curves", "family", "profiles", "current-voltage", "current-power", "current-efficiency"):
        assert {f"{stem}.svg", f"{stem}.png"} <= names
    assert {"device.svg", "report.html"} <= names
    assert all(f.stat().st_size > 500 for f in files)


def test_every_section_is_there_once(written):
    found = Page(written[1])
    for section in (*SECTIONS, "warnings", "published"):
        assert found.ids.count(section) == (section != "warnings"), section
    heads = [a["href"] for tag, a in found.tags if tag == "a" and a.get("href", "").startswith("#")]
    assert {h[1:] for h in heads} <= set(found.ids)
    assert "1 May 2026" in found.text
    assert "from <the> file" in found.text
    assert "Other samples than <those> of the paper: Bi2Te3." in found.text


def test_nothing_is_loaded_from_elsewhere(written):
    text = written[1]
    found = Page(text)
    for tag, attributes in found.tags:
        assert tag not in ("script", "link", "iframe", "object", "embed", "base", "form"), tag
        for name, value in attributes.items():
            assert not name.startswith("on")
            if name == "src":
                assert value.startswith("data:image/svg+xml;base64,")
            elif name in ("href", "xlink:href"):
                assert tag == "a"
                assert value.startswith(("https://doi.org/", "#"))
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    assert "@import" not in style
    assert "url(" not in style
    assert sum(tag == "img" for tag, _ in found.tags) == 3


def test_maxima_in_the_table_are_those_of_the_result(generator, cooler):
    for result in (generator, cooler):
        shown = page(result)[1].data
        for name in ("max_power", "max_efficiency", "open_circuit_voltage", "internal_resistance"):
            if result is generator:
                assert all(float(v) in shown for v in getattr(result, name))
        for name in ("max_heat", "max_COP", "max_COP_current", "delta_T_max"):
            if result is cooler:
                assert all(float(v) in shown for v in getattr(result, name))


def test_the_verdict_speaks_of_the_best_temperatures(generator, cooler):
    best = int(np.argmax(generator.max_efficiency))
    text = page(generator)[1].text
    assert f"at most {number(1e3 * generator.max_power[best], 3)} mW" in text
    assert f"at best {number(1e2 * generator.max_efficiency[best], 3)} % of the heat" in text
    assert "best of 3 hot-side temperatures" in text
    text = page(cooler)[1].text
    assert f"takes up at most {number(float(cooler.max_heat[0]), 3)} W" in text
    assert f"best COP is {number(float(cooler.max_COP[0]), 3)}" in text


def test_published_values_stand_beside_computed_ones(written, generator):
    found = Page(written[1])
    computed = float(generator.max_power[0])
    assert computed == pytest.approx(next(v for v in found.data if v == pytest.approx(computed, rel=1e-6)))
    assert f"{100 * (computed / 0.1 - 1):+.1f} %" in found.text.replace("−", "-")
    assert "0.1 W ± 0.01 W" in found.text
    assert "(simulated)" in found.text
    assert any(a.get("href") == "https://doi.org/10.1000/abc" for _, a in found.tags)


def test_notes_alone_have_a_heading_of_their_own(generator):
    found = page(generator, notes=("A note.",))[1]
    assert "A note." in found.text
    assert "Published" not in found.text
    assert found.ids.count("published") == 1
    assert "published" not in page(generator)[1].ids


def test_materials_are_listed_with_source_and_quality_in_words(generator):
    found = page(generator)[1]
    assert "reconstructed: made from numbers stated in a publication" in found.text
    assert any(a.get("href") == "https://doi.org/10.1000/xyz" for _, a in found.tags)
    assert "200 K to 800 K" in found.text
    for words in ("conductivity", "resistivity", "insulator", "hot stack", "p leg", "5 µΩ cm²", "1 mm² K/W"):
        assert words in found.text


def test_hostile_names_are_text(hostile):
    text, found = page(hostile)
    assert not any(tag in ("script", "b") for tag, _ in found.tags)
    assert "<script>alert" not in text
    assert HOSTILE.split("\x07")[0] in found.text
    assert '10.1/"><script>' in found.text
    links = [a["href"] for tag, a in found.tags if tag == "a" and "doi.org" in a["href"]]
    assert "https://doi.org/10.1/%22%3E%3Cscript%3E" in links


def test_hostile_names_do_not_stop_the_pictures(hostile, tmp_path):
    files = write_report(hostile, tmp_path, formats=("svg",), date="")
    assert "<script" not in "".join(f.read_text(encoding="utf-8") for f in files)


def test_a_single_operating_point_is_told_and_its_heat_adds_up(single):
    text, found = page(single)
    assert "Single p-type leg" in found.text
    assert "The operating point asked for" in found.text
    assert single.current in found.data
    assert "Operating points" in found.text
    flows = [float(x) for x in re.findall(r"<dd>(-?[\d.]+)\u00a0mW</dd>", text)]
    assert len(flows) == 4
    assert flows[0] == pytest.approx(flows[1] + flows[2] + flows[3], abs=0.011)
    assert flows[3] > 0


def test_resistances_add_up(generator):
    text = page(generator)[0]
    table = text[text.index("Where the resistance comes from") :]
    values = [float(x) for x in re.findall(r'<data value="([^"]+)"', table[: table.index("</table>")])]
    assert values[-1] == float(generator.internal_resistance[0])
    assert sum(values[:-1]) == pytest.approx(values[-1])
    p, n = generator.device.p, generator.device.n
    assert values[0] == pytest.approx(2 * 5e-10 * 2 * (1 / p.area + 1 / n.area))


def test_runaway_points_are_told_and_leave_no_nan(runaway):
    found = page(runaway)[1]
    failed = int(np.isnan(runaway.heat_cold).sum())
    assert f"{failed} of 30 operating points have no solution" in found.text
    assert "runaway" in found.text or "not converged" in found.text
    assert not re.search(r"\bnan\b", found.text)


def test_a_device_without_any_solution_still_has_a_report(tmp_path):
    result = module().solve(Cooler(T_hot=300, T_cold=150, current="max_COP"))
    assert np.isnan(result.COP)
    files = write_report(result, tmp_path, formats=("svg",), date="")
    found = Page(files[-1].read_text(encoding="utf-8"))
    assert "No operating point has a solution" in found.text
    assert result.status.advice in found.text
    assert not re.search(r"\bnan\b", found.text)
    assert "profiles.svg" not in {f.name for f in files}


def test_the_model_and_its_limits_are_stated(generator):
    found = page(generator)[1]
    for words in ("chord of the V-I curve", "half of its Joule heat", "constriction", "(g + (wₚ + wₙ)/3)"):
        assert words in found.text
    ideal = generator.device.solve(generator.conditions, "ideal")
    assert "averages over the temperatures" in page(ideal)[1].text


def test_the_balance_the_error_and_the_interpolation_are_stated(generator):
    found = page(generator)[1]
    for words in ("Energy balance", "Estimated numerical error", "Tolerance asked for", "constant"):
        assert words in found.text
    assert found.text.count(generator.status.advice) == 1
    for citation in generator.citations():
        for words in re.split(r"https://\S+|doi ", citation):  # these become links
            assert words.strip(", ") in found.text


def test_equal_input_gives_an_equal_report(single):
    assert page(single, date="x")[0] == page(single, date="x")[0]


def test_a_caption_is_escaped(generator):
    from matplotlib.figure import Figure

    text = device_page(generator, {"curves": Picture(Figure(), "a < b")}).render()
    assert "a &lt; b" in text


def test_an_unknown_format_is_refused_before_anything_is_written(single, tmp_path):
    with pytest.raises(InputError, match='did you mean "svg"'):
        write_report(single, tmp_path / "none", formats=("svgg",))
    assert not (tmp_path / "none").exists()


def test_maxima_beyond_the_measured_range_are_told_by_the_verdict_as_by_the_warnings():
    p, n = (te.Leg(f"generic {kind} cooler leg", "1.6 mm", "1.96 mm2") for kind in "pn")
    module = te.Module(p, n, couples=127, fill_factor=0.3)
    given = module.solve(te.Generator(heat=60.0, T_cold=298.15, load=2.0), maxima=True)
    assert str(given.status) == "ok"
    assert any("held beyond" in text for text in given.warnings)
    assert "Some maxima lie beyond the measured range" in " ".join(verdict(given))
    cold = module.solve(te.Generator(T_hot=350.0, T_cold=298.15, load=2.0))
    assert "All materials are used inside their measured range" in " ".join(verdict(cold))
