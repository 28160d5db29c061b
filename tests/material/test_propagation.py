"""Propagation of errors against closed forms and against random draws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioffe.base.curve import Curve
from ioffe.base.errors import InputError
from ioffe.material import Material
from ioffe.material.propagation import Perturbation, propagate, propagate_draws
from ioffe.material.uncertainty import Uncertainty
from tests.material.samples import smooth

INSTRUMENT = Uncertainty(seebeck="6 %", electrical_conductivity="8 %", thermal_conductivity="11 %")
PERCENT = st.floats(0.001, 0.15)


def zT_at(T):
    return lambda material: material.zT(T)


def test_three_percentages_give_eighteen_for_zT():
    """sqrt((2*6)^2 + 8^2 + 11^2) = 18.14 %, where the source of the percentages states 16 %."""
    found = propagate(smooth(), zT_at([300.0, 450.0]), INSTRUMENT)["value"]
    assert found.relative == pytest.approx(np.sqrt(329.0) / 100.0, rel=1e-6)
    assert found.shares["seebeck"] == pytest.approx(144.0 / 329.0, rel=1e-6)
    assert found.shares["electrical_conductivity"] == pytest.approx(64.0 / 329.0, rel=1e-6)
    assert found.shares["thermal_conductivity"] == pytest.approx(121.0 / 329.0, rel=1e-6)
    assert found.dominant == "seebeck"


def test_linear_propagation_is_that_of_the_material():
    material = smooth(std={"seebeck": "5 %", "electrical_conductivity": 900.0, "thermal_conductivity": 0.1})
    T = np.array([300.0, 410.0, 600.0])
    assert propagate(material, zT_at(T))["value"].std == pytest.approx(material.zT.std(T), rel=1e-6)


def zT_of_draws(perturbation, T):
    def evaluate(z):
        p = perturbation.properties(np.asarray(T), z)
        return {"value": p.seebeck**2 * p.electrical_conductivity * T / p.thermal_conductivity}

    return evaluate


def test_random_draws_agree_with_linear_propagation():
    small = Uncertainty(seebeck=0.02, electrical_conductivity=0.03, thermal_conductivity=0.04, systematic=0.6)
    perturbation = Perturbation(smooth(), small)
    evaluate = zT_of_draws(perturbation, [300.0, 450.0])
    linear = propagate_draws(perturbation, evaluate)["value"]
    drawn = propagate_draws(perturbation, evaluate, "monte_carlo", count=20000)["value"]
    assert drawn.std == pytest.approx(linear.std, rel=0.02)
    assert drawn.low == pytest.approx(linear.low, rel=0.005)
    assert drawn.high == pytest.approx(linear.high, rel=0.005)
    for name, share in linear.shares.items():
        assert drawn.shares[name] == pytest.approx(share, abs=0.02)


def test_the_same_seed_gives_the_same_draws():
    one, same, other = (
        propagate(smooth(), zT_at(300.0), INSTRUMENT, "monte_carlo", count=9, seed=s)["value"].std
        for s in (1, 1, 2)
    )
    assert one == same
    assert one != other


@settings(max_examples=25)
@given(PERCENT, PERCENT, PERCENT, st.floats(-0.9, 0.9))
def test_correlated_errors_of_two_properties(s, c, k, rho):
    errors = Uncertainty(
        seebeck=s,
        electrical_conductivity=c,
        thermal_conductivity=k,
        correlation={("electrical_conductivity", "thermal_conductivity"): rho},
    )
    found = propagate(smooth(), zT_at(350.0), errors)["value"]
    variance = (2.0 * s) ** 2 + c**2 + k**2 - 2.0 * rho * c * k
    assert found.relative**2 == pytest.approx(variance, rel=1e-5)
    assert sum(found.shares.values()) == pytest.approx(1.0)


def test_errors_that_go_together_cancel_in_a_ratio():
    """The cross-section of the sample enters conductivity and thermal conductivity alike."""
    errors = Uncertainty(
        electrical_conductivity=0.05,
        thermal_conductivity=0.05,
        correlation={("electrical_conductivity", "thermal_conductivity"): 1.0},
    )
    for method in ("linear", "monte_carlo"):
        assert propagate(smooth(), zT_at(400.0), errors, method, count=20)["value"].std < 1e-6


def test_independent_points_average_out_and_systematic_errors_do_not():
    """Trapezoidal mean of 7 points: the weights are 1/12, 1/6, ..., 1/6, 1/12."""
    material = smooth().with_interpolation("linear")

    def mean(m):
        return m.thermal_conductivity.mean(300.0, 600.0)

    weights = np.array([0.5, 1, 1, 1, 1, 1, 0.5]) / 6.0
    kappa = material.thermal_conductivity.values
    share = 0.3
    errors = Uncertainty(thermal_conductivity=0.1, systematic=share)
    systematic, noise = 0.1 * weights @ kappa, 0.1 * np.sqrt((weights * kappa) @ (weights * kappa))
    expected = np.sqrt(share * systematic**2 + (1.0 - share) * noise**2)
    assert propagate(material, mean, errors)["value"].std == pytest.approx(expected, rel=1e-6)


def test_arrays_and_materials_have_the_same_errors_at_the_points():
    errors = Uncertainty(
        seebeck=0.05, electrical_conductivity=0.06, thermal_conductivity=0.07, systematic=0.5
    )
    material = smooth()
    T = material.seebeck.T
    perturbation = Perturbation(material, errors)
    evaluate = zT_of_draws(perturbation, T)
    fast, slow = (
        propagate_draws(perturbation, evaluate)["value"],
        propagate(material, zT_at(T), errors)["value"],
    )
    assert fast.std == pytest.approx(slow.std, rel=1e-7)
    z = perturbation.draw(3, seed=4)
    one = perturbation.perturbed(z[2])
    assert evaluate(z)["value"][2] == pytest.approx(one.zT(T), rel=1e-12)


@pytest.mark.parametrize("quantity", ["hall_coefficient", "hall_carrier_density"])
def test_hall_errors_reach_the_mobility(quantity):
    value = 2e25 if quantity == "hall_carrier_density" else 3e-7
    hall = Curve([300.0, 400.0], [value, value], quantity, std=[0.09 * value] * 2)
    material = smooth(std={"electrical_conductivity": "8 %"}).replace(hall=hall)
    found = propagate(material, lambda m: m.hall_mobility(350.0))["value"]
    assert found.relative == pytest.approx(np.hypot(0.08, 0.09), rel=1e-6)
    assert found.dominant == "hall"


def test_a_resistivity_has_the_error_of_the_conductivity():
    rho = smooth(
        electrical_conductivity=None, resistivity=1.0 / smooth().electrical_conductivity(smooth().seebeck.T)
    )
    assert rho.electrical.quantity == "electrical_resistivity"
    found = propagate(rho, zT_at(400.0), INSTRUMENT)["value"]
    assert found.relative == pytest.approx(np.sqrt(329.0) / 100.0, rel=1e-6)


def test_formulas_and_constants_have_errors_too():
    S = Curve.polynomial((1e-4, 2e-7), (300, 500), "seebeck")
    sigma = Curve.constant(8e4, "electrical_conductivity", (300, 500))
    kappa = Curve.polynomial((2.0, -2e-3), (300, 500), "thermal_conductivity")
    material = Material("formula", "p", S, sigma, kappa)
    found = propagate(material, zT_at([300.0, 420.0]), INSTRUMENT)["value"]
    assert found.relative == pytest.approx(np.sqrt(329.0) / 100.0, rel=1e-6)
    noisy = Uncertainty(thermal_conductivity=0.1, systematic=0.0)
    ends = propagate(material, zT_at([300.0, 500.0]), noisy)["value"]
    assert ends.relative == pytest.approx(0.1, rel=1e-6)
    middle = propagate(material, zT_at(400.0), noisy)["value"]
    assert middle.relative == pytest.approx(0.1 / np.sqrt(2.0), rel=1e-6)


def test_large_errors_keep_properties_positive_and_the_sign_of_n_type():
    errors = Uncertainty(electrical_conductivity=0.8, thermal_conductivity=0.8, systematic=0.5)
    perturbation = Perturbation(smooth(), errors)
    p = perturbation.properties(np.linspace(300.0, 600.0, 11), perturbation.draw(500, 3))
    assert np.all(p.thermal_conductivity > 0.0)
    assert np.all(p.electrical_conductivity > 0.0)


def test_without_errors_there_is_no_deviation():
    found = propagate(smooth(), zT_at([300.0, 400.0]))["value"]
    assert np.all(found.std == 0.0)
    assert found.dominant == ""
    assert found.shares == {}


def test_several_numbers_keep_their_names():
    found = propagate(
        smooth(), lambda m: {"S": m.seebeck(300.0), "k": m.thermal_conductivity(300.0)}, INSTRUMENT
    )
    assert set(found) == {"S", "k"}
    assert found["S"].relative == pytest.approx(0.06, rel=1e-6)
    assert found["k"].relative == pytest.approx(0.11, rel=1e-6)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"method": "montecarlo"}, 'did you mean "monte_carlo"'),
        ({"count": 1}, "from 2 on"),
        ({"count": 2.5}, "count"),
    ],
)
def test_bad_words_are_refused(changes, words):
    with pytest.raises(InputError, match=words):
        propagate(smooth(), zT_at(300.0), INSTRUMENT, **changes)
