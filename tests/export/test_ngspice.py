"""The subcircuit in ngspice: steady values within 1 %, a current step within 1 % of the solve in time."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import ioffe as te
from ioffe.cli.main import entry
from ioffe.export import compact_model
from tests.export.devices import COOLING, DEVICES, cooler, points

EXAMPLES = Path(__file__).parents[2] / "examples"
pytestmark = pytest.mark.skipif(shutil.which("ngspice") is None, reason="ngspice is not installed")


def run(folder, text):
    """Rows of the table that a netlist prints, without the index."""
    path = folder / "circuit.cir"
    path.write_text(text, encoding="utf-8")
    ended = subprocess.run(
        ["ngspice", "-b", str(path)], capture_output=True, text=True, timeout=300, check=False
    )
    rows = [line.split() for line in ended.stdout.splitlines() if line[:1].isdigit()]
    width = max((len(row) for row in rows), default=0)
    assert width > 1, ended.stdout + ended.stderr
    return np.array([[float(cell) for cell in row[1:]] for row in rows if len(row) == width]).T


@pytest.mark.parametrize("name", DEVICES)
def test_steady_values(name, tmp_path):
    found, solved, current, sign = points(name)
    low, high = found.temperatures
    circuit = f"""* steady
{found.spice()}
X1 p 0 h c {found.identifier}
Vh h 0 {high}
Vc c 0 {low}
Il p 0 0
.dc Il 0 {1.0001 * current[-1]:.9g} {current[1]:.9g}
.print dc v(p) i(Vh) i(Vc)
.end
"""
    swept, voltage, hot, cold = run(tmp_path, circuit)
    np.testing.assert_allclose(swept, current, rtol=1e-5, atol=1e-9)
    for own, key, factor in ((voltage, "voltage", 1.0), (-hot, "heat_hot", sign), (cold, "heat_cold", sign)):
        exact = solved.values[key]
        size = np.maximum(np.abs(exact), 0.05 * np.abs(exact).max())
        np.testing.assert_allclose((factor * own - exact) / size, 0.0, atol=0.01)


def test_example_of_a_circuit(tmp_path, monkeypatch):
    """A chip of 8 J/K begins at 300 K and ends where the solver has its steady state."""
    monkeypatch.chdir(tmp_path)
    stored = [f"generic {kind} cooler leg=1.2 MJ/(m3 K)" for kind in "pn"]
    heats = [part for one in stored for part in ("--heat-capacity", one)]
    ends = ["--coldest", "250 K", "--hottest", "330 K"]
    device = EXAMPLES / "bi2te3-cooler.toml"
    assert entry(["export", str(device), *heats, *ends, "--no-report"]) == 0
    text = (EXAMPLES / "circuits" / "cooler-step.cir").read_text(encoding="utf-8")
    time, T_cold, T_hot, voltage = run(tmp_path, text.replace(".tran 0.1 60", ".tran 0.1 200"))
    assert T_cold[0] == pytest.approx(300.0, abs=0.1)
    assert T_cold.min() > 250.0
    file = te.read_device(device)
    ends = te.Cooler(T_hot=300.0, hot_resistance=0.3, heat=5.0, current=3.0)
    exact = file.device.solve(ends)
    assert time[-1] == pytest.approx(200.0)
    assert T_cold[-1] == pytest.approx(exact.T_cold, abs=0.01 * (300.0 - exact.T_cold))
    assert voltage[-1] == pytest.approx(exact.voltage, rel=0.01)
    assert T_hot[-1] == pytest.approx(300.0 + 0.3 * exact.heat_hot, abs=0.1)


def test_current_step(tmp_path):
    """A chip of 2 J/K that gives 2 W on a cooler whose current rises from 1 A to 3 A."""
    device = cooler()
    found = compact_model(device, COOLING)
    circuit = f"""* step
{found.spice()}
X1 p 0 h c device
Vh h 0 320
Ic 0 c 2
Cc c 0 2
Il 0 p PWL(0 1 1 1 1.001 3)
.tran 0.02 20
.print tran v(p) v(c) i(Vh)
.end
"""
    time, voltage, T_cold, heat = run(tmp_path, circuit)
    step = te.Transient(
        mode="cool",
        T_hot=320,
        heat=2.0,
        cold_mass=2.0,
        hot_heat_transfer_coefficient=5000,
        current=te.steps([(0, 1.0), (1.0, 3.0)]),
        duration=20,
        mesh_check=False,
    )
    exact = device.solve(step)
    for own, values in ((voltage, exact.voltage), (T_cold, exact.T_cold), (-heat, -exact.heat_hot)):
        at = np.array([0.9, 1.1, 1.3, 2.0, 4.0, 10.0, 19.9])
        wanted = np.interp(at, exact.time, values)
        swing = np.ptp(values)
        np.testing.assert_allclose(np.interp(at, time, own), wanted, atol=0.01 * swing)
