"""Reports of cascades: tables and drawings of every stage, with one circuit and with several."""

import re

import numpy as np
import pytest

from ioffe.device import Cascade, Contact, Cooler, Generator, Layer
from ioffe.report import write_report
from ioffe.report.device import resistance_table
from ioffe.report.drawing import drawing
from tests.report.devices import module


@pytest.fixture(scope="module")
def cascade():
    between = [[Layer("AlN", "0.5 mm"), Contact(thermal="2 mm2 K/W")]]
    return Cascade([module(12), module(4)], currents=[1.0, 0.5], between=between, name="two <stages>")


def test_report_of_one_circuit(cascade, tmp_path):
    result = cascade.solve(Generator(T_hot=[450, 500], T_cold=300), "ideal")
    files = {path.name for path in write_report(result, tmp_path, formats=("svg",), date="")}
    assert {"report.html", "device.svg", "curves.svg", "family.svg", "profiles.svg"} <= files
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    for words in (
        "of 2 stages, 12 + 4 couples from the hot side",
        "the cascade gives at most",
        "Stages at this point, from the hot side",
        "Stage 2, p leg",
        "Between stages 1 and 2",
        "in series, shares 1, 0.5",
        "between stages",
        "two &lt;stages&gt;",
    ):
        assert words in text, words
    assert "<stages>" not in text


def test_resistances_add_up(cascade):
    result = cascade.solve(Generator(T_hot=500, T_cold=300))
    table = resistance_table(result)
    ohm = [float(re.search(r'value="([^"]+)"', str(row[1]))[1]) for row in table.rows]
    assert sum(ohm[:-1]) == pytest.approx(ohm[-1], rel=1e-12)
    assert ohm[-1] == pytest.approx(result.internal_resistance)
    contacts = 5e-10 * 2 * (1 / 3e-6 + 1 / 2.25e-6) * (12 + 0.25 * 4)
    assert ohm[0] == pytest.approx(contacts, rel=1e-9)


def test_report_of_independent_circuits(cascade, tmp_path):
    free = Cascade(cascade.stages, "independent")
    for k, conditions in enumerate(
        (
            Generator(T_hot=[450, 500], T_cold=300),
            Cooler(T_hot=300, heat=0.0, aim="delta_T"),
        )
    ):
        result = free.solve(conditions, "ideal")
        files = {path.name for path in write_report(result, tmp_path / str(k), formats=("svg",))}
        assert {"report.html", "device.svg", "profiles.svg"} <= files
        text = (tmp_path / str(k) / "report.html").read_text(encoding="utf-8")
        assert "one for each stage" in text
        assert ">nan" not in text
        assert np.isfinite(result.stages.power).all()


def test_every_stage_is_drawn_to_its_scale(cascade):
    picture = drawing(cascade, Generator(T_hot=500, T_cold=300))
    assert picture.count('<g transform="translate(0') == 2
    assert picture.count("</g>") == 2
    assert "Stage 1" in picture
    assert "Stage 2" in picture
    assert "Between the stages: " in picture
    assert picture.count("hot plate 500") == 1
    assert picture.count("cold plate 300") == 1
    # legs of both stages: p and n in the side view, one rectangle each in the plan
    assert picture.count('class="part p"') == 2
    assert picture.count('class="plan p"') == 12 + 4
