"""`ioffe migrate`: what it prints and writes, and what it refuses."""

import json

import pytest

from ioffe.cli.main import entry
from ioffe.device_file.read import read_device
from ioffe.material.card_writing import card_text
from ioffe.material.library import load_material
from ioffe.material.migration import MigrationData, Stated
from ioffe.report.device import device_page

LEG = """\
format = 1
[leg]
material = "Cu1.97S"
length = "6 mm"
area = "3 mm x 3 mm"
[operate]
mode = "generate"
T_hot = ["573 K", "673 K"]
T_cold = "300 K"
"""


def written(folder, text=LEG):
    path = folder / "leg.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_json_alone_writes_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert entry(["migrate", written(tmp_path), "--json", "--barriers", "1"]) == 0
    found = json.loads(capsys.readouterr().out)
    limits = found["region"]["limits"]
    assert found["region"]["axes"]["T_hot"] == [573.0, 673.0]
    unit = 1e4 * found["region"]["area"]
    low, J_c, high = (limits[f"critical_current{end}"][-1] / unit for end in ("_low", "", "_high"))
    assert pytest.approx([0.19, 0.31, 0.43], abs=0.01) == [low, J_c, high]  # printed 0.3, a digit and 10 %
    assert limits["current"][-1] / unit == pytest.approx(low)
    assert limits["state"][-1] == "unsafe"
    assert limits["margin"][-1] == pytest.approx(0.067, abs=0.001)
    # an estimate has no interval, and with a barrier every limit is one: three segments carried a fifth
    assert limits["critical_current_low"][0] is limits["critical_current_high"][0] is None
    assert found["barriers"] == []
    assert any("no barriers were placed" in text for text in found["warnings"])
    assert [p.name for p in tmp_path.iterdir()] == ["leg.toml"]


def test_it_prints_and_writes_everything(tmp_path, capsys):
    out = tmp_path / "out"
    assert entry(["migrate", written(tmp_path), "--out", str(out), "--barriers", "1"]) == 0
    printed = capsys.readouterr().out
    for words in (
        "safe operation",
        "0.309 (0.189 to 0.429)",
        "about 2.63 ",
        "no barriers were placed",
        str(out),
    ):
        assert words in " ".join(printed.split())
    for words in ("about 2.63 (", "would allow", "at most"):
        assert words not in printed
    assert "(part of 350 K to 573 K)" in " ".join(printed.split())
    estimate, known = (next(x for x in printed.splitlines() if x.split()[1:2] == [T]) for T in ("573", "673"))
    assert "about" in estimate
    assert "(" not in estimate  # what rests on an extrapolation has no interval
    assert "0.189 to 0.429" in known
    names = sorted(path.name for path in out.iterdir())
    pictures = [f"{name}.{ending}" for name in ("efficiency", "safe-map") for ending in ("svg",)]
    assert names == sorted([*pictures, "region.csv", "report.html", "result.json"])
    page = (out / "report.html").read_text(encoding="utf-8")
    assert page.count("data:image/svg+xml") == 2
    assert "dashed lines" not in page
    assert "critical_voltage" in page
    assert "Not known" in page
    assert 'href="https://doi.org/10.1038/s41467-018-05248-8"' in page
    assert "http" not in page.replace("https://doi.org/", "").replace("http://www.w3.org/", "")


def test_barriers_are_proposed_where_the_card_knows_their_limits(tmp_path, capsys):
    """One V_c and one S* without spans, both measured: what Cu1.97S lacks."""
    voltage, S_star = (Stated(67.5e-3),), Stated(0.2028e-3)
    data = MigrationData(
        "Cu+", 1, "critical voltage", voltage, S_star, transition_temperature=Stated(350.0), doi="10.1/x"
    )
    mine = load_material("Cu1.97S").replace(migration=data)
    (tmp_path / "mine.toml").write_text(card_text(mine), encoding="utf-8")
    out = tmp_path / "out"
    path = written(tmp_path, LEG.replace('"Cu1.97S"', '"mine.toml"'))
    assert entry(["migrate", path, "--out", str(out), "--barriers", "1"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "barriers of 10 uohm cm2 at 673 K" in printed
    assert "One barrier at" in printed
    assert "no barriers" not in printed
    found = json.loads((out / "result.json").read_text(encoding="utf-8"))["barriers"]
    assert [one["count"] for one in found] == [0, 1]
    assert found[1]["current_density"] > 10 * found[0]["current_density"]
    assert 0.35 * 6e-3 < found[1]["positions"]["p"][0] < 0.9 * 6e-3
    page = (out / "report.html").read_text(encoding="utf-8")
    assert page.count("data:image/svg+xml") == 3
    assert "dashed lines" in page


def test_one_temperature_makes_a_map(tmp_path, capsys):
    text = LEG.replace('["573 K", "673 K"]', '"673 K"')
    assert entry(["migrate", written(tmp_path, text), "--json", "--barriers", "0"]) == 0
    T = json.loads(capsys.readouterr().out)["region"]["axes"]["T_hot"]
    assert len(T) == 8
    assert T[-1] == 673.0


def test_run_warns_and_reports(tmp_path, capsys):
    out = tmp_path / "out"
    text = LEG + 'current = ["0.01 A", "0.4 A"]\n'
    path = written(tmp_path, text)
    assert entry(["run", path, "--out", str(out), "--no-report"]) == 0
    printed = capsys.readouterr().out
    assert "ion migration: p leg (Cu1.97S)" in printed
    assert "metal is set free" in printed
    page = device_page(read_device(path).solve(), {}).render()
    assert "<h3>Ion migration</h3>" in page
    known, rest = " ".join(printed.split()).split("along the heat, J_c ")[1].split(" (95 %: ", 1)
    assert float(known.split()[0]) == pytest.approx(0.31, abs=0.01)
    assert "), about 2.6" in rest[:40]
    assert "of 4 operating points 1 safe, 1 unsafe, 2 not known to be safe" in " ".join(page.split())
    found = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert found["migration"]["legs"][0]["part"] == "p"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"Cu1.97S"', '"MgAgSb"', "a leg with a mixed conductor is expected"),
        ('mode = "generate"', 'mode = "cool"\ncurrent = "1 A"', '"generate" is expected'),
        ('"300 K"', '["300 K", "310 K"]', "one cold-side temperature"),
        ('"6 mm"', '"6 K"', "a length is expected"),
    ],
)
def test_refused(tmp_path, capsys, old, new, words):
    out = tmp_path / "out"
    assert entry(["migrate", written(tmp_path, LEG.replace(old, new)), "--out", str(out)]) == 2
    assert words in capsys.readouterr().err
    assert not out.exists()


def test_a_contact_of_the_wrong_dimension(tmp_path, capsys):
    assert entry(["migrate", written(tmp_path), "--contact", "3 mm", "--json"]) == 2
    assert "electrical contact resistivity" in capsys.readouterr().err


def test_several_conductors_in_a_leg_get_no_barriers(tmp_path, capsys):
    parts = "".join(
        f'[[leg.segments]]\nmaterial = "{name}"\nlength = "3 mm"\n' for name in ("Cu1.97S", "Cu2S")
    )
    text = LEG.replace('material = "Cu1.97S"\nlength = "6 mm"\n', "").replace(
        "[operate]", parts + "[operate]"
    )
    assert entry(["migrate", written(tmp_path, text), "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["barriers"] == []
    assert "no barriers were placed" in captured.err


def test_a_bound_is_no_verdict(tmp_path, capsys):
    """Only J_c at most so much is known of Cu2Se, and S* is that of another material."""
    out = tmp_path / "out"
    path = written(tmp_path, LEG.replace("Cu1.97S", "Cu2S0.5Se0.5"))
    assert entry(["migrate", path, "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    for words in (
        "not known to be safe at any current",
        "J_c at most",
        "Whether barriers are needed is not known",
    ):
        assert words in " ".join(printed.split())
    for words in ("without setting metal free", "metal is set free", "No barrier is needed"):
        assert words not in " ".join(printed.split())
    assert "no barriers were placed" in capsys.readouterr().err + printed
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "not known to be safe" in page
    assert entry(["run", path, "--no-report", "--out", str(out)]) == 0
    assert "of 2 operating points 2 not known to be safe" in " ".join(capsys.readouterr().out.split())


def test_a_measured_onset_takes_the_place_of_a_bound(tmp_path, capsys):
    rows = ["J (A/cm2),R/R0"] + [f"{J},{1.0 - 0.01 * max(J - 11.0, 0.0):.5f}" for J in range(1, 25)]
    curve = tmp_path / "iso.csv"
    curve.write_text("\n".join(rows), encoding="utf-8")
    path, out = written(tmp_path, LEG.replace("Cu1.97S", "Cu2S0.5Se0.5")), tmp_path / "out"
    options = ["--onset", str(curve), "--at", "750 K", "--sample-length", "10 mm"]
    assert entry(["migrate", path, *options, "--out", str(out), "--no-report"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "critical_voltage 51.55 mV at 750 K, measured: iso.csv: J_c 11 A/cm2 over 10 mm" in printed
    assert "rests on extrapolation, on other materials or on assumptions" in printed  # S* is not measured
    card = load_material(out / "Cu2S0.5Se0.5.toml")
    assert card.migration.critical_voltage[0].value == pytest.approx(11e4 * 10e-3 / 21337.0, rel=1e-3)
    assert card.migration.limit_words(500.0, 500.0) == "about"
    level = tmp_path / "level.csv"
    level.write_text("J (A/cm2),R/R0\n" + "".join(f"{J},1.0\n" for J in range(1, 25)), encoding="utf-8")
    path = written(tmp_path, LEG)
    at = [part for T in ("500 K", "520 K") for part in ("--onset", str(level), "--at", T)]
    assert entry(["migrate", path, *at, "--sample-length", "10 mm", "--no-report", "--out", str(out)]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "J_c at least 22 A/cm2" in printed
    assert "without setting metal free" in printed
    along = ["--onset", str(level), "--at", "673 K, 300 K", "--sample-length", "10 mm", "--json"]
    assert entry(["migrate", path, *along]) == 2
    assert "is a lower bound" in capsys.readouterr().err
    short = tmp_path / "short.csv"
    short.write_text("\n".join(rows[:4]), encoding="utf-8")
    assert entry(["migrate", path, "--onset", str(short), *options[2:], "--json"]) == 2
    assert "short.csv" in capsys.readouterr().err
    assert entry(["migrate", path, "--onset", str(curve), "--json"]) == 2
    assert "--at and --sample-length" in capsys.readouterr().err
