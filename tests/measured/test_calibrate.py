"""Calibrations: derivatives, coverage of the intervals, outliers, refusals, priors, bounds."""

from typing import Any

import numpy as np
import pytest

import ioffe as te
from benchmarks import calibration as synthetic
from ioffe.measured import DeviceModel, measurement_of
from ioffe.measured.identify import combinations_left_open
from ioffe.measured.noise import scatter_of
from ioffe.measured.parameters import parameters_of

NAMES = (
    *("contact.electrical", "contact_hot.thermal", "material.thermal_conductivity", "material.seebeck"),
    *("material.electrical_conductivity", "cold_resistance", "lead_resistance", "bypass_conductance"),
    *("voltage_factor", "heat_factor", "T_hot_error", "T_cold_error"),
)
AT: Any = np.array([9e-10, 2e-5, 1.1, 0.95, 0.9, 0.7, 1e-4, 3e-4, 1.01, 0.97, 1.5, -0.5])


def measured(device, at, current, hot: Any = 500.0, noise=1e-5, seed=0, **more):
    T = np.repeat(np.atleast_1d(hot), len(current))
    I = np.tile(current, np.size(hot))  # noqa: E741 - the current
    found = te.solve_batch(device, at, {"T_hot": T, "current": I}, tolerance=1e-8)
    rng = np.random.default_rng(seed)
    V, Q = found.voltage + noise * rng.standard_normal(T.size), found.heat_cold
    Q = Q * (1.0 + 1e-3 * rng.standard_normal(T.size))
    numbers = {"current": I, "voltage": V, "heat_cold": Q, "T_hot": T, "T_cold": np.full(T.size, at.T_cold)}
    return measurement_of(numbers, noise={"voltage": noise, "heat_cold": 1e-3 * Q.max()}, **more)


@pytest.mark.parametrize("mode", ["generate", "cool"])
def test_derivatives_are_those_of_differences(mode):
    contact = te.Contact("8 uohm cm2", "10 mm2 K/W")
    leg = te.Leg("generic p cooler leg", "2 mm", "4 mm2", contact=contact)
    kind = te.Generator if mode == "generate" else te.Cooler
    conditions = kind(T_hot=330.0, T_cold=300.0, current=1.0, cold_resistance=0.5)
    n = {"current": [0.3, 1.0], "T_hot": [330.0, 320.0], "T_cold": [300.0, 300.0]}
    n |= {name: [0.01, 0.01] for name in ("voltage", "heat_hot", "heat_cold", "ac_resistance")}
    points = measurement_of(n)
    model = DeviceModel(leg, conditions, points, tolerance=1e-9)
    parameters = parameters_of(leg, conditions, points, NAMES, {})
    _, slopes = model.values(parameters, AT, slopes=True)
    for k, one in enumerate(parameters):
        step = np.zeros(len(AT))
        step[k] = 1e-4 * abs(AT[k])
        ends: list[Any] = [AT + step, AT - step]
        high, low = (model.values(parameters, at)[0] for at in ends)
        for name, found in slopes.items():
            other = (high[name] - low[name]) / (2 * step[k])
            scale = np.abs(high[name]) / abs(AT[k])
            assert np.all(np.abs(found[:, k] - other) < 1e-5 * scale), (one.name, name)


def test_intervals_hold_the_truth():
    """Of 40 synthetic measurements at least 34 for each parameter; the benchmark counts 200."""
    holds, bound = synthetic.coverage(40, thermal=False)
    assert np.all(holds.sum(axis=0) >= 34)
    assert 0.90 <= holds[~bound].mean() <= 0.995


def test_outliers_do_not_pull():
    leg = synthetic.leg(8e-10, 1e-5)
    at = te.Generator(T_hot=500.0, T_cold=303.0, current=0.0)
    made = measured(leg, at, np.linspace(0.0, 2.4, 9))
    spoiled = np.array(made.numbers["voltage"])
    spoiled[4] += 2e-3
    outlier = measurement_of({**made.numbers, "voltage": spoiled}, noise=made.noise)
    fits = {
        loss: te.calibrate(leg, at, outlier, "contact.electrical", loss=loss, intervals=False)
        for loss in ("robust", "squares")
    }
    error = {loss: abs(found["contact.electrical"] / 8e-10 - 1.0) for loss, found in fits.items()}
    assert error["robust"] < 0.03 < 0.06 < error["squares"]


def test_outliers_are_named_and_do_not_blind_the_noise():
    """Noise that is not stated is that of the other points; two typing errors widen no interval."""
    leg = synthetic.leg(8e-10, 1e-5)
    at = te.Generator(T_hot=500.0, T_cold=303.0, current=0.0)
    good = measured(leg, at, np.linspace(0.0, 2.4, 9), hot=[403.0, 450.0, 500.0])
    spoiled = {name: np.array(good.numbers[name]) for name in ("voltage", "heat_cold")}
    spoiled["voltage"][4] += 2e-3
    spoiled["heat_cold"][13] += 0.1
    clean, dirty = (
        te.calibrate(leg, at, measurement_of({**good.numbers, **more}), "contact.electrical")
        for more in ({}, spoiled)
    )
    widths = [np.ptp(one.interval("contact.electrical")) for one in (clean, dirty)]
    assert widths[1] < 2.0 * widths[0]  # 18 times as wide with all points in the noise
    assert dirty.noise["voltage"] == pytest.approx(clean.noise["voltage"], rel=0.2)
    (named,) = [one.message for one in dirty.findings if one.code == "outliers"]
    assert named in dirty.warnings
    assert "voltage of point 5" in named
    assert "heat cold of point 14" in named
    assert not any(one.code == "outliers" for one in clean.findings)


def test_scatter_of_normal_errors_is_that_of_all_points():
    """A typing error apart, no point is left out: the sum of squares is that of a parabola."""
    rng = np.random.default_rng(3)
    current = np.tile(np.linspace(0.0, 1.0, 10), 40)
    groups = list(np.arange(400).reshape(40, 10))
    values = rng.standard_normal(400)
    squares, free = scatter_of(current, values, groups)
    assert free == 40 * 7
    assert squares / free == pytest.approx(1.0, abs=0.2)
    values[7] = 50.0
    assert scatter_of(current, values, groups)[1] == 40 * 7 - 1


def test_what_is_not_tested_and_what_has_one_sign_is_told():
    leg = synthetic.leg(8e-10, 1e-5)
    at = te.Generator(T_hot=500.0, T_cold=303.0, current=0.0)
    two = measured(leg, at, np.array([0.0, 1.0]))
    one = measurement_of(
        {k: two.numbers[k] for k in ("current", "voltage", "T_hot", "T_cold")}, noise={"voltage": 1e-5}
    )
    found = te.calibrate(leg, at, one, ["contact.electrical", "material.seebeck"], intervals=False)
    assert np.isnan(found.probability)
    assert found.probability_words == "no degrees of freedom"
    assert any("nothing is left" in text for text in found.warnings)
    backwards = measurement_of({**two.numbers, "current": -1.0 * two.numbers["current"]}, noise=two.noise)
    wrong = te.calibrate(leg, at, backwards, "contact.electrical", intervals=False)
    assert any("another sign" in text for text in wrong.warnings)
    assert f"{wrong.residual_size:.2g} times the noise" in " ".join(wrong.warnings)


def test_pair_that_cannot_be_told_apart_is_refused_by_name():
    leg = synthetic.leg(8e-10, 1e-5)
    at = te.Generator(T_hot=500.0, T_cold=303.0, current=0.0)
    made = measured(leg, at, np.linspace(0.0, 2.4, 5))
    with pytest.raises(te.InputError, match="contact.electrical, lead_resistance.*cannot tell them apart"):
        te.calibrate(leg, at, made, ["contact.electrical", "lead_resistance"])
    idle = measured(leg, at, np.zeros(1), hot=[403.0, 500.0])
    with pytest.raises(te.InputError, match="contact.electrical.*the data do not depend on it"):
        te.calibrate(leg, at, idle, ["contact.electrical", "bypass_conductance"])
    known = te.calibrate(
        leg, at, made, ["contact.electrical"], known={"lead_resistance": "0.1 mohm"}, intervals=False
    )
    # at most half of the error of the leads goes to each contact, times the area of the leg
    assert 0.7 < known.std[0] / (0.5 * 1e-4 * 9e-6) < 1.0


def test_three_that_only_together_cannot_be_told_apart():
    rng = np.random.default_rng(1)
    a, b = rng.standard_normal((2, 50))
    (one,) = combinations_left_open(np.stack([a, rng.standard_normal(50), b, a + 1e3 * b], axis=1))
    assert set(one.members) >= {2, 3}
    assert combinations_left_open(np.stack([a, b, a + 0.3 * b], axis=1)[:, :2]) == []


def test_shared_uncertainty_becomes_a_factor():
    """Without a current the heat is that of conduction alone, and its factor is that of the calorimeter."""
    leg = synthetic.leg(8e-10)
    at = te.Generator(T_hot=500.0, T_cold=303.0, current=0.0)
    made = measured(leg, at, np.zeros(1), hot=[403.0, 500.0], uncertainty={"heat": "3 %"})
    found = te.calibrate(leg, at, made, "material.thermal_conductivity", intervals=False)
    assert found.names == ("material.thermal_conductivity", "heat_factor")
    assert found.std[0] == pytest.approx(0.03, rel=0.01)
    assert found["material.thermal_conductivity"] == pytest.approx(1.0, abs=0.01)


def test_wrong_names_come_with_the_nearest_one():
    leg = synthetic.leg(8e-10, 1e-5)
    at = te.Generator(T_hot=500.0, T_cold=303.0, current=0.0)
    made = measured(leg, at, np.linspace(0.0, 2.4, 5))
    with pytest.raises(te.InputError) as error:
        te.calibrate(
            leg, at, made, ["contact.electric", "T_hot", "bypass_conductance"], known={"heat_facto": "1 %"}
        )
    text = str(error.value)
    assert len(error.value.faults) == 3
    assert 'did you mean "contact.electrical"' in text
    assert 'did you mean "heat_factor"' in text


def test_what_is_missing_in_the_device_is_told():
    leg = synthetic.leg(8e-10, 1e-5)
    at = te.Generator(T_hot=500.0, T_cold=303.0, current=0.0)
    made = measured(leg, at, np.linspace(0.0, 2.4, 9), hot=[403.0, 500.0])
    wrong = leg.replace(material=leg.segments[0].material.with_interpolation("linear"), length=4e-3)
    found = te.calibrate(wrong, at, made, "contact.electrical")
    assert found.status != 0
    assert any("lacks something" in text for text in found.warnings)
    assert found.to_dict()["kind"] == "calibration"


def test_materials_are_judged_as_before_a_solve():
    leg = synthetic.leg(8e-10, 1e-5)
    at = te.Generator(T_hot=500.0, T_cold=303.0, current=0.0)
    made = measured(leg, at, np.linspace(0.0, 2.4, 5))
    T = [300.0, 350.0, 400.0, 450.0, 500.0, 550.0]
    wrong = te.Material.from_arrays("wrong", "p", T, [0.2] * 6, [1e5] * 6, [1.5] * 6)
    with pytest.raises(te.InputError, match="seebeck-unit"):
        te.calibrate(leg.replace(material=wrong), at, made, "contact.electrical")
    with pytest.raises(te.ExtrapolationError):
        te.calibrate(
            leg,
            at.replace(T_hot=900.0),
            measured(leg, at, [0.0, 1.0, 2.0, 3.0], 900.0),
            "material.seebeck",
            strict=True,
        )
