"""Running a source: errors and ranges propagated, assumptions changed, keys that must belong together."""

from dataclasses import replace
from math import hypot

import pytest

from ioffe.base.errors import InputError
from ioffe.published import run as module
from ioffe.published.comparison import Verdict
from ioffe.published.run import reproduce, run_source
from ioffe.published.source import Source, find_source, sources
from ioffe.published.values import EVIDENCE

VALUES = """
[[value]]
key = "product"
quantity = "a b"
place = "Table 1"
value = "6.0"
inputs = "published input"
evidence = "prediction"
[[value]]
key = "quotient"
quantity = "a/c"
place = "text"
value = "1.0"
inputs = "assumed"
evidence = "prediction"
why = "c is a guess"
[[value]]
key = "stress"
quantity = "a stress"
place = "Fig. 2"
value = "70"
unit = "MPa"
inputs = "assumed"
evidence = "consistency"
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
    assert found["product"].verdict is Verdict.UNDECIDABLE  # twice 10 %
    assert found["quotient"].verdict is Verdict.UNDECIDABLE
    assert found["stress"].verdict is Verdict.NOT_YET
    assert found["stress"].computed is None


def test_a_changed_assumption_changes_the_row_and_is_marked(source):
    found = run_source(source, {"b": 4})
    changed = rows(found)["product"]
    assert changed.computed.value == 8.0
    assert changed.verdict is Verdict.NOT_REPRODUCED
    assert [a.name for a in found.assumptions.values() if a.changed] == ["b"]


def test_a_value_that_made_an_input_is_no_prediction(source):
    path = source.folder / "assumptions.toml"
    path.write_text(
        ASSUMPTIONS.replace('name = "b"', 'name = "b"\nmade_from = ["product"]'), encoding="utf-8"
    )
    with pytest.raises(InputError, match=r'product\.evidence.*"calibrated" is expected'):
        run_source(source)
    other = ASSUMPTIONS.replace('name = "b"', 'name = "b"\nmade_from = ["quotient"]')  # b does not move it
    path.write_text(other, encoding="utf-8")
    assert run_source(Source(source.folder, "S9", "Trial", "A trial, 2020", "", "")).count() == 2


def test_rows_of_one_fact_count_once(source):
    path = source.folder / "values.toml"
    again = VALUES.replace('key = "quotient"', 'key = "quotient"\nsame_as = "product"')
    path.write_text(again, encoding="utf-8")
    found = run_source(source)
    assert (found.count(), found.counts["same fact again"], found.counts["listed"]) == (1, 1, 3)


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
        "listed": 3,
        "reproduced": 0,
        "within input uncertainty": 0,
        "not decidable": 2,
        "not reproduced": 0,
        "consistency": 0,
        "calibrated": 0,
        "derived": 0,
        "literature": 0,
        "same fact again": 0,
        "not yet": 1,
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
    alone, together = reproduce(["S4", "S1"]), reproduce(["S4", "S1"], processes=2)
    assert [one.to_dict() for one in alone] == [one.to_dict() for one in together]


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.tag)
def test_files_of_a_source_are_complete(source):
    assert source.values
    assert source.citation
    for one in source.assumptions.values():
        assert one.reason
        assert one.low is None or one.low <= one.value <= one.high, one.name


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.tag)
def test_changing_a_published_value_changes_no_prediction(source, monkeypatch):
    """No computation reads the published values, and no input made from one moves it where it is evidence."""
    classes = {value.key: value.evidence for value in source.values}
    monkeypatch.setattr(
        "ioffe.published.source.read_values", lambda _: pytest.fail("a published value is read")
    )
    monkeypatch.delitem(source.__dict__, "values")
    for computation in source.computations:
        inputs = source.inputs()
        base = computation(inputs)
        for one in (source.assumptions[name] for name in inputs.asked):
            if any(key in base for key in one.made_from):
                moved = replace(one, value=1.1 * one.value)
                other = computation(source.inputs({**source.assumptions, one.name: moved}))
                changed = {key for key in one.made_from if key in base and other[key] != base[key]}
                assert not {classes[key] for key in changed} & {"prediction", "consistency"}, one.name
        rebuilt = {key for name in inputs.materials for key in source.cards.get(name, ()) if key in base}
        assert not {classes[key] for key in rebuilt} & {"prediction", "consistency"}


def test_every_assumption_of_a_device_reaches_it():
    """What `sets` names exists in the device files, and acts."""
    for source in sources():
        names = {text.partition(":")[0] for one in source.assumptions.values() for text in one.sets}
        for name in names:
            if (source.folder / "devices" / f"{name}.toml").exists():
                inputs = source.inputs()
                assert inputs.device(name).device
                assert inputs.asked, name


def test_how_many_values_are_listed():
    counts = {source.tag: len(source.values) for source in sources()}
    assert sum(counts.values()) >= 150
    assert replace(sources()[0]) == sources()[0]


def test_counts_in_the_documents_are_those_of_the_files():
    """Classes and what is not computed; the verdicts need a run."""
    from pathlib import Path

    text = (Path(__file__).parents[2] / "VALIDATION.md").read_text(encoding="utf-8")
    for source in sources():
        (row,) = (
            line for line in text.splitlines() if line.startswith(f"| {source.tag} ") and source.name in line
        )
        cells = [int(cell) for cell in row.strip("|").split("|")[1:]]
        facts = [value for value in source.values if not value.same_as]
        done = [value.evidence for value in facts if not value.not_yet]
        classes = [done.count(name) for name in EVIDENCE[1:]]
        again, later = len(source.values) - len(facts), len(facts) - len(done)
        assert cells[:2] == [len(source.values), done.count("prediction")], source.tag
        assert cells[6:] == [*classes, again, later], source.tag
        assert sum(cells[2:6]) == cells[1]
