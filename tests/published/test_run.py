"""Running a source: errors and ranges propagated, assumptions changed, keys that must belong together."""

from dataclasses import replace
from math import hypot

import pytest

from ioffe.base.errors import InputError
from ioffe.published import run as module
from ioffe.published.comparison import Verdict
from ioffe.published.run import reproduce, run_source
from ioffe.published.source import Source, find_source, sources

VALUES = """
[[value]]
key = "product"
quantity = "a b"
place = "Table 1"
value = "6.0"
inputs = "published input"
reproducible = true
[[value]]
key = "quotient"
quantity = "a/c"
place = "text"
value = "1.0"
inputs = "assumed"
why = "c is a guess"
[[value]]
key = "stress"
quantity = "a stress"
place = "Fig. 2"
value = "70"
unit = "MPa"
inputs = "assumed"
not_yet = "needs three dimensions"
"""
ASSUMPTIONS = """
[[assumption]]
name = "a"
value = "2"
reason = "r"
quality = "published input"
std = "6 %"
[[assumption]]
name = "b"
value = "3"
reason = "r"
quality = "published input"
std = "8 %"
[[assumption]]
name = "c"
value = "2.5"
reason = "r"
quality = "assumed"
range = ["2", "4"]
"""


def product(inputs):
    return {"product": inputs["a"] * inputs["b"]}


def quotient(inputs):
    return {"quotient": inputs["a"] / inputs["c"]}


@pytest.fixture
def source(tmp_path, monkeypatch):
    (tmp_path / "values.toml").write_text(VALUES, encoding="utf-8")
    (tmp_path / "assumptions.toml").write_text(ASSUMPTIONS, encoding="utf-8")
    monkeypatch.setattr(Source, "computations", (product, quotient))
    return Source(tmp_path, "S9", "Trial", "A trial, 2020", "", "")


def rows(found):
    return {row.published.key: row for row in found.compared}


def test_errors_add_in_quadrature_and_ranges_move_to_their_sides(source):
    found = rows(run_source(source))
    computed = found["product"].computed
    assert computed.value == 6.0
    assert computed.std == pytest.approx(6.0 * hypot(0.06, 0.08), rel=1e-9)
    assert (computed.below, computed.above) == (0.0, 0.0)
    assert found["product"].asked == ("a", "b")
    computed = found["quotient"].computed
    assert computed.value == pytest.approx(0.8)
    assert computed.std == pytest.approx(0.8 * 0.06)
    assert computed.above == pytest.approx(2 / 2 - 0.8)
    assert computed.below == pytest.approx(0.8 - 2 / 4)


def test_verdicts_are_computed(source):
    found = rows(run_source(source))
    assert found["product"].verdict is Verdict.REPRODUCED
    assert found["quotient"].verdict is Verdict.WITHIN
    assert found["stress"].verdict is Verdict.NOT_YET
    assert found["stress"].computed is None


def test_a_changed_assumption_changes_the_row_and_is_marked(source):
    found = run_source(source, {"b": 4})
    changed = rows(found)["product"]
    assert changed.computed.value == 8.0
    assert changed.verdict is Verdict.NOT_REPRODUCED
    assert [row.published.key for row in found.failed] == ["product"]
    assert [a.name for a in found.assumptions.values() if a.changed] == ["b"]


def test_a_value_not_marked_reproducible_never_fails(source):
    found = run_source(source, {"c": 100})
    assert rows(found)["quotient"].verdict is Verdict.NOT_REPRODUCED
    assert not found.failed


def test_a_value_that_nothing_computes_is_a_fault(source, monkeypatch):
    monkeypatch.setattr(Source, "computations", (product,))
    with pytest.raises(InputError, match="quotient: nothing computes"):
        run_source(source)


def test_an_answer_that_nobody_lists_is_a_fault(source, monkeypatch):
    monkeypatch.setattr(Source, "computations", (product, quotient, lambda _: {"extra": 1.0}))
    with pytest.raises(InputError, match="extra"):
        run_source(source)


def test_a_value_cannot_be_both_computed_and_not_yet(source, monkeypatch):
    monkeypatch.setattr(Source, "computations", (product, quotient, lambda _: {"stress": 7e7}))
    with pytest.raises(InputError, match="cannot be marked not_yet"):
        run_source(source)


def test_plain_types_are_in_the_unit_that_is_printed(source):
    data = run_source(source).to_dict()
    assert data["counts"] == {
        "reproduced": 1,
        "within input uncertainty": 1,
        "not reproduced": 0,
        "not yet": 1,
        "fitted": 0,
    }
    assert data["published"][2] == pytest.approx(70.0)
    assert data["computed"][2] is None
    assert data["why"][2] == "needs three dimensions"


def test_sources_go_by_tag_folder_and_name():
    assert find_source("s4") is find_source("pan") is find_source("Pan")
    with pytest.raises(InputError, match='did you mean "raut"'):
        find_source("ruat")


def test_every_wrong_name_is_reported_before_anything_is_computed(monkeypatch):
    monkeypatch.setattr(module, "run_source", lambda *_: pytest.fail("computed"))
    with pytest.raises(InputError) as caught:
        reproduce(["S4", "S77", "shi"])
    assert len(caught.value.faults) == 2
    with pytest.raises(InputError, match="no chosen source states this assumption"):
        reproduce(["S4"], {"joint_resistance": 1})
    with pytest.raises(InputError, match="G"):
        reproduce(["S4"], {"G": "3 kg"})


def test_several_processes_give_the_same_rows():
    alone, together = reproduce(["S4", "S2"]), reproduce(["S4", "S2"], processes=2)
    assert [one.to_dict() for one in alone] == [one.to_dict() for one in together]


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.tag)
def test_files_of_a_source_are_complete(source):
    assert source.values
    assert source.citation
    for value in source.values:
        assert value.reproducible or value.why or value.not_yet, value.key
    for one in source.assumptions.values():
        assert one.reason
        assert one.low is None or one.low <= one.value <= one.high, one.name


def test_how_many_values_are_listed():
    counts = {source.tag: len(source.values) for source in sources()}
    assert sum(counts.values()) >= 80
    assert counts["S2"] + counts["S4"] >= 45
    assert replace(sources()[0]) == sources()[0]
