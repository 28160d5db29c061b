"""Measured sweeps in device files: the command line, the report, the example with its hidden numbers."""

import json
import shutil
from pathlib import Path

import pytest

import ioffe as te
from ioffe.cli.main import entry
from ioffe.measured.file import calibrate_file, joined, measurements_of

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def example(tmp_path):
    for name in ("measured-module.toml", "measured-module.csv"):
        shutil.copy(EXAMPLES / name, tmp_path)
    return tmp_path / "measured-module.toml"


def test_example_gives_its_hidden_numbers(example, tmp_path, capsys):
    assert entry(["calibrate", str(example), "--out", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().out
    found = json.loads((tmp_path / "out" / "result.json").read_text())
    names = found["axes"]["parameter"]
    hidden = {"legs.contact.electrical": 3.2e-9, "legs.contact.thermal": 3e-5, "bypass_conductance": 1.6e-3}
    for name, truth in hidden.items():
        k = names.index(name)
        assert found["low"][k] < truth < found["high"][k]
        assert found["high"][k] - found["low"][k] < 0.15 * truth
        assert name in printed
    assert (tmp_path / "out" / "points.csv").exists()
    page = (tmp_path / "out" / "report.html").read_text()
    assert "legs.contact.electrical" in page
    assert (tmp_path / "out" / "calibration.svg").exists()


def test_run_shows_measured_less_computed(example, tmp_path, capsys):
    assert entry(["run", str(example), "--out", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().out
    assert "measured: measured-module.csv" in printed
    assert "\\xa0" not in printed
    page = (tmp_path / "out" / "report.html").read_text()
    assert "Measured beside computed" in page
    assert (tmp_path / "out" / "measured.svg").exists()


def test_command_refuses_by_name(example, tmp_path, capsys):
    options = ["-p", "p.contact.electrical", "-p", "n.contact.electrical", "--out", str(tmp_path / "out")]
    assert entry(["calibrate", str(example), *options]) == 2
    printed = capsys.readouterr().err
    assert "p.contact.electrical, n.contact.electrical" in printed
    assert "cannot tell them apart" in printed


def test_faults_of_a_device_file(example):
    text = example.read_text().replace("measured-module.csv", "measured-modul.csv", 2)
    text = text.replace('condition = "invented', 'quantity = "max_power"\ncondition = "invented')
    example.write_text(text)
    with pytest.raises(te.InputError) as error:
        te.read_device(example)
    printed = str(error.value)
    assert "nothing is expected here beside a file" in printed
    example.write_text(text.replace('quantity = "max_power"\n', ""))
    with pytest.raises(te.InputError, match='did you mean "measured-module.csv"'):
        te.read_device(example)


def test_file_without_sweeps_says_what_is_needed():
    with pytest.raises(te.InputError, match=r"\[\[measured\]\] with file"):
        calibrate_file(te.read_device(EXAMPLES / "mgagsb-module.toml"), ["legs.contact.electrical"])


def test_several_tables_are_joined(example):
    (one,) = measurements_of(te.read_device(example))
    both = joined([one, one])
    assert len(both) == 2 * len(one)
    assert both.relative("heat") == 0.02
