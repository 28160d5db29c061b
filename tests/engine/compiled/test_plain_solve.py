"""Compiled plain legs at given currents against the NumPy engine."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioffe.engine import state
from ioffe.engine.compiled.packing import pack_tables
from ioffe.engine.compiled.plain import entry as plain
from ioffe.engine.table import pack
from tests.engine.compiled.plain_cases import (
    INTERPOLATIONS,
    by_numpy,
    coolers,
    efficiency,
    flux,
    generators,
    integral,
    tables,
)
from tests.engine.tables import NAMES, table

DERIVATIVES = ("c_T0", "c_T1", "c_j", "r_T0", "r_T1", "r_j")


def errors(materials, case, found, exact):
    """Relative error of c and r as the estimate means it."""
    which, T0, _, j = case
    size = flux(materials, which, T0, exact["c"], j) + j * j * exact["r"]
    return np.maximum(np.abs(found.c - exact["c"]) / size, np.abs(found.r / exact["r"] - 1.0))


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
@pytest.mark.parametrize("resistivity", [True, False])
def test_generators(interpolation, resistivity):
    materials = tables(interpolation, resistivity=resistivity)
    case = generators(np.random.default_rng(1), materials, 400)
    found = plain.solve(pack_tables(materials), *case)
    exact = by_numpy(materials, *case)
    assert (found.code == state.OK).all()
    assert (found.error <= 1e-6).all()
    error = errors(materials, case, found, exact)
    assert (error < 1e-6).all()
    assert np.mean(error <= found.error + 1e-11) > 0.99
    which, T0, T1, j = case
    s0, s1 = integral(materials, which, T0), integral(materials, which, T1)
    assert found.voltage == pytest.approx(s0 - s1 - j * found.r, rel=1e-12, abs=1e-15)
    assert found.heat == pytest.approx(found.c + j * s0, rel=1e-12)
    ours = efficiency(materials, which, T0, T1, j, found.c, found.r)
    theirs = efficiency(materials, which, T0, T1, j, exact["c"], exact["r"])
    assert (np.abs(ours / theirs - 1.0) < 1e-6).all()


@pytest.mark.parametrize("tolerance", [1e-4, 1e-8, 1e-10])
def test_tolerance(tolerance):
    materials = tables("pchip")
    case = generators(np.random.default_rng(2), materials, 400, most=0.95)
    found = plain.solve(pack_tables(materials), *case, tolerance=tolerance)
    assert (found.code == state.OK).all()
    assert (found.error <= tolerance).all()
    assert (errors(materials, case, found, by_numpy(materials, *case)) < tolerance + 1e-11).all()


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
def test_coolers_are_right_or_refused(interpolation):
    materials = tables(interpolation)
    case = coolers(np.random.default_rng(3), materials, 600)
    found = plain.solve(pack_tables(materials), *case)
    exact = by_numpy(materials, *case)
    solved = found.code == state.OK
    assert 0.2 < solved.mean() < 0.9
    assert (found.code[~solved] == plain.REFUSED).all()
    for value in (found.c, found.r, found.error):
        assert np.isnan(value[~solved]).all()
        assert np.isfinite(value[solved]).all()
    error = errors(materials, case, found, exact)[solved]
    assert (error < 2e-6).all()
    assert np.mean(error <= found.error[solved] + 1e-11) > 0.98


def test_nothing_is_refused_that_is_far_from_a_maximum_inside():
    """Where the flux changes by less than a factor of four along the leg, every device is solved."""
    materials = tables("pchip")
    rng = np.random.default_rng(4)
    cold, hot = coolers(rng, materials, 600), generators(rng, materials, 600, most=1.0)
    case = [np.concatenate(pair) for pair in zip(cold, hot, strict=True)]
    which, T0, T1, j = case
    exact = by_numpy(materials, *case)
    begin, end = np.empty((2, len(j)))
    for k, t in enumerate(materials):
        mine = which == k
        begin[mine] = exact["c"][mine] - j[mine] * t.evaluate(t.peltier, T0[mine])
        end[mine] = exact["c"][mine] + j[mine] ** 2 * exact["r"][mine]
        end[mine] -= j[mine] * t.evaluate(t.peltier, T1[mine])
    calm = (begin > 0) & (end > begin / 4) & (end < begin * 4)
    assert calm.sum() > 700
    assert (plain.solve(pack_tables(materials), *case).code[calm] == state.OK).all()


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
@pytest.mark.parametrize("resistivity", [True, False])
def test_derivatives_against_numpy(interpolation, resistivity):
    materials = tables(interpolation, resistivity=resistivity)
    case = generators(np.random.default_rng(5), materials, 200)
    exact = by_numpy(materials, *case)
    for tolerance, allowed in ((1e-11, 1e-7), (1e-6, 1e-4)):
        found = plain.solve(pack_tables(materials), *case, tolerance=tolerance, derivatives=True)
        for name in DERIVATIVES:
            # a derivative may pass through zero: compare with what is usual in that table
            usual = np.empty(len(case[0]))
            for k in range(len(materials)):
                mine = case[0] == k
                usual[mine] = np.median(np.abs(exact[name][mine]))
            error = np.abs(getattr(found, name) - exact[name]) / (np.abs(exact[name]) + usual)
            assert error.max() < allowed, name


def test_derivatives_against_central_differences():
    """The ends keep away from the ends of the table, where the properties bend and r bends with them."""
    materials = tables("cubic")
    packed = pack_tables(materials)
    which, T0, T1, j = generators(np.random.default_rng(6), materials, 60)
    T1 = np.maximum(T1, packed.limits[which, 0] + 1.0)
    j[:3] = 0.0
    # upwards in temperature as well
    T0[30:], T1[30:], j[30:] = T1[30:].copy(), T0[30:].copy(), -j[30:]
    here = plain.solve(packed, which, T0, T1, j, tolerance=1e-11, derivatives=True)
    for of, step in {"T0": 0.03, "T1": 0.03, "j": 1e-3 * np.abs(j) + 1.0}.items():
        sides = []
        for sign in (1.0, -1.0):
            at = {"T0": T0, "T1": T1, "j": j}
            at[of] = at[of] + sign * step
            sides.append(plain.solve(packed, which, at["T0"], at["T1"], at["j"], tolerance=1e-12))
        for name in ("c", "r"):
            slope = (getattr(sides[0], name) - getattr(sides[1], name)) / (2.0 * step)
            exact = getattr(here, f"{name}_{of}")
            error = np.abs(slope - exact) / (np.abs(exact) + np.median(np.abs(exact)))
            assert (error < 1e-5).all(), f"{name}_{of}"


def test_open_circuit_is_exact():
    """Without current c = -int kappa dT and r = int rho kappa dT / int kappa dT."""
    t = table("bipolar", "linear")
    found = plain.solve(pack_tables([t]), 0, 700.0, [350.0, 420.0], 0.0, tolerance=1e-11)
    T0, T1 = np.array([700.0]), np.array([350.0, 420.0])
    exact = t.evaluate(t.heat_integral, T0) - t.evaluate(t.heat_integral, T1)
    assert found.c == pytest.approx(exact, rel=1e-13)
    T = np.linspace(350.0, 700.0, 700001)
    kappa, rho = t.evaluate(t.conductivity, T), t.resistivity(T)
    assert found.r[0] == pytest.approx(np.trapezoid(kappa * rho, T) / np.trapezoid(kappa, T), rel=1e-10)


def test_a_leg_turned_round_is_the_same_leg():
    materials = tables("cubic")
    which, T0, T1, j = generators(np.random.default_rng(7), materials, 100)
    packed = pack_tables(materials)
    one = plain.solve(packed, which, T0, T1, j, tolerance=1e-11)
    other = plain.solve(packed, which, T1, T0, -j, tolerance=1e-11)
    assert other.r == pytest.approx(one.r, rel=1e-10)
    # what leaves one end, c + j^2 r + j s, enters the other with the opposite sign
    assert -(other.c + j * j * other.r) == pytest.approx(one.c, rel=1e-9)


def test_codes():
    t = table("half-Heusler", "pchip")
    low, high = t.limits
    nan = np.nan
    T0 = [600.0, high + 50.0, 600.0, nan, 600.0, 600.0, 4000.0, 600.0]
    T1 = [400.0, 400.0, low - 20.0, 400.0, 400.0, 600.0, 400.0, np.inf]
    j = [1e4, 1e4, 1e4, 1e4, nan, 1e4, 1e3, 1e4]
    found = plain.solve(pack_tables([t]), 0, T0, T1, j)
    expected = [state.OK, state.OUTSIDE, state.OUTSIDE, state.FAILED, state.FAILED, plain.REFUSED]
    assert found.code.tolist() == [*expected, state.RUNAWAY, state.FAILED]
    assert np.isfinite(found.c[found.code <= state.RUNAWAY]).all()
    assert np.isnan(found.c[found.code > state.RUNAWAY]).all()


def test_outside_the_table_as_numpy():
    t = table("half-Heusler", "pchip")
    T0, T1, j = np.array([1200.0, 500.0]), np.array([500.0, 120.0]), np.array([2e4, 1e4])
    found = plain.solve(pack_tables([t]), 0, T0, T1, j, tolerance=1e-10)
    exact = by_numpy([t], np.zeros(2, int), T0, T1, j)
    assert found.c == pytest.approx(exact["c"], rel=1e-9)
    assert found.r == pytest.approx(exact["r"], rel=1e-9)


def test_a_device_does_not_feel_its_neighbours():
    materials = tables("pchip")
    packed = pack_tables(materials)
    case = generators(np.random.default_rng(8), materials, 20000, most=1.2)
    together = plain.solve(packed, *case, derivatives=True, threads=1)
    threads = plain.solve(packed, *case, derivatives=True, threads=3)
    order = np.random.default_rng(9).permutation(20000)
    shuffled = plain.solve(packed, *(v[order] for v in case), derivatives=True, threads=2)
    for name in ("c", "r", "error", "code", *DERIVATIVES):
        value = getattr(together, name)
        assert np.array_equal(value, getattr(threads, name), equal_nan=True)
        assert np.array_equal(value[order], getattr(shuffled, name), equal_nan=True)
    for i in range(0, 20000, 4001):
        alone = plain.solve(packed, *(v[i] for v in case))
        assert np.array_equal(alone.c, together.c[i : i + 1], equal_nan=True)


def test_wide_cells_are_cut():
    """Two knots 500 K apart: the flux changes by much within the cell, so that elements are halved."""
    knots = np.array([300.0, 800.0])
    pieces = [
        (knots, np.array([row])) for row in ([8e-5, 3e-7, 0, 0], [5e-6, 4e-8, 0, 0], [3.0, -3e-3, 0, 0])
    ]
    t = pack(*pieces, resistivity=True)
    T0, T1 = np.full(50, 790.0), np.full(50, 310.0)
    j = np.linspace(0.0, 6500.0, 50)
    found = plain.solve(pack_tables([t]), 0, T0, T1, j, tolerance=1e-9)
    exact = by_numpy([t], np.zeros(50, int), T0, T1, j)
    solved = found.code == state.OK
    assert solved[:40].all()
    assert found.c[solved] == pytest.approx(exact["c"][solved], rel=1e-8)
    assert found.r[solved] == pytest.approx(exact["r"][solved], rel=1e-8)


def test_tables_with_many_points():
    T = np.linspace(300.0, 800.0, 401)
    x = (T - 300.0) / 500.0
    from ioffe.base.curve import Curve

    values = (1e-4 * (1 + x), 1e-5 * (1 + x * x), 2.0 - x + 0.5 * np.sin(20 * x))
    t = pack(*((c.knots, c.cells) for c in (Curve(T, y) for y in values)), resistivity=True)
    T0, T1, j = np.array([795.0, 500.3, 500.3]), np.array([305.0, 499.9, 498.0]), np.array([3e3, 1.0, 10.0])
    found = plain.solve(pack_tables([t]), 0, T0, T1, j, tolerance=1e-10)
    exact = by_numpy([t], np.zeros(3, int), T0, T1, j)
    assert found.c == pytest.approx(exact["c"], rel=1e-9)
    assert found.r == pytest.approx(exact["r"], rel=1e-9)


def test_ends_on_knots():
    t = table("lead telluride", "linear")
    inner = t.knots[1:-1]
    T0, T1 = (v.ravel() for v in np.meshgrid(inner, inner))
    apart = T0 != T1
    T0, T1 = T0[apart], T1[apart]
    j = 2e3 * np.sign(T0 - T1)
    found = plain.solve(pack_tables([t]), 0, T0, T1, j, tolerance=1e-10)
    exact = by_numpy([t], np.zeros(len(j), int), T0, T1, j)
    solved = found.code == state.OK
    assert solved.mean() > 0.9
    assert found.c[solved] == pytest.approx(exact["c"][solved], rel=1e-8)


@settings(max_examples=50)
@given(
    name=st.sampled_from(NAMES),
    ends=st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)),
    share=st.floats(-1.5, 1.5),
)
def test_resistance_lies_between_the_extremes_of_the_resistivity(name, ends, share):
    t = table(name, "pchip")
    low, high = t.limits
    T0, T1 = (low + (high - low) * v for v in ends)
    middle = np.array([0.5 * (T0 + T1)])
    j = share * t.evaluate(t.seebeck, middle) * (T0 - T1) / t.resistivity(middle)
    found = plain.solve(pack_tables([t]), 0, T0, T1, j)
    if found.code[0] == state.OK:
        rho = t.resistivity(np.linspace(T0, T1, 2001))
        assert rho.min() * (1 - 1e-5) <= found.r[0] <= rho.max() * (1 + 1e-5)
        assert found.error[0] <= 1e-6
    else:
        assert found.code[0] == plain.REFUSED
        assert np.isnan(found.c[0])


def test_bad_input():
    packed = pack_tables(tables("linear"))
    with pytest.raises(ValueError, match="which must lie between 0 and 5"):
        plain.solve(packed, [0, 6], 500.0, 400.0, 1.0)
    with pytest.raises(ValueError, match="which must lie between 0 and 5"):
        plain.solve(packed, -1, 500.0, 400.0, 1.0)
    with pytest.raises(ValueError, match="one axis"):
        plain.solve(packed, 0, np.ones((2, 2)), 400.0, 1.0)


def test_no_devices():
    found = plain.solve(pack_tables(tables("linear")), 0, [], 400.0, 1.0)
    assert found.c.shape == found.code.shape == (0,)
