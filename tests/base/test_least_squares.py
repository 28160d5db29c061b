"""Least squares: covariance, degrees of freedom, bounds, robust losses, profiles."""

from __future__ import annotations

import pickle
import sys
from subprocess import run

import numpy as np
import pytest
from scipy.optimize import brentq, curve_fit
from scipy.stats import chi2, f, t

from ioffe.base.confidence import ONE_SIGMA
from ioffe.base.least_squares import LeastSquares, linear_least_squares

X = np.linspace(0.0, 2.0, 9)
NOISE = np.array([0.3, -0.6, 0.5, 0.1, -0.4, 0.7, -0.2, -0.5, 0.1]) * 0.05
Y = 1.5 * np.exp(0.8 * X) + NOISE


def _growth(u: np.ndarray) -> np.ndarray:
    return u[0] * np.exp(u[1] * X) - Y


def test_a_line_has_the_textbook_errors() -> None:
    y = 2.0 + 3.0 * X + NOISE
    fit = linear_least_squares(np.stack([np.ones_like(X), X], axis=1), y)
    slope, level = np.polyfit(X, y, 1)
    np.testing.assert_allclose(fit.parameters, [level, slope], rtol=1e-12)
    variance = np.sum(fit.residuals**2) / (X.size - 2)
    assert fit.degrees_of_freedom == X.size - 2
    assert fit.reduced_chi_squared == pytest.approx(variance)
    assert fit.scatter == pytest.approx(variance**0.5)
    spread = np.sum((X - X.mean()) ** 2)
    np.testing.assert_allclose(
        fit.standard_errors,
        np.sqrt(variance * np.array([1.0 / X.size + X.mean() ** 2 / spread, 1.0 / spread])),
        rtol=1e-12,
    )
    assert fit.correlation[0, 1] == pytest.approx(-X.mean() / np.sqrt(np.mean(X**2)))


def test_stated_errors_weigh_and_are_not_scaled() -> None:
    std = 0.1 + 0.1 * X
    fit = linear_least_squares(X[:, None], 3.0 * X + NOISE, std)
    assert fit.variance_factor == 1.0
    assert fit.standard_errors[0] == pytest.approx(np.sum((X / std) ** 2) ** -0.5)


def test_units_of_the_columns_do_not_matter() -> None:
    matrix = np.stack([np.ones_like(X), X], axis=1)
    plain, tiny = (linear_least_squares(matrix * [1.0, unit], 2.0 + 3.0 * X + NOISE) for unit in (1.0, 1e-23))
    assert tiny.parameters[1] * 1e-23 == pytest.approx(plain.parameters[1], rel=1e-12)
    assert tiny.standard_errors[1] * 1e-23 == pytest.approx(plain.standard_errors[1], rel=1e-12)
    assert not tiny.undetermined.any()


@pytest.mark.parametrize("vectorised", [False, True])
def test_agrees_with_curve_fit(vectorised: bool) -> None:
    best, covariance = curve_fit(lambda x, a, b: a * np.exp(b * x), X, Y, [1.0, 1.0], xtol=1e-14, ftol=1e-14)

    def draws(u: np.ndarray) -> np.ndarray:
        return u[:, :1] * np.exp(u[:, 1:] * X) - Y

    fit = LeastSquares(draws if vectorised else _growth, vectorised=vectorised, stated=False).solve(
        [1.0, 1.0]
    )
    assert fit.converged
    np.testing.assert_allclose(fit.parameters, best, rtol=1e-7)
    np.testing.assert_allclose(fit.covariance, covariance, rtol=1e-5)


def test_the_best_of_several_starts() -> None:
    problem = LeastSquares(lambda u: np.array([np.cos(u[0]) + 0.1 * u[0], 0.0]), low=[-8.0], high=[8.0])
    best = min((problem.solve([start]) for start in (-4.0, 0.0, 4.0)), key=lambda fit: fit.chi_squared)
    assert problem.solve([-4.0], [0.0], [4.0]).chi_squared == best.chi_squared


def test_bounds_are_kept_and_told() -> None:
    fit = LeastSquares(_growth, low=[0.0, 0.0], high=[1.2, 5.0]).solve([1.0, 1.0])
    assert fit.parameters[0] <= 1.2
    assert fit.at_bound.tolist() == [1, 0]
    assert LeastSquares(_growth).solve([1.0, 1.0]).at_bound.tolist() == [0, 0]


def test_more_parameters_than_data_determine() -> None:
    fit = LeastSquares(lambda u: np.array([u[0] + u[1] - 1.0, 2.0 * u[2]]), stated=False).solve(np.zeros(3))
    assert fit.undetermined.tolist() == [True, True, False]
    assert fit.degrees_of_freedom == 0
    assert np.isnan(fit.reduced_chi_squared)
    np.testing.assert_allclose(fit.directions[:2, 0] ** 2, 0.5, rtol=1e-9)
    assert np.isnan(fit.standard_errors).all()


def test_no_parameters_at_all() -> None:
    fit = LeastSquares(lambda _: np.array([3.0, 4.0])).solve(np.zeros(0))
    assert fit.chi_squared == 25.0
    assert fit.degrees_of_freedom == 2


def test_a_robust_loss_shrugs_at_an_outlier() -> None:
    y = 2.0 + 3.0 * X
    y[4] += 10.0

    def line(u: np.ndarray) -> np.ndarray:
        return u[0] + u[1] * X - y

    plain = LeastSquares(line, stated=False).solve([0.0, 0.0]).parameters
    robust = LeastSquares(line, stated=False, loss="soft_l1", loss_scale=0.01).solve([0.0, 0.0]).parameters
    assert abs(plain[0] - 2.0) > 1.0
    np.testing.assert_allclose(robust, [2.0, 3.0], atol=0.01)


def test_residuals_that_are_no_number_turn_the_search_back() -> None:
    fit = LeastSquares(lambda u: np.array([np.log(u[0]) if u[0] > 0 else np.nan, 0.0])).solve([5.0])
    assert fit.parameters[0] == pytest.approx(1.0)


def test_the_profile_of_a_linear_problem_is_a_parabola() -> None:
    problem = LeastSquares(lambda u: (u[0] + u[1] * X - Y) / 0.2, low=[-50.0, -50.0], high=[50.0, 50.0])
    fit = problem.solve([0.0, 0.0])
    width = fit.standard_errors[1]
    interval = problem.interval(fit, 1, width, 1.0, 1e-6)
    np.testing.assert_allclose(
        [interval.low, interval.high], fit.parameters[1] + width * np.array([-1, 1]), rtol=1e-4
    )
    assert not interval.open_low
    held = problem.profile(fit, 1, float(fit.parameters[1] + 2.0 * width))
    assert held.chi_squared - fit.chi_squared == pytest.approx(4.0, rel=1e-6)
    assert held.parameters[1] == fit.parameters[1] + 2.0 * width


def test_a_profile_that_does_not_rise_is_open() -> None:
    problem = LeastSquares(lambda u: np.array([u[0] - 1.0, 0.0]), low=[-5.0, -5.0], high=[5.0, 5.0])
    interval = problem.interval(problem.solve([0.0, 0.0]), 1, 1.0, 1.0)
    assert (interval.low, interval.high, interval.open_low, interval.open_high) == (-5.0, 5.0, True, True)


def test_fits_can_be_pickled() -> None:
    fit = LeastSquares(_growth).solve([1.0, 1.0])
    again = pickle.loads(pickle.dumps(fit))
    np.testing.assert_array_equal(again.covariance, fit.covariance)


def test_scipy_is_imported_on_use() -> None:
    code = "import sys, ioffe.base.least_squares; sys.exit('scipy' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("probability", [ONE_SIGMA, 0.95])
def test_intervals_follow_chi_squared_or_f(probability: float) -> None:
    """By the degrees of freedom 5 - 2 where the errors come from the scatter."""
    x = np.arange(5.0)
    matrix, y = np.stack([np.ones(5), x], axis=1), np.array([0.1, 0.9, 2.2, 2.8, 4.1])
    free, stated = linear_least_squares(matrix, y), linear_least_squares(matrix, y, 0.1)
    assert stated.rise(probability) == pytest.approx(chi2.ppf(probability, 1))
    assert free.rise(probability) == pytest.approx(f.ppf(probability, 1, 3) * free.chi_squared / 3)
    assert free.student_factor(probability) == pytest.approx(t.ppf(0.5 + 0.5 * probability, 3))


def test_values_weigh_by_their_stated_errors() -> None:
    """Against SciPy's fit with the same unequal errors: parameters, residuals and standard errors."""
    x = np.array([0.0, 1.0, 2.0, 3.5, 5.0])
    y, std = np.array([1.1, 2.8, 5.3, 7.7, 11.4]), np.array([0.05, 0.3, 0.1, 0.6, 0.2])
    found = linear_least_squares(np.stack([np.ones(5), x], axis=1), y, std)
    best, covariance = curve_fit(lambda x, a, b: a + b * x, x, y, [1.0, 1.0], std, absolute_sigma=True)
    assert found.parameters == pytest.approx(best, rel=1e-6)
    assert found.covariance == pytest.approx(covariance, rel=1e-5)
    assert found.residuals == pytest.approx((best[0] + best[1] * x - y) / std, abs=1e-6)


def test_the_robust_loss_turns_over_at_one_standard_deviation() -> None:
    """soft_l1 of z is 2 (sqrt(1 + z2) - 1): its mean solves sum z/sqrt(1 + z2) = 0."""
    y = np.array([0.0, 0.3, 0.7, 1.1, 6.0])
    found = LeastSquares(lambda u: u[0] - y, stated=False, loss="soft_l1").solve([0.0]).parameters
    exact = brentq(lambda m: float(np.sum((m - y) / np.sqrt(1.0 + (m - y) ** 2))), 0.0, 6.0, xtol=1e-12)
    np.testing.assert_allclose(found, exact, rtol=1e-6)


@pytest.mark.parametrize("loss", ["linear", "soft_l1"])
@pytest.mark.parametrize("size", [1e120, 1e200, 1e308])
def test_residuals_whose_squares_overflow_count_as_no_numbers(size: float, loss: str) -> None:
    for residual in (lambda u: u[0] * size * X + 1.0, lambda u: np.exp(np.log(size) * u[0] * X) - 2.0):
        with np.errstate(over="ignore", invalid="ignore"):
            fit = LeastSquares(residual, low=[-1e3], high=[1e3], loss=loss).solve([1.0])
        assert np.isfinite(fit.objective)
        assert not fit.converged or np.abs(fit.residuals).max() < 10.0
