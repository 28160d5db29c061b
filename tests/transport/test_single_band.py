"""One parabolic band: published numbers, mpmath, limits, Onsager's relation."""

from math import gamma, pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from ioffe.base.constants import LORENZ_SOMMERFELD, e, h, k_B, m_e
from ioffe.base.errors import InputError
from ioffe.transport import single_band as spb
from ioffe.transport.carrier_scattering import CarrierState, mechanisms, scattering_exponent
from ioffe.transport.fermi import (
    energy_excess,
    energy_excess_slope,
    energy_variance,
    energy_variance_slope,
    fermi_integral,
)
from tests.transport.band_reference import load

SEEBECK, LORENZ, HALL = load("seebeck"), load("lorenz"), load("hall")
UNIT = k_B / e
EXPONENT = st.sampled_from([-0.5, -0.2, 0.0, 0.5, 1.5])


@pytest.mark.parametrize("r", SEEBECK)
def test_against_mpmath(r):
    eta, value = SEEBECK[r]
    np.testing.assert_allclose(spb.seebeck(eta, *r), UNIT * value, rtol=1e-14)
    eta, value = LORENZ[r]
    np.testing.assert_allclose(spb.lorenz_number(eta, *r), UNIT**2 * value, rtol=1e-14)
    eta, value = HALL[r]
    np.testing.assert_allclose(spb.hall_factor(eta, *r), value, rtol=1e-14)


def test_published_values_at_the_band_edge():
    assert spb.seebeck(0.0) * 1e6 == pytest.approx(204.50123, abs=5e-6)
    assert spb.lorenz_number(0.0) == pytest.approx(1.6129837e-8, abs=5e-16)
    assert spb.hall_factor(0.0) == pytest.approx(1.1349003, abs=5e-8)
    assert spb.carrier_density(0.0, 300.0) * 1e-6 == pytest.approx(1.9200693e19, abs=5e11)


def test_published_values_above_the_band_edge():
    assert spb.seebeck(3.0) * 1e6 == pytest.approx(86.092979, abs=5e-7)
    assert spb.lorenz_number(3.0) == pytest.approx(1.9854567e-8, abs=5e-16)
    assert spb.hall_factor(3.0) == pytest.approx(1.0543432, abs=5e-8)
    assert spb.seebeck(1.0, "polar_optical") * 1e6 == pytest.approx(223.56724, abs=5e-6)
    assert spb.seebeck(1.0, 0.5, "n") == -spb.seebeck(1.0, 0.5)


def test_a_misprinted_lorenz_number_is_not_ours():
    # with F_(r+3/2) in the first denominator, as printed once, it would be 0.702e-8
    F = [fermi_integral(j, 0.0) for j in (0.0, 1.0, 2.0)]
    printed = UNIT**2 * (3 * F[2] / F[1] - (2 * F[1] / F[0]) ** 2)
    right = UNIT**2 * (3 * F[2] / F[0] - (2 * F[1] / F[0]) ** 2)
    assert printed == pytest.approx(0.702e-8, abs=5e-12)
    assert spb.lorenz_number(0.0) == pytest.approx(right, rel=1e-14)


@pytest.mark.parametrize("r", [-0.5, 0.0, 0.5, 1.5])
def test_metal(r):
    eta = np.array([1e3, 1e5, 1e8])
    np.testing.assert_allclose(spb.lorenz_number(eta, r), LORENZ_SOMMERFELD, rtol=3e-5)
    np.testing.assert_allclose(spb.seebeck(eta, r), UNIT * pi**2 / 3 * (r + 1.5) / eta, rtol=3e-5)
    np.testing.assert_allclose(spb.hall_factor(eta, r), 1.0, rtol=3e-5)
    np.testing.assert_allclose(spb.mobility(eta, 1.0, r), eta**r, rtol=3e-5)


@pytest.mark.parametrize("r", [-0.5, 0.0, 0.5, 1.5])
def test_non_degenerate(r):
    eta = np.array([-1000.0, -60.0])
    np.testing.assert_allclose(spb.seebeck(eta, r), UNIT * (r + 2.5 - eta), rtol=1e-15)
    np.testing.assert_allclose(spb.lorenz_number(eta, r), UNIT**2 * (r + 2.5), rtol=1e-15)
    hall = gamma(2.5) * gamma(2 * r + 2.5) / gamma(r + 2.5) ** 2
    np.testing.assert_allclose(spb.hall_factor(eta, r), hall, rtol=1e-15)
    np.testing.assert_allclose(spb.mobility(eta, 1.0, r), gamma(r + 2.5) / gamma(2.5), rtol=1e-15)


def test_one_relaxation_time_has_no_hall_factor():
    # r = 0: every carrier has the same mobility, and n_H is n at every Fermi level
    eta = np.linspace(-50.0, 200.0, 501)
    np.testing.assert_allclose(spb.hall_factor(eta, "neutral_impurity"), 1.0, rtol=3e-15)
    np.testing.assert_allclose(spb.mobility(eta, 80e-4, 0.0), 80e-4, rtol=3e-15)


@given(st.floats(-60.0, 200.0), EXPONENT, st.floats(0.05, 10.0), st.floats(50.0, 1500.0))
def test_conductivity_is_density_times_mobility(eta, r, mass, T):
    mobility = 50e-4
    sigma = spb.electrical_conductivity(eta, T, mobility * mass**1.5, r)
    n = spb.carrier_density(eta, T, mass)
    assert sigma == pytest.approx(n * e * spb.mobility(eta, mobility, r), rel=1e-13)
    hall = spb.hall_carrier_density(eta, T, mass, r) * e * spb.hall_mobility(eta, mobility, r)
    assert sigma == pytest.approx(hall, rel=1e-13)


def test_density_counts_the_states():
    def states(energy):  # of one band in 3D, per volume and energy, both spins
        return 8 * pi * np.sqrt(2.0) * (1.3 * m_e) ** 1.5 / h**3 * np.sqrt(energy)

    kT = k_B * 450.0
    n, _ = quad(lambda x: states(x * kT) * kT / (1 + np.exp(x - 2.0)), 0, 60, epsrel=1e-12, limit=200)
    assert spb.carrier_density(2.0, 450.0, 1.3) == pytest.approx(n, rel=1e-10)


@pytest.mark.parametrize("r", [-0.5, 0.5])
@pytest.mark.parametrize("eta", [-2.0, 1.0, 6.0])
def test_onsager(r, eta):
    """What a temperature difference drives, and the heat that a voltage drives, are the same coefficient."""
    kT, step = k_B * 400.0, 1e-4

    def flow(power, level, temperature):
        # carriers (power 0) or energy from the Fermi level (power 1) that leave a reservoir, any unit
        def flux(x):
            return x ** (r + 1.5) * (x - eta) ** power / (1 + np.exp((x - level) / temperature))

        return sum(quad(flux, a, b, epsabs=1e-13, epsrel=1e-13)[0] for a, b in ((0, 5), (5, 20), (20, 60)))

    # temperatures in units of T, levels in units of k_B T, and the levels held against the band
    by_heat = (flow(0, eta, 1 + step) - flow(0, eta, 1 - step)) / (2 * step)
    by_voltage = (flow(1, eta + step, 1) - flow(1, eta - step, 1)) / (2 * step)
    conduction = (flow(0, eta + step, 1) - flow(0, eta - step, 1)) / (2 * step)
    assert by_heat == pytest.approx(by_voltage, rel=1e-6)
    peltier = by_voltage / conduction * kT / e
    assert spb.seebeck(eta, r) * 400.0 == pytest.approx(peltier, rel=1e-6)


@given(EXPONENT, st.floats(-200.0, 1e4), st.floats(1e-5, 100.0))
def test_seebeck_falls_and_is_convex(r, eta, step):
    left, middle, right = spb.seebeck(np.array([eta, eta + step, eta + 2 * step]), r)
    assert left > middle > right > 0.0
    assert left + right - 2 * middle > -1e-13 * left


@given(EXPONENT, st.floats(-200.0, 1e4))
def test_lorenz_number_lies_between_its_limits(r, eta):
    low, high = sorted([UNIT**2 * (r + 2.5), LORENZ_SOMMERFELD])
    assert low * (1 - 1e-14) <= spb.lorenz_number(eta, r) <= high * (1 + 1e-14)


def test_slopes_of_the_moments():
    eta = np.linspace(-45.0, 90.0, 541)
    for value, slope in ((energy_excess, energy_excess_slope), (energy_variance, energy_variance_slope)):
        central = (value(1.0, eta + 1e-4) - value(1.0, eta - 1e-4)) / 2e-4
        np.testing.assert_allclose(slope(1.0, eta), central, rtol=1e-5, atol=3e-9)


def test_anisotropy():
    assert spb.anisotropy_factor(1.0) == 1.0
    assert spb.hall_factor(1.0, mass_anisotropy=4.0) == pytest.approx(8 / 9 * spb.hall_factor(1.0))


def test_names_of_mechanisms():
    exponents = {name: one.exponent for name, one in mechanisms().items() if one.exponent is not None}
    assert len(exponents) >= 5
    for name, exponent in exponents.items():
        assert spb.seebeck(0.3, name) == spb.seebeck(0.3, exponent)
    with pytest.raises(InputError, match='carrier = "hole": "p" or "n" is expected'):
        spb.seebeck(0.0, carrier="hole")
    with pytest.raises(InputError, match='did you mean "acoustic"'):
        scattering_exponent("acustic")


def test_exponents_that_diverge():
    with pytest.raises(InputError, match="above -3/4"):
        spb.hall_factor(0.0, -0.8)
    with pytest.raises(InputError, match="a power above -1"):
        spb.seebeck(0.0, -2.5)


def test_shapes():
    T = np.array([[300.0], [500.0]])
    eta = np.array([-1.0, 0.0, np.nan])
    found = spb.carrier_density(eta, T, 1.1)
    assert found.shape == (2, 3)
    assert np.isnan(found[:, 2]).all()
    assert np.isfinite(found[:, :2]).all()
    assert spb.seebeck(np.zeros((2, 0))).shape == (2, 0)


@pytest.mark.parametrize("state", [lambda eta: eta, lambda eta: CarrierState(eta, 0.1)])
@pytest.mark.parametrize("function", [spb.seebeck, lambda level: spb.carrier_density(level, 300.0)])
def test_levels_changed_in_place_and_very_many_levels_are_found_anew(state, function):
    many = np.linspace(-50.0, 80.0, 10_001)
    eta, whole = many[:101].copy(), function(state(many))
    first = function(state(eta))
    eta[:] = many[5000:5101]
    np.testing.assert_allclose(first, whole[:101], rtol=1e-13)
    np.testing.assert_allclose(function(state(eta)), whole[5000:5101], rtol=1e-13)


def test_hall_carrier_density_of_spherical_valleys_of_the_free_mass_is_the_default():
    """Non-degenerate, acoustic phonons: n_H = N_c exp(eta) 8/(3 pi), N_c = 2 (2 pi m_e k_B T/h2)^3/2."""
    eta, T = -9.0, 400.0
    n = 2.0 * (2.0 * pi * m_e * k_B * T / h**2) ** 1.5 * np.exp(eta)
    assert float(spb.hall_carrier_density(eta, T)) == pytest.approx(n * 8.0 / (3.0 * pi), rel=1e-4)
