"""Temperature-dependent properties: a made-up material in closed form, from fine and from coarse tables."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq, minimize_scalar

import ioffe as te
from tests.device.cases import held, reference

T_HOT = np.array([400.0, 500.0, 600.0, 700.0])
EFFICIENCY = np.array([2.83186, 5.67792, 8.32733, 10.53495])
"""Per cent, maximum efficiency with the cold side at 300 K."""


def leg(material):
    return te.Leg(material, "1 mm", "1 cm2")


def solved(material):
    return leg(material).solve(te.Generator(T_hot=T_HOT, T_cold=300.0))


def test_maxima_from_401_points():
    r = solved(reference(401, "cubic"))
    assert 100 * r.max_efficiency == pytest.approx(EFFICIENCY, abs=5.1e-6)
    assert r.max_efficiency_current[-1] == pytest.approx(185.11, abs=0.005)
    assert r.max_power[-1] == pytest.approx(8.26919, abs=5.1e-6)
    assert r.max_power_current[-1] == pytest.approx(212.25, abs=0.005)


@pytest.mark.parametrize(("interpolation", "allowed"), [("cubic", 5e-5), ("pchip", 2e-4)])
def test_nine_points_are_enough(interpolation, allowed):
    fine = solved(reference(401, "cubic")).max_efficiency
    r = solved(reference(9, interpolation))
    assert r.max_efficiency == pytest.approx(fine, rel=3 * allowed)
    assert r.max_efficiency[-1] == pytest.approx(0.1053495, rel=allowed)


@pytest.mark.parametrize("start", [0.0, 5e-6, -10e-6])
def test_small_or_negative_seebeck_at_the_cold_side(start):
    """The voltage and the heat stay exact where |S| passes zero; an independent shooting is the witness."""
    material = reference(401, "cubic", seebeck_shift=start - 140e-6)
    r = leg(material).solve(te.Generator(T_hot=700.0, T_cold=300.0, load="max_efficiency"))
    assert r.status is te.Status.OK
    assert r.efficiency == pytest.approx(_best_efficiency(material), rel=1e-7)


def _best_efficiency(material):
    """Maximum efficiency by shooting on the heat flux with scipy, from the material's own curves."""

    S, rho, kappa = held(material)

    def end(q0, J):
        def rate(_, y):
            T = y[0]
            slope = (J * S(T) * T - y[1]) / kappa(T)
            return [slope, J * (rho(T) * J + S(T) * slope)]

        return solve_ivp(rate, (0, 1e-3), [700.0, q0], rtol=1e-10, atol=1e-8, method="DOP853").y[:, -1]

    def efficiency(J):
        q0 = brentq(lambda q: end(q, J)[0] - 300.0, 3e5, 3e6, xtol=1e-6, rtol=1e-13)
        return 1 - end(q0, J)[1] / q0

    found = minimize_scalar(
        lambda J: -efficiency(J), bounds=(4e5, 2.5e6), method="bounded", options={"xatol": 50.0}
    )
    return -found.fun


def couple(ratio):
    n = reference(401, "cubic", scale=(-1.05, 0.8, 1.1), carrier="n")
    p = te.Leg(reference(401, "cubic"), "1 mm", "1 cm2")
    return te.Module(p=p, n=te.Leg(n, "1 mm", ratio * 1e-4), couples=1, fill_factor=1.0)


def test_best_area_ratio_of_a_couple():
    def efficiency(ratio):
        return couple(ratio).solve(te.Generator(T_hot=700.0, T_cold=300.0)).max_efficiency

    best = minimize_scalar(
        lambda x: -efficiency(x), bounds=(0.9, 1.3), method="bounded", options={"xatol": 1e-4}
    )
    assert best.x == pytest.approx(1.0641, abs=2e-3)
    assert -100 * best.fun == pytest.approx(9.70577, abs=5.1e-6)
    assert 100 * efficiency(1.0) == pytest.approx(9.69858, abs=5.1e-6)
    r = couple(1.0641).solve(te.Generator(T_hot=700.0, T_cold=300.0, load="max_efficiency"))
    assert r.current == pytest.approx(177.61, abs=0.005)
    assert r.current / 1.0641 == pytest.approx(166.91, abs=0.01)
