"""Kane bands: generalised integrals against mpmath, limits, inverses, and the published form of transport."""

from math import pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioffe.base.constants import LORENZ_SOMMERFELD, e, hbar, k_B, m_e
from ioffe.base.errors import InputError
from ioffe.transport import single_band as spb
from ioffe.transport.carrier_scattering import CarrierState
from ioffe.transport.fermi import fermi_integral
from ioffe.transport.fermi_level import fermi_level_from_density, fermi_level_from_seebeck
from ioffe.transport.kane import kane_integral, kane_integral_slope
from tests.transport.band_reference import load

REFERENCE = load("kane")
UNIT = k_B / e
ETA = np.linspace(-12.0, 40.0, 53)
BEND = st.floats(0.0, 5.0)
EXPONENT = st.sampled_from([-0.5, 0.0, 0.5, 1.5])


@pytest.mark.parametrize("key", REFERENCE)
def test_integrals_against_mpmath(key):
    *powers, bend = key
    eta, value = REFERENCE[key]
    np.testing.assert_allclose(kane_integral(*powers, eta, bend), value, rtol=5e-14)


@pytest.mark.parametrize(("n", "m", "k"), [(0, 1, -2), (1, 1, -2), (0, 0.5, -4), (0, 1.5, 0)])
def test_parabolic_limit_of_the_integrals(n, m, k):
    s = n + m
    expected = 3 ** (k / 2) * s * fermi_integral(s - 1, ETA)
    np.testing.assert_allclose(kane_integral(n, m, k, ETA, 0.0), expected, rtol=2e-14)


@pytest.mark.parametrize("bend", [0.0, 0.15, 2.0])
def test_slope_of_the_integrals(bend):
    def value(eta):
        return kane_integral(0, 1.5, 0, eta, bend)

    step = 1e-3
    near, far = (value(ETA + n * step) - value(ETA - n * step) for n in (1, 2))
    central = (8 * near - far) / (12 * step)
    np.testing.assert_allclose(kane_integral_slope(0, 1.5, 0, ETA, bend), central, rtol=1e-9)


@pytest.mark.parametrize("bend", [0.02, 0.2, 1.5])
def test_published_form_for_acoustic_phonons(bend):
    def F(n, m, k):
        return kane_integral(n, m, k, ETA, bend)

    T, mass = 600.0, 0.4
    mean = F(1, 1, -2) / F(0, 1, -2)
    # both are differences of the large mean and eta, to 1e-14 k_B/e
    found = spb.seebeck(CarrierState(ETA, bend))
    np.testing.assert_allclose(found, UNIT * (mean - ETA), rtol=1e-12, atol=2e-14 * UNIT)
    lorenz = UNIT**2 * (F(2, 1, -2) / F(0, 1, -2) - mean**2)
    np.testing.assert_allclose(spb.lorenz_number(CarrierState(ETA, bend)), lorenz, rtol=1e-11)
    hall = F(0, 0.5, -4) * F(0, 1.5, 0) / F(0, 1, -2) ** 2
    np.testing.assert_allclose(spb.hall_factor(CarrierState(ETA, bend)), hall, rtol=1e-13)
    n = (2 * mass * m_e * k_B * T) ** 1.5 / (3 * pi**2 * hbar**3) * F(0, 1.5, 0)
    np.testing.assert_allclose(spb.carrier_density(CarrierState(ETA, bend), T, mass), n, rtol=1e-13)
    np.testing.assert_allclose(spb.reduced_conductivity(CarrierState(ETA, bend)), 3 * F(0, 1, -2), rtol=1e-13)


@pytest.mark.parametrize("r", [-0.5, 0.0, 0.5, 1.5])
def test_parabolic_limit_of_the_transport(r):
    flat = CarrierState(ETA, 0.0)
    np.testing.assert_allclose(spb.seebeck(flat, r, "n"), spb.seebeck(ETA, r, "n"), rtol=1e-12)
    np.testing.assert_allclose(spb.lorenz_number(flat, r), spb.lorenz_number(ETA, r), rtol=1e-13)
    np.testing.assert_allclose(spb.hall_factor(flat, r, 4.0), spb.hall_factor(ETA, r, 4.0), rtol=1e-13)
    np.testing.assert_allclose(spb.mobility(flat, 3.0, r), spb.mobility(ETA, 3.0, r), rtol=1e-13)
    found = spb.hall_carrier_density(flat, 500.0, 0.3, r)
    np.testing.assert_allclose(found, spb.hall_carrier_density(ETA, 500.0, 0.3, r), rtol=1e-13)
    found = spb.electrical_conductivity(flat, 500.0, 0.02, r)
    np.testing.assert_allclose(found, spb.electrical_conductivity(ETA, 500.0, 0.02, r), rtol=1e-13)
    found = spb.hall_mobility(flat, 0.02, r)
    np.testing.assert_allclose(found, spb.hall_mobility(ETA, 0.02, r), rtol=1e-13)


@given(st.floats(-60.0, 60.0), BEND, EXPONENT)
def test_conductivity_is_density_times_mobility(eta, bend, r):
    T, mass, mobility = 400.0, 0.2, 0.05
    sigma = spb.electrical_conductivity(CarrierState(eta, bend), T, mobility * mass**1.5, r)
    n = spb.carrier_density(CarrierState(eta, bend), T, mass)
    assert sigma == pytest.approx(n * e * spb.mobility(CarrierState(eta, bend), mobility, r), rel=1e-12)


@given(st.floats(-60.0, 60.0), st.floats(0.0, 2.0), EXPONENT)
def test_fermi_level_from_seebeck(eta, bend, r):
    S = spb.seebeck(CarrierState(eta, bend), r)
    found = fermi_level_from_seebeck(-S, r, nonparabolicity=bend)
    assert spb.seebeck(CarrierState(found, bend), r) == pytest.approx(S, rel=1e-9, abs=1e-15 * UNIT * 100)
    assert found == pytest.approx(eta, rel=1e-9, abs=1e-9)


@given(st.floats(-200.0, 200.0), BEND)
def test_fermi_level_from_density(eta, bend):
    n = spb.carrier_density(CarrierState(eta, bend), 300.0, 0.5)
    found = fermi_level_from_density(n, 300.0, 0.5, nonparabolicity=bend)
    assert found == pytest.approx(eta, rel=1e-12, abs=1e-12)


@given(st.floats(-60.0, 60.0), BEND, EXPONENT, st.floats(1e-3, 5.0))
def test_seebeck_falls(eta, bend, r, step):
    assert spb.seebeck(CarrierState(eta + step, bend), r) < spb.seebeck(CarrierState(eta, bend), r)


@pytest.mark.parametrize("bend", [0.0, 0.05, 1.0])
def test_metal(bend):
    found = spb.lorenz_number(CarrierState(np.array([2e3, 2e4]), bend))
    np.testing.assert_allclose(found, LORENZ_SOMMERFELD, rtol=1e-5)
    np.testing.assert_allclose(spb.hall_factor(CarrierState(np.array([2e3, 2e4]), bend)), 1.0, rtol=1e-5)


def test_a_bent_band_has_more_carriers_of_less_mobility_and_seebeck_at_the_same_level():
    bend = np.array([0.0, 0.05, 0.2, 1.0])
    for eta in (-3.0, 2.0, 15.0):
        assert (np.diff(spb.carrier_density(CarrierState(eta, bend), 300.0)) > 0).all()
        assert (np.diff(spb.mobility(CarrierState(eta, bend), 1.0)) < 0).all()
        assert (np.diff(spb.seebeck(CarrierState(eta, bend))) < 0).all()


def test_arrays_and_faults():
    found = spb.seebeck(CarrierState(np.zeros((3, 1)), np.array([0.0, 0.1])))
    assert found.shape == (3, 2)
    assert np.isnan(spb.seebeck(CarrierState(np.nan, 0.1)))
    found = fermi_level_from_seebeck([0.0, np.nan], nonparabolicity=0.1)
    assert found[0] == np.inf
    assert np.isnan(found[1])
    with pytest.raises(InputError, match="alpha = k_B T/E_g from 0 on"):
        kane_integral(0, 1, -2, 0.0, -0.1)
    with pytest.raises(InputError, match=r"n \+ m above -1"):
        kane_integral(0, -1, 0, 0.0, 0.1)
