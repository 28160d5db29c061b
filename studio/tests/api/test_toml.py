"""Documents as TOML: comments stay where the value did not change."""

from __future__ import annotations

import copy
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioffe_studio.toml_text import parsed, written

from .conftest import EXAMPLES, LEG

FILES = sorted(EXAMPLES.glob("*.toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_unchanged_document_gives_the_same_text(path):
    text = path.read_text(encoding="utf-8")
    assert written(tomllib.loads(text), text) == text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_document_without_its_text_is_written_in_full(path):
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    assert parsed(written(document)) == document


def test_a_changed_number_keeps_every_comment():
    document = tomllib.loads(LEG)
    document["leg"]["length"] = "4 mm"
    document["leg"]["contact"]["electrical"] = "9 uohm cm2"
    found = written(document, LEG)
    assert found == LEG.replace("5 mm", "4 mm").replace("7.9 uohm", "9 uohm")


def test_tables_come_and_go():
    text = (EXAMPLES / "mgagsb-module.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    document["module"]["hot"].append({"layer": "Al2O3", "thickness": "0.6 mm"})
    document["module"]["p"]["contact_hot"] = document["module"]["p"].pop("contact")
    del document["measured"][1:]
    document["solve"] = {"fidelity": "ideal"}
    found = written(document, text)
    assert tomllib.loads(found) == document
    assert "# pairs of legs, electrically in series" in found
    document["module"]["hot"] = []
    assert tomllib.loads(written(document, found)) == document


SCALARS = st.one_of(
    st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False), st.text()
)
DOCUMENTS = st.dictionaries(
    st.text(min_size=1, max_size=5),
    st.recursive(
        SCALARS,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.text(min_size=1, max_size=5), inner, max_size=3)
        ),
        max_leaves=8,
    ),
    max_size=4,
)


@settings(deadline=None)  # speed is no subject of a test
@given(DOCUMENTS, DOCUMENTS)
def test_any_change_gives_the_document(before, after):
    text = written(before)
    assert tomllib.loads(text) == before
    assert tomllib.loads(written(copy.deepcopy(after), text)) == after


def test_faults_of_syntax_have_a_line(task):
    code, answer = task("toml", text="a = \n")
    assert code == 422
    assert "line 1" in answer["text"]


def test_levels_are_counted_in_toml_as_in_json(task):
    code, answer = task("toml", text=".".join(20_000 * "a") + " = 1")
    assert code == 422
    assert "at most 64 levels" in answer["text"]


def test_what_json_cannot_hold_is_refused(task):
    code, answer = task("toml", text="[operate]\nT_hot = inf\n")
    assert code == 422
    assert answer["faults"][0]["path"] == "operate.T_hot"
