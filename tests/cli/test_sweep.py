"""`ioffe sweep`: a study from its file to a folder of numbers, tables, maps and a page."""

import json

import pytest

from ioffe.base.saved_result import load_result
from ioffe.cli.main import entry
from ioffe.cli.terminal import counting
from ioffe.study import read_study, read_sweep


def test_a_study_from_file_to_page(folder, capsys):
    assert entry(["sweep", "leg-length.toml"]) == 0
    told = capsys.readouterr().out
    assert (
        "of 768 devices have a solution and keep all constraints; the largest power_density is best" in told
    )
    made = folder / "leg-length-sweep"
    names = {path.name for path in made.iterdir()}
    maps = {f"map-{name}.svg" for name in ("power_density", "efficiency", "heat_hot", "T_hot_junction")}
    assert names >= {"run.json", "result.json", "best.csv", "report.html", "chunks", *maps}
    assert entry(["sweep", "leg-length.toml"]) == 2
    assert "this folder holds a run already; go on with it" in capsys.readouterr().err
    assert entry(["sweep", "leg-length.toml", "--resume", "--json", "--no-report"]) == 0
    found = json.loads(capsys.readouterr().out)
    result = read_sweep(made)
    assert found["counts"] == {"ok": 768}
    assert found["power_density"] == result.power_density.tolist()
    assert load_result(made / "result.json").compared == result.compared
    # a joint that resists less wants shorter legs; all best devices have it and the densest packing
    assert set(result.best["legs.contact.electrical"][:3]) == {2e-10}
    assert result.best["fill_factor"][0] == 0.6
    assert 0.3e-3 < result.best["legs.length"][0] < 1e-3


def test_what_a_dry_run_says(folder, capsys):
    names = sorted(path.name for path in folder.iterdir())
    assert entry(["sweep", "leg-length.toml", "--dry-run", "--workers", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["devices"], found["chunks"]) == (768, 2)
    assert found["time"] == pytest.approx(768 * found["time_per_device"])
    assert entry(["sweep", "leg-length.toml", "--dry-run", "--engine", "numpy"]) == 0
    assert "768 in 2 chunks" in capsys.readouterr().out
    text = (folder / "leg-length.toml").read_text(encoding="utf-8")
    several = text.replace('largest = "power_density"', 'largest = ["power_density", "efficiency"]')
    (folder / "leg-length.toml").write_text(several, encoding="utf-8")
    assert entry(["sweep", "leg-length.toml", "--dry-run", "--engine", "numpy"]) == 0
    told = "the largest power_density alone; ioffe optimise finds the front with the largest efficiency"
    assert told in " ".join(capsys.readouterr().out.split())
    assert sorted(path.name for path in folder.iterdir()) == names


def test_what_a_dry_run_of_a_search_says(folder, capsys):
    names = sorted(path.name for path in folder.iterdir())
    assert entry(["optimise", "best-legs.toml", "--dry-run", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    count = read_study(folder / "best-legs.toml").count
    assert (found["at_once"], found["rounds"]) == (count, 100)
    assert found["time"] == pytest.approx(100 * count * found["time_per_device"])
    assert entry(["optimise", "front.toml", "--points", "3", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "largest power_density, largest efficiency" in told
    assert "for each of 3 values of the second objective" in " ".join(told.split())
    assert sorted(path.name for path in folder.iterdir()) == names


def test_lines_about_how_far_it_is(capsys, monkeypatch):
    monkeypatch.setattr("ioffe.cli.terminal.TOLD_EVERY", -1.0)
    with counting("solving", "devices") as progress:
        progress(500, 2000)
        progress(1000, 2000)
        progress(2000, 2000)
    first, second = capsys.readouterr().err.splitlines()
    assert first == "solving: 500 of 2,000 devices"
    assert second.startswith("solving: 1,000 of 2,000 devices, ")
    assert second.endswith("a second, 1 s left")


def test_the_best_device_within_limits(folder, capsys):
    assert entry(["optimise", "best-legs.toml"]) == 0
    told = capsys.readouterr().out
    assert "4 of 4" in told
    assert "what limits power_density" in told
    made = folder / "best-legs-optimum"
    assert {path.name for path in made.iterdir()} >= {"result.json", "optima.csv", "report.html"}
    found = load_result(made / "result.json")
    assert max(found.T_hot_junction) <= 500.0 + 1e-3
    assert entry(["optimise", "leg-length.toml"]) == 2
    assert "at least one range is expected" in capsys.readouterr().err


def test_the_front_of_two_objectives(folder, capsys):
    assert entry(["optimise", "front.toml", "--points", "3"]) == 0
    told = capsys.readouterr().out
    assert "front of largest power_density and largest efficiency" in told
    assert "held by n.area / p.area at least 0.7" in told
    made = folder / "front-optimum"
    assert {path.name for path in made.iterdir()} >= {"result.json", "front.csv", "front.svg", "report.html"}
    found = load_result(made / "result.json")
    assert len(found.power_density) == 3
    assert max(found.T_hot_junction) <= 490.0 + 1e-3
    assert entry(["optimise", "best-legs.toml", "--points", "3"]) == 2
    assert "ranges and two objectives are expected with it" in capsys.readouterr().err
