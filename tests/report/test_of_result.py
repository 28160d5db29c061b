"""`draw` and `report`: what every result offers of the pictures and pages."""

from dataclasses import dataclass

import numpy as np
import pytest

from ioffe.base.errors import InputError
from ioffe.base.result import BaseResult
from ioffe.base.table import table
from ioffe.material import library
from ioffe.report.analysis.pages import analyse
from ioffe.report.curves import GENERATOR_PANELS
from ioffe.report.of_result import draw, page_of, pictures_of, report


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Other(BaseResult):
    """A result of a kind without a page of its own."""

    def tables(self):
        power = np.array([[0.1, 0.2, 0.4], [0.2, 0.3, 0.5]])
        return {"points": table({"T_hot": [400.0, 500.0], "current": [0.0, 1.0, 2.0]}, {"power": power})}

    def _title(self):
        return "a batch"

    def _facts(self):
        yield from {"status": "ok", "": "a sentence"}.items()


def test_pictures_of_a_device_are_those_of_its_report(generator, single):
    assert list(pictures_of(generator))[:4] == list(GENERATOR_PANELS)
    assert "max_power" in pictures_of(generator)
    assert "max_power" not in pictures_of(single)
    ax = draw(generator, "efficiency")
    assert ax.get_ylabel() == r"Efficiency $\eta$ (%)"
    assert len(ax.lines) == 2 * 3  # a curve and its maximum at each temperature


def test_a_picture_is_drawn_where_it_is_asked_for(generator):
    from matplotlib.figure import Figure

    ax = Figure().subplots()
    assert draw(generator, "max_power", ax) is ax
    assert np.allclose(ax.lines[0].get_xdata(), [350, 425, 500])


def test_a_wrong_picture_is_refused_with_those_there_are(generator):
    with pytest.raises(InputError, match=r"one of voltage, power, .* did you mean \"power\""):
        draw(generator, "powr")


def test_an_analysis_draws_its_panels():
    found = analyse(library.load_material("Bi0.42Sb1.58Te3"), exact=False)
    ax = draw(found, "zT")
    assert ax.get_ylabel() == "$zT$"
    assert page_of(found).title == "Bi0.42Sb1.58Te3"


def test_other_results_draw_their_columns_and_list_their_tables():
    ax = draw(Other())
    assert ax.get_xlabel() == "Current $I$ (A)"
    assert [line.get_ydata().tolist() for line in ax.lines] == [[0.1, 0.2, 0.4], [0.2, 0.3, 0.5]]
    text = page_of(Other()).render()
    unit = "<span class=unit>W</span>"
    for words in ("<h1>a batch</h1>", f"power {unit}", '<td class="num">0.5</td>', "<li>a sentence</li>"):
        assert words in text


def test_a_report_is_one_file(generator, tmp_path):
    assert report(generator, tmp_path / "page.html") == tmp_path / "page.html"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert text.count("data:image/svg+xml") == 3
