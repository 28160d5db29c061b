"""One segment: two formulations against each other and against scipy, derivatives, errors, refusals."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from ioffe.engine import position_form, segment, state, temperature_form, turning_form
from ioffe.engine.position_form import ScaledLoss
from ioffe.engine.table import pack
from tests.engine.tables import NAMES, table


def cases(t, count, seed, most=1.0):
    """End temperatures inside the table, and j up to `most` of the short-circuit value."""
    rng = np.random.default_rng(seed)
    low, high = t.limits
    T0 = rng.uniform(low + 30, high, count)
    T1 = low + rng.uniform(0, 1, count) * (T0 - low - 5)
    middle = 0.5 * (T0 + T1)
    short = t.evaluate(t.seebeck, middle) * (T0 - T1) / t.resistivity(middle)
    return T0, T1, rng.uniform(-0.3, most, count) * short


def no_loss(n):
    return ScaledLoss(np.zeros(n), np.zeros(n), np.full(n, 300.0))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("interpolation", ["pchip", "cubic", "linear"])
@pytest.mark.parametrize("resistivity", [True, False])
def test_both_forms_agree(name, interpolation, resistivity):
    t = table(name, interpolation, resistivity=resistivity)
    T0, T1, j = cases(t, 20, 3)
    a = segment.solve(t, T0, T1, j, tolerance=1e-10)
    b = segment.solve(t, T0, T1, j, loss=no_loss(20), tolerance=1e-12)
    size = np.abs(b.c) + j * j * b.r
    assert (a.code <= state.OUTSIDE).all()
    assert np.abs(a.c - b.c) / size == pytest.approx(np.zeros(20), abs=1e-10)
    assert a.r == pytest.approx(b.r, rel=1e-9)


def witness(t, T0, T1, j, linear=0.0, ambient=300.0):
    """c by shooting with an eighth-order integrator that knows nothing of the knots."""

    def rates(_, y, c):
        T = np.array([y[0]])
        rate = (j * t.evaluate(t.peltier, T) - c - j * j * y[1] + y[2]) / t.evaluate(t.conductivity, T)
        return [rate[0], t.resistivity(T)[0], linear * (y[0] - ambient)]

    def end(c):
        s = solve_ivp(
            rates, (0, 1), [T0, 0.0, 0.0], args=(c,), rtol=1e-11, atol=1e-12, method="DOP853", max_step=0.004
        )
        return s.y[0, -1] - T1

    return end


@pytest.mark.parametrize(
    ("T0", "T1", "j", "linear"),
    [(780.0, 320.0, 3000.0, 0.0), (500.0, 480.0, -6000.0, 0.0), (700.0, 350.0, 2000.0, 0.4)],
)
def test_against_another_integrator(T0, T1, j, linear):
    t = table("lead telluride", "pchip")
    one = np.ones(1)
    loss = ScaledLoss(linear * one, 0 * one, 300 * one) if linear else None
    s = segment.solve(t, T0 * one, T1 * one, j * one, loss=loss, tolerance=1e-11)
    end = witness(t, T0, T1, j, linear)
    c = s.c[0]
    width = 1e-5 * (abs(c) + j * j * s.r[0])
    assert brentq(end, c - width, c + width, xtol=1e-12 * abs(c)) == pytest.approx(c, rel=1e-9)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("interpolation", ["pchip", "cubic", "linear"])
def test_estimated_error_bounds_the_true_one(name, interpolation):
    t = table(name, interpolation)
    T0, T1, j = cases(t, 100, 1)
    nothing = np.full(100, np.nan)
    exact = temperature_form.solve(t, T0, T1, j, nothing, 1e-13)
    for tolerance in (1e-3, 1e-6, 1e-9):
        s = temperature_form.solve(t, T0, T1, j, nothing, tolerance)
        both = s.good & exact.good
        assert both.sum() >= 60
        size = np.abs(exact.c) + j * j * exact.resistance
        error = np.maximum(np.abs(s.c - exact.c) / size, np.abs(s.resistance / exact.resistance - 1))[both]
        assert (error <= s.error[both] + 1e-13).all()
        assert (s.error[both] <= tolerance).all()


@pytest.mark.parametrize("name", ["lead telluride", "phase transition", "bipolar"])
@pytest.mark.parametrize(("linear", "radiative"), [(None, 0.0), (0.3, 0.0), (0.1, 2e-10)])
def test_derivatives_against_central_differences(name, linear, radiative):
    t = table(name, "pchip")
    T0, T1, j = cases(t, 12, 7, most=0.8)
    dT, dj = np.full(12, 2e-3), 1e-5 * np.abs(j) + 1e-2
    steps = np.zeros((7, 3, 12))  # none, then forward and backward in T0, T1 and j
    for k, step in enumerate((dT, dT, dj)):
        steps[[1 + k, 4 + k], k] = step, -step
    a, b, c = (np.array([T0, T1, j]) + steps).swapaxes(0, 1).reshape(3, -1)
    ones = np.ones(a.size)
    loss = None if linear is None else ScaledLoss(linear * ones, radiative * ones, 300.0 * ones)
    s = segment.solve(t, a, b, c, loss=loss, tolerance=1e-12)
    for k, (what, step) in enumerate((("T0", dT), ("T1", dT), ("j", dj))):
        for field in ("c", "r", "loss"):
            values = getattr(s, field).reshape(7, -1)
            difference = (values[1 + k] - values[4 + k]) / (2 * step)
            found = getattr(s, f"{field}_{what}")[:12]
            scale = np.max(np.abs(difference)) + 1e-30
            assert found / scale == pytest.approx(difference / scale, abs=2e-6)


def test_no_current_and_equal_temperatures():
    t = table("skutterudite", "pchip")
    still = segment.solve(t, np.array([700.0]), np.array([400.0]), np.array([0.0]))
    heat = np.diff(t.evaluate(t.heat_integral, np.array([400.0, 700.0])))[0]
    assert still.c[0] == pytest.approx(heat, rel=1e-12)
    even = segment.solve(t, np.array([500.0]), np.array([500.0]), np.array([3000.0]))
    assert even.code[0] == state.OK
    assert even.T_max[0] > 500.0
    idle = segment.solve(t, np.array([500.0]), np.array([500.0]), np.array([0.0]))
    assert idle.c[0] == pytest.approx(0.0, abs=1e-12)


def test_profile_ends_at_the_given_temperatures():
    t = table("bipolar", "pchip")
    T0, T1, j = np.array([750.0]), np.array([350.0]), np.array([4000.0])
    s = segment.solve(t, T0, T1, j)
    T, r, _ = segment.profile(t, 750.0, s.c[0], 4000.0, None, np.linspace(0, 1, 33))
    assert T[0] == 750.0
    assert T[-1] == pytest.approx(350.0, abs=1e-6)
    assert r[-1] == pytest.approx(s.r[0], rel=1e-8)


def test_position_form_is_exact_for_constant_properties():
    x = np.array([300.0, 800.0])
    flat = [(x, np.array([[v, 0.0, 0.0, 0.0]])) for v in (2e-4, 1e-5, 1.0)]
    t = pack(*flat, resistivity=True)
    j, c = 4000.0, 500.0
    run = position_form.march(t, np.array([700.0]), np.array([c]), np.array([j]), None, 8, 1e-9, 1e-9)
    A = 300.0 * 2e-4
    assert run.T[0, 0] == pytest.approx(700.0 + (j * A - c) - 0.5 * j * j * 1e-5, rel=1e-13)


@pytest.mark.parametrize("tolerance", [1e-4, 1e-8])
def test_resistance_is_as_exact_as_temperature(tolerance):
    """In one cell of steep conductivity the temperature is a short series, and the resistance a long one."""
    T = np.array([200.0, 850.0])
    lines = [(T, np.array([[a, b, 0.0, 0.0]])) for a, b in ((2e-4, 0.0), (1.2e5, -160.0), (1.6, 0.0))]
    t, one = pack(*lines, resistivity=False), np.ones(1)
    at = 610.0 * one, 300.0 * one, 500.0 * one, ScaledLoss(0.02 * one, 0.0 * one, 300.0 * one)
    found, exact = (segment.solve(t, *at[:3], loss=at[3], tolerance=x) for x in (tolerance, 1e-13))
    assert found.r[0] == pytest.approx(exact.r[0], rel=2.0 * tolerance)
    assert abs(found.c[0] - exact.c[0]) < 2.0 * found.error[0]


def test_runaway_and_failure_are_told():
    t = table("bismuth telluride", "pchip")
    T0, T1 = np.full(3, 300.0), np.full(3, 280.0)
    s = segment.solve(t, T0, T1, np.array([-2000.0, -2.5e4, -1e6]))
    assert s.code[0] == state.OK
    assert s.code[1] == state.OUTSIDE
    assert s.T_max[1] > 520.0
    assert s.code[2] in (state.RUNAWAY, state.FAILED)


@pytest.mark.parametrize("name", ["bismuth telluride", "lead telluride", "phase transition"])
@pytest.mark.parametrize("interpolation", ["pchip", "linear"])
def test_turning_form_agrees_with_the_march_along_the_leg(name, interpolation):
    """Currents of coolers: the maximum inside, at the hot end, or just beyond; either end the hotter one."""
    t = table(name, interpolation)
    rng = np.random.default_rng(5)
    low = t.limits[0]
    T0 = rng.uniform(low + 70, low + 150, 30)
    T1 = T0 - rng.uniform(-50, 50, 30)
    j = -rng.uniform(0.4, 1.5, 30) * t.evaluate(t.seebeck, T1) * T1 / t.resistivity(T1)
    with np.errstate(all="ignore"):
        a = turning_form.solve(t, T0, T1, j, 1e-9)
    b = segment.solve(t, T0, T1, j, loss=no_loss(30), tolerance=1e-12)
    both = a.good & (b.code < state.RUNAWAY)
    assert both.sum() >= 24
    size = (np.abs(b.c) + j * j * b.r)[both]
    assert (np.abs(a.c - b.c)[both] / size).max() < 1e-9
    assert a.r[both] == pytest.approx(b.r[both], rel=1e-9)
    for field in ("c_T0", "c_T1", "c_j", "r_T0", "r_T1", "r_j"):
        expected = getattr(b, field)[both]
        assert getattr(a, field)[both] == pytest.approx(expected, rel=2e-5, abs=2e-5 * np.abs(expected).max())


@pytest.mark.parametrize("beside", [0.0, 1e-13, -1e-13, 1e-12, -1e-12, 3e-11, -3e-11])
def test_ends_that_rounding_leaves_beside_a_knot(beside):
    t = table("skutterudite", "pchip")
    ends, on = np.full(4, t.knots[4] + beside), np.full(4, t.knots[4])
    j = np.array([500.0, -500.0, 3000.0, -3000.0])
    expected = segment.solve(t, on - 0.01, on - 0.01, j, loss=no_loss(4), tolerance=1e-12)
    for T0, T1 in ((ends, ends), (ends, on), (on, ends)):
        x = segment.solve(t, T0, T1, j, loss=no_loss(4), tolerance=1e-12)
        assert (x.code == state.OK).all()
        assert x.c == pytest.approx(expected.c, rel=1e-4)
