"""Stages in time by compiled code against those of NumPy: all elements, what is imposed, refusals."""

import numpy as np
import pytest

import ioffe as te
from ioffe.solve import loading
from ioffe.solve.transient import compiled, newton
from ioffe.solve.transient.system import Imposed, MeshState, flows
from tests.solve.transient.materials import generator, plain
from tests.solve.transient.test_flux import everything

NONE = dict.fromkeys(("T_hot", "T_cold", "heat_hot", "heat_cold", "current", "voltage", "load"))
IMPOSED = (
    {"heat_hot": 2.0, "T_cold": 300.0, "load": 0.01},
    {"heat_hot": 2.0, "T_cold": 300.0, "current": 1.3},
    {"T_hot": 400.0, "heat_cold": -1.0, "voltage": 0.05},
)


def both(system, state, imposed, time):
    """The same stage by NumPy and by compiled code: a step of so many s from a state, or a jump."""
    given = Imposed(ambient=310.0, **{**NONE, **imposed})
    target = flows(system, state, given).energy
    whole = system, state, given, 1.0, time, target, newton.MAX_PASSES
    return newton.solve_by_numpy(*whole), compiled.solve(*whole, newton.LIMITS)


@pytest.mark.parametrize("time", [0.0, 1e-3, 10.0])
@pytest.mark.parametrize("case", range(3))
def test_a_stage_is_that_of_numpy(case, time):
    system, _, _ = list(everything())[case]
    rng = np.random.default_rng(case)
    state = MeshState.of(rng.uniform(380.0, 390.0, system.mesh.points + system.nodes), 1.7)
    state.spread(system)
    imposed = {k: v for k, v in IMPOSED[case].items() if k in ("T_hot", "T_cold") or time > 0 or k != "load"}
    (expected, matrix), (found, last) = both(system, state, imposed, time)
    assert found.state.T == pytest.approx(expected.state.T, rel=1e-11)
    assert found.state.current == pytest.approx(expected.state.current, rel=1e-9, abs=1e-12)
    scale = np.max(np.abs(expected.heat))
    assert found.heat == pytest.approx(expected.heat, rel=1e-7, abs=1e-9 * scale)
    assert found.energy == pytest.approx(expected.energy, rel=1e-11)
    assert found.borders == pytest.approx(expected.borders, rel=1e-8, abs=1e-10 * scale)
    assert (found.voltage, found.gap) == pytest.approx((expected.voltage, expected.gap), rel=1e-9, abs=1e-12)
    wrong = np.where(system.stores, rng.uniform(-1e-6, 1e-6, len(expected.heat)), 0.0)
    change = matrix.change(wrong)
    assert last.change(wrong) == pytest.approx(change, rel=1e-6, abs=1e-7 * np.max(np.abs(change)))
    assert last.stored(change) == pytest.approx(matrix.stored(change), rel=1e-6, abs=1e-15)


def test_what_numpy_gives_up_is_given_up():
    system, _, _ = next(everything())
    state = MeshState.of(np.full(system.mesh.points + system.nodes, 350.0), 0.0)
    assert both(system, state, {"T_hot": 400.0, "T_cold": 300.0, "current": 1e9}, 1.0) == (None, None)
    state.T[3] = np.nan
    assert both(system, state, {"T_hot": 400.0, "T_cold": 300.0, "current": 1.0}, 1.0) == (None, None)


def test_a_transient_is_that_of_numpy(monkeypatch):
    """A stack of modules with jumps, masses and a load, the moments asked for and the estimates of error."""
    leg = te.Leg(plain(), 2e-3, 4e-6)
    conditions = te.Transient(
        mode="generate",
        T_hot=te.steps([(0, 300), (1, 500)]),
        T_cold=300,
        load=te.steps([(0, 0.1), (3, 0.02)]),
        hot_resistance=20.0,
        hot_mass=0.05,
        duration=6.0,
        cells=24,
        tolerance=1e-3,
    )
    for device in (leg, generator().replace(filler=None)):
        runs = []
        for wanted in (True, False):
            monkeypatch.setattr(compiled, "is_wanted", lambda wanted=wanted: wanted)
            runs.append(device.solve(conditions.replace(T_ambient=300)))
        found, expected = runs
        assert (found.steps, found.rejected, found.status) == (
            expected.steps,
            expected.rejected,
            expected.status,
        )
        for name in ("time", *found.values, "time_error", "space_error"):
            got, known = (r.values[name] if name in r.values else getattr(r, name) for r in runs)
            assert got == pytest.approx(known, rel=1e-6, abs=1e-8 * np.max(np.abs(known)))


def test_transients_go_over_to_compiled_code_when_numpy_has_taken_as_long(monkeypatch):
    monkeypatch.setattr(loading, "_spent", {"seconds": 0.0})
    monkeypatch.setattr("ioffe.engine.compiled.is_loaded", lambda _: False)
    monkeypatch.setattr("ioffe.engine.compiled.is_ready", lambda: True)
    asked = []
    monkeypatch.setattr(compiled, "solve", lambda *given: asked.append(given))
    system, _, _ = next(everything())
    state = MeshState.of(np.full(system.mesh.points + system.nodes, 350.0), 0.0)
    given = Imposed(ambient=310.0, **{**NONE, "T_hot": 400.0, "T_cold": 300.0, "current": 1.0})
    stage = system, state, given, 1.0, 1e-3, flows(system, state, given).energy
    assert newton.solve(*stage) is not None
    assert not asked
    spent = loading._spent["seconds"]
    assert spent > 0.0
    monkeypatch.setattr(loading, "LOADING_TIME", 0.5 * spent)
    newton.solve(*stage)
    assert len(asked) == 1
