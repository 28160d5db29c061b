"""Fits of ageing laws: recovery, coverage, what is not determined, bad input."""

import copy
import pickle

import numpy as np
import pytest

from ioffe.base.constants import e
from ioffe.base.errors import InputError
from ioffe.interface.ageing import (
    AgeingSeries,
    Arrhenius,
    LinearGrowth,
    ParabolicGrowth,
    PowerLaw,
    Relaxation,
    Tabulated,
    compare_ageing,
    fit_ageing,
)

DAY = 86400.0
TIMES = np.array([0.0, 2.0, 4.0, 7.0, 11.0, 15.0, 22.0, 30.0]) * DAY


def exact(T, **more):
    law = Relaxation(20.8e-10, 7.9e-10, 6 * DAY, acceleration=Arrhenius(1.0 * e, 573.0))
    return AgeingSeries(f"{T:g} K", TIMES, law.at(TIMES, T), T, **more)


def noisy(T, seed, part=0.03):
    law = Relaxation(20.8e-10, 7.9e-10, 6 * DAY, acceleration=Arrhenius(1.0 * e, 573.0))
    values = law.at(TIMES, T)
    rng = np.random.default_rng(seed)
    measured = values * (1.0 + part * rng.standard_normal(len(values)))
    return AgeingSeries(f"{T:g} K", TIMES, measured, T, part * values)


def test_three_temperatures_give_back_the_law():
    found = fit_ageing([exact(T) for T in (543.0, 573.0, 603.0)], own=())
    law = found.law("573 K")
    assert found.converged
    assert law.acceleration.reference_temperature == 603.0
    assert law.acceleration.activation_energy == pytest.approx(1.0 * e, rel=1e-6)
    assert law.initial == pytest.approx(20.8e-10, rel=1e-7)
    assert law.final == pytest.approx(7.9e-10, rel=1e-7)
    assert law.time / law.factor(573.0) == pytest.approx(6 * DAY, rel=1e-6)


def test_stated_errors_cover_the_truth():
    """68 % intervals of the time and the energy, and the 95 % band, over 60 synthetic studies."""
    inside = dict.fromkeys(("time", "activation_energy", "band"), 0)
    runs = 60
    for seed in range(runs):
        study = [noisy(T, 3 * seed + k) for k, T in enumerate((553.0, 573.0))]
        found = fit_ageing(study, own=(), reference_temperature=573.0)
        for name, truth in (("time", 6 * DAY), ("activation_energy", 1.0 * e)):
            parameter = found.parameter(name)
            inside[name] += parameter.low <= truth <= parameter.high
        band = found.band([0.0, 10 * DAY], series="573 K")
        truth = 7.9e-10 + 12.9e-10 * np.exp(-10.0 / 6.0)
        inside["band"] += band.low[1] <= truth <= band.high[1]
    # binomial: 60 studies scatter by 0.06 around 0.68 and by 0.03 around 0.95
    assert 0.5 < inside["time"] / runs < 0.86
    assert 0.5 < inside["activation_energy"] / runs < 0.86
    assert inside["band"] / runs > 0.85


def test_the_two_published_ends_leave_time_and_final_value_open():
    ends = AgeingSeries("Sb/MgAgSb", [0.0, 30 * DAY], [20.8e-10, 7.9e-10], 573.0)
    found = fit_ageing(ends)
    assert found.parameter("initial").status == "determined"
    assert {p.name for p in found.parameters if p.status == "not determined"} == {"final", "time"}
    with pytest.raises(InputError, match="determine final, time"):
        found.law()
    band = found.band([0.0, 30 * DAY, 60 * DAY])
    np.testing.assert_allclose(band.value[:2], [20.8e-10, 7.9e-10], rtol=1e-6)
    assert np.isnan(band.value[2])
    assert any("one temperature" in word for word in found.findings)


def test_the_published_ends_with_a_stated_final_value():
    ends = AgeingSeries("Sb/MgAgSb", [0.0, 30 * DAY], [20.8e-10, 7.9e-10], 573.0)
    law = fit_ageing(ends, fixed={"final": 7e-10}).law()
    assert law.time == pytest.approx(30 * DAY / np.log(13.8 / 0.9), rel=1e-7)
    np.testing.assert_allclose(law.at([0.0, 30 * DAY]), [20.8e-10, 7.9e-10], rtol=1e-9)
    assert law.acceleration is None


def test_a_growth_through_the_published_ends_of_silver():
    ends = AgeingSeries("Ag/MgAgSb", [0.0, 0.5 * DAY], [6.1e-10, 1006e-10])
    law = fit_ageing(ends, ParabolicGrowth).law()
    assert law.growth == pytest.approx(999.9e-10 / np.sqrt(0.5 * DAY), rel=1e-7)


@pytest.mark.parametrize(
    "law",
    [
        LinearGrowth(4e-10, 2e-16, acceleration=Arrhenius(0.8 * e, 573.0)),
        ParabolicGrowth(4e-10, 3e-13, acceleration=Arrhenius(0.8 * e, 573.0)),
        PowerLaw(4e-10, 6e-10, 30 * DAY, 0.7, acceleration=Arrhenius(0.8 * e, 573.0)),
        Relaxation(20e-10, 8e-10, 9 * DAY, 0.6, acceleration=Arrhenius(0.8 * e, 573.0)),
    ],
    ids=lambda law: type(law).__name__,
)
def test_every_law_is_found_again(law):
    series = [AgeingSeries(f"{T:g}", TIMES, law.at(TIMES, T), T) for T in (533.0, 573.0)]
    free = ("exponent",) if isinstance(law, Relaxation) else ()
    found = fit_ageing(series, type(law), own=(), free=free, reference_temperature=573.0).law("573")
    for name, value in law.parameters.items():
        assert found.parameters[name] == pytest.approx(value, rel=1e-5), name


def test_histories_with_steps_of_temperature():
    law = Relaxation(20e-10, 8e-10, 4 * DAY, acceleration=Arrhenius(0.9 * e, 573.0))
    T = np.where(np.arange(len(TIMES) - 1) % 2 == 0, 533.0, 573.0)
    series = AgeingSeries("stepped", TIMES, law.after(TIMES, T), T)
    found = fit_ageing(series).law()
    assert found.acceleration.activation_energy == pytest.approx(0.9 * e, rel=1e-5)


def test_own_initial_values():
    first, second = exact(573.0), exact(603.0)
    other = AgeingSeries("other", TIMES, second.values * np.linspace(1.0, 1.0, len(TIMES)), 603.0)
    found = fit_ageing([first, other])
    assert found.parameter("initial", "other").value == pytest.approx(20.8e-10, rel=1e-6)
    with pytest.raises(InputError, match="series"):
        found.parameter("initial")


def test_a_law_that_does_not_describe_the_data_says_so():
    values = 4e-10 + 1e-15 * TIMES
    series = AgeingSeries("straight", TIMES, values, 573.0, 0.005 * values)
    found = fit_ageing(series, ParabolicGrowth)
    assert any("does not describe" in word for word in found.findings)


def test_covariance_stands_in_the_order_of_the_law():
    found = fit_ageing([noisy(T, k) for k, T in enumerate((543.0, 573.0, 603.0))], own=())
    law, matrix = found.law("573 K"), found.covariance("573 K")
    for k, name in enumerate(law.parameters):
        std = 0.0 if name == "exponent" else found.parameter(name).std
        assert np.sqrt(matrix[k, k]) == pytest.approx(std, rel=1e-9, abs=1e-30)
    band = found.band([0.0, 5 * DAY], series="573 K")
    assert float(law.std(5 * DAY, 573.0, matrix)) == pytest.approx(band.std[1], rel=1e-5)


def test_a_fit_survives_pickle_and_copy():
    found = fit_ageing([noisy(T, k) for k, T in enumerate((553.0, 573.0))], own=())
    band = found.band([0.0, 10 * DAY], series="573 K")
    for again in (pickle.loads(pickle.dumps(found)), copy.deepcopy(found)):
        np.testing.assert_array_equal(again.band(["0 day", "10 day"], series="573 K").high, band.high)


def test_comparison_draws_points_lines_and_bands(tmp_path):
    found = fit_ageing([noisy(T, k) for k, T in enumerate((553.0, 573.0))], own=())
    ag = AgeingSeries("Ag/MgAgSb", [0.0, 0.5 * DAY], [6.1e-10, 1006e-10], 573.0)
    figure = compare_ageing([found, ag], tmp_path / "ageing.svg")
    panel = figure.axes[0]
    assert panel.get_yscale() == "log"
    assert len(panel.collections) >= 2
    assert "Ag/MgAgSb, 573 K" in [text.get_text() for text in panel.get_legend().get_texts()]
    assert (tmp_path / "ageing.svg").read_text().startswith("<?xml")
    with pytest.raises(InputError, match="one to 7"):
        compare_ageing([])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: AgeingSeries("a", [0.0, 2.0, 1.0], [1.0, 1.0, 1.0]), "time runs forwards"),
        (lambda: AgeingSeries("a", [0.0, 1.0], [1.0, -1.0]), r"values\[1\]"),
        (lambda: AgeingSeries("a", [0.0, 1.0], [1.0]), "as many values"),
        (lambda: AgeingSeries("a", [1.0, 2.0], [1.0, 1.0], [500.0, 510.0]), "time 0"),
        (lambda: fit_ageing(AgeingSeries("a", [0.0], [1.0])), "one point is no law"),
        (lambda: fit_ageing([]), "at least one series"),
        (lambda: fit_ageing([exact(573.0), exact(573.0)]), "a name of its own"),
        (lambda: fit_ageing(exact(573.0), Tabulated), "Relaxation"),
        (lambda: fit_ageing([exact(573.0), noisy(603.0, 1)]), "of all series or of none"),
        (lambda: fit_ageing(exact(573.0)).band([1.0, 2.0], [500.0, 510.0]), "time 0"),
        (lambda: fit_ageing(exact(573.0)).band([2.0, 1.0]), "time runs forwards"),
        (lambda: fit_ageing(exact(573.0)).band([1.0], confidence=1.0), "confidence"),
        (lambda: fit_ageing(exact(573.0), fixed={"finl": 1.0}), 'did you mean "final"'),
        (lambda: fit_ageing(exact(573.0), fixed={"time": -1.0}), "fixed.time"),
        (lambda: fit_ageing([exact(573.0), AgeingSeries("b", TIMES, TIMES + 1.0)]), "temperatures of b"),
    ],
)
def test_bad_input(make, words):
    with pytest.raises(InputError, match=words):
        make()


def test_as_many_points_as_parameters_are_no_doubt_of_the_law():
    """Two points with errors hold a line exactly: nothing is left that could contradict it."""
    found = fit_ageing(AgeingSeries("a", [0.0, 10 * DAY], [10e-10, 12e-10], std=1e-11), LinearGrowth)
    assert found.degrees_of_freedom == 0
    assert not any("does not describe" in text for text in found.findings)


def test_series_that_cannot_be_fitted_together():
    with pytest.raises(InputError, match="at least one series is expected"):
        fit_ageing([])
    without = [exact(543.0), exact(573.0)]
    assert fit_ageing(without, own=(), profiles=False).converged
    mixed = [noisy(543.0, 1), exact(573.0), noisy(603.0, 2)]
    with pytest.raises(InputError) as caught:
        fit_ageing(mixed)
    assert [fault.location for fault in caught.value.faults] == ["series[1].std"]
