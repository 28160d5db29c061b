"""Axes, tables, JSON, profiles, citations and failed points of results."""

import json
import math

import numpy as np
import pytest

import ioffe as te
from ioffe.base.quantities import QUANTITIES
from tests.device.cases import constant


def leg(name="Bi0.42Sb1.58Te3"):
    return te.Leg(name, "1.6 mm", "1.4 mm x 1.4 mm", contact=te.Contact("5 uohm cm2"))


def module():
    layers = [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3", "0.6 mm")]
    return te.Module(p=leg(), n=leg("Bi2Te2.7Se0.3"), couples=4, fill_factor=0.3, hot=layers, cold=layers)


def test_lists_make_named_axes():
    r = leg().solve(
        te.Generator(T_hot=[400.0, 450.0], T_cold=[330.0, 340.0, 350.0], current=[0.0, 0.5, 1.0, 2.0])
    )
    assert list(r.axes) == ["T_hot", "T_cold", "current"]
    assert r.power.shape == (2, 3, 4)
    assert r.max_power.shape == (2, 3)
    assert r.delta_T[1, 2] == pytest.approx([100.0] * 4)
    alone = leg().solve(te.Generator(T_hot=450.0, T_cold=340.0, current=1.0))
    assert isinstance(alone.power, float)
    assert alone.power == pytest.approx(r.power[1, 1, 2], rel=1e-12)


def test_sweep_runs_from_open_to_short_circuit():
    r = leg().solve(te.Generator(T_hot=[400.0, 500.0], T_cold=330.0, load="sweep"))
    assert r.voltage[:, 0] == pytest.approx(r.open_circuit_voltage)
    assert r.voltage[:, -1] == pytest.approx([0.0, 0.0], abs=1e-10)
    assert r.power.max(axis=1) == pytest.approx(r.max_power, rel=1e-3)
    assert (r.power.max(axis=1) <= r.max_power * (1 + 1e-12)).all()


def test_json_has_the_words_of_the_quantity_table(tmp_path):
    r = module().solve(te.Generator(T_hot=[400.0, 500.0], T_cold=330.0, current=[0.0, 1.0]))
    data = json.loads(r.save(tmp_path / "r.json").read_text())
    assert data["status"] == "ok"
    assert np.array(data["power"]) == pytest.approx(r.power)
    assert data["units"]["power"] == "W"
    assert set(data["units"]) <= set(QUANTITIES)
    assert data["interpolation"] == {"Bi0.42Sb1.58Te3": "pchip", "Bi2Te2.7Se0.3": "pchip"}
    assert any("doi.org" in c for c in data["citations"])


def test_rows_and_frame():
    r = leg().solve(te.Generator(T_hot=[400.0, 450.0], T_cold=330.0, current=[0.0, 1.0]))
    header, rows = r.rows()
    assert header[0] == "current (A)"
    assert len(rows) == 4
    assert all(len(row) == len(header) for row in rows)
    assert rows[3][header.index("T_hot (K)")] == 450.0
    frame = r.to_frame()
    assert frame["power (W)"].to_numpy() == pytest.approx(r.power.ravel())


def test_print_shows_status_balance_and_interpolation():
    text = repr(leg().solve(te.Generator(T_hot=450.0, T_cold=340.0)))
    for word in ("status: ok", "energy balance", "estimated error", "interpolation", "max_power", "pchip"):
        assert word in text


def test_extrapolation_warns_and_strict_refuses():
    r = leg().solve(te.Generator(T_hot=500.0, T_cold=290.0))
    assert r.status is te.Status.OUTSIDE_TABLE
    assert "Bi0.42Sb1.58Te3 was used from 290.0 K to 500.0 K, measured from 323 K to 573 K" in r.warnings[0]
    with pytest.raises(te.ExtrapolationError, match="measured from 323 K"):
        leg().solve(te.Generator(T_hot=500.0, T_cold=290.0), strict=True)


def test_profile_goes_through_every_layer():
    r = module().solve(te.Generator(T_hot=500.0, T_cold=330.0, current=1.0))
    p = r.profile()
    one = p.of("p")
    assert one.layer[0] == "Al2O3"
    assert one.layer[-1] == "Al2O3"
    assert list(dict.fromkeys(one.layer)) == ["Al2O3", "Cu", "Bi0.42Sb1.58Te3"]
    assert one.T[0] == pytest.approx(500.0)
    assert one.T[-1] == pytest.approx(330.0)
    assert (np.diff(one.T) <= 1e-6).all()
    assert one.position[-1] == pytest.approx(1.6e-3 + 2 * 0.9e-3)
    # heat through a plate is the heat of the device over its footprint
    assert one.heat_flux[0] == pytest.approx(r.heat_hot / module().footprint, rel=1e-9)
    assert one.heat_flux[-1] == pytest.approx(r.heat_cold / module().footprint, rel=1e-9)


def test_potential_of_the_legs_makes_the_voltage():
    bare = te.Module(p=leg(), n=leg("Bi2Te2.7Se0.3"), couples=4, fill_factor=0.3)
    r = bare.solve(te.Generator(T_hot=500.0, T_cold=330.0, current=1.0))
    p = r.profile()
    ends = [p.of(k).electric_potential[-1] for k in "pn"]
    cold_contacts = 2 * 5e-10 / bare.p.area * 1.0
    assert 4 * (ends[0] - ends[1] - cold_contacts) == pytest.approx(r.voltage, rel=1e-9)


def test_ideal_profile_is_a_parabola():
    one = te.Leg(constant(), "2 mm", "4 mm2")
    exact = one.solve(te.Generator(T_hot=800.0, T_cold=400.0, current=10.0)).profile()
    ideal = one.solve(te.Generator(T_hot=800.0, T_cold=400.0, current=10.0), "ideal").profile()
    assert ideal.T == pytest.approx(exact.T, abs=1e-6)
    assert ideal.heat_flux == pytest.approx(exact.heat_flux, rel=1e-8)
    assert ideal.electric_potential == pytest.approx(exact.electric_potential, abs=1e-9)


def test_wrong_index_and_unsolved_point():
    r = leg().solve(te.Generator(T_hot=[400.0, 450.0], T_cold=330.0, current=[1.0, 2.0]))
    assert r.profile((-1, 0)).T[0] == pytest.approx(450.0)
    with pytest.raises(te.InputError, match=r"T_hot \(2\), current \(2\)"):
        r.profile((5, 0))
    burnt = leg().solve(te.Generator(T_hot=450.0, T_cold=330.0, current=1e4))
    assert math.isnan(burnt.power)
    with pytest.raises(te.InputError, match="a solved point"):
        burnt.profile()


def test_unknown_attribute_names_the_nearest():
    r = leg().solve(te.Generator(T_hot=450.0, T_cold=340.0))
    with pytest.raises(AttributeError, match="max_power"):
        _ = r.maxpower
    with pytest.raises(AttributeError, match="a generator result has no 'COP'"):
        _ = r.COP


def test_maxima_can_be_left_out():
    r = leg().solve(te.Generator(T_hot=450.0, T_cold=340.0, current=1.0), maxima=False)
    assert not hasattr(r, "max_power")
    assert r.power == pytest.approx(leg().solve(te.Generator(T_hot=450.0, T_cold=340.0, current=1.0)).power)
