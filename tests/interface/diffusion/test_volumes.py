"""Finite volumes: amount kept, second order, closed forms, coefficients that depend on composition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from ioffe.base.errors import InputError
from ioffe.interface.diffusion import diffuse, finite_profile, steady_flux
from ioffe.interface.diffusion.volumes import DiffusionProblem, _step

LENGTH = 5e-6
D = 1e-16


def exponential(c):
    return D * np.exp(2.0 * np.asarray(c))


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.floats(1.0, 1e6), st.booleans())
def test_the_amount_is_kept(seed, hours, by_composition):
    rng = np.random.default_rng(seed)
    edges = np.concatenate([[0.0], np.cumsum(rng.uniform(0.5, 2.0, 40))]) * LENGTH / 40
    initial = rng.uniform(0.0, 1.0, 40)
    coefficient = exponential if by_composition else rng.uniform(0.0, 2.0, 40) * D
    found = diffuse(edges, initial, coefficient, [0.0, hours * 3600.0], tolerance=1e-4)
    assert abs(found.amount[1] / found.amount[0] - 1.0) < 1e-12
    assert found.concentration.min() > -1e-4
    assert found.concentration.max() < 1.0001


def cosine(cells, hours=2.0):
    """Error of a cosine, whose cell means and decay are known."""
    edges = np.linspace(0.0, LENGTH, cells + 1)
    k = np.pi / LENGTH
    means = 0.5 + 0.4 * np.diff(np.sin(k * edges)) / (k * np.diff(edges))
    time = hours * 3600.0
    found = diffuse(edges, means, D, [time], tolerance=1e-8)
    expected = 0.5 + (means - 0.5) * np.exp(-(k**2) * D * time)
    return np.max(np.abs(found.concentration[0] - expected))


def test_second_order_in_space():
    errors = [cosine(cells) for cells in (20, 40, 80)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2.0, abs=0.1)
    assert np.log2(errors[1] / errors[2]) == pytest.approx(2.0, abs=0.2)


def test_second_order_in_time():
    edges = np.linspace(0.0, LENGTH, 31)
    middle = 0.5 * (edges[1:] + edges[:-1])
    initial = 0.5 + 0.4 * np.cos(np.pi * middle / LENGTH)
    problem, time = DiffusionProblem(edges, exponential, None, None, initial), 4 * 3600.0
    exact = solve_ivp(
        lambda _, c: problem.rate(c)[0], (0.0, time), initial, "LSODA", rtol=1e-11, atol=1e-13
    ).y[:, -1]
    errors = []
    for steps in (10, 20, 40):
        c = initial
        for _ in range(steps):
            c = _step(problem, c, time / steps, problem.rate(c))[0]
        errors.append(np.max(np.abs(c - exact)))
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    np.testing.assert_allclose(orders, 2.0, atol=0.1)


def test_the_derivative_of_the_rate_against_differences():
    rng = np.random.default_rng(1)
    edges = np.concatenate([[0.0], np.cumsum(rng.uniform(0.5, 2.0, 8))]) * 1e-7
    c = rng.uniform(0.0, 1.0, 8)
    problem = DiffusionProblem(edges, exponential, None, None, c)
    _, band = problem.rate(c)
    dense = np.diag(band[1]) + np.diag(band[0, 1:], 1) + np.diag(band[2, :-1], -1)
    for k in range(8):
        step = np.zeros(8)
        step[k] = 1e-6
        slope = (problem.rate(c + step)[0] - problem.rate(c - step)[0]) / 2e-6
        np.testing.assert_allclose(dense[:, k], slope, atol=1e-5 * np.max(np.abs(dense)))


def test_finite_layers_in_closed_form():
    edges = np.linspace(0.0, LENGTH, 401)
    fresh = np.where(edges[1:] <= 1.0000001e-6, 1.0, 0.0)
    found = diffuse(edges, fresh, D, [900.0, 7200.0], tolerance=1e-6)
    for time, profile in zip(found.times, found.concentration, strict=True):
        expected = finite_profile(found.position, [0.0, 1e-6, LENGTH], [1.0, 0.0], D * time)
        np.testing.assert_allclose(profile, expected, atol=3e-4)


def test_layers_end_in_the_steady_flux():
    cells, thickness, coefficients = 30, np.array([1e-6, 3e-6]), np.array([2e-16, 5e-17])
    edges = np.concatenate([np.linspace(0.0, 1e-6, cells + 1), np.linspace(1e-6, 4e-6, cells + 1)[1:]])
    each = np.repeat(coefficients, cells)
    found = diffuse(edges, np.zeros(2 * cells), each, [1e7], left=1.0, right=0.0)
    c, x = found.concentration[0], found.position
    flux = -each[:-1] * np.diff(c) / np.diff(x)
    inside = np.arange(2 * cells - 1) != cells - 1
    np.testing.assert_allclose(flux[inside], steady_flux((1.0, 0.0), thickness, coefficients), rtol=1e-6)


def test_boltzmann_similarity_for_a_coefficient_of_composition():
    """The profile depends on x/sqrt(t) alone, and on the side of the larger D it is flatter."""
    edges = np.linspace(-10e-6, 10e-6, 801)
    fresh = np.where(edges[1:] <= 1e-12, 1.0, 0.0)
    found = diffuse(edges, fresh, exponential, [3600.0, 4 * 3600.0], tolerance=1e-6)
    x = np.linspace(-2e-6, 2e-6, 41)
    first, second = (
        np.interp(k * x, found.position, c) for k, c in zip((1, 2), found.concentration, strict=True)
    )
    np.testing.assert_allclose(first, second, atol=1e-3)
    assert np.interp(0.0, found.position, found.concentration[1]) > 0.5


def test_an_end_that_is_kept_fills_the_layer():
    edges = np.linspace(0.0, 1e-6, 21)
    found = diffuse(edges, np.zeros(20), exponential, [0.0, 1e7], left=0.7)
    np.testing.assert_allclose(found.concentration[1], 0.7, rtol=1e-6)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"D": -1e-16}, "D"),
        ({"D": lambda c: D * (c - 0.5)}, r"D\(c = "),
        ({"D": [1e-16, 1e-16, 1e-16]}, "one coefficient or 10"),
        ({"times": [3600.0, 10.0]}, "time runs forwards"),
        ({"edges": np.linspace(1.0, 0.0, 11)}, "edges that rise"),
        ({"initial": np.zeros(4)}, "one concentration for each"),
        ({"left": float("nan")}, "left"),
        ({"tolerance": 0.0}, "tolerance"),
    ],
)
def test_bad_input(change, words):
    given = {"edges": np.linspace(0.0, LENGTH, 11), "initial": np.linspace(1, 0, 10), "D": D, "times": [10.0]}
    with pytest.raises(InputError, match=words):
        diffuse(**{**given, **change})
