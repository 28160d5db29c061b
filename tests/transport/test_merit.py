"""Figures of merit at a temperature and over a span of temperatures."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from ioffe.base.curve import Curve
from ioffe.base.errors import ConvergenceError, InputError
from ioffe.transport import engineering, merit

T_COLD = st.floats(100.0, 400.0)
SPAN = st.floats(5.0, 900.0)
FIGURE = st.floats(1e-6, 5.0)


def test_figure_of_merit():
    assert merit.zT(-200e-6, 1e5, 1.5, 300.0) == pytest.approx(0.8)
    assert merit.power_factor(191e-6, 19200.0) * 1e4 == pytest.approx(7.0, abs=0.01)


@given(FIGURE, T_COLD, SPAN)
def test_device_ZT_inverts_constant_properties(ZT, cold, span):
    eta = merit.constant_property_efficiency(ZT, cold + span, cold)
    assert 0.0 < eta < span / (cold + span)
    assert merit.device_ZT(eta, cold + span, cold) == pytest.approx(ZT, rel=1e-11)


def test_device_ZT_as_printed():
    eta, hot, cold = 0.097, 573.0, 293.0
    printed = ((hot - cold * (1 - eta)) / (hot * (1 - eta) - cold)) ** 2 - 1
    assert merit.device_ZT(eta, hot, cold) == pytest.approx(printed, rel=1e-13)


@given(FIGURE, T_COLD, SPAN)
def test_kims_estimate_is_exact_for_constant_properties(ZT, cold, span):
    hot, S = cold + span, 200e-6
    engineering_ZT = ZT * 2 * span / (hot + cold)
    found = merit.kim_efficiency(engineering_ZT, S, S * span, cold, hot)
    assert found == pytest.approx(merit.constant_property_efficiency(ZT, hot, cold), rel=1e-12)


def test_kims_estimate_as_printed():
    ZT, a, hot, cold = 0.6, 1.15, 600.0, 300.0
    carnot = 1 - cold / hot
    q = np.sqrt(1 + ZT * (a / carnot - 0.5))
    expected = carnot * (q - 1) / (a * (q + 1) - carnot)
    found = merit.kim_efficiency(ZT, a * 2e-4, 2e-4 * (hot - cold), cold, hot)
    assert found == pytest.approx(expected, rel=1e-13)


def test_compatibility_factor():
    assert merit.compatibility_factor(-200e-6, 1.0, 500.0) == pytest.approx(-(np.sqrt(2) - 1) / 0.1)
    small = merit.compatibility_factor(200e-6, 1e-12, 500.0)
    assert small == pytest.approx(0.5e-12 / 0.1, rel=1e-11)  # no digits lost


def test_compatibility_factor_is_the_best_reduced_current():
    # local efficiency u (S - u rho kappa)/(S u + 1/T) over the reduced current density u = J/(kappa dT/dx)
    S, T, zT = 180e-6, 450.0, 0.9
    u = merit.compatibility_factor(S, zT, T) * np.array([0.999, 1.0, 1.001])
    local = u * (S - u * S**2 * T / zT) / (u * S + 1 / T)
    assert local.argmax() == 1


def test_contacts():
    # 1 mm leg of 1000 S/cm with 5 uohm cm2 at either end
    assert merit.zT_with_contacts(1.0, 1e5, 1e-3, 5e-10) == pytest.approx(1 / 1.1)
    assert merit.zT_with_contacts(0.7, 1e5, 1e-3, 0.0) == 0.7


def test_coolers_of_a_publication():
    # 59 K at 300 K, 76 K at 350 K, 57 K of the module with 31 pairs, 67 K of a commercial one
    span, cold = np.array([59.0, 76.0, 57.0, 67.0]), np.array([241.0, 274.0, 243.0, 233.0])
    found = merit.device_Z(span, cold)
    np.testing.assert_allclose(found, [2.03e-3, 2.02e-3, 1.93e-3, 2.47e-3], atol=5e-6)
    np.testing.assert_allclose(merit.delta_T_max(found, cold), span, rtol=1e-14)


def curves(interpolation):
    T = [300.0, 380.0, 450.0, 520.0, 600.0]
    S = Curve(T, [180e-6, 200e-6, 212e-6, 215e-6, 205e-6], interpolation=interpolation)
    rho = Curve(T, [8e-6, 10e-6, 12.5e-6, 15e-6, 17e-6], interpolation=interpolation)
    kappa = Curve(T, [1.5, 1.35, 1.28, 1.3, 1.42], interpolation=interpolation)
    return S, rho, kappa


@pytest.mark.parametrize("interpolation", ["linear", "pchip", "cubic"])
def test_engineering_figures_of_curves(interpolation):
    S, rho, kappa = curves(interpolation)
    knots = S.knots

    def area(curve):
        return sum(quad(curve, a, b, epsrel=1e-12)[0] for a, b in pairwise(knots))

    volts, ohms, watts = (area(curve) for curve in (S, rho, kappa))
    factor = engineering.engineering_power_factor(S, rho, 300.0, 600.0)
    assert factor == pytest.approx(volts**2 / ohms, rel=1e-12)
    found = engineering.engineering_ZT(S, rho, kappa, 300.0, 600.0)
    assert found == pytest.approx(volts**2 * 300.0 / (ohms * watts), rel=1e-12)
    estimate = engineering.efficiency_estimate(S, rho, kappa, 300.0, 600.0)
    assert estimate == pytest.approx(merit.kim_efficiency(found, S(600.0), volts, 300.0, 600.0), rel=1e-12)


def test_cumulative_estimate_is_nearer_to_the_leg_over_a_wide_span():
    """S rises to twice its value: the short form is far too low, the cumulative one is not."""
    from ioffe import Generator, Leg, Material

    T = np.array([300.0, 550.0, 800.0])
    S, sigma, kappa = np.array([120e-6, 190e-6, 240e-6]), [1.2e5, 7e4, 5e4], [1.6, 1.3, 1.2]
    names = {"seebeck": S, "electrical_conductivity": sigma, "thermal_conductivity": kappa}
    material = Material.from_arrays("rising", "p", T, **names, interpolation="linear")
    exact = Leg(material, "5 mm", "9 mm2").solve(Generator(T_hot=800.0, T_cold=300.0)).max_efficiency
    profiles = (material.seebeck, material.electrical_resistivity, material.known_thermal_conductivity)
    short, whole = (
        float(engineering.efficiency_estimate(*profiles, 300.0, 800.0, cumulative=c)) for c in (False, True)
    )
    assert short < 0.93 * exact
    assert whole == pytest.approx(exact, rel=0.02)


def test_both_estimates_are_exact_for_constant_properties():
    S, rho, kappa = (([300.0, 700.0], [value] * 2) for value in (200e-6, 1e-5, 1.5))
    T_hot = np.array([350.0, 500.0, 700.0])
    short, whole = (
        engineering.efficiency_estimate(S, rho, kappa, 300.0, T_hot, cumulative=c) for c in (False, True)
    )
    np.testing.assert_allclose(whole, short, rtol=1e-12)
    m = np.sqrt(1.0 + (200e-6) ** 2 / (1e-5 * 1.5) * (300.0 + T_hot) / 2.0)
    np.testing.assert_allclose(short, (1 - 300 / T_hot) * (m - 1) / (m + 300 / T_hot), rtol=1e-12)


def test_weights_of_the_cumulative_estimate_by_another_integration():
    """Thomson's heat from the derivative of S, both double integrals by the trapezoidal rule."""
    S, rho, kappa = curves("cubic")
    T = np.linspace(300.0, 600.0, 200_001)
    tau, share = T * np.gradient(S(T), T), (T - 300.0) / 300.0
    volts, eta = np.trapezoid(S(T), T), 0.5
    thomson = np.trapezoid(tau * share, T)
    joule = np.trapezoid(rho(T) * share, T) / np.trapezoid(rho(T), T)
    a = [(S(600.0) * 300.0 - thomson * eta) / volts - i * joule * eta for i in range(3)]
    q = np.sqrt(1.0 + engineering.engineering_ZT(S, rho, kappa, 300.0, 600.0) * a[1] / eta)
    found = engineering.efficiency_estimate(S, rho, kappa, 300.0, 600.0, cumulative=True)
    assert found == pytest.approx(eta * (q - 1.0) / (a[0] * q + a[2]), rel=1e-7)


def test_tables_are_straight_between_their_points():
    S, rho, kappa = curves("linear")
    tables = tuple((curve.T, curve.values) for curve in (S, rho, kappa))
    T_hot = np.array([310.0, 380.0, 455.0, 600.0])
    for call in (engineering.engineering_ZT, engineering.efficiency_estimate):
        expected = call(S, rho, kappa, 300.0, T_hot)
        np.testing.assert_allclose(call(*tables, 300.0, T_hot), expected, rtol=1e-13)


def test_functions_and_arrays_of_limits():
    T_cold, T_hot = np.array([[300.0], [320.0]]), np.array([400.0, 500.0, 700.0])
    found = engineering.temperature_integral(lambda T: np.exp(-T / 100), T_cold, T_hot)
    assert found.shape == (2, 3)
    np.testing.assert_allclose(found, 100 * (np.exp(-T_cold / 100) - np.exp(-T_hot / 100)), rtol=1e-13)
    bent = engineering.average(lambda T: np.maximum(T, 451.3), 300.0, 600.0)  # a kink, found by halving
    assert bent == pytest.approx((451.3 * 151.3 + (600**2 - 451.3**2) / 2) / 300, rel=1e-9)


def test_average_of_zT():
    S, rho, kappa = curves("pchip")
    found = engineering.average(lambda T: merit.zT(S(T), 1 / rho(T), kappa(T), T), 300.0, 600.0)
    expected = sum(
        quad(lambda T: S(T) ** 2 * T / (rho(T) * kappa(T)), a, b, epsrel=1e-12)[0]
        for a, b in pairwise(S.knots)
    )
    assert found == pytest.approx(expected / 300, rel=1e-8)


def test_what_cannot_be_integrated():
    with pytest.raises(InputError, match="a temperature from 300 K to 400 K"):
        engineering.temperature_integral(([300.0, 400.0], [1.0, 2.0]), 300.0, 401.0)
    with pytest.raises(InputError, match="two or more rising temperatures"):
        engineering.temperature_integral(([400.0, 300.0], [1.0, 2.0]), 300.0, 400.0)
    with pytest.raises(ConvergenceError, match="did not settle"):
        engineering.temperature_integral(lambda T: np.sin(T * 1e6), 300.0, 400.0)


def test_bounds_of_one_zT():
    """1 - (T_c/T_h)^eta_r and 1/((T_h/T_c)^(1/eta_r) - 1), as function and as table."""
    for value in (0.01, 1.0, 4.0):
        share = (np.sqrt(1.0 + value) - 1.0) / (np.sqrt(1.0 + value) + 1.0)
        assert merit.reduced_efficiency(value) == pytest.approx(share, rel=1e-12)
        T = np.linspace(300.0, 500.0, 2001)
        for zT in (lambda T, value=value: value + 0.0 * T, (T, np.full(T.shape, value))):
            rel = 1e-6 if isinstance(zT, tuple) else 1e-9
            found = engineering.efficiency_bound(zT, 300.0, [400.0, 500.0])
            assert found == pytest.approx(1.0 - (300.0 / np.array([400.0, 500.0])) ** share, rel=rel)
            found = engineering.COP_bound(zT, 300.0, 330.0)
            assert found == pytest.approx(1.0 / ((330.0 / 300.0) ** (1.0 / share) - 1.0), rel=rel)


@given(st.floats(0.05, 5.0), st.floats(200.0, 400.0), st.floats(20.0, 400.0))
def test_constant_properties_stay_below_the_bounds(ZT, cold, span):
    hot = cold + span
    z = ZT / (0.5 * (hot + cold))
    best = merit.constant_property_efficiency(ZT, hot, cold)
    assert best <= engineering.efficiency_bound(lambda T: z * T, cold, hot) * (1.0 + 1e-9)
    root = np.sqrt(1.0 + ZT)
    COP = cold / span * (root - hot / cold) / (root + 1.0)
    assert COP <= engineering.COP_bound(lambda T: z * T, cold, hot) * (1.0 + 1e-9)
