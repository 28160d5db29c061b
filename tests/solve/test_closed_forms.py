"""Constant properties: every result of both fidelities against its closed form."""

import numpy as np
import pytest

import ioffe as te
from tests.device.cases import constant

S, SIGMA, KAPPA = 2e-4, 1e5, 1.0
LENGTH, AREA = 2e-3, 4e-6
T_HOT, T_COLD = 800.0, 400.0
R = LENGTH / SIGMA / AREA
K = KAPPA * AREA / LENGTH
Z = S**2 * SIGMA / KAPPA
BOTH = pytest.mark.parametrize("fidelity", ["ideal", "1d"])


def leg(**more):
    return te.Leg(constant(S, SIGMA, KAPPA), LENGTH, AREA, **more)


@BOTH
def test_heat_voltage_and_power_at_given_current(fidelity):
    current = np.linspace(-8, 20, 15)
    r = leg().solve(te.Generator(T_hot=T_HOT, T_cold=T_COLD, current=current), fidelity, tolerance=1e-12)
    hot = K * (T_HOT - T_COLD) + S * T_HOT * current - 0.5 * R * current**2
    cold = K * (T_HOT - T_COLD) + S * T_COLD * current + 0.5 * R * current**2
    voltage = S * (T_HOT - T_COLD) - R * current
    assert r.heat_hot == pytest.approx(hot, rel=1e-12)
    assert r.heat_cold == pytest.approx(cold, rel=1e-12)
    assert r.voltage == pytest.approx(voltage, rel=1e-12, abs=1e-14)
    assert r.power == pytest.approx(voltage * current, rel=1e-12, abs=1e-13)
    assert r.status is te.Status.OK


@BOTH
def test_generator_maxima(fidelity):
    r = leg().solve(
        te.Generator(T_hot=T_HOT, T_cold=T_COLD, load="max_efficiency"), fidelity, tolerance=1e-12
    )
    root = np.sqrt(1 + Z * (T_HOT + T_COLD) / 2)
    efficiency = (1 - T_COLD / T_HOT) * (root - 1) / (root + T_COLD / T_HOT)
    assert r.max_efficiency == pytest.approx(efficiency, rel=1e-12)
    assert r.efficiency == pytest.approx(efficiency, rel=1e-12)
    assert r.max_power == pytest.approx((S * 400) ** 2 / (4 * R), rel=1e-12)
    assert r.open_circuit_voltage == pytest.approx(S * 400, rel=1e-14)
    assert r.internal_resistance == pytest.approx(R, rel=1e-10)
    assert r.short_circuit_current == pytest.approx(S * 400 / R, rel=1e-10)
    assert r.max_power_current == pytest.approx(S * 200 / R, rel=1e-9)


@BOTH
def test_hundred_legs_of_the_exact_case(fidelity):
    """50 couples of legs of 4 mm2 x 2 mm with zT = 1.6 and 3.2 at the ends, 800/400 K."""
    p, n = (te.Leg(constant(s, SIGMA, KAPPA), LENGTH, AREA) for s in (S, -S))
    module = te.Module(p=p, n=n, couples=50, fill_factor=0.5)
    power = module.solve(te.Generator(T_hot=T_HOT, T_cold=T_COLD), fidelity, tolerance=1e-12)
    assert power.power == pytest.approx(32.0, rel=1e-12)
    assert power.efficiency == pytest.approx(1 / 6, rel=1e-9)
    best = module.solve(
        te.Generator(T_hot=T_HOT, T_cold=T_COLD, load="max_efficiency"), fidelity, tolerance=1e-12
    )
    assert best.efficiency == pytest.approx(0.180021693, abs=5e-10)
    assert best.power == pytest.approx(29.18220272, abs=5e-9)


@BOTH
def test_given_load_voltage_and_heat(fidelity):
    one = leg()
    loaded = one.solve(te.Generator(T_hot=T_HOT, T_cold=T_COLD, load=3 * R), fidelity)
    assert loaded.current == pytest.approx(S * 400 / (4 * R), rel=1e-12)
    held = one.solve(te.Generator(T_hot=T_HOT, T_cold=T_COLD, voltage=0.02), fidelity)
    assert held.current == pytest.approx((S * 400 - 0.02) / R, rel=1e-12)
    heated = one.solve(te.Generator(heat=loaded.heat_hot, T_cold=T_COLD, load=3 * R), fidelity)
    assert heated.T_hot == pytest.approx(T_HOT, rel=1e-10)
    assert heated.heat_hot == pytest.approx(loaded.heat_hot, rel=1e-12)


@BOTH
def test_cooler_maxima(fidelity):
    T_hot = 300.0
    r = leg().solve(te.Cooler(T_hot=T_hot, T_cold=270, current="max_COP"), fidelity, tolerance=1e-12)
    m = np.sqrt(1 + Z * 285)
    assert r.max_COP == pytest.approx(270 / 30 * (m - T_hot / 270) / (m + 1), rel=1e-12)
    assert r.COP == pytest.approx(r.max_COP, rel=1e-12)
    assert r.max_heat == pytest.approx(0.5 * (S * 270) ** 2 / R - K * 30, rel=1e-12)
    assert r.max_heat_current == pytest.approx(S * 270 / R, rel=1e-9)
    T_cold = (np.sqrt(1 + 2 * Z * T_hot) - 1) / Z
    coldest = leg().delta_T_max(T_hot=T_hot)
    assert coldest.delta_T_max == pytest.approx(
        Z * T_cold**2 / 2, rel=1e-12 if fidelity == "ideal" else 1e-10
    )
    assert coldest.delta_T_max == pytest.approx(T_hot - T_cold, rel=1e-12)
    assert coldest.delta_T_max_current == pytest.approx(S * T_cold / R, rel=1e-7)


@BOTH
def test_heat_load_takes_the_smaller_current(fidelity):
    r = leg().solve(te.Cooler(T_hot=300, T_cold=280, heat=0.05), fidelity, tolerance=1e-12)
    i = (S * 280 - np.sqrt((S * 280) ** 2 - 2 * R * (0.05 + K * 20))) / R
    assert r.current == pytest.approx(i, rel=1e-9)
    assert r.heat_cold == pytest.approx(0.05, rel=1e-9)


def test_contact_adds_its_resistance_and_half_its_heat_to_each_end():
    rho_c = 1e-9
    one = leg(contact=te.Contact(rho_c))
    i = 5.0
    r = one.solve(te.Generator(T_hot=T_HOT, T_cold=T_COLD, current=i), tolerance=1e-12)
    bare = leg().solve(te.Generator(T_hot=T_HOT, T_cold=T_COLD, current=i), tolerance=1e-12)
    assert r.voltage == pytest.approx(bare.voltage - 2 * i * rho_c / AREA, rel=1e-12)
    # without thermal contact resistance all heat of a contact goes to the face that it touches
    assert r.heat_hot == pytest.approx(bare.heat_hot - i**2 * rho_c / AREA, rel=1e-12)
    assert r.heat_cold == pytest.approx(bare.heat_cold + i**2 * rho_c / AREA, rel=1e-12)


def test_thermal_resistances_in_series_without_current():
    one = leg(contact=te.Contact(thermal=1e-4))
    r = one.solve(
        te.Generator(
            T_hot=T_HOT, T_cold=T_COLD, current=0.0, hot_resistance=50, cold_heat_transfer_coefficient=2e4
        )
    )
    total = 1 / K + 2 * 1e-4 / AREA + 50 + 1 / (2e4 * AREA)
    assert r.heat_hot == pytest.approx(400 / total, rel=1e-12)
    assert r.T_hot == pytest.approx(800)
    assert r.T_hot_junction == pytest.approx(800 - 50 * 400 / total, rel=1e-12)


def test_fin_without_current_loses_heat_as_the_closed_form_says():
    """kappa T'' = (h p/A)(T - Ta): heat at the hot end is kappa A m [dT0 cosh(mL) - dT1]/sinh(mL)."""
    h, Ta = 40.0, 290.0
    one = te.Leg(constant(S, SIGMA, KAPPA), "30 mm", AREA, side=te.SideLoss(convection=h))
    m = np.sqrt(h * 8e-3 / AREA / KAPPA)
    assert m * 0.03 > 8  # many fin lengths: single shooting would lose all digits of the far end
    r = one.solve(te.Generator(T_hot=500, T_cold=300, current=0.0, T_ambient=Ta), tolerance=1e-12)
    hot, cold = 500 - Ta, 300 - Ta
    sinh, cosh = np.sinh(m * 0.03), np.cosh(m * 0.03)
    assert r.heat_hot == pytest.approx(KAPPA * AREA * m * (hot * cosh - cold) / sinh, rel=1e-9)
    assert r.heat_cold == pytest.approx(KAPPA * AREA * m * (hot - cold * cosh) / sinh, rel=1e-9)
