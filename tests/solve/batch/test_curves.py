"""Curves from few solved currents against their points solved one by one, at the same currents."""

import numpy as np
import pytest

import ioffe as te
from ioffe.solve.batch import curves

pytestmark = pytest.mark.compiled
JOINT = te.Contact("10 uohm cm2", "5 mm2 K/W")
LEG = te.Leg("Pb0.99Na0.01Te", "4 mm", "2 mm x 2 mm", contact=JOINT)
CURVES = ("seebeck", "electrical", "thermal_conductivity")
SINKS = {"hot_resistance": 20.0, "cold_resistance": 20.0}
GENERATE = te.Generator(T_hot=700.0, T_cold=300.0, current="sweep")
COUPLE = te.Module(
    p=te.Leg("generic p cooler leg", "1.6 mm", 2e-6, contact=JOINT),
    n=te.Leg("generic n cooler leg", "1.6 mm", 2e-6, contact=JOINT),
    fill_factor=0.3,
    couples=3,
    hot=[te.Layer("Cu", "0.3 mm", "electrodes"), te.Layer("Al2O3 96%", "0.7 mm")],
)


def straight():
    """Tables of straight lines: the ends of the leg pass their knots with the current."""
    material = LEG.segments[0].material
    lines = {k: getattr(material, k).replace(interpolation="linear") for k in CURVES}
    return LEG.replace(material=material.replace(**lines))


def segmented():
    """A leg whose cold segment leaves its table at small currents."""
    segments = [te.Segment("Pb0.99Na0.01Te", "3 mm"), te.Segment("(Bi0.23Sb0.77)2Te3", "2 mm")]
    return te.Leg(segments=segments, area=9e-6, contact=JOINT, between=JOINT)


DEVICES = {
    "reservoirs": (LEG, GENERATE.replace(hot_resistance=2.0, cold_resistance=2.0), 1e-6),
    "straight lines": (straight(), GENERATE.replace(**SINKS), 1e-8),
    "segments": (segmented(), GENERATE, 1e-6),
    "given heat": (LEG, te.Generator(heat=2.0, T_cold=300.0, current="sweep"), 1e-6),
    "couple": (COUPLE, te.Generator(T_hot=450.0, T_cold=300.0, load="sweep"), 1e-6),
    "cooler": (COUPLE, te.Cooler(T_hot=310.0, T_cold=290.0, current="sweep"), 1e-6),
    "cooler at given heat": (COUPLE, te.Cooler(T_hot=310.0, heat=0.1, current="sweep"), 1e-6),
}


@pytest.mark.parametrize("name", DEVICES)
def test_points_of_curves(name):
    device, conditions, tolerance = DEVICES[name]
    n = 6 if isinstance(conditions, te.Cooler) else 20
    rng = np.random.default_rng(8)
    path = "heat" if conditions.heat is not None else "T_hot"
    given = getattr(conditions, path)
    vary = {
        path: rng.uniform(0.9 * given, 1.1 * given, n)
        if path == "heat"
        else rng.uniform(given - 50, given, n)
    }
    if isinstance(conditions, te.Cooler) and path == "T_hot":
        vary["T_hot"] = rng.uniform(300.0, 310.0, n)
    if device is COUPLE:
        vary["couples"] = rng.integers(1, 9, n)
    options = {"engine": "compiled", "threads": 1}
    found = te.solve_batch(device, conditions, vary, tolerance=tolerance, **options)
    fixed = conditions.replace(current=0.0, **({} if isinstance(conditions, te.Cooler) else {"load": None}))
    every = {one: values[:, None] for one, values in vary.items()} | {"current": found.current}
    finest = 1e-9 if isinstance(conditions, te.Cooler) else 1e-10
    exact = te.solve_batch(device, fixed, every, tolerance=finest, **options)
    assert np.array_equal(found.point_status, exact.point_status)
    if name == "segments":
        assert len(np.unique(found.point_status)) > 1
    solved = np.isfinite(found.voltage)
    assert solved.mean() > 0.5
    size = np.maximum(np.abs(exact.heat_hot), np.abs(exact.heat_cold))
    for heat in ("heat_hot", "heat_cold"):
        miss = np.abs(getattr(found, heat) - getattr(exact, heat))
        assert (miss <= found.point_error_estimate * size)[solved].all(), np.nanmax(miss / size)
    most = np.nanmax(np.abs(exact.voltage), axis=1, keepdims=True)
    assert (np.abs(found.voltage - exact.voltage) <= 5 * tolerance * most)[solved].all()
    assert found.T_hot_junction[solved] == pytest.approx(exact.T_hot_junction[solved], rel=tolerance)
    assert found.T_cold_junction[solved] == pytest.approx(exact.T_cold_junction[solved], rel=tolerance)
    assert np.nanmax(found.point_energy_balance) < 1e-9


def test_sweep_of_a_cooler_at_given_heat_reaches_where_the_single_solve_does():
    conditions = te.Cooler(T_hot=310.0, heat=0.1, current="sweep")
    alone = COUPLE.solve(conditions)
    batch = te.solve_batch(COUPLE, conditions, {"heat": [0.1]}, engine="compiled")
    assert batch.current[0] == pytest.approx(alone.current, rel=1e-4)


def test_nothing_is_solved_where_few_currents_tell_the_curve(monkeypatch):
    """The end is known from its search: four currents more, and no other point."""
    solved, solve = [], curves._at

    def told(*given):
        solved.append(len(given[-1]))
        return solve(*given)

    monkeypatch.setattr(curves, "_at", told)
    leg = te.Leg("Bi0.42Sb1.58Te3", "2 mm", "2 mm2", contact=JOINT)
    conditions = te.Generator(T_hot=500.0, T_cold=330.0, current="sweep")
    te.solve_batch(leg, conditions, {"T_hot": [420.0, 450.0, 480.0]}, engine="compiled")
    assert solved == [4]
