"""`ioffe run`: what it prints, what it writes, and with which exit code it ends."""

import csv
import json
import os
import re
import tempfile
from pathlib import Path

import numpy as np
import pytest

import ioffe as te
from ioffe.cli.main import entry
from ioffe.cli.output import folder_in_place
from ioffe.engine import compiled
from ioffe.solve import loading

GENERATOR = """
format = 1
[module]
name = "a pair [of two]"
couples = 2
fill_factor = 0.5
[module.p]
material = "MgAgSb0.99In0.01"
length = "6 mm"
area = "3 mm x 3 mm"
[module.n]
material = "Mg3.5SbBi0.96Te0.04"
length = "6 mm"
area = "3 mm x 3 mm"
[operate]
mode = "generate"
T_hot = ["450 K", "500 K"]
T_cold = "330 K"
current = ["0.5 A", "1 A", "1.5 A"]
[[measured]]
quantity = "max_power"
value = "0.1 W"
at = { T_hot = "480 K" }
condition = "as new"
"""
COOLER = """
format = 1
[leg]
material = "generic n cooler leg"
length = "1.6 mm"
area = "1.4 mm x 1.4 mm"
[operate]
mode = "cool"
T_hot = "300 K"
T_cold = "280 K"
current = "max_COP"
"""
NUMBERS = ["curves.csv", "result.json"]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A working folder with the device files `pair.toml` and `cooler.toml`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pair.toml").write_text(GENERATOR, encoding="utf-8")
    (tmp_path / "cooler.toml").write_text(COOLER, encoding="utf-8")
    return tmp_path


def names(path):
    return sorted(entry.name for entry in path.iterdir())


def test_results_pictures_and_report_are_written(folder, capsys):
    assert entry(["run", "pair.toml"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    made = names(folder / "pair-result")
    pictures = sum(name.endswith((".svg", ".png")) for name in made)
    assert f"wrote {Path('pair-result', 'report.html')}, and beside it result.json, curves.csv and" in out
    assert f"and {pictures} pictures" in out
    assert {*NUMBERS, "report.html"} <= set(made)
    drawn = {name[:-4] for name in made if name.endswith(".svg")}
    assert drawn == {"curves", "family", "profiles", "device"}
    assert not any(name.endswith(".png") for name in made)
    report = (folder / "pair-result" / "report.html").read_text(encoding="utf-8")
    assert "a pair [of two]" in report
    assert names(folder) == ["cooler.toml", "pair-result", "pair.toml"]


def test_pictures_in_other_formats_and_alone(folder):
    assert entry(["run", "pair.toml", "--out", "all", "--pictures", "--no-report"]) == 0
    assert names(folder / "all") == NUMBERS
    assert entry(["run", "pair.toml", "--out", "pdf", "--picture-format", "pdf"]) == 0
    assert {"curves.pdf", "family.pdf", "profiles.pdf", "device.svg"} <= set(names(folder / "pdf"))
    assert entry(["run", "pair.toml", "--out", "all", "--pictures"]) == 0
    made = set(names(folder / "all"))
    assert {f"{stem}.{end}" for stem in ("curves", "current-power") for end in ("svg", "png")} <= made
    assert entry(["run", "pair.toml", "--picture-format", "gif"]) == 2


def test_summary_of_a_generator(capsys):
    assert entry(["run", "pair.toml", "--no-report"]) == 0
    out = capsys.readouterr().out
    result = te.read_device("pair.toml").solve()
    assert "a pair [of two]\ngenerator, fidelity 1d, 6 operating points" in out
    rows = [line.split("│") for line in out.splitlines() if line.startswith(("│       450", "│       500"))]
    assert [float(row[4]) for row in rows] == pytest.approx(result.max_power * 1e3, rel=1e-3)
    assert [float(row[6]) for row in rows] == pytest.approx(result.max_efficiency * 1e2, rel=1e-3)
    for head in ("V_oc (", "R_in (", "P_max (mW)", "at I ("):
        assert head in out
    assert "eta_max (%)" in out
    assert "status ok: Converged" in out
    assert f"energy balance {result.energy_balance:.1e}" in out
    assert "MgAgSb0.99In0.01: pchip" in out
    published = next(line for line in out.splitlines() if "as new" in line).split("│")
    computed = te.read_device("pair.toml").comparisons[0].computed
    assert [text.strip() for text in published[1:4]] == ["max_power", "T_hot 480 K", "0.1 W"]
    number, unit = published[4].split()
    assert unit == "mW"
    assert float(number) == pytest.approx(computed * 1e3, rel=1e-3)
    assert published[5].strip() == f"{computed / 0.1 - 1:+.1%}"


def test_summary_of_one_operating_point_of_a_cooler(capsys):
    assert entry(["run", "cooler.toml", "--no-report"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["cooler,", "fidelity", "1d,", "1", "operating", "point"] in lines
    result = te.read_device("cooler.toml").solve()
    shown = {line[0]: line[1] for line in lines if len(line) > 1}
    assert float(shown["COP"]) == pytest.approx(result.COP, rel=1e-3)
    assert float(shown["T_cold"]) == 280.0


def test_numbers_of_the_files_are_those_of_the_result(folder):
    assert entry(["run", "pair.toml", "--no-report", "--out", "deep/er/out"]) == 0
    out = folder / "deep" / "er" / "out"
    assert names(out) == NUMBERS
    result = te.read_device("pair.toml").solve()
    assert json.loads((out / "result.json").read_text()) == json.loads(json.dumps(result.to_dict()))
    with (out / "curves.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    power = [float(row["power (mW)"]) for row in rows]
    assert power == pytest.approx(1e3 * result.power.ravel(), rel=1e-6)
    assert {row["point_status"] for row in rows} == {"ok"}


def test_what_a_temperature_is_of_is_said(folder, capsys):
    text = (
        (folder / "cooler.toml").read_text().replace('mode = "cool"', 'mode = "cool"\nhot_resistance = 0.4')
    )
    (folder / "sink.toml").write_text(text)
    assert entry(["run", "sink.toml", "--no-report"]) == 0
    assert "T_hot of the hot reservoir (behind 0.4 K/W), T_cold of the cold" in capsys.readouterr().out


def test_tables_in_si_and_as_a_workbook(folder):
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is an optional extra")
    assert entry(["run", "pair.toml", "--no-report", "--out", "out", "--si", "--xlsx"]) == 0
    result = te.read_device("pair.toml").solve()
    with (folder / "out" / "curves.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [float(row["power (W)"]) for row in rows] == list(result.power.ravel())
    head, *cells = openpyxl.load_workbook(folder / "out" / "tables.xlsx")["points"].values
    power = [row[head.index("power (W)")] for row in cells]
    assert power == pytest.approx(result.power.ravel(), rel=1e-14)


def test_json_is_alone_on_stdout_and_writes_nothing(folder, capsys):
    assert entry(["run", "pair.toml", "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    found = json.loads(out)
    assert found["max_power"] == te.read_device("pair.toml").solve().max_power.tolist()
    assert found["units"]["max_power"] == "W"
    assert names(folder) == ["cooler.toml", "pair.toml"]


def test_json_with_out_writes_too(folder, capsys):
    assert entry(["run", "pair.toml", "--json", "--no-report", "--out", "here"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads((folder / "here" / "result.json").read_text())


def test_what_was_read_is_a_note_and_no_warning(folder, capsys):
    rows = "".join(f"{T},-200,1000,1.5,a\n" for T in range(300, 501, 40))
    (folder / "leg.csv").write_text(f"T (K),S (uV/K),sigma (S/cm),kappa (W/m/K),comment\n{rows}")
    text = """format = 1
[leg]
name = "trial"
material = { file = "leg.csv" }
length = "3 mm"
area = "4 mm2"
[operate]
mode = "generate"
T_hot = "480 K"
T_cold = "310 K"
"""
    (folder / "trial.toml").write_text(text)
    assert entry(["run", "trial.toml", "--out", "out"]) == 0
    out, err = capsys.readouterr()
    assert "note: leg: not used: comment" in out
    assert "warning" not in out + err
    page = (folder / "out/report.html").read_text()
    assert "<h2>Notes</h2>" in page
    assert "<li>leg: not used: comment</li>" in page
    (folder / "trial.toml").write_text(text.replace('"3 mm"', '"3 m"'))
    assert entry(["run", "trial.toml", "--out", "doubtful"]) == 0
    page = (folder / "doubtful/report.html").read_text()
    assert '<span class="note">note</span>: leg: not used: comment' in page
    assert "warning: length = 3 is 3 m; is the unit mm?" in capsys.readouterr().out
    (folder / "trial.toml").write_text(text)
    assert entry(["run", "trial.toml", "--json"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert found["warnings"] == []
    assert found["notes"] == ["leg: not used: comment"]
    assert err == ""


def test_warnings_are_single_lines_beside_the_json(folder, capsys):
    (folder / "cold.toml").write_text(GENERATOR.replace("330 K", "300 K"), encoding="utf-8")
    assert entry(["run", "cold.toml", "--json"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert found["status"] == "outside_table"
    assert err.splitlines() == [f"warning: {text}" for text in found["warnings"]]
    assert "Mg3.5SbBi0.96Te0.04 was used from 300.0 K" in err


def test_options_override_the_file(capsys):
    assert entry(["run", "pair.toml", "--json", "--fidelity", "ideal", "--tolerance", "1e-6"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["fidelity"], found["tolerance"]) == ("ideal", 1e-6)


def test_the_engine_is_said_and_chosen(capsys, monkeypatch):
    monkeypatch.setattr(loading, "_spent", {"seconds": 0.0})
    monkeypatch.setattr(compiled, "is_loaded", lambda _: False)
    assert entry(["run", "cooler.toml", "--json", "--engine", "numpy"]) == 0
    assert json.loads(capsys.readouterr().out)["engine"] == "numpy"
    monkeypatch.setattr(compiled, "is_ready", lambda: False)
    assert entry(["run", "cooler.toml", "--json", "--engine", "compiled"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "--engine" in err
    assert "warm-up" in err or "ioffe[fast]" in err


def test_strict_refuses_to_extrapolate(folder, capsys):
    (folder / "cold.toml").write_text(GENERATOR.replace("330 K", "300 K"), encoding="utf-8")
    assert entry(["run", "cold.toml", "--strict"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: strict: refused, because Mg3.5SbBi0.96Te0.04 was used from 300.0 K")
    assert names(folder) == ["cold.toml", "cooler.toml", "pair.toml"]


@pytest.mark.parametrize("arguments", [["--tolerance", "2"], ["--tolerance", "x"], ["--fidelity", "2d"]])
def test_wrong_option(folder, capsys, arguments):
    assert entry(["run", "pair.toml", *arguments]) == 2
    assert arguments[0].removeprefix("--") in capsys.readouterr().err
    assert names(folder) == ["cooler.toml", "pair.toml"]


NO_SOLUTION = (
    GENERATOR[: GENERATOR.index("[operate]")]
    + """
[operate]
mode = "cool"
T_hot = "400 K"
T_cold = "350 K"
heat = "100 W"
"""
)


def test_no_solution_is_exit_code_1_with_advice(folder, capsys):
    (folder / "much.toml").write_text(NO_SOLUTION, encoding="utf-8")
    assert entry(["run", "much.toml"]) == 1
    status = te.read_device("much.toml").solve().status
    assert f"error: no operating point has a solution: {status.advice}" in capsys.readouterr().err
    assert names(folder) == ["cooler.toml", "much.toml", "pair.toml"]


def test_no_solution_as_json(folder, capsys):
    (folder / "much.toml").write_text(NO_SOLUTION, encoding="utf-8")
    assert entry(["run", "much.toml", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["current"] is None


@pytest.mark.parametrize("out", ["pair.toml", "pair.toml/inside"])
def test_a_file_in_the_place_of_the_folder(folder, capsys, out):
    assert entry(["run", "pair.toml", "--out", out]) == 2
    assert "a folder is expected; pair.toml is a file" in capsys.readouterr().err
    assert names(folder) == ["cooler.toml", "pair.toml"]


@pytest.mark.parametrize("made", [0, 1], ids=["refused when tried", "refused when it is needed"])
def test_a_folder_that_cannot_be_written(folder, capsys, monkeypatch, made):
    usual, calls = tempfile.mkdtemp, []

    def mkdtemp(*given, **more):
        calls.append(given)
        if len(calls) > made:
            raise PermissionError(13, "Permission denied")
        return usual(*given, **more)

    monkeypatch.setattr(tempfile, "mkdtemp", mkdtemp)
    before = names(folder)
    assert entry(["run", "pair.toml", "--no-report", "--out", "here"]) == 2
    assert '--out = "here": a folder that can be written into is expected; ' in capsys.readouterr().err
    assert names(folder) == before


def test_a_second_run_replaces_its_files_and_no_others(folder):
    assert entry(["run", "cooler.toml", "--no-report", "--out", "out"]) == 0
    (folder / "out" / "mine.txt").write_text("kept")
    assert entry(["run", "pair.toml", "--no-report", "--out", "out"]) == 0
    assert json.loads((folder / "out" / "result.json").read_text())["mode"] == "generate"
    assert names(folder / "out") == ["curves.csv", "mine.txt", "result.json"]


@pytest.mark.parametrize("there", [True, False])
def test_an_interrupted_run_leaves_nothing_half(folder, there):
    out = folder / "out"
    if there:
        out.mkdir()
        (out / "a.txt").write_text("old")

    def interrupted():
        with folder_in_place(out) as made:
            (made / "a.txt").write_text("new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert names(folder) == sorted(["cooler.toml", "pair.toml", *["out"] * there])
    if there:
        assert names(out) == ["a.txt"]
        assert (out / "a.txt").read_text() == "old"


def test_folders_inside_are_moved_too(folder):
    for text in ("old", "new"):
        with folder_in_place(folder / "out") as made:
            (made / "pictures").mkdir()
            (made / "pictures" / "a.svg").write_text(text)
    assert (folder / "out" / "pictures" / "a.svg").read_text() == "new"
    assert names(folder / "out") == ["pictures"]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_results_may_be_read_by_others(folder):
    mask = os.umask(0o022)
    try:
        with folder_in_place(folder / "out") as made:
            (made / "a.txt").write_text("a")
    finally:
        os.umask(mask)
    assert (folder / "out").stat().st_mode & 0o777 == 0o755


def test_plates_in_three_dimensions(folder, capsys):
    """The same file with --fidelity 3d: the result holds every leg, the report draws them."""
    path = folder / "plates.toml"
    layer = '[[module.{}]]\nlayer = "{}"\nthickness = "{}"\n'
    stack = [("Cu", "0.5 mm"), ("AlN", "1 mm")]
    layers = "".join(layer.format(side, *one) for side in ("hot", "cold") for one in stack)
    path.write_text(GENERATOR.partition("[[measured]]")[0].replace("[operate]", f"{layers}[operate]"))
    assert entry(["run", str(path), "--fidelity", "3d", "--out", str(folder / "out")]) == 0
    assert "generator, fidelity 3d, 6 operating points" in capsys.readouterr().out
    data = json.loads((folder / "out" / "result.json").read_text())
    assert data["fidelity"] == "3d"
    assert len(data["legs"]["T_hot_junction"][0][0]) == 4
    assert data["legs"]["axes"]["leg"] == [0, 1, 2, 3]
    assert (folder / "out" / "legs.svg").exists()
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert "plates and electrodes in three dimensions" in page
    assert "Temperatures of all legs at the best point" in page
    hot = np.ravel(data["legs"]["T_hot_junction"])
    said = re.search(r"At the best point the hot ends of the legs are at ([\d.]+) K to ([\d.]+) K", page)
    assert said, page[:2000]
    assert all(np.abs(hot - float(end)).min() < 0.051 for end in said.groups())
    path.write_text(path.read_text().replace('layer = "AlN"', 'layer = "AlN"\ncoverage = "electrodes"'))
    assert entry(["run", str(path), "--fidelity", "3d"]) == 2
    found = capsys.readouterr().err
    assert "hot[1].coverage" in found
    assert "cold[1].coverage" in found


def test_all_steady_states_of_a_leg(capsys):
    text = COOLER.replace("generic n cooler leg", "Cu2Se").replace("1.6 mm", "5 mm").replace("1.4 mm", "3 mm")
    text = text.replace('"cool"', '"generate"').replace("300 K", "400 K").replace("280 K", "300 K")
    Path("states.toml").write_text(text.replace('"max_COP"', '"40 A"'))
    assert entry(["run", "states.toml", "--json"]) == 0
    assert "ioffe run --states all" in capsys.readouterr().err
    assert entry(["run", "states.toml", "--states", "all", "--out", "each"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert all(f"state {k} of 3" in printed for k in (1, 2, 3))
    heats = [json.loads(Path(f"each/state-{k}.json").read_text())["heat_hot"] for k in (1, 2, 3)]
    assert len(set(heats)) == 3
    rows = [Path(f"each/state-{k}.csv").read_text().splitlines() for k in (1, 2, 3)]
    assert all(len(one) == 2 and one[0] == rows[0][0] for one in rows)
    assert len({one[1] for one in rows}) == 3
    assert entry(["run", "states.toml", "--states", "all", "--json"]) == 0
    assert [one["heat_hot"] for one in json.loads(capsys.readouterr().out)["states"]] == heats
    assert entry(["run", "pair.toml", "--states", "all"]) != 0
