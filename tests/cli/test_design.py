"""`ioffe design`: every question on the file that its documentation names, and what is refused."""

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest

from ioffe.cli.main import entry
from ioffe.study.designing import compared, sinks, space, stages
from ioffe.study.designing.questions import QUESTIONS

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def few(monkeypatch):
    """Few points: that answers and pictures are there is tested, not how good they are."""
    monkeypatch.setattr(sinks, "POINTS", (9, 5))
    monkeypatch.setattr(stages, "RATIOS", np.array([1.0, 2.0]))
    monkeypatch.setattr(compared, "DENSITIES", 5)
    monkeypatch.setattr(compared, "COMPOSITIONS", 3)
    monkeypatch.setattr(space, "COURSE", 9)
    monkeypatch.setattr(space, "SIDE", 5)


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.usefixtures("few")
def test_it_answers_with_a_page(name, tmp_path, capsys):
    file, *options = shlex.split(QUESTIONS[name].example)
    out = tmp_path / "out"
    assert entry(["design", name, str(EXAMPLES / file), *options, "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert QUESTIONS[name].asks in printed
    found = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert found["kind"] == "design"
    assert found["sentence"] in re.sub(r"\s+", " ", printed)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert page.count("<img") == len(list(out.glob("*.svg"))) > 0
    assert (
        len((out / "devices.csv").read_text(encoding="utf-8").splitlines())
        == len(found["axes"]["device"]) + 1
    )


@pytest.mark.usefixtures("few")
def test_json_stands_alone(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert entry(["design", "segments", str(EXAMPLES / "segmented-leg.toml"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["question"] == "segments"
    assert list(tmp_path.iterdir()) == []


def test_help_is_made_from_the_table(capsys):
    assert entry(["design", "--help"]) == 0
    listed = capsys.readouterr().out
    for name, question in QUESTIONS.items():
        assert re.search(rf"^  {name} ", listed, re.MULTILINE)
        assert entry(["design", name, "--help"]) == 0
        told = re.sub(r"\s+", " ", capsys.readouterr().out)
        assert question.about in told
        assert all(f"--{one.name.replace('_', '-')}" in told for one in question.options)


def test_what_is_wrong_is_said_at_once(tmp_path, capsys):
    out = tmp_path / "out"
    wrong = ["--pump-power", "3 K", "--most-fill", "3", "--out", str(out)]
    assert entry(["design", "leg-length", str(EXAMPLES / "generatr.toml"), *wrong]) == 2
    told = capsys.readouterr().err
    assert "3 faults in the input" in told
    assert '"K" is a temperature' in told
    assert not out.exists()
    assert entry(["design", "leg-lenght", str(EXAMPLES / "studies" / "generator.toml")]) == 2
    assert 'did you mean "leg-length"' in capsys.readouterr().err
