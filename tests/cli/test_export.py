"""`ioffe export`: what it prints and writes, and what it refuses."""

import json
from pathlib import Path

from ioffe.cli.main import entry

ROOT = Path(__file__).parents[2]
DEVICE = ROOT / "examples" / "mgagsb-module.toml"


def test_it_prints_and_writes_everything(tmp_path, capsys):
    out = tmp_path / "out"
    heat = "MgAgSb0.99In0.01=1.5 MJ/(m3 K)"
    assert entry(["export", str(DEVICE), "--heat-capacity", heat, "--cells", "6", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "compared from 293 K to 593 K" in printed
    assert "Mg3.5SbBi0.96Te0.04 stores no heat" in printed
    assert "MgAgSb0.99In0.01 stores no heat" not in printed
    found = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert found["kind"] == "compact"
    assert max(found["errors"].values()) < 0.01
    assert ".subckt mgagsb_module" in (out / "mgagsb_module.cir").read_text(encoding="utf-8")
    assert "end mgagsb_module;" in (out / "mgagsb_module.mo").read_text(encoding="utf-8")
    # three pairs of temperatures with a difference, five currents
    assert len((out / "points.csv").read_text(encoding="utf-8").splitlines()) == 16
    assert (out / "report.html").read_text(encoding="utf-8").count("<img") == 3


def test_json_alone_and_other_ranges(capsys):
    options = [
        "--json",
        "--faces",
        "--coldest",
        "300 K",
        "--hottest",
        "400 K",
        "--current",
        "2 A",
        "--cells",
        "4",
    ]
    assert entry(["export", str(DEVICE), *options, "--cells", "4"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["temperatures"] == [300.0, 400.0]
    assert found["currents"] == [0.0, 2.0]


def test_what_is_wrong_is_said_at_once(tmp_path, capsys):
    wrong = ["--coldest", "400 K", "--hottest", "300 K"]
    for text in ("Cuu=1 MJ/(m3 K)", "Cu=3 m"):
        wrong += ["--heat-capacity", text]
    assert entry(["export", str(DEVICE), *wrong, "--cells", "1", "--out", str(tmp_path / "out")]) == 2
    printed = capsys.readouterr().err
    assert "4 faults" in printed
    assert 'did you mean "Cu"' in printed
    assert entry(["export", str(DEVICE), "--heat-capacity", "Cu", "--out", str(tmp_path / "out")]) == 2
    assert "NAME=VALUE" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
