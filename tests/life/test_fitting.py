"""Laws of ageing from a device that was measured over time."""

import json
from dataclasses import replace

import numpy as np
import pytest

import ioffe as te
from ioffe.base.errors import InputError
from ioffe.cli.main import entry
from ioffe.interface.ageing import Relaxation
from ioffe.life import Aged, Degradation, LifeTask, Service, fit_life
from ioffe.material import Material
from ioffe.report.life_figure import life_figure

DAY, RISE = 86400.0, 90e-10
TIMES = DAY * np.array([0.0, 1.0, 3.0, 6.0, 10.0, 20.0, 40.0])
MATERIAL = Material.from_arrays(
    name="constant",
    carrier="p",
    T=[250.0, 700.0],
    seebeck=[2e-4, 2e-4],
    electrical_conductivity=[5e4, 5e4],
    thermal_conductivity=[1.5, 1.5],
)


def task(final, time, **more):
    leg = te.Leg(MATERIAL, "5 mm", "9 mm2", contact=te.Contact("10 uohm cm2"))
    law = Degradation("contact.electrical", Relaxation(10e-10, final, time * DAY))
    at = te.Generator(T_hot=500.0, T_cold=300.0, current=0.5)
    return LifeTask(leg, at, (law,), Service.constant(40 * DAY), {"maxima": False}, **more)


def by_hand(t, final=100e-10, time=5 * DAY):
    """R of the leg: l/(sigma A) and two contacts, with a relaxing resistivity."""
    return 5e-3 / (5e4 * 9e-6) + 2.0 * (final + (10e-10 - final) * np.exp(-t / time)) / 9e-6


def points(R, std, level=1.2):
    rng = np.random.default_rng(4)
    noisy = level * R * (1.0 + std * rng.standard_normal(R.size))
    return tuple(
        Aged("internal_resistance", float(t), float(r), std * float(r))
        for t, r in zip(TIMES, noisy, strict=True)
    )


NAMES = ["contact.electrical.final", "contact.electrical.time"]


def test_the_law_behind_a_measured_resistance_comes_back():
    """R(t) in closed form with 1e-3 of noise and a level of its own: 95 % intervals hold the truth."""
    found = fit_life(task(30e-10, 2.0, measured=points(by_hand(TIMES), 1e-3)), NAMES)
    assert found.names == tuple(NAMES)
    truth = np.array([100e-10, 5 * DAY])
    assert np.all((found.low < truth) & (truth < found.high))
    assert found.values == pytest.approx(truth, rel=0.1)
    assert found.levels["internal_resistance"] == pytest.approx(1.2, rel=5e-3)
    assert 0.05 < found.reduced_chi_squared < 3.0
    R = found.task.solve(times=TIMES).internal_resistance
    assert R * found.levels["internal_resistance"] == pytest.approx(found.fitted, rel=1e-6)
    assert set(found.task.degradations[0].std) == {"final", "time"}
    assert [one.value for one in found.at_level()] == pytest.approx(R, rel=5e-3)


def test_without_errors_the_scatter_is_the_error_and_the_level_may_be_that_of_the_device():
    exact = tuple(replace(one, std=0.0) for one in points(by_hand(TIMES), 1e-12, level=1.0))
    found = fit_life(task(30e-10, 2.0, measured=exact), NAMES, level="computed")
    assert found.values == pytest.approx([100e-10, 5 * DAY], rel=1e-5)
    assert found.levels == {"internal_resistance": 1.0}


def test_what_late_values_do_not_hold_is_said():
    """From 60 days on a relaxation within days is over: its time is anything below."""
    late = tuple(
        Aged("internal_resistance", t, 1.2 * float(by_hand(t)), 1e-3) for t in (0.0, 38 * DAY, 40 * DAY)
    )
    found = fit_life(task(90e-10, 1.0, measured=late), ["contact.electrical.time"])
    assert any("not determined" in text for text in found.warnings)
    assert not np.all(np.isfinite([found.low, found.high]) & (found.low > 0.0))


def test_without_degrees_of_freedom_nothing_is_determined():
    """A level and two parameters from three values without errors: the laws meet them, whatever they are."""
    few = tuple(replace(one, std=0.0) for one in points(by_hand(TIMES), 1e-2)[:3])
    found = fit_life(task(30e-10, 2.0, measured=few), NAMES)
    assert found.degrees_of_freedom == 0
    assert found.undetermined == tuple(NAMES)
    assert "nothing is left to test the laws" in found.agreement
    assert "nan" not in str(found)
    assert "inf" not in str(found).replace("information", "")


def test_one_wrong_value_and_another_unit_are_named():
    """+30 % of one of seven values with 0.5 % of scatter, then all of them in a unit 1000 times as large."""
    right = tuple(replace(one, std=0.0, source="R.csv") for one in points(by_hand(TIMES), 5e-3))
    clean = fit_life(task(30e-10, 5.0, measured=right), NAMES[:1])
    assert clean.warnings == ()
    assert np.isnan(clean.reduced_chi_squared)
    assert 1e-3 < clean.scatter < 1e-2
    wrong = (*right[:4], replace(right[4], value=1.3 * right[4].value), *right[5:])
    (said,) = (w for w in fit_life(task(30e-10, 5.0, measured=wrong), NAMES[:1]).warnings if "mistake" in w)
    assert said.startswith("R.csv: internal_resistance at 10 day lies +")
    large = tuple(replace(one, value=1e3 * one.value) for one in right)
    (said,) = fit_life(task(30e-10, 5.0, measured=large), NAMES[:1]).warnings
    assert "times the computed values" in said


def test_all_faults_at_once():
    wrong = (Aged("resistance", 0.0, 1.0, 0.0), Aged("power", 50 * DAY, 1.0, 0.0))
    with pytest.raises(InputError) as caught:
        fit_life(task(30e-10, 2.0, measured=wrong), ["contact.electrical.finl", NAMES[1]])
    assert "did you mean" in str(caught.value)
    assert {one.location for one in caught.value.faults} == {
        "parameters",
        "measured[0].quantity",
        "measured[1].time",
        "measured",
    }
    with pytest.raises(InputError, match="measured values over time are expected"):
        fit_life(task(30e-10, 2.0), NAMES)


LEG = """\
format = 1
[leg]
material = "MgAgSb0.99In0.01"
length = "6 mm"
area = "9 mm2"
contact = { electrical = "10 uohm cm2" }
[operate]
mode = "generate"
T_hot = "500 K"
T_cold = "310 K"
[life]
duration = "40 day"
[[life.degradation]]
path = "contact.electrical"
law = "relaxation"
final = { value = 30, unit = "uohm cm2", uncertainty = "50 %" }
time = "5 day"
assumed = "all"
"""


def test_the_command_fits_a_table_and_writes_the_life(tmp_path, capsys):
    (tmp_path / "leg.toml").write_text(LEG, encoding="utf-8")
    law = Degradation("contact.electrical", Relaxation(10e-10, 60e-10, 5 * DAY))
    file = te.read_device(tmp_path / "leg.toml")
    made = LifeTask(file.device, file.conditions, (law,), Service.constant(40 * DAY))
    R = made.solve(times=TIMES, bands="none").internal_resistance
    rows = "\n".join(f"{t / DAY},{1e3 * r}" for t, r in zip(TIMES, R, strict=True))
    (tmp_path / "R.csv").write_text(f"t (day),R_in (mohm)\n{rows}\n", encoding="utf-8")
    asked = ["life", str(tmp_path / "leg.toml"), "--measured", str(tmp_path / "R.csv")]
    assert entry([*asked, "--out", str(tmp_path / "out"), "--no-report"]) == 0
    assert "60 uohm cm2" in capsys.readouterr().out
    found = json.loads((tmp_path / "out" / "fit.json").read_text())
    assert found["value"] == pytest.approx([60e-10], rel=1e-4)
    assert (tmp_path / "out" / "points.csv").exists()
    rows = rows.splitlines()
    (tmp_path / "R.csv").write_text("t (day),R_in (mohm)\n" + "\n".join(rows[:3]), encoding="utf-8")
    none, both = tmp_path / "none", ["--fit", NAMES[0], "--fit", NAMES[1]]
    assert entry([*asked, *both, "--out", str(none)]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "no degrees of freedom" in printed
    assert "no life is solved from parameters that are not determined" in printed
    assert "service life over" not in printed
    assert sorted(path.name for path in none.iterdir()) == ["fit.json", "points.csv"]
    assert entry([*asked, "--fit", "contact.electrical.tme"]) == 2
    assert "contact.electrical.time" in capsys.readouterr().err
    assert entry([*asked, "--ageing", str(tmp_path / "R.csv")]) == 2
    assert "either a table of aged contacts" in capsys.readouterr().err


def test_a_level_far_from_the_device_is_doubted_and_named_in_the_picture():
    """A column in mohm read as ohm: the level takes the factor, and says so."""
    far = fit_life(task(30e-10, 2.0, measured=points(by_hand(TIMES), 1e-3, level=1000.0)), NAMES)
    assert any("times the computed values" in text for text in far.warnings)
    near = fit_life(task(30e-10, 2.0, measured=points(by_hand(TIMES), 1e-3)), NAMES)
    assert not any("times the computed values" in text for text in near.warnings)
    figure = life_figure(near.task.solve(times=TIMES), near.at_level())
    labels = [text for ax in figure.axes for text in ax.get_legend_handles_labels()[1]]
    assert any(text.startswith("measured over the level 1.") for text in labels)
