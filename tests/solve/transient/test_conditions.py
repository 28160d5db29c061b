"""A faulty `Transient` is refused whole, and so is a device that lacks what it needs."""

import pytest

import ioffe as te
from tests.device.cases import constant
from tests.solve.transient.materials import plain

GOOD = {"mode": "cool", "T_hot": 300, "heat": "2 W", "current": 1.0, "duration": "5 s"}
LEG = te.Leg(plain(), 1e-3, 1e-6)

CASES = {
    "no mode": ({"mode": None}, ["mode"]),
    "mode misspelt": ({"mode": "cooling"}, ["mode"]),
    "cold side twice": ({"T_cold": 280}, ["heat"]),
    "cold side missing": ({"heat": None}, ["T_cold"]),
    "hot side missing": ({"T_hot": None}, ["T_hot"]),
    "generator without a hot side": (
        {"mode": "generate", "heat": None, "T_hot": None, "T_cold": 300},
        ["T_hot"],
    ),
    "no circuit": ({"current": None}, ["current"]),
    "two circuits": ({"voltage": 2}, ["voltage"]),
    "units": ({"T_hot": "20 C", "current": [(0, "1 K")]}, ["T_hot", "current[0]"]),
    "no duration": ({"duration": None}, ["duration"]),
    "duration zero": ({"duration": 0}, ["duration"]),
    "start misspelt": ({"initial": "stedy"}, ["initial"]),
    "start below zero": ({"initial": -3}, ["initial"]),
    "mass at an imposed temperature": ({"hot_mass": "20 J/K"}, ["hot_mass"]),
    "mass in kg": ({"cold_mass": "20 g"}, ["cold_mass"]),
    "cells": ({"cells": 3}, ["cells"]),
    "part of a cell": ({"cells": 20.5}, ["cells"]),
    "tolerance": ({"tolerance": 0.5}, ["tolerance"]),
    "step": ({"max_step": "0 s"}, ["max_step"]),
    "times beyond the end": ({"times": [1, 9]}, ["times"]),
    "mesh check": ({"mesh_check": "yes"}, ["mesh_check"]),
    "resistance and coefficient": (
        {"cold_resistance": 1, "cold_heat_transfer_coefficient": 100},
        ["cold_resistance"],
    ),
    "many at once": (
        {"mode": "col", "T_hot": "5 A", "voltage": 1, "cells": 0, "duration": "1 K", "initial": "x"},
        ["mode", "voltage", "T_hot", "duration", "initial", "cells"],
    ),
}


@pytest.mark.parametrize(("changes", "places"), CASES.values(), ids=CASES)
def test_faults(changes, places):
    with pytest.raises(te.InputError) as caught:
        te.Transient(**{**GOOD, **changes})
    assert [f.location for f in caught.value.faults] == places
    assert all(f.expected for f in caught.value.faults)


def test_good_conditions_and_a_changed_copy():
    c = te.Transient(**GOOD)
    longer = c.replace(duration="1 min", current=te.steps([(0, 1), (3, 2)]))
    assert (c.duration, longer.duration) == (5.0, 60.0)
    assert longer.current(4.0) == 2.0
    assert longer.replace(cells=50).current(4.0) == 2.0
    assert te.Transient(**{**GOOD, "current": lambda t: t}).replace(cells=50).current(4.0) == 4.0


def test_conditions_as_numbers():
    found = te.Transient(
        **{**GOOD, "current": te.steps([(0, 1), (3, 2)]), "T_hot": lambda t: 300 + t}
    ).to_dict()
    assert found["heat"] == 2.0
    assert found["current"] == {"times": [0.0, 3.0, 3.0], "values": [1.0, 1.0, 2.0]}
    assert found["T_hot"] == "function <lambda>"


def test_every_material_without_a_heat_capacity_is_named():
    layers = [te.Layer("Cu", 3e-4), te.Layer(te.load_material("AlN").replace(density=None), 6e-4)]
    module = te.Module(
        te.Leg(constant(name="bare p"), 1e-3, 1e-6),
        te.Leg(constant(-2e-4, name="bare n"), 1e-3, 1e-6),
        fill_factor=0.5,
        hot=layers,
    )
    with pytest.raises(te.InputError) as caught:
        module.solve(te.Transient(**GOOD, massless=["Ni"]))
    faults = {f.location: f for f in caught.value.faults}
    assert set(faults) == {"massless[0]", 'material "bare p"', 'material "bare n"', 'material "AlN"'}
    assert "a density and a heat_capacity are expected" in faults['material "bare p"'].expected
    assert "a density is expected" in faults['material "AlN"'].expected
    assert 'massless=["AlN"]' in faults['material "AlN"'].advice
    found = module.solve(te.Transient(**GOOD, massless=["bare p", "bare n", "AlN"]))
    assert found.status == te.Status.OK


def test_something_must_have_a_heat_capacity():
    with pytest.raises(te.InputError, match="at least one material with a heat capacity"):
        LEG.solve(te.Transient(**GOOD, massless="plain"))


def test_side_losses_need_surroundings():
    leg = LEG.replace(side=te.SideLoss(convection=10))
    with pytest.raises(te.InputError, match="T_ambient: a temperature is expected"):
        leg.solve(te.Transient(**GOOD))


def test_what_only_steady_solutions_have():
    with pytest.raises(te.InputError) as caught:
        LEG.solve(te.Transient(**GOOD), "ideal", tolerance=1.0)
    assert [f.location for f in caught.value.faults] == ["fidelity", "tolerance"]


def test_a_callable_that_leaves_its_bounds():
    with pytest.raises(te.InputError, match=r"T_hot\(.* s\) = -"):
        LEG.solve(te.Transient(**{**GOOD, "T_hot": lambda t: 300.0 - 200.0 * t}))
