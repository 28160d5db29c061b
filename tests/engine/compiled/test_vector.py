"""Networks solved side by side against the engine on NumPy, and what this form leaves to the general path."""

from dataclasses import replace

import numpy as np
import pytest

import ioffe as te
from ioffe.engine import newton
from ioffe.engine.compiled import network, search
from ioffe.engine.compiled.vector import entry as vector
from ioffe.engine.elements import Exchange, Link
from ioffe.engine.network import Drive
from ioffe.engine.state import ABSENT, OK, RUNAWAY
from ioffe.solve.batch import engines
from tests.engine.compiled.networks import couple, drive, pairs, segmented
from tests.engine.compiled.test_search import cooler

N = 37
"""Two full groups and one that is not."""


def check(net, given, tolerance=1e-6):
    """Solution within its error of that of the other engine; returns what is refused."""
    found, refused = vector.solve([(net, given)], tolerance=tolerance)
    exact = newton.solve(net, given, tolerance=1e-11)
    good = ~refused
    assert np.array_equal(found.code[good], exact.code[good])
    solved = good & (exact.code < RUNAWAY)
    for name in ("heat_hot", "heat_cold"):
        error = np.abs(getattr(found, name) - getattr(exact, name))[solved]
        assert (error <= found.error[solved] + 1e-11 * np.abs(exact.heat_hot[solved])).mean() > 0.9, name
        assert error.max() <= 3.0 * tolerance * np.abs(exact.heat_hot[solved]).max(), name
    assert found.T[:, solved] == pytest.approx(exact.T[:, solved], rel=tolerance)
    assert found.balance[solved].max() < 1e-9
    return refused


@pytest.mark.parametrize(
    ("circuit", "tolerance"), [("current", 1e-4), ("current", 1e-9), ("voltage", 1e-6), ("load", 1e-6)]
)
def test_couples_and_segments_agree_with_the_other_engine(circuit, tolerance):
    rng = np.random.default_rng(3)
    for p, q in pairs()[:2]:
        net = couple(rng, N, p, q)
        for hot, cold in (("T_hot", "T_cold"), ("heat_hot", "T_cold"), ("T_hot", "heat_cold")):
            given = drive(rng, N, hot, cold, circuit)
            if circuit == "current":
                given = replace(given, current=0.3 * given.current)
            refused = check(net, given, tolerance)
            if (hot, cold) == ("T_hot", "T_cold"):
                assert refused.mean() < 0.2
    given = drive(rng, N, circuit=circuit, reach=(650.0, 850.0))
    if circuit == "current":
        given = replace(given, current=0.2 * given.current)
    assert check(segmented(rng, N), given, tolerance).mean() < 0.2


def test_surroundings_and_radiation():
    rng = np.random.default_rng(5)
    net = couple(rng, N, "bismuth telluride", "lead telluride")
    exposed = Link(2, 6, rng.uniform(1e-3, 1e-2, N)), Exchange(2, 6, 1e-11)
    net = replace(net, nodes=7, ambient=6, passive=(*net.passive, *exposed))
    given = replace(drive(rng, N), current=np.full(N, 0.2))
    assert not check(net, given).any()
    found, _ = vector.solve([(net, given)])
    assert found.loss == pytest.approx(newton.solve(net, given, tolerance=1e-10).loss, rel=1e-6)


@pytest.mark.parametrize("aim", ["short_circuit", "max_power", "max_efficiency"])
def test_aims_of_generators_agree_with_the_search(aim):
    rng = np.random.default_rng(7)
    for net, given in (
        (segmented(rng, N), drive(rng, N, reach=(650.0, 850.0))),
        (couple(rng, N, "bismuth telluride", "lead telluride"), drive(rng, N)),
        (couple(rng, N, "bismuth telluride", "lead telluride"), drive(rng, N, "heat_hot")),
    ):
        given = replace(given, current=None)
        exact = search.find([(net, given)], aim, tolerance=1e-10)[aim]
        for tolerance in (1e-6, 1e-9):
            found, refused = vector.solve([(net, given)], aim, tolerance=tolerance)
            assert refused.mean() < 0.1
            assert found.current[~refused] == pytest.approx(exact[~refused], rel=5 * tolerance)
            assert found.balance[~refused].max() < 1e-9


def test_aims_of_coolers_agree_with_the_search():
    rng = np.random.default_rng(8)
    net = cooler(rng, N)
    given = Drive(np.full(N, 300.0), T_hot=rng.uniform(298, 305, N), T_cold=rng.uniform(275, 290, N))
    most = search.find([(net, given)], "max_heat", tolerance=1e-10)["max_heat"]
    load = -newton.solve(net, given.at(most)).heat_cold * rng.uniform(0.05, 0.6, N)
    for aim, heat in (("max_COP", None), ("heat", load)):
        exact = search.find([(net, given)], aim, heat=heat, tolerance=1e-10)[aim]
        found, refused = vector.solve([(net, given)], aim, heat=heat)
        assert refused.mean() < 0.3
        assert found.current[~refused] == pytest.approx(exact[~refused], rel=5e-6)
    assert -found.heat_cold[~refused] == pytest.approx(load[~refused], rel=1e-6)


def within(found, exact, solved):
    """Share of cases whose heats differ from the exact ones by no more than the estimated error."""
    rounding = 1e-12 * np.abs(exact.heat_hot)
    hot, cold = (np.abs(getattr(found, x) - getattr(exact, x)) for x in ("heat_hot", "heat_cold"))
    return (np.maximum(hot, cold) <= found.error + rounding)[solved].mean()


@pytest.mark.parametrize("states", [False, True])
@pytest.mark.parametrize("most", [0.4, 1.0])
def test_errors_of_coolers_near_the_turning_point_are_within_their_estimate(most, states):
    rng, n = np.random.default_rng(11), 400
    net = cooler(rng, n)
    given = Drive(np.full(n, 300.0), T_hot=rng.uniform(295, 320, n), T_cold=rng.uniform(230, 294, n))
    given = given.at(rng.uniform(0.0, most, n))
    found, refused = vector.solve([(net, given)], states=states)
    exact = network.solve([(net, given)], tolerance=1e-10)
    solved = ~refused & (exact.code < RUNAWAY)
    assert solved.sum() > 300
    assert within(found, exact, solved) >= 0.99


def test_errors_of_batches_of_coolers_are_within_their_estimate(monkeypatch):
    rng, n = np.random.default_rng(11), 300
    p, other = (
        te.Leg(material, "1.6 mm", "1.4 mm x 1.4 mm", contact=te.Contact("5 uohm cm2", "1 mm2 K/W"))
        for material in ("generic p cooler leg", "generic n cooler leg")
    )
    module = te.Module(p=p, n=other, couples=1, fill_factor=0.3)
    conditions = te.Cooler(T_hot=300.0, T_cold=280.0, current=2.0)
    vary = {
        "T_hot": rng.uniform(295, 320, n),
        "T_cold": rng.uniform(230, 294, n),
        "current": rng.uniform(0, 3, n),
    }
    found = te.solve_batch(module, conditions, vary, engine="compiled")
    for way in ("_takes", "is_plain"):
        monkeypatch.setattr(engines, way, lambda *_: False)
    exact = te.solve_batch(module, conditions, vary, engine="compiled", tolerance=1e-10)
    names = ("heat_hot", "heat_cold")
    error = np.max([np.abs(found.values[x] - exact.values[x]) for x in names], axis=0)
    size = np.max([np.abs(exact.values[x]) for x in names], axis=0)
    assert (error <= (found.point_error_estimate + 1e-12) * size).mean() >= 0.99


def test_states_are_those_of_the_general_path():
    rng = np.random.default_rng(9)
    net, given = segmented(rng, N), drive(rng, N, reach=(650.0, 850.0))
    given = replace(given, current=0.2 * given.current)
    found, refused = vector.solve([(net, given)], tolerance=1e-9, states=True)
    exact = network.solve([(net, given)], tolerance=1e-11, states=True)
    assert not refused.any()
    for one, other in zip(found.states, exact.states, strict=True):
        for name, values in vars(other).items():
            if name not in ("error", "loss", "T_min", "T_max"):
                assert getattr(one, name) == pytest.approx(values, rel=1e-6, abs=1e-300), name
    for name in ("T_I", "voltage_I", "heat_hot_I", "heat_cold_I"):
        assert getattr(found, name) == pytest.approx(getattr(exact, name), rel=1e-6, abs=1e-12), name


def test_what_this_form_does_not_take():
    rng = np.random.default_rng(4)
    net = cooler(rng, N)
    given = Drive(np.full(N, 300.0), T_hot=np.full(N, 300.0), T_cold=np.full(N, 290.0))
    assert vector.takes(net)
    assert not vector.takes(cooler(rng, N, loss=1e3))
    # what is not imposed is not solved, and a maximum that does not exist is not invented
    nothing = given.at(np.full(N, np.nan))
    found, refused = vector.solve([(net, nothing)])
    assert (found.code == ABSENT).all()
    assert not refused.any()
    same = Drive(np.full(N, 300.0), T_hot=np.full(N, 290.0), T_cold=np.full(N, 300.0))
    assert vector.solve([(net, same)], "max_power")[1].all()


def test_groups_and_threads_change_nothing(monkeypatch):
    monkeypatch.setattr(vector, "LEAST_CHUNK", 16)
    rng = np.random.default_rng(6)
    groups = [
        (couple(rng, k, "bismuth telluride", name), replace(drive(rng, k), current=np.full(k, 0.1)))
        for k, name in ((20, "lead telluride"), (30, "skutterudite"))
    ]
    one, two = (vector.solve(groups, threads=k)[0] for k in (1, 2))
    assert (one.code == OK).any()
    for name in ("T", "voltage", "heat_hot", "code"):
        assert np.array_equal(getattr(one, name), getattr(two, name), equal_nan=True)
    apart = [vector.solve([group])[0] for group in groups]
    assert one.voltage == pytest.approx(np.concatenate([s.voltage for s in apart]), rel=1e-9, nan_ok=True)
