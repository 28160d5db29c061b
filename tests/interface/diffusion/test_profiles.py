"""Closed profiles of diffusion: half-spaces, finite layers, membranes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import erfinv, mp
from scipy.special import erfc

from ioffe.base.errors import InputError
from ioffe.interface.diffusion import (
    couple_profile,
    diffusion_width,
    finite_profile,
    membrane_amount,
    time_lag,
    width_as,
)
from ioffe.interface.diffusion import profiles as module

WIDTH = 0.428e-6


def test_half_spaces_against_the_complementary_error_function():
    x = np.linspace(-3e-6, 3e-6, 101)
    expected = 66.7 * 0.5 * erfc(x / WIDTH)
    np.testing.assert_allclose(couple_profile(x, WIDTH, 66.7), expected, atol=1e-12)


def test_the_fresh_couple_is_a_step():
    np.testing.assert_array_equal(couple_profile([-1.0, 0.0, 1.0], 0.0, 4.0, 2.0), [4.0, 3.0, 2.0])


def test_widths_of_other_conventions():
    mp.dps = 20
    assert width_as(1.0, "10-90 %") == pytest.approx(float(2 * erfinv(mp.mpf("0.8"))), rel=1e-14)
    assert width_as(1.0, "16-84 %") == pytest.approx(float(2 * erfinv(mp.mpf("0.68"))), rel=1e-9)
    x = np.linspace(-1e-9, 1e-9, 3)
    slope = np.diff(couple_profile(x, WIDTH))[0] / np.diff(x)[0]
    assert width_as(WIDTH, "tangent") == pytest.approx(-1.0 / slope, rel=1e-5)
    assert width_as(diffusion_width(1e-16, 100.0), "diffusion length") == pytest.approx(1e-7, rel=1e-14)


def test_both_sums_of_finite_layers_agree():
    x = np.linspace(0.0, 5e-6, 41)
    b, c = np.array([0.0, 1e-6, 2.5e-6, 5e-6]), np.array([1.0, 0.2, 0.6])
    for part in (0.02, 0.05, 0.1):
        Dt = part * 25e-12
        images, series = module._images(x, b, c, Dt, 5e-6), module._series(x, b, c, Dt, 5e-6)
        np.testing.assert_allclose(images, series, atol=1e-13)


@given(st.floats(1e-4, 3.0), st.lists(st.floats(0.0, 1.0), min_size=2, max_size=4))
def test_finite_layers_keep_their_amount_and_bounds(part, concentrations):
    edges = np.linspace(0.0, 4e-6, len(concentrations) + 1)
    nodes, weights = np.polynomial.legendre.leggauss(200)
    x = 2e-6 * (1.0 + nodes)
    found = finite_profile(x, edges, concentrations, part * 16e-12)
    assert weights @ found / 2.0 == pytest.approx(np.mean(concentrations), abs=1e-9)
    assert np.all(found >= min(concentrations) - 1e-12)
    assert np.all(found <= max(concentrations) + 1e-12)


def test_thick_layers_are_half_spaces():
    x = np.linspace(90e-6, 110e-6, 21)
    found = finite_profile(x, [0.0, 100e-6, 200e-6], [1.0, 0.0], (WIDTH / 2) ** 2)
    np.testing.assert_allclose(found, couple_profile(x, WIDTH, interface=100e-6), atol=1e-13)
    np.testing.assert_array_equal(
        finite_profile([10e-6, 150e-6], [0.0, 100e-6, 200e-6], [1.0, 0.0], 0.0), [1, 0]
    )


def test_membrane_forms_meet_and_the_line_begins_at_the_time_lag():
    d, D = 5e-6, 1e-16
    t = module.SHORT * d**2 / D * np.array([1 - 1e-9, 1 + 1e-9])
    early, late = membrane_amount(d, D, 1.0, t)
    assert early == pytest.approx(late, rel=1e-6)
    times = np.array([20.0, 40.0]) * time_lag(d, D)
    amount = membrane_amount(d, D, 1.0, times)
    slope = np.diff(amount)[0] / np.diff(times)[0]
    assert times[0] - amount[0] / slope == pytest.approx(time_lag(d, D), rel=1e-9)
    assert membrane_amount(d, D, 1.0, 0.0) == 0.0


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: couple_profile(0.0, -1e-6), "width"),
        (lambda: diffusion_width(-1e-16, 1.0), "diffusion_coefficient"),
        (lambda: diffusion_width(1e-16, -1.0), "time"),
        (lambda: width_as(1.0, "10-90%"), 'did you mean "10-90 %"'),
        (lambda: finite_profile(0.0, [0.0, -1.0], [1.0], 1.0), "edges that rise"),
        (lambda: finite_profile(9.0, [0.0, 1.0], [1.0], 1.0), "position"),
        (lambda: finite_profile(0.5, [0.0, 1.0], [1.0, 2.0], 1.0), "one for each"),
        (lambda: finite_profile(0.5, [0.0, 1.0], [1.0], -1.0), "Dt"),
        (lambda: membrane_amount(1e-6, -1.0, 1.0, 1.0), "D = -1.0"),
        (lambda: time_lag(0.0, 1.0), "thickness"),
    ],
)
def test_bad_input(make, words):
    with pytest.raises(InputError, match=words):
        make()
