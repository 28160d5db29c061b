"""Temperatures of interfaces in a batch against the profile of a single solve."""

import numpy as np
import pytest

import ioffe as te
from ioffe.solve.profile import interface_names
from tests.solve.batch.test_batch import couple, small_leg


def ends(result, part, material):
    """Temperatures at both ends of the rows of one material in one leg."""
    profile = result.profile().of(part)
    T = [
        T
        for T, name, p in zip(profile.T, profile.layer, profile.part, strict=True)
        if (name, p) == (material, part)
    ]
    return T[0], T[-1]


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_interfaces_of_a_couple(engine):
    module = couple()
    conditions = te.Generator(T_hot=800, T_cold=310, load="max_power")
    batch = te.solve_batch(
        module, conditions, {"n.area": [2e-6, 3e-6]}, tolerance=1e-9, engine=engine, interfaces=True
    )
    assert tuple(batch.interface_temperatures) == interface_names(module)
    single = module.solve(conditions)
    first, second = (segment.material.name for segment in module.p.segments)
    hot, between = ends(single, "p", first)
    _, cold = ends(single, "p", second)
    T = {name: values[1] for name, values in batch.interface_temperatures.items()}
    assert T["p.between[0]"] == pytest.approx(between, abs=1e-5)
    assert T["p.contact_hot"] == pytest.approx(0.5 * (hot + single.T_hot_junction), abs=1e-5)
    assert T["p.contact_cold"] == pytest.approx(0.5 * (cold + single.T_cold_junction), abs=1e-5)
    assert T["n.contact_hot"] == pytest.approx(single.T_hot_junction, abs=1e-5)


def test_legs_cut_for_side_losses():
    leg = small_leg(side=te.SideLoss(convection=2000.0), length="20 mm")
    conditions = te.Generator(T_hot=700, T_cold=320, current=0.1, T_ambient=300)
    batch = te.solve_batch(leg, conditions, {"area": [2e-6]}, interfaces=True)
    assert batch.interface_temperatures["contact_cold"] == pytest.approx([320.0])
    assert batch.interface_temperatures["contact_hot"] == pytest.approx([700.0])


def test_they_are_empty_unless_asked_for():
    batch = te.solve_batch(small_leg(), te.Generator(T_hot=700, T_cold=320, current=1.0), {"length": [1e-3]})
    assert batch.interface_temperatures == {}
    assert np.all(batch.point_status == 0)
