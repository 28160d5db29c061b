"""Several circuits in one network: slopes by central differences; the search on functions of known maxima."""

import numpy as np
import pytest

import ioffe as te
from ioffe.engine import circuits
from ioffe.engine.network import Drive
from ioffe.engine.newton import solve
from ioffe.engine.optimum import climb
from ioffe.solve.assemble import assemble
from tests.device.cases import cold_material, hot_material
from tests.solve.test_laws import mirrored

OPTIONS = {"ideal": False, "tolerance": 1e-12}


def assembly():
    stages = []
    for material, couples, contact in ((hot_material(), 10, 1e-5), (cold_material(), 14, 0.0)):
        p, n = (
            te.Leg(m, 2e-3, 4e-6, contact=te.Contact(1e-9, contact), carrier=k)
            for m, k in ((material, "p"), (mirrored(material), "n"))
        )
        copper = [te.Layer("Cu", "0.3 mm")]
        stages.append(te.Module(p=p, n=n, couples=couples, fill_factor=0.4, hot=copper, cold=copper))
    cascade = te.Cascade(stages, between=te.Layer("AlN", "1 mm"))
    return assemble(cascade, te.Generator(T_hot=700.0, T_cold=320.0, hot_resistance=0.2))


def drive(n, end):
    ends = {"T_hot": np.full(n, 700.0), "T_cold": np.full(n, 320.0)}
    if end == "heat":
        ends = {"heat_hot": np.full(n, 20.0), "T_cold": np.full(n, 320.0)}
    return Drive(ambient=np.full(n, 300.0), current=np.ones(n), **ends)


@pytest.mark.parametrize("end", ["temperature", "heat"])
def test_slopes_to_the_current_of_each_circuit(end):
    a = assembly()
    every = tuple(s.circuit for s in a.stages)

    def totals(currents):
        d = drive(len(currents), end)
        s = solve(circuits.shared(a.network, every, tuple(currents.T)), d, **OPTIONS)
        assert (s.code == 0).all()
        # the power of all circuits is that of the network, and the voltages add up to its voltage
        t = circuits.totals(a.network, every, d, s.T, currents, **OPTIONS)
        assert t.power == pytest.approx(s.power, rel=1e-12)
        assert t.heat_hot == pytest.approx(s.heat_hot, rel=1e-11)
        assert t.heat_cold == pytest.approx(s.heat_cold, rel=1e-11)
        network = circuits.shared(a.network, every, tuple(currents.T))
        assert sum(circuits.voltage(network, c, s) for c in every) == pytest.approx(s.voltage, rel=1e-12)
        return t

    at, step = np.array([[1.5, 2.5]]), 1e-3
    t = totals(at)
    for k in range(2):
        e = step * np.eye(2)[k]
        above, below = totals(at + e), totals(at - e)
        for name in ("power", "heat_hot", "heat_cold", "T_cold"):
            by_difference = (getattr(above, name) - getattr(below, name)) / (2 * step)
            assert getattr(t, f"{name}_I")[:, k] == pytest.approx(by_difference, rel=1e-6, abs=1e-8), name


def test_idle_circuits():
    a = assembly()
    every = tuple(s.circuit for s in a.stages)
    d = drive(1, "temperature").at(np.zeros(1))
    s = solve(a.network, d, **OPTIONS)
    voltage, resistance, peltier = circuits.idle(a.network, every, d, s.T, **OPTIONS)
    assert voltage.sum(axis=1) == pytest.approx(s.voltage, rel=1e-12)
    material = cold_material()
    T = s.T[a.stages[1].cold_junction, 0]
    # the Thomson heat along the legs is set free towards the cold side too
    assert peltier[0, 1] == pytest.approx(28 * T * material.seebeck(T), rel=0.1)
    assert 0.02 < resistance[0, 1] < 0.5


CENTRE = np.array([[2.0, -1.0, 0.5], [0.5, 3.0, 1.0]])


def hill(x, cases):
    """Largest at the centre of the case; steep along a bent ridge, without a value far away."""
    d = x - CENTRE[cases]
    u, v, w = d[:, 0], d[:, 1] + 0.5 * d[:, 0] ** 2, d[:, 2]
    f = -np.log1p(u**2 + 10 * v**2 + 0.1 * w**2)
    g = -np.stack([2 * u + 20 * v * d[:, 0], 20 * v, 0.2 * w], axis=1) * np.exp(f)[:, None]
    far = np.abs(d).max(axis=1) > 6.0
    return np.where(far, np.nan, f)[None], np.where(far[:, None], np.nan, g)[None]


def test_climb_finds_the_top_of_every_lane():
    start = np.array([[1.0, 1.5, 0.3], [-2.0, 1.0, 2.0]])
    assert climb(hill, start) == pytest.approx(CENTRE, rel=1e-8)
    beyond = climb(hill, np.array([[40.0, 1.0, 1.0], [np.nan, 1.0, 1.0]]))
    assert np.isnan(beyond).all()


def test_climb_along_a_constraint():
    """The nearest point of an ellipsoid, by its Lagrange equations."""
    target, axes = np.array([1.0, 2.0, 3.0]), np.array([1.0, 0.5, 0.25])

    def nearest(x, _):
        d = x - target
        f = np.stack([-0.5 * np.sum(d**2, axis=1), np.sum((x * axes) ** 2, axis=1) - 1.0])
        return f, np.stack([-d, 2 * axes**2 * x])

    found = climb(nearest, np.array([[0.7, 0.7, 0.7]]))[0]
    assert np.sum((found * axes) ** 2) == pytest.approx(1.0, rel=1e-11)
    multiplier = (target - found) / (2 * axes**2 * found)
    assert multiplier == pytest.approx(np.full(3, multiplier[0]), rel=1e-7)


def test_climb_without_a_top_finds_nothing():
    def slope(x, _):
        return x.sum(axis=1)[None], np.ones_like(x)[None]

    assert np.isnan(climb(slope, np.ones((1, 2)))).all()
