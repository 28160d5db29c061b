"""Weighted mobility, quality factor, the best zT; Pisarenko and Jonker relations; estimates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from ioffe.base.constants import e, k_B
from ioffe.transport import merit, pisarenko, quality
from ioffe.transport import single_band as spb

EXPONENT = st.sampled_from([-0.5, 0.0, 0.5, 1.5])


@given(st.floats(-20.0, 60.0), EXPONENT, st.floats(1e-4, 1.0), st.floats(50.0, 1500.0))
def test_weighted_mobility_round_trip(eta, r, mobility, T):
    S, sigma = spb.seebeck(eta, r, "n"), spb.electrical_conductivity(eta, T, mobility, r)
    assert quality.weighted_mobility(S, sigma, T, r) == pytest.approx(mobility, rel=1e-12)


def test_closed_form_of_the_weighted_mobility_is_near():
    S = np.linspace(20e-6, 500e-6, 97)
    near = quality.weighted_mobility_estimate(S, 5e4, 400.0)
    exact = quality.weighted_mobility(S, 5e4, 400.0)
    off = np.abs(near / exact - 1)
    assert 0.01 < off.max() < 0.032


def test_closed_form_in_its_limits_and_without_overflow():
    high = quality.weighted_mobility_estimate(30 * k_B / e, 1.0, 300.0)
    assert high * spb.transport_coefficient(1.0, 300.0) == pytest.approx(np.exp(28.0), rel=1e-9)
    edge = quality.weighted_mobility_estimate(-k_B / e, 1.0, 300.0)  # both terms by half
    assert edge * spb.transport_coefficient(1.0, 300.0) == pytest.approx(0.5 * np.exp(-1) + 1.5 / np.pi**2)
    assert np.isfinite(quality.weighted_mobility_estimate([0.0, 0.02], 1.0, 300.0)).all()


def test_lorenz_estimate_is_within_its_stated_error():
    eta = np.linspace(-8.0, 60.0, 501)
    near = quality.lorenz_estimate(-spb.seebeck(eta))
    off = np.abs(near / spb.lorenz_number(eta) - 1)
    assert off.max() == pytest.approx(0.036, abs=0.003)


def test_gap():
    assert quality.goldsmid_sharp_gap(-200e-6, 500.0) == pytest.approx(0.2 * e)


@given(st.floats(-8.0, 15.0), EXPONENT, st.floats(1e-3, 5.0))
def test_zT_of_quality_is_zT(eta, r, weighted):
    T, lattice = 500.0, 0.9
    S, sigma = spb.seebeck(eta, r), spb.electrical_conductivity(eta, T, weighted, r)
    kappa = lattice + spb.lorenz_number(eta, r) * sigma * T
    B = quality.quality_factor(weighted, lattice, T)
    assert quality.zT_of_quality(eta, B, r) == pytest.approx(merit.zT(S, sigma, kappa, T), rel=1e-12)


@pytest.mark.parametrize("r", [-0.5, 0.0, 0.5, 1.5])
@pytest.mark.parametrize("B", [1e-3, 0.03, 0.4, 3.0, 1e3])
def test_best_zT_is_the_largest(r, B):
    best = quality.best_zT(B, r)

    def less(eta):
        return -float(quality.zT_of_quality(eta, B, r))

    found = minimize_scalar(less, bounds=(-20, 40), method="bounded")
    assert best.value == pytest.approx(-found.fun, rel=1e-9)
    assert best.value >= -found.fun * (1 - 1e-14)
    assert best.reduced_fermi_level == pytest.approx(found.x, abs=2e-3)


def test_best_power_factor():
    # S^2 F_0 of acoustic phonons: eta = 0.668, S = 167 uV/K
    best = quality.best_zT(0.0)
    eta = best.reduced_fermi_level
    near = eta + np.array([-1e-3, 0.0, 1e-3])
    around = spb.seebeck(near) ** 2 * spb.reduced_conductivity(near)
    assert around[1] > around[0]
    assert around[1] > around[2]
    assert spb.seebeck(eta) * 1e6 == pytest.approx(166.9, abs=0.1)
    assert best.value == 0.0


def test_power_factor_without_a_best():
    # r = 1/2: S^2 sigma of a metal is one number; r = 3/2: it rises with the Fermi level
    for r in (0.5, 1.5):
        best = quality.best_zT([0.0, 0.1], r)
        assert np.isnan(best.reduced_fermi_level).tolist() == [True, False]
        assert np.isnan(best.value).tolist() == [True, False]


def test_best_zT_rises_with_quality_and_all_at_once():
    B = np.geomspace(1e-8, 1e8, 161)
    value, eta = quality.best_zT(B)
    assert (np.diff(value) > 0).all()
    assert (np.diff(eta) < 0).all()
    one = [quality.best_zT(b).reduced_fermi_level for b in B[::20]]
    np.testing.assert_allclose(eta[::20], one, rtol=1e-9, atol=1e-9)


@given(st.floats(1e23, 1e27), st.floats(0.1, 5.0), EXPONENT, st.booleans())
def test_density_relations_agree_with_the_band(density, mass, r, hall):
    T, weighted = 450.0, 200e-4
    band = pisarenko.DopedBand(T, mass, weighted, scattering=r, carrier="n", hall=hall)
    S, mu, factor = band.seebeck(density), band.mobility(density), band.power_factor(density)
    assert factor == pytest.approx(S**2 * density * e * mu, rel=1e-11)
    found = pisarenko.seebeck_of_conductivity(density * e * mu, T, weighted, r, "n")
    assert found == pytest.approx(S, rel=1e-10)


@pytest.mark.parametrize("hall", [True, False])
def test_best_density(hall):
    band = pisarenko.DopedBand(600.0, 1.1, 250e-4, 0.7, scattering=-0.5, hall=hall)
    best = band.best()
    n = best.density * np.array([0.9, 0.99, 1.0, 1.01, 1.1])
    values = band.zT(n)
    assert values.argmax() == 2
    assert best.zT == pytest.approx(values[2], rel=1e-12)


@pytest.mark.parametrize("r", [-0.5, 0.5])
def test_jonker_line(r):
    sigma = np.array([1e-6, 1e-3])
    line = pisarenko.jonker_line(sigma, 300.0, 100e-4, r, "n")
    exact = pisarenko.seebeck_of_conductivity(sigma, 300.0, 100e-4, r, "n")
    np.testing.assert_allclose(exact, line, rtol=1e-7)
    assert np.diff(line)[0] == pytest.approx(k_B / e * np.log(1e3))
