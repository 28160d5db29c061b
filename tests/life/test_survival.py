"""Weibull fits against scipy's likelihood, known samples, coverage; series systems."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import weibull_min

import ioffe as te
from ioffe.base.errors import InputError
from ioffe.life import Weibull, fit_weibull, series
from ioffe.life.survival import kaplan_meier

TIMES = np.array([312.0, 590.0, 845.0, 1010.0, 1105.0, 1290.0, 1480.0, 1500.0, 1500.0, 1500.0])
FAILED = np.array([True] * 7 + [False] * 3)


def minus_log_likelihood(logs, times, failed):
    shape, scale = np.exp(logs)
    return -np.sum(weibull_min.logpdf(times[failed], shape, scale=scale)) - np.sum(
        weibull_min.logsf(times[~failed], shape, scale=scale)
    )


def test_fit_maximises_the_censored_likelihood_of_scipy():
    fit = fit_weibull(TIMES, FAILED)
    found = minimize(minus_log_likelihood, [0.0, 7.0], args=(TIMES, FAILED), method="Nelder-Mead",
                     options={"xatol": 1e-10, "fatol": 1e-12, "maxiter": 4000})  # fmt: skip
    assert np.log([fit.shape, fit.scale]) == pytest.approx(found.x, abs=1e-6)
    assert fit.log_likelihood == pytest.approx(-found.fun, abs=1e-9)
    assert (fit.failures, fit.count) == (7, 10)


def test_fit_without_censoring_is_that_of_scipy():
    sample = weibull_min.rvs(1.7, scale=300.0, size=80, random_state=5)
    fit = fit_weibull(sample)
    shape, _, scale = weibull_min.fit(sample, floc=0.0)
    assert (fit.shape, fit.scale) == pytest.approx((shape, scale), rel=1e-4)


def test_covariance_is_the_inverse_of_the_second_differences():
    fit = fit_weibull(TIMES, FAILED)
    at, h = np.log([fit.shape, fit.scale]), 1e-4

    def value(a, b):
        return minus_log_likelihood(at + h * np.array([a, b]), TIMES, FAILED)

    own, both = ((value(*d) - 2 * value(0, 0) + value(*-np.array(d))) / h**2 for d in ((1, 0), (0, 1)))
    mixed = (value(1, 1) - value(1, -1) - value(-1, 1) + value(-1, -1)) / (4 * h * h)
    assert fit.covariance == pytest.approx(np.linalg.inv([[own, mixed], [mixed, both]]), rel=1e-4)


def test_intervals_cover():
    """90 % intervals of B10 of 300 samples of 40 devices, a part of them censored."""
    random = np.random.default_rng(8)
    truth = Weibull(2.2, 1000.0)
    hits = 0
    for _ in range(300):
        t = 1000.0 * random.weibull(2.2, 40)
        fit = fit_weibull(np.minimum(t, 1200.0), t < 1200.0)
        low, high = fit.B_interval(0.1, 0.9)
        hits += low < truth.B(0.1) < high
    assert hits / 300 == pytest.approx(0.9, abs=0.05)


def test_intervals_hold_their_estimate():
    fit = fit_weibull(TIMES, FAILED)
    for value, (low, high) in (
        (fit.shape, fit.shape_interval()),
        (fit.scale, fit.scale_interval()),
        (fit.B(0.1), fit.B_interval(0.1)),
    ):
        assert low < value < high


@given(st.floats(0.3, 20.0), st.floats(1e-3, 1e9), st.floats(0.001, 0.999))
def test_survival_at_a_quantile_is_the_rest(shape, scale, share):
    part = Weibull(shape, scale)
    assert part.survival(part.B(share)) == pytest.approx(1.0 - share, rel=1e-9)


@given(st.floats(0.05, 60.0), st.floats(1e-2, 1e10))
def test_scale_of_time_changes_the_scale_alone(factor, unit):
    one, other = fit_weibull(TIMES, FAILED), fit_weibull(TIMES * factor * unit, FAILED)
    assert other.shape == pytest.approx(one.shape, rel=1e-8)
    assert other.scale == pytest.approx(one.scale * factor * unit, rel=1e-8)


def test_mean_and_hazard():
    part = Weibull(1.5, 100.0)
    t = np.linspace(0.0, 3000.0, 300_001)
    assert part.mean == pytest.approx(np.trapezoid(part.survival(t), t), rel=1e-6)
    slope = -(np.log(part.survival(101.0)) - np.log(part.survival(99.0))) / 2.0
    assert float(part.hazard(100.0)) == pytest.approx(slope, rel=1e-4)


def test_series_of_equal_and_of_different_parts():
    part = Weibull(2.0, 1000.0)
    chain = series([part], [254])
    assert chain.survival(30.0) == pytest.approx(part.survival(30.0) ** 254, rel=1e-12)
    assert chain.B(0.1) == pytest.approx(part.of_series(254).B(0.1), rel=1e-10)
    mixed = series([part, Weibull(0.8, 5e4)], [254, 4])
    assert mixed.survival(mixed.B(0.05)) == pytest.approx(0.95, rel=1e-10)
    assert mixed.B(0.05) < min(part.of_series(254).B(0.05), Weibull(0.8, 5e4).of_series(4).B(0.05))


def test_kaplan_meier_follows_the_distribution():
    random = np.random.default_rng(2)
    t, end = 1000.0 * random.weibull(2.0, 4000), 1000.0 * random.weibull(3.0, 4000)
    times, left = kaplan_meier(np.minimum(t, end), t <= end)
    assert left[times < 1200] == pytest.approx(Weibull(2.0, 1000.0).survival(times[times < 1200]), abs=0.05)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: fit_weibull([1.0, -2.0, 3.0]), r"times\[1\]"),
        (lambda: fit_weibull([1.0, 2.0, 3.0], [True, False, False]), "two failures"),
        (lambda: fit_weibull([2.0, 2.0]), "different times"),
        (lambda: fit_weibull([1.0, 2.0], [1, 0]), "true or false"),
        (lambda: Weibull(-1.0, 5.0), "shape"),
        (lambda: Weibull(1.0, 5.0).B(1.5), "share"),
        (lambda: series([Weibull(1.0, 5.0)], [0]), "whole number"),
        (lambda: series([], []), "counts"),
    ],
)
def test_bad_input(make, words):
    with pytest.raises(te.InputError, match=words):
        make()


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1])
def test_no_time_is_known_at_which_none_or_all_have_failed(share):
    with pytest.raises(InputError, match="above 0 and below 1"):
        Weibull(2.0, 10.0).B(share)


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.9])
def test_interval_of_a_quantile_follows_the_covariance(share):
    """ln B by differences in ln shape and ln scale: its variance is that of both with their correlation."""
    fit, h = fit_weibull(TIMES, FAILED), 1e-5

    def log_B(a, b):
        return np.log(Weibull(fit.shape * np.exp(a), fit.scale * np.exp(b)).B(share))

    slope = np.array([log_B(h, 0) - log_B(-h, 0), log_B(0, h) - log_B(0, -h)]) / (2 * h)
    low, high = fit.B_interval(share, 0.95)
    half = 1.959964 * np.sqrt(slope @ fit.covariance @ slope)
    assert np.log([low, high]) == pytest.approx(log_B(0, 0) + half * np.array([-1, 1]), abs=1e-6)
