"""Pictures and the report of a service life: generators, coolers, and devices that do not age."""

import re
from dataclasses import replace

import numpy as np
import pytest

import ioffe as te
from ioffe.interface.ageing import ParabolicGrowth, Relaxation
from ioffe.life import Degradation, GrowingLayer, solve_life
from ioffe.life.file import Aged
from ioffe.report.life import write_life
from ioffe.report.life_figure import ageing_figure, life_figure, side_by_side, time_unit
from ioffe.report.page import Page, section
from tests.life.cases import DAY, hot, leg


@pytest.fixture(scope="module")
def generator():
    law = Relaxation(20.8e-10, 200e-10, 5 * DAY)
    part = Degradation("contact_hot.electrical", law, std={"final": 20e-10}, note="contact: made up")
    return solve_life(leg(), hot(), [part], "60 day", times=[0.0, 10 * DAY, 60 * DAY])


@pytest.fixture(scope="module")
def cooler():
    layer = GrowingLayer(
        "contact_hot", ParabolicGrowth(0.0, 1e-8), resistivity=1e-5, thermal_conductivity=1.0
    )
    conditions = te.Cooler(T_hot=300.0, T_cold=280.0, current=2.0)
    return solve_life(leg(), conditions, [layer], "3 year", times=[0.0, 1e7, 9e7])


def test_panels_show_the_solved_values(generator):
    measured = [Aged("max_power", 10 * DAY, 0.9 * float(generator.max_power[0]), 1e-3)]
    figure = life_figure(generator, measured)
    power = figure.axes[0]
    assert "mW" in power.get_ylabel()
    computed, *others = power.get_lines()
    assert computed.get_ydata() == pytest.approx(1e3 * generator.max_power)
    assert computed.get_xdata() == pytest.approx([0.0, 10.0, 60.0])
    points = [line for line in others if line.get_marker() == "s"]
    assert points[0].get_ydata() == pytest.approx([900 * generator.max_power[0]])
    reached = [loss for loss in generator.losses if loss.quantity == "max_power" and loss.is_reached]
    assert len(reached) == 3
    assert sum(line.get_marker() == "|" for line in others) == 3
    assert {text.get_text() for text in figure.legends[0].get_texts()} == {
        "computed",
        "95 % band",
        "measured",
    }


def test_a_curve_that_hardly_changes_looks_flat(generator):
    voltage = life_figure(generator).axes[2]
    low, high = voltage.get_ylim()
    assert (high - low) / high > 0.03


def test_numbers_that_age(cooler):
    figure = ageing_figure(cooler)
    labels = [ax.get_ylabel() for ax in figure.axes]
    assert any("Contact resistivity" in label for label in labels)
    assert any("Thermal resistance" in label for label in labels)
    assert "year" in figure.axes[0].get_xlabel()


def test_report_of_a_cooler(cooler, tmp_path):
    files = write_life(cooler, tmp_path, formats=("svg",), date="2026-01-01")
    assert [path.name for path in files] == ["life.svg", "ageing.svg", "report.html"]
    page = files[-1].read_text(encoding="utf-8")
    assert "heat taken up" in page
    assert "thickness of a growing layer" in page
    assert "in the first year" in page
    assert not re.search(r"\bnan\b", re.sub(r"base64,[^\"]*", "", page))


def test_equal_input_gives_equal_files(generator, tmp_path):
    pages = []
    for name in ("a", "b"):
        files = write_life(generator, tmp_path / name, formats=("svg",), date="2026-01-01")
        pages.append([path.read_bytes() for path in files])
    assert pages[0] == pages[1]


def test_names_are_escaped(generator, tmp_path):
    noted = replace(generator, degradations=(replace(generator.degradations[0], note="x: <script>"),))
    page = write_life(noted, tmp_path, notes=["<b>bold</b>"], name="<i>leg</i>", formats=())[-1].read_text(
        "utf-8"
    )
    assert "<script>" not in page
    assert "<b>bold" not in page
    assert "&lt;i&gt;leg" in page


def test_nothing_ages(tmp_path):
    life = solve_life(leg(), hot(), [], "1 year", times=[0.0, 1e7])
    files = write_life(life, tmp_path, formats=("png",))
    assert [path.name for path in files] == ["life.png", "report.html"]
    assert "Nothing ages." in files[-1].read_text(encoding="utf-8")


def test_unknown_format(generator, tmp_path):
    with pytest.raises(te.InputError, match='did you mean "svg"'):
        write_life(generator, tmp_path, formats=("sgv",))


def test_time_units():
    units = [time_unit(t)[0] for t in np.array([5.0, 300.0, 12 * 3600.0, 100 * DAY, 3e8])]
    assert units == ["s", "min", "h", "day", "year"]


def test_lives_of_several_junctions_stand_side_by_side(generator):
    slow = solve_life(
        leg(),
        hot(),
        [Degradation("contact_hot.electrical", Relaxation(20.8e-10, 40e-10, 5 * DAY))],
        "60 day",
        times=[0.0, 10 * DAY, 60 * DAY],
    )
    own = Page("ageing of 2 junctions", "", [section("points", "Points", "as measured")], ["As measured."])
    found = side_by_side(own, {"Ni": generator, "Fe": slow})
    ends = {name: float(one.relative("max_power")[-1]) for name, one in (("Ni", generator), ("Fe", slow))}
    changes = {name: 100.0 * (end - 1.0) for name, end in ends.items()}
    assert changes["Ni"] < changes["Fe"] < 0.0
    sentence, rest = found.verdict
    assert rest == "As measured."
    assert re.findall(r"−([\d.]+).% with (\w+)", sentence) == [
        (f"{-changes[name]:.1f}", name) for name in ("Fe", "Ni")
    ]
    lives, points = found.sections
    assert points.title == "Points"
    picture, listed = lives.contents
    assert [row[0] for row in listed.rows] == ["Ni", "Fe"]
    lines = [line for line in picture.figure.axes[0].get_lines() if line.get_label() in ("Ni", "Fe")]
    for line, one in zip(lines, (generator, slow), strict=True):
        assert line.get_ydata() == pytest.approx(1e3 * one.max_power)
    assert side_by_side(own, {"Ni": generator}) is own
