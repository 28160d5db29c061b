"""What a result holds: one name for every quantity, any moment, tables, JSON, and what printing shows."""

import json
from functools import cache

import numpy as np
import pytest

import ioffe as te
from ioffe.base.quantities import QUANTITIES
from tests.solve.transient.materials import generator, generic


@cache
def result(**changes):
    leg = te.Leg(generic("p"), "1.6 mm", "1.96 mm2", contact=te.Contact("5 uohm cm2"), name="a leg")
    given = {"current": te.pulse(5, 12, 0.5, 0.1), "duration": 2.0, **changes}
    return leg.solve(te.Transient(mode="cool", T_hot=300, heat=0, **given))


def test_every_quantity_is_in_the_table():
    r = result()
    for key, values in r.values.items():
        assert key in QUANTITIES
        assert values.shape == r.time.shape
        assert getattr(r, key) is values
        assert key in dir(r)
        assert not values.flags.writeable
    assert r.time_error.shape == r.space_error.shape == r.time.shape


def test_unknown_quantity():
    with pytest.raises(AttributeError, match="no 'T_cod'; did you mean \"T_cold\""):
        _ = result().T_cod


def test_jumps_stand_twice():
    r = result()
    jumps = r.time[:-1][np.diff(r.time) == 0]
    assert list(jumps) == [0.5, 0.6]
    k = list(r.time).index(0.5)
    assert (r.current[k], r.current[k + 1]) == (5.0, 12.0)
    assert r.T_cold[k] == r.T_cold[k + 1]


def test_any_moment():
    r = result()
    for k in (0, len(r.time) // 2, len(r.time) - 1):
        if np.sum(r.time == r.time[k]) == 1:
            found = r.at(r.time[k])
            assert all(found[key] == r.values[key][k] for key in r.values)
    t = 0.5 * (r.time[20] + r.time[21])
    between = r.at(f"{t} s")
    assert min(r.T_cold[20:22]) - 1e-3 < between["T_cold"] < max(r.T_cold[20:22]) + 1e-3
    profile = r.profile(t)
    assert profile.T[-1] == pytest.approx(between["T_cold"], abs=1e-9)
    assert profile.T[0] == 300.0
    assert r.at(0.5)["current"] == 12.0
    for wrong in (-1, 3.0):
        with pytest.raises(te.InputError, match="t = "):
            r.at(wrong)


def test_asked_times_and_moments_between_them():
    r, dense = result(times=(0.0, 0.5, 0.55, 1.5)), result()
    assert list(r.time) == [0.0, 0.5, 0.55, 1.5]
    assert r.steps == dense.steps
    assert r.current[1] == 12.0
    assert r.T_cold == pytest.approx([dense.at(t)["T_cold"] for t in r.time], abs=1e-4)
    assert r.at(0.58)["T_cold"] == pytest.approx(dense.at(0.58)["T_cold"], abs=2e-2)
    assert r.at(1.9)["T_cold"] == pytest.approx(dense.at(1.9)["T_cold"], abs=2e-2)
    assert r.energy_balance == pytest.approx(dense.energy_balance, rel=1e-6)


def test_profile_of_a_module():
    r = generator().solve(
        te.Transient(
            mode="generate",
            T_hot=500,
            T_cold=300,
            T_ambient=300,
            load=0.3,
            duration=2,
            initial=300,
            massless=["lower", "Cu"],
            cells=30,
            mesh_check=False,
        )
    )
    for t in (0.0, 0.3, 2.0):
        p = r.profile(t)
        assert set(p.part) == {"p", "n", "both"}
        assert p.of("p").position[-1] == pytest.approx(p.of("n").position[-1])
        assert p.T[0] == pytest.approx(r.at(t)["T_hot"])
        assert p.T[-1] == pytest.approx(r.at(t)["T_cold"])
        line = p.of("n")
        legs = np.array(line.part) == "n"
        gained = -np.ptp(line.electric_potential[legs]) if t else 0.0
        assert gained <= 0.0
    footprint = generator().footprint
    assert p.heat_flux[0] * footprint * 0 == 0
    assert r.heat_hot[-1] > 0


def test_json_and_table(tmp_path):
    r = result()
    found = json.loads(r.save(tmp_path / "r.json").read_text(encoding="utf-8"))
    assert found["T_cold"] == list(r.T_cold)
    assert found["units"]["stored_energy"] == "J"
    assert found["status"] == "ok"
    assert found["conditions"]["current"]["values"] == [5.0, 12.0, 12.0, 5.0]
    assert found["citations"] == r.citations()
    header, rows = r.rows()
    assert header[:2] == ["time (s)", "current (A)"]
    assert len(rows) == len(r.time)
    frame = r.to_frame()
    assert list(frame["T_cold (K)"]) == list(r.T_cold)


def test_result_without_numbers_as_json(tmp_path):
    leg = te.Leg(generic("p"), "1.6 mm", "1.96 mm2")
    r = leg.solve(te.Transient(mode="cool", T_hot=300, heat=0, current=500, duration=5))
    found = json.loads(r.save(tmp_path / "r.json").read_text(encoding="utf-8"))
    assert found["T_cold"] == [None]
    assert found["status"] in ("runaway", "not_converged")


def test_printing():
    text = repr(result())
    assert text.startswith("a leg: transient, cool, 2 s, ")
    assert "status: ok." in text
    assert "energy balance" in text
    assert "mesh included" in text
    assert "mesh not checked" in repr(result(mesh_check=False))
    assert "T_cold: " in text
