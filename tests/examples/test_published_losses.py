"""What the printed numbers of three published devices say about their losses; the documentation tells it."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def example():
    return runpy.run_path(str(ROOT / "examples" / "published-losses.py"))


@pytest.fixture
def explain(example, monkeypatch):
    monkeypatch.chdir(ROOT)
    return lambda name, *parameters, **how: example["explain"](example[name], parameters, **how)


def test_leg_loses_heat_beside_its_conduction(explain):
    found = explain("raut_leg", "bypass_conductance")
    low, high = found.interval("bypass_conductance")
    assert 0.10 < 365.0 * low < 365.0 * found["bypass_conductance"] < 365.0 * high < 0.45
    assert found.probability > 0.1
    without = explain("raut_leg", "lead_resistance", intervals=False)
    assert without.probability < 1e-3
    # two printed errors of 5.5 % and more beyond the measured curve
    assert without["material.thermal_conductivity"] == pytest.approx(1.15, abs=0.005)


def test_module_has_joints_and_no_heat_beside(explain):
    found = explain("raut_module", "lead_resistance", "bypass_conductance")
    assert found["lead_resistance"] == pytest.approx(23.1e-3, abs=1e-3)
    assert found["bypass_conductance"] == 0.0
    assert found.is_at_bound(found.names.index("bypass_conductance"))
    assert 374.0 * found.interval("bypass_conductance")[1] < 0.4
    assert explain("raut_module", "bypass_conductance", intervals=False).probability < 1e-3


def test_second_module_is_not_decided(explain):
    found = explain("li_module", "bypass_conductance", intervals=False)
    assert found["bypass_conductance"] * 294.0 == pytest.approx(0.64, abs=0.1)
    assert explain("li_module", "lead_resistance", intervals=False).probability > 0.01
