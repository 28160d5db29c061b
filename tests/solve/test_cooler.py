"""Coolers with temperature-dependent properties."""

import numpy as np
import pytest
from scipy.integrate import solve_bvp

import ioffe as te
from tests.device.cases import held


def module(**more):
    p, n = (te.Leg(f"generic {k} cooler leg", "1.6 mm", "1.4 mm x 1.4 mm") for k in "pn")
    return te.Module(p=p, n=n, couples=127, fill_factor=0.28, **more)


@pytest.mark.parametrize(("T_hot", "expected"), [(300.0, 67.84), (323.15, 77.70), (350.0, 88.39)])
def test_delta_T_max_of_the_generic_legs(T_hot, expected):
    r = module().delta_T_max(T_hot=T_hot)
    assert r.delta_T_max == pytest.approx(expected, abs=0.005)
    assert r.heat_cold == pytest.approx(0.0, abs=1e-9)
    assert r.T_cold == pytest.approx(T_hot - r.delta_T_max)
    near = module().solve(
        te.Cooler(T_hot=T_hot, heat=0.0, current=r.delta_T_max_current * np.array([0.95, 1.05]))
    )
    assert (near.delta_T < r.delta_T_max).all()


def test_non_monotonic_profile_against_solve_bvp():
    """Far beyond the optimum the leg is hottest inside."""
    leg = te.Leg("generic p cooler leg", "1.6 mm", "1.4 mm x 1.4 mm")
    current = 9.0
    r = leg.solve(te.Cooler(T_hot=320.0, T_cold=290.0, current=current), tolerance=1e-11)
    S, rho, kappa = held(leg.segments[0].material)
    J, unit = -current / leg.area, 1e5

    def rates(_, y):
        slope = (J * S(y[0]) * y[0] - y[1] * unit) / kappa(y[0])
        return leg.length * np.vstack([slope, (J**2 * rho(y[0]) + J * S(y[0]) * slope) / unit])

    x = np.linspace(0, 1, 41)
    guess = np.vstack([320 - 30 * x, 0 * x - 3])
    s = solve_bvp(rates, lambda a, b: np.array([a[0] - 320, b[0] - 290]), x, guess, tol=1e-9, max_nodes=20000)
    assert s.status == 0
    assert s.y[0].max() > 325
    assert r.heat_hot == pytest.approx(-s.y[1, 0] * unit * leg.area, rel=1e-10)
    assert r.heat_cold == pytest.approx(-s.y[1, -1] * unit * leg.area, rel=1e-10)
    assert max(r.profile().T) == pytest.approx(s.y[0].max(), abs=0.05)


def test_given_current_heat_and_temperature_agree():
    device = module()
    at = device.solve(te.Cooler(T_hot=300.0, T_cold=280.0, current=2.0))
    back = device.solve(te.Cooler(T_hot=300.0, heat=at.heat_cold, current=2.0))
    assert back.T_cold == pytest.approx(280.0, abs=1e-8)
    again = device.solve(te.Cooler(T_hot=300.0, T_cold=280.0, heat=at.heat_cold))
    assert again.current == pytest.approx(2.0, rel=1e-9)


def test_heat_with_aim_COP_is_carried_at_equal_temperatures():
    r = module().solve(te.Cooler(T_hot=300.0, heat="10 W", aim="COP"))
    assert r.heat_cold == pytest.approx(10.0, rel=1e-9)
    assert r.delta_T == pytest.approx(0.0, abs=1e-12)
    assert any("T_cold was not given" in w for w in r.warnings)


def test_what_cannot_be_reached_has_no_numbers():
    r = module().solve(te.Cooler(T_hot=300.0, T_cold=[280.0, 220.0], current="max_COP"))
    assert r.COP[0] > 1
    assert np.isnan(r.COP[1])
    assert np.isnan(r.max_COP[1])
    assert r.status is te.Status.UNREACHABLE
    assert r.max_heat[1] < 0
    too_much = module().solve(te.Cooler(T_hot=300.0, T_cold=290.0, heat="1 kW"))
    assert too_much.status is te.Status.UNREACHABLE
    assert np.isnan(too_much.power)


def test_COP_has_no_maximum_downhill():
    r = module().solve(te.Cooler(T_hot=300.0, T_cold=[300.0, 310.0], current="max_COP"))
    assert np.isnan(r.COP).all()
    assert r.status is te.Status.UNREACHABLE
    assert (r.max_heat > 50).all()


def test_current_without_a_steady_state_is_never_a_number():
    r = module().solve(te.Cooler(T_hot=300.0, heat=0.0, current=[2.0, 500.0]))
    assert r.T_cold[0] < 300
    assert r.point_status[1] in (te.Status.RUNAWAY, te.Status.NOT_CONVERGED)
    assert np.isnan(r.T_cold[1])
    assert "hold no numbers" in " ".join(r.warnings)


def test_plates_cost_temperature_difference():
    layers = [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3", "0.6 mm")]
    bare, plated = module().delta_T_max(T_hot=300.0), module(hot=layers, cold=layers).delta_T_max(T_hot=300.0)
    assert 1 < bare.delta_T_max - plated.delta_T_max < 10
    # at the cold side no heat flows, so the plate is at the junction's temperature
    assert plated.T_cold == pytest.approx(plated.T_cold_junction, abs=1e-9)
    assert plated.T_hot_junction > 300


def test_largest_heat_behind_large_resistances():
    """It lies beyond four times the current of the largest heat between faces."""
    leg = te.Leg("generic p cooler leg", "0.41 mm", "1.22 mm2")
    at = te.Cooler(
        T_hot=310, T_cold=310, current=1.0, hot_resistance=11.7, cold_heat_transfer_coefficient=1500
    )
    best = leg.solve(at.replace(current="max_heat"), maxima=False)
    beside = [leg.solve(at.replace(current=k * best.current), maxima=False).heat_cold for k in (0.97, 1.03)]
    assert best.current > 12.0
    assert max(beside) < best.heat_cold
    carried = leg.solve(at.replace(current=None, heat=0.066), maxima=False)
    assert carried.current < 0.5 * best.current
