"""Segments whose temperature turns inside them, side by side, against both other engines."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import ioffe as te
from ioffe.engine import newton, optimum
from ioffe.engine.compiled import network, search
from ioffe.engine.compiled.vector import entry as vector
from ioffe.engine.network import Drive
from ioffe.engine.state import RUNAWAY
from tests.engine.compiled.networks import couple, drive, pairs
from tests.engine.compiled.test_search import cooler
from tests.engine.compiled.test_vector import within

N = 200


def between(rng, n, low=250.0):
    return Drive(np.full(n, 300.0), T_hot=rng.uniform(295, 320, n), T_cold=rng.uniform(low, 290, n))


def kept(solution):
    """States of all segments."""
    return [state for state in solution.states if state is not None]


def turned(solution, net):
    """Cases in which a segment is hotter inside than at its ends."""
    T = solution.T
    inside = [
        s.T_max > np.maximum(T[leg.a], T[leg.b]) + 1e-3
        for s, leg in zip(kept(solution), net.legs, strict=True)
    ]
    return np.any(inside, axis=0)


def exchanged(net):
    """The same legs, with their ends exchanged."""
    return replace(net, legs=tuple(replace(leg, a=leg.b, b=leg.a, sign=-leg.sign) for leg in net.legs))


@pytest.mark.parametrize("rule", ["linear", "pchip"])
def test_profiles_that_turn_agree_with_the_general_path(rule):
    rng = np.random.default_rng(21)
    count = missing = 0
    for p, q in pairs():
        net, given = couple(rng, N, p, q, rule), drive(rng, N, reach=(330.0, 430.0))
        given = replace(given, current=rng.uniform(-8.0, 8.0, N))
        found, refused = vector.solve([(net, given)], states=True)
        exact = network.solve([(net, given)], tolerance=1e-10, states=True)
        solved = ~refused & (exact.code < RUNAWAY)
        turns = turned(exact, net) & (exact.code < RUNAWAY)
        count += turns.sum()
        missing += (refused & turns).sum()
        assert np.array_equal(found.code[~refused], exact.code[~refused])
        assert within(found, exact, solved) >= 0.99
        assert found.balance[solved].max() < 1e-9
        for one, other in zip(kept(found), kept(exact), strict=True):
            assert one.T_max[solved] == pytest.approx(other.T_max[solved], rel=1e-6)
        found, refused = vector.solve([(net, given)], tolerance=1e-9, states=True)
        both = turns & ~refused
        for one, other in zip(kept(found), kept(exact), strict=True):
            for name in ("c", "r", "c_T0", "c_T1", "c_j", "r_T0", "r_T1", "r_j"):
                values = getattr(other, name)[both]
                size = np.abs(values).max()
                assert getattr(one, name)[both] == pytest.approx(values, rel=1e-5, abs=1e-5 * size), name
    assert count > 2 * N
    assert missing < 0.04 * count


def test_the_hotter_end_may_be_either_one():
    rng = np.random.default_rng(22)
    net, given = cooler(rng, N), between(rng, N)
    given = given.at(rng.uniform(-3.0, 3.0, N))
    (one, missing), (other, lacking) = (
        vector.solve([(x, given)], tolerance=1e-9, states=True) for x in (net, exchanged(net))
    )
    good = ~missing & ~lacking
    assert good.mean() > 0.98
    for name in ("T", "voltage", "heat_hot", "heat_cold", "voltage_I", "heat_cold_I"):
        values = getattr(other, name)[..., good]
        assert getattr(one, name)[..., good] == pytest.approx(values, rel=1e-7), name


def test_slopes_are_those_of_differences():
    rng = np.random.default_rng(23)
    net, given = cooler(rng, N), between(rng, N)
    most = search.find([(net, given)], "max_heat")["max_heat"]
    current = most * rng.uniform(0.6, 1.4, N)
    step = 1e-4 * current
    below, at, above = (
        vector.solve([(net, given.at(x))], tolerance=1e-9, states=True)[0]
        for x in (current - step, current, current + step)
    )
    for name in ("voltage", "heat_hot", "heat_cold"):
        slope = (getattr(above, name) - getattr(below, name)) / (2.0 * step)
        size = np.abs(getattr(at, name) / current)
        assert np.abs(getattr(at, f"{name}_I") - slope).max() <= 1e-5 * size.max(), name


@pytest.mark.parametrize("tolerance", [1e-4, 1e-6, 1e-8])
@pytest.mark.parametrize("aim", ["max_heat", "max_COP"])
def test_aims_between_two_temperatures(aim, tolerance):
    rng = np.random.default_rng(24)
    net, given = cooler(rng, N), between(rng, N)
    exact = search.find([(net, given)], aim, tolerance=1e-10)[aim]
    found, refused = vector.solve([(net, given)], aim, tolerance=tolerance)
    there = np.isfinite(exact)
    assert refused[there].mean() < 0.02
    assert refused[~there].all()
    good = there & ~refused
    assert good.sum() > 0.5 * N
    assert found.current[good] == pytest.approx(exact[good], rel=20 * tolerance)
    best, same = (network.solve([(net, given.at(x))], tolerance=1e-10) for x in (exact, found.current))
    assert found.heat_cold[good] == pytest.approx(best.heat_cold[good], rel=5 * tolerance)
    assert within(found, same, good) >= 0.99
    assert found.balance[good].max() < 1e-9


@cache
def coldest(load):
    """Coolers that carry `load` of their largest heat, and their lowest temperatures by the general path."""
    rng = np.random.default_rng(25)
    net, floating = cooler(rng, N), Drive(np.full(N, 300.0), T_hot=rng.uniform(295, 330, N))
    most = search.find([(net, replace(floating, T_cold=floating.T_hot))], "max_heat")["max_heat"]
    at_rest = newton.solve(net, replace(floating, T_cold=floating.T_hot).at(most))
    floating = replace(floating, heat_cold=-load * at_rest.heat_cold)
    exact = search.find([(net, floating)], "delta_T_max", tolerance=1e-10)["delta_T_max"]
    return net, floating, network.solve([(net, floating.at(exact))], tolerance=1e-10)


@pytest.mark.parametrize("load", [0.0, 0.3])
@pytest.mark.parametrize("tolerance", [1e-4, 1e-6, 1e-8])
def test_largest_temperature_difference(load, tolerance):
    net, floating, exact = coldest(load)
    found, refused = vector.solve([(net, floating)], "delta_T_max", tolerance=tolerance)
    assert refused.mean() < 0.02
    good = ~refused
    assert np.array_equal(found.code[good], exact.code[good])
    assert found.T[1][good] == pytest.approx(exact.T[1][good], rel=tolerance)
    assert found.balance[good].max() < 1e-9


def test_largest_temperature_difference_of_the_engine_on_numpy():
    rng, n = np.random.default_rng(26), 12
    net, floating = (
        cooler(rng, n),
        Drive(np.full(n, 300.0), T_hot=rng.uniform(295, 330, n), heat_cold=np.zeros(n)),
    )
    found, refused = vector.solve([(net, floating)], "delta_T_max")
    slopes = {"x": optimum.cold_node_slope(net)}
    exact = optimum.find(net, floating, slopes, np.zeros(n), 1.6 * found.current, tolerance=1e-9)["x"]
    assert not refused.any()
    assert found.T[1] == pytest.approx(newton.solve(net, floating.at(exact)).T[1], rel=1e-7)


def test_heat_between_equal_temperatures():
    rng, n = np.random.default_rng(27), 40
    net = cooler(rng, n)
    given = Drive(np.full(n, 300.0), T_hot=np.full(n, 300.0), T_cold=np.full(n, 300.0))
    exact = search.find([(net, given)], "max_heat", tolerance=1e-10)["max_heat"]
    found, refused = vector.solve([(net, given)], "max_heat")
    assert not refused.any()
    assert found.current == pytest.approx(exact, rel=1e-5)


def test_batches_of_coolers_equal_the_loop():
    conditions = {"max_heat": (300.0, 285.0), "max_COP": (300.0, 285.0)}
    T_hot = np.linspace(296.0, 318.0, 5)
    p, q = (
        te.Leg(name, "1.5 mm", "1.2 mm x 1.2 mm", contact=te.Contact("5 uohm cm2"))
        for name in ("(Bi0.23Sb0.77)2Te3", "Bi2Te2.7Se0.3")
    )
    module = te.Module(p=p, n=q, couples=7, fill_factor=0.3)
    for aim, (hot, cold) in conditions.items():
        batch = te.solve_batch(
            module, te.Cooler(T_hot=hot, T_cold=cold, current=aim), {"T_hot": T_hot}, engine="compiled"
        )
        for k, T in enumerate(T_hot):
            one = module.solve(te.Cooler(T_hot=T, T_cold=cold, current=aim), tolerance=1e-9)
            assert batch.heat_cold[k] == pytest.approx(one.heat_cold, rel=1e-5)
            assert batch.point_status[k] == one.status
    batch = te.solve_batch(
        module, te.Cooler(T_hot=300.0, heat=0.0, aim="delta_T"), {"T_hot": T_hot}, engine="compiled"
    )
    for k, T in enumerate(T_hot):
        one = module.solve(te.Cooler(T_hot=T, heat=0.0, aim="delta_T"), tolerance=1e-9)
        assert batch.delta_T[k] == pytest.approx(one.delta_T, rel=1e-6)
