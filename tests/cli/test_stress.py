"""`ioffe stress`: what it prints and writes, and what it refuses."""

import json
from pathlib import Path

import pytest

from ioffe.cli.main import entry
from ioffe.field.elements import solids

ROOT = Path(__file__).parents[2]
DEVICE = ROOT / "examples" / "stress-couple.toml"
ELASTIC = ROOT / "examples" / "stress" / "elastic.toml"


@pytest.fixture(autouse=True)
def coarse(monkeypatch):
    """Few cells: what is printed is tested, not the numbers."""
    monkeypatch.setattr(solids, "CELLS", dict.fromkeys(solids.CELLS, 1))


def test_it_prints_and_writes_everything(tmp_path, capsys):
    out = tmp_path / "out"
    options = ["--free", "183 degC", "--elastic", str(ELASTIC), "--distance", "0.3 mm", "--out", str(out)]
    assert entry(["stress", str(DEVICE), *options]) == 0
    printed = capsys.readouterr().out
    for words in (
        "free of stress at 456.1 K",
        "p leg, generic",
        "leg 1 hot",
        "estimated error",
        "remembered",
    ):
        assert words in printed
    found = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert found["kind"] == "stress"
    assert len((out / "joints.csv").read_text(encoding="utf-8").splitlines()) == 5
    assert "<img" in (out / "report.html").read_text(encoding="utf-8")


def test_what_is_wrong_is_said(tmp_path, capsys):
    assert entry(["stress", str(ROOT / "examples" / "segmented-leg.toml")]) == 2
    assert "a module is expected" in capsys.readouterr().err
    table = Path(tmp_path / "elastic.toml")
    row = '[[material]]\nname = "Cu"\nstrength = "3 MPa"\n'
    table.write_text(row + row, encoding="utf-8")
    assert entry(["stress", str(DEVICE), "--elastic", str(table), "--out", str(tmp_path / "out")]) == 2
    printed = capsys.readouterr().err
    assert "one row for each material" in printed
    assert printed.count("expected together") == 2
    assert not (tmp_path / "out").exists()
