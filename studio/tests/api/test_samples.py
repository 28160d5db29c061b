"""Materials, measurements and interfaces in the page: samples, the library, faults at their fields."""

from __future__ import annotations

import base64
import re

import pytest

from ioffe_studio.tools import PAGES

from .test_tools import files

BENT = """sample,T (K),S (uV/K),sigma (S/cm),kappa (W/(m K))
good,300,150,1000,1.5
good,400,165,900,1.4
good,500,175,800,1.4
bent,300,150,1000,1.5
bent,400,165,900,1.4
bent,500,175,800,0.1
"""


def test_a_sample_that_cannot_be_right_is_named_beside_the_cards_of_the_others(task):
    given = {"two.csv": base64.b64encode(BENT.encode()).decode()}
    code, answer = task("tool", tool="materials.import", files=given)
    assert code == 200, answer
    assert [(one["name"], one["card"]) for one in answer["files"]] == [("good.toml", True)]
    kinds = [section["kind"] for section in answer["sections"]]
    assert "picture" in kinds, "curves and zT of what is saved"
    told = [item for section in answer["sections"] for item in section.get("items", ())]
    errors = [item["text"] for item in told if item["severity"] in ("warning", "error")]
    assert any(text.startswith("not written: bent: zT is ") for text in errors)
    assert any("1 of 2 samples cannot be right" in text for text in errors)
    code, answer = task("tool", tool="materials.analyse", files=given)
    assert code == 422
    assert 'leave this sample out, or "Use data that cannot be right" takes it all the same' in answer["text"]
    assert "samples[" not in answer["text"]
    _, answer = task("tool", tool="materials.check", files=given)
    assert [section["kind"] for section in answer["sections"]] == ["findings", "picture"]


def test_the_library_is_filtered_by_carrier_zT_and_temperatures(task):
    def found(**request):
        code, answer = task("materials", request=request)
        assert code == 200, answer
        names = [column["label"] for column in answer["columns"]]
        return {row[0]: dict(zip(names, row, strict=True)) for row in answer["rows"]}

    everything, hot = found(), found(T="800 K")
    constant = "generic Bi2Te3 (constant)"
    assert everything[constant]["at"] == 300, "constants do not have their zT at the end of the scale"
    assert hot[constant]["zT"] is None
    some = found(carrier="p", T="500 K", least="0.8")
    assert {one["Type"] for one in some.values()} == {"p"}
    assert all(
        one["zT"] >= 0.8 and one["at"] == 500 and one["From"] <= 500 <= one["To"] for one in some.values()
    )
    assert set(some) < set(everything)
    wide = found(low="27 degC", high="900")
    assert wide
    assert all(one["From"] is None or (one["From"] <= 300.15 and one["To"] >= 900) for one in wide.values())
    code, answer = task("materials", request={"least": "much", "T": "5 kg"})
    assert code == 422
    assert {fault["path"] for fault in answer["faults"]} == {"least", "T"}


SCAN = files("line-scan.csv")
SERIES = files("synthetic-series.csv")
AREA = {"area": "3 mm x 3 mm"}
FAULTY = [
    ("materials.analyse", SERIES, {"t-cold": "400 K", "t-hot": "350 K"}, "t-hot", '"Averages from", 400 K'),
    ("materials.analyse", SERIES, {"error": "S=500 %"}, "error", "a share up to 1"),
    ("materials.analyse", SERIES, {"systematic": "2"}, "systematic", '"2": a share from 0 to 1'),
    ("materials.analyse", SERIES, {"systematic": "x"}, "systematic", '"x": a number is expected'),
    ("materials.analyse", SERIES, {"scattering": "banana"}, "scattering", "or an exponent"),
    ("materials.fit", SERIES, {"fit-range": "10 K .. 20 K"}, "fit-range", "there is no point"),
    ("materials.compare", {}, {"names": "Nosuch"}, "names", "no material of the library has this name"),
    ("measure.line-scan", SCAN, AREA | {"at": "1 K", "at-error": "5 um"}, "at", '"K" is a temperature'),
    ("measure.line-scan", SCAN, AREA | {"at": "2 mm"}, "at-error", "standard deviation of the positions"),
    ("measure.line-scan", SCAN, AREA | {"probe": "-1 mm"}, "probe", "a width from 0 on"),
    ("measure.line-scan", SCAN, AREA | {"area-error": "x"}, "area-error", "a share is expected"),
    ("life.barrier", {}, {"lowest": "0.5 eV", "highest": "0.1 eV"}, "highest", "a value above 0.5 eV"),
]


@pytest.mark.parametrize(("tool", "given", "typed", "field", "words"), FAULTY)
def test_a_fault_stands_once_at_the_field_that_was_filled(task, tool, given, typed, field, words):
    code, answer = task("tool", tool=tool, files=given, request=typed)
    assert code == 422
    assert [fault["path"] for fault in answer["faults"]] == [field]
    assert words in answer["faults"][0]["words"]


def test_a_device_without_a_service_life_is_told_how_it_gets_one(task, module):
    code, answer = task("tool", tool="life.solve", document=module)
    assert code == 422
    assert "[" not in answer["faults"][0]["words"]
    _, form = task("describe", document=module)
    said = re.search(r'"(Add: [^"]*)"', answer["faults"][0]["words"])
    assert said[1] in [action["label"] for group in form["groups"] for action in group["actions"]]


OF_MEASUREMENTS = {
    "measure.transfer-length": "The contact resistivity is 4.9",
    "measure.ageing": "The electrical contact resistivity changes: that of Fe from 5.0",
    "measure.hall": "The sample is n-type; its Hall carrier density is ",
    "measure.zem": "S is −168.1 µV/K at 297.8 K",
}


@pytest.mark.parametrize("tool", OF_MEASUREMENTS)
def test_a_measurement_begins_with_its_sentence_and_shows_its_picture(task, tool):
    found = next(one for page in PAGES for one in page.tools if one.id == tool).described()["sample"]
    given = {found["name"]: found["base64"]}
    code, answer = task("tool", tool=tool, files=given, own=list(given), request=found["request"])
    assert code == 200, answer
    first = answer["sections"][0]
    assert first["kind"] == "text"
    assert first["text"].startswith(OF_MEASUREMENTS[tool])
    assert "picture" in [section["kind"] for section in answer["sections"]]


def test_a_measurement_without_a_report_shows_its_picture_too(task):
    rows = "".join(f"{J},{1.0 - 0.01 * max(J - 11, 0)}\n" for J in range(1, 21))
    given = {"onset.csv": base64.b64encode(f"J (A/cm2),R/R0\n{rows}".encode()).decode()}
    code, answer = task("tool", tool="measure.onset", files=given)
    assert code == 200, answer
    assert [section["kind"] for section in answer["sections"]][:2] == ["text", "table"]
    assert answer["sections"][0]["text"].startswith("The critical current density is 11 A/cm²")
    assert answer["sections"][-1]["kind"] == "picture"


def test_the_map_of_barriers_says_which_of_them_give_the_measured_resistivity(task):
    code, answer = task("tool", tool="life.barrier", request={"measured": "10 uohm cm2"})
    assert code == 200, answer
    text, listed, picture = answer["sections"]
    assert text["text"].startswith("10 µΩ cm² follows from a barrier of 0.213 eV at a doping of 1e18 cm⁻³")
    assert listed["rows"][0] == ["1e18 cm⁻³", "0.213 eV"]
    assert picture["kind"] == "picture"
    _, answer = task("tool", tool="life.barrier", request={"measured": "100 ohm cm2"})
    assert answer["sections"][0]["text"].startswith("No barrier and doping of the map give 100 Ω cm²")
