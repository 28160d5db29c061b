"""Single legs: both forms of a segment against the other engine, two thousand random legs, refusals."""

import numpy as np
import pytest

from ioffe.engine import segment, state
from ioffe.engine.compiled import network
from ioffe.engine.network import Drive, Network
from ioffe.engine.position_form import ScaledLoss
from ioffe.engine.table import pack
from ioffe.engine.thermoelement import Thermoelement
from tests.engine.tables import NAMES, table
from tests.engine.test_random_cases import draw
from tests.engine.test_segment import cases

ROWS = ("c", "r", "loss", "c_T0", "c_T1", "c_j", "r_T0", "r_T1", "r_j", "loss_T0", "loss_T1", "loss_j")


def group(t, T0, T1, j, linear=0.0, radiative=0.0, ambient=300.0):
    """Legs of unit length and area between given temperatures, whose current is then j."""
    leg = Thermoelement(t, 0, 1, 1.0, 1.0, 1.0, convection=linear, radiation=radiative)
    return Network(2, 0, 1, (leg,)), Drive(np.full(len(T0), ambient), T_hot=T0, T_cold=T1, current=j)


def solved(groups, tolerance=1e-6):
    """State of the leg in every case, and the solution."""
    s = network.solve(groups, tolerance=tolerance, states=True)
    return s.states[0], s


def deviation(found, expected):
    """Largest difference of any number of two states, relative to its largest value among the cases."""
    worst = 0.0
    for name in ROWS:
        a, b = getattr(found, name), getattr(expected, name)
        worst = max(worst, np.max(np.abs(a - b)) / max(np.max(np.abs(b)), 1e-300))
    return worst


def test_none_of_two_thousand_random_legs_fails_silently():
    rng = np.random.default_rng(11)
    drawn = {(kind, extreme): [] for kind in ("tables", "cases") for extreme in (False, True)}
    for rule in ("pchip", "cubic", "linear"):
        for name in NAMES:
            t = table(name, rule)
            for extreme, count in ((False, 88), (True, 23)):
                drawn["tables", extreme].append(t)
                drawn["cases", extreme].append(draw(rng, t, count, extreme))
    for extreme in (False, True):
        tables, cases = drawn["tables", extreme], drawn["cases", extreme]
        x, s = solved([group(t, *case) for t, case in zip(tables, cases, strict=True)])
        parts = [segment.solve(t, *case) for t, case in zip(tables, cases, strict=True)]
        c, r, code = (np.concatenate([getattr(p, k) for p in parts]) for k in ("c", "r", "code"))
        j = np.concatenate([case[2] for case in cases])
        good, expected = s.code <= state.OUTSIDE, code <= state.OUTSIDE
        assert (good | ~expected).all()
        assert np.isnan(s.heat_hot[~good]).all()
        assert np.isfinite(s.heat_hot[good]).all()
        both = good & expected
        error = (np.abs(x.c - c) / (np.abs(c) + j * j * np.abs(r)))[both]
        assert error.max() < 1e-6
        assert np.median(error) < 2e-8
        assert (np.abs(x.c - c)[both] <= x.error[both] + 1e-9 * np.abs(c[both])).all()
        assert s.balance[good].max() < 1e-12
        if not extreme:
            assert both.all()
            generating = s.power > 0
            s0 = np.concatenate(
                [t.evaluate(t.seebeck_integral, case[0]) for t, case in zip(tables, cases, strict=True)]
            )
            s1 = np.concatenate(
                [t.evaluate(t.seebeck_integral, case[1]) for t, case in zip(tables, cases, strict=True)]
            )
            efficiency = j * (s0 - s1 - j * r) / (c + j * s0)
            assert np.abs(s.power / s.heat_hot - efficiency)[generating].max() < 1e-6
        else:
            assert both.mean() >= 0.98


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rule", ["pchip", "linear"])
@pytest.mark.parametrize("resistivity", [True, False])
@pytest.mark.parametrize(("linear", "radiative"), [(0.0, 0.0), (0.3, 0.0), (0.1, 2e-10)])
def test_states_and_derivatives_agree_with_the_other_engine(name, rule, resistivity, linear, radiative):
    t = table(name, rule, resistivity=resistivity)
    generating = cases(t, 10, 3)
    low = t.limits[0]
    T0 = np.linspace(low + 80, low + 150, 10)
    T1 = T0 - np.linspace(-30, 70, 10)
    # the heat flux turns round inside, or is small at one end
    cooling = T0, T1, -np.linspace(0.5, 1.2, 10) * t.evaluate(t.seebeck, T1) * T1 / t.resistivity(T1)
    for T0, T1, j in (generating, cooling):
        ones = np.ones(10)
        loss = ScaledLoss(linear * ones, radiative * ones, 300.0 * ones) if linear else None
        x, s = solved([group(t, T0, T1, j, linear, radiative)], 1e-10)
        expected = segment.solve(t, T0, T1, j, loss=loss, tolerance=1e-12)
        assert np.array_equal(x.code, expected.code)
        assert deviation(x, expected) < 1e-5
        size = np.abs(expected.c) + j * j * np.abs(expected.r) + np.abs(expected.loss)
        assert (np.abs(x.c - expected.c) / size).max() < 2e-10
        assert x.T_max == pytest.approx(expected.T_max, abs=3e-4)
        assert np.array_equal(s.code, x.code)


@pytest.mark.parametrize("tolerance", [1e-3, 1e-5, 1e-8])
def test_estimated_error_bounds_the_true_one(tolerance):
    for name in NAMES:
        t = table(name, "pchip")
        T0, T1, j = cases(t, 60, 1)
        exact, _ = solved([group(t, T0, T1, j)], 1e-12)
        x, _ = solved([group(t, T0, T1, j)], tolerance)
        size = np.abs(exact.c) + j * j * exact.r
        assert (np.abs(x.c - exact.c) <= x.error + 1e-12 * size).all()
        assert np.median(x.error / size) < tolerance


def test_derivatives_against_central_differences():
    t = table("phase transition", "pchip")
    T0, T1, j = cases(t, 12, 7, most=0.8)
    options = {"linear": 0.1, "radiative": 2e-10}
    x, _ = solved([group(t, T0, T1, j, **options)], 1e-11)
    dT, dj = 2e-3, 1e-5 * np.abs(j) + 1e-2
    for what, (a, b, k) in {"T0": (dT, 0, 0), "T1": (0, dT, 0), "j": (0, 0, dj)}.items():
        up, _ = solved([group(t, T0 + a, T1 + b, j + k, **options)], 1e-11)
        down, _ = solved([group(t, T0 - a, T1 - b, j - k, **options)], 1e-11)
        for field in ("c", "r", "loss"):
            difference = (getattr(up, field) - getattr(down, field)) / (2 * (a + b + k))
            scale = np.max(np.abs(difference)) + 1e-30
            assert getattr(x, f"{field}_{what}") / scale == pytest.approx(difference / scale, abs=3e-6)


def test_no_current_equal_temperatures_and_ends_on_knots():
    t = table("skutterudite", "pchip")
    T0 = np.array([700.0, 500.0, 500.0, 300.0, 850.0, t.knots[3], t.knots[5]])
    T1 = np.array([400.0, 500.0, 500.0, 850.0, 300.0, t.knots[6], t.knots[2]])
    j = np.array([0.0, 3000.0, 0.0, 1000.0, 1000.0, 800.0, 800.0])
    x, s = solved([group(t, T0, T1, j)], 1e-10)
    assert (s.code == state.OK).all()
    heat = t.evaluate(t.heat_integral, 700.0) - t.evaluate(t.heat_integral, 400.0)
    assert x.c[0] == pytest.approx(heat, rel=1e-10)
    assert x.T_max[1] > 500.0
    assert x.c[2] == pytest.approx(0.0, abs=1e-9)
    expected = segment.solve(t, T0[3:], T1[3:], j[3:], tolerance=1e-12)
    assert x.c[3:] == pytest.approx(expected.c, rel=1e-9)


@pytest.mark.parametrize("beside", [0.0, 1e-13, -1e-13, 1e-12, -1e-12, 3e-11, -3e-11])
def test_ends_that_rounding_leaves_beside_a_knot(beside):
    """A node that heat does not leave has the temperature of its neighbour but for rounding."""
    t = table("skutterudite", "pchip")
    ends = np.full(4, t.knots[4] + beside)
    j = np.array([500.0, -500.0, 3000.0, -3000.0])
    for T0, T1 in ((ends, ends), (ends, np.full(4, t.knots[4])), (np.full(4, t.knots[4]), ends)):
        x, s = solved([group(t, T0, T1, j)], 1e-10)
        assert (s.code == state.OK).all()
        assert x.c == pytest.approx(
            segment.solve(t, T0, T1, j, tolerance=1e-12).c, abs=1e-9 * np.abs(x.c).max()
        )


def test_constant_properties():
    """Adiabatic legs and fins in closed form."""
    x = np.array([200.0, 900.0])
    S, rho, kappa = 2e-4, 1e-5, 1.5
    t = pack(*((x, np.array([[v, 0.0, 0.0, 0.0]])) for v in (S, rho, kappa)), resistivity=True)
    rng = np.random.default_rng(2)
    T0, T1, j = rng.uniform(300, 800, 20), rng.uniform(300, 800, 20), rng.uniform(-5e3, 5e3, 20)
    plain, s = solved([group(t, T0, T1, j)], 1e-10)
    assert s.heat_hot == pytest.approx(kappa * (T0 - T1) + j * S * T0 - 0.5 * j * j * rho, rel=1e-11)
    assert s.voltage == pytest.approx(S * (T0 - T1) - j * rho, rel=1e-11)
    assert plain.r == pytest.approx(np.full(20, rho), rel=1e-12)
    # without current: theta = (T - T_a), cosh and sinh of m = sqrt(Lambda/kappa)
    linear = 2.0
    fin, s = solved([group(t, T0, T1, 0.0 * j, linear=linear)], 1e-10)
    m = np.sqrt(linear / kappa)
    a, b = T0 - 300.0, T1 - 300.0
    assert s.heat_hot == pytest.approx(kappa * m * (a * np.cosh(m) - b) / np.sinh(m), rel=1e-9)
    assert fin.loss == pytest.approx(kappa * m * (a + b) * (np.cosh(m) - 1) / np.sinh(m), rel=1e-9)


def test_runaways_and_failures_are_told():
    t = table("bismuth telluride", "pchip")
    j = np.array([-2000.0, -2.5e4, -1e6, np.nan, -2000.0])
    T0 = np.array([300.0, 300.0, 300.0, 300.0, np.nan])
    x, s = solved([group(t, T0, np.full(5, 280.0), j)])
    assert list(s.code[:2]) == [state.OK, state.OUTSIDE]
    assert s.code[2] in (state.RUNAWAY, state.FAILED)
    assert list(s.code[3:]) == [state.ABSENT, state.ABSENT]
    assert x.T_max[1] > 520.0
    for field in ("voltage", "heat_hot", "heat_cold", "loss", "voltage_I", "error", "residual"):
        assert np.isnan(getattr(s, field)[2:]).all()
    assert np.isnan(s.T[:, 2:]).all()
    # what was imposed stays, so that a gap keeps its place
    assert np.array_equal(s.current, j, equal_nan=True)
