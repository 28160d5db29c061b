"""What the benchmarks keep and compare. How fast anything is belongs to the benchmarks themselves."""

import json

import pytest

from benchmarks import history, timing

OLD = {
    "date": "2026-01-02T03:04:05+00:00",
    "version": "0.1.0",
    "commit": "abc",
    "machine": {"processor": "a slow one", "cores": 2},
    "measured": {
        "leg: ioffe": {"seconds": 2e-3, "ratio": 1.0, "error": 1e-9},
        "leg: solve_bvp": {"seconds": 1e-2, "ratio": 5.0, "error": 1e-6},
        "gone": {"seconds": 1.0},
    },
}
NEW = {
    **OLD,
    "machine": {"processor": "a fast one", "cores": 2},
    "measured": {
        "leg: ioffe": {"seconds": 1e-3, "ratio": 1.0, "error": 1e-9},
        "leg: solve_bvp": {"seconds": 2e-2, "ratio": 20.0, "error": 1e-6},
        "phonons": {"seconds": 1.0},
    },
}


@pytest.fixture(autouse=True)
def nothing_measured(monkeypatch):
    monkeypatch.setattr(timing, "MEASURED", {})


def test_what_is_printed_is_kept(capsys):
    timing.show("leg", [("ioffe", 1.234567e-3, 1e-9, ""), ("solve_bvp", 1e-2, 1e-6, "slow")])
    timing.note("device", 1e-4, ratio=30.0)
    assert timing.MEASURED == {
        "leg: ioffe": {"seconds": 1.235e-3, "ratio": 1.0, "error": 1e-9},
        "leg: solve_bvp": {"seconds": 1e-2, "ratio": 8.1, "error": 1e-6},
        "device": {"seconds": 1e-4, "ratio": 30.0},
    }
    assert "solve_bvp" in capsys.readouterr().out


def test_entry_says_where_it_was_measured():
    new = history.entry({"leg": {"seconds": 1.0}})
    assert json.loads(json.dumps(new)) == new
    assert new["measured"] == {"leg": {"seconds": 1.0}}
    assert {"processor", "cores", "system", "python", "numpy"} <= new["machine"].keys()
    assert new["date"].endswith("+00:00")


def test_history_grows_and_is_read(tmp_path):
    file = tmp_path / "history.jsonl"
    assert history.last(NEW["measured"], file) is None
    history.save(OLD, file)
    history.save({**OLD, "date": "later", "measured": {"phonons": {"seconds": 3.0}}}, file)
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2
    assert history.last({"leg: ioffe": {"seconds": 1.0}}, file) == OLD
    assert history.last({"phonons": {"seconds": 1.0}}, file)["date"] == "later"
    assert history.last({"cascade": {"seconds": 1.0}}, file) is None


def test_comparison():
    lines = history.comparison(NEW, OLD).splitlines()
    rows = {line.split("  ")[1]: line.split() for line in lines if line.startswith("  ")}
    assert rows["leg: ioffe"][2:] == ["2.00", "1.00", "1.00", "faster"]
    assert rows["leg: solve_bvp"][2:] == ["0.50", "5.00", "20.00", "slower"]
    assert rows["phonons"][1:] == ["new"]
    assert [line for line in lines if "elsewhere" in line] == ["  measured elsewhere: processor a slow one"]
    assert lines[-1].strip() == "not measured now: 1 rows"
