"""Carriers that change their type with time, against Boltzmann statistics by hand."""

import numpy as np
import pytest
from scipy.optimize import brentq

import ioffe as te
from ioffe.base.constants import e, h, k_B, m_e
from ioffe.base.errors import InputError
from ioffe.interface.ageing import (
    Arrhenius,
    CarrierChange,
    LinearGrowth,
    ParabolicGrowth,
    plot_carrier_change,
)
from ioffe.life import Degradation, Service, solve_life
from ioffe.material.scaling import scaled
from ioffe.transport.bands import Band, mechanism

HOUR, T, GAP = 3600.0, 400.0, 0.8 * e
DONORS = 2e22
"""Far below the density of states, so that the carriers are not degenerate."""


def bands(mobility_ratio=1.0):
    """Holes at 0, electrons at the gap; acoustic phonons."""
    return (
        Band("p", (mechanism("acoustic", 50e-4),)),
        Band("n", (mechanism("acoustic", mobility_ratio * 50e-4),), edge=GAP),
    )


def by_hand(net, b):
    """S of two bands of the free mass: p - n = net, p n = N_c2 exp(-gap/kT), S = kB/e (2 - ln(c/N_c))."""
    N_c = 2.0 * (2.0 * np.pi * m_e * k_B * T / h**2) ** 1.5
    n_i = N_c * np.exp(-GAP / (2.0 * k_B * T))
    p = 0.5 * net + np.hypot(0.5 * net, n_i)
    n = n_i**2 / p
    S_p, S_n = (sign * k_B / e * (2.0 - np.log(c / N_c)) for sign, c in ((1.0, p), (-1.0, n)))
    return (p * S_p + b * n * S_n) / (p + b * n)


@pytest.mark.parametrize("b", [1.0, 5.0])
def test_seebeck_over_time_and_its_sign_change(b):
    law = LinearGrowth(0.0, DONORS / (100.0 * HOUR))
    leg = CarrierChange(bands(b), DONORS, law)
    times = HOUR * np.array([0.0, 50.0, 90.0, 99.0, 100.0, 101.0, 120.0, 200.0])
    exact = by_hand(DONORS * (times / (100.0 * HOUR) - 1.0), b)
    assert leg.at(times, T).seebeck == pytest.approx(exact, rel=2e-3, abs=2e-7)
    net = brentq(lambda N: by_hand(N, b), -DONORS, DONORS, xtol=1e-3)
    assert leg.sign_change(T) == pytest.approx(100.0 * HOUR * (1.0 + net / DONORS), rel=1e-4)
    assert (leg.sign_change(T) > 100.0 * HOUR) == (b > 1.0)  # faster electrons win longer


def test_the_conductivity_is_least_where_both_carriers_are_few():
    leg = CarrierChange(bands(), DONORS, LinearGrowth(0.0, DONORS / (100.0 * HOUR)))
    t = HOUR * np.linspace(0.0, 200.0, 401)
    assert t[np.argmin(leg.at(t, T).electrical_conductivity)] == pytest.approx(100.0 * HOUR, rel=1e-6)


def test_a_law_that_ends_below_the_donors_changes_nothing():
    leg = CarrierChange(bands(), DONORS, LinearGrowth(0.5 * DONORS, 0.0))
    assert leg.sign_change(T) == np.inf
    assert float(leg.at(1e9, T).seebeck) < 0.0


def test_the_law_behind_a_measured_seebeck_coefficient_comes_back():
    truth = CarrierChange(bands(2.0), DONORS, ParabolicGrowth(1e20, DONORS / np.sqrt(100.0 * HOUR)))
    t = HOUR * np.array([0.0, 10.0, 30.0, 60.0, 100.0, 120.0, 150.0, 200.0])
    rng = np.random.default_rng(2)
    S = truth.at(t, T).seebeck + 3e-6 * rng.standard_normal(t.size)
    begun = CarrierChange(
        bands(2.0), 0.7 * DONORS, ParabolicGrowth(1e20, 0.5 * DONORS / np.sqrt(100.0 * HOUR))
    )
    found, errors = begun.fitted(t, S, T, ["growth", "donors"], std=3e-6)
    for name, exact in (("growth", truth.acceptors.growth), ("donors", DONORS)):
        value, std = errors[name]
        assert abs(value - exact) < 3.0 * std < 0.5 * exact
    assert found.sign_change(T) == pytest.approx(truth.sign_change(T), rel=0.05)


def test_faults_and_picture(tmp_path):
    law = LinearGrowth(1e19, DONORS / (100.0 * HOUR))
    with pytest.raises(InputError, match="a band of electrons"):
        CarrierChange(bands()[:1], DONORS, law)
    leg = CarrierChange(bands(), DONORS, law)
    with pytest.raises(InputError, match="did you mean"):
        leg.fitted([0.0, 1.0], [-1e-4, -1e-4], T, ["growht"])
    measured = [0.0, 50.0 * HOUR], [-4e-4, -3e-4]
    figure = plot_carrier_change(leg, T, 200.0 * HOUR, tmp_path / "S.png", measured=measured)
    line = figure.axes[0].lines[0].get_ydata()
    assert line[0] < 0.0 < line[-1]
    assert (tmp_path / "S.png").stat().st_size > 1000


def test_a_service_life_follows_the_carriers():
    """Power of a leg whose S and sigma are the fresh curves times S(t)/S(0) and sigma(t)/sigma(0) by hand."""
    change = CarrierChange(bands(), DONORS, LinearGrowth(0.0, DONORS / (100.0 * HOUR)))
    laws = change.factors("80 h", T)
    times = np.array([0.0, 40.0, 80.0]) * HOUR
    S = by_hand(DONORS * (times / (100.0 * HOUR) - 1.0), 1.0)
    assert laws["seebeck"].value(times) == pytest.approx(S / S[0], rel=1e-5)
    fresh = te.Leg("Mg3.5SbBi0.96Te0.04", "4 mm", "4 mm2")
    at = te.Generator(T_hot=450.0, T_cold=330.0)
    ageing = [Degradation(f"material.{name}", law) for name, law in laws.items()]
    life = solve_life(fresh, at, ageing, Service.constant("80 h"), times=times.tolist(), bands="none")
    for k, time in enumerate(times):
        factors = {"seebeck": S[k] / S[0]}
        sigma = change.at([0.0, time], T).electrical_conductivity
        factors["electrical_conductivity"] = sigma[1] / sigma[0]
        aged = te.Leg(scaled(fresh.segments[0].material, factors), "4 mm", "4 mm2")
        best = aged.solve(at.replace(current="max_power"), force=True)  # its zT is not that of the card
        assert life.max_power[k] == pytest.approx(best.max_power, rel=1e-4)
    with pytest.raises(InputError, match="before S passes zero"):
        change.factors("120 h", T)
    accelerated = CarrierChange(
        bands(), DONORS, LinearGrowth(0.0, DONORS / (100.0 * HOUR), acceleration=Arrhenius(e, 500.0))
    )
    assert accelerated.factors("80 h", T)["seebeck"].acceleration == Arrhenius(e, 500.0)
