"""`ioffe stress`: what it prints and writes, and what it refuses."""

import json
from pathlib import Path

import pytest

from ioffe.cli import terminal
from ioffe.cli.main import entry
from ioffe.field import progress
from ioffe.field.elements import solids

ROOT = Path(__file__).parents[2]
DEVICE = ROOT / "examples" / "stress-couple.toml"
ELASTIC = ROOT / "examples" / "stress" / "elastic.toml"


@pytest.fixture(autouse=True)
def coarse(monkeypatch):
    """Few cells: what is printed is tested, not the numbers."""
    monkeypatch.setattr(solids, "CELLS", dict.fromkeys(solids.CELLS, 1))


def test_it_prints_and_writes_everything(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(progress, "LONG", 0.0)
    monkeypatch.setattr(terminal, "TOLD_EVERY", 0.0)
    out = tmp_path / "out"
    options = ["--free", "183 degC", "--elastic", str(ELASTIC), "--distance", "0.3 mm", "--out", str(out)]
    assert entry(["stress", str(DEVICE), *options, "--picture-format", "png"]) == 0
    printed, told = capsys.readouterr()
    # both are said beforehand, once, and then how far it is
    for words in ("finite elements, each current: about ", "stress: about "):
        assert told.count(words) == 1
        assert told.index(words) < told.index(", pass 1, ")
    for words in (
        "free of stress at 456.1 K",
        "p leg, generic",
        "leg 1 hot",
        "estimated error up to",
        " MPa ± ",
        "remembered",
        "T_hot 390 K",
        "40 MPa of samples of 10 mm3",
        "assumed, to show",
    ):
        assert words in printed
    assert (out / "cut-mises.png").stat().st_size > 1000
    found = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert found["kind"] == "stress"
    assert len((out / "joints.csv").read_text(encoding="utf-8").splitlines()) == 5
    # the strength of the file is lower than that of the card, which the other leg has
    assert found["failing"][2] > 5.0 * found["failing"][3]
    assert found["strengths"]["generic p cooler leg"]["strength"] == 40e6
    assert found["operating_point"] == {"T_hot": 390.0, "T_cold": 300.0, "current": 0.0}
    page = (out / "report.html").read_text(encoding="utf-8")
    for words in ("<img", "one couple, soldered at 183", "390 K", "it bends as it likes", "vertebr.ae"):
        assert words in page, words


def test_what_is_wrong_is_said(tmp_path, capsys):
    assert entry(["stress", str(ROOT / "examples" / "segmented-leg.toml")]) == 2
    assert "a module is expected" in capsys.readouterr().err
    for option, value, words in (
        ("--distance", "5 mm", '--distance = "5 mm": less than the narrowest leg of 1.4 mm'),
        ("--pressure", "-5 MPa", '--pressure = "-5 MPa": a pressure from 0 on'),
        ("--current", "500 A", '--current = "500 A": an operating point with a solution is expected'),
    ):
        assert entry(["stress", str(DEVICE), option, value, "--out", str(tmp_path / "out")]) == 2
        assert words in capsys.readouterr().err
    table = Path(tmp_path / "elastic.toml")
    row = '[[material]]\nname = "Cu"\nstrength = "3 MPa"\n'
    table.write_text(row + row, encoding="utf-8")
    assert entry(["stress", str(DEVICE), "--elastic", str(table), "--out", str(tmp_path / "out")]) == 2
    printed = capsys.readouterr().err
    assert "one row for each material" in printed
    assert printed.count("expected together") == 2
    assert not (tmp_path / "out").exists()


def test_the_device_file_says_how_it_is_held(tmp_path, capsys):
    """Springs and pressure of the table, and options before the table."""
    file = tmp_path / "held.toml"
    table = 'pressure = "1 MPa"\ncold_spring = "1000 MPa/mm"\n[[stress.material]]\nname = "Cu"\n'
    file.write_text(DEVICE.read_text(encoding="utf-8") + table + 'youngs_modulus = "120 GPa"\n')
    found = {}
    for name, more in {"file": [], "free": ["--free", "400 K"], "unpressed": ["--pressure", "0 MPa"]}.items():
        options = ["--json", "--distance", "0.5 mm", *more]
        assert entry(["stress", str(file), *options]) == 0
        found[name] = json.loads(capsys.readouterr().out)
    assert found["file"]["free"] == pytest.approx(456.15)
    assert found["free"]["free"] == 400.0
    rms = {name: one["mises_rms"] for name, one in found.items()}
    assert rms["file"] != pytest.approx(rms["unpressed"], rel=1e-4)
    assert entry(["stress", str(DEVICE), "--json", "--distance", "0.5 mm"]) == 0
    assert json.loads(capsys.readouterr().out)["mises_rms"] != pytest.approx(rms["unpressed"], rel=1e-4)


def test_all_faults_come_out_before_anything_is_solved(tmp_path, capsys):
    text = DEVICE.read_text(encoding="utf-8").replace("generic p cooler leg", "MgAgSb")
    file = tmp_path / "bad.toml"
    file.write_text(text + '[[stress.material]]\nname = "Cu"\nstrength = "3 MPa"\n', encoding="utf-8")
    options = ["--pressure", "-2 MPa", "--cold-spring", "stiff", "--distance", "0 mm", "--current", "x"]
    assert entry(["stress", str(file), *options, "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    for words in (
        "8 faults",
        "stress.material[0]",
        "--pressure =",
        "--cold-spring =",
        "--distance =",
        "--current =",
        '"MgAgSb".youngs_modulus',
        '"MgAgSb".poisson_ratio',
        '"MgAgSb".thermal_expansion',
    ):
        assert words in told, words
    assert not (tmp_path / "out").exists()
