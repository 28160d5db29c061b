"""Currents of maxima and of given heats against the other engine, closed forms, and what does not exist."""

from dataclasses import replace

import numpy as np
import pytest

from ioffe.engine import newton, optimum
from ioffe.engine.compiled import network, search
from ioffe.engine.elements import Joule, Link, Plate
from ioffe.engine.network import Drive, Network
from ioffe.engine.table import pack
from ioffe.engine.thermoelement import Thermoelement
from tests.engine.compiled.networks import CERAMIC, couple, drive, segmented
from tests.engine.tables import table

N = 12
GENERATOR = {
    "short_circuit": optimum.voltage,
    "max_power": optimum.power_slope,
    "max_efficiency": optimum.efficiency_slope,
}


def cooler(rng, n, loss=0.0):
    """A couple of a p and a mirrored n leg between ceramic plates and thermal resistances."""
    p = table("bismuth telluride", "pchip")
    mirrored = replace(p, seebeck=-p.seebeck)
    length, area = rng.uniform(1e-3, 2e-3, n), rng.uniform(0.8e-6, 1.5e-6, n)
    legs = tuple(
        Thermoelement(t, 3, 4, length, area, sign, convection=loss)
        for t, sign in ((p, 1.0), (mirrored, -1.0))
    )
    passive = (
        Link(0, 2, 1 / rng.uniform(0.5, 2, n)),
        Plate(CERAMIC, 2, 3, 6e-4, 4e-6),
        Plate(CERAMIC, 4, 5, 6e-4, 4e-6),
        Link(5, 1, 1 / rng.uniform(0.5, 2, n)),
    )
    return Network(6, 0, 1, legs, passive, (Joule(3, 2e-4), Joule(4, 2e-4)))


def falls(net, d, slope, current, rel):
    """Whether a slope of the other engine changes from plus to minus within `rel` of a current."""
    cases = np.tile(np.arange(len(d)), 2)
    beside = np.concatenate([current * (1.0 - rel), current * (1.0 + rel)])
    s = newton.solve(net.take(cases), d.take(cases).at(beside), tolerance=1e-11)
    below, above = slope(s, cases).reshape(2, -1)
    return (below > 0.0) & (above < 0.0)


def test_generators_agree_with_the_other_engine():
    rng = np.random.default_rng(5)
    for net, d in (
        (segmented(rng, N), drive(rng, N, reach=(650.0, 850.0))),
        (segmented(rng, N, loss=True), drive(rng, N, reach=(650.0, 850.0))),
        (couple(rng, N, "bismuth telluride", "lead telluride"), drive(rng, N)),
        (couple(rng, N, "bipolar", "skutterudite", loss=True), drive(rng, N, "heat_hot")),
    ):
        d = replace(d, current=None)
        exact = search.find([(net, d)], *GENERATOR, tolerance=1e-10)
        for name, slope in GENERATOR.items():
            assert falls(net, d, slope, exact[name], 1e-8).all(), name
        best = newton.solve(net, d.at(exact["max_power"]))
        for tolerance in (1e-6, 1e-9):
            found = search.find([(net, d)], *GENERATOR, tolerance=tolerance)
            for name in GENERATOR:
                assert found[name] == pytest.approx(exact[name], rel=10 * tolerance), (name, tolerance)
            s = newton.solve(net, d.at(found["max_power"]))
            assert s.power == pytest.approx(best.power, rel=1e-9)


@pytest.mark.parametrize("loss", [0.0, 5e3])
def test_coolers_agree_with_the_other_engine(loss):
    rng = np.random.default_rng(8)
    net = cooler(rng, N, loss)
    d = Drive(np.full(N, 300.0), T_hot=rng.uniform(298, 305, N), T_cold=rng.uniform(265, 290, N))
    most = search.find([(net, d)], "max_heat", tolerance=1e-9)["max_heat"]
    load = -newton.solve(net, d.at(most)).heat_cold * rng.uniform(0.05, 0.95, N)
    found = search.find([(net, d)], "max_heat", "max_COP", "heat", heat=load, tolerance=1e-9)
    slopes = {"max_heat": optimum.cooling_slope, "max_COP": optimum.cop_slope, "heat": optimum.heat_gap(load)}
    for name, slope in slopes.items():
        assert falls(net, d, slope, found[name], 1e-6 if name == "heat" else 3e-8).all(), name
    assert (newton.solve(net, d.at(found["max_COP"])).heat_cold < 0.0).all()
    assert -network.solve([(net, d.at(found["heat"]))], tolerance=1e-9).heat_cold == pytest.approx(
        load, rel=1e-8
    )
    floating = Drive(d.ambient, T_hot=d.T_hot, heat_cold=-load)
    coldest = search.find([(net, floating)], "delta_T_max", tolerance=1e-9)["delta_T_max"]
    assert falls(net, floating, optimum.cold_node_slope(net), coldest, 3e-7).all()


def flat(S, rho, kappa):
    x = np.array([20.0, 1500.0])
    return pack(*((x, np.array([[v, 0.0, 0.0, 0.0]])) for v in (S, rho, kappa)), resistivity=True)


def test_maxima_of_constant_properties():
    S, rho, kappa, L, A = 2e-4, 1e-5, 1.5, 1e-3, 1e-6
    net = Network(2, 0, 1, (Thermoelement(flat(S, rho, kappa), 0, 1, L, A, 1.0),))
    R, K, Z = rho * L / A, kappa * A / L, S * S / (rho * kappa)
    T_hot, T_cold = np.array([300.0, 400.0, 700.0]), np.array([280.0, 300.0, 320.0])
    d = Drive(np.full(3, 300.0), T_hot=T_hot, T_cold=T_cold)
    f = search.find([(net, d)], *GENERATOR, "max_heat", "max_COP", tolerance=1e-10)
    difference, mean = T_hot - T_cold, 0.5 * (T_hot + T_cold)
    root = np.sqrt(1 + Z * mean)
    assert f["short_circuit"] == pytest.approx(S * difference / R, rel=1e-9)
    assert f["max_power"] == pytest.approx(S * difference / (2 * R), rel=1e-9)
    assert f["max_efficiency"] == pytest.approx(S * difference / (R * (1 + root)), rel=1e-8)
    assert f["max_heat"] == pytest.approx(-S * T_cold / R, rel=1e-9)
    # heat is taken up at the first difference alone
    assert f["max_COP"][0] == pytest.approx(-S * difference[0] / (R * (root[0] - 1)), rel=1e-8)
    assert 0.5 * Z * T_cold[0] ** 2 > difference[0]
    assert np.isnan(f["max_COP"][2])
    assert 0.5 * Z * T_cold[2] ** 2 < difference[2]
    heat = np.array([0.01, 0.0, 0.0])
    floating = Drive(np.full(3, 300.0), T_hot=T_hot, heat_cold=-heat)
    current = search.find([(net, floating)], "delta_T_max", tolerance=1e-10)["delta_T_max"]
    s = network.solve([(net, floating.at(current))], tolerance=1e-10)
    assert s.T[0] - s.T[1] == pytest.approx(0.5 * Z * s.T[1] ** 2 - heat / K, rel=1e-9)


def test_what_does_not_exist_is_nan():
    n = 4
    net = Network(2, 0, 1, (Thermoelement(flat(2e-4, 1e-5, 1.5), 0, 1, 1e-3, 1e-6, 1.0),))
    # no difference, a reversed one, none given, one so large that no heat is taken up
    d = Drive(np.full(n, 300.0), T_hot=np.array([300.0, 250.0, np.nan, 500.0]), T_cold=np.full(n, 300.0))
    load = np.array([1.0, 1.0, 1.0, 1.0])
    f = search.find([(net, d)], *GENERATOR, "max_heat", "max_COP", "heat", heat=load)
    assert np.isnan(f["max_power"][:3]).all()
    assert np.isnan(f["short_circuit"][:3]).all()
    assert np.isfinite(f["max_heat"][[0, 1, 3]]).all()
    assert np.isnan(f["max_COP"]).all()
    assert np.isnan(f["heat"]).all()
    # no thermoelectric effect at all
    dead = Network(2, 0, 1, (Thermoelement(flat(0.0, 1e-5, 1.5), 0, 1, 1e-3, 1e-6, 1.0),))
    f = search.find([(dead, d)], *GENERATOR, "max_heat", "max_COP")
    assert all(np.isnan(v).all() for v in f.values())


def test_loads_at_the_ends_of_the_range():
    net = Network(2, 0, 1, (Thermoelement(flat(2e-4, 1e-5, 1.5), 0, 1, 1e-3, 1e-6, 1.0),))
    d = Drive(np.full(3, 300.0), T_hot=np.full(3, 310.0), T_cold=np.full(3, 300.0))
    most = search.find([(net, d)], "max_heat")["max_heat"]
    largest = -network.solve([(net, d.at(most))]).heat_cold[0]
    idle_heat = -network.solve([(net, d.at(np.zeros(3)))]).heat_cold[0]
    load = np.array([largest, idle_heat, 1.01 * largest])
    found = search.find([(net, d)], "heat", heat=load)["heat"]
    assert found[0] == pytest.approx(most[0], rel=1e-9)
    assert found[1] == 0.0
    assert np.isnan(found[2])


def test_groups_and_threads_change_nothing(monkeypatch):
    monkeypatch.setattr(search, "CHUNK", 3)
    rng = np.random.default_rng(4)
    groups = [
        (cooler(rng, k), Drive(np.full(k, 300.0), T_hot=np.full(k, 300.0), T_cold=np.full(k, 280.0)))
        for k in (4, 3)
    ]
    one, two = (search.find(groups, "max_COP", threads=k)["max_COP"] for k in (1, 2))
    apart = np.concatenate([search.find([g], "max_COP")["max_COP"] for g in groups])
    assert np.array_equal(one, two)
    assert np.array_equal(one, apart)


def test_wrong_questions_are_refused():
    rng = np.random.default_rng(4)
    net = cooler(rng, 2)
    d = Drive(np.full(2, 300.0), T_hot=np.full(2, 300.0), T_cold=np.full(2, 280.0))
    floating = Drive(d.ambient, T_hot=d.T_hot, heat_cold=np.zeros(2))
    for given, aims in (
        (d, ("most",)),
        (d, ()),
        (d, ("heat",)),
        (d, ("delta_T_max",)),
        (floating, ("max_COP",)),
        (floating, ("delta_T_max", "max_power")),
    ):
        with pytest.raises(ValueError, match="aim|heat"):
            search.find([(net, given)], *aims)
