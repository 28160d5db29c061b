"""Transmission: WKB against closed forms, matrices against exact barriers, the image force against quad."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import airy

from ioffe.base.constants import EPSILON_0, e, hbar, k_B, m_e
from ioffe.base.errors import InputError
from ioffe.interface.barrier import (
    Junction,
    barrier_top,
    contact_resistivity,
    fermi_level,
    image_force_resistivity,
    image_transmission,
    matrix_transmission,
    parabolic_transmission,
    wkb_transmission,
)


def bent(bending, N, eps, mass=1.0):
    """Junction of a band bending, with the Fermi level at the band edge."""
    return Junction(bending, N, 300.0, eps, mass, fermi_level=0.0)


def test_parabola_is_the_integral_of_the_momentum():
    N, eps, mass, bending = 1e25, 20.0, 0.3, 0.4 * e
    one = bent(bending, N, eps, mass)
    W, E00 = one.depletion_width, one.characteristic_energy
    for share in (1e-6, 0.1, 0.5, 0.9, 0.999):
        turn = 1 - np.sqrt(share)
        # y = turn sin^2: no root at the end
        action = quad(
            lambda t, s=share, y=turn: (
                np.sqrt(max((1 - y * np.sin(t) ** 2) ** 2 - s, 0.0)) * y * 2 * np.sin(t) * np.cos(t)
            ),
            0, np.pi / 2, epsabs=1e-13, epsrel=1e-12,
        )[0]  # fmt: skip
        exponent = -2 * W / hbar * np.sqrt(2 * mass * m_e * bending) * action
        assert parabolic_transmission(share * bending, bending, E00, log=True) == pytest.approx(
            exponent, rel=1e-9
        )


def test_parabola_at_its_ends():
    E00, top = 18e-3 * e, 0.16 * e
    assert parabolic_transmission(0.0, top, E00, log=True) == pytest.approx(-160.0 / 18.0, rel=1e-12)
    np.testing.assert_array_equal(parabolic_transmission(np.array([0.16, 0.3]) * e, top, E00), [1.0, 1.0])
    assert parabolic_transmission(0.05 * e, -0.1 * e, E00) == 1.0


def test_depletion_check_values():
    """Silicon with 1e16 cm^-3 and 0.8 V: 0.325 um; the electron mass gives E00 18.566 meV."""
    silicon = bent("0.8 eV", "1e16 cm^-3", 11.9)
    assert silicon.depletion_width * 1e6 == pytest.approx(0.3245, rel=1e-3)
    E00 = bent(0.0, "2e19 cm^-3", 20.0).characteristic_energy
    assert E00 / e * 1e3 == pytest.approx(18.566, abs=5e-4)
    assert silicon.largest_field == pytest.approx(2 * 0.8 / 0.3245e-6, rel=1e-3)
    assert silicon.image_force_lowering / e == pytest.approx(
        np.sqrt(e * 4.931e6 / (4 * np.pi * 11.9 * EPSILON_0)), rel=1e-3
    )
    assert bent("-0.1 eV", "1e16 cm^-3", 11.9).depletion_width == 0.0
    assert Junction(0.2 * e, 1e25, 300.0, 20.0).band_bending == pytest.approx(
        0.2 * e + fermi_level(1e25, 300.0)
    )


def parabola(points, bending=0.3 * e, N=2e25, eps=20.0):
    W = bent(bending, N, eps).depletion_width
    x = np.linspace(0.0, W, points)
    return x, bending * (1 - x / W) ** 2


def test_numerical_wkb_tends_to_the_parabola():
    energies = np.array([0.01, 0.1, 0.2, 0.29]) * e
    exact = parabolic_transmission(
        energies, 0.3 * e, bent(0.3 * e, 2e25, 20.0, 0.3).characteristic_energy, log=True
    )
    errors = [
        np.abs(wkb_transmission(*parabola(n), energies, 0.3, log=True) / exact - 1).max()
        for n in (101, 201, 2001)
    ]
    assert errors[1] < 0.3 * errors[0]
    assert errors[2] < 1e-5


def test_wkb_of_straight_barriers_is_exact():
    E_b, W, mass = 0.3 * e, 5e-9, 0.1
    momentum = np.sqrt(2 * mass * m_e * E_b) / hbar
    square = wkb_transmission([0, 0, W, W], np.array([0, 1, 1, 0]) * E_b, 0.0, mass, log=True)
    assert square == pytest.approx(-2 * momentum * W, rel=1e-13)
    triangle = wkb_transmission([0, 0, W], np.array([0, 1, 0]) * E_b, 0.19 * E_b, mass, log=True)
    assert triangle == pytest.approx(-4 / 3 * momentum * W * 0.81**1.5, rel=1e-13)
    assert wkb_transmission([0, W], [0.0, E_b], 2 * E_b, mass) == 1.0


def square_exact(E, V, W, mass):
    ratio = V**2 / (4 * E * (V - E))
    kappa = np.sqrt(2 * mass * m_e * (V - E) + 0j) / hbar
    return 1 / (1 + ratio * (np.sinh(kappa * W) ** 2).real)


@pytest.mark.parametrize("W", [0.3e-9, 2e-9, 20e-9])
def test_square_barrier(W):
    V, energies = 0.5 * e, np.array([0.01, 0.2, 0.49, 0.51, 0.9, 3.0]) * e
    found = matrix_transmission([0, 0, W, W], [0, V, V, 0], energies, 0.4)
    np.testing.assert_allclose(found, square_exact(energies, V, W, 0.4), rtol=1e-10)


def test_opaque_barrier_keeps_its_digits():
    V, W = 2.0 * e, 300e-9
    found = matrix_transmission([0, 0, W, W], [0, V, V, 0], 0.5 * e, 1.0, log=True)
    kappa = np.sqrt(2 * m_e * 1.5 * e) / hbar
    assert found == pytest.approx(np.log(16 * 0.25 * 0.75) - 2 * kappa * W, rel=1e-12)


def test_step_between_masses():
    """A metal with another mass and a lower band: the impedances meet."""
    E, step = 0.2 * e, 5.0 * e
    found = matrix_transmission([0.0, 1e-9], [0.0, 0.0], E, 0.3, left=-step, left_mass=1.0)
    metal, solid = np.sqrt((E + step) / 1.0), np.sqrt(E / 0.3)
    assert found == pytest.approx(4 * metal * solid / (metal + solid) ** 2, rel=1e-12)


def test_double_barrier_resonance():
    """Two equal square barriers pass everything at the resonance, and as their product away from it."""
    V, W, gap, mass = 0.4 * e, 1.5e-9, 4e-9, 0.1
    x = np.cumsum([0, 0, W, 0, gap, 0, W, 0])
    U = np.array([0, 1, 1, 0, 0, 1, 1, 0]) * V
    energies = np.linspace(0.02, 0.39, 4001) * e
    found = matrix_transmission(x, U, energies, mass)
    single = square_exact(energies, V, W, mass)
    assert found.max() > 0.99
    # multiple reflections: (T/(1 + R))^2 <= T_double <= 1, the lower bound between resonances
    lower = (single / (2 - single)) ** 2
    assert np.all(found >= lower * (1 - 1e-9))
    np.testing.assert_allclose((found / lower).min(), 1.0, rtol=1e-3)


def test_sech_squared_barrier():
    """Poeschl and Teller: sinh^2(pi k a)/[sinh^2(pi k a) + cosh^2((pi/2) sqrt(8 m V a^2/hbar^2 - 1))]."""
    V, a, mass = 0.3 * e, 0.8e-9, 0.5
    x = np.linspace(-12 * a, 12 * a, 4001)
    energies = np.array([0.05, 0.2, 0.3, 0.5]) * e
    found = matrix_transmission(x, V / np.cosh(x / a) ** 2, energies, mass)
    k = np.sqrt(2 * mass * m_e * energies) / hbar
    well = np.sqrt(8 * mass * m_e * V * a**2 / hbar**2 - 1)
    exact = np.sinh(np.pi * k * a) ** 2 / (np.sinh(np.pi * k * a) ** 2 + np.cosh(np.pi / 2 * well) ** 2)
    np.testing.assert_allclose(found, exact, rtol=2e-5)


def test_triangular_barrier():
    """A slope between two leads, by Airy functions matched at both ends."""
    E_b, W, mass, E = 0.4 * e, 3e-9, 0.5, 0.1 * e
    x = np.linspace(0, W, 3001)
    found = matrix_transmission(x, E_b * (1 - x / W), E, mass, left=0.0, right=0.0)
    slope = -E_b / W
    scale = np.cbrt(2 * mass * m_e * slope / hbar**2)
    k = np.sqrt(2 * mass * m_e * E) / hbar

    def solutions(place):
        ai, ai_slope, bi, bi_slope = airy(scale * (place - (E - E_b) / slope))
        return np.array([[ai, bi], [scale * ai_slope, scale * bi_slope]])

    left = np.linalg.solve(solutions(W), np.array([1.0, 1j * k]))
    wave, derivative = solutions(0.0) @ left
    assert found == pytest.approx(1 / np.abs(0.5 * (wave + derivative / (1j * k))) ** 2, rel=1e-6)


@settings(max_examples=25)
@given(st.lists(st.floats(-0.5, 0.8), min_size=2, max_size=12), st.floats(0.01, 2.0), st.floats(0.05, 2.0))
def test_transmission_is_a_probability_and_the_same_from_both_sides(heights, E, mass):
    x, U = np.linspace(0, 3e-9, len(heights)), np.array(heights) * e
    there = matrix_transmission(x, U, E * e, mass, left=-0.3 * e, right=0.0)
    back = matrix_transmission(x, U[::-1], E * e, mass, left=0.0, right=-0.3 * e)
    assert 0.0 <= there <= 1.0 + 1e-12
    assert there == pytest.approx(back, rel=1e-8, abs=1e-300)


def test_no_wave_in_a_lead():
    assert matrix_transmission([0, 1e-9], [0.0, 0.0], -0.1 * e) == 0.0
    assert matrix_transmission([0, 1e-9], [0.0, 0.0], 0.1 * e, left=-e, right=0.2 * e) == 0.0


@pytest.mark.parametrize("call", [wkb_transmission, matrix_transmission])
def test_bad_tables(call):
    for x, U in (([1e-9, 0.0], [0.0, 1.0]), ([0.0], [1.0]), ([0.0, 1e-9], [0.0, 0.0, 0.0])):
        with pytest.raises(InputError, match="two or more positions that do not fall"):
            call(x, U, 0.0)


# --- image force


@pytest.mark.parametrize(
    ("bending", "N", "eps"), [(0.16, 2e25, 20.0), (0.6, 1e24, 12.0), (0.3, 1e22, 20.0), (0.1, 5e25, 15.0)]
)
def test_image_action_against_quad(bending, N, eps):
    """Between the roots of the cubic y (1 - y)^2 - alpha - share y, which over y is the momentum squared."""
    bending = bending * e
    one = bent(bending, N, eps, 0.5)
    W, E00 = one.depletion_width, float(one.characteristic_energy)
    alpha = e**2 / (16 * np.pi * eps * EPSILON_0 * W * bending)
    places = np.geomspace(1e-5, 1, 400001)
    top = float(barrier_top(one))
    assert top / bending == pytest.approx(((1 - places) ** 2 - alpha / places).max(), rel=1e-6)
    for share in (0.01, 0.4, 0.99):
        energy = share * top
        first, second, third = np.sort(np.roots([1.0, -2.0, 1.0 - energy / bending, -alpha]).real)

        def momentum(t, middle=0.5 * (first + second), half=0.5 * (second - first), third=third):
            y = middle + half * np.sin(t)
            return half**2 * np.cos(t) ** 2 * np.sqrt((third - y) / y)

        action = quad(momentum, -np.pi / 2, np.pi / 2, limit=400, epsabs=0.0, epsrel=1e-11)[0]
        found = image_transmission(energy, one)
        assert found == pytest.approx(-2 * bending / E00 * action, rel=1e-7)


def test_image_lowering_tends_to_the_closed_form():
    """In a wide barrier the field is constant up to the top."""
    for N, close in ((1e25, 0.2), (1e19, 0.01)):
        one = bent(0.8 * e, N, 12.0)
        lowered = 0.8 * e - barrier_top(one)
        assert lowered == pytest.approx(one.image_force_lowering, rel=close)


def test_image_force_only_lowers():
    heights, dopings = np.array([[0.1], [0.3], [0.8]]) * e, np.logspace(23, 26, 4)
    without = contact_resistivity(Junction(heights, dopings, 300.0, 20.0, 0.5))
    found = image_force_resistivity(Junction(heights, dopings, 300.0, 20.0, 0.5))
    barred = Junction(heights, dopings, 300.0, 20.0, 0.5).band_bending > 0.0
    assert np.all(found[barred] < without[barred])
    np.testing.assert_allclose(found[~barred], without[~barred], rtol=1e-12)
    # a large permittivity of the passing carrier takes it away
    faint = image_force_resistivity(Junction(heights, dopings, 300.0, 20.0, 0.5, image_permittivity=1e7))
    np.testing.assert_allclose(faint, without, rtol=2e-2)


def test_image_force_can_leave_no_barrier():
    assert barrier_top(bent(0.02 * e, 1e26, 10.0)) == 0.0
    rho = image_force_resistivity(Junction(0.01 * e, 1e26, 300.0, 10.0))
    assert rho == pytest.approx(float(contact_resistivity(Junction(-e, 1e26, 300.0, 10.0))), rel=1e-12)


def test_image_force_against_the_integral_by_quad():
    height, N, T, eps = 0.3 * e, 1e25, 300.0, 15.0
    zeta = float(fermi_level(N, T))
    thermal = k_B * T
    one = Junction(height, N, T, eps)
    top = float(barrier_top(one))
    below = quad(
        lambda E: np.exp(image_transmission(E, one)) / (1 + np.exp((E - zeta) / thermal)),
        1e-6 * top, top, limit=200, epsabs=0.0, epsrel=1e-9,
    )[0]  # fmt: skip
    above = np.log1p(np.exp((zeta - top) / thermal))
    plain = contact_resistivity(Junction(-e, N, T, eps)) * np.log1p(np.exp(zeta / thermal))
    assert image_force_resistivity(Junction(height, N, T, eps)) == pytest.approx(
        plain / (below / thermal + above), rel=1e-4
    )
