"""Mobility by deformation potential, its inverse, paths and grain boundaries."""

from math import pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioffe.base.constants import e, h, hbar, k_B, m_e
from ioffe.transport import mobility
from ioffe.transport import single_band as spb
from ioffe.transport.fermi import fermi_integral

POSITIVE = st.floats(0.1, 10.0)


def test_published_value():
    found = mobility.acoustic_hall_mobility(1.0, 300.0, 50e9, 15 * e, 1.2)
    assert found * 1e4 == pytest.approx(7.930900, abs=5e-7)


def test_the_printed_formula_with_h_is_wrong_by_two_pi_to_the_fourth():
    assert (h / hbar) ** 4 == pytest.approx(1559, abs=0.5)


def test_published_form():
    eta, T, C, E, mass, valleys, inertial = 0.7, 450.0, 61e9, 21 * e, 1.4, 6.0, 0.31
    band = mass * valleys ** (-2 / 3) * m_e
    scale = e * pi * hbar**4 * C / (np.sqrt(2) * (k_B * T) ** 1.5 * E**2 * band**1.5 * inertial * m_e)
    form = 0.5 * fermi_integral(-0.5, eta) / fermi_integral(0.0, eta)
    found = mobility.acoustic_hall_mobility(eta, T, C, E, mass, valleys, inertial)
    assert found == pytest.approx(scale * form, rel=1e-13)


@given(st.floats(-10.0, 20.0), POSITIVE, st.sampled_from([1, 2, 6, 12]), st.floats(2.0, 60.0))
def test_deformation_potential_round_trip(eta, mass, valleys, volts):
    args = (500.0, 45e9)
    hall = mobility.acoustic_hall_mobility(eta, *args, volts * e, mass, valleys)
    found = mobility.deformation_potential(hall, eta, *args, mass, valleys)
    assert found == pytest.approx(volts * e, rel=1e-12)


def test_valleys_of_one_mass_raise_the_conductivity_alone():
    # ten valleys of one mass: the mobility is that of one, the weighted mobility ten times as large
    one = mobility.acoustic_mobility_parameter(300.0, 50e9, 15 * e, 0.3)
    ten = mobility.acoustic_mobility_parameter(300.0, 50e9, 15 * e, 0.3 * 10 ** (2 / 3), 10)
    assert ten == pytest.approx(one, rel=1e-13)


def test_relaxation_time():
    assert mobility.relaxation_time(100e-4, 0.5) == pytest.approx(100e-4 * 0.5 * m_e / e)


@given(st.floats(-30.0, 60.0))
def test_acoustic_path_is_one_number(eta):
    # v tau of one energy does not depend on it
    path = mobility.mean_free_path(80e-4, 400.0, 0.4, eta)
    tau = mobility.relaxation_time(80e-4, 0.4)
    assert path == pytest.approx(np.sqrt(2 * k_B * 400.0 / (0.4 * m_e)) * tau, rel=1e-13)
    assert mobility.mobility_parameter_of_path(path, 400.0, 0.4) == pytest.approx(80e-4, rel=1e-13)


@pytest.mark.parametrize("r", [-0.5, 0.0, 0.5, 1.5])
def test_path_in_a_metal_is_fermi_velocity_times_time(r):
    eta = 1e4
    tau = mobility.relaxation_time(80e-4, 0.4) * eta**r
    velocity = np.sqrt(2 * eta * k_B * 300.0 / (0.4 * m_e))
    assert mobility.mean_free_path(80e-4, 300.0, 0.4, eta, r) == pytest.approx(velocity * tau, rel=1e-6)


def test_matthiessen():
    assert mobility.matthiessen(2.0) == 2.0
    np.testing.assert_allclose(mobility.matthiessen(1.0, [1.0, 3.0], 0.5), [0.25, 0.3])


def test_second_phase_of_a_published_alloy_costs_little_mobility():
    # 7.33e21 m^-3 precipitates of 20 nm: a path of 109 nm against some 10 nm of phonons
    path = 1 / (7.33e21 * pi * 20e-9**2)
    particles = mobility.mobility_parameter_of_path(path, 300.0, 0.2)
    phonons = 300e-4
    assert 0.9 < mobility.matthiessen(phonons, particles) / phonons < 0.95


@given(POSITIVE, POSITIVE, st.floats(0.0, 1.0))
def test_series_lies_between(grain, boundary, share):
    found = mobility.series_conductivity(grain, boundary, share)
    assert min(grain, boundary) * (1 - 1e-14) <= found <= max(grain, boundary) * (1 + 1e-14)


def test_activated_boundaries_turn_the_slope_of_the_conductivity():
    T = np.linspace(300.0, 700.0, 81)
    grains = 6e4 * (T / 300) ** -1.5
    boundaries = mobility.boundary_conductivity(3e3, 0.12 * e, T)
    sigma = mobility.series_conductivity(grains, boundaries, 2e-3)
    rising = np.diff(sigma) > 0
    assert rising[0]
    assert not rising[-1]
    assert np.count_nonzero(np.diff(rising)) == 1


def test_boundary_mobility_is_thermionic_emission():
    # current of a Maxwell gas over the barrier: n e <v+> e dV/(k_B T) for each grain
    T, mass, size = 350.0, 0.6, 2e-6
    mean_velocity = np.sqrt(k_B * T / (2 * pi * mass * m_e))
    expected = e * size * mean_velocity / (k_B * T) * np.exp(-0.08 * e / (k_B * T))
    assert mobility.boundary_mobility(size, 0.08 * e, T, mass) == pytest.approx(expected, rel=1e-13)


def test_acoustic_drift_mobility_of_a_metal_falls_with_the_level():
    found = spb.mobility(np.array([10.0, 40.0]), 1.0)
    assert found[0] / found[1] == pytest.approx(2.0, rel=0.02)
