"""Fits of measured profiles, Arrhenius' law and growing layers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import linregress

from ioffe.base.constants import e
from ioffe.base.errors import InputError
from ioffe.interface.ageing import Arrhenius
from ioffe.interface.diffusion import (
    LayerGrowth,
    RateConstant,
    couple_profile,
    fit_arrhenius,
    fit_growth,
    fit_profile,
    steady_flux,
)

DAY = 86400.0
X = np.linspace(-2.5e-6, 2.5e-6, 51)
WIDTH = 0.428e-6


def test_the_published_width_comes_back():
    """S5: Cu across Mg2Cu | Mg3.2Bi1.5Sb0.5, 0.428 um."""
    found = fit_profile(X, couple_profile(X, WIDTH, 33.3, 0.4, 0.15e-6))
    assert found.parameter("width").value == pytest.approx(WIDTH, rel=1e-8)
    assert found.parameter("interface").value == pytest.approx(0.15e-6, rel=1e-7)
    assert found.Dt[0] == pytest.approx(WIDTH**2 / 4, rel=1e-8)
    assert found.width_as("diffusion length")[0] == pytest.approx(WIDTH / 2, rel=1e-8)


@given(
    st.floats(0.15e-6, 1.2e-6),
    st.floats(-1e-6, 1e-6),
    st.floats(-5.0, 5.0),
    st.floats(5.0, 80.0),
    st.booleans(),
)
def test_any_profile_comes_back(width, interface, low, step, falls):
    left, right = (low + step, low) if falls else (low, low + step)
    found = fit_profile(X, couple_profile(X, width, left, right, interface))
    assert found.parameter("width").value == pytest.approx(width, rel=1e-5)
    assert found.parameter("interface").value == pytest.approx(interface, abs=1e-5 * width)


def test_stated_errors_cover_the_truth():
    rng = np.random.default_rng(5)
    inside = dict.fromkeys(("width", "interface", "left"), 0)
    runs, std = 150, 0.8
    truth = {"width": WIDTH, "interface": 0.1e-6, "left": 33.3}
    for _ in range(runs):
        c = couple_profile(X, WIDTH, 33.3, 0.4, 0.1e-6) + std * rng.standard_normal(len(X))
        found = fit_profile(X, c, std=std)
        for name in inside:
            p = found.parameter(name)
            inside[name] += p.low <= truth[name] <= p.high
    for name, hits in inside.items():
        assert hits / runs == pytest.approx(0.683, abs=0.12), name


def test_errors_from_the_scatter_are_those_stated():
    rng = np.random.default_rng(8)
    c = couple_profile(X, WIDTH, 33.3, 0.4) + 0.5 * rng.standard_normal(len(X))
    stated, free = fit_profile(X, c, std=0.5), fit_profile(X, c)
    assert free.parameter("width").std == pytest.approx(stated.parameter("width").std, rel=0.35)
    assert free.parameter("width").value == pytest.approx(stated.parameter("width").value, rel=1e-5)


def test_the_blur_of_the_probe_is_taken_off():
    probe = 0.2e-6
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    measured = couple_profile(X[:, None] - probe * nodes, WIDTH, 30.0, 0.0) @ weights / weights.sum()
    found = fit_profile(X, measured, probe=probe)
    assert found.parameter("width").value == pytest.approx(WIDTH, rel=1e-4)
    assert fit_profile(X, measured).parameter("width").value > 1.1 * WIDTH
    np.testing.assert_allclose(found.profile(X), measured, atol=1e-3)


def test_a_step_below_the_probe_has_no_determined_width():
    rng = np.random.default_rng(2)
    sharp = couple_profile(X, np.sqrt(2) * 0.4e-6, 30.0, 0.0) + 0.3 * rng.standard_normal(len(X))
    found = fit_profile(X, sharp, std=0.3, probe=0.4e-6)
    assert found.parameter("width").status in ("at most", "not determined")
    assert found.findings


def test_fixed_plateau_and_diffusion_coefficient():
    found = fit_profile(X, couple_profile(X, WIDTH, 33.3, 0.0), fixed={"right": 0.0})
    assert found.parameter("right").status == "fixed"
    assert found.diffusion_coefficient(DAY)[0] == pytest.approx(WIDTH**2 / 4 / DAY, rel=1e-7)


def test_arrhenius_comes_back_with_its_errors():
    T = np.array([523.0, 548.0, 573.0, 598.0, 623.0])
    truth = RateConstant(3e-6, 1.25 * e)
    exact = fit_arrhenius(T, truth(T))
    assert exact.rate.activation_energy == pytest.approx(1.25 * e, rel=1e-10)
    assert exact.rate.prefactor == pytest.approx(3e-6, rel=1e-8)
    rng = np.random.default_rng(4)
    inside, runs = np.zeros(2), 400
    for _ in range(runs):
        k = truth(T) * np.exp(0.1 * rng.standard_normal(len(T)))
        found = fit_arrhenius(T, k, 0.1 * k)
        value, std = found.at(500.0)
        inside += [
            abs(found.rate.activation_energy - 1.25 * e) < found.activation_energy_std,
            abs(np.log(value / truth(500.0))) < std / value,
        ]
    np.testing.assert_allclose(inside / runs, 0.683, atol=0.07)


def test_two_temperatures_have_no_errors_of_their_own():
    found = fit_arrhenius([523.0, 573.0], [1e-17, 1e-16])
    assert np.isnan(found.activation_energy_std)


def test_parabolic_growth_and_its_history():
    layer = LayerGrowth(0.4e-12 / DAY, 0.5e-6, acceleration=Arrhenius(1.1 * e, 573.0))
    x = layer.thickness(10 * DAY, 600.0)
    assert x**2 - 0.25e-12 == pytest.approx(4e-12 * float(layer.acceleration.factor(600.0)), rel=1e-12)
    assert layer.time_to(float(x), 600.0) == pytest.approx(10 * DAY, rel=1e-12)
    assert layer.along([0.0, 10 * DAY], 600.0)[-1] == pytest.approx(float(x), rel=1e-12)


@given(st.floats(1e-19, 1e-15), st.floats(0.0, 1e-5), st.floats(1e-13, 1e-7), st.floats(1.0, 1e8))
def test_mixed_growth_solves_its_equation(k, start, reaction, time):
    layer = LayerGrowth(k, start, reaction)
    x = float(layer.thickness(time))
    assert x >= start
    assert layer.time_to(x) == pytest.approx(time, rel=1e-6) or x - start < 1e-12 * max(start, 1e-12)


def test_limits_of_mixed_growth():
    fast, slow = LayerGrowth(1e-16, 0.0, 1.0), LayerGrowth(1e-6, 0.0, 1e-12)
    assert fast.thickness(DAY) == pytest.approx(np.sqrt(1e-16 * DAY), rel=1e-9)
    assert slow.thickness(DAY) == pytest.approx(1e-12 * DAY, rel=1e-4)
    assert LayerGrowth(0.0, 1e-6).thickness(DAY) == 1e-6
    assert LayerGrowth(0.0).time_to(1e-6) == np.inf


def test_time_to_consume_a_barrier():
    layer = LayerGrowth(0.4e-12 / DAY)
    time = layer.time_to_consume(5e-6, 0.6)
    assert layer.thickness(time) * 0.6 == pytest.approx(5e-6, rel=1e-12)


def test_growth_is_found_again_with_its_errors():
    t = np.array([1.0, 4.0, 9.0, 16.0, 36.0]) * DAY
    truth = np.sqrt(0.25e-12 + 0.4e-12 / DAY * t)
    exact = fit_growth(t, truth)
    assert exact.growth.constant == pytest.approx(0.4e-12 / DAY, rel=1e-9)
    assert exact.growth.initial == pytest.approx(0.5e-6, rel=1e-9)
    rng = np.random.default_rng(6)
    hits = 0
    for _ in range(300):
        found = fit_growth(t, truth + 0.05e-6 * rng.standard_normal(len(t)), 0.05e-6)
        hits += abs(found.growth.constant - 0.4e-12 / DAY) < found.constant_std
    assert hits / 300 == pytest.approx(0.683, abs=0.09)
    assert fit_growth(t, 1e-9 * t / DAY).exponent == pytest.approx(1.0, abs=1e-9)


def test_the_error_of_a_rate_between_the_temperatures_is_that_of_a_line_counted_from_there():
    T, law = np.array([523.0, 548.0, 573.0, 598.0]), RateConstant(3e-6, 1.25 * e)
    k = law(T) * np.exp([0.04, -0.06, 0.05, -0.03])
    value, std = fit_arrhenius(T, k).at(560.0)
    line = linregress(1.0 / T - 1.0 / 560.0, np.log(k))
    assert value == pytest.approx(np.exp(line.intercept), rel=1e-9)
    assert std == pytest.approx(value * line.intercept_stderr, rel=1e-6)


def test_the_exponent_of_growth_leaves_out_layers_that_are_not_there():
    t, x = np.array([1.0, 4.0, 9.0, 16.0]) * DAY, np.array([0.0, 2.1e-6, 2.9e-6, 4.0e-6])
    whole, without = fit_growth(t, x, 0.05e-6), fit_growth(t[1:], x[1:], 0.05e-6)
    assert whole.exponent == pytest.approx(without.exponent, rel=1e-12)
    assert whole.exponent_std == pytest.approx(without.exponent_std, rel=1e-12)
    assert np.isnan(fit_growth(t[2:], x[2:]).exponent)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: fit_profile([0.0], [1.0]), "at least 3"),
        (lambda: fit_profile(X, np.ones_like(X)), "a step"),
        (lambda: fit_profile(np.ones(5), np.arange(5.0)), "positions that differ"),
        (lambda: fit_profile(X, X[:-1]), "as many values"),
        (lambda: fit_profile(X, X, probe=-1.0), "probe"),
        (lambda: fit_profile(X, X, fixed={"widht": 1.0}), 'did you mean "width"'),
        (lambda: fit_profile(X, couple_profile(X, WIDTH)).diffusion_coefficient(-1.0), "time"),
        (lambda: fit_arrhenius([573.0], [1.0]), "at least 2"),
        (lambda: fit_arrhenius([573.0, 573.0], [1.0, 2.0]), "temperatures that differ"),
        (lambda: fit_arrhenius([573.0, 623.0], [-1.0, 2.0]), r"values\[0\]"),
        (lambda: fit_arrhenius([573.0, 623.0], [2.0, 1.0]), "rise with temperature"),
        (lambda: fit_growth([DAY, 0.0], [1e-6, 2e-6]), "time runs forwards"),
        (lambda: fit_growth([0.0, DAY], [2e-6, 1e-6]), "a layer that grows"),
        (lambda: fit_growth([DAY], [1e-6]), "at least 2"),
        (lambda: LayerGrowth(-1.0, -1.0), "constant.*\n.*initial"),
        (lambda: steady_flux((1.0, 0.0), 1e-6, -1e-16), "diffusion_coefficient"),
    ],
)
def test_bad_input(make, words):
    with pytest.raises(InputError, match=words):
        make()


def test_a_layer_that_is_there_already_needs_no_time():
    still = LayerGrowth(0.0, initial=2e-6)
    assert still.time_to(2e-6) == 0.0
    assert still.time_to(3e-6) == np.inf
    with pytest.raises(InputError, match="thickness"):
        still.time_to(1e-6)
