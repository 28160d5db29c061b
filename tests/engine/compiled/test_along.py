"""Hermite interpolation along a current: polynomials exactly, others within what it says."""

from itertools import pairwise

import numpy as np
import pytest

pytest.importorskip("numba", reason="numba is an optional extra")

from ioffe.engine.compiled.along import LEVELS, along, missed, solved_at, weights

SHARES = tuple(np.linspace(0.0, 1.0, 61))
pytestmark = pytest.mark.compiled


@pytest.mark.parametrize("count", LEVELS)
def test_polynomials(count):
    p = np.polynomial.Polynomial(np.random.default_rng(1).normal(size=2 * count))
    x = solved_at(count)
    points, _ = weights(count, SHARES)
    assert along(points, p(x)[None], p.deriv()(x)[None])[0] == pytest.approx(p(np.array(SHARES)), abs=1e-11)


def test_levels_are_nested():
    for few, many in pairwise(LEVELS):
        assert solved_at(many)[::2] == pytest.approx(solved_at(few), abs=1e-15)


@pytest.mark.parametrize("count", LEVELS)
@pytest.mark.parametrize("order", [2, 3, 4])
def test_what_is_missed(count, order):
    """A jump in a derivative at random places, and poles."""
    at = np.random.default_rng(2).uniform(0.0, 1.0, (200, 1))
    x, points = solved_at(count), np.array(SHARES)
    to_points, last = weights(count, SHARES)
    jump = np.maximum(x - at, 0.0)
    exact = np.maximum(points - at, 0.0) ** order
    off = np.abs(along(to_points, jump**order, order * jump ** (order - 1)) - exact).max(axis=1)
    assert (off <= missed(last, jump**order, order * jump ** (order - 1), np.inf)).all()
    far = 1.2 + 3.0 * at
    off = np.abs(along(to_points, 1 / (far - x), (far - x) ** -2.0) - 1 / (far - points)).max(axis=1)
    assert (off <= missed(last, 1 / (far - x), (far - x) ** -2.0, np.inf) + 1e-13).all()


def test_what_was_seen_is_a_bound():
    _, last = weights(5, SHARES)
    rough = np.random.default_rng(3).normal(size=(4, 5))
    assert missed(last, rough, np.zeros((4, 5)), np.full(4, 1e-9)) == pytest.approx(np.full(4, 1e-9))
