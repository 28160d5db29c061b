"""Searches for roots: convergence, brackets, what has no root."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioffe.base.roots import falling_root, halve, root_between


@given(st.floats(1e-6, 1e6), st.floats(0.0, 1e7))
def test_an_inverse_is_found_from_any_start(value: float, start: float) -> None:
    root = falling_root(lambda x: (value - x**3, -3.0 * x**2), np.array(start), low=0.0, high=1e7)
    assert float(root) == pytest.approx(value ** (1 / 3), rel=1e-12)


def test_a_plain_newton_search_is_not_disturbed() -> None:
    # a convex function: the iterates are those of Newton's method, to the last bit
    x = np.array([0.1, 5.0, -3.0])
    expected = x.copy()
    for _ in range(20):
        expected = expected + (np.exp(-expected) - 0.25) / np.exp(-expected)
    found = falling_root(lambda u: (np.exp(-u) - 0.25, -np.exp(-u)), np.minimum(x, 1.0))
    np.testing.assert_allclose(found, np.log(4.0), rtol=1e-15)
    np.testing.assert_allclose(expected[2], np.log(4.0), rtol=1e-15)


def test_a_flat_function_is_searched_by_growing_steps() -> None:
    # tanh is level far away: Newton's step would leave every bound
    found = falling_root(lambda x: (-np.tanh(x - 3.0), -1.0 / np.cosh(x - 3.0) ** 2), np.array([-5.0, 15.0]))
    np.testing.assert_allclose(found, 3.0, rtol=1e-14)


def test_a_step_is_bracketed() -> None:
    found = falling_root(lambda x: (np.where(x < 0.3, 1.0, -1.0), np.zeros_like(x)), np.zeros(1), scale=1.0)
    np.testing.assert_allclose(found, 0.3, atol=1e-13)


def test_what_does_not_exist_lies_beyond() -> None:
    # sqrt(1 - x) - 1/2 exists up to 1; the first guess does not lie where it exists
    def function(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        root = np.sqrt(1.0 - x)
        return root - 0.5, -0.5 / root

    np.testing.assert_allclose(falling_root(function, np.array([5.0, 0.0])), 0.75, rtol=1e-14)


def test_no_root_is_nan_and_no_start_is_given_back() -> None:
    found = falling_root(lambda x: (np.exp(-x) + 1.0, -np.exp(-x)), np.array([0.0, np.nan, np.inf, -np.inf]))
    assert np.isnan(found[:2]).all()
    assert found[2] == np.inf
    assert found[3] == -np.inf


def test_shapes_and_rows() -> None:
    target = np.arange(1.0, 7.0).reshape(2, 3)
    seen: list[int] = []

    def rows(x: np.ndarray, index: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        seen.append(index.size)
        return target.ravel()[index] - x**2, -2.0 * x

    found = falling_root(rows, target, low=0.0, by_index=True)
    assert found.shape == (2, 3)
    np.testing.assert_allclose(found, np.sqrt(target), rtol=1e-15)
    assert seen[-1] < 6  # what has been found is not evaluated again
    np.testing.assert_array_equal(found, falling_root(lambda x: (target - x**2, -2.0 * x), target, low=0.0))


def test_a_scalar_stays_a_scalar() -> None:
    assert falling_root(lambda x: (2.0 - x, -1.0), 0.0).shape == ()


def test_brent_between_signs() -> None:
    assert root_between(np.cos, 0.0, 3.0) == pytest.approx(np.pi / 2, rel=1e-14)
    assert root_between(np.cos, 3.0, 0.0, 1e-3) == pytest.approx(np.pi / 2, abs=1e-3)
    with pytest.raises(ValueError, match="different signs"):
        root_between(np.cos, 0.0, 1.0)


def test_halving_from_both_sides() -> None:
    low, high = halve(lambda x: x < 0.3, [0.0, 0.3], [1.0, 1.0], 50)
    np.testing.assert_allclose(high - low, [2.0**-50, 0.7 * 2.0**-50], rtol=0.1)
    np.testing.assert_allclose(0.5 * (low + high), 0.3, rtol=1e-14)
    low, high = halve(lambda x: x > 0.3, 1.0, 0.0, 50)
    assert float(high) <= 0.3 <= float(low)
