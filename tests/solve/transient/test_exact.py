"""Closed forms: eigenfunction series, half spaces, lumped bodies, and energies that follow from the ends."""

import numpy as np
import pytest
from scipy.special import erfcx

import ioffe as te
from tests.device.cases import constant
from tests.solve.transient.materials import CAPACITY, HEAVY, plain

L, AREA, KAPPA = 2e-3, 4e-6, 1.5
D = KAPPA / CAPACITY
TAU = L**2 / (np.pi**2 * D)
"""Slowest time of a slab between two fixed temperatures, s."""
MODES = np.arange(1, 400)[:, None, None]


def lines(result, times):
    """Temperature of the one segment at each time, and the places."""
    profiles = [result.profile(t) for t in times]
    return profiles[0].position, np.array([p.T for p in profiles])


def test_step_of_a_boundary_temperature():
    times = TAU * np.array([0.02, 0.1, 0.5, 1.5, 4.0])
    leg = te.Leg(plain(), L, AREA)
    r = leg.solve(
        te.Transient(
            mode="generate",
            T_hot=te.steps([(0, 300), (0.1 * TAU, 350)]),
            T_cold=300,
            current=0,
            duration=5 * TAU,
            initial="steady",
            tolerance=1e-6,
        )
    )
    x, T = lines(r, 0.1 * TAU + times)
    n, at, place = MODES, times[None, :, None], x[None, None, :]
    series = 2.0 / (n * np.pi) * np.sin(n * np.pi * place / L) * np.exp(-(n**2) * at / TAU)
    exact = 300.0 + 50.0 * (1.0 - x / L - series.sum(axis=0))
    assert T == pytest.approx(exact, abs=1.5e-3)
    flux = KAPPA * 50.0 / L * (1.0 + 2.0 * np.exp(-(np.arange(1, 400) ** 2) * times[2] / TAU).sum())
    assert r.at(0.1 * TAU + times[2])["heat_hot"] == pytest.approx(AREA * flux, rel=2e-4)


def test_step_of_the_joule_heat():
    """Between equal temperatures and with constant properties Peltier heat stays at the ends."""
    current, sigma = 3.0, 1e5
    times = TAU * np.array([0.05, 0.3, 1.0, 6.0])
    leg = te.Leg(plain(conductivity=sigma), L, AREA)
    r = leg.solve(
        te.Transient(
            mode="generate",
            T_hot=300,
            T_cold=300,
            current=te.pulse(0, current, 0, 1e3),
            duration=8 * TAU,
            tolerance=1e-8,
        )
    )
    x, T = lines(r, times)
    top = (current / AREA) ** 2 / sigma * L**2 / KAPPA
    n, at, place = 2 * MODES - 1, times[None, :, None], x[None, None, :]
    series = 4.0 / (n * np.pi) ** 3 * np.sin(n * np.pi * place / L) * np.exp(-(n**2) * at / TAU)
    exact = 300.0 + top * (0.5 * x / L * (1.0 - x / L) - series.sum(axis=0))
    assert top > 10.0
    assert T == pytest.approx(exact, abs=2e-6 * top)


def test_peltier_step_of_a_half_space():
    """At short times the cold end of a leg knows nothing of the hot one: T = T0 exp(y^2) erfc(y)."""
    current, S, area = 8.0, 2e-4, 1e-6
    leg = te.Leg(plain(S, conductivity=1e13), L, area)
    times = np.geomspace(3e-5, 3e-2, 10)
    r = leg.solve(
        te.Transient(
            mode="cool",
            T_hot=300,
            heat=0,
            current=te.pulse(0, current, 0, 1),
            duration=0.03,
            times=times,
            tolerance=1e-7,
            initial=300,
        ),
        force=True,
    )
    y = current / area * S / KAPPA * np.sqrt(D * times)
    assert r.T_cold == pytest.approx(300.0 * erfcx(y), abs=1e-3)
    assert r.T_cold[0] < 298.0
    assert r.T_cold[-1] < 245.0


def test_side_losses_of_a_leg_that_cools_down():
    """Every mode fades by its own rate and that of the side loss."""
    h, side = 200.0, 2e-3
    leg = te.Leg(plain(), L, f"{side} m x {side} m", side=te.SideLoss(convection=h))
    r = leg.solve(
        te.Transient(
            mode="generate",
            T_hot=300,
            T_cold=300,
            T_ambient=300,
            current=0,
            duration=2 * TAU,
            initial=360.0,
            tolerance=1e-6,
        )
    )
    times = TAU * np.array([0.2, 0.6, 1.9])
    x, T = lines(r, times)
    n, at, place = 2 * MODES - 1, times[None, :, None], x[None, None, :]
    fade = np.exp(-(n**2) * at / TAU - 4.0 * h / side / CAPACITY * at)
    exact = 300.0 + 60.0 * (4.0 / (n * np.pi) * np.sin(n * np.pi * place / L) * fade).sum(axis=0)
    assert 4.0 * h / side / CAPACITY * TAU > 0.1
    assert T == pytest.approx(exact, abs=3e-3)


@pytest.mark.parametrize("behind", [False, True])
def test_a_mass_behind_a_massless_leg(behind):
    """One exponential; with a resistance to its reservoir, or where the heat enters."""
    K, mass, R = KAPPA * AREA / L, 2.0, 150.0
    module = te.Module(
        te.Leg(plain(name="p"), L, AREA),
        te.Leg(plain(-2e-4, name="n"), L, AREA),
        fill_factor=0.5,
        hot=[te.Layer(plain(kappa=400.0), 1e-6)],
    )
    sides = {"T_cold": 280.0, "cold_resistance": R, "mode": "generate"}
    r = module.solve(
        te.Transient(
            T_hot=te.steps([(0, 300), (50, 320)]),
            current=0,
            cold_mass=mass,
            duration=2000,
            massless=["p", "n"],
            initial=300,
            tolerance=1e-7,
            cells=30,
            **(sides if behind else {"heat": 0.01, "mode": "cool"}),
        )
    )
    rate = (2.0 * K + behind / R) / mass
    goal = [(2.0 * K * T + (280.0 / R if behind else 0.01)) / (2.0 * K + behind / R) for T in (300.0, 320.0)]
    at_50 = goal[0] + (300.0 - goal[0]) * np.exp(-rate * 50.0)
    exact = np.where(
        r.time <= 50.0,
        goal[0] + (300.0 - goal[0]) * np.exp(-rate * r.time),
        goal[1] + (at_50 - goal[1]) * np.exp(-rate * (r.time - 50.0)),
    )
    # the thin layer in front of the legs is all that differs
    assert r.T_cold_face == pytest.approx(exact, abs=1e-3)
    assert np.ptp(r.T_cold_face) > (2.0 if behind else 20.0)
    assert r.energy_balance < 1e-10


def test_energy_to_warm_a_leg_up():
    """It is the integral of the heat capacity, whatever the steps."""
    T = np.array([250.0, 320.0, 330.0, 600.0])
    heat = te.Curve(T, [120.0, 180.0, 400.0, 200.0], "heat_capacity", interpolation="linear")
    leg = te.Leg(constant().replace(density=7000.0, heat_capacity=heat), L, AREA)
    for tolerance in (1e-3, 1e-5):
        r = leg.solve(
            te.Transient(
                mode="cool",
                T_hot=400,
                heat=0,
                current=0,
                duration=3000,
                initial=300,
                tolerance=tolerance,
                mesh_check=False,
            )
        )
        exact = 7000.0 * heat.integral(300.0, 400.0) * L * AREA
        assert r.stored_energy[-1] == pytest.approx(exact, rel=1e-9)
        assert -r.energy_hot[-1] == pytest.approx(exact, rel=1e-9)
        assert r.energy_balance < 1e-11


def test_figure_of_merit_from_two_voltages():
    """Small currents: the voltage at once is I R, and after a while I R (1 + zT)."""
    S, sigma, current = 2.2e-4, 9e4, 1e-3
    m = constant(S, sigma, KAPPA).replace(**HEAVY)
    leg = te.Leg(m, L, AREA)
    r = leg.solve(
        te.Transient(
            mode="cool",
            T_hot=300,
            heat=0,
            current=te.pulse(0, current, 1, 1e4),
            duration=200,
            initial=300,
            tolerance=1e-8,
        )
    )
    jump = np.flatnonzero(np.diff(r.time) == 0)[0]
    at_once = r.voltage[jump + 1]
    assert at_once == pytest.approx(current * L / (sigma * AREA), rel=1e-9)
    assert r.voltage[jump] == pytest.approx(0.0, abs=1e-12)
    # half of the Joule heat flows against the Peltier heat
    zT = S**2 * sigma / KAPPA * r.T_cold[-1] - 0.5 * S * current * L / (KAPPA * AREA)
    assert r.voltage[-1] / at_once - 1.0 == pytest.approx(zT, rel=1e-6)


def test_temperature_jump_of_a_contact():
    """R (q + half of the contact's Joule heat), at every moment."""
    Rth, Re = 2e-5, 1e-9
    leg = te.Leg(
        segments=[te.Segment(plain(name="a"), 1e-3), te.Segment(plain(1e-4, name="b"), 1e-3)],
        area=AREA,
        between=te.Contact(electrical=Re, thermal=Rth),
    )
    r = leg.solve(
        te.Transient(
            mode="generate",
            T_hot=te.cycle(400, 500, "2 s", ramp=0.5),
            T_cold=300,
            duration=5,
            current=te.steps([(0, 0), (1, 3.0)]),
        )
    )
    for t in (0.7, 1.3, 3.9):
        p = r.profile(t)
        k = list(p.layer).index("b")
        joule = (r.at(t)["current"] / AREA) ** 2 * Re
        assert p.T[k - 1] - p.T[k] == pytest.approx(Rth * (p.heat_flux[k - 1] + 0.5 * joule), rel=1e-4)
        assert p.heat_flux[k] - p.heat_flux[k - 1] == pytest.approx(joule, abs=2e-4 * abs(p.heat_flux[k]))
        step = p.electric_potential[k - 1] - p.electric_potential[k]
        assert step == pytest.approx(r.at(t)["current"] * Re / AREA, abs=1e-12)
