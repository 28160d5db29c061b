"""Best currents of compiled plain legs against closed forms, scalar searches and a reference material."""

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar

from ioffe.base.curve import Curve
from ioffe.engine import segment, state
from ioffe.engine.compiled.packing import pack_tables
from ioffe.engine.compiled.plain import entry as plain
from ioffe.engine.table import pack
from tests.engine.compiled.plain_cases import INTERPOLATIONS, generators, tables
from tests.engine.tables import NAMES, table

S, RHO, KAPPA = 200e-6, 1e-5, 1.0
Z = S * S / (RHO * KAPPA)


def constant():
    knots = np.array([250.0, 500.0, 900.0])
    return pack(*((knots, np.array([[v, 0, 0, 0]] * 2)) for v in (S, RHO, KAPPA)), resistivity=True)


def terminal(t, T0, T1, j):
    """Voltage and heat at T0 of one leg by the NumPy engine."""
    ends = np.array([T0]), np.array([T1])
    s0, s1 = (t.evaluate(t.seebeck_integral, T)[0] for T in ends)
    found = segment.solve(t, *ends, np.array([j]), tolerance=1e-12)
    return s0 - s1 - j * found.r[0], found.c[0] + j * s0


@pytest.mark.parametrize(("T_hot", "T_cold"), [(800.0, 400.0), (400.0, 300.0), (600.0, 599.0)])
def test_constant_properties_of_a_generator(T_hot, T_cold):
    packed, voltage = pack_tables([constant()]), S * (T_hot - T_cold)
    root = np.sqrt(1 + Z * 0.5 * (T_hot + T_cold))
    best = plain.best(packed, 0, T_hot, T_cold, "efficiency", tolerance=1e-12)
    assert best.value[0] == pytest.approx(
        (1 - T_cold / T_hot) * (root - 1) / (root + T_cold / T_hot), rel=1e-10
    )
    assert best.j[0] == pytest.approx(voltage / RHO / (1 + root), rel=1e-9)
    assert best.code[0] == state.OK
    best = plain.best(packed, 0, T_hot, T_cold, "power", tolerance=1e-12)
    assert best.value[0] == pytest.approx(voltage**2 / (4 * RHO), rel=1e-10)
    assert best.j[0] == pytest.approx(voltage / (2 * RHO), rel=1e-9)


@pytest.mark.parametrize("ohm", [(0.0, 0.0), (2e-6, 0.0), (0.0, 2e-6), (1e-6, 3e-6)])
def test_contacts_of_a_generator(ohm):
    T_hot, T_cold, packed, both = 600.0, 300.0, pack_tables([constant()]), RHO + sum(ohm)
    voltage = S * (T_hot - T_cold)
    best = plain.best(packed, 0, T_hot, T_cold, "power", ohm=ohm, tolerance=1e-12)
    assert best.value[0] == pytest.approx(voltage**2 / (4 * both), rel=1e-10)
    assert best.j[0] == pytest.approx(voltage / (2 * both), rel=1e-9)
    assert plain.best(packed, 0, T_hot, T_cold, "short_circuit", ohm=ohm).j[0] == pytest.approx(
        voltage / both, rel=1e-9
    )

    def loss(j):
        # half of the Joule heat of the leg and all of that of the hot contact flows back
        heat = S * T_hot * j + KAPPA * (T_hot - T_cold) - j**2 * (0.5 * RHO + ohm[0])
        return -j * (voltage - j * both) / heat

    search = minimize_scalar(loss, bounds=(0.1 * best.j[0], 1.9 * best.j[0]), method="bounded")
    for ends, sign, each in (((T_hot, T_cold), 1.0, ohm), ((T_cold, T_hot), -1.0, ohm[::-1])):
        found = plain.best(packed, 0, *ends, "efficiency", ohm=each, tolerance=1e-11)
        assert found.value[0] == pytest.approx(-search.fun, rel=1e-10)
        assert found.j[0] == pytest.approx(sign * search.x, rel=1e-4)


def test_constant_properties_of_a_short_circuit():
    best = plain.best(pack_tables([constant()]), 0, 400.0, 300.0, "short_circuit", tolerance=1e-12)
    assert best.value[0] == best.j[0] == pytest.approx(S * 100 / RHO, rel=1e-10)
    assert best.voltage[0] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("T_cold", [260.0, 275.0, 290.0])
def test_constant_properties_of_a_cooler(T_cold):
    T_hot = 300.0
    root = np.sqrt(1 + Z * 0.5 * (T_hot + T_cold))
    exact = T_cold / (T_hot - T_cold) * (root - T_hot / T_cold) / (root + 1)
    for ends in ((T_hot, T_cold), (T_cold, T_hot)):
        best = plain.best(pack_tables([constant()]), 0, *ends, "COP", tolerance=1e-11)
        assert best.value[0] == pytest.approx(exact, rel=1e-10)
        size = S * (T_hot - T_cold) / (RHO * (root - 1))
        assert best.j[0] == pytest.approx(-size if ends[0] == T_hot else size, rel=1e-9)
    # at the current of the largest heat, S T_cold / rho, the leg is hottest inside
    assert plain.best(pack_tables([constant()]), 0, T_hot, T_cold, "heat").code[0] == plain.REFUSED


def test_largest_heat_where_it_has_a_form():
    """Far beyond the largest temperature difference; the heat that the cold end takes in is negative."""
    best = plain.best(pack_tables([constant()]), 0, 800.0, 300.0, "heat", tolerance=1e-12)
    assert best.value[0] == pytest.approx(0.5 * (S * 300.0) ** 2 / RHO - KAPPA * 500.0, rel=1e-10)
    assert best.j[0] == pytest.approx(-S * 300.0 / RHO, rel=1e-9)


@pytest.mark.parametrize(
    ("T_hot", "percent"), [(400.0, 2.83186), (500.0, 5.67792), (600.0, 8.32733), (700.0, 10.53495)]
)
def test_reference_material(T_hot, percent):
    for points, interpolation, allowed in ((401, "cubic", 2e-6), (9, "cubic", 1e-4), (9, "pchip", 4e-4)):
        T = np.linspace(300.0, 700.0, points)
        t = T - 300
        sigma = 1.3e5 * (T / 300) ** -1.6
        kappa = 375 / T + 1.8e-8 * sigma * T + 0.25 * np.exp((T - 700) / 90)
        values = ((140 + 0.32 * t - 2.6e-4 * t**2) * 1e-6, sigma, kappa)
        curves = [Curve(T, y, interpolation=interpolation) for y in values]
        packed = pack_tables([pack(*((c.knots, c.cells) for c in curves), resistivity=False)])
        best = plain.best(packed, 0, T_hot, 300.0, "efficiency")
        assert 100 * best.value[0] == pytest.approx(percent, rel=allowed)
        if points == 401 and T_hot == 700.0:
            # 1 mm long: A/cm2 and W/cm2
            assert best.j[0] * 1e3 * 1e-4 == pytest.approx(185.11, abs=0.01)
            power = plain.best(packed, 0, T_hot, 300.0, "power")
            assert power.j[0] * 1e3 * 1e-4 == pytest.approx(212.25, abs=0.01)
            assert power.value[0] * 1e3 * 1e-4 == pytest.approx(8.26919, abs=1e-5)


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
def test_against_scalar_searches(interpolation):
    materials = [table(name, interpolation) for name in NAMES]
    packed = pack_tables(materials)
    for k, t in enumerate(materials):
        low, high = t.limits
        T0, T1 = high - 30.0, low + 40.0
        found = {aim: plain.best(packed, k, T0, T1, aim, tolerance=1e-9) for aim in plain.AIMS}
        short = found["short_circuit"].value[0]
        end = brentq(
            lambda j, t=t, T0=T0, T1=T1: terminal(t, T0, T1, j)[0], 0.9 * short, 1.1 * short, xtol=1e-7
        )
        assert found["short_circuit"].value[0] == pytest.approx(end, rel=1e-8)

        def loss(j, which, t=t, T0=T0, T1=T1):
            voltage, heat = terminal(t, T0, T1, j)
            return -j * voltage / (heat if which == "efficiency" else 1.0)

        for aim in ("efficiency", "power"):
            search = minimize_scalar(loss, bounds=(0.01 * end, 0.95 * end), args=(aim,), method="bounded")
            assert found[aim].code[0] == state.OK
            assert found[aim].value[0] == pytest.approx(-search.fun, rel=1e-8)
            assert found[aim].value[0] >= -search.fun * (1 - 1e-10)
            assert found[aim].j[0] == pytest.approx(search.x, rel=1e-3)


def test_cooling_against_a_scalar_search():
    t = table("bismuth telluride", "pchip")
    found = plain.best(pack_tables([t]), 0, 310.0, [250.0, 265.0, 290.0], "COP", tolerance=1e-9)
    assert (found.code == state.OK).all()
    for T_cold, value, at in zip((250.0, 265.0, 290.0), found.value, found.j, strict=True):

        def loss(j, T_cold=T_cold):
            voltage, heat = terminal(t, 310.0, T_cold, j)
            return -(j * voltage - heat) / (-j * voltage)

        search = minimize_scalar(loss, bounds=(2.0 * at, 0.5 * at), method="bounded", options={"xatol": 1e-4})
        assert value == pytest.approx(-search.fun, rel=1e-8)
        assert at == pytest.approx(search.x, rel=1e-4)


def test_a_leg_turned_round_is_as_good():
    materials = tables("pchip")
    packed = pack_tables(materials)
    which, T0, T1, _ = generators(np.random.default_rng(1), materials, 300)
    for aim in ("efficiency", "power", "short_circuit"):
        one = plain.best(packed, which, T0, T1, aim, tolerance=1e-9)
        other = plain.best(packed, which, T1, T0, aim, tolerance=1e-9)
        assert (one.code == state.OK).all()
        assert other.j == pytest.approx(-one.j, rel=1e-8)
        sign = -1.0 if aim == "short_circuit" else 1.0
        assert sign * other.value == pytest.approx(one.value, rel=1e-8)


def test_accuracy_and_estimates():
    materials = tables("pchip")
    packed = pack_tables(materials)
    which, T0, T1, _ = generators(np.random.default_rng(2), materials, 1000)
    for aim in ("efficiency", "power", "short_circuit"):
        rough = plain.best(packed, which, T0, T1, aim)
        exact = plain.best(packed, which, T0, T1, aim, tolerance=1e-11)
        assert (rough.code == state.OK).all()
        assert (rough.error <= 1e-6).all()
        assert rough.value == pytest.approx(exact.value, rel=2e-6)
        error = np.abs(rough.j / exact.j - 1.0)
        assert np.quantile(error, 0.99) < 1e-6
        assert error.max() < 1e-5
        again = plain.solve(packed, which, T0, T1, rough.j, tolerance=1e-11)
        assert rough.c == pytest.approx(again.c, rel=1e-5)
        assert rough.r == pytest.approx(again.r, rel=1e-5)


def test_threads_make_no_difference():
    materials = tables("cubic")
    packed = pack_tables(materials)
    which, T0, T1, _ = generators(np.random.default_rng(3), materials, 20000)
    one, two = (plain.best(packed, which, T0, T1, "efficiency", threads=n) for n in (1, 2))
    assert np.array_equal(one.value, two.value, equal_nan=True)
    assert np.array_equal(one.j, two.j, equal_nan=True)


def test_unknown_aim():
    with pytest.raises(ValueError, match="efficiency, power, short_circuit"):
        plain.best(pack_tables(tables("linear")), 0, 500.0, 400.0, "noise")
