"""Exchange of the outer faces with the surroundings: closed forms, every way of solving, the device file."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.constants import Stefan_Boltzmann

import ioffe as te
from ioffe.device.conditions import EXPOSURE
from tests.device.cases import constant
from tests.solve.transient.materials import generator, plain

LENGTH, AREA, KAPPA = 2e-3, 4e-6, 1.5
FACES = [f"{side}_{kind}" for side in ("hot", "cold") for kind in EXPOSURE]
LOSING = {"hot_convection": 40.0, "hot_emissivity": 0.8, "cold_convection": 15.0, "T_ambient": 290.0}


def leg(S=200e-6):
    return te.Leg(constant(S, 1e5, KAPPA), LENGTH, AREA)


def couple():
    contact = te.Contact("5 uohm cm2", "1e-5 m2 K/W")
    p, n = (te.Leg(f"generic {k} cooler leg", "1.6 mm", "1.4 mm x 1.4 mm", contact=contact) for k in "pn")
    plates = [te.Layer("Cu", "0.3 mm"), te.Layer("Al2O3", "0.6 mm")]
    return te.Module(p, n, couples=7, fill_factor=0.3, hot=plates, cold=plates)


def test_plate_heated_by_a_given_power_loses_heat_by_convection():
    h, heat, T_cold, T_ambient = 500.0, 0.2, 300.0, 280.0
    r = leg().solve(
        te.Generator(heat=heat, T_cold=T_cold, current=0.0, hot_convection=h, T_ambient=T_ambient)
    )
    K, G = KAPPA * AREA / LENGTH, h * AREA
    assert r.T_hot == pytest.approx((heat + K * T_cold + G * T_ambient) / (K + G), rel=1e-12)
    assert r.heat_hot == heat
    assert r.heat_cold == pytest.approx(K * (r.T_hot - T_cold), rel=1e-11)
    assert r.energy_balance < 1e-12


def test_face_at_a_given_temperature_takes_the_heat_it_radiates():
    without = leg().solve(te.Generator(T_hot=500, T_cold=300, current=0.1))
    r = leg().solve(te.Generator(T_hot=500, T_cold=300, current=0.1, hot_emissivity=0.7, T_ambient=290))
    radiated = 0.7 * Stefan_Boltzmann * AREA * (500.0**4 - 290.0**4)
    assert r.heat_hot - without.heat_hot == pytest.approx(radiated, rel=1e-9)
    assert (r.heat_cold, r.power) == pytest.approx((without.heat_cold, without.power), rel=1e-12)


def test_reservoir_behind_a_resistance_heats_the_face_less():
    R, h, T_ambient = 30.0, 800.0, 290.0
    conditions = te.Generator(
        T_hot=500, T_cold=300, current=0.0, hot_resistance=R, hot_convection=h, T_ambient=T_ambient
    )
    K, G = KAPPA * AREA / LENGTH, h * AREA
    face = (500.0 / R + K * 300.0 + G * T_ambient) / (1.0 / R + K + G)
    r = leg().solve(conditions)
    assert r.T_hot_junction == pytest.approx(face, rel=1e-12)
    assert r.heat_hot == pytest.approx((500.0 - face) / R, rel=1e-11)


@given(
    st.floats(0.0, 100.0),
    st.floats(0.0, 1.0),
    st.floats(0.0, 100.0),
    st.floats(0.0, 1.0),
    st.floats(250, 600),
)
def test_balance_closes_with_what_the_faces_lose(hot, hot_emissivity, cold, cold_emissivity, T_ambient):
    faces = dict(zip(FACES, (hot, hot_emissivity, cold, cold_emissivity), strict=True))
    r = couple().solve(te.Generator(T_hot=450, T_cold=310, current=1.0, T_ambient=T_ambient, **faces))
    assert r.status < te.Status.RUNAWAY
    assert r.energy_balance < 1e-9


def test_surroundings_at_the_temperature_of_the_faces_take_nothing():
    plain = couple().solve(te.Cooler(T_hot=310, T_cold=310, current=1.0))
    faces = dict.fromkeys(FACES, 0.9)
    r = couple().solve(te.Cooler(T_hot=310, T_cold=310, current=1.0, T_ambient=310, **faces))
    assert (r.heat_hot, r.heat_cold) == pytest.approx((plain.heat_hot, plain.heat_cold), rel=1e-12)


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
@pytest.mark.parametrize(
    "conditions",
    [
        te.Generator(heat=5.0, T_cold=300, current=0.5, cold_resistance=0.3, **LOSING),
        te.Generator(T_hot=450, T_cold=300, load="max_efficiency", hot_resistance=0.5, **LOSING),
        te.Cooler(T_hot=300, T_cold=280, current="max_COP", cold_resistance=0.2, **LOSING),
        te.Cooler(T_hot=300, heat=0.1, current=1.0, **LOSING),
    ],
    ids=["heat", "max_efficiency", "max_COP", "heat load"],
)
def test_batch_equals_single_solves(engine, conditions):
    if engine == "compiled":
        pytest.importorskip("numba", reason="numba is an optional extra")
    vary = {
        "hot_convection": [0.0, 20.0, 300.0],
        "cold_emissivity": [0.5, 0.0, 1.0],
        "T_ambient": [280, 300, 320],
    }
    batch = te.solve_batch(couple(), conditions, vary, engine=engine, tolerance=1e-9)
    for k in range(3):
        single = couple().solve(conditions.replace(**{name: values[k] for name, values in vary.items()}))
        for name in ("power", "heat_hot", "heat_cold", "T_hot_junction", "T_cold_junction"):
            assert getattr(batch, name)[k] == pytest.approx(getattr(single, name), rel=3e-6), name


@pytest.mark.parametrize("name", [*FACES, "T_ambient"])
@pytest.mark.parametrize("start", [LOSING, {**dict.fromkeys(FACES, 0.0), "T_ambient": 290.0}])
def test_gradient_is_that_of_differences(name, start):
    conditions = te.Generator(heat=6.0, T_cold=300, current=0.5, cold_resistance=0.3, **start)
    found = couple().solve(conditions, gradient=[name]).gradient["power"][name]
    value, step = getattr(conditions, name), 0.05 if name == "T_ambient" else 1e-3
    if value == 0.0:  # one-sided, second order
        powers = [couple().solve(conditions.replace(**{name: k * step})).power for k in range(3)]
        slope = (4.0 * powers[1] - 3.0 * powers[0] - powers[2]) / (2.0 * step)
    else:
        ends = [couple().solve(conditions.replace(**{name: value + d * step})).power for d in (-1, 1)]
        slope = (ends[1] - ends[0]) / (2.0 * step)
    assert found == pytest.approx(slope, rel=2e-5, abs=1e-12)


def test_transient_ends_in_the_steady_state_and_counts_the_loss():
    contact = te.Contact("5 uohm cm2", "1e-5 m2 K/W")
    leg = te.Leg(plain(), LENGTH, AREA, contact=contact)
    for device, heat in ((leg, 0.5), (generator(), 30.0)):
        given = dict(LOSING, heat=heat, T_cold=300.0, current=0.5, cold_resistance=0.1)
        options = {"mode": "generate", "initial": 300.0, "cells": 40, "mesh_check": False}
        course = device.solve(te.Transient(duration="4000 s", **options, **given))
        steady = device.solve(te.Generator(**given))
        assert course.power[-1] == pytest.approx(steady.power, rel=1e-4)
        lost = steady.heat_hot - steady.heat_cold - steady.power
        assert course.heat_lost[-1] == pytest.approx(lost, rel=1e-3)
        assert course.energy_balance < 1e-6


def test_ideal_formulas_keep_the_loss_of_the_faces():
    r = leg().solve(
        te.Generator(T_hot=500, T_cold=300, current=0.1, hot_convection=50, T_ambient=290), "ideal"
    )
    plain = leg().solve(te.Generator(T_hot=500, T_cold=300, current=0.1), "ideal")
    assert r.heat_hot - plain.heat_hot == pytest.approx(50 * AREA * 210, rel=1e-9)


def test_surroundings_must_be_given():
    with pytest.raises(te.InputError, match="T_ambient: a temperature is expected"):
        te.Generator(T_hot=500, T_cold=300, hot_convection=10)


def test_device_file_takes_the_same_words(tmp_path):
    path = tmp_path / "plate.toml"
    path.write_text(
        'format = 1\n[leg]\nmaterial = "Bi0.42Sb1.58Te3"\nlength = "2 mm"\narea = "4 mm2"\n[operate]\n'
        'mode = "generate"\nheat = "0.3 W"\nT_cold = "300 K"\ncurrent = "0.5 A"\n'
        'hot_convection = "15 W/(m2 K)"\nhot_emissivity = 0.9\nT_ambient = "20 degC"\n'
    )
    file = te.read_device(path)
    assert (file.conditions.hot_convection, file.conditions.hot_emissivity) == (15.0, 0.9)
    assert np.isfinite(file.device.solve(file.conditions).power)
