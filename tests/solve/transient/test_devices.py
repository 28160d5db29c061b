"""Legs, modules and cascades through time: start, load steps, cycles, limits, and the steady solver."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import ioffe as te
from ioffe.engine.network import Solution
from tests.solve.transient.materials import generator, generic, plain, rough_leg


def cooler(**changes):
    contact = te.Contact(electrical="5e-10 ohm m2", thermal="2e-6 m2 K/W")
    legs = {k: te.Leg(generic(k), "1.6 mm", "1.96 mm2", contact=contact) for k in "pn"}
    layers = [te.Layer("Cu", "0.3 mm"), te.Layer("AlN", "0.6 mm")]
    return te.Module(**legs, couples=31, fill_factor=0.3, hot=layers, cold=layers, **changes)


def same(transient, steady, keys, k=-1, rel=1e-6):
    for key in keys:
        assert transient.values[key][k] == pytest.approx(getattr(steady, key), rel=rel), key


KEYS = ("current", "voltage", "power", "heat_hot", "heat_cold", "T_hot_junction", "T_cold_junction")


@pytest.mark.parametrize("drive", [{"load": 0.3}, {"current": 2.0}, {"voltage": 0.5}], ids=str)
def test_start_of_a_generator_ends_in_the_steady_state(drive):
    sides = {"hot_heat_transfer_coefficient": 3000.0, "cold_resistance": 0.3, "T_ambient": 300.0}
    steady = generator().solve(te.Generator(T_hot=600, T_cold=290, **sides, **drive), maxima=False)
    common = {"mode": "generate", "T_cold": 290, **sides, **drive, "mesh_check": False}
    start = te.Transient(T_hot=600, initial=290, duration="20 min", hot_mass=20, **common)
    r = generator().solve(start)
    same(r, steady, KEYS, rel=2e-5)
    assert r.T_hot_face[0] == pytest.approx(290.0)
    assert r.status == te.Status.OUTSIDE_TABLE
    at_once = generator().solve(start.replace(initial="steady", cells=200))
    same(at_once, steady, KEYS, k=0, rel=4e-7)
    same(at_once, steady, KEYS, rel=4e-7)
    assert at_once.steps < 5


def test_steady_limit_of_segments_side_losses_and_kinked_tables():
    sides = {"T_hot": 700.0, "T_cold": 320.0, "T_ambient": 300.0, "current": 4.0}
    steady = rough_leg().solve(te.Generator(**sides), maxima=False)
    for cells, rel in ((60, 5e-6), (240, 5e-7)):
        r = rough_leg().solve(
            te.Transient(mode="generate", duration=1, cells=cells, mesh_check=False, **sides)
        )
        same(r, steady, ("voltage", "heat_hot", "heat_cold"), rel=rel)
        lost = steady.heat_hot - steady.heat_cold - steady.power
        assert r.heat_lost[-1] == pytest.approx(lost, rel=100 * rel)


def test_profile_of_a_steady_start():
    sides = {"T_hot": 700.0, "T_cold": 320.0, "T_ambient": 300.0, "current": 9.0}
    steady = rough_leg().solve(te.Generator(**sides), maxima=False).profile()
    p = rough_leg().solve(te.Transient(mode="generate", duration=1, mesh_check=False, **sides)).profile(0.5)
    for name in dict.fromkeys(p.layer):
        a, b = (np.array([k == name for k in q.layer]) for q in (steady, p))
        for key in ("T", "electric_potential", "heat_flux"):
            found = np.interp(steady.position[a], p.position[b], getattr(p, key)[b])
            assert found == pytest.approx(getattr(steady, key)[a], rel=2e-4, abs=2e-4)


def test_load_step_of_a_generator():
    """At once the temperatures stay and Ohm's law holds; then the Seebeck voltage follows."""
    S, sigma, L, area, R1, R2 = 2e-4, 1e5, 2e-3, 4e-6, 0.02, 0.001
    leg = te.Leg(plain(S, sigma), L, area)
    sides = {"mode": "generate", "T_cold": 300, "T_hot": 500, "hot_resistance": 120.0}
    r = leg.solve(te.Transient(load=te.steps([(0, R1), (5, R2)]), duration=100, tolerance=1e-6, **sides))
    k = int(np.flatnonzero(np.diff(r.time) == 0)[0])
    inside = L / (sigma * area)
    emf = r.current[k] * (R1 + inside)
    assert r.current[k + 1] == pytest.approx(emf / (R2 + inside), rel=1e-9)
    assert r.voltage[k + 1] == pytest.approx(R2 * r.current[k + 1], rel=1e-12)
    assert r.T_hot_face[k + 1] == r.T_hot_face[k]
    after = leg.solve(te.Generator(T_cold=300, T_hot=500, hot_resistance=120.0, load=R2), maxima=False)
    same(r, after, ("current", "voltage"), rel=1e-6)
    # the larger current cools the hot end
    assert r.current[-1] < 0.97 * r.current[k + 1]


def test_cycles_become_periodic():
    period = 20.0
    r = generator().solve(
        te.Transient(
            mode="generate",
            T_hot=te.cycle(350, 500, period, ramp=4),
            T_cold=300,
            load=0.3,
            T_ambient=300,
            initial=300,
            duration=8 * period,
            hot_heat_transfer_coefficient=4000.0,
            hot_mass=4,
            cells=30,
            mesh_check=False,
            times=np.linspace(0, 8 * period, 161),
            tolerance=1e-4,
        )
    )
    cycles = r.T_hot_junction[1:].reshape(8, 20)
    change = np.max(np.abs(np.diff(cycles, axis=0)), axis=1)
    assert change[0] > 10.0
    assert change[-1] < 0.05
    assert np.all(change[1:] < 0.7 * change[:-1] + 0.02)
    assert np.ptp(cycles[-1]) > 30.0
    # one whole period stores nothing, and what enters leaves
    passed = {key: np.diff(r.values[key][[-21, -1]])[0] for key in ("stored_energy", "energy_hot")}
    assert abs(passed["stored_energy"]) < 2e-3 * passed["energy_hot"]


def test_cooled_object():
    """Its heat and that of the load are what the module takes up."""
    mass, load = 25.0, 1.5
    r = cooler().solve(
        te.Transient(
            mode="cool",
            T_hot=300,
            hot_resistance=0.2,
            heat=load,
            current=2.0,
            cold_mass=mass,
            duration="1 h",
            initial=300,
            mesh_check=False,
        )
    )
    steady = cooler().solve(te.Cooler(T_hot=300, hot_resistance=0.2, heat=load, current=2.0))
    assert r.T_cold[-1] == pytest.approx(steady.T_cold, abs=0.02)
    assert np.all(r.heat_cold == load)
    assert np.all(np.diff(r.T_cold) < 1e-4)
    bare = cooler().solve(r.conditions.replace(cold_mass=0))
    half = [np.interp(-0.5 * (300 - steady.T_cold), x.T_cold[::-1] - 300, x.time[::-1]) for x in (r, bare)]
    assert half[0] > 5.0 * half[1]
    assert r.stored_energy[-1] < bare.stored_energy[-1] - 0.9 * mass * (300 - r.T_cold[-1])


def test_mass_of_a_heat_sink_stands_between_module_and_air():
    common = {"mode": "cool", "T_hot": 300, "heat": 0, "current": 3.0, "initial": 300, "mesh_check": False}
    light, heavy = (
        cooler().solve(te.Transient(hot_resistance=0.5, hot_mass=m, duration=20, **common)) for m in (0, 300)
    )
    assert light.T_hot_face.max() > 303.0
    assert heavy.T_hot_face.max() < 0.3 * (light.T_hot_face.max() - 300.0) + 300.0
    assert np.all(heavy.T_hot == 300.0)
    # what enters the air comes from the mass, and lags behind
    assert heavy.heat_hot[-1] < 0.5 * light.heat_hot[-1]


def test_cascade():
    small = cooler().replace(couples=7)
    cascade = te.Cascade([cooler(), small])
    common = {"T_hot": 300, "heat": 0.2, "current": 1.5}
    steady = cascade.solve(te.Cooler(**common))
    r = cascade.solve(
        te.Transient(mode="cool", duration="3 min", initial=300, cells=30, mesh_check=False, **common)
    )
    same(r, steady, ("voltage", "power", "heat_hot", "T_cold"), rel=1e-4)
    assert r.T_cold[-1] < 265.0
    assert set(r.profile(60).stage) == {0, 1}
    loose = te.Cascade([cooler(), small], "independent")
    with pytest.raises(te.InputError, match="stages in series are expected"):
        loose.solve(r.conditions)


def test_runaway_stops():
    r = te.Leg(plain(), 1e-3, 1e-6).solve(
        te.Transient(mode="cool", T_hot=300, heat=0, current=te.steps([(0, 1), (1, 80)]), duration=10)
    )
    assert r.status == te.Status.RUNAWAY
    assert np.isnan(r.T_cold[-1])
    assert np.isnan(r.voltage[-1])
    assert r.time[-1] == 10.0
    assert np.all(np.isfinite(r.T_cold[:-1]))
    assert "exceeds 3000 K" in r.warnings[0]
    with pytest.raises(te.InputError, match="a time that the solution reached"):
        r.profile(9)


def test_no_steady_start():
    r = te.Leg(plain(), 1e-3, 1e-6).solve(
        te.Transient(mode="cool", T_hot=300, heat=0, current=90, duration=10, times=[2, 5])
    )
    assert r.status >= te.Status.RUNAWAY
    assert list(r.time) == [2.0, 5.0]
    assert np.isnan(r.T_cold).all()
    assert np.isnan(r.stored_energy).all()
    assert "None" not in repr(r)


def test_steady_start_without_heat_and_voltage():
    """A generator at rest in warmer surroundings, which only its side losses drive."""
    contact = te.Contact(1e-10, 2e-5)
    legs = [
        te.Leg(plain(S, name=k), 1.2e-4, 2e-8, contact=contact, side=te.SideLoss(30.0, 0.4))
        for k, S in (("p", 2e-4), ("n", -2e-4))
    ]
    r = te.Module(*legs, couples=40, fill_factor=0.4).solve(
        te.Transient(mode="generate", T_cold=286.0, heat=0, voltage=0, T_ambient=300.0, duration=1)
    )
    assert r.status == te.Status.OK
    assert 286.0 < r.T_hot[0] < 287.0
    assert r.current[0] > 0.0
    assert r.T_hot[-1] == pytest.approx(r.T_hot[0], abs=1e-9)


def test_steady_start_where_the_engine_finds_none(monkeypatch):
    """The cells find it from one temperature everywhere."""
    conditions = te.Transient(mode="cool", T_hot=300, heat=1.0, current=2.0, duration=1, mesh_check=False)
    known = cooler().solve(conditions)

    def failed(network, drive, **_):
        return Solution.blank(len(drive), network.nodes, len(network.legs))

    monkeypatch.setattr("ioffe.solve.transient.solve.steady_newton.solve", failed)
    found = cooler().solve(conditions)
    assert found.T_cold == pytest.approx(known.T_cold, abs=1e-9)


def test_beyond_the_measured_range():
    conditions = te.Transient(
        mode="generate",
        T_hot=te.cycle(300, 430, 10, ramp=3),
        T_cold=300,
        current=0,
        duration=10,
        mesh_check=False,
    )
    leg = te.Leg(generic("p"), 1e-3, 1e-6)
    r = leg.solve(conditions)
    assert r.status == te.Status.OUTSIDE_TABLE
    assert "was used from 300.0 K to 430.0 K, measured from 200 K to 400 K" in r.warnings[0]
    with pytest.raises(te.ExtrapolationError, match="generic p cooler leg"):
        leg.solve(conditions, strict=True)
    heat = te.Curve([290, 350], [150, 160], "heat_capacity")
    r = te.Leg(generic("p").replace(heat_capacity=heat), 1e-3, 1e-6).solve(
        conditions.replace(T_hot=te.cycle(300, 390, 10, ramp=3))
    )
    assert r.warnings[0].startswith("the heat capacity of generic p cooler leg was used from 300.0 K")


def test_callables_and_their_jumps():
    def current(t):
        return 1.0 if t < 0.7 else 3.0

    leg = te.Leg(plain(), 2e-3, 4e-6)
    common = {"mode": "cool", "T_hot": 300, "heat": 0, "duration": 2, "initial": 300, "tolerance": 1e-6}
    common["mesh_check"] = False
    table = leg.solve(te.Transient(current=te.steps([(0, 1.0), (0.7, 3.0)]), times=[0.6, 1.9], **common))
    exact = leg.solve(te.Transient(current=current, breaks=[0.7], times=[0.6, 1.9], **common))
    near = leg.solve(te.Transient(current=current, times=[0.6, 1.9], **common))
    assert exact.T_cold == pytest.approx(table.T_cold, abs=2e-3)
    assert near.T_cold == pytest.approx(table.T_cold, abs=2e-2)
    assert near.steps > 100


@settings(max_examples=12)
@example(current=0.546875, T_hot=280.0, heat=0.0, initial=270.0, emissivity=0.0, scale=0.375)
@given(
    current=st.floats(-4.0, 6.0),
    T_hot=st.floats(280.0, 340.0),
    heat=st.floats(-0.05, 0.1),
    initial=st.floats(270.0, 340.0),
    emissivity=st.floats(0.0, 1.0),
    scale=st.floats(0.3, 3.0),
)
def test_energy_is_conserved(current, T_hot, heat, initial, emissivity, scale):
    leg = te.Leg(
        generic("n"),
        scale * 1e-3,
        1.5e-6,
        contact=te.Contact(1e-9, 1e-5),
        side=te.SideLoss(10.0, emissivity),
    )
    r = leg.solve(
        te.Transient(
            mode="cool",
            T_hot=T_hot,
            heat=te.pulse(0, heat, 1, 2),
            current=[(0, 0), (2, current)],
            T_ambient=300,
            duration=4,
            initial=initial,
            tolerance=1e-3,
            cells=24,
            mesh_check=False,
        )
    )
    if r.status <= te.Status.OUTSIDE_TABLE:
        assert r.energy_balance < 1e-11
        assert np.all(np.isfinite(r.T_cold))
