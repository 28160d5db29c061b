"""Networks with every kind of element against the other engine, closed forms, groups, threads."""

from dataclasses import replace

import numpy as np
import pytest

from ioffe.engine import newton, state
from ioffe.engine.compiled import network
from ioffe.engine.elements import Joule, Link
from ioffe.engine.network import Drive, Network
from ioffe.engine.table import pack
from ioffe.engine.thermoelement import Thermoelement
from tests.engine.compiled.networks import couple, drive, pairs, segmented
from tests.engine.tables import table

FLOWS = ("current", "voltage", "heat_hot", "heat_cold", "loss", "voltage_I", "heat_hot_I", "heat_cold_I")
DRIVES = [
    ("T_hot", "T_cold", "current"),
    ("T_hot", "T_cold", "voltage"),
    ("T_hot", "T_cold", "load"),
    ("heat_hot", "T_cold", "current"),
    ("heat_hot", "T_cold", "load"),
    ("T_hot", "heat_cold", "current"),
]
N = 16


def compare(net, d, *tolerances):
    """Solutions of both engines agree to every tolerance; codes are the same."""
    exact = newton.solve(net, d, tolerance=1e-11)
    for tolerance in tolerances or (1e-6,):
        agree(network.solve([(net, d)], tolerance=tolerance, states=True), exact, d, tolerance)


def agree(found, exact, d, tolerance):
    assert np.array_equal(found.code, exact.code)
    good = found.code < state.RUNAWAY
    assert good.sum() >= N - 2
    heat = np.abs(exact.heat_hot[good]).max()
    for name in FLOWS:
        a, b = getattr(found, name)[good], getattr(exact, name)[good]
        scale = max(np.abs(b).max(), 1e-3 * heat if name in ("heat_hot", "heat_cold", "loss") else 1e-12)
        assert a / scale == pytest.approx(b / scale, abs=2 * tolerance), name
    assert found.T[:, good] == pytest.approx(exact.T[:, good], abs=100 * tolerance)
    scale = np.abs(exact.T_I[:, good]).max() + 1e-12
    assert found.T_I[:, good] / scale == pytest.approx(exact.T_I[:, good] / scale, abs=3 * tolerance)
    assert found.balance[good].max() < 1e-10
    if d.T_hot is not None:
        assert (np.abs(found.heat_hot - exact.heat_hot)[good] <= found.error[good] + 1e-11 * heat).all()
    for a, b in zip(found.states, exact.states, strict=True):
        for name in ("c", "r", "loss"):
            x, y = getattr(a, name)[good], getattr(b, name)[good]
            assert np.abs(x - y).max() <= 10 * tolerance * max(np.abs(y).max(), 1e-12), name


@pytest.mark.parametrize(("p", "n"), pairs())
@pytest.mark.parametrize("loss", [False, True])
def test_couples_agree_with_the_other_engine(p, n, loss):
    rng = np.random.default_rng(5)
    for k, imposed in enumerate(DRIVES):
        if k % 2 == loss:
            rule = ("pchip", "linear", "cubic")[k // 2]
            net = couple(rng, N, p, n, rule, loss, resistivity=not loss)
            compare(net, drive(rng, N, *imposed))


@pytest.mark.parametrize("loss", [False, True])
def test_segmented_legs_agree_with_the_other_engine(loss):
    rng = np.random.default_rng(7)
    net = segmented(rng, N, loss=loss)
    d = drive(rng, N, reach=(650.0, 850.0))
    compare(net, d, 1e-6, 1e-9)
    compare(net, replace(d, current=None, load=np.linspace(0.0, 0.3, N)))


def test_derivatives_to_the_current_are_total():
    rng = np.random.default_rng(3)
    net, d = couple(rng, N, "lead telluride", "half-Heusler", loss=True), drive(rng, N)
    h = 1e-4
    s, up, down = (network.solve([(net, d.at(d.current + k * h))], tolerance=1e-11) for k in (0, 1, -1))
    for name in ("voltage", "heat_hot", "heat_cold"):
        difference = (getattr(up, name) - getattr(down, name)) / (2 * h)
        assert getattr(s, f"{name}_I") == pytest.approx(difference, rel=1e-5, abs=1e-6)
    assert s.T_I == pytest.approx((up.T - down.T) / (2 * h), rel=1e-5, abs=1e-5)


def test_constant_properties_between_thermal_resistances():
    """A couple behind two thermal resistances: three linear equations."""
    S, rho, kappa, L, A, K = 2e-4, 1e-5, 1.5, 2e-3, 4e-6, 0.05
    x = np.array([100.0, 1500.0])

    def flat(seebeck):
        return pack(*((x, np.array([[v, 0.0, 0.0, 0.0]])) for v in (seebeck, rho, kappa)), resistivity=True)

    legs = (Thermoelement(flat(S), 2, 3, L, A, 1.0), Thermoelement(flat(-S), 2, 3, L, A, -1.0, count=1.0))
    ohm = 3e-3
    net = Network(4, 0, 1, legs, (Link(0, 2, K), Link(3, 1, K)), (Joule(3, ohm),))
    current = np.linspace(-3.0, 3.0, 13)
    d = Drive(np.full(13, 300.0), T_hot=np.full(13, 500.0), T_cold=np.full(13, 300.0), current=current)
    s = network.solve([(net, d)], tolerance=1e-10)
    R, k = 2 * rho * L / A, 2 * kappa * A / L
    for case, i in enumerate(current):
        # unknown T2, T3: heat into the hot junction leaves it, likewise at the cold one
        M = np.array([[K + k + 2 * S * i, -k], [-k, K + k - 2 * S * i]])
        side = np.array([K * 500.0 + 0.5 * i * i * R, K * 300.0 + 0.5 * i * i * R + i * i * ohm])
        T2, T3 = np.linalg.solve(M, side)
        assert s.T[2:, case] == pytest.approx([T2, T3], rel=1e-11)
        assert s.voltage[case] == pytest.approx(2 * S * (T2 - T3) - i * (R + ohm), rel=1e-9, abs=1e-12)
        assert s.heat_hot[case] == pytest.approx(K * (500.0 - T2), rel=1e-9)


def test_groups_of_different_materials_are_their_lanes_one_after_the_other():
    rng = np.random.default_rng(9)
    groups = [(couple(rng, k, p, n), drive(rng, k)) for k, (p, n) in zip((3, 1, 5), pairs()[:3], strict=True)]
    together = network.solve(groups, states=True)
    apart = [network.solve([g], states=True) for g in groups]
    for name in ("current", "voltage", "heat_hot", "loss", "error", "code"):
        expected = np.concatenate([getattr(s, name) for s in apart])
        assert np.array_equal(getattr(together, name), expected, equal_nan=True)
    assert np.array_equal(together.T, np.concatenate([s.T for s in apart], axis=1))
    one, parts = together.states[1], [s.states[1] for s in apart]
    assert np.array_equal(one.c_j, np.concatenate([p.c_j for p in parts]))
    assert np.array_equal(one.code, np.concatenate([p.code for p in parts]))


def test_the_number_of_threads_changes_nothing(monkeypatch):
    monkeypatch.setattr(network, "CHUNK", 5)
    rng = np.random.default_rng(4)
    net, d = segmented(rng, 23, loss=True), drive(rng, 23, reach=(650.0, 850.0))
    results = [network.solve([(net, d)], threads=k) for k in (1, 2, 3)]
    monkeypatch.setattr(network, "CHUNK", 1000)
    results.append(network.solve([(net, d)], threads=1))
    for s in results[1:]:
        for name in (*FLOWS, "T", "T_I", "error", "residual", "code"):
            assert np.array_equal(getattr(s, name), getattr(results[0], name))


def test_states_are_kept_only_when_asked_for():
    rng = np.random.default_rng(4)
    net, d = segmented(rng, 3), drive(rng, 3, reach=(650.0, 850.0))
    assert network.solve([(net, d)]).states == [None, None, None]
    kept = network.solve([(net, d)], states=True).states
    assert [x.c.shape for x in kept] == [(3,), (3,), (3,)]


def test_lanes_without_a_solution_leave_their_neighbours_alone():
    t = table("bismuth telluride", "pchip")
    legs = (Thermoelement(t, 2, 1, 1e-3, 1e-6, 1.0),)
    net = Network(3, 0, 1, legs, (Link(0, 2, 0.01),))
    current = np.array([0.5, 1e3, np.nan, 0.5])
    d = Drive(np.full(4, 300.0), T_hot=np.full(4, 400.0), T_cold=np.full(4, 300.0), current=current)
    s = network.solve([(net, d)])
    assert s.code[0] == s.code[3] == state.OK
    assert s.code[1] in (state.RUNAWAY, state.FAILED)
    assert s.code[2] == state.ABSENT
    assert s.heat_hot[0] == s.heat_hot[3]
    assert np.isnan(s.heat_hot[1:3]).all()
    assert np.isnan(s.T_I[:, 1:3]).all()


def test_a_stiff_layer_carries_its_heat():
    """A link far stiffer than the rounding of T allows: its balance closes all the same."""
    t = table("skutterudite", "pchip")
    net = Network(3, 0, 1, (Thermoelement(t, 2, 1, 1e-3, 1e-6, 1.0),), (Link(0, 2, 1e7),))
    two = np.full(2, 1.0)
    d = Drive(300 * two, T_hot=800 * two, T_cold=300 * two, current=np.array([0.0, 2.0]))
    s, exact = network.solve([(net, d)], tolerance=1e-10), newton.solve(net, d, tolerance=1e-12)
    assert s.heat_hot == pytest.approx(exact.heat_hot, rel=1e-9)
    assert s.balance.max() < 1e-10


def test_a_balance_below_absolute_zero_is_no_steady_state():
    leg = Thermoelement(table("lead telluride", "pchip"), 0, 2, 2e-3, 4e-6, 1.0)
    net = Network(3, 0, 1, (leg,), (Link(2, 1, 1e-3),))
    taken = Drive(
        np.full(2, 300.0), T_hot=np.full(2, 700.0), heat_cold=np.array([0.1, 1.0]), current=np.zeros(2)
    )
    found, other = network.solve([(net, taken)]), newton.solve(net, taken)
    assert list(found.code) == list(other.code) == [state.OK, state.RUNAWAY]
    assert np.isnan(found.heat_hot[1])
    assert np.isnan(found.T[:, 1]).all()
