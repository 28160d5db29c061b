"""Inverses of the single band: round trips over the whole range, and numbers of the literature."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioffe.transport import fermi_level as level
from ioffe.transport import single_band as spb

EXPONENT = st.sampled_from([-0.5, -0.2, 0.0, 0.5, 1.5])
ETA = st.floats(-150.0, 3e3)


@given(ETA, EXPONENT, st.sampled_from("pn"))
def test_from_seebeck(eta, r, carrier):
    found = level.fermi_level_from_seebeck(spb.seebeck(eta, r, carrier), r)
    assert found == pytest.approx(eta, rel=1e-12, abs=1e-12)


@given(ETA, EXPONENT, st.floats(0.05, 8.0), st.floats(20.0, 1500.0), st.floats(0.2, 8.0))
def test_from_densities(eta, r, mass, T, anisotropy):
    n = spb.carrier_density(eta, T, mass)
    assert level.fermi_level_from_density(n, T, mass) == pytest.approx(eta, rel=1e-12, abs=1e-12)
    hall = spb.hall_carrier_density(eta, T, mass, r, anisotropy)
    found = level.fermi_level_from_hall_density(hall, T, mass, r, anisotropy)
    assert found == pytest.approx(eta, rel=1e-12, abs=1e-12)


@given(ETA, EXPONENT, st.floats(1e-4, 1.0))
def test_from_conductivity(eta, r, mobility):
    sigma = spb.electrical_conductivity(eta, 300.0, mobility, r)
    found = level.fermi_level_from_conductivity(sigma, 300.0, mobility, r)
    assert found == pytest.approx(eta, rel=1e-12, abs=1e-12)


def test_seebeck_of_any_size_at_once():
    S = np.array([[1e-12, 1e-9, -1e-6], [50e-6, -204.50123e-6, 20e-3]])
    eta = level.fermi_level_from_seebeck(S)
    np.testing.assert_allclose(spb.seebeck(eta), np.abs(S), rtol=1e-13)
    np.testing.assert_array_equal(level.fermi_level_from_seebeck([0.0, np.nan]), [np.inf, np.nan])


def test_what_has_no_solution():
    found = level.fermi_level_from_hall_density([0.0, -1e25, np.nan], 300.0)
    assert found[0] == -np.inf
    assert np.isnan(found[1:]).all()


def test_a_published_sample():
    # S = 191 uV/K and n_H = 2.10e19 cm^-3 at 300 K
    assert level.fermi_level_from_seebeck(191e-6) == pytest.approx(0.22634754, abs=5e-9)
    assert level.effective_mass(191e-6, 2.10e25, 300.0) == pytest.approx(1.0236, abs=5e-5)
    assert level.effective_mass(-191e-6, 2.10e25, 300.0, hall=False) == pytest.approx(0.944, abs=5e-4)


@given(st.floats(-20.0, 50.0), EXPONENT, st.floats(0.05, 8.0), st.floats(20.0, 1500.0))
def test_effective_mass_round_trip(eta, r, mass, T):
    S, hall = spb.seebeck(eta, r), spb.hall_carrier_density(eta, T, mass, r, 3.0)
    assert level.effective_mass(S, hall, T, r, 3.0) == pytest.approx(mass, rel=1e-11)
    n = spb.carrier_density(eta, T, mass)
    assert level.effective_mass(S, n, T, r, hall=False) == pytest.approx(mass, rel=1e-11)
