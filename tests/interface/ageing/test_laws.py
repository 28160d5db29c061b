"""Ageing laws, acceleration by temperature and reduced time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from ioffe.base.constants import e, k_B
from ioffe.base.errors import ExtrapolationWarning, InputError
from ioffe.interface.ageing import (
    Arrhenius,
    LinearGrowth,
    ParabolicGrowth,
    PowerLaw,
    Relaxation,
    Tabulated,
    reduced_time,
)

DAY = 86400.0
FASTER = Arrhenius(1.1 * e, 573.0)
LAWS = [
    Relaxation(20.8e-10, 7.9e-10, 8 * DAY, 0.7, acceleration=FASTER),
    Relaxation(6.1e-10, 1006e-10, 0.2 * DAY, 1.4, acceleration=FASTER),
    PowerLaw(4e-10, 3e-10, 5 * DAY, 0.6, acceleration=FASTER),
    LinearGrowth(4e-10, 1e-15, acceleration=FASTER),
    ParabolicGrowth(4e-10, 1e-12, acceleration=FASTER),
]


def test_arrhenius_against_its_definition():
    factor = FASTER.factor([473.0, 573.0, 623.0])
    expected = np.exp(-1.1 * e / k_B * (1 / np.array([473.0, 573.0, 623.0]) - 1 / 573.0))
    np.testing.assert_allclose(factor, expected, rtol=1e-14)
    assert FASTER.factor(FASTER.temperature(7.0)) == pytest.approx(7.0, rel=1e-12)


def test_no_temperature_gives_an_impossible_factor():
    with pytest.raises(InputError, match="factor"):
        Arrhenius(0.01 * e, 573.0).temperature(1e9)


def test_reduced_time_of_a_ramp_against_quadrature():
    expected, _ = quad(
        lambda t: float(FASTER.factor(423.0 + 200.0 * t / DAY)), 0.0, DAY, epsabs=0, epsrel=1e-12
    )
    found = reduced_time(FASTER, [0.0, DAY], [423.0, 623.0])
    assert found[1] == pytest.approx(expected, rel=1e-9)


def test_reduced_time_of_constant_pieces():
    found = reduced_time(FASTER, [0.0, DAY, 3 * DAY], [573.0, 523.0])
    assert found[2] == pytest.approx(DAY + 2 * DAY * float(FASTER.factor(523.0)), rel=1e-14)


def test_a_jump_may_stand_at_one_time():
    ramp = reduced_time(FASTER, [0.0, DAY, DAY, 2 * DAY], [523.0, 523.0, 573.0, 573.0])
    assert ramp[-1] == pytest.approx(DAY * (1 + float(FASTER.factor(523.0))), rel=1e-12)


@given(st.lists(st.floats(0.01, 10.0), min_size=2, max_size=6), st.floats(400.0, 700.0))
def test_reduced_time_is_additive_and_rises(steps, T):
    times = np.concatenate([[0.0], np.cumsum(steps)]) * DAY
    temperatures = np.linspace(T, T + 50.0, len(times))
    whole = reduced_time(FASTER, times, temperatures)
    assert np.all(np.diff(whole) > 0.0)
    first = reduced_time(FASTER, times[:2], temperatures[:2])
    rest = reduced_time(FASTER, times[1:], temperatures[1:])
    assert whole[-1] == pytest.approx(first[-1] + rest[-1], rel=1e-12)


@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_derivatives_against_central_differences(law):
    time, T = np.array([0.0, 0.3, 2.0, 9.0]) * DAY, 553.0
    for name, slope in law.derivatives(time, T).items():
        value = law.parameters[name]
        step = 1e-5 * abs(value)
        up, down = law.changed(**{name: value + step}), law.changed(**{name: value - step})
        expected = (up.at(time, T) - down.at(time, T)) / (2 * step)
        scale = np.max(np.abs(expected)) or 1.0
        np.testing.assert_allclose(slope, expected, atol=2e-7 * scale)


@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_rate_and_time_to_are_consistent_with_the_value(law):
    theta = np.array([0.1, 0.4]) * DAY
    step = 1e-4 * theta
    expected = (law.value(theta + step) - law.value(theta - step)) / (2 * step)
    np.testing.assert_allclose(law.rate(theta), expected, rtol=1e-5)
    value = float(law.at(0.1 * DAY, 600.0))
    assert law.time_to(value, 600.0) == pytest.approx(0.1 * DAY, rel=1e-9)
    assert law.reduced_time_to(float(law.value(0.0))) == 0.0


@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_twice_as_hot_an_hour_is_the_reduced_hour(law):
    T = 600.0
    assert float(law.at(DAY, T)) == pytest.approx(float(law.value(DAY * float(FASTER.factor(T)))), rel=1e-14)
    assert law.after([0.0, DAY], T)[-1] == pytest.approx(float(law.at(DAY, T)), rel=1e-12)


def test_relaxation_ends_at_its_final_value():
    assert float(LAWS[0].value(1e12)) == pytest.approx(7.9e-10, rel=1e-12)
    assert LAWS[0].reduced_time_to(7.9e-10) == np.inf
    assert LAWS[0].reduced_time_to(30e-10) == np.inf


def test_standard_deviation_against_draws():
    law = Relaxation(20.8e-10, 7.9e-10, 8 * DAY, acceleration=FASTER)
    std = np.array([0.2e-10, 0.1e-10, 0.3 * DAY, 0.01, 0.01 * e])
    rng = np.random.default_rng(3)
    draws = rng.normal(list(law.parameters.values()), std, (4000, 5))
    values = [
        float(law.changed(**dict(zip(law.parameters, d, strict=True))).at(5 * DAY, 553.0)) for d in draws
    ]
    assert float(law.std(5 * DAY, 553.0, np.diag(std**2))) == pytest.approx(np.std(values), rel=0.05)


def test_tabulated_goes_through_its_points_and_warns_beyond():
    law = Tabulated((0.0, 7 * DAY, 15 * DAY, 30 * DAY), (20.8, 13.0, 10.0, 7.9), acceleration=FASTER)
    np.testing.assert_allclose(law.value(law.times), law.values, rtol=1e-14)
    fine = law.value(np.linspace(0.0, 30 * DAY, 500))
    assert np.all(np.diff(fine) < 0.0)
    assert law.value(law.reduced_time_to(11.0)) == pytest.approx(11.0, rel=1e-9)
    assert law.reduced_time_to(3.0) == np.inf
    with pytest.warns(ExtrapolationWarning, match="held"):
        assert float(law.value(31 * DAY)) == 7.9
    assert law.parameters == {"activation_energy": 1.1 * e}


def test_relative():
    np.testing.assert_allclose(LinearGrowth(2.0, 1.0).relative([0.0, 1.0]), [1.0, 1.5])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Relaxation(-1.0, 1.0, 1.0), "initial"),
        (lambda: Relaxation(1.0, 1.0, 0.0), "time"),
        (lambda: Relaxation(1.0, 1.0, 1.0, exponent=-1.0), "exponent"),
        (lambda: Relaxation(1.0, float("nan"), 1.0), "final"),
        (lambda: Relaxation(1.0, 1.0, 1.0, acceleration=2.0), "acceleration"),
        (lambda: Arrhenius(-1.0, 0.0), "activation_energy.*\n.*reference_temperature"),
        (lambda: Tabulated((0.0, 2.0, 1.0), (1.0, 1.0, 1.0)), "time runs forwards"),
        (lambda: Tabulated((0.0,), (1.0,)), "at least 2"),
        (lambda: Tabulated((1.0, 2.0), (1.0, 1.0)), "time 0"),
        (lambda: LAWS[0].at(-1.0), "time"),
        (lambda: LAWS[0].at(1.0, -3.0), "T"),
        (lambda: LAWS[0].changed(finl=1.0), 'did you mean "final"'),
        (lambda: LAWS[0].std(1.0, 573.0, np.eye(2)), "covariance"),
        (lambda: LinearGrowth(1.0, -1.0).value(2.0), "passes zero"),
        (lambda: reduced_time(FASTER, [0.0, 2.0, 1.0], 573.0), "time runs forwards"),
        (lambda: reduced_time(FASTER, [0.0, 1.0, 2.0, 3.0], [573.0, 573.0]), "one temperature, 4"),
    ],
)
def test_bad_input(make, words):
    with pytest.raises(InputError, match=words):
        make()


def test_reduced_time_counts_from_the_first_time():
    """Without an activation energy, and at the reference temperature, it is the time since the first one."""
    times = [10.0, 20.0, 40.0]
    assert reduced_time(None, times).tolist() == [0.0, 10.0, 30.0]
    at_reference = reduced_time(Arrhenius(0.9 * e, 550.0), times, [550.0])
    assert at_reference == pytest.approx([0.0, 10.0, 30.0])


@pytest.mark.parametrize("exponent", [0.5, 1.0])
def test_the_activation_energy_changes_nothing_at_the_time_0(exponent):
    """d/dE of c (f t)^m is m ln f/E times the change, and 0 at t = 0, where the rate of m < 1 is infinite."""
    law = PowerLaw(1.0, 2.0, DAY, exponent, acceleration=FASTER)
    slopes = law.derivatives([0.0, 3 * DAY], 623.0)["activation_energy"]
    factor = np.exp(1.1 * e / k_B * (1 / 573.0 - 1 / 623.0))
    grown = 2.0 * (3.0 * factor) ** exponent
    assert slopes == pytest.approx([0.0, exponent * grown * np.log(factor) / (1.1 * e)])
