"""Measured sweeps in device files: the command line, the report, the example with its hidden numbers."""

import json
import shutil
from pathlib import Path

import pytest

import ioffe as te
from ioffe.cli.main import entry
from ioffe.measured.file import calibrate_file, compared, joined, measurements_of
from ioffe.measured.model import uniform_resistance

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


def test_a_cascade_is_compared_at_its_points_and_calibrated(tmp_path, capsys):
    """Measured points made by its own solves leave no difference; stages of one current alone have V."""
    text = (EXAMPLES / "two-stage-cooler.toml").read_text(encoding="utf-8")
    cascade, made = te.read_device(EXAMPLES / "two-stage-cooler.toml").device, []
    for cold in (240.0, 260.0):
        found = cascade.solve(te.Cooler(T_hot=300.0, T_cold=cold, current=[0.0, 1.0, 2.0]))
        columns = zip(found.current, found.voltage, found.heat_cold, strict=True)
        made += [",".join(map(str, (*row, 300, cold))) for row in columns]
    (tmp_path / "sweeps.csv").write_text(
        "\n".join(["I (A),V (V),Qc (W),T_hot (K),T_cold (K)", *made]), "utf-8"
    )
    path = tmp_path / "cascade.toml"
    path.write_text(
        text + '\n[[measured]]\nfile = "sweeps.csv"\nnoise = { voltage = "0.1 mV", heat_cold = "1 mW" }\n',
        encoding="utf-8",
    )
    (one,) = compared(te.read_device(path))
    for name in ("open_circuit_voltage", "internal_resistance", "open_circuit_heat"):
        assert one.difference(name) == pytest.approx(0.0, abs=1e-6)
    read = te.read_device(path)
    (points,) = measurements_of(read)
    worse = [stage.replace(p=stage.p.replace(contact=te.Contact("9 uohm cm2"))) for stage in cascade.stages]
    path_of = "stages.p.contact.electrical"
    found = te.calibrate(cascade.replace(stages=worse), read.conditions, points, path_of)
    assert found.values[0] == pytest.approx(5e-10, rel=1e-4)
    path.write_text(path.read_text("utf-8").replace('"series"', '"independent"'), "utf-8")
    assert entry(["run", str(path), "--out", str(tmp_path / "out")]) == 2
    assert "a cascade with one current" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_resistance_of_a_cascade_is_that_of_its_stages_at_their_currents():
    """Two equal stages, the second as two rows in parallel: R + R/4 at uniform temperature."""
    stage = te.read_device(EXAMPLES / "two-stage-cooler.toml").device.stages[1]
    pair = te.Cascade([stage, stage], currents=[1.0, 0.5])
    assert uniform_resistance(pair, 300.0) == pytest.approx(1.25 * uniform_resistance(stage, 300.0))
