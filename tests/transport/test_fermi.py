"""Fermi-Dirac integrals against mpmath, closed forms, their own derivative and their inverse."""

from math import gamma, pi

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioffe.base.errors import InputError
from ioffe.transport.fermi import (
    fermi_integral,
    fermi_integral_slope,
    inverse_fermi_integral,
    log_normalised_fermi_integral,
    normalised_fermi_integral,
)
from tests.transport import make_band_reference as maker
from tests.transport.band_reference import load

REFERENCE = load("fermi")
LEVELS = st.floats(-300.0, 300.0)
ORDERS = st.sampled_from([-0.5, 0.0, 0.5, 1.0, 2.0])


@pytest.mark.parametrize("order", REFERENCE)
def test_against_mpmath(order):
    eta, value = REFERENCE[order]
    np.testing.assert_allclose(fermi_integral(*order, eta), value, rtol=4e-15)


def test_the_reference_is_what_its_generator_makes():
    with mp.workdps(40):
        found = [float(maker.fermi(mp.mpf("0.5"), mp.mpf(level))) for level in ("-3", "5")]
    eta, value = REFERENCE[(0.5,)]
    assert [value[eta == -3][0], value[eta == 5][0]] == found


def test_closed_forms():
    eta = np.linspace(-60.0, 700.0, 1001)
    np.testing.assert_allclose(fermi_integral(0, eta), np.log1p(np.exp(eta)), rtol=1e-15)
    np.testing.assert_allclose(fermi_integral(1, 0.0), pi**2 / 12, rtol=1e-15)
    # F_1(eta) - F_1(-eta) mirrored: F_1(eta) + F_1(-eta) = pi^2/6 + eta^2/2
    np.testing.assert_allclose(
        fermi_integral(1, eta) + fermi_integral(1, -eta), pi**2 / 6 + eta**2 / 2, rtol=1e-14
    )
    np.testing.assert_allclose(normalised_fermi_integral(-1, eta), 1 / (1 + np.exp(-eta)), rtol=1e-14)


@pytest.mark.parametrize("order", [-0.5, 0.5, 1.0, 2.7])
def test_limits(order):
    low = np.array([-800.0, -100.0, -45.0])
    np.testing.assert_allclose(normalised_fermi_integral(order, low), np.exp(low), rtol=1e-15)
    high = np.array([1e5, 1e8, 1e12])
    leading = high ** (order + 1) / (order + 1)
    np.testing.assert_allclose(fermi_integral(order, high), leading, rtol=1e-8)


@pytest.mark.parametrize("order", [-0.5, 0.5, 1.0, 2.7])
def test_no_step_where_tables_begin_and_end(order):
    for place in (-40.0, 64.0):
        sides = np.array([np.nextafter(place, -np.inf), np.nextafter(place, np.inf)])
        below, above = normalised_fermi_integral(order, sides)
        assert above / below == pytest.approx(1.0, abs=2e-14)


@given(st.floats(-0.9, 5.0), LEVELS)
def test_slope_is_the_derivative(order, eta):
    order = round(order, 1)  # a table for each of some sixty orders is enough
    if order == 0.0:
        order = 0.5
    step = 1e-3
    offsets = np.array([-2.0, -1.0, 1.0, 2.0]) * step
    values = fermi_integral(order, eta + offsets)
    central = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * step)
    assert fermi_integral_slope(order, eta) == pytest.approx(central, rel=1e-8, abs=1e-290)


@given(ORDERS, LEVELS)
def test_inverse(order, eta):
    found = inverse_fermi_integral(order, fermi_integral(order, eta))
    assert found == pytest.approx(eta, rel=1e-13, abs=1e-13)


@given(ORDERS, LEVELS, st.floats(1e-6, 10.0))
def test_rises(order, eta, step):
    assert fermi_integral(order, eta + step) > fermi_integral(order, eta)


def test_inverse_at_the_ends():
    found = inverse_fermi_integral(0.5, [0.0, -1.0, np.nan, np.inf, 1e-320, 1e300])
    assert found[0] == -np.inf
    assert np.isnan(found[1:3]).all()
    assert found[3] == np.inf
    assert found[4] == pytest.approx(np.log(1e-320 / gamma(1.5)))
    assert found[5] == pytest.approx(1.5e300 ** (2 / 3))


def test_logarithm_does_not_underflow():
    eta = np.array([-5000.0, -41.0, -39.0, 0.0, 3.0, 100.0])
    found = log_normalised_fermi_integral(0.5, eta)
    assert found[0] == -5000.0
    np.testing.assert_allclose(found[1:], np.log(normalised_fermi_integral(0.5, eta[1:])), rtol=1e-14)


def test_shapes_and_nan():
    assert np.ndim(fermi_integral(0.5, 1.0)) == 0
    assert fermi_integral(0.5, np.zeros((2, 0, 3))).shape == (2, 0, 3)
    found = fermi_integral(0.5, [[0.0, np.nan], [-100.0, 100.0]])
    assert found.shape == (2, 2)
    np.testing.assert_array_equal(np.isnan(found), [[False, True], [False, False]])


@pytest.mark.parametrize("call", [fermi_integral, fermi_integral_slope, inverse_fermi_integral])
def test_order_too_low(call):
    with pytest.raises(InputError, match="an order above -1 is expected"):
        call(-1.0, 0.0)


def test_normalised_order_too_low():
    with pytest.raises(InputError, match="an order above -2 is expected"):
        normalised_fermi_integral(-2.0, 0.0)
